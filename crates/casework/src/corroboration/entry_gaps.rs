//! What is missing before an entry answers its category.

use std::collections::BTreeSet;

use catalogue::say;
use department::{Gap, Gaps, need};

use super::circumstances::Circumstances;
use super::details::Details;
use super::entry::{Entry, Finding, Root};
use super::vehicle;
use crate::policy::Policy;
use crate::text::{MAX_FIELD, gist, said, tells};

/// A date that lies further before the event than this is asked about.
const PLAUSIBLE_DAYS: i64 = 2 * 365;

impl Entry {
    /// What this entry still lacks, its answers taken one by one, against each other and against the `around` of its
    /// case. `copied` are the gists of what stands in entries before it: the same words twice are said once.
    pub(crate) fn gaps(&self, policy: &Policy, around: &Circumstances, copied: &BTreeSet<String>) -> Vec<Gap> {
        let mut gaps = Gaps::new();
        let place = |field: &str| format!("{}.{}.{field}", self.category().code(), self.id);
        let name = self.category().in_words();
        match self.finding {
            None => gaps.push(Gap::new(
                place("finding"),
                say!("rule-corroboration-say-whether-supports-contradicts-inconclusive", name),
                say!("rule-corroboration-each-category-must-answered-one"),
            )),
            Some(Finding::SoughtNotFound) => self.attempt_gaps(policy, copied, &mut gaps),
            Some(finding) => {
                let why = say!("rule-corroboration-provenance-lets-reviewer-court-defence");
                need!(gaps, said(&self.shows), place("shows"), say!("rule-corroboration-say-shows", name), why);
                need!(
                    gaps,
                    !said(&self.shows) || !copied.contains(&gist(&self.shows)),
                    place("shows"),
                    say!("rule-corroboration-same-words-stand-another-entry", name),
                    say!("rule-corroboration-sentence-copied-says-nothing-second"),
                );
                need!(gaps, said(&self.source), place("source"), say!("rule-corroboration-name-source", name), why);
                need!(
                    gaps,
                    self.obtained_at.is_some(),
                    place("obtained_at"),
                    say!("rule-corroboration-enter-when-obtained", name),
                    why,
                );
                need!(
                    gaps,
                    said(&self.obtained_by),
                    place("obtained_by"),
                    say!("rule-corroboration-enter-obtained", name),
                    why,
                );
                need!(
                    gaps,
                    said(&self.obtained_how),
                    place("obtained_how"),
                    say!("rule-corroboration-enter-how-obtained", name),
                    why,
                );
                self.detail_gaps(&mut gaps);
                if finding == Finding::Supports {
                    self.support_gaps(around, &mut gaps);
                }
            }
        }
        self.date_gaps(around, &mut gaps);
        self.length_gaps(&mut gaps);
        gaps.into_result(|| ()).err().unwrap_or_default()
    }

    fn date_gaps(&self, around: &Circumstances, gaps: &mut Gaps) {
        let name = self.category().in_words();
        let place = |field: &str| format!("{}.{}.{field}", self.category().code(), self.id);
        for (field, at) in self.dates() {
            need!(
                gaps,
                around.now.is_none_or(|now| at <= now),
                place(field),
                say!("rule-corroboration-date-lies-future-correct", name),
                say!("rule-corroboration-nothing-can-obtained-before-happened"),
            );
        }
        let oldest = self.dates().into_iter().min_by_key(|(_, at)| *at);
        if let (Some((field, at)), Some(event)) = (oldest, around.event_at)
            && event.days_since(at) > PLAUSIBLE_DAYS
        {
            need!(
                gaps,
                tells(&self.dates_explained, 2),
                place("dates_explained"),
                say!(
                    "rule-corroboration-date-lies-years-before-event",
                    name,
                    replace = field.replace("_at", ""),
                    day = at.day()
                ),
                say!("rule-corroboration-slip-year-makes-wrong-record"),
            );
        }
    }

    /// Whether every question of the entry is answered, by itself.
    pub(crate) fn is_whole(&self) -> bool {
        self.gaps(&Policy::laxest(), &Circumstances::default(), &BTreeSet::new()).is_empty()
    }

    fn length_gaps(&self, gaps: &mut Gaps) {
        for (field, text) in self.texts() {
            let length = text.chars().count();
            need!(
                gaps,
                length <= MAX_FIELD,
                format!("{}.{}.{field}", self.category().code(), self.id),
                say!(
                    "rule-corroboration-field-characters-most-kept-attach",
                    category = self.category().in_words(),
                    length,
                    max_field = MAX_FIELD
                ),
                say!("rule-case-record-nobody-can-read-end"),
            );
        }
    }

