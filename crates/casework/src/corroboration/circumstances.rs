use std::collections::BTreeSet;

use department::{Moment, PersonRef};

use crate::case::Case;
use crate::ids::CandidateId;
use crate::probe::ProbeRecord;
use crate::search::SearchRecord;
use crate::text::{Name, named_in};

/// What an entry of the checklist is judged against: facts of the case that the program knows itself, so that no
/// answer of the form has to be believed where it can be compared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Circumstances {
    /// When the event happened.
    pub event_at: Option<Moment>,
    /// When the first search of the case was made: what was recorded later cannot be untouched by its result.
    pub searched_at: Option<Moment>,
    /// The present; nothing can be dated after it.
    pub now: Option<Moment>,
    /// SHA-256 of every file that the template was made from.
    pub probe_files: BTreeSet<String>,
    /// Who takes part in the case, as records name them.
    pub(crate) people: Vec<Name>,
    /// Rows of candidate lists that are the lead's subject; `None` while nobody is kept.
    pub(crate) lead: Option<BTreeSet<CandidateId>>,
}

impl Circumstances {
    /// The circumstances of a case at `now`. `people` are those who searched, examine, verify and write, beside those whom the case
    /// names itself.
    pub fn new<'a>(
        case: Option<&'a Case>,
        probe: Option<&ProbeRecord>,
        searches: &'a [SearchRecord],
        lead: Option<CandidateId>,
        people: impl IntoIterator<Item = &'a PersonRef>,
        now: Moment,
    ) -> Self {
        let files =
            probe.into_iter().flat_map(|p| std::iter::once(p.image()).chain(p.further().iter().map(|f| &f.image)));
        let searched_by = searches.iter().map(|s| s.by());
        let of_case = case.into_iter().flat_map(|c| std::iter::once(c.opened_by()).chain(c.confirmed_by()));
        let involved = |p: &PersonRef| Name::new(&p.name, &p.badge);
        let mut known: Vec<Name> = of_case.chain(searched_by).chain(people).map(involved).collect();
        let typed = case.into_iter().flat_map(|c| [&c.basis().requested_by, &c.basis().supervisor]);
        known.extend(typed.map(|name| Name::new(name, "")));
        Self {
            event_at: case.map(|c| c.event_at()),
            searched_at: searches.iter().map(|s| s.at()).min(),
            now: Some(now),
            probe_files: files.map(|image| image.sha256.clone()).collect(),
            people: known,
            lead: lead.map(|lead| same_subject(searches, lead)),
        }
    }

    /// Whether `text` names somebody who takes part in the case, by name or badge.
    pub(crate) fn names_somebody(&self, text: &str) -> bool {
        let words = named_in(text);
        self.people.iter().any(|person| person.stands_in(&words))
    }

    /// Whether `text` is the name of somebody who takes part in the case, and nothing else.
    pub(crate) fn is_somebody(&self, text: &str) -> bool {
        let words = named_in(text);
        self.people.iter().any(|person| person.is(&words))
    }

    /// Whether an entry made for `candidate` was made for another person than the lead.
    pub(crate) fn for_another(&self, candidate: Option<CandidateId>) -> bool {
        matches!((candidate, &self.lead), (Some(candidate), Some(lead)) if !lead.contains(&candidate))
    }
}

/// The rows of all lists that are the same subject as `candidate`.
pub(crate) fn same_subject(searches: &[SearchRecord], candidate: CandidateId) -> BTreeSet<CandidateId> {
    let subject = searches.iter().find_map(|s| s.candidates().subject(candidate));
    let rows = searches.iter().flat_map(|s| s.candidates().rows_of(subject));
    rows.chain([candidate]).collect()
}
