//! The doors: each command parses, makes one call, and maps the error.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tauri::{AppHandle, Emitter, State};
use tauri_plugin_dialog::DialogExt;
use uuid::Uuid;

use casework::{
    Blind, CandidateId, CaseDraft, CaseFile, CaseId, Category, Checklist, Clock, Comparison, Conclusion,
    ContradictionPanel, Entry, EntryId, NoteForm, NoteId, Person, PersonId, PolicySummary, PreparationStep,
    ProbeAnalysis, ProbeId, ProbeOrigin, ReviewForm, SearchFilters, SearchRecord, ViewSettings,
};

use workstation::views::{
    Answer, CaseLine, CaseView, ComponentLine, ExchangeView, GalleryView, Geometry, NoteView, Offered, PersonForm,
    Progress, QuestionLine, QueueLine, Remembered, SettingsForm, SettingsView, StaffLine, Start, WaitingLine,
};

use workstation::{CommandError, DayRead, Enclosed, Outcome, SystemClock, VaultState, Workstation};

type Held<'a> = State<'a, Arc<Workstation>>;

/// Runs blocking work away from the window's thread.
async fn away<T: Send + 'static>(
    station: &Held<'_>,
    work: impl FnOnce(&Workstation) -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let station = Arc::clone(station);
    tokio::task::spawn_blocking(move || work(&station)).await.unwrap_or_else(|_| {
        Err(CommandError::new("internal", "A part of the program stopped. What was saved is safe; try again."))
    })
}

fn teller(app: AppHandle) -> impl Fn(Progress) + Send + Sync + Clone + 'static {
    move |progress| {
        if let Err(error) = app.emit("progress", progress) {
            tracing::warn!(%error, "progress could not be shown");
        }
    }
}

fn begin(station: &Workstation) -> Outcome<Start> {
    let (person, temporary) = station.signed_in()?;
    let people = station.people()?;
    let settings = station.with(|v| Ok(v.settings()?))?;
    Ok(Start {
        person,
        temporary,
        people,
        questions: QuestionLine::all(),
        components: ComponentLine::all(),
        policy: PolicySummary::from(&station.policy),
        offences: station.policy.offence.iter().chain(casework::shipped_offences()).cloned().collect(),
        statement: casework::LEAD_STATEMENT.to_owned(),
        theme: settings.theme,
        letter_keys_off: settings.letter_keys_off,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        gallery_set: !settings.gallery.is_empty(),
        staff_news: station.staff_news()?.iter().map(StaffLine::of).collect(),
    })
}

#[tauri::command]
pub async fn start(station: Held<'_>) -> Outcome<Start> {
    away(&station, begin).await
}

/// Reads a day as people write it, and says how it was read; asked for while it is typed, before anybody is signed in.
#[tauri::command]
pub fn read_day(text: String) -> DayRead {
    DayRead::of(&text)
}

#[tauri::command]
pub async fn vault_state(station: Held<'_>) -> Outcome<VaultState> {
    away(&station, |station| station.who().and_then(|_| station.vault_state())).await
}

#[tauri::command]
pub async fn name_person(station: Held<'_>, form: PersonForm) -> Outcome<Start> {
    away(&station, move |station| station.name_first(&form).and_then(|()| begin(station))).await
}

/// The key for which the page encloses what is secret. Open to everybody: it only encloses.
#[tauri::command]
pub fn envelope(station: Held<'_>) -> Outcome<String> {
    station.envelope.renew()
}

#[tauri::command]
pub async fn sign_in(station: Held<'_>, person: PersonId, passphrase: Enclosed) -> Outcome<Start> {
    away(&station, move |station| station.sign_in(person, &passphrase).and_then(|()| begin(station))).await
}

#[tauri::command]
pub async fn sign_out(station: Held<'_>) -> Outcome<Start> {
    away(&station, |station| station.sign_out().and_then(|()| begin(station))).await
}

#[tauri::command]
pub fn still_here(station: Held<'_>) -> Outcome<()> {
    station.still_here()
}

