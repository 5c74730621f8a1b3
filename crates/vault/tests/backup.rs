//! Backups: whole or none, tried without touching anything, restored on a bare machine by keys of the escrow and by nobody else.

use std::path::{Path, PathBuf};

use casework::Moment;
use casework::samples::{at, examiner, file};
use department::{Chain, KeySpan, Member, PublicKey, Recipient, RosterDraft, Workstation, escrow};
use ed25519_dalek::SigningKey;
use vault::backup::{BackupFile, newest};
use vault::samples::{InMemory, PASSPHRASE, entered, entrance, keeper, rule};
use vault::{
    BackupError, DeskFault, Entered, Entrance, LostRows, Second, SecondFactor, Signed, Vault, VaultError, verify_export,
};
use zeroize::Zeroizing;

const NOW: &str = "2026-03-02T12:00:00Z";

fn later(seconds: i64) -> Moment {
    Moment(jiff::Timestamp::from_second(at(NOW).0.as_second() + seconds).unwrap())
}

fn shown(factor: &SecondFactor, now: Moment) -> String {
    let secret = totp_rs::Secret::try_from_base32(factor.typed().replace(' ', "")).unwrap();
    totp_rs::Builder::new().with_secret(secret).build().unwrap().generate(now.0.as_second() as u64).to_string()
}

fn root() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

struct Here {
    _folder: tempfile::TempDir,
    entrance: Entrance,
    vault: Vault,
    _entered: Entered,
    factor: SecondFactor,
}

impl Here {
    /// A workstation with one case, whose department has the escrow keys of `identities` besides the recovery kit's.
    fn new(further: &[&age::x25519::Identity]) -> Self {
        let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
        let (mut entrance, mut entered, mut vault) = entered(folder.path(), &keys).unwrap();
        let factor = SecondFactor::fresh().unwrap();
        let code = shown(&factor, at(NOW));
        entrance.set_second(&mut entered, &factor, &code, at(NOW)).unwrap();
        let day = at(NOW).day();
        let span = |key| KeySpan::new(key, day, None).unwrap();
        let card = vault.card("Here");
        let own = entered.signing().unwrap();
        let recipient = |name: String, receives| Recipient { name, receives, from: day, until: None };
        let kit = recipient("Recovery kit".to_owned(), escrow::recovery_recipient(&root()));
        let others =
            further.iter().enumerate().map(|(n, key)| recipient(format!("Safe {n}"), key.to_public().to_string()));
        let draft = RosterDraft {
            name: "Police".to_owned(),
            people: vec![Member { person: keeper(), keys: vec![span(PublicKey::of(&own))] }],
            workstations: vec![Workstation {
                name: card.name.clone(),
                signs: span(PublicKey::read(&card.signs).unwrap()),
                receives: card.receives.clone(),
            }],
            escrow: std::iter::once(kit).chain(others).collect(),
            ..RosterDraft::default()
        };
        let first = Chain::first(&PublicKey::of(&root()), draft, at(NOW)).unwrap();
        let first = first.signed(vec![first.sign(&root())]).unwrap();
        vault.found(&PublicKey::of(&root()), &[first], None, at(NOW)).unwrap();
        vault.signs_with(Some(own));
        let door = entrance.travelling(&mut entered).unwrap().unwrap();
        let stated = vault.state_door(&door, later(1)).unwrap();
        entrance.stated(keeper().id, &stated, later(1)).unwrap();
        vault.put_case(file().id, &file(), &examiner(1).reference(), later(2), None).unwrap();
        Self { _folder: folder, entrance, vault, _entered: entered, factor }
    }

    fn back_up(&mut self, to: &Path, seconds: i64) -> Result<vault::backup::BackedUp, VaultError> {
        let doors = self.entrance.stated_here().unwrap();
        self.vault.back_up(to, &doors, Some(&keeper().reference()), later(seconds))
    }
}

fn kit() -> Vec<Zeroizing<String>> {
    vec![escrow::recovery_identity(&root())]
}

fn pieces(folder: &Path) -> Vec<PathBuf> {
    let list = |path: &Path| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let own = list(folder).into_iter().find(|path| path.is_dir()).unwrap();
    list(&own.join("chunks")).iter().flat_map(|folder| list(folder)).collect()
}

/// The workstation left its signature nowhere else.
fn nowhere(_: &Vault) -> Result<Option<Signed>, VaultError> {
    Ok(None)
}

/// Restores on a bare machine; the people who can come in, and the vault that the keeper opens there.
fn restored(path: &Path, identities: &[Zeroizing<String>], factor: &SecondFactor) -> Result<Vault, VaultError> {
    restored_after(path, identities, factor, None)
}

