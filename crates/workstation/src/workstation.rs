//! The state behind the window, and the work that is longer than one call.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard};

use gallery_api::client::Client;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::Notify;
use uuid::Uuid;

use casework::{
    CandidateId, CaseFile, CaseId, Clock, Disposition, Elsewhere, EntryId, FaceBox, ImageFacts, Moment, NoteId, Person,
    PersonRef, Policy, QualityFinding, QualityVerdict, SeenFace,
};
use faces::decoder::{Decoder, DecoderError};
use faces::{Face, Manifest, Quality, Task, Verdict};
use vault::{KeyStore, SecretService, Settings, Vault, VaultError};

use crate::enclosed::{Enclosed, Envelope};
use crate::error::CommandError;
use crate::people::Session;
use crate::views::{CaseView, GalleryView, Geometry, Progress};

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
pub struct Workstation {
    folder: PathBuf,
    vault: Mutex<Option<Vault>>,
    /// The department's policy in force.
    pub policy: Policy,
    /// Foreign photographs are decoded there, never in this process.
    pub decoder: Arc<Decoder>,
    /// Wakes whatever long work runs, to end it.
    pub cancel: Notify,
    /// Held by the search that is under way.
    pub searching: tokio::sync::Mutex<()>,
    /// Files given by start argument or dropped on the window.
    pub offered: Mutex<Vec<PathBuf>>,
    /// Where exports go without asking.
    pub exports: Option<PathBuf>,
    pub(crate) session: Mutex<Option<Session>>,
    /// Opens what the page enclosed.
    pub envelope: Envelope,
    photos: Mutex<HashMap<Photo, Arc<Vec<u8>>>>,
    /// Photographs that are fetched at once: a gallery serves each address so many connections.
    fetching: tokio::sync::Semaphore,
    /// Wakes the exchange of packages.
    pub exchange_due: Notify,
    /// Whether the gallery is to be asked soon what it has withdrawn.
    pub withdrawn_due: AtomicBool,
    /// Whether the head of the audit is to be deposited soon.
    pub anchor_due: AtomicBool,
    /// Why packages do not move, if they do not.
    pub(crate) exchange_trouble: Mutex<String>,
    /// Where faces are in pictures that were asked for.
    pub(crate) geometries: Mutex<HashMap<(String, String), Geometry>>,
}

/// A photograph of a candidate: 0 is the listed one, others of the subject follow.
type Photo = (CandidateId, u8);

/// What a person gets: the answer, or an error that they can act on.
pub type Outcome<T> = Result<T, CommandError>;

/// Largest file that is read at all.
const MAX_FILE: u64 = 200 * 1024 * 1024;
/// Photographs of candidates kept in memory.
const MAX_PHOTOS: usize = 400;
/// More faces than this are not encoded: nobody picks one of them.
const MAX_FACES: usize = 100;

/// Argument that makes this program develop photographs for its window.
pub const DECODER: &str = "decoder";

pub(crate) fn not_taken_in(error: DecoderError) -> CommandError {
    let mut error = CommandError::from(error);
    error.message.push_str(" Nothing was taken in; what you typed is kept.");
    error
}

/// Seed of an order in which candidates are shown.
pub(crate) fn fresh_seed() -> Outcome<u32> {
    let mut seed = [0u8; 4];
    getrandom::fill(&mut seed).map_err(|_| stopped())?;
    Ok(u32::from_le_bytes(seed))
}

pub(crate) fn stopped() -> CommandError {
    CommandError::new("internal", "A part of the program stopped. What was saved is safe; start Corroborate again.")
}

