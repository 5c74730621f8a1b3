//! What the scores of an unveiled list are worth, by measurements on photographs whose people are known.

use std::path::{Path, PathBuf};

use catalogue::say;
use faces::calibrate::{Calibration, Malformed};

use casework::{Candidate, CaseFile, Examination, Person, SearchRecord};

use crate::error::CommandError;
use crate::views::{CandidateWorth, NotMeasured, Worth};
use crate::workstation::Outcome;

/// Name of the folder, beside the department's policy, with calibrations of its own: they go before those that are built in.
const OWN: &str = "calibrations";

/// How large a file of that folder may be: more than four times what one takes.
const LARGEST: u64 = 1 << 20;

const SHIPPED: [&str; 2] = [
    include_str!("../../../assets/calibrations/sface-2021dec.json"),
    include_str!("../../../assets/calibrations/sface-2021dec-thorough.json"),
];

/// The calibrations of a workstation, the department's own first.
#[derive(Debug)]
pub(crate) struct Calibrations(Vec<Calibration>);

impl Calibrations {
    /// Those beside `policy`, and those that are built in.
    ///
    /// # Errors
    /// When one of the department's cannot be read or says what cannot be: without a word its figures would be missed.
    pub fn beside(policy: Option<&Path>) -> Outcome<Self> {
        let own = policy.map(|policy| policy.with_file_name(OWN)).filter(|folder| folder.exists());
        let own = own.map_or(Ok(Vec::new()), |folder| files(&folder).map_err(|e| unreadable(&folder, &e)))?;
        let parsed = |from: &Path, text: &str| text.parse().map_err(|e: Malformed| unreadable(from, &e));
        let own = own.iter().map(|path| parsed(path, &read(path).map_err(|e| unreadable(path, &e))?));
        let shipped = SHIPPED.iter().map(|text| parsed(Path::new("assets/calibrations"), text));
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
        Some(self.of(search, unveiled.records(search)).unwrap_or_else(|because| Worth::NotMeasured { because }))
    }

    fn of(&self, search: &SearchRecord, records: &[Candidate]) -> Result<Worth, NotMeasured> {
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
        let fits = |c: &&Calibration| c.model == model && c.thorough == thorough;
        if !self.0.iter().any(|c| fits(&c)) {
            return Err(NotMeasured::Model);
        }
        let compared = search.completeness().scanned;
        let by = |by: &Calibration| {
            let worth = records.iter().zip(&scores).map(|(candidate, score)| {
                Some(CandidateWorth::new(candidate.id, &by.strength(model, thorough, quality, *score)?, compared))
            });
            Some(Worth::Measured {
                measured_on: by.measured_on.clone(),
                people: by.people,
                compared,
                candidates: worth.collect::<Option<_>>()?,
                present: by.presence(model, thorough, quality, &scores, compared),
                largest: by.presence.map_or(0, |p| p.largest),
            })
        };
        self.0.iter().filter(fits).find_map(by).ok_or(NotMeasured::Quality)
    }
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> CommandError {
    CommandError::new("calibration", say!("workstation-calibration-unreadable", file = path.display(), error))
}

/// The JSON files of a folder, by name.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    let mut files: Vec<_> = entries.into_iter().filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> std::io::Result<String> {
    if std::fs::metadata(path)?.len() > LARGEST {
        return Err(std::io::Error::other(say!("workstation-calibration-too-large")));
    }
    std::fs::read_to_string(path)
}

#[cfg(test)]
mod tests {
    use casework::samples::{bench, examiner, file, forged, search_with, unveiled};
    use casework::{Encoding, SearchAnswer};

    use super::*;
    use crate::views::Usual;

    fn told(change: impl FnOnce(&mut SearchAnswer)) -> Result<Worth, NotMeasured> {
        let search = search_with(20, |answer| {
            "sface-2021dec".clone_into(&mut answer.model);
            answer.encoding = Some(Encoding { thorough: true, photographs: 1, quality: 80 });
            change(answer);
        });
        let calibrations = Calibrations::beside(None).expect("those that are built in");
        calibrations.of(&search, unveiled().records(&search))
    }

    #[test]
    fn scores_are_worth_what_was_measured_and_less_among_more_people() {
        let Ok(Worth::Measured { candidates, present, people, largest, .. }) = told(|_| ()) else { panic!("measured") };
        let first = candidates.first().expect("twenty");
        assert_eq!((candidates.len(), first.usual), (20, Usual::OnePerson), "a score of 0.8");
        assert!(first.times >= 100 && first.by_chance < 0.5 && people > 1000 && largest > 100, "{first:?} {people}");
        let many = told(|answer| answer.completeness.scanned = 5_000_000);
        let Ok(Worth::Measured { candidates, present: among_many, .. }) = many else { panic!("measured") };
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
        let named = SHIPPED[1].replacen("Labeled Faces in the Wild", "Our own bookings", 1);
        std::fs::write(own.join("bookings.json"), &named).expect("written");
        let calibrations = Calibrations::beside(Some(&policy)).expect("a good one");
        assert!(calibrations.0[0].measured_on.starts_with("Our own bookings"));
        std::fs::write(own.join("other.json"), &named[..named.len() / 2]).expect("written");
        let error = Calibrations::beside(Some(&policy)).expect_err("half a file").message;
        assert!(error.contains("other.json") && error.contains("faces calibrate"), "{error}");
    }
}
