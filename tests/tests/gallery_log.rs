//! A real gallery's log: its audit enters it and is proven to an auditor's vault; an audit that was cut, put back, forked or signed
//! anew, and a log that is gone, are told; witnesses; the audit as a file.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use department::Moment;
use gallery::server::{Gallery, Options, router};
use gallery::store::Store;
use gallery_api::client::Client;
use ledger::{Checkpoint, Key, gallery_key};
use vault::GalleryFault;
use vault::samples::InMemory;
use whole_product::audited_gallery::{AuditedGallery, copied};
use whole_product::desk::Desk;
use whole_product::postgres::Cluster;
use whole_product::process::{Running, programs};
use workstation::gallery_shown::GalleryShown;
use workstation::oversee_gallery::{read, take};

struct Auditor {
    desk: Desk,
    address: String,
    _folder: tempfile::TempDir,
}

impl Auditor {
    fn of(gallery: &AuditedGallery) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Moment(jiff::Timestamp::now());
        let desk = Desk::open(folder.path(), &Arc::new(InMemory::default()), now).unwrap();
        Self { desk, address: gallery.url(), _folder: folder }
    }

    /// Reads on; gives how many rows were new.
    async fn reads(&self, token: &str) -> usize {
        let shown = GalleryShown::Asked(Client::new(&self.address, token).unwrap());
        take(&self.desk, &self.address, &shown, casework::samples::examiner(9).reference()).await.unwrap()
    }

    async fn reads_file(&self, path: &Path) -> Result<usize, String> {
        let file = read(path).map_err(|error| error.message)?;
        let shown = GalleryShown::File(Box::new(file));
        let by = casework::samples::examiner(9).reference();
        take(&self.desk, &self.address, &shown, by).await.map_err(|error| error.message)
    }

    fn rows(&self) -> i64 {
        self.desk.here(|v| v.desk_gallery(&self.address)).unwrap().map_or(0, |read| read.rows)
    }

    fn logged(&self) -> Option<u64> {
        self.desk.here(|v| v.gallery_log(&self.address)).unwrap().map(|log| log.newest().size())
    }

    fn faults(&self) -> Vec<GalleryFault> {
        self.desk.here(|v| v.gallery_faults(&self.address)).unwrap().iter().map(|fault| fault.what).collect()
    }
}

fn by_hand(data: &Path) -> rusqlite::Connection {
    let db = rusqlite::Connection::open(data.join("gallery.sqlite")).unwrap();
    db.execute_batch("DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_removed").unwrap();
    db
}

fn new() -> (tempfile::TempDir, AuditedGallery) {
    let data = tempfile::tempdir().unwrap();
    let gallery = AuditedGallery::of(data.path(), &[]);
    (data, gallery)
}

#[tokio::test]
async fn every_row_is_in_the_log_before_an_auditor_takes_it_and_a_kill_loses_none() {
    let (data, mut gallery) = new();
    let token = gallery.token().unwrap();
    gallery.work(3).unwrap();
    gallery.serve(&[]).unwrap();
    let auditor = Auditor::of(&gallery);
    assert_eq!(auditor.reads(&token).await, 4);
    assert_eq!((auditor.rows(), auditor.logged(), auditor.faults().len()), (4, Some(4), 0));
    // What the reading itself left on the audit is read the next time.
    assert_eq!(auditor.reads(&token).await, 1);
    // Rows that another process writes are in the checkpoint that is asked for next, or were caught up after a kill.
    gallery.work(2).unwrap();
    gallery.kill();
    gallery.work(1).unwrap();
    gallery.serve(&[]).unwrap();
    auditor.reads(&token).await;
    assert_eq!((auditor.rows(), auditor.faults().len()), (9, 0));
    // Files that are gone or were changed are made anew.
    gallery.stop();
    let ledger = data.path().join("ledger");
    std::fs::remove_dir_all(ledger.join("tile/entries")).unwrap();
    for file in std::fs::read_dir(ledger.join("tile/0/000.p")).unwrap().flatten() {
        std::fs::write(file.path(), [0; 32]).unwrap();
    }
    gallery.serve(&[]).unwrap();
    auditor.reads(&token).await;
    assert_eq!((auditor.rows(), auditor.faults().len()), (10, 0));
    // Anybody reads it without a token, and nothing outside of the log.
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let get = async |path: &str| http.get(format!("{}/v1/ledger/{path}", gallery.url())).send().await.unwrap();
    let shown = get("checkpoint").await.text().await.unwrap();
    let shown = Checkpoint::read(shown.as_bytes()).unwrap();
    let key = gallery_key(shown.origin()).unwrap();
    assert_eq!(gallery.operate(&["audit", "key"]).unwrap().trim(), key.to_string());
    assert!(shown.signed(&key).is_ok());
    for path in ["cosigned", "tile/0/999", "tile/..%2f..%2fgallery.sqlite", "tile/0/..", "", "checkpoint.part"] {
        assert_eq!(get(path).await.status(), 404, "{path}");
    }
    let said = gallery.operate(&["audit", "verify"]).unwrap();
    assert!(said.contains("chain whole") && said.contains("stand in the log") && said.contains("no witness"), "{said}");
}

