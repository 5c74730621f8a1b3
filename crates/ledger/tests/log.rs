//! The log against a second reckoning of it, and another's reader: its tree, proofs, checkpoints and witness.

use crate::logs;

use ledger::{
    Asked, Checkpoint, Consistent, Denied, Included, Inclusion, Key, Kind, Leaf, Proof, Refusal, Signed, Tile, Watched,
    Whole, bundle, entries_of,
};
use logs::{ORIGIN, cosigned, leaf, leaves, log, log_of, root, secret, witness, witnesses};
use proptest::prelude::*;

#[test]
fn the_tree_is_the_one_of_rfc_6962() {
    let all = leaves(530);
    let mut whole = Whole::default();
    for (count, next) in all.iter().enumerate() {
        if count < 70 || count % 16 < 2 {
            assert_eq!(whole.root(), root(&all[..count]), "{count}");
        }
        whole.push(next);
    }
    // Empty, and one of a leaf: as every reader has them.
    assert_eq!(
        hex::encode(Whole::default().root()),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    let large = log_of(66_000);
    assert_eq!(large.root(), root(&leaves(66_000)));
}

#[test]
fn every_entry_is_proven_and_no_other() {
    for count in [1, 2, 3, 5, 8, 255, 256, 257, 511, 513] {
        let (whole, all) = (log_of(count), leaves(count));
        let checkpoint = whole.checkpoint(&log()).unwrap();
        for index in (0..count).step_by(1 + count as usize / 20) {
            let own = all[index as usize];
            let included = whole.included(own, index, checkpoint.clone()).unwrap();
            let again = Proof::read(&included.text()).unwrap().of(own, log().key()).unwrap();
            assert_eq!(again, included);
            let other = leaf(count + 1);
            let refused = Proof::read(&included.text()).unwrap().of(other, log().key());
            assert_eq!(refused, Err(Refusal::NotIncluded { index, size: count }));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 64 } else { 256 }))]

    #[test]
    fn a_log_only_grows(small in 0u64..900, more in 0u64..900) {
        let (one, other) = (log_of(small), log_of(small + more));
        let (older, newer) = (one.checkpoint(&log()).unwrap(), other.checkpoint(&log()).unwrap());
        let hashes = other.grown(small, &newer).unwrap();
        let consistent = Consistent::prove(&older, &newer, &hashes).unwrap();
        prop_assert_eq!((consistent.older(), consistent.newer()), (&older, &newer));
        if more > 0 {
            prop_assert_eq!(Consistent::prove(&newer, &older, &hashes), Err(Refusal::RolledBack { seen: small + more, found: small }));
        }
    }

    /// One changed entry, anywhere before the earlier checkpoint's end, cannot be proven to be the same history.
    #[test]
    fn another_history_is_never_consistent(small in 1u64..600, more in 0u64..600, at in 0u64..600, bit in 0usize..256) {
        let at = at % small;
        let older = log_of(small).checkpoint(&log()).unwrap();
        let mut changed = leaves(small + more);
        let mut hash = *changed[at as usize].hash();
        hash[bit / 8] ^= 1 << (bit % 8);
        changed[at as usize] = Leaf::new(*changed[at as usize].writer(), at + 1, hash).unwrap();
        let other = Whole::of(&changed);
        let newer = other.checkpoint(&log()).unwrap();
        let hashes = other.grown(small, &newer).unwrap();
        let refused = Consistent::prove(&older, &newer, &hashes).unwrap_err();
        prop_assert!(refused.is_another_history(), "{}", refused.reason());
    }

    /// Bytes that anybody may send are read or refused, and never more than that.
    #[test]
    fn nothing_that_is_read_panics(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "\\PC{0,200}") {
        drop(Checkpoint::read(&bytes));
        drop(Asked::read(&bytes));
        drop(entries_of(&bytes));
        drop(Leaf::read(&bytes));
        drop((Proof::read(&text), Key::read(&text), Tile::read(&text)));
    }

    /// One changed byte of a proof with its checkpoint, or of a request to a witness, and it does not hold.
    #[test]
    fn no_byte_of_a_proof_may_change(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let whole = log_of(300);
        let included = whole.included(leaf(38), 37, cosigned(&whole)).unwrap();
        let mut bytes = included.text().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        let held = String::from_utf8(bytes).ok().and_then(|text| {
            let again = Proof::read(&text).ok()?.of(leaf(38), log().key()).ok()?;
            again.checkpoint().cosigned(&witnesses()).ok().map(|_| again)
        });
        prop_assert!(held.is_none(), "{:?}", held.map(|held| held.text()));
    }

    #[test]
    fn a_tile_has_one_path(level in prop::option::of(0u8..64), index in 0u64..1 << 45, width in 1u16..=256) {
        let tile = match level { Some(level) => Tile::hashes(level, index, width), None => Tile::entries(index, width) };
        prop_assert_eq!(Tile::read(&tile.path()), Ok(tile));
    }
}

