//! What workstations and the gallery have on record of a year.

use casework::oversight::{
    Conduct, ConductExamination, ConductNote, ConductSearch, ConductVerification, DeskEvent, GallerySearch, Party,
    Pattern, Sameness,
};
use casework::{CaseId, Moment, NoteId, SearchId};
use serde_json::{Value, json};

use super::misuse::{Kind, Planted};
use super::{EXAMINERS, FLOOR, GALLERY, STATIONS, YearCase, identity, moment, station_of};
use crate::adversary::draw::Dice;

/// An event before it has its position.
#[derive(Debug, Clone)]
struct Event {
    station: usize,
    at: i64,
    who: Option<usize>,
    action: &'static str,
    detail: Value,
}

/// A row of the gallery's audit before it has its position.
#[derive(Debug, Clone)]
struct Row {
    at: i64,
    actor: &'static str,
    search: uuid::Uuid,
    number: String,
    purpose: &'static str,
    basis: String,
    /// The workstation that signed.
    station: Option<usize>,
    /// What was planted here.
    planted: Option<Kind>,
    /// Whether the workstation has the answer.
    answered: bool,
    late: bool,
}

/// All of them.
pub(super) struct Rows {
    events: Vec<Event>,
    gallery: Vec<Row>,
    kinds: Vec<Kind>,
    span: (i64, i64),
}

/// The workstation that is not heard of any more before the year ends.
const SILENT: usize = STATIONS - 1;
/// For how long, in seconds.
const SILENCE: i64 = 3 * 86_400;

impl Rows {
    pub(super) fn of(dice: &mut Dice, cases: &[YearCase], people: &[Party], span: (Moment, Moment)) -> Self {
        let span = (span.0.0.as_second(), span.1.0.as_second());
        let (mut events, mut gallery) = (Vec::new(), Vec::new());
        for case in cases {
            let station = station_of(case.holder);
            let mut event = |at: i64, who: usize, action, detail| {
                events.push(Event { station: station_of(who), at, who: Some(who), action, detail });
            };
            event(case.opened_at.0.as_second(), case.holder, "purpose-confirmed", json!({ "case": case.id }));
            if !case.referrals.is_empty() {
                let detail = json!({ "case": case.id, "reasons": case.referrals, "by": "program" });
                event(case.opened_at.0.as_second(), case.holder, "referred-to-audit", detail);
            }
            for search in &case.searches {
                let at = search.at.0.as_second();
                let detail = json!({
                    "case": case.id, "number": case.number, "purpose": case.purpose, "gallery": GALLERY,
                });
                event(at, case.holder, "search-sent", detail);
                let (action, detail) = match search.answered {
                    true => ("search-answered", json!({ "case": case.id, "search": search.id })),
                    false => ("search-failed", json!({ "case": case.id, "code": "unreachable" })),
                };
                event(at + 5, case.holder, action, detail);
                // Of those that failed, half had reached the gallery.
                if search.answered || dice.one_in(2) {
                    gallery.push(Row {
                        // The two clocks differ by up to two minutes.
                        at: at + 2 + dice.below(240) as i64 - 120,
                        actor: "corroborate",
                        search: search.id,
                        number: case.number.clone(),
                        purpose: case.purpose.code(),
                        basis: case.basis.clone(),
                        station: Some(station),
                        planted: None,
                        answered: search.answered,
                        late: false,
                    });
                }
            }
            if let Some((at, disposition)) = case.sealed {
                let detail = json!({ "note": case.id.0, "case": case.number, "disposition": disposition });
                event(at.0.as_second(), case.holder, "note-sealed", detail);
            }
            if let Some((who, at, decision)) = case.review {
                event(at.0.as_second(), who, "note-reviewed", json!({ "note": case.id.0, "decision": decision }));
                if decision == casework::Decision::Approve && dice.one_in(2) {
                    event(at.0.as_second() + 900, case.holder, "report-printed", json!({ "note": case.id.0 }));
                }
            }
        }
        // Somebody mistypes a passphrase now and then.
        for who in 0..people.len() {
            for _ in 0..dice.below(12) {
                let at = span.0 + dice.below(365 * 86_400) as i64;
                let detail = json!({ "for": "signed-in", "wrong_in_a_row": 1 });
                events.push(Event { station: station_of(who), at, who: Some(who), action: "sign-in-failed", detail });
            }
        }
        // Every workstation is heard of to the end, but one.
        for station in 0..STATIONS {
            let until = if station == SILENT { span.1 - SILENCE } else { span.1 + 20 * 86_400 };
            let detail = json!({ "gallery": GALLERY });
            events.push(Event { station, at: until, who: None, action: "audit-head-deposited", detail });
        }
        Self { events, gallery, kinds: Vec::new(), span }
    }

