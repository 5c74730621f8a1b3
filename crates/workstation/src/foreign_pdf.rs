//! Pages of foreign PDF files, drawn by another process that may be killed.

use std::io::{Read, Write};
use std::process::Stdio;
use std::time::Duration;

use catalogue::say;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::time::timeout;

use crate::error::{CommandError, Outcome};

/// Argument that makes this program draw a page.
pub const FOREIGN_PDF: &str = "foreign-pdf";
/// How long a page may take.
const PATIENCE: Duration = Duration::from_secs(20);

fn unshown(why: impl std::fmt::Display) -> CommandError {
    CommandError::new("no-preview", say!("workstation-pdf-cannot-shown-file-itself", why))
}

/// Draws the first page of the PDF on stdin, as PNG on stdout.
pub fn serve(side: u32) -> Result<(), String> {
    faces::decoder::confine().map_err(|e| e.to_string())?;
    let mut pdf = Vec::new();
    std::io::stdin().read_to_end(&mut pdf).map_err(|e| e.to_string())?;
    let (png, _) = documents::page(pdf, 0, side).map_err(|e| e.to_string())?;
    std::io::stdout().write_all(&png).map_err(|e| e.to_string())
}

/// The first page of a PDF as PNG.
pub async fn first_page(pdf: &[u8], side: u32) -> Outcome<Vec<u8>> {
    let program = std::env::current_exe().map_err(unshown)?;
    let mut child = Command::new(program)
        .args([FOREIGN_PDF, &side.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(unshown)?;
    let mut to = child.stdin.take().ok_or_else(|| unshown(say!("workstation-no-input")))?;
    let drawn = async {
        // A process that ended early says why by its status.
        let _ = to.write_all(pdf).await;
        drop(to);
        child.wait_with_output().await
    };
    let drawn =
        timeout(PATIENCE, drawn).await.map_err(|_| unshown(say!("workstation-took-too-long")))?.map_err(unshown)?;
    if drawn.status.success() { Ok(drawn.stdout) } else { Err(unshown(say!("workstation-damaged-encrypted-no-pdf"))) }
}
