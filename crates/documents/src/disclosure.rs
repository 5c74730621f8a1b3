use casework::{Entry, Finding, Moment, PreparationStep, ReviewContent, SearchRecord, Standing};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::report::{decision, entry_says};
use crate::{Block, Paper};

fn text(value: &Value) -> String {
    match value {
        Value::Null => "not recorded".to_owned(),
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

/// A code such as `limited-support` as words.
fn words(value: &Value) -> String {
    text(value).replace('-', " ")
}

fn moment(value: &Value, zone: &str) -> String {
    read::<Moment>(value).map_or_else(|| text(value), |at| at.in_zone(zone))
}

fn step(value: &Value) -> String {
    read::<PreparationStep>(value).map_or_else(|| text(value), |step| step.in_words())
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn who(value: &Value) -> String {
    format!("{}, badge {}, {}", text(&value["name"]), text(&value["badge"]), text(&value["ori"]))
}

fn facts(pairs: Vec<(&str, String)>) -> Block {
    Block::Facts { pairs: pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
}

fn table(header: &[&str], widths: &[u8], rows: Vec<Vec<String>>) -> Block {
    Block::Table { header: header.iter().map(|h| (*h).to_owned()).collect(), widths: widths.to_vec(), rows }
}

/// The disclosure of a case on paper, made from its machine-readable form (`docs/disclosure.schema.json`), so that both
/// always say the same.
pub fn disclosure(record: &Value, department: &str) -> Paper {
    let case = &record["case"];
    let zone = record["time_zone"].as_str().unwrap_or("UTC");
    let mut blocks = vec![
        Block::text(text(&record["use_of_face_recognition"])),
        facts(vec![
            ("Case", text(&case["number"])),
            ("Offence", format!("{}, {}", text(&case["offence"]), moment(&case["event_at"], zone))),
            ("Purpose", words(&case["purpose"])),
            ("Basis", format!("{} {}", text(&case["basis"]["code"]), text(&case["basis"]["statement"]))),
            ("Asked for by", text(&case["basis"]["requested_by"])),
            ("Opened by", format!("{}, {}", who(&case["opened_by"]), moment(&case["opened_at"], zone))),
        ]),
    ];
    for referral in list(&record["referrals"]) {
        blocks.push(Block::Warning { text: format!("Referred to audit by the program: {}", text(referral)) });
    }
    probe(&record["probe"], zone, &mut blocks);
    blocks.push(Block::heading("Every search, those that gave nothing too"));
    let examination = &record["examination"];
    for search in list(&record["searches"]) {
        searched(search, examination, zone, &mut blocks);
    }
    if list(&record["searches"]).is_empty() {
        blocks.push(Block::text("No search was made."));
    }
    examined(record, zone, &mut blocks);
    corroborated(record, zone, &mut blocks);
    noted(record, zone, &mut blocks);
    blocks.push(Block::heading("What was done, as the audit chain has it"));
    let rows = list(&record["audit"]).iter().map(|event| {
        vec![text(&event["seq"]), moment(&event["at"], zone), text(&event["person"]), words(&event["action"])]
    });
    blocks.push(table(&["No.", "When", "Who", "What"], &[6, 22, 48, 24], rows.collect()));
    Paper {
        department: department.to_owned(),
        title: format!("Disclosure {}", text(&case["number"])),
        subtitle: "Use of face recognition in this case".to_owned(),
        draft: String::new(),
        statement: text(&record["statement"]),
        footer: format!("Produced {} by {}", moment(&record["produced_at"], zone), who(&record["produced_by"])),
        blocks,
    }
}

fn probe(probe: &Value, zone: &str, blocks: &mut Vec<Block>) {
    blocks.push(Block::heading("Probe, and what was done to it"));
    if probe.is_null() {
        blocks.push(Block::text("No probe was taken in."));
        return;
    }
    blocks.push(facts(vec![
        ("Kind", format!("{}, taken {}", words(&probe["source"]), moment(&probe["captured_at"], zone))),
        (
            "Obtained",
            format!(
                "{}: {} ({})",
                text(&probe["obtained_by"]),
                text(&probe["obtained_how"]),
                text(&probe["legal_basis"])
            ),
        ),
        (
            "Quality",
            format!("{} of 100. {}", text(&probe["quality"]), probe["quality_warning"].as_str().unwrap_or_default()),
        ),
        ("SHA-256", text(&probe["image"]["sha256"])),
    ]));
    for frame in list(&probe["further"]) {
        blocks.push(Block::text(format!(
            "Further photograph: {} SHA-256 {}",
            text(&frame["same_person"]),
            text(&frame["image"]["sha256"])
        )));
    }
    match list(&probe["prepared"]["steps"]) {
        [] => blocks.push(Block::text("The original was searched; nothing was done to it.")),
        steps => {
            blocks.push(Block::text("The original was searched, and beside it a copy, prepared in these steps:"));
            blocks.push(Block::List { items: steps.iter().map(step).collect() });
        }
    }
}

fn searched(search: &Value, examination: &Value, zone: &str, blocks: &mut Vec<Block>) {
    let whole: Option<SearchRecord> = read(search);
    let candidates = list(&search["candidates"]);
    blocks.push(Block::Subheading { text: format!("{}, by {}", moment(&search["at"], zone), who(&search["by"])) });
    blocks.push(facts(vec![
        ("Gallery", format!("{}, model {}", text(&search["gallery"]), text(&search["model"]))),
        (
            "Compared",
            whole.map_or_else(String::new, |s| {
                format!(
                    "{} of {} templates, {} left out by filters; {} candidates",
                    s.completeness().scanned,
                    s.completeness().gallery_size,
                    s.completeness().filtered_out,
                    candidates.len()
                )
            }),
        ),
    ]));
    if search["gave_nothing"] == true {
        blocks.push(Block::Warning { text: "This search gave nothing: no candidate of it was kept.".to_owned() });
    }
    if search["withheld"] == true {
        blocks.push(Block::text(
            "The examination of this list is not concluded and unveiled: nothing of anybody on it is told.",
        ));
        return;
    }
    let examined = examination["search"] == search["id"];
    let rows = candidates.iter().enumerate().map(|(at, candidate)| {
        let id = text(&candidate["id"]);
        let concluded = &examination["conclusions"][&id]["conclusion"];
        let said = match (examined, concluded.is_null(), examination["looked_at"][&id].is_null()) {
            (false, ..) => "not examined".to_owned(),
            (true, false, _) => words(concluded),
            (true, true, false) => "looked at, no conclusion".to_owned(),
            (true, true, true) => "not looked at".to_owned(),
        };
        let kept = if examined && examination["lead"] == candidate["id"] { " (kept)" } else { "" };
        let score = candidate["score"].as_f64().map_or_else(String::new, |s| format!("{s:.2}"));
        let taken = candidate["captured_on"].as_str().unwrap_or("not known");
        vec![(at + 1).to_string(), text(&candidate["subject_id"]), score, taken.to_owned(), format!("{said}{kept}")]
    });
    let header = ["Rank", "Subject", "Similarity score", "Taken", "Blind conclusion"];
    blocks.push(table(&header, &[8, 30, 18, 18, 26], rows.collect()));
}

fn examined(record: &Value, zone: &str, blocks: &mut Vec<Block>) {
    let examination = &record["examination"];
    blocks.push(Block::heading("Examination and verification"));
    if examination.is_null() {
        blocks.push(Block::text("Nothing was examined."));
        return;
    }
    let earlier = list(&record["history"]["set_aside"]);
    for aside in earlier {
        let was = &aside["examination"];
        blocks.push(Block::Warning {
            text: format!(
                "An earlier examination by {} was set aside by a further search ({}): {} opened, {} conclusions, unveiled: {}, verified: {}.",
                who(&was["examiner"]),
                moment(&aside["at"], zone),
                was["looked_at"].as_object().map_or(0, serde_json::Map::len),
                was["conclusions"].as_object().map_or(0, serde_json::Map::len),
                if was["unveiled_at"].is_null() { "no".to_owned() } else { moment(&was["unveiled_at"], zone) },
                if was["verification"].is_null() { "no".to_owned() } else { words(&was["verification"]["conclusion"]) },
            ),
        });
    }
    for given_up in list(&record["history"]["given_up"]) {
        blocks.push(Block::Warning {
            text: format!(
                "A verification that {} had begun was taken back by {}, {}.",
                who(&given_up["work"]["examiner"]),
                who(&given_up["by"]),
                moment(&given_up["at"], zone)
            ),
        });
    }
    let none = examination["none_of_these"] == true;
    blocks.push(facts(vec![
        ("Examiner", who(&examination["examiner"])),
        ("Concluded", moment(&examination["concluded_at"], zone)),
        ("Unveiled", moment(&examination["unveiled_at"], zone)),
        ("Order", format!("shuffled with the seed {}", text(&examination["shuffle_seed"]))),
        ("Came to", if none { "none of these" } else { "see the conclusions above" }.to_owned()),
    ]));
    let changes = list(&record["changes_after_unveiling"]);
    if changes.is_empty() {
        blocks.push(Block::text("No conclusion was changed after unveiling."));
    }
    for change in changes {
        let before =
            if change["from"].is_null() { "no conclusion".to_owned() } else { words(&change["from"]["conclusion"]) };
        blocks.push(Block::Warning {
            text: format!(
                "Changed after unveiling, {}: from {before} to {}. {}",
                moment(&change["to"]["at"], zone),
                words(&change["to"]["conclusion"]),
                text(&change["to"]["reason"])
            ),
        });
    }
    let second = &record["verification"];
    if second.is_null() {
        blocks.push(Block::text("No second examiner compared."));
        return;
    }
    let mut pairs = vec![
        ("Verified by", format!("{}, {}", who(&second["verifier"]), moment(&second["at"], zone))),
        ("Concluded", format!("{}; {}", words(&second["conclusion"]), words(&second["agreement"]))),
    ];
    if !second["conference"].is_null() {
        let held = &second["conference"];
        pairs.push(("Conference", format!("{}: {}", words(&held["agreed"]), text(&held["account"]))));
    }
    blocks.push(facts(pairs));
}

fn corroborated(record: &Value, zone: &str, blocks: &mut Vec<Block>) {
    blocks.push(Block::heading("Corroboration, and what speaks for the person"));
    let standings: Vec<(casework::EntryId, Standing)> = read(&record["standings"]).unwrap_or_default();
    let entries: Vec<Entry> = read(&record["corroboration"]["entries"]).unwrap_or_default();
    let rows = entries.iter().map(|entry| {
        let worth = standings.iter().find(|(id, _)| *id == entry.id).map_or_else(String::new, |(_, s)| s.in_words());
        let finding = entry.finding.map_or_else(String::new, |f| f.in_words().to_owned());
        vec![entry.category().in_words().to_owned(), finding, entry_says(entry, zone), worth]
    });
    blocks.push(table(&["Category", "Finding", "What", "What it is worth"], &[18, 14, 46, 22], rows.collect()));
    for entry in entries.iter().filter(|e| e.finding == Some(Finding::Contradicts)) {
        blocks.push(Block::Warning {
            text: format!("{} speaks against the lead: {}", entry.category().in_words(), entry_says(entry, zone)),
        });
    }
    let panel = &record["corroboration"]["panel"];
    for answer in list(&panel["answers"]).iter().filter(|a| a["answer"] == "contradicts") {
        blocks.push(Block::Warning {
            text: format!("The {} contradicts: {}", words(&answer["item"]), text(&answer["rests_on"])),
        });
    }
    blocks.push(facts(vec![("Speaks for the person", text(&panel["speaks_for_the_person"]))]));
}

fn noted(record: &Value, zone: &str, blocks: &mut Vec<Block>) {
    blocks.push(Block::heading("Case notes and their reviews"));
    if list(&record["notes"]).is_empty() {
        blocks.push(Block::text("No case note was sealed."));
    }
    for note in list(&record["notes"]) {
        let sealed = moment(&note["sealed_at"], zone);
        blocks.push(Block::Subheading { text: format!("{}, sealed {sealed}", words(&note["disposition"])) });
        blocks.extend(Block::typed(&text(&note["narrative"])));
        let reviews: Vec<ReviewContent> = read(&note["reviews"]).unwrap_or_default();
        for review in &reviews {
            let remarks =
                review.judged.iter().map(|j| j.remark.as_str()).chain(review.remarks.iter().map(|r| r.text.as_str()));
            let remarks: Vec<&str> = remarks.chain([review.reason.as_str()]).filter(|r| !r.is_empty()).collect();
            blocks.push(Block::text(format!(
                "{} by {}, badge {}, {}. {}",
                decision(review.decision),
                review.reviewer.name,
                review.reviewer.badge,
                review.at.in_zone(zone),
                remarks.join(" ")
            )));
        }
        if reviews.is_empty() {
            blocks.push(Block::text("Not reviewed."));
        }
        for addendum in list(&note["addenda"]) {
            blocks.push(Block::text(format!(
                "Addendum {}, {}, {}: {}",
                text(&addendum["number"]),
                who(&addendum["author"]),
                moment(&addendum["at"], zone),
                text(&addendum["text"])
            )));
        }
        blocks.push(facts(vec![("SHA-256", text(&note["sha256"]))]));
    }
}
