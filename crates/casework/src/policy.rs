use catalogue::say;
use serde::{Deserialize, Serialize};

use department::{Day, ProviderFault, SessionRule, TrainingRule};

use crate::case::{Offence, Purpose};
use crate::oversight::OversightRule;
use crate::probe::ProbeSource;
use crate::retention::RetentionRule;
use crate::search::FilterKind;
use crate::text::said;

/// A department's rules. Every default is the strictest; a policy file may not go below the
/// floors that [`Policy::check`] states.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Name of the department, for documents.
    pub department: String,
    /// SHA-256 of the policy file's text, in hexadecimal; whoever reads the file sets it.
    #[serde(skip)]
    pub sha256: String,
    /// The zone in which times are told to people, by its name in the IANA time zone database.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// Offences of the department's own, beside the table that ships.
    #[serde(default)]
    pub offence: Vec<Offence>,
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
    /// How long cases are kept.
    #[serde(default)]
    pub retention: RetentionRule,
    /// What becomes a topic for training.
    #[serde(default)]
    pub oversight: OversightRule,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// Allows or forbids something of one kind while it is in force.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedRule<K> {
    /// Which.
    pub kind: K,
    /// Whether it is allowed.
    pub allowed: bool,
    /// The law or order behind the rule.
    pub law: String,
    /// First day in force.
    pub from: Day,
    /// Last day in force, if it ends.
    pub until: Option<Day>,
}

/// A rule for a purpose.
pub type PurposeRule = DatedRule<Purpose>;
/// A rule for a kind of probe.
pub type ProbeSourceRule = DatedRule<ProbeSource>;

impl<K: Copy + PartialEq> DatedRule<K> {
    /// The law among `rules` that forbids `kind` on `day`, if one does.
    fn forbidden(rules: &[Self], kind: K, day: Day) -> Option<&str> {
        let in_force = |rule: &&Self| rule.from <= day && rule.until.is_none_or(|until| day <= until);
        rules.iter().filter(in_force).find(|rule| rule.kind == kind && !rule.allowed).map(|rule| rule.law.as_str())
    }

    /// Whether it forbids all that `before` forbids, for as long.
    fn covers(&self, before: &Self) -> bool {
        let lasts = self.until.is_none_or(|now| before.until.is_some_and(|was| was <= now));
        !self.allowed && self.kind == before.kind && self.from <= before.from && lasts
    }

