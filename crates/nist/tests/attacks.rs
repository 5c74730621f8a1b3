//! Booking files that lie: refused by record, field and byte, never read as something else.

use crate::writing;

use std::io::Cursor;

use nist::iso19794;
use nist::{Malformed, ReadError, Survey, Transaction};
use proptest::prelude::*;
use writing::{GS, HEADER, IMAGE, RS, US, binary, face, file, person, tagged};

fn refused(bytes: &[u8]) -> Malformed {
    Transaction::parse(bytes).expect_err("refused")
}

/// A print, a face, and where each record begins.
fn booking(kind: u32) -> (Vec<u8>, [usize; 4]) {
    let records = [person(&[(15, b"CA1")]), (kind, binary(kind, 1, &[7; 40])), face(&[])];
    let bytes = file(&HEADER, &records);
    let third = bytes.len() - records[2].1.len();
    let second = third - records[1].1.len();
    let first = second - records[0].1.len();
    (bytes, [0, first, second, third])
}

#[test]
fn lengths_of_binary_records_that_lie() {
    for kind in 3..=8 {
        let (bytes, [_, _, print, face]) = booking(kind);
        let honest = (face - print) as u32;
        let lie = |length: u32| {
            let mut bytes = bytes.clone();
            bytes[print..print + 4].copy_from_slice(&length.to_be_bytes());
            refused(&bytes)
        };
        // Nothing, less than the record's own header, beyond the file: named with the field and its first byte.
        for length in [0, 4, bytes.len() as u32, u32::MAX] {
            let bad = lie(length);
            assert_eq!((bad.position, bad.field), (print as u64, Some(1)), "type {kind}, {length}: {bad}");
            assert_eq!(bad.record, Some((3, Some(kind))));
        }
        // A little short, a little long, or over the face to the file's end: where the next record should begin.
        for length in [honest - 1, honest + 1, honest + 9] {
            let bad = lie(length);
            assert_eq!(bad.record.map(|(n, _)| n), Some(4), "type {kind}, {length}: {bad}");
        }
        let bad = lie(bytes.len() as u32 - print as u32);
        assert_eq!((bad.position, bad.record), (bytes.len() as u64, Some((4, Some(10)))), "{bad}");
    }
    let said = {
        let (mut bytes, [_, _, print, _]) = booking(4);
        bytes[print] = 0xFF;
        refused(&bytes).to_string()
    };
    assert!(said.contains(", record 3 of type 4, field 4.001: the record should have 42"), "{said}");
}

#[test]
fn lengths_of_tagged_records_that_lie() {
    let (bytes, [_, person, print, face]) = booking(4);
    let text = |from: usize, to: usize| String::from_utf8_lossy(&bytes[from..to]).into_owned();
    assert!(text(person, print).starts_with("2.001:"));
    let honest = print - person;
    for (length, position) in [(honest - 1, print - 2), (honest + 1, print), (9, person + 8), (0, person)] {
        let head = format!("2.001:{length:02}");
        let lying = [&bytes[..person], head.as_bytes(), &bytes[person + 8..]].concat();
        let bad = refused(&lying);
        assert_eq!((bad.position, bad.record, bad.field), (position as u64, Some((2, Some(2))), Some(1)), "{bad}");
    }
    // A face that claims more than the file.
    let lying = [&bytes[..face], b"10.001:999999999", &bytes[face + 10..]].concat();
    let bad = refused(&lying);
    assert_eq!((bad.position, bad.field), (face as u64 + 7, Some(1)), "{bad}");
    // Records that overlap: the first ends at a separator within the face that follows.
    let inner = bytes[face..].iter().position(|b| *b == 0x1C).unwrap() + 1;
    let mut print_over = bytes.clone();
    print_over[print..print + 4].copy_from_slice(&((face + inner - print) as u32).to_be_bytes());
    assert_eq!(refused(&print_over).record.map(|(n, _)| n), Some(4));
}

