//! The regional service: what its clients can take from it.

use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use ed25519_dalek::{Signer, SigningKey};
use gallery::benchmark::{template, view};
use gallery::store::{Enrolment, Override, Store};
use gallery_api::signing;
use gallery_api::wire::SearchRequest;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use service::signing::message;

use super::{Attack, Found};
use crate::people::Renderer;
use crate::process::{Running, programs};

/// Attacks of this kind.
pub const ATTACKS: &[Attack] = &[
    Attack { promise: 12, name: "take people and photographs out with one token", play: take_everybody },
    Attack { promise: 12, name: "take them under many examiners' names", play: take_by_names },
    Attack { promise: 12, name: "search on after a restart", play: restart },
    Attack { promise: 12, name: "rebuild templates from scores", play: rebuild },
    Attack { promise: 12, name: "rebuild templates by small changes", play: nudge },
    Attack { promise: 12, name: "see photographs whole without opening anybody", play: whole_photographs },
    Attack { promise: 12, name: "search in a colleague's name", play: in_a_name },
    Attack { promise: 13, name: "expunge and hide another agency's records", play: other_agency },
    Attack { promise: 13, name: "override an expungement alone", play: override_alone },
    Attack { promise: 13, name: "enrol an expunged photograph, saved anew", play: saved_anew },
    Attack { promise: 13, name: "get a token that may do everything", play: default_token },
    Attack { promise: 14, name: "search the real gallery as training", play: as_training },
    Attack { promise: 14, name: "run one search many times at once", play: same_key },
    Attack { promise: 14, name: "fill the audit with failed tokens", play: failed_tokens },
    Attack { promise: 14, name: "hold the service with half-sent requests", play: half_sent },
    Attack { promise: 14, name: "carry data out in a basis", play: data_in_text },
    Attack { promise: 15, name: "pose as the database", play: database },
];

const MODEL: &str = "sface-2021dec";
const DIM: usize = 128;
const HERE: &str = "CA0190000";
const THERE: &str = "CA0194200";

/// A real `gallery serve` over people who do not exist.
struct Gallery {
    data: tempfile::TempDir,
    options: Vec<String>,
    running: Option<Running>,
    url: String,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl Gallery {
    fn of(people: u64, options: &[&str]) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        {
            let mut store = Store::sqlite(data.path())?;
            let mut jpeg = std::io::Cursor::new(Vec::new());
            let picture = image::RgbImage::from_fn(480, 600, |x, y| image::Rgb([x as u8, y as u8, (x + y) as u8]));
            picture.write_to(&mut jpeg, image::ImageFormat::Jpeg)?;
            let people: Vec<Enrolment> = (0..people)
                .map(|person| Enrolment {
                    subject: format!("T-{person:06}"),
                    source_sha256: format!("{person:064x}"),
                    photo: jpeg.get_ref().clone(),
                    captured_on: None,
                    agency: Some(HERE.to_owned()),
                    model: MODEL.to_owned(),
                    values: template(person, DIM),
                })
                .collect();
            store.enrol(&people, None::<&Override>, ("tests", ""))?;
        }
        let mut gallery = Self {
            data,
            options: options.iter().map(|&option| option.to_owned()).collect(),
            running: None,
            url: String::new(),
            http: reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build()?,
            runtime: tokio::runtime::Runtime::new()?,
        };
        gallery.start()?;
        Ok(gallery)
    }

