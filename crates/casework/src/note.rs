use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::{MAX_ACCOUNT, gist, said, tells, without_headings};
use crate::{
    CandidateId, Case, Checklist, Circumstances, Clock, CompleteChecklist, ConcludedExamination, Conclusion,
    Confirmation, Decision, EntryId, Examination, ExaminationRecord, Fact, Gap, Gaps, History, LEAD_STATEMENT, Moment,
    NoteId, Outcome, Person, PersonRef, Policy, ProbeRecord, Remark, ReviewContent, Role, Scope, SearchRecord,
    Standing, UnveiledElsewhere, Verification, Work, facts, flags, took_part,
};

/// Schema of a note. It changes with every rule and sentence that a proof compares.
pub const NOTE_SCHEMA: &str = "corroborate.note.v2";

/// What a reviewer asked to be mended, with the author's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Answered {
    /// The note that was returned.
    pub review: NoteId,
    /// What was asked.
    pub remark: Remark,
    /// The answer.
    pub answer: String,
}

/// A note as a reviewer returned it, as far as a change of it matters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SentBack {
    pub(crate) disposition: Option<Disposition>,
    pub(crate) reason: String,
    pub(crate) narrative: String,
    pub(crate) checklist: String,
    pub(crate) examination: Option<ExaminationRecord>,
}

/// Everything that a review asks of the author: remarks on fields, and on judgements that do not hold.
pub fn asked(review: &ReviewContent) -> Vec<Remark> {
    if review.decision != Decision::Return {
        return Vec::new();
    }
    let judged = review.judged.iter().filter(|j| j.holds == Some(false) && said(&j.remark));
    let judged = judged.map(|j| Remark { place: j.judgement.place().to_owned(), text: j.remark.clone() });
    judged.chain(review.remarks.iter().cloned()).collect()
}

/// What a supervisor confirms of an account: another text needs another confirmation.
pub(crate) fn account_text(narrative: &str, reason: &str) -> String {
    format!("{}|{}", gist(narrative), gist(reason))
}

/// Fewest different words of an account, headings left out.
const ACCOUNT_WORDS: usize = 4;
/// Fewest different words of a reason.
const REASON_WORDS: usize = 3;

pub(crate) fn account_gaps(narrative: &str) -> Vec<Gap> {
    let mut gaps = Gaps::new();
    let why = "A note is read by people who were not there.";
    gaps.need(
        tells(&without_headings(narrative), ACCOUNT_WORDS),
        "note.narrative",
        "Write the account: what was done and what it came to.",
        why,
    );
    let length = narrative.chars().count();
    gaps.need(
        length <= MAX_ACCOUNT,
        "note.narrative",
        format!(
            "The account has {length} characters; at most {MAX_ACCOUNT} are kept. Attach long documents to an entry."
        ),
        why,
    );
    gaps.into_result(|| ()).err().unwrap_or_default()
}

/// What the entries of a note are judged against.
pub(crate) fn around(
    case: Option<&Case>,
    probe: Option<&ProbeRecord>,
    searches: &[SearchRecord],
    examination: Option<(&Work, Option<&Verification>)>,
    history: &History,
    author: &PersonRef,
    now: Moment,
) -> Circumstances {
    let second = examination.and_then(|(_, second)| second).map(|v| &v.verifier);
    let people = examination.map(|(work, _)| &work.examiner).into_iter().chain(second).chain(history.people());
    let lead = examination.and_then(|(work, _)| work.lead);
    Circumstances::new(case, probe, searches, lead, people.chain([author]), now)
}

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

    /// The name as people read it.
    pub fn in_words(self) -> &'static str {
        match self {
            Disposition::NoCandidate => "no candidate",
            Disposition::Excluded => "excluded",
            Disposition::LeadNotCorroborated => "lead, not corroborated",
            Disposition::LeadCorroborated => "lead, corroborated",
        }
    }

    /// Whether papers of it may show the lead's photograph and record: an exclusion shows nobody.
    pub fn tells_the_lead(self) -> bool {
        matches!(self, Disposition::LeadNotCorroborated | Disposition::LeadCorroborated)
    }

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
    /// All that was seen beside the examination that counts.
    pub history: History,
    /// A supervisor's word on what is flagged in the account.
    pub account_confirmed: Option<Confirmation>,
    /// Answers to what the last reviewer asked.
    pub answers: Vec<Answered>,
}

