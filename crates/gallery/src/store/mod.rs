//! The store of record, in SQLite or PostgreSQL. It holds subject, record, template and an outbox row in one
//! transaction; the index is derived from the outbox. Photographs lie beside it as encrypted files.

use std::collections::HashSet;
use std::path::Path;

use gallery_api::wire::{AuditRow, Filters, ModelInfo};
use jiff::{SignedDuration, Timestamp};
use ledger::{Chain, one_line};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use vector_index::{Entry, Filter, Hit, Position};

mod anchors;
mod expunge;
mod limits;
mod photos;
mod postgres;
mod postgres_tls;
mod sql;
mod sqlite;
pub mod trace;

pub use expunge::{Certificate, CertificateFile, Order, verify_certificate};
pub use limits::{AgencyRule, Allowance, Beginning, Begun, Shown};
pub use postgres::Reach;

use photos::Photos;
use sql::{Database, Row, all, one, with};

/// The store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data folder cannot be used.
    #[error("cannot use {path}: {source}")]
    Folder {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// SQLite refused.
    #[error("the gallery's database refused: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL refused or is out of reach.
    #[error("the gallery's database refused or cannot be reached: {}", in_full(.0))]
    Postgres(#[from] ::postgres::Error),
    /// TLS to PostgreSQL cannot be set up.
    #[error("the connection to the database cannot be encrypted and verified: {0}")]
    Tls(String),
    /// The connection broke while something was written. Nothing of it was acknowledged.
    #[error("the connection to the gallery's database broke while this was written; it was not acknowledged")]
    Broken,
    /// A row that is not as written.
    #[error("the gallery's database holds a row of another form")]
    Column,
    /// The audit chain is broken.
    #[error("the audit chain is broken at row {0}: a row was changed or removed")]
    AuditBroken(i64),
    /// A newer program wrote this.
    #[error("the data was written by a newer gallery (schema {0}); use that version")]
    Newer(i64),
    /// A development build wrote this.
    #[error("the data folder was written by a development build before 0.2; enrol its photographs into a new folder")]
    Development,
    /// No randomness.
    #[error("the system gives no random numbers: {0}")]
    Random(getrandom::Error),
    /// Nothing of that name.
    #[error("there is no {0}")]
    Unknown(String),
    /// A photograph.
    #[error("a photograph cannot be used: {0}")]
    Photo(String),
    /// The gallery holds templates of another model.
    #[error("the gallery is enrolled with {enrolled}; records of {offered} cannot be added")]
    OtherModel {
        /// What is there.
        enrolled: String,
        /// What was offered.
        offered: String,
    },
    /// A person or photograph that was expunged by order.
    #[error(
        "this record was expunged by order (certificate {0}). To enrol it again two people of the agency that had it \
         expunged must say that the order no longer holds"
    )]
    Expunged(String),
    /// A photograph that looks like a copy of one that was expunged.
    #[error(
        "this photograph looks like a copy of one that was expunged by order (certificate {0}). If it is not, or the \
         order no longer holds, two people of the agency must say so to enrol it"
    )]
    Resembles(String),
    /// Records of another agency.
    #[error("these records belong to {0}; only that agency, or the gallery's operator, can change them")]
    OtherAgency(String),
    /// Stopped until an operator says otherwise.
    #[error(
        "searches with this token are paused since {because}. Ask the gallery's operator to look at it; `gallery token \
         resume {token}` lifts the pause"
    )]
    Paused {
        /// Why.
        because: String,
        /// The token's identity.
        token: String,
    },
    /// A photograph of a candidate that nobody opened.
    #[error(
        "other photographs of a candidate are served once the workstation has said that it was opened \
         (POST /v1/searches/{{search}}/opened)"
    )]
    NotOpened,
    /// Records that a search found are gone since.
    #[error("a record that was found is gone since")]
    Gone,
    /// A limit.
    #[error("{why}")]
    Limited {
        /// Which.
        why: String,
        /// Seconds after which it may be tried again.
        seconds: u64,
    },
}

impl StoreError {
    fn folder(path: &Path) -> impl Fn(std::io::Error) -> StoreError {
        let path = path.display().to_string();
        move |source| StoreError::Folder { path: path.clone(), source }
    }
}