    /// Plants what only the gallery's side shows, and patterns of events.
    pub(super) fn plant(&mut self, dice: &mut Dice, people: &[Party]) -> Vec<Planted> {
        let mut planted = Vec::new();
        let whole: Vec<usize> = (0..self.gallery.len())
            .filter(|at| {
                let row = &self.gallery[*at];
                row.answered && row.station != Some(SILENT) && row.at + 30 * 86_400 < self.span.1
            })
            .collect();
        for n in 0..super::misuse::EACH {
            let like = self.gallery[whole[dice.below(whole.len())]].clone();
            let at = self.span.0 + dice.below(300 * 86_400) as i64;
            // Of the stolen token's some name a case that there is, some invent one.
            let number = if n % 2 == 0 { like.number.clone() } else { format!("24-9{n:05}") };
            self.gallery.push(Row {
                at,
                search: identity(dice),
                number,
                station: None,
                planted: Some(Kind::StolenToken),
                ..like
            });
        }
        for (n, kind) in [Kind::OtherNumber, Kind::OtherTime].into_iter().enumerate() {
            for at in 0..super::misuse::EACH {
                let row = &mut self.gallery[whole[(n * super::misuse::EACH + at) * 97 % whole.len()]];
                row.planted = Some(kind);
                match kind {
                    Kind::OtherNumber => "24-000001".clone_into(&mut row.number),
                    _ => row.at += 3 * 86_400,
                }
            }
        }
        // A night worker, somebody who exports, somebody at whose door someone tries, a policy that was loosened.
        let patterns = [Pattern::UnusualHours, Pattern::Exports, Pattern::FailedSignIns];
        for (who, pattern) in [(5, patterns[0]), (7, patterns[1]), (9, patterns[2])] {
            debug_assert!(who < EXAMINERS && who < people.len());
            for n in 0..40i64 {
                let start = self.span.0 + 60 * 86_400;
                let detail = json!({ "case": CaseId(identity(dice)), "gallery": "elsewhere" });
                let (at, action) = match pattern {
                    // Two in the morning in Los Angeles.
                    Pattern::UnusualHours => (start + n * 5 * 86_400 + 2 * 3_600, "search-sent"),
                    Pattern::Exports => (start + n * 7_200, "disclosure-exported"),
                    _ => (start + n * 600, "sign-in-failed"),
                };
                self.events.push(Event { station: station_of(who), at, who: Some(who), action, detail });
            }
            planted.push(Planted { kind: Kind::Pattern(pattern), who: Some(who), seq: None });
        }
        for station in 0..3 {
            let detail = json!({ "version": 4, "loosened": ["quality.floor: 20 in place of 25"] });
            let at = self.span.0 + 100 * 86_400;
            self.events.push(Event { station, at, who: None, action: "policy-loosened", detail });
        }
        planted.push(Planted { kind: Kind::Pattern(Pattern::PolicyLoosened), who: None, seq: None });
        self.kinds = vec![Kind::StolenToken, Kind::OtherNumber, Kind::OtherTime];
        planted
    }

    /// Takes what the silent workstation has not sent away; gives how many searches stand alone for that.
    pub(super) fn leave_late(&mut self, dice: &mut Dice) -> usize {
        let from = self.span.1 - SILENCE;
        self.events.retain(|event| event.station != SILENT || event.at <= from);
        for n in 0..3 {
            self.gallery.push(Row {
                at: from + 3_600 * (n + 10),
                actor: "corroborate",
                search: identity(dice),
                number: format!("25-8{n:05}"),
                purpose: "felony",
                basis: String::new(),
                station: Some(SILENT),
                planted: None,
                answered: false,
                late: true,
            });
        }
        let sent: std::collections::BTreeSet<String> =
            self.events.iter().filter_map(|event| event.detail["search"].as_str().map(str::to_owned)).collect();
        for row in &mut self.gallery {
            row.late |= row.station == Some(SILENT) && row.at > from - 600 && !sent.contains(&row.search.to_string());
        }
        self.gallery.iter().filter(|row| row.late).count()
    }

