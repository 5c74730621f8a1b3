//! The chain of a department's documents, rule by rule: each attack was written before the rule that refuses it.

use crate::cast;

use cast::{
    Entry, Key, ROOT, STRANGER, Said, canonical, entry, enveloped, hash_of, hour, policy, public, roster, signed,
};
use department::{
    Acting, Caveat, Chain, HighestSeen, Kind, Known, PublicKey, Refusal, Role, Statement, Timing, TrainingRule,
};
use serde_json::{Value, json};

const ADMIN: &[Role] = &[Role::Administrator];
const EXAMINER: &[Role] = &[Role::Examiner];

/// Two administrators (1, 2), an examiner (3), a supervisor (4).
fn people() -> Vec<Entry> {
    vec![entry(1, ADMIN), entry(2, ADMIN), entry(3, EXAMINER), entry(4, &[Role::Supervisor])]
}

fn read(documents: &[String]) -> Result<Chain, Refusal> {
    Chain::read(&public(ROOT), documents)
}

fn reason(result: Result<Chain, Refusal>) -> String {
    let refused = result.expect_err("refused");
    assert!(!refused.to_string().starts_with("rule-"), "{refused}");
    refused.reason()
}

fn first() -> String {
    signed(&roster(1, None, 0, &people()), &[ROOT])
}

/// Version 1, and then a roster for each change with its signers.
fn after(changes: &[(Vec<Entry>, &[u32])]) -> Vec<String> {
    let mut all = vec![first()];
    for (people, signers) in changes {
        let version = all.len() as u32 + 1;
        let previous = hash_of(all.last().unwrap());
        all.push(signed(&roster(version, Some(&previous), i64::from(version) * 24, people), signers));
    }
    all
}

fn changed(change: impl Fn(&mut Vec<Entry>)) -> Vec<Entry> {
    let mut people = people();
    change(&mut people);
    people
}

#[test]
fn a_chain_begins_with_the_root_key_and_nobody_else() {
    let chain = read(&[first()]).unwrap();
    assert_eq!((chain.newest().number(), chain.newest().signed_by().recovery), (1, true));
    assert_eq!(reason(Chain::read(&public(STRANGER), &[first()])), "other-department");
    let by = |signers: &[u32]| reason(read(&[signed(&roster(1, None, 0, &people()), signers)]));
    assert_eq!(by(&[]), "too-few-signatures");
    assert_eq!(by(&[1]), "not-an-administrator");
    assert_eq!(by(&[ROOT, 1]), "not-an-administrator");
    assert_eq!(by(&[STRANGER]), "not-an-administrator");
    assert_eq!(reason(read(&[])), "no-documents");
    let begun = policy(1, "", 0, "lax");
    assert_eq!(reason(read(&[signed(&begun, &[ROOT])])), "wrong-predecessor");
    let begun = json!({ "previous": null, "department": public(ROOT), "made_at": hour(0), "schema": "corroborate/policy/v1",
        "text": "lax", "version": 1 });
    assert_eq!(reason(read(&[signed(&begun, &[ROOT])])), "recovery-key-for-policy");
}

#[test]
fn one_administrator_signs_alone_and_two_only_together() {
    let alone = vec![entry(1, ADMIN), entry(3, EXAMINER)];
    let one = signed(&roster(1, None, 0, &alone), &[ROOT]);
    let two = |signers: &[u32]| {
        let next = signed(&roster(2, Some(&hash_of(&one)), 24, &people()), signers);
        read(&[one.clone(), next])
    };
    assert_eq!(two(&[1]).unwrap().newest().signed_by().administrators, [entry(1, &[]).person_id()]);
    // Who becomes an administrator by it did not administer before.
    assert_eq!(reason(two(&[2])), "not-an-administrator");
    assert_eq!(reason(two(&[1, 2])), "not-an-administrator");
    assert_eq!(reason(two(&[3])), "not-an-administrator");
    assert_eq!(reason(two(&[])), "too-few-signatures");
    let more = changed(|people| people.push(entry(5, EXAMINER)));
    assert_eq!(reason(read(&after(&[(more.clone(), &[1])]))), "too-few-signatures");
    assert_eq!(reason(read(&after(&[(more.clone(), &[1, 3])]))), "not-an-administrator");
    assert_eq!(reason(read(&after(&[(more.clone(), &[1, 1])]))), "signed-twice");
    assert!(read(&after(&[(more, &[1, 2])])).is_ok());
}

