//! Reports that laws ask for: which there are, and making one as JSON, CSV and PDF.

use std::path::{Path, PathBuf};

use catalogue::say;
use serde_json::json;
use sha2::{Digest, Sha256};

use casework::{
    Answer, Clock, Filled, Making, Pack, PackError, Person, Report, Span, Systems, may_read_figures, shipped_packs,
};

use crate::clock::SystemClock;
use crate::disclose::{printed, write_out};
use crate::error::{CommandError, Outcome};
use crate::verify_file::read_text;
use crate::views::{MadeReportLine, PackLine, ReportsView};
use crate::workstation::Blocking;

/// The files of one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFiles {
    /// PDF.
    pub pdf: PathBuf,
    /// JSON.
    pub json: PathBuf,
    /// CSV.
    pub csv: PathBuf,
}

impl From<PackError> for CommandError {
    fn from(error: PackError) -> Self {
        CommandError::new("report", error)
    }
}

/// The pack that ships with the name `named`, or the one in the file of that name.
fn pack(named: &str) -> Outcome<Pack> {
    let shipped = shipped_packs().into_iter().find(|(name, _)| *name == named).map(|(_, text)| text.to_owned());
    let text = match shipped {
        Some(text) => text,
        None => read_text(Path::new(named)).map_err(|e| CommandError::new("report", e))?,
    };
    let read: Pack = toml::from_str(&text).map_err(|e| PackError::Form(e.to_string()))?;
    Ok(read.check()?)
}

impl Blocking<'_> {
    /// Whether whoever is signed in may make a report: asked before the system's window for files opens.
    pub fn may_report(&self) -> Outcome<()> {
        Ok(may_read_figures(&self.person()?)?)
    }

    /// Packs that ship, and reports that were made.
    pub fn reports(&self) -> Outcome<ReportsView> {
        self.may_report()?;
        let packs =
            shipped_packs().into_iter().map(|(name, _)| pack(name).map(PackLine::of)).collect::<Outcome<_>>()?;
        self.with(|v| {
            let made = v.reports_made()?.into_iter().map(MadeReportLine::of).collect();
            Ok(ReportsView { packs, made, operations: v.operations()? })
        })
    }

    /// Makes the report of a pack over `span`. That it was made, and what it tells of groups of people, is on record before it
    /// leaves. `pdf` names its file; the others lie beside it.
    pub fn make_report(&self, named: &str, span: &Span, pdf: &Path) -> Outcome<ReportFiles> {
        self.report_by(&self.person()?, named, span, pdf)
    }

    /// The same by `person`, who came in for it without a window.
    pub fn report_by(&self, person: &Person, named: &str, span: &Span, pdf: &Path) -> Outcome<ReportFiles> {
        may_read_figures(person)?;
        let (pack, policy, now) = (pack(named)?, self.policy(), SystemClock.now());
        if span.to > now.day_in(&policy.time_zone) {
            return Err(CommandError::new("report", say!("workstation-report-not-over", to = span.to)));
        }
        let (report, text) = self.act(|v| {
            let person = v.person(person.id)?;
            may_read_figures(&person)?;
            let systems = Systems {
                program: concat!("Corroborate ", env!("CARGO_PKG_VERSION")).to_owned(),
                policies: v.policies_worked_by()?,
            };
            let name = v.settings()?.workstation;
            let covers = [format!("{name} {}", vault::fingerprint(&v.card("").signs)).trim().to_owned()];
            let (digests, events, earlier) = (v.digests()?, v.countable_events()?, v.told_of_groups()?);
            let by = person.reference();
            let making = Making {
                digests: &digests,
                events: &events,
                earlier: &earlier,
                department: &policy.department,
                time_zone: &policy.time_zone,
                covers: &covers,
                systems: &systems,
                by: &by,
                at: now,
            };
            let (mut report, told) = Report::make(&pack, span, making)?;
            report.checkpoint = v.newest_checkpoint()?;
            let text = v.put_report(&report, &told)?;
            Ok::<_, CommandError>((report, text))
        })?;
        let paper = documents::public_report(&report, &hex::encode(Sha256::digest(&text)));
        let files =
            ReportFiles { pdf: pdf.to_owned(), json: pdf.with_extension("json"), csv: pdf.with_extension("csv") };
        let parts =
            [(&files.json, text.into_bytes()), (&files.csv, csv(&report).into_bytes()), (&files.pdf, printed(&paper)?)];
        for (path, bytes) in parts {
            write_out(path, &mut bytes.as_slice())?;
        }
        Ok(files)
    }
}

/// A cell of a table for a program that calculates: quoted, and never taken for a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}

/// A report as CSV (RFC 4180): field, its title, two groups, count. What is not told or not recorded says so.
fn csv(report: &Report) -> String {
    let mut lines = vec!["field,title,group,second_group,count".to_owned()];
    let mut line = |field: &Filled, groups: [&str; 2], count: &str| {
        let cells = [&field.code, &field.title, groups[0], groups[1], count].map(cell);
        lines.push(cells.join(","));
    };
    for field in &report.fields {
        match &field.answer {
            Answer::Count { count } => line(field, ["", ""], &count.to_string()),
            Answer::Table { rows, total, .. } => {
                for row in rows {
                    let group = |at: usize| row.words.get(at).map_or("", String::as_str);
                    let count =
                        row.count.map_or_else(|| say!("workstation-report-not-told").to_owned(), |n| n.to_string());
                    line(field, [group(0), group(1)], &count);
                }
                line(field, [say!("workstation-report-total"), ""], &total.to_string());
            }
            Answer::Facts { lines: facts } => facts.iter().for_each(|fact| line(field, [fact, ""], "")),
            Answer::NotRecorded { because } => {
                line(field, ["", ""], &say!("workstation-report-not-recorded", because));
            }
        }
    }
    lines.join("\r\n") + "\r\n"
}

/// What a command prints of a report that was made.
pub fn report_told(files: &ReportFiles, json: bool) -> String {
    let [pdf, text, csv] = [&files.pdf, &files.json, &files.csv].map(|path| path.display().to_string());
    match json {
        true => json!({ "pdf": pdf, "json": text, "csv": csv }).to_string(),
        false => say!("workstation-report-made", pdf, json = text, csv),
    }
}

/// Days of a report as a command names them.
///
/// # Errors
/// What is no day.
pub fn span_of(from: &str, to: &str) -> Result<Span, String> {
    let day = |text: &str| text.parse().map(casework::Day).map_err(|_| say!("workstation-report-no-day", text));
    Ok(Span { from: day(from)?, to: day(to)? })
}
