use department::{Gap, Moment, PersonRef};

use super::CaseFile;
use crate::ids::ProbeId;
use crate::policy::Policy;
use crate::probe::check_steps;
use crate::probe::{
    FurtherImage, ImageFacts, MAX_PHOTOS, Preparation, PreparationStep, PreparedProbe, ProbeDraft, ProbeImage,
    ProbeOrigin, ProbeRecord, SeenFace,
};

impl CaseFile {
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
        check_steps(&steps)?;
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

    pub(super) fn accepted_probe(
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
}
