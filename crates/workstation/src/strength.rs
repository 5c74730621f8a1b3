//! What the scores of an unveiled list are worth, by measurements on photographs whose people are known.

use std::path::Path;

use catalogue::say;
use faces::calibrate::{Calibration, Malformed, Strength};
use sha2::{Digest, Sha256};

use casework::{
    Candidate, CandidateWorth, CaseFile, Examination, MeasuredWorth, NotMeasured, Person, SearchRecord, Usual, Worth,
};

use crate::error::{CommandError, Outcome};
use crate::json_files::{json_files, name_of, read_no_larger};

/// Name of the folder, beside the department's policy, with calibrations of its own: they go before those that are built in.
const OWN: &str = "calibrations";

/// How large a file of that folder may be: more than four times what one takes.
const LARGEST: u64 = 1 << 20;

const SHIPPED: [(&str, &str); 2] = [
    ("sface-2021dec.json", include_str!("../../../assets/calibrations/sface-2021dec.json")),
    ("sface-2021dec-thorough.json", include_str!("../../../assets/calibrations/sface-2021dec-thorough.json")),
];

/// A calibration with the file that it was read from.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Name of the file.
    pub name: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Whether it is the department's own.
    pub own: bool,
    /// What it measured.
    pub calibration: Calibration,
}

impl Kept {
    fn read(name: String, text: &str, own: bool) -> Result<Self, Malformed> {
        Ok(Self { name, sha256: hex::encode(Sha256::digest(text)), own, calibration: text.parse()? })
    }
}

/// The calibrations of a workstation, the department's own first.
#[derive(Debug)]
pub(crate) struct Calibrations(pub Vec<Kept>);

impl Calibrations {
    /// Those beside `policy`, and those that are built in.
    ///
    /// # Errors
    /// When one of the department's cannot be read or says what cannot be: without a word its figures would be missed.
    pub fn beside(policy: Option<&Path>) -> Outcome<Self> {
        let own = policy.map(|policy| policy.with_file_name(OWN)).filter(|folder| folder.exists());
        let own = own.map_or(Ok(Vec::new()), |folder| json_files(&folder).map_err(|e| unreadable(&folder, &e)))?;
        let own = own.iter().map(|path| {
            let text = read_no_larger(path, LARGEST).map_err(|e| unreadable(path, &e))?;
            Kept::read(name_of(path), &text, true).map_err(|e| unreadable(path, &e))
        });
        let shipped = SHIPPED.iter().map(|(name, text)| {
            Kept::read((*name).to_owned(), text, false).map_err(|e| unreadable(Path::new(name), &e))
        });
        own.chain(shipped).collect::<Outcome<_>>().map(Self)
    }

    /// What is told of the list that `person` unveiled; nothing of one that is not.
    pub fn worth(&self, file: &CaseFile, person: &Person) -> Option<Worth> {
        let unveiled = match file.examination.as_ref()? {
            Examination::Unveiled(unveiled) => unveiled,
            Examination::Verified(verified) => verified.unveiled(),
            Examination::Blind(_) | Examination::Concluded(_) => return None,
        };
        let search = file.search().filter(|_| !file.verifies(person))?;
        Some(self.of(search, unveiled.records(search)))
    }

    /// What is told of a list that was unveiled, whose candidates are `records`.
    pub fn of(&self, search: &SearchRecord, records: &[Candidate]) -> Worth {
        self.measured(search, records).map_or_else(|because| Worth::NotMeasured { because }, Worth::Measured)
    }

    fn measured(&self, search: &SearchRecord, records: &[Candidate]) -> Result<MeasuredWorth, NotMeasured> {
        let encoding = search.encoding().ok_or(NotMeasured::NotKept)?;
        if encoding.photographs != 1 {
            return Err(NotMeasured::SeveralPhotographs);
        }
        if !search.prepared().is_empty() {
            return Err(NotMeasured::Prepared);
        }
        let scores: Vec<f32> = records.iter().filter_map(|c| c.score).collect();
        if scores.len() != records.len() {
            return Err(NotMeasured::NotKept);
        }
        let (model, thorough, quality) = (search.model(), encoding.thorough, encoding.quality);
        let fits = |kept: &&Kept| kept.calibration.model == model && kept.calibration.thorough == thorough;
        if !self.0.iter().any(|kept| fits(&kept)) {
            return Err(NotMeasured::Model);
        }
        let compared = search.completeness().scanned;
        let by = |kept: &Kept| {
            let by = &kept.calibration;
            let candidates = records.iter().zip(&scores).map(|(candidate, score)| {
                let strength = by.strength(model, thorough, quality, *score)?;
                Some(worth_of(candidate, &strength, compared))
            });
            Some(MeasuredWorth {
                calibration: kept.name.clone(),
                sha256: kept.sha256.clone(),
                measured_on: by.measured_on.clone(),
                people: by.people,
                compared,
                candidates: candidates.collect::<Option<_>>()?,
                present: by.presence(model, thorough, quality, &scores, compared),
                off: by.validity.presence_error,
                largest: by.presence.map_or(0, |p| p.largest),
            })
        };
        self.0.iter().filter(fits).find_map(by).ok_or(NotMeasured::Quality)
    }
}

