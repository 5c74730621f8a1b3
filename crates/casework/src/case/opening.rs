use catalogue::say;
use department::{Gap, Gaps, Moment, PersonRef, need};
use serde::{Deserialize, Deserializer, Serialize};

use super::basis::{Basis, Flag, flags, names_an_act};
use super::confirmation::Confirmation;
use super::offence::{Offence, OffenceClass, find_offence};
use super::purpose::Purpose;
use crate::ids::CaseId;
use crate::policy::Policy;
use crate::text::{MAX_FIELD, gist, refused, said};

/// A case number in the department's own format.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct CaseNumber(String);

impl CaseNumber {
    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a person typed about a case, complete or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CaseDraft {
    /// Case number as typed.
    pub case_number: String,
    /// The offence or event, in words.
    pub offence: String,
    /// When the event happened.
    pub event_at: Option<Moment>,
    /// What the search is for.
    pub purpose: Option<Purpose>,
    /// Why it is justified.
    pub basis: Basis,
    /// Said on purpose: there is another case with this number, and this is a further one.
    #[serde(default)]
    pub further_case: bool,
}

/// A case that has passed the first gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Case {
    /// Identity on this workstation.
    id: CaseId,
    /// The department's number.
    number: CaseNumber,
    /// The offence or event.
    offence: String,
    /// When the event happened.
    event_at: Moment,
    /// What the search is for.
    purpose: Purpose,
    /// Why it is justified.
    basis: Basis,
    /// Who opened the case.
    opened_by: PersonRef,
    /// When.
    opened_at: Moment,
    /// The offence that the code names, as the table had it.
    charge: Option<Offence>,
    /// The supervisor who confirmed what the program flagged.
    confirmed_by: Option<PersonRef>,
    /// When.
    confirmed_at: Option<Moment>,
}

/// A case as it is claimed: read, and not proven. Storage gives a [`Case`] only through the gate; a note takes the claim,
/// because a note is proven as a whole.
#[derive(Deserialize)]
#[serde(remote = "Case")]
pub(crate) struct RawCase {
    id: CaseId,
    number: CaseNumber,
    offence: String,
    event_at: Moment,
    purpose: Purpose,
    basis: Basis,
    opened_by: PersonRef,
    opened_at: Moment,
    #[serde(default = "before_charges")]
    charge: Option<Offence>,
    #[serde(default)]
    confirmed_by: Option<PersonRef>,
    #[serde(default)]
    confirmed_at: Option<Moment>,
}

impl<'de> Deserialize<'de> for Case {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut claimed = RawCase::deserialize(from)?;
        if claimed.charge == before_charges() {
            claimed.charge = find_offence(&claimed.basis.code, &[]);
        }
        claimed.proven(&Policy::laxest()).map_err(|gaps| refused("case", &gaps))
    }
}

/// Stands for the charge of a case that was kept before charges were: it is found by the code.
fn before_charges() -> Option<Offence> {
    let (code, name) = Default::default();
    Some(Offence { code, name, class: OffenceClass::Felony, injury: false })
}

impl Case {
    /// Passes the first gate again from what the case holds.
    ///
    /// # Errors
    /// Every gap of [`CaseDraft::open`], and one where the case is not what comes out of it.
    pub(crate) fn proven(self, policy: &Policy) -> Result<Self, Vec<Gap>> {
        // A department's own offences are not at hand: the charge on record stands in for them.
        let policy = Policy { offence: self.charge.clone().into_iter().collect(), ..policy.clone() };
        let confirmed = self.confirmation();
        let again = self.draft().open(self.id, self.opened_by.clone(), self.opened_at, &policy, confirmed.as_ref())?;
        if again == self {
            return Ok(again);
        }
        Err(vec![Gap::new(
            "purpose",
            say!("rule-case-not-one-passed-first-gate"),
            say!("rule-case-note-claims-computed-again"),
        )])
    }

    /// Identity on this workstation.
    pub fn id(&self) -> CaseId {
        self.id
    }

    /// The department's number.
    pub fn number(&self) -> &CaseNumber {
        &self.number
    }

    /// The offence or event.
    pub fn offence(&self) -> &str {
        &self.offence
    }

    /// When the event happened.
    pub fn event_at(&self) -> Moment {
        self.event_at
    }

    /// What the search is for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Why it is justified.
    pub fn basis(&self) -> &Basis {
        &self.basis
    }

    /// Who opened the case.
    pub fn opened_by(&self) -> &PersonRef {
        &self.opened_by
    }

    /// When it was opened: when the gate was passed.
    pub fn opened_at(&self) -> Moment {
        self.opened_at
    }

