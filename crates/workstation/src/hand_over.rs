//! A case goes to a colleague, to another workstation of the department, or both.

use catalogue::say;
use serde_json::json;

use casework::{CaseFile, CaseId, Clock, Moment, Person, PersonId};
use vault::Vault;

use crate::error::CommandError;
use crate::views::{ColleagueLine, ColleaguesView, HolderLine, WorkstationLine};
use crate::workstation::{Blocking, Outcome, SystemClock, fresh_seed};

impl Blocking<'_> {
    /// Who could have this case next, and at which other workstations.
    pub fn successors(&self, id: CaseId) -> Outcome<ColleaguesView> {
        let person = self.person()?;
        let file = self.case_for(id, &person)?;
        let (policy, now) = (self.policy(), SystemClock.now());
        self.with(|v| {
            let people = v.people()?.into_iter().filter(|to| file.may_hand_over(&person, to, now, &policy).is_ok());
            let workstations = match file.may_move() {
                Ok(()) => v.workstations_of_department()?.into_iter().map(WorkstationLine::of_department).collect(),
                Err(_) => Vec::new(),
            };
            Ok(ColleaguesView { people: people.map(ColleagueLine::from).collect(), workstations })
        })
    }

    /// Hands a case over to `to`, and moves it to the workstation with the key `place` where that is not empty. Whoever has it may
    /// stay who has it, and go on elsewhere.
    pub fn hand_over(&self, id: CaseId, to: PersonId, place: &str, reason: &str) -> Outcome<()> {
        let person = self.person()?;
        if to == person.id && place.is_empty() {
            return Err(CommandError::new("unknown", say!("workstation-hand-over-to-nobody")));
        }
        let now = SystemClock.now();
        self.act(|v| {
            match to == person.id {
                true => v.case::<CaseFile>(id)?.may_open(&person)?,
                false => self.give(v, id, &person, to, reason, now)?,
            }
            if !place.is_empty() {
                v.move_case(id, place, &person.reference(), now)?;
            }
            Ok(())
        })
        .inspect_err(|error| self.audit_refusal("handover-refused", id, error))?;
        self.exchange_due.notify_one();
        Ok(())
    }

    fn give(&self, v: &mut Vault, id: CaseId, by: &Person, to: PersonId, reason: &str, now: Moment) -> Outcome<()> {
        let mut file: CaseFile = v.case(id)?;
        let (to, held) = (v.person(to)?, file.history.handed_over.len());
        file.hand_over(by, &to, reason, fresh_seed()?, now, &self.policy())?;
        let detail = json!({ "case": id, "to": to.id, "in_absence": file.history.handed_over.last().is_some_and(|last| last.in_absence()) });
        v.put_case(id, &file, &by.reference(), now, Some(("case-handed-over", detail)))?;
        Ok(v.state_handovers(held, &file)?)
    }

    /// For a supervisor: who has open cases here, and how many. Nothing of a case is told.
    pub fn holders(&self) -> Outcome<Vec<HolderLine>> {
        let person = self.person()?;
        person.may_reassign()?;
        let (rows, _) = self.with(|v| Ok(v.cases::<CaseFile>()?))?;
        let mut lines: Vec<HolderLine> = Vec::new();
        for file in rows.iter().map(|row| &row.content).filter(|file| file.sealed.is_none()) {
            let holder = file.holder();
            match lines.iter_mut().find(|line| line.of.id == holder.id) {
                Some(line) => line.cases += 1,
                None if holder.is_same(&person.reference()) => {}
                None => lines.push(HolderLine { of: ColleagueLine::from(holder.clone()), cases: 1 }),
            }
        }
        lines.sort_by(|a, b| a.of.name.cmp(&b.of.name));
        Ok(lines)
    }

    /// A supervisor hands every open case of `from` here over to `to`, while they are away. Gives what became of those that stay
    /// where they are, a sentence each.
    pub fn hand_over_all(&self, from: PersonId, to: PersonId, reason: &str) -> Outcome<Vec<String>> {
        let person = self.person()?;
        person.may_reassign()?;
        let (rows, _) = self.with(|v| Ok(v.cases::<CaseFile>()?))?;
        let open = rows.into_iter().map(|row| row.content);
        let theirs: Vec<CaseId> =
            open.filter(|file| file.sealed.is_none() && file.holder().id == from).map(|file| file.id).collect();
        if theirs.is_empty() {
            return Err(CommandError::new("unknown", say!("workstation-hand-over-nothing-open")));
        }
        let mut left = Vec::new();
        for id in theirs {
            let now = SystemClock.now();
            if let Err(error) = self.act(|v| self.give(v, id, &person, to, reason, now)) {
                self.audit_refusal("handover-refused", id, &error);
                left.push(error.gaps.first().map_or(error.message, |gap| gap.missing.clone()));
            }
        }
        Ok(left)
    }
}
