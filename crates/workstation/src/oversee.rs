//! The auditor's desk: what is on it, what is looked for, opened, closed and drawn. No photograph, no candidate.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::say;
use department::Day;
use serde_json::json;
use vault::{DeskFault, EventQuery, Vault, VaultError};

use casework::oversight::{
    AuditedCase, ClosedAs, Conduct, DeskEvent, Observed, PATTERN_ACTIONS, Party, REFERRAL_ACTIONS, SEARCH_ACTIONS,
    case_searches, cross_check, referrals, topics,
};
use casework::{CaseFile, CaseId, Moment, Person, Role};

use crate::error::{CommandError, Outcome, stopped};
use crate::oversee_desk::{Desk, Names};
use crate::oversee_gallery_log::{gallery_faults, gallery_log};
use crate::oversee_matters::matter_line;
use crate::read_note::seen_by;
use crate::requested::name_of;
use crate::views::{
    DeskView, EventLine, EventsForm, EventsView, GalleryAuditLine, MatterLine, PartyLine, SampleLine, SourceLine,
};
use crate::workstation::Blocking;

/// Events of a page.
const PAGE: usize = 100;
/// Most cases of a sample.
const MOST_DRAWN: usize = 500;

impl Blocking<'_> {
    /// Whoever is signed in, if they may read the audit.
    ///
    /// # Errors
    /// Where they are no auditor.
    pub(crate) fn auditor(&self) -> Outcome<Person> {
        let person = self.person()?;
        person.may_read_audit()?;
        Ok(person)
    }

    /// As [`Blocking::act_as`], by an auditor.
    fn audit_as<T>(&self, work: impl FnOnce(&mut Vault, &Person, Moment) -> Outcome<T>) -> Outcome<T> {
        self.act_as(|v, person, now| {
            person.may_read_audit()?;
            work(v, person, now)
        })
    }

    /// The desk as it stands: this workstation's events are taken to it first.
    ///
    /// # Errors
    /// Whoever is no auditor.
    pub fn oversight(&self) -> Outcome<DeskView> {
        // Whatever computes the desk may take long, and sees what stood when it was read.
        let (desk, person, now) = self.audit_as(|v, person, now| {
            read_at_desk(v, person)?;
            let key = v.conduct_key();
            v.desk_take_own(&key, self.policy().quality.floor, now)?;
            Ok((self.desk(v, now)?, person.clone(), now))
        })?;
        self.desk_view(&desk, &person, now)
    }

    fn desk(&self, v: &Vault, now: Moment) -> Outcome<Desk> {
        let policy = self.policy();
        let (names, all) = (Names::of(v)?, v.desk_cases()?);
        let at = all.iter().enumerate().map(|(at, (_, conduct))| (conduct.case, at)).collect();
        let cases: Vec<Conduct> = all.iter().map(|(_, conduct)| conduct.clone()).collect();
        let actions: BTreeSet<&str> =
            [SEARCH_ACTIONS, PATTERN_ACTIONS, REFERRAL_ACTIONS].concat().into_iter().collect();
        let events = v.desk_events_of(&actions.into_iter().collect::<Vec<_>>())?;
        let sources = v.desk_sources()?;
        let heard = sources.iter().filter_map(|one| Some((one.workstation.clone(), one.last_at?))).collect();
        let mut numbers: BTreeMap<String, Vec<CaseId>> = BTreeMap::new();
        for conduct in &cases {
            numbers.entry(conduct.number.trim().to_owned()).or_default().push(conduct.case);
        }
        let searches = case_searches(&events, &cases);
        // What it was not read for stands on one side only.
        let address = v.settings()?.gallery;
        let mut alone = Vec::new();
        if let Some(covers) = v.desk_gallery(&address)?.and_then(|read| read.covers) {
            let gallery = v.desk_gallery_searches(&address, &agencies(v)?)?;
            alone = cross_check(&gallery, covers, &address, &searches, &heard, &numbers, &policy.oversight);
        }
        let zone = policy.time_zone.as_str();
        let topics = topics(&Observed { events: &events, cases: &cases, now, zone }, &policy.oversight);
        let referrals = referrals(&events, &cases);
        let closings = v.desk_closings()?.into_iter().map(|closing| (closing.key.clone(), closing)).collect();
        Ok(Desk { cases: all, at, events, alone, referrals, topics, closings, names })
    }

    fn desk_view(&self, desk: &Desk, person: &Person, now: Moment) -> Outcome<DeskView> {
        let me = Party::from(&person.reference());
        let mut matters: Vec<MatterLine> =
            desk.matters().iter().map(|(matter, on)| matter_line(desk, matter, on, &me)).collect();
        matters.sort_by_key(|line| line.closed.is_some());
        let silent = i64::from(self.policy().oversight.silent_days);
        let (sources, gallery, samples, actions) = self.with(|v| {
            let address = v.settings()?.gallery;
            let gallery = (v.desk_gallery(&address)?, gallery_log(v, &address, now)?, gallery_faults(v, &address)?);
            Ok((self.source_lines(v, desk, silent, now)?, gallery, v.desk_samples()?, v.desk_actions()?))
        })?;
        let (gallery, gallery_log, gallery_faults) = gallery;
        let people: BTreeSet<PartyLine> = desk
            .events
            .iter()
            .filter_map(|event| event.by.as_ref())
            .chain(desk.cases.iter().map(|(_, case)| &case.holder))
            .map(|party| PartyLine { name: party.in_words(), key: party.key() })
            .collect();
        let sample = |sample: &vault::DeskSample| {
            let since =
                |(_, case): &&(String, Conduct)| case.first_search().is_some_and(|at| sample.commitment.at <= at);
            let draw = sample.draw.as_ref();
            SampleLine {
                sha256: sample.commitment.sha256.clone(),
                committed_at: sample.commitment.at,
                drawn_at: draw.map(|draw| draw.at),
                seed: draw.map(|draw| draw.seed.clone()),
                population: draw.map_or_else(|| desk.cases.iter().filter(since).count(), |draw| draw.population.len()),
                cases: draw.iter().flat_map(|draw| &draw.cases).map(|case| desk.line(*case)).collect(),
                holds: draw.is_none_or(|draw| draw.verify().is_ok()),
            }
        };
        Ok(DeskView {
            sources,
            token_set: self.audit_client("").is_ok(),
            gallery: gallery.map(|read| GalleryAuditLine {
                address: read.address,
                rows: read.rows,
                read_at: read.read_at,
                broken_at: read.broken_at,
            }),
            gallery_log,
            gallery_faults,
            matters,
            samples: samples.iter().map(sample).collect(),
            actions,
            people: people.into_iter().collect(),
        })
    }

    /// Workstations whose events are here, and those of the roster of which nothing ever came.
    fn source_lines(&self, v: &Vault, desk: &Desk, silent: i64, now: Moment) -> Outcome<Vec<SourceLine>> {
        let mut lines: Vec<SourceLine> = Vec::new();
        for source in v.desk_sources()? {
            let own = source.workstation == desk.names.own;
            let fault = |(seq, fault, at): &(i64, DeskFault, Moment)| match fault {
                DeskFault::Changed => say!("workstation-oversight-changed", seq, at),
                DeskFault::Fork => say!("workstation-oversight-fork", seq, at),
                DeskFault::Ledger => say!("workstation-oversight-ledger", seq, at),
                DeskFault::Lost => say!("workstation-oversight-lost", seq, at),
            };
            let gap = source
                .waits_from
                .map(|from| say!("workstation-oversight-gap", first = source.rows + 1, last = from - 1));
            lines.push(SourceLine {
                name: desk.names.name(&source.workstation),
                own,
                rows: source.rows,
                last_at: source.last_at,
                heard_at: Some(source.heard_at),
                silent: !own && now.days_since(source.heard_at) >= silent,
                faults: source.faults.iter().map(fault).chain(gap).collect(),
                workstation: source.workstation,
            });
        }
        for card in v.workstations_of_department()? {
            if card.signs != desk.names.own && lines.iter().all(|line| line.workstation != card.signs) {
                lines.push(SourceLine {
                    name: card.name,
                    workstation: card.signs,
                    own: false,
                    rows: 0,
                    last_at: None,
                    heard_at: None,
                    silent: true,
                    faults: Vec::new(),
                });
            }
        }
        Ok(lines)
    }

    /// A page of events.
    ///
    /// # Errors
    /// Whoever is no auditor; a day that is not understood; a matter that is not there.
    pub fn oversight_events(&self, form: &EventsForm) -> Outcome<EventsView> {
        let policy = self.policy();
        let start = |typed: &str, days: i64| -> Outcome<Option<Moment>> {
            if typed.trim().is_empty() {
                return Ok(None);
            }
            let day = Day::read(typed.trim()).map_err(|wrong| CommandError::new("day", wrong))?;
            let zone = jiff::tz::TimeZone::get(&policy.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
            let midnight =
                day.0.saturating_add(jiff::Span::new().days(days)).to_datetime(jiff::civil::Time::midnight());
            Ok(Some(Moment(zone.to_timestamp(midnight).map_err(|_| stopped())?)))
        };
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let mut query = EventQuery {
            text: form.text.clone(),
            actions: given(&form.action).into_iter().collect(),
            person: given(&form.person),
            workstation: given(&form.workstation),
            cases: Vec::new(),
            from: start(&form.from, 0)?,
            until: start(&form.until, 1)?,
            before: form.before,
            limit: PAGE,
        };
        self.audit_as(|v, person, now| {
            read_at_desk(v, person)?;
            let found = match form.matter.as_str() {
                "" => v.desk_events(&query)?,
                key => {
                    let desk = self.desk(v, now)?;
                    let matters = desk.matters();
                    let (_, on) = matters.iter().find(|(matter, _)| matter.key == key).ok_or_else(gone)?;
                    let rests_on = on.events();
                    query.cases = on.cases();
                    let mut page = match (rests_on.is_empty(), query.cases.is_empty()) {
                        (true, false) => v.desk_events(&query)?,
                        _ => vault::EventPage::default(),
                    };
                    let of = |event: &&DeskEvent| {
                        rests_on.iter().any(|(workstation, seq)| event.seq == *seq && event.workstation == *workstation)
                    };
                    page.events.extend(desk.events.iter().rev().filter(of).cloned());
                    page
                }
            };
            let names = Names::of(v)?;
            let mut events = Vec::new();
            for event in found.events {
                let case = event.case.map(|case| v.desk_case(case)).transpose()?.flatten();
                events.push(EventLine {
                    at: names.name(&event.workstation),
                    marks: case.as_ref().map(|(_, conduct)| conduct.referrals.clone()).unwrap_or_default(),
                    case: case.as_ref().map(|(home, conduct)| names.case(home, conduct)),
                    event,
                });
            }
            Ok(EventsView { events, next: found.next })
        })
    }

    /// Closes a matter.
    ///
    /// # Errors
    /// Whoever is no auditor, or whom it is about; no reason; a matter that is not there.
    pub fn oversight_close(&self, key: &str, closed_as: ClosedAs, reason: &str) -> Outcome<DeskView> {
        self.audit_as(|v, person, now| {
            let desk = self.desk(v, now)?;
            let matters = desk.matters();
            let (matter, _) = matters.iter().find(|(matter, _)| matter.key == key).ok_or_else(gone)?;
            let closing = matter.close(person, closed_as, reason, now)?;
            let kind = serde_json::to_value(matter.kind).map_err(VaultError::from)?;
            Ok(v.desk_close(&closing, kind.as_str().unwrap_or_default())?)
        })?;
        self.oversight()
    }

    /// Opens a case for audit. That is on record, in the audit and in the case.
    ///
    /// # Errors
    /// Whoever is no auditor or had a hand in it; no reason; a case that lives elsewhere.
    pub fn oversight_open(&self, case: CaseId, reason: &str) -> Outcome<AuditedCase> {
        self.audit_as(|v, person, now| {
            let mut file: CaseFile = match v.case(case) {
                Ok(file) if v.home(case)?.is_none() => file,
                Ok(_) | Err(VaultError::Unknown(_) | VaultError::Moved) => return Err(elsewhere(v, case)?),
                Err(error) => return Err(error.into()),
            };
            let notes = v.notes_of(case)?;
            let notes: Vec<_> = notes.iter().map(|note| (&note.content, note.review.as_ref())).collect();
            file.may_audit(person, reason)?;
            file.saw(person, now);
            let shown = file.audited(person, reason, &notes)?;
            let event = Some(("case-opened-for-audit", json!({ "case": case, "reason": reason.trim() })));
            v.put_case(case, &file, &person.reference(), now, event)?;
            Ok(shown)
        })
    }

    /// Commits to a fresh seed, from which a sample is drawn later.
    ///
    /// # Errors
    /// Whoever is no auditor.
    pub fn oversight_commit(&self) -> Outcome<DeskView> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| stopped())?;
        self.audit_as(|v, person, now| Ok(v.desk_commit(&seed, &person.reference(), now)?))?;
        self.oversight()
    }

    /// Draws `wanted` cases by the seed of the commitment `sha256`, which is told from then on.
    ///
    /// # Errors
    /// Whoever is no auditor; nothing to draw from.
    pub fn oversight_draw(&self, sha256: &str, wanted: usize) -> Outcome<DeskView> {
        self.auditor()?;
        if !(1..=MOST_DRAWN).contains(&wanted) {
            return Err(CommandError::new("sample", say!("workstation-oversight-draw")));
        }
        self.oversight()?;
        self.audit_as(|v, person, now| {
            let samples = v.desk_samples()?;
            let sample = samples.iter().find(|sample| sample.commitment.sha256 == sha256 && sample.draw.is_none());
            let commitment = &sample.ok_or(VaultError::Unknown("sample"))?.commitment;
            let cases: Vec<Conduct> = v.desk_cases()?.into_iter().map(|(_, conduct)| conduct).collect();
            let draw = commitment.draw(&v.desk_seed(commitment)?, &cases, wanted, now);
            let draw = draw.map_err(|why| CommandError::new("sample", why.to_string()))?;
            Ok(v.desk_drawn(&draw, &person.reference())?)
        })?;
        self.oversight()
    }

    /// The public half of the key by which auditors read here, for the department's administrators.
    ///
    /// # Errors
    /// Whoever is no auditor.
    pub fn oversight_key(&self) -> Outcome<String> {
        self.audit_as(|v, person, now| Ok(v.auditors_key(&person.reference(), now)?))
    }
}

