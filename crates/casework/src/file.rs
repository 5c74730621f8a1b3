use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::note::asked;
use crate::text::{MAX_ACCOUNT, gist, said, tells};
use crate::{
    Answered, Attachment, Blind, CandidateId, Case, CaseDraft, CaseId, CaseNote, Category, Checklist, Circumstances,
    Clock, Confirmation, ContradictionPanel, Decision, Disposition, Entry, EntryId, Examination, FaceBox, Fact,
    Finding, Flag, FurtherDraft, Gap, Gaps, GivenUp, History, ImageFacts, Moment, NoteContent, NoteDraft, NoteId,
    Outcome, Person, PersonRef, Policy, PreparationStep, PreparedProbe, ProbeDraft, ProbeId, ProbeRecord, ProbeSource,
    QualityFinding, ReviewContent, Scope, SealError, SealedNote, SearchFilters, SearchPermit, SearchRecord, SetAside,
    Standing, UnveiledElsewhere, VerificationState, VerificationTask, facts, facts::withdrawn, flags, note::SentBack,
};

/// The steps of a case, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Case and purpose.
    Purpose,
    /// Probe.
    Probe,
    /// Search.
    Search,
    /// Examination of the candidates.
    Examine,
    /// Blind second examination of a lead.
    Verify,
    /// Corroboration.
    Corroborate,
    /// Case note.
    Note,
}

impl Step {
    /// All steps.
    pub const ALL: [Step; 7] =
        [Step::Purpose, Step::Probe, Step::Search, Step::Examine, Step::Verify, Step::Corroborate, Step::Note];
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Its gate was passed.
    Done,
    /// It can be worked on.
    Open,
    /// An earlier gate is shut.
    Shut,
    /// There is nothing to do: no lead to verify.
    NotNeeded,
}

/// A face that was found in the probe's image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct SeenFace {
    /// Where.
    pub bounds: FaceBox,
    /// Overall quality, 0 to 100.
    pub quality: u8,
    /// Components of the quality.
    pub findings: Vec<QualityFinding>,
}

/// What is typed about a probe's origin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ProbeOrigin {
    /// Declared kind.
    pub source: Option<ProbeSource>,
    /// When the picture was taken.
    pub captured_at: Option<Moment>,
    /// Who obtained it.
    pub obtained_by: String,
    /// How it was obtained.
    pub obtained_how: String,
    /// Legal basis for having it.
    pub legal_basis: String,
}

/// The image of a probe, with the faces that were found in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ProbeImage {
    /// Facts of the file.
    pub facts: ImageFacts,
    /// When it came in.
    pub imported_at: Moment,
    /// Faces, best first.
    pub faces: Vec<SeenFace>,
    /// The face that was picked.
    pub picked: Option<usize>,
}

/// A further photograph of the unknown person, from the same source and moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct FurtherImage {
    /// The image.
    pub image: ProbeImage,
    /// Why it shows the same person.
    pub same_person: String,
}

/// Most photographs of one person that a template is made from, the probe included.
pub const MAX_PHOTOS: usize = 5;

/// What is typed for the note.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct NoteForm {
    /// Disposition.
    pub disposition: Option<Disposition>,
    /// The reason, for `excluded`.
    pub reason: String,
    /// The author's account.
    pub narrative: String,
    /// Answers to what the last reviewer asked to be mended, in the order of [`asked`].
    #[serde(default)]
    pub answers: Vec<String>,
}

/// A search that was sent; what it was sent with stands from then on, whatever comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Who sent it.
    pub by: PersonRef,
    /// When.
    pub at: Moment,
}

/// Somebody who read of this case by another role than examiner or verifier. They cannot verify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenBy {
    /// Who.
    pub by: PersonRef,
    /// When first.
    pub at: Moment,
}

/// What other cases of the workstation say that matters to this one; [`CaseFile::elsewhere`] gathers it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Elsewhere {
    /// Who opened other cases with the same number, and when they were begun or confirmed.
    pub same_number: Vec<String>,
    /// Searches that were sent with the same probe in other cases.
    pub searches: usize,
    /// Subjects that were unveiled in other cases about the same probe or number.
    pub unveiled: Vec<UnveiledElsewhere>,
}

/// Searches of one probe that need nobody's word; the next one is confirmed by a supervisor and referred to audit.
const SEARCHES_OF_ONE_PROBE: usize = 2;

/// Everything about one case, complete or not. It is what the vault keeps between two windows; the
/// gates decide what of it may go further.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseFile {
    /// Identity.
    pub id: CaseId,
    /// Who began it.
    pub opened_by: PersonRef,
    /// What is typed about case and purpose.
    pub purpose: CaseDraft,
    /// Set when the first gate was passed.
    pub case: Option<Case>,
    /// What is typed about the probe's origin.
    pub origin: ProbeOrigin,
    /// The probe's image.
    pub image: Option<ProbeImage>,
    /// Further photographs of the same person.
    #[serde(default)]
    pub further: Vec<FurtherImage>,
    /// Set when the second gate was passed.
    pub probe: Option<ProbeRecord>,
    /// Searches, oldest first.
    pub searches: Vec<SearchRecord>,
    /// How a copy of the probe is prepared.
    #[serde(default)]
    pub preparation: Preparation,
    /// The examination of the latest search.
    pub examination: Option<Examination>,
    /// The verification that was asked for, until it is handed in.
    #[serde(default)]
    pub verifying: Option<VerificationTask>,
    /// The checklist.
    pub checklist: Checklist,
    /// What is typed for the note.
    pub note: NoteForm,
    /// Set when the note was sealed; nothing changes from then on.
    pub sealed: Option<NoteId>,
    /// Reviews that returned a note of this case, oldest first.
    #[serde(default)]
    pub returned: Vec<ReviewContent>,
    /// Candidates whose records the gallery has withdrawn since the search: expunged or suppressed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<CandidateId>,
    /// Searches that were sent, answered or not.
    #[serde(default)]
    pub sent: Vec<Sent>,
    /// All that was seen beside the examination that counts.
    #[serde(default)]
    pub history: History,
    /// A supervisor's word on what the program flagged in the purpose.
    #[serde(default)]
    pub confirmed: Option<Confirmation>,
    /// The same for a further search of one probe.
    #[serde(default)]
    pub search_confirmed: Option<Confirmation>,
    /// The same for the account.
    #[serde(default)]
    pub account_confirmed: Option<Confirmation>,
    /// Who read of this case by another role.
    #[serde(default)]
    pub seen_by: Vec<SeenBy>,
    /// The note as the last reviewer returned it, until another is sealed.
    #[serde(default)]
    pub sent_back: Option<Box<SentBack>>,
}

