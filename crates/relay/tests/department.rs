//! The department's documents at a real relay: what it takes up, whom it answers, and what a workstation finds out about a
//! relay that was put back, forked or lies.

use crate::founded;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Query;
use axum::routing::{get, post};
use department::{Chain, HighestSeen, KeySpan, PublicKey, Refusal, Role, RosterDraft};
use founded::{
    Department, ROOT, Relay, adopted, code, copied, key, member, minutes, name_of, reason, refused, run, signed, told,
    workstation,
};
use relay::client::{Client, DepartmentError, Mailer, is_revoked};
use relay::wire::{Challenge, Newest, Session};

/// Administrators 1 and 2, workstations 7 and 8.
fn department() -> Department {
    Department::of(&[1, 2], &[7, 8])
}

fn version_refused(reason: &str) -> (u16, String, String) {
    (422, "version-refused".to_owned(), reason.to_owned())
}

async fn brought(by: &Mailer, document: &str) -> Result<Newest, (u16, String, String)> {
    by.bring(document).await.map_err(reason)
}

#[tokio::test]
async fn versions_are_served_as_they_are_and_taken_from_whoever_brings_them() {
    let department = department();
    let relay = Relay::of(&department, &[]);
    let client = Client::new(&relay.url).unwrap();
    let known = client.newest().await.unwrap();
    assert_eq!((known.department.as_str(), known.version), (department.root().to_string().as_str(), 1));
    assert_eq!(known.sha256, department.chain().newest().sha256());
    let by = relay.session(7).await.unwrap();
    let chain = by.department(&department.root(), None, None).await.unwrap();
    assert_eq!(chain, department.chain());
    let more = department.with(-60, |draft| draft.people.push(member(3, &[Role::Examiner])), &[1, 2]);
    let newest = brought(&by, &more.0[1]).await.unwrap();
    assert_eq!((newest.version, newest.sha256.as_str()), (2, more.chain().newest().sha256()));
    assert_eq!(brought(&by, &more.0[1]).await, Ok(newest), "to repeat it is harmless");
    let after = by.department(&department.root(), Some(&chain), Some(&chain.highest_seen())).await.unwrap();
    assert_eq!(after, more.chain());
    // What is new comes as it is, to be kept.
    for (known, count) in [(None, 0), (Some(&chain), 1), (Some(&after), 2)] {
        let (read, documents) = by.department_with_documents(&department.root(), known, None).await.unwrap();
        assert_eq!((&read, documents.as_slice()), (&after, &more.0[count..]));
    }
    // An old document, replayed, changes nothing.
    assert_eq!(brought(&by, &more.0[0]).await.unwrap().version, 2);
    assert_eq!(client.newest().await.unwrap().version, 2);
    let audit = relay.told(&["audit", "verify"]);
    assert!(audit.contains("chain whole"), "{audit}");
    // As a file, it is what was brought.
    let file = relay.data.path().parent().unwrap().join(format!("export-{}", uuid::Uuid::new_v4()));
    told(&["department", "export", "--data", relay.path(), file.to_str().unwrap()], "");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), more.file());
    assert!(refused(&["department", "export", "--data", relay.path(), file.to_str().unwrap()], "").contains("write"));
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn what_does_not_hold_is_refused_with_its_reason_and_audited() {
    let department = department();
    let relay = Relay::of(&department, &[]);
    let by = relay.session(7).await.unwrap();
    let next = |edit: &dyn Fn(&mut RosterDraft), signers: &[u8]| department.next(minutes(-60), edit, signers);
    let own_roster = |draft: &mut RosterDraft| draft.people.push(member(9, &[Role::Administrator]));
    // A workstation's own roster: by its own key, by the key that it names in it, by a root of its own.
    assert_eq!(brought(&by, &next(&own_roster, &[7])).await.unwrap_err(), version_refused("not-an-administrator"));
    assert_eq!(brought(&by, &next(&own_roster, &[9])).await.unwrap_err(), version_refused("not-an-administrator"));
    assert_eq!(brought(&by, &next(&own_roster, &[])).await.unwrap_err(), version_refused("too-few-signatures"));
    let draft = RosterDraft {
        people: vec![member(10, &[Role::Administrator])],
        name: "Ours".to_owned(),
        ..RosterDraft::default()
    };
    let other = Chain::first(&PublicKey::of(&key(9)), draft, minutes(-60)).unwrap();
    assert_eq!(brought(&by, &signed(&other, &[9])).await.unwrap_err(), version_refused("other-department"));
    // An administrator who removes the other one, or adds somebody, alone.
    let without = |draft: &mut RosterDraft| draft.people.retain(|m| m.person.badge != "4002");
    assert_eq!(brought(&by, &next(&without, &[1])).await.unwrap_err(), version_refused("too-few-signatures"));
    assert_eq!(brought(&by, &next(&without, &[1, 1])).await.unwrap_err(), version_refused("signed-twice"));
    assert_eq!(brought(&by, &next(&own_roster, &[1])).await.unwrap_err(), version_refused("too-few-signatures"));
    assert_eq!(brought(&by, &next(&without, &[1, 2])).await.unwrap_err(), version_refused("removal-needs-others"));
    // What comes later than next, what is none, and what is dated ahead.
    let later = department.more(-50).more(-40);
    assert_eq!(brought(&by, &later.0[2]).await.unwrap_err(), version_refused("wrong-number"));
    assert_eq!(brought(&by, "{}").await.unwrap_err().1, "version-refused");
    assert_eq!(brought(&by, "").await.unwrap_err(), version_refused("not-text"));
    let ahead = department.next(minutes(6), |_| {}, &[1, 2]);
    assert_eq!(brought(&by, &ahead).await.unwrap_err(), version_refused("dated-ahead"));
    assert_eq!(brought(&by, &department.next(minutes(4), |_| {}, &[1, 2])).await.unwrap().version, 2, "some minutes");
    assert!(relay.told(&["audit", "verify"]).starts_with(char::is_numeric));
    let db = rusqlite::Connection::open(relay.data.path().join("relay.sqlite")).unwrap();
    let sql = "SELECT count(*) FROM audit WHERE action = 'version-refused' AND actor = ?1";
    let count: i64 = db.query_row(sql, [name_of(&key(7))], |row| row.get(0)).unwrap();
    assert_eq!(count, 12);
}

