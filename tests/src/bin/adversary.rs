//! Plays every attack and prints one line for each: held or broken.
//!
//! `adversary [WORD]…` plays those whose promise or name holds one of the words.

use std::process::ExitCode;

use whole_product::adversary::{Found, attacks};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |promise: &str, name: &str| {
        words.is_empty()
            || words.iter().any(|word| promise == word || (word.parse::<u8>().is_err() && name.contains(word.as_str())))
    };
    let (mut held, mut broken) = (0, 0);
    for attack in attacks().into_iter().filter(|a| wanted(&a.promise.to_string(), a.name)) {
        let (word, told) = match (attack.play)() {
            Ok(Found::Held(told)) => ("held", told),
            Ok(Found::Broken(told)) => ("BROKEN", told),
            Err(error) => ("BROKEN", format!("the attack could not be played: {error:#}")),
        };
        if word == "held" {
            held += 1
        } else {
            broken += 1
        }
        println!("{:>2} {word:<6} {}: {told}", attack.promise, attack.name);
    }
    println!("{held} held, {broken} broken");
    if broken == 0 && held > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
