//! Random histories of two cases about one photograph, against a second keeping of them that was written from the rules.

#[path = "history/act.rs"]
mod act;
#[path = "history/bench.rs"]
mod bench;
use crate::cases;
#[path = "history/chance.rs"]
mod chance;
#[path = "history/desk.rs"]
mod desk;
#[path = "history/paper.rs"]
mod paper;
#[path = "history/seen.rs"]
mod seen;

use std::collections::BTreeMap;

use casework::samples::policy;

use act::Act;
use chance::Chance;
use desk::{Cast, World};

/// Steps of a history; some are several acts.
const STEPS: usize = 16;

/// One history: what was allowed in it, or where program and rules part.
fn history(seed: u64, cast: &Cast, policy: &casework::Policy) -> Result<BTreeMap<String, u32>, String> {
    let mut chance = Chance::new(seed);
    let openers = [0, if chance.below(3) == 0 { 0 } else { 1 + chance.below(3) }];
    let mut world = World::new(cast, policy, openers);
    let mut done: Vec<(usize, Act)> = Vec::new();
    for _ in 0..STEPS {
        let on = usize::from(chance.below(3) == 0);
        for act in chance.acts(&world.desks[on].paper) {
            done.push((on, act.clone()));
            world.act(on, &act).map_err(|wrong| told(seed, &done, &wrong))?;
        }
    }
    for on in [0, 1] {
        seen::check_note(&world, on).map_err(|wrong| told(seed, &done, &wrong))?;
    }
    // A disclosure is long: one of every four histories is read.
    if seed.is_multiple_of(4) {
        seen::check_disclosure(&world, chance.below(2)).map_err(|wrong| told(seed, &done, &wrong))?;
    }
    Ok(world.allowed)
}

fn told(seed: u64, done: &[(usize, Act)], wrong: &str) -> String {
    let acts: Vec<String> = done.iter().map(|(on, act)| format!("  {on} {act:?}")).collect();
    format!("history {seed}\n{}\n{wrong}", acts.join("\n"))
}

#[test]
fn every_history_is_what_the_rules_make_of_it() {
    let (cast, policy) = (Cast::new(), policy());
    let seeds = cases::seeds();
    let all = seeds.end - seeds.start;
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let part = |nth: u64| {
        let mut allowed: BTreeMap<String, u32> = BTreeMap::new();
        for seed in (seeds.start + nth..seeds.end).step_by(threads as usize) {
            for (name, count) in history(seed, &cast, &policy)? {
                *allowed.entry(name).or_default() += count;
            }
        }
        Ok::<_, String>(allowed)
    };
    let mut allowed: BTreeMap<String, u32> = BTreeMap::new();
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads).map(|nth| scope.spawn(move || part(nth))).collect();
        for part in parts {
            for (name, count) in part.join().unwrap().unwrap_or_else(|wrong| panic!("{wrong}")) {
                *allowed.entry(name).or_default() += count;
            }
        }
    });
    println!("histories {seeds:?}, allowed acts: {allowed:?}");
    // Every kind of act is allowed often enough to mean something.
    let often = allowed.len() == 23 && allowed.values().all(|count| u64::from(*count) > all / 100);
    assert!(all < 10_000 || often, "{allowed:?}");
}
