//! The auditor's desk.

use tauri::AppHandle;

use casework::CaseId;
use casework::oversight::{AuditedCase, ClosedAs};
use workstation::views::{DeskView, EventsForm, EventsView};
use workstation::{Enclosed, Outcome};

use super::{Held, ask_for_file};
use catalogue::say;

#[tauri::command]
pub async fn oversight(station: Held<'_>) -> Outcome<DeskView> {
    station.run(move |s| s.oversight()).await
}

#[tauri::command]
pub async fn oversight_events(station: Held<'_>, form: EventsForm) -> Outcome<EventsView> {
    station.run(move |s| s.oversight_events(&form)).await
}

/// Reads on in the gallery's audit.
#[tauri::command]
pub async fn oversight_gallery(station: Held<'_>, token: Enclosed) -> Outcome<DeskView> {
    station.read_gallery_audit(token).await
}

/// Reads on in the gallery's audit from a file that the gallery wrote.
#[tauri::command]
pub async fn oversight_gallery_file(app: AppHandle, station: Held<'_>) -> Outcome<Option<DeskView>> {
    station.run(|s| Ok(s.person()?.may_read_audit()?)).await?;
    let Some(path) = ask_for_file(&app, say!("command-choose-gallery-audit"), &[]).await else { return Ok(None) };
    station.read_gallery_file(path).await.map(Some)
}

/// Closes a matter, with a reason.
#[tauri::command]
pub async fn oversight_close(station: Held<'_>, key: String, closed_as: ClosedAs, reason: String) -> Outcome<DeskView> {
    station.run(move |s| s.oversight_close(&key, closed_as, &reason)).await
}

/// Opens a case for audit, with a reason.
#[tauri::command]
pub async fn oversight_open(station: Held<'_>, id: CaseId, reason: String) -> Outcome<AuditedCase> {
    station.run(move |s| s.oversight_open(id, &reason)).await
}

/// Commits to the seed of a sample.
#[tauri::command]
pub async fn oversight_commit(station: Held<'_>) -> Outcome<DeskView> {
    station.run(move |s| s.oversight_commit()).await
}

/// Draws a sample.
#[tauri::command]
pub async fn oversight_draw(station: Held<'_>, sha256: String, wanted: usize) -> Outcome<DeskView> {
    station.run(move |s| s.oversight_draw(&sha256, wanted)).await
}

/// The key by which auditors read here.
#[tauri::command]
pub async fn oversight_key(station: Held<'_>) -> Outcome<String> {
    station.run(move |s| s.oversight_key()).await
}
