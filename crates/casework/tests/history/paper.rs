//! Two cases about one photograph as somebody would keep them on paper: who, what, when. Written from the rules
//! (examination, verification, "what was seen stays seen", separation of duties), not from the program.

use std::collections::{BTreeMap, BTreeSet};

use casework::{CandidateId, Conclusion, Disposition};

use super::bench::Bench;

pub type Row = CandidateId;
/// A gallery's subject.
pub type Subject = u32;
/// An account of the cast.
pub type Account = usize;
/// Moments, counted.
pub type Tick = u32;

/// An account and the person behind it: two accounts with one badge are one person.
#[derive(Debug, Clone, Copy)]
pub struct Who {
    pub person: u32,
    pub examiner: bool,
    pub supervisor: bool,
    pub trained: bool,
}

const fn who(person: u32, roles: &str, trained: bool) -> Who {
    let roles = roles.as_bytes();
    Who {
        person,
        examiner: !roles.is_empty() && roles[0] == b'e',
        supervisor: !roles.is_empty() && roles[roles.len() - 1] == b's',
        trained,
    }
}

/// Examiners, some of whom supervise, second accounts of two of them, supervisors, and somebody without either role.
pub const CAST: [Who; 10] = [
    who(1, "e", true),
    who(2, "e", true),
    who(3, "e", true),
    who(4, "es", true),
    who(5, "s", true),
    who(6, "s", true),
    who(1, "e", true),
    who(2, "s", true),
    who(7, "e", false),
    who(8, "", true),
];

pub fn carries(conclusion: Conclusion) -> bool {
    conclusion == Conclusion::Support || conclusion == Conclusion::LimitedSupport
}

/// A candidate list.
#[derive(Debug, Clone)]
pub struct List {
    pub rows: Vec<(Row, Subject)>,
    pub at: Tick,
}

impl List {
    pub fn subject(&self, row: Row) -> Option<Subject> {
        self.rows.iter().find(|(id, _)| *id == row).map(|(_, subject)| *subject)
    }