/// A copy of the probe that is prepared for a search of its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct Preparation {
    /// What was done to it, in order.
    pub steps: Vec<PreparationStep>,
    /// The face in it, when the copy is to be searched too.
    pub chosen: Option<SeenFace>,
}

impl FurtherImage {
    fn draft(&self) -> FurtherDraft {
        let face = self.image.picked.and_then(|at| self.image.faces.get(at));
        FurtherDraft {
            image: self.image.facts.clone(),
            face: face.map(|f| f.bounds),
            quality: face.map(|f| f.quality),
            same_person: self.same_person.clone(),
        }
    }
}

impl CaseFile {
    /// An empty file.
    pub fn begin(id: CaseId, by: PersonRef) -> Self {
        Self {
            id,
            opened_by: by,
            purpose: CaseDraft::default(),
            case: None,
            origin: ProbeOrigin::default(),
            image: None,
            further: Vec::new(),
            probe: None,
            searches: Vec::new(),
            preparation: Preparation::default(),
            examination: None,
            verifying: None,
            checklist: Checklist::default(),
            note: NoteForm::default(),
            sealed: None,
            returned: Vec::new(),
            withdrawn: Vec::new(),
            sent: Vec::new(),
            history: History::default(),
            confirmed: None,
            search_confirmed: None,
            account_confirmed: None,
            seen_by: Vec::new(),
            sent_back: None,
        }
    }

