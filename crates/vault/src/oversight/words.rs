//! Words and marks by which an event is found: what the index holds of it.

use std::collections::BTreeSet;

use casework::oversight::DeskEvent;

/// Longest word that somebody begins to type, in bytes.
const LONGEST: usize = 24;

/// A mark of one thing, of letters and digits only.
pub(super) fn mark(kind: &str, of: &str) -> String {
    let of: String = of.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    format!("{kind}:{of}")
}

pub(super) fn has_digit(word: &str) -> bool {
    word.chars().any(char::is_numeric)
}

/// Words of a text as the index has them. A hyphen joins a number and parts words.
pub(super) fn words_of(text: &str) -> impl Iterator<Item = String> + '_ {
    let apart = |c: char| !c.is_alphanumeric() && c != '-';
    let joined = text.split(apart).flat_map(|word| match has_digit(word) {
        true => vec![word.trim_matches('-')],
        false => word.split('-').collect(),
    });
    joined.filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// Whether a word is one that somebody begins to type: no number, no hash, no mark.
pub(super) fn is_looked_for(word: &str) -> bool {
    word.len() <= LONGEST && !word.contains(':') && !has_digit(word)
}

/// Every beginning of a number, as a mark: numbers are too many to be looked for one by one.
fn beginnings(number: &str) -> impl Iterator<Item = String> + '_ {
    let ends = number.char_indices().map(|(at, c)| at + c.len_utf8()).skip(1).take(LONGEST);
    ends.map(|end| mark("num", &number[..end].to_lowercase()))
}

/// The words and marks of an event, each once.
pub(super) fn words(event: &DeskEvent, source: i64) -> BTreeSet<String> {
    let mut words = BTreeSet::from([mark("act", &event.action), mark("from", &source.to_string())]);
    words.extend(words_of(&event.person));
    words.extend(words_of(&event.action));
    words.extend(event.by.as_ref().map(|by| mark("by", &by.key())));
    words.extend(event.case.map(|case| mark("case", &case.to_string())));
    words.extend(event.number.iter().flat_map(|number| words_of(number).chain(beginnings(number.trim()))));
    words.extend(event.purpose.map(|purpose| mark("for", purpose.code())));
    // The policy's hash stands on every event, and is looked for by nobody.
    let told = event.told.iter().filter(|(name, _)| name != "policy");
    words.extend(told.flat_map(|(_, text)| words_of(text)));
    words
}
