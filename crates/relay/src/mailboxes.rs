//! Mailboxes for case packages: ciphertext for its recipients, in files.
//!
//! A mailbox is named by the recipient workstation's public key. Packages pass through the disk, never whole through memory.
//! Putting a package twice stores it once, also after it was fetched and taken away: a sender may repeat until it hears an
//! answer.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use catalogue::say;
use department::is_key;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::store::Package;
use crate::wire::{MAX_PACKAGE, Mailbox, MailboxPackage};

/// How every age file begins.
const AGE: &[u8] = b"age-encryption.org/v1\n";
/// Most packages that wait in a mailbox.
const MAX_WAITING: usize = 1000;

/// The mailbox did not take or give what was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// Not a mailbox.
    #[error("{}", say!("relay-mailbox-named-64-hexadecimal-digits"))]
    Name,
    /// Not encrypted.
    #[error("{}", say!("relay-package-age-file-none-nothing"))]
    Plain,
    /// Other bytes under the same identity.
    #[error("{}", say!("relay-another-package-identity-already-nothing"))]
    Other,
    /// Too long.
    #[error("{}", say!("relay-package-most-bytes-nothing-stored", max_package = MAX_PACKAGE))]
    Long,
    /// Too many.
    #[error("{}", say!("relay-packages-wait-mailbox-owner-must", max_waiting = MAX_WAITING))]
    Full,
    /// Not there.
    #[error("{}", say!("relay-no-such-package-mailbox"))]
    Unknown,
    /// No room.
    #[error("{}", say!("relay-disk-full-nothing-stored"))]
    NoRoom,
    /// Disk.
    #[error("{}", say!("relay-folder-cannot-used-nothing-stored", what = _0))]
    Disk(std::io::Error),
}

impl From<std::io::Error> for MailboxError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Self::NoRoom,
            _ => Self::Disk(error),
        }
    }
}

/// What came of putting a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It lies there now.
    Stored,
    /// It was put before.
    Known,
}

fn mailbox(folder: &Path, name: &str) -> Result<PathBuf, MailboxError> {
    if is_key(name) { Ok(folder.join(name)) } else { Err(MailboxError::Name) }
}

/// SHA-256 of a file, read piece by piece.
fn hash_of(path: &Path) -> std::io::Result<String> {
    let (mut file, mut hash, mut piece) = (File::open(path)?, Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex::encode(hash.finalize())),
            read => hash.update(&piece[..read]),
        }
    }
}

/// Gives a file that is on the disk its name; `false` where one has it.
fn name(part: &Path, path: &Path) -> std::io::Result<bool> {
    let named = match fs::hard_link(part, path) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(e) => Err(e),
    };
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    named
}

/// A package on its way into a mailbox, written piece by piece beside it.
#[derive(Debug)]
pub struct Incoming {
    mailbox: PathBuf,
    part: PathBuf,
    file: File,
    hash: Sha256,
    /// First bytes, until they are as many as every age file begins with.
    head: Vec<u8>,
    length: usize,
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // What is left over is swept at the next start.
        drop(fs::remove_file(&self.part));
    }
}

impl Incoming {
    /// Begins one.
    ///
    /// # Errors
    /// [`MailboxError`].
    pub fn begin(folder: &Path, name: &str) -> Result<Self, MailboxError> {
        let mailbox = mailbox(folder, name)?;
        fs::create_dir_all(&mailbox)?;
        let waiting = fs::read_dir(&mailbox)?.flatten().filter(|f| f.path().extension().is_some_and(|e| e == "age"));
        if waiting.count() >= MAX_WAITING {
            return Err(MailboxError::Full);
        }
        let part = mailbox.join(format!(".part-{}", Uuid::new_v4()));
        let file = File::create(&part)?;
        Ok(Self { mailbox, part, file, hash: Sha256::new(), head: Vec::new(), length: 0 })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// [`MailboxError`]; then nothing is stored.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), MailboxError> {
        let missing = AGE.len().saturating_sub(self.head.len());
        self.head.extend_from_slice(&piece[..piece.len().min(missing)]);
        if !AGE.starts_with(&self.head) {
            return Err(MailboxError::Plain);
        }
        self.length += piece.len();
        if self.length > MAX_PACKAGE {
            return Err(MailboxError::Long);
        }
        self.hash.update(piece);
        Ok(self.file.write_all(piece)?)
    }

