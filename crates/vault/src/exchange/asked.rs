//! Verifications and conferences as they are kept here and leave: what this workstation asks of others, what others ask of it.

use std::collections::BTreeMap;

use casework::{CaseFile, CaseId, Conferred, Moment, Person, PersonRef, Reply, RequestId, Requested};
use rusqlite::{OptionalExtension, params};
use serde_json::json;
use uuid::Uuid;

use super::package::{Content, FileLine, Files, Filled, Outgoing};
use super::verification::{asked, conferred, put_requested, requested};
use crate::audit::append;
use crate::cases::all_with_part;
use crate::error::VaultError;
use crate::hashing::sha256;
use crate::rows::parse_id;
use crate::stated::Stated;
use crate::vault::Vault;

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
    pub(super) fn own_statement(&self, stated: Stated, record: &str, person: &PersonRef) -> Result<String, VaultError> {
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

    /// Requests that nothing has ended yet, as far as is on record here.
    pub(super) fn unanswered(&self) -> Result<Vec<(RequestId, String, CaseId)>, VaultError> {
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
    pub(super) fn ended(&self) -> Result<Vec<(String, Requested)>, VaultError> {
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
    pub(super) fn settled(&self) -> Result<Vec<(String, Conferred)>, VaultError> {
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
    pub(super) fn forget_pictures(&mut self) -> Result<(), VaultError> {
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
