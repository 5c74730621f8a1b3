use std::path::Path;

use catalogue::say;
use gallery_api::wire::AuditRow;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use vector_index::{Filter, Hit, Position};

use super::sql::{Row, one};
use super::*;

fn enrolment(subject: &str, sha: &str) -> Enrolment {
    Enrolment {
        subject: subject.to_owned(),
        source_sha256: sha.to_owned(),
        photo: sha.as_bytes().to_vec(),
        captured_on: None,
        agency: None,
        model: "m".to_owned(),
        values: vec![1.0, 0.0],
    }
}

fn hex_bytes<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).expect("hexadecimal").try_into().expect("its length")
}

fn order() -> Order {
    Order { order_reference: "2026-EX-17".to_owned(), authority: "Superior Court".to_owned() }
}

/// Of the agency whose records name none.
const CLERK: Authority<'static> = Authority::Agency { ori: HOME, user: "clerk" };

fn two_people() -> Override {
    Override { by: "clerk".to_owned(), second: "other".to_owned(), agency: Some(HOME.to_owned()) }
}

/// A search of `who` that its limits allow.
fn begin(store: &mut Store, search: Uuid, who: &TokenHolder, repeat: Option<(&str, &[u8])>) {
    let beginning = Beginning { id: search, person: &who.user, repeat, waits: false };
    let begun = store.begin_search(beginning, who, &AgencyRule::default(), Some(&Allowance::default()), &json!({}));
    assert!(matches!(begun, Ok(Begun::At(_))), "{begun:?}");
}

fn fresh() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::sqlite(folder.path()).expect("a store");
    (folder, store)
}

fn holder(store: &mut Store, user: &str) -> TokenHolder {
    let token = store.issue_token("CA0190000", user, &[Scope::Search], None).expect("issued");
    store.holder(&token.secret).expect("asked").expect("known")
}

/// Records that an index built from the outbox holds.
fn live(store: &mut Store) -> Vec<i64> {
    let (_, changes) = store.changes(0, "m", 1000).expect("changes");
    let mut records = Vec::new();
    for change in changes {
        match change {
            Change::Add(entry, _) => {
                records.retain(|r| *r != entry.record);
                records.push(entry.record);
            }
            Change::Remove(record) => records.retain(|r| *r != record),
        }
    }
    records
}

#[test]
fn an_enrolment_and_its_audit_row_are_one() {
    let (_folder, mut store) = fresh();
    store.enrol(&[enrolment("p1", "aa"), enrolment("p2", "bb")], None, ("clerk", HOME)).expect("enrolled");
    let rows = store.audit_rows(0, 10).expect("rows");
    assert_eq!(
        rows.iter().map(|r| (r.actor.as_str(), r.action.as_str())).collect::<Vec<_>>(),
        [("clerk", "enrolment")]
    );
    assert_eq!(rows[0].detail, json!({ "known": 0, "new": 2, "refused": 0 }).to_string());
    // Nothing of a batch that is refused is enrolled, and nothing says that it was.
    let other = Enrolment { model: "other".to_owned(), ..enrolment("p3", "cc") };
    assert!(store.enrol(&[enrolment("p4", "dd"), other], None, ("clerk", HOME)).is_err());
    assert_eq!((store.counts().expect("counts").subjects, store.audit_rows(0, 10).expect("rows").len()), (2, 1));
}

