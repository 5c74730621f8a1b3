//! Pictures of a case, decoded and scaled in the decoder: whose they are to see, where they come from, where the face is.

use std::sync::Arc;

use casework::{CandidateId, CaseFile, CaseId, PreparationStep, RequestId};
use faces::decoder::EditedPhoto;
use vault::{Vault, VaultError};

use crate::bring_photo::adjustments;
use crate::error::{Outcome, stopped};
use crate::read_note::seen_by;
use crate::views::Geometry;
use crate::workstation::{Blocking, Workstation};

/// Longest side at which the list of candidates shows them, in pixels, and a little more.
pub(crate) const LISTED: u32 = 400;
/// Photographs of candidates kept in memory.
const MAX_PHOTOS: usize = 400;
/// Pictures whose geometry is kept.
const MAX_GEOMETRIES: usize = 400;

/// A picture of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// An original.
    Probe {
        /// Of its octets, in hexadecimal.
        sha256: String,
    },
    /// The copy of the probe, prepared.
    Prepared {
        /// Of the original, in hexadecimal.
        sha256: String,
    },
    /// A file that belongs to an entry of the checklist.
    Attachment {
        /// Of its octets, in hexadecimal.
        sha256: String,
    },
    /// A photograph of a candidate: 0 is the listed one.
    Candidate {
        /// Whose.
        candidate: CandidateId,
        /// Which of theirs.
        photo: u8,
    },
}

/// `probe/<case>/<sha256>`, `attachment/<case>/<sha256>`, `prepared/<case>/<sha256>` or `candidate/<case>/<candidate>/<photo>`.
pub fn parse(path: &str) -> Option<(CaseId, Wanted)> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (kind, case, which, photo) = match parts.as_slice() {
        [kind, case, which] => (*kind, *case, *which, "0"),
        [kind, case, which, photo] => (*kind, *case, *which, *photo),
        _ => return None,
    };
    let is_hash = which.len() == 64 && which.chars().all(|c| c.is_ascii_hexdigit());
    let wanted = match kind {
        "probe" if is_hash => Wanted::Probe { sha256: which.to_owned() },
        "attachment" if is_hash => Wanted::Attachment { sha256: which.to_owned() },
        "prepared" if is_hash => Wanted::Prepared { sha256: which.to_owned() },
        "candidate" => Wanted::Candidate { candidate: which.parse().ok()?, photo: photo.parse().ok()? },
        _ => return None,
    };
    Some((case.parse().ok()?, wanted))
}

/// A photograph that is at hand, or where the gallery has it.
enum AtHand {
    Bytes(Arc<Vec<u8>>),
    AtGallery(String),
}

/// Octets of a picture, and the steps done to a copy before it is shown.
type Edited = (Arc<Vec<u8>>, Vec<PreparationStep>);

impl Workstation {
    /// The photograph of a candidate of this case's list, if the signed-in person may see it now.
    pub(crate) async fn candidate_photo(
        &self,
        case: CaseId,
        candidate: CandidateId,
        photo: u8,
    ) -> Outcome<Arc<Vec<u8>>> {
        let path = match self.run(move |s| s.photo_at_hand(case, candidate, photo)).await? {
            AtHand::Bytes(bytes) => return Ok(bytes),
            AtHand::AtGallery(path) => path,
        };
        let kept = &self.0.photographs;
        let _place = kept.fetching.acquire().await.map_err(|_| stopped())?;
        let client = self.run(|s| s.client()).await?;
        let bytes = Arc::new(client.photo(&path).await?);
        let mut photos = kept.fetched.lock().map_err(|_| stopped())?;
        if photos.len() >= MAX_PHOTOS {
            photos.clear();
        }
        photos.insert((candidate, photo), Arc::clone(&bytes));
        Ok(bytes)
    }

    /// Bytes of a picture of a case that the signed-in person may see now, with the steps done to a copy.
    pub(crate) async fn edited(&self, case: CaseId, wanted: &Wanted) -> Outcome<Edited> {
        match wanted.clone() {
            Wanted::Candidate { candidate, photo } => {
                Ok((self.candidate_photo(case, candidate, photo).await?, Vec::new()))
            }
            Wanted::Probe { sha256 } => self.run(move |s| s.probe(case, &sha256, false)).await,
            Wanted::Prepared { sha256 } => self.run(move |s| s.probe(case, &sha256, true)).await,
            Wanted::Attachment { sha256 } => self.run(move |s| s.attachment(case, &sha256)).await,
        }
    }

    /// Size of a picture and where its face is: in the probe the picked one, else the best.
    pub async fn geometry(&self, case: CaseId, wanted: Wanted) -> Outcome<Geometry> {
        let (bytes, steps) = self.edited(case, &wanted).await?;
        let key = (case.to_string(), format!("{wanted:?} {steps:?}"));
        self.run(move |s| {
            if let Some(known) = s.photographs.geometries.lock().map_err(|_| stopped())?.get(&key) {
                return Ok(known.clone());
            }
            let found = s.measured(case, &wanted, &bytes, &steps)?;
            let mut known = s.photographs.geometries.lock().map_err(|_| stopped())?;
            if known.len() >= MAX_GEOMETRIES {
                known.clear();
            }
            known.insert(key, found.clone());
            Ok(found)
        })
        .await
    }
}

