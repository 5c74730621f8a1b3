//! Foreign texts of a file.

/// Most characters of a text that is passed on.
pub const MOST_TEXT: usize = 200;
/// Most bytes of XMP that are looked at.
pub(super) const MOST_XMP: usize = 4 * 1024 * 1024;

/// A foreign text as it may be kept and shown.
pub fn plain(text: &str) -> String {
    let hidden = |c: &char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    text.trim().chars().filter(|c| !hidden(c)).take(MOST_TEXT).collect()
}
