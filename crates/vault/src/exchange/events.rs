//! A workstation's audit on its way to the auditors: each row once and in order, sealed to the keys that the roster names for auditors.

use ledger::Key;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use casework::Moment;
use casework::oversight::Conduct;

use super::around::Around;
use super::package::{Content, Files, Filled, Taken, unfit};
use crate::audit::{AuditEvent, append, lost};
use crate::error::VaultError;
use crate::key::fresh_identity;
use crate::oversight::{put_case, take_proof, take_rows};
use crate::vault::Vault;

/// Rows of one package.
const ROWS: i64 = 2_000;
/// Proofs of one package.
const PROOFS: i64 = 200;
/// Cases of one package.
const CASES: usize = 2_000;
/// Seconds between two packages to one desk.
const PAUSE: i64 = 60;
/// What a package puts on record itself: alone it is nothing to send.
const OWN: [&str; 2] = ["package-made", "package-sent"];
/// Under which the desk's secret key rests.
const AUDITORS: &str = "auditors";

/// A desk that is delivered to: the workstation at which the auditors read, and the key that it is sealed to.
struct Desk {
    signs: String,
    receives: String,
}

impl Vault {
    /// Where the auditors of the roster read: each of their keys that counts today and is named as a workstation is.
    fn desks(&self, at: Moment) -> Vec<Desk> {
        let Some(chain) = self.department() else { return Vec::new() };
        let (content, today) = (chain.newest().roster().content(), at.day());
        let counts = |key: &&department::Recipient| key.from <= today && key.until.is_none_or(|until| today <= until);
        let desk = |key: &department::Recipient| {
            let place = content.workstations.iter().find(|workstation| workstation.name == key.name)?;
            Some(Desk { signs: place.signs.key().to_string(), receives: key.receives.clone() })
        };
        let own = self.card("").signs;
        content.auditors.iter().filter(counts).filter_map(desk).filter(|desk| desk.signs != own).collect()
    }

