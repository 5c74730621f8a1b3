//! A workstation's vault without its window, which exchanges rows with a relay's log.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, ensure};
use department::{Moment, PublicKey};
use relay::client::{Client, Mailer};
use serde_json::json;
use vault::samples::{InMemory, opened};
use vault::{KeyStore, Vault, canonical};
use workstation::Outcome;
use workstation::ledger_round::{Vaulted, round};

use crate::relay::Relay;

/// A vault, its secret store, and what a person would hear.
#[derive(Clone)]
pub struct Desk {
    vault: Arc<Mutex<Vault>>,
    keys: Arc<InMemory>,
    now: Moment,
}

impl Vaulted for Desk {
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vault, &dyn KeyStore, Moment) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        work(&mut self.vault.lock().unwrap_or_else(PoisonError::into_inner), self.keys.as_ref(), self.now)
    }
}

impl Desk {
    /// The vault in `folder`, which is made where there is none, at `now`.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(folder: &Path, keys: &Arc<InMemory>, now: Moment) -> anyhow::Result<Self> {
        let vault = opened(folder, keys.as_ref())?;
        Ok(Self { vault: Arc::new(Mutex::new(vault)), keys: Arc::clone(keys), now })
    }

    /// The same at another time.
    pub fn at(&self, now: Moment) -> Self {
        Self { now, ..self.clone() }
    }

    /// Does `work` with the vault.
    pub fn here<T>(&self, work: impl FnOnce(&mut Vault) -> T) -> T {
        work(&mut self.vault.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets it into the department that `relay` serves.
    ///
    /// # Errors
    /// When the relay or the vault refuses.
    pub fn join(&self, relay: &Relay, name: &str) -> anyhow::Result<()> {
        relay.add_workstation(&canonical(&self.here(|v| v.card(name)))?)?;
        let kept = tempfile::tempdir()?;
        let file = kept.path().join("department");
        relay.operate(&["department", "export", file.to_str().context("no path")?])?;
        let documents: Vec<String> = std::fs::read_to_string(file)?.lines().map(str::to_owned).collect();
        let shown = relay.operate(&["department", "show"])?;
        let root = shown.split_whitespace().find_map(|word| PublicKey::read(word).ok()).context("no root key")?;
        self.here(|v| v.found(&root, &documents, None, self.now))?;
        Ok(())
    }

    /// Takes in the department's versions that it does not have.
    ///
    /// # Errors
    /// When the relay or the vault refuses.
    pub fn keep_up(&self, relay: &Relay) -> anyhow::Result<()> {
        let kept = tempfile::tempdir()?;
        let file = kept.path().join("department");
        relay.operate(&["department", "export", file.to_str().context("no path")?])?;
        let documents: Vec<String> = std::fs::read_to_string(file)?.lines().map(str::to_owned).collect();
        self.here(|v| -> anyhow::Result<()> {
            let known = v.department().map_or(0, |chain| chain.newest().number()) as usize;
            documents.iter().skip(known).try_for_each(|next| Ok(v.extend(next, None, self.now)?))
        })
    }

    /// Puts so many events on its audit.
    ///
    /// # Errors
    /// When the vault refuses.
    pub fn work(&self, events: usize, what: &str) -> anyhow::Result<()> {
        for n in 0..events {
            self.here(|v| v.record(None, self.now, what, &json!({ "n": n, "sha256": format!("{n:064}") })))?;
        }
        Ok(())
    }

    /// A session with the relay.
    ///
    /// # Errors
    /// When it is away, or refuses.
    pub async fn session(&self, relay: &Relay) -> anyhow::Result<Mailer> {
        let own = self.here(|v| v.card("").signs);
        let sign = async |text: String| Ok::<_, relay::client::AskError>(self.here(|v| v.sign_request(&text).1));
        Ok(Client::new(&relay.url())?.begin(&own, sign).await?)
    }

    /// One round with the relay's log; gives what a person is told.
    ///
    /// # Errors
    /// When the relay is away, or refuses.
    pub async fn round(&self, relay: &Relay) -> anyhow::Result<Vec<String>> {
        let mailer = self.session(relay).await?;
        let done = round(self, &mailer).await;
        done.map_err(|error| anyhow::anyhow!("{}: {}", error.code, error.message))
    }

    /// Actions on its audit that say so.
    ///
    /// # Errors
    /// When the vault refuses.
    pub fn audited(&self, action: &str) -> anyhow::Result<usize> {
        Ok(self.here(|v| v.audit())?.iter().filter(|event| event.action == action).count())
    }

    /// The vault's file alone: another process's copy is put in its place, or it is kept elsewhere.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
        for entry in std::fs::read_dir(to)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with("vault.db") {
                std::fs::remove_file(entry.path())?;
            }
        }
        let mut copied = 0;
        for entry in std::fs::read_dir(from)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            // What readers share is made anew.
            if name.starts_with("vault.db") && name != "vault.db-shm" {
                copied += std::fs::copy(entry.path(), to.join(name)).map(|_| 1)?;
            }
        }
        ensure!(copied > 0, "there is no vault in {}", from.display());
        Ok(())
    }
}
