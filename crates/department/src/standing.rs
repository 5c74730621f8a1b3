//! Who could do what when: what a key was allowed at a moment.

use crate::chain::{Chain, InForce, counts};
use crate::document::Body;
use crate::roster::Owner;
use crate::{Member, Moment, PolicyText, PublicKey, Refusal, Role, SignedBy, TrainingRule, Workstation};

/// What a version changes of the policy. Whether it loosens or tightens is for whoever reads policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyChange<'c> {
    /// The text before, where there was one.
    pub before: Option<&'c PolicyText>,
    /// The text from here on.
    pub after: &'c PolicyText,
    /// Who signed it.
    pub signed_by: &'c SignedBy,
}

/// What somebody acts as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Acting<'r> {
    /// Anybody of the department.
    Anybody,
    /// In a role.
    As(Role),
    /// As an examiner whose training is current by this rule of the policy.
    Trained(&'r TrainingRule),
}

impl<'c> InForce<'c> {
    /// What the roster of this version alone allows a key on the day of `moment`.
    pub(crate) fn allows(self, key: &PublicKey, acting: Acting<'_>, moment: Moment) -> Result<&'c Member, Refusal> {
        let Some((member, span)) = self.roster().holder(key) else {
            return Err(Refusal::KeyUnknown { key: key.to_string() });
        };
        counts(span, moment.day())?;
        acting.is_open_to(member, moment)?;
        Ok(member)
    }
}

impl Acting<'_> {
    fn is_open_to(self, member: &Member, moment: Moment) -> Result<(), Refusal> {
        let person = &member.person;
        let holds = |role: Role| match person.is(role) {
            true => Ok(()),
            false => Err(Refusal::RoleMissing { name: person.name.clone(), role: role.in_words().to_owned() }),
        };
        match self {
            Self::Anybody => Ok(()),
            Self::As(role) => holds(role),
            Self::Trained(rule) => {
                holds(Role::Examiner)?;
                let trained = person.may_search(rule, moment.day());
                trained.map_err(|gaps| Refusal::NotTrained { name: person.name.clone(), gaps })
            }
        }
    }
}

impl Chain {
    /// The version in force at `moment`: the last that was made by then. None before version 1.
    pub fn at(&self, moment: Moment) -> Option<InForce<'_>> {
        let made = self.links().partition_point(|link| link.version.made_at() <= moment);
        made.checked_sub(1).map(|at| InForce::new(self, at))
    }

    /// The first version that is dated after `now`: whoever made it has a wrong clock, or wants to be obeyed later.
    pub fn ahead_of(&self, now: Moment) -> Option<InForce<'_>> {
        self.version(self.at(now).map_or(0, |version| version.number()) + 1)
    }

    /// What a version changed of the policy, if it did.
    pub fn policy_change(&self, number: u32) -> Option<PolicyChange<'_>> {
        let version = self.version(number)?;
        let Body::Policy(after) = version.version().body() else { return None };
        let before = version.before().and_then(|before| before.policy());
        Some(PolicyChange { before, after, signed_by: version.signed_by() })
    }

    /// Whose key it is, where it could act so at `moment` by the roster in force then.
    ///
    /// # Errors
    /// Why it could not: nobody's key, not yet or no longer counting (a later version may have said so), role or training
    /// missing, no roster.
    pub fn may(&self, key: &PublicKey, acting: Acting<'_>, moment: Moment) -> Result<&Member, Refusal> {
        let Some(then) = self.at(moment) else { return Err(Refusal::NoRosterThen { at: moment.0.to_string() }) };
        let ended = |ended: String| Err(Refusal::KeyEnded { key: key.to_string(), ended });
        if let Some(life) = self.life(key) {
            // What was learned later counts too: a key that was stolen on Monday signs nothing on Tuesday, even if the
            // roster says so on Wednesday only.
            match (life.gone, life.until) {
                (Some(gone), _) if gone <= moment => return ended(gone.0.to_string()),
                (_, Some(until)) if until < moment.day() => return ended(until.to_string()),
                _ => {}
            }
        }
        then.allows(key, acting, moment)
    }

    /// The workstation whose key it is, where the newest roster lets it work on the day of `now`. The newest one counts
    /// and not the one in force: what was taken out is out at once.
    ///
    /// # Errors
    /// [`Refusal::KeyEnded`] for one that was taken out or has ended, [`Refusal::KeyNotYet`], or [`Refusal::KeyUnknown`]
    /// for a key that never was a workstation's.
    pub fn workstation(&self, key: &PublicKey, now: Moment) -> Result<&Workstation, Refusal> {
        let mut all = self.newest().roster().content().workstations.iter();
        if let Some(found) = all.find(|workstation| workstation.signs.key() == key) {
            return counts(&found.signs, now.day()).map(|()| found);
        }
        match self.life(key).filter(|life| life.owner == Owner::Workstation).and_then(|life| life.gone) {
            Some(gone) => Err(Refusal::KeyEnded { key: key.to_string(), ended: gone.0.to_string() }),
            None => Err(Refusal::KeyUnknown { key: key.to_string() }),
        }
    }
}
