//! What screens, commands, records and papers give away, and what a note can be made of.

use std::collections::HashSet;
use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, anyhow, ensure};
use casework::samples::{
    StandingClock, around, at, candidate, checklist, corroborated, examiner, file, forge, note_draft, policy, search,
    search_with, support, uuid,
};
use casework::{
    Category, Conclusion, ContradictionAnswer, Disposition, Elsewhere, Entry, Examination, Finding, NoteContent,
    NoteId, Person, Purpose, Role, SearchFilters, Standing,
};
use ed25519_dalek::{Signer, SigningKey};
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use vault::VaultError;
use vault::samples::{InMemory, opened};

use super::{Attack, Found};
use crate::detective::{self, CASE_NUMBER};
use crate::people::Renderer;
use crate::process::programs;
use crate::service::Service;
use crate::station::Station;
use crate::window::Window;

/// Attacks of this kind.
pub const ATTACKS: &[Attack] = &[
    Attack {
        promise: 1,
        name: "asks every command and export for scores and names while blind",
        play: asks_everything,
    },
    Attack { promise: 2, name: "reads the case as supervisor, then verifies it", play: reads_then_verifies },
    Attack { promise: 3, name: "lets a supported lead leave as excluded", play: excludes_a_lead },
    Attack { promise: 4, name: "searches again until the unveiled subject may be the lead", play: searches_again },
    Attack { promise: 5, name: "supports a lead with nothing", play: supports_with_nothing },
    Attack { promise: 5, name: "overwrites what speaks for the person", play: overwrites },
    Attack { promise: 6, name: "hands in a made-up note, signed", play: makes_up_a_note },
    Attack { promise: 6, name: "writes an approval into the database", play: writes_an_approval },
    Attack { promise: 6, name: "writes a note of white space into the database", play: writes_white_space },
    Attack { promise: 7, name: "swaps the purpose while the search is under way", play: swaps_the_purpose },
    Attack {
        promise: 7,
        name: "searches a protest in other letters, with a typed name for a supervisor",
        play: hides_a_protest,
    },
    Attack { promise: 8, name: "starts with a policy of lists of one", play: lax_policy },
    Attack { promise: 8, name: "provisions a workstation that has people", play: provisions_again },
    Attack { promise: 16, name: "examines a list without opening anybody", play: opens_nobody },
    Attack { promise: 17, name: "hands a returned note in as it was", play: hands_in_again },
    Attack { promise: 18, name: "gets a verdict on half an entry", play: half_an_entry },
    Attack { promise: 18, name: "writes an account of headings, and one of a book", play: headings },
    Attack { promise: 19, name: "reads the case on a locked window", play: reads_a_locked_window },
    Attack { promise: 21, name: "finds two times for one moment", play: two_times },
];

const SEALED: &str = "2026-03-02T12:00:00Z";
const PEOPLE: u64 = 200;
const PROBE: u64 = xtask::demo::FIRST_SEED + 17;

/// What the one window gave while its case was blind.
struct Blind {
    /// What commands, events and exports said that nobody may be told yet.
    told: Vec<String>,
    asked: usize,
    /// The locked window's text.
    locked: String,
    /// The text of a screen and the note's text of one moment.
    times: String,
}

/// Plays the window once for all attacks that need it.
fn blind() -> anyhow::Result<&'static Blind> {
    static ONCE: OnceLock<Result<Blind, String>> = OnceLock::new();
    let played = ONCE.get_or_init(|| {
        let runtime = tokio::runtime::Runtime::new().map_err(|e| e.to_string())?;
        runtime.block_on(play_blind()).map_err(|e| format!("{e:#}"))
    });
    played.as_ref().map_err(|e| anyhow!("{e}"))
}

