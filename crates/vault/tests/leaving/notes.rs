//! Exported notes that hold, before anybody signed and as files.

use casework::samples::*;
use casework::{
    Addendum, CaseNote, Circumstances, Conclusion, Decision, Disposition, Examination, Handover, History, Judged,
    Judgement, NoteContent, NoteDraft, NoteId, Review, ReviewForm, Scope,
};
use serde_json::{Value, json};

use super::*;

/// A note with what belongs to it, before anybody signed.
#[derive(Debug, Clone)]
pub struct Made {
    pub note: Value,
    pub reviews: Vec<Value>,
    pub addenda: Vec<Value>,
    pub documents: Vec<String>,
    pub root: Option<u32>,
    pub desk: u32,
}

impl Made {
    fn of(note: &NoteContent) -> Self {
        let text = canonical(&serde_json::to_value(note).unwrap());
        let judged = Judgement::ALL.map(|judgement| Judged { judgement, holds: Some(true), remark: String::new() });
        let form = ReviewForm {
            judged: judged.to_vec(),
            decision: Some(Decision::Approve),
            reason: String::new(),
            remarks: Vec::new(),
        };
        let review = Review::decide(note, &sha256(&text), &form, &somebody(7), at("2026-03-03T09:00:00Z")).unwrap();
        Self {
            note: serde_json::from_str(&text).unwrap(),
            reviews: vec![serde_json::to_value(review).unwrap()],
            addenda: Vec::new(),
            documents: department(),
            root: Some(ROOT),
            desk: DESK,
        }
    }

    /// The same with two addenda, by the author and by a supervisor.
    fn added(mut self) -> Self {
        let content: NoteContent = serde_json::from_value(self.note.clone()).unwrap();
        let hash = sha256(&canonical(&self.note));
        let text = "The registry was asked again; nothing else was found.";
        for (earlier, by) in [1, 8].into_iter().enumerate() {
            let now = at("2026-03-04T09:00:00Z");
            let added = Addendum::write(&content, &hash, earlier, text, &somebody(by), now).unwrap();
            self.addenda.push(serde_json::to_value(added.content()).unwrap());
        }
        self
    }

    /// Whose signatures it needs.
    pub fn hands(&self) -> Vec<Hand> {
        let mut all = hands_of(&self.note);
        let of = |kind, record: &Value, person: &str| {
            Hand::of(kind, sha256(&canonical(record)), &record[person], &record["at"])
        };
        all.extend(self.reviews.iter().map(|review| of("review", review, "reviewer")));
        all.extend(self.addenda.iter().map(|added| of("addendum", added, "author")));
        all
    }

    pub fn statements(&self, change: impl FnOnce(&mut Vec<Hand>)) -> Vec<String> {
        let mut hands = self.hands();
        change(&mut hands);
        let mut all: Vec<String> = hands.iter().map(|hand| hand.statement(&self.documents)).collect();
        all.sort();
        all
    }

    /// The note changed, with everything that hangs on its hash.
    pub fn change(&mut self, change: impl FnOnce(&mut Value)) {
        change(&mut self.note);
        let hash = sha256(&canonical(&self.note));
        for of in self.reviews.iter_mut().chain(&mut self.addenda) {
            of["note_sha256"] = json!(hash);
        }
    }

    pub fn file_signed(&self, change: impl FnOnce(&mut Vec<Hand>)) -> Value {
        let seal = |record: &Value| signed(record, self.desk);
        let mut file = json!({
            "addenda": self.addenda.iter().map(seal).collect::<Vec<_>>(), "format": "corroborate.note-file.v1",
            "note": seal(&self.note), "review": self.reviews.first().map(seal),
        });
        if let Some(root) = self.root {
            file["format"] = json!("corroborate.note-file.v2");
            file["root"] = json!(public(root));
            file["department"] = json!(self.documents);
            file["statements"] = json!(self.statements(change));
        }
        file
    }

    pub fn file(&self) -> Value {
        self.file_signed(|_| ())
    }
}

/// A note of `disposition` without a lead.
fn without_lead(disposition: Disposition) -> NoteContent {
    let list = search(20);
    let mut blind = examination();
    blind.none_of_these(true);
    let concluded = blind.conclude(&list, at("2026-03-02T09:40:00Z"), &policy()).unwrap();
    let proof = prove(Examination::Unveiled(concluded.unveil(at("2026-03-02T09:41:00Z"))));
    let around = around_of(proof.examination(), "2026-03-02T12:00:00Z");
    let scope = disposition.scope();
    let mut checklist = casework::Checklist { scope, ..checklist() };
    if scope == Scope::NoCandidate {
        checklist.entries.clear();
    }
    let reason = "The ears differ in every candidate that was compared.".to_owned();
    let draft = NoteDraft {
        id: NoteId(uuid(if scope == Scope::NoCandidate { 41 } else { 42 })),
        disposition: Some(disposition),
        reason: if scope == Scope::NoCandidate { String::new() } else { reason },
        narrative: "Four candidates examined; none of them is the person.".to_owned(),
        ..note_draft()
    };
    let complete = checklist.complete(&policy(), &around).unwrap();
    let clock = StandingClock(at("2026-03-02T12:00:00Z"));
    let sealed = CaseNote::seal(draft, proof, complete, examiner(1).reference(), &clock, &policy()).unwrap();
    sealed.content().clone()
}

