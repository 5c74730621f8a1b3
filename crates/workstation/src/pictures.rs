//! Pictures of a case, decoded and scaled in the decoder.

use std::sync::Arc;

use casework::{CandidateId, CaseId};
use faces::decoder::EditedPhoto;

use crate::error::CommandError;
use crate::foreign_pdf;
use crate::searching::adjustments;
use crate::workstation::Workstation;

/// Longest side at which the list of candidates shows them, in pixels, and a little more.
const LISTED: u32 = 400;

/// A picture of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// An original.
    Probe {
        /// Of its octets, in hexadecimal.
        sha256: String,
    },
    /// The copy of the probe, prepared.
    Prepared {
        /// Of the original, in hexadecimal.
        sha256: String,
    },
    /// A file that belongs to an entry of the checklist.
    Attachment {
        /// Of its octets, in hexadecimal.
        sha256: String,
    },
    /// A photograph of a candidate: 0 is the listed one.
    Candidate {
        /// Whose.
        candidate: CandidateId,
        /// Which of theirs.
        photo: u8,
    },
}

/// `probe/<case>/<sha256>`, `attachment/<case>/<sha256>`, `prepared/<case>/<sha256>` or `candidate/<case>/<candidate>/<photo>`.
pub fn parse(path: &str) -> Option<(CaseId, Wanted)> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (kind, case, which, photo) = match parts.as_slice() {
        [kind, case, which] => (*kind, *case, *which, "0"),
        [kind, case, which, photo] => (*kind, *case, *which, *photo),
        _ => return None,
    };
    let is_hash = which.len() == 64 && which.chars().all(|c| c.is_ascii_hexdigit());
    let wanted = match kind {
        "probe" if is_hash => Wanted::Probe { sha256: which.to_owned() },
        "attachment" if is_hash => Wanted::Attachment { sha256: which.to_owned() },
        "prepared" if is_hash => Wanted::Prepared { sha256: which.to_owned() },
        "candidate" => Wanted::Candidate { candidate: which.parse().ok()?, photo: photo.parse().ok()? },
        _ => return None,
    };
    Some((case.parse().ok()?, wanted))
}

impl Workstation {
    /// The picture as JPEG or PNG, `side` pixels at its longest. A candidate that is asked for larger than the list shows them
    /// is being opened, and that is on record.
    ///
    /// # Errors
    /// [`CommandError`]: not there, not for whoever is signed in, or not to be decoded.
    pub async fn picture(self: Arc<Self>, case: CaseId, wanted: Wanted, side: u32) -> Result<Vec<u8>, CommandError> {
        let station = self;
        let large = match wanted {
            // Larger than the list shows it: it is being opened, whichever of picture and command comes first.
            Wanted::Candidate { candidate, .. } if side > LISTED => {
                station.open_first(case, candidate).await?.then_some(candidate)
            }
            _ => None,
        };
        let (bytes, steps) = station.edited(case, &wanted).await?;
        if matches!(wanted, Wanted::Attachment { .. }) && bytes.starts_with(b"%PDF-") {
            return foreign_pdf::first_page(&bytes, side).await;
        }
        let decoder = Arc::clone(&station.decoder);
        // Noted only when there is something to be seen.
        let scale = tokio::task::spawn_blocking(move || {
            Ok(decoder.picture(EditedPhoto { bytes: &bytes, steps: &adjustments(&steps) }, side)?)
        });
        let scaled: Result<Vec<u8>, CommandError> = scale.await.map_err(|e| CommandError::new("internal", e))?;
        let scaled = scaled?;
        if let Some(candidate) = large {
            station.seen_large(case, candidate).await?;
        }
        Ok(scaled)
    }
}
