//! Moving a gallery to another model, from its kept photographs, while the old one answers.
//!
//! What is staged stays: killed at any moment, it goes on where it was. The switch is one transaction.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use catalogue::say;
use faces::Engine;
use zeroize::Zeroizing;

use crate::enrol::template_of;
use crate::store::{Kept, Store, StoreError, Switch, ToMove};

/// Records that are looked up at a time.
const PAGE: u32 = 256;
/// Templates staged in one transaction.
const BATCH: usize = 8;

/// What a move came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The gallery is of the model, and nothing was left to move.
    Nothing,
    /// These records cannot be moved, each with why; the gallery is as it was, and what could be moved is staged.
    Refused(BTreeMap<i64, String>),
    /// The gallery answers with the model from now on.
    Moved {
        /// Records that were moved.
        moved: u64,
        /// Records that no search finds any more, each with why.
        left_out: BTreeMap<i64, String>,
    },
}

/// Moves every record of `store` to the model of `engine` with as many threads as named (0 for as many as the machine
/// has), and switches when all are staged: also those that are enrolled meanwhile. `progress` is told how many records are
/// staged and how many there are. Records that cannot be moved stop the switch, unless `leave_out`.
///
/// # Errors
/// [`StoreError`]; what is staged stays.
pub fn reembed(
    store: &mut Store,
    engine: &Engine,
    threads: usize,
    leave_out: bool,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Outcome, StoreError> {
    let threads = match threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let model = engine.model_id();
    let (mut staged, records) = store.begin_move(model)?;
    let mut unmovable = BTreeMap::new();
    loop {
        progress(staged, records);
        let there = pass(store, engine, threads, &mut unmovable, &mut |more| {
            staged += more;
            progress(staged, records);
        })?;
        // Those that were expunged meanwhile stop nothing.
        unmovable.retain(|record, _| there.contains(record));
        if !unmovable.is_empty() && !leave_out {
            return Ok(Outcome::Refused(unmovable));
        }
        let left_out: Vec<i64> = unmovable.keys().copied().collect();
        match store.switch(model, &left_out, "administrator")? {
            // Enrolled since the pass.
            Switch::Lacking(_) => {}
            Switch::Nothing if unmovable.is_empty() => return Ok(Outcome::Nothing),
            Switch::Nothing => return Ok(Outcome::Refused(unmovable)),
            Switch::Done { moved, .. } => return Ok(Outcome::Moved { moved, left_out: unmovable }),
        }
    }
}

/// Stages every record that lacks a template but those known to be unmovable, and notes which are; gives the records of
/// those that were met.
fn pass(
    store: &mut Store,
    engine: &Engine,
    threads: usize,
    unmovable: &mut BTreeMap<i64, String>,
    staged: &mut dyn FnMut(u64),
) -> Result<Vec<i64>, StoreError> {
    let (mut reader, kept, mut after, mut there) = (store.reader()?, store.kept(), 0, Vec::new());
    loop {
        let page = reader.to_move(engine.model_id(), after, PAGE)?;
        let Some(last) = page.last() else { return Ok(there) };
        after = last.record;
        let page: Vec<ToMove> = page
            .into_iter()
            .filter(|row| {
                let known = unmovable.contains_key(&row.record);
                if known {
                    there.push(row.record);
                }
                !known
            })
            .collect();
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            let (sender, made) = sync_channel(2 * BATCH);
            for _ in 0..threads.min(page.len()) {
                let (sender, next, page, kept) = (sender.clone(), &next, &page, &kept);
                scope.spawn(move || {
                    while let Some(row) = page.get(next.fetch_add(1, Ordering::Relaxed)) {
                        // The writer stopped: its error says why.
                        if sender.send((row.record, made_anew(engine, kept, row))).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            let mut batch = Vec::new();
            loop {
                let one = made.recv();
                let ended = one.is_err();
                match one {
                    Ok((record, Ok(values))) => batch.push((record, values)),
                    Ok((record, Err(why))) => {
                        there.push(record);
                        unmovable.insert(record, why);
                    }
                    Err(_) => {}
                }
                if batch.len() >= BATCH || (ended && !batch.is_empty()) {
                    staged(store.stage(engine.model_id(), &std::mem::take(&mut batch))?);
                }
                if ended {
                    return Ok::<(), StoreError>(());
                }
            }
        })?;
    }
}

/// A record's template from its photograph, or why there is none.
fn made_anew(engine: &Engine, kept: &Kept, row: &ToMove) -> Result<Zeroizing<Vec<f32>>, String> {
    let jpeg = kept.photograph(row).map_err(|error| error.to_string())?;
    let jpeg = jpeg.ok_or_else(|| say!("gallery-record-no-photograph").to_owned())?;
    template_of(engine, &jpeg).map(Zeroizing::new).map_err(|refusal| refusal.to_string())
}
