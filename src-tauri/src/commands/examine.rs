//! The examination: analysis, list, comparison, conclusion.

use casework::{CandidateId, CaseId, Comparison, Conclusion, ProbeAnalysis, ViewSettings};
use catalogue::say;
use workstation::views::{Answer, Geometry};
use workstation::{CommandError, Outcome};

use super::Held;

#[tauri::command]
pub async fn geometry(station: Held<'_>, picture: String) -> Outcome<Geometry> {
    let (case, wanted) =
        workstation::parse(&picture).ok_or_else(|| CommandError::new("unknown", say!("command-no-such-picture")))?;
    station.geometry(case, wanted).await
}

#[tauri::command]
pub async fn edit_analysis(station: Held<'_>, id: CaseId, analysis: ProbeAnalysis) -> Outcome<Answer> {
    station.run(move |s| s.edit_analysis(id, analysis)).await
}

#[tauri::command]
pub async fn record_analysis(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    station.run(move |s| s.record_analysis(id)).await
}

#[tauri::command]
pub async fn look_at(station: Held<'_>, id: CaseId, candidate: CandidateId) -> Outcome<Answer> {
    station.look_at(id, candidate).await
}

#[tauri::command]
pub async fn compare(station: Held<'_>, id: CaseId, candidate: CandidateId, comparison: Comparison) -> Outcome<Answer> {
    station.compare(id, candidate, comparison).await
}

#[tauri::command]
pub async fn log_view(station: Held<'_>, id: CaseId, candidate: CandidateId, view: ViewSettings) -> Outcome<Answer> {
    station.log_view(id, candidate, view).await
}

#[tauri::command]
pub async fn conclude_on(
    station: Held<'_>,
    id: CaseId,
    candidate: CandidateId,
    conclusion: Option<Conclusion>,
    reason: String,
) -> Outcome<Answer> {
    station.conclude_on(id, candidate, conclusion, reason).await
}

#[tauri::command]
pub async fn keep(station: Held<'_>, id: CaseId, candidate: Option<CandidateId>) -> Outcome<Answer> {
    station.run(move |s| s.keep(id, candidate)).await
}

#[tauri::command]
pub async fn none_of_these(station: Held<'_>, id: CaseId, none: bool) -> Outcome<Answer> {
    station.run(move |s| s.none_of_these(id, none)).await
}

#[tauri::command]
pub async fn conclude(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    station.run(move |s| s.conclude(id)).await
}

#[tauri::command]
pub async fn unveil(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    station.run(move |s| s.unveil(id)).await
}

#[tauri::command]
pub async fn change_conclusion(
    station: Held<'_>,
    id: CaseId,
    candidate: CandidateId,
    conclusion: Conclusion,
    reason: String,
) -> Outcome<Answer> {
    station.run(move |s| s.change_conclusion(id, candidate, conclusion, &reason)).await
}
