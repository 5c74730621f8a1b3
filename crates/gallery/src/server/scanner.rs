//! The way to the thread that scans.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use catalogue::say;
use service::refusal::Refusal;
use vector_index::{Filter, Hit};

use super::refusal;

/// Searches that may wait; more are asked to come again.
const WAITING: usize = 256;
/// How long a search may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(45);

/// What a scan found.
#[derive(Debug)]
pub(super) struct Found {
    pub hits: Vec<Hit>,
    pub scanned: u64,
    pub filtered_out: u64,
}

/// A search on its way to the thread.
pub(super) struct Job {
    pub(super) model: String,
    pub(super) probe: Vec<f32>,
    pub(super) filter: Filter,
    pub(super) limit: usize,
    pub(super) required: i64,
    pub(super) tries: usize,
    pub(super) answer: SyncSender<Result<Found, Refusal>>,
}

/// The way to the scanning thread.
#[derive(Debug)]
pub(super) struct Scanner(SyncSender<Job>);

impl Scanner {
    /// Makes the way; [`Jobs`] is its other end.
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
pub(super) struct Jobs(pub(super) Receiver<Job>);

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Jobs").finish()
    }
}
