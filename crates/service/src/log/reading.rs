//! Whoever is shown a log proves it. Nothing that a service says of its log is believed: a checkpoint counts by its signatures, a
//! row by a proof that leads to it, and the log's past by a proof from the checkpoint that was seen before.

use std::collections::{BTreeSet, HashMap};

use ledger::{
    Checkpoint, Consistent, Included, Key, Leaf, Refusal, Signed, Tile, consistency, inclusion, wanted_for_consistency,
    wanted_for_inclusion,
};
use reqwest::Method;

use crate::client::{AskError, Connection};

/// Longest file of the log, in bytes.
const FILE: usize = 128 * 1024;

/// What the log showed was not taken up. What was known stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The service was not reached, or refused.
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

/// Whether there is no such thing there.
fn is_missing(error: &AskError) -> bool {
    error.problem().is_some_and(|problem| problem.status == 404)
}

/// The files of a log, where a service serves them.
#[derive(Debug, Clone)]
pub struct LedgerFiles {
    service: Connection,
    prefix: &'static str,
}

impl LedgerFiles {
    /// Those below `prefix` of a service, such as `/ledger`.
    pub fn at(service: &Connection, prefix: &'static str) -> Self {
        Self { service: service.clone(), prefix }
    }

    async fn file(&self, path: &str) -> Result<Option<Vec<u8>>, AskError> {
        let Self { service, prefix } = self;
        match service.send(service.call(Method::GET, &format!("{prefix}/{path}"))?).await {
            Ok(response) => service.body(response, FILE).await.map(Some),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A checkpoint as it is shown; none where there is none. Nothing of it is believed.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn shown(&self, which: &str) -> Result<Option<Checkpoint>, LedgerError> {
        let Some(bytes) = self.file(which).await? else { return Ok(None) };
        Ok(Some(Checkpoint::read(&bytes)?))
    }

    /// The newest checkpoint (`checkpoint`), or the newest that a witness cosigned (`cosigned`), signed by the log; none where
    /// there is none.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn checkpoint(&self, which: &str, log: &Key) -> Result<Option<Signed>, LedgerError> {
        let shown = self.shown(which).await?;
        Ok(shown.map(|shown| shown.signed(log)).transpose()?)
    }

    /// Tiles, each by itself or cut from the full one in its place.
    async fn tiles(&self, wanted: impl IntoIterator<Item = Tile>) -> Result<HashMap<Tile, Vec<u8>>, AskError> {
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
        proven(leaf, number, checkpoint, &tiles)
    }

    /// Proves that each leaf is the row of its number, from 0: each tile is fetched once. What could not be proven first is given
    /// with the leaf's place among them; those before it are proven.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn all_included(
        &self,
        leaves: &[(Leaf, u64)],
        checkpoint: &Signed,
    ) -> Result<(Vec<Included>, Option<Refusal>), LedgerError> {
        let mut wanted = BTreeSet::new();
        for (_, number) in leaves.iter().filter(|(_, number)| *number < checkpoint.size()) {
            wanted.extend(wanted_for_inclusion(checkpoint.size(), *number)?);
        }
        let tiles = self.tiles(wanted).await?;
        let mut all = Vec::with_capacity(leaves.len());
        for (leaf, number) in leaves {
            match proven(*leaf, *number, checkpoint, &tiles) {
                Ok(included) => all.push(included),
                Err(LedgerError::Refused(why)) => return Ok((all, Some(why))),
                Err(error) => return Err(error),
            }
        }
        Ok((all, None))
    }
}

fn proven(
    leaf: Leaf,
    number: u64,
    checkpoint: &Signed,
    tiles: &HashMap<Tile, Vec<u8>>,
) -> Result<Included, LedgerError> {
    let proof = inclusion(checkpoint.size(), number, &|tile: &Tile| tiles.get(tile).cloned())?;
    Ok(Included::prove(leaf, proof, checkpoint.clone())?)
}
