//! The gallery under load and under power cuts. Each trial counts; whoever calls decides what may not happen.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use futures_util::future::try_join_all;
use gallery::benchmark::{template, view};
use gallery::store::{Enrolment, Reach, Scope, Store};
use serde_json::{Value, json};

use crate::postgres::Cluster;
use crate::process::{Running, programs};

const MODEL: &str = "sface-2021dec";
const DIM: usize = 128;

/// Where a trial's gallery keeps its records.
#[derive(Debug, Clone)]
pub struct Place {
    /// Data folder of the node.
    pub data: PathBuf,
    /// PostgreSQL, with the folder of photographs; SQLite where there is none.
    pub postgres: Option<(String, PathBuf)>,
}

impl Place {
    fn store(&self) -> anyhow::Result<Store> {
        Ok(match &self.postgres {
            None => Store::sqlite(&self.data)?,
            Some((url, photos)) => Store::postgres(url, &Reach::default(), photos)?,
        })
    }

    fn serve(&self, listen: &str) -> anyhow::Result<(Running, String)> {
        let mut command = Command::new(programs()?.join("gallery"));
        // A trial's clients search as fast as they can, with one token.
        command.arg("serve").arg("--data").arg(&self.data).args(["--listen", listen, "--unlimited"]);
        if let Some((url, photos)) = &self.postgres {
            command.args(["--store", "postgres", "--database-url", url, "--photos"]).arg(photos);
        }
        std::fs::create_dir_all(&self.data)?;
        let log = std::fs::File::options().create(true).append(true).open(self.data.join("log"))?;
        let (running, address) = Running::start_until(command.stderr(Stdio::from(log)), |line| {
            line.strip_prefix("listening on ").map(str::to_owned)
        })?;
        Ok((running, format!("http://{address}/v1")))
    }
}

/// Fills a store with random people, with photographs or without, and issues a token.
fn seed(store: &mut Store, people: u64, photographs: bool) -> anyhow::Result<String> {
    for first in (0..people).step_by(1000) {
        let batch: Vec<Enrolment> = (first..people.min(first + 1000))
            .map(|person| Enrolment {
                subject: subject(person),
                source_sha256: format!("{person:064x}"),
                photo: if photographs { format!("photograph of {person}").into_bytes() } else { Vec::new() },
                captured_on: None,
                agency: Some("CA0190000".to_owned()),
                model: MODEL.to_owned(),
                values: template(person, DIM),
            })
            .collect();
        store.enrol(&batch, None, ("tests", ""))?;
    }
    Ok(store.issue_token("CA0190000", "trial", &Scope::ALL, None)?.secret)
}

/// As [`seed`], from within asynchronous code: the store blocks, also when it is dropped.
fn seeded(place: &Place, people: u64) -> anyhow::Result<String> {
    tokio::task::block_in_place(|| seed(&mut place.store()?, people, true))
}

fn subject(person: u64) -> String {
    format!("T-{person:06}")
}

fn request(person: u64) -> Value {
    json!({ "template": { "model": MODEL, "values": view(person, DIM) }, "purpose": "felony",
        "case_number": "26-000001", "basis": "trial" })
}

/// One search; the subjects that it lists, best first, or the status of the refusal.
async fn search(
    http: &reqwest::Client,
    url: &str,
    token: &str,
    body: &Value,
) -> anyhow::Result<Result<Vec<String>, u16>> {
    let answer = http.post(format!("{url}/searches")).bearer_auth(token).json(body).send().await?;
    if !answer.status().is_success() {
        return Ok(Err(answer.status().as_u16()));
    }
    let answer: Value = answer.json().await?;
    let listed = answer["candidates"].as_array().context("no candidates")?;
    Ok(Ok(listed.iter().filter_map(|c| c["subject_id"].as_str().map(str::to_owned)).collect()))
}

fn client() -> anyhow::Result<reqwest::Client> {
    Ok(reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build()?)
}

