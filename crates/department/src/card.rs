use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Schema of a [`Card`].
const CARD: &str = "corroborate.card.v1";

/// How others know a workstation: its name and its two public keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// `corroborate.card.v1`.
    pub schema: String,
    /// Name of the workstation.
    pub name: String,
    /// Ed25519 public key that signs, 64 hexadecimal digits in lower case; it also names the workstation.
    pub signs: String,
    /// age recipient that packages are encrypted to.
    pub receives: String,
}

impl Card {
    /// The card of a workstation with these keys.
    pub fn of(name: &str, signs: String, receives: String) -> Self {
        Self { schema: CARD.to_owned(), name: name.to_owned(), signs, receives }
    }

    /// Reads a card that somebody pasted; `None` where it is none. Whether `receives` is a recipient is for whoever
    /// encrypts to it.
    pub fn read(text: &str) -> Option<Self> {
        let card: Card = serde_json::from_str(text.trim()).ok()?;
        let named = !card.name.trim().is_empty();
        (card.schema == CARD && is_key(&card.signs) && named).then_some(card)
    }

    /// What both sides read out to each other before they trust a card: it covers both keys.
    pub fn fingerprint(&self) -> String {
        fingerprint(&format!("{} {}", self.signs, self.receives))
    }
}

/// Whether a text names an Ed25519 public key: 64 hexadecimal digits in lower case.
pub fn is_key(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// First half of the SHA-256 of a public key, in groups of four: short enough to be read out.
pub fn fingerprint(public_key: &str) -> String {
    let hash = Sha256::digest(public_key);
    let groups: Vec<String> = hash[..16].chunks(2).map(hex::encode).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_read_back_and_nothing_else_is_one() {
        let card = Card::of("Robbery 2", "ab".repeat(32), "age1x".to_owned());
        let text = serde_json::to_string(&card).expect("text");
        assert_eq!(Card::read(&format!(" {text}\n")), Some(card.clone()));
        for (from, to) in
            [("card.v1", "card.v2"), ("abab", "ABab"), ("abab", "ab"), ("Robbery 2", " "), ("\"name\"", "\"nam\"")]
        {
            assert_eq!(Card::read(&text.replacen(from, to, 1)), None, "{from} to {to}");
        }
        let other = Card { receives: "age1y".to_owned(), ..card.clone() };
        assert_ne!(card.fingerprint(), other.fingerprint());
        // printf ab | sha256sum
        assert_eq!(fingerprint("ab"), "fb8e 20fc 2e4c 3f24 8c60 c39b d652 f3c1");
    }
}
