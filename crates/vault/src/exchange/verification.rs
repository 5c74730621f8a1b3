//! Verifications that travel: what is asked of other workstations and of this one, and what of that which comes counts.
//!
//! What should leave follows from what is on record, as for notes: a request that its case no longer asks is withdrawn, a
//! comparison that ended here is answered. So nothing is forgotten by a power cut, and to repeat it changes nothing.

use std::collections::BTreeMap;

use catalogue::say;
use department::{Chain, Statement, fingerprint};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;
use uuid::Uuid;

use casework::{
    AskedElsewhere, Came, CandidateId, CaseFile, CaseId, ConferencePart, Conferred, Declined, Moment, Person, PersonId,
    PersonRef, Policy, Reply, RequestId, Requested, VerificationRequest,
};

use super::taking::unfit;
use super::{Content, FileLine, Files, Filled, Outgoing, Taken};
use crate::audit::append;
use crate::cases::{all_with_part, case_text, put_after};
use crate::records::parse_id;
use crate::signed::{first, sha256};
use crate::stated::{Stated, policy, signed_by};
use crate::{Vault, VaultError};

/// What a package is taken in with.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// The department, as this workstation knows it.
    pub chain: Option<&'a Chain>,
    /// The package.
    pub package: Uuid,
    /// The workstation that signed it.
    pub sender: &'a str,
    /// Now.
    pub at: Moment,
}

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
fn asked(db: &Connection, request: RequestId) -> Result<Option<(CaseId, AskedElsewhere)>, VaultError> {
    let row =
        text_of(db, "SELECT case_id, content FROM verification_asked WHERE request_id = ?1", &request.to_string())?;
    row.map(|(case, content)| Ok((parse_id(&case)?, serde_json::from_str(&content)?))).transpose()
}

/// A request that somebody here was asked: the sender, and how far it is.
fn requested(db: &Connection, request: RequestId) -> Result<Option<(String, Requested)>, VaultError> {
    let row = text_of(db, "SELECT sender, content FROM requested WHERE request_id = ?1", &request.to_string())?;
    row.map(|(sender, content)| Ok((sender, serde_json::from_str(&content)?))).transpose()
}

fn conferred(db: &Connection, id: Uuid) -> Result<Option<(String, Conferred)>, VaultError> {
    let row = text_of(db, "SELECT sender, content FROM conferred WHERE id = ?1", &id.to_string())?;
    row.map(|(sender, content)| Ok((sender, serde_json::from_str(&content)?))).transpose()
}