/// Everything that a sealed note says. It can be read by anybody; it becomes a [`SealedNote`] again only by
/// [`NoteContent::proven`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct NoteContent {
    /// [`NOTE_SCHEMA`].
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
    /// All that was seen beside the examination that counts.
    #[serde(default, skip_serializing_if = "History::is_empty")]
    pub history: History,
    /// A supervisor's word on what is flagged in the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_confirmed: Option<Confirmation>,
    /// Answers to what the last reviewer asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answered>,
    /// SHA-256 of the policy in force.
    #[serde(default)]
    pub policy: String,
    /// The zone in which its times are told.
    #[serde(default)]
    pub time_zone: String,
    /// What the record shows, in sentences that the program wrote.
    #[serde(default)]
    pub facts: Vec<Fact>,
}

/// A note that proved every gate. It is the value of [`CaseNote::seal`], first or again by [`NoteContent::proven`];
/// `vault` stores nothing else as a note.
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
        policy: &Policy,
    ) -> Result<SealedNote, SealError> {
        let now = clock.now();
        let examination = examination.within(&draft.history, &draft.searches).map_err(SealError)?;
        let mut gaps = Gaps::new();
        let around = around(
            Some(&draft.case),
            Some(&draft.probe),
            &draft.searches,
            Some((&examination.examination().work, examination.verification())),
            &draft.history,
            &author,
            now,
        );
        let same = Circumstances { now: checklist.around.now, ..around };
        gaps.need(
            same == checklist.around && checklist.around.now.is_some_and(|then| then <= now),
            "note",
            "The checklist was judged against another case than this one. Save again.",
            "What counts is judged against the case's own people, files and times.",
        );
        gaps.extend(flag_gaps(&draft, &author, now));
        let search = draft.searches.iter().find(|s| s.id == examination.examination().work.search);
        gaps.need(
            search.is_some_and(|s| s.probe_sha256 == draft.probe.image.sha256),
            "examination",
            "The examination does not belong to a search of this probe. Examine this case's own list.",
            "A note joins one probe, its searches and their examination.",
        );
        gaps.extend(account_gaps(&draft.narrative));
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
                let (searches, history) = told(draft.searches, draft.history, disposition, examination.examination());
                let mut content = NoteContent {
                    schema: NOTE_SCHEMA.to_owned(),
                    id: draft.id,
                    author,
                    sealed_at: now,
                    statement: LEAD_STATEMENT.to_owned(),
                    disposition,
                    reason: draft.reason.trim().to_owned(),
                    narrative: draft.narrative.trim().to_owned(),
                    case: draft.case,
                    probe: draft.probe,
                    searches,
                    examination: examination.examination().clone(),
                    outcome: examination.outcome(),
                    verification: examination.verification().cloned(),
                    checklist: checklist.checklist().clone(),
                    standings: checklist.standings().to_vec(),
                    amends: draft.amends,
                    withdrawn: draft.withdrawn,
                    history,
                    account_confirmed: draft.account_confirmed,
                    answers: draft.answers,
                    policy: policy.sha256.clone(),
                    time_zone: policy.time_zone.clone(),
                    facts: Vec::new(),
                };
                content.facts = facts(&content);
                SealedNote(content)
            })
    }
}

