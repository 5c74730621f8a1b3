//! The index follows the store: what is damaged is filled again, what is new is added, in the outbox's order.

use std::sync::mpsc::sync_channel;

use vector_index::{Index, Position};

use super::error::OpenError;
use crate::store::{Change, Store};

/// Changes that are read from the outbox at a time.
pub(super) const PAGE: u32 = 4096;

/// Brings an index up to the store's outbox: first what is damaged, then what is new.
///
/// # Errors
/// [`OpenError`].
pub fn catch_up(store: &mut Store, index: &mut Index, model: &str) -> Result<(), OpenError> {
    for range in index.damaged().to_vec() {
        tracing::warn!(from = range.from, through = range.through, "a damaged index segment is filled again");
        let (mut at, mut rows) = (range.from, Vec::new());
        while at < range.through {
            let most = u32::try_from(range.through - at).unwrap_or(PAGE).min(PAGE);
            let (last, changes) = store.changes(at, model, most)?;
            if last.seq == at {
                break;
            }
            rows.extend(changes.into_iter().filter_map(|change| match change {
                Change::Add(entry, values) => Some((entry, values)),
                Change::Remove(_) => None,
            }));
            at = last.seq;
        }
        index.refill(range, rows.into_iter())?;
    }
    // One thread reads the next page while this one adds.
    let (mut reader, mut at) = (store.reader()?, index.applied());
    let (sender, pages) = sync_channel(2);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            loop {
                let page = reader.changes(at, model, PAGE);
                let ended = page.as_ref().map_or(true, |(_, changes)| changes.is_empty());
                at = page.as_ref().map_or(at, |(last, _)| last.seq);
                // Whoever adds stopped: its error says why.
                if sender.send(page).is_err() || ended {
                    return;
                }
            }
        });
        for page in pages {
            let (last, changes) = page?;
            apply(index, changes, last)?;
        }
        Ok(())
    })
}

pub(super) fn apply(index: &mut Index, changes: Vec<Change>, last: Position) -> Result<(), vector_index::IndexError> {
    for change in changes {
        match change {
            Change::Add(entry, values) => index.add(entry, &values)?,
            Change::Remove(record) => drop(index.remove(record)),
        }
    }
    index.applied_through(last)
}

/// Opens the index in `folder` and brings it up to the store.
pub(crate) fn current_index(
    store: &mut Store,
    folder: &std::path::Path,
    model: &str,
    dim: usize,
) -> Result<Index, OpenError> {
    let mut index = Index::open(folder, model, dim, store.index_keys()?)?;
    if !store.knows(index.position())? {
        // The store was restored from a backup: the index holds what the store does not, perhaps under numbers that
        // the store gave to others since.
        tracing::warn!(at = index.applied(), "the index is of another history than the store and begins anew");
        index.begin_anew(model, dim)?;
    }
    catch_up(store, &mut index, model)?;
    index.flush()?;
    Ok(index)
}