fn in_full(error: &::postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// What a token allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Searches and photographs.
    Search,
    /// Enrolment, suppression and expungement.
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
    /// The key that must sign its searches, in hexadecimal, where it names one.
    pub signing_key: Option<String>,
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

/// The agency of whoever works at the gallery's own machine; records that name no agency are its.
pub const HOME: &str = "LOCAL0000";

/// Who changes records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority<'a> {
    /// Whoever operates the gallery, on its own machine: any records.
    Operator(&'a str),
    /// Somebody of an agency: its own records.
    Agency {
        /// Agency (ORI).
        ori: &'a str,
        /// Who.
        user: &'a str,
    },
}

impl<'a> Authority<'a> {
    fn actor(self) -> &'a str {
        match self {
            Authority::Operator(user) | Authority::Agency { user, .. } => user,
        }
    }

    fn agency(self) -> &'a str {
        self.own().unwrap_or_default()
    }

    /// The agency whose records it may change; all where there is none.
    fn own(self) -> Option<&'a str> {
        match self {
            Authority::Operator(_) => None,
            Authority::Agency { ori, .. } => Some(ori),
        }
    }
}

/// Two people who say that an order no longer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Who enrols.
    pub by: String,
    /// Who agrees.
    pub second: String,
    /// Their agency; an operator on the gallery's machine has none and may for all.
    pub agency: Option<String>,
}

/// One photograph to enrol.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The person.
    pub subject: String,
    /// SHA-256 of the file, for resumption.
    pub source_sha256: String,
    /// JPEG to show; empty for none.
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enrolled {
    /// A new record.
    New,
    /// Was there already.
    Known,
    /// Not enrolled: expunged by order under this certificate.
    Expunged(String),
    /// Not enrolled: it looks like a copy of a photograph that was expunged under this certificate.
    Resembles(String),
}

/// One change of the outbox.
#[derive(Debug)]
pub enum Change {
    /// A record to add.
    Add(Entry, Vec<f32>),
    /// A record to remove, if it is there.
    Remove(i64),
}

/// A photograph on its way out of the gallery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portrait {
    /// JPEG.
    pub photo: Vec<u8>,
    /// Day of the photograph.
    pub captured_on: Option<String>,
    /// Agency.
    pub agency: Option<String>,
}

/// What is in the gallery.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Stats {
    /// People.
    pub subjects: u64,
    /// Templates.
    pub templates: u64,
    /// People whose records are suppressed.
    pub suppressed: u64,
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
    /// Used for the same request, which is under way.
    UnderWay,
    /// Used for the same request: the search and the answer that was given.
    Replay(String, String),
    /// Used for the same request, whose answer is no longer kept: a day passed, or records were withdrawn.
    Gone,
    /// Used for another request.
    Conflict,
}

/// A row of a recorded list.
#[derive(Debug)]
pub struct Listed {
    /// Identity of the row.
    pub id: Uuid,
    /// The person.
    pub subject: String,
    /// Similarity score.
    pub score: f64,
    /// Day of the photograph, if known.
    pub captured_on: Option<String>,
    /// Agency, if known.
    pub agency: Option<String>,
    /// Identities of other photographs of the subject.
    pub other_photos: Vec<Uuid>,
}

/// Other photographs that are listed of one subject.
const MAX_OTHER_PHOTOS: i64 = 12;

/// A store of record.
#[derive(Debug)]
pub struct Store {
    db: Box<dyn Database>,
    photos: Photos,
    alarms: limits::Alarms,
}

/// Reads from a store beside its writer.
#[derive(Debug)]
pub struct Reader(Box<dyn Database>);

/// With a fixed number of digits, so that text sorts by time.
fn now() -> String {
    moment(Timestamp::now())
}

