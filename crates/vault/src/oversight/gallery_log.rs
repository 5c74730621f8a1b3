//! The log of a gallery's audit as the desk saw it. What is kept is what was proven: the first checkpoint that was seen, or one that
//! follows from the one before it; and what was shown that does not.

use ledger::{Checkpoint, Consistent, Included, Key, Refusal, Signed, gallery_key, is_gallery};
use rusqlite::{OptionalExtension, params};
use serde_json::json;

use casework::{Moment, PersonRef};

use crate::audit::append;
use crate::error::VaultError;
use crate::log_row::{bytes_of, key_of};
use crate::rows::parse_moment;
use crate::vault::Vault;

use super::gallery_read::GalleryRow;

/// What was seen of a gallery's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GalleryLog {
    newest: Signed,
    cosigned: Option<Signed>,
    since: Moment,
    seen_at: Moment,
}

impl GalleryLog {
    /// Its key.
    pub fn key(&self) -> &Key {
        self.newest.log()
    }

    /// The newest checkpoint.
    pub fn newest(&self) -> &Signed {
        &self.newest
    }

    /// The newest one that came with witnesses' lines.
    pub fn cosigned(&self) -> Option<&Signed> {
        self.cosigned.as_ref()
    }

    /// When it was seen for the first time.
    pub fn since(&self) -> Moment {
        self.since
    }

    /// When the newest was seen.
    pub fn seen_at(&self) -> Moment {
        self.seen_at
    }
}

/// What a gallery showed that does not fit to what was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GalleryFault {
    /// It shows no log any more.
    Missing,
    /// Its log has another key than before, or than the department's roster says.
    OtherKey,
    /// A checkpoint that its key did not sign.
    Unsigned,
    /// Fewer rows than before: its end was cut off, or an older copy was put in its place.
    RolledBack,
    /// Another history.
    Fork,
    /// A row that it shows is not the one in its log.
    Row,
    /// It shows fewer rows than its log has.
    Withheld,
}

impl GalleryFault {
    const ALL: [(Self, &str); 7] = [
        (Self::Missing, "missing"),
        (Self::OtherKey, "other-key"),
        (Self::Unsigned, "unsigned"),
        (Self::RolledBack, "rolled-back"),
        (Self::Fork, "fork"),
        (Self::Row, "row"),
        (Self::Withheld, "withheld"),
    ];

    fn code(self) -> &'static str {
        Self::ALL.iter().find(|(fault, _)| *fault == self).map_or("", |(_, code)| code)
    }

    fn read(code: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == code).map_or(Self::Fork, |(fault, _)| *fault)
    }

    /// Which one a refusal of the log is; none for what says nothing of the gallery.
    pub fn of(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::OtherLog { .. } => Some(Self::OtherKey),
            Refusal::NotSigned { .. } | Refusal::SignatureWrong { .. } | Refusal::Malformed { .. } => {
                Some(Self::Unsigned)
            }
            Refusal::RolledBack { .. } => Some(Self::RolledBack),
            Refusal::Fork { .. } | Refusal::Inconsistent { .. } => Some(Self::Fork),
            Refusal::NotIncluded { .. } => Some(Self::Row),
            _ => None,
        }
    }
}

/// A fault, when it was noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GalleryFaulted {
    /// What.
    pub what: GalleryFault,
    /// Which row, where it is one.
    pub seq: Option<i64>,
    /// Rows of the log that were seen before.
    pub seen: Option<u64>,
    /// Rows of the log that was shown.
    pub shown: Option<u64>,
    /// When.
    pub at: Moment,
}

fn size_of(whole: &str) -> Option<u64> {
    Checkpoint::read(whole.as_bytes()).ok().map(|checkpoint| checkpoint.size())
}

impl Vault {
    /// Keys of galleries' logs that the department's newest roster names.
    ///
    /// # Errors
    /// [`VaultError::Ledger`] for a name that no log can have.
    pub fn gallery_keys(&self, now: Moment) -> Result<Vec<Key>, VaultError> {
        let Some(chain) = self.department() else { return Ok(Vec::new()) };
        let all = chain.newest().roster().content().witnesses.iter();
        let counting = all.filter(|known| is_gallery(&known.name) && known.signs.counts_on(now.day()));
        Ok(counting.map(|known| key_of(ledger::Kind::Log, &known.name, known.signs.key())).collect::<Result<_, _>>()?)
    }

