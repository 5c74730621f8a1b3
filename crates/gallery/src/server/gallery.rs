//! A running gallery: one store, one index, and what keeps them together.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use catalogue::say;
use faces::Engine;
use faces::decoder::Decoder;
use gallery_api::wire::PURPOSES;
use serde_json::json;
use service::log::Readers;
use service::refusal::Refusal;
use vector_index::Index;

use super::error::OpenError;
use super::following::{PAGE, apply};
use super::logging::{Ledger, Logging};
use super::metrics::Metrics;
use super::patterns::Patterns;
use super::refusal;
use super::scanner::Scanner;
use crate::store::{Allowance, Authority, CertificateFile, Counts, Order, Scope, Store, TokenHolder};

/// How long a search waits for the index to catch up.
const CATCH_UP: Duration = Duration::from_secs(10);
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
pub(super) struct Failures {
    pub(super) since: Instant,
    /// In this minute.
    pub(super) count: u64,
    /// Of those, how many the audit does not have yet.
    pub(super) unwritten: u64,
}

/// A running gallery: one store, one index.
#[derive(Debug)]
pub struct Gallery {
    pub(super) store: Mutex<Store>,
    pub(super) ledger: Option<Arc<Ledger>>,
    pub(super) readers: Readers,
    pub(super) index: RwLock<Index>,
    /// Held by whoever brings the index up to date, so that changes are applied once and in order.
    pub(super) refreshing: Mutex<()>,
    pub(super) scanner: Scanner,
    /// The thread behind it.
    pub(super) scanning: OnceLock<JoinHandle<()>>,
    pub(super) metrics: Metrics,
    pub(super) training: bool,
    pub(super) engine: Option<Engine>,
    pub(super) decoder: Option<Decoder>,
    pub(super) allowance: Option<Allowance>,
    pub(super) proxied: bool,
    pub(super) patterns: Patterns,
    pub(super) failures: Mutex<HashMap<Option<IpAddr>, Failures>>,
    pub(super) forgotten: Mutex<Option<Instant>>,
    /// People and templates as they were counted at a position of the outbox.
    pub(super) counted: Mutex<Option<(i64, Counts)>>,
}

fn stopped<T>(_: PoisonError<T>) -> Refusal {
    refusal::internal(say!("gallery-store-failed-earlier-request-operator"))
}