    fn names(&self, subject: Subject) -> bool {
        self.rows.iter().any(|(_, s)| *s == subject)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub enum Stage {
    Blind,
    Concluded,
    Unveiled,
    Verified,
}

/// The second examination of a lead.
#[derive(Debug, Clone, Copy)]
pub struct Second {
    pub by: Account,
    pub on_lead: Conclusion,
    pub another: bool,
    pub conferred: Option<Conclusion>,
}

/// An examination of one list.
#[derive(Debug, Clone)]
pub struct Exam {
    pub list: usize,
    pub bench: Bench,
    pub stage: Stage,
    pub concluded: Tick,
    pub unveiled: Tick,
    pub changed: BTreeMap<Row, Conclusion>,
    pub second: Option<Second>,
}

impl Exam {
    pub fn is_unveiled(&self) -> bool {
        self.stage >= Stage::Unveiled
    }

    pub fn standing(&self, row: Row) -> Option<Conclusion> {
        self.changed.get(&row).or(self.bench.said.get(&row)).copied()
    }

    /// What the examiner alone came to; a lead that is excluded since is none.
    fn alone(&self) -> Option<(Row, Conclusion)> {
        let lead = self.bench.kept?;
        let standing = self.standing(lead).unwrap_or(Conclusion::Inconclusive);
        (standing != Conclusion::Exclusion).then_some((lead, standing))
    }

    fn disagree(&self) -> bool {
        let mine = self.alone().is_some_and(|(_, c)| carries(c));
        self.second.is_some_and(|second| !mine || !carries(second.on_lead) || second.another)
    }

    /// Disagreement is inconclusive until both confer; of two that agree the weaker counts.
    fn outcome(&self) -> Option<(Row, Conclusion)> {
        let (lead, mine) = self.alone()?;
        let Some(second) = self.second else { return Some((lead, mine)) };
        let agreed = if self.disagree() { Conclusion::Inconclusive } else { mine.max(second.on_lead) };
        Some((lead, second.conferred.unwrap_or(agreed)))
    }

    /// A lead that a second examiner did not support, unless a conference came to another end.
    fn left(&self) -> Option<Row> {
        let (lead, conclusion) = self.outcome()?;
        (self.second.is_some() && !carries(conclusion)).then_some(lead)
    }
}

#[derive(Debug, Clone)]
pub struct Asked {
    pub by: Account,
    /// The lead and three others; which others the gallery's scores decide.
    pub among: Vec<Row>,
    pub begun: Option<Bench>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Vehicle,
    Witness,
    Against,
}

#[derive(Debug, Clone, Copy)]
pub struct Item {
    pub kind: Kind,
    pub bound: Option<Row>,
}

/// What a note says besides the examination.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Words {
    pub disposition: Option<Disposition>,
    pub reason: bool,
    /// Which account of several.
    pub account: Option<u8>,
}

#[derive(Debug, Clone, Default)]
pub struct Case {
    pub opener: Account,
    pub sent: BTreeSet<Account>,
    pub lists: Vec<List>,
    pub exam: Option<Exam>,
    pub aside: Vec<Exam>,
    pub given_up: Vec<Bench>,
    pub asked: Option<Asked>,
    pub entries: Vec<Item>,
    /// For whom the entries count that were there from the beginning.
    pub first_bound: Option<Row>,
    pub words: Words,
    pub answered: bool,
    pub sealed: bool,
    pub author: Account,
    /// What the note that was sealed last had to say of the lead.
    pub sealed_as: Option<(Row, Conclusion)>,
    /// Readers by another role, and when first.
    pub readers: BTreeMap<Account, Tick>,
    /// Which search of the probe a supervisor confirmed.
    pub confirmed: Option<usize>,
    /// What was shown to whom in the other case, as far as it was told here.
    pub told: BTreeSet<(Subject, Account)>,
    /// Changes that a reviewer would see, and how many there were when the note was returned.
    pub changes: u32,
    pub returned: Option<(Words, u32)>,
}

/// A subject that somebody saw with score and record.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    pub subject: Subject,
    pub to: Account,
    pub at: Tick,
}

impl Case {
    pub fn is(&self, one: Account, other: Account) -> bool {
        CAST[one].person == CAST[other].person
    }

    pub fn subject(&self, row: Row) -> Option<Subject> {
        self.lists.iter().find_map(|list| list.subject(row))
    }

    fn exams(&self) -> impl Iterator<Item = &Exam> {
        self.aside.iter().chain(&self.exam)
    }

    pub fn is_unveiled(&self, list: usize) -> bool {
        self.exams().any(|exam| exam.list == list && exam.is_unveiled())
    }

    pub fn lists_subject(&self, subject: Subject) -> bool {
        self.lists.iter().any(|list| list.names(subject))
    }

    /// Who saw whom here: examiners of what they unveiled, and who read of it by another role.
    pub fn shown(&self) -> Vec<Seen> {
        let mut found = Vec::new();
        for exam in self.exams().filter(|exam| exam.is_unveiled()) {
            let readers = self.readers.iter().map(|(reader, at)| (*reader, exam.unveiled.max(*at)));
            for (to, at) in [(exam.bench.by, exam.unveiled)].into_iter().chain(readers) {
                found.extend(self.lists[exam.list].rows.iter().map(|(_, subject)| Seen { subject: *subject, to, at }));
            }
        }
        found
    }

    /// Whether a second examiner here did not support `subject`, in an examination that counts no more.
    fn was_left(&self, subject: Subject) -> bool {
        let aside = self.aside.iter().filter_map(Exam::left).any(|lead| self.subject(lead) == Some(subject));
        aside || self.given_up.iter().any(|bench| bench.against(subject, |row| self.subject(row)))
    }

    /// The same, seen from another case: the one under examination there counts as well.
    fn is_left(&self, subject: Subject) -> bool {
        let now = self.exam.as_ref().and_then(Exam::left).and_then(|lead| self.subject(lead));
        now == Some(subject) || self.was_left(subject)
    }

