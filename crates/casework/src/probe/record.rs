use catalogue::say;
use department::{Gap, Gaps, Moment, PersonRef, need};
use serde::{Deserialize, Deserializer, Serialize};

use super::image::{FaceBox, ImageFacts};
use super::preparation::PreparationStep;
use super::quality::{QualityFinding, QualityVerdict};
use super::source::ProbeSource;
use crate::case::Case;
use crate::ids::ProbeId;
use crate::policy::Policy;
use crate::text::{MAX_FIELD, refused, said};

/// What a person typed about a probe, with what the program measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ProbeDraft {
    /// Facts of the file.
    pub image: ImageFacts,
    /// When the file came in.
    pub imported_at: Moment,
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
    /// The face that was picked.
    pub face: Option<FaceBox>,
    /// Overall quality of that face, 0 to 100.
    pub quality: Option<u8>,
    /// Components of the quality.
    pub findings: Vec<QualityFinding>,
    /// Further photographs of the same person.
    pub further: Vec<FurtherDraft>,
    /// A prepared copy that is to be searched too.
    pub prepared: Option<PreparedProbe>,
}

/// A prepared copy of the probe: the original is searched, and this as well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PreparedProbe {
    /// What was done to it, in order.
    pub steps: Vec<PreparationStep>,
    /// Where the face is in the prepared picture.
    pub face: FaceBox,
    /// Overall quality of that face, 0 to 100.
    pub quality: u8,
    /// Components of the quality.
    pub findings: Vec<QualityFinding>,
}

/// A further photograph of the unknown person, from the same source and moment as the probe, whose origin
/// it shares: another frame of the same scene.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct FurtherDraft {
    /// Facts of the file.
    pub image: ImageFacts,
    /// The face that was picked.
    pub face: Option<FaceBox>,
    /// Overall quality of that face, 0 to 100.
    pub quality: Option<u8>,
    /// Why it shows the same person.
    pub same_person: String,
}

/// A further photograph that has passed the second gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct FurtherPhoto {
    /// Facts of the file.
    pub image: ImageFacts,
    /// The face that was picked.
    pub face: FaceBox,
    /// Overall quality of that face, 0 to 100.
    pub quality: u8,
    /// Why it shows the same person.
    pub same_person: String,
}

impl FurtherDraft {
    /// Notes what is missing; `at` counts from 0 after the probe itself.
    fn accept(&self, at: usize, gaps: &mut Gaps, policy: &Policy) -> Option<FurtherPhoto> {
        let why = say!("rule-probe-template-made-from-all-photographs");
        let number = at + 2;
        need!(
            gaps,
            said(&self.same_person),
            format!("further.{at}.same_person"),
            say!("rule-probe-say-why-photograph-shows-same", number),
            why,
        );
        gaps.extend(self.image.refusals(&format!("further.{at}")));
        let place = format!("further.{at}.face");
        match (self.face, self.quality) {
            (Some(face), Some(quality)) => {
                let floor = policy.quality.floor;
                need!(
                    gaps,
                    quality >= floor,
                    place,
                    say!("rule-probe-photograph-quality-below-floor-remove", number, quality, floor),
                    say!("rule-probe-poor-photograph-spoils-good-one"),
                );
                let same_person = self.same_person.trim().to_owned();
                Some(FurtherPhoto { image: self.image.clone(), face, quality, same_person })
            }
            _ => {
                gaps.push(Gap::new(place, say!("rule-probe-pick-person-face-photograph-remove", number), why));
                None
            }
        }
    }
}

/// A probe that has passed the second gate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ProbeRecord {
    /// Identity.
    id: ProbeId,
    /// Facts of the file.
    image: ImageFacts,
    /// Declared kind.
    source: ProbeSource,
    /// When the picture was taken.
    captured_at: Moment,
    /// When it came into the program.
    imported_at: Moment,
    /// Who obtained it.
    obtained_by: String,
    /// How it was obtained.
    obtained_how: String,
    /// Legal basis for having it.
    legal_basis: String,
    /// The face that was picked.
    face: FaceBox,
    /// Overall quality of that face, 0 to 100.
    quality: u8,
    /// Components of the quality.
    findings: Vec<QualityFinding>,
    /// Further photographs that the template is made from as well.
    further: Vec<FurtherPhoto>,
    /// A prepared copy that is searched beside the original.
    prepared: Option<PreparedProbe>,
    /// Set when the quality lies between the policy's floor and target. Stays on the record.
    quality_warning: Option<String>,
    /// Who accepted the probe.
    accepted_by: PersonRef,
}

