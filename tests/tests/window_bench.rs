//! The comparison bench in the real window: by keyboard alone, blind on the wire, verified by somebody else,
//! through a power cut, with short and long lists and a gallery that goes away.

use std::path::PathBuf;

use serde_json::{Value, json};
use whole_product::detective::{self, CASE_NUMBER, PASSPHRASE, SECOND};
use whole_product::people::Renderer;
use whole_product::service::Service;
use whole_product::station::Station;
use whole_product::window::Window;
use xtask::demo::{Demo, FIRST_SEED};

const PEOPLE: u64 = 200;
const PROBE: u64 = FIRST_SEED + 57;
/// Control and Enter together, as WebDriver writes them.
const FINISH: &str = "\u{E009}\u{E007}\u{E000}";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";
const LEFT: &str = "\u{E012}";
const RIGHT: &str = "\u{E014}";
const DOWN: &str = "\u{E015}";

fn station() -> (Station, PathBuf) {
    let station = Station::start().unwrap();
    let renderer = Renderer::new().unwrap();
    let probe = renderer.write(&renderer.picture(PROBE, 1, 640), station.home(), "camera-3.jpg").unwrap();
    (station, probe)
}

/// Everything before the search.
async fn up_to_the_search(w: &Window, service: &Service) {
    detective::name_yourself(w).await.unwrap();
    detective::set_gallery(w, &service.url(), &service.token().unwrap()).await.unwrap().unwrap();
    detective::case_with_probe(w, "camera-3.jpg").await.unwrap();
}

/// The row of the person on the probe in the latest list.
fn mated(service: &Service) -> String {
    let subject = Demo::subject(PROBE);
    service.listed().unwrap().into_iter().find(|(_, listed)| *listed == subject).unwrap().0
}

async fn accessible(w: &Window, screen: &str) {
    let found = w.violations().await.unwrap();
    assert!(found.is_empty(), "{screen}: {found:#?}");
}

