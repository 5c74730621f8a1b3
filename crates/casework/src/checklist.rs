use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::text::{MAX_FIELD, gist, said, tells};
use crate::{Circumstances, Entry, EntryId, Finding, Gap, Gaps, Objection, Policy, Root, Standing};

/// What an entry is about: one of the three mandatory categories, or a further kind, which supports a record
/// and never takes the place of one of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Vehicle information.
    Vehicle,
    /// Witness statements.
    Witness,
    /// Open-source media.
    OpenSourceMedia,
    /// Phone records.
    Phone,
    /// Location records.
    Location,
    /// Physical evidence.
    PhysicalEvidence,
    /// An alibi.
    Alibi,
}

impl Category {
    /// The three mandatory categories, in the order of the screen.
    pub const MANDATORY: [Category; 3] = [Category::Vehicle, Category::Witness, Category::OpenSourceMedia];

    /// The further kinds.
    pub const FURTHER: [Category; 4] =
        [Category::Phone, Category::Location, Category::PhysicalEvidence, Category::Alibi];

    /// Whether it is one of the three.
    pub fn is_mandatory(self) -> bool {
        Self::MANDATORY.contains(&self)
    }

    /// The code used in places of gaps.
    pub fn code(self) -> &'static str {
        match self {
            Category::Vehicle => "vehicle",
            Category::Witness => "witness",
            Category::OpenSourceMedia => "open-source-media",
            Category::Phone => "phone",
            Category::Location => "location",
            Category::PhysicalEvidence => "physical-evidence",
            Category::Alibi => "alibi",
        }
    }

    /// The name as people read it.
    pub fn in_words(self) -> &'static str {
        match self {
            Category::Vehicle => "Vehicle information",
            Category::Witness => "Witness statement",
            Category::OpenSourceMedia => "Open-source media",
            Category::Phone => "Phone records",
            Category::Location => "Location records",
            Category::PhysicalEvidence => "Physical evidence",
            Category::Alibi => "Alibi",
        }
    }
}

/// What a checklist is completed for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// A lead: everything is asked.
    #[default]
    Lead,
    /// An exclusion: entries may be few, but none may be half answered.
    Exclusion,
    /// No candidate: nothing is asked.
    NoCandidate,
}

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
            ContradictionItem::Height => "height",
            ContradictionItem::Weight => "weight",
            ContradictionItem::Age => "age",
            ContradictionItem::Marks => "scars, marks and tattoos",
            ContradictionItem::PhysicalCondition => "physical condition",
            ContradictionItem::Custody => "custody at the time",
            ContradictionItem::KnownLocation => "known location at the time",
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
            ContradictionAnswer::Consistent => "consistent",
            ContradictionAnswer::Contradicts => "contradicts",
            ContradictionAnswer::NotKnown => "not known",
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
    fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Gaps::new();
        let why = "A fact of this kind would have stopped several known wrongful arrests.";
        for item in ContradictionItem::ALL {
            let place = format!("panel.{}", item.code());
            let mut answers = self.answers.iter().filter(|a| a.item == item);
            match (answers.next(), answers.next()) {
                (Some(PanelAnswer { answer: Some(answer), rests_on, .. }), None) => gaps.need(
                    *answer == ContradictionAnswer::NotKnown || said(rests_on),
                    place,
                    format!("What could speak against it: say what your answer on {} rests on.", item.in_words()),
                    why,
                ),
                (Some(_), Some(_)) => gaps.need(
                    false,
                    place,
                    format!("What could speak against it: {} is answered twice. Keep one answer.", item.in_words()),
                    "A record may not contradict itself.",
                ),
                _ => gaps.need(
                    false,
                    place,
                    format!(
                        "What could speak against it: answer {} (consistent, contradicts, not known).",
                        item.in_words()
                    ),
                    why,
                ),
            }
        }
        let texts = self.answers.iter().flat_map(|a| [(a.item.code(), &a.rests_on), (a.item.code(), &a.resolution)]);
        for (at, text) in texts.chain([("speaks_for_the_person", &self.speaks_for_the_person)]) {
            gaps.need(
                text.chars().count() <= MAX_FIELD,
                format!("panel.{at}"),
                format!("What could speak against it: at most {MAX_FIELD} characters are kept in a field. Attach the document to an entry."),
                "A record that nobody can read to its end is not reviewed.",
            );
        }
        gaps.need(
            said(&self.speaks_for_the_person),
            "panel.speaks_for_the_person",
            "Say what speaks for the person, or that nothing is known.",
            "The record must hold what helps the person as well.",
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
            gaps.need(
                !stands || stays,
                format!("panel.{}", before.item.code()),
                "What contradicts the lead stays on the record. Say how it was resolved; it cannot be turned into something else.",
                "Exculpatory information must be disclosed.",
            );
        }
    }

    fn unresolved(&self) -> impl Iterator<Item = ContradictionItem> + '_ {
        self.answers
            .iter()
            .filter(|a| a.answer == Some(ContradictionAnswer::Contradicts) && !resolved(&a.resolution))
            .map(|a| a.item)
    }
}

