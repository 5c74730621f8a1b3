//! The log of the department as this vault saw it, and rows of the own audit in it. What is kept is what was proven: a checkpoint
//! follows from the one that was kept before, and a row has its proof.

use ledger::{
    Checkpoint, Consistent, Cosigned, Included, Key, Kind, Leaf, Proof, Refusal, Signed, Signer, Whole, is_gallery,
    origin,
};
use rusqlite::{OptionalExtension, params};
use serde_json::json;

use casework::Moment;

use crate::audit::{AuditEvent, DisclosedEvent, append, chain, lost};
use crate::error::VaultError;
use crate::log_row::{LoggedRow, RECORDS, bytes_of, key_of};
use crate::rows::parse_moment;
use crate::vault::Vault;

/// What was seen of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSeen {
    newest: Signed,
    cosigned: Option<Signed>,
    since: Moment,
}

impl LogSeen {
    /// The newest checkpoint.
    pub fn newest(&self) -> &Signed {
        &self.newest
    }

    /// The newest one that its witnesses cosigned.
    pub fn cosigned(&self) -> Option<&Signed> {
        self.cosigned.as_ref()
    }

    /// When it was seen for the first time.
    pub fn since(&self) -> Moment {
        self.since
    }
}

impl Vault {
    /// The key of the department's log, which the relay says is `said`: the roster's, or, where the roster names none, the one
    /// that was seen first.
    ///
    /// # Errors
    /// [`VaultError::LogKey`] where it is another one; [`VaultError::Unknown`] without a department.
    pub fn log_key(&self, said: &str) -> Result<Key, VaultError> {
        let said = Key::read(said)?;
        let chain = self.department().ok_or(VaultError::Unknown("department"))?;
        let name = origin(&chain.root().to_string());
        let witnesses = &chain.newest().roster().content().witnesses;
        let known = match witnesses.iter().find(|known| known.name == name) {
            Some(known) => Some(key_of(Kind::Log, &name, known.signs.key())?),
            None => self.log_seen()?.map(|seen| seen.newest.log().clone()),
        };
        if said.name() == name && known.is_none_or(|known| known == said) { Ok(said) } else { Err(VaultError::LogKey) }
    }

    /// Whether the key that a relay names is, by its name, one of this department's log.
    ///
    /// # Errors
    /// [`VaultError::Ledger`] for what is no key; [`VaultError::Unknown`] without a department.
    pub fn log_is_the_departments(&self, said: &str) -> Result<bool, VaultError> {
        let chain = self.department().ok_or(VaultError::Unknown("department"))?;
        Ok(Key::read(said)?.name() == origin(&chain.root().to_string()))
    }

    /// Witnesses that the newest roster names, whose keys count on the day of `now`.
    ///
    /// # Errors
    /// [`VaultError::Ledger`] for a name that no witness can have.
    pub fn witnesses(&self, now: Moment) -> Result<Vec<Key>, VaultError> {
        let Some(chain) = self.department() else { return Ok(Vec::new()) };
        let name = origin(&chain.root().to_string());
        let all = chain.newest().roster().content().witnesses.iter();
        let counting =
            all.filter(|known| known.name != name && !is_gallery(&known.name) && known.signs.counts_on(now.day()));
        Ok(counting.map(|known| key_of(Kind::Witness, &known.name, known.signs.key())).collect::<Result<_, _>>()?)
    }

    /// Witnesses that the newest roster names, whatever day it is.
    pub(crate) fn every_witness(&self) -> Result<Vec<Key>, VaultError> {
        let Some(chain) = self.department() else { return Ok(Vec::new()) };
        let name = origin(&chain.root().to_string());
        let all = chain.newest().roster().content().witnesses.iter();
        let all = all.filter(|known| known.name != name && !is_gallery(&known.name));
        Ok(all.map(|known| key_of(Kind::Witness, &known.name, known.signs.key())).collect::<Result<_, _>>()?)
    }

    /// What was seen of the department's log; none before the first time.
    ///
    /// # Errors
    /// [`VaultError::Ledger`] where what was kept does not hold.
    pub fn log_seen(&self) -> Result<Option<LogSeen>, VaultError> {
        let kept = self.db.query_row("SELECT log, newest, cosigned, since FROM log_seen", [], |r| {
            let text = |column| r.get::<_, String>(column);
            Ok((text(0)?, text(1)?, r.get::<_, Option<String>>(2)?, text(3)?))
        });
        let Some((log, newest, cosigned, since)) = kept.optional()? else { return Ok(None) };
        let log = Key::read(&log)?;
        let read = |text: String| Checkpoint::read(text.as_bytes())?.signed(&log);
        let (newest, cosigned) = (read(newest)?, cosigned.map(read).transpose()?);
        Ok(Some(LogSeen { newest, cosigned, since: parse_moment(&since)? }))
    }