/// A probe as it is claimed: read, and not proven. Storage gives a [`ProbeRecord`] only through the gate; a note takes the
/// claim, because a note is proven as a whole.
#[derive(Deserialize)]
#[serde(remote = "ProbeRecord")]
pub(crate) struct RawProbeRecord {
    id: ProbeId,
    image: ImageFacts,
    source: ProbeSource,
    captured_at: Moment,
    imported_at: Moment,
    obtained_by: String,
    obtained_how: String,
    legal_basis: String,
    face: FaceBox,
    quality: u8,
    findings: Vec<QualityFinding>,
    #[serde(default)]
    further: Vec<FurtherPhoto>,
    #[serde(default)]
    prepared: Option<PreparedProbe>,
    quality_warning: Option<String>,
    accepted_by: PersonRef,
}

impl<'de> Deserialize<'de> for ProbeRecord {
    /// The order of event and capture is held against the case where both are read together.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let claimed = RawProbeRecord::deserialize(from)?;
        match claimed.again(None, &Policy::laxest()) {
            Ok(()) => Ok(claimed),
            Err(gaps) => Err(refused("probe", &gaps)),
        }
    }
}

impl ProbeRecord {
    /// Identity.
    pub fn id(&self) -> ProbeId {
        self.id
    }

    /// Facts of the file.
    pub fn image(&self) -> &ImageFacts {
        &self.image
    }

    /// Declared kind.
    pub fn source(&self) -> ProbeSource {
        self.source
    }

    /// When the picture was taken.
    pub fn captured_at(&self) -> Moment {
        self.captured_at
    }

    /// When it came into the program.
    pub fn imported_at(&self) -> Moment {
        self.imported_at
    }

    /// Who obtained it.
    pub fn obtained_by(&self) -> &str {
        &self.obtained_by
    }

    /// How it was obtained.
    pub fn obtained_how(&self) -> &str {
        &self.obtained_how
    }

    /// Legal basis for having it.
    pub fn legal_basis(&self) -> &str {
        &self.legal_basis
    }

    /// The face that was picked.
    pub fn face(&self) -> FaceBox {
        self.face
    }

    /// Overall quality of that face, 0 to 100.
    pub fn quality(&self) -> u8 {
        self.quality
    }

    /// Components of the quality.
    pub fn findings(&self) -> &[QualityFinding] {
        &self.findings
    }

    /// Further photographs that the template is made from as well.
    pub fn further(&self) -> &[FurtherPhoto] {
        &self.further
    }

    /// A prepared copy that is searched beside the original.
    pub fn prepared(&self) -> Option<&PreparedProbe> {
        self.prepared.as_ref()
    }

    /// Set when the quality lies between the policy's floor and target. Stays on the record.
    pub fn quality_warning(&self) -> Option<&str> {
        self.quality_warning.as_deref()
    }

    /// Who accepted the probe.
    pub fn accepted_by(&self) -> &PersonRef {
        &self.accepted_by
    }

    /// Passes the second gate again from what the record holds.
    ///
    /// # Errors
    /// Every gap of [`ProbeDraft::accept`], and one where the record is not what comes out of it.
    pub(crate) fn proven(&self, case: &Case, policy: &Policy) -> Result<(), Vec<Gap>> {
        self.again(Some(case), policy)
    }

    fn again(&self, case: Option<&Case>, policy: &Policy) -> Result<(), Vec<Gap>> {
        let further = self.further.iter().map(|photo| FurtherDraft {
            image: photo.image.clone(),
            face: Some(photo.face),
            quality: Some(photo.quality),
            same_person: photo.same_person.clone(),
        });
        let draft = ProbeDraft {
            image: self.image.clone(),
            imported_at: self.imported_at,
            source: Some(self.source),
            captured_at: Some(self.captured_at),
            obtained_by: self.obtained_by.clone(),
            obtained_how: self.obtained_how.clone(),
            legal_basis: self.legal_basis.clone(),
            face: Some(self.face),
            quality: Some(self.quality),
            findings: self.findings.clone(),
            further: further.collect(),
            prepared: self.prepared.clone(),
        };
        let again = draft.accepted(self.id, case, self.accepted_by.clone(), self.imported_at, policy)?;
        // The warning names the target of the policy that was in force.
        let again = Self { quality_warning: self.quality_warning.clone(), ..again };
        if again == *self {
            return Ok(());
        }
        Err(vec![Gap::new("probe", say!("rule-probe-not-one-passed-second-gate"), "")])
    }
}

impl ProbeDraft {
    /// Opens the second gate: an accepted kind, a known origin, one face of sufficient quality.
    ///
    /// # Errors
    /// A [`Gap`] for each missing answer; refused kinds and too low quality are gaps whose text
    /// says what would help.
    pub fn accept(
        &self,
        id: ProbeId,
        case: &Case,
        by: PersonRef,
        now: Moment,
        policy: &Policy,
    ) -> Result<ProbeRecord, Vec<Gap>> {
        self.accepted(id, Some(case), by, now, policy)
    }

