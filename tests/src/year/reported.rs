//! What came of a year's cases, and each case as figures and reports know it.

use casework::{
    AgeBand, CaseDigest, Concern, Day, Decision, Described, DescribedIn, DigestNote, DigestResult, DigestSearch,
    Gender, Moment, ProbeSource, Race, ResultId, ResultKind,
};

use super::{GALLERY, Year, YearCase, identity, moment};
use crate::adversary::draw::Dice;

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearResult {
    /// The case: a place among the year's.
    pub case: usize,
    /// What.
    pub kind: ResultKind,
    /// When it was recorded; it happened on that day.
    pub at: Moment,
    /// Whether it rested on the lead alone.
    pub alone: bool,
    /// Whether a later one stands for it.
    pub corrected: bool,
    /// Whom it concerns.
    pub described: Described,
}

/// Operations of the department; one case in four belongs to one.
pub const OPERATIONS: [&str; 3] = ["Task force 9", "Harbour", "Winter burglaries"];

/// The operation of a case.
pub fn operation_of(case: usize) -> &'static str {
    if case.is_multiple_of(4) { OPERATIONS[case / 4 % OPERATIONS.len()] } else { "" }
}

impl Year {
    /// What came of its approved notes, by chance.
    pub fn results(&self, seed: u64) -> Vec<YearResult> {
        let mut dice = Dice::new(seed);
        let mut results = Vec::new();
        for (at, case) in self.cases.iter().enumerate() {
            let Some((_, reviewed, Decision::Approve)) = case.review else { continue };
            for _ in 0..dice.below(3) {
                let kind = dice.of(&ResultKind::ALL).copied().unwrap_or(ResultKind::NoAction);
                let days = 1 + dice.below(60) as i64;
                let described = Described {
                    race: dice.of(&Race::ALL).copied().filter(|_| !dice.one_in(9)),
                    gender: dice.of(&Gender::ALL).copied().filter(|_| !dice.one_in(9)),
                    age: dice.of(&AgeBand::ALL).copied().filter(|_| !dice.one_in(9)),
                    from: Some(DescribedIn::BookingRecord),
                };
                results.push(YearResult {
                    case: at,
                    kind,
                    at: moment(reviewed.0.as_second() + days * 86_400),
                    alone: kind.needs_more_than_the_lead() && dice.one_in(50),
                    corrected: dice.one_in(25),
                    described,
                });
            }
        }
        results
    }

    /// Each case as its workstation would tell it for figures and reports.
    pub fn digests(&self, results: &[YearResult], zone: &str) -> Vec<CaseDigest> {
        let mut dice = Dice::new(7);
        let mut digests: Vec<CaseDigest> = self.cases.iter().enumerate().map(|(at, case)| digest(at, case)).collect();
        for one in results {
            let concerns = one.alone.then_some(Concern::LeadAlone).into_iter().collect();
            digests[one.case].results.push(DigestResult {
                id: ResultId(identity(&mut dice)),
                kind: one.kind,
                on: Day(one.at.day_in(zone).0),
                recorded_at: one.at,
                of: None,
                corrected: one.corrected,
                described: one.described,
                concerns,
            });
        }
        digests
    }
}

fn digest(at: usize, case: &YearCase) -> CaseDigest {
    let kept = case.examination.lead_rank.is_some();
    let answered: Vec<_> = case.searches.iter().filter(|search| search.answered).collect();
    let last = answered.last().map(|search| search.id);
    let search = |search: &&super::YearSearch| DigestSearch {
        at: search.at,
        gallery: GALLERY.to_owned(),
        model: "sface-2021dec".to_owned(),
        gave_nothing: !(kept && Some(search.id) == last),
    };
    let note = |(sealed_at, disposition)| DigestNote {
        sealed_at,
        disposition,
        approved_at: case.review.filter(|review| review.2 == Decision::Approve).map(|review| review.1),
        returned: usize::from(case.review.is_some_and(|review| review.2 != Decision::Approve)),
        amended: false,
    };
    CaseDigest {
        case: case.id,
        number: case.number.clone(),
        purpose: case.purpose,
        offence: format!("{} {}", case.offence.1, case.offence.0),
        operation: operation_of(at).to_owned(),
        source: Some(ProbeSource::FixedCameraStill),
        referrals: case.referrals.len(),
        searches: answered.iter().map(search).collect(),
        notes: case.sealed.map(note).into_iter().collect(),
        results: Vec::new(),
    }
}
