//! The search.

use casework::{CaseId, SearchFilters};
use tauri::AppHandle;
use workstation::Outcome;
use workstation::views::Answer;

use super::{Held, teller};

#[tauri::command]
pub async fn search(
    app: AppHandle,
    station: Held<'_>,
    id: CaseId,
    thorough: bool,
    filters: SearchFilters,
) -> Outcome<Answer> {
    station.search(id, thorough, filters, teller(app)).await
}

#[tauri::command]
pub fn cancel(station: Held<'_>) {
    station.cancel();
}
