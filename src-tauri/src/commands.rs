//! The doors: each command parses, makes one call, and maps the error.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tauri::{AppHandle, Emitter, State};
use tauri_plugin_dialog::DialogExt;
use uuid::Uuid;

use casework::{
    Blind, CandidateId, CaseDraft, CaseFile, CaseId, Category, Checklist, Clock, Comparison, Conclusion, EntryId,
    NoteForm, NoteId, Person, PersonId, PolicySummary, PreparationStep, ProbeAnalysis, ProbeId, ProbeOrigin,
    ReviewForm, SearchFilters, SearchRecord, ViewSettings,
};

use crate::anchor::VaultState;
use crate::desk::{Desk, Outcome, SystemClock};
use crate::enclosed::Enclosed;
use crate::error::CommandError;
use crate::people::DayRead;
use crate::pictures;
use crate::views::{
    Answer, CaseLine, CaseView, ComponentLine, ExchangeView, GalleryView, Geometry, NoteView, Offered, PersonForm,
    Progress, QuestionLine, QueueLine, SettingsForm, SettingsView, StaffLine, Start, WaitingLine,
};

type Held<'a> = State<'a, Arc<Desk>>;

/// Runs blocking work away from the window's thread.
async fn away<T: Send + 'static>(
    desk: &Held<'_>,
    work: impl FnOnce(&Desk) -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let desk = Arc::clone(desk);
    tokio::task::spawn_blocking(move || work(&desk)).await.unwrap_or_else(|_| {
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

fn begin(desk: &Desk) -> Outcome<Start> {
    let (person, temporary) = desk.signed_in()?;
    let people = desk.people()?;
    let settings = desk.with(|v| Ok(v.settings()?))?;
    Ok(Start {
        person,
        temporary,
        people,
        questions: QuestionLine::all(),
        components: ComponentLine::all(),
        policy: PolicySummary::from(&desk.policy),
        statement: casework::LEAD_STATEMENT.to_owned(),
        theme: settings.theme,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        gallery_set: !settings.gallery.is_empty(),
        staff_news: desk.staff_news()?.iter().map(StaffLine::of).collect(),
    })
}

#[tauri::command]
pub async fn start(desk: Held<'_>) -> Outcome<Start> {
    away(&desk, begin).await
}

/// Reads a day as people write it, and says how it was read; asked for while it is typed, before anybody is signed in.
#[tauri::command]
pub fn read_day(text: String) -> DayRead {
    DayRead::of(&text)
}

#[tauri::command]
pub async fn vault_state(desk: Held<'_>) -> Outcome<VaultState> {
    away(&desk, |desk| desk.who().and_then(|_| desk.vault_state())).await
}

#[tauri::command]
pub async fn name_person(desk: Held<'_>, form: PersonForm) -> Outcome<Start> {
    away(&desk, move |desk| desk.name_first(&form).and_then(|()| begin(desk))).await
}

/// The key for which the page encloses what is secret. Open to everybody: it only encloses.
#[tauri::command]
pub fn envelope(desk: Held<'_>) -> Outcome<String> {
    desk.envelope.renew()
}

#[tauri::command]
pub async fn sign_in(desk: Held<'_>, person: PersonId, passphrase: Enclosed) -> Outcome<Start> {
    away(&desk, move |desk| desk.sign_in(person, &passphrase).and_then(|()| begin(desk))).await
}

#[tauri::command]
pub async fn sign_out(desk: Held<'_>) -> Outcome<Start> {
    away(&desk, |desk| desk.sign_out().and_then(|()| begin(desk))).await
}

#[tauri::command]
pub fn still_here(desk: Held<'_>) -> Outcome<()> {
    desk.still_here()
}

#[tauri::command]
pub async fn change_passphrase(desk: Held<'_>, old: Enclosed, new: Enclosed) -> Outcome<Start> {
    away(&desk, move |desk| desk.change_passphrase(&old, &new).and_then(|()| begin(desk))).await
}

#[tauri::command]
pub async fn staff(desk: Held<'_>) -> Outcome<Vec<Person>> {
    away(&desk, Desk::staff).await
}

#[tauri::command]
pub async fn save_person(
    desk: Held<'_>,
    id: Option<PersonId>,
    form: PersonForm,
    second: Option<PersonId>,
    passphrase: Enclosed,
) -> Outcome<Start> {
    let second = second.map(|second| (second, passphrase));
    away(&desk, move |desk| {
        desk.save_person(id, &form, second.as_ref().map(|(second, passphrase)| (*second, passphrase)))
            .and_then(|()| begin(desk))
    })
    .await
}

#[tauri::command]
pub async fn staff_read(desk: Held<'_>, up_to: i64) -> Outcome<Start> {
    away(&desk, move |desk| desk.staff_read(up_to).and_then(|()| begin(desk))).await
}

fn read_settings(desk: &Desk) -> Outcome<SettingsView> {
    desk.who()?;
    let settings = desk.with(|v| Ok(v.settings()?))?;
    Ok(SettingsView {
        token_set: Desk::token_set(&settings.gallery)?,
        gallery: settings.gallery,
        theme: settings.theme,
    })
}

#[tauri::command]
pub async fn settings(desk: Held<'_>) -> Outcome<SettingsView> {
    away(&desk, read_settings).await
}

#[tauri::command]
pub async fn save_settings(desk: Held<'_>, form: SettingsForm) -> Outcome<SettingsView> {
    away(&desk, move |desk| {
        desk.save_settings(&form.gallery, &form.token, &form.theme)?;
        read_settings(desk)
    })
    .await
}

#[tauri::command]
pub async fn test_gallery(desk: Held<'_>) -> Outcome<GalleryView> {
    away(&desk, |desk| desk.person().map(drop)).await?;
    desk.gallery().await
}

#[tauri::command]
pub async fn cases(desk: Held<'_>) -> Outcome<Vec<CaseLine>> {
    away(&desk, |desk| {
        let person = desk.person()?;
        let mut rows = desk.with(|v| Ok(v.cases::<CaseFile>()?))?;
        rows.retain(|row| row.content.may_read_note(&person));
        for row in &mut rows {
            desk.saw(&mut row.content, &person)?;
        }
        Ok(rows.iter().map(|row| CaseLine::new(&row.content, row.changed_at)).collect())
    })
    .await
}

#[tauri::command]
pub async fn new_case(desk: Held<'_>) -> Outcome<CaseView> {
    away(&desk, |desk| {
        let person = desk.person()?;
        person.may_open_cases()?;
        let file = CaseFile::begin(CaseId(Uuid::new_v4()), person.reference());
        let event = Some(("case-begun", serde_json::json!({ "case": file.id })));
        desk.with(|v| Ok(v.put_case(file.id, &file, &person.reference(), SystemClock.now(), event)?))?;
        desk.view(&file)
    })
    .await
}

#[tauri::command]
pub async fn open_case(desk: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&desk, move |desk| {
        let person = desk.person()?;
        let file = desk.case_for(id, &person)?;
        let detail = serde_json::json!({ "case": id, "number": file.purpose.case_number });
        desk.with(|v| Ok(v.record(Some(&person.reference()), SystemClock.now(), "case-opened", &detail)?))?;
        desk.ask_soon();
        Ok(desk.answer(&file, &person))
    })
    .await
}

#[tauri::command]
pub async fn edit_purpose(desk: Held<'_>, id: CaseId, draft: CaseDraft) -> Outcome<CaseView> {
    away(&desk, move |desk| desk.change(id, None, |file, _, _| Ok(file.edit_purpose(draft)?))).await
}

#[tauri::command]
pub async fn confirm_purpose(desk: Held<'_>, id: CaseId) -> Outcome<CaseView> {
    away(&desk, move |desk| {
        desk.change_knowing(id, Some("purpose-confirmed"), |file, person, now, elsewhere| {
            Ok(file.confirm_purpose(person.reference(), now, &desk.policy, elsewhere)?)
        })
    })
    .await
}

#[tauri::command]
pub async fn confirm_flags(
    desk: Held<'_>,
    id: CaseId,
    supervisor: PersonId,
    passphrase: Enclosed,
) -> Outcome<CaseView> {
    away(&desk, move |desk| {
        desk.confirm(id, supervisor, &passphrase, "flag-confirmed", |file, by, now, _| Ok(file.confirm_flags(by, now)?))
    })
    .await
}

#[tauri::command]
pub async fn confirm_search(
    desk: Held<'_>,
    id: CaseId,
    supervisor: PersonId,
    passphrase: Enclosed,
) -> Outcome<CaseView> {
    away(&desk, move |desk| {
        desk.confirm(id, supervisor, &passphrase, "further-search-confirmed", |file, by, now, elsewhere| {
            Ok(file.confirm_search(by, elsewhere, now)?)
        })
    })
    .await
}

#[tauri::command]
pub async fn confirm_account(
    desk: Held<'_>,
    id: CaseId,
    supervisor: PersonId,
    passphrase: Enclosed,
) -> Outcome<CaseView> {
    away(&desk, move |desk| {
        desk.confirm(id, supervisor, &passphrase, "account-confirmed", |file, by, now, _| {
            Ok(file.confirm_account(by, now)?)
        })
    })
    .await
}

#[tauri::command]
pub fn offered(desk: Held<'_>) -> Vec<Offered> {
    // Names of files are for whoever is signed in.
    if desk.who().is_err() {
        return Vec::new();
    }
    let Ok(offered) = desk.offered.lock() else { return Vec::new() };
    let name = |path: &PathBuf| path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    offered.iter().enumerate().map(|(index, path)| Offered { index, name: name(path) }).collect()
}

fn offered_path(desk: &Held<'_>, index: usize) -> Outcome<PathBuf> {
    let path = desk.offered.lock().ok().and_then(|offered| offered.get(index).cloned());
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
    desk: Held<'_>,
    id: CaseId,
    index: usize,
    further: bool,
) -> Outcome<CaseView> {
    let path = offered_path(&desk, index)?;
    desk.bring(id, &path, further, teller(app)).await
}

#[tauri::command]
pub async fn choose_file(app: AppHandle, desk: Held<'_>, id: CaseId, further: bool) -> Outcome<Option<CaseView>> {
    away(&desk, move |desk| desk.works_on(id).map(drop)).await?;
    let (send, receive) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_title("Choose the photograph of the unknown person")
        .add_filter("Photographs", &["jpg", "jpeg", "heic", "heif", "avif", "png", "webp", "tif", "tiff", "gif", "bmp"])
        .pick_file(move |file| drop(send.send(file)));
    let Some(path) = receive.await.ok().flatten().and_then(|file| file.into_path().ok()) else { return Ok(None) };
    desk.bring(id, &path, further, teller(app)).await.map(Some)
}

#[tauri::command]
pub async fn edit_origin(desk: Held<'_>, id: CaseId, origin: ProbeOrigin) -> Outcome<CaseView> {
    away(&desk, move |desk| desk.change(id, None, |file, _, _| Ok(file.edit_origin(origin)?))).await
}

#[tauri::command]
pub async fn pick_face(desk: Held<'_>, id: CaseId, face: usize) -> Outcome<CaseView> {
    away(&desk, move |desk| desk.change(id, None, |file, _, _| Ok(file.pick_face(face)?))).await
}

#[tauri::command]
pub async fn pick_further(desk: Held<'_>, id: CaseId, at: usize, face: usize) -> Outcome<CaseView> {
    away(&desk, move |desk| desk.change(id, None, |file, _, _| Ok(file.pick_further(at, face)?))).await
}

#[tauri::command]
pub async fn edit_further(desk: Held<'_>, id: CaseId, reasons: Vec<String>) -> Outcome<CaseView> {
    away(&desk, move |desk| desk.change(id, None, |file, _, _| Ok(file.edit_further(reasons)?))).await
}

#[tauri::command]
pub async fn remove_further(desk: Held<'_>, id: CaseId, at: usize) -> Outcome<CaseView> {
    away(&desk, move |desk| desk.change(id, Some("further-removed"), |file, _, _| Ok(file.remove_further(at)?))).await
}

#[tauri::command]
pub async fn confirm_probe(desk: Held<'_>, id: CaseId) -> Outcome<CaseView> {
    away(&desk, move |desk| {
        desk.change(id, Some("probe-confirmed"), |file, person, now| {
            Ok(file.confirm_probe(ProbeId(Uuid::new_v4()), person.reference(), now, &desk.policy)?)
        })
        .inspect_err(|error| desk.audit_refusal("probe-refused", id, error))
    })
    .await
}

#[tauri::command]
pub async fn prepare(desk: Held<'_>, id: CaseId, steps: Vec<PreparationStep>) -> Outcome<CaseView> {
    away(&desk, move |desk| desk.change(id, None, |file, _, _| Ok(file.prepare(steps)?))).await
}

#[tauri::command]
pub async fn choose_prepared(desk: Held<'_>, id: CaseId, used: bool) -> Outcome<CaseView> {
    away(&desk, move |desk| desk.choose_prepared(id, used)).await
}

#[tauri::command]
pub async fn search(
    app: AppHandle,
    desk: Held<'_>,
    id: CaseId,
    thorough: bool,
    filters: SearchFilters,
) -> Outcome<Answer> {
    let done = desk.search(id, thorough, filters, teller(app)).await;
    done.inspect_err(|error| desk.audit_refusal("search-failed", id, error))?;
    away(&desk, move |desk| {
        let person = desk.person()?;
        Ok(desk.answer(&desk.case_for(id, &person)?, &person))
    })
    .await
}

#[tauri::command]
pub fn cancel(desk: Held<'_>) {
    desk.cancel.notify_waiters();
}

#[tauri::command]
pub async fn geometry(desk: Held<'_>, picture: String) -> Outcome<Geometry> {
    let (case, wanted) =
        pictures::parse(&picture).ok_or_else(|| CommandError::new("unknown", "There is no such picture."))?;
    desk.geometry(case, wanted).await
}

#[tauri::command]
pub async fn edit_analysis(desk: Held<'_>, id: CaseId, analysis: ProbeAnalysis) -> Outcome<Answer> {
    away(&desk, move |desk| desk.at_bench(id, None, |bench, _, _| bench.edit_analysis(analysis))).await
}

#[tauri::command]
pub async fn record_analysis(desk: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&desk, move |desk| desk.at_bench(id, Some("probe-analysed"), |bench, _, now| bench.record_analysis(now))).await
}

