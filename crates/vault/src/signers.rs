//! Who signed an exported note, by the roster of that day: every signature of a person, their role, their training, and the gates
//! again. Needs the department's root key and the file, and nothing else.

use catalogue::say;
use department::{Caveat, Chain, PublicKey, Statement};

use casework::{Moment, NoteContent, PersonRef};

use crate::signed::{CheckedNote, NoteFile, verify_note};
use crate::stated::{
    ALL_STATED, Stated, conference_signed, handover_signed, signed_by, verification_sha256, work_sha256,
};

/// Somebody who signed, as the department's roster of that day has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// What.
    pub stated: Stated,
    /// Name in the roster.
    pub name: String,
    /// Badge.
    pub badge: String,
    /// Agency.
    pub ori: String,
    /// When, as they say.
    pub at: Moment,
    /// Number of the department's version in force then; it names the policy too.
    pub version: u32,
    /// What a reader should know besides, a sentence each.
    pub caveats: Vec<String>,
}

impl Signer {
    pub(crate) fn of(stated: Stated, verified: &department::Verified<'_, '_>) -> Self {
        let person = &verified.member().person;
        let caveats = verified.caveats().iter().map(|caveat| match caveat {
            Caveat::NewerInForce { in_force } => say!("vault-signer-newer-in-force", in_force = *in_force),
            Caveat::EndedSince { version, proven: true } => say!("vault-signer-ended-since", version = *version),
            Caveat::EndedSince { version, proven: false } => {
                say!("vault-signer-ended-since-unproven", version = *version)
            }
            Caveat::KeyEnds { on, proven: true } => say!("vault-signer-key-ends", on = on.in_words()),
            Caveat::KeyEnds { on, proven: false } => say!("vault-signer-key-ends-unproven", on = on.in_words()),
        });
        Self {
            stated,
            name: person.name.clone(),
            badge: person.badge.clone(),
            ori: person.ori.clone(),
            at: verified.statement().claims(),
            version: verified.in_force().number(),
            caveats: caveats.collect(),
        }
    }
}

/// A record that somebody must have signed: what, its SHA-256, who, when.
pub(crate) type Expected = (Stated, String, PersonRef, Moment);

/// The records of a note itself.
pub(crate) fn expected_of_note(note: &NoteContent, sha256: &str) -> Result<Vec<Expected>, String> {
    let unread = |e: crate::VaultError| e.to_string();
    let work = &note.examination.work;
    let concluded = note.examination.concluded_at.ok_or_else(|| say!("vault-signer-not-concluded").to_owned())?;
    let mut all = vec![(Stated::Conclusion, work_sha256(work).map_err(unread)?, work.examiner.clone(), concluded)];
    if let Some(v) = &note.verification {
        all.push((Stated::Verification, verification_sha256(v).map_err(unread)?, v.verifier.clone(), v.at));
        if let Some((record, signed)) = conference_signed(v) {
            all.extend(signed.map(|(who, at)| (Stated::Conference, record.clone(), who.clone(), at)));
        }
    }
    for handover in &note.history.handed_over {
        let (stated, record) = handover_signed(handover).map_err(unread)?;
        all.push((stated, record, handover.by.clone(), handover.at));
    }
    all.push((Stated::Note, sha256.to_owned(), note.author.clone(), note.sealed_at));
    Ok(all)
}

/// The records of an exported note.
fn expected(checked: &CheckedNote, file: &NoteFile) -> Result<Vec<Expected>, String> {
    let mut all = expected_of_note(&checked.note, &file.note.sha256)?;
    if let (Some(signed), Some((review, _))) = (&file.review, &checked.review) {
        all.push((Stated::Review, signed.sha256.clone(), review.reviewer.clone(), review.at));
    }
    for (signed, addendum) in file.addenda.iter().zip(&checked.addenda) {
        all.push((Stated::Addendum, signed.sha256.clone(), addendum.author.clone(), addendum.at));
    }
    Ok(all)
}

/// A statement of any kind that this program knows.
pub(crate) fn read_statement(text: &str) -> Result<(Stated, Statement), String> {
    let read = |stated: Stated| Some((stated, Statement::read(text.as_bytes(), &stated.kind().ok()?).ok()?));
    ALL_STATED.into_iter().find_map(read).ok_or_else(|| say!("vault-signer-unreadable").to_owned())
}

/// Who signed a note that holds, and what nobody signed, by the department of `root`: each record by its person's own key, in the role and with the training
/// that it needs, by the roster in force at that moment.
///
/// # Errors
/// The first thing that does not hold, in words.
pub(crate) fn signers(
    checked: &CheckedNote,
    file: &NoteFile,
    root: &PublicKey,
) -> Result<(Vec<Signer>, Vec<String>), String> {
    let chain = Chain::read(root, &file.department).map_err(|e| say!("vault-signer-department", e))?;
    let statements = file.statements.iter().map(|text| read_statement(text)).collect::<Result<Vec<_>, _>>()?;
    let (mut signers, mut missing) = (Vec::new(), Vec::new());
    for (stated, record, person, at) in expected(checked, file)? {
        let said = (record.as_str(), &person, at);
        let of = statements.iter().filter(|(of, statement)| *of == stated && statement.person() == person.id);
        let (mut signer, mut refused) = (None, None);
        for (_, statement) in of {
            match signed_by(&chain, statement, stated, said) {
                Ok(found) => signer = Some(found),
                Err(why) => refused = Some(why),
            }
        }
        let (what, name) = (stated.in_words(), person.name);
        match (signer, refused) {
            (Some(signer), _) => signers.push(signer),
            (None, Some(why)) => return Err(say!("vault-signer-does-not-hold", what, name, why)),
            // A review that another workstation of another department made shows nobody's signature here.
            (None, None) => missing.push(say!("vault-signer-missing", what, name)),
        }
    }
    // What is beside them was not asked for: nothing hides among the signatures.
    if file.statements.len() != signers.len() {
        return Err(say!("vault-signer-more").to_owned());
    }
    Ok((signers, missing))
}

/// Checks an exported note as [`verify_note`] does, that the department which it names is that of `root`, and that its people signed
/// all of it.
///
/// # Errors
/// The first thing that does not hold, in words.
pub fn verify_signers(text: &str, root: &PublicKey) -> Result<CheckedNote, String> {
    let checked = verify_note(text)?;
    match checked.department {
        None => Err(say!("vault-signer-no-department").to_owned()),
        Some(found) if found != *root => Err(say!("vault-signer-other-department", found)),
        Some(_) => match checked.unsigned.first() {
            Some(missing) => Err(missing.clone()),
            None => Ok(checked),
        },
    }
}
