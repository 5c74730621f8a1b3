//! The second implementation (`ui/verifier`, TypeScript) as a reader of logs: it is started once under Node.js, is handed cases a line
//! each, and answers each from what stands in it.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::JoinHandle;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

/// What it says of a case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    n: Option<usize>,
    holds: Option<bool>,
    #[serde(default)]
    told: Vec<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    fault: Option<String>,
}

impl Answer {
    /// Whether it holds, and nothing is told beside.
    pub fn holds(&self) -> bool {
        self.holds == Some(true) && self.told.is_empty()
    }

    /// Why it does not hold, or what is told beside; empty where it holds.
    pub fn why(&self) -> &str {
        self.reason.as_deref().or(self.told.first().map(String::as_str)).unwrap_or_default()
    }
}

/// The reader while it runs.
#[derive(Debug)]
pub struct SecondReader {
    child: Child,
    to: BufWriter<ChildStdin>,
    answers: JoinHandle<anyhow::Result<Vec<Answer>>>,
    asked: usize,
}

impl SecondReader {
    /// Starts it; none where there is no Node.js, or where the screens were not built.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start() -> anyhow::Result<Option<Self>> {
        let program = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/verifier/dist/log.mjs"));
        let node = Command::new("node").arg("--version").stdout(Stdio::null()).status();
        if !program.exists() || !node.is_ok_and(|status| status.success()) {
            return Ok(None);
        }
        let mut child = Command::new("node").arg(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let to = BufWriter::with_capacity(1 << 20, child.stdin.take().context("no input")?);
        let from = BufReader::new(child.stdout.take().context("no output")?);
        let answers = std::thread::spawn(move || {
            from.lines().map(|line| Ok(serde_json::from_str::<Answer>(&line?)?)).collect::<anyhow::Result<Vec<_>>>()
        });
        Ok(Some(Self { child, to, answers, asked: 0 }))
    }

    /// Hands it a case, whose answer is the next of [`Self::finish`].
    ///
    /// # Errors
    /// When it is gone.
    pub fn ask(&mut self, case: &Value) -> anyhow::Result<()> {
        let mut numbered = case.clone();
        numbered["n"] = json!(self.asked);
        self.asked += 1;
        serde_json::to_writer(&mut self.to, &numbered)?;
        Ok(self.to.write_all(b"\n")?)
    }

    /// The answers, one for each case, in the order of the cases.
    ///
    /// # Errors
    /// Where one is missing, and where one is a fault of the reader: that is no finding.
    pub fn finish(mut self) -> anyhow::Result<Vec<Answer>> {
        drop(self.to.into_inner().context("the reader is gone")?);
        let answers = self.answers.join().ok().context("the reader of answers")??;
        ensure!(self.child.wait()?.success(), "the reader failed");
        ensure!(answers.len() == self.asked, "{} answers to {} cases", answers.len(), self.asked);
        for (n, answer) in answers.iter().enumerate() {
            let whole = answer.n == Some(n) && answer.holds.is_some() && answer.fault.is_none();
            if !(whole && (answer.holds == Some(true) || answer.reason.is_some())) {
                bail!("no answer to case {n}: {answer:?}");
            }
        }
        Ok(answers)
    }
}