#[tokio::test]
async fn an_audit_that_was_cut_put_back_forked_or_signed_anew_is_told_plainly() {
    let (data, mut gallery) = new();
    let token = gallery.token().unwrap();
    gallery.work(5).unwrap();
    gallery.serve(&[]).unwrap();
    let auditor = Auditor::of(&gallery);
    auditor.reads(&token).await;
    gallery.stop();
    let yesterday = gallery.copied().unwrap();
    gallery.work(4).unwrap();
    gallery.serve(&[]).unwrap();
    auditor.reads(&token).await;
    let (rows, logged) = (auditor.rows(), auditor.logged().unwrap());
    gallery.stop();
    let today = gallery.copied().unwrap();
    let kept = data.path().join("kept");
    std::fs::copy(data.path().join("ledger/checkpoint"), &kept).unwrap();
    let kept = kept.to_str().unwrap().to_owned();
    let verify = |gallery: &AuditedGallery, more: &[&str]| {
        gallery.operate(&[&["audit", "verify"], more].concat()).map_err(|error| error.to_string())
    };
    assert!(verify(&gallery, &["--checkpoint", &kept]).is_ok());
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::copy(&kept, elsewhere.path().join("kept")).unwrap();
    let kept = elsewhere.path().join("kept").to_str().unwrap().to_owned();

    // The newest rows are cut off in the database: the chain is whole, the log says more, and the gallery does not serve it.
    by_hand(data.path()).execute("DELETE FROM audit WHERE seq > 7", []).unwrap();
    let said = verify(&gallery, &[]).unwrap_err();
    assert!(said.contains("went back") && said.contains("cut off"), "{said}");
    assert!(gallery.refused().unwrap().contains("went back"));
    // A row is taken out within, or changed with the hashes after it chained anew.
    gallery.put_back(today.path()).unwrap();
    by_hand(data.path()).execute("DELETE FROM audit WHERE seq = 5", []).unwrap();
    assert!(verify(&gallery, &[]).unwrap_err().contains("row 5"), "a gap");
    assert!(gallery.refused().unwrap().contains("row 5"));
    gallery.put_back(today.path()).unwrap();
    by_hand(data.path()).execute("UPDATE audit SET hash = lower(hex(zeroblob(32))) WHERE seq = 5", []).unwrap();
    assert!(gallery.refused().unwrap().contains("two histories"), "{}", gallery.refused().unwrap());

    // All of it of yesterday: the gallery cannot know. Whoever kept a checkpoint does, and so does the auditor.
    gallery.put_back(yesterday.path()).unwrap();
    assert!(verify(&gallery, &[]).is_ok());
    assert!(verify(&gallery, &["--checkpoint", &kept]).unwrap_err().contains("went back"));
    gallery.serve(&[]).unwrap();
    assert_eq!(auditor.reads(&token).await, 0);
    assert_eq!(auditor.faults(), [GalleryFault::RolledBack]);
    // It goes on, to as many rows and more: another history, on record once.
    gallery.work(12).unwrap();
    assert_eq!((auditor.reads(&token).await, auditor.reads(&token).await), (0, 0));
    assert_eq!(auditor.faults(), [GalleryFault::Fork, GalleryFault::RolledBack]);
    assert_eq!((auditor.rows(), auditor.logged().unwrap()), (rows, logged), "nothing of it was taken up");
    assert_eq!(auditor.desk.audited("gallery-log-contradicted").unwrap(), 2);
    assert!(verify(&gallery, &["--checkpoint", &kept]).unwrap_err().contains("two histories"));
    gallery.stop();

    // Another key in the log's place: all that was signed is out of the way.
    gallery.put_back(today.path()).unwrap();
    std::fs::remove_dir_all(data.path().join("ledger")).unwrap();
    by_hand(data.path()).execute("UPDATE secret SET value = randomblob(32) WHERE name = 'log'", []).unwrap();
    gallery.serve(&[]).unwrap();
    assert_eq!(auditor.reads(&token).await, 0);
    assert_eq!(auditor.faults()[0], GalleryFault::OtherKey);
    assert!(verify(&gallery, &["--checkpoint", &kept]).is_err());
    gallery.stop();
    // One that was put back begins its log anew, under another address.
    gallery.put_back(yesterday.path()).unwrap();
    let key = gallery.operate(&["audit", "new-log", "--because", "Put back from a copy"]).unwrap();
    assert!(data.path().read_dir().unwrap().flatten().any(|e| e.file_name().to_string_lossy().starts_with("ledger-")));
    let mut anew = AuditedGallery::of(data.path(), &[]);
    anew.serve(&[]).unwrap();
    let fresh = Auditor::of(&anew);
    assert!(fresh.reads(&token).await > 5);
    assert_eq!(fresh.desk.here(|v| v.gallery_log(&fresh.address)).unwrap().unwrap().key().to_string(), key.trim());
    assert!(anew.operate(&["audit", "verify"]).is_ok());
    anew.stop();
    // The untouched one is gone on with.
    gallery.put_back(today.path()).unwrap();
    gallery.serve(&[]).unwrap();
    assert!(auditor.reads(&token).await > 0);
    assert_eq!(auditor.faults().len(), 3);
}

