//! The real door of the window, many calls at once: a workstation with a person for every role, the page's own
//! `invoke`, pictures, and the rows of the vault as they are meanwhile.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use rusqlite::Connection;
use serde_json::{Value, json};
use vault::{Entered, Entrance, KeyStore, Second, SecretStoreError, Vault, VaultError};

use crate::detective::{self, month_ago};
use crate::process::programs;
use crate::service::Service;
use crate::station::Station;
use crate::window::{Window, enclose_secrets, has_secrets};

/// Whoever sits at the workstation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Who {
    /// Nobody.
    Nobody,
    /// Has a passphrase that somebody else chose.
    Temporary,
    /// Opens cases and examines.
    First,
    /// Another trained examiner.
    Second,
    /// A third one.
    Third,
    /// An examiner who supervises as well.
    Both,
    /// A supervisor.
    Supervisor,
    /// Another supervisor, who reviews.
    Reviewer,
    /// The administrator.
    Administrator,
    /// The auditor.
    Auditor,
}

impl Who {
    /// Everybody.
    pub const ALL: [Who; 10] = [
        Who::Nobody,
        Who::Temporary,
        Who::First,
        Who::Second,
        Who::Third,
        Who::Both,
        Who::Supervisor,
        Who::Reviewer,
        Who::Administrator,
        Who::Auditor,
    ];

    fn roles(self) -> &'static [&'static str] {
        match self {
            Who::Nobody => &[],
            Who::Temporary | Who::First | Who::Second | Who::Third => &["examiner"],
            Who::Both => &["examiner", "supervisor"],
            Who::Supervisor | Who::Reviewer => &["supervisor"],
            Who::Administrator => &["administrator"],
            Who::Auditor => &["auditor"],
        }
    }

    /// Whether they have the examiner's role.
    pub fn examines(self) -> bool {
        self.roles().contains(&"examiner")
    }

    /// Whether they have the supervisor's role.
    pub fn supervises(self) -> bool {
        self.roles().contains(&"supervisor")
    }

    /// Identity on the workstation; the temporary person gets theirs from the program.
    pub fn id(self) -> String {
        format!("5a5a0000-0000-4000-8000-{:012}", 4400 + self as u32)
    }

    /// The passphrase of their own.
    pub fn passphrase(self) -> String {
        format!("{:?} counts grey herons", self).to_lowercase()
    }

    fn form(self) -> Value {
        json!({
            "name": self.name(), "badge": self.badge(), "ori": "CA0190000",
            "roles": self.roles(), "course": "Facial comparison, 40 hours", "completed_on": month_ago(),
            "proficiency": "92", "passphrase": "",
        })
    }

    /// Name on the workstation.
    pub fn name(self) -> String {
        format!("Person {self:?}")
    }

    fn badge(self) -> String {
        (4400 + self as u32).to_string()
    }

    fn named(self) -> Value {
        let mut person = self.form();
        person["id"] = json!(self.id());
        person["training"] =
            json!({ "course": "Facial comparison, 40 hours", "completed_on": month_ago(), "proficiency": 92 });
        person
    }
}

/// One call through the page: a command, or a picture by its path.
#[derive(Debug, Clone)]
pub struct Call {
    /// Name of the command, or [`PICTURE`].
    pub command: String,
    /// Its arguments; the path of a picture.
    pub arguments: Value,
}

/// Stands in place of a command's name where a picture is asked for.
pub const PICTURE: &str = "picture://";

/// Commands that ask the person for a file in a window of the system, which nobody here answers.
pub const DIALOGS: [&str; 5] =
    ["choose_file", "choose_attachment", "open_package", "choose_groups", "oversight_gallery_file"];

impl Call {
    /// A call of a command.
    pub fn new(command: &str, arguments: Value) -> Self {
        Self { command: command.to_owned(), arguments }
    }

