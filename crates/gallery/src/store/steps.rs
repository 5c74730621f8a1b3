//! The schema in numbered steps: one list for both databases. A released step is never changed.

use super::error::StoreError;
use super::sealed;
use super::sql::Database;

/// What no statement can do.
type Then = fn(&mut dyn Database) -> Result<(), StoreError>;

/// One step, as each database takes it.
pub(super) struct Step {
    pub sqlite: &'static str,
    pub postgres: &'static str,
    /// Done in the same transaction, after the statements.
    pub then: Option<Then>,
}

macro_rules! steps {
    ($($name:literal $(then $then:expr)?),* $(,)?) => {
        [$(Step {
            sqlite: include_str!(concat!("migrations/", $name, ".sqlite.sql")),
            postgres: include_str!(concat!("migrations/", $name, ".postgres.sql")),
            then: steps!(@then $($then)?),
        }),*]
    };
    (@then) => { None };
    (@then $then:expr) => { Some($then) };
}

/// All steps, in order.
const STEPS: [Step; 6] = steps![
    "0001-records",
    "0002-marks",
    "0003-extraction",
    "0004-relay",
    "0005-sealed-templates" then sealed::seal_all,
    "0006-staged-templates",
];

/// The one from which on nothing is held in the clear.
pub(super) const SEALED: i64 = 5;
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
