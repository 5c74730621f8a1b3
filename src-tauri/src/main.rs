//! Corroborate: the window around casework, faces, gallery and vault.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod backup;
mod commands;
mod confine;
mod pictures;
mod reporting;
mod validity;

#[cfg(test)]
mod bindings;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use catalogue::say;
use clap::{Parser, Subcommand};
use tauri::{DragDropEvent, Emitter, Manager, WebviewUrl, WebviewWindowBuilder, WindowEvent};

use workstation::{Setup, Workstation, foreign_pdf, read_file, read_text};

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
    /// Checks an exported case note: every byte, every gate, and with --department who signed it.
    VerifyNote {
        /// The export.
        file: PathBuf,
        /// The department's root key, 64 hexadecimal digits, or a file that holds it: each signature is checked by the roster of
        /// its day.
        #[arg(long, value_name = "ROOT")]
        department: Option<String>,
    },
    /// Checks an exported disclosure: every byte, every gate, its notes and events, and with --department who signed it.
    VerifyDisclosure {
        /// The export.
        file: PathBuf,
        /// As with verify-note.
        #[arg(long, value_name = "ROOT")]
        department: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Puts an exported disclosure into one ZIP with the same on paper and a page that checks it anywhere.
    DefenceKit {
        /// The export.
        file: PathBuf,
        /// The ZIP.
        #[arg(long)]
        out: PathBuf,
    },
    /// Develops photographs for the window; started by it.
    #[command(name = workstation::DECODER, hide = true)]
    Decoder {
        /// Try to get out of the confined process instead, and print what the system answered.
        #[arg(long)]
        attempts: Option<faces::sandbox::Walls>,
    },
    /// Prints what a calibration of `faces calibrate` measured as a PDF that people can read.
    Validity(validity::Printing),
    /// Draws a page of a PDF for the window; started by it.
    #[command(name = foreign_pdf::FOREIGN_PDF, hide = true)]
    ForeignPdf {
        /// Longest side in pixels.
        side: u32,
    },
    /// Makes, sends and takes in the case packages that are due, once, without opening a window. The vault opens
    /// to a person alone: their passphrase is the first line of stdin.
    Exchange {
        /// Badge of the person.
        #[arg(long)]
        badge: String,
    },
    Report(reporting::Reporting),
    Backup(backup::BackingUp),
    Restore(backup::Restoring),
    /// Sets the gallery of a workstation without opening a window. The token is the first line of stdin; where the
    /// workstation has people, an administrator's passphrase is the second and the code of their second factor the third.
    /// Prints an enrolment code for each person that it names: badge, a tab, the code.
    Provision {
        /// Badge of the administrator who changes a workstation that has people.
        #[arg(long)]
        admin: Option<String>,
        /// Address of the gallery.
        #[arg(long)]
        gallery: String,
        /// Address of the department's relay; what is set stays where none is named.
        #[arg(long)]
        relay: Option<String>,
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
        eprintln!("{}", say!("command-corroborate", message));
        return ExitCode::FAILURE;
    }
    let done = match &arguments.command {
        Some(Command::VerifyAudit { file, workstation, json }) => {
            workstation::verify_audit(file, workstation.as_deref(), *json)
        }
        Some(Command::VerifyDisclosure { file, department, json }) => {
            let root = department.as_deref().map(root_key).transpose();
            root.and_then(|root| workstation::verify_disclosure(file, root.as_ref(), *json))
        }
        Some(Command::DefenceKit { file, out }) => workstation::make_kit(file, commands::disclose::VERIFIER, out),
        Some(Command::VerifyNote { file, department }) => read_file(file).and_then(|text| {
            let root = department.as_deref().map(root_key).transpose()?;
            let checked = match &root {
                Some(root) => vault::verify_signers(&text, root)?,
                None => vault::verify_note(&text)?,
            };
            let note = &checked.note;
            println!(
                "{}",
                say!(
                    "command-note-case-sealed-unchanged",
                    id = note.id,
                    number = note.case.number(),
                    sealed_at = note.sealed_at
                )
            );
            println!(
                "{}",
                say!(
                    "command-sealed-badge-key",
                    name = note.author.name,
                    badge = note.author.badge,
                    sealed_by = checked.sealed_by
                )
            );
            match &checked.review {
                Some((review, key)) => {
                    println!(
                        "{}",
                        say!(
                            "command-reviewed-key",
                            at = review.at,
                            name = review.reviewer.name,
                            decision = format!("{:?}", review.decision),
                            key
                        )
                    );
                }
                None => println!("{}", say!("command-not-reviewed")),
            }
            if !checked.addenda.is_empty() {
                println!("{}", say!("command-addenda-all-whole", addenda = checked.addenda.len()));
            }
            for signer in &checked.signers {
                println!("{}", workstation::signed(signer));
                for caveat in &signer.caveats {
                    println!("  {caveat}");
                }
            }
            for missing in &checked.unsigned {
                println!("{}", say!("command-signer-missing", missing));
            }
            for said in checked.log_in_words() {
                println!("{said}");
            }
            match (&checked.department, root) {
                (None, _) => println!("{}", say!("command-signers-none")),
                (Some(found), None) => println!("{}", say!("command-signers-not-checked", root = found)),
                (Some(_), Some(_)) => println!("{}", say!("command-times-are-claims")),
            }
            Ok(())
        }),
        Some(Command::Provision { gallery, relay, person, case, admin }) => {
            let reached = (gallery.as_str(), relay.as_deref());
            provision(&arguments, reached, person, case.as_deref(), admin.as_deref())
        }
        Some(Command::Report(how)) => setup(&arguments).and_then(|setup| reporting::report(setup, how)),
        Some(Command::Backup(how)) => setup(&arguments).and_then(|setup| backup::back_up(setup, how)),
        Some(Command::Restore(how)) => backup::bring_back(arguments.data.as_deref(), how),
        Some(Command::Exchange { badge }) => exchange_once(&arguments, badge),
        Some(Command::Validity(printing)) => validity::print(printing),
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
            eprintln!("{}", say!("command-corroborate", message));
            ExitCode::FAILURE
        }
    }
}

