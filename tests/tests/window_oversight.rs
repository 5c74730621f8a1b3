//! The auditor's desk in the window: a search that was made with a stolen token stands alone, its case is opened with a reason, and it is
//! closed as a training topic.

use serde_json::{Value, json};
use whole_product::detective::{self, CASE_NUMBER, PASSPHRASE};
use whole_product::people::Renderer;
use whole_product::service::Service;
use whole_product::station::Station;
use whole_product::window::Window;
use xtask::demo::FIRST_SEED;

const AUDITOR: (&str, &str) = ("A. Auditor", "nine slow barges pass");
const REASON: &str = "A search at night that no workstation made";

/// A search by plain HTTP with somebody's token, as a script makes it.
async fn search_with(service: &Service, token: &str, number: &str) -> Value {
    let client = reqwest::Client::new();
    let info: Value =
        client.get(format!("{}/v1/info", service.url())).bearer_auth(token).send().await.unwrap().json().await.unwrap();
    let model = &info["models"][0];
    let dim = usize::try_from(model["dim"].as_u64().unwrap()).unwrap();
    let mut values = vec![0.0; dim];
    values[0] = 1.0;
    let body = json!({
        "template": { "model": model["id"], "values": values }, "purpose": "felony", "case_number": number,
        "basis": "<b>211 PC</b> Somebody at the protest on Main Street is to be found", "limit": 20,
    });
    let answer =
        client.post(format!("{}/v1/searches", service.url())).bearer_auth(token).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

#[tokio::test]
async fn an_auditor_finds_the_search_with_a_stolen_token_opens_the_case_and_closes_it_as_a_training_topic() {
    let (service, _) = Service::with_people(200).unwrap();
    let station = Station::start().unwrap();
    let renderer = Renderer::new().unwrap();
    let probe = renderer.write(&renderer.picture(FIRST_SEED + 57, 1, 640), station.home(), "camera-3.jpg").unwrap();
    std::fs::create_dir(station.home().join("exports")).unwrap();
    let token = service.token().unwrap();
    let w = Window::open(&station, &[&probe]).await.unwrap();
    detective::name_yourself(&w).await.unwrap();
    detective::set_gallery(&w, &service.url(), &token).await.unwrap().unwrap();
    detective::add_person(&w, AUDITOR.0, "7001", "auditor").await.unwrap();
    w.click("[data-test=to-cases]").await.unwrap();
    assert!(!w.has("[data-test=to-audit]").await.unwrap(), "an examiner is not offered the audit");
    detective::case_with_probe(&w, "camera-3.jpg").await.unwrap();
    detective::search(&w).await.unwrap().unwrap();
    for command in ["oversight", "oversight_commit", "oversight_key"] {
        let refused = w.invoke(command, json!({})).await.unwrap();
        assert_eq!(refused["refused"]["gaps"][0]["place"], "person.roles", "{command}: {refused}");
    }

    // The token leaves the workstation, and somebody searches by a script: once for the case that there is, once for none.
    search_with(&service, &token, CASE_NUMBER).await;
    search_with(&service, &token, "26-999999").await;
    detective::lock(&w).await.unwrap();

    detective::first_sign_in(&w, AUDITOR).await.unwrap();
    w.click("[data-test=to-audit]").await.unwrap();
    w.wait("[data-test=compare-gallery]").await.unwrap();
    assert_eq!(w.count("[data-kind=alone]").await.unwrap(), 0);
    w.fill("[name=audit-token]", &service.audit_token().unwrap()).await.unwrap();
    w.click("[data-test=compare-gallery]").await.unwrap();
    w.wait_text("[data-test=gallery-read]", "rows of").await.unwrap();
    // The search of the window has both sides; the two others have one.
    assert_eq!(w.count("[data-kind=alone]").await.unwrap(), 2);
    w.look(&station, "audit-matters").await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());

    w.click("[data-kind=alone]:not([data-closed=x])").await.unwrap();
    w.wait_text("[data-test=why]", "no workstation signed").await.unwrap();
    let mut shown = w.text("[data-test=matter-shown]").await.unwrap();
    if !shown.contains(CASE_NUMBER) {
        w.click("li:nth-child(2) > [data-kind=alone]").await.unwrap();
        shown = w.wait_text("[data-test=matter-shown]", CASE_NUMBER).await.unwrap();
    }
    for told in ["workstation-1", "CA0190000", CASE_NUMBER, "<b>211 PC</b>", "Main Street"] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    w.look(&station, "audit-alone").await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());

    // The case: without a reason it stays shut.
    w.click("[data-test=open-for-audit]").await.unwrap();
    w.click("[data-test=confirm-open]").await.unwrap();
    w.wait_text("[data-test=error]", "at least three words").await.unwrap();
    w.fill("[name=open-reason]", REASON).await.unwrap();
    w.click("[data-test=confirm-open]").await.unwrap();
    let case = w.wait_text("[data-test=audited-case]", "R. Alvarez").await.unwrap();
    assert!(case.contains("20 candidates") && case.contains("211 PC"), "{case}");
    w.look(&station, "audit-case").await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());
    w.click("[data-test=audit-back]").await.unwrap();

    // Closed with a reason; it stays closed when the desk is read again.
    w.wait("[data-place='oversight.as']").await.unwrap();
    w.click("[data-choice=training-topic]").await.unwrap();
    w.click("[data-test=close-matter]").await.unwrap();
    w.wait_text("[data-test=error]", "at least three words").await.unwrap();
    w.fill("[name=close-reason]", "Tokens lie on a shared drive: to be taught").await.unwrap();
    w.click("[data-test=close-matter]").await.unwrap();
    w.wait_text("[data-test=closed-as]", "training topic by A. Auditor").await.unwrap();
    w.click("[data-test=compare-gallery]").await.unwrap();
    w.idle().await.unwrap();
    assert_eq!(w.count("[data-kind=alone]:not([data-closed=training-topic])").await.unwrap(), 1);
    w.look(&station, "audit-closed").await.unwrap();

    // Events: the case's, by its number; the reason is on record.
    w.click("[data-test=tab-events]").await.unwrap();
    w.wait("[data-test=event-search] [data-test=events]").await.unwrap();
    w.fill("[name=text]", CASE_NUMBER).await.unwrap();
    w.click("[data-test=look]").await.unwrap();
    w.wait("[data-test=event-search] [data-action=case-opened-for-audit]").await.unwrap();
    let events = w.wait_text("[data-test=event-search] [data-test=events]", "search answered").await.unwrap();
    for told in ["search sent", "purpose confirmed", REASON, CASE_NUMBER] {
        assert!(events.contains(told), "{told}: {events}");
    }
    assert!(!events.contains("passphrase"), "{events}");
    w.look(&station, "audit-events").await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());
    w.choose("[name=action]", "audit-matter-closed").await.unwrap();
    w.wait("[data-test=no-events]").await.unwrap();
    w.fill("[name=text]", "shared dri").await.unwrap();
    w.click("[data-test=look]").await.unwrap();
    w.wait_text("[data-test=event-search] [data-test=events]", "shared drive").await.unwrap();

    // A sample: nothing was searched first since the seed.
    w.click("[data-test=tab-sample]").await.unwrap();
    w.click("[data-test=commit-seed]").await.unwrap();
    w.wait("[data-test=sample]").await.unwrap();
    w.click("[data-test=draw]").await.unwrap();
    w.wait_text("[data-test=error]", "since the seed was committed").await.unwrap();
    w.click("[data-test=tab-sources]").await.unwrap();
    w.wait_text("[data-test=sources]", "this workstation").await.unwrap();
    w.look(&station, "audit-sources").await.unwrap();
    // By keys alone: a tab, a matter.
    w.click("[data-test=tab-matters]").await.unwrap();
    w.press("\u{E014}").await.unwrap();
    w.wait("[data-test=tab-events][data-state=active]").await.unwrap();
    detective::choose_theme(&w, "dark").await.unwrap();
    w.click("[data-test=to-audit]").await.unwrap();
    w.click("[data-kind=alone]:not([data-closed=training-topic])").await.unwrap();
    w.wait("[data-test=matter-shown]").await.unwrap();
    w.look(&station, "audit-dark").await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());
    detective::lock(&w).await.unwrap();

    // The examiner's case shows who read it, and nobody who examines reaches the desk.
    detective::sign_in(&w, "R. Alvarez", PASSPHRASE).await.unwrap();
    let listed = w.invoke("oversight_events", json!({ "form": {
        "text": "", "action": "", "person": "", "workstation": "", "from": "", "until": "", "matter": "", "before": null,
    } }));
    assert_eq!(listed.await.unwrap()["refused"]["gaps"][0]["place"], "person.roles");
    w.kill();
}
