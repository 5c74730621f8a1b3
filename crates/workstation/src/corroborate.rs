//! The checklist: entries and their files.

use std::path::Path;

use uuid::Uuid;

use casework::{CaseId, Category, Checklist, ContradictionPanel, Entry, EntryId};

use crate::error::Outcome;
use crate::views::CaseView;
use crate::workstation::Blocking;

impl Blocking<'_> {
    /// Adds an empty entry.
    pub fn add_entry(&self, id: CaseId, category: Category) -> Outcome<CaseView> {
        self.change(id, None, |file, _, _| Ok(file.add_entry(EntryId(Uuid::new_v4()), category)?))
    }

    /// Keeps what is typed of the checklist.
    pub fn edit_checklist(&self, id: CaseId, checklist: Checklist) -> Outcome<CaseView> {
        self.change(id, None, |file, _, _| Ok(file.edit_checklist(|list| *list = checklist)?))
    }

    /// Keeps what is typed of one entry.
    pub fn edit_entry(&self, id: CaseId, entry: Entry) -> Outcome<CaseView> {
        self.change(id, None, |file, _, _| Ok(file.edit_entry(entry)?))
    }

    /// Keeps what is answered of what could speak against the lead.
    pub fn edit_panel(&self, id: CaseId, panel: ContradictionPanel) -> Outcome<CaseView> {
        self.change(id, None, |file, _, _| Ok(file.edit_panel(panel)?))
    }

    /// Whether a file may be attached to the entry: asked before anybody looks for one.
    pub fn may_attach(&self, id: CaseId, entry: EntryId) -> Outcome<()> {
        Ok(self.works_on(id)?.0.may_attach(entry)?)
    }

    /// Attaches an offered file: [`Blocking::attach`].
    pub fn attach_offered(&self, id: CaseId, entry: EntryId, index: usize) -> Outcome<CaseView> {
        self.attach(id, entry, &self.offered_path(index)?)
    }

    /// Attaches the file at `path` to an entry.
    pub fn attach(&self, id: CaseId, entry: EntryId, path: &Path) -> Outcome<CaseView> {
        let limit = u64::from(self.policy().corroboration.attachment_megabytes) * 1_000_000;
        self.change_with(id, "file-attached", |v, file, person, now| {
            // Asked first: bytes are read only for an entry that may take them.
            file.may_attach(entry)?;
            let attachment = v.attach(id, path, limit, &person.reference(), now)?;
            Ok(file.attach(entry, attachment)?)
        })
    }

    /// Takes a file away from an entry.
    pub fn detach(&self, id: CaseId, entry: EntryId, sha256: &str) -> Outcome<CaseView> {
        self.change(id, Some("file-detached"), |file, _, _| Ok(file.detach(entry, sha256)?))
    }
}
