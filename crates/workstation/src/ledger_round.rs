//! The audit's rows enter the department's log at the next contact with the relay, and what the log shows is proven and held
//! against what was seen before.

use catalogue::say;
use department::Moment;
use ledger::{Cosigned, Refusal, Signed};
use relay::client::{AskError, Mailer};
use relay::ledger_client::{LedgerError, LedgerFiles};
use relay::wire::{AuditEnd, HowFar, LEAVES, Rows};
use vault::{AuditHead, KeyStore, Signed as SignedText, Vault, VaultError};

use casework::Clock;

use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome};
use crate::ledger_looked::Looked;
use crate::workstation::Workstation;

/// How long the log may go without its witnesses before that is said, in seconds.
const UNWITNESSED: i64 = 24 * 3600;
/// Proofs that are fetched in one round.
const PROOFS: usize = 50;

/// A vault that one round reads and writes, in steps.
pub trait Vaulted {
    /// Does `work` with the vault, and with the secret store beside it.
    fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vault, &dyn KeyStore, Moment) -> Outcome<T> + Send + 'static,
    ) -> impl Future<Output = Outcome<T>>;
}

impl Vaulted for Workstation {
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vault, &dyn KeyStore, Moment) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        self.run(|s| s.with(|v| work(v, &vault::SecretService, SystemClock.now()))).await
    }
}

impl Workstation {
    /// One round with the log; gives what has to be said of it. Where nothing is new and the last round is not long ago, nothing is
    /// asked.
    pub(crate) async fn ledger_round(&self, mailer: &Mailer) -> Outcome<Vec<String>> {
        let rows = Vaulted::with(self, |v, _, _| Ok(v.rows()?)).await?;
        let slot = || self.0.ledger_looked.lock();
        let looked = slot().ok().and_then(|slot| slot.clone());
        if let Some(said) = looked.as_ref().and_then(|looked| looked.still_said(rows)) {
            return Ok(said.to_vec());
        }
        let said = round(self, mailer).await?;
        if let Ok(mut slot) = slot() {
            *slot = Some(Looked::now(rows, &said));
        }
        Ok(said)
    }
}

/// Why a round with the log ended before its end.
enum Stop {
    /// It goes on with the next contact.
    Failed(CommandError),
    /// The log, or this vault, is not what it was.
    Said(String),
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

impl From<LedgerError> for Stop {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Ask(error) => error.into(),
            LedgerError::Refused(refusal) => Self::Said(say!("workstation-ledger-refused", why = refusal)),
        }
    }
}

/// Brings the audit's new rows into the relay's log, keeps its newest checkpoints, and fetches proofs of records; gives what has to be
/// said to whoever sits here.
///
/// # Errors
/// Where the relay is away, or refuses this workstation. What was done stays done.
pub async fn round(vault: &impl Vaulted, mailer: &Mailer) -> Outcome<Vec<String>> {
    match steps(vault, mailer).await {
        Ok(said) => Ok(said),
        Err(Stop::Said(said)) => Ok(vec![said]),
        Err(Stop::Failed(error)) => Err(error),
    }
}

