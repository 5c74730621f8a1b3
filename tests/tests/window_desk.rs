//! From a sealed note over a supervisor's return to an approved export that anybody can check.

use std::process::{Command, Stdio};

use serde_json::{Value, json};
use whole_product::detective::{self, CASE_NUMBER, PASSPHRASE, SUPERVISOR};
use whole_product::people::Renderer;
use whole_product::process::programs;
use whole_product::service::Service;
use whole_product::station::Station;
use whole_product::window::Window;
use xtask::demo::{Demo, FIRST_SEED};

const PROBE: u64 = FIRST_SEED + 57;

fn verified(file: &std::path::Path) -> (bool, String) {
    let checked = Command::new(programs().unwrap().join("corroborate")).arg("verify-note").arg(file).output().unwrap();
    let text = [checked.stdout, checked.stderr].concat();
    (checked.status.success(), String::from_utf8(text).unwrap())
}

/// The disclosure says who signed what of it, by that department alone; whatever is changed of it is refused.
fn disclosure_is_proven(file: &std::path::Path, kit: &str) {
    let root = kit.split_whitespace().find(|word| department::is_key(word)).unwrap();
    let verify = |file: &std::path::Path, more: &[&str]| {
        let mut command = Command::new(programs().unwrap().join("corroborate"));
        let told = command.arg("verify-disclosure").arg(file).args(more).output().unwrap();
        (told.status.code(), String::from_utf8(told.stdout).unwrap(), String::from_utf8(told.stderr).unwrap())
    };
    let (code, said, wrong) = verify(file, &["--department", root]);
    assert_eq!(code, Some(0), "{wrong}");
    for told in
        ["the disclosure, by L. Marchetti", "the examiner's conclusion, by R. Alvarez", "Not checked: The photographs"]
    {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert_eq!(said.matches("the supervisor's review, by L. Marchetti").count(), 2, "both reviews: {said}");
    let (code, said, _) = verify(file, &["--json"]);
    let told: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &told["holds"], told["notes"].as_array().unwrap().len()), (Some(0), &json!(true), 2));
    assert!(told["unchecked"][0].as_str().unwrap().contains(root), "whose department is not checked: {said}");
    let whole = std::fs::read(file).unwrap();
    let changed = file.with_file_name("changed-disclosure.json");
    for at in (0..whole.len()).step_by(whole.len() / 30) {
        let mut bytes = whole.clone();
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
        std::fs::write(&changed, bytes).unwrap();
        let (code, said, wrong) = verify(&changed, &["--json"]);
        let told: Value = serde_json::from_str(&said).unwrap();
        assert!(code == Some(1) && told["holds"] == false && wrong.starts_with("corroborate: "), "byte {at}: {said}");
    }
    assert_eq!(verify(file, &["--department", &"ab".repeat(32)]).0, Some(1), "another department");
    assert_eq!(verify(file, &["--nothing"]).0, Some(2), "wrong usage");
}

/// The kit holds the disclosure that was made with it, and the probe byte for byte; made of the file it is the same without the probe.
fn kit_is_whole(kit: &std::path::Path, disclosure: &std::path::Path, probe: &[u8]) {
    let read = |kit: &std::path::Path, name: &str| {
        let mut zip = zip::ZipArchive::new(std::fs::File::open(kit).unwrap()).unwrap();
        let mut file = zip.by_name(&format!("disclosure/{name}")).ok()?;
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        Some(bytes)
    };
    let text = String::from_utf8(read(kit, "disclosure.json").unwrap()).unwrap();
    let checked = vault::verify_disclosure(&text, None).unwrap();
    assert!(checked.unsigned.is_empty() && checked.notes.len() == 2);
    let page = String::from_utf8(read(kit, "verify.html").unwrap()).unwrap();
    assert!(page.contains("default-src 'none'") && page.contains(&checked.sha256) && page.len() < 2 << 20);
    assert_eq!(read(kit, "photographs/probe-1.jpg").unwrap(), probe);
    assert!(read(kit, "disclosure.pdf").unwrap().starts_with(b"%PDF-"));
    let again = kit.with_file_name("again.zip");
    let program = programs().unwrap().join("corroborate");
    let made = Command::new(program).arg("defence-kit").arg(disclosure).arg("--out").arg(&again).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(read(&again, "disclosure.json"), std::fs::read(disclosure).ok());
    assert_eq!(read(&again, "photographs/probe-1.jpg"), None);
}

