//! The service: axum over the store and the index.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::{delete, get, post};
use catalogue::say;
use faces::Engine;
use faces::decoder::Decoder;
use gallery_api::wire::{
    Anchor, AuditRow, Candidate, Completeness, Filters, Info, Limits, MAX_BODY, ModelInfo, Opened, PURPOSES, Problem,
    SearchAnswer, SearchRequest, Signature, SubjectAnswer, Suppression, Template, Withdrawn,
};
use serde_json::json;
use service::log::{LogError, Readers};
use service::refusal::Refusal;
use service::request::{Caller, bearer, json_of, read};
use service::requests::{self, Allowed};
use utoipa::OpenApi;
use vector_index::Index;

use crate::store::{Allowance, Authority, CertificateFile, Counts, Order, Scope, Store, StoreError, TokenHolder};

mod admission;
mod anchors;
mod following;
mod ledger;
mod metrics;
mod patterns;
mod records;
mod refusal;
mod routes;
mod scanner;
mod search;
mod words;

use admission::{admitted, by};
use following::apply;
pub use following::catch_up;
pub(crate) use following::current_index;
use ledger::Ledger;
pub use ledger::{Logging, WitnessOf, WitnessOfError};
use metrics::Metrics;
pub use routes::{openapi, router};
use scanner::Scanner;

/// Changes that are read from the outbox at a time.
const PAGE: u32 = 4096;
/// How long a search waits for the index to catch up.
const CATCH_UP: Duration = Duration::from_secs(10);
/// How often the index looks for changes when nobody searches.
const TEND: Duration = Duration::from_secs(1);
/// How long a request may take.
const REQUEST: Duration = Duration::from_secs(120);
/// Failed tokens of an address within a minute, after which it is asked to wait.
const FAILURES: u64 = 60;
/// Addresses whose failures are counted apart.
const ADDRESSES: usize = 4096;
const MINUTE: Duration = Duration::from_secs(60);
/// How often what limits no longer look at is forgotten.
const FORGET: Duration = Duration::from_secs(600);

/// What a gallery is opened with.
#[derive(Debug, Default)]
pub struct Options {
    /// Answer searches for training and no others.
    pub training: bool,
    /// Encodes photographs that are enrolled over HTTP.
    pub engine: Option<Engine>,
    /// Decodes photographs of unusual kinds in a process of its own; without it they are refused.
    pub decoder: Option<Decoder>,
    /// Threads of a scan; 0 for as many as the machine has.
    pub threads: usize,
    /// What may be taken in a day, and how fast; without one everything, which is for trials and measurements.
    pub allowance: Option<Allowance>,
    /// A proxy stands in front: it says where a request comes from.
    pub proxied: bool,
    /// All memory of this process is kept out of swap.
    pub locked: bool,
    /// The log of the audit; without it none is kept.
    pub logging: Option<Logging>,
}

/// Failed tokens of one address.
#[derive(Debug)]
struct Failures {
    since: Instant,
    /// In this minute.
    count: u64,
    /// Of those, how many the audit does not have yet.
    unwritten: u64,
}

/// A running gallery: one store, one index.
#[derive(Debug)]
pub struct Gallery {
    store: Mutex<Store>,
    ledger: Option<Arc<Ledger>>,
    readers: Readers,
    index: RwLock<Index>,
    /// Held by whoever brings the index up to date, so that changes are applied once and in order.
    refreshing: Mutex<()>,
    scanner: Scanner,
    /// The thread behind it.
    scanning: OnceLock<JoinHandle<()>>,
    metrics: Metrics,
    training: bool,
    engine: Option<Engine>,
    decoder: Option<Decoder>,
    allowance: Option<Allowance>,
    proxied: bool,
    patterns: patterns::Patterns,
    failures: Mutex<HashMap<Option<IpAddr>, Failures>>,
    forgotten: Mutex<Option<Instant>>,
    /// People and templates as they were counted at a position of the outbox.
    counted: Mutex<Option<(i64, Counts)>>,
}

fn stopped<T>(_: PoisonError<T>) -> Refusal {
    refusal::internal(say!("gallery-store-failed-earlier-request-operator"))
}

/// What kept a gallery from opening.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index.
    #[error(transparent)]
    Index(#[from] vector_index::IndexError),
    /// The log of the audit.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The index could not be filled.
    #[error("{}", say!("gallery-index-could-not-brought-up", what = _0))]
    Behind(String),
}

