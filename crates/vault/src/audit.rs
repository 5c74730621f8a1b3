use catalogue::say;
use ledger::Chain;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use casework::{Moment, PersonRef};

use crate::anchors::{AUDIT_HEAD, AuditHead};
use crate::fingerprint;
use crate::lost::LostRows;
use crate::signed::Signed;
use crate::{Vault, VaultError};

/// One event of the audit chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Position, from 1 without gaps but those that a [`LostRows`] says.
    pub seq: i64,
    /// When.
    pub at: Moment,
    /// Who: name, badge, agency and identity as one text; `workstation` for the program itself.
    pub person: String,
    /// What was done.
    pub action: String,
    /// Details as JSON text.
    pub detail: String,
    /// SHA-256 over the previous hash and this event, in hexadecimal.
    pub hash: String,
}

/// The chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// A link does not fit.
    #[error("{}", say!("vault-audit-chain-broken-event-event", what = _0))]
    Broken(i64),
    /// Not an audit export.
    #[error("{}", say!("vault-not-audit-export-line", line, message))]
    Form {
        /// Line from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The chain is whole, but not the one that was signed for.
    #[error("{}", say!("vault-export-not-workstation-signed", what = _0))]
    Head(String),
}

/// What an audit export proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedAudit {
    /// Number of events, with those that are lost.
    pub events: i64,
    /// Events that went with a machine: a restored vault says which, and that it had signed them.
    pub lost: i64,
    /// Hash of the last one.
    pub head: String,
    /// When it was signed.
    pub signed_at: Moment,
    /// Public key of the workstation that signed, in hexadecimal.
    pub key: String,
    /// The same, short enough to be read out and compared with what the workstation shows.
    pub fingerprint: String,
}

/// The last line of an export.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Closing {
    signed_head: Signed,
}

impl AuditEvent {
    /// Whether its hash is the one that its content and the hash before it give.
    pub fn follows_from(&self, previous: &str) -> bool {
        self.taken(&mut Chain::at(self.seq - 1, previous.to_owned()), "").is_ok()
    }

    /// Takes it as what comes next in the audit of `workstation`: after the last row, or after the rows that it says are lost.
    pub(crate) fn taken(&self, chain: &mut Chain, workstation: &str) -> Result<(), ChainError> {
        let lost = LostRows::of(self, workstation);
        let lost = lost.filter(|lost| lost.from == chain.rows() + 1);
        let mut after = lost.map_or_else(|| chain.clone(), |lost| Chain::at(lost.through, lost.head().to_owned()));
        let at = self.at.0.to_string();
        let fields = [at.as_str(), &self.person, &self.action, &self.detail];
        after.take(self.seq, &fields, &self.hash).map_err(|_| ChainError::Broken(chain.rows() + 1))?;
        *chain = after;
        Ok(())
    }

    pub(crate) fn of_row(r: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let at: String = r.get(1)?;
        let at = at
            .parse()
            .map(Moment)
            .map_err(|e| rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(e)))?;
        let (seq, person, action, detail, hash) = (r.get(0)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?);
        Ok(Self { seq, at, person, action, detail, hash })
    }
}

/// The chain as it stands.
pub(crate) fn chain(db: &Connection) -> Result<Chain, VaultError> {
    let last = db.query_row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |r| {
        Ok(Chain::at(r.get(0)?, r.get(1)?))
    });
    Ok(last.optional()?.unwrap_or_default())
}

/// Adds an event at the end of the chain.
pub(crate) fn append(
    db: &Connection,
    by: Option<&PersonRef>,
    at: Moment,
    action: &str,
    detail: &Value,
) -> Result<(), VaultError> {
    append_after(db, &chain(db)?, by, at, action, detail)
}

/// The same after the row that `chain` ends with.
pub(crate) fn append_after(
    db: &Connection,
    chain: &Chain,
    by: Option<&PersonRef>,
    at: Moment,
    action: &str,
    detail: &Value,
) -> Result<(), VaultError> {
    let person =
        by.map_or_else(|| "workstation".to_owned(), |p| format!("{}, badge {}, {} ({})", p.name, p.badge, p.ori, p.id));
    // The policy in force stands on every event.
    let policy: Option<String> =
        db.query_row("SELECT value FROM setting WHERE name = 'policy'", [], |r| r.get(0)).optional()?;
    let mut detail = detail.clone();
    if let (Some(policy), Some(fields)) = (policy, detail.as_object_mut()) {
        fields.insert("policy".to_owned(), policy.into());
    }
    let (at, person, detail) = (at.0.to_string(), ledger::one_line(&person), detail.to_string());
    let (seq, hash) = chain.next(&[&at, &person, action, &detail]);
    db.execute(
        "INSERT INTO audit (seq, at, person, action, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![seq, at, person, action, detail, hash],
    )?;
    Ok(())
}