/// Searches and history as a note may tell them. Without a lead nobody of the lists is told: of a subject that comes up more
/// than once a mark is left that says only which rows are one person, so that the proof can be made again.
fn told(
    searches: Vec<SearchRecord>,
    mut history: History,
    disposition: Disposition,
    examination: &ExaminationRecord,
) -> (Vec<SearchRecord>, History) {
    if disposition.tells_the_lead() {
        let aside = history.set_aside.iter().filter(|s| s.examination.unveiled().is_some());
        let mut unveiled: Vec<_> = aside.map(|s| s.examination.work().search).collect();
        unveiled.extend(examination.unveiled_at.map(|_| examination.work.search));
        let open = |search: &SearchRecord| unveiled.contains(&search.id);
        let known = searches.iter().filter(|s| open(s)).flat_map(|s| s.candidates.subjects());
        let known: BTreeMap<String, String> = known.map(|subject| (subject.to_owned(), subject.to_owned())).collect();
        history.elsewhere.retain(|one| known.contains_key(&one.subject_id));
        // Of a list that nobody unveiled only those are named whom an unveiled one names as well.
        let part = |s: SearchRecord| {
            let candidates = if open(&s) { s.candidates.clone() } else { s.candidates.marked(&known) };
            SearchRecord { candidates, ..s }
        };
        return (searches.into_iter().map(part).collect(), history);
    }
    let mut rows: Vec<(CandidateId, String)> = Vec::new();
    for search in &searches {
        rows.extend(search.candidates.ids().filter_map(|id| Some((id, search.candidates.subject(id)?.to_owned()))));
    }
    rows.sort();
    let mut marks: BTreeMap<String, String> = BTreeMap::new();
    for (_, subject) in &rows {
        let again = rows.iter().filter(|(_, other)| other == subject).count() > 1;
        let elsewhere = history.elsewhere.iter().any(|one| one.subject_id == *subject);
        if (again || elsewhere) && !marks.contains_key(subject) {
            marks.insert(subject.clone(), format!("person {}", marks.len() + 1));
        }
    }
    let elsewhere = history
        .elsewhere
        .into_iter()
        .filter_map(|one| Some(UnveiledElsewhere { subject_id: marks.get(&one.subject_id)?.clone(), ..one }));
    let history = History { elsewhere: elsewhere.collect(), ..history };
    let withheld = |s: SearchRecord| SearchRecord { candidates: s.candidates.marked(&marks), ..s };
    (searches.into_iter().map(withheld).collect(), history)
}

fn flag_gaps(draft: &NoteDraft, author: &PersonRef, now: Moment) -> Vec<Gap> {
    let mut gaps = Gaps::new();
    let found = flags(&draft.narrative).into_iter().chain(flags(&draft.reason)).next();
    let text = account_text(&draft.narrative, &draft.reason);
    let working = |c: &Confirmation| [author, &draft.case.opened_by].into_iter().any(|p| p.is_same(&c.by));
    let confirmed = draft.account_confirmed.as_ref().is_some_and(|c| c.of == text && !working(c) && c.at <= now);
    if let (Some(flag), false) = (found, confirmed) {
        gaps.need(
            false,
            "note.supervisor",
            format!(
                "The account says {}. A supervisor confirms it here with their own passphrase, and the auditor is told.",
                flag.quoted()
            ),
            "Face recognition may not be turned on people for assembling, believing or holding a view.",
        );
    }
    gaps.into_result(|| ()).err().unwrap_or_default()
}

