//! The index against a plain comparison with every row.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use vector_index::{Entry, Filter, Hit, InMemory, Index, Kernel, Keys, Position, Probe, score};

const DIM: usize = 19;

fn place(seq: i64) -> Position {
    Position { seq, mark: format!("row {seq}") }
}

/// What the store of record would hold.
#[derive(Debug, Default)]
struct Truth {
    rows: BTreeMap<i64, (Entry, Vec<f32>)>,
    /// Outbox: position is index + 1.
    outbox: Vec<(bool, i64)>,
}

impl Truth {
    fn best(&self, probe: &[f32], filter: &Filter, limit: usize) -> (Vec<Hit>, u64) {
        let passing = self.rows.values().filter(|(e, _)| filter.passes(e.day, e.agency));
        let mut all: Vec<Hit> =
            passing.map(|(e, v)| Hit { record: e.record, subject: e.subject, score: score(probe, v) }).collect();
        let scanned = all.len() as u64;
        all.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.record.cmp(&b.record)));
        let mut seen = std::collections::HashSet::new();
        all.retain(|hit| seen.insert(hit.subject));
        all.truncate(limit);
        (all, scanned)
    }

    fn replay(&self, index: &mut Index) {
        for range in index.damaged().to_vec() {
            let from = usize::try_from(range.from).unwrap();
            let ops = &self.outbox[from..usize::try_from(range.through).unwrap()];
            let rows = ops.iter().filter(|op| op.0).filter_map(|op| self.rows.get(&op.1)).cloned();
            index.refill(range, rows).unwrap();
        }
        let applied = usize::try_from(index.applied()).unwrap();
        for (add, record) in &self.outbox[applied..] {
            match self.rows.get(record) {
                Some((entry, values)) if *add => index.add(*entry, values).unwrap(),
                Some(_) => {}
                None => drop(index.remove(*record)),
            }
        }
        index.applied_through(place(self.outbox.len() as i64)).unwrap();
    }

    fn check(&self, index: &Index, probes: &[(Vec<f32>, Filter, usize)]) {
        let asked: Vec<Probe> =
            probes.iter().map(|(values, filter, limit)| Probe { values, filter, limit: *limit }).collect();
        for threads in [1, 2] {
            for (list, (probe, filter, limit)) in index.scan(&asked, threads).unwrap().into_iter().zip(probes) {
                let (expected, scanned) = self.best(probe, filter, *limit);
                assert_eq!((list.scanned, list.filtered_out), (scanned, self.rows.len() as u64 - scanned));
                let settled = list.settle(probe, |records, tell| {
                    for record in records {
                        tell(*record, &self.rows[record].1);
                    }
                    Ok::<(), std::convert::Infallible>(())
                });
                assert_eq!(settled.unwrap().hits, expected);
            }
        }
    }
}

fn unit(mut values: Vec<f32>) -> Vec<f32> {
    let length = values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt().max(1e-9);
    values.iter_mut().for_each(|v| *v = (f64::from(*v) / length) as f32);
    values
}

#[derive(Debug, Clone)]
enum Step {
    Add { cluster: u8, subject: u8, noise: Vec<f32>, day: i32, agency: i32 },
    Remove(u16),
    TakeBack(u16),
    Flush,
    Reopen,
    Damage(u16, u32),
    Search { cluster: u8, noise: Vec<f32>, from: i32, agency: Option<i32>, limit: usize },
}

fn noise() -> impl Strategy<Value = Vec<f32>> {
    prop::collection::vec(prop_oneof![3 => Just(0.0f32), 2 => -0.02f32..0.02, 1 => -0.5f32..0.5], DIM)
}