#[tokio::test]
async fn a_document_as_long_as_nobody_writes_one_is_not_read() {
    let department = department();
    let relay = Relay::of(&department, &[]);
    let by = relay.session(7).await.unwrap();
    let long = "0,".repeat(50_000_000) + "0";
    let problem = by.bring(&long).await.unwrap_err();
    // The relay may close the connection before it is sent whole.
    assert!(
        problem.problem().is_none_or(|problem| (problem.status, problem.code.as_str()) == (413, "too-large")),
        "{problem}"
    );
    // As long as the format allows, and by nobody: its tree is not built.
    let text = format!("[{}0]", "0,".repeat(8_000_000));
    let document = serde_json_canonicalizer::to_string(&serde_json::json!({ "signatures": [], "text": text })).unwrap();
    assert_eq!(brought(&by, &document).await.unwrap_err(), version_refused("too-few-signatures"));
    let document = format!("{{\"signatures\":[{}0]}}", "0,".repeat(8_000_000));
    assert_eq!(brought(&by, &document).await.unwrap_err(), version_refused("too-few-signatures"));
    let status = std::fs::read_to_string(format!("/proc/{}/status", relay.child.id())).unwrap();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let most: u64 = most.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(most < 250_000, "{most} kB");
    // A long one that somebody signed is read.
    let many: Vec<_> = (0..2500u128)
        .map(|n| {
            let mut one = member(3, &[Role::Supervisor]);
            one.person.id = department::PersonId(uuid::Uuid::from_u128(1_000 + n));
            (one.person.badge, one.keys) = (format!("9{n}"), Vec::new());
            one
        })
        .collect();
    let next = department.next(minutes(-60), |draft| draft.people.extend(many), &[1, 2]);
    assert!(next.len() > 256 * 1024);
    assert_eq!(brought(&by, &next).await.unwrap().version, 2);
}

