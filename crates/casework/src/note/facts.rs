//! What the record shows, in sentences that the program writes: nobody has to copy them, and nobody can leave one out.

use super::content::{Fact, NoteContent};
use crate::corroboration::{ContradictionAnswer, Finding, Standing};
use crate::examination::{Conclusion, Examination, ExaminationRecord, Outcome};
use crate::ids::{CandidateId, EntryId};
use crate::search::{SearchFilters, SearchRecord};
use crate::verification::Agreement;

/// Every fact of a note, in the order in which things happened.
pub fn facts(note: &NoteContent) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut tell = |about: &str, text: String| facts.push(Fact { about: about.to_owned(), text });
    let case = &note.case;
    let zone = note.time_zone.as_str();
    tell(
        "Case",
        format!(
            "{}, {}, {}. Searched for the purpose \u{201c}{}\u{201d}, {}, asked for by {}: {}",
            case.number(),
            case.offence(),
            case.event_at().in_zone(zone),
            case.purpose().in_words(),
            match case.charge() {
                Some(charge) => format!("{} ({})", charge.code, charge.name),
                None => "no crime code".to_owned(),
            },
            case.basis().requested_by,
            case.basis().statement.trim()
        ),
    );
    let referrals = case.referrals();
    if !referrals.is_empty() {
        let confirmed = case.confirmed_by().zip(case.confirmed_at()).map_or_else(String::new, |(by, at)| {
            format!(" {} confirmed it as supervisor, {}.", by.name, at.in_zone(zone))
        });
        tell(
            "Referred to audit",
            format!("{}{confirmed} The program referred the case by itself.", referrals.join(" ")),
        );
    }
    if let Some(confirmed) = &note.account_confirmed {
        tell(
            "Referred to audit",
            format!(
                "The account names what a supervisor has to confirm; {} did, {}.",
                confirmed.by.name,
                confirmed.at.in_zone(zone)
            ),
        );
    }
    tell("Probe", probe(note));
    for (at, search) in note.searches.iter().enumerate() {
        let about = if note.searches.len() == 1 { "Search".to_owned() } else { format!("Search {}", at + 1) };
        let kept = note.examination.work.search == search.id() && matches!(note.outcome, Outcome::Lead { .. });
        tell(&about, searched(search, kept, zone));
    }
    for aside in &note.history.set_aside {
        tell("Earlier examination", set_aside(&aside.examination, zone));
    }
    for given_up in &note.history.given_up {
        tell(
            "Verification that was given up",
            format!(
                "{} had begun to compare blind, with {} conclusions, when {} took the question back ({}).",
                given_up.work.examiner.name,
                given_up.work.conclusions.len(),
                given_up.by.name,
                given_up.at.in_zone(zone)
            ),
        );
    }
    if !note.history.elsewhere.is_empty() {
        let seen = &note.history.elsewhere;
        let cases: std::collections::BTreeSet<_> = seen.iter().map(|one| one.case).collect();
        // One person whom two people saw is one.
        let people: std::collections::BTreeSet<_> = seen.iter().map(|one| &one.subject_id).collect();
        tell(
            "Seen in other cases",
            format!(
                "{} listed people had been shown with score and record in {} other cases about the same probe or number; none of them can become a lead of whoever saw them.",
                people.len(),
                cases.len()
            ),
        );
    }
    tell("Examination", examined(&note.examination));
    for change in &note.examination.changes {
        let before = change.from.as_ref().map_or("no conclusion", |from| from.conclusion.in_words());
        tell(
            "Changed after unveiling",
            format!(
                "{}: from {before} to {}. Reason: {}",
                change.to.at.in_zone(zone),
                change.to.conclusion.in_words(),
                change.to.reason.trim()
            ),
        );
    }
    let lead_withdrawn = matches!(note.outcome, Outcome::Lead { candidate, .. } if note.withdrawn.contains(&candidate));
    if let Some(said) = withdrawn(&note.withdrawn, lead_withdrawn) {
        tell("Withdrawn by the gallery", said);
    }
    if let Outcome::Lead { conclusion, .. } = note.outcome {
        if note.history.disagrees(note.examination.work.lead.unwrap_or(CandidateId(uuid::Uuid::nil())), &note.searches)
        {
            tell(
                "Verification",
                "A second examiner did not support this person before. The disagreement follows the lead: it is inconclusive.".to_owned(),
            );
        }
        tell("Verification", verified(note, conclusion));
        tell("Corroboration", corroborated(note));
        for answer in &note.checklist.panel.answers {
            if answer.answer == Some(ContradictionAnswer::Contradicts) {
                let resolved = if answer.resolution.trim().is_empty() {
                    "Not resolved.".to_owned()
                } else {
                    format!("Resolved: {}", answer.resolution.trim())
                };
                tell(
                    "What speaks against the lead",
                    format!("The {} contradicts: {}. {resolved}", answer.item.in_words(), answer.rests_on.trim()),
                );
            }
        }
    }
    for (id, standing) in &note.standings {
        if matches!(standing, Standing::Contaminated { .. } | Standing::Against) {
            tell("Corroboration", format!("{}: {}", entry_name(note, *id), standing.in_words()));
        }
    }
    for entry in note.checklist.entries.iter().filter(|e| !e.earlier.is_empty()) {
        tell(
            "What speaks against the lead",
            format!("{}: it said before: {}", entry_name(note, entry.id), entry.earlier.join(" / ")),
        );
    }
    for answered in &note.answers {
        tell("Returned before", format!("Asked: {} Answered: {}", answered.remark.text.trim(), answered.answer.trim()));
    }
    facts
}

