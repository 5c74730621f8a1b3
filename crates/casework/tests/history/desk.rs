//! The same two cases in the program: each act is done there and on paper, and both must say the same.

use std::collections::BTreeMap;

use casework::samples::*;
use casework::*;

use super::act::Act;
use super::bench::Bench;
use super::paper::{Account, Asked, CAST, Case as Paper, Exam, Item, Kind, List, Row, Second, Stage, Subject, Tick};

const ACCOUNTS: [&str; 4] = [
    "One candidate was kept and looked into.",
    "The clerk was asked again and knew nothing.",
    "The register was read once more in full.",
    "Nobody of the neighbours was at home.",
];

/// People as the program knows them, and a case whose probe only needs searching.
pub struct Cast {
    pub people: Vec<Person>,
    begun: CaseFile,
}

impl Cast {
    pub fn new() -> Self {
        let known = |(account, who): (usize, &super::paper::Who)| {
            let person = examiner(u128::from(who.person));
            let roles = [(who.examiner, Role::Examiner), (who.supervisor, Role::Supervisor)];
            let roles: Vec<Role> = roles.into_iter().filter(|(has, _)| *has).map(|(_, role)| role).collect();
            Person {
                id: PersonId(uuid(900 + account as u128)),
                roles: if roles.is_empty() { vec![Role::Auditor] } else { roles },
                training: person.training.filter(|_| who.trained),
                ..examiner(u128::from(who.person))
            }
        };
        let begun = forged(file(), |kept| {
            kept.searches = Vec::new();
            kept.examination = None;
            kept.sent = Vec::new();
            kept.note = NoteForm::default();
        });
        Self { people: CAST.iter().enumerate().map(known).collect(), begun }
    }
}

/// One case on both desks.
pub struct Desk {
    pub file: CaseFile,
    pub paper: Paper,
    note: Option<SealedNote>,
    /// What was set aside and given up, as it was then.
    aside: Vec<SetAside>,
    given_up: Vec<GivenUp>,
}

/// Both cases, the time, and what is made once.
pub struct World<'a> {
    pub cast: &'a Cast,
    pub policy: &'a Policy,
    pub desks: [Desk; 2],
    pub now: Tick,
    made: u128,
    /// Acts that were allowed, by name.
    pub allowed: BTreeMap<String, u32>,
}

/// A minute a tick.
fn moment(tick: Tick) -> Moment {
    Moment(at("2026-03-02T12:00:00Z").0 + jiff::SignedDuration::from_mins(i64::from(tick)))
}

pub fn name_of(subject: Subject) -> String {
    format!("subject-{subject:02}")
}

impl<'a> World<'a> {
    pub fn new(cast: &'a Cast, policy: &'a Policy, openers: [Account; 2]) -> Self {
        let desk = |nth: usize, opener: Account| {
            let (sample, by) = (cast.begun.clone(), cast.people[opener].reference());
            let id = CaseId(uuid(10 + nth as u128));
            let opened = sample.case.as_ref().map(|case| case.opened_at()).unwrap();
            let case = Some(case_draft().open(id, by.clone(), opened, policy, None).unwrap());
            let begun = forged(sample, |kept| {
                kept.id = id;
                kept.opened_by = by;
                kept.case = case;
            });
            let paper = Paper { opener, ..Paper::default() };
            Desk { file: begun, paper, note: None, aside: Vec::new(), given_up: Vec::new() }
        };
        let desks = [desk(0, openers[0]), desk(1, openers[1])];
        Self { cast, policy, desks, now: 0, made: 5000, allowed: BTreeMap::new() }
    }

    fn fresh(&mut self) -> u128 {
        self.made += 1;
        self.made
    }

    /// Tells case `on` what the other one says, as the program does before it matters.
    fn recall(&mut self, on: usize) {
        let elsewhere = self.elsewhere(on);
        self.desks[on].file.recall(&elsewhere);
        let shown = self.desks[1 - on].paper.shown();
        let paper = &mut self.desks[on].paper;
        let told = shown.iter().filter(|seen| paper.lists_subject(seen.subject)).map(|seen| (seen.subject, seen.to));
        let told: Vec<_> = told.collect();
        paper.told.extend(told);
    }

