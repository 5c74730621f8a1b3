//! Whether somebody's count is more than chance makes of what is usual among colleagues.

/// The chance of at least `hits` in `tries`, each of which is one with the chance `rate`: the upper tail of the binomial
/// distribution.
pub(super) fn chance(hits: usize, tries: usize, rate: f64) -> f64 {
    if hits == 0 {
        return 1.0;
    }
    if rate <= 0.0 || tries < hits {
        return 0.0;
    }
    if rate >= 1.0 {
        return 1.0;
    }
    // Summed from the far end, where terms are small; each follows from the one before it.
    let (n, p) = (tries as f64, rate);
    let mut term = (1..=tries).map(|k| ln_ratio(n, k)).take(hits).sum::<f64>()
        + hits as f64 * p.ln()
        + (n - hits as f64) * (1.0 - p).ln();
    let mut sum = term.exp();
    for k in hits..tries {
        term += ln_ratio(n, k + 1) + p.ln() - (1.0 - p).ln();
        sum += term.exp();
    }
    sum.min(1.0)
}

/// Logarithm of what takes `n` over `k - 1` to `n` over `k`.
fn ln_ratio(n: f64, k: usize) -> f64 {
    ((n - k as f64 + 1.0) / k as f64).ln()
}

/// What each of several people did: how often of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub hits: usize,
    pub tries: usize,
}

/// What is usual among all but the one at `own`: their share, with one case added to either side so that a few colleagues
/// who never did it do not make a single time remarkable.
pub(super) fn usual(all: &[Count], own: usize) -> f64 {
    let others = all.iter().enumerate().filter(|(at, _)| *at != own).map(|(_, count)| count);
    let (hits, tries) = others.fold((0, 0), |(hits, tries), count| (hits + count.hits, tries + count.tries));
    (hits as f64 + 1.0) / (tries as f64 + 2.0)
}

/// Whether `count` is more than chance makes of what is `usual` in one of `one_in` people.
pub(super) fn is_unusual(count: Count, usual: f64, one_in: u32) -> bool {
    chance(count.hits, count.tries, usual) * f64::from(one_in) < 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_that_of_the_binomial_distribution() {
        let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
        near(chance(0, 10, 0.3), 1.0);
        near(chance(1, 2, 0.5), 0.75);
        near(chance(10, 10, 0.5), 0.5f64.powi(10));
        // Summed by hand over all of them.
        let by_hand: f64 = (3..=12u64)
            .map(|k| {
                let over: u64 = (0..k).map(|i| 12 - i).product::<u64>() / (1..=k).product::<u64>();
                over as f64 * 0.1f64.powi(k as i32) * 0.9f64.powi(12 - k as i32)
            })
            .sum();
        near(chance(3, 12, 0.1), by_hand);
        assert!(chance(5_000, 100_000, 0.05) > 0.4 && chance(6_000, 100_000, 0.05) < 1e-9);
    }

    #[test]
    fn a_few_colleagues_make_nothing_remarkable() {
        let all = [Count { hits: 3, tries: 3 }, Count { hits: 0, tries: 2 }];
        assert!(!is_unusual(all[0], usual(&all, 0), 1_000));
        let all = [Count { hits: 12, tries: 20 }, Count { hits: 30, tries: 900 }];
        assert!(is_unusual(all[0], usual(&all, 0), 1_000));
    }
}
