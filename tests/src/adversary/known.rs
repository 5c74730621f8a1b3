//! What an attacker of many calls keeps of each case: from the answers as they come, and from the vault's rows between
//! two batches.

use std::collections::BTreeSet;

use serde_json::Value;

use super::door::{Answer, Call, PICTURE, Who};
use super::told::{Class, Relation, Shown, State, may_be_told, may_see};

/// A case.
#[derive(Debug, Clone)]
pub struct Known {
    /// Identity.
    pub id: String,
    /// Its number among those of this attack.
    pub n: usize,
    /// Who opened it.
    pub owner: Who,
    /// Where its examination stands, whatever became of notes.
    pub bench: State,
    /// Who compares as second examiner now.
    pub verifier: Option<Who>,
    /// Whether the note that stands is sealed.
    pub sealed: bool,
    /// Whether a note was returned.
    pub returned: bool,
    /// Whether the sealed note is decided on.
    pub reviewed: bool,
    /// Everybody whose second examination was handed in or given up.
    pub seconds: BTreeSet<Who>,
    /// Everybody else to whom something of the case was told.
    pub readers: BTreeSet<Who>,
    /// The latest list, best score first: what is drawn from it means the same with other identities.
    pub candidates: Vec<String>,
    /// Candidates of lists whose records were shown to the examiner.
    pub unveiled: BTreeSet<String>,
    /// Candidates of other lists whose subject is on one of those: a note names them.
    pub named: BTreeSet<String>,
    /// Whom the examiner keeps.
    pub lead: Option<String>,
    /// Whom a second examiner gets.
    pub among: Vec<String>,
    /// Notes that were sealed.
    pub notes: Vec<String>,
    /// Probe and attachments.
    pub files: Vec<String>,
    /// The attachments of them.
    pub attached: Vec<String>,
    /// How many answers the returned note asks for.
    pub asked: usize,
    /// The row as it was last read.
    pub row: Value,
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

fn who(id: &Value) -> Option<Who> {
    Who::ALL.into_iter().find(|who| *id == who.id().as_str())
}

fn ids_of(search: &Value) -> Vec<String> {
    let list = search["candidates"].as_array().into_iter().flatten();
    list.filter_map(|c| c["id"].as_str().map(str::to_owned)).collect()
}

/// Where an examination stands, by its row.
fn bench_of(row: &Value) -> State {
    let examination = &row["examination"];
    if examination.is_null() {
        return State::NoPurpose;
    }
    if !examination["verification"].is_null() {
        return State::HandedIn;
    }
    if !examination["unveiled_at"].is_null() {
        return match &row["verifying"] {
            Value::Null => State::Unveiled,
            task if task["begun"].is_null() => State::Asked,
            _ => State::Begun,
        };
    }
    match (examination["concluded_at"].is_null(), examination["analysis"]["recorded_at"].is_null()) {
        (false, _) => State::Concluded,
        (true, false) => State::Analysed,
        (true, true) => State::Searched,
    }
}

impl Known {
    /// A case that `owner` began.
    pub fn begun(id: String, n: usize, owner: Who) -> Self {
        Self {
            id,
            n,
            owner,
            bench: State::NoPurpose,
            verifier: None,
            sealed: false,
            returned: false,
            reviewed: false,
            seconds: BTreeSet::new(),
            readers: BTreeSet::new(),
            candidates: Vec::new(),
            unveiled: BTreeSet::new(),
            named: BTreeSet::new(),
            lead: None,
            among: Vec::new(),
            notes: Vec::new(),
            files: Vec::new(),
            attached: Vec::new(),
            asked: 0,
            row: Value::Null,
        }
    }

    /// The word in everything that `who` says at a second examiner's bench here.
    pub fn second_word(&self, who: Who) -> String {
        format!("second-{}-{who:?}-q", self.n)
    }

    /// Words that tell of this case, with what they tell and of whom.
    pub fn words(&self) -> Vec<(String, Class, Option<Who>)> {
        let mut words = vec![
            (format!("typed-{}-q", self.n), Class::Typed, None),
            (format!("25-{:06}", 770_000 + self.n), Class::Typed, None),
            (format!("first-{}-q", self.n), Class::First, None),
        ];
        let seconds = Who::ALL.into_iter().filter(|who| who.examines());
        words.extend(seconds.map(|who| (self.second_word(who), Class::Second, Some(who))));
        words
    }