#[tauri::command]
pub async fn look_at(desk: Held<'_>, id: CaseId, candidate: CandidateId) -> Outcome<Answer> {
    desk.look_at(id, candidate).await
}

#[tauri::command]
pub async fn compare(desk: Held<'_>, id: CaseId, candidate: CandidateId, comparison: Comparison) -> Outcome<Answer> {
    let compared = move |bench: &mut Blind, search: &SearchRecord, _| bench.compare(search, candidate, comparison);
    desk.at_candidate(id, candidate, None, compared).await
}

#[tauri::command]
pub async fn log_view(desk: Held<'_>, id: CaseId, candidate: CandidateId, view: ViewSettings) -> Outcome<Answer> {
    let viewed = move |bench: &mut Blind, search: &SearchRecord, now| bench.log_view(search, candidate, view, now);
    desk.at_candidate(id, candidate, None, viewed).await
}

#[tauri::command]
pub async fn conclude_on(
    desk: Held<'_>,
    id: CaseId,
    candidate: CandidateId,
    conclusion: Option<Conclusion>,
    reason: String,
) -> Outcome<Answer> {
    let concluded = move |bench: &mut Blind, search: &SearchRecord, now| {
        bench.conclude_on(search, candidate, conclusion, &reason, now)
    };
    desk.at_candidate(id, candidate, Some("candidate-concluded"), concluded).await
}

