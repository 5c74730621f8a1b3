//! A purge: one transaction after which nothing of a case is here but its certificate, its hashes and its audit.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use serde_json::json;

use casework::{CERTIFICATE_SCHEMA, CaseId, CertificateContent, Confirmed, Gone, Moment, PersonRef, PurgePermit};

use super::standing::Standing;
use super::{keeping, photographs, scrub};
use crate::audit::append;
use crate::error::VaultError;
use crate::hashing::{canonical, measure, sha256};
use crate::rows::{clock_runs_on, parse_moment, signed_row};
use crate::signed::{Signed, sign};
use crate::stated::{Stated, handover_signed, verification_sha256, work_sha256};
use crate::vault::Vault;

/// What the audit calls that somebody looked at what would go.
const PREVIEWED: &str = "purge-previewed";
/// What it calls a purge.
pub(crate) const PURGED: &str = "case-purged";

/// Whether a case was purged.
pub(crate) fn is_purged(db: &Connection, case: CaseId) -> Result<bool, VaultError> {
    Ok(db.prepare_cached("SELECT 1 FROM purged WHERE case_id = ?1")?.exists([case.to_string()])?)
}

/// Packages about a case, a note of it, a request, or what came of it.
const ABOUT: &str =
    "SELECT rowid FROM outbox WHERE (about = ?1 OR about IN (SELECT note_id FROM sealed_note WHERE case_id = ?1)
     OR about IN (SELECT request_id FROM verification_asked WHERE case_id = ?1)
     OR about IN (SELECT result_id FROM result JOIN sealed_note USING (note_id) WHERE case_id = ?1))";

/// Rows of a case that go, by kind: texts of which the hash is told.
const TEXTS: [(&str, &str); 8] = [
    ("note", "SELECT content FROM sealed_note WHERE case_id = ?1"),
    ("review", "SELECT r.content FROM review r JOIN sealed_note n USING (note_id) WHERE n.case_id = ?1"),
    ("review", "SELECT r.content FROM further_review r JOIN sealed_note n USING (note_id) WHERE n.case_id = ?1"),
    ("addendum", "SELECT a.content FROM addendum a JOIN sealed_note n USING (note_id) WHERE n.case_id = ?1"),
    ("result", "SELECT r.content FROM result r JOIN sealed_note n USING (note_id) WHERE n.case_id = ?1"),
    ("operation", "SELECT content FROM operation WHERE case_id = ?1"),
    ("verification-request", "SELECT content FROM verification_asked WHERE case_id = ?1"),
    (
        "verification-reply",
        "SELECT r.content FROM verification_reply r JOIN verification_asked a USING (request_id) WHERE a.case_id = ?1",
    ),
];

/// What is removed, in an order that leaves no row without the one that it refers to. The first parameter is the case.
const REMOVED: [&str; 16] = [
    "DELETE FROM verification_reply WHERE request_id IN (SELECT request_id FROM verification_asked WHERE case_id = ?1)",
    "DELETE FROM verification_asked WHERE case_id = ?1",
    "DELETE FROM review WHERE note_id IN (SELECT note_id FROM sealed_note WHERE case_id = ?1)",
    "DELETE FROM further_review WHERE note_id IN (SELECT note_id FROM sealed_note WHERE case_id = ?1)",
    "DELETE FROM addendum WHERE note_id IN (SELECT note_id FROM sealed_note WHERE case_id = ?1)",
    "DELETE FROM result WHERE note_id IN (SELECT note_id FROM sealed_note WHERE case_id = ?1)",
    "DELETE FROM operation WHERE case_id = ?1",
    "DELETE FROM sealed_note WHERE case_id = ?1",
    "DELETE FROM keeping WHERE case_id = ?1",
    "DELETE FROM list_photograph WHERE case_id = ?1",
    "DELETE FROM withdrawn_news WHERE case_id = ?1",
    "DELETE FROM case_came WHERE case_id = ?1",
    "DELETE FROM original WHERE case_id = ?1",
    "DELETE FROM case_part WHERE case_id = ?1",
    "DELETE FROM case_key WHERE case_id = ?1",
    "DELETE FROM case_file WHERE case_id = ?1",
];

