//! The gallery's side of searches: its audit is taken in as far as it follows from what was read before, and as far as it stands in the
//! gallery's log, where the gallery keeps one. A log that shows another history than before is on record.

use std::path::Path;

use casework::PersonRef;
use catalogue::say;
use gallery_api::client::{AskError, Client};
use gallery_api::wire::{AuditRow, leaf_of};
use ledger::{Consistent, Included, Refusal, Signed};
use serde_json::json;
use service::log::LedgerError;
use vault::{GalleryFault, GalleryRow, VaultError};

use crate::enclosed::Enclosed;
use crate::error::{CommandError, Outcome};
use crate::gallery_shown::{AT_ONCE, FileShown, GalleryShown};
use crate::ledger_round::Vaulted;
use crate::views::DeskView;
use crate::workstation::Workstation;

impl Workstation {
    /// Reads on in the gallery's audit, and holds both sides against each other.
    ///
    /// # Errors
    /// Whoever is no auditor; a gallery that is away or refuses the token. What was taken in stays.
    pub async fn read_gallery_audit(&self, token: Enclosed) -> Outcome<DeskView> {
        let (client, person): (Client, _) = self
            .run(move |s| {
                let person = s.auditor()?;
                let token = s.envelope.open(&token)?;
                Ok((s.audit_client(&token)?, person.reference()))
            })
            .await?;
        let address = client.address().to_owned();
        take(self, &address, &GalleryShown::Asked(client), person).await?;
        self.run(|s| s.oversight()).await
    }

    /// Reads on in the gallery's audit from a file that the gallery wrote, without a network.
    ///
    /// # Errors
    /// Whoever is no auditor; a file that was changed, or holds nothing new.
    pub async fn read_gallery_file(&self, path: std::path::PathBuf) -> Outcome<DeskView> {
        let (address, person, file) = self
            .run(move |s| {
                let person = s.auditor()?;
                let address = s.gallery_address()?;
                Ok((address, person.reference(), read(&path)?))
            })
            .await?;
        take(self, &address, &GalleryShown::File(Box::new(file)), person).await?;
        self.run(|s| s.oversight()).await
    }
}

/// Reads a gallery's audit as a file.
///
/// # Errors
/// A file that is none, or was changed.
pub fn read(path: &Path) -> Outcome<FileShown> {
    FileShown::read(path).map_err(|refused| CommandError::new("gallery-file", refused.to_string()))
}

/// Why nothing more is taken in.
enum Stop {
    Failed(CommandError),
    /// What the gallery shows does not fit: which row, if it is one, and the checkpoint that was shown.
    Fault(GalleryFault, Option<i64>, Option<String>),
}

impl From<CommandError> for Stop {
    fn from(error: CommandError) -> Self {
        Self::Failed(error)
    }
}

