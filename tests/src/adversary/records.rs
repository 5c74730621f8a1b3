//! What must hold of every record, whatever was called: plain rules, not the program's own code where that can be.

use casework::{CaseFile, Decision, Examination};
use serde_json::Value;
use vault::Vault;

/// What of a case is gone or changed that stays, between two looks at its row.
pub fn shrunk(before: &Value, after: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let kept = ["/searches", "/sent", "/returned", "/history/set_aside", "/history/given_up", "/seen_by"];
    for place in kept {
        let list = |row: &Value| row.pointer(place).and_then(Value::as_array).cloned().unwrap_or_default();
        let (old, new) = (list(before), list(after));
        if new.len() < old.len() || new[..old.len()] != old[..] {
            wrong.push(format!("{place} lost or changed what was on record"));
        }
    }
    for place in ["/withdrawn", "/history/elsewhere"] {
        let count = |row: &Value| row.pointer(place).and_then(Value::as_array).map_or(0, Vec::len);
        if count(after) < count(before) {
            wrong.push(format!("{place} lost what was on record"));
        }
    }
    let mut same = |places: &[&str], when: &str| {
        for place in places {
            if before.pointer(place) != after.pointer(place) {
                wrong.push(format!("{place} changed {when}"));
            }
        }
    };
    same(&["/id", "/opened_by"], "at all");
    if before["sent"].as_array().is_some_and(|sent| !sent.is_empty()) {
        same(&["/purpose", "/case", "/probe", "/image", "/origin", "/further"], "after a search was sent");
    }
    if !before["sealed"].is_null() && before["sealed"] == after["sealed"] {
        same(&["/checklist", "/note", "/examination", "/searches", "/verifying"], "under a sealed note");
    }
    let of = |row: &Value, field: &str| row["examination"][field].clone();
    if of(before, "search") == of(after, "search") && !of(before, "concluded_at").is_null() {
        same(
            &["/examination/conclusions", "/examination/looked_at", "/examination/comparisons", "/examination/lead"],
            "after the examination was concluded",
        );
    }
    let entries = |row: &Value| row["checklist"]["entries"].as_array().cloned().unwrap_or_default();
    let said = |entry: &Value| entry["shows"].as_str().is_some_and(|shows| shows.chars().any(char::is_alphanumeric));
    for entry in entries(before).iter().filter(|e| e["finding"] == "contradicts" && said(e)) {
        if !entries(after).iter().any(|e| e["id"] == entry["id"] && e["finding"] == "contradicts") {
            wrong.push("an entry that contradicts the lead is gone".to_owned());
        }
    }
    wrong
}

/// What of the vault's records the rules do not lead to.
///
/// # Errors
/// When the vault cannot be read.
pub fn contradictions(vault: &Vault) -> anyhow::Result<Vec<String>> {
    let (policy, now) = (casework::samples::policy(), casework::Moment(jiff::Timestamp::now()));
    let mut wrong = Vec::new();
    if let Err(error) = vault::verify_export(&vault.export_audit()?) {
        wrong.push(format!("the audit does not hold: {error}"));
    }
    for row in vault.cases::<CaseFile>()?.0 {
        let file = row.content;
        let mut need = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{what} (case {})", file.purpose.case_number));
            }
        };
        if let Some(examination) = &file.examination {
            let work = examination.work();
            let of = file.searches.last().filter(|search| search.id() == work.search);
            need(of.is_some(), "the examination is of another list");
            need(!file.sent.is_empty(), "a list came that nobody sent for");
            let concluded = examination.concluded_at().is_some();
            if let (Some(search), true) = (of, concluded) {
                need(examination.proven(search, now, &policy).is_ok(), "a concluded examination does not prove itself");
                need(
                    work.looked_at.len() >= policy.examination.minimum_concluded.min(search.candidates().len()),
                    "an examination is concluded on fewer candidates than the policy's",
                );
                need(work.analysis.recorded_at.is_some(), "an examination is concluded without an analysis");
            }
            if let Some(second) = examination.verification() {
                let other = |by: &casework::PersonRef| !second.verifier.is_same(by);
                need(other(&file.opened_by) && other(&work.examiner), "somebody verified their own work");
                let knew = file.seen_by.iter().any(|s| s.by.is_same(&second.verifier) && s.at < second.at);
                need(!knew, "somebody who had read of the case verified it");
                need(second.work.among.len() > policy.examination.verification_fillers, "a verifier got too few");
                need(
                    work.lead.is_some_and(|lead| second.work.among.contains(&lead)),
                    "a verifier did not get the lead",
                );
            }
            let unveiled = matches!(examination, Examination::Unveiled(_) | Examination::Verified(_));
            need(file.verifying.is_none() || unveiled, "a verification is asked for of what is not unveiled");
        }
        if let Some(begun) = file.verifying.as_ref().and_then(|task| task.begun.as_ref()) {
            need(!begun.examiner.is_same(&file.opened_by), "somebody verifies their own work");
        }
        let last = file.returned.last().map(|review| review.note);
        need(file.sealed.is_none() || file.sealed != last, "a returned note stands as sealed");
        for id in file.sealed.into_iter().chain(last) {
            match vault.note(id) {
                Ok(note) => {
                    need(note.content.case.id() == file.id, "a note is of another case");
                    let reviewer = note.review.as_ref().map(|review| &review.reviewer);
                    need(reviewer.is_none_or(|r| !r.is_same(&note.content.author)), "somebody reviewed their own note");
                    let returned = note.review.as_ref().is_some_and(|r| r.decision == Decision::Return);
                    need(returned == (Some(id) != file.sealed), "a note stands otherwise than its review says");
                }
                Err(error) => need(false, &format!("a sealed note does not prove itself: {error}")),
            }
        }
        for note in vault.notes_of(file.id)? {
            let answered =
                file.sealed == Some(note.content.id) || file.returned.iter().any(|r| r.note == note.content.id);
            need(answered, "a note is sealed of which its case knows nothing");
        }
    }
    Ok(wrong)
}
