//! The department's log: whose key it has, what of the store stands in it, and which witnesses are asked, by the newest roster.
//! Its files are `service::log`'s.

mod routes;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use catalogue::say;
use ledger::{Key, Kind, Leaf, Signer};
use service::log::{Logged, Rows, ask};
use service::refusal::Refusal;

pub use service::log::{Log, LogError, WitnessAt, WitnessAtError};

pub(crate) use routes::{__path_bring, __path_how_far, __path_row, bring, file, how_far, log_failed, row};

use crate::server::{Relay, Shared, blocking, now};
use crate::store::{Store, StoreError};
use crate::wire::origin;

/// The folder of the log's files, in the data folder.
const FOLDER: &str = "ledger";

impl Rows for &Store {
    type Error = StoreError;

    fn count(&mut self) -> Result<u64, StoreError> {
        self.leaves()
    }

    fn leaves_from(&mut self, from: u64, most: usize) -> Result<Vec<Leaf>, StoreError> {
        Store::leaves_from(self, from, most)
    }
}

/// The log of the department with this root key, from the store.
///
/// # Errors
/// As [`Log::open`].
pub fn open(data: &Path, root: &str, store: &Store) -> Result<Log, LogError> {
    let signer = Signer::new(Kind::Log, &origin(root), store.log_key())?;
    Log::open(data.join(FOLDER), signer, store)
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

#[cfg(test)]
mod tests;
