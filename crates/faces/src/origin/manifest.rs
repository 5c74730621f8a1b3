//! Finds content credentials and XMP in a file, and the kinds that they declare. No signature is checked: what a file
//! declares against itself needs none. Whether one holds is what the program `credentials` says.

use memchr::memmem;

use super::foreign::{MOST_XMP, plain};

/// Terms of the vocabulary, longer ones first where one begins as another.
/// <http://cv.iptc.org/newscodes/digitalsourcetype/>, <https://c2pa.org/digitalsourcetype/>
const TERMS: [&str; 22] = [
    "compositeWithTrainedAlgorithmicMedia",
    "trainedAlgorithmicMedia",
    "trainedAlgorithmicData",
    "algorithmicallyEnhanced",
    "computationalCapture",
    "compositeSynthetic",
    "algorithmicMedia",
    "compositeCapture",
    "virtualRecording",
    "dataDrivenMedia",
    "digitalCreation",
    "minorHumanEdits",
    "digitalCapture",
    "screenCapture",
    "softwareImage",
    "negativeFilm",
    "positiveFilm",
    "digitalArt",
    "humanEdits",
    "composite",
    "empty",
    "print",
];
/// Most manifest stores of a file that are looked at: it has one.
const MOST_STORES: usize = 16;
/// The type of a store of manifests: `c2pa` in the form of a UUID.
const STORE: &[u8] = b"c2pa\0\x11\0\x10\x80\0\0\xAA\0\x38\x9B\x71";

/// The stores of manifests in a file, as far as they are there.
pub(super) fn manifests(bytes: &[u8]) -> Vec<Vec<u8>> {
    if bytes.starts_with(b"\xFF\xD8") { of_jpeg(bytes) } else { plainly(bytes) }
}

/// A box `jumb` whose description names a store, wherever it lies: chunks of PNG and WebP, boxes of HEIF and AVIF, fields
/// of TIFF hold it in one piece.
fn plainly(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for at in memmem::find_iter(bytes, STORE) {
        let Some(start) = at.checked_sub(16) else { continue };
        if bytes.get(start + 4..start + 8) != Some(b"jumb") || bytes.get(start + 12..start + 16) != Some(b"jumd") {
            continue;
        }
        let length = bytes.get(start..start + 4).and_then(|l| l.try_into().ok()).map_or(0, u32::from_be_bytes) as usize;
        let end = if length < 8 { bytes.len() } else { start.saturating_add(length).min(bytes.len()) };
        found.push(bytes[start..end].to_vec());
        if found.len() == MOST_STORES {
            break;
        }
    }
    found
}

