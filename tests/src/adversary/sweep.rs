//! Every command and every kind of picture, in every state of a case, by everybody: no answer and no file tells what
//! this person may not be told in this state.

use std::collections::HashSet;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::door::{Answer, Call, DIALOGS, Door, PICTURE, Who};
use super::forms::{self, Facts};
use super::told::{Class, Relation, Shown, State, may_be_audited, may_be_disclosed, may_be_told, may_see};
use super::{Attack, Found, commands};
use crate::people::Renderer;
use crate::service::Service;
use crate::station::Station;

/// Attacks of this kind.
pub const ATTACKS: &[Attack] = &[Attack {
    promise: 1,
    name: "asks every command and picture in every state of a case as everybody",
    play: asks_as_everybody,
}];

const PEOPLE: u64 = 200;
const PROBE: u64 = xtask::demo::FIRST_SEED + 17;
const NUMBER: &str = "25-770123";

/// Commands after which the case may stand elsewhere: asked last, each of a case put back as it was.
const MOVERS: [&str; 10] = [
    "record_analysis",
    "conclude",
    "unveil",
    "ask_verification",
    "withdraw_verification",
    "begin_verification",
    "hand_in",
    "search",
    "save_note",
    "review_note",
];

/// Where the case stands after a mover was done; some are done and change nothing.
fn moved(command: &str, before: State) -> State {
    match command {
        "record_analysis" if before == State::Searched => State::Analysed,
        "conclude" => State::Concluded,
        "unveil" if before == State::Concluded => State::Unveiled,
        "ask_verification" => State::Asked,
        "withdraw_verification" if matches!(before, State::Asked | State::Begun) => State::Unveiled,
        "begin_verification" => State::Begun,
        "hand_in" => State::HandedIn,
        "search" => State::Searched,
        _ => before,
    }
}

/// What is told, and shown, to those who may be told it and see it: without that, silence would mean nothing.
const TOLD: [(State, Who, Class); 7] = [
    (State::Unveiled, Who::First, Class::Gallery),
    (State::Opened, Who::First, Class::First),
    (State::HandedIn, Who::First, Class::Second),
    (State::Begun, Who::Second, Class::Second),
    (State::Sealed, Who::Supervisor, Class::Gallery),
    (State::Sealed, Who::Both, Class::Typed),
    (State::Returned, Who::Reviewer, Class::Second),
];
const SHOWN: [(State, Who, Shown); 5] = [
    (State::Probe, Who::First, Shown::Probe),
    (State::Opened, Who::First, Shown::Attachment),
    (State::Analysed, Who::First, Shown::Listed),
    (State::Begun, Who::Second, Shown::Among),
    (State::Sealed, Who::Reviewer, Shown::Lead),
];

/// Who asks in which states: each third pair by `turn`, so that everybody asks in a third of the states and a third of them in each, and
/// those by whom the sweep itself is judged. With `CORROBORATE_SWEEP=all`, as `make adversary` has it, everybody in each.
fn asks(turn: usize, state: usize, who: usize) -> bool {
    let pair = (State::ALL[state], Who::ALL[who]);
    (turn + state + who).is_multiple_of(3)
        || TOLD.iter().any(|told| (told.0, told.1) == pair)
        || SHOWN.iter().any(|shown| (shown.0, shown.1) == pair)
        || std::env::var("CORROBORATE_SWEEP").is_ok_and(|which| which == "all")
}

struct Sweep<'a> {
    door: Door<'a>,
    state: State,
    facts: Facts,
    /// Address of the gallery.
    gallery: String,
    /// What an answer is searched for.
    words: Vec<(String, Class)>,
    /// The list, best score first, as the vault has it.
    listed: Vec<String>,
    lead: String,
    pictures: Vec<(String, Shown)>,
    asked: usize,
    /// Of a state and somebody who asked in it.
    pairs: usize,
    /// Whether somebody was asked for a file who may not choose one: that window stays, and one is enough.
    asked_for_a_file: bool,
    broken: Vec<String>,
    /// What was told to those who may be told it.
    told: HashSet<(State, Who, Class)>,
    seen: HashSet<(State, Who, Shown)>,
}