/// A screen that looks again by itself writes no "case opened": that is somebody's act.
async fn refreshing_is_not_opening(w: &Window) {
    let case = w.invoke("cases", json!({})).await.unwrap()["ok"][0]["id"].clone();
    let opened = async || {
        let written = w.invoke("export_disclosure", json!({ "case": case })).await.unwrap();
        let text = std::fs::read_to_string(written["ok"].as_str().unwrap()).unwrap();
        text.matches("\"case-opened\"").count()
    };
    let before = opened().await;
    for _ in 0..3 {
        assert!(w.invoke("refresh_case", json!({ "id": case })).await.unwrap()["ok"].is_object());
    }
    assert_eq!(opened().await, before, "a refresh was recorded as opening");
    assert!(w.invoke("open_case", json!({ "id": case })).await.unwrap()["ok"].is_object());
    assert_eq!(opened().await, before + 1, "opening was not recorded");
}

/// The exported note says who signed, by the department whose recovery kit `kit` is, and holds for no other; nothing of the
/// signatures can be left out, doubled or exchanged.
fn signed_by_people(note: &std::path::Path, kit: &str) {
    let root = kit.split_whitespace().find(|word| department::is_key(word)).unwrap();
    let verify = |file: &std::path::Path, root: &str| {
        let verify = ["verify-note".as_ref(), file.as_os_str(), "--department".as_ref(), root.as_ref()];
        let told = Command::new(programs().unwrap().join("corroborate")).args(verify).output().unwrap();
        let said = [told.stdout, told.stderr].concat();
        (told.status.success(), String::from_utf8(said).unwrap())
    };
    let (fine, said) = verify(note, root);
    for signed in ["the examiner's conclusion, by R. Alvarez", "the note, by R. Alvarez", "review, by L. Marchetti"] {
        assert!(fine && said.contains(signed), "{signed}: {said}");
    }
    let own = hex::encode(ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes());
    let (fine, said) = verify(note, &own);
    assert!(!fine && said.contains("another department"), "{said}");

    let whole: Value = serde_json::from_str(&std::fs::read_to_string(note).unwrap()).unwrap();
    let statements = whole["statements"].as_array().unwrap().len();
    assert_eq!(statements, 3, "conclusion, note and review");
    let forged = note.with_file_name("forged.json");
    let refused = |what: &str, change: &dyn Fn(&mut Value)| {
        let mut changed = whole.clone();
        change(&mut changed);
        std::fs::write(&forged, vault::canonical(&changed).unwrap()).unwrap();
        let (fine, said) = verify(&forged, root);
        assert!(!fine && said.starts_with("corroborate: "), "{what}: {said}");
    };
    for at in 0..statements {
        refused("one left out", &|file| drop(file["statements"].as_array_mut().unwrap().remove(at)));
        refused("one in another's place", &|file| {
            file["statements"][at] = file["statements"][(at + 1) % statements].clone();
        });
    }
    refused("one twice", &|file| {
        let again = file["statements"][0].clone();
        file["statements"].as_array_mut().unwrap().push(again);
    });
    refused("a roster without its policy", &|file| file["department"].as_array_mut().unwrap().truncate(1));
    refused("without the supervisor's entry", &|file| drop(file["department"].as_array_mut().unwrap().pop()));
    refused("another root", &|file| file["root"] = own.clone().into());
    refused("nobody's signature at all", &|file| {
        file["format"] = "corroborate.note-file.v1".into();
        for field in ["root", "department", "statements", "ledger", "log"] {
            file.as_object_mut().unwrap().remove(field);
        }
    });
}