impl Vault {
    /// Everything of a case that a purge would remove, in order; a part by the hash of what lies there sealed, so that nobody guesses
    /// from it what was typed.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn what_goes(&self, standing: &Standing) -> Result<Vec<Gone>, VaultError> {
        let (case, db) = (standing.file.id.to_string(), &self.db);
        let mut gone = Vec::new();
        let mut tell = |kind: &str, sha256: String, bytes: u64| {
            gone.push(Gone { kind: kind.to_owned(), sha256, bytes });
        };
        for (kind, query) in TEXTS {
            let mut query = db.prepare_cached(query)?;
            for text in query.query_map([&case], |r| r.get::<_, String>(0))? {
                let text = text?;
                tell(kind, sha256(&text), text.len() as u64);
            }
        }
        for row in keeping::rows(db, standing.file.id)? {
            tell("keeping", row.sha256, row.text.len() as u64);
        }
        let mut query = db.prepare_cached("SELECT content FROM case_part WHERE case_id = ?1")?;
        for part in query.query_map([&case], |r| r.get::<_, Vec<u8>>(0))? {
            let part = part?;
            tell("part", sha256(&part), part.len() as u64);
        }
        let mut query = db.prepare_cached(
            "SELECT kind, sha256, length FROM original WHERE case_id = ?1
             UNION ALL SELECT 'candidate', sha256, length FROM list_photograph WHERE case_id = ?1",
        )?;
        for row in query.query_map([&case], |r| Ok((r.get::<_, String>(0)?, r.get(1)?, r.get::<_, i64>(2)?)))? {
            let (kind, sha256, length) = row?;
            tell(&kind, sha256, length.unsigned_abs());
        }
        let mut query = db.prepare_cached(ABOUT)?;
        for row in query.query_map([&case], |r| r.get::<_, i64>(0))? {
            let blob = db.blob_open("main", "outbox", "bytes", row?, true)?;
            let (sha256, bytes) = measure(blob, std::io::sink()).map_err(|e| VaultError::Unreadable(e.to_string()))?;
            tell("package", sha256, bytes);
        }
        let mut query = db.prepare_cached("SELECT length(file) FROM statement WHERE record = ?1 ORDER BY person_id")?;
        for record in self.signed_of(standing)? {
            for length in query.query_map([&record], |r| r.get::<_, i64>(0))? {
                tell("statement", record.clone(), length?.unsigned_abs());
            }
        }
        gone.sort();
        Ok(gone)
    }

    /// SHA-256 of what is to be confirmed before it goes.
    ///
    /// # Errors
    /// [`VaultError::Record`].
    pub fn preview_sha256(gone: &[Gone]) -> Result<String, VaultError> {
        Ok(sha256(canonical(&gone)?))
    }

    /// Records of a case that people signed, by their SHA-256.
    fn signed_of(&self, standing: &Standing) -> Result<BTreeSet<String>, VaultError> {
        let (record, mut found) = (standing.record(), BTreeSet::new());
        let file = record.file;
        found.extend(self.moves_signed(file.id)?);
        for handover in &file.history.handed_over {
            found.insert(handover_signed(handover)?.1);
        }
        let aside = file.history.set_aside.iter().map(|aside| &aside.examination);
        for examination in file.examination.iter().chain(aside) {
            found.insert(work_sha256(examination.work())?);
            if let Some(verification) = examination.verification() {
                found.extend(verification_sha256(verification).ok());
                found.insert(work_sha256(&verification.work)?);
            }
        }
        for note in self.notes_of(file.id)? {
            let owed = crate::signers::owed_by_note(&note.content, &note.signed.sha256);
            found.extend(owed.unwrap_or_default().into_iter().map(|owed| owed.record));
            let mut results = self.db.prepare_cached("SELECT content FROM result WHERE note_id = ?1")?;
            let texts = results.query_map([note.content.id.to_string()], |r| r.get::<_, String>(0))?;
            found.extend(texts.collect::<Result<Vec<_>, _>>()?.into_iter().map(sha256));
            found.extend(note.signed_reviews.iter().map(|review| review.sha256.clone()));
            found.extend(self.signed_addenda(note.content.id)?.into_iter().map(|addendum| addendum.sha256));
        }
        found.extend(keeping::rows(&self.db, file.id)?.into_iter().map(|row| row.sha256));
        Ok(found)
    }

    /// Notes that somebody looked at what would go: the SHA-256 of [`Vault::preview_sha256`].
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn previewed(&mut self, case: CaseId, sha256: &str, by: &PersonRef, at: Moment) -> Result<(), VaultError> {
        let detail = json!({ "case": case, "sha256": sha256 });
        self.write(|db| append(db, Some(by), at, PREVIEWED, &detail))
    }

    /// Who looked last at exactly what would go, and when.
    ///
    /// # Errors
    /// [`VaultError::NotProven`] where nobody did.
    pub fn previewed_by(&self, case: CaseId, sha256: &str, people: &[PersonRef]) -> Result<Confirmed, VaultError> {
        let mut query = self.db.prepare(
            "SELECT at, person FROM audit WHERE action = ?1 AND detail ->> '$.case' = ?2 AND detail ->> '$.sha256' = ?3
             ORDER BY seq DESC",
        )?;
        let rows = query.query_map(params![PREVIEWED, case.to_string(), sha256], |r| Ok((r.get(0)?, r.get(1)?)))?;
        for row in rows {
            let (at, person): (String, String) = row?;
            // The audit ends a person's name with their identity.
            let who = people.iter().find(|one| person.ends_with(&format!("({})", one.id)));
            if let Some(who) = who {
                return Ok(Confirmed { by: who.clone(), at: parse_moment(&at)? });
            }
        }
        let why = catalogue::say!("vault-purge-not-looked-at").to_owned();
        Err(VaultError::NotProven { what: "purge", why })
    }

    /// Purges a case: all of it that the permit names, which must be all that there is. One transaction; what it leaves is the
    /// certificate, which it gives. [`Vault::scrub`] is owed from then on.
    ///
    /// # Errors
    /// [`VaultError`]; then nothing went.
    pub fn purge(&mut self, permit: &PurgePermit) -> Result<Signed, VaultError> {
        match self.db.is_autocommit() {
            true => self.act(|v| v.purge_within(permit)),
            false => self.purge_within(permit),
        }
    }

    fn purge_within(&mut self, permit: &PurgePermit) -> Result<Signed, VaultError> {
        let content = permit.content();
        let (case, at) = (content.case, content.confirmed.at);
        let standing = self.standing(case)?;
        if self.what_goes(&standing)? != content.gone {
            let why = catalogue::say!("vault-purge-changed-since").to_owned();
            return Err(VaultError::NotProven { what: "purge", why });
        }
        let signed = sign(&self.signing, CERTIFICATE_SCHEMA, content)?;
        // Figures over a year count what was purged within it: no name, no picture, no account.
        let digest = match self.home(case)? {
            None => self.digest_of(&standing.file)?.map(|digest| serde_json::to_string(&digest)).transpose()?,
            Some(_) => None,
        };
        let statements: Vec<&String> =
            content.gone.iter().filter(|gone| gone.kind == "statement").map(|gone| &gone.sha256).collect();
        self.write(|db| {
            clock_runs_on(db, at)?;
            db.execute(
                "INSERT INTO purged (case_id, sha256, content, signature, public_key, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![case.to_string(), signed.sha256, signed.text, signed.signature, signed.public_key, digest],
            )?;
            db.execute(&format!("DELETE FROM outbox WHERE rowid IN ({ABOUT})"), [case.to_string()])?;
            for record in statements {
                db.execute("DELETE FROM statement WHERE record = ?1", [record])?;
            }
            for removed in REMOVED {
                db.execute(removed, [case.to_string()])?;
            }
            scrub::owe(db)?;
            let bytes: u64 = content.gone.iter().map(|gone| gone.bytes).sum();
            let detail = json!({ "case": case, "sha256": signed.sha256, "gone": content.gone.len(), "bytes": bytes });
            append(db, Some(&content.confirmed.by), at, PURGED, &detail)
        })?;
        self.state(Stated::Purge, &signed.sha256, &content.confirmed.by, at)?;
        Ok(signed)
    }

    /// Certificates of purged cases, newest first.
    ///
    /// # Errors
    /// [`VaultError::NotProven`] for one that this workstation did not sign.
    pub fn certificates(&self) -> Result<Vec<Signed>, VaultError> {
        let mut query =
            self.db.prepare("SELECT content, sha256, signature, public_key FROM purged ORDER BY rowid DESC")?;
        let rows = query.query_map([], signed_row)?;
        rows.map(|row| {
            let row = row?;
            row.signed_as(CERTIFICATE_SCHEMA)
                .map_err(|why| VaultError::NotProven { what: "certificate", why: why.said })?;
            Ok(row)
        })
        .collect()
    }

    /// When a case was purged last, or a photograph withdrawn, as a position in the audit.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn last_purge(&self) -> Result<i64, VaultError> {
        let sql = "SELECT coalesce(max(seq), 0) FROM audit WHERE action IN (?1, ?2)";
        Ok(self.db.query_row(sql, [PURGED, photographs::REMOVED], |r| r.get(0))?)
    }

    /// The certificate of a purged case as a file, with who let it go and the department's documents (`docs/formats/purge-certificate.md`).
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn export_certificate(&self, case: CaseId) -> Result<String, VaultError> {
        let wanted = |signed: &Signed| {
            let content: Option<CertificateContent> = serde_json::from_str(&signed.text).ok();
            content.is_some_and(|content| content.case == case)
        };
        let signed = self.certificates()?.into_iter().find(wanted).ok_or(VaultError::Unknown("certificate"))?;
        let (mut department, mut statements, mut root) = (Vec::new(), Vec::new(), None);
        if let Some(chain) = self.department() {
            root = Some(chain.root().to_string());
            department = self.documents()?;
            statements = self.statements(Stated::Purge, &signed.sha256)?;
        }
        super::certificate::write(signed, root, department, statements)
    }
}