#[tauri::command]
pub async fn change_passphrase(station: Held<'_>, old: Enclosed, new: Enclosed) -> Outcome<Start> {
    away(&station, move |station| station.change_passphrase(&old, &new).and_then(|()| begin(station))).await
}

#[tauri::command]
pub async fn staff(station: Held<'_>) -> Outcome<Vec<Person>> {
    away(&station, Workstation::staff).await
}

#[tauri::command]
pub async fn save_person(
    station: Held<'_>,
    id: Option<PersonId>,
    form: PersonForm,
    second: Option<PersonId>,
    passphrase: Enclosed,
) -> Outcome<Start> {
    let second = second.map(|second| (second, passphrase));
    away(&station, move |station| {
        station
            .save_person(id, &form, second.as_ref().map(|(second, passphrase)| (*second, passphrase)))
            .and_then(|()| begin(station))
    })
    .await
}

#[tauri::command]
pub async fn staff_read(station: Held<'_>, up_to: i64) -> Outcome<Start> {
    away(&station, move |station| station.staff_read(up_to).and_then(|()| begin(station))).await
}

fn read_settings(station: &Workstation) -> Outcome<SettingsView> {
    station.who()?;
    let settings = station.with(|v| Ok(v.settings()?))?;
    Ok(SettingsView {
        token_set: Workstation::token_set(&settings.gallery)?,
        gallery: settings.gallery,
        theme: settings.theme,
        letter_keys_off: settings.letter_keys_off,
    })
}

#[tauri::command]
pub async fn settings(station: Held<'_>) -> Outcome<SettingsView> {
    away(&station, read_settings).await
}

#[tauri::command]
pub async fn save_settings(station: Held<'_>, form: SettingsForm) -> Outcome<SettingsView> {
    away(&station, move |station| {
        station.save_settings(&form.gallery, &form.token, &form.theme, form.letter_keys_off)?;
        read_settings(station)
    })
    .await
}

#[tauri::command]
pub async fn test_gallery(station: Held<'_>) -> Outcome<GalleryView> {
    away(&station, |station| station.person().map(drop)).await?;
    station.gallery().await
}

#[tauri::command]
pub async fn cases(station: Held<'_>) -> Outcome<Vec<CaseLine>> {
    away(&station, Workstation::cases).await
}

#[tauri::command]
pub async fn new_case(station: Held<'_>) -> Outcome<CaseView> {
    away(&station, |station| {
        let person = station.person()?;
        person.may_open_cases()?;
        let file = CaseFile::begin(CaseId(Uuid::new_v4()), person.reference());
        let event = Some(("case-begun", serde_json::json!({ "case": file.id })));
        station.with(|v| Ok(v.put_case(file.id, &file, &person.reference(), SystemClock.now(), event)?))?;
        station.view(&file)
    })
    .await
}

#[tauri::command]
pub async fn open_case(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&station, move |station| {
        let person = station.person()?;
        let file = station.case_for(id, &person)?;
        let detail = serde_json::json!({ "case": id, "number": file.purpose.case_number });
        station.with(|v| Ok(v.record(Some(&person.reference()), SystemClock.now(), "case-opened", &detail)?))?;
        station.ask_soon();
        Ok(station.answer(&file, &person))
    })
    .await
}

#[tauri::command]
pub async fn edit_purpose(station: Held<'_>, id: CaseId, draft: CaseDraft) -> Outcome<CaseView> {
    away(&station, move |station| station.change(id, None, |file, _, _| Ok(file.edit_purpose(draft)?))).await
}

#[tauri::command]
pub async fn confirm_purpose(station: Held<'_>, id: CaseId) -> Outcome<CaseView> {
    away(&station, move |station| {
        station.change_knowing(id, Some("purpose-confirmed"), |file, person, now, elsewhere| {
            Ok(file.confirm_purpose(person.reference(), now, &station.policy, elsewhere)?)
        })
    })
    .await
}