#[test]
fn enrolment_is_resumable_and_expungement_leaves_only_a_certificate() {
    let (folder, mut store) = fresh();
    let batch = [enrolment("person-1", "aa"), enrolment("person-1", "bb"), enrolment("p2", "aa")];
    assert_eq!(store.enrol(&batch, None, ("tests", "")).expect("enrolled"), vec![Enrolled::New; 3]);
    assert_eq!(store.enrol(&batch, None, ("tests", "")).expect("again"), vec![Enrolled::Known; 3]);
    let id = store.expunge("person-1", &order(), CLERK).expect("expunged");
    assert!(matches!(store.expunge("person-1", &order(), CLERK), Err(StoreError::Unknown(_))));
    assert_eq!(live(&mut store), [3]);
    assert_eq!(store.unfinished_expungements().expect("asked"), [id]);
    let file = store.finish_expungement(id).expect("finished");
    assert_eq!(store.finish_expungement(id).expect("again"), file);
    let certificate = verify_certificate(&file).expect("genuine");
    assert_eq!((certificate.records, &certificate.order), (2, &order()));
    let altered = CertificateFile { text: file.text.replace("\"records\":2", "\"records\":1"), ..file };
    assert!(verify_certificate(&altered).is_err());
    // A key of small order: a signature of nothing fits any text for whoever verifies without looking at the key.
    let identity = format!("01{}", "00".repeat(31));
    let anybodys = CertificateFile {
        signature: format!("{identity}{}", "00".repeat(32)),
        public_key: identity,
        text: altered.text.clone(),
    };
    assert_eq!(verify_certificate(&anybodys), Err(say!("gallery-text-not-signed")));
    let lax = ed25519_dalek::VerifyingKey::from_bytes(&hex_bytes(&anybodys.public_key)).expect("a point");
    let signature = ed25519_dalek::Signature::from_bytes(&hex_bytes(&anybodys.signature));
    assert!(ed25519_dalek::Verifier::verify(&lax, anybodys.text.as_bytes(), &signature).is_ok(), "the attack is one");
    // The person is in no file of the store, by name, by photograph or by key.
    let mut files = vec![folder.path().to_owned()];
    let mut photos = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).expect("read").map(|f| f.expect("a file").path()));
        } else {
            photos += usize::from(path.components().any(|c| c.as_os_str() == "photos"));
            let bytes = std::fs::read(&path).expect("read");
            assert!(!bytes.windows(8).any(|w| w == b"person-1"), "{}", path.display());
        }
    }
    assert_eq!(photos, 1);
    // The same source is not enrolled again, unless somebody says that the order no longer holds.
    assert!(matches!(store.enrol(&batch[..1], None, ("tests", "")).expect("asked")[0], Enrolled::Expunged(_)));
    let under_another_name = enrolment("p9", "bb");
    assert!(matches!(
        store.enrol(&[under_another_name], None, ("tests", "")).expect("asked")[0],
        Enrolled::Expunged(_)
    ));
    assert_eq!(store.enrol(&batch[..1], Some(&two_people()), ("tests", "")).expect("enrolled"), [Enrolled::New]);
    let other = Enrolment { model: "other".to_owned(), ..enrolment("p3", "cc") };
    assert!(matches!(store.enrol(&[other], None, ("tests", "")), Err(StoreError::OtherModel { .. })));
    assert!(store.verify_audit().is_ok());
}

#[test]
fn suppression_hides_a_person_until_it_is_lifted() {
    let (_folder, mut store) = fresh();
    store.enrol(&[enrolment("person-1", "aa"), enrolment("p2", "bb")], None, ("tests", "")).expect("enrolled");
    let own = holder(&mut store, "demo");
    let search = Uuid::new_v4();
    begin(&mut store, search, &own, None);
    let hits = [Hit { record: 1, subject: 1, score: 0.9 }];
    let mut id = String::new();
    let list = |listed: Vec<Listed>| {
        id = listed[0].id.to_string();
        Ok(String::new())
    };
    store.record_list(search, &own, &hits, list).expect("listed");
    assert_eq!(store.withdrawn(&search.to_string(), &own).expect("asked"), Some(vec![]));
    assert_eq!(store.suppress("person-1", Some("identity theft"), CLERK).expect("suppressed"), 1);
    assert!(store.suppress("person-1", Some("again"), CLERK).is_err());
    assert_eq!(live(&mut store), [2]);
    assert_eq!(store.photo(&id, &own, None).expect("asked"), None);
    assert_eq!(store.withdrawn(&search.to_string(), &own).expect("asked"), Some(vec![id.clone()]));
    let gone = store.record_list(search, &own, &hits, |_| Ok(String::new()));
    assert!(matches!(gone, Err(StoreError::Gone)));
    store.enrol(&[enrolment("person-1", "cc")], None, ("tests", "")).expect("enrolled while suppressed");
    assert_eq!(live(&mut store), [2]);
    store.suppress("person-1", None, CLERK).expect("restored");
    assert_eq!(live(&mut store), [2, 1, 3]);
    assert_eq!(store.photo(&id, &own, None).expect("asked"), Some(Shown { jpeg: b"aa".to_vec(), whole: false }));
}

