//! How long cases are kept: what is due, held and kept for those who are accused; what a supervisor says of it; and the purge.

use std::path::Path;

use catalogue::say;
use serde_json::json;

use casework::{
    CandidateId, CaseFile, CaseId, Clock, Keeping, KeepingWord, Moment, OnRecord, Person, PurgePermit, Reckoning,
    Retention, StillOpen, may_purge, may_see_retention,
};
use vault::{Vault, VaultError};

use crate::clock::SystemClock;
use crate::disclose::write_out;
use crate::error::{CommandError, Outcome};
use crate::views::{CertificateLine, OpenCount, PurgePreview, RetentionLine, RetentionView};
use crate::workstation::{Blocking, Workstation};

/// The fewest days after which any case goes.
const LEAST_DAYS: i64 = 30;
/// Hours between two looks at what is due.
const EVERY_HOURS: i64 = 24;

impl Workstation {
    /// Tells supervisors once a day what is due; whether anything was told.
    pub(crate) async fn tell_due(&self) -> bool {
        self.run(|s| s.tell_what_is_due()).await.unwrap_or(false)
    }

    /// Purges what a supervisor confirms, and writes the vault's file anew.
    pub async fn purge(&self, case: CaseId, sha256: String) -> Outcome<RetentionView> {
        let view = self
            .run(move |s| {
                s.purge_case(case, &sha256)?;
                s.scrub();
                s.retention()
            })
            .await?;
        // Backups from before hold what went, until the next one is made.
        self.0.exchange_due.notify_one();
        Ok(view)
    }
}

