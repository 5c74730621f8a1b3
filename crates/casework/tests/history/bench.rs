//! A bench on paper: what may be done at it, and when its work is whole.

use std::collections::{BTreeMap, BTreeSet};

use casework::Conclusion;

use super::paper::{Account, Row, Subject, carries};

/// What one account did at one bench.
#[derive(Debug, Clone, Default)]
pub struct Bench {
    pub by: Account,
    pub shown: Vec<Row>,
    pub analysed: bool,
    pub opened: BTreeSet<Row>,
    pub compared: BTreeSet<Row>,
    pub said: BTreeMap<Row, Conclusion>,
    pub kept: Option<Row>,
    pub none: bool,
}

impl Bench {
    pub fn of(by: Account, shown: Vec<Row>) -> Self {
        Self { by, shown, ..Self::default() }
    }

    pub fn analyse(&mut self) -> bool {
        !std::mem::replace(&mut self.analysed, true)
    }

    /// Nobody is shown before the analysis of the probe.
    pub fn open(&mut self, row: Row) -> bool {
        let shown = self.analysed && self.shown.contains(&row);
        self.opened.extend(shown.then_some(row));
        shown
    }

    pub fn compare(&mut self, row: Row) -> bool {
        let open = self.opened.contains(&row);
        self.compared.extend(open.then_some(row));
        open
    }

    /// Who was not opened can only be excluded, at the thumbnail.
    pub fn say(&mut self, row: Row, conclusion: Option<Conclusion>) -> bool {
        if !self.analysed || !self.shown.contains(&row) {
            return false;
        }
        if !self.opened.contains(&row) && conclusion.is_some_and(|c| c != Conclusion::Exclusion) {
            return false;
        }
        match conclusion {
            None => drop(self.said.remove(&row)),
            Some(conclusion) => drop(self.said.insert(row, conclusion)),
        }
        if conclusion.is_some_and(carries) {
            self.none = false;
        }
        if matches!(conclusion, None | Some(Conclusion::Exclusion)) && self.kept == Some(row) {
            self.kept = None;
        }
        true
    }

    pub fn keep(&mut self, row: Option<Row>) {
        self.kept = row;
        if row.is_some() {
            self.none = false;
        }
    }

    /// "None of these" tidies up after itself.
    pub fn none(&mut self) {
        self.none = true;
        self.kept = None;
        for conclusion in self.said.values_mut().filter(|c| carries(**c)) {
            *conclusion = Conclusion::Inconclusive;
        }
    }

    /// Support rests on a comparison.
    fn grounded(&self) -> bool {
        self.analysed && self.said.iter().all(|(row, c)| !carries(*c) || self.compared.contains(row))
    }

    /// At least four are opened; then one with support is kept and every opened one concluded, or nobody has support.
    pub fn whole(&self) -> bool {
        if !self.grounded() || self.opened.len() < 4.min(self.shown.len()) {
            return false;
        }
        if self.none {
            return self.kept.is_none() && !self.said.values().any(|c| carries(*c));
        }
        let kept = self.kept.and_then(|row| self.said.get(&row));
        kept.is_some_and(|c| carries(*c)) && self.opened.iter().all(|row| self.said.contains_key(row))
    }

    /// A second opinion is asked on all of them alike.
    pub fn answers_all(&self) -> bool {
        self.grounded() && self.shown.iter().all(|row| self.said.contains_key(row) && self.opened.contains(row))
    }

    /// Whether this work does not support `subject`, or does not single them out.
    pub fn against(&self, subject: Subject, of: impl Fn(Row) -> Option<Subject>) -> bool {
        let is = |row: &Row| of(*row) == Some(subject);
        self.shown.iter().any(is) && self.said.iter().any(|(row, c)| is(row) != carries(*c))
    }
}
