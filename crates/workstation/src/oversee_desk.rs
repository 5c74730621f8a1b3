//! What the auditor's desk computes from, and its matters.

use std::collections::BTreeMap;

use catalogue::say;
use vault::Vault;

use casework::CaseId;
use casework::oversight::{Alone, Closing, Conduct, DeskEvent, Matter, Referral, Topic};

use crate::error::Outcome;
use crate::views::DeskCaseLine;

/// Everything that the desk computes from.
pub(crate) struct Desk {
    /// Each case, with the key of the workstation where it lives.
    pub(crate) cases: Vec<(String, Conduct)>,
    /// Where each stands in `cases`.
    pub(crate) at: BTreeMap<CaseId, usize>,
    pub(crate) events: Vec<DeskEvent>,
    pub(crate) alone: Vec<Alone>,
    pub(crate) referrals: Vec<Referral>,
    pub(crate) topics: Vec<Topic>,
    pub(crate) closings: BTreeMap<String, Closing>,
    pub(crate) names: Names,
}

impl Desk {
    /// The matters, each with what it is.
    pub(crate) fn matters(&self) -> Vec<(Matter, On<'_>)> {
        let alone = self.alone.iter().map(|alone| (Matter::alone(alone), On::Alone(alone)));
        let referrals = self.referrals.iter().map(|one| (Matter::referral(one), On::Referral(one)));
        let topics = self.topics.iter().map(|topic| (Matter::topic(topic), On::Topic(topic)));
        alone.chain(referrals).chain(topics).collect()
    }

    /// The line of a case.
    pub(crate) fn line(&self, case: CaseId) -> DeskCaseLine {
        match self.at.get(&case).and_then(|at| self.cases.get(*at)) {
            Some((home, conduct)) => self.names.case(home, conduct),
            None => DeskCaseLine {
                id: case,
                number: String::new(),
                purpose: None,
                offence: String::new(),
                here: false,
                at: String::new(),
            },
        }
    }
}

/// Names of workstations by their keys.
pub(crate) struct Names {
    pub(crate) names: BTreeMap<String, String>,
    pub(crate) own: String,
}

impl Names {
    pub(crate) fn of(v: &Vault) -> Outcome<Self> {
        let own = v.card("").signs;
        let mut names: BTreeMap<String, String> =
            v.workstations()?.into_iter().map(|card| (card.signs, card.name)).collect();
        let name = v.settings()?.workstation;
        let here = say!("workstation-oversight-here");
        names.insert(own.clone(), if name.is_empty() { here.to_owned() } else { name });
        Ok(Self { names, own })
    }

    pub(crate) fn name(&self, workstation: &str) -> String {
        self.names.get(workstation).cloned().unwrap_or_else(|| department::fingerprint(workstation))
    }

    pub(crate) fn case(&self, home: &str, conduct: &Conduct) -> DeskCaseLine {
        DeskCaseLine {
            id: conduct.case,
            number: conduct.number.clone(),
            purpose: Some(conduct.purpose),
            offence: conduct.offence.clone(),
            here: home == self.own,
            at: self.name(home),
        }
    }
}

/// What a matter is.
pub(crate) enum On<'a> {
    Alone(&'a Alone),
    Referral(&'a Referral),
    Topic(&'a Topic),
}

impl On<'_> {
    /// The cases that it is about.
    pub(crate) fn cases(&self) -> Vec<CaseId> {
        match self {
            Self::Alone(alone) => alone.cases.clone(),
            Self::Referral(referral) => referral.case.into_iter().collect(),
            Self::Topic(topic) => topic.cases.clone(),
        }
    }

    /// Its events: workstation and position.
    pub(crate) fn events(&self) -> Vec<(String, i64)> {
        match self {
            Self::Alone(alone) => alone.event.iter().cloned().collect(),
            Self::Referral(referral) => referral.events.clone(),
            Self::Topic(topic) => topic.events.clone(),
        }
    }
}