    /// The key of the log of the gallery at `address` that says that it is `origin`: the one that was seen before, one that the
    /// roster names, or, where it names none, the one that is shown first.
    ///
    /// # Errors
    /// [`VaultError::Ledger`] with [`Refusal::OtherLog`] where it is another one.
    pub fn gallery_log_key(&self, address: &str, origin: &str, now: Moment) -> Result<Key, VaultError> {
        let said = gallery_key(origin)?;
        let (seen, named) = (self.gallery_log(address)?, self.gallery_keys(now)?);
        let seen = seen.as_ref().map(GalleryLog::key);
        // A log that the roster does not name any more gives way to one that it names.
        let wanted = match seen.filter(|seen| named.is_empty() || named.contains(seen)) {
            Some(seen) => Some(seen),
            None if named.contains(&said) => None,
            None => named.first(),
        };
        match wanted {
            Some(wanted) if *wanted != said => {
                Err(Refusal::OtherLog { wanted: wanted.name().to_owned(), found: origin.to_owned() }.into())
            }
            _ => Ok(said),
        }
    }

    /// What was seen of the log of the gallery at `address`; none before the first time.
    ///
    /// # Errors
    /// [`VaultError::Ledger`] where what was kept does not hold.
    pub fn gallery_log(&self, address: &str) -> Result<Option<GalleryLog>, VaultError> {
        let sql = "SELECT log, newest, cosigned, since, seen_at FROM desk_gallery_log WHERE address = ?1";
        let kept = self.db.query_row(sql, [address], |r| {
            let text = |column| r.get::<_, String>(column);
            Ok((text(0)?, text(1)?, r.get::<_, Option<String>>(2)?, text(3)?, text(4)?))
        });
        let Some((log, newest, cosigned, since, seen_at)) = kept.optional()? else { return Ok(None) };
        let log = Key::read(&log)?;
        let read = |text: String| Checkpoint::read(text.as_bytes())?.signed(&log);
        Ok(Some(GalleryLog {
            newest: read(newest)?,
            cosigned: cosigned.map(read).transpose()?,
            since: parse_moment(&since)?,
            seen_at: parse_moment(&seen_at)?,
        }))
    }

    /// Keeps the newest checkpoint of the gallery at `address`: the first one that is seen, or one that is proven to follow from
    /// the one that is kept. Where rows of its audit were read before, `last` proves that the last of them is in it.
    ///
    /// # Errors
    /// [`VaultError::Ledger`] for any other.
    pub fn see_gallery_log(
        &mut self,
        address: &str,
        newer: &Signed,
        grown: Option<&Consistent>,
        last: Option<&Included>,
        at: Moment,
    ) -> Result<(), VaultError> {
        let key = self.gallery_log_key(address, newer.log().name(), at)?;
        let kept = self.gallery_log(address)?.filter(|kept| kept.key() == newer.log());
        let follows = match (&kept, grown) {
            (None, None) => true,
            (Some(kept), Some(grown)) => {
                grown.older().text() == kept.newest.text() && grown.newer().text() == newer.text()
            }
            _ => false,
        };
        if key != *newer.log() || !follows {
            let older = kept.map_or(0, |kept| kept.newest.size());
            return Err(Refusal::Inconsistent { older, newer: newer.size() }.into());
        }
        if let Some(read) = self.desk_gallery(address)?.filter(|read| read.rows > 0) {
            let proven = last.is_some_and(|last| is_row(last, newer, read.rows, &read.head));
            if !proven {
                let index = u64::try_from(read.rows - 1).unwrap_or_default();
                return Err(Refusal::NotIncluded { index, size: newer.size() }.into());
            }
        }
        self.write(|db| {
            db.execute(
                "INSERT INTO desk_gallery_log (address, log, newest, since, seen_at) VALUES (?1, ?2, ?3, ?4, ?4)
                 ON CONFLICT (address) DO UPDATE SET log = excluded.log, newest = excluded.newest, seen_at = excluded.seen_at",
                params![address, newer.log().to_string(), newer.whole(), at.0.to_string()],
            )?;
            Ok(())
        })
    }

