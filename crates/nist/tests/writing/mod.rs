//! Booking files as systems write them, byte by byte and not by the crate's own writer.

pub const FS: char = '\x1C';
pub const GS: char = '\x1D';
pub const RS: char = '\x1E';
pub const US: char = '\x1F';

/// A tagged record of these fields, the last of them perhaps data; its length in front.
pub fn tagged(kind: u32, fields: &[(u32, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (number, value) in fields {
        body.extend(format!("{GS}{kind}.{number:03}:").bytes());
        body.extend_from_slice(value);
    }
    body.push(FS as u8);
    let head = format!("{kind}.001:").len() + body.len();
    let length = (head + 1..).find(|n| head + n.to_string().len() == *n).unwrap();
    [format!("{kind}.001:{length}").into_bytes(), body].concat()
}

/// A binary record: length and number, and what its type has behind them.
pub fn binary(kind: u32, idc: u8, data: &[u8]) -> Vec<u8> {
    let middle: Vec<u8> = match kind {
        // Impression, six fingers, resolution, 800 by 750 pixels, compression.
        3..=6 => vec![1, 2, 255, 255, 255, 255, 255, 0, 0x03, 0x20, 0x02, 0xEE, 1],
        7 => Vec::new(),
        // The person's signature, uncompressed, resolution, sides.
        _ => vec![0, 0, 1, 0, 200, 0, 100],
    };
    let length = (5 + middle.len() + data.len()) as u32;
    [&length.to_be_bytes()[..], &[idc], &middle, data].concat()
}

/// Fields of a Type-1 record but its contents.
pub const HEADER: [(u32, &[u8]); 6] =
    [(2, b"0502"), (4, b"CAR"), (5, b"20240531"), (7, b"CAREGION0"), (8, b"CA0190000"), (9, b"T-1")];

/// A transaction of these records, which are of these types: Type-1 with its contents before them.
pub fn file(header: &[(u32, &[u8])], records: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut listed = format!("1{US}{}", records.len());
    for (number, (kind, _)) in records.iter().enumerate() {
        listed.push_str(&format!("{RS}{kind}{US}{number:02}"));
    }
    let mut fields = header.to_vec();
    let at = fields.iter().position(|(n, _)| *n > 3).unwrap_or(fields.len());
    fields.insert(at, (3, listed.as_bytes()));
    let mut all = tagged(1, &fields);
    for (_, record) in records {
        all.extend_from_slice(record);
    }
    all
}

/// An image that holds every separator and a false tag.
pub const IMAGE: &[u8] = b"\xFF\xD8\x1C\x1D10.020:F\x1E\x1F\x1C1.001:9\x1C\xFF\xD9";

/// A face with these fields before its image.
pub fn face(more: &[(u32, &[u8])]) -> (u32, Vec<u8>) {
    let usual: [(u32, &[u8]); 5] = [(2, b"01"), (3, b"FACE"), (4, b"CA0190000"), (5, b"20240530"), (11, b"JPEGB")];
    let mut fields: Vec<(u32, &[u8])> = usual.into_iter().filter(|(n, _)| more.iter().all(|(m, _)| m != n)).collect();
    fields.extend_from_slice(more);
    fields.sort_by_key(|(n, _)| *n);
    fields.push((999, IMAGE));
    (10, tagged(10, &fields))
}

/// A Type-2 record with these fields.
pub fn person(fields: &[(u32, &[u8])]) -> (u32, Vec<u8>) {
    let idc: [(u32, &[u8]); 1] = [(2, b"00")];
    (2, tagged(2, &[&idc[..], fields].concat()))
}
