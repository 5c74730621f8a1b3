//! What the gallery has withdrawn of lists: of cases here, of those that moved away, and as other workstations tell of those that came.

use serde_json::json;

use casework::{CandidateId, CaseFile, CaseId, Clock, SearchId};

use crate::clock::SystemClock;
use crate::error::Outcome;
use crate::retain::photographs_to_ask;
use crate::workstation::{Blocking, Workstation};

/// Searches that one question names; the gallery takes no more.
const AT_ONCE: usize = 1000;

impl Workstation {
    /// Asks the gallery which candidates of open examinations it has withdrawn; whether any case changed. Of lists that moved away with
    /// their cases it is told on, and what other workstations told is done first.
    pub(crate) async fn ask_withdrawn(&self) -> Outcome<bool> {
        let mut changed = self.run(|s| s.withdraw_as_told()).await?;
        let (open, kept, moved) = self
            .run(|s| {
                s.with(|v| {
                    let (cases, _) = v.cases::<CaseFile>()?;
                    let open = cases.into_iter().map(|row| row.content).filter(|file| file.sealed.is_none());
                    let open: Vec<_> = open.filter_map(|file| Some((file.id, file.search()?.id()))).collect();
                    Ok((open, photographs_to_ask(v)?, v.moved_lists()?))
                })
            })
            .await?;
        changed |= self.withdrawn_of(kept, |s, case, gone| s.withdraw_photographs(case, gone)).await?;
        let told = self.withdrawn_of(moved, |s, case, gone| s.with(|v| Ok(v.tell_withdrawn(case, gone)?))).await?;
        if told {
            self.0.exchange_due.notify_one();
        }
        Ok(changed | told | self.withdrawn_of(open, |s, case, gone| s.withdraw(case, gone)).await?)
    }

    /// Asks which candidates of `lists` the gallery has withdrawn, and has it `done`; whether anything changed. Lists of another token
    /// or gallery are not in the answer.
    async fn withdrawn_of(
        &self,
        lists: Vec<(CaseId, SearchId)>,
        done: fn(&Blocking<'_>, CaseId, &[CandidateId]) -> Outcome<bool>,
    ) -> Outcome<bool> {
        let mut changed = false;
        let client = self.run(|s| s.client()).await?;
        for some in lists.chunks(AT_ONCE) {
            let mut told = client.withdrawn(some.iter().map(|(_, search)| search.0).collect()).await?;
            for (case, search) in some.iter().copied() {
                let Some(withdrawn) = told.remove(&search.0).filter(|gone| !gone.is_empty()) else { continue };
                let withdrawn: Vec<CandidateId> = withdrawn.into_iter().map(CandidateId).collect();
                changed |= self.run(move |s| done(s, case, &withdrawn)).await?;
            }
        }
        Ok(changed)
    }

    /// Has done what the gallery has withdrawn of one list.
    pub(crate) async fn withdrawn_from(&self, case: CaseId, search: SearchId) -> Outcome<()> {
        self.withdrawn_of(vec![(case, search)], |s, case, gone| s.withdraw(case, gone)).await.map(drop)
    }
}

impl Blocking<'_> {
    /// Has done what other workstations told that the gallery has withdrawn: photographs that are kept go, and examiners are told.
    pub(crate) fn withdraw_as_told(&self) -> Outcome<bool> {
        let mut changed = false;
        for (case, withdrawn) in self.with(|v| Ok(v.withdrawn_news()?))? {
            changed |= self.withdraw(case, &withdrawn)?;
            changed |= self.withdraw_photographs(case, &withdrawn)?;
            if self.act(|v| Ok(v.withdrawn_done(case, &withdrawn)?))? {
                changed = true;
                self.photographs.forget();
                self.scrub();
            }
        }
        Ok(changed)
    }

    fn withdraw(&self, case: CaseId, withdrawn: &[CandidateId]) -> Outcome<bool> {
        let now = SystemClock.now();
        self.act(|v| {
            let mut file: CaseFile = v.case(case)?;
            if !file.withdraw(withdrawn) {
                return Ok(false);
            }
            let by = file.opened_by.clone();
            let detail = json!({ "case": case, "candidates": withdrawn, "by": "gallery" });
            v.put_case(case, &file, &by, now, Some(("candidates-withdrawn", detail)))?;
            Ok(true)
        })
    }
}