#[tokio::test]
async fn only_the_newest_roster_admits() {
    let department = department();
    let relay = Relay::of(&department, &[]);
    assert_eq!(code(relay.session(9).await.unwrap_err()), (403, "not-admitted".to_owned()), "nobody");
    assert_eq!(code(relay.session(1).await.unwrap_err()), (403, "not-admitted".to_owned()), "a person");
    assert_eq!(code(relay.session(ROOT).await.unwrap_err()), (403, "not-admitted".to_owned()), "the root key");
    let (stolen, other) = (relay.session(7).await.unwrap(), relay.session(8).await.unwrap());
    stolen.waiting().await.unwrap();
    // It is stolen, and an administrator takes it out: its next request in an open session is told.
    let without = department.with(-60, |draft| draft.workstations.retain(|w| w.name != "Desk 7"), &[1, 2]);
    brought(&other, &without.0[1]).await.unwrap();
    for error in [
        stolen.waiting().await.unwrap_err(),
        stolen.bring(&without.0[1]).await.unwrap_err(),
        relay.session(7).await.unwrap_err(),
        stolen.put(&name_of(&key(8)), uuid::Uuid::new_v4(), 3, "age").await.unwrap_err(),
    ] {
        assert!(is_revoked(&error), "{error}");
        assert_eq!(code(error), (403, "revoked".to_owned()));
    }
    let told = stolen.department(&department.root(), None, None).await.unwrap_err();
    assert!(matches!(&told, DepartmentError::Ask(error) if is_revoked(error)), "{told}");
    // Days count: one that has ended, and one that does not count yet.
    let days = without.with(
        -50,
        |draft| {
            let today = minutes(0).day();
            let yesterday = minutes(-60 * 24).day();
            let span = draft.workstations[0].signs;
            draft.workstations[0].signs = KeySpan::new(*span.key(), span.from(), Some(yesterday)).unwrap();
            let mut new = workstation(10);
            new.signs = KeySpan::new(*new.signs.key(), department::Day(today.0.tomorrow().unwrap()), None).unwrap();
            draft.workstations.push(new);
            draft.workstations.push(workstation(11));
        },
        &[1, 2],
    );
    brought(&other, &days.0[2]).await.unwrap();
    assert_eq!(code(other.waiting().await.unwrap_err()), (403, "revoked".to_owned()));
    assert_eq!(code(relay.session(10).await.unwrap_err()), (403, "not-admitted".to_owned()));
    relay.session(11).await.unwrap();
}

#[tokio::test]
async fn a_fork_is_refused_and_kept_as_evidence() {
    let department = department();
    let (one, two) =
        (department.more(-60), department.with(-50, |d| d.people.push(member(3, &[Role::Auditor])), &[1, 2]));
    let relay = Relay::of(&one, &[]);
    let by = relay.session(7).await.unwrap();
    assert_eq!(brought(&by, &two.0[1]).await.unwrap_err(), (409, "chain-fork".to_owned(), "fork".to_owned()));
    assert_eq!(brought(&by, &two.0[1]).await.unwrap_err().0, 409, "once more");
    assert_eq!(Client::new(&relay.url).unwrap().newest().await.unwrap().sha256, one.chain().newest().sha256());
    let into = tempfile::tempdir().unwrap();
    let said = told(&["department", "forks", "--data", relay.path(), "--into", into.path().to_str().unwrap()], "");
    let sha256 = two.chain().newest().sha256().to_owned();
    assert!(said.starts_with(&format!("2\t{sha256}\t{}\t", name_of(&key(7)))), "{said}");
    assert_eq!(std::fs::read_to_string(into.path().join(format!("2-{sha256}.json"))).unwrap(), two.0[1]);
    assert!(relay.told(&["audit", "verify"]).contains("chain whole"));
    // What nobody signed is none: whoever likes could fill the evidence.
    let forged = department.next(minutes(-40), |_| {}, &[7]);
    assert_eq!(brought(&by, &forged).await.unwrap_err(), version_refused("not-an-administrator"));
    assert_eq!(relay.told(&["department", "forks"]).lines().count(), 1);
    // The same at the command line.
    let file = into.path().join("two");
    std::fs::write(&file, two.file()).unwrap();
    let said = refused(&["department", "import", "--data", relay.path(), file.to_str().unwrap()], "");
    assert!(said.contains(&sha256), "{said}");
}

/// What a workstation that knew `known` is told by a relay that serves `served`.
async fn found(known: &Department, served: &Department) -> Result<Chain, DepartmentError> {
    let relay = Relay::of(served, &[]);
    let by = relay.session(7).await.unwrap();
    let chain = known.chain();
    let remembered = by.department(&known.root(), None, Some(&chain.highest_seen())).await;
    let kept = by.department(&known.root(), Some(&chain), None).await;
    match (&remembered, &kept) {
        (Ok(one), Ok(other)) => assert_eq!(one, other),
        // Whoever kept a hash alone finds what is shorter older, whatever else it is.
        (Err(DepartmentError::Rollback { .. }), Err(_)) => assert!(served.0.len() < known.0.len()),
        (Err(one), Err(other)) => assert_eq!(one.code(), other.code(), "{one}; {other}"),
        other => panic!("{other:?}"),
    }
    kept
}

