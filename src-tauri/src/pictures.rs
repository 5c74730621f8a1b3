//! `picture://`: images for the window. The window never sees a path.

use catalogue::say;
use tauri::http::{Request, Response, StatusCode, header};

use casework::CaseId;
use workstation::{CommandError, Wanted, Workstation, parse};

/// Longest side that a window can ask for, in pixels: more than any photograph has.
const MAX_SIDE: u32 = 16_384;

/// A picture and its longest side, the last part of the address.
fn parse_scaled(path: &str) -> Option<(CaseId, Wanted, u32)> {
    let path = path.replace("%2F", "/");
    let (path, side) = path.trim_matches('/').rsplit_once('/')?;
    let (case, wanted) = parse(path)?;
    Some((case, wanted, side.parse::<u32>().ok()?.clamp(16, MAX_SIDE)))
}

/// Answers one request of the window.
pub async fn answer(station: &Workstation, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    let made = match parse_scaled(request.uri().path()) {
        None => Err(CommandError::new("unknown", say!("command-no-such-picture"))),
        Some((case, wanted, side)) => station.picture(case, wanted, side).await,
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
