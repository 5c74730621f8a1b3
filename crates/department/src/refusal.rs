use catalogue::say;
use serde::Serialize;

use crate::Gap;

/// Why a document of the department, or a statement of one of its people, does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
#[allow(missing_docs)] // Each variant's words say what it is.
pub enum Refusal {
    #[error("{}", say!("rule-department-too-large", bytes, most))]
    TooLarge { bytes: usize, most: usize },
    #[error("{}", say!("rule-department-too-many", what, most))]
    TooMany { what: String, most: usize },
    #[error("{}", say!("rule-department-not-text", what))]
    NotText { what: String },
    #[error("{}", say!("rule-department-duplicate-name", name))]
    DuplicateName { name: String },
    #[error("{}", say!("rule-department-unknown-field", name))]
    UnknownField { name: String },
    #[error("{}", say!("rule-department-malformed", what))]
    Malformed { what: String },
    #[error("{}", say!("rule-department-not-canonical"))]
    NotCanonical,
    #[error("{}", say!("rule-department-schema-downgraded", found))]
    SchemaDowngraded { found: String },
    #[error("{}", say!("rule-department-schema-unknown", found))]
    SchemaUnknown { found: String },

    #[error("{}", say!("rule-department-key-malformed", key))]
    KeyMalformed { key: String },
    #[error("{}", say!("rule-department-key-weak", key))]
    KeyWeak { key: String },
    #[error("{}", say!("rule-department-recipient-malformed", name))]
    RecipientMalformed { name: String },
    #[error("{}", say!("rule-department-signature-malformed"))]
    SignatureMalformed,
    #[error("{}", say!("rule-department-signature-malleable"))]
    SignatureMalleable,
    #[error("{}", say!("rule-department-signature-wrong", key))]
    SignatureWrong { key: String },

    #[error("{}", say!("rule-department-no-documents"))]
    NoDocuments,
    #[error("{}", say!("rule-department-other-department", found))]
    OtherDepartment { found: String },
    #[error("{}", say!("rule-department-wrong-number", expected, found))]
    WrongNumber { expected: u32, found: u32 },
    #[error("{}", say!("rule-department-wrong-predecessor", number))]
    WrongPredecessor { number: u32 },
    #[error("{}", say!("rule-department-fork", number, one, other))]
    Fork { number: u32, one: String, other: String },
    #[error("{}", say!("rule-department-rollback", seen, found))]
    Rollback { seen: u32, found: u32 },
    #[error("{}", say!("rule-department-dates-out-of-order", what, earlier, later))]
    DatesOutOfOrder { what: String, earlier: String, later: String },
    #[error("{}", say!("rule-department-not-an-administrator", key, number))]
    NotAnAdministrator { key: String, number: u32 },
    #[error("{}", say!("rule-department-signed-twice", name))]
    SignedTwice { name: String },
    #[error("{}", say!("rule-department-too-few-signatures", needed, found))]
    TooFewSignatures { needed: usize, found: usize },
    #[error("{}", say!("rule-department-removal-needs-others", name))]
    RemovalNeedsOthers { name: String },
    #[error("{}", say!("rule-department-recovery-key-for-policy"))]
    RecoveryKeyForPolicy,

    #[error("{}", say!("rule-department-incomplete", name, first = first(gaps)))]
    Incomplete { name: String, gaps: Vec<Gap> },
    #[error("{}", say!("rule-department-text-unfit", what))]
    TextUnfit { what: String },
    #[error("{}", say!("rule-department-person-twice", name))]
    PersonTwice { name: String },
    #[error("{}", say!("rule-department-name-twice", name))]
    NameTwice { name: String },
    #[error("{}", say!("rule-department-person-swapped", name))]
    PersonSwapped { name: String },
    #[error("{}", say!("rule-department-no-administrator"))]
    NoAdministrator,
    #[error("{}", say!("rule-department-administrator-without-key", name))]
    AdministratorWithoutKey { name: String },
    #[error("{}", say!("rule-department-key-twice", key))]
    KeyTwice { key: String },
    #[error("{}", say!("rule-department-key-of-another", key))]
    KeyOfAnother { key: String },
    #[error("{}", say!("rule-department-key-came-back", key))]
    KeyCameBack { key: String },
    #[error("{}", say!("rule-department-key-begins-otherwise", key))]
    KeyBeginsOtherwise { key: String },

    #[error("{}", say!("rule-department-kind-unfit", kind))]
    KindUnfit { kind: String },
    #[error("{}", say!("rule-department-no-such-version", number, newest))]
    NoSuchVersion { number: u32, newest: u32 },
    #[error("{}", say!("rule-department-other-roster", number))]
    OtherRoster { number: u32 },
    #[error("{}", say!("rule-department-before-its-version", at, number, made_at))]
    BeforeItsVersion { at: String, number: u32, made_at: String },
    #[error("{}", say!("rule-department-no-roster-then", at))]
    NoRosterThen { at: String },
    #[error("{}", say!("rule-department-after-the-log", at, logged))]
    AfterTheLog { at: String, logged: String },
    #[error("{}", say!("rule-department-key-unknown", key))]
    KeyUnknown { key: String },
    #[error("{}", say!("rule-department-key-not-yet", key, from))]
    KeyNotYet { key: String, from: String },
    #[error("{}", say!("rule-department-key-ended", key, ended))]
    KeyEnded { key: String, ended: String },
    #[error("{}", say!("rule-department-another-person", named))]
    AnotherPerson { named: String },
    #[error("{}", say!("rule-department-role-missing", name, role))]
    RoleMissing { name: String, role: String },
    #[error("{}", say!("rule-department-not-trained", name, first = first(gaps)))]
    NotTrained { name: String, gaps: Vec<Gap> },
    #[error("{}", say!("rule-department-payload-differs"))]
    PayloadDiffers,
}

fn first(gaps: &[Gap]) -> &str {
    gaps.first().map_or("", |gap| gap.missing.as_str())
}

impl Refusal {
    /// The reason's code, as the pages of `docs/formats` and their vectors name it.
    pub fn reason(&self) -> String {
        let value = serde_json::to_value(self).ok();
        value.and_then(|value| value["reason"].as_str().map(str::to_owned)).unwrap_or_default()
    }
}