    fn elsewhere(&self, on: usize) -> Elsewhere {
        self.desks[on].file.elsewhere([&self.desks[1 - on].file])
    }

    /// Does `act` on case `on` in both ways.
    pub fn act(&mut self, on: usize, act: &Act) -> Result<(), String> {
        self.now += 1;
        if matches!(act, Act::Conclude(_) | Act::Begin(_) | Act::HandIn(_) | Act::Seal(_)) {
            self.recall(on);
        }
        let wanted = self.on_paper(on, act);
        let done = self.in_program(on, act);
        if wanted != done.is_ok() {
            return Err(format!("{act:?} on case {on}: the rules say {wanted}, the program {done:?}"));
        }
        if matches!(act, Act::Answer(..)) && wanted {
            self.recall(on);
        }
        if wanted {
            let name = format!("{act:?}");
            let name = name.split('(').next().unwrap_or_default();
            match self.allowed.get_mut(name) {
                Some(count) => *count += 1,
                None => drop(self.allowed.insert(name.to_owned(), 1)),
            }
        }
        let blind = matches!(act, Act::Analyse(_) | Act::Open(..) | Act::Compare(..) | Act::Say(..) | Act::Keep(..));
        super::seen::check(self, on, blind)
    }

    fn stale(&self, on: usize) -> bool {
        self.desks[on].paper.lists.last().is_some_and(|list| self.now - list.at >= 31 * 24 * 60)
    }