#[test]
fn other_photographs_of_a_listed_subject_are_served_to_its_search_alone() {
    let (_folder, mut store) = fresh();
    store
        .enrol(&[enrolment("person-1", "aa"), enrolment("person-1", "bb"), enrolment("p2", "cc")], None, ("tests", ""))
        .expect("enrolled");
    let (own, other) = (holder(&mut store, "demo"), holder(&mut store, "demo"));
    let search = Uuid::new_v4();
    begin(&mut store, search, &own, Some(("k", b"body")));
    let hits = [Hit { record: 1, subject: 1, score: 0.9 }, Hit { record: 3, subject: 2, score: 0.5 }];
    let mut found = Vec::new();
    let list = |listed| {
        found = listed;
        Ok("answer".to_owned())
    };
    store.record_list(search, &own, &hits, list).expect("listed");
    assert_eq!(
        store.idempotent(&own, "k", b"body").expect("asked"),
        Idempotent::Replay(search.to_string(), "answer".to_owned())
    );
    assert_eq!(found[0].other_photos.len(), 1);
    assert!(found[1].other_photos.is_empty());
    let id = found[0].other_photos[0].to_string();
    let candidate = found[0].id.to_string();
    assert!(matches!(store.photo(&id, &own, None), Err(StoreError::NotOpened)));
    assert_eq!(store.photo(&id, &other, None).expect("asked"), None, "another token's search");
    let open = |store: &mut Store, who: &TokenHolder| {
        store.open_candidate(&search.to_string(), &candidate, who, None).expect("asked")
    };
    assert_eq!(open(&mut store, &other), None, "another token's search");
    assert_eq!((open(&mut store, &own), open(&mut store, &own)), (Some(()), Some(())), "a repeat is harmless");
    assert_eq!(store.photo(&id, &own, None).expect("asked"), Some(Shown { jpeg: b"bb".to_vec(), whole: true }));
    assert_eq!(store.photo(&id, &other, None).expect("asked"), None, "another token's search");
    let opened = |r: &AuditRow| r.action == "candidate-opened";
    assert_eq!(store.audit_rows(0, 100).expect("rows").into_iter().filter(opened).count(), 1);
    store.expunge("person-1", &order(), CLERK).expect("expunged");
    assert_eq!(store.photo(&id, &own, None).expect("asked"), None, "expunged since");
    assert_eq!(store.idempotent(&own, "k", b"body").expect("asked"), Idempotent::Gone, "it names nobody any more");
}

#[test]
fn limits_of_an_agency_hold_for_each_of_its_people_and_raise_an_alarm() {
    let (_folder, mut store) = fresh();
    let (one, other) = (holder(&mut store, "one"), holder(&mut store, "other"));
    let rule = AgencyRule { searches_a_day: Some(2), ..AgencyRule::default() };
    store.set_agency_rule("CA0190000", &rule).expect("set");
    assert_eq!(store.agency_rule("CA0190000").expect("asked"), rule);
    let search = |store: &mut Store, who: &TokenHolder, rule: &AgencyRule| {
        let beginning = Beginning { id: Uuid::new_v4(), person: &who.user, repeat: None, waits: false };
        store.begin_search(beginning, who, rule, None, &json!({}))
    };
    search(&mut store, &one, &rule).expect("first");
    search(&mut store, &one, &rule).expect("second");
    assert!(matches!(search(&mut store, &one, &rule), Err(StoreError::Limited { .. })));
    search(&mut store, &other, &rule).expect("another person's first");
    let slowly = AgencyRule { minimum_seconds: Some(60), ..AgencyRule::default() };
    assert!(matches!(search(&mut store, &other, &slowly), Err(StoreError::Limited { .. })));
    let alarms = store.audit_rows(0, 100).expect("rows").into_iter().filter(|r| r.action == "alarm-limit").count();
    assert_eq!(alarms, 2);
}

#[test]
fn audit_rows_are_chained_and_the_database_refuses_changes() {
    let (_folder, mut store) = fresh();
    for n in 0..3 {
        store.audit("a", "b", "c", &json!({ "n": n })).expect("written");
    }
    assert_eq!(store.verify_audit().expect("whole").0, 3);
    let change = "UPDATE audit SET actor = 'x' WHERE seq = 2";
    assert!(store.db.execute(change, &[]).is_err());
    assert!(store.db.execute("DELETE FROM audit WHERE seq = 2", &[]).is_err());
    // Somebody who removes the guard is still found out.
    store.db.execute("DROP TRIGGER audit_is_never_changed", &[]).expect("dropped");
    store.db.execute(change, &[]).expect("changed");
    assert!(matches!(store.verify_audit(), Err(StoreError::AuditBroken(2))));
}

