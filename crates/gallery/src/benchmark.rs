//! `gallery bench`: a real store and a real index with random templates. What it prints is measured in this run; with
//! `--save` it leaves the same vectors for peers.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use catalogue::say;
use clap::Args;
use serde_json::json;
use vector_index::{Filter, Hit, Index, Kernel, Probe, Settled, score};

use crate::server::catch_up;
use crate::store::{Enrolment, Reader, Store};

const MODEL: &str = "bench";
/// Answers that are compared with a plain comparison with every row.
const CHECKED: usize = 16;
const LIMIT: usize = 50;
/// Rows written in one transaction.
const BATCH: usize = 2000;

/// What is measured.
#[derive(Debug, Args)]
pub struct Bench {
    /// Templates, one a person.
    #[arg(long, default_value_t = 100_000)]
    people: usize,
    /// Values of a template.
    #[arg(long, default_value_t = 128)]
    dim: usize,
    /// Single searches that are timed.
    #[arg(long, default_value_t = 200)]
    searches: usize,
    /// Threads of a scan; as many as the machine has where none is named.
    #[arg(long, default_value_t = 0)]
    threads: usize,
    /// Leave vectors.f32, probes.f32 and ours.json in this folder.
    #[arg(long)]
    save: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Numbers that look normally distributed, the same in every run (SplitMix64; the sum of four uniform numbers).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn normal(&mut self) -> f32 {
        let bits = self.next();
        let part = |at: u32| ((bits >> (16 * at)) & 0xFFFF) as f32;
        ((0..4).map(part).sum::<f32>() / 65_535.0 - 2.0) * 1.732
    }
}

fn unit(values: &mut [f32]) {
    let length = values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
    values.iter_mut().for_each(|v| *v = (f64::from(*v) / length) as f32);
}

/// Random template of a person: a direction that a two-hundredth of all share, and their own. The same in every run.
pub fn template(person: u64, dim: usize) -> Vec<f32> {
    let (mut own, mut shared) = (Random(person << 8 | 1), Random((person % 200) << 8 | 2));
    let mut values: Vec<f32> = (0..dim).map(|_| own.normal() + 0.7 * shared.normal()).collect();
    unit(&mut values);
    values
}

/// Another view of a person, whose score with the first is about 0.75.
pub fn view(person: u64, dim: usize) -> Vec<f32> {
    let (mut values, mut noise) = (template(person, dim), Random(person << 8 | 3));
    let size = 0.88 / (dim as f32).sqrt();
    values.iter_mut().for_each(|v| *v += noise.normal() * size);
    unit(&mut values);
    values
}

/// Bytes of this process in memory.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}

/// Gigabytes a second that plain reading of `bytes` reaches: what no scan of as many can beat.
fn read_speed(bytes: usize, threads: usize) -> f64 {
    let words = vec![1u64; bytes / 8];
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        std::thread::scope(|scope| {
            for part in words.chunks(words.len().div_ceil(threads)) {
                scope.spawn(move || {
                    let mut sums = [0u64; 32];
                    for chunk in part.as_chunks::<32>().0 {
                        for (sum, word) in sums.iter_mut().zip(chunk) {
                            *sum = sum.wrapping_add(*word);
                        }
                    }
                    std::hint::black_box(sums);
                });
            }
        });
        best = best.min(start.elapsed().as_secs_f64());
    }
    bytes as f64 / best / 1e9
}

fn percentile(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times[((times.len() - 1) as f64 * share).round() as usize]
}

fn settle(index: &Index, reader: &mut Reader, probes: &[&[f32]], threads: usize) -> anyhow::Result<Vec<Settled>> {
    let open = Filter::default();
    let asked: Vec<Probe<'_>> = probes.iter().map(|values| Probe { values, filter: &open, limit: LIMIT }).collect();
    let lists = index.scan(&asked, threads)?;
    lists
        .into_iter()
        .zip(probes)
        .map(|(list, probe)| Ok(list.settle(probe, |records, tell| reader.templates(MODEL, records, tell))?))
        .collect()
}

