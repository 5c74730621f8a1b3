use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::index::{Found, Row};
use crate::wire::{AuditRow, ModelInfo};

/// The store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data folder cannot be used.
    #[error("cannot use the data folder {path}: {source}")]
    Folder {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The database refused.
    #[error("the gallery's database refused: {0}")]
    Database(#[from] rusqlite::Error),
    /// The audit chain is broken.
    #[error("the audit chain is broken at row {0}: a row was changed or removed")]
    AuditBroken(i64),
    /// A newer program wrote this.
    #[error("the data folder was written by a newer gallery (schema {0}); use that version")]
    Newer(i64),
    /// No randomness.
    #[error("the system gives no random numbers: {0}")]
    Random(getrandom::Error),
    /// Nothing of that name.
    #[error("there is no {0}")]
    Unknown(String),
    /// The gallery holds templates of another model.
    #[error("the gallery is enrolled with {enrolled}; records of {offered} cannot be added")]
    OtherModel {
        /// What is there.
        enrolled: String,
        /// What was offered.
        offered: String,
    },
}

/// What a token allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Searches and photographs.
    Search,
    /// Enrolment and expungement.
    Enrol,
    /// The audit.
    Audit,
    /// Case packages between workstations.
    Casework,
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 4] = [Scope::Search, Scope::Enrol, Scope::Audit, Scope::Casework];

    /// Its name in the store and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Scope::Search => "search",
            Scope::Enrol => "enrol",
            Scope::Audit => "audit",
            Scope::Casework => "casework",
        }
    }
}

/// Who a valid token belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHolder {
    /// Identity of the token.
    pub id: String,
    /// Agency (ORI).
    pub agency: String,
    /// User.
    pub user: String,
    scopes: String,
}

impl TokenHolder {
    /// Whether the token allows `scope`.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.split(',').any(|s| s == scope.code())
    }
}

/// A token that was just issued. The secret is shown once and stored nowhere.
#[derive(Debug)]
pub struct IssuedToken {
    /// Identity, for revocation.
    pub id: String,
    /// The bearer token.
    pub secret: String,
}

/// One photograph to enrol.
#[derive(Debug)]
pub struct Enrolment {
    /// The person.
    pub subject: String,
    /// SHA-256 of the file, for resumption.
    pub source_sha256: String,
    /// JPEG to show.
    pub photo: Vec<u8>,
    /// Day of the photograph.
    pub captured_on: Option<String>,
    /// Agency.
    pub agency: Option<String>,
    /// Model of the template.
    pub model: String,
    /// The template.
    pub values: Vec<f32>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enrolled {
    /// A new record.
    New,
    /// Was there already.
    Known,
}

/// What an expungement removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expunged {
    /// Records with photograph and template.
    pub records: u64,
}

/// One change of the outbox.
#[derive(Debug)]
pub enum Change {
    /// A record to add, unless it was removed since.
    Add(Option<(Row, Vec<f32>)>),
    /// A record to remove.
    Remove(i64),
}

/// What is in the gallery.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Stats {
    /// People.
    pub subjects: u64,
    /// Templates.
    pub templates: u64,
    /// By model.
    pub models: Vec<ModelInfo>,
    /// Searches answered.
    pub searches: u64,
    /// Rows of audit.
    pub audit_rows: u64,
}

/// What an idempotency key stands for.
#[derive(Debug, PartialEq, Eq)]
pub enum Idempotent {
    /// Not used before.
    Fresh,
    /// Used for the same request: the answer that was given.
    Replay(String),
    /// Used for another request.
    Conflict,
}

/// A row of a recorded list.
#[derive(Debug)]
pub struct Listed {
    /// Identity of the row.
    pub id: Uuid,
    /// What the scan found.
    pub found: Found,
    /// Identities of other photographs of the subject.
    pub other_photos: Vec<Uuid>,
}

/// Other photographs that are listed of one subject.
const MAX_OTHER_PHOTOS: i64 = 12;

/// SQLite: one file, one machine.
#[derive(Debug)]
pub struct Sqlite {
    db: Connection,
}

/// One step a version, in order.
const MIGRATIONS: [&str; 2] = [
    FIRST,
    // Other photographs of a listed subject, served to the same search.
    "CREATE TABLE search_photo (
        photo_id TEXT PRIMARY KEY,
        search_id TEXT NOT NULL REFERENCES search(search_id),
        record_id INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX record_of_subject ON record (subject_id);",
];

