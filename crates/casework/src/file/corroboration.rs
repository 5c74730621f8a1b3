use catalogue::say;
use department::{Gap, Gaps, Moment, PersonRef, need};

use super::CaseFile;
use crate::corroboration::{
    Attachment, Category, Checklist, Circumstances, ContradictionPanel, Entry, Finding, Standing,
};
use crate::examination::Examination;
use crate::ids::{CandidateId, EntryId};
use crate::note::around;
use crate::text::{gist, said};

impl CaseFile {
    /// The candidate that entries are made for now: the one that is kept, once the examination is concluded.
    fn kept(&self) -> Option<CandidateId> {
        self.0.examination.as_ref().filter(|e| e.concluded_at().is_some()).and_then(Examination::lead)
    }

    /// Binds entries that were made before anybody was kept to whom the examination keeps.
    pub(crate) fn bind_entries(&mut self) {
        let Some(kept) = self.kept() else { return };
        for entry in self.0.checklist.entries.iter_mut().filter(|e| e.made_for.is_none()) {
            entry.made_for = Some(kept);
        }
    }

    /// What entries are judged against, for a note that `author` would write at `now`.
    pub(crate) fn around(&self, author: &PersonRef, now: Moment) -> Circumstances {
        around(
            self.0.case.as_ref(),
            self.0.probe.as_ref(),
            &self.0.searches,
            self.0.examination.as_ref().map(|e| (e.work(), e.verification())),
            &self.0.history,
            author,
            now,
        )
    }

    /// What each entry of the checklist is worth in a note that `author` would write at `now`.
    pub fn standings(&self, author: &PersonRef, now: Moment) -> Vec<(EntryId, Standing)> {
        self.0.checklist.standings(&self.around(author, now))
    }

    /// Adds an empty entry to the checklist.
    ///
    /// # Errors
    /// A gap before a list is shown and after sealing.
    pub fn add_entry(&mut self, id: EntryId, category: Category) -> Result<(), Vec<Gap>> {
        self.edit_checklist(|list| list.entries.push(Entry::empty(id, category)))
    }

    /// Changes the checklist. Its scope always follows the disposition.
    ///
    /// # Errors
    /// A gap before a list is shown and after sealing, and when an entry that contradicts the lead would go.
    pub fn edit_checklist(&mut self, change: impl FnOnce(&mut Checklist)) -> Result<(), Vec<Gap>> {
        self.unsealed()?;
        if self.0.searches.is_empty() {
            return Err(vec![Gap::new(
                "search",
                say!("rule-corroboration-search-gallery-first"),
                say!("rule-corroboration-no-lead-corroborate-yet"),
            )]);
        }
        let mut changed = self.0.checklist.clone();
        change(&mut changed);
        changed.scope = self.0.checklist.scope;
        // Attachments come and go only with their bytes; what the program writes is not typed.
        let made_for = self.kept();
        for entry in &mut changed.entries {
            let kept = self.0.checklist.entries.iter().find(|e| e.id == entry.id);
            entry.attachments = kept.map(|e| e.attachments.clone()).unwrap_or_default();
            entry.made_for = kept.map_or(made_for, |e| e.made_for);
            entry.earlier = kept.map(|e| e.earlier.clone()).unwrap_or_default();
        }
        // What speaks for the person is never tidied away.
        let against =
            self.0.checklist.entries.iter().filter(|e| e.finding == Some(Finding::Contradicts) && said(&e.shows));
        let mut gaps = Gaps::new();
        let why = say!("rule-corroboration-exculpatory-information-must-disclosed");
        for entry in against {
            let place = format!("{}.{}", entry.category().code(), entry.id);
            let now = changed.entries.iter_mut().find(|e| e.id == entry.id && e.finding == entry.finding);
            let Some(now) = now.filter(|now| said(&now.shows) && now.category() == entry.category()) else {
                gaps.push(Gap::new(place, say!("rule-corroboration-contradicts-lead-stays-record-add"), why));
                continue;
            };
            // Until every question is answered it is still being written; then it is only added to.
            let whole = entry.is_whole();
            need!(
                gaps,
                !whole || (now.is_whole() && now.dates() == entry.dates()),
                place.clone(),
                say!("rule-corroboration-contradicts-lead-stays-answered-add"),
                why,
            );
            let (before, after) = (entry.texts(), now.texts());
            let overwritten = before.iter().zip(&after).find(|((field, b), (_, a))| {
                *field != "resolution" && *field != "dates_explained" && !a.starts_with(b.trim_end())
            });
            match overwritten {
                Some(((field, _), _)) if whole => gaps.push(Gap::new(
                    format!("{place}.{field}"),
                    say!("rule-corroboration-contradicts-lead-not-overwritten-leave"),
                    why,
                )),
                Some(_) => {
                    let replaced = !now.shows.starts_with(entry.shows.trim_end());
                    if replaced && !gist(&now.shows).contains(&gist(&entry.shows)) {
                        now.earlier.push(entry.shows.clone());
                    }
                }
                None => {}
            }
        }
        self.0.checklist.panel.keep_earlier(&mut changed.panel, &mut gaps);
        gaps.into_result(|| ())?;
        self.0.checklist = changed;
        Ok(())
    }

