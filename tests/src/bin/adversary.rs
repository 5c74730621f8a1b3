//! Plays every attack and prints one line for each: held or broken.
//!
//! `adversary [WORD]…` plays those whose promise or name holds one of the words.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use whole_product::adversary::{Found, attacks, play};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |promise: &str, name: &str| {
        words.is_empty()
            || words.iter().any(|word| promise == word || (word.parse::<u8>().is_err() && name.contains(word.as_str())))
    };
    let chosen: Vec<_> = attacks().into_iter().filter(|a| wanted(&a.promise.to_string(), a.name)).collect();
    let [held, broken] = [(); 2].map(|()| AtomicUsize::new(0));
    play(chosen, 1, |attack, found, time| {
        let (count, word, told) = match found {
            Found::Held(told) => (&held, "held", told),
            Found::Broken(told) => (&broken, "BROKEN", told),
        };
        count.fetch_add(1, Ordering::Relaxed);
        println!("{:>2} {word:<6} {} ({} s): {told}", attack.promise, attack.name, time.as_secs());
    });
    let (held, broken) = (held.into_inner(), broken.into_inner());
    println!("{held} held, {broken} broken");
    if broken == 0 && held > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