    /// What `others` of the workstation say that matters to this case.
    pub fn elsewhere<'a>(&self, others: impl IntoIterator<Item = &'a CaseFile>) -> Elsewhere {
        let mut found = Elsewhere::default();
        let number = gist(&self.purpose.case_number);
        let own = self.probe_files();
        for other in others.into_iter().filter(|other| other.id != self.id) {
            let same_number = !number.is_empty() && gist(&other.purpose.case_number) == number;
            let same_probe = !own.is_disjoint(&other.probe_files());
            if same_number && other.case.is_some() {
                found.same_number.push(other.opened_by.name.clone());
            }
            if same_probe {
                found.searches += other.answered_searches();
            }
            if same_number || same_probe {
                found.unveiled.extend(other.unveiled_subjects());
            }
        }
        found
    }

    /// Every subject that was shown with score and record in this case, and to whom: who examined the list, and who read of
    /// the case by another role.
    fn unveiled_subjects(&self) -> Vec<UnveiledElsewhere> {
        let all = self.history.set_aside.iter().map(|s| &s.examination).chain(&self.examination);
        let mut found: Vec<UnveiledElsewhere> = Vec::new();
        for examination in all {
            let (work, Some(at)) = (examination.work(), examination.unveiled_at()) else { continue };
            let Some(search) = self.searches.iter().find(|s| s.id == work.search) else { continue };
            let left = match (examination.verification(), examination.outcome()) {
                (Some(_), Outcome::Lead { candidate, conclusion }) if !conclusion.carries_a_lead() => Some(candidate),
                _ => None,
            };
            let left = left.and_then(|candidate| search.candidates.subject(candidate));
            let readers = self.seen_by.iter().map(|seen| (&seen.by, at.max(seen.at)));
            for (to, at) in std::iter::once((&work.examiner, at)).chain(readers) {
                found.extend(search.candidates.ids().filter_map(|row| {
                    let subject = search.candidates.subject(row)?;
                    Some(UnveiledElsewhere {
                        subject_id: subject.to_owned(),
                        to: to.clone(),
                        case: self.id,
                        at,
                        disagreed: left == Some(subject) || self.history.gave_up(row, &self.searches),
                    })
                }));
            }
        }
        found
    }

    /// Takes over what was unveiled in other cases of the same probe or number: only subjects that are listed here.
    pub fn recall(&mut self, elsewhere: &Elsewhere) {
        let listed: BTreeSet<&str> = self.searches.iter().flat_map(|s| s.candidates.subjects()).collect();
        let same = |a: &UnveiledElsewhere, b: &UnveiledElsewhere| {
            a.subject_id == b.subject_id && a.to == b.to && a.case == b.case
        };
        for one in elsewhere.unveiled.iter().filter(|one| listed.contains(one.subject_id.as_str())) {
            // As it stands there now: a conference may have resolved it since it was told.
            let disagreed = elsewhere.unveiled.iter().any(|other| other.disagreed && same(one, other));
            match self.history.elsewhere.iter_mut().find(|known| same(known, one)) {
                Some(known) => known.disagreed = disagreed,
                None => self.history.elsewhere.push(UnveiledElsewhere { disagreed, ..one.clone() }),
            }
        }
    }

    /// Hashes of the files that the template is made from.
    fn probe_files(&self) -> BTreeSet<&str> {
        let images = self.image.iter().chain(self.further.iter().map(|f| &f.image));
        images.map(|image| image.facts.sha256.as_str()).collect()
    }

    /// What entries are judged against, for a note that `author` would write at `now`.
    pub(crate) fn around(&self, author: &PersonRef, now: Moment) -> Circumstances {
        crate::note::around(
            self.case.as_ref(),
            self.probe.as_ref(),
            &self.searches,
            self.examination.as_ref().map(|e| (e.work(), e.verification())),
            &self.history,
            author,
            now,
        )
    }

    /// A supervisor confirms what is flagged in the purpose; whoever calls has checked their passphrase.
    ///
    /// # Errors
    /// A gap when nothing is flagged, for somebody who is no supervisor or works on the case, and once a search was sent.
    pub fn confirm_flags(&mut self, supervisor: &Person, now: Moment) -> Result<(), Vec<Gap>> {
        self.unsearched("Case and purpose")?;
        if self.purpose.flags().is_empty() {
            return Err(vec![Gap::new(
                "purpose.basis.supervisor",
                "Nothing is flagged here that needs a supervisor.",
                "",
            )]);
        }
        let text = self.purpose.confirmed_text();
        self.confirmed = Some(Confirmation::of(text, supervisor, &[&self.opened_by], now)?);
        Ok(())
    }

    /// A supervisor confirms a further search of the same probe.
    ///
    /// # Errors
    /// As [`CaseFile::confirm_flags`], and when no confirmation is needed.
    pub fn confirm_search(&mut self, supervisor: &Person, elsewhere: &Elsewhere, now: Moment) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        let (next, made) = self.next_search(elsewhere);
        if made < SEARCHES_OF_ONE_PROBE {
            return Err(vec![Gap::new("search", "This search needs nobody's confirmation.", "")]);
        }
        self.search_confirmed = Some(Confirmation::of(next, supervisor, &self.working(), now)?);
        self.saw(supervisor, now);
        Ok(())
    }

    /// Who works on the case: began it, examines its list, or verifies. They confirm nothing of it.
    fn working(&self) -> Vec<&PersonRef> {
        let begun = self.verifying.as_ref().and_then(|task| task.begun.as_ref());
        let works = self.examination.as_ref().map(Examination::work).into_iter().chain(begun);
        std::iter::once(&self.opened_by).chain(works.map(|work| &work.examiner)).collect()
    }

    /// Who confirmed what is flagged in the purpose as it stands.
    pub fn flags_confirmed_by(&self) -> Option<&PersonRef> {
        let text = self.purpose.confirmed_text();
        self.confirmed.as_ref().filter(|c| c.of == text).map(|c| &c.by)
    }

    /// Whether a supervisor confirmed the account as it stands.
    pub fn account_is_confirmed(&self) -> bool {
        let text = crate::note::account_text(&self.note.narrative, &self.note.reason);
        self.account_confirmed.as_ref().is_some_and(|c| c.of == text)
    }

    /// What is flagged in the account and the reason.
    pub fn account_flags(&self) -> Vec<Flag> {
        let mut found = flags(&self.note.narrative);
        found.extend(flags(&self.note.reason));
        found.sort();
        found.dedup();
        found
    }

    /// A supervisor confirms what is flagged in the account.
    ///
    /// # Errors
    /// As [`CaseFile::confirm_flags`].
    pub fn confirm_account(&mut self, supervisor: &Person, now: Moment) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        let text = crate::note::account_text(&self.note.narrative, &self.note.reason);
        self.account_confirmed = Some(Confirmation::of(text, supervisor, &self.working(), now)?);
        // They have read the account: they cannot verify.
        self.saw(supervisor, now);
        Ok(())
    }

    /// Searches that brought a list: what nobody saw is none. A prepared copy is searched along with the original.
    fn answered_searches(&self) -> usize {
        self.searches.iter().filter(|search| search.prepared.is_empty()).count()
    }

    /// What a confirmation of the search that comes next is bound to, and how many were made of the probe.
    fn next_search(&self, elsewhere: &Elsewhere) -> (String, usize) {
        let made = self.answered_searches() + elsewhere.searches;
        (format!("search {}", made + 1), made)
    }

    /// What a search needs a supervisor's word for, if it does: the reason, for people.
    fn further_search_gap(&self, elsewhere: &Elsewhere) -> Option<Gap> {
        let (next, made) = self.next_search(elsewhere);
        let confirmed = self.search_confirmed.as_ref().is_some_and(|c| c.of == next);
        (made >= SEARCHES_OF_ONE_PROBE && !confirmed).then(|| {
            Gap::new(
                "search.supervisor",
                format!(
                    "This probe was searched {made} times already. A supervisor confirms another search here with their own passphrase, and the auditor is told."
                ),
                "A search that is repeated until somebody comes up finds somebody.",
            )
        })
    }

    /// Notes that the gallery has withdrawn candidates of the latest search; `false` when that was known, the case is
    /// sealed, or they are not on its list.
    pub fn withdraw(&mut self, candidates: &[CandidateId]) -> bool {
        let Some(search) = self.searches.last().filter(|_| self.sealed.is_none()) else { return false };
        let listed =
            candidates.iter().filter(|c| search.candidates.ids().any(|id| id == **c) && !self.withdrawn.contains(c));
        let fresh: Vec<CandidateId> = listed.copied().collect();
        self.withdrawn.extend(&fresh);
        !fresh.is_empty()
    }

    /// What an examiner must know of withdrawn candidates, in a sentence.
    pub fn withdrawn_in_words(&self) -> Option<String> {
        let lead = self.examination.as_ref().and_then(|e| e.work().lead);
        withdrawn(&self.withdrawn, lead.filter(|lead| self.withdrawn.contains(lead)).is_some())
    }

    /// The latest search.
    pub fn search(&self) -> Option<&SearchRecord> {
        self.searches.last()
    }

    /// Where `step` stands.
    pub fn state(&self, step: Step) -> StepState {
        let concluded = self.examination.as_ref().is_some_and(|e| e.concluded_at().is_some());
        let verification = self.verification_state();
        if step == Step::Verify && verification == VerificationState::NoLead {
            return StepState::NotNeeded;
        }
        let (before, done) = match step {
            Step::Purpose => (true, self.case.is_some()),
            Step::Probe => (self.case.is_some(), self.probe.is_some()),
            Step::Search => (self.probe.is_some(), !self.searches.is_empty()),
            Step::Examine => (!self.searches.is_empty(), concluded),
            Step::Verify => (verification != VerificationState::NotYet, verification == VerificationState::Done),
            Step::Corroborate => (!self.searches.is_empty(), self.sealed.is_some()),
            Step::Note => (!self.searches.is_empty(), self.sealed.is_some()),
        };
        match (before, done) {
            (_, true) => StepState::Done,
            (true, false) => StepState::Open,
            (false, false) => StepState::Shut,
        }
    }

    /// Refuses a change of what a sealed note holds already.
    pub(crate) fn unsealed(&self) -> Result<(), Vec<Gap>> {
        match self.sealed {
            None => Ok(()),
            Some(_) => Err(vec![Gap::new(
                "note",
                "The case note is sealed; nothing in it changes any more. Begin another case for another probe.",
                "A sealed note is immutable.",
            )]),
        }
    }

    /// Refuses a change of what a search was made with.
    fn unsearched(&self, what: &str) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        if self.searches.is_empty() && self.sent.is_empty() {
            return Ok(());
        }
        Err(vec![Gap::new(
            "search",
            format!("{what} cannot change after a search was sent with it. Begin another case."),
            "The record must show what was searched, and why.",
        )])
    }

    /// Replaces what is typed about case and purpose; the gate is shut again.
    ///
    /// # Errors
    /// A gap once a search was made.
    pub fn edit_purpose(&mut self, draft: CaseDraft) -> Result<(), Vec<Gap>> {
        self.unsearched("Case and purpose")?;
        if self.purpose != draft {
            self.purpose = draft;
            (self.case, self.probe) = (None, None);
        }
        Ok(())
    }

    /// Opens the first gate.
    ///
    /// # Errors
    /// Every gap of [`CaseDraft::open`], and one where another case has the number and nobody said that this is a further one.
    pub fn confirm_purpose(
        &mut self,
        by: PersonRef,
        now: Moment,
        policy: &Policy,
        elsewhere: &Elsewhere,
    ) -> Result<(), Vec<Gap>> {
        self.unsearched("Case and purpose")?;
        let mut gaps = Gaps::new();
        if let (Some(other), false) = (elsewhere.same_number.first(), self.purpose.further_case) {
            gaps.need(
                false,
                "purpose.further_case",
                format!("There is a case with this number already, opened by {other}. Open that one, or say that this is a further one."),
                "Two cases about one event should know of each other.",
            );
        }
        let opened = self.purpose.open(self.id, by, now, policy, self.confirmed.as_ref());
        match (opened, gaps.into_result(|| ())) {
            (Ok(case), Ok(())) => {
                self.case = Some(case);
                Ok(())
            }
            (opened, same) => {
                let gaps = [opened.map(drop), same].into_iter().filter_map(Result::err).flatten();
                Err(gaps.collect())
            }
        }
    }

    /// Takes in an image. A single face is picked at once.
    ///
    /// # Errors
    /// A gap before the first gate and after a search.
    pub fn bring_image(&mut self, facts: ImageFacts, faces: Vec<SeenFace>, now: Moment) -> Result<(), Vec<Gap>> {
        self.unsearched("The probe")?;
        if self.case.is_none() {
            return Err(vec![Gap::new("purpose", "Complete case and purpose first.", "No probe without a case.")]);
        }
        let picked = (faces.len() == 1).then_some(0);
        self.image = Some(ProbeImage { facts, imported_at: now, faces, picked });
        self.preparation = Preparation::default();
        self.probe = None;
        Ok(())
    }

    /// Picks the face of the unknown person.
    ///
    /// # Errors
    /// A gap when there is no such face or a search was made.
    pub fn pick_face(&mut self, face: usize) -> Result<(), Vec<Gap>> {
        self.unsearched("The probe")?;
        match self.image.as_mut().filter(|image| face < image.faces.len()) {
            Some(image) => {
                image.picked = Some(face);
                self.preparation.chosen = None;
                self.probe = None;
                Ok(())
            }
            None => Err(vec![Gap::new("probe.face", "There is no such face. Pick one that is marked.", "")]),
        }
    }

    /// Takes in a further photograph of the same person, from the same source and moment as the probe.
    ///
    /// # Errors
    /// A gap without a probe, after a search, for a photograph that is there already, without a face, or
    /// beyond [`MAX_PHOTOS`].
    pub fn bring_further(&mut self, facts: ImageFacts, faces: Vec<SeenFace>, now: Moment) -> Result<(), Vec<Gap>> {
        self.unsearched("The probe")?;
        let gap = |text: &str, why: &str| Err(vec![Gap::new("further", text, why)]);
        let Some(first) = &self.image else {
            return gap("Bring the probe first.", "Further photographs share its origin.");
        };
        let mut there = std::iter::once(first).chain(self.further.iter().map(|f| &f.image));
        if there.any(|image| image.facts.sha256 == facts.sha256) {
            return gap("This photograph is there already.", "The same file twice adds nothing.");
        }
        if self.further.len() + 1 >= MAX_PHOTOS {
            return gap("Five photographs are enough; remove one first.", "More add little.");
        }
        if faces.is_empty() {
            return gap("No face was found in this photograph; it was not added.", "Only a face adds to the template.");
        }
        let picked = (faces.len() == 1).then_some(0);
        let image = ProbeImage { facts, imported_at: now, faces, picked };
        self.further.push(FurtherImage { image, same_person: String::new() });
        self.probe = None;
        Ok(())
    }

    /// Picks the person's face in a further photograph.
    ///
    /// # Errors
    /// A gap when there is no such photograph or face, or a search was made.
    pub fn pick_further(&mut self, at: usize, face: usize) -> Result<(), Vec<Gap>> {
        self.unsearched("The probe")?;
        match self.further.get_mut(at).filter(|f| face < f.image.faces.len()) {
            Some(further) => {
                further.image.picked = Some(face);
                self.probe = None;
                Ok(())
            }
            None => Err(vec![Gap::new("further", "There is no such photograph or face. Pick one that is shown.", "")]),
        }
    }

    /// Replaces what is typed about the further photographs, in their order: why each shows the same person.
    ///
    /// # Errors
    /// A gap once a search was made.
    pub fn edit_further(&mut self, reasons: Vec<String>) -> Result<(), Vec<Gap>> {
        self.unsearched("The probe")?;
        for (further, reason) in self.further.iter_mut().zip(reasons) {
            if further.same_person != reason {
                further.same_person = reason;
                self.probe = None;
            }
        }
        Ok(())
    }

    /// Takes a further photograph away; its original stays in the vault.
    ///
    /// # Errors
    /// A gap when there is none, or a search was made.
    pub fn remove_further(&mut self, at: usize) -> Result<(), Vec<Gap>> {
        self.unsearched("The probe")?;
        if at >= self.further.len() {
            return Err(vec![Gap::new("further", "There is no such photograph.", "")]);
        }
        self.further.remove(at);
        self.probe = None;
        Ok(())
    }

    /// Replaces the steps that prepare a copy of the probe; the copy must be chosen anew.
    ///
    /// # Errors
    /// A gap without a probe, for a step out of range, and once a search was made.
    pub fn prepare(&mut self, steps: Vec<PreparationStep>) -> Result<(), Vec<Gap>> {
        self.unsearched("The probe")?;
        if self.image.is_none() {
            return Err(vec![Gap::new("probe.file", "Bring the probe first.", "Only a probe is prepared.")]);
        }
        crate::preparation::check_steps(&steps)?;
        if self.preparation.steps != steps {
            self.preparation = Preparation { steps, chosen: None };
            self.probe = None;
        }
        Ok(())
    }

    /// Chooses the prepared copy with the `face` found in it for a search of its own, beside the original's;
    /// `None` takes that back.
    ///
    /// # Errors
    /// A gap without steps, and once a search was made.
    pub fn choose_prepared(&mut self, face: Option<SeenFace>) -> Result<(), Vec<Gap>> {
        self.unsearched("The probe")?;
        if self.preparation.steps.is_empty() && face.is_some() {
            return Err(vec![Gap::new("preparation", "There is no prepared version: it is the original.", "")]);
        }
        self.preparation.chosen = face;
        self.probe = None;
        Ok(())
    }

    /// Replaces what is typed about the probe's origin; the gate is shut again.
    ///
    /// # Errors
    /// A gap once a search was made.
    pub fn edit_origin(&mut self, origin: ProbeOrigin) -> Result<(), Vec<Gap>> {
        self.unsearched("The probe")?;
        if self.origin != origin {
            self.origin = origin;
            self.probe = None;
        }
        Ok(())
    }

    fn probe_draft(&self) -> Result<ProbeDraft, Vec<Gap>> {
        let image = self.image.as_ref().ok_or_else(|| {
            vec![Gap::new("probe.file", "Bring the photograph of the unknown person.", "A search needs a probe.")]
        })?;
        if image.faces.is_empty() {
            return Err(vec![Gap::new(
                "probe.file",
                "No face was found in this photograph. Bring one in which the face is larger, lighter or turned to the camera.",
                "A template can only be as good as the face it is made from.",
            )]);
        }
        let face = image.picked.and_then(|at| image.faces.get(at));
        let origin = &self.origin;
        Ok(ProbeDraft {
            image: image.facts.clone(),
            imported_at: image.imported_at,
            source: origin.source,
            captured_at: origin.captured_at,
            obtained_by: origin.obtained_by.clone(),
            obtained_how: origin.obtained_how.clone(),
            legal_basis: origin.legal_basis.clone(),
            face: face.map(|f| f.bounds),
            quality: face.map(|f| f.quality),
            findings: face.map(|f| f.findings.clone()).unwrap_or_default(),
            further: self.further.iter().map(FurtherImage::draft).collect(),
            prepared: self.preparation.chosen.as_ref().map(|face| PreparedProbe {
                steps: self.preparation.steps.clone(),
                face: face.bounds,
                quality: face.quality,
                findings: face.findings.clone(),
            }),
        })
    }

    fn accepted_probe(
        &self,
        id: ProbeId,
        by: PersonRef,
        now: Moment,
        policy: &Policy,
    ) -> Result<ProbeRecord, Vec<Gap>> {
        let case = self
            .case
            .as_ref()
            .ok_or_else(|| vec![Gap::new("purpose", "Complete case and purpose first.", "No probe without a case.")])?;
        self.probe_draft()?.accept(id, case, by, now, policy)
    }

    /// Opens the second gate.
    ///
    /// # Errors
    /// Every gap of [`ProbeDraft::accept`].
    pub fn confirm_probe(&mut self, id: ProbeId, by: PersonRef, now: Moment, policy: &Policy) -> Result<(), Vec<Gap>> {
        self.unsearched("The probe")?;
        self.probe = Some(self.accepted_probe(id, by, now, policy)?);
        Ok(())
    }

    /// Leave to search.
    ///
    /// # Errors
    /// Every gap of [`SearchPermit::grant`], or the gate before.
    pub fn permit(
        &self,
        examiner: &Person,
        filters: SearchFilters,
        now: Moment,
        policy: &Policy,
        elsewhere: &Elsewhere,
    ) -> Result<SearchPermit<'_>, Vec<Gap>> {
        self.unsealed()?;
        if let Some(gap) = self.further_search_gap(elsewhere) {
            return Err(vec![gap]);
        }
        match (&self.case, &self.probe) {
            (Some(case), Some(probe)) => SearchPermit::grant(case, probe, examiner, filters, now, policy),
            _ => Err(vec![Gap::new(
                "probe",
                "Complete purpose and probe first.",
                "No search without a case and a probe.",
            )]),
        }
    }

    /// Records that a search is sent now. Case, purpose and probe stand from here on, whatever comes back.
    ///
    /// # Errors
    /// Every gap of [`CaseFile::permit`].
    pub fn send_search(
        &mut self,
        examiner: &Person,
        filters: SearchFilters,
        now: Moment,
        policy: &Policy,
        elsewhere: &Elsewhere,
    ) -> Result<(), Vec<Gap>> {
        self.permit(examiner, filters, now, policy, elsewhere)?;
        self.sent.push(Sent { by: examiner.reference(), at: now });
        Ok(())
    }

    /// Why the program refers the case to the auditor.
    pub fn referrals(&self) -> Vec<String> {
        let mut all = self.case.as_ref().map(Case::referrals).unwrap_or_default();
        if self.account_is_confirmed() {
            all.extend(self.account_flags().iter().map(|flag| format!("The account says {}.", flag.quoted())));
        }
        if self.search_confirmed.is_some() {
            all.push(format!("The probe was searched {} times in this case.", self.answered_searches()));
        }
        all
    }

    /// Takes in a search's list and begins its blind examination. Earlier searches stay on record, and so do their
    /// examinations with all that was seen in them.
    ///
    /// # Errors
    /// A gap when the note is sealed, when no search was sent, and for a list that is not of this case's purpose and probe.
    pub fn add_search(&mut self, search: SearchRecord, shuffle_seed: u32) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        let mut gaps = Gaps::new();
        let sent = self.sent.iter().any(|sent| sent.by == search.by && sent.at <= search.at);
        let fits = self.case.as_ref().is_some_and(|case| case.purpose == search.purpose)
            && self.probe.as_ref().is_some_and(|probe| probe.image.sha256 == search.probe_sha256);
        gaps.need(
            sent && fits && !self.searches.iter().any(|known| known.id == search.id),
            "search",
            "This list does not answer a search that was sent for this case, purpose and probe. It was not taken in; search again.",
            "The record must show what was searched, and why.",
        );
        gaps.into_result(|| ())?;
        if let Some(examination) = self.examination.take() {
            self.history.set_aside.push(SetAside { examination, at: search.at });
        }
        if let Some(work) = self.verifying.take().and_then(|task| task.begun) {
            self.history.given_up.push(GivenUp { work, by: search.by.clone(), at: search.at });
        }
        self.examination = Some(Examination::Blind(Blind::begin(search.id, search.by.clone(), shuffle_seed)));
        self.searches.push(search);
        Ok(())
    }

    /// The candidate that entries are made for now: the one that is kept, once the examination is concluded.
    fn kept(&self) -> Option<CandidateId> {
        self.examination.as_ref().filter(|e| e.concluded_at().is_some()).and_then(Examination::lead)
    }

    /// Binds entries that were made before anybody was kept to whom the examination keeps.
    pub(crate) fn bind_entries(&mut self) {
        let Some(kept) = self.kept() else { return };
        for entry in self.checklist.entries.iter_mut().filter(|e| e.made_for.is_none()) {
            entry.made_for = Some(kept);
        }
    }

    /// Adds an empty entry to the checklist.
    ///
    /// # Errors
    /// A gap before a list is shown and after sealing.
    pub fn add_entry(&mut self, id: EntryId, category: Category) -> Result<(), Vec<Gap>> {
        self.edit_checklist(|list| list.entries.push(Entry::empty(id, category)))
    }

    /// Changes the checklist. Its scope always follows the disposition.
    ///
    /// # Errors
    /// A gap before a list is shown and after sealing, and when an entry that contradicts the lead would go.
    pub fn edit_checklist(&mut self, change: impl FnOnce(&mut Checklist)) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        if self.searches.is_empty() {
            return Err(vec![Gap::new("search", "Search the gallery first.", "There is no lead to corroborate yet.")]);
        }
        let mut changed = self.checklist.clone();
        change(&mut changed);
        changed.scope = self.checklist.scope;
        // Attachments come and go only with their bytes; what the program writes is not typed.
        let made_for = self.kept();
        for entry in &mut changed.entries {
            let kept = self.checklist.entries.iter().find(|e| e.id == entry.id);
            entry.attachments = kept.map(|e| e.attachments.clone()).unwrap_or_default();
            entry.made_for = kept.map_or(made_for, |e| e.made_for);
            entry.earlier = kept.map(|e| e.earlier.clone()).unwrap_or_default();
        }
        // What speaks for the person is never tidied away.
        let against =
            self.checklist.entries.iter().filter(|e| e.finding == Some(Finding::Contradicts) && said(&e.shows));
        let mut gaps = Gaps::new();
        let why = "Exculpatory information must be disclosed.";
        for entry in against {
            let place = format!("{}.{}", entry.category().code(), entry.id);
            let now = changed.entries.iter_mut().find(|e| e.id == entry.id && e.finding == entry.finding);
            let Some(now) = now.filter(|now| said(&now.shows) && now.category() == entry.category()) else {
                gaps.need(
                    false,
                    place,
                    "What contradicts the lead stays on the record. Add what answers it; it cannot be removed or turned into something else.",
                    why,
                );
                continue;
            };
            // Until every question is answered it is still being written; then it is only added to.
            let whole = entry.is_whole();
            gaps.need(
                !whole || (now.is_whole() && now.dates() == entry.dates()),
                place.clone(),
                "What contradicts the lead stays as it was answered. Add to its words, or record how it was resolved.",
                why,
            );
            let (before, after) = (entry.texts(), now.texts());
            let overwritten = before.iter().zip(&after).find(|((field, b), (_, a))| {
                *field != "resolution" && *field != "dates_explained" && !a.starts_with(b.trim_end())
            });
            match overwritten {
                Some(((field, _), _)) if whole => gaps.need(
                    false,
                    format!("{place}.{field}"),
                    "What contradicts the lead is not overwritten. Leave the words and add yours after them, or record how it was resolved.",
                    why,
                ),
                Some(_) => {
                    let replaced = !now.shows.starts_with(entry.shows.trim_end());
                    if replaced && !gist(&now.shows).contains(&gist(&entry.shows)) {
                        now.earlier.push(entry.shows.clone());
                    }
                }
                None => {}
            }
        }
        self.checklist.panel.keep_earlier(&mut changed.panel, &mut gaps);
        gaps.into_result(|| ())?;
        self.checklist = changed;
        Ok(())
    }

    /// Changes one entry, the one that has its id.
    ///
    /// # Errors
    /// As [`CaseFile::edit_checklist`], and a gap when there is no such entry.
    pub fn edit_entry(&mut self, entry: Entry) -> Result<(), Vec<Gap>> {
        if !self.checklist.entries.iter().any(|e| e.id == entry.id) {
            let text = "This entry was removed meanwhile. Nothing was changed; add it anew.";
            return Err(vec![Gap::new(entry.category().code(), text, "What is written belongs to an entry.")]);
        }
        self.edit_checklist(|list| {
            list.entries.iter_mut().filter(|e| e.id == entry.id).for_each(|e| *e = entry.clone())
        })
    }

    /// Changes what could speak against the lead, and nothing else.
    ///
    /// # Errors
    /// As [`CaseFile::edit_checklist`].
    pub fn edit_panel(&mut self, panel: ContradictionPanel) -> Result<(), Vec<Gap>> {
        self.edit_checklist(|list| list.panel = panel)
    }

    /// Attaches a file to an entry.
    ///
    /// # Errors
    /// A gap after sealing, without that entry, and for a file that is there already.
    pub fn attach(&mut self, entry: EntryId, attachment: Attachment) -> Result<(), Vec<Gap>> {
        let of_probe = self.probe_files().contains(attachment.sha256.as_str());
        let found = self.entry_to_change(entry)?;
        if of_probe {
            let place = format!("{}.{entry}.attachments", found.category().code());
            let text = "This file is the probe itself. It was not attached; attach what corroborates it.";
            return Err(vec![Gap::new(place, text, "A photograph cannot corroborate itself.")]);
        }
        if found.attachments.iter().any(|a| a.sha256 == attachment.sha256) {
            let place = format!("{}.{entry}.attachments", found.category().code());
            return Err(vec![Gap::new(place, "This file is attached already.", "The same file twice adds nothing.")]);
        }
        found.attachments.push(attachment);
        Ok(())
    }

    /// Takes an attachment away from an entry; its bytes stay in the vault.
    ///
    /// # Errors
    /// A gap after sealing, without that entry, and where it contradicts the lead.
    pub fn detach(&mut self, entry: EntryId, sha256: &str) -> Result<(), Vec<Gap>> {
        let found = self.entry_to_change(entry)?;
        if found.finding == Some(Finding::Contradicts) {
            let place = format!("{}.{entry}.attachments", found.category().code());
            let text = "What contradicts the lead stays on the record, with its files.";
            return Err(vec![Gap::new(place, text, "Exculpatory information must be disclosed.")]);
        }
        found.attachments.retain(|a| a.sha256 != sha256);
        Ok(())
    }

    /// Whether a file may be attached to `entry` now.
    ///
    /// # Errors
    /// A gap after sealing, and without that entry.
    pub fn may_attach(&mut self, entry: EntryId) -> Result<(), Vec<Gap>> {
        self.entry_to_change(entry).map(drop)
    }

    fn entry_to_change(&mut self, entry: EntryId) -> Result<&mut Entry, Vec<Gap>> {
        self.unsealed()?;
        let found = self.checklist.entries.iter_mut().find(|e| e.id == entry);
        found.ok_or_else(|| vec![Gap::new("vehicle", "There is no such entry any more. Add it again.", "")])
    }

    /// Hashes of every file that the record rests on: the probe, its further photographs, attachments.
    pub fn files(&self) -> BTreeSet<String> {
        let probe = self.image.iter().chain(self.further.iter().map(|f| &f.image)).map(|image| &image.facts.sha256);
        let attached = self.checklist.entries.iter().flat_map(|e| &e.attachments).map(|a| &a.sha256);
        probe.chain(attached).cloned().collect()
    }

    /// Replaces what is typed for the note.
    ///
    /// # Errors
    /// A gap after sealing.
    pub fn edit_note(&mut self, form: NoteForm) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        let disposition = form.disposition;
        self.note = form;
        self.set_disposition(disposition);
        Ok(())
    }

    pub(crate) fn set_disposition(&mut self, disposition: Option<Disposition>) {
        self.note.disposition = disposition;
        self.checklist.scope = disposition.map_or(Scope::Lead, Disposition::scope);
    }

    /// What each entry of the checklist is worth in a note that `author` would write at `now`.
    pub fn standings(&self, author: &PersonRef, now: Moment) -> Vec<(EntryId, Standing)> {
        self.checklist.standings(&self.around(author, now))
    }

    /// What the record shows so far, as the note will say it; nothing before the examination is concluded.
    pub fn facts(&self, now: Moment, policy: &Policy) -> Vec<Fact> {
        let (Some(case), Some(probe), Ok(concluded)) = (&self.case, &self.probe, self.concluded(now, policy)) else {
            return Vec::new();
        };
        if concluded.concluded_at().is_none() {
            return Vec::new();
        }
        let draft = self.draft(NoteId(self.id.0), case, probe);
        facts(&NoteContent {
            schema: String::new(),
            id: draft.id,
            author: self.opened_by.clone(),
            sealed_at: now,
            statement: String::new(),
            disposition: draft.disposition.unwrap_or(Disposition::LeadNotCorroborated),
            reason: draft.reason,
            narrative: draft.narrative,
            case: draft.case,
            probe: draft.probe,
            searches: draft.searches,
            examination: concluded.examination().clone(),
            outcome: concluded.outcome(),
            verification: concluded.verification().cloned(),
            checklist: self.checklist.clone(),
            standings: self.standings(&self.opened_by, now),
            amends: draft.amends,
            withdrawn: draft.withdrawn,
            history: draft.history,
            answers: draft.answers,
            account_confirmed: draft.account_confirmed,
            policy: policy.sha256.clone(),
            time_zone: policy.time_zone.clone(),
            facts: Vec::new(),
        })
    }

    /// Everything that stands between this file and a sealed note, in the order of the screen. Of
    /// gates that are shut only the first is listed: the later ones cannot be worked on yet.
    pub fn gaps(&self, person: &Person, clock: &dyn Clock, policy: &Policy) -> Vec<Gap> {
        if self.sealed.is_some() {
            return Vec::new();
        }
        let (by, now) = (person.reference(), clock.now());
        if self.case.is_none() {
            return self.purpose.open(self.id, by, now, policy, self.confirmed.as_ref()).err().unwrap_or_else(|| {
                vec![Gap::new("purpose", "Confirm case and purpose.", "The gate opens when you confirm.")]
            });
        }
        let Some(probe) = &self.probe else {
            return self
                .accepted_probe(ProbeId(self.id.0), by, now, policy)
                .err()
                .unwrap_or_else(|| vec![Gap::new("probe", "Confirm the probe.", "The gate opens when you confirm.")]);
        };
        if self.searches.is_empty() {
            return self
                .permit(person, SearchFilters::default(), now, policy, &Elsewhere::default())
                .err()
                .unwrap_or_else(|| {
                    vec![Gap::new("search", "Search the gallery.", "A note records what a search gave.")]
                });
        }
        let mut gaps = Vec::new();
        if self.verifying.as_ref().is_some_and(|task| task.begun.is_some()) {
            gaps.push(Gap::new(
                "verification",
                "A second examiner compares now. Wait until it is handed in, or take the question back first.",
                "What is being verified does not change meanwhile, and whoever verifies reads no note.",
            ));
        }
        let examination = match self.concluded(now, policy) {
            Ok(_) if self.examination.as_ref().is_some_and(|e| e.concluded_at().is_none()) => {
                gaps.push(Gap::new(
                    "examination",
                    "Conclude the examination.",
                    "Scores stay hidden until your own conclusions are final.",
                ));
                None
            }
            Ok(concluded) => Some(concluded),
            Err(missing) => {
                gaps.extend(missing);
                None
            }
        };
        gaps.extend(self.returned_gaps());
        let checklist = match self.checklist.complete(policy, &self.around(&by, now)) {
            Ok(complete) => Some(complete),
            Err(missing) => {
                gaps.extend(missing);
                None
            }
        };
        if let (Some(examination), Some(checklist), Some(case)) = (examination, checklist, &self.case) {
            let draft = self.draft(NoteId(self.id.0), case, probe);
            gaps.extend(
                CaseNote::seal(draft, examination, checklist, by, clock, policy).err().map(|e| e.0).unwrap_or_default(),
            );
            return gaps;
        }
        if self.note.disposition.is_none() {
            gaps.push(Gap::new("disposition", "Choose a disposition.", "A note must say what the search came to."));
        }
        gaps.extend(crate::note::account_gaps(&self.note.narrative));
        gaps
    }

    /// What a returned note still needs: an answer to each remark, and a change.
    fn returned_gaps(&self) -> Vec<Gap> {
        let (Some(before), Some(review)) = (&self.sent_back, self.returned.last()) else { return Vec::new() };
        let mut gaps = Gaps::new();
        let why = "The reviewer reads what you answered beside what they asked.";
        for (at, remark) in asked(review).iter().enumerate() {
            gaps.need(
                self.note
                    .answers
                    .get(at)
                    .is_some_and(|answer| tells(answer, 2) && answer.chars().count() <= MAX_ACCOUNT),
                format!("note.answers.{at}"),
                format!("Answer what the reviewer asked: {}", remark.text.trim()),
                why,
            );
        }
        gaps.need(
            **before != self.as_sent(),
            "note.narrative",
            "Nothing was changed since the note was returned. Mend what the reviewer named, then save it again.",
            "A note that was returned is not handed in again as it was.",
        );
        gaps.into_result(|| ()).err().unwrap_or_default()
    }

    /// What a reviewer would get, apart from answers and times.
    fn as_sent(&self) -> SentBack {
        SentBack {
            disposition: self.note.disposition,
            reason: gist(&self.note.reason),
            narrative: gist(&self.note.narrative),
            checklist: self.checklist.sense(),
            examination: self.examination.as_ref().map(Examination::record),
        }
    }

    fn draft(&self, id: NoteId, case: &Case, probe: &ProbeRecord) -> NoteDraft {
        NoteDraft {
            id,
            case: case.clone(),
            probe: probe.clone(),
            searches: self.searches.clone(),
            disposition: self.note.disposition,
            reason: self.note.reason.clone(),
            narrative: self.note.narrative.clone(),
            amends: self.returned.iter().map(|review| review.note).collect(),
            withdrawn: self.withdrawn.clone(),
            history: self.history.clone(),
            account_confirmed: self
                .account_confirmed
                .clone()
                .filter(|_| self.account_is_confirmed() && !self.account_flags().is_empty()),
            answers: self.answered(),
        }
    }

    fn answered(&self) -> Vec<Answered> {
        let Some(review) = self.returned.last() else { return Vec::new() };
        let answers = asked(review).into_iter().enumerate().map(|(at, remark)| Answered {
            review: review.note,
            remark,
            answer: self.note.answers.get(at).map_or_else(String::new, |answer| answer.trim().to_owned()),
        });
        answers.collect()
    }

    /// Seals the case note through [`CaseNote::seal`]. The file itself is marked by
    /// [`CaseFile::mark_sealed`] once the note is stored.
    ///
    /// # Errors
    /// [`SealError`] with everything that is missing; nothing changes.
    pub fn seal(
        &self,
        id: NoteId,
        author: &Person,
        clock: &dyn Clock,
        policy: &Policy,
    ) -> Result<SealedNote, SealError> {
        self.unsealed().map_err(SealError)?;
        let gaps = self.gaps(author, clock, policy);
        if !gaps.is_empty() {
            return Err(SealError(gaps));
        }
        let examination = self.concluded(clock.now(), policy).map_err(SealError)?;
        let by = author.reference();
        let checklist = self.checklist.complete(policy, &self.around(&by, clock.now())).map_err(SealError)?;
        match (&self.case, &self.probe) {
            (Some(case), Some(probe)) => {
                CaseNote::seal(self.draft(id, case, probe), examination, checklist, by, clock, policy)
            }
            _ => Err(SealError(Vec::new())),
        }
    }

    /// Opens the file again after a reviewer returned its note: a new draft that keeps all that was typed, and
    /// the review.
    ///
    /// # Errors
    /// A gap when `review` does not return this file's note.
    pub fn reopen(&mut self, review: &ReviewContent) -> Result<(), Vec<Gap>> {
        if self.sealed != Some(review.note) || review.decision != Decision::Return {
            return Err(vec![Gap::new("review", "This review does not return the note of this case.", "")]);
        }
        self.sent_back = Some(Box::new(self.as_sent()));
        self.sealed = None;
        self.note.answers = vec![String::new(); asked(review).len()];
        self.returned.push(review.clone());
        Ok(())
    }

    /// Marks the file as sealed by `note`.
    pub fn mark_sealed(&mut self, note: &SealedNote) {
        self.sealed = Some(note.content().id);
    }
}
