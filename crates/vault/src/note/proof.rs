//! The one proof of a note, of a review and of an addendum.

use catalogue::say;

use casework::{AddendumContent, NoteContent, ReviewContent};

use crate::signed::Signed;
use crate::unproven::{Reason, Unproven, first};

/// Schema of a note, a review and an addendum; each is part of what is signed.
pub(crate) const NOTE: &str = casework::NOTE_SCHEMA;
pub(crate) const REVIEW: &str = "corroborate.review.v2";
pub(crate) const ADDENDUM: &str = "corroborate.addendum.v1";

/// The one proof of a note, wherever it is read, received, reviewed, exported, printed or checked as a file: text, hash,
/// signature, and every gate passed again.
///
/// # Errors
/// What does not hold.
pub fn prove_note(signed: &Signed) -> Result<NoteContent, Unproven> {
    let note: NoteContent = signed.prove(NOTE)?;
    note.proven().map_err(|gaps| Unproven::gate(&gaps))?;
    Ok(note)
}

/// The one proof of a review of `note`: text, hash, signature, role, and a decision that fits its own answers.
///
/// # Errors
/// What does not hold.
pub fn prove_review(signed: &Signed, note: &NoteContent, note_sha256: &str) -> Result<ReviewContent, Unproven> {
    let review: ReviewContent = signed.prove(REVIEW)?;
    review.proven(note, note_sha256).map_err(|gaps| Unproven::new(Reason::Review, first(&gaps)))?;
    Ok(review)
}

/// The one proof of an addendum: the `number`th of `note`.
///
/// # Errors
/// What does not hold.
pub fn prove_addendum(
    signed: &Signed,
    note: &NoteContent,
    note_sha256: &str,
    number: usize,
) -> Result<AddendumContent, Unproven> {
    let addendum: AddendumContent = signed.prove(ADDENDUM)?;
    if addendum.note != note.id || addendum.note_sha256 != note_sha256 || addendum.number as usize != number {
        return Err(Unproven::new(Reason::Addendum, say!("vault-another-note-one-before-missing")));
    }
    if addendum.at < note.sealed_at {
        return Err(Unproven::new(Reason::Addendum, say!("vault-dated-before-note")));
    }
    Ok(addendum)
}
