use casework::{
    AddendumContent, Approval, Attempt, Decision, Details, Disposition, Entry, Finding, Leaving, NoteContent,
    ResultContent, ReviewContent, Standing,
};
use catalogue::say;

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
    /// What came of it, in the order of recording.
    pub results: &'a [ResultContent],
    /// Probe first, then the lead.
    pub pictures: Vec<Picture>,
    /// Who prints, and when.
    pub printed: String,
}

/// Name of a disposition on paper.
pub(crate) fn disposition(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::NoCandidate => say!("paper-no-candidate-search-gave-nothing"),
        Disposition::Excluded => say!("paper-excluded"),
        Disposition::LeadNotCorroborated => say!("paper-investigative-lead-not-corroborated"),
        Disposition::LeadCorroborated => say!("paper-investigative-lead-corroborated"),
    }
}

/// What a review decided, on paper.
pub(crate) fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => say!("paper-approved"),
        Decision::Return => say!("paper-returned-author"),
        Decision::Refer => say!("rule-note-referred-audit"),
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
            say(&if v.plate.trim().is_empty() { String::new() } else { say!("paper-plate", plate = v.plate.trim()) });
            say(&if v.vin.trim().is_empty() { String::new() } else { say!("paper-vin", vin = v.vin.trim()) });
            if let Some(at) = v.seen_at {
                say(&say!("paper-seen", zone = at.in_zone(zone), seen_where = v.seen_where.trim()));
            }
            say(&v.relation);
        }
        Details::Witness(w) => {
            say(&w.witness);
            if let Some(at) = w.stated_at {
                say(&say!("paper-stated", zone = at.in_zone(zone)));
            }
        }
        Details::Media(m) => {
            say(&m.locator);
            say(&if m.account.trim().is_empty() {
                String::new()
            } else {
                say!("paper-account", account = m.account.trim())
            });
            if let Some(at) = m.captured_at {
                say(&say!("paper-captured", zone = at.in_zone(zone)));
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
        say(&say!(
            "paper-source-obtained",
            source = entry.source.trim(),
            obtained_by = entry.obtained_by.trim(),
            at,
            obtained_how = entry.obtained_how.trim()
        ));
        say(&entry.link_to_crime);
    }
    if entry.finding == Some(Finding::Contradicts) {
        say(&if entry.resolution.trim().is_empty() {
            say!("paper-contradiction-not-resolved").to_owned()
        } else {
            say!("rule-note-resolved", resolution = entry.resolution.trim())
        });
    }
    for file in &entry.attachments {
        say(&say!(
            "paper-file-bytes-sha-256",
            file_name = file.file_name,
            bytes = file.bytes,
            sha256 = grouped(&file.sha256)
        ));
    }
    said.join(". ").replace("..", ".")
}

fn corroboration(note: &NoteContent, blocks: &mut Vec<Block>) {
    if note.checklist.entries.is_empty() {
        return;
    }
    blocks.push(Block::heading(say!("rule-note-corroboration")));
    let standing = |entry: &Entry| note.standings.iter().find(|(id, _)| *id == entry.id).map(|(_, standing)| standing);
    let rows = note.checklist.entries.iter().map(|entry| {
        vec![
            entry.category().in_words().to_owned(),
            entry.finding.map_or_else(String::new, |f| f.in_words().to_owned()),
            entry_says(entry, &note.time_zone),
            standing(entry).map_or_else(String::new, Standing::in_words),
        ]
    });
    blocks.push(Block::Table {
        header: [say!("paper-category"), say!("paper-finding"), say!("paper-what"), say!("paper-worth")]
            .map(str::to_owned)
            .to_vec(),
        widths: vec![18, 14, 46, 22],
        rows: rows.collect(),
    });
    for entry in &note.checklist.entries {
        if let Some(contaminated @ Standing::Contaminated { .. }) = standing(entry) {
            let worth = contaminated.in_words();
            let text = format!("{} ({}): {worth}", entry.category().in_words(), entry.source.trim());
            blocks.push(Block::Warning { text });
        }
    }
    if note.disposition.tells_the_lead() {
        blocks.push(Block::Subheading { text: say!("paper-could-speak-against-lead").to_owned() });
        let rows = note.checklist.panel.answers.iter().map(|a| {
            let answer = match a.answer {
                Some(casework::ContradictionAnswer::Consistent) => say!("rule-corroboration-consistent"),
                Some(casework::ContradictionAnswer::Contradicts) => say!("paper-contradicts-2"),
                Some(casework::ContradictionAnswer::NotKnown) => say!("rule-corroboration-not-known"),
                None => say!("rule-note-not-answered"),
            };
            let resolved = if a.resolution.trim().is_empty() {
                String::new()
            } else {
                say!("paper-resolved", resolution = a.resolution.trim())
            };
            vec![a.item.in_words().to_owned(), answer.to_owned(), format!("{}{resolved}", a.rests_on.trim())]
        });
        blocks.push(Block::Table {
            header: [say!("paper-fact"), say!("paper-answer"), say!("paper-rests")].map(str::to_owned).to_vec(),
            widths: vec![26, 18, 56],
            rows: rows.collect(),
        });
        blocks.push(Block::Facts {
            pairs: vec![(
                say!("paper-speaks-person").to_owned(),
                note.checklist.panel.speaks_for_the_person.trim().to_owned(),
            )],
        });
    }
}