impl Workstation {
    /// `policy` is a department's own file; the strict one that is built in holds where there is none.
    pub fn new(folder: PathBuf, policy: Option<&Path>, offered: Vec<PathBuf>) -> Outcome<Self> {
        let unreadable = |e: &dyn std::fmt::Display| {
            CommandError::new(
                "policy",
                format!("The policy file cannot be read: {e}. Nothing was changed; correct it."),
            )
        };
        let own = policy.map(std::fs::read_to_string).transpose().map_err(|e| unreadable(&e))?;
        let text = own.as_deref().unwrap_or(include_str!("../../../assets/policy.toml"));
        let policy: Policy = toml::from_str(text).map_err(|e| unreadable(&e))?;
        let policy = Policy { sha256: hex::encode(Sha256::digest(text)), ..policy };
        let program = std::env::current_exe()
            .map_err(|e| CommandError::new("internal", format!("The program does not know where it is: {e}")))?;
        let policy = policy.check().map_err(|e| CommandError::new("policy", e))?;
        Ok(Self {
            folder,
            vault: Mutex::new(None),
            policy,
            decoder: Arc::new(Decoder::new(program, &[DECODER])),
            cancel: Notify::new(),
            searching: tokio::sync::Mutex::new(()),
            offered: Mutex::new(offered),
            exports: None,
            session: Mutex::new(None),
            envelope: Envelope::default(),
            photos: Mutex::new(HashMap::new()),
            fetching: tokio::sync::Semaphore::new(16),
            exchange_due: Notify::new(),
            withdrawn_due: AtomicBool::new(false),
            anchor_due: AtomicBool::new(false),
            exchange_trouble: Mutex::new(String::new()),
            geometries: Mutex::new(HashMap::new()),
        })
    }

    /// Works with the vault, opening it when that has not succeeded yet.
    pub fn with<T>(&self, work: impl FnOnce(&mut Vault) -> Outcome<T>) -> Outcome<T> {
        let mut slot: MutexGuard<'_, Option<Vault>> = self.vault.lock().map_err(|_| stopped())?;
        let vault = match &mut *slot {
            Some(vault) => vault,
            empty => {
                let mut vault = Vault::open(&self.folder, &SecretService)?;
                vault.set_policy(&self.policy.sha256, SystemClock.now())?;
                empty.insert(vault)
            }
        };
        work(vault)
    }

    /// As [`Workstation::with`], as one act: what `work` reads, decides and writes happens together, or nothing of it does.
    pub fn act<T>(&self, work: impl FnOnce(&mut Vault) -> Outcome<T>) -> Outcome<T> {
        self.with(|v| v.act(work))
    }

    /// A case that `person` may open.
    pub fn case_for(&self, id: CaseId, person: &Person) -> Outcome<CaseFile> {
        let file: CaseFile = self.with(|v| Ok(v.case(id)?))?;
        file.may_open(person)?;
        Ok(file)
    }

    /// A case that whoever is signed in may open.
    ///
    /// # Errors
    /// When nobody is signed in, or the case is not theirs.
    pub fn works_on(&self, id: CaseId) -> Outcome<CaseFile> {
        let person = self.person()?;
        self.case_for(id, &person)
    }

