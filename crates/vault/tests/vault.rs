//! A real SQLCipher file. Keys rest in memory here; the whole-product test uses a real Secret
//! Service.

use std::collections::HashSet;
use std::path::Path;

use casework::samples::{at, case, corroborated, examiner, named, sealed};
use casework::{Day, Decision, InvestigativeResult, Leaving, Person, ResultForm, ResultKind, Review, ReviewForm, Role};
use rusqlite::Connection;
use vault::samples::{self, InMemory, opened};
use vault::{KeyStore, News, SecretStoreError, Settings, Vault, VaultError};

/// No secret store: cannot be provoked on a machine that has one.
struct Absent;

impl KeyStore for Absent {
    fn get(&self, _: &str) -> Result<Option<String>, SecretStoreError> {
        Err(SecretStoreError::Unavailable("no D-Bus".to_owned()))
    }

    fn set(&self, _: &str, _: &str) -> Result<(), SecretStoreError> {
        Err(SecretStoreError::Unavailable("no D-Bus".to_owned()))
    }

    fn remove(&self, _: &str) -> Result<(), SecretStoreError> {
        Err(SecretStoreError::Unavailable("no D-Bus".to_owned()))
    }
}

const NOW: &str = "2026-03-02T12:00:00Z";

fn with_case(folder: &Path, keys: &InMemory) -> Vault {
    let mut vault = opened(folder, keys).unwrap();
    let person = examiner(1);
    vault.put_person(&named(examiner(1)), at(NOW)).unwrap();
    vault.put_case(case().id(), &serde_json::json!({ "any": 1 }), &person.reference(), at(NOW), None).unwrap();
    vault
}

/// The file as somebody with the key and a database tool would open it.
fn by_hand(folder: &Path, keys: &InMemory) -> Connection {
    samples::by_hand(folder, keys).unwrap()
}

#[test]
fn a_note_comes_back_as_it_was_sealed_and_the_file_shows_nothing() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let mut vault = with_case(folder.path(), &keys);
    let stored = vault.seal(&sealed(), &serde_json::json!({})).unwrap();
    let bytes = vec![7u8; 70_000];
    let by = examiner(1).reference();
    let hash = vault.put_original(case().id(), "probe", "camera-3.jpg", &bytes, &by, at(NOW)).unwrap();
    let exported = vault.export_note(stored.content.id).unwrap();
    drop(vault);
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        for secret in ["Robbery", "SQLite format", "Alvarez"] {
            assert!(!content.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret} stands in the file");
        }
        assert!(!content.windows(64).any(|w| w == [7u8; 64]));
    }
    let vault = opened(folder.path(), &keys).unwrap();
    assert_eq!(vault.note(stored.content.id).unwrap(), stored);
    assert_eq!(&stored.content, sealed().content());
    assert_eq!(vault.original(case().id(), &hash).unwrap(), bytes);
    assert_eq!(vault.notes_of(case().id()).unwrap().len(), 1);
    assert_eq!(vault::verify_note(&exported).unwrap().note.id, stored.content.id);
    let changed = exported.replace("nothing independent found", "everything fits");
    assert_ne!(changed, exported);
    assert!(vault::verify_note(&changed).unwrap_err().said.contains("changed after it was sealed"));
}

/// The sealed sample with one path of its JSON changed.
fn disturbed(change: impl Fn(&mut serde_json::Value)) -> serde_json::Value {
    let mut note = serde_json::to_value(sealed()).unwrap();
    change(&mut note);
    note
}

fn insert(db: &Connection, note: &serde_json::Value) -> rusqlite::Result<usize> {
    db.execute(
        "INSERT INTO sealed_note (note_id, case_id, sealed_at, disposition, sha256, content, signature, public_key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        rusqlite::params![
            note["id"].as_str(),
            note["case"]["id"].as_str(),
            NOW,
            note["disposition"].as_str(),
            "0".repeat(64),
            note.to_string(),
            "0".repeat(128),
            "0".repeat(64)
        ],
    )
}