#[tauri::command]
pub async fn confirm_flags(
    station: Held<'_>,
    id: CaseId,
    supervisor: PersonId,
    passphrase: Enclosed,
) -> Outcome<CaseView> {
    away(&station, move |station| {
        station
            .confirm(id, supervisor, &passphrase, "flag-confirmed", |file, by, now, _| Ok(file.confirm_flags(by, now)?))
    })
    .await
}

#[tauri::command]
pub async fn confirm_search(
    station: Held<'_>,
    id: CaseId,
    supervisor: PersonId,
    passphrase: Enclosed,
) -> Outcome<CaseView> {
    away(&station, move |station| {
        station.confirm(id, supervisor, &passphrase, "further-search-confirmed", |file, by, now, elsewhere| {
            Ok(file.confirm_search(by, elsewhere, now)?)
        })
    })
    .await
}

#[tauri::command]
pub async fn confirm_account(
    station: Held<'_>,
    id: CaseId,
    supervisor: PersonId,
    passphrase: Enclosed,
) -> Outcome<CaseView> {
    away(&station, move |station| {
        station.confirm(id, supervisor, &passphrase, "account-confirmed", |file, by, now, _| {
            Ok(file.confirm_account(by, now)?)
        })
    })
    .await
}

#[tauri::command]
pub fn offered(station: Held<'_>) -> Vec<Offered> {
    // Names of files are for whoever is signed in.
    if station.who().is_err() {
        return Vec::new();
    }
    let Ok(offered) = station.offered.lock() else { return Vec::new() };
    let name = |path: &PathBuf| path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    offered.iter().enumerate().map(|(index, path)| Offered { index, name: name(path) }).collect()
}

fn offered_path(station: &Held<'_>, index: usize) -> Outcome<PathBuf> {
    let path = station.offered.lock().ok().and_then(|offered| offered.get(index).cloned());
    path.ok_or_else(|| CommandError::new("unknown", "That file is no longer offered. Drop or choose it again."))
}

/// A file that the person chooses, of any kind. Ask first whether they may: the system's window shows names of files to
/// whoever sits there.
async fn ask_for_file(app: &AppHandle, title: &str) -> Option<PathBuf> {
    let (send, receive) = tokio::sync::oneshot::channel();
    app.dialog().file().set_title(title).pick_file(move |file| drop(send.send(file)));
    receive.await.ok().flatten().and_then(|file| file.into_path().ok())
}

#[tauri::command]
pub async fn take_offered(
    app: AppHandle,
    station: Held<'_>,
    id: CaseId,
    index: usize,
    further: bool,
) -> Outcome<CaseView> {
    let path = offered_path(&station, index)?;
    station.bring(id, &path, further, teller(app)).await
}

#[tauri::command]
pub async fn choose_file(app: AppHandle, station: Held<'_>, id: CaseId, further: bool) -> Outcome<Option<CaseView>> {
    away(&station, move |station| station.works_on(id).map(drop)).await?;
    let (send, receive) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_title("Choose the photograph of the unknown person")
        .add_filter("Photographs", &["jpg", "jpeg", "heic", "heif", "avif", "png", "webp", "tif", "tiff", "gif", "bmp"])
        .pick_file(move |file| drop(send.send(file)));
    let Some(path) = receive.await.ok().flatten().and_then(|file| file.into_path().ok()) else { return Ok(None) };
    station.bring(id, &path, further, teller(app)).await.map(Some)
}

#[tauri::command]
pub async fn edit_origin(station: Held<'_>, id: CaseId, origin: ProbeOrigin) -> Outcome<CaseView> {
    away(&station, move |station| station.change(id, None, |file, _, _| Ok(file.edit_origin(origin)?))).await
}

#[tauri::command]
pub async fn pick_face(station: Held<'_>, id: CaseId, face: usize) -> Outcome<CaseView> {
    away(&station, move |station| station.change(id, None, |file, _, _| Ok(file.pick_face(face)?))).await
}

#[tauri::command]
pub async fn pick_further(station: Held<'_>, id: CaseId, at: usize, face: usize) -> Outcome<CaseView> {
    away(&station, move |station| station.change(id, None, |file, _, _| Ok(file.pick_further(at, face)?))).await
}

