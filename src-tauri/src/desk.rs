//! The state behind the window, and the work that is longer than one call.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::Notify;
use uuid::Uuid;

use casework::{
    Candidate, CandidateId, CaseFile, CaseId, Clock, Completeness, FaceBox, ImageFacts, Moment, NoteId, Person, Policy,
    QualityFinding, QualityVerdict, SearchId, SearchRecord, SeenFace,
};
use faces::darkroom::{Darkroom, DarkroomError};
use faces::{Face, Manifest, Quality, Task, Template, Verdict};
use gallery::client::Client;
use gallery::wire;
use vault::{KeyStore, SecretService, Settings, Vault, VaultError};

use crate::error::CommandError;
use crate::views::{CaseView, GalleryView, Progress};

/// The system's clock, to the second: records show no fractions.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let now = jiff::Timestamp::now();
        Moment(jiff::Timestamp::from_second(now.as_second()).unwrap_or(now))
    }
}

/// Everything behind the window.
pub struct Desk {
    folder: PathBuf,
    vault: Mutex<Option<Vault>>,
    pub policy: Policy,
    /// Foreign photographs are decoded there, never in this process.
    pub darkroom: Arc<Darkroom>,
    /// Wakes whatever long work runs, to end it.
    pub cancel: Notify,
    /// Files given by start argument or dropped on the window.
    pub offered: Mutex<Vec<PathBuf>>,
    photos: Mutex<HashMap<CandidateId, Arc<Vec<u8>>>>,
}

type Outcome<T> = Result<T, CommandError>;

/// Largest file that is read at all.
const MAX_FILE: u64 = 200 * 1024 * 1024;
/// Photographs of candidates kept in memory.
const MAX_PHOTOS: usize = 400;
/// More faces than this are not encoded: nobody picks one of them.
const MAX_FACES: usize = 100;

/// Two photographs that score below this are not fused. One pair in a hundred of two people scores higher
/// (`models/mobilefacenet-512.md`), one in twenty of one person lower: it catches the wrong face picked, and
/// decides nothing about anybody.
const SOMEBODY_ELSE: f32 = 0.3;

/// Argument that makes this program develop photographs for its window.
pub const DARKROOM: &str = "darkroom";

fn not_taken_in(error: DarkroomError) -> CommandError {
    let mut error = CommandError::from(error);
    error.message.push_str(" Nothing was taken in; what you typed is kept.");
    error
}

fn stopped() -> CommandError {
    CommandError::new("internal", "A part of the program stopped. What was saved is safe; start Corroborate again.")
}

impl Desk {
    pub fn new(folder: PathBuf, offered: Vec<PathBuf>) -> Outcome<Self> {
        let policy: Policy = toml::from_str(include_str!("../../assets/policy.toml"))
            .map_err(|e| CommandError::new("policy", format!("The policy file cannot be read: {e}")))?;
        let program = std::env::current_exe()
            .map_err(|e| CommandError::new("internal", format!("The program does not know where it is: {e}")))?;
        let policy = policy.check().map_err(|e| CommandError::new("policy", e))?;
        Ok(Self {
            folder,
            vault: Mutex::new(None),
            policy,
            darkroom: Arc::new(Darkroom::new(program, &[DARKROOM])),
            cancel: Notify::new(),
            offered: Mutex::new(offered),
            photos: Mutex::new(HashMap::new()),
        })
    }

    /// Works with the vault, opening it when that has not succeeded yet.
    pub fn with<T>(&self, work: impl FnOnce(&mut Vault) -> Outcome<T>) -> Outcome<T> {
        let mut slot: MutexGuard<'_, Option<Vault>> = self.vault.lock().map_err(|_| stopped())?;
        let vault = match &mut *slot {
            Some(vault) => vault,
            empty => empty.insert(Vault::open(&self.folder, &SecretService)?),
        };
        work(vault)
    }

