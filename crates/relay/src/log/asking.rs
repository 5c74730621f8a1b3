//! Witnesses, by the newest roster: asked in the background for their signatures under the log.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use catalogue::say;
use ledger::{Key, Kind};
use service::log::{Logged, ask};
use service::refusal::Refusal;

use super::opening::{Log, LogError, WitnessAt};
use crate::running::{Relay, Shared, blocking, now};

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
                    if let Err(why) = asked(&relay, witness).await {
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
}

impl Logged for Relay {
    fn with<T>(&self, work: impl FnOnce(&Log) -> Result<T, LogError>) -> Result<T, String> {
        self.with_log(|log| work(log)).map_err(|refusal| refusal.detail)
    }
}

/// Asks one witness; what it cosigned is kept.
async fn asked(relay: &Shared, witness: &WitnessAt) -> Result<(), String> {
    let name = witness.name.clone();
    let key = blocking(relay, move |r| r.witness_key(&name)).await.map_err(|refusal| refusal.detail)?;
    let key = key.ok_or_else(|| say!("relay-witness-not-in-roster").to_owned())?;
    let mut rows = relay.cosigned_by(&witness.name);
    let done = ask(relay, &key, &witness.address, &mut rows).await;
    relay.know_cosigned(&witness.name, rows);
    done
}
