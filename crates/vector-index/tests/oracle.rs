//! The index against a plain comparison with every row.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use vector_index::{Entry, Filter, Hit, Index, Kernel, Position, Probe, score};

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
        let folder = tempfile::tempdir().unwrap();
        let mut index = Index::open(folder.path(), "m", DIM).unwrap();
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
                    index = Index::open(folder.path(), "m", DIM).unwrap();
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
                        index = Index::open(folder.path(), "m", DIM).unwrap();
                        prop_assert_eq!(index.damaged().len(), before + 1, "byte {} of {:?}", at, path);
                    } else {
                        index = Index::open(folder.path(), "m", DIM).unwrap();
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
    let folder = tempfile::tempdir().unwrap();
    let _first = Index::open(folder.path(), "m", DIM).unwrap();
    assert!(matches!(Index::open(folder.path(), "m", DIM), Err(vector_index::IndexError::InUse(_))));
}

#[test]
fn a_removed_row_is_in_no_file_after_a_flush() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = Index::open(folder.path(), "m", DIM).unwrap();
    for record in 1..=100 {
        let entry = Entry { record: 0x5EC2_E700_0000 + record, subject: record, day: 0, agency: 0 };
        index.add(entry, &near(record as u8, &[0.0; DIM])).unwrap();
    }
    index.applied_through(place(100)).unwrap();
    index.flush().unwrap();
    let holds = |record: i64| {
        std::fs::read_dir(folder.path()).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(8).any(|w| w == (0x5EC2_E700_0000 + record).to_le_bytes())
        })
    };
    assert!(holds(42) && holds(43));
    assert!(index.remove(0x5EC2_E700_0000 + 42));
    index.applied_through(place(101)).unwrap();
    index.flush().unwrap();
    assert!(!holds(42) && holds(43));
}
