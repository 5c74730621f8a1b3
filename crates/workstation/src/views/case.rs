//! The list of cases, and one case with its checklist.

use std::collections::BTreeSet;

use serde::Serialize;

use casework::{
    Case, CaseDraft, CaseFile, CaseId, Checklist, Clock, Completeness, Decision, Details, Disposition, Entry, EntryId,
    Fact, Flag, FurtherImage, Gap, Moment, NoteForm, NoteId, Person, Policy, Preparation, ProbeImage, ProbeOrigin,
    ProbeRecord, Remark, ReviewContent, Saying, SearchFilters, Standing, Step, StepState, VerificationState, WaitsFor,
};

use super::VerificationView;
use vault::{Moved, UnreadCase};

/// One line of the list of cases.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CaseLine {
    /// The case.
    pub id: CaseId,
    /// Case number as typed.
    pub number: String,
    /// Offence or event as typed.
    pub offence: String,
    /// When it was changed last.
    pub changed_at: Option<Moment>,
    /// The first step that is not done; absent once the note is sealed.
    pub step: Option<Step>,
    /// Its sealed note.
    pub note: Option<NoteId>,
    /// What the sealed note says.
    pub disposition: Option<Disposition>,
    /// Whether a reviewer returned its note and no other was sealed since.
    pub returned: bool,
    /// What was decided on its sealed note.
    pub decision: Option<Decision>,
    /// How far the second examination is.
    pub verification: VerificationState,
    /// Who it waits for.
    pub waits_for: WaitsFor,
    /// Whether whoever is signed in can hand it over.
    pub may_hand_over: bool,
    /// From whom it came last, and why, where it was handed over.
    pub handed_over: Option<(String, String)>,
    /// The workstation where it lives now, when it moved away; what it holds is not told.
    pub moved_to: Option<String>,
    /// Whether it was on its way there when that workstation was taken out of the department.
    pub stranded: bool,
    /// What kind of fault keeps it from being read, where one does; what it holds is not told.
    pub unread: Option<String>,
}

/// A step of the rail.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct StepView {
    /// Which.
    pub step: Step,
    /// How far it is.
    pub state: StepState,
}

/// A search in brief.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SearchView {
    /// When it was answered.
    pub at: Moment,
    /// Address of the gallery that answered.
    pub gallery: String,
    /// Id of the model of the template that was sent.
    pub model: String,
    /// How many are listed.
    pub candidates: usize,
    /// What was compared, and what was not.
    pub completeness: Completeness,
    /// What limited the comparison.
    pub filters: SearchFilters,
}

/// One case as the screens show it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CaseView {
    /// The case.
    pub id: CaseId,
    /// The rail, first step first.
    pub steps: Vec<StepView>,
    /// Everything that is missing before the note can be saved.
    pub gaps: Vec<Gap>,
    /// What is typed about the case.
    pub purpose: CaseDraft,
    /// What the gallery took back since the search.
    pub withdrawn: Option<String>,
    /// What a supervisor must confirm before a search runs, in words.
    pub sensitive: Vec<String>,
    /// Who confirmed it, if somebody did and nothing was changed since.
    pub confirmed_by: Option<String>,
    /// The same of the account.
    pub account_flags: Vec<String>,
    /// What the last reviewer asked, in the order of the note's answers.
    pub asked: Vec<Remark>,
    /// Case and purpose, once they are confirmed.
    pub case: Option<Case>,
    /// What is typed about where the probe comes from.
    pub origin: ProbeOrigin,
    /// The photograph that was brought, with its faces.
    pub image: Option<ProbeImage>,
    /// What the file of each photograph, the probe's first, says of where it comes from, in words.
    pub file_says: Vec<Vec<String>>,
    /// Further photographs of the same person.
    pub further: Vec<FurtherImage>,
    /// The probe, once it is confirmed.
    pub probe: Option<ProbeRecord>,
    /// The last search.
    pub search: Option<SearchView>,
    /// How many searches there were.
    pub searches: usize,
    /// What is prepared of the probe.
    pub preparation: Preparation,
    /// Whether a second examiner agrees.
    pub verification: VerificationView,
    /// The corroboration as typed.
    pub checklist: Checklist,
    /// What each entry is worth.
    pub standings: Vec<EntryStanding>,
    /// What is typed of the note.
    pub note: NoteForm,
    /// The sealed note.
    pub sealed: Option<NoteId>,
    /// Reviews that returned a note of this case, oldest first.
    pub returned: Vec<ReviewContent>,
    /// What the record shows so far, as the note will say it.
    pub facts: Vec<Fact>,
    /// What was typed before in fields of the same kind.
    pub known: Known,
}