    fn start(&mut self) -> anyhow::Result<()> {
        self.running = None;
        let mut command = Command::new(programs()?.join("gallery"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(self.data.path()).args(&self.options);
        let (running, address) = Running::start_until(command.stderr(Stdio::null()), |line| {
            line.strip_prefix("listening on ").map(str::to_owned)
        })?;
        self.running = Some(running);
        self.url = format!("http://{address}/v1");
        Ok(())
    }

    fn command(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let (verb, rest) = arguments.split_at(arguments.len().min(2));
        Ok(Command::new(programs()?.join("gallery"))
            .args(verb)
            .arg("--data")
            .arg(self.data.path())
            .args(rest)
            .output()?)
    }

    fn token(&self, agency: &str, user: &str, options: &[&str]) -> anyhow::Result<String> {
        let issued = self.command(&[&["token", "issue", "--agency", agency, "--user", user], options].concat())?;
        ensure!(issued.status.success(), "{}", String::from_utf8_lossy(&issued.stderr));
        Ok(String::from_utf8(issued.stdout)?.lines().last().context("no token")?.to_owned())
    }

    fn call(
        &self,
        method: Method,
        path: &str,
        token: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> anyhow::Result<(StatusCode, Vec<u8>)> {
        let mut call = self.http.request(method, format!("{}{path}", self.url)).bearer_auth(token).body(body);
        for (name, value) in headers {
            call = call.header(*name, value);
        }
        self.runtime.block_on(async {
            let answer = call.send().await?;
            Ok((answer.status(), answer.bytes().await?.to_vec()))
        })
    }

    fn get(&self, path: &str, token: &str) -> anyhow::Result<(StatusCode, Vec<u8>)> {
        self.call(Method::GET, path, token, &[], Vec::new())
    }

    fn post(&self, path: &str, token: &str, body: &Value) -> anyhow::Result<(StatusCode, Value)> {
        let headers = [("content-type", "application/json".to_owned())];
        let (status, body) = self.call(Method::POST, path, token, &headers, serde_json::to_vec(body)?)?;
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }

    fn search(&self, token: &str, values: &[f32], more: Value) -> anyhow::Result<(StatusCode, Value)> {
        let mut body = json!({ "template": { "model": MODEL, "values": values }, "purpose": "felony",
            "case_number": "26-000123", "basis": "211 PC, robbery on fixed camera", "limit": 200 });
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        self.post("/searches", token, &body)
    }

    fn audit(&self) -> anyhow::Result<Vec<(String, String)>> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let db = rusqlite::Connection::open_with_flags(self.data.path().join("gallery.sqlite"), flags)?;
        let mut query = db.prepare("SELECT action, detail FROM audit ORDER BY seq")?;
        let rows = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn audited(&self, action: &str) -> anyhow::Result<usize> {
        Ok(self.audit()?.iter().filter(|(known, _)| known == action).count())
    }
}

fn code(answer: &Value) -> &str {
    answer["code"].as_str().unwrap_or("none")
}

/// Searches as fast as it goes for `seconds` and fetches every photograph; gives the people whose photograph came, how
/// many of them larger than a thumbnail, and the code that ended it.
fn harvest(
    gallery: &Gallery,
    token: &str,
    seconds: u64,
    name: impl Fn(u64) -> Value,
) -> anyhow::Result<(usize, usize, String)> {
    let (start, mut people, mut whole, mut ended) = (Instant::now(), HashSet::new(), 0, "time".to_owned());
    'searching: for probe in 0.. {
        if start.elapsed() > Duration::from_secs(seconds) {
            break;
        }
        let (status, answer) = gallery.search(token, &view(probe, DIM), name(probe))?;
        if !status.is_success() {
            ended = code(&answer).to_owned();
            break;
        }
        for candidate in answer["candidates"].as_array().context("no list")? {
            let subject = candidate["subject_id"].as_str().unwrap_or_default().to_owned();
            if people.contains(&subject) || start.elapsed() > Duration::from_secs(seconds) {
                continue;
            }
            let path = candidate["photo"].as_str().and_then(|p| p.strip_prefix("/v1")).context("no photograph")?;
            let (status, bytes) = gallery.get(path, token)?;
            if !status.is_success() {
                ended = code(&serde_json::from_slice(&bytes).unwrap_or_default()).to_owned();
                break 'searching;
            }
            let picture = image::load_from_memory(&bytes)?;
            whole += usize::from(picture.width().max(picture.height()) > 200);
            people.insert(subject);
        }
    }
    Ok((people.len(), whole, ended))
}

fn take_everybody() -> anyhow::Result<Found> {
    let gallery = Gallery::of(500, &[])?;
    let token = gallery.token(HERE, "alvarez", &["--scope", "search"])?;
    let (people, whole, ended) = harvest(&gallery, &token, 12, |_| Value::Null)?;
    let words = format!("{people} of 500 people, {whole} photographs whole; ended by {ended}");
    Ok(Found::held_if(people <= 200 && whole == 0 && ended == "rate-limited", words))
}

fn take_by_names() -> anyhow::Result<Found> {
    let gallery = Gallery::of(500, &["--searches-a-day", "10", "--photographs-a-day", "40"])?;
    let token = gallery.token(HERE, "workstation-1", &["--scope", "search"])?;
    let named = |n| json!({ "examiner": format!("examiner {n}"), "limit": 20 });
    let (people, _, ended) = harvest(&gallery, &token, 10, named)?;
    Ok(Found::held_if(
        people <= 80 && ended == "rate-limited",
        format!("{people} people where one name gets 40; ended by {ended}"),
    ))
}

fn restart() -> anyhow::Result<Found> {
    let mut gallery = Gallery::of(30, &["--searches-a-day", "3"])?;
    let token = gallery.token(HERE, "alvarez", &["--scope", "search"])?;
    for probe in 0..3 {
        ensure!(gallery.search(&token, &view(probe, DIM), Value::Null)?.0.is_success(), "refused too early");
    }
    gallery.start()?;
    let (status, answer) = gallery.search(&token, &view(4, DIM), Value::Null)?;
    Ok(Found::held_if(
        status == StatusCode::TOO_MANY_REQUESTS,
        format!("the fourth of three: {status} {}", code(&answer)),
    ))
}

/// Row `row` of a Hadamard matrix: dense, of norm 1, orthogonal to the others.
fn hadamard(row: usize) -> Vec<f32> {
    (0..DIM)
        .map(|at| if (row & at).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 } / (DIM as f32).sqrt())
        .collect()
}

fn rebuild() -> anyhow::Result<Found> {
    const PEOPLE: u64 = 125;
    let gallery = Gallery::of(PEOPLE, &["--burst", "600"])?;
    let token = gallery.token(HERE, "alvarez", &["--scope", "search"])?;
    let (mut rebuilt, mut answered, mut ended) = (BTreeMap::<u64, Vec<f32>>::new(), 0, "none".to_owned());
    for row in 0..DIM {
        let probe = hadamard(row);
        let (status, answer) = gallery.search(&token, &probe, Value::Null)?;
        if !status.is_success() {
            ended = code(&answer).to_owned();
            break;
        }
        answered += 1;
        for candidate in answer["candidates"].as_array().context("no list")? {
            let person =
                candidate["subject_id"].as_str().and_then(|s| s.strip_prefix("T-")).context("nobody")?.parse()?;
            let score = candidate["score"].as_f64().context("no score")? as f32;
            // The least squares of orthogonal probes: the sum of the probes by their scores.
            let values = rebuilt.entry(person).or_insert_with(|| vec![0.0; DIM]);
            values.iter_mut().zip(&probe).for_each(|(value, own)| *value += score * own);
        }
    }
    let error = |(person, values): (&u64, &Vec<f32>)| -> f32 {
        let real = template(*person, DIM);
        real.iter().zip(values).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
    };
    let errors: Vec<f32> = rebuilt.iter().map(error).collect();
    let mean = errors.iter().sum::<f32>() / errors.len().max(1) as f32;
    let alarmed = gallery.audited("alarm-pattern")?;
    let words =
        format!("{answered} of {DIM} probes answered, ended by {ended}, {alarmed} alarm; mean error {mean:.2} of 1");
    Ok(Found::held_if(ended == "paused" && alarmed == 1 && mean > 0.8, words))
}

fn nudge() -> anyhow::Result<Found> {
    let gallery = Gallery::of(60, &["--burst", "600"])?;
    let token = gallery.token(HERE, "alvarez", &["--scope", "search"])?;
    let (mut answered, mut ended) = (0, "none".to_owned());
    for at in 0..100 {
        let mut values = view(3, DIM);
        values[at] += 0.004;
        let norm = values.iter().map(|v| v * v).sum::<f32>().sqrt();
        values.iter_mut().for_each(|v| *v /= norm);
        let (status, answer) = gallery.search(&token, &values, Value::Null)?;
        if !status.is_success() {
            ended = code(&answer).to_owned();
            break;
        }
        answered += 1;
    }
    // Only an operator lifts it.
    let still = gallery.search(&token, &view(9, DIM), Value::Null)?.1;
    let id = String::from_utf8(gallery.command(&["token", "paused"])?.stdout)?;
    let id = id.split('\t').next().unwrap_or_default().to_owned();
    let resumed = gallery.command(&["token", "resume", &id])?.status.success();
    let after = gallery.search(&token, &view(9, DIM), Value::Null)?.0;
    let held = ended == "paused" && code(&still) == "paused" && resumed && after.is_success() && answered <= 15;
    Ok(Found::held_if(
        held,
        format!("{answered} of 100 probes answered, ended by {ended}; after an operator looked: {after}"),
    ))
}

fn whole_photographs() -> anyhow::Result<Found> {
    let gallery = Gallery::of(30, &[])?;
    let (token, other) = (gallery.token(HERE, "alvarez", &[])?, gallery.token(HERE, "brown", &[])?);
    let answer = gallery.search(&token, &view(1, DIM), Value::Null)?.1;
    let candidate = &answer["candidates"][0];
    let path = candidate["photo"].as_str().and_then(|p| p.strip_prefix("/v1")).context("no photograph")?;
    let side = |bytes: &[u8]| image::load_from_memory(bytes).map(|p| p.width().max(p.height()));
    let small = side(&gallery.get(path, &token)?.1)?;
    let opened = format!("/searches/{}/opened", answer["search_id"].as_str().unwrap_or_default());
    let asked = json!({ "candidate_id": candidate["candidate_id"] });
    let foreign = gallery.post(&opened, &other, &asked)?.0;
    let own = gallery.post(&opened, &token, &asked)?.0;
    let large = side(&gallery.get(path, &token)?.1)?;
    let audited = gallery.audited("candidate-opened")?;
    let held = small <= 160 && foreign == StatusCode::NOT_FOUND && own.is_success() && large == 600 && audited == 1;
    Ok(Found::held_if(
        held,
        format!("{small} pixels before, {large} after it was opened, which the audit has {audited} time"),
    ))
}

fn in_a_name() -> anyhow::Result<Found> {
    let gallery = Gallery::of(30, &[])?;
    let (own, stray) = (SigningKey::from_bytes(&[7; 32]), SigningKey::from_bytes(&[8; 32]));
    let hex_key = |key: &SigningKey| hex::encode(key.verifying_key().to_bytes());
    let token = gallery.token(HERE, "workstation-1", &["--key", &hex_key(&own)])?;
    let search =
        |signer: Option<&SigningKey>, examiner: &str, signed_for: &str, idempotency: &str| -> anyhow::Result<String> {
            let mut body = json!({ "template": { "model": MODEL, "values": view(1, DIM) }, "purpose": "felony",
            "case_number": "26-000123", "basis": "211 PC", "examiner": signed_for });
            if let Some(key) = signer {
                let request: SearchRequest = serde_json::from_value(body.clone())?;
                let text = signing::search_text(&request, idempotency);
                let signature = hex::encode(key.sign(message(&text).as_bytes()).to_bytes());
                body["signature"] = json!({ "public_key": hex_key(key), "signature": signature });
            }
            body["examiner"] = json!(examiner);
            let headers =
                [("content-type", "application/json".to_owned()), ("idempotency-key", idempotency.to_owned())];
            let (status, answer) =
                gallery.call(Method::POST, "/searches", &token, &headers, serde_json::to_vec(&body)?)?;
            let answer: Value = serde_json::from_slice(&answer)?;
            Ok(if status.is_success() { "answered".to_owned() } else { code(&answer).to_owned() })
        };
    let codes = [
        search(None, "alvarez", "alvarez", "k1")?,
        search(Some(&stray), "alvarez", "alvarez", "k2")?,
        search(Some(&own), "brown", "alvarez", "k3")?,
        search(Some(&own), "alvarez", "alvarez", "k4")?,
    ];
    let signed =
        gallery.audit()?.into_iter().any(|(action, detail)| action == "search" && detail.contains("signed by key"));
    let held = codes == ["signature-needed", "signature-needed", "signature-invalid", "answered"] && signed;
    Ok(Found::held_if(held, format!("unsigned, by another key, for another name, signed: {}", codes.join(", "))))
}

fn other_agency() -> anyhow::Result<Found> {
    let gallery = Gallery::of(30, &[])?;
    let token = gallery.token(THERE, "mallory", &["--scope", "enrol", "--scope", "search"])?;
    let order = json!({ "order_reference": "1", "authority": "x" });
    let codes = [
        gallery.call(Method::DELETE, "/subjects/T-000001", &token, &[], Vec::new())?.0,
        gallery.post("/subjects/T-000001/expungement", &token, &order)?.0,
        gallery.post("/subjects/T-000001/suppression", &token, &json!({ "because": "so" }))?.0,
        gallery.call(Method::DELETE, "/subjects/T-000001/suppression", &token, &[], Vec::new())?.0,
        gallery
            .call(
                Method::POST,
                &format!("/subjects?subject_id=X&agency={HERE}"),
                &token,
                &[],
                b"\xFF\xD8\xFF".to_vec(),
            )?
            .0,
    ];
    let there = gallery.search(&token, &view(1, DIM), Value::Null)?.1["candidates"][0]["subject_id"] == "T-000001";
    let held = there && codes.iter().all(|code| *code == StatusCode::FORBIDDEN);
    Ok(Found::held_if(held, format!("{codes:?}; the person is still listed: {there}")))
}

/// A rendered person's photograph, as PNG and as it came back from a messenger.
fn photographs(seed: u64) -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
    let picture = Renderer::new()?.picture(seed, 0, 512);
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png)?;
    let small = image::imageops::resize(&picture, 360, 360, image::imageops::FilterType::Triangle);
    let mut jpeg = std::io::Cursor::new(Vec::new());
    small.write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 70))?;
    Ok((png.into_inner(), jpeg.into_inner()))
}

