//! A detective's and a supervisor's workstation: two programs, two vaults, two keyrings, one relay between them.

use std::path::Path;
use std::process::Command;

use serde_json::json;
use whole_product::detective::{self, CASE_NUMBER, SUPERVISOR};
use whole_product::people::Renderer;
use whole_product::process::programs;
use whole_product::relay::Relay;
use whole_product::service::Service;
use whole_product::station::Station;
use whole_product::window::Window;
use xtask::demo::{Demo, FIRST_SEED};

const PROBE: u64 = FIRST_SEED + 91;

fn verified(file: &Path) -> (bool, String) {
    let checked = Command::new(programs().unwrap().join("corroborate")).arg("verify-note").arg(file).output().unwrap();
    (checked.status.success(), String::from_utf8([checked.stdout, checked.stderr].concat()).unwrap())
}

/// A PDF such as a scanned statement.
fn statement(path: &Path) {
    let paper = documents::Paper {
        title: "Statement of W-1".to_owned(),
        statement: "Taken at the scene".to_owned(),
        blocks: vec![documents::Block::Text { text: "A man of about thirty ran to a parked van.".to_owned() }],
        ..documents::Paper::default()
    };
    std::fs::write(path, documents::print(&paper, [2026, 3, 1, 22, 45, 0]).unwrap().pdf).unwrap();
}

