//! The key of a vault in shares, each sealed to a key of the department's escrow (Shamir's scheme, in which fewer shares than are
//! needed tell nothing; age for each recipient).

use std::io::Read;

use blahaj::{Share, Sharks};
use catalogue::say;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::{BackupError, VaultError};

/// One share, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedShare {
    /// Whose key opens it, as the roster names them.
    pub name: String,
    /// That key's recipient.
    pub receives: String,
    /// The share, an age file in hexadecimal.
    pub sealed: String,
}

/// Seals the vault's `key`, 64 hexadecimal digits, so that `needed` of the recipients open it together.
pub(super) fn seal(key: &str, needed: u8, to: &[(String, String)]) -> Result<Vec<SealedShare>, VaultError> {
    let unsealable = |why: String| VaultError::from(BackupError::NotSealed(why));
    let secret = Zeroizing::new(hex::decode(key).map_err(|e| unsealable(e.to_string()))?);
    let dealer = Sharks(needed);
    let shares = dealer.dealer(&secret).take(to.len());
    let sealed = to.iter().zip(shares).map(|((name, receives), share)| {
        let recipient: age::x25519::Recipient = receives.parse().map_err(|e: &str| unsealable(e.to_owned()))?;
        let share = Zeroizing::new(Vec::from(&share));
        let sealed = age::encrypt(&recipient, &share).map_err(|e| unsealable(e.to_string()))?;
        Ok(SealedShare { name: name.clone(), receives: receives.clone(), sealed: hex::encode(sealed) })
    });
    sealed.collect()
}

/// The vault's key, from the shares that `identities` (`AGE-SECRET-KEY-1…`) open.
pub(super) fn open(
    shares: &[SealedShare],
    needed: u8,
    identities: &[Zeroizing<String>],
) -> Result<Zeroizing<String>, BackupError> {
    let mut opened: Vec<Share> = Vec::new();
    let own: Vec<age::x25519::Identity> = identities.iter().filter_map(|text| text.trim().parse().ok()).collect();
    if own.len() != identities.len() {
        return Err(BackupError::NoKey);
    }
    for share in shares {
        let damaged = || BackupError::Damaged(say!("vault-backup-share-damaged", name = share.name));
        let bytes = hex::decode(&share.sealed).map_err(|_| damaged())?;
        let sealed = age::Decryptor::new(bytes.as_slice()).map_err(|_| damaged())?;
        let mut plain = match sealed.decrypt(own.iter().map(|own| own as &dyn age::Identity)) {
            Ok(plain) => plain,
            Err(age::DecryptError::NoMatchingKeys) => continue,
            Err(_) => return Err(damaged()),
        };
        let mut text = Zeroizing::new(Vec::new());
        plain.read_to_end(&mut text).map_err(|_| damaged())?;
        opened.push(Share::try_from(text.as_slice()).map_err(|_| damaged())?);
    }
    if opened.len() < usize::from(needed) {
        return Err(BackupError::TooFewKeys { opened: opened.len(), needed: needed.into() });
    }
    let secret = Sharks(needed).recover(opened.iter()).map_err(|e| BackupError::Damaged(e.to_string()))?;
    let secret = Zeroizing::new(secret);
    Ok(Zeroizing::new(hex::encode(secret.as_slice())))
}
