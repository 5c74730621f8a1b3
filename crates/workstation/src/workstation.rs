//! [`Workstation`] is what lies behind the window; [`Blocking`] is the same where its work may wait. Every use case is a
//! method of one of the two, in a file of its own.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use catalogue::say;
use serde_json::json;
use tokio::sync::{Notify, watch};

use casework::{Blind, CaseFile, CaseId, Clock, Elsewhere, Gap, Listing, Moment, Person};
use faces::decoder::Decoder;
use vault::Vault;

use crate::behind::Behind;
use crate::clock::SystemClock;
use crate::enclosed::Envelope;
use crate::error::{CommandError, Outcome, stopped};
use crate::group_report::{GROUPS, GroupReport};
use crate::ledger_looked::Looked;
use crate::photograph_cache::Photographs;
use crate::policy_in_force::{InForce, PolicyInForce, unreadable_policy};
use crate::provider_desk::Desk;
use crate::session::Session;
use crate::strength::Calibrations;
use crate::turned_away::TurnedAway;
use crate::views::{Answer, BenchView, CaseView, Offered};

/// What a workstation is started with.
#[derive(Debug, Default)]
pub struct Setup {
    /// Folder of the vault.
    pub folder: PathBuf,
    /// The department's own policy file; the strict one that is built in holds where there is none.
    pub policy: Option<PathBuf>,
    /// Photographs offered on the probe screen.
    pub offered: Vec<PathBuf>,
    /// Folder where exports go; asked for each time when absent.
    pub exports: Option<PathBuf>,
}

/// What lies behind the window.
pub struct Parts {
    pub(crate) folder: PathBuf,
    pub(crate) behind: Behind,
    /// The policy in force.
    policy: RwLock<Arc<PolicyInForce>>,
    /// Whether it lies here as a file of the department's; else the department's documents bring it.
    pub(crate) policy_lies_here: bool,
    /// Foreign photographs are decoded there, never in this process.
    pub(crate) decoder: Decoder,
    /// What reads content credentials, where it is installed beside this program.
    pub(crate) credentials: faces::credentials::Program,
    /// What scores are worth.
    pub(crate) calibrations: Calibrations,
    /// Folder with the department's reports by group.
    pub(crate) groups: Option<PathBuf>,
    /// A report by group that somebody chose.
    pub(crate) chosen_groups: Mutex<Option<GroupReport>>,
    /// Counts how often the person asked to end what runs.
    cancelled: watch::Sender<u64>,
    /// Held by the search that is under way.
    pub(crate) searching: tokio::sync::Mutex<()>,
    /// Held by the step of joining that is under way.
    pub(crate) joining: tokio::sync::Mutex<()>,
    /// Files given by start argument or dropped on the window.
    offered: Mutex<Vec<PathBuf>>,
    /// Where exports go without asking.
    pub(crate) exports: Option<PathBuf>,
    pub(crate) session: Mutex<Option<Session>>,
    /// Opens what the page enclosed.
    pub(crate) envelope: Envelope,
    pub(crate) photographs: Photographs,
    /// Wakes the exchange of packages.
    pub(crate) exchange_due: Notify,
    /// Whether the gallery is to be asked soon what it has withdrawn.
    pub(crate) withdrawn_due: AtomicBool,
    /// When it was last looked what is due to go.
    pub(crate) due_told: Mutex<Option<Moment>>,
    /// Whether the head of the audit is to be deposited soon.
    pub(crate) anchor_due: AtomicBool,
    /// Whether the relay said that the department has taken this workstation out.
    pub(crate) revoked: AtomicBool,
    /// Why packages do not move, if they do not.
    pub(crate) exchange_trouble: Mutex<String>,
    /// Packages at the relay that were refused.
    pub(crate) turned_away: Mutex<TurnedAway>,
    /// Why the last backup that was due was not made.
    pub(crate) backup_trouble: Mutex<String>,
    /// What was shown at the identity provider, until the passphrase comes.
    pub(crate) provider: Desk,
    /// The session with the relay that was begun last.
    pub(crate) mailer: Mutex<Option<relay::client::Mailer>>,
    /// When the department's log was looked at last, and what was to be said of it then.
    pub(crate) ledger_looked: Mutex<Option<Looked>>,
}

/// A workstation, as whoever serves the window or a command line holds it. Its own methods never wait on their thread: what
/// reads or writes the vault, the disk or the secret store, or decodes, is a method of [`Blocking`].
#[derive(Clone)]
pub struct Workstation(pub(crate) Arc<Parts>);

/// A workstation on a thread that may wait. Only [`Workstation::run`] and [`Workstation::here`] make one.
pub struct Blocking<'a>(pub(crate) &'a Arc<Parts>);

impl Deref for Blocking<'_> {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        self.0
    }
}

