//! Reports by group: what searches cost each, as somebody measured it.

use std::path::Path;

use catalogue::say;
use faces::evaluate::Report;
use sha2::{Digest, Sha256};

use crate::json_files::{json_files, name_of, read_no_larger};

/// Name of the folder, beside the department's policy, with its reports by group.
pub(crate) const GROUPS: &str = "groups";

/// How large a report may be: a hundred times what one of a few groups takes.
const LARGEST: u64 = 4 << 20;

/// A report by group with the file that it was read from.
#[derive(Debug, Clone)]
pub(crate) struct GroupReport {
    /// Name of the file.
    pub name: String,
    /// Its SHA-256.
    pub sha256: String,
    /// What it says.
    pub report: Report,
}

impl GroupReport {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// In words, when it cannot be read, says what cannot be, or has no groups.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let unread =
            |error: &dyn std::fmt::Display| say!("workstation-groups-unreadable", file = path.display(), error);
        let text = read_no_larger(path, LARGEST).map_err(|e| unread(&e))?;
        let report: Report = text.parse().map_err(|e| unread(&e))?;
        if report.costs.as_ref().is_none_or(|costs| costs.groups.is_empty()) {
            return Err(unread(&say!("paper-validity-no-groups")));
        }
        Ok(Self { name: name_of(path), sha256: hex::encode(Sha256::digest(&text)), report })
    }
}

/// The reports of a folder, and why others there are none.
pub(crate) fn reports(folder: &Path) -> (Vec<GroupReport>, Vec<String>) {
    let files = match json_files(folder) {
        Ok(files) => files,
        Err(error) => return (Vec::new(), vec![say!("workstation-groups-unreadable", file = folder.display(), error)]),
    };
    let (mut read, mut unread) = (Vec::new(), Vec::new());
    for file in files {
        match GroupReport::read(&file) {
            Ok(report) => read.push(report),
            Err(because) => unread.push(because),
        }
    }
    (read, unread)
}
