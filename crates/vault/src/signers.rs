//! Who signed a record, by the roster of that day: every signature of a person, their role and their training; and what must be
//! signed. Needs the department's root key and its documents, and nothing else.

use catalogue::say;
use department::{Caveat, Chain, PublicKey, Statement};

use casework::{AddendumContent, Moment, NoteContent, PersonRef, ReviewContent};

use crate::error::VaultError;
use crate::stated::{
    ALL_STATED, OfRecord, Stated, conference_signed, handover_signed, training, verification_sha256, work_sha256,
};
use crate::unproven::{Reason, Unproven};

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

/// Who signed a record by a statement.
///
/// # Errors
/// Why the statement does not do for it, in words.
pub(crate) fn signed_by(
    chain: &Chain,
    statement: &Statement,
    stated: Stated,
    (record, person, at): (&str, &PersonRef, Moment),
) -> Result<Signer, String> {
    let said: OfRecord = statement.payload().map_err(|e| e.to_string())?;
    if said.sha256 != record {
        return Err(say!("vault-signer-another-record").to_owned());
    }
    if statement.claims() != at {
        return Err(say!("vault-signer-another-moment").to_owned());
    }
    let policy =
        chain.at(at).and_then(|then| then.policy()).ok_or_else(|| say!("vault-signer-no-policy").to_owned())?;
    let training = training(policy.text()).map_err(|e| e.to_string())?;
    let known = department::Known::Claimed;
    let verified = chain.verify(statement, stated.acting(&training), known).map_err(|e| e.to_string())?;
    let member = &verified.member().person;
    if member.id != person.id || !member.reference().is_same(person) || member.reference().badge != person.badge {
        return Err(say!("vault-signer-another-person", name = member.name));
    }
    Ok(Signer::of(stated, &verified))
}

/// A record that somebody must have signed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Owed {
    /// What it is.
    pub stated: Stated,
    /// SHA-256 of it.
    pub record: String,
    /// By whom.
    pub person: PersonRef,
    /// When.
    pub at: Moment,
}

/// What a note with its `reviews` and `addenda` (each with the SHA-256 of its text) owes.
///
/// # Errors
/// [`Reason::Gate`] for one whose examination is not concluded.
pub(crate) fn owed<'a>(
    (note, sha256): (&NoteContent, &str),
    reviews: impl IntoIterator<Item = (&'a ReviewContent, &'a str)>,
    addenda: impl IntoIterator<Item = (&'a AddendumContent, &'a str)>,
) -> Result<Vec<Owed>, Unproven> {
    let unread = |e: VaultError| Unproven::new(Reason::Malformed, e.to_string());
    let of = |stated, record: &str, person: &PersonRef, at| Owed {
        stated,
        record: record.to_owned(),
        person: person.clone(),
        at,
    };
    let work = &note.examination.work;
    let concluded =
        note.examination.concluded_at.ok_or_else(|| Unproven::new(Reason::Gate, say!("vault-signer-not-concluded")))?;
    let mut all = vec![of(Stated::Conclusion, &work_sha256(work).map_err(unread)?, &work.examiner, concluded)];
    if let Some(v) = &note.verification {
        all.push(of(Stated::Verification, &verification_sha256(v).map_err(unread)?, &v.verifier, v.at));
        if let Some((record, signed)) = conference_signed(v) {
            all.extend(signed.map(|(who, at)| of(Stated::Conference, &record, who, at)));
        }
    }
    for handover in &note.history.handed_over {
        let (stated, record) = handover_signed(handover).map_err(unread)?;
        all.push(of(stated, &record, &handover.by, handover.at));
    }
    all.push(of(Stated::Note, sha256, &note.author, note.sealed_at));
    all.extend(reviews.into_iter().map(|(review, sha256)| of(Stated::Review, sha256, &review.reviewer, review.at)));
    all.extend(addenda.into_iter().map(|(added, sha256)| of(Stated::Addendum, sha256, &added.author, added.at)));
    Ok(all)
}

/// The records of a note itself.
///
/// # Errors
/// As of [`owed`].
pub(crate) fn owed_by_note(note: &NoteContent, sha256: &str) -> Result<Vec<Owed>, Unproven> {
    owed((note, sha256), [], [])
}

/// A statement of any kind that this program knows.
///
/// # Errors
/// [`Reason::Statement`].
pub(crate) fn read_statement(text: &str) -> Result<(Stated, Statement), Unproven> {
    let read = |stated: Stated| Some((stated, Statement::read(text.as_bytes(), &stated.kind().ok()?).ok()?));
    let unreadable = || Unproven::new(Reason::Statement, say!("vault-signer-unreadable"));
    ALL_STATED.into_iter().find_map(read).ok_or_else(unreadable)
}

/// Who signed what is `owed`, and what nobody signed, by the department of `root`: each record by its person's own key, in the
/// role and with the training that it needs, by the roster in force at that moment. A record that several owe is signed once.
///
/// # Errors
/// The first thing that does not hold.
pub(crate) fn paid(
    owed: &[Owed],
    root: &PublicKey,
    department: &[String],
    statements: &[String],
) -> Result<(Vec<Signer>, Vec<String>), Unproven> {
    let chain = Chain::read(root, department)
        .map_err(|e| Unproven::new(Reason::Department, say!("vault-signer-department", e)))?;
    let read = statements.iter().map(|text| read_statement(text)).collect::<Result<Vec<_>, _>>()?;
    let mut used = vec![false; read.len()];
    let (mut signers, mut missing) = (Vec::new(), Vec::new());
    for Owed { stated, record, person, at } in owed {
        let of = read.iter().enumerate().filter(|(_, (of, statement))| {
            let payload = statement.payload::<OfRecord>();
            of == stated && statement.person() == person.id && payload.is_ok_and(|of| of.sha256 == *record)
        });
        let (mut signer, mut refused) = (None, None);
        for (place, (_, statement)) in of {
            match signed_by(&chain, statement, *stated, (record, person, *at)) {
                Ok(found) => signer = signer.or(Some((place, found))),
                Err(why) => refused = Some(why),
            }
        }
        let (what, name) = (stated.in_words(), person.name.as_str());
        match (signer, refused) {
            (Some((place, signer)), _) => {
                used[place] = true;
                if !signers.contains(&signer) {
                    signers.push(signer);
                }
            }
            (None, Some(why)) => {
                let said = say!("vault-signer-does-not-hold", what, name, why);
                return Err(Unproven::new(Reason::Statement, said));
            }
            // A review that another workstation of another department made shows nobody's signature here.
            (None, None) => missing.push(say!("vault-signer-missing", what, name)),
        }
    }
    // What is beside them was not asked for: nothing hides among the signatures.
    if used.contains(&false) {
        return Err(Unproven::new(Reason::Beside, say!("vault-signer-more")));
    }
    Ok((signers, missing))
}

/// Whether a file of the department `found` is that of the reader's own `root`, and nothing of it is `unsigned`.
///
/// # Errors
/// [`Reason::NoDepartment`], [`Reason::OtherDepartment`], [`Reason::Unsigned`].
pub(crate) fn asked_of(root: &PublicKey, found: Option<&PublicKey>, unsigned: &[String]) -> Result<(), Unproven> {
    let no = |reason, said: String| Err(Unproven::new(reason, said));
    match found {
        None => no(Reason::NoDepartment, say!("vault-signer-no-department").to_owned()),
        Some(found) if found != root => no(Reason::OtherDepartment, say!("vault-signer-other-department", found)),
        Some(_) => unsigned.first().map_or(Ok(()), |missing| no(Reason::Unsigned, missing.clone())),
    }
}