/// Argument that makes this program develop photographs for its window.
pub const DECODER: &str = "decoder";

/// Name of the file, beside the department's policy, with PEM certificates of signers that it trusts besides the C2PA's.
const OWN_SIGNERS: &str = "content-signers.pem";

/// The program lies beside `program`. A department's own signers that cannot be read are said in the log: then only those of
/// the list that is built in are trusted.
fn credentials(program: &Path, policy: Option<&Path>) -> faces::credentials::Program {
    let own = policy.map(|policy| policy.with_file_name(OWN_SIGNERS)).filter(|path| path.exists());
    let own = own.map(std::fs::read_to_string).transpose().unwrap_or_else(|error| {
        tracing::warn!(%error, "the department's list of content signers cannot be read");
        None
    });
    faces::credentials::Program {
        path: program.with_file_name(format!("credentials{}", std::env::consts::EXE_SUFFIX)),
        signers: [include_str!("../../../assets/trust/c2pa-signers.pem"), own.as_deref().unwrap_or_default()]
            .join("\n"),
        stamps: include_str!("../../../assets/trust/c2pa-timestamps.pem").to_owned(),
    }
}

/// Seed of an order in which candidates are shown.
pub(crate) fn fresh_seed() -> Outcome<u32> {
    let mut seed = [0u8; 4];
    getrandom::fill(&mut seed).map_err(|_| stopped())?;
    Ok(u32::from_le_bytes(seed))
}

/// Whether the person asks to end what runs, from the moment this was made.
pub(crate) struct Ending(watch::Receiver<u64>);

impl Ending {
    /// Ends once they asked; at once where they did so between two steps.
    pub(crate) async fn asked(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Workstation {
    /// Reads the policy; the vault opens when somebody signs in.
    ///
    /// # Errors
    /// When the policy cannot be read, or goes below a floor.
    pub fn new(setup: Setup) -> Outcome<Self> {
        let own = setup.policy.as_deref().map(std::fs::read_to_string).transpose();
        let own = own.map_err(|e| unreadable_policy(&e))?;
        let policy = PolicyInForce::read(own.as_deref().unwrap_or(include_str!("../../../assets/policy.toml")))?;
        let program = std::env::current_exe()
            .map_err(|e| CommandError::new("internal", say!("workstation-program-does-not-know-where", e)))?;
        Ok(Self(Arc::new(Parts {
            folder: setup.folder,
            behind: Behind::default(),
            policy: RwLock::new(Arc::new(policy)),
            policy_lies_here: own.is_some(),
            calibrations: Calibrations::beside(setup.policy.as_deref())?,
            groups: setup.policy.as_deref().map(|policy| policy.with_file_name(GROUPS)),
            chosen_groups: Mutex::new(None),
            credentials: credentials(&program, setup.policy.as_deref()),
            decoder: Decoder::new(program, &[DECODER]),
            cancelled: watch::Sender::new(0),
            searching: tokio::sync::Mutex::new(()),
            joining: tokio::sync::Mutex::new(()),
            offered: Mutex::new(setup.offered),
            exports: setup.exports,
            session: Mutex::new(None),
            envelope: Envelope::default(),
            photographs: Photographs::new(),
            exchange_due: Notify::new(),
            withdrawn_due: AtomicBool::new(false),
            due_told: Mutex::default(),
            anchor_due: AtomicBool::new(false),
            revoked: AtomicBool::new(false),
            exchange_trouble: Mutex::new(String::new()),
            turned_away: Mutex::default(),
            backup_trouble: Mutex::new(String::new()),
            provider: Desk::default(),
            mailer: Mutex::new(None),
            ledger_looked: Mutex::new(None),
        })))
    }

    /// Runs `work` on a thread that may wait.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Blocking<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let parts = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || work(&Blocking(&parts))).await.unwrap_or_else(|_| Err(stopped()))
    }

    /// The workstation on this thread, for a command line: nobody else waits for it.
    pub fn here(&self) -> Blocking<'_> {
        Blocking(&self.0)
    }

    /// Ends whatever long work runs, between two of its steps too.
    pub fn cancel(&self) {
        self.0.cancelled.send_modify(|times| *times += 1);
    }

    pub(crate) fn ending(&self) -> Ending {
        Ending(self.0.cancelled.subscribe())
    }

    /// The key for which the page encloses what is secret. Open to everybody: it only encloses.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn envelope(&self) -> Outcome<String> {
        self.0.envelope.renew()
    }

    /// Files that were dropped on the window, in place of those before.
    pub fn offer(&self, paths: &[PathBuf]) {
        if let Ok(mut offered) = self.0.offered.lock() {
            offered.clear();
            offered.extend_from_slice(paths);
        }
    }

    /// The folder where exports go without asking.
    pub fn exports(&self) -> Option<&Path> {
        self.0.exports.as_deref()
    }
}

