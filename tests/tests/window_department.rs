//! A department of several workstations: its people, their keys and its policy are one wherever somebody sits down.

use serde_json::{Value, json};
use whole_product::detective::{self, CASE_NUMBER, PASSPHRASE, SECOND, SUPERVISOR};
use whole_product::people::Renderer;
use whole_product::provider::{Browser, Opener, Provider, Shows};
use whole_product::relay::Relay;
use whole_product::service::Service;
use whole_product::station::Station;
use whole_product::window::Window;
use xtask::demo::{Demo, FIRST_SEED};

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

/// Whoever has the case next.
const THIRD: (&str, &str) = ("D. Nguyen", "nine paper lanterns rise");
/// The auditor.
const AUDITOR: (&str, &str) = ("P. Stone", "a ledger of small hours");

/// A workstation of the department, with the browser of whoever sits there.
struct Seat {
    window: Window,
    opener: Opener,
    station: Station,
}

impl Seat {
    async fn new(policy: &str, probe: Option<&image::RgbImage>) -> Self {
        let station = Station::start().unwrap();
        std::fs::create_dir(station.home().join("exports")).unwrap();
        if !policy.is_empty() {
            std::fs::write(station.policy(), policy).unwrap();
        }
        let path = station.home().join("camera-3.jpg");
        let offered = probe.map(|picture| picture.save(&path).unwrap()).map(|()| path.as_path());
        let opener = Opener::install(&station).unwrap();
        let window = Window::open(&station, &Vec::from_iter(offered)).await.unwrap();
        Self { window, opener, station }
    }

    /// Signs in with the passphrase, and at the identity provider in the browser.
    async fn sign_in(&self, (name, passphrase): (&str, &str), badge: &str) {
        let w = &self.window;
        w.wait("select[name=person]").await.unwrap();
        let choose = "return [...document.querySelector('select[name=person]').options].find(o => o.text.startsWith(arguments[0]))?.value";
        let id = w.script(choose, vec![name.into()]).await.unwrap();
        w.choose("select[name=person]", id.as_str().unwrap()).await.unwrap();
        w.fill("input[name=passphrase]", passphrase).await.unwrap();
        w.click("[data-test=sign-in]").await.unwrap();
        let mut browser = Browser::default();
        let back = browser.sign_in(&self.opener.opened().await.unwrap(), &Shows::both(badge)).await.unwrap();
        browser.open(back.as_str()).await.unwrap();
        w.wait("[data-test=signed-in], input[name=fresh]").await.unwrap();
        detective::read_staff_news(w).await.unwrap();
    }

    /// The first sign-in of somebody who was added: with their enrolment code, to a passphrase and a second factor of their own.
    async fn first_sign_in(&self, (name, own): (&str, &str), badge: &str) {
        let code = detective::enrolment_code(&self.window, name).unwrap();
        self.sign_in((name, &code), badge).await;
        self.window.fill("input[name=fresh]", own).await.unwrap();
        self.window.fill("input[name=again]", own).await.unwrap();
        self.window.click("[data-test=sign-in]").await.unwrap();
        detective::set_up_second(&self.window, name).await.unwrap();
        detective::read_staff_news(&self.window).await.unwrap();
    }

    async fn lock(&self) {
        detective::lock(&self.window).await.unwrap();
        // The browser is sent to sign out at the provider.
        self.opener.opened().await.unwrap();
    }

    async fn look(&self, name: &str) {
        self.window.look(&self.station, name).await.unwrap();
    }
}