#[tauri::command]
pub async fn edit_further(station: Held<'_>, id: CaseId, reasons: Vec<String>) -> Outcome<CaseView> {
    away(&station, move |station| station.change(id, None, |file, _, _| Ok(file.edit_further(reasons)?))).await
}

#[tauri::command]
pub async fn remove_further(station: Held<'_>, id: CaseId, at: usize) -> Outcome<CaseView> {
    away(&station, move |station| {
        station.change(id, Some("further-removed"), |file, _, _| Ok(file.remove_further(at)?))
    })
    .await
}

#[tauri::command]
pub async fn confirm_probe(station: Held<'_>, id: CaseId) -> Outcome<CaseView> {
    away(&station, move |station| {
        station
            .change(id, Some("probe-confirmed"), |file, person, now| {
                Ok(file.confirm_probe(ProbeId(Uuid::new_v4()), person.reference(), now, &station.policy)?)
            })
            .inspect_err(|error| station.audit_refusal("probe-refused", id, error))
    })
    .await
}

#[tauri::command]
pub async fn prepare(station: Held<'_>, id: CaseId, steps: Vec<PreparationStep>) -> Outcome<CaseView> {
    away(&station, move |station| station.change(id, None, |file, _, _| Ok(file.prepare(steps)?))).await
}

#[tauri::command]
pub async fn choose_prepared(station: Held<'_>, id: CaseId, used: bool) -> Outcome<CaseView> {
    away(&station, move |station| station.choose_prepared(id, used)).await
}

#[tauri::command]
pub async fn search(
    app: AppHandle,
    station: Held<'_>,
    id: CaseId,
    thorough: bool,
    filters: SearchFilters,
) -> Outcome<Answer> {
    let done = station.search(id, thorough, filters, teller(app)).await;
    done.inspect_err(|error| station.audit_refusal("search-failed", id, error))?;
    away(&station, move |station| {
        let person = station.person()?;
        Ok(station.answer(&station.case_for(id, &person)?, &person))
    })
    .await
}

#[tauri::command]
pub fn cancel(station: Held<'_>) {
    station.cancel.notify_waiters();
}

#[tauri::command]
pub async fn geometry(station: Held<'_>, picture: String) -> Outcome<Geometry> {
    let (case, wanted) =
        workstation::parse(&picture).ok_or_else(|| CommandError::new("unknown", "There is no such picture."))?;
    station.geometry(case, wanted).await
}

#[tauri::command]
pub async fn edit_analysis(station: Held<'_>, id: CaseId, analysis: ProbeAnalysis) -> Outcome<Answer> {
    away(&station, move |station| station.at_bench(id, None, |bench, _, _| bench.edit_analysis(analysis))).await
}

#[tauri::command]
pub async fn record_analysis(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&station, move |station| {
        station.at_bench(id, Some("probe-analysed"), |bench, _, now| bench.record_analysis(now))
    })
    .await
}

#[tauri::command]
pub async fn look_at(station: Held<'_>, id: CaseId, candidate: CandidateId) -> Outcome<Answer> {
    station.look_at(id, candidate).await
}

#[tauri::command]
pub async fn compare(station: Held<'_>, id: CaseId, candidate: CandidateId, comparison: Comparison) -> Outcome<Answer> {
    let compared = move |bench: &mut Blind, search: &SearchRecord, _| bench.compare(search, candidate, comparison);
    station.at_candidate(id, candidate, None, compared).await
}

#[tauri::command]
pub async fn log_view(station: Held<'_>, id: CaseId, candidate: CandidateId, view: ViewSettings) -> Outcome<Answer> {
    let viewed = move |bench: &mut Blind, search: &SearchRecord, now| bench.log_view(search, candidate, view, now);
    station.at_candidate(id, candidate, None, viewed).await
}

