//! A real `gallery serve` with the demo people.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};

use crate::process::{Running, programs};

/// A running gallery service.
#[derive(Debug)]
pub struct Service {
    data: tempfile::TempDir,
    address: String,
    running: Option<Running>,
    training: bool,
    unlimited: bool,
}

impl Service {
    /// Serves a copy of the demo gallery with `people` persons.
    ///
    /// # Errors
    /// When it cannot be prepared or started.
    pub fn with_people(people: u64) -> anyhow::Result<(Self, xtask::demo::Demo)> {
        Self::serving(people, false)
    }

    /// The same as a training gallery.
    ///
    /// # Errors
    /// When it cannot be prepared or started.
    pub fn for_training(people: u64) -> anyhow::Result<(Self, xtask::demo::Demo)> {
        Self::serving(people, true)
    }

    /// As [`Service::for_training`], without limits: for a measurement that searches for hundreds of people.
    ///
    /// # Errors
    /// When it cannot be prepared or started.
    pub fn for_measuring(people: u64) -> anyhow::Result<(Self, xtask::demo::Demo)> {
        let (mut service, demo) = Self::serving(people, true)?;
        service.unlimited = true;
        service.running = None;
        service.start_again()?;
        Ok((service, demo))
    }

    /// As [`Service::with_people`], without limits: for attacks that search more often than a detective does.
    ///
    /// # Errors
    /// When it cannot be prepared or started.
    pub fn without_limits(people: u64) -> anyhow::Result<(Self, xtask::demo::Demo)> {
        let (mut service, demo) = Self::with_people(people)?;
        service.unlimited = true;
        service.running = None;
        service.start_again()?;
        Ok((service, demo))
    }

    /// Serves a copy of the gallery in `folder`.
    ///
    /// # Errors
    /// When it cannot be copied or started.
    pub fn of(folder: impl AsRef<Path>) -> anyhow::Result<Self> {
        Self::copied(folder.as_ref(), false)
    }

    fn serving(people: u64, training: bool) -> anyhow::Result<(Self, xtask::demo::Demo)> {
        let demo = xtask::demo::prepare(&programs()?, people)?;
        Ok((Self::copied(&demo.gallery, training)?, demo))
    }

    fn copied(folder: &Path, training: bool) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        copy(folder, data.path())?;
        let mut service = Self { data, address: String::new(), running: None, training, unlimited: false };
        service.start("127.0.0.1:0")?;
        Ok(service)
    }

    fn start(&mut self, listen: &str) -> anyhow::Result<()> {
        let log = std::fs::File::options().create(true).append(true).open(self.log())?;
        let mut command = Command::new(programs()?.join("gallery"));
        command.arg("serve").arg("--data").arg(self.data.path()).args(["--listen", listen]).stderr(Stdio::from(log));
        if self.training {
            command.arg("--training");
        }
        if self.unlimited {
            command.arg("--unlimited");
        }
        let (running, address) =
            Running::start_until(&mut command, |line| line.strip_prefix("listening on ").map(str::to_owned))?;
        self.running = Some(running);
        self.address = address;
        Ok(())
    }

    /// `http://address`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `address:port`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The service's request log.
    pub fn log(&self) -> PathBuf {
        self.data.path().join("requests.log")
    }

    /// Data folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Issues a token for `user`.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn token_of(&self, user: &str) -> anyhow::Result<String> {
        self.scoped_token("search", user)
    }

    fn scoped_token(&self, scope: &str, user: &str) -> anyhow::Result<String> {
        let issued = Command::new(programs()?.join("gallery"))
            .args(["token", "issue", "--scope", scope, "--data"])
            .arg(self.data.path())
            .args(["--agency", "CA0190000", "--user", user])
            .stderr(Stdio::null())
            .output()?;
        ensure!(issued.status.success(), "no token was issued");
        let text = String::from_utf8(issued.stdout)?;
        Ok(text.lines().last().context("no token was printed")?.to_owned())
    }

    /// Issues a token that reads the gallery's audit and does nothing else.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn audit_token(&self) -> anyhow::Result<String> {
        self.scoped_token("audit", "auditor")
    }

    /// Issues a token, as the gallery's operator does.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn token(&self) -> anyhow::Result<String> {
        self.token_of("workstation-1")
    }

    /// The candidates that the service listed in its latest search and whose they are, as its own
    /// store knows: `(candidate_id, subject_id)`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn listed(&self) -> anyhow::Result<Vec<(String, String)>> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let db = rusqlite::Connection::open_with_flags(self.data.path().join("gallery.sqlite"), flags)?;
        let mut query = db.prepare(
            "SELECT candidate_id, subject_id FROM search_candidate JOIN record USING (record_id) JOIN subject USING (subject_no)
             WHERE search_id = (SELECT search_id FROM search ORDER BY rowid DESC LIMIT 1)",
        )?;
        let rows = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Moves the gallery to `model`, as its operator does.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn moved_to(&self, model: &str) -> anyhow::Result<()> {
        let mut command = Command::new(programs()?.join("gallery"));
        command.arg("reembed").arg("--data").arg(self.data.path()).args(["--model", model]);
        let moved = command.output()?;
        ensure!(moved.status.success(), "{}", String::from_utf8_lossy(&moved.stderr));
        Ok(())
    }

    /// Puts something that is no photograph in place of a listed candidate's.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn spoil_photo(&self, candidate: &str) -> anyhow::Result<()> {
        let db = rusqlite::Connection::open(self.data.path().join("gallery.sqlite"))?;
        let (name, key): (String, Vec<u8>) = db.query_row(
            "SELECT photo, key FROM record JOIN search_candidate USING (record_id) JOIN subject_key USING (subject_no)
             WHERE candidate_id = ?1",
            [candidate],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        let nonce = [0; 12];
        let cipher = ChaCha20Poly1305::new_from_slice(&key)?;
        let sealed = cipher.encrypt(Nonce::from_slice(&nonce), &b"no photograph"[..]);
        let sealed = sealed.map_err(|_| anyhow::anyhow!("it cannot be encrypted"))?;
        std::fs::write(self.data.path().join("photos").join(&name[..2]).join(&name), [&nonce[..], &sealed].concat())?;
        Ok(())
    }

    /// Expunges a person beside the running service, as the gallery's operator does.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn expunge(&self, subject: &str) -> anyhow::Result<()> {
        let done = Command::new(programs()?.join("gallery"))
            .args(["expunge", "--data"])
            .arg(self.data.path())
            .arg(subject)
            .output()?;
        ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Ok(())
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
        let address = self.address.clone();
        self.start(&address)
    }
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for file in std::fs::read_dir(from)? {
        let file = file?;
        let to = to.join(file.file_name());
        if file.path().is_dir() {
            copy(&file.path(), &to)?;
        } else {
            std::fs::copy(file.path(), to)?;
        }
    }
    Ok(())
}
