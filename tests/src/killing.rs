//! Kills a program at its n-th call of the system, as a power cut does: `strace` does the killing, so that the program has no hook for it.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

/// Calls after which a power cut can matter: everything that changes a file or talks to another machine.
const CALLS: &str = "pwrite64,write,writev,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat2,linkat,\
                     sendto,sendmsg,recvfrom,recvmsg,connect";

/// Runs `command` until its n-th call of [`CALLS`] in one thread, and kills it there. `true` when it was killed.
///
/// # Errors
/// Without `strace`.
pub fn killed_at(n: usize, command: &[&OsStr]) -> anyhow::Result<bool> {
    let status = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={CALLS}")])
        .args(["-e", &format!("inject={CALLS}:signal=SIGKILL:when={n}")])
        .args(command)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .context("strace cannot be started; `make setup` installs it")?;
    Ok(!status.success())
}

/// How many calls the busiest thread of a whole run makes.
///
/// # Errors
/// When the run fails, or makes none.
pub fn calls(command: &[&OsStr], log: &Path) -> anyhow::Result<usize> {
    let status = Command::new("strace")
        .args(["-f", "-qq", "-e", "signal=none", "-e", &format!("trace={CALLS}"), "-o"])
        .arg(log)
        .args(command)
        .stdout(Stdio::null())
        .status()?;
    ensure!(status.success(), "an undisturbed run fails");
    let mut threads = HashMap::<String, usize>::new();
    for line in std::fs::read_to_string(log)?.lines() {
        *threads.entry(line.split(' ').next().unwrap_or_default().to_owned()).or_default() += 1;
    }
    threads.into_values().max().context("it makes no call")
}

/// The n-th point of a sweep: spread over all of them first, then between.
pub fn point(n: usize, points: usize) -> usize {
    // 0.618… of the way each time leaves no gap larger than twice another.
    1 + (n * points * 618 / 1000) % points
}
