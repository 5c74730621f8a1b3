//! The real program over HTTP: what it keeps, for whom, and what it refuses. That nobody else opens a mailbox is played in
//! `tests/src/adversary/relay.rs`.

use crate::founded;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use founded::{Department, Relay, adopted, code, key, name_of, program, refused, told};
use futures_util::stream;
use relay::client::{AskError, Client, Mailer};
use reqwest::Body;
use uuid::Uuid;

const PACKAGE: &[u8] = b"age-encryption.org/v1\n-> X25519 ...";

async fn fetched(from: &Mailer, id: Uuid) -> Result<Vec<u8>, AskError> {
    let mut bytes = Vec::new();
    from.fetch(id, &mut bytes).await.map(|()| bytes)
}

/// A package of so many bytes, as far as whoever cannot read it sees.
fn package(bytes: usize) -> Vec<u8> {
    let mut package = PACKAGE.to_vec();
    package.resize(bytes, 7);
    package
}

async fn put(from: &Mailer, to: u8, bytes: usize) -> Result<(), (u16, String)> {
    from.put(&name_of(&key(to)), Uuid::new_v4(), bytes as u64, package(bytes)).await.map_err(code)
}

fn no(status: u16, code: &str) -> Result<(), (u16, String)> {
    Err((status, code.to_owned()))
}

#[tokio::test]
async fn a_mailbox_keeps_ciphertext_for_its_workstation_once() {
    let relay = Relay::of(&Department::of(&[1], &[7, 8]), &[]);
    let (from, to) = (relay.session(7).await.unwrap(), relay.session(8).await.unwrap());
    let (mailbox, id) = (name_of(&key(8)), Uuid::new_v4());
    let put =
        async |mailbox: &str, body: &[u8]| from.put(mailbox, id, body.len() as u64, body.to_vec()).await.map_err(code);
    assert_eq!(put(&mailbox, b"in plain").await, no(415, "not-encrypted"));
    assert_eq!(put(&mailbox, PACKAGE).await, Ok(()));
    assert_eq!(put(&mailbox, PACKAGE).await, Ok(()), "a repeat is harmless");
    assert_eq!(put(&mailbox, b"age-encryption.org/v1\nother").await, no(409, "package-conflict"));
    assert_eq!(put("xyz", PACKAGE).await, no(422, "mailbox-name"));
    assert_eq!(put(&mailbox.to_uppercase(), PACKAGE).await, no(422, "mailbox-name"));
    assert_eq!(put(&name_of(&key(9)), PACKAGE).await, no(404, "not-found"), "nobody would fetch it");
    assert_eq!(put(&name_of(&key(1)), PACKAGE).await, no(404, "not-found"), "a person is no workstation");
    let waiting = to.waiting().await.unwrap().packages;
    assert_eq!((waiting.len(), waiting[0].package_id, waiting[0].bytes), (1, id, PACKAGE.len() as u64));
    assert_eq!(fetched(&to, id).await.unwrap(), PACKAGE);
    to.take_away(id).await.unwrap();
    to.take_away(id).await.unwrap();
    assert_eq!(code(fetched(&to, id).await.unwrap_err()), (404, "not-found".to_owned()));
    assert_eq!(put(&mailbox, PACKAGE).await, Ok(()), "it does not come back after it was taken");
    assert_eq!(to.waiting().await.unwrap().packages, []);
    assert_eq!(from.waiting().await.unwrap().packages, []);
}

#[tokio::test]
async fn what_lies_in_a_mailbox_outlives_the_service_and_sessions_do_not() {
    let relay = Relay::of(&Department::of(&[1], &[7]), &[]);
    let session = relay.session(7).await.unwrap();
    let (mailbox, id) = (name_of(&key(7)), Uuid::new_v4());
    session.put(&mailbox, id, PACKAGE.len() as u64, PACKAGE.to_vec()).await.unwrap();
    let half = relay.data.path().join("mailboxes").join(&mailbox).join(".part-1");
    std::fs::write(&half, "half written").unwrap();
    let again = Relay::serving(relay.ended(), &[]);
    assert!(!half.exists(), "what a crash left is swept");
    let session = again.session(7).await.unwrap();
    assert_eq!(fetched(&session, id).await.unwrap(), PACKAGE);
    let earlier = session.clone();
    let later = again.session(7).await.unwrap();
    assert!(matches!(earlier.waiting().await, Err(AskError::Token { service: "relay" })), "one session a workstation");
    assert_eq!(later.waiting().await.unwrap().packages.len(), 1);
    assert!(again.told(&["audit", "verify"]).contains("chain whole"));
}

