//! What a person gets: the answer, or the one error that crosses to the screens.

use catalogue::say;
use relay::client::DepartmentError;
use serde::Serialize;
use service::client::AskError;

use casework::Gap;
use faces::ManifestError;
use faces::decoder::DecoderError;
use vault::VaultError;

/// What a relay answers of a workstation's standing in the department: it is not in the roster, or not any more.
const STANDINGS: [&str; 2] = ["not-admitted", "revoked"];

/// The one error that crosses to the screens.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct CommandError {
    /// A stable code.
    pub code: String,
    /// What happened, what was kept, what to do.
    pub message: String,
    /// What is missing, when a gate refused.
    pub gaps: Vec<Gap>,
}

/// What a person gets: the answer, or an error that they can act on.
pub type Outcome<T> = Result<T, CommandError>;

impl CommandError {
    /// An error with a stable code for programs and a message for people.
    pub fn new(code: &str, message: impl std::fmt::Display) -> Self {
        Self { code: code.to_owned(), message: message.to_string(), gaps: Vec::new() }
    }

    /// What the person ended themselves.
    pub fn cancelled() -> Self {
        Self::new("cancelled", say!("workstation-cancelled-nothing-changed"))
    }
}

impl From<Vec<Gap>> for CommandError {
    fn from(gaps: Vec<Gap>) -> Self {
        let message = match gaps.as_slice() {
            [] => say!("workstation-step-not-open-yet").to_owned(),
            [one] => one.missing.clone(),
            [first, rest @ ..] => say!("workstation-more", missing = first.missing, rest = rest.len()),
        };
        Self { code: "gaps".to_owned(), message, gaps }
    }
}

impl From<VaultError> for CommandError {
    fn from(error: VaultError) -> Self {
        Self::new(error.code(), format!("{}.", sentence(&error)))
    }
}

impl From<&::provider::Refusal> for CommandError {
    fn from(refusal: &::provider::Refusal) -> Self {
        Self::new(refusal.code(), format!("{}.", sentence(refusal)))
    }
}

impl From<AskError> for CommandError {
    fn from(error: AskError) -> Self {
        match error.problem() {
            Some(problem) if problem.code == "model-mismatch" => {
                Self::new("model-mismatch", say!("workstation-typed-kept", detail = sentence(problem.detail.as_str())))
            }
            Some(problem) if STANDINGS.contains(&problem.code.as_str()) => {
                Self::new(&format!("relay-{}", problem.code), sentence(&error))
            }
            _ => Self::new(&error.code(), say!("workstation-typed-kept-2", error = sentence(&error))),
        }
    }
}

impl From<DepartmentError> for CommandError {
    fn from(error: DepartmentError) -> Self {
        match error {
            DepartmentError::Ask(error) => error.into(),
            error => Self::new(&error.code(), error),
        }
    }
}

impl From<DecoderError> for CommandError {
    fn from(error: DecoderError) -> Self {
        Self::new(error.code(), format!("{}.", sentence(&error)))
    }
}

impl From<ManifestError> for CommandError {
    fn from(error: ManifestError) -> Self {
        Self::new("models", format!("{}.", sentence(&error)))
    }
}

/// Nobody is signed in, or not any more.
pub(crate) fn signed_out() -> CommandError {
    CommandError::new("signed-out", say!("workstation-signed-out-sign-again-go"))
}

/// A part of the program stopped.
pub(crate) fn stopped() -> CommandError {
    CommandError::new("internal", say!("workstation-part-program-stopped-saved-safe"))
}

/// A photograph that the decoder refused was not taken in.
pub(crate) fn not_taken_in(error: DecoderError) -> CommandError {
    let mut error = CommandError::from(error);
    error.message.push_str(say!("workstation-nothing-taken-typed-kept"));
    error
}

/// An error's text as the beginning of a sentence.
fn sentence(error: &(impl std::fmt::Display + ?Sized)) -> String {
    let text = error.to_string();
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
