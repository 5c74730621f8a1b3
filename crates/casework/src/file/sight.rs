//! Who may be told what of a case, and when: the one place where it is decided. Screens, pictures, prints, exports and
//! events ask [`CaseFile::sight`] and show what it allows.

use catalogue::say;
use department::{Gap, Moment, Person, Role};

use super::{CaseFile, SeenBy};
use crate::examination::{Examination, Work};
use crate::ids::CandidateId;
use crate::note::Disposition;

/// A seat at a bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// Who examines the list.
    Examiner,
    /// Who repeats the comparison, blind.
    Verifier,
}

/// What of one case one person may be told now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sight {
    /// All that is typed and recorded of the case, but nothing that the gallery said.
    pub case: bool,
    /// A note of it that was sealed.
    pub note: bool,
    /// What must be disclosed of it; [`Disclosure`](crate::Disclosure) withholds what is not unveiled.
    pub disclosure: bool,
    /// The probe's pictures.
    pub probe: bool,
    /// Their own bench.
    pub seat: Option<Seat>,
    /// Scores, ranks and records of the list under examination.
    pub records: bool,
    /// That a comparison waits for them, and nothing else of the case.
    pub waits: bool,
}

impl CaseFile {
    /// What `person` may be told of this case now.
    ///
    /// - Who has it works on it; scores and records only once the examination of its list is unveiled. Whoever had it before is
    ///   told nothing any more.
    /// - A verifier reaches the probe and their own blind bench.
    /// - Whoever could still be asked to verify (an examiner, while the note is not sealed) is told nothing by another
    ///   role: not as supervisor, not through a note that was returned. Who has read of it by another role is on record and
    ///   cannot verify ([`CaseFile::begin_verification`]).
    /// - A supervisor reads sealed notes and what must be disclosed.
    pub fn sight(&self, person: &Person) -> Sight {
        let me = person.reference();
        let examines = self.0.examination.as_ref().is_some_and(|e| e.work().examiner.is_same(&me));
        let took_over = self.took_over(me.id);
        let left = !self.0.history.handed_over.is_empty();
        let own = person.is(Role::Examiner) && (self.holder().is_same(&me) || (examines && !left));
        let concluded = self.0.examination.as_ref().is_some_and(|e| e.concluded_at().is_some());
        let begun = self.0.verifying.as_ref().and_then(|task| task.begun.as_ref());
        let verifies = begun.is_some_and(|work| work.examiner.is_same(&me)) && self.0.sealed.is_none();
        let seen = self.0.seen_by.iter().any(|s| s.by.is_same(&me)) || self.0.history.saw(&me);
        let may_be_asked = person.is(Role::Examiner) && !own && self.0.sealed.is_none() && !seen;
        let reads = own || (person.is(Role::Supervisor) && !may_be_asked && !verifies);
        let seat = if verifies {
            Some(Seat::Verifier)
        } else {
            (own && (examines || (took_over && concluded))).then_some(Seat::Examiner)
        };
        let unveiled = self.0.examination.as_ref().is_some_and(|e| e.unveiled().is_some());
        let waits = match (&self.0.verifying, begun) {
            (Some(_), Some(_)) => verifies,
            (Some(task), None) => may_be_asked && task.elsewhere.is_none() && !task.asked_by.is_same(&me),
            (None, _) => false,
        };
        let noted = self.0.sealed.is_some() || !self.0.returned.is_empty();
        Sight {
            case: own && !verifies,
            note: reads && noted,
            disclosure: reads,
            probe: (reads && (own || noted)) || verifies,
            seat,
            records: seat == Some(Seat::Examiner) && unveiled,
            waits,
        }
    }

    /// Whether `person` may read and change this case.
    ///
    /// # Errors
    /// A gap that says whose case it is.
    pub fn may_open(&self, person: &Person) -> Result<(), Vec<Gap>> {
        person.may_open_cases()?;
        if self.sight(person).case {
            return Ok(());
        }
        Err(vec![Gap::new(
            "case",
            say!("rule-case-another-examiner-can-asked-verify"),
            say!("rule-case-second-opinion-worth-something-only"),
        )])
    }

    /// Whether `person` may read the sealed note.
    pub fn may_read_note(&self, person: &Person) -> bool {
        let sight = self.sight(person);
        sight.case || sight.note
    }

    /// The work of `person` in this case: as verifier, or as examiner.
    pub fn work_of(&self, person: &Person) -> Option<&Work> {
        match self.sight(person).seat? {
            Seat::Verifier => self.0.verifying.as_ref().and_then(|task| task.begun.as_ref()),
            Seat::Examiner => self.0.examination.as_ref().map(Examination::work),
        }
    }

    /// Whether `person`'s work here is a verification.
    pub fn verifies(&self, person: &Person) -> bool {
        self.sight(person).seat == Some(Seat::Verifier)
    }

    /// Whether `person` may see the probe.
    pub fn shows_probe(&self, person: &Person) -> bool {
        self.sight(person).probe
    }

    /// Whether `person` can take up the verification that waits here, or has.
    pub fn waits_for(&self, person: &Person) -> bool {
        self.sight(person).waits
    }

    /// Whether `person` may see `candidate`'s photographs now.
    pub fn shows_candidate(&self, person: &Person, candidate: CandidateId) -> bool {
        let Some(search) = self.search() else { return false };
        let sight = self.sight(person);
        // Whoever may read the sealed note of a lead may see what it is about.
        let lead = self.0.examination.as_ref().filter(|e| e.unveiled().is_some()).and_then(|e| e.work().lead);
        let told = self.0.note.disposition.is_some_and(Disposition::tells_the_lead);
        if self.0.sealed.is_some() && lead == Some(candidate) && told && sight.note {
            return true;
        }
        self.work_of(person).is_some_and(|work| work.may_show(search, candidate))
    }

    /// Notes that `person` reads of this case by another role than examiner or verifier, for the first time: whether that is
    /// new. Every door that tells or shows something of a case asks here: a line of a list is read like a note.
    pub fn saw(&mut self, person: &Person, now: Moment) -> bool {
        let me = person.reference();
        let held = self.0.history.handed_over.iter().any(|one| one.to.is_same(&me));
        let works = held
            || self.0.opened_by.is_same(&me)
            || self.sight(person).seat.is_some()
            || self.0.examination.as_ref().is_some_and(|e| e.work().examiner.is_same(&me))
            || self.0.seen_by.iter().any(|s| s.by.is_same(&me));
        if !works {
            self.0.seen_by.push(SeenBy { by: me, at: now });
        }
        !works
    }
}
