//! Test vectors of others for what the gallery seals with: ChaCha20-Poly1305, of `chacha20poly1305` (photographs) and of
//! `aws-lc-rs` (templates and index files). XChaCha20-Poly1305 is used nowhere, and its vectors are left out. They lie
//! beside the repository; without them the test says so and passes.

use std::path::PathBuf;

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, UnboundKey};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use serde_json::Value;

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

#[test]
fn chacha20_poly1305_of_wycheproof() {
    let path: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "../../../shared/vectors/wycheproof/chacha20_poly1305_test.json"].iter().collect();
    if !path.exists() {
        println!("skipped: there is no {}", path.display());
        return;
    }
    let file: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let (mut valid, mut invalid, mut other) = (0, 0, 0);
    for test in file["testGroups"].as_array().unwrap().iter().flat_map(|group| group["tests"].as_array().unwrap()) {
        let [key, iv, aad, msg, ct, tag] = ["key", "iv", "aad", "msg", "ct", "tag"].map(|name| bytes(&test[name]));
        let Ok(nonce) = <[u8; NONCE_LEN]>::try_from(iv) else {
            // No type of ours holds a nonce of another length.
            assert_eq!(test["result"], "invalid", "{test}");
            other += 1;
            continue;
        };
        let sealed = [ct, tag].concat();
        let cipher = ChaCha20Poly1305::new_from_slice(&key).unwrap();
        let first = cipher.decrypt(Nonce::from_slice(&nonce), Payload { msg: &sealed, aad: &aad }).ok();
        let unbound = LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &key).unwrap());
        let mut inside = sealed.clone();
        let nonce_of = || aws_lc_rs::aead::Nonce::assume_unique_for_key(nonce);
        let second = unbound.open_in_place(nonce_of(), Aad::from(&aad), &mut inside).ok().map(|plain| plain.to_vec());
        let wanted = (test["result"] == "valid").then(|| msg.clone());
        assert_eq!((&first, &second), (&wanted, &wanted), "{test}");
        if wanted.is_some() {
            let again = cipher.encrypt(Nonce::from_slice(&nonce), Payload { msg: &msg, aad: &aad }).unwrap();
            let mut in_place = msg;
            unbound.seal_in_place_append_tag(nonce_of(), Aad::from(&aad), &mut in_place).unwrap();
            assert_eq!((again, in_place), (sealed.clone(), sealed), "{test}");
        }
        *(if wanted.is_some() { &mut valid } else { &mut invalid }) += 1;
    }
    println!("ChaCha20-Poly1305, Wycheproof, twice: {valid} valid, {invalid} invalid, {other} with other nonces");
    assert!(valid > 200 && invalid > 50);
}