/// Whether a contradiction is answered in words that tell how.
fn resolved(resolution: &str) -> bool {
    tells(resolution, 3)
}

/// The corroboration checklist as far as it is filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Checklist {
    /// What it is completed for.
    pub scope: Scope,
    /// All entries, in the order they were made.
    pub entries: Vec<Entry>,
    /// What could speak against the lead.
    pub panel: ContradictionPanel,
}

/// A checklist that has passed its gate. Its only constructor is [`Checklist::complete`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CompleteChecklist {
    #[serde(flatten)]
    checklist: Checklist,
    standings: Vec<(EntryId, Standing)>,
    #[serde(skip)]
    pub(crate) around: Circumstances,
    #[serde(skip)]
    pub(crate) independent_supports_needed: usize,
    #[serde(skip)]
    pub(crate) stale_after_days: u16,
}

impl Checklist {
    /// Opens the gate: every mandatory category answered, no entry half answered, the
    /// contradiction panel filled in. For [`Scope::Exclusion`] only the entries made must be
    /// whole; for [`Scope::NoCandidate`] nothing is asked.
    ///
    /// # Errors
    /// Every [`Gap`], in the order of the screen.
    pub fn complete(&self, policy: &Policy, around: &Circumstances) -> Result<CompleteChecklist, Vec<Gap>> {
        let mut gaps = Gaps::new();
        if self.scope != Scope::NoCandidate {
            let copied = self.copied();
            let entries = || self.entries.iter().zip(&copied);
            for category in Category::MANDATORY {
                let mut entries = entries().filter(|(e, _)| e.category() == category).peekable();
                gaps.need(
                    entries.peek().is_some() || self.scope == Scope::Exclusion,
                    category.code(),
                    format!(
                        "{}: add an entry. If there is none, record {} attempts to find one.",
                        category.in_words(),
                        policy.corroboration.sought_attempts
                    ),
                    "Vehicle information, witness statements and open-source media must each be answered before a case note exists.",
                );
                for (entry, copied) in entries {
                    gaps.extend(entry.gaps(policy, around, copied));
                }
            }
            for (entry, copied) in entries().filter(|(e, _)| !e.category().is_mandatory()) {
                gaps.extend(entry.gaps(policy, around, copied));
            }
            gaps.extend(self.root_gaps());
            if self.scope == Scope::Lead {
                gaps.extend(self.panel.gaps());
            }
        }
        gaps.into_result(|| CompleteChecklist {
            checklist: self.clone(),
            standings: self.standings(around),
            around: around.clone(),
            independent_supports_needed: policy.corroboration.independent_supports,
            stale_after_days: policy.corroboration.stale_after_days,
        })
    }

