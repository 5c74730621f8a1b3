//! Every attack of the adversary, two at a time: all held.

use std::sync::Mutex;

use whole_product::adversary::{Found, attacks, play};

#[test]
fn every_attack_is_held() {
    let broken = Mutex::new(Vec::new());
    play(attacks(), 2, |attack, found, time| {
        let (name, seconds) = (format!("{} {}", attack.promise, attack.name), time.as_secs());
        match found {
            Found::Held(told) => println!("held {name} ({seconds} s): {told}"),
            Found::Broken(told) => broken.lock().unwrap().push(format!("{name}: {told}")),
        }
    });
    let broken = broken.into_inner().unwrap();
    assert!(broken.is_empty(), "{broken:#?}");
}
