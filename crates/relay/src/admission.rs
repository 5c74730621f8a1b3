//! Which workstation asks, and whether the newest roster lets it.

use axum::http::StatusCode;
use catalogue::say;
use department::{Chain, PublicKey};
use service::refusal::Refusal;
use service::request::Caller;

use crate::running::{Relay, Shared, blocking, now};
use crate::wire::REVOKED;

/// Asks whether the newest roster lets the workstation with this key work today.
///
/// # Errors
/// 403, which tells one that was taken out of the roster from one that never was in it.
pub(crate) fn workstation(chain: &Chain, key: &str) -> Result<(), Refusal> {
    use department::Refusal::{KeyEnded, KeyNotYet};
    let refused = match PublicKey::read(key).and_then(|key| chain.workstation(&key, now()).map(drop)) {
        Ok(()) => return Ok(()),
        Err(refused) => refused,
    };
    let (code, title, detail) = match refused {
        KeyEnded { ended, .. } => {
            (REVOKED, say!("relay-workstation-revoked"), say!("relay-workstation-taken-out-of-roster", ended))
        }
        KeyNotYet { from, .. } => {
            ("not-admitted", say!("relay-workstation-not-admitted"), say!("relay-workstation-counts-from", from))
        }
        _ => {
            ("not-admitted", say!("relay-workstation-not-admitted"), say!("relay-workstation-not-in-roster").to_owned())
        }
    };
    Err(Refusal::new(StatusCode::FORBIDDEN, code, title, detail))
}

fn of_session(relay: &Relay, caller: &Caller) -> Result<String, Refusal> {
    let asks = caller.token().and_then(|token| relay.sessions.workstation(token));
    asks.ok_or_else(|| Refusal::unauthorized(say!("relay-begin-session-first-post-v1")))
}

/// The workstation of a session, if the newest roster has it, and it does not ask too often.
pub(crate) async fn admitted(relay: &Shared, caller: &Caller) -> Result<String, Refusal> {
    relay.senders.asks(&of_session(relay, caller)?)?;
    known(relay, caller).await
}

/// The workstation of a session, if the newest roster has it.
pub(crate) async fn known(relay: &Shared, caller: &Caller) -> Result<String, Refusal> {
    let asks = of_session(relay, caller)?;
    blocking(relay, move |r| workstation(r.chain()?.as_ref(), &asks).map(|()| asks)).await
}