/// What came of a note, but for what was corrected.
fn came_of_it(report: &LeadReport<'_>, blocks: &mut Vec<Block>) {
    let line = |result: &ResultContent| {
        let by = &result.recorded_by;
        let said = say!(
            "paper-came-of-it-line",
            on = result.on,
            authority = result.authority.trim(),
            name = by.name,
            badge = by.badge
        );
        (result.kind.in_words().to_owned(), said)
    };
    let pairs: Vec<_> = ResultContent::standing(report.results).map(line).collect();
    if !pairs.is_empty() {
        blocks.push(Block::heading(say!("paper-came-of-it")));
        blocks.push(Block::Facts { pairs });
    }
}

/// The lead report of a note. It stands only once the review that counts has approved; before that it is a marked draft, and once
/// the lead was found wrong it says so on every page and shows nobody.
pub fn lead_report(report: &LeadReport<'_>) -> Paper {
    let note = report.note;
    let leaving = Leaving::of(report.reviews.iter().map(|(review, _)| *review), report.results);
    let draft = match leaving {
        Leaving::AsLead => "",
        Leaving::FoundWrong => say!("paper-lead-found-wrong"),
        Leaving::NotApproved(Approval::DecidedDifferently) => say!("paper-draft-supervisors-decided-differently-note"),
        Leaving::NotApproved(Approval::Returned) => say!("paper-draft-supervisor-returned-note-may"),
        Leaving::NotApproved(Approval::Referred) => say!("paper-draft-note-referred-audit-may"),
        Leaving::NotApproved(Approval::NotReviewed | Approval::Given) => {
            say!("paper-draft-no-supervisor-approved-note")
        }
    };
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let mut blocks = vec![Block::Facts {
        pairs: vec![
            pair(say!("rule-note-disposition"), disposition(note.disposition).to_owned()),
            pair(
                say!("paper-author"),
                say!(
                    "paper-badge-sealed",
                    name = note.author.name,
                    badge = note.author.badge,
                    ori = note.author.ori,
                    time_zone = note.sealed_at.in_zone(&note.time_zone)
                ),
            ),
        ],
    }];
    if !note.reason.is_empty() {
        blocks.push(Block::Facts { pairs: vec![pair(say!("paper-excludes"), note.reason.clone())] });
    }
    blocks.push(Block::heading(say!("rule-note-account")));
    blocks.extend(Block::typed(&note.narrative));
    // Without a lead nobody of a gallery is shown, whatever was handed in: the probe comes first.
    let shows_the_lead = note.disposition.tells_the_lead() && leaving != Leaving::FoundWrong;
    let shown = if shows_the_lead { report.pictures.len() } else { report.pictures.len().min(1) };
    if shown > 0 {
        blocks.push(Block::heading(say!("paper-images")));
        blocks.push(Block::Pictures { pictures: report.pictures[..shown].to_vec() });
    }
    blocks.push(Block::heading(say!("paper-record-shows")));
    let facts = note.facts.iter().map(|f| (f.about.clone(), f.text.clone()));
    blocks.push(Block::Facts { pairs: facts.collect() });
    corroboration(note, &mut blocks);
    if !report.addenda.is_empty() {
        blocks.push(Block::heading(say!("paper-addenda")));
        for addendum in report.addenda {
            blocks.push(Block::Subheading {
                text: say!(
                    "paper-badge-3",
                    number = addendum.number,
                    name = addendum.author.name,
                    badge = addendum.author.badge,
                    time_zone = addendum.at.in_zone(&note.time_zone)
                ),
            });
            blocks.extend(Block::typed(&addendum.text));
        }
    }
    came_of_it(report, &mut blocks);
    blocks.push(Block::heading(say!("paper-review-signatures")));
    for (review, signature) in &report.reviews {
        let who = say!(
            "paper-badge-4",
            name = review.reviewer.name,
            badge = review.reviewer.badge,
            time_zone = review.at.in_zone(&note.time_zone)
        );
        let mut pairs = vec![pair(decision(review.decision), who)];
        for judged in &review.judged {
            let answer = if judged.holds == Some(true) { say!("paper-yes") } else { say!("paper-no") };
            pairs.push(pair(
                answer,
                format!("{} {}", judged.judgement.question(), judged.remark.trim()).trim().to_owned(),
            ));
        }
        pairs.extend(review.remarks.iter().map(|remark| pair(&remark.place, remark.text.clone())));
        if !review.reason.is_empty() {
            pairs.push(pair(say!("rule-note-reason"), review.reason.clone()));
        }
        pairs.push(pair(say!("paper-signed"), signed(signature)));
        blocks.push(Block::Facts { pairs });
    }
    if report.reviews.is_empty() {
        blocks.push(Block::text(say!("paper-not-reviewed")));
    }
    blocks.push(Block::Facts { pairs: vec![pair(say!("paper-note-signed"), signed(&report.sealed))] });
    Paper {
        department: report.department.to_owned(),
        title: say!("paper-lead-report", number = note.case.number()),
        subtitle: format!("{}, {}", note.case.offence(), note.case.event_at().in_zone(&note.time_zone)),
        draft: draft.to_owned(),
        statement: note.statement.trim().to_owned(),
        footer: say!("paper-note-sha-256", id = note.id, sha256 = report.sealed.sha256, printed = report.printed),
        blocks,
    }
}

pub(crate) fn signed(signature: &Signature) -> String {
    say!(
        "paper-sha-256-ed25519-key-exported",
        sha256 = grouped(&signature.sha256),
        signature = grouped(&signature.signature),
        key = signature.key
    )
}

/// Hexadecimal in groups of eight, so that it can be read out and a line can break.
fn grouped(hex: &str) -> String {
    let letters: Vec<char> = hex.chars().collect();
    letters.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
