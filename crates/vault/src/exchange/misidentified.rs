//! That the wrong person was taken for the one on an image is told at every workstation of the department.

use catalogue::say;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::json;

use casework::{Moment, NoteId, PersonRef, ResultContent};

use super::around::Around;
use super::package::{Content, Files, Filled, Taken};
use crate::audit::append;
use crate::error::VaultError;
use crate::hashing::sha256;
use crate::results::MISIDENTIFIED_ELSEWHERE;
use crate::rows::parse_id;
use crate::signers::Owed;
use crate::stated::Stated;
use crate::vault::Vault;

/// Most characters of a case number that is told.
const MAX_NUMBER: usize = 100;

/// A misidentification that was recorded at the sender: nothing of its account, which is the case's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Misidentified {
    /// The number of the case.
    number: String,
    /// SHA-256 of the result, which whoever recorded it signed.
    record: String,
    by: PersonRef,
    at: Moment,
    statements: Vec<String>,
}

impl Vault {
    /// Tells the other workstations of the department, once, of each misidentification that was recorded here and stands.
    pub(super) fn pack_misidentified(&mut self, filled: &mut Filled, at: Moment) -> Result<(), VaultError> {
        let others = self.workstations_of_department()?;
        let mut query = self.db.prepare(
            "SELECT note_id, content FROM result WHERE content ->> '$.kind' = 'misidentification' AND public_key = ?1
               AND result_id NOT IN (SELECT content ->> '$.corrects' FROM result WHERE content ->> '$.corrects' IS NOT NULL)
             ORDER BY rowid",
        )?;
        let rows = query.query_map([self.card("").signs], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        drop(query);
        for (note, text) in rows {
            let (note, result): (NoteId, ResultContent) = (parse_id(&note)?, serde_json::from_str(&text)?);
            let record = sha256(text.as_bytes());
            // One that was recorded before there was a department is nobody's signed word.
            let statements = self.statements(Stated::Result, &record)?;
            if statements.is_empty() {
                continue;
            }
            for to in &others {
                if self.is_packed(&to.signs, "misidentified", result.id.0)? {
                    continue;
                }
                let told = Misidentified {
                    number: self.note(note)?.content.case.number().to_string(),
                    statements: statements.clone(),
                    record: record.clone(),
                    by: result.recorded_by.clone(),
                    at: result.recorded_at,
                };
                let content = Content::Misidentified { told };
                match self.put_package(result.id.0, &to.signs, content, Vec::new(), Files::None, at) {
                    Ok(_) => filled.made += 1,
                    Err(error) => filled.left.push(error),
                }
            }
        }
        Ok(())
    }
}

impl Around<'_> {
    /// A lead of another workstation was a misidentification: supervisors and auditors read of it here too.
    pub(super) fn take_misidentified(&self, db: &Connection, told: &Misidentified) -> Result<Taken, VaultError> {
        let Misidentified { number, record, by, at, statements } = told;
        let owed = Owed { stated: Stated::Result, record: record.clone(), person: by.clone(), at: *at };
        let proven = number.chars().count() <= MAX_NUMBER && self.keep_statements(db, &[owed], statements)? == 1;
        // A name is as the department had it then, and not as it is claimed.
        let then = self.chain.and_then(|chain| chain.at(*at)).filter(|_| proven);
        let Some(by) = then.and_then(|then| then.roster().member(by.id)).map(|member| member.person.reference()) else {
            return self.void(db, self.package, say!("vault-misidentification-unproven").to_owned());
        };
        let detail = json!({ "number": number, "sha256": record, "by": by, "recorded_at": at });
        append(db, None, self.at, MISIDENTIFIED_ELSEWHERE, &detail)?;
        Ok(Taken::Told)
    }
}
