//! Any bytes: read or refused within the file; what is read is written as it was, and edited it is still a file.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use nist::{SubjectFields, Survey, Transaction, iso19794};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(found) = iso19794::photographs(bytes) {
        assert!(found.iter().all(|f| f.image.end <= bytes.len()));
    }
    match Transaction::parse(bytes) {
        Err(refused) => {
            assert!(refused.position <= bytes.len() as u64);
            assert!(!refused.to_string().is_empty());
        }
        Ok(mut read) => {
            assert_eq!(read.to_bytes(), bytes, "written as it was");
            let survey = Survey::of(&mut Cursor::new(bytes)).expect("walked");
            for place in &survey.places {
                let _ = place.record.sap();
                let _ = place.read_data(&mut Cursor::new(bytes));
            }
            let _ = SubjectFields::default().find(&survey);
            if let Some(at) = read.records.iter().position(|r| r.kind == 2) {
                read.records[at] = read.records[at].clone().with(18, "DOE");
                let again = Transaction::parse(&read.to_bytes()).expect("what was edited is a file");
                assert_eq!(again.records.len(), read.records.len());
            }
        }
    }
});
