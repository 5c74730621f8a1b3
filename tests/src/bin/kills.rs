//! `kills [COUNT]`: what power cuts do to sealing, sending and receiving. Real vaults, a real Secret Service, a real
//! relay; each run is killed by the system at the n-th disk or network call, n sweeping over all of them, and
//! looked at afterwards. Ends with 1 when anything was lost, halved or doubled.
//!
//! `strace` does the killing, so the program has no hook for it.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, bail, ensure};
use casework::samples::{examiner, file, forge, policy};
use casework::{CaseFile, CaseId, Clock, Disposition, Moment, NoteId, PersonRef, Role};
use uuid::Uuid;
use vault::{Entered, Entrance, Second, SecretService, Settings, Vault};
use whole_product::killing::{calls, killed_at, point};
use whole_product::process::programs;
use whole_product::relay::Relay;
use whole_product::service::Service;
use whole_product::station::Station;

/// Passphrase of whoever works there.
const PASSPHRASE: &str = "a blue bicycle at dawn";
/// Badge of whoever works here, and there.
const BADGES: [&str; 2] = ["0001", "0009"];

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let now = jiff::Timestamp::now();
        Moment(jiff::Timestamp::from_second(now.as_second()).unwrap_or(now))
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        // What is killed.
        ["seal", vault, case] => seal(Path::new(vault), case),
        ["drive", url, mailboxes, home, count] => {
            drive(url, Path::new(mailboxes), Path::new(home), count.parse().unwrap_or(500))
        }
        // Takes the first sign-in with an enrolment code and prints the vault's card: the secret store answers inside the
        // session alone.
        ["card", vault, code] => card(Path::new(vault), code),
        [] => start(500),
        [count] => count.parse().context("a number of kills is wanted").and_then(start),
        _ => Err(anyhow::anyhow!("kills [COUNT]")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kills: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Starts what a workstation has, and drives from inside its session.
fn start(count: usize) -> anyhow::Result<()> {
    let (service, _) = Service::with_people(1)?;
    // As many notes as there are kills wait at once, and nobody rests between two.
    let limits = ["--packages-of-a-sender", "1000", "--requests-a-minute", "100000"];
    let relay = Relay::start_with(&limits)?;
    let station = Station::start()?;
    for (name, user) in [("here", "workstation-1"), ("there", "workstation-2")] {
        let person = station.home().join(format!("{name}.json"));
        let mut who = if name == "here" { examiner(1) } else { supervisor() };
        who.roles.push(Role::Administrator);
        std::fs::write(&person, serde_json::to_string(&who)?)?;
        let mut provision = station.command(programs()?.join("corroborate"));
        provision.arg("--data").arg(station.home().join(name)).arg("provision").args(["--gallery", &service.url()]);
        provision.args(["--relay", &relay.url()]);
        provision.arg("--person").arg(&person).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut running = provision.spawn()?;
        let mut input = running.stdin.take().context("no input")?;
        std::io::Write::write_all(&mut input, service.token_of(user)?.as_bytes())?;
        drop(input);
        let told = running.wait_with_output()?;
        ensure!(told.status.success(), "the workstation could not be set up");
        let code = String::from_utf8(told.stdout)?;
        let code = code.trim().split_once('\t').context("no enrolment code")?.1;
        let mut card = station.command(std::env::current_exe()?);
        let card = card.arg("card").arg(station.home().join(name)).arg(code).output()?;
        relay.add_workstation(std::str::from_utf8(&card.stdout)?)?;
    }
    let mut driver = station.command(std::env::current_exe()?);
    driver.arg("drive").arg(relay.url()).arg(relay.mailboxes()).arg(station.home()).arg(count.to_string());
    ensure!(driver.status()?.success(), "something was lost, halved or doubled; the figures stand above");
    Ok(())
}

fn supervisor() -> casework::Person {
    casework::Person { roles: vec![Role::Supervisor], ..examiner(9) }
}

fn seal(vault: &Path, case: &str) -> anyhow::Result<()> {
    let mut vault = open(vault)?;
    let id = CaseId(case.parse()?);
    let mut file: CaseFile = vault.case(id)?;
    let note = file.seal(NoteId(Uuid::new_v4()), &examiner(1), &SystemClock, &policy())?;
    file.mark_sealed(&note);
    vault.seal(&note, &file)?;
    Ok(())
}

/// A draft that only needs sealing, on record as typed.
fn draft(vault: &mut Vault) -> anyhow::Result<CaseFile> {
    let mut draft = file();
    let kept = forge(&mut draft);
    kept.id = CaseId(Uuid::new_v4());
    if let Some(case) = &kept.case {
        let mut told = serde_json::to_value(case)?;
        told["id"] = serde_json::json!(kept.id);
        kept.case = Some(serde_json::from_value(told)?);
    }
    kept.note.disposition = Some(Disposition::Excluded);
    kept.note.reason = "The evidence excludes the person.".to_owned();
    let height = &mut kept.checklist.panel.answers[0];
    height.answer = Some(casework::ContradictionAnswer::Contradicts);
    height.rests_on = "The door frame beside the till".to_owned();
    draft.edit_note(draft.note.clone()).ok();
    let by: PersonRef = examiner(1).reference();
    let now = SystemClock.now();
    vault.put_case(draft.id, &draft, &by, now, None)?;
    vault.put_original(draft.id, "probe", "camera-3.jpg", b"the probe", &by, now)?;
    Ok(draft)
}

#[derive(Debug, Default)]
struct Figures {
    kills: usize,
    finished: usize,
    lost_drafts: usize,
    half_notes: usize,
    duplicates: usize,
}

/// What is in the vault of a case after a kill: its draft or its whole note, and never something between.
fn look(vault: &Vault, draft: &CaseFile, figures: &mut Figures) -> anyhow::Result<bool> {
    let Ok(found) = vault.case::<CaseFile>(draft.id) else {
        figures.lost_drafts += 1;
        return Ok(false);
    };
    let notes = vault.notes_of(draft.id)?;
    match (found.sealed, notes.as_slice()) {
        (None, []) => {
            figures.lost_drafts += usize::from(found != *draft);
            Ok(false)
        }
        (Some(note), [one]) if one.content.id == note => {
            let whole = vault::verify_note(&vault.export_note(note)?).is_ok();
            figures.half_notes += usize::from(!whole);
            Ok(true)
        }
        (_, several) => {
            figures.half_notes += 1;
            figures.duplicates += several.len().saturating_sub(1);
            Ok(!several.is_empty())
        }
    }
}

/// Packages that lie in the relay's mailboxes.
fn at_relay(mailboxes: &Path) -> anyhow::Result<usize> {
    let mut count = 0;
    for mailbox in std::fs::read_dir(mailboxes)? {
        for file in std::fs::read_dir(mailbox?.path())? {
            count += usize::from(file?.file_name().to_string_lossy().ends_with(".age"));
        }
    }
    Ok(count)
}

fn introduce(one: &Path, other: &Path, name: &str, review_at: bool) -> anyhow::Result<()> {
    let card = open(other)?.card(name);
    let mut vault = open(one)?;
    let (by, now) = (examiner(1).reference(), SystemClock.now());
    vault.add_workstation(&vault::read_card(&vault::canonical(&card)?)?, &by, now)?;
    if review_at {
        let settings = Settings { review_at: card.signs, workstation: "Here".to_owned(), ..vault.settings()? };
        vault.set_settings(&settings, Some(&by), now)?;
    }
    Ok(())
}

fn card(vault: &Path, code: &str) -> anyhow::Result<()> {
    let (mut entrance, entered) = come_in(vault, code)?;
    entrance.choose(entered, PASSPHRASE, SystemClock.now())?;
    drop(entrance);
    // No two workstations of a roster have one name.
    let name = vault.file_name().context("no folder")?.to_string_lossy();
    println!("{}", vault::canonical(&open(vault)?.card(&name))?);
    Ok(())
}

/// The only person of a vault at its entrance.
fn come_in(vault: &Path, passphrase: &str) -> anyhow::Result<(Entrance, Entered)> {
    let mut entrance = Entrance::open(vault, &SecretService)?;
    let person = entrance.people()?.into_iter().next().context("nobody")?.person;
    let (now, rule) = (SystemClock.now(), policy().session);
    let entered = entrance.enter(person.id, passphrase, Second::NotAsked, "looked", now, &rule)?;
    Ok((entrance, entered))
}

fn open(vault: &Path) -> anyhow::Result<Vault> {
    let (mut entrance, entered) = come_in(vault, PASSPHRASE)?;
    let mut vault = entrance.vault(&entered, &SecretService)?;
    vault.signs_with(entered.signing());
    Ok(vault)
}

/// The command line of an exchange at `vault`; [`PASSPHRASE`] lies in a file, since it is killed with its standard input open.
fn exchanging<'a>(program: &'a Path, vault: &'a Path) -> [&'a std::ffi::OsStr; 7] {
    let badge = if vault.ends_with("here") { BADGES[0] } else { BADGES[1] };
    let words = "exec \"$1\" --data \"$2\" exchange --badge \"$3\" < \"$2/../passphrase\"";
    ["sh".as_ref(), "-c".as_ref(), words.as_ref(), "sh".as_ref(), program.as_ref(), vault.as_ref(), badge.as_ref()]
}