#[test]
fn a_hand_written_note_without_a_complete_checklist_is_rejected_by_the_database() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    drop(with_case(folder.path(), &keys));
    let db = by_hand(folder.path(), &keys);
    type Change = fn(&mut serde_json::Value);
    let changes: [(&str, Change); 14] = [
        ("no entries", |n| n["checklist"]["entries"] = serde_json::json!([])),
        ("no checklist", |n| n["checklist"] = serde_json::Value::Null),
        ("vehicle missing", |n| drop(n["checklist"]["entries"].as_array_mut().unwrap().remove(0))),
        ("witness missing", |n| drop(n["checklist"]["entries"].as_array_mut().unwrap().remove(1))),
        ("media missing", |n| drop(n["checklist"]["entries"].as_array_mut().unwrap().remove(2))),
        ("one category thrice", |n| {
            let vehicle = n["checklist"]["entries"][0].clone();
            n["checklist"]["entries"] = serde_json::json!([vehicle, vehicle, vehicle]);
        }),
        ("no finding", |n| n["checklist"]["entries"][1]["finding"] = serde_json::Value::Null),
        ("one attempt", |n| drop(n["checklist"]["entries"][0]["attempts"].as_array_mut().unwrap().pop())),
        ("support without link", |n| n["checklist"]["entries"][0]["finding"] = "supports".into()),
        ("panel unanswered", |n| n["checklist"]["panel"]["answers"][3]["answer"] = serde_json::Value::Null),
        ("nothing for the person", |n| n["checklist"]["panel"]["speaks_for_the_person"] = " ".into()),
        ("no examination", |n| n["examination"]["concluded_at"] = serde_json::Value::Null),
        ("no candidate, yet a lead", |n| n["disposition"] = "no-candidate".into()),
        ("corroborated by nothing", |n| n["disposition"] = "lead-corroborated".into()),
    ];
    for (name, change) in changes {
        assert!(insert(&db, &disturbed(change)).is_err(), "{name} was accepted");
    }
    let mut other = disturbed(|_| {});
    other["disposition"] = "arrest".into();
    assert!(insert(&db, &other).is_err());
    let mut plain = disturbed(|_| {});
    plain["statement"] = "Identified.".into();
    assert!(insert(&db, &plain).is_err());
    assert_eq!(
        insert(&db, &disturbed(|_| {})).unwrap(),
        1,
        "the undisturbed note is accepted: the refusals mean something"
    );
}

#[test]
fn a_sealed_note_and_the_audit_are_never_changed() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let mut vault = with_case(folder.path(), &keys);
    vault.seal(&sealed(), &serde_json::json!({})).unwrap();
    assert!(
        matches!(vault.seal(&sealed(), &serde_json::json!({})), Err(VaultError::Database(_))),
        "a note is sealed once"
    );
    drop(vault);
    let db = by_hand(folder.path(), &keys);
    for sql in [
        "UPDATE sealed_note SET sealed_at = '2020-01-01T00:00:00Z'",
        "DELETE FROM sealed_note",
        "INSERT OR REPLACE INTO sealed_note SELECT * FROM sealed_note",
        "UPDATE audit SET person = 'x'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 1",
        "UPDATE original SET bytes = x'00'",
    ] {
        if sql.contains("original") {
            db.execute(
                "INSERT INTO original VALUES (?1, ?2, 'probe', 'a', 1, x'01')",
                [case().id().to_string(), "0".repeat(64)],
            )
            .unwrap();
        }
        assert!(db.execute_batch(sql).is_err(), "{sql}");
    }
}

#[test]
fn the_audit_chain_finds_what_triggers_could_not_stop() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let mut vault = with_case(folder.path(), &keys);
    let by = examiner(1).reference();
    for n in 0..5 {
        vault.record(Some(&by), at(NOW), "probe-viewed", &serde_json::json!({ "n": n })).unwrap();
    }
    let (rows, _) = vault.verify_audit().unwrap();
    let exported = vault.export_audit().unwrap();
    assert_eq!(vault::verify_export(&exported).unwrap().events, rows);
    let lines: Vec<&str> = exported.lines().collect();
    let without_one = [&lines[..2], &lines[3..]].concat().join("\n");
    assert!(vault::verify_export(&without_one).is_err());
    assert!(vault::verify_export(&exported.replacen("probe-viewed", "probe-exported", 1)).is_err());
    drop(vault);
    let db = by_hand(folder.path(), &keys);
    db.execute_batch("DROP TRIGGER audit_is_never_changed; UPDATE audit SET action = 'nothing' WHERE seq = 3").unwrap();
    drop(db);
    let vault = opened(folder.path(), &keys).unwrap();
    assert!(matches!(vault.verify_audit(), Err(VaultError::Chain(vault::ChainError::Broken(3)))));
}

