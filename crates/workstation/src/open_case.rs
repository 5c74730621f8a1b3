//! The list of cases, a case that is begun or opened, and its purpose.

use serde_json::json;
use uuid::Uuid;

use casework::{CaseDraft, CaseFile, CaseId};
use vault::CaseRow;

use crate::change_case::case_of;
use crate::confirming::Confirming;
use crate::error::Outcome;
use crate::read_note::seen_by;
use crate::requested::name_of;
use crate::views::{Answer, CaseLine, CaseView, Remembered};
use crate::workstation::Blocking;

impl Blocking<'_> {
    /// The cases that the signed-in person may read, as lines. Whose lines they see, they have read of.
    pub fn cases(&self) -> Outcome<Vec<CaseLine>> {
        self.act_as(|v, person, _| {
            let (mut rows, unread) = v.cases::<CaseFile>()?;
            rows.retain(|row| row.content.may_read_note(person));
            for row in &mut rows {
                seen_by(v, &mut row.content, person)?;
            }
            let decided = v.decisions()?;
            let line = |row: &CaseRow<CaseFile>| {
                let decision = row.content.sealed.and_then(|note| decided.get(&note).copied());
                CaseLine::new(&row.content, decision, person, row.changed_at)
            };
            let moved = v.moved()?.into_iter().filter(|one| one.holder == person.id);
            let moved =
                moved.map(|one| Ok(CaseLine::moved(&one, &name_of(v, &one.to)?))).collect::<Outcome<Vec<_>>>()?;
            Ok(rows.iter().map(line).chain(unread.iter().map(CaseLine::unread)).chain(moved).collect())
        })
    }

    /// What the signed-in person answered in their own cases before.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub fn remembered(&self) -> Outcome<Remembered> {
        let (mut rows, person) = self.act_as(|v, person, _| Ok((v.cases::<CaseFile>()?.0, person.clone())))?;
        rows.retain(|row| row.content.holder().is_same(&person.reference()) && row.content.may_open(&person).is_ok());
        rows.sort_by_key(|row| std::cmp::Reverse(row.changed_at));
        let mut remembered = Remembered::default();
        rows.iter().for_each(|row| remembered.add(&row.content));
        Ok(remembered)
    }

    /// Begins a case.
    pub fn new_case(&self) -> Outcome<CaseView> {
        self.act_as(|v, person, now| {
            person.may_open_cases()?;
            let file = CaseFile::begin(CaseId(Uuid::new_v4()), person.reference());
            let event = Some(("case-begun", json!({ "case": file.id })));
            v.put_case(file.id, &file, &person.reference(), now, event)?;
            Ok(self.view(&file, person))
        })
    }

    /// Opens a case: that is on record, and the gallery is asked soon what it has withdrawn from it.
    pub fn open_case(&self, id: CaseId) -> Outcome<Answer> {
        let answer = self.act_as(|v, person, now| {
            let file = case_of(v, id, person)?;
            let detail = json!({ "case": id, "number": file.purpose.case_number });
            v.record(Some(&person.reference()), now, "case-opened", &detail)?;
            Ok(self.answer(&file, person))
        })?;
        self.ask_soon();
        Ok(answer)
    }

    /// The open case again, after something came in beside it: nobody opened it, and nobody worked.
    pub fn refresh_case(&self, id: CaseId) -> Outcome<Answer> {
        let person = self.who()?;
        let file = self.with(|v| case_of(v, id, &person))?;
        Ok(self.answer(&file, &person))
    }

    /// Keeps what is typed of the purpose.
    pub fn edit_purpose(&self, id: CaseId, draft: CaseDraft) -> Outcome<CaseView> {
        self.change(id, None, |file, _, _| Ok(file.edit_purpose(draft)?))
    }

    /// Passes the first gate.
    pub fn confirm_purpose(&self, id: CaseId) -> Outcome<CaseView> {
        self.change_knowing(id, Some("purpose-confirmed"), |file, person, now, elsewhere| {
            Ok(file.confirm_purpose(person.reference(), now, &self.policy(), elsewhere)?)
        })
    }

    /// A supervisor confirms what the screening flagged.
    pub fn confirm_flags(&self, id: CaseId, by: &Confirming) -> Outcome<CaseView> {
        self.confirm(id, by, "flag-confirmed", |file, by, now, _| Ok(file.confirm_flags(by, now)?))
    }

    /// A supervisor confirms another search of a probe.
    pub fn confirm_search(&self, id: CaseId, by: &Confirming) -> Outcome<CaseView> {
        self.confirm(id, by, "further-search-confirmed", |file, by, now, elsewhere| {
            Ok(file.confirm_search(by, elsewhere, now)?)
        })
    }

    /// A supervisor confirms the account of why.
    pub fn confirm_account(&self, id: CaseId, by: &Confirming) -> Outcome<CaseView> {
        self.confirm(id, by, "account-confirmed", |file, by, now, _| Ok(file.confirm_account(by, now)?))
    }
}