    /// Keeps the newest checkpoint: the first one that is seen, or one that is proven to follow from the one that is kept.
    ///
    /// # Errors
    /// [`VaultError::Ledger`] for any other.
    pub fn see_log(&mut self, newer: &Signed, grown: Option<&Consistent>, at: Moment) -> Result<(), VaultError> {
        let kept = self.log_seen()?;
        let follows = match (&kept, grown) {
            (None, None) => true,
            (Some(kept), Some(grown)) => {
                grown.older().text() == kept.newest.text() && grown.newer().text() == newer.text()
            }
            _ => false,
        };
        if !follows {
            let older = kept.map_or(0, |kept| kept.newest.size());
            return Err(Refusal::Inconsistent { older, newer: newer.size() }.into());
        }
        self.write(|db| {
            db.execute(
                "INSERT INTO log_seen (only, log, newest, since) VALUES (1, ?1, ?2, ?3)
                 ON CONFLICT (only) DO UPDATE SET log = excluded.log, newest = excluded.newest",
                [newer.log().to_string(), newer.whole().to_owned(), at.0.to_string()],
            )?;
            Ok(())
        })
    }

    /// Keeps the newest checkpoint that the witnesses cosigned, which the newest of all is proven to follow from.
    ///
    /// # Errors
    /// [`VaultError::Ledger`], also for one that is older than the one that is kept.
    pub fn see_cosigned(&mut self, cosigned: &Cosigned, grown: &Consistent) -> Result<(), VaultError> {
        let kept = self.log_seen()?.ok_or(VaultError::Unknown("checkpoint"))?;
        let found = cosigned.signed().size();
        let seen = kept.cosigned.as_ref().map_or(0, Signed::size);
        if found < seen {
            return Err(Refusal::RolledBack { seen, found }.into());
        }
        let of_these = grown.older().text() == cosigned.signed().text() && grown.newer().text() == kept.newest.text();
        if !of_these {
            return Err(Refusal::Inconsistent { older: found, newer: kept.newest.size() }.into());
        }
        self.write(|db| {
            db.execute("UPDATE log_seen SET cosigned = ?1", [cosigned.signed().whole()])?;
            Ok(())
        })
    }