const FIRST: &str = "
CREATE TABLE subject (
    subject_id TEXT PRIMARY KEY CHECK (length(subject_id) BETWEEN 1 AND 200),
    created_at TEXT NOT NULL
) STRICT;
CREATE TABLE record (
    record_id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_id TEXT NOT NULL REFERENCES subject(subject_id),
    source_sha256 TEXT NOT NULL,
    photo BLOB NOT NULL,
    captured_on TEXT,
    agency TEXT,
    model TEXT NOT NULL,
    template BLOB NOT NULL CHECK (length(template) > 0 AND length(template) % 4 = 0),
    enrolled_at TEXT NOT NULL,
    UNIQUE (subject_id, source_sha256, model)
) STRICT;
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id INTEGER NOT NULL,
    op TEXT NOT NULL CHECK (op IN ('add', 'remove'))
) STRICT;
CREATE TABLE token (
    token_id TEXT PRIMARY KEY,
    secret_sha256 TEXT NOT NULL UNIQUE,
    agency TEXT NOT NULL,
    user TEXT NOT NULL,
    scopes TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    revoked_at TEXT
) STRICT;
CREATE TABLE search (
    search_id TEXT PRIMARY KEY,
    token_id TEXT NOT NULL REFERENCES token(token_id),
    at TEXT NOT NULL
) STRICT;
CREATE TABLE search_candidate (
    candidate_id TEXT PRIMARY KEY,
    search_id TEXT NOT NULL REFERENCES search(search_id),
    record_id INTEGER NOT NULL,
    score REAL NOT NULL
) STRICT;
CREATE TABLE idempotency (
    token_id TEXT NOT NULL,
    key TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    answer TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (token_id, key)
) STRICT;
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    agency TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL CHECK (json_valid(detail)),
    hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit rows are never removed'); END;
";

