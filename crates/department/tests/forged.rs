//! Ten thousand forged or altered rosters, policies and statements: each is refused, for a reason that fits it.

use crate::cast;
use crate::forgery;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use cast::{Chance, ROOT, Said, public, signed};
use department::{Chain, Kind, Known, Statement};
use forgery::{Attack, World, attacks, statements};

const ALL: u64 = 10_000;
/// A document to spoil, made once.
static DOCUMENT: OnceLock<String> = OnceLock::new();

#[test]
fn what_is_in_order_is_taken() {
    let world = World::new();
    assert!(world.chain.extended_by(&[signed(&world.next, &[1, 12])]).is_ok());
    let said = world.said();
    assert_eq!(world.note(&said.signed(13), Known::Claimed), Ok(()));
    assert_eq!(
        world.note(&Said { key: 3, at: 95, roster: (3, world.hash(3)), ..said }.signed(3), Known::Claimed),
        Ok(())
    );
}

#[test]
fn ten_thousand_forgeries_are_refused_each_for_its_reason() {
    let world = World::new();
    let attacks: Vec<Attack> = attacks::ATTACKS.iter().chain(statements::ATTACKS).copied().collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let part = |nth: u64| {
        let mut counted: BTreeMap<(&str, String), u32> = BTreeMap::new();
        for seed in (nth..ALL).step_by(threads as usize) {
            let (name, reasons, attack) = attacks[seed as usize % attacks.len()];
            let attempt = attack(&world, &mut Chance(seed));
            let refused = match world.asked(&attempt) {
                Err(refused) => refused,
                Ok(()) => panic!("{name} {seed} was taken"),
            };
            let reason = refused.reason();
            assert!(reasons.contains(&reason.as_str()), "{name} {seed}: {reason}: {refused}");
            assert!(!refused.to_string().is_empty() && !refused.to_string().starts_with("rule-"), "{refused:?}");
            *counted.entry((name, reason)).or_default() += 1;
        }
        counted
    };
    let mut counted: BTreeMap<(&str, String), u32> = BTreeMap::new();
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads).map(|nth| scope.spawn(move || part(nth))).collect();
        for one in parts.into_iter().flat_map(|part| part.join().unwrap()) {
            *counted.entry(one.0).or_default() += one.1;
        }
    });
    let mut of_reason: BTreeMap<&str, u32> = BTreeMap::new();
    for ((name, reason), count) in &counted {
        println!("{count:>5}  {name}: {reason}");
        *of_reason.entry(reason).or_default() += count;
    }
    println!(
        "{} forgeries refused, {} attacks, for {} reasons: {of_reason:?}",
        of_reason.values().sum::<u32>(),
        attacks.len(),
        of_reason.len()
    );
    // What an attack is refused for first of all is met; other reasons are a matter of chance.
    for (name, reasons, _) in &attacks {
        assert!(counted.contains_key(&(name, reasons[0].to_owned())), "{name} was never refused as {}", reasons[0]);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..120), at in 0usize..4_000, cut in 0usize..40) {
        let document = DOCUMENT.get_or_init(|| World::new().documents[0].clone());
        let mut spliced = document.clone().into_bytes();
        let at = at % spliced.len();
        spliced.splice(at..(at + cut).min(document.len()), bytes.iter().copied());
        for given in [&bytes, &spliced] {
            let read = Chain::read(&public(ROOT), &[given]);
            proptest::prop_assert!(read.is_err() || given == document.as_bytes());
            proptest::prop_assert!(Statement::read(given, &Kind::new("note").unwrap()).is_err());
        }
    }
}