#[test]
fn a_person_with_two_keys_is_one_person() {
    let two_keys = changed(|people| people[0].keys.push(Key(11, 0, None)));
    let documents = after(&[(two_keys.clone(), &[1, 2]), (two_keys.clone(), &[1, 11])]);
    assert_eq!(reason(read(&documents)), "signed-twice");
    assert!(read(&after(&[(two_keys.clone(), &[1, 2]), (two_keys, &[11, 2])])).is_ok());
}

#[test]
fn an_administrator_goes_by_two_others_or_the_recovery_key() {
    let without = changed(|people| people[1].roles = EXAMINER.to_vec());
    assert_eq!(reason(read(&after(&[(without.clone(), &[1, 2])]))), "removal-needs-others");
    assert!(read(&after(&[(without, &[ROOT])])).is_ok());
    let gone = changed(|people| drop(people.remove(1)));
    assert_eq!(reason(read(&after(&[(gone.clone(), &[1, 2])]))), "removal-needs-others");
    // With a third, two others sign; a third who is named in the same version did not administer before.
    let three = changed(|people| people.push(entry(5, ADMIN)));
    let less = vec![three[0].clone(), three[2].clone(), three[3].clone(), three[4].clone()];
    for (signers, wanted) in
        [(&[1, 5][..], None), (&[1, 2], Some("removal-needs-others")), (&[2, 5], Some("removal-needs-others"))]
    {
        let found = read(&after(&[(three.clone(), &[1, 2]), (less.clone(), signers)]));
        assert_eq!(found.err().map(|e| e.reason()).as_deref(), wanted, "{signers:?}");
    }
    assert_eq!(reason(read(&after(&[(less, &[1, 5])]))), "not-an-administrator");
    // Two at once.
    let one = vec![three[0].clone(), three[2].clone()];
    assert_eq!(reason(read(&after(&[(three.clone(), &[1, 2]), (one.clone(), &[1, 2, 5])]))), "removal-needs-others");
    assert!(read(&after(&[(three, &[1, 2]), (one, &[ROOT])])).is_ok());
}

#[test]
fn who_must_sign_is_said_before_anybody_does() {
    let chain = read(&[first()]).unwrap();
    let draft = |people: &[Entry]| {
        let mut draft = chain.newest().roster().content().clone();
        draft.people = people.iter().map(Entry::member).collect();
        chain.next_roster(draft, hour(24))
    };
    let more = draft(&changed(|people| people.push(entry(5, EXAMINER)))).unwrap();
    assert_eq!((chain.signers(&more).count, chain.signers(&more).recovery), (2, true));
    let less = draft(&changed(|people| drop(people.remove(1)))).unwrap();
    assert_eq!((chain.signers(&less).count, chain.signers(&less).except.len()), (0, 1));
    let document = more.signed(vec![more.sign(&cast::secret(1)), more.sign(&cast::secret(2))]).unwrap();
    let chain = chain.extended_by(&[document]).unwrap();
    assert_eq!(chain.newest().roster().people().len(), 5);
    let text = chain.next_policy("rule = 1".to_owned(), hour(48)).unwrap();
    assert_eq!((chain.signers(&text).count, chain.signers(&text).recovery), (2, false));
    assert!(chain.next_policy("rule = 1".to_owned(), hour(24)).is_err(), "not later than the one before");
    // What the program writes is what the tests write by hand.
    assert_eq!(chain.version(1).unwrap().version().text(), canonical(&roster(1, None, 0, &people())));
}