#[test]
fn only_one_program_at_a_time_and_the_lock_is_given_back() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let first = opened(folder.path(), &keys).unwrap();
    assert!(matches!(opened(folder.path(), &keys), Err(VaultError::InUse)));
    drop(first);
    opened(folder.path(), &keys).unwrap();
}

#[test]
fn without_a_secret_store_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let error = opened(folder.path(), &Absent).unwrap_err();
    assert!(error.to_string().contains("gnome-keyring-daemon"), "{error}");
    assert!(!folder.path().join("vault.db").exists());
}

#[test]
fn a_lost_or_wrong_key_never_replaces_the_file() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    drop(with_case(folder.path(), &keys));
    let before = std::fs::read(folder.path().join("vault.db")).unwrap();
    assert!(matches!(opened(folder.path(), &InMemory::default()), Err(VaultError::KeyMissing(_))));
    let name = keys.0.lock().unwrap().keys().find(|name| name.starts_with("entrance-")).unwrap().clone();
    keys.set(&name, &"0".repeat(64)).unwrap();
    assert!(matches!(opened(folder.path(), &keys), Err(VaultError::Locked(_))));
    assert_eq!(std::fs::read(folder.path().join("vault.db")).unwrap(), before);
}

#[test]
fn settings_and_person_come_back() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let mut vault = with_case(folder.path(), &keys);
    let settings =
        Settings { gallery: "https://gallery.example".to_owned(), theme: "dark".to_owned(), ..Settings::default() };
    vault.set_settings(&settings, Some(&examiner(1).reference()), at(NOW)).unwrap();
    assert_eq!(vault.settings().unwrap(), settings);
    assert_eq!(vault.people().unwrap(), [examiner(1)]);
    assert_eq!(vault.person(examiner(1).id).unwrap(), examiner(1));
}

#[test]
fn the_database_refuses_a_corroborated_note_whose_examiners_disagree() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    drop(with_case(folder.path(), &keys));
    let db = by_hand(folder.path(), &keys);
    let whole = serde_json::to_value(corroborated()).unwrap();
    let insert = |note: &serde_json::Value| {
        db.execute(
            "INSERT INTO sealed_note (note_id, case_id, sealed_at, disposition, sha256, content, signature, public_key)
             VALUES (?1, ?2, 'now', 'lead-corroborated', ?3, ?4, ?5, ?3)",
            rusqlite::params![
                note["id"].as_str().unwrap(),
                note["case"]["id"].as_str().unwrap(),
                "a".repeat(64),
                note.to_string(),
                "a".repeat(128)
            ],
        )
    };
    for (what, spoil) in [
        ("no verification", (|n| n["verification"] = serde_json::Value::Null) as fn(&mut serde_json::Value)),
        ("disagreement", |n| n["verification"]["agreement"] = "disagrees-on-lead".into()),
        ("inconclusive", |n| n["outcome"]["conclusion"] = "inconclusive".into()),
        ("the examiner's own", |n| n["verification"]["verifier"]["id"] = n["examination"]["examiner"]["id"].clone()),
    ] {
        let mut note = whole.clone();
        spoil(&mut note);
        let refused = insert(&note).unwrap_err().to_string();
        assert!(refused.contains("second examiner"), "{what}: {refused}");
    }
    insert(&whole).unwrap();
}

/// A supervisor's form that approves.
fn approval() -> ReviewForm {
    let mut form = ReviewForm { decision: Some(Decision::Approve), ..ReviewForm::default() };
    form.judged.iter_mut().for_each(|judged| judged.holds = Some(true));
    form
}

fn supervisor() -> Person {
    Person { roles: vec![Role::Supervisor], ..examiner(9) }
}

