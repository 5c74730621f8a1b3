//! A case is read and changed by whoever is signed in: what it says, the rule and what is written of it are one act.

use catalogue::say;
use serde_json::json;

use casework::{CaseFile, CaseId, Clock, Elsewhere, Moment, Person};
use vault::Vault;

use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome};
use crate::views::{Answer, BenchView, CaseView};
use crate::workstation::Blocking;

impl Blocking<'_> {
    /// A case that whoever is signed in may open, and who that is.
    ///
    /// # Errors
    /// When nobody is signed in, or the case is not theirs.
    pub fn works_on(&self, id: CaseId) -> Outcome<(CaseFile, Person)> {
        self.act_as(|v, person, _| Ok((case_of(v, id, person)?, person.clone())))
    }

    /// The case as `person` may see it.
    pub(crate) fn view(&self, file: &CaseFile, person: &Person) -> CaseView {
        CaseView::new(file, person, &SystemClock, &self.policy())
    }

    /// What `file` shows the signed-in person: the case, if it is theirs, and their bench.
    pub fn answer(&self, file: &CaseFile, person: &Person) -> Answer {
        let case = file.may_open(person).ok().map(|()| self.view(file, person));
        Answer { case, bench: BenchView::new(file, person, &SystemClock, &self.policy(), &self.calibrations) }
    }

    /// Changes a case of the signed-in person: `change` first, then one write with its audit event. Nothing
    /// is stored when `change` refuses.
    pub fn change(
        &self,
        id: CaseId,
        audited: Option<&str>,
        change: impl FnOnce(&mut CaseFile, &Person, Moment) -> Outcome<()>,
    ) -> Outcome<CaseView> {
        let own = |file: &mut CaseFile, person: &Person, now, _: &Elsewhere| {
            file.may_open(person)?;
            change(file, person, now)
        };
        let (file, person) = self.change_any(id, audited, false, own)?;
        Ok(self.view(&file, &person))
    }

    /// As [`Blocking::change`], with what the other cases of the workstation say.
    pub fn change_knowing(
        &self,
        id: CaseId,
        audited: Option<&str>,
        change: impl FnOnce(&mut CaseFile, &Person, Moment, &Elsewhere) -> Outcome<()>,
    ) -> Outcome<CaseView> {
        let own = |file: &mut CaseFile, person: &Person, now, elsewhere: &Elsewhere| {
            file.may_open(person)?;
            change(file, person, now, elsewhere)
        };
        let (file, person) = self.change_any(id, audited, true, own)?;
        Ok(self.view(&file, &person))
    }

    /// As [`Blocking::change`], with what it keeps in the vault beside the case.
    pub(crate) fn change_with(
        &self,
        id: CaseId,
        audited: &str,
        change: impl FnOnce(&mut Vault, &mut CaseFile, &Person, Moment) -> Outcome<()>,
    ) -> Outcome<CaseView> {
        let (file, person) = self.change_in(id, Some(audited), |v, file, person, now| {
            file.may_open(person)?;
            change(v, file, person, now)
        })?;
        Ok(self.view(&file, &person))
    }

    /// As [`Blocking::change`] for whoever is signed in; `change` itself decides whether they may.
    pub(crate) fn change_any(
        &self,
        id: CaseId,
        audited: Option<&str>,
        knowing: bool,
        change: impl FnOnce(&mut CaseFile, &Person, Moment, &Elsewhere) -> Outcome<()>,
    ) -> Outcome<(CaseFile, Person)> {
        self.change_in(id, audited, |v, file, person, now| {
            // Other cases are many: they are read only for what asks about them.
            let elsewhere = if knowing { elsewhere(v, file)? } else { Elsewhere::default() };
            change(file, person, now, &elsewhere)
        })
    }

    fn change_in(
        &self,
        id: CaseId,
        audited: Option<&str>,
        change: impl FnOnce(&mut Vault, &mut CaseFile, &Person, Moment) -> Outcome<()>,
    ) -> Outcome<(CaseFile, Person)> {
        self.act_as(|v, person, now| {
            let mut file: CaseFile = v.case(id)?;
            let referred = file.referrals();
            let (before, held) = (vault::decided_at(&file), file.history.handed_over.len());
            change(v, &mut file, person, now)?;
            // A verifier's trail names no case number: it would tell whose lead is verified.
            let event = audited.map(|action| (action, event_of(action, &file)));
            v.put_case(id, &file, &person.reference(), now, event)?;
            v.state_changes(before, &file)?;
            v.state_handovers(held, &file)?;
            let reasons: Vec<String> = file.referrals().into_iter().filter(|r| !referred.contains(r)).collect();
            if !reasons.is_empty() {
                let detail = json!({ "case": id, "reasons": reasons, "by": "program" });
                v.record(Some(&person.reference()), now, "referred-to-audit", &detail)?;
            }
            Ok((file, person.clone()))
        })
    }

    /// Changes a case by whoever is signed in; the rule inside decides whether they may.
    pub fn change_bench(
        &self,
        id: CaseId,
        audited: Option<&str>,
        change: impl FnOnce(&mut CaseFile, &Person, Moment) -> Outcome<()>,
    ) -> Outcome<Answer> {
        let (file, person) = self.change_any(id, audited, false, |file, person, now, _| change(file, person, now))?;
        Ok(self.answer(&file, &person))
    }

    /// As [`Blocking::change_bench`], with what the other cases of the workstation say.
    pub fn change_knowing_bench(
        &self,
        id: CaseId,
        audited: Option<&str>,
        change: impl FnOnce(&mut CaseFile, &Person, Moment, &Elsewhere) -> Outcome<()>,
    ) -> Outcome<Answer> {
        let (file, person) = self.change_any(id, audited, true, change)?;
        Ok(self.answer(&file, &person))
    }

    /// Writes a refusal to the audit; the refusal itself stands whatever comes of that.
    pub fn audit_refusal(&self, action: &str, id: CaseId, error: &CommandError) {
        let by = self.who().ok().map(|p| p.reference());
        let places: Vec<&str> = error.gaps.iter().map(|g| g.place.as_str()).collect();
        let detail = json!({ "case": id, "code": error.code, "missing": places });
        let written = self.with(|v| Ok(v.record(by.as_ref(), SystemClock.now(), action, &detail)?));
        if let Err(error) = written {
            tracing::error!(message = error.message, "a refusal could not be written to the audit");
        }
    }
}

