//! Test vectors of others for what packages are encrypted with: age, and X25519 and HKDF below it, in the versions that
//! `age` has. They lie beside the repository; without them the tests say so and pass. Packages have one recipient of
//! X25519, in no armour: files with a passphrase, in armour, or for hybrid keys are left out, and counted.

use std::io::Read;
use std::path::PathBuf;

use serde_json::Value;
use sha2::{Digest, Sha256};

fn vectors(path: &str) -> Option<PathBuf> {
    let at: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../../shared/vectors", path].iter().collect();
    if at.exists() {
        return Some(at);
    }
    println!("skipped: there is no {}", at.display());
    None
}

fn tests(path: &PathBuf) -> Vec<Value> {
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let groups = file["testGroups"].as_array().unwrap();
    groups.iter().flat_map(|group| group["tests"].as_array().unwrap().clone()).collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

/// What is released of a file, and whether it came to its end.
fn opened(file: &[u8], identities: &[age::x25519::Identity]) -> (Vec<u8>, bool) {
    let mut plain = Vec::new();
    let decrypted = age::Decryptor::new(file)
        .and_then(|sealed| sealed.decrypt(identities.iter().map(|identity| identity as &dyn age::Identity)));
    let whole = decrypted.is_ok_and(|mut reader| reader.read_to_end(&mut plain).is_ok());
    (plain, whole)
}

#[test]
fn age_of_cctv() {
    let Some(folder) = vectors("cctv/age/testdata") else { return };
    let (mut taken, mut refused, mut left_out, mut otherwise) = (0, 0, 0, Vec::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let all = std::fs::read(&path).unwrap();
        let at = all.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let header = std::str::from_utf8(&all[..at]).unwrap();
        let of = |key: &str| {
            header.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(": ")).collect::<Vec<_>>()
        };
        let identities: Vec<age::x25519::Identity> =
            of("identity").iter().filter_map(|text| text.parse().ok()).collect();
        let other =
            identities.len() < of("identity").len() || !of("passphrase").is_empty() || !of("armored").is_empty();
        if other || identities.is_empty() {
            left_out += 1;
            continue;
        }
        let mut file = all[at + 2..].to_vec();
        if of("compressed") == ["zlib"] {
            let mut inflated = Vec::new();
            flate2::read::ZlibDecoder::new(&file[..]).read_to_end(&mut inflated).unwrap();
            file = inflated;
        }
        let (plain, whole) = opened(&file, &identities);
        let expect = of("expect")[0];
        if whole != (expect == "success") {
            otherwise.push(name);
            continue;
        }
        if let [payload] = of("payload")[..] {
            assert_eq!(hex::encode(Sha256::digest(&plain)), payload, "{name}");
        } else {
            assert!(plain.is_empty(), "{name}: something was released");
        }
        *(if whole { &mut taken } else { &mut refused }) += 1;
    }
    otherwise.sort();
    // `age` reads the bodies of stanzas as versions before 1.0 of the format wrote them. The header's code still covers them.
    assert_eq!(otherwise, ["stanza_missing_body", "stanza_missing_final_line"]);
    println!("age, CCTV: {taken} taken, {refused} refused, {left_out} of other kinds left out");
    assert!(taken > 10 && refused > 40);
}

#[test]
fn x25519_of_wycheproof() {
    let Some(path) = vectors("wycheproof/x25519_test.json") else { return };
    let all = tests(&path);
    for test in &all {
        let [public, private, shared] =
            ["public", "private", "shared"].map(|name| <[u8; 32]>::try_from(bytes(&test[name])).unwrap());
        assert_eq!(x25519_dalek::x25519(private, public), shared, "{test}");
    }
    println!("X25519, Wycheproof: {}", all.len());
    assert!(all.len() > 500);
}

#[test]
fn hkdf_of_wycheproof() {
    let Some(path) = vectors("wycheproof/hkdf_sha256_test.json") else { return };
    let all = tests(&path);
    for test in &all {
        let mut made = vec![0; test["size"].as_u64().unwrap() as usize];
        let kdf = hkdf::Hkdf::<sha2_of_age::Sha256>::new(Some(&bytes(&test["salt"])), &bytes(&test["ikm"]));
        let fits = kdf.expand(&bytes(&test["info"]), &mut made).is_ok();
        assert_eq!(fits, test["result"] == "valid", "{test}");
        assert!(!fits || made == bytes(&test["okm"]), "{test}");
    }
    println!("HKDF-SHA-256, Wycheproof: {}", all.len());
    assert!(all.len() > 80);
}