#[tauri::command]
pub async fn conclude_on(
    station: Held<'_>,
    id: CaseId,
    candidate: CandidateId,
    conclusion: Option<Conclusion>,
    reason: String,
) -> Outcome<Answer> {
    let concluded = move |bench: &mut Blind, search: &SearchRecord, now| {
        bench.conclude_on(search, candidate, conclusion, &reason, now)
    };
    station.at_candidate(id, candidate, Some("candidate-concluded"), concluded).await
}

#[tauri::command]
pub async fn keep(station: Held<'_>, id: CaseId, candidate: Option<CandidateId>) -> Outcome<Answer> {
    away(&station, move |station| {
        station.at_bench(id, Some("lead-kept"), |bench, _, _| {
            bench.keep(candidate);
            Ok(())
        })
    })
    .await
}

#[tauri::command]
pub async fn none_of_these(station: Held<'_>, id: CaseId, none: bool) -> Outcome<Answer> {
    away(&station, move |station| {
        station.at_bench(id, Some("none-of-these"), |bench, _, _| {
            bench.none_of_these(none);
            Ok(())
        })
    })
    .await
}

#[tauri::command]
pub async fn conclude(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&station, move |station| {
        station.change_knowing_bench(id, Some("examination-concluded"), |file, person, now, elsewhere| {
            Ok(file.conclude(person.id, now, &station.policy, elsewhere)?)
        })
    })
    .await
}

#[tauri::command]
pub async fn unveil(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&station, move |station| {
        station
            .change_bench(id, Some("examination-unveiled"), |file, person, now| Ok(file.unveil(person.id, now)?))
            .inspect_err(|error| station.audit_refusal("unveiling-refused", id, error))
    })
    .await
}

#[tauri::command]
pub async fn change_conclusion(
    station: Held<'_>,
    id: CaseId,
    candidate: CandidateId,
    conclusion: Conclusion,
    reason: String,
) -> Outcome<Answer> {
    away(&station, move |station| {
        station.change_bench(id, Some("changed-after-unveiling"), |file, person, now| {
            Ok(file.change_conclusion(person.id, candidate, conclusion, &reason, now)?)
        })
    })
    .await
}

#[tauri::command]
pub async fn ask_verification(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&station, move |station| {
        station.change_bench(id, Some("verification-asked"), |file, person, now| {
            Ok(file.ask_verification(&person.reference(), now, &station.policy)?)
        })
    })
    .await
}

#[tauri::command]
pub async fn withdraw_verification(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&station, move |station| {
        station.change_bench(id, Some("verification-withdrawn"), |file, person, now| {
            Ok(file.withdraw_verification(person.id, now)?)
        })
    })
    .await
}

#[tauri::command]
pub async fn waiting(station: Held<'_>) -> Outcome<Vec<WaitingLine>> {
    away(&station, Workstation::waiting).await
}

#[tauri::command]
pub async fn begin_verification(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&station, move |station| {
        station.begin_verification(id).inspect_err(|error| station.audit_refusal("verification-refused", id, error))
    })
    .await
}

#[tauri::command]
pub async fn hand_in(station: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&station, move |station| {
        station.change_knowing_bench(id, Some("verification-handed-in"), |file, person, now, elsewhere| {
            file.recall(elsewhere);
            Ok(file.hand_in(&person.reference(), now, &station.policy)?)
        })
    })
    .await
}

#[tauri::command]
pub async fn confer(
    station: Held<'_>,
    id: CaseId,
    account: String,
    agreed: Conclusion,
    passphrase: Enclosed,
) -> Outcome<Answer> {
    away(&station, move |station| station.confer(id, account, agreed, &passphrase)).await
}

#[tauri::command]
pub async fn add_entry(station: Held<'_>, id: CaseId, category: Category) -> Outcome<CaseView> {
    away(&station, move |station| {
        station.change(id, None, |file, _, _| Ok(file.add_entry(EntryId(Uuid::new_v4()), category)?))
    })
    .await
}

#[tauri::command]
pub async fn edit_checklist(station: Held<'_>, id: CaseId, checklist: Checklist) -> Outcome<CaseView> {
    away(&station, move |station| {
        station.change(id, None, |file, _, _| Ok(file.edit_checklist(|list| *list = checklist)?))
    })
    .await
}

