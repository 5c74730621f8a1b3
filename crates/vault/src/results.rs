//! What came of approved notes, and the operations that cases belong to.

use catalogue::say;
use rusqlite::{OptionalExtension, params};
use serde_json::json;

use casework::{
    CaseId, Concern, InvestigativeResult, NoteContent, NoteId, Operation, RESULT_SCHEMA, ResultContent, ReviewContent,
};

use crate::audit::append;
use crate::error::VaultError;
use crate::rows::{clock_runs_on, signed_rows};
use crate::signed::{Signed, sign};
use crate::signers::signed_by;
use crate::stated::Stated;
use crate::unproven::first;
use crate::vault::Vault;

/// What the audit calls that a result was recorded.
const RECORDED: &str = "result-recorded";
/// What it calls one that every supervisor and auditor is told of.
pub(crate) const MISIDENTIFIED: &str = "misidentification-recorded";
/// The same of one that was recorded at another workstation of the department.
pub(crate) const MISIDENTIFIED_ELSEWHERE: &str = "misidentification-told";

impl Vault {
    /// The results of a note, oldest first, each proved as it is read.
    pub(crate) fn results_of(
        &self,
        (note, sha256): (&NoteContent, &str),
        reviews: &[ReviewContent],
        home: &str,
    ) -> Result<Vec<ResultContent>, VaultError> {
        let query = "SELECT content, '', signature, public_key FROM result WHERE note_id = ?1 ORDER BY number";
        let broken = |why: String| VaultError::NotProven { what: "result", why };
        let rows = signed_rows(&self.db, query, note.id)?;
        if !rows.iter().map(|row| &row.sha256).eq(&self.results_audited(note.id)?) {
            return Err(broken(say!("vault-results-other-than-audit").to_owned()));
        }
        let mut results: Vec<ResultContent> = Vec::new();
        for signed in rows {
            let result = prove_result(&signed, (note, sha256), reviews, &results, home).map_err(broken)?;
            self.signed_by_recorder(&signed.sha256, &result).map_err(broken)?;
            results.push(result);
        }
        Ok(results)
    }

    /// What the audit has of results of a note, oldest first: their hashes.
    fn results_audited(&self, note: NoteId) -> Result<Vec<String>, VaultError> {
        let mut query = self.db.prepare_cached(
            "SELECT detail ->> '$.sha256' FROM audit WHERE action = ?1 AND detail ->> '$.note' = ?2 ORDER BY seq",
        )?;
        Ok(query.query_map([RECORDED, &note.to_string()], |r| r.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Whether whoever recorded a result signed it, where there is a department.
    fn signed_by_recorder(&self, sha256: &str, result: &ResultContent) -> Result<(), String> {
        let Some(chain) = self.department() else { return Ok(()) };
        let mut signed = Err(say!("vault-result-unsigned").to_owned());
        for text in self.statements(Stated::Result, sha256).map_err(|e| e.to_string())? {
            let (_, statement) = crate::signers::read_statement(&text).map_err(|e| e.said)?;
            let of = (sha256, &result.recorded_by, result.recorded_at);
            signed = signed_by(chain, &statement, Stated::Result, of).map(drop);
        }
        signed
    }

    /// Stores a result, signed. One that the auditor looks at is referred in the same transaction.
    ///
    /// # Errors
    /// [`VaultError`]; the database refuses one of a note that nobody approved.
    pub fn put_result(&mut self, result: &InvestigativeResult, note: &NoteContent) -> Result<(), VaultError> {
        let content = result.content();
        let signed = sign(&self.signing, &content.schema, result)?;
        let (by, case) = (Some(&content.recorded_by), note.case.id());
        self.write(|db| {
            clock_runs_on(db, content.recorded_at)?;
            db.execute(
                "INSERT INTO result (result_id, note_id, number, content, signature, public_key)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    content.id.to_string(),
                    content.note.to_string(),
                    content.number,
                    signed.text,
                    signed.signature,
                    signed.public_key
                ],
            )?;
            let detail = json!({
                "note": content.note, "case": case, "result": content.id, "kind": content.kind, "sha256": signed.sha256,
            });
            append(db, by, content.recorded_at, RECORDED, &detail)?;
            if !content.concerns.is_empty() {
                let reasons: Vec<&str> = content.concerns.iter().map(|concern| concern.in_words()).collect();
                let detail =
                    json!({ "note": content.note, "case": case, "result": content.id, "reasons": reasons, "by": "program" });
                append(db, by, content.recorded_at, "referred-to-audit", &detail)?;
            }
            if content.concerns.contains(&Concern::WrongPerson) {
                let detail = json!({
                    "note": content.note, "case": case, "result": content.id, "number": note.case.number(),
                });
                append(db, by, content.recorded_at, MISIDENTIFIED, &detail)?;
            }
            Ok(())
        })?;
        self.state(Stated::Result, &signed.sha256, &content.recorded_by, content.recorded_at)
    }

    /// The operation that a case belongs to, if one was ever named.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn operation(&self, case: CaseId) -> Result<Option<Operation>, VaultError> {
        let last = "SELECT content FROM operation WHERE case_id = ?1 ORDER BY number DESC LIMIT 1";
        let text: Option<String> = self.db.query_row(last, [case.to_string()], |r| r.get(0)).optional()?;
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    /// Names the operation that a case belongs to from now on. A name that speaks of an assembly or a belief is referred.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn put_operation(&mut self, case: CaseId, operation: &Operation) -> Result<(), VaultError> {
        let flags: Vec<String> = operation.flags().iter().map(|flag| flag.in_words()).collect();
        self.write(|db| {
            db.execute(
                "INSERT INTO operation (case_id, content) VALUES (?1, ?2)",
                params![case.to_string(), serde_json::to_string(operation)?],
            )?;
            let detail = json!({ "case": case, "operation": operation.name });
            append(db, Some(&operation.by), operation.at, "operation-named", &detail)?;
            if flags.is_empty() {
                return Ok(());
            }
            let detail = json!({ "case": case, "reasons": flags, "by": "program" });
            append(db, Some(&operation.by), operation.at, "referred-to-audit", &detail)
        })
    }

    /// Names of operations, in the order of the alphabet.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn operations(&self) -> Result<Vec<String>, VaultError> {
        let mut query = self.db.prepare(
            "SELECT DISTINCT json_extract(o.content, '$.name') FROM operation o
             WHERE o.number = (SELECT max(number) FROM operation WHERE case_id = o.case_id)
               AND json_extract(o.content, '$.name') <> '' ORDER BY 1",
        )?;
        Ok(query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?)
    }
}

/// The one proof of a result: text, hash, signature, key, place among the note's, and every answer worked out again.
fn prove_result(
    signed: &Signed,
    note: (&NoteContent, &str),
    reviews: &[ReviewContent],
    earlier: &[ResultContent],
    home: &str,
) -> Result<ResultContent, String> {
    if signed.public_key != home {
        return Err(say!("vault-signed-another-key-than-note").to_owned());
    }
    let result: ResultContent = signed.prove(RESULT_SCHEMA).map_err(String::from)?;
    result.proven(note, reviews, earlier).map_err(|gaps| first(&gaps))?;
    Ok(result)
}