#[test]
fn a_policy_stands_in_the_same_chain() {
    let one = first();
    let two = signed(&policy(2, &hash_of(&one), 24, "rule = 1\n"), &[1, 2]);
    let three = signed(&roster(3, Some(&hash_of(&two)), 48, &people()), &[1, 2]);
    let four = signed(&policy(4, &hash_of(&three), 72, "rule = 2\n"), &[1, 2]);
    let chain = read(&[one.clone(), two, three, four]).unwrap();
    let text = |number: u32| chain.version(number).unwrap().policy().map(|policy| policy.text().to_owned());
    assert_eq!(
        [1, 2, 3, 4].map(text),
        [None, Some("rule = 1\n"), Some("rule = 1\n"), Some("rule = 2\n")].map(|t| t.map(str::to_owned))
    );
    assert_eq!(chain.newest().roster().people().len(), 4);
    let change = chain.policy_change(4).unwrap();
    assert_eq!((change.before.map(|p| p.text()), change.after.text()), (Some("rule = 1\n"), "rule = 2\n"));
    assert!(chain.policy_change(3).is_none() && chain.policy_change(2).unwrap().before.is_none());
    let by = |signers: &[u32]| reason(read(&[one.clone(), signed(&policy(2, &hash_of(&one), 24, "lax"), signers)]));
    assert_eq!(by(&[1]), "too-few-signatures");
    assert_eq!(by(&[ROOT]), "recovery-key-for-policy");
    assert_eq!(by(&[3, 4]), "not-an-administrator");
    // A roster's signature is none of a policy.
    let text = canonical(&policy(2, &hash_of(&one), 24, "lax"));
    assert_eq!(reason(read(&[one.clone(), enveloped("corroborate/roster/v1", &text, &[1, 2])])), "signature-wrong");
}

#[test]
fn two_versions_of_one_number_are_a_fork_and_both_are_named() {
    let documents = after(&[(people(), &[1, 2]), (people(), &[1, 2])]);
    let chain = read(&documents).unwrap();
    let other = changed(|people| people.push(entry(5, ADMIN)));
    let other = signed(&roster(2, Some(&hash_of(&documents[0])), 30, &other), &[1, 2]);
    let fork = |result: Result<Chain, Refusal>| match result {
        Err(Refusal::Fork { number, one, other }) => (number, one, other),
        found => panic!("{found:?}"),
    };
    let both = (2, hash_of(&documents[1]), hash_of(&other));
    assert_eq!(fork(chain.extended_by(std::slice::from_ref(&other))), both);
    assert_eq!(fork(read(&[documents[0].clone(), documents[1].clone(), other.clone()])), both);
    let (number, one, theirs) = both;
    let chain_other = read(&[documents[0].clone(), other]).unwrap();
    assert_eq!(
        fork(chain_other.not_before(&HighestSeen { version: 2, sha256: one.clone(), ..chain.highest_seen() })),
        (number, one, theirs)
    );
    // What nobody of the department signed is no fork: anybody could cry wolf.
    let forged = roster(2, Some(&hash_of(&documents[0])), 30, &changed(|people| people.push(entry(5, ADMIN))));
    assert_eq!(reason(chain.extended_by(&[signed(&forged, &[5, 3])])), "not-an-administrator");
    // The root key's second version 1 is one.
    let again = signed(&roster(1, None, 1, &people()), &[ROOT]);
    assert_eq!(fork(chain.extended_by(&[again])).0, 1);
    // The same once more is none.
    assert_eq!(chain.extended_by(&documents).unwrap(), chain);
}

#[test]
fn what_was_seen_is_not_taken_back() {
    let documents = after(&[(people(), &[1, 2]), (people(), &[1, 2])]);
    let seen = read(&documents).unwrap().highest_seen();
    assert_eq!(seen.version, 3);
    assert_eq!(reason(read(&documents[..2]).unwrap().not_before(&seen)), "rollback");
    assert!(read(&documents).unwrap().not_before(&seen).is_ok());
    let elsewhere = HighestSeen { department: public(STRANGER).to_string(), ..seen };
    assert_eq!(reason(read(&documents).unwrap().not_before(&elsewhere)), "other-department");
}