    /// Whether the rules allow it; if so, it is written down.
    fn on_paper(&mut self, on: usize, act: &Act) -> bool {
        let (now, stale) = (self.now, self.stale(on));
        let [first, second] = &mut self.desks;
        let (desk, other) = if on == 0 { (first, &second.paper) } else { (second, &first.paper) };
        let paper = &mut desk.paper;
        let made = paper.lists.len() + other.lists.len();
        match *act {
            Act::Confirm(who) => {
                let works = paper.is(paper.opener, who) || paper.examines(who) || paper.verifies(who);
                let may = !paper.sealed && made >= 2 && CAST[who].supervisor && !works;
                if may {
                    paper.confirmed = Some(made + 1);
                    paper.read_by(who, now);
                }
                may
            }
            Act::Send(who) => {
                let may = !paper.sealed
                    && (made < 2 || paper.confirmed == Some(made + 1))
                    && CAST[who].examiner
                    && CAST[who].trained;
                paper.sent.extend(may.then_some(who));
                may
            }
            Act::Answer(who, ref subjects, fits) => {
                let may = !paper.sealed && fits && paper.sent.contains(&who);
                if may {
                    let rows = (0..).map(|nth| CandidateId(uuid(self.made + 1 + nth))).zip(subjects.iter().copied());
                    paper.lists.push(List { rows: rows.collect(), at: now });
                    paper.aside.extend(paper.exam.take());
                    paper.given_up.extend(paper.asked.take().and_then(|asked| asked.begun));
                    let (list, shown) = (paper.lists.len() - 1, paper.lists.last().into_iter().flat_map(|l| &l.rows));
                    let bench = Bench::of(who, shown.map(|(row, _)| *row).collect());
                    paper.exam = Some(Exam {
                        list,
                        bench,
                        stage: Stage::Blind,
                        concluded: 0,
                        unveiled: 0,
                        changed: BTreeMap::new(),
                        second: None,
                    });
                    paper.changes += 1;
                }
                may
            }
            Act::Analyse(who) => paper.bench(who).is_some_and(Bench::analyse),
            Act::Open(who, row) => paper.bench(who).is_some_and(|bench| bench.open(row)),
            Act::Compare(who, row) => paper.bench(who).is_some_and(|bench| bench.compare(row)),
            Act::Say(who, row, conclusion) => paper.bench(who).is_some_and(|bench| bench.say(row, conclusion)),
            Act::Keep(who, row) => paper.bench(who).map(|bench| bench.keep(row)).is_some(),
            Act::NoneOfThese(who) => paper.bench(who).map(Bench::none).is_some(),
            Act::Conclude(who) => {
                let may = paper.may_conclude(who, other, now);
                if let Some(exam) = paper.exam.as_mut().filter(|_| may) {
                    (exam.stage, exam.concluded) = (Stage::Concluded, now);
                    let (kept, none) = (exam.bench.kept, exam.bench.none);
                    for item in paper.entries.iter_mut().filter(|item| item.bound.is_none()) {
                        item.bound = kept;
                    }
                    paper.first_bound = paper.first_bound.or(kept);
                    // The easy answer is preselected.
                    if none && paper.words.disposition.is_none() {
                        paper.words.disposition = Some(Disposition::NoCandidate);
                    }
                }
                may
            }
            Act::Unveil(who) => {
                let Some(exam) = paper.mine(who).filter(|exam| exam.stage > Stage::Blind) else { return false };
                if exam.stage == Stage::Concluded {
                    (exam.stage, exam.unveiled) = (Stage::Unveiled, now);
                    paper.changes += 1;
                }
                true
            }
            Act::Change(who, row, conclusion, reason) => {
                let asked = paper.asked.is_some();
                let listed = paper.lists.last().is_some_and(|list| list.subject(row).is_some());
                let Some(exam) = paper.mine(who).filter(|exam| exam.stage == Stage::Unveiled) else { return false };
                let may = !asked && listed && exam.standing(row) != Some(conclusion) && !reason.is_empty();
                if may {
                    exam.changed.insert(row, conclusion);
                    paper.changes += 1;
                }
                may
            }
            Act::Ask(who) => {
                let may = paper.may_ask(who);
                if may {
                    paper.asked = Some(Asked { by: who, among: Vec::new(), begun: None });
                }
                may
            }
            Act::Begin(who) => {
                let may = paper.may_begin(who);
                if let Some(asked) = paper.asked.as_mut().filter(|_| may) {
                    let among = asked.among.clone();
                    asked.begun.get_or_insert_with(|| Bench::of(who, among));
                }
                may
            }
            Act::HandIn(who) => {
                let may = paper.may_hand_in(who);
                if may && let (Some(exam), Some(asked)) = (paper.exam.as_mut(), paper.asked.take()) {
                    let (bench, lead) = (asked.begun.unwrap_or_default(), exam.bench.kept);
                    let said = |row: &Row| bench.said.get(row).copied();
                    let others = bench.said.iter().filter(|(row, _)| Some(**row) != lead);
                    exam.second = Some(Second {
                        by: bench.by,
                        on_lead: lead.as_ref().and_then(said).unwrap_or(Conclusion::Inconclusive),
                        another: others.into_iter().any(|(_, c)| super::paper::carries(*c)),
                        conferred: None,
                    });
                    exam.stage = Stage::Verified;
                    paper.changes += 1;
                }
                may
            }
            Act::Withdraw(who) => {
                let may = paper.mine(who).is_some();
                if may {
                    paper.given_up.extend(paper.asked.take().and_then(|asked| asked.begun));
                }
                may
            }
            Act::Confer(who, with, agreed) => {
                let may = paper.may_confer(who, with);
                if let Some(second) = paper.exam.as_mut().and_then(|e| e.second.as_mut()).filter(|_| may) {
                    second.conferred = Some(agreed);
                    paper.changes += 1;
                }
                may
            }
            Act::Add(kind) => {
                let may = !paper.sealed && !paper.lists.is_empty();
                if may {
                    paper.entries.push(Item { kind, bound: paper.kept() });
                    paper.changes += 1;
                }
                may
            }
            Act::Write(disposition, reason, account, answered) => {
                if !paper.sealed {
                    paper.words = super::paper::Words { disposition, reason, account };
                    paper.answered = answered;
                }
                !paper.sealed
            }
            Act::Seal(who) => {
                let may = paper.may_seal(who, other, stale);
                if may {
                    (paper.sealed, paper.author) = (true, who);
                    paper.sealed_as = paper.outcome(other);
                }
                may
            }
            Act::Review(who, returns) => {
                let may = paper.may_review(who);
                if may {
                    paper.read_by(who, now);
                }
                if may && returns {
                    (paper.sealed, paper.answered) = (false, false);
                    paper.returned = Some((paper.words, paper.changes));
                }
                may
            }
            Act::Read(who) => {
                let may = paper.reads(who);
                if may {
                    paper.read_by(who, now);
                }
                may
            }
            Act::Wait => {
                self.now += 31 * 24 * 60;
                true
            }
        }
    }

