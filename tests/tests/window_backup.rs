//! A workstation is lost, and comes back on a bare machine: with the recovery kit, and its people's own passphrases.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use whole_product::detective::{self, PASSPHRASE};
use whole_product::process::programs;
use whole_product::relay::Relay;
use whole_product::station::Station;
use whole_product::window::Window;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

/// Rows of the department's log.
fn rows(relay: &Relay) -> u64 {
    let said = relay.operate(&["ledger", "key"]).unwrap();
    said.split_whitespace().next().unwrap().parse().unwrap()
}

/// `corroborate restore` at a station.
fn restore(station: &Station, words: &[&str]) -> Output {
    let mut command: Command = station.command(programs().unwrap().join("corroborate"));
    command.arg("--data").arg(station.vault()).arg("restore").args(words).output().unwrap()
}

#[tokio::test]
async fn a_lost_workstation_comes_back_with_the_recovery_kit() {
    let (lost, bare) = (Station::start().unwrap(), Station::start().unwrap());
    let backups = bare.home().join("backups");
    std::fs::create_dir(&backups).unwrap();
    std::fs::create_dir(lost.home().join("exports")).unwrap();
    let w = Window::open(&lost, &[]).await.unwrap();
    detective::name_yourself(&w).await.unwrap();

    // What somebody who founds a department is led through; their own training is on record already.
    let left = async || w.attributes("[data-first-step][data-done=false]", "data-first-step").await;
    let first = w.until("the first steps", left, |left| !left.is_empty()).await.unwrap();
    assert_eq!(first, ["policy", "gallery", "people", "backup", "practice"]);
    w.look(&lost, "first-steps").await.unwrap();
    w.click("[data-test=step-policy]").await.unwrap();
    w.wait_text("[data-test=policy-text]", "lock_after_minutes").await.unwrap();
    w.look(&lost, "policy").await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());
    let other = w.invoke("accept_policy", json!({ "sha256": "00".repeat(32) })).await.unwrap();
    assert_eq!(other["refused"]["code"], "policy-changed", "not what is in force: {other}");
    assert_eq!(w.invoke("first_steps", json!({})).await.unwrap()["ok"]["policy"], false);
    w.click("[data-test=accept-policy]").await.unwrap();
    w.wait("[data-test=policy-accepted]").await.unwrap();
    w.click("[data-test=policy-back]").await.unwrap();
    w.until("the policy to be done", left, |left| left.first().is_some_and(|step| step == "gallery")).await.unwrap();
    w.click("[data-test=step-practice]").await.unwrap();
    w.wait("[data-place='purpose.purpose'] [data-choice=training][data-state=checked]").await.unwrap();
    detective::state_purpose(&w, "25-000123").await.unwrap();

    // Its department has a relay, whose log knows how far each workstation was.
    let exchange = async |w: &Window| w.invoke("exchange_settings", json!({})).await.unwrap()["ok"].clone();
    let root = exchange(&w).await["root"].as_str().unwrap().to_owned();
    detective::own_card(&w, "Robbery").await.unwrap();
    w.click("[data-test=export-department]").await.unwrap();
    let written = w.wait_text("[data-test=department-written]", "department.jsonl").await.unwrap();
    let mut relay = Relay::adopting(Path::new(written.trim_start_matches("Written to ")), &root).unwrap();
    detective::set_relay(&w, &relay.url()).await.unwrap();

    // A folder that is not there is refused; then one backup, read back.
    w.click("[data-test=to-settings]").await.unwrap();
    w.wait("[data-test=no-backup]").await.unwrap();
    w.fill("input[name=backup]", "/nowhere/at/all").await.unwrap();
    w.click("[data-test=save-backup]").await.unwrap();
    w.wait_text("[data-test=error]", "is not there").await.unwrap();
    w.fill("input[name=backup]", &backups.display().to_string()).await.unwrap();
    w.click("[data-test=save-backup]").await.unwrap();
    // The first one comes by itself, another when asked.
    let made = async || Ok(w.invoke("backup", json!({})).await?["ok"]["made_at"].clone());
    w.until("the first backup", made, |at| !at.is_null()).await.unwrap();
    w.click("[data-test=to-cases]").await.unwrap();
    w.until("two steps to stay", left, |left| left == &["gallery", "people"]).await.unwrap();
    w.click("[data-test=to-settings]").await.unwrap();
    w.click("[data-test=back-up]").await.unwrap();
    w.wait_text("[data-test=backed-up]", "read back whole").await.unwrap();
    // A copy at the relay, which comes by itself.
    w.click("input[name=backup_at_relay]").await.unwrap();
    w.click("[data-test=save-backup]:enabled").await.unwrap();
    let copied = async || Ok(w.invoke("backup", json!({})).await?["ok"].clone());
    let same = |view: &Value| !view["copied"].is_null() && view["copied"] == view["made_at"];
    w.until("the copy at the relay", copied, same).await.unwrap();
    w.look(&lost, "backup").await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());
    // What is done after it is in the log, and in no backup.
    let before = rows(&relay);
    detective::new_case(&w).await.unwrap();
    detective::state_purpose(&w, "25-000124").await.unwrap();
    w.until("the log to have more", async || Ok(rows(&relay)), |rows| *rows > before + 1).await.unwrap();
    let kept: Value = w.pocket("R. Alvarez", |kept| kept.clone()).unwrap();
    let kit = bare.home().join("kit");
    std::fs::write(&kit, kept["kit"].as_str().unwrap()).unwrap();
    w.kill();
    drop(lost);

    // A drill touches nothing; without the kit nothing is restored, and over a vault nothing either.
    let (from, kit) = (backups.display().to_string(), kit.display().to_string());
    let copy = relay.data().join("backups").display().to_string();
    let drill = restore(&bare, &[&copy, "--kit", &kit, "--drill", "--json"]);
    assert!(drill.status.success(), "as it lies at the relay: {}", said(&drill));
    let drill = restore(&bare, &[&from, "--kit", &kit, "--drill", "--json"]);
    assert!(drill.status.success(), "{}", said(&drill));
    let found: Value = serde_json::from_slice(&drill.stdout).unwrap();
    assert_eq!((&found["cases"], &found["restored"]), (&json!(1), &json!(false)), "{found}");
    assert!(!bare.vault().join("vault.db").exists());
    let without = restore(&bare, &[&from]);
    assert!(!without.status.success(), "{}", said(&without));
    relay.stop();
    let away = restore(&bare, &[&from, "--kit", &kit]);
    assert!(!away.status.success() && said(&away).contains("--without-relay"), "{}", said(&away));
    assert!(!bare.vault().join("vault.db").exists());
    relay.start_again().unwrap();
    let whole = restore(&bare, &[&from, "--kit", &kit]);
    assert!(whole.status.success(), "{}", said(&whole));
    assert!(said(&whole).contains("R. Alvarez"), "{}", said(&whole));
    assert!(said(&whole).contains("They are lost here"), "{}", said(&whole));
    let again = restore(&bare, &[&from, "--kit", &kit]);
    assert!(!again.status.success(), "over a vault: {}", said(&again));

    // Whoever worked there signs in with the passphrase and the telephone that they have, and finds their case.
    let w = Window::open(&bare, &[]).await.unwrap();
    w.pocket("R. Alvarez", |pocket| *pocket = kept).unwrap();
    detective::sign_in(&w, "R. Alvarez", PASSPHRASE).await.unwrap();
    w.wait("[data-test=open-case][data-number='25-000123']").await.unwrap();
    assert!(!w.has("[data-test=open-case][data-number='25-000124']").await.unwrap(), "it went with the machine");

    // Its audit goes on in the log, which finds nothing amiss.
    let before = rows(&relay);
    detective::new_case(&w).await.unwrap();
    detective::state_purpose(&w, "25-000125").await.unwrap();
    w.until("the log to go on", async || Ok(rows(&relay)), |rows| *rows > before + 1).await.unwrap();
    assert_eq!(w.invoke("vault_state", json!({})).await.unwrap()["ok"]["warning"], "");
    assert_eq!(exchange(&w).await["trouble"].as_str().unwrap_or_default(), "");
}