/// The root key that was named, or that a file holds.
fn root_key(named: &str) -> Result<department::PublicKey, String> {
    let text = if department::is_key(named) { named.to_owned() } else { read_text(Path::new(named))? };
    department::PublicKey::read(text.trim()).map_err(|e| e.to_string())
}

/// What a command works on that opens a vault without a window.
fn setup(arguments: &Arguments) -> Result<Setup, String> {
    let folder = arguments.data.clone().ok_or(say!("command-name-vault-folder-data"))?;
    Ok(Setup { folder, policy: arguments.policy.clone(), ..Setup::default() })
}

fn provision(
    arguments: &Arguments,
    (gallery, relay): (&str, Option<&str>),
    people: &[PathBuf],
    case: Option<&Path>,
    admin: Option<&str>,
) -> Result<(), String> {
    let station = Workstation::new(setup(arguments)?).map_err(|e| e.message)?;
    let json = |path: &Path| {
        read_text(path).and_then(|t| serde_json::from_str::<serde_json::Value>(&t).map_err(|e| e.to_string()))
    };
    let people = people.iter().map(|path| json(path)).collect::<Result<Vec<_>, _>>()?;
    let case = case.map(json).transpose()?;
    let mut typed = String::new();
    std::io::stdin().read_to_string(&mut typed).map_err(|e| say!("command-cannot-read-token-from-stdin", e))?;
    let mut lines = typed.lines();
    let token = lines.next().unwrap_or_default();
    let (passphrase, code) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let codes = station
        .here()
        .provision(gallery, token, relay, people, case, admin.map(|badge| (badge, passphrase, code)))
        .map_err(|e| e.message)?;
    for (person, code) in codes {
        println!("{}\t{code}", person.badge);
    }
    Ok(())
}

fn exchange_once(arguments: &Arguments, badge: &str) -> Result<(), String> {
    let station = Workstation::new(setup(arguments)?).map_err(|e| e.message)?;
    let mut typed = String::new();
    std::io::stdin().read_to_string(&mut typed).map_err(|e| say!("command-cannot-read-token-from-stdin", e))?;
    let passphrase = typed.lines().next().unwrap_or_default();
    station.here().open_for_exchange(badge, passphrase).map_err(|e| e.message)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|e| say!("command-cannot-start", e))?;
    let round = runtime.block_on(station.exchange_round()).map_err(|e| e.message)?;
    println!(
        "{}",
        say!(
            "command-sent-taken-known-already-refused",
            sent = round.sent,
            taken = round.taken,
            again = round.again,
            refused = round.refused.len()
        )
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
            let station = context.app_handle().state::<Workstation>().inner().clone();
            tauri::async_runtime::spawn(async move { responder.respond(pictures::answer(&station, request).await) });
        })
        .invoke_handler(include!(concat!(env!("OUT_DIR"), "/handler.rs")))
        .on_window_event(|window, event| {
            if let WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) = event {
                window.state::<Workstation>().offer(paths);
                if let Err(error) = window.emit("dropped", paths.len()) {
                    tracing::warn!(%error, "a dropped file could not be announced");
                }
            }
        })
        .setup(move |app| {
            let folder = match arguments.data {
                Some(folder) => folder,
                None => app.path().app_local_data_dir()?,
            };
            let (policy, offered, exports) = (arguments.policy, arguments.offer, arguments.exports);
            let station = Workstation::new(Setup { folder, policy, offered, exports }).map_err(|e| e.message)?;
            app.manage(station.clone());
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(async move {
                let tell = || {
                    if let Err(error) = handle.emit("exchanged", ()) {
                        tracing::warn!(%error, "an exchange could not be announced");
                    }
                };
                station.exchange(tell).await;
            });
            WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
                .title("Corroborate")
                .inner_size(1280.0, 800.0)
                // Half the smaller design size: at a scale of 200 % it fits a small screen.
                .min_inner_size(640.0, 400.0)
                .devtools(confine::open_to_tools())
                .build()?;
            Ok(())
        })
        .build(tauri::generate_context!())
        .map_err(|e| say!("command-window-cannot-opened", e))?;
    app.run(|_, _| {});
    Ok(())
}