#[test]
fn tokens_are_stored_as_hashes_expire_and_can_be_revoked() {
    let (folder, mut store) = fresh();
    let token = store.issue_token("CA0190000", "demo", &[Scope::Search], Some(1)).expect("issued");
    let holder = store.holder(&token.secret).expect("asked").expect("known");
    assert!(holder.may(Scope::Search) && !holder.may(Scope::Audit));
    let bytes = std::fs::read(folder.path().join("gallery.sqlite-wal")).expect("the log");
    assert!(!bytes.windows(token.secret.len()).any(|w| w == token.secret.as_bytes()));
    store.revoke_token(&token.id).expect("revoked");
    assert_eq!(store.holder(&token.secret).expect("asked"), None);
    let past = store.issue_token("CA0190000", "demo", &[Scope::Search], Some(0)).expect("issued");
    assert_eq!(store.holder(&past.secret).expect("asked"), None);
}

#[test]
fn photographs_that_a_broken_enrolment_left_are_swept_after_an_hour() {
    let (_folder, mut store) = fresh();
    store.enrol(&[enrolment("person-1", "aa")], None, ("tests", "")).expect("enrolled");
    store.photos.put(&[1; 32], b"left over").expect("written");
    assert_eq!(store.sweep().expect("swept"), 0, "it may belong to a transaction that is under way");
}

#[test]
fn an_index_of_another_history_begins_anew() {
    let (folder, mut store) = fresh();
    let towards =
        |subject: &str, sha: &str, values: [f32; 2]| Enrolment { values: values.to_vec(), ..enrolment(subject, sha) };
    let index = |store: &mut Store| {
        crate::server::current_index(store, &folder.path().join("index"), "m", 2).expect("an index")
    };
    store.enrol(&[towards("p1", "aa", [1.0, 0.0])], None, ("tests", "")).expect("enrolled");
    drop(index(&mut store));
    drop(store);
    let (file, backup) = (folder.path().join("gallery.sqlite"), folder.path().join("backup"));
    std::fs::copy(&file, &backup).expect("backed up");
    let mut store = Store::sqlite(folder.path()).expect("a store");
    store.enrol(&[towards("p2", "bb", [0.0, 1.0])], None, ("tests", "")).expect("enrolled");
    assert_eq!(index(&mut store).applied(), 2);
    drop(store);
    std::fs::copy(&backup, &file).expect("restored");
    // The restored store overtakes the index, with the same numbers for others.
    let mut store = Store::sqlite(folder.path()).expect("a store");
    let since = [towards("p3", "cc", [-1.0, 0.0]), towards("p4", "dd", [-0.6, 0.8])];
    store.enrol(&since, None, ("tests", "")).expect("enrolled");
    let index = index(&mut store);
    assert_eq!((index.applied(), index.len()), (3, 3));
    // An index that kept its rows would hold p2 under the number of p3, and answer p4.
    let probe = vector_index::Probe { values: &[-1.0, 0.0], filter: &Filter::default(), limit: 1 };
    let mut reader = store.reader().expect("a reader");
    let list = index.scan(&[probe], 1).expect("scanned").remove(0);
    let best =
        list.settle(&[-1.0, 0.0], |records, tell| reader.templates("m", records, tell)).expect("settled").hits[0];
    assert!(best.record == 2 && (best.score - 1.0).abs() < 1e-6, "{best:?}");
}

#[test]
fn an_outbox_without_marks_gets_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = rusqlite::Connection::open(folder.path().join("gallery.sqlite")).expect("a file");
    db.execute_batch(include_str!("migrations/0001-records.sqlite.sql")).expect("the first step");
    db.execute_batch("INSERT INTO outbox (record_id, op) VALUES (7, 'add'), (8, 'add'), (7, 'remove')").expect("rows");
    db.pragma_update(None, "user_version", 3).expect("its version");
    drop(db);
    let mut store = Store::sqlite(folder.path()).expect("a store");
    assert_eq!(store.last_seq().expect("asked"), 3);
    let (last, changes) = store.changes(0, "m", 10).expect("changes");
    assert_eq!((last.seq, changes.len()), (3, 3));
    assert!(store.knows(&last).expect("asked"));
    assert!(!store.knows(&Position { seq: 2, ..last }).expect("asked"), "each row has its own");
    store.enrol(&[enrolment("p", "aa")], None, ("tests", "")).expect("enrolled");
    assert_eq!(store.last_seq().expect("asked"), 4);
}