/// What the gallery took back, in a sentence.
pub(crate) fn withdrawn(candidates: &[CandidateId], lead: bool) -> Option<String> {
    let count = match candidates.len() {
        0 => return None,
        1 => "a candidate of this list".to_owned(),
        n => format!("{n} candidates of this list"),
    };
    let lead = if lead {
        " The lead is one of them: the record that it rests on is no longer in the gallery. Tell your supervisor before \
         anything rests on it."
    } else {
        ""
    };
    Some(format!("Since the search the gallery has withdrawn {count}: the record was expunged or suppressed.{lead}"))
}

fn entry_name(note: &NoteContent, id: EntryId) -> String {
    let entry = note.checklist.entries.iter().find(|e| e.id == id);
    entry.map_or_else(String::new, |e| format!("{} ({})", e.category().in_words(), e.source.trim()))
}

fn probe(note: &NoteContent) -> String {
    let probe = &note.probe;
    let mut text = format!(
        "The probe is a {} taken {}, obtained by {} ({}; {}), {} x {} pixels. Quality of the face: {} of 100.",
        probe.source().in_words(),
        probe.captured_at().in_zone(&note.time_zone),
        probe.obtained_by().trim(),
        probe.obtained_how().trim(),
        probe.legal_basis().trim(),
        probe.image().width,
        probe.image().height,
        probe.quality()
    );
    if let Some(warning) = probe.quality_warning() {
        text += &format!(" {}", warning.trim());
    }
    if !probe.further().is_empty() {
        text += &format!(" {} further photographs of the same person went into the template.", probe.further().len());
    }
    text
}

fn searched(search: &SearchRecord, kept: bool, zone: &str) -> String {
    let whole = search.completeness();
    let mut text = format!(
        "{}: {} sent a template (model {}), and no image, to {}. {} templates were compared{}; {} candidates came back.",
        search.at().in_zone(zone),
        search.by().name,
        search.model(),
        search.gallery(),
        whole.scanned,
        if whole.exact { " exactly" } else { "" },
        search.candidates().len()
    );
    if !search.prepared().is_empty() {
        text += &format!(" It was made from a copy of the probe prepared in {} steps.", search.prepared().len());
    }
    if *search.filters() != SearchFilters::default() {
        text += &format!(" Filters left out {} templates.", whole.filtered_out);
    }
    if !kept {
        text += " This search gave nothing: no candidate of it was kept. That must be disclosed.";
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
        n => format!(" {n} more were excluded at the thumbnail without being opened."),
    };
    let result = if work.lead.is_some() {
        "One candidate was kept as an investigative lead"
    } else {
        "None of these: no candidate was kept"
    };
    format!(
        "{} opened {} candidates blind, in an order shuffled with the seed {}, without scores, ranks or records ({}).{thumbnails} {result}.",
        work.examiner.name,
        work.looked_at.len(),
        work.shuffle_seed,
        if counts.is_empty() { "no conclusion on one of them" } else { &counts }
    )
}

/// An examination that a further search set aside.
fn set_aside(examination: &Examination, zone: &str) -> String {
    let record = examination.record();
    let work = &record.work;
    if work.looked_at.is_empty() && work.conclusions.is_empty() {
        return format!("{} set a list aside before a candidate of it was opened.", work.examiner.name);
    }
    let state = match (record.concluded_at, record.unveiled_at) {
        (_, Some(at)) => format!("Scores and records were unveiled {}.", at.in_zone(zone)),
        (Some(at), None) => format!("It was concluded {} and not unveiled.", at.in_zone(zone)),
        (None, None) => "It was not concluded.".to_owned(),
    };
    let second = record.verification.as_ref().map_or_else(String::new, |v| {
        format!(" {} verified and concluded {} on its lead.", v.verifier.name, v.conclusion.in_words())
    });
    format!("{} {state}{second} A further search set it aside.", examined(&record))
}

fn verified(note: &NoteContent, standing: Conclusion) -> String {
    let Some(second) = &note.verification else {
        return "No second examiner has compared. The lead is not verified.".to_owned();
    };
    let agreement = match second.agreement {
        Agreement::Agrees => "Both examinations agree",
        Agreement::DisagreesOnLead => "The examinations disagree on the lead",
        Agreement::SupportsAnother => {
            "The second examiner supports another candidate too, so the features do not single out the lead"
        }
    };
    let conference = second.conference.as_ref().map_or_else(String::new, |c| {
        format!(" In a conference both came to {}: {}", c.agreed.in_words(), c.account.trim())
    });
    format!(
        "{} compared the lead and {} others blind and concluded {}. {agreement}.{conference} The conclusion that stands: {}.",
        second.verifier.name,
        second.work.among.len().saturating_sub(1),
        second.conclusion.in_words(),
        standing.in_words()
    )
}

fn corroborated(note: &NoteContent) -> String {
    let entries = &note.checklist.entries;
    let of = |finding| entries.iter().filter(|e| e.finding == Some(finding)).count();
    let counted = note.standings.iter().filter(|(_, s)| *s == Standing::Independent).count();
    format!(
        "{} entries: {} support, of which {counted} count as independent; {} contradict; {} inconclusive; {} sought and not found.",
        entries.len(),
        of(Finding::Supports),
        of(Finding::Contradicts),
        of(Finding::Inconclusive),
        of(Finding::SoughtNotFound)
    )
}