#[tokio::test]
async fn a_flooding_sender_is_refused_and_the_mail_of_others_arrives() {
    let words = ["--packages-of-a-sender", "3", "--bytes-of-a-sender", "5000", "--bytes-of-a-mailbox", "8000"];
    let words = [&words[..], &["--requests-a-minute", "40"]].concat();
    let relay = Relay::of(&Department::of(&[1], &[6, 7, 8]), &words);
    let (mallory, other) = (relay.session(7).await.unwrap(), relay.session(6).await.unwrap());
    assert_eq!(put(&mallory, 8, 5001).await, no(507, "sender-limit"));
    for _ in 0..3 {
        assert_eq!(put(&mallory, 8, 1000).await, Ok(()));
    }
    assert_eq!(put(&mallory, 8, 100).await, no(507, "sender-limit"), "a fourth package");
    assert_eq!(put(&mallory, 6, 100).await, no(507, "sender-limit"), "nor for somebody else");
    assert_eq!(put(&other, 8, 4900).await, Ok(()), "others' mail arrives");
    assert_eq!(put(&other, 8, 101).await, no(507, "sender-limit"));
    assert_eq!(put(&other, 8, 100).await, Ok(()), "8000 bytes lie there");
    let third = relay.session(8).await.unwrap();
    assert_eq!(put(&third, 8, 100).await, no(507, "mailbox-full"));
    // Who put what is known after the service began again.
    let relay = Relay::serving(relay.ended(), &words);
    let (mallory, to) = (relay.session(7).await.unwrap(), relay.session(8).await.unwrap());
    assert_eq!(put(&mallory, 6, 100).await, no(507, "sender-limit"));
    let waiting = to.waiting().await.unwrap().packages;
    assert_eq!(waiting.len(), 5);
    for package in &waiting {
        to.take_away(package.package_id).await.unwrap();
    }
    assert_eq!(put(&mallory, 8, 1000).await, Ok(()), "what was fetched makes room");
    // Requests: this one asks until it may not, and the other one may.
    let refused = loop {
        if let Err(error) = mallory.waiting().await {
            break code(error);
        }
    };
    assert_eq!(refused, (429, "rate-limited".to_owned()));
    assert_eq!(code(mallory.waiting().await.unwrap_err()).0, 429);
    assert_eq!(code(relay.session(7).await.unwrap_err()).0, 429, "another session counts as well");
    assert_eq!(to.waiting().await.unwrap().packages.len(), 1);
}

#[tokio::test]
async fn slow_senders_take_their_own_places_alone() {
    let relay = Relay::of(&Department::of(&[1], &[6, 7, 8]), &[]);
    let (mallory, other) = (relay.session(7).await.unwrap(), relay.session(6).await.unwrap());
    let slow: Vec<_> = (0..8)
        .map(|_| {
            let (mallory, to) = (mallory.clone(), name_of(&key(8)));
            tokio::spawn(async move {
                // The quick one below may have its place for a moment.
                loop {
                    let first = stream::iter([Ok::<_, std::io::Error>(PACKAGE.to_vec())]);
                    let body = Body::wrap_stream(futures_util::StreamExt::chain(first, stream::pending()));
                    let put = mallory.put(&to, Uuid::new_v4(), 900_000_000, body).await;
                    assert_eq!(put.map_err(code), no(429, "rate-limited"));
                }
            })
        })
        .collect();
    // Until the last of the eight has its place, this one may be quicker.
    let refused = loop {
        if let Err(refused) = put(&mallory, 8, 100).await {
            break refused;
        }
    };
    assert_eq!(refused, (429, "rate-limited".to_owned()));
    assert_eq!(put(&other, 8, 100_000).await, Ok(()));
    for sending in slow {
        sending.abort();
    }
    let again = loop {
        if put(&mallory, 8, 100).await.is_ok() {
            break true;
        }
    };
    assert!(again, "places come back when connections end");
}

#[tokio::test]
async fn a_full_disk_keeps_nothing_by_halves() {
    let data = adopted(&Department::of(&[1], &[7, 8]));
    // What a file may have, in blocks of 512 bytes, here stands for what is free.
    let mut command = std::process::Command::new("sh");
    let script = "trap '' XFSZ; ulimit -f 4096; exec \"$0\" serve --listen 127.0.0.1:0 --data \"$1\"";
    command.args(["-c", script]).arg(program().get_program()).arg(data.path());
    let relay = Relay::by(data, command);
    let (from, to) = (relay.session(7).await.unwrap(), relay.session(8).await.unwrap());
    assert_eq!(put(&from, 8, 9_000_000).await, no(507, "disk-full"));
    assert_eq!(put(&from, 8, 1000).await, Ok(()), "what fits arrives");
    let folder = relay.data.path().join("mailboxes").join(name_of(&key(8)));
    let files = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!((files, to.waiting().await.unwrap().packages.len()), (1, 1));
    // Where the database cannot put a package on record, it does not lie there either.
    let db = rusqlite::Connection::open(relay.data.path().join("relay.sqlite")).unwrap();
    db.execute_batch("CREATE TRIGGER full BEFORE INSERT ON package BEGIN SELECT RAISE(ABORT, 'disk full'); END;")
        .unwrap();
    assert_eq!(put(&from, 8, 1000).await, no(503, "unavailable"));
    assert_eq!((std::fs::read_dir(&folder).unwrap().count(), to.waiting().await.unwrap().packages.len()), (1, 1));
    db.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(put(&from, 8, 1000).await, Ok(()));
}