fn now() -> String {
    Timestamp::now().to_string()
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Links a row to the one before: SHA-256 of the previous hash and the row's fields, each ended by
/// a line feed. JSON text holds no raw line feed and the other fields have theirs replaced.
fn link(previous: &str, seq: i64, at: &str, actor: &str, agency: &str, action: &str, detail: &str) -> String {
    sha256(format!("{previous}\n{seq}\n{at}\n{actor}\n{agency}\n{action}\n{detail}\n").as_bytes())
}

fn to_blob(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn from_blob(blob: &[u8]) -> Vec<f32> {
    blob.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
}

impl Sqlite {
    /// Opens the store in `folder`, making it when it is new.
    ///
    /// # Errors
    /// [`StoreError`] when the folder cannot be used or was written by a newer program.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)
            .map_err(|source| StoreError::Folder { path: folder.display().to_string(), source })?;
        let mut db = Connection::open(folder.join("gallery.sqlite"))?;
        db.busy_timeout(std::time::Duration::from_secs(20))?;
        db.pragma_update(None, "journal_mode", "wal")?;
        // An audit row is on the disk when its transaction returns.
        db.pragma_update(None, "synchronous", "full")?;
        db.pragma_update(None, "foreign_keys", true)?;
        db.pragma_update(None, "secure_delete", true)?;
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version: i64 = tx.pragma_query_value(None, "user_version", |r| r.get(0))?;
        let known = MIGRATIONS.len() as i64;
        if version > known {
            return Err(StoreError::Newer(version));
        }
        for step in &MIGRATIONS[version.max(0) as usize..] {
            tx.execute_batch(step)?;
        }
        tx.pragma_update(None, "user_version", known)?;
        tx.commit()?;
        Ok(Self { db })
    }

    /// Writes an audit row; it is durable when this returns.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then the action that it belongs to must not happen.
    pub fn audit(&mut self, actor: &str, agency: &str, action: &str, detail: &Value) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        append_audit(&tx, actor, agency, action, detail)?;
        Ok(tx.commit()?)
    }

    /// Audit rows after `after`, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn audit_rows(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT seq, at, actor, agency, action, detail, hash FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        )?;
        let rows = query.query_map(params![after, limit], |r| {
            Ok(AuditRow {
                seq: r.get(0)?,
                at: r.get(1)?,
                actor: r.get(2)?,
                agency: r.get(3)?,
                action: r.get(4)?,
                detail: r.get(5)?,
                hash: r.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Checks the whole chain; gives the number of rows and the last hash.
    ///
    /// # Errors
    /// [`StoreError::AuditBroken`] at the first row that does not fit.
    pub fn verify_audit(&self) -> Result<(i64, String), StoreError> {
        let (mut seq, mut previous) = (0, String::new());
        loop {
            let rows = self.audit_rows(seq, 1000)?;
            if rows.is_empty() {
                return Ok((seq, previous));
            }
            for row in rows {
                let expected = link(&previous, row.seq, &row.at, &row.actor, &row.agency, &row.action, &row.detail);
                if row.seq != seq + 1 || row.hash != expected {
                    return Err(StoreError::AuditBroken(seq + 1));
                }
                (seq, previous) = (row.seq, row.hash);
            }
        }
    }

    /// Issues a bearer token.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn issue_token(&mut self, agency: &str, user: &str, scopes: &[Scope]) -> Result<IssuedToken, StoreError> {
        let mut random = [0u8; 32];
        getrandom::fill(&mut random).map_err(StoreError::Random)?;
        let secret = format!("cgt_{}", hex::encode(random));
        let id = Uuid::new_v4().to_string();
        let scopes = scopes.iter().map(|s| s.code()).collect::<Vec<_>>().join(",");
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute(
            "INSERT INTO token (token_id, secret_sha256, agency, user, scopes, issued_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![id, sha256(secret.as_bytes()), agency, user, scopes, now()],
        )?;
        append_audit(&tx, user, agency, "token-issued", &json!({ "token_id": id, "scopes": scopes }))?;
        tx.commit()?;
        Ok(IssuedToken { id, secret })
    }

    /// Revokes a token by its identity or its secret.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when no valid token is meant.
    pub fn revoke_token(&mut self, id_or_secret: &str) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found: Option<String> = tx
            .query_row(
                "UPDATE token SET revoked_at = ?1 WHERE revoked_at IS NULL AND (token_id = ?2 OR secret_sha256 = ?3)
                 RETURNING token_id",
                params![now(), id_or_secret, sha256(id_or_secret.as_bytes())],
                |r| r.get(0),
            )
            .optional()?;
        let id = found.ok_or_else(|| StoreError::Unknown("valid token of that identity".to_owned()))?;
        append_audit(&tx, "administrator", "", "token-revoked", &json!({ "token_id": id }))?;
        Ok(tx.commit()?)
    }

    /// Who holds `secret`, if it is valid.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn holder(&self, secret: &str) -> Result<Option<TokenHolder>, StoreError> {
        Ok(self
            .db
            .prepare_cached(
                "SELECT token_id, agency, user, scopes FROM token WHERE secret_sha256 = ?1 AND revoked_at IS NULL",
            )?
            .query_row([sha256(secret.as_bytes())], |r| {
                Ok(TokenHolder { id: r.get(0)?, agency: r.get(1)?, user: r.get(2)?, scopes: r.get(3)? })
            })
            .optional()?)
    }

    /// Whether this photograph of this person is enrolled with `model`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn knows(&self, subject: &str, source_sha256: &str, model: &str) -> Result<bool, StoreError> {
        Ok(self
            .db
            .prepare_cached("SELECT 1 FROM record WHERE subject_id = ?1 AND source_sha256 = ?2 AND model = ?3")?
            .exists(params![subject, source_sha256, model])?)
    }

    /// Enrols photographs: subject, record, template and outbox rows in one transaction.
    ///
    /// # Errors
    /// [`StoreError`]; then none of them is enrolled.
    pub fn enrol(&mut self, batch: &[Enrolment]) -> Result<Vec<Enrolled>, StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let at = now();
        let mut done = Vec::with_capacity(batch.len());
        for e in batch {
            let other: Option<String> = tx
                .prepare_cached("SELECT model FROM record WHERE model <> ?1 LIMIT 1")?
                .query_row([&e.model], |r| r.get(0))
                .optional()?;
            if let Some(enrolled) = other {
                return Err(StoreError::OtherModel { enrolled, offered: e.model.clone() });
            }
            tx.prepare_cached("INSERT OR IGNORE INTO subject (subject_id, created_at) VALUES (?1, ?2)")?
                .execute(params![e.subject, at])?;
            let added = tx
                .prepare_cached(
                    "INSERT INTO record (subject_id, source_sha256, photo, captured_on, agency, model, template, enrolled_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (subject_id, source_sha256, model) DO NOTHING",
                )?
                .execute(params![
                    e.subject, e.source_sha256, e.photo, e.captured_on, e.agency, e.model, to_blob(&e.values), at
                ])?;
            if added == 1 {
                let record = tx.last_insert_rowid();
                tx.prepare_cached("INSERT INTO outbox (record_id, op) VALUES (?1, 'add')")?.execute([record])?;
                done.push(Enrolled::New);
            } else {
                done.push(Enrolled::Known);
            }
        }
        tx.commit()?;
        Ok(done)
    }

    /// Removes a person: photographs, templates and record in one transaction. The audit row that
    /// remains is the proof.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such person.
    pub fn expunge(&mut self, subject: &str, actor: &str, agency: &str) -> Result<Expunged, StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute(
            "INSERT INTO outbox (record_id, op) SELECT record_id, 'remove' FROM record WHERE subject_id = ?1",
            [subject],
        )?;
        let records = tx.execute("DELETE FROM record WHERE subject_id = ?1", [subject])? as u64;
        if tx.execute("DELETE FROM subject WHERE subject_id = ?1", [subject])? == 0 {
            return Err(StoreError::Unknown(format!("subject {subject:?}")));
        }
        // Answers kept for repeated requests name subjects.
        tx.execute("DELETE FROM idempotency", [])?;
        append_audit(&tx, actor, agency, "subject-expunged", &json!({ "subject_id": subject, "records": records }))?;
        tx.commit()?;
        Ok(Expunged { records })
    }

    /// Changes of records of `model` after `applied`, with the last position.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn changes(&self, applied: i64, model: &str) -> Result<(i64, Vec<Change>), StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT o.seq, o.record_id, o.op, r.subject_id, r.captured_on, r.agency, r.template
             FROM outbox o LEFT JOIN record r ON r.record_id = o.record_id AND r.model = ?2
             WHERE o.seq > ?1 ORDER BY o.seq",
        )?;
        let mut rows = query.query(params![applied, model])?;
        let (mut last, mut changes) = (applied, Vec::new());
        while let Some(r) = rows.next()? {
            last = r.get(0)?;
            let (record, op): (i64, String) = (r.get(1)?, r.get(2)?);
            changes.push(if op == "remove" {
                Change::Remove(record)
            } else {
                let template: Option<Vec<u8>> = r.get(6)?;
                Change::Add(match template {
                    Some(blob) => Some((
                        Row { record, subject: r.get(3)?, captured_on: r.get(4)?, agency: r.get(5)? },
                        from_blob(&blob),
                    )),
                    None => None,
                })
            });
        }
        Ok((last, changes))
    }

    /// What is in the gallery.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn stats(&self) -> Result<Stats, StoreError> {
        let count = |sql: &str| self.db.query_row(sql, [], |r| r.get::<_, i64>(0)).map(|n| n as u64);
        let mut models = self.db.prepare_cached(
            "SELECT model, max(length(template)) / 4, count(*) FROM record GROUP BY model ORDER BY model",
        )?;
        let models = models
            .query_map([], |r| Ok(ModelInfo { id: r.get(0)?, dim: r.get(1)?, templates: r.get::<_, i64>(2)? as u64 }))?
            .collect::<Result<_, _>>()?;
        Ok(Stats {
            subjects: count("SELECT count(*) FROM subject")?,
            templates: count("SELECT count(*) FROM record")?,
            models,
            searches: count("SELECT count(*) FROM search")?,
            audit_rows: count("SELECT count(*) FROM audit")?,
        })
    }

    /// Records a search's list, so that photographs can be served to it. Records that are gone from
    /// the store since the scan are left out.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn record_list(
        &mut self,
        search: Uuid,
        token: &TokenHolder,
        found: Vec<Found>,
    ) -> Result<Vec<Listed>, StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute(
            "INSERT INTO search (search_id, token_id, at) VALUES (?1, ?2, ?3)",
            params![search.to_string(), token.id, now()],
        )?;
        let mut listed = Vec::with_capacity(found.len());
        for f in found {
            if !tx.prepare_cached("SELECT 1 FROM record WHERE record_id = ?1")?.exists([f.row.record])? {
                continue;
            }
            let id = Uuid::new_v4();
            tx.prepare_cached(
                "INSERT INTO search_candidate (candidate_id, search_id, record_id, score) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![id.to_string(), search.to_string(), f.row.record, f64::from(f.score)])?;
            let others: Vec<i64> = tx
                .prepare_cached(
                    "SELECT record_id FROM record WHERE subject_id = ?1 AND record_id <> ?2
                     ORDER BY captured_on DESC NULLS LAST, record_id LIMIT ?3",
                )?
                .query_map(params![f.row.subject, f.row.record, MAX_OTHER_PHOTOS], |r| r.get(0))?
                .collect::<Result<_, _>>()?;
            let mut other_photos = Vec::with_capacity(others.len());
            for record in others {
                let photo = Uuid::new_v4();
                tx.prepare_cached("INSERT INTO search_photo (photo_id, search_id, record_id) VALUES (?1, ?2, ?3)")?
                    .execute(params![photo.to_string(), search.to_string(), record])?;
                other_photos.push(photo);
            }
            listed.push(Listed { id, found: f, other_photos });
        }
        append_audit(
            &tx,
            &token.user,
            &token.agency,
            "search-answered",
            &json!({ "search_id": search, "candidates": listed.len() }),
        )?;
        tx.commit()?;
        Ok(listed)
    }

    /// The photograph of a candidate, if `token` made the search that listed it and the record is
    /// still there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn photo(&mut self, candidate: &str, token: &TokenHolder) -> Result<Option<Vec<u8>>, StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let photo: Option<Vec<u8>> = tx
            .query_row(
                "SELECT r.photo FROM (SELECT candidate_id AS id, search_id, record_id FROM search_candidate
                                      UNION ALL SELECT photo_id, search_id, record_id FROM search_photo) l
                 JOIN search s USING (search_id) JOIN record r USING (record_id)
                 WHERE l.id = ?1 AND s.token_id = ?2",
                params![candidate, token.id],
                |r| r.get(0),
            )
            .optional()?;
        if photo.is_some() {
            append_audit(&tx, &token.user, &token.agency, "photo-served", &json!({ "candidate_id": candidate }))?;
        }
        tx.commit()?;
        Ok(photo)
    }

    /// What `key` of `token` stands for. Keys are kept for a day.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn idempotent(&self, token: &TokenHolder, key: &str, body: &[u8]) -> Result<Idempotent, StoreError> {
        let yesterday = (Timestamp::now() - jiff::SignedDuration::from_hours(24)).to_string();
        self.db.execute("DELETE FROM idempotency WHERE at < ?1", [yesterday])?;
        let known: Option<(String, String)> = self
            .db
            .query_row(
                "SELECT request_sha256, answer FROM idempotency WHERE token_id = ?1 AND key = ?2",
                params![token.id, key],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .optional()?;
        Ok(match known {
            None => Idempotent::Fresh,
            Some((request, answer)) if request == sha256(body) => Idempotent::Replay(answer),
            Some(_) => Idempotent::Conflict,
        })
    }

    /// Keeps an answer for repeats of its request.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn keep_answer(&self, token: &TokenHolder, key: &str, body: &[u8], answer: &str) -> Result<(), StoreError> {
        self.db.execute(
            "INSERT OR IGNORE INTO idempotency (token_id, key, request_sha256, answer, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![token.id, key, sha256(body), answer, now()],
        )?;
        Ok(())
    }
}

