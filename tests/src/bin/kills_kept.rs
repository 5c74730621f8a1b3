//! `kills_kept [COUNT]`: what power cuts do to a purge, a backup and the department's log as rows are added to it. Each run is killed by
//! the system at the n-th call that changes a file, n sweeping over all of them, and looked at afterwards. Ends with 1 when anything was
//! lost or half done: a case that is neither whole nor gone with its certificate, a mark of a purged case, a backup that does not read
//! back, a row of the log that was taken and is not there.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use anyhow::{Context, ensure};
use casework::samples::{at, examiner, file, forge, policy, uuid};
use casework::{CaseFile, CaseId, Moment, Person, Policy, PurgePermit, Reckoning, Role, Witnesses};
use department::{Chain, KeySpan, Member, PublicKey, Recipient, RosterDraft, Workstation, escrow};
use ed25519_dalek::SigningKey;
use ledger::Hash;
use relay::log::open as open_log;
use relay::store::{SignedHead, Store};
use sha2::{Digest, Sha256};
use vault::backup::{BackupFile, newest};
use vault::samples::{beside, entered, keeper};
use vault::{KeyStore, SecretStoreError, Vault};
use whole_product::killing::{calls, killed_at, point};

const BEGUN: &str = "2026-03-02T09:00:00Z";
const DUE: &str = "2026-06-01T00:00:00Z";
const GOES: &str = "2026-06-16T00:00:00Z";
/// Rows that the log has before, and that are added.
const ROWS: [u64; 2] = [300, 260];
const ROOT: &str = "abababababababababababababababababababababababababababababababab";
const MARK: &str = "mk-planted-";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        // What is killed.
        ["purge", vault] => purge(Path::new(vault)),
        ["backup", vault, folder] => back_up(Path::new(vault), Path::new(folder)),
        ["append", data] => append(Path::new(data)),
        [] => drive(500),
        [count] => count.parse().context("a number of kills is wanted").and_then(drive),
        _ => Err(anyhow::anyhow!("kills_kept [COUNT]")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kills_kept: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Secrets in a file beside the vault: a process that is killed finds them again.
struct InFile(PathBuf, Mutex<()>);

impl InFile {
    fn of(vault: &Path) -> Self {
        Self(vault.join("secrets.json"), Mutex::new(()))
    }

    fn all(&self) -> HashMap<String, String> {
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    fn change(&self, change: impl FnOnce(&mut HashMap<String, String>)) -> Result<(), SecretStoreError> {
        let _alone = self.1.lock();
        let mut all = self.all();
        change(&mut all);
        let beside = self.0.with_extension("part");
        let text = serde_json::to_string(&all).unwrap_or_default();
        std::fs::write(&beside, text)
            .and_then(|()| std::fs::rename(&beside, &self.0))
            .map_err(|e| SecretStoreError::Unavailable(e.to_string()))
    }
}

/// A vault's folder moves with its copies, and the names of secrets hold where it lies.
fn kind(name: &str) -> String {
    name.rsplit_once('-').map_or(name, |(kind, _)| kind).to_owned()
}

impl KeyStore for InFile {
    fn get(&self, name: &str) -> Result<Option<String>, SecretStoreError> {
        Ok(self.all().remove(&kind(name)))
    }

    fn set(&self, name: &str, secret: &str) -> Result<(), SecretStoreError> {
        self.change(|all| drop(all.insert(kind(name), secret.to_owned())))
    }

    fn remove(&self, name: &str) -> Result<(), SecretStoreError> {
        self.change(|all| drop(all.remove(&kind(name))))
    }
}

fn open(folder: &Path) -> anyhow::Result<Vault> {
    Ok(entered(folder, &InFile::of(folder))?.2)
}

fn case() -> CaseId {
    file().id
}

fn supervisor() -> Person {
    Person { roles: vec![Role::Supervisor], ..examiner(10) }
}

fn rules() -> Policy {
    Policy { sha256: "ab".repeat(32), ..policy() }
}

/// A vault with a case that is due, which says many marks, and with one that is not.
fn with_a_case(folder: &Path) -> anyhow::Result<()> {
    let mut vault = open(folder)?;
    let (by, now) = (examiner(1).reference(), at(BEGUN));
    let mut draft = file();
    forge(&mut draft).note.narrative = (0..1_000).map(|n| format!("{MARK}{n} ")).collect();
    vault.put_case(draft.id, &draft, &by, now, None)?;
    let film: Vec<u8> = (0..40_000).flat_map(|n: u32| format!("{MARK}{n}").into_bytes()).collect();
    vault.put_original(draft.id, "attachment", "film", &film, &by, now)?;
    vault.put_original(draft.id, "probe", "probe", b"the probe", &by, now)?;
    let other = CaseFile::begin(CaseId(uuid(77)), by.clone());
    vault.put_case(other.id, &other, &by, at(DUE), None)?;
    vault.told_due(draft.id, at(DUE), at(DUE))?;
    Ok(())
}

fn purge(folder: &Path) -> anyhow::Result<()> {
    let mut vault = open(folder)?;
    let (now, by) = (at(GOES), supervisor());
    let standing = vault.standing(case())?;
    let gone = vault.what_goes(&standing)?;
    let digest = Vault::preview_sha256(&gone)?;
    vault.previewed(case(), &digest, &by.reference(), now)?;
    let previewed = vault.previewed_by(case(), &digest, &[by.reference()])?;
    let reckoning = Reckoning::of(now, Witnesses::None);
    let permit = PurgePermit::grant(&standing.record(), &rules(), reckoning, gone, previewed, &by, now);
    vault.purge(&permit.map_err(|gaps| anyhow::anyhow!("{gaps:?}"))?)?;
    Ok(vault.scrub()?)
}

#[derive(Debug, Default, Clone, Copy)]
struct Figures {
    kills: usize,
    finished: usize,
    lost: usize,
    half: usize,
}

fn holds(bytes: &[u8]) -> bool {
    bytes.windows(MARK.len()).any(|part| part == MARK.as_bytes())
}

/// Whether the case is gone with its certificate; a case that is neither whole nor gone is counted.
fn looked(folder: &Path, figures: &mut Figures) -> anyhow::Result<bool> {
    let vault = open(folder)?;
    vault.verify_audit()?;
    ensure!(vault.case::<CaseFile>(CaseId(uuid(77))).is_ok(), "another case is gone");
    let certified = vault.certificates()?.len();
    let whole = vault.case::<CaseFile>(case()).is_ok_and(|file| file.note.narrative.contains(MARK))
        && vault.check_files(case(), &[probe_of(b"the probe")]).is_ok();
    let db = beside(&vault)?;
    let count = |table: &str| -> anyhow::Result<i64> {
        let query = format!("SELECT count(*) FROM {table} WHERE case_id = ?1");
        Ok(db.query_row(&query, [case().to_string()], |r| r.get(0))?)
    };
    let mut left = 0;
    for table in ["case_file", "case_part", "case_key", "original"] {
        left += count(table)?;
    }
    match (certified, whole, left) {
        (0, true, _) => return Ok(false),
        (1, false, 0) => {}
        (0, false, 0) => figures.lost += 1,
        _ => figures.half += 1,
    }
    drop(db);
    let mut db = beside(&vault)?;
    let pages = db.serialize("main")?.to_vec();
    let log = std::fs::metadata(folder.join("vault.db-wal")).map_or(0, |log| log.len());
    // The log holds what this look wrote, after the vault was written anew.
    figures.half += usize::from(holds(&pages) || log > 1 << 20);
    Ok(true)
}

fn probe_of(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn purges(template: &Path, count: usize) -> anyhow::Result<Figures> {
    let own = std::env::current_exe()?;
    let work = tempfile::tempdir()?;
    let folder = work.path().join("vault");
    let run: [&OsStr; 3] = [own.as_ref(), "purge".as_ref(), folder.as_ref()];
    copy(template, &folder)?;
    let points = calls(&run, &work.path().join("calls.log"))?;
    let mut figures = Figures::default();
    ensure!(looked(&folder, &mut figures)?, "an undisturbed purge leaves the case");
    for n in 0.. {
        if figures.kills == count {
            break;
        }
        copy(template, &folder)?;
        match killed_at(point(n, points), &run)? {
            true => figures.kills += 1,
            false => figures.finished += 1,
        }
        if !looked(&folder, &mut figures)? {
            purge(&folder)?;
            ensure!(looked(&folder, &mut figures)?, "a case that survived could not be purged");
        }
    }
    report("purge", points, figures);
    Ok(figures)
}

/// The department's root key, which is its escrow too.
fn root() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// Lets the vault belong to a department with an escrow, and makes one backup.
fn founded(folder: &Path, backups: &Path) -> anyhow::Result<()> {
    with_a_case(folder)?;
    let (_entrance, entered, mut vault) = entered(folder, &InFile::of(folder))?;
    let day = at(BEGUN).day();
    let span = |key| KeySpan::new(key, day, None);
    let card = vault.card("Here");
    let own = entered.signing().context("no key")?;
    let kit =
        Recipient { name: "Kit".to_owned(), receives: escrow::recovery_recipient(&root()), from: day, until: None };
    let draft = RosterDraft {
        name: "Police".to_owned(),
        people: vec![Member { person: keeper(), keys: vec![span(PublicKey::of(&own))?] }],
        workstations: vec![Workstation {
            name: card.name.clone(),
            signs: span(PublicKey::read(&card.signs)?)?,
            receives: card.receives.clone(),
        }],
        escrow: vec![kit],
        ..RosterDraft::default()
    };
    let first = Chain::first(&PublicKey::of(&root()), draft, at(BEGUN))?;
    let first = first.signed(vec![first.sign(&root())])?;
    vault.found(&PublicKey::of(&root()), &[first], None, at(DUE))?;
    std::fs::create_dir_all(backups)?;
    vault.back_up(backups, &[], None, at(DUE))?;
    Ok(())
}

/// A backup after another case was opened.
fn back_up(folder: &Path, backups: &Path) -> anyhow::Result<()> {
    let mut vault = open(folder)?;
    let more = CaseFile::begin(CaseId(uuid(78)), examiner(1).reference());
    vault.put_case(more.id, &more, &examiner(1).reference(), at(GOES), None)?;
    vault.back_up(backups, &[], None, at(GOES))?;
    Ok(())
}

/// Whether the newest backup is whole and opens with the escrow's key; gives how many there are.
fn whole(backups: &Path, figures: &mut Figures) -> anyhow::Result<usize> {
    let own = std::fs::read_dir(backups)?.next().context("no backup")??.path();
    let manifests = std::fs::read_dir(&own)?.flatten().map(|entry| entry.path());
    let manifests: Vec<PathBuf> = manifests.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    for path in &manifests {
        let sound = BackupFile::read(path).and_then(|backup| backup.check()).is_ok();
        figures.half += usize::from(!sound);
    }
    let keys = [escrow::recovery_identity(&root())];
    let tried = newest(backups).and_then(|path| BackupFile::read(&path));
    let tried = tried.map_err(vault::VaultError::from).and_then(|backup| backup.drill(&backup.key(&keys)?));
    figures.lost += usize::from(tried.is_err());
    Ok(manifests.len())
}

fn backups(template: &Path, count: usize) -> anyhow::Result<Figures> {
    let own = std::env::current_exe()?;
    let work = tempfile::tempdir()?;
    let (folder, kept) = (work.path().join("vault"), work.path().join("backups"));
    let run: [&OsStr; 4] = [own.as_ref(), "backup".as_ref(), folder.as_ref(), kept.as_ref()];
    let fresh = || copy(&template.join("vault"), &folder).and_then(|()| copy(&template.join("backups"), &kept));
    fresh()?;
    let points = calls(&run, &work.path().join("calls.log"))?;
    let mut figures = Figures::default();
    ensure!(whole(&kept, &mut figures)? == 2, "an undisturbed backup is not there");
    for n in 0.. {
        if figures.kills == count {
            break;
        }
        fresh()?;
        match killed_at(point(n, points), &run)? {
            true => figures.kills += 1,
            false => figures.finished += 1,
        }
        whole(&kept, &mut figures)?;
        let mut vault = open(&folder)?;
        vault.verify_audit()?;
        figures.lost += usize::from(vault.case::<CaseFile>(case()).is_err());
        let later = Moment(at(GOES).0 + jiff::SignedDuration::from_secs(5));
        vault.back_up(&kept, &[], None, later)?;
        ensure!(whole(&kept, &mut figures)? >= 2, "no backup could be made after a kill");
    }
    report("backup", points, figures);
    Ok(figures)
}

fn hash(n: u64) -> Hash {
    Sha256::digest(n.to_be_bytes()).into()
}

fn take(store: &mut Store, from: u64, count: u64) -> anyhow::Result<()> {
    let hashes: Vec<Hash> = (from..from + count).map(hash).collect();
    let head = SignedHead { position: from + count - 1, at: BEGUN.to_owned(), signature: String::new() };
    store.take_leaves(&[7; 32], from, &hashes, &head).map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(())
}

fn append(data: &Path) -> anyhow::Result<()> {
    let mut store = Store::open(data)?;
    let mut log = open_log(data, ROOT, &store)?;
    take(&mut store, ROWS[0] + 1, ROWS[1])?;
    log.catch_up(&store)?;
    Ok(())
}

fn appends(template: &Path, count: usize) -> anyhow::Result<Figures> {
    let own = std::env::current_exe()?;
    let work = tempfile::tempdir()?;
    let data = work.path().join("data");
    let run: [&OsStr; 3] = [own.as_ref(), "append".as_ref(), data.as_ref()];
    copy(template, &data)?;
    let before = Store::open(&data)?.leaves()?;
    let points = calls(&run, &work.path().join("calls.log"))?;
    let wanted = {
        let store = Store::open(&data)?;
        open_log(&data, ROOT, &store)?.checkpoint().text().to_owned()
    };
    let mut figures = Figures::default();
    for n in 0.. {
        if figures.kills == count {
            break;
        }
        copy(template, &data)?;
        match killed_at(point(n, points), &run)? {
            true => figures.kills += 1,
            false => figures.finished += 1,
        }
        let mut store = Store::open(&data)?;
        let leaves = store.leaves()?;
        figures.lost += usize::from(leaves < before);
        figures.half += usize::from(leaves != before && leaves != before + ROWS[1]);
        // Whatever files of it were written, they say what the rows say; what was signed before is a part of it.
        let Ok(mut log) = open_log(&data, ROOT, &store) else {
            figures.half += 1;
            continue;
        };
        take(&mut store, ROWS[0] + 1, ROWS[1])?;
        figures.half += usize::from(log.catch_up(&store)?.text() != wanted);
        store.verify_audit()?;
    }
    report("ledger append", points, figures);
    Ok(figures)
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    if to.exists() {
        std::fs::remove_dir_all(to)?;
    }
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let there = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &there)?,
            false => drop(std::fs::copy(entry.path(), there)?),
        }
    }
    Ok(())
}

