//! Tries tamperings with what the ledger holds, and prints how many of each were found by this program's readers and by the second
//! implementation: `tamper [COUNT [SEED]]`.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use anyhow::Context;
use whole_product::second_reader::SecondReader;
use whole_product::tampering::{KINDS, PLACES, tried};

/// Worlds that are made at once: they mostly wait for the disk.
const AT_ONCE: usize = 4;

/// Of one place and kind.
#[derive(Debug, Clone, Default)]
struct Found {
    tried: u64,
    ours: u64,
    second: u64,
    refused_at_start: u64,
    /// Why the second implementation refuses, and how often.
    reasons: BTreeMap<String, u64>,
}

/// Tries them; what was found of each pair, with how many untouched worlds hold in the second implementation.
fn all_found(pairs: &[(&str, &str)], count: usize, seed: u64) -> anyhow::Result<(Vec<Found>, u64)> {
    let mut second = SecondReader::start()?.context("the second implementation needs Node.js and the built screens")?;
    let (mut found, mut order, mut untouched) = (vec![Found::default(); pairs.len()], Vec::new(), 0);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (done, made) = sync_channel(AT_ONCE);
        for _ in 0..AT_ONCE {
            let (done, next) = (done.clone(), &next);
            scope.spawn(move || {
                let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
                for n in numbers.take_while(|n| *n < count) {
                    let (place, kind) = pairs[n % pairs.len()];
                    let tried = tried(place, kind, seed.wrapping_mul(1_000_003).wrapping_add(n as u64));
                    let tried = tried.with_context(|| format!("{place}, {kind}, seed {seed}, number {n}"));
                    if done.send((n, tried)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        for (n, tried) in made {
            let tried = tried?;
            let of = &mut found[n % pairs.len()];
            of.tried += 1;
            of.ours += u64::from(tried.found);
            of.refused_at_start += u64::from(tried.refused_at_start);
            second.ask(&tried.untouched)?;
            second.ask(&tried.tampered)?;
            order.push(n);
        }
        anyhow::Ok(())
    })?;
    for (n, answers) in order.into_iter().zip(second.finish()?.chunks(2)) {
        let (place, kind) = pairs[n % pairs.len()];
        let [before, after] = answers else { anyhow::bail!("half a pair of answers") };
        untouched += u64::from(before.holds());
        let of = &mut found[n % pairs.len()];
        of.second += u64::from(!after.holds());
        *of.reasons.entry(after.why().to_owned()).or_default() += 1;
        if !before.holds() || after.holds() {
            eprintln!("{place}, {kind}, seed {seed}, number {n}: the second implementation says {before:?}, {after:?}");
        }
    }
    Ok((found, untouched))
}

/// Tries them, and prints what was found; whether that is all.
fn told(count: usize, seed: u64) -> anyhow::Result<bool> {
    let pairs: Vec<(&str, &str)> =
        PLACES.iter().flat_map(|place| KINDS.iter().map(move |kind| (*place, *kind))).collect();
    let (found, untouched) = all_found(&pairs, count, seed)?;
    println!("{:18} {:>10} {:>10}  why, says the second", "", "ours", "second");
    for ((place, kind), of) in pairs.iter().zip(&found) {
        let part = |found: u64| format!("{found} of {}", of.tried);
        let reasons: Vec<String> = of.reasons.iter().map(|(why, times)| format!("{why} {times}")).collect();
        println!("{place:7} {kind:10} {:>10} {:>10}  {}", part(of.ours), part(of.second), reasons.join(", "));
    }
    let sum = |what: fn(&Found) -> u64| found.iter().map(what).sum::<u64>();
    let (tried, ours, theirs) = (sum(|of| of.tried), sum(|of| of.ours), sum(|of| of.second));
    println!(
        "{ours} of {tried} tamperings found by this program's readers, 0 of {tried} untouched worlds (seed {seed})"
    );
    let wrongly = tried - untouched;
    println!(
        "{theirs} of {tried} found by the second implementation (ui/verifier), {wrongly} of {tried} untouched worlds"
    );
    println!(
        "of these, {} make a relay or gallery refuse to start, so that nobody is shown anything: the second implementation was \
         shown what whoever has the machine can make of the rows by hand then, signed by the key that lies there",
        sum(|of| of.refused_at_start)
    );
    Ok(ours == tried && theirs == tried && untouched == tried)
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1).map(|word| word.parse::<u64>());
    let (Ok(count), Ok(seed)) = (words.next().unwrap_or(Ok(10_000)), words.next().unwrap_or(Ok(1))) else {
        eprintln!("tamper [COUNT [SEED]]");
        return ExitCode::from(2);
    };
    match told(count as usize, seed) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