#[tauri::command]
pub async fn keep(desk: Held<'_>, id: CaseId, candidate: Option<CandidateId>) -> Outcome<Answer> {
    away(&desk, move |desk| {
        desk.at_bench(id, Some("lead-kept"), |bench, _, _| {
            bench.keep(candidate);
            Ok(())
        })
    })
    .await
}

#[tauri::command]
pub async fn none_of_these(desk: Held<'_>, id: CaseId, none: bool) -> Outcome<Answer> {
    away(&desk, move |desk| {
        desk.at_bench(id, Some("none-of-these"), |bench, _, _| {
            bench.none_of_these(none);
            Ok(())
        })
    })
    .await
}

#[tauri::command]
pub async fn conclude(desk: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&desk, move |desk| {
        desk.change_knowing_bench(id, Some("examination-concluded"), |file, person, now, elsewhere| {
            Ok(file.conclude(person.id, now, &desk.policy, elsewhere)?)
        })
    })
    .await
}

#[tauri::command]
pub async fn unveil(desk: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&desk, move |desk| {
        desk.change_bench(id, Some("examination-unveiled"), |file, person, now| Ok(file.unveil(person.id, now)?))
            .inspect_err(|error| desk.audit_refusal("unveiling-refused", id, error))
    })
    .await
}

