//! Whom a booking file is about: the first of a list of fields that names somebody.

use std::fmt;
use std::str::FromStr;

use catalogue::say;

use crate::Survey;

/// What systems write where they know nothing. Two people whose numbers are both `UNKNOWN` are not one person.
const NOTHING: [&str; 9] = ["UNKNOWN", "UNK", "NONE", "NULL", "NA", "NOTAVAILABLE", "NOTAPPLICABLE", "TBD", "XXX"];

/// A field that may name the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubjectSource {
    /// Type of the record: 1, 2 or 10.
    pub kind: u32,
    /// Number of the field, from 2.
    pub field: u32,
    /// Whether the agency that sent the file (1.008 ORI) stands before the value: numbers that each agency gives for
    /// itself name a person only together with it.
    pub agency: bool,
}

/// Fields that may name the person, best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectFields(Vec<SubjectSource>);

/// The person that a file is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The value, behind `agency:` where the source asks for it.
    pub id: String,
    /// Which field it was.
    pub from: SubjectSource,
}

/// Why a file names nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSubject {
    /// No field of the list holds anything.
    #[error("{}", say!("booking-names-nobody", fields = _0))]
    Nobody(String),
    /// Records of one type name different people.
    #[error("{}", say!("booking-names-several", field = _0))]
    Several(String),
}

impl fmt::Display for SubjectSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let agency = if self.agency { "agency+" } else { "" };
        write!(f, "{agency}{}.{:03}", self.kind, self.field)
    }
}

impl FromStr for SubjectSource {
    type Err = String;

    /// `2.015`, or `agency+2.005`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || say!("booking-subject-field-should", text);
        let (agency, tag) = match text.trim().strip_prefix("agency+") {
            Some(tag) => (true, tag),
            None => (false, text.trim()),
        };
        let (kind, field) = tag.split_once('.').ok_or_else(wrong)?;
        let number = |digits: &str| {
            let digits = Some(digits).filter(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
            digits.and_then(|d| d.parse::<u32>().ok()).ok_or_else(wrong)
        };
        let (kind, field) = (number(kind)?, number(field)?);
        // Lengths, contents and images name nobody.
        let names = [1, 2, 10].contains(&kind) && field > 1 && field != crate::DATA && (kind, field) != (1, 3);
        if names { Ok(Self { kind, field, agency }) } else { Err(wrong()) }
    }
}

impl fmt::Display for SubjectFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, source) in self.0.iter().enumerate() {
            write!(f, "{}{source}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl FromStr for SubjectFields {
    type Err = String;

    /// Fields divided by commas, best first.
    fn from_str(text: &str) -> Result<Self, String> {
        text.split(',').map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl Default for SubjectFields {
    /// After EBTS: state number (SID), federal number, agency's own number (OCA); the user-defined 2.003 and 2.005 and at
    /// last the transaction's own number (TCN) with the agency, which alone makes them one person's.
    fn default() -> Self {
        let source = |kind, field, agency| SubjectSource { kind, field, agency };
        Self(vec![
            source(2, 15, false),
            source(2, 14, false),
            source(2, 9, false),
            source(2, 3, true),
            source(2, 5, true),
            source(1, 9, true),
        ])
    }
}

impl SubjectSource {
    /// Whether a value of this field names somebody: it holds a letter or digit, and more than a word for nothing. What a
    /// Type-2 field holds that each agency defines for itself is a number only where it has a digit: such fields hold
    /// sentences, too, and those are every file's.
    fn names(self, text: &str) -> bool {
        let plain: String = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase();
        let number = !self.agency || self.kind != 2 || plain.chars().any(|c| c.is_ascii_digit());
        number && plain.chars().any(|c| c != '0') && !NOTHING.contains(&plain.as_str())
    }
}

impl SubjectFields {
    /// The person that a file is about.
    ///
    /// # Errors
    /// [`NoSubject`]; a field in which two records disagree is not passed over for a worse one.
    pub fn find(&self, survey: &Survey) -> Result<Subject, NoSubject> {
        let text = |kind, field| survey.of_kind(kind).filter_map(move |place| survey.text(&place.record, field));
        // The sender; where the file names none, whoever took the photograph.
        let agency = text(1, 8).chain(text(10, 4)).next();
        for from in &self.0 {
            let mut found = text(from.kind, from.field).filter(|text| from.names(text));
            let Some(first) = found.next() else { continue };
            if found.any(|other| other != first) {
                return Err(NoSubject::Several(from.to_string()));
            }
            let id = match (from.agency, &agency) {
                (false, _) => first,
                (true, Some(agency)) => format!("{agency}:{first}"),
                (true, None) => continue,
            };
            return Ok(Subject { id, from: *from });
        }
        Err(NoSubject::Nobody(self.to_string()))
    }
}