/// The same where the workstation had signed elsewhere that it was as far as `ahead`.
fn restored_after(
    path: &Path,
    identities: &[Zeroizing<String>],
    factor: &SecondFactor,
    ahead: Option<&Signed>,
) -> Result<Vault, VaultError> {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let backup = BackupFile::read(path)?;
    let key = backup.key(identities)?;
    let mut entrance = entrance(folder.path(), &keys)?;
    let back = entrance.restore(&backup, &key, &keys, later(100), |_| Ok::<_, VaultError>(ahead.cloned()))?;
    assert_eq!(back.people, [keeper().reference()]);
    let code = shown(factor, later(100));
    let entered = entrance.enter(keeper().id, PASSPHRASE, Second::Code(&code), "signed-in", later(100), &rule())?;
    assert_ne!(entered.vault_key(), key.as_str(), "the backup's key opens nothing of what is written from now on");
    let vault = entrance.vault(&entered, &keys)?;
    // The folder goes with the test.
    std::mem::forget(folder);
    Ok(vault)
}

#[test]
fn a_backup_is_restored_on_a_bare_machine_with_the_recovery_kit() {
    let (mut here, to) = (Here::new(&[]), tempfile::tempdir().unwrap());
    let made = here.back_up(to.path(), 10).unwrap();
    assert_eq!(made.fresh, made.bytes, "the first one holds all");
    let again = here.back_up(to.path(), 20).unwrap();
    assert!(again.fresh <= again.bytes);
    assert_eq!(newest(to.path()).unwrap(), again.path);
    let backup = BackupFile::read(&again.path).unwrap();
    let key = backup.key(&kit()).unwrap();
    let drilled = backup.drill(&key).unwrap();
    assert_eq!((drilled.cases, drilled.notes), (1, 0));

    let vault = restored(&again.path, &kit(), &here.factor).unwrap();
    assert_eq!(vault.case::<casework::CaseFile>(file().id).unwrap(), file());
    vault.verify_audit().unwrap();
    assert!(vault.audit().unwrap().iter().any(|event| event.action == "vault-restored"), "that is on record");
    // Nothing of the vault lies in the clear in the folder of backups.
    for path in pieces(to.path()) {
        let bytes = std::fs::read(path).unwrap();
        assert!(!bytes.windows(10).any(|part| part == b"SQLite for" || part == b"25-000123 "));
    }
}

#[test]
fn no_other_key_restores_it_and_of_three_it_takes_two() {
    let safes: [age::x25519::Identity; 2] = [(); 2].map(|()| age::x25519::Identity::generate());
    let text = |one: &age::x25519::Identity| {
        use age::secrecy::ExposeSecret;
        Zeroizing::new(one.to_string().expose_secret().to_owned())
    };
    let (mut here, to) = (Here::new(&[&safes[0], &safes[1]]), tempfile::tempdir().unwrap());
    let backup = BackupFile::read(&here.back_up(to.path(), 10).unwrap().path).unwrap();
    assert_eq!(backup.manifest().needed, 2);
    let stranger = age::x25519::Identity::generate();
    for too_few in [
        vec![],
        kit(),
        vec![text(&safes[0])],
        vec![text(&safes[0]), text(&safes[0])],
        vec![text(&stranger), text(&safes[1])],
    ] {
        let refused = backup.key(&too_few).unwrap_err();
        assert!(matches!(refused, BackupError::TooFewKeys { needed: 2, .. }), "{refused}");
    }
    let by_safes = backup.key(&[text(&safes[0]), text(&safes[1])]).unwrap();
    let by_kit = backup.key(&[kit().remove(0), text(&safes[1])]).unwrap();
    assert_eq!(by_safes, by_kit);
    backup.drill(&by_kit).unwrap();
    assert!(matches!(backup.key(&[Zeroizing::new("no key".to_owned())]), Err(BackupError::NoKey)));
}

