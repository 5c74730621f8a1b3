//! What a package is taken in with.

use catalogue::say;
use department::Chain;
use rusqlite::Connection;
use serde_json::json;
use uuid::Uuid;

use casework::Moment;

use super::moves::Move;
use super::package::{Taken, unfit};
use crate::audit::append;
use crate::error::VaultError;

/// What a package is taken in with.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// The department, as this workstation knows it.
    pub chain: Option<&'a Chain>,
    /// The package.
    pub package: Uuid,
    /// The workstation that signed it.
    pub sender: &'a str,
    /// The moves of the case that it brings, if it does.
    pub moves: &'a [Move],
    /// Now.
    pub at: Moment,
}

impl Around<'_> {
    /// A void package is on record, and is not asked for again.
    pub(super) fn void(&self, db: &Connection, about: Uuid, why: String) -> Result<Taken, VaultError> {
        let detail = json!({ "package": self.package, "about": about, "message": why });
        append(db, None, self.at, "package-void", &detail)?;
        Ok(Taken::Void(why))
    }

    /// The department, which there must be.
    pub(super) fn chain(&self) -> Result<&Chain, VaultError> {
        self.chain.ok_or_else(|| unfit(say!("vault-verification-no-department")))
    }

    /// Whether the package comes from a workstation of the department. One that was taken out has no word any more; but a case that was
    /// under way then lives nowhere else.
    pub(super) fn is_from_department(&self) -> bool {
        self.chain.is_some_and(|chain| {
            let newest = chain.newest();
            let when_it_left = self.moves.last().and_then(|last| chain.at(last.at));
            [Some(newest), when_it_left].into_iter().flatten().any(|then| then.roster().has_workstation(self.sender))
        })
    }
}