/// The same of a JPEG, where it is cut into segments that each repeat the head of its box.
fn of_jpeg(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut stores: Vec<([u8; 2], Vec<u8>)> = Vec::new();
    let mut at = 2;
    while let Some([0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        if *marker == 0xFF {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        if *marker == 0xDA || length < 2 {
            break;
        }
        let end = (at + 2 + length).min(bytes.len());
        let segment = &bytes[at + 4..end];
        at = end;
        let (0xEB, Some([b'J', b'P', first, second, rest @ ..])) = (*marker, segment.get(..8)) else { continue };
        let begins = rest == [0, 0, 0, 1];
        match stores.iter().position(|(number, _)| *number == [*first, *second]).filter(|_| !begins) {
            // The head of a box of more than four gigabytes would be twice as long: none is in a photograph.
            Some(known) => stores[known].1.extend_from_slice(segment.get(16..).unwrap_or_default()),
            None if stores.len() < MOST_STORES => stores.push(([*first, *second], segment[8..].to_vec())),
            None => {}
        }
    }
    let stores = stores.into_iter().map(|(_, store)| store);
    stores.filter(|store| memmem::find(&store[..store.len().min(64)], STORE).is_some()).collect()
}

/// The packet of XMP, its first megabytes at most.
pub(super) fn xmp(bytes: &[u8]) -> Option<&[u8]> {
    let start = memmem::find(bytes, b"<x:xmpmeta").or_else(|| memmem::find(bytes, b"<rdf:RDF"))?;
    let from = &bytes[start..bytes.len().min(start + MOST_XMP)];
    let end = memmem::find(from, b"</x:xmpmeta").or_else(|| memmem::find(from, b"</rdf:RDF"));
    Some(&from[..end.unwrap_or(from.len())])
}

/// The value of an attribute or element of that name in XMP.
pub(super) fn named(xmp: &[u8], name: &[u8]) -> Option<String> {
    memmem::find_iter(xmp, name).find_map(|at| {
        let rest = &xmp[at + name.len()..xmp.len().min(at + name.len() + 1024)];
        let (ends, from) = match rest {
            [b'=', quote @ (b'"' | b'\''), from @ ..] => (*quote, from),
            [b'>', from @ ..] => (b'<', from),
            _ => return None,
        };
        let value = &from[..from.iter().position(|byte| *byte == ends)?];
        Some(plain(&String::from_utf8_lossy(value))).filter(|value| !value.is_empty())
    })
}

/// The terms that stand behind `digitalSourceType`, as the end of an address or as they are.
pub(super) fn declared(text: &[u8], found: &mut Vec<String>) {
    const KEY: &[u8] = b"digitalsourcetype";
    let mut from = 0;
    while let Some(at) = memchr::memchr2_iter(b'd', b'D', &text[from..])
        .map(|at| from + at)
        .find(|at| text.get(*at..*at + KEY.len()).is_some_and(|key| key.eq_ignore_ascii_case(KEY)))
    {
        from = at + KEY.len();
        let rest = &text[from..text.len().min(from + 64)];
        // `/term`, `="term`, `>term`, `":"term`, and a text of CBOR, whose head has one byte or two.
        let term = (0..=5.min(rest.len())).find_map(|skip| {
            let (before, after) = rest.split_at(skip);
            let closed = before.iter().all(|byte| !byte.is_ascii_alphabetic() || (0x60..=0x7b).contains(byte));
            TERMS.iter().find(|term| {
                closed && after.len() >= term.len() && after[..term.len()].eq_ignore_ascii_case(term.as_bytes())
            })
        });
        if let Some(term) = term
            && !found.iter().any(|known| known == term)
        {
            found.push((*term).to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        declared(text, &mut found);
        found
    }

    #[test]
    fn declared_kinds_are_found_however_they_are_written() {
        let cbor =
            b"qdigitalSourceTypexFhttp://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMediagwhatever";
        assert_eq!(terms(cbor), ["trainedAlgorithmicMedia"]);
        assert_eq!(terms(b"qdigitalSourceTypewtrainedAlgorithmicMedia"), ["trainedAlgorithmicMedia"]);
        assert_eq!(
            terms(b"qdigitalSourceTypex\x24compositeWithTrainedAlgorithmicMedia"),
            ["compositeWithTrainedAlgorithmicMedia"]
        );
        assert_eq!(
            terms(
                br#"Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/compositeCapture""#
            ),
            ["compositeCapture"]
        );
        assert_eq!(terms(br#""DigitalSourceType": "composite""#), ["composite"]);
        assert_eq!(terms(b"DIGITALSOURCETYPE/TRAINEDALGORITHMICMEDIA"), ["trainedAlgorithmicMedia"]);
        assert!(terms(b"a composite of trainedAlgorithmicMedia without its key").is_empty());
        assert!(terms(b"digitalSourceType").is_empty() && terms(b"digitalsourcetype/unheardOf").is_empty());
    }

    /// As one writes it: cut in segments of `piece` bytes, each with the head of the box.
    fn jpeg_with(store: &[u8], piece: usize) -> Vec<u8> {
        let mut jpeg = b"\xFF\xD8".to_vec();
        for (at, part) in store[8..].chunks(piece).enumerate() {
            let body = [b"JP\0\x01", &(at as u32 + 1).to_be_bytes()[..], &store[..8], part].concat();
            jpeg.extend([0xFF, 0xEB]);
            jpeg.extend((body.len() as u16 + 2).to_be_bytes());
            jpeg.extend(body);
        }
        jpeg.extend(b"\xFF\xDA\0\x02");
        jpeg
    }

    #[test]
    fn a_store_is_put_together_and_a_broken_one_is_bounded() {
        let body =
            [b"\0\0\0\x1djumd", STORE, b"\x03c2pa\0", b"qdigitalSourceType", b"x/digitalsourcetype/compositeSynthetic"]
                .concat();
        let store = [&(body.len() as u32 + 8).to_be_bytes()[..], b"jumb", &body].concat();
        for piece in [30, 40, 57, 1000] {
            let found = manifests(&jpeg_with(&store, piece));
            assert_eq!(found, std::slice::from_ref(&store), "in pieces of {piece}");
            assert_eq!(terms(&found[0]), ["compositeSynthetic"]);
        }
        let png = [b"\x89PNG\r\n\x1a\n....caBX", store.as_slice(), b"crc."].concat();
        assert_eq!(manifests(&png), std::slice::from_ref(&store));
        for end in 0..png.len() {
            manifests(&png[..end]);
            manifests(&jpeg_with(&store, 30)[..end.min(100)]);
        }
        let mut endless = png.clone();
        endless[16..20].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(manifests(&endless).len(), 1);
    }

    #[test]
    fn xmp_of_a_hundred_megabytes_is_looked_at_as_far_as_it_goes() {
        let mut file =
            b"<x:xmpmeta xmp:CreatorTool=\"Paint 3\"><dcterms:provenance>https://example.org/m</dcterms:provenance>"
                .to_vec();
        assert_eq!(named(xmp(&file).expect("there"), b"CreatorTool").as_deref(), Some("Paint 3"));
        assert_eq!(named(xmp(&file).expect("there"), b"provenance").as_deref(), Some("https://example.org/m"));
        file.resize(100_000_000, b' ');
        assert_eq!(xmp(&file).map(<[u8]>::len), Some(MOST_XMP));
    }
}
