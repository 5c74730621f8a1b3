//! The audit's signed heads: what an export proves, and what a vault file that was put back contradicts.

use std::path::Path;

use casework::samples::{at, examiner};
use serde_json::json;
use sha2::{Digest, Sha256};
use vault::samples::{InMemory, opened};
use vault::{AuditEvent, ChainError, DisclosedEvent, KeyStore, Vault, verify_export};

const NOW: &str = "2026-03-02T12:00:00Z";
const LATER: &str = "2026-03-02T13:00:00Z";

fn with_events(folder: &Path, keys: &dyn KeyStore, count: i64) -> Vault {
    let mut vault = opened(folder, keys).unwrap();
    add(&mut vault, count);
    vault
}

fn add(vault: &mut Vault, count: i64) {
    for n in 0..count {
        vault.record(Some(&examiner(1).reference()), at(NOW), "probe-viewed", &json!({ "n": n })).unwrap();
    }
}

/// The chain of `events` made anew, as somebody who can compute a SHA-256 does.
fn chained_again(events: &[AuditEvent]) -> Vec<AuditEvent> {
    let mut previous = String::new();
    let again = events.iter().zip(1..).map(|(event, seq)| {
        let AuditEvent { person, action, detail, .. } = event;
        let text = format!("{previous}\n{seq}\n{}\n{person}\n{action}\n{detail}\n", event.at.0);
        previous = hex::encode(Sha256::digest(text));
        AuditEvent { seq, hash: previous.clone(), ..event.clone() }
    });
    again.collect()
}

#[test]
fn an_export_that_is_empty_cut_chained_again_or_unsigned_is_refused() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let vault = with_events(folder.path(), &keys, 5);
    let exported = vault.export_audit().unwrap();
    let checked = verify_export(&exported).unwrap();
    assert_eq!((checked.events, checked.key.len()), (5, 64));
    let lines: Vec<&str> = exported.lines().collect();
    let (closing, events) = lines.split_last().unwrap();
    let refused = |text: String| verify_export(&text).unwrap_err();
    assert!(matches!(refused(String::new()), ChainError::Form { line: 1, .. }), "an empty file");
    assert!(matches!(refused("\n\n".to_owned()), ChainError::Form { .. }), "blank lines");
    assert!(matches!(refused(events.join("\n")), ChainError::Form { .. }), "the head cut off");
    assert!(matches!(refused((*closing).to_owned()), ChainError::Head(_)), "every event cut off");
    let cut = [&events[..4], &[closing]].concat().join("\n");
    assert!(matches!(refused(cut), ChainError::Head(_)), "the newest event cut off");
    let read: Vec<AuditEvent> = events.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut fewer = read.clone();
    fewer.remove(2);
    for (name, mut chain) in [("one event left out", fewer), ("one event changed", read)] {
        chain[1].action = "nothing".to_owned();
        let mut text: Vec<String> =
            chained_again(&chain).iter().map(|event| serde_json::to_string(event).unwrap()).collect();
        text.push((*closing).to_owned());
        assert!(matches!(refused(text.join("\n")), ChainError::Head(_)), "{name}");
    }
    // Another workstation's head does not close this one's events.
    let (elsewhere, others) = (tempfile::tempdir().unwrap(), InMemory::default());
    let theirs = with_events(elsewhere.path(), &others, 5).export_audit().unwrap();
    let foreign = [events, &[theirs.lines().last().unwrap()]].concat().join("\n");
    assert!(verify_export(&foreign).is_err() || verify_export(&foreign).unwrap().key != checked.key);
    // A vault without any event has nothing to sign for.
    let (nothing, new) = (tempfile::tempdir().unwrap(), InMemory::default());
    assert!(opened(nothing.path(), &new).unwrap().export_audit().is_err());
}

fn copy(from: &Path, to: &Path) {
    for name in ["vault.db", "vault.db-wal"] {
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name)).unwrap();
        } else {
            drop(std::fs::remove_file(to.join(name)));
        }
    }
    drop(std::fs::remove_file(to.join("vault.db-shm")));
}

