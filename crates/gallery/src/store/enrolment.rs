//! A photograph to enrol, and what becomes of it.

/// Two people who say that an order no longer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Who enrols.
    pub by: String,
    /// Who agrees.
    pub second: String,
    /// Their agency; an operator on the gallery's machine has none and may for all.
    pub agency: Option<String>,
}

/// One photograph to enrol.
#[derive(Clone)]
pub struct Enrolment {
    /// The person.
    pub subject: String,
    /// SHA-256 of the file, for resumption.
    pub source_sha256: String,
    /// JPEG to show; empty for none.
    pub photo: Vec<u8>,
    /// Day of the photograph.
    pub captured_on: Option<String>,
    /// Agency.
    pub agency: Option<String>,
    /// Model of the template.
    pub model: String,
    /// The template.
    pub values: Vec<f32>,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither photograph nor template stands in a log.
        f.debug_struct("Enrolment").field("subject", &self.subject).field("model", &self.model).finish_non_exhaustive()
    }
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enrolled {
    /// A new record.
    New,
    /// Was there already.
    Known,
    /// Not enrolled: expunged by order under this certificate.
    Expunged(String),
    /// Not enrolled: it looks like a copy of a photograph that was expunged under this certificate.
    Resembles(String),
}
