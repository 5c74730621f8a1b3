//! What was shown at the department's identity provider, until the passphrase comes.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ::provider::{Away, Proof};
use casework::PersonId;
use vault::{Second, VaultError};

/// How often a provider's keys are fetched anew because one is not known.
const KEYS: Duration = Duration::from_secs(60);

/// What the last attempt in the browser came to.
pub(crate) enum Shown {
    Proved(Proof),
    Away(Away),
}

/// What is remembered of sign-ins in the browser until the passphrase comes.
#[derive(Default)]
pub(crate) struct ShownAtProvider {
    shown: Mutex<Option<Shown>>,
    pub(crate) keys: Keys,
}

/// When the provider's keys were fetched anew.
#[derive(Debug, Default)]
pub struct Keys(Mutex<Option<Instant>>);

impl Keys {
    /// Whether they may be fetched anew now; then this counts as once.
    pub fn anew(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let may = last.is_none_or(|last| last.elapsed() >= KEYS);
        if may {
            *last = Some(Instant::now());
        }
        may
    }
}

impl ShownAtProvider {
    /// Keeps what was shown, in place of what was before.
    pub(crate) fn keep(&self, shown: Option<Shown>) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = shown;
    }

    /// What `id` showed, once.
    pub(crate) fn take(&self, id: PersonId) -> Option<Shown> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner).take();
        shown.filter(|shown| match shown {
            Shown::Proved(proof) => proof.person() == id,
            Shown::Away(away) => away.person() == id,
        })
    }

    /// A wrong passphrase spends no sign-in in the browser.
    pub(crate) fn put_back(&self, shown: Option<Shown>, error: &VaultError) {
        if matches!(error, VaultError::WrongPassphrase { .. }) {
            self.keep(shown);
        }
    }

    /// Forgets what was shown.
    pub(crate) fn forget(&self) {
        self.keep(None);
    }
}

/// The second factor that was shown, with the code that was typed.
pub(crate) fn second<'a>(shown: Option<&'a Shown>, code: &'a str) -> Second<'a> {
    match shown {
        Some(Shown::Proved(proof)) => Second::Provider(proof),
        Some(Shown::Away(away)) => Second::Away(away, code),
        None => Second::Code(code),
    }
}