#[tauri::command]
pub async fn change_conclusion(
    desk: Held<'_>,
    id: CaseId,
    candidate: CandidateId,
    conclusion: Conclusion,
    reason: String,
) -> Outcome<Answer> {
    away(&desk, move |desk| {
        desk.change_bench(id, Some("changed-after-unveiling"), |file, person, now| {
            Ok(file.change_conclusion(person.id, candidate, conclusion, &reason, now)?)
        })
    })
    .await
}

#[tauri::command]
pub async fn ask_verification(desk: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&desk, move |desk| {
        desk.change_bench(id, Some("verification-asked"), |file, person, now| {
            Ok(file.ask_verification(&person.reference(), now, &desk.policy)?)
        })
    })
    .await
}

#[tauri::command]
pub async fn withdraw_verification(desk: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&desk, move |desk| {
        desk.change_bench(id, Some("verification-withdrawn"), |file, person, now| {
            Ok(file.withdraw_verification(person.id, now)?)
        })
    })
    .await
}

#[tauri::command]
pub async fn waiting(desk: Held<'_>) -> Outcome<Vec<WaitingLine>> {
    away(&desk, Desk::waiting).await
}

#[tauri::command]
pub async fn begin_verification(desk: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&desk, move |desk| {
        desk.begin_verification(id).inspect_err(|error| desk.audit_refusal("verification-refused", id, error))
    })
    .await
}