    fn attempt_gaps(&self, policy: &Policy, copied: &BTreeSet<String>, gaps: &mut Gaps) {
        let name = self.category().in_words();
        let wanted = policy.corroboration.sought_attempts;
        let place = format!("{}.{}.attempts", self.category().code(), self.id);
        let whole: Vec<_> =
            self.attempts.iter().filter(|a| said(&a.what) && said(&a.place) && a.at.is_some()).collect();
        let mut told = BTreeSet::new();
        let different = whole
            .iter()
            .filter(|a| tells(&a.what, 2))
            .map(|a| gist(&a.what))
            .filter(|what| !copied.contains(what) && told.insert(what.clone()))
            .count();
        need!(
            gaps,
            different >= wanted,
            place.clone(),
            say!("rule-corroboration-attempts-record-needed-each-tried", name, wanted, different),
            say!("rule-corroboration-not-found-counts-answer-only"),
        );
        need!(
            gaps,
            whole.len() == self.attempts.len() || whole.len() < wanted,
            place,
            say!("rule-corroboration-finish-remove-attempt-not-complete", name),
            say!("rule-corroboration-record-may-not-hold-half"),
        );
    }

    fn detail_gaps(&self, gaps: &mut Gaps) {
        let place = |field: &str| format!("{}.{}.{field}", self.category().code(), self.id);
        let why = say!("rule-corroboration-provenance-lets-reviewer-court-defence");
        match &self.details {
            Details::Vehicle(v) => {
                need!(
                    gaps,
                    said(&v.vehicle) || said(&v.plate) || said(&v.vin),
                    place("vehicle"),
                    say!("rule-corroboration-vehicle-information-enter-plate-vin"),
                    why,
                );
                for (field, typed, checked) in
                    [("plate", &v.plate, vehicle::check_plate(&v.plate)), ("vin", &v.vin, vehicle::check_vin(&v.vin))]
                {
                    let wrong = checked.err().filter(|_| !typed.trim().is_empty());
                    need!(
                        gaps,
                        wrong.is_none(),
                        place(field),
                        say!("rule-corroboration-vehicle-information-2", wrong = wrong.unwrap_or_default()),
                        say!("rule-corroboration-only-can-looked-up-again"),
                    );
                }
                if v.ownership_only == Some(false) {
                    let sighting = say!("rule-corroboration-sighting-counts-time-place");
                    need!(
                        gaps,
                        v.seen_at.is_some(),
                        place("seen_at"),
                        say!("rule-corroboration-vehicle-information-when-seen"),
                        sighting,
                    );
                    need!(
                        gaps,
                        said(&v.seen_where),
                        place("seen_where"),
                        say!("rule-corroboration-vehicle-information-where-seen"),
                        sighting,
                    );
                    need!(
                        gaps,
                        said(&v.relation),
                        place("relation"),
                        say!("rule-corroboration-vehicle-information-how-does-stand"),
                        sighting,
                    );
                }
                need!(
                    gaps,
                    v.ownership_only.is_some(),
                    place("ownership_only"),
                    say!("rule-corroboration-vehicle-information-ownership-alone-vehicle"),
                    say!("rule-corroboration-owning-vehicle-alone-never-counts"),
                );
            }
            Details::Witness(w) => {
                let tainted = say!("rule-corroboration-witness-saw-candidate-picture-heard");
                need!(
                    gaps,
                    said(&w.witness),
                    place("witness"),
                    say!("rule-corroboration-witness-statement-enter-witness-reference"),
                    why,
                );
                need!(
                    gaps,
                    w.stated_at.is_some(),
                    place("stated_at"),
                    say!("rule-corroboration-witness-statement-enter-when-made"),
                    why,
                );
                need!(
                    gaps,
                    w.photo_shown_before.is_some(),
                    place("photo_shown_before"),
                    say!("rule-corroboration-witness-statement-photo-candidate-shown"),
                    tainted,
                );
                need!(
                    gaps,
                    w.name_told_before.is_some(),
                    place("name_told_before"),
                    say!("rule-corroboration-witness-statement-candidate-name-told"),
                    tainted,
                );
                need!(
                    gaps,
                    w.lineup_from_lead.is_some(),
                    place("lineup_from_lead"),
                    say!("rule-corroboration-witness-statement-line-up-show"),
                    tainted,
                );
                need!(
                    gaps,
                    w.only_saw_video.is_some(),
                    place("only_saw_video"),
                    say!("rule-corroboration-witness-statement-did-person-see"),
                    say!("rule-corroboration-person-only-saw-video-no"),
                );
            }
            Details::Media(m) => {
                need!(
                    gaps,
                    said(&m.locator),
                    place("locator"),
                    say!("rule-corroboration-open-source-media-enter-url"),
                    why,
                );
                need!(
                    gaps,
                    said(&m.account),
                    place("account"),
                    say!("rule-corroboration-open-source-media-enter-account"),
                    why,
                );
                need!(
                    gaps,
                    m.captured_at.is_some(),
                    place("captured_at"),
                    say!("rule-corroboration-open-source-media-enter-when"),
                    why,
                );
                need!(
                    gaps,
                    said(&m.authentic_because),
                    place("authentic_because"),
                    say!("rule-corroboration-open-source-media-say-why"),
                    why,
                );
                need!(
                    gaps,
                    m.is_probe_post.is_some(),
                    place("is_probe_post"),
                    say!("rule-corroboration-open-source-media-post-probe"),
                    say!("rule-corroboration-post-probe-came-from-does"),
                );
                need!(
                    gaps,
                    m.lookalike_profile.is_some(),
                    place("lookalike_profile"),
                    say!("rule-corroboration-open-source-media-only-look"),
                    say!("rule-corroboration-look-alike-profile-photograph-no"),
                );
                need!(
                    gaps,
                    !self.attachments.is_empty(),
                    place("attachments"),
                    say!("rule-corroboration-open-source-media-attach-capture"),
                    say!("rule-corroboration-posts-change-vanish-captured-file"),
                );
            }
            Details::Phone(f) | Details::Location(f) | Details::PhysicalEvidence(f) | Details::Alibi(f) => need!(
                gaps,
                said(&f.rests_on),
                place("rests_on"),
                say!("rule-corroboration-say-rests", category = self.category().in_words()),
                why,
            ),
        }
    }