/// The identity of the open case, as the list of cases gives it.
async fn case_id(w: &Window) -> String {
    let cases = w.invoke("cases", json!({})).await.unwrap();
    cases["ok"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_full_examination_by_keyboard_alone() {
    let (service, _) = Service::with_people(PEOPLE).unwrap();
    let (station, probe) = station();
    let w = Window::open(&station, &[&probe]).await.unwrap();
    up_to_the_search(&w, &service).await;
    assert_eq!(detective::search(&w).await.unwrap(), Ok(20));
    w.wait("[data-test=canvas][data-ready=true]").await.unwrap();
    accessible(&w, "analysis").await;

    // The probe alone: a mark on it, sixteen answers, the whole, and done.
    for key in ["p", RIGHT, DOWN, ENTER, ESCAPE] {
        w.press(key).await.unwrap();
    }
    detective::answer_components(&w, &["1"; 16]).await.unwrap();
    w.press("7").await.unwrap();
    w.press(FINISH).await.unwrap();
    w.until("the photographs", async || w.count("[data-candidate] img.loaded").await, |n| *n == 20).await.unwrap();
    accessible(&w, "blind list").await;

    let order = w.attributes("[data-candidate]", "data-candidate").await.unwrap();
    let lead = mated(&service);
    let lead_at = order.iter().position(|c| *c == lead).unwrap();
    // Four others are excluded where they stand.
    let (mut at, mut excluded) = (0, 0);
    while excluded < 4 || at <= lead_at {
        if at == lead_at || excluded == 4 {
            w.press(RIGHT).await.unwrap();
        } else {
            w.press("x").await.unwrap();
            excluded += 1;
            let done = format!("[data-candidate='{}'][data-concluded=exclusion]", order[at]);
            w.wait(&done).await.unwrap();
            w.idle().await.unwrap();
        }
        at += 1;
    }
    // Back to the lead with the arrow keys alone; the last one stays where it is.
    for _ in lead_at..at.min(order.len() - 1) {
        w.press(LEFT).await.unwrap();
    }
    w.press(ENTER).await.unwrap();
    w.wait_text("[data-test=position]", &format!("Candidate {} of 20", lead_at + 1)).await.unwrap();
    w.wait("[data-test=canvas][data-ready=true]").await.unwrap();
    w.idle().await.unwrap();
    // Every tool of the view answers to a key.
    for (key, pressed) in [
        ("v", "[data-mode=swipe-vertical]"),
        ("h", "[data-mode=swipe-horizontal]"),
        ("o", "[data-mode=overlay]"),
        ("f", "[data-mode=flicker]"),
        ("b", "[data-mode=beside]"),
        ("g", "[data-aid=grid]"),
        ("u", "[data-aid=lines]"),
        ("l", "[data-aid=landmarks]"),
        ("r", "[data-aid=ratios]"),
        ("a", "[data-test=adjust]"),
    ] {
        w.press(key).await.unwrap();
        w.wait(&format!("{pressed}[aria-pressed=true]")).await.unwrap();
    }
    accessible(&w, "comparison").await;
    let keys: Vec<&str> = (0..16).map(|n| if n < 9 { "1" } else { "3" }).collect();
    detective::answer_components(&w, &keys).await.unwrap();
    w.press("m").await.unwrap();
    w.wait("[data-place='examination.conclusion'] [data-choice=limited-support][data-state=checked]").await.unwrap();
    w.wait_text("[data-test=reasons]", "Similar: face and head outline").await.unwrap();
    w.press("k").await.unwrap();
    w.wait("[data-test=keep][aria-pressed=true]").await.unwrap();
    w.press(ESCAPE).await.unwrap();
    w.wait("[data-candidate].focused").await.unwrap();
    // Those at the thumbnail are not opened: three more are, beside the lead, and the last excluded leads back.
    w.press(FINISH).await.unwrap();
    w.wait_text("[data-test=error]", "Open no fewer than 4").await.unwrap();
    w.click("[data-test=dismiss]").await.unwrap();
    let free = "[data-candidate]:not([data-concluded])";
    let left = w.attributes(free, "data-candidate").await.unwrap();
    for candidate in left.iter().take(3) {
        detective::exclude(&w, candidate).await.unwrap();
    }
    w.press(ESCAPE).await.unwrap();
    w.wait("[data-candidate].focused").await.unwrap();
    w.press(FINISH).await.unwrap();
    w.wait("[data-test=unveil]").await.unwrap();
    w.press(FINISH).await.unwrap();
    let row = w.wait_text("[data-test=unveiled] tr.lead", &Demo::subject(PROBE)).await.unwrap();
    assert!(row.contains("Limited support"), "{row}");
    accessible(&w, "unveiling").await;
    w.kill();
}

#[tokio::test]
async fn no_score_and_no_record_crosses_to_the_screen_before_the_unveiling() {
    let (service, _) = Service::with_people(PEOPLE).unwrap();
    let (station, probe) = station();
    let w = Window::open(&station, &[&probe]).await.unwrap();
    up_to_the_search(&w, &service).await;
    w.keep_messages().await.unwrap();
    assert_eq!(detective::search(&w).await.unwrap(), Ok(20));
    let id = case_id(&w).await;
    let lead = mated(&service);

    // No photograph either before the probe was analysed.
    let early = w.invoke("look_at", json!({ "id": id, "candidate": lead })).await.unwrap();
    assert!(early["refused"]["message"].as_str().is_some(), "{early}");
    let refused = async |what: &str| {
        let answer = w.invoke("unveil", json!({ "id": id })).await.unwrap();
        assert_eq!(answer["refused"]["code"], "gaps", "{what}: {answer}");
    };
    refused("nothing was examined").await;
    detective::analyse(&w).await.unwrap();
    refused("nobody was looked at").await;
    detective::examine(&w, &lead, 4).await.unwrap();
    refused("not concluded").await;
    w.click("[data-test=conclude]").await.unwrap();
    w.wait("[data-test=unveil]").await.unwrap();

    let sent = w.messages().await.unwrap();
    assert!(sent.len() > 30, "{} messages were kept", sent.len());
    let tells = |text: &&String| {
        text.contains("\"score\"")
            || text.contains("DEMO-")
            || text.contains("captured_on\":\"")
            || text.contains("\"rank\"")
    };
    assert_eq!(sent.iter().find(tells), None, "a message tells what must stay hidden");
    w.click("[data-test=unveil]").await.unwrap();
    w.wait("[data-test=unveiled]").await.unwrap();
    let sent = w.messages().await.unwrap();
    assert!(sent.iter().any(|text| tells(&text)), "what is looked for is there once it was unveiled");

    // A change after unveiling keeps both conclusions.
    w.click("[data-test=unveiled] tr.lead [data-test=change]").await.unwrap();
    w.click("[data-place='examination.change'] [data-choice=inconclusive]").await.unwrap();
    w.click("[data-test=save-change]").await.unwrap();
    w.wait("[data-test=error][data-code=gaps]").await.unwrap();
    w.click("[data-test=dismiss]").await.unwrap();
    w.fill("input[name=change-reason]", "The left ear differs after all").await.unwrap();
    w.click("[data-test=save-change]").await.unwrap();
    let said = w.wait_text("[data-test=changed]", "left ear").await.unwrap();
    assert!(said.contains("blind: limited support"), "{said}");
    w.kill();
}

#[tokio::test]
async fn a_second_examiner_compares_blind_and_nobody_verifies_the_own_work() {
    let (service, _) = Service::with_people(PEOPLE).unwrap();
    let (station, probe) = station();
    let w = Window::open(&station, &[&probe]).await.unwrap();
    up_to_the_search(&w, &service).await;
    detective::add_second_examiner(&w).await.unwrap();
    detective::open_case(&w, CASE_NUMBER).await.unwrap();
    assert_eq!(detective::search(&w).await.unwrap(), Ok(20));
    detective::analyse(&w).await.unwrap();
    let lead = mated(&service);
    detective::examine(&w, &lead, 4).await.unwrap();
    w.click("[data-test=to-list]").await.unwrap();
    detective::conclude(&w).await.unwrap();
    w.click("[data-step=verify]").await.unwrap();
    w.click("[data-test=ask-verification]").await.unwrap();
    w.wait("[data-test=verification][data-state=asked]").await.unwrap();
    accessible(&w, "verification").await;
    let id = case_id(&w).await;
    let own = w.invoke("begin_verification", json!({ "id": id })).await.unwrap();
    assert!(own["refused"]["message"].as_str().unwrap().contains("your own case"), "{own}");
    assert_eq!(w.invoke("waiting", json!({})).await.unwrap()["ok"], json!([]));

    detective::lock(&w).await.unwrap();
    accessible(&w, "sign-in").await;
    // Locked: nothing is answered, whatever the page asks.
    for command in ["cases", "open_case", "begin_verification", "look_at"] {
        let shut = w.invoke(command, json!({ "id": id, "candidate": lead })).await.unwrap();
        assert_eq!(shut["refused"]["code"], "signed-out", "{command}: {shut}");
    }
    detective::sign_in(&w, SECOND.0, "not the passphrase").await.unwrap();
    w.wait("[data-test=error][data-code=wrong-passphrase]").await.unwrap();
    detective::first_sign_in(&w, SECOND).await.unwrap();
    w.keep_messages().await.unwrap();
    let shut = w.invoke("open_case", json!({ "id": id })).await.unwrap();
    assert_eq!(shut["refused"]["code"], "gaps", "the case itself stays shut: {shut}");
    w.click("[data-test=begin-verification]").await.unwrap();
    w.wait("[data-test=record-analysis]").await.unwrap();
    detective::analyse(&w).await.unwrap();
    assert_eq!(w.count("[data-candidate]").await.unwrap(), 4, "the lead and three others");
    accessible(&w, "verifier's list").await;
    let sent = w.messages().await.unwrap();
    let bench: Vec<&String> = sent.iter().filter(|text| text.contains("\"verifying\":true")).collect();
    assert!(!bench.is_empty());
    for text in bench {
        let told = ["\"score\"", "DEMO-", "limited-support", "R. Alvarez", CASE_NUMBER, "Ears, brow line"];
        assert_eq!(told.into_iter().find(|word| text.contains(word)), None, "{text}");
    }
    let other = service.listed().unwrap();
    let shown = w.attributes("[data-candidate]", "data-candidate").await.unwrap();
    let other = other.into_iter().find(|(c, _)| !shown.contains(c)).unwrap().0;
    let hidden = w.invoke("look_at", json!({ "id": id, "candidate": other })).await.unwrap();
    assert!(!hidden["refused"].is_null(), "somebody who is not on this bench: {hidden}");

    // Handing in early is refused; disagreement makes the examination inconclusive.
    w.click("[data-test=conclude]").await.unwrap();
    w.wait("[data-test=error][data-code=gaps]").await.unwrap();
    w.click("[data-test=dismiss]").await.unwrap();
    for candidate in &shown {
        detective::exclude(&w, candidate).await.unwrap();
    }
    w.click("[data-test=conclude]").await.unwrap();
    w.until("the bench to be left", async || w.has("[data-candidate]").await, |there| !there).await.unwrap();
    detective::lock(&w).await.unwrap();
    detective::sign_in(&w, "R. Alvarez", PASSPHRASE).await.unwrap();
    detective::open_case(&w, CASE_NUMBER).await.unwrap();
    w.click("[data-step=verify]").await.unwrap();
    w.wait("[data-agreement=disagrees-on-lead]").await.unwrap();
    assert_eq!(w.text("[data-test=standing]").await.unwrap(), "Inconclusive");

    // A conference counts only with both.
    w.fill("textarea[name=account]", "Looked again together at both ears at full size").await.unwrap();
    w.click("[data-place='verification.agreed'] [data-choice=limited-support]").await.unwrap();
    w.fill("input[name=verifier-passphrase]", PASSPHRASE).await.unwrap();
    w.click("[data-test=confer]").await.unwrap();
    w.wait("[data-test=error][data-code=wrong-passphrase]").await.unwrap();
    w.click("[data-test=dismiss]").await.unwrap();
    assert_eq!(w.value("textarea[name=account]").await.unwrap(), "Looked again together at both ears at full size");
    // A passphrase that was watched is not enough.
    w.fill("input[name=verifier-passphrase]", SECOND.1).await.unwrap();
    w.click("[data-test=confer]").await.unwrap();
    w.wait("[data-test=error][data-code=wrong-passphrase]").await.unwrap();
    w.click("[data-test=dismiss]").await.unwrap();
    w.fill("input[name=verifier-passphrase]", SECOND.1).await.unwrap();
    let code = detective::code_of(&w, SECOND.0).await.unwrap();
    w.fill("input[name=verifier-code]", &code).await.unwrap();
    w.look(&station, "conference-here").await.unwrap();
    w.click("[data-test=confer]").await.unwrap();
    w.wait_text("[data-test=standing]", "Limited support").await.unwrap();
    // Nor is it wherever else somebody confirms at another's screen.
    let start = w.invoke("start", json!({})).await.unwrap();
    let second = start["ok"]["people"].as_array().unwrap().iter().find(|p| p["name"] == SECOND.0).unwrap();
    for command in ["confirm_flags", "confirm_search", "confirm_account"] {
        let by = json!({ "person": second["id"], "passphrase": SECOND.1, "shown": "" });
        let alone = w.invoke(command, json!({ "id": id, "by": by })).await.unwrap();
        assert_eq!(alone["refused"]["code"], "wrong-passphrase", "{command}: {alone}");
    }
    w.kill();
}

#[tokio::test]
async fn a_power_cut_in_mid_examination_loses_nothing_that_was_recorded() {
    let (mut service, _) = Service::with_people(PEOPLE).unwrap();
    let (station, probe) = station();
    let w = Window::open(&station, &[&probe]).await.unwrap();
    up_to_the_search(&w, &service).await;
    assert_eq!(detective::search(&w).await.unwrap(), Ok(20));

    let broken = service.listed().unwrap().into_iter().map(|(c, _)| c).find(|c| *c != mated(&service)).unwrap();
    service.spoil_photo(&broken).unwrap();
    // The gallery goes away in the middle: said plainly, and what was recorded stays.
    service.stop();
    detective::analyse(&w).await.unwrap();
    let order = w.attributes("[data-candidate]", "data-candidate").await.unwrap();
    let sound: Vec<&String> = order.iter().filter(|c| **c != broken).collect();
    w.click(&format!("[data-candidate='{}']", sound[0])).await.unwrap();
    w.wait("[data-test=error][data-code=gallery-unreachable]").await.unwrap();
    w.wait("[data-test=trouble-candidate]").await.unwrap();
    w.click("[data-test=dismiss]").await.unwrap();
    service.start_again().unwrap();
    w.click("[data-test=to-list]").await.unwrap();
    // A photograph that is none: named, and not counted as looked at.
    w.click(&format!("[data-candidate='{broken}']")).await.unwrap();
    w.wait("[data-test=error][data-code=not-an-image]").await.unwrap();
    w.wait("[data-test=trouble-candidate]").await.unwrap();
    w.click("[data-test=to-list]").await.unwrap();
    // Nobody concludes on what could not be shown.
    let id = case_id(&w).await;
    let unseen = json!({ "id": id, "candidate": broken, "conclusion": "exclusion", "reason": "" });
    assert_eq!(w.invoke("conclude_on", unseen).await.unwrap()["refused"]["code"], "not-an-image");
    w.wait(&format!("[data-candidate='{broken}'][data-looked=false]")).await.unwrap();
    detective::exclude(&w, sound[0]).await.unwrap();
    detective::open_candidate(&w, sound[1]).await.unwrap();
    detective::answer_components(&w, &["1", "2", "3", "4", "1"]).await.unwrap();
    w.click("[data-component=hairline] .name").await.unwrap();
    w.fill("input[name=note-hairline]", "Recedes at the right temple").await.unwrap();
    w.press(ESCAPE).await.unwrap();
    for key in ["d", ENTER] {
        w.press(key).await.unwrap();
    }
    // A line that is begun outlives the storing of what was typed before it.
    w.wait("main[aria-busy=false]").await.unwrap();
    for key in [RIGHT, RIGHT, DOWN, ENTER] {
        w.press(key).await.unwrap();
    }
    w.wait("[data-test=undo-mark]:not([aria-disabled=true])").await.unwrap();
    w.wait("main[aria-busy=false]").await.unwrap();
    w.kill();

    // A court orders one of the listed people removed meanwhile: the workstation is told when the case is opened.
    let gone = service.listed().unwrap().into_iter().find(|(c, _)| c == sound[3]).unwrap().1;
    service.expunge(&gone).unwrap();
    let w = Window::open(&station, &[]).await.unwrap();
    detective::sign_in(&w, "R. Alvarez", PASSPHRASE).await.unwrap();
    detective::open_case(&w, CASE_NUMBER).await.unwrap();
    w.wait("[data-candidate]").await.unwrap();
    let told = w.wait_text("[data-test=withdrawn]", "withdrawn a candidate of this list").await.unwrap();
    assert!(!told.contains("lead"), "{told}");
    w.wait(&format!("[data-candidate='{}'][aria-label*='withdrawn by the gallery']", sound[3])).await.unwrap();
    assert_eq!(w.attributes("[data-candidate]", "data-candidate").await.unwrap(), order, "the same order");
    assert_eq!(w.count("[data-concluded=exclusion]").await.unwrap(), 1);
    detective::open_candidate(&w, sound[1]).await.unwrap();
    w.wait_text("[data-test=components-done]", "5 of 16 answered").await.unwrap();
    assert_eq!(w.value("input[name=note-hairline]").await.unwrap(), "Recedes at the right temple");
    let id = case_id(&w).await;
    let open = w.invoke("open_case", json!({ "id": id })).await.unwrap();
    let marked = open["ok"]["bench"]["candidates"].as_array().unwrap().iter().find(|c| c["id"] == **sound[1]).unwrap();
    assert_eq!(marked["comparison"]["marks"][0]["shape"]["kind"], "line", "{marked}");

    // A second window on the same vault is refused, and the first goes on.
    let second = Window::open(&station, &[]).await.unwrap();
    second.wait("[data-test=broken]").await.unwrap();
    second.kill();
    w.click("[data-test=to-list]").await.unwrap();
    detective::exclude(&w, sound[2]).await.unwrap();
    w.kill();
}

#[tokio::test]
async fn a_list_of_one_and_a_list_of_two_hundred() {
    let (service, _) = Service::with_people(1).unwrap();
    let (station, _) = station();
    let renderer = Renderer::new().unwrap();
    let only = renderer.write(&renderer.picture(FIRST_SEED, 1, 640), station.home(), "only.jpg").unwrap();
    let w = Window::open(&station, &[&only]).await.unwrap();
    detective::name_yourself(&w).await.unwrap();
    detective::set_gallery(&w, &service.url(), &service.token().unwrap()).await.unwrap().unwrap();
    detective::case_with_probe(&w, "only.jpg").await.unwrap();
    assert_eq!(detective::search(&w).await.unwrap(), Ok(1));
    detective::analyse(&w).await.unwrap();
    let one = w.attributes("[data-candidate]", "data-candidate").await.unwrap().concat();
    detective::support(&w, &one).await.unwrap();
    w.click("[data-test=keep]").await.unwrap();
    w.wait("[data-test=keep][aria-pressed=true]").await.unwrap();
    detective::conclude(&w).await.unwrap();
    w.click("[data-step=verify]").await.unwrap();
    w.click("[data-test=ask-verification]").await.unwrap();
    let refused = w.wait_text("[data-test=error]", "at least 3").await.unwrap();
    assert!(refused.contains("0 other candidates"), "{refused}");
    w.kill();

    // A department that asks for two hundred.
    let (service, _) = Service::with_people(PEOPLE).unwrap();
    let (station, probe) = self::station();
    let policy = include_str!("../../assets/policy.toml").replace("candidates = 20 ", "candidates = 200 ");
    std::fs::write(station.policy(), policy).unwrap();
    let w = Window::open(&station, &[&probe]).await.unwrap();
    up_to_the_search(&w, &service).await;
    assert_eq!(detective::search(&w).await.unwrap(), Ok(200));
    detective::analyse(&w).await.unwrap();
    w.until("the photographs", async || w.count("[data-candidate] img.loaded").await, |n| *n == 200).await.unwrap();
    let lead = mated(&service);
    detective::open_candidate(&w, &lead).await.unwrap();
    w.click("[data-test=next]").await.unwrap();
    w.wait("[data-test=canvas][data-ready=true]").await.unwrap();
    w.kill();
}

#[tokio::test]
async fn a_prepared_probe_is_searched_beside_the_original_and_filters_are_recorded() {
    let (service, _) = Service::with_people(PEOPLE).unwrap();
    let (station, probe) = station();
    let w = Window::open(&station, &[&probe]).await.unwrap();
    detective::name_yourself(&w).await.unwrap();
    detective::set_gallery(&w, &service.url(), &service.token().unwrap()).await.unwrap().unwrap();
    detective::new_case(&w).await.unwrap();
    detective::state_purpose(&w, CASE_NUMBER).await.unwrap();
    detective::bring(&w, "camera-3.jpg").await.unwrap().unwrap();
    detective::state_origin(&w).await.unwrap();
    w.click("[data-test=step-crop]").await.unwrap();
    w.wait_text("[data-test=steps]", "Cropped to").await.unwrap();
    w.idle().await.unwrap();
    w.click("[data-test=step-quarter]").await.unwrap();
    w.wait_text("[data-test=steps]", "Turned 90.0").await.unwrap();
    w.idle().await.unwrap();
    w.click("[data-test=step-back]").await.unwrap();
    w.until("a step back", async || w.count("[data-test=steps] li").await, |n| *n == 1).await.unwrap();
    w.idle().await.unwrap();
    // The original is one key away.
    w.wait("img.loaded[alt='The probe: prepared version']").await.unwrap();
    w.script("window.dispatchEvent(new KeyboardEvent('keydown', { key: 'o' }))", Vec::new()).await.unwrap();
    w.wait("img.loaded[alt='The probe: untouched original']").await.unwrap();
    w.script("window.dispatchEvent(new KeyboardEvent('keyup', { key: 'o' }))", Vec::new()).await.unwrap();
    w.wait("img.loaded[alt='The probe: prepared version']").await.unwrap();
    w.click("[data-test=use-prepared]").await.unwrap();
    w.wait("[data-test=use-prepared][aria-pressed=true]").await.unwrap();
    w.idle().await.unwrap();
    detective::confirm_probe(&w).await.unwrap();
    w.click("[data-place='search.filters'] summary").await.unwrap();
    w.click("input[name=from]").await.unwrap();
    w.fill("input[name=from]", "2015").await.unwrap();
    assert_eq!(detective::search(&w).await.unwrap(), Ok(20));
    let id = case_id(&w).await;
    let open = w.invoke("open_case", json!({ "id": id })).await.unwrap();
    let case: &Value = &open["ok"]["case"];
    assert_eq!(case["searches"], 2, "the original and the prepared version");
    assert_eq!(case["search"]["filters"]["captured_from"], "2015-01-01");
    assert!(case["search"]["completeness"]["filtered_out"].as_u64().unwrap() > 0, "{case}");
    w.kill();
}

#[tokio::test]
async fn a_photograph_on_its_side_is_turned_right_there_and_searched() {
    let (service, _) = Service::with_people(PEOPLE).unwrap();
    let station = Station::start().unwrap();
    let renderer = Renderer::new().unwrap();
    let lying = image::imageops::rotate270(&renderer.picture(PROBE, 1, 640));
    let probe = renderer.write(&lying, station.home(), "camera-3.jpg").unwrap();
    let w = Window::open(&station, &[&probe]).await.unwrap();
    detective::name_yourself(&w).await.unwrap();
    detective::set_gallery(&w, &service.url(), &service.token().unwrap()).await.unwrap().unwrap();
    detective::new_case(&w).await.unwrap();
    detective::state_purpose(&w, CASE_NUMBER).await.unwrap();
    detective::bring(&w, "camera-3.jpg").await.unwrap().unwrap();
    detective::state_origin(&w).await.unwrap();
    w.click("[data-test=confirm-probe]").await.unwrap();
    w.wait_text("[data-test=error]", "below").await.unwrap();
    w.idle().await.unwrap();
    w.click("[data-test=dismiss]").await.unwrap();
    w.click("[data-test=turn-here]").await.unwrap();
    w.wait_text("[data-test=quality]", "sufficient").await.unwrap();
    w.idle().await.unwrap();
    w.wait("img.loaded[alt='The probe: turned upright']").await.unwrap();
    detective::confirm_probe(&w).await.unwrap();
    assert_eq!(detective::search(&w).await.unwrap(), Ok(20));
    mated(&service);
    // The list was made from this photograph: it is turned no more.
    let id = case_id(&w).await;
    let refused = w.invoke("turn_probe", json!({ "id": id })).await.unwrap();
    assert_eq!(refused["refused"]["code"], "gaps", "{refused}");
    let open = w.invoke("open_case", json!({ "id": id })).await.unwrap();
    assert_eq!(open["ok"]["case"]["image"]["facts"]["turned"], "quarter");
    w.kill();
}
