//! Vaults and a real relay's log: rows enter it once, and a vault that went back, a vault that was cut, a log that shows another
//! history, and a witness that is missing are told.

use std::process::{Command, Stdio};
use std::sync::Arc;

use department::Moment;
use jiff::{SignedDuration, Timestamp};
use vault::samples::InMemory;
use whole_product::desk::Desk;
use whole_product::process::{Running, programs};
use whole_product::relay::Relay;
use whole_product::second_reader::SecondReader;
use whole_product::tampering::{KINDS, PLACES, tried};

fn now() -> Moment {
    Moment(Timestamp::now())
}

fn days(n: i64) -> Moment {
    Moment(Timestamp::now() + SignedDuration::from_hours(24 * n))
}

struct Place {
    folder: tempfile::TempDir,
    keys: Arc<InMemory>,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), keys: Arc::new(InMemory::default()) }
    }

    fn desk(&self) -> Desk {
        Desk::open(self.folder.path(), &self.keys, now()).unwrap()
    }
}

/// A witness of the relay's log.
fn witness(relay: &Relay, folder: &std::path::Path) -> (Running, String, String) {
    let log = relay.operate(&["ledger", "key"]).unwrap();
    let mut command = Command::new(programs().unwrap().join("relay"));
    command.args(["witness", "--for", log.lines().last().unwrap(), "--name", "defender.example/w1"]);
    command.args(["--listen", "127.0.0.1:0", "--data"]).arg(folder.join("seen")).arg("--key").arg(folder.join("key"));
    let key = std::cell::RefCell::new(String::new());
    let (running, address) = Running::start_until(command.stderr(Stdio::null()), |line| {
        if let Some((_, said)) = line.split_once("has the key ") {
            said.clone_into(&mut key.borrow_mut());
        }
        line.strip_prefix("listening on ").map(str::to_owned)
    })
    .unwrap();
    (running, key.into_inner(), format!("http://{address}"))
}

#[tokio::test]
async fn rows_enter_the_log_at_the_next_contact_and_a_vault_that_went_back_is_told() {
    let (relay, place) = (Relay::start().unwrap(), Place::new());
    let desk = place.desk();
    desk.join(&relay, "Desk 1").unwrap();
    desk.work(700, "probe-viewed").unwrap();
    assert_eq!(desk.round(&relay).await.unwrap(), [] as [String; 0]);
    let seen = desk.here(|v| v.log_seen()).unwrap().unwrap();
    let rows = desk.here(|v| v.rows()).unwrap();
    assert!(seen.newest().size() > rows && rows > 700);
    let yesterday = tempfile::tempdir().unwrap();
    Desk::copy(place.folder.path(), yesterday.path()).unwrap();

    // Offline events join in order later; a round without any adds none of its own.
    desk.work(5, "note-sealed").unwrap();
    assert_eq!(desk.round(&relay).await.unwrap(), [] as [String; 0]);
    assert_eq!(desk.here(|v| v.rows()).unwrap(), rows + 5);
    assert_eq!(desk.here(|v| v.unproven(false, 100)).unwrap(), [] as [u64; 0], "records are proven");
    drop(desk);

    Desk::copy(yesterday.path(), place.folder.path()).unwrap();
    let old = place.desk();
    let told = old.round(&relay).await.unwrap();
    assert!(told[0].contains("older than it was"), "{told:?}");
    assert!(old.here(|v| v.rolled_back(place.keys.as_ref())).unwrap().is_some());
    assert_eq!(old.audited("vault-rolled-back").unwrap(), 1);
    // It goes on, to more rows than before: other ones. That stays known, and nothing of it enters the log.
    old.work(20, "probe-viewed").unwrap();
    let before = relay.operate(&["ledger", "key"]).unwrap();
    let told = old.round(&relay).await.unwrap();
    assert!(told[0].contains("older than it was"), "{told:?}");
    assert_eq!(old.audited("vault-rolled-back").unwrap(), 1, "it is on record once");
    let rows_of = |said: &str| said.split_whitespace().next().unwrap().parse::<u64>().unwrap();
    let after = relay.operate(&["ledger", "key"]).unwrap();
    assert_eq!(rows_of(&after), rows_of(&before) + 1, "the session alone");
}

