//! After a purge nothing of the case is anywhere: a thousand marks that were planted in it are looked for in every byte, sealed and
//! opened. Before it each of them was found.

use std::path::{Path, PathBuf};

use casework::samples::{StandingClock, at, examiner, file, forge, named, policy, uuid};
use casework::{
    Addendum, CaseFile, CaseId, Confirmed, Decision, Keeping, KeepingWord, Moment, NoteId, Person, PurgePermit,
    Reckoning, Retention, Review, ReviewForm, Role, Witnesses,
};
use department::{Chain, KeySpan, Member, PublicKey, Recipient, RosterDraft, Workstation, escrow};
use ed25519_dalek::SigningKey;
use vault::backup::{BackupFile, newest};
use vault::samples::{InMemory, beside, entered, keeper, opened};
use vault::{SecondFactor, Settings, Vault, VaultError};

const SEALED: &str = "2026-03-02T12:00:00Z";
const REVIEWED: &str = "2026-03-03T09:00:00Z";
const DUE: &str = "2028-03-05T09:00:00Z";
const GOES: &str = "2028-03-20T09:00:00Z";
const MARKS: usize = 1_000;

fn mark(n: usize) -> String {
    format!("mk{:08x}q", n.wrapping_mul(0x9e37_79b1) & 0xffff_ffff)
}

fn marks(from: usize, to: usize) -> String {
    (from..to).map(mark).collect::<Vec<_>>().join(" ")
}

fn supervisor(n: u128) -> Person {
    Person { roles: vec![Role::Supervisor], ..examiner(n) }
}

/// Every file below `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|part| part == wanted)
}

