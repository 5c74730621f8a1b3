//! Where 95 of 100 draws lie: people are drawn again and again, not pairs, because pairs of one person stand and fall together.

/// How often the people are drawn anew.
const DRAWS: usize = 200;
/// So that the same photographs give the same figures.
const SEED: u64 = 17;

/// Where 95 of 100 draws of the people lie.
pub type Interval = [f64; 2];

/// How often each of `people` is drawn, for each draw.
pub(crate) fn draws(people: usize) -> impl Iterator<Item = Vec<u32>> {
    let mut random = fastrand::Rng::with_seed(SEED);
    (0..DRAWS).map(move |_| {
        let mut times = vec![0; people];
        (0..people).for_each(|_| times[random.usize(..people)] += 1);
        times
    })
}

/// The middle 95 of 100.
pub(crate) fn interval(mut values: Vec<f64>) -> Interval {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values.get((share * (values.len().max(1) - 1) as f64).round() as usize).copied();
    [at(0.025).unwrap_or(0.0), at(0.975).unwrap_or(1.0)]
}
