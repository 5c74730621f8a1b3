//! What is asked: flags first, then a person at the terminal. Where stdin is no terminal, its lines are the passphrases in the
//! order in which they are needed.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::Context;
use catalogue::say;
use relay::keyfile::KeyFileError;
use zeroize::Zeroizing;

/// Somebody at the terminal, or lines of stdin.
pub(super) struct Asking {
    terminal: bool,
}

impl Asking {
    pub(super) fn new() -> Self {
        Self { terminal: std::io::stdin().is_terminal() }
    }

    fn line() -> anyhow::Result<Option<Zeroizing<String>>> {
        let mut line = Zeroizing::new(String::new());
        let read = std::io::stdin().lock().read_line(&mut line).context(say!("relay-cannot-read-stdin"))?;
        let typed = line.trim_end_matches(['\r', '\n']);
        Ok((read > 0).then(|| Zeroizing::new(typed.to_owned())))
    }

    /// What `flag` says, or else what is typed.
    ///
    /// # Errors
    /// Where nobody can be asked.
    pub(super) fn text(&self, said: Option<String>, flag: &str, question: &str) -> anyhow::Result<String> {
        if let Some(said) = said {
            return Ok(said);
        }
        anyhow::ensure!(self.terminal, "{}", say!("relay-nobody-to-ask", flag, question));
        loop {
            print!("{question}: ");
            std::io::stdout().flush()?;
            let line = Self::line()?.context(say!("relay-input-ended"))?;
            if !line.trim().is_empty() {
                return Ok(line.trim().to_owned());
            }
        }
    }

    /// What nobody else may see.
    ///
    /// # Errors
    /// Where there is no line.
    pub(super) fn secret(&self, question: &str) -> anyhow::Result<Zeroizing<String>> {
        if self.terminal {
            let typed = rpassword::prompt_password(format!("{question}: "));
            return Ok(Zeroizing::new(typed.context(say!("relay-cannot-read-stdin"))?));
        }
        Self::line()?.with_context(|| say!("relay-stdin-lacks-a-line", question))
    }

    /// A new passphrase, typed twice by a person.
    ///
    /// # Errors
    /// Where `fits` refuses it and nobody can be asked again.
    pub(super) fn new_passphrase(
        &self,
        question: &str,
        fits: impl Fn(&str) -> Result<(), KeyFileError>,
    ) -> anyhow::Result<Zeroizing<String>> {
        loop {
            let typed = self.secret(question)?;
            let checked = fits(&typed);
            if !self.terminal {
                checked?;
                return Ok(typed);
            }
            match checked {
                Err(error) => println!("{error}"),
                Ok(()) if self.secret(say!("relay-passphrase-once-more"))? == typed => return Ok(typed),
                Ok(()) => println!("{}", say!("relay-passphrases-differ")),
            }
        }
    }
}
