//! Tens of thousands of random calls through the page's own door, by everybody, right and wrong: the program stays whole,
//! no answer tells what it may not, and no record comes to stand where the rules do not lead.
//!
//! The same seed draws the same calls; identities are the program's own and new each time, and of calls that are under way
//! together the program says which is first.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::door::{Answer, Call, Door, PICTURE, Secrets, Who};
use super::draw::{Dice, Draw, PEOPLE};
use super::known::Known;
use super::records::{contradictions, shrunk};
use super::told::{Class, may_be_audited};
use super::{Attack, Found};
use crate::people::Renderer;
use crate::service::Service;
use crate::station::Station;

/// Attacks of this kind.
pub const ATTACKS: &[Attack] =
    &[Attack { promise: 22, name: "calls everything at random, right and wrong, as everybody", play: plays_some }];

/// Calls of the whole attack.
pub const WHOLE: u64 = 100_000;
/// Calls among the tests.
const PART: u64 = 6_000;
/// Calls of one script.
const BATCH: usize = 300;
/// Cases at first, and calls after which there may be one more: all are read with every search and conclusion.
const CASES: usize = 24;
const CALLS_A_CASE: u64 = 2_500;
/// Different probes that are offered, at least, and calls for which there is one more: of a probe that was searched twice
/// the third search waits for a supervisor, and whom its list unveiled is nobody's lead again.
const PROBES: usize = 12;
const CALLS_A_PROBE: u64 = 2_000;
const GALLERY: u64 = 200;

/// Refusals that are the program's fault, whatever was asked.
const FAULTS: [&str; 9] = [
    "internal",
    "late",
    "none",
    "vault-refused",
    "vault-record",
    "audit-broken",
    "not-proven",
    "clock-back",
    "file-changed",
];

fn plays_some() -> anyhow::Result<Found> {
    let count = match std::env::var("CORROBORATE_CALLS") {
        Ok(count) => count.parse().context("CORROBORATE_CALLS is no number")?,
        Err(_) => PART,
    };
    play(count, None)
}

/// Plays `count` calls, drawn from `seed` or from the present moment.
///
/// # Errors
/// When the window cannot be opened or does not answer.
pub fn play(count: u64, seed: Option<u64>) -> anyhow::Result<Found> {
    let seed = seed.unwrap_or_else(|| jiff::Timestamp::now().as_millisecond().unsigned_abs());
    eprintln!("calls: seed {seed}");
    let played = tokio::runtime::Runtime::new()?.block_on(run(count, seed));
    played.with_context(|| format!("seed {seed}"))
}