    /// For each entry what was said by the entries before it.
    fn copied(&self) -> Vec<BTreeSet<String>> {
        let mut before = BTreeSet::new();
        if self.entries.len() < 2 {
            return vec![before; self.entries.len()];
        }
        let said_by = |entry: &Entry| -> Vec<String> {
            let attempts = entry.attempts.iter().map(|a| gist(&a.what));
            attempts.chain([gist(&entry.shows)]).filter(|gist| !gist.is_empty()).collect()
        };
        let each = self.entries.iter().map(|entry| {
            let there = before.clone();
            before.extend(said_by(entry));
            there
        });
        each.collect()
    }

    /// What the checklist says, whatever the bytes: two of one sense are one.
    pub(crate) fn sense(&self) -> String {
        let entries = self.entries.iter().map(|e| {
            let texts: Vec<String> = e.texts().into_iter().map(|(_, text)| gist(text)).collect();
            let files: Vec<&str> = e.attachments.iter().map(|a| a.sha256.as_str()).collect();
            let answers = e.answers();
            format!("{} {:?} {:?} {:?} {texts:?} {files:?} {answers:?}", e.id, e.finding, e.fixes, e.dates())
        });
        let panel = self
            .panel
            .answers
            .iter()
            .map(|a| format!("{:?} {:?} {} {}", a.item, a.answer, gist(&a.rests_on), gist(&a.resolution)));
        let last = gist(&self.panel.speaks_for_the_person);
        entries.chain(panel).chain([last]).collect::<Vec<_>>().join("\n")
    }

    fn root_gaps(&self) -> Vec<Gap> {
        let mut gaps = Gaps::new();
        let mut seen = BTreeSet::new();
        for entry in &self.entries {
            let place = format!("{}.{}.root", entry.category().code(), entry.id);
            gaps.need(
                seen.insert(entry.id),
                place.clone(),
                "Two entries carry the same identity. Remove one of them.",
                "A record may not contradict itself.",
            );
            if let Some(Root::Entry { entry: other }) = entry.independence.root {
                gaps.need(
                    other != entry.id && self.entries.iter().any(|e| e.id == other),
                    place,
                    format!("{}: name the other entry that it shares its root with.", entry.category().in_words()),
                    "Two entries from one source are one source.",
                );
            }
        }
        gaps.into_result(|| ()).err().unwrap_or_default()
    }

    /// What each entry is worth, in the order of the entries.
    ///
    /// Of entries that share a root only the first without an objection of its own counts, and of
    /// those found by the candidate's name likewise only the first; one of a mandatory category before one of a
    /// further kind. Nothing is said of an entry with questions open.
    pub fn standings(&self, around: &Circumstances) -> Vec<(EntryId, Standing)> {
        // What an entry is worth is the same wherever it is proved; a stricter department asks for more before it is complete.
        let policy = &Policy::laxest();
        let groups = self.root_groups();
        let copied = self.copied();
        let mut counted_groups = BTreeSet::new();
        let mut name_search_counted = false;
        let mut judge = |entry: &Entry, group: usize, copied: &BTreeSet<String>| {
            let mut objections = entry.own_objections(around);
            if objections.iter().any(|o| o.contaminates()) {
                return Standing::Contaminated { objections };
            }
            // What speaks against the lead does so before the last question is answered.
            if entry.finding == Some(Finding::Contradicts) {
                return if around.for_another(entry.made_for) { Standing::Neutral } else { Standing::Against };
            }
            if !entry.gaps(policy, around, copied).is_empty() {
                return Standing::Open;
            }
            if entry.finding != Some(Finding::Supports) {
                return Standing::Neutral;
            }
            if objections.is_empty() {
                let by_name = entry.independence.found_by_name == Some(true);
                if counted_groups.contains(&group) {
                    objections.push(Objection::SharesRootWithEntry);
                } else if by_name && name_search_counted {
                    objections.push(Objection::SecondNameSearch);
                } else {
                    counted_groups.insert(group);
                    name_search_counted |= by_name;
                }
            }
            if objections.is_empty() { Standing::Independent } else { Standing::NotCounted { objections } }
        };
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        order.sort_by_key(|at| !self.entries[*at].category().is_mandatory());
        let mut judged: Vec<(usize, (EntryId, Standing))> = order
            .into_iter()
            .map(|at| (at, (self.entries[at].id, judge(&self.entries[at], groups[at], &copied[at]))))
            .collect();
        judged.sort_by_key(|(at, _)| *at);
        judged.into_iter().map(|(_, standing)| standing).collect()
    }