fn worth_of(candidate: &Candidate, strength: &Strength, compared: u64) -> CandidateWorth {
    let times = one_digit(strength.ratio.max(1.0 / strength.ratio));
    let usual = match strength.ratio {
        _ if times < 2 => Usual::Either,
        ratio if ratio > 1.0 => Usual::OnePerson,
        _ => Usual::TwoPeople,
    };
    let by_chance = strength.false_above * compared as f64;
    CandidateWorth { id: candidate.id, usual, times, at_least: strength.bounded, by_chance, at_most: strength.beyond }
}

/// Rounded down to one digit: no more is said than was measured.
fn one_digit(value: f64) -> u64 {
    let power = 10f64.powf(value.max(1.0).log10().floor());
    ((value / power).floor() * power) as u64
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> CommandError {
    CommandError::new("calibration", say!("workstation-calibration-unreadable", file = path.display(), error))
}

#[cfg(test)]
mod tests {
    use casework::samples::{bench, examiner, file, forged, search_with, unveiled};
    use casework::{Encoding, SearchAnswer};

    use super::*;

    fn told(change: impl FnOnce(&mut SearchAnswer)) -> Result<MeasuredWorth, NotMeasured> {
        let search = search_with(20, |answer| {
            "sface-2021dec".clone_into(&mut answer.model);
            answer.encoding = Some(Encoding { thorough: true, photographs: 1, quality: 80 });
            change(answer);
        });
        let calibrations = Calibrations::beside(None).expect("those that are built in");
        calibrations.measured(&search, unveiled().records(&search))
    }

    #[test]
    fn scores_are_worth_what_was_measured_and_less_among_more_people() {
        let MeasuredWorth { candidates, present, people, largest, sha256, .. } = told(|_| ()).expect("measured");
        assert_eq!(sha256, hex::encode(Sha256::digest(SHIPPED[1].1)), "of the thorough way");
        let first = candidates.first().expect("twenty");
        assert_eq!((candidates.len(), first.usual), (20, Usual::OnePerson), "a score of 0.8");
        assert!(first.times >= 100 && first.by_chance < 0.5 && people > 1000 && largest > 100, "{first:?} {people}");
        let many = told(|answer| answer.completeness.scanned = 5_000_000);
        let MeasuredWorth { candidates, present: among_many, .. } = many.expect("measured");
        assert!(candidates[0].by_chance > first.by_chance && candidates[0].times == first.times);
        assert!(among_many.expect("measured") < present.expect("measured"));
    }

    #[test]
    fn nothing_is_said_of_what_was_not_measured() {
        let encoding = |photographs, quality| Some(Encoding { thorough: true, photographs, quality });
        assert_eq!(told(|a| a.encoding = None), Err(NotMeasured::NotKept));
        assert_eq!(told(|a| a.encoding = encoding(2, 80)), Err(NotMeasured::SeveralPhotographs));
        assert_eq!(told(|a| "mobilefacenet-512".clone_into(&mut a.model)), Err(NotMeasured::Model));
        let copy = casework::PreparationStep::Rotate { degrees: 4.0 };
        assert_eq!(told(|a| a.prepared = vec![copy]), Err(NotMeasured::Prepared));
    }

    #[test]
    fn a_list_that_is_not_unveiled_is_told_nothing_of() {
        let calibrations = Calibrations::beside(None).expect("those that are built in");
        assert!(calibrations.worth(&file(), &examiner(1)).is_some(), "it was unveiled");
        let file = forged(file(), |kept| kept.examination = Some(Examination::Blind(bench())));
        assert_eq!(calibrations.worth(&file, &examiner(1)), None);
    }

    #[test]
    fn a_department_s_own_goes_before_and_a_bad_one_is_not_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = folder.path().join(OWN);
        std::fs::create_dir(&own).expect("made");
        let policy = folder.path().join("policy.toml");
        let named = SHIPPED[1].1.replacen("Labeled Faces in the Wild", "Our own bookings", 1);
        std::fs::write(own.join("bookings.json"), &named).expect("written");
        let calibrations = Calibrations::beside(Some(&policy)).expect("a good one");
        assert!(calibrations.0[0].calibration.measured_on.starts_with("Our own bookings"));
        assert!(calibrations.0[0].own && calibrations.0[0].name == "bookings.json");
        std::fs::write(own.join("other.json"), &named[..named.len() / 2]).expect("written");
        let error = Calibrations::beside(Some(&policy)).expect_err("half a file").message;
        assert!(error.contains("other.json") && error.contains("faces calibrate"), "{error}");
    }
}
