//! The only test of its process: what happens at the first use of the database library happens once.

#![allow(clippy::unwrap_used)]

use std::sync::Barrier;

use vault::samples::{InMemory, opened};

/// Two users' vaults, or two tests, may be the first of a process at the same moment.
#[test]
fn several_vaults_may_be_the_first_of_a_process_at_once() {
    const VAULTS: usize = 16;
    let start = Barrier::new(VAULTS);
    std::thread::scope(|scope| {
        for _ in 0..VAULTS {
            scope.spawn(|| {
                let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
                start.wait();
                opened(folder.path(), &keys).unwrap();
            });
        }
    });
}
