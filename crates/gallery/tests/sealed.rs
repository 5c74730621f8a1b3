//! Whoever copies every byte of a gallery's folder finds no template in it: a running service, its log included.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use gallery::benchmark::{template, view};
use gallery::store::{Enrolment, Scope, Store};
use serde_json::{Value, json};

const PEOPLE: u64 = 1000;
const DIM: usize = 128;
const MODEL: &str = "sface-2021dec";
/// How the index lays codes: four dimensions of a row, then those of the fifteen rows beside it.
const STRIP: usize = 4;
/// From a strip of a row to its next.
const STEP: usize = 64;

/// A template's codes as the index makes them, with 128 added or without.
fn codes(values: &[f32], bias: i32) -> Vec<u8> {
    let largest = values.iter().fold(0.0f32, |most, value| most.max(value.abs()));
    let step = 1.0 / (largest / 127.0);
    values.iter().map(|value| ((value * step).round_ties_even() as i32 + bias) as u8).collect()
}

/// What is looked for in every file.
struct Planted {
    /// Four values in a row, at each place of a template.
    floats: HashSet<[u8; 16]>,
    /// First strip of the codes, with all.
    codes: HashMap<[u8; 4], Vec<Vec<u8>>>,
    keys: HashSet<[u8; 32]>,
}

/// What was found, of each.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    floats: usize,
    codes: usize,
    keys: usize,
}

impl Planted {
    fn new() -> Self {
        let (mut floats, mut of_codes) = (HashSet::new(), HashMap::<_, Vec<_>>::new());
        for person in 0..PEOPLE {
            let values = template(person, DIM);
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            floats.extend(bytes.as_chunks::<16>().0.iter().copied());
            for bias in [0, 128] {
                let codes = codes(&values, bias);
                of_codes.entry(*codes.first_chunk().unwrap()).or_default().push(codes);
            }
        }
        Self { floats, codes: of_codes, keys: HashSet::new() }
    }

    fn scan(&self, bytes: &[u8], found: &mut Found) {
        for (at, window) in bytes.windows(16).enumerate() {
            found.floats += usize::from(self.floats.contains(window));
            let Some(candidates) = self.codes.get(&window[..4]) else { continue };
            // Eight strips, side by side or as the index lays them.
            let holds = |codes: &[u8], step: usize| {
                let strips = codes.as_chunks::<STRIP>().0.iter().enumerate().take(8);
                strips.into_iter().all(|(n, strip)| bytes.get(at + n * step..at + n * step + STRIP) == Some(&strip[..]))
            };
            found.codes += candidates.iter().filter(|codes| holds(codes, STRIP) || holds(codes, STEP)).count();
        }
        for window in bytes.windows(32) {
            found.keys += usize::from(self.keys.contains(window));
        }
    }

    /// Scans every file below `folder`, and says what it found `when`.
    fn below(&self, folder: &Path, when: &str) -> Found {
        let (mut found, mut scanned, mut folders) = (Found::default(), 0, vec![folder.to_owned()]);
        while let Some(folder) = folders.pop() {
            for file in std::fs::read_dir(folder).unwrap() {
                let path = file.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(bytes) = std::fs::read(&path) {
                    scanned += bytes.len();
                    self.scan(&bytes, &mut found);
                }
            }
        }
        let Found { floats, codes, keys } = found;
        println!(
            "scan of the gallery's folder {when}: {PEOPLE} templates planted, {scanned} bytes; found {floats} of their values, {codes} of their codes, {keys} keys"
        );
        found
    }

    /// Notes the keys that the store holds now; gives how many.
    fn note_keys(&mut self, data: &Path) -> usize {
        let db = rusqlite::Connection::open(data.join("gallery.sqlite")).unwrap();
        let sql = "SELECT key FROM subject_key UNION ALL SELECT key FROM index_key";
        let mut query = db.prepare(sql).unwrap();
        let keys = query.query_map([], |row| row.get::<_, [u8; 32]>(0)).unwrap().map(Result::unwrap);
        self.keys.extend(keys.filter(|key| *key != [0; 32]));
        self.keys.len()
    }
}