#[test]
fn an_exported_note_fails_after_a_change_of_any_byte() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let mut vault = with_case(folder.path(), &keys);
    vault.put_person(&named(supervisor()), at(NOW)).unwrap();
    let stored = vault.seal(&corroborated(), &serde_json::json!({})).unwrap();
    let review = |person: &Person| {
        Review::decide(&stored.content, &stored.signed.sha256, &approval(), person, at("2026-03-03T09:00:00Z"))
    };
    let unreviewed = vault.export_note(stored.content.id).unwrap();
    assert_eq!(vault::verify_note(&unreviewed).unwrap().review, None);
    assert_eq!(vault.unreviewed().unwrap().len(), 1);
    let review = review(&supervisor()).unwrap();
    vault.put_review(&review, stored.content.case.id(), &serde_json::json!({ "after": "review" })).unwrap();
    assert!(vault.unreviewed().unwrap().is_empty());
    let again = vault.put_review(&review, stored.content.case.id(), &serde_json::json!({})).unwrap_err().to_string();
    assert!(again.contains("reviewed once"), "{again}");

    let exported = vault.export_note(stored.content.id).unwrap();
    let checked = vault::verify_note(&exported).unwrap();
    assert_eq!(checked.note, stored.content);
    assert_eq!(checked.review.unwrap().0.decision, Decision::Approve);
    let bytes: Vec<usize> = (0..exported.len()).collect();
    std::thread::scope(|scope| {
        for half in bytes.chunks(bytes.len().div_ceil(2)) {
            let exported = &exported;
            scope.spawn(move || {
                for &at in half {
                    let mut bytes = exported.clone().into_bytes();
                    bytes[at] = if bytes[at] == b'a' { b'b' } else { b'a' };
                    let Ok(changed) = String::from_utf8(bytes) else { continue };
                    assert!(vault::verify_note(&changed).is_err(), "byte {at} of {} can be changed", exported.len());
                }
            });
        }
    });
    results_come_after_it(&mut vault);
    // A file of another note's review, and one in other clothes.
    let swapped = exported.replace("\"review\":{", "\"review\": {");
    assert_eq!(vault::verify_note(&swapped).unwrap_err().reason, vault::Reason::NotCanonical);
    assert!(vault::verify_note(&exported[..exported.len() - 1]).is_err());
}

#[test]
fn the_database_refuses_a_review_by_somebody_who_took_part() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let mut vault = with_case(folder.path(), &keys);
    let stored = vault.seal(&corroborated(), &serde_json::json!({})).unwrap();
    drop(vault);
    let db = by_hand(folder.path(), &keys);
    let insert = |reviewer: u128, sha256: &str| {
        let review = serde_json::json!({
            "note": stored.content.id, "note_sha256": sha256, "decision": "approve", "role": "supervisor",
            "reviewer": { "id": examiner(reviewer).id },
        });
        db.execute(
            "INSERT INTO review (note_id, decision, content, signature, public_key) VALUES (?1, 'approve', ?2, ?3, ?4)",
            rusqlite::params![stored.content.id.to_string(), review.to_string(), "a".repeat(128), "b".repeat(64)],
        )
    };
    for (reviewer, sha256) in [(1, stored.signed.sha256.as_str()), (2, &stored.signed.sha256), (9, "another")] {
        let refused = insert(reviewer, sha256).unwrap_err().to_string();
        assert!(refused.contains("took no part"), "{reviewer}: {refused}");
    }
    insert(9, &stored.signed.sha256).unwrap();
    assert!(db.execute("UPDATE review SET decision = 'return'", []).is_err());
    assert!(db.execute("DELETE FROM review", []).is_err());
}

#[test]
fn a_supervisor_is_told_once_of_everybody_whose_record_changed() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let mut vault = opened(folder.path(), &keys).unwrap();
    let admin = Person { roles: vec![Role::Administrator], ..examiner(1) };
    vault.put_person(&named(admin.clone()), at(NOW)).unwrap();
    let taken = HashSet::from([admin.id]);
    for person in [supervisor(), examiner(2), Person { roles: vec![Role::Examiner, Role::Supervisor], ..examiner(2) }] {
        let change = vault.staff(&taken).unwrap().change(person, &admin, None).unwrap();
        vault.put_person(&change, at(NOW)).unwrap();
    }
    let news = vault.staff_news(supervisor().id).unwrap();
    let events: Vec<_> = news
        .iter()
        .map(|line| match &line.event {
            News::Staff(event) => event,
            other => panic!("{other:?}"),
        })
        .collect();
    let told: Vec<_> = events.iter().map(|event| (event.name.as_str(), event.before.is_some())).collect();
    assert_eq!(told, [("Examiner 1", false), ("Examiner 9", false), ("Examiner 2", false), ("Examiner 2", true)]);
    assert!(events[3].in_words().contains(&"Role was examiner; is now examiner, supervisor.".to_owned()));

    // Reading up to an event says nothing of those behind it, nor of what never happened.
    vault.staff_read(&supervisor().reference(), news[1].seq, at(NOW)).unwrap();
    assert_eq!(vault.staff_news(supervisor().id).unwrap(), news[2..]);
    vault.staff_read(&supervisor().reference(), i64::MAX, at(NOW)).unwrap();
    assert!(vault.staff_news(supervisor().id).unwrap().is_empty());
    let change = vault.staff(&taken).unwrap().change(examiner(2), &admin, None).unwrap();
    vault.put_person(&change, at(NOW)).unwrap();
    assert_eq!(vault.staff_news(supervisor().id).unwrap().len(), 1, "later changes are told again");
    assert_eq!(vault.staff_news(examiner(2).id).unwrap().len(), 5, "nobody reads for another");
}

