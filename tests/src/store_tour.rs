//! Every use of the gallery's store once, told as it went: two databases must tell the same.

use std::fmt::Debug;

use anyhow::Context;
use gallery::store::{
    AgencyRule, Allowance, Authority, Beginning, Change, Enrolment, Listed, Order, Override, Scope, Store, Switch,
    TokenHolder, verify_certificate,
};
use gallery_api::wire::Filters;
use serde_json::json;
use service::log::Rows;
use uuid::Uuid;
use vector_index::Hit;
use zeroize::Zeroizing;

const ORI: &str = "CA0190000";
const CLERK: Authority<'static> = Authority::Agency { ori: ORI, user: "clerk" };

fn enrolment(subject: &str, sha: &str) -> Enrolment {
    Enrolment {
        subject: subject.to_owned(),
        source_sha256: sha.to_owned(),
        photo: sha.as_bytes().to_vec(),
        captured_on: Some("2020-05-17".to_owned()),
        agency: Some(ORI.to_owned()),
        model: "m".to_owned(),
        values: vec![1.0, 0.0],
    }
}

/// What happened, without what is new each time: moments and identities.
#[derive(Debug, Default)]
struct Told(Vec<String>);

impl Told {
    fn tell<T: Debug, E: std::fmt::Display>(&mut self, what: &str, outcome: Result<T, E>) {
        let text = match outcome {
            Ok(done) => format!("{done:?}"),
            Err(error) => format!("refused: {error}"),
        };
        self.0.push(format!("{what}: {text}"));
    }
}

fn begin(store: &mut Store, told: &mut Told, what: &str, who: &TokenHolder, small: &Allowance) -> Uuid {
    let id = Uuid::new_v4();
    let beginning = Beginning { id, person: "ann", repeat: Some((what, b"body")), waits: true };
    let begun = store.begin_search(beginning, who, &AgencyRule::default(), Some(small), &json!({ "n": 1 }));
    // When it begins is another moment each time.
    told.tell(what, begun.map(|begun| format!("{begun:?}").split('(').next().unwrap_or_default().to_owned()));
    id
}

