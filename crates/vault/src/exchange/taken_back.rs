//! A case on its way to a workstation that was taken out of the department comes back: nobody there can take it in any more.

use std::collections::BTreeSet;

use serde_json::json;

use casework::Moment;
use department::fingerprint;

use crate::audit::append;
use crate::error::VaultError;
use crate::vault::Vault;

impl Vault {
    /// Takes back the cases that never arrived at a workstation which the newest roster does not have. They go on as they left.
    pub(super) fn take_back(&mut self, at: Moment) -> Result<(), VaultError> {
        let Some(chain) = self.department() else { return Ok(()) };
        let there = &chain.newest().roster().content().workstations;
        let there: BTreeSet<String> = there.iter().map(|one| one.signs.key().to_string()).collect();
        let mut query =
            self.db.prepare("SELECT case_id, recipient, package_id FROM case_moved WHERE arrived_at IS NULL")?;
        let rows =
            query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?)))?;
        let out: Vec<_> =
            rows.filter(|row| row.as_ref().map_or(true, |(_, to, _)| !there.contains(to))).collect::<Result<_, _>>()?;
        drop(query);
        for (case, to, package) in out {
            self.write(|db| {
                db.execute("DELETE FROM case_moved WHERE case_id = ?1", [&case])?;
                db.execute("DELETE FROM outbox WHERE kind = 'case' AND package_id = ?1", [&package])?;
                append(
                    db,
                    None,
                    at,
                    "case-taken-back",
                    &json!({ "case": case, "from": fingerprint(&to), "package": package }),
                )
            })?;
        }
        Ok(())
    }
}
