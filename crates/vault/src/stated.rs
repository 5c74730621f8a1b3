//! What people sign with their own keys of what they decide.

use catalogue::say;
use department::{Acting, Kind, PublicKey, TrainingRule};
use ed25519_dalek::SigningKey;
use rusqlite::params;
use serde::{Deserialize, Serialize};

use casework::{CaseFile, ConferencePart, Examination, Handover, Moment, PersonRef, Policy, Role, Verification, Work};

use crate::error::VaultError;
use crate::hashing::{canonical, sha256};
use crate::vault::Vault;

/// What a person signs of a record: kind, and what they must be for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stated {
    /// An examiner's blind work, when they concluded.
    Conclusion,
    /// A second examiner's, when they handed it in.
    Verification,
    /// A note, when it was sealed.
    Note,
    /// A supervisor's review.
    Review,
    /// An addendum.
    Addendum,
    /// A conference of two examiners who sit at different workstations: each of them.
    Conference,
    /// That a case went to a colleague: whoever had it.
    Handover,
    /// The same, by a supervisor in their absence.
    Reassignment,
    /// What came of a note.
    Result,
    /// What must be disclosed of a case, by whoever gives it out.
    Disclosure,
    /// What a supervisor said of how long a case is kept.
    Keeping,
    /// That a case was purged: the supervisor who let it go.
    Purge,
    /// That a case moves to another workstation: whoever had it.
    Move,
    /// The same, by a supervisor in their absence.
    Relocation,
}

/// Every kind, in the order in which they come.
pub(crate) const ALL_STATED: [Stated; 14] = [
    Stated::Handover,
    Stated::Reassignment,
    Stated::Conclusion,
    Stated::Verification,
    Stated::Conference,
    Stated::Note,
    Stated::Review,
    Stated::Addendum,
    Stated::Result,
    Stated::Disclosure,
    Stated::Keeping,
    Stated::Purge,
    Stated::Move,
    Stated::Relocation,
];

impl Stated {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Conclusion => "conclusion",
            Self::Verification => "verification",
            Self::Note => "note",
            Self::Review => "review",
            Self::Addendum => "addendum",
            Self::Conference => "conference",
            Self::Handover => "handover",
            Self::Reassignment => "reassignment",
            Self::Result => "result",
            Self::Disclosure => "disclosure",
            Self::Keeping => "keeping",
            Self::Purge => "purge",
            Self::Move => "move",
            Self::Relocation => "relocation",
        }
    }

    /// The same in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Conclusion => say!("vault-stated-conclusion"),
            Self::Verification => say!("vault-stated-verification"),
            Self::Note => say!("vault-stated-note"),
            Self::Review => say!("vault-stated-review"),
            Self::Addendum => say!("vault-stated-addendum"),
            Self::Conference => say!("vault-stated-conference"),
            Self::Handover => say!("vault-stated-handover"),
            Self::Reassignment => say!("vault-stated-reassignment"),
            Self::Result => say!("vault-stated-result"),
            Self::Disclosure => say!("vault-stated-disclosure"),
            Self::Keeping => say!("vault-stated-keeping"),
            Self::Purge => say!("vault-stated-purge"),
            Self::Move => say!("vault-stated-move"),
            Self::Relocation => say!("vault-stated-relocation"),
        }
    }

    /// The kind of its statement.
    ///
    /// # Errors
    /// Never: the names fit.
    pub(crate) fn kind(self) -> Result<Kind, VaultError> {
        Ok(Kind::new(self.name())?)
    }

    /// What the signer must be.
    pub(crate) fn acting(self, training: &TrainingRule) -> Acting<'_> {
        match self {
            Self::Conclusion | Self::Verification | Self::Conference => Acting::Trained(training),
            Self::Note | Self::Handover | Self::Move => Acting::As(Role::Examiner),
            Self::Review | Self::Reassignment | Self::Keeping | Self::Purge | Self::Relocation => {
                Acting::As(Role::Supervisor)
            }
            Self::Addendum | Self::Result | Self::Disclosure => Acting::Anybody,
        }
    }
}

/// The payload of a statement: the record, by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfRecord {
    /// SHA-256 of the record's canonical text, in hexadecimal.
    pub sha256: String,
}

/// SHA-256 of an examiner's blind work: it does not change from the conclusion on.
///
/// # Errors
/// [`VaultError::Record`].
pub(crate) fn work_sha256(work: &Work) -> Result<String, VaultError> {
    Ok(sha256(canonical(work)?))
}

/// SHA-256 of what a second examiner signed: their work, or their answer where they sit at another workstation.
///
/// # Errors
/// [`VaultError::NotProven`] for one that does not answer its request.
pub(crate) fn verification_sha256(verification: &Verification) -> Result<String, VaultError> {
    let Some(asked) = &verification.asked else { return work_sha256(&verification.work) };
    let why = || say!("vault-signer-another-record").to_owned();
    let answer = asked.answered(verification);
    answer.map(|answer| answer.sha256()).ok_or_else(|| VaultError::NotProven { what: "verification", why: why() })
}