/// Checks an export made by [`Vault::export_audit`]: the chain, and that it is as long and ends as the workstation
/// signed. An export without a signed head proves nothing and is refused.
///
/// # Errors
/// [`ChainError`].
pub fn verify_export(text: &str) -> Result<CheckedAudit, ChainError> {
    let form = |line, message: &dyn std::fmt::Display| ChainError::Form { line, message: message.to_string() };
    let lines: Vec<&str> = text.lines().collect();
    let Some((last, events)) = lines.split_last() else { return Err(form(1, &say!("vault-empty"))) };
    let closing: Closing =
        serde_json::from_str(last).map_err(|e| form(lines.len(), &say!("vault-does-not-end-workstation-signed", e)))?;
    let head: AuditHead = closing.signed_head.open(AUDIT_HEAD).map_err(|e| ChainError::Head(say!("vault-head", e)))?;
    let key = closing.signed_head.public_key;
    let (mut chain, mut lost) = (Chain::default(), 0);
    for (at, line) in events.iter().enumerate() {
        let event: AuditEvent = serde_json::from_str(line).map_err(|e| form(at + 1, &e))?;
        let before = chain.rows();
        event.taken(&mut chain, &key)?;
        lost += event.seq - before - 1;
    }
    if head.schema != AUDIT_HEAD || head.workstation != key {
        return Err(ChainError::Head(say!("vault-head-names-another-workstation-than").to_owned()));
    }
    if head.rows != chain.rows() || head.rows < 1 {
        return Err(ChainError::Head(say!("vault-signed-events-holds", rows = head.rows, rows2 = chain.rows())));
    }
    if head.head != chain.head() {
        return Err(ChainError::Head(say!("vault-events-others-than-signed").to_owned()));
    }
    Ok(CheckedAudit {
        events: head.rows,
        lost,
        head: head.head,
        signed_at: head.at,
        fingerprint: fingerprint(&key),
        key,
    })
}

impl Vault {
    /// Adds an event that is not part of another change.
    ///
    /// # Errors
    /// [`VaultError::Database`]; then what it belongs to must not happen.
    pub fn record(
        &mut self,
        by: Option<&PersonRef>,
        at: Moment,
        action: &str,
        detail: &Value,
    ) -> Result<(), VaultError> {
        self.write(|db| append(db, by, at, action, detail))
    }

    /// Takes in what happened at the entrance while the vault was closed. What was taken in before is passed over.
    pub(crate) fn take_in(&mut self, events: &[(i64, Moment, PersonRef, String, Value)]) -> Result<(), VaultError> {
        self.write(|db| {
            let known: Option<String> =
                db.query_row("SELECT value FROM setting WHERE name = 'entrance'", [], |r| r.get(0)).optional()?;
            let known = known.and_then(|seq| seq.parse().ok()).unwrap_or(0);
            for (seq, at, person, action, detail) in events.iter().filter(|event| event.0 > known) {
                append(db, Some(person), *at, action, detail)?;
                db.execute(
                    "INSERT INTO setting (name, value) VALUES ('entrance', ?1)
                     ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    [seq.to_string()],
                )?;
            }
            Ok(())
        })
    }

    /// All events, oldest first.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn audit(&self) -> Result<Vec<AuditEvent>, VaultError> {
        self.audit_after(0, i64::MAX)
    }

    /// Events after `position`, oldest first, at most `most`.
    pub(crate) fn audit_after(&self, position: i64, most: i64) -> Result<Vec<AuditEvent>, VaultError> {
        let mut query = self
            .db
            .prepare("SELECT seq, at, person, action, detail, hash FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
        let rows = query.query_map([position, most], AuditEvent::of_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Checks the whole chain; gives the number of events and the last hash.
    ///
    /// # Errors
    /// [`ChainError::Broken`] at the first event that does not fit.
    pub fn verify_audit(&self) -> Result<(i64, String), VaultError> {
        let (mut chain, own) = (Chain::default(), self.own_key());
        for event in self.audit()? {
            event.taken(&mut chain, &own)?;
        }
        Ok((chain.rows(), chain.head().to_owned()))
    }

    /// The chain as text for `corroborate verify-audit`: one JSON event a line, then the signed head.
    ///
    /// # Errors
    /// [`VaultError`]; a chain that is broken is not signed.
    pub fn export_audit(&self) -> Result<String, VaultError> {
        self.verify_audit()?;
        let events = self.audit()?;
        let Some(last) = events.last() else { return Err(VaultError::Unknown("event")) };
        let mut lines: Vec<String> = events.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        lines.push(serde_json::to_string(&Closing { signed_head: self.signed_head(last.at)? })?);
        Ok(lines.join("\n"))
    }
}
