//! Somebody who wants around the promises: each attack is played against the real window, the real service or the
//! real file, and says whether the promise held.
//!
//! An attack that cannot be played is an error, never a promise that held.

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
