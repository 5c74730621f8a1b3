//! What came of notes, as it is asked for and as it is counted.

use serde::Serialize;

use casework::{AgeBand, Concern, DescribedIn, Gender, Purpose, Race, ResultContent, ResultFigures, ResultKind};

/// Something that can be chosen, with its name for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Named<T> {
    /// Its code.
    pub code: T,
    /// Its name.
    pub name: String,
}

/// A kind of result that a case can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ResultOffer {
    /// Which.
    pub kind: ResultKind,
    /// Its name.
    pub name: String,
    /// Whether what it rested on is asked.
    pub rests: bool,
    /// Whether it is a violation where that is the lead alone.
    pub more_than_the_lead: bool,
    /// Whether it ends an arrest or a charge, which is asked for.
    pub ends: bool,
}

/// What can be chosen of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ResultOffers {
    /// Kinds.
    pub kinds: Vec<ResultOffer>,
    /// Races.
    pub races: Vec<Named<Race>>,
    /// Genders.
    pub genders: Vec<Named<Gender>>,
    /// Ages.
    pub ages: Vec<Named<AgeBand>>,
    /// Where a description stands.
    pub sources: Vec<Named<DescribedIn>>,
}

/// A result as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ResultLine {
    /// What it says.
    pub content: ResultContent,
    /// Its kind in words.
    pub name: String,
    /// Whether a later one stands for it.
    pub corrected: bool,
    /// What the auditor was told of it, a sentence each.
    pub concerns: Vec<String>,
    /// Whether an end of it can be recorded.
    pub open: bool,
}

/// What all of it comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct FiguresView {
    /// Kinds of result, in the order of the figures' numbers.
    pub kinds: Vec<Named<ResultKind>>,
    /// The numbers.
    pub figures: ResultFigures,
}

impl ResultOffers {
    /// For a case of `purpose`.
    pub fn of(purpose: Purpose) -> Self {
        let offer = |kind: ResultKind| ResultOffer {
            kind,
            name: kind.in_words().to_owned(),
            rests: kind.rests_on_something(),
            more_than_the_lead: kind.needs_more_than_the_lead(),
            ends: kind.ends_a_charge(),
        };
        fn named<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> Vec<Named<T>> {
            all.iter().map(|code| Named { code: *code, name: name(*code).to_owned() }).collect()
        }
        Self {
            kinds: ResultKind::ALL.into_iter().filter(|kind| kind.fits(purpose)).map(offer).collect(),
            races: named(&Race::ALL, Race::in_words),
            genders: named(&Gender::ALL, Gender::in_words),
            ages: named(&AgeBand::ALL, AgeBand::in_words),
            sources: named(&DescribedIn::ALL, DescribedIn::in_words),
        }
    }
}

impl ResultLine {
    /// The lines of a note's results.
    pub fn all(results: Vec<ResultContent>) -> Vec<Self> {
        let corrected = |one: &ResultContent| results.iter().any(|later| later.corrects == Some(one.id));
        let ended = |one: &ResultContent| results.iter().any(|end| end.of == Some(one.id) && !corrected(end));
        let begins = |one: &ResultContent| matches!(one.kind, ResultKind::Arrest | ResultKind::ChargeAdded);
        let line = |content: &ResultContent| Self {
            name: content.kind.in_words().to_owned(),
            corrected: corrected(content),
            concerns: content.concerns.iter().map(|one: &Concern| one.in_words().to_owned()).collect(),
            open: begins(content) && !corrected(content) && !ended(content),
            content: content.clone(),
        };
        results.iter().map(line).collect()
    }
}

impl FiguresView {
    /// With the names of the kinds.
    pub fn of(figures: ResultFigures) -> Self {
        let named = |code: ResultKind| Named { code, name: code.in_words().to_owned() };
        Self { kinds: ResultKind::ALL.into_iter().map(named).collect(), figures }
    }
}
