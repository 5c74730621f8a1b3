//! What an auditor keeps: the gallery's side, closed matters, samples.

use ledger::{Chain, Included};
use rusqlite::{OptionalExtension, params};
use serde_json::json;

use casework::oversight::{Closing, Commitment, Draw, GallerySearch};
use casework::{Moment, PersonRef};

use crate::audit::append;
use crate::error::VaultError;
use crate::hashing::sha256;
use crate::rows::parse_moment;
use crate::vault::Vault;

use super::gallery_read::GalleryRow;

/// A seed that was committed to.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The commitment.
    pub commitment: Commitment,
    /// What was drawn, once it was.
    pub draw: Option<Draw>,
}

impl Vault {
    /// Takes in the next rows of a gallery's audit. Each must follow from the one before it; the first that does not is kept by its
    /// position, and nothing after it is taken in. Gives how many were. Where the gallery's log is known, `proofs` has one for each
    /// row: that it is in the newest checkpoint that is kept.
    ///
    /// # Errors
    /// [`VaultError`]; [`VaultError::Ledger`] where a row has no such proof.
    pub fn desk_take_gallery(
        &mut self,
        address: &str,
        rows: &[GalleryRow],
        proofs: &[Included],
        at: Moment,
    ) -> Result<usize, VaultError> {
        self.are_logged(address, rows, proofs)?;
        let known = self.db.query_row("SELECT rows, head FROM desk_gallery WHERE address = ?1", [address], |r| {
            Ok(Chain::at(r.get(0)?, r.get(1)?))
        });
        let mut chain = known.optional()?.unwrap_or_default();
        self.write(|db| {
            let (mut taken, mut broken, mut first_at, mut last_at) = (0, None, None, None);
            for row in rows {
                let fields = [row.at.as_str(), &row.actor, &row.agency, &row.action, &row.detail];
                if chain.take(row.seq, &fields, &row.hash).is_err() {
                    broken = Some(row.seq);
                    break;
                }
                taken += 1;
                first_at = first_at.or(Some(&row.at));
                last_at = Some(&row.at);
                let search = GallerySearch::read(row.seq, &row.at, &row.actor, &row.agency, &row.action, &row.detail);
                if let Some(search) = search {
                    db.execute(
                        "INSERT INTO desk_gallery_search (address, seq, agency, content) VALUES (?1, ?2, ?3, ?4)",
                        params![address, row.seq, row.agency, serde_json::to_string(&search)?],
                    )?;
                }
            }
            db.execute(
                "INSERT INTO desk_gallery (address, rows, head, first_at, last_at, read_at, broken_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (address) DO UPDATE SET rows = ?2, head = ?3, first_at = coalesce(first_at, ?4),
                     last_at = coalesce(?5, last_at), read_at = ?6, broken_at = ?7",
                params![address, chain.rows(), chain.head(), first_at, last_at, at.0.to_string(), broken],
            )?;
            Ok(taken)
        })
    }

    /// The searches in the audit of the gallery at `address` by tokens of `agencies`, however they are written.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn desk_gallery_searches(&self, address: &str, agencies: &[String]) -> Result<Vec<GallerySearch>, VaultError> {
        let mut query =
            self.db.prepare("SELECT agency, content FROM desk_gallery_search WHERE address = ?1 ORDER BY seq")?;
        let rows = query.query_map([address], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        let mut found = Vec::new();
        for row in rows {
            let (agency, content) = row?;
            if agencies.iter().any(|own| own.trim().eq_ignore_ascii_case(agency.trim())) {
                found.push(serde_json::from_str(&content)?);
            }
        }
        Ok(found)
    }

