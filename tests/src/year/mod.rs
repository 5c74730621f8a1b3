//! A year of a department that does not exist: 5,000 cases by 40 people, with their events at ten workstations and the gallery's audit, and
//! what was planted in it. The same seed, the same year.
//!
//! A [`YearCase`] is plain: whoever needs more of a case adds a field and draws it in [`cases`].

mod cases;
mod misuse;
mod records;
mod reported;

use casework::oversight::{Conduct, DeskEvent, GallerySearch, Party, Pattern};
use casework::{Agreement, CaseId, Decision, Disposition, Moment, Purpose};
use jiff::Timestamp;

pub use misuse::{EACH, Kind, Planted};
pub use records::written;
pub use reported::{OPERATIONS, YearResult, operation_of};

use crate::adversary::draw::Dice;

/// Cases of a year.
pub const CASES: usize = 5_000;
/// People of the department.
pub const PEOPLE: usize = 40;
/// Of those, who examine.
pub const EXAMINERS: usize = 30;
/// Of those, who supervise; the others administer or audit.
pub const SUPERVISORS: usize = 6;
/// Workstations.
pub const STATIONS: usize = 10;
/// The gallery's address.
pub const GALLERY: &str = "https://gallery.example";
/// The department's time zone.
pub const ZONE: &str = "America/Los_Angeles";
/// Least quality of a probe.
pub const FLOOR: u8 = 25;

/// A search of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearSearch {
    /// As the gallery names it.
    pub id: uuid::Uuid,
    /// When it was sent.
    pub at: Moment,
    /// Whether an answer came.
    pub answered: bool,
}

/// An examination of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearExamination {
    /// Seconds that it took.
    pub seconds: i64,
    /// Candidates with a conclusion.
    pub concluded: usize,
    /// Place of the lead among the scores.
    pub lead_rank: Option<usize>,
    /// Conclusions changed after unveiling.
    pub changed: usize,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearCase {
    /// Identity.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The offence, and its code.
    pub offence: (&'static str, &'static str),
    /// Why it was searched.
    pub basis: String,
    /// Why the program refers it.
    pub referrals: Vec<String>,
    /// Who has it: a place among the people.
    pub holder: usize,
    /// Who verified.
    pub verifier: Option<usize>,
    /// What the second examiner said.
    pub agreement: Agreement,
    /// When the purpose was confirmed.
    pub opened_at: Moment,
    /// Quality of the probe.
    pub quality: u8,
    /// Searches.
    pub searches: Vec<YearSearch>,
    /// The examination.
    pub examination: YearExamination,
    /// What entries of the corroboration show.
    pub entries: Vec<String>,
    /// When the note was sealed, and how it disposes.
    pub sealed: Option<(Moment, Disposition)>,
    /// Who reviewed it, when, and what they decided.
    pub review: Option<(usize, Moment, Decision)>,
}

/// A year.
#[derive(Debug, Clone)]
pub struct Year {
    /// Everybody: examiners, then supervisors, then the others.
    pub people: Vec<Party>,
    /// Keys of the workstations.
    pub stations: Vec<String>,
    /// Cases.
    pub cases: Vec<YearCase>,
    /// Events of all workstations.
    pub events: Vec<DeskEvent>,
    /// Searches in the gallery's audit.
    pub gallery: Vec<GallerySearch>,
    /// What was planted.
    pub planted: Vec<Planted>,
    /// Marks of searches at the gallery that stand alone because a workstation was not heard of since: they are no misuse.
    pub late: usize,
    /// From when to when it is.
    pub span: (Moment, Moment),
}

/// A moment, in seconds since 1970.
fn moment(seconds: i64) -> Moment {
    Moment(Timestamp::from_second(seconds).unwrap_or_default())
}

/// A whole number below 2^128 by chance, as an identity.
fn identity(dice: &mut Dice) -> uuid::Uuid {
    let part = |dice: &mut Dice| dice.below(1 << 31) as u128;
    uuid::Uuid::from_u128((part(dice) << 93) | (part(dice) << 62) | (part(dice) << 31) | part(dice))
}

/// A share between 0 and 1.
fn share(dice: &mut Dice) -> f64 {
    dice.below(1_000_000) as f64 / 1e6
}

/// Where somebody sits.
fn station_of(person: usize) -> usize {
    person % STATIONS
}

impl Year {
    /// The year of `seed`.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let start: Timestamp = "2025-01-01T08:00:00Z".parse().unwrap_or_default();
        let span = (Moment(start), moment(start.as_second() + 365 * 86_400));
        let people: Vec<Party> = (0..PEOPLE)
            .map(|n| Party {
                name: format!("Person {n}"),
                badge: format!("{}", 4_000 + n),
                ori: "CA0190000".to_owned(),
            })
            .collect();
        let stations: Vec<String> = (0..STATIONS).map(|n| format!("{:064x}", 0xabc0 + n)).collect();
        let (mut cases, plan) = (cases::drawn(&mut dice, span), misuse::plan(&mut dice));
        let mut planted = misuse::plant_in_cases(&mut dice, &mut cases, &plan);
        let mut rows = records::Rows::of(&mut dice, &cases, &people, span);
        planted.extend(rows.plant(&mut dice, &people));
        let late = rows.leave_late(&mut dice);
        planted.extend(rows.planted_rows());
        let (events, gallery) = rows.done(&people, &stations);
        Self { people, stations, cases, events, gallery, planted, late, span }
    }

    /// How each case was conducted, as its workstation would say.
    pub fn conducts(&self) -> Vec<Conduct> {
        self.cases.iter().map(|case| records::conduct(case, &self.people)).collect()
    }

    /// Who was planted with this pattern.
    pub fn with(&self, pattern: Pattern) -> Vec<&Party> {
        let planted = self.planted.iter().filter(|planted| planted.kind.pattern() == Some(pattern));
        planted.filter_map(|planted| planted.who.map(|who| &self.people[who])).collect()
    }
}