#[tokio::test]
async fn a_relay_of_the_earlier_form_says_what_it_needs_and_keeps_its_packages() {
    let data = tempfile::tempdir().unwrap();
    let db = rusqlite::Connection::open(data.path().join("relay.sqlite")).unwrap();
    db.execute_batch(include_str!("../src/migrations/0001-workstations.sql")).unwrap();
    let card = department::Card::of("Robbery 2", name_of(&key(8)), "age1x".to_owned());
    let card = serde_json::to_string(&card).unwrap();
    db.execute("INSERT INTO workstation VALUES (?1, ?2, '2026-01-01T00:00:00Z')", [name_of(&key(8)), card]).unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    drop(db);
    let (folder, id) = (data.path().join("mailboxes").join(name_of(&key(8))), Uuid::new_v4());
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{id}.age")), PACKAGE).unwrap();
    let relay = Relay::serving(data, &[]);
    let none = relay.session(8).await.unwrap_err();
    let said = none.problem().unwrap().detail.clone();
    assert!(said.contains("relay init") && said.contains("relay adopt") && said.contains("stay"), "{said}");
    assert_eq!(code(none), (404, "no-department".to_owned()));
    assert_eq!(code(Client::new(&relay.url).unwrap().newest().await.unwrap_err()), (404, "no-department".to_owned()));
    assert!(refused(&["roster", "show", "--data", relay.path()], "").contains("relay init"));
    // The department is adopted while it serves.
    let department = Department::of(&[1], &[8]);
    let file = relay.data.path().join("department");
    std::fs::write(&file, department.file()).unwrap();
    let root = department.root().to_string();
    told(&["adopt", "--data", relay.path(), "--root", &root, file.to_str().unwrap()], "");
    let to = relay.session(8).await.unwrap();
    assert_eq!(fetched(&to, id).await.unwrap(), PACKAGE);
    to.take_away(id).await.unwrap();
    assert!(relay.told(&["audit", "verify"]).contains("chain whole"));
    let db = rusqlite::Connection::open(relay.data.path().join("relay.sqlite")).unwrap();
    let sql = "SELECT detail FROM audit WHERE action = 'admissions-ended'";
    let told: String = db.query_row(sql, [], |row| row.get(0)).unwrap();
    assert!(told.contains("Robbery 2"), "whom to put into the roster stays on record: {told}");
}