/// A gallery in which a rendered person was enrolled and expunged, with a token of two people of the agency, and the
/// person's photograph as it was and saved anew.
fn expunged() -> anyhow::Result<(Gallery, [String; 2], [Vec<u8>; 2])> {
    let gallery = Gallery::of(5, &[])?;
    let tokens =
        [gallery.token(HERE, "alvarez", &["--scope", "enrol"])?, gallery.token(HERE, "brown", &["--scope", "enrol"])?];
    let (png, jpeg) = photographs(7)?;
    let (status, said) = gallery.call(Method::POST, "/subjects?subject_id=P-7", &tokens[0], &[], png.clone())?;
    ensure!(status == StatusCode::CREATED, "not enrolled: {}", String::from_utf8_lossy(&said));
    let order = json!({ "order_reference": "2026-EX-17", "authority": "Superior Court" });
    let done = gallery.post("/subjects/P-7/expungement", &tokens[0], &order)?.0;
    ensure!(done.is_success(), "not expunged: {done}");
    Ok((gallery, tokens, [png, jpeg]))
}

fn override_alone() -> anyhow::Result<Found> {
    let (gallery, [own, colleague], [png, _]) = expunged()?;
    let again = gallery.token(HERE, "Alvarez ", &["--scope", "enrol"])?;
    let stranger = gallery.token(THERE, "mallory", &["--scope", "enrol"])?;
    let enrol = |second: Option<&str>| -> anyhow::Result<StatusCode> {
        let headers: Vec<(&str, String)> =
            second.map(|token| ("second-authorization", format!("Bearer {token}"))).into_iter().collect();
        let path = "/subjects?subject_id=P-8&override_expunged=true";
        Ok(gallery.call(Method::POST, path, &own, &headers, png.clone())?.0)
    };
    let codes = [enrol(None)?, enrol(Some(&own))?, enrol(Some(&again))?, enrol(Some(&stranger))?];
    let with_second = enrol(Some(&colleague))?;
    let named = gallery.audit()?.into_iter().any(|(action, detail)| {
        action == "enrolled-despite-order" && detail.contains("alvarez") && detail.contains("brown")
    });
    let held = codes.iter().all(|code| *code == StatusCode::FORBIDDEN) && with_second == StatusCode::CREATED && named;
    Ok(Found::held_if(
        held,
        format!("alone and with false seconds {codes:?}; with a second person {with_second}, both named: {named}"),
    ))
}

