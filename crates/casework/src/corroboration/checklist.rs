use std::collections::BTreeSet;

use catalogue::say;
use department::{Gap, Gaps, need};
use serde::{Deserialize, Serialize};

use super::category::{Category, Scope};
use super::circumstances::Circumstances;
use super::entry::{Entry, Finding, Root};
use super::panel::{ContradictionPanel, resolved};
use super::standing::{Objection, Standing};
use crate::ids::EntryId;
use crate::policy::Policy;
use crate::text::gist;

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
                need!(
                    gaps,
                    entries.peek().is_some() || self.scope == Scope::Exclusion,
                    category.code(),
                    say!(
                        "rule-corroboration-add-entry-if-none-record",
                        category = category.in_words(),
                        sought_attempts = policy.corroboration.sought_attempts
                    ),
                    say!("rule-corroboration-vehicle-information-witness-statements-open"),
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
            need!(
                gaps,
                seen.insert(entry.id),
                place.clone(),
                say!("rule-corroboration-two-entries-carry-same-identity"),
                say!("rule-corroboration-record-may-not-contradict-itself"),
            );
            if let Some(Root::Entry { entry: other }) = entry.independence.root {
                need!(
                    gaps,
                    other != entry.id && self.entries.iter().any(|e| e.id == other),
                    place,
                    say!("rule-corroboration-name-other-entry-shares-root", category = entry.category().in_words()),
                    say!("rule-corroboration-two-entries-from-one-source"),
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
        let why = say!("rule-corroboration-corroborated-lead-rests-evidence-does");
        need!(
            gaps,
            counted.len() >= needed,
            "disposition",
            say!("rule-corroboration-independent-supports-from-vehicle-witness", needed, counted = counted.len()),
            why,
        );
        let categories: BTreeSet<_> = counted.iter().map(|e| e.category()).collect();
        need!(
            gaps,
            categories.len() >= 2,
            "disposition",
            say!("rule-corroboration-independent-supports-must-come-from"),
            why,
        );
        need!(
            gaps,
            counted.iter().any(|e| e.fixes.any()),
            "disposition",
            say!("rule-corroboration-one-independent-support-must-fix"),
            why,
        );
        let why = say!("rule-corroboration-contradiction-answered-never-passed-over");
        for (entry, (_, standing)) in self.checklist.entries.iter().zip(&self.standings) {
            need!(
                gaps,
                *standing != Standing::Against || resolved(&entry.resolution),
                format!("{}.{}.resolution", entry.category().code(), entry.id),
                say!("rule-corroboration-entry-contradicts-lead-not-resolved", category = entry.category().in_words()),
                why,
            );
        }
        for item in self.checklist.panel.unresolved() {
            gaps.push(Gap::new(
                format!("panel.{}", item.code()),
                say!("rule-corroboration-could-speak-against-contradicts-not", item = item.in_words()),
                why,
            ));
        }
        gaps.into_result(|| ()).err().unwrap_or_default()
    }

    /// Whether something on record stands against the lead: a contradiction that rests on something and that nobody
    /// resolved.
    pub(crate) fn excludes(&self) -> bool {
        let entries = self.checklist.entries.iter().zip(&self.standings);
        let stands = entries.filter(|(_, (_, s))| *s == Standing::Against).any(|(e, _)| !resolved(&e.resolution));
        // A complete panel says what each contradiction rests on.
        stands || self.checklist.panel.unresolved().next().is_some()
    }
}
