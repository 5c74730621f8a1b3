use catalogue::say;
use department::{Gap, Gaps, Moment, Person, PersonRef};

use super::CaseFile;
use super::elsewhere::Elsewhere;
use crate::case::{Case, CaseDraft, Confirmation};
use crate::policy::Policy;

impl CaseFile {
    /// Replaces what is typed about case and purpose; the gate is shut again.
    ///
    /// # Errors
    /// A gap once a search was made.
    pub fn edit_purpose(&mut self, draft: CaseDraft) -> Result<(), Vec<Gap>> {
        self.unsearched(say!("rule-case-purpose"))?;
        if self.0.purpose != draft {
            self.0.purpose = draft;
            (self.0.case, self.0.probe) = (None, None);
        }
        Ok(())
    }

    /// Opens the first gate.
    ///
    /// # Errors
    /// Every gap of [`CaseDraft::open`], and one where another case has the number and nobody said that this is a further one.
    pub fn confirm_purpose(
        &mut self,
        by: PersonRef,
        now: Moment,
        policy: &Policy,
        elsewhere: &Elsewhere,
    ) -> Result<(), Vec<Gap>> {
        self.unsearched(say!("rule-case-purpose"))?;
        let mut gaps = Gaps::new();
        if let (Some(other), false) = (elsewhere.same_number.first(), self.0.purpose.further_case) {
            gaps.push(Gap::new(
                "purpose.further_case",
                say!("rule-case-number-already-opened-open-one", other),
                say!("rule-case-two-cases-about-one-event"),
            ));
        }
        let opened = self.0.purpose.open(self.0.id, by, now, policy, self.0.confirmed.as_ref());
        match (opened, gaps.into_result(|| ())) {
            (Ok(case), Ok(())) => {
                self.0.case = Some(case);
                Ok(())
            }
            (opened, same) => {
                let gaps = [opened.map(drop), same].into_iter().filter_map(Result::err).flatten();
                Err(gaps.collect())
            }
        }
    }

    /// A supervisor confirms what is flagged in the purpose; whoever calls has checked their passphrase.
    ///
    /// # Errors
    /// A gap when nothing is flagged, for somebody who is no supervisor or works on the case, and once a search was sent.
    pub fn confirm_flags(&mut self, supervisor: &Person, now: Moment) -> Result<(), Vec<Gap>> {
        self.unsearched(say!("rule-case-purpose"))?;
        if self.0.purpose.flags().is_empty() {
            return Err(vec![Gap::new(
                "purpose.basis.supervisor",
                say!("rule-case-nothing-flagged-here-needs-supervisor"),
                "",
            )]);
        }
        let text = self.0.purpose.confirmed_text();
        self.0.confirmed = Some(Confirmation::of(text, supervisor, &[&self.0.opened_by], now)?);
        Ok(())
    }

    /// Who confirmed what is flagged in the purpose as it stands.
    pub fn flags_confirmed_by(&self) -> Option<&PersonRef> {
        let text = self.0.purpose.confirmed_text();
        self.0.confirmed.as_ref().filter(|c| c.of == text).map(|c| &c.by)
    }

    /// Why the program refers the case to the auditor.
    pub fn referrals(&self) -> Vec<String> {
        let mut all = self.0.case.as_ref().map(Case::referrals).unwrap_or_default();
        if self.account_is_confirmed() {
            all.extend(self.account_flags().iter().map(|flag| say!("rule-case-account-says", quoted = flag.quoted())));
        }
        if self.0.search_confirmed.is_some() {
            all.push(say!("rule-case-probe-searched-times", answered_searches = self.answered_searches()));
        }
        all
    }
}
