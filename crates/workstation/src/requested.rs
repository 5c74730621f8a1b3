//! Comparisons that another workstation asks of somebody here: the same bench, without a case behind it.

use catalogue::say;
use uuid::Uuid;

use casework::{CaseId, Clock, Moment, Person, RequestId, Requested};
use department::fingerprint;
use vault::Vault;

use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome};
use crate::views::{Answer, BenchView, ConferenceLine, WaitingLine};
use crate::workstation::Blocking;

/// The name of a workstation that is or was known here, else its key's fingerprint.
pub(crate) fn name_of(v: &Vault, key: &str) -> Outcome<String> {
    Ok(v.name_of_workstation(key)?.unwrap_or_else(|| fingerprint(key)))
}

impl Blocking<'_> {
    /// What is asked of `person` under the identity that their bench has; nobody else reaches it.
    pub(crate) fn requested(&self, id: CaseId, person: &Person) -> Outcome<Option<Requested>> {
        self.with(|v| Ok(v.requested(RequestId(id.0), person)?))
    }

    /// Whether whoever is signed in is asked for this comparison by another workstation.
    pub(crate) fn is_requested(&self, id: CaseId) -> Outcome<bool> {
        let person = self.who()?;
        Ok(self.requested(id, &person)?.is_some())
    }

    /// The bench of `person`, while it is theirs.
    pub(crate) fn requested_answer(&self, asked: &Requested, person: &Person) -> Answer {
        Answer { case: None, bench: BenchView::requested(asked, person, SystemClock.now()) }
    }

    /// Changes what is asked of whoever is signed in: `change` first, then one write with its audit event. Nothing is stored
    /// when `change` refuses.
    pub(crate) fn change_requested(
        &self,
        id: CaseId,
        audited: Option<&str>,
        change: impl FnOnce(&mut Requested, &Person, Moment) -> Outcome<()>,
    ) -> Outcome<Answer> {
        self.act_as(|v, person, now| {
            let found = v.requested(RequestId(id.0), person)?;
            let mut asked = found.ok_or_else(|| CommandError::from(vault::VaultError::Unknown("verification")))?;
            change(&mut asked, person, now)?;
            v.put_requested(&asked, &person.reference(), now, audited)?;
            Ok(self.requested_answer(&asked, person))
        })
    }

    /// Hands the work in: signed with the person's own key, it goes back to who asked.
    pub(crate) fn hand_in_requested(&self, id: CaseId) -> Outcome<Answer> {
        let answer = self
            .change_requested(id, Some("verification-handed-in"), |asked, person, now| {
                Ok(asked.hand_in(person, now, &self.policy()).map(drop)?)
            })
            .inspect_err(|error| self.audit_refusal("verification-refused", id, error))?;
        self.exchange_due.notify_one();
        Ok(answer)
    }

    /// Whoever is asked says that they cannot compare now.
    pub fn decline_verification(&self, id: CaseId, reason: &str) -> Outcome<()> {
        self.change_requested(id, Some("verification-declined"), |asked, person, now| {
            Ok(asked.decline(person, reason, now)?)
        })?;
        self.exchange_due.notify_one();
        Ok(())
    }

    /// Lines of the comparisons that other workstations ask of `person`.
    pub(crate) fn requested_lines(&self, person: &Person) -> Outcome<Vec<WaitingLine>> {
        self.with(|v| {
            let line = |(sender, asked): (String, Requested)| {
                Ok(WaitingLine {
                    case: CaseId(asked.request().id().0),
                    asked_at: asked.request().asked_at(),
                    candidates: asked.request().candidates().len(),
                    begun: asked.has_begun(),
                    from: Some(name_of(v, &sender)?),
                })
            };
            v.requested_of(person)?.into_iter().map(line).collect()
        })
    }

    /// Conferences that wait for the signature of whoever is signed in.
    pub fn conferences(&self) -> Outcome<Vec<ConferenceLine>> {
        self.act_as(|v, person, _| {
            let line = |(sender, conferred): (String, casework::Conferred)| {
                Ok(ConferenceLine {
                    id: conferred.id.to_string(),
                    from: name_of(v, &sender)?,
                    examiner: conferred.part.held_by[0].clone(),
                    account: conferred.part.account,
                    agreed: conferred.part.agreed,
                    at: conferred.part.at,
                })
            };
            v.conferences_of(person)?.into_iter().map(line).collect()
        })
    }

    /// Whoever is signed in signs a conference, or says why not.
    pub fn answer_conference(&self, id: &str, no: Option<&str>) -> Outcome<()> {
        let unknown = || CommandError::new("unknown", say!("rule-verification-no-confer-about"));
        let id: Uuid = id.parse().map_err(|_| unknown())?;
        self.act_as(|v, person, now| {
            let mut conferred = v.conferred(id)?;
            conferred.answer(person, no, now)?;
            Ok(v.put_conferred(&conferred, &person.reference(), now)?)
        })?;
        self.exchange_due.notify_one();
        Ok(())
    }
}