/// A note whose lead was verified at another workstation, where the second examiner disagreed at first.
fn verified_elsewhere(conference: bool) -> NoteContent {
    let mut file = asked_file(500, 2);
    let asked = file.asked_elsewhere().unwrap().clone();
    let lead = asked.asked.token(candidate(0));
    let mut requested = casework::Requested::take(asked.asked.request().clone(), at("2026-03-02T09:55:00Z"));
    let against = if conference { Conclusion::Inconclusive } else { Conclusion::Support };
    compare_requested(&mut requested, 2, |t| if Some(t) == lead { against } else { Conclusion::Exclusion });
    requested.hand_in(&examiner(2), at("2026-03-02T11:00:00Z"), &policy()).unwrap();
    let reply = requested.reply().unwrap();
    file.take_reply(&asked, &reply, &examiner(2), at("2026-03-02T11:05:00Z"), &policy()).unwrap();
    let record = file.examination.as_ref().unwrap().record();
    let mut value = serde_json::to_value(&record).unwrap();
    if conference {
        value["verification"]["conference"] = json!({
            "account": "Both looked at the ears again, side by side.", "agreed": "inconclusive",
            "at": "2026-03-02T11:10:00Z", "confirmed_at": "2026-03-02T11:20:00Z",
            "held_by": [examiner(1).reference(), examiner(2).reference()],
        });
    }
    let examination: Examination = serde_json::from_value(value).unwrap();
    let around = around_of(&examination.record(), "2026-03-02T12:00:00Z");
    let complete = checklist().complete(&policy(), &around).unwrap();
    let clock = StandingClock(at("2026-03-02T12:00:00Z"));
    let draft = NoteDraft { id: NoteId(uuid(43 + u128::from(conference))), ..note_draft() };
    let sealed =
        CaseNote::seal(draft, prove(examination), complete, examiner(1).reference(), &clock, &policy()).unwrap();
    sealed.content().clone()
}

/// A note of a case that went from examiner 3 to its author, by `by`.
fn handed_over(by: u128) -> NoteContent {
    let one = Handover {
        from: examiner(3).reference(),
        to: examiner(1).reference(),
        by: somebody(by).reference(),
        at: at("2026-03-02T08:59:00Z"),
        reason: "Transferred to another division".to_owned(),
    };
    let history = History { handed_over: vec![one], ..History::default() };
    let draft = NoteDraft { id: NoteId(uuid(50 + by)), history, ..note_draft() };
    let (author, from) = (examiner(1).reference(), examiner(3).reference());
    let people = [&author, &from, &author, &author];
    let now = at("2026-03-02T12:00:00Z");
    let searches = [search(20)];
    let around = Circumstances::new(Some(&case()), Some(&probe()), &searches, Some(candidate(0)), people, now);
    let complete = checklist().complete(&policy(), &around).unwrap();
    let sealed = CaseNote::seal(draft, concluded(), complete, author, &StandingClock(now), &policy()).unwrap();
    sealed.content().clone()
}

/// Notes that hold, by name.
pub fn holding() -> Vec<(&'static str, Made)> {
    let whole = Made::of(corroborated().content());
    vec![
        ("a corroborated lead", whole.clone().added()),
        ("a lead that is not corroborated", Made::of(sealed().content())),
        ("no candidate", Made::of(&without_lead(Disposition::NoCandidate))),
        ("excluded", Made::of(&without_lead(Disposition::Excluded))),
        ("verified at another workstation", Made::of(&verified_elsewhere(false))),
        ("verified at another workstation, with a conference", Made::of(&verified_elsewhere(true))),
        ("handed over by a colleague", Made::of(&handed_over(3))),
        ("handed over in a colleague's absence", Made::of(&handed_over(8))),
        ("without a review", Made { reviews: Vec::new(), ..whole.clone() }),
        ("without a department", Made { root: None, ..whole.clone().added() }),
        (
            "a key that ended since",
            Made {
                documents: changed("2026-03-10T08:00:00Z", |all| {
                    all[1].keys[0] = span(2, "2026-01-20", Some("2026-03-09"))
                }),
                ..whole.clone()
            },
        ),
        (
            "a role that was taken since",
            Made {
                documents: changed("2026-03-10T08:00:00Z", |all| all[1].person.roles = vec![Role::Auditor]),
                ..whole.clone()
            },
        ),
        ("by another key of the verifier", Made { documents: with_another_key(), ..whole }),
    ]
}
