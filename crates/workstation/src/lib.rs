//! What people do at a workstation, without its window: whoever calls has a person, a wish and gets an answer or an error
//! that a person can act on. One file a use case.
//!
//! [`Workstation`] holds what lies behind the window: the vault, the policy, who is signed in, the decoder's process. The
//! window's commands and the command line call the same functions. [`Workstation::run`] alone decides where one that waits
//! runs: it is a method of [`Blocking`], which nothing else makes beside a window.
//!
//! **Invariant:** nobody who is not signed in reaches anything; what an act reads, decides and writes happens in one
//! transaction of the vault ([`Blocking::act`]); no foreign photograph is decoded in this process.

mod anchors;
mod ask_elsewhere;
mod at_vault;
mod awake;
mod backup;
mod behind;
mod bring_photo;
mod case_uco;
mod change_case;
mod clock;
mod confirming;
mod corroborate;
mod department;
mod disclose;
mod enclosed;
mod error;
mod examine;
mod exchange;
mod first_steps;
pub mod foreign_pdf;
pub mod gallery_shown;
mod group_report;
mod hand_over;
mod invitation;
mod join;
mod json_files;
mod keep_up;
mod kit;
mod ledger_looked;
pub mod ledger_round;
mod of_department;
mod open_case;
mod oversee;
mod oversee_desk;
pub mod oversee_gallery;
mod oversee_gallery_log;
mod oversee_matters;
mod photograph_cache;
mod photographs;
mod picture;
mod policy_in_force;
pub mod provider;
mod read_note;
mod report;
mod requested;
mod results;
mod retain;
mod review_note;
mod seal_note;
mod search;
mod seat;
mod seated;
mod session;
mod settings;
mod shown_at_provider;
mod sign_in;
mod staff;
mod strength;
mod turned_away;
mod validity;
mod verify;
mod verify_file;
pub mod views;
mod withdrawn;
mod workstation;

pub use anchors::VaultState;
pub use backup::{Restored, escrow_keys, restore};
pub use case_uco::make_case_graph;
pub use clock::SystemClock;
pub use confirming::Confirming;
pub use disclose::write_whole;
pub use enclosed::Enclosed;
pub use error::{CommandError, Outcome};
pub use exchange::Round;
pub use kit::make_kit;
pub use photographs::{Wanted, parse};
pub use report::{ReportFiles, report_told, span_of};
pub use sign_in::DayRead;
pub use verify_file::{read_file, read_text, signed, verify_audit, verify_certificate, verify_disclosure};
pub use workstation::{Blocking, DECODER, Setup, Workstation};
