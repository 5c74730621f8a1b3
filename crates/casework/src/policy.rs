use serde::{Deserialize, Serialize};

use crate::{Day, FilterKind, ProbeSource, Purpose};

/// A department's rules. Every default is the strictest; a policy file may not go below the
/// floors that [`Policy::check`] states.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Name of the department, for documents.
    pub department: String,
    /// The form of a case number: `#` a digit, `A` a capital letter, everything else itself.
    pub case_number_format: String,
    /// Fewest characters of a reasonable-suspicion statement.
    pub basis_minimum_characters: usize,
    /// Switches for purposes, each dated. A purpose that no rule names is allowed.
    #[serde(default)]
    pub purpose: Vec<PurposeRule>,
    /// Switches for kinds of probe, each dated. A kind that no rule names is allowed, except the
    /// kinds that [`ProbeSource::refused_because`] refuses always.
    #[serde(default)]
    pub probe_source: Vec<ProbeSourceRule>,
    /// Signing in.
    pub session: SessionRule,
    /// Training.
    pub training: TrainingRule,
    /// Probe quality.
    pub quality: QualityRule,
    /// Searches.
    pub search: SearchRule,
    /// Examination.
    pub examination: ExaminationRule,
    /// Corroboration.
    pub corroboration: CorroborationRule,
}

/// Allows or forbids a purpose while it is in force.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurposeRule {
    /// Which purpose.
    pub kind: Purpose,
    /// Whether it is allowed.
    pub allowed: bool,
    /// The law or order behind the rule.
    pub law: String,
    /// First day in force.
    pub from: Day,
    /// Last day in force, if it ends.
    pub until: Option<Day>,
}

/// Accepts or refuses a kind of probe while it is in force.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeSourceRule {
    /// Which kind.
    pub kind: ProbeSource,
    /// Whether it is accepted.
    pub allowed: bool,
    /// The law or order behind the rule.
    pub law: String,
    /// First day in force.
    pub from: Day,
    /// Last day in force, if it ends.
    pub until: Option<Day>,
}

/// How people sign in. The bounds are those of the FBI's CJIS Security Policy 5.9 (5.5.3, 5.5.5, 5.6.2).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRule {
    /// Minutes without work after which the window locks. Never above 30.
    pub lock_after_minutes: u16,
    /// Wrong passphrases in a row after which a person must wait. Never above 5.
    pub wrong_passphrases: u16,
    /// Minutes of that wait. Never below 10.
    pub wait_minutes: u16,
    /// Fewest characters of a passphrase. Never below 8.
    pub passphrase_characters: usize,
}

/// What an examiner's training must be.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingRule {
    /// Months a training record stays current.
    pub valid_months: u16,
    /// Lowest proficiency result, 0 to 100.
    pub minimum_proficiency: u8,
}

/// Overall probe quality, 0 to 100.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualityRule {
    /// Below this a search is refused.
    pub floor: u8,
    /// From the floor up to this a search carries a warning that stays on the record.
    pub target: u8,
}

/// How searches run.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchRule {
    /// Length of a candidate list. Never below 20: a list of one is an accusation.
    pub candidates: u16,
    /// Filters that may be used.
    #[serde(default)]
    pub filters: Vec<FilterKind>,
}

/// How lists are examined.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExaminationRule {
    /// Fewest candidates with a conclusion of their own before one of them becomes a lead.
    pub minimum_concluded: usize,
    /// Other candidates that a verifier gets beside the lead. Never below 3.
    pub verification_fillers: usize,
}

/// What a corroboration record must hold.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorroborationRule {
    /// Attempts on record for `sought-not-found`. Never below 2.
    pub sought_attempts: usize,
    /// Independent supports for `lead-corroborated`. Never below 2.
    pub independent_supports: usize,
    /// Days after which a lead is stale.
    pub stale_after_days: u16,
    /// Largest attachment in megabytes. Never above 512: all of a record must fit a case package.
    pub attachment_megabytes: u16,
}