fn of(agency: &str, subject: &str, sha: &str) -> Enrolment {
    Enrolment { agency: Some(agency.to_owned()), ..enrolment(subject, sha) }
}

#[test]
fn an_agency_changes_its_own_records_of_a_person_and_no_others() {
    let (folder, mut store) = fresh();
    let batch = [of("A", "person-1", "aa"), of("B", "person-1", "bb"), of("B", "p2", "cc")];
    store.enrol(&batch, None, ("tests", "")).expect("enrolled");
    let (a, b) = (Authority::Agency { ori: "A", user: "ann" }, Authority::Agency { ori: "B", user: "bob" });
    assert!(matches!(store.expunge("p2", &order(), a), Err(StoreError::OtherAgency(of)) if of == "B"));
    assert!(matches!(store.suppress("p2", Some("x"), a), Err(StoreError::OtherAgency(_))));
    assert_eq!(store.suppress("person-1", Some("x"), a).expect("suppressed"), 1);
    assert_eq!(live(&mut store), [2, 3]);
    assert!(matches!(store.suppress("person-1", None, b), Err(StoreError::Unknown(_))), "it hides nothing of B's");
    assert_eq!(store.enrol(&[of("A", "person-1", "dd")], None, ("tests", "")).expect("enrolled"), [Enrolled::New]);
    assert_eq!(live(&mut store), [2, 3], "what A hides stays hidden");
    let old: Vec<u8> = {
        let sql = "SELECT key FROM subject_key WHERE subject_no = 1";
        one(&mut *store.db, sql, &[], Row::next).expect("asked").expect("a key")
    };
    let id = store.expunge("person-1", &order(), a).expect("expunged");
    store.finish_expungement(id).expect("finished");
    assert_eq!(live(&mut store), [2, 3]);
    // What B keeps opens with another key; nothing in the folder opens with the old one.
    let kept = store.portraits("person-1", "operator").expect("kept");
    assert_eq!((kept.len(), kept[0].photo.as_slice()), (1, &b"bb"[..]));
    let mut names = Vec::new();
    for sub in std::fs::read_dir(folder.path().join("photos")).expect("read") {
        names.extend(std::fs::read_dir(sub.expect("a folder").path()).expect("read"));
    }
    assert_eq!(names.len(), 2);
    for name in names {
        let name = name.expect("a file").file_name().to_string_lossy().into_owned();
        assert!(store.photos.get(&old, &name).is_err());
    }
    // A's own order keeps A's record out, not B's.
    assert!(matches!(
        store.enrol(&[of("A", "person-1", "ee")], None, ("tests", "")).expect("asked")[0],
        Enrolled::Expunged(_)
    ));
    let unlike = Enrolment { values: vec![-1.0, 0.0], ..of("B", "person-1", "ff") };
    assert_eq!(store.enrol(&[unlike], None, ("tests", "")).expect("asked"), [Enrolled::New]);
    // One that looks like A's is asked about, and B's own people can say that it is another.
    let like = [of("B", "p3", "gg")];
    assert!(matches!(store.enrol(&like, None, ("tests", "")).expect("asked")[0], Enrolled::Resembles(_)));
    // Two people of another agency have no say in it.
    let two = |agency: &str| Override { by: "x".into(), second: "y".into(), agency: Some(agency.to_owned()) };
    assert_eq!(store.enrol(&like, Some(&two("B")), ("tests", "")).expect("asked"), [Enrolled::New]);
    let again = [of("A", "person-1", "aa")];
    assert!(matches!(store.enrol(&again, Some(&two("B")), ("tests", "")).expect("asked")[0], Enrolled::Expunged(_)));
    assert_eq!(store.enrol(&again, Some(&two("A")), ("tests", "")).expect("asked"), [Enrolled::New]);
    assert!(store.verify_audit().is_ok());
}

