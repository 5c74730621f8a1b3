//! `corroborate report`.

use std::path::PathBuf;

use catalogue::say;
use clap::Args;
use workstation::{Setup, Workstation, report_told, span_of};

/// Makes a report that a law asks for from the vault, as PDF, JSON and CSV. The vault opens to a supervisor or auditor alone: their
/// passphrase is the first line of stdin, the code of their second factor the second.
#[derive(Debug, Args)]
pub struct Reporting {
    /// Name of a pack that ships (transparency, operator-audit, maryland-2-510, maryland-2-505, san-francisco-19b, new-orleans,
    /// washington-43-386, detroit-weekly), or a file of one.
    #[arg(long)]
    pack: String,
    /// First day, as 2026-01-01.
    #[arg(long)]
    from: String,
    /// Last day.
    #[arg(long)]
    to: String,
    /// Badge of the person; where the workstation has several, it must be named.
    #[arg(long)]
    badge: Option<String>,
    /// The PDF file; JSON and CSV lie beside it. In this folder, named by pack and days, when absent.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Makes one.
pub fn report(setup: Setup, how: &Reporting) -> Result<(), String> {
    let span = span_of(&how.from, &how.to)?;
    let station = Workstation::new(setup).map_err(|e| e.message)?;
    let typed =
        std::io::read_to_string(std::io::stdin()).map_err(|e| say!("command-cannot-read-token-from-stdin", e))?;
    let mut lines = typed.lines();
    let (passphrase, code) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let badge = match &how.badge {
        Some(badge) => badge.clone(),
        None => match station.here().people().map_err(|e| e.message)?.as_slice() {
            [only] => only.badge.clone(),
            _ => return Err(say!("command-report-name-badge").to_owned()),
        },
    };
    let here = station.here();
    let person = here.open_for_command(&badge, passphrase, code, "reported").map_err(|e| e.message)?;
    let stem = how.pack.rsplit(['/', '\\']).next().unwrap_or_default().trim_end_matches(".toml");
    let name = || PathBuf::from(format!("report-{stem}-{}-{}.pdf", span.from, span.to));
    let out = how.out.clone().unwrap_or_else(name);
    let files = here.report_by(&person, &how.pack, &span, &out).map_err(|e| e.message)?;
    println!("{}", report_told(&files, how.json));
    Ok(())
}
