//! Any bytes: read or refused within the file, and what is read is written so that it reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nist::Transaction;

fuzz_target!(|bytes: &[u8]| {
    match Transaction::parse(bytes) {
        Err(refused) => assert!(refused.position <= bytes.len()),
        Ok(read) => {
            let again = Transaction::parse(&read.to_bytes()).expect("what was read can be written");
            assert_eq!(again.to_bytes(), read.to_bytes());
        }
    }
});