#[test]
fn limits_are_counted_from_the_records_and_a_restart_forgets_nothing() {
    let (folder, mut store) = fresh();
    store.enrol(&[enrolment("p1", "aa"), enrolment("p2", "bb")], None, ("tests", "")).expect("enrolled");
    let own = holder(&mut store, "demo");
    let small = Allowance { searches_a_day: 2, photographs_a_day: 2, openings_a_day: 1, ..Allowance::default() };
    let begun = |store: &mut Store, person: &str| {
        let beginning = Beginning { id: Uuid::new_v4(), person, repeat: None, waits: false };
        store.begin_search(beginning, &own, &AgencyRule::default(), Some(&small), &json!({}))
    };
    for person in ["ann", "ann", "bob", "bob"] {
        assert!(begun(&mut store, person).is_ok());
    }
    drop(store);
    let mut store = Store::sqlite(folder.path()).expect("a store");
    assert!(matches!(begun(&mut store, "ann"), Err(StoreError::Limited { seconds, .. }) if seconds > 80_000));
    assert!(
        matches!(begun(&mut store, "carl"), Err(StoreError::Limited { .. })),
        "a token twice as many, however named"
    );
    let search = Uuid::new_v4();
    let other = holder(&mut store, "other");
    begin(&mut store, search, &other, None);
    let hits = [Hit { record: 1, subject: 1, score: 0.9 }, Hit { record: 2, subject: 2, score: 0.5 }];
    let mut ids = Vec::new();
    let list = |listed: Vec<Listed>| {
        ids = listed.iter().map(|row| row.id.to_string()).collect();
        Ok(String::new())
    };
    store.record_list(search, &other, &hits, list).expect("listed");
    let people = |most: u64| Some((&small, most));
    assert!(store.photo(&ids[0], &other, people(1)).expect("asked").is_some());
    let second = store.photo(&ids[1], &other, people(1));
    assert!(matches!(second, Err(StoreError::Limited { .. })), "one person too many");
    assert!(store.photo(&ids[0], &other, people(1)).expect("asked").is_some());
    drop(store);
    let mut store = Store::sqlite(folder.path()).expect("a store");
    assert!(matches!(store.photo(&ids[0], &other, people(9)), Err(StoreError::Limited { .. })));
}

#[test]
fn whoever_is_paused_waits_for_an_operator() {
    let (_folder, mut store) = fresh();
    let (own, other) = (holder(&mut store, "demo"), holder(&mut store, "other"));
    let begun = |store: &mut Store, who: &TokenHolder, person: &str| {
        let beginning = Beginning { id: Uuid::new_v4(), person, repeat: None, waits: false };
        store.begin_search(beginning, who, &AgencyRule::default(), None, &json!({}))
    };
    store.pause(&own, Some("ann"), "small-changes", &json!({})).expect("paused");
    assert!(matches!(begun(&mut store, &own, "demo"), Err(StoreError::Paused { .. })));
    assert!(matches!(begun(&mut store, &other, "ann"), Err(StoreError::Paused { .. })), "with any token");
    assert!(begun(&mut store, &other, "bob").is_ok());
    assert_eq!(store.paused().expect("asked").len(), 2);
    assert!(matches!(store.resume("nobody", "operator"), Err(StoreError::Unknown(_))));
    assert_eq!(store.resume(&own.id, "operator").expect("resumed"), 2);
    assert!(begun(&mut store, &own, "ann").is_ok());
    let actions: Vec<String> = store.audit_rows(0, 100).expect("rows").into_iter().map(|r| r.action).collect();
    assert!(actions.contains(&"alarm-pattern".to_owned()) && actions.contains(&"resumed".to_owned()));
}

#[test]
fn a_store_of_the_second_version_keeps_its_suppressions_and_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = rusqlite::Connection::open(folder.path().join("gallery.sqlite")).expect("a file");
    db.execute_batch(include_str!("migrations/0001-records.sqlite.sql")).expect("the first step");
    db.execute_batch(include_str!("migrations/0002-marks.sqlite.sql")).expect("the second step");
    db.execute_batch(
        "INSERT INTO subject (subject_id, suppressed_because, created_at) VALUES ('p1', 'x', ''), ('p2', NULL, '');
         INSERT INTO record (subject_no, source_sha256, photo, model, enrolled_at)
             VALUES (1, 'a', '', 'm', ''), (2, 'b', '', 'm', '');
         INSERT INTO template (record_id, value) VALUES (1, x'0000803f'), (2, x'0000803f');
         INSERT INTO outbox (record_id, op) VALUES (1, 'add'), (1, 'remove'), (2, 'add');
         INSERT INTO token (token_id, secret_sha256, agency, holder, scopes, issued_at) VALUES ('t', 's', 'A', 'ann', 'search', '');
         INSERT INTO search (search_id, token_id, agency, holder, at) VALUES ('q', 't', 'A', 'ann', '2026-01-01T00:00:00Z');
         INSERT INTO idempotency (token_id, key, request_sha256, answer, at) VALUES ('t', 'k', 'h', '{\"search_id\":\"q\"}', '');",
    )
    .expect("rows");
    db.pragma_update(None, "user_version", 4).expect("its version");
    drop(db);
    let mut store = Store::sqlite(folder.path()).expect("a store");
    assert_eq!(live(&mut store), [2]);
    assert_eq!(store.stats().expect("stats").suppressed, 1);
    store.suppress("p1", None, CLERK).expect("restored");
    assert_eq!(live(&mut store), [2, 1]);
    let person: Option<String> = one(&mut *store.db, "SELECT person FROM search", &[], Row::next).expect("asked");
    let kept: Option<String> = one(&mut *store.db, "SELECT search_id FROM request", &[], Row::next).expect("asked");
    assert_eq!((person.as_deref(), kept.as_deref()), (Some("ann"), Some("q")));
}

