//! `cargo xtask`: developer chores.

use std::path::{Path, PathBuf};

use anyhow::Context;
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
    Fetch {
        /// What only tests need, too.
        #[arg(long)]
        tests: bool,
    },
    /// Builds with cargo and says how far it is.
    Build {
        /// Arguments for `cargo build`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Writes THIRD-PARTY-NOTICES.txt.
    Notices {
        /// Say whether it is current instead.
        #[arg(long)]
        check: bool,
    },
    /// Writes docs/compliance/component-definition.json from controls.toml.
    Compliance {
        /// Say whether it is current instead.
        #[arg(long)]
        check: bool,
    },
    /// Renders and enrols the demo gallery into the user's cache and prints its folder.
    DemoGallery {
        /// How many people.
        #[arg(long, default_value_t = 500)]
        people: u64,
    },
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Fetch { tests } => xtask::fetch::fetch(tests),
        Command::Build { arguments } => xtask::build::build(&arguments),
        Command::Notices { check } => xtask::notices::notices(check),
        Command::Compliance { check } => xtask::compliance::compliance(Path::new(env!("CORROBORATE_ROOT")), check),
        Command::DemoGallery { people } => {
            let program = std::env::current_exe().context("cannot tell where this program is")?;
            let programs: PathBuf = program.parent().context("this program has no folder")?.to_owned();
            println!("{}", xtask::demo::prepare(&programs, people)?.gallery.display());
            Ok(())
        }
    }
}