/// What [`stress`] counted.
#[derive(Debug, Default)]
pub struct Stress {
    /// Searches that were answered.
    pub searches: u64,
    /// Of those, how many listed somebody who was not expunged yet when they were answered.
    pub found: u64,
    /// Subjects expunged.
    pub expunged: u64,
    /// Searches begun after an expungement had returned that listed its subject.
    pub sightings: u64,
    /// Searches that were refused.
    pub refused: u64,
    /// Seconds.
    pub seconds: f64,
}

/// `clients` search for people while `subjects` of `people` are expunged.
///
/// # Errors
/// When a service cannot be started or an expungement fails.
pub async fn stress(place: &Place, people: u64, subjects: u64, clients: usize) -> anyhow::Result<Stress> {
    let token = seeded(place, people)?;
    let (_running, url) = place.serve("127.0.0.1:0")?;
    let http = client()?;
    let (gone, over) = (Mutex::new(HashMap::<String, Instant>::new()), AtomicBool::new(false));
    let [searches, found, sightings, refused] = [const { AtomicU64::new(0) }; 4];
    let start = Instant::now();
    let searching = |seed: u64| {
        let (http, url, token, gone, over) = (&http, &url, &token, &gone, &over);
        let (searches, found, sightings, refused) = (&searches, &found, &sightings, &refused);
        async move {
            let mut person = seed;
            while !over.load(Ordering::Relaxed) {
                person = (person * 6_364_136_223 + 1_442_695) % subjects;
                let body = request(person);
                let began = Instant::now();
                match search(http, url, token, &body).await? {
                    Err(_) => drop(refused.fetch_add(1, Ordering::Relaxed)),
                    Ok(listed) => {
                        searches.fetch_add(1, Ordering::Relaxed);
                        found.fetch_add(u64::from(listed.contains(&subject(person))), Ordering::Relaxed);
                        let gone = gone.lock().map_err(|_| anyhow::anyhow!("a client stopped"))?;
                        let seen = listed.iter().filter(|s| gone.get(*s).is_some_and(|since| *since < began));
                        sightings.fetch_add(seen.count() as u64, Ordering::Relaxed);
                    }
                }
            }
            Ok::<(), anyhow::Error>(())
        }
    };
    let expunging = async {
        for person in 0..subjects {
            let order = json!({ "order_reference": format!("order {person}"), "authority": "trial" });
            let path = format!("{url}/subjects/{}/expungement", subject(person));
            let answer = http.post(path).bearer_auth(&token).json(&order).send().await?;
            ensure!(answer.status().is_success(), "expungement: {}", answer.text().await?);
            gone.lock().map_err(|_| anyhow::anyhow!("a client stopped"))?.insert(subject(person), Instant::now());
        }
        over.store(true, Ordering::Relaxed);
        Ok(())
    };
    let all = (0..clients as u64).map(searching);
    let (expunged, answered) = tokio::join!(expunging, try_join_all(all));
    expunged?;
    answered?;
    let load = |n: &AtomicU64| n.load(Ordering::Relaxed);
    Ok(Stress {
        searches: load(&searches),
        found: load(&found),
        expunged: subjects,
        sightings: load(&sightings),
        refused: load(&refused),
        seconds: start.elapsed().as_secs_f64(),
    })
}

/// What [`kills`] counted.
#[derive(Debug, Default)]
pub struct Kills {
    /// `kill -9` while something was enrolled.
    pub kills: u64,
    /// Photographs that the service acknowledged.
    pub acknowledged: u64,
    /// Acknowledged ones that are not there.
    pub lost: u64,
    /// Records without a row of the outbox, a template or a photograph that opens.
    pub halves: u64,
    /// Photographs that are there twice.
    pub doubles: u64,
    /// Records that a search at the end could find.
    pub indexed: u64,
    /// Records.
    pub records: u64,
}

/// A photograph of a person who does not exist; each number gives another file.
struct Photographs(Vec<u8>);

