//! The main job in the real window: from first start to a sealed note that a restart finds unchanged.

use std::path::PathBuf;

use whole_product::adversary::door::Secrets;
use whole_product::detective::{self, CASE_NUMBER};
use whole_product::people::Renderer;
use whole_product::proxy::Recorder;
use whole_product::service::Service;
use whole_product::station::Station;
use whole_product::window::Window;
use xtask::demo::{Demo, FIRST_SEED};

/// People in the gallery of these tests.
const PEOPLE: u64 = 200;
/// The person on the probe; another view of them is enrolled.
const PROBE: u64 = FIRST_SEED + 57;

/// A station with a probe of `PROBE`, in a view that was not enrolled.
fn station() -> (Station, PathBuf) {
    let station = Station::start().unwrap();
    let renderer = Renderer::new().unwrap();
    let probe = renderer.write(&renderer.picture(PROBE, 1, 640), station.home(), "camera-3.jpg").unwrap();
    (station, probe)
}

/// First start, gallery, case, purpose and probe: everything before the search.
async fn up_to_the_search(w: &Window, gallery: &str, token: &str) {
    detective::name_yourself(w).await.unwrap();
    detective::set_gallery(w, gallery, token).await.unwrap().unwrap();
    detective::case_with_probe(w, "camera-3.jpg").await.unwrap();
}

#[tokio::test]
async fn from_a_photograph_to_a_sealed_note_that_a_restart_finds_unchanged() {
    let (mut service, _) = Service::with_people(PEOPLE).unwrap();
    let (station, probe) = station();
    let w = Window::open(&station, &[&probe]).await.unwrap();
    up_to_the_search(&w, &service.url(), &service.token().unwrap()).await;
    assert_eq!(detective::search(&w).await.unwrap(), Ok(20));

    // Blind: neither score nor record is anywhere in the page.
    let mated = Demo::subject(PROBE);
    let page = w.script("return document.documentElement.outerHTML", Vec::new()).await.unwrap();
    let page = page.as_str().unwrap();
    assert!(!page.contains("DEMO-") && !page.contains("similarity score"), "the page shows what must stay hidden");

    // Too early: stopped, with everything that is missing and nothing saved.
    assert_eq!(detective::save(&w).await.unwrap(), Err("gaps".to_owned()));
    let missing = detective::gaps(&w).await.unwrap();
    for place in [
        "examination",
        "analysis",
        "vehicle",
        "witness",
        "open-source-media",
        "panel.custody",
        "disposition",
        "note.narrative",
    ] {
        assert!(missing.iter().any(|m| m == place), "{place} is not among {missing:?}");
    }
    w.click("[data-test=show-gaps]").await.unwrap();
    w.click("[data-gap='witness']").await.unwrap();
    w.wait("[data-tab=witness][data-state=active]").await.unwrap();

    w.click("[data-step=examine]").await.unwrap();
    detective::analyse(&w).await.unwrap();
    let lead = service.listed().unwrap().into_iter().find(|(_, subject)| *subject == mated).unwrap().0;
    detective::examine(&w, &lead, 3).await.unwrap();
    let unveiled = detective::conclude(&w).await.unwrap();
    assert!(unveiled.contains(&mated), "the mated person is not among the candidates: {unveiled}");
    // What the scores are worth, said by what was measured and no more.
    assert_eq!(w.count("[data-test=worth]").await.unwrap(), 20);
    assert!(unveiled.contains("more usual among photographs of one person"), "{unveiled}");
    let measured = w.text("[data-test=measured]").await.unwrap();
    for told in ["If every second such probe", "of 100 lists like this one", "Labeled Faces in the Wild", "were off by"]
    {
        assert!(measured.contains(told), "{told}: {measured}");
    }

    // Still stopped: the examination alone is never enough.
    assert_eq!(detective::save(&w).await.unwrap(), Err("gaps".to_owned()));
    w.click("[data-test=dismiss]").await.unwrap();
    let tried = [("Plate reader, white van", "County reader network"), ("Registry, partial plate", "State registry")];
    detective::sought(&w, "vehicle", tried).await.unwrap();
    detective::witness_supports(&w).await.unwrap();
    w.wait("[data-entry=witness] [data-standing=independent]").await.unwrap();
    detective::sought(&w, "open-source-media", tried).await.unwrap();
    assert_eq!(detective::save(&w).await.unwrap(), Err("gaps".to_owned()), "the panel is not answered yet");
    w.click("[data-test=dismiss]").await.unwrap();
    detective::answer_panel(&w).await.unwrap();

    // One support and no second examiner: not a corroborated lead, whatever is chosen.
    detective::write_note(&w, "lead-corroborated", "One support from a witness.").await.unwrap();
    assert_eq!(detective::save(&w).await.unwrap(), Err("gaps".to_owned()));
    w.click("[data-test=dismiss]").await.unwrap();
    assert!(detective::gaps(&w).await.unwrap().iter().any(|m| m == "verification"));

    // The power goes out, here and at the gallery: the note is sealed without the photograph of its lead, and that is on
    // record.
    w.kill();
    service.stop();
    let w = Window::open(&station, &[]).await.unwrap();
    detective::sign_in(&w, "R. Alvarez", detective::PASSPHRASE).await.unwrap();
    detective::open_case(&w, CASE_NUMBER).await.unwrap();

    detective::write_note(&w, "lead-not-corroborated", "One support from a witness, nothing else found.")
        .await
        .unwrap();
    let sealed = detective::save(&w).await.unwrap().unwrap();
    assert_eq!(sealed.len(), 64);
    let text = w.wait_text("[data-test=sealed-note]", "This photograph cannot be shown").await.unwrap();
    assert!(text.contains("INVESTIGATIVE LEAD ONLY") && text.contains(&mated), "{text}");
    for word in ["match", "hit", "suspect", "identified", "confidence"] {
        let words: Vec<_> = text.split(|c: char| !c.is_alphabetic()).collect();
        assert!(!words.iter().any(|w| w.eq_ignore_ascii_case(word)), "the note says {word:?}");
    }

    // The power goes out; the note is there afterwards, word for word.
    w.kill();
    let w = Window::open(&station, &[]).await.unwrap();
    detective::sign_in(&w, "R. Alvarez", detective::PASSPHRASE).await.unwrap();
    detective::open_case(&w, CASE_NUMBER).await.unwrap();
    w.wait("[data-test=sealed-note]").await.unwrap();
    assert_eq!(w.attributes("[data-test=sealed-note]", "data-sha256").await.unwrap(), [sealed]);
    assert_eq!(w.wait_text("[data-test=sealed-note]", "This photograph cannot be shown").await.unwrap(), text);
    w.kill();
    let audit = Secrets::of(&station).vault("R. Alvarez", detective::PASSPHRASE).unwrap().audit().unwrap();
    let at = |action: &str| audit.iter().position(|event| event.action == action);
    let missing = at("lead-photograph-missing").expect("the missing photograph is on record");
    assert!(Some(missing) < at("note-sealed"), "before the note is sealed");
    assert!(audit[missing].detail.contains("gallery-unreachable"), "{}", audit[missing].detail);

    let vault = std::fs::read(station.vault().join("vault.db")).unwrap();
    for secret in [&b"Robbery of a filling"[..], b"SQLite format 3", b"camera-3.jpg", b"R. Alvarez"] {
        assert!(!vault.windows(secret.len()).any(|at| at == secret), "the vault's file is readable");
    }
}

