//! What came of notes, and reports.

use casework::{NoteId, ResultForm, Span};
use tauri::AppHandle;
use workstation::Outcome;
use workstation::views::{FiguresView, NoteView, ReportsView};

use super::{Held, ask_where, said};

#[tauri::command]
pub async fn record_result(station: Held<'_>, id: NoteId, form: ResultForm) -> Outcome<NoteView> {
    station.run(move |s| s.record_result(id, &form)).await
}

#[tauri::command]
pub async fn name_operation(station: Held<'_>, id: NoteId, name: String) -> Outcome<NoteView> {
    station.run(move |s| s.name_operation(id, &name)).await
}

#[tauri::command]
pub async fn result_figures(station: Held<'_>, span: Span, operation: Option<String>) -> Outcome<FiguresView> {
    station.run(move |s| s.result_figures(&span, operation.as_deref())).await
}

#[tauri::command]
pub async fn reports(station: Held<'_>) -> Outcome<ReportsView> {
    station.run(|s| s.reports()).await
}

#[tauri::command]
pub async fn make_report(app: AppHandle, station: Held<'_>, pack: String, span: Span) -> Outcome<Option<String>> {
    station.run(|s| s.may_report()).await?;
    let name = format!("report-{pack}-{}-{}.pdf", span.from, span.to);
    let Some(path) = ask_where(&app, &station, &name).await? else { return Ok(None) };
    station.run(move |s| s.make_report(&pack, &span, &path)).await.map(|files| said(&files.pdf))
}