    /// For each entry the number of the group of entries that share one root: declared, or shown by the same file,
    /// the same source or the same address.
    fn root_groups(&self) -> Vec<usize> {
        let mut group: Vec<usize> = (0..self.entries.len()).collect();
        let mut join = |one: usize, other: usize| {
            let (from, to) = (group[one].max(group[other]), group[one].min(group[other]));
            for g in group.iter_mut().filter(|g| **g == from) {
                *g = to;
            }
        };
        for (at, entry) in self.entries.iter().enumerate() {
            if let Some(Root::Entry { entry: other }) = entry.independence.root
                && let Some(other) = self.entries.iter().position(|e| e.id == other)
            {
                join(at, other);
            }
            for (other, earlier) in self.entries[..at].iter().enumerate() {
                if entry.shares_root(earlier) {
                    join(at, other);
                }
            }
        }
        group
    }
}

impl CompleteChecklist {
    /// The checklist.
    pub fn checklist(&self) -> &Checklist {
        &self.checklist
    }

    /// What each entry is worth.
    pub fn standings(&self) -> &[(EntryId, Standing)] {
        &self.standings
    }

    /// What is missing for a corroborated lead, beyond completeness.
    pub(crate) fn support_gaps(&self) -> Vec<Gap> {
        let mut gaps = Gaps::new();
        let counted: Vec<&Entry> = self
            .checklist
            .entries
            .iter()
            .zip(&self.standings)
            .filter(|(entry, (_, standing))| *standing == Standing::Independent && entry.category().is_mandatory())
            .map(|(entry, _)| entry)
            .collect();
        let needed = self.independent_supports_needed;
        let why = "A corroborated lead rests on evidence that does not come from the search.";
        gaps.need(
            counted.len() >= needed,
            "disposition",
            format!(
                "{needed} independent supports from vehicle, witness or media needed; {} count. Otherwise the lead is not corroborated.",
                counted.len()
            ),
            why,
        );
        let categories: BTreeSet<_> = counted.iter().map(|e| e.category()).collect();
        gaps.need(
            categories.len() >= 2,
            "disposition",
            "The independent supports must come from two different categories.",
            why,
        );
        gaps.need(
            counted.iter().any(|e| e.fixes.any()),
            "disposition",
            "One independent support must fix place, time or property.",
            why,
        );
        let why = "A contradiction is answered, never passed over.";
        for (entry, (_, standing)) in self.checklist.entries.iter().zip(&self.standings) {
            gaps.need(
                *standing != Standing::Against || resolved(&entry.resolution),
                format!("{}.{}.resolution", entry.category().code(), entry.id),
                format!("{}: this entry contradicts the lead and is not resolved.", entry.category().in_words()),
                why,
            );
        }
        for item in self.checklist.panel.unresolved() {
            gaps.need(
                false,
                format!("panel.{}", item.code()),
                format!("What could speak against it: {} contradicts and is not resolved.", item.in_words()),
                why,
            );
        }
        gaps.into_result(|| ()).err().unwrap_or_default()
    }

    /// Whether something on record stands against the lead: a contradiction that rests on something and that nobody
    /// resolved.
    pub(crate) fn excludes(&self) -> bool {
        let entries = self.checklist.entries.iter().zip(&self.standings);
        let stands = entries.filter(|(_, (_, s))| *s == Standing::Against).any(|(e, _)| !resolved(&e.resolution));
        let answers = &self.checklist.panel.answers;
        let panel = self.checklist.panel.unresolved();
        stands || panel.into_iter().any(|item| answers.iter().any(|a| a.item == item && said(&a.rests_on)))
    }
}