#[tauri::command]
pub async fn edit_entry(station: Held<'_>, id: CaseId, entry: Entry) -> Outcome<CaseView> {
    away(&station, move |station| station.change(id, None, |file, _, _| Ok(file.edit_entry(entry)?))).await
}

#[tauri::command]
pub async fn edit_panel(station: Held<'_>, id: CaseId, panel: ContradictionPanel) -> Outcome<CaseView> {
    away(&station, move |station| station.change(id, None, |file, _, _| Ok(file.edit_panel(panel)?))).await
}

#[tauri::command]
pub async fn remembered(station: Held<'_>) -> Outcome<Remembered> {
    away(&station, Workstation::remembered).await
}

#[tauri::command]
pub async fn edit_note(station: Held<'_>, id: CaseId, form: NoteForm) -> Outcome<CaseView> {
    away(&station, move |station| station.change(id, None, |file, _, _| Ok(file.edit_note(form)?))).await
}

#[tauri::command]
pub async fn attach_offered(station: Held<'_>, id: CaseId, entry: EntryId, index: usize) -> Outcome<CaseView> {
    let path = offered_path(&station, index)?;
    away(&station, move |station| station.attach(id, entry, &path)).await
}

#[tauri::command]
pub async fn choose_attachment(
    app: AppHandle,
    station: Held<'_>,
    id: CaseId,
    entry: EntryId,
) -> Outcome<Option<CaseView>> {
    away(&station, move |station| Ok(station.works_on(id)?.may_attach(entry)?)).await?;
    let Some(path) = ask_for_file(&app, "Choose the file that belongs to this entry").await else { return Ok(None) };
    away(&station, move |station| station.attach(id, entry, &path)).await.map(Some)
}

#[tauri::command]
pub async fn detach(station: Held<'_>, id: CaseId, entry: EntryId, sha256: String) -> Outcome<CaseView> {
    away(&station, move |station| {
        station.change(id, Some("file-detached"), |file, _, _| Ok(file.detach(entry, &sha256)?))
    })
    .await
}

#[tauri::command]
pub async fn save_note(station: Held<'_>, id: CaseId) -> Outcome<NoteView> {
    station.keep_lead_photo(id).await?;
    away(&station, move |station| {
        station
            .seal(id)
            .inspect_err(|error| station.audit_refusal("note-refused", id, error))
            .and_then(|note| station.show_note(note, &station.who()?))
    })
    .await
}

#[tauri::command]
pub async fn read_note(station: Held<'_>, id: NoteId) -> Outcome<NoteView> {
    away(&station, move |station| {
        let person = station.person()?;
        let view = station.show_note(id, &person)?;
        let detail = serde_json::json!({ "note": id });
        station.with(|v| Ok(v.record(Some(&person.reference()), SystemClock.now(), "note-read", &detail)?))?;
        Ok(view)
    })
    .await
}

#[tauri::command]
pub async fn add_addendum(station: Held<'_>, id: NoteId, text: String) -> Outcome<NoteView> {
    away(&station, move |station| station.add_addendum(id, &text)).await
}

#[tauri::command]
pub async fn queue(station: Held<'_>) -> Outcome<Vec<QueueLine>> {
    away(&station, Workstation::queue).await
}

#[tauri::command]
pub async fn review_note(station: Held<'_>, id: NoteId, form: ReviewForm) -> Outcome<NoteView> {
    away(&station, move |station| station.review(id, &form)).await
}

/// Where an export goes: the folder given at the start, or what the person chooses. Nobody who is not signed in is asked.
async fn destination(app: &AppHandle, station: &Held<'_>, name: String) -> Outcome<Option<PathBuf>> {
    away(station, |station| station.person().map(drop)).await?;
    if let Some(folder) = &station.exports {
        return Ok(Some(folder.join(name)));
    }
    let (send, receive) = tokio::sync::oneshot::channel();
    app.dialog().file().set_file_name(name).save_file(move |file| drop(send.send(file)));
    Ok(receive.await.ok().flatten().and_then(|file| file.into_path().ok()))
}