    /// Whether `account`'s person examined, verified or was shown something of this case before.
    pub fn saw(&self, account: Account) -> bool {
        let aside = self.aside.iter().flat_map(|exam| [Some(exam.bench.by), exam.second.map(|s| s.by)]).flatten();
        let people = aside.chain(self.given_up.iter().map(|b| b.by)).chain(self.told.iter().map(|(_, to)| *to));
        people.chain(self.readers.keys().copied()).any(|one| self.is(one, account))
    }

    pub fn examines(&self, account: Account) -> bool {
        self.exam.as_ref().is_some_and(|exam| self.is(exam.bench.by, account))
    }

    /// Whose case it is: who began it and who examines its list.
    pub fn own(&self, account: Account) -> bool {
        CAST[account].examiner && (self.is(self.opener, account) || self.examines(account))
    }

    pub fn verifies(&self, account: Account) -> bool {
        let begun = self.asked.as_ref().and_then(|asked| asked.begun.as_ref());
        !self.sealed && begun.is_some_and(|bench| self.is(bench.by, account))
    }

    pub fn may_open(&self, account: Account) -> bool {
        self.own(account) && !self.verifies(account)
    }

    /// Whether an examiner could still be asked to verify here.
    pub fn askable(&self, account: Account) -> bool {
        CAST[account].examiner && !self.own(account) && !self.sealed && !self.saw(account)
    }

    pub fn reads(&self, account: Account) -> bool {
        self.own(account) || (CAST[account].supervisor && !self.askable(account) && !self.verifies(account))
    }

    /// The bench at which `account` may work blind.
    pub fn bench(&mut self, account: Account) -> Option<&mut Bench> {
        if self.sealed || self.lists.is_empty() {
            return None;
        }
        if let Some(bench) = self.asked.as_mut().and_then(|asked| asked.begun.as_mut()).filter(|b| b.by == account) {
            return Some(bench);
        }
        let exam = self.exam.as_mut().filter(|exam| exam.bench.by == account && exam.stage == Stage::Blind);
        exam.map(|exam| &mut exam.bench)
    }

    /// The examination of `account`, while the note is open.
    pub fn mine(&mut self, account: Account) -> Option<&mut Exam> {
        let sealed = self.sealed;
        self.exam.as_mut().filter(|exam| exam.bench.by == account && !sealed)
    }

    pub fn kept(&self) -> Option<Row> {
        self.exam.as_ref().filter(|exam| exam.stage > Stage::Blind).and_then(|exam| exam.bench.kept)
    }

    /// The rest of the rules of conclusion: what was unveiled to this person before is no lead of theirs.
    pub fn may_conclude(&self, account: Account, other: &Case, now: Tick) -> bool {
        let Some(exam) = self.exam.as_ref().filter(|e| e.bench.by == account && e.stage == Stage::Blind) else {
            return false;
        };
        !self.sealed && exam.bench.whole() && !self.forbidden(exam, other, now)
    }

    pub fn may_hand_in(&self, account: Account) -> bool {
        let begun = self.asked.as_ref().and_then(|asked| asked.begun.as_ref());
        let whole = begun.is_some_and(|bench| self.is(bench.by, account) && bench.answers_all());
        let unveiled = self.exam.as_ref().is_some_and(|exam| exam.stage == Stage::Unveiled);
        !self.sealed && whole && unveiled && !self.saw(account)
    }

    pub fn may_ask(&self, account: Account) -> bool {
        let Some(exam) = self.exam.as_ref().filter(|exam| exam.bench.by == account) else { return false };
        let lead = exam.alone().is_some_and(|(_, conclusion)| carries(conclusion));
        let enough = self.lists.last().is_some_and(|list| list.rows.len() > 3);
        !self.sealed && exam.stage == Stage::Unveiled && self.asked.is_none() && lead && enough
    }

    pub fn may_begin(&self, account: Account) -> bool {
        let Some(asked) = &self.asked else { return false };
        let works = [asked.by, self.opener].into_iter().any(|one| self.is(one, account)) || self.examines(account);
        let free = asked.begun.as_ref().is_none_or(|bench| self.is(bench.by, account));
        let trained = CAST[account].examiner && CAST[account].trained;
        !self.sealed && trained && !works && free && !self.saw(account)
    }

