//! Which workstation asks: it signs a challenge once and gets a token for a while. Nothing of this outlives the service, so a
//! copy of the data folder opens no mailbox.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ed25519_dalek::{Signature, Signer, SigningKey};
use service::signing;

use crate::wire::{Claim, session_text};

/// How long a challenge may be answered.
const ANSWER: Duration = Duration::from_secs(60);
/// How long a session lasts.
pub(crate) const SESSION: Duration = Duration::from_secs(3600);

/// Sessions of this run of the service.
#[derive(Debug)]
pub(crate) struct Sessions {
    /// Signs challenges, so that none has to be remembered before it is answered.
    own: SigningKey,
    begun: Instant,
    all: Mutex<All>,
}

#[derive(Debug, Default)]
struct All {
    /// Challenges that were answered, until they would be too old anyway.
    used: HashMap<String, Instant>,
    /// By SHA-256 of the token: the workstation, and since when.
    open: HashMap<String, (String, Instant)>,
}

fn random() -> Result<[u8; 32], getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

impl Sessions {
    /// None yet.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        Ok(Self { own: SigningKey::from_bytes(&random()?), begun: Instant::now(), all: Mutex::default() })
    }

    fn all(&self) -> MutexGuard<'_, All> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.used.retain(|_, since| since.elapsed() <= ANSWER);
        all.open.retain(|_, (_, since)| since.elapsed() <= SESSION);
        all
    }

    /// A challenge: seconds since this service began, something random, and this service's signature of both.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub(crate) fn challenge(&self) -> Result<String, getrandom::Error> {
        let text = format!("{}.{}", self.begun.elapsed().as_secs(), hex::encode(&random()?[..16]));
        let signature = self.own.sign(text.as_bytes());
        Ok(format!("{text}.{}", hex::encode(signature.to_bytes())))
    }

    fn is_own(&self, challenge: &str) -> bool {
        let read = || -> Option<bool> {
            let (text, signature) = challenge.rsplit_once('.')?;
            let signature = Signature::from_slice(&hex::decode(signature).ok()?).ok()?;
            self.own.verifying_key().verify_strict(text.as_bytes(), &signature).ok()?;
            let at: u64 = text.split('.').next()?.parse().ok()?;
            Some(self.begun.elapsed().as_secs().checked_sub(at)? <= ANSWER.as_secs())
        };
        read().unwrap_or(false)
    }

    /// Whether a claim is its workstation's, for the relay that is reached at `host`, and answers a challenge for the
    /// first time.
    pub(crate) fn holds(&self, claim: &Claim, host: &str) -> bool {
        let signed = claim.relay == host
            && self.is_own(&claim.challenge)
            && signing::verify(&claim.workstation, &session_text(&claim.relay, &claim.challenge), &claim.signature);
        signed && self.all().used.insert(claim.challenge.clone(), Instant::now()).is_none()
    }

    /// The token of a new session; an earlier one of the same workstation ends.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub(crate) fn begin(&self, workstation: &str) -> Result<String, getrandom::Error> {
        let token = format!("crt_{}", hex::encode(random()?));
        let mut all = self.all();
        all.open.retain(|_, (whose, _)| whose != workstation);
        all.open.insert(signing::token_sha256(&token), (workstation.to_owned(), Instant::now()));
        Ok(token)
    }

    /// The workstation that a token belongs to.
    pub(crate) fn workstation(&self, token: &str) -> Option<String> {
        self.all().open.get(&signing::token_sha256(token)).map(|(whose, _)| whose.clone())
    }
}