fn report(what: &str, points: usize, figures: Figures) {
    println!(
        "{what}: {} kills over {points} points, {} runs ended before theirs; {} lost, {} half done",
        figures.kills, figures.finished, figures.lost, figures.half
    );
}

fn drive(count: usize) -> anyhow::Result<()> {
    let begun = Instant::now();
    let templates = tempfile::tempdir()?;
    let [one, two, three] = ["purge", "backup", "log"].map(|name| templates.path().join(name));
    std::fs::create_dir_all(&one)?;
    with_a_case(&one)?;
    std::fs::create_dir_all(two.join("vault"))?;
    founded(&two.join("vault"), &two.join("backups"))?;
    std::fs::create_dir_all(&three)?;
    {
        let mut store = Store::open(&three)?;
        take(&mut store, 1, ROWS[0])?;
        open_log(&three, ROOT, &store)?;
    }
    let (purging, backing) = (count * 2 / 5, count * 3 / 10);
    let all = [purges(&one, purging)?, backups(&two, backing)?, appends(&three, count - purging - backing)?];
    let sum = |of: fn(&Figures) -> usize| all.iter().map(of).sum::<usize>();
    let (kills, lost, half) = (sum(|f| f.kills), sum(|f| f.lost), sum(|f| f.half));
    println!(
        "{kills} kills in {:.0} s over purge, backup and ledger append: {lost} lost, {half} half done",
        begun.elapsed().as_secs_f32()
    );
    ensure!(lost + half == 0, "something was lost or half done; the figures stand above");
    Ok(())
}
