//! The list of cases, and the purpose of one.

use casework::{CaseDraft, CaseId, PersonId};
use workstation::views::{Answer, CaseLine, CaseView, ColleaguesView, HolderLine, Remembered};
use workstation::{Confirming, Outcome};

use super::Held;

#[tauri::command]
pub async fn cases(station: Held<'_>) -> Outcome<Vec<CaseLine>> {
    station.run(move |s| s.cases()).await
}

#[tauri::command]
pub async fn remembered(station: Held<'_>) -> Outcome<Remembered> {
    station.run(move |s| s.remembered()).await
}

#[tauri::command]
pub async fn successors(station: Held<'_>, id: CaseId) -> Outcome<ColleaguesView> {
    station.run(move |s| s.successors(id)).await
}

#[tauri::command]
pub async fn hand_over(station: Held<'_>, id: CaseId, to: PersonId, place: String, reason: String) -> Outcome<()> {
    station.hand_over(id, to, place, reason).await
}

#[tauri::command]
pub async fn holders(station: Held<'_>) -> Outcome<Vec<HolderLine>> {
    station.run(move |s| s.holders()).await
}

#[tauri::command]
pub async fn hand_over_all(station: Held<'_>, from: PersonId, to: PersonId, reason: String) -> Outcome<Vec<String>> {
    station.run(move |s| s.hand_over_all(from, to, &reason)).await
}

#[tauri::command]
pub async fn new_case(station: Held<'_>) -> Outcome<CaseView> {
    station.run(move |s| s.new_case()).await
}

#[tauri::command]
pub async fn open_case(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    station.run(move |s| s.open_case(id)).await
}

#[tauri::command]
pub async fn refresh_case(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    station.run(move |s| s.refresh_case(id)).await
}

#[tauri::command]
pub async fn edit_purpose(station: Held<'_>, id: CaseId, draft: CaseDraft) -> Outcome<CaseView> {
    station.run(move |s| s.edit_purpose(id, draft)).await
}

#[tauri::command]
pub async fn confirm_purpose(station: Held<'_>, id: CaseId) -> Outcome<CaseView> {
    station.run(move |s| s.confirm_purpose(id)).await
}

#[tauri::command]
pub async fn confirm_flags(station: Held<'_>, id: CaseId, by: Confirming) -> Outcome<CaseView> {
    station.run(move |s| s.confirm_flags(id, &by)).await
}

#[tauri::command]
pub async fn confirm_search(station: Held<'_>, id: CaseId, by: Confirming) -> Outcome<CaseView> {
    station.run(move |s| s.confirm_search(id, &by)).await
}

#[tauri::command]
pub async fn confirm_account(station: Held<'_>, id: CaseId, by: Confirming) -> Outcome<CaseView> {
    station.run(move |s| s.confirm_account(id, &by)).await
}
