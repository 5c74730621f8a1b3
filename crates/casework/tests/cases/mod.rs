//! How many cases an oracle checks. Mutation testing asks for fewer, so that a mutant costs seconds.

use std::ops::Range;
use std::time::{SystemTime, UNIX_EPOCH};

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

/// Seeds of cases that take long: a fifth of all, another one each day, unless `CORROBORATE_CASES` says how many (`make
/// histories` says all).
///
/// # Panics
/// As [`cases`], and before 1970.
#[allow(dead_code)]
pub fn seeds() -> Range<u64> {
    if std::env::var_os("CORROBORATE_CASES").is_some() {
        return 0..u64::from(cases());
    }
    let fifth = u64::from(ALL / 5);
    let day = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs() / 86_400;
    let first = day % 5 * fifth;
    first..first + fifth
}
