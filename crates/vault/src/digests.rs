//! What figures and reports need to know of each case.

use casework::{CaseDigest, CaseFile, NoteContent, ResultContent, ReviewContent};

use crate::error::VaultError;
use crate::records::StoredNote;
use crate::vault::Vault;

impl Vault {
    /// What figures and reports need to know of each case that lives here, oldest note first within one. A case or a note that
    /// does not prove itself is an error: figures that leave one out would say less than happened.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn digests(&self) -> Result<Vec<CaseDigest>, VaultError> {
        let (rows, unread) = self.cases::<CaseFile>()?;
        if let Some(unread) = unread.into_iter().next() {
            return Err(unread.why);
        }
        let mut digests = Vec::new();
        for file in rows.into_iter().map(|row| row.content) {
            if self.home(file.id)?.is_some() {
                continue;
            }
            digests.extend(self.digest_of(&file)?);
        }
        // What was purged was counted before it went.
        let mut purged = self.db.prepare("SELECT digest FROM purged WHERE digest IS NOT NULL ORDER BY rowid")?;
        for digest in purged.query_map([], |r| r.get::<_, String>(0))? {
            digests.push(serde_json::from_str(&digest?)?);
        }
        Ok(digests)
    }

    /// The same of one case.
    pub(crate) fn digest_of(&self, file: &CaseFile) -> Result<Option<CaseDigest>, VaultError> {
        let notes = self.notes_of(file.id)?;
        let reviews = |note: &StoredNote| note.review.iter().chain(&note.further_reviews).cloned().collect();
        let with: Vec<(&NoteContent, Vec<ReviewContent>)> =
            notes.iter().map(|note| (&note.content, reviews(note))).collect();
        let results: Vec<ResultContent> = notes.iter().flat_map(|note| note.results.clone()).collect();
        let operation = self.operation(file.id)?.map(|operation| operation.name).unwrap_or_default();
        Ok(CaseDigest::of(file, &with, &results, &operation))
    }
}
