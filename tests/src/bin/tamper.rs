//! Tries tamperings with what the ledger holds, and prints how many of each were found: `tamper [COUNT [SEED]]`.

use std::process::ExitCode;

use whole_product::tampering::{KINDS, PLACES, tried};

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1).map(|word| word.parse::<u64>());
    let (Ok(count), Ok(seed)) = (words.next().unwrap_or(Ok(10_000)), words.next().unwrap_or(Ok(1))) else {
        eprintln!("tamper [COUNT [SEED]]");
        return ExitCode::from(2);
    };
    let pairs: Vec<(&str, &str)> =
        PLACES.iter().flat_map(|place| KINDS.iter().map(move |kind| (*place, *kind))).collect();
    let mut found = vec![(0u64, 0u64); pairs.len()];
    for n in 0..count {
        let at = (n % pairs.len() as u64) as usize;
        let (place, kind) = pairs[at];
        match tried(place, kind, seed.wrapping_mul(1_000_003).wrapping_add(n)) {
            Ok(is) => found[at] = (found[at].0 + u64::from(is), found[at].1 + 1),
            Err(error) => {
                eprintln!("{place}, {kind}, seed {seed}, number {n}: {error:#}");
                return ExitCode::FAILURE;
            }
        }
    }
    for ((place, kind), (found, tried)) in pairs.iter().zip(&found) {
        println!("{place:7} {kind:10} {found} of {tried}");
    }
    let (all, tried) = found.iter().fold((0, 0), |(all, of), (found, tried)| (all + found, of + tried));
    println!("{all} of {tried} tamperings found, 0 of {tried} untouched ones (seed {seed})");
    println!(
        "found by this program's own readers; the second implementation (ui/verifier) reads no log, and tried none"
    );
    if all == tried { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
