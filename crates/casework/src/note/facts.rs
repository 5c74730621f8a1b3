//! What the record shows, in sentences that the program writes: nobody has to copy them, and nobody can leave one out.

use super::content::{Fact, NoteContent};
use crate::corroboration::{ContradictionAnswer, Finding, Standing};
use crate::examination::{Conclusion, Examination, ExaminationRecord, Outcome};
use crate::ids::{CandidateId, EntryId};
use crate::probe::Saying;
use crate::search::{SearchFilters, SearchRecord};
use crate::verification::Agreement;
use catalogue::say;

/// Every fact of a note, in the order in which things happened.
pub fn facts(note: &NoteContent) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut tell = |about: &str, text: String| facts.push(Fact { about: about.to_owned(), text });
    let case = &note.case;
    let zone = note.time_zone.as_str();
    tell(
        say!("rule-note-case"),
        say!(
            "rule-note-searched-purpose-asked",
            number = case.number(),
            offence = case.offence(),
            zone = case.event_at().in_zone(zone),
            purpose = case.purpose().in_words(),
            none = match case.charge() {
                Some(charge) => format!("{} ({})", charge.code, charge.name),
                None => say!("rule-note-no-crime-code").to_owned(),
            },
            requested_by = case.basis().requested_by,
            statement = case.basis().statement.trim()
        ),
    );
    let referrals = case.referrals();
    if !referrals.is_empty() {
        let confirmed = case.confirmed_by().zip(case.confirmed_at()).map_or_else(String::new, |(by, at)| {
            say!("rule-note-confirmed-supervisor", name = by.name, zone = at.in_zone(zone))
        });
        tell(
            say!("rule-note-referred-audit"),
            say!("rule-note-program-referred-case-itself", referrals = referrals.join(" "), confirmed),
        );
    }
    if let Some(confirmed) = &note.account_confirmed {
        tell(
            say!("rule-note-referred-audit"),
            say!(
                "rule-note-account-names-supervisor-confirm-did",
                name = confirmed.by.name,
                zone = confirmed.at.in_zone(zone)
            ),
        );
    }
    tell(say!("rule-note-probe"), probe(note));
    for (at, search) in note.searches.iter().enumerate() {
        let about = if note.searches.len() == 1 {
            say!("rule-note-search").to_owned()
        } else {
            say!("rule-note-search-2", at = at + 1)
        };
        let kept = note.examination.work.search == search.id() && matches!(note.outcome, Outcome::Lead { .. });
        tell(&about, searched(search, kept, zone));
    }
    for aside in &note.history.set_aside {
        let afresh = note.history.was_begun_afresh(aside);
        tell(say!("rule-note-earlier-examination"), set_aside(&aside.examination, afresh, zone));
    }
    for one in &note.history.handed_over {
        let (from, to, by, reason) = (&one.from.name, &one.to.name, &one.by.name, one.reason.trim());
        let zone = one.at.in_zone(zone);
        let told = match one.in_absence() {
            false => say!("rule-note-handed-over", zone, from, to, reason),
            true => say!("rule-note-handed-over-in-absence", zone, from, to, by, reason),
        };
        tell(say!("rule-note-handover"), told);
    }
    for given_up in &note.history.given_up {
        tell(
            say!("rule-note-verification-given-up"),
            say!(
                "rule-note-begun-compare-blind-conclusions-when",
                name = given_up.work.examiner.name,
                conclusions = given_up.work.conclusions.len(),
                name2 = given_up.by.name,
                zone = given_up.at.in_zone(zone)
            ),
        );
    }
    if !note.history.elsewhere.is_empty() {
        let seen = &note.history.elsewhere;
        let cases: std::collections::BTreeSet<_> = seen.iter().map(|one| one.case).collect();
        // One person whom two people saw is one.
        let people: std::collections::BTreeSet<_> = seen.iter().map(|one| &one.subject_id).collect();
        tell(
            say!("rule-note-seen-other-cases"),
            say!("rule-note-listed-people-shown-score-record", people = people.len(), cases = cases.len()),
        );
    }
    tell(say!("rule-note-examination"), examined(&note.examination));
    for change in &note.examination.changes {
        let before = change.from.as_ref().map_or(say!("rule-note-no-conclusion"), |from| from.conclusion.in_words());
        tell(
            say!("rule-note-changed-after-unveiling"),
            say!(
                "rule-note-from-reason",
                zone = change.to.at.in_zone(zone),
                before,
                conclusion = change.to.conclusion.in_words(),
                reason = change.to.reason.trim()
            ),
        );
    }
    let lead_withdrawn = matches!(note.outcome, Outcome::Lead { candidate, .. } if note.withdrawn.contains(&candidate));
    if let Some(said) = withdrawn(&note.withdrawn, lead_withdrawn) {
        tell(say!("rule-note-withdrawn-gallery"), said);
    }
    if let Outcome::Lead { conclusion, .. } = note.outcome {
        if note.history.disagrees(note.examination.work.lead.unwrap_or(CandidateId(uuid::Uuid::nil())), &note.searches)
        {
            tell(say!("rule-note-verification"), say!("rule-note-second-examiner-did-not-support").to_owned());
        }
        tell(say!("rule-note-verification"), verified(note, conclusion));
        tell(say!("rule-note-corroboration"), corroborated(note));
        for answer in &note.checklist.panel.answers {
            if answer.answer == Some(ContradictionAnswer::Contradicts) {
                let resolved = if answer.resolution.trim().is_empty() {
                    say!("rule-note-not-resolved").to_owned()
                } else {
                    say!("rule-note-resolved", resolution = answer.resolution.trim())
                };
                tell(
                    say!("rule-note-speaks-against-lead"),
                    say!(
                        "rule-note-contradicts",
                        item = answer.item.in_words(),
                        rests_on = answer.rests_on.trim(),
                        resolved
                    ),
                );
            }
        }
    }
    for (id, standing) in &note.standings {
        if matches!(standing, Standing::Contaminated { .. } | Standing::Against) {
            tell(say!("rule-note-corroboration"), format!("{}: {}", entry_name(note, *id), standing.in_words()));
        }
    }
    for entry in note.checklist.entries.iter().filter(|e| !e.earlier.is_empty()) {
        tell(
            say!("rule-note-speaks-against-lead"),
            say!("rule-note-said-before", id = entry_name(note, entry.id), earlier = entry.earlier.join(" / ")),
        );
    }
    for answered in &note.answers {
        tell(
            say!("rule-note-returned-before"),
            say!("rule-note-asked-answered", text = answered.remark.text.trim(), answer = answered.answer.trim()),
        );
    }
    facts
}