    /// Rules of `before` whose ban ends, or ends sooner, by `now`.
    fn lifted<'a>(before: &'a [Self], now: &'a [Self]) -> impl Iterator<Item = &'a Self> {
        before.iter().filter(|was| !was.allowed && !now.iter().any(|is| is.covers(was)))
    }
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
#[error("{}", say!("rule-policy-file-says-but-laxest-allowed", field, found, bound))]
pub struct PolicyError {
    /// The entry.
    pub field: &'static str,
    /// What the file says.
    pub found: u64,
    /// The laxest value that the rules of the field allow.
    pub bound: u64,
}

/// How far a department may go with one number.
struct Bound {
    field: &'static str,
    /// The laxest value.
    laxest: u64,
    /// Whether lower is laxer; else higher is.
    floor: bool,
    /// The least and the most that make sense at all.
    least: u64,
    most: u64,
}

const fn at_least(field: &'static str, laxest: u64, most: u64) -> Bound {
    Bound { field, laxest, floor: true, least: 0, most }
}

const fn at_most(field: &'static str, laxest: u64) -> Bound {
    Bound { field, laxest, floor: false, least: 1, most: laxest }
}

const fn between(field: &'static str, least: u64, laxest: u64) -> Bound {
    Bound { field, laxest, floor: false, least, most: laxest }
}

const fn up_to(field: &'static str, laxest: u64) -> Bound {
    Bound { field, laxest, floor: false, least: 0, most: laxest }
}

/// Every number of a policy. Sessions: CJIS Security Policy 5.9 (5.5.3, 5.5.5, 5.6.2). Training: a record older than two years is
/// none. Retention: 28 CFR 23.20(h) reviews intelligence after five years at the latest; records of a city are kept for two years
/// (California Government Code 34090), within which a suit under 42 USC 1983 is brought there (Code of Civil Procedure 335.1). The rest are the rules of the field in `docs` and README.
const BOUNDS: &[Bound] = &[
    at_least("basis_minimum_characters", 20, 1_000),
    at_least("search.candidates", 20, 200),
    at_least("corroboration.sought_attempts", 2, 20),
    at_least("corroboration.independent_supports", 2, 20),
    at_most("corroboration.stale_after_days", 60),
    at_most("corroboration.attachment_megabytes", 512),
    at_least("examination.minimum_concluded", 4, 200),
    at_least("examination.verification_fillers", 3, 19),
    at_most("session.lock_after_minutes", 30),
    at_most("session.wrong_passphrases", 5),
    at_least("session.wait_minutes", 10, 10_080),
    at_least("session.passphrase_characters", 8, 128),
    up_to("session.second_factor_hours", 12),
    up_to("session.provider.clock_skew_seconds", 300),
    up_to("session.provider.max_age_minutes", 720),
    up_to("session.provider.offline_hours", 24),
    at_most("training.valid_months", 24),
    at_least("training.minimum_proficiency", 70, 100),
    at_least("quality.floor", 10, 100),
    at_least("quality.target", 10, 100),
    between("retention.lead_days", 730, 1_825),
    between("retention.nothing_days", 30, 365),
    between("retention.draft_days", 30, 365),
    between("retention.notice_days", 7, 90),
    at_most("oversight.note_after_days", 90),
    at_most("oversight.searches_a_case", 10),
    at_most("oversight.same_basis_cases", 10),
    at_least("oversight.near_floor_points", 2, 50),
    at_least("oversight.seconds_a_candidate", 3, 120),
    at_most("oversight.fewest", 10),
    at_most("oversight.chance_one_in", 10_000),
    at_least("oversight.usual_from_hour", 4, 12),
    at_most("oversight.usual_until_hour", 24),
    at_most("oversight.exports_a_month", 100),
    at_most("oversight.failed_sign_ins_a_day", 10),
    at_most("oversight.clock_minutes", 30),
    at_most("oversight.silent_days", 14),
];

impl Policy {
    /// The laxest policy that [`Policy::check`] accepts: what a record must hold wherever it was made, when its own policy is
    /// not at hand. Rules of one department (form of a case number, laws) are not in it.
    pub fn laxest() -> Self {
        let of = |field: &str| BOUNDS.iter().find(|b| b.field == field).map_or(0, |b| b.laxest);
        Self {
            department: String::new(),
            sha256: String::new(),
            time_zone: utc(),
            offence: Vec::new(),
            case_number_format: String::new(),
            basis_minimum_characters: of("basis_minimum_characters") as usize,
            purpose: Vec::new(),
            probe_source: Vec::new(),
            session: SessionRule {
                lock_after_minutes: of("session.lock_after_minutes") as u16,
                wrong_passphrases: of("session.wrong_passphrases") as u16,
                wait_minutes: of("session.wait_minutes") as u16,
                passphrase_characters: of("session.passphrase_characters") as usize,
                second_factor_hours: of("session.second_factor_hours") as u16,
                provider: None,
            },
            training: TrainingRule {
                valid_months: of("training.valid_months") as u16,
                minimum_proficiency: of("training.minimum_proficiency") as u8,
            },
            quality: QualityRule { floor: of("quality.floor") as u8, target: of("quality.target") as u8 },
            search: SearchRule { candidates: of("search.candidates") as u16, filters: Vec::new() },
            examination: ExaminationRule {
                minimum_concluded: of("examination.minimum_concluded") as usize,
                verification_fillers: of("examination.verification_fillers") as usize,
            },
            corroboration: CorroborationRule {
                sought_attempts: of("corroboration.sought_attempts") as usize,
                independent_supports: of("corroboration.independent_supports") as usize,
                stale_after_days: of("corroboration.stale_after_days") as u16,
                attachment_megabytes: of("corroboration.attachment_megabytes") as u16,
            },
            retention: RetentionRule {
                lead_days: of("retention.lead_days") as u16,
                nothing_days: of("retention.nothing_days") as u16,
                draft_days: of("retention.draft_days") as u16,
                notice_days: of("retention.notice_days") as u16,
                law: String::new(),
            },
            // No record is judged by it.
            oversight: OversightRule::default(),
        }
    }