struct Service(Child, String);

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn serve(data: &Path) -> Service {
    let log = File::options().create(true).append(true).open(data.join("log")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_gallery"))
        .args(["serve", "--unlimited", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .env("RUST_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(Stdio::from(log))
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = format!("http://{}/v1", line.trim().strip_prefix("listening on ").unwrap());
    Service(child, url)
}

#[test]
fn the_scan_finds_what_lies_in_the_clear() {
    let planted = Planted::new();
    let values = template(17, DIM);
    let floats: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let codes = codes(&values, 128);
    let mut laid = vec![7; 3 + STEP * (DIM / STRIP)];
    for (n, strip) in codes.as_chunks::<STRIP>().0.iter().enumerate() {
        laid[3 + n * STEP..][..STRIP].copy_from_slice(strip);
    }
    for (bytes, floats, codes) in [(floats, 32, 0), (codes, 0, 1), (laid, 0, 1)] {
        let mut found = Found::default();
        planted.scan(&[&b"x"[..], &bytes].concat(), &mut found);
        assert_eq!(found, Found { floats, codes, keys: 0 });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_byte_of_the_folder_shows_a_template_and_none_opens_after_expungement() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut planted = Planted::new();
    let token = tokio::task::block_in_place(|| {
        let mut store = Store::sqlite(&data).unwrap();
        let batch: Vec<Enrolment> = (0..PEOPLE)
            .map(|person| Enrolment {
                subject: format!("P-{person:04}"),
                source_sha256: format!("{person:064x}"),
                photo: Vec::new(),
                captured_on: None,
                agency: Some("CA0190000".to_owned()),
                model: MODEL.to_owned(),
                values: template(person, DIM),
            })
            .collect();
        for some in batch.chunks(100) {
            store.enrol(some, None, ("tests", "")).unwrap();
        }
        store.issue_token("CA0190000", "tests", &Scope::ALL, None).unwrap().secret
    });
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let search = async |service: &Service, person: u64| -> Value {
        let body = json!({ "template": { "model": MODEL, "values": view(person, DIM) }, "purpose": "felony",
            "case_number": "26-000001", "basis": "trial", "limit": 20 });
        let sent = http.post(format!("{}/searches", service.1)).bearer_auth(&token).json(&body).send();
        sent.await.unwrap().json().await.unwrap()
    };
    let service = serve(&data);
    for person in 0..30 {
        let list = search(&service, person * 31).await;
        assert_eq!(list["candidates"][0]["subject_id"], format!("P-{:04}", person * 31), "{list}");
    }
    #[cfg(target_os = "linux")]
    {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", service.0.id())).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    }
    let found = planted.below(&data, "while it serves");
    assert_eq!((found.floats, found.codes), (0, 0), "while it serves");
    // In an order in which pages of the database empty and merge.
    let mut order: Vec<u64> = (0..PEOPLE).collect();
    order.sort_by_key(|person| (person * 7919) % 1009);
    let keys = planted.note_keys(&data);
    let there = planted.below(&data, "with their keys noted").keys;
    assert!(keys > PEOPLE as usize && there >= keys, "the scan finds the keys that are there");
    for (n, person) in order.into_iter().enumerate() {
        let asked = json!({ "order_reference": "2026-EX-17", "authority": "Superior Court" });
        let path = format!("{}/subjects/P-{person:04}/expungement", service.1);
        let answer = http.post(path).bearer_auth(&token).json(&asked).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
        if n % 100 == 0 {
            planted.note_keys(&data);
        }
        if n == 500 {
            let list = search(&service, 3).await;
            assert_eq!(list["completeness"]["gallery_size"], PEOPLE - 501, "{list}");
            let found = planted.below(&data, "half way");
            assert_eq!((found.floats, found.codes), (0, 0), "half way");
        }
    }
    // What is left has keys of files without a row.
    assert_eq!(search(&service, 3).await["candidates"], json!([]));
    assert_eq!(planted.below(&data, "after they were expunged"), Found::default());
    drop(service);
    assert_eq!(planted.below(&data, "after the service ended"), Found::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_needs_a_swapped_row_is_refused_and_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let token = tokio::task::block_in_place(|| {
        let mut store = Store::sqlite(&data).unwrap();
        let batch: Vec<Enrolment> = (0..40)
            .map(|person| Enrolment {
                subject: format!("P-{person:04}"),
                source_sha256: format!("{person:064x}"),
                photo: Vec::new(),
                captured_on: None,
                agency: None,
                model: MODEL.to_owned(),
                values: template(person, DIM),
            })
            .collect();
        store.enrol(&batch, None, ("tests", "")).unwrap();
        store.issue_token("CA0190000", "tests", &Scope::ALL, None).unwrap().secret
    });
    let service = serve(&data);
    let db = rusqlite::Connection::open(data.join("gallery.sqlite")).unwrap();
    let swap = "UPDATE template AS t SET subject_no = o.subject_no, sealed = o.sealed FROM template AS o
         WHERE (t.record_id, o.record_id) IN ((5, 6), (6, 5))";
    assert_eq!(db.execute(swap, []).unwrap(), 2);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let body = json!({ "template": { "model": MODEL, "values": view(4, DIM) }, "purpose": "felony",
        "case_number": "26-000001", "basis": "trial", "limit": 20 });
    let sent = http.post(format!("{}/searches", service.1)).bearer_auth(&token).json(&body).send().await.unwrap();
    let (status, answer): (_, Value) = (sent.status(), sent.json().await.unwrap());
    assert_eq!(status, 503, "{answer}");
    let detail = answer["detail"].as_str().unwrap();
    assert!(detail.contains("record 5") || detail.contains("record 6"), "{detail}");
}
