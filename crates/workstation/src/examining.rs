//! The comparison bench behind the window: where faces are, and what one person may work on.

use std::sync::Arc;

use casework::{
    Blind, CandidateId, CaseFile, CaseId, Clock, Conclusion, Conference, Elsewhere, Person, PreparationStep,
    SearchRecord,
};
use faces::decoder::EditedPhoto;
use faces::prepare;
use vault::VaultError;

use crate::enclosed::Enclosed;
use crate::error::CommandError;
use crate::pictures::Wanted;
use crate::searching::adjustments;
use crate::views::{Answer, BenchView, CaseView, Geometry, WaitingLine};
use crate::workstation::{Outcome, SystemClock, Workstation, fresh_seed, not_taken_in, seen, stopped};

/// Pictures whose geometry is kept.
const MAX_GEOMETRIES: usize = 400;

impl Workstation {
    /// What `file` shows the signed-in person: the case, if it is theirs, and their bench.
    pub fn answer(&self, file: &CaseFile, person: &Person) -> Answer {
        let case = file.may_open(person).ok().map(|()| CaseView::new(file, person, &SystemClock, &self.policy));
        Answer { case, bench: BenchView::new(file, person, &SystemClock, &self.policy) }
    }

    /// Changes a case by whoever is signed in; the rule inside decides whether they may.
    pub fn change_bench(
        &self,
        id: CaseId,
        audited: Option<&str>,
        change: impl FnOnce(&mut CaseFile, &Person, casework::Moment) -> Outcome<()>,
    ) -> Outcome<Answer> {
        let (file, person) = self.change_any(id, audited, false, |file, person, now, _| change(file, person, now))?;
        Ok(self.answer(&file, &person))
    }

    /// As [`Workstation::change_bench`], with what the other cases of the workstation say.
    pub fn change_knowing_bench(
        &self,
        id: CaseId,
        audited: Option<&str>,
        change: impl FnOnce(&mut CaseFile, &Person, casework::Moment, &Elsewhere) -> Outcome<()>,
    ) -> Outcome<Answer> {
        let (file, person) = self.change_any(id, audited, true, change)?;
        Ok(self.answer(&file, &person))
    }

    /// Works at the signed-in person's blind bench.
    pub fn at_bench(
        &self,
        id: CaseId,
        audited: Option<&str>,
        act: impl FnOnce(&mut Blind, &SearchRecord, casework::Moment) -> Result<(), Vec<casework::Gap>>,
    ) -> Outcome<Answer> {
        self.change_bench(id, audited, |file, person, now| Ok(file.at_bench(person.id, |b, s| act(b, s, now))?))
    }

    /// Waits until a candidate's photograph is there to be seen; whether it is seen for the first time.
    async fn sees(self: &Arc<Self>, id: CaseId, candidate: CandidateId) -> Outcome<(CaseFile, Person, bool)> {
        let person = self.who()?;
        let known: CaseFile = self.with(|v| Ok(v.case(id)?))?;
        let first = known.work_of(&person).is_some_and(|work| !work.looked_at.contains_key(&candidate));
        if first {
            self.geometry(id, Wanted::Candidate { candidate, photo: 0 }).await?;
        }
        Ok((known, person, first))
    }

    /// Has the gallery give the candidate's photographs whole, the first time that this person opens it and may. Whether
    /// that is to be noted at a blind bench, once the photograph is shown.
    pub(crate) async fn open_first(self: &Arc<Self>, id: CaseId, candidate: CandidateId) -> Outcome<bool> {
        let person = self.who()?;
        let file: CaseFile = self.with(|v| Ok(v.case(id)?))?;
        let first = file.work_of(&person).is_some_and(|work| !work.looked_at.contains_key(&candidate));
        if !first || !file.shows_candidate(&person, candidate) {
            return Ok(false);
        }
        self.open_at_gallery(id, candidate).await?;
        Ok(file.verifies(&person) || file.examination.as_ref().is_some_and(|e| e.concluded_at().is_none()))
    }

    /// Notes that a candidate was seen large: it is opened, whichever way the picture was asked for.
    pub(crate) async fn seen_large(self: &Arc<Self>, id: CaseId, candidate: CandidateId) -> Outcome<()> {
        let noted = self.in_vault(move |station| {
            station.at_bench(id, Some("candidate-opened"), |bench, search, now| bench.look_at(search, candidate, now))
        });
        noted.await.map(drop)
    }