    /// The least and the most that a policy may say of a number.
    pub(crate) fn range_of(field: &str) -> (u64, u64) {
        let bound = BOUNDS.iter().find(|bound| bound.field == field);
        bound.map_or((0, 0), |bound| (if bound.floor { bound.laxest } else { bound.least }, bound.most))
    }

    fn number(&self, field: &str) -> u64 {
        let provider =
            |of: fn(&department::ProviderRule) -> u16| self.session.provider.as_ref().map_or(0, |p| u64::from(of(p)));
        match field {
            "session.provider.clock_skew_seconds" => provider(|rule| rule.clock_skew_seconds),
            "session.provider.max_age_minutes" => provider(|rule| rule.max_age_minutes),
            "session.provider.offline_hours" => provider(|rule| rule.offline_hours),
            "basis_minimum_characters" => self.basis_minimum_characters as u64,
            "search.candidates" => u64::from(self.search.candidates),
            "corroboration.sought_attempts" => self.corroboration.sought_attempts as u64,
            "corroboration.independent_supports" => self.corroboration.independent_supports as u64,
            "corroboration.stale_after_days" => u64::from(self.corroboration.stale_after_days),
            "corroboration.attachment_megabytes" => u64::from(self.corroboration.attachment_megabytes),
            "examination.minimum_concluded" => self.examination.minimum_concluded as u64,
            "examination.verification_fillers" => self.examination.verification_fillers as u64,
            "session.lock_after_minutes" => u64::from(self.session.lock_after_minutes),
            "session.wrong_passphrases" => u64::from(self.session.wrong_passphrases),
            "session.wait_minutes" => u64::from(self.session.wait_minutes),
            "session.passphrase_characters" => self.session.passphrase_characters as u64,
            "session.second_factor_hours" => u64::from(self.session.second_factor_hours),
            "training.valid_months" => u64::from(self.training.valid_months),
            "training.minimum_proficiency" => u64::from(self.training.minimum_proficiency),
            "quality.floor" => u64::from(self.quality.floor),
            "quality.target" => u64::from(self.quality.target),
            field if field.starts_with("oversight.") => self.oversight.number(&field["oversight.".len()..]),
            field => {
                let found = self.retention.numbers().into_iter().find(|(name, _)| *name == field);
                found.map_or(0, |(_, number)| number.into())
            }
        }
    }

    /// Refuses a policy that is laxer than the rules of the field allow: each number has a bound, and a case number has
    /// a form that tells one case from another.
    ///
    /// # Errors
    /// [`PolicyError`] for the first entry beyond its bound.
    pub fn check(self) -> Result<Self, PolicyError> {
        for bound in BOUNDS {
            let found = self.number(bound.field);
            let beyond = if bound.floor { found < bound.laxest } else { found > bound.laxest || found < bound.least };
            if beyond || found > bound.most {
                let too_little = !bound.floor && found < bound.least;
                let bound_said = match (found > bound.most, too_little) {
                    (true, _) => bound.most,
                    (_, true) => bound.least,
                    _ => bound.laxest,
                };
                return Err(PolicyError { field: bound.field, found, bound: bound_said });
            }
        }
        if self.offence.iter().any(|own| own.is_shipped() || crate::find_offence(&own.code, &self.offence).is_none()) {
            return Err(PolicyError { field: say!("rule-policy-offence-code-shipped-table-none"), found: 0, bound: 1 });
        }
        if let Some(fault) = self.session.provider.as_ref().and_then(department::ProviderRule::fault) {
            let field = match fault {
                ProviderFault::Issuer => say!("rule-policy-provider-issuer"),
                ProviderFault::Empty => say!("rule-policy-provider-empty"),
                ProviderFault::OneFactor => say!("rule-policy-provider-one-factor"),
            };
            return Err(PolicyError { field, found: 0, bound: 1 });
        }
        if self.quality.target < self.quality.floor {
            let (found, bound) = (u64::from(self.quality.target), u64::from(self.quality.floor));
            return Err(PolicyError { field: "quality.target", found, bound });
        }
        let placeholders = self.case_number_format.chars().filter(|c| matches!(c, '#' | 'A')).count() as u64;
        if placeholders < 4 {
            return Err(PolicyError {
                field: say!("rule-policy-case-number-format-places-digits"),
                found: placeholders,
                bound: 4,
            });
        }
        if jiff::tz::TimeZone::get(&self.time_zone).is_err() {
            return Err(PolicyError { field: say!("rule-policy-time-zone-unknown-time-zone"), found: 0, bound: 1 });
        }
        Ok(self)
    }