    /// The case as whoever is signed in may see it.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub fn view(&self, file: &CaseFile) -> Outcome<CaseView> {
        Ok(CaseView::new(file, &self.who()?, &SystemClock, &self.policy))
    }

    /// Changes a case of the signed-in person: `change` first, then one write with its audit event. Nothing
    /// is stored when `change` refuses.
    pub fn change(
        &self,
        id: CaseId,
        audited: Option<&str>,
        change: impl FnOnce(&mut CaseFile, &Person, Moment) -> Outcome<()>,
    ) -> Outcome<CaseView> {
        let own = |file: &mut CaseFile, person: &Person, now, _: &Elsewhere| {
            file.may_open(person)?;
            change(file, person, now)
        };
        let (file, _) = self.change_any(id, audited, false, own)?;
        self.view(&file)
    }

    /// As [`Workstation::change`], with what the other cases of the workstation say.
    pub fn change_knowing(
        &self,
        id: CaseId,
        audited: Option<&str>,
        change: impl FnOnce(&mut CaseFile, &Person, Moment, &Elsewhere) -> Outcome<()>,
    ) -> Outcome<CaseView> {
        let own = |file: &mut CaseFile, person: &Person, now, elsewhere: &Elsewhere| {
            file.may_open(person)?;
            change(file, person, now, elsewhere)
        };
        let (file, _) = self.change_any(id, audited, true, own)?;
        self.view(&file)
    }

    /// As [`Workstation::change`] for whoever is signed in; `change` itself decides whether they may.
    pub(crate) fn change_any(
        &self,
        id: CaseId,
        audited: Option<&str>,
        knowing: bool,
        change: impl FnOnce(&mut CaseFile, &Person, Moment, &Elsewhere) -> Outcome<()>,
    ) -> Outcome<(CaseFile, Person)> {
        let person = self.person()?;
        let now = SystemClock.now();
        let file = self.act(|v| {
            let mut file: CaseFile = v.case(id)?;
            // Other cases are many: they are read only for what asks about them.
            let elsewhere = if knowing { elsewhere(v, &file)? } else { Elsewhere::default() };
            let referred = file.referrals();
            change(&mut file, &person, now, &elsewhere)?;
            // A verifier's trail names no case number: it would tell whose lead is verified.
            let event = audited.map(|action| (action, json!({ "case": id })));
            v.put_case(id, &file, &person.reference(), now, event)?;
            let reasons: Vec<String> = file.referrals().into_iter().filter(|r| !referred.contains(r)).collect();
            if !reasons.is_empty() {
                let detail = json!({ "case": id, "reasons": reasons, "by": "program" });
                v.record(Some(&person.reference()), now, "referred-to-audit", &detail)?;
            }
            Ok(file)
        })?;
        Ok((file, person))
    }

    /// What `supervisor` confirms with their own passphrase, at the screen of whoever is signed in. A wrong passphrase
    /// counts against the supervisor's own attempts.
    pub fn confirm(
        &self,
        id: CaseId,
        supervisor: casework::PersonId,
        passphrase: &Enclosed,
        what: &'static str,
        confirm: impl FnOnce(&mut CaseFile, &Person, Moment, &Elsewhere) -> Outcome<()>,
    ) -> Outcome<CaseView> {
        let person = self.person()?;
        self.case_for(id, &person)?;
        let supervisor = self.with(|v| Ok(v.person(supervisor)?))?;
        self.confirmed_by(&supervisor.reference(), &self.envelope.open(passphrase)?, what, SystemClock.now())?;
        self.change_knowing(id, Some(what), |file, _, now, elsewhere| confirm(file, &supervisor, now, elsewhere))
    }

    /// Checks that `who` confirms `what` with a passphrase that they chose themselves. A wrong one counts against them.
    pub(crate) fn confirmed_by(&self, who: &PersonRef, passphrase: &str, what: &str, now: Moment) -> Outcome<()> {
        let signed = self.with(|v| Ok(v.check_passphrase(who, passphrase, what, now, &self.policy.session)?))?;
        if signed == vault::SignIn::Temporary {
            return Err(CommandError::new(
                "temporary-passphrase",
                format!("{} must sign in once and choose a passphrase first.", who.name),
            ));
        }
        Ok(())
    }

    /// Writes a refusal to the audit; the refusal itself stands whatever comes of that.
    pub fn audit_refusal(&self, action: &str, id: CaseId, error: &CommandError) {
        let by = self.who().ok().map(|p| p.reference());
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

    /// Whether a token for the gallery at `address` rests in the secret store.
    ///
    /// # Errors
    /// When the secret store does not answer.
    pub fn token_set(address: &str) -> Outcome<bool> {
        Ok(SecretService.get(&Self::token_name(address)).map_err(VaultError::from)?.is_some())
    }

    /// Stores the gallery's address, its token if one was typed, and the theme.
    pub fn save_settings(&self, address: &str, token: &Enclosed, theme: &str) -> Outcome<()> {
        let token = self.envelope.open(token)?;
        let gallery = address.trim().trim_end_matches('/').to_owned();
        let person = self.person()?;
        let known: Settings = self.with(|v| Ok(v.settings()?))?;
        if known.gallery != gallery || !token.trim().is_empty() {
            person.may_administer()?;
        }
        self.store_settings(gallery, &token, theme, &person.reference())
    }

    fn store_settings(&self, gallery: String, token: &str, theme: &str, by: &PersonRef) -> Outcome<()> {
        if !gallery.is_empty() {
            Client::new(&gallery, token)?;
            if !token.trim().is_empty() {
                SecretService.set(&Self::token_name(&gallery), token.trim()).map_err(VaultError::from)?;
            }
        }
        let settings = Settings { gallery, theme: theme.to_owned(), ..self.with(|v| Ok(v.settings()?))? };
        self.with(|v| Ok(v.set_settings(&settings, by, SystemClock.now())?))
    }

    /// What a department's roll-out sets without a window: gallery and token, and, on a vault that
    /// has none, its people and a case of the first of them to begin with. A workstation that has people is changed only
    /// with an administrator's passphrase: `admin` is their badge and it.
    pub fn provision(
        &self,
        gallery: &str,
        token: &str,
        people: Vec<serde_json::Value>,
        case: Option<serde_json::Value>,
        admin: Option<(&str, &str)>,
    ) -> Outcome<()> {
        let malformed = |e: serde_json::Error| CommandError::new("provision", format!("The file is malformed: {e}"));
        let now = SystemClock.now();
        let there = self.with(|v| Ok(v.people()?))?;
        if !there.is_empty() {
            let nobody = || {
                CommandError::new(
                    "provision",
                    "This workstation has its people already. Name an administrator with --admin BADGE and give their \
                     passphrase on the second line of stdin, after the token. Nothing was changed.",
                )
            };
            let (badge, passphrase) = admin.ok_or_else(nobody)?;
            let known = there.iter().find(|p| p.badge.trim() == badge.trim() && p.may_administer().is_ok());
            let by = known.ok_or_else(nobody)?.reference();
            self.confirmed_by(&by, passphrase, "provisioned", now)?;
            return self.store_settings(gallery.trim().trim_end_matches('/').to_owned(), token, "", &by);
        }
        let people =
            people.into_iter().map(serde_json::from_value).collect::<Result<Vec<Person>, _>>().map_err(malformed)?;
        self.act(|v| {
            for change in v.staff()?.first(people)? {
                v.put_person(&change, None, now)?;
            }
            Ok(())
        })?;
        let first = self.with(|v| Ok(v.people()?))?.into_iter().next();
        let by = first.ok_or_else(|| CommandError::new("provision", "Name a person with --person first."))?.reference();
        self.store_settings(gallery.trim().trim_end_matches('/').to_owned(), token, "", &by)?;
        let begun = !self.with(|v| Ok(v.cases::<CaseFile>()?))?.is_empty();
        if let Some(case) = case.filter(|_| !begun) {
            let mut file = CaseFile::begin(CaseId(Uuid::new_v4()), by.clone());
            file.edit_purpose(serde_json::from_value(case).map_err(malformed)?)?;
            let event = Some(("case-begun", json!({ "case": file.id, "by": "provision" })));
            self.with(|v| Ok(v.put_case(file.id, &file, &by, now, event)?))?;
        }
        Ok(())
    }

    /// The photograph of a candidate of this case's list, if the signed-in person may see it now.
    pub async fn candidate_photo(&self, case: CaseId, candidate: CandidateId, photo: u8) -> Outcome<Arc<Vec<u8>>> {
        let person = self.who()?;
        let mut file: CaseFile = self.with(|v| Ok(v.case(case)?))?;
        if !file.shows_candidate(&person, candidate) {
            return Err(VaultError::Unknown("candidate").into());
        }
        self.saw(&mut file, &person)?;
        if photo == 0
            && file.sealed.is_some()
            && let Some(bytes) = self.with(|v| Ok(v.candidate_photo(case, candidate)?))?
        {
            return Ok(Arc::new(bytes));
        }
        if let Some(kept) = self.photos.lock().map_err(|_| stopped())?.get(&(candidate, photo)) {
            return Ok(Arc::clone(kept));
        }
        let others = file.search().map_or(&[][..], |s| s.candidates().other_photos(candidate));
        let path = match photo.checked_sub(1) {
            None => format!("/v1/photos/{candidate}"),
            Some(at) => others.get(usize::from(at)).cloned().ok_or(VaultError::Unknown("photograph"))?,
        };
        let _place = self.fetching.acquire().await.map_err(|_| stopped())?;
        let bytes = Arc::new(self.client()?.photo(&path).await?);
        let mut photos = self.photos.lock().map_err(|_| stopped())?;
        if photos.len() >= MAX_PHOTOS {
            photos.clear();
        }
        photos.insert((candidate, photo), Arc::clone(&bytes));
        Ok(bytes)
    }

    /// Forgets photographs that were fetched.
    pub(crate) fn forget_photos(&self) {
        if let Ok(mut photos) = self.photos.lock() {
            photos.clear();
        }
    }

    /// Forgets a photograph that came small, because its candidate was not opened yet.
    pub(crate) fn forget_small(&self, candidate: CandidateId) {
        if let Ok(mut photos) = self.photos.lock() {
            photos.remove(&(candidate, 0));
        }
        // Where the face was in the small one is not where it is in the whole one.
        if let Ok(mut known) = self.geometries.lock() {
            known.retain(|(_, wanted), _| !wanted.contains(&candidate.to_string()));
        }
    }

    /// Keeps the lead's photograph with a case that is about to be sealed. Where the gallery does not give it now, the
    /// note is sealed without it.
    pub async fn keep_lead_photo(self: &Arc<Self>, id: CaseId) -> Outcome<()> {
        let person = self.person()?;
        let file = self.case_for(id, &person)?;
        let told = file.note.disposition.is_some_and(Disposition::tells_the_lead);
        let lead = file.examination.as_ref().and_then(|e| e.work().lead).filter(|_| told);
        let (Some(lead), true) = (lead, file.gaps(&person, &SystemClock, &self.policy).is_empty()) else {
            return Ok(());
        };
        let Ok(bytes) = self.candidate_photo(id, lead, 0).await else { return Ok(()) };
        let (by, now) = (person.reference(), SystemClock.now());
        self.with(|v| {
            if v.candidate_photo(id, lead)?.is_none() {
                v.put_original(id, "candidate", &lead.to_string(), &bytes, &by, now)?;
            }
            Ok(())
        })
    }

    /// Attaches the file at `path` to an entry.
    pub fn attach(&self, id: CaseId, entry: EntryId, path: &Path) -> Outcome<CaseView> {
        let person = self.person()?;
        let now = SystemClock.now();
        // Asked first: bytes are stored only for an entry that may take them.
        let mut file = self.case_for(id, &person)?;
        file.may_attach(entry)?;
        let limit = u64::from(self.policy.corroboration.attachment_megabytes) * 1_000_000;
        let attachment = self.with(|v| Ok(v.attach(id, path, limit, &person.reference(), now)?))?;
        self.change(id, Some("file-attached"), |file, _, _| Ok(file.attach(entry, attachment)?))
    }

    /// Seals and stores the case note; the file is marked in the vault afterwards.
    pub fn seal(&self, id: CaseId) -> Outcome<NoteId> {
        let person = self.person()?;
        let note = self.act(|v| {
            let mut file: CaseFile = v.case(id)?;
            file.may_open(&person)?;
            let elsewhere = elsewhere(v, &file)?;
            file.recall(&elsewhere);
            let sealed = file
                .seal(NoteId(Uuid::new_v4()), &person, &SystemClock, &self.policy)
                .map_err(|error| CommandError { message: error.to_string(), ..CommandError::from(error.0) })?;
            file.mark_sealed(&sealed);
            v.seal(&sealed, &file)?;
            Ok(sealed.content().id)
        })?;
        self.anchor_soon();
        Ok(note)
    }

    pub(crate) fn client(&self) -> Outcome<Client> {
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

    /// What the gallery says of itself.
    ///
    /// # Errors
    /// When none is set, or it does not answer.
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
        // Asked before the file is opened: nobody else learns whether it is there and what it is.
        self.in_vault(move |station| station.works_on(id).map(drop)).await?;
        let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let (station, path) = (Arc::clone(self), path.to_owned());
        let decoder = Arc::clone(&self.decoder);
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
            let looked = decoder.look(&bytes, MAX_FACES).map_err(not_taken_in)?;
            if looked.faces.len() > MAX_FACES {
                return Err(CommandError::new(
                    "too-many-faces",
                    format!(
                        "{} faces were found: this is a crowd, not a probe. Nothing was taken in; crop the photograph at its source to the person in question.",
                        looked.faces.len()
                    ),
                ));
            }
            let seen: Vec<SeenFace> = looked.faces.iter().map(seen).collect();
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
            let (person, now) = (station.person()?, SystemClock.now());
            // Asked first: an original is stored only for a case that may take one.
            let (take, event): (fn(&mut CaseFile, _, _, _) -> _, _) = if further {
                (CaseFile::bring_further, "further-brought")
            } else {
                (CaseFile::bring_image, "probe-brought")
            };
            take(&mut station.case_for(id, &person)?, facts.clone(), seen.clone(), now)?;
            station.with(|v| Ok(v.put_original(id, "probe", &facts.file_name, &bytes, &person.reference(), now)?))?;
            station.change(id, Some(event), |file, _, now| Ok(take(file, facts, seen, now)?))
        })
        .await
        .unwrap_or_else(|_| Err(stopped()))
    }
}

/// What the other cases of the workstation say that matters to `file`.
pub(crate) fn elsewhere(v: &Vault, file: &CaseFile) -> Outcome<Elsewhere> {
    let others = v.cases::<CaseFile>()?;
    Ok(file.elsewhere(others.iter().map(|row| &row.content)))
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
