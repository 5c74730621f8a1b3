//! What a gallery shows of its audit: over the network, by a token that is for nothing else, or as a file that it wrote. Nothing of
//! either is believed.

use std::path::Path;

use catalogue::say;
use gallery_api::audit_file::{AuditFile, AuditFileError};
use gallery_api::client::{AskError, Client};
use gallery_api::wire::{AuditRow, leaf_of};
use ledger::{Chain, Checkpoint, Consistent, Included, Key, Leaf, Refusal, Signed, Whole, gallery_key};
use service::log::{CHECKPOINT, COSIGNED, LedgerError};

/// Rows that are asked for at a time.
pub(crate) const AT_ONCE: usize = 1_000;

/// An audit that is shown, with its log if it has one.
#[derive(Debug)]
pub enum GalleryShown {
    /// By the gallery itself.
    Asked(Client),
    /// As a file.
    File(Box<FileShown>),
}

/// An audit as a file, of which the rows are those of its checkpoint.
#[derive(Debug)]
pub struct FileShown {
    rows: Vec<AuditRow>,
    newest: Option<Checkpoint>,
    cosigned: Option<Checkpoint>,
    whole: Whole,
}

/// The file says nothing of a gallery. Nothing was taken in.
#[derive(Debug, thiserror::Error)]
pub enum FileRefused {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] AuditFileError),
    /// Its rows are not those of its checkpoint: it was changed on its way.
    #[error("{}", say!("workstation-gallery-file-changed", why = _0))]
    Changed(#[from] Refusal),
}

impl FileShown {
    /// Reads a file, and holds its rows against the checkpoint that it has: whoever carried it changed nothing, or it is refused.
    ///
    /// # Errors
    /// [`FileRefused`].
    pub fn read(path: &Path) -> Result<Self, FileRefused> {
        let file = std::fs::File::open(path).map_err(AuditFileError::from)?;
        let file = AuditFile::open(std::io::BufReader::new(file))?;
        let read = |text: &Option<String>| text.as_deref().map(|text| Checkpoint::read(text.as_bytes())).transpose();
        let (newest, cosigned) = (read(&file.head().checkpoint)?, read(&file.head().cosigned)?);
        let rows = file.collect::<Result<Vec<AuditRow>, _>>()?;
        let mut chain = Chain::default();
        for (line, row) in (2..).zip(&rows) {
            let fields = [row.at.as_str(), &row.actor, &row.agency, &row.action, &row.detail];
            chain.take(row.seq, &fields, &row.hash).map_err(|_| AuditFileError::Line(line))?;
        }
        let mut whole = Whole::default();
        if let Some(checkpoint) = &newest {
            let key = gallery_key(checkpoint.origin())?;
            let signed = checkpoint.clone().signed(&key)?;
            for (line, row) in (2..).zip(&rows) {
                whole.push(&leaf_of(&key, row.seq, &row.hash).ok_or(AuditFileError::Line(line))?);
            }
            match whole.size() {
                size if size < signed.size() => {
                    return Err(Refusal::RolledBack { seen: signed.size(), found: size }.into());
                }
                size if size > signed.size() || whole.root() != *signed.root() => {
                    return Err(Refusal::Fork { size: signed.size() }.into());
                }
                _ => {}
            }
            if let Some(cosigned) = &cosigned {
                cosigned.clone().signed(&key)?;
            }
        }
        Ok(Self { rows, newest, cosigned, whole })
    }

    /// The checkpoint of its rows; none where the gallery keeps no log.
    pub fn newest(&self) -> Option<&Checkpoint> {
        self.newest.as_ref()
    }

    /// Proves that its log only grew from one checkpoint to the other.
    ///
    /// # Errors
    /// As [`Consistent::prove`].
    pub fn grown(&self, older: &Signed, newer: &Signed) -> Result<Consistent, Refusal> {
        let goes_back = older.size() > newer.size();
        let hashes = if goes_back { Vec::new() } else { self.whole.grown(older.size(), newer)? };
        Consistent::prove(older, newer, &hashes)
    }
}

impl GalleryShown {
    /// Whether it is the gallery itself that answers: what it does not show, it withholds.
    pub(crate) fn answers(&self) -> bool {
        matches!(self, Self::Asked(_))
    }

    /// The newest checkpoint.
    pub(crate) async fn newest(&self) -> Result<Option<Checkpoint>, LedgerError> {
        match self {
            Self::Asked(client) => client.ledger().shown(CHECKPOINT).await,
            Self::File(file) => Ok(file.newest.clone()),
        }
    }

    /// The newest that a witness cosigned.
    pub(crate) async fn cosigned(&self, log: &Key) -> Result<Option<Signed>, LedgerError> {
        match self {
            Self::Asked(client) => client.ledger().checkpoint(COSIGNED, log).await,
            Self::File(file) => Ok(file.cosigned.clone().map(|cosigned| cosigned.signed(log)).transpose()?),
        }
    }

    /// The proof that the log only grew.
    pub(crate) async fn grown(&self, older: &Signed, newer: &Signed) -> Result<Consistent, LedgerError> {
        match self {
            Self::Asked(client) => client.ledger().grown(older, newer).await,
            Self::File(file) => Ok(file.grown(older, newer)?),
        }
    }

    /// Proofs of rows, up to the first that is not proven.
    pub(crate) async fn included(
        &self,
        leaves: &[(Leaf, u64)],
        checkpoint: &Signed,
    ) -> Result<(Vec<Included>, Option<Refusal>), LedgerError> {
        match self {
            Self::Asked(client) => client.ledger().all_included(leaves, checkpoint).await,
            Self::File(file) => {
                let mut all = Vec::with_capacity(leaves.len());
                for (leaf, number) in leaves {
                    match file.whole.included(*leaf, *number, checkpoint.clone()) {
                        Ok(included) => all.push(included),
                        Err(why) => return Ok((all, Some(why))),
                    }
                }
                Ok((all, None))
            }
        }
    }

    /// Rows after position `after`, at most [`AT_ONCE`].
    pub(crate) async fn rows(&self, after: i64) -> Result<Vec<AuditRow>, AskError> {
        match self {
            Self::Asked(client) => client.audit(after, AT_ONCE as u32).await,
            Self::File(file) => {
                let later = file.rows.iter().skip(usize::try_from(after).unwrap_or(usize::MAX));
                Ok(later.take(AT_ONCE).cloned().collect())
            }
        }
    }
}
