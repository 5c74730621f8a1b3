//! Heads of workstations' audits that were deposited here.

use gallery_api::wire::Anchor;

use super::error::StoreError;
use super::sql::{Row, one, with};
use super::whole::Store;

impl Store {
    /// The latest head that `workstation` signed and deposited.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_anchor(&mut self, workstation: &str) -> Result<Option<Anchor>, StoreError> {
        // Only what was signed by that key: anybody with a token may write an unsigned one.
        let own = format!("%\"workstation\":\"{workstation}\"%");
        let detail: Option<String> = one(
            &mut *self.db,
            "SELECT detail FROM audit WHERE action = 'anchor' AND detail LIKE $1 AND detail LIKE '%\"signature\":\"%'
             ORDER BY seq DESC LIMIT 1",
            with![own],
            Row::next,
        )?;
        Ok(detail.and_then(|text| serde_json::from_str(&text).ok()))
    }
}
