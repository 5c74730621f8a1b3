//! The schema in numbered steps: one list for both databases. A released step is never changed.

use super::StoreError;

/// One step, as each database takes it.
pub(super) struct Step {
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

macro_rules! steps {
    ($($name:literal),* $(,)?) => {
        [$(Step {
            sqlite: include_str!(concat!("migrations/", $name, ".sqlite.sql")),
            postgres: include_str!(concat!("migrations/", $name, ".postgres.sql")),
        }),*]
    };
}

/// All steps, in order.
const STEPS: [Step; 4] = steps!["0001-records", "0002-marks", "0003-extraction", "0004-relay"];

/// How many there are.
pub(super) const LAST: i64 = STEPS.len() as i64;

/// The steps that a database which has taken `taken` of them still lacks.
///
/// # Errors
/// [`StoreError::Newer`] with `version` when it has taken more than there are.
pub(super) fn lacking(taken: i64, version: i64) -> Result<&'static [Step], StoreError> {
    const ALL: &[Step] = &STEPS;
    usize::try_from(taken).ok().and_then(|taken| ALL.get(taken..)).ok_or(StoreError::Newer(version))
}
