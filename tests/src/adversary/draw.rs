//! Draws calls: who does what next so that cases travel, and what nobody of good will would send.

use serde_json::{Value, json};

use super::door::{Call, Who};
use super::forms::{self, Facts};
use super::known::Known;
use super::told::{Relation, State};

/// Numbers from a seed: SplitMix64.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The same seed, the same numbers.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// One time in `n`.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of several.
    pub fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }

    /// One of several, each as likely as its weight.
    pub fn weighed<T: Copy>(&mut self, all: &[(T, usize)]) -> Option<T> {
        let mut at = self.below(all.iter().map(|(_, weight)| weight).sum());
        for (one, weight) in all {
            if at < *weight {
                return Some(*one);
            }
            at -= weight;
        }
        None
    }
}

/// Who sits down how often.
pub const PEOPLE: [(Who, usize); 10] = [
    (Who::First, 26),
    (Who::Second, 18),
    (Who::Third, 14),
    (Who::Both, 14),
    (Who::Reviewer, 10),
    (Who::Supervisor, 6),
    (Who::Administrator, 3),
    (Who::Auditor, 3),
    (Who::Temporary, 2),
    (Who::Nobody, 4),
];

/// Commands that cost a decoder, a scan, a hash of a passphrase or a paper are drawn less often; those that ask for a
/// file in a window of the system, and those that would take the workstation's set-up away, are not drawn.
fn weight(command: &str) -> usize {
    match command {
        "choose_file"
        | "choose_attachment"
        | "choose_groups"
        | "open_package"
        | "oversight_gallery_file"
        | "sign_in"
        | "sign_out"
        | "continue_in_browser"
        | "new_case"
        | "issue_code"
        | "set_second_factor"
        | "sign_policy" => 0,
        "search" | "take_offered" | "choose_prepared" | "confirm_account" | "confirm_search" | "confirm_flags"
        | "confer" | "save_person" | "name_person" | "change_passphrase" | "print_report" | "print_disclosure"
        | "export_kit" | "export_case_graph" | "make_report" | "reports" | "result_figures" | "name_operation"
        | "validity" | "print_validity" | "export_audit" | "export_department" | "save_note" | "turn_probe"
        | "say_keeping" | "oversight" | "oversight_commit" | "oversight_draw" | "oversight_close"
        | "oversight_gallery" => 1,
        "export_disclosure"
        | "export_note"
        | "write_reviews"
        | "test_gallery"
        | "staff"
        | "withdraw_verification"
        | "verifiers"
        | "successors"
        | "hand_over"
        | "hand_over_all"
        | "holders"
        | "ask_elsewhere"
        | "send_again"
        | "decline_verification"
        | "propose_conference"
        | "conferences"
        | "answer_conference"
        | "none_of_these"
        | "retention"
        | "purge_preview"
        | "purge"
        | "export_certificate"
        | "review_note" => 3,
        _ => 12,
    }
}

/// Draws calls for cases as they are known.
pub struct Draw<'a> {
    /// Chance.
    pub dice: &'a mut Dice,
    /// Cases.
    pub known: &'a [Known],
    /// Files that are offered as probes; one more is a paper.
    pub probes: usize,
    /// Address of the gallery.
    pub gallery: &'a str,
}

