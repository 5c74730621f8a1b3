//! What counts as said. People who want around a question answer it with white space, with characters that nobody
//! sees, or with the same sentence twice, once in letters that only look alike.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;
use unicode_security::GeneralSecurityProfile;
use unicode_security::confusable_detection::skeleton;
use unicode_security::general_security_profile::IdentifierType;
use unicode_segmentation::UnicodeSegmentation;

/// A letter or digit that a reader sees. Fillers and other default-ignorable characters are letters to Unicode
/// (U+3164, U+115F) and show nothing.
fn seen(c: char) -> bool {
    use IdentifierType::{Default_Ignorable, Deprecated, Not_Character};
    c.is_alphanumeric() && !matches!(c.identifier_type(), Some(Default_Ignorable | Deprecated | Not_Character))
}

/// True when a person wrote something: at least one letter or digit that can be seen.
pub fn said(text: &str) -> bool {
    text.nfkc().any(seen)
}

/// True when a text has at least `words` different words: more than a mark that something was typed.
pub fn tells(text: &str, words: usize) -> bool {
    // Words as Unicode parts them: not every script has spaces.
    text.unicode_words()
        .filter(|word| word.chars().count() > 1 || !word.is_ascii())
        .map(gist)
        .filter(|word| !word.is_empty())
        .collect::<BTreeSet<_>>()
        .len()
        >= words
}

/// What is left of a text when everything is taken away that changes its bytes and not its sense: compatibility forms
/// (NFKC), characters that look alike (the skeleton of UTS #39), marks, case, punctuation, spaces.
///
/// Two texts with one gist are one text. A gist is for comparing only: it is not readable (`m` becomes `rn`).
pub fn gist(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    let mut push = |c: char| {
        if c.is_alphanumeric() {
            found.push(c);
        } else if !found.is_empty() && !found.ends_with(' ') {
            found.push(' ');
        }
    };
    if text.is_ascii() {
        // The same, from a table: nearly all that is typed is ASCII.
        let table = ascii();
        text.bytes().for_each(|byte| table[usize::from(byte)].chars().for_each(&mut push));
    } else {
        alike(text).chars().for_each(push);
    }
    found.truncate(found.trim_end().len());
    found
}

fn ascii() -> &'static [String; 128] {
    static TABLE: OnceLock<[String; 128]> = OnceLock::new();
    TABLE.get_or_init(|| std::array::from_fn(|byte| alike(&char::from(byte as u8).to_string())))
}

/// The letters of a text as they look, in lower case and without marks.
fn alike(text: &str) -> String {
    let lower = text.nfkc().collect::<String>().to_lowercase();
    // Marks go before the skeleton and once more after it: it decomposes.
    let bare: String = lower.nfd().filter(|c| seen(*c) || !c.is_alphanumeric()).filter(|c| !mark(*c)).collect();
    skeleton(&bare).collect::<String>().to_lowercase().nfd().filter(|c| !mark(*c)).collect()
}

/// Combining marks, and format characters that join or part letters without being seen.
fn mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// How somebody is named: what tells them from others.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    words: BTreeSet<String>,
    badge: String,
}

/// Words of a text that tell somebody from others, by their gists: titles and initials are left out.
pub fn named_in(text: &str) -> BTreeSet<String> {
    const TITLES: [&str; 20] = [
        "det",
        "detective",
        "sgt",
        "sergeant",
        "ofc",
        "officer",
        "lt",
        "lieutenant",
        "capt",
        "captain",
        "cpl",
        "dep",
        "deputy",
        "insp",
        "inspector",
        "mr",
        "mrs",
        "ms",
        "dr",
        "agent",
    ];
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| {
        let lower = word.to_lowercase();
        (lower.chars().count() > 1 || !lower.is_ascii()) && !TITLES.contains(&lower.as_str())
    });
    words.map(gist).filter(|word| !word.is_empty()).collect()
}

impl Name {
    /// Titles and initials of the name are left out.
    pub fn new(name: &str, badge: &str) -> Self {
        Self { words: named_in(name), badge: gist(badge) }
    }

    /// Whether `text` names them: every word that tells them from others stands in it, or their badge. One word alone, a
    /// family name, names them only where nothing else is said.
    pub fn stands_in(&self, text: &BTreeSet<String>) -> bool {
        let named = match self.words.len() {
            0 => false,
            1 => self.words == *text,
            _ => self.words.is_subset(text),
        };
        named || (self.badge.chars().count() >= 3 && text.contains(&self.badge))
    }

    /// Whether `text` is their name and nothing else.
    pub fn is(&self, text: &BTreeSet<String>) -> bool {
        !self.words.is_empty() && self.words == *text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_cannot_be_seen_is_said() {
        let nothing = [
            "",
            " \t\r\n",
            ".",
            " - ",
            "…",
            "\u{a0}\u{2003}\u{3000}",
            "\u{200b}\u{200c}\u{200d}\u{feff}",
            "\u{2800}",
            "\u{3164}",
            "\u{115f}\u{1160}\u{ffa0}",
            "\u{ad}",
            "\u{180e}",
            "\u{e0041}",
            "\u{202e}\u{202c}",
            "\u{301}",
        ];
        for text in nothing {
            assert!(!said(text), "{text:?}");
            assert!(gist(text).is_empty(), "{text:?} {:?}", gist(text));
        }
        for text in ["a", "7", "Ж", "水", "ᏣᎳᎩ", " x "] {
            assert!(said(text), "{text:?}");
        }
    }

    #[test]
    fn one_sentence_in_other_letters_is_one_sentence() {
        let plain = gist("Paypal receipt of the till");
        for same in [
            "paypal  RECEIPT, of the till.",
            "Раураl receipt of the till",
            "Paypal re\u{200b}ceipt of the till",
            "Ｐａｙｐａｌ receipt of the till",
            "Pàypal recéipt of thë till",
        ] {
            assert_eq!(gist(same), plain, "{same}");
        }
        assert_ne!(gist("Paypal receipt of the door"), plain);
    }

    #[test]
    fn the_table_for_ascii_says_what_the_long_way_says() {
        let text: String = (0u8..128).map(char::from).collect();
        assert_eq!(gist(&text), gist(&format!("{text}\u{301}")));
    }

    fn names(text: &str, name: &str, badge: &str) -> bool {
        Name::new(name, badge).stands_in(&named_in(text))
    }

    #[test]
    fn a_person_is_named_with_or_without_title() {
        for text in ["Det. R. Alvarez", "alvarez, R", "Mr Alvarez", "ALVAREZ"] {
            assert!(names(text, "Det. R. Alvarez", ""), "{text}");
        }
        assert!(names("Detective Maria Lopez", "Det. M. Lopez-Maria", ""));
        assert!(!names("Clerk of the station", "Det. R. Alvarez", "4471"));
        assert!(!names("Juana Alvarez, cashier", "Det. R. Alvarez", "4471"), "a family name alone is not a person");
        assert!(!names("Witness A", "A", ""), "a single letter names nobody");
        assert!(names("badge 4471", "", "4471") && !names("44711", "", "4471"));
    }
}