#[tokio::test]
async fn it_refuses_what_it_must_in_words() {
    let relay = Relay::of(&Department::of(&[1], &[7]), &[]);
    let data = relay.path();
    assert!(refused(&["roster", "show", "--data", "/nowhere"], "").contains("no relay"));
    assert!(refused(&["serve", "--data", data, "--listen", "0.0.0.0:0"], "").contains("--tls-cert"));
    let token = {
        let session = relay.session(7).await.unwrap();
        format!("{session:?}").split("crt_").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    // Addresses that nothing has, a method that one has not, and paths that lead elsewhere.
    let own = name_of(&key(7));
    let address = relay.url.trim_start_matches("http://");
    for (request, status) in [
        ("GET /v1/nothing".to_owned(), "404"),
        ("DELETE /v1/info".to_owned(), "405"),
        ("GET /v1/healthz".to_owned(), "200"),
        ("GET /v1/department".to_owned(), "200"),
        ("DELETE /v1/department/versions".to_owned(), "405"),
        ("GET /v1/department/versions?after=x".to_owned(), "422"),
        ("GET /v1/department/versions?after=-1".to_owned(), "422"),
        ("GET /v1/department/versions?after=0&after=1".to_owned(), "422"),
        ("GET /v1/department/versions?after=4294967296".to_owned(), "422"),
        ("GET /v1/department/versions?after=4294967295".to_owned(), "200"),
        ("GET /v1/mailboxes/..".to_owned(), "403"),
        ("GET /v1/mailboxes/%2e%2e".to_owned(), "403"),
        ("GET /v1/mailboxes/%2e%2e%2frelay.sqlite".to_owned(), "403"),
        (format!("GET /v1/mailboxes/{own}/..%2f..%2frelay.sqlite"), "404"),
        (format!("GET /v1/mailboxes/{own}%2f..%2f..%2frelay.sqlite"), "403"),
        (format!("GET /v1/mailboxes/{own}%00"), "403"),
        (format!("PUT /v1/mailboxes/..%2f{own}/{}", Uuid::nil()), "422"),
        (format!("PUT /v1/mailboxes/%2ftmp/{}", Uuid::nil()), "422"),
        (format!("PUT /v1/mailboxes/{own}/%2e%2e"), "404"),
        ("GET /v1/ledger/rows/x".to_owned(), "400"),
        ("GET /ledger/%2e%2e%2frelay.sqlite".to_owned(), "404"),
        ("GET /ledger/../ledger.key".to_owned(), "404"),
    ] {
        let mut stream = TcpStream::connect(address).unwrap();
        let headers =
            format!("Host: {address}\r\nAuthorization: Bearer crt_{token}\r\nContent-Length: 0\r\nConnection: close");
        write!(stream, "{request} HTTP/1.1\r\n{headers}\r\n\r\n").unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        assert!(line.contains(status), "{request}: {line}");
    }
    let lie: Vec<_> = std::fs::read_dir(relay.data.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(
        lie.iter().all(|name| {
            name.to_string_lossy().starts_with("relay.sqlite")
                || ["mailboxes", "ledger", "ledger.key"].iter().any(|known| name == known)
        }),
        "{lie:?}"
    );
}

/// A manifest of these pieces as the workstation signs it.
fn manifest(of: u8, pieces: &[&str]) -> String {
    use ed25519_dalek::Signer;
    let text = serde_json::json!({ "chunks": pieces }).to_string();
    let signature = hex::encode(key(of).sign(format!("corroborate.backup.v1\n{text}").as_bytes()).to_bytes());
    serde_json::json!({ "text": text, "sha256": "", "signature": signature, "public_key": name_of(&key(of)) })
        .to_string()
}

#[tokio::test]
async fn a_backup_is_kept_for_its_workstation_whole_or_not_at_all() {
    use sha2::Digest;
    let relay = Relay::of(&Department::of(&[1], &[7, 8]), &["--bytes-of-a-backup", "5000"]);
    let (own, other) = (relay.session(7).await.unwrap(), relay.session(8).await.unwrap());
    let bytes = [vec![1; 2000], vec![2; 2000], vec![3; 1001]];
    let names: Vec<String> = bytes.iter().map(|piece| hex::encode(sha2::Sha256::digest(piece))).collect();
    let keep = async |at: usize, name: &str| own.keep_piece(name, bytes[at].clone()).await.map_err(code);
    assert_eq!(keep(0, &names[0]).await, Ok(true));
    assert_eq!(keep(0, &names[0]).await, Ok(true), "a repeat is harmless");
    assert_eq!(keep(1, &names[0]).await, Err((422, "malformed".to_owned())), "another piece under that name");
    assert_eq!(keep(1, "../../../relay.sqlite").await.unwrap_err().0, 404);
    assert_eq!(own.keep_piece(&names[1], vec![2; (1 << 20) + 1]).await.map_err(code).unwrap_err().0, 413);

    // A manifest counts once its pieces are there, by who signed it, and under a moment.
    let (first, second) = ("2026-03-02T120000Z", "2026-03-03T120000.5Z");
    let put = async |name: &str, text: String| own.keep_manifest(name, text).await.map_err(code);
    let both = [names[0].as_str(), names[1].as_str()];
    assert_eq!(put(first, manifest(7, &both)).await, no(409, "backup-incomplete"));
    assert_eq!(keep(1, &names[1]).await, Ok(true));
    assert_eq!(put(first, manifest(7, &both)).await, Ok(()));
    assert_eq!(put(second, manifest(7, &both[..1])).await, Ok(()));
    assert_eq!(put(second, manifest(8, &both)).await, no(422, "malformed"), "of another workstation");
    assert_eq!(put(second, manifest(7, &both).replace("chunks", "chunkz")).await, no(422, "malformed"));
    assert_eq!(put("..%2F..%2Fx", manifest(7, &both)).await, no(422, "malformed"));
    assert_eq!(keep(2, &names[2]).await, Err((507, "sender-limit".to_owned())), "no room");

    // Nobody else reads it, overwrites it or takes it away.
    assert_eq!(other.backups().await.unwrap(), relay::wire::Backups::default());
    other.drop_backup(first).await.unwrap();
    let there = own.backups().await.unwrap();
    assert_eq!(there.manifests, [first, second]);
    assert_eq!(there.pieces.len(), 2);

    // What no backup needs goes with the last that did.
    own.drop_backup(first).await.unwrap();
    own.drop_backup(first).await.unwrap();
    let there = own.backups().await.unwrap();
    assert_eq!((there.manifests, there.pieces), (vec![second.to_owned()], vec![names[0].clone()]));
    assert_eq!(keep(2, &names[2]).await, Ok(true), "there is room again");
}
