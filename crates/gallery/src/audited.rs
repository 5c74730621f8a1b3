//! The gallery's audit against its log: what was signed of it before, here and where others kept it, and the audit as a file.

use std::io::Write;
use std::path::{Path, PathBuf};

use catalogue::say;
use gallery_api::audit_file::{AuditFileHead, FORMAT};
use ledger::{Checkpoint, Key, Leaf, Refusal, Signed, hold};
use serde_json::json;
use service::log::{CHECKPOINT, COSIGNED, Log, LogError, Rows};

use crate::store::{Leaves, Store, StoreError};

/// Rows that are read at once.
const AT_ONCE: u32 = 1000;

/// The audit is not what was signed of it, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The store, and the chain of its rows.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file.
    #[error("{}", say!("gallery-cannot-use-2", path = path.display(), source))]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A checkpoint that is none of this gallery's log, or that its witnesses did not cosign.
    #[error("{}", say!("gallery-checkpoint-not-of-this-log", path = path.display(), why))]
    Checkpoint {
        /// Where it lies.
        path: PathBuf,
        /// Why.
        why: Refusal,
    },
    /// The rows are not those that a checkpoint was signed for.
    #[error("{}", say!("gallery-audit-is-another", why = _0))]
    Another(#[from] Refusal),
}

/// What was found to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Rows of the audit.
    pub rows: i64,
    /// Hash of the last.
    pub head: String,
    /// Public key of the log.
    pub log: Key,
    /// Rows of the newest checkpoint that lies here; none where there is no log yet.
    pub logged: Option<u64>,
    /// Rows of the newest checkpoint that witnesses cosigned, and when each saw it, seconds since 1970.
    pub cosigned: Option<(u64, Vec<(String, u64)>)>,
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, AuditError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(AuditError::File { path: path.to_owned(), source }),
    }
}

fn checkpoint(path: &Path, log: &Key) -> Result<Option<Signed>, AuditError> {
    let refused = |why| AuditError::Checkpoint { path: path.to_owned(), why };
    let read = read(path)?.map(|bytes| Checkpoint::read(&bytes)?.signed(log)).transpose();
    read.map_err(refused)
}

/// The rows as leaves, a page at a time.
struct All(Leaves, u64, std::vec::IntoIter<Leaf>);

impl Iterator for All {
    type Item = Result<Leaf, AuditError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.2.len() == 0 {
            match (&mut self.0).leaves_from(self.1, AT_ONCE as usize) {
                Ok(page) => self.2 = page.into_iter(),
                Err(error) => return Some(Err(error.into())),
            }
        }
        self.1 += 1;
        self.2.next().map(Ok)
    }
}

/// Opens the log of the audit, whose files lie in `folder`, with the rows that it is made from; what a crash left out is taken in.
///
/// # Errors
/// [`LogError`], also where the audit is not the one that was signed.
pub fn open(store: &mut Store, folder: PathBuf) -> Result<(Log, Leaves), LogError> {
    let failed = |error: StoreError| LogError::Rows(Box::new(error));
    let signer = store.log_signer().map_err(failed)?;
    let mut leaves = store.leaves(&signer).map_err(failed)?;
    Ok((Log::open(folder, signer, &mut leaves)?, leaves))
}

