//! Random histories: rosters that change, cases that are concluded, handed over and moved between, by whoever likes. Packages and
//! signatures are made by hand, with everybody's keys, so that no program refuses on the way: the receiving workstation takes a case in
//! exactly where everybody had the role, and the training that it needs, at that time.

use std::collections::BTreeMap;

use casework::samples::{case_draft, probe_draft, search_with, unveiled, uuid};
use casework::{Examination, Handover, Kept, Moment, PersonRef, ProbeId};
use ed25519_dalek::Signer;
use serde_json::{Value, json};
use vault::canonical;

use super::by_hand::{Opened, sha256};
use super::searched::{PROBE, photographs};
use super::*;

/// Histories of rosters, and cases in each.
const HISTORIES: u64 = 3;
const CASES: u64 = 30;

/// SplitMix64: one seed, one history.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// A minute of the day on which all of it happens.
fn minute(n: i64) -> Moment {
    Moment(at("2026-03-02T09:00:00Z").0 + jiff::SignedDuration::from_mins(n))
}

/// What somebody is from a minute on.
#[derive(Clone, Copy)]
struct Able {
    examiner: bool,
    supervisor: bool,
    trained: bool,
}

/// Who was what when, on paper.
struct Paper(Vec<(i64, BTreeMap<u128, Able>)>);

impl Paper {
    fn was(&self, who: u128, at: i64) -> Able {
        self.0.iter().rfind(|(from, _)| *from <= at).unwrap().1[&who]
    }
}

/// The sample's case under an identity of its own, concluded by examiner 1 forty minutes past nine.
fn begun(id: u128) -> CaseFile {
    let (hash, id) = (sha256(PROBE), CaseId(uuid(id)));
    let case = case_draft().open(id, examiner(1).reference(), at("2026-03-02T09:00:00Z"), &policy(), None).unwrap();
    let mut draft = probe_draft();
    draft.image.sha256.clone_from(&hash);
    let probe = draft.accept(ProbeId(uuid(20)), &case, examiner(1).reference(), at("2026-03-02T09:10:00Z"), &policy());
    forged(file(), |kept: &mut Kept| {
        kept.id = id;
        kept.case = Some(case);
        kept.image.as_mut().unwrap().facts.sha256.clone_from(&hash);
        kept.probe = Some(probe.unwrap());
        kept.searches = vec![search_with(20, |s| s.probe_sha256.clone_from(&hash))];
        kept.examination = Some(Examination::Unveiled(unveiled()));
    })
}

/// What `signer` signs as `person`, whatever they are.
fn stated(chain: &Chain, kind: &str, record: &Value, person: &PersonRef, signer: u128, at: Moment) -> String {
    let then = chain.at(at).unwrap();
    let schema = format!("corroborate/{kind}/v1");
    let text = canonical(&json!({
        "schema": schema, "at": at, "key": PublicKey::of(&key(signer)).to_string(), "person": person.id,
        "payload": { "sha256": sha256(canonical(record).unwrap().as_bytes()) },
        "roster_version": then.number(), "roster_sha256": then.sha256(),
    }))
    .unwrap();
    let signature = hex::encode(key(signer).sign(format!("{schema}\n{text}").as_bytes()).to_bytes());
    canonical(&json!({ "text": text, "signature": signature })).unwrap()
}

/// Rosters that change at random minutes, taken up by everybody.
fn rosters(chance: &mut Chance, all: &mut [Place; 4]) -> (Chain, Paper) {
    let first = [1, 2, 3, 7].map(|n| (n, Able { examiner: n != 7, supervisor: n == 7, trained: true }));
    let mut paper = Paper(vec![(i64::MIN, first.into())]);
    let mut chain = all[0].vault.department().unwrap().clone();
    let mut now = -60;
    for _ in 0..6 {
        now += 1 + chance.below(40) as i64;
        let mut able = paper.0.last().unwrap().1.clone();
        let who = [1, 2, 3][chance.below(3)];
        let one = able.get_mut(&who).unwrap();
        match chance.below(5) {
            0 | 1 => one.examiner = !one.examiner,
            2 => one.supervisor = !one.supervisor,
            3 => one.trained = !one.trained,
            _ => (one.examiner, one.trained) = (true, true),
        }
        if !one.examiner && !one.supervisor {
            one.supervisor = true;
        }
        let mut draft = chain.newest().roster().content().clone();
        for member in &mut draft.people {
            let n = [1, 2, 3].into_iter().find(|n| somebody(*n).id == member.person.id);
            let Some(n) = n else { continue };
            let roles = [(able[&n].examiner, Role::Examiner), (able[&n].supervisor, Role::Supervisor)];
            member.person.roles = roles.into_iter().filter(|(is, _)| *is).map(|(_, role)| role).collect();
            member.person.training = examiner(n).training.filter(|_| able[&n].trained);
        }
        let next = chain.next_roster(draft, minute(now)).unwrap();
        let document = next.signed(vec![next.sign(&key(7))]).unwrap();
        chain = chain.extended_by(&[&document]).unwrap();
        for place in all.iter_mut() {
            place.vault.extend(&document, None, minute(now)).unwrap();
        }
        paper.0.push((now, able));
    }
    (chain, paper)
}

