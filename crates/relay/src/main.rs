//! `relay`: the department's own small service, and its administration.

mod operator;

use std::process::ExitCode;

use catalogue::say;
use clap::Parser;

fn main() -> ExitCode {
    match operator::run(operator::Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", say!("relay-relay", error = format!("{:#}", error)));
            ExitCode::FAILURE
        }
    }
}
