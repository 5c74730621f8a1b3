//! `corroborate backup` and `corroborate restore`.

use std::path::{Path, PathBuf};

use catalogue::say;
use clap::Args;
use serde_json::json;
use workstation::{Restored, Setup, Workstation, escrow_keys, read_text, restore};

/// Makes a backup of the vault without opening a window. The vault opens to a person alone: their passphrase is the first line of
/// stdin.
#[derive(Debug, Args)]
pub struct BackingUp {
    /// Folder of backups; it must be there.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// Badge of the person.
    #[arg(long)]
    badge: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Restores a backup on a machine that has no vault: into the folder that --data names.
#[derive(Debug, Args)]
pub struct Restoring {
    /// Folder of backups, whose newest is taken, or one backup's file.
    from: PathBuf,
    /// File with the recovery kit's text.
    #[arg(long, value_name = "FILE")]
    kit: Option<PathBuf>,
    /// File with an age identity of the department's escrow; for each of several.
    #[arg(long, value_name = "FILE")]
    key: Vec<PathBuf>,
    /// Only prove that the backup could be restored; nothing is touched.
    #[arg(long)]
    drill: bool,
    /// Do not ask the department's relay how far the workstation was: its audit goes on in no log then.
    #[arg(long)]
    without_relay: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Makes one.
pub fn back_up(setup: Setup, how: &BackingUp) -> Result<(), String> {
    let station = Workstation::new(setup).map_err(|e| e.message)?;
    let typed =
        std::io::read_to_string(std::io::stdin()).map_err(|e| say!("command-cannot-read-token-from-stdin", e))?;
    station.here().open_for_exchange(&how.badge, typed.lines().next().unwrap_or_default()).map_err(|e| e.message)?;
    let made = station.here().back_up_into(&how.to).map_err(|e| e.message)?;
    let path = made.path.display().to_string();
    match how.json {
        true => println!("{}", json!({ "path": path, "made_at": made.at, "bytes": made.bytes, "fresh": made.fresh })),
        false => println!("{}", say!("command-backup-made", path, bytes = made.bytes, fresh = made.fresh)),
    }
    Ok(())
}

/// Restores one, or tries to.
pub fn bring_back(folder: Option<&Path>, how: &Restoring) -> Result<(), String> {
    let mut keys = Vec::new();
    for file in how.kit.iter().chain(&how.key) {
        let text = zeroize::Zeroizing::new(read_text(file)?);
        keys.extend(escrow_keys(&text).map_err(|e| e.message)?);
    }
    if keys.is_empty() {
        return Err(say!("command-restore-needs-keys").to_owned());
    }
    let folder = match how.drill {
        true => None,
        false => Some(folder.ok_or(say!("command-name-vault-folder-data"))?),
    };
    match restore(&how.from, folder, &keys, how.without_relay).map_err(|e| e.message)? {
        Restored::Whole(back, made_at) => {
            let names: Vec<&str> = back.people.iter().map(|person| person.name.as_str()).collect();
            let rows = back.lost.as_ref().map_or(0, |lost| lost.through - lost.from + 1);
            match how.json {
                true => println!(
                    "{}",
                    json!({ "restored": true, "made_at": made_at, "people": back.people, "lost_events": rows })
                ),
                false => println!("{}", say!("command-restored", made_at, names = names.join(", "))),
            }
            if let Some(lost) = back.lost.filter(|_| !how.json) {
                println!("{}", say!("command-restored-lost", rows, at = lost.signed_at));
            }
        }
        Restored::Tried(found, made_at) => match how.json {
            true => println!(
                "{}",
                json!({ "restored": false, "made_at": made_at, "cases": found.cases, "notes": found.notes,
                        "audit_events": found.audit_events })
            ),
            false => println!(
                "{}",
                say!(
                    "command-backup-tried",
                    made_at,
                    cases = found.cases,
                    notes = found.notes,
                    events = found.audit_events
                )
            ),
        },
    }
    Ok(())
}
