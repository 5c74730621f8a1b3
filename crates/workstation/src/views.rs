//! What the screens get: plain values, nothing hidden that they may not see.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::enclosed::Enclosed;
use casework::{
    AddendumContent, Case, CaseDraft, CaseFile, CaseId, Change, Checklist, Clock, Completeness, Component, Decision,
    Details, Disposition, Entry, EntryId, Examination, Fact, Flag, FurtherImage, Gap, Judgement, Moment, NoteContent,
    NoteForm, NoteId, Outcome, Person, PersonId, Policy, PolicySummary, Preparation, ProbeAnalysis, ProbeImage,
    ProbeOrigin, ProbeRecord, Remark, RemarkPlace, ReviewContent, Role, SearchFilters, ShownCandidate, Standing, Step,
    StepState, Verification, VerificationState,
};

/// What the window needs to begin.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Start {
    /// Who is signed in.
    pub person: Option<Person>,
    /// Whether that person must choose a passphrase of their own first.
    pub temporary: bool,
    /// Everybody who may sign in; nobody at first start.
    pub people: Vec<PersonLine>,
    /// What a reviewer is asked.
    pub questions: Vec<QuestionLine>,
    /// Components of a face with what to look at, top to bottom.
    pub components: Vec<ComponentLine>,
    /// The department's policy in brief.
    pub policy: PolicySummary,
    /// Offences that a search may name, with their codes; offered where one is typed.
    pub offences: Vec<casework::Offence>,
    /// The statement that stands on every screen.
    pub statement: String,
    /// `light`, `dark` or empty for the system's.
    pub theme: String,
    /// Whether keys of one letter record nothing.
    pub letter_keys_off: bool,
    /// Version of the program.
    pub version: String,
    /// Whether a gallery is set.
    pub gallery_set: bool,
    /// What happened to people's records since the signed-in supervisor last read of it; shown before anything else.
    pub staff_news: Vec<StaffLine>,
}

/// What happened to somebody's record.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct StaffLine {
    /// Position in the audit.
    #[ts(type = "number")]
    pub seq: i64,
    /// When it happened.
    pub at: Moment,
    /// Whose record it is.
    pub name: String,
    /// Their badge now.
    pub badge: String,
    /// Who acted: name, badge, agency.
    pub by: String,
    /// A sentence each.
    pub said: Vec<String>,
}

impl StaffLine {
    /// The line of what the audit says.
    pub fn of(news: &vault::StaffNews) -> Self {
        let by = news.by.rsplit_once(" (").map_or(news.by.as_str(), |(by, _)| by);
        Self {
            seq: news.seq,
            at: news.at,
            name: news.event.name.clone(),
            badge: news.event.badge.clone(),
            by: by.to_owned(),
            said: news.event.in_words(),
        }
    }
}

/// A person who may sign in.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct PersonLine {
    /// Identity.
    pub id: PersonId,
    /// Full name.
    pub name: String,
    /// Badge or serial number.
    pub badge: String,
    /// Absent for people whom the roll-out named: they choose one at the first sign-in.
    pub has_passphrase: bool,
    /// Whether they can confirm as a supervisor.
    pub supervises: bool,
}

/// A component of the face.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ComponentLine {
    /// Which.
    pub component: Component,
    /// In words.
    pub name: String,
    /// What to look at, in a sentence.
    pub look_at: String,
}

impl ComponentLine {
    /// Every component, top to bottom.
    pub fn all() -> Vec<Self> {
        let line = |c: Component| Self { component: c, name: c.in_words().to_owned(), look_at: c.look_at().to_owned() };
        Component::ALL.into_iter().map(line).collect()
    }
}

/// What is asked of a person who is named or added.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct PersonForm {
    /// Full name.
    pub name: String,
    /// Badge or serial number.
    pub badge: String,
    /// The agency's originating identifier, as it was typed.
    pub ori: String,
    /// Name of the course in facial comparison.
    pub course: String,
    /// As it was typed.
    pub completed_on: String,
    /// As it was typed.
    pub proficiency: String,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// The first person's own, or the temporary one of somebody who is added.
    pub passphrase: Enclosed,
}

