use department::Moment;
use ledger::{Hash, Included, Refusal, inclusion};
use sha2::{Digest, Sha256};
use std::time::{Duration, Instant};

use super::*;
use crate::store::SignedHead;
use crate::store::Store;
use ledger::Leaf;

/// Rows that are appended, and then asked for: `CORROBORATE_LEDGER_ROWS` (a million where the claim is measured).
fn wanted() -> u64 {
    std::env::var("CORROBORATE_LEDGER_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(20_000)
}

/// Appends rows as workstations bring them, and proves some of them: at most a millisecond a row and five a proof, as
/// milliseconds of this machine go.
#[test]
fn rows_are_appended_and_proven_in_time() {
    let data = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(data.path()).expect("opened");
    let root = "ab".repeat(32);
    let mut log = open(data.path(), &root, &store).expect("opened");
    let (writer, rows, batch) = ([7; 32], wanted(), 500);
    let hash = |n: u64| -> Hash { Sha256::digest(n.to_be_bytes()).into() };
    let mut slowest = Duration::ZERO;
    let begun = Instant::now();
    for first in (1..=rows).step_by(batch) {
        let one = Instant::now();
        let hashes: Vec<Hash> = (first..first + batch as u64).map(hash).collect();
        let position = first + batch as u64 - 1;
        let head = SignedHead { position, at: Moment(jiff::Timestamp::now()).to_string(), signature: String::new() };
        store.take_leaves(&writer, first, &hashes, &head).expect("taken");
        log.catch_up(&store).expect("grown");
        slowest = slowest.max(one.elapsed());
    }
    let append = begun.elapsed() / rows as u32;
    // One by itself waits for the disk twice.
    let (begun, alone) = (Instant::now(), 20);
    for _ in 0..alone {
        let head = SignedHead { position: 0, at: String::new(), signature: String::new() };
        let from = store.held(&writer, None).expect("read").map_or(1, |held| held.position + 1);
        store.take_leaves(&writer, from, &[hash(from)], &SignedHead { position: from, ..head }).expect("taken");
        log.catch_up(&store).expect("grown");
    }
    let single = begun.elapsed() / alone as u32;
    let size = log.checkpoint().size();
    let signed = log.checkpoint().clone();
    let begun = Instant::now();
    let proofs = 200;
    for n in 0..proofs {
        let number = (size - 1) * n / proofs;
        let leaf = Leaf::new(writer, number + 1, hash(number + 1)).expect("a leaf");
        let proof = inclusion(size, number, &log).expect("proven");
        Included::prove(leaf, proof, signed.clone()).expect("included");
    }
    let proof = begun.elapsed() / proofs as u32;
    let begun = Instant::now();
    drop(log);
    let again = open(data.path(), &root, &store).expect("opened again");
    let open = begun.elapsed();
    assert_eq!(again.checkpoint().text(), signed.text());
    println!(
        "{size} rows: {append:?} a row in batches of {batch} (slowest batch {slowest:?}), {single:?} one by itself, \
         {proof:?} a proof, {open:?} to open"
    );
    assert!(append < Duration::from_millis(1) && proof < Duration::from_millis(5), "{append:?}, {proof:?}");
}

#[test]
fn a_store_that_was_changed_is_not_served() {
    let data = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(data.path()).expect("opened");
    let root = "ab".repeat(32);
    let head = SignedHead { position: 3, at: String::new(), signature: String::new() };
    store.take_leaves(&[7; 32], 1, &[[1; 32], [2; 32], [3; 32]], &head).expect("taken");
    drop(open(data.path(), &root, &store).expect("opened"));
    let db = rusqlite::Connection::open(data.path().join("relay.sqlite")).expect("opened");
    let changed = db.execute("UPDATE leaf SET hash = ?1 WHERE position = 2", [[9; 32]]);
    assert!(changed.is_err(), "the database itself says no");
    for insert in [
        "INSERT INTO leaf (number, writer, position, hash) VALUES (9, zeroblob(32), 1, zeroblob(32))",
        "INSERT INTO leaf (number, writer, position, hash) VALUES (3, zeroblob(32), 2, zeroblob(32))",
    ] {
        assert!(db.execute(insert, []).is_err(), "{insert}");
    }
    db.execute_batch("DROP TRIGGER leaf_stays; DROP TRIGGER leaf_kept;").expect("by hand");
    db.execute("UPDATE leaf SET hash = ?1 WHERE position = 2", [[9; 32]]).expect("by hand");
    let refused = open(data.path(), &root, &store).expect_err("changed");
    assert!(matches!(refused, LogError::Contradicted(Refusal::Fork { size: 3 })), "{refused}");
    db.execute("DELETE FROM leaf WHERE number > 0", []).expect("by hand");
    let refused = open(data.path(), &root, &store).expect_err("cut");
    assert!(matches!(refused, LogError::Contradicted(Refusal::RolledBack { seen: 3, found: 1 })), "{refused}");
}
