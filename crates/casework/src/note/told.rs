use std::collections::BTreeMap;

use super::disposition::Disposition;
use crate::examination::{ExaminationRecord, History, UnveiledElsewhere};
use crate::ids::CandidateId;
use crate::search::SearchRecord;

/// Searches and history as a note may tell them. Without a lead nobody of the lists is told: of a subject that comes up more
/// than once a mark is left that says only which rows are one person, so that the proof can be made again.
pub(super) fn told(
    searches: Vec<SearchRecord>,
    mut history: History,
    disposition: Disposition,
    examination: &ExaminationRecord,
) -> (Vec<SearchRecord>, History) {
    if disposition.tells_the_lead() {
        let aside = history.set_aside.iter().filter(|s| s.examination.unveiled().is_some());
        let mut unveiled: Vec<_> = aside.map(|s| s.examination.work().search).collect();
        unveiled.extend(examination.unveiled_at.map(|_| examination.work.search));
        let open = |search: &SearchRecord| unveiled.contains(&search.id());
        let known = searches.iter().filter(|s| open(s)).flat_map(|s| s.candidates().subjects());
        let known: BTreeMap<String, String> = known.map(|subject| (subject.to_owned(), subject.to_owned())).collect();
        history.elsewhere.retain(|one| known.contains_key(&one.subject_id));
        // Of a list that nobody unveiled only those are named whom an unveiled one names as well.
        let part = |s: SearchRecord| {
            let candidates = if open(&s) { s.candidates().clone() } else { s.candidates().marked(&known) };
            s.telling(candidates)
        };
        return (searches.into_iter().map(part).collect(), history);
    }
    let mut rows: Vec<(CandidateId, String)> = Vec::new();
    for search in &searches {
        rows.extend(search.candidates().ids().filter_map(|id| Some((id, search.candidates().subject(id)?.to_owned()))));
    }
    rows.sort();
    let mut marks: BTreeMap<String, String> = BTreeMap::new();
    for (_, subject) in &rows {
        let again = rows.iter().filter(|(_, other)| other == subject).count() > 1;
        let elsewhere = history.elsewhere.iter().any(|one| one.subject_id == *subject);
        if (again || elsewhere) && !marks.contains_key(subject) {
            marks.insert(subject.clone(), format!("person {}", marks.len() + 1));
        }
    }
    let elsewhere = history
        .elsewhere
        .into_iter()
        .filter_map(|one| Some(UnveiledElsewhere { subject_id: marks.get(&one.subject_id)?.clone(), ..one }));
    let history = History { elsewhere: elsewhere.collect(), ..history };
    let withheld = |s: SearchRecord| {
        let candidates = s.candidates().marked(&marks);
        s.telling(candidates)
    };
    (searches.into_iter().map(withheld).collect(), history)
}
