//! Both sides of a search: what the gallery audited, and what workstations put on record. Each must have the other; what stands alone
//! was made past a workstation, or is missing at the gallery.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::say;
use department::Moment;
use serde::{Deserialize, Serialize};

use super::conduct::Conduct;
use super::event::DeskEvent;
use super::party::Party;
use super::rule::OversightRule;
use crate::case::Purpose;
use crate::ids::CaseId;

/// Actions of events that a search leaves.
pub const SEARCH_ACTIONS: &[&str] = &["search-answered", "search-failed", "search-sent"];
/// Most characters of a basis that is shown.
const SHOWN: usize = 600;

/// A search in the gallery's audit, answered or refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GallerySearch {
    /// Position in that audit.
    pub seq: i64,
    /// When, by the gallery's clock.
    pub at: Moment,
    /// Whose token.
    pub actor: String,
    /// The agency of that token.
    pub agency: String,
    /// Identity of the search; none where it was refused.
    pub search: Option<String>,
    /// Code of the refusal, where it was refused.
    pub refused: Option<String>,
    /// Purpose as it was sent.
    pub purpose: String,
    /// Case number as it was sent.
    pub number: String,
    /// Basis as it was sent.
    pub basis: String,
    /// Key of the workstation that signed; none where nothing did.
    pub signed_by: Option<String>,
}

impl GallerySearch {
    /// Reads a row of the gallery's audit; none for a row that is of no search.
    pub fn read(seq: i64, at: &str, actor: &str, agency: &str, action: &str, detail: &str) -> Option<Self> {
        if !matches!(action, "search" | "search-refused") {
            return None;
        }
        let at = Moment(at.parse().ok()?);
        let fields: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
        let request = &fields["request"];
        let text = |value: &serde_json::Value| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if value.is_null() { String::new() } else { text.chars().take(SHOWN).collect() }
        };
        let some = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        // What a signature that was refused names, it does not show.
        let shown = !request["examiner_standing"].as_str().is_some_and(|standing| standing.ends_with("refused"));
        Some(Self {
            seq,
            at,
            actor: actor.to_owned(),
            agency: agency.to_owned(),
            search: some(&fields["search_id"]),
            refused: (action == "search-refused").then(|| text(&fields["code"])),
            purpose: text(&request["purpose"]),
            number: text(&request["case_number"]),
            basis: text(&request["basis"]),
            signed_by: some(&request["signed_by"]).filter(|_| shown),
        })
    }
}

/// A search as a workstation put it on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseSearch {
    /// Key of the workstation.
    pub workstation: String,
    /// Position of the event that says it was sent.
    pub seq: i64,
    /// When it was sent.
    pub at: Moment,
    /// Who searched.
    pub by: Option<Party>,
    /// The case.
    pub case: CaseId,
    /// Its number as it was sent.
    pub number: String,
    /// The purpose.
    pub purpose: Option<Purpose>,
    /// The gallery's address.
    pub gallery: String,
    /// Identity and time of the answer, where there was one.
    pub answered: Option<(String, Moment)>,
    /// Whether it ended without one.
    pub failed: bool,
}

/// The searches that `events` tell of: each that was sent, with what came of it. `cases` name the searches of events of an earlier
/// program, which did not.
pub fn case_searches(events: &[DeskEvent], cases: &[Conduct]) -> Vec<CaseSearch> {
    let by_case: BTreeMap<CaseId, &Conduct> = cases.iter().map(|case| (case.case, case)).collect();
    let mut ordered: Vec<&DeskEvent> = events.iter().collect();
    ordered.sort_by(|a, b| (&a.workstation, a.seq).cmp(&(&b.workstation, b.seq)));
    let mut found: Vec<CaseSearch> = Vec::new();
    // The one of each case that waits for its end.
    let mut open: BTreeMap<(&str, CaseId), usize> = BTreeMap::new();
    for event in ordered {
        let Some(case) = event.case else { continue };
        let place = (event.workstation.as_str(), case);
        match event.action.as_str() {
            "search-sent" => {
                open.insert(place, found.len());
                found.push(CaseSearch {
                    workstation: event.workstation.clone(),
                    seq: event.seq,
                    at: event.at,
                    by: event.by.clone(),
                    case,
                    number: event.number.clone().unwrap_or_default(),
                    purpose: event.purpose,
                    gallery: event.says("gallery").unwrap_or_default().to_owned(),
                    answered: None,
                    failed: false,
                });
            }
            "search-answered" => {
                let Some(search) = open.remove(&place).and_then(|at| found.get_mut(at)) else { continue };
                let named = event.says("search").map(str::to_owned).or_else(|| {
                    let all = by_case.get(&case).map(|conduct| conduct.searches.as_slice()).unwrap_or_default();
                    let near = |at: Moment| (at.0.as_second() - event.at.0.as_second()).abs();
                    all.iter().min_by_key(|s| near(s.at)).filter(|s| near(s.at) <= 60).map(|s| s.id.to_string())
                });
                search.answered = named.map(|id| (id, event.at));
            }
            "search-failed" => {
                if let Some(search) = open.remove(&place).and_then(|at| found.get_mut(at)) {
                    search.failed = true;
                }
            }
            _ => {}
        }
    }
    found
}

