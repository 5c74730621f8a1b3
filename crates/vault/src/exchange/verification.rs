//! Verifications that travel: what is asked of other workstations and of this one, and what of that which comes counts.
//!
//! What should leave follows from what is on record, as for notes: a request that its case no longer asks is withdrawn, a
//! comparison that ended here is answered. So nothing is forgotten by a power cut, and to repeat it changes nothing.

use catalogue::say;
use department::{Chain, Statement, fingerprint};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;
use uuid::Uuid;

use casework::{
    AskedElsewhere, Came, CandidateId, CaseFile, CaseId, ConferencePart, Conferred, Declined, Moment, Person, PersonId,
    PersonRef, Policy, Reply, RequestId, Requested, VerificationRequest,
};

use super::around::Around;
use super::package::{FileLine, Taken, unfit};
use crate::audit::append;
use crate::cases::{all_with_part, case_text, put_after};
use crate::error::VaultError;
use crate::moved::{is_moved, traces};
use crate::rows::parse_id;
use crate::signers::signed_by;
use crate::stated::{Stated, policy};
use crate::unproven::first;

/// The whole work of somebody elsewhere, with all that it is held against.
struct Judged {
    case: CaseId,
    file: CaseFile,
    came: Came,
    by: PersonRef,
}

fn text_of(db: &Connection, query: &str, key: &str) -> Result<Option<(String, String)>, VaultError> {
    Ok(db.query_row(query, [key], |r| Ok((r.get(0)?, r.get(1)?))).optional()?)
}

/// A request that is on record here as asked: the case, and what was asked.
pub(super) fn asked(db: &Connection, request: RequestId) -> Result<Option<(CaseId, AskedElsewhere)>, VaultError> {
    let row =
        text_of(db, "SELECT case_id, content FROM verification_asked WHERE request_id = ?1", &request.to_string())?;
    row.map(|(case, content)| Ok((parse_id(&case)?, serde_json::from_str(&content)?))).transpose()
}

/// A request that somebody here was asked: the sender, and how far it is.
pub(super) fn requested(db: &Connection, request: RequestId) -> Result<Option<(String, Requested)>, VaultError> {
    let row = text_of(db, "SELECT sender, content FROM requested WHERE request_id = ?1", &request.to_string())?;
    row.map(|(sender, content)| Ok((sender, serde_json::from_str(&content)?))).transpose()
}

pub(super) fn conferred(db: &Connection, id: Uuid) -> Result<Option<(String, Conferred)>, VaultError> {
    let row = text_of(db, "SELECT sender, content FROM conferred WHERE id = ?1", &id.to_string())?;
    row.map(|(sender, content)| Ok((sender, serde_json::from_str(&content)?))).transpose()
}

/// Stores how far a request is; pictures that are not needed any more go.
pub(super) fn put_requested(db: &Connection, requested: &Requested) -> Result<(), VaultError> {
    let id = requested.request().id().to_string();
    db.execute(
        "UPDATE requested SET content = ?2 WHERE request_id = ?1",
        params![id, serde_json::to_string(requested)?],
    )?;
    let needed: Vec<&str> = requested.pictures().into_iter().collect();
    db.execute(
        "DELETE FROM requested_picture WHERE request_id = ?1 AND sha256 NOT IN (SELECT value FROM json_each(?2))",
        params![id, serde_json::to_string(&needed)?],
    )?;
    Ok(())
}

fn case_of(db: &Connection, case: CaseId) -> Result<CaseFile, VaultError> {
    Ok(serde_json::from_str(&case_text(db, case)?.ok_or(VaultError::Unknown("case"))?)?)
}

