//! The service's contract over real HTTP: a real store, rendered people, the real binary.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, OnceLock};

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

const PEOPLE: u64 = 24;

/// A data folder with rendered people, enrolled by the program. Made once, copied by each test.
fn enrolled() -> &'static Path {
    static MADE: OnceLock<tempfile::TempDir> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let people = folder.path().join("people");
        let assets = personae::Assets::shared().unwrap();
        for seed in 0..PEOPLE {
            let subject = people.join(format!("S-{seed:03}"));
            std::fs::create_dir_all(&subject).unwrap();
            let person = personae::Identity::new(assets, seed);
            personae::render(assets, &person, &personae::View::new(seed, 0), 256)
                .save(subject.join("front.png"))
                .unwrap();
        }
        std::fs::create_dir_all(people.join("S-bad")).unwrap();
        image::RgbImage::new(64, 64).save(people.join("S-bad/black.png")).unwrap();
        std::fs::write(people.join("S-bad/letter.jpg"), "no photograph").unwrap();
        let data = folder.path().join("data");
        let first = gallery(&["enrol", "--json", "--data"], &[&data, &people]);
        assert_eq!(first.status.code(), Some(1), "rows that failed are a failure");
        let lines: Vec<Value> =
            String::from_utf8(first.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        let mut codes: Vec<&str> = lines.iter().filter_map(|l| l["error"]["code"].as_str()).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["no-face", "not-an-image"]);
        assert_eq!(lines.last().unwrap()["enrolled"], PEOPLE);
        let again = gallery(&["enrol", "--json", "--data"], &[&data, &people]);
        let again = String::from_utf8(again.stdout).unwrap();
        let summary: Value = serde_json::from_str(again.lines().last().unwrap()).unwrap();
        assert_eq!((&summary["enrolled"], &summary["known"]), (&json!(0), &json!(PEOPLE)), "enrolment resumes");
        let report = std::fs::read_to_string(data.join("enrol-report.csv")).unwrap();
        assert!(report.starts_with("subject_id,path,code,message\n") && report.contains("S-bad"), "{report}");
        folder
    })
    .path()
}

