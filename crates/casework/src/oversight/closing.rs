//! What an auditor looks at is a matter until they close it, with a reason that stays on record.

use std::collections::BTreeSet;

use catalogue::say;
use department::{Gap, Gaps, Moment, Person, PersonRef, need};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::cross_check::Alone;
use super::party::Party;
use super::patterns::{Pattern, Topic};
use super::referral::Referral;
use crate::ids::CaseId;
use crate::text::{MAX_FIELD, tells};

/// Different words that a reason says at least.
pub(super) const TELLING: usize = 3;

/// What kind of matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum MatterKind {
    /// A search that stands alone.
    Alone,
    /// Referred to the auditor by the program or by a reviewer.
    Referral,
    /// A pattern worth a look.
    Topic,
}

/// Something that an auditor looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// What it is told from others by: the same matter has the same key tomorrow.
    pub key: String,
    /// Which kind.
    pub kind: MatterKind,
    /// Whom it is about.
    pub about: Vec<Party>,
    /// What it rests on, each as a short digest: when there is more of it, a closed matter opens again.
    pub rests_on: BTreeSet<String>,
}

/// How a matter is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ClosedAs {
    /// To be taught.
    TrainingTopic,
    /// Nothing was wrong.
    FalseAlarm,
}

/// A matter that was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// The matter.
    pub key: String,
    /// How.
    pub closed_as: ClosedAs,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: PersonRef,
    /// When.
    pub at: Moment,
    /// What it rested on then.
    pub rests_on: BTreeSet<String>,
}

fn short(text: &str) -> String {
    hex::encode(&Sha256::digest(text)[..8])
}

fn key(parts: &[&str]) -> String {
    hex::encode(&Sha256::digest(parts.join("\n"))[..16])
}

impl Matter {
    /// Of a search that stands alone.
    pub fn alone(alone: &Alone) -> Self {
        Self {
            key: key(&["alone", &alone.mark]),
            kind: MatterKind::Alone,
            about: alone.by.iter().cloned().collect(),
            rests_on: BTreeSet::from([short(&alone.mark)]),
        }
    }

    /// Of what was referred.
    pub fn referral(referral: &Referral) -> Self {
        let of = referral.case.map(|case| case.to_string()).or_else(|| referral.note.clone()).unwrap_or_default();
        let events = referral.events.iter().map(|(workstation, seq)| format!("{workstation} {seq}"));
        // A case without an event rests on itself.
        let rests_on = events.chain([of.clone()]).map(|one| short(&one)).collect();
        Self { key: key(&["referral", &of]), kind: MatterKind::Referral, about: referral.about.clone(), rests_on }
    }

    /// Of a topic.
    pub fn topic(topic: &Topic) -> Self {
        let pattern = serde_json::to_string(&topic.pattern).unwrap_or_default();
        let mut who: Vec<String> = topic.about.iter().map(Party::key).collect();
        who.sort_unstable();
        let first = match topic.pattern {
            // Each version that loosened it is a matter of its own.
            Pattern::PolicyLoosened => topic.events.first().map(|(w, seq)| format!("{w} {seq}")).unwrap_or_default(),
            _ => String::new(),
        };
        let cases = topic.cases.iter().map(CaseId::to_string);
        let events = topic.events.iter().map(|(workstation, seq)| format!("{workstation} {seq}"));
        Self {
            key: key(&["topic", &pattern, &who.join(","), &first]),
            kind: MatterKind::Topic,
            about: topic.about.clone(),
            rests_on: cases.chain(events).map(|one| short(&one)).collect(),
        }
    }

    /// Whether `closing` still closes it: nothing was added since.
    pub fn is_closed_by(&self, closing: &Closing) -> bool {
        closing.key == self.key && self.rests_on.is_subset(&closing.rests_on)
    }

    /// Closes it.
    ///
    /// # Errors
    /// A [`Gap`] for who is no auditor, for whom it is about, and where no reason is given.
    pub fn close(&self, by: &Person, closed_as: ClosedAs, reason: &str, now: Moment) -> Result<Closing, Vec<Gap>> {
        let reason = reason.trim();
        let mut gaps = Gaps::new();
        gaps.also(by.may_read_audit());
        need!(
            gaps,
            self.about.iter().all(|about| *about != Party::from(&by.reference())),
            "oversight.matter",
            say!("rule-oversight-close-own"),
            say!("rule-oversight-close-own-why"),
        );
        need!(
            gaps,
            tells(reason, TELLING) && reason.chars().count() <= MAX_FIELD,
            "oversight.reason",
            say!("rule-oversight-close-reason"),
            say!("rule-oversight-close-reason-why"),
        );
        gaps.into_result(|| Closing {
            key: self.key.clone(),
            closed_as,
            reason: reason.to_owned(),
            by: by.reference(),
            at: now,
            rests_on: self.rests_on.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use department::Role;

    use super::*;
    use crate::samples::{at, examiner};

    fn matter(n: usize) -> Matter {
        let topic = Topic {
            pattern: Pattern::InSeconds,
            about: vec![(&examiner(1).reference()).into()],
            why: String::new(),
            usual: String::new(),
            cases: (0..n).map(|n| CaseId(crate::samples::uuid(n as u128))).collect(),
            events: Vec::new(),
        };
        Matter::topic(&topic)
    }

    #[test]
    fn a_matter_is_closed_by_an_auditor_with_a_reason_and_never_by_whom_it_is_about() {
        let now = at("2026-03-02T12:00:00Z");
        let auditor = |n| Person { roles: vec![Role::Auditor, Role::Examiner], ..examiner(n) };
        let said = "Talked through with the whole shift";
        assert!(matter(3).close(&auditor(7), ClosedAs::TrainingTopic, said, now).is_ok());
        for (by, reason) in [(auditor(1), said), (examiner(7), said), (auditor(7), "…"), (auditor(7), "ok ok ok")] {
            assert!(matter(3).close(&by, ClosedAs::FalseAlarm, reason, now).is_err(), "{} {reason}", by.name);
        }
        // The same person under another identity, and a badge that is written otherwise.
        let again = Person { badge: " 0001".to_owned(), ..auditor(8) };
        assert!(matter(3).close(&again, ClosedAs::FalseAlarm, said, now).is_err());
    }

    #[test]
    fn it_opens_again_when_there_is_more_of_it() {
        let auditor = Person { roles: vec![Role::Auditor], ..examiner(7) };
        let closing = matter(3)
            .close(&auditor, ClosedAs::FalseAlarm, "All of one training course", at("2026-03-02T12:00:00Z"))
            .expect("closed");
        assert!(matter(3).is_closed_by(&closing) && matter(2).is_closed_by(&closing));
        assert!(!matter(4).is_closed_by(&closing));
    }
}