/// Walks through a fresh store.
///
/// # Errors
/// When a step that must go on does not.
pub fn tour(mut store: Store) -> anyhow::Result<Vec<String>> {
    let mut told = Told::default();
    // Who may do what.
    let issued = store.issue_token(ORI, "alvarez", &[Scope::Search, Scope::Enrol], Some(90))?;
    let holder = store.holder(&issued.secret)?.context("the token is known")?;
    told.tell("unknown token", store.holder("cgt_0"));
    told.tell("bound", store.bind_token(&issued.id, &"ab".repeat(32)));
    told.tell("signs with", store.holder(&issued.secret).map(|known| known.and_then(|known| known.signing_key)));
    told.tell(
        "certificate",
        store.admit_certificate(&"cd".repeat(32), ORI, "stone", &[Scope::Audit], "2099-01-01T00:00:00Z"),
    );
    told.tell("by certificate", store.certificate_holder(&"cd".repeat(32)).map(|known| known.map(|known| known.user)));
    let rule = AgencyRule {
        purposes: Some(vec!["felony".to_owned()]),
        searches_a_day: Some(50),
        minimum_seconds: Some(1),
        searches_together: Some(60),
        photographs_a_day: Some(70),
        photographs_together: Some(80),
    };
    told.tell("rule", store.set_agency_rule(ORI, &rule));
    told.tell("rule again", store.set_agency_rule(ORI, &AgencyRule { minimum_seconds: None, ..rule.clone() }));
    told.tell("rule read", store.agency_rule(ORI));
    // Records.
    let people = [enrolment("p1", "aa"), enrolment("p1", "bb"), enrolment("p2", "cc"), enrolment("p3", "dd")];
    told.tell("enrolled", store.enrol(&people, None, ("tests", ORI)));
    told.tell("enrolled again", store.enrol(&people, None, ("tests", ORI)));
    told.tell(
        "other model",
        store.enrol(&[Enrolment { model: "n".to_owned(), ..enrolment("p9", "ee") }], None, ("tests", ORI)),
    );
    told.tell("model", store.model());
    told.tell("counts", store.counts());
    told.tell("portraits", store.portraits("p1", "clerk").map(|all| all.len()));
    let last = store.last_seq()?;
    told.tell("last", Ok::<_, anyhow::Error>(last));
    let live = |store: &mut Store| -> anyhow::Result<Vec<i64>> {
        let mut records = Vec::new();
        for change in store.changes(0, "m", 100)?.1 {
            match change {
                Change::Add(entry, _) => records.push(entry.record),
                Change::Remove(record) => records.retain(|there| *there != record),
            }
        }
        Ok(records)
    };
    told.tell("live", live(&mut store));
    for filters in [
        Filters::default(),
        Filters { agencies: vec![ORI.to_owned()], captured_from: Some("2020-01-01".to_owned()), ..Filters::default() },
        Filters {
            agencies: vec!["XX0000000".to_owned()],
            captured_until: Some("2019-01-01".to_owned()),
            ..Filters::default()
        },
    ] {
        told.tell("filter", store.filter(&filters).map(|_| ()));
    }
    let mut reader = store.reader()?;
    told.tell("known", reader.knows("p1", "aa", "m"));
    let (position, read) = reader.changes(0, "m", 100)?;
    told.tell("read", Ok::<_, anyhow::Error>((read.len(), position.seq)));
    told.tell("position known", store.knows(&position));
    let mut values = Vec::new();
    told.tell(
        "templates",
        reader.templates("m", &[1, 3], &mut |record, template| values.push((record, template.to_vec()))),
    );
    told.tell("values", Ok::<_, anyhow::Error>(values));
    // A search, its list, its photographs.
    let small = Allowance { searches_a_day: 3, photographs_a_day: 4, openings_a_day: 1, ..Allowance::default() };
    let search = begin(&mut store, &mut told, "search", &holder, &small);
    let hits = [Hit { record: 1, subject: 1, score: 0.9 }, Hit { record: 3, subject: 2, score: 0.5 }];
    let mut listed: Vec<Listed> = Vec::new();
    let kept = store.record_list(search, &holder, &hits, |rows| {
        listed = rows;
        Ok("answer".to_owned())
    });
    told.tell("recorded", kept);
    let [first, second] = listed.as_slice() else { anyhow::bail!("two are listed") };
    let shape = |row: &Listed| {
        (row.subject.clone(), row.score, row.captured_on.clone(), row.agency.clone(), row.other_photos.len())
    };
    told.tell("listed", Ok::<_, anyhow::Error>([shape(first), shape(second)]));
    told.tell(
        "repeated",
        store.idempotent(&holder, "search", b"body").map(|before| format!("{before:?}").contains("answer")),
    );
    told.tell("another body", store.idempotent(&holder, "search", b"other"));
    let (search_id, candidate, other) = (search.to_string(), first.id.to_string(), second.id.to_string());
    let day = Some((&small, 100));
    told.tell("small", store.photo(&candidate, &holder, day));
    told.tell("other, not opened", store.photo(&first.other_photos[0].to_string(), &holder, day));
    told.tell("opened", store.open_candidate(&search_id, &candidate, &holder, day));
    told.tell("one too many", store.open_candidate(&search_id, &other, &holder, day).map_err(|_| "limited"));
    told.tell("whole", store.photo(&candidate, &holder, day));
    told.tell("other, opened", store.photo(&first.other_photos[0].to_string(), &holder, day));
    told.tell("nobody's", store.photo(&Uuid::new_v4().to_string(), &holder, day));
    told.tell("withdrawn", store.withdrawn(&search_id, &holder));
    // Suppression, and back.
    told.tell("suppressed", store.suppress("p2", Some("identity theft"), CLERK));
    told.tell("suppressed again", store.suppress("p2", Some("again"), CLERK));
    told.tell("another agency's", store.suppress("p2", None, Authority::Agency { ori: "XX0000000", user: "x" }));
    told.tell("live", live(&mut store));
    let gone = store.withdrawn(&search_id, &holder)?.context("own search")?;
    told.tell("withdrawn", Ok::<_, anyhow::Error>(gone == [other.clone()]));
    let of = store.withdrawn_of(&[search, Uuid::new_v4()], &holder)?;
    told.tell(
        "withdrawn of",
        Ok::<_, anyhow::Error>(of.into_values().map(|gone| gone == [other.clone()]).collect::<Vec<_>>()),
    );
    told.tell("restored", store.suppress("p2", None, CLERK));
    told.tell("restored again", store.suppress("p2", None, CLERK));
    told.tell("live", live(&mut store));
    // Expungement, its certificate, and its override.
    let order = Order { order_reference: "2026-EX-17".to_owned(), authority: "Superior Court".to_owned() };
    let id = store.expunge("p1", &order, CLERK)?;
    told.tell("unknown", store.expunge("p1", &order, CLERK).map_err(|_| "unknown"));
    told.tell("unfinished", store.unfinished_expungements().map(|all| all == [id]));
    let certificate = store.finish_expungement(id)?;
    told.tell("certified", verify_certificate(&certificate).map(|_| ()));
    told.tell("kept", store.certificate(id).map(|kept| kept.is_some()));
    told.tell("no such", store.certificate(Uuid::new_v4()).map(|kept| kept.is_some()));
    told.tell(
        "refused since",
        store.enrol(&[enrolment("p1", "aa")], None, ("tests", ORI)).map(|all| format!("{all:?}").contains("Expunged")),
    );
    let two = Override { by: "clerk".to_owned(), second: "other".to_owned(), agency: Some(ORI.to_owned()) };
    told.tell("overridden", store.enrol(&[enrolment("p1", "aa")], Some(&two), ("tests", ORI)));
    told.tell("gone", store.idempotent(&holder, "search", b"body"));
    // Limits and pauses.
    let released = begin(&mut store, &mut told, "second", &holder, &small);
    told.tell("released", store.release(released));
    begin(&mut store, &mut told, "third", &holder, &small);
    let fourth = Beginning { id: Uuid::new_v4(), person: "ann", repeat: None, waits: false };
    let begun = store.begin_search(fourth, &holder, &AgencyRule::default(), Some(&small), &json!({}));
    told.tell("fourth", begun.map(|_| ()).map_err(|_| "limited"));
    told.tell("paused", store.pause(&holder, Some("ann"), "small-changes", &json!({ "n": 5 })));
    told.tell("who", store.paused().map(|all| all.into_iter().map(|(_, _, because)| because).collect::<Vec<_>>()));
    told.tell("resumed", store.resume(&issued.id, "operator"));
    told.tell("resumed again", store.resume(&issued.id, "operator").map_err(|_| "unknown"));
    told.tell("forgotten", store.forget());
    // The audit, and what is left.
    told.tell("no anchor", store.last_anchor("nobody").map(|anchor| anchor.is_some()));
    told.tell("noted", store.audit("tests", ORI, "noted", &json!({ "text": "two\nlines" })));
    told.tell(
        "actions",
        store.audit_rows(0, 1000).map(|rows| rows.into_iter().map(|row| row.action).collect::<Vec<_>>()),
    );
    told.tell("whole", store.verify_audit().map(|(rows, _)| rows));
    told.tell("revoked", store.revoke_token(&issued.secret));
    told.tell("revoked again", store.revoke_token(&issued.id).map_err(|_| "unknown"));
    told.tell("stats", store.stats());
    // To another model: all but one record, then that one left out.
    let wanting = reader.to_move("n", 0, 100)?;
    let records: Vec<i64> = wanting.iter().map(|one| one.record).collect();
    told.tell("to move", Ok::<_, anyhow::Error>(&records));
    let kept = store.kept();
    told.tell("photographs", wanting.iter().map(|one| kept.photograph(one)).collect::<Result<Vec<_>, _>>());
    told.tell("nothing staged", store.switch("n", &records, "operator"));
    told.tell("staged for another", store.stage("o", &[(records[0], Zeroizing::new(vec![0.5, 0.5]))]));
    told.tell("begun", store.begin_move("n"));
    let (last, others) = records.split_last().context("records")?;
    let templates: Vec<_> =
        others.iter().chain([&9999]).map(|record| (*record, Zeroizing::new(vec![0.5, 0.5]))).collect();
    told.tell("staged", store.stage("n", &templates));
    told.tell("still to move", reader.to_move("n", 0, 100).map(|all| all.len()));
    told.tell("lacking", store.switch("n", &[], "operator"));
    let switched = store.switch("n", &[*last], "operator")?;
    let done = matches!(switched, Switch::Done { moved, left_out: 1, .. } if moved == others.len() as u64);
    anyhow::ensure!(done, "{switched:?}");
    told.tell("switched", Ok::<_, anyhow::Error>(switched));
    told.tell("embedding", store.embedding());
    // The log of the audit, and another key for it.
    let signer = store.log_signer()?;
    told.tell("the same key", store.log_signer().map(|again| again.key() == signer.key()));
    let mut leaves = store.leaves(&signer)?;
    let count = (&mut leaves).count()?;
    told.tell("leaves", (&mut leaves).leaves_from(0, 1000).map(|all| all.len() as u64 == count));
    told.tell("the last", (&mut leaves).leaves_from(count - 1, 1000).map(|all| all.len()));
    told.tell("begun anew", store.begin_log_anew("put back"));
    told.tell("another key", store.log_signer().map(|again| again.key() == signer.key()));
    told.tell("on the audit", (&mut leaves).count().map(|now| now - count));
    told.tell("swept", store.sweep());
    Ok(told.0)
}