/// Switches keys of one letter off or on in the settings, and comes back to the candidates.
async fn switch_letter_keys(w: &Window) {
    w.click("[data-test=to-settings]").await.unwrap();
    w.click("input[name=letter_keys_off]").await.unwrap();
    w.click("[data-test=save-settings]").await.unwrap();
    w.wait("[data-test=gallery-ok]").await.unwrap();
    detective::open_case(w, CASE_NUMBER).await.unwrap();
    w.wait("[data-candidate]:focus").await.unwrap();
}

#[tokio::test]
async fn a_search_that_gave_nothing_is_noted_within_minutes() {
    let (service, _) = Service::with_people(PEOPLE).unwrap();
    let (station, probe) = station();
    let w = Window::open(&station, &[&probe]).await.unwrap();
    up_to_the_search(&w, &service.url(), &service.token().unwrap()).await;
    assert_eq!(detective::search(&w).await.unwrap(), Ok(20));
    detective::analyse(&w).await.unwrap();
    // With keys of one letter off, a key that is brushed records nothing (WCAG 2.1.4); the setting is kept.
    switch_letter_keys(&w).await;
    w.press("x").await.unwrap();
    w.press("n").await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    assert!(
        !w.has("[data-concluded], [data-test=none][aria-pressed=true]").await.unwrap(),
        "a letter recorded something"
    );
    switch_letter_keys(&w).await;
    // Excluded at the thumbnail is not opened, and does not count towards the four.
    w.press("x").await.unwrap();
    w.until("an exclusion", async || w.count("[data-concluded=exclusion]").await, |n| *n == 1).await.unwrap();
    for candidate in w.attributes("[data-candidate]", "data-candidate").await.unwrap().iter().skip(1).take(4) {
        detective::exclude(&w, candidate).await.unwrap();
    }
    w.press("n").await.unwrap();
    w.wait("[data-test=none][aria-pressed=true]").await.unwrap();
    w.click("[data-test=conclude]").await.unwrap();
    w.wait("[data-choice=no-candidate][data-state=checked]").await.unwrap();
    w.fill("textarea[name=narrative]", "None of the twenty candidates is the person of the probe.").await.unwrap();
    detective::save(&w).await.unwrap().unwrap();
    let note = w.text("[data-test=sealed-note]").await.unwrap();
    assert!(note.contains("must be disclosed"));
    assert!(note.contains("opened 4 candidates") && note.contains("1 more were excluded at the thumbnail"), "{note}");
    w.kill();
}