impl Gallery {
    /// Purposes that this gallery is for. Workstations search for no other purpose here.
    pub(super) fn purposes(&self) -> impl Iterator<Item = &'static str> {
        PURPOSES.into_iter().filter(|p| (*p == "training") == self.training)
    }

    /// Whether a search for `purpose` is answered: training by a training gallery, and nothing else there.
    pub(super) fn answers(&self, purpose: &str) -> bool {
        self.purposes().any(|known| known == purpose)
    }

    /// People and templates, counted anew only when records came or went.
    pub(super) fn counts(&self) -> Result<Counts, Refusal> {
        let mut store = self.locked()?;
        let seq = store.last_seq()?;
        let mut counted = self.counted.lock().map_err(stopped)?;
        match &*counted {
            Some((at, counts)) if *at == seq => Ok(counts.clone()),
            _ => Ok(counted.insert((seq, store.counts()?)).1.clone()),
        }
    }

    /// The model that the index answers for, and how many values its templates have.
    pub(super) fn embedding(&self) -> Result<(String, usize), Refusal> {
        let index = self.index.read().map_err(stopped)?;
        Ok((index.model().to_owned(), index.dim()))
    }

    pub(super) fn locked(&self) -> Result<MutexGuard<'_, Store>, Refusal> {
        self.store.lock().map_err(stopped)
    }

    pub(super) fn last_seq(&self) -> Result<i64, Refusal> {
        Ok(self.locked()?.last_seq()?)
    }

    /// Brings the index to `required` or further.
    pub(super) fn refresh(&self, required: i64) -> Result<(), Refusal> {
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
    pub(super) fn tend(&self) -> Result<(), Refusal> {
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

    pub(super) fn expunge(
        &self,
        subject: &str,
        order: &Order,
        token: &TokenHolder,
    ) -> Result<CertificateFile, Refusal> {
        let id = self.locked()?.expunge(subject, order, by(token))?;
        self.finish(id)
    }

    /// What a person may be shown, for the gallery's size.
    pub(super) fn allowed(&self) -> Result<Option<(&Allowance, u64)>, Refusal> {
        let templates = self.index.read().map_err(stopped)?.len() as u64;
        Ok(self.allowance.as_ref().map(|allowance| (allowance, allowance.people(templates))))
    }

    /// Counts a failed token. The first of an address is on the audit at once, the others of its minute as a number.
    pub(super) fn failed(&self, address: Option<IpAddr>, scope: Scope) -> Result<(), Refusal> {
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
    pub(super) fn write_failures(&self, all: bool) -> Result<(), Refusal> {
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

    pub(super) fn finish(&self, id: uuid::Uuid) -> Result<CertificateFile, Refusal> {
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
    pub(super) fn ready(&self) -> Result<(), Refusal> {
        scans(self.scanning.get())?;
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

/// Whether the thread that scans is there: without it nothing is found, whatever else answers.
fn scans(thread: Option<&JoinHandle<()>>) -> Result<(), Refusal> {
    match thread.is_some_and(|thread| !thread.is_finished()) {
        true => Ok(()),
        false => Err(refusal::partial(say!("gallery-thread-scans-stopped-restart-service"))),
    }
}

pub(super) type Shared = Arc<Gallery>;

/// Runs `work` with the gallery where blocking is allowed.
pub(super) async fn blocking<T: Send + 'static>(
    gallery: &Shared,
    work: impl FnOnce(&Gallery) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let gallery = Arc::clone(gallery);
    tokio::task::spawn_blocking(move || work(&gallery)).await.unwrap_or_else(|_| Err(refusal::failed()))
}

/// Whose records the holder of a token may change.
pub(super) fn by(token: &TokenHolder) -> Authority<'_> {
    Authority::Agency { ori: &token.agency, user: &token.user }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::store::Enrolment;

    #[test]
    fn a_service_whose_scanning_thread_has_ended_is_not_ready() {
        let (alive, ends) = channel::<()>();
        let thread = std::thread::spawn(move || ends.recv().unwrap_or_default());
        assert!(scans(Some(&thread)).is_ok());
        drop(alive);
        while !thread.is_finished() {
            std::thread::yield_now();
        }
        assert_eq!(scans(Some(&thread)).map_err(|refusal| refusal.status.as_u16()), Err(503));
        assert!(scans(None).is_err(), "it was never started");
    }

    #[test]
    fn people_are_counted_once_for_all_who_ask_until_records_come_or_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::sqlite(folder.path()).expect("a store");
        let options = Options { threads: 1, ..Options::default() };
        let gallery = Gallery::open(store, &folder.path().join("index"), ("m", 2), options).expect("opened");
        let subjects = || gallery.counts().expect("counted").subjects;
        let enrolled = |subject: &str| {
            let enrolment = Enrolment {
                subject: subject.to_owned(),
                source_sha256: subject.to_owned(),
                photo: b"photo".to_vec(),
                captured_on: None,
                agency: None,
                model: "m".to_owned(),
                values: vec![1.0, 0.0],
            };
            gallery.locked().expect("locked").enrol(&[enrolment], None, ("tests", "")).expect("enrolled");
        };
        enrolled("p1");
        assert_eq!(subjects(), 1);
        // A count that the store did not make: whoever asks is told this one, and nothing is counted again.
        if let Some((_, counts)) = gallery.counted.lock().expect("kept").as_mut() {
            counts.subjects = 40;
        }
        assert_eq!((subjects(), subjects()), (40, 40));
        enrolled("p2");
        assert_eq!(subjects(), 2);
    }
}
