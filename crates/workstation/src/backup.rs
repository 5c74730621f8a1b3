//! Backups of this workstation's vault: into the folder that the settings name, each day while somebody works here, and when asked; and
//! what restores one on a bare machine.

use std::path::Path;

use catalogue::say;
use department::escrow;
use relay::client::{AskError, Client, is_revoked};
use vault::backup::{BackedUp, BackupFile, BroughtBack, Drilled, newest};
use vault::{Entrance, SecretService, Settings, Signed, Vault, VaultError};
use zeroize::Zeroizing;

use casework::{Clock, Moment};

use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome, stopped};
use crate::ledger_round::signed_text;
use crate::views::BackupView;
use crate::workstation::{Blocking, Workstation};

/// Hours between two backups that nobody asks for.
const EVERY_HOURS: i64 = 24;

/// A backup that was restored, or only tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restored {
    /// Who can sign in now and what is lost, of a backup that was made then.
    Whole(BroughtBack, Moment),
    /// What the drill found.
    Tried(Drilled, Moment),
}

fn failed(error: impl Into<VaultError>) -> CommandError {
    error.into().into()
}

impl Workstation {
    /// Makes a backup where the settings name a folder and the last one is a day old; whether one was made. What keeps it from being
    /// made is told in the settings.
    pub(crate) async fn back_up_when_due(&self) -> bool {
        let made = self
            .run(|s| {
                let Some(folder) = s.backup_folder()? else { return Ok(false) };
                let last = s.with(|v| Ok(v.last_backup()?))?;
                // What was purged goes from the backups with the next one.
                let behind = s.with(|v| Ok(v.backup_is_behind_purge()?))?;
                let due = behind
                    || last.is_none_or(|(at, _)| SystemClock.now().0.duration_since(at.0).as_hours() >= EVERY_HOURS);
                match !due {
                    true => Ok(false),
                    false => s.back_up_into(&folder).map(|_| true),
                }
            })
            .await;
        let made = match made {
            Ok(made) => self.copy_to_relay().await.map(|copied| made || copied),
            failed => failed,
        };
        let trouble = match &made {
            Err(error) if error.code == "signed-out" => return false,
            made => made.as_ref().err().map(|error| error.message.clone()).unwrap_or_default(),
        };
        if let Ok(mut slot) = self.0.backup_trouble.lock() {
            *slot = trouble;
        }
        made.unwrap_or(false)
    }
}

impl Workstation {
    /// Brings the newest backup to the relay where the settings say so: the pieces that are not there, each read back, then its manifest.
    /// What went from the folder of backups goes there too.
    async fn copy_to_relay(&self) -> Outcome<bool> {
        let (relay, newest, kept) = self
            .run(|s| {
                let settings = s.with(|v| Ok(v.settings()?))?;
                let folder = s.backup_folder()?.filter(|_| settings.backup_at_relay && !settings.relay.is_empty());
                let Some(folder) = folder else { return Ok((settings.relay, None, Vec::new())) };
                let (made, copied) = s.with(|v| Ok((v.last_backup()?, v.last_copied()?)))?;
                // Each round asks: where the last one lies there, no manifest is read.
                if made.is_none_or(|(made, _)| copied.is_some_and(|copied| made <= copied)) {
                    return Ok((settings.relay, None, Vec::new()));
                }
                let mut all = s.with(|v| Ok(v.backups_in(&folder)?))?;
                let names = all.iter().map(BackupFile::name).collect();
                let newest = all.pop().filter(|newest| copied.is_none_or(|at| at < newest.manifest().made_at));
                Ok((settings.relay, newest, names))
            })
            .await?;
        let Some(newest) = newest else { return Ok(false) };
        let mailer = self.sessions(&relay).next().await?;
        let there = mailer.backups().await?;
        let known: std::collections::HashSet<&String> = there.pieces.iter().collect();
        let newest = std::sync::Arc::new(newest);
        let mut fresh = 0;
        for sha256 in newest.manifest().chunks.iter().filter(|sha256| !known.contains(sha256)) {
            let (from, name) = (std::sync::Arc::clone(&newest), sha256.clone());
            let piece = self.run(move |_| from.piece(&name).map_err(failed)).await?;
            fresh += piece.len() as u64;
            if !mailer.keep_piece(sha256, piece).await? {
                return Err(CommandError::new("backup", say!("workstation-backup-came-back-otherwise")));
            }
        }
        let (from, name) = (std::sync::Arc::clone(&newest), newest.name());
        let text = self.run(move |_| from.text().map_err(failed)).await?;
        mailer.keep_manifest(&name, text).await?;
        for old in there.manifests.iter().filter(|old| !kept.contains(old)) {
            mailer.drop_backup(old).await?;
        }
        let made_at = newest.manifest().made_at;
        self.run(move |s| s.with(|v| Ok(v.backup_copied(made_at, &relay, fresh, SystemClock.now())?))).await?;
        Ok(true)
    }
}