async fn steps(vault: &impl Vaulted, mailer: &Mailer) -> Result<Vec<String>, Stop> {
    // A relay of mailboxes alone, or of an earlier program, keeps no log; a vault without a department has none to bring rows to.
    let Some(far) = mailer.rows_logged().await? else { return Ok(Vec::new()) };
    if !vault.with(|v, _, _| Ok(v.department().is_some())).await? {
        return Ok(Vec::new());
    }
    let said = far.log.clone();
    let (ours, root) = vault
        .with(move |v, _, _| {
            let root = v.department().map(|chain| chain.root().to_string());
            Ok((v.log_is_the_departments(&said)?, root))
        })
        .await?;
    // A relay of another department carries packages, and its log is none of ours; one that serves ours has no other log.
    if !ours && root != Some(mailer.newest().await?.department) {
        return Ok(Vec::new());
    }
    let said = far.log.clone();
    let log = vault.with(move |v, _, _| Ok(v.log_key(&said)?)).await?;
    own_rows_hold(vault, mailer, &far).await?;
    let sent = send(vault, mailer, far.newest.map_or(0, |newest| newest.position)).await?;

    let files = mailer.ledger();
    let Some(newest) = files.checkpoint("checkpoint", &log).await? else { return Ok(Vec::new()) };
    follows(vault, &files, &newest).await?;
    if let Some((position, number)) = sent {
        // What the relay says that it took must be there.
        let leaf = vault.with(move |v, _, _| Ok(v.leaf_at(position)?)).await?;
        files.included(leaf, number, &newest).await?;
    }
    let (cosigned, unseen) = witnessed(vault, &files, &newest).await?;
    prove(vault, mailer, &files, cosigned.as_ref().map_or(&newest, Cosigned::signed), cosigned.is_some()).await?;
    Ok(unseen.into_iter().collect())
}

/// Holds what the log has of the own audit against the vault: where the log has a row that is not here, or another one, this vault is
/// older than it was, or rows of it were cut off. Nothing is sent then.
async fn own_rows_hold(vault: &impl Vaulted, mailer: &Mailer, far: &HowFar) -> Result<(), Stop> {
    let Some(newest) = far.newest.clone() else { return Ok(()) };
    let (end, address) = (far.end.clone(), mailer.address().to_owned());
    let held = vault
        .with(move |v, keys, now| {
            if v.hash_at(newest.position)?.as_deref() == Some(newest.hash.as_str()) {
                return Ok(true);
            }
            // What this workstation signed is its own word; a relay's alone is not.
            if let Some(end) = end {
                let signed = signed_text(&end, &v.card("").signs);
                v.check_anchor(&signed, &address, keys, now)?;
            }
            Ok(false)
        })
        .await?;
    if held { Ok(()) } else { Err(Stop::Said(say!("workstation-ledger-has-other-rows").to_owned())) }
}

/// An end of the audit as the vault signed it.
pub(crate) fn signed_text(end: &AuditEnd, workstation: &str) -> SignedText {
    use sha2::{Digest, Sha256};
    let text = end.text(workstation);
    SignedText {
        sha256: hex::encode(Sha256::digest(&text)),
        signature: end.signature.clone(),
        public_key: workstation.to_owned(),
        text,
    }
}

/// Sends the rows after `position`; gives the last with its place in the log, if there was any.
async fn send(vault: &impl Vaulted, mailer: &Mailer, position: u64) -> Result<Option<(u64, u64)>, Stop> {
    let (mut position, mut sent) = (position, None);
    loop {
        let rows = vault
            .with(move |v, _, now| {
                let hashes = v.hashes_after(position, LEAVES)?;
                let Some(last) = hashes.last().cloned() else { return Ok(None) };
                let rows = position + hashes.len() as u64;
                let signed = v.signed_head_of(rows, now)?;
                let head: AuditHead = serde_json::from_str(&signed.text).map_err(VaultError::from)?;
                let end = AuditEnd { rows, head: last, at: head.at.0.to_string(), signature: signed.signature };
                Ok(Some(Rows { first: position + 1, hashes, end }))
            })
            .await?;
        let Some(rows) = rows else { return Ok(sent) };
        let taken = mailer.log_rows(&rows).await?;
        position = rows.end.rows;
        sent = Some((position, taken.number));
    }
}

/// Takes up the newest checkpoint, where the log only grew since the one that was seen before. Another history is on record.
async fn follows(vault: &impl Vaulted, files: &LedgerFiles, newest: &Signed) -> Result<(), Stop> {
    let seen = vault.with(|v, _, _| Ok(v.log_seen()?)).await?;
    let grown = match &seen {
        None => None,
        Some(seen) => match files.grown(seen.newest(), newest).await {
            Ok(grown) => Some(grown),
            Err(LedgerError::Refused(why)) => return Err(contradicted(vault, newest, why).await?),
            Err(error) => return Err(error.into()),
        },
    };
    let newest = newest.clone();
    Ok(vault.with(move |v, _, now| Ok(v.see_log(&newest, grown.as_ref(), now)?)).await?)
}