    fn in_program(&mut self, on: usize, act: &Act) -> Result<(), Vec<Gap>> {
        let (now, policy) = (moment(self.now), self.policy);
        let asks = matches!(act, Act::Confirm(_) | Act::Send(_) | Act::Conclude(_));
        let elsewhere = if asks { self.elsewhere(on) } else { Elsewhere::default() };
        let fresh = if matches!(act, Act::Add(_) | Act::Seal(_)) { self.fresh() } else { self.made };
        let cast = self.cast;
        let who = |account: Account| &cast.people[account];
        let desk = &mut self.desks[on];
        let file = &mut desk.file;
        match *act {
            Act::Confirm(by) => file.confirm_search(who(by), &elsewhere, now),
            Act::Send(by) => file.send_search(who(by), SearchFilters::default(), now, policy, &elsewhere),
            Act::Answer(by, ref subjects, fits) => {
                let row = |(nth, subject): (usize, &Subject)| Candidate {
                    id: CandidateId(uuid(fresh + 1 + nth as u128)),
                    subject_id: name_of(*subject),
                    score: Some(0.9 - nth as f32 / 50.0),
                    captured_on: None,
                    agency: None,
                    other_photos: Vec::new(),
                };
                let record = search_with(0, |s| {
                    s.id = SearchId(uuid(fresh));
                    s.at = now;
                    s.by = who(by).reference();
                    s.purpose = if fits { Purpose::Felony } else { Purpose::Training };
                    s.candidates = CandidateList::new(subjects.iter().enumerate().map(row).collect());
                });
                self.made += subjects.len() as u128 + 1;
                let set_aside = file.examination.clone().map(|examination| SetAside { examination, at: now });
                let begun = file.verifying.as_ref().and_then(|task| task.begun.clone());
                let given_up = begun.map(|work| GivenUp { work, by: who(by).reference(), at: now });
                file.add_search(record, fresh as u32)?;
                desk.aside.extend(set_aside);
                desk.given_up.extend(given_up);
                Ok(())
            }
            Act::Analyse(by) => {
                let by = who(by).id;
                file.at_bench(by, |bench, _| bench.edit_analysis(analysis()))?;
                file.at_bench(by, |bench, _| bench.record_analysis(now))
            }
            Act::Open(by, row) => file.at_bench(who(by).id, |bench, list| bench.look_at(list, row, now)),
            Act::Compare(by, row) => file.at_bench(who(by).id, |bench, list| bench.compare(list, row, comparison(9))),
            Act::Say(by, row, conclusion) => {
                file.at_bench(who(by).id, |bench, list| bench.conclude_on(list, row, conclusion, "Own words.", now))
            }
            Act::Keep(by, row) => file.at_bench(who(by).id, |bench, _| {
                bench.keep(row);
                Ok(())
            }),
            Act::NoneOfThese(by) => file.at_bench(who(by).id, |bench, _| {
                bench.none_of_these(true);
                Ok(())
            }),
            Act::Conclude(by) => file.conclude(who(by).id, now, policy, &elsewhere),
            Act::Unveil(by) => file.unveil(who(by).id, now),
            Act::Change(by, row, conclusion, reason) => {
                file.change_conclusion(who(by).id, row, conclusion, reason, now)
            }
            Act::Ask(by) => {
                file.ask_verification(&who(by).reference(), now, policy)?;
                // Which others were chosen is read here and judged in `seen`.
                let among = file.verifying.as_ref().map(|task| task.among.clone()).unwrap_or_default();
                if let Some(asked) = &mut desk.paper.asked {
                    asked.among = among;
                }
                Ok(())
            }
            Act::Begin(by) => file.begin_verification(who(by), 3, now, policy),
            Act::HandIn(by) => file.hand_in(&who(by).reference(), now, policy),
            Act::Withdraw(by) => {
                let begun = file.verifying.as_ref().and_then(|task| task.begun.clone());
                file.withdraw_verification(who(by).id, now)?;
                desk.given_up.extend(begun.map(|work| GivenUp { work, by: who(by).reference(), at: now }));
                Ok(())
            }
            Act::Confer(by, with, agreed) => {
                let conference = Conference {
                    held_by: [who(by).reference(), who(with).reference()],
                    account: "Looked again at the left ear at full size".to_owned(),
                    agreed,
                    at: now,
                    confirmed_at: None,
                };
                file.confer(who(by).id, conference)
            }
            Act::Add(kind) => {
                let entry = match kind {
                    Kind::Vehicle => support(fresh, Category::Vehicle),
                    Kind::Witness => support(fresh, Category::Witness),
                    Kind::Against => Entry { finding: Some(Finding::Contradicts), ..support(fresh, Category::Alibi) },
                };
                file.edit_checklist(|list| list.entries.push(entry))
            }
            Act::Write(disposition, reason, account, answered) => {
                let answer = if answered { "The clerk was asked." } else { " " };
                file.edit_note(NoteForm {
                    disposition,
                    reason: if reason { "Height and custody differ." } else { "." }.to_owned(),
                    narrative: account.map_or("", |nth| ACCOUNTS[usize::from(nth)]).to_owned(),
                    answers: vec![answer.to_owned()],
                })
            }
            Act::Seal(by) => {
                file.may_open(who(by))?;
                let note = file.seal(NoteId(uuid(fresh)), who(by), &StandingClock(now), policy).map_err(|e| e.0)?;
                file.mark_sealed(&note);
                desk.note = Some(note);
                Ok(())
            }
            Act::Review(by, returns) => {
                let Some(note) = desk.note.as_ref().filter(|_| file.sealed.is_some()) else { return Err(Vec::new()) };
                let mut form = ReviewForm { decision: Some(Decision::Approve), ..ReviewForm::default() };
                form.judged.iter_mut().for_each(|judged| judged.holds = Some(true));
                if returns {
                    form.decision = Some(Decision::Return);
                    form.remarks =
                        vec![Remark { place: "examination".to_owned(), text: "Say who was asked".to_owned() }];
                }
                let review = Review::decide(note.content(), "", &form, who(by), now)?;
                file.saw(who(by), now);
                if returns { file.reopen(review.content()) } else { Ok(()) }
            }
            Act::Read(by) => {
                if !file.sight(who(by)).disclosure {
                    return Err(Vec::new());
                }
                file.saw(who(by), now);
                Ok(())
            }
            Act::Wait => Ok(()),
        }
    }

    /// The note of case `on` while it is sealed.
    pub fn sealed(&self, on: usize) -> Option<&NoteContent> {
        let desk = &self.desks[on];
        desk.note.as_ref().map(SealedNote::content).filter(|note| desk.file.sealed == Some(note.id))
    }

    /// What was set aside and given up stands as it was then.
    pub fn kept_as_it_was(&self, on: usize) -> bool {
        let desk = &self.desks[on];
        desk.file.history.set_aside == desk.aside && desk.file.history.given_up == desk.given_up
    }

    pub fn moment(&self) -> Moment {
        moment(self.now)
    }
}