    /// Changes one entry, the one that has its id.
    ///
    /// # Errors
    /// As [`CaseFile::edit_checklist`], and a gap when there is no such entry.
    pub fn edit_entry(&mut self, entry: Entry) -> Result<(), Vec<Gap>> {
        if !self.0.checklist.entries.iter().any(|e| e.id == entry.id) {
            let text = say!("rule-corroboration-entry-removed-meanwhile-nothing-changed");
            return Err(vec![Gap::new(
                entry.category().code(),
                text,
                say!("rule-corroboration-written-belongs-entry"),
            )]);
        }
        self.edit_checklist(|list| {
            list.entries.iter_mut().filter(|e| e.id == entry.id).for_each(|e| *e = entry.clone())
        })
    }

    /// Changes what could speak against the lead, and nothing else.
    ///
    /// # Errors
    /// As [`CaseFile::edit_checklist`].
    pub fn edit_panel(&mut self, panel: ContradictionPanel) -> Result<(), Vec<Gap>> {
        self.edit_checklist(|list| list.panel = panel)
    }

    /// Attaches a file to an entry.
    ///
    /// # Errors
    /// A gap after sealing, without that entry, and for a file that is there already.
    pub fn attach(&mut self, entry: EntryId, attachment: Attachment) -> Result<(), Vec<Gap>> {
        let of_probe = self.probe_files().contains(attachment.sha256.as_str());
        let found = self.entry_to_change(entry)?;
        if of_probe {
            let place = format!("{}.{entry}.attachments", found.category().code());
            let text = say!("rule-corroboration-file-probe-itself-not-attached");
            return Err(vec![Gap::new(place, text, say!("rule-corroboration-photograph-cannot-corroborate-itself"))]);
        }
        if found.attachments.iter().any(|a| a.sha256 == attachment.sha256) {
            let place = format!("{}.{entry}.attachments", found.category().code());
            return Err(vec![Gap::new(
                place,
                say!("rule-corroboration-file-attached-already"),
                say!("rule-corroboration-same-file-twice-adds-nothing"),
            )]);
        }
        found.attachments.push(attachment);
        Ok(())
    }

    /// Takes an attachment away from an entry; its bytes stay in the vault.
    ///
    /// # Errors
    /// A gap after sealing, without that entry, and where it contradicts the lead.
    pub fn detach(&mut self, entry: EntryId, sha256: &str) -> Result<(), Vec<Gap>> {
        let found = self.entry_to_change(entry)?;
        if found.finding == Some(Finding::Contradicts) {
            let place = format!("{}.{entry}.attachments", found.category().code());
            let text = say!("rule-corroboration-contradicts-lead-stays-record-files");
            return Err(vec![Gap::new(place, text, say!("rule-corroboration-exculpatory-information-must-disclosed"))]);
        }
        found.attachments.retain(|a| a.sha256 != sha256);
        Ok(())
    }

    /// Whether a file may be attached to `entry` now.
    ///
    /// # Errors
    /// A gap after sealing, and without that entry.
    pub fn may_attach(&mut self, entry: EntryId) -> Result<(), Vec<Gap>> {
        self.entry_to_change(entry).map(drop)
    }

    fn entry_to_change(&mut self, entry: EntryId) -> Result<&mut Entry, Vec<Gap>> {
        self.unsealed()?;
        let found = self.0.checklist.entries.iter_mut().find(|e| e.id == entry);
        found.ok_or_else(|| vec![Gap::new("vehicle", say!("rule-corroboration-no-such-entry-any-more"), "")])
    }
}
