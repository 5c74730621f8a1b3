//! An exported note, checked as the program checks its own: every byte of the file, every signature, every gate again, who signed by
//! the roster of that day, and the log.

use catalogue::say;
use department::{Chain, PublicKey, fingerprint};

use super::file::{CheckedNote, LOGGED_NOTE_FILE, NOTE_FILE, NoteFile, SIGNED_NOTE_FILE};
use super::logging::{OfNote, Shown, in_log};
use super::proof::{prove_addendum, prove_note, prove_review};
use crate::signed::file_value;
use crate::signers::{Signer, asked_of, owed, paid};
use crate::unproven::{Reason, Unproven, whole};

/// Checks an exported note as the program checks its own: every byte of the file, the signatures, every gate passed again,
/// and that the review is one of this note by a supervisor who took no part in it.
///
/// # Errors
/// What is wrong.
pub fn verify_note(text: &str) -> Result<CheckedNote, Unproven> {
    let value = file_value(text).map_err(|e| e.within(|e| say!("vault-not-exported-note", e)))?;
    let format = value["format"].as_str().unwrap_or_default().to_owned();
    let with_department = !value["root"].is_null();
    let without_rows = if with_department { SIGNED_NOTE_FILE } else { NOTE_FILE };
    if ![without_rows, LOGGED_NOTE_FILE].contains(&format.as_str()) {
        return Err(Unproven::new(Reason::Schema, say!("vault-file-format-program-does-not", file = format)));
    }
    let file: NoteFile = whole(value).map_err(|e| e.within(|e| say!("vault-not-exported-note", e)))?;
    let beside = !(with_department || file.department.is_empty() && file.statements.is_empty());
    if format != file.needs() || beside || (file.ledger.is_empty() && file.log.is_some()) {
        return Err(Unproven::new(Reason::Schema, say!("vault-file-format-program-does-not", file = format)));
    }
    let note = prove_note(&file.note).map_err(|e| e.within(|e| say!("vault-note-does-not-hold", e)))?;
    let review = match &file.review {
        None => None,
        Some(signed) => {
            let review = prove_review(signed, &note, &file.note.sha256)
                .map_err(|e| e.within(|e| say!("vault-review-does-not-hold", e)))?;
            Some((review, fingerprint(&signed.public_key)))
        }
    };
    let mut addenda = Vec::new();
    for (at, signed) in file.addenda.iter().enumerate() {
        let addendum = prove_addendum(signed, &note, &file.note.sha256, at + 1)
            .map_err(|e| e.within(|e| say!("vault-addendum-does-not-hold", at = at + 1, e)))?;
        addenda.push(addendum);
    }
    let mut checked = CheckedNote {
        addenda,
        note,
        sealed_by: fingerprint(&file.note.public_key),
        review,
        department: None,
        signers: Vec::new(),
        unsigned: Vec::new(),
        logged: Vec::new(),
    };
    let mut chain = None;
    if let Some(root) = &file.root {
        let root =
            PublicKey::read(root).map_err(|e| Unproven::new(Reason::Department, say!("vault-signer-department", e)))?;
        (checked.signers, checked.unsigned) = signers(&checked, &file, &root)?;
        chain = Some(Chain::read(&root, &file.department)?);
        checked.department = Some(root);
    }
    let shown = Shown { rows: &file.ledger, log: file.log.as_deref(), root: file.root.as_deref() };
    let records = OfNote { note: &file.note, reviews: file.review.as_slice(), addenda: &file.addenda };
    let logged = in_log(shown, chain.as_ref(), |row| records.record_of(row).is_some());
    checked.logged = logged.map_err(|why| Unproven::new(Reason::Ledger, why))?;
    Ok(checked)
}

/// Who signed a note that holds, and what of it nobody signed.
///
/// # Errors
/// The first thing that does not hold.
fn signers(checked: &CheckedNote, file: &NoteFile, root: &PublicKey) -> Result<(Vec<Signer>, Vec<String>), Unproven> {
    let reviews = checked.review.iter().zip(&file.review).map(|((review, _), signed)| (review, signed.sha256.as_str()));
    let addenda = checked.addenda.iter().zip(&file.addenda).map(|(added, signed)| (added, signed.sha256.as_str()));
    let owed = owed((&checked.note, &file.note.sha256), reviews, addenda)?;
    paid(&owed, root, &file.department, &file.statements)
}

/// Checks an exported note as [`verify_note`] does, that the department which it names is that of `root`, and that its people signed
/// all of it.
///
/// # Errors
/// The first thing that does not hold.
pub fn verify_signers(text: &str, root: &PublicKey) -> Result<CheckedNote, Unproven> {
    let checked = verify_note(text)?;
    asked_of(root, checked.department.as_ref(), &checked.unsigned)?;
    Ok(checked)
}
