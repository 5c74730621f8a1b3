//! What is to be done before the first case: a department that was just founded is led through it, and so is everybody whom it takes in.

use catalogue::say;

use casework::Role;

use crate::error::{CommandError, Outcome};
use crate::views::{FirstStepsView, PolicyView};
use crate::workstation::Blocking;

impl Blocking<'_> {
    /// Which steps before the first case are done, for whoever sits here. None of them holds anything up: each rule does that itself.
    pub fn first_steps(&self) -> Outcome<FirstStepsView> {
        let policy = self.policy();
        self.look_as(|v, person, now| {
            let today = now.day();
            let people = v.people()?;
            let examiners = people.iter().filter(|known| known.may_search(&policy.training, today).is_ok()).count();
            let supervised = people.iter().any(|known| known.is(Role::Supervisor));
            let of_administrator = |done: bool| person.is(Role::Administrator).then_some(done);
            let of_examiner = |done: bool| person.is(Role::Examiner).then_some(done);
            Ok(FirstStepsView {
                policy: v.accepted_policy(person.id)?.as_deref() == Some(policy.sha256.as_str()),
                gallery: of_administrator(v.gallery_answered()?),
                people: of_administrator(examiners > 1 && supervised),
                backup: of_administrator(v.last_backup()?.is_some()),
                training: of_examiner(person.may_search(&policy.training, today).is_ok()),
                practice: of_examiner(v.has_cases()?),
            })
        })
    }

    /// The policy in force as its file says it, with the law behind each number.
    pub fn read_policy(&self) -> Outcome<PolicyView> {
        let held = self.policy();
        let sha256 = held.sha256.clone();
        let accepted = self.look_as(|v, person, _| Ok(v.accepted_policy(person.id)?))?;
        let accepted = accepted.as_deref() == Some(sha256.as_str());
        Ok(PolicyView { text: held.0.text.clone(), sha256, accepted })
    }

    /// Whoever sits here has read the policy with the hash `sha256` and will work by it. On record; of another policy than the one in
    /// force nothing is accepted.
    pub fn accept_policy(&self, sha256: &str) -> Outcome<()> {
        self.act_as(|v, person, now| {
            if self.policy().sha256 != sha256 {
                return Err(CommandError::new("policy-changed", say!("workstation-policy-changed-while-read")));
            }
            Ok(v.accept_policy(&person.reference(), sha256, now)?)
        })
    }

    /// The gallery answered; `fits`: with the model of this program.
    pub(crate) fn gallery_tested(&self, fits: bool) -> Outcome<()> {
        self.act_as(|v, person, now| Ok(v.gallery_tested(fits, &person.reference(), now)?))
    }
}