impl NoteContent {
    /// Proves a note that was read, received or claimed: every gate is passed again from what it holds, and what comes out must
    /// be what it says, to the last sentence. Its own policy is not at hand, so the laxest that a department may have is held
    /// against it; the rules of one department (case numbers, laws) were checked where it was sealed.
    ///
    /// # Errors
    /// What does not hold.
    pub fn proven(&self) -> Result<SealedNote, Vec<Gap>> {
        let lax = Policy { sha256: self.policy.clone(), time_zone: self.time_zone.clone(), ..Policy::laxest() };
        let wrong = |place: &str, text: &str| Err(vec![Gap::new(place, text, "What a note claims is computed again.")]);
        if self.schema != NOTE_SCHEMA {
            return wrong("note", "It was sealed by another version under other rules, which cannot be proved here.");
        }
        let confirmed = self.case.confirmation();
        // A department's own offences are not at hand: the charge on record stands in for them.
        let policy = Policy { offence: self.case.charge.clone().into_iter().collect(), ..lax };
        let case = self.case.draft().open(
            self.case.id,
            self.case.opened_by.clone(),
            self.case.opened_at,
            &policy,
            confirmed.as_ref(),
        )?;
        if case != self.case {
            return wrong("purpose", "Its case is not one that passed the first gate.");
        }
        self.probe.proven(&case, &policy)?;
        let search = self.searches.iter().find(|s| s.id == self.examination.work.search);
        let Some(search) = search else { return wrong("examination", "Its examination belongs to no search of it.") };
        let in_order = self
            .searches
            .iter()
            .all(|s| s.purpose == case.purpose && s.probe_sha256 == self.probe.image.sha256 && s.at <= self.sealed_at);
        if !in_order || case.opened_at > search.at {
            return wrong("search", "A search of it is of another purpose, probe or time.");
        }
        let second = self.examination.verification.clone();
        if self.verification != second {
            return wrong("verification", "Its verification is not the one of its examination.");
        }
        for aside in &self.history.set_aside {
            let list = self.searches.iter().find(|s| s.id == aside.examination.work().search);
            if list.is_none_or(|list| list.at > aside.at) {
                return wrong("examination", "An examination that was set aside belongs to no search of it.");
            }
        }
        let clock = At(self.sealed_at);
        let examination = Examination::from(self.examination.clone()).proven(search, self.sealed_at, &policy)?;
        let around = around(
            Some(&self.case),
            Some(&self.probe),
            &self.searches,
            Some((&self.examination.work, second.as_ref())),
            &self.history,
            &self.author,
            self.sealed_at,
        );
        let checklist = self.checklist.complete(&policy, &around)?;
        let draft = NoteDraft {
            id: self.id,
            case: self.case.clone(),
            probe: self.probe.clone(),
            searches: self.searches.clone(),
            disposition: Some(self.disposition),
            reason: self.reason.clone(),
            narrative: self.narrative.clone(),
            amends: self.amends.clone(),
            withdrawn: self.withdrawn.clone(),
            history: self.history.clone(),
            account_confirmed: self.account_confirmed.clone(),
            answers: self.answers.clone(),
        };
        let again =
            CaseNote::seal(draft, examination, checklist, self.author.clone(), &clock, &policy).map_err(|e| e.0)?;
        if again.0 != *self {
            return wrong(
                "note",
                "What it claims (standings, outcome, facts or statement) is not what its record gives.",
            );
        }
        Ok(again)
    }
}

struct At(Moment);

impl Clock for At {
    fn now(&self) -> Moment {
        self.0
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
            tells(text, 2) && text.chars().count() <= MAX_ACCOUNT,
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
        Disposition::Excluded => {
            gaps.need(
                tells(&draft.reason, REASON_WORDS) && draft.reason.chars().count() <= MAX_ACCOUNT,
                "note.reason",
                "Say what excludes: the examination or which evidence.",
                why,
            );
            let stands = match examination.outcome() {
                Outcome::NoneOfThese => true,
                Outcome::Lead { conclusion, .. } => {
                    matches!(conclusion, Conclusion::Inconclusive | Conclusion::Exclusion)
                }
            };
            gaps.need(
                stands || checklist.excludes(),
                "disposition",
                "Nothing on record excludes: the examination supports the lead and no contradiction stands against it. Record what excludes, or choose \u{201c}lead, not corroborated\u{201d}.",
                why,
            );
        }
        Disposition::LeadNotCorroborated | Disposition::LeadCorroborated => {
            gaps.need(
                has_lead,
                "disposition",
                "The examination kept no candidate. Choose \u{201c}no candidate\u{201d}.",
                why,
            );
            gaps.need(
                examination.examination().unveiled_at.is_some(),
                "examination",
                "Unveil scores and records before you write of a lead: the note tells the record that it rests on.",
                why,
            );
        }
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
    let changed = examination.examination().changes.iter().map(|change| change.to.at);
    gaps.need(
        changed.chain(examination.examination().unveiled_at).chain(draft.case.confirmed_at).all(|at| at <= now),
        "note",
        "Something on record is dated after this note. Check the workstation's clock, then save again; nothing is lost.",
        "Times must be in order: event, capture, import, search, conclusion, note.",
    );
    gaps.need(
        draft.probe.imported_at <= search.at && search.at <= concluded && concluded <= now,
        "note",
        "The record's times are out of order. Check the workstation's clock, then save again; nothing is lost.",
        "Times must be in order: event, capture, import, search, conclusion, note.",
    );
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