/// The settings screen.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SettingsView {
    /// Address of the gallery.
    pub gallery: String,
    /// Whether a token rests in the secret store. The token itself never comes back.
    pub token_set: bool,
    /// `light`, `dark` or empty.
    pub theme: String,
    /// Whether keys of one letter record nothing.
    pub letter_keys_off: bool,
}

/// What the settings screen sends.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct SettingsForm {
    /// Address of the gallery.
    pub gallery: String,
    /// Empty keeps the stored token.
    pub token: Enclosed,
    /// `light`, `dark` or empty for the system's.
    pub theme: String,
    /// Whether keys of one letter record nothing.
    #[serde(default)]
    pub letter_keys_off: bool,
}

/// What a gallery says of itself.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct GalleryView {
    /// People in it.
    #[ts(type = "number")]
    pub subjects: u64,
    /// Photographs in it that are encoded.
    #[ts(type = "number")]
    pub templates: u64,
    /// Ids of the models that its templates are of.
    pub models: Vec<String>,
    /// Whether this workstation's model is among them.
    pub model_fits: bool,
}

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
    pub changed_at: Moment,
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

/// Which state an examination is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Candidates are compared blind.
    Blind,
    /// Concluded, nothing told yet.
    Concluded,
    /// Scores and records are told.
    Unveiled,
    /// A second examiner handed in.
    Verified,
}

/// A bench as its screens need it: an examiner's, or a verifier's.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct BenchView {
    /// The case whose list it is.
    pub case: CaseId,
    /// Whether this is a blind second examination.
    pub verifying: bool,
    /// SHA-256 of the probe's original.
    pub probe: String,
    /// How far the examination is.
    pub stage: Stage,
    /// What the probe shows by itself.
    pub analysis: ProbeAnalysis,
    /// Candidates in the order in which they are shown.
    pub candidates: Vec<ShownCandidate>,
    /// Who is kept as the lead.
    pub lead: Option<casework::CandidateId>,
    /// Whether the answer is "none of these".
    pub none_of_these: bool,
    /// Fewest candidates to look at.
    pub wanted: usize,
    /// What stands between this work and its end.
    pub gaps: Vec<Gap>,
}

/// What a command at the bench gives back: the case, if it is the person's own, and their bench.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Answer {
    /// The case as it stands now, where it is the person's own.
    pub case: Option<CaseView>,
    /// Their bench as it stands now.
    pub bench: Option<BenchView>,
}

/// A comparison that waits for a second examiner.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct WaitingLine {
    /// The case whose lead is verified.
    pub case: CaseId,
    /// When it was asked for.
    pub asked_at: Moment,
    /// How many are compared.
    pub candidates: usize,
    /// Whether this person began already.
    pub begun: bool,
}

/// The verification of a lead as its examiner sees it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct VerificationView {
    /// How far it is.
    pub state: VerificationState,
    /// When it was asked for.
    pub asked_at: Option<Moment>,
    /// Once handed in.
    pub done: Option<Verification>,
    /// The conclusion that stands then.
    pub outcome: Option<Outcome>,
}

/// Size of a picture, and where its face is.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Geometry {
    /// Of the upright picture, in pixels.
    pub width: u32,
    /// Of the upright picture, in pixels.
    pub height: u32,
    /// Right eye, left eye, tip of the nose, right and left corner of the mouth, as the person has them.
    pub landmarks: Option<Vec<[f32; 2]>>,
    /// Left, top, width and height of the face, in pixels.
    pub bounds: Option<[f32; 4]>,
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

/// Another workstation.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct WorkstationLine {
    /// Its public key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its public key, short enough to be read out.
    pub fingerprint: String,
}