async fn play_blind() -> anyhow::Result<Blind> {
    let (service, _) = Service::with_people(PEOPLE)?;
    let station = Station::start()?;
    let exports = station.home().join("exports");
    std::fs::create_dir(&exports)?;
    let renderer = Renderer::new()?;
    let probe = renderer.write(&renderer.picture(PROBE, 1, 640), station.home(), "camera-3.png")?;
    let w = Window::open(&station, &[&probe]).await?;
    detective::name_yourself(&w).await?;
    let set = detective::set_gallery(&w, &service.url(), &service.token()?).await?;
    ensure!(set.is_ok(), "{set:?}");
    detective::case_with_probe(&w, "camera-3.png").await?;
    let found = detective::search(&w).await?;
    ensure!(found == Ok(20), "{found:?}");
    let listed = service.listed()?;
    let secrets: HashSet<String> = listed.iter().map(|(_, subject)| subject.clone()).collect();
    ensure!(secrets.len() >= 20, "the gallery listed nobody");
    let cases = w.invoke("cases", json!({})).await?;
    let case = cases["ok"][0]["id"].as_str().context("no case")?.to_owned();
    let (mut told, mut asked) = (Vec::new(), 0);
    ask(&w, &case, &listed[0].0, &secrets, &mut told, &mut asked, "before the analysis").await?;
    detective::analyse(&w).await?;
    for candidate in w.attributes("[data-candidate]", "data-candidate").await?.iter().take(4) {
        detective::exclude(&w, candidate).await?;
    }
    ask(&w, &case, &listed[0].0, &secrets, &mut told, &mut asked, "while blind").await?;
    for (command, more) in [("none_of_these", json!({ "id": case, "none": true })), ("conclude", json!({ "id": case }))]
    {
        let done = w.invoke(command, more).await?;
        ensure!(done.get("ok").is_some(), "{command}: {done}");
    }
    ask(&w, &case, &listed[0].0, &secrets, &mut told, &mut asked, "concluded, not unveiled").await?;
    for exported in std::fs::read_dir(&exports)? {
        let path = exported?.path();
        let bytes = std::fs::read(&path)?;
        let text = String::from_utf8_lossy(&bytes);
        asked += 1;
        if secrets.iter().any(|secret| text.contains(secret.as_str())) || text.contains("\"score\":") {
            told.push(format!("the export {}", path.display()));
        }
    }
    let log = std::fs::read_to_string(service.log())?;
    if secrets.iter().any(|secret| log.contains(secret.as_str())) {
        told.push("the service's log".to_owned());
    }
    let view = w.invoke("open_case", json!({ "id": case })).await?;
    let facts = view["ok"]["case"]["facts"].to_string();
    w.click("[data-step=search]").await?;
    let screen = w.text("[data-test=searched]").await?;
    let times = format!("{facts}\n{screen}");
    detective::lock(&w).await?;
    let locked = w.script("return document.body.innerText + document.title", Vec::new()).await?;
    w.kill();
    Ok(Blind { told, asked, locked: locked.as_str().unwrap_or_default().to_owned(), times })
}

/// Asks every command of the program that shows no dialog and does not end the examination.
async fn ask(
    w: &Window,
    case: &str,
    candidate: &str,
    secrets: &HashSet<String>,
    told: &mut Vec<String>,
    asked: &mut usize,
    state: &str,
) -> anyhow::Result<()> {
    const LEFT_OUT: [&str; 17] = [
        "sign_out",
        "sign_in",
        "name_person",
        "change_passphrase",
        "choose_file",
        "choose_attachment",
        "choose_groups",
        "oversight_gallery_file",
        "open_package",
        "search",
        "unveil",
        "conclude",
        "none_of_these",
        "keep",
        "conclude_on",
        "edit_checklist",
        "save_settings",
    ];
    let commands = super::commands().into_iter();
    let picture = format!("candidate/{case}/{candidate}/0");
    for command in commands.filter(|command| !LEFT_OUT.contains(command)) {
        let arguments = json!({
            "id": case, "case": case, "candidate": candidate, "index": 0, "further": false, "picture": picture,
            "reasons": [], "at": 0, "face": 0, "steps": [], "used": false, "to": "", "entry": case, "sha256": "",
            "name": "", "reviewAt": "", "card": "", "text": "said in words", "conclusion": "support", "reason": "because",
            "account": "three words here", "agreed": "support", "passphrase": "wrong", "shown": "",
            "by": { "person": case, "passphrase": "wrong", "shown": "" },
            "category": "vehicle", "form": { "decision": "approve", "reason": "", "judged": [], "disposition": null,
                "narrative": "", "name": "", "badge": "", "ori": "", "course": "", "completed_on": "", "proficiency": "",
                "roles": [], "passphrase": "" },
        });
        let answer = w.invoke(command, arguments).await?.to_string();
        *asked += 1;
        let score = answer.contains("\"score\":") || answer.contains("\"rank\":");
        if score || secrets.iter().any(|secret| answer.contains(secret.as_str())) {
            told.push(format!("{command}, {state}"));
        }
    }
    Ok(())
}

