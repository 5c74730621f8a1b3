//! What people of the department signed travels with the records that it is of.

use std::collections::BTreeSet;

use catalogue::say;
use department::{Chain, Statement};
use rusqlite::{Connection, params};

use casework::{NoteContent, ReviewContent};

use super::around::Around;
use super::package::unfit;
use crate::error::VaultError;
use crate::signed::Signed;
use crate::signers::{Owed, owed_by_note, read_statement, signed_by};
use crate::stated::Stated;

/// Which of `expected` a statement is of: its place, and it.
///
/// # Errors
/// In words, for one that is of none.
fn of_which<'a>(
    chain: &Chain,
    expected: &'a [Owed],
    (stated, statement): (Stated, &Statement),
) -> Result<(usize, &'a Owed), String> {
    let mut refused = say!("vault-signer-another-record").to_owned();
    let of = expected.iter().enumerate();
    let of = of.filter(|(_, of)| of.stated == stated && of.person.id == statement.person());
    let mut held = None;
    for (at, one) in of {
        match signed_by(chain, statement, stated, (&one.record, &one.person, one.at)) {
            Ok(_) => held = Some((at, one)),
            Err(why) => refused = why,
        }
    }
    held.ok_or(refused)
}

/// Whether each of `expected` is signed by one of the statements, and they are of nothing else.
///
/// # Errors
/// [`VaultError::NotProven`] for one of them that does not hold.
pub(super) fn all_signed(chain: &Chain, expected: &[Owed], texts: &[String]) -> Result<bool, VaultError> {
    let not_proven = |why: String| VaultError::NotProven { what: "case", why };
    let mut signed = BTreeSet::new();
    for text in texts {
        let (stated, statement) = read_statement(text).map_err(|why| not_proven(why.to_string()))?;
        signed.insert(of_which(chain, expected, (stated, &statement)).map_err(not_proven)?.0);
    }
    Ok(signed.len() == expected.len())
}

impl Around<'_> {
    /// Keeps statements that came with records. Each is of one of the records that are `expected`, by whoever they name, as the
    /// roster had them then. Of another department's none is kept: they cannot be checked here. Gives how many of `expected` are signed.
    ///
    /// # Errors
    /// One that is not: nothing hides among what is signed.
    pub(super) fn keep_statements(
        &self,
        db: &Connection,
        expected: &[Owed],
        texts: &[String],
    ) -> Result<usize, VaultError> {
        let Some(chain) = self.chain.filter(|_| self.is_from_department()) else { return Ok(0) };
        let mut signed = BTreeSet::new();
        for text in texts {
            let (stated, statement) = read_statement(text).map_err(unfit)?;
            let (at, Owed { record, person, .. }) = of_which(chain, expected, (stated, &statement)).map_err(unfit)?;
            signed.insert(at);
            db.execute(
                "INSERT INTO statement (record, kind, person_id, file) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                params![record, stated.name(), person.id.to_string(), text],
            )?;
        }
        Ok(signed.len())
    }

    /// The same of a note that was taken in, and of the review that was made of it.
    pub(super) fn keep_statements_of_note(
        &self,
        db: &Connection,
        note: &Signed,
        review: Option<&Signed>,
        texts: &[String],
    ) -> Result<(), VaultError> {
        let content: NoteContent = serde_json::from_str(&note.text)?;
        let mut expected = owed_by_note(&content, &note.sha256).map_err(unfit)?;
        if let Some(review) = review {
            let made: ReviewContent = serde_json::from_str(&review.text)?;
            let (stated, record) = (Stated::Review, review.sha256.clone());
            expected.push(Owed { stated, record, person: made.reviewer, at: made.at });
        }
        self.keep_statements(db, &expected, texts).map(drop)
    }
}
