//! The department's log at a real relay, with a real witness: rows brought once and in order, proofs, kills, a store put back, a
//! witness that is away or refuses.

use crate::founded;

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use department::{KeySpan, PublicKey, Witness};
use ed25519_dalek::Signer as _;
use founded::{Department, Relay, adopted, copied, key, minutes, name_of, program, reason, refused, told};
use ledger::{Key, Kind, Leaf, Refusal, Signed, entries_of};
use relay::client::{AskError, Mailer};
use relay::ledger_client::LedgerError;
use relay::wire::{AuditEnd, HEAD, Logged, Rows, origin};
use sha2::{Digest, Sha256};

fn hash(n: u64) -> [u8; 32] {
    Sha256::digest(format!("row {n}")).into()
}

fn leaf(of: u8, n: u64) -> Leaf {
    Leaf::new(key(of).verifying_key().to_bytes(), n, hash(n)).unwrap()
}

/// Rows `first` to `last` of workstation `of`; `change` makes another row of one.
fn rows_with(of: u8, first: u64, last: u64, change: impl Fn(u64) -> u64) -> Rows {
    let hashes: Vec<String> = (first..=last).map(|n| hex::encode(hash(change(n)))).collect();
    let mut end = AuditEnd {
        rows: last,
        head: hashes.last().unwrap().clone(),
        at: "2026-03-02T12:00:00Z".to_owned(),
        signature: String::new(),
    };
    let text = end.text(&name_of(&key(of)));
    end.signature = hex::encode(key(of).sign(format!("{HEAD}\n{text}").as_bytes()).to_bytes());
    Rows { first, hashes, end }
}

fn rows(of: u8, first: u64, last: u64) -> Rows {
    rows_with(of, first, last, |n| n)
}

async fn log_of(session: &Mailer) -> Key {
    Key::read(&session.rows_logged().await.unwrap().unwrap().log).unwrap()
}

async fn newest(session: &Mailer, log: &Key) -> Signed {
    session.ledger().checkpoint("checkpoint", log).await.unwrap().unwrap()
}

fn two_desks() -> Department {
    Department::of(&[1, 2], &[7, 8])
}

#[tokio::test]
async fn rows_come_once_and_in_order_and_two_histories_are_found() {
    let relay = Relay::of(&two_desks(), &[]);
    let (seven, eight) = (relay.session(7).await.unwrap(), relay.session(8).await.unwrap());
    let log = log_of(&seven).await;
    assert_eq!(log.name(), origin(&two_desks().root().to_string()));
    let first = seven.log_rows(&rows(7, 1, 3)).await.unwrap();
    assert_eq!(first.position, 3);
    let before = newest(&seven, &log).await;
    // The same again adds nothing.
    assert_eq!(seven.log_rows(&rows(7, 1, 3)).await.unwrap(), first);
    assert_eq!(seven.log_rows(&rows(7, 2, 2)).await.unwrap().position, 2);
    assert_eq!(newest(&seven, &log).await.text(), before.text());
    let told = async |rows: Rows| reason(seven.log_rows(&rows).await.unwrap_err());
    assert_eq!(told(rows(7, 5, 6)).await.1, "audit-gap");
    assert_eq!(told(rows_with(7, 2, 4, |n| if n == 3 { 99 } else { n })).await.1, "audit-fork");
    // An end that is not the last row's, or that another workstation signed.
    assert_eq!(told(Rows { end: rows(7, 4, 5).end, ..rows(7, 4, 4) }).await.1, "malformed");
    assert_eq!(told(rows(8, 4, 4)).await.1, "malformed");
    assert_eq!(told(Rows { hashes: vec![], ..rows(7, 4, 4) }).await.1, "malformed");
    // What was refused is on the relay's audit, which is in the log too, and nothing else is.
    let after = newest(&seven, &log).await;
    assert_eq!(after.size(), before.size() + 1, "the fork");
    // Rows that overlap go on where the log ends; another workstation has positions of its own.
    assert_eq!(seven.log_rows(&rows(7, 2, 5)).await.unwrap().position, 5);
    assert_eq!(eight.log_rows(&rows(8, 1, 2)).await.unwrap().position, 2);
    let far = seven.rows_logged().await.unwrap().unwrap();
    assert_eq!((far.newest.unwrap().position, far.end.unwrap()), (5, rows(7, 5, 5).end));
    assert_eq!(eight.rows_logged().await.unwrap().unwrap().newest.unwrap().position, 2);
    assert_eq!(reason(eight.row_logged(3).await.unwrap_err()).0, 404);
}

