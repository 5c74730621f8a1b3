//! A record that is in a log, and who saw it there.

use catalogue::say;

use casework::Moment;

/// A witness that saw the log with a record in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// Its name in the roster.
    pub name: String,
    /// When it saw it: the record was there by then.
    pub at: Moment,
}

/// Whose log a record is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The department's, by a key that its roster names.
    Department,
    /// One that calls itself the department's; nobody of the department says so.
    Unnamed,
    /// The workstation's own.
    Workstation,
}

/// A record that is in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InLog {
    /// The event that put it there: `note-sealed`, `note-reviewed` or `addendum-written`.
    pub event: String,
    /// Where it stands, from 0.
    pub index: u64,
    /// How many rows the log had.
    pub size: u64,
    /// Whose log.
    pub whose: Whose,
    /// Witnesses of the roster that saw it.
    pub seen: Vec<Witnessed>,
    /// Witnesses of the newest roster that did not.
    pub missing: Vec<String>,
}

impl InLog {
    /// What a reader should know of it, a sentence each.
    pub(super) fn sentences(&self) -> Vec<String> {
        let what = match self.event.as_str() {
            "note-sealed" => say!("vault-logged-note"),
            "note-reviewed" => say!("vault-logged-review"),
            _ => say!("vault-logged-addendum"),
        };
        let (row, size) = (self.index + 1, self.size);
        let mut all = vec![match self.whose {
            Whose::Department => say!("vault-logged-department", what, row, size),
            Whose::Unnamed => say!("vault-logged-unnamed", what, row, size),
            Whose::Workstation => say!("vault-logged-workstation", what, row, size),
        }];
        all.extend(self.seen.iter().map(|seen| say!("vault-logged-seen", name = seen.name, at = seen.at)));
        all.extend(self.missing.iter().map(|name| say!("vault-logged-not-seen", name)));
        if self.seen.is_empty() && self.missing.is_empty() {
            all.push(say!("vault-logged-no-witness").to_owned());
        }
        all
    }
}
