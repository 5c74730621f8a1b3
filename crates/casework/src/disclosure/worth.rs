//! What the scores of an unveiled list are worth: what was measured, and the sentences that screens and papers say of it.

use catalogue::say;
use serde::{Deserialize, Serialize};

use crate::ids::CandidateId;

/// Why nothing is said of what a list's scores are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotMeasured {
    /// The search is older than what is kept of its template, or tells no scores.
    NotKept,
    /// The template was made of several photographs.
    SeveralPhotographs,
    /// The probe was prepared.
    Prepared,
    /// No calibration for this model and this way of encoding.
    Model,
    /// Too few labelled photographs of this quality.
    Quality,
}

/// What the scores of an unveiled list are worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Worth {
    /// Nothing is said.
    NotMeasured {
        /// Why.
        because: NotMeasured,
    },
    /// By a calibration.
    Measured(MeasuredWorth),
}

/// What a calibration says of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasuredWorth {
    /// Name of the calibration's file.
    pub calibration: String,
    /// SHA-256 of that file.
    pub sha256: String,
    /// What photographs it was measured on, in the words of whoever measured.
    pub measured_on: String,
    /// Of how many people.
    pub people: usize,
    /// Photographs that the search compared.
    pub compared: u64,
    /// Of each candidate, in the order of the list.
    pub candidates: Vec<CandidateWorth>,
    /// The share, 0 to 1, of lists like this one that would hold the person, where every second such probe shows somebody who
    /// is in the gallery; `None` where that was not measured.
    pub present: Option<f64>,
    /// By how much `present` was off on average, 0 to 1, on people who had no part in it; `None` where that was not measured.
    pub off: Option<f64>,
    /// People of the largest gallery that it was measured with.
    pub largest: usize,
}

/// Of which pairs a score is more usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Usual {
    /// Of two photographs of one person.
    OnePerson,
    /// Of photographs of two people.
    TwoPeople,
    /// As usual of either.
    Either,
}

/// What one candidate's score is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CandidateWorth {
    /// Whose.
    pub id: CandidateId,
    /// Of which pairs it is more usual.
    pub usual: Usual,
    /// How many times, to one digit, rounded down.
    pub times: u64,
    /// Whether so many is only what could be measured.
    pub at_least: bool,
    /// How many photographs of other people are expected to score at least so high among those that were compared.
    pub by_chance: f64,
    /// Whether so many is only what could be measured: they may be fewer.
    pub at_most: bool,
}

impl NotMeasured {
    /// The reason in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::NotKept => say!("rule-disclosure-worth-not-kept"),
            Self::SeveralPhotographs => say!("rule-disclosure-worth-several-photographs"),
            Self::Prepared => say!("rule-disclosure-worth-prepared"),
            Self::Model => say!("rule-disclosure-worth-model"),
            Self::Quality => say!("rule-disclosure-worth-quality"),
        }
    }
}

impl Worth {
    /// What is said of the list as a whole, a paragraph each.
    pub fn in_words(&self) -> Vec<String> {
        match self {
            Self::NotMeasured { because } => {
                vec![say!("rule-disclosure-worth-not-measured", because = because.in_words())]
            }
            Self::Measured(measured) => measured.in_words(),
        }
    }

    /// What is said of one candidate.
    pub fn of(&self, candidate: CandidateId) -> Option<&CandidateWorth> {
        match self {
            Self::NotMeasured { .. } => None,
            Self::Measured(measured) => measured.candidates.iter().find(|c| c.id == candidate),
        }
    }
}

impl MeasuredWorth {
    fn in_words(&self) -> Vec<String> {
        let measured = say!(
            "rule-disclosure-worth-measured",
            people = self.people,
            measured_on = self.measured_on,
            compared = self.compared
        );
        self.present.map(|present| self.presence(present)).into_iter().chain([measured]).collect()
    }

