//! The desk of retention: what is due is told, held, looked at, and destroyed; a certificate stays that anybody can check.

use serde_json::{Value, json};
use whole_product::adversary::door::{Secrets, rows};
use whole_product::detective::{self, PASSPHRASE, SUPERVISOR};
use whole_product::station::Station;
use whole_product::window::Window;

fn ago(days: i64) -> String {
    let now = jiff::Timestamp::now();
    let then = now.checked_sub(jiff::SignedDuration::from_hours(24 * days)).unwrap();
    jiff::Timestamp::from_second(then.as_second()).unwrap().to_string()
}

/// Makes every case as old as drafts must be to go, and tells supervisors so long ago, as if the days had passed.
fn days_pass(station: &Station) {
    let (_, entered) = Secrets::of(station).enter("R. Alvarez", PASSPHRASE).unwrap();
    let db = rows(station, entered.vault_key()).unwrap();
    db.execute("UPDATE case_file SET changed_at = ?1", [ago(120)]).unwrap();
    let case: String = db.query_row("SELECT case_id FROM case_file ORDER BY rowid LIMIT 1", [], |r| r.get(0)).unwrap();
    let (seq, hash): (i64, String) = db
        .query_row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap();
    let detail = json!({ "case": case, "told": ago(30) }).to_string();
    let (at, person, action) = (ago(0), "workstation", "retention-due");
    let (seq, hash) = ledger::Chain::at(seq, hash).next(&[&at, person, action, &detail]);
    db.execute(
        "INSERT INTO audit (seq, at, person, action, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        rusqlite::params![seq, at, person, action, detail, hash],
    )
    .unwrap();
}

#[tokio::test]
async fn a_supervisor_holds_one_case_and_lets_another_go() {
    let station = Station::start().unwrap();
    let w = Window::open(&station, &[]).await.unwrap();
    detective::name_yourself(&w).await.unwrap();
    detective::add_person(&w, SUPERVISOR.0, "3301", "supervisor").await.unwrap();
    for number in ["25-000123", "25-000124"] {
        detective::new_case(&w).await.unwrap();
        detective::state_purpose(&w, number).await.unwrap();
    }
    // Whoever works on cases has nothing to say here.
    let refused = w.invoke("retention", json!({})).await.unwrap();
    assert_eq!(refused["refused"]["code"], "gaps", "{refused}");
    detective::lock(&w).await.unwrap();
    detective::first_sign_in(&w, SUPERVISOR).await.unwrap();
    w.click("[data-test=to-settings]").await.unwrap();
    w.click("[data-test=to-retention]").await.unwrap();
    // Both are open: they are counted, and no number tells a second examiner which.
    w.wait_text("[data-test=open]", "2").await.unwrap();
    assert!(!w.text("[data-test=retention]").await.unwrap().contains("25-000123"));
    w.kill();

    days_pass(&station);
    std::fs::create_dir(station.home().join("exports")).unwrap();
    let w = Window::open(&station, &[]).await.unwrap();
    let case_list = async || Ok(w.invoke("retention", json!({})).await?["ok"]["lines"].clone());
    detective::sign_in(&w, SUPERVISOR.0, SUPERVISOR.1).await.unwrap();
    let due = |lines: &Value| {
        lines.as_array().unwrap().iter().filter(|line| line["retention"]["goes_from"].is_string()).count()
    };
    w.until("both cases to be told of", case_list, |lines| lines.is_array() && due(lines) == 2).await.unwrap();
    // It is news for whoever supervises.
    detective::lock(&w).await.unwrap();
    detective::sign_in(&w, SUPERVISOR.0, SUPERVISOR.1).await.unwrap();
    w.click("[data-test=to-settings]").await.unwrap();
    w.click("[data-test=to-retention]").await.unwrap();
    w.wait("[data-test=due][data-number='25-000124']").await.unwrap();

    // One is held, with why.
    w.fill("input[name=keep_number]", "25-000124").await.unwrap();
    w.fill("textarea[name=keep_reason]", "Suit 26-CV-113 names this search.").await.unwrap();
    w.click("[data-test=keep-case]").await.unwrap();
    w.wait("[data-test=held][data-number='25-000124']").await.unwrap();
    w.fill("input[name=keep_number]", "99-999999").await.unwrap();
    w.fill("textarea[name=keep_reason]", "Suit 26-CV-113 names this search.").await.unwrap();
    w.click("[data-test=keep-case]").await.unwrap();
    w.wait_text("[data-test=error]", "No case with this number").await.unwrap();

    // The other one is looked at, and goes.
    w.click("[data-test=due][data-number='25-000123'] [data-test=look]").await.unwrap();
    w.wait("[data-test=goes][data-kind=part]").await.unwrap();
    assert!(!w.has("[data-test=purge-refused]").await.unwrap());
    w.look(&station, "retention-preview").await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());
    w.click("input[name=looked]").await.unwrap();
    w.click("[data-test=purge]").await.unwrap();
    w.wait("[data-test=certificate][data-number='25-000123']").await.unwrap();
    assert!(!w.has("[data-test=due]").await.unwrap());
    w.click("[data-test=export-certificate]").await.unwrap();
    let written = w.wait_text("[data-test=certificate-written]", "purge-certificate.json").await.unwrap();
    let text = std::fs::read_to_string(written.trim_start_matches("Written: ").trim()).unwrap();
    let checked = vault::verify_certificate(&text, None).unwrap();
    assert_eq!(
        (checked.content.number.as_str(), checked.content.confirmed.by.name.as_str()),
        ("25-000123", SUPERVISOR.0)
    );
    assert_eq!((checked.signers.len(), checked.unsigned.len()), (1, 0));
    w.look(&station, "retention").await.unwrap();

    // Whoever set the hold lifts it, with why; and lets the case not go by that.
    w.click("[data-test=held] [data-test=lift]").await.unwrap();
    w.fill("textarea[name=keeping_reason]", "The suit was settled in March.").await.unwrap();
    w.click("[data-test=sign-keeping]").await.unwrap();
    w.wait("[data-test=due][data-number='25-000124']").await.unwrap();
    w.click("[data-test=look]").await.unwrap();
    w.wait_text("[data-test=purge-refused]", "You lifted the hold").await.unwrap();
    assert!(!w.has("[data-test=purge]").await.unwrap());
    w.click("[data-test=to-settings]").await.unwrap();
    w.click("[data-place='settings.theme'] [data-choice=dark]").await.unwrap();
    w.click("[data-test=to-retention]").await.unwrap();
    w.wait("[data-test=due]").await.unwrap();
    w.click("[data-test=look]").await.unwrap();
    w.wait("[data-test=purge-refused]").await.unwrap();
    w.look(&station, "retention-dark").await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());
    // The audit follows from row to row.
    let state = w.invoke("vault_state", json!({})).await.unwrap();
    assert!(state["ok"].is_object(), "{state}");
}
