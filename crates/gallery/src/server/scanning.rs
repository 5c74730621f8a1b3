//! The thread that scans: searches that wait together share a pass, and each is answered at or past the position of the outbox
//! that it saw when it was audited.

use std::sync::{Arc, Weak};
use std::time::Instant;

use catalogue::say;
use vector_index::{Probe, SettleError};

use super::gallery::Gallery;
use super::refusal;
use super::scanner::{Found, Job, Jobs};
use crate::store::Reader;

/// Searches that share a pass.
const BATCH: usize = 32;
/// How often a search begins anew because records vanished under it.
const TRIES: usize = 8;

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