impl Photographs {
    fn new() -> anyhow::Result<Self> {
        let mut png = std::io::Cursor::new(Vec::new());
        crate::people::Renderer::new()?.picture(7, 0, 256).write_to(&mut png, image::ImageFormat::Png)?;
        Ok(Self(png.into_inner()))
    }

    /// What stands behind the end of a PNG file is no part of the picture.
    fn number(&self, number: u64) -> Vec<u8> {
        [self.0.as_slice(), &number.to_le_bytes()].concat()
    }
}

/// Kills the service `kills` times while photographs are enrolled over HTTP.
///
/// # Errors
/// When it cannot be started again.
pub async fn kills(data: &Path, kills: u64) -> anyhow::Result<Kills> {
    let place = Place { data: data.to_owned(), postgres: None };
    let token = place.store()?.issue_token("CA0190000", "trial", &Scope::ALL, None)?.secret;
    let (photographs, http) = (Photographs::new()?, client()?);
    let (mut count, mut number, mut acknowledged) = (Kills::default(), 0u64, BTreeSet::new());
    while count.kills < kills {
        let (running, url) = place.serve("127.0.0.1:0")?;
        // A delay that differs from kill to kill, up to the time that a few enrolments take.
        let delay = Duration::from_micros((count.kills * 7919) % 120_000);
        let killer = tokio::task::spawn_blocking(move || {
            std::thread::sleep(delay);
            running.kill();
        });
        loop {
            // What was not acknowledged is sent again, as a client does.
            let path = format!("{url}/subjects?subject_id=K-{number:05}");
            let sent = http.post(path).bearer_auth(&token).body(photographs.number(number)).send().await;
            match sent {
                Ok(answer) if answer.status().is_success() => {
                    acknowledged.insert(number);
                    number += 1;
                }
                Ok(answer) => anyhow::bail!("refused: {}", answer.text().await?),
                Err(_) => break,
            }
        }
        killer.await?;
        count.kills += 1;
    }
    let (running, url) = place.serve("127.0.0.1:0")?;
    let info: Value = http.get(format!("{url}/info")).bearer_auth(&token).send().await?.json().await?;
    let answer = http
        .post(format!("{url}/searches"))
        .bearer_auth(&token)
        .json(&request(1))
        .send()
        .await?
        .json::<Value>()
        .await?;
    count.indexed = answer["completeness"]["scanned"].as_u64().context("no completeness")?;
    count.records = info["templates"].as_u64().context("no templates")?;
    running.kill();
    count.acknowledged = acknowledged.len() as u64;
    let db = rusqlite::Connection::open(data.join("gallery.sqlite"))?;
    let mut query = db.prepare("SELECT subject_id, count(*) FROM subject JOIN record USING (subject_no) GROUP BY 1")?;
    let there: HashMap<String, u64> =
        query.query_map([], |r| Ok((r.get(0)?, r.get::<_, i64>(1)? as u64)))?.collect::<Result<_, _>>()?;
    count.lost = acknowledged.iter().filter(|n| !there.contains_key(&format!("K-{n:05}"))).count() as u64;
    count.doubles = there.values().filter(|n| **n > 1).count() as u64;
    let halves: i64 = db.query_row(
        "SELECT count(*) FROM record r WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.record_id = r.record_id)
           OR NOT EXISTS (SELECT 1 FROM template t WHERE t.record_id = r.record_id)
           OR NOT EXISTS (SELECT 1 FROM subject_key k WHERE k.subject_no = r.subject_no)",
        [],
        |r| r.get(0),
    )?;
    let mut query = db.prepare("SELECT photo FROM record")?;
    let photos: Vec<String> = query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let missing = photos.iter().filter(|name| !data.join("photos").join(&name[..2]).join(name).is_file()).count();
    count.halves = halves as u64 + missing as u64;
    Ok(count)
}

/// What [`resume`] counted.
#[derive(Debug, Default)]
pub struct Resume {
    /// `kill -9` while a folder was enrolled.
    pub kills: u64,
    /// Photographs in the folder.
    pub photographs: u64,
    /// Records at the end.
    pub records: u64,
    /// What the last run had left to do.
    pub last_run: u64,
}