impl Gallery {
    /// Opens the gallery with its index in `folder`: `model` and `dim` are those of an empty one; an enrolled one has
    /// its own. Expungements that a crash interrupted are finished.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(
        mut store: Store,
        folder: &std::path::Path,
        (model, dim): (&str, usize),
        options: Options,
    ) -> Result<Arc<Self>, OpenError> {
        let (witnesses, folder_of_log) = options.logging.map(|of| (of.witnesses, of.folder)).unzip();
        // Before anything is answered: an audit that is not the one that was signed is not gone on with.
        let ledger = folder_of_log.map(|folder| Ledger::open(&mut store, folder)).transpose()?.map(Arc::new);
        let (model, dim) = store.embedding()?.unwrap_or_else(|| (model.to_owned(), dim));
        let index = current_index(&mut store, folder, &model, dim)?;
        let reader = store.reader()?;
        if !(options.locked && index.is_locked()) {
            tracing::warn!(
                "templates in memory can be written to swap: the system locks no more memory for this service; raise its \
                 limit (LimitMEMLOCK=infinity in the unit, ulimit -l unlimited in a shell) or switch swap off"
            );
        }
        let threads = match options.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let (scanner, jobs) = Scanner::new();
        let gallery = Arc::new(Self {
            store: Mutex::new(store),
            ledger,
            readers: Readers::default(),
            index: RwLock::new(index),
            refreshing: Mutex::new(()),
            scanner,
            scanning: OnceLock::new(),
            metrics: Metrics::new(),
            training: options.training,
            engine: options.engine,
            decoder: options.decoder,
            allowance: options.allowance,
            proxied: options.proxied,
            patterns: patterns::Patterns::default(),
            failures: Mutex::default(),
            forgotten: Mutex::default(),
            counted: Mutex::default(),
        });
        if gallery.allowance.is_none() {
            tracing::warn!("no limits and no alarms (--unlimited): for trials and measurements only");
            let said = json!({ "limits": "none" });
            gallery
                .locked()
                .and_then(|mut store| Ok(store.audit("gallery", "", "serving-unlimited", &said)?))
                .map_err(|refusal| OpenError::Behind(refusal.detail))?;
        }
        gallery.tend().map_err(|refusal| OpenError::Behind(refusal.detail))?;
        let scans = Arc::downgrade(&gallery);
        let scanning = std::thread::spawn(move || scanner::work(&scans, jobs, reader, threads));
        // Nobody else has set it: the gallery was made above.
        drop(gallery.scanning.set(scanning));
        let tended = Arc::downgrade(&gallery);
        std::thread::spawn(move || {
            while let Some(gallery) = tended.upgrade() {
                if let Some(Err(error)) = gallery.ledger.as_ref().map(|ledger| ledger.catch_up()) {
                    tracing::error!(%error, "ledger");
                }
                if let Err(refusal) = gallery.tend() {
                    tracing::warn!(detail = refusal.detail, "the index could not be brought up to date");
                }
                drop(gallery);
                std::thread::sleep(TEND);
            }
        });
        if let Some(witnesses) = witnesses.filter(|witnesses| !witnesses.is_empty()) {
            let logged = Arc::downgrade(&gallery);
            std::thread::spawn(move || ledger::gather(&logged, witnesses));
        }
        Ok(gallery)
    }

    /// Purposes that this gallery is for. Workstations search for no other purpose here.
    fn purposes(&self) -> impl Iterator<Item = &'static str> {
        PURPOSES.into_iter().filter(|p| (*p == "training") == self.training)
    }

    /// Whether a search for `purpose` is answered: training by a training gallery, and nothing else there.
    fn answers(&self, purpose: &str) -> bool {
        self.purposes().any(|known| known == purpose)
    }

    /// People and templates, counted anew only when records came or went.
    fn counts(&self) -> Result<Counts, Refusal> {
        let mut store = self.locked()?;
        let seq = store.last_seq()?;
        let mut counted = self.counted.lock().map_err(stopped)?;
        match &*counted {
            Some((at, counts)) if *at == seq => Ok(counts.clone()),
            _ => Ok(counted.insert((seq, store.counts()?)).1.clone()),
        }
    }

    /// The model that the index answers for, and how many values its templates have.
    fn embedding(&self) -> Result<(String, usize), Refusal> {
        let index = self.index.read().map_err(stopped)?;
        Ok((index.model().to_owned(), index.dim()))
    }

    fn locked(&self) -> Result<MutexGuard<'_, Store>, Refusal> {
        self.store.lock().map_err(stopped)
    }

    fn last_seq(&self) -> Result<i64, Refusal> {
        Ok(self.locked()?.last_seq()?)
    }

    /// Brings the index to `required` or further.
    fn refresh(&self, required: i64) -> Result<(), Refusal> {
        if self.index.read().map_err(stopped)?.applied() >= required {
            return Ok(());
        }
        let _one = self.refreshing.lock().map_err(stopped)?;
        let start = Instant::now();
        loop {
            let applied = self.index.read().map_err(stopped)?.applied();
            if applied >= required {
                return Ok(());
            }
            if start.elapsed() > CATCH_UP {
                return Err(refusal::stale(say!("gallery-index-where-store-nothing-answered", applied, required)));
            }
            let (model, dim) = self.embedding()?;
            let enrolled = self.locked()?.embedding()?;
            if let Some((to, values)) = enrolled.filter(|(to, values)| (to, *values) != (&model, dim)) {
                // The gallery was moved to another model: what the index holds answers nothing any more.
                tracing::info!(from = model, to, "the gallery was moved to another model; the index begins anew");
                self.index.write().map_err(stopped)?.begin_anew(&to, values).map_err(refusal::index)?;
                continue;
            }
            let (last, changes) = self.locked()?.changes(applied, &model, PAGE)?;
            if changes.is_empty() {
                return Err(refusal::stale(say!("gallery-store-outbox-shorter-than-tell")));
            }
            apply(&mut *self.index.write().map_err(stopped)?, changes, last).map_err(refusal::index)?;
        }
    }

    /// Applies what came, and finishes what was begun: expungements whose certificate is not signed yet.
    fn tend(&self) -> Result<(), Refusal> {
        let last = self.last_seq()?;
        self.refresh(last)?;
        self.write_failures(false)?;
        if self.forgotten.lock().map_err(stopped)?.is_none_or(|at| at.elapsed() > FORGET) {
            self.locked()?.forget()?;
            *self.forgotten.lock().map_err(stopped)? = Some(Instant::now());
        }
        let unfinished = self.locked()?.unfinished_expungements()?;
        for id in unfinished {
            self.finish(id)?;
        }
        let index = self.index.read().map_err(stopped)?;
        self.metrics.templates.set(i64::try_from(index.len()).unwrap_or(i64::MAX));
        self.metrics.behind.set(last - index.applied().min(last));
        Ok(())
    }

    fn expunge(&self, subject: &str, order: &Order, token: &TokenHolder) -> Result<CertificateFile, Refusal> {
        let id = self.locked()?.expunge(subject, order, by(token))?;
        self.finish(id)
    }

    /// What a person may be shown, for the gallery's size.
    fn allowed(&self) -> Result<Option<(&Allowance, u64)>, Refusal> {
        let templates = self.index.read().map_err(stopped)?.len() as u64;
        Ok(self.allowance.as_ref().map(|allowance| (allowance, allowance.people(templates))))
    }

    /// Counts a failed token. The first of an address is on the audit at once, the others of its minute as a number.
    fn failed(&self, address: Option<IpAddr>, scope: Scope) -> Result<(), Refusal> {
        self.metrics.token_refused();
        let write = {
            let mut all = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
            let address = address.filter(|address| all.len() < ADDRESSES || all.contains_key(&Some(*address)));
            let first = !all.contains_key(&address);
            let known = all.entry(address).or_insert(Failures { since: Instant::now(), count: 0, unwritten: 0 });
            known.count += 1;
            if !first {
                known.unwritten += 1;
            }
            if known.count > FAILURES {
                let wait = MINUTE.saturating_sub(known.since.elapsed()).as_secs() + 1;
                return Err(Refusal::limited(say!("gallery-too-many-requests-tokens-not"), wait));
            }
            first
        };
        if write {
            let detail = json!({ "scope": scope.code(), "address": address, "count": 1 });
            self.locked()?.audit("unknown", "", "token-refused", &detail)?;
        }
        Ok(())
    }

    /// Puts failures of minutes that are over on the audit: one row an address and minute.
    fn write_failures(&self, all: bool) -> Result<(), Refusal> {
        let mut over = Vec::new();
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).retain(|address, known| {
            if !all && known.since.elapsed() < MINUTE {
                return true;
            }
            if known.unwritten > 0 {
                over.push((*address, known.unwritten));
            }
            false
        });
        for (address, count) in over {
            let detail = json!({ "address": address, "count": count });
            self.locked()?.audit("unknown", "", "token-refused", &detail)?;
        }
        Ok(())
    }

    fn finish(&self, id: uuid::Uuid) -> Result<CertificateFile, Refusal> {
        self.refresh(self.last_seq()?)?;
        let own = {
            let mut index = self.index.write().map_err(stopped)?;
            index.flush().map_err(refusal::index)?;
            index.id().to_owned()
        };
        let mut store = self.locked()?;
        store.destroy_other_index_keys(&own)?;
        Ok(store.finish_expungement(id)?)
    }

    /// Whether this node can answer.
    fn ready(&self) -> Result<(), Refusal> {
        if self.scanning.get().is_none_or(JoinHandle::is_finished) {
            return Err(refusal::partial(say!("gallery-thread-scans-stopped-restart-service")));
        }
        let last = self.last_seq()?;
        let index = self.index.read().map_err(stopped)?;
        if !index.damaged().is_empty() {
            return Err(refusal::partial(say!("gallery-segment-index-damaged-not-yet")));
        }
        let behind = last - index.applied();
        if behind > i64::from(PAGE) {
            return Err(refusal::stale(say!("gallery-index-changes-behind", behind)));
        }
        Ok(())
    }

    /// Writes the index to disk, so that the next start has nothing to replay.
    ///
    /// # Errors
    /// [`OpenError::Index`]; the next start replays what was not written.
    pub fn close(&self) -> Result<(), OpenError> {
        self.write_failures(true).map_err(|refusal| OpenError::Behind(refusal.detail))?;
        match self.index.write() {
            Ok(mut index) => Ok(index.flush()?),
            Err(_) => Ok(()),
        }
    }
}

type Shared = Arc<Gallery>;

/// Runs `work` with the gallery where blocking is allowed.
async fn blocking<T: Send + 'static>(
    gallery: &Shared,
    work: impl FnOnce(&Gallery) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let gallery = Arc::clone(gallery);
    tokio::task::spawn_blocking(move || work(&gallery)).await.unwrap_or_else(|_| Err(refusal::failed()))
}