    /// The public half of the key by which auditors read at this workstation; made where there is none. Administrators put it into the
    /// roster, under the workstation's name.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn auditors_key(&mut self, by: &casework::PersonRef, at: Moment) -> Result<String, VaultError> {
        if let Some(known) = self.auditors_identity()? {
            return Ok(known.to_public().to_string());
        }
        let secret = zeroize::Zeroizing::new(fresh_identity());
        let identity: age::x25519::Identity = secret.parse().map_err(|_| VaultError::SigningKey)?;
        let public = identity.to_public().to_string();
        self.write(|db| {
            db.execute("INSERT INTO secret (name, value) VALUES (?1, ?2)", [AUDITORS, secret.as_str()])?;
            append(db, Some(by), at, "auditors-key-made", &serde_json::json!({ "to": public }))
        })?;
        Ok(public)
    }

    /// The key by which auditors read here, if there is one.
    pub(super) fn auditors_identity(&self) -> Result<Option<age::x25519::Identity>, VaultError> {
        let secret: Option<String> =
            self.db.query_row("SELECT value FROM secret WHERE name = ?1", [AUDITORS], |r| r.get(0)).optional()?;
        let secret = secret.map(zeroize::Zeroizing::new);
        secret.map(|secret| secret.parse().map_err(|_| VaultError::SigningKey)).transpose()
    }

    /// What keys the hashes of texts in [`Conduct`]: every workstation of a department has the same, and one alone has its own.
    pub fn conduct_key(&self) -> String {
        self.department().map_or_else(|| self.card("").signs, |chain| chain.root().to_string())
    }

    /// Puts what is new of the own audit into the outbox for each desk. Where nothing is new but what the last package put on record
    /// itself, or the last one is not a minute old, none is made.
    pub(super) fn pack_events(&mut self, filled: &mut Filled, at: Moment) -> Result<(), VaultError> {
        for desk in self.desks(at) {
            match self.pack_events_for(&desk, at) {
                Ok(made) => filled.made += usize::from(made),
                Err(error) => filled.left.push(error),
            }
        }
        Ok(())
    }

    fn pack_events_for(&mut self, desk: &Desk, at: Moment) -> Result<bool, VaultError> {
        let sent = self.db.query_row(
            "SELECT rows, proofs, cases_at, made_at FROM desk_sent WHERE recipient = ?1",
            [&desk.signs],
            |r| Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?, r.get::<_, String>(2)?, r.get::<_, String>(3)?)),
        );
        let (before, proved, cases_at, made_at) = sent.optional()?.unwrap_or_default();
        let rows = self.audit_after(before, ROWS)?;
        let waits = match made_at.parse::<jiff::Timestamp>() {
            Ok(made_at) => (0..PAUSE).contains(&(at.0.as_second() - made_at.as_second())),
            Err(_) => false,
        };
        let told = rows.iter().any(|row| !OWN.contains(&row.action.as_str()));
        let whole = rows.len() as i64 == ROWS;
        if !told || (waits && !whole) {
            return Ok(false);
        }
        let last = rows.last().map_or(before, |row| row.seq);
        let (floor, key) = (self.policy_floor(), self.conduct_key());
        let (mut cases, mut newest) = self.conducted_since(&cases_at, &key, floor)?;
        // Where more changed than one package takes, the others come with the next, all anew.
        if cases.len() > CASES {
            cases.truncate(CASES);
            newest = cases_at;
        }
        let mut query = self.db.prepare(
            "SELECT position, proof FROM log_proof WHERE position > ?1 AND position <= ?2 ORDER BY position LIMIT ?3",
        )?;
        let proofs = query.query_map([proved, last, PROOFS], |r| Ok((r.get(0)?, r.get(1)?)))?;
        let proofs: Vec<(i64, String)> = proofs.collect::<Result<_, _>>()?;
        drop(query);
        let proved = proofs.last().map_or(proved, |(position, _)| *position);
        // The same rows are the same package, whatever came between.
        // A copy that is lost may have sent others from the same row on.
        let restored =
            lost(&self.db, &self.own_key())?.last().map_or(String::new(), |lost| format!(" {}", lost.through));
        let about = Sha256::digest(format!("events {} {}{restored}", before + 1, desk.signs));
        let about = Uuid::from_slice(&about[..16]).map_err(|_| VaultError::Unknown("events"))?;
        let content = Content::Events { rows, cases, proofs };
        self.act(|v| {
            v.put_package_for(about, (&desk.signs, &desk.receives), content, Vec::new(), Files::None, at)?;
            v.db.execute(
                "INSERT INTO desk_sent (recipient, rows, proofs, cases_at, made_at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (recipient) DO UPDATE SET rows = ?2, proofs = ?3, cases_at = ?4, made_at = ?5",
                params![desk.signs, last, proved, newest, at.0.to_string()],
            )?;
            Ok(true)
        })
    }

    /// The least quality of a probe, as the department's newest policy says; 0 where there is none.
    fn policy_floor(&self) -> u8 {
        let policy = self.department().and_then(|chain| chain.newest().policy().map(|policy| policy.text().to_owned()));
        policy.and_then(|text| crate::stated::policy(&text).ok()).map_or(0, |policy| policy.quality.floor)
    }
}

impl Around<'_> {
    /// Takes events of the sender to the desk. A row is its sender's alone: whoever signed the package is whose audit it is.
    pub(super) fn take_events(
        &self,
        db: &Connection,
        rows: &[AuditEvent],
        cases: &[Conduct],
        proofs: &[(i64, String)],
        log: Option<&Key>,
    ) -> Result<Taken, VaultError> {
        if !self.is_from_department() {
            return Err(unfit(catalogue::say!("vault-events-of-another-department")));
        }
        if !cases.iter().all(Conduct::is_well_formed) {
            return Err(unfit(catalogue::say!("vault-events-malformed")));
        }
        take_rows(db, self.sender, rows, self.at)?;
        for conduct in cases {
            put_case(db, self.sender, conduct, self.at)?;
        }
        for (seq, proof) in proofs.iter().filter(|_| log.is_some()) {
            if let Some(log) = log {
                take_proof(db, self.sender, *seq, proof, log, self.at)?;
            }
        }
        Ok(Taken::Events)
    }
}