fn saved_anew() -> anyhow::Result<Found> {
    let (gallery, [own, _], [_, jpeg]) = expunged()?;
    let (status, answer) = gallery.call(Method::POST, "/subjects?subject_id=P-9", &own, &[], jpeg)?;
    let answer: Value = serde_json::from_slice(&answer)?;
    let (_, another) = photographs(8)?;
    let other = gallery.call(Method::POST, "/subjects?subject_id=P-10", &own, &[], another)?.0;
    let held = status == StatusCode::CONFLICT && code(&answer) == "resembles-expunged" && other == StatusCode::CREATED;
    Ok(Found::held_if(held, format!("smaller and saved as JPEG: {status} {}; another person: {other}", code(&answer))))
}

fn default_token() -> anyhow::Result<Found> {
    let gallery = Gallery::of(5, &[])?;
    let token = gallery.token(HERE, "alvarez", &[])?;
    let audit = gallery.get("/audit", &token)?.0;
    let removed = gallery.call(Method::DELETE, "/subjects/T-000001", &token, &[], Vec::new())?.0;
    let db = rusqlite::Connection::open(gallery.data.path().join("gallery.sqlite"))?;
    let expires: Option<String> =
        db.query_row("SELECT expires_at FROM token ORDER BY rowid DESC LIMIT 1", [], |r| r.get(0))?;
    let ends: Option<jiff::Timestamp> = expires.and_then(|at| at.parse().ok());
    let days = ends.map(|at| at.duration_since(jiff::Timestamp::now()).as_hours() / 24);
    let held =
        audit == StatusCode::FORBIDDEN && removed == StatusCode::FORBIDDEN && days.is_some_and(|days| days <= 90);
    Ok(Found::held_if(held, format!("audit {audit}, expungement {removed}, good for {days:?} days")))
}

