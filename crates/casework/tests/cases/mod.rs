//! How many cases an oracle checks. Mutation testing asks for fewer, so that a mutant costs seconds.

const ALL: u32 = 100_000;

/// Random cases: `CORROBORATE_CASES`, or 100,000.
///
/// # Panics
/// When it is no number from 1.
pub fn cases() -> u32 {
    let Ok(typed) = std::env::var("CORROBORATE_CASES") else { return ALL };
    typed.parse().ok().filter(|cases| *cases > 0).expect("CORROBORATE_CASES is a number from 1")
}

/// Of a whole enumeration each how-manieth is checked: all of them, unless fewer cases are asked for. It is odd, so that
/// none of the enumerated answers is left out for good.
#[allow(dead_code)]
pub fn each() -> usize {
    ((ALL / cases()).isqrt() | 1) as usize
}