fn gallery(arguments: &[&str], paths: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gallery")).args(arguments).args(paths).output().unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let (path, to) = (file.as_ref().unwrap().path(), to.join(file.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

struct Service {
    data: tempfile::TempDir,
    child: Child,
    url: String,
    http: Client,
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Service {
    fn start() -> Self {
        Self::start_with(&[])
    }

    fn start_with(arguments: &[&str]) -> Self {
        let data = tempfile::tempdir().unwrap();
        copy(&enrolled().join("data"), data.path());
        let mut child = Command::new(env!("CARGO_BIN_EXE_gallery"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let scheme = if arguments.contains(&"--tls-cert") { "https" } else { "http" };
        let url = format!("{scheme}://{}/v1", line.trim().strip_prefix("listening on ").unwrap());
        Self { data, child, url, http: Client::builder().no_proxy().build().unwrap() }
    }

    /// Over TLS, trusting `authority` alone, with a client's certificate where one is given.
    fn over_tls(&self, authority: &Path, client: Option<&Path>) -> Client {
        let read = |path: &Path| std::fs::read(path).unwrap();
        let mut builder = Client::builder()
            .no_proxy()
            .tls_certs_only([reqwest::Certificate::from_pem(&read(&authority.join("ca.pem"))).unwrap()]);
        if let Some(client) = client {
            let pem = [read(&client.with_extension("pem")), read(&client.with_extension("key"))].concat();
            builder = builder.identity(reqwest::Identity::from_pem(&pem).unwrap());
        }
        builder.build().unwrap()
    }

    fn token(&self) -> String {
        self.token_of("local")
    }

    fn token_of(&self, user: &str) -> String {
        self.token_with(user, &["--scope", "search", "--scope", "enrol", "--scope", "audit"])
    }

    fn token_with(&self, user: &str, options: &[&str]) -> String {
        let arguments = [&["token", "issue", "--user", user], options, &["--data"]].concat();
        let out = gallery(&arguments, &[self.data.path()]);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap().lines().last().unwrap().to_owned()
    }

    async fn get(&self, path: &str, token: &str) -> Response {
        self.http.get(format!("{}{path}", self.url)).bearer_auth(token).send().await.unwrap()
    }

    async fn search(&self, token: &str, body: &Value) -> Response {
        self.http.post(format!("{}/searches", self.url)).bearer_auth(token).json(body).send().await.unwrap()
    }
}

async fn problem(response: Response) -> (u16, String) {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["status"], status);
    assert!(body["title"].is_string() && body["detail"].is_string());
    (status, body["code"].as_str().unwrap().to_owned())
}

/// A well-formed search for the person of `seed`, in another view than the enrolled one.
fn request(seed: u64) -> Value {
    static SEEN: Mutex<BTreeMap<u64, Value>> = Mutex::new(BTreeMap::new());
    let template = SEEN.lock().unwrap().entry(seed).or_insert_with(|| template(seed)).clone();
    json!({
        "template": template,
        "purpose": "felony", "case_number": "25-000123", "basis": "211 PC, robbery on fixed camera", "limit": 20,
    })
}

fn template(seed: u64) -> Value {
    static ENGINE: OnceLock<faces::Engine> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| faces::Engine::load(&faces::Manifest::locate().unwrap(), None).unwrap());
    let assets = personae::Assets::shared().unwrap();
    let person = personae::Identity::new(assets, seed);
    let mut file = std::io::Cursor::new(Vec::new());
    let picture = personae::render(assets, &person, &personae::View::new(seed, 1), 512);
    picture.write_to(&mut file, image::ImageFormat::Png).unwrap();
    let photo = faces::Photo::decode(file.get_ref()).unwrap();
    let face = engine.detect(&photo).unwrap().remove(0);
    let template = engine.encode(&photo, &face).unwrap().0;
    json!({ "model": template.model, "values": template.values })
}

fn without(body: &Value, key: &str) -> Value {
    let mut body = body.clone();
    body.as_object_mut().unwrap().remove(key);
    body
}

#[tokio::test]
async fn a_search_answers_the_contract_and_its_photographs_are_its_own() {
    let service = Service::start();
    let (token, other) = (service.token(), service.token());
    let info: Value = service.get("/info", &token).await.json().await.unwrap();
    assert_eq!(info["subjects"], PEOPLE);
    assert_eq!(info["models"][0]["id"], "sface-2021dec");
    assert_eq!(info["limits"]["min_candidates"], 20);
    assert!(!info["purposes"].as_array().unwrap().contains(&json!("training")), "training has its own gallery");

    let answer: Value = service.search(&token, &request(5)).await.json().await.unwrap();
    let candidates = answer["candidates"].as_array().unwrap();
    assert_eq!(candidates.len(), 20, "never a list of one");
    assert_eq!(candidates[0]["subject_id"], "S-005");
    let scores: Vec<f64> = candidates.iter().map(|c| c["score"].as_f64().unwrap()).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b));
    assert_eq!(
        answer["completeness"],
        json!({ "exact": true, "scanned": PEOPLE, "gallery_size": PEOPLE, "filtered_out": 0 })
    );
    assert!(answer["notice"].as_str().unwrap().contains("Not identifications"));

    let photo = candidates[0]["photo"].as_str().unwrap().strip_prefix("/v1").unwrap();
    let shown = service.get(photo, &token).await;
    assert_eq!(shown.headers()["content-type"], "image/jpeg");
    assert!(image::load_from_memory(&shown.bytes().await.unwrap()).is_ok());
    assert_eq!(
        problem(service.get(photo, &other).await).await,
        (404, "not-found".to_owned()),
        "another token's search"
    );
    let subject = format!("/photos/{}", candidates[0]["subject_id"].as_str().unwrap());
    assert_eq!(problem(service.get(&subject, &token).await).await.0, 404, "a subject's name opens nothing");
}

