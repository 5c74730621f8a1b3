use catalogue::say;
use department::{Gap, Gaps, need};
use serde::{Deserialize, Serialize};

use crate::text::{MAX_FIELD, gist, said, tells};

/// One fact that could speak against the lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ContradictionItem {
    /// Height.
    Height,
    /// Weight.
    Weight,
    /// Age.
    Age,
    /// Scars, marks, tattoos.
    Marks,
    /// Physical condition: pregnancy, injury, disability.
    PhysicalCondition,
    /// Custody at the time of the event.
    Custody,
    /// Known location at the time of the event.
    KnownLocation,
}

impl ContradictionItem {
    /// All items.
    pub const ALL: [ContradictionItem; 7] = [
        ContradictionItem::Height,
        ContradictionItem::Weight,
        ContradictionItem::Age,
        ContradictionItem::Marks,
        ContradictionItem::PhysicalCondition,
        ContradictionItem::Custody,
        ContradictionItem::KnownLocation,
    ];

    /// The code used in places of gaps.
    pub fn code(self) -> &'static str {
        match self {
            ContradictionItem::Height => "height",
            ContradictionItem::Weight => "weight",
            ContradictionItem::Age => "age",
            ContradictionItem::Marks => "marks",
            ContradictionItem::PhysicalCondition => "physical-condition",
            ContradictionItem::Custody => "custody",
            ContradictionItem::KnownLocation => "known-location",
        }
    }

    /// The name as people read it.
    pub fn in_words(self) -> &'static str {
        match self {
            ContradictionItem::Height => say!("rule-corroboration-height"),
            ContradictionItem::Weight => say!("rule-corroboration-weight"),
            ContradictionItem::Age => say!("rule-corroboration-age"),
            ContradictionItem::Marks => say!("rule-corroboration-scars-marks-tattoos"),
            ContradictionItem::PhysicalCondition => say!("rule-corroboration-physical-condition"),
            ContradictionItem::Custody => say!("rule-corroboration-custody-time"),
            ContradictionItem::KnownLocation => say!("rule-corroboration-known-location-time"),
        }
    }
}

/// How a fact compares between the person of the event and the lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ContradictionAnswer {
    /// Nothing contradicts.
    Consistent,
    /// It contradicts.
    Contradicts,
    /// Not known.
    NotKnown,
}

impl ContradictionAnswer {
    /// The answer as people read it.
    pub fn in_words(self) -> &'static str {
        match self {
            ContradictionAnswer::Consistent => say!("rule-corroboration-consistent"),
            ContradictionAnswer::Contradicts => say!("rule-corroboration-contradicts"),
            ContradictionAnswer::NotKnown => say!("rule-corroboration-not-known"),
        }
    }
}

/// The answer to one item of the panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PanelAnswer {
    /// Which item.
    pub item: ContradictionItem,
    /// How it compares.
    pub answer: Option<ContradictionAnswer>,
    /// What the answer rests on. Needed unless it is not known.
    pub rests_on: String,
    /// For a contradiction: how it was resolved, if it was.
    pub resolution: String,
    /// Earlier wordings of a contradiction; the program keeps them.
    #[serde(default)]
    pub earlier: Vec<String>,
}

/// The compulsory panel of what could speak against the lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ContradictionPanel {
    /// One answer an item.
    pub answers: Vec<PanelAnswer>,
    /// What speaks for the person.
    pub speaks_for_the_person: String,
    /// Earlier wordings of it; the program keeps them.
    #[serde(default)]
    pub earlier: Vec<String>,
}

impl Default for ContradictionPanel {
    fn default() -> Self {
        let empty = |item| PanelAnswer {
            item,
            answer: None,
            rests_on: String::new(),
            resolution: String::new(),
            earlier: Vec::new(),
        };
        Self {
            answers: ContradictionItem::ALL.map(empty).to_vec(),
            speaks_for_the_person: String::new(),
            earlier: Vec::new(),
        }
    }
}

