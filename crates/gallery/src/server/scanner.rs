//! One thread that scans: searches that wait together share a pass, and each is answered at or past the position of
//! the outbox that it saw when it was audited.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use catalogue::say;
use vector_index::{Filter, Hit, Probe, SettleError};

use super::{Gallery, refusal};
use crate::store::Reader;
use service::refusal::Refusal;

/// Searches that share a pass.
const BATCH: usize = 32;
/// Searches that may wait; more are asked to come again.
const WAITING: usize = 256;
/// How long a search may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(45);
/// How often a search begins anew because records vanished under it.
const TRIES: usize = 8;

/// What a scan found.
#[derive(Debug)]
pub(super) struct Found {
    pub hits: Vec<Hit>,
    pub scanned: u64,
    pub filtered_out: u64,
}

struct Job {
    model: String,
    probe: Vec<f32>,
    filter: Filter,
    limit: usize,
    required: i64,
    tries: usize,
    answer: SyncSender<Result<Found, Refusal>>,
}

/// The way to the scanning thread.
#[derive(Debug)]
pub(super) struct Scanner(SyncSender<Job>);

impl Scanner {
    /// Makes the way; [`work`] is its other end.
    pub fn new() -> (Self, Jobs) {
        let (sender, receiver) = sync_channel(WAITING);
        (Self(sender), Jobs(receiver))
    }

    /// The best `limit` subjects; blocks until they are found.
    pub fn search(
        &self,
        model: &str,
        probe: Vec<f32>,
        filter: Filter,
        limit: usize,
        required: i64,
    ) -> Result<Found, Refusal> {
        let (answer, found) = sync_channel(1);
        match self.0.try_send(Job { model: model.to_owned(), probe, filter, limit, required, tries: 0, answer }) {
            Ok(()) => found.recv_timeout(PATIENCE).unwrap_or_else(|_| Err(busy())),
            Err(TrySendError::Full(_)) => Err(busy()),
            Err(TrySendError::Disconnected(_)) => Err(refusal::failed()),
        }
    }
}

fn busy() -> Refusal {
    refusal::internal(say!("gallery-too-many-searches-wait-nothing"))
}

/// Searches on their way to the thread.
pub(super) struct Jobs(Receiver<Job>);

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Jobs").finish()
    }
}

/// Scans for as long as somebody can ask.
pub(super) fn work(gallery: &Weak<Gallery>, jobs: Jobs, mut reader: Reader, threads: usize) {
    let mut again: Vec<Job> = Vec::new();
    loop {
        let mut batch = std::mem::take(&mut again);
        if batch.is_empty() {
            match jobs.0.recv() {
                Ok(job) => batch.push(job),
                Err(_) => return,
            }
        }
        while batch.len() < BATCH
            && let Ok(job) = jobs.0.try_recv()
        {
            batch.push(job);
        }
        let Some(gallery) = gallery.upgrade() else { return };
        again = pass(&gallery, batch, &mut reader, threads);
    }
}

/// One pass for all of `batch`; gives back those that must begin anew.
fn pass(gallery: &Arc<Gallery>, batch: Vec<Job>, reader: &mut Reader, threads: usize) -> Vec<Job> {
    let required = batch.iter().map(|job| job.required).max().unwrap_or(0);
    let mut batch = batch;
    let lists = gallery.refresh(required).and_then(|()| {
        let index = gallery.index.read().map_err(|_| refusal::failed())?;
        let model = index.model().to_owned();
        // The gallery may have been moved to another model since they were asked.
        batch.retain(|job| {
            let same = job.model == model;
            if !same {
                drop(job.answer.send(Err(refusal::other_model(&model, &job.model))));
            }
            same
        });
        let probes: Vec<Probe<'_>> =
            batch.iter().map(|job| Probe { values: &job.probe, filter: &job.filter, limit: job.limit }).collect();
        let start = Instant::now();
        let lists = index.scan(&probes, threads).map_err(refusal::index)?;
        gallery.metrics.pass(start.elapsed(), probes.len());
        Ok((model, lists))
    });
    let (model, lists) = match lists {
        Ok(lists) => lists,
        Err(refusal) => {
            for job in batch {
                drop(job.answer.send(Err(refusal.clone())));
            }
            return Vec::new();
        }
    };
    let mut again = Vec::new();
    for (mut job, list) in batch.into_iter().zip(lists) {
        let (scanned, filtered_out) = (list.scanned, list.filtered_out);
        let settled = list.settle(&job.probe, |records, tell| reader.templates(&model, records, tell));
        let answer = match settled {
            Ok(settled) => {
                gallery.metrics.rescored(settled.rescored);
                Ok(Found { hits: settled.hits, scanned, filtered_out })
            }
            Err(SettleError::Gone(_)) if job.tries < TRIES => {
                job.tries += 1;
                // What took it away is in the outbox by now.
                job.required = job.required.max(gallery.last_seq().unwrap_or(job.required));
                again.push(job);
                continue;
            }
            Err(SettleError::Gone(_)) => Err(refusal::stale(say!("gallery-records-removed-faster-than-search"))),
            Err(SettleError::Store(error)) => Err(error.into()),
        };
        // Whoever asked may have given up.
        drop(job.answer.send(answer));
    }
    again
}