#[test]
fn versions_stand_in_their_order_and_dates_go_forward() {
    let documents = after(&[(people(), &[1, 2]), (people(), &[1, 2])]);
    let order = |at: &[usize]| reason(read(&at.iter().map(|at| documents[*at].clone()).collect::<Vec<_>>()));
    assert_eq!(order(&[0, 2, 1]), "wrong-number");
    assert_eq!(order(&[0, 2]), "wrong-number");
    assert_eq!(order(&[1, 2]), "wrong-number");
    assert_eq!(order(&[0, 1, 1]), "wrong-number");
    let next = |number: u32, previous: &str, made: i64| {
        reason(read(&[first(), signed(&roster(number, Some(previous), made, &people()), &[1, 2])]))
    };
    let hash = hash_of(&first());
    assert_eq!(next(3, &hash, 24), "wrong-number");
    assert_eq!(next(0, &hash, 24), "wrong-number");
    assert_eq!(next(2, &"0".repeat(64), 24), "wrong-predecessor");
    assert_eq!(next(2, &hash.to_uppercase(), 24), "wrong-predecessor");
    assert_eq!(next(2, &hash, 0), "dates-out-of-order");
    assert_eq!(next(2, &hash, -1), "dates-out-of-order");
    let none = roster(2, None, 24, &people());
    assert_eq!(reason(read(&[first(), signed(&none, &[1, 2])])), "wrong-predecessor");
    let chain = read(&documents).unwrap();
    assert!(chain.at(hour(-1)).is_none());
    assert_eq!([0, 47, 48, 71, 72, 9_999].map(|n| chain.at(hour(n)).unwrap().number()), [1, 1, 2, 2, 3, 3]);
    assert_eq!(chain.ahead_of(hour(50)).map(|version| version.number()), Some(3));
    assert!(chain.ahead_of(hour(72)).is_none());
}

#[test]
fn what_one_roster_may_not_say() {
    let refused = |change: &dyn Fn(&mut Vec<Entry>)| {
        let mut people = people();
        change(&mut people);
        reason(read(&after(&[(people, &[ROOT])])))
    };
    assert_eq!(refused(&|p| p[3].badge = "4003".to_owned()), "person-twice");
    assert_eq!(refused(&|p| p[3].badge = " 40 03".to_owned()), "text-unfit");
    assert_eq!(refused(&|p| p[3].badge = "40-03".to_owned()), "person-twice");
    assert_eq!(refused(&|p| p[3].badge = "４００３".to_owned()), "person-twice");
    assert_eq!(refused(&|p| p.push(entry(3, EXAMINER))), "person-twice");
    assert_eq!(refused(&|p| p[3].keys[0].0 = 3), "key-twice");
    assert_eq!(refused(&|p| p[3].keys[0].0 = ROOT), "key-twice");
    assert_eq!(refused(&|p| p[3].keys[0].0 = 8_000), "key-twice");
    assert_eq!(refused(&|p| p[3].keys[0].0 = 8_001), "key-twice");
    assert_eq!(refused(&|p| p[3].keys[0].2 = Some(-1)), "dates-out-of-order");
    assert_eq!(refused(&|p| p[2].trained = Some((99, 90))), "dates-out-of-order");
    assert_eq!(refused(&|p| p[2].trained = Some((0, 101))), "incomplete");
    assert_eq!(refused(&|p| p[2].roles.clear()), "incomplete");
    assert_eq!(refused(&|p| p[2].roles.push(Role::Examiner)), "malformed");
    assert_eq!(refused(&|p| p[2].name = "Per\u{202e}son".to_owned()), "text-unfit");
    assert_eq!(refused(&|p| p[2].name = "\u{3164}".to_owned()), "text-unfit");
    assert_eq!(refused(&|p| p.retain(|e| !e.is(Role::Administrator))), "no-administrator");
    assert_eq!(refused(&|p| p[1].keys.clear()), "administrator-without-key");
    assert_eq!(refused(&|p| p[1].keys[0].2 = Some(1)), "administrator-without-key");
    let spoilt = |change: &dyn Fn(&mut Value)| {
        let mut value = roster(2, Some(&hash_of(&first())), 48, &people());
        change(&mut value);
        reason(read(&[first(), signed(&value, &[1, 2])]))
    };
    assert_eq!(spoilt(&|v| v["escrow"][0]["receives"] = json!("age1x")), "recipient-malformed");
    assert_eq!(
        spoilt(&|v| v["escrow"][0]["receives"] = json!(cast::recipient(2).to_uppercase())),
        "recipient-malformed"
    );
    assert_eq!(
        spoilt(&|v| v["escrow"][0]["receives"] = json!(cast::recipient(2).replace("age1", "age1q"))),
        "recipient-malformed"
    );
    assert_eq!(spoilt(&|v| v["escrow"][0]["receives"] = json!(cast::recipient(1))), "key-twice");
    assert_eq!(spoilt(&|v| v["escrow"][0]["until"] = json!("2025-01-01")), "dates-out-of-order");
    assert_eq!(spoilt(&|v| v["witnesses"][0]["name"] = json!("a witness")), "text-unfit");
    assert_eq!(
        spoilt(&|v| {
            let twice = v["workstations"][0].clone();
            v["workstations"].as_array_mut().unwrap().push(twice);
        }),
        "name-twice"
    );
    assert_eq!(spoilt(&|v| v["people"][0]["admin"] = json!(true)), "unknown-field");
    assert_eq!(spoilt(&|v| v["people"][0]["keys"][0]["key"] = json!("01".to_owned() + &"00".repeat(31))), "key-weak");
    assert_eq!(spoilt(&|v| v["people"][0]["agency"] = json!("ca0190000")), "incomplete");
    assert_eq!(spoilt(&|v| v["people"].as_array_mut().unwrap().reverse()), "not-canonical");
    assert_eq!(spoilt(&|v| v["made_at"] = json!("2026-01-03T01:00:00+01:00")), "not-canonical");
    assert_eq!(spoilt(&|v| drop(v.as_object_mut().unwrap().remove("previous"))), "not-canonical");
    assert_eq!(spoilt(&|v| v["version"] = json!(2.5)), "malformed");
    assert_eq!(spoilt(&|v| v["schema"] = json!("corroborate/roster/v0")), "schema-downgraded");
    assert_eq!(spoilt(&|v| v["schema"] = json!("corroborate/roster/v2")), "schema-unknown");
    assert_eq!(spoilt(&|v| v["schema"] = json!(1)), "schema-unknown");
    assert_eq!(spoilt(&|v| v["department"] = json!(public(STRANGER))), "other-department");
}