/// Serves a store within this process, without a log: as an older gallery does.
async fn unlogged(data: &Path, index: &Path) -> (String, tokio::sync::oneshot::Sender<()>) {
    let (data, index) = (data.to_owned(), index.to_owned());
    let open = move || {
        let store = Store::sqlite(&data).unwrap();
        router(Gallery::open(store, &index, ("none", 512), Options::default()).unwrap())
    };
    let app = tokio::task::spawn_blocking(open).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let limits = service::connections::Connections::default();
    tokio::spawn(service::connections::serve(listener, app, limits, async move { drop(stopped.await) }));
    (address, stop)
}

#[tokio::test]
async fn an_older_gallery_is_not_logged_and_one_that_hides_its_log_is_told() {
    let (data, mut gallery) = new();
    let token = gallery.token().unwrap();
    gallery.work(3).unwrap();
    let index = tempfile::tempdir().unwrap();
    let (address, stop) = unlogged(data.path(), index.path()).await;
    let mut auditor = Auditor::of(&gallery);
    auditor.address = format!("http://{address}");
    assert_eq!(
        (auditor.reads(&token).await, auditor.logged()),
        (6, None),
        "with that it has no limits, and that it is read"
    );
    drop(stop);
    // It comes to have one: what was read before stands in it. The address stays.
    let before = auditor.address.clone();
    gallery.serve(&[]).unwrap();
    let shown = GalleryShown::Asked(Client::new(&gallery.url(), &token).unwrap());
    let by = casework::samples::examiner(9).reference();
    take(&auditor.desk, &before, &shown, by.clone()).await.unwrap();
    assert!(auditor.logged().unwrap() >= 5 && auditor.faults().is_empty());
    gallery.stop();
    // And to have none any more; the first one may not have let go of its index yet.
    let index = tempfile::tempdir().unwrap();
    let (address, _stop) = unlogged(data.path(), index.path()).await;
    let shown = GalleryShown::Asked(Client::new(&format!("http://{address}"), &token).unwrap());
    assert_eq!(take(&auditor.desk, &before, &shown, by).await.unwrap(), 0);
    assert_eq!(auditor.faults(), [GalleryFault::Missing]);
}

#[tokio::test]
async fn rows_that_were_read_before_there_was_a_log_must_stand_in_it() {
    let (data, gallery) = new();
    let token = gallery.token().unwrap();
    gallery.work(3).unwrap();
    let other = tempfile::tempdir().unwrap();
    copied(data.path(), other.path()).unwrap();
    let index = tempfile::tempdir().unwrap();
    gallery.work(2).unwrap();
    let (address, _stop) = unlogged(data.path(), index.path()).await;
    let auditor = Auditor::of(&gallery);
    let by = casework::samples::examiner(9).reference();
    let shown = GalleryShown::Asked(Client::new(&format!("http://{address}"), &token).unwrap());
    take(&auditor.desk, &auditor.address, &shown, by.clone()).await.unwrap();
    // The log begins with another history of the same gallery, as long and longer.
    let mut branch = AuditedGallery::of(other.path(), &[]);
    branch.work(9).unwrap();
    branch.serve(&[]).unwrap();
    let shown = GalleryShown::Asked(Client::new(&branch.url(), &token).unwrap());
    assert_eq!(take(&auditor.desk, &auditor.address, &shown, by).await.unwrap(), 0);
    assert_eq!((auditor.faults(), auditor.logged()), (vec![GalleryFault::Row], None));
}