/// A second examiner at another workstation, a conference apart, a review at a third; a case that moves with who has it, and a
/// detective who is taken out while they work.
#[tokio::test]
async fn a_lead_is_compared_conferred_about_and_reviewed_at_three_workstations() {
    let (service, _) = Service::with_people(200).unwrap();
    let provider = Provider::start().unwrap();
    let policy = format!(
        "{}\n[session.provider]\nissuer = \"{}\"\nclient_id = \"corroborate\"\nbadge_claim = \"badge\"\namr = [\"mfa\"]\n\
         offline_hours = 4\n",
        include_str!("../../assets/policy.toml"),
        provider.url()
    );
    let shown = Renderer::new().unwrap().picture(FIRST_SEED + 91, 1, 640);
    let a = Seat::new(&policy, Some(&shown)).await;
    let (b, c) = (Seat::new("", None).await, Seat::new("", None).await);
    let w = &a.window;

    // Founded at one, joined by two; five people, each with a second factor of their own.
    detective::name_yourself(w).await.unwrap();
    detective::set_gallery(w, &service.url(), &service.token_of("robbery-2").unwrap()).await.unwrap().unwrap();
    detective::own_card(w, "Robbery").await.unwrap();
    w.click("[data-test=export-department]").await.unwrap();
    let written = w.wait_text("[data-test=department-written]", "department.jsonl").await.unwrap();
    let documents = std::path::PathBuf::from(written.trim_start_matches("Written to "));
    let root = exchange(w).await["root"].as_str().unwrap().to_owned();
    let relay = Relay::adopting(&documents, &root).unwrap();
    detective::set_relay(w, &relay.url()).await.unwrap();
    a.look("exchange-invitation").await;
    let invitation = w.value("textarea[name=own-invitation]").await.unwrap();
    for (seat, name) in [(&b, "Homicide"), (&c, "Supervisors")] {
        let card = detective::join(&seat.window, &invitation, name).await.unwrap();
        seat.look(&format!("joining-{name}")).await;
        detective::let_in(w, &card, name, None).await.unwrap();
        seat.window.wait("select[name=person]").await.unwrap();
    }
    detective::review_at(w, "Supervisors").await.unwrap();
    let others = [
        (SECOND, "5120", "examiner"),
        (THIRD, "3301", "examiner"),
        (SUPERVISOR, "1180", "supervisor"),
        (AUDITOR, "0007", "auditor"),
    ];
    for (person, badge, role) in others {
        detective::add_person(w, person.0, badge, role).await.unwrap();
    }
    // Who founded it has not been at the provider yet.
    detective::lock(w).await.unwrap();
    for (person, badge, _) in others {
        a.first_sign_in(person, badge).await;
        a.lock().await;
    }
    // A vault is open, and lets further people in, while somebody sits there whom it knows.
    let everybody = async |seat: &Seat| {
        seat.sign_in(("R. Alvarez", PASSPHRASE), "4471").await;
        let known = async || Ok(seat.window.invoke("start", json!({})).await?["ok"]["people"].to_string());
        let all = |people: &String| others.iter().all(|(person, _, _)| people.contains(person.0));
        seat.window.until("everybody to come", known, all).await.unwrap();
        seat.lock().await;
    };
    everybody(&b).await;
    everybody(&c).await;

    // Searched and concluded at one workstation; the second examiner sits at another.
    a.sign_in(("R. Alvarez", PASSPHRASE), "4471").await;
    detective::case_with_probe(w, "camera-3.jpg").await.unwrap();
    assert_eq!(detective::search(w).await.unwrap(), Ok(20));
    w.click("[data-step=examine]").await.unwrap();
    detective::analyse(w).await.unwrap();
    let subject = Demo::subject(FIRST_SEED + 91);
    let lead = service.listed().unwrap().into_iter().find(|(_, listed)| *listed == subject).unwrap().0;
    detective::examine(w, &lead, 3).await.unwrap();
    detective::conclude(w).await.unwrap();
    a.look("unveiled").await;
    w.click("[data-step=verify]").await.unwrap();
    w.click("[data-test=ask-elsewhere]").await.unwrap();
    w.wait("select[name=verifier]").await.unwrap();
    a.look("ask-elsewhere").await;
    let option =
        "return [...document.querySelector(arguments[0]).options].find(o => o.text.startsWith(arguments[1]))?.value";
    for (css, beginning) in [("select[name=verifier]", SECOND.0), ("select[name=verifier-place]", "Homicide")] {
        let value = w.script(option, vec![css.into(), beginning.into()]).await.unwrap();
        w.choose(css, value.as_str().unwrap()).await.unwrap();
    }
    w.click("[data-test=send-elsewhere]").await.unwrap();
    w.wait("[data-test=asked-elsewhere]").await.unwrap();

    // Blind there: the list is told apart from nothing that was concluded here.
    b.sign_in(SECOND, "5120").await;
    b.window.wait("[data-test=begin-verification]").await.unwrap();
    b.look("waiting").await;
    detective::verify(&b.window, "nobody", false).await.unwrap();
    w.wait("[data-test=agreement][data-agreement=disagrees-on-lead]").await.unwrap();
    a.look("disagreement").await;

    // Both sign what they agree to, each where they sit.
    w.fill("textarea[name=account]", "Both looked at the ears and the brow line again, and cannot tell.")
        .await
        .unwrap();
    w.click("[data-place='verification.agreed'] [data-choice=inconclusive]").await.unwrap();
    w.click("[data-test=confer]").await.unwrap();
    w.wait("[data-test=conferring]").await.unwrap();
    b.window.wait("[data-test=sign-conference]").await.unwrap();
    b.look("conference").await;
    b.window.click("[data-test=sign-conference]").await.unwrap();
    w.wait("[data-test=standing]").await.unwrap();
    a.look("conferred").await;

    // Reviewed at a third.
    let tried = [("Plate reader, white van", "County reader network"), ("Registry, partial plate", "State registry")];
    detective::sought(w, "vehicle", tried).await.unwrap();
    detective::sought(w, "open-source-media", tried).await.unwrap();
    detective::witness_supports(w).await.unwrap();
    detective::answer_panel(w).await.unwrap();
    let account = "Two examiners could not tell.\n# What was done\n- Compared blind, twice";
    detective::write_note(w, "lead-not-corroborated", account).await.unwrap();
    w.until("nothing to be missing", async || detective::gaps(w).await, Vec::is_empty).await.unwrap();
    detective::save(w).await.unwrap().unwrap();
    c.sign_in(SUPERVISOR, "1180").await;
    detective::open_review_when_there(&c.window, CASE_NUMBER).await.unwrap();
    detective::review(&c.window, "approve", None).await.unwrap();

    // By everybody's own key: the department's root is all that a reader needs.
    let approved = async || Ok(w.invoke("cases", json!({})).await?["ok"][0]["decision"].clone());
    w.until("the review to come back", approved, |decision| *decision == "approve").await.unwrap();
    detective::open_case(w, CASE_NUMBER).await.unwrap();
    let exported = detective::export(w, "note").await.unwrap();
    let verify = |root: &str| {
        let program = whole_product::process::programs().unwrap().join("corroborate");
        let mut command = std::process::Command::new(program);
        let checked = command.arg("verify-note").arg(&exported).args(["--department", root]).output().unwrap();
        (checked.status.success(), String::from_utf8([checked.stdout, checked.stderr].concat()).unwrap())
    };
    let (held, said) = verify(&root);
    assert!(held, "{said}");
    for (name, _) in [("R. Alvarez", ""), SECOND, SUPERVISOR] {
        assert!(said.contains(name), "{name}: {said}");
    }
    assert!(!verify(&"ab".repeat(32)).0, "of another department");

    // A case that was searched and half examined goes to a colleague at another workstation, and lives there alone.
    detective::new_case(w).await.unwrap();
    detective::state_purpose(w, "25-000777").await.unwrap();
    detective::bring(w, "camera-3.jpg").await.unwrap().unwrap();
    detective::state_origin(w).await.unwrap();
    detective::confirm_probe(w).await.unwrap();
    assert_eq!(detective::search(w).await.unwrap(), Ok(20));
    detective::analyse(w).await.unwrap();
    let listed = w.attributes("[data-candidate]", "data-candidate").await.unwrap();
    detective::exclude(w, &listed[0]).await.unwrap();
    w.click("[data-test=to-cases]").await.unwrap();
    w.click("[data-test=give][data-number='25-000777']").await.unwrap();
    w.wait("select[name=handover-to]").await.unwrap();
    for (css, beginning) in [("select[name=handover-to]", THIRD.0), ("select[name=handover-place]", "Homicide")] {
        let value = w.script(option, vec![css.into(), beginning.into()]).await.unwrap();
        w.choose(css, value.as_str().unwrap()).await.unwrap();
    }
    w.fill("input[name=handover-reason]", "Transferred to Narcotics").await.unwrap();
    a.look("handover").await;
    w.click("[data-test=hand-over]").await.unwrap();
    b.lock().await;
    b.sign_in(THIRD, "3301").await;
    b.window.wait("[data-test=open-case][data-number='25-000777']").await.unwrap();
    b.window.wait_text("[data-test=line-handed-over]", "Transferred to Narcotics").await.unwrap();
    b.look("handed-over").await;
    detective::open_case(&b.window, "25-000777").await.unwrap();
    b.window.wait("[data-step=purpose][data-state=done]").await.unwrap();

    // Finished there, blind from the beginning: its photographs came with it, and no gallery is known at this workstation.
    let t = &b.window;
    t.click("[data-step=examine]").await.unwrap();
    detective::analyse(t).await.unwrap();
    assert_eq!(t.count("[data-concluded]").await.unwrap(), 0);
    t.until("the photographs", async || t.count("[data-candidate] img.loaded").await, |n| *n == 20).await.unwrap();
    b.look("came-with-its-list").await;
    for candidate in t.attributes("[data-candidate]", "data-candidate").await.unwrap().iter().take(4) {
        detective::exclude(t, candidate).await.unwrap();
    }
    t.press("n").await.unwrap();
    t.wait("[data-test=none][aria-pressed=true]").await.unwrap();
    t.click("[data-test=conclude]").await.unwrap();
    t.wait("[data-choice=no-candidate][data-state=checked]").await.unwrap();
    t.fill("textarea[name=narrative]", "None of the twenty candidates is the person of the probe.").await.unwrap();
    detective::save(t).await.unwrap().unwrap();
    let note = t.text("[data-test=sealed-note]").await.unwrap();
    assert!(note.contains("Transferred to Narcotics") && note.contains(THIRD.0), "{note}");
    let here = w.invoke("cases", json!({})).await.unwrap()["ok"].clone();
    assert!(here.as_array().unwrap().iter().all(|line| line["number"] != "25-000777"), "{here}");

    // Taken out in the middle of their work: the window locks, and nothing opens it.
    let staff = w.invoke("staff", json!({})).await.unwrap()["ok"].clone();
    let gone = staff.as_array().unwrap().iter().find(|person| person["name"] == THIRD.0).unwrap()["id"].clone();
    let out = w.invoke("take_out_person", json!({ "id": gone, "second": null, "passphrase": "" })).await.unwrap();
    assert!(out["refused"].is_null(), "{out}");
    b.window
        .until("the window to lock", async || b.window.has("select[name=person]").await, |locked| *locked)
        .await
        .unwrap();
    let start = b.window.invoke("start", json!({})).await.unwrap()["ok"].clone();
    assert!(!start["people"].to_string().contains(THIRD.0), "{start}");
    b.look("locked").await;

    // A case on its way to a workstation that is taken out before it arrives: a supervisor gives it to a colleague where it left.
    detective::new_case(w).await.unwrap();
    detective::state_purpose(w, "25-000778").await.unwrap();
    w.click("[data-test=to-cases]").await.unwrap();
    w.click("[data-test=give][data-number='25-000778']").await.unwrap();
    w.wait("select[name=handover-to]").await.unwrap();
    for (css, beginning) in [("select[name=handover-to]", "Nobody else"), ("select[name=handover-place]", "Homicide")] {
        let value = w.script(option, vec![css.into(), beginning.into()]).await.unwrap();
        w.choose(css, value.as_str().unwrap()).await.unwrap();
    }
    w.click("[data-test=hand-over]").await.unwrap();
    w.wait_text("[data-test=line-moved]", "Lives at Homicide").await.unwrap();
    let others = exchange(w).await["others"].clone();
    let homicide = others.as_array().unwrap().iter().find(|other| other["name"] == "Homicide").unwrap();
    let call = json!({ "key": homicide["key"], "second": null, "passphrase": "" });
    let out = w.invoke("take_out_workstation", call).await.unwrap();
    assert!(out["refused"].is_null(), "{out}");
    w.click("[data-test=to-settings]").await.unwrap();
    a.look("settings-one-taken-out").await;
    w.click("[data-test=to-cases]").await.unwrap();
    w.wait_text("[data-test=line-moved]", "Homicide, which was taken out of the department").await.unwrap();
    a.look("stranded").await;
    a.lock().await;
    a.sign_in(SUPERVISOR, "1180").await;
    w.click("[data-test=colleague-away]").await.unwrap();
    for (css, beginning) in [("select[name=away-from]", "R. Alvarez"), ("select[name=away-to]", SECOND.0)] {
        let value = w.script(option, vec![css.into(), beginning.into()]).await.unwrap();
        w.choose(css, value.as_str().unwrap()).await.unwrap();
    }
    w.fill("input[name=away-reason]", "The machine there was stolen").await.unwrap();
    a.look("taking-back").await;
    w.click("[data-test=hand-over-all]").await.unwrap();
    w.wait("[data-test=handed-over]").await.unwrap();
    a.lock().await;
    a.sign_in(SECOND, "5120").await;
    w.wait_text("[data-test=line-handed-over]", "Taken back on its way").await.unwrap();
    a.look("taken-back").await;
    detective::open_case(w, "25-000778").await.unwrap();
}