fn as_training() -> anyhow::Result<Found> {
    let gallery = Gallery::of(5, &[])?;
    let token = gallery.token(HERE, "alvarez", &[])?;
    let (status, answer) = gallery.search(&token, &view(1, DIM), json!({ "purpose": "training" }))?;
    Ok(Found::held_if(code(&answer) == "purpose-required", format!("{status} {}", code(&answer))))
}

fn same_key() -> anyhow::Result<Found> {
    let gallery = Gallery::of(200, &[])?;
    let token = gallery.token(HERE, "alvarez", &[])?;
    let body = json!({ "template": { "model": MODEL, "values": view(1, DIM) }, "purpose": "felony",
        "case_number": "26-000123", "basis": "211 PC" });
    let answers = gallery.runtime.block_on(async {
        let calls = (0..20).map(|_| {
            let call = gallery.http.post(format!("{}/searches", gallery.url)).bearer_auth(&token);
            async { call.header("idempotency-key", "one").json(&body).send().await?.text().await }
        });
        futures_util::future::try_join_all(calls).await
    })?;
    let (searches, replays) = (gallery.audited("search")?, gallery.audited("search-replayed")?);
    let same = answers.iter().all(|answer| answer == &answers[0] && answer.contains("search_id"));
    let held = searches == 1 && replays == 19 && same;
    Ok(Found::held_if(
        held,
        format!("20 at once: {searches} ran, {replays} on the audit as replays, one answer: {same}"),
    ))
}