#[test]
fn a_changed_lost_or_cut_off_backup_is_refused_and_restores_nothing() {
    let (mut here, to) = (Here::new(&[]), tempfile::tempdir().unwrap());
    let path = here.back_up(to.path(), 10).unwrap().path;
    let backup = BackupFile::read(&path).unwrap();
    let key = backup.key(&kit()).unwrap();
    for piece in pieces(to.path()) {
        let whole = std::fs::read(&piece).unwrap();
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 1;
        for bytes in [changed, whole[..whole.len() - 1].to_vec(), Vec::new()] {
            std::fs::write(&piece, bytes).unwrap();
            assert!(matches!(backup.check(), Err(BackupError::DamagedPiece(_))));
            let refused = restored(&path, &kit(), &here.factor).unwrap_err();
            assert!(matches!(refused, VaultError::Backup(BackupError::DamagedPiece(_))), "{refused}");
            assert!(backup.drill(&key).is_err());
        }
        std::fs::remove_file(&piece).unwrap();
        assert!(matches!(backup.check(), Err(BackupError::MissingPiece(_))));
        std::fs::write(&piece, whole).unwrap();
    }
    backup.check().unwrap();
    // A manifest that somebody wrote themselves, or changed.
    let text = std::fs::read_to_string(&path).unwrap();
    for (from, into) in [
        ("\\\"audit_events\\\":", "\\\"audit_events\\\":1"),
        ("Recovery kit", "Recovery kid"),
        ("corroborate.backup.v1", "corroborate.backup.v0"),
    ] {
        assert!(text.contains(from), "{from}");
        let other = to.path().join("other.json");
        std::fs::write(&other, text.replacen(from, into, 1)).unwrap();
        assert!(matches!(BackupFile::read(&other), Err(BackupError::Damaged(_))), "{from}");
    }
}

#[test]
fn a_piece_that_was_damaged_is_written_anew_with_the_next_backup() {
    let (mut here, to) = (Here::new(&[]), tempfile::tempdir().unwrap());
    // More than one piece, of which the next backup finds some unchanged.
    let film = vec![7; 4 << 20];
    here.vault.put_original(file().id, "attachment", "film.mkv", &film, &examiner(1).reference(), later(3)).unwrap();
    here.back_up(to.path(), 10).unwrap();
    let second = here.back_up(to.path(), 20).unwrap();
    assert!(second.fresh < second.bytes, "{second:?}");
    for piece in pieces(to.path()) {
        let mut changed = std::fs::read(&piece).unwrap();
        changed[0] ^= 1;
        std::fs::write(&piece, changed).unwrap();
    }
    let path = here.back_up(to.path(), 30).unwrap().path;
    BackupFile::read(&path).unwrap().check().unwrap();
}

#[test]
fn there_is_no_backup_that_nobody_could_restore_and_none_over_a_vault_that_is_used() {
    let (mut here, to) = (Here::new(&[]), tempfile::tempdir().unwrap());
    let path = here.back_up(to.path(), 10).unwrap().path;
    let backup = BackupFile::read(&path).unwrap();
    let key = backup.key(&kit()).unwrap();
    let refused = here.entrance.restore(&backup, &key, &InMemory::default(), later(20), nowhere).unwrap_err();
    assert!(matches!(refused, VaultError::InUse), "{refused}");
    assert!(here.vault.case::<casework::CaseFile>(file().id).is_ok(), "nothing was touched");
    // A wrong key opens nothing, and leaves nothing behind.
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let mut entrance = entrance(folder.path(), &keys).unwrap();
    assert!(entrance.restore(&backup, &"ab".repeat(32), &keys, later(20), nowhere).is_err());
    assert!(!folder.path().join("vault.db").exists());
    // A folder that cannot be written.
    assert!(here.back_up(Path::new("/proc/nowhere"), 30).is_err());
}

#[test]
fn old_backups_go_and_take_only_what_no_other_needs() {
    let (mut here, to) = (Here::new(&[]), tempfile::tempdir().unwrap());
    for n in 0..33 {
        here.back_up(to.path(), 10 + n).unwrap();
    }
    let own = newest(to.path()).unwrap().parent().unwrap().to_owned();
    let manifests: Vec<_> = std::fs::read_dir(&own)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    assert_eq!(manifests.len(), 30);
    for path in manifests {
        BackupFile::read(&path).unwrap().check().unwrap();
    }
}

