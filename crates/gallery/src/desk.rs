//! The department's desk: mailboxes for case packages. It stores ciphertext for its recipients and can read none of it.
//!
//! A mailbox is named by the recipient workstation's public key. Putting a package twice stores it once, also after it
//! was fetched and taken away: a sender may repeat until it hears an answer.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::wire::{Mailbox, MailboxPackage};

/// Most bytes of a package.
pub const MAX_PACKAGE: usize = 1_000_000_000;
/// How every age file begins.
const AGE: &[u8] = b"age-encryption.org/v1\n";

/// Where packages lie.
#[derive(Debug, Clone)]
pub enum Desk {
    /// In a folder of this machine.
    Folder(PathBuf),
    /// At another service, which is asked with the caller's own token.
    Elsewhere(reqwest::Url),
}

/// The desk did not do what was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// Not a mailbox.
    #[error("a mailbox is named by 64 hexadecimal digits: the recipient workstation's public key")]
    Name,
    /// Not encrypted.
    #[error("a package is an age file; this is none. Nothing was stored")]
    Plain,
    /// Other bytes under the same identity.
    #[error("another package has this identity already. Nothing was stored")]
    Other,
    /// Somebody else's.
    #[error("this mailbox belongs to another token's user")]
    NotYours,
    /// Not there.
    #[error("there is no such package in this mailbox")]
    Unknown,
    /// Disk.
    #[error("the desk's folder cannot be used: {0}. Nothing was stored")]
    Disk(#[from] std::io::Error),
}

/// What came of putting a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It lies there now.
    Stored,
    /// It was put before.
    Known,
}

fn mailbox(folder: &Path, name: &str) -> Result<PathBuf, DeskError> {
    let named = name.len() == 64 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if named { Ok(folder.join(name)) } else { Err(DeskError::Name) }
}

fn hash_of(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Makes a file with its content, whole or not at all; `false` where one is there.
fn create(path: &Path, bytes: &[u8]) -> std::io::Result<bool> {
    let folder = path.parent().unwrap_or(path);
    let beside = folder.join(format!(".part-{}", Uuid::new_v4()));
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        match fs::hard_link(&beside, path) {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(e) => Err(e),
        }
    });
    // The name in the folder is what counts; a part left over is swept at the next start.
    drop(fs::remove_file(&beside));
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    written
}

/// Puts a package.
///
/// # Errors
/// [`DeskError`].
pub fn put(folder: &Path, name: &str, id: Uuid, bytes: &[u8]) -> Result<Put, DeskError> {
    let mailbox = mailbox(folder, name)?;
    if !bytes.starts_with(AGE) {
        return Err(DeskError::Plain);
    }
    let hash = hash_of(bytes);
    let same = |known: &str| if known == hash { Ok(Put::Known) } else { Err(DeskError::Other) };
    match fs::read_to_string(mailbox.join(format!("{id}.done"))) {
        Ok(taken) => return same(taken.trim()),
        Err(e) if e.kind() == ErrorKind::NotFound => {}
        Err(e) => return Err(e.into()),
    }
    fs::create_dir_all(&mailbox)?;
    let path = mailbox.join(format!("{id}.age"));
    if create(&path, bytes)? { Ok(Put::Stored) } else { same(&hash_of(&fs::read(path)?)) }
}

/// Whether `holder` may look into a mailbox: the first that asks for it owns it.
fn owned(mailbox: &Path, holder: &str) -> Result<(), DeskError> {
    fs::create_dir_all(mailbox)?;
    let path = mailbox.join("owner");
    create(&path, holder.as_bytes())?;
    if fs::read_to_string(path)? == holder { Ok(()) } else { Err(DeskError::NotYours) }
}

/// What waits in a mailbox, oldest first.
///
/// # Errors
/// [`DeskError`].
pub fn list(folder: &Path, name: &str, holder: &str) -> Result<Mailbox, DeskError> {
    let mailbox = mailbox(folder, name)?;
    owned(&mailbox, holder)?;
    let mut packages = Vec::new();
    for file in fs::read_dir(mailbox)? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if let Some(id) = name.strip_suffix(".age").and_then(|id| id.parse().ok()) {
            let meta = file.metadata()?;
            let age = meta.modified()?;
            packages.push((age, MailboxPackage { package_id: id, bytes: meta.len() }));
        }
    }
    packages.sort_by_key(|(age, package)| (*age, package.package_id));
    Ok(Mailbox { packages: packages.into_iter().map(|(_, package)| package).collect() })
}

/// The bytes of a package.
///
/// # Errors
/// [`DeskError`].
pub fn fetch(folder: &Path, name: &str, id: Uuid, holder: &str) -> Result<Vec<u8>, DeskError> {
    let mailbox = mailbox(folder, name)?;
    owned(&mailbox, holder)?;
    fs::read(mailbox.join(format!("{id}.age"))).map_err(|e| match e.kind() {
        ErrorKind::NotFound => DeskError::Unknown,
        _ => e.into(),
    })
}

/// Takes a package away that its recipient has; to repeat it is harmless. What stays is its hash.
///
/// # Errors
/// [`DeskError`].
pub fn take_away(folder: &Path, name: &str, id: Uuid, holder: &str) -> Result<(), DeskError> {
    let mailbox = mailbox(folder, name)?;
    owned(&mailbox, holder)?;
    let path = mailbox.join(format!("{id}.age"));
    match fs::read(&path) {
        Ok(bytes) => {
            create(&mailbox.join(format!("{id}.done")), hash_of(&bytes).as_bytes())?;
            fs::remove_file(path)?;
            Ok(())
        }
        Err(e) if e.kind() == ErrorKind::NotFound && mailbox.join(format!("{id}.done")).exists() => Ok(()),
        Err(e) if e.kind() == ErrorKind::NotFound => Err(DeskError::Unknown),
        Err(e) => Err(e.into()),
    }
}

/// Removes what a crash left half written.
///
/// # Errors
/// When the folder cannot be read.
pub fn sweep(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    for mailbox in fs::read_dir(folder)? {
        let mailbox = mailbox?.path();
        if !mailbox.is_dir() {
            continue;
        }
        for file in fs::read_dir(mailbox)? {
            let file = file?;
            if file.file_name().to_string_lossy().starts_with(".part-") {
                fs::remove_file(file.path())?;
            }
        }
    }
    Ok(())
}
