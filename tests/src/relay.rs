//! A real `relay serve`, of a department that was founded for it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::process::{Running, programs};

/// Passphrase of the department's administrator.
const PASSPHRASE: &str = "for tests and nothing else";

/// A department's relay.
#[derive(Debug)]
pub struct Relay {
    /// With the data folder, the administrator's key and the recovery kit.
    folder: tempfile::TempDir,
    address: String,
    limits: Vec<String>,
    running: Option<Running>,
}

impl Relay {
    /// Founds a department with one administrator and serves it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_with(&[])
    }

    /// The same with other limits, as flags of `relay serve`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_with(limits: &[&str]) -> anyhow::Result<Self> {
        let limits = limits.iter().map(|flag| (*flag).to_owned()).collect();
        let mut relay = Self { folder: tempfile::tempdir()?, address: "127.0.0.1:0".to_owned(), limits, running: None };
        let person = ["--name", "A. Administrator", "--badge", "1", "--ori", "CA0190000"];
        let mut init = relay.program(&["init", "--department", "Police of Nowhere"])?;
        init.args(person).arg("--key").arg(relay.key()).arg("--kit").arg(relay.folder.path().join("kit"));
        told(&mut init, PASSPHRASE)?;
        relay.start_again()?;
        Ok(relay)
    }

    /// Serves a department that was founded at a workstation, from the file that it wrote.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn adopting(documents: &Path, root: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut relay = Self { folder, address: "127.0.0.1:0".to_owned(), limits: Vec::new(), running: None };
        told(relay.program(&["adopt", "--root", root])?.arg(documents), "")?;
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

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("key")
    }

    /// Folder of the mailboxes.
    pub fn mailboxes(&self) -> PathBuf {
        self.data().join("mailboxes")
    }

    /// A command of the program on this relay's data.
    fn program(&self, words: &[&str]) -> anyhow::Result<Command> {
        let mut command = Command::new(programs()?.join("relay"));
        command.args(words).arg("--data").arg(self.data());
        Ok(command)
    }

    /// Puts the workstation of a card into the roster, as the department's administrator does; gives the fingerprint that
    /// is printed.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn add_workstation(&self, card: &str) -> anyhow::Result<String> {
        let file = self.folder.path().join("card.json");
        std::fs::write(&file, card)?;
        let mut add = self.program(&["roster", "add-workstation"])?;
        let said = told(add.arg("--card").arg(file).arg("--key").arg(self.key()), PASSPHRASE)?;
        let line = said.lines().find_map(|line| line.rsplit_once("fingerprint "));
        Ok(line.context("no fingerprint")?.1.trim().to_owned())
    }

    /// Takes a workstation, by its name or key, out of the roster.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn remove_workstation(&self, workstation: &str) -> anyhow::Result<()> {
        let mut remove = self.program(&["roster", "remove-workstation", workstation])?;
        told(remove.arg("--key").arg(self.key()), PASSPHRASE).map(drop)
    }

    /// Names a witness in the roster, and has it asked from now on.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn witnessed_by(&mut self, name: &str, address: &str, public: &str) -> anyhow::Result<()> {
        self.add_key("witness", name, public)?;
        self.limits.extend(["--witness".to_owned(), format!("{name}={address}")]);
        self.stop();
        self.start_again()
    }

    /// Puts a key into the roster, for auditors, escrow or a witness.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn add_key(&self, purpose: &str, name: &str, public: &str) -> anyhow::Result<()> {
        let mut add = self.program(&["roster", "add-key", "--for", purpose, "--name", name, "--public", public])?;
        told(add.arg("--key").arg(self.key()), PASSPHRASE).map(drop)
    }

    /// Puts the log's key into the roster.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn publish_log(&self) -> anyhow::Result<()> {
        told(self.program(&["ledger", "publish"])?.arg("--key").arg(self.key()), PASSPHRASE).map(drop)
    }

    /// Runs another command of the program on this relay's data.
    ///
    /// # Errors
    /// When it refuses.
    pub fn operate(&self, words: &[&str]) -> anyhow::Result<String> {
        told(&mut self.program(words)?, "")
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
        let mut command = self.program(&["serve", "--listen", &self.address])?;
        command.args(&self.limits).stderr(Stdio::null());
        let (running, address) =
            Running::start_until(&mut command, |line| line.strip_prefix("listening on ").map(str::to_owned))?;
        (self.running, self.address) = (Some(running), address);
        Ok(())
    }
}

/// What a command prints that reads a line.
fn told(command: &mut Command, line: &str) -> anyhow::Result<String> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    match writeln!(child.stdin.take().context("no input")?, "{line}") {
        // What asks for nothing may have ended by now.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