/// What the gallery took back, in a sentence.
pub(crate) fn withdrawn(candidates: &[CandidateId], lead: bool) -> Option<String> {
    let count = match candidates.len() {
        0 => return None,
        1 => say!("rule-note-candidate-list").to_owned(),
        n => say!("rule-note-candidates-list", n),
    };
    let lead = if lead { say!("rule-note-lead-one-them-record-rests") } else { "" };
    Some(say!("rule-note-since-search-gallery-withdrawn-record", count, lead))
}

fn entry_name(note: &NoteContent, id: EntryId) -> String {
    let entry = note.checklist.entries.iter().find(|e| e.id == id);
    entry.map_or_else(String::new, |e| format!("{} ({})", e.category().in_words(), e.source.trim()))
}

fn probe(note: &NoteContent) -> String {
    let probe = &note.probe;
    let mut text = say!(
        "rule-note-probe-taken-obtained-x-pixels",
        source = probe.source().in_words(),
        time_zone = probe.captured_at().in_zone(&note.time_zone),
        obtained_by = probe.obtained_by().trim(),
        obtained_how = probe.obtained_how().trim(),
        legal_basis = probe.legal_basis().trim(),
        width = probe.image().width,
        height = probe.image().height,
        quality = probe.quality()
    );
    if !probe.image().turned.is_not() {
        text += &say!("rule-note-probe-was-turned", degrees = probe.image().turned.degrees());
    }
    if let Some(warning) = probe.quality_warning() {
        text += &format!(" {}", warning.trim());
    }
    for (at, image) in std::iter::once(probe.image()).chain(probe.further().iter().map(|f| &f.image)).enumerate() {
        if !image.says.is_empty() {
            let told = image.says.iter().map(Saying::in_words).collect::<Vec<_>>().join(" ");
            text += &say!("rule-note-probe-file-says", number = at + 1, told);
        }
    }
    if !probe.further().is_empty() {
        text += &say!("rule-note-further-photographs-same-person-went", further = probe.further().len());
    }
    text
}

