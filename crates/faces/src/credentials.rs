//! Asks the program `credentials`, which packages carry beside the workstation, what a photograph's content credentials
//! say. It stands behind the decoder's walls and reads one file; this process reads nothing of it.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::Deserialize;

/// Time that the credentials of one photograph may take.
pub const TIME_LIMIT: Duration = Duration::from_secs(20);
/// Most bytes of an answer.
const MOST: u64 = 1024 * 1024;

/// Where the program lies and whom it trusts.
#[derive(Debug, Clone)]
pub struct Program {
    /// Its path.
    pub path: PathBuf,
    /// PEM certificates of signers that are trusted.
    pub signers: String,
    /// PEM certificates of those whose time stamps are.
    pub stamps: String,
}

/// What it says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Said {
    /// How far the credentials hold.
    pub state: State,
    /// Who signed.
    pub signer: Option<String>,
    /// When, RFC 3339.
    pub at: Option<String>,
    /// The program that signed.
    pub tool: Option<String>,
    /// Declared edits, `c2pa.cropped`.
    pub actions: Vec<String>,
    /// Declared digital source types, as addresses or terms.
    pub sources: Vec<String>,
    /// Where the manifest lies instead.
    pub elsewhere: Option<String>,
    /// Codes of what failed.
    pub failed: Vec<String>,
}

/// How far credentials hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Signature and file agree, and the signer is on the list.
    Trusted,
    /// Signature and file agree; the signer is not on the list.
    Valid,
    /// They do not agree.
    Invalid,
    /// They lie elsewhere, and were not fetched.
    Elsewhere,
    /// There are none.
    None,
    /// They cannot be read.
    #[default]
    Broken,
}

impl Program {
    /// What the credentials of `photo`, a file of the given format ([`crate::Photo::format`]), say; `None` where the program is
    /// not installed. One that fails, or takes too long, is [`State::Broken`].
    pub fn read(&self, format: &str, photo: &[u8]) -> Option<Said> {
        let mut command = Command::new(&self.path);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).env_clear();
        match command.spawn() {
            Ok(child) => Some(self.ask(child, format, photo).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(_) => Some(Said::default()),
        }
    }

    fn ask(&self, mut child: Child, format: &str, photo: &[u8]) -> io::Result<Said> {
        let pipes = child.stdin.take().zip(child.stdout.take());
        let Some((mut to, from)) = pipes else { return Err(io::ErrorKind::BrokenPipe.into()) };
        let media = match format {
            "HEIF" => "image/heif".to_owned(),
            _ => format!("image/{}", format.to_ascii_lowercase()),
        };
        let (done, watch) = std::sync::mpsc::channel::<()>();
        std::thread::scope(|scope| {
            let watcher = scope.spawn(move || {
                let _ = watch.recv_timeout(TIME_LIMIT);
                // Whoever has answered has ended or is about to; either way it is collected.
                let _ = child.kill();
                let _ = child.wait();
            });
            let parts = [media.as_bytes(), self.signers.as_bytes(), self.stamps.as_bytes(), photo];
            let sent = parts.iter().try_for_each(|part| {
                to.write_all(&(part.len() as u64).to_le_bytes())?;
                to.write_all(part)
            });
            drop(to);
            let mut answer = Vec::new();
            let read = sent.and_then(|()| from.take(MOST).read_to_end(&mut answer));
            drop(done);
            let _ = watcher.join();
            read?;
            Ok(serde_json::from_slice(&answer)?)
        })
    }
}
