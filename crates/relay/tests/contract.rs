//! The real program over HTTP: what it keeps, for whom, and what it refuses. That nobody else opens a mailbox is played in
//! `tests/src/adversary/relay.rs`.

#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use department::Card;
use ed25519_dalek::{Signer, SigningKey};
use relay::client::{AskError, Client, Mailer};
use service::signing::message;
use uuid::Uuid;

struct Relay {
    data: tempfile::TempDir,
    child: Child,
    url: String,
}

impl Drop for Relay {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn name_of(key: &SigningKey) -> String {
    hex::encode(key.verifying_key().to_bytes())
}

impl Relay {
    fn serving(data: tempfile::TempDir) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_relay"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = format!("http://{}", line.trim().strip_prefix("listening on ").unwrap());
        Self { data, child, url }
    }

    fn start() -> Self {
        Self::serving(tempfile::tempdir().unwrap())
    }

    fn admit(&self, key: &SigningKey, name: &str) {
        let card = Card::of(name, name_of(key), "age1x".to_owned());
        let path = self.data.path().join("card.json");
        std::fs::write(&path, serde_json::to_string(&card).unwrap()).unwrap();
        let said = self.run(&["admit", path.to_str().unwrap()]);
        assert_eq!(said, format!("admitted {name}, fingerprint {}", card.fingerprint()));
    }

    fn run(&self, words: &[&str]) -> String {
        let output =
            Command::new(env!("CARGO_BIN_EXE_relay")).args(words).arg("--data").arg(self.data.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    async fn session(&self, key: &SigningKey) -> Result<Mailer, AskError> {
        let sign = async |text: String| Ok::<_, AskError>(hex::encode(key.sign(message(&text).as_bytes()).to_bytes()));
        Client::new(&self.url).unwrap().begin(&name_of(key), sign).await
    }
}

fn code(error: AskError) -> (u16, String) {
    let problem = error.problem().unwrap_or_else(|| panic!("{error}"));
    (problem.status, problem.code.clone())
}

const PACKAGE: &[u8] = b"age-encryption.org/v1\n-> X25519 ...";

async fn fetched(from: &Mailer, id: Uuid) -> Result<Vec<u8>, AskError> {
    let mut bytes = Vec::new();
    from.fetch(id, &mut bytes).await.map(|()| bytes)
}

#[tokio::test]
async fn a_mailbox_keeps_ciphertext_for_its_workstation_once() {
    let relay = Relay::start();
    let [sender, recipient, stranger] = [7, 8, 9].map(|n| SigningKey::from_bytes(&[n; 32]));
    relay.admit(&sender, "Robbery 2");
    relay.admit(&recipient, "Supervisors");
    let (from, to) = (relay.session(&sender).await.unwrap(), relay.session(&recipient).await.unwrap());
    let (mailbox, id) = (name_of(&recipient), Uuid::new_v4());
    let put =
        async |mailbox: &str, body: &[u8]| from.put(mailbox, id, body.len() as u64, body.to_vec()).await.map_err(code);
    let refused = |status: u16, code: &str| Err((status, code.to_owned()));
    assert_eq!(put(&mailbox, b"in plain").await, refused(415, "not-encrypted"));
    assert_eq!(put(&mailbox, PACKAGE).await, Ok(()));
    assert_eq!(put(&mailbox, PACKAGE).await, Ok(()), "a repeat is harmless");
    assert_eq!(put(&mailbox, b"age-encryption.org/v1\nother").await, refused(409, "package-conflict"));
    assert_eq!(put("xyz", PACKAGE).await, refused(422, "mailbox-name"));
    assert_eq!(put(&name_of(&stranger), PACKAGE).await, refused(404, "not-found"), "nobody would fetch it");
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
    let mut relay = Relay::start();
    let key = SigningKey::from_bytes(&[7; 32]);
    assert_eq!(code(relay.session(&key).await.unwrap_err()), (403, "not-admitted".to_owned()));
    relay.admit(&key, "Robbery 2");
    let session = relay.session(&key).await.unwrap();
    let id = Uuid::new_v4();
    session.put(&name_of(&key), id, PACKAGE.len() as u64, PACKAGE.to_vec()).await.unwrap();
    relay.child.kill().unwrap();
    relay.child.wait().unwrap();
    let half = relay.data.path().join("mailboxes").join(name_of(&key)).join(".part-1");
    std::fs::write(&half, "half written").unwrap();
    let data = std::mem::replace(&mut relay.data, tempfile::tempdir().unwrap());
    let again = Relay::serving(data);
    assert!(!half.exists(), "what a crash left is swept");
    let session = again.session(&key).await.unwrap();
    assert_eq!(fetched(&session, id).await.unwrap(), PACKAGE);
    let earlier = session.clone();
    let later = again.session(&key).await.unwrap();
    assert!(matches!(earlier.waiting().await, Err(AskError::Token { service: "relay" })), "one session a workstation");
    assert_eq!(later.waiting().await.unwrap().packages.len(), 1);
    assert!(again.run(&["workstations"]).ends_with("\tRobbery 2"));
    assert!(again.run(&["audit", "verify"]).contains("chain whole"));
}

#[tokio::test]
async fn it_refuses_what_it_must_in_words() {
    let relay = Relay::start();
    let refused = |words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_relay")).args(words).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let data = relay.data.path().to_str().unwrap();
    let no_card = relay.data.path().join("no-card.json");
    std::fs::write(&no_card, "{}").unwrap();
    assert!(refused(&["admit", "--data", data, no_card.to_str().unwrap()]).contains("no workstation's card"));
    assert!(refused(&["dismiss", "--data", data, &"ab".repeat(32)]).contains("is admitted"));
    assert!(refused(&["workstations", "--data", "/nowhere"]).contains("no relay"));
    assert!(refused(&["serve", "--data", data, "--listen", "0.0.0.0:0"]).contains("--tls-cert"));
    // Addresses that nothing has, and a method that one has not.
    let address = relay.url.trim_start_matches("http://");
    for (request, status) in [("GET /v1/nothing", "404"), ("DELETE /v1/info", "405"), ("GET /v1/healthz", "200")] {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "{request} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        assert!(line.contains(status), "{request}: {line}");
    }
}
