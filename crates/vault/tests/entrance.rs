//! Who comes in, and who does not: the machine alone, a passphrase alone, yesterday's code, somebody else's.

use std::time::Instant;

use casework::samples::{at, examiner};
use casework::{Moment, Person};
use rusqlite::Connection;
use vault::samples::{self, InMemory, PASSPHRASE, keeper, rule};
use vault::{Admission, CODE_DAYS, Due, Entered, Entrance, Second, SecondFactor, VaultError};

const NOW: &str = "2026-03-02T12:00:00Z";

fn after(seconds: i64) -> Moment {
    Moment(jiff::Timestamp::from_second(at(NOW).0.as_second() + seconds).unwrap())
}

fn enter(entrance: &mut Entrance, who: &Person, passphrase: &str, now: &str) -> Result<Entered, VaultError> {
    entrance.enter(who.id, passphrase, Second::Code(""), "signed-in", at(now), &rule())
}

/// The code that an app shows for what it was given to type.
fn shown(factor: &SecondFactor, now: Moment) -> String {
    let secret = totp_rs::Secret::try_from_base32(factor.typed().replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(now.0.as_second() as u64).to_string()
}

#[test]
fn the_machine_with_its_secret_store_opens_nothing() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let mut entrance = Entrance::open(folder.path(), &keys).unwrap();
    let vault = entrance.begin(&keys).unwrap();
    let admission = Admission::of(&vault, &keeper()).unwrap();
    entrance.first(admission, PASSPHRASE, &keys, at("2026-03-02T11:00:00Z")).unwrap();
    drop((entrance, vault));
    let opens = |file: &str, key: &str| {
        let db = Connection::open(folder.path().join(file)).unwrap();
        db.pragma_update(None, "key", format!("x'{key}'")).unwrap();
        db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())).is_ok()
    };
    let secrets: Vec<String> = keys.0.lock().unwrap().values().filter(|value| value.len() == 64).cloned().collect();
    assert!(secrets.iter().any(|secret| opens("entrance.db", secret)), "the entrance is the machine's");
    assert!(!secrets.iter().any(|secret| opens("vault.db", secret)), "the vault is not");
    // What the entrance holds opens it no more than the secret store does.
    let mut entrance = Entrance::open(folder.path(), &keys).unwrap();
    for guess in ["", " ", "four words to remembeR", "four words to remember "] {
        assert!(matches!(enter(&mut entrance, &keeper(), guess, NOW), Err(VaultError::WrongPassphrase { .. })));
    }
    drop(entrance);
    // Nor does the passphrase on another machine.
    let elsewhere = tempfile::tempdir().unwrap();
    for file in ["entrance.db", "vault.db"] {
        std::fs::copy(folder.path().join(file), elsewhere.path().join(file)).unwrap();
    }
    assert!(matches!(Entrance::open(elsewhere.path(), &InMemory::default()), Err(VaultError::KeyMissing(_))));
    // Both together do, and soon: 1.0 s is what is promised of passphrase and case together.
    let begun = Instant::now();
    let mut entrance = Entrance::open(folder.path(), &keys).unwrap();
    let entered = enter(&mut entrance, &keeper(), PASSPHRASE, NOW).unwrap();
    drop(entrance.vault(&entered, &keys).unwrap());
    println!("passphrase to open vault: {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
    drop(entrance);
    // At no other cost of a guess.
    let mut cheap = samples::entrance(folder.path(), &keys).unwrap();
    assert!(matches!(enter(&mut cheap, &keeper(), PASSPHRASE, NOW), Err(VaultError::WrongPassphrase { .. })));
}

