//! A picture as the window shows it. A candidate that is seen large is opened, and that is on record.

use casework::CaseId;
use faces::decoder::EditedPhoto;

use crate::bring_photo::adjustments;
use crate::error::Outcome;
use crate::foreign_pdf;
use crate::photographs::{LISTED, Wanted};
use crate::workstation::Workstation;

impl Workstation {
    /// The picture as JPEG or PNG, `side` pixels at its longest. A candidate that is asked for larger than the list shows them
    /// is being opened, and that is on record.
    ///
    /// # Errors
    /// [`CommandError`]: not there, not for whoever is signed in, or not to be decoded.
    pub async fn picture(&self, case: CaseId, wanted: Wanted, side: u32) -> Outcome<Vec<u8>> {
        let large = match wanted {
            // Larger than the list shows it: it is being opened, whichever of picture and command comes first.
            Wanted::Candidate { candidate, .. } if side > LISTED => {
                self.open_first(case, candidate).await?.then_some(candidate)
            }
            _ => None,
        };
        let (bytes, steps) = self.edited(case, &wanted).await?;
        if matches!(wanted, Wanted::Attachment { .. }) && bytes.starts_with(b"%PDF-") {
            return foreign_pdf::first_page(&bytes, side).await;
        }
        let scaled = self
            .run(move |s| Ok(s.decoder.picture(EditedPhoto { bytes: &bytes, steps: &adjustments(&steps) }, side)?))
            .await?;
        // Noted only when there is something to be seen.
        if let Some(candidate) = large {
            self.seen_large(case, candidate).await?;
        }
        Ok(scaled)
    }
}
