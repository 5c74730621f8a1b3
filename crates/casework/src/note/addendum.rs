use catalogue::say;
use department::{Gap, Gaps, Moment, Person, PersonRef, Role, need};
use serde::{Deserialize, Serialize};

use super::content::NoteContent;
use crate::ids::NoteId;
use crate::review::took_part;
use crate::text::{MAX_ACCOUNT, tells};

/// What is added to a sealed note afterwards; the note itself never changes. Its only constructor is
/// [`Addendum::write`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Addendum(AddendumContent);

/// What an addendum says; it can be read by anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AddendumContent {
    /// `corroborate.addendum.v1`.
    pub schema: String,
    /// The note.
    pub note: NoteId,
    /// SHA-256 of the note.
    pub note_sha256: String,
    /// From 1, in the order of writing.
    pub number: u32,
    /// Who wrote it.
    pub author: PersonRef,
    /// When.
    pub at: Moment,
    /// What it says.
    pub text: String,
}

impl Addendum {
    /// What it says.
    pub fn content(&self) -> &AddendumContent {
        &self.0
    }

    /// Writes the addendum that follows `earlier` ones of a note whose text has the hash `note_sha256`.
    ///
    /// # Errors
    /// A [`Gap`] for somebody who neither took part nor supervises, without text, and before the note.
    pub fn write(
        note: &NoteContent,
        note_sha256: &str,
        earlier: usize,
        text: &str,
        author: &Person,
        now: Moment,
    ) -> Result<Self, Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            took_part(note, &author.reference()) || author.is(Role::Supervisor),
            "addendum",
            say!("rule-note-only-whoever-worked-case-supervisor"),
            say!("rule-note-addendum-evidence-like"),
        );
        need!(
            gaps,
            tells(text, 2) && text.chars().count() <= MAX_ACCOUNT,
            "addendum.text",
            say!("rule-note-write-added-corrected"),
            say!("rule-note-stays-sealed-only-addendum-corrects"),
        );
        need!(
            gaps,
            note.sealed_at <= now,
            "addendum",
            say!("rule-note-addendum-dated-before-correct-workstation"),
            say!("rule-note-times-must-order-addendum"),
        );
        gaps.into_result(|| {
            Self(AddendumContent {
                schema: "corroborate.addendum.v1".to_owned(),
                note: note.id,
                note_sha256: note_sha256.to_owned(),
                number: earlier as u32 + 1,
                author: author.reference(),
                at: now,
                text: text.trim().to_owned(),
            })
        })
    }
}