impl Blocking<'_> {
    /// Where backups go: the folder of the settings, else one beside the vault where they are kept at the relay; none where none are made.
    fn backup_folder(&self) -> Outcome<Option<std::path::PathBuf>> {
        let settings: Settings = self.with(|v| Ok(v.settings()?))?;
        if !settings.backup.is_empty() {
            return Ok(Some(settings.backup.into()));
        }
        if !settings.backup_at_relay {
            return Ok(None);
        }
        let own = self.folder.join("backups");
        std::fs::create_dir_all(&own).map_err(|source| failed(VaultError::Folder { path: own.clone(), source }))?;
        Ok(Some(own))
    }

    /// Makes a backup into `folder`, which must be there: a disk that is not connected is no reason to fill another.
    pub fn back_up_into(&self, folder: &Path) -> Outcome<BackedUp> {
        if !folder.is_dir() {
            let folder = folder.display();
            return Err(CommandError::new("backup", say!("workstation-backup-folder-not-there", folder)));
        }
        let by = self.in_session(|session| Ok(session.entered.person().clone())).ok();
        let now = SystemClock.now();
        let doors = self.at_entrance(|entrance, _| Ok(entrance.stated_here()?))?;
        self.with(|v| Ok(v.back_up(folder, &doors, by.as_ref(), now)?))
    }

    /// Makes a backup into the folder of the settings.
    pub fn back_up(&self) -> Outcome<BackupView> {
        self.person()?;
        let first = || CommandError::new("backup", say!("workstation-backup-folder-first"));
        self.back_up_into(&self.backup_folder()?.ok_or_else(first)?)?;
        self.exchange_due.notify_one();
        if let Ok(mut slot) = self.backup_trouble.lock() {
            slot.clear();
        }
        self.backup()
    }

    /// Where backups go, and the last one.
    pub fn backup(&self) -> Outcome<BackupView> {
        self.person()?;
        let (settings, last, copied) = self.with(|v| Ok((v.settings()?, v.last_backup()?, v.last_copied()?)))?;
        let (folder, at_relay) = (settings.backup, settings.backup_at_relay);
        let trouble = self.backup_trouble.lock().map(|slot| slot.clone()).unwrap_or_default();
        let (made_at, bytes) = last.unzip();
        Ok(BackupView { folder, made_at, bytes: bytes.unwrap_or_default(), at_relay, copied, trouble })
    }

    /// Names the folder that backups go to, and whether the department's relay keeps them too; without either none are made.
    pub fn save_backup(&self, folder: &str, at_relay: bool) -> Outcome<BackupView> {
        let folder = folder.trim();
        self.act_as(|v, person, now| {
            person.may_administer()?;
            if !folder.is_empty() && !Path::new(folder).is_dir() {
                return Err(CommandError::new("backup", say!("workstation-backup-folder-not-there", folder)));
            }
            let known: Settings = v.settings()?;
            if at_relay && known.relay.is_empty() {
                return Err(CommandError::new("backup", say!("workstation-backup-no-relay")));
            }
            let settings = Settings { backup: folder.to_owned(), backup_at_relay: at_relay, ..known };
            Ok(v.set_settings(&settings, Some(&person.reference()), now)?)
        })?;
        self.exchange_due.notify_one();
        self.backup()
    }
}

/// Keys of an escrow in what somebody brings: a recovery kit's text, or age identities, one a line.
///
/// # Errors
/// When there is none in it.
pub fn escrow_keys(text: &str) -> Outcome<Vec<Zeroizing<String>>> {
    let identities = text.lines().map(str::trim).filter(|line| line.starts_with("AGE-SECRET-KEY-"));
    let found: Vec<Zeroizing<String>> = identities.map(|line| Zeroizing::new(line.to_owned())).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    match relay::kit::read(text) {
        Ok(root) => Ok(vec![escrow::recovery_identity(&root)]),
        Err(error) => Err(CommandError::new("recovery-kit", error)),
    }
}

/// How far the workstation of a vault was by its own signature, as the department's log keeps it; none where there is no relay or no
/// log, and where the department took it out: then it goes on nowhere.
fn signed_in_the_log(vault: &Vault) -> Outcome<Option<Signed>> {
    let (relay, own) = (vault.settings()?.relay, vault.card("").signs);
    if relay.is_empty() {
        return Ok(None);
    }
    let away = |error: AskError| {
        let away = CommandError::from(error);
        CommandError::new(&away.code, say!("workstation-restore-needs-relay", why = away.message))
    };
    let asked = async {
        let sign = async |text: String| Ok::<_, AskError>(vault.sign_request(&text).1);
        let mailer = match Client::new(&relay)?.begin(&own, sign).await {
            Err(error) if is_revoked(&error) => return Ok(None),
            begun => begun?,
        };
        let far = mailer.rows_logged().await?;
        Ok(far.and_then(|far| far.end).map(|end| signed_text(&end, &own)))
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|_| stopped())?.block_on(asked).map_err(away)
}

/// Restores the newest backup in `from`, or that of the file, into `folder`, by keys of the escrow; with `drill` it is only tried, and
/// nothing is touched. The department's log is asked how far the workstation was, unless `offline`; not within an asynchronous runtime.
///
/// # Errors
/// What keeps it from being restored, a relay that is away among them; then nothing was.
pub fn restore(from: &Path, folder: Option<&Path>, keys: &[Zeroizing<String>], offline: bool) -> Outcome<Restored> {
    let backup = BackupFile::read(&newest(from).map_err(failed)?).map_err(failed)?;
    let key = backup.key(keys).map_err(failed)?;
    let made_at = backup.manifest().made_at;
    let Some(folder) = folder else {
        return Ok(Restored::Tried(backup.drill(&key)?, made_at));
    };
    let mut entrance = Entrance::open(folder, &SecretService)?;
    let reach = |vault: &Vault| if offline { Ok(None) } else { signed_in_the_log(vault) };
    let back = entrance.restore(&backup, &key, &SecretService, SystemClock.now(), reach)?;
    Ok(Restored::Whole(back, made_at))
}
