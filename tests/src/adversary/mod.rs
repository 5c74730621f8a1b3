//! Somebody who wants around the promises: each attack is played against the real window, the real service or the
//! real file, and says whether the promise held.
//!
//! An attack that cannot be played is an error, never a promise that held.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

pub mod calls;
pub mod door;
pub mod draw;
pub mod forms;
pub mod gallery;
pub mod gates;
pub mod known;
pub mod records;
pub mod relay;
pub mod staff;
pub mod sweep;
pub mod told;
pub mod workstation;

/// Names of all commands that the program declares.
pub fn commands() -> Vec<&'static str> {
    let calls = include_str!("../../../ui/src/api/commands.ts");
    calls.split("invoke(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// What an attack came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The promise held; the text says what the program answered.
    Held(String),
    /// The attacker got what they wanted; the text says what.
    Broken(String),
}

impl Found {
    /// [`Found::Held`] where `held`, else [`Found::Broken`], with the same words.
    pub fn held_if(held: bool, words: impl Into<String>) -> Self {
        if held { Found::Held(words.into()) } else { Found::Broken(words.into()) }
    }
}

/// One attack.
#[derive(Debug, Clone, Copy)]
pub struct Attack {
    /// Number of the promise that it attacks, as `SECURITY.md` counts them.
    pub promise: u8,
    /// What the attacker tries, in a few words.
    pub name: &'static str,
    /// Plays it.
    pub play: fn() -> anyhow::Result<Found>,
}

/// Plays attacks, at most `hands` at a time, and tells of each as it is done and how long it took. One that cannot be played
/// counts as broken.
pub fn play(attacks: Vec<Attack>, hands: usize, tell: impl Fn(&Attack, &Found, Duration) + Sync) {
    let waiting = Mutex::new(VecDeque::from(attacks));
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    std::thread::scope(|scope| {
        for _ in 0..hands {
            scope.spawn(|| {
                while let Some(attack) = next() {
                    let begun = Instant::now();
                    let found = (attack.play)();
                    let found =
                        found.unwrap_or_else(|error| Found::Broken(format!("it could not be played: {error:#}")));
                    tell(&attack, &found, begun.elapsed());
                }
            });
        }
    });
}

/// Every attack, by promise.
pub fn attacks() -> Vec<Attack> {
    let mut all: Vec<Attack> = [
        gates::ATTACKS,
        staff::ATTACKS,
        sweep::ATTACKS,
        calls::ATTACKS,
        workstation::ATTACKS,
        gallery::ATTACKS,
        relay::ATTACKS,
    ]
    .concat();
    all.sort_by_key(|attack| attack.promise);
    all
}
