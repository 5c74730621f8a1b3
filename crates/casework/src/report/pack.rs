use std::collections::BTreeSet;

use catalogue::say;
use department::Day;
use serde::{Deserialize, Serialize};

use super::measure::{Dimension, Measure};
use crate::results::Span;
use crate::text::said;

/// What a field tells beside counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Facts {
    /// The galleries that were searched, each with its model.
    Systems,
    /// The program with its version.
    Program,
    /// The policies in force.
    Policies,
}

/// A report that a law asks for, as data (`assets/reports`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Its name in commands: small letters, digits and hyphens.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The law, or whose order it is.
    pub law: String,
    /// First day in force.
    pub from: Day,
    /// Last day in force, if it ends.
    pub until: Option<Day>,
    /// Its fields, in their order.
    pub field: Vec<PackField>,
}

/// One field of a pack: it counts something, tells facts, or is not recorded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackField {
    /// Its name within the pack.
    pub code: String,
    /// Its title.
    pub title: String,
    /// What the law asks, in short.
    pub asks: String,
    /// What is counted.
    pub count: Option<Measure>,
    /// By what it is broken down.
    #[serde(default)]
    pub by: Vec<Dimension>,
    /// Facts that it tells.
    pub facts: Option<Facts>,
    /// Why it cannot be filled from the records.
    pub not_recorded: Option<String>,
}

/// A pack that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// It cannot be read.
    #[error("{}", say!("rule-report-pack-unreadable", what = _0))]
    Form(String),
    /// A field asks for what a report cannot tell.
    #[error("{}", say!("rule-report-pack-field", field = _0))]
    Field(String),
    /// It was not in force.
    #[error("{}", say!("rule-report-pack-not-in-force", pack))]
    NotInForce {
        /// Its title.
        pack: String,
    },
    /// Its days are none.
    #[error("{}", say!("rule-report-days"))]
    Days,
}

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../../assets/reports/", $name, ".toml")))),*]
    };
}

/// The packs that ship, by their names.
pub fn shipped_packs() -> [(&'static str, &'static str); 8] {
    shipped![
        "transparency",
        "operator-audit",
        "maryland-2-510",
        "maryland-2-505",
        "san-francisco-19b",
        "new-orleans",
        "washington-43-386",
        "detroit-weekly",
    ]
}

impl Pack {
    /// Takes in a pack that was read.
    ///
    /// # Errors
    /// [`PackError`] for one that is malformed, and for a field that tells of people more than one thing at a time.
    pub fn check(self) -> Result<Self, PackError> {
        let pack = self;
        let code = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !code(&pack.id) || !said(&pack.title) || !said(&pack.law) || pack.field.is_empty() {
            return Err(PackError::Form(pack.id));
        }
        let mut seen = BTreeSet::new();
        for field in &pack.field {
            let kinds = [field.count.is_some(), field.facts.is_some(), field.not_recorded.is_some()];
            let personal = field.by.iter().any(|dimension| dimension.is_personal());
            let people = field.count.is_some_and(|measure| !measure.kinds().is_empty());
            let sound = code(&field.code)
                && seen.insert(&field.code)
                && said(&field.title)
                && kinds.into_iter().filter(|kind| *kind).count() == 1
                && field.not_recorded.as_deref().is_none_or(said)
                && (field.by.is_empty() || field.count.is_some())
                && field.by.len() <= 2
                && (!personal || (field.by.len() == 1 && people));
            if !sound {
                return Err(PackError::Field(field.code.clone()));
            }
        }
        Ok(pack)
    }

    /// Whether a report over `span` can be asked for by it.
    ///
    /// # Errors
    /// [`PackError`] for days that are none, and for those on which it was not in force.
    pub fn covers(&self, span: &Span) -> Result<(), PackError> {
        if span.from > span.to {
            return Err(PackError::Days);
        }
        if span.to < self.from || self.until.is_some_and(|until| span.from > until) {
            return Err(PackError::NotInForce { pack: self.title.clone() });
        }
        Ok(())
    }
}