/// What was typed in a case before, offered where it may be typed again.
#[derive(Debug, Clone, Default, Serialize, ts_rs::TS)]
pub struct Known {
    /// Names of people.
    pub people: BTreeSet<String>,
    /// Places and sources.
    pub places: BTreeSet<String>,
}

fn file_says(file: &CaseFile) -> Vec<Vec<String>> {
    let photographs = file.image.iter().chain(file.further.iter().map(|further| &further.image));
    photographs.map(|image| image.facts.says.iter().map(Saying::in_words).collect()).collect()
}

impl Known {
    fn of(file: &CaseFile) -> Self {
        let mut known = Self::default();
        let mut people = vec![&file.opened_by.name, &file.purpose.basis.requested_by, &file.origin.obtained_by];
        let mut places = Vec::new();
        for entry in &file.checklist.entries {
            people.push(&entry.obtained_by);
            places.extend(entry.attempts.iter().map(|a| &a.place));
            match &entry.details {
                Details::Vehicle(v) => places.push(&v.seen_where),
                Details::Witness(w) => people.push(&w.witness),
                _ => {}
            }
        }
        let said = |text: &&String| !text.trim().is_empty();
        known.people.extend(people.into_iter().filter(said).cloned());
        known.places.extend(places.into_iter().filter(said).cloned());
        known
    }
}

/// What the signed-in person answered in their own cases before, the newest first; offered, never filled in.
#[derive(Debug, Clone, Default, Serialize, ts_rs::TS)]
pub struct Remembered {
    /// Who asked for a search.
    pub requested_by: Vec<String>,
    /// Who obtained a probe.
    pub obtained_by: Vec<String>,
    /// How it was obtained.
    pub obtained_how: Vec<String>,
    /// The legal basis for having it.
    pub legal_basis: Vec<String>,
    /// Where something was sought, or comes from.
    pub places: Vec<String>,
    /// Who obtained an entry.
    pub entry_by: Vec<String>,
    /// How an entry was obtained.
    pub entry_how: Vec<String>,
}

/// Most answers that are offered for a field.
const OFFERED: usize = 6;

impl Remembered {
    /// Adds what was answered in `file`; the newest case comes first.
    pub fn add(&mut self, file: &CaseFile) {
        let (basis, origin) = (&file.purpose.basis, &file.origin);
        remember(&mut self.requested_by, &basis.requested_by);
        remember(&mut self.obtained_by, &origin.obtained_by);
        remember(&mut self.obtained_how, &origin.obtained_how);
        remember(&mut self.legal_basis, &origin.legal_basis);
        for entry in &file.checklist.entries {
            remember(&mut self.entry_by, &entry.obtained_by);
            remember(&mut self.entry_how, &entry.obtained_how);
            entry.attempts.iter().for_each(|tried| remember(&mut self.places, &tried.place));
        }
    }
}

fn remember(known: &mut Vec<String>, answer: &str) {
    let answer = answer.trim();
    if known.len() < OFFERED && !answer.is_empty() && !known.iter().any(|k| k.eq_ignore_ascii_case(answer)) {
        known.push(answer.to_owned());
    }
}

/// What an entry is worth, in words.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct EntryStanding {
    /// Which entry.
    pub entry: EntryId,
    /// How it counts.
    pub standing: Standing,
    /// Why it does not count, a sentence each.
    pub reasons: Vec<String>,
    /// What should be looked at again, though nothing is refused for it.
    pub doubts: Vec<String>,
}

fn words(standing: &Standing) -> Vec<String> {
    match standing {
        Standing::NotCounted { objections } | Standing::Contaminated { objections } => {
            objections.iter().map(|o| o.in_words().to_owned()).collect()
        }
        _ => Vec::new(),
    }
}

/// What each entry of `list` is worth, in words.
pub fn standings(list: &[(EntryId, Standing)], checklist: &Checklist) -> Vec<EntryStanding> {
    let doubts = |id| checklist.entries.iter().find(|e| e.id == id).map(Entry::doubts).unwrap_or_default();
    let line = |(entry, standing): &(EntryId, Standing)| EntryStanding {
        entry: *entry,
        standing: standing.clone(),
        reasons: words(standing),
        doubts: doubts(*entry),
    };
    list.iter().map(line).collect()
}