#[test]
fn counts_that_lie() {
    let contents = |listed: &str, records: &[(u32, Vec<u8>)]| {
        let mut header: Vec<(u32, &[u8])> = HEADER.to_vec();
        header.insert(1, (3, listed.as_bytes()));
        let all: Vec<u8> = records.iter().flat_map(|(_, r)| r.clone()).collect();
        refused(&[tagged(1, &header), all].concat())
    };
    let one = [face(&[])];
    let many = format!("1{US}65535{}", format!("{RS}10{US}00").repeat(65_535));
    let nothing = format!("1{US}65535");
    for listed in [many.as_str(), &nothing, "", "1", "9\x1F1\x1E10\x1F00", "1\x1F1", "1\x1F2\x1E10\x1F00"] {
        let bad = contents(listed, &one);
        assert_eq!((bad.record, bad.field), (Some((1, Some(1))), Some(3)), "{bad}");
        assert!(bad.position > 0 && bad.position < 40, "{bad}");
    }
    assert!(contents(&many, &one).reason.contains("65535"));
    for kind in ["0", "1", "100", "x", "-4", ""] {
        assert_eq!(contents(&format!("1{US}1{RS}{kind}{US}00"), &one).field, Some(3), "{kind}");
    }
    // A type that is not there, one too many in the file.
    assert_eq!(contents(&format!("1{US}1{RS}14{US}00"), &one).record, Some((2, Some(14))));
    let bytes = file(&HEADER, &one);
    assert_eq!(refused(&[bytes.clone(), one[0].1.clone()].concat()).position, bytes.len() as u64);
}

#[test]
fn what_is_no_such_file_is_named() {
    assert_eq!(refused(b"").position, 0);
    assert!(refused(b"<?xml version=\"1.0\"?><itl:NISTBiometricInformationExchangePackage/>").reason.contains("XML"));
    assert!(refused(&tagged(2, &[(2, b"00")])).reason.contains("Type-1"));
    let (bytes, [_, person, ..]) = booking(4);
    let wrong = String::from_utf8_lossy(&bytes[person..]).replacen("2.015:", "3.015:", 1).into_bytes();
    let bad = refused(&[&bytes[..person], &wrong[..]].concat());
    assert!(bad.reason.contains("type 3 stands in a record of type 2"), "{bad}");
    let stray = file(&HEADER, &[(2, tagged(2, &[(2, b"00"), (15, b"A\x1CB")]))]);
    let bad = refused(&stray);
    assert_eq!((bad.field, stray[bad.position as usize]), (Some(15), 0x1C), "{bad}");
    let much = vec![b'x'; 17 << 20];
    let bad = refused(&file(&HEADER, &[person_with(&much)]));
    assert!(bad.reason.contains("16 MiB") && bad.record == Some((2, Some(2))), "{bad}");
    // A million empty fields.
    let empty = tagged(2, &vec![(4, &b""[..]); 1_000_000]);
    let bad = refused(&file(&HEADER, &[(2, empty)]));
    assert!(bad.reason.contains("16 MiB") && bad.field == Some(4), "{bad}");
}

fn person_with(value: &[u8]) -> (u32, Vec<u8>) {
    person(&[(18, value)])
}

/// Two photographs as a face record: of 2011 where `recent`.
fn face_record(recent: bool) -> Vec<u8> {
    let block = |image: &[u8], points: u16| {
        let points = [points.to_be_bytes().to_vec(), vec![0; usize::from(points) * 8]];
        let body = if recent {
            let quality = [vec![2], vec![0; 10], vec![1], vec![0; 3]].concat();
            let date = [7, 232, 5, 30, 12, 0, 0, 0, 0];
            let length = (image.len() as u32).to_be_bytes();
            [&date[..], &[0; 5], &quality, &points[0], &[0; 15], &points[1], &[0; 11], &length, image].concat()
        } else {
            [&points[0][..], &[0; 14], &points[1], &[0; 12], image].concat()
        };
        [(body.len() as u32 + 4).to_be_bytes().to_vec(), body].concat()
    };
    let blocks = [block(IMAGE, 3), block(b"second", 0)].concat();
    let header: &[u8] = if recent { &[0, 2, 1, 0, 0] } else { &[0, 2] };
    let version: &[u8] = if recent { b"030\0" } else { b"010\0" };
    let length = (12 + header.len() + blocks.len()) as u32;
    [b"FAC\0", version, &length.to_be_bytes(), header, &blocks].concat()
}

