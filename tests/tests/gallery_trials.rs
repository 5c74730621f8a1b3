//! The gallery's trials, in small; `make gallery-trials` does them whole.

use std::path::Path;
use std::process::{Command, Output};

use gallery::store::{Reach, Store};
use whole_product::postgres::{Cluster, tls_front};
use whole_product::process::programs;
use whole_product::store_tour::tour;

fn trial(name: &str, size: &str) -> String {
    let run = Command::new(programs().unwrap().join("gallery_trials")).args([name, size]).output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    said
}

#[test]
fn kills_while_enrolling_lose_and_halve_nothing() {
    let said = trial("kills", "12");
    assert!(said.starts_with("12 kills") && said.contains("0 lost, 0 halves, 0 doubles"), "{said}");
}

#[test]
fn an_enrolment_that_is_killed_goes_on_and_doubles_nothing() {
    let said = trial("resume", "150");
    assert!(said.contains("150 photographs, 150 records"), "{said}");
}

#[test]
fn nobody_is_seen_after_an_expungement_returned() {
    for name in ["stress", "stress-postgres"] {
        let said = trial(name, "30");
        assert!(said.starts_with("30 expunged") && said.contains(": 0 sightings after return"), "{said}");
    }
}

#[test]
fn a_promoted_standby_has_every_acknowledged_enrolment_and_the_same_answers() {
    let said = trial("failover", "300");
    assert!(
        said.contains("20 lists the same, 0 different; pgvector the same on 5") && said.contains(", 0 lost"),
        "{said}"
    );
}

#[test]
fn every_use_of_the_store_is_the_same_on_both_databases() {
    let (own, shared) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let sqlite = tour(Store::sqlite(own.path()).unwrap()).unwrap();
    let cluster = Cluster::single().unwrap();
    let postgres = tour(Store::postgres(&cluster.url(), &Reach::default(), shared.path()).unwrap()).unwrap();
    for (one, other) in sqlite.iter().zip(&postgres) {
        assert_eq!(one, other);
    }
    assert_eq!(sqlite.len(), postgres.len());
    // What must not be said on either.
    for step in ["bound: ()", "suppressed: 1", "restored: 1", "overridden: [New]", "certified: ()", "forgotten: ()"] {
        assert!(sqlite.iter().any(|told| told == step), "{step}: {sqlite:#?}");
    }
}

#[test]
fn the_served_contract_holds() {
    let said = trial("contract", "5");
    assert!(said.contains("0 errors in the log"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_beyond_this_machine_is_reached_over_verified_tls_alone() {
    let gallery = |arguments: &[&str], path: &Path| -> Output {
        Command::new(programs().unwrap().join("gallery")).args(arguments).arg(path).output().unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let (ca, other) = (folder.path().join("ca"), folder.path().join("other"));
    for authority in [&ca, &other] {
        assert!(gallery(&["cert", "authority", "--out"], authority).status.success());
    }
    assert!(gallery(&["cert", "server", "--name", "db.example", "--authority"], &ca).status.success());
    let cluster = Cluster::single().unwrap();
    let front = tls_front(cluster.port(), &ca.join("db.example.pem"), &ca.join("db.example.key")).await.unwrap();
    let stats = |host: &str, port: u16, more: &[&str]| {
        let url = format!("host={host} hostaddr=127.0.0.1 port={port} user=gallery dbname=postgres");
        let place = ["stats", "--store", "postgres", "--database-url", &url];
        let out = gallery(&[&place, more, &["--data"]].concat(), folder.path());
        (out.status.success(), String::from_utf8(out.stderr).unwrap())
    };
    let [ca, other] = [ca, other].map(|folder| folder.join("ca.pem").to_str().unwrap().to_owned());
    let verified = stats("db.example", front, &["--database-ca", &ca]);
    assert!(verified.0, "{}", verified.1);
    for (host, port, more, why) in [
        ("db.example", front, &["--database-ca", &other][..], "another authority"),
        ("db.other", front, &["--database-ca", &ca], "another name"),
        ("db.example", front, &[], "an authority that this machine does not know"),
        ("db.example", cluster.port(), &["--database-ca", &ca], "a server without TLS"),
    ] {
        let (reached, said) = stats(host, port, more);
        assert!(!reached && said.contains("database"), "{why}: {said}");
    }
    let plain = stats("db.example", cluster.port(), &["--database-plain"]);
    assert!(plain.0 && plain.1.contains("not encrypted"), "{}", plain.1);
    assert!(stats("localhost", cluster.port(), &[]).0, "this machine needs none");
}