    /// Opens a candidate in the comparison: noted only when its photograph is there to be seen.
    pub async fn look_at(self: &Arc<Self>, id: CaseId, candidate: CandidateId) -> Outcome<Answer> {
        self.open_first(id, candidate).await?;
        let (known, person, first) = self.sees(id, candidate).await?;
        self.in_vault(move |station| {
            if !first {
                return Ok(station.answer(&known, &person));
            }
            station.at_bench(id, Some("candidate-opened"), |bench, search, now| bench.look_at(search, candidate, now))
        })
        .await
    }

    /// Works on a candidate at the signed-in person's blind bench: nobody observes or concludes on what could not be
    /// shown.
    pub async fn at_candidate(
        self: &Arc<Self>,
        id: CaseId,
        candidate: CandidateId,
        audited: Option<&'static str>,
        act: impl FnOnce(&mut Blind, &SearchRecord, casework::Moment) -> Result<(), Vec<casework::Gap>> + Send + 'static,
    ) -> Outcome<Answer> {
        self.sees(id, candidate).await?;
        self.in_vault(move |station| station.at_bench(id, audited, act)).await
    }

    /// Comparisons that wait for the signed-in person. Nothing of the case is in them.
    pub fn waiting(&self) -> Outcome<Vec<WaitingLine>> {
        let person = self.person()?;
        let rows = self.with(|v| Ok(v.cases::<CaseFile>()?))?;
        let lines = rows.into_iter().filter(|row| row.content.waits_for(&person)).filter_map(|row| {
            let task = row.content.verifying?;
            Some(WaitingLine {
                case: row.id,
                asked_at: task.asked_at,
                candidates: task.among.len(),
                begun: task.begun.is_some(),
            })
        });
        Ok(lines.collect())
    }

    /// Records the conference of examiner and verifier, which the verifier confirms with the own passphrase.
    pub fn confer(&self, id: CaseId, account: String, agreed: Conclusion, passphrase: &Enclosed) -> Outcome<Answer> {
        let person = self.person()?;
        let file = self.case_for(id, &person)?;
        let Some(casework::Examination::Verified(verified)) = &file.examination else {
            return Err(CommandError::new("unknown", "There is no verification to confer about."));
        };
        let (second, now) = (verified.verification().verifier.clone(), SystemClock.now());
        self.confirmed_by(&second, &self.envelope.open(passphrase)?, "conference-confirmed", now)?;
        let conference = Conference { held_by: [person.reference(), second], account, agreed, at: now };
        self.change_bench(id, Some("conference-held"), |file, person, _| Ok(file.confer(person.id, conference)?))
    }

    /// Uses the prepared copy of the probe: finds the picked face in it and measures it.
    pub fn choose_prepared(&self, id: CaseId, used: bool) -> Outcome<CaseView> {
        let person = self.person()?;
        let file = self.case_for(id, &person)?;
        if !used {
            return self.change(id, Some("prepared-left-out"), |file, _, _| Ok(file.choose_prepared(None)?));
        }
        let image = file.image.as_ref();
        let picked = image.and_then(|i| Some((i, i.picked.and_then(|at| i.faces.get(at))?)));
        let Some((image, face)) = picked else {
            return Err(CommandError::new("no-face", "Pick the face of the unknown person in the original first."));
        };
        let steps = adjustments(&file.preparation.steps);
        let bytes = self.with(|v| Ok(v.original(id, &image.facts.sha256)?))?;
        let looked = self.decoder.look(EditedPhoto { bytes: &bytes, steps: &steps }, 100).map_err(not_taken_in)?;
        let middle = [face.bounds.x + face.bounds.width / 2.0, face.bounds.y + face.bounds.height / 2.0];
        let [x, y] = prepare::place(&steps, (image.facts.width, image.facts.height), middle);
        let holds = |f: &casework::FaceBox| (f.x..f.x + f.width).contains(&x) && (f.y..f.y + f.height).contains(&y);
        let found = looked.faces.iter().map(seen).find(|face| holds(&face.bounds)).ok_or_else(|| {
            CommandError::new(
                "face-lost",
                "The picked face is not found in the prepared version. Take a step back; the original is searched as it is.",
            )
        })?;
        self.change(id, Some("prepared-chosen"), |file, _, _| Ok(file.choose_prepared(Some(found))?))
    }