impl Bench {
    /// Measures.
    ///
    /// # Errors
    /// When the disk or the store fails.
    pub fn run(self) -> anyhow::Result<()> {
        let Self { people, dim, searches, .. } = self;
        anyhow::ensure!(
            people >= LIMIT && dim >= 8 && searches > 0,
            "{}",
            say!("gallery-least-people-8-values-one", limit = LIMIT)
        );
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = if self.threads == 0 { cores } else { self.threads };
        let folder = tempfile::tempdir().context(say!("gallery-no-folder-store"))?;
        let mut store = Store::sqlite(folder.path())?;
        let mut clear = Clear::new(&folder.path().join("clear.sqlite"))?;
        let mut vectors = self.save.as_ref().map(|save| {
            std::fs::create_dir_all(save)?;
            Ok::<_, std::io::Error>(BufWriter::with_capacity(1 << 20, File::create(save.join("vectors.f32"))?))
        });
        let mut stored = 0.0;
        for first in (0..people).step_by(BATCH) {
            let mut batch = Vec::with_capacity(BATCH);
            for person in first..people.min(first + BATCH) {
                let values = template(person as u64, dim);
                if let Some(Ok(file)) = &mut vectors {
                    for value in &values {
                        file.write_all(&value.to_le_bytes())?;
                    }
                }
                batch.push(Enrolment {
                    subject: format!("B-{person:09}"),
                    source_sha256: format!("{person:064x}"),
                    photo: Vec::new(),
                    captured_on: None,
                    agency: None,
                    model: MODEL.to_owned(),
                    values,
                });
            }
            let begun = Instant::now();
            store.enrol(&batch, None, ("tests", ""))?;
            stored += begun.elapsed().as_secs_f64();
            clear.add(first, &batch)?;
        }
        if let Some(mut file) = vectors.transpose()? {
            file.flush()?;
            // What waits for the disk would be counted as the index's.
            file.get_ref().sync_all()?;
        }

        let place = folder.path().join("index");
        let start = Instant::now();
        let mut index = Index::open(&place, MODEL, dim, store.index_keys()?)?;
        catch_up(&mut store, &mut index, MODEL)?;
        index.flush()?;
        let rebuilt = start.elapsed().as_secs_f64();
        drop(index);
        let before = resident();
        let start = Instant::now();
        let index = Index::open(&place, MODEL, dim, store.index_keys()?)?;
        let opened = start.elapsed().as_secs_f64();

        let opened_clear = read_clear(&place, &folder.path().join("clear.seg"))?;

        let mut random = Random(7);
        let probes: Vec<(u64, Vec<f32>)> = (0..searches.max(64))
            .map(|_| {
                let person = random.next() % people as u64;
                (person, view(person, dim))
            })
            .collect();
        let mut reader = store.reader()?;
        let open = Filter::default();
        let mut single = Vec::new();
        let (mut all_whole, mut all_pass, mut rescored) = (Vec::new(), Vec::new(), 0);
        settle(&index, &mut reader, &[&probes[0].1], threads)?;
        for (_, probe) in probes.iter().take(searches) {
            let start = Instant::now();
            let mut lists = index.scan(&[Probe { values: probe, filter: &open, limit: LIMIT }], threads)?;
            all_pass.push(start.elapsed().as_secs_f64());
            let list = lists.pop().context(say!("gallery-no-answer"))?;
            let settled = list.settle(probe, |records, tell| reader.templates(MODEL, records, tell))?;
            all_whole.push(start.elapsed().as_secs_f64());
            rescored += settled.rescored;
            single.push(settled);
        }
        let after = resident();
        // The same searches, settled with rows that are sealed and with rows that are not, in turn.
        let (mut sealed, mut unsealed) = (Vec::new(), Vec::new());
        for (_, probe) in probes.iter().take(searches) {
            let asked = Probe { values: probe, filter: &open, limit: LIMIT };
            let mut lists = index.scan(&[asked, asked], threads)?.into_iter();
            let (one, other) = (lists.next(), lists.next());
            let (one, other) = one.zip(other).context(say!("gallery-no-answer"))?;
            let start = Instant::now();
            let first = one.settle(probe, |records, tell| reader.templates(MODEL, records, tell))?;
            sealed.push(start.elapsed().as_secs_f64());
            let start = Instant::now();
            let second = other.settle(probe, |records, tell| clear.templates(records, tell))?;
            unsealed.push(start.elapsed().as_secs_f64());
            anyhow::ensure!(first == second, "{}", say!("gallery-answer-not-plain-comparison"));
        }
        let one_thread: Vec<f64> = probes
            .iter()
            .take(searches.min(50))
            .map(|(_, probe)| {
                let start = Instant::now();
                settle(&index, &mut reader, &[probe], 1)?;
                Ok(start.elapsed().as_secs_f64())
            })
            .collect::<anyhow::Result<_>>()?;
        let mut batches = Vec::new();
        for some in probes.chunks_exact(32).take(6) {
            let some: Vec<&[f32]> = some.iter().map(|(_, values)| values.as_slice()).collect();
            let start = Instant::now();
            settle(&index, &mut reader, &some, threads)?;
            batches.push(start.elapsed().as_secs_f64() / 32.0);
        }

        let checked = CHECKED.min(searches);
        let truth = plain(&mut store, &probes[..checked], people)?;
        let share = |at: usize| {
            let found = single.iter().zip(&truth).map(|(own, truth)| {
                truth.iter().take(at).filter(|hit| own.hits.iter().take(at).any(|h| h.record == hit.record)).count()
            });
            found.sum::<usize>() as f64 / (at * checked) as f64
        };
        let (first, fifty) = (share(1), share(LIMIT));
        let same_order = single.iter().zip(&truth).all(|(own, truth)| own.hits == *truth);
        let mated =
            single.iter().zip(&probes).filter(|(own, (person, _))| own.hits[0].record == *person as i64 + 1).count();

        let bytes = people * dim;
        let limit = read_speed(bytes, threads);
        let pass = percentile(&mut all_pass, 0.5);
        let reached = bytes as f64 / pass / 1e9;
        let per_template = |bytes: u64| bytes as f64 / people as f64;
        let grown = before.zip(after).map(|(before, after)| per_template(after.saturating_sub(before)));
        let p50 = percentile(&mut all_whole, 0.5);
        let p99 = percentile(&mut all_whole, 0.99);
        let mut one_thread = one_thread;
        let one = percentile(&mut one_thread, 0.5);
        let batch = percentile(&mut batches, 0.5);
        let (sealed, unsealed) = (percentile(&mut sealed, 0.5), percentile(&mut unsealed, 0.5));
        let costs = (pass + sealed) / (pass + unsealed);
        let figures = json!({
            "people": people, "dim": dim, "threads": threads, "kernel": Kernel::detect().name(),
            "p50_ms": p50 * 1e3, "p99_ms": p99 * 1e3, "pass_p50_ms": pass * 1e3, "one_thread_p50_ms": one * 1e3,
            "batch32_per_second": 1.0 / batch, "resident_bytes_per_template": grown,
            "pass_gb_per_second": reached, "read_gb_per_second": limit,
            "rescored_mean": rescored as f64 / searches as f64, "recall_1": first, "recall_50": fifty,
            "same_ids_and_order": same_order, "store_per_second": people as f64 / stored,
            "rebuild_per_second": people as f64 / rebuilt, "open_seconds": opened,
            "settle_sealed_ms": sealed * 1e3, "settle_clear_ms": unsealed * 1e3, "search_sealed_to_clear": costs,
            "read_clear_seconds": opened_clear, "open_sealed_to_clear": opened / opened_clear,
        });
        if let Some(save) = &self.save {
            let mut file = BufWriter::new(File::create(save.join("probes.f32"))?);
            for value in probes.iter().flat_map(|(_, values)| values) {
                file.write_all(&value.to_le_bytes())?;
            }
            file.flush()?;
            let mut ours = figures.clone();
            ours["answers"] = json!(
                single.iter().map(|s| s.hits.iter().map(|h| h.record - 1).collect::<Vec<_>>()).collect::<Vec<_>>()
            );
            std::fs::write(save.join("ours.json"), ours.to_string())?;
        }
        if self.json {
            println!("{figures}");
            return Ok(());
        }
        println!("{}", say!("gallery-templates-values-thread-s", people, dim, threads, name = Kernel::detect().name()));
        println!(
            "{}",
            say!(
                "gallery-one-search-p50-ms-p99",
                e3 = format!("{:.1}", p50 * 1e3),
                e32 = format!("{:.1}", p99 * 1e3),
                e33 = format!("{:.1}", pass * 1e3),
                e34 = format!("{:.1}", one * 1e3)
            )
        );
        println!(
            "{}",
            say!(
                "gallery-cost-of-sealing",
                sealed = format!("{:.2}", sealed * 1e3),
                clear = format!("{:.2}", unsealed * 1e3),
                costs = format!("{:.3}", costs),
                opened = format!("{:.2}", opened),
                read = format!("{:.2}", opened_clear)
            )
        );
        println!("{}", say!("gallery-batches-32-searches-second", batch = format!("{:.0}", 1.0 / batch)));
        println!(
            "{}",
            say!(
                "gallery-pass-gb-s-plain-reading",
                reached = format!("{:.1}", reached),
                limit = format!("{:.0}", 100.0 * reached / limit),
                limit2 = format!("{:.1}", limit)
            )
        );
        println!(
            "{}",
            say!("gallery-full-precision-rows-search", searches = format!("{:.0}", rescored as f64 / searches as f64))
        );
        println!(
            "{}",
            say!(
                "gallery-recall-1-recall-ids-order",
                first = format!("{:.4}", first),
                limit = LIMIT,
                fifty = format!("{:.4}", fifty),
                same_order,
                checked,
                mated,
                searches
            )
        );
        match grown {
            Some(grown) => {
                println!("{}", say!("gallery-memory-resident-bytes-template", grown = format!("{:.0}", grown)))
            }
            None => println!("{}", say!("gallery-memory-not-known-system")),
        }
        println!(
            "{}",
            say!("gallery-store-record-templates-second-written", stored = format!("{:.0}", people as f64 / stored))
        );
        println!(
            "{}",
            say!(
                "gallery-index-rebuilt-templates-second-opened",
                rebuilt = format!("{:.0}", people as f64 / rebuilt),
                opened = format!("{:.2}", opened)
            )
        );
        anyhow::ensure!(same_order, "{}", say!("gallery-answer-not-plain-comparison"));
        Ok(())
    }
}

