//! A department of several workstations: its people, their keys and its policy are one wherever somebody sits down.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use whole_product::detective::{self, PASSPHRASE, SUPERVISOR};
use whole_product::relay::Relay;
use whole_product::service::Service;
use whole_product::station::Station;
use whole_product::window::Window;

/// What somebody at `to` has in their pocket there is what they have at `from`: the same telephone.
fn same_telephone(from: &Window, to: &Window, name: &str) {
    let kept = from.pocket(name, |kept| kept.clone()).unwrap();
    to.pocket(name, |pocket| *pocket = kept).unwrap();
}

/// The department as a window shows it in Settings.
async fn exchange(w: &Window) -> Value {
    w.invoke("exchange_settings", json!({})).await.unwrap()["ok"].clone()
}

#[tokio::test]
async fn people_come_in_at_every_workstation_of_their_department_until_they_are_taken_out() {
    let (service, _) = Service::with_people(60).unwrap();
    let [first, second] = [(); 2].map(|()| Station::start().unwrap());
    for station in [&first, &second] {
        std::fs::create_dir(station.home().join("exports")).unwrap();
    }
    let a = Window::open(&first, &[]).await.unwrap();
    let b = Window::open(&second, &[]).await.unwrap();

    // Founded at one workstation, served by a relay from the file that it wrote.
    detective::name_yourself(&a).await.unwrap();
    detective::set_gallery(&a, &service.url(), &service.token_of("robbery-2").unwrap()).await.unwrap().unwrap();
    a.click("[data-test=export-department]").await.unwrap();
    let written = a.wait_text("[data-test=department-written]", "department.jsonl").await.unwrap();
    let documents = std::path::PathBuf::from(written.trim_start_matches("Written to "));
    let root = exchange(&a).await["root"].as_str().unwrap().to_owned();
    let relay = Relay::adopting(&documents, &root).unwrap();
    detective::set_relay(&a, &relay.url()).await.unwrap();
    let invitation = a.value("textarea[name=own-invitation]").await.unwrap();

    // What is no invitation, and one of a relay that serves another department.
    let other = Relay::start().unwrap();
    b.click("[data-test=way-join]").await.unwrap();
    for (wrong, why) in [
        (invitation.replace("invitation.v1", "invitation.v2"), "no invitation"),
        (invitation.replace(&root, &root[1..]), "no invitation"),
        (invitation.replace(&relay.url(), "ftp://relay.example"), "address"),
    ] {
        b.fill("textarea[name=invitation]", &wrong).await.unwrap();
        b.fill("input[name=workstation]", "Supervisors").await.unwrap();
        b.click("[data-test=join]").await.unwrap();
        b.wait_text("[data-test=error]", why).await.unwrap();
    }
    let foreign = invitation.replace(&relay.url(), &other.url());
    let card = detective::join(&b, &foreign, "Supervisors").await.unwrap();
    other.add_workstation(&card).unwrap();
    b.wait_text("[data-test=joining-state]", "another department").await.unwrap();
    assert_eq!(b.invoke("cases", json!({})).await.unwrap()["refused"]["code"], "signed-out", "nobody is there yet");
    b.click("[data-test=give-up-joining]").await.unwrap();

    // Let in by an administrator; its people come by themselves.
    let card = detective::join(&b, &invitation, "Supervisors").await.unwrap();
    b.wait_text("[data-test=joining-state]", "Waiting for the department").await.unwrap();
    detective::let_in(&a, &card, "Supervisors", None).await.unwrap();
    b.wait("select[name=person]").await.unwrap();
    same_telephone(&a, &b, "R. Alvarez");
    detective::sign_in(&b, "R. Alvarez", PASSPHRASE).await.unwrap();
    b.wait("[data-test=new-case]").await.unwrap();
    assert_eq!(exchange(&b).await["root"], root.as_str());
    assert_eq!(
        a.invoke("start", json!({})).await.unwrap()["ok"]["person"]["id"],
        b.invoke("start", json!({})).await.unwrap()["ok"]["person"]["id"]
    );

    // Whoever is added at one signs in at the other with the passphrase that they chose there, and works there.
    detective::add_person(&a, SUPERVISOR.0, "1180", "supervisor").await.unwrap();
    detective::lock(&a).await.unwrap();
    detective::first_sign_in(&a, SUPERVISOR).await.unwrap();
    let known = async || b.invoke("start", json!({})).await.map(|start| start["ok"]["people"].to_string());
    b.until("the supervisor to come", known, |people| people.contains(SUPERVISOR.0)).await.unwrap();
    detective::lock(&b).await.unwrap();
    same_telephone(&a, &b, SUPERVISOR.0);
    detective::sign_in(&b, SUPERVISOR.0, "some other passphrase").await.unwrap();
    assert!(b.text("[data-test=error]").await.unwrap().contains("passphrase"), "a wrong one");
    detective::sign_in(&b, SUPERVISOR.0, SUPERVISOR.1).await.unwrap();
    b.wait("[data-test=signed-in]").await.unwrap();

    // Taken out at one while signed in at the other: their window is locked, and their passphrase opens nothing any more.
    detective::lock(&a).await.unwrap();
    detective::sign_in(&a, "R. Alvarez", PASSPHRASE).await.unwrap();
    let id = a.invoke("staff", json!({})).await.unwrap()["ok"]
        .as_array()
        .unwrap()
        .iter()
        .find(|person| person["name"] == SUPERVISOR.0)
        .unwrap()["id"]
        .clone();
    let out = a.invoke("take_out_person", json!({ "id": id, "second": null, "passphrase": "" })).await.unwrap();
    assert!(out["refused"].is_null(), "{out}");
    b.until("the window to lock", async || b.has("select[name=person]").await, |locked| *locked).await.unwrap();
    let start = b.invoke("start", json!({})).await.unwrap()["ok"].clone();
    assert!(!start["people"].to_string().contains(SUPERVISOR.0), "{start}");

    // A stolen workstation is taken out: it is told at its next contact, and searches nothing.
    detective::sign_in(&b, "R. Alvarez", PASSPHRASE).await.unwrap();
    let key = exchange(&b).await["card"].as_str().map(|card| serde_json::from_str::<Value>(card).unwrap()).unwrap();
    let call = json!({ "key": key["signs"], "second": null, "passphrase": "" });
    let out = a.invoke("take_out_workstation", call).await.unwrap();
    assert!(out["refused"].is_null(), "{out}");
    b.until("the workstation to be told", async || Ok(exchange(&b).await["taken_out"] == true), |told| *told)
        .await
        .unwrap();
}