fn append_audit(db: &Connection, actor: &str, agency: &str, action: &str, detail: &Value) -> Result<(), StoreError> {
    let (last, previous): (i64, String) = db
        .query_row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?
        .unwrap_or_default();
    let one_line = |text: &str| text.replace(['\n', '\r'], " ");
    let (at, actor, agency, detail) = (now(), one_line(actor), one_line(agency), detail.to_string());
    let hash = link(&previous, last + 1, &at, &actor, &agency, action, &detail);
    db.execute(
        "INSERT INTO audit (seq, at, actor, agency, action, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![last + 1, at, actor, agency, action, detail, hash],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enrolment(subject: &str, sha: &str) -> Enrolment {
        Enrolment {
            subject: subject.to_owned(),
            source_sha256: sha.to_owned(),
            photo: vec![1, 2, 3],
            captured_on: None,
            agency: None,
            model: "m".to_owned(),
            values: vec![1.0, 0.0],
        }
    }

    #[test]
    fn enrolment_is_resumable_and_expungement_leaves_only_a_proof() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = Sqlite::open(folder.path()).expect("a store");
        let batch = [enrolment("p1", "a"), enrolment("p1", "b"), enrolment("p2", "a")];
        assert_eq!(store.enrol(&batch).expect("enrolled"), [Enrolled::New; 3]);
        assert_eq!(store.enrol(&batch).expect("again"), [Enrolled::Known; 3]);
        assert_eq!(store.expunge("p1", "clerk", "X").expect("expunged"), Expunged { records: 2 });
        assert!(matches!(store.expunge("p1", "clerk", "X"), Err(StoreError::Unknown(_))));
        let stats = store.stats().expect("stats");
        assert_eq!((stats.subjects, stats.templates), (1, 1));
        let (_, changes) = store.changes(0, "m").expect("changes");
        let live = changes.iter().filter(|c| matches!(c, Change::Add(Some(_)))).count();
        assert_eq!(live, 1, "an index built from the outbox holds no expunged record");
        let last = store.audit_rows(0, 10).expect("rows").pop().expect("a row");
        assert_eq!(last.action, "subject-expunged");
        let other = Enrolment { model: "other".to_owned(), ..enrolment("p3", "c") };
        assert!(matches!(store.enrol(&[other]), Err(StoreError::OtherModel { .. })));
    }

    #[test]
    fn other_photographs_of_a_listed_subject_are_served_to_its_search_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = Sqlite::open(folder.path()).expect("a store");
        let photo = |sha: &str, n: u8| Enrolment { photo: vec![n], ..enrolment("p1", sha) };
        store.enrol(&[photo("a", 1), photo("b", 2), enrolment("p2", "c")]).expect("enrolled");
        let holder = |store: &mut Sqlite| {
            let token = store.issue_token("CA0190000", "demo", &[Scope::Search]).expect("issued");
            store.holder(&token.secret).expect("asked").expect("known")
        };
        let (own, other) = (holder(&mut store), holder(&mut store));
        let row = |record, subject: &str| Row { record, subject: subject.to_owned(), captured_on: None, agency: None };
        let found = vec![Found { row: row(1, "p1"), score: 0.9 }, Found { row: row(3, "p2"), score: 0.5 }];
        let listed = store.record_list(Uuid::new_v4(), &own, found).expect("listed");
        assert_eq!(listed[0].other_photos.len(), 1);
        assert!(listed[1].other_photos.is_empty());
        let id = listed[0].other_photos[0].to_string();
        assert_eq!(store.photo(&id, &own).expect("asked"), Some(vec![2]));
        assert_eq!(store.photo(&id, &other).expect("asked"), None, "another token's search");
        store.expunge("p1", "clerk", "X").expect("expunged");
        assert_eq!(store.photo(&id, &own).expect("asked"), None, "expunged since");
    }

    #[test]
    fn audit_rows_are_chained_and_the_database_refuses_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = Sqlite::open(folder.path()).expect("a store");
        for n in 0..3 {
            store.audit("a", "b", "c", &json!({ "n": n })).expect("written");
        }
        assert_eq!(store.verify_audit().expect("whole").0, 3);
        assert!(store.db.execute("UPDATE audit SET actor = 'x' WHERE seq = 2", []).is_err());
        assert!(store.db.execute("DELETE FROM audit WHERE seq = 2", []).is_err());
        // Somebody who removes the guard is still found out.
        store.db.execute_batch("DROP TRIGGER audit_is_never_changed").expect("dropped");
        store.db.execute("UPDATE audit SET actor = 'x' WHERE seq = 2", []).expect("changed");
        assert!(matches!(store.verify_audit(), Err(StoreError::AuditBroken(2))));
    }

    #[test]
    fn tokens_are_stored_as_hashes_and_can_be_revoked() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = Sqlite::open(folder.path()).expect("a store");
        let token = store.issue_token("CA0190000", "demo", &[Scope::Search]).expect("issued");
        let holder = store.holder(&token.secret).expect("asked").expect("known");
        assert!(holder.may(Scope::Search) && !holder.may(Scope::Audit));
        let bytes = std::fs::read(folder.path().join("gallery.sqlite-wal")).expect("the log");
        assert!(!bytes.windows(token.secret.len()).any(|w| w == token.secret.as_bytes()));
        store.revoke_token(&token.id).expect("revoked");
        assert_eq!(store.holder(&token.secret).expect("asked"), None);
    }
}
