//! The disclosure of a case as a file: what must be disclosed, with the proof of it. Whoever reads it needs the department's
//! root key and nothing else (`docs/formats/disclosure.md`).

use std::collections::{BTreeSet, HashSet};

use catalogue::say;
use department::{Chain, PublicKey, fingerprint};
use serde_json::Value;

use casework::{
    AddendumContent, DISCLOSURE_SCHEMA, DisclosedNote, Disclosure, LOGGED_DISCLOSURE_SCHEMA, NoteContent, ReviewContent,
};

use crate::audit::AuditEvent;
use crate::disclosed_log::{LoggedDisclosure, logged};
use crate::disclosure_proof::{DisclosureProof, ProofNote};
use crate::error::VaultError;
use crate::hashing::canonical;
use crate::log_row::{LoggedRow, puts};
use crate::note::{prove_addendum, prove_note, prove_review};
use crate::signed::{Signed, file_value, sign};
use crate::signers::{Owed, Signer, asked_of, owed, paid};
use crate::stated::Stated;
use crate::unproven::{Reason, Unproven, whole};
use crate::vault::Vault;

/// Schema of a disclosure without proofs of a log; part of what is signed.
pub const DISCLOSURE: &str = DISCLOSURE_SCHEMA;
/// The member of the file that holds the proof; what is signed is the file without it.
const PROOF: &str = "proof";

/// What a disclosure proved.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedDisclosure {
    /// What it says.
    pub disclosure: Disclosure,
    /// Fingerprint of the key of the workstation that made it.
    pub made_by: String,
    /// SHA-256 of the disclosure's text, in hexadecimal.
    pub sha256: String,
    /// Notes whose every gate was passed again.
    pub notes: Vec<NoteContent>,
    /// Name of the department by the newest roster in the file; empty where it names none.
    pub department_name: String,
    /// Root key of the department that the file names; whether that is the reader's is for the reader.
    pub department: Option<PublicKey>,
    /// Who signed, by the roster of that department in force then.
    pub signers: Vec<Signer>,
    /// What of it nobody of that department signed, a sentence each.
    pub unsigned: Vec<String>,
    /// What of it is in a log.
    pub logged: LoggedDisclosure,
    /// What cannot be checked from a file, a sentence each.
    pub unchecked: Vec<String>,
}

impl Vault {
    /// A disclosure as a file, signed by the workstation and by whoever makes it, with the notes that it names, and with what is
    /// kept of the department's log. The proofs of its events are wanted from then on.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn disclosure_file(&mut self, disclosure: &Disclosure) -> Result<String, VaultError> {
        let department = self.documents()?;
        let (mut notes, mut statements) = (Vec::new(), BTreeSet::new());
        for told in &disclosure.notes {
            let stored = self.note(told.id)?;
            let (mut reviews, mut addenda) = (stored.signed_reviews, self.signed_addenda(told.id)?);
            // What came in since it was made is for the next one.
            reviews.truncate(told.reviews.len());
            addenda.truncate(told.addenda.len());
            statements.extend(self.statements_of(&stored.content, &stored.signed, &reviews, &addenda)?);
            notes.push(ProofNote { note: stored.signed, reviews, addenda });
        }
        let root = self.department().map(|chain| chain.root().to_string());
        if root.is_some() {
            self.want_proofs(disclosure.audit.iter().map(|line| line.seq))?;
        }
        let ledger = self.rows_of(disclosure, &notes)?;
        let log = self.unnamed_log(&ledger)?;
        let mut proof = DisclosureProof {
            sha256: String::new(),
            signature: String::new(),
            public_key: String::new(),
            notes,
            root,
            department,
            statements: Vec::new(),
            ledger,
            log,
        };
        let disclosure = Disclosure { schema: proof.needs().to_owned(), ..disclosure.clone() };
        let signed = sign(&self.signing, &disclosure.schema, &disclosure)?;
        self.state(Stated::Disclosure, &signed.sha256, &disclosure.produced_by, disclosure.produced_at)?;
        statements.extend(self.statements(Stated::Disclosure, &signed.sha256)?);
        if proof.root.is_some() {
            proof.statements = statements.into_iter().collect();
        }
        (proof.sha256, proof.signature, proof.public_key) = (signed.sha256, signed.signature, signed.public_key);
        file_of(&disclosure, &proof)
    }

    /// Rows by which the records of a disclosure, and the events that it shows, came into a log. What a workstation logs by itself
    /// says of an event no more than its signature does: there it is the records alone.
    fn rows_of(&self, disclosure: &Disclosure, notes: &[ProofNote]) -> Result<Vec<LoggedRow>, VaultError> {
        let records = notes.iter().flat_map(|of| std::iter::once(&of.note).chain(&of.reviews).chain(&of.addenda));
        let records: Vec<&str> = records.map(|record| record.sha256.as_str()).collect();
        let events: HashSet<&str> = match self.settings()?.relay.is_empty() {
            true => HashSet::new(),
            false => disclosure.audit.iter().map(|line| line.hash.as_str()).collect(),
        };
        self.logged_rows(|event| events.contains(event.hash.as_str()) || puts(event, &records))
    }
}