/// Stores how far a request is; pictures that are not needed any more go.
fn put_requested(db: &Connection, requested: &Requested) -> Result<(), VaultError> {
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
fn case_among_others(db: &Connection, case: CaseId) -> Result<CaseFile, VaultError> {
    let mut file = case_of(db, case)?;
    let mut query = db.prepare("SELECT case_id FROM case_file WHERE case_id <> ?1")?;
    let ids = query.query_map([case.to_string()], |r| r.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let others = ids.iter().map(|id| case_of(db, parse_id(id)?)).collect::<Result<Vec<_>, _>>()?;
    let elsewhere = file.elsewhere(&others);
    file.recall(&elsewhere);
    Ok(file)
}

/// The rules in force at a moment.
fn rules(chain: &Chain, at: Moment) -> Result<Policy, String> {
    let then = chain.at(at).and_then(|then| then.policy()).ok_or_else(|| say!("vault-signer-no-policy").to_owned())?;
    policy(then.text()).map_err(|e| e.to_string())
}

/// Somebody of the roster in force at a moment.
fn person(chain: &Chain, id: PersonId, at: Moment) -> Result<Person, String> {
    let member = chain.at(at).and_then(|then| then.roster().member(id));
    member.map(|member| member.person.clone()).ok_or_else(|| say!("vault-verification-nobody-of-roster").to_owned())
}

impl Around<'_> {
    /// A void package is on record, and is not asked for again.
    pub(super) fn void(&self, db: &Connection, about: Uuid, why: String) -> Result<Taken, VaultError> {
        let detail = json!({ "package": self.package, "about": about, "message": why });
        append(db, None, self.at, "package-void", &detail)?;
        Ok(Taken::Void(why))
    }

    fn chain(&self) -> Result<&Chain, VaultError> {
        self.chain.ok_or_else(|| unfit(say!("vault-verification-no-department")))
    }

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
fn statement_of(chain: &Chain, stated: Stated, text: &str) -> Result<Result<Statement, String>, VaultError> {
    let read = Statement::read(text.as_bytes(), &stated.kind()?).map_err(|e| e.to_string());
    match &read {
        Ok(statement) if statement.roster_version() > chain.newest().number() => {
            Err(unfit(say!("vault-verification-department-behind")))
        }
        _ => Ok(read),
    }
}

impl Vault {
    /// Puts on record what `file` asks of another workstation, and the blind package into the outbox. `pictures` are those that
    /// the request names, by SHA-256. Within the act that stores the case.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] where the case asks nothing of another workstation, [`VaultError::Package`] where nobody is there to send to.
    pub fn ask_elsewhere(
        &mut self,
        file: &CaseFile,
        pictures: &BTreeMap<String, Vec<u8>>,
        at: Moment,
    ) -> Result<Uuid, VaultError> {
        let asked = file.asked_elsewhere().ok_or(VaultError::Unknown("request"))?;
        let request = asked.asked.request().clone();
        self.write(|db| {
            db.execute(
                "INSERT INTO verification_asked (request_id, case_id, recipient, content) VALUES (?1, ?2, ?3, ?4)",
                params![
                    request.id().to_string(),
                    file.id.to_string(),
                    asked.workstation,
                    serde_json::to_string(asked)?
                ],
            )?;
            Ok(())
        })?;
        let line = |hash: &str| FileLine {
            sha256: hash.to_owned(),
            kind: "picture".to_owned(),
            // Its own name could say whose it is.
            file_name: String::new(),
            bytes: pictures.get(hash).map_or(0, |bytes| bytes.len() as u64),
        };
        let files = request.pictures().into_iter().map(line).collect();
        let (about, content) = (request.id().0, Content::VerificationRequest { request });
        self.put_package(about, &asked.workstation, content, files, Files::Pictures(pictures), at)
    }

    /// Has the package of an open request sent once more: the same one, which is taken in once.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] where it is not in the outbox any more.
    pub fn send_again(&mut self, request: RequestId, by: &PersonRef, at: Moment) -> Result<(), VaultError> {
        self.write(|db| {
            let there = db.execute(
                "UPDATE outbox SET sent_at = NULL
                 WHERE kind = 'verification-request' AND about = ?1 AND length(bytes) > 0",
                [request.to_string()],
            )?;
            if there == 0 {
                return Err(VaultError::Unknown("package"));
            }
            append(db, Some(by), at, "verification-sent-again", &json!({ "request": request }))
        })
    }

    /// Whether the package of a request has left, and when.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn request_package(&self, request: RequestId) -> Result<Option<Outgoing>, VaultError> {
        let id = self.db.query_row(
            "SELECT package_id FROM outbox WHERE kind = 'verification-request' AND about = ?1",
            [request.to_string()],
            |r| r.get::<_, String>(0),
        );
        let Some(id) = id.optional()? else { return Ok(None) };
        let id: Uuid = parse_id(&id)?;
        Ok(self.outbox()?.into_iter().find(|package| package.id == id))
    }

    /// Comparisons that wait for `person`, with the key of the workstation that asks.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn requested_of(&self, person: &Person) -> Result<Vec<(String, Requested)>, VaultError> {
        let mut query = self.db.prepare("SELECT sender, content FROM requested WHERE person_id = ?1 ORDER BY rowid")?;
        let rows =
            query.query_map([person.id.to_string()], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        let mut found = Vec::new();
        for row in rows {
            let (sender, content) = row?;
            let requested: Requested = serde_json::from_str(&content)?;
            if requested.waits_for(person) {
                found.push((sender, requested));
            }
        }
        Ok(found)
    }

    /// A comparison that is asked of `person`, and of nobody else; `None` where there is none with this identity.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn requested(&self, id: RequestId, person: &Person) -> Result<Option<Requested>, VaultError> {
        let found = requested(&self.db, id)?.map(|(_, requested)| requested);
        Ok(found.filter(|requested| requested.request().to() == person.id))
    }

    /// Stores how far `person` is with it. What they handed in is signed with their own key; a signature that they may not
    /// make refuses the whole.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn put_requested(
        &mut self,
        requested: &Requested,
        person: &PersonRef,
        at: Moment,
        audited: Option<&str>,
    ) -> Result<(), VaultError> {
        if let Some(Reply::Answered { answer }) = requested.reply() {
            self.state(Stated::Verification, &answer.sha256(), person, answer.at())?;
        }
        self.write(|db| {
            put_requested(db, requested)?;
            match audited {
                Some(action) => append(db, Some(person), at, action, &json!({ "request": requested.request().id() })),
                None => Ok(()),
            }
        })
    }

    /// A picture of a request, checked against its hash.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] where it is gone, [`VaultError::FileChanged`].
    pub fn requested_picture(&self, request: RequestId, hash: &str) -> Result<Vec<u8>, VaultError> {
        let bytes = self.db.query_row(
            "SELECT bytes FROM requested_picture WHERE request_id = ?1 AND sha256 = ?2",
            params![request.to_string(), hash],
            |r| r.get::<_, Vec<u8>>(0),
        );
        let bytes = bytes.optional()?.ok_or(VaultError::Unknown("picture"))?;
        if sha256(&bytes) == hash { Ok(bytes) } else { Err(VaultError::FileChanged(hash.to_owned())) }
    }

    /// The examiner signs the conference that `file` waits for, and it goes to the verifier's workstation. Within the act that
    /// stores the case.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn send_conference(&mut self, file: &CaseFile, by: &PersonRef, at: Moment) -> Result<(), VaultError> {
        let conferring = file.conferring.as_ref().ok_or(VaultError::Unknown("conference"))?;
        let (id, part) = (conferring.id, conferring.part.clone());
        let (_, asked) = asked(&self.db, part.request)?.ok_or(VaultError::Unknown("request"))?;
        let record = part.sha256();
        self.state(Stated::Conference, &record, by, part.at)?;
        let statement = self.own_statement(Stated::Conference, &record, by)?;
        let content = Content::Conference { id, part, statement };
        self.put_package(id, &asked.workstation, content, Vec::new(), Files::None, at)?;
        Ok(())
    }

    /// Conferences that wait for `person`'s signature, with the key of the workstation that asks.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn conferences_of(&self, person: &Person) -> Result<Vec<(String, Conferred)>, VaultError> {
        let mut query = self.db.prepare("SELECT sender, content FROM conferred WHERE person_id = ?1 ORDER BY rowid")?;
        let rows =
            query.query_map([person.id.to_string()], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        let read = rows.map(|row| {
            let (sender, content) = row?;
            Ok((sender, serde_json::from_str::<Conferred>(&content)?))
        });
        let all = read.collect::<Result<Vec<_>, VaultError>>()?;
        Ok(all.into_iter().filter(|(_, conferred)| conferred.waits_for(person)).collect())
    }

    /// A conference that is on record here.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] where there is none.
    pub fn conferred(&self, id: Uuid) -> Result<Conferred, VaultError> {
        conferred(&self.db, id)?.map(|(_, conferred)| conferred).ok_or(VaultError::Unknown("conference"))
    }

    /// Stores the verifier's word on a conference, signed where they agree.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn put_conferred(&mut self, conferred: &Conferred, person: &PersonRef, at: Moment) -> Result<(), VaultError> {
        if let Some(confirmed) = conferred.confirmed_at {
            self.state(Stated::Conference, &conferred.part.sha256(), person, confirmed)?;
        }
        self.write(|db| {
            db.execute(
                "UPDATE conferred SET content = ?2 WHERE id = ?1",
                params![conferred.id.to_string(), serde_json::to_string(conferred)?],
            )?;
            let action = if conferred.confirmed_at.is_some() { "conference-confirmed" } else { "conference-declined" };
            append(db, Some(person), at, action, &json!({ "request": conferred.part.request }))
        })
    }

    /// What `person` signed of a record here.
    fn own_statement(&self, stated: Stated, record: &str, person: &PersonRef) -> Result<String, VaultError> {
        let found = self.db.query_row(
            "SELECT file FROM statement WHERE record = ?1 AND kind = ?2 AND person_id = ?3",
            params![record, stated.name(), person.id.to_string()],
            |r| r.get(0),
        );
        found.optional()?.ok_or(VaultError::Unknown("signature"))
    }

    /// Puts into the outbox what is due of verifications. What cannot be packed stays due and holds nothing else up.
    pub(super) fn pack_verifications(&mut self, filled: &mut Filled, at: Moment) -> Result<(), VaultError> {
        let mut due: Vec<(Uuid, String, Content)> = Vec::new();
        for (request, to, case) in self.unanswered()? {
            let Ok(file) = self.case::<CaseFile>(case) else { continue };
            let open = file.asked_elsewhere().filter(|open| open.asked.request().id() == request);
            match open {
                None => due.push((request.0, to, Content::VerificationWithdrawn { request })),
                Some(open) => {
                    let gone = file.withdrawn.iter().filter_map(|candidate| open.asked.token(*candidate));
                    due.extend(
                        gone.map(|token| (token.0, to.clone(), Content::VerificationRemoval { request, token })),
                    );
                }
            }
        }
        for (to, requested) in self.ended()? {
            let Some(reply) = requested.reply() else { continue };
            let statement = match &reply {
                Reply::Answered { answer } => {
                    Some(self.own_statement(Stated::Verification, &answer.sha256(), &answer.work().examiner)?)
                }
                Reply::Declined { .. } | Reply::GivenUp { .. } => None,
            };
            due.push((reply.request().0, to, Content::VerificationReply { reply, statement }));
        }
        for (to, Conferred { id, part, confirmed_at, declined }) in self.settled()? {
            let statement = match confirmed_at {
                Some(_) => Some(self.own_statement(Stated::Conference, &part.sha256(), &part.held_by[1])?),
                None => None,
            };
            let Some(said_at) = confirmed_at.or(declined.as_ref().map(|declined| declined.at)) else { continue };
            due.push((id, to, Content::ConferenceReply { id, at: said_at, declined, statement }));
        }
        for (about, to, content) in due {
            if self.is_packed(&to, content.kind(), about)? {
                continue;
            }
            match self.put_package(about, &to, content, Vec::new(), Files::None, at) {
                Ok(_) => filled.made += 1,
                Err(error) => filled.left.push(error),
            }
        }
        self.forget_pictures()
    }

    fn is_packed(&self, to: &str, kind: &str, about: Uuid) -> Result<bool, VaultError> {
        let found = self.db.query_row(
            "SELECT 1 FROM outbox WHERE recipient = ?1 AND kind = ?2 AND about = ?3",
            params![to, kind, about.to_string()],
            |_| Ok(()),
        );
        Ok(found.optional()?.is_some())
    }

    /// Requests that nothing has ended yet, as far as is on record here.
    fn unanswered(&self) -> Result<Vec<(RequestId, String, CaseId)>, VaultError> {
        let mut query = self.db.prepare(
            "SELECT a.request_id, a.recipient, a.case_id FROM verification_asked a
             WHERE NOT EXISTS (SELECT 1 FROM verification_reply r WHERE r.request_id = a.request_id AND r.counts = 1)
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.about = a.request_id AND o.kind = 'verification-withdrawn')
             ORDER BY a.rowid",
        )?;
        let rows =
            query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?)))?;
        rows.map(|row| {
            let (request, to, case) = row?;
            Ok((parse_id(&request)?, to, parse_id(&case)?))
        })
        .collect()
    }

    /// Requests of other workstations that ended here and were not answered yet.
    fn ended(&self) -> Result<Vec<(String, Requested)>, VaultError> {
        let mut query = self.db.prepare(
            "SELECT r.sender, r.content FROM requested r
             WHERE r.content ->> '$.ended' IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.about = r.request_id AND o.kind = 'verification-reply')
             ORDER BY r.rowid",
        )?;
        let rows = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (sender, content) = row?;
            Ok((sender, serde_json::from_str(&content)?))
        })
        .collect()
    }

    /// Conferences of other workstations on which the verifier has said their word, and which it was not sent yet.
    fn settled(&self) -> Result<Vec<(String, Conferred)>, VaultError> {
        let mut query = self.db.prepare(
            "SELECT c.sender, c.content FROM conferred c
             WHERE (c.content ->> '$.confirmed_at' IS NOT NULL OR c.content ->> '$.declined' IS NOT NULL)
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.about = c.id AND o.kind = 'conference-reply')
             ORDER BY c.rowid",
        )?;
        let rows = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (sender, content) = row?;
            Ok((sender, serde_json::from_str(&content)?))
        })
        .collect()
    }

    /// Packages with photographs that have left and are not needed any more, answered or withdrawn, keep none.
    fn forget_pictures(&mut self) -> Result<(), VaultError> {
        self.write(|db| {
            let withdrawn: Vec<[String; 2]> =
                all_with_part(db, "withdrawn")?.into_iter().map(|(case, gone)| [case.to_string(), gone]).collect();
            db.execute(
                "UPDATE outbox SET bytes = x'' WHERE kind = 'verification-request' AND sent_at IS NOT NULL AND length(bytes) > 0
                   AND (EXISTS (SELECT 1 FROM verification_reply r WHERE r.request_id = outbox.about AND r.counts = 1)
                     OR EXISTS (SELECT 1 FROM outbox o WHERE o.about = outbox.about AND o.kind = 'verification-withdrawn')
                     OR EXISTS (SELECT 1 FROM verification_asked a JOIN json_each(?1) p ON p.value ->> 0 = a.case_id
                                WHERE a.request_id = outbox.about
                                  AND EXISTS (SELECT 1 FROM json_each(p.value ->> 1) gone
                                              JOIN json_each(a.content, '$.asked.key.candidates') sent
                                              ON sent.value = gone.value)))",
                [serde_json::to_string(&withdrawn)?],
            )?;
            Ok(())
        })
    }
}
