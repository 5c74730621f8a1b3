//! Signing in and out, and what the window needs to begin.

use casework::PersonId;
use workstation::views::{FirstStepsView, JoinView, PersonForm, PolicyView, SecondFactorView, Start};
use workstation::{DayRead, Enclosed, Outcome, VaultState};

use super::Held;

#[tauri::command]
pub async fn start(station: Held<'_>) -> Outcome<Start> {
    station.run(move |s| s.start()).await
}

/// Reads a day as people write it, and says how it was read; asked for while it is typed, before anybody is signed in.
#[tauri::command]
pub fn read_day(text: String) -> DayRead {
    DayRead::of(&text)
}

#[tauri::command]
pub async fn vault_state(station: Held<'_>) -> Outcome<VaultState> {
    station.run(move |s| s.who().and_then(|_| s.vault_state())).await
}

#[tauri::command]
pub async fn name_person(station: Held<'_>, form: PersonForm) -> Outcome<Start> {
    station.run(move |s| s.name_first(&form).and_then(|()| s.start())).await
}

/// Begins to join the department of an invitation.
#[tauri::command]
pub async fn join(station: Held<'_>, invitation: String, name: String) -> Outcome<Start> {
    station.run(move |s| s.begin_joining(&invitation, &name).and_then(|()| s.start())).await
}

/// Goes on joining, as often as the screen asks.
#[tauri::command]
pub async fn go_on_joining(station: Held<'_>) -> Outcome<JoinView> {
    station.go_on_joining().await
}

/// Ends joining: the workstation may found a department of its own.
#[tauri::command]
pub async fn give_up_joining(station: Held<'_>) -> Outcome<Start> {
    station.run(move |s| s.give_up_joining().and_then(|()| s.start())).await
}

#[tauri::command]
pub fn envelope(station: Held<'_>) -> Outcome<String> {
    station.envelope()
}

#[tauri::command]
pub async fn sign_in(station: Held<'_>, person: PersonId, passphrase: Enclosed, shown: Enclosed) -> Outcome<Start> {
    station.run(move |s| s.sign_in(person, &passphrase, &shown).and_then(|()| s.start())).await
}

/// Has somebody show their second factor at the department's identity provider, in the browser; `cancel` ends the waiting.
#[tauri::command]
pub async fn continue_in_browser(station: Held<'_>, person: PersonId) -> Outcome<()> {
    station.continue_in_browser(person).await
}

/// Begins to set up a second factor: what an authenticator app takes in.
#[tauri::command]
pub async fn second_factor(station: Held<'_>) -> Outcome<SecondFactorView> {
    station.run(move |s| s.second_factor()).await
}

/// The department's recovery kit, for whoever founded it, until it is put away.
#[tauri::command]
pub async fn recovery_kit(station: Held<'_>) -> Outcome<String> {
    station.run(move |s| s.recovery_kit()).await
}

/// The kit is put away: its last three groups are typed back.
#[tauri::command]
pub async fn recovery_kit_kept(station: Held<'_>, kit: Enclosed) -> Outcome<Start> {
    station.run(move |s| s.recovery_kit_kept(&kit).and_then(|()| s.start())).await
}

/// Sets the second factor that was begun; the answer are the recovery codes.
#[tauri::command]
pub async fn set_second_factor(station: Held<'_>, shown: Enclosed, passphrase: Enclosed) -> Outcome<Vec<String>> {
    station.run(move |s| s.set_second_factor(&shown, &passphrase)).await
}

#[tauri::command]
pub async fn sign_out(station: Held<'_>) -> Outcome<Start> {
    station.run(move |s| s.sign_out().and_then(|()| s.start())).await
}

#[tauri::command]
pub async fn still_here(station: Held<'_>) -> Outcome<()> {
    station.run(|s| s.still_here()).await
}

#[tauri::command]
pub async fn change_passphrase(station: Held<'_>, known: Enclosed, chosen: Enclosed) -> Outcome<Start> {
    station.run(move |s| s.change_passphrase(&known, &chosen).and_then(|()| s.start())).await
}

/// What is to be done before the first case.
#[tauri::command]
pub async fn first_steps(station: Held<'_>) -> Outcome<FirstStepsView> {
    station.run(move |s| s.first_steps()).await
}

/// The policy in force, to be read.
#[tauri::command]
pub async fn read_policy(station: Held<'_>) -> Outcome<PolicyView> {
    station.run(move |s| s.read_policy()).await
}

/// Whoever sits here accepts the policy that they read.
#[tauri::command]
pub async fn accept_policy(station: Held<'_>, sha256: String) -> Outcome<()> {
    station.run(move |s| s.accept_policy(&sha256)).await
}