/// The file of a disclosure with its proof.
///
/// # Errors
/// [`VaultError::Record`].
pub(crate) fn file_of(disclosure: &Disclosure, proof: &DisclosureProof) -> Result<String, VaultError> {
    let mut file = serde_json::to_value(disclosure)?;
    if let Some(fields) = file.as_object_mut() {
        fields.insert(PROOF.to_owned(), serde_json::to_value(proof)?);
    }
    canonical(&file)
}

/// Checks a disclosure from the file alone: every byte, the signatures, every gate passed again, that it says what its notes
/// say, and the hash of each event of the audit. With `root`, that its people signed all of it by the roster of that department.
///
/// # Errors
/// The first thing that does not hold.
pub fn verify_disclosure(text: &str, root: Option<&PublicKey>) -> Result<CheckedDisclosure, Unproven> {
    let mut value = file_value(text).map_err(|e| e.within(|e| say!("vault-not-disclosure", e)))?;
    let schema: String = value["schema"].as_str().unwrap_or("?").chars().take(80).collect();
    let of_another =
        || Unproven::new(Reason::Schema, say!("vault-disclosure-of-another-schema", found = schema.as_str()));
    if ![DISCLOSURE, LOGGED_DISCLOSURE_SCHEMA].contains(&schema.as_str()) {
        return Err(of_another());
    }
    let proof = value.as_object_mut().and_then(|fields| fields.remove(PROOF)).unwrap_or(Value::Null);
    let malformed = |e: Unproven| e.within(|e| say!("vault-not-disclosure", e));
    let proof: DisclosureProof = whole(proof).map_err(malformed)?;
    if schema != proof.needs() || (proof.ledger.is_empty() && proof.log.is_some()) {
        return Err(of_another());
    }
    let said = canonical(&value).map_err(|e| Unproven::new(Reason::Malformed, e.to_string()))?;
    let Signed { sha256, public_key, .. } = {
        let (sha256, signature, public_key) = (&proof.sha256, &proof.signature, &proof.public_key);
        let signed =
            Signed { text: said, sha256: sha256.clone(), signature: signature.clone(), public_key: public_key.clone() };
        signed.signed_as(&schema)?;
        signed
    };
    let disclosure: Disclosure = whole(value).map_err(malformed)?;
    disclosure.proven().map_err(|gaps| Unproven::gate(&gaps))?;
    if let Some(event) = disclosure.audit.iter().enumerate().find_map(|(at, _)| broken(&disclosure, at)) {
        return Err(Unproven::new(Reason::Audit, say!("vault-disclosure-event-broken", event)));
    }
    let mut all = vec![Owed {
        stated: Stated::Disclosure,
        record: sha256.clone(),
        person: disclosure.produced_by.clone(),
        at: disclosure.produced_at,
    }];
    let notes = proved(&disclosure, &proof, &mut all)?;
    let mut checked = CheckedDisclosure {
        made_by: fingerprint(&public_key),
        sha256,
        notes,
        department_name: String::new(),
        department: None,
        signers: Vec::new(),
        unsigned: Vec::new(),
        logged: LoggedDisclosure::default(),
        unchecked: Vec::new(),
        disclosure,
    };
    let mut chain = None;
    match &proof.root {
        Some(own) => {
            let own = PublicKey::read(own)
                .map_err(|e| Unproven::new(Reason::Department, say!("vault-signer-department", e)))?;
            (checked.signers, checked.unsigned) = paid(&all, &own, &proof.department, &proof.statements)?;
            let known = Chain::read(&own, &proof.department)?;
            checked.department_name.clone_from(&known.newest().roster().content().name);
            chain = Some(known);
            checked.department = Some(own);
        }
        None if proof.department.is_empty() && proof.statements.is_empty() => {}
        None => return Err(Unproven::new(Reason::Beside, say!("vault-signer-more"))),
    }
    checked.logged = logged(&checked.disclosure, &proof, chain.as_ref())?;
    checked.unchecked = unchecked(&checked.disclosure, checked.logged.rows.iter().any(|row| !row.seen.is_empty()));
    if let Some(root) = root {
        asked_of(root, checked.department.as_ref(), &checked.unsigned)?;
    }
    Ok(checked)
}

/// The number of an event whose hash is not what its content gives, or that does not follow the one before it.
fn broken(disclosure: &Disclosure, at: usize) -> Option<i64> {
    let line = disclosure.audit.get(at)?;
    let event = AuditEvent {
        seq: line.seq,
        at: line.at,
        person: line.person.clone(),
        action: line.action.clone(),
        detail: line.detail.clone(),
        hash: line.hash.clone(),
    };
    let before = at.checked_sub(1).and_then(|before| disclosure.audit.get(before));
    let follows = before.is_none_or(|before| before.seq + 1 != line.seq || before.hash == line.previous);
    let first = (line.seq == 1) == line.previous.is_empty();
    (line.seq < 1 || !first || !follows || !event.follows_from(&line.previous)).then_some(line.seq)
}

