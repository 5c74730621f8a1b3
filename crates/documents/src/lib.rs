//! Records as paper: the lead report and the disclosure as PDF/A-2b, and pages of foreign PDF files as pictures.
//!
//! What is printed is a [`Paper`]: headings, facts, tables, pictures. One Typst template sets it; text reaches it as
//! data and is never read as markup.

mod disclosure;
mod page;
mod paper;
mod report;
mod setting;

pub use disclosure::disclosure;
pub use page::{PageError, page};
pub use paper::{Block, Paper, Picture};
pub use report::{LeadReport, Signature, lead_report};
pub use setting::{PrintError, Printed, print};
