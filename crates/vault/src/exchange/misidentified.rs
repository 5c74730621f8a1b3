//! That the wrong person was taken for the one on an image is told at every workstation of the department.

use catalogue::say;
use rusqlite::Connection;
use serde_json::json;

use casework::{Moment, NoteContent, ResultContent, ResultId};
use department::Card;

use super::around::Around;
use super::package::{Content, Files, Filled, Misidentified, Taken, unfit};
use super::verification::statement_of;
use crate::audit::append;
use crate::error::VaultError;
use crate::hashing::sha256;
use crate::results::MISIDENTIFIED_ELSEWHERE;
use crate::signers::Owed;
use crate::stated::Stated;
use crate::vault::Vault;

/// Most characters of a case number that is told.
const MAX_NUMBER: usize = 100;

impl Vault {
    /// Tells the other workstations of the department, once, of each misidentification that was recorded here and stands.
    pub(super) fn pack_misidentified(&mut self, filled: &mut Filled, at: Moment) -> Result<(), VaultError> {
        let others = self.workstations_of_department()?;
        let mut query = self.db.prepare(
            "SELECT content FROM result WHERE content ->> '$.kind' = 'misidentification' AND public_key = ?1
               AND result_id NOT IN (SELECT content ->> '$.corrects' FROM result WHERE content ->> '$.corrects' IS NOT NULL)
             ORDER BY rowid",
        )?;
        let rows = query.query_map([self.card("").signs], |r| r.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        drop(query);
        for text in rows {
            // One that cannot be told holds nothing else up.
            let packed = self
                .told_of(&text)
                .and_then(|told| told.map_or(Ok(0), |(result, told)| self.pack_told(result, &told, &others, at)));
            match packed {
                Ok(made) => filled.made += made,
                Err(error) => filled.left.push(error),
            }
        }
        Ok(())
    }

    /// What is told of a result. Nothing of one that was recorded before there was a department: it is nobody's signed word.
    fn told_of(&self, text: &str) -> Result<Option<(ResultId, Misidentified)>, VaultError> {
        let result: ResultContent = serde_json::from_str(text)?;
        let record = sha256(text.as_bytes());
        let statements = self.statements(Stated::Result, &record)?;
        if statements.is_empty() {
            return Ok(None);
        }
        let note = "SELECT content FROM sealed_note WHERE note_id = ?1";
        let note: String = self.db.query_row(note, [result.note.to_string()], |r| r.get(0))?;
        let number = serde_json::from_str::<NoteContent>(&note)?.case.number().to_string();
        let number = number.chars().take(MAX_NUMBER).collect();
        let (by, at) = (result.recorded_by, result.recorded_at);
        Ok(Some((result.id, Misidentified { number, record, by, at, statements })))
    }

    fn pack_told(
        &mut self,
        result: ResultId,
        told: &Misidentified,
        others: &[Card],
        at: Moment,
    ) -> Result<usize, VaultError> {
        let mut made = 0;
        for to in others {
            if !self.is_packed(&to.signs, "misidentified", result.0)? {
                let content = Content::Misidentified { told: told.clone() };
                self.put_package(result.0, &to.signs, content, Vec::new(), Files::None, at)?;
                made += 1;
            }
        }
        Ok(made)
    }
}

impl Around<'_> {
    /// A lead of another workstation was a misidentification: supervisors and auditors read of it here too.
    pub(super) fn take_misidentified(&self, db: &Connection, told: &Misidentified) -> Result<Taken, VaultError> {
        let Misidentified { number, record, by, at, statements } = told;
        let owed = Owed { stated: Stated::Result, record: record.clone(), person: by.clone(), at: *at };
        if !self.is_from_department() {
            // It comes again, and the roster may be known then.
            return Err(unfit(say!("vault-misidentification-unproven")));
        }
        // One by a roster that is not known here yet comes again too.
        for text in statements {
            statement_of(self.chain()?, Stated::Result, text)?.ok();
        }
        let kept = match self.keep_statements(db, &[owed], statements) {
            Err(VaultError::Package(_)) => 0,
            kept => kept?,
        };
        let proven = number.chars().count() <= MAX_NUMBER && kept == 1;
        // A name is as the department had it then, and not as it is claimed.
        let then = self.chain.and_then(|chain| chain.at(*at)).filter(|_| proven);
        let Some(by) = then.and_then(|then| then.roster().member(by.id)).map(|member| member.person.reference()) else {
            return self.void(db, self.package, say!("vault-misidentification-unproven").to_owned());
        };
        let known = "SELECT 1 FROM audit WHERE action = ?1 AND detail ->> '$.sha256' = ?2";
        if db.prepare(known)?.exists([MISIDENTIFIED_ELSEWHERE, record])? {
            return Ok(Taken::Told);
        }
        let detail = json!({ "number": number, "sha256": record, "by": by, "recorded_at": at });
        append(db, None, self.at, MISIDENTIFIED_ELSEWHERE, &detail)?;
        Ok(Taken::Told)
    }
}
