//! The recovery kit: the department's root key as a text that a person prints and locks away. The key is written nowhere else.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32m, Hrp};
use catalogue::say;
use department::PublicKey;
use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

/// What the groups begin with.
const BEGINS: &str = "root1";
/// Characters that follow: 52 of the key, 6 of the checksum (Bech32m, BIP 350: it finds every four wrong characters).
const CHARACTERS: usize = 58;
/// The characters of BIP 173.
const ALPHABET: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// The text holds no recovery key, or one with a typing error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KitError {
    /// No groups.
    #[error("{}", say!("relay-kit-no-groups"))]
    NoGroups,
    /// Too few groups.
    #[error("{}", say!("relay-kit-too-short", found = _0, wanted = CHARACTERS))]
    Short(usize),
    /// The checksum.
    #[error("{}", say!("relay-kit-checksum-wrong"))]
    Checksum,
}

/// The key in groups of four.
fn groups(secret: &SigningKey) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(BEGINS.len() + CHARACTERS));
    let seed = Zeroizing::new(secret.to_bytes());
    // The prefix is a constant, and the length fits.
    let written =
        bech32::encode_lower_to_fmt::<Bech32m, String>(&mut text, Hrp::parse_unchecked("root"), seed.as_ref());
    debug_assert!(written.is_ok());
    let mut grouped = Zeroizing::new(String::with_capacity(128));
    grouped.push_str(BEGINS);
    for (at, c) in text[BEGINS.len()..].chars().enumerate() {
        if at % 4 == 0 {
            // Five groups a line.
            grouped.push_str(if at % 20 == 0 && at > 0 { "\n          " } else { " " });
        }
        grouped.push(c);
    }
    grouped
}

/// The kit's text for the department `name` with this root key.
pub fn text(name: &str, secret: &SigningKey, made_on: &str) -> Zeroizing<String> {
    let (groups, root) = (groups(secret), PublicKey::of(secret));
    Zeroizing::new(say!("relay-kit-text", name, made_on, groups = groups.as_str(), root) + "\n")
}

/// Whether a kit's groups end with what was typed of them: eight letters at least, however they are spaced.
pub fn ends_with(text: &str, typed: &str) -> bool {
    let typed =
        Zeroizing::new(typed.to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect::<String>());
    let Ok(secret) = read(text) else { return false };
    let unspaced = groups(&secret).chars().filter(|c| !c.is_whitespace()).collect::<String>();
    typed.len() >= 8 && Zeroizing::new(unspaced).ends_with(typed.as_str())
}

/// Reads the key from a kit's text, or from the groups alone, however they are spaced.
///
/// # Errors
/// [`KitError`].
pub fn read(text: &str) -> Result<SigningKey, KitError> {
    let text = Zeroizing::new(text.to_ascii_lowercase());
    let mut closest = KitError::NoGroups;
    // A department may have a name that begins as the groups do.
    for (at, _) in text.match_indices(BEGINS) {
        match read_groups(&text[at + BEGINS.len()..]) {
            Ok(secret) => return Ok(secret),
            Err(KitError::Short(found)) if matches!(closest, KitError::Short(before) if before > found) => {}
            Err(KitError::Short(_)) if closest == KitError::Checksum => {}
            Err(error) => closest = error,
        }
    }
    Err(closest)
}

fn read_groups(after: &str) -> Result<SigningKey, KitError> {
    let mut typed = Zeroizing::new(String::with_capacity(BEGINS.len() + CHARACTERS));
    typed.push_str(BEGINS);
    let unspaced = after.chars().filter(|c| !c.is_whitespace() && *c != '-');
    typed.extend(unspaced.take_while(|c| ALPHABET.contains(*c)).take(CHARACTERS));
    let found = typed.len() - BEGINS.len();
    if found < CHARACTERS {
        return Err(KitError::Short(found));
    }
    let read = CheckedHrpstring::new::<Bech32m>(&typed).map_err(|_| KitError::Checksum)?;
    let mut seed = Zeroizing::new([0; 32]);
    let mut count = 0;
    for byte in read.byte_iter() {
        *seed.get_mut(count).ok_or(KitError::Checksum)? = byte;
        count += 1;
    }
    if count == 32 { Ok(SigningKey::from_bytes(&seed)) } else { Err(KitError::Checksum) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_back_however_it_is_typed() {
        for n in 0..50 {
            let key = SigningKey::from_bytes(&[n; 32]);
            for name in ["Police of Nowhere", "root1", "Root1 qqqq of root1qqqq"] {
                let kit = text(name, &key, "2026-11-30");
                assert_eq!(read(&kit).expect("read").to_bytes(), key.to_bytes());
                let groups = groups(&key);
                let last = groups[groups.len() - 12..].to_uppercase();
                assert!(ends_with(&kit, &last) && ends_with(&kit, &groups) && !ends_with(&kit, &last[5..]), "{last}");
            }
            let groups = groups(&key);
            for typed in [
                groups.to_uppercase(),
                groups.replace([' ', '\n'], ""),
                groups.replace(' ', "-"),
                format!("  {}\r\n", &*groups),
            ] {
                assert_eq!(read(&typed).expect(&typed).to_bytes(), key.to_bytes());
            }
        }
    }

    #[test]
    fn a_typing_error_is_found_and_never_another_key() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let typed: String = groups(&key).split_whitespace().collect();
        for at in BEGINS.len()..typed.len() {
            for other in ALPHABET.chars() {
                let mut wrong: Vec<char> = typed.chars().collect();
                if wrong[at] == other {
                    continue;
                }
                wrong[at] = other;
                assert_eq!(read(&wrong.iter().collect::<String>()).err(), Some(KitError::Checksum));
            }
            let mut swapped: Vec<char> = typed.chars().collect();
            swapped.swap(at, BEGINS.len());
            if swapped.iter().collect::<String>() != typed {
                assert!(read(&swapped.iter().collect::<String>()).is_err());
            }
            assert_eq!(read(&typed[..at]).err(), Some(KitError::Short(at - BEGINS.len())));
        }
        for none in ["", "root", "nothing here", "root1"] {
            assert!(read(none).is_err(), "{none}");
        }
        assert!(matches!(read(&typed.replace('q', "b")), Err(KitError::Short(_))), "no such character");
    }
}