/// The supervisor records an arrest with nothing beside the lead, then that the wrong person was arrested: the first is a violation,
/// and with the second the note is no lead any more. Figures and a report count both. Gives the code of the next sign-in.
async fn results_come_of_it(w: &Window, station: &Station, returned: &str) -> String {
    let early = json!({ "id": returned, "form": { "kind": "arrest", "on": "2026-03-05", "authority": "Police", "account": "One two three",
        "rested_on": [], "of": null, "corrects": null, "described": { "race": null, "gender": null, "age": null, "from": null } } });
    let refused = w.invoke("record_result", early).await.unwrap();
    assert!(refused.to_string().contains("once a supervisor has approved"), "a returned note: {refused}");
    w.wait("[data-test=no-results]").await.unwrap();
    w.click("[data-test=record-result]").await.unwrap();
    w.click("[data-test=sign-result]").await.unwrap();
    w.wait_text("[data-test=result-form]", "Choose what came of it").await.unwrap();
    record(w, "arrest", "Arrested at home without incident").await;
    w.wait_text("[data-test=concern]", "violation").await.unwrap();
    w.click("[data-test=record-result]").await.unwrap();
    w.choose("select[name=result-kind]", "arrest").await.unwrap();
    w.click("[data-test=add-evidence]").await.unwrap();
    w.look(station, "result-form").await.unwrap();
    w.click("[data-test=result-back]").await.unwrap();
    w.click("[data-test=change-operation]").await.unwrap();
    w.fill("input[name=operation]", "Task force 9").await.unwrap();
    w.click("[data-test=name-operation]").await.unwrap();
    w.wait_text("[data-test=operation]", "Task force 9").await.unwrap();
    w.click("[data-test=record-result]").await.unwrap();
    record(w, "misidentification", "The hospital confirmed that he was there that night").await;
    w.wait("[data-test=result][data-kind=misidentification]").await.unwrap();
    w.wait_text("[data-test=addenda]", "must not be used any more").await.unwrap();
    w.look(station, "results").await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());
    let shown = w.attributes("[data-test=sealed-note]", "data-sha256").await.unwrap();
    let cases = w.invoke("cases", json!({})).await.unwrap();
    let id = cases["ok"][0]["note"].as_str().unwrap();
    let export = w.invoke("export_note", json!({ "id": id })).await.unwrap();
    assert_eq!(export["refused"]["code"], "lead-was-wrong", "{shown:?} {export}");

    w.click("[data-test=to-cases]").await.unwrap();
    w.click("[data-test=to-results]").await.unwrap();
    for (figure, count) in [("searches", "1"), ("nothing", "0"), ("not-corroborated", "1"), ("violations", "1")] {
        w.wait_text(&format!("[data-test=figure-{figure}] strong"), count).await.unwrap();
    }
    w.choose("select[name=report-pack]", "transparency").await.unwrap();
    w.click("[data-test=make-report]").await.unwrap();
    let path = w.wait_text("[data-test=report-made]", "report-transparency").await.unwrap();
    w.look(station, "figures").await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());
    let pdf = path.trim_start_matches("Written to ").split(',').next().unwrap();
    let report: Value = serde_json::from_slice(&std::fs::read(pdf.replace(".pdf", ".json")).unwrap()).unwrap();
    let field = |code: &str| {
        let fields = report["fields"].as_array().unwrap();
        fields.iter().find(|field| field["code"] == code).unwrap()["answer"].clone()
    };
    assert_eq!(field("violations"), json!({ "kind": "count", "count": 1 }));
    assert_eq!(field("arrests-by-race")["total"], 1);
    assert!(std::fs::read(pdf).unwrap().starts_with(b"%PDF-"));
    let schema: Value = serde_json::from_str(include_str!("../../docs/report.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = schema.iter_errors(&report).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    // Every supervisor reads of it before anything else.
    detective::lock(w).await.unwrap();
    detective::come_in(w, SUPERVISOR.0, SUPERVISOR.1).await.unwrap();
    w.wait_text("[data-test=staff-news]", "misidentification").await.unwrap();
    w.look(station, "misidentified").await.unwrap();
    w.click("[data-test=staff-read]").await.unwrap();
    w.wait("[data-test=to-results]").await.unwrap();
    detective::code_of(w, SUPERVISOR.0).await.unwrap()
}

async fn record(w: &Window, kind: &str, account: &str) {
    w.choose("select[name=result-kind]", kind).await.unwrap();
    w.fill("input[name=result-on]", &detective::today().unwrap()).await.unwrap();
    w.fill("input[name=result-authority]", "Demo Police Department, robbery").await.unwrap();
    w.fill("textarea[name=result-account]", account).await.unwrap();
    w.click("[data-test=sign-result]").await.unwrap();
}

/// `corroborate report` asks for both factors, and counts what the window counted.
fn a_report_is_made_by_command(station: &Station, code: &str) {
    use std::io::Write;
    let out = station.home().join("maryland.pdf");
    let report = |typed: &str| {
        let mut command = station.command(programs().unwrap().join("corroborate"));
        command.arg("--data").arg(station.vault()).args(["report", "--pack", "maryland-2-510", "--from", "2026-01-01"]);
        command.args(["--to", &detective::today().unwrap(), "--badge", "1180", "--json", "--out"]).arg(&out);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let without = report(&format!("{}\n", SUPERVISOR.1));
    assert_eq!(without.status.code(), Some(1), "{}", String::from_utf8_lossy(&without.stderr));
    let made = report(&format!("{}\n{code}\n", SUPERVISOR.1));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let told: Value = serde_json::from_slice(&made.stdout).unwrap();
    let csv = std::fs::read_to_string(told["csv"].as_str().unwrap()).unwrap();
    assert!(csv.contains("\"misuse\",\"Use against the rules\",\"\",\"\",\"1\""), "{csv}");
}

/// The disclosure as JSON-LD, where the ontology's own validator is installed (`make compliance`) taken by it.
fn a_graph_of_the_case_is_made(disclosure: &std::path::Path) {
    let out = disclosure.with_file_name("graph.jsonld");
    let made = Command::new(programs().unwrap().join("corroborate"))
        .arg("case-graph")
        .arg(disclosure)
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let graph: Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    let nodes = graph["@graph"].as_array().unwrap();
    let actions = nodes.iter().filter(|node| node["@type"] == "case-investigation:InvestigativeAction");
    assert_eq!(actions.count(), 4, "the probe, one search and two reviews");
    assert!(!graph.to_string().contains("DEMO-"), "no candidate is named");
    let validator = xtask::cache().unwrap().join("tools/oscal/bin/case_validate");
    if !validator.exists() {
        println!("skipped: {} is not installed", validator.display());
        return;
    }
    let checked = Command::new(validator).arg(&out).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[tokio::test]
async fn a_note_is_returned_amended_approved_and_exported() {
    let (service, _) = Service::with_people(200).unwrap();
    let station = Station::start().unwrap();
    std::fs::create_dir(station.home().join("exports")).unwrap();
    let renderer = Renderer::new().unwrap();
    let probe = renderer.write(&renderer.picture(PROBE, 1, 640), station.home(), "camera-3.jpg").unwrap();
    let w = Window::open(&station, &[&probe]).await.unwrap();
    detective::name_yourself(&w).await.unwrap();
    detective::set_gallery(&w, &service.url(), &service.token().unwrap()).await.unwrap().unwrap();
    detective::add_person(&w, SUPERVISOR.0, "1180", "supervisor").await.unwrap();
    detective::case_with_probe(&w, "camera-3.jpg").await.unwrap();
    assert_eq!(detective::search(&w).await.unwrap(), Ok(20));
    detective::analyse(&w).await.unwrap();
    let subject = Demo::subject(PROBE);
    let lead = service.listed().unwrap().into_iter().find(|(_, listed)| *listed == subject).unwrap().0;
    detective::examine(&w, &lead, 3).await.unwrap();
    detective::conclude(&w).await.unwrap();
    let tried = [("Plate reader, white van", "County reader network"), ("Registry, partial plate", "State registry")];
    for category in ["vehicle", "witness", "open-source-media"] {
        detective::sought(&w, category, tried).await.unwrap();
    }
    detective::answer_panel(&w).await.unwrap();
    detective::write_note(&w, "lead-not-corroborated", "Nothing independent was found.").await.unwrap();
    let first = detective::save(&w).await.unwrap().unwrap();
    let id = w.invoke("cases", json!({})).await.unwrap()["ok"][0]["note"].as_str().unwrap().to_owned();
    refreshing_is_not_opening(&w).await;
    // Nothing leaves before an approval, and nobody approves the own note.
    let early = w.invoke("export_note", json!({ "id": id })).await.unwrap();
    assert_eq!(early["refused"]["code"], "not-approved", "{early}");
    let approve = json!({ "id": id, "form": { "decision": "approve", "reason": "", "judged": [] } });
    let own = w.invoke("review_note", approve).await.unwrap();
    assert!(own.to_string().contains("took part"), "{own}");

    detective::lock(&w).await.unwrap();
    detective::first_sign_in(&w, SUPERVISOR).await.unwrap();
    detective::open_review(&w, CASE_NUMBER).await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());
    w.click("[data-test=decide]").await.unwrap();
    w.wait_text("[data-test=error]", "Choose: approve").await.unwrap();
    let wrong = ("exculpatory-handled", "Say when custody records were asked for");
    detective::review(&w, "return", Some(wrong)).await.unwrap();

    detective::lock(&w).await.unwrap();
    detective::sign_in(&w, "R. Alvarez", PASSPHRASE).await.unwrap();
    detective::open_case(&w, CASE_NUMBER).await.unwrap();
    // It stands as returned in the list and opens on the remark; as it was it cannot be handed in again.
    w.wait_text("[data-test=returned]", "custody records").await.unwrap();
    assert_eq!(detective::save(&w).await.unwrap(), Err("gaps".to_owned()), "nothing answered, nothing changed");
    w.click("[data-test=dismiss]").await.unwrap();
    w.fill("textarea[name=answer-0]", "They were asked for on 2 March.").await.unwrap();
    w.wait("main[aria-busy=false]").await.unwrap();
    assert_eq!(detective::save(&w).await.unwrap(), Err("gaps".to_owned()), "an answer alone changes nothing");
    w.click("[data-test=dismiss]").await.unwrap();
    detective::write_note(&w, "lead-not-corroborated", "Nothing independent was found. Custody asked for on 2 March.")
        .await
        .unwrap();
    let second = detective::save(&w).await.unwrap().unwrap();
    assert_ne!(first, second);
    detective::lock(&w).await.unwrap();
    detective::sign_in(&w, SUPERVISOR.0, SUPERVISOR.1).await.unwrap();
    detective::open_review(&w, CASE_NUMBER).await.unwrap();
    let amended = w.text("[data-test=amended]").await.unwrap();
    for told in ["Say when custody records were asked for", "They were asked for on 2 March", "Account"] {
        assert!(amended.contains(told), "the reviewer sees remark, answer and difference: {amended}");
    }
    detective::review(&w, "approve", None).await.unwrap();
    let note = detective::export(&w, "note").await.unwrap();
    let disclosure = detective::export(&w, "disclosure").await.unwrap();
    w.click("[data-test=export-case-graph]").await.unwrap();
    w.wait_text("[data-test=written]", "case.jsonld").await.unwrap();
    w.click("[data-test=export-kit]").await.unwrap();
    let zipped = w.wait_text("[data-test=written]", "defence-kit.zip").await.unwrap();
    let zipped = std::path::PathBuf::from(zipped.trim_start_matches("Written: "));
    let kit = w.pocket("R. Alvarez", |kept| kept["kit"].as_str().map(str::to_owned)).unwrap().unwrap();
    let code = results_come_of_it(&w, &station, &id).await;
    w.kill();
    a_report_is_made_by_command(&station, &code);
    signed_by_people(&note, &kit);
    disclosure_is_proven(&disclosure, &kit);
    a_graph_of_the_case_is_made(&disclosure);
    kit_is_whole(&zipped, &disclosure, &std::fs::read(&probe).unwrap());

    let (fine, said) = verified(&note);
    assert!(fine && said.contains("Approve") && said.contains("R. Alvarez"), "{said}");
    let whole = std::fs::read(&note).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let mut changed = whole.clone();
        changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
        let path = note.with_file_name("changed.json");
        std::fs::write(&path, changed).unwrap();
        let (fine, said) = verified(&path);
        assert!(!fine && said.starts_with("corroborate: "), "byte {at}: {said}");
    }

    let schema: Value = serde_json::from_str(include_str!("../../docs/disclosure.schema.json")).unwrap();
    let disclosed: Value = serde_json::from_str(&std::fs::read_to_string(disclosure).unwrap()).unwrap();
    let checker = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> = checker.iter_errors(&disclosed).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(disclosed["searches"].as_array().unwrap().len(), 1);
    assert_eq!(disclosed["searches"][0]["candidates"].as_array().unwrap().len(), 20);
    let decisions: Vec<&Value> =
        disclosed["notes"].as_array().unwrap().iter().map(|n| &n["reviews"][0]["decision"]).collect();
    assert_eq!(decisions, ["return", "approve"], "both notes and both reviews are disclosed");
    let actions: Vec<&str> =
        disclosed["audit"].as_array().unwrap().iter().filter_map(|e| e["action"].as_str()).collect();
    for action in ["search-sent", "probe-analysed", "examination-unveiled", "note-sealed"] {
        assert!(actions.contains(&action), "{action} is not among {actions:?}");
    }
}