#[tokio::test]
async fn a_note_travels_to_a_supervisor_and_back_until_it_is_approved() {
    let (service, _) = Service::with_people(200).unwrap();
    let mut relay = Relay::start().unwrap();
    let (here, there) = (Station::start().unwrap(), Station::start().unwrap());
    for station in [&here, &there] {
        std::fs::create_dir(station.home().join("exports")).unwrap();
    }
    let renderer = Renderer::new().unwrap();
    let probe = renderer.write(&renderer.picture(PROBE, 1, 640), here.home(), "camera-3.jpg").unwrap();
    let pdf = here.home().join("statement.pdf");
    statement(&pdf);
    let large = here.home().join("recording.mkv");
    std::fs::File::create(&large).unwrap().set_len(2_000_000_000).unwrap();
    let film = here.home().join("film.mkv");
    std::fs::File::create(&film).unwrap().set_len(95_000_000).unwrap();
    let a = Window::open(&here, &[&probe, &pdf, &large, &film]).await.unwrap();
    let b = Window::open(&there, &[]).await.unwrap();

    // Both workstations are set up and know each other's cards.
    detective::name_yourself(&a).await.unwrap();
    detective::set_gallery(&a, &service.url(), &service.token_of("robbery-2").unwrap()).await.unwrap().unwrap();
    detective::name_as(&b, "P. Stone", "0007").await.unwrap();
    detective::set_gallery(&b, &service.url(), &service.token_of("supervisors").unwrap()).await.unwrap().unwrap();
    let card_a = detective::own_card(&a, "Robbery desk 2").await.unwrap();
    let card_b = detective::own_card(&b, "Supervisors").await.unwrap();
    detective::add_workstation(&a, &card_b, "Supervisors").await.unwrap();
    detective::add_workstation(&b, &card_a, "Robbery desk 2").await.unwrap();
    for (window, card) in [(&a, &card_a), (&b, &card_b)] {
        relay.add_workstation(card).unwrap();
        detective::set_relay(window, &relay.url()).await.unwrap();
    }
    detective::review_at(&a, "Supervisors").await.unwrap();
    detective::add_person(&b, SUPERVISOR.0, "1180", "supervisor").await.unwrap();
    detective::lock(&b).await.unwrap();
    detective::first_sign_in(&b, SUPERVISOR).await.unwrap();

    // Draft, stopped by gaps.
    detective::case_with_probe(&a, "camera-3.jpg").await.unwrap();
    assert_eq!(detective::search(&a).await.unwrap(), Ok(20));
    let early = detective::save(&a).await.unwrap();
    assert_eq!(early, Err("gaps".to_owned()), "no note without its checklist");
    a.click("[data-test=dismiss]").await.unwrap();
    a.click("[data-step=examine]").await.unwrap();
    detective::analyse(&a).await.unwrap();
    let subject = Demo::subject(PROBE);
    let lead = service.listed().unwrap().into_iter().find(|(_, listed)| *listed == subject).unwrap().0;
    detective::examine(&a, &lead, 3).await.unwrap();
    detective::conclude(&a).await.unwrap();
    let tried = [("Plate reader, white van", "County reader network"), ("Registry, partial plate", "State registry")];
    detective::sought(&a, "vehicle", tried).await.unwrap();
    detective::sought(&a, "open-source-media", tried).await.unwrap();
    detective::witness_supports(&a).await.unwrap();

    // A file belongs to the statement; one of two gigabytes is refused before it is read.
    let form = "[data-entry='witness']";
    a.click(&format!("{form} [data-attach='recording.mkv']")).await.unwrap();
    a.wait_text("[data-test=error]", "2000 megabytes").await.unwrap();
    a.click("[data-test=dismiss]").await.unwrap();
    a.click(&format!("{form} [data-attach='statement.pdf']")).await.unwrap();
    a.wait(&format!("{form} [data-attachment] img.loaded")).await.unwrap();
    // What is typed while a long film is taken in stays, beside the film.
    a.click(&format!("{form} [data-attach='film.mkv']")).await.unwrap();
    a.wait("[data-test=progress]").await.unwrap();
    let by = format!("{form} [data-place$='.obtained_by'] input");
    let mut typed = "Ofc. T. Lund, shift ".to_owned();
    a.fill(&by, &typed).await.unwrap();
    assert!(a.has("[data-test=progress]").await.unwrap(), "the film is taken in while this is typed");
    while a.has("[data-test=progress]").await.unwrap() {
        a.press("2").await.unwrap();
        typed.push('2');
    }
    a.wait("main[aria-busy=false]").await.unwrap();
    assert_eq!(a.value(&by).await.unwrap(), typed);
    let films = a.attributes(&format!("{form} [data-attachment]"), "data-attachment").await.unwrap();
    assert_eq!(films.len(), 2);
    a.click(&format!("{form} [data-attachment='{}'] button:not(.thumb)", films[1])).await.unwrap();
    a.until("the film to go", async || a.count(&format!("{form} [data-attachment]")).await, |n| *n == 1).await.unwrap();
    assert_eq!(a.value(&by).await.unwrap(), typed);
    detective::answer_panel(&a).await.unwrap();
    detective::write_note(
        &a,
        "lead-not-corroborated",
        "One support counts, compared blind.\n# What was done\n- Compared blind",
    )
    .await
    .unwrap();
    a.until("nothing to be missing", async || detective::gaps(&a).await, Vec::is_empty).await.unwrap();

    // The relay is away: work goes on, and the note leaves once it is back.
    relay.stop();
    let first = detective::save(&a).await.unwrap().unwrap();
    relay.start_again().unwrap();
    b.wait(&format!("[data-test=review-note][data-number='{CASE_NUMBER}']")).await.unwrap();
    detective::open_review(&b, CASE_NUMBER).await.unwrap();
    assert_eq!(b.attributes("[data-test=sealed-note]", "data-sha256").await.unwrap(), std::slice::from_ref(&first));
    b.wait_text("[data-test=from]", "Robbery desk 2").await.unwrap();
    b.wait(".attached img.loaded").await.unwrap();
    assert!(b.violations().await.unwrap().is_empty(), "{:#?}", b.violations().await.unwrap());
    let id = b.invoke("queue", json!({})).await.unwrap()["ok"][0]["note"].as_str().unwrap().to_owned();
    detective::remark(&b, "panel.custody", "Ask the county jail for custody records.").await.unwrap();
    let wrong = ("exculpatory-handled", "Custody at the time is not known");
    detective::review(&b, "return", Some(wrong)).await.unwrap();

    // It comes back with its reasons, and the author is led to the field.
    a.click("[data-test=to-cases]").await.unwrap();
    a.until(
        "the note to come back",
        async || Ok(a.invoke("cases", json!({})).await?["ok"][0]["note"].is_null()),
        |returned| *returned,
    )
    .await
    .unwrap();
    detective::open_case(&a, CASE_NUMBER).await.unwrap();
    a.click("[data-step=note]").await.unwrap();
    a.wait_text("[data-test=returned]", "Custody at the time is not known").await.unwrap();
    a.click("[data-test=remark][data-remark='panel.custody']").await.unwrap();
    a.wait("[data-tab=panel][data-state=active]").await.unwrap();
    a.click("[data-place='panel.custody'] [data-choice=consistent]").await.unwrap();
    a.fill("[data-place='panel.custody'] input", "County jail, 2 March: no custody on 1 March").await.unwrap();
    a.click("[data-step=note]").await.unwrap();
    a.fill("textarea[name=narrative]", "One support counts. Custody records came: none.").await.unwrap();
    for at in 0..2 {
        a.fill(&format!("textarea[name=answer-{at}]"), "Asked for and entered in the panel.").await.unwrap();
    }
    a.until("nothing to be missing", async || detective::gaps(&a).await, Vec::is_empty).await.unwrap();
    a.wait("main[aria-busy=false]").await.unwrap();
    let second = detective::save(&a).await.unwrap().unwrap();
    assert_ne!(first, second);

    detective::open_review_when_there(&b, CASE_NUMBER).await.unwrap();
    assert_eq!(b.attributes("[data-test=sealed-note]", "data-sha256").await.unwrap(), [second]);
    detective::review(&b, "approve", None).await.unwrap();
    // What the supervisor's machine signed is exportable on the author's.
    a.click("[data-test=to-cases]").await.unwrap();
    let note = a.invoke("cases", json!({})).await.unwrap()["ok"][0]["note"].as_str().unwrap().to_owned();
    assert_ne!(note, id);
    let read = async || Ok(a.invoke("read_note", json!({ "id": note })).await?["ok"]["exportable"] == true);
    a.until("the approval to come back", read, |approved| *approved).await.unwrap();
    detective::open_case(&a, CASE_NUMBER).await.unwrap();
    a.wait("[data-test=review][data-decision=approve]").await.unwrap();
    a.fill("textarea[name=addendum]", "The van was found on 4 March.").await.unwrap();
    a.click("[data-test=add-addendum]").await.unwrap();
    a.wait_text("[data-test=addenda]", "The van was found").await.unwrap();
    let exported = detective::export(&a, "note").await.unwrap();
    let report = detective::print(&a, "report", "lead.pdf").await.unwrap();
    let disclosure = detective::print(&a, "disclosure", "disclosure.pdf").await.unwrap();
    a.kill();
    b.kill();

    let (fine, said) = verified(&exported);
    assert!(fine && said.contains("Approve") && said.contains("1 addenda"), "{said}");
    let mut changed = std::fs::read(&exported).unwrap();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let flipped = exported.with_file_name("flipped.json");
    std::fs::write(&flipped, changed).unwrap();
    assert!(!verified(&flipped).0, "one flipped byte is one too many");
    for pdf in [report, disclosure] {
        let bytes = std::fs::read(&pdf).unwrap();
        assert!(String::from_utf8_lossy(&bytes).contains("pdfaid"), "{} is PDF/A", pdf.display());
        let (_, pages) = documents::page(bytes, 0, 800).unwrap();
        assert!(pages >= 2, "{}: {pages} pages", pdf.display());
    }
}
