//! Photographs as files: each encrypted with its subject's key (ChaCha20-Poly1305, RFC 8439) and named by the SHA-256
//! of its ciphertext. Once the key is destroyed, no copy of the file, in a backup either, shows anybody.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use catalogue::say;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};

use super::error::StoreError;
use super::forms::sha256;

const NONCE: usize = 12;

/// The folder of photographs.
#[derive(Debug, Clone)]
pub(crate) struct Photos(PathBuf);

fn cipher(key: &[u8]) -> Result<ChaCha20Poly1305, StoreError> {
    ChaCha20Poly1305::new_from_slice(key).map_err(|_| StoreError::Photo(say!("gallery-key-malformed-2").to_owned()))
}

impl Photos {
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(StoreError::folder(folder))?;
        Ok(Self(folder.to_owned()))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name.get(..2).unwrap_or("")).join(name)
    }

    /// Encrypts and writes a photograph; it is on the disk when this returns its name.
    pub(crate) fn put(&self, key: &[u8], jpeg: &[u8]) -> Result<String, StoreError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(StoreError::Random)?;
        let sealed = cipher(key)?
            .encrypt(Nonce::from_slice(&nonce), Payload::from(jpeg))
            .map_err(|_| StoreError::Photo(say!("gallery-could-not-encrypted").to_owned()))?;
        let bytes = [&nonce[..], &sealed].concat();
        let name = sha256(&bytes);
        let path = self.path(&name);
        let folder = path.parent().unwrap_or(&self.0);
        let written = fs::create_dir_all(folder).and_then(|()| {
            let beside = path.with_extension("tmp");
            let mut file = File::create(&beside)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&beside, &path)?;
            #[cfg(unix)]
            File::open(folder)?.sync_all()?;
            Ok(())
        });
        written.map_err(StoreError::folder(folder))?;
        Ok(name)
    }

    /// Reads a photograph.
    pub(crate) fn get(&self, key: &[u8], name: &str) -> Result<Vec<u8>, StoreError> {
        let path = self.path(name);
        let bytes = fs::read(&path).map_err(StoreError::folder(&path))?;
        let (nonce, sealed) =
            bytes.split_at_checked(NONCE).ok_or_else(|| StoreError::Photo(say!("gallery-cut-off").into()))?;
        cipher(key)?
            .decrypt(Nonce::from_slice(nonce), sealed)
            .map_err(|_| StoreError::Photo(say!("gallery-file-changed-key-another").to_owned()))
    }

    /// Removes a photograph; one that is gone already is fine.
    pub(crate) fn remove(&self, name: &str) -> Result<(), StoreError> {
        let path = self.path(name);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(StoreError::folder(&path)(e)),
            _ => Ok(()),
        }
    }

    /// Removes files that no record names: an enrolment that was broken off left them. Files younger than `age` stay,
    /// because their transaction may still be under way.
    pub(crate) fn sweep(&self, used: &HashSet<String>, age: std::time::Duration) -> std::io::Result<u64> {
        let mut swept = 0;
        for folder in fs::read_dir(&self.0)? {
            let folder = folder?.path();
            if !folder.is_dir() {
                continue;
            }
            for file in fs::read_dir(folder)? {
                let file = file?;
                let name = file.file_name().to_string_lossy().into_owned();
                let old = file.metadata()?.modified()?.elapsed().is_ok_and(|since| since >= age);
                if old && !used.contains(&name) {
                    fs::remove_file(file.path())?;
                    swept += 1;
                }
            }
        }
        Ok(swept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_needs_its_subjects_key_and_its_every_byte() {
        let folder = tempfile::tempdir().expect("a folder");
        let photos = Photos::open(folder.path()).expect("opened");
        let name = photos.put(&[7; 32], b"a photograph").expect("written");
        assert_eq!(photos.get(&[7; 32], &name).expect("read"), b"a photograph");
        assert!(photos.get(&[8; 32], &name).is_err());
        let path = photos.path(&name);
        let mut bytes = fs::read(&path).expect("read");
        assert_eq!(sha256(&bytes), name);
        assert!(!bytes.windows(12).any(|w| w == b"a photograph"));
        bytes[20] ^= 1;
        fs::write(&path, bytes).expect("written");
        assert!(photos.get(&[7; 32], &name).is_err());
        let other = photos.put(&[7; 32], b"left over").expect("written");
        assert_eq!(photos.sweep(&HashSet::from([name.clone()]), std::time::Duration::ZERO).expect("swept"), 1);
        assert!(!photos.path(&other).exists() && path.exists());
    }
}