#[tauri::command]
pub async fn hand_in(desk: Held<'_>, id: CaseId) -> Outcome<Answer> {
    away(&desk, move |desk| {
        desk.change_knowing_bench(id, Some("verification-handed-in"), |file, person, now, elsewhere| {
            file.recall(elsewhere);
            Ok(file.hand_in(&person.reference(), now, &desk.policy)?)
        })
    })
    .await
}

#[tauri::command]
pub async fn confer(
    desk: Held<'_>,
    id: CaseId,
    account: String,
    agreed: Conclusion,
    passphrase: Enclosed,
) -> Outcome<Answer> {
    away(&desk, move |desk| desk.confer(id, account, agreed, &passphrase)).await
}

#[tauri::command]
pub async fn add_entry(desk: Held<'_>, id: CaseId, category: Category) -> Outcome<CaseView> {
    away(&desk, move |desk| desk.change(id, None, |file, _, _| Ok(file.add_entry(EntryId(Uuid::new_v4()), category)?)))
        .await
}

#[tauri::command]
pub async fn edit_checklist(desk: Held<'_>, id: CaseId, checklist: Checklist) -> Outcome<CaseView> {
    away(&desk, move |desk| desk.change(id, None, |file, _, _| Ok(file.edit_checklist(|list| *list = checklist)?)))
        .await
}

