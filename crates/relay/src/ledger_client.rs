//! The workstation's side of the department's log: it brings rows of its audit, and proves what it is shown.

use reqwest::Method;
use service::client::AskError;

pub use service::log::{LedgerError, LedgerFiles};

use crate::client::Mailer;
use crate::wire::{HowFar, LEDGER, Logged, Rows};

impl Mailer {
    /// How far the log has the own audit; none where this relay keeps no log.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn rows_logged(&self) -> Result<Option<HowFar>, AskError> {
        let relay = self.connection();
        match relay.json(relay.call(Method::GET, "/v1/ledger/rows")?).await {
            Ok(far) => Ok(Some(far)),
            Err(error) if error.problem().is_some_and(|problem| problem.status == 404) => Ok(None),
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
        LedgerFiles::at(self.connection(), LEDGER)
    }
}
