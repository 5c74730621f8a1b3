//! One pass over all rows for one or more probes, and what full precision makes of it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use crate::Filter;
use crate::rows::{Columns, Planes};
use crate::simd::{Kernel, LANES, STEP, Sums};
use catalogue::say;

/// Groups that a thread takes at a time: 256 × 16 rows × 512 bytes are 2 MB.
const SLICE: usize = 256;
/// Rows that are fetched for full precision beyond those that are wanted, and at a time after them: what the first have
/// settled spares most of the others.
const FETCH: usize = 16;
/// Slices from which on a second thread is worth its start.
const WORTH_THREADS: usize = 8;

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Probe<'a> {
    /// L2-normalised template, as long as the index's dimension.
    pub values: &'a [f32],
    /// Which rows are compared.
    pub filter: &'a Filter,
    /// How many subjects are wanted, 1 or more.
    pub limit: usize,
}

/// A row that full precision put on the list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The record.
    pub record: i64,
    /// The person.
    pub subject: i64,
    /// Similarity score: cosine, -1 to 1.
    pub score: f64,
}

/// A row that can be among the best, with the most that its score can be.
#[derive(Debug, Clone, Copy)]
struct Possible {
    record: i64,
    subject: i64,
    most: f32,
}

/// What a pass found for one probe: every row that can be among the best.
#[derive(Debug)]
pub struct Shortlist {
    rows: Vec<Possible>,
    limit: usize,
    /// Rows compared.
    pub scanned: u64,
    /// Rows that the filter left out.
    pub filtered_out: u64,
}

/// What full precision made of a shortlist.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// Best score first, one row a subject; equal scores by record.
    pub hits: Vec<Hit>,
    /// Rows that were compared in full precision.
    pub rescored: usize,
}

/// A shortlist could not be settled.
#[derive(Debug, thiserror::Error)]
pub enum SettleError<E> {
    /// A record is gone since the pass: others may have been ruled out because of it. Search again.
    #[error("{}", say!("index-record-gone-since-pass", what = _0))]
    Gone(i64),
    /// The store.
    #[error(transparent)]
    Store(E),
}

/// The score of two templates: their dot product, summed in double precision in a fixed order.
pub fn score(a: &[f32], b: &[f32]) -> f64 {
    let mut lanes = [0.0f64; 8];
    let (a8, a_rest) = a.as_chunks::<8>();
    let (b8, b_rest) = b.as_chunks::<8>();
    for (a, b) in a8.iter().zip(b8) {
        for lane in 0..8 {
            lanes[lane] += f64::from(a[lane]) * f64::from(b[lane]);
        }
    }
    lanes.iter().sum::<f64>() + a_rest.iter().zip(b_rest).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>()
}

/// Order of a list: best score first, then lowest record.
fn better(a: &Hit, b: &Hit) -> std::cmp::Ordering {
    b.score.total_cmp(&a.score).then(a.record.cmp(&b.record))
}

impl Shortlist {
    /// Rows that can be among the best.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Compares in full precision, most promising rows first, until no other can change the answer. `originals` gets
    /// records and calls back with each one's values, in any order.
    ///
    /// # Errors
    /// [`SettleError::Gone`] when `originals` leaves one out; [`SettleError::Store`] with its own error.
    pub fn settle<E>(
        mut self,
        probe: &[f32],
        mut originals: impl FnMut(&[i64], &mut dyn FnMut(i64, &[f32])) -> Result<(), E>,
    ) -> Result<Settled, SettleError<E>> {
        self.rows.sort_unstable_by(|a, b| b.most.total_cmp(&a.most).then(a.record.cmp(&b.record)));
        let mut best: HashMap<i64, Hit> = HashMap::new();
        let (mut rescored, mut next) = (0, 0);
        while next < self.rows.len() {
            let threshold = kth(&best, self.limit);
            let can = |row: &Possible| {
                f64::from(row.most) >= threshold
                    && best.get(&row.subject).is_none_or(|own| f64::from(row.most) >= own.score)
            };
            if f64::from(self.rows[next].most) < threshold {
                break;
            }
            let end = self.rows.len().min(next + FETCH + if next == 0 { self.limit } else { 0 });
            let mut asked: HashMap<i64, i64> =
                self.rows[next..end].iter().filter(|row| can(row)).map(|row| (row.record, row.subject)).collect();
            next = end;
            let mut records: Vec<i64> = asked.keys().copied().collect();
            records.sort_unstable();
            rescored += records.len();
            originals(&records, &mut |record, values| {
                let Some(subject) = asked.remove(&record) else { return };
                let hit = Hit { record, subject, score: score(probe, values) };
                let own = best.entry(subject).or_insert(hit);
                if better(&hit, own).is_lt() {
                    *own = hit;
                }
            })
            .map_err(SettleError::Store)?;
            if let Some(gone) = asked.into_keys().min() {
                return Err(SettleError::Gone(gone));
            }
        }
        let mut hits: Vec<Hit> = best.into_values().collect();
        hits.sort_unstable_by(better);
        hits.truncate(self.limit);
        Ok(Settled { hits, rescored })
    }
}

