//! Who reads a log's files: anybody, and nobody so fast that others wait.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use catalogue::say;

use crate::refusal::Refusal;

/// Files that one address may read in a minute: a log of a million rows has some 4,000.
pub const FILES_A_MINUTE: u32 = 12_000;
/// Addresses that are counted apart; the others share one count.
const ADDRESSES: usize = 4096;
const MINUTE: Duration = Duration::from_secs(60);

/// Counts of files that were read, by address and minute.
#[derive(Debug)]
pub struct Readers {
    most: u32,
    counted: Mutex<HashMap<Option<IpAddr>, (Instant, u32)>>,
}

impl Readers {
    /// Each address may read `most` files a minute.
    pub fn new(most: u32) -> Self {
        Self { most, counted: Mutex::default() }
    }

    /// Counts one file.
    ///
    /// # Errors
    /// 429 where the address read as many as it may; then nothing is counted.
    pub fn reads(&self, from: Option<IpAddr>) -> Result<(), Refusal> {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= ADDRESSES && !counted.contains_key(&from) {
            counted.retain(|_, (since, _)| since.elapsed() < MINUTE);
        }
        let from = from.filter(|from| counted.len() < ADDRESSES || counted.contains_key(&Some(*from)));
        let (since, files) = counted.entry(from).or_insert((Instant::now(), 0));
        if since.elapsed() >= MINUTE {
            (*since, *files) = (Instant::now(), 0);
        }
        if *files >= self.most {
            let wait = MINUTE.saturating_sub(since.elapsed()).as_secs() + 1;
            return Err(Refusal::limited(say!("service-log-too-many-files"), wait));
        }
        *files += 1;
        Ok(())
    }
}

impl Default for Readers {
    fn default() -> Self {
        Self::new(FILES_A_MINUTE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_reads_too_fast_waits_and_no_other_does() {
        let readers = Readers::new(3);
        let (one, two) = (Some(IpAddr::from([10, 0, 0, 1])), Some(IpAddr::from([10, 0, 0, 2])));
        assert!((0..3).all(|_| readers.reads(one).is_ok()));
        let refused = readers.reads(one).expect_err("too many");
        assert!(refused.status == 429 && refused.retry.is_some_and(|wait| (1..=61).contains(&wait)), "{refused:?}");
        assert!(readers.reads(two).is_ok() && readers.reads(None).is_ok());
        // Many addresses fill no memory: those beyond share one count.
        for n in 0..2 * ADDRESSES as u32 {
            drop(readers.reads(Some(IpAddr::from(n.to_be_bytes()))));
        }
        assert!(readers.counted.lock().expect("counts").len() <= ADDRESSES + 1);
        assert!(readers.reads(two).is_ok(), "who was counted stays");
    }
}
