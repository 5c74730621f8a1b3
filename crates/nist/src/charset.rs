//! Which characters the text of a transaction is written in.

use crate::{RS, US};

/// Character set of a transaction's text, as field 1.015 (DCS) declares it: by its index (NIST SP 500-290e3, table 4) or,
/// from 128 on, by the name beside it. Type-1 itself is always ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// None declared, or index 0. Bytes beyond ASCII are read where they are well-formed UTF-8, as current systems write
    /// them without saying so.
    Ascii,
    /// Index 1 (2007 edition): ISO/IEC 8859-1, one byte a character.
    Latin1,
    /// Index 3.
    Utf8,
    /// Any other, such as UTF-16: values in plain ASCII are read, others are not.
    Other,
}

impl Charset {
    /// What field 1.015 declares, where a Type-1 record has it. Where it lists several sets, the first other than ASCII counts.
    pub fn of(declared: Option<&[u8]>) -> Self {
        let Some(declared) = declared else { return Charset::Ascii };
        let sets = declared.split(|b| *b == RS).map(|set| {
            let mut items =
                set.split(|b| *b == US).map(|item| String::from_utf8_lossy(item).trim().to_ascii_uppercase());
            let (index, name) = (items.next().unwrap_or_default(), items.next().unwrap_or_default());
            let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
            match (index.parse::<u32>(), name.as_str()) {
                (Ok(0), _) => Charset::Ascii,
                (Ok(1), _) => Charset::Latin1,
                (Ok(3), _) => Charset::Utf8,
                (Ok(0..=127), _) => Charset::Other,
                (_, "UTF8") => Charset::Utf8,
                (_, "ISO88591" | "LATIN1" | "88591") => Charset::Latin1,
                (_, "ASCII" | "USASCII" | "") => Charset::Ascii,
                _ => Charset::Other,
            }
        });
        sets.into_iter().find(|set| *set != Charset::Ascii).unwrap_or(Charset::Ascii)
    }

    /// A value as text without blanks around it. `None` where it is empty, not in this set, or holds control characters:
    /// such a value is no name or number that anybody typed.
    pub fn text(self, value: &[u8]) -> Option<String> {
        let text = match self {
            Charset::Ascii | Charset::Utf8 => std::str::from_utf8(value).ok()?.to_owned(),
            Charset::Latin1 => value.iter().map(|b| char::from(*b)).collect(),
            Charset::Other => value.is_ascii().then(|| String::from_utf8_lossy(value).into_owned())?,
        };
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        (!text.is_empty() && !text.chars().any(char::is_control)).then(|| text.to_owned())
    }
}