    /// Bytes of a picture of a case that the signed-in person may see now, with the steps done to a copy.
    pub async fn edited(
        self: &Arc<Self>,
        case: CaseId,
        wanted: &Wanted,
    ) -> Outcome<(Arc<Vec<u8>>, Vec<PreparationStep>)> {
        let sha256 = match wanted {
            Wanted::Candidate { candidate, photo } => {
                return Ok((self.candidate_photo(case, *candidate, *photo).await?, Vec::new()));
            }
            Wanted::Probe { sha256 } | Wanted::Prepared { sha256 } | Wanted::Attachment { sha256 } => sha256.clone(),
        };
        let (station, copy) = (Arc::clone(self), matches!(wanted, Wanted::Prepared { .. }));
        let attached = matches!(wanted, Wanted::Attachment { .. });
        let read = move || -> Outcome<_> {
            let person = station.who()?;
            let mut file: CaseFile = station.with(|v| Ok(v.case(case)?))?;
            // A verifier sees the probe and nothing of the corroboration.
            if !(if attached { file.may_read_note(&person) } else { file.shows_probe(&person) }) {
                return Err(VaultError::Unknown("picture").into());
            }
            // Only what the case calls so: its other originals have other readers.
            let probes = file.image.iter().chain(file.further.iter().map(|f| &f.image));
            let known = match attached {
                true => file.checklist.entries.iter().flat_map(|e| &e.attachments).any(|a| a.sha256 == sha256),
                false => probes.into_iter().any(|image| image.facts.sha256 == sha256),
            };
            if !known {
                return Err(VaultError::Unknown("picture").into());
            }
            station.saw(&mut file, &person)?;
            let steps = if copy { file.preparation.steps } else { Vec::new() };
            Ok((Arc::new(station.with(|v| Ok(v.original(case, &sha256)?))?), steps))
        };
        tokio::task::spawn_blocking(read).await.unwrap_or_else(|_| Err(stopped()))
    }

    /// Size of a picture and where its face is: in the probe the picked one, else the best.
    pub async fn geometry(self: &Arc<Self>, case: CaseId, wanted: Wanted) -> Outcome<Geometry> {
        let (bytes, steps) = self.edited(case, &wanted).await?;
        let key = (case.to_string(), format!("{wanted:?} {steps:?}"));
        if let Some(known) = self.geometries.lock().map_err(|_| stopped())?.get(&key) {
            return Ok(known.clone());
        }
        let picked = match &wanted {
            Wanted::Probe { sha256 } => {
                let file: CaseFile = self.with(|v| Ok(v.case(case)?))?;
                let image = file.image.filter(|image| image.facts.sha256 == *sha256);
                image.and_then(|i| i.picked.and_then(|at| i.faces.get(at).map(|f| f.bounds)))
            }
            _ => None,
        };
        let station = Arc::clone(self);
        let look = move || -> Outcome<Geometry> {
            let steps = adjustments(&steps);
            let looked = station.decoder.look(EditedPhoto { bytes: &bytes, steps: &steps }, 0)?;
            let faces = looked.faces.iter().map(|(face, _)| face);
            let is_picked = |b: [f32; 4]| picked.is_none_or(|p| [p.x, p.y, p.width, p.height] == b);
            let face = faces.clone().find(|f| is_picked(f.bounds)).or(faces.clone().next());
            Ok(Geometry {
                width: looked.width,
                height: looked.height,
                landmarks: face.map(|f| f.landmarks.to_vec()),
                bounds: face.map(|f| f.bounds),
            })
        };
        let found = tokio::task::spawn_blocking(look).await.unwrap_or_else(|_| Err(stopped()))?;
        let mut known = self.geometries.lock().map_err(|_| stopped())?;
        if known.len() >= MAX_GEOMETRIES {
            known.clear();
        }
        known.insert(key, found.clone());
        Ok(found)
    }

    /// Takes up a comparison that waits.
    pub fn begin_verification(&self, id: CaseId) -> Outcome<Answer> {
        let seed = fresh_seed()?;
        self.change_knowing_bench(id, Some("verification-begun"), |file, person, now, elsewhere| {
            file.recall(elsewhere);
            Ok(file.begin_verification(person, seed, now, &self.policy)?)
        })
    }
}
