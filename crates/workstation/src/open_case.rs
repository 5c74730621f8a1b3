//! The list of cases, a case that is begun or opened, and its purpose.

use serde_json::json;
use uuid::Uuid;

use casework::{CaseDraft, CaseFile, CaseId, Clock};
use vault::CaseRow;

use crate::clock::SystemClock;
use crate::confirming::Confirming;
use crate::error::Outcome;
use crate::requested::name_of;
use crate::views::{Answer, CaseLine, CaseView, Remembered};
use crate::workstation::Blocking;

impl Blocking<'_> {
    /// The cases that the signed-in person may read, as lines. Whose lines they see, they have read of.
    pub fn cases(&self) -> Outcome<Vec<CaseLine>> {
        let person = self.person()?;
        let (mut rows, unread) = self.with(|v| Ok(v.cases::<CaseFile>()?))?;
        rows.retain(|row| row.content.may_read_note(&person));
        for row in &mut rows {
            self.saw(&mut row.content, &person)?;
        }
        let decided = self.with(|v| Ok(v.decisions()?))?;
        let line = |row: &CaseRow<CaseFile>| {
            let decision = row.content.sealed.and_then(|note| decided.get(&note).copied());
            CaseLine::new(&row.content, decision, &person, row.changed_at)
        };
        let moved = self.with(|v| {
            let moved = v.moved()?.into_iter().filter(|one| one.holder == person.id);
            moved.map(|one| Ok(CaseLine::moved(&one, &name_of(v, &one.to)?))).collect::<Outcome<Vec<_>>>()
        })?;
        Ok(rows.iter().map(line).chain(unread.iter().map(CaseLine::unread)).chain(moved).collect())
    }

    /// What the signed-in person answered in their own cases before.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub fn remembered(&self) -> Outcome<Remembered> {
        let person = self.person()?;
        let (mut rows, _) = self.with(|v| Ok(v.cases::<CaseFile>()?))?;
        rows.retain(|row| row.content.holder().is_same(&person.reference()) && row.content.may_open(&person).is_ok());
        rows.sort_by_key(|row| std::cmp::Reverse(row.changed_at));
        let mut remembered = Remembered::default();
        rows.iter().for_each(|row| remembered.add(&row.content));
        Ok(remembered)
    }

    /// Begins a case.
    pub fn new_case(&self) -> Outcome<CaseView> {
        let person = self.person()?;
        person.may_open_cases()?;
        let file = CaseFile::begin(CaseId(Uuid::new_v4()), person.reference());
        let event = Some(("case-begun", json!({ "case": file.id })));
        self.with(|v| Ok(v.put_case(file.id, &file, &person.reference(), SystemClock.now(), event)?))?;
        self.view(&file)
    }

    /// Opens a case: that is on record, and the gallery is asked soon what it has withdrawn from it.
    pub fn open_case(&self, id: CaseId) -> Outcome<Answer> {
        let person = self.person()?;
        let file = self.case_for(id, &person)?;
        let detail = json!({ "case": id, "number": file.purpose.case_number });
        self.with(|v| Ok(v.record(Some(&person.reference()), SystemClock.now(), "case-opened", &detail)?))?;
        self.ask_soon();
        Ok(self.answer(&file, &person))
    }

    /// The open case again, after something came in beside it: nobody opened it, and nobody worked.
    pub fn refresh_case(&self, id: CaseId) -> Outcome<Answer> {
        let person = self.who()?;
        let file = self.case_for(id, &person)?;
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