/// The same templates as they were kept before they were sealed: what sealing costs is measured against them.
struct Clear(rusqlite::Connection);

impl Clear {
    fn new(path: &Path) -> anyhow::Result<Self> {
        let db = rusqlite::Connection::open(path)?;
        db.pragma_update(None, "page_size", 8192)?;
        db.pragma_update(None, "journal_mode", "wal")?;
        db.execute_batch("CREATE TABLE template (record_id INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT")?;
        Ok(Self(db))
    }

    /// Records are numbered from 1, in the order of enrolment.
    fn add(&mut self, first: usize, batch: &[Enrolment]) -> anyhow::Result<()> {
        let tx = self.0.transaction()?;
        for (record, enrolment) in (first as i64 + 1..).zip(batch) {
            let value: Vec<u8> = enrolment.values.iter().flat_map(|value| value.to_le_bytes()).collect();
            tx.prepare_cached("INSERT INTO template VALUES (?1, ?2)")?.execute(rusqlite::params![record, value])?;
        }
        Ok(tx.commit()?)
    }

    fn templates(&self, records: &[i64], tell: &mut dyn FnMut(i64, &[f32])) -> rusqlite::Result<()> {
        for some in records.chunks(256) {
            let list = some.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
            let sql = format!("SELECT record_id, value FROM template WHERE record_id IN ({list})");
            let mut statement = self.0.prepare_cached(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let value = row.get_ref(1)?.as_blob()?.to_vec();
                let values: Vec<f32> = value.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
                tell(row.get(0)?, &values);
            }
        }
        Ok(())
    }
}