#[tokio::test]
async fn a_log_that_went_back_or_shows_another_history_is_told_and_not_taken_up() {
    let (mut relay, place, other) = (Relay::start().unwrap(), Place::new(), Place::new());
    let (desk, second) = (place.desk(), other.desk());
    desk.join(&relay, "Desk 1").unwrap();
    second.join(&relay, "Desk 2").unwrap();
    desk.keep_up(&relay).unwrap();
    desk.work(30, "probe-viewed").unwrap();
    assert_eq!(desk.round(&relay).await.unwrap(), [] as [String; 0]);
    relay.stop();
    let yesterday = tempfile::tempdir().unwrap();
    let data = relay.data();
    assert!(Command::new("cp").arg("-r").arg(data.join(".")).arg(yesterday.path()).status().unwrap().success());
    relay.start_again().unwrap();
    second.work(40, "probe-viewed").unwrap();
    assert_eq!(second.round(&relay).await.unwrap(), [] as [String; 0]);
    assert_eq!(desk.round(&relay).await.unwrap(), [] as [String; 0]);
    relay.stop();
    std::fs::remove_dir_all(&data).unwrap();
    assert!(Command::new("cp").arg("-r").arg(yesterday.path()).arg(&data).status().unwrap().success());
    relay.start_again().unwrap();
    let seen = desk.here(|v| v.log_seen()).unwrap().unwrap();
    let told = desk.round(&relay).await.unwrap();
    assert!(told[0].contains("another history") && told[0].contains("went back"), "{told:?}");
    // As long as before, and longer.
    desk.work(100, "probe-viewed").unwrap();
    let told = desk.round(&relay).await.unwrap();
    assert!(told[0].contains("another history"), "{told:?}");
    assert_eq!(desk.here(|v| v.log_seen()).unwrap().unwrap(), seen, "nothing of it was taken up");
    assert_eq!(desk.audited("ledger-contradicted").unwrap(), 1, "it is on record once");

    // Another key in the log's place.
    relay.publish_log().unwrap();
    desk.keep_up(&relay).unwrap();
    let key = desk.here(|v| v.log_seen()).unwrap().unwrap().newest().log().to_string();
    assert!(desk.here(|v| v.log_key(&key)).is_ok());
    let forged = second.here(|v| v.log_key(&key.replace("ledger.corroborate", "elsewhere")));
    assert!(forged.is_err());
}

#[tokio::test]
async fn a_witness_counts_when_it_saw_the_log_and_is_missed_after_a_day() {
    let (mut relay, place) = (Relay::start().unwrap(), Place::new());
    let kept = tempfile::tempdir().unwrap();
    let (running, key, address) = witness(&relay, kept.path());
    relay.witnessed_by("defender.example/w1", &address, &key).unwrap();
    relay.publish_log().unwrap();
    let desk = place.desk();
    desk.join(&relay, "Desk 1").unwrap();
    desk.work(3, "note-sealed").unwrap();
    let mailer = desk.session(&relay).await.unwrap();
    let begun = std::time::Instant::now();
    // Its cosignature comes beside the answers.
    while !desk.here(|v| v.unproven(true, 100)).unwrap().is_empty() {
        assert_eq!(workstation::ledger_round::round(&desk, &mailer).await.unwrap(), [] as [String; 0]);
        assert!(begun.elapsed().as_secs() < 20, "never proven by what the witness saw");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(desk.here(|v| v.log_seen()).unwrap().is_some_and(|seen| seen.cosigned().is_some()));
    drop(running);
    // Away: at first nobody has to know, then they do.
    desk.work(1, "probe-viewed").unwrap();
    assert_eq!(desk.round(&relay).await.unwrap(), [] as [String; 0]);
    let told = desk.at(days(2)).round(&relay).await.unwrap();
    assert!(told[0].contains("defender.example/w1"), "{told:?}");
}

/// `make tamper` tries ten thousand.
#[test]
fn every_tampering_is_found_and_nothing_untouched() {
    let seed = 7;
    let all = PLACES.iter().flat_map(|place| KINDS.map(|kind| (*place, kind))).cycle().take(270);
    let all: Vec<(&str, &str)> = all.collect();
    let mut second = SecondReader::start().unwrap();
    for (n, (place, kind)) in all.iter().enumerate() {
        let tried = tried(place, kind, seed + n as u64).unwrap();
        assert!(tried.found, "{place}, {kind}, seed {}", seed + n as u64);
        if let Some(second) = &mut second {
            second.ask(&tried.untouched).unwrap();
            second.ask(&tried.tampered).unwrap();
        }
    }
    let Some(second) = second else {
        eprintln!("The second implementation read no log: there is no Node.js here, or the screens are not built.");
        return;
    };
    let answers = second.finish().unwrap();
    for (n, (place, kind)) in all.iter().enumerate() {
        let [before, after] = &answers[2 * n..2 * n + 2] else { panic!("two answers") };
        let what = format!("{place}, {kind}, seed {}", seed + n as u64);
        assert!(before.holds(), "untouched, {what}: {before:?}");
        assert!(!after.holds(), "not found by the second implementation, {what}: {after:?}");
    }
}
