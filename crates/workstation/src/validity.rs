//! What this workstation's figures rest on: the calibrations in force, and what searches cost each group. No case is read.

use std::path::Path;

use catalogue::say;
use documents::ValidityReport;
use faces::{Manifest, Task};
use serde_json::json;

use crate::disclose::{printed, write_out};
use crate::error::{CommandError, Outcome, stopped};
use crate::group_report::{GroupReport, reports};
use crate::views::{CalibrationView, GroupsView, ValidityView};
use crate::workstation::Blocking;

impl Blocking<'_> {
    /// Whether whoever is signed in may read this at all.
    ///
    /// # Errors
    /// When they may not.
    pub fn may_read_validity(&self) -> Outcome<()> {
        Ok(self.person()?.may_read_validity()?)
    }

    fn group_reports(&self) -> Outcome<(Vec<GroupReport>, Vec<String>)> {
        let folder = self.groups.as_deref().filter(|folder| folder.exists());
        let (beside, unread) = folder.map(reports).unwrap_or_default();
        // What was chosen just now is looked at first.
        let chosen = self.chosen_groups.lock().map_err(|_| stopped())?.clone();
        let others = beside.into_iter().filter(|one| chosen.as_ref().is_none_or(|chosen| chosen.sha256 != one.sha256));
        Ok((chosen.iter().cloned().chain(others).collect(), unread))
    }

    /// The calibrations in force and the reports by group, for administrators, supervisors and auditors.
    ///
    /// # Errors
    /// When whoever is signed in is none of them.
    pub fn validity(&self) -> Outcome<ValidityView> {
        self.may_read_validity()?;
        let manifest = Manifest::locate()?;
        let model = manifest.model(Task::Embedding, None)?.id.clone();
        let (groups, unread) = self.group_reports()?;
        Ok(ValidityView {
            calibrations: CalibrationView::all(&self.calibrations.0, &model),
            groups: groups.iter().map(|one| GroupsView::new(one, &model)).collect(),
            model,
            list: self.policy().search.candidates,
            folder: self.groups.as_ref().map(|folder| folder.display().to_string()),
            unread,
        })
    }

    /// Takes a report by group that somebody chose; it is shown until the program ends, or another is chosen.
    ///
    /// # Errors
    /// When it is none, with the reason; then the one before stays.
    pub fn take_groups(&self, path: &Path) -> Outcome<ValidityView> {
        self.may_read_validity()?;
        let report = GroupReport::read(path).map_err(|because| CommandError::new("groups", because))?;
        *self.chosen_groups.lock().map_err(|_| stopped())? = Some(report);
        self.validity()
    }

    /// Writes the validity report of a calibration, with a report by group where one is named; both by their SHA-256.
    ///
    /// # Errors
    /// When whoever is signed in may not, when one of them is no longer there, or the two are of different models.
    pub fn print_validity(&self, calibration: &str, groups: Option<&str>, to: &Path) -> Outcome<()> {
        self.may_read_validity()?;
        let gone = || CommandError::new("unknown", say!("workstation-validity-gone"));
        let kept = self.calibrations.0.iter().find(|kept| kept.sha256 == calibration).ok_or_else(gone)?;
        let reports = self.group_reports()?.0;
        let groups =
            groups.map(|sha256| reports.iter().find(|one| one.sha256 == sha256).ok_or_else(gone)).transpose()?;
        let paper = documents::validity(&ValidityReport {
            department: &self.policy().department,
            calibration: (&kept.calibration, &kept.sha256),
            groups: groups.map(|one| (&one.report, one.sha256.as_str())),
            made_on: jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date().to_string(),
        })
        .map_err(|e| CommandError::new("groups", format!("{e}.")))?;
        let detail = json!({ "calibration": kept.sha256, "groups": groups.map(|one| &one.sha256) });
        let pdf = printed(&paper)?;
        self.act_as(|v, person, now| {
            person.may_read_validity()?;
            Ok(v.record(Some(&person.reference()), now, "validity-printed", &detail)?)
        })?;
        write_out(to, &mut pdf.as_slice())
    }
}