    pub fn person(&self) -> Outcome<Person> {
        self.with(|v| v.person().map_err(Into::into)).and_then(|person| {
            person
                .ok_or_else(|| CommandError::new("no-person", "Name yourself first: every record carries who made it."))
        })
    }

    pub fn case(&self, id: CaseId) -> Outcome<CaseFile> {
        self.with(|v| Ok(v.case(id)?))
    }

    pub fn view(&self, file: &CaseFile) -> Outcome<CaseView> {
        Ok(CaseView::new(file, &self.person()?, &SystemClock, &self.policy))
    }

    /// Changes a case: `change` first, then one write with its audit event. Nothing is stored when
    /// `change` refuses.
    pub fn change(
        &self,
        id: CaseId,
        audited: Option<&str>,
        change: impl FnOnce(&mut CaseFile, &Person, Moment) -> Outcome<()>,
    ) -> Outcome<CaseView> {
        let person = self.person()?;
        let now = SystemClock.now();
        let file = self.with(|v| {
            let mut file: CaseFile = v.case(id)?;
            change(&mut file, &person, now)?;
            let event = audited.map(|action| (action, json!({ "case": id, "number": file.purpose.case_number })));
            v.put_case(id, &file, &person.reference(), now, event)?;
            Ok(file)
        })?;
        self.view(&file)
    }

    /// Writes a refusal to the audit; the refusal itself stands whatever comes of that.
    pub fn audit_refusal(&self, action: &str, id: CaseId, error: &CommandError) {
        let by = self.person().ok().map(|p| p.reference());
        let places: Vec<&str> = error.gaps.iter().map(|g| g.place.as_str()).collect();
        let detail = json!({ "case": id, "code": error.code, "missing": places });
        let written = self.with(|v| Ok(v.record(by.as_ref(), SystemClock.now(), action, &detail)?));
        if let Err(error) = written {
            tracing::error!(message = error.message, "a refusal could not be written to the audit");
        }
    }

    /// Name under which the gallery's token rests in the secret store.
    fn token_name(address: &str) -> String {
        format!("gallery-token {}", address.trim().trim_end_matches('/'))
    }

    pub fn token_set(address: &str) -> Outcome<bool> {
        Ok(SecretService.get(&Self::token_name(address)).map_err(VaultError::from)?.is_some())
    }

    /// Stores the gallery's address, its token if one was typed, and the theme.
    pub fn save_settings(&self, address: &str, token: &str, theme: &str) -> Outcome<()> {
        let gallery = address.trim().trim_end_matches('/').to_owned();
        if !gallery.is_empty() {
            Client::new(&gallery, token)?;
            if !token.trim().is_empty() {
                SecretService.set(&Self::token_name(&gallery), token.trim()).map_err(VaultError::from)?;
            }
        }
        let by = self.person()?.reference();
        let settings = Settings { gallery, theme: theme.to_owned() };
        self.with(|v| Ok(v.set_settings(&settings, &by, SystemClock.now())?))
    }

    /// What a department's roll-out sets without a window: gallery and token, and, on a vault that
    /// has none, the person and a case to begin with.
    pub fn provision(
        &self,
        gallery: &str,
        token: &str,
        person: Option<serde_json::Value>,
        case: Option<serde_json::Value>,
    ) -> Outcome<()> {
        let malformed = |e: serde_json::Error| CommandError::new("provision", format!("The file is malformed: {e}"));
        let now = SystemClock.now();
        if let Some(person) = person.filter(|_| self.person().is_err()) {
            let person: Person = serde_json::from_value(person).map_err(malformed)?;
            person.well_formed()?;
            self.with(|v| Ok(v.set_person(&person, now)?))?;
        }
        self.save_settings(gallery, token, "")?;
        let begun = !self.with(|v| Ok(v.cases::<CaseFile>()?))?.is_empty();
        if let Some(case) = case.filter(|_| !begun) {
            let by = self.person()?.reference();
            let mut file = CaseFile::begin(CaseId(Uuid::new_v4()), by.clone());
            file.edit_purpose(serde_json::from_value(case).map_err(malformed)?)?;
            let event = Some(("case-begun", json!({ "case": file.id, "by": "provision" })));
            self.with(|v| Ok(v.put_case(file.id, &file, &by, now, event)?))?;
        }
        Ok(())
    }

