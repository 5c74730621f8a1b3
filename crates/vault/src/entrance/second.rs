//! The second factor: time-based codes of an authenticator app (RFC 6238), and recovery codes for whoever lost it.

use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use casework::Moment;

use super::door::Secrets;
use crate::error::VaultError;
use crate::key::random;

/// Letters that are not taken for one another (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Recovery codes that somebody gets.
const RECOVERY: usize = 10;
/// What an app shows above the code.
const ISSUER: &str = "Corroborate";

/// A second factor that is being set up.
#[derive(Clone)]
pub struct SecondFactor {
    secret: Zeroizing<[u8; 20]>,
}

impl SecondFactor {
    /// A new one.
    ///
    /// # Errors
    /// [`VaultError::Secret`] without randomness.
    pub fn fresh() -> Result<Self, VaultError> {
        Ok(Self { secret: Zeroizing::new(random()?) })
    }

    /// The secret as an app takes it when it is typed: base 32 (RFC 4648), in groups of four.
    pub fn typed(&self) -> String {
        let text = Secret::new_stack(*self.secret).to_base32();
        text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
    }

    /// What a QR code says to an app; `badge` tells several accounts apart.
    pub fn address(&self, badge: &str) -> String {
        let badge: String = badge.chars().filter(char::is_ascii_alphanumeric).collect();
        let secret = Secret::new_stack(*self.secret).to_base32();
        format!("otpauth://totp/{ISSUER}:{badge}?secret={secret}&issuer={ISSUER}")
    }

    /// Whether a code that was typed at `at` is one of it.
    pub fn fits(&self, code: &str, at: Moment) -> bool {
        self.judge(code, at).is_some()
    }

    /// The time step of a code that fits.
    pub(super) fn judge(&self, code: &str, at: Moment) -> Option<u64> {
        let mut tried = Secrets::with_vault("");
        tried.second = self.hex();
        match judge(&mut tried, 0, code, at) {
            Judged::Step(step) => Some(step),
            _ => None,
        }
    }

    pub(super) fn hex(&self) -> String {
        hex::encode(*self.secret)
    }
}

fn totp(secret: &str) -> Option<Totp> {
    let bytes = Zeroizing::new(hex::decode(secret).ok()?);
    let secret = Secret::new_stack(bytes.as_slice().try_into().ok()?);
    Builder::new().with_secret(secret).build().ok()
}

/// What came of a code.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// The code of this time step.
    Step(u64),
    /// A recovery code, which is used up now.
    Recovery,
    /// It was used already.
    Used,
    /// Neither.
    Wrong,
}

/// Judges a code that was typed at `at`; steps up to `used` do not count again.
pub(super) fn judge(secrets: &mut Secrets, used: u64, code: &str, at: Moment) -> Judged {
    let typed = normal(code);
    let seconds = u64::try_from(at.0.as_second()).unwrap_or_default();
    if typed.len() == 6
        && let Some(step) = totp(&secrets.second).and_then(|totp| totp.check(&typed, seconds))
    {
        return if step > used { Judged::Step(step) } else { Judged::Used };
    }
    let hash = hashed(&typed);
    match secrets.recovery.iter().position(|known| *known == hash) {
        Some(at) => {
            secrets.recovery.remove(at);
            Judged::Recovery
        }
        None => Judged::Wrong,
    }
}

/// Recovery codes as a person keeps them, and what is kept of them here.
///
/// # Errors
/// [`VaultError::Secret`] without randomness.
pub(super) fn recovery() -> Result<(Vec<String>, Vec<String>), VaultError> {
    let codes = (0..RECOVERY).map(|_| code::<8>()).collect::<Result<Vec<_>, _>>()?;
    let kept = codes.iter().map(|code| hashed(&normal(code))).collect();
    Ok((codes, kept))
}

/// A random code of `N` letters in groups of four, five bits a letter.
///
/// # Errors
/// [`VaultError::Secret`] without randomness.
pub(super) fn code<const N: usize>() -> Result<String, VaultError> {
    let letters: Vec<char> = random::<N>()?.iter().map(|byte| LETTERS[usize::from(byte % 32)] as char).collect();
    Ok(letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// A code however it was typed: without blanks and hyphens, in capitals, and with what looks alike as the digit.
pub(super) fn normal(code: &str) -> String {
    let kept = code.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase);
    kept.map(|c| match c {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    })
    .collect()
}

fn hashed(code: &str) -> String {
    hex::encode(Sha256::digest(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment(jiff::Timestamp::from_second(seconds).expect("a moment"))
    }

    /// RFC 6238, appendix B: the secret is the ASCII text `12345678901234567890`, and codes of six digits are the last six of
    /// the eight that stand there.
    #[test]
    fn codes_are_those_of_the_rfc_and_count_once() {
        let mut secrets = Secrets::with_vault("");
        secrets.second = hex::encode("12345678901234567890");
        let table = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (seconds, code) in table {
            let step = seconds as u64 / 30;
            assert_eq!(judge(&mut secrets, 0, code, at(seconds)), Judged::Step(step), "{seconds}");
            assert_eq!(judge(&mut secrets, step, code, at(seconds)), Judged::Used, "{seconds}");
            // One step of a clock that is slow or fast, and no more.
            assert_eq!(judge(&mut secrets, 0, code, at(seconds + 30)), Judged::Step(step));
            assert_eq!(judge(&mut secrets, 0, code, at(seconds + 61)), Judged::Wrong);
        }
        let spaced = format!(" {} {} ", &"005924"[..3], &"005924"[3..]);
        assert_eq!(judge(&mut secrets, 0, &spaced, at(1_234_567_890)), Judged::Step(41_152_263));
        for wrong in ["", "5924", "005925", "0059240", "00592４"] {
            assert_eq!(judge(&mut secrets, 0, wrong, at(1_234_567_890)), Judged::Wrong, "{wrong}");
        }
    }

    #[test]
    fn a_recovery_code_works_once_however_it_is_typed() {
        let (codes, kept) = recovery().expect("codes");
        let mut secrets = Secrets::with_vault("");
        (secrets.second, secrets.recovery) = (SecondFactor::fresh().expect("fresh").hex(), kept);
        let typed = codes[3].to_lowercase().replace('-', " ").replace('0', "o");
        assert_eq!(judge(&mut secrets, 0, &typed, at(0)), Judged::Recovery);
        assert_eq!(judge(&mut secrets, 0, &typed, at(0)), Judged::Wrong);
        assert_eq!(secrets.recovery.len(), RECOVERY - 1);
        // Without a second factor no code is one.
        assert_eq!(judge(&mut Secrets::with_vault(""), 0, "000000", at(0)), Judged::Wrong);
    }
}
