//! Signing in and out, and what the window needs to begin.

use casework::PersonId;
use workstation::views::{PersonForm, Start};
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

#[tauri::command]
pub fn envelope(station: Held<'_>) -> Outcome<String> {
    station.envelope()
}

#[tauri::command]
pub async fn sign_in(station: Held<'_>, person: PersonId, passphrase: Enclosed) -> Outcome<Start> {
    station.run(move |s| s.sign_in(person, &passphrase).and_then(|()| s.start())).await
}

#[tauri::command]
pub async fn sign_out(station: Held<'_>) -> Outcome<Start> {
    station.run(move |s| s.sign_out().and_then(|()| s.start())).await
}

#[tauri::command]
pub fn still_here(station: Held<'_>) -> Outcome<()> {
    station.still_here()
}

#[tauri::command]
pub async fn change_passphrase(station: Held<'_>, known: Enclosed, chosen: Enclosed) -> Outcome<Start> {
    station.run(move |s| s.change_passphrase(&known, &chosen).and_then(|()| s.start())).await
}
