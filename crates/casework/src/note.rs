use serde::{Deserialize, Serialize};

use crate::{
    CandidateId, Case, Checklist, Clock, CompleteChecklist, ConcludedExamination, Details, EntryId, ExaminationRecord,
    Fact, Gap, Gaps, LEAD_STATEMENT, Moment, NoteId, Outcome, Person, PersonRef, ProbeRecord, Role, Scope,
    SearchRecord, Standing, Verification, facts, said, took_part,
};

/// How a note disposes of what the search brought. None of them means an arrest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Disposition {
    /// "None of these": the search gave nothing, and that must be disclosed.
    NoCandidate,
    /// Examination or evidence excludes.
    Excluded,
    /// A lead without sufficient independent support.
    LeadNotCorroborated,
    /// A lead with independent support from two categories, verified by a second examiner.
    LeadCorroborated,
}

impl Disposition {
    /// All dispositions, the easy one first.
    pub const ALL: [Disposition; 4] = [
        Disposition::NoCandidate,
        Disposition::Excluded,
        Disposition::LeadNotCorroborated,
        Disposition::LeadCorroborated,
    ];

    /// What the checklist must be completed for.
    pub fn scope(self) -> Scope {
        match self {
            Disposition::NoCandidate => Scope::NoCandidate,
            Disposition::Excluded => Scope::Exclusion,
            Disposition::LeadNotCorroborated | Disposition::LeadCorroborated => Scope::Lead,
        }
    }
}

/// A note being written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoteDraft {
    /// Identity the note will have.
    pub id: NoteId,
    /// The case.
    pub case: Case,
    /// The probe.
    pub probe: ProbeRecord,
    /// Every search of the case, those that gave nothing too.
    pub searches: Vec<SearchRecord>,
    /// What the examiner decided.
    pub disposition: Option<Disposition>,
    /// The reason, for `excluded`.
    pub reason: String,
    /// The account in the author's words.
    pub narrative: String,
    /// Notes of this case that were returned by a reviewer, oldest first.
    pub amends: Vec<NoteId>,
    /// Candidates whose records the gallery has withdrawn since the search.
    pub withdrawn: Vec<CandidateId>,
}

/// Everything that a sealed note says. It can be read by anybody; it cannot become a
/// [`SealedNote`] again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct NoteContent {
    /// `corroborate.note.v1`.
    pub schema: String,
    /// Identity.
    pub id: NoteId,
    /// Who wrote it.
    pub author: PersonRef,
    /// When it was sealed.
    pub sealed_at: Moment,
    /// The standing statement.
    pub statement: String,
    /// The disposition.
    pub disposition: Disposition,
    /// The reason, for `excluded`.
    pub reason: String,
    /// The author's account.
    pub narrative: String,
    /// The case.
    pub case: Case,
    /// The probe.
    pub probe: ProbeRecord,
    /// Every search of the case.
    pub searches: Vec<SearchRecord>,
    /// The examination.
    pub examination: ExaminationRecord,
    /// What it came to.
    pub outcome: Outcome,
    /// The second examination, if there was one.
    pub verification: Option<Verification>,
    /// The checklist.
    pub checklist: Checklist,
    /// What each entry of it is worth.
    pub standings: Vec<(EntryId, Standing)>,
    /// Notes of this case that were returned by a reviewer and that this one amends, oldest first.
    #[serde(default)]
    pub amends: Vec<NoteId>,
    /// Candidates whose records the gallery has withdrawn since the search: expunged or suppressed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<CandidateId>,
    /// What the record shows, in sentences that the program wrote.
    #[serde(default)]
    pub facts: Vec<Fact>,
}

/// A note that proved every gate. Its only constructor is [`CaseNote::seal`]; `vault` stores
/// nothing else as a note.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct SealedNote(NoteContent);

impl SealedNote {
    /// What the note says.
    pub fn content(&self) -> &NoteContent {
        &self.0
    }
}

/// Why a note was not sealed. Nothing was saved, the draft is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The note cannot be saved yet: {}", .0.first().map_or("something is missing", |g| g.missing.as_str()))]
pub struct SealError(
    /// What is missing, in the order of the screen.
    pub Vec<Gap>,
);

/// The case note's maker.
#[derive(Debug)]
pub enum CaseNote {}