impl Parts {
    /// The policy in force.
    pub(crate) fn policy(&self) -> InForce {
        InForce(self.policy_in_force())
    }

    /// The policy in force with its text.
    pub(crate) fn policy_in_force(&self) -> Arc<PolicyInForce> {
        Arc::clone(&self.policy.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on `policy` is in force.
    pub(crate) fn work_by(&self, policy: PolicyInForce) {
        *self.policy.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(policy);
    }

    /// Path of an offered file.
    ///
    /// # Errors
    /// When others were offered since.
    pub(crate) fn offered_path(&self, index: usize) -> Outcome<PathBuf> {
        let path = self.offered.lock().ok().and_then(|offered| offered.get(index).cloned());
        path.ok_or_else(|| CommandError::new("unknown", say!("workstation-file-no-longer-offered-drop")))
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
        Ok(CaseView::new(file, &self.who()?, &SystemClock, &self.policy()))
    }

    /// What `file` shows the signed-in person: the case, if it is theirs, and their bench.
    pub fn answer(&self, file: &CaseFile, person: &Person) -> Answer {
        let case = file.may_open(person).ok().map(|()| CaseView::new(file, person, &SystemClock, &self.policy()));
        Answer { case, bench: BenchView::new(file, person, &SystemClock, &self.policy(), &self.calibrations) }
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
            let (before, held) = (vault::decided_at(&file), file.history.handed_over.len());
            change(&mut file, &person, now, &elsewhere)?;
            // A verifier's trail names no case number: it would tell whose lead is verified.
            let event = audited.map(|action| (action, event_of(action, &file)));
            v.put_case(id, &file, &person.reference(), now, event)?;
            v.state_changes(before, &file)?;
            v.state_handovers(held, &file)?;
            let reasons: Vec<String> = file.referrals().into_iter().filter(|r| !referred.contains(r)).collect();
            if !reasons.is_empty() {
                let detail = json!({ "case": id, "reasons": reasons, "by": "program" });
                v.record(Some(&person.reference()), now, "referred-to-audit", &detail)?;
            }
            Ok(file)
        })?;
        Ok((file, person))
    }

    /// Changes a case by whoever is signed in; the rule inside decides whether they may.
    pub fn change_bench(
        &self,
        id: CaseId,
        audited: Option<&str>,
        change: impl FnOnce(&mut CaseFile, &Person, Moment) -> Outcome<()>,
    ) -> Outcome<Answer> {
        let (file, person) = self.change_any(id, audited, false, |file, person, now, _| change(file, person, now))?;
        Ok(self.answer(&file, &person))
    }

    /// As [`Workstation::change_bench`], with what the other cases of the workstation say.
    pub fn change_knowing_bench(
        &self,
        id: CaseId,
        audited: Option<&str>,
        change: impl FnOnce(&mut CaseFile, &Person, Moment, &Elsewhere) -> Outcome<()>,
    ) -> Outcome<Answer> {
        let (file, person) = self.change_any(id, audited, true, change)?;
        Ok(self.answer(&file, &person))
    }

    /// Works at the signed-in person's blind bench.
    pub fn at_bench(
        &self,
        id: CaseId,
        audited: Option<&str>,
        act: impl FnOnce(&mut Blind, &dyn Listing, Moment) -> Result<(), Vec<Gap>>,
    ) -> Outcome<Answer> {
        if self.is_requested(id)? {
            return self.change_requested(id, audited, |asked, person, now| {
                Ok(asked.at_bench(person, |b, s| act(b, s, now))?)
            });
        }
        self.change_bench(id, audited, |file, person, now| Ok(file.at_bench(person.id, |b, s| act(b, s, now))?))
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
}

/// What the audit says of a change of a case. A search that was answered is named as the gallery names it: both sides are held
/// against each other by that.
fn event_of(action: &str, file: &CaseFile) -> serde_json::Value {
    match file.searches.last().filter(|_| action == "search-answered") {
        Some(search) => json!({ "case": file.id, "search": search.id() }),
        None => json!({ "case": file.id }),
    }
}

/// What the other cases of the workstation say that matters to `file`.
pub(crate) fn elsewhere(v: &Vault, file: &CaseFile) -> Outcome<Elsewhere> {
    let (others, unread) = v.cases::<CaseFile>()?;
    // What was seen in a case that cannot be read must not be forgotten: nothing rests on the others alone.
    if let Some(case) = unread.into_iter().next() {
        tracing::error!(case = %case.id, why = %case.why, "a case cannot be read");
        return Err(CommandError::new("case-unread", say!("workstation-another-case-unread", case = case.id)));
    }
    let here = file.elsewhere(others.iter().map(|row| &row.content));
    // Of those that moved away it goes on counting what was known when they left.
    Ok(file.elsewhere_too(here, &v.traces()?))
}