impl CaseView {
    /// The case as `person` may see it now.
    pub fn new(file: &CaseFile, person: &Person, clock: &dyn Clock, policy: &Policy) -> Self {
        Self {
            id: file.id,
            steps: Step::ALL.into_iter().map(|step| StepView { step, state: file.state(step) }).collect(),
            gaps: file.gaps(person, clock, policy),
            purpose: file.purpose.clone(),
            withdrawn: file.withdrawn_in_words(),
            sensitive: file.purpose.flags().iter().map(Flag::in_words).collect(),
            confirmed_by: file.flags_confirmed_by().map(|by| by.name.clone()),
            account_flags: match file.account_is_confirmed() {
                true => Vec::new(),
                false => file.account_flags().iter().map(Flag::in_words).collect(),
            },
            asked: file.returned.last().map(casework::asked).unwrap_or_default(),
            case: file.case.clone(),
            origin: file.origin.clone(),
            image: file.image.clone(),
            file_says: file_says(file),
            further: file.further.clone(),
            probe: file.probe.clone(),
            search: file.search().map(|s| SearchView {
                at: s.at(),
                gallery: s.gallery().to_owned(),
                model: s.model().to_owned(),
                candidates: s.candidates().len(),
                completeness: s.completeness().clone(),
                filters: s.filters().clone(),
            }),
            searches: file.searches.len(),
            preparation: file.preparation.clone(),
            verification: VerificationView::new(file, clock, policy),
            checklist: file.checklist.clone(),
            standings: standings(&file.standings(&person.reference(), clock.now()), &file.checklist),
            note: file.note.clone(),
            sealed: file.sealed,
            returned: file.returned.clone(),
            facts: file.facts(clock.now(), policy),
            known: Known::of(file),
        }
    }
}

impl CaseLine {
    /// The line of a case that was changed last at `changed_at`; `decision` is the one on its sealed note.
    pub fn new(file: &CaseFile, decision: Option<Decision>, person: &Person, changed_at: Moment) -> Self {
        let undone = Step::ALL.into_iter().find(|s| file.state(*s) != StepState::Done);
        Self {
            id: file.id,
            number: file.purpose.case_number.clone(),
            offence: file.purpose.offence.clone(),
            changed_at: Some(changed_at),
            step: undone.filter(|_| file.sealed.is_none()),
            note: file.sealed,
            disposition: file.note.disposition.filter(|_| file.sealed.is_some()),
            returned: file.sealed.is_none() && !file.returned.is_empty(),
            decision,
            verification: file.verification_state(),
            waits_for: file.whom_it_waits_for(decision, &person.reference()),
            may_hand_over: file.sealed.is_none() && file.holder().is_same(&person.reference()),
            handed_over: file.history.handed_over.last().map(|last| (last.from.name.clone(), last.reason.clone())),
            moved_to: None,
            stranded: false,
            unread: None,
        }
    }

    /// The line of a case that moved away, to the workstation that is called `place`.
    pub fn moved(moved: &Moved, place: &str) -> Self {
        Self {
            number: moved.number.clone(),
            moved_to: Some(place.to_owned()),
            stranded: moved.stranded,
            ..Self::bare(moved.case, Some(moved.at))
        }
    }

    /// The line of a case that cannot be read.
    pub fn unread(case: &UnreadCase) -> Self {
        Self { unread: Some(case.why.code().to_owned()), ..Self::bare(case.id, case.changed_at) }
    }

    fn bare(id: CaseId, changed_at: Option<Moment>) -> Self {
        Self {
            id,
            number: String::new(),
            offence: String::new(),
            changed_at,
            step: None,
            note: None,
            disposition: None,
            returned: false,
            decision: None,
            verification: VerificationState::NotYet,
            waits_for: WaitsFor::Nobody,
            may_hand_over: false,
            handed_over: None,
            moved_to: None,
            stranded: false,
            unread: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_remembered_once_the_newest_first_and_few_of_them() {
        let mut known = Vec::new();
        for answer in ["Consent of the owner", " ", "Search warrant", "consent of the owner ", "a", "b", "c", "d", "e"]
        {
            remember(&mut known, answer);
        }
        assert_eq!(known, ["Consent of the owner", "Search warrant", "a", "b", "c", "d"]);
    }
}
