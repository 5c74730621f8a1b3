//! The note, its addenda and its review.

use casework::{CaseId, NoteForm, NoteId, ReviewForm};
use workstation::Outcome;
use workstation::views::{CaseView, NoteView, QueueLine};

use super::Held;

#[tauri::command]
pub async fn edit_note(station: Held<'_>, id: CaseId, form: NoteForm) -> Outcome<CaseView> {
    station.run(move |s| s.edit_note(id, form)).await
}

#[tauri::command]
pub async fn save_note(station: Held<'_>, id: CaseId) -> Outcome<NoteView> {
    station.save_note(id).await
}

#[tauri::command]
pub async fn read_note(station: Held<'_>, id: NoteId) -> Outcome<NoteView> {
    station.run(move |s| s.read_note(id)).await
}

#[tauri::command]
pub async fn add_addendum(station: Held<'_>, id: NoteId, text: String) -> Outcome<NoteView> {
    station.run(move |s| s.add_addendum(id, &text)).await
}

#[tauri::command]
pub async fn queue(station: Held<'_>) -> Outcome<Vec<QueueLine>> {
    station.run(move |s| s.queue()).await
}

#[tauri::command]
pub async fn review_note(station: Held<'_>, id: NoteId, form: ReviewForm) -> Outcome<NoteView> {
    station.run(move |s| s.review(id, &form)).await
}
