//! Booking files with each trait that is met: written here byte by byte, read, and written again as they were.

use crate::writing;

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use nist::{Charset, MOST_IMAGE, Record, Subject, SubjectFields, Survey, Transaction};
use writing::{FS, GS, HEADER, IMAGE, RS, US, binary, face, file, person, tagged};

fn survey(bytes: &[u8]) -> Survey {
    Survey::of(&mut Cursor::new(bytes)).unwrap_or_else(|e| panic!("{e}"))
}

fn faces(bytes: &[u8]) -> Vec<Vec<u8>> {
    let found = survey(bytes);
    found.of_kind(10).map(|place| place.read_data(&mut Cursor::new(bytes)).unwrap().unwrap()).collect()
}

/// Read, and written as it was.
fn same(bytes: &[u8]) -> Transaction {
    let read = Transaction::parse(bytes).unwrap_or_else(|e| panic!("{e}"));
    assert!(read.to_bytes() == bytes, "not the same byte for byte");
    read
}

fn subject(bytes: &[u8]) -> Subject {
    SubjectFields::default().find(&survey(bytes)).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn binary_records_of_every_type_are_passed_over_and_kept() {
    for kind in 3..=8 {
        // Data that looks like separators, tags and lengths.
        let print = binary(kind, 1, b"\x1C\x1D10.001:12\x1C\x00\x00\x00\x05");
        let bytes = file(&HEADER, &[person(&[(15, b"CA1")]), (kind, print.clone()), face(&[(2, b"02")])]);
        let read = same(&bytes);
        assert_eq!(read.records.iter().map(|r| r.kind).collect::<Vec<_>>(), [1, 2, kind, 10]);
        assert_eq!(read.records[2].idc(), Some(1), "type {kind}");
        assert_eq!(faces(&bytes), [IMAGE], "type {kind}");
        assert_eq!(subject(&bytes).id, "CA1");
        // An edited neighbour leaves it as it is, and the contents list it.
        let mut edited = read.clone();
        edited.records[1] = edited.records[1].clone().with(18, "DOE,JANE");
        let written = edited.to_bytes();
        assert!(written.windows(print.len()).any(|w| w == print));
        let again = same(&written);
        assert_eq!(again.records[1].text(18, Charset::Ascii).as_deref(), Some("DOE,JANE"));
        assert_eq!(again.records[0].field(3), read.records[0].field(3));
        // A record that is taken out is no longer listed.
        edited.records.remove(2);
        assert_eq!(same(&edited.to_bytes()).records[0].field(3), Some(&b"1\x1F2\x1E2\x1F00\x1E10\x1F02"[..]));
    }
    // Type-7 with tags.
    let bytes = file(&HEADER, &[(7, tagged(7, &[(2, b"00"), (999, b"\x00\x1C")])), face(&[])]);
    assert_eq!(same(&bytes).records.len(), 3);
}

#[test]
fn every_tagged_type_is_passed_over_by_its_length() {
    for kind in (9..=99).filter(|kind| *kind != 10) {
        let data: [(u32, &[u8]); 4] =
            [(2, b"05"), (3, b"A\x1FB\x1EC"), (14, b""), (999, b"\x1C\x1D\x1E\x1F\x00 any\x1C10.001:20\x1D")];
        let bytes = file(&HEADER, &[(kind, tagged(kind, &data)), face(&[])]);
        let read = same(&bytes);
        assert_eq!((read.records[1].kind, read.records[1].idc()), (kind, Some(5)));
        assert_eq!(faces(&bytes), [IMAGE], "type {kind}");
    }
    // Minutiae without data, and a record whose fields are its maker's own: only its length counts.
    let bytes = file(
        &HEADER,
        &[
            (9, tagged(9, &[(2, b"00"), (4, b"S"), (23, b"1\x1F2\x1E3\x1F4"), (137, b"")])),
            (13, b"13.001:30\x1Dany\x1C thing \x1D13.9:x!\x1C".to_vec()),
            face(&[]),
        ],
    );
    assert_eq!(faces(&bytes), [IMAGE]);
    same(&bytes);
}

#[test]
fn fields_are_repeated_empty_long_and_in_any_order() {
    let long = "x".repeat(300_000);
    let fields: [(u32, &[u8]); 6] =
        [(67, b"A"), (67, b"B"), (14, b"\x1E\x1F\x1E FB-7 \x1EFB-8"), (9, b""), (1410, long.as_bytes()), (18, b"DOE")];
    let bytes = file(&HEADER, &[person(&fields), face(&[(20, b"F"), (20, b"L"), (41, b"")])]);
    let read = same(&bytes);
    assert_eq!(read.records[1].values(67).collect::<Vec<_>>(), [b"A", b"B"]);
    assert_eq!(read.records[1].field(1410).map(<[u8]>::len), Some(300_000));
    assert_eq!(read.records[2].values(20).count(), 2);
    assert_eq!(subject(&bytes).id, "FB-7", "empty subfields and items are passed over");
    assert_eq!(survey(&bytes).places[1].record.field(1410).map(<[u8]>::len), Some(300_000));
}

#[test]
fn careless_writing_that_leaves_no_doubt_is_read() {
    // Lengths filled up with noughts; the last field divided from the end; contents that end with a separator; blanks
    // behind the file.
    let body = format!("{GS}2.002:00{GS}2.015:CA1{GS}{FS}");
    let padded = format!("2.001:{:09}{body}", body.len() + 15).into_bytes();
    let listed = format!("1{US}02{RS}2{US}00{RS}10{US}1{RS}");
    let header: Vec<(u32, &[u8])> = [&[(2, &b"0201"[..]), (3, listed.as_bytes())][..], &HEADER[1..]].concat();
    let bytes = [tagged(1, &header), padded, face(&[]).1, b"\r\n\0\0\x1A".to_vec()].concat();
    same(&bytes);
    assert_eq!((subject(&bytes).id.as_str(), faces(&bytes)), ("CA1", vec![IMAGE.to_vec()]));
}

#[test]
fn both_declarations_of_characters_and_none() {
    let named = |declared: Option<&[u8]>, value: &[u8]| {
        let mut header = HEADER.to_vec();
        header.extend(declared.map(|d| (15, d)));
        let bytes = file(&header, &[person(&[(15, value)]), face(&[])]);
        same(&bytes);
        subject(&bytes).id
    };
    assert_eq!(named(Some(b"3\x1FUTF-8\x1F"), "Ñ-7".as_bytes()), "Ñ-7");
    assert_eq!(named(Some(b"0\x1FASCII\x1E003\x1FUTF-8"), "Ñ-7".as_bytes()), "Ñ-7");
    assert_eq!(named(Some(b"001\x1FASCII\x1F"), b"\xD1-7"), "Ñ-7");
    assert_eq!(named(Some(b"128\x1FISO-8859-1"), b"\xD1-7"), "Ñ-7");
    assert_eq!(named(Some(b"000\x1FASCII"), b"N-7"), "N-7");
    assert_eq!(named(None, "Ñ-7".as_bytes()), "Ñ-7");
    // What is not written as declared names nobody; the transaction does.
    assert_eq!(named(Some(b"3\x1FUTF-8"), b"\xD1-7"), "CA0190000:T-1");
    assert_eq!(named(Some(b"2\x1FUTF-16"), b"\xD1\x00-7"), "CA0190000:T-1");
    assert_eq!(named(Some(b"2\x1FUTF-16"), b"N-7"), "N-7");
}

#[test]
fn the_person_is_taken_from_the_first_field_that_names_somebody() {
    let named = |fields: &[(u32, &[u8])]| {
        let found = subject(&file(&HEADER, &[person(fields), face(&[])]));
        (found.id, found.from.to_string())
    };
    let all: [(u32, &[u8]); 5] = [(15, b"S"), (14, b"F"), (9, b"O"), (3, b"M1"), (5, b"R1")];
    let expected = [
        ("S", "2.015"),
        ("F", "2.014"),
        ("O", "2.009"),
        ("CA0190000:M1", "agency+2.003"),
        ("CA0190000:R1", "agency+2.005"),
        ("CA0190000:T-1", "agency+1.009"),
    ];
    for (from, (id, field)) in expected.iter().enumerate() {
        assert_eq!(named(&all[from..]), ((*id).to_owned(), (*field).to_owned()));
    }
    // Words for nothing are no name; a file without Type-2 has its transaction's number.
    assert_eq!(named(&[(15, b"UNKNOWN"), (14, b" - "), (9, b"0000"), (3, b"N/A"), (5, b"unk.")]).0, "CA0190000:T-1");
    assert_eq!(subject(&file(&HEADER, &[face(&[])])).id, "CA0190000:T-1");
    assert_eq!(named(&[(3, b"Domain defined text"), (5, b"N")]).0, "CA0190000:T-1", "a sentence is no number");
    // Without a sender the agency that took the photograph stands for it; without either, nobody is named.
    let bare = [HEADER[0], HEADER[5]];
    assert_eq!(subject(&file(&bare, &[face(&[])])).id, "CA0190000:T-1");
    let nobody = SubjectFields::default().find(&survey(&file(&bare, &[face(&[(4, b"")])]))).unwrap_err();
    assert!(nobody.to_string().contains("2.015,2.014,2.009,agency+2.003,agency+2.005,agency+1.009"), "{nobody}");
    // A list of one's own.
    let own: SubjectFields = "10.200,agency+2.005,1.009".parse().unwrap();
    let bytes = file(&HEADER, &[person(&all), face(&[(200, b"BK-9")])]);
    assert_eq!(own.find(&survey(&bytes)).unwrap().id, "BK-9");
    for wrong in ["", "2", "2.", "2.001", "3.005", "10.999", "2.015,", "1.003", "agency+", "+2.5"] {
        assert!(wrong.parse::<SubjectFields>().is_err(), "{wrong}");
    }
    // Two people in one file are not made one.
    let two = file(&HEADER, &[person(&[(15, b"S")]), person(&[(15, b"T")]), face(&[])]);
    assert!(SubjectFields::default().find(&survey(&two)).is_err());
    let twice = file(&HEADER, &[person(&[(15, b"S")]), person(&[(15, b"S")]), face(&[])]);
    assert_eq!(subject(&twice).id, "S");
}

#[test]
fn profiles_of_acquisition_are_read() {
    for sap in [0, 1, 10, 11, 12, 13, 14, 15, 20, 30, 32, 40, 42, 50, 51, 52] {
        let bytes = file(&HEADER, &[face(&[(13, sap.to_string().as_bytes())])]);
        assert_eq!(survey(&bytes).places[1].record.sap(), Some(sap));
    }
    assert_eq!(survey(&file(&HEADER, &[face(&[])])).places[1].record.sap(), None);
}

#[test]
fn a_written_file_is_read_as_it_was_made() {
    let made = Transaction::new(vec![
        Record::new(1).with(2, "0500").with(4, "BOOK").with(8, "CA0190000").with(9, "T-1"),
        Record::new(2).with(15, "CA12345678"),
        Record::new(10).with(3, "FACE").with(999, IMAGE),
    ]);
    let read = same(&made.to_bytes());
    assert_eq!(read.records[0].field(3), Some(&b"1\x1F2\x1E2\x1F00\x1E10\x1F01"[..]));
    assert_eq!(read.of(10).next().and_then(Record::image), Some(IMAGE));
}

/// A file whose bytes are noughts but where something stands; counts what is read.
struct Large {
    length: u64,
    parts: Vec<(u64, Vec<u8>)>,
    at: u64,
    read: u64,
}

impl Read for Large {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let size = (self.length.saturating_sub(self.at)).min(to.len() as u64).min(64 << 10) as usize;
        for (n, byte) in to[..size].iter_mut().enumerate() {
            let at = self.at + n as u64;
            let part = self.parts.iter().find(|(from, part)| (*from..from + part.len() as u64).contains(&at));
            *byte = part.map_or(0, |(from, part)| part[(at - from) as usize]);
        }
        self.at += size as u64;
        self.read += size as u64;
        Ok(size)
    }
}