#[tokio::test]
async fn no_image_leaves_the_workstation() {
    let (service, _) = Service::with_people(PEOPLE).unwrap();
    let wire = Recorder::start(service.address()).unwrap();
    let (station, probe) = station();
    let w = Window::open(&station, &[&probe]).await.unwrap();
    up_to_the_search(&w, &wire.url(), &service.token().unwrap()).await;
    assert_eq!(detective::search(&w).await.unwrap(), Ok(20));
    detective::analyse(&w).await.unwrap();
    // Every candidate's photograph was asked for, so the recording holds all that a list costs.
    w.until("the photographs", async || w.count("[data-candidate] img.loaded").await, |n| *n == 20).await.unwrap();
    w.kill();

    let sent = wire.sent();
    assert!(sent.len() < 64 * 1024, "{} bytes were sent", sent.len());
    let original = std::fs::read(&probe).unwrap();
    for piece in original.chunks(24) {
        assert!(!sent.windows(piece.len()).any(|at| at == piece), "a piece of the probe's file was sent");
    }
    for start in [&b"\xFF\xD8\xFF"[..], b"\x89PNG", b"WEBP", b"data:image", b"/9j/", b"iVBORw0KGgo"] {
        assert!(!sent.windows(start.len()).any(|at| at == start), "an image was sent");
    }
    assert!(std::str::from_utf8(&sent).is_ok(), "what was sent is text");
    let (searches, others): (Vec<_>, Vec<_>) = wire
        .requests()
        .unwrap()
        .into_iter()
        .partition(|request| request.method == "POST" && request.path == "/v1/searches");
    let [search] = searches.as_slice() else { panic!("{} searches were sent", searches.len()) };
    // The round that asks which searches were withdrawn may come at any time; it names searches and nothing else.
    for other in &others {
        let asks = other.method == "POST" && other.path == "/v1/searches/withdrawn";
        assert!(asks || (other.method == "GET" && other.body.is_empty()), "{other:?}");
        if asks {
            let asked: serde_json::Value = serde_json::from_slice(&other.body).unwrap();
            let ids = asked["searches"].as_array().unwrap();
            assert!(ids.iter().all(|id| id.as_str().unwrap().parse::<uuid::Uuid>().is_ok()), "{asked}");
            assert_eq!(asked.as_object().unwrap().len(), 1, "{asked}");
        }
    }
    let body: serde_json::Value = serde_json::from_slice(&search.body).unwrap();
    let mut keys: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["basis", "case_number", "examiner", "filters", "limit", "purpose", "signature", "template"]);
    assert_eq!(body["template"]["values"].as_array().unwrap().len(), 128);
    let log = std::fs::read_to_string(service.log()).unwrap();
    assert!(!log.contains(CASE_NUMBER), "the service's log holds no case");
}

#[tokio::test]
async fn several_frames_make_one_template_and_one_of_somebody_else_is_refused() {
    let (service, _) = Service::with_people(PEOPLE).unwrap();
    let (station, probe) = station();
    let renderer = Renderer::new().unwrap();
    let later = renderer.write(&renderer.picture(PROBE, 2, 640), station.home(), "later.jpg").unwrap();
    let other = PathBuf::from(concat!(env!("CORROBORATE_ROOT"), "/models/photos/astronaut.png"));
    let w = Window::open(&station, &[&probe, &later, &other]).await.unwrap();
    up_to_the_search(&w, &service.url(), &service.token().unwrap()).await;
    let add = async |name: &str, at: usize| {
        w.click("[data-step=probe]").await.unwrap();
        w.click(&format!("[data-offer-further='{name}']")).await.unwrap();
        w.wait(&format!("[data-further='{at}']")).await.unwrap();
        w.idle().await.unwrap();
    };
    add("later.jpg", 0).await;
    // The gate is shut again, and asks why it is the same person.
    w.click("[data-test=confirm-probe]").await.unwrap();
    w.wait("[data-test=error][data-code=gaps]").await.unwrap();
    assert_eq!(detective::gaps(&w).await.unwrap(), ["further.0.same_person"]);
    w.click("[data-test=dismiss]").await.unwrap();
    w.fill("input[name=same_person_0]", "Twelve seconds later, same camera, same jacket").await.unwrap();
    add("astronaut.png", 1).await;
    w.fill("input[name=same_person_1]", "A mistake").await.unwrap();
    detective::confirm_probe(&w).await.unwrap();

    assert_eq!(detective::search(&w).await.unwrap(), Err("further-differs".to_owned()));
    assert!(service.listed().unwrap().is_empty(), "something was sent");
    w.click("[data-test=dismiss]").await.unwrap();
    w.click("[data-step=probe]").await.unwrap();
    w.click("[data-further='1'] [data-test=remove-further]").await.unwrap();
    w.until("the frame to go", async || w.count("[data-further]").await, |n| *n == 1).await.unwrap();
    w.idle().await.unwrap();
    detective::confirm_probe(&w).await.unwrap();
    assert_eq!(detective::search(&w).await.unwrap(), Ok(20));
    assert!(service.listed().unwrap().iter().any(|(_, subject)| *subject == Demo::subject(PROBE)));
    w.kill();
}