/// Which of the marks are in `bytes`: as they were written, in UTF-16, in hexadecimal.
fn found(bytes: &[u8]) -> Vec<usize> {
    let known: std::collections::HashMap<String, usize> = (0..MARKS).map(|n| (mark(n), n)).collect();
    let mut all = Vec::new();
    let wide: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let digits = bytes.windows(2).any(|two| two == b"6d").then(|| {
        let text: String = bytes.iter().map(|b| char::from(*b)).collect();
        let plain = |at: usize| hex::decode(text.get(at..at + 22)?).ok();
        text.match_indices("6d6b").filter_map(|(at, _)| plain(at)).flatten().collect::<Vec<u8>>()
    });
    for bytes in [bytes, wide.as_slice(), digits.as_deref().unwrap_or_default()] {
        for (at, _) in bytes.windows(2).enumerate().filter(|(_, two)| *two == b"mk") {
            let one = bytes.get(at..at + 11).and_then(|one| std::str::from_utf8(one).ok());
            all.extend(one.and_then(|one| known.get(one)));
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// The pages of a vault as its key opens them, those that nobody uses among them.
fn pages(vault: &Vault) -> Vec<u8> {
    let mut db = beside(vault).unwrap();
    db.serialize("main").unwrap().to_vec()
}

fn vault_with(person: u128, folder: &Path) -> Vault {
    let mut vault = opened(folder, &InMemory::default()).unwrap();
    let person = examiner(person);
    let by = person.reference();
    vault.put_person(&named(person), at("2026-03-01T08:00:00Z")).unwrap();
    let settings = Settings { workstation: "Robbery desk".to_owned(), ..Settings::default() };
    vault.set_settings(&settings, Some(&by), at("2026-03-01T08:00:00Z")).unwrap();
    vault
}

/// An approved lead that says all of the marks, and was sent for review.
fn planted(vault: &mut Vault, folder: &Path, elsewhere: &str) -> CaseFile {
    let by = examiner(1).reference();
    let mut whole = file();
    let kept = forge(&mut whole);
    kept.note.narrative = format!("One candidate was examined and nothing found: {}", marks(0, 400));
    kept.checklist.entries[0].attempts[0].what = format!("Asked the registry for {}", marks(400, 450));
    vault.put_case(whole.id, &whole, &by, at("2026-03-02T09:00:00Z"), None).unwrap();
    vault.put_original(whole.id, "probe", "camera-3.jpg", b"the probe", &by, at("2026-03-02T09:05:00Z")).unwrap();
    // A candidate's photograph and a file of several segments, whose name is a mark too.
    let photo = marks(450, 550);
    vault.put_original(whole.id, "candidate", &mark(550), photo.as_bytes(), &by, at("2026-03-02T09:06:00Z")).unwrap();
    let mut film = vec![7u8; 150_000];
    film.extend_from_slice(marks(551, 700).as_bytes());
    let path = folder.join(format!("{}.mkv", mark(551)));
    std::fs::write(&path, &film).unwrap();
    let attached = vault.attach(whole.id, &path, 1 << 30, &by, at("2026-03-02T09:07:00Z")).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(vault.original(whole.id, &attached.sha256).unwrap(), film);
    let note = whole.seal(NoteId(uuid(40)), &examiner(1), &StandingClock(at(SEALED)), &policy()).unwrap();
    whole.mark_sealed(&note);
    let stored = vault.seal(&note, &whole).unwrap();
    vault.pack_note(stored.content.id, elsewhere, at(SEALED)).unwrap();
    for package in vault.outbox().unwrap() {
        vault.package_sent(package.id, "file", at(SEALED)).unwrap();
    }
    let mut form = ReviewForm { decision: Some(Decision::Approve), ..ReviewForm::default() };
    for judged in &mut form.judged {
        judged.holds = Some(true);
    }
    form.judged[0].remark = marks(700, 800);
    let review = Review::decide(&stored.content, &stored.signed.sha256, &form, &supervisor(8), at(REVIEWED)).unwrap();
    vault.put_review(&review, whole.id, &whole).unwrap();
    let stored = vault.note(stored.content.id).unwrap();
    let added = marks(800, 900);
    let (sha256, now) = (&stored.signed.sha256, at("2026-03-04T09:00:00Z"));
    let addendum = Addendum::write(&stored.content, sha256, 0, &added, &examiner(1), now).unwrap();
    vault.put_addendum(&addendum).unwrap();
    for (n, (word, by)) in [(KeepingWord::HoldSet, 8), (KeepingWord::HoldLifted, 9)].into_iter().enumerate() {
        let standing = vault.standing(whole.id).unwrap();
        let reason = format!("Suit 26-CV-113 names it {}", marks(900 + 50 * n, 950 + 50 * n));
        let now = Moment(at("2026-03-05T09:00:00Z").0 + jiff::SignedDuration::from_secs(n as i64));
        let said = Keeping::say(word, &standing.record(), &supervisor(by), &reason, now).unwrap();
        vault.put_keeping(&said).unwrap();
    }
    whole
}

fn rules() -> casework::Policy {
    casework::Policy { sha256: "ab".repeat(32), ..policy() }
}

/// The permit for a case, by a supervisor who looked at what goes.
fn permit(vault: &mut Vault, case: CaseId, by: &Person, now: &str) -> Result<PurgePermit, String> {
    let standing = vault.standing(case).map_err(|e| e.to_string())?;
    let gone = vault.what_goes(&standing).unwrap();
    let digest = Vault::preview_sha256(&gone).unwrap();
    vault.previewed(case, &digest, &by.reference(), at(now)).unwrap();
    let previewed = vault.previewed_by(case, &digest, &[by.reference()]).unwrap();
    assert_eq!(previewed, Confirmed { by: by.reference(), at: at(now) });
    let reckoning = Reckoning::of(at(now), Witnesses::None);
    PurgePermit::grant(&standing.record(), &rules(), reckoning, gone, previewed, by, at(now))
        .map_err(|gaps| format!("{gaps:?}"))
}

fn counts(vault: &Vault) -> Vec<(String, i64)> {
    let db = beside(vault).unwrap();
    let mut query = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").unwrap();
    let names: Vec<String> = query.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    let count = |name: &String| db.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |r| r.get(0)).unwrap();
    names.iter().map(|name| (name.clone(), count(name))).collect()
}

#[test]
fn of_a_thousand_marks_in_a_purged_case_none_is_left() {
    let [folder, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let mut vault = vault_with(1, folder.path());
    let there = vault_with(9, other.path());
    vault.add_workstation(&there.card("There"), &examiner(1).reference(), at("2026-03-01T09:00:00Z")).unwrap();
    let empty = counts(&vault);
    let whole = planted(&mut vault, other.path(), &there.card("").signs);
    let case = whole.id;

    // Each mark is there before: in the pages as the key opens them, or behind the case's own key.
    let before = pages(&vault);
    let sealed_key: Vec<u8> =
        beside(&vault).unwrap().query_row("SELECT sealed FROM case_key", [], |r| r.get(0)).unwrap();
    assert!(holds(&before, &sealed_key));
    let mut seen = found(&before);
    assert!(seen.len() >= 700, "{}", seen.len());
    assert!(!seen.contains(&500) && !seen.contains(&600), "photographs and files lie sealed");
    for row in [&whole.note.narrative, &marks(450, 550), &marks(551, 700)] {
        seen.extend(found(row.as_bytes()));
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), MARKS);
    assert!(vault.candidate_photo(case, casework::CandidateId(uuid(1))).unwrap().is_none());

    // It is due, supervisors are told, and the days pass.
    assert!(permit(&mut vault, case, &supervisor(10), DUE).is_err(), "nobody was told");
    vault.told_due(case, at(DUE), at(DUE)).unwrap();
    let decided = |vault: &Vault, now| {
        let standing = vault.standing(case).unwrap();
        Retention::of(&standing.record(), &rules().retention, Reckoning::of(at(now), Witnesses::None))
    };
    assert!(matches!(decided(&vault, DUE), Retention::Due { goes_from: Some(_), .. }));
    for refused in [supervisor(8), supervisor(9), examiner(10)] {
        assert!(permit(&mut vault, case, &refused, GOES).is_err());
    }
    let stale = permit(&mut vault, case, &supervisor(10), GOES).unwrap();
    // Something comes to it after it was looked at: what was not looked at does not go.
    vault
        .put_original(case, "attachment", "late.txt", b"late", &examiner(1).reference(), at(GOES))
        .expect("a file is added");
    assert!(matches!(vault.purge(&stale), Err(VaultError::NotProven { .. })));
    assert_eq!(vault.notes_of(case).unwrap().len(), 1);
    let permit = permit(&mut vault, case, &supervisor(10), GOES).unwrap();
    let certificate = vault.purge(&permit).unwrap();
    vault.scrub().unwrap();

    // Nothing is there, neither a mark nor the key, in no page and no file.
    let after = pages(&vault);
    assert_eq!(found(&after), Vec::<usize>::new());
    assert!(!holds(&after, &sealed_key));
    let log = std::fs::metadata(folder.path().join("vault.db-wal")).map_or(0, |log| log.len());
    assert_eq!(log, 0, "the log beside the file was emptied");
    for path in files(folder.path()) {
        assert_eq!(found(&std::fs::read(&path).unwrap()), Vec::<usize>::new(), "{}", path.display());
    }
    let left = counts(&vault);
    for ((name, before), (_, after)) in empty.iter().zip(&left) {
        match name.as_str() {
            "audit" => assert!(after > before),
            "purged" => assert_eq!(*after, 1),
            // The vault's own secret, and the tables that count themselves.
            "secret" | "setting" => {}
            name => assert_eq!(before, after, "{name}"),
        }
    }
    // What is left: the certificate, the hashes, and the audit that follows from row to row.
    vault.verify_audit().unwrap();
    let exported = vault.export_certificate(case).unwrap();
    let checked = vault::verify_certificate(&exported, None).unwrap();
    assert_eq!(checked.content, *permit.content());
    assert_eq!(vault.certificates().unwrap(), [certificate]);
    let kinds: Vec<&str> = checked.content.gone.iter().map(|gone| gone.kind.as_str()).collect();
    for kind in ["note", "review", "addendum", "keeping", "part", "probe", "attachment", "candidate", "package"] {
        assert!(kinds.contains(&kind), "{kind}");
    }
    assert_eq!(found(exported.as_bytes()), Vec::<usize>::new());
    assert!(vault.cases::<CaseFile>().unwrap().0.is_empty());
    assert!(matches!(vault.case::<CaseFile>(case), Err(VaultError::Unknown(_))));
    // It does not come back, by no way.
    assert!(vault.put_case(case, &whole, &examiner(1).reference(), at(GOES), None).is_err());
    assert!(vault.purge(&permit).is_err());
    // A changed certificate is none.
    for (place, byte) in exported.bytes().enumerate().step_by(37) {
        let mut changed = exported.clone().into_bytes();
        changed[place] = if byte == b'0' { b'1' } else { b'0' };
        let text = String::from_utf8_lossy(&changed);
        assert!(text == exported || vault::verify_certificate(&text, None).is_err(), "byte {place}");
    }
}

#[test]
fn a_hold_that_is_taken_out_or_lifted_by_hand_is_missed() {
    let folder = tempfile::tempdir().unwrap();
    let mut vault = vault_with(1, folder.path());
    let (whole, by) = (file(), examiner(1).reference());
    vault.put_case(whole.id, &whole, &by, at(SEALED), None).unwrap();
    let standing = vault.standing(whole.id).unwrap();
    let said = Keeping::say(
        KeepingWord::HoldSet,
        &standing.record(),
        &supervisor(8),
        "Suit 26-CV-113 names this search.",
        at(REVIEWED),
    );
    vault.put_keeping(&said.unwrap()).unwrap();
    assert!(vault.standing(whole.id).unwrap().record().hold().is_some());
    let db = beside(&vault).unwrap();
    assert!(db.execute("DELETE FROM keeping", []).is_err());
    assert!(db.execute("UPDATE keeping SET word = 'hold-lifted'", []).is_err());
    // Whoever takes the trigger away first is found by the audit, and the case never goes.
    db.execute_batch("DROP TRIGGER keeping_is_never_removed; DELETE FROM keeping;").unwrap();
    assert!(matches!(vault.standing(whole.id), Err(VaultError::NotProven { .. })));
    // The database refuses a certificate of what is held, and the removal of a note without one.
    assert!(db.execute("DELETE FROM case_key", []).is_ok(), "a key without its case opens nothing of another");
    assert!(matches!(vault.case::<CaseFile>(whole.id), Err(VaultError::Unsealed)));
}

#[test]
fn what_is_sealed_for_one_place_opens_at_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut vault = vault_with(1, folder.path());
    let by = examiner(1).reference();
    let whole = file();
    let other = CaseFile::begin(CaseId(uuid(77)), by.clone());
    vault.put_case(whole.id, &whole, &by, at(SEALED), None).unwrap();
    vault.put_case(other.id, &other, &by, at(SEALED), None).unwrap();
    let [one, two] = [vec![1u8; 200_000], vec![2u8; 200_000]];
    let one = vault.put_original(whole.id, "attachment", "one", &one, &by, at(SEALED)).unwrap();
    let two = vault.put_original(whole.id, "attachment", "two", &two, &by, at(SEALED)).unwrap();
    let empty = vault.put_original(whole.id, "attachment", "none", b"", &by, at(SEALED)).unwrap();
    assert_eq!(vault.original(whole.id, &empty).unwrap(), b"");
    let db = beside(&vault).unwrap();
    db.execute_batch("DROP TRIGGER original_is_never_changed").unwrap();
    // Parts of another name and of another case.
    let swap = "UPDATE case_part SET content = (SELECT content FROM case_part p WHERE p.case_id = ?2 AND p.name = ?3)
                WHERE case_id = ?1 AND name = 'note'";
    for (from, name) in [(&whole, "checklist"), (&CaseFile::begin(other.id, by.clone()), "note")] {
        vault.put_case(whole.id, &whole, &by, at(SEALED), None).ok();
        db.execute(swap, [whole.id.to_string(), from.id.to_string(), name.to_owned()]).unwrap();
        assert!(matches!(vault.case::<CaseFile>(whole.id), Err(VaultError::Unsealed)), "{name}");
    }
    // Files: another one, cut off at each segment, segments exchanged, a bit changed.
    let bytes = |sha256: &str| -> Vec<u8> {
        db.query_row("SELECT bytes FROM original WHERE sha256 = ?1", [sha256], |r| r.get(0)).unwrap()
    };
    let (whole_one, whole_two) = (bytes(&one), bytes(&two));
    let segment = (1 << 16) + 16;
    let mut exchanged = whole_one.clone();
    exchanged[19..19 + 2 * segment].rotate_left(segment);
    let mut changed = whole_one.clone();
    changed[150_000] ^= 1;
    let cut = (0..4).map(|n| whole_one[..(19 + n * segment).min(whole_one.len())].to_vec());
    let wrong = cut.chain([whole_two, exchanged, changed, Vec::new(), whole_one[..200_000].to_vec()]);
    for (n, wrong) in wrong.enumerate() {
        db.execute("UPDATE original SET bytes = ?2 WHERE sha256 = ?1", rusqlite::params![one, wrong]).unwrap();
        assert!(vault.original(whole.id, &one).is_err(), "{n}");
        assert!(matches!(vault.check_files(whole.id, [&one]), Err(VaultError::FileChanged(_))), "{n}");
    }
    db.execute("UPDATE original SET bytes = ?2 WHERE sha256 = ?1", rusqlite::params![one, whole_one]).unwrap();
    assert!(vault.original(whole.id, &one).is_ok());
}

/// A founded workstation, whose only person is a supervisor too.
fn founded(folder: &Path, keys: &InMemory) -> (vault::Entrance, vault::Entered, Vault) {
    let (mut entrance, mut entered, mut vault) = entered(folder, keys).unwrap();
    let factor = SecondFactor::fresh().unwrap();
    let secret = totp_rs::Secret::try_from_base32(factor.typed().replace(' ', "")).unwrap();
    let codes = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let code = codes.generate(at(SEALED).0.as_second() as u64).to_string();
    entrance.set_second(&mut entered, &factor, &code, at(SEALED)).unwrap();
    let root = SigningKey::from_bytes(&[7; 32]);
    let day = at(SEALED).day();
    let span = |key| KeySpan::new(key, day, None).unwrap();
    let card = vault.card("Here");
    let own = entered.signing().unwrap();
    let kit = Recipient {
        name: "Recovery kit".to_owned(),
        receives: escrow::recovery_recipient(&root),
        from: day,
        until: None,
    };
    let person = Person { roles: vec![Role::Administrator, Role::Supervisor], ..keeper() };
    let draft = RosterDraft {
        name: "Police".to_owned(),
        people: vec![Member { person, keys: vec![span(PublicKey::of(&own))] }],
        workstations: vec![Workstation {
            name: card.name.clone(),
            signs: span(PublicKey::read(&card.signs).unwrap()),
            receives: card.receives.clone(),
        }],
        escrow: vec![kit],
        ..RosterDraft::default()
    };
    let first = Chain::first(&PublicKey::of(&root), draft, at(SEALED)).unwrap();
    let first = first.signed(vec![first.sign(&root)]).unwrap();
    let chain = Chain::read(&PublicKey::of(&root), &[&first]).unwrap();
    let text = include_str!("../../../assets/policy.toml").to_owned();
    let next = chain.next_policy(text, at("2026-03-02T12:00:01Z")).unwrap();
    let second = next.signed(vec![next.sign(&own)]).unwrap();
    vault.found(&PublicKey::of(&root), &[first, second], None, at("2026-03-02T12:00:02Z")).unwrap();
    vault.signs_with(Some(own));
    let door = entrance.travelling(&mut entered).unwrap().unwrap();
    let stated = vault.state_door(&door, at("2026-03-02T12:00:03Z")).unwrap();
    entrance.stated(keeper().id, &stated, at("2026-03-02T12:00:03Z")).unwrap();
    (entrance, entered, vault)
}

#[test]
fn a_backup_after_a_purge_holds_nothing_of_it_and_those_before_go() {
    let [folder, backups] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let keys = InMemory::default();
    let (entrance, entered, mut vault) = founded(folder.path(), &keys);
    let by = examiner(1).reference();
    let mut draft = file();
    forge(&mut draft).note.narrative = marks(0, MARKS);
    vault.put_case(draft.id, &draft, &by, at("2026-03-03T09:00:00Z"), None).unwrap();
    let film: Vec<u8> = (0..3_000_000u32).map(|n| (n % 251) as u8).collect();
    vault.put_original(draft.id, "attachment", "film", &film, &by, at("2026-03-03T09:00:00Z")).unwrap();
    let doors = entrance.stated_here().unwrap();
    let (due, goes) = ("2026-06-01T00:00:00Z", "2026-06-16T00:00:00Z");
    let person = Person { roles: vec![Role::Administrator, Role::Supervisor], ..keeper() };
    for second in 0..3 {
        let at = Moment(at(due).0 + jiff::SignedDuration::from_secs(second));
        vault.back_up(backups.path(), &doors, None, at).unwrap();
    }
    vault.told_due(draft.id, at(due), at("2026-06-01T00:00:10Z")).unwrap();
    let permit = permit(&mut vault, draft.id, &person, goes).unwrap();
    vault.purge(&permit).unwrap();
    vault.scrub().unwrap();
    let old: Vec<PathBuf> = files(backups.path());
    let path = vault.back_up(backups.path(), &doors, None, at("2026-06-16T00:00:05Z")).unwrap().path;
    assert_eq!(newest(backups.path()).unwrap(), path);
    let left = files(backups.path());
    let manifests = |all: &[PathBuf]| all.iter().filter(|path| path.extension().is_some_and(|e| e == "json")).count();
    assert_eq!((manifests(&old), manifests(&left)), (3, 1), "those from before went");
    let backup = BackupFile::read(&path).unwrap();
    let pieces = left.len() - 1;
    let named: std::collections::BTreeSet<&String> = backup.manifest().chunks.iter().collect();
    assert_eq!(pieces, named.len(), "and the pieces that they alone needed");
    // As its key opens it, page for page.
    let key = backup.key(&[escrow::recovery_identity(&SigningKey::from_bytes(&[7; 32]))]).unwrap();
    let whole: Vec<u8> = backup
        .manifest()
        .chunks
        .iter()
        .flat_map(|name| std::fs::read(left.iter().find(|path| path.ends_with(name)).unwrap()).unwrap())
        .collect();
    let opened = folder.path().join("opened.db");
    std::fs::write(&opened, whole).unwrap();
    let mut db = rusqlite::Connection::open(&opened).unwrap();
    db.pragma_update(None, "key", format!("x'{}'", key.as_str())).unwrap();
    assert_eq!(db.query_row("SELECT count(*) FROM purged", [], |r| r.get::<_, i64>(0)).unwrap(), 1);
    assert_eq!(found(&db.serialize("main").unwrap()), Vec::<usize>::new());
    drop(db);
    std::fs::remove_file(&opened).unwrap();
    for path in left.iter().chain(&files(folder.path())) {
        assert_eq!(found(&std::fs::read(path).unwrap()), Vec::<usize>::new(), "{}", path.display());
    }
    // Who let it go is shown by the department's documents.
    let exported = vault.export_certificate(draft.id).unwrap();
    let checked = vault::verify_certificate(&exported, None).unwrap();
    assert_eq!((checked.signers.len(), checked.unsigned.len()), (1, 0));
    drop((vault, entered, entrance));
}
