//! A workstation keeps its backups at the relay: pieces first, each read back, then the manifest that names them.

use reqwest::Method;
use service::client::AskError;

use crate::client::Mailer;
use crate::wire::{Backups, MOST_BACKUPS, PIECE};

impl Mailer {
    /// What lies there of the own backups.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn backups(&self) -> Result<Backups, AskError> {
        let relay = self.connection();
        let answer = relay.send(relay.call(Method::GET, "/v1/backups")?).await?;
        let body = relay.body(answer, MOST_BACKUPS).await?;
        serde_json::from_slice(&body).map_err(|e| relay.garbage(e.to_string()))
    }

    /// Keeps a piece, and reads it back; whether it came back as it was.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn keep_piece(&self, sha256: &str, bytes: Vec<u8>) -> Result<bool, AskError> {
        let (relay, path) = (self.connection(), format!("/v1/backups/pieces/{sha256}"));
        relay.send(relay.call(Method::PUT, &path)?.body(bytes.clone())).await?;
        let answer = relay.send(relay.call(Method::GET, &path)?).await?;
        Ok(relay.body(answer, PIECE).await? == bytes)
    }

    /// Keeps the manifest `name` of pieces that are there.
    ///
    /// # Errors
    /// [`AskError`]; refused with `backup-incomplete` where one is not.
    pub async fn keep_manifest(&self, name: &str, text: String) -> Result<(), AskError> {
        let relay = self.connection();
        relay.send(relay.call(Method::PUT, &format!("/v1/backups/{name}"))?.body(text)).await.map(drop)
    }

    /// Removes a backup. To repeat it is harmless.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn drop_backup(&self, name: &str) -> Result<(), AskError> {
        let relay = self.connection();
        relay.send(relay.call(Method::DELETE, &format!("/v1/backups/{name}"))?).await.map(drop)
    }
}