/// A store with three records of two people, each with its own template.
fn three() -> (tempfile::TempDir, Store) {
    let (folder, mut store) = fresh();
    let towards =
        |subject: &str, sha: &str, values: [f32; 2]| Enrolment { values: values.to_vec(), ..enrolment(subject, sha) };
    let batch = [towards("p1", "aa", [1.0, 0.0]), towards("p1", "bb", [0.0, 1.0]), towards("p2", "cc", [0.6, 0.8])];
    store.enrol(&batch, None, ("tests", "")).expect("enrolled");
    (folder, store)
}

#[test]
fn a_row_that_was_swapped_or_whose_key_is_missing_is_an_error_that_names_its_record() {
    let attacks = [
        (
            "another record's, of the same person",
            "UPDATE template SET sealed = (SELECT sealed FROM template WHERE record_id = 1) WHERE record_id = 2",
            2,
        ),
        (
            "another person's",
            "UPDATE template SET sealed = (SELECT sealed FROM template WHERE record_id = 1), subject_no = 1 WHERE record_id = 3",
            3,
        ),
        ("no key", "DELETE FROM subject_key WHERE subject_no = 2", 3),
        (
            "another key",
            "UPDATE subject_key SET key = (SELECT key FROM subject_key WHERE subject_no = 1) WHERE subject_no = 2",
            3,
        ),
        ("a destroyed key", "UPDATE subject_key SET key = zeroblob(32) WHERE subject_no = 2", 3),
        ("a changed byte", "UPDATE template SET sealed = zeroblob(36) WHERE record_id = 3", 3),
        (
            "another model's",
            "UPDATE template SET model = 'n' WHERE record_id = 3; UPDATE record SET model = 'n' WHERE record_id = 3",
            3,
        ),
    ];
    for (what, attack, record) in attacks {
        let (_folder, mut store) = three();
        store.db.batch(attack).expect("changed");
        let model = if what.starts_with("another model") { "n" } else { "m" };
        let of = |result: Result<(), StoreError>| match result {
            Err(StoreError::Sealed(record)) => record,
            other => panic!("{what}: {other:?}"),
        };
        let whole = store.changes(0, model, 10).map(drop);
        assert_eq!(of(whole), record, "{what}");
        let mut reader = store.reader().expect("a reader");
        let mut told = 0;
        assert_eq!(of(reader.templates(model, &[record], &mut |_, _| told += 1)), record, "{what}");
        assert_eq!(told, 0, "{what}");
    }
    // A record whose template is gone is missing from no list: there is none.
    let (_folder, mut store) = three();
    store.db.execute("DELETE FROM template WHERE record_id = 2", &[]).expect("removed");
    assert!(matches!(store.changes(0, "m", 10), Err(StoreError::Sealed(2))));
    // A record that was given to another person is listed under neither name.
    let (_folder, mut store) = three();
    let own = holder(&mut store, "demo");
    let search = Uuid::new_v4();
    begin(&mut store, search, &own, None);
    store.db.execute("UPDATE record SET subject_no = 1 WHERE record_id = 3", &[]).expect("given");
    let hits = [Hit { record: 3, subject: 2, score: 0.9 }];
    let listed = store.record_list(search, &own, &hits, |_| Ok(String::new()));
    assert!(matches!(listed, Err(StoreError::Sealed(3))));
    // Whoever is to be expunged is, even if their template does not open any more.
    let (_folder, mut store) = three();
    store.db.execute("UPDATE template SET sealed = zeroblob(36) WHERE record_id = 3", &[]).expect("changed");
    let id = store.expunge("p2", &order(), CLERK).expect("expunged");
    store.finish_expungement(id).expect("finished");
    assert_eq!(live(&mut store), [1, 2]);
}