#[tauri::command]
pub async fn edit_note(desk: Held<'_>, id: CaseId, form: NoteForm) -> Outcome<CaseView> {
    away(&desk, move |desk| desk.change(id, None, |file, _, _| Ok(file.edit_note(form)?))).await
}

#[tauri::command]
pub async fn attach_offered(desk: Held<'_>, id: CaseId, entry: EntryId, index: usize) -> Outcome<CaseView> {
    let path = offered_path(&desk, index)?;
    away(&desk, move |desk| desk.attach(id, entry, &path)).await
}

#[tauri::command]
pub async fn choose_attachment(
    app: AppHandle,
    desk: Held<'_>,
    id: CaseId,
    entry: EntryId,
) -> Outcome<Option<CaseView>> {
    away(&desk, move |desk| Ok(desk.works_on(id)?.may_attach(entry)?)).await?;
    let Some(path) = ask_for_file(&app, "Choose the file that belongs to this entry").await else { return Ok(None) };
    away(&desk, move |desk| desk.attach(id, entry, &path)).await.map(Some)
}

#[tauri::command]
pub async fn detach(desk: Held<'_>, id: CaseId, entry: EntryId, sha256: String) -> Outcome<CaseView> {
    away(&desk, move |desk| desk.change(id, Some("file-detached"), |file, _, _| Ok(file.detach(entry, &sha256)?))).await
}

#[tauri::command]
pub async fn save_note(desk: Held<'_>, id: CaseId) -> Outcome<NoteView> {
    desk.keep_lead_photo(id).await?;
    away(&desk, move |desk| {
        desk.seal(id)
            .inspect_err(|error| desk.audit_refusal("note-refused", id, error))
            .and_then(|note| desk.show_note(note, &desk.who()?))
    })
    .await
}

#[tauri::command]
pub async fn read_note(desk: Held<'_>, id: NoteId) -> Outcome<NoteView> {
    away(&desk, move |desk| {
        let person = desk.person()?;
        let view = desk.show_note(id, &person)?;
        let detail = serde_json::json!({ "note": id });
        desk.with(|v| Ok(v.record(Some(&person.reference()), SystemClock.now(), "note-read", &detail)?))?;
        Ok(view)
    })
    .await
}

#[tauri::command]
pub async fn add_addendum(desk: Held<'_>, id: NoteId, text: String) -> Outcome<NoteView> {
    away(&desk, move |desk| desk.add_addendum(id, &text)).await
}

#[tauri::command]
pub async fn queue(desk: Held<'_>) -> Outcome<Vec<QueueLine>> {
    away(&desk, Desk::queue).await
}

#[tauri::command]
pub async fn review_note(desk: Held<'_>, id: NoteId, form: ReviewForm) -> Outcome<NoteView> {
    away(&desk, move |desk| desk.review(id, &form)).await
}

