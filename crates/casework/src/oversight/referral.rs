//! What was referred to the auditor: by the program for a flagged or urgent purpose, or by whoever reviewed a note. Nobody has to
//! remember it.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::say;
use department::Moment;

use super::conduct::Conduct;
use super::event::DeskEvent;
use super::party::Party;
use crate::ids::CaseId;

/// Actions of events that refer something.
pub const REFERRAL_ACTIONS: &[&str] = &["note-reviewed", "note-reviewed-twice", "referred-to-audit"];

/// A case that was referred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// The case, where it is known.
    pub case: Option<CaseId>,
    /// The note, where only that is known.
    pub note: Option<String>,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
    /// Who has the case.
    pub about: Vec<Party>,
    /// When it was referred last.
    pub at: Moment,
    /// The events that say so.
    pub events: Vec<(String, i64)>,
}

/// Everything that was referred, the newest first. What a case's own record says is referred is, whether an event says so or not.
pub fn referrals(events: &[DeskEvent], cases: &[Conduct]) -> Vec<Referral> {
    let of_note: BTreeMap<String, &Conduct> =
        cases.iter().flat_map(|case| case.notes.iter().map(move |note| (note.id.to_string(), case))).collect();
    let by_case: BTreeMap<CaseId, &Conduct> = cases.iter().map(|case| (case.case, case)).collect();
    let mut found: BTreeMap<(Option<CaseId>, Option<String>), Referral> = BTreeMap::new();
    for event in events {
        let refers = match event.action.as_str() {
            "referred-to-audit" => true,
            action => REFERRAL_ACTIONS.contains(&action) && event.says("decision") == Some("refer"),
        };
        if !refers {
            continue;
        }
        let note = event.says("note");
        let conduct = event.case.and_then(|case| by_case.get(&case)).or_else(|| of_note.get(note?)).copied();
        let case = event.case.or(conduct.map(|conduct| conduct.case));
        let place = (case, note.filter(|_| case.is_none()).map(str::to_owned));
        let referral = found.entry(place).or_insert_with_key(|(case, note)| Referral {
            case: *case,
            note: note.clone(),
            reasons: Vec::new(),
            about: conduct.map(Conduct::had_a_hand).unwrap_or_default(),
            at: event.at,
            events: Vec::new(),
        });
        referral.at = referral.at.max(event.at);
        referral.about.extend(event.by.iter().filter(|by| !referral.about.contains(by)).cloned().collect::<Vec<_>>());
        referral.events.push((event.workstation.clone(), event.seq));
        let by = event.by.as_ref().map(Party::in_words).unwrap_or_default();
        referral.reasons.push(match event.says("reasons") {
            Some(reasons) => reasons.to_owned(),
            None => say!("rule-oversight-referred-by", by),
        });
    }
    for conduct in cases.iter().filter(|case| !case.referrals.is_empty() && !case.searches.is_empty()) {
        let referral = found.entry((Some(conduct.case), None)).or_insert_with(|| Referral {
            case: Some(conduct.case),
            note: None,
            reasons: Vec::new(),
            about: conduct.had_a_hand(),
            at: conduct.opened_at,
            events: Vec::new(),
        });
        referral.reasons.extend(conduct.referrals.iter().cloned());
    }
    let mut all: Vec<Referral> = found.into_values().collect();
    for referral in &mut all {
        let said: BTreeSet<String> = std::mem::take(&mut referral.reasons).into_iter().collect();
        referral.reasons = said.into_iter().collect();
    }
    all.sort_by(|a, b| (b.at, a.case).cmp(&(a.at, b.case)));
    all
}
