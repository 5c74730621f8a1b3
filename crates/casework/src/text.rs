//! Sizes of what is typed, and what of an account is said.

use catalogue::say;

pub(crate) use department::text::{Name, gist, named_in, said, tells};

/// The statement that stands on every screen, print and export that carries a candidate.
pub const LEAD_STATEMENT: &str = include_str!("../../../assets/lead-statement.txt");
/// Most characters of an account; a longer one belongs into an attachment.
pub const MAX_ACCOUNT: usize = 20_000;
/// Most characters of any other field.
pub const MAX_FIELD: usize = 4_000;

/// The account without its headings: lines that end with a colon or begin with `#`.
pub(crate) fn without_headings(account: &str) -> String {
    let heading = |line: &&str| {
        let line = line.trim();
        line.starts_with('#') || line.ends_with(':')
    };
    account.lines().filter(|line| !heading(line)).collect::<Vec<_>>().join("\n")
}

/// What is read from storage and does not pass its gate: refused, with what is wrong.
pub(crate) fn refused<E: serde::de::Error>(what: &str, gaps: &[department::Gap]) -> E {
    let wrong = gaps.iter().map(|gap| gap.missing.as_str()).collect::<Vec<_>>().join(" ");
    E::custom(format_args!("{}", say!("rule-case-did-not-pass-gate", what, wrong)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_no_account() {
        assert!(!tells(&without_headings("What was done:\n\nWhat it came to:\n"), 1));
        assert!(tells(&without_headings("What was done:\nThe clerk was asked again."), 5));
    }
}
