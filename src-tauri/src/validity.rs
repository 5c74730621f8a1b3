//! `corroborate validity`: what a calibration measured, on paper.

use std::path::{Path, PathBuf};

use catalogue::say;
use clap::Args;
use documents::ValidityReport;
use faces::calibrate::Calibration;
use faces::evaluate::Report;
use sha2::{Digest, Sha256};
use workstation::{read_text, write_whole};

#[derive(Debug, Args)]
pub struct Printing {
    /// The calibration, as `faces calibrate --out` wrote it.
    calibration: PathBuf,
    /// A report by group, as `faces evaluate --groups … --out` wrote it.
    #[arg(long)]
    groups: Option<PathBuf>,
    /// Name of the department.
    #[arg(long, default_value = "")]
    department: String,
    /// The PDF file.
    #[arg(long)]
    out: PathBuf,
}

/// What a file holds, and its SHA-256.
fn read<T, E: std::fmt::Display>(path: &Path, parse: impl Fn(&str) -> Result<T, E>) -> Result<(T, String), String> {
    let text = read_text(path)?;
    let held = parse(&text).map_err(|e| say!("command-validity-no-such-file", path = path.display(), e))?;
    Ok((held, hex::encode(Sha256::digest(&text))))
}

pub fn print(printing: &Printing) -> Result<(), String> {
    let (calibration, sha256) = read(&printing.calibration, str::parse::<Calibration>)?;
    let groups = printing.groups.as_deref().map(|path| read(path, str::parse::<Report>)).transpose()?;
    let now = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC);
    let paper = documents::validity(&ValidityReport {
        department: &printing.department,
        calibration: (&calibration, &sha256),
        groups: groups.as_ref().map(|(report, sha256)| (report, sha256.as_str())),
        made_on: now.date().to_string(),
    })
    .map_err(|e| e.to_string())?;
    let time = [now.month(), now.day(), now.hour(), now.minute(), now.second()].map(i32::from);
    let [month, day, hour, minute, second] = time;
    let made = [i32::from(now.year()), month, day, hour, minute, second];
    let printed = documents::print(&paper, made).map_err(|e| e.to_string())?;
    let unwritten = |e: std::io::Error| say!("command-validity-not-written", path = printing.out.display(), e);
    write_whole(&printing.out, &mut printed.pdf.as_slice()).map_err(unwritten)
}
