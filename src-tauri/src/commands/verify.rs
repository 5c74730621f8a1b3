//! The second examiner.

use casework::{CaseId, Conclusion, PersonId};
use workstation::views::{Answer, ColleaguesView, ConferenceLine, WaitingLine};
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
    shown: Enclosed,
) -> Outcome<Answer> {
    station.run(move |s| s.confer(id, account, agreed, &passphrase, &shown)).await
}

#[tauri::command]
pub async fn verifiers(station: Held<'_>, id: CaseId) -> Outcome<ColleaguesView> {
    station.run(move |s| s.verifiers(id)).await
}

#[tauri::command]
pub async fn ask_elsewhere(station: Held<'_>, id: CaseId, of: PersonId, place: String) -> Outcome<Answer> {
    station.ask_elsewhere(id, of, place).await
}

#[tauri::command]
pub async fn send_again(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    station.run(move |s| s.send_again(id)).await
}

#[tauri::command]
pub async fn decline_verification(station: Held<'_>, id: CaseId, reason: String) -> Outcome<()> {
    station.run(move |s| s.decline_verification(id, &reason)).await
}

#[tauri::command]
pub async fn propose_conference(station: Held<'_>, id: CaseId, account: String, agreed: Conclusion) -> Outcome<Answer> {
    station.run(move |s| s.propose_conference(id, &account, agreed)).await
}

#[tauri::command]
pub async fn conferences(station: Held<'_>) -> Outcome<Vec<ConferenceLine>> {
    station.run(|s| s.conferences()).await
}

#[tauri::command]
pub async fn answer_conference(station: Held<'_>, conference: String, no: Option<String>) -> Outcome<()> {
    station.run(move |s| s.answer_conference(&conference, no.as_deref())).await
}