/// Puts on record that the log shows another history, and says it.
async fn contradicted(vault: &impl Vaulted, shown: &Signed, why: Refusal) -> Result<Stop, Stop> {
    if !why.is_another_history() {
        return Ok(Stop::Said(say!("workstation-ledger-refused", why)));
    }
    let (shown, reason) = (shown.clone(), why.clone());
    vault.with(move |v, _, now| Ok(v.log_contradicted(&shown, &reason, now)?)).await?;
    Ok(Stop::Said(say!("workstation-ledger-other-history", why)))
}

/// Takes up the newest checkpoint that all witnesses of the roster cosigned, which is given where it counts for this log; says so where
/// they have not seen it for long.
async fn witnessed(
    vault: &impl Vaulted,
    files: &LedgerFiles,
    newest: &Signed,
) -> Result<(Option<Cosigned>, Option<String>), Stop> {
    let (wanted, seen, now) = vault.with(|v, _, now| Ok((v.witnesses(now)?, v.log_seen()?, now))).await?;
    if wanted.is_empty() {
        return Ok((None, None));
    }
    let shown = files.checkpoint("cosigned", newest.log()).await?;
    // Where it grew between the two looks, the next round takes it up.
    let cosigned = shown.and_then(|shown| shown.cosigned(&wanted).ok()).filter(|c| c.signed().size() <= newest.size());
    if let Some(cosigned) = &cosigned {
        let (keep, shown) = (cosigned.clone(), cosigned.signed());
        // The newest follows from it, or the witness saw another log than this workstation does.
        let grown = match files.grown(shown, newest).await {
            Ok(grown) => grown,
            Err(LedgerError::Refused(why)) => return Err(contradicted(vault, shown, why).await?),
            Err(error) => return Err(error.into()),
        };
        match vault.with(move |v, _, _| Ok(v.see_cosigned(&keep, &grown).err())).await? {
            None => {}
            Some(VaultError::Ledger(why)) => return Err(contradicted(vault, shown, why).await?),
            Some(error) => return Err(error.into()),
        }
    }
    let kept = seen.as_ref().and_then(|seen| seen.cosigned()?.cosigned(&wanted).ok());
    let last = cosigned.as_ref().or(kept.as_ref());
    let last_seen = last.and_then(|last| i64::try_from(last.first_seen()).ok());
    let since = last_seen.or_else(|| seen.as_ref().map(|seen| seen.since().0.as_second()));
    let whole = last.is_some_and(|last| last.signed().text() == newest.text());
    let late = !whole && since.is_some_and(|since| now.0.as_second().saturating_sub(since) >= UNWITNESSED);
    let names = wanted.iter().map(ledger::Key::name).collect::<Vec<_>>().join(", ");
    Ok((cosigned, late.then(|| say!("workstation-ledger-not-witnessed", names))))
}

/// Fetches proofs of records that have none, by a checkpoint that was taken up.
async fn prove(
    vault: &impl Vaulted,
    mailer: &Mailer,
    files: &LedgerFiles,
    checkpoint: &Signed,
    cosigned: bool,
) -> Result<(), Stop> {
    for position in vault.with(move |v, _, _| Ok(v.unproven(cosigned, PROOFS)?)).await? {
        let place = mailer.row_logged(position).await?.number;
        if place >= checkpoint.size() {
            continue;
        }
        let leaf = vault.with(move |v, _, _| Ok(v.leaf_at(position)?)).await?;
        let included = files.included(leaf, place, checkpoint).await?;
        vault.with(move |v, _, _| Ok(v.put_proof(&included, cosigned)?)).await?;
    }
    Ok(())
}
