//! Who may come in, what they come with, and who came in.

use ed25519_dalek::SigningKey;

use casework::{Moment, Person, PersonRef};
use department::PublicKey;

use super::door::{Key, Secrets};
use crate::error::VaultError;
use crate::vault::Vault;

/// Somebody who may come in, as the sign-in screen lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub person: PersonRef,
    /// Whether they have a passphrase of their own; else they come in with their enrolment code.
    pub own: bool,
    /// Whether a second factor is asked for.
    pub second: bool,
    /// Their own key.
    pub key: Option<PublicKey>,
}

/// The second factor of an attempt.
#[derive(Debug, Clone, Copy)]
pub enum Second<'a> {
    /// The code that was typed; empty where none was.
    Code(&'a str),
    /// The department's identity provider signed them in just now.
    Provider(&'a ::provider::Proof),
    /// The identity provider is away; the code of an authenticator app that was typed.
    Away(&'a ::provider::Away, &'a str),
    /// The code that somebody typed at another's screen, to confirm one thing there; empty where none was.
    Confirming(&'a str),
    /// It is not asked for.
    NotAsked,
}

/// What somebody who came in has to do before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Choose a passphrase: they came with a code, or with somebody else's choice.
    Passphrase,
    /// Set up a second factor.
    SecondFactor,
    /// Put the department's recovery kit away.
    RecoveryKit,
}

/// Somebody who shall be admitted, with a signing key of their own.
pub struct Admission {
    pub(super) person: PersonRef,
    pub(super) secrets: Secrets,
}

impl Admission {
    /// Prepares it; nothing is kept yet.
    ///
    /// # Errors
    /// [`VaultError::Secret`] without randomness.
    pub fn of(vault: &Vault, person: &Person) -> Result<Self, VaultError> {
        Ok(Self { person: person.reference(), secrets: Secrets::fresh(vault.key())? })
    }

    /// The person's own key.
    pub fn signing(&self) -> Option<SigningKey> {
        self.secrets.signing()
    }

    /// They get the department's recovery kit to put away.
    pub fn give_kit(&mut self, kit: &str) {
        self.secrets.kit = kit.to_owned();
    }
}

/// Somebody who came in. Their secrets are wiped from memory when this is dropped.
pub struct Entered {
    pub(super) person: PersonRef,
    pub(super) secrets: Secrets,
    pub(super) key: Option<Key>,
    pub(super) own: bool,
    /// Whether the department's identity provider stands for a second factor of their own.
    pub(super) instead: bool,
}

impl std::fmt::Debug for Entered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entered").field("person", &self.person).finish_non_exhaustive()
    }
}

impl Entered {
    /// Who.
    pub fn person(&self) -> &PersonRef {
        &self.person
    }

    /// What they must do first.
    pub fn due(&self) -> Option<Due> {
        match (self.own, self.secrets.second.is_empty() && !self.instead) {
            (false, _) => Some(Due::Passphrase),
            (true, true) => Some(Due::SecondFactor),
            (true, false) => (!self.secrets.kit.is_empty()).then_some(Due::RecoveryKit),
        }
    }

    /// The recovery kit that they have to put away.
    pub fn kit(&self) -> &str {
        &self.secrets.kit
    }

    /// Recovery codes that are left.
    pub fn recovery_left(&self) -> usize {
        self.secrets.recovery.len()
    }

    /// The person's own key; an earlier program's person gets one with their passphrase.
    pub fn signing(&self) -> Option<SigningKey> {
        self.secrets.signing()
    }

    /// The key of the vault's file, in hexadecimal: whoever came in may open the file with other tools.
    pub fn vault_key(&self) -> &str {
        &self.secrets.vault
    }
}

/// A door as it lies in the entrance: whose it is, what opens it, and what was tried.
pub(super) struct Door {
    pub(super) person: PersonRef,
    pub(super) kind: String,
    pub(super) salt: Option<Vec<u8>>,
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) earlier: Option<String>,
    pub(super) temporary: bool,
    pub(super) administers: bool,
    pub(super) until: Option<Moment>,
    pub(super) used_step: i64,
    pub(super) wrong: u16,
    pub(super) wrong_at: Option<Moment>,
    pub(super) here: Option<Vec<u8>>,
    pub(super) provider_at: Option<i64>,
    pub(super) provider_account: Option<String>,
}

/// What a passphrase came to.
pub(super) enum Opened {
    Right(Secrets, Option<Key>),
    Wrong,
    /// Right, but too late.
    Ended,
}

/// The public half of their own key, in hexadecimal.
pub(super) fn public(secrets: &Secrets) -> Option<String> {
    secrets.signing().as_ref().map(|key| PublicKey::of(key).to_string())
}