fn asks_everything() -> anyhow::Result<Found> {
    let blind = blind()?;
    let words = match blind.told.as_slice() {
        [] => format!("{} answers and exports in three states name nobody and no score", blind.asked),
        told => format!("told by {}", told.join("; ")),
    };
    Ok(Found::held_if(blind.told.is_empty() && blind.asked > 150, words))
}

fn reads_a_locked_window() -> anyhow::Result<Found> {
    let locked = &blind()?.locked;
    let shown = [CASE_NUMBER, "Robbery", "felony"].into_iter().find(|word| locked.contains(word));
    Ok(Found::held_if(shown.is_none(), format!("the locked window shows of the case: {}", shown.unwrap_or("nothing"))))
}

fn two_times() -> anyhow::Result<Found> {
    let times = &blind()?.times;
    let (facts, screen) = times.split_once('\n').context("nothing was told")?;
    let shown =
        screen.split("Searched ").nth(1).and_then(|rest| rest.split("):").next()).context("no time on the screen")?;
    let shown = format!("{shown})");
    Ok(Found::held_if(facts.contains(&shown) && shown.contains(" UTC)"), format!("screen and record both say {shown}")))
}

fn supervisor(n: u128) -> Person {
    Person { roles: vec![Role::Supervisor], ..examiner(n) }
}

fn first(gaps: &[casework::Gap]) -> String {
    gaps.first().map_or_else(String::new, |gap| gap.missing.clone())
}

fn refused<T>(done: Result<T, Vec<casework::Gap>>) -> Found {
    match done {
        Ok(_) => Found::Broken("it went through".to_owned()),
        Err(gaps) => Found::Held(first(&gaps)),
    }
}

fn reads_then_verifies() -> anyhow::Result<Found> {
    let mut file = file();
    let asked = file.ask_verification(&examiner(1).reference(), at("2026-03-02T09:50:00Z"), &policy());
    ensure!(asked.is_ok(), "{asked:?}");
    let both = Person { roles: vec![Role::Examiner, Role::Supervisor], ..examiner(7) };
    if file.sight(&both).disclosure || file.sight(&both).note {
        return Ok(Found::Broken("who may be asked to verify reads the case".to_owned()));
    }
    file.saw(&supervisor(8), at("2026-03-02T09:55:00Z"));
    Ok(refused(file.begin_verification(&examiner(8), 1, at("2026-03-02T10:00:00Z"), &policy())))
}

fn excludes_a_lead() -> anyhow::Result<Found> {
    let mut file = file();
    let form = casework::NoteForm {
        disposition: Some(Disposition::Excluded),
        reason: "It was somebody else after all.".to_owned(),
        ..file.note.clone()
    };
    file.edit_note(form).map_err(|gaps| anyhow!(first(&gaps)))?;
    Ok(refused(file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).map_err(|e| e.0)))
}

fn searches_again() -> anyhow::Result<Found> {
    let seen = file();
    let mut other = file();
    forge(&mut other).id = casework::CaseId(uuid(11));
    forge(&mut other).examination = Some(Examination::Blind(casework::samples::examination()));
    let elsewhere = other.elsewhere([&seen]);
    ensure!(elsewhere.unveiled.len() == 20, "nothing was unveiled before");
    Ok(refused(other.conclude(examiner(1).id, at("2026-03-02T10:10:00Z"), &policy(), &elsewhere)))
}