#[tokio::test]
async fn every_row_is_proven_from_plain_files() {
    let relay = Relay::of(&two_desks(), &[]);
    let session = relay.session(7).await.unwrap();
    let log = log_of(&session).await;
    session.log_rows(&rows(7, 1, 200)).await.unwrap();
    let older = newest(&session, &log).await;
    session.log_rows(&rows(7, 201, 700)).await.unwrap();
    let newer = newest(&session, &log).await;
    let files = session.ledger();
    let grown = files.grown(&older, &newer).await.unwrap();
    assert_eq!((grown.older().size(), grown.newer().size()), (older.size(), newer.size()));
    for position in [1, 199, 200, 201, 333, 700] {
        let Logged { number, .. } = session.row_logged(position).await.unwrap();
        let included = files.included(leaf(7, position), number, &newer).await.unwrap();
        assert_eq!(included.index(), number);
        let other = files.included(leaf(7, position + 1), number, &newer).await;
        assert!(matches!(other, Err(LedgerError::Refused(Refusal::NotIncluded { .. }))));
    }
    // Anybody reads it, without a session: entries as they hash into the tree, and nothing outside of the log.
    let http = reqwest::Client::new();
    let get = async |path: &str| http.get(format!("{}/ledger/{path}", relay.url)).send().await.unwrap();
    let bundle = get("tile/entries/000").await.bytes().await.unwrap();
    let leaves = entries_of(&bundle).unwrap();
    let tile = get("tile/0/000").await.bytes().await.unwrap();
    assert_eq!((leaves.len(), tile.len()), (256, 8192));
    assert!(leaves.iter().zip(tile.chunks(32)).all(|(leaf, hash)| leaf.in_tree() == hash));
    for path in ["../relay.sqlite", "..%2frelay.sqlite", "ledger.key", "tile/0/..", "tile/0/999", "cosigned", ""] {
        assert_eq!(get(path).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn what_was_taken_outlives_a_kill_and_a_log_goes_on_with_no_other_history() {
    let relay = Relay::of(&two_desks(), &[]);
    let session = relay.session(7).await.unwrap();
    let log = log_of(&session).await;
    session.log_rows(&rows(7, 1, 300)).await.unwrap();
    let yesterday = copied(relay.data.path());
    session.log_rows(&rows(7, 301, 320)).await.unwrap();
    let before = newest(&session, &log).await;
    let data = relay.ended();
    // Files that are gone or were changed are made anew.
    let ledger = data.path().join("ledger");
    std::fs::remove_dir_all(ledger.join("tile/1")).unwrap();
    std::fs::write(ledger.join("tile/0/000"), vec![0; 8192]).unwrap();
    let again = Relay::serving(data, &[]);
    let session = again.session(7).await.unwrap();
    let after = newest(&session, &log).await;
    session.ledger().grown(&before, &after).await.unwrap();
    let number = session.row_logged(320).await.unwrap().number;
    session.ledger().included(leaf(7, 320), number, &after).await.unwrap();
    let data = again.ended();

    // A database of yesterday beside the files of today: it was signed for more than there is.
    let mixed = copied(data.path());
    for name in ["relay.sqlite", "relay.sqlite-wal", "relay.sqlite-shm"] {
        drop(std::fs::remove_file(mixed.path().join(name)));
        drop(std::fs::copy(yesterday.path().join(name), mixed.path().join(name)));
    }
    let path = mixed.path().to_str().unwrap();
    let said = refused(&["serve", "--data", path, "--listen", "127.0.0.1:0"], "");
    assert!(said.contains("went back"), "{said}");

    // All of it of yesterday: the relay cannot know, and whoever saw more does.
    let old = Relay::serving(yesterday, &[]);
    let session = old.session(7).await.unwrap();
    let shown = newest(&session, &log).await;
    let refused = session.ledger().grown(&after, &shown).await.unwrap_err();
    assert!(matches!(&refused, LedgerError::Refused(Refusal::RolledBack { .. })), "{refused}");
    // It goes on, with other rows than before: as long as before, and yet another history.
    let more = shown.size().abs_diff(after.size()) + 330;
    session.log_rows(&rows_with(7, 301, more, |n| n + 1000)).await.unwrap();
    let other = newest(&session, &log).await;
    let refused = session.ledger().grown(&after, &other).await.unwrap_err();
    assert!(matches!(&refused, LedgerError::Refused(why) if why.is_another_history()), "{refused}");

    // Another key in the place of the log's.
    let path = data.path().to_str().unwrap();
    std::fs::write(data.path().join("ledger.key"), "07".repeat(32)).unwrap();
    let said = refused_to(path);
    assert!(said.contains("another ledger"), "{said}");
}

fn refused_to(data: &str) -> String {
    refused(&["serve", "--data", data, "--listen", "127.0.0.1:0"], "")
}

/// A running witness.
struct Watching {
    child: Child,
    url: String,
    key: PublicKey,
}

impl Drop for Watching {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

const WITNESS: &str = "defender.example/w1";

impl Watching {
    fn of(log: &str, data: &std::path::Path, listen: &str) -> Self {
        let (data, secret) = (data.join("seen"), data.join("witness.key"));
        let mut command = program();
        command.args(["witness", "--for", log, "--name", WITNESS, "--listen", listen, "--data"]).arg(data);
        let mut child = command.arg("--key").arg(secret).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let key = lines.next().unwrap();
        let key = PublicKey::read(key.rsplit(' ').next().unwrap()).unwrap();
        let at = lines.find_map(|line| line.strip_prefix("listening on ").map(str::to_owned)).unwrap();
        let url = format!("http://{at}");
        Self { child, url, key }
    }

    fn wanted(&self) -> Key {
        let bytes = hex::decode(self.key.to_string()).unwrap().try_into().unwrap();
        Key::new(Kind::Witness, WITNESS, &bytes).unwrap()
    }

    fn at(&self) -> String {
        format!("{WITNESS}={}", self.url)
    }
}

/// Waits until the relay shows a cosigned checkpoint of at least so many rows: cosignatures are asked for beside the answers, and
/// whoever asks again has them asked for again.
async fn cosigned(session: &Mailer, log: &Key, rows: u64) -> Result<Signed, AskError> {
    let begun = Instant::now();
    loop {
        session.rows_logged().await?;
        if let Some(found) = session.ledger().checkpoint("cosigned", log).await.unwrap()
            && found.size() >= rows
        {
            return Ok(found);
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "no witness cosigned {rows} rows");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn witnessed(department: &Department, witness: PublicKey) -> Department {
    let signs = KeySpan::new(witness, minutes(-60).day(), None).unwrap();
    department.with(-60, |draft| draft.witnesses.push(Witness { name: WITNESS.to_owned(), signs }), &[1, 2])
}

#[tokio::test]
async fn a_witness_cosigns_what_only_grew_and_nothing_else() {
    let desks = two_desks();
    let data = adopted(&desks);
    let path = data.path().to_str().unwrap().to_owned();
    let log = told(&["ledger", "key", "--data", &path], "").lines().last().unwrap().to_owned();
    let seen = tempfile::tempdir().unwrap();
    let witness = Watching::of(&log, seen.path(), "127.0.0.1:0");
    let department = witnessed(&desks, witness.key);
    let file = seen.path().join("department");
    std::fs::write(&file, department.file()).unwrap();
    told(&["department", "import", "--data", &path, file.to_str().unwrap()], "");

    let relay = Relay::serving(data, &["--witness", &witness.at()]);
    let session = relay.session(7).await.unwrap();
    let log = log_of(&session).await;
    session.log_rows(&rows(7, 1, 300)).await.unwrap();
    let first = cosigned(&session, &log, 300).await.unwrap();
    let known = first.cosigned(&[witness.wanted()]).unwrap();
    assert!(known.first_seen() > 1_700_000_000);
    let yesterday = copied(relay.data.path());
    session.log_rows(&rows(7, 301, 320)).await.unwrap();
    let second = cosigned(&session, &log, first.size() + 20).await.unwrap();
    assert!(second.cosigned(&[witness.wanted()]).is_ok());
    drop(relay);

    // Put back whole, and gone on otherwise: nobody cosigns that, and the witness says no to whoever asks.
    let old = Relay::serving(yesterday, &["--witness", &witness.at()]);
    let session = old.session(7).await.unwrap();
    session.log_rows(&rows_with(7, 301, 400, |n| n + 1000)).await.unwrap();
    let forked = newest(&session, &log).await;
    assert!(forked.size() > second.size());
    for _ in 0..3 {
        session.rows_logged().await.unwrap();
    }
    let shown = session.ledger().checkpoint("cosigned", &log).await.unwrap().unwrap();
    assert_eq!(shown.size(), first.size(), "as it was cosigned yesterday");
    let body = ledger::Asked::new(second.size(), vec![], ledger::Checkpoint::read(forked.whole().as_bytes()).unwrap());
    let asked = async |body: String| {
        reqwest::Client::new().post(format!("{}/add-checkpoint", witness.url)).body(body).send().await.unwrap().status()
    };
    assert_eq!(asked(body.text()).await, 422);
    assert_eq!(asked(body.text().replace("ledger.corroborate", "elsewhere")).await, 404);
    assert_eq!(asked("old".to_owned()).await, 400);
}

#[tokio::test]
async fn a_witness_that_is_away_holds_nothing_up_and_one_at_a_time_keeps_what_it_saw() {
    let data = adopted(&two_desks());
    let log = told(&["ledger", "key", "--data", data.path().to_str().unwrap()], "").lines().last().unwrap().to_owned();
    let seen = tempfile::tempdir().unwrap();
    let witness = Watching::of(&log, seen.path(), "127.0.0.1:0");
    let (at, key) = (witness.at(), witness.key);
    let listen = witness.url.strip_prefix("http://").unwrap().to_owned();
    let second = program()
        .args(["witness", "--for", &log, "--name", WITNESS, "--listen", "127.0.0.1:0", "--data"])
        .arg(seen.path().join("seen"))
        .arg("--key")
        .arg(seen.path().join("witness.key"))
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&second.stderr).contains("another witness runs"), "{second:?}");
    drop(witness);
    drop(data);

    let relay = Relay::of(&witnessed(&two_desks(), key), &["--witness", &at]);
    let session = relay.session(7).await.unwrap();
    let own = log_of(&session).await;
    session.log_rows(&rows(7, 1, 10)).await.unwrap();
    assert!(session.ledger().checkpoint("cosigned", &own).await.unwrap().is_none());
    // It watches another log by now: the one of this relay is unknown to it.
    let witness = Watching::of(&log, seen.path(), &listen);
    session.log_rows(&rows(7, 11, 12)).await.unwrap();
    assert!(session.ledger().checkpoint("cosigned", &own).await.unwrap().is_none());
    drop(witness);
    let witness = Watching::of(&own.to_string(), seen.path(), &listen);
    session.log_rows(&rows(7, 13, 14)).await.unwrap();
    let found = cosigned(&session, &own, 14).await.unwrap();
    assert!(found.cosigned(&[witness.wanted()]).is_ok());
}

#[test]
fn the_logs_key_comes_into_the_roster() {
    let kept = tempfile::tempdir().unwrap();
    let at = |name: &str| kept.path().join(name).to_str().unwrap().to_owned();
    let (data, admin, kit) = (at("data"), at("admin.key"), at("kit"));
    let words = ["init", "--data", &data, "--department", "Nowhere", "--name", "A. Reyes", "--badge", "4471", "--ori"];
    let typed = "correct horse battery\n";
    let root = told(&[&words[..], &["CA0190000", "--key", &admin, "--kit", &kit]].concat(), typed);
    let root = root.lines().last().unwrap();
    told(&["ledger", "publish", "--data", &data, "--key", &admin], typed);
    let log = told(&["ledger", "key", "--data", &data], "");
    let log = Key::read(log.lines().last().unwrap()).unwrap();
    let roster = told(&["roster", "show", "--data", &data], "");
    assert!(roster.contains(&format!("witness\t{}\t{}", origin(root), hex::encode(log.bytes()))), "{roster}");
    assert!(refused(&["ledger", "publish", "--data", &data, "--key", &admin], typed).contains("already"));
}

/// Kills while rows are appended; `CORROBORATE_LEDGER_KILLS` plays more.
#[tokio::test]
async fn kills_while_rows_are_appended_lose_none_and_leave_none_half() {
    let kills: u64 = std::env::var("CORROBORATE_LEDGER_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    let mut relay = Relay::of(&two_desks(), &["--requests-a-minute", "100000"]);
    let (mut acknowledged, mut seen, mut under_way) = (0u64, None::<Signed>, 0);
    for kill in 0..kills {
        let session = relay.session(7).await.unwrap();
        let log = log_of(&session).await;
        let files = session.ledger();
        // What was acknowledged is there, once and in order, and the log only grew.
        let far = session.rows_logged().await.unwrap().unwrap().newest.map_or(0, |newest| newest.position);
        assert!(far >= acknowledged, "{acknowledged} rows were acknowledged, and {far} are there");
        let shown = newest(&session, &log).await;
        if let Some(seen) = &seen {
            files.grown(seen, &shown).await.unwrap();
        }
        for position in [1, far / 2, far].into_iter().filter(|position| (1..=far).contains(position)) {
            let logged = session.row_logged(position).await;
            let number = logged.unwrap_or_else(|error| panic!("row {position} of {far}: {error}")).number;
            files.included(leaf(7, position), number, &shown).await.unwrap();
        }
        seen = Some(shown);
        // Killed after a time that differs, while batches of other sizes come.
        let sender = session.clone();
        let sending = tokio::spawn(async move {
            let (mut at, mut size) = (far, 1 + kill % 7);
            while sender.log_rows(&rows(7, at + 1, at + size)).await.is_ok() {
                at += size;
                size = size * 5 % 311 + 1;
            }
            at
        });
        tokio::time::sleep(Duration::from_millis(5 + kill * 37 % 120)).await;
        let data = relay.ended();
        let at = sending.await.unwrap();
        under_way += u64::from(at > far);
        acknowledged = at;
        relay = Relay::serving(data, &["--requests-a-minute", "100000"]);
    }
    println!(
        "{kills} kills, {under_way} of them after rows had come, {acknowledged} rows acknowledged, 0 lost, 0 half"
    );
    assert!(acknowledged > 0);
}
