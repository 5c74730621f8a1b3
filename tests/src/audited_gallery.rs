//! A gallery whose audit is what matters: nobody is enrolled in it, and every command leaves a row.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::process::{Running, programs};

/// A gallery's data with its service, while that runs.
#[derive(Debug)]
pub struct AuditedGallery {
    data: PathBuf,
    address: String,
    more: Vec<String>,
    running: Option<Running>,
}

impl AuditedGallery {
    /// A gallery in `data`, with further arguments for each of its commands that name where it lies.
    pub fn of(data: &Path, more: &[&str]) -> Self {
        let more = more.iter().map(|word| (*word).to_owned()).collect();
        Self { data: data.to_owned(), address: "127.0.0.1:0".to_owned(), more, running: None }
    }

    /// Runs a command of its operator; gives what it prints.
    ///
    /// # Errors
    /// What it says when it refuses.
    pub fn operate(&self, words: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new(programs()?.join("gallery"));
        let done = command.args(words).arg("--data").arg(&self.data).args(&self.more).output()?;
        ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Ok(String::from_utf8(done.stdout)?)
    }

    /// A token that reads the audit.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn token(&self) -> anyhow::Result<String> {
        let said = self.operate(&["token", "issue", "--scope", "audit", "--user", "auditor"])?;
        Ok(said.lines().last().context("no token")?.to_owned())
    }

    /// Rows on its audit.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn work(&self, rows: usize) -> anyhow::Result<()> {
        (0..rows).try_for_each(|_| self.operate(&["agency", "CA0190000"]).map(drop))
    }

    /// Serves it, at the address where it was served before.
    ///
    /// # Errors
    /// When it does not start.
    pub fn serve(&mut self, more: &[&str]) -> anyhow::Result<()> {
        let mut command = Command::new(programs()?.join("gallery"));
        command.args(["serve", "--listen", &self.address, "--data"]).arg(&self.data).args(&self.more).args(more);
        let (running, address) = Running::start_until(command.stderr(Stdio::null()), |line| {
            line.strip_prefix("listening on ").map(str::to_owned)
        })?;
        (self.running, self.address) = (Some(running), address);
        Ok(())
    }

    /// What `serve` says where it does not start.
    ///
    /// # Errors
    /// When it starts, or cannot be run.
    pub fn refused(&self) -> anyhow::Result<String> {
        let said = self.operate(&["serve", "--listen", "127.0.0.1:0"]);
        Ok(format!("{:#}", said.err().context("it ended without an error")?))
    }

    /// `http://address`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends the service.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// Kills it where it stands.
    pub fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill();
        }
    }

    /// A copy of all its data.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn copied(&self) -> anyhow::Result<tempfile::TempDir> {
        let copy = tempfile::tempdir()?;
        copied(&self.data, copy.path())?;
        Ok(copy)
    }

    /// Puts a copy in the place of its data.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn put_back(&self, copy: &Path) -> anyhow::Result<()> {
        std::fs::remove_dir_all(&self.data)?;
        copied(copy, &self.data)
    }
}

/// Copies a folder with all that is in it.
///
/// # Errors
/// When it cannot be copied.
pub fn copied(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)?.flatten() {
        let there = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &there)?;
        } else {
            std::fs::copy(entry.path(), there)?;
        }
    }
    Ok(())
}