/// The score that the last of the list has so far.
fn kth(best: &HashMap<i64, Hit>, limit: usize) -> f64 {
    if best.len() < limit {
        return f64::NEG_INFINITY;
    }
    let mut scores: Vec<f64> = best.values().map(|hit| hit.score).collect();
    let at = limit - 1;
    *scores.select_nth_unstable_by(at, |a, b| b.total_cmp(a)).1
}

/// Rows of one part of the index.
pub(crate) struct Part<'a> {
    pub columns: Columns<'a>,
    /// One bit a row of each group: whether it counts.
    pub live: &'a [u16],
}

/// A threshold that threads raise together, as bits in the order of the numbers.
struct Threshold(AtomicU32);

impl Threshold {
    fn raise(&self, to: f32) {
        let bits = to.to_bits();
        let ordered = if bits >> 31 == 1 { !bits } else { bits | 0x8000_0000 };
        self.0.fetch_max(ordered, Ordering::Relaxed);
    }

    fn get(&self) -> f32 {
        let ordered = self.0.load(Ordering::Relaxed);
        f32::from_bits(if ordered >> 31 == 1 { ordered & 0x7FFF_FFFF } else { !ordered })
    }
}

/// What one thread knows of one probe.
struct Finder<'a> {
    probe: &'a Probe<'a>,
    planes: &'a Planes,
    threshold: &'a Threshold,
    /// The best subjects so far, each with a score that it certainly reaches.
    certain: Vec<(i64, f32)>,
    possible: Vec<Possible>,
    scanned: u64,
    filtered_out: u64,
}

impl Finder<'_> {
    /// Notes that `subject` certainly reaches `score`.
    fn reaches(&mut self, subject: i64, score: f32) {
        if let Some(own) = self.certain.iter_mut().find(|(known, _)| *known == subject) {
            own.1 = own.1.max(score);
        } else if self.certain.len() < self.probe.limit {
            self.certain.push((subject, score));
        } else if let Some(last) = self.certain.iter_mut().min_by(|a, b| a.1.total_cmp(&b.1))
            && last.1 < score
        {
            *last = (subject, score);
        }
        if self.certain.len() == self.probe.limit {
            let last = self.certain.iter().map(|(_, score)| *score).fold(f32::INFINITY, f32::min);
            self.threshold.raise(last);
        }
    }

    /// Judges a group by the sums of the coarse plane, and by the fine one what that leaves.
    fn judge(&mut self, kernel: Kernel, part: &Part<'_>, group: usize, codes: &[u8], sums: &Sums) {
        let mut live = part.live[group];
        if !self.probe.filter.is_open() {
            let passing = part.columns.passing(group, self.probe.filter);
            self.filtered_out += u64::from((live & !passing).count_ones());
            live &= passing;
        }
        self.scanned += u64::from(live.count_ones());
        let first = group * LANES;
        let column = |values: &[f32]| -> [f32; LANES] { std::array::from_fn(|lane| values[first + lane]) };
        let [scale, residual, norm] = [part.columns.scale, part.columns.residual, part.columns.norm].map(column);
        let coarse = &self.planes.coarse;
        let threshold = self.threshold.get();
        let (mut found, mut can) = ([0.0f32; LANES], 0u16);
        for lane in 0..LANES {
            found[lane] = (sums[lane] - coarse.bias) as f32 * (scale[lane] * coarse.scale);
            let most = found[lane] + coarse.slack(residual[lane], norm[lane]);
            can |= u16::from(most >= threshold) << lane;
        }
        can &= live;
        if can == 0 {
            return;
        }
        let fine = &self.planes.fine;
        let mut sums = [[0; LANES]];
        kernel.sums(codes, &[&fine.codes], &mut sums);
        for lane in (0..LANES).filter(|lane| can >> lane & 1 == 1) {
            let found = found[lane] + (sums[0][lane] - fine.bias) as f32 * (scale[lane] * fine.scale);
            let slack = fine.slack(residual[lane], norm[lane]);
            if found + slack >= self.threshold.get() {
                let row = part.columns.entry(first + lane);
                self.possible.push(Possible { record: row.record, subject: row.subject, most: found + slack });
                if found - slack > self.threshold.get() {
                    self.reaches(row.subject, found - slack);
                }
            }
        }
    }
}

