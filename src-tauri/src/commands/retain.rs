//! The desk of retention: what is due, held and kept, and the purge.

use casework::{CaseId, KeepingWord};
use tauri::AppHandle;
use workstation::Outcome;
use workstation::views::{PurgePreview, RetentionView};

use super::{Held, ask_where, said};

#[tauri::command]
pub async fn retention(station: Held<'_>) -> Outcome<RetentionView> {
    station.run(move |s| s.retention()).await
}

#[tauri::command]
pub async fn say_keeping(
    station: Held<'_>,
    case: Option<CaseId>,
    number: String,
    word: KeepingWord,
    reason: String,
) -> Outcome<RetentionView> {
    station.run(move |s| s.say_keeping(case, &number, word, &reason)).await
}

#[tauri::command]
pub async fn purge_preview(station: Held<'_>, case: CaseId) -> Outcome<PurgePreview> {
    station.run(move |s| s.purge_preview(case)).await
}

#[tauri::command]
pub async fn purge(station: Held<'_>, case: CaseId, sha256: String) -> Outcome<RetentionView> {
    station.purge(case, sha256).await
}

#[tauri::command]
pub async fn export_certificate(app: AppHandle, station: Held<'_>, case: CaseId) -> Outcome<Option<String>> {
    let Some(path) = ask_where(&app, &station, "purge-certificate.json").await? else { return Ok(None) };
    station.run(move |s| s.export_certificate(case, &path).map(|()| said(&path))).await
}
