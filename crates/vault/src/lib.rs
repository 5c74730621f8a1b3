//! The workstation's encrypted store: cases, probes, sealed notes and the audit chain.
//!
//! One SQLCipher file. Its key is made at first start and lies in the [`Entrance`], sealed under each person's passphrase: the
//! secret store opens the entrance, a person the vault. This is the only crate that writes case content to the workstation.
//!
//! **Invariant:** a note row exists only for a [`casework::SealedNote`], and the database itself
//! refuses one whose three categories are not answered, and every change of a note or audit row.

mod act;
mod answered;
mod attachments;
mod audit;
pub mod backup;
mod cases;
mod database;
mod digests;
mod disclosed;
mod disclosed_log;
mod disclosure_proof;
mod entrance;
mod error;
mod exchange;
mod first_steps;
mod hashing;
mod key;
mod lock;
mod log_row;
mod logged;
mod migrate;
mod moved;
mod note;
mod opening;
mod originals;
mod oversight;
mod people;
mod private;
mod records;
mod reported;
mod results;
mod retention;
mod roster;
mod rows;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
mod schema;
mod sealing;
mod settings;
mod signed;
mod signers;
mod stated;
mod unproven;
mod vault;

pub use answered::verify_answer;
pub use audit::{AUDIT_HEAD, AuditEvent, AuditHead, CheckedAudit, DisclosedEvent, LostRows, RolledBack, verify_export};
pub use cases::{CaseRow, Cases, UnreadCase};
pub use department::{Card, fingerprint};
pub use disclosed::{CheckedDisclosure, DISCLOSURE, verify_disclosure};
pub use disclosed_log::{Counted, LoggedDisclosure};
pub use disclosure_proof::{DisclosureProof, ProofNote};
pub use entrance::{Admission, Arrived, CODE_DAYS, Due, Entered, Entrance, Known, Second, SecondFactor, Travelling};
pub use error::{BackupError, ChainError, PackageError, ProviderRefusal, VaultError};
pub use exchange::{Filled, ListPhotographs, Moved, Outgoing, Taken, read_card};
pub use hashing::canonical;
pub use key::{KeyStore, SecretService, SecretStoreError};
pub use log_row::LoggedRow;
pub use logged::LogSeen;
pub use note::{
    CheckedNote, InLog, NoteFile, Whose, Witnessed, prove_addendum, prove_note, prove_review, verify_note,
    verify_signers,
};
pub use oversight::{
    DeskFault, DeskSource, EventPage, EventQuery, GalleryFault, GalleryFaulted, GalleryLog, GalleryRead, GalleryRow,
    MOST_EVENTS, Sample as DeskSample,
};
pub use people::{News, StaffNews};
pub use records::{StoredNote, Waiting};
pub use reported::MadeReport;
pub use retention::{CheckedCertificate, Fate, Standing, Standings, verify_certificate};
pub use settings::Settings;
pub use signed::{MOST_FILE, Signed};
pub use signers::Signer;
pub use stated::{Stated, decided_at};
pub use unproven::{Reason, Unproven};
pub use vault::Vault;
