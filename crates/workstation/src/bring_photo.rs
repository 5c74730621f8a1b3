//! Photographs come in: the probe and further ones of its person; which face, and a prepared copy.

use std::path::{Path, PathBuf};

use catalogue::say;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use casework::{
    CaseFile, CaseId, Clock, Credentials, FaceBox, FileRead, ImageFacts, PreparationStep, ProbeId, ProbeOrigin,
    QualityFinding, QualityVerdict, SeenFace, Signature, Turned,
};
use faces::credentials::{Said, State};
use faces::decoder::EditedPhoto;
use faces::origin::{Origin, plain};
use faces::prepare::{self, Adjustment};
use faces::{Face, Quality, Verdict};

use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome, not_taken_in};
use crate::views::{CaseView, Offered, Progress};
use crate::workstation::{Blocking, Workstation};

/// Largest file that is read at all.
const MAX_FILE: u64 = 200 * 1024 * 1024;
/// More faces than this are not encoded: nobody picks one of them.
const MAX_FACES: usize = 100;

impl Workstation {
    /// Takes an offered file in: [`Workstation::bring`].
    pub async fn take_offered(
        &self,
        id: CaseId,
        index: usize,
        further: bool,
        tell: impl Fn(Progress) + Send + 'static,
    ) -> Outcome<CaseView> {
        let path = self.0.offered_path(index)?;
        self.bring(id, path, further, tell).await
    }

    /// Takes a probe in, or a `further` photograph of its person: reads, decodes, finds faces, measures each, stores the original.
    pub async fn bring(
        &self,
        id: CaseId,
        path: PathBuf,
        further: bool,
        tell: impl Fn(Progress) + Send + 'static,
    ) -> Outcome<CaseView> {
        let mut ending = self.ending();
        // Asked before the file is opened: nobody else learns whether it is there and what it is.
        self.run(move |s| s.works_on(id).map(drop)).await?;
        let looking = self.run(move |s| s.look_into(&path, &tell));
        let (bytes, seen, facts) = tokio::select! {
            () = ending.asked() => return Err(CommandError::cancelled()),
            done = looking => done?,
        };
        self.run(move |s| {
            let (take, event): (fn(&mut CaseFile, _, _, _) -> _, _) = if further {
                (CaseFile::bring_further, "further-brought")
            } else {
                (CaseFile::bring_image, "probe-brought")
            };
            s.change_with(id, event, |v, file, person, now| {
                let name = facts.file_name.clone();
                take(file, facts, seen, now)?;
                Ok(v.put_original(id, "probe", &name, &bytes, &person.reference(), now).map(drop)?)
            })
        })
        .await
    }
}