fn step() -> impl Strategy<Value = Step> {
    let day = || prop_oneof![Just(0), Just(20190101), Just(20220630), Just(20240101)];
    prop_oneof![
        30 => (0u8..6, 0u8..40, noise(), day(), 0i32..4)
            .prop_map(|(cluster, subject, noise, day, agency)| Step::Add { cluster, subject, noise, day, agency }),
        6 => any::<u16>().prop_map(Step::Remove),
        2 => any::<u16>().prop_map(Step::TakeBack),
        2 => Just(Step::Flush),
        2 => Just(Step::Reopen),
        1 => (any::<u16>(), any::<u32>()).prop_map(|(file, byte)| Step::Damage(file, byte)),
        6 => (0u8..6, noise(), day(), prop::option::of(0i32..4), 1usize..30)
            .prop_map(|(cluster, noise, from, agency, limit)| Step::Search { cluster, noise, from, agency, limit }),
    ]
}

/// A direction that all templates of a cluster share.
fn near(cluster: u8, noise: &[f32]) -> Vec<f32> {
    unit(noise.iter().enumerate().map(|(at, n)| n + (f32::from(cluster) * 1.7 + at as f32 * 0.9).sin()).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
    #[test]
    fn ids_and_order_equal_the_plain_comparison(steps in prop::collection::vec(step(), 1..150)) {
        let (folder, keys) = (tempfile::tempdir().unwrap(), Arc::new(InMemory::default()));
        let mut index = Index::open(folder.path(), "m", DIM, keys.clone()).unwrap();
        let kernels = Kernel::all();
        let (mut truth, mut gone, mut next) = (Truth::default(), Vec::new(), 1);
        for (at, step) in steps.into_iter().enumerate() {
            index.set_kernel(kernels[at % kernels.len()]);
            match step {
                Step::Add { cluster, subject, noise, day, agency } => {
                    let entry = Entry { record: next, subject: i64::from(subject), day, agency };
                    truth.rows.insert(next, (entry, near(cluster, &noise)));
                    truth.outbox.push((true, next));
                    next += 1;
                }
                Step::Remove(which) => {
                    if let Some(record) = truth.rows.keys().nth(usize::from(which) % truth.rows.len().max(1)).copied() {
                        gone.push((record, truth.rows.remove(&record).unwrap()));
                        truth.outbox.push((false, record));
                    }
                }
                Step::TakeBack(which) => {
                    if !gone.is_empty() {
                        let (record, row) = gone.swap_remove(usize::from(which) % gone.len());
                        truth.rows.insert(record, row);
                        truth.outbox.push((true, record));
                    }
                }
                Step::Flush => index.flush().unwrap(),
                Step::Reopen => {
                    drop(index);
                    index = Index::open(folder.path(), "m", DIM, keys.clone()).unwrap();
                }
                Step::Damage(file, byte) => {
                    let before = index.damaged().len();
                    drop(index);
                    let mut files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().path()).collect();
                    files.retain(|path| path.extension().is_some_and(|e| e == "seg"));
                    files.sort();
                    if let Some(path) = files.get(usize::from(file) % files.len().max(1)) {
                        let mut bytes = std::fs::read(path).unwrap();
                        let at = byte as usize % bytes.len();
                        if byte % 3 == 0 { bytes.truncate(at) } else { bytes[at] ^= 1 << (byte % 8) }
                        std::fs::write(path, bytes).unwrap();
                        index = Index::open(folder.path(), "m", DIM, keys.clone()).unwrap();
                        prop_assert_eq!(index.damaged().len(), before + 1, "byte {} of {:?}", at, path);
                    } else {
                        index = Index::open(folder.path(), "m", DIM, keys.clone()).unwrap();
                    }
                }
                Step::Search { cluster, noise, from, agency, limit } => {
                    let filter = Filter { from, until: 0, agencies: agency.map(|a| vec![a]) };
                    let probe = near(cluster, &noise);
                    truth.replay(&mut index);
                    prop_assert!(index.damaged().is_empty());
                    truth.check(&index, &[(probe.clone(), filter, limit), (probe, Filter::default(), 3)]);
                }
            }
        }
        truth.replay(&mut index);
        let probes: Vec<_> = (0..11).map(|n| (near(n % 6, &[0.0; DIM]), Filter::default(), 1 + usize::from(n) * 3)).collect();
        truth.check(&index, &probes);
        index.flush().unwrap();
        truth.check(&index, &probes);
        prop_assert_eq!(index.len(), truth.rows.len());
    }
}

