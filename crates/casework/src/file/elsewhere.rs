use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::CaseFile;
use crate::examination::{Outcome, UnveiledElsewhere};
use crate::ids::CaseId;
use crate::text::gist;

/// What other cases of the workstation say that matters to this one; [`CaseFile::elsewhere`] gathers it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Elsewhere {
    /// Who opened other cases with the same number, and when they were begun or confirmed.
    pub same_number: Vec<String>,
    /// Searches that were sent with the same probe in other cases.
    pub searches: usize,
    /// Subjects that were unveiled in other cases about the same probe or number.
    pub unveiled: Vec<UnveiledElsewhere>,
}

/// What stays at a workstation of a case that moved away: what the other cases there must go on knowing of it, as it was then.
/// Without it, whoever moves a case away would search its probe once more, or make a lead of whom they were shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    case: CaseId,
    /// Gist of the case number; empty where none was typed.
    number: String,
    /// Who had it, where its purpose was confirmed.
    holder: Option<String>,
    /// Hashes of the files that its template is made from.
    probe: BTreeSet<String>,
    searches: usize,
    unveiled: Vec<UnveiledElsewhere>,
}

impl CaseFile {
    /// What the other cases here must go on knowing of this one once it is elsewhere.
    pub fn trace(&self) -> Trace {
        Trace {
            case: self.0.id,
            number: gist(&self.0.purpose.case_number),
            holder: self.0.case.as_ref().map(|_| self.holder().name.clone()),
            probe: self.probe_files().into_iter().map(str::to_owned).collect(),
            searches: self.answered_searches(),
            unveiled: self.unveiled_subjects(),
        }
    }

    /// Adds to what is known `elsewhere` what stayed of cases that moved away.
    pub fn elsewhere_too<'a>(&self, mut found: Elsewhere, gone: impl IntoIterator<Item = &'a Trace>) -> Elsewhere {
        let number = gist(&self.0.purpose.case_number);
        let own = self.probe_files();
        for gone in gone.into_iter().filter(|gone| gone.case != self.0.id) {
            let same_number = !number.is_empty() && gone.number == number;
            let same_probe = gone.probe.iter().any(|file| own.contains(file.as_str()));
            found.same_number.extend(gone.holder.iter().filter(|_| same_number).cloned());
            if same_probe {
                found.searches += gone.searches;
            }
            if same_number || same_probe {
                found.unveiled.extend(gone.unveiled.iter().cloned());
            }
        }
        found
    }

    /// What `others` of the workstation say that matters to this case.
    pub fn elsewhere<'a>(&self, others: impl IntoIterator<Item = &'a CaseFile>) -> Elsewhere {
        let mut found = Elsewhere::default();
        let number = gist(&self.0.purpose.case_number);
        let own = self.probe_files();
        for other in others.into_iter().filter(|other| other.id != self.0.id) {
            let same_number = !number.is_empty() && gist(&other.purpose.case_number) == number;
            let same_probe = !own.is_disjoint(&other.probe_files());
            if same_number && other.case.is_some() {
                found.same_number.push(other.holder().name.clone());
            }
            if same_probe {
                found.searches += other.answered_searches();
            }
            if same_number || same_probe {
                found.unveiled.extend(other.unveiled_subjects());
            }
        }
        found
    }

    /// Every subject that was shown with score and record in this case, and to whom: who examined the list, who has had the case
    /// since, and who read of it by another role.
    fn unveiled_subjects(&self) -> Vec<UnveiledElsewhere> {
        let all = self.0.history.set_aside.iter().map(|s| &s.examination).chain(&self.0.examination);
        let mut found: Vec<UnveiledElsewhere> = Vec::new();
        for examination in all {
            let (work, Some(at)) = (examination.work(), examination.unveiled_at()) else { continue };
            let Some(search) = self.0.searches.iter().find(|s| s.id() == work.search) else { continue };
            let left = match (examination.verification(), examination.outcome()) {
                (Some(_), Outcome::Lead { candidate, conclusion }) if !conclusion.carries_a_lead() => Some(candidate),
                _ => None,
            };
            let left = left.and_then(|candidate| search.candidates().subject(candidate));
            let readers = self.0.seen_by.iter().map(|seen| (&seen.by, at.max(seen.at)));
            let readers = readers.chain(self.0.history.held_from(at));
            for (to, at) in std::iter::once((&work.examiner, at)).chain(readers) {
                found.extend(search.candidates().ids().filter_map(|row| {
                    let subject = search.candidates().subject(row)?;
                    Some(UnveiledElsewhere {
                        subject_id: subject.to_owned(),
                        to: to.clone(),
                        case: self.0.id,
                        at,
                        disagreed: left == Some(subject) || self.0.history.gave_up(row, &self.0.searches),
                    })
                }));
            }
        }
        found
    }

    /// Takes over what was unveiled in other cases of the same probe or number: only subjects that are listed here.
    pub fn recall(&mut self, elsewhere: &Elsewhere) {
        let listed: BTreeSet<&str> = self.0.searches.iter().flat_map(|s| s.candidates().subjects()).collect();
        let same = |a: &UnveiledElsewhere, b: &UnveiledElsewhere| {
            a.subject_id == b.subject_id && a.to == b.to && a.case == b.case
        };
        for one in elsewhere.unveiled.iter().filter(|one| listed.contains(one.subject_id.as_str())) {
            // As it stands there now: a conference may have resolved it since it was told.
            let disagreed = elsewhere.unveiled.iter().any(|other| other.disagreed && same(one, other));
            match self.0.history.elsewhere.iter_mut().find(|known| same(known, one)) {
                Some(known) => known.disagreed = disagreed,
                None => self.0.history.elsewhere.push(UnveiledElsewhere { disagreed, ..one.clone() }),
            }
        }
    }

    /// Hashes of the files that the template is made from.
    pub(super) fn probe_files(&self) -> BTreeSet<&str> {
        let images = self.0.image.iter().chain(self.0.further.iter().map(|f| &f.image));
        images.map(|image| image.facts.sha256.as_str()).collect()
    }
}
