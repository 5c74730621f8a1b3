//! The photographs of the unknown person.

use casework::{CaseId, PreparationStep, ProbeOrigin};
use catalogue::say;
use tauri::AppHandle;
use workstation::Outcome;
use workstation::views::{CaseView, Offered};

use super::{Held, ask_for_file, teller};

/// Endings of file names that are offered in the system's window.
const PHOTOGRAPHS: [&str; 14] =
    ["jpg", "jpeg", "heic", "heif", "avif", "png", "webp", "tif", "tiff", "gif", "bmp", "jp2", "jpx", "j2k"];

#[tauri::command]
pub async fn offered(station: Held<'_>) -> Outcome<Vec<Offered>> {
    station.run(move |s| Ok(s.offered())).await
}

#[tauri::command]
pub async fn take_offered(
    app: AppHandle,
    station: Held<'_>,
    id: CaseId,
    index: usize,
    further: bool,
) -> Outcome<CaseView> {
    station.take_offered(id, index, further, teller(app)).await
}

#[tauri::command]
pub async fn choose_file(app: AppHandle, station: Held<'_>, id: CaseId, further: bool) -> Outcome<Option<CaseView>> {
    station.run(move |s| s.works_on(id).map(drop)).await?;
    let title = say!("command-choose-photograph-unknown-person");
    let Some(path) = ask_for_file(&app, title, &PHOTOGRAPHS).await else { return Ok(None) };
    station.bring(id, path, further, teller(app)).await.map(Some)
}

#[tauri::command]
pub async fn edit_origin(station: Held<'_>, id: CaseId, origin: ProbeOrigin) -> Outcome<CaseView> {
    station.run(move |s| s.edit_origin(id, origin)).await
}

#[tauri::command]
pub async fn turn_probe(station: Held<'_>, id: CaseId) -> Outcome<CaseView> {
    station.run(move |s| s.turn_probe(id)).await
}

#[tauri::command]
pub async fn pick_face(station: Held<'_>, id: CaseId, face: usize) -> Outcome<CaseView> {
    station.run(move |s| s.pick_face(id, face)).await
}

#[tauri::command]
pub async fn pick_further(station: Held<'_>, id: CaseId, at: usize, face: usize) -> Outcome<CaseView> {
    station.run(move |s| s.pick_further(id, at, face)).await
}

#[tauri::command]
pub async fn edit_further(station: Held<'_>, id: CaseId, reasons: Vec<String>) -> Outcome<CaseView> {
    station.run(move |s| s.edit_further(id, reasons)).await
}

#[tauri::command]
pub async fn remove_further(station: Held<'_>, id: CaseId, at: usize) -> Outcome<CaseView> {
    station.run(move |s| s.remove_further(id, at)).await
}

#[tauri::command]
pub async fn prepare(station: Held<'_>, id: CaseId, steps: Vec<PreparationStep>) -> Outcome<CaseView> {
    station.run(move |s| s.prepare(id, steps)).await
}

#[tauri::command]
pub async fn choose_prepared(station: Held<'_>, id: CaseId, used: bool) -> Outcome<CaseView> {
    station.run(move |s| s.choose_prepared(id, used)).await
}

#[tauri::command]
pub async fn confirm_probe(station: Held<'_>, id: CaseId) -> Outcome<CaseView> {
    station.run(move |s| s.confirm_probe(id)).await
}