    fn support_gaps(&self, around: &Circumstances, gaps: &mut Gaps) {
        let place = |field: &str| format!("{}.{}.{field}", self.category().code(), self.id);
        let name = self.category().in_words();
        let why = say!("rule-corroboration-only-stands-own-can-corroborate");
        need!(
            gaps,
            !said(&self.link_to_crime) || gist(&self.link_to_crime) != gist(&self.shows),
            place("link_to_crime"),
            say!("rule-corroboration-shows-how-links-person-crime", name),
            why,
        );
        need!(
            gaps,
            !said(&self.shows) || tells(&self.shows, 2),
            place("shows"),
            say!("rule-corroboration-say-words-shows", name),
            why,
        );
        if self.independence.recorded_before_search == Some(true) {
            need!(
                gaps,
                self.recorded().next().is_some(),
                place("recorded_at"),
                say!("rule-corroboration-enter-when-record-made-says", name),
                say!("rule-corroboration-record-made-before-search-one"),
            );
            need!(
                gaps,
                self.recorded().next().is_none() || self.is_earlier_record(around),
                place("recorded_before_search"),
                say!("rule-corroboration-say-recorded-before-search-own", name),
                say!("rule-corroboration-record-may-not-contradict-itself"),
            );
        }
        need!(
            gaps,
            tells(&self.link_to_crime, 2),
            place("link_to_crime"),
            say!("rule-corroboration-say-how-links-person-crime", name),
            why,
        );
        let i = &self.independence;
        let asked = [
            (
                i.source_knew_result.is_some(),
                "source_knew_result",
                say!("rule-corroboration-source-seen-told-search-result"),
            ),
            (
                i.recorded_before_search.is_some(),
                "recorded_before_search",
                say!("rule-corroboration-record-made-before-search"),
            ),
            (i.compares_faces.is_some(), "compares_faces", say!("rule-corroboration-comparison-faces-any-kind")),
            (i.root.is_some(), "root", say!("rule-corroboration-does-share-root-probe-another")),
            (i.about_event.is_some(), "about_event", say!("rule-corroboration-about-event")),
            (i.found_by_name.is_some(), "found_by_name", say!("rule-corroboration-found-searching-candidate-name")),
        ];
        for (answered, field, question) in asked {
            need!(gaps, answered, place(field), format!("{name}: {question}"), why);
        }
        let contradictory = say!("rule-corroboration-record-may-not-contradict-itself");
        if let Details::Witness(w) = &self.details {
            let knew = w.photo_shown_before == Some(true) || w.name_told_before == Some(true);
            need!(
                gaps,
                !(knew && i.source_knew_result == Some(false)),
                place("source_knew_result"),
                say!("rule-corroboration-witness-statement-witness-shown-photo"),
                contradictory,
            );
        }
        if let Details::Media(m) = &self.details {
            need!(
                gaps,
                !(m.is_probe_post == Some(true) && i.root == Some(Root::Own)),
                place("root"),
                say!("rule-corroboration-open-source-media-probe-post"),
                contradictory,
            );
            need!(
                gaps,
                !(m.lookalike_profile == Some(true) && i.compares_faces == Some(false)),
                place("compares_faces"),
                say!("rule-corroboration-open-source-media-judging-profile"),
                contradictory,
            );
        }
    }
}
