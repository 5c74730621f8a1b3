//! Every attack of the adversary, one after the other: all held.

use whole_product::adversary::{Found, attacks};

#[test]
fn every_attack_is_held() {
    let mut broken = Vec::new();
    for attack in attacks() {
        let name = format!("{} {}", attack.promise, attack.name);
        match (attack.play)() {
            Ok(Found::Held(told)) => println!("held {name}: {told}"),
            Ok(Found::Broken(told)) => broken.push(format!("{name}: {told}")),
            Err(error) => broken.push(format!("{name}: it could not be played: {error:#}")),
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
