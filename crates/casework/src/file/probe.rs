use catalogue::say;
use department::{Gap, Moment, PersonRef};

use super::CaseFile;
use crate::ids::ProbeId;
use crate::policy::Policy;
use crate::probe::check_steps;
use crate::probe::{
    FurtherImage, ImageFacts, MAX_PHOTOS, Preparation, PreparationStep, PreparedProbe, ProbeDraft, ProbeImage,
    ProbeOrigin, ProbeRecord, SeenFace,
};

fn declares_nothing_against_itself(facts: &ImageFacts, place: &str) -> Result<(), Vec<Gap>> {
    let gaps = facts.refusals(place);
    if gaps.is_empty() { Ok(()) } else { Err(gaps) }
}

impl CaseFile {
    /// Takes in an image. A single face is picked at once.
    ///
    /// # Errors
    /// A gap before the first gate and after a search, and where the file declares itself generated, composed or drawn.
    pub fn bring_image(&mut self, facts: ImageFacts, faces: Vec<SeenFace>, now: Moment) -> Result<(), Vec<Gap>> {
        self.unsearched(say!("rule-probe-the-probe"))?;
        if self.0.case.is_none() {
            return Err(vec![Gap::new(
                "purpose",
                say!("rule-probe-complete-case-purpose-first"),
                say!("rule-probe-no-without-case"),
            )]);
        }
        declares_nothing_against_itself(&facts, "probe.file")?;
        let picked = (faces.len() == 1).then_some(0);
        self.0.image = Some(ProbeImage { facts, imported_at: now, faces, picked });
        self.0.preparation = Preparation::default();
        self.0.probe = None;
        Ok(())
    }

    /// The same photograph turned by a quarter, with the faces that are found in it now. When it came in stands.
    ///
    /// # Errors
    /// A gap for another photograph than the one that was brought, and after a search.
    pub fn turn_image(&mut self, facts: ImageFacts, faces: Vec<SeenFace>) -> Result<(), Vec<Gap>> {
        self.unsearched(say!("rule-probe-the-probe"))?;
        let before = self.0.image.as_ref();
        let turns =
            |image: &&ProbeImage| image.facts.sha256 == facts.sha256 && image.facts.turned.next() == facts.turned;
        let Some(imported_at) = before.filter(turns).map(|image| image.imported_at) else {
            return Err(vec![Gap::new(
                "probe.file",
                say!("rule-probe-changed-while-turned"),
                say!("rule-probe-search-needs"),
            )]);
        };
        self.bring_image(facts, faces, imported_at)
    }

    /// Picks the face of the unknown person.
    ///
    /// # Errors
    /// A gap when there is no such face or a search was made.
    pub fn pick_face(&mut self, face: usize) -> Result<(), Vec<Gap>> {
        self.unsearched(say!("rule-probe-the-probe"))?;
        match self.0.image.as_mut().filter(|image| face < image.faces.len()) {
            Some(image) => {
                image.picked = Some(face);
                self.0.preparation.chosen = None;
                self.0.probe = None;
                Ok(())
            }
            None => Err(vec![Gap::new("probe.face", say!("rule-probe-no-such-face-pick-one"), "")]),
        }
    }

    /// Takes in a further photograph of the same person, from the same source and moment as the probe.
    ///
    /// # Errors
    /// A gap without a probe, after a search, for a photograph that is there already, without a face, or
    /// beyond [`MAX_PHOTOS`].
    pub fn bring_further(&mut self, facts: ImageFacts, faces: Vec<SeenFace>, now: Moment) -> Result<(), Vec<Gap>> {
        self.unsearched(say!("rule-probe-the-probe"))?;
        let gap = |text: &str, why: &str| Err(vec![Gap::new("further", text, why)]);
        let Some(first) = &self.0.image else {
            return gap(say!("rule-probe-bring-first"), say!("rule-probe-further-photographs-share-origin"));
        };
        let mut there = std::iter::once(first).chain(self.0.further.iter().map(|f| &f.image));
        if there.any(|image| image.facts.sha256 == facts.sha256) {
            return gap(say!("rule-probe-photograph-already"), say!("rule-corroboration-same-file-twice-adds-nothing"));
        }
        if self.0.further.len() + 1 >= MAX_PHOTOS {
            return gap(say!("rule-probe-five-photographs-enough-remove-one"), say!("rule-probe-more-add-little"));
        }
        declares_nothing_against_itself(&facts, "further")?;
        if faces.is_empty() {
            return gap(say!("rule-probe-no-face-found-photograph-not"), say!("rule-probe-only-face-adds-template"));
        }
        let picked = (faces.len() == 1).then_some(0);
        let image = ProbeImage { facts, imported_at: now, faces, picked };
        self.0.further.push(FurtherImage { image, same_person: String::new() });
        self.0.probe = None;
        Ok(())
    }

    /// Picks the person's face in a further photograph.
    ///
    /// # Errors
    /// A gap when there is no such photograph or face, or a search was made.
    pub fn pick_further(&mut self, at: usize, face: usize) -> Result<(), Vec<Gap>> {
        self.unsearched(say!("rule-probe-the-probe"))?;
        match self.0.further.get_mut(at).filter(|f| face < f.image.faces.len()) {
            Some(further) => {
                further.image.picked = Some(face);
                self.0.probe = None;
                Ok(())
            }
            None => Err(vec![Gap::new("further", say!("rule-probe-no-such-photograph-face-pick"), "")]),
        }
    }