impl ContradictionPanel {
    pub(super) fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Gaps::new();
        let why = say!("rule-corroboration-fact-kind-would-stopped-several");
        for item in ContradictionItem::ALL {
            let place = format!("panel.{}", item.code());
            let mut answers = self.answers.iter().filter(|a| a.item == item);
            match (answers.next(), answers.next()) {
                (Some(PanelAnswer { answer: Some(answer), rests_on, .. }), None) => need!(
                    gaps,
                    *answer == ContradictionAnswer::NotKnown || said(rests_on),
                    place,
                    say!("rule-corroboration-could-speak-against-say-answer", item = item.in_words()),
                    why,
                ),
                (Some(_), Some(_)) => gaps.push(Gap::new(
                    place,
                    say!("rule-corroboration-could-speak-against-answered-twice", item = item.in_words()),
                    say!("rule-corroboration-record-may-not-contradict-itself"),
                )),
                _ => gaps.push(Gap::new(
                    place,
                    say!("rule-corroboration-could-speak-against-answer-consistent", item = item.in_words()),
                    why,
                )),
            }
        }
        let texts = self.answers.iter().flat_map(|a| [(a.item.code(), &a.rests_on), (a.item.code(), &a.resolution)]);
        for (at, text) in texts.chain([("speaks_for_the_person", &self.speaks_for_the_person)]) {
            need!(
                gaps,
                text.chars().count() <= MAX_FIELD,
                format!("panel.{at}"),
                say!("rule-corroboration-could-speak-against-most-characters", max_field = MAX_FIELD),
                say!("rule-case-record-nobody-can-read-end"),
            );
        }
        need!(
            gaps,
            said(&self.speaks_for_the_person),
            "panel.speaks_for_the_person",
            say!("rule-corroboration-say-speaks-person-nothing-known"),
            say!("rule-corroboration-record-must-hold-helps-person"),
        );
        gaps.into_result(|| ()).err().unwrap_or_default()
    }

    /// Holds `changed` to what this panel says against the lead: a contradiction that rests on something stays one, and
    /// what was written is kept where other words take its place.
    pub(crate) fn keep_earlier(&self, changed: &mut Self, gaps: &mut Gaps) {
        changed.earlier.clone_from(&self.earlier);
        let replaced = |before: &str, after: &str| said(before) && !gist(after).contains(&gist(before));
        if replaced(&self.speaks_for_the_person, &changed.speaks_for_the_person) {
            changed.earlier.push(self.speaks_for_the_person.clone());
        }
        for answer in &mut changed.answers {
            let Some(before) = self.answers.iter().find(|b| b.item == answer.item) else { continue };
            answer.earlier.clone_from(&before.earlier);
            if before.answer == Some(ContradictionAnswer::Contradicts) && replaced(&before.rests_on, &answer.rests_on) {
                answer.earlier.push(before.rests_on.clone());
            }
        }
        for before in &self.answers {
            let stands = before.answer == Some(ContradictionAnswer::Contradicts) && said(&before.rests_on);
            let stays =
                changed.answers.iter().any(|a| a.item == before.item && a.answer == before.answer && said(&a.rests_on));
            need!(
                gaps,
                !stands || stays,
                format!("panel.{}", before.item.code()),
                say!("rule-corroboration-contradicts-lead-stays-record-say"),
                say!("rule-corroboration-exculpatory-information-must-disclosed"),
            );
        }
    }

    pub(super) fn unresolved(&self) -> impl Iterator<Item = ContradictionItem> + '_ {
        self.answers
            .iter()
            .filter(|a| a.answer == Some(ContradictionAnswer::Contradicts) && !resolved(&a.resolution))
            .map(|a| a.item)
    }
}

/// Whether a contradiction is answered in words that tell how.
pub(super) fn resolved(resolution: &str) -> bool {
    tells(resolution, 3)
}