    /// Where it stands as a whole.
    pub fn state(&self) -> State {
        match (self.sealed, self.returned) {
            (true, _) => State::Sealed,
            // What is worked on anew stands where its examination stands.
            (false, true) if self.bench >= State::Unveiled && !matches!(self.bench, State::Asked | State::Begun) => {
                State::Returned
            }
            _ => self.bench,
        }
    }

    /// How `who` stands to it.
    pub fn relation(&self, who: Who) -> Relation {
        let relation = Relation::of(who, self.owner, self.verifier);
        match relation {
            // Who has read of it, or compared for nothing, cannot be asked any more and reads as a supervisor.
            Relation::Both if self.readers.contains(&who) || self.gave_up(who) => Relation::Supervisor,
            other => other,
        }
    }

    fn gave_up(&self, who: Who) -> bool {
        let aside = self.row["history"]["set_aside"].as_array().into_iter().flatten();
        let aside = aside.map(|s| &s["examination"]["verification"]["verifier"]["id"]);
        let given_up = self.row["history"]["given_up"].as_array().into_iter().flatten();
        let elsewhere = self.row["history"]["elsewhere"].as_array().into_iter().flatten();
        let shown =
            elsewhere.map(|e| &e["to"]["id"]).chain(given_up.map(|g| &g["work"]["examiner"]["id"])).chain(aside);
        shown.into_iter().any(|id| *id == who.id().as_str())
    }

    fn judged_state(&self, relation: Relation) -> State {
        match relation {
            Relation::Supervisor if self.returned && !self.sealed => State::Returned,
            // A note tells its author what was in it, whatever is done since.
            Relation::Examiner => self.bench,
            _ if self.sealed => State::Sealed,
            _ => self.bench,
        }
    }

    /// Whether this may be told to `who`; `second` is whose comparison it is.
    pub fn may_be_told(&self, who: Who, class: Class, second: Option<Who>) -> bool {
        let relation = self.relation(who);
        let state = self.judged_state(relation);
        match (relation, class) {
            (Relation::Verifier, Class::Second) => second == Some(who) && may_be_told(state, relation, class),
            // What was handed in or given up once stays on record.
            (Relation::Examiner, Class::Second) => second.is_some_and(|second| self.seconds.contains(&second)),
            _ => may_be_told(state, relation, class),
        }
    }

    /// Whether the subject of `candidate`, or its `score` too, may be told to `who`.
    pub fn may_know(&self, who: Who, candidate: &str, score: bool) -> bool {
        let reads = match self.relation(who) {
            Relation::Examiner => true,
            relation => may_be_told(self.judged_state(relation), relation, Class::Gallery),
        };
        let named = !score && !self.notes.is_empty() && self.named.contains(candidate);
        reads && (named || self.unveiled.contains(candidate))
    }

    fn shown(&self, path: &str) -> Option<Shown> {
        let mut parts = path.split('/');
        let (kind, which) = (parts.next()?, parts.nth(1)?);
        Some(match kind {
            "candidate" if self.lead.as_deref() == Some(which) => Shown::Lead,
            "candidate" if self.among.iter().any(|c| c == which) => Shown::Among,
            "candidate" => Shown::Listed,
            _ if self.attached.iter().any(|a| a == which) => Shown::Attachment,
            _ => Shown::Probe,
        })
    }

    /// Whether `who` may see the picture at `path`.
    pub fn may_see(&self, who: Who, path: &str) -> bool {
        let relation = self.relation(who);
        self.shown(path).is_some_and(|shown| may_see(self.judged_state(relation), relation, shown))
    }