    fn presence(&self, present: f64) -> String {
        let mut says = match present {
            present if present < 0.01 => say!("rule-disclosure-worth-present-hardly").to_owned(),
            present if present > 0.99 => say!("rule-disclosure-worth-present-mostly").to_owned(),
            present => say!("rule-disclosure-worth-present", lists = (present * 100.0).round() as u64),
        };
        let mut also = |text: &str| says = format!("{says} {text}");
        if let Some(off) = self.off {
            also(&say!("rule-disclosure-worth-present-off", off = (off * 100.0).ceil().max(1.0) as u64));
        }
        if self.compared > self.largest as u64 {
            also(&say!("rule-disclosure-worth-present-beyond", largest = self.largest));
        }
        says
    }
}

impl CandidateWorth {
    /// How usual the score is among photographs of one person and of two.
    pub fn usual_in_words(&self) -> String {
        let times = self.times;
        match (self.usual, self.at_least) {
            (Usual::OnePerson, false) => say!("rule-disclosure-worth-one-person", times),
            (Usual::OnePerson, true) => say!("rule-disclosure-worth-at-least-one-person", times),
            (Usual::TwoPeople, false) => say!("rule-disclosure-worth-two-people", times),
            (Usual::TwoPeople, true) => say!("rule-disclosure-worth-at-least-two-people", times),
            (Usual::Either, _) => say!("rule-disclosure-worth-either").to_owned(),
        }
    }

    /// How often chance brings such a score; never told seldomer than it was measured.
    pub fn by_chance_in_words(&self) -> String {
        if self.by_chance >= 1.0 {
            let count = one_digit(self.by_chance, f64::ceil);
            return match self.at_most {
                true => say!("rule-disclosure-chance-many-at-most", count),
                false => say!("rule-disclosure-chance-many", count),
            };
        }
        let searches = one_digit(1.0 / self.by_chance.max(1e-9), f64::floor);
        match self.at_most {
            true => say!("rule-disclosure-chance-seldom-at-most", searches),
            false => say!("rule-disclosure-chance-seldom", searches),
        }
    }
}

/// A number from 1 on, to one digit.
fn one_digit(value: f64, round: fn(f64) -> f64) -> u64 {
    let power = 10f64.powf(value.max(1.0).log10().floor());
    // What was read from a file may lie a trace beside a whole digit.
    let digit = value / power;
    let digit = if (digit - digit.round()).abs() < 1e-9 { digit.round() } else { round(digit) };
    (digit * power) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::candidate;

    fn worth(by_chance: f64, at_most: bool) -> String {
        let (usual, times) = (Usual::OnePerson, 3);
        CandidateWorth { id: candidate(0), usual, times, at_least: false, by_chance, at_most }.by_chance_in_words()
    }

    #[test]
    fn chance_is_never_told_seldomer_than_it_was_measured() {
        for (by_chance, told) in
            [(1.0, "1 "), (1.2, "2 "), (41.0, "50 "), (300.0, "300 "), (0.3, "1 of 3 "), (0.011, "1 of 90 ")]
        {
            assert!(worth(by_chance, false).contains(told), "{by_chance}: {}", worth(by_chance, false));
        }
        assert!(worth(0.001, true).contains("at most 1 of 1000 "), "{}", worth(0.001, true));
        assert!(worth(0.0, true).contains("1 of 1000000000 "), "{}", worth(0.0, true));
    }

    #[test]
    fn a_list_is_told_with_what_it_was_measured_on_and_how_far_off_that_was() {
        let measured = MeasuredWorth {
            calibration: "bookings.json".to_owned(),
            sha256: "ab".repeat(32),
            measured_on: "Bookings of 2025".to_owned(),
            people: 412,
            compared: 500_000,
            candidates: Vec::new(),
            present: Some(0.995),
            off: Some(0.041),
            largest: 820,
        };
        let says = Worth::Measured(measured.clone()).in_words().join(" ");
        for told in
            ["more than 99", "off by about 5 lists", "up to 820 people", "412 people", "Bookings of 2025", "500000"]
        {
            assert!(says.contains(told), "{told}: {says}");
        }
        let silent = Worth::Measured(MeasuredWorth { present: None, ..measured }).in_words();
        assert_eq!(silent.len(), 1);
        let none = Worth::NotMeasured { because: NotMeasured::Prepared };
        assert!(none.in_words()[0].contains("not measured") && none.of(candidate(0)).is_none());
    }
}