/// Kills `gallery enrol` again and again, until it is through.
///
/// # Errors
/// When it fails otherwise.
pub fn resume(folder: &Path, photographs: u64) -> anyhow::Result<Resume> {
    let (people, data) = (folder.join("people"), folder.join("data"));
    let source = Photographs::new()?;
    for number in 0..photographs {
        let own = people.join(format!("R-{number:05}"));
        std::fs::create_dir_all(&own)?;
        std::fs::write(own.join("front.png"), source.number(number))?;
    }
    let mut count = Resume { photographs, ..Resume::default() };
    let command = || -> anyhow::Result<Command> {
        let mut command = Command::new(programs()?.join("gallery"));
        command.args(["enrol", "--json", "--data"]).arg(&data).arg(&people).stderr(Stdio::null());
        Ok(command)
    };
    while count.kills < 10 {
        let running = Running::start(command()?.stdout(Stdio::null()))?;
        std::thread::sleep(Duration::from_millis(350 + count.kills * 37));
        running.kill();
        count.kills += 1;
    }
    let last = command()?.output()?;
    ensure!(last.status.success(), "the last run failed");
    let summary: Value = serde_json::from_slice(last.stdout.trim_ascii())?;
    count.last_run = summary["enrolled"].as_u64().context("no summary")?;
    count.records = Store::sqlite(&data)?.stats()?.templates;
    Ok(count)
}

/// On how many of five searches pgvector, comparing every row, lists the same subjects in the same order.
async fn pgvector(
    cluster: &Cluster,
    http: &reqwest::Client,
    url: &str,
    token: &str,
    people: u64,
) -> anyhow::Result<u64> {
    let text = |values: &[f32]| format!("[{}]", values.iter().map(f32::to_string).collect::<Vec<_>>().join(","));
    let mut sql = format!(
        "CREATE EXTENSION IF NOT EXISTS vector; CREATE TABLE cross_check (person BIGINT, v vector({DIM}));
         ALTER TABLE cross_check ALTER COLUMN v SET STORAGE PLAIN;\n"
    );
    for person in 0..people {
        sql += &format!("INSERT INTO cross_check VALUES ({person}, '{}');\n", text(&template(person, DIM)));
    }
    cluster.sql(&format!("BEGIN; {sql} COMMIT;"))?;
    let mut same = 0;
    for person in 0..5.min(people) {
        let probe = text(&view(person, DIM));
        let listed = format!("SELECT person FROM cross_check ORDER BY v <#> '{probe}', person LIMIT 20");
        let theirs: Vec<String> =
            cluster.sql(&listed)?.lines().map(|n| Ok(subject(n.parse()?))).collect::<anyhow::Result<_>>()?;
        let ours = search(http, url, token, &request(person)).await?;
        same += u64::from(ours == Ok(theirs));
    }
    Ok(same)
}

/// What [`failover`] counted.
#[derive(Debug, Default)]
pub struct Failover {
    /// Searches answered, with the mated person first.
    pub right: u64,
    /// Searches answered otherwise.
    pub wrong: u64,
    /// Searches refused or unanswered while no server took writes.
    pub refused: u64,
    /// Acknowledged enrolments.
    pub acknowledged: u64,
    /// Of those, how many are not there at the end.
    pub lost: u64,
    /// Seconds from promotion to the first acknowledged write.
    pub writes_after: f64,
    /// Searches on which two nodes and a SQLite gallery with the same people gave the same list.
    pub same: u64,
    /// Searches on which they did not.
    pub different: u64,
    /// Searches, of 5, on which pgvector without an index gave the same list.
    pub pgvector: u64,
    /// Whether a write waited for the standby that was down, and came through once it was back.
    pub waited_for_standby: bool,
}