/// A policy file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the policy file says {field} = {found}, but {bound} is the laxest allowed: correct the file, nothing was changed"
)]
pub struct PolicyError {
    /// The entry.
    pub field: &'static str,
    /// What the file says.
    pub found: u64,
    /// The laxest value that the rules of the field allow.
    pub bound: u64,
}

impl Policy {
    /// Refuses a policy that is laxer than the rules of the field allow.
    ///
    /// # Errors
    /// [`PolicyError`] for the first entry beyond its bound.
    pub fn check(self) -> Result<Self, PolicyError> {
        let floors = [
            ("search.candidates", u64::from(self.search.candidates), 20),
            ("corroboration.sought_attempts", self.corroboration.sought_attempts as u64, 2),
            ("corroboration.independent_supports", self.corroboration.independent_supports as u64, 2),
            ("examination.minimum_concluded", self.examination.minimum_concluded as u64, 4),
            ("examination.verification_fillers", self.examination.verification_fillers as u64, 3),
            ("session.wait_minutes", u64::from(self.session.wait_minutes), 10),
            ("session.passphrase_characters", self.session.passphrase_characters as u64, 8),
        ];
        let ceilings = [
            ("session.lock_after_minutes", u64::from(self.session.lock_after_minutes), 30),
            ("session.wrong_passphrases", u64::from(self.session.wrong_passphrases), 5),
            ("corroboration.attachment_megabytes", u64::from(self.corroboration.attachment_megabytes), 512),
        ];
        let below = floors.into_iter().find(|(_, found, floor)| found < floor);
        let above = ceilings.into_iter().find(|(_, found, ceiling)| found > ceiling);
        match below.or(above) {
            Some((field, found, bound)) => Err(PolicyError { field, found, bound }),
            None => Ok(self),
        }
    }

    /// The law that forbids `purpose` on `day`, if one does.
    pub fn purpose_forbidden(&self, purpose: Purpose, day: Day) -> Option<&str> {
        self.purpose
            .iter()
            .filter(|r| r.kind == purpose && in_force(r.from, r.until, day))
            .find(|r| !r.allowed)
            .map(|r| r.law.as_str())
    }

    /// The law that refuses probes of kind `source` on `day`, if one does.
    pub fn source_forbidden(&self, source: ProbeSource, day: Day) -> Option<&str> {
        self.probe_source
            .iter()
            .filter(|r| r.kind == source && in_force(r.from, r.until, day))
            .find(|r| !r.allowed)
            .map(|r| r.law.as_str())
    }

    /// Whether `number` has the form of [`Policy::case_number_format`].
    pub fn case_number_fits(&self, number: &str) -> bool {
        number.chars().count() == self.case_number_format.chars().count()
            && number.chars().zip(self.case_number_format.chars()).all(|(c, form)| match form {
                '#' => c.is_ascii_digit(),
                'A' => c.is_ascii_uppercase(),
                other => c == other,
            })
    }
}

fn in_force(from: Day, until: Option<Day>, day: Day) -> bool {
    from <= day && until.is_none_or(|until| day <= until)
}

/// What the screens need to know of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PolicySummary {
    /// Name of the department.
    pub department: String,
    /// Form of a case number.
    pub case_number_format: String,
    /// Fewest attempts of a `sought-not-found`.
    pub sought_attempts: usize,
    /// Fewest candidates that need a conclusion.
    pub minimum_concluded: usize,
    /// Other candidates that a verifier gets beside the lead.
    pub verification_fillers: usize,
    /// Filters that may be used.
    pub filters: Vec<FilterKind>,
    /// Minutes without work after which the window locks.
    pub lock_after_minutes: u16,
    /// Fewest characters of a passphrase.
    pub passphrase_characters: usize,
}

impl From<&Policy> for PolicySummary {
    fn from(policy: &Policy) -> Self {
        Self {
            department: policy.department.clone(),
            case_number_format: policy.case_number_format.clone(),
            sought_attempts: policy.corroboration.sought_attempts,
            minimum_concluded: policy.examination.minimum_concluded,
            verification_fillers: policy.examination.verification_fillers,
            filters: policy.search.filters.clone(),
            lock_after_minutes: policy.session.lock_after_minutes,
            passphrase_characters: policy.session.passphrase_characters,
        }
    }
}