#[tokio::test]
async fn no_search_without_purpose_case_number_and_basis_and_the_refusal_is_audited() {
    let service = Service::start();
    let token = service.token();
    let whole = request(1);
    for key in ["purpose", "case_number", "basis"] {
        assert_eq!(
            problem(service.search(&token, &without(&whole, key)).await).await,
            (422, "purpose-required".to_owned())
        );
        let mut blank = whole.clone();
        blank[key] = json!("  ");
        assert_eq!(problem(service.search(&token, &blank).await).await, (422, "purpose-required".to_owned()));
    }
    let mut protest = whole.clone();
    protest["purpose"] = json!("protest");
    assert_eq!(problem(service.search(&token, &protest).await).await, (422, "purpose-required".to_owned()));
    service.search(&token, &whole).await.error_for_status().unwrap();

    let audit: Vec<Value> = service.get("/audit", &token).await.json().await.unwrap();
    let count = |action: &str| audit.iter().filter(|row| row["action"] == action).count();
    assert_eq!((count("search-refused"), count("search")), (7, 1));
    assert!(!serde_json::to_string(&audit).unwrap().contains("values"), "the audit never holds a template");
    let verified = gallery(&["audit", "verify", "--data"], &[service.data.path()]);
    assert!(verified.status.success());
}

