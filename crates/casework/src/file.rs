use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    Attachment, Blind, CandidateId, Case, CaseDraft, CaseId, CaseNote, Category, Checklist, Clock, Decision,
    Disposition, Entry, EntryId, Examination, FaceBox, Fact, Finding, FurtherDraft, Gap, Gaps, ImageFacts, Moment,
    NoteContent, NoteDraft, NoteId, Person, PersonRef, Policy, PreparationStep, PreparedProbe, ProbeDraft, ProbeId,
    ProbeRecord, ProbeSource, QualityFinding, ReviewContent, Scope, SealError, SealedNote, SearchFilters, SearchPermit,
    SearchRecord, Standing, VerificationState, VerificationTask, facts, facts::withdrawn, said,
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
}

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
        }
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
        if self.searches.is_empty() {
            return Ok(());
        }
        Err(vec![Gap::new(
            "search",
            format!("{what} cannot change after a search was made with it. Begin another case."),
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
    /// Every gap of [`CaseDraft::open`].
    pub fn confirm_purpose(&mut self, by: PersonRef, now: Moment, policy: &Policy) -> Result<(), Vec<Gap>> {
        self.unsearched("Case and purpose")?;
        self.case = Some(self.purpose.open(self.id, by, now, policy)?);
        Ok(())
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
    ) -> Result<SearchPermit<'_>, Vec<Gap>> {
        self.unsealed()?;
        match (&self.case, &self.probe) {
            (Some(case), Some(probe)) => SearchPermit::grant(case, probe, examiner, filters, now, policy),
            _ => Err(vec![Gap::new(
                "probe",
                "Complete purpose and probe first.",
                "No search without a case and a probe.",
            )]),
        }
    }

    /// Takes in a search's list and begins its blind examination. Nothing is kept of an earlier
    /// examination; earlier searches stay on record.
    ///
    /// # Errors
    /// A gap when the note is sealed.
    pub fn add_search(&mut self, search: SearchRecord, shuffle_seed: u32) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        self.examination = Some(Examination::Blind(Blind::begin(search.id, search.by.clone(), shuffle_seed)));
        self.verifying = None;
        self.searches.push(search);
        Ok(())
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
        // Attachments come and go only with their bytes.
        for entry in &mut changed.entries {
            let kept = self.checklist.entries.iter().find(|e| e.id == entry.id);
            entry.attachments = kept.map(|e| e.attachments.clone()).unwrap_or_default();
        }
        // What speaks for the person is never tidied away.
        let against =
            self.checklist.entries.iter().filter(|e| e.finding == Some(Finding::Contradicts) && said(&e.shows));
        let mut gaps = Gaps::new();
        for entry in against {
            let stays =
                changed.entries.iter().any(|e| e.id == entry.id && e.finding == entry.finding && said(&e.shows));
            gaps.need(
                stays,
                format!("{}.{}", entry.category().code(), entry.id),
                "What contradicts the lead stays on the record. Add what answers it; it cannot be removed or turned into something else.",
                "Exculpatory information must be disclosed.",
            );
        }
        gaps.into_result(|| ())?;
        self.checklist = changed;
        Ok(())
    }

    /// Attaches a file to an entry.
    ///
    /// # Errors
    /// A gap after sealing, without that entry, and for a file that is there already.
    pub fn attach(&mut self, entry: EntryId, attachment: Attachment) -> Result<(), Vec<Gap>> {
        let found = self.entry_to_change(entry)?;
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

    /// What each entry of the checklist is worth.
    pub fn standings(&self) -> Vec<(EntryId, Standing)> {
        self.checklist.standings()
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
            standings: self.standings(),
            amends: draft.amends,
            withdrawn: draft.withdrawn,
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
            return self.purpose.open(self.id, by, now, policy).err().unwrap_or_else(|| {
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
            return self.permit(person, SearchFilters::default(), now, policy).err().unwrap_or_else(|| {
                vec![Gap::new("search", "Search the gallery.", "A note records what a search gave.")]
            });
        }
        let mut gaps = Vec::new();
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
        let checklist = match self.checklist.complete(policy) {
            Ok(complete) => Some(complete),
            Err(missing) => {
                gaps.extend(missing);
                None
            }
        };
        if let (Some(examination), Some(checklist), Some(case)) = (examination, checklist, &self.case) {
            let draft = self.draft(NoteId(self.id.0), case, probe);
            gaps.extend(
                CaseNote::seal(draft, examination, checklist, by, clock).err().map(|e| e.0).unwrap_or_default(),
            );
            return gaps;
        }
        if self.note.disposition.is_none() {
            gaps.push(Gap::new("disposition", "Choose a disposition.", "A note must say what the search came to."));
        }
        if !said(&self.note.narrative) {
            gaps.push(Gap::new(
                "note.narrative",
                "Write the account: what was done and what it came to.",
                "A note is read by people who were not there.",
            ));
        }
        gaps
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
        }
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
        let checklist = self.checklist.complete(policy).map_err(SealError)?;
        match (&self.case, &self.probe) {
            (Some(case), Some(probe)) => {
                CaseNote::seal(self.draft(id, case, probe), examination, checklist, author.reference(), clock)
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
        self.sealed = None;
        self.returned.push(review.clone());
        Ok(())
    }

    /// Marks the file as sealed by `note`.
    pub fn mark_sealed(&mut self, note: &SealedNote) {
        self.sealed = Some(note.content().id);
    }
}