    /// Puts on record that a matter was closed.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn desk_close(&mut self, closing: &Closing, about: &str) -> Result<(), VaultError> {
        self.write(|db| {
            db.execute(
                "INSERT INTO desk_closing (key, content) VALUES (?1, ?2)",
                params![closing.key, serde_json::to_string(closing)?],
            )?;
            let detail = json!({
                "topic": closing.key, "kind": about, "decision": closing.closed_as, "reason": closing.reason,
                "sha256": sha256(serde_json::to_string(closing)?),
            });
            append(db, Some(&closing.by), closing.at, "audit-matter-closed", &detail)
        })
    }

    /// The last closing of each matter that was closed.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn desk_closings(&self) -> Result<Vec<Closing>, VaultError> {
        let mut query = self.db.prepare(
            "SELECT content FROM desk_closing WHERE number IN (SELECT max(number) FROM desk_closing GROUP BY key)",
        )?;
        // One that the audit does not have was written by hand, and closes nothing.
        let mut audited = self
            .db
            .prepare("SELECT 1 FROM audit WHERE action = 'audit-matter-closed' AND detail ->> '$.sha256' = ?1")?;
        let rows = query.query_map([], |r| r.get::<_, String>(0))?;
        let mut closings = Vec::new();
        for row in rows {
            let text = row?;
            if audited.exists([sha256(&text)])? {
                closings.push(serde_json::from_str(&text)?);
            }
        }
        Ok(closings)
    }

    /// Commits to `seed`: its hash is on record from now on, and the seed is told by the draw.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn desk_commit(&mut self, seed: &[u8; 32], by: &PersonRef, at: Moment) -> Result<Commitment, VaultError> {
        let commitment = Commitment::to(seed, at);
        self.write(|db| {
            db.execute(
                "INSERT INTO desk_sample (sha256, committed_at, seed) VALUES (?1, ?2, ?3)",
                params![commitment.sha256, at.0.to_string(), hex::encode(seed)],
            )?;
            append(db, Some(by), at, "sample-committed", &json!({ "sha256": commitment.sha256 }))
        })?;
        Ok(commitment)
    }

    /// Samples, the newest first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn desk_samples(&self) -> Result<Vec<Sample>, VaultError> {
        let mut query = self
            .db
            .prepare("SELECT sha256, committed_at, draw FROM desk_sample ORDER BY committed_at DESC, rowid DESC")?;
        let rows = query
            .query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, Option<String>>(2)?)))?;
        rows.map(|row| {
            let (sha256, at, draw) = row?;
            let draw = draw.as_deref().map(serde_json::from_str).transpose()?;
            Ok(Sample { commitment: Commitment { sha256, at: parse_moment(&at)? }, draw })
        })
        .collect()
    }

    /// The seed of a commitment that nothing was drawn by yet.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] where there is none.
    pub fn desk_seed(&self, commitment: &Commitment) -> Result<[u8; 32], VaultError> {
        let unknown = || VaultError::Unknown("sample");
        let seed: Option<String> = self
            .db
            .query_row("SELECT seed FROM desk_sample WHERE sha256 = ?1 AND draw IS NULL", [&commitment.sha256], |r| {
                r.get(0)
            })
            .optional()?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(seed.ok_or_else(unknown)?, &mut bytes).map_err(|_| unknown())?;
        Ok(bytes)
    }

    /// Puts a draw on record, with everything from which it can be drawn again.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] where nothing was committed to, or something was drawn already.
    pub fn desk_drawn(&mut self, draw: &Draw, by: &PersonRef) -> Result<(), VaultError> {
        draw.verify().map_err(|why| VaultError::NotProven { what: "sample", why: why.to_string() })?;
        self.write(|db| {
            let new = db.execute(
                "UPDATE desk_sample SET draw = ?2 WHERE sha256 = ?1 AND draw IS NULL",
                params![draw.commitment.sha256, serde_json::to_string(draw)?],
            )?;
            if new == 0 {
                return Err(VaultError::Unknown("sample"));
            }
            // Who holds the events makes the population anew, and compares.
            let population = sha256(serde_json::to_string(&draw.population)?.as_bytes());
            let detail = json!({
                "sha256": draw.commitment.sha256, "seed": draw.seed, "events": draw.population.len(),
                "population_sha256": population, "drawn": draw.cases,
            });
            append(db, Some(by), draw.at, "sample-drawn", &detail)
        })
    }
}