fn failed_tokens() -> anyhow::Result<Found> {
    let gallery = Gallery::of(5, &[])?;
    let token = gallery.token(HERE, "alvarez", &[])?;
    let mut refused = 0;
    for n in 0..300 {
        let status = gallery.get("/info", &format!("cgt_{n}"))?.0;
        refused += usize::from(status == StatusCode::UNAUTHORIZED || status == StatusCode::TOO_MANY_REQUESTS);
    }
    let valid = gallery.get("/info", &token)?.0;
    let rows = gallery.audited("token-refused")?;
    let held = refused == 300 && rows <= 2 && valid.is_success();
    Ok(Found::held_if(
        held,
        format!("{refused} of 300 refused, {rows} rows of audit; a valid token meanwhile: {valid}"),
    ))
}

fn address(gallery: &Gallery) -> anyhow::Result<SocketAddr> {
    Ok(gallery.url.trim_start_matches("http://").trim_end_matches("/v1").parse()?)
}

fn half_sent() -> anyhow::Result<Found> {
    let gallery = Gallery::of(30, &[])?;
    let token = gallery.token(HERE, "alvarez", &[])?;
    let mut held_open = Vec::new();
    for _ in 0..1100 {
        // Where this machine has no more files to open, those that are open have to do.
        let Ok(mut stream) = TcpStream::connect(address(&gallery)?) else { break };
        drop(stream.write_all(b"POST /v1/searches HTTP/1.1\r\nHost: gallery\r\nX-Slow: "));
        held_open.push(stream);
    }
    let start = Instant::now();
    let status = gallery.search(&token, &view(1, DIM), Value::Null)?.0;
    let answered = start.elapsed();
    std::thread::sleep(Duration::from_secs(12).saturating_sub(start.elapsed()));
    let open = held_open.iter().filter(|stream| {
        let mut byte = [0];
        drop(stream.set_nonblocking(true));
        matches!((&**stream).read(&mut byte), Err(e) if e.kind() == std::io::ErrorKind::WouldBlock)
    });
    let (open, all) = (open.count(), held_open.len());
    let held = status.is_success() && answered < Duration::from_secs(2) && open == 0 && all > 200;
    Ok(Found::held_if(
        held,
        format!("{all} half-sent: a search took {:.2} s, {open} were open 12 s later", answered.as_secs_f32()),
    ))
}

