//! The audit leaves the workstation: heads at the gallery, the whole of it with its auditor.

use std::process::Command;

use serde_json::{Value, json};
use whole_product::detective::{self, PASSPHRASE};
use whole_product::process::programs;
use whole_product::service::Service;
use whole_product::station::Station;
use whole_product::window::Window;

const AUDITOR: (&str, &str) = ("A. Auditor", "nine slow barges pass");

/// Heads that lie in the gallery's audit, oldest first.
fn deposited(service: &Service) -> anyhow::Result<Vec<Value>> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let db = rusqlite::Connection::open_with_flags(service.data().join("gallery.sqlite"), flags)?;
    let mut query = db.prepare("SELECT detail FROM audit WHERE action = 'anchor' ORDER BY seq")?;
    let rows = query.query_map([], |r| r.get::<_, String>(0))?;
    rows.map(|text| Ok(serde_json::from_str(&text?)?)).collect()
}

#[tokio::test]
async fn heads_of_the_audit_lie_at_the_gallery_and_the_auditor_takes_the_whole_of_it() {
    let (service, _) = Service::with_people(200).unwrap();
    let station = Station::start().unwrap();
    let exports = station.home().join("exports");
    std::fs::create_dir(&exports).unwrap();
    let w = Window::open(&station, &[]).await.unwrap();
    detective::name_yourself(&w).await.unwrap();
    detective::set_gallery(&w, &service.url(), &service.token().unwrap()).await.unwrap().unwrap();
    detective::add_person(&w, AUDITOR.0, "7001", "auditor").await.unwrap();
    detective::lock(&w).await.unwrap();
    w.kill();

    // The next start deposits at the first sign-in.
    let w = Window::open(&station, &[]).await.unwrap();
    detective::sign_in(&w, "R. Alvarez", PASSPHRASE).await.unwrap();
    let heads =
        w.until("a head at the gallery", async || deposited(&service), |heads| !heads.is_empty()).await.unwrap();
    let head = heads.last().unwrap();
    assert_eq!(head["signature"].as_str().unwrap().len(), 128);
    assert!(!w.has("[data-test=vault-warning]").await.unwrap());
    detective::lock(&w).await.unwrap();

    detective::first_sign_in(&w, AUDITOR).await.unwrap();
    w.click("[data-test=to-settings]").await.unwrap();
    w.click("[data-test=export-audit]").await.unwrap();
    w.wait_text("[data-test=audit-exported]", "audit.jsonl").await.unwrap();
    let shown = w.invoke("exchange_settings", json!({})).await.unwrap();
    let card: Value = serde_json::from_str(shown["ok"]["card"].as_str().unwrap()).unwrap();
    let key = card["signs"].as_str().unwrap().to_owned();
    w.kill();

    let verify = |workstation: &str| {
        let mut command = Command::new(programs().unwrap().join("corroborate"));
        command.arg("verify-audit").arg(exports.join("audit.jsonl"));
        command.args(["--json", "--workstation", workstation]).output().unwrap()
    };
    let checked = verify(&key);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let told: Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(told["key"], head["workstation"]);
    assert!(verify(told["fingerprint"].as_str().unwrap()).status.success());
    // What was deposited is part of what was exported, at its place.
    let text = std::fs::read_to_string(exports.join("audit.jsonl")).unwrap();
    let rows = usize::try_from(head["rows"].as_u64().unwrap()).unwrap();
    let event: Value = serde_json::from_str(text.lines().nth(rows - 1).unwrap()).unwrap();
    assert_eq!((&event["hash"], &event["seq"]), (&head["head"], &head["rows"]));
    assert!(text.contains("audit-head-deposited"));

    let other = verify(&"0".repeat(64));
    assert_eq!(other.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&other.stderr).contains("another workstation"));
    let usage = Command::new(programs().unwrap().join("corroborate")).arg("verify-audit").output().unwrap();
    assert_eq!(usage.status.code(), Some(2));
}