impl Seek for Large {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(back) => self.length.saturating_add_signed(back),
            SeekFrom::Current(on) => self.at.saturating_add_signed(on),
        };
        Ok(self.at)
    }
}

#[test]
fn a_file_of_200_megabytes_is_walked_through_without_being_read() {
    // A binary print of 120 MB, an image of a palm of 80 MB, a face.
    let print: u32 = 120_000_000;
    let palm = format!("15.001:80000000{GS}15.002:02{GS}15.999:");
    let listed = format!("1{US}3{RS}4{US}01{RS}15{US}02{RS}10{US}03");
    let mut header: Vec<(u32, &[u8])> = HEADER.to_vec();
    header.insert(1, (3, listed.as_bytes()));
    let first = tagged(1, &header);
    let face = face(&[]).1;
    let at = first.len() as u64;
    let second = at + u64::from(print);
    let third = second + 80_000_000;
    let length = third + face.len() as u64;
    let parts = vec![
        (0, first),
        (at, [&print.to_be_bytes()[..], &[1]].concat()),
        (second, palm.into_bytes()),
        (third - 1, vec![FS as u8]),
        (third, face),
    ];
    let mut source = Large { length, parts, at: 0, read: 0 };
    let found = Survey::of(&mut source).unwrap();
    assert!(length > 200_000_000 && source.read < 10_000, "{} bytes were read", source.read);
    assert_eq!(found.places.len(), 4);
    assert_eq!(found.places[3].read_data(&mut source).unwrap().unwrap(), IMAGE);
    // An image is read up to a size.
    let mut large = found.places[3].clone();
    large.data = Some(0..MOST_IMAGE + 1);
    assert!(large.read_data(&mut source).unwrap_err().to_string().contains("64 MiB"));
}
