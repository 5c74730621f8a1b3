//! The gallery's trials, in small; `make county` does them whole.

#![allow(clippy::unwrap_used)]

use std::process::Command;

use whole_product::process::programs;

fn trial(name: &str, size: &str) -> String {
    let run = Command::new(programs().unwrap().join("county")).args([name, size]).output().unwrap();
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
fn the_served_contract_holds() {
    let said = trial("contract", "5");
    assert!(said.contains("0 errors in the log"), "{said}");
}