#[test]
fn wrong_ones_make_one_person_wait_and_all_of_it_is_on_record_once() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let (mut entrance, entered, vault) = samples::entered(folder.path(), &keys).unwrap();
    let two = examiner(2);
    let code = entrance.admit(&Admission::of(&vault, &two).unwrap(), &keys, at(NOW)).unwrap();
    drop(vault);
    for left in (0..5).rev() {
        let wrong = enter(&mut entrance, &keeper(), "another four words", NOW).unwrap_err();
        assert!(matches!(wrong, VaultError::WrongPassphrase { left: found, .. } if found == left), "{wrong}");
    }
    for early in ["2026-03-02T12:09:59Z", "2026-03-02T11:00:00Z"] {
        let waits = enter(&mut entrance, &keeper(), PASSPHRASE, early).unwrap_err();
        assert!(matches!(waits, VaultError::Waiting { .. }), "at {early}: {waits}");
    }
    assert!(enter(&mut entrance, &two, &code, NOW).is_ok(), "the other person does not wait");
    assert!(enter(&mut entrance, &keeper(), PASSPHRASE, "2026-03-02T12:10:00Z").is_ok());
    assert!(matches!(enter(&mut entrance, &examiner(3), PASSPHRASE, NOW), Err(VaultError::Unknown(_))), "a stranger");
    let count =
        |vault: &vault::Vault, action: &str| vault.audit().unwrap().iter().filter(|e| e.action == action).count();
    for _ in 0..2 {
        let mut vault = entrance.vault(&entered, &keys).unwrap();
        entrance.report(&mut vault).unwrap();
        vault.verify_audit().unwrap();
        assert_eq!((count(&vault, "sign-in-failed"), count(&vault, "sign-in-refused")), (5, 2));
        assert_eq!(count(&vault, "signed-in"), 2);
    }
}

#[test]
fn an_enrolment_code_lets_in_once_for_one_thing_and_a_week() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let (mut entrance, _, vault) = samples::entered(folder.path(), &keys).unwrap();
    let new = examiner(2);
    let first = entrance.admit(&Admission::of(&vault, &new).unwrap(), &keys, at(NOW)).unwrap();
    let code = entrance.admit(&Admission::of(&vault, &new).unwrap(), &keys, at(NOW)).unwrap();
    assert!(
        matches!(enter(&mut entrance, &new, &first, NOW), Err(VaultError::WrongPassphrase { .. })),
        "a later one came"
    );
    assert!(
        matches!(enter(&mut entrance, &keeper(), &code, NOW), Err(VaultError::WrongPassphrase { .. })),
        "another's"
    );
    let late = after(CODE_DAYS * 86_400 + 1);
    let ended = entrance.enter(new.id, &code, Second::Code(""), "signed-in", late, &rule());
    assert!(matches!(ended, Err(VaultError::CodeEnded(_))));
    let typed = code.to_lowercase().replace('-', " ").replace('0', "o");
    let entered = enter(&mut entrance, &new, &typed, NOW).unwrap();
    assert_eq!(entered.due(), Some(Due::Passphrase));
    let entered = entrance.choose(entered, "seven grey herons wait", at(NOW)).unwrap();
    let own = entered.signing().unwrap().verifying_key();
    assert_eq!(entered.due(), Some(Due::SecondFactor));
    drop(entered);
    assert!(matches!(enter(&mut entrance, &new, &code, NOW), Err(VaultError::WrongPassphrase { .. })), "it was used");
    let again = enter(&mut entrance, &new, "seven grey herons wait", NOW).unwrap();
    assert_eq!(again.signing().unwrap().verifying_key(), own, "the key stays");
    // A new passphrase keeps the key; a new code ends it, and what opened the door before opens it no more.
    let again = entrance.choose(again, "eight white egrets walk", at(NOW)).unwrap();
    assert_eq!(again.signing().unwrap().verifying_key(), own);
    assert!(enter(&mut entrance, &new, "seven grey herons wait", NOW).is_err());
    let code = entrance.admit(&Admission::of(&vault, &new).unwrap(), &keys, at(NOW)).unwrap();
    assert!(enter(&mut entrance, &new, "eight white egrets walk", NOW).is_err());
    let entered = enter(&mut entrance, &new, &code, NOW).unwrap();
    let entered = entrance.choose(entered, "seven grey herons wait", at(NOW)).unwrap();
    assert_ne!(entered.signing().unwrap().verifying_key(), own);
}

