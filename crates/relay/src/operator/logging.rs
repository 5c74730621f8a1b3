//! The log's key, and the program of a witness.

use std::path::Path;

use anyhow::{Context, ensure};
use catalogue::say;
use department::{KeySpan, PublicKey, Witness};
use ed25519_dalek::SigningKey;
use ledger::{Key, Kind, Signer};
use relay::keyfile;
use relay::watching;
use relay::wire::origin;
use service::serving;

use super::arguments::{LedgerCommand, WatchCommand};
use super::ask::Asking;
use super::changing::edit;
use super::{department, existing, made};

pub(super) fn ledger(command: LedgerCommand, asking: &Asking) -> anyhow::Result<()> {
    match command {
        LedgerCommand::Key { data } => {
            let mut store = existing(&data)?;
            let name = origin(&department(&mut store)?.root().to_string());
            let signer = Signer::new(Kind::Log, &name, store.log_key())?;
            println!("{}", say!("relay-ledger-rows", rows = store.leaves()?));
            println!("{}", signer.key());
        }
        LedgerCommand::Publish { change } => {
            let mut store = existing(&change.data)?;
            let name = origin(&department(&mut store)?.root().to_string());
            let key = PublicKey::of(store.log_key());
            drop(store);
            edit(&change, asking, |draft, today| {
                let known = draft.witnesses.iter().any(|known| *known.signs.key() == key);
                ensure!(!known, "{}", say!("relay-ledger-key-in-roster"));
                draft.witnesses.push(Witness { name, signs: KeySpan::new(key, today, None)? });
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// The witness's key from its file, which is made where there is none.
fn own_key(path: &Path) -> anyhow::Result<SigningKey> {
    if !path.exists() {
        keyfile::write_secret(path, &(hex::encode(keyfile::new_key()?.to_bytes()) + "\n"))?;
    }
    let text = super::text_of(path)?;
    let seed: Option<[u8; 32]> = hex::decode(text.trim()).ok().and_then(|seed| seed.try_into().ok());
    Ok(SigningKey::from_bytes(&seed.context(say!("relay-ledger-key-malformed"))?))
}

pub(super) fn watch(command: WatchCommand) -> anyhow::Result<()> {
    let WatchCommand { logs, name, data, key, listen, serving } = command;
    let tls = serving.checked(listen, None)?;
    serving::log();
    made(&data)?;
    let logs: Vec<Key> = logs.iter().map(|log| Key::read(log.trim())).collect::<Result<_, _>>()?;
    ensure!(logs.iter().all(|log| log.kind() == Kind::Log), "{}", ledger::Refusal::KeyMalformed);
    let signer = Signer::new(Kind::Witness, &name, &own_key(&key)?)?;
    println!("{}", say!("relay-witness-key", name, key = hex::encode(signer.key().bytes())));
    println!("{}", signer.key());
    serving.run(listen, tls, watching::router(watching::Witness::open(signer, &data, logs)?))?;
    Ok(())
}
