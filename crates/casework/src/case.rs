use serde::{Deserialize, Serialize};

use crate::{Basis, CaseId, Gap, Gaps, Moment, PersonRef, Policy, said, sensitive_terms};

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

/// What a search is for. Codes are those of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// A felony.
    Felony,
    /// A misdemeanor in which somebody was injured.
    MisdemeanorWithInjury,
    /// A missing person.
    MissingPerson,
    /// Naming a deceased person.
    DeceasedIdentification,
    /// A living person who cannot say who they are.
    UnableToIdentifySelf,
    /// An imminent threat to life; needs a supervisor and is always referred to audit.
    ImminentThreat,
    /// Training, against the training gallery only.
    Training,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Purpose; 7] = [
        Purpose::Felony,
        Purpose::MisdemeanorWithInjury,
        Purpose::MissingPerson,
        Purpose::DeceasedIdentification,
        Purpose::UnableToIdentifySelf,
        Purpose::ImminentThreat,
        Purpose::Training,
    ];

    /// The code that goes over the wire, the same as in records.
    pub fn code(self) -> &'static str {
        match self {
            Purpose::Felony => "felony",
            Purpose::MisdemeanorWithInjury => "misdemeanor-with-injury",
            Purpose::MissingPerson => "missing-person",
            Purpose::DeceasedIdentification => "deceased-identification",
            Purpose::UnableToIdentifySelf => "unable-to-identify-self",
            Purpose::ImminentThreat => "imminent-threat",
            Purpose::Training => "training",
        }
    }

    fn concerns_a_crime(self) -> bool {
        matches!(self, Purpose::Felony | Purpose::MisdemeanorWithInjury)
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
}

/// A case that has passed the first gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Case {
    /// Identity on this workstation.
    pub id: CaseId,
    /// The department's number.
    pub number: CaseNumber,
    /// The offence or event.
    pub offence: String,
    /// When the event happened.
    pub event_at: Moment,
    /// What the search is for.
    pub purpose: Purpose,
    /// Why it is justified.
    pub basis: Basis,
    /// Who opened the case.
    pub opened_by: PersonRef,
    /// When.
    pub opened_at: Moment,
}

impl CaseDraft {
    /// Opens the first gate: complete and well formed.
    ///
    /// # Errors
    /// A [`Gap`] for each answer that is missing, malformed, or forbidden by the policy today.
    pub fn open(&self, id: CaseId, by: PersonRef, now: Moment, policy: &Policy) -> Result<Case, Vec<Gap>> {
        let mut gaps = Gaps::new();
        let number = self.case_number.trim();
        gaps.need(
            policy.case_number_fits(number),
            "purpose.case_number",
            format!("Enter the case number in the form {} (# is a digit).", policy.case_number_format),
            "Every search belongs to a case that an auditor can look up.",
        );
        gaps.need(
            said(&self.offence),
            "purpose.offence",
            "Name the offence or event.",
            "A search needs a crime or a person to be found, not a face.",
        );
        gaps.need(
            self.event_at.is_some(),
            "purpose.event_at",
            "Enter when the event happened.",
            "Later answers are checked against the time of the event.",
        );
        if let Some(event) = self.event_at {
            gaps.need(
                event <= now,
                "purpose.event_at",
                "The event lies in the future. Correct its date and time.",
                "Later answers are checked against the time of the event.",
            );
        }
        match self.purpose {
            None => gaps.need(
                false,
                "purpose.purpose",
                "Choose a purpose.",
                "Searches are allowed for listed purposes only.",
            ),
            Some(purpose) => {
                if let Some(law) = policy.purpose_forbidden(purpose, now.day()) {
                    gaps.need(
                        false,
                        "purpose.purpose",
                        format!("Your department does not allow this purpose ({law}). Choose another or ask your supervisor."),
                        "Department policy and local law decide which purposes are allowed.",
                    );
                }
                gaps.extend(self.basis_gaps(purpose, policy));
            }
        }
        let parts = (self.event_at, self.purpose);
        gaps.into_result(|| parts).and_then(|parts| match parts {
            (Some(event_at), Some(purpose)) => Ok(Case {
                id,
                number: CaseNumber(number.to_owned()),
                offence: self.offence.trim().to_owned(),
                event_at,
                purpose,
                basis: self.basis.clone(),
                opened_by: by,
                opened_at: now,
            }),
            _ => Err(Vec::new()),
        })
    }

    fn basis_gaps(&self, purpose: Purpose, policy: &Policy) -> Vec<Gap> {
        let mut gaps = Gaps::new();
        let basis = &self.basis;
        let why = "Auditors read why each search was justified.";
        if purpose.concerns_a_crime() {
            gaps.need(said(&basis.code), "purpose.basis.code", "Enter the crime code, for instance 211 PC.", why);
        }
        let ask = match purpose {
            Purpose::Felony | Purpose::MisdemeanorWithInjury => {
                "State the reasonable suspicion: what the person in the image is seen or known to have done"
            }
            Purpose::MissingPerson => "State who is missing, since when, and why this image may show them",
            Purpose::DeceasedIdentification => "State where and when the deceased was found and what else was tried",
            Purpose::UnableToIdentifySelf => "State why the person cannot say who they are and what else was tried",
            Purpose::ImminentThreat => "State the threat to life and why waiting would endanger it",
            Purpose::Training => "State the training exercise",
        };
        gaps.need(
            basis.statement.trim().chars().count() >= policy.basis_minimum_characters,
            "purpose.basis.statement",
            format!("{ask} (at least {} characters).", policy.basis_minimum_characters),
            why,
        );
        gaps.need(said(&basis.requested_by), "purpose.basis.requested_by", "Enter who asked for the search.", why);
        let terms = sensitive_terms(&basis.statement);
        if purpose == Purpose::ImminentThreat {
            gaps.need(
                said(&basis.supervisor),
                "purpose.basis.supervisor",
                "Enter the supervisor who was told of the threat. This search is referred to audit.",
                "An emergency is checked afterwards, always.",
            );
        } else if let Some(term) = terms.first() {
            gaps.need(
                said(&basis.supervisor),
                "purpose.basis.supervisor",
                format!(
                    "The statement says \u{201c}{}\u{201d}, which names {}. Tell your supervisor and enter the name before a search runs.",
                    term.word, term.names
                ),
                "Face recognition may not be turned on people for assembling, believing or holding a view.",
            );
        }
        gaps.into_result(|| ()).err().unwrap_or_default()
    }
}
