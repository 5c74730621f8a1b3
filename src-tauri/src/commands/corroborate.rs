//! The checklist and its files.

use casework::{CaseId, Category, Checklist, ContradictionPanel, Entry, EntryId};
use catalogue::say;
use tauri::AppHandle;
use workstation::Outcome;
use workstation::views::CaseView;

use super::{Held, ask_for_file};

#[tauri::command]
pub async fn add_entry(station: Held<'_>, id: CaseId, category: Category) -> Outcome<CaseView> {
    station.run(move |s| s.add_entry(id, category)).await
}

#[tauri::command]
pub async fn edit_checklist(station: Held<'_>, id: CaseId, checklist: Checklist) -> Outcome<CaseView> {
    station.run(move |s| s.edit_checklist(id, checklist)).await
}

#[tauri::command]
pub async fn edit_entry(station: Held<'_>, id: CaseId, entry: Entry) -> Outcome<CaseView> {
    station.run(move |s| s.edit_entry(id, entry)).await
}

#[tauri::command]
pub async fn edit_panel(station: Held<'_>, id: CaseId, panel: ContradictionPanel) -> Outcome<CaseView> {
    station.run(move |s| s.edit_panel(id, panel)).await
}

#[tauri::command]
pub async fn attach_offered(station: Held<'_>, id: CaseId, entry: EntryId, index: usize) -> Outcome<CaseView> {
    station.run(move |s| s.attach_offered(id, entry, index)).await
}

#[tauri::command]
pub async fn choose_attachment(
    app: AppHandle,
    station: Held<'_>,
    id: CaseId,
    entry: EntryId,
) -> Outcome<Option<CaseView>> {
    station.run(move |s| s.may_attach(id, entry)).await?;
    let Some(path) = ask_for_file(&app, say!("command-choose-file-belongs-entry"), &[]).await else {
        return Ok(None);
    };
    station.run(move |s| s.attach(id, entry, &path).map(Some)).await
}

#[tauri::command]
pub async fn detach(station: Held<'_>, id: CaseId, entry: EntryId, sha256: String) -> Outcome<CaseView> {
    station.run(move |s| s.detach(id, entry, &sha256)).await
}