    /// Replaces what is typed about the further photographs, in their order: why each shows the same person.
    ///
    /// # Errors
    /// A gap once a search was made.
    pub fn edit_further(&mut self, reasons: Vec<String>) -> Result<(), Vec<Gap>> {
        self.unsearched(say!("rule-probe-the-probe"))?;
        for (further, reason) in self.0.further.iter_mut().zip(reasons) {
            if further.same_person != reason {
                further.same_person = reason;
                self.0.probe = None;
            }
        }
        Ok(())
    }

    /// Takes a further photograph away; its original stays in the vault.
    ///
    /// # Errors
    /// A gap when there is none, or a search was made.
    pub fn remove_further(&mut self, at: usize) -> Result<(), Vec<Gap>> {
        self.unsearched(say!("rule-probe-the-probe"))?;
        if at >= self.0.further.len() {
            return Err(vec![Gap::new("further", say!("rule-probe-no-such-photograph"), "")]);
        }
        self.0.further.remove(at);
        self.0.probe = None;
        Ok(())
    }

    /// Replaces the steps that prepare a copy of the probe; the copy must be chosen anew.
    ///
    /// # Errors
    /// A gap without a probe, for a step out of range, and once a search was made.
    pub fn prepare(&mut self, steps: Vec<PreparationStep>) -> Result<(), Vec<Gap>> {
        self.unsearched(say!("rule-probe-the-probe"))?;
        if self.0.image.is_none() {
            return Err(vec![Gap::new("probe.file", say!("rule-probe-bring-first"), say!("rule-probe-only-prepared"))]);
        }
        check_steps(&steps)?;
        if self.0.preparation.steps != steps {
            self.0.preparation = Preparation { steps, chosen: None };
            self.0.probe = None;
        }
        Ok(())
    }

    /// Chooses the prepared copy with the `face` found in it for a search of its own, beside the original's;
    /// `None` takes that back.
    ///
    /// # Errors
    /// A gap without steps, and once a search was made.
    pub fn choose_prepared(&mut self, face: Option<SeenFace>) -> Result<(), Vec<Gap>> {
        self.unsearched(say!("rule-probe-the-probe"))?;
        if self.0.preparation.steps.is_empty() && face.is_some() {
            return Err(vec![Gap::new("preparation", say!("rule-probe-no-prepared-version-original"), "")]);
        }
        self.0.preparation.chosen = face;
        self.0.probe = None;
        Ok(())
    }

    /// Replaces what is typed about the probe's origin; the gate is shut again.
    ///
    /// # Errors
    /// A gap once a search was made.
    pub fn edit_origin(&mut self, origin: ProbeOrigin) -> Result<(), Vec<Gap>> {
        self.unsearched(say!("rule-probe-the-probe"))?;
        if self.0.origin != origin {
            self.0.origin = origin;
            self.0.probe = None;
        }
        Ok(())
    }

    fn probe_draft(&self) -> Result<ProbeDraft, Vec<Gap>> {
        let image = self.0.image.as_ref().ok_or_else(|| {
            vec![Gap::new(
                "probe.file",
                say!("rule-probe-bring-photograph-unknown-person"),
                say!("rule-probe-search-needs"),
            )]
        })?;
        if image.faces.is_empty() {
            return Err(vec![Gap::new(
                "probe.file",
                say!("rule-probe-no-face-found-photograph-bring"),
                say!("rule-probe-template-can-only-good-face"),
            )]);
        }
        let face = image.picked.and_then(|at| image.faces.get(at));
        let origin = &self.0.origin;
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
            further: self.0.further.iter().map(FurtherImage::draft).collect(),
            prepared: self.0.preparation.chosen.as_ref().map(|face| PreparedProbe {
                steps: self.0.preparation.steps.clone(),
                face: face.bounds,
                quality: face.quality,
                findings: face.findings.clone(),
            }),
        })
    }

    pub(super) fn accepted_probe(
        &self,
        id: ProbeId,
        by: PersonRef,
        now: Moment,
        policy: &Policy,
    ) -> Result<ProbeRecord, Vec<Gap>> {
        let case = self.0.case.as_ref().ok_or_else(|| {
            vec![Gap::new(
                "purpose",
                say!("rule-probe-complete-case-purpose-first"),
                say!("rule-probe-no-without-case"),
            )]
        })?;
        self.probe_draft()?.accept(id, case, by, now, policy)
    }

    /// Opens the second gate.
    ///
    /// # Errors
    /// Every gap of [`ProbeDraft::accept`].
    pub fn confirm_probe(&mut self, id: ProbeId, by: PersonRef, now: Moment, policy: &Policy) -> Result<(), Vec<Gap>> {
        self.unsearched(say!("rule-probe-the-probe"))?;
        self.0.probe = Some(self.accepted_probe(id, by, now, policy)?);
        Ok(())
    }
}