#[test]
fn face_records_of_both_layouts_are_read_and_those_that_lie_refused() {
    for recent in [false, true] {
        let bytes = face_record(recent);
        let found = iso19794::photographs(&bytes).unwrap_or_else(|e| panic!("{e}"));
        let images: Vec<&[u8]> = found.iter().map(|f| &bytes[f.image.clone()]).collect();
        assert_eq!(images, [IMAGE, b"second"]);
        assert_eq!(found[0].captured_on.as_deref(), recent.then_some("2024-05-30"));
        let lie = |at: usize, with: &[u8]| {
            let mut bytes = bytes.clone();
            bytes[at..at + with.len()].copy_from_slice(with);
            iso19794::photographs(&bytes).expect_err("refused")
        };
        let first = if recent { 17 } else { 14 };
        assert_eq!(lie(0, b"FIR").position, 0);
        assert_eq!(lie(4, b"020").position, 4);
        assert_eq!(lie(8, &[0xFF; 4]).position, 8);
        assert_eq!(lie(12, &[0xFF; 2]).position, 12, "65535 photographs");
        assert_eq!(lie(12, &[0, 0]).position, 12);
        assert_eq!(lie(12, &[0, 1]).position as usize, second_block(&bytes, first));
        let bad = lie(12, &[0, 3]);
        assert_eq!((bad.position as usize, bad.record), (bytes.len(), Some((3, None))), "{bad}");
        for length in [0u32, 4, u32::MAX, bytes.len() as u32] {
            let bad = lie(first, &length.to_be_bytes());
            assert_eq!((bad.position as usize, bad.record), (first, Some((1, None))), "{bad}");
        }
        // Feature points beyond the block.
        let points = if recent { first + 4 + 9 + 5 + 11 + 4 } else { first + 4 };
        assert!(lie(points, &[0xFF; 2]).reason.contains("524280"), "{}", lie(points, &[0xFF; 2]));
        for end in 0..bytes.len() {
            assert!(iso19794::photographs(&bytes[..end]).is_err(), "{end}");
        }
    }
}

fn second_block(bytes: &[u8], first: usize) -> usize {
    first + u32::from_be_bytes(bytes[first..first + 4].try_into().unwrap()) as usize
}

fn every_trait() -> Vec<u8> {
    let header = [&HEADER[..], &[(15, &b"3\x1FUTF-8"[..])]].concat();
    let mut records = vec![person(&[(14, b"A\x1EB"), (67, b"x"), (67, b"")])];
    records.extend((3..=8).map(|kind| (kind, binary(kind, 2, b"\x1C\x1D"))));
    records.push((9, tagged(9, &[(2, b"00"), (4, b"S")])));
    records.push((14, tagged(14, &[(2, b"00"), (999, b"\x1C")])));
    records.push(face(&[(13, b"51")]));
    file(&header, &records)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    /// Changed, cut or joined bytes are read or refused; what is read is written as it was.
    #[test]
    fn no_bytes_make_it_panic_and_what_is_read_is_kept(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        whole in any::<bool>(),
        behind in prop::collection::vec(any::<u8>(), 0..4),
    ) {
        let mut bytes = every_trait();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
            bytes.extend(behind);
        }
        let walked = Survey::of(&mut Cursor::new(&bytes));
        match Transaction::parse(&bytes) {
            Err(bad) => {
                prop_assert!(bad.position <= bytes.len() as u64);
                prop_assert!(matches!(walked, Err(ReadError::Malformed(same)) if same == bad));
            }
            Ok(read) => {
                prop_assert!(walked.is_ok());
                prop_assert!(read.to_bytes() == bytes);
                // Edited, it is still a file of as many records.
                let mut edited = read.clone();
                edited.records[1] = edited.records[1].clone().with(18, "DOE");
                if edited.records[1].kind == 2 {
                    prop_assert_eq!(Transaction::parse(&edited.to_bytes()).map(|t| t.records.len()), Ok(read.records.len()));
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(prop_oneof![Just(0x1Cu8), Just(GS as u8), Just(b'.'), Just(b':'), b'0'..=b'9', any::<u8>()], 0..200)) {
        drop(Transaction::parse(&bytes));
        drop(iso19794::photographs(&bytes));
        drop(iso19794::photographs(&[b"FAC\x00010\0", &bytes[..]].concat()));
    }

    #[test]
    fn changed_face_records_are_read_or_refused(
        recent in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = face_record(recent);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(found) = iso19794::photographs(&bytes) {
            prop_assert!(found.iter().all(|f| f.image.end <= bytes.len() && !f.image.is_empty()));
        }
    }
}
