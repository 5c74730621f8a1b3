//! Exact search over millions of templates.
//!
//! The [`Index`] holds every template as 8-bit codes in segments, with what the codes leave out as a length. On the disk
//! each segment is sealed with a key of its own that lies elsewhere ([`Keys`]); in memory it is kept out of swap. By Cauchy-Schwarz each row then has a lower and an upper bound of its score, so one pass over the codes says
//! which rows *can* be among the best; only those are compared in full precision, with the values that the store of
//! record holds ([`Shortlist::settle`]). The answer equals that of a full-precision comparison with every row.
//!
//! **Invariant:** no row is ruled out unless `limit` other subjects have a score that is certainly higher.
//!
//! The index is derived, never the truth: it says up to where of the store's outbox it is ([`Index::applied`]) and what
//! it found damaged at start ([`Index::damaged`]).

mod index;
mod keys;
mod rows;
mod scan;
mod segment;
mod simd;

pub use index::{Index, IndexError, Position, Range};
pub use keys::{InMemory, Key, Keys, KeysError};
pub use scan::{Hit, Probe, SettleError, Settled, Shortlist, score};
pub use simd::Kernel;

/// What the index knows of one row. All are numbers that the store gives out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Entry {
    /// The record.
    pub record: i64,
    /// The person.
    pub subject: i64,
    /// Day of the photograph as `year × 10000 + month × 100 + day`; 0 when not known.
    pub day: i32,
    /// Agency; 0 when not known.
    pub agency: i32,
}

/// Which rows are compared. Values that are not known pass.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// First day, as [`Entry::day`]; 0 for none.
    pub from: i32,
    /// Last day, as [`Entry::day`]; 0 for none.
    pub until: i32,
    /// Only these agencies.
    pub agencies: Option<Vec<i32>>,
}

impl Filter {
    /// Whether a row of this day and agency is compared.
    #[inline]
    pub fn passes(&self, day: i32, agency: i32) -> bool {
        let known_day = day == 0 || (day >= self.from && (self.until == 0 || day <= self.until));
        known_day && self.agencies.as_ref().is_none_or(|wanted| agency == 0 || wanted.contains(&agency))
    }

    /// Whether every row passes.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }
}