    /// Without a case the order of event and capture is not asked.
    fn accepted(
        &self,
        id: ProbeId,
        case: Option<&Case>,
        by: PersonRef,
        now: Moment,
        policy: &Policy,
    ) -> Result<ProbeRecord, Vec<Gap>> {
        let mut gaps = Gaps::new();
        gaps.extend(self.image.refusals("probe.file"));
        let why_kind = say!("rule-probe-garbage-wrongful-lead-out-only");
        match self.source {
            None => gaps.push(Gap::new("probe.source", say!("rule-probe-say-kind-image"), why_kind)),
            Some(source) => {
                if let Some(reason) = source.refused_because() {
                    gaps.push(Gap::new("probe.source", reason, why_kind));
                } else if let Some(law) = policy.source_forbidden(source, now.day()) {
                    gaps.push(Gap::new(
                        "probe.source",
                        say!("rule-probe-department-does-not-accept-kind", law),
                        say!("rule-probe-department-policy-local-law-decide"),
                    ));
                }
            }
        }
        let why_origin = say!("rule-probe-court-will-ask-where-image");
        for (field, text) in [
            ("obtained_by", &self.obtained_by),
            ("obtained_how", &self.obtained_how),
            ("legal_basis", &self.legal_basis),
        ] {
            need!(
                gaps,
                text.chars().count() <= MAX_FIELD,
                format!("probe.{field}"),
                say!("rule-case-most-characters-kept-field", max_field = MAX_FIELD),
                why_origin,
            );
        }
        need!(gaps, said(&self.obtained_by), "probe.obtained_by", say!("rule-probe-enter-obtained-image"), why_origin);
        need!(
            gaps,
            said(&self.obtained_how),
            "probe.obtained_how",
            say!("rule-probe-enter-how-image-obtained"),
            why_origin,
        );
        need!(
            gaps,
            said(&self.legal_basis),
            "probe.legal_basis",
            say!("rule-probe-enter-legal-basis-having"),
            why_origin,
        );
        match self.captured_at {
            None => {
                gaps.push(Gap::new("probe.captured_at", say!("rule-probe-enter-when-picture-taken"), why_origin));
            }
            Some(captured) => {
                let event = case.map_or(captured, Case::event_at);
                let in_order = captured <= self.imported_at
                    && (self.source == Some(ProbeSource::IdDocument)
                        || event <= captured
                        || !case.is_some_and(case_needs_order));
                need!(
                    gaps,
                    in_order,
                    "probe.captured_at",
                    say!("rule-probe-picture-must-lie-between-event", event, imported_at = self.imported_at),
                    say!("rule-probe-times-must-order-event-capture"),
                );
            }
        }
        let why_face = say!("rule-probe-template-can-only-good-face");
        let warning = match (self.face, self.quality) {
            (Some(_), Some(quality)) => {
                let advice = self.worst_advice();
                need!(
                    gaps,
                    quality >= policy.quality.floor,
                    "probe.face",
                    say!("rule-probe-quality-below-floor-no-search", quality, floor = policy.quality.floor, advice),
                    why_face,
                );
                (quality < policy.quality.target)
                    .then(|| say!("rule-probe-quality-below-target", quality, target = policy.quality.target, advice))
            }
            _ => {
                gaps.push(Gap::new("probe.face", say!("rule-probe-pick-face-unknown-person"), why_face));
                None
            }
        };
        let further: Vec<FurtherPhoto> =
            self.further.iter().enumerate().filter_map(|(at, photo)| photo.accept(at, &mut gaps, policy)).collect();
        if let Some(prepared) = &self.prepared {
            let floor = policy.quality.floor;
            need!(
                gaps,
                prepared.quality >= floor,
                "preparation",
                say!("rule-probe-prepared-version-quality-below-floor", quality = prepared.quality, floor),
                why_face,
            );
        }
        let parts = (self.source, self.captured_at, self.face, self.quality);
        gaps.into_result(|| parts).and_then(|parts| match parts {
            (Some(source), Some(captured_at), Some(face), Some(quality)) => Ok(ProbeRecord {
                id,
                image: self.image.clone(),
                source,
                captured_at,
                imported_at: self.imported_at,
                obtained_by: self.obtained_by.trim().to_owned(),
                obtained_how: self.obtained_how.trim().to_owned(),
                legal_basis: self.legal_basis.trim().to_owned(),
                face,
                quality,
                findings: self.findings.clone(),
                further,
                prepared: self.prepared.clone(),
                quality_warning: warning,
                accepted_by: by,
            }),
            _ => Err(Vec::new()),
        })
    }

    fn worst_advice(&self) -> String {
        let advice: Vec<&str> =
            self.findings.iter().filter(|f| f.verdict == QualityVerdict::Poor).map(|f| f.advice.as_str()).collect();
        if advice.is_empty() {
            say!("rule-probe-look-larger-sharper-more-frontal").to_owned()
        } else {
            advice.join(" ")
        }
    }
}

/// A missing or unnamed person's photograph is often older than the event.
fn case_needs_order(case: &Case) -> bool {
    use crate::case::Purpose::{Felony, ImminentThreat, MisdemeanorWithInjury};
    matches!(case.purpose(), Felony | MisdemeanorWithInjury | ImminentThreat)
}