    /// Puts on record that the log showed what does not follow from the checkpoint that is kept, with both; once for each that is kept.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn log_contradicted(&mut self, shown: &Signed, why: &Refusal, at: Moment) -> Result<(), VaultError> {
        let kept = self.log_seen()?.ok_or(VaultError::Unknown("checkpoint"))?.newest;
        let detail = json!({ "reason": why.reason(), "seen": kept.whole(), "shown": shown.whole() });
        self.write(|db| {
            let new = db.execute(
                "INSERT OR IGNORE INTO log_contradicted (newest, shown, noticed_at) VALUES (?1, ?2, ?3)",
                params![kept.text(), shown.whole(), at.0.to_string()],
            )?;
            if new == 1 { append(db, None, at, "ledger-contradicted", &detail) } else { Ok(()) }
        })
    }

    /// How many rows the audit has.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn rows(&self) -> Result<u64, VaultError> {
        Ok(chain(&self.db)?.rows().unsigned_abs())
    }

    /// Hashes of the audit's rows after `position`, at most `most`.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn hashes_after(&self, position: u64, most: usize) -> Result<Vec<String>, VaultError> {
        let mut query = self.db.prepare_cached("SELECT hash FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
        let after = i64::try_from(position).unwrap_or(i64::MAX);
        Ok(query.query_map(params![after, most as i64], |r| r.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Hash of a row of the audit.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn hash_at(&self, position: u64) -> Result<Option<String>, VaultError> {
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        let there: Option<String> =
            self.db.query_row("SELECT hash FROM audit WHERE seq = ?1", [position], |r| r.get(0)).optional()?;
        match there {
            Some(hash) => Ok(Some(hash)),
            // The last of the rows that are lost.
            None => {
                let mut lost = lost(&self.db, &self.own_key())?.into_iter();
                Ok(lost.find(|lost| lost.through == position).map(|lost| lost.head().to_owned()))
            }
        }
    }

    /// A row of the audit as the log has it.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] where there is no such row.
    pub fn leaf_at(&self, position: u64) -> Result<Leaf, VaultError> {
        let hash = self.hash_at(position)?.and_then(|hash| bytes_of(&hash)).ok_or(VaultError::Unknown("event"))?;
        Ok(Leaf::new(self.signing.verifying_key().to_bytes(), position, hash)?)
    }

    /// Keeps that the proofs of these rows are wanted.
    pub(crate) fn want_proofs(&mut self, positions: impl Iterator<Item = i64>) -> Result<(), VaultError> {
        self.write(|db| {
            let mut insert = db.prepare_cached("INSERT OR IGNORE INTO log_wanted (position) VALUES (?1)")?;
            for position in positions {
                insert.execute([position])?;
            }
            Ok(())
        })
    }

    /// Rows of records, and of events that were disclosed, that have no proof yet, or, where `cosigned` is asked for, none by a
    /// checkpoint that was cosigned; records first, of each the newest first, at most `most`.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn unproven(&self, cosigned: bool, most: usize) -> Result<Vec<u64>, VaultError> {
        let mut query = self.db.prepare_cached(
            "SELECT seq FROM audit WHERE (action IN (?1, ?2, ?3) OR seq IN (SELECT position FROM log_wanted))
                AND seq NOT IN (SELECT position FROM log_proof WHERE cosigned >= ?4)
             ORDER BY action NOT IN (?1, ?2, ?3), seq DESC LIMIT ?5",
        )?;
        let [one, two, three] = RECORDS;
        let rows = query.query_map(params![one, two, three, cosigned, most as i64], |r| r.get::<_, i64>(0))?;
        rows.map(|seq| Ok(seq?.unsigned_abs())).collect()
    }

    /// Keeps the proof of a row.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] where it is no row of this audit.
    pub fn put_proof(&mut self, included: &Included, cosigned: bool) -> Result<(), VaultError> {
        let position = included.leaf().position();
        if self.leaf_at(position)? != *included.leaf() {
            return Err(VaultError::Unknown("event"));
        }
        self.write(|db| {
            db.execute(
                "INSERT OR REPLACE INTO log_proof (position, proof, cosigned) VALUES (?1, ?2, ?3)",
                params![i64::try_from(position).unwrap_or(i64::MAX), included.text(), cosigned],
            )?;
            Ok(())
        })
    }

    /// Rows of the audit that are `wanted`, each with its proof where it has one. Without a relay, the workstation keeps a log of its
    /// own.
    ///
    /// # Errors
    /// [`VaultError`].
    pub(crate) fn logged_rows(&self, wanted: impl Fn(&AuditEvent) -> bool) -> Result<Vec<LoggedRow>, VaultError> {
        let (events, alone) = (self.audit()?, self.settings()?.relay.is_empty());
        let writer = self.own_key();
        let rows = DisclosedEvent::of(&events, &writer, wanted);
        let own = if alone && !rows.is_empty() { Some(self.own_log(&events, &writer)?) } else { None };
        let mut logged = Vec::new();
        for row in rows {
            let position = row.event.seq.unsigned_abs();
            let proof: Option<String> = match &own {
                Some((whole, signed)) => {
                    // Where rows are lost, a log of its own has fewer than there are positions.
                    let index = events.iter().take_while(|event| event.seq < row.event.seq).count() as u64;
                    Some(whole.included(self.leaf_at(position)?, index, signed.clone())?.text())
                }
                None => {
                    let sql = "SELECT proof FROM log_proof WHERE position = ?1";
                    self.db.query_row(sql, [row.event.seq], |r| r.get(0)).optional()?
                }
            };
            logged.extend(proof.map(|proof| LoggedRow { writer: writer.clone(), row, proof }));
        }
        Ok(logged)
    }

    /// The key of the department's log, where rows need it and the roster does not name it.
    pub(crate) fn unnamed_log(&self, rows: &[LoggedRow]) -> Result<Option<String>, VaultError> {
        let Some(chain) = self.department() else { return Ok(None) };
        let name = origin(&chain.root().to_string());
        let of = |row: &LoggedRow| Proof::read(&row.proof).is_ok_and(|proof| proof.checkpoint().origin() == name);
        let version = |number| chain.version(number).map(|version| version.roster().content());
        let mut rosters = (1..=chain.newest().number()).filter_map(version);
        let named = rosters.any(|roster| roster.witnesses.iter().any(|known| known.name == name));
        if named || !rows.iter().any(of) {
            return Ok(None);
        }
        Ok(self.log_seen()?.map(|seen| seen.newest.log().to_string()))
    }

    /// The log of a workstation by itself, as it ends now, signed by its key.
    fn own_log(&self, events: &[AuditEvent], writer: &str) -> Result<(Whole, Signed), VaultError> {
        let mut whole = Whole::default();
        for event in events {
            whole.push(&self.leaf_at(event.seq.unsigned_abs())?);
        }
        let signer = Signer::new(Kind::Log, &origin(writer), &self.signing)?;
        let signed = whole.checkpoint(&signer)?;
        Ok((whole, signed))
    }
}
