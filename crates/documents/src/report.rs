use casework::{
    AddendumContent, Approval, Attempt, Decision, Details, Disposition, Entry, Finding, NoteContent, ReviewContent,
};

use crate::{Block, Paper, Picture};

/// A signature on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// SHA-256 of the signed text.
    pub sha256: String,
    /// Ed25519 signature in hexadecimal.
    pub signature: String,
    /// Fingerprint of the workstation's key.
    pub key: String,
}

/// All that a lead report prints.
#[derive(Debug, Clone)]
pub struct LeadReport<'a> {
    /// Name of the department.
    pub department: &'a str,
    /// The sealed note.
    pub note: &'a NoteContent,
    /// Its signature.
    pub sealed: Signature,
    /// Reviews with their signatures; the first is the one that counts.
    pub reviews: Vec<(&'a ReviewContent, Signature)>,
    /// Addenda.
    pub addenda: &'a [AddendumContent],
    /// Probe first, then the lead.
    pub pictures: Vec<Picture>,
    /// Who prints, and when.
    pub printed: String,
}

/// Name of a disposition on paper.
pub(crate) fn disposition(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::NoCandidate => "No candidate: the search gave nothing",
        Disposition::Excluded => "Excluded",
        Disposition::LeadNotCorroborated => "Investigative lead, NOT corroborated",
        Disposition::LeadCorroborated => "Investigative lead, corroborated",
    }
}

/// What a review decided, on paper.
pub(crate) fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => "Approved",
        Decision::Return => "Returned to the author",
        Decision::Refer => "Referred to audit",
    }
}

pub(crate) fn attempt(attempt: &Attempt, zone: &str) -> String {
    let at = attempt.at.map_or_else(String::new, |at| format!("{}: ", at.in_zone(zone)));
    format!("{at}{}, {}", attempt.what.trim(), attempt.place.trim())
}

/// What an entry says, on paper, its times told in `zone`.
pub(crate) fn entry_says(entry: &Entry, zone: &str) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut say = |text: &str| {
        if !text.trim().is_empty() {
            said.push(text.trim().to_owned());
        }
    };
    match &entry.details {
        Details::Vehicle(v) => {
            say(&v.vehicle);
            say(&if v.plate.trim().is_empty() { String::new() } else { format!("Plate {}", v.plate.trim()) });
            say(&if v.vin.trim().is_empty() { String::new() } else { format!("VIN {}", v.vin.trim()) });
            if let Some(at) = v.seen_at {
                say(&format!("Seen {}, {}", at.in_zone(zone), v.seen_where.trim()));
            }
            say(&v.relation);
        }
        Details::Witness(w) => {
            say(&w.witness);
            if let Some(at) = w.stated_at {
                say(&format!("Stated {}", at.in_zone(zone)));
            }
        }
        Details::Media(m) => {
            say(&m.locator);
            say(&if m.account.trim().is_empty() { String::new() } else { format!("Account {}", m.account.trim()) });
            if let Some(at) = m.captured_at {
                say(&format!("Captured {}", at.in_zone(zone)));
            }
            say(&m.authentic_because);
        }
        Details::Phone(f) | Details::Location(f) | Details::PhysicalEvidence(f) | Details::Alibi(f) => say(&f.rests_on),
    }
    if entry.finding == Some(Finding::SoughtNotFound) {
        for tried in &entry.attempts {
            say(&attempt(tried, zone));
        }
    } else {
        say(&entry.shows);
        let at = entry.obtained_at.map_or_else(String::new, |at| format!(", {}", at.in_zone(zone)));
        say(&format!(
            "Source: {}, obtained by {}{at}: {}",
            entry.source.trim(),
            entry.obtained_by.trim(),
            entry.obtained_how.trim()
        ));
        say(&entry.link_to_crime);
    }
    if entry.finding == Some(Finding::Contradicts) {
        say(&if entry.resolution.trim().is_empty() {
            "The contradiction is not resolved.".to_owned()
        } else {
            format!("Resolved: {}", entry.resolution.trim())
        });
    }
    for file in &entry.attachments {
        say(&format!("File {}, {} bytes, SHA-256 {}", file.file_name, file.bytes, grouped(&file.sha256)));
    }
    said.join(". ").replace("..", ".")
}

fn corroboration(note: &NoteContent, blocks: &mut Vec<Block>) {
    if note.checklist.entries.is_empty() {
        return;
    }
    blocks.push(Block::heading("Corroboration"));
    let standing = |entry: &Entry| {
        note.standings.iter().find(|(id, _)| *id == entry.id).map_or_else(String::new, |(_, s)| s.in_words())
    };
    let rows = note.checklist.entries.iter().map(|entry| {
        vec![
            entry.category().in_words().to_owned(),
            entry.finding.map_or_else(String::new, |f| f.in_words().to_owned()),
            entry_says(entry, &note.time_zone),
            standing(entry),
        ]
    });
    blocks.push(Block::Table {
        header: ["Category", "Finding", "What", "What it is worth"].map(str::to_owned).to_vec(),
        widths: vec![18, 14, 46, 22],
        rows: rows.collect(),
    });
    for entry in &note.checklist.entries {
        if standing(entry).starts_with("CONTAMINATED") {
            blocks.push(Block::Warning {
                text: format!("{} ({}): {}", entry.category().in_words(), entry.source.trim(), standing(entry)),
            });
        }
    }
    if note.disposition.tells_the_lead() {
        blocks.push(Block::Subheading { text: "What could speak against the lead".to_owned() });
        let rows = note.checklist.panel.answers.iter().map(|a| {
            let answer = match a.answer {
                Some(casework::ContradictionAnswer::Consistent) => "consistent",
                Some(casework::ContradictionAnswer::Contradicts) => "CONTRADICTS",
                Some(casework::ContradictionAnswer::NotKnown) => "not known",
                None => "not answered",
            };
            let resolved = if a.resolution.trim().is_empty() {
                String::new()
            } else {
                format!(" Resolved: {}", a.resolution.trim())
            };
            vec![a.item.in_words().to_owned(), answer.to_owned(), format!("{}{resolved}", a.rests_on.trim())]
        });
        blocks.push(Block::Table {
            header: ["Fact", "Answer", "Rests on"].map(str::to_owned).to_vec(),
            widths: vec![26, 18, 56],
            rows: rows.collect(),
        });
        blocks.push(Block::Facts {
            pairs: vec![(
                "Speaks for the person".to_owned(),
                note.checklist.panel.speaks_for_the_person.trim().to_owned(),
            )],
        });
    }
}

