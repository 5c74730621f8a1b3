//! What is planted: sixty misuses of twelve kinds, and one of each further pattern.

use casework::oversight::Pattern;

use super::cases::{entry, statement};
use super::{EXAMINERS, FLOOR, YearCase, YearSearch, identity, moment};
use crate::adversary::draw::Dice;

/// A kind of misuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A search with a stolen token, which no workstation signed.
    StolenToken,
    /// A search of which the case names another number than the gallery.
    OtherNumber,
    /// A search that its case has at another time.
    OtherTime,
    /// A pattern of one person.
    Pattern(Pattern),
}

impl Kind {
    /// The twelve kinds that are planted five times each.
    pub const TWELVE: [Kind; 12] = [
        Kind::StolenToken,
        Kind::OtherNumber,
        Kind::OtherTime,
        Kind::Pattern(Pattern::Unfinished),
        Kind::Pattern(Pattern::ManySearches),
        Kind::Pattern(Pattern::SameBasis),
        Kind::Pattern(Pattern::WeakBasis),
        Kind::Pattern(Pattern::NearFloor),
        Kind::Pattern(Pattern::InSeconds),
        Kind::Pattern(Pattern::TopScore),
        Kind::Pattern(Pattern::ChangedAfterUnveiling),
        Kind::Pattern(Pattern::CopiedEntries),
    ];

    /// The pattern by which it is found; none for what only the gallery's side shows.
    pub fn pattern(self) -> Option<Pattern> {
        match self {
            Self::Pattern(pattern) => Some(pattern),
            Self::StolenToken | Self::OtherNumber | Self::OtherTime => None,
        }
    }
}

/// Something that was planted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    /// Which kind.
    pub kind: Kind,
    /// Who did it, where it is somebody of the department.
    pub who: Option<usize>,
    /// Position in the gallery's audit, for what only that shows.
    pub seq: Option<i64>,
}

/// How often each kind is planted.
pub const EACH: usize = 5;

/// Who does what: each kind of pattern five people, and no more than three kinds a person, so that half of the examiners do nothing.
pub(super) fn plan(dice: &mut Dice) -> Vec<(usize, Pattern)> {
    let misusers: Vec<usize> = (0..EXAMINERS / 2).map(|n| n * 2).collect();
    let patterns = Kind::TWELVE.iter().filter_map(|kind| kind.pattern());
    let from = dice.below(misusers.len());
    patterns
        .flat_map(|pattern| (0..EACH).map(move |_| pattern))
        .enumerate()
        .map(|(n, pattern)| (misusers[(from + n) % misusers.len()], pattern))
        .chain([(1, Pattern::SamePair)])
        .collect()
}

/// Changes the cases of those who do something.
pub(super) fn plant_in_cases(dice: &mut Dice, cases: &mut [YearCase], plan: &[(usize, Pattern)]) -> Vec<Planted> {
    let mut planted = Vec::new();
    for (who, pattern) in plan {
        let mut own: Vec<usize> = (0..cases.len()).filter(|at| cases[*at].holder == *who).collect();
        // The first two thirds of the year: what is not finished then has no note by its end.
        own.truncate(own.len() * 2 / 3);
        let from = dice.below(own.len() / 4);
        let own = &own[from..];
        let some = |n: usize| own.iter().copied().step_by(2).take(n).collect::<Vec<_>>();
        match pattern {
            Pattern::Unfinished => each(cases, &some(18), |case| (case.sealed, case.review) = (None, None)),
            Pattern::ManySearches => {
                for at in some(2) {
                    let last = cases[at].searches.last().map_or(0, |search| search.at.0.as_second());
                    let more = (0..7).map(|n| YearSearch {
                        id: identity(dice),
                        at: moment(last + 600 * (n + 1)),
                        answered: true,
                    });
                    let more: Vec<YearSearch> = more.collect();
                    cases[at].searches.extend(more);
                }
            }
            Pattern::SameBasis => {
                let same = statement(dice, 1_000_000 + who);
                each(cases, &some(12), |case| case.basis.clone_from(&same));
            }
            Pattern::WeakBasis => {
                each(cases, &some(22), |case| case.referrals = vec!["The statement names a protest.".to_owned()]);
            }
            Pattern::NearFloor => each(cases, &some(30), |case| case.quality = FLOOR + 2),
            Pattern::InSeconds => {
                each(cases, &some(25), |case| case.examination.seconds = case.examination.concluded as i64 * 3);
            }
            Pattern::TopScore => {
                let of: Vec<usize> = (0..cases.len()).filter(|at| cases[*at].holder == *who).collect();
                each(cases, &of, |case| {
                    case.examination.lead_rank = case.examination.lead_rank.map(|_| 1);
                });
            }
            Pattern::ChangedAfterUnveiling => each(cases, &some(24), |case| case.examination.changed = 1),
            Pattern::CopiedEntries => {
                let same = entry(dice, 2_000_000 + who);
                let with: Vec<usize> =
                    own.iter().copied().filter(|at| !cases[*at].entries.is_empty()).take(4).collect();
                each(cases, &with, |case| case.entries[0].clone_from(&same));
            }
            Pattern::SamePair => {
                let of: Vec<usize> = (0..cases.len()).filter(|at| cases[*at].holder == *who).collect();
                each(cases, &of, |case| case.verifier = case.verifier.map(|_| 3));
            }
            _ => continue,
        }
        planted.push(Planted { kind: Kind::Pattern(*pattern), who: Some(*who), seq: None });
    }
    // One supervisor approves whatever comes.
    for case in cases.iter_mut() {
        if let Some((EXAMINERS, _, decision)) = &mut case.review {
            *decision = casework::Decision::Approve;
        }
    }
    planted.push(Planted { kind: Kind::Pattern(Pattern::NeverReturns), who: Some(EXAMINERS), seq: None });
    planted
}

fn each(cases: &mut [YearCase], which: &[usize], mut change: impl FnMut(&mut YearCase)) {
    for at in which {
        change(&mut cases[*at]);
    }
}