#[test]
fn a_workstation_works_while_the_newest_roster_has_it() {
    let one = first();
    let next = |number: u32, previous: &str, hour: i64, change: &dyn Fn(&mut Value)| {
        let mut value = roster(number, Some(&hash_of(previous)), hour, &people());
        change(&mut value["workstations"]);
        signed(&value, &[1, 2])
    };
    let (key, person) = (public(8_000), public(1));
    let asked = |documents: &[String], key: &PublicKey, at| {
        let chain = read(documents).unwrap();
        chain.workstation(key, hour(at)).map(|found| found.name.clone()).map_err(|refused| refused.reason())
    };
    let no = |reason: &str| Err(reason.to_owned());
    let known = [one.clone()];
    assert_eq!(asked(&known, &key, 5), Ok("Robbery 2".to_owned()));
    assert_eq!(asked(&known, &key, -1), no("key-not-yet"));
    // A person's, a witness's, the root's and nobody's key are none of a workstation.
    for other in [person, public(8_001), public(ROOT), public(STRANGER)] {
        assert_eq!(asked(&known, &other, 5), no("key-unknown"));
    }
    let ended = [one.clone(), next(2, &one, 24, &|all| all[0]["until"] = json!(cast::day(3)))];
    assert_eq!(asked(&ended, &key, 24 * 4 - 1), Ok("Robbery 2".to_owned()));
    assert_eq!(asked(&ended, &key, 24 * 4), no("key-ended"));
    // Taken out is out at once, whatever the clock of whoever asks says.
    let gone = [one.clone(), next(2, &one, 24, &|all| *all = json!([]))];
    assert_eq!(asked(&gone, &key, 23), no("key-ended"));
    // A person who leaves does not become a workstation that left.
    let less = changed(|people| drop(people.remove(2)));
    assert_eq!(asked(&after(&[(less, &[1, 2])]), &public(3), 60), no("key-unknown"));
}