impl From<VaultError> for Stop {
    fn from(error: VaultError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<AskError> for Stop {
    fn from(error: AskError) -> Self {
        Self::Failed(error.into())
    }
}

/// Takes in what is shown of the audit of the gallery at `address`; gives how many rows were new. What does not fit to what was seen
/// before is on record, and nothing after it is taken in.
///
/// # Errors
/// A gallery that is away or refuses; a file that holds nothing new, or is of another log. What was taken in stays.
pub async fn take(vault: &impl Vaulted, address: &str, shown: &GalleryShown, by: PersonRef) -> Outcome<usize> {
    let mut new = 0;
    let stopped = steps(vault, address, shown, &mut new).await;
    let of = address.to_owned();
    let fault = match stopped {
        Ok(()) => None,
        Err(Stop::Failed(error)) => return Err(error),
        // Anybody may have written a file; only what its log signed says something of the gallery.
        Err(Stop::Fault(what, seq, whole)) => match (shown.answers(), what) {
            (true, _) | (false, GalleryFault::Fork | GalleryFault::Row) => Some((what, seq, whole)),
            (false, GalleryFault::RolledBack) => {
                return Err(CommandError::new("gallery-file", say!("workstation-gallery-file-older")));
            }
            (false, _) => return Err(CommandError::new("gallery-file", say!("workstation-gallery-file-other"))),
        },
    };
    let person = by.clone();
    vault
        .with(move |v, _, now| {
            if let Some((what, seq, whole)) = fault {
                v.gallery_faulted(&of, what, seq, whole.as_deref(), Some(&person), now)?;
            }
            let rows = v.desk_gallery(&of)?.map_or(0, |read| read.rows);
            let detail = json!({ "gallery": of, "rows": rows, "events": new });
            Ok(v.record(Some(&person), now, "gallery-audit-read", &detail)?)
        })
        .await?;
    Ok(new)
}

async fn steps(vault: &impl Vaulted, address: &str, shown: &GalleryShown, new: &mut usize) -> Result<(), Stop> {
    let log = follows(vault, address, shown).await?;
    let of = address.to_owned();
    let known = vault.with(move |v, _, _| Ok(v.desk_gallery(&of)?)).await?;
    let mut after = known.map_or(0, |known| known.rows);
    loop {
        let mut rows = shown.rows(after).await?;
        let whole = rows.len() < AT_ONCE;
        if rows.first().is_some_and(|row| row.seq != after + 1) {
            let other = CommandError::new("gallery-audit", say!("workstation-oversight-gallery-other"));
            return Err(Stop::Failed(other));
        }
        // What came after the checkpoint is read the next time, with the one that has it.
        let most = log.as_ref().map_or(i64::MAX, |log| i64::try_from(log.size()).unwrap_or(i64::MAX));
        rows.retain(|row| row.seq <= most);
        let (proofs, refused) = match &log {
            Some(log) => proven(shown, &rows, log).await?,
            None => (Vec::new(), None),
        };
        if refused.is_some() {
            rows.truncate(proofs.len());
        }
        let wanted = rows.len();
        let rows: Vec<GalleryRow> = rows.into_iter().map(row_of).collect();
        let of = address.to_owned();
        let taken = vault.with(move |v, _, now| Ok(v.desk_take_gallery(&of, &rows, &proofs, now)?)).await?;
        *new += taken;
        after += taken as i64;
        if let Some(why) = refused {
            return Err(fault(&why, Some(after + 1), log.as_ref()));
        }
        if taken < wanted {
            return Ok(());
        }
        if after == most {
            return Ok(());
        }
        if whole {
            return match &log {
                Some(log) => Err(Stop::Fault(GalleryFault::Withheld, Some(after + 1), Some(log.whole().to_owned()))),
                None => Ok(()),
            };
        }
    }
}

fn row_of(row: AuditRow) -> GalleryRow {
    let AuditRow { seq, at, actor, agency, action, detail, hash } = row;
    GalleryRow { seq, at, actor, agency, action, detail, hash }
}

fn fault(why: &Refusal, seq: Option<i64>, shown: Option<&Signed>) -> Stop {
    match GalleryFault::of(why) {
        Some(what) => Stop::Fault(what, seq, shown.map(|shown| shown.whole().to_owned())),
        None => Stop::Failed(CommandError::new("gallery-log", say!("workstation-gallery-log-unproven", why))),
    }
}

/// Proofs that rows stand in the log, up to the first that does not.
async fn proven(
    shown: &GalleryShown,
    rows: &[AuditRow],
    log: &Signed,
) -> Result<(Vec<Included>, Option<Refusal>), Stop> {
    let leaf = |row: &AuditRow| {
        let number = u64::try_from(row.seq).ok()?.checked_sub(1)?;
        Some((leaf_of(log.log(), row.seq, &row.hash)?, number))
    };
    let leaves: Vec<_> = rows.iter().map_while(leaf).collect();
    let (proofs, refused) = shown.included(&leaves, log).await.map_err(|error| stopped(error, None, Some(log)))?;
    let malformed = (leaves.len() < rows.len()).then(|| Refusal::NotIncluded { index: 0, size: log.size() });
    Ok((proofs, refused.or(malformed)))
}

fn stopped(error: LedgerError, seq: Option<i64>, shown: Option<&Signed>) -> Stop {
    match error {
        LedgerError::Ask(error) => error.into(),
        LedgerError::Refused(why) => fault(&why, seq, shown),
    }
}

/// Takes up the newest checkpoint, where the log only grew since the one that was seen before and has the last row that was read;
/// none where the gallery keeps no log and never showed one.
async fn follows(vault: &impl Vaulted, address: &str, shown: &GalleryShown) -> Result<Option<Signed>, Stop> {
    let of = address.to_owned();
    let (seen, read) = vault.with(move |v, _, _| Ok((v.gallery_log(&of)?, v.desk_gallery(&of)?))).await?;
    let newest = shown.newest().await.map_err(|error| stopped(error, None, None))?;
    let Some(newest) = newest else {
        return if seen.is_none() { Ok(None) } else { Err(Stop::Fault(GalleryFault::Missing, None, None)) };
    };
    let (of, origin, whole) = (address.to_owned(), newest.origin().to_owned(), newest.whole().to_owned());
    let key = vault.with(move |v, _, now| Ok(v.gallery_log_key(&of, &origin, now))).await?;
    let signed = match key {
        Ok(key) => newest.signed(&key),
        Err(VaultError::Ledger(why)) => Err(why),
        Err(error) => return Err(error.into()),
    };
    let newest = signed.map_err(|why| match fault(&why, None, None) {
        Stop::Fault(what, seq, _) => Stop::Fault(what, seq, Some(whole)),
        failed => failed,
    })?;
    // One that the roster put in the place of another begins anew.
    let seen = seen.filter(|seen| seen.key() == newest.log());
    let grown = match &seen {
        Some(seen) => {
            let grown = shown.grown(seen.newest(), &newest).await;
            Some(grown.map_err(|error| stopped(error, None, Some(&newest)))?)
        }
        None => None,
    };
    let last = match read.filter(|read| read.rows > 0) {
        Some(read) => {
            let missing = || fault(&Refusal::NotIncluded { index: 0, size: 0 }, Some(read.rows), Some(&newest));
            let leaf = leaf_of(newest.log(), read.rows, &read.head).ok_or_else(missing)?;
            let number = u64::try_from(read.rows - 1).unwrap_or_default();
            let found = shown.included(&[(leaf, number)], &newest).await;
            let (mut found, _) = found.map_err(|error| stopped(error, Some(read.rows), Some(&newest)))?;
            Some(found.pop().ok_or_else(missing)?)
        }
        None => None,
    };
    let (of, keep, proof) = (address.to_owned(), newest.clone(), grown);
    vault.with(move |v, _, now| Ok(v.see_gallery_log(&of, &keep, proof.as_ref(), last.as_ref(), now)?)).await?;
    witnessed(vault, address, shown, &newest).await?;
    Ok(Some(newest))
}

/// Takes up the newest checkpoint that witnesses cosigned. One that the newest does not follow from is another history: the witness saw
/// another log than this desk does.
async fn witnessed(vault: &impl Vaulted, address: &str, shown: &GalleryShown, newest: &Signed) -> Result<(), Stop> {
    let cosigned = shown.cosigned(newest.log()).await.map_err(|error| stopped(error, None, Some(newest)))?;
    // Where it grew between the two looks, the next time takes it up.
    let Some(cosigned) = cosigned.filter(|cosigned| cosigned.size() <= newest.size()) else { return Ok(()) };
    let grown: Consistent =
        shown.grown(&cosigned, newest).await.map_err(|error| stopped(error, None, Some(&cosigned)))?;
    let of = address.to_owned();
    Ok(vault.with(move |v, _, _| Ok(v.see_gallery_cosigned(&of, &grown)?)).await?)
}
