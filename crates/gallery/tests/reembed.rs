//! A gallery moves to another model: killed in the middle, searched all the while, with people who come and go.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use gallery::benchmark::template;
use gallery::store::{Change, Enrolment, Scope, Store};
use reqwest::StatusCode;
use rusqlite::Connection;
use serde_json::{Value, json};

const PEOPLE: u64 = 24;
const OLD: &str = "mobilefacenet-512";
const NEW: &str = "sface-2021dec";

fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gallery"));
    command.arg(arguments[0]).arg("--data").arg(data).args(&arguments[1..]);
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    command(data, arguments).output().unwrap()
}

struct Service {
    child: Child,
    url: String,
    token: String,
    http: reqwest::Client,
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Service {
    fn start(data: &Path, token: &str) -> Self {
        let mut child = command(data, &["serve", "--unlimited", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = format!("http://{}/v1", line.trim().strip_prefix("listening on ").unwrap());
        Self { child, url, token: token.to_owned(), http: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    async fn search(&self, model: &str, values: &[f32]) -> (StatusCode, Value) {
        let body = json!({ "template": { "model": model, "values": values }, "purpose": "felony",
            "case_number": "26-000001", "basis": "trial", "limit": 20 });
        let sent = self.http.post(format!("{}/searches", self.url)).bearer_auth(&self.token).json(&body).send();
        let answer = sent.await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    /// Who is listed first.
    async fn first(&self, model: &str, values: &[f32]) -> String {
        let (status, list) = self.search(model, values).await;
        assert_eq!(status, 200, "{list}");
        list["candidates"][0]["subject_id"].as_str().unwrap().to_owned()
    }

    /// As [`Service::first`], once the service has seen the switch, which it looks for every second.
    async fn first_after_switch(&self, model: &str, values: &[f32]) -> String {
        let start = Instant::now();
        while self.search(model, values).await.0 == 409 && start.elapsed() < Duration::from_secs(20) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.first(model, values).await
    }

    async fn expunge(&self, subject: &str) {
        let order = json!({ "order_reference": "2026-EX-17", "authority": "Superior Court" });
        let path = format!("{}/subjects/{subject}/expungement", self.url);
        let answer = self.http.post(path).bearer_auth(&self.token).json(&order).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }
}

/// Templates of `model` by record, as the store opens them.
fn templates(data: &Path, model: &str) -> BTreeMap<i64, Vec<f32>> {
    let (_, changes) = Store::sqlite(data).unwrap().changes(0, model, 10_000).unwrap();
    let added = changes.into_iter().filter_map(|change| match change {
        Change::Add(entry, values) => Some((entry.record, values.to_vec())),
        Change::Remove(_) => None,
    });
    added.collect()
}

fn database(data: &Path) -> Connection {
    let db = Connection::open(data.join("gallery.sqlite")).unwrap();
    db.busy_timeout(Duration::from_secs(20)).unwrap();
    db
}

fn count(data: &Path, sql: &str) -> i64 {
    database(data).query_row(sql, [], |row| row.get(0)).unwrap()
}

/// What is staged, as it lies there: each sealed once more would be other bytes.
fn staged(data: &Path) -> BTreeMap<i64, Vec<u8>> {
    let db = database(data);
    let mut query = db.prepare("SELECT record_id, sealed FROM staged_template WHERE model = 'sface-2021dec'").unwrap();
    query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
}

fn record_of(data: &Path, subject: &str) -> i64 {
    let sql = "SELECT record_id FROM record JOIN subject USING (subject_no) WHERE subject_id = ?1";
    database(data).query_row(sql, [subject], |row| row.get(0)).unwrap()
}

fn photo_of(data: &Path, record: i64) -> PathBuf {
    let name: String =
        database(data).query_row("SELECT photo FROM record WHERE record_id = ?1", [record], |row| row.get(0)).unwrap();
    data.join("photos").join(&name[..2]).join(name)
}

/// A folder of rendered people, one more than are enrolled at first.
fn people(folder: &Path) -> PathBuf {
    let people = folder.join("people");
    let assets = personae::Assets::shared().unwrap();
    for seed in 0..=PEOPLE {
        let own = if seed < PEOPLE { people.join(format!("S-{seed:03}")) } else { folder.to_owned() };
        std::fs::create_dir_all(&own).unwrap();
        let person = personae::Identity::new(assets, seed);
        personae::render(assets, &person, &personae::View::new(seed, 0), 256).save(own.join("front.png")).unwrap();
    }
    people
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gallery_moves_to_another_model_while_it_answers() {
    let folder = tempfile::tempdir().unwrap();
    let (data, people) = (folder.path().join("data"), people(folder.path()));
    let enrolled = run(&data, &["enrol", "--json", "--model", OLD, people.to_str().unwrap()]);
    assert!(enrolled.status.success(), "{}", String::from_utf8_lossy(&enrolled.stdout));
    // One of whom only a template was handed over.
    let token = tokio::task::block_in_place(|| {
        let mut store = Store::sqlite(&data).unwrap();
        let bare = Enrolment {
            subject: "S-bare".to_owned(),
            source_sha256: "0".repeat(64),
            photo: Vec::new(),
            captured_on: None,
            agency: None,
            model: OLD.to_owned(),
            values: template(1, 512),
        };
        store.enrol(&[bare], None, ("tests", "")).unwrap();
        store.issue_token("LOCAL0000", "tests", &Scope::ALL, None).unwrap().secret
    });
    assert!(run(&data, &["suppress", "--because", "identity theft", "S-003"]).status.success());
    let service = Service::start(&data, &token);
    let old = templates(&data, OLD);
    let of = |subject: &str| record_of(&data, subject);
    let (someone, bare, hidden) = (of("S-009"), of("S-bare"), of("S-003"));
    assert_eq!(service.first(OLD, &old[&someone]).await, "S-009", "before");
    // Enrolment with another model is refused in plain words.
    let other = run(&data, &["enrol", "--model", NEW, people.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&other.stderr).into_owned();
    assert!(!other.status.success() && said.contains("gallery reembed") && said.contains(OLD), "{said}");

    // Killed in the middle.
    let mut moving = command(&data, &["reembed", "--model", NEW, "--threads", "1"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while staged(&data).is_empty() && start.elapsed() < Duration::from_secs(120) {
        assert!(moving.try_wait().unwrap().is_none(), "it ended before anything was staged");
        std::thread::yield_now();
    }
    moving.kill().unwrap();
    moving.wait().unwrap();
    let half = staged(&data);
    assert!(!half.is_empty());
    assert_eq!(service.first(OLD, &old[&someone]).await, "S-009", "during");
    assert_eq!(count(&data, "SELECT count(*) FROM template WHERE model <> 'mobilefacenet-512'"), 0);

    // Somebody whose template is staged is expunged, somebody comes, a photograph is lost.
    let gone = *half.keys().next().unwrap();
    let sql = "SELECT subject_id FROM record JOIN subject USING (subject_no) WHERE record_id = ?1";
    let subject: String = database(&data).query_row(sql, [gone], |row| row.get(0)).unwrap();
    service.expunge(&subject).await;
    assert!(!staged(&data).contains_key(&gone), "what was staged of an expunged person is gone");
    let photograph = std::fs::read(folder.path().join("front.png")).unwrap();
    let path = format!("{}/subjects?subject_id=S-new", service.url);
    let answer = service.http.post(path).bearer_auth(&token).body(photograph).send().await.unwrap();
    assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
    let lost = of("S-020");
    assert!(!half.contains_key(&lost), "it was killed in the middle");
    let (aside, file) = (folder.path().join("aside"), photo_of(&data, lost));
    std::fs::rename(&file, &aside).unwrap();

    // It goes on, and is refused with the list.
    let refused = run(&data, &["reembed", "--model", NEW]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("--leave-out"), "{said}");
    for record in [lost, bare] {
        assert!(said.contains(&format!("record {record}: ")), "{said}");
    }
    assert_eq!(said.lines().filter(|line| line.starts_with("record ")).count(), 2, "{said}");
    let whole = staged(&data);
    assert_eq!(whole.len() as i64, count(&data, "SELECT count(*) FROM record") - 2);
    for (record, sealed) in half.iter().filter(|(record, _)| **record != gone) {
        assert_eq!(whole.get(record), Some(sealed), "nothing is done twice");
    }
    assert_eq!(service.first(OLD, &old[&someone]).await, "S-009", "until the switch");

    // Switched without those two; the service follows.
    let moved = run(&data, &["reembed", "--model", NEW, "--leave-out"]);
    assert!(moved.status.success(), "{}", String::from_utf8_lossy(&moved.stderr));
    assert!(staged(&data).is_empty());
    let new = templates(&data, NEW);
    assert!(new.contains_key(&of("S-new")) && !new.contains_key(&lost) && !new.contains_key(&bare));
    assert_eq!(service.first_after_switch(NEW, &new[&someone]).await, "S-009", "after");
    assert_eq!(service.first(NEW, &new[&of("S-new")]).await, "S-new");
    let (status, said) = service.search(OLD, &old[&someone]).await;
    assert_eq!((status.as_u16(), &said["code"]), (409, &json!("model-mismatch")), "{said}");
    assert!(said["detail"].as_str().unwrap().contains(NEW) && said["detail"].as_str().unwrap().contains(OLD));
    let (_, list) = service.search(NEW, &new[&someone]).await;
    let listed: Vec<&str> =
        list["candidates"].as_array().unwrap().iter().map(|c| c["subject_id"].as_str().unwrap()).collect();
    assert_eq!(list["completeness"]["gallery_size"], PEOPLE - 2, "{list}");
    assert!(["S-003", "S-020", "S-bare", subject.as_str()].iter().all(|hidden| !listed.contains(hidden)), "{listed:?}");
    // Whoever was hidden was moved too.
    assert!(!new.contains_key(&hidden));
    assert!(run(&data, &["restore", "S-003"]).status.success());
    let restored = templates(&data, NEW);
    assert_eq!(service.first(NEW, &restored[&hidden]).await, "S-003");
    // One row of the audit says it.
    let sql = "SELECT detail FROM audit WHERE action = 'model-changed'";
    let rows: Vec<String> = {
        let db = database(&data);
        let mut query = db.prepare(sql).unwrap();
        query.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    assert_eq!(rows.len(), 1);
    let row: Value = serde_json::from_str(&rows[0]).unwrap();
    assert_eq!(row, json!({ "from": OLD, "to": NEW, "records": PEOPLE - 1, "left_out": 2 }));
    assert!(
        Command::new(env!("CARGO_BIN_EXE_gallery"))
            .args(["audit", "verify", "--data"])
            .arg(&data)
            .status()
            .unwrap()
            .success()
    );

    // A photograph that is there again brings its record back.
    std::fs::rename(&aside, &file).unwrap();
    assert!(!run(&data, &["reembed", "--model", NEW]).status.success(), "one is still without");
    assert!(run(&data, &["reembed", "--model", NEW, "--leave-out"]).status.success());
    assert_eq!(service.first(NEW, &templates(&data, NEW)[&lost]).await, "S-020");
    drop(service);

    // A service that starts after the switch answers the same.
    let service = Service::start(&data, &token);
    assert_eq!(service.first(NEW, &new[&someone]).await, "S-009", "after a restart");
    // Back without photographs: refused, and nothing changed.
    std::fs::rename(data.join("photos"), folder.path().join("photos")).unwrap();
    let back = run(&data, &["reembed", "--model", OLD]);
    assert!(!back.status.success());
    let back = run(&data, &["reembed", "--model", OLD, "--leave-out"]);
    assert!(!back.status.success(), "nobody would be left");
    assert_eq!(service.first(NEW, &new[&someone]).await, "S-009");
}