    /// Seals and stores the case note; the file is marked in the vault afterwards.
    pub fn seal(&self, id: CaseId) -> Outcome<NoteId> {
        let person = self.person()?;
        let mut file = self.case(id)?;
        let sealed = file
            .seal(NoteId(Uuid::new_v4()), &person, &SystemClock, &self.policy)
            .map_err(|error| CommandError { message: error.to_string(), ..CommandError::from(error.0) })?;
        file.mark_sealed(&sealed);
        self.with(|v| Ok(v.seal(&sealed, &file)?))?;
        Ok(sealed.content().id)
    }

    fn client(&self) -> Outcome<Client> {
        let settings: Settings = self.with(|v| Ok(v.settings()?))?;
        if settings.gallery.trim().is_empty() {
            return Err(CommandError::new(
                "gallery-address",
                "No gallery is set. Enter its address and token in Settings.",
            ));
        }
        let token = SecretService.get(&Self::token_name(&settings.gallery)).map_err(VaultError::from)?;
        let token = token.ok_or_else(|| {
            CommandError::new("gallery-token", "No token is stored for this gallery. Enter it in Settings.")
        })?;
        Ok(Client::new(&settings.gallery, &token)?)
    }

    pub async fn gallery(&self) -> Outcome<GalleryView> {
        let client = self.client()?;
        let manifest = Manifest::locate()?;
        let model = &manifest.model(Task::Embedding, None)?.id;
        let info = client.info().await?;
        Ok(GalleryView {
            subjects: info.subjects,
            templates: info.templates,
            model_fits: info.models.iter().any(|m| m.id == *model),
            models: info.models.into_iter().map(|m| m.id).collect(),
        })
    }

    /// Takes a probe in, or a `further` photograph of its person: reads, decodes, finds faces, measures each, stores the original.
    pub async fn bring(
        self: &Arc<Self>,
        id: CaseId,
        path: &Path,
        further: bool,
        tell: impl Fn(Progress) + Send + 'static,
    ) -> Outcome<CaseView> {
        let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let (desk, path) = (Arc::clone(self), path.to_owned());
        let darkroom = Arc::clone(&self.darkroom);
        let work = tokio::task::spawn_blocking(move || -> Outcome<_> {
            tell(Progress { doing: "Reading the file".to_owned(), share: None });
            let unreadable = |e: std::io::Error| {
                CommandError::new(
                    "unreadable",
                    format!(
                        "The file cannot be read ({e}). Nothing was taken in; check its permissions or copy it to this machine."
                    ),
                )
            };
            let meta = std::fs::metadata(&path).map_err(unreadable)?;
            if !meta.is_file() || meta.len() > MAX_FILE {
                return Err(CommandError::new(
                    "too-large",
                    "This is no single photograph, or it is larger than 200 MB. Nothing was taken in.",
                ));
            }
            let bytes = std::fs::read(&path).map_err(unreadable)?;
            tell(Progress { doing: "Looking for faces and measuring them".to_owned(), share: None });
            let looked = darkroom.look(&bytes, MAX_FACES).map_err(not_taken_in)?;
            if looked.faces.len() > MAX_FACES {
                return Err(CommandError::new(
                    "too-many-faces",
                    format!(
                        "{} faces were found: this is a crowd, not a probe. Nothing was taken in; crop the photograph at its source to the person in question.",
                        looked.faces.len()
                    ),
                ));
            }
            // A face without geometry is shown, and its quality keeps it from being searched.
            let seen = looked.faces.iter().map(|(face, quality)| match quality {
                Some(quality) => seen_face(face, quality),
                None => SeenFace { bounds: bounds(face), quality: 0, findings: Vec::new() },
            });
            let seen: Vec<SeenFace> = seen.collect();
            let facts = ImageFacts {
                sha256: hex::encode(Sha256::digest(&bytes)),
                file_name: name,
                bytes: bytes.len() as u64,
                format: looked.format,
                width: looked.width,
                height: looked.height,
            };
            Ok((bytes, seen, facts))
        });
        let (bytes, seen, facts) = tokio::select! {
            () = self.cancel.notified() => return Err(CommandError::cancelled()),
            done = work => done.unwrap_or_else(|_| Err(stopped()))?,
        };
        tokio::task::spawn_blocking(move || {
            let (person, now) = (desk.person()?, SystemClock.now());
            // Asked first: an original is stored only for a case that may take one.
            let (take, event): (fn(&mut CaseFile, _, _, _) -> _, _) = if further {
                (CaseFile::bring_further, "further-brought")
            } else {
                (CaseFile::bring_image, "probe-brought")
            };
            take(&mut desk.case(id)?, facts.clone(), seen.clone(), now)?;
            desk.with(|v| Ok(v.put_original(id, "probe", &facts.file_name, &bytes, &person.reference(), now)?))?;
            desk.change(id, Some(event), |file, _, now| Ok(take(file, facts, seen, now)?))
        })
        .await
        .unwrap_or_else(|_| Err(stopped()))
    }

