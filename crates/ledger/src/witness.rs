//! What a witness is asked, and answers (C2SP tlog-witness, `add-checkpoint`). It remembers of each log the last checkpoint that
//! it cosigned, and cosigns only what follows from that.

use crate::checkpoint::number;
use crate::proof::{hashes_of, lines_of};
use crate::{Checkpoint, Consistent, Hash, Key, Kind, Refusal, Signed, Signer};

/// A checkpoint with what leads to it from the one before, as a log sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    old: u64,
    hashes: Vec<Hash>,
    checkpoint: Checkpoint,
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denied {
    /// It is no request of this kind.
    Malformed(Refusal),
    /// It does not watch this log.
    Unknown,
    /// The log did not sign it.
    Unsigned(Refusal),
    /// It cosigned another size last, or another root of this size.
    Conflict {
        /// Size of the checkpoint that it cosigned last.
        size: u64,
    },
    /// It does not follow from the one that was cosigned last.
    Unproven(Refusal),
}

impl Denied {
    /// The status that it is answered with.
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) => 400,
            Self::Unknown => 404,
            Self::Unsigned(_) => 403,
            Self::Conflict { .. } => 409,
            Self::Unproven(_) => 422,
        }
    }
}

/// Reads the size that a witness answers where it cosigned another one last.
pub fn denied_size(body: &str) -> Option<u64> {
    number(body.strip_suffix('\n')?)
}

impl Asked {
    /// The request for `checkpoint`, which follows by `hashes` from the checkpoint of `old` leaves.
    pub fn new(old: u64, hashes: Vec<Hash>, checkpoint: Checkpoint) -> Self {
        Self { old, hashes, checkpoint }
    }

    /// Reads a request.
    ///
    /// # Errors
    /// [`Denied::Malformed`].
    pub fn read(body: &[u8]) -> Result<Self, Denied> {
        let malformed = |what| Denied::Malformed(Refusal::Malformed { what });
        let text = std::str::from_utf8(body).map_err(|_| malformed("encoding"))?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or_else(|| malformed("request"))?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| number(line.strip_prefix("old ")?));
        let old = old.ok_or_else(|| malformed("old-size"))?;
        let hashes = hashes_of(lines).map_err(Denied::Malformed)?;
        let checkpoint = Checkpoint::read(checkpoint.as_bytes()).map_err(Denied::Malformed)?;
        Ok(Self { old, hashes, checkpoint })
    }

    /// The request as a text.
    pub fn text(&self) -> String {
        format!("old {}\n{}\n{}", self.old, lines_of(&self.hashes), self.checkpoint.whole())
    }

    /// Which log it says that it is of.
    pub fn origin(&self) -> &str {
        self.checkpoint.origin()
    }
}

/// A log that a witness watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    log: Key,
    last: Option<Signed>,
}

impl Watched {
    /// The log of this key; `last` is the checkpoint that was cosigned last, as it was kept.
    ///
    /// # Errors
    /// What is wrong with the one that was kept: then nothing is cosigned, since nobody knows any more what was.
    pub fn new(log: Key, last: Option<&[u8]>) -> Result<Self, Refusal> {
        let last = last.map(|last| Checkpoint::read(last)?.signed(&log)).transpose()?;
        Ok(Self { log, last })
    }

    /// Its key.
    pub fn log(&self) -> &Key {
        &self.log
    }

    /// The checkpoint that was cosigned last.
    pub fn last(&self) -> Option<&Signed> {
        self.last.as_ref()
    }

    /// The witness's signature line of what is asked, at `now` (seconds since 1970), and the checkpoint that is to be kept
    /// **before** the line is handed out, atomically with this look at the last one.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn answer(&self, asked: &Asked, witness: &Signer, now: u64) -> Result<(String, Self), Denied> {
        if witness.key().kind() != Kind::Witness || asked.origin() != self.log.name() {
            return Err(Denied::Unknown);
        }
        let newer = asked.checkpoint.clone().signed(&self.log).map_err(Denied::Unsigned)?;
        if asked.old > newer.size() {
            return Err(Denied::Malformed(Refusal::RolledBack { seen: asked.old, found: newer.size() }));
        }
        let size = self.last.as_ref().map_or(0, Signed::size);
        if asked.old != size {
            return Err(Denied::Conflict { size });
        }
        match &self.last {
            None if asked.hashes.is_empty() => {}
            None => return Err(Denied::Unproven(Refusal::Inconsistent { older: 0, newer: newer.size() })),
            Some(last) => match Consistent::prove(last, &newer, &asked.hashes) {
                Ok(_) => {}
                Err(Refusal::Fork { size }) => return Err(Denied::Conflict { size }),
                Err(refused) => return Err(Denied::Unproven(refused)),
            },
        }
        Ok((witness.line(newer.text(), now), Self { log: self.log.clone(), last: Some(newer) }))
    }
}
