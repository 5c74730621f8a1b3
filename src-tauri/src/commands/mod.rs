//! The doors: each command parses, makes one call, and maps the error. A command is declared here and nowhere else: the
//! handler, its permission, and the page's way to call it are made from the declaration (`declared.rs`).

pub mod cases;
pub mod corroborate;
pub mod disclose;
pub mod examine;
pub mod note;
pub mod oversee;
pub mod probe;
pub mod results;
pub mod retain;
pub mod search;
pub mod settings;
pub mod start;
pub mod verify;

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Emitter, State};
use tauri_plugin_dialog::DialogExt;

use workstation::views::Progress;
use workstation::{Outcome, Workstation};

/// The workstation, as a command is given it.
pub type Held<'a> = State<'a, Workstation>;

fn teller(app: AppHandle) -> impl Fn(Progress) + Send + Sync + Clone + 'static {
    move |progress| {
        if let Err(error) = app.emit("progress", progress) {
            tracing::warn!(%error, "progress could not be shown");
        }
    }
}

/// A file that the person chooses; `endings` of names are offered, any where there are none. Ask first whether they may:
/// the system's window shows names of files to whoever sits there.
async fn ask_for_file(app: &AppHandle, title: &str, endings: &[&str]) -> Option<PathBuf> {
    let (send, receive) = tokio::sync::oneshot::channel();
    let mut asked = app.dialog().file().set_title(title);
    if !endings.is_empty() {
        asked = asked.add_filter("Photographs", endings);
    }
    asked.pick_file(move |file| drop(send.send(file)));
    receive.await.ok().flatten().and_then(|file| file.into_path().ok())
}

/// Where an export goes: the folder given at the start, or what the person chooses. Nobody who is not signed in is asked.
async fn ask_where(app: &AppHandle, station: &Held<'_>, name: &str) -> Outcome<Option<PathBuf>> {
    station.run(|s| s.person().map(drop)).await?;
    if let Some(folder) = station.exports() {
        return Ok(Some(folder.join(name)));
    }
    let (send, receive) = tokio::sync::oneshot::channel();
    app.dialog().file().set_file_name(name).save_file(move |file| drop(send.send(file)));
    Ok(receive.await.ok().flatten().and_then(|file| file.into_path().ok()))
}

fn said(path: &Path) -> Option<String> {
    Some(path.display().to_string())
}