/// The notes of a disclosure, each proven, and that it says what they say. What they owe is added to `all`.
fn proved(disclosure: &Disclosure, proof: &DisclosureProof, all: &mut Vec<Owed>) -> Result<Vec<NoteContent>, Unproven> {
    if proof.notes.len() != disclosure.notes.len() {
        return Err(Unproven::new(Reason::Disagrees, say!("vault-disclosure-other-notes")));
    }
    let mut notes = Vec::new();
    for (told, of) in disclosure.notes.iter().zip(&proof.notes) {
        let note = prove_note(&of.note).map_err(|e| e.within(|e| say!("vault-note-does-not-hold", e)))?;
        let mut reviews: Vec<ReviewContent> = Vec::new();
        for review in &of.reviews {
            let review = prove_review(review, &note, &of.note.sha256);
            reviews.push(review.map_err(|e| e.within(|e| say!("vault-review-does-not-hold", e)))?);
        }
        let mut addenda: Vec<AddendumContent> = Vec::new();
        for (at, addendum) in of.addenda.iter().enumerate() {
            let addendum = prove_addendum(addendum, &note, &of.note.sha256, at + 1);
            addenda.push(addendum.map_err(|e| e.within(|e| say!("vault-addendum-does-not-hold", at = at + 1, e)))?);
        }
        let again = DisclosedNote {
            id: note.id,
            sealed_at: note.sealed_at,
            sha256: of.note.sha256.clone(),
            signature: of.note.signature.clone(),
            public_key: of.note.public_key.clone(),
            disposition: note.disposition,
            narrative: note.narrative.clone(),
            reviews,
            addenda,
        };
        if again != *told || !of_case(disclosure, &note) || notes.iter().any(|n: &NoteContent| n.id == note.id) {
            return Err(Unproven::new(Reason::Disagrees, say!("vault-disclosure-other-than-note", id = note.id)));
        }
        let reviews = again.reviews.iter().zip(&of.reviews).map(|(review, signed)| (review, signed.sha256.as_str()));
        let addenda = again.addenda.iter().zip(&of.addenda).map(|(added, signed)| (added, signed.sha256.as_str()));
        all.extend(owed((&note, &of.note.sha256), reviews, addenda)?);
        notes.push(note);
    }
    Ok(notes)
}

/// Whether a note is of the disclosed case, and each of its searches and its blind work is one that is disclosed. A note may tell
/// less of a list.
fn of_case(disclosure: &Disclosure, note: &NoteContent) -> bool {
    let searches = note.searches.iter().all(|search| {
        let of = disclosure.searches.iter().map(|one| one.search());
        let mut ids: Vec<_> = search.candidates().ids().collect();
        ids.sort();
        of.into_iter().any(|one| {
            let mut disclosed: Vec<_> = one.candidates().ids().collect();
            disclosed.sort();
            one.id() == search.id()
                && (one.by(), one.at(), one.gallery(), one.model())
                    == (search.by(), search.at(), search.gallery(), search.model())
                && one.completeness() == search.completeness()
                && (one.filters(), one.prepared(), one.encoding())
                    == (search.filters(), search.prepared(), search.encoding())
                && disclosed == ids
        })
    });
    let current = disclosure.examination.iter().map(|record| record.work.clone());
    let mut works = current.chain(disclosure.history.set_aside.iter().map(|aside| aside.examination.work().clone()));
    disclosure.case.as_ref() == Some(&note.case)
        && disclosure.probe.as_ref() == Some(&note.probe)
        && searches
        && works.any(|work| work == note.examination.work)
}

/// What no reader can check from such a file.
fn unchecked(disclosure: &Disclosure, witnessed: bool) -> Vec<String> {
    let mut all = vec![match witnessed {
        true => say!("vault-disclosure-unchecked-witnessed").to_owned(),
        false => say!("vault-disclosure-unchecked-moments").to_owned(),
    }];
    if disclosure.probe.is_some() {
        all.push(say!("vault-disclosure-unchecked-pictures").to_owned());
    }
    if !disclosure.searches.is_empty() {
        all.push(say!("vault-disclosure-unchecked-lists").to_owned());
    }
    let outside = disclosure.audit.windows(2).any(|two| two[0].seq + 1 != two[1].seq);
    if outside || disclosure.audit.first().is_none_or(|event| event.seq > 1) {
        all.push(say!("vault-disclosure-unchecked-events").to_owned());
    }
    all.push(say!("vault-disclosure-unchecked-rules").to_owned());
    all
}
