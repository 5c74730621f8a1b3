//! A department for tests, and a real `relay serve` that serves it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use bech32::{Bech32, Hrp};
use department::{
    Chain, Day, KeySpan, Member, Moment, Person, PersonId, PublicKey, Role, RosterDraft, Version, Workstation,
};
use ed25519_dalek::{Signer, SigningKey};
use jiff::{SignedDuration, Timestamp};
use relay::client::{AskError, Client, Mailer};
use service::signing::message;

/// Number of the root key.
pub const ROOT: u8 = 200;

pub fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

pub fn name_of(key: &SigningKey) -> String {
    hex::encode(key.verifying_key().to_bytes())
}

pub fn recipient(n: u8) -> String {
    let mut text = String::new();
    bech32::encode_to_fmt::<Bech32, String>(&mut text, Hrp::parse("age").unwrap(), &[n; 32]).unwrap();
    text
}

/// So many minutes from now.
pub fn minutes(n: i64) -> Moment {
    Moment(Timestamp::now() + SignedDuration::from_mins(n))
}

fn before() -> Day {
    minutes(-60 * 24 * 2).day()
}

pub fn member(n: u8, roles: &[Role]) -> Member {
    let person = Person {
        id: PersonId(uuid::Uuid::from_u128(u128::from(n))),
        name: format!("Person {n}"),
        badge: format!("{}", 4000 + u32::from(n)),
        ori: "CA0190000".to_owned(),
        roles: roles.to_vec(),
        training: None,
        added_by: None,
    };
    Member { person, keys: vec![KeySpan::new(PublicKey::of(&key(n)), before(), None).unwrap()] }
}

pub fn workstation(n: u8) -> Workstation {
    let signs = KeySpan::new(PublicKey::of(&key(n)), before(), None).unwrap();
    Workstation { name: format!("Desk {n}"), signs, receives: recipient(n) }
}

/// A department's documents, as its administrators make them.
#[derive(Debug, Clone)]
pub struct Department(pub Vec<String>);

impl Department {
    /// With administrators and workstations of these numbers, founded two hours ago.
    pub fn of(administrators: &[u8], workstations: &[u8]) -> Self {
        let draft = RosterDraft {
            name: "Police of Nowhere".to_owned(),
            people: administrators.iter().map(|n| member(*n, &[Role::Administrator])).collect(),
            workstations: workstations.iter().map(|n| workstation(*n)).collect(),
            ..RosterDraft::default()
        };
        let first = Chain::first(&PublicKey::of(&key(ROOT)), draft, minutes(-120)).unwrap();
        Self(vec![signed(&first, &[ROOT])])
    }

    pub fn root(&self) -> PublicKey {
        PublicKey::of(&key(ROOT))
    }

    pub fn chain(&self) -> Chain {
        Chain::read(&self.root(), &self.0).unwrap()
    }

    /// The next version, made at `made_at`, signed by keys of these numbers. Nothing but its own rules is asked of it.
    pub fn next(&self, made_at: Moment, edit: impl FnOnce(&mut RosterDraft), signers: &[u8]) -> String {
        let chain = self.chain();
        let mut draft = chain.newest().roster().content().clone();
        edit(&mut draft);
        signed(&chain.next_roster(draft, made_at).unwrap(), signers)
    }

    /// The same, taken.
    pub fn with(&self, minute: i64, edit: impl FnOnce(&mut RosterDraft), signers: &[u8]) -> Self {
        let mut all = self.0.clone();
        all.push(self.next(minutes(minute), edit, signers));
        Self(all)
    }

    /// Another version without a change of anybody.
    pub fn more(&self, minute: i64) -> Self {
        self.with(minute, |_| {}, &[1, 2])
    }

    /// Its documents as a file.
    pub fn file(&self) -> String {
        self.0.iter().map(|document| format!("{document}\n")).collect()
    }
}

pub fn signed(version: &Version, signers: &[u8]) -> String {
    version.signed(signers.iter().map(|n| version.sign(&key(*n))).collect()).unwrap()
}

/// The program, without its data folder.
pub fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_relay"))
}

/// Runs the program with lines for its stdin.
pub fn run(words: &[&str], lines: &str) -> Output {
    let mut child =
        program().args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may have ended before it read anything.
    drop(std::io::Write::write_all(&mut child.stdin.take().unwrap(), lines.as_bytes()));
    child.wait_with_output().unwrap()
}

pub fn told(words: &[&str], lines: &str) -> String {
    let output = run(words, lines);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What it says when it refuses.
pub fn refused(words: &[&str], lines: &str) -> String {
    let output = run(words, lines);
    assert_eq!(output.status.code(), Some(1), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stderr).unwrap()
}

#[derive(Debug)]
pub struct Relay {
    pub data: tempfile::TempDir,
    pub child: Child,
    pub url: String,
}

impl Drop for Relay {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Relay {
    pub fn serving(data: tempfile::TempDir, words: &[&str]) -> Self {
        let mut command = program();
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data.path()).args(words);
        Self::by(data, command)
    }

    /// A command that serves this folder.
    pub fn by(data: tempfile::TempDir, mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = format!("http://{}", line.trim().strip_prefix("listening on ").unwrap());
        Self { data, child, url }
    }

    /// One that serves the department.
    pub fn of(department: &Department, words: &[&str]) -> Self {
        Self::serving(adopted(department), words)
    }

    pub fn path(&self) -> &str {
        self.data.path().to_str().unwrap()
    }

    /// Ends it; what it kept stays.
    pub fn ended(mut self) -> tempfile::TempDir {
        drop(self.child.kill());
        drop(self.child.wait());
        std::mem::replace(&mut self.data, tempfile::tempdir().unwrap())
    }

    pub fn told(&self, words: &[&str]) -> String {
        told(&[words, &["--data", self.path()]].concat(), "").trim().to_owned()
    }

    pub async fn session(&self, n: u8) -> Result<Mailer, AskError> {
        let key = key(n);
        let sign = async |text: String| Ok::<_, AskError>(hex::encode(key.sign(message(&text).as_bytes()).to_bytes()));
        Client::new(&self.url).unwrap().begin(&name_of(&key), sign).await
    }
}

/// A data folder that has the department.
pub fn adopted(department: &Department) -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("department");
    std::fs::write(&file, department.file()).unwrap();
    let root = department.root().to_string();
    told(&["adopt", "--data", data.path().to_str().unwrap(), "--root", &root, file.to_str().unwrap()], "");
    std::fs::remove_file(file).unwrap();
    data
}

/// A copy of a folder with what lies in it.
pub fn copied(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    let status = Command::new("cp").arg("-r").arg(from.join(".")).arg(to.path()).status().unwrap();
    assert!(status.success());
    to
}

pub fn code(error: AskError) -> (u16, String) {
    let problem = error.problem().unwrap_or_else(|| panic!("{error}"));
    (problem.status, problem.code.clone())
}

/// Code and reason of a refusal.
pub fn reason(error: AskError) -> (u16, String, String) {
    let problem = error.problem().unwrap_or_else(|| panic!("{error}"));
    (problem.status, problem.code.clone(), problem.reason.clone().unwrap_or_default())
}