fn data_in_text() -> anyhow::Result<Found> {
    let gallery = Gallery::of(5, &[])?;
    let token = gallery.token(HERE, "alvarez", &["--scope", "search", "--scope", "enrol"])?;
    let data = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ".repeat(4500);
    let spaced = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ ".repeat(40);
    let mut codes = Vec::new();
    for (field, text) in [("basis", &data), ("basis", &spaced), ("case_number", &data), ("examiner", &data)] {
        codes.push(code(&gallery.search(&token, &view(1, DIM), json!({ field: text }))?.1).to_owned());
    }
    codes
        .push(code(&gallery.post("/subjects/T-000001/suppression", &token, &json!({ "because": data }))?.1).to_owned());
    let kept = gallery.audit()?.iter().any(|(_, detail)| detail.contains("AAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJiVBOR"));
    let held = codes.iter().all(|code| code == "text-invalid") && !kept;
    Ok(Found::held_if(held, format!("{codes:?}; kept in the audit: {kept}")))
}

fn database() -> anyhow::Result<Found> {
    // Somebody between the gallery and its database, who answers that there is no TLS here.
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let listening = std::thread::spawn(move || -> std::io::Result<Vec<u8>> {
        let (mut stream, _) = listener.accept()?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let (mut heard, mut piece) = (Vec::new(), [0; 1024]);
        loop {
            match stream.read(&mut piece) {
                Ok(0) | Err(_) => return Ok(heard),
                Ok(read) => {
                    heard.extend_from_slice(&piece[..read]);
                    // SSLRequest is eight bytes; whatever comes after "N" is in the clear.
                    if heard.len() == 8 {
                        stream.write_all(b"N")?;
                    } else {
                        return Ok(heard);
                    }
                }
            }
        }
    });
    let data = tempfile::tempdir()?;
    let url =
        format!("host=db.example.gov hostaddr=127.0.0.1 port={port} user=gallery password=hunter2 sslmode=prefer");
    let refused = Command::new(programs()?.join("gallery"))
        .args(["stats", "--store", "postgres", "--database-url", &url, "--data"])
        .arg(data.path())
        .output()?;
    let heard = listening.join().map_err(|_| anyhow::anyhow!("the listener stopped"))??;
    let in_the_clear = heard.windows(7).any(|w| w == b"gallery");
    let held = !refused.status.success() && heard.len() == 8 && !in_the_clear;
    Ok(Found::held_if(
        held,
        format!("{} bytes were heard, the database's user in the clear: {in_the_clear}", heard.len()),
    ))
}