/// What both signed of a conference at different workstations, with when each did.
pub(crate) fn conference_signed(verification: &Verification) -> Option<(String, [(&PersonRef, Moment); 2])> {
    let (asked, conference) = verification.asked.as_ref().zip(verification.conference.as_ref())?;
    let [examiner, verifier] = &conference.held_by;
    let signed = [(examiner, conference.at), (verifier, conference.confirmed_at?)];
    Some((ConferencePart::of(asked.request().id(), conference).sha256(), signed))
}

/// What somebody signed when a case was handed over: as what, and the record's SHA-256.
///
/// # Errors
/// [`VaultError::Record`].
pub(crate) fn handover_signed(handover: &Handover) -> Result<(Stated, String), VaultError> {
    let stated = if handover.in_absence() { Stated::Reassignment } else { Stated::Handover };
    Ok((stated, sha256(canonical(handover)?)))
}

/// What examiner and second examiner have decided of a case.
fn decided(file: &CaseFile) -> [Option<(Stated, &Work, &PersonRef, Moment)>; 2] {
    let Some(examination) = &file.examination else { return [None, None] };
    let verification = match examination {
        Examination::Verified(verified) => Some(verified.verification()),
        _ => None,
    };
    let work = examination.work();
    [
        examination.concluded_at().map(|at| (Stated::Conclusion, work, &work.examiner, at)),
        verification.map(|v| (Stated::Verification, &v.work, &v.verifier, v.at)),
    ]
}

/// When examiner and second examiner decided, if they did.
pub fn decided_at(file: &CaseFile) -> [Option<Moment>; 2] {
    decided(file).map(|one| one.map(|(_, _, _, at)| at))
}

/// The training rule of a policy's text.
///
/// # Errors
/// [`VaultError::Policy`].
pub(crate) fn training(text: &str) -> Result<TrainingRule, VaultError> {
    Ok(policy(text)?.training)
}

/// The policy of a text.
///
/// # Errors
/// [`VaultError::Policy`].
pub(crate) fn policy(text: &str) -> Result<Policy, VaultError> {
    let policy: Policy = toml::from_str(text).map_err(|e| VaultError::Policy(e.to_string()))?;
    policy.check().map_err(|e| VaultError::Policy(e.to_string()))
}

impl Vault {
    /// Who signs from now on what they decide: whoever is signed in, with their own key.
    pub fn signs_with(&mut self, key: Option<SigningKey>) {
        self.pen = key;
    }

    /// Signs what `person` decided with the key of whoever is signed in: a record by its hash.
    ///
    /// # Errors
    /// [`VaultError::Department`] where the key is not theirs, or they may not decide this by the roster in force.
    pub(crate) fn state(
        &mut self,
        stated: Stated,
        record: &str,
        person: &PersonRef,
        at: Moment,
    ) -> Result<(), VaultError> {
        let Some(chain) = &self.department else { return Ok(()) };
        let pen = self.pen.as_ref().ok_or(VaultError::Unknown("key"))?;
        let policy = chain.at(at).and_then(|then| then.policy()).ok_or(VaultError::Unknown("policy"))?;
        let training = training(policy.text())?;
        let payload = OfRecord { sha256: record.to_owned() };
        let acting = stated.acting(&training);
        let unsigned = chain.state(&stated.kind()?, &payload, &PublicKey::of(pen), acting, at)?;
        let statement = unsigned.sign(pen)?;
        if statement.person() != person.id {
            return Err(department::Refusal::AnotherPerson { named: person.name.clone() }.into());
        }
        let (file, name) = (statement.file()?, stated.name());
        self.write(|db| {
            db.execute(
                "INSERT INTO statement (record, kind, person_id, file) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                params![record, name, person.id.to_string(), file],
            )?;
            Ok(())
        })
    }

    /// Signs what a change of a case decided since `before`: a conclusion, or a second examiner's.
    ///
    /// # Errors
    /// As for a note.
    pub fn state_changes(&mut self, before: [Option<Moment>; 2], after: &CaseFile) -> Result<(), VaultError> {
        for (one, known) in decided(after).into_iter().zip(before) {
            if let Some((stated, work, person, at)) = one.filter(|one| known != Some(one.3)) {
                self.state(stated, &work_sha256(work)?, person, at)?;
            }
        }
        Ok(())
    }

    /// Signs that a case was handed over, where it was more often than the `known` times.
    ///
    /// # Errors
    /// As for a note.
    pub fn state_handovers(&mut self, known: usize, after: &CaseFile) -> Result<(), VaultError> {
        for handover in after.history.handed_over.iter().skip(known) {
            let (stated, record) = handover_signed(handover)?;
            self.state(stated, &record, &handover.by, handover.at)?;
        }
        Ok(())
    }

    /// What was signed of a record.
    pub(crate) fn statements(&self, stated: Stated, record: &str) -> Result<Vec<String>, VaultError> {
        let mut query =
            self.db.prepare("SELECT file FROM statement WHERE record = ?1 AND kind = ?2 ORDER BY person_id")?;
        Ok(query.query_map([record, stated.name()], |r| r.get(0))?.collect::<Result<_, _>>()?)
    }
}
