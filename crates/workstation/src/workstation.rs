//! [`Workstation`] is what lies behind the window; [`Blocking`] is the same where its work may wait. Every use case is a
//! method of one of the two, in a file of its own.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use catalogue::say;
use tokio::sync::{Notify, watch};

use casework::Moment;
use faces::decoder::Decoder;

use crate::behind::Behind;
use crate::enclosed::Envelope;
use crate::error::{CommandError, Outcome, stopped};
use crate::group_report::{GROUPS, GroupReport};
use crate::ledger_looked::Looked;
use crate::photograph_cache::Photographs;
use crate::policy_in_force::{InForce, PolicyInForce, unreadable_policy};
use crate::session::Session;
use crate::shown_at_provider::ShownAtProvider;
use crate::strength::Calibrations;
use crate::turned_away::TurnedAway;

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
    pub(crate) offered: Mutex<Vec<PathBuf>>,
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
    pub(crate) provider: ShownAtProvider,
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
            provider: ShownAtProvider::default(),
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

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    #[test]
    fn a_wish_to_end_that_falls_between_two_steps_is_not_lost() {
        let station = Workstation::new(Setup::default()).expect("a workstation");
        let ends = |ending: &mut Ending| pin!(ending.asked()).poll(&mut Context::from_waker(Waker::noop())).is_ready();
        station.cancel();
        let mut ending = station.ending();
        assert!(!ends(&mut ending), "what was cancelled before it began does not end it");
        // Nobody waits for it now: one step is over and the next has not begun.
        station.cancel();
        assert!(ends(&mut ending));
    }
}
