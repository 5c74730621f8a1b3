//! The proof of a disclosure that was read: it says nothing that does not come out of what it holds.

use catalogue::say;
use department::{Gap, Gaps, Moment, PersonRef, need};

use super::{DISCLOSURE_SCHEMA, Disclosure, LOGGED_DISCLOSURE_SCHEMA};
use crate::case::Handover;
use crate::corroboration::Finding;
use crate::examination::Examination;
use crate::note::around;
use crate::policy::Policy;
use crate::search::SearchRecord;
use crate::text::LEAD_STATEMENT;

impl Disclosure {
    /// Proves a disclosure that was read: its case and probe pass their gates again, a concluded examination too; searches,
    /// examinations and moments belong to each other; what the program computes (which lists are withheld and which gave
    /// nothing, what entries are worth, what contradicts) is computed again. The laxest policy that a department may have is
    /// held against it. The sentences why it was referred are not compared: a policy may ask for more.
    ///
    /// # Errors
    /// What does not hold.
    pub fn proven(&self) -> Result<(), Vec<Gap>> {
        let policy = Policy { time_zone: self.time_zone.clone(), ..Policy::laxest() };
        let mut gaps = Gaps::new();
        let why = say!("rule-case-note-claims-computed-again");
        need!(
            gaps,
            [DISCLOSURE_SCHEMA, LOGGED_DISCLOSURE_SCHEMA].contains(&self.schema.as_str())
                && self.statement == LEAD_STATEMENT
                && self.use_of_face_recognition == say!("rule-disclosure-face-recognition-search-made-case"),
            "disclosure",
            say!("rule-disclosure-words-are-others"),
            why,
        );
        if let Some(case) = &self.case {
            gaps.also(case.clone().proven(&policy).map(drop));
            if let Some(probe) = &self.probe {
                gaps.also(probe.proven(case, &policy));
            }
        }
        need!(gaps, self.searches_fit(), "search", say!("rule-note-search-another-purpose-probe-time"), why);
        need!(gaps, self.examinations_fit(), "examination", say!("rule-case-kept-examination-of-another"), why);
        need!(gaps, self.tells_what_it_may(), "search", say!("rule-disclosure-tells-otherwise"), why);
        need!(gaps, self.counts(), "corroboration", say!("rule-disclosure-computed-otherwise"), why);
        need!(gaps, self.in_order(), "disclosure", say!("rule-disclosure-dated-later"), why);
        if let Some((record, search)) = self.examination.as_ref().zip(self.searches.last())
            && record.concluded_at.is_some()
        {
            let examination = Examination::from(record.clone());
            gaps.also(examination.proven(&search.search, self.produced_at, &policy).map(drop));
        }
        gaps.into_result(|| ())
    }

    /// Whether each search is one of this case and probe, after the one before it, and none stands there twice.
    fn searches_fit(&self) -> bool {
        let fits = |(at, one): (usize, &super::DisclosedSearch)| {
            let before = &self.searches[..at];
            let of = self.case.as_ref().zip(self.probe.as_ref());
            of.is_some_and(|(case, probe)| one.search.is_of(case, probe) && case.opened_at() <= one.search.at())
                && before.iter().all(|other| other.search.id() != one.search.id())
        };
        (self.probe.is_none() || self.case.is_some()) && self.searches.iter().enumerate().all(fits)
    }

    /// Whether the examination is of the latest search, each that was set aside of one before it, and what is said beside
    /// them is what they say.
    fn examinations_fit(&self) -> bool {
        let latest = self.searches.last().map(|search| search.search.id());
        let changes = self.examination.as_ref().map_or(&[][..], |record| &record.changes);
        let verification = self.examination.as_ref().and_then(|record| record.verification.as_ref());
        self.examination.as_ref().map(|record| record.work.search) == latest
            && self.history.fits(&self.lists())
            && Handover::follow(&self.history.handed_over)
            && self.changes_after_unveiling == changes
            && self.verification.as_ref() == verification
    }

    /// Whether a list is told exactly where its examination was unveiled, and what gave nothing is said to.
    fn tells_what_it_may(&self) -> bool {
        let current = self.examination.clone().map(Examination::from);
        let kept = self.examination.as_ref().and_then(|record| record.work.lead.map(|_| record.work.search));
        self.searches.iter().all(|one| {
            let id = one.search.id();
            let all = self.history.set_aside.iter().map(|aside| &aside.examination).chain(&current);
            let unveiled = all.into_iter().any(|e| e.work().search == id && e.unveiled().is_some());
            let told = one.search.candidates();
            one.withheld != unveiled
                && one.gave_nothing == (kept != Some(id))
                && one.worth.is_some() <= unveiled
                && (unveiled || *told == told.withheld())
        })
    }

    /// Whether entries are worth what they say, and those that contradict stand apart.
    fn counts(&self) -> bool {
        let against = self.corroboration.entries.iter().filter(|entry| entry.finding == Some(Finding::Contradicts));
        let standings = || {
            let (searches, record) = (self.lists(), self.examination.as_ref());
            let examination = record.map(|record| (&record.work, record.verification.as_ref()));
            let case = self.case.as_ref();
            // Whoever has the case: to whom it went last, else who opened it, examines its list, or gives it out.
            let holder = self.history.handed_over.last().map(|one| &one.to);
            let opener = case.map(|case| case.opened_by());
            let authors: [Option<&PersonRef>; 4] =
                [holder, opener, record.map(|r| &r.work.examiner), Some(&self.produced_by)];
            authors.into_iter().flatten().any(|author| {
                let probe = self.probe.as_ref();
                let around = around(case, probe, &searches, examination, &self.history, author, self.produced_at);
                self.corroboration.standings(&around) == self.standings
            })
        };
        // Who on a withheld list is the lead of another is not told here.
        let all_told = self.searches.iter().all(|one| !one.withheld || one.search.candidates().is_empty());
        against.eq(&self.contradictions) && (!all_told || standings())
    }

    /// Whether nothing is dated after it was made, and the audit and the searches stand in their order.
    fn in_order(&self) -> bool {
        let runs = |moments: &[Moment]| moments.is_sorted() && moments.last().is_none_or(|at| *at <= self.produced_at);
        let noted = |note: &super::DisclosedNote| {
            let reviews = note.reviews.iter().map(|review| review.at);
            reviews.chain(note.addenda.iter().map(|added| added.at)).chain([note.sealed_at]).collect::<Vec<_>>()
        };
        let of_work = self.examination.iter().flat_map(|record| {
            let second = record.verification.as_ref().map(|v| v.at);
            record.work.moments().chain(record.concluded_at).chain(record.unveiled_at).chain(second)
        });
        let begun = self.case.as_ref().map(|case| case.opened_at());
        let handed_over = self.history.handed_over.iter().map(|one| one.at);
        let notes: Vec<Moment> = self.notes.iter().map(|note| note.sealed_at).collect();
        let searches: Vec<Moment> = self.searches.iter().map(|one| one.search.at()).collect();
        let events: Vec<i64> = self.audit.iter().map(|event| event.seq).collect();
        let all = self.notes.iter().flat_map(noted).chain(of_work).chain(begun).chain(handed_over);
        all.chain(self.audit.iter().map(|event| event.at)).all(|at| at <= self.produced_at)
            && runs(&searches)
            && runs(&notes)
            && events.windows(2).all(|two| two[0] < two[1])
    }

    fn lists(&self) -> Vec<SearchRecord> {
        self.searches.iter().map(|one| one.search.clone()).collect()
    }
}