    /// Takes over what a call of `who` did.
    pub fn apply(&mut self, who: Who, call: &Call, answer: &Answer) {
        if !answer.ok || call.command == PICTURE {
            return;
        }
        match call.command.as_str() {
            "record_analysis" if self.bench == State::Searched && who == self.owner => self.bench = State::Analysed,
            "conclude" => self.bench = State::Concluded,
            "unveil" if self.bench == State::Concluded => {
                self.bench = State::Unveiled;
                self.unveiled.extend(self.candidates.iter().cloned());
            }
            "ask_verification" => self.bench = State::Asked,
            "withdraw_verification" => {
                self.seconds.extend(self.verifier.take());
                if matches!(self.bench, State::Asked | State::Begun) {
                    self.bench = State::Unveiled;
                }
            }
            "begin_verification" => (self.bench, self.verifier) = (State::Begun, Some(who)),
            "hand_in" => {
                self.bench = State::HandedIn;
                self.seconds.extend(self.verifier.take());
            }
            "search" => {
                self.bench = State::Searched;
                self.seconds.extend(self.verifier.take());
                (self.candidates, self.among, self.lead) = (Vec::new(), Vec::new(), None);
            }
            "save_note" => {
                (self.sealed, self.reviewed) = (true, false);
                self.notes.extend(answer.id.clone());
            }
            "review_note" => {
                self.reviewed = true;
                if call.arguments["form"]["decision"] == "return" {
                    (self.sealed, self.returned) = (false, true);
                }
            }
            _ => {}
        }
    }

    /// Takes over the row; what of it contradicts the answers since the last one, if anything does.
    pub fn read(&mut self, row: Value, notes: &[(String, String)]) -> Option<String> {
        let (bench, sealed) = (bench_of(&row), !row["sealed"].is_null());
        let verifier = who(&row["verifying"]["begun"]["examiner"]["id"]);
        let wrong = ((bench, sealed, verifier) != (self.bench, self.sealed, self.verifier)).then(|| {
            format!(
                "case {} stands at {bench:?}, sealed {sealed}, verified by {verifier:?}; its answers said {:?}, {}, {:?}",
                self.n, self.bench, self.sealed, self.verifier
            )
        });
        (self.bench, self.sealed, self.verifier) = (bench, sealed, verifier);
        let returned = row["returned"].as_array().map_or(0, Vec::len);
        self.returned = returned > 0;
        self.reviewed &= self.sealed;
        let searches = row["searches"].as_array().cloned().unwrap_or_default();
        self.candidates = searches.last().map(ids_of).unwrap_or_default();
        let aside = row["history"]["set_aside"].as_array().cloned().unwrap_or_default();
        let all = aside.iter().map(|s| &s["examination"]).chain([&row["examination"]]);
        for shown in all.filter(|e| !e["unveiled_at"].is_null()) {
            let list = searches.iter().find(|s| s["id"] == shown["search"]);
            self.unveiled.extend(list.map(ids_of).unwrap_or_default());
            self.seconds.extend(who(&shown["verification"]["verifier"]["id"]));
        }
        let rows = || searches.iter().flat_map(|s| s["candidates"].as_array().into_iter().flatten());
        let id = |c: &Value| c["id"].as_str().unwrap_or_default().to_owned();
        let subjects: BTreeSet<&str> =
            rows().filter(|c| self.unveiled.contains(&id(c))).filter_map(|c| c["subject_id"].as_str()).collect();
        self.named =
            rows().filter(|c| c["subject_id"].as_str().is_some_and(|s| subjects.contains(s))).map(id).collect();
        self.lead = row["examination"]["lead"].as_str().map(str::to_owned);
        let task = &row["verifying"]["among"];
        let among = texts(if task.is_null() { &row["examination"]["verification"]["work"]["among"] } else { task });
        self.among = self.candidates.iter().filter(|c| among.contains(c)).cloned().collect();
        self.notes = notes.iter().filter(|(_, case)| *case == self.id).map(|(note, _)| note.clone()).collect();
        let entries = row["checklist"]["entries"].as_array().into_iter().flatten();
        let attached = entries.flat_map(|e| e["attachments"].as_array().into_iter().flatten());
        self.attached = attached.filter_map(|a| a["sha256"].as_str().map(str::to_owned)).collect();
        self.files.clone_from(&self.attached);
        self.files.extend(row["image"]["facts"]["sha256"].as_str().map(str::to_owned));
        self.asked = row["note"]["answers"].as_array().map_or(0, Vec::len);
        self.row = row;
        wrong
    }
}