#[test]
fn a_key_never_changes_hands_and_never_comes_back() {
    let taken = |first: &dyn Fn(&mut Vec<Entry>), second: &dyn Fn(&mut Vec<Entry>)| {
        let (one, two) = (changed(first), changed(second));
        reason(read(&after(&[(one, &[1, 2]), (two, &[1, 2])])))
    };
    // From a person to another, while the first one's entry is there or not.
    assert_eq!(taken(&|_| (), &|p| (p[2].keys[0].0, p[3].keys[0].0) = (4, 3)), "key-of-another");
    assert_eq!(
        taken(&|p| drop(p.remove(2)), &|p| p[2] = Entry { keys: vec![Key(3, 0, None)], ..entry(6, EXAMINER) }),
        "key-of-another"
    );
    assert_eq!(taken(&|p| drop(p.remove(2)), &|_| ()), "key-came-back");
    assert_eq!(taken(&|p| p[2].keys[0].2 = Some(0), &|_| ()), "key-came-back");
    assert_eq!(taken(&|p| p[2].keys[0].2 = Some(0), &|p| p[2].keys[0].2 = Some(9)), "key-came-back");
    assert_eq!(taken(&|_| (), &|p| p[2].keys[0].1 = -9), "key-begins-otherwise");
    assert_eq!(taken(&|_| (), &|p| (p[2].name, p[2].badge) = ("Other".to_owned(), "77".to_owned())), "person-swapped");
    assert!(read(&after(&[(changed(|p| p[2].name = "Married".to_owned()), &[1, 2])])).is_ok());
    assert!(
        read(&after(&[(changed(|p| p[2].keys[0].2 = Some(9)), &[1, 2]), (people(), &[1, 2])])).is_ok(),
        "not ended yet"
    );
}

const RULE: TrainingRule = TrainingRule { valid_months: 24, minimum_proficiency: 70 };

fn note(chain: &Chain, key: u32, at: i64, version: u32) -> Statement {
    let sha256 = chain.version(version).map_or_else(|| "0".repeat(64), |v| v.sha256().to_owned());
    let said = Said { kind: "note", at, key, person: key % 10, roster: (version, sha256), payload: json!({ "n": 1 }) };
    Statement::read(said.signed(key).as_bytes(), &Kind::new("note").unwrap()).unwrap()
}

#[test]
fn a_statement_holds_by_the_roster_in_force_then() {
    // The examiner loses the role with version 2 (hour 48), and gets it back with version 3 (hour 72).
    let less = changed(|people| people[2].roles = vec![Role::Supervisor]);
    let chain = read(&after(&[(less, &[1, 2]), (people(), &[1, 2])])).unwrap();
    let said = |at: i64, version: u32| {
        chain
            .verify(&note(&chain, 3, at, version), Acting::Trained(&RULE), Known::Claimed)
            .map(|v| v.caveats().to_vec())
            .map_err(|e| e.reason())
    };
    assert_eq!(said(1, 1), Ok(vec![Caveat::EndedSince { version: 2, proven: false }]));
    assert_eq!(said(49, 1), Err("role-missing".to_owned()), "the older version is named, and no longer in force");
    assert_eq!(said(49, 2), Err("role-missing".to_owned()));
    assert_eq!(said(73, 2), Err("role-missing".to_owned()));
    assert_eq!(said(73, 1), Ok(vec![Caveat::NewerInForce { in_force: 3 }]));
    assert_eq!(said(73, 3), Ok(vec![]));
    assert_eq!(said(47, 3), Err("before-its-version".to_owned()), "dated back before the version that it names");
    assert_eq!(said(-1, 1), Err("before-its-version".to_owned()));
    assert_eq!(said(73, 4), Err("no-such-version".to_owned()));
    assert_eq!(said(24 * 800, 3), Err("not-trained".to_owned()), "two years later");
    let other = Said { kind: "note", at: 73, key: 3, person: 3, roster: (3, "0".repeat(64)), payload: json!(1) };
    let other = Statement::read(other.signed(3).as_bytes(), &Kind::new("note").unwrap()).unwrap();
    assert_eq!(chain.verify(&other, Acting::Anybody, Known::Claimed).unwrap_err().reason(), "other-roster");
}

