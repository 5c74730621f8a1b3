//! What the screens get: plain values, nothing hidden that they may not see.

use serde::{Deserialize, Serialize};

use casework::{
    Case, CaseDraft, CaseFile, CaseId, Checklist, Clock, Completeness, Disposition, EntryId, FurtherImage, Gap, Moment,
    NoteContent, NoteForm, NoteId, Outcome, Person, Policy, PolicySummary, ProbeImage, ProbeOrigin, ProbeRecord,
    ShownCandidate, Standing, Step, StepState, Verification,
};

/// What the window needs to begin.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Start {
    /// The person who uses this workstation; absent at first start.
    pub person: Option<Person>,
    /// The department's policy in brief.
    pub policy: PolicySummary,
    /// The statement that stands on every screen.
    pub statement: String,
    /// `light`, `dark` or empty for the system's.
    pub theme: String,
    /// Version of the program.
    pub version: String,
    /// Whether a gallery is set.
    pub gallery_set: bool,
}

/// What the first-start screen asks.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct PersonForm {
    pub name: String,
    pub badge: String,
    pub ori: String,
    pub course: String,
    pub completed_on: Option<casework::Day>,
    pub proficiency: Option<u8>,
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
}

/// What the settings screen sends.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct SettingsForm {
    pub gallery: String,
    /// Empty keeps the stored token.
    pub token: String,
    pub theme: String,
}

/// What a gallery says of itself.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct GalleryView {
    #[ts(type = "number")]
    pub subjects: u64,
    #[ts(type = "number")]
    pub templates: u64,
    pub models: Vec<String>,
    /// Whether this workstation's model is among them.
    pub model_fits: bool,
}

/// One line of the list of cases.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CaseLine {
    pub id: CaseId,
    /// Case number as typed.
    pub number: String,
    pub offence: String,
    pub changed_at: Moment,
    /// The first step that is not done; absent once the note is sealed.
    pub step: Option<Step>,
    pub note: Option<NoteId>,
    pub disposition: Option<Disposition>,
}

/// A step of the rail.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct StepView {
    pub step: Step,
    pub state: StepState,
}

/// A search in brief.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SearchView {
    pub at: Moment,
    pub gallery: String,
    pub model: String,
    pub candidates: usize,
    pub completeness: Completeness,
}

/// The examination as its screen needs it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ExaminationView {
    pub candidates: Vec<ShownCandidate>,
    pub lead: Option<casework::CandidateId>,
    pub none_of_these: bool,
    pub concluded_at: Option<Moment>,
}

/// One case as the screens show it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CaseView {
    pub id: CaseId,
    pub steps: Vec<StepView>,
    /// Everything that is missing before the note can be saved.
    pub gaps: Vec<Gap>,
    pub purpose: CaseDraft,
    /// Words of the basis that a supervisor must be told of.
    pub sensitive: Vec<String>,
    pub case: Option<Case>,
    pub origin: ProbeOrigin,
    pub image: Option<ProbeImage>,
    pub further: Vec<FurtherImage>,
    pub probe: Option<ProbeRecord>,
    pub search: Option<SearchView>,
    pub searches: usize,
    pub examination: Option<ExaminationView>,
    pub checklist: Checklist,
    pub standings: Vec<EntryStanding>,
    pub note: NoteForm,
    pub sealed: Option<NoteId>,
}

/// What an entry is worth, in words.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct EntryStanding {
    pub entry: EntryId,
    pub standing: Standing,
    pub reasons: Vec<String>,
}

/// A sealed note.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct NoteView {
    pub content: NoteContent,
    /// SHA-256 of what was sealed.
    pub sha256: String,
    pub standings: Vec<EntryStanding>,
    pub outcome: Outcome,
    pub verification: Option<Verification>,
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
    pub index: usize,
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

pub fn standings(list: &[(EntryId, Standing)]) -> Vec<EntryStanding> {
    list.iter()
        .map(|(entry, standing)| EntryStanding { entry: *entry, standing: standing.clone(), reasons: words(standing) })
        .collect()
}

impl CaseView {
    pub fn new(file: &CaseFile, person: &Person, clock: &dyn Clock, policy: &Policy) -> Self {
        Self {
            id: file.id,
            steps: Step::ALL.into_iter().map(|step| StepView { step, state: file.state(step) }).collect(),
            gaps: file.gaps(person, clock, policy),
            purpose: file.purpose.clone(),
            sensitive: casework::sensitive_terms(&file.purpose.basis.statement)
                .into_iter()
                .map(|t| format!("\u{201c}{}\u{201d} names {}", t.word, t.names))
                .collect(),
            case: file.case.clone(),
            origin: file.origin.clone(),
            image: file.image.clone(),
            further: file.further.clone(),
            probe: file.probe.clone(),
            search: file.search().map(|s| SearchView {
                at: s.at,
                gallery: s.gallery.clone(),
                model: s.model.clone(),
                candidates: s.candidates.len(),
                completeness: s.completeness.clone(),
            }),
            searches: file.searches.len(),
            examination: file.examination.as_ref().map(|e| ExaminationView {
                candidates: file.candidates(),
                lead: e.lead,
                none_of_these: e.none_of_these,
                concluded_at: e.concluded_at,
            }),
            checklist: file.checklist.clone(),
            standings: standings(&file.standings()),
            note: file.note.clone(),
            sealed: file.sealed,
        }
    }
}

impl CaseLine {
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
        }
    }
}