impl Blocking<'_> {
    /// What the desk of retention shows to a supervisor, or to an auditor who only reads.
    pub fn retention(&self) -> Outcome<RetentionView> {
        let rule = self.policy().retention.clone();
        let (person, standings, reckoning, certificates) = self.act_as(|v, person, now| {
            may_see_retention(person)?;
            Ok((person.clone(), v.standings(None)?, v.reckoning(now)?, v.certificates()?))
        })?;
        let (mut lines, mut open): (Vec<RetentionLine>, Vec<OpenCount>) = (Vec::new(), Vec::new());
        for (case, standing) in standings {
            let because = match standing {
                Ok(standing) => {
                    let record = standing.record();
                    match Retention::of(&record, &rule, reckoning) {
                        // The number of an open case would tell a second examiner whose lead they look at.
                        Retention::Open { because } => because,
                        // Nor that of one that is kept or runs still; who had it kept knows it.
                        retention if untold(&record, &retention, &person) => StillOpen::Untold,
                        retention => {
                            let refused = may_purge(&record, &person).err().and_then(|gaps| gaps.into_iter().next());
                            lines.push(RetentionLine {
                                case,
                                number: record.number().to_owned(),
                                retention,
                                refused: refused.map(|gap| gap.missing),
                            });
                            continue;
                        }
                    }
                }
                Err(error) => {
                    tracing::error!(%case, why = %error, "a case cannot be judged");
                    StillOpen::Unread
                }
            };
            match open.iter_mut().find(|count| count.because == because) {
                Some(count) => count.cases += 1,
                None => open.push(OpenCount { because, cases: 1 }),
            }
        }
        lines.sort_by_key(RetentionLine::order);
        let certificates = certificates.iter().map(CertificateLine::read).collect::<Result<_, _>>()?;
        let may_decide = person.is(casework::Role::Supervisor);
        Ok(RetentionView { may_decide, rule: rule.into(), reckoning, lines, open, certificates })
    }

    /// What would go of a case, and why; that somebody looked is on record.
    pub fn purge_preview(&self, case: CaseId) -> Outcome<PurgePreview> {
        let policy = self.policy();
        self.act_as(|v, person, clock| {
            may_see_retention(person)?;
            let standing = v.standing(case)?;
            let record = standing.record();
            let retention = Retention::of(&record, &policy.retention, v.reckoning(clock)?);
            // Of what is not due nothing is told: a look at a purge is no way into a case.
            let tells = !matches!(retention, Retention::Open { .. } | Retention::NotYet { .. });
            if !tells || untold(&record, &retention, person) {
                return Err(VaultError::Unknown("case").into());
            }
            let gone = v.what_goes(&standing)?;
            let sha256 = Vault::preview_sha256(&gone)?;
            let refused = granted(v, &record, gone.clone(), person, &policy, clock, None).err().unwrap_or_default();
            if may_purge(&record, person).is_ok() {
                v.previewed(case, &sha256, &person.reference(), clock)?;
            }
            let number = record.number().to_owned();
            Ok(PurgePreview::new(case, number, sha256, &gone, retention, refused))
        })
    }

    /// What a supervisor says of how long a case is kept, which they name by its number or have before them.
    pub fn say_keeping(
        &self,
        case: Option<CaseId>,
        number: &str,
        word: KeepingWord,
        reason: &str,
    ) -> Outcome<RetentionView> {
        let number = number.trim();
        self.act_as(|v, person, now| {
            may_see_retention(person)?;
            let cases = match case {
                Some(case) => vec![case],
                None => by_number(v, number)?,
            };
            // Of several with one number each that can be said of is: one for which it stands already keeps no other from it.
            let mut refused: Option<CommandError> = None;
            let mut said = 0;
            for case in cases {
                let standing = v.standing(case)?;
                match Keeping::say(word, &standing.record(), person, reason, now) {
                    Ok(keeping) => {
                        v.put_keeping(&keeping)?;
                        said += 1;
                    }
                    Err(gaps) => refused = refused.or(Some(gaps.into())),
                }
            }
            match refused.filter(|_| said == 0) {
                Some(refused) => Err(refused),
                None => Ok(()),
            }
        })?;
        self.anchor_soon();
        self.retention()
    }

    fn purge_case(&self, case: CaseId, sha256: &str) -> Outcome<()> {
        let policy = self.policy();
        self.act_as(|v, person, clock| {
            let standing = v.standing(case)?;
            let gone = v.what_goes(&standing)?;
            let permit = granted(v, &standing.record(), gone, person, &policy, clock, Some(sha256))
                .map_err(CommandError::from)?;
            v.purge(&permit)?;
            Ok(())
        })
        .inspect_err(|error| self.audit_refusal("purge-refused", case, error))?;
        self.photographs.forget();
        self.anchor_soon();
        Ok(())
    }

    /// Writes the vault's file anew where that is owed. What keeps it from being done now is tried again at the next start.
    pub(crate) fn scrub(&self) {
        if let Err(error) = self.with(|v| Ok(v.scrub()?)) {
            tracing::error!(message = error.message, "the vault could not be written anew after a purge");
        }
    }

    /// Writes the certificate of a purged case as a file that anybody can check.
    pub fn export_certificate(&self, case: CaseId, to: &Path) -> Outcome<()> {
        let text = self.act_as(|v, person, now| {
            may_see_retention(person)?;
            let text = v.export_certificate(case)?;
            v.record(Some(&person.reference()), now, "certificate-exported", &json!({ "case": case }))?;
            Ok(text)
        })?;
        write_out(to, &mut text.as_bytes())
    }

    /// Whoever sits here is told what is due, once a day: it is on record, and news for supervisors.
    fn tell_what_is_due(&self) -> Outcome<bool> {
        let now = SystemClock.now();
        let asked = self
            .due_told
            .lock()
            .is_ok_and(|slot| slot.is_some_and(|at: Moment| now.0.duration_since(at.0).as_hours().abs() < EVERY_HOURS));
        if asked {
            return Ok(false);
        }
        let rule = self.policy().retention.clone();
        // What was touched within the fewest days that a policy may name is not due.
        let long = now.0.checked_sub(jiff::SignedDuration::from_hours(24 * LEAST_DAYS)).ok().map(Moment);
        let told = self.act(|v| {
            let reckoning = v.reckoning(now)?;
            let mut told = false;
            for (case, standing) in v.standings(long)? {
                let Ok(standing) = standing else { continue };
                let retention = Retention::of(&standing.record(), &rule, reckoning);
                if let (Retention::Due { goes_from: None, .. }, Some(at)) = (retention, reckoning.now()) {
                    v.told_due(case, at, now)?;
                    told = true;
                }
            }
            Ok::<_, CommandError>(told)
        })?;
        if let Ok(mut slot) = self.due_told.lock() {
            *slot = Some(now);
        }
        Ok(told)
    }

    /// The gallery has withdrawn records: their photographs go from here too, unless a hold or the duty to disclose keeps them.
    pub(crate) fn withdraw_photographs(&self, case: CaseId, withdrawn: &[CandidateId]) -> Outcome<bool> {
        let now = SystemClock.now();
        let changed = self.act(|v| {
            // One that cannot be judged keeps nothing that the gallery has withdrawn.
            let kept = match v.standing(case) {
                Ok(standing) => standing.record().keeps_withdrawn(),
                Err(error) => {
                    tracing::error!(%case, why = %error, "a case cannot be judged");
                    false
                }
            };
            let mut changed = false;
            for candidate in withdrawn {
                changed |= v.withdraw_photograph(case, *candidate, kept, now)?;
            }
            Ok::<_, CommandError>(changed)
        })?;
        if changed {
            self.photographs.forget();
            self.scrub();
        }
        Ok(changed)
    }
}

