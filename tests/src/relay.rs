//! A real `relay serve`.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::process::{Running, programs};

/// A department's relay.
#[derive(Debug)]
pub struct Relay {
    data: tempfile::TempDir,
    address: String,
    running: Option<Running>,
}

impl Relay {
    /// Serves from an empty folder.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start() -> anyhow::Result<Self> {
        let mut relay = Self { data: tempfile::tempdir()?, address: "127.0.0.1:0".to_owned(), running: None };
        relay.start_again()?;
        Ok(relay)
    }

    /// `http://address`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Process id while it runs.
    pub fn id(&self) -> Option<u32> {
        self.running.as_ref().map(Running::id)
    }

    /// Folder of the mailboxes.
    pub fn mailboxes(&self) -> PathBuf {
        self.data.path().join("mailboxes")
    }

    /// Admits the workstation of a card, as the relay's operator does; gives the fingerprint that is printed.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn admit(&self, card: &str) -> anyhow::Result<String> {
        let mut admit = Command::new(programs()?.join("relay"));
        admit.args(["admit", "--data"]).arg(self.data.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut admit = admit.spawn()?;
        admit.stdin.take().context("no input")?.write_all(card.as_bytes())?;
        let output = admit.wait_with_output()?;
        ensure!(output.status.success(), "the card was not admitted");
        let said = String::from_utf8(output.stdout)?;
        Ok(said.rsplit_once("fingerprint ").context("no fingerprint")?.1.trim().to_owned())
    }

    /// Runs another command of the program on this relay's data.
    ///
    /// # Errors
    /// When it refuses.
    pub fn operate(&self, words: &[&str]) -> anyhow::Result<String> {
        let output =
            Command::new(programs()?.join("relay")).args(words).arg("--data").arg(self.data.path()).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Ends the service.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// Starts it again at the same address.
    ///
    /// # Errors
    /// When the address is taken.
    pub fn start_again(&mut self) -> anyhow::Result<()> {
        let mut command = Command::new(programs()?.join("relay"));
        command.args(["serve", "--listen", &self.address, "--data"]).arg(self.data.path()).stderr(Stdio::null());
        let (running, address) =
            Running::start_until(&mut command, |line| line.strip_prefix("listening on ").map(str::to_owned))?;
        (self.running, self.address) = (Some(running), address);
        Ok(())
    }
}