/// Every byte of every file below `folder`.
fn files(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).expect("read") {
            let path = file.expect("a file").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.clone(), std::fs::read(path).expect("read")));
            }
        }
    }
    found
}

#[test]
fn an_earlier_gallery_is_sealed_when_it_is_opened_and_nothing_stays_in_the_clear() {
    let folder = tempfile::tempdir().expect("a folder");
    let planted = |n: u64| crate::benchmark::template(n, 512);
    {
        // As the fourth version left one that had lost some of its people, its log not yet taken in.
        let mut db = rusqlite::Connection::open(folder.path().join("gallery.sqlite")).expect("a file");
        db.pragma_update(None, "page_size", 8192).expect("set");
        db.pragma_update(None, "journal_mode", "wal").expect("set");
        db.pragma_update(None, "secure_delete", true).expect("set");
        for step in [
            include_str!("migrations/0001-records.sqlite.sql"),
            include_str!("migrations/0002-marks.sqlite.sql"),
            include_str!("migrations/0003-extraction.sqlite.sql"),
            include_str!("migrations/0004-relay.sqlite.sql"),
        ] {
            db.execute_batch(step).expect("a step");
        }
        let tx = db.transaction().expect("begun");
        for n in 1..=400u64 {
            let value: Vec<u8> = planted(n).iter().flat_map(|v| v.to_le_bytes()).collect();
            let key = Sha256::digest(n.to_le_bytes()).to_vec();
            tx.execute("INSERT INTO subject (subject_id, created_at) VALUES (?1, '')", [format!("p{n}")]).expect("row");
            tx.execute("INSERT INTO subject_key VALUES (?1, ?2)", rusqlite::params![n as i64, key]).expect("row");
            tx.execute(
                "INSERT INTO record (subject_no, source_sha256, photo, model, enrolled_at) VALUES (?1, 'a', '', 'm', '')",
                [n as i64],
            )
            .expect("row");
            tx.execute("INSERT INTO template VALUES (?1, ?2)", rusqlite::params![n as i64, value]).expect("row");
            tx.execute("INSERT INTO outbox (record_id, op) VALUES (?1, 'add')", [n as i64]).expect("row");
        }
        tx.commit().expect("committed");
        // Pages are merged when most of their rows are gone.
        for n in (1..=400).filter(|n| n % 7 != 0) {
            for sql in [
                "DELETE FROM template WHERE record_id = ?1",
                "DELETE FROM record WHERE record_id = ?1",
                "DELETE FROM subject_key WHERE subject_no = ?1",
            ] {
                db.execute(sql, [n]).expect("removed");
            }
        }
        db.pragma_update(None, "user_version", 6).expect("its version");
    }
    std::fs::create_dir(folder.path().join("index")).expect("a folder");
    let codes: Vec<u8> = planted(7).iter().map(|v| (v * 127.0) as i8 as u8).collect();
    std::fs::write(folder.path().join("index/0000000000000001.seg"), codes).expect("written");
    let clear = |folder: &Path| {
        let found = files(folder);
        let holds = |needle: &[u8]| found.iter().any(|(_, bytes)| memchr(bytes, needle));
        let floats = |n: u64| planted(n)[8..12].iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
        let key = |n: u64| Sha256::digest(n.to_le_bytes()).to_vec();
        let gone = (1..=400).filter(|n| n % 7 != 0 && holds(&key(*n))).count();
        ((1..=400).filter(|n| holds(&floats(*n))).count(), gone)
    };
    assert!(clear(folder.path()).0 >= 57, "the scan finds what lies there");
    let mut store = Store::sqlite(folder.path()).expect("a store");
    assert_eq!(clear(folder.path()), (0, 0));
    assert!(!folder.path().join("index").exists());
    assert_eq!(store.model().expect("asked").map(|m| (m.id, m.dim, m.templates)), Some(("m".to_owned(), 512, 57)));
    let (_, changes) = store.changes(0, "m", 1000).expect("changes");
    let mut seen = 0;
    for change in changes {
        if let Change::Add(entry, values) = change {
            assert_eq!(*values, planted(entry.record as u64));
            seen += 1;
        }
    }
    assert_eq!(seen, 57);
    drop(store);
    assert_eq!(clear(folder.path()), (0, 0));
}

fn memchr(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window[0] == needle[0] && window == needle)
}
