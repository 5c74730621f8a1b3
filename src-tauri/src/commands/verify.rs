//! The second examiner.

use casework::{CaseId, Conclusion};
use workstation::views::{Answer, WaitingLine};
use workstation::{Enclosed, Outcome};

use super::Held;

#[tauri::command]
pub async fn ask_verification(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    station.run(move |s| s.ask_verification(id)).await
}

#[tauri::command]
pub async fn withdraw_verification(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    station.run(move |s| s.withdraw_verification(id)).await
}

#[tauri::command]
pub async fn waiting(station: Held<'_>) -> Outcome<Vec<WaitingLine>> {
    station.run(move |s| s.waiting()).await
}

#[tauri::command]
pub async fn begin_verification(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    station.run(move |s| s.begin_verification(id)).await
}

#[tauri::command]
pub async fn hand_in(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    station.run(move |s| s.hand_in(id)).await
}

#[tauri::command]
pub async fn confer(
    station: Held<'_>,
    id: CaseId,
    account: String,
    agreed: Conclusion,
    passphrase: Enclosed,
) -> Outcome<Answer> {
    station.run(move |s| s.confer(id, account, agreed, &passphrase)).await
}