/// Which side has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The gallery audited it, and no case has it.
    Gallery,
    /// A case has it, and the gallery did not audit it.
    Workstation,
}

/// Why a search stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Grounds {
    /// No workstation signed it: whoever made it had the token and no workstation.
    Unsigned,
    /// A key signed it that is no workstation's whose events are here.
    UnknownKey,
    /// A workstation signed it whose events reach beyond that time and have no such search.
    NoEvent,
    /// A workstation signed it that has not been heard of since.
    NotHeardOf,
    /// An event names it at another time.
    OtherTime,
    /// An event names it for another case number.
    OtherNumber,
    /// An event of another workstation than the one that signed names it.
    OtherWorkstation,
    /// Two events name it.
    Twice,
    /// The gallery's audit has no such search.
    NotAtGallery,
}

impl Grounds {
    /// The reason as a sentence.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Unsigned => say!("rule-oversight-alone-unsigned"),
            Self::UnknownKey => say!("rule-oversight-alone-unknown-key"),
            Self::NoEvent => say!("rule-oversight-alone-no-event"),
            Self::NotHeardOf => say!("rule-oversight-alone-not-heard-of"),
            Self::OtherTime => say!("rule-oversight-alone-other-time"),
            Self::OtherNumber => say!("rule-oversight-alone-other-number"),
            Self::OtherWorkstation => say!("rule-oversight-alone-other-workstation"),
            Self::Twice => say!("rule-oversight-alone-twice"),
            Self::NotAtGallery => say!("rule-oversight-alone-not-at-gallery"),
        }
    }

    /// Whether it may still be resolved by what has not come yet.
    pub fn waits(self) -> bool {
        self == Self::NotHeardOf
    }
}

/// A search that stands alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alone {
    /// Where it is.
    pub side: Side,
    /// Why it stands alone.
    pub grounds: Grounds,
    /// When.
    pub at: Moment,
    /// Whose token, or who searched.
    pub who: String,
    /// Who searched, where a person is known.
    pub by: Option<Party>,
    /// Agency of the token.
    pub agency: String,
    /// Case number given.
    pub number: String,
    /// Purpose given.
    pub purpose: String,
    /// Basis given; a workstation's event has none.
    pub basis: String,
    /// Code of the gallery's refusal, where it was refused.
    pub refused: Option<String>,
    /// Cases that have this number: the search may name one and not be of it.
    pub cases: Vec<CaseId>,
    /// What it is told from others by: position in the gallery's audit, or workstation and position there.
    pub mark: String,
    /// The workstation's event, where there is one.
    pub event: Option<(String, i64)>,
}