/// Where the gallery has a photograph of the case's list: 0 is the listed one.
pub(crate) fn path_of(file: &CaseFile, candidate: CandidateId, photo: u8) -> Outcome<String> {
    let others = file.search().map_or(&[][..], |s| s.candidates().other_photos(candidate));
    Ok(match photo.checked_sub(1) {
        None => format!("/v1/photos/{candidate}"),
        Some(at) => others.get(usize::from(at)).cloned().ok_or(VaultError::Unknown("photograph"))?,
    })
}

/// Whether the photographs of the case's list came with it: then they are whole, and the gallery is not asked for them.
pub(crate) fn keeps_list(v: &Vault, file: &CaseFile) -> Outcome<bool> {
    let Some(search) = file.search() else { return Ok(false) };
    for candidate in search.candidates().ids() {
        if v.list_photograph(file.id, candidate, 0)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Blocking<'_> {
    fn photo_at_hand(&self, case: CaseId, candidate: CandidateId, photo: u8) -> Outcome<AtHand> {
        self.look_as(|v, person, _| {
            if let Some(asked) = v.requested(RequestId(case.0), person)? {
                let shown =
                    asked.photograph(person, candidate, photo.into()).ok_or(VaultError::Unknown("candidate"))?;
                return Ok(AtHand::Bytes(Arc::new(v.requested_picture(asked.request().id(), shown)?)));
            }
            let mut file: CaseFile = v.case(case)?;
            if !file.shows_candidate(person, candidate) {
                return Err(VaultError::Unknown("candidate").into());
            }
            seen_by(v, &mut file, person)?;
            if photo == 0
                && file.sealed.is_some()
                && let Some(bytes) = v.candidate_photo(case, candidate)?
            {
                return Ok(AtHand::Bytes(Arc::new(bytes)));
            }
            if let Some(bytes) = v.list_photograph(case, candidate, photo)? {
                return Ok(AtHand::Bytes(Arc::new(bytes)));
            }
            if let Some(kept) = self.photographs.fetched.lock().map_err(|_| stopped())?.get(&(candidate, photo)) {
                return Ok(AtHand::Bytes(Arc::clone(kept)));
            }
            Ok(AtHand::AtGallery(path_of(&file, candidate, photo)?))
        })
    }

    /// An original of the probe, with the steps of its `copy`. Only what the case calls so: its other originals have
    /// other readers.
    fn probe(&self, case: CaseId, sha256: &str, copy: bool) -> Outcome<Edited> {
        self.look_as(|v, person, _| {
            if let Some(asked) = v.requested(RequestId(case.0), person)? {
                let shown = asked.work_of(person).is_some() && !copy && asked.request().probe() == sha256;
                let picture = Some(sha256).filter(|_| shown).ok_or(VaultError::Unknown("picture"))?;
                return Ok((Arc::new(v.requested_picture(asked.request().id(), picture)?), Vec::new()));
            }
            let mut file: CaseFile = v.case(case)?;
            let mut probes = file.image.iter().chain(file.further.iter().map(|f| &f.image));
            let image = probes.find(|image| image.facts.sha256 == sha256).filter(|_| file.shows_probe(person));
            let done: &[PreparationStep] = if copy { &file.preparation.steps } else { &[] };
            let steps = image.ok_or(VaultError::Unknown("picture"))?.facts.steps_to(done);
            seen_by(v, &mut file, person)?;
            Ok((Arc::new(v.original(case, sha256)?), steps))
        })
    }

    /// A file of an entry. A verifier sees nothing of the corroboration.
    fn attachment(&self, case: CaseId, sha256: &str) -> Outcome<Edited> {
        self.look_as(|v, person, _| {
            let mut file: CaseFile = v.case(case)?;
            let mut attached = file.checklist.entries.iter().flat_map(|e| &e.attachments);
            if !file.may_read_note(person) || !attached.any(|a| a.sha256 == sha256) {
                return Err(VaultError::Unknown("picture").into());
            }
            seen_by(v, &mut file, person)?;
            Ok((Arc::new(v.original(case, sha256)?), Vec::new()))
        })
    }

    fn measured(&self, case: CaseId, wanted: &Wanted, bytes: &[u8], steps: &[PreparationStep]) -> Outcome<Geometry> {
        let picked = match wanted {
            Wanted::Probe { sha256 } => self.look_as(|v, person, _| {
                if let Some(asked) = v.requested(RequestId(case.0), person)? {
                    return Ok(asked.request().face().filter(|_| asked.request().probe() == sha256));
                }
                let file: CaseFile = v.case(case)?;
                let image = file.image.as_ref().filter(|image| image.facts.sha256 == *sha256);
                Ok(image.and_then(|i| i.picked.and_then(|at| i.faces.get(at).map(|f| f.bounds))))
            })?,
            _ => None,
        };
        let looked = self.decoder.look(EditedPhoto { bytes, steps: &adjustments(steps) }, 0)?;
        let faces = looked.faces.iter().map(|(face, _)| face);
        let is_picked = |b: [f32; 4]| picked.is_none_or(|p| [p.x, p.y, p.width, p.height] == b);
        let face = faces.clone().find(|f| is_picked(f.bounds)).or(faces.clone().next());
        Ok(Geometry {
            width: looked.width,
            height: looked.height,
            landmarks: face.map(|f| f.landmarks.to_vec()),
            bounds: face.map(|f| f.bounds),
        })
    }
}