async fn run(count: u64, seed: u64) -> anyhow::Result<Found> {
    let (service, _) = Service::without_limits(GALLERY)?;
    let station = Station::start()?;
    let renderer = Renderer::new()?;
    let mut offered = Vec::new();
    let probes = PROBES + (count / CALLS_A_PROBE) as usize;
    for n in 0..=probes {
        let picture = renderer.picture(xtask::demo::FIRST_SEED + 3 * n as u64, 1, 480);
        offered.push(renderer.write(&picture, station.home(), &format!("camera-{n}.png"))?);
    }
    let offer: Vec<&std::path::Path> = offered.iter().map(std::path::PathBuf::as_path).collect();
    let door = Door::open(&station, &service, &offer).await?;
    let mut play = Play {
        door,
        known: Vec::new(),
        who: Who::Nobody,
        gallery: service.url(),
        probes,
        broken: BTreeMap::new(),
        done: BTreeSet::new(),
        made: 0,
        notes: 0,
    };
    let mut dice = Dice::new(seed);
    let begun = Instant::now();
    while play.made < count {
        play.batch(&mut dice, BATCH.min((count - play.made) as usize)).await?;
        if play.broken.len() > 20 {
            break;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let first = play.door.passphrase(Who::First);
    let panics = play.door.panics()?;
    let Play { door, known, mut broken, done, made, .. } = play;
    door.window.kill();
    for panic in panics {
        broken.insert(panic, made);
    }
    let secrets = Secrets::of(&station);
    for wrong in contradictions(&secrets.vault(&Who::First.name(), &first)?)? {
        broken.insert(wrong, made);
    }
    let sealed = known.iter().filter(|k| !k.notes.is_empty()).count();
    let verified = known.iter().filter(|k| !k.seconds.is_empty()).count();
    let returned = known.iter().filter(|k| k.returned).count();
    let figures = format!(
        "seed {seed}: {made} calls in {seconds:.0} s, {:.0} a second; {} cases, {verified} compared twice, {sealed} sealed, \
         {returned} returned; {} of the commands did something",
        made as f64 / seconds,
        known.len(),
        done.len(),
    );
    ensure!(made < PART || (sealed > 0 && verified > 0), "no case travels: {figures}");
    if broken.is_empty() {
        return Ok(Found::Held(figures));
    }
    let mut found: Vec<(String, u64)> = broken.into_iter().collect();
    found.sort_by_key(|(_, at)| *at);
    let found: Vec<String> = found.into_iter().take(25).map(|(what, at)| format!("[{at}] {what}")).collect();
    Ok(Found::Broken(format!("{figures}; {}", found.join("; "))))
}

struct Play<'a> {
    door: Door<'a>,
    known: Vec<Known>,
    who: Who,
    gallery: String,
    probes: usize,
    /// What is broken, and by which call it was first.
    broken: BTreeMap<String, u64>,
    /// Commands that were done at least once.
    done: BTreeSet<String>,
    made: u64,
    notes: usize,
}

impl Play<'_> {
    /// Draws the calls of one script, makes them, and holds answers and rows against what is known.
    async fn batch(&mut self, dice: &mut Dice, size: usize) -> anyhow::Result<()> {
        let commands = super::commands();
        if let Some(who) = dice.weighed(&PEOPLE)
            && (who != self.who || dice.one_in(6))
            && self.door.sits_down(who).await?
        {
            self.who = who;
        }
        let together = if dice.one_in(7) { 2 + dice.below(7) } else { 1 };
        let mut calls = Vec::new();
        let mut draw = Draw { dice, known: &self.known, probes: self.probes, gallery: &self.gallery };
        let mut plan = draw.plan(self.who).into_iter();
        let room = CASES + (self.made / CALLS_A_CASE) as usize;
        let mut begin = if self.known.len() < room { 2 } else { 0 };
        // People change within a script as well, where the calls come one after the other.
        let mut who = self.who;
        while calls.len() < size {
            if draw.dice.one_in(2)
                && let Some(call) = plan.next()
            {
                calls.push(call);
            } else if begin > 0 && draw.dice.one_in(60) {
                begin -= 1;
                calls.push(Call::new("new_case", serde_json::json!({})));
            } else if together == 1 && draw.dice.one_in(250) {
                who = draw.dice.weighed(&PEOPLE).unwrap_or(who);
                calls.push(self.door.signing_in(who));
                plan = draw.plan(who).into_iter();
            } else {
                let call = draw.any(who, &commands);
                let call = self.told_apart(who, call);
                calls.push(call);
            }
        }
        let (words, meaning): (Vec<String>, Vec<_>) = self
            .known
            .iter()
            .enumerate()
            .flat_map(|(at, known)| known.words().into_iter().map(move |(word, class, of)| (word, (at, class, of))))
            .unzip();
        let answers = self.door.calls(&calls, &words, together).await?;
        self.judge(&calls, &answers, &meaning, together > 1);
        self.made += calls.len() as u64;
        self.read(together > 1)?;
        self.judge_files()?;
        for panic in self.door.panics()? {
            self.broken.entry(panic).or_insert(self.made);
        }
        if self.made / 10_000 != (self.made - calls.len() as u64) / 10_000 {
            let sealed = self.known.iter().filter(|known| !known.notes.is_empty()).count();
            let (made, cases, broken) = (self.made, self.known.len(), self.broken.len());
            eprintln!("calls: {made} made, {cases} cases, {sealed} sealed, {broken} broken");
        }
        Ok(())
    }

    /// Words belong to one case: where a drawn call ended up with another one's identity, they become that one's.
    fn told_apart(&self, who: Who, call: Call) -> Call {
        let text = call.arguments.to_string();
        let id = call.arguments["id"].as_str().or(call.arguments["case"].as_str()).unwrap_or_default();
        let Some(of) = self.known.iter().find(|k| k.id == id || k.notes.iter().any(|n| n == id)) else { return call };
        let mut again = text.clone();
        for other in self.known.iter().filter(|other| other.n != of.n) {
            let said = if who == of.owner { format!("first-{}-q", of.n) } else { of.second_word(who) };
            again = again
                .replace(&format!("typed-{}-q", other.n), &format!("typed-{}-q", of.n))
                .replace(&format!("25-{:06}", 770_000 + other.n), &format!("25-{:06}", 770_000 + of.n))
                .replace(&format!("first-{}-q", other.n), &said)
                .replace(&other.second_word(who), &said);
        }
        match serde_json::from_str(&again) {
            Ok(arguments) if again != text => Call { arguments, ..call },
            _ => call,
        }
    }

    fn wrong(&mut self, at: usize, what: String) {
        let at = self.made + at as u64;
        self.broken.entry(what).or_insert_with_key(|what| {
            eprintln!("calls: broken at {at}: {what}");
            at
        });
    }

    fn judge(&mut self, calls: &[Call], answers: &[Answer], meaning: &[(usize, Class, Option<Who>)], at_once: bool) {
        // Of calls that are under way together nobody knows the order: what one of them opened may show in another.
        let mut trail: Vec<Vec<Known>> = self.known.iter().map(|known| vec![known.clone()]).collect();
        if at_once {
            for (call, answer) in calls.iter().zip(answers) {
                for (known, trail) in self.known.iter_mut().zip(&mut trail) {
                    if belongs(known, call) {
                        known.apply(self.who, call, answer);
                        trail.push(known.clone());
                    }
                }
            }
        }
        for (at, (call, answer)) in calls.iter().zip(answers).enumerate() {
            if FAULTS.contains(&answer.code.as_str()) {
                self.wrong(at, format!("{} answers {}: {}", call.command, answer.code, answer.head));
            }
            if answer.ok {
                self.done.insert(call.command.clone());
            }
            match call.command.as_str() {
                "sign_in" if answer.ok => {
                    let id = call.arguments["person"].as_str().unwrap_or_default();
                    self.who = Who::ALL.into_iter().find(|who| self.door.id(*who) == id).unwrap_or(self.who);
                }
                "sign_out" if answer.ok => self.who = Who::Nobody,
                "new_case" if answer.ok => {
                    let known = Known::begun(answer.id.clone().unwrap_or_default(), self.known.len(), self.who);
                    trail.push(vec![known.clone()]);
                    self.known.push(known);
                }
                _ => {}
            }
            let who = self.who;
            for (known, trail) in self.known.iter_mut().zip(&mut trail) {
                if !at_once && belongs(known, call) {
                    let before = known.clone();
                    known.apply(who, call, answer);
                    *trail = vec![before, known.clone()];
                } else if !at_once && trail.len() > 1 {
                    *trail = vec![known.clone()];
                }
            }
            self.judge_one(at, who, (call, answer), meaning, &trail);
        }
    }

    fn judge_one(
        &mut self,
        at: usize,
        who: Who,
        (call, answer): (&Call, &Answer),
        meaning: &[(usize, Class, Option<Who>)],
        trail: &[Vec<Known>],
    ) {
        let name = &call.command;
        let mut wrong = Vec::new();
        for (n, class, second) in answer.hits.iter().filter_map(|hit| meaning.get(*hit)) {
            if may_be_audited(who, name, *class) {
                continue;
            }
            let stands = &trail[*n];
            if !stands.iter().any(|known| known.may_be_told(who, *class, *second)) {
                wrong.push(format!("{name} tells {who:?} {class:?} of a case at {:?}", self.known[*n].state()));
            }
            if who != self.known[*n].owner && !(*class == Class::Second && *second == Some(who)) {
                self.known[*n].readers.insert(who);
            }
        }
        let told = answer.records.iter().map(|c| (c, false)).chain(answer.scores.iter().map(|c| (c, true)));
        for (candidate, score) in told {
            if !trail.iter().flatten().any(|known| known.may_know(who, candidate, score)) {
                let what = if score { "a score" } else { "a subject" };
                let of = self.known.iter().find(|known| known.candidates.contains(candidate));
                wrong.push(format!("{name} tells {who:?} {what} of a case at {:?}", of.map(Known::state)));
            }
        }
        let picture = call.arguments["picture"].as_str().or(call.arguments.as_str()).filter(|_| answer.ok);
        if let Some(path) = picture.filter(|_| name == PICTURE || name == "geometry") {
            for (n, stands) in trail.iter().enumerate().filter(|(_, stands)| path.contains(&stands[0].id)) {
                // Whom a list or a verification of this script holds is read after it.
                let unread = stands
                    .iter()
                    .chain([&self.known[n]])
                    .any(|known| known.candidates.is_empty() || known.bench == super::told::State::Asked);
                if !unread && !stands.iter().any(|known| known.may_see(who, path)) {
                    wrong.push(format!("{name} shows {who:?} {path} of a case at {:?}", self.known[n].state()));
                }
                if who != self.known[n].owner && stands.iter().all(|known| known.verifier != Some(who)) {
                    self.known[n].readers.insert(who);
                }
            }
        }
        if answer.ok && matches!(name.as_str(), "begin_verification" | "hand_in") {
            for known in self.known.iter().filter(|known| belongs(known, call)) {
                if who == known.owner || known.readers.contains(&who) {
                    wrong.push(format!("{name} is done by {who:?}, who has read of the case"));
                }
            }
        }
        for what in wrong {
            self.wrong(at, what);
        }
    }

    /// Reads the rows: they stand where the answers said, and nothing of them is gone.
    fn read(&mut self, at_once: bool) -> anyhow::Result<()> {
        let notes = self.door.notes()?;
        let mut wrong = Vec::new();
        if notes.len() < self.notes {
            wrong.push("a sealed note is gone".to_owned());
        }
        self.notes = notes.len();
        let rows = self.door.cases()?;
        if rows.len() != self.known.len() {
            wrong.push(format!("{} cases are in the vault, {} were begun", rows.len(), self.known.len()));
        }
        for known in &mut self.known {
            let Some(row) = rows.iter().find(|row| row["id"] == known.id.as_str()) else {
                wrong.push("a case is gone".to_owned());
                continue;
            };
            if known.row != Value::Null {
                wrong.extend(shrunk(&known.row, row).into_iter().map(|what| format!("case {}: {what}", known.n)));
            }
            let told = known.read(row.clone(), &notes);
            wrong.extend(told.filter(|_| !at_once));
        }
        for what in wrong {
            self.wrong(0, what);
        }
        Ok(())
    }

    /// Files that left tell of no list that is not unveiled.
    fn judge_files(&mut self) -> anyhow::Result<()> {
        for (name, bytes) in self.door.exported()? {
            if name != "disclosure.json" && name != "note.json" {
                continue;
            }
            let text = String::from_utf8_lossy(&bytes);
            let veiled = self.known.iter().flat_map(|known| known.candidates.iter().map(move |c| (known, c)));
            let told = veiled
                .filter(|(known, candidate)| !known.unveiled.contains(*candidate))
                .filter(|(_, c)| text.contains(&format!("\"id\":\"{c}\",\"score")))
                .count();
            if told > 0 {
                self.wrong(0, format!("{name} tells of {told} candidates that are not unveiled"));
            }
        }
        Ok(())
    }
}

/// Whether a call is about this case or a note of it.
fn belongs(known: &Known, call: &Call) -> bool {
    let id = call.arguments["id"].as_str().or(call.arguments["case"].as_str());
    id.is_some_and(|id| id == known.id || known.notes.iter().any(|note| note == id))
}
