//! What is missing before an entry answers its category.

use std::collections::BTreeSet;

use department::{Gap, Gaps};

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
            None => gaps.need(
                false,
                place("finding"),
                format!("{name}: say whether it supports, contradicts, is inconclusive, or was sought and not found."),
                "Each category must be answered, one way or the other.",
            ),
            Some(Finding::SoughtNotFound) => self.attempt_gaps(policy, copied, &mut gaps),
            Some(finding) => {
                let why = "Provenance lets a reviewer, a court and the defence check the entry.";
                gaps.need(said(&self.shows), place("shows"), format!("{name}: say what it shows."), why);
                gaps.need(
                    !said(&self.shows) || !copied.contains(&gist(&self.shows)),
                    place("shows"),
                    format!("{name}: the same words stand in another entry. Say what this one shows by itself."),
                    "A sentence that is copied says nothing a second time.",
                );
                gaps.need(said(&self.source), place("source"), format!("{name}: name the source."), why);
                gaps.need(
                    self.obtained_at.is_some(),
                    place("obtained_at"),
                    format!("{name}: enter when it was obtained."),
                    why,
                );
                gaps.need(
                    said(&self.obtained_by),
                    place("obtained_by"),
                    format!("{name}: enter who obtained it."),
                    why,
                );
                gaps.need(
                    said(&self.obtained_how),
                    place("obtained_how"),
                    format!("{name}: enter how it was obtained."),
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
            gaps.need(
                around.now.is_none_or(|now| at <= now),
                place(field),
                format!("{name}: a date lies in the future. Correct it."),
                "Nothing can be obtained before it happened.",
            );
        }
        let oldest = self.dates().into_iter().min_by_key(|(_, at)| *at);
        if let (Some((field, at)), Some(event)) = (oldest, around.event_at)
            && event.days_since(at) > PLAUSIBLE_DAYS
        {
            gaps.need(
                tells(&self.dates_explained, 2),
                place("dates_explained"),
                format!(
                    "{name}: a date ({}, {}) lies years before the event. Correct it, or say why it is right.",
                    field.replace("_at", ""),
                    at.day()
                ),
                "A slip of the year makes a wrong record look like an old one.",
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
            gaps.need(
                length <= MAX_FIELD,
                format!("{}.{}.{field}", self.category().code(), self.id),
                format!(
                    "{}: this field has {length} characters, at most {MAX_FIELD} are kept. Attach the document instead.",
                    self.category().in_words()
                ),
                "A record that nobody can read to its end is not reviewed.",
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
        gaps.need(
            different >= wanted,
            place.clone(),
            format!(
                "{name}: {wanted} attempts on record needed, each with what was tried, where and when, in words of its own ({different} so far)."
            ),
            "\u{201c}Not found\u{201d} counts as an answer only when somebody looked.",
        );
        gaps.need(
            whole.len() == self.attempts.len() || whole.len() < wanted,
            place,
            format!("{name}: finish or remove the attempt that is not complete."),
            "A record may not hold half an attempt.",
        );
    }

    fn detail_gaps(&self, gaps: &mut Gaps) {
        let place = |field: &str| format!("{}.{}.{field}", self.category().code(), self.id);
        let why = "Provenance lets a reviewer, a court and the defence check the entry.";
        match &self.details {
            Details::Vehicle(v) => {
                gaps.need(
                    said(&v.vehicle) || said(&v.plate) || said(&v.vin),
                    place("vehicle"),
                    "Vehicle information: enter plate, VIN or description.",
                    why,
                );
                for (field, typed, checked) in
                    [("plate", &v.plate, vehicle::check_plate(&v.plate)), ("vin", &v.vin, vehicle::check_vin(&v.vin))]
                {
                    let wrong = checked.err().filter(|_| !typed.trim().is_empty());
                    gaps.need(
                        wrong.is_none(),
                        place(field),
                        format!("Vehicle information: {}", wrong.unwrap_or_default()),
                        "Only what can be looked up again can be checked.",
                    );
                }
                if v.ownership_only == Some(false) {
                    let sighting = "A sighting counts with its time and place.";
                    gaps.need(
                        v.seen_at.is_some(),
                        place("seen_at"),
                        "Vehicle information: when was it seen?",
                        sighting,
                    );
                    gaps.need(
                        said(&v.seen_where),
                        place("seen_where"),
                        "Vehicle information: where was it seen?",
                        sighting,
                    );
                    gaps.need(
                        said(&v.relation),
                        place("relation"),
                        "Vehicle information: how does it stand to the scene and to the person?",
                        sighting,
                    );
                }
                gaps.need(
                    v.ownership_only.is_some(),
                    place("ownership_only"),
                    "Vehicle information: is it ownership alone, or was the vehicle seen at the event?",
                    "Owning a vehicle alone never counts.",
                );
            }
            Details::Witness(w) => {
                let tainted =
                    "A witness who saw the candidate's picture or heard the name remembers that, not the event.";
                gaps.need(
                    said(&w.witness),
                    place("witness"),
                    "Witness statement: enter the witness or a reference.",
                    why,
                );
                gaps.need(w.stated_at.is_some(), place("stated_at"), "Witness statement: enter when it was made.", why);
                gaps.need(
                    w.photo_shown_before.is_some(),
                    place("photo_shown_before"),
                    "Witness statement: was a photo of the candidate shown before?",
                    tainted,
                );
                gaps.need(
                    w.name_told_before.is_some(),
                    place("name_told_before"),
                    "Witness statement: was the candidate's name told before?",
                    tainted,
                );
                gaps.need(
                    w.lineup_from_lead.is_some(),
                    place("lineup_from_lead"),
                    "Witness statement: was a line-up or show-up built from this lead?",
                    tainted,
                );
                gaps.need(
                    w.only_saw_video.is_some(),
                    place("only_saw_video"),
                    "Witness statement: did the person see the event, or only the video?",
                    "A person who only saw the video is no witness.",
                );
            }
            Details::Media(m) => {
                gaps.need(said(&m.locator), place("locator"), "Open-source media: enter the URL or file.", why);
                gaps.need(said(&m.account), place("account"), "Open-source media: enter the account.", why);
                gaps.need(
                    m.captured_at.is_some(),
                    place("captured_at"),
                    "Open-source media: enter when it was captured.",
                    why,
                );
                gaps.need(
                    said(&m.authentic_because),
                    place("authentic_because"),
                    "Open-source media: say why it is believed authentic.",
                    why,
                );
                gaps.need(
                    m.is_probe_post.is_some(),
                    place("is_probe_post"),
                    "Open-source media: is it the post that the probe came from?",
                    "The post that the probe came from does not count.",
                );
                gaps.need(
                    m.lookalike_profile.is_some(),
                    place("lookalike_profile"),
                    "Open-source media: is it only a look-alike profile photograph?",
                    "A look-alike profile photograph is no link.",
                );
                gaps.need(
                    !self.attachments.is_empty(),
                    place("attachments"),
                    "Open-source media: attach the capture, as a picture, a page saved whole, or a PDF.",
                    "Posts change and vanish; the captured file with its hash does not.",
                );
            }
            Details::Phone(f) | Details::Location(f) | Details::PhysicalEvidence(f) | Details::Alibi(f) => gaps.need(
                said(&f.rests_on),
                place("rests_on"),
                format!("{}: say what it rests on.", self.category().in_words()),
                why,
            ),
        }
    }

    fn support_gaps(&self, around: &Circumstances, gaps: &mut Gaps) {
        let place = |field: &str| format!("{}.{}.{field}", self.category().code(), self.id);
        let name = self.category().in_words();
        let why = "Only what stands on its own can corroborate.";
        gaps.need(
            !said(&self.link_to_crime) || gist(&self.link_to_crime) != gist(&self.shows),
            place("link_to_crime"),
            format!("{name}: what it shows and how it links the person to the crime are the same words. Say how it links them."),
            why,
        );
        gaps.need(
            !said(&self.shows) || tells(&self.shows, 2),
            place("shows"),
            format!("{name}: say in words what it shows."),
            why,
        );
        if self.independence.recorded_before_search == Some(true) {
            gaps.need(
                self.recorded().next().is_some(),
                place("recorded_at"),
                format!("{name}: enter when the record was made, as it says itself."),
                "A record made before the search is one by its own date, not by an answer.",
            );
            gaps.need(
                self.recorded().next().is_none() || self.is_earlier_record(around),
                place("recorded_before_search"),
                format!("{name}: you say that it was recorded before the search, and its own time lies after it. Correct one of the two."),
                "A record may not contradict itself.",
            );
        }
        gaps.need(
            tells(&self.link_to_crime, 2),
            place("link_to_crime"),
            format!("{name}: say how it links the person to the crime, not to the photograph."),
            why,
        );
        let i = &self.independence;
        let asked = [
            (
                i.source_knew_result.is_some(),
                "source_knew_result",
                "had its source seen or been told of the search's result?",
            ),
            (i.recorded_before_search.is_some(), "recorded_before_search", "is it a record made before the search?"),
            (i.compares_faces.is_some(), "compares_faces", "is it a comparison of faces of any kind?"),
            (i.root.is_some(), "root", "does it share its root with the probe or another entry?"),
            (i.about_event.is_some(), "about_event", "is it about the event?"),
            (i.found_by_name.is_some(), "found_by_name", "was it found by searching the candidate's name?"),
        ];
        for (answered, field, question) in asked {
            gaps.need(answered, place(field), format!("{name}: {question}"), why);
        }
        let contradictory = "A record may not contradict itself.";
        if let Details::Witness(w) = &self.details {
            let knew = w.photo_shown_before == Some(true) || w.name_told_before == Some(true);
            gaps.need(
                !(knew && i.source_knew_result == Some(false)),
                place("source_knew_result"),
                "Witness statement: the witness was shown the photo or told the name, so the source did know of the result. Correct one of the answers.",
                contradictory,
            );
        }
        if let Details::Media(m) = &self.details {
            gaps.need(
                !(m.is_probe_post == Some(true) && i.root == Some(Root::Own)),
                place("root"),
                "Open-source media: it is the probe's post, so it shares its root with the probe. Correct one of the answers.",
                contradictory,
            );
            gaps.need(
                !(m.lookalike_profile == Some(true) && i.compares_faces == Some(false)),
                place("compares_faces"),
                "Open-source media: judging a profile photograph by its likeness is a comparison of faces. Correct one of the answers.",
                contradictory,
            );
        }
    }
}