#[test]
fn a_restored_vault_goes_on_after_the_rows_that_are_lost_and_says_which() {
    let (mut here, to) = (Here::new(&[]), tempfile::tempdir().unwrap());
    let path = here.back_up(to.path(), 10).unwrap().path;
    let kept = BackupFile::read(&path).unwrap().manifest().audit_events;
    for n in 0..5 {
        here.vault.record(None, later(20 + n), "probe-viewed", &serde_json::json!({ "n": n })).unwrap();
    }
    let ahead = here.vault.signed_head(later(30)).unwrap();
    let before = here.vault.audit().unwrap();
    let last = here.vault.rows().unwrap();
    let own = here.vault.card("").signs;

    let mut vault = restored_after(&path, &kit(), &here.factor, Some(&ahead)).unwrap();
    vault.verify_audit().unwrap();
    let audit = vault.audit().unwrap();
    let back = audit.iter().find(|event| event.action == "vault-restored").unwrap();
    assert_eq!(back.seq, last as i64 + 1, "after the last row that it signed");
    let lost = LostRows::of(back, &own).unwrap();
    assert_eq!((lost.from, lost.through), (kept + 1, last as i64));
    // What the log asks for next follows from what it has.
    assert_eq!(vault.hash_at(last).unwrap(), here.vault.hash_at(last).unwrap());
    assert_eq!(vault.hash_at(last - 1).unwrap(), None, "its content is lost");
    assert_eq!(vault.hashes_after(last, 1).unwrap(), std::slice::from_ref(&back.hash));
    let export = vault.export_audit().unwrap();
    assert_eq!(verify_export(&export).unwrap().lost, last as i64 - kept);

    // What was deposited of the lost rows is no surprise; of a copy that was put back without a word it is.
    let keys = InMemory::default();
    vault.check_anchor(&ahead, "the gallery", &keys, later(200)).unwrap();
    assert!(vault.rolled_back(&keys).unwrap().is_none());
    let mut silent = restored(&path, &kit(), &here.factor).unwrap();
    silent.check_anchor(&ahead, "the gallery", &keys, later(200)).unwrap();
    assert!(silent.rolled_back(&keys).unwrap().is_some());

    // Restored once more, from a backup of the restored one, and less is lost than before.
    let again = vault.back_up(to.path(), &here.entrance.stated_here().unwrap(), None, later(210)).unwrap();
    let third =
        restored_after(&again.path, &kit(), &here.factor, Some(&vault.signed_head(later(220)).unwrap())).unwrap();
    third.verify_audit().unwrap();
    assert_eq!(
        verify_export(&third.export_audit().unwrap()).unwrap().lost,
        last as i64 - kept + 1,
        "the backup's own row"
    );

    // Nobody else's word, and no other rows than were signed for.
    let stranger = Here::new(&[]);
    let mut other = stranger.vault.signed_head(later(30)).unwrap();
    for forged in [
        other.clone(),
        Signed { public_key: own.clone(), ..other.clone() },
        Signed {
            text: ahead.text.replace(&format!("\"rows\":{last}"), &format!("\"rows\":{}", last + 9)),
            ..ahead.clone()
        },
    ] {
        let refused = restored_after(&path, &kit(), &here.factor, Some(&forged)).unwrap_err();
        assert!(matches!(refused, VaultError::Backup(BackupError::Damaged(_))), "{refused}");
    }
    other.sha256 = ahead.sha256.clone();
    let lines: Vec<&str> = export.lines().collect();
    let at = lines.iter().position(|line| line.contains("vault-restored")).unwrap();
    let broken = |change: &dyn Fn(&mut Vec<String>)| {
        let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        change(&mut lines);
        verify_export(&lines.join("\n")).is_err()
    };
    assert!(!broken(&|_| {}));
    assert!(broken(&|lines| drop(lines.remove(at - 1))), "another row before the gap");
    assert!(broken(&|lines| drop(lines.remove(at))), "the row that says it");
    assert!(broken(&|lines| lines[at] = lines[at].replace(&format!("\\\"from\\\":{}", kept + 1), "\\\"from\\\":1")));
    assert!(broken(&|lines| lines[at] = lines[at].replacen(&own, &stranger.vault.card("").signs, 1)));
    let whole: Vec<String> = before.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
    assert!(broken(&|lines| lines.insert(at, whole[kept as usize].clone())), "a lost row that comes back alone");

    // An auditor's desk, whatever of the lost rows came there, takes up what follows and has it looked at; nobody else's rows go on so.
    for seen in [kept, kept + 2, last as i64] {
        let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
        let mut desk = vault::samples::opened(folder.path(), &keys).unwrap();
        desk.desk_take(&own, &before[..seen as usize], later(230)).unwrap();
        desk.desk_take(&own, &audit[kept as usize..], later(240)).unwrap();
        let source = desk.desk_sources().unwrap().remove(0);
        assert_eq!(source.rows, audit.last().unwrap().seq, "{seen}");
        assert_eq!(
            source.faults.iter().map(|fault| (fault.0, fault.1)).collect::<Vec<_>>(),
            [(back.seq, DeskFault::Lost)]
        );
        let name = "ab".repeat(32);
        desk.desk_take(&name, &before[..kept as usize], later(230)).unwrap();
        desk.desk_take(&name, &audit[kept as usize..], later(240)).unwrap();
        let source = desk.desk_sources().unwrap().into_iter().find(|source| source.workstation == name).unwrap();
        assert_eq!(source.rows, kept, "what another workstation signed");
    }
}