    /// The offence that the code names, as the table had it.
    pub fn charge(&self) -> Option<&Offence> {
        self.charge.as_ref()
    }

    /// The supervisor who confirmed what the program flagged.
    pub fn confirmed_by(&self) -> Option<&PersonRef> {
        self.confirmed_by.as_ref()
    }

    /// When they did.
    pub fn confirmed_at(&self) -> Option<Moment> {
        self.confirmed_at
    }

    /// What was typed, as the gate took it.
    pub(crate) fn draft(&self) -> CaseDraft {
        CaseDraft {
            case_number: self.number.0.clone(),
            offence: self.offence.clone(),
            event_at: Some(self.event_at),
            purpose: Some(self.purpose),
            basis: self.basis.clone(),
            further_case: false,
        }
    }

    /// The confirmation that it carries.
    pub(crate) fn confirmation(&self) -> Option<Confirmation> {
        let (by, at) = (self.confirmed_by.clone()?, self.confirmed_at?);
        Some(Confirmation { by, at, of: self.draft().confirmed_text() })
    }

    /// Why the program refers the case to the auditor, whoever forgets to.
    pub fn referrals(&self) -> Vec<String> {
        self.draft().referrals()
    }
}

impl CaseDraft {
    /// Opens the first gate: complete and well formed.
    ///
    /// # Errors
    /// A [`Gap`] for each answer that is missing, malformed, or forbidden by the policy today, and where something is
    /// flagged and no supervisor has confirmed it.
    pub fn open(
        &self,
        id: CaseId,
        by: PersonRef,
        now: Moment,
        policy: &Policy,
        confirmed: Option<&Confirmation>,
    ) -> Result<Case, Vec<Gap>> {
        let mut gaps = Gaps::new();
        let number = self.case_number.trim();
        let confirmed = confirmed.filter(|c| c.of == self.confirmed_text() && !c.by.is_same(&by) && c.at <= now);
        let texts = [
            ("offence", &self.offence),
            ("basis.statement", &self.basis.statement),
            ("basis.requested_by", &self.basis.requested_by),
            ("basis.code", &self.basis.code),
        ];
        for (field, text) in texts {
            need!(
                gaps,
                text.chars().count() <= MAX_FIELD,
                format!("purpose.{field}"),
                say!("rule-case-most-characters-kept-field", max_field = MAX_FIELD),
                say!("rule-case-record-nobody-can-read-end"),
            );
        }
        need!(
            gaps,
            policy.case_number_fits(number),
            "purpose.case_number",
            say!("rule-case-enter-number-form-digit", case_number_format = policy.case_number_format),
            say!("rule-case-every-search-belongs-auditor-can"),
        );
        need!(
            gaps,
            said(&self.offence),
            "purpose.offence",
            say!("rule-case-name-offence-event"),
            say!("rule-case-search-needs-crime-person-found"),
        );
        need!(
            gaps,
            self.event_at.is_some(),
            "purpose.event_at",
            say!("rule-case-enter-when-event-happened"),
            say!("rule-case-later-answers-checked-against-time"),
        );
        if let Some(event) = self.event_at {
            need!(
                gaps,
                event <= now,
                "purpose.event_at",
                say!("rule-case-event-lies-future-correct-date"),
                say!("rule-case-later-answers-checked-against-time"),
            );
        }
        match self.purpose {
            None => gaps.push(Gap::new(
                "purpose.purpose",
                say!("rule-case-choose-purpose"),
                say!("rule-case-searches-allowed-listed-purposes-only"),
            )),
            Some(purpose) => {
                if let Some(law) = policy.purpose_forbidden(purpose, now.day()) {
                    gaps.push(Gap::new(
                        "purpose.purpose",
                        say!("rule-case-department-does-not-allow-purpose", law),
                        say!("rule-case-department-policy-local-law-decide"),
                    ));
                }
                gaps.extend(self.basis_gaps(purpose, policy, confirmed.is_some()));
            }
        }
        let parts = (self.event_at, self.purpose);
        let charge = find_offence(&self.basis.code, &policy.offence);
        let supervisor = confirmed.map(|c| c.by.name.clone()).unwrap_or_default();
        gaps.into_result(|| parts).and_then(|parts| match parts {
            (Some(event_at), Some(purpose)) => Ok(Case {
                id,
                number: CaseNumber(number.to_owned()),
                offence: self.offence.trim().to_owned(),
                event_at,
                purpose,
                basis: Basis { supervisor, ..self.basis.clone() },
                opened_by: by,
                opened_at: now,
                charge,
                confirmed_by: confirmed.map(|c| c.by.clone()),
                confirmed_at: confirmed.map(|c| c.at),
            }),
            _ => Err(Vec::new()),
        })
    }

