//! Records as paper: the lead report, the disclosure, the validity report and reports that laws ask for as PDF/A-2b, and pages of foreign PDF files as pictures.
//!
//! What is printed is a [`Paper`]: headings, facts, tables, pictures. One Typst template sets it; text reaches it as
//! data and is never read as markup.

mod disclosure;
mod foreign_pdf;
mod paper;
mod public_report;
mod report;
mod typeset;
mod validity;

pub use disclosure::disclosure;
pub use foreign_pdf::{PageError, page};
pub use paper::{Block, Drawn, Paper, Picture};
pub use public_report::public_report;
pub use report::{LeadReport, Signature, lead_report};
pub use typeset::{PrintError, Printed, print};
pub use validity::{OtherReport, ValidityReport, validity};