    /// A picture.
    pub fn picture(path: String) -> Self {
        Self { command: PICTURE.to_owned(), arguments: json!(path) }
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Whether it was done.
    pub ok: bool,
    /// Code of the refusal; `dialog` where the person was asked for a file.
    pub code: String,
    /// Which of the words were in it.
    pub hits: Vec<usize>,
    /// Candidates of whom it tells the subject; a mark that only says which rows are one person is none.
    pub records: Vec<String>,
    /// Candidates of whom it tells the score.
    pub scores: Vec<String>,
    /// Its beginning.
    pub head: String,
    /// `id` of what came back, where there is one.
    pub id: Option<String>,
}

impl Answer {
    fn read(told: &Value) -> Option<Self> {
        let texts =
            |list: &Value| list.as_array().map(|l| l.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect());
        Some(Self {
            ok: told["ok"].as_bool()?,
            code: told["code"].as_str()?.to_owned(),
            hits: told["hits"].as_array()?.iter().filter_map(|v| v.as_u64().map(|n| n as usize)).collect(),
            records: texts(&told["records"])?,
            scores: texts(&told["scores"])?,
            head: told["head"].as_str()?.to_owned(),
            id: told["id"].as_str().map(str::to_owned),
        })
    }
}

/// Makes the calls one after the other, or some at once, and looks through each answer where it is.
const SCRIPT: &str = r#"
const [calls, words, together, dialogs] = arguments; const done = arguments[arguments.length - 1];
const grow = v => v && typeof v === 'object' ? ('$repeat' in v ? v.$repeat[0].repeat(v.$repeat[1])
  : '$nest' in v ? Array(v.$nest).fill(0).reduce(inner => [inner], 1)
  : Array.isArray(v) ? v.map(grow) : Object.fromEntries(Object.entries(v).map(([k, x]) => [k, grow(x)]))) : v;
const late = (wait, code) => new Promise(told => setTimeout(() => told({ ok: false, code, text: '' }), wait));
const told = (ok, code, value) => ({ ok, code, text: JSON.stringify(value) ?? '', id: value?.id ?? value?.content?.id ?? value?.case?.id ?? null });
const one = async ([command, given]) => {
  if (command === 'picture://') {
    const got = await fetch('picture://localhost/' + encodeURIComponent(given));
    return { ok: got.ok, code: String(got.status), text: got.ok ? '' : await got.text() };
  }
  const call = window.__TAURI_INTERNALS__.invoke(command, grow(given)).then(value => told(true, '', value),
    error => told(false, error?.code ?? (typeof error === 'string' ? 'parsing' : 'none'), error));
  return Promise.race([call, dialogs.includes(command) ? late(1500, 'dialog') : late(120000, 'late')]);
};
const look = answer => ({
  ok: answer.ok, code: answer.code, id: typeof answer.id === 'string' ? answer.id : null,
  hits: words.flatMap((word, at) => answer.text.includes(word) ? [at] : []),
  records: [...answer.text.matchAll(/"id":"([0-9a-f-]{36})","subject_id":"(?!person \d+")[^"]/g)].map(m => m[1]),
  scores: [...answer.text.matchAll(/"id":"([0-9a-f-]{36})",(?:"subject_id":"[^"]*",)?"score":/g)].map(m => m[1]),
  head: answer.text.slice(0, 300),
});
(async () => {
  const all = [];
  for (let at = 0; at < calls.length; at += together) {
    all.push(...(await Promise.all(calls.slice(at, at + together).map(one))).map(look));
  }
  return all;
})().then(done, error => done(String(error)));
"#;

/// Keys of the station's Secret Service, asked for by a program of its session.
#[derive(Debug)]
pub struct Secrets<'a>(&'a Station);

impl KeyStore for Secrets<'_> {
    fn get(&self, name: &str) -> Result<Option<String>, SecretStoreError> {
        let unavailable = |e: &dyn std::fmt::Display| SecretStoreError::Unavailable(e.to_string());
        let calls = programs().map_err(|e| unavailable(&e))?.join("calls");
        let asked = self.0.command(calls).args(["secret", name]).output().map_err(|e| unavailable(&e))?;
        let secret = String::from_utf8_lossy(&asked.stdout).trim().to_owned();
        Ok((!secret.is_empty()).then_some(secret))
    }

    fn set(&self, name: &str, _: &str) -> Result<(), SecretStoreError> {
        Err(SecretStoreError::Unavailable(format!("{name} is not replaced by a test")))
    }

    fn remove(&self, name: &str) -> Result<(), SecretStoreError> {
        Err(SecretStoreError::Unavailable(format!("{name} is not removed by a test")))
    }
}

impl<'a> Secrets<'a> {
    /// Of `station`.
    pub fn of(station: &'a Station) -> Self {
        Self(station)
    }

    /// `name` at the entrance with their passphrase or enrolment code, once the window that was killed has let go of it.
    ///
    /// # Errors
    /// When they do not come in.
    pub fn enter(&self, name: &str, passphrase: &str) -> anyhow::Result<(Entrance, Entered)> {
        let end = Instant::now() + Duration::from_secs(20);
        let mut entrance = loop {
            match Entrance::open(&self.0.vault(), self) {
                Err(VaultError::InUse) if Instant::now() < end => std::thread::sleep(Duration::from_millis(20)),
                opened => break opened?,
            }
        };
        let known = entrance.people()?.into_iter().find(|known| known.person.name == name);
        let id = known.context("nobody of that name")?.person.id;
        let now = casework::Moment(jiff::Timestamp::now());
        let entered = entrance.enter(id, passphrase, Second::NotAsked, "looked", now, &vault::samples::rule())?;
        Ok((entrance, entered))
    }

    /// The vault, opened by `name` as the program does.
    ///
    /// # Errors
    /// When it does not open.
    pub fn vault(&self, name: &str, passphrase: &str) -> anyhow::Result<Vault> {
        let (mut entrance, entered) = self.enter(name, passphrase)?;
        Ok(entrance.vault(&entered, self)?)
    }
}

/// The rows of the vault beside the open window.
pub fn rows(station: &Station, key: &str) -> anyhow::Result<Connection> {
    let db = Connection::open(station.vault().join("vault.db"))?;
    db.pragma_update(None, "key", format!("x'{key}'"))?;
    db.busy_timeout(Duration::from_secs(20))?;
    Ok(db)
}

/// A window with everybody of [`Who`] and a gallery.
pub struct Door<'a> {
    /// The window.
    pub window: Window,
    station: &'a Station,
    rows: Connection,
    errors: PathBuf,
    temporary: String,
    /// Passphrases that were changed.
    pub changed: HashMap<Who, String>,
}

impl<'a> Door<'a> {
    /// Sets the workstation up and opens its window; `offer` are files given as if they were dropped.
    ///
    /// # Errors
    /// When a step is refused.
    pub async fn open(station: &'a Station, service: &Service, offer: &[&Path]) -> anyhow::Result<Self> {
        std::fs::create_dir(station.home().join("exports"))?;
        // Whoever changes places a thousand times has no thousand codes: one counts for the whole run, as a department may
        // allow for a shift.
        let policy = include_str!("../../../assets/policy.toml");
        let shift = policy.replace("second_factor_hours = 0 ", "second_factor_hours = 12 ");
        ensure!(shift != policy, "the policy has another form");
        std::fs::write(station.policy(), shift)?;
        let mut provision = station.command(programs()?.join("corroborate"));
        provision.arg("--data").arg(station.vault()).arg("provision").args(["--gallery", &service.url()]);
        for who in Who::ALL.into_iter().filter(|who| !matches!(who, Who::Nobody | Who::Temporary)) {
            let file = station.home().join(format!("{who:?}.json"));
            std::fs::write(&file, who.named().to_string())?;
            provision.arg("--person").arg(file);
        }
        let mut running = provision.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        std::io::Write::write_all(&mut running.stdin.take().context("no input")?, service.token()?.as_bytes())?;
        let told = running.wait_with_output()?;
        ensure!(told.status.success(), "the workstation could not be set up");
        let told = String::from_utf8(told.stdout)?;
        let codes: HashMap<&str, &str> = told.lines().filter_map(|line| line.split_once('\t')).collect();
        let first = codes.get(Who::First.badge().as_str()).context("no enrolment code")?;
        let key = Secrets::of(station).enter(&Who::First.name(), first)?.1.vault_key().to_owned();
        let errors = station.home().join("errors.log");
        let window = Window::open_telling(station, offer, std::fs::File::create(&errors)?.into()).await?;
        let rows = rows(station, &key)?;
        let mut door = Self { window, station, rows, errors, temporary: String::new(), changed: HashMap::new() };
        for who in Who::ALL.into_iter().filter(|who| !matches!(who, Who::Nobody | Who::Temporary)) {
            door.enrols(who, codes.get(who.badge().as_str()).context("no enrolment code")?).await?;
        }
        ensure!(door.sits_down(Who::Administrator).await?, "the administrator cannot sign in");
        let added = Call::new("save_person", json!({ "id": null, "form": Who::Temporary.form(), "second": null }));
        let code = door.one(added).await?.head.split('"').nth(3).context("no enrolment code")?.to_owned();
        door.changed.insert(Who::Temporary, code);
        let mut query = door.rows.prepare("SELECT content FROM person ORDER BY rowid DESC LIMIT 1")?;
        let person: String = query.query_row([], |r| r.get(0))?;
        drop(query);
        door.temporary = serde_json::from_str::<Value>(&person)?["id"].as_str().context("no identity")?.to_owned();
        Ok(door)
    }

    /// The first sign-in of `who`, with the code that the roll-out printed.
    async fn enrols(&self, who: Who, code: &str) -> anyhow::Result<()> {
        let sign_in = json!({ "person": who.id(), "passphrase": code, "shown": "" });
        self.one(Call::new("sign_in", sign_in)).await?;
        self.one(Call::new("change_passphrase", json!({ "known": code, "chosen": who.passphrase() }))).await?;
        let told = self.one(Call::new("second_factor", json!({}))).await?.head;
        let secret = told.split('"').nth(3).context("no secret")?;
        let step = u64::try_from(jiff::Timestamp::now().as_second())? / 30;
        let shown = json!({ "shown": detective::code_at(secret, step)?, "passphrase": "" });
        self.one(Call::new("set_second_factor", shown)).await?;
        // Whoever the roll-out names first of the administrators founds the department.
        let told = self.window.invoke("recovery_kit", json!({})).await?;
        if let Some((_, key)) = told["ok"].as_str().and_then(|kit| kit.split_once("root1")) {
            let key: String = key.chars().filter(|c| !c.is_whitespace()).take(58).collect();
            self.one(Call::new("recovery_kit_kept", json!({ "kit": key[50..] }))).await?;
        }
        Ok(())
    }

    /// Who `who` is on this workstation.
    pub fn id(&self, who: Who) -> String {
        if who == Who::Temporary { self.temporary.clone() } else { who.id() }
    }

    /// What opens the door of `who` now.
    pub fn passphrase(&self, who: Who) -> String {
        self.changed.get(&who).cloned().unwrap_or_else(|| who.passphrase())
    }

    /// The call that signs `who` in, or out.
    pub fn signing_in(&self, who: Who) -> Call {
        if who == Who::Nobody {
            return Call::new("sign_out", json!({}));
        }
        let passphrase = self.passphrase(who);
        Call::new("sign_in", json!({ "person": self.id(who), "passphrase": passphrase, "shown": "" }))
    }

    /// Signs `who` in; whether that was done.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn sits_down(&self, who: Who) -> anyhow::Result<bool> {
        Ok(self.calls(&[self.signing_in(who)], &[], 1).await?[0].ok)
    }

    /// Makes calls, `together` of them at once, and looks for `words` in what comes back.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn calls(&self, calls: &[Call], words: &[String], together: usize) -> anyhow::Result<Vec<Answer>> {
        // Where calls come one after the other, what is enclosed is so for the key of its moment: signing out forgets
        // the one before.
        let mut answers = Vec::with_capacity(calls.len());
        let secret = |call: &Call| has_secrets(&call.arguments);
        let parts = calls.chunk_by(|_, next| together > 1 || !secret(next));
        for part in parts {
            let envelope = if part.iter().any(secret) { Some(self.window.envelope().await?) } else { None };
            let mut part = part.to_vec();
            if let Some(envelope) = &envelope {
                for call in &mut part {
                    enclose_secrets(&mut call.arguments, envelope)?;
                }
            }
            answers.extend(self.made(&part, words, together).await?);
        }
        Ok(answers)
    }