/// Holds both sides against each other.
///
/// `gallery` are the searches that the gallery audited for the department's agencies, `from` and `until` the time that this audit
/// covers, `searches` those of the events, `heard` the newest event of each workstation, `numbers` the cases of each case number.
pub fn cross_check(
    gallery: &[GallerySearch],
    covers: (Moment, Moment),
    address: &str,
    searches: &[CaseSearch],
    heard: &BTreeMap<String, Moment>,
    numbers: &BTreeMap<String, Vec<CaseId>>,
    rule: &OversightRule,
) -> Vec<Alone> {
    let skew = i64::from(rule.clock_minutes) * 60;
    let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, search) in searches.iter().enumerate() {
        if let Some((id, _)) = &search.answered {
            named.entry(id.as_str()).or_default().push(at);
        }
    }
    // Searches that were sent and not answered: the gallery may have made or refused them all the same. Each explains one.
    let mut unanswered: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, search) in searches.iter().enumerate().filter(|(_, search)| search.answered.is_none()) {
        unanswered.entry((search.workstation.as_str(), search.number.as_str())).or_default().push(at);
    }
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let mut alone = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for row in gallery {
        let events = row.search.as_deref().and_then(|id| named.get(id)).map(Vec::as_slice).unwrap_or_default();
        known.extend(row.search.as_deref());
        let grounds = match events {
            [one] => other(row, &searches[*one], skew),
            [_, _, ..] => Some(Grounds::Twice),
            [] => missing(row, searches, &unanswered, &mut used, heard, skew),
        };
        if let Some(grounds) = grounds {
            let event = events.first().map(|at| &searches[*at]);
            alone.push(Alone {
                side: Side::Gallery,
                grounds,
                at: row.at,
                who: row.actor.clone(),
                by: event.and_then(|event| event.by.clone()),
                agency: row.agency.clone(),
                number: row.number.clone(),
                purpose: row.purpose.clone(),
                basis: row.basis.clone(),
                refused: row.refused.clone(),
                cases: numbers.get(row.number.trim()).cloned().unwrap_or_default(),
                mark: format!("gallery {} {}", row.seq, row.at.0),
                event: event.map(|event| (event.workstation.clone(), event.seq)),
            });
        }
    }
    for search in searches {
        let Some((id, at)) = &search.answered else { continue };
        // At the edges of what the gallery's audit covers the two clocks decide nothing.
        let covered = covers.0.0.as_second() + skew <= search.at.0.as_second()
            && at.0.as_second() + skew <= covers.1.0.as_second();
        if search.gallery != address || !covered || known.contains(id.as_str()) {
            continue;
        }
        alone.push(Alone {
            side: Side::Workstation,
            grounds: Grounds::NotAtGallery,
            at: search.at,
            who: search.by.as_ref().map(Party::in_words).unwrap_or_default(),
            by: search.by.clone(),
            agency: search.by.as_ref().map(|by| by.ori.clone()).unwrap_or_default(),
            number: search.number.clone(),
            purpose: search.purpose.map(|purpose| purpose.code().to_owned()).unwrap_or_default(),
            basis: String::new(),
            refused: None,
            cases: vec![search.case],
            mark: format!("event {} {}", search.workstation, search.seq),
            event: Some((search.workstation.clone(), search.seq)),
        });
    }
    // What can only be misuse before what may still arrive; the newest first.
    alone.sort_by(|a, b| (a.grounds.waits(), b.at, &a.mark).cmp(&(b.grounds.waits(), a.at, &b.mark)));
    alone
}

/// Why the event that names a search is not of it, if it is not.
fn other(row: &GallerySearch, search: &CaseSearch, skew: i64) -> Option<Grounds> {
    let answered = search.answered.as_ref().map_or(search.at, |(_, at)| *at);
    let (sent, ended) = (search.at.0.as_second() - skew, answered.0.as_second() + skew);
    if row.signed_by.as_deref() != Some(search.workstation.as_str()) {
        return Some(if row.signed_by.is_none() { Grounds::Unsigned } else { Grounds::OtherWorkstation });
    }
    if row.number.trim() != search.number.trim() {
        return Some(Grounds::OtherNumber);
    }
    (!(sent..=ended).contains(&row.at.0.as_second())).then_some(Grounds::OtherTime)
}

/// Why no event names a search, if none was sent that explains it.
fn missing(
    row: &GallerySearch,
    searches: &[CaseSearch],
    unanswered: &BTreeMap<(&str, &str), Vec<usize>>,
    used: &mut BTreeSet<usize>,
    heard: &BTreeMap<String, Moment>,
    skew: i64,
) -> Option<Grounds> {
    let Some(signed_by) = row.signed_by.as_deref() else { return Some(Grounds::Unsigned) };
    let Some(heard) = heard.get(signed_by) else { return Some(Grounds::UnknownKey) };
    let sent = unanswered.get(&(signed_by, row.number.trim())).map(Vec::as_slice).unwrap_or_default();
    let near = |at: &&usize| (searches[**at].at.0.as_second() - row.at.0.as_second()).abs() <= skew;
    if let Some(at) = sent.iter().filter(|at| !used.contains(at)).find(near) {
        used.insert(*at);
        return None;
    }
    let reaches = heard.0.as_second() > row.at.0.as_second() + skew;
    Some(if reaches { Grounds::NoEvent } else { Grounds::NotHeardOf })
}