/// An auditor is about to read the desk. Of one who examines as well it is noted in each open case that they have read of it: they
/// cannot verify it any more.
fn read_at_desk(v: &mut Vault, person: &Person) -> Outcome<()> {
    if person.is(Role::Examiner) {
        let files = v.cases::<CaseFile>()?.0.into_iter().map(|row| row.content);
        for mut file in files.filter(|file| file.sealed.is_none() && file.case.is_some()) {
            seen_by(v, &mut file, person)?;
        }
    }
    Ok(())
}

fn gone() -> CommandError {
    CommandError::new("unknown", say!("workstation-oversight-matter-gone"))
}

/// What is said of a case that lives elsewhere.
fn elsewhere(v: &Vault, case: CaseId) -> Outcome<CommandError> {
    let home = v.desk_cases()?.into_iter().find(|(_, conduct)| conduct.case == case).map(|(home, _)| home);
    let Some(home) = home else { return Ok(VaultError::Unknown("case").into()) };
    Ok(CommandError::new("case-elsewhere", say!("workstation-oversight-not-here", workstation = name_of(v, &home)?)))
}

/// Agencies of everybody known here.
fn agencies(v: &Vault) -> Outcome<Vec<String>> {
    let roster = v.department().into_iter().flat_map(|chain| &chain.newest().roster().content().people);
    let roster = roster.map(|member| member.person.ori.clone());
    let all: BTreeSet<String> = v.people()?.into_iter().map(|person| person.ori).chain(roster).collect();
    Ok(all.into_iter().collect())
}
