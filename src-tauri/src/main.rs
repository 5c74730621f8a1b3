//! Corroborate: the window around casework, faces, gallery and vault.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod commands;
mod confine;
mod pictures;

#[cfg(test)]
mod bindings;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use tauri::{DragDropEvent, Emitter, Manager, WebviewUrl, WebviewWindowBuilder, WindowEvent};

use workstation::{Workstation, foreign_pdf, read_text};

/// Overwrites what it frees: a passphrase passes through the page's message, its JSON and its copies in libraries, and
/// none of them is left in memory that nobody owns.
#[global_allocator]
static MEMORY: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// A desktop workstation for detectives: candidates are investigative leads that must be
/// corroborated before a case note exists.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Folder of the vault; the user's data folder when absent.
    #[arg(long, env = "CORROBORATE_DATA")]
    data: Option<PathBuf>,
    /// The department's policy file; the strict one that is built in when absent.
    #[arg(long, env = "CORROBORATE_POLICY")]
    policy: Option<PathBuf>,
    /// Folder for exports; asked for each time when absent.
    #[arg(long)]
    exports: Option<PathBuf>,
    /// Photographs offered on the probe screen, as if they were dropped on the window.
    #[arg(long)]
    offer: Vec<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks an exported audit chain.
    VerifyAudit {
        /// The export.
        file: PathBuf,
        /// Public key of the workstation, or the fingerprint that it shows: another one's audit is refused.
        #[arg(long)]
        workstation: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Checks an exported case note.
    VerifyNote {
        /// The export.
        file: PathBuf,
    },
    /// Develops photographs for the window; started by it.
    #[command(name = workstation::DECODER, hide = true)]
    Decoder {
        /// Try to get out of the confined process instead, and print what the system answered.
        #[arg(long)]
        attempts: Option<faces::sandbox::Walls>,
    },
    /// Draws a page of a PDF for the window; started by it.
    #[command(name = foreign_pdf::FOREIGN_PDF, hide = true)]
    ForeignPdf {
        /// Longest side in pixels.
        side: u32,
    },
    /// Makes, sends and takes in the case packages that are due, once, without opening a window.
    Exchange,
    /// Sets the gallery of a workstation without opening a window. The token is the first line of stdin; where the
    /// workstation has people, an administrator's passphrase is the second.
    Provision {
        /// Badge of the administrator who changes a workstation that has people.
        #[arg(long)]
        admin: Option<String>,
        /// Address of the gallery.
        #[arg(long)]
        gallery: String,
        /// JSON of a person who uses the workstation, when none was named yet; for each of several.
        #[arg(long)]
        person: Vec<PathBuf>,
        /// JSON of a case to begin with.
        #[arg(long)]
        case: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()))
        .init();
    if let Err(message) = confine::harden() {
        eprintln!("corroborate: {message}");
        return ExitCode::FAILURE;
    }
    let done = match &arguments.command {
        Some(Command::VerifyAudit { file, workstation, json }) => {
            workstation::verify_audit(file, workstation.as_deref(), *json)
        }
        Some(Command::VerifyNote { file }) => read_text(file).and_then(|text| {
            let checked = vault::verify_note(&text)?;
            let note = &checked.note;
            println!("note {} of case {}, sealed {}, unchanged", note.id, note.case.number(), note.sealed_at);
            println!("sealed by {}, badge {}, with the key {}", note.author.name, note.author.badge, checked.sealed_by);
            match &checked.review {
                Some((review, key)) => {
                    println!(
                        "reviewed {} by {}: {:?}, with the key {key}",
                        review.at, review.reviewer.name, review.decision
                    );
                }
                None => println!("not reviewed"),
            }
            if !checked.addenda.is_empty() {
                println!("{} addenda, all whole", checked.addenda.len());
            }
            Ok(())
        }),
        Some(Command::Provision { gallery, person, case, admin }) => {
            provision(&arguments, gallery, person, case.as_deref(), admin.as_deref())
        }
        Some(Command::Exchange) => exchange_once(&arguments),
        Some(Command::ForeignPdf { side }) => foreign_pdf::serve(*side),
        Some(Command::Decoder { attempts: Some(walls) }) => {
            faces::decoder::try_to_get_out(*walls).map_err(|e| e.to_string())
        }
        Some(Command::Decoder { attempts: None }) => faces::decoder::serve().map_err(|e| e.to_string()),
        None => confine::shake_off().and_then(|()| window(arguments)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("corroborate: {message}");
            ExitCode::FAILURE
        }
    }
}

