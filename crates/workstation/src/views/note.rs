//! A sealed note, and the list of those that wait.

use serde::Serialize;

use casework::{
    AddendumContent, Change, Disposition, Moment, NoteContent, NoteId, Outcome, RemarkPlace, ReviewContent,
    Verification,
};

use super::{EntryStanding, ResultLine, ResultOffers};

/// A sealed note.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct NoteView {
    /// What was sealed.
    pub content: NoteContent,
    /// SHA-256 of what was sealed.
    pub sha256: String,
    /// Fingerprint of the key that signed it.
    pub sealed_by: String,
    /// The review, if there is one.
    pub review: Option<ReviewContent>,
    /// Reviews that came from other workstations after the one that counts.
    pub further_reviews: Vec<ReviewContent>,
    /// What was added since, oldest first.
    pub addenda: Vec<AddendumContent>,
    /// What came of it, oldest first.
    pub results: Vec<ResultLine>,
    /// What can be chosen of a result.
    pub result_offers: ResultOffers,
    /// Whether whoever is signed in may record what came of it now.
    pub may_record: bool,
    /// The operation that its case belongs to; empty for none.
    pub operation: String,
    /// Operations that cases here belong to.
    pub operations: Vec<String>,
    /// What is otherwise than in the returned note that it amends.
    pub changes: Vec<Change>,
    /// Whether whoever is signed in may add to it.
    pub may_add: bool,
    /// Fields that a reviewer can remark on.
    pub places: Vec<RemarkPlace>,
    /// The other workstation where the case lives, if it does.
    pub from: Option<String>,
    /// Whether whoever is signed in may review it now.
    pub may_review: bool,
    /// Whether it may leave as a file.
    pub exportable: bool,
    /// Whether what came of it says that the lead was wrong.
    pub found_wrong: bool,
    /// What each entry is worth.
    pub standings: Vec<EntryStanding>,
    /// What the examination came to.
    pub outcome: Outcome,
    /// What became of the lead's photograph after the gallery withdrew its record, in a sentence.
    pub photograph: Option<String>,
    /// What a second examiner said.
    pub verification: Option<Verification>,
}

/// A note that waits for review.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct QueueLine {
    /// Which.
    pub note: NoteId,
    /// Its case's number.
    pub number: String,
    /// Offence or event.
    pub offence: String,
    /// What the search was for.
    pub purpose: casework::Purpose,
    /// 0 first.
    pub urgency: u8,
    /// What it says.
    pub disposition: Disposition,
    /// Who sealed it.
    pub author: String,
    /// When.
    pub sealed_at: Moment,
    /// Whole days since it was sealed.
    #[ts(type = "number")]
    pub days: i64,
    /// Whether it amends one that was returned.
    pub amended: bool,
}
