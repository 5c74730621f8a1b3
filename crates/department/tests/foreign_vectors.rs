//! Test vectors of others for what this crate signs and writes with: Ed25519, strictly verified, and RFC 8785. They lie
//! beside the repository; without them the tests say so and pass.

use std::path::PathBuf;

use department::PublicKey;
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;

fn vectors(path: &str) -> Option<PathBuf> {
    let at: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../../shared/vectors", path].iter().collect();
    if at.exists() {
        return Some(at);
    }
    println!("skipped: there is no {}", at.display());
    None
}

fn json(path: &PathBuf) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn strict(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Some(key) = key.try_into().ok().and_then(|key| VerifyingKey::from_bytes(key).ok()) else { return false };
    Signature::from_slice(signature).is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
}

#[test]
fn ed25519_of_wycheproof() {
    let Some(path) = vectors("wycheproof/ed25519_test.json") else { return };
    let (mut valid, mut invalid) = (0, 0);
    for group in json(&path)["testGroups"].as_array().unwrap() {
        let key = bytes(&group["publicKey"]["pk"]);
        for test in group["tests"].as_array().unwrap() {
            let wanted = test["result"] == "valid";
            assert_eq!(strict(&key, &bytes(&test["msg"]), &bytes(&test["sig"])), wanted, "{test}");
            *(if wanted { &mut valid } else { &mut invalid }) += 1;
        }
        assert!(PublicKey::read(&hex::encode(&key)).is_ok(), "{}", hex::encode(&key));
    }
    println!("Ed25519, Wycheproof: {valid} valid, {invalid} invalid");
    assert!(valid > 50 && invalid > 50);
}

#[test]
fn ed25519_of_cctv() {
    let Some(path) = vectors("cctv/ed25519/ed25519vectors.json") else { return };
    let all = json(&path);
    let all = all.as_array().unwrap();
    let mut accepted = 0;
    for test in all {
        let none = Vec::new();
        let flags: Vec<&str> =
            test["flags"].as_array().unwrap_or(&none).iter().map(|flag| flag.as_str().unwrap()).collect();
        let key = test["key"].as_str().unwrap();
        let bad_key = flags.iter().any(|flag| ["low_order_A", "non_canonical_A"].contains(flag));
        assert!(!bad_key || PublicKey::read(key).is_err(), "{test}");
        if strict(&hex::decode(key).unwrap(), test["msg"].as_str().unwrap().as_bytes(), &bytes(&test["sig"])) {
            accepted += 1;
            let odd = ["low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue"];
            assert!(!flags.iter().any(|flag| odd.contains(flag)), "{test}");
        }
    }
    println!("Ed25519, CCTV: {accepted} of {} accepted", all.len());
    assert_eq!((accepted, all.len()), (43, 914));
}

#[test]
fn canonical_json_of_rfc_8785() {
    let Some(folder) = vectors("jcs/testdata") else { return };
    let mut read = 0;
    for entry in std::fs::read_dir(folder.join("input")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let input: Value = json(&folder.join("input").join(&name));
        let written = serde_json_canonicalizer::to_string(&input).unwrap();
        let wanted = std::fs::read_to_string(folder.join("output").join(&name)).unwrap();
        assert_eq!(written, wanted, "{name}");
        let in_hex = std::fs::read_to_string(folder.join("outhex").join(name.replace(".json", ".txt"))).unwrap();
        let in_hex: String = in_hex.split_whitespace().collect();
        assert_eq!(hex::encode(&written), in_hex, "{name}");
        read += 1;
    }
    println!("RFC 8785: {read} files");
    assert!(read >= 6);
}