/// The exchange with other workstations.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ExchangeView {
    /// Name of this workstation.
    pub name: String,
    /// The own public key, short enough to be read out.
    pub fingerprint: String,
    /// What the other workstation's administrator pastes.
    pub card: String,
    /// Workstations whose cards were compared.
    pub others: Vec<WorkstationLine>,
    /// Key of the workstation where notes are reviewed; empty is here.
    pub review_at: String,
    /// Packages that wait to be sent.
    pub waiting: usize,
    /// Packages that left.
    pub sent: usize,
    /// Why packages do not move, if they do not.
    pub trouble: String,
}

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
    /// What each entry is worth.
    pub standings: Vec<EntryStanding>,
    /// What the examination came to.
    pub outcome: Outcome,
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

/// One question of a review.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct QuestionLine {
    /// Which.
    pub judgement: Judgement,
    /// As the reviewer is asked.
    pub question: String,
}

impl QuestionLine {
    /// Every question, in the order of the form.
    pub fn all() -> Vec<Self> {
        Judgement::ALL.into_iter().map(|j| Self { judgement: j, question: j.question().to_owned() }).collect()
    }
}

/// How far long work is.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Progress {
    /// What is done at the moment, for people.
    pub doing: String,
    /// Share done, 0 to 1; absent when it cannot be known.
    pub share: Option<f32>,
}

/// A file that was given to the program.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Offered {
    /// Position by which it is taken.
    pub index: usize,
    /// Name of the file, without its folder.
    pub name: String,
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

impl BenchView {
    /// The bench of `person` in `file`, if there is one. Scores and records are in it only once unveiled:
    /// [`CaseFile::candidates`] decides.
    pub fn new(file: &CaseFile, person: &Person, clock: &dyn Clock, policy: &Policy) -> Option<Self> {
        let (work, search) = (file.work_of(person)?, file.search()?);
        let verifying = file.verifies(person);
        let stage = match &file.examination {
            Some(Examination::Concluded(_)) if !verifying => Stage::Concluded,
            Some(Examination::Unveiled(_)) if !verifying => Stage::Unveiled,
            Some(Examination::Verified(_)) if !verifying => Stage::Verified,
            _ => Stage::Blind,
        };
        let shown = work.shown(search);
        Some(Self {
            case: file.id,
            verifying,
            probe: search.probe_sha256().to_owned(),
            stage,
            analysis: work.analysis.clone(),
            candidates: file.candidates(person),
            lead: work.lead,
            none_of_these: work.none_of_these,
            wanted: if verifying { shown } else { policy.examination.minimum_concluded.min(shown) },
            gaps: file.bench_gaps(person, clock.now(), policy),
        })
    }
}

impl VerificationView {
    fn new(file: &CaseFile, clock: &dyn Clock, policy: &Policy) -> Self {
        let done = match &file.examination {
            Some(Examination::Verified(verified)) => Some(verified.verification().clone()),
            _ => None,
        };
        let proof = file.examination.as_ref().zip(file.search());
        let proof = proof.filter(|_| done.is_some()).and_then(|(e, search)| e.proven(search, clock.now(), policy).ok());
        Self {
            state: file.verification_state(),
            asked_at: file.verifying.as_ref().map(|task| task.asked_at),
            outcome: proof.map(|proof| proof.outcome()),
            done,
        }
    }
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
    /// The line of a case that was changed last at `changed_at`.
    pub fn new(file: &CaseFile, changed_at: Moment) -> Self {
        let undone = Step::ALL.into_iter().find(|s| file.state(*s) != StepState::Done);
        Self {
            id: file.id,
            number: file.purpose.case_number.clone(),
            offence: file.purpose.offence.clone(),
            changed_at,
            step: undone.filter(|_| file.sealed.is_none()),
            note: file.sealed,
            disposition: file.note.disposition.filter(|_| file.sealed.is_some()),
            returned: file.sealed.is_none() && !file.returned.is_empty(),
            decision: None,
            verification: file.verification_state(),
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