    /// Stores it under its identity; gives its length too.
    ///
    /// # Errors
    /// [`MailboxError`].
    pub fn finish(mut self, id: Uuid) -> Result<(Put, usize), MailboxError> {
        if self.head != AGE {
            return Err(MailboxError::Plain);
        }
        let hash = hex::encode(std::mem::take(&mut self.hash).finalize());
        let same = |known: &str| if known == hash { Ok((Put::Known, self.length)) } else { Err(MailboxError::Other) };
        match fs::read_to_string(self.mailbox.join(format!("{id}.done"))) {
            Ok(taken) => return same(taken.trim()),
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) => return Err(e.into()),
        }
        self.file.sync_all()?;
        let path = self.mailbox.join(format!("{id}.age"));
        if name(&self.part, &path)? { Ok((Put::Stored, self.length)) } else { same(&hash_of(&path)?) }
    }
}

/// What waits in a mailbox, oldest first.
///
/// # Errors
/// [`MailboxError`].
pub fn list(folder: &Path, name: &str) -> Result<Mailbox, MailboxError> {
    let mailbox = mailbox(folder, name)?;
    let mut packages = Vec::new();
    let files = match fs::read_dir(mailbox) {
        Ok(files) => files,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Mailbox { packages: Vec::new() }),
        Err(e) => return Err(e.into()),
    };
    for file in files {
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

/// A package as an open file, with its length.
///
/// # Errors
/// [`MailboxError`].
pub fn fetch(folder: &Path, name: &str, id: Uuid) -> Result<(File, u64), MailboxError> {
    let file = File::open(mailbox(folder, name)?.join(format!("{id}.age"))).map_err(|e| match e.kind() {
        ErrorKind::NotFound => MailboxError::Unknown,
        _ => e.into(),
    })?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

/// Takes a package away that its recipient has; to repeat it is harmless. What stays is its hash.
///
/// # Errors
/// [`MailboxError`].
pub fn take_away(folder: &Path, name: &str, id: Uuid) -> Result<(), MailboxError> {
    let mailbox = mailbox(folder, name)?;
    let (path, done) = (mailbox.join(format!("{id}.age")), mailbox.join(format!("{id}.done")));
    match hash_of(&path) {
        Ok(hash) => {
            let part = mailbox.join(format!(".part-{}", Uuid::new_v4()));
            let written = File::create(&part).and_then(|mut file| {
                file.write_all(hash.as_bytes())?;
                file.sync_all()?;
                self::name(&part, &done)
            });
            drop(fs::remove_file(&part));
            written?;
            fs::remove_file(path)?;
            Ok(())
        }
        Err(e) if e.kind() == ErrorKind::NotFound && done.exists() => Ok(()),
        Err(e) if e.kind() == ErrorKind::NotFound => Err(MailboxError::Unknown),
        Err(e) => Err(e.into()),
    }
}

/// Removes a package that was stored and could not be put on record.
///
/// # Errors
/// [`MailboxError`].
pub fn take_back(folder: &Path, name: &str, id: Uuid) -> Result<(), MailboxError> {
    Ok(fs::remove_file(mailbox(folder, name)?.join(format!("{id}.age")))?)
}

/// Every package that lies in a mailbox, without who put it.
///
/// # Errors
/// [`MailboxError`].
pub fn lying(folder: &Path) -> Result<Vec<Package>, MailboxError> {
    let mut all = Vec::new();
    for mailbox in fs::read_dir(folder)? {
        let name = mailbox?.file_name().to_string_lossy().into_owned();
        // Whatever else lies there is not the relay's.
        if is_key(&name) {
            let lie = list(folder, &name)?.packages.into_iter();
            all.extend(lie.map(|p| Package {
                mailbox: name.clone(),
                id: p.package_id,
                sender: String::new(),
                bytes: p.bytes,
            }));
        }
    }
    Ok(all)
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