/// The case with what the other cases of the workstation say of it.
pub(super) fn case_among_others(db: &Connection, case: CaseId) -> Result<CaseFile, VaultError> {
    let mut file = case_of(db, case)?;
    // Of one that is on its way elsewhere its trace says it.
    let sql = "SELECT case_id FROM case_file WHERE case_id <> ?1 AND case_id NOT IN (SELECT case_id FROM case_moved)";
    let mut query = db.prepare(sql)?;
    let ids = query.query_map([case.to_string()], |r| r.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let others = ids.iter().map(|id| case_of(db, parse_id(id)?)).collect::<Result<Vec<_>, _>>()?;
    let elsewhere = file.elsewhere_too(file.elsewhere(&others), &traces(db)?);
    file.recall(&elsewhere);
    Ok(file)
}

/// The rules in force at a moment.
pub(super) fn rules(chain: &Chain, at: Moment) -> Result<Policy, String> {
    let then = chain.at(at).and_then(|then| then.policy()).ok_or_else(|| say!("vault-signer-no-policy").to_owned())?;
    policy(then.text()).map_err(|e| e.to_string())
}

/// Somebody of the roster in force at a moment.
pub(super) fn person(chain: &Chain, id: PersonId, at: Moment) -> Result<Person, String> {
    let member = chain.at(at).and_then(|then| then.roster().member(id));
    member.map(|member| member.person.clone()).ok_or_else(|| say!("vault-verification-nobody-of-roster").to_owned())
}

impl Around<'_> {
    /// A request for somebody here, with its pictures, which `take` stores one by one.
    pub(super) fn take_request(
        &self,
        db: &Connection,
        request: &VerificationRequest,
        files: &[FileLine],
        mut take: impl FnMut(&FileLine, &Connection) -> Result<(), VaultError>,
    ) -> Result<Taken, VaultError> {
        let roster = self.chain()?.newest().roster();
        if roster.member(request.to()).is_none() {
            return Err(unfit(say!("vault-verification-nobody-of-roster")));
        }
        let named = files.iter().map(|file| file.sha256.as_str());
        if !request.pictures().into_iter().eq(named) {
            return Err(unfit(say!("vault-verification-other-pictures")));
        }
        let id = request.id().to_string();
        let fresh = db.execute(
            "INSERT INTO requested (request_id, sender, person_id, content) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (request_id) DO NOTHING",
            params![
                id,
                self.sender,
                request.to().to_string(),
                serde_json::to_string(&Requested::take(request.clone(), self.at))?
            ],
        )?;
        if fresh == 0 {
            return self.void(db, request.id().0, say!("vault-verification-asked-before").to_owned());
        }
        for file in files {
            take(file, db)?;
        }
        let ended = db.query_row(
            "SELECT 1 FROM request_withdrawn WHERE request_id = ?1 AND sender = ?2",
            [&id, self.sender],
            |_| Ok(()),
        );
        if ended.optional()?.is_some() {
            self.take_withdrawal(db, request.id())?;
        }
        Ok(Taken::Asked)
    }

    /// The question was taken back. It may come before the question itself.
    pub(super) fn take_withdrawal(&self, db: &Connection, request: RequestId) -> Result<Taken, VaultError> {
        let Some((sender, mut found)) = requested(db, request)? else {
            db.execute(
                "INSERT INTO request_withdrawn (request_id, sender, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                params![request.to_string(), self.sender, self.at.0.to_string()],
            )?;
            return Ok(Taken::Told);
        };
        if sender != self.sender {
            return self.void(db, request.0, say!("vault-verification-another-workstation-asked").to_owned());
        }
        found.withdraw(self.at);
        put_requested(db, &found)?;
        Ok(Taken::Told)
    }

    /// The record of one of its people is gone at the gallery: their photographs go here too.
    pub(super) fn take_removal(
        &self,
        db: &Connection,
        request: RequestId,
        token: CandidateId,
    ) -> Result<Taken, VaultError> {
        let found = requested(db, request)?.filter(|(sender, _)| sender == self.sender);
        // Of a request that has not arrived: it waits at the relay, or never left.
        let (_, mut found) = found.ok_or_else(|| unfit(say!("vault-verification-not-asked-here")))?;
        found.remove(token);
        put_requested(db, &found)?;
        let detail = json!({ "request": request, "candidate": token });
        append(db, None, self.at, "verification-photographs-removed", &detail)?;
        Ok(Taken::Told)
    }

    /// What came back for a request of this workstation. What does not count is kept whole, with why.
    pub(super) fn take_reply(
        &self,
        db: &Connection,
        reply: &Reply,
        statement: Option<&str>,
    ) -> Result<Taken, VaultError> {
        let request = reply.request();
        let Some((case, asked)) = asked(db, request)? else {
            return self.void(db, request.0, say!("vault-verification-not-asked-here").to_owned());
        };
        // One that moved waits for none: what came before is with it.
        if is_moved(db, case)? {
            return self.void(db, request.0, say!("vault-case-moved").to_owned());
        }
        // A clock that is ahead over there: it is taken in once this one has come so far.
        if reply.at() > self.at {
            return Err(unfit(say!("vault-verification-clock-ahead")));
        }
        let chain = self.chain()?;
        let statement_of = statement.map(|text| statement_of(chain, Stated::Verification, text)).transpose()?;
        let judged = self.judge(chain, case_among_others(db, case)?, &asked, reply, statement_of);
        let (counts, why) = match &judged {
            Ok(judged) => (judged.came != Came::Late, String::new()),
            Err(why) => (false, why.clone()),
        };
        let late = matches!(&judged, Ok(judged) if judged.came == Came::Late);
        let why = if late { say!("vault-verification-came-late").to_owned() } else { why };
        db.execute(
            "INSERT INTO verification_reply (package_id, request_id, counts, why, taken_at, content, statement)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                self.package.to_string(),
                request.to_string(),
                counts,
                why,
                self.at.0.to_string(),
                serde_json::to_string(reply)?,
                statement
            ],
        )?;
        let by = judged.as_ref().ok().map(|judged| judged.by.clone());
        if let Ok(Judged { case, file, .. }) = &judged {
            put_after(db, *case, self.at, &serde_json::to_value(file)?)?;
        }
        let action = match &judged {
            Ok(Judged { came: Came::Verified, .. }) => "verification-handed-in",
            Ok(Judged { came: Came::Declined, .. }) => "verification-declined",
            Ok(Judged { came: Came::Late, .. }) | Err(_) => "verification-void",
        };
        if let (Ok(Judged { came: Came::Verified, by, .. }), Reply::Answered { answer }, Some(statement)) =
            (&judged, reply, statement)
        {
            db.execute(
                "INSERT INTO statement (record, kind, person_id, file) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                params![answer.sha256(), Stated::Verification.name(), by.id.to_string(), statement],
            )?;
        }
        let detail = json!({ "case": case, "request": request, "from": fingerprint(self.sender), "message": why });
        append(db, by.as_ref(), self.at, action, &detail)?;
        Ok(if counts { Taken::Told } else { Taken::Void(why) })
    }

    /// # Errors
    /// Why it counts for nothing, in words.
    fn judge(
        &self,
        chain: &Chain,
        mut file: CaseFile,
        asked: &AskedElsewhere,
        reply: &Reply,
        statement: Option<Result<Statement, String>>,
    ) -> Result<Judged, String> {
        if asked.workstation != self.sender {
            return Err(say!("vault-verification-another-workstation-asked").to_owned());
        }
        let who = person(chain, asked.of.id, reply.at())?;
        if let Reply::Answered { answer } = reply {
            let statement = statement.ok_or_else(|| say!("vault-verification-unsigned").to_owned())??;
            let record = answer.sha256();
            signed_by(chain, &statement, Stated::Verification, (&record, &answer.work().examiner, answer.at()))?;
        }
        let rules = rules(chain, reply.at())?;
        let came = file.take_reply(asked, reply, &who, self.at, &rules).map_err(|gaps| first(&gaps))?;
        Ok(Judged { case: file.id, file, came, by: who.reference() })
    }

    /// A conference that somebody here is asked to sign: the examiner's signature is on it.
    pub(super) fn take_conference(
        &self,
        db: &Connection,
        id: Uuid,
        part: &ConferencePart,
        statement: &str,
    ) -> Result<Taken, VaultError> {
        let chain = self.chain()?;
        let [examiner, verifier] = &part.held_by;
        let ours = requested(db, part.request)?.filter(|(sender, found)| {
            sender == self.sender && found.request().to() == verifier.id && found.reply().is_some()
        });
        if ours.is_none() {
            return self.void(db, id, say!("vault-verification-not-asked-here").to_owned());
        }
        if part.at > self.at {
            return Err(unfit(say!("vault-verification-clock-ahead")));
        }
        let signed = statement_of(chain, Stated::Conference, statement)?
            .and_then(|of| signed_by(chain, &of, Stated::Conference, (&part.sha256(), examiner, part.at)));
        if let Err(why) = signed {
            return self.void(db, id, why);
        }
        let content = Conferred { id, part: part.clone(), confirmed_at: None, declined: None };
        db.execute(
            "INSERT INTO conferred (id, sender, person_id, content) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            params![id.to_string(), self.sender, verifier.id.to_string(), serde_json::to_string(&content)?],
        )?;
        Ok(Taken::Asked)
    }

    /// The verifier's word on a conference of a case here.
    pub(super) fn take_conference_reply(
        &self,
        db: &Connection,
        id: Uuid,
        said_at: Moment,
        declined: Option<&Declined>,
        statement: Option<&str>,
    ) -> Result<Taken, VaultError> {
        let chain = self.chain()?;
        if said_at > self.at {
            return Err(unfit(say!("vault-verification-clock-ahead")));
        }
        let is_it = |part: &str| {
            let part: serde_json::Value = serde_json::from_str(part).unwrap_or_default();
            part.get("id").and_then(|known| known.as_str()) == Some(id.to_string().as_str())
        };
        let case = all_with_part(db, "conferring")?.into_iter().find(|(_, part)| is_it(part));
        let Some((case, _)) = case else {
            return self.void(db, id, say!("rule-verification-no-open-disagreement-resolve").to_owned());
        };
        let mut file = case_of(db, case)?;
        let statement_of = statement.map(|text| statement_of(chain, Stated::Conference, text)).transpose()?;
        let judged = (|| {
            let part = file.conferring.as_ref().map(|conferring| conferring.part.clone());
            let part = part.ok_or_else(|| say!("rule-verification-no-open-disagreement-resolve").to_owned())?;
            let to = asked(db, part.request).map_err(|e| e.to_string())?.map(|(_, asked)| asked.workstation);
            if to.as_deref() != Some(self.sender) {
                return Err(say!("vault-verification-another-workstation-asked").to_owned());
            }
            let verifier = part.held_by[1].clone();
            if declined.is_none() {
                let of = statement_of.ok_or_else(|| say!("vault-verification-unsigned").to_owned())??;
                signed_by(chain, &of, Stated::Conference, (&part.sha256(), &verifier, said_at))?;
            }
            file.take_conference(id, &verifier, said_at, declined.cloned(), self.at).map_err(|gaps| first(&gaps))?;
            Ok((part, verifier))
        })();
        let (part, verifier) = match judged {
            Ok(judged) => judged,
            Err(why) => return self.void(db, id, why),
        };
        put_after(db, case, self.at, &serde_json::to_value(&file)?)?;
        if let (None, Some(statement)) = (declined, statement) {
            db.execute(
                "INSERT INTO statement (record, kind, person_id, file) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                params![part.sha256(), Stated::Conference.name(), verifier.id.to_string(), statement],
            )?;
        }
        let action = if declined.is_some() { "conference-declined" } else { "conference-held" };
        append(db, Some(&verifier), self.at, action, &json!({ "case": case, "request": part.request }))?;
        Ok(Taken::Told)
    }
}

/// What somebody signed, or why it is no statement. Whoever signed it may know a version of the department that is not here
/// yet: it waits until it is.
///
/// # Errors
/// [`VaultError::Package`] then.
pub(super) fn statement_of(chain: &Chain, stated: Stated, text: &str) -> Result<Result<Statement, String>, VaultError> {
    let read = Statement::read(text.as_bytes(), &stated.kind()?).map_err(|e| e.to_string());
    match &read {
        Ok(statement) if statement.roster_version() > chain.newest().number() => {
            Err(unfit(say!("vault-verification-department-behind")))
        }
        _ => Ok(read),
    }
}
