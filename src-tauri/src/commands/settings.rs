//! People, the gallery, other workstations, the audit, what figures rest on.

use casework::{Person, PersonId};
use catalogue::say;
use tauri::AppHandle;
use workstation::views::{
    Admitted, BackupView, ExchangeView, GalleryView, PersonForm, SettingsForm, SettingsView, Start, ValidityView,
};
use workstation::{Confirming, Outcome};

use super::{Held, ask_for_file, ask_where, said};

#[tauri::command]
pub async fn backup(station: Held<'_>) -> Outcome<BackupView> {
    station.run(move |s| s.backup()).await
}

#[tauri::command]
pub async fn save_backup(station: Held<'_>, folder: String, at_relay: bool) -> Outcome<BackupView> {
    station.run(move |s| s.save_backup(&folder, at_relay)).await
}

#[tauri::command]
pub async fn back_up(station: Held<'_>) -> Outcome<BackupView> {
    station.run(move |s| s.back_up()).await
}

#[tauri::command]
pub async fn staff(station: Held<'_>) -> Outcome<Vec<Person>> {
    station.run(move |s| s.staff()).await
}

#[tauri::command]
pub async fn save_person(
    station: Held<'_>,
    id: Option<PersonId>,
    form: PersonForm,
    second: Option<Confirming>,
) -> Outcome<Admitted> {
    station
        .run(move |s| {
            let code = s.save_person(id, &form, second.as_ref())?;
            Ok(Admitted { start: s.start()?, code })
        })
        .await
}

/// Signs the policy that is in force here as the department's.
#[tauri::command]
pub async fn sign_policy(station: Held<'_>, second: Option<Confirming>) -> Outcome<Start> {
    station.run(move |s| s.sign_policy(second.as_ref()).and_then(|()| s.start())).await
}

/// Gives a person a new enrolment code.
#[tauri::command]
pub async fn issue_code(station: Held<'_>, id: PersonId, second: Option<Confirming>) -> Outcome<Admitted> {
    station
        .run(move |s| {
            let code = s.issue_code(id, second.as_ref())?;
            Ok(Admitted { start: s.start()?, code })
        })
        .await
}

#[tauri::command]
pub async fn staff_read(station: Held<'_>, up_to: i64) -> Outcome<Start> {
    station.run(move |s| s.staff_read(up_to).and_then(|()| s.start())).await
}

#[tauri::command]
pub async fn settings(station: Held<'_>) -> Outcome<SettingsView> {
    station.run(move |s| s.settings()).await
}

#[tauri::command]
pub async fn save_settings(station: Held<'_>, form: SettingsForm) -> Outcome<SettingsView> {
    station.run(move |s| s.save_settings(&form)).await
}

#[tauri::command]
pub async fn test_gallery(station: Held<'_>) -> Outcome<GalleryView> {
    station.gallery().await
}

#[tauri::command]
pub async fn exchange_settings(station: Held<'_>) -> Outcome<ExchangeView> {
    station.run(move |s| s.exchange_view()).await
}

#[tauri::command]
pub async fn save_exchange(station: Held<'_>, name: String, review_at: String, relay: String) -> Outcome<ExchangeView> {
    station.run(move |s| s.save_exchange(&name, &review_at, &relay).and_then(|()| s.exchange_view())).await
}

#[tauri::command]
pub async fn add_workstation(station: Held<'_>, card: String) -> Outcome<ExchangeView> {
    station.run(move |s| s.add_workstation(&card).and_then(|()| s.exchange_view())).await
}

/// Lets a workstation into the department.
#[tauri::command]
pub async fn let_in_workstation(station: Held<'_>, card: String, second: Option<Confirming>) -> Outcome<ExchangeView> {
    station.run(move |s| s.let_in_workstation(&card, second.as_ref()).and_then(|()| s.exchange_view())).await
}

/// Takes a workstation out of the department.
#[tauri::command]
pub async fn take_out_workstation(station: Held<'_>, key: String, second: Option<Confirming>) -> Outcome<ExchangeView> {
    station.run(move |s| s.take_out_workstation(&key, second.as_ref()).and_then(|()| s.exchange_view())).await
}

/// Takes a person out of the department.
#[tauri::command]
pub async fn take_out_person(station: Held<'_>, id: PersonId, second: Option<Confirming>) -> Outcome<Start> {
    station.run(move |s| s.take_out_person(id, second.as_ref()).and_then(|()| s.start())).await
}

/// Writes the department's documents, from which a relay takes them up.
#[tauri::command]
pub async fn export_department(app: AppHandle, station: Held<'_>) -> Outcome<Option<String>> {
    station.run(|s| Ok(s.person()?.may_administer()?)).await?;
    let Some(path) = ask_where(&app, &station, "department.jsonl").await? else { return Ok(None) };
    station.run(move |s| s.write_department(&path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn export_audit(app: AppHandle, station: Held<'_>) -> Outcome<Option<String>> {
    // Asked before a place is: whoever may not is not asked for one.
    station.run(|s| Ok(s.person()?.may_read_audit()?)).await?;
    let Some(path) = ask_where(&app, &station, "audit.jsonl").await? else { return Ok(None) };
    station.run(move |s| s.export_audit(&path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn validity(station: Held<'_>) -> Outcome<ValidityView> {
    station.run(|s| s.validity()).await
}

#[tauri::command]
pub async fn choose_groups(app: AppHandle, station: Held<'_>) -> Outcome<Option<ValidityView>> {
    station.run(|s| s.may_read_validity()).await?;
    let Some(path) = ask_for_file(&app, say!("command-choose-groups"), &[]).await else { return Ok(None) };
    station.run(move |s| s.take_groups(&path).map(Some)).await
}

#[tauri::command]
pub async fn print_validity(
    app: AppHandle,
    station: Held<'_>,
    calibration: String,
    groups: Option<String>,
) -> Outcome<Option<String>> {
    station.run(|s| s.may_read_validity()).await?;
    let Some(path) = ask_where(&app, &station, "validity.pdf").await? else { return Ok(None) };
    station.run(move |s| s.print_validity(&calibration, groups.as_deref(), &path).map(|()| said(&path))).await
}