/// Seconds that plain reading of as many bytes as the index's files have takes, from a file that was just written too.
fn read_clear(index: &Path, beside: &Path) -> anyhow::Result<f64> {
    let mut bytes = 0;
    for file in std::fs::read_dir(index)? {
        bytes += file?.metadata()?.len();
    }
    let mut file = File::create(beside)?;
    std::io::copy(&mut std::io::repeat(1).take(bytes), &mut file)?;
    file.sync_all()?;
    let start = Instant::now();
    let read = std::fs::read(beside)?;
    let seconds = start.elapsed().as_secs_f64();
    std::hint::black_box(&read);
    std::fs::remove_file(beside)?;
    Ok(seconds)
}

/// The answers of a comparison with every row in full precision.
fn plain(store: &mut Store, probes: &[(u64, Vec<f32>)], people: usize) -> anyhow::Result<Vec<Vec<Hit>>> {
    let mut best: Vec<Vec<Hit>> = vec![Vec::new(); probes.len()];
    let mut reader = store.reader()?;
    for first in (0..people).step_by(BATCH) {
        let records: Vec<i64> = (first..people.min(first + BATCH)).map(|at| at as i64 + 1).collect();
        reader.templates(MODEL, &records, &mut |record, values| {
            for (list, (_, probe)) in best.iter_mut().zip(probes) {
                let hit = Hit { record, subject: record, score: score(probe, values) };
                if list.len() < LIMIT || list.last().is_some_and(|last| hit.score > last.score) {
                    let at = list.partition_point(|h| h.score >= hit.score);
                    list.insert(at, hit);
                    list.truncate(LIMIT);
                }
            }
        })?;
    }
    Ok(best)
}