#[test]
fn how_the_moment_is_known_is_said() {
    let less = changed(|people| people[2].keys = vec![Key(13, 2, None)]);
    let chain = read(&after(&[(less, &[1, 2])])).unwrap();
    let statement = note(&chain, 3, 5, 1);
    let with = |known| chain.verify(&statement, Acting::As(Role::Examiner), known);
    let claimed = with(Known::Claimed).unwrap();
    assert_eq!(claimed.timing(), Timing::Claimed { at: hour(5), not_before: hour(0) });
    assert_eq!(claimed.caveats(), [Caveat::EndedSince { version: 2, proven: false }]);
    let logged = with(Known::LoggedBy(hour(6))).unwrap();
    assert_eq!(logged.timing(), Timing::Bounded { at: hour(5), not_before: hour(0), not_after: hour(6) });
    assert_eq!(logged.caveats(), [Caveat::EndedSince { version: 2, proven: true }]);
    assert_eq!(with(Known::LoggedBy(hour(48))).unwrap().caveats(), [Caveat::EndedSince { version: 2, proven: false }]);
    assert_eq!(with(Known::LoggedBy(hour(4))).unwrap_err().reason(), "after-the-log");
    // After the key went it signs nothing, whichever version is named.
    for version in [1, 2] {
        let late = note(&chain, 3, 48, version);
        assert_eq!(chain.verify(&late, Acting::Anybody, Known::Claimed).unwrap_err().reason(), "key-ended");
    }
    assert!(chain.verify(&note(&chain, 13, 49, 2), Acting::As(Role::Examiner), Known::Claimed).is_ok());
    assert_eq!(
        chain.verify(&note(&chain, 13, 47, 1), Acting::Anybody, Known::Claimed).unwrap_err().reason(),
        "key-unknown"
    );
}

#[test]
fn a_key_that_was_stolen_earlier_signs_nothing_from_that_day_on() {
    // Version 2, on day 2, says that the key counted until day 0.
    let stolen = changed(|people| people[2].keys = vec![Key(3, 0, Some(0)), Key(13, 2, None)]);
    let chain = read(&after(&[(stolen, &[1, 2])])).unwrap();
    let said = |at: i64| {
        chain.verify(&note(&chain, 3, at, 1), Acting::Anybody, Known::LoggedBy(hour(at))).map(|v| v.caveats().to_vec())
    };
    assert_eq!(said(24).unwrap_err().reason(), "key-ended");
    assert_eq!(said(23).unwrap(), [Caveat::KeyEnds { on: cast::day(0), proven: true }]);
}

#[test]
fn what_is_stated_is_asked_first() {
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Record {
        text: String,
    }
    let chain = read(&[first()]).unwrap();
    let kind = Kind::new("note").unwrap();
    let record = Record { text: "seen".to_owned() };
    let state = |key: u32, acting| chain.state(&kind, &record, &public(key), acting, hour(1));
    let unsigned = state(3, Acting::Trained(&RULE)).unwrap();
    assert_eq!(unsigned.sign(&cast::secret(4)).unwrap_err().reason(), "signature-wrong");
    let file = unsigned.sign(&cast::secret(3)).unwrap().file().unwrap();
    let statement = Statement::read(file.as_bytes(), &kind).unwrap();
    assert_eq!(statement.payload::<Record>().unwrap(), record);
    assert_eq!(statement.payload::<Vec<u8>>().unwrap_err().reason(), "malformed");
    #[derive(Debug, serde::Serialize, serde::Deserialize)]
    struct Less {}
    assert_eq!(statement.payload::<Less>().unwrap_err().reason(), "payload-differs");
    let verified = chain.verify(&statement, Acting::Trained(&RULE), Known::Claimed).unwrap();
    assert_eq!((verified.member().person.name.as_str(), verified.in_force().number()), ("Person 3", 1));
    assert_eq!(Statement::read(file.as_bytes(), &Kind::new("review").unwrap()).unwrap_err().reason(), "schema-unknown");
    assert_eq!(state(4, Acting::Trained(&RULE)).unwrap_err().reason(), "role-missing");
    assert_eq!(state(8_000, Acting::Anybody).unwrap_err().reason(), "key-unknown");
    for kind in ["", "roster", "policy", "Note", "a/b", "a\nb", "1a", &"a".repeat(41)] {
        assert_eq!(Kind::new(kind).unwrap_err().reason(), "kind-unfit", "{kind}");
    }
}
