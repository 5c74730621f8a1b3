use department::{KeySpan, Member, Moment, Person, PersonId, PublicKey, Role, RosterDraft};
use ed25519_dalek::SigningKey;

use super::*;

fn root() -> SigningKey {
    SigningKey::from_bytes(&[200; 32])
}

fn first() -> String {
    let made_at = Moment(Timestamp::now());
    let own = PublicKey::of(&SigningKey::from_bytes(&[1; 32]));
    let person = Person {
        id: PersonId(uuid::Uuid::nil()),
        name: "Person 1".to_owned(),
        badge: "1".to_owned(),
        ori: "CA0190000".to_owned(),
        roles: vec![Role::Administrator],
        training: None,
        added_by: None,
    };
    let keys = vec![KeySpan::new(own, made_at.day(), None).expect("in order")];
    let draft =
        RosterDraft { name: "Nowhere".to_owned(), people: vec![Member { person, keys }], ..RosterDraft::default() };
    let version = Chain::first(&PublicKey::of(&root()), draft, made_at).expect("a roster");
    version.signed(vec![version.sign(&root())]).expect("a document")
}

#[test]
fn what_was_done_is_on_an_audit_that_tells_of_changes() {
    let data = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(data.path()).expect("opened");
    assert!(store.chain().expect("asked").is_none());
    let now = Moment(Timestamp::now());
    store.found(&PublicKey::of(&root()), &[first()], "department-founded", now).expect("founded");
    store.audit("somebody", "something", &json!({})).expect("written");
    let again = store.found(&PublicKey::of(&root()), &[first()], "department-founded", now);
    assert!(matches!(again, Err(TakeError::Founded(_))), "{again:?}");
    drop(store);
    let store = Store::open(data.path()).expect("opened");
    // What was refused left no row.
    assert_eq!(store.verify_audit().expect("whole").0, 2);
    store.db.execute("UPDATE audit SET detail = '{}' WHERE seq = 1", []).expect("by hand");
    assert!(matches!(store.verify_audit(), Err(StoreError::Broken(1))));
}

#[test]
fn a_database_of_a_later_program_is_left_alone() {
    let data = tempfile::tempdir().expect("a folder");
    let store = Store::open(data.path()).expect("opened");
    let later = STEPS.len() as i64 + 1;
    for form in [later, i64::from(i32::MAX), -1] {
        store.db.pragma_update(None, "user_version", form).expect("by hand");
        let form: i64 = store.db.pragma_query_value(None, "user_version", |row| row.get(0)).expect("read");
        assert!(matches!(Store::open(data.path()), Err(StoreError::Newer(n)) if n == form));
    }
}

#[test]
fn a_version_that_two_made_at_once_is_no_fork() {
    let data = tempfile::tempdir().expect("a folder");
    let (mut one, now) = (Store::open(data.path()).expect("opened"), Moment(Timestamp::now()));
    let base = one.found(&PublicKey::of(&root()), &[first()], "department-founded", now).expect("founded");
    let mut two = Store::open(data.path()).expect("opened");
    let next = |name: &str| {
        let mut draft = base.newest().roster().content().clone();
        draft.name = name.to_owned();
        let version = base.next_roster(draft, Moment(Timestamp::now())).expect("a roster");
        version.signed(vec![version.sign(&root())]).expect("a document")
    };
    let (theirs, ours) = (next("Theirs"), next("Ours"));
    two.take_next(theirs.as_bytes(), &base, now).expect("taken");
    assert!(matches!(one.take_next(ours.as_bytes(), &base, now), Err(TakeError::Meanwhile)));
    assert!(one.forks().expect("read").is_empty());
    // What another process took is known at the next look.
    assert_eq!(one.chain().expect("read").expect("founded").newest().number(), 2);
    assert!(matches!(one.take(ours.as_bytes(), "somebody", now), Err(TakeError::Fork(_))), "brought, it is one");
    assert_eq!(one.forks().expect("read").len(), 1);
}