    /// One template of all photographs of the person, each weighed by how much of a face the model saw.
    fn template(&self, id: CaseId, photos: &[(String, FaceBox)], thorough: bool) -> Outcome<Template> {
        let mut encoded: Vec<(Template, Quality)> = Vec::with_capacity(photos.len());
        for (at, (sha256, face)) in photos.iter().enumerate() {
            let photo = self.with(|v| Ok(v.original(id, sha256)?))?;
            let picked = [face.x, face.y, face.width, face.height];
            let (template, quality) = self.darkroom.encode(&photo, picked, thorough)?;
            if encoded.first().is_some_and(|(first, _)| first.score(&template).is_none_or(|s| s < SOMEBODY_ELSE)) {
                return Err(CommandError::new(
                    "further-differs",
                    format!(
                        "Photograph {} looks like somebody else beside the first; a template of both would find neither. Nothing was sent. Remove it on the probe screen, or begin a case of its own for it.",
                        at + 1
                    ),
                ));
            }
            encoded.push((template, quality));
        }
        let weighted: Vec<(&Template, f32)> = encoded.iter().map(|(t, q)| (t, q.strength())).collect();
        Template::fused(&weighted).ok_or_else(stopped)
    }

    /// Encodes the picked face on this machine and sends the template, never the image.
    pub async fn search(self: &Arc<Self>, id: CaseId, thorough: bool, tell: impl Fn(Progress)) -> Outcome<CaseView> {
        let person = self.person()?;
        let file = self.case(id)?;
        let permit = file.permit(&person, SystemClock.now(), &self.policy)?;
        let client = self.client()?;
        tell(Progress { doing: "Encoding the face on this workstation".to_owned(), share: Some(0.1) });
        let probe = permit.probe();
        let first = (probe.image.sha256.clone(), probe.face);
        let photos: Vec<_> =
            std::iter::once(first).chain(probe.further.iter().map(|f| (f.image.sha256.clone(), f.face))).collect();
        let desk = Arc::clone(self);
        let encode = tokio::task::spawn_blocking(move || desk.template(id, &photos, thorough));
        let ask = async {
            let template = encode.await.unwrap_or_else(|_| Err(stopped()))?;
            tell(Progress { doing: "Asking the gallery which model it uses".to_owned(), share: Some(0.3) });
            let info = client.info().await?;
            if !info.models.iter().any(|m| m.id == template.model) {
                let theirs = info.models.iter().map(|m| m.id.as_str()).collect::<Vec<_>>().join(", ");
                return Err(CommandError::new(
                    "model-mismatch",
                    format!(
                        "The gallery is enrolled with {theirs}, this workstation encodes with {}. Templates of two models cannot be compared, so nothing was sent. Ask your administrator for the gallery's model.",
                        template.model
                    ),
                ));
            }
            let case = permit.case();
            if !info.purposes.iter().any(|p| p == case.purpose.code()) {
                return Err(CommandError::new(
                    "purpose-not-here",
                    "This gallery does not answer searches for this purpose: training has a gallery of its own. Nothing was sent. Set the right gallery in Settings; the case waits.",
                ));
            }
            let request = wire::SearchRequest {
                template: wire::Template { model: template.model, values: template.values },
                purpose: case.purpose.code().to_owned(),
                case_number: case.number.as_str().to_owned(),
                basis: format!("{} {}", case.basis.code, case.basis.statement).trim().to_owned(),
                examiner: Some(permit.by().id.to_string()),
                limit: permit.candidates(),
                filters: wire::Filters::default(),
            };
            let detail = json!({ "case": id, "number": case.number, "purpose": case.purpose, "gallery": client.address(), "probe": permit.probe().image.sha256, "thorough": thorough, "photographs": 1 + permit.probe().further.len() });
            // On record before anything leaves the workstation.
            self.with(|v| Ok(v.record(Some(permit.by()), SystemClock.now(), "search-sent", &detail)?))?;
            tell(Progress { doing: "Waiting for the gallery".to_owned(), share: Some(0.5) });
            let key = Uuid::new_v4().to_string();
            Ok((request.template.model.clone(), client.search(&request, &key).await?))
        };
        let (model, answer) = tokio::select! {
            () = self.cancel.notified() => return Err(CommandError::cancelled()),
            done = ask => done?,
        };
        let record = SearchRecord {
            id: SearchId(answer.search_id),
            gallery: client.address().to_owned(),
            model,
            purpose: permit.case().purpose,
            probe_sha256: permit.probe().image.sha256.clone(),
            by: permit.by().clone(),
            at: SystemClock.now(),
            completeness: Completeness {
                exact: answer.completeness.exact,
                scanned: answer.completeness.scanned,
                gallery_size: answer.completeness.gallery_size,
                filtered_out: answer.completeness.filtered_out,
            },
            candidates: answer
                .candidates
                .into_iter()
                .map(|c| Candidate {
                    id: CandidateId(c.candidate_id),
                    subject_id: c.subject_id,
                    score: c.score,
                    captured_on: c.captured_on,
                    agency: c.agency,
                })
                .collect(),
        };
        let mut seed = [0u8; 4];
        getrandom::fill(&mut seed).map_err(|_| stopped())?;
        let seed = u32::from_le_bytes(seed);
        self.change(id, Some("search-answered"), |file, _, _| Ok(file.add_search(record, seed)?))
    }

    /// The photograph of a candidate of this case's lists.
    pub async fn candidate_photo(&self, case: CaseId, candidate: CandidateId) -> Outcome<Arc<Vec<u8>>> {
        let kept = self.photos.lock().map_err(|_| stopped())?.get(&candidate).cloned();
        if let Some(photo) = kept {
            return Ok(photo);
        }
        let listed = self.case(case)?.searches.iter().any(|s| s.candidates.iter().any(|c| c.id == candidate));
        if !listed {
            return Err(VaultError::Unknown("candidate").into());
        }
        let photo = Arc::new(self.client()?.photo(&format!("/v1/photos/{candidate}")).await?);
        let mut photos = self.photos.lock().map_err(|_| stopped())?;
        if photos.len() >= MAX_PHOTOS {
            photos.clear();
        }
        photos.insert(candidate, Arc::clone(&photo));
        Ok(photo)
    }
}

fn bounds(face: &Face) -> FaceBox {
    let [x, y, width, height] = face.bounds;
    FaceBox { x, y, width, height }
}

fn seen_face(face: &Face, quality: &Quality) -> SeenFace {
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