#[test]
fn a_key_without_its_file_begins_no_new_vault() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    drop(with_case(folder.path(), &keys));
    let remove = |names: &[&str]| {
        for name in names.iter().flat_map(|name| ["", "-wal", "-shm"].map(|end| format!("{name}{end}"))) {
            drop(std::fs::remove_file(folder.path().join(name)));
        }
    };
    remove(&["vault.db"]);
    assert!(matches!(opened(folder.path(), &keys), Err(VaultError::Missing(_))));
    remove(&["entrance.db"]);
    assert!(matches!(opened(folder.path(), &keys), Err(VaultError::Missing(_))));
    assert!(!folder.path().join("vault.db").exists(), "nothing was begun in its place");
    // A first start that was cut off between key and file goes on.
    let (elsewhere, cut_off) = (tempfile::tempdir().unwrap(), InMemory::default());
    drop(vault::Entrance::open(elsewhere.path(), &cut_off).unwrap().begin(&cut_off).unwrap());
    opened(elsewhere.path(), &cut_off).unwrap();
    // So does one that was cut off before there was a file.
    let (elsewhere, cut_off) = (tempfile::tempdir().unwrap(), InMemory::default());
    drop(vault::Entrance::open(elsewhere.path(), &cut_off).unwrap());
    std::fs::remove_file(elsewhere.path().join("entrance.db")).unwrap();
    opened(elsewhere.path(), &cut_off).unwrap();
}

#[test]
fn an_act_happens_whole_or_not_at_all() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let mut vault = with_case(folder.path(), &keys);
    let before = vault.audit().unwrap().len();
    let by = examiner(1).reference();
    let done: Result<(), VaultError> = vault.act(|v| {
        v.record(Some(&by), at(NOW), "first", &serde_json::json!({}))?;
        v.set_settings(&Settings { theme: "dark".to_owned(), ..Settings::default() }, Some(&by), at(NOW))?;
        Err(VaultError::Unknown("case"))
    });
    assert!(matches!(done, Err(VaultError::Unknown("case"))));
    assert_eq!((vault.audit().unwrap().len(), vault.settings().unwrap()), (before, Settings::default()));
    let done: Result<(), VaultError> = vault.act(|v| {
        v.record(Some(&by), at(NOW), "first", &serde_json::json!({}))?;
        v.record(Some(&by), at(NOW), "second", &serde_json::json!({}))
    });
    done.unwrap();
    assert_eq!(vault.verify_audit().unwrap().0 as usize, before + 2);
}

#[test]
fn what_is_typed_rewrites_its_own_part_of_the_case() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let mut vault = with_case(folder.path(), &keys);
    let by = examiner(1).reference();
    let parts =
        |narrative: &str, lists: &str| serde_json::json!({ "searches": lists, "note": { "narrative": narrative } });
    let list = "a long list of candidates ".repeat(20_000);
    vault.put_case(case().id(), &parts("", &list), &by, at(NOW), None).unwrap();
    let log = || std::fs::metadata(folder.path().join("vault.db-wal")).unwrap().len();
    let db = samples::beside(&vault).unwrap();
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    for typed in ["A", "A m", "A man"] {
        vault.put_case(case().id(), &parts(typed, &list), &by, at(NOW), None).unwrap();
    }
    assert!(list.len() > 500_000 && log() < 60_000, "{} bytes were written", log());
    assert_eq!(vault.case::<serde_json::Value>(case().id()).unwrap(), parts("A man", &list));
    // What a case no longer holds is gone.
    vault.put_case(case().id(), &serde_json::json!({ "note": {} }), &by, at(NOW), None).unwrap();
    assert_eq!(vault.case::<serde_json::Value>(case().id()).unwrap(), serde_json::json!({ "note": {} }));
}

