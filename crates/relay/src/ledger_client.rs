//! The workstation's side of the log: it brings rows of its audit, and proves what it is shown. Nothing that a relay says of the
//! log is believed: a checkpoint counts by its signatures, a row by a proof that leads to it, and the log's past by a proof from
//! the checkpoint that was seen before.

use std::collections::HashMap;

use ledger::{
    Checkpoint, Consistent, Included, Key, Leaf, Refusal, Signed, Tile, consistency, inclusion, wanted_for_consistency,
    wanted_for_inclusion,
};
use reqwest::Method;
use service::client::{AskError, Connection};

use crate::client::Mailer;
use crate::wire::{HowFar, LEDGER, Logged, Rows};

/// Longest file of the log, in bytes.
const FILE: usize = 128 * 1024;

/// What the log showed was not taken up. What was known stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The relay was not reached, or refused.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// What it shows does not hold.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl LedgerError {
    /// A stable code for programs, such as `ledger-fork`.
    pub fn code(&self) -> String {
        match self {
            Self::Ask(error) => error.code(),
            Self::Refused(refusal) => format!("ledger-{}", refusal.reason()),
        }
    }
}

/// Whether there is no such thing at the relay.
fn is_missing(error: &AskError) -> bool {
    error.problem().is_some_and(|problem| problem.status == 404)
}

/// The files of a log, where a relay serves them.
#[derive(Debug, Clone)]
pub struct LedgerFiles(Connection);

impl LedgerFiles {
    pub(crate) fn at(relay: &Connection) -> Self {
        Self(relay.clone())
    }

    async fn file(&self, path: &str) -> Result<Option<Vec<u8>>, AskError> {
        match self.0.send(self.0.call(Method::GET, &format!("{LEDGER}/{path}"))?).await {
            Ok(response) => self.0.body(response, FILE).await.map(Some),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The newest checkpoint (`checkpoint`), or the newest that a witness cosigned (`cosigned`), signed by the log; none where
    /// there is none.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn checkpoint(&self, which: &str, log: &Key) -> Result<Option<Signed>, LedgerError> {
        let Some(bytes) = self.file(which).await? else { return Ok(None) };
        Ok(Some(Checkpoint::read(&bytes)?.signed(log)?))
    }

    /// Tiles, each by itself or cut from the full one in its place.
    async fn tiles(&self, wanted: Vec<Tile>) -> Result<HashMap<Tile, Vec<u8>>, AskError> {
        let mut found = HashMap::new();
        for tile in wanted {
            let bytes = match self.file(&tile.path()).await? {
                None if !tile.is_full() => self.file(&tile.full().path()).await?,
                bytes => bytes,
            };
            found.extend(bytes.map(|bytes| (tile, bytes)));
        }
        Ok(found)
    }

    /// Proves that the log only grew from one checkpoint to the other.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn grown(&self, older: &Signed, newer: &Signed) -> Result<Consistent, LedgerError> {
        if older.size() > newer.size() {
            return Ok(Consistent::prove(older, newer, &[])?);
        }
        let tiles = self.tiles(wanted_for_consistency(newer.size(), older.size())?).await?;
        let hashes = consistency(newer.size(), older.size(), &|tile: &Tile| tiles.get(tile).cloned())?;
        Ok(Consistent::prove(older, newer, &hashes)?)
    }

    /// Proves that `leaf` is row `number` of the log, from 0.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn included(&self, leaf: Leaf, number: u64, checkpoint: &Signed) -> Result<Included, LedgerError> {
        let tiles = self.tiles(wanted_for_inclusion(checkpoint.size(), number)?).await?;
        let held = |tile: &Tile| tiles.get(tile).cloned();
        let proof = inclusion(checkpoint.size(), number, &held)?;
        Ok(Included::prove(leaf, proof, checkpoint.clone())?)
    }
}

impl Mailer {
    /// How far the log has the own audit; none where this relay keeps no log.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn rows_logged(&self) -> Result<Option<HowFar>, AskError> {
        let relay = self.connection();
        match relay.json(relay.call(Method::GET, "/v1/ledger/rows")?).await {
            Ok(far) => Ok(Some(far)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Where a row of the own audit stands in the log.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn row_logged(&self, position: u64) -> Result<Logged, AskError> {
        let relay = self.connection();
        relay.json(relay.call(Method::GET, &format!("/v1/ledger/rows/{position}"))?).await
    }

    /// Brings rows of the own audit. To repeat it is harmless.
    ///
    /// # Errors
    /// [`AskError`]; refused with `audit-gap` or `audit-fork`.
    pub async fn log_rows(&self, rows: &Rows) -> Result<Logged, AskError> {
        let relay = self.connection();
        relay.json(relay.call(Method::POST, "/v1/ledger/rows")?.json(rows)).await
    }

    /// The log's files.
    pub fn ledger(&self) -> LedgerFiles {
        LedgerFiles::at(self.connection())
    }
}