#[test]
fn a_passphrase_alone_lets_nobody_in_who_has_a_second_factor() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let (mut entrance, mut entered, vault) = samples::entered(folder.path(), &keys).unwrap();
    drop(vault);
    let factor = SecondFactor::fresh().unwrap();
    let wrong = entrance.set_second(&mut entered, &factor, "000000", at(NOW));
    assert!(matches!(wrong, Err(VaultError::WrongCode)) || shown(&factor, at(NOW)) == "000000");
    let recovery = entrance.set_second(&mut entered, &factor, &shown(&factor, at(NOW)), at(NOW)).unwrap();
    assert_eq!((entered.due(), recovery.len()), (None, 10));
    drop(entered);
    let mut come = |passphrase: &str, code: &str, now: Moment| {
        entrance.enter(keeper().id, passphrase, Second::Code(code), "signed-in", now, &rule())
    };
    let used = come(PASSPHRASE, &shown(&factor, at(NOW)), after(10));
    assert!(matches!(used, Err(VaultError::CodeUsed(_))), "the code that set it up counts as used");
    assert!(come(PASSPHRASE, &shown(&factor, after(60)), after(60)).is_ok());
    let replayed = come(PASSPHRASE, &shown(&factor, after(60)), after(62));
    assert!(matches!(replayed, Err(VaultError::CodeUsed(_))));
    let earlier = come(PASSPHRASE, &shown(&factor, after(30)), after(62));
    assert!(matches!(earlier, Err(VaultError::CodeUsed(_))), "a step before one that was used");
    for (passphrase, code) in [(PASSPHRASE, ""), (PASSPHRASE, "000000"), ("a guess", &shown(&factor, after(120))[..])] {
        let refused = come(passphrase, code, after(120));
        assert!(matches!(refused, Err(VaultError::WrongPassphrase { .. })), "{passphrase}, {code}");
    }
    // A clock that is wrong by a day.
    assert!(come(PASSPHRASE, &shown(&factor, after(86_400)), after(120)).is_err());
    // The telephone is lost: one recovery code works, once.
    let entered = come(PASSPHRASE, &recovery[4], after(150)).unwrap();
    assert_eq!(entered.recovery_left(), 9);
    assert!(matches!(come(PASSPHRASE, &recovery[4], after(150)), Err(VaultError::WrongPassphrase { .. })));
}

#[test]
fn an_older_door_or_another_persons_opens_nothing() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
    let (mut entrance, _, vault) = samples::entered(folder.path(), &keys).unwrap();
    let new = examiner(2);
    let code = entrance.admit(&Admission::of(&vault, &new).unwrap(), &keys, at(NOW)).unwrap();
    drop((vault, entrance));
    // With the secret store a hand writes one person's door over another's.
    let secrets: Vec<String> = keys.0.lock().unwrap().values().cloned().collect();
    let written = secrets.iter().any(|secret| {
        let db = Connection::open(folder.path().join("entrance.db")).unwrap();
        db.pragma_update(None, "key", format!("x'{secret}'")).unwrap();
        let sql = "UPDATE door SET (kind, salt, sealed, until) =
                       (SELECT kind, salt, sealed, until FROM door WHERE person_id = ?1) WHERE person_id = ?2";
        db.execute(sql, [new.id.to_string(), keeper().id.to_string()]).is_ok_and(|rows| rows == 1)
    });
    assert!(written);
    let mut entrance = samples::entrance(folder.path(), &keys).unwrap();
    assert!(matches!(enter(&mut entrance, &keeper(), &code, NOW), Err(VaultError::WrongPassphrase { .. })));
    assert!(matches!(enter(&mut entrance, &keeper(), PASSPHRASE, NOW), Err(VaultError::WrongPassphrase { .. })));
    assert!(enter(&mut entrance, &new, &code, NOW).is_ok());
}