#[tokio::test]
async fn an_image_in_place_of_a_template_is_refused() {
    let service = Service::start();
    let token = service.token();
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(80, 80).write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let post = |kind: &str, body: Vec<u8>| {
        service
            .http
            .post(format!("{}/searches", service.url))
            .bearer_auth(&token)
            .header("content-type", kind)
            .body(body)
    };
    for kind in ["image/jpeg", "application/octet-stream", "application/json", "multipart/form-data; boundary=x"] {
        let refused = problem(post(kind, jpeg.get_ref().clone()).send().await.unwrap()).await;
        assert_eq!(refused, (415, "image-not-accepted".to_owned()), "{kind}");
    }
    let mut body = request(1);
    body["image"] = json!("/9j/4AAQSkZJRg==");
    assert_eq!(problem(service.search(&token, &body).await).await, (415, "image-not-accepted".to_owned()));
    let body = json!({ "template": "/9j/4AAQSkZJRg==", "purpose": "felony", "case_number": "1", "basis": "x" });
    assert_eq!(problem(service.search(&token, &body).await).await, (415, "image-not-accepted".to_owned()));
    let large = post("image/jpeg", vec![0xFF; 2_000_000]).send().await.unwrap();
    assert_eq!(large.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn another_model_a_broken_template_and_a_wrong_token_are_named() {
    let service = Service::start();
    let token = service.token();
    let mut body = request(1);
    body["template"]["model"] = json!("mobilefacenet-512");
    assert_eq!(problem(service.search(&token, &body).await).await, (409, "model-mismatch".to_owned()));
    let mut body = request(1);
    body["template"]["values"].as_array_mut().unwrap().pop();
    assert_eq!(problem(service.search(&token, &body).await).await, (422, "template-invalid".to_owned()));
    let zeros = json!({ "template": { "model": "sface-2021dec", "values": vec![0.0; 128] },
        "purpose": "felony", "case_number": "1", "basis": "x" });
    assert_eq!(problem(service.search(&token, &zeros).await).await, (422, "template-invalid".to_owned()));
    assert_eq!(problem(service.search("cgt_wrong", &request(1)).await).await, (401, "unauthorized".to_owned()));
    let revoked = Command::new(env!("CARGO_BIN_EXE_gallery"))
        .args(["token", "revoke", "--data"])
        .arg(service.data.path())
        .arg(&token)
        .output()
        .unwrap();
    assert!(revoked.status.success());
    assert_eq!(problem(service.get("/info", &token).await).await, (401, "unauthorized".to_owned()));
}

#[tokio::test]
async fn one_idempotency_key_is_one_search() {
    let service = Service::start();
    let token = service.token();
    let send = |body: Value| {
        let call = service.http.post(format!("{}/searches", service.url)).bearer_auth(&token);
        call.header("idempotency-key", "k-1").json(&body).send()
    };
    let first = send(request(2)).await.unwrap().text().await.unwrap();
    assert_eq!(send(request(2)).await.unwrap().text().await.unwrap(), first);
    let conflict = send(request(3)).await.unwrap();
    assert_eq!(problem(conflict).await, (422, "idempotency-conflict".to_owned()));
    let audit: Vec<Value> = service.get("/audit", &token).await.json().await.unwrap();
    let count = |action: &str| audit.iter().filter(|row| row["action"] == action).count();
    assert_eq!((count("search"), count("search-replayed")), (1, 1));
    let removed = service.http.delete(format!("{}/subjects/S-002", service.url)).bearer_auth(&token).send().await;
    assert_eq!(removed.unwrap().status(), StatusCode::OK);
    assert_eq!(problem(send(request(2)).await.unwrap()).await, (409, "idempotency-gone".to_owned()));
}

#[tokio::test]
async fn a_photograph_is_small_until_its_candidate_is_opened_and_scores_are_hundredths() {
    let service = Service::start();
    let token = service.token();
    let answer: Value = service.search(&token, &request(5)).await.json().await.unwrap();
    for candidate in answer["candidates"].as_array().unwrap() {
        let hundredths = candidate["score"].as_f64().unwrap() * 100.0;
        assert!((hundredths - hundredths.round()).abs() < 1e-4, "{candidate}");
    }
    let candidate = &answer["candidates"][0];
    let photo = candidate["photo"].as_str().unwrap().strip_prefix("/v1").unwrap().to_owned();
    let side = async || {
        let bytes = service.get(&photo, &token).await.bytes().await.unwrap();
        image::load_from_memory(&bytes).unwrap().width()
    };
    assert_eq!(side().await, 160);
    let open = async |body: Value| {
        let path = format!("{}/searches/{}/opened", service.url, answer["search_id"].as_str().unwrap());
        service.http.post(path).bearer_auth(&token).json(&body).send().await.unwrap()
    };
    let nobody = json!({ "candidate_id": "00000000-0000-4000-8000-000000000000" });
    assert_eq!(problem(open(nobody).await).await, (404, "not-found".to_owned()));
    assert_eq!(problem(open(json!({})).await).await, (422, "malformed".to_owned()));
    let known = json!({ "candidate_id": candidate["candidate_id"] });
    assert_eq!(open(known.clone()).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(open(known).await.status(), StatusCode::NO_CONTENT, "a repeat is harmless");
    assert_eq!(side().await, 256);
}

#[tokio::test]
async fn searches_that_come_too_fast_wait_and_beyond_a_day_are_refused() {
    let service = Service::start_with(&["--burst", "3", "--minimum-milliseconds", "200", "--searches-a-day", "8"]);
    let token = service.token();
    let start = std::time::Instant::now();
    for _ in 0..8 {
        assert_eq!(service.search(&token, &request(1)).await.status(), StatusCode::OK);
    }
    assert!(start.elapsed() > std::time::Duration::from_millis(600), "{:?}", start.elapsed());
    let refused = service.search(&token, &request(1)).await;
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((80_000..=86_400).contains(&wait), "{wait}");
    assert_eq!(problem(refused).await, (429, "rate-limited".to_owned()));
}

#[tokio::test]
async fn a_training_search_is_for_a_training_gallery_alone() {
    let mut training = request(1);
    training["purpose"] = json!("training");
    let real = Service::start();
    assert_eq!(problem(real.search(&real.token(), &training).await).await, (422, "purpose-required".to_owned()));
    let other = Service::start_with(&["--training"]);
    let token = other.token();
    assert_eq!(other.search(&token, &training).await.status(), StatusCode::OK);
    assert_eq!(problem(other.search(&token, &request(1)).await).await, (422, "purpose-required".to_owned()));
}

#[tokio::test]
async fn an_expunged_person_is_never_listed_again() {
    let service = Service::start();
    let token = service.token();
    let before: Value = service.search(&token, &request(5)).await.json().await.unwrap();
    let photo = before["candidates"][0]["photo"].as_str().unwrap().strip_prefix("/v1").unwrap().to_owned();
    let expunge = || service.http.delete(format!("{}/subjects/S-005", service.url)).bearer_auth(&token).send();
    assert_eq!(expunge().await.unwrap().status(), StatusCode::OK);
    assert_eq!(problem(expunge().await.unwrap()).await.0, 404);
    let after: Value = service.search(&token, &request(5)).await.json().await.unwrap();
    assert!(after["candidates"].as_array().unwrap().iter().all(|c| c["subject_id"] != "S-005"));
    assert_eq!(after["completeness"]["gallery_size"], PEOPLE - 1);
    assert_eq!(problem(service.get(&photo, &token).await).await.0, 404);
}

#[tokio::test]
async fn the_contract_is_served_and_health_needs_no_token() {
    let service = Service::start();
    let health = service.http.get(format!("{}/healthz", service.url)).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK);
    let contract: Value =
        service.http.get(format!("{}/openapi.json", service.url)).send().await.unwrap().json().await.unwrap();
    assert!(contract["openapi"].as_str().unwrap().starts_with("3.1"));
    for path in ["/v1/info", "/v1/searches", "/v1/photos/{id}", "/v1/subjects/{id}", "/v1/audit", "/v1/healthz"] {
        assert!(contract["paths"][path].is_object(), "{path}");
    }
    assert_eq!(problem(service.http.get(format!("{}/nothing", service.url)).send().await.unwrap()).await.0, 404);
    assert_eq!(problem(service.http.get(format!("{}/info", service.url)).send().await.unwrap()).await.0, 401);
}

#[test]
fn who_asks_for_the_desk_that_is_gone_is_told_where_to_go() {
    let (data, desk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(desk.path().join("package"), "kept").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_gallery"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data.path())
        .arg("--desk")
        .arg(desk.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    for words in
        ["relay serve --data", "relay init", "roster add-workstation", "mailboxes", desk.path().to_str().unwrap()]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(std::fs::read_to_string(desk.path().join("package")).unwrap(), "kept");
}

#[tokio::test]
async fn an_expungement_is_certified_and_a_suppression_is_lifted_again() {
    let service = Service::start();
    let token = service.token();
    let found: Value = service.search(&token, &request(3)).await.json().await.unwrap();
    let search = found["search_id"].as_str().unwrap();
    let candidate = found["candidates"][0]["candidate_id"].as_str().unwrap();
    let withdrawn =
        async || -> Value { service.get(&format!("/searches/{search}/withdrawn"), &token).await.json().await.unwrap() };
    assert_eq!(withdrawn().await, json!({ "candidates": [] }));
    let post = async |path: &str, body: Value| {
        service.http.post(format!("{}{path}", service.url)).bearer_auth(&token).json(&body).send().await.unwrap()
    };
    let without_reason = post("/subjects/S-003/suppression", json!({ "because": " " })).await;
    assert_eq!(problem(without_reason).await, (422, "reason-required".to_owned()));
    let suppressed = post("/subjects/S-003/suppression", json!({ "because": "identity theft" })).await;
    assert_eq!(suppressed.status(), StatusCode::NO_CONTENT);
    assert_eq!(withdrawn().await, json!({ "candidates": [candidate] }));
    // All that a workstation has open, in one question; what is nobody's or somebody else's is left out.
    let elsewhere = "5a5a0000-0000-4000-8000-000000000001";
    let all: Value =
        post("/searches/withdrawn", json!({ "searches": [search, elsewhere] })).await.json().await.unwrap();
    assert_eq!(all, json!({ "searches": { search: [candidate] } }));
    let too_many = post("/searches/withdrawn", json!({ "searches": vec![elsewhere; 1001] })).await;
    assert_eq!(problem(too_many).await, (422, "searches-invalid".to_owned()));
    let first = async || -> Value {
        service.search(&token, &request(3)).await.json::<Value>().await.unwrap()["candidates"][0]["subject_id"].clone()
    };
    assert_ne!(first().await, "S-003");
    let lift = service.http.delete(format!("{}/subjects/S-003/suppression", service.url)).bearer_auth(&token);
    assert_eq!(lift.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(first().await, "S-003");

    let order = json!({ "order_reference": "2026-EX-17", "authority": "Superior Court" });
    let no_order = post("/subjects/S-003/expungement", json!({ "order_reference": "", "authority": "x" })).await;
    assert_eq!(problem(no_order).await, (422, "order-required".to_owned()));
    let certified = post("/subjects/S-003/expungement", order.clone()).await;
    assert_eq!(certified.status(), StatusCode::OK);
    let file = service.data.path().join("certificate.json");
    std::fs::write(&file, certified.bytes().await.unwrap()).unwrap();
    let said = gallery(&["verify-certificate"], &[&file]);
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("1 record(s) removed") && said.contains("2026-EX-17 of Superior Court"), "{said}");
    assert!(!std::fs::read_to_string(&file).unwrap().contains("S-003"), "it names nobody");
    let altered = std::fs::read_to_string(&file).unwrap().replace("2026-EX-17", "2026-EX-18");
    std::fs::write(&file, altered).unwrap();
    assert_eq!(gallery(&["verify-certificate"], &[&file]).status.code(), Some(1));
    for unknown in ["S-003", "S-none"] {
        let again = post(&format!("/subjects/{unknown}/expungement"), order.clone()).await;
        assert_eq!(problem(again).await, (404, "not-found".to_owned()));
    }
    assert_eq!(withdrawn().await, json!({ "candidates": [candidate] }));

    // The same photograph again: only with somebody's word that the order no longer holds.
    let photo = std::fs::read(enrolled().join("people/S-003/front.png")).unwrap();
    let enrol = async |query: &str| {
        let path = format!("{}/subjects?subject_id=S-900{query}", service.url);
        service.http.post(path).bearer_auth(&token).body(photo.clone()).send().await.unwrap()
    };
    assert_eq!(problem(enrol("").await).await, (409, "expunged".to_owned()));
    assert_eq!(problem(enrol("&captured_on=2024-13-01").await).await, (422, "captured-on".to_owned()));
    assert_eq!(problem(enrol("&override_expunged=true").await).await, (403, "second-person-needed".to_owned()));
    let path = format!("{}/subjects?subject_id=S-900&override_expunged=true", service.url);
    let agreed = service
        .http
        .post(path)
        .bearer_auth(&token)
        .header("second-authorization", format!("Bearer {}", service.token_of("brown")))
        .body(photo.clone());
    assert_eq!(agreed.send().await.unwrap().status(), StatusCode::CREATED);
    assert_eq!(enrol("").await.status(), StatusCode::OK, "a repeat is harmless");
    assert_eq!(first().await, "S-900");
    assert!(gallery(&["audit", "verify", "--data"], &[service.data.path()]).status.success());
}

#[tokio::test]
async fn people_are_counted_when_records_came_or_went_and_not_before_each_search() {
    let service = Service::start();
    let token = service.token();
    let subjects = async || {
        let info: Value = service.get("/info", &token).await.json().await.unwrap();
        info["subjects"].as_u64().unwrap()
    };
    let counted = subjects().await;
    // A person whom no record tells of: found only by counting again.
    let db = rusqlite::Connection::open(service.data.path().join("gallery.sqlite")).unwrap();
    db.execute("INSERT INTO subject (subject_id, created_at) VALUES ('BY-HAND', '')", []).unwrap();
    assert_eq!(subjects().await, counted, "nothing was counted again");
    let done = gallery(&["expunge", "--order", "7", "--authority", "Court", "S-004", "--data"], &[service.data.path()]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(subjects().await, counted, "one by hand, one expunged");
    db.execute("INSERT INTO subject (subject_id, created_at) VALUES ('BY-HAND-2', '')", []).unwrap();
    assert_eq!(subjects().await, counted, "nothing was counted again");
}

#[tokio::test]
async fn the_command_line_expunges_beside_a_running_service() {
    let service = Service::start();
    let token = service.token();
    let done = gallery(&["expunge", "--order", "7", "--authority", "Court", "S-004", "--data"], &[service.data.path()]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let certificate: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert!(certificate["signature"].is_string());
    let after: Value = service.search(&token, &request(4)).await.json().await.unwrap();
    assert!(after["candidates"].as_array().unwrap().iter().all(|c| c["subject_id"] != "S-004"));
}

#[tokio::test]
async fn an_agency_searches_within_its_purposes_and_limits() {
    let service = Service::start();
    let token = service.token();
    let rule = ["agency", "LOCAL0000", "--purposes", "felony,missing-person", "--searches-a-day", "2", "--data"];
    assert!(gallery(&rule, &[service.data.path()]).status.success());
    let mut other = request(1);
    other["purpose"] = json!("deceased-identification");
    assert_eq!(problem(service.search(&token, &other).await).await, (403, "purpose-not-allowed".to_owned()));
    for _ in 0..2 {
        assert_eq!(service.search(&token, &request(1)).await.status(), StatusCode::OK);
    }
    assert_eq!(problem(service.search(&token, &request(1)).await).await, (429, "rate-limited".to_owned()));
    let audit: Value = service.get("/audit?limit=1000", &token).await.json().await.unwrap();
    let alarms = audit.as_array().unwrap().iter().filter(|row| row["action"] == "alarm-limit").count();
    assert_eq!(alarms, 1);
}

#[tokio::test]
async fn a_client_certificate_stands_in_for_a_token_until_it_is_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca");
    let file = |name: &str| ca.join(name).to_str().unwrap().to_owned();
    assert!(gallery(&["cert", "authority", "--out"], &[&ca]).status.success());
    assert_eq!(gallery(&["cert", "authority", "--out"], &[&ca]).status.code(), Some(1), "a key is never overwritten");
    assert!(gallery(&["cert", "server", "--name", "127.0.0.1", "--authority"], &[&ca]).status.success());
    let service = Service::start_with(&[
        "--tls-cert",
        &file("127.0.0.1.pem"),
        "--tls-key",
        &file("127.0.0.1.key"),
        "--client-ca",
        &file("ca.pem"),
    ]);
    let ask = ["cert", "client", "--agency", "CA0190000", "--user", "alvarez", "--authority"];
    let issued = gallery(&[&ask[..], &[ca.to_str().unwrap(), "--data"]].concat(), &[service.data.path()]);
    let id = String::from_utf8(issued.stdout).unwrap().split_whitespace().next().unwrap().to_owned();
    let known = service.over_tls(&ca, Some(&ca.join("alvarez")));
    let search = async |http: &Client| http.post(format!("{}/searches", service.url)).json(&request(1)).send().await;
    assert_eq!(search(&known).await.unwrap().status(), StatusCode::OK);
    assert_eq!(search(&service.over_tls(&ca, None)).await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let by_token = service.over_tls(&ca, None);
    let info = by_token.get(format!("{}/info", service.url)).bearer_auth(service.token()).send().await.unwrap();
    assert_eq!(info.status(), StatusCode::OK, "a token is enough");
    // Of another authority: the handshake fails.
    let other = folder.path().join("other");
    assert!(gallery(&["cert", "authority", "--out"], &[&other]).status.success());
    let stray = gallery(&[&ask[..], &[other.to_str().unwrap(), "--data"]].concat(), &[folder.path()]);
    assert!(stray.status.success());
    assert!(search(&service.over_tls(&ca, Some(&other.join("alvarez")))).await.is_err());
    assert!(gallery(&["token", "revoke", "--data"], &[service.data.path(), Path::new(&id)]).status.success());
    let again = service.over_tls(&ca, Some(&ca.join("alvarez")));
    assert_eq!(search(&again).await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn audit_heads_are_deposited_and_metrics_name_nobody() {
    let service = Service::start();
    let token = service.token();
    let deposit = async |body: Value| {
        service.http.post(format!("{}/anchors", service.url)).bearer_auth(&token).json(&body).send().await.unwrap()
    };
    let head = json!({ "workstation": "ab".repeat(32), "rows": 12, "head": "cd".repeat(32) });
    assert_eq!(deposit(head).await.status(), StatusCode::NO_CONTENT);
    let bad = json!({ "workstation": "x", "rows": 12, "head": "cd".repeat(32) });
    assert_eq!(problem(deposit(bad).await).await, (422, "anchor-invalid".to_owned()));
    // Signed by nobody: kept, and told to nobody as that workstation's.
    let last = service.get(&format!("/anchors/{}", "ab".repeat(32)), &token).await;
    assert_eq!(last.status(), StatusCode::NOT_FOUND);
    let mut forged = json!({ "workstation": "ab".repeat(32), "rows": 12, "head": "cd".repeat(32) });
    forged["signature"] = "00".repeat(64).into();
    assert_eq!(problem(deposit(forged).await).await, (422, "anchor-invalid".to_owned()));
    let audit: Value = service.get("/audit?limit=1000", &token).await.json().await.unwrap();
    assert!(audit.as_array().unwrap().iter().any(|row| row["action"] == "anchor"));
    service.search(&token, &request(6)).await;
    let metrics = service.http.get(format!("{}/metrics", service.url)).send().await.unwrap().text().await.unwrap();
    assert!(
        metrics.contains("gallery_requests_total{method=\"POST\",route=\"/v1/searches\",status=\"200\"} 1"),
        "{metrics}"
    );
    assert!(metrics.contains("gallery_index_templates 24"), "{metrics}");
    assert!(!metrics.contains("S-0") && !metrics.contains("LOCAL0000"));
}

#[test]
fn booking_files_go_out_and_come_in_and_malformed_ones_are_refused_with_their_position() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    copy(&enrolled().join("data"), &data);
    let file = folder.path().join("S-002.an2");
    let out = file.to_str().unwrap();
    assert!(gallery(&["export", "S-002", "--out", out, "--data"], &[&data]).status.success());
    let other = folder.path().join("other");
    let broken = folder.path().join("broken.an2");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.truncate(bytes.len() - 7);
    std::fs::write(&broken, bytes).unwrap();
    let done = gallery(&["import", "--json", "--data"], &[&other, &file, &broken]);
    assert_eq!(done.status.code(), Some(1), "a file that failed is a failure");
    let said = String::from_utf8(done.stdout).unwrap();
    let lines: Vec<Value> = said.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines[0]["error"]["code"], "nist-malformed");
    assert!(lines[0]["error"]["message"].as_str().unwrap().starts_with("malformed at byte "), "{said}");
    assert_eq!((&lines[1]["enrolled"], &lines[1]["failed"]), (&json!(1), &json!(1)));
}
