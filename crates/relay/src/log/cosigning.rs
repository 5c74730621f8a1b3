//! The log asks its witnesses (C2SP tlog-witness): whenever it grew, each that the roster names and whose address is known here.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use catalogue::say;
use ledger::{Asked, Checkpoint, Key, Kind, Signed, consistency, denied_size};
use reqwest::{Method, StatusCode};
use service::client::{AskError, Connection};
use service::refusal::Refusal;

use crate::server::{Relay, Shared, blocking, now};

/// Longest answer of a witness, in bytes.
const ANSWER: usize = 16 * 1024;

/// Where a witness is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessAt {
    /// Its name, as the roster has it.
    pub name: String,
    /// Address of its service.
    pub address: String,
}

/// It is not `NAME=ADDRESS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", say!("relay-witness-name-and-address"))]
pub struct WitnessAtError;

impl FromStr for WitnessAt {
    type Err = WitnessAtError;

    fn from_str(text: &str) -> Result<Self, WitnessAtError> {
        let (name, address) = text.split_once('=').ok_or(WitnessAtError)?;
        let usable = !name.is_empty() && Connection::new("witness", address).is_ok();
        usable.then(|| Self { name: name.to_owned(), address: address.to_owned() }).ok_or(WitnessAtError)
    }
}

/// Has the witnesses asked in the background, if there is anything to ask; one round at a time, and another one where the log grew
/// during it.
pub(crate) fn gather(relay: &Shared) {
    relay.ask_again.store(true, Ordering::Release);
    if relay.witnesses.is_empty() || relay.asking.swap(true, Ordering::AcqRel) {
        return;
    }
    let relay = Arc::clone(relay);
    tokio::spawn(async move {
        loop {
            while relay.ask_again.swap(false, Ordering::AcqRel) {
                for witness in &relay.witnesses {
                    if let Err(why) = ask(&relay, witness).await {
                        tracing::warn!(witness = witness.name, message = why);
                    }
                }
            }
            relay.asking.store(false, Ordering::Release);
            // Whoever came between the two looks left it to this round.
            if !relay.ask_again.load(Ordering::Acquire) || relay.asking.swap(true, Ordering::AcqRel) {
                return;
            }
        }
    });
}

impl Relay {
    /// The witness's key, from the newest roster.
    fn witness_key(&self, name: &str) -> Result<Option<Key>, Refusal> {
        let chain = self.chain()?;
        let roster = chain.newest().roster().content();
        let of = roster.witnesses.iter().find(|known| known.name == name && known.signs.counts_on(now().day()));
        let bytes = of.and_then(|known| hex::decode(known.signs.key().to_string()).ok()?.try_into().ok());
        Ok(bytes.and_then(|bytes| Key::new(Kind::Witness, name, &bytes).ok()))
    }

    /// What a witness that cosigned `old` rows last is asked; nothing where it cosigned all there is.
    fn asked(&self, key: &Key, old: u64) -> Result<Option<(Asked, Signed)>, Refusal> {
        self.with_log(|log| {
            let signed = log.checkpoint();
            // With the lines of others, so that in the end one text has them all.
            let so_far = log.cosigned()?.filter(|kept| kept.text() == signed.text());
            let signed = so_far.unwrap_or_else(|| signed.clone());
            if signed.seen_by(key).is_ok() {
                return Ok(None);
            }
            let hashes = consistency(signed.size(), old, log)?;
            let checkpoint = Checkpoint::read(signed.whole().as_bytes())?;
            Ok(Some((Asked::new(old, hashes, checkpoint), signed)))
        })
    }
}

/// Asks one witness; what it cosigned is kept.
async fn ask(relay: &Shared, witness: &WitnessAt) -> Result<(), String> {
    let words = |refusal: Refusal| refusal.detail;
    let name = witness.name.clone();
    let key = blocking(relay, move |r| r.witness_key(&name)).await.map_err(words)?;
    let key = key.ok_or_else(|| say!("relay-witness-not-in-roster").to_owned())?;
    let service = Connection::new("witness", &witness.address).map_err(|e| e.to_string())?;
    let mut old = relay.cosigned_by(&witness.name);
    // The second time it is known what the witness has.
    for _ in 0..2 {
        let of = key.clone();
        let Some((asked, signed)) = blocking(relay, move |r| r.asked(&of, old)).await.map_err(words)? else {
            return Ok(());
        };
        let call = service.call(Method::POST, "/add-checkpoint").map_err(|e| e.to_string())?;
        let away = |_| AskError::Unreachable { service: "witness", address: witness.address.clone() }.to_string();
        let response = call.body(asked.text()).send().await.map_err(away)?;
        let status = response.status();
        let body = service.body(response, ANSWER).await.map_err(|e| e.to_string())?;
        let body = String::from_utf8_lossy(&body).into_owned();
        match (status, denied_size(&body)) {
            (StatusCode::OK, _) => {
                let cosigned = signed.with_lines(&body).map_err(|e| e.to_string())?;
                cosigned.seen_by(&key).map_err(|e| e.to_string())?;
                relay.know_cosigned(&witness.name, cosigned.size());
                return blocking(relay, move |r| r.with_log(|log| log.keep_cosigned(&cosigned))).await.map_err(words);
            }
            (StatusCode::CONFLICT, Some(size)) if size != old => {
                relay.know_cosigned(&witness.name, size);
                old = size;
            }
            (status, _) => return Err(say!("relay-witness-refuses", status)),
        }
    }
    Err(say!("relay-witness-refuses", status = StatusCode::CONFLICT))
}