fn asks_as_everybody() -> anyhow::Result<Found> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let (service, _) = Service::without_limits(PEOPLE)?;
        let station = Station::start()?;
        let renderer = Renderer::new()?;
        let probe = renderer.write(&renderer.picture(PROBE, 1, 640), station.home(), "camera-3.png")?;
        let paper = renderer.write(&renderer.picture(PROBE + 40, 1, 320), station.home(), "statement.png")?;
        let door = Door::open(&station, &service, &[&probe, &paper]).await?;
        let word = |text: &str, class| (text.to_owned(), class);
        let words = vec![
            word("typed-sweep-q", Class::Typed),
            word(NUMBER, Class::Typed),
            word("first-sweep-q", Class::First),
            word("second-sweep-q", Class::Second),
            word("\"score\":", Class::Gallery),
            word("\"rank\":", Class::Gallery),
        ];
        let facts = Facts {
            number: NUMBER.to_owned(),
            typed: "typed-sweep-q".to_owned(),
            said: "first-sweep-q".to_owned(),
            case: NOTHING.to_owned(),
            candidate: NOTHING.to_owned(),
            entry: NOTHING.to_owned(),
            note: NOTHING.to_owned(),
            person: NOTHING.to_owned(),
            sha256: "ab".repeat(32),
            offered: 1,
            supports: true,
            ..Facts::default()
        };
        let mut sweep = Sweep {
            door,
            state: State::NoPurpose,
            facts,
            gallery: service.url(),
            words,
            listed: Vec::new(),
            lead: String::new(),
            pictures: Vec::new(),
            asked: 0,
            pairs: 0,
            asked_for_a_file: false,
            broken: Vec::new(),
            told: HashSet::new(),
            seen: HashSet::new(),
        };
        // Three days ask everything.
        let turn = usize::try_from(jiff::Timestamp::now().as_second() / 86_400 % 3)?;
        for (at, state) in State::ALL.into_iter().enumerate() {
            sweep.reach(state).await.with_context(|| format!("{state:?} is not reached"))?;
            for (_, who) in Who::ALL.into_iter().enumerate().filter(|(who, _)| asks(turn, at, *who)) {
                sweep.everything(who).await?;
                sweep.pairs += 1;
            }
        }
        let found = sweep.verdict();
        sweep.door.window.kill();
        found
    })
}

/// An identity of nothing.
const NOTHING: &str = "00000000-0000-4000-8000-000000000000";