impl Blocking<'_> {
    /// The files that are offered. Their names are for whoever is signed in.
    pub fn offered(&self) -> Vec<Offered> {
        if self.who().is_err() {
            return Vec::new();
        }
        let Ok(offered) = self.offered.lock() else { return Vec::new() };
        let name = |path: &PathBuf| path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        offered.iter().enumerate().map(|(index, path)| Offered { index, name: name(path) }).collect()
    }

    /// Reads a file, and finds and measures the faces in it.
    fn look_into(&self, path: &Path, tell: &impl Fn(Progress)) -> Outcome<(Vec<u8>, Vec<SeenFace>, ImageFacts)> {
        tell(Progress { doing: say!("workstation-reading-file").to_owned(), share: None });
        let unreadable =
            |e: std::io::Error| CommandError::new("unreadable", say!("workstation-file-cannot-read-nothing-taken", e));
        let meta = std::fs::metadata(path).map_err(unreadable)?;
        if !meta.is_file() || meta.len() > MAX_FILE {
            return Err(CommandError::new("too-large", say!("workstation-no-single-photograph-larger-than")));
        }
        let bytes = std::fs::read(path).map_err(unreadable)?;
        tell(Progress { doing: say!("workstation-looking-faces-measuring-them").to_owned(), share: None });
        let file_name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let (seen, facts) = self.looked(&bytes, file_name, Turned::Not)?;
        Ok((bytes, seen, facts))
    }

    /// Finds and measures the faces in a photograph that was turned.
    fn looked(&self, bytes: &[u8], file_name: String, turned: Turned) -> Outcome<(Vec<SeenFace>, ImageFacts)> {
        let mut facts = ImageFacts {
            sha256: hex::encode(Sha256::digest(bytes)),
            file_name,
            bytes: bytes.len() as u64,
            format: String::new(),
            width: 0,
            height: 0,
            turned,
            says: Vec::new(),
        };
        let steps = adjustments(&facts.steps_to(&[]));
        let looked = self.decoder.look(EditedPhoto { bytes, steps: &steps }, MAX_FACES).map_err(not_taken_in)?;
        if looked.faces.len() > MAX_FACES {
            return Err(CommandError::new(
                "too-many-faces",
                say!("workstation-faces-found-crowd-not-probe", faces = looked.faces.len()),
            ));
        }
        (facts.format, facts.width, facts.height) = (looked.format.clone(), looked.width, looked.height);
        let said = looked.origin.credentials.then(|| self.credentials.read(&looked.format, bytes));
        facts.says = file_read(&looked.origin, said).sayings((facts.width, facts.height), SystemClock.now());
        Ok((looked.faces.iter().map(seen).collect(), facts))
    }

    /// Turns a probe that lies on its side by a quarter, and looks for faces again.
    pub fn turn_probe(&self, id: CaseId) -> Outcome<CaseView> {
        let (file, _) = self.works_on(id)?;
        let Some(image) = &file.image else {
            return Err(CommandError::new("no-probe", say!("rule-probe-bring-first")));
        };
        let bytes = self.with(|v| Ok(v.original(id, &image.facts.sha256)?))?;
        let (faces, facts) = self.looked(&bytes, image.facts.file_name.clone(), image.facts.turned.next())?;
        self.change(id, Some("probe-turned"), |file, _, _| Ok(file.turn_image(facts, faces)?))
    }

    /// Keeps what is typed of where the photograph comes from.
    pub fn edit_origin(&self, id: CaseId, origin: ProbeOrigin) -> Outcome<CaseView> {
        self.change(id, None, |file, _, _| Ok(file.edit_origin(origin)?))
    }

    /// Picks the face of the unknown person.
    pub fn pick_face(&self, id: CaseId, face: usize) -> Outcome<CaseView> {
        self.change(id, None, |file, _, _| Ok(file.pick_face(face)?))
    }

    /// Picks it in the further photograph `at`.
    pub fn pick_further(&self, id: CaseId, at: usize, face: usize) -> Outcome<CaseView> {
        self.change(id, None, |file, _, _| Ok(file.pick_further(at, face)?))
    }

    /// Keeps what is typed of why the further photographs show the same person.
    pub fn edit_further(&self, id: CaseId, reasons: Vec<String>) -> Outcome<CaseView> {
        self.change(id, None, |file, _, _| Ok(file.edit_further(reasons)?))
    }

    /// Leaves the further photograph `at` out.
    pub fn remove_further(&self, id: CaseId, at: usize) -> Outcome<CaseView> {
        self.change(id, Some("further-removed"), |file, _, _| Ok(file.remove_further(at)?))
    }

    /// Keeps the steps of the prepared copy.
    pub fn prepare(&self, id: CaseId, steps: Vec<PreparationStep>) -> Outcome<CaseView> {
        self.change(id, None, |file, _, _| Ok(file.prepare(steps)?))
    }

    /// Uses the prepared copy of the probe: finds the picked face in it and measures it.
    pub fn choose_prepared(&self, id: CaseId, used: bool) -> Outcome<CaseView> {
        if !used {
            return self.change(id, Some("prepared-left-out"), |file, _, _| Ok(file.choose_prepared(None)?));
        }
        let (file, _) = self.works_on(id)?;
        let image = file.image.as_ref();
        let picked = image.and_then(|i| Some((i, i.picked.and_then(|at| i.faces.get(at))?)));
        let Some((image, face)) = picked else {
            return Err(CommandError::new("no-face", say!("workstation-pick-face-unknown-person-original")));
        };
        let steps = adjustments(&file.preparation.steps);
        let whole = adjustments(&image.facts.steps_to(&file.preparation.steps));
        let bytes = self.with(|v| Ok(v.original(id, &image.facts.sha256)?))?;
        let looked = self.decoder.look(EditedPhoto { bytes: &bytes, steps: &whole }, 100).map_err(not_taken_in)?;
        let middle = [face.bounds.x + face.bounds.width / 2.0, face.bounds.y + face.bounds.height / 2.0];
        let [x, y] = prepare::place(&steps, (image.facts.width, image.facts.height), middle);
        let holds = |f: &FaceBox| (f.x..f.x + f.width).contains(&x) && (f.y..f.y + f.height).contains(&y);
        let found = looked
            .faces
            .iter()
            .map(seen)
            .find(|face| holds(&face.bounds))
            .ok_or_else(|| CommandError::new("face-lost", say!("workstation-picked-face-not-found-prepared")))?;
        self.change(id, Some("prepared-chosen"), |file, _, _| Ok(file.choose_prepared(Some(found))?))
    }

    /// Passes the second gate; a refusal is on record.
    pub fn confirm_probe(&self, id: CaseId) -> Outcome<CaseView> {
        self.change(id, Some("probe-confirmed"), |file, person, now| {
            Ok(file.confirm_probe(ProbeId(Uuid::new_v4()), person.reference(), now, &self.policy())?)
        })
        .inspect_err(|error| self.audit_refusal("probe-refused", id, error))
    }
}

