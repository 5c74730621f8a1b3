//! The gallery's side of searches: its audit is read by a token that is for nothing else, and taken in as far as it follows from what was
//! read before.

use catalogue::say;
use gallery_api::client::Client;
use serde_json::json;
use vault::GalleryRow;

use casework::Clock;

use crate::enclosed::Enclosed;
use crate::error::CommandError;
use crate::views::DeskView;
use crate::workstation::{Outcome, SystemClock, Workstation};

/// Rows that are asked for at a time.
const AT_ONCE: u32 = 1_000;

impl Workstation {
    /// Reads on in the gallery's audit, and holds both sides against each other.
    ///
    /// # Errors
    /// Whoever is no auditor; a gallery that is away or refuses the token. What was taken in stays.
    pub async fn read_gallery_audit(&self, token: Enclosed) -> Outcome<DeskView> {
        let client: Client = self
            .run(move |s| {
                s.auditor()?;
                let token = s.envelope.open(&token)?;
                s.audit_client(&token)
            })
            .await?;
        let address = client.address().to_owned();
        let name = address.clone();
        let known = self.run(move |s| s.with(|v| Ok(v.desk_gallery(&name)?))).await?;
        let mut after = known.map_or(0, |known| known.rows);
        let mut new = 0;
        loop {
            let rows = client.audit(after, AT_ONCE).await?;
            let whole = rows.len() < AT_ONCE as usize;
            if rows.first().is_some_and(|row| row.seq != after + 1) {
                return Err(CommandError::new("gallery-audit", say!("workstation-oversight-gallery-other")));
            }
            let rows: Vec<GalleryRow> = rows
                .into_iter()
                .map(|row| GalleryRow {
                    seq: row.seq,
                    at: row.at,
                    actor: row.actor,
                    agency: row.agency,
                    action: row.action,
                    detail: row.detail,
                    hash: row.hash,
                })
                .collect();
            let (wanted, address) = (rows.len(), address.clone());
            let taken = self
                .run(move |s| {
                    s.auditor()?;
                    s.with(|v| Ok(v.desk_take_gallery(&address, &rows, SystemClock.now())?))
                })
                .await?;
            new += taken;
            after += taken as i64;
            if whole || taken < wanted {
                break;
            }
        }
        self.run(move |s| {
            let person = s.auditor()?;
            let detail = json!({ "gallery": address, "rows": after, "events": new });
            s.with(|v| Ok(v.record(Some(&person.reference()), SystemClock.now(), "gallery-audit-read", &detail)?))?;
            s.oversight()
        })
        .await
    }
}