impl Sweep<'_> {
    fn verdict(&mut self) -> anyhow::Result<Found> {
        self.broken.extend(self.door.panics()?);
        if !self.broken.is_empty() {
            let some: Vec<&str> = self.broken.iter().take(30).map(String::as_str).collect();
            return Ok(Found::Broken(format!("{} tell too much: {}", self.broken.len(), some.join("; "))));
        }
        let silent: Vec<_> = TOLD.iter().filter(|w| !self.told.contains(w)).collect();
        ensure!(silent.is_empty(), "nothing was told to those who may be told it: {silent:?}");
        let dark: Vec<_> = SHOWN.iter().filter(|s| !self.seen.contains(s)).collect();
        ensure!(dark.is_empty(), "nothing was shown to those who may see it: {dark:?}");
        Ok(Found::held_if(
            self.asked > 60 * self.pairs,
            format!(
                "{} answers and files in {} states to {} people, {} pairs of both, tell nobody more than they may be told",
                self.asked,
                State::ALL.len(),
                Who::ALL.len(),
                self.pairs
            ),
        ))
    }

    async fn act(&mut self, who: Who, calls: &[(&str, Value)]) -> anyhow::Result<()> {
        ensure!(self.door.sits_down(who).await?, "{who:?} cannot sign in");
        for (command, arguments) in calls {
            self.door.one(Call::new(command, arguments.clone())).await?;
        }
        Ok(())
    }

    fn right(&self, command: &str) -> anyhow::Result<Value> {
        forms::arguments(command, &self.facts)
    }

    fn row(&self) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&self.door.case(&self.facts.case)?)?)
    }

    /// Brings the case to `state`, as people would.
    async fn reach(&mut self, state: State) -> anyhow::Result<()> {
        let id = json!({ "id": self.facts.case });
        match state {
            State::NoPurpose => {
                ensure!(self.door.sits_down(Who::First).await?, "the examiner cannot sign in");
                let begun = self.door.one(Call::new("new_case", json!({}))).await?;
                self.facts.case = begun.id.context("a case has no identity")?;
                self.door.one(Call::new("edit_purpose", self.right("edit_purpose")?)).await?;
            }
            State::Purpose => self.act(Who::First, &[("confirm_purpose", id)]).await?,
            State::Probe => {
                let mut take = self.right("take_offered")?;
                take["index"] = json!(0);
                let origin = self.right("edit_origin")?;
                self.act(Who::First, &[("take_offered", take), ("edit_origin", origin), ("confirm_probe", id)]).await?;
                let sha256 = self.row()?["image"]["facts"]["sha256"].as_str().context("no probe")?.to_owned();
                for kind in ["probe", "prepared"] {
                    self.pictures.push((format!("{kind}/{}/{sha256}", self.facts.case), Shown::Probe));
                }
            }
            State::Searched => {
                let search = self.right("search")?;
                self.act(Who::First, &[("search", search)]).await?;
                let row = self.row()?;
                let list = row["searches"][0]["candidates"].as_array().context("no list")?;
                let of = |field: &str| list.iter().filter_map(|c| c[field].as_str().map(str::to_owned)).collect();
                let (listed, subjects): (Vec<String>, Vec<String>) = (of("id"), of("subject_id"));
                ensure!(listed.len() >= 20 && subjects.len() == listed.len(), "the gallery listed nobody");
                self.words.extend(subjects.into_iter().map(|subject| (subject, Class::Gallery)));
                self.lead.clone_from(&listed[3]);
                self.facts.candidate.clone_from(&self.lead);
                self.listed = listed.clone();
                self.words.push((format!("\"lead\":\"{}\"", self.lead), Class::First));
                self.pictures.push((format!("candidate/{}/{}/0", self.facts.case, self.lead), Shown::Lead));
                self.pictures.push((format!("candidate/{}/{}/0", self.facts.case, listed[19]), Shown::Listed));
            }
            State::Analysed => {
                let analysis = self.right("edit_analysis")?;
                self.act(Who::First, &[("edit_analysis", analysis), ("record_analysis", id)]).await?;
            }
            State::Opened => self.examine(Who::First).await?,
            State::Concluded => {
                let keep = self.right("keep")?;
                self.act(Who::First, &[("keep", keep), ("conclude", id)]).await?;
            }
            State::Unveiled => self.act(Who::First, &[("unveil", id)]).await?,
            State::Asked => {
                self.act(Who::First, &[("ask_verification", id)]).await?;
                let row = self.row()?;
                let among = row["verifying"]["among"].as_array().context("nobody is to be verified")?;
                let other = among.iter().filter_map(Value::as_str).find(|c| *c != self.lead).context("a lead alone")?;
                self.pictures.push((format!("candidate/{}/{other}/0", self.facts.case), Shown::Among));
            }
            State::Begun => {
                self.facts.said = "second-sweep-q".to_owned();
                let analysis = self.right("edit_analysis")?;
                let calls = [("begin_verification", id.clone()), ("edit_analysis", analysis), ("record_analysis", id)];
                self.act(Who::Second, &calls).await?;
                self.examine(Who::Second).await?;
            }
            State::HandedIn => {
                self.act(Who::Second, &[("hand_in", id)]).await?;
                self.facts.said = "first-sweep-q".to_owned();
            }
            State::Sealed => self.seal().await?,
            State::UnderReview => self.reads_by_the_way().await?,
            State::Returned => {
                let returned = json!({ "id": self.facts.note, "form": forms::review(false) });
                self.act(Who::Reviewer, &[("review_note", returned)]).await?;
                let row = self.row()?;
                let seen = row["seen_by"].as_array().context("nobody has seen")?;
                if !seen.iter().any(|s| s["by"]["id"] == self.door.id(Who::Both).as_str()) {
                    self.broken.push(
                        "who read of the sealed note in a list or picture can verify it once it is returned".to_owned(),
                    );
                }
                self.facts.asked = 1;
            }
            State::Approved => {
                self.seal().await?;
                let approved = json!({ "id": self.facts.note, "form": forms::review(true) });
                self.act(Who::Reviewer, &[("review_note", approved)]).await?;
            }
        }
        self.state = state;
        Ok(())
    }

    /// Compares: supports the lead and excludes five others, or whom the second examiner got.
    async fn examine(&mut self, who: Who) -> anyhow::Result<()> {
        let row = self.row()?;
        let among: Vec<String> = match row["verifying"]["among"].as_array() {
            Some(among) => among.iter().filter_map(|c| c.as_str().map(str::to_owned)).collect(),
            None => self.listed.iter().take(6).cloned().collect(),
        };
        let mut calls = Vec::new();
        for candidate in among {
            let facts = Facts { supports: candidate == self.lead, candidate, ..self.facts.clone() };
            for command in ["look_at", "compare", "conclude_on"] {
                calls.push((command, forms::arguments(command, &facts)?));
            }
        }
        if who == Who::First {
            self.facts.entry = forms::witness();
            calls.push(("edit_checklist", self.right("edit_checklist")?));
            calls.push(("attach_offered", self.right("attach_offered")?));
        }
        self.act(who, &calls).await?;
        if who == Who::First {
            let row = self.row()?;
            let entries = row["checklist"]["entries"].as_array().context("no entries")?;
            let attached = entries.iter().find_map(|e| e["attachments"][0]["sha256"].as_str()).context("no file")?;
            self.facts.sha256 = attached.to_owned();
            self.pictures.push((format!("attachment/{}/{attached}", self.facts.case), Shown::Attachment));
        }
        Ok(())
    }

    async fn seal(&mut self) -> anyhow::Result<()> {
        let note = self.right("edit_note")?;
        let id = json!({ "id": self.facts.case });
        self.act(Who::First, &[("edit_note", note), ("save_note", id)]).await?;
        self.facts.note = self.row()?["sealed"].as_str().context("nothing was sealed")?.to_owned();
        Ok(())
    }

    /// The reviewer opens the note, and a supervisor who examines as well reads of it without opening it.
    async fn reads_by_the_way(&mut self) -> anyhow::Result<()> {
        let note = self.right("read_note")?;
        self.act(Who::Reviewer, &[("queue", json!({})), ("read_note", note)]).await?;
        self.act(Who::Both, &[("queue", json!({})), ("cases", json!({}))]).await
    }

    /// Asks everything as `who`.
    async fn everything(&mut self, who: Who) -> anyhow::Result<()> {
        if !self.door.sits_down(who).await? {
            self.broken.push(format!("{who:?} cannot sign in"));
            return Ok(());
        }
        let relation = Relation::of(who, Who::First, Some(Who::Second));
        let stands = self.door.case(&self.facts.case)?;
        let before = if who == Who::Both { self.unread()? } else { stands.clone() };
        self.door.put_back(&self.facts.case, &before)?;
        let mut calls = Vec::new();
        // First: commands bring other pictures and take some away.
        for (path, _) in &self.pictures {
            calls.push(Call::new("geometry", json!({ "picture": path })));
            calls.extend([200, 900].map(|side| Call::picture(format!("{path}/{side}"))));
        }
        for command in commands().into_iter().filter(|c| !MOVERS.contains(c) && *c != "sign_out") {
            // Whoever may choose a file is asked for one, and nobody here answers.
            let asks = DIALOGS.contains(&command);
            if asks && self.asked_for_a_file {
                continue;
            }
            let chooses = match command {
                "open_package" => relation != Relation::Nobody,
                "choose_groups" | "oversight_gallery_file" => {
                    matches!(relation, Relation::Office | Relation::Supervisor | Relation::Both)
                }
                _ => relation == Relation::Examiner,
            };
            if !(asks && chooses) {
                calls.push(Call::new(command, self.harmless(command)?));
            }
        }
        let answers = self.ask(&calls).await?;
        self.judge(who, relation, self.state, &calls, &answers);
        self.judge_files(who, relation)?;
        self.door.put_back(&self.facts.case, &before)?;
        for command in MOVERS {
            let call = Call::new(command, self.harmless(command)?);
            let answers = self.ask(std::slice::from_ref(&call)).await?;
            let (mut relation, mut state) = (relation, self.state);
            if answers[0].ok {
                state = moved(command, state);
                if command == "begin_verification" {
                    relation = Relation::Verifier;
                }
                self.door.put_back(&self.facts.case, &before)?;
            }
            self.judge(who, relation, state, &[call], &answers);
        }
        self.door.put_back(&self.facts.case, &stands)?;
        let call = Call::new("sign_out", json!({}));
        let answers = self.ask(std::slice::from_ref(&call)).await?;
        self.judge(who, Relation::Nobody, self.state, &[call], &answers);
        Ok(())
    }

    /// The case as it would be had nobody read of it who could be asked to verify.
    fn unread(&self) -> anyhow::Result<String> {
        let mut row = self.row()?;
        if let Some(seen) = row["seen_by"].as_array_mut() {
            seen.retain(|seen| seen["by"]["id"] != self.door.id(Who::Both).as_str());
        }
        Ok(row.to_string())
    }

    /// Arguments that are right and neither seal nor decide: that is done once, on the way to the next state.
    fn harmless(&self, command: &str) -> anyhow::Result<Value> {
        Ok(match command {
            "review_note" => {
                let mut form = forms::review(true);
                form["decision"] = Value::Null;
                json!({ "id": self.facts.note, "form": form })
            }
            // Whom a second examiner keeps is told by them, and not to them.
            "keep" => json!({ "id": self.facts.case, "candidate": self.listed.last() }),
            // Without its account no note is sealed.
            "edit_note" => {
                json!({ "id": self.facts.case, "form": { "disposition": null, "reason": "", "narrative": "" } })
            }
            "save_settings" => json!({ "form": { "gallery": self.gallery, "token": "", "theme": "dark" } }),
            // The vault keeps an addendum for ever.
            "add_addendum" => json!({ "id": self.facts.note, "text": "" }),
            other => self.right(other)?,
        })
    }

    async fn ask(&mut self, calls: &[Call]) -> anyhow::Result<Vec<Answer>> {
        self.asked += calls.len();
        let words: Vec<String> = self.words.iter().map(|(word, _)| word.clone()).collect();
        self.door.calls(calls, &words, 1).await
    }

    fn judge(&mut self, who: Who, relation: Relation, state: State, calls: &[Call], answers: &[Answer]) {
        for (call, answer) in calls.iter().zip(answers) {
            let name = &call.command;
            let at = format!("{state:?}, {who:?}");
            self.asked_for_a_file |= answer.code == "dialog";
            if matches!(answer.code.as_str(), "internal" | "late" | "dialog" | "parsing" | "none") {
                self.broken.push(format!("{name} answers {:?} ({at}): {}", answer.code, answer.head));
            }
            for (word, class) in answer.hits.iter().filter_map(|at| self.words.get(*at)) {
                if may_be_told(state, relation, *class) || may_be_audited(who, name, *class) {
                    self.told.insert((state, who, *class));
                } else {
                    self.broken.push(format!("{name} tells {class:?} {word:?} ({at})"));
                }
            }
            let path = call.arguments["picture"].as_str().or(call.arguments.as_str()).unwrap_or_default();
            let of = |(start, shown): &(String, Shown)| path.starts_with(start.as_str()).then_some(*shown);
            let shown =
                self.pictures.iter().find_map(of).filter(|_| answer.ok && (name == PICTURE || name == "geometry"));
            if let Some(shown) = shown {
                if may_see(state, relation, shown) {
                    self.seen.insert((state, who, shown));
                } else {
                    self.broken.push(format!("{name} shows {shown:?} ({at})"));
                }
            }
        }
    }

    fn judge_files(&mut self, who: Who, relation: Relation) -> anyhow::Result<()> {
        let state = self.state;
        for (name, bytes) in self.door.exported()? {
            self.asked += 1;
            let text = String::from_utf8_lossy(&bytes);
            let reads = may_be_told(state, relation, Class::Typed);
            let may = |word: &str, class| match name.as_str() {
                // The audit names the case that an event is of, and nothing that was typed or seen.
                // Numbers over all cases, and nothing that was typed into one.
                name if name.starts_with("report-transparency-") => false,
                "audit.jsonl" => who == Who::Auditor && word == NUMBER,
                // Who works here, and nothing of what they work on.
                "department.jsonl" => false,
                "disclosure.json" | "disclosure.pdf" | "defence-kit.zip" | "case.jsonld" => {
                    may_be_disclosed(state, relation, class)
                }
                _ => reads && may_be_told(state, relation, class),
            };
            for (word, class) in self.words.iter().filter(|(word, _)| text.contains(word.as_str())) {
                if !may(word, *class) {
                    self.broken.push(format!("the file {name} tells {class:?} {word:?} ({state:?}, {who:?})"));
                }
            }
            // Of a paper only what it says of itself can be read here: that there is one is judged as well.
            let paper = match name.as_str() {
                "lead.pdf" | "note.json" => reads && state.is_noted(),
                "disclosure.pdf" | "disclosure.json" | "defence-kit.zip" | "case.jsonld" => {
                    may_be_disclosed(state, relation, Class::Typed)
                }
                name if name.starts_with("report-transparency-") => who.supervises() || who == Who::Auditor,
                "audit.jsonl" => who == Who::Auditor,
                // What the department publishes anyway.
                "department.jsonl" => who == Who::Administrator,
                _ => false,
            };
            if !paper {
                self.broken.push(format!("the file {name} leaves ({state:?}, {who:?})"));
            }
        }
        Ok(())
    }
}
