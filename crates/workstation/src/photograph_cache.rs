//! Photographs that are kept in memory while somebody is signed in, and where faces are in them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use casework::CandidateId;

use crate::views::Geometry;

/// Photographs that are fetched at once: a gallery serves each address so many connections.
const AT_ONCE: usize = 16;

/// A photograph of a candidate: 0 is the listed one, others of the subject follow.
type Photo = (CandidateId, u8);

/// What is kept in memory while somebody is signed in.
pub(crate) struct Photographs {
    pub(crate) fetched: Mutex<HashMap<Photo, Arc<Vec<u8>>>>,
    pub(crate) fetching: tokio::sync::Semaphore,
    /// Where faces are in pictures that were asked for.
    pub(crate) geometries: Mutex<HashMap<(String, String), Geometry>>,
}

impl Photographs {
    pub(crate) fn new() -> Self {
        Self { fetched: Mutex::default(), fetching: tokio::sync::Semaphore::new(AT_ONCE), geometries: Mutex::default() }
    }

    /// Forgets photographs that were fetched.
    pub(crate) fn forget(&self) {
        if let Ok(mut photos) = self.fetched.lock() {
            photos.clear();
        }
    }

    /// Forgets a photograph that came small, because its candidate was not opened yet.
    pub(crate) fn forget_small(&self, candidate: CandidateId) {
        if let Ok(mut photos) = self.fetched.lock() {
            photos.remove(&(candidate, 0));
        }
        // Where the face was in the small one is not where it is in the whole one.
        if let Ok(mut known) = self.geometries.lock() {
            known.retain(|(_, wanted), _| !wanted.contains(&candidate.to_string()));
        }
    }
}