fn moment(at: Timestamp) -> String {
    format!("{at:.6}")
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn to_blob(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn from_blob(blob: &[u8]) -> Vec<f32> {
    blob.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
}

/// A day as the index has it.
fn day_number(day: Option<&str>) -> i32 {
    let date = day.and_then(|day| day.parse::<jiff::civil::Date>().ok());
    date.map_or(0, |d| i32::from(d.year()) * 10_000 + i32::from(d.month()) * 100 + i32::from(d.day()))
}

/// Does `work` in one transaction: all of it or nothing.
fn write<T>(
    db: &mut dyn Database,
    work: impl FnOnce(&mut dyn Database) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    db.begin()?;
    match work(db) {
        Ok(done) => db.commit().map(|()| done),
        Err(error) => {
            db.rollback();
            Err(error)
        }
    }
}

impl Store {
    /// Opens the SQLite store in `folder`, making it when it is new.
    ///
    /// # Errors
    /// [`StoreError`] when the folder cannot be used or was written by a newer program.
    pub fn sqlite(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(StoreError::folder(folder))?;
        let db = Box::new(sqlite::Sqlite::open(folder)?);
        Self::with(db, &folder.join("photos"))
    }

    /// Opens the PostgreSQL store at `url`; photographs lie in `photos`, which all nodes share.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn postgres(url: &str, reach: &Reach, photos: &Path) -> Result<Self, StoreError> {
        Self::with(Box::new(postgres::Postgres::open(url, reach)?), photos)
    }

    fn with(db: Box<dyn Database>, photos: &Path) -> Result<Self, StoreError> {
        Ok(Self { db, photos: Photos::open(photos)?, alarms: limits::Alarms::default() })
    }

    /// Removes photographs that no record names, but those of the last hour; gives how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sweep(&mut self) -> Result<u64, StoreError> {
        let mut used = HashSet::new();
        self.db.query("SELECT photo FROM record", &[], &mut |mut row| {
            used.insert(row.next::<String>()?);
            Ok(())
        })?;
        let hour = std::time::Duration::from_secs(3600);
        self.photos.sweep(&used, hour).map_err(|source| StoreError::Folder { path: "photos".to_owned(), source })
    }

    /// Writes an audit row; it is durable when this returns.
    ///
    /// # Errors
    /// [`StoreError`]; then the action that it belongs to must not happen.
    pub fn audit(&mut self, actor: &str, agency: &str, action: &str, detail: &Json) -> Result<(), StoreError> {
        write(&mut *self.db, |db| append_audit(db, actor, agency, action, detail))
    }

    /// Audit rows after `after`, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn audit_rows(&mut self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        all(
            &mut *self.db,
            "SELECT seq, at, actor, agency, action, detail, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2",
            with![after, i64::from(limit)],
            |r| {
                Ok(AuditRow {
                    seq: r.next()?,
                    at: r.next()?,
                    actor: r.next()?,
                    agency: r.next()?,
                    action: r.next()?,
                    detail: r.next()?,
                    hash: r.next()?,
                })
            },
        )
    }

    /// Checks the whole chain; gives the number of rows and the last hash.
    ///
    /// # Errors
    /// [`StoreError::AuditBroken`] at the first row that does not fit.
    pub fn verify_audit(&mut self) -> Result<(i64, String), StoreError> {
        let mut chain = Chain::default();
        loop {
            let rows = self.audit_rows(chain.rows(), 1000)?;
            if rows.is_empty() {
                return Ok((chain.rows(), chain.head().to_owned()));
            }
            for row in rows {
                let fields = [row.at.as_str(), &row.actor, &row.agency, &row.action, &row.detail];
                chain.take(row.seq, &fields, &row.hash).map_err(|broken| StoreError::AuditBroken(broken.0))?;
            }
        }
    }

    /// Issues a bearer token, good for `days` days or until it is revoked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn issue_token(
        &mut self,
        agency: &str,
        user: &str,
        scopes: &[Scope],
        days: Option<u32>,
    ) -> Result<IssuedToken, StoreError> {
        let mut random = [0u8; 32];
        getrandom::fill(&mut random).map_err(StoreError::Random)?;
        let secret = format!("cgt_{}", hex::encode(random));
        let id = Uuid::new_v4().to_string();
        let scopes = scopes.iter().map(|s| s.code()).collect::<Vec<_>>().join(",");
        let expires = days.map(|days| moment(Timestamp::now() + SignedDuration::from_hours(24 * i64::from(days))));
        write(&mut *self.db, |db| {
            db.execute(
                "INSERT INTO token (token_id, secret_sha256, agency, holder, scopes, issued_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                with![&id, sha256(secret.as_bytes()), agency, user, &scopes, now(), expires.clone()],
            )?;
            let detail = json!({ "token_id": id, "scopes": scopes, "expires_at": expires });
            append_audit(db, user, agency, "token-issued", &detail)
        })?;
        Ok(IssuedToken { id, secret })
    }

    /// Binds a token to the key that must sign its searches.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn bind_token(&mut self, id: &str, public_key: &str) -> Result<(), StoreError> {
        write(&mut *self.db, |db| {
            db.execute("UPDATE token SET signing_key = $1 WHERE token_id = $2", with![public_key, id])?;
            append_audit(db, "administrator", "", "token-bound", &json!({ "token_id": id, "public_key": public_key }))
        })
    }

    /// Notes that the holder of a token proved possession of a key. To repeat it is harmless.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn prove_key(&mut self, token: &TokenHolder, public_key: &str) -> Result<(), StoreError> {
        write(&mut *self.db, |db| {
            let fresh = db.execute(
                "INSERT INTO proved_key (token_id, public_key, proved_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                with![&token.id, public_key, now()],
            )?;
            if fresh == 0 {
                return Ok(());
            }
            let detail = json!({ "token_id": token.id, "public_key": public_key });
            append_audit(db, &token.user, &token.agency, "key-proved", &detail)
        })
    }

    /// Whether the holder of a token proved possession of a key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn has_proved(&mut self, token: &TokenHolder, public_key: &str) -> Result<bool, StoreError> {
        let sql = "SELECT proved_at FROM proved_key WHERE token_id = $1 AND public_key = $2";
        Ok(one(&mut *self.db, sql, with![&token.id, public_key], Row::next::<String>)?.is_some())
    }

    /// Revokes a token by its identity or its secret.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when no valid token is meant.
    pub fn revoke_token(&mut self, id_or_secret: &str) -> Result<(), StoreError> {
        write(&mut *self.db, |db| {
            let id: Option<String> = one(
                db,
                "UPDATE token SET revoked_at = $1 WHERE revoked_at IS NULL AND (token_id = $2 OR secret_sha256 = $3)
                 RETURNING token_id",
                with![now(), id_or_secret, sha256(id_or_secret.as_bytes())],
                Row::next,
            )?;
            let id = id.ok_or_else(|| StoreError::Unknown("valid token of that identity".to_owned()))?;
            append_audit(db, "administrator", "", "token-revoked", &json!({ "token_id": id }))
        })
    }

    /// Who holds `secret`, if it is valid.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn holder(&mut self, secret: &str) -> Result<Option<TokenHolder>, StoreError> {
        self.holder_of(&sha256(secret.as_bytes()))
    }

    fn holder_of(&mut self, kept: &str) -> Result<Option<TokenHolder>, StoreError> {
        one(
            &mut *self.db,
            "SELECT token_id, agency, holder, signing_key, scopes FROM token
             WHERE secret_sha256 = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
            with![kept, now()],
            |r| {
                Ok(TokenHolder {
                    id: r.next()?,
                    agency: r.next()?,
                    user: r.next()?,
                    signing_key: r.next()?,
                    scopes: r.next()?,
                })
            },
        )
    }

    /// Admits the holder of a client certificate, named by its SHA-256, like the holder of a token.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn admit_certificate(
        &mut self,
        sha256: &str,
        agency: &str,
        user: &str,
        scopes: &[Scope],
        expires: &str,
    ) -> Result<(), StoreError> {
        let scopes = scopes.iter().map(|s| s.code()).collect::<Vec<_>>().join(",");
        let id = format!("certificate:{sha256}");
        write(&mut *self.db, |db| {
            db.execute(
                "INSERT INTO token (token_id, secret_sha256, agency, holder, scopes, issued_at, expires_at)
                 VALUES ($1, $1, $2, $3, $4, $5, $6)",
                with![&id, agency, user, &scopes, now(), expires],
            )?;
            append_audit(db, user, agency, "certificate-admitted", &json!({ "token_id": id, "scopes": scopes }))
        })
    }

    /// Who holds the client certificate of this SHA-256, if it is admitted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn certificate_holder(&mut self, sha256: &str) -> Result<Option<TokenHolder>, StoreError> {
        self.holder_of(&format!("certificate:{sha256}"))
    }

    /// Sets what an agency may do.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_agency_rule(&mut self, ori: &str, rule: &AgencyRule) -> Result<(), StoreError> {
        write(&mut *self.db, |db| {
            agency_no(db, ori)?;
            let number = |n: Option<u32>| n.map(i64::from);
            db.execute(
                "UPDATE agency SET purposes = $1, searches_a_day = $2, minimum_seconds = $3, searches_together = $4,
                     photographs_a_day = $5, photographs_together = $6 WHERE ori = $7",
                with![
                    rule.purposes.as_ref().map(|p| p.join(",")),
                    number(rule.searches_a_day),
                    number(rule.minimum_seconds),
                    number(rule.searches_together),
                    number(rule.photographs_a_day),
                    number(rule.photographs_together),
                    ori
                ],
            )?;
            let detail = json!({ "agency": ori, "purposes": rule.purposes, "searches_a_day": rule.searches_a_day,
                "minimum_seconds": rule.minimum_seconds, "searches_together": rule.searches_together,
                "photographs_a_day": rule.photographs_a_day, "photographs_together": rule.photographs_together });
            append_audit(db, "administrator", ori, "agency-rule", &detail)
        })
    }

    /// What an agency may do.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn agency_rule(&mut self, ori: &str) -> Result<AgencyRule, StoreError> {
        agency_rule(&mut *self.db, ori)
    }

    /// Last position of the outbox.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_seq(&mut self) -> Result<i64, StoreError> {
        Ok(one(&mut *self.db, "SELECT COALESCE(max(seq), 0) FROM outbox", &[], Row::next)?.unwrap_or(0))
    }

    /// Whether `position` is one of this store's outbox, or none yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn knows(&mut self, position: &Position) -> Result<bool, StoreError> {
        let sql = "SELECT mark FROM outbox WHERE seq = $1";
        let mark: Option<String> = one(&mut *self.db, sql, with![position.seq], Row::next)?;
        Ok(position.seq == 0 || mark.as_ref() == Some(&position.mark))
    }

    /// Enrols photographs: subject, record, template and outbox rows in one transaction, after the photographs are on
    /// the disk. What was expunged by order, or looks like it, is left out unless two people of the agency that had it
    /// expunged say otherwise.
    ///
    /// # Errors
    /// [`StoreError`]; then none of them is enrolled.
    pub fn enrol(&mut self, batch: &[Enrolment], despite: Option<&Override>) -> Result<Vec<Enrolled>, StoreError> {
        let Self { db, photos, .. } = self;
        write(&mut **db, |db| {
            let at = now();
            let secret = expunge::secret(db)?;
            let traces = expunge::Traces::load(db)?;
            let mut done = Vec::with_capacity(batch.len());
            // All records are of one model: the first says which.
            let first = one(db, "SELECT model FROM record ORDER BY record_id LIMIT 1", &[], Row::next)?;
            let first: Option<String> = first.or_else(|| batch.first().map(|e| e.model.clone()));
            for e in batch {
                if first.as_ref().is_some_and(|first| *first != e.model) {
                    return Err(StoreError::OtherModel {
                        enrolled: first.unwrap_or_default(),
                        offered: e.model.clone(),
                    });
                }
                let known: Option<i64> = one(
                    db,
                    "SELECT record_id FROM record JOIN subject USING (subject_no)
                     WHERE subject_id = $1 AND source_sha256 = $2 AND model = $3",
                    with![&e.subject, &e.source_sha256, &e.model],
                    Row::next,
                )?;
                if known.is_some() {
                    done.push(Enrolled::Known);
                    continue;
                }
                if let Some(standing) = expunge::ordered(db, &secret, &traces, e)? {
                    let may = |o: &&Override| match (&o.agency, &standing.agency) {
                        // Whether it is a copy, those who enrol it can see; whether an order holds, its agency knows.
                        _ if standing.resembles => true,
                        (Some(own), Some(theirs)) => own == theirs,
                        (Some(_), None) | (None, _) => true,
                    };
                    let Some(despite) = despite.filter(may) else {
                        let of = if standing.resembles { Enrolled::Resembles } else { Enrolled::Expunged };
                        done.push(of(standing.certificate));
                        continue;
                    };
                    let detail = json!({ "certificate_id": standing.certificate, "resembles": standing.resembles,
                        "by": despite.by, "second": despite.second });
                    let agency = despite.agency.as_deref().unwrap_or_default();
                    append_audit(db, &despite.by, agency, "enrolled-despite-order", &detail)?;
                }
                let subject = subject_no(db, &e.subject, &at)?;
                let key: Option<Vec<u8>> =
                    one(db, "SELECT key FROM subject_key WHERE subject_no = $1", with![subject], Row::next)?;
                let key = key.ok_or_else(|| StoreError::Photo("its subject has no key".to_owned()))?;
                // A record may have none: some sources hand over templates only.
                let photo = if e.photo.is_empty() { String::new() } else { photos.put(&key, &e.photo)? };
                let agency = e.agency.as_deref().map(|ori| agency_no(db, ori)).transpose()?;
                // Whom an agency hides stays hidden when it adds a photograph.
                let hidden: Option<String> = one(
                    db,
                    "SELECT suppressed_because FROM record WHERE subject_no = $1
                     AND COALESCE(agency_no, 0) = COALESCE(CAST($2 AS BIGINT), 0) AND suppressed_because IS NOT NULL LIMIT 1",
                    with![subject, agency],
                    Row::next,
                )?;
                let record: Option<i64> = one(
                    db,
                    "INSERT INTO record (subject_no, source_sha256, photo, captured_on, agency_no, model, enrolled_at,
                         suppressed_because) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING record_id",
                    with![
                        subject,
                        &e.source_sha256,
                        photo,
                        e.captured_on.clone(),
                        agency,
                        &e.model,
                        &at,
                        hidden.clone()
                    ],
                    Row::next,
                )?;
                let record = record.ok_or(StoreError::Column)?;
                db.execute(
                    "INSERT INTO template (record_id, value) VALUES ($1, $2)",
                    with![record, to_blob(&e.values)],
                )?;
                if hidden.is_none() {
                    db.execute("INSERT INTO outbox (record_id, op) VALUES ($1, 'add')", with![record])?;
                }
                done.push(Enrolled::New);
            }
            Ok(done)
        })
    }

    /// Takes a person's records out of every answer, or back in, an agency its own alone: the reversible form of
    /// expungement.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such person, or nothing to change; [`StoreError::OtherAgency`].
    pub fn suppress(&mut self, subject: &str, because: Option<&str>, by: Authority<'_>) -> Result<u64, StoreError> {
        write(&mut *self.db, |db| {
            let (no, own, _) = expunge::records_of(db, subject, by)?;
            let op = if because.is_some() { "remove" } else { "add" };
            let mut records = 0;
            for record in own {
                let changed = db.execute(
                    "UPDATE record SET suppressed_because = $1
                     WHERE record_id = $2 AND (suppressed_because IS NULL) = (CAST($3 AS BIGINT) = 1)",
                    with![because, record.id, i64::from(because.is_some())],
                )?;
                if changed > 0 {
                    db.execute("INSERT INTO outbox (record_id, op) VALUES ($1, $2)", with![record.id, op])?;
                    records += 1;
                }
            }
            if records == 0 {
                return Err(StoreError::Unknown("such person whose records could be changed so".to_owned()));
            }
            if because.is_some() {
                // Answers kept for repeated requests name subjects.
                db.execute("UPDATE request SET answer = '' WHERE answer <> ''", &[])?;
            }
            let action = if because.is_some() { "subject-suppressed" } else { "subject-restored" };
            let detail = json!({ "subject_no": no, "records": records, "because": because });
            append_audit(db, by.actor(), by.agency(), action, &detail)?;
            Ok(records)
        })
    }

    /// At most `most` changes after `applied`, in order, with the last position.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn changes(&mut self, applied: i64, model: &str, most: u32) -> Result<(Position, Vec<Change>), StoreError> {
        changes(&mut *self.db, applied, model, most)
    }

    /// Filters of a request as the index has them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn filter(&mut self, filters: &Filters) -> Result<Filter, StoreError> {
        let agencies = if filters.agencies.is_empty() {
            None
        } else {
            let mut known = Vec::new();
            for ori in &filters.agencies {
                let no: Option<i64> =
                    one(&mut *self.db, "SELECT agency_no FROM agency WHERE ori = $1", with![ori], Row::next)?;
                known.extend(no.and_then(|no| i32::try_from(no).ok()));
            }
            Some(known)
        };
        let day = |day: &Option<String>| day_number(day.as_deref());
        Ok(Filter { from: day(&filters.captured_from), until: day(&filters.captured_until), agencies })
    }

    /// What is in the gallery.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn stats(&mut self) -> Result<Stats, StoreError> {
        let models: Vec<ModelInfo> = self.model()?.into_iter().collect();
        let mut count = |sql: &str| -> Result<u64, StoreError> {
            Ok(one(&mut *self.db, sql, &[], Row::next::<i64>)?.unwrap_or(0) as u64)
        };
        Ok(Stats {
            subjects: count("SELECT count(*) FROM subject")?,
            templates: models.iter().map(|model| model.templates).sum(),
            suppressed: count("SELECT count(DISTINCT subject_no) FROM record WHERE suppressed_because IS NOT NULL")?,
            models,
            searches: count("SELECT count(*) FROM search")?,
            audit_rows: count("SELECT count(*) FROM audit")?,
        })
    }

    /// The model that the gallery is enrolled with.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn model(&mut self) -> Result<Option<ModelInfo>, StoreError> {
        let found = one(
            &mut *self.db,
            "SELECT model, CAST(length(value) / 4 AS BIGINT) FROM record JOIN template USING (record_id)
             ORDER BY record_id LIMIT 1",
            &[],
            |r| Ok((r.next::<String>()?, r.next::<i64>()?)),
        )?;
        let Some((id, dim)) = found else { return Ok(None) };
        let templates: i64 = one(&mut *self.db, "SELECT count(*) FROM record", &[], Row::next)?.unwrap_or(0);
        Ok(Some(ModelInfo { id, dim: dim as u32, templates: templates as u64 }))
    }

    /// Records a search's list and its answer, so that photographs can be served to it and repeats get the same:
    /// each row is looked up now, so nobody is listed whose record is gone.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when a record is gone since it was found: others may belong on the list in its place.
    pub fn record_list(
        &mut self,
        search: Uuid,
        token: &TokenHolder,
        hits: &[Hit],
        answer: impl FnOnce(Vec<Listed>) -> Result<String, StoreError>,
    ) -> Result<String, StoreError> {
        write(&mut *self.db, |db| {
            let mut listed = Vec::with_capacity(hits.len());
            for hit in hits {
                let found = one(
                    db,
                    "SELECT s.subject_id, r.captured_on, a.ori FROM record r
                     JOIN subject s ON s.subject_no = r.subject_no
                     LEFT JOIN agency a ON a.agency_no = r.agency_no
                     WHERE r.record_id = $1 AND r.suppressed_because IS NULL",
                    with![hit.record],
                    |r| Ok((r.next()?, r.next()?, r.next()?)),
                )?;
                let (subject, captured_on, agency) = found.ok_or(StoreError::Gone)?;
                let id = Uuid::new_v4();
                db.execute(
                    "INSERT INTO search_candidate (candidate_id, search_id, record_id, score) VALUES ($1, $2, $3, $4)",
                    with![id.to_string(), search.to_string(), hit.record, hit.score],
                )?;
                let others: Vec<i64> = all(
                    db,
                    "SELECT record_id FROM record WHERE subject_no = $1 AND record_id <> $2
                     AND suppressed_because IS NULL ORDER BY captured_on DESC NULLS LAST, record_id LIMIT $3",
                    with![hit.subject, hit.record, MAX_OTHER_PHOTOS],
                    Row::next,
                )?;
                let mut other_photos = Vec::with_capacity(others.len());
                for record in others {
                    let photo = Uuid::new_v4();
                    db.execute(
                        "INSERT INTO search_photo (photo_id, search_id, candidate_id, record_id) VALUES ($1, $2, $3, $4)",
                        with![photo.to_string(), search.to_string(), id.to_string(), record],
                    )?;
                    other_photos.push(photo);
                }
                listed.push(Listed { id, subject, score: hit.score, captured_on, agency, other_photos });
            }
            let detail = json!({ "search_id": search, "candidates": listed.len() });
            append_audit(db, &token.user, &token.agency, "search-answered", &detail)?;
            let answer = answer(listed)?;
            db.execute("UPDATE request SET answer = $1 WHERE search_id = $2", with![&answer, search.to_string()])?;
            Ok(answer)
        })
    }

    /// Photographs of a person, for another system; who takes them out is on the audit.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such person or no photograph.
    pub fn portraits(&mut self, subject: &str, actor: &str) -> Result<Vec<Portrait>, StoreError> {
        let Self { db, photos, .. } = self;
        let rows = write(&mut **db, |db| {
            let rows: Vec<(String, Vec<u8>, Portrait)> = all(
                db,
                "SELECT r.photo, k.key, r.captured_on, a.ori FROM record r
                 JOIN subject s ON s.subject_no = r.subject_no
                 JOIN subject_key k ON k.subject_no = r.subject_no
                 LEFT JOIN agency a ON a.agency_no = r.agency_no
                 WHERE s.subject_id = $1 AND r.suppressed_because IS NULL AND r.photo <> '' ORDER BY r.record_id",
                with![subject],
                |r| {
                    let (name, key) = (r.next()?, r.next()?);
                    Ok((name, key, Portrait { photo: Vec::new(), captured_on: r.next()?, agency: r.next()? }))
                },
            )?;
            if rows.is_empty() {
                return Err(StoreError::Unknown("photograph of such a subject".to_owned()));
            }
            let detail = json!({ "subject_id": subject, "photographs": rows.len() });
            append_audit(db, actor, "", "subject-exported", &detail)?;
            Ok(rows)
        })?;
        rows.into_iter().map(|(name, key, rest)| Ok(Portrait { photo: photos.get(&key, &name)?, ..rest })).collect()
    }

    /// Candidates of a search whose records were expunged or suppressed since; `None` when `token` made no such search.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn withdrawn(&mut self, search: &str, token: &TokenHolder) -> Result<Option<Vec<String>>, StoreError> {
        let own: Option<String> = one(
            &mut *self.db,
            "SELECT search_id FROM search WHERE search_id = $1 AND agency = $2 AND holder = $3",
            with![search, &token.agency, &token.user],
            Row::next,
        )?;
        let Some(search) = own else { return Ok(None) };
        let gone = all(
            &mut *self.db,
            "SELECT c.candidate_id FROM search_candidate c
             LEFT JOIN record r ON r.record_id = c.record_id AND r.suppressed_because IS NULL
             WHERE c.search_id = $1 AND r.record_id IS NULL ORDER BY c.candidate_id",
            with![search],
            Row::next,
        )?;
        Ok(Some(gone))
    }

    /// Another connection, which reads beside this one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reader(&self) -> Result<Reader, StoreError> {
        Ok(Reader(self.db.reader()?))
    }
}

