//! Opening a gallery: its log, its index, and the threads that keep it up to date.

use std::sync::{Arc, Mutex, OnceLock, RwLock};

use serde_json::json;
use service::log::Readers;

use super::error::OpenError;
use super::following::current_index;
use super::gallery::{Gallery, Options};
use super::logging::{Ledger, TEND, gather};
use super::metrics::Metrics;
use super::patterns::Patterns;
use super::scanner::Scanner;
use super::scanning::work;
use crate::store::Store;

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
            patterns: Patterns::default(),
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
        let scanning = std::thread::spawn(move || work(&scans, jobs, reader, threads));
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
            std::thread::spawn(move || {
                gather(|| logged.upgrade().and_then(|gallery| gallery.ledger.clone()), witnesses)
            });
        }
        Ok(gallery)
    }
}
