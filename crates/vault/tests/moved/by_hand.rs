//! Packages opened and made again by hand, by whoever has the keys of both workstations.

use std::io::{Read, Write};

use ed25519_dalek::Signer;
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use vault::samples::beside;
use vault::{Vault, canonical};

fn secret(db: &Connection, name: &str) -> String {
    db.query_row("SELECT value FROM secret WHERE name = ?1", [name], |r| r.get(0)).unwrap()
}

pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// A package in parts: its manifest, and its files one after another.
pub struct Opened {
    pub manifest: Value,
    pub files: Vec<Vec<u8>>,
}

impl Opened {
    /// Opens a package with the key of the workstation to which it goes.
    pub fn of(package: &[u8], to: &Vault) -> Self {
        let identity: age::x25519::Identity = secret(&beside(to).unwrap(), "exchange").parse().unwrap();
        let opening = age::Decryptor::new(package).unwrap();
        let mut plain = Vec::new();
        opening.decrypt(std::iter::once(&identity as &dyn age::Identity)).unwrap().read_to_end(&mut plain).unwrap();
        let end = plain.iter().position(|byte| *byte == b'\n').unwrap();
        let signed: Value = serde_json::from_slice(&plain[..end]).unwrap();
        let manifest: Value = serde_json::from_str(signed["text"].as_str().unwrap()).unwrap();
        let mut rest = &plain[end + 1..];
        let files = manifest["files"].as_array().unwrap().iter().map(|line| {
            let (file, after) = rest.split_at(usize::try_from(line["bytes"].as_u64().unwrap()).unwrap());
            rest = after;
            file.to_vec()
        });
        let files = files.collect();
        Self { manifest, files }
    }

    pub fn content(&mut self) -> &mut Value {
        &mut self.manifest["content"]
    }

    /// The last move.
    pub fn last(&mut self) -> &mut Value {
        self.content()["moves"].as_array_mut().unwrap().last_mut().unwrap()
    }

    /// Has the last move say of the case what stands there now: only its signature is of something else.
    pub fn says_what_it_holds(mut self) -> Self {
        let file = sha256(canonical(&self.content()["file"]).unwrap().as_bytes());
        self.last()["file"] = json!(file);
        self
    }

    /// Signed by the workstation `from` as a package of its own, with a fresh identity, for `to`.
    pub fn again(mut self, from: &Vault, to: &Vault) -> Vec<u8> {
        self.manifest["id"] = json!(uuid::Uuid::new_v4());
        self.manifest["from"] = serde_json::to_value(from.card("")).unwrap();
        self.manifest["to"] = json!(to.card("").signs);
        let text = canonical(&self.manifest).unwrap();
        let seed: [u8; 32] = hex::decode(secret(&beside(from).unwrap(), "signing")).unwrap().try_into().unwrap();
        let key = ed25519_dalek::SigningKey::from_bytes(&seed);
        let schema = self.manifest["schema"].as_str().unwrap();
        let signed = json!({
            "sha256": sha256(text.as_bytes()),
            "signature": hex::encode(key.sign(format!("{schema}\n{text}").as_bytes()).to_bytes()),
            "public_key": hex::encode(key.verifying_key().to_bytes()),
            "text": text,
        });
        let recipient: age::x25519::Recipient = to.card("").receives.parse().unwrap();
        let sealing = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).unwrap();
        let (mut sealed, mut package) = (Vec::new(), Vec::new());
        sealed.extend(format!("{}\n", canonical(&signed).unwrap()).into_bytes());
        self.files.iter().for_each(|file| sealed.extend(file));
        let mut sealing = sealing.wrap_output(&mut package).unwrap();
        sealing.write_all(&sealed).unwrap();
        sealing.finish().unwrap();
        package
    }
}