    /// Keeps the newest checkpoint with witnesses' lines, which the newest of all is proven to follow from. Nothing of the lines
    /// is believed.
    ///
    /// # Errors
    /// [`VaultError::Ledger`].
    pub fn see_gallery_cosigned(&mut self, address: &str, grown: &Consistent) -> Result<(), VaultError> {
        let kept = self.gallery_log(address)?.ok_or(VaultError::Unknown("checkpoint"))?;
        let (older, newer) = (grown.older(), grown.newer());
        if newer.text() != kept.newest.text() {
            return Err(Refusal::Inconsistent { older: older.size(), newer: kept.newest.size() }.into());
        }
        self.write(|db| {
            let sql = "UPDATE desk_gallery_log SET cosigned = ?2 WHERE address = ?1";
            db.execute(sql, params![address, older.whole()])?;
            Ok(())
        })
    }

    /// Puts on record what the gallery at `address` showed that does not fit, with both checkpoints; once for each that was kept.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn gallery_faulted(
        &mut self,
        address: &str,
        what: GalleryFault,
        seq: Option<i64>,
        shown: Option<&str>,
        by: Option<&PersonRef>,
        at: Moment,
    ) -> Result<(), VaultError> {
        let seen = self.gallery_log(address)?.map(|kept| kept.newest.whole().to_owned()).unwrap_or_default();
        let detail = json!({ "gallery": address, "reason": what.code(), "row": seq, "seen": seen, "shown": shown });
        self.write(|db| {
            let new = db.execute(
                "INSERT OR IGNORE INTO desk_gallery_fault (address, kind, seq, seen, shown, noticed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![address, what.code(), seq, seen, shown, at.0.to_string()],
            )?;
            if new == 1 { append(db, by, at, "gallery-log-contradicted", &detail) } else { Ok(()) }
        })
    }

    /// What the gallery at `address` showed that does not fit, the newest first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn gallery_faults(&self, address: &str) -> Result<Vec<GalleryFaulted>, VaultError> {
        let mut query = self.db.prepare(
            "SELECT kind, seq, seen, shown, noticed_at FROM desk_gallery_fault WHERE address = ?1 ORDER BY number DESC",
        )?;
        let rows = query.query_map([address], |r| {
            let (kind, seen): (String, String) = (r.get(0)?, r.get(2)?);
            Ok((kind, r.get(1)?, seen, r.get::<_, Option<String>>(3)?, r.get::<_, String>(4)?))
        })?;
        rows.map(|row| {
            let (kind, seq, seen, shown, at) = row?;
            Ok(GalleryFaulted {
                what: GalleryFault::read(&kind),
                seq,
                seen: size_of(&seen),
                shown: shown.as_deref().and_then(size_of),
                at: parse_moment(&at)?,
            })
        })
        .collect()
    }

    /// Asks that rows of a gallery whose log is known were each proven to be in its newest checkpoint.
    pub(super) fn are_logged(&self, address: &str, rows: &[GalleryRow], proofs: &[Included]) -> Result<(), VaultError> {
        let Some(kept) = self.gallery_log(address)? else { return Ok(()) };
        let mut proofs = proofs.iter();
        let unproven =
            rows.iter().find(|row| !proofs.next().is_some_and(|one| is_row(one, &kept.newest, row.seq, &row.hash)));
        match unproven {
            None => Ok(()),
            Some(row) => {
                let index = u64::try_from(row.seq - 1).unwrap_or_default();
                Err(Refusal::NotIncluded { index, size: kept.newest.size() }.into())
            }
        }
    }
}

/// Whether a proof is that the row at `seq` with this hash stands in its place in the log of a checkpoint.
fn is_row(proof: &Included, checkpoint: &Signed, seq: i64, hash: &str) -> bool {
    let (leaf, seq) = (proof.leaf(), u64::try_from(seq).unwrap_or_default());
    *leaf.writer() == checkpoint.log().bytes()
        && leaf.position() == seq
        && proof.index() + 1 == seq
        && bytes_of(hash).as_ref() == Some(leaf.hash())
        && proof.checkpoint().text() == checkpoint.text()
}