fn exchange(program: &Path, vault: &Path) -> anyhow::Result<()> {
    let [shell, arguments @ ..] = exchanging(program, vault);
    let output = Command::new(shell).args(arguments).output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

fn drive(url: &str, mailboxes: &Path, home: &Path, count: usize) -> anyhow::Result<()> {
    let begun = Instant::now();
    let (here, there) = (home.join("here"), home.join("there"));
    std::fs::write(home.join("passphrase"), PASSPHRASE)?;
    introduce(&here, &there, "There", true)?;
    introduce(&there, &here, "Here", false)?;
    let own = std::env::current_exe()?;
    let program: PathBuf = programs()?.join("corroborate");
    let log = home.join("calls.log");
    let (sealing, sending) = (count * 2 / 5, count * 3 / 10);
    let receiving = count - sealing - sending;
    let (mut sealed, mut all) = (Vec::new(), Figures::default());

    // Sealing.
    let first = draft(&mut open(&here)?)?;
    let id = first.id.to_string();
    let points = calls(&[own.as_ref(), "seal".as_ref(), here.as_ref(), id.as_ref()], &log)?;
    sealed.push(first);
    let mut figures = Figures::default();
    for n in 0.. {
        if figures.kills == sealing {
            break;
        }
        let draft = draft(&mut open(&here)?)?;
        let id = draft.id.to_string();
        let command: [&std::ffi::OsStr; 4] = [own.as_ref(), "seal".as_ref(), here.as_ref(), id.as_ref()];
        if killed_at(point(n, points), &command)? {
            figures.kills += 1
        } else {
            figures.finished += 1
        }
        let done = look(&open(&here)?, &draft, &mut figures)?;
        if !done {
            seal(&here, &id)?;
            ensure!(look(&open(&here)?, &draft, &mut figures)?, "a draft that survived could not be sealed");
        }
        sealed.push(draft);
    }
    report("sealing", points, figures, &mut all);

    // Sending: whatever waits. The first undisturbed run also tells how many calls it makes.
    let run = exchanging(&program, &here);
    let mut figures = Figures::default();
    exchange(&program, &here)?;
    let mut expected = sealed.len();
    ensure!(
        at_relay(mailboxes)? == expected,
        "{} packages lie at the relay for {expected} notes",
        at_relay(mailboxes)?
    );
    let extra = draft(&mut open(&here)?)?;
    seal(&here, &extra.id.to_string())?;
    sealed.push(extra);
    let points = calls(&run, &log)?;
    expected += 1;
    for n in 0.. {
        if figures.kills == sending {
            break;
        }
        let draft = draft(&mut open(&here)?)?;
        seal(&here, &draft.id.to_string())?;
        if killed_at(point(n, points), &run)? {
            figures.kills += 1
        } else {
            figures.finished += 1
        }
        ensure!(look(&open(&here)?, &draft, &mut figures)?, "a sealed note is gone");
        exchange(&program, &here)?;
        expected += 1;
        figures.duplicates += at_relay(mailboxes)?.saturating_sub(expected);
        figures.lost_drafts += expected.saturating_sub(at_relay(mailboxes)?);
        sealed.push(draft);
    }
    report("sending", points, figures, &mut all);

    // Receiving.
    let run = exchanging(&program, &there);
    let mut figures = Figures::default();
    // All that lies there is fetched, so that one package is measured.
    exchange(&program, &there)?;
    let extra = draft(&mut open(&here)?)?;
    seal(&here, &extra.id.to_string())?;
    exchange(&program, &here)?;
    sealed.push(extra);
    let points = calls(&run, &log)?;
    for n in 0.. {
        if figures.kills == receiving {
            break;
        }
        let draft = draft(&mut open(&here)?)?;
        seal(&here, &draft.id.to_string())?;
        exchange(&program, &here)?;
        sealed.push(draft);
        if killed_at(point(n, points), &run)? {
            figures.kills += 1;
        } else {
            figures.finished += 1;
        }
        let vault = open(&there)?;
        for note in vault.unreviewed()? {
            // One that does not prove itself is no whole note.
            let Ok(note) = note else {
                figures.half_notes += 1;
                continue;
            };
            let whole = vault::verify_note(&vault.export_note(note.content.id)?).is_ok();
            let file = vault.case::<CaseFile>(note.content.case.id()).is_ok_and(|f| f.sealed == Some(note.content.id));
            figures.half_notes += usize::from(!whole || !file);
        }
    }
    exchange(&program, &there)?;
    let vault = open(&there)?;
    let waiting = vault.unreviewed()?;
    figures.duplicates += waiting.len().saturating_sub(sealed.len());
    figures.lost_drafts += sealed.len().saturating_sub(waiting.len());
    ensure!(at_relay(mailboxes)? == 0, "packages that were taken in still lie at the relay");
    report("receiving", points, figures, &mut all);
    for vault in [open(&here)?, vault] {
        vault::verify_export(&vault.export_audit()?)?;
    }

    let full = disk_full(&own, &here)?;
    println!(
        "{} kills in {:.0} s at {url}: {} lost drafts, {} half notes, {} duplicates at the relay; {} notes wait for \
         review, once each; both audit chains whole; disk full {full} times: the draft was kept each time",
        all.kills,
        begun.elapsed().as_secs_f32(),
        all.lost_drafts,
        all.half_notes,
        all.duplicates,
        waiting.len()
    );
    ensure!(all.lost_drafts + all.half_notes + all.duplicates == 0);
    Ok(())
}

fn report(what: &str, points: usize, figures: Figures, all: &mut Figures) {
    println!(
        "{what}: {} kills over {points} points, {} runs ended before theirs; {} lost, {} half, {} double",
        figures.kills, figures.finished, figures.lost_drafts, figures.half_notes, figures.duplicates
    );
    all.kills += figures.kills;
    all.lost_drafts += figures.lost_drafts;
    all.half_notes += figures.half_notes;
    all.duplicates += figures.duplicates;
}

/// Seals while no file may grow beyond a limit that leaves less and less room: refused, the draft kept, and sealed
/// once there is room. Gives how often it was refused.
fn disk_full(own: &Path, here: &Path) -> anyhow::Result<usize> {
    let mut refused = 0;
    for blocks in [1, 4, 8, 16, 32] {
        let draft = draft(&mut open(here)?)?;
        let id = draft.id.to_string();
        let full = Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f \"$1\"; exec \"$2\" seal \"$3\" \"$4\"", "sh"])
            .arg(blocks.to_string())
            .args([own, here])
            .arg(&id)
            .stderr(Stdio::null())
            .status()?;
        let mut figures = Figures::default();
        let done = look(&open(here)?, &draft, &mut figures)?;
        ensure!(figures.lost_drafts + figures.half_notes == 0, "a full disk lost a draft or left half a note");
        ensure!(done == full.success(), "it says that it sealed and did not, or the other way round");
        if !done {
            refused += 1;
            seal(here, &id)?;
        }
    }
    ensure!(refused > 0, "the disk was never full");
    Ok(refused)
}
