//! The hash chain that every audit is: each row is linked to the one before.

use sha2::{Digest, Sha256};

/// Links a row to the one before: SHA-256, in hexadecimal, of the previous row's hash and the row's fields, each ended by a
/// line feed. No field may hold a raw line feed ([`one_line`]; JSON escapes it), or two rows could have one text.
pub fn link(previous: &str, fields: &[&str]) -> String {
    let mut hash = Sha256::new().chain_update(previous).chain_update("\n");
    for field in fields {
        hash.update(field);
        hash.update("\n");
    }
    hex::encode(hash.finalize())
}

/// A text as a field: line breaks become blanks.
pub fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// A row does not follow from the one before: it was changed, removed or put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken(
    /// Position at which the chain breaks, from 1.
    pub i64,
);

/// A chain while it is walked from its beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    rows: i64,
    head: String,
}

impl Chain {
    /// A chain as far as it was walked already.
    pub fn at(rows: i64, head: String) -> Self {
        Self { rows, head }
    }

    /// Number of rows.
    pub fn rows(&self) -> i64 {
        self.rows
    }

    /// Hash of the last row; empty where there is none.
    pub fn head(&self) -> &str {
        &self.head
    }

    /// Position and hash of a row with `fields` that comes next. The position is the first field of every row.
    pub fn next(&self, fields: &[&str]) -> (i64, String) {
        let seq = self.rows + 1;
        let position = seq.to_string();
        let all: Vec<&str> = std::iter::once(position.as_str()).chain(fields.iter().copied()).collect();
        (seq, link(&self.head, &all))
    }

    /// Takes the row that is said to come next.
    ///
    /// # Errors
    /// [`Broken`] where it does not; the chain stays where it was.
    pub fn take(&mut self, seq: i64, fields: &[&str], hash: &str) -> Result<(), Broken> {
        let (wanted, expected) = self.next(fields);
        if seq != wanted || hash != expected {
            return Err(Broken(wanted));
        }
        *self = Self { rows: seq, head: expected };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(rows: &[(i64, [&str; 2], String)]) -> Result<Chain, Broken> {
        let mut chain = Chain::default();
        rows.iter().try_for_each(|(seq, fields, hash)| chain.take(*seq, fields, hash))?;
        Ok(chain)
    }

    #[test]
    fn a_chain_breaks_where_a_row_is_changed_removed_put_in_or_moved() {
        let mut chain = Chain::default();
        let mut rows = Vec::new();
        for fields in [["anna", "one"], ["boris", "two"], ["clara", "three"], ["dora", "four"]] {
            let (seq, hash) = chain.next(&fields);
            chain.take(seq, &fields, &hash).expect("follows");
            rows.push((seq, fields, hash));
        }
        assert_eq!(walked(&rows).expect("whole"), chain);
        assert_eq!((chain.rows(), chain.head().len()), (4, 64));
        type Rows = Vec<(i64, [&'static str; 2], String)>;
        let broken = |change: &dyn Fn(&mut Rows)| {
            let mut rows = rows.clone();
            change(&mut rows);
            walked(&rows).expect_err("broken").0
        };
        assert_eq!(broken(&|rows| rows[1].1[1] = "other"), 2);
        assert_eq!(broken(&|rows| drop(rows.remove(2))), 3);
        assert_eq!(broken(&|rows| drop(rows.remove(0))), 1);
        assert_eq!(broken(&|rows| rows.swap(1, 2)), 2);
        assert_eq!(broken(&|rows| rows.insert(1, rows[0].clone())), 2);
        // A field that takes from its neighbour is another row.
        assert_eq!(broken(&|rows| rows[3].1 = ["dor", "afour"]), 4);
    }

    #[test]
    fn links_are_those_that_files_of_earlier_versions_hold() {
        // printf '\n1\n2026-03-02T12:00:00Z\nworkstation\nvault-opened\n{}\n' | sha256sum
        let first = link("", &["1", "2026-03-02T12:00:00Z", "workstation", "vault-opened", "{}"]);
        assert_eq!(first, "25ff9051b52eae861ac348b097041b10df18933add49f4c11a4282d1f50b6f30");
    }
}