/// What was read of a file, with what its credentials say where it has some; `Some(None)` where nothing reads them.
fn file_read(origin: &Origin, said: Option<Option<Said>>) -> FileRead {
    let mut read = FileRead {
        elsewhere: origin.elsewhere.clone(),
        kinds: origin.sources.clone(),
        taken: origin.exif.taken.clone(),
        changed: origin.exif.changed.clone(),
        satellites: origin.exif.satellites.clone(),
        software: origin.exif.software.clone(),
        size: origin.exif.size,
        thumbnail: origin.thumbnail,
        credentials: Credentials::Absent,
    };
    let Some(said) = said else { return read };
    let Some(said) = said else { return FileRead { credentials: Credentials::Unread, ..read } };
    read.kinds.extend(said.sources.iter().map(|kind| plain(kind)));
    read.elsewhere = read.elsewhere.or(said.elsewhere.as_deref().map(plain));
    let standing = match said.state {
        State::Trusted => Signature::Verified,
        State::Valid => Signature::Unknown,
        State::Invalid => Signature::Invalid,
        State::Elsewhere => return read,
        State::None | State::Broken => return FileRead { credentials: Credentials::Unreadable, ..read },
    };
    // A code of the specification, `c2pa.color_adjustments`, as words.
    let edit = |code: &String| plain(code.strip_prefix("c2pa.").unwrap_or(code)).replace('_', " ");
    read.credentials = Credentials::Signed {
        by: said.signer.as_deref().map_or_else(|| say!("workstation-nobody-named").to_owned(), plain),
        at: said.at.as_deref().map(plain),
        tool: said.tool.as_deref().map(plain),
        standing,
        edits: said.actions.iter().map(edit).collect(),
    };
    read
}

/// The steps as `faces` knows them.
pub fn adjustments(steps: &[PreparationStep]) -> Vec<Adjustment> {
    let adjusted = steps.iter().map(|step| match *step {
        PreparationStep::Rotate { degrees } => Adjustment::Rotate { degrees },
        PreparationStep::Crop { x, y, width, height } => Adjustment::Crop { x, y, width, height },
        PreparationStep::Tone { brightness, contrast, gamma } => Adjustment::Tone { brightness, contrast, gamma },
    });
    adjusted.collect()
}

fn bounds(face: &Face) -> FaceBox {
    let [x, y, width, height] = face.bounds;
    FaceBox { x, y, width, height }
}

/// What is recorded of a face. One without geometry is shown, and its quality keeps it from being searched.
pub(crate) fn seen((face, quality): &(Face, Option<Quality>)) -> SeenFace {
    let Some(quality) = quality else {
        return SeenFace { bounds: bounds(face), quality: 0, findings: Vec::new() };
    };
    let findings = quality
        .components
        .iter()
        .map(|c| QualityFinding {
            component: c.name.to_string(),
            measured: format!("{:.0} {}", c.value, c.unit),
            verdict: match c.verdict {
                Verdict::Good => QualityVerdict::Good,
                Verdict::Fair => QualityVerdict::Fair,
                Verdict::Poor => QualityVerdict::Poor,
            },
            advice: c.advice.clone(),
        })
        .collect();
    SeenFace { bounds: bounds(face), quality: quality.overall, findings }
}