fn supports_with_nothing() -> anyhow::Result<Found> {
    let worth = |change: fn(&mut Entry)| {
        let mut list = checklist();
        let mut entry = support(201, Category::Vehicle);
        change(&mut entry);
        list.entries.push(entry);
        list.standings(&around(SEALED)).pop().is_some_and(|(_, standing)| standing == Standing::Independent)
    };
    ensure!(worth(|_| {}), "a whole support counts");
    type Try = (&'static str, fn(&mut Entry));
    let tries: [Try; 5] = [
        ("invisible characters", |e| e.shows = "\u{3164}\u{3164}".to_owned()),
        ("a record made after the search", |e| e.independence.recorded_at = Some(at("2026-03-02T10:00:00Z"))),
        ("the probe's own file", |e| {
            e.attachments = vec![casework::samples::attachment(casework::samples::PROBE_SHA256)]
        }),
        ("the same words twice", |e| e.link_to_crime = e.shows.clone()),
        ("a date of the future", |e| e.obtained_at = Some(at("2030-01-01T00:00:00Z"))),
    ];
    let counted: Vec<&str> = tries.into_iter().filter(|(_, change)| worth(*change)).map(|(name, _)| name).collect();
    Ok(Found::held_if(counted.is_empty(), format!("of five ways to support with nothing {} count", counted.len())))
}

fn overwrites() -> anyhow::Result<Found> {
    let mut file = file();
    let against = Entry { finding: Some(Finding::Contradicts), ..support(300, Category::Alibi) };
    file.edit_checklist(|list| list.entries.push(against)).map_err(|gaps| anyhow!(first(&gaps)))?;
    Ok(refused(file.edit_checklist(|list| {
        if let Some(entry) = list.entries.last_mut() {
            entry.shows = "Nothing of use was found".to_owned();
        }
    })))
}

fn signed(note: &NoteContent) -> anyhow::Result<String> {
    let key = SigningKey::from_bytes(&[7; 32]);
    let text = vault::canonical(note)?;
    let signature = key.sign(format!("{}\n{text}", note.schema).as_bytes());
    let file = json!({
        "format": "corroborate.note-file.v1", "review": null, "addenda": [],
        "note": {
            "sha256": hex::encode(Sha256::digest(&text)), "signature": hex::encode(signature.to_bytes()),
            "public_key": hex::encode(key.verifying_key().to_bytes()), "text": text,
        },
    });
    Ok(vault::canonical(&file)?)
}

fn verify(text: &str) -> anyhow::Result<Output> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("note.json");
    std::fs::write(&path, text)?;
    Ok(Command::new(programs()?.join("corroborate")).arg("verify-note").arg(path).output()?)
}

fn makes_up_a_note() -> anyhow::Result<Found> {
    let genuine = corroborated().content().clone();
    ensure!(verify(&signed(&genuine)?)?.status.success(), "a note that passed its gates is refused");
    let mut made_up = genuine;
    made_up.checklist.entries.clear();
    made_up.standings.clear();
    let said = verify(&signed(&made_up)?)?;
    let words = String::from_utf8_lossy(&said.stderr).trim().to_owned();
    Ok(Found::held_if(said.status.code() == Some(1), words))
}

/// A vault with a sealed note, and the file opened by hand with its key.
fn by_hand(folder: &std::path::Path, keys: &InMemory) -> anyhow::Result<Connection> {
    let mut vault = opened(folder, keys)?;
    let by = examiner(1).reference();
    vault.put_case(note_draft().case.id(), &json!({ "any": 1 }), &by, at(SEALED), None)?;
    vault.seal(&corroborated(), &json!({ "any": 2 }))?;
    drop(vault);
    Ok(vault::samples::by_hand(folder, keys)?)
}

fn writes_an_approval() -> anyhow::Result<Found> {
    let (folder, keys) = (tempfile::tempdir()?, InMemory::default());
    let db = by_hand(folder.path(), &keys)?;
    let note = corroborated().content().id;
    let sha256: String = db.query_row("SELECT sha256 FROM sealed_note", [], |r| r.get(0))?;
    let review = json!({
        "schema": "corroborate.review.v2", "note": note, "note_sha256": sha256, "decision": "approve", "role": "supervisor",
        "reviewer": supervisor(9).reference(), "at": "2026-03-03T09:00:00Z", "judged": [], "reason": "", "remarks": [],
    });
    db.execute(
        "INSERT INTO review (note_id, decision, content, signature, public_key) VALUES (?1, 'approve', ?2, ?3, ?4)",
        params![note.to_string(), review.to_string(), "a".repeat(128), "b".repeat(64)],
    )?;
    drop(db);
    match opened(folder.path(), &keys)?.note(note) {
        Err(error @ VaultError::NotProven { .. }) => Ok(Found::Held(error.to_string())),
        Err(error) => Err(error.into()),
        Ok(read) => Ok(Found::Broken(format!("it reads as {:?}", read.review.map(|r| r.decision)))),
    }
}

