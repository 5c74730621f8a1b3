//! Free text of a request: words of a bounded length, and no data in their place.

use catalogue::say;
use gallery_api::wire::{MAX_NAME, MAX_TEXT};

use service::refusal::Refusal;

/// Longest word: a web address in a basis is shorter.
const WORD: usize = 100;
/// Words of so many letters and digits in both cases are rarely language.
const DENSE: usize = 20;
/// How many of them a text may hold: a registration or an account name is no data.
const DENSE_WORDS: usize = 3;

/// What is wrong with a text, if anything.
fn fault(text: &str, most: usize) -> Option<String> {
    let characters = text.chars().count();
    if characters > most {
        return Some(say!("gallery-characters-most-taken", characters, most));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Some(say!("gallery-holds-control-characters").to_owned());
    }
    let dense = |word: &&str| {
        let has = |class: fn(&char) -> bool| word.chars().any(|c| class(&c));
        word.chars().count() >= DENSE
            && !word.starts_with("http://")
            && !word.starts_with("https://")
            && word.chars().all(|c| c.is_ascii_alphanumeric() || "+/=_-".contains(c))
            && has(char::is_ascii_uppercase)
            && has(char::is_ascii_lowercase)
            && has(char::is_ascii_digit)
    };
    let long = text.split_whitespace().any(|word| word.chars().count() > WORD);
    if long || text.split_whitespace().filter(dense).count() > DENSE_WORDS {
        return Some(say!("gallery-holds-data-place-words").to_owned());
    }
    None
}

/// A short text: a number, a name, a reference.
pub(super) fn name<'a>(field: &'a str, text: &'a str) -> (&'a str, &'a str, usize) {
    (field, text, MAX_NAME)
}

/// A text of sentences.
pub(super) fn sentences<'a>(field: &'a str, text: &'a str) -> (&'a str, &'a str, usize) {
    (field, text, MAX_TEXT)
}

/// Refuses texts that are too long or no words.
pub(super) fn check(fields: &[(&str, &str, usize)]) -> Result<(), Refusal> {
    let wrong: Vec<(String, String)> = fields
        .iter()
        .filter_map(|(field, text, most)| Some(((*field).to_owned(), format!("{field} {}", fault(text, *most)?))))
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let (fields, sentences): (Vec<String>, Vec<String>) = wrong.into_iter().unzip();
    let detail = say!("gallery-write-person-can-read-attachments", sentences = sentences.join("; "));
    Err(Refusal { fields, ..Refusal::invalid("text-invalid", say!("gallery-not-text"), detail) })
}

/// `text` for the audit: whole where it is of a size, else what it was.
pub(super) fn audited(text: &str, most: usize) -> serde_json::Value {
    if text.chars().count() <= most {
        return text.into();
    }
    serde_json::json!({ "characters": text.chars().count(), "sha256": service::signing::token_sha256(text) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_passes_and_data_does_not() {
        for text in [
            "211 PC, robbery on fixed camera at https://example.gov/cases/2026/0001?view=full, see report 26-0001.",
            "Robo con fuerza: el sospechoso salió de la tienda.\nVIN 1HGCM82633A004352, serial C02XK1A2JG5H.",
            "防犯カメラに写った人物",
            "SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 of the footage",
            "",
        ] {
            assert_eq!(fault(text, MAX_TEXT), None, "{text}");
        }
        let block = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ";
        let spaced = [block; 5].join(" ");
        let run = block.repeat(4);
        let long = "word ".repeat(1000);
        for text in [spaced.as_str(), run.as_str(), "a\u{0}b", "bell \u{7}", long.as_str()] {
            assert!(fault(text, MAX_TEXT).is_some(), "{text}");
        }
        let refused = check(&[name("case_number", &run), sentences("basis", "211 PC")]).expect_err("refused");
        assert_eq!((refused.code, refused.fields), ("text-invalid", vec!["case_number".to_owned()]));
        assert!(!audited(&long, 100).to_string().contains("word"));
    }
}