/// A case that was handed over and moved at random; where it ended, its package, and whether everybody was what they had to be.
fn travelled(
    chance: &mut Chance,
    all: &[Place; 4],
    (chain, paper): (&Chain, &Paper),
    id: u128,
) -> (usize, Vec<u8>, bool) {
    let refs = |n: u128| somebody(n).reference();
    let mut file = begun(id);
    let mut fine = paper.was(1, 40).examiner && paper.was(1, 40).trained;
    let mut statements = Vec::new();
    let slip = |chance: &mut Chance, who: u128| if chance.one_in(24) { [1, 2, 3, 7][chance.below(4)] } else { who };
    let pen = slip(chance, 1);
    fine &= pen == 1;
    let work = serde_json::to_value(Examination::Unveiled(unveiled()).work()).unwrap();
    statements.push(stated(chain, "conclusion", &work, &refs(1), pen, minute(40)));

    // The last handing over, by number: who had it before, who has it, and by whom.
    let (mut now, mut last, mut moves): (i64, Option<[u128; 3]>, Vec<Value>) = (42, None, Vec::new());
    let (mut place, mut kept) = (0, Vec::<Handover>::new());
    let steps = 1 + chance.below(4);
    for step in 0..steps {
        now += 1 + chance.below(25) as i64;
        let holder = last.map_or(1, |[_, to, _]| to);
        if step + 1 < steps && chance.one_in(2) {
            let to = [1, 2, 3].into_iter().filter(|n| *n != holder).nth(chance.below(2)).unwrap();
            let by = if chance.one_in(2) {
                holder
            } else {
                [1, 2, 3, 7].into_iter().filter(|n| *n != holder && *n != to).nth(chance.below(2)).unwrap()
            };
            let handover = Handover {
                from: refs(holder),
                to: refs(to),
                by: refs(by),
                at: minute(now),
                reason: "Off sick today".to_owned(),
            };
            let able = paper.was(by, now);
            fine &= if by == holder { able.examiner } else { able.supervisor };
            let pen = slip(chance, by);
            fine &= pen == by;
            let kind = if by == holder { "handover" } else { "reassignment" };
            statements.push(stated(
                chain,
                kind,
                &serde_json::to_value(&handover).unwrap(),
                &refs(by),
                pen,
                minute(now),
            ));
            kept.push(handover);
            last = Some([holder, to, by]);
            continue;
        }
        let to = (place + 1 + chance.below(2)) % 3;
        let theirs = last.map_or(vec![1], |all| all.to_vec());
        let by = if chance.one_in(12) { [1, 2, 3, 7][chance.below(4)] } else { theirs[chance.below(theirs.len())] };
        let in_absence = last.is_some_and(|[from, to, giver]| by == giver && by != from && by != to);
        let able = paper.was(by, now);
        fine &= theirs.contains(&by) && if in_absence { able.supervisor } else { able.examiner };
        file = forged(file, |kept_file| kept_file.history.handed_over.clone_from(&kept));
        let text = serde_json::to_value(&file).unwrap();
        let listed: Vec<Value> = photographs(&file)
            .iter()
            .map(|((candidate, number), bytes)| json!({ "candidate": candidate, "number": number, "sha256": sha256(bytes) }))
            .collect();
        let before = moves.last().map_or(String::new(), |last: &Value| sha256(canonical(last).unwrap().as_bytes()));
        let one = json!({
            "schema": "corroborate.move.v1", "case": file.id, "number": moves.len() + 1, "before": before,
            "from": key_of(&all[place]), "to": key_of(&all[to]),
            "file": sha256(canonical(&text).unwrap().as_bytes()), "photographs": listed,
            "by": refs(by), "in_absence": in_absence, "at": minute(now),
        });
        let pen = slip(chance, by);
        fine &= pen == by;
        let kind = if in_absence { "relocation" } else { "move" };
        statements.push(stated(chain, kind, &one, &refs(by), pen, minute(now)));
        moves.push(one);
        place = to;
    }
    if moves.is_empty() || moves.last().unwrap()["to"] == moves.last().unwrap()["from"] {
        return (0, Vec::new(), false);
    }
    let from = all.iter().position(|one| key_of(one) == moves.last().unwrap()["from"]).unwrap();
    let photographs: Vec<Vec<u8>> = photographs(&file).into_values().collect();
    let line = |kind: &str, name: &str, bytes: &[u8]| json!({ "sha256": sha256(bytes), "kind": kind, "file_name": name, "bytes": bytes.len() });
    let mut lines = vec![line("probe", "camera-3.jpg", PROBE)];
    lines.extend(photographs.iter().map(|bytes| line("listed", "", bytes)));
    let opened = Opened {
        manifest: json!({
            "schema": "corroborate.package.v2", "made_at": minute(now), "files": lines,
            "content": { "kind": "case", "file": file, "moves": moves, "statements": statements },
        }),
        files: [vec![PROBE.to_vec()], photographs].concat(),
    };
    (place, opened.again(&all[from].vault, &all[place].vault), fine)
}

#[test]
fn no_action_of_somebody_who_lacked_the_role_at_that_time_moves_a_case() {
    let mut counted = [0; 2];
    for seed in 0..HISTORIES {
        let mut chance = Chance(seed.wrapping_mul(0xD134_2543_DE82_EF95));
        let mut all = places();
        let (chain, paper) = rosters(&mut chance, &mut all);
        for n in 0..CASES {
            let id = 10_000 + u128::from(n);
            let (place, package, fine) = travelled(&mut chance, &all, (&chain, &paper), id);
            if package.is_empty() {
                continue;
            }
            let taken = take(&mut all[place].vault, &package, "2026-03-02T20:00:00Z");
            assert_eq!(taken.is_ok(), fine, "history {seed}, case {n}: {taken:?}");
            assert_eq!(all[place].vault.case::<CaseFile>(CaseId(uuid(id))).is_ok(), fine);
            counted[usize::from(fine)] += 1;
        }
    }
    assert!(counted.iter().all(|count| *count > 15), "{counted:?}");
}
