//! `picture://`: images for the window, decoded and scaled in the darkroom. The window never sees a path.

use std::sync::Arc;

use tauri::http::{Request, Response, StatusCode, header};

use casework::{CandidateId, CaseId};

use crate::desk::Desk;
use crate::error::CommandError;

/// Longest side that a window can ask for, in pixels.
const MAX_SIDE: u32 = 4096;

/// `/probe/<case>/<sha256>/<side>` or `/candidate/<case>/<candidate>/<side>`.
#[derive(Debug, PartialEq)]
enum Wanted {
    Probe { case: CaseId, sha256: String, side: u32 },
    Candidate { case: CaseId, candidate: CandidateId, side: u32 },
}

fn parse(path: &str) -> Option<Wanted> {
    let path = path.replace("%2F", "/");
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let [kind, case, which, side] = parts.as_slice() else { return None };
    let case = case.parse().ok()?;
    let side = side.parse::<u32>().ok()?.clamp(16, MAX_SIDE);
    match *kind {
        "probe" if which.len() == 64 => Some(Wanted::Probe { case, sha256: (*which).to_owned(), side }),
        "candidate" => Some(Wanted::Candidate { case, candidate: which.parse().ok()?, side }),
        _ => None,
    }
}

/// Answers one request of the window.
pub async fn answer(desk: Arc<Desk>, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    let made = match parse(request.uri().path()) {
        None => Err(CommandError::new("unknown", "There is no such picture.")),
        Some(wanted) => picture(desk, wanted).await,
    };
    let (status, kind, body) = match made {
        Ok(body) => (StatusCode::OK, "image/jpeg", body),
        Err(error) => (StatusCode::NOT_FOUND, "text/plain; charset=utf-8", error.message.into_bytes()),
    };
    let response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .header(header::CACHE_CONTROL, "no-store")
        .header("x-content-type-options", "nosniff");
    response.body(body).unwrap_or_default()
}

async fn picture(desk: Arc<Desk>, wanted: Wanted) -> Result<Vec<u8>, CommandError> {
    let darkroom = Arc::clone(&desk.darkroom);
    let (bytes, side) = match wanted {
        Wanted::Probe { case, sha256, side } => {
            let read = tokio::task::spawn_blocking(move || desk.with(|v| Ok(v.original(case, &sha256)?)));
            (Arc::new(read.await.map_err(|e| CommandError::new("internal", e))??), side)
        }
        Wanted::Candidate { case, candidate, side } => (desk.candidate_photo(case, candidate).await?, side),
    };
    let scale = tokio::task::spawn_blocking(move || Ok(darkroom.picture(&bytes, side)?));
    scale.await.map_err(|e| CommandError::new("internal", e))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_addresses_are_answered() {
        let case = "0190f3a2-0000-7000-8000-000000000001";
        let sha = "a".repeat(64);
        assert!(matches!(parse(&format!("/probe/{case}/{sha}/800")), Some(Wanted::Probe { side: 800, .. })));
        assert!(matches!(
            parse(&format!("/candidate%2F{case}%2F{case}%2F9999999")),
            Some(Wanted::Candidate { side: 4096, .. })
        ));
        for bad in ["/", "/probe", "/probe/x/y/1", "/probe/../../etc/passwd", "/candidate/1/2/3"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