    /// Where this policy is laxer than `before`, a sentence each: every number that has a bound, what was forbidden and is not any
    /// more, the form of a case number, the identity provider.
    pub fn loosened_since(&self, before: &Policy) -> Vec<String> {
        let mut said = Vec::new();
        for bound in BOUNDS {
            let (was, is) = (before.number(bound.field), self.number(bound.field));
            let no_provider = bound.field.starts_with("session.provider.") && before.session.provider.is_none();
            if !no_provider && (if bound.floor { is < was } else { is > was }) {
                let number = bound.field.replace('.', "-");
                said.push(say!("rule-policy-loosened-number", number, field = bound.field, was, is));
            }
        }
        // What goes sooner is missed by those who are accused.
        for ((field, was), (_, is)) in before.retention.numbers().into_iter().zip(self.retention.numbers()) {
            if is < was {
                said.push(say!("rule-policy-retention-sooner", field, was, is));
            }
        }
        let allows = |kind: &str, law: &str| say!("rule-policy-loosened-allowed", kind, law);
        let purposes = DatedRule::lifted(&before.purpose, &self.purpose);
        said.extend(purposes.map(|rule| allows(rule.kind.in_words(), &rule.law)));
        let sources = DatedRule::lifted(&before.probe_source, &self.probe_source);
        said.extend(sources.map(|rule| allows(rule.kind.in_words(), &rule.law)));
        if self.case_number_format != before.case_number_format {
            let (was, is) = (&before.case_number_format, &self.case_number_format);
            said.push(say!("rule-policy-loosened-form", was, is));
        }
        for added in self.search.filters.iter().filter(|filter| !before.search.filters.contains(filter)) {
            said.push(
                match added {
                    FilterKind::Agency => say!("rule-policy-loosened-agency"),
                    FilterKind::CaptureYears => say!("rule-policy-loosened-years"),
                }
                .to_owned(),
            );
        }
        match (&before.session.provider, &self.session.provider) {
            (Some(was), None) => said.push(say!("rule-policy-loosened-no-provider", was = was.issuer)),
            (Some(was), Some(is)) if was != is => said.push(say!("rule-policy-loosened-provider", is = is.issuer)),
            _ => {}
        }
        said
    }

    /// The law that forbids `purpose` on `day`, if one does.
    pub fn purpose_forbidden(&self, purpose: Purpose, day: Day) -> Option<&str> {
        DatedRule::forbidden(&self.purpose, purpose, day)
    }

    /// The law that refuses probes of kind `source` on `day`, if one does.
    pub fn source_forbidden(&self, source: ProbeSource, day: Day) -> Option<&str> {
        DatedRule::forbidden(&self.probe_source, source, day)
    }

    /// Whether `number` has the form of [`Policy::case_number_format`].
    pub fn case_number_fits(&self, number: &str) -> bool {
        if self.case_number_format.is_empty() {
            return said(number);
        }
        number.chars().count() == self.case_number_format.chars().count()
            && number.chars().zip(self.case_number_format.chars()).all(|(c, form)| match form {
                '#' => c.is_ascii_digit(),
                'A' => c.is_ascii_uppercase(),
                other => c == other,
            })
    }
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
    /// Below this quality no probe is searched.
    pub quality_floor: u8,
    /// Up to this quality a search carries a warning.
    pub quality_target: u8,
    /// Minutes without work after which the window locks.
    pub lock_after_minutes: u16,
    /// Fewest characters of a passphrase.
    pub passphrase_characters: usize,
    /// The zone in which times are told.
    pub time_zone: String,
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
            quality_floor: policy.quality.floor,
            quality_target: policy.quality.target,
            lock_after_minutes: policy.session.lock_after_minutes,
            passphrase_characters: policy.session.passphrase_characters,
            time_zone: policy.time_zone.clone(),
        }
    }
}
