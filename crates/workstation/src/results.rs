//! What came of approved notes: recording it, and what all of it comes to.

use catalogue::say;
use uuid::Uuid;

use casework::{
    Addendum, InvestigativeResult, NoteId, Operation, ResultFigures, ResultForm, ResultId, Span, may_read_figures,
    may_record,
};

use crate::error::{CommandError, Outcome};
use crate::read_note::{note_of, note_shown};
use crate::views::{FiguresView, NoteView};
use crate::workstation::Blocking;

impl Blocking<'_> {
    /// Records what came of a note. A misidentification adds to the note in the same act.
    pub fn record_result(&self, id: NoteId, form: &ResultForm) -> Outcome<NoteView> {
        let view = self.act_as(|v, person, now| {
            let (stored, file) = note_of(v, id, person)?;
            if v.home(file.id)?.is_some() {
                return Err(CommandError::new("elsewhere", say!("workstation-results-where-case-lives")));
            }
            let reviews: Vec<_> = stored.review.iter().chain(&stored.further_reviews).cloned().collect();
            let (note, sha256) = (&stored.content, stored.signed.sha256.as_str());
            let fresh = ResultId(Uuid::new_v4());
            let result =
                InvestigativeResult::record((note, sha256), &reviews, &stored.results, fresh, form, person, now)?;
            v.put_result(&result, note)?;
            if let Some(text) = result.addendum() {
                v.put_addendum(&Addendum::write(note, sha256, stored.addenda.len(), &text, person, now)?)?;
            }
            note_shown(v, id, person)
        })?;
        self.exchange_due.notify_one();
        Ok(view)
    }

    /// Names the operation that a note's case belongs to; an empty name takes it out of any.
    pub fn name_operation(&self, id: NoteId, name: &str) -> Outcome<NoteView> {
        self.act_as(|v, person, now| {
            let (stored, file) = note_of(v, id, person)?;
            if v.home(file.id)?.is_some() || !may_record(&stored.content, person) {
                return Err(CommandError::new("elsewhere", say!("workstation-results-where-case-lives")));
            }
            let operation = Operation::of(name, person.reference(), now)?;
            v.put_operation(file.id, &operation)?;
            note_shown(v, id, person)
        })
    }

    /// What came of all cases here in `span`, of one operation alone where it is named.
    pub fn result_figures(&self, span: &Span, operation: Option<&str>) -> Outcome<FiguresView> {
        let digests = self.act_as(|v, person, _| {
            may_read_figures(person)?;
            Ok(v.digests()?)
        })?;
        Ok(FiguresView::of(ResultFigures::of(&digests, operation, span, &self.policy().time_zone)))
    }
}
