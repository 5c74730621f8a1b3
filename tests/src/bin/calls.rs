//! `calls [COUNT] [SEED]`: random calls through the window's real door, 100,000 of them unless told otherwise.

use std::process::ExitCode;

use anyhow::Context;
use vault::{KeyStore, SecretService};
use whole_product::adversary::Found;
use whole_product::adversary::calls::{WHOLE, play};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<u64>().with_context(|| format!("{text} is no number"));
    let done = match words.as_slice() {
        // Asked by a test inside the session of its workstation, whose Secret Service holds it.
        ["secret", name] => SecretService.get(name).map_err(Into::into).map(|secret| {
            println!("{}", secret.unwrap_or_default());
            true
        }),
        [] => told(play(WHOLE, None)),
        [count] => number(count).and_then(|count| told(play(count, None))),
        [count, seed] => number(count).and_then(|count| told(play(count, Some(number(seed)?)))),
        _ => Err(anyhow::anyhow!("calls [COUNT] [SEED]")),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("calls: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn told(found: anyhow::Result<Found>) -> anyhow::Result<bool> {
    match found? {
        Found::Held(told) => println!("held: {told}"),
        Found::Broken(told) => {
            println!("BROKEN: {told}");
            return Ok(false);
        }
    }
    Ok(true)
}