/// The lead report of a note. It stands only once the review that counts has approved; before that it is a marked
/// draft.
pub fn lead_report(report: &LeadReport<'_>) -> Paper {
    let note = report.note;
    let draft = match Approval::of(report.reviews.iter().map(|(review, _)| *review)) {
        Approval::Given => "",
        Approval::DecidedDifferently => "DRAFT. Supervisors decided differently on this note. It may not be used.",
        Approval::Returned => "DRAFT. A supervisor returned this note. It may not be used.",
        Approval::Referred => "DRAFT. This note was referred to audit. It may not be used.",
        Approval::NotReviewed => "DRAFT. No supervisor has approved this note. It may not be used or handed on.",
    };
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let mut blocks = vec![Block::Facts {
        pairs: vec![
            pair("Disposition", disposition(note.disposition).to_owned()),
            pair(
                "Author",
                format!(
                    "{}, badge {}, {}, sealed {}",
                    note.author.name,
                    note.author.badge,
                    note.author.ori,
                    note.sealed_at.in_zone(&note.time_zone)
                ),
            ),
        ],
    }];
    if !note.reason.is_empty() {
        blocks.push(Block::Facts { pairs: vec![pair("What excludes", note.reason.clone())] });
    }
    blocks.push(Block::heading("Account"));
    blocks.extend(Block::typed(&note.narrative));
    // Without a lead nobody of a gallery is shown, whatever was handed in: the probe comes first.
    let shown = if note.disposition.tells_the_lead() { report.pictures.len() } else { report.pictures.len().min(1) };
    if shown > 0 {
        blocks.push(Block::heading("Images"));
        blocks.push(Block::Pictures { pictures: report.pictures[..shown].to_vec() });
    }
    blocks.push(Block::heading("What the record shows"));
    let facts = note.facts.iter().map(|f| (f.about.clone(), f.text.clone()));
    blocks.push(Block::Facts { pairs: facts.collect() });
    corroboration(note, &mut blocks);
    if !report.addenda.is_empty() {
        blocks.push(Block::heading("Addenda"));
        for addendum in report.addenda {
            blocks.push(Block::Subheading {
                text: format!(
                    "{}. {}, badge {}, {}",
                    addendum.number,
                    addendum.author.name,
                    addendum.author.badge,
                    addendum.at.in_zone(&note.time_zone)
                ),
            });
            blocks.extend(Block::typed(&addendum.text));
        }
    }
    blocks.push(Block::heading("Review and signatures"));
    for (review, signature) in &report.reviews {
        let who = format!(
            "{}, badge {}, {}",
            review.reviewer.name,
            review.reviewer.badge,
            review.at.in_zone(&note.time_zone)
        );
        let mut pairs = vec![pair(decision(review.decision), who)];
        for judged in &review.judged {
            let answer = if judged.holds == Some(true) { "Yes." } else { "No." };
            pairs.push(pair(
                answer,
                format!("{} {}", judged.judgement.question(), judged.remark.trim()).trim().to_owned(),
            ));
        }
        pairs.extend(review.remarks.iter().map(|remark| pair(&remark.place, remark.text.clone())));
        if !review.reason.is_empty() {
            pairs.push(pair("Reason", review.reason.clone()));
        }
        pairs.push(pair("Signed", signed(signature)));
        blocks.push(Block::Facts { pairs });
    }
    if report.reviews.is_empty() {
        blocks.push(Block::text("Not reviewed."));
    }
    blocks.push(Block::Facts { pairs: vec![pair("Note signed", signed(&report.sealed))] });
    Paper {
        department: report.department.to_owned(),
        title: format!("Lead report {}", note.case.number()),
        subtitle: format!("{}, {}", note.case.offence(), note.case.event_at().in_zone(&note.time_zone)),
        draft: draft.to_owned(),
        statement: note.statement.trim().to_owned(),
        footer: format!("Note {} \u{b7} SHA-256 {} \u{b7} {}", note.id, report.sealed.sha256, report.printed),
        blocks,
    }
}

pub(crate) fn signed(signature: &Signature) -> String {
    format!(
        "SHA-256 {}, Ed25519 {}, key {}. The exported note can be checked anywhere with corroborate verify-note.",
        grouped(&signature.sha256),
        grouped(&signature.signature),
        signature.key
    )
}

/// Hexadecimal in groups of eight, so that it can be read out and a line can break.
fn grouped(hex: &str) -> String {
    let letters: Vec<char> = hex.chars().collect();
    letters.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