/// Two nodes on a primary with a synchronous standby: the same answers as SQLite; the standby dies and comes back; the
/// primary dies under load and the standby is promoted.
///
/// # Errors
/// When a server or service cannot be started.
pub async fn failover(folder: &Path, people: u64) -> anyhow::Result<Failover> {
    let mut cluster = Cluster::replicated()?;
    let photos = folder.join("photos");
    let node = |name: &str| Place { data: folder.join(name), postgres: Some((cluster.url(), photos.clone())) };
    let (one, other) = (node("one"), node("other"));
    let alone = Place { data: folder.join("alone"), postgres: None };
    // The database begins as the first version left one: both nodes work on one that was brought up to date.
    cluster.sql(include_str!("../../crates/gallery/src/store/migrations/0001-records.postgres.sql"))?;
    cluster.sql("INSERT INTO outbox (record_id, op) VALUES (1000000, 'add'), (1000000, 'remove')")?;
    cluster.sql("CREATE TABLE schema_version AS SELECT 1::BIGINT AS version")?;
    let token = seeded(&one, people)?;
    ensure!(cluster.sql("SELECT count(DISTINCT mark) FROM outbox WHERE seq <= 2")?.trim() == "2", "rows without marks");
    let own_token = seeded(&alone, people)?;
    let (_one, one_url) = one.serve("127.0.0.1:0")?;
    let (_other, other_url) = other.serve("127.0.0.1:0")?;
    let (_alone, alone_url) = alone.serve("127.0.0.1:0")?;
    let http = client()?;
    let mut count = Failover::default();
    for person in 0..20.min(people) {
        let body = request(person);
        let lists = [
            search(&http, &one_url, &token, &body).await?,
            search(&http, &other_url, &token, &body).await?,
            search(&http, &alone_url, &own_token, &body).await?,
        ];
        let same = lists[0].is_ok() && lists.windows(2).all(|pair| pair[0] == pair[1]);
        *(if same { &mut count.same } else { &mut count.different }) += 1;
    }

    count.pgvector = pgvector(&cluster, &http, &one_url, &token, people).await?;

    // Without its standby the primary acknowledges nothing: a search, which is audited first, waits.
    let photographs = Photographs::new()?;
    let enrol = async |url: &str, number: u64| {
        let path = format!("{url}/subjects?subject_id=F-{number:05}");
        let sent = http.post(path).bearer_auth(&token).body(photographs.number(number)).send().await;
        sent.is_ok_and(|answer| answer.status().is_success())
    };
    cluster.kill_standby();
    let waiting = enrol(&one_url, 0);
    tokio::pin!(waiting);
    let early = tokio::time::timeout(Duration::from_secs(2), &mut waiting).await.is_ok();
    cluster.start_standby()?;
    let late = tokio::time::timeout(Duration::from_secs(25), &mut waiting).await;
    count.waited_for_standby = !early && late == Ok(true);
    let mut acknowledged: Vec<u64> = if late == Ok(true) { vec![0] } else { Vec::new() };
    let synced = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
    let start = Instant::now();
    while cluster.sql(synced)?.trim() != "1" {
        ensure!(start.elapsed() < Duration::from_secs(30), "the standby does not follow again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    // The primary dies under load.
    let (over, promoted) = (AtomicBool::new(false), Mutex::new(None::<Instant>));
    let counts = Mutex::new((0u64, 0u64, 0u64));
    let searching = |at: u64| {
        let (http, token, over, counts) = (&http, &token, &over, &counts);
        let url = if at.is_multiple_of(2) { &one_url } else { &other_url };
        async move {
            let mut person = at;
            while !over.load(Ordering::Relaxed) {
                person = (person + 7) % people;
                let answer = search(http, url, token, &request(person)).await;
                let mut counts = counts.lock().map_err(|_| anyhow::anyhow!("a client stopped"))?;
                match answer {
                    Ok(Ok(listed)) if listed.first() == Some(&subject(person)) => counts.0 += 1,
                    Ok(Ok(_)) => counts.1 += 1,
                    _ => counts.2 += 1,
                }
            }
            Ok::<(), anyhow::Error>(())
        }
    };
    let mut writes_after = None;
    let writing = async {
        let mut number = 1;
        while !over.load(Ordering::Relaxed) {
            let done = enrol(&one_url, number).await;
            if done {
                acknowledged.push(number);
                let since = promoted.lock().map_err(|_| anyhow::anyhow!("a client stopped"))?.map(|at| at.elapsed());
                if writes_after.is_none() {
                    writes_after = since;
                }
            }
            // The next one has a name of its own: whether this one arrived is not known.
            number += 1;
        }
        Ok::<(), anyhow::Error>(())
    };
    let cutting = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        cluster.kill_primary();
        tokio::time::sleep(Duration::from_secs(1)).await;
        cluster.promote()?;
        *promoted.lock().map_err(|_| anyhow::anyhow!("a client stopped"))? = Some(Instant::now());
        tokio::time::sleep(Duration::from_secs(12)).await;
        over.store(true, Ordering::Relaxed);
        Ok::<(), anyhow::Error>(())
    };
    let (cut, wrote, searched) = tokio::join!(cutting, writing, try_join_all((0..4).map(searching)));
    cut?;
    wrote?;
    searched?;
    (count.right, count.wrong, count.refused) = *counts.lock().map_err(|_| anyhow::anyhow!("a client stopped"))?;
    count.writes_after = writes_after.context("no write came through after the promotion")?.as_secs_f64();
    count.acknowledged = acknowledged.len() as u64;
    let there = cluster.sql("SELECT subject_id FROM subject JOIN record USING (subject_no)")?;
    let there: BTreeSet<&str> = there.lines().collect();
    count.lost = acknowledged.iter().filter(|n| !there.contains(format!("F-{n:05}").as_str())).count() as u64;
    Ok(count)
}

/// Schemathesis against the served contract with `examples` requests an operation; gives its summary.
///
/// # Errors
/// When it finds an answer that the contract does not describe, or an error of the service.
pub fn contract(folder: &Path, examples: u64) -> anyhow::Result<String> {
    let place = Place { data: folder.join("data"), postgres: None };
    let token = seed(&mut place.store()?, 30, true)?;
    let (_running, url) = place.serve("127.0.0.1:0")?;
    let program = xtask::cache()?.join("tools/schemathesis-4.32.5/bin/schemathesis");
    let run = Command::new(program)
        .arg("run")
        .arg(format!("{url}/openapi.json"))
        .args(["--header", &format!("Authorization: Bearer {token}"), "--no-color", "--seed", "1"])
        .args(["--max-examples", &examples.to_string()])
        // What a template, a photograph or an encrypted package is cannot be said in a schema; and a head that was
        // deposited without a signature is kept and never given back.
        .args(["--exclude-checks", "positive_data_acceptance,ensure_resource_availability"])
        .current_dir(folder)
        .output()
        .context("schemathesis is missing; run `make setup`")?;
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    let errors = std::fs::read_to_string(place.data.join("log"))?.matches("\"level\":\"ERROR\"").count();
    ensure!(run.status.success() && errors == 0, "{said}\n{errors} errors in the service's log");
    let cases = said.lines().skip_while(|line| !line.starts_with("Test cases:")).nth(1).unwrap_or_default();
    let operations = said.lines().find(|line| line.trim().starts_with("Tested:")).unwrap_or_default();
    Ok(format!("schemathesis: {} operations, {}, 0 errors in the log", operations.trim(), cases.trim()))
}

/// What [`load`] measured.
#[derive(Debug, Default)]
pub struct Load {
    /// Templates in the gallery.
    pub templates: u64,
    /// Seconds from the start of the program to its first answer, with the index on disk.
    pub start: f64,
    /// Searches answered in the time.
    pub searches: u64,
    /// Searches a second.
    pub per_second: f64,
    /// Median and 99th percentile of a search over HTTP, in milliseconds.
    pub milliseconds: [f64; 2],
    /// Bytes of the service in memory, per template.
    pub resident: f64,
}

/// `clients` search a gallery of `people` templates over HTTP for `seconds`.
///
/// # Errors
/// When the service cannot be started or refuses.
pub async fn load(folder: &Path, people: u64, clients: u64, seconds: u64) -> anyhow::Result<Load> {
    let place = Place { data: folder.join("data"), postgres: None };
    let token = tokio::task::block_in_place(|| seed(&mut place.store()?, people, false))?;
    // The first start builds the index, the second finds it.
    let (first, _) = place.serve("127.0.0.1:0")?;
    first.stop()?;
    let began = Instant::now();
    let (running, url) = place.serve("127.0.0.1:0")?;
    let mut measured = Load { templates: people, start: began.elapsed().as_secs_f64(), ..Load::default() };
    let http = client()?;
    let (end, times) = (Instant::now() + Duration::from_secs(seconds), Mutex::new(Vec::new()));
    let searching = |client: u64| {
        let (http, url, token, times) = (&http, &url, &token, &times);
        async move {
            let mut person = client;
            while Instant::now() < end {
                person = (person + 7919) % people;
                let body = request(person);
                let start = Instant::now();
                let listed = search(http, url, token, &body).await?;
                ensure!(listed.is_ok_and(|l| l.first() == Some(&subject(person))), "not the mated person first");
                times.lock().map_err(|_| anyhow::anyhow!("a client stopped"))?.push(start.elapsed().as_secs_f64());
            }
            Ok(())
        }
    };
    let start = Instant::now();
    try_join_all((0..clients).map(searching)).await?;
    let mut times = times.into_inner()?;
    times.sort_by(f64::total_cmp);
    measured.searches = times.len() as u64;
    measured.per_second = times.len() as f64 / start.elapsed().as_secs_f64();
    measured.milliseconds = [0.5, 0.99].map(|share| 1e3 * times[((times.len() - 1) as f64 * share) as usize]);
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.id()))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no memory figure")?;
    let kib: f64 = resident.trim().trim_end_matches(" kB").trim().parse()?;
    measured.resident = kib * 1024.0 / people as f64;
    Ok(measured)
}