/// Where an export goes: the folder given at the start, or what the person chooses. Nobody who is not signed in is asked.
async fn destination(app: &AppHandle, desk: &Held<'_>, name: String) -> Outcome<Option<PathBuf>> {
    away(desk, |desk| desk.person().map(drop)).await?;
    if let Some(folder) = &desk.exports {
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
pub async fn export_note(app: AppHandle, desk: Held<'_>, id: NoteId) -> Outcome<Option<String>> {
    let Some(path) = destination(&app, &desk, "note.json".to_owned()).await? else { return Ok(None) };
    away(&desk, move |desk| desk.export_note(id, &path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn export_disclosure(app: AppHandle, desk: Held<'_>, case: CaseId) -> Outcome<Option<String>> {
    let Some(path) = destination(&app, &desk, "disclosure.json".to_owned()).await? else { return Ok(None) };
    away(&desk, move |desk| desk.export_disclosure(case, &path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn print_report(app: AppHandle, desk: Held<'_>, id: NoteId) -> Outcome<Option<String>> {
    let Some(path) = destination(&app, &desk, "lead.pdf".to_owned()).await? else { return Ok(None) };
    desk.print_report(id, path.clone()).await.map(|()| said(&path))
}

#[tauri::command]
pub async fn print_disclosure(app: AppHandle, desk: Held<'_>, case: CaseId) -> Outcome<Option<String>> {
    let Some(path) = destination(&app, &desk, "disclosure.pdf".to_owned()).await? else { return Ok(None) };
    away(&desk, move |desk| desk.print_disclosure(case, &path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn export_audit(app: AppHandle, desk: Held<'_>) -> Outcome<Option<String>> {
    // Asked before a place is: whoever may not is not asked for one.
    away(&desk, |desk| Ok(desk.person()?.may_read_audit()?)).await?;
    let Some(path) = destination(&app, &desk, "audit.jsonl".to_owned()).await? else { return Ok(None) };
    away(&desk, move |desk| desk.export_audit(&path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn exchange_settings(desk: Held<'_>) -> Outcome<ExchangeView> {
    away(&desk, Desk::exchange_view).await
}

#[tauri::command]
pub async fn save_exchange(desk: Held<'_>, name: String, review_at: String) -> Outcome<ExchangeView> {
    away(&desk, move |desk| desk.save_exchange(&name, &review_at).and_then(|()| desk.exchange_view())).await
}

#[tauri::command]
pub async fn add_workstation(desk: Held<'_>, card: String) -> Outcome<ExchangeView> {
    away(&desk, move |desk| desk.add_workstation(&card).and_then(|()| desk.exchange_view())).await
}

#[tauri::command]
pub async fn write_package(app: AppHandle, desk: Held<'_>, id: NoteId, to: String) -> Outcome<Option<String>> {
    let Some(path) = destination(&app, &desk, "case-package.age".to_owned()).await? else { return Ok(None) };
    away(&desk, move |desk| desk.write_package(id, &to, &path).map(|()| said(&path))).await
}

#[tauri::command]
pub async fn write_reviews(app: AppHandle, desk: Held<'_>) -> Outcome<Option<usize>> {
    away(&desk, |desk| desk.person().map(drop)).await?;
    let folder = match &desk.exports {
        Some(folder) => Some(folder.clone()),
        None => {
            let (send, receive) = tokio::sync::oneshot::channel();
            app.dialog().file().pick_folder(move |folder| drop(send.send(folder)));
            receive.await.ok().flatten().and_then(|folder| folder.into_path().ok())
        }
    };
    let Some(folder) = folder else { return Ok(None) };
    away(&desk, move |desk| desk.write_reviews(&folder).map(Some)).await
}

#[tauri::command]
pub async fn open_package(app: AppHandle, desk: Held<'_>) -> Outcome<Option<String>> {
    away(&desk, |desk| desk.person().map(drop)).await?;
    let Some(path) = ask_for_file(&app, "Choose the case package").await else { return Ok(None) };
    away(&desk, move |desk| desk.open_package(&path).map(Some)).await
}

#[tauri::command]
pub async fn open_offered_package(desk: Held<'_>, index: usize) -> Outcome<String> {
    let path = offered_path(&desk, index)?;
    away(&desk, move |desk| desk.open_package(&path)).await
}