/// A witness that watches the log with this key, with its key and address.
fn witness(log: &str, folder: &Path) -> (Running, Key, String) {
    let mut command = Command::new(programs().unwrap().join("relay"));
    command.args(["witness", "--for", log, "--name", "defender.example/w1", "--listen", "127.0.0.1:0", "--data"]);
    command.arg(folder.join("seen")).arg("--key").arg(folder.join("key"));
    let key = std::cell::RefCell::new(None);
    let (running, address) = Running::start_until(command.stderr(Stdio::null()), |line| {
        if let Ok(read) = Key::read(line.trim()) {
            *key.borrow_mut() = Some(read);
        }
        line.strip_prefix("listening on ").map(str::to_owned)
    })
    .unwrap();
    (running, key.into_inner().unwrap(), format!("http://{address}"))
}

/// Waits until the gallery shows a cosigned checkpoint of so many rows.
async fn cosigned(gallery: &AuditedGallery, log: &Key, rows: u64) -> ledger::Signed {
    let begun = Instant::now();
    let files = Client::new(&gallery.url(), "").unwrap().ledger();
    loop {
        if let Some(found) = files.checkpoint("cosigned", log).await.unwrap()
            && found.size() >= rows
        {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "no witness cosigned {rows} rows");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_witness_of_the_departments_program_cosigns_a_gallerys_log_and_no_second_history() {
    let (data, mut gallery) = new();
    let token = gallery.token().unwrap();
    let log = gallery.operate(&["audit", "key"]).unwrap().trim().to_owned();
    let seen = tempfile::tempdir().unwrap();
    let (_running, key, address) = witness(&log, seen.path());
    let (log, at) = (Key::read(&log).unwrap(), format!("{key}={address}"));
    gallery.work(3).unwrap();
    gallery.serve(&["--witness", &at]).unwrap();
    assert!(cosigned(&gallery, &log, 4).await.cosigned(std::slice::from_ref(&key)).is_ok());
    gallery.stop();
    let yesterday = gallery.copied().unwrap();
    gallery.work(3).unwrap();
    gallery.serve(&["--witness", &at]).unwrap();
    let newest = cosigned(&gallery, &log, 7).await;
    let auditor = Auditor::of(&gallery);
    auditor.reads(&token).await;
    let kept = auditor.desk.here(|v| v.gallery_log(&auditor.address)).unwrap().unwrap();
    assert!(kept.cosigned().unwrap().seen_by(&key).is_ok());
    let said = gallery.operate(&["audit", "verify", "--witness", &key.to_string()]).unwrap();
    assert!(said.contains("defender.example/w1 cosigned"), "{said}");
    let stranger = Key::new(ledger::Kind::Witness, "other.example/w2", &gallery_key(log.name()).unwrap().bytes());
    assert!(gallery.operate(&["audit", "verify", "--witness", &stranger.unwrap().to_string()]).is_err());
    gallery.stop();

    // Put back whole and gone on otherwise: the witness cosigns nothing of it, and what it cosigned tells it.
    gallery.put_back(yesterday.path()).unwrap();
    gallery.work(9).unwrap();
    gallery.serve(&["--witness", &at]).unwrap();
    let shown =
        Client::new(&gallery.url(), "").unwrap().ledger().checkpoint("checkpoint", &log).await.unwrap().unwrap();
    assert!(shown.size() > newest.size());
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(cosigned(&gallery, &log, 0).await.size() < newest.size(), "as it was cosigned yesterday");
    let kept = seen.path().join("cosigned");
    std::fs::write(&kept, newest.whole()).unwrap();
    let said = gallery.operate(&["audit", "verify", "--checkpoint", kept.to_str().unwrap()]).unwrap_err().to_string();
    assert!(said.contains("two histories"), "{said}");
    drop(data);
}

#[tokio::test]
async fn the_audit_as_a_file_is_read_without_a_network_and_an_altered_one_is_refused() {
    let (_data, mut gallery) = new();
    let token = gallery.token().unwrap();
    gallery.work(3).unwrap();
    gallery.serve(&[]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let export = |gallery: &AuditedGallery, to: &Path| {
        gallery.operate(&["audit", "export", "--out", to.to_str().unwrap()]).unwrap()
    };
    let auditor = Auditor::of(&gallery);
    auditor.reads(&token).await;
    gallery.stop();
    gallery.work(300).unwrap();
    gallery.serve(&[]).unwrap();
    export(&gallery, &first);
    let yesterday = gallery.copied().unwrap();
    assert!(auditor.reads_file(&first).await.unwrap() >= 300);
    assert!(auditor.faults().is_empty());
    // The same again brings nothing.
    assert_eq!(auditor.reads_file(&first).await.unwrap(), 0);
    gallery.work(1).unwrap();
    auditor.reads(&token).await;
    assert!(auditor.reads_file(&first).await.unwrap_err().contains("older"));

    // Whatever is changed in it, it is refused, and nothing is said of the gallery.
    let text = std::fs::read_to_string(&first).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let fresh = Auditor::of(&gallery);
    let flipped = |from: &str, to: &str| text.replacen(from, to, 1);
    let without = |at: usize| {
        let kept: Vec<&str> = lines.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, line)| *line).collect();
        kept.join("\n") + "\n"
    };
    let mut moved = lines.clone();
    moved.swap(3, 4);
    for (what, changed) in [
        ("a row's person", flipped("\"actor\":\"", "\"actor\":\"x")),
        ("a row's hash", flipped("\"hash\":\"", "\"hash\":\"0")),
        ("a row taken out", without(5)),
        ("the last row taken out", without(lines.len() - 1)),
        ("a row put in", text.clone() + lines[2] + "\n"),
        ("two rows moved", moved.join("\n") + "\n"),
        ("cut off within a row", text[..text.len() - 20].to_owned()),
        ("no checkpoint's signature", flipped("\u{2014} gallery", "\u{2014} gallerx")),
        ("another format", flipped("gallery-audit.v1", "gallery-audit.v2")),
        ("nothing", String::new()),
        ("a long line", "x".repeat(3_000_000)),
    ] {
        std::fs::write(&second, &changed).unwrap();
        assert!(fresh.reads_file(&second).await.is_err(), "{what}");
    }
    assert_eq!((fresh.rows(), fresh.faults().len()), (0, 0));
    // Without its checkpoint it is that of a gallery that keeps no log, which this one is not any more.
    let head: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
    let bare = serde_json::json!({ "format": head["format"], "checkpoint": null, "cosigned": null });
    std::fs::write(&second, text.replacen(lines[0], &bare.to_string(), 1)).unwrap();
    assert!(auditor.reads_file(&second).await.unwrap_err().contains("of none"));
    assert!(auditor.faults().is_empty());
    assert!(fresh.reads_file(&second).await.unwrap() > 300 && fresh.logged().is_none());

    // A file of another history that the same log signed says it of the gallery.
    gallery.stop();
    gallery.put_back(yesterday.path()).unwrap();
    gallery.work(30).unwrap();
    gallery.serve(&[]).unwrap();
    gallery.operate(&["audit", "verify"]).unwrap();
    gallery.stop();
    export(&gallery, &second);
    assert_eq!(auditor.reads_file(&second).await.unwrap(), 0);
    assert_eq!(auditor.faults(), [GalleryFault::Fork]);
}

#[tokio::test]
async fn nodes_on_one_postgresql_show_one_log() {
    let cluster = Cluster::single().unwrap();
    let (one, two, photos) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let url = cluster.url();
    let place = ["--store", "postgres", "--database-url", &url, "--photos", photos.path().to_str().unwrap()];
    let (mut first, mut second) = (AuditedGallery::of(one.path(), &place), AuditedGallery::of(two.path(), &place));
    let token = first.token().unwrap();
    first.serve(&[]).unwrap();
    second.serve(&[]).unwrap();
    let auditor = Auditor::of(&first);
    for (node, rows) in [(&first, 3), (&second, 5), (&first, 1)] {
        node.work(rows).unwrap();
        let shown = GalleryShown::Asked(Client::new(&node.url(), &token).unwrap());
        let by = casework::samples::examiner(9).reference();
        assert!(take(&auditor.desk, &auditor.address, &shown, by).await.unwrap() >= rows);
        assert_eq!(auditor.faults(), []);
    }
    assert!(second.operate(&["audit", "verify"]).unwrap().contains("stand in the log"));
    first.stop();
    cluster.sql("DROP TRIGGER audit_is_never_changed ON audit; DELETE FROM audit WHERE seq > 6").unwrap();
    assert!(first.refused().unwrap().contains("went back"));
    second.stop();
}