#[test]
fn two_processes_do_not_share_a_folder() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), Arc::new(InMemory::default()));
    let _first = Index::open(folder.path(), "m", DIM, keys.clone()).unwrap();
    assert!(matches!(Index::open(folder.path(), "m", DIM, keys), Err(vector_index::IndexError::InUse(_))));
}

/// Every byte of every file of `folder`.
fn bytes(folder: &Path) -> Vec<Vec<u8>> {
    std::fs::read_dir(folder).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

const RECORD: i64 = 0x5EC2_E700_0000;

fn filled(folder: &Path, keys: &Arc<InMemory>) -> Index {
    let mut index = Index::open(folder, "m", DIM, keys.clone()).unwrap();
    for record in 1..=100 {
        let entry = Entry { record: RECORD + record, subject: record, day: 0, agency: 0 };
        index.add(entry, &near(record as u8, &[0.0; DIM])).unwrap();
    }
    index.applied_through(place(100)).unwrap();
    index.flush().unwrap();
    index
}

#[test]
fn no_row_lies_on_the_disk_in_the_clear() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), Arc::new(InMemory::default()));
    let index = filled(folder.path(), &keys);
    let files = bytes(folder.path());
    assert!(files.iter().any(|file| file.len() > 100 * DIM));
    for record in 1..=100 {
        let needles = [(RECORD + record).to_le_bytes().to_vec(), record.to_le_bytes().repeat(2)];
        assert!(!files.iter().any(|file| needles.iter().any(|n| file.windows(n.len()).any(|w| w == *n))), "{record}");
    }
    drop(index);
    // Without its key a file is as good as gone.
    let other = Index::open(folder.path(), "m", DIM, InMemory::default()).unwrap();
    assert_eq!((other.len(), other.damaged().len()), (0, 1));
}

#[test]
fn a_removed_row_is_in_no_file_after_a_flush_and_the_key_of_the_old_one_is_destroyed() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), Arc::new(InMemory::default()));
    let mut index = filled(folder.path(), &keys);
    let segment = || {
        let mut files = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
        files.find(|path| path.extension().is_some_and(|e| e == "seg")).unwrap()
    };
    let (old, id) = (segment(), index.id().to_owned());
    let copy = std::fs::read(&old).unwrap();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    assert!(keys.get(&id, &name(&old)).unwrap().is_some());
    assert!(index.remove(RECORD + 42));
    index.applied_through(place(101)).unwrap();
    index.flush().unwrap();
    assert!(!old.exists() && keys.get(&id, &name(&old)).unwrap().is_none());
    // Whoever put the old file back has nothing to open it with; what is there now does not have the row.
    let new = segment();
    drop(index);
    let index = Index::open(folder.path(), "m", DIM, keys.clone()).unwrap();
    let probe = Probe { values: &near(42, &[0.0; DIM]), filter: &Filter::default(), limit: 200 };
    let list = index.scan(&[probe], 1).unwrap().remove(0);
    let mut found = Vec::new();
    let settled = list.settle(probe.values, |records, tell| {
        found.extend_from_slice(records);
        records.iter().for_each(|record| tell(*record, &near((record - RECORD) as u8, &[0.0; DIM])));
        Ok::<(), std::convert::Infallible>(())
    });
    assert_eq!(settled.unwrap().hits.len(), 99);
    assert!(!found.contains(&(RECORD + 42)) && found.contains(&(RECORD + 43)));
    drop(index);
    std::fs::write(&new, copy).unwrap();
    let index = Index::open(folder.path(), "m", DIM, keys).unwrap();
    assert_eq!((index.len(), index.damaged().len()), (0, 1), "an earlier file under a later name");
}
