//! `relay`: the department's own small service, and its administration.

use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use catalogue::say;
use clap::{Parser, Subcommand};
use department::Card;
use relay::server::{Relay, router};
use relay::store::Store;
use service::serving::{self, Serving};

/// The department's relay: mailboxes for case packages, which it cannot read.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answers /v1 over HTTP until it is told to stop.
    Serve {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
        /// Address and port; port 0 picks a free one.
        #[arg(long, default_value = "127.0.0.1:8471")]
        listen: SocketAddr,
        #[command(flatten)]
        serving: Serving,
    },
    /// Admits the workstation of a card, which is read from a file or from stdin, and prints the card's fingerprint: compare
    /// it by voice with the one in that workstation's Settings.
    Admit {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
        /// The card.
        card: Option<PathBuf>,
    },
    /// Dismisses a workstation: it is answered nothing more from the next request on. What waits for it stays.
    Dismiss {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
        /// Its key, as `workstations` prints it.
        key: String,
    },
    /// Prints the admitted workstations: key, since when, fingerprint of the card, name.
    Workstations {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
    },
    /// Checks the chain of the audit.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Prints the number of rows and the last hash of a whole chain.
    Verify {
        /// Data folder.
        #[arg(long)]
        data: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", say!("relay-relay", error = format!("{:#}", error)));
            ExitCode::FAILURE
        }
    }
}

/// A relay that should be there already.
fn existing(data: &Path) -> anyhow::Result<Store> {
    anyhow::ensure!(
        data.join("relay.sqlite").is_file(),
        "{}",
        say!("relay-no-serve-admit-makes-one", data = data.display())
    );
    Ok(Store::open(data)?)
}

fn made(data: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(data).with_context(|| say!("gallery-cannot-use", data = data.display()))
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve { data, listen, serving } => {
            let tls = serving.checked(listen, None)?;
            serving::log();
            made(&data)?;
            let relay = Relay::open(&data)?;
            serving.run(listen, tls, router(relay))?;
        }
        Command::Admit { data, card } => {
            let text = match &card {
                Some(path) => {
                    std::fs::read_to_string(path).with_context(|| say!("relay-cannot-read", path = path.display()))?
                }
                None => {
                    let mut text = String::new();
                    std::io::stdin().read_to_string(&mut text).context(say!("relay-cannot-read-stdin"))?;
                    text
                }
            };
            let card = Card::read(&text).context(say!("relay-no-workstation-card-copy-whole"))?;
            made(&data)?;
            Store::open(&data)?.admit(&card)?;
            println!("{}", say!("relay-admitted-fingerprint", name = card.name, fingerprint = card.fingerprint()));
        }
        Command::Dismiss { data, key } => {
            existing(&data)?.dismiss(&key)?;
            println!("dismissed");
        }
        Command::Workstations { data } => {
            for known in existing(&data)?.workstations()? {
                println!("{}\t{}\t{}\t{}", known.card.signs, known.since, known.card.fingerprint(), known.card.name);
            }
        }
        Command::Audit { command: AuditCommand::Verify { data } } => {
            let (rows, hash) = existing(&data)?.verify_audit()?;
            println!("{}", say!("gallery-rows-chain-whole-last-hash", rows, hash));
        }
    }
    Ok(())
}