#[tokio::test]
async fn a_relay_put_back_from_yesterdays_backup_is_found_and_healed() {
    let department = department();
    let two = department.more(-60);
    let three = two.more(-50);
    let relay = Relay::of(&two, &[]);
    let backup = copied(relay.data.path());
    let by = relay.session(7).await.unwrap();
    brought(&by, &three.0[2]).await.unwrap();
    let (chain, kept) = by.department_with_documents(&department.root(), Some(&two.chain()), None).await.unwrap();
    let seen = chain.highest_seen();
    assert_eq!(seen.version, 3);
    drop(relay);
    let relay = Relay::serving(backup, &[]);
    let by = relay.session(7).await.unwrap();
    for known in [None, Some(&chain)] {
        let refused = by.department(&department.root(), known, Some(&seen)).await.unwrap_err();
        assert!(matches!(refused, DepartmentError::Rollback { seen: 3, found: 2 }), "{refused:?}");
        assert_eq!(refused.code(), "department-rollback");
        assert!(refused.to_string().contains("backup"), "{refused}");
    }
    // Whoever kept the newer documents brings them.
    brought(&by, &kept[0]).await.unwrap();
    assert_eq!(by.department(&department.root(), None, Some(&seen)).await.unwrap(), three.chain());
}

#[tokio::test]
async fn a_fork_is_found_wherever_it_lies() {
    let one = department();
    let trunk = one.more(-60);
    let (here, there) = (trunk.more(-50), trunk.more(-45));
    for (known, served, number) in [
        (&here, &there, 3),
        (&here.more(-40), &there.more(-35), 3),
        (&here.more(-40).more(-30), &there, 3),
        (&here, &there.more(-35).more(-30).more(-25), 3),
    ] {
        match found(known, served).await.unwrap_err() {
            DepartmentError::Fork { number: found, one, other } => {
                assert_eq!(found, number);
                assert_eq!(one, known.chain().version(number).unwrap().sha256());
                assert_eq!(other, served.chain().version(number).unwrap().sha256());
            }
            other => panic!("{other:?}"),
        }
    }
}

/// A relay that lies. No program of ours does, so this one stands in for it.
struct Liar {
    url: String,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Liar {
    async fn who(newest: Newest, page: impl Fn(u32) -> String + Send + Sync + 'static) -> Self {
        let page = Arc::new(page);
        let session = Session { token: "crt_x".to_owned(), seconds: 60 };
        let app = Router::new()
            .route("/v1/challenges", post(async || axum::Json(Challenge { challenge: "c".to_owned() })))
            .route("/v1/sessions", post(async move || axum::Json(session.clone())))
            .route("/v1/department", get(async move || axum::Json(newest.clone())))
            .route(
                "/v1/department/versions",
                get(async move |Query(after): Query<std::collections::HashMap<String, u32>>| {
                    Body::from(page(after["after"]))
                }),
            );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, serving }
    }

    async fn asked(&self, department: &Department, seen: Option<&HighestSeen>) -> Result<Chain, DepartmentError> {
        let sign = async |_| Ok::<_, relay::client::AskError>("00".to_owned());
        let by = Client::new(&self.url).unwrap().begin(&name_of(&key(7)), sign).await.unwrap();
        by.department(&department.root(), None, seen).await
    }
}

#[tokio::test]
async fn a_relay_that_lies_is_not_believed() {
    let department = department().more(-60);
    let seen = department.chain().highest_seen();
    let says =
        |version: u32, sha256: &str| Newest { department: seen.department.clone(), version, sha256: sha256.to_owned() };
    let lines = |documents: &[String]| documents.iter().map(|d| format!("{d}\n")).collect::<String>();
    // It calls something its newest that it does not serve, and never comes to an end.
    let all = lines(&department.0);
    let again = all.clone();
    let liar = Liar::who(says(u32::MAX, &seen.sha256), move |_| again.clone()).await;
    let refused = liar.asked(&department, Some(&seen)).await.unwrap_err();
    assert!(matches!(refused, DepartmentError::Ask(_)), "the same again is no progress: {refused:?}");
    let again = all.clone();
    let liar = Liar::who(says(2, &"0".repeat(64)), move |_| again.clone()).await;
    assert!(matches!(liar.asked(&department, None).await.unwrap_err(), DepartmentError::Ask(_)));
    let liar = Liar::who(says(2, &seen.sha256), |_| String::new()).await;
    assert!(matches!(liar.asked(&department, None).await.unwrap_err(), DepartmentError::Ask(_)));
    // It serves a roster that its own key signed.
    let forged = department.next(minutes(-50), |d| d.workstations.push(workstation(9)), &[9]);
    let served = lines(&[department.0.clone(), vec![forged]].concat());
    let liar = Liar::who(says(3, &"0".repeat(64)), move |_| served.clone()).await;
    let refused = liar.asked(&department, Some(&seen)).await.unwrap_err();
    assert!(matches!(refused, DepartmentError::Refused(Refusal::NotAnAdministrator { .. })), "{refused:?}");
    // It is another department's, whatever it serves.
    let other = Newest { department: name_of(&key(9)), ..says(2, &seen.sha256) };
    let liar = Liar::who(other, move |_| all.clone()).await;
    assert!(matches!(liar.asked(&department, None).await.unwrap_err(), DepartmentError::Other { .. }));
}