fn said(path: &Path) -> Option<String> {
    Some(path.display().to_string())
}

#[tauri::command]
pub async fn export_note(app: AppHandle, station: Held<'_>, id: NoteId) -> Outcome<Option<String>> {
    let Some(path) = destination(&app, &station, "note.json".to_owned()).await? else { return Ok(None) };
    away(&station, move |station| station.export_note(id, &path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn export_disclosure(app: AppHandle, station: Held<'_>, case: CaseId) -> Outcome<Option<String>> {
    let Some(path) = destination(&app, &station, "disclosure.json".to_owned()).await? else { return Ok(None) };
    away(&station, move |station| station.export_disclosure(case, &path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn print_report(app: AppHandle, station: Held<'_>, id: NoteId) -> Outcome<Option<String>> {
    let Some(path) = destination(&app, &station, "lead.pdf".to_owned()).await? else { return Ok(None) };
    station.print_report(id, path.clone()).await.map(|()| said(&path))
}

#[tauri::command]
pub async fn print_disclosure(app: AppHandle, station: Held<'_>, case: CaseId) -> Outcome<Option<String>> {
    let Some(path) = destination(&app, &station, "disclosure.pdf".to_owned()).await? else { return Ok(None) };
    away(&station, move |station| station.print_disclosure(case, &path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn export_audit(app: AppHandle, station: Held<'_>) -> Outcome<Option<String>> {
    // Asked before a place is: whoever may not is not asked for one.
    away(&station, |station| Ok(station.person()?.may_read_audit()?)).await?;
    let Some(path) = destination(&app, &station, "audit.jsonl".to_owned()).await? else { return Ok(None) };
    away(&station, move |station| station.export_audit(&path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn exchange_settings(station: Held<'_>) -> Outcome<ExchangeView> {
    away(&station, Workstation::exchange_view).await
}

#[tauri::command]
pub async fn save_exchange(station: Held<'_>, name: String, review_at: String) -> Outcome<ExchangeView> {
    away(&station, move |station| station.save_exchange(&name, &review_at).and_then(|()| station.exchange_view())).await
}

#[tauri::command]
pub async fn add_workstation(station: Held<'_>, card: String) -> Outcome<ExchangeView> {
    away(&station, move |station| station.add_workstation(&card).and_then(|()| station.exchange_view())).await
}

#[tauri::command]
pub async fn write_package(app: AppHandle, station: Held<'_>, id: NoteId, to: String) -> Outcome<Option<String>> {
    let Some(path) = destination(&app, &station, "case-package.age".to_owned()).await? else { return Ok(None) };
    away(&station, move |station| station.write_package(id, &to, &path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn write_reviews(app: AppHandle, station: Held<'_>) -> Outcome<Option<usize>> {
    away(&station, |station| station.person().map(drop)).await?;
    let folder = match &station.exports {
        Some(folder) => Some(folder.clone()),
        None => {
            let (send, receive) = tokio::sync::oneshot::channel();
            app.dialog().file().pick_folder(move |folder| drop(send.send(folder)));
            receive.await.ok().flatten().and_then(|folder| folder.into_path().ok())
        }
    };
    let Some(folder) = folder else { return Ok(None) };
    away(&station, move |station| station.write_reviews(&folder).map(Some)).await
}

#[tauri::command]
pub async fn open_package(app: AppHandle, station: Held<'_>) -> Outcome<Option<String>> {
    away(&station, |station| station.person().map(drop)).await?;
    let Some(path) = ask_for_file(&app, "Choose the case package").await else { return Ok(None) };
    away(&station, move |station| station.open_package(&path).map(Some)).await
}

#[tauri::command]
pub async fn open_offered_package(station: Held<'_>, index: usize) -> Outcome<String> {
    let path = offered_path(&station, index)?;
    away(&station, move |station| station.open_package(&path)).await
}
