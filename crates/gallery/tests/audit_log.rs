//! The log of the audit costs a search nothing: rows are written as fast beside it as without it, and are proven in time.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gallery::audited;
use gallery::server::{Gallery, Logging, Options};
use gallery::store::Store;
use ledger::{Chain, Included, Leaf, inclusion};
use rusqlite::params;
use serde_json::json;

/// Rows that are there before (`CORROBORATE_LEDGER_ROWS`; a million where the claim is measured).
fn wanted() -> i64 {
    std::env::var("CORROBORATE_LEDGER_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(20_000)
}

fn filled(data: &Path, rows: i64) {
    drop(Store::sqlite(data).unwrap());
    let mut db = rusqlite::Connection::open(data.join("gallery.sqlite")).unwrap();
    let tx = db.transaction().unwrap();
    let mut chain = Chain::default();
    let mut insert = tx.prepare(
        "INSERT INTO audit (seq, at, actor, agency, action, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    );
    for n in 0..rows {
        let detail = json!({ "case_number": format!("26-{n:06}"), "purpose": "felony" }).to_string();
        let fields = ["2026-03-02T12:00:00.000000Z", "reyes", "CA0190000", "search", &detail];
        let (seq, hash) = chain.next(&fields);
        let [at, actor, agency, action, detail] = fields;
        insert.as_mut().unwrap().execute(params![seq, at, actor, agency, action, detail, hash]).unwrap();
        chain = Chain::at(seq, hash);
    }
    drop(insert);
    tx.commit().unwrap();
}

fn served(data: &Path, logging: Option<Logging>) -> Arc<Gallery> {
    let options = Options { logging, ..Options::default() };
    Gallery::open(Store::sqlite(data).unwrap(), &data.join("index"), ("none", 128), options).unwrap()
}

/// Times of rows that are written one after the other, sorted.
fn times(data: &Path, rows: usize) -> Vec<Duration> {
    let mut store = Store::sqlite(data).unwrap();
    let one = |n: usize| {
        let begun = Instant::now();
        store.audit("reyes", "CA0190000", "search", &json!({ "n": n })).unwrap();
        begun.elapsed()
    };
    let mut times: Vec<Duration> = (0..rows).map(one).collect();
    times.sort();
    times
}

#[test]
fn rows_are_written_as_fast_beside_the_log_and_proven_in_time() {
    let data = tempfile::tempdir().unwrap();
    let (data, rows, some) = (data.path(), wanted(), 1_500);
    filled(data, rows);
    let without = served(data, None);
    let alone = times(data, some);
    drop(without);
    let begun = Instant::now();
    let logging = Logging { folder: data.join("ledger"), witnesses: Vec::new() };
    let with = served(data, Some(logging));
    let first = begun.elapsed();
    let beside = times(data, some);
    drop(with);

    let begun = Instant::now();
    let mut store = Store::sqlite(data).unwrap();
    let (log, _) = audited::open(&mut store, data.join("ledger")).unwrap();
    let again = begun.elapsed();
    let (signed, proofs) = (log.checkpoint().clone(), 200);
    assert!(signed.size() as usize >= rows as usize + 2 * some);
    let writer = log.key().bytes();
    let begun = Instant::now();
    for n in 0..proofs {
        let number = (signed.size() - 1) * n / proofs;
        let row = store.audit_rows(number as i64, 1).unwrap().remove(0);
        let leaf = Leaf::new(writer, number + 1, hex::decode(row.hash).unwrap().try_into().unwrap()).unwrap();
        Included::prove(leaf, inclusion(signed.size(), number, &log).unwrap(), signed.clone()).unwrap();
    }
    let proof = begun.elapsed() / proofs as u32;
    let begun = Instant::now();
    audited::verify(&mut store, &data.join("ledger"), &[], &[]).unwrap();
    let verified = begun.elapsed();
    let at = |times: &[Duration], of: usize| times[times.len() * of / 1000];
    println!(
        "{rows} rows: a row without the log {:?} (half), {:?} (99 %), beside it {:?}, {:?}; first start {first:?}, next {again:?}; \
         {proof:?} a proof; verified in {verified:?}",
        at(&alone, 500),
        at(&alone, 990),
        at(&beside, 500),
        at(&beside, 990)
    );
    assert!(at(&beside, 500) < at(&alone, 500) * 2 + Duration::from_millis(2), "a row waits for the log");
    assert!(proof < Duration::from_millis(5), "{proof:?}");
}
