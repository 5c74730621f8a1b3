//! A sample of cases for full review that nobody could choose: the seed's hash is on record before the first of the cases is searched,
//! and everybody can draw again from what the draw says.

use std::collections::BTreeSet;

use catalogue::say;
use department::Moment;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::conduct::Conduct;
use crate::ids::CaseId;

/// Bytes of a seed.
const SEED: usize = 32;

/// A seed that was committed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// SHA-256 of the seed, in hexadecimal.
    pub sha256: String,
    /// When it was put on record.
    pub at: Moment,
}

/// What was drawn. It says everything from which the same is drawn again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// What was committed to.
    pub commitment: Commitment,
    /// The seed, in hexadecimal.
    pub seed: String,
    /// When it was drawn.
    pub at: Moment,
    /// The cases from which it was drawn, in their order.
    pub population: Vec<CaseId>,
    /// The cases that were drawn, in the order of the draw.
    pub cases: Vec<CaseId>,
}

/// A sample that cannot be drawn, or is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SampleError {
    /// The seed is another.
    #[error("{}", say!("rule-oversight-sample-seed"))]
    Seed,
    /// No case was searched first after the commitment.
    #[error("{}", say!("rule-oversight-sample-nothing"))]
    Nothing,
    /// What was drawn is not what the seed gives.
    #[error("{}", say!("rule-oversight-sample-other"))]
    Other,
}

impl Commitment {
    /// To a seed of 32 random bytes, at `at`.
    pub fn to(seed: &[u8; SEED], at: Moment) -> Self {
        Self { sha256: hex::encode(Sha256::digest(seed)), at }
    }

    /// Draws `wanted` of the cases that were searched first after the commitment and by `now`. Who knew the seed could not know their
    /// identities, which their workstations drew at random, and who made the cases did not know the seed.
    ///
    /// # Errors
    /// [`SampleError::Seed`] for another seed, [`SampleError::Nothing`] where there is no such case.
    pub fn draw(&self, seed: &[u8; SEED], cases: &[Conduct], wanted: usize, now: Moment) -> Result<Draw, SampleError> {
        if hex::encode(Sha256::digest(seed)) != self.sha256 {
            return Err(SampleError::Seed);
        }
        let within = |case: &&Conduct| case.first_search().is_some_and(|first| self.at <= first && first <= now);
        let population: BTreeSet<CaseId> = cases.iter().filter(within).map(|case| case.case).collect();
        if population.is_empty() {
            return Err(SampleError::Nothing);
        }
        let population: Vec<CaseId> = population.into_iter().collect();
        let cases = drawn(seed, &population, wanted);
        Ok(Draw { commitment: self.clone(), seed: hex::encode(seed), at: now, population, cases })
    }
}

impl Draw {
    /// Draws again.
    ///
    /// # Errors
    /// [`SampleError`] where the seed is not the one that was committed to, or gives other cases.
    pub fn verify(&self) -> Result<(), SampleError> {
        let mut seed = [0; SEED];
        hex::decode_to_slice(&self.seed, &mut seed).map_err(|_| SampleError::Seed)?;
        if Commitment::to(&seed, self.commitment.at) != self.commitment || self.at < self.commitment.at {
            return Err(SampleError::Seed);
        }
        let sorted: BTreeSet<CaseId> = self.population.iter().copied().collect();
        let whole = self.population.iter().eq(&sorted);
        let same = drawn(&seed, &self.population, self.cases.len()) == self.cases;
        if whole && same { Ok(()) } else { Err(SampleError::Other) }
    }
}

/// The first `wanted` of `population` by SHA-256 of seed and identity.
fn drawn(seed: &[u8; SEED], population: &[CaseId], wanted: usize) -> Vec<CaseId> {
    let place = |case: &CaseId| Sha256::new().chain_update(seed).chain_update(case.0.as_bytes()).finalize();
    let mut all = population.to_vec();
    all.sort_by_cached_key(place);
    all.truncate(wanted);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn cases(n: u128, at: &str) -> Vec<Conduct> {
        let one = Conduct::of(&samples::file(), &[], "key", 25).expect("a case");
        let search = |mut case: Conduct, id| {
            case.case = CaseId(samples::uuid(id));
            case.searches.iter_mut().for_each(|search| search.at = samples::at(at));
            case
        };
        (0..n).map(|id| search(one.clone(), 1_000 + id)).collect()
    }

    #[test]
    fn what_was_drawn_can_be_drawn_again_by_anybody_and_nothing_else() {
        let (seed, before, after) = ([7; 32], "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z");
        let commitment = Commitment::to(&seed, samples::at(before));
        let mut all = cases(100, "2026-03-02T00:00:00Z");
        let draw = commitment.draw(&seed, &all, 5, samples::at(after)).expect("drawn");
        assert_eq!((draw.verify(), draw.cases.len(), draw.population.len()), (Ok(()), 5, 100));
        all.reverse();
        assert_eq!(commitment.draw(&seed, &all, 5, samples::at(after)), Ok(draw.clone()));
        assert_eq!(commitment.draw(&[8; 32], &all, 5, samples::at(after)), Err(SampleError::Seed));
        let without = Draw { population: draw.population[1..].to_vec(), ..draw.clone() };
        let chosen = Draw { cases: draw.population[..5].to_vec(), ..draw.clone() };
        let late = Draw { at: samples::at("2026-02-01T00:00:00Z"), ..draw.clone() };
        let other = Draw { seed: hex::encode([8; 32]), ..draw.clone() };
        assert_eq!(chosen.verify(), Err(SampleError::Other));
        assert_eq!((late.verify(), other.verify()), (Err(SampleError::Seed), Err(SampleError::Seed)));
        // One that leaves out a case that was not drawn is found by whoever holds the events.
        assert!(without.population.len() < draw.population.len());
    }

    #[test]
    fn a_case_that_was_searched_before_the_commitment_is_not_drawn_from() {
        let commitment = Commitment::to(&[7; 32], samples::at("2026-03-03T00:00:00Z"));
        let all = cases(10, "2026-03-02T00:00:00Z");
        assert_eq!(commitment.draw(&[7; 32], &all, 5, samples::at("2026-04-01T00:00:00Z")), Err(SampleError::Nothing));
    }
}