    async fn made(&self, calls: &[Call], words: &[String], together: usize) -> anyhow::Result<Vec<Answer>> {
        let list: Vec<Value> = calls.iter().map(|c| json!([c.command, c.arguments])).collect();
        let arguments = vec![json!(list), json!(words), json!(together), json!(DIALOGS)];
        let told = self.window.script_async(SCRIPT, arguments).await.with_context(|| {
            let said = std::fs::read_to_string(&self.errors).unwrap_or_default();
            format!("the window answers no more; its errors: {said}")
        })?;
        let answers: Vec<Answer> = told.as_array().into_iter().flatten().filter_map(Answer::read).collect();
        let said = || told.to_string().chars().take(300).collect::<String>();
        ensure!(answers.len() == calls.len(), "{} answers to {} calls: {}", answers.len(), calls.len(), said());
        Ok(answers)
    }

    /// Makes one call that must be done.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn one(&self, call: Call) -> anyhow::Result<Answer> {
        let answer = self.calls(std::slice::from_ref(&call), &[], 1).await?.remove(0);
        ensure!(answer.ok, "{} is refused: {}", call.command, answer.head);
        Ok(answer)
    }

    /// A case file as it lies in the vault now.
    ///
    /// # Errors
    /// When there is none.
    pub fn case(&self, id: &str) -> anyhow::Result<String> {
        vault::samples::case_by_hand(&self.rows, casework::CaseId(id.parse()?))?.context("there is no such case")
    }

    /// Every case file.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn cases(&self) -> anyhow::Result<Vec<Value>> {
        let mut query = self.rows.prepare("SELECT case_id FROM case_file ORDER BY rowid")?;
        let ids = query.query_map([], |r| r.get::<_, String>(0))?;
        ids.map(|id| Ok(serde_json::from_str(&self.case(&id?)?)?)).collect()
    }

    /// Every sealed note and its case, oldest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn notes(&self) -> anyhow::Result<Vec<(String, String)>> {
        let mut query = self.rows.prepare("SELECT note_id, case_id FROM sealed_note ORDER BY rowid")?;
        let rows = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Puts a case file back as it was.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put_back(&self, id: &str, content: &str) -> anyhow::Result<()> {
        let known =
            self.rows.query_row("SELECT count(*) FROM case_file WHERE case_id = ?1", [id], |r| r.get::<_, i64>(0))?;
        ensure!(known == 1, "there is no case {id}");
        self.rows.execute("DELETE FROM case_part WHERE case_id = ?1", [id])?;
        let whole: serde_json::Map<String, Value> = serde_json::from_str(content)?;
        for (name, part) in &whole {
            vault::samples::put_part_by_hand(&self.rows, casework::CaseId(id.parse()?), name, &part.to_string())?;
        }
        Ok(())
    }

    /// Takes the files that were exported since the last time: name and bytes.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn exported(&self) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let mut files = Vec::new();
        for file in std::fs::read_dir(self.station.home().join("exports"))? {
            let path = file?.path();
            let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
            files.push((name, std::fs::read(&path)?));
            std::fs::remove_file(path)?;
        }
        Ok(files)
    }

    /// Lines of the program's errors that tell of a panic.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn panics(&self) -> anyhow::Result<HashSet<String>> {
        let said = std::fs::read_to_string(&self.errors)?;
        Ok(said.lines().filter(|line| line.contains("panicked")).map(str::to_owned).collect())
    }
}