/// Checks the chain of the audit, and holds its rows against the checkpoints in `folder` and against `others`, which somebody kept
/// elsewhere. Each of `witnesses` must have cosigned the newest cosigned one.
///
/// # Errors
/// [`AuditError`].
pub fn verify(store: &mut Store, folder: &Path, others: &[PathBuf], witnesses: &[Key]) -> Result<Verified, AuditError> {
    let signer = store.log_signer()?;
    let log = signer.key().clone();
    // What was signed is read before the rows, which may grow meanwhile.
    let (newest, seen_here) = (checkpoint(&folder.join(CHECKPOINT), &log)?, checkpoint(&folder.join(COSIGNED), &log)?);
    let mut all: Vec<(&Path, Signed)> = Vec::new();
    for path in others {
        let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
        let found = checkpoint(path, &log)?;
        all.push((path, found.ok_or_else(|| AuditError::File { path: path.clone(), source: missing() })?));
    }
    let cosigned_at = folder.join(COSIGNED);
    all.extend(seen_here.map(|signed| (cosigned_at.as_path(), signed)));
    let seen = all.iter().filter(|(_, signed)| !witnesses.is_empty() && signed.cosigned(witnesses).is_ok());
    let seen = seen.max_by_key(|(_, signed)| signed.size());
    let cosigned = match seen {
        Some((_, signed)) => signed.cosigned(witnesses).ok().map(|cosigned| (signed.size(), cosigned.seen().to_vec())),
        None => match all.last() {
            _ if witnesses.is_empty() => None,
            Some((path, signed)) => {
                let why = signed.cosigned(witnesses).err().unwrap_or(Refusal::NoWitness);
                return Err(AuditError::Checkpoint { path: path.to_path_buf(), why });
            }
            None => return Err(AuditError::Checkpoint { path: cosigned_at, why: Refusal::NoWitness }),
        },
    };
    let logged = newest.as_ref().map(Signed::size);
    let held: Vec<&Signed> = all.iter().map(|(_, signed)| signed).chain(&newest).collect();
    let (rows, head) = store.verify_audit()?;
    hold(All(store.leaves(&signer)?, 0, Vec::new().into_iter()), &held)?;
    Ok(Verified { rows, head, log, logged, cosigned })
}

/// Writes the audit as a file that an auditor reads without the gallery, as far as the checkpoint in `folder` goes; gives how many
/// rows. It is on the audit.
///
/// # Errors
/// [`AuditError`].
pub fn export(store: &mut Store, folder: &Path, out: &Path) -> Result<u64, AuditError> {
    store.audit("administrator", "", "audit-exported", &json!({}))?;
    let log = store.log_signer()?.key().clone();
    let (newest, cosigned) = (checkpoint(&folder.join(CHECKPOINT), &log)?, checkpoint(&folder.join(COSIGNED), &log)?);
    let most = newest.as_ref().map_or(i64::MAX, |signed| i64::try_from(signed.size()).unwrap_or(i64::MAX));
    let cosigned = cosigned.filter(|signed| newest.as_ref().is_some_and(|newest| signed.size() <= newest.size()));
    let whole = |signed: Signed| signed.whole().to_owned();
    let head =
        AuditFileHead { format: FORMAT.to_owned(), checkpoint: newest.map(whole), cosigned: cosigned.map(whole) };
    let failed = |source| AuditError::File { path: out.to_owned(), source };
    let mut file = std::io::BufWriter::new(std::fs::File::create(out).map_err(failed)?);
    let mut line = |value: serde_json::Value| writeln!(file, "{value}").map_err(failed);
    line(json!(head))?;
    let mut after = 0;
    loop {
        let rows = store.audit_rows(after, AT_ONCE)?;
        let before = after;
        for row in rows.into_iter().filter(|row| row.seq <= most) {
            after = row.seq;
            line(json!(row))?;
        }
        if after == before {
            break;
        }
    }
    file.into_inner().map_err(|error| failed(error.into_error()))?.sync_all().map_err(failed)?;
    Ok(u64::try_from(after).unwrap_or_default())
}

/// Has the log begin anew under another key, after the gallery was put back from an older copy; the files in `folder` are moved to a
/// folder beside it. Not while the gallery is served.
///
/// # Errors
/// [`AuditError`].
pub fn begin_anew(store: &mut Store, folder: &Path, because: &str) -> Result<(), AuditError> {
    let before = store.log_signer()?.key().bytes();
    store.begin_log_anew(because)?;
    let beside = folder.with_file_name(format!("ledger-{}", hex::encode(&before[..8])));
    match std::fs::rename(folder, &beside) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(AuditError::File { path: beside, source }),
        _ => Ok(()),
    }
}