    /// What a confirmation is bound to: everything of which a change could change what is confirmed.
    pub(crate) fn confirmed_text(&self) -> String {
        let purpose = self.purpose.map_or("", Purpose::code);
        [purpose, &gist(&self.basis.code), &gist(&self.offence), &gist(&self.basis.statement)].join("|")
    }

    /// What a supervisor must confirm before a search runs.
    pub fn flags(&self) -> Vec<Flag> {
        let mut found = flags(&self.basis.statement);
        found.extend(flags(&self.offence));
        found.extend(flags(&self.basis.code));
        // A name can be anybody's: `Christian` is no religion here.
        found.extend(
            flags(&self.basis.requested_by).into_iter().filter(|flag| flag.names != say!("rule-case-religion")),
        );
        let missing = |word: &str, names: &str| Flag { word: word.to_owned(), names: names.to_owned() };
        if self.purpose.is_some_and(Purpose::concerns_a_crime)
            && said(&self.basis.statement)
            && !names_an_act(&self.basis.statement)
        {
            found.push(missing("", say!("rule-case-no-act-does-not-say")));
        }
        if self.purpose == Some(Purpose::ImminentThreat) {
            found.push(missing("", say!("rule-case-imminent-threat")));
        }
        found.sort();
        found.dedup();
        found
    }

    /// Why it is referred to the auditor.
    pub(crate) fn referrals(&self) -> Vec<String> {
        let words = |flag: Flag| match flag.word.as_str() {
            "" => say!("rule-case-purpose-statement-names", names = flag.names),
            _ => format!("{}.", flag.in_words()),
        };
        self.flags().into_iter().map(words).collect()
    }

    fn basis_gaps(&self, purpose: Purpose, policy: &Policy, confirmed: bool) -> Vec<Gap> {
        let mut gaps = Gaps::new();
        let basis = &self.basis;
        let why = say!("rule-case-auditors-read-why-each-search");
        if purpose.concerns_a_crime() {
            let charge = find_offence(&basis.code, &policy.offence);
            need!(gaps, charge.is_some(), "purpose.basis.code", say!("rule-case-enter-crime-code-instance-211"), why);
            need!(
                gaps,
                charge.as_ref().is_none_or(|offence| offence.serves(purpose)),
                "purpose.basis.code",
                charge.map_or_else(String::new, |offence| {
                    say!(
                        "rule-case-does-not-serve-purpose-correct",
                        offence = offence.code,
                        name = offence.name,
                        purpose = purpose.in_words()
                    )
                }),
                say!("rule-case-offence-decides-search-may-made"),
            );
        }
        let ask = match purpose {
            Purpose::Felony | Purpose::MisdemeanorWithInjury => {
                say!("rule-case-state-reasonable-suspicion-person-image")
            }
            Purpose::MissingPerson => say!("rule-case-state-missing-since-when-why"),
            Purpose::DeceasedIdentification => say!("rule-case-state-where-when-deceased-found"),
            Purpose::UnableToIdentifySelf => say!("rule-case-state-why-person-cannot-say"),
            Purpose::ImminentThreat => say!("rule-case-state-threat-life-why-waiting"),
            Purpose::Training => say!("rule-case-state-training-exercise"),
        };
        let visible = basis.statement.chars().filter(|c| c.is_alphanumeric()).count();
        need!(
            gaps,
            gist(&basis.statement).chars().filter(|c| !c.is_whitespace()).count().min(visible)
                >= policy.basis_minimum_characters * 2 / 3
                && basis.statement.trim().chars().count() >= policy.basis_minimum_characters,
            "purpose.basis.statement",
            say!("rule-case-least-characters", ask, basis_minimum_characters = policy.basis_minimum_characters),
            why,
        );
        need!(gaps, said(&basis.requested_by), "purpose.basis.requested_by", say!("rule-case-enter-asked-search"), why);
        let flags = self.flags();
        if let (Some(flag), false) = (flags.first(), confirmed) {
            let what = match flag.word.as_str() {
                "" => flag.names.clone(),
                _ => flag.quoted(),
            };
            gaps.push(Gap::new(
                "purpose.basis.supervisor",
                say!("rule-case-says-supervisor-confirms-here-their", what),
                say!("rule-case-face-recognition-may-not-turned"),
            ));
        }
        gaps.into_result(|| ()).err().unwrap_or_default()
    }
}