/// Every row that can be among the best, for each probe: one pass for all of them.
pub(crate) fn scan(
    kernel: Kernel,
    parts: &[Part<'_>],
    strips: usize,
    probes: &[Probe<'_>],
    threads: usize,
) -> Vec<Shortlist> {
    let planes: Vec<Planes> = probes.iter().map(|probe| Planes::of(probe.values, kernel)).collect();
    let lowest = || {
        let threshold = Threshold(AtomicU32::new(0));
        threshold.raise(f32::NEG_INFINITY);
        threshold
    };
    let thresholds: Vec<Threshold> = probes.iter().map(|_| lowest()).collect();
    let slices: Vec<(usize, usize)> = parts
        .iter()
        .enumerate()
        .flat_map(|(part, p)| (0..p.live.len()).step_by(SLICE).map(move |group| (part, group)))
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut finders: Vec<Finder<'_>> = probes
            .iter()
            .zip(&planes)
            .zip(&thresholds)
            .map(|((probe, planes), threshold)| Finder {
                probe,
                planes,
                threshold,
                certain: Vec::with_capacity(probe.limit.min(256)),
                possible: Vec::new(),
                scanned: 0,
                filtered_out: 0,
            })
            .collect();
        let queries: Vec<&[_]> = planes.iter().map(|planes| planes.coarse.codes.as_slice()).collect();
        let mut sums = vec![[0; LANES]; probes.len()];
        while let Some((part, first)) = slices.get(next.fetch_add(1, Ordering::Relaxed)) {
            let part = &parts[*part];
            for group in *first..part.live.len().min(first + SLICE) {
                if part.live[group] == 0 {
                    continue;
                }
                let codes = &part.columns.codes[group * strips * STEP..(group + 1) * strips * STEP];
                kernel.sums(codes, &queries, &mut sums);
                for (finder, sums) in finders.iter_mut().zip(&sums) {
                    finder.judge(kernel, part, group, codes, sums);
                }
            }
        }
        finders.into_iter().map(|f| (f.possible, f.scanned, f.filtered_out)).collect::<Vec<_>>()
    };
    let threads = threads.clamp(1, slices.len().div_ceil(WORTH_THREADS).max(1));
    let found: Vec<_> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut found = vec![work()];
        for other in others {
            found.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        found
    });
    let mut lists: Vec<Shortlist> = probes
        .iter()
        .map(|probe| Shortlist { rows: Vec::new(), limit: probe.limit, scanned: 0, filtered_out: 0 })
        .collect();
    for (list, (possible, scanned, filtered_out)) in found.into_iter().flat_map(|f| (0..).zip(f)) {
        let threshold = thresholds[list].get();
        let list: &mut Shortlist = &mut lists[list];
        list.rows.extend(possible.into_iter().filter(|row| row.most >= threshold));
        list.scanned += scanned;
        list.filtered_out += filtered_out;
    }
    lists
}