    /// Events and rows in their order, each with its position.
    pub(super) fn done(mut self, people: &[Party], stations: &[String]) -> (Vec<DeskEvent>, Vec<GallerySearch>) {
        self.events.sort_by_key(|event| event.at);
        let mut seqs = [0i64; STATIONS];
        let events = self
            .events
            .iter()
            .map(|event| {
                seqs[event.station] += 1;
                let person = event.who.map_or_else(|| "workstation".to_owned(), |who| written(&people[who], who));
                let (detail, at) = (event.detail.to_string(), moment(event.at));
                DeskEvent::read(&stations[event.station], seqs[event.station], at, &person, event.action, &detail)
            })
            .collect();
        self.gallery.sort_by_key(|row| row.at);
        let row = |(n, row): (usize, &Row)| {
            let signed = row.station.map(|station| stations[station].as_str());
            let detail = json!({ "search_id": row.search, "request": {
                "purpose": row.purpose, "case_number": row.number, "basis": row.basis, "signed_by": signed,
                "examiner_standing": if signed.is_some() { "signed by key" } else { "claimed" },
            } });
            let at = moment(row.at).0.to_string();
            GallerySearch::read(n as i64 + 1, &at, row.actor, "CA0190000", "search", &detail.to_string())
        };
        (events, self.gallery.iter().enumerate().filter_map(row).collect())
    }

    /// What was planted in the gallery's audit, by its position there.
    pub(super) fn planted_rows(&self) -> Vec<Planted> {
        let mut ordered: Vec<&Row> = self.gallery.iter().collect();
        ordered.sort_by_key(|row| row.at);
        let planted = ordered
            .iter()
            .enumerate()
            .filter_map(|(n, row)| Some(Planted { kind: row.planted?, who: None, seq: Some(n as i64 + 1) }));
        planted.filter(|one| self.kinds.contains(&one.kind)).collect()
    }
}

/// Somebody as audit rows write them.
pub fn written(party: &Party, n: usize) -> String {
    let id = uuid::Uuid::from_u128(n as u128 + 1);
    format!("{}, badge {}, {} ({id})", party.name, party.badge, party.ori)
}

/// How a case was conducted, as its workstation says.
pub(super) fn conduct(case: &YearCase, people: &[Party]) -> Conduct {
    let person = |at: usize| people[at].clone();
    let noted = case.sealed.is_some();
    let searches = case.searches.iter().filter(|search| search.answered).map(|search| ConductSearch {
        id: SearchId(search.id),
        at: moment(search.at.0.as_second() + 5),
        by: person(case.holder),
        gallery: GALLERY.to_owned(),
    });
    let examination = &case.examination;
    let signs = |text: &String| Sameness::of("year", text);
    Conduct {
        case: case.id,
        number: case.number.clone(),
        purpose: case.purpose,
        offence: case.offence.0.to_owned(),
        code: case.offence.1.to_owned(),
        holder: person(case.holder),
        opened_at: case.opened_at,
        referrals: case.referrals.clone(),
        weak_basis: false,
        basis: signs(&case.basis),
        quality: Some((case.quality, FLOOR)),
        searches: searches.collect(),
        examination: noted.then(|| ConductExamination {
            examiner: person(case.holder),
            seconds: examination.seconds,
            concluded: examination.concluded,
            lead_rank: examination.lead_rank,
            changed: examination.changed,
        }),
        verification: case.verifier.filter(|_| noted).map(|verifier| ConductVerification {
            verifier: person(verifier),
            at: case.opened_at,
            agreement: case.agreement,
        }),
        entries: case.entries.iter().filter(|_| noted).filter_map(signs).collect(),
        notes: case
            .sealed
            .iter()
            .map(|(sealed_at, disposition)| ConductNote {
                id: NoteId(case.id.0),
                author: person(case.holder),
                sealed_at: *sealed_at,
                disposition: *disposition,
                review: case.review.map(|(who, at, decision)| (person(who), at, decision)),
            })
            .collect(),
    }
}
