//! Random acts: half of them what could come next, the rest whatever comes to mind to whoever is at hand.

use casework::{CandidateId, Conclusion, Disposition};

use super::act::Act;
use super::bench::Bench;
use super::paper::{Account, CAST, Case as Paper, Kind, Row, Stage};

/// SplitMix64: one seed, one history.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0xD134_2543_DE82_EF95))
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    pub fn anybody(&mut self) -> Account {
        self.below(CAST.len())
    }

    fn conclusion(&mut self) -> Conclusion {
        self.of(&Conclusion::ALL)
    }

    /// A row of the list under examination, or of any list.
    fn row(&mut self, paper: &Paper) -> Row {
        let list = if self.one_in(2) { paper.lists.last() } else { paper.lists.iter().rev().take(2).next_back() };
        let rows: Vec<Row> = list.into_iter().flat_map(|list| list.rows.iter().map(|(row, _)| *row)).collect();
        if rows.is_empty() { CandidateId(casework::samples::uuid(1)) } else { self.of(&rows) }
    }

    /// Five or six of nine subjects, the same one twice now and then; seldom a list that is too short to verify.
    fn list(&mut self) -> Vec<u32> {
        let count = if self.one_in(12) { 3 } else { 5 + self.below(2) };
        let mut subjects: Vec<u32> = (0..9).collect();
        for at in 0..count {
            let other = at + self.below(subjects.len() - at);
            subjects.swap(at, other);
        }
        subjects.truncate(count);
        if self.one_in(8) {
            subjects[0] = subjects[1];
        }
        subjects
    }

    fn write(&mut self) -> Act {
        let disposition = self.of(&Disposition::ALL);
        let account = (!self.one_in(10)).then(|| self.below(4) as u8);
        Act::Write((!self.one_in(10)).then_some(disposition), !self.one_in(3), account, !self.one_in(4))
    }

    /// Acts at a bench from the analysis to a whole answer, with a slip now and then. `toward` is kept or supported.
    fn work(&mut self, who: Account, bench: &Bench, toward: Option<Row>, all: bool) -> Vec<Act> {
        let mut acts = vec![Act::Analyse(who)];
        let supported = if self.one_in(3) { None } else { toward };
        for row in &bench.shown {
            let is = supported == Some(*row) || (all && self.one_in(12));
            if !is && !all && bench.shown.len() > 4 && self.one_in(4) {
                continue;
            }
            if !self.one_in(60) {
                acts.push(Act::Open(who, *row));
            }
            if is && !self.one_in(30) {
                acts.push(Act::Compare(who, *row));
            }
            let against = if self.one_in(3) { Conclusion::Inconclusive } else { Conclusion::Exclusion };
            let support = if self.one_in(2) { Conclusion::Support } else { Conclusion::LimitedSupport };
            acts.push(Act::Say(who, *row, Some(if is { support } else { against })));
        }
        if !all {
            acts.push(supported.map_or(Act::NoneOfThese(who), |row| Act::Keep(who, Some(row))));
        }
        acts
    }

    /// What could come next in this case.
    fn next(&mut self, paper: &Paper) -> Vec<Act> {
        if paper.sealed {
            return vec![Act::Review(self.of(&[3, 4, 5, 7]), !self.one_in(4))];
        }
        let Some(exam) = &paper.exam else {
            let by = if self.one_in(3) { self.of(&[0, 1, 2, 3]) } else { paper.opener };
            return vec![Act::Send(by), Act::Answer(by, self.list(), true)];
        };
        let by = exam.bench.by;
        match exam.stage {
            Stage::Blind => {
                let toward = self.row(paper);
                let mut acts = self.work(by, &exam.bench, Some(toward), false);
                acts.push(Act::Conclude(by));
                acts
            }
            Stage::Concluded => vec![Act::Unveil(by)],
            Stage::Unveiled | Stage::Verified => match (&paper.asked, self.below(8)) {
                (None, 0..3) if exam.stage == Stage::Unveiled => vec![Act::Ask(by), Act::Begin(self.of(&[1, 2, 3]))],
                (Some(asked), 0..7) => match &asked.begun {
                    None => vec![Act::Begin(self.of(&[1, 2, 3, 0]))],
                    Some(bench) if !bench.analysed => {
                        let second = bench.by;
                        let mut acts = self.work(second, bench, exam.bench.kept, true);
                        acts.push(Act::HandIn(second));
                        acts
                    }
                    Some(bench) => vec![Act::HandIn(bench.by), Act::Withdraw(by)],
                },
                (_, 1) if exam.second.is_some() => {
                    vec![Act::Confer(by, exam.second.map_or(by, |second| second.by), self.conclusion())]
                }
                (_, 2) => {
                    let again = if self.one_in(2) { self.of(&[0, 1, 2, 3]) } else { by };
                    let confirm = Act::Confirm(self.of(&[4, 5, 3, 7]));
                    vec![confirm, Act::Send(again), Act::Answer(again, self.list(), true)]
                }
                (_, 3) => vec![Act::Add(Kind::Vehicle), Act::Add(Kind::Witness)],
                (_, 4) => vec![Act::Change(by, self.row(paper), self.conclusion(), "Ears differ after all")],
                _ => {
                    let mut write = self.write();
                    if let (Act::Write(disposition, _, account, answered), true) = (&mut write, exam.second.is_some()) {
                        *disposition =
                            Some(self.of(&[Disposition::LeadCorroborated, Disposition::LeadNotCorroborated]));
                        (*account, *answered) = (Some(self.below(4) as u8), true);
                    }
                    vec![write, Act::Seal(if self.one_in(4) { by } else { paper.opener })]
                }
            },
        }
    }

    fn whatever(&mut self, paper: &Paper) -> Act {
        let (who, row) = (self.anybody(), self.row(paper));
        match self.below(26) {
            0 => Act::Confirm(who),
            1 => Act::Send(who),
            2 => Act::Answer(who, self.list(), !self.one_in(4)),
            3 => Act::Analyse(who),
            4 => Act::Open(who, row),
            5 => Act::Compare(who, row),
            6 => Act::Say(who, row, (!self.one_in(5)).then(|| self.conclusion())),
            7 => Act::Keep(who, (!self.one_in(4)).then_some(row)),
            8 => Act::NoneOfThese(who),
            9 => Act::Conclude(who),
            10 => Act::Unveil(who),
            11 => Act::Change(who, row, self.conclusion(), if self.one_in(4) { "" } else { "Seen once more" }),
            12 => Act::Ask(who),
            13 | 14 => Act::Begin(who),
            15 => Act::HandIn(who),
            16 => Act::Withdraw(paper.exam.as_ref().filter(|_| self.one_in(3)).map_or(who, |exam| exam.bench.by)),
            17 => Act::Confer(who, self.anybody(), self.conclusion()),
            18 => Act::Add(self.of(&[Kind::Vehicle, Kind::Witness, Kind::Against])),
            19 => self.write(),
            20 => Act::Seal(who),
            21 => Act::Review(who, self.one_in(2)),
            22 if self.one_in(8) => Act::Wait,
            _ => Act::Read(who),
        }
    }

    /// The next acts of one case.
    pub fn acts(&mut self, paper: &Paper) -> Vec<Act> {
        if self.below(10) < 6 { self.next(paper) } else { vec![self.whatever(paper)] }
    }
}
