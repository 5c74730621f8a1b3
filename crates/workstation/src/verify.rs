//! A second examiner compares without knowing what the first concluded.

use casework::{CaseFile, CaseId, Clock, Conclusion, Conference};
use catalogue::say;

use crate::clock::SystemClock;
use crate::enclosed::Enclosed;
use crate::error::{CommandError, Outcome};
use crate::views::{Answer, WaitingLine};
use crate::workstation::{Blocking, fresh_seed};

impl Blocking<'_> {
    /// Asks for another examiner.
    pub fn ask_verification(&self, id: CaseId) -> Outcome<Answer> {
        self.change_bench(id, Some("verification-asked"), |file, person, now| {
            Ok(file.ask_verification(&person.reference(), now, &self.policy())?)
        })
    }

    /// Asks no more. Where it was asked of another workstation, that travels too.
    pub fn withdraw_verification(&self, id: CaseId) -> Outcome<Answer> {
        let answer = self.change_bench(id, Some("verification-withdrawn"), |file, person, now| {
            Ok(file.withdraw_verification(person.id, now)?)
        })?;
        self.exchange_due.notify_one();
        Ok(answer)
    }

    /// Comparisons that wait for the signed-in person. Nothing of the case is in them.
    pub fn waiting(&self) -> Outcome<Vec<WaitingLine>> {
        let (rows, person) = self.act_as(|v, person, _| Ok((v.cases::<CaseFile>()?.0, person.clone())))?;
        let lines = rows.into_iter().filter(|row| row.content.waits_for(&person)).filter_map(|row| {
            let task = row.content.verifying.as_ref()?;
            Some(WaitingLine {
                case: row.id,
                asked_at: task.asked_at,
                candidates: task.among.len(),
                begun: task.begun.is_some(),
                from: None,
            })
        });
        Ok(lines.chain(self.requested_lines(&person)?).collect())
    }

    /// Takes up a comparison that waits; a refusal is on record.
    pub fn begin_verification(&self, id: CaseId) -> Outcome<Answer> {
        let seed = fresh_seed()?;
        if self.is_requested(id)? {
            return self
                .change_requested(id, Some("verification-begun"), |asked, person, now| {
                    Ok(asked.begin(person, seed, now, &self.policy())?)
                })
                .inspect_err(|error| self.audit_refusal("verification-refused", id, error));
        }
        self.change_knowing_bench(id, Some("verification-begun"), |file, person, now, elsewhere| {
            file.recall(elsewhere);
            Ok(file.begin_verification(person, seed, now, &self.policy())?)
        })
        .inspect_err(|error| self.audit_refusal("verification-refused", id, error))
    }

    /// Hands the verifier's work in.
    pub fn hand_in(&self, id: CaseId) -> Outcome<Answer> {
        if self.is_requested(id)? {
            return self.hand_in_requested(id);
        }
        self.change_knowing_bench(id, Some("verification-handed-in"), |file, person, now, elsewhere| {
            file.recall(elsewhere);
            Ok(file.hand_in(&person.reference(), now, &self.policy())?)
        })
    }

    /// Records the conference of examiner and verifier, which the verifier confirms.
    pub fn confer(
        &self,
        id: CaseId,
        account: String,
        agreed: Conclusion,
        passphrase: &Enclosed,
        shown: &Enclosed,
    ) -> Outcome<Answer> {
        let (file, person) = self.works_on(id)?;
        let Some(casework::Examination::Verified(verified)) = &file.examination else {
            return Err(CommandError::new("unknown", say!("rule-verification-no-confer-about")));
        };
        let (second, now) = (verified.verification().verifier.clone(), SystemClock.now());
        self.confirmed_by(&second, passphrase, shown, "conference-confirmed")?;
        let conference =
            Conference { held_by: [person.reference(), second], account, agreed, at: now, confirmed_at: None };
        self.change_bench(id, Some("conference-held"), |file, person, _| Ok(file.confer(person.id, conference)?))
    }
}