    pub fn may_confer(&self, account: Account, with: Account) -> bool {
        let Some(exam) = self.exam.as_ref().filter(|exam| exam.bench.by == account) else { return false };
        let Some(second) = exam.second else { return false };
        !self.sealed && exam.disagree() && second.conferred.is_none() && self.is(second.by, with)
    }

    fn forbidden(&self, exam: &Exam, other: &Case, before: Tick) -> bool {
        let Some(subject) = exam.bench.kept.and_then(|lead| self.subject(lead)) else { return false };
        let mine = |by: Account| self.is(by, exam.bench.by);
        let here =
            self.aside.iter().any(|one| one.is_unveiled() && mine(one.bench.by) && self.lists[one.list].names(subject));
        here || other.shown().iter().any(|seen| seen.subject == subject && mine(seen.to) && seen.at <= before)
    }

    /// The conclusion that stands on the lead in the end; a disagreement follows the lead wherever it was.
    pub fn outcome(&self, other: &Case) -> Option<(Row, Conclusion)> {
        let (lead, conclusion) = self.exam.as_ref()?.outcome()?;
        let left = self.subject(lead).is_some_and(|subject| self.was_left(subject) || other.is_left(subject));
        Some((lead, if left { Conclusion::Inconclusive } else { conclusion }))
    }

    /// Entries count for the person they were made for.
    fn counts(&self, item: &Item) -> bool {
        let lead = self.exam.as_ref().and_then(|exam| exam.bench.kept);
        match (item.bound, lead) {
            (Some(bound), Some(lead)) => bound == lead || self.subject(bound) == self.subject(lead),
            _ => true,
        }
    }

    pub fn may_seal(&self, author: Account, other: &Case, stale: bool) -> bool {
        let Some(exam) = self.exam.as_ref().filter(|exam| exam.stage > Stage::Blind) else { return false };
        let begun = self.asked.as_ref().is_some_and(|asked| asked.begun.is_some());
        let mended = self.returned.is_none_or(|before| self.answered && before != (self.words, self.changes));
        if !self.may_open(author) || self.sealed || begun || !mended || self.words.account.is_none() {
            return false;
        }
        let outcome = self.outcome(other);
        if outcome.is_some() && self.forbidden(exam, other, exam.concluded) {
            return false;
        }
        let has = |kind: Kind| self.entries.iter().any(|item| item.kind == kind && self.counts(item));
        match self.words.disposition {
            None => false,
            Some(Disposition::NoCandidate) => outcome.is_none(),
            Some(Disposition::Excluded) => {
                self.words.reason && (outcome.is_none_or(|(_, c)| !carries(c)) || has(Kind::Against))
            }
            Some(Disposition::LeadNotCorroborated) => outcome.is_some() && exam.is_unveiled() && !stale,
            Some(Disposition::LeadCorroborated) => {
                let verified = exam.second.is_some() && outcome.is_some_and(|(_, c)| carries(c));
                verified && !stale && has(Kind::Vehicle) && has(Kind::Witness) && !has(Kind::Against)
            }
        }
    }

    /// Reviewed by another person than whoever wrote, examined, verified or opened, now or before.
    pub fn may_review(&self, account: Account) -> bool {
        let exams = self.exams().flat_map(|exam| [Some(exam.bench.by), exam.second.map(|s| s.by)]).flatten();
        let mut people = exams.chain(self.given_up.iter().map(|b| b.by)).chain([self.opener, self.author]);
        CAST[account].supervisor && self.sealed && !people.any(|one| self.is(one, account))
    }

    /// Notes a reader; who works on the case and who is noted already is none.
    pub fn read_by(&mut self, account: Account, now: Tick) {
        let noted = self.readers.keys().any(|reader| self.is(*reader, account));
        if !noted && !self.is(self.opener, account) && !self.examines(account) {
            self.readers.insert(account, now);
        }
    }
}