/// A case that `person` may open.
pub(crate) fn case_of(v: &Vault, id: CaseId, person: &Person) -> Outcome<CaseFile> {
    let file: CaseFile = v.case(id)?;
    file.may_open(person)?;
    Ok(file)
}

/// What the audit says of a change of a case. A search that was answered is named as the gallery names it: both sides are held
/// against each other by that.
fn event_of(action: &str, file: &CaseFile) -> serde_json::Value {
    match file.searches.last().filter(|_| action == "search-answered") {
        Some(search) => json!({ "case": file.id, "search": search.id() }),
        None => json!({ "case": file.id }),
    }
}

/// What the other cases of the workstation say that matters to `file`.
pub(crate) fn elsewhere(v: &Vault, file: &CaseFile) -> Outcome<Elsewhere> {
    let (others, unread) = v.cases::<CaseFile>()?;
    // What was seen in a case that cannot be read must not be forgotten: nothing rests on the others alone.
    if let Some(case) = unread.into_iter().next() {
        tracing::error!(case = %case.id, why = %case.why, "a case cannot be read");
        return Err(CommandError::new("case-unread", say!("workstation-another-case-unread", case = case.id)));
    }
    let here = file.elsewhere(others.iter().map(|row| &row.content));
    // Of those that moved away it goes on counting what was known when they left.
    Ok(file.elsewhere_too(here, &v.traces()?))
}