#[test]
fn a_case_that_cannot_be_read_hides_no_other() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let mut vault = with_case(folder.path(), &keys);
    let whole = casework::samples::file();
    let by = examiner(1).reference();
    vault.put_case(whole.id, &whole, &by, at(NOW), None).unwrap();
    let other = casework::CaseFile::begin(casework::CaseId(casework::samples::uuid(77)), by.clone());
    vault.put_case(other.id, &other, &by, at(NOW), None).unwrap();
    let db = samples::beside(&vault).unwrap();
    samples::put_part_by_hand(&db, whole.id, "probe", "\"nobody\"").unwrap();
    let (read, unread) = vault.cases::<casework::CaseFile>().unwrap();
    assert_eq!(read.iter().map(|row| row.id).collect::<Vec<_>>(), [other.id]);
    assert!(
        matches!(unread.as_slice(), [case] if case.id == whole.id && case.why.code() == "vault-record"),
        "{unread:?}"
    );
}

/// What came of an approved note: signed, in its order, never changed; a hand that writes, changes or removes one is stopped by the
/// database, and one that gets past it is found when the note is read.
fn results_come_after_it(vault: &mut Vault) {
    let note = vault.note(corroborated().content().id).unwrap();
    let reviews: Vec<_> = note.review.clone().into_iter().collect();
    let form = |kind| ResultForm {
        kind: Some(kind),
        on: Some("2026-03-03".parse().map(Day).unwrap()),
        authority: "Demo Police Department".to_owned(),
        account: "What happened is told here.".to_owned(),
        ..ResultForm::default()
    };
    let record = |vault: &mut Vault, kind, n: u128| {
        let earlier = vault.note(note.content.id).unwrap().results;
        let (id, now) = (casework::ResultId(casework::samples::uuid(n)), at("2026-03-04T09:00:00Z"));
        let of = (&note.content, note.signed.sha256.as_str());
        let result = InvestigativeResult::record(of, &reviews, &earlier, id, &form(kind), &supervisor(), now).unwrap();
        vault.put_result(&result, &note.content)
    };
    record(vault, ResultKind::Arrest, 71).unwrap();
    record(vault, ResultKind::Misidentification, 72).unwrap();
    let after = vault.note(note.content.id).unwrap();
    assert_eq!(after.results.iter().map(|r| r.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(after.leaving(), Leaving::FoundWrong);
    let actions: Vec<String> = vault.audit().unwrap().into_iter().map(|event| event.action).collect();
    for (action, times) in [("result-recorded", 2), ("referred-to-audit", 2), ("misidentification-recorded", 1)] {
        assert_eq!(actions.iter().filter(|one| *one == action).count(), times, "{action}: {actions:?}");
    }
    assert!(matches!(
        &vault.staff_news(supervisor().id).unwrap().last().unwrap().event,
        News::Misidentified(number) if number == "26-000123"
    ));

    let db = samples::beside(vault).unwrap();
    let refused = |sql: &str| db.execute(sql, []).unwrap_err().to_string();
    assert!(
        refused("UPDATE result SET content = json_set(content, '$.concerns', json('[]'))").contains("never changed")
    );
    assert!(refused("DELETE FROM result").contains("never removed"));
    assert!(
        refused(
            "INSERT INTO result SELECT lower(hex(randomblob(16))), note_id, number + 10, content, signature, public_key FROM result"
        )
        .contains("CHECK")
    );
    // Whoever takes the triggers away first is found when the note is read: the violation cannot be taken out.
    let drop_one = "DROP TRIGGER result_is_never_changed; DROP TRIGGER result_is_never_removed;";
    db.execute_batch(drop_one).unwrap();
    db.execute_batch("SAVEPOINT hand; UPDATE result SET content = json_set(content, '$.concerns', json('[]'))")
        .unwrap();
    db.execute_batch("RELEASE hand").unwrap();
    assert!(matches!(vault.note(note.content.id), Err(VaultError::NotProven { what: "result", .. })));
}