#[test]
fn another_program_reads_and_verifies_what_is_written_here() {
    let signed = cosigned(&log_of(7));
    let note = signed_note::Note::from_bytes(signed.whole().as_bytes()).unwrap();
    assert_eq!(note.text(), signed.text().as_bytes());
    let verifier = signed_note::StandardVerifier::new(&log().key().to_string()).unwrap();
    let (verified, others) = note.verify(&signed_note::VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!((verified.len(), others.len()), (1, 2));
    let checkpoint = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
    assert_eq!((checkpoint.origin(), checkpoint.size(), &checkpoint.hash().0), (ORIGIN, 7, signed.root()));
}

#[test]
fn what_the_specifications_show_is_read() {
    // The example of tlog-cosignature, with the lines of its log and its witness. Their keys are not published: it is read only.
    let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        \u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
        \u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
    let checkpoint = Checkpoint::read(text.as_bytes()).unwrap();
    assert_eq!((checkpoint.origin(), checkpoint.size()), ("example.com/behind-the-sofa", 20_852_163));
    // The key of signed-note's own documentation.
    let key = Key::read("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
    assert_eq!((key.name(), key.kind(), key.id()), ("PeterNeumann", Kind::Log, 0xc74f_20a3));
    assert_eq!(Tile::hashes(4, 1_234_067, 256).path(), "tile/4/x001/x234/067");
    assert_eq!(Tile::entries(0, 3).path(), "tile/entries/000.p/3");
}

#[test]
fn a_witness_cosigns_one_history_only() {
    let (one, two) = (witness(1), log_of(40));
    let mut watched = Watched::new(log().key().clone(), None).unwrap();
    let first = log_of(20).checkpoint(&log()).unwrap();
    let read = |signed: &Signed| Checkpoint::read(signed.whole().as_bytes()).unwrap();
    let ask = |old, hashes: Vec<_>, signed: &Signed| {
        Asked::read(Asked::new(old, hashes, read(signed)).text().as_bytes()).unwrap()
    };
    let (line, next) = watched.answer(&ask(0, vec![], &first), &one, 1_772_000_000).unwrap();
    let seen = first.with_lines(&line).unwrap();
    assert_eq!(seen.seen_by(one.key()), Ok(1_772_000_000));
    watched = Watched::new(log().key().clone(), Some(next.last().unwrap().whole().as_bytes())).unwrap();
    assert_eq!(watched, next);

    let second = two.checkpoint(&log()).unwrap();
    let hashes = two.grown(20, &second).unwrap();
    assert_eq!(watched.answer(&ask(0, vec![], &second), &one, 0), Err(Denied::Conflict { size: 20 }));
    assert_eq!(watched.answer(&ask(41, vec![], &second), &one, 0).unwrap_err().status(), 400);
    assert_eq!(watched.answer(&ask(20, vec![], &second), &one, 0).unwrap_err().status(), 422);
    assert_eq!(watched.answer(&ask(20, hashes.clone(), &first), &one, 0).unwrap_err().status(), 422);
    // The same size again is cosigned again; another root of it never.
    assert!(watched.answer(&ask(20, vec![], &first), &one, 0).is_ok());
    let mut other = leaves(19);
    other.push(leaf(99));
    let fork = Whole::of(&other).checkpoint(&log()).unwrap();
    assert_eq!(watched.answer(&ask(20, vec![], &fork), &one, 0), Err(Denied::Conflict { size: 20 }));
    let stranger = ledger::Signer::new(Kind::Log, ORIGIN, &secret(2)).unwrap();
    let forged = two.checkpoint(&stranger).unwrap();
    assert_eq!(watched.answer(&ask(20, hashes.clone(), &forged), &one, 0).unwrap_err().status(), 403);
    let elsewhere = ledger::Signer::new(Kind::Log, "ledger.example/elsewhere", &secret(1)).unwrap();
    let unknown = two.checkpoint(&elsewhere).unwrap();
    assert_eq!(watched.answer(&ask(20, hashes.clone(), &unknown), &one, 0), Err(Denied::Unknown));
    assert!(watched.answer(&ask(20, hashes, &second), &one, 0).is_ok());
}

#[test]
fn a_checkpoint_is_cosigned_by_all_that_are_wanted_or_not_at_all() {
    let whole = log_of(5);
    let bare = whole.checkpoint(&log()).unwrap();
    assert_eq!(bare.cosigned(&[]), Err(Refusal::NoWitness));
    assert_eq!(bare.cosigned(&witnesses()), Err(Refusal::NotSigned { name: "witness.example/1".to_owned() }));
    let signed = cosigned(&whole);
    assert_eq!(signed.cosigned(&witnesses()).unwrap().first_seen(), 1_772_000_001);
    // A signature of one is none of the other, of the log, or of another checkpoint.
    let one = bare.with_lines(&witness(1).line(bare.text(), 5)).unwrap();
    assert_eq!(one.cosigned(&witnesses()), Err(Refusal::NotSigned { name: "witness.example/2".to_owned() }));
    let later = log_of(6).checkpoint(&log()).unwrap();
    let moved = bare.with_lines(&witness(1).line(later.text(), 5)).unwrap();
    assert_eq!(
        moved.cosigned(&witnesses()[..1]),
        Err(Refusal::SignatureWrong { name: "witness.example/1".to_owned() })
    );
    let as_log = ledger::Signer::new(Kind::Log, "witness.example/1", &secret(11)).unwrap();
    let kind = bare.with_lines(&as_log.line(bare.text(), 5)).unwrap();
    assert!(kind.cosigned(&witnesses()[..1]).is_err(), "a log's signature is no cosignature");
    assert!(bare.seen_by(log().key()).is_err(), "a log is no witness");
}

#[test]
fn tiles_that_were_changed_prove_nothing() {
    let whole = log_of(1000);
    let signed = whole.checkpoint(&log()).unwrap();
    for tile in ledger::wanted_for_inclusion(1000, 300).unwrap() {
        let changed = |asked: &Tile| {
            let mut held = ledger::Tiles::tile(&whole, asked)?;
            if *asked == tile {
                held[7] ^= 1;
            }
            Some(held)
        };
        let proof = ledger::inclusion(1000, 300, &changed).unwrap();
        let refused = Included::prove(leaf(301), proof, signed.clone());
        assert_eq!(refused, Err(Refusal::NotIncluded { index: 300, size: 1000 }), "{}", tile.path());
        let gone = |asked: &Tile| if *asked == tile { None } else { ledger::Tiles::tile(&whole, asked) };
        let refused = ledger::inclusion(1000, 300, &gone);
        assert_eq!(refused, Err(Refusal::TileMissing { path: tile.path() }));
    }
    let proof = Inclusion { index: 300, hashes: vec![[0; 32]; 64] };
    assert!(Included::prove(leaf(301), proof, signed).is_err());
}

#[test]
fn a_bundle_holds_its_entries() {
    let all = leaves(256);
    assert_eq!(entries_of(&bundle(&all)).unwrap(), all);
    assert_eq!(entries_of(&[]).unwrap(), []);
    let mut cut = bundle(&all);
    cut.pop();
    assert!(entries_of(&cut).is_err());
}