fn provision(
    arguments: &Arguments,
    gallery: &str,
    people: &[PathBuf],
    case: Option<&Path>,
    admin: Option<&str>,
) -> Result<(), String> {
    let folder = arguments.data.clone().ok_or("name the vault's folder with --data")?;
    let station = Workstation::new(folder, arguments.policy.as_deref(), Vec::new()).map_err(|e| e.message)?;
    let json = |path: &Path| {
        read_text(path).and_then(|t| serde_json::from_str::<serde_json::Value>(&t).map_err(|e| e.to_string()))
    };
    let people = people.iter().map(|path| json(path)).collect::<Result<Vec<_>, _>>()?;
    let case = case.map(json).transpose()?;
    let mut typed = String::new();
    std::io::stdin().read_to_string(&mut typed).map_err(|e| format!("cannot read the token from stdin: {e}"))?;
    let mut lines = typed.lines();
    let token = lines.next().unwrap_or_default();
    let passphrase = lines.next().unwrap_or_default();
    station.provision(gallery, token, people, case, admin.map(|badge| (badge, passphrase))).map_err(|e| e.message)
}

fn exchange_once(arguments: &Arguments) -> Result<(), String> {
    let folder = arguments.data.clone().ok_or("name the vault's folder with --data")?;
    let station = Workstation::new(folder, arguments.policy.as_deref(), Vec::new()).map_err(|e| e.message)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|e| format!("cannot start: {e}"))?;
    let round = runtime.block_on(Arc::new(station).exchange_round()).map_err(|e| e.message)?;
    println!(
        "{} sent, {} taken in, {} known already, {} refused",
        round.sent,
        round.taken,
        round.again,
        round.refused.len()
    );
    match round.refused.first() {
        None => Ok(()),
        Some(first) => Err(first.clone()),
    }
}

fn window(arguments: Arguments) -> Result<(), String> {
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .register_asynchronous_uri_scheme_protocol("picture", |context, request, responder| {
            let station = Arc::clone(&context.app_handle().state::<Arc<Workstation>>());
            tauri::async_runtime::spawn(async move { responder.respond(pictures::answer(station, request).await) });
        })
        .invoke_handler(tauri::generate_handler![
            commands::start,
            commands::read_day,
            commands::vault_state,
            commands::name_person,
            commands::envelope,
            commands::sign_in,
            commands::sign_out,
            commands::still_here,
            commands::change_passphrase,
            commands::staff,
            commands::save_person,
            commands::staff_read,
            commands::save_settings,
            commands::settings,
            commands::test_gallery,
            commands::cases,
            commands::waiting,
            commands::new_case,
            commands::open_case,
            commands::edit_purpose,
            commands::confirm_purpose,
            commands::confirm_account,
            commands::confirm_search,
            commands::confirm_flags,
            commands::offered,
            commands::take_offered,
            commands::choose_file,
            commands::edit_origin,
            commands::pick_face,
            commands::pick_further,
            commands::edit_further,
            commands::remove_further,
            commands::prepare,
            commands::choose_prepared,
            commands::confirm_probe,
            commands::search,
            commands::cancel,
            commands::geometry,
            commands::edit_analysis,
            commands::record_analysis,
            commands::look_at,
            commands::compare,
            commands::log_view,
            commands::conclude_on,
            commands::keep,
            commands::none_of_these,
            commands::conclude,
            commands::unveil,
            commands::change_conclusion,
            commands::ask_verification,
            commands::withdraw_verification,
            commands::begin_verification,
            commands::hand_in,
            commands::confer,
            commands::add_entry,
            commands::edit_checklist,
            commands::attach_offered,
            commands::choose_attachment,
            commands::detach,
            commands::edit_note,
            commands::save_note,
            commands::read_note,
            commands::add_addendum,
            commands::queue,
            commands::review_note,
            commands::export_note,
            commands::export_disclosure,
            commands::print_report,
            commands::print_disclosure,
            commands::export_audit,
            commands::exchange_settings,
            commands::save_exchange,
            commands::add_workstation,
            commands::write_package,
            commands::write_reviews,
            commands::open_package,
            commands::open_offered_package,
        ])
        .on_window_event(|window, event| {
            if let WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) = event {
                let station = window.state::<Arc<Workstation>>();
                let Ok(mut offered) = station.offered.lock() else { return };
                offered.clone_from(paths);
                if let Err(error) = window.emit("dropped", offered.len()) {
                    tracing::warn!(%error, "a dropped file could not be announced");
                }
            }
        })
        .setup(move |app| {
            let folder = match arguments.data {
                Some(folder) => folder,
                None => app.path().app_local_data_dir()?,
            };
            let mut station =
                Workstation::new(folder, arguments.policy.as_deref(), arguments.offer).map_err(|e| e.message)?;
            station.exports = arguments.exports;
            let station = Arc::new(station);
            app.manage(Arc::clone(&station));
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(station.exchange(move || {
                if let Err(error) = handle.emit("exchanged", ()) {
                    tracing::warn!(%error, "an exchange could not be announced");
                }
            }));
            WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
                .title("Corroborate")
                .inner_size(1280.0, 800.0)
                .min_inner_size(1024.0, 680.0)
                .devtools(confine::open_to_tools())
                .build()?;
            Ok(())
        })
        .build(tauri::generate_context!())
        .map_err(|e| format!("the window cannot be opened: {e}"))?;
    app.run(|_, _| {});
    Ok(())
}
