//! Child processes that end with their owner.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::Context;

/// A running program that is killed when this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    name: String,
}

impl Running {
    /// Starts `command`.
    ///
    /// # Errors
    /// When the program is not there; `make setup` installs it.
    pub fn start(command: &mut Command) -> anyhow::Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child =
            command.spawn().with_context(|| format!("cannot start {name}; `make setup` installs what is missing"))?;
        Ok(Self { child, name })
    }

    /// Starts `command` and waits for the first line of its standard output for which `wanted`
    /// gives something.
    ///
    /// # Errors
    /// When it ends before such a line.
    pub fn start_until<T>(command: &mut Command, wanted: impl Fn(&str) -> Option<T>) -> anyhow::Result<(Self, T)> {
        let mut running = Self::start(command.stdout(Stdio::piped()))?;
        let out = running.child.stdout.take().context("no output")?;
        let mut lines = BufReader::new(out).lines();
        for line in lines.by_ref() {
            if let Some(found) = wanted(&line?) {
                // Whatever it says later is read and dropped, so that it never blocks.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok((running, found));
            }
        }
        anyhow::bail!("{} ended before it was ready", running.name)
    }

    /// Process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The child's standard input, once.
    pub fn input(&mut self) -> Option<std::process::ChildStdin> {
        self.child.stdin.take()
    }

    /// Ends the program now, as `kill -9` does.
    pub fn kill(mut self) {
        self.end();
    }

    /// Asks the program to end, as an operator does, and waits until it has.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn stop(mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill").args(["-TERM", &self.id().to_string()]).status()?;
        anyhow::ensure!(asked.success(), "{} cannot be asked to end", self.name);
        self.child.wait()?;
        Ok(())
    }

    fn end(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// The folder with the built programs: this test's own, or its parent.
///
/// # Errors
/// When they were not built.
pub fn programs() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe().context("cannot tell where this program is")?;
    own.ancestors()
        .find(|folder| folder.join("corroborate").is_file() && folder.join("gallery").is_file())
        .map(PathBuf::from)
        .context("corroborate and gallery are not built; run `make build` first")
}

/// A port that was free a moment ago.
///
/// # Errors
/// When there is none.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
