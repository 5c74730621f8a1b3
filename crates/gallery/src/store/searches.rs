//! The list that a search was answered with, and what became of its candidates.

use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;
use vector_index::Hit;

use super::audit::append_audit;
use super::error::StoreError;
use super::sql::{Row, all, one, with, write};
use super::tokens::TokenHolder;
use super::whole::Store;

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

impl Store {
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
                    "SELECT s.subject_no, s.subject_id, r.captured_on, a.ori FROM record r
                     JOIN subject s ON s.subject_no = r.subject_no
                     LEFT JOIN agency a ON a.agency_no = r.agency_no
                     WHERE r.record_id = $1 AND r.suppressed_because IS NULL",
                    with![hit.record],
                    |r| Ok((r.next::<i64>()?, r.next()?, r.next()?, r.next()?)),
                )?;
                let (no, subject, captured_on, agency) = found.ok_or(StoreError::Gone)?;
                // Whose template it was is never another's by now, unless somebody changed the row.
                if no != hit.subject {
                    return Err(StoreError::Sealed(hit.record));
                }
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

    /// As [`Store::withdrawn`], of several searches at once; those that `token` did not make are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn withdrawn_of(
        &mut self,
        searches: &[Uuid],
        token: &TokenHolder,
    ) -> Result<BTreeMap<Uuid, Vec<String>>, StoreError> {
        let mut found = BTreeMap::new();
        for search in searches {
            if let Some(gone) = self.withdrawn(&search.to_string(), token)? {
                found.insert(*search, gone);
            }
        }
        Ok(found)
    }
}