fn writes_white_space() -> anyhow::Result<Found> {
    let (folder, keys) = (tempfile::tempdir()?, InMemory::default());
    let db = by_hand(folder.path(), &keys)?;
    let whole = serde_json::to_value(corroborated().content())?;
    let insert = |change: &dyn Fn(&mut Value)| {
        let mut note = whole.clone();
        note["id"] = json!(uuid(4711));
        change(&mut note);
        db.execute(
            "INSERT INTO sealed_note (note_id, case_id, sealed_at, disposition, sha256, content, signature, public_key)
             VALUES (?1, ?2, 'now', 'lead-corroborated', ?3, ?4, ?5, ?3)",
            params![
                note["id"].as_str(),
                note["case"]["id"].as_str(),
                "a".repeat(64),
                note.to_string(),
                "a".repeat(128)
            ],
        )
    };
    let blanks = ["\u{a0}", "\u{200b}", "\u{3164}", "\u{2800}", "\u{2003}\u{3000}", ".", "\n\t"];
    let mut taken = Vec::new();
    for blank in blanks {
        let texts: [&dyn Fn(&mut Value); 3] =
            [&|n| n["narrative"] = blank.into(), &|n| n["checklist"]["entries"][3]["shows"] = blank.into(), &|n| {
                n["checklist"]["panel"]["speaks_for_the_person"] = blank.into()
            }];
        for change in texts {
            if insert(change).is_ok() {
                taken.push(format!("{blank:?}"));
            }
        }
    }
    type Other<'a> = (&'a str, &'a dyn Fn(&mut Value));
    let others: [Other<'_>; 3] = [
        ("contaminated support", &|n| n["checklist"]["entries"][4]["details"]["photo_shown_before"] = true.into()),
        ("undated support", &|n| n["checklist"]["entries"][3]["details"]["seen_at"] = Value::Null),
        ("an open contradiction", &|n| n["checklist"]["panel"]["answers"][0]["answer"] = "contradicts".into()),
    ];
    for (name, change) in others {
        if insert(change).is_ok() {
            taken.push(name.to_owned());
        }
    }
    let words = if taken.is_empty() { "24 hostile rows are refused".to_owned() } else { taken.join(", ") };
    let held = taken.is_empty();
    ensure!(!held || insert(&|_| {}).is_ok(), "the undisturbed row is refused too, so the refusals mean nothing");
    Ok(Found::held_if(held, words))
}

fn swaps_the_purpose() -> anyhow::Result<Found> {
    let mut file = file();
    let kept = forge(&mut file);
    (kept.searches, kept.sent, kept.examination) = (Vec::new(), Vec::new(), None);
    let now = at("2026-03-02T09:12:00Z");
    let sent = file.send_search(&examiner(1), SearchFilters::default(), now, &policy(), &Elsewhere::default());
    ensure!(sent.is_ok(), "{sent:?}");
    let draft = casework::CaseDraft { purpose: Some(Purpose::MissingPerson), ..casework::samples::case_draft() };
    let swapped = file.edit_purpose(draft);
    if swapped.is_ok() {
        return Ok(Found::Broken("the purpose was swapped".to_owned()));
    }
    let foreign = search_with(20, |s| s.purpose = Purpose::MissingPerson);
    Ok(refused(file.add_search(foreign, 1)))
}

fn hides_a_protest() -> anyhow::Result<Found> {
    let texts =
        ["p r o t e s t on Main", "prоtеst on Main", "pro\u{200b}test on Main", "manifestación frente al banco"];
    for text in texts {
        let mut draft = casework::samples::case_draft();
        draft.basis.statement = format!("Seen taking the till at gunpoint at the {text}");
        draft.basis.supervisor = "Sgt. K. Ito".to_owned();
        let mut file = casework::CaseFile::begin(casework::CaseId(uuid(10)), examiner(1).reference());
        file.edit_purpose(draft).map_err(|gaps| anyhow!(first(&gaps)))?;
        let now = at("2026-03-02T09:00:00Z");
        if file.confirm_purpose(examiner(1).reference(), now, &policy(), &Elsewhere::default()).is_ok() {
            return Ok(Found::Broken(format!("{text:?} goes through with a typed name")));
        }
    }
    Ok(Found::Held("a supervisor's own passphrase is asked for in four spellings of it".to_owned()))
}