#[tokio::test]
async fn documents_come_in_pages_that_have_an_end() {
    let mut department = department();
    for minute in 0..5 {
        department = department.more(-60 + minute);
    }
    // Larger than a page, each.
    let text = "# a rule\n".repeat(100_000);
    for minute in 10..20 {
        let chain = department.chain();
        let version = chain.next_policy(format!("{text}{minute}"), minutes(-60 + minute)).unwrap();
        department.0.push(signed(&version, &[1, 2]));
    }
    let relay = Relay::of(&department, &[]);
    let by = relay.session(7).await.unwrap();
    let (chain, documents) = by.department_with_documents(&department.root(), None, None).await.unwrap();
    assert_eq!((chain, documents), (department.chain(), department.0.clone()), "page by page, none twice");
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let token = format!("{by:?}").split("crt_").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = async |after: u32, token: &str| {
        let url = format!("{}/v1/department/versions?after={after}", relay.url);
        let answer = http.get(url).bearer_auth(token).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let token = format!("crt_{token}");
    let (status, first) = page(0, &token).await;
    assert!(status == 200 && first.len() < 5_000_000 && first.lines().count() < 16, "{} bytes", first.len());
    let (_, last) = page(15, &token).await;
    assert_eq!(last.lines().collect::<Vec<_>>(), [department.0[15].as_str()]);
    assert_eq!(page(16, &token).await, (200, String::new()));
    assert_eq!(page(0, "crt_0").await.0, 401, "names and badges are for the department");
}

#[test]
fn a_relay_does_not_serve_documents_that_do_not_hold_and_says_which() {
    let department = department().more(-60).more(-50);
    let spoilt = |change: &str| {
        let data = adopted(&department);
        let db = rusqlite::Connection::open(data.path().join("relay.sqlite")).unwrap();
        assert!(db.execute_batch(change).is_err(), "not by hand while its triggers stand: {change}");
        let triggers = "DROP TRIGGER version_stays; DROP TRIGGER version_kept; DROP TRIGGER department_stays; DROP TRIGGER department_kept;";
        db.execute_batch(&format!("{triggers}{change}")).unwrap();
        drop(db);
        let said = refused(&["serve", "--listen", "127.0.0.1:0", "--data", data.path().to_str().unwrap()], "");
        assert_eq!(refused(&["roster", "show", "--data", data.path().to_str().unwrap()], ""), said);
        said
    };
    let changed = "UPDATE version SET document = replace(document, 'Desk 7', 'Desk 6') WHERE number = 2";
    assert!(spoilt(changed).contains("version 2 "));
    assert!(spoilt("DELETE FROM version WHERE number = 2").contains("version 2 "));
    assert!(spoilt("DELETE FROM version").contains("version 1 "));
    assert!(spoilt("UPDATE department SET root = replace(root, '1', '2')").contains("version 1 "));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), department.file()).unwrap();
    let data = adopted(&department);
    let words = ["adopt", "--data", data.path().to_str().unwrap(), "--root"];
    let (root, other) = (department.root().to_string(), name_of(&key(9)));
    let again = [&words[..], &[&root, file.path().to_str().unwrap()]].concat();
    assert!(refused(&again, "").contains("already"));
    let empty = tempfile::tempdir().unwrap();
    let words = ["adopt", "--data", empty.path().to_str().unwrap(), "--root"];
    let other = [&words[..], &[&other, file.path().to_str().unwrap()]].concat();
    assert_eq!(run(&other, "").status.code(), Some(1), "under another root key");
}

#[tokio::test]
async fn documents_that_go_back_under_a_running_relay_are_not_served() {
    let department = department().more(-60);
    let relay = Relay::of(&department, &[]);
    let by = relay.session(7).await.unwrap();
    let db = rusqlite::Connection::open(relay.data.path().join("relay.sqlite")).unwrap();
    db.execute_batch("DROP TRIGGER version_kept; DELETE FROM version WHERE number = 2").unwrap();
    assert_eq!(code(by.waiting().await.unwrap_err()), (503, "unavailable".to_owned()));
    assert_eq!(code(Client::new(&relay.url).unwrap().newest().await.unwrap_err()).0, 503);
}
