//! Reports that were made, and what of the vault they are made from beside its cases.

use rusqlite::params;
use serde_json::json;

use casework::{EventKind, Moment, Report, Told};

use crate::audit::append;
use crate::error::VaultError;
use crate::hashing::{canonical, sha256};
use crate::rows::parse_moment;
use crate::vault::Vault;

/// A report that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeReport {
    /// The pack.
    pub pack: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// When it was made.
    pub at: Moment,
    /// SHA-256 of its JSON.
    pub sha256: String,
}

impl Vault {
    /// Events of the audit that reports may count, oldest first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn countable_events(&self) -> Result<Vec<(EventKind, Moment)>, VaultError> {
        let mut query = self.db.prepare("SELECT at FROM audit WHERE action = ?1 ORDER BY seq")?;
        let mut found = Vec::new();
        for kind in EventKind::ALL {
            for action in kind.actions() {
                for at in query.query_map([action], |r| r.get::<_, String>(0))? {
                    found.push((kind, parse_moment(&at?)?));
                }
            }
        }
        Ok(found)
    }

    /// Policies by which this vault worked, by the SHA-256 of their text, each with when it did first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn policies_worked_by(&self) -> Result<Vec<(Moment, String)>, VaultError> {
        let mut query = self.db.prepare(
            "SELECT at, json_extract(detail, '$.policy') FROM audit a
             WHERE json_extract(detail, '$.policy') IS NOT NULL AND json_extract(detail, '$.policy') IS NOT
                 (SELECT json_extract(b.detail, '$.policy') FROM audit b WHERE b.seq = a.seq - 1)
             ORDER BY seq",
        )?;
        let rows = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        rows.map(|row| row.map_err(VaultError::from).and_then(|(at, sha256)| Ok((parse_moment(&at)?, sha256))))
            .collect()
    }

    /// The newest checkpoint of the department's log that is known here, one that witnesses cosigned before one that they did not.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn newest_checkpoint(&self) -> Result<Option<String>, VaultError> {
        Ok(self.log_seen()?.map(|seen| seen.cosigned().unwrap_or(seen.newest()).whole().to_owned()))
    }

    /// What reports told of groups of people, oldest first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn told_of_groups(&self) -> Result<Vec<Told>, VaultError> {
        let mut query = self.db.prepare("SELECT told FROM report_made ORDER BY number")?;
        let mut told = Vec::new();
        for text in query.query_map([], |r| r.get::<_, String>(0))? {
            told.extend(serde_json::from_str::<Vec<Told>>(&text?)?);
        }
        Ok(told)
    }

    /// Keeps that a report was made, before it leaves, and what it told; gives its JSON.
    ///
    /// # Errors
    /// [`VaultError`]; then it must not leave.
    pub fn put_report(&mut self, report: &Report, told: &[Told]) -> Result<String, VaultError> {
        let text = canonical(report)?;
        let hash = sha256(&text);
        self.write(|db| {
            db.execute(
                "INSERT INTO report_made (pack, first_day, last_day, made_at, sha256, told) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    report.pack,
                    report.from.to_string(),
                    report.to.to_string(),
                    report.made_at.0.to_string(),
                    hash,
                    serde_json::to_string(told)?
                ],
            )?;
            let detail = json!({ "pack": report.pack, "from": report.from, "to": report.to, "sha256": hash });
            append(db, Some(&report.made_by), report.made_at, "report-made", &detail)
        })?;
        Ok(text)
    }

    /// Reports that were made, newest first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn reports_made(&self) -> Result<Vec<MadeReport>, VaultError> {
        let mut query = self
            .db
            .prepare("SELECT pack, first_day, last_day, made_at, sha256 FROM report_made ORDER BY number DESC")?;
        let rows = query.query_map([], |r| {
            let text = |column| r.get::<_, String>(column);
            Ok((text(0)?, text(1)?, text(2)?, text(3)?, text(4)?))
        })?;
        rows.map(|row| {
            let (pack, from, to, at, sha256) = row?;
            Ok(MadeReport { pack, from, to, at: parse_moment(&at)?, sha256 })
        })
        .collect()
    }
}
