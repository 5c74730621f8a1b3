//! Packages at the relay that were refused: they stay there, and are not fetched, refused and put on record again with each round.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use uuid::Uuid;

/// After how long a package that was refused is tried again although nothing came in: a clock may have been the reason.
const AGAIN: Duration = Duration::from_secs(10 * 60);

/// What may make a package fit that did not: the number of the roster's newest version, and how many workstations are known.
pub(crate) type Known = (Option<u32>, usize);

/// Packages that were refused, and why.
#[derive(Debug, Default)]
pub(crate) struct TurnedAway(HashMap<Uuid, (Instant, Known, String)>);

impl TurnedAway {
    /// Why `package` was refused, where trying it again would come to the same.
    pub fn why(&self, package: Uuid, known: Known, now: Instant) -> Option<String> {
        let (at, then, why) = self.0.get(&package)?;
        (*then == known && now.duration_since(*at) < AGAIN).then(|| why.clone())
    }

    /// A package was refused.
    pub fn refused(&mut self, package: Uuid, known: Known, why: &str, now: Instant) {
        self.0.insert(package, (now, known, why.to_owned()));
    }

    /// Something was taken in: what waited for it fits now.
    pub fn taken(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_refused_is_tried_again_when_something_changed() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let (known, begun) = ((Some(3), 2), Instant::now());
        let mut away = TurnedAway::default();
        assert_eq!(away.why(one, known, begun), None);
        away.refused(one, known, "not ours", begun);
        let soon = begun + Duration::from_secs(10);
        assert_eq!(away.why(one, known, soon).as_deref(), Some("not ours"));
        assert_eq!(away.why(other, known, soon), None);
        assert_eq!(away.why(one, (Some(4), 2), soon), None, "the roster is another");
        assert_eq!(away.why(one, (Some(3), 3), soon), None, "somebody else is known");
        assert_eq!(away.why(one, known, begun + AGAIN), None);
        away.taken();
        assert_eq!(away.why(one, known, soon), None);
    }
}