impl Reader {
    /// Whether this photograph of this person is enrolled with `model`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn knows(&mut self, subject: &str, source_sha256: &str, model: &str) -> Result<bool, StoreError> {
        let known: Option<i64> = one(
            &mut *self.0,
            "SELECT record_id FROM record JOIN subject USING (subject_no)
             WHERE subject_id = $1 AND source_sha256 = $2 AND model = $3",
            with![subject, source_sha256, model],
            Row::next,
        )?;
        Ok(known.is_some())
    }

    /// As [`Store::changes`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn changes(&mut self, applied: i64, model: &str, most: u32) -> Result<(Position, Vec<Change>), StoreError> {
        changes(&mut *self.0, applied, model, most)
    }

    /// Calls `tell` with the template of each of `records` that is there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn templates(&mut self, records: &[i64], tell: &mut dyn FnMut(i64, &[f32])) -> Result<(), StoreError> {
        for some in records.chunks(256) {
            let list = some.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
            let sql = format!("SELECT record_id, value FROM template WHERE record_id IN ({list})");
            self.0.query(&sql, &[], &mut |mut row| {
                let (record, value): (_, Vec<u8>) = (row.next()?, row.next()?);
                tell(record, &from_blob(&value));
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// At most `most` changes after `applied`, in order, with the last position.
fn changes(db: &mut dyn Database, applied: i64, model: &str, most: u32) -> Result<(Position, Vec<Change>), StoreError> {
    let (mut last, mut changes) = (Position { seq: applied, ..Position::default() }, Vec::new());
    db.query(
        // Joined one by one: a joined pair in brackets would be made anew, whole, for each page.
        "SELECT o.seq, o.mark, o.record_id, r.subject_no, r.captured_on, r.agency_no, t.value
             FROM outbox o
             LEFT JOIN record r ON r.record_id = o.record_id AND r.model = $1 AND r.suppressed_because IS NULL
             LEFT JOIN template t ON t.record_id = r.record_id
         WHERE o.seq > $2 ORDER BY o.seq LIMIT $3",
        with![model, applied, i64::from(most)],
        &mut |mut row| {
            last = Position { seq: row.next()?, mark: row.next()? };
            let record = row.next()?;
            let subject: Option<i64> = row.next()?;
            // Whatever the row says, what counts is whether the record is there now.
            let (Some(subject), day, agency, Some(value)) =
                (subject, row.next::<Option<String>>()?, row.next::<Option<i64>>()?, row.next::<Option<Vec<u8>>>()?)
            else {
                changes.push(Change::Remove(record));
                return Ok(());
            };
            let agency = agency.and_then(|no| i32::try_from(no).ok()).unwrap_or(0);
            let entry = Entry { record, subject, day: day_number(day.as_deref()), agency };
            changes.push(Change::Add(entry, from_blob(&value)));
            Ok(())
        },
    )?;
    Ok((last, changes))
}

fn agency_rule(db: &mut dyn Database, ori: &str) -> Result<AgencyRule, StoreError> {
    let rule = one(
        db,
        "SELECT purposes, searches_a_day, minimum_seconds, searches_together, photographs_a_day, photographs_together
         FROM agency WHERE ori = $1",
        with![ori],
        |r| {
            let purposes: Option<String> = r.next()?;
            let number = |n: Option<i64>| n.and_then(|n| u32::try_from(n).ok());
            Ok(AgencyRule {
                purposes: purposes.map(|p| p.split(',').map(str::to_owned).collect()),
                searches_a_day: number(r.next()?),
                minimum_seconds: number(r.next()?),
                searches_together: number(r.next()?),
                photographs_a_day: number(r.next()?),
                photographs_together: number(r.next()?),
            })
        },
    )?;
    Ok(rule.unwrap_or_default())
}

fn subject_no(db: &mut dyn Database, subject: &str, at: &str) -> Result<i64, StoreError> {
    let known = one(db, "SELECT subject_no FROM subject WHERE subject_id = $1", with![subject], Row::next)?;
    if let Some(known) = known {
        return Ok(known);
    }
    let fresh = one(
        db,
        "INSERT INTO subject (subject_id, created_at) VALUES ($1, $2) RETURNING subject_no",
        with![subject, at],
        Row::next,
    )?;
    let fresh: i64 = fresh.ok_or(StoreError::Column)?;
    let mut key = vec![0; 32];
    getrandom::fill(&mut key).map_err(StoreError::Random)?;
    db.execute("INSERT INTO subject_key (subject_no, key) VALUES ($1, $2)", with![fresh, key])?;
    Ok(fresh)
}

fn agency_no(db: &mut dyn Database, ori: &str) -> Result<i64, StoreError> {
    if let Some(known) = one(db, "SELECT agency_no FROM agency WHERE ori = $1", with![ori], Row::next)? {
        return Ok(known);
    }
    one(db, "INSERT INTO agency (ori) VALUES ($1) RETURNING agency_no", with![ori], Row::next)?
        .ok_or(StoreError::Column)
}

fn append_audit(
    db: &mut dyn Database,
    actor: &str,
    agency: &str,
    action: &str,
    detail: &Json,
) -> Result<(), StoreError> {
    let last =
        one(db, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", &[], |r| Ok(Chain::at(r.next()?, r.next()?)))?;
    let (at, actor, agency, detail) = (now(), one_line(actor), one_line(agency), detail.to_string());
    let (seq, hash) = last.unwrap_or_default().next(&[&at, &actor, &agency, action, &detail]);
    db.execute(
        "INSERT INTO audit (seq, at, actor, agency, action, detail, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        with![seq, at, actor, agency, action, detail, hash],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests;