/// What [`bulk`] measured.
#[derive(Debug, Default)]
pub struct Bulk {
    /// Photographs a second that `gallery enrol` enrols.
    pub enrolled: f64,
    /// Photographs a second that `faces embed` encodes alone.
    pub encoded: f64,
}

/// Enrols `photographs` of a megapixel, and encodes the same files with `faces` alone, with all cores each.
///
/// # Errors
/// When a program fails.
pub fn bulk(folder: &Path, photographs: u64) -> anyhow::Result<Bulk> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let picture = crate::people::Renderer::new()?.picture(7, 0, 1000);
    picture.write_to(&mut jpeg, image::ImageFormat::Jpeg)?;
    // What stands behind the end of a JPEG file is no part of the picture.
    let source = Photographs(jpeg.into_inner());
    let people = folder.join("people");
    let mut files = Vec::new();
    for number in 0..photographs {
        let own = people.join(format!("B-{number:05}"));
        std::fs::create_dir_all(&own)?;
        files.push(own.join("front.jpg"));
        std::fs::write(&files[files.len() - 1], source.number(number))?;
    }
    let threads = std::thread::available_parallelism()?.to_string();
    let timed = |command: &mut Command| -> anyhow::Result<f64> {
        let start = Instant::now();
        let done = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        ensure!(done.success(), "{:?} failed", command.get_program());
        Ok(photographs as f64 / start.elapsed().as_secs_f64())
    };
    let programs = programs()?;
    let mut count = Bulk::default();
    // Twice in turn, the better of each: the first of all also fills the system's caches.
    for turn in 0..2 {
        let mut faces = Command::new(programs.join("faces"));
        count.encoded = count.encoded.max(timed(faces.args(["embed", "--json", "--threads", &threads]).args(&files))?);
        let mut gallery = Command::new(programs.join("gallery"));
        let data = folder.join(format!("data-{turn}"));
        count.enrolled = count.enrolled.max(timed(gallery.args(["enrol", "--data"]).arg(data).arg(&people))?);
    }
    Ok(count)
}
