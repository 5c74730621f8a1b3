//! What leaves as a file, and packages that come as one.

use casework::{CaseId, NoteId};
use catalogue::say;
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;
use workstation::Outcome;

use super::{Held, ask_for_file, ask_where, said};

#[tauri::command]
pub async fn export_note(app: AppHandle, station: Held<'_>, id: NoteId) -> Outcome<Option<String>> {
    let Some(path) = ask_where(&app, &station, "note.json").await? else { return Ok(None) };
    station.run(move |s| s.export_note(id, &path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn export_disclosure(app: AppHandle, station: Held<'_>, case: CaseId) -> Outcome<Option<String>> {
    let Some(path) = ask_where(&app, &station, "disclosure.json").await? else { return Ok(None) };
    station.run(move |s| s.export_disclosure(case, &path).map(|()| said(&path))).await
}

/// The page that a defence kit brings.
pub const VERIFIER: &str = include_str!("../../../ui/verifier/dist/index.html");

#[tauri::command]
pub async fn export_kit(app: AppHandle, station: Held<'_>, case: CaseId) -> Outcome<Option<String>> {
    let Some(path) = ask_where(&app, &station, "defence-kit.zip").await? else { return Ok(None) };
    station.run(move |s| s.export_kit(case, VERIFIER, &path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn export_case_graph(app: AppHandle, station: Held<'_>, case: CaseId) -> Outcome<Option<String>> {
    let Some(path) = ask_where(&app, &station, "case.jsonld").await? else { return Ok(None) };
    station.run(move |s| s.export_case_graph(case, &path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn print_report(app: AppHandle, station: Held<'_>, id: NoteId) -> Outcome<Option<String>> {
    let Some(path) = ask_where(&app, &station, "lead.pdf").await? else { return Ok(None) };
    station.print_report(id, path.clone()).await.map(|()| said(&path))
}

#[tauri::command]
pub async fn print_disclosure(app: AppHandle, station: Held<'_>, case: CaseId) -> Outcome<Option<String>> {
    let Some(path) = ask_where(&app, &station, "disclosure.pdf").await? else { return Ok(None) };
    station.run(move |s| s.print_disclosure(case, &path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn write_package(app: AppHandle, station: Held<'_>, id: NoteId, to: String) -> Outcome<Option<String>> {
    let Some(path) = ask_where(&app, &station, "case-package.age").await? else { return Ok(None) };
    station.run(move |s| s.write_package(id, &to, &path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn write_reviews(app: AppHandle, station: Held<'_>) -> Outcome<Option<usize>> {
    station.run(|s| s.person().map(drop)).await?;
    let folder = match station.exports() {
        Some(folder) => Some(folder.to_owned()),
        None => {
            let (send, receive) = tokio::sync::oneshot::channel();
            app.dialog().file().pick_folder(move |folder| drop(send.send(folder)));
            receive.await.ok().flatten().and_then(|folder| folder.into_path().ok())
        }
    };
    let Some(folder) = folder else { return Ok(None) };
    station.run(move |s| s.write_reviews(&folder).map(Some)).await
}

#[tauri::command]
pub async fn open_package(app: AppHandle, station: Held<'_>) -> Outcome<Option<String>> {
    station.run(|s| s.person().map(drop)).await?;
    let Some(path) = ask_for_file(&app, say!("command-choose-case-package"), &[]).await else { return Ok(None) };
    station.run(move |s| s.open_package(&path).map(Some)).await
}

#[tauri::command]
pub async fn open_offered_package(station: Held<'_>, index: usize) -> Outcome<String> {
    station.run(move |s| s.open_offered_package(index)).await
}
