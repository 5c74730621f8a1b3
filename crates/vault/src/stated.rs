//! The department's documents as this workstation has them, and what its people sign with their own keys.

use catalogue::say;
use department::{Acting, Chain, HighestSeen, Kind, PublicKey, Statement, TrainingRule};
use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::json;

use casework::{CaseFile, ConferencePart, Examination, Moment, Person, PersonRef, Policy, Role, Verification, Work};

use crate::audit::append;
use crate::signed::{canonical, sha256};
use crate::{KeyStore, Vault, VaultError};

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
}

/// Every kind, in the order in which they come.
pub(crate) const ALL_STATED: [Stated; 6] =
    [Stated::Conclusion, Stated::Verification, Stated::Conference, Stated::Note, Stated::Review, Stated::Addendum];

impl Stated {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Conclusion => "conclusion",
            Self::Verification => "verification",
            Self::Note => "note",
            Self::Review => "review",
            Self::Addendum => "addendum",
            Self::Conference => "conference",
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
            Self::Note => Acting::As(Role::Examiner),
            Self::Review => Acting::As(Role::Supervisor),
            Self::Addendum => Acting::Anybody,
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

/// The chain as it lies here, proven from the root on.
pub(crate) fn read(db: &Connection) -> Result<Option<Chain>, VaultError> {
    let root: Option<String> =
        db.query_row("SELECT value FROM setting WHERE name = 'department'", [], |r| r.get(0)).optional()?;
    let Some(root) = root else { return Ok(None) };
    Ok(Some(Chain::read(&PublicKey::read(&root)?, &documents(db)?)?))
}

fn documents(db: &Connection) -> Result<Vec<String>, VaultError> {
    let mut query = db.prepare("SELECT document FROM department_version ORDER BY number")?;
    Ok(query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

impl Vault {
    /// The department, once it was founded or joined.
    pub fn department(&self) -> Option<&Chain> {
        self.department.as_ref()
    }

    /// The documents as they were signed, version 1 first.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub fn documents(&self) -> Result<Vec<String>, VaultError> {
        documents(&self.db)
    }

    /// Founds the department of this workstation, or joins one: `documents` from version 1 on.
    ///
    /// # Errors
    /// [`VaultError::Department`] for documents that do not hold, or where there is a department.
    pub fn found(
        &mut self,
        root: &PublicKey,
        documents: &[String],
        by: Option<&PersonRef>,
        at: Moment,
    ) -> Result<(), VaultError> {
        let chain = Chain::read(root, documents)?;
        if let Some(known) = &self.department {
            return Err(department::Refusal::OtherDepartment { found: known.root().to_string() }.into());
        }
        self.write(|db| {
            db.execute("INSERT INTO setting (name, value) VALUES ('department', ?1)", [root.to_string()])?;
            for (at, document) in documents.iter().enumerate() {
                db.execute(
                    "INSERT INTO department_version (number, document) VALUES (?1, ?2)",
                    params![at as i64 + 1, document],
                )?;
            }
            append(db, by, at, "department-founded", &json!({ "root": root.to_string(), "versions": documents.len() }))
        })?;
        self.department = Some(chain);
        Ok(())
    }

    /// Takes in the department's next version.
    ///
    /// # Errors
    /// [`VaultError::Department`] for one that does not follow, or was not signed as it must be.
    pub fn extend(&mut self, document: &str, by: Option<&PersonRef>, at: Moment) -> Result<(), VaultError> {
        let known = self.department.as_ref().ok_or(VaultError::Unknown("department"))?;
        let chain = known.extended_by(&[document])?;
        let (number, sha) = (chain.newest().number(), chain.newest().sha256().to_owned());
        self.write(|db| {
            db.execute("INSERT INTO department_version (number, document) VALUES (?1, ?2)", params![number, document])?;
            append(db, by, at, "department-version", &json!({ "number": number, "sha256": sha }))
        })?;
        self.department = Some(chain);
        Ok(())
    }

    /// Forgets versions that were rolled back with an act.
    pub(crate) fn forget_rolled_back(&mut self) -> Result<(), VaultError> {
        let kept: u32 = self.db.query_row("SELECT count(*) FROM department_version", [], |r| r.get(0))?;
        if self.department.as_ref().map_or(0, |chain| chain.newest().number()) != kept {
            self.department = read(&self.db)?;
        }
        Ok(())
    }

    /// Refuses a department that is older than the newest that the secret store knows, or another one, and keeps the newest
    /// there.
    ///
    /// # Errors
    /// [`VaultError::Department`].
    pub fn keep_highest_seen(&self, keys: &dyn KeyStore) -> Result<(), VaultError> {
        let name = format!("department-{}", self.name);
        let seen: Option<HighestSeen> = keys.get(&name)?.map(|text| serde_json::from_str(&text)).transpose()?;
        let Some(chain) = &self.department else {
            return match seen {
                Some(seen) => Err(department::Refusal::Rollback { seen: seen.version, found: 0 }.into()),
                None => Ok(()),
            };
        };
        if let Some(seen) = &seen {
            chain.clone().not_before(seen)?;
        }
        let highest = chain.highest_seen();
        if seen.as_ref() != Some(&highest) {
            keys.set(&name, &serde_json::to_string(&highest)?)?;
        }
        Ok(())
    }

    /// Who signs from now on what they decide: whoever is signed in, with their own key.
    pub fn signs_with(&mut self, key: Option<SigningKey>) {
        self.pen = key;
    }

    /// A person as the department's newest roster has them; whoever is not in it is nobody here.
    pub(crate) fn of_roster(&self, known: Person) -> Option<Person> {
        match &self.department {
            None => Some(known),
            Some(chain) => {
                let member = chain.newest().roster().member(known.id)?;
                Some(Person { added_by: known.added_by, ..member.person.clone() })
            }
        }
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

    /// What was signed of a record.
    pub(crate) fn statements(&self, stated: Stated, record: &str) -> Result<Vec<String>, VaultError> {
        let mut query =
            self.db.prepare("SELECT file FROM statement WHERE record = ?1 AND kind = ?2 ORDER BY person_id")?;
        Ok(query.query_map([record, stated.name()], |r| r.get(0))?.collect::<Result<_, _>>()?)
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
) -> Result<crate::signers::Signer, String> {
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
    Ok(crate::signers::Signer::of(stated, &verified))
}