impl CaseNote {
    /// Seals a note: the last gate, whose arguments prove the earlier ones.
    ///
    /// # Errors
    /// [`SealError`] with every gap between the draft and its disposition's needs.
    pub fn seal(
        draft: NoteDraft,
        examination: ConcludedExamination,
        checklist: CompleteChecklist,
        author: PersonRef,
        clock: &dyn Clock,
    ) -> Result<SealedNote, SealError> {
        let now = clock.now();
        let mut gaps = Gaps::new();
        let search = draft.searches.iter().find(|s| s.id == examination.examination().work.search);
        gaps.need(
            search.is_some_and(|s| s.probe_sha256 == draft.probe.image.sha256),
            "examination",
            "The examination does not belong to a search of this probe. Examine this case's own list.",
            "A note joins one probe, its searches and their examination.",
        );
        gaps.need(
            said(&draft.narrative),
            "note.narrative",
            "Write the account: what was done and what it came to.",
            "A note is read by people who were not there.",
        );
        match draft.disposition {
            None => {
                gaps.need(false, "disposition", "Choose a disposition.", "A note must say what the search came to.")
            }
            Some(disposition) => {
                gaps.extend(disposition_gaps(disposition, &draft, &examination, &checklist));
            }
        }
        if let Some(search) = search {
            gaps.extend(time_gaps(&draft, search, &examination, &checklist, now));
        }
        let disposition = draft.disposition;
        gaps.into_result(|| disposition)
            .and_then(|disposition| disposition.ok_or_else(Vec::new))
            .map_err(SealError)
            .map(|disposition| {
                let mut content = NoteContent {
                    schema: "corroborate.note.v1".to_owned(),
                    id: draft.id,
                    author,
                    sealed_at: now,
                    statement: LEAD_STATEMENT.to_owned(),
                    disposition,
                    reason: draft.reason.trim().to_owned(),
                    narrative: draft.narrative.trim().to_owned(),
                    case: draft.case,
                    probe: draft.probe,
                    searches: draft.searches,
                    examination: examination.examination().clone(),
                    outcome: examination.outcome(),
                    verification: examination.verification().cloned(),
                    checklist: checklist.checklist().clone(),
                    standings: checklist.standings().to_vec(),
                    amends: draft.amends,
                    withdrawn: draft.withdrawn,
                    facts: Vec::new(),
                };
                content.facts = facts(&content);
                SealedNote(content)
            })
    }
}

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
        gaps.need(
            took_part(note, &author.reference()) || author.is(Role::Supervisor),
            "addendum",
            "Only whoever worked on the case, or a supervisor, adds to its note.",
            "An addendum is evidence, like the note.",
        );
        gaps.need(
            said(text),
            "addendum.text",
            "Write what is added or corrected.",
            "The note stays as it was sealed; only an addendum corrects it.",
        );
        gaps.need(
            note.sealed_at <= now,
            "addendum",
            "The addendum is dated before the note. Correct the workstation's clock.",
            "Times must be in order: note, addendum.",
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

fn disposition_gaps(
    disposition: Disposition,
    draft: &NoteDraft,
    examination: &ConcludedExamination,
    checklist: &CompleteChecklist,
) -> Vec<Gap> {
    let mut gaps = Gaps::new();
    let why = "The disposition must be what the record shows.";
    gaps.need(
        checklist.checklist().scope == disposition.scope(),
        "disposition",
        "The checklist was completed for another disposition. Choose the disposition again.",
        why,
    );
    let has_lead = matches!(examination.outcome(), Outcome::Lead { .. });
    match disposition {
        Disposition::NoCandidate => gaps.need(
            !has_lead,
            "disposition",
            "The examination kept a candidate, so \u{201c}no candidate\u{201d} is not what it came to. Complete the checklist or record an exclusion.",
            why,
        ),
        Disposition::Excluded => gaps.need(
            said(&draft.reason),
            "note.reason",
            "Say what excludes: the examination or which evidence.",
            why,
        ),
        Disposition::LeadNotCorroborated | Disposition::LeadCorroborated => gaps.need(
            has_lead,
            "disposition",
            "The examination kept no candidate. Choose \u{201c}no candidate\u{201d}.",
            why,
        ),
    }
    if disposition == Disposition::LeadCorroborated {
        gaps.need(
            examination.lead_is_verified(),
            "verification",
            "A second trained examiner must compare blind and conclude support or limited support. Until then the lead is not corroborated.",
            "Two people who do not know each other's answer err less than one.",
        );
        gaps.extend(checklist.support_gaps());
    }
    gaps.into_result(|| ()).err().unwrap_or_default()
}

fn time_gaps(
    draft: &NoteDraft,
    search: &SearchRecord,
    examination: &ConcludedExamination,
    checklist: &CompleteChecklist,
    now: Moment,
) -> Vec<Gap> {
    let mut gaps = Gaps::new();
    let concluded = examination.concluded_at().unwrap_or(now);
    gaps.need(
        draft.probe.imported_at <= search.at && search.at <= concluded && concluded <= now,
        "note",
        "The record's times are out of order. Check the workstation's clock, then save again; nothing is lost.",
        "Times must be in order: event, capture, import, search, conclusion, note.",
    );
    for entry in &checklist.checklist().entries {
        let told = match &entry.details {
            Details::Vehicle(v) => v.seen_at,
            Details::Witness(w) => w.stated_at,
            Details::Media(m) => m.captured_at,
            Details::Phone(_) | Details::Location(_) | Details::PhysicalEvidence(_) | Details::Alibi(_) => None,
        };
        let times = [entry.obtained_at, told].into_iter().chain(entry.attempts.iter().map(|a| a.at));
        let future = times.flatten().any(|at| at > now);
        gaps.need(
            !future,
            format!("{}.{}.obtained_at", entry.category().code(), entry.id),
            format!("{}: a date lies in the future. Correct it.", entry.category().in_words()),
            "Nothing can be obtained before it happened.",
        );
    }
    if matches!(draft.disposition, Some(Disposition::LeadCorroborated | Disposition::LeadNotCorroborated)) {
        gaps.need(
            now.days_since(search.at) <= i64::from(checklist.stale_after_days),
            "search",
            format!("The search is older than {} days: the lead is stale. Search again.", checklist.stale_after_days),
            "Galleries change: a record may have been expunged since.",
        );
    }
    gaps.into_result(|| ()).err().unwrap_or_default()
}