#[test]
fn a_vault_that_was_put_back_contradicts_the_head_that_is_kept_elsewhere() {
    let (folder, before, keys) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), InMemory::default());
    drop(with_events(folder.path(), &keys, 3));
    copy(folder.path(), before.path());
    let mut vault = with_events(folder.path(), &keys, 4);
    vault.check_kept_anchor(&keys, at(NOW)).unwrap();
    vault.keep_anchor(&keys, at(NOW)).unwrap();
    add(&mut vault, 2);
    vault.check_kept_anchor(&keys, at(LATER)).unwrap();
    assert_eq!(vault.rolled_back(&keys).unwrap(), None, "a vault that went on contradicts nothing");
    let deposited = vault.signed_head(at(NOW)).unwrap();
    drop(vault);
    copy(before.path(), folder.path());

    // Grown again to more events than were deposited: the hash at that place is another one.
    let mut vault = opened(folder.path(), &keys).unwrap();
    for n in 0..8 {
        vault.record(None, at(LATER), "searched", &json!({ "n": n })).unwrap();
    }
    vault.check_kept_anchor(&keys, at(LATER)).unwrap();
    let known = vault.rolled_back(&keys).unwrap().unwrap();
    assert_eq!((known.anchor.rows, known.found, known.held_by.as_str()), (7, 11, "secret-store"));
    let audited =
        |vault: &Vault| vault.audit().unwrap().iter().filter(|event| event.action == "vault-rolled-back").count();
    assert_eq!(audited(&vault), 1);
    vault.check_kept_anchor(&keys, at(LATER)).unwrap();
    assert_eq!(audited(&vault), 1, "it is said once");
    // Known after the next start, and after the vault was put back once more.
    vault.keep_anchor(&keys, at(LATER)).unwrap();
    drop(vault);
    copy(before.path(), folder.path());
    let mut vault = opened(folder.path(), &keys).unwrap();
    assert!(vault.rolled_back(&keys).unwrap().is_some());

    // Where the secret store was put back with the vault, the gallery still knows.
    let fresh = |key: &String| !key.starts_with("rolled-back") && !key.starts_with("anchor");
    keys.0.lock().unwrap().retain(|key, _| fresh(key));
    vault.check_anchor(&deposited, "https://gallery.example.gov", &keys, at(LATER)).unwrap();
    assert_eq!(vault.rolled_back(&keys).unwrap().unwrap().held_by, "https://gallery.example.gov");
    // What another key signed, or nobody, says nothing of this vault.
    keys.0.lock().unwrap().retain(|key, _| fresh(key));
    let (elsewhere, others) = (tempfile::tempdir().unwrap(), InMemory::default());
    let foreign = with_events(elsewhere.path(), &others, 90).signed_head(at(NOW)).unwrap();
    let mut forged = deposited.clone();
    forged.text = forged.text.replace("\"rows\":9", "\"rows\":9000");
    assert_ne!(forged, deposited);
    for anchor in [foreign, forged] {
        vault.check_anchor(&anchor, "gallery", &keys, at(LATER)).unwrap();
        assert_eq!(vault.rolled_back(&keys).unwrap(), None);
    }
}

#[test]
fn an_event_of_a_disclosure_can_be_checked_by_itself() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let events = with_events(folder.path(), &keys, 6).audit().unwrap();
    let shown = DisclosedEvent::of(&events, "", |event| event.detail.contains('1') || event.seq > 4);
    assert_eq!(shown.len(), 3);
    for event in &shown {
        let text = serde_json::to_string(event).unwrap();
        let mut read: DisclosedEvent = serde_json::from_str(&text).unwrap();
        assert!(read.holds() && read == *event);
        read.event.detail = "{}".to_owned();
        assert!(!read.holds());
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_may_open_what_the_vault_writes() {
    use std::os::unix::fs::PermissionsExt;
    let (home, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let folder = home.path().join("new").join("vault");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let vault = with_events(&folder, &keys, 2);
    let written = || std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    assert!(written().count() >= 4, "database, its log, its index, the lock");
    for path in written() {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    assert_eq!(mode(&folder), 0o700);
    drop(vault);
    // As an earlier version left it.
    for path in written() {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    let _vault = with_events(&folder, &keys, 1);
    for path in written() {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    assert_eq!(mode(&folder), 0o700);
}