/// Candidates whose photographs are kept with cases here, by the search that listed them.
pub(crate) fn photographs_to_ask(v: &Vault) -> Outcome<Vec<(CaseId, casework::SearchId)>> {
    let mut ask = Vec::new();
    for (case, candidate) in v.photographs_kept()? {
        let Ok(file) = v.case::<CaseFile>(case) else { continue };
        let lists = |search: &&casework::SearchRecord| search.candidates().ids().any(|id| id == candidate);
        // A case of another workstation was searched with another token.
        if v.home(case)?.is_none() {
            ask.extend(file.searches.iter().find(lists).map(|search| (case, search.id())));
        }
    }
    Ok(ask)
}

/// Whether nothing of a case is told to `person`: it has no sealed note and is not due, so that somebody could still be asked to verify in
/// it, and they did not have it kept themselves.
fn untold(record: &OnRecord<'_>, retention: &Retention, person: &Person) -> bool {
    let own = record.said().last().is_some_and(|said| said.by().is_same(&person.reference()));
    record.file.sealed.is_none() && !matches!(retention, Retention::Due { .. }) && !own
}

/// The permit for what is `gone`, where there is one: by the preview with this SHA-256, or by a look now.
fn granted(
    v: &Vault,
    record: &OnRecord<'_>,
    gone: Vec<casework::Gone>,
    person: &Person,
    policy: &casework::Policy,
    clock: Moment,
    confirmed: Option<&str>,
) -> Result<PurgePermit, Vec<casework::Gap>> {
    let refused = |error: VaultError| vec![casework::Gap::new("retention", error.to_string(), "")];
    let sha256 = Vault::preview_sha256(&gone).map_err(refused)?;
    let previewed = match confirmed {
        // What is confirmed is what was looked at, and that is what is there.
        Some(confirmed) if confirmed != sha256 => {
            return Err(vec![casework::Gap::new(
                "retention",
                say!("rule-retention-look-again"),
                say!("rule-retention-what-was-looked-at"),
            )]);
        }
        Some(_) => {
            let people: Vec<_> = v.people().map_err(refused)?.iter().map(Person::reference).collect();
            v.previewed_by(record.id(), &sha256, &people).map_err(refused)?
        }
        None => casework::Confirmed { by: person.reference(), at: clock },
    };
    let reckoning: Reckoning = v.reckoning(clock).map_err(refused)?;
    PurgePermit::grant(record, policy, reckoning, gone, previewed, person, clock)
}

/// The cases with this number that live here: a number may have been searched for more than once.
fn by_number(v: &Vault, number: &str) -> Outcome<Vec<CaseId>> {
    let mut found = Vec::new();
    for row in v.cases::<CaseFile>()?.0 {
        if !number.is_empty() && row.content.purpose.case_number.trim() == number && v.home(row.id)?.is_none() {
            found.push(row.id);
        }
    }
    match found.is_empty() {
        true => Err(CommandError::new("unknown", say!("workstation-retention-no-such-number"))),
        false => Ok(found),
    }
}