impl Draw<'_> {
    /// What `who` would do next in every case where there is something to do.
    pub fn plan(&mut self, who: Who) -> Vec<Call> {
        let mut calls = Vec::new();
        let known = self.known;
        let from = self.dice.below(known.len());
        for case in known[from..].iter().chain(&known[..from]) {
            let steps = self.steps(who, case);
            for (command, facts) in steps {
                if let Ok(arguments) = forms::arguments(command, &facts) {
                    let arguments = match command {
                        "take_offered" => json!({ "id": case.id, "index": case.n % self.probes, "further": false }),
                        _ => arguments,
                    };
                    calls.push(Call::new(command, arguments));
                }
            }
        }
        calls
    }

    fn steps(&mut self, who: Who, case: &Known) -> Vec<(&'static str, Facts)> {
        let facts = self.facts(who, case);
        let relation = case.relation(who);
        let mut steps: Vec<(&'static str, Facts)> = Vec::new();
        let mut add = |commands: &[&'static str]| steps.extend(commands.iter().map(|c| (*c, facts.clone())));
        let finishes = ["edit_checklist", "edit_note", "save_note"];
        match (relation, case.state()) {
            (Relation::Examiner, State::NoPurpose) => {
                add(&["edit_purpose", "confirm_purpose", "take_offered", "edit_origin", "confirm_probe"]);
                // Its probe was searched before.
                if case.n >= self.probes {
                    add(&["confirm_search"]);
                }
                add(&["search"]);
            }
            (Relation::Examiner, State::Searched | State::Analysed | State::Opened) => {
                add(&["edit_analysis", "record_analysis"]);
                let lead = case.candidates.get(case.n % 7).filter(|_| case.n % 4 != 3);
                let others = case.candidates.iter().filter(|c| Some(*c) != lead).take(4 + case.n % 3);
                steps.extend(self.compared(&facts, others, lead));
                let kept = Facts { candidate: lead.cloned().unwrap_or_default(), ..facts.clone() };
                steps.push((if lead.is_some() { "keep" } else { "none_of_these" }, kept));
                steps.extend(["conclude", "unveil"].map(|c| (c, facts.clone())));
            }
            (Relation::Examiner, State::Concluded) => add(&["unveil"]),
            (Relation::Examiner, State::Unveiled) => {
                if self.dice.one_in(9) {
                    add(&["confirm_search", "search"]);
                } else if case.lead.is_some() && !self.dice.one_in(5) {
                    add(&["ask_verification"]);
                } else {
                    add(&finishes);
                }
            }
            (Relation::Examiner, State::HandedIn | State::Returned) => add(&finishes),
            (Relation::Examiner, State::Asked | State::Begun) if self.dice.one_in(12) => {
                add(&["withdraw_verification"])
            }
            (Relation::Examiner, State::Sealed) if self.dice.one_in(4) => {
                add(&["add_addendum", "record_result", "export_note"])
            }
            (Relation::Other | Relation::Both, State::Asked) | (Relation::Verifier, _) if who.examines() => {
                add(&["begin_verification", "edit_analysis", "record_analysis"]);
                let lead = case.lead.as_ref().filter(|_| case.n % 5 != 4);
                let others = case.among.iter().filter(|c| Some(*c) != lead);
                steps.extend(self.compared(&facts, others, lead));
                steps.push(("hand_in", facts.clone()));
            }
            (Relation::Supervisor | Relation::Both, State::Sealed) if !case.reviewed && self.dice.one_in(2) => {
                let approves = !self.dice.one_in(3);
                steps.extend(["read_note", "review_note"].map(|c| (c, Facts { approves, ..facts.clone() })));
            }
            _ => {}
        }
        steps
    }

    fn compared<'f>(
        &self,
        facts: &Facts,
        others: impl Iterator<Item = &'f String>,
        lead: Option<&'f String>,
    ) -> Vec<(&'static str, Facts)> {
        let one = |candidate: &String| {
            let facts = Facts { candidate: candidate.clone(), supports: Some(candidate) == lead, ..facts.clone() };
            ["look_at", "compare", "conclude_on"].map(|command| (command, facts.clone()))
        };
        others.chain(lead).flat_map(one).collect()
    }

    fn facts(&mut self, who: Who, case: &Known) -> Facts {
        let said = if who == case.owner { format!("first-{}-q", case.n) } else { case.second_word(who) };
        Facts {
            case: case.id.clone(),
            number: format!("25-{:06}", 770_000 + case.n),
            typed: format!("typed-{}-q", case.n),
            said,
            candidate: self.dice.of(&case.candidates).cloned().unwrap_or_default(),
            supports: case.lead.is_some(),
            entry: forms::witness(),
            note: self.dice.of(&case.notes).cloned().unwrap_or_default(),
            sha256: self.dice.of(&case.files).cloned().unwrap_or_else(|| "ab".repeat(32)),
            offered: self.probes,
            asked: case.asked,
            person: self.dice.of(&Who::ALL).map(|who| who.id()).unwrap_or_default(),
            approves: self.dice.one_in(2),
        }
    }

    /// Any call at all.
    pub fn any(&mut self, who: Who, commands: &[&'static str]) -> Call {
        if self.dice.one_in(14) {
            return self.picture();
        }
        let weighed: Vec<(&str, usize)> = commands.iter().map(|c| (*c, weight(c))).collect();
        let command = self.dice.weighed(&weighed).unwrap_or("start");
        let facts = match self.dice.of(self.known) {
            Some(case) => self.facts(who, case),
            None => Facts { person: who.id(), ..Facts::default() },
        };
        let right = forms::arguments(command, &facts).unwrap_or_default();
        let arguments = match (command, who) {
            ("save_settings", _) => json!({ "form": { "gallery": self.gallery, "token": "", "theme": "" } }),
            // Whoever administers could take the workstation away from everybody.
            ("save_person" | "save_exchange" | "add_workstation", Who::Administrator) => right,
            // What a passphrase becomes is drawn by whoever keeps them.
            ("change_passphrase", _) => right,
            _ => match self.dice.below(10) {
                0..5 => right,
                5..8 => self.half_right(right),
                _ => self.wrong(right),
            },
        };
        Call::new(command, arguments)
    }

    fn picture(&mut self) -> Call {
        let Some(case) = self.dice.of(self.known).cloned() else { return Call::picture("probe/x/y/1".to_owned()) };
        let kind = ["probe", "prepared", "attachment", "candidate", "candidate"][self.dice.below(5)];
        let which = match kind {
            "candidate" => format!("{}/0", self.dice.of(&case.candidates).cloned().unwrap_or_default()),
            _ => self.dice.of(&case.files).cloned().unwrap_or_else(|| "cd".repeat(32)),
        };
        let side = ["200", "600", "-1", "0", "99999999999", "x"]
            [self.dice.weighed(&[(0, 8), (1, 4), (2, 1), (3, 1), (4, 1), (5, 1)]).unwrap_or(0)];
        Call::picture(format!("{kind}/{}/{which}/{side}", case.id))
    }

    /// An identity of anything, of this case or another.
    fn identity(&mut self) -> Value {
        let Some(case) = self.dice.of(self.known).cloned() else { return json!(Who::First.id()) };
        let person = self.dice.of(&Who::ALL).map(|who| who.id()).unwrap_or_default();
        let candidate = self.dice.of(&case.candidates).cloned().unwrap_or_default();
        let note = self.dice.of(&case.notes).cloned().unwrap_or_default();
        json!([case.id, candidate, note, person, forms::witness()][self.dice.below(5)])
    }

    fn junk(&mut self) -> Value {
        let text = [
            "",
            " ",
            "\u{202e}абв",
            "\u{0}",
            "💣\u{200d}💣",
            "../../etc/passwd",
            "2026-13-40",
            "-009999-01-02T01:59:59Z",
            "9999-12-30T22:00:00Z",
            "'; DROP TABLE case_file; --",
            "none",
            "NaN",
            "\u{3164}",
        ];
        match self.dice.below(20) {
            0..6 => json!(text[self.dice.below(text.len())]),
            6..10 => self.identity(),
            10 => Value::Null,
            11 => json!(self.dice.one_in(2)),
            12 => json!([-1, 0, 1, 255, 256, i64::MAX, i64::MIN][self.dice.below(7)]),
            13 => json!([1e300, 1e39, -0.5, 3.5e38, f64::MIN_POSITIVE][self.dice.below(5)]),
            14 => json!([]),
            15 => json!({}),
            16 => json!({ "$nest": 300 }),
            17 if self.dice.one_in(6) => json!({ "$repeat": ["x", 100_000] }),
            17 => json!({ "$repeat": ["ж", 3_000] }),
            18 => json!([[[]], { "": null }]),
            _ => json!({ "kind": "outline", "points": [[0, 1e39]] }),
        }
    }

    /// Right but for one thing somewhere in it.
    fn half_right(&mut self, right: Value) -> Value {
        let mut place = String::new();
        loop {
            let inner: Vec<String> = match right.pointer(&place) {
                Some(Value::Object(map)) => map.keys().cloned().collect(),
                Some(Value::Array(list)) => (0..list.len()).map(|n| n.to_string()).collect(),
                _ => Vec::new(),
            };
            match self.dice.of(&inner) {
                Some(name) if place.is_empty() || !self.dice.one_in(5) => place = format!("{place}/{name}"),
                _ => break,
            }
        }
        let mut changed = right;
        if let Some(at) = changed.pointer_mut(&place).filter(|_| !place.is_empty()) {
            *at = self.junk();
        }
        changed
    }

    /// The right names with anything in them.
    fn wrong(&mut self, right: Value) -> Value {
        let Value::Object(map) = right else { return json!({}) };
        let mut wrong = serde_json::Map::new();
        for (name, value) in map {
            match self.dice.below(8) {
                0 => {}
                1 => drop(wrong.insert(name, value)),
                _ => drop(wrong.insert(name, self.junk())),
            }
        }
        Value::Object(wrong)
    }
}