fn corroborate(station: &Station, arguments: &[&std::ffi::OsStr], typed: &str) -> anyhow::Result<Output> {
    let mut command = station.command(programs()?.join("corroborate"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn()?;
    running.stdin.take().context("no input")?.write_all(typed.as_bytes())?;
    Ok(running.wait_with_output()?)
}

fn lax_policy() -> anyhow::Result<Found> {
    let station = Station::without_secret_service()?;
    let path = station.home().join("lax.toml");
    let lax = include_str!("../../../assets/policy.toml").replace("candidates = 20 ", "candidates = 1 ");
    std::fs::write(&path, lax)?;
    let data = station.home().join("data");
    let said = corroborate(
        &station,
        &[
            "--data".as_ref(),
            data.as_os_str(),
            "--policy".as_ref(),
            path.as_os_str(),
            "exchange".as_ref(),
            "--badge".as_ref(),
            "1".as_ref(),
        ],
        "",
    )?;
    let words = String::from_utf8_lossy(&said.stderr).trim().to_owned();
    Ok(Found::held_if(!said.status.success() && words.contains("search.candidates"), words))
}

fn provisions_again() -> anyhow::Result<Found> {
    let station = Station::start()?;
    let person = station.home().join("person.json");
    let admin = Person { roles: vec![Role::Examiner, Role::Administrator], ..examiner(1) };
    std::fs::write(&person, serde_json::to_string(&admin)?)?;
    let data = station.home().join("workstation");
    let provision = |address: &str, more: &[&std::ffi::OsStr], typed: &str| {
        let mut arguments: Vec<&std::ffi::OsStr> =
            vec!["--data".as_ref(), data.as_os_str(), "provision".as_ref(), "--gallery".as_ref(), address.as_ref()];
        arguments.extend(more);
        corroborate(&station, &arguments, typed)
    };
    let begun = provision("https://gallery.example", &["--person".as_ref(), person.as_os_str()], "token")?;
    ensure!(begun.status.success(), "{}", String::from_utf8_lossy(&begun.stderr));
    let alone = provision("https://elsewhere.example", &[], "token")?;
    let guessed = provision("https://elsewhere.example", &["--admin".as_ref(), "0001".as_ref()], "token\na guess")?;
    let words = String::from_utf8_lossy(&alone.stderr).trim().to_owned();
    Ok(Found::held_if(!alone.status.success() && !guessed.status.success(), words))
}

fn opens_nobody() -> anyhow::Result<Found> {
    let (list, now) = (search(20), at("2026-03-02T09:30:00Z"));
    let mut bench = casework::samples::bench();
    for rank in 0..6 {
        let done = bench.conclude_on(&list, candidate(rank), Some(Conclusion::Exclusion), "", now);
        ensure!(done.is_ok(), "{done:?}");
    }
    bench.none_of_these(true);
    Ok(refused(bench.conclude(&list, at("2026-03-02T09:40:00Z"), &policy())))
}

fn hands_in_again() -> anyhow::Result<Found> {
    let mut file = file();
    let clock = StandingClock(at(SEALED));
    let note = file.seal(NoteId(uuid(40)), &examiner(1), &clock, &policy())?;
    file.mark_sealed(&note);
    let mut form =
        casework::ReviewForm { decision: Some(casework::Decision::Return), ..casework::ReviewForm::default() };
    form.judged.iter_mut().for_each(|judged| judged.holds = Some(true));
    form.remarks = vec![casework::Remark { place: "note.narrative".to_owned(), text: "Say who was asked".to_owned() }];
    let review = casework::Review::decide(note.content(), "", &form, &supervisor(9), at("2026-03-02T13:00:00Z"))
        .map_err(|gaps| anyhow!(first(&gaps)))?;
    file.reopen(review.content()).map_err(|gaps| anyhow!(first(&gaps)))?;
    let again = casework::NoteForm {
        narrative: format!("{} \u{200b}", file.note.narrative),
        answers: vec!["It was answered.".to_owned()],
        ..file.note.clone()
    };
    file.edit_note(again).map_err(|gaps| anyhow!(first(&gaps)))?;
    let clock = StandingClock(at("2026-03-02T14:00:00Z"));
    Ok(refused(file.seal(NoteId(uuid(41)), &examiner(1), &clock, &policy()).map_err(|e| e.0)))
}

fn half_an_entry() -> anyhow::Result<Found> {
    let mut entry = support(201, Category::Witness);
    entry.independence = casework::Independence::default();
    let mut list = checklist();
    list.entries.push(entry);
    let standing = list.standings(&around(SEALED)).pop().map(|(_, standing)| standing);
    let words = standing.as_ref().map(Standing::in_words).unwrap_or_default();
    Ok(Found::held_if(standing == Some(Standing::Open), words))
}

fn headings() -> anyhow::Result<Found> {
    for account in ["# What was done\n\n# What it came to\n".to_owned(), "word ".repeat(11_000)] {
        let mut file = file();
        let kept = forge(&mut file);
        kept.checklist.panel.answers[0].answer = Some(ContradictionAnswer::NotKnown);
        kept.note.narrative = account;
        if file.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).is_ok() {
            return Ok(Found::Broken("it was sealed".to_owned()));
        }
    }
    Ok(Found::Held("headings alone are no account, and 54,000 characters are too many".to_owned()))
}