fn searched(search: &SearchRecord, kept: bool, zone: &str) -> String {
    let whole = search.completeness();
    let mut text = say!(
        "rule-note-sent-template-model-no-image",
        zone = search.at().in_zone(zone),
        name = search.by().name,
        model = search.model(),
        gallery = search.gallery(),
        scanned = whole.scanned,
        exact = if whole.exact { " exactly" } else { "" },
        candidates = search.candidates().len()
    );
    if !search.prepared().is_empty() {
        text += &say!("rule-note-made-from-copy-probe-prepared", prepared = search.prepared().len());
    }
    if *search.filters() != SearchFilters::default() {
        text += &say!("rule-note-filters-left-out-templates", filtered_out = whole.filtered_out);
    }
    if !kept {
        text += say!("rule-note-search-gave-nothing-no-candidate");
    }
    text
}

fn examined(record: &ExaminationRecord) -> String {
    let work = &record.work;
    let mut counts = String::new();
    for conclusion in [Conclusion::Support, Conclusion::LimitedSupport, Conclusion::Inconclusive, Conclusion::Exclusion]
    {
        let n = work.conclusions.values().filter(|c| c.conclusion == conclusion).count();
        if n > 0 {
            counts += &format!("{}{n} {}", if counts.is_empty() { "" } else { ", " }, conclusion.in_words());
        }
    }
    let unopened = work.at_thumbnail.keys().filter(|id| !work.looked_at.contains_key(id)).count();
    let thumbnails = match unopened {
        0 => String::new(),
        n => say!("rule-note-more-excluded-thumbnail-without-being", n),
    };
    let result = if work.lead.is_some() {
        say!("rule-note-one-candidate-kept-investigative-lead")
    } else {
        say!("rule-note-none-no-candidate-kept")
    };
    say!(
        "rule-note-opened-candidates-blind-order-shuffled",
        name = work.examiner.name,
        looked_at = work.looked_at.len(),
        shuffle_seed = work.shuffle_seed,
        counts = if counts.is_empty() { say!("rule-note-no-conclusion-one-them") } else { &counts },
        thumbnails,
        result
    )
}

/// An examination that a further search set aside.
fn set_aside(examination: &Examination, afresh: bool, zone: &str) -> String {
    let record = examination.record();
    let work = &record.work;
    if work.looked_at.is_empty() && work.conclusions.is_empty() {
        return say!("rule-note-set-list-aside-before-candidate", name = work.examiner.name);
    }
    let state = match (record.concluded_at, record.unveiled_at) {
        (_, Some(at)) => say!("rule-note-scores-records-unveiled", zone = at.in_zone(zone)),
        (Some(at), None) => say!("rule-note-concluded-not-unveiled", zone = at.in_zone(zone)),
        (None, None) => say!("rule-note-not-concluded").to_owned(),
    };
    let second = record.verification.as_ref().map_or_else(String::new, |v| {
        say!("rule-note-verified-concluded-lead", name = v.verifier.name, conclusion = v.conclusion.in_words())
    });
    let record = examined(&record);
    match afresh {
        false => say!("rule-note-further-search-set-aside", record, state, second),
        true => say!("rule-note-handover-set-aside", record, state),
    }
}

fn verified(note: &NoteContent, standing: Conclusion) -> String {
    let Some(second) = &note.verification else {
        return say!("rule-note-no-second-examiner-compared-lead").to_owned();
    };
    let agreement = match second.agreement {
        Agreement::Agrees => say!("rule-note-both-examinations-agree"),
        Agreement::DisagreesOnLead => say!("rule-note-examinations-disagree-lead"),
        Agreement::SupportsAnother => {
            say!("rule-note-second-examiner-supports-another-candidate")
        }
    };
    let conference = second.conference.as_ref().map_or_else(String::new, |c| {
        say!("rule-note-conference-both-came", agreed = c.agreed.in_words(), account = c.account.trim())
    });
    say!(
        "rule-note-compared-lead-others-blind-concluded",
        name = second.verifier.name,
        saturating_sub = second.work.among.len().saturating_sub(1),
        conclusion = second.conclusion.in_words(),
        agreement,
        conference,
        standing = standing.in_words()
    )
}

fn corroborated(note: &NoteContent) -> String {
    let entries = &note.checklist.entries;
    let of = |finding| entries.iter().filter(|e| e.finding == Some(finding)).count();
    let counted = note.standings.iter().filter(|(_, s)| *s == Standing::Independent).count();
    say!(
        "rule-note-entries-support-count-independent-contradict",
        entries = entries.len(),
        supports = of(Finding::Supports),
        counted,
        contradicts = of(Finding::Contradicts),
        inconclusive = of(Finding::Inconclusive),
        soughtnotfound = of(Finding::SoughtNotFound)
    )
}
