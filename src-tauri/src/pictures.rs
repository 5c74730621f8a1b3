//! `picture://`: images for the window, decoded and scaled in the decoder. The window never sees a path.

use std::sync::Arc;

use tauri::http::{Request, Response, StatusCode, header};

use casework::{CandidateId, CaseId};
use faces::decoder::EditedPhoto;

use crate::desk::Desk;
use crate::error::CommandError;
use crate::foreign_pdf;
use crate::searching::adjustments;

/// Longest side that a window can ask for, in pixels: more than any photograph has.
const MAX_SIDE: u32 = 16_384;

/// Longest side at which the list of candidates shows them, in pixels, and a little more.
const LISTED: u32 = 400;

/// A picture of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// An original.
    Probe { sha256: String },
    /// The copy of the probe, prepared.
    Prepared { sha256: String },
    /// A file that belongs to an entry of the checklist.
    Attachment { sha256: String },
    /// A photograph of a candidate: 0 is the listed one.
    Candidate { candidate: CandidateId, photo: u8 },
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

/// A picture and its longest side, the last part of the address.
fn parse_scaled(path: &str) -> Option<(CaseId, Wanted, u32)> {
    let path = path.replace("%2F", "/");
    let (path, side) = path.trim_matches('/').rsplit_once('/')?;
    let (case, wanted) = parse(path)?;
    Some((case, wanted, side.parse::<u32>().ok()?.clamp(16, MAX_SIDE)))
}

/// Answers one request of the window.
pub async fn answer(desk: Arc<Desk>, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    let made = match parse_scaled(request.uri().path()) {
        None => Err(CommandError::new("unknown", "There is no such picture.")),
        Some((case, wanted, side)) => picture(desk, case, wanted, side).await,
    };
    let (status, kind, body) = match made {
        Ok(body) if body.starts_with(b"\x89PNG") => (StatusCode::OK, "image/png", body),
        Ok(body) => (StatusCode::OK, "image/jpeg", body),
        Err(error) => (StatusCode::NOT_FOUND, "text/plain; charset=utf-8", error.message.into_bytes()),
    };
    let response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .header(header::CACHE_CONTROL, "no-store")
        // The window's own pages have another scheme, and read pixels to change tones.
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .header("x-content-type-options", "nosniff");
    response.body(body).unwrap_or_default()
}

async fn picture(desk: Arc<Desk>, case: CaseId, wanted: Wanted, side: u32) -> Result<Vec<u8>, CommandError> {
    let large = match wanted {
        // Larger than the list shows it: it is being opened, whichever of picture and command comes first.
        Wanted::Candidate { candidate, .. } if side > LISTED => {
            desk.open_first(case, candidate).await?.then_some(candidate)
        }
        _ => None,
    };
    let (bytes, steps) = desk.edited(case, &wanted).await?;
    if matches!(wanted, Wanted::Attachment { .. }) && bytes.starts_with(b"%PDF-") {
        return foreign_pdf::first_page(&bytes, side).await;
    }
    let decoder = Arc::clone(&desk.decoder);
    // Noted only when there is something to be seen.
    let scale = tokio::task::spawn_blocking(move || {
        Ok(decoder.picture(EditedPhoto { bytes: &bytes, steps: &adjustments(&steps) }, side)?)
    });
    let scaled: Result<Vec<u8>, CommandError> = scale.await.map_err(|e| CommandError::new("internal", e))?;
    let scaled = scaled?;
    if let Some(candidate) = large {
        desk.seen_large(case, candidate).await?;
    }
    Ok(scaled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_addresses_are_answered() {
        let case = "0190f3a2-0000-7000-8000-000000000001";
        let sha = "a".repeat(64);
        assert!(matches!(parse_scaled(&format!("/probe/{case}/{sha}/800")), Some((_, Wanted::Probe { .. }, 800))));
        assert!(matches!(
            parse_scaled(&format!("/candidate%2F{case}%2F{case}%2F2%2F9999999")),
            Some((_, Wanted::Candidate { photo: 2, .. }, MAX_SIDE))
        ));
        for bad in [
            "/",
            "/probe",
            "/probe/x/y/1",
            "/probe/../../etc/passwd",
            "/candidate/1/2/3",
            "/prepared/1/2/3",
            &format!("/candidate/{case}/{case}/x/10"),
        ] {
            assert_eq!(parse_scaled(bad), None, "{bad}");
        }
    }
}
