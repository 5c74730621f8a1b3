//! Answers of second examiners elsewhere: those that hold, and what an adversary makes of them.

use casework::samples::*;
use casework::{Conclusion, Reply, Requested};
use serde_json::{Value, json};

use super::*;

/// A request with its answer, before anybody signed.
#[derive(Debug, Clone)]
pub struct Answered {
    pub request: Value,
    pub answer: Value,
    pub documents: Vec<String>,
    /// The lead's token.
    pub lead: String,
}

impl Answered {
    fn of(on_lead: Conclusion, on_others: Conclusion) -> Self {
        let asked = asked_file(500, 2).asked_elsewhere().unwrap().clone();
        let lead = asked.asked.token(candidate(0)).unwrap();
        let mut requested = Requested::take(asked.asked.request().clone(), at("2026-03-02T09:55:00Z"));
        compare_requested(&mut requested, 2, |token| if token == lead { on_lead } else { on_others });
        requested.hand_in(&examiner(2), at("2026-03-02T11:00:00Z"), &policy()).unwrap();
        let Some(Reply::Answered { answer }) = requested.reply() else { panic!("no answer") };
        let plain = |value: Value| serde_json::from_str(&canonical(&value)).unwrap();
        Self {
            request: plain(serde_json::to_value(asked.asked.request()).unwrap()),
            answer: plain(serde_json::to_value(answer).unwrap()),
            documents: department(),
            lead: lead.to_string(),
        }
    }

    fn hand(&self) -> Hand {
        Hand::of("verification", sha256(&canonical(&self.answer)), &self.answer["work"]["examiner"], &self.answer["at"])
    }

    fn lines(&self, statement: &str) -> String {
        let said = [canonical(&self.request), canonical(&self.answer), statement.to_owned()];
        [said.as_slice(), self.documents.as_slice()].concat().join("\n")
    }

    pub fn file(&self) -> String {
        self.lines(&self.hand().statement(&self.documents))
    }
}

/// Answers that hold, by name.
pub fn holding() -> Vec<(&'static str, Answered)> {
    use Conclusion::{Exclusion, Inconclusive, LimitedSupport, Support};
    let whole = Answered::of(Support, Exclusion);
    let ended = changed("2026-03-10T08:00:00Z", |all| all[1].keys = vec![span(2, "2026-01-20", Some("2026-03-09"))]);
    vec![
        ("the lead supported", whole.clone()),
        ("the lead supported to a degree", Answered::of(LimitedSupport, Inconclusive)),
        ("nobody supported", Answered::of(Inconclusive, Exclusion)),
        ("everybody excluded", Answered::of(Exclusion, Exclusion)),
        ("everybody supported", Answered::of(Support, Support)),
        ("by a key that ended since", Answered { documents: ended, ..whole.clone() }),
        ("by another key", Answered { documents: with_another_key(), ..whole }),
    ]
}

/// What is done to an answer: name, reason, and the lines.
pub fn forged(answered: &Answered) -> Vec<(String, &'static str, String)> {
    let mut all: Vec<(String, &'static str, String)> = Vec::new();
    let lead = answered.lead.as_str();
    let tokens: Vec<String> = answered.answer["work"]["among"]
        .as_array()
        .unwrap()
        .iter()
        .map(|token| token.as_str().unwrap().to_owned())
        .collect();
    let mut signed = |name: String, reason, change: &dyn Fn(&mut Answered)| {
        let mut changed = answered.clone();
        change(&mut changed);
        all.push((name, reason, changed.file()));
    };
    let drop_of = |value: &mut Value, name: &str| drop(value.as_object_mut().unwrap().remove(name));
    for (number, token) in tokens.iter().enumerate() {
        for field in ["conclusions", "looked_at"] {
            signed(format!("{field}: candidate {number} left out"), "gate", &|a| {
                drop_of(&mut a.answer["work"][field], token);
            });
        }
        signed(format!("candidate {number} concluded on before it was asked"), "gate", &|a| {
            a.answer["work"]["conclusions"][token]["at"] = json!("2026-03-02T09:49:59Z");
        });
        signed(format!("candidate {number} concluded on after the end"), "malformed", &|a| {
            a.answer["work"]["conclusions"][token]["at"] = json!("2026-03-02T11:00:01Z");
        });
        signed(format!("candidate {number} opened before it was asked"), "gate", &|a| {
            a.answer["work"]["looked_at"][token] = json!("2026-03-02T09:49:59Z");
        });
        signed(format!("candidate {number} left out of the list"), "gate", &|a| {
            a.answer["work"]["among"].as_array_mut().unwrap().retain(|one| one != token);
        });
        signed(format!("candidate {number} not asked for"), "gate", &|a| {
            a.request["candidates"].as_array_mut().unwrap().retain(|one| one["token"] != token.as_str());
        });
        signed(format!("candidate {number} without a photograph"), "malformed", &|a| {
            a.request["candidates"][number]["photographs"] = json!([]);
        });
    }
    let components: Vec<String> =
        answered.answer["work"]["analysis"]["components"].as_object().unwrap().keys().cloned().collect();
    for component in &components {
        signed(format!("{component} not analysed"), "gate", &|a| {
            drop_of(&mut a.answer["work"]["analysis"]["components"], component);
        });
        signed(format!("{component} not compared"), "gate", &|a| {
            a.answer["work"]["comparisons"][lead]["observations"][component]["finding"] = json!(null);
        });
    }
    signed("nothing compared".to_owned(), "gate", &|a| a.answer["work"]["comparisons"] = json!({}));
    signed("no analysis".to_owned(), "gate", &|a| a.answer["work"]["analysis"]["recorded_at"] = json!(null));
    signed("unsuitable, and supported".to_owned(), "gate", &|a| {
        a.answer["work"]["analysis"]["suitability"] = json!("unsuitable");
    });
    signed("support of what is different".to_owned(), "gate", &|a| {
        a.answer["work"]["comparisons"][lead]["observations"]["nose"]["finding"] = json!("different");
    });
    signed("a lead of one's own".to_owned(), "gate", &|a| a.answer["work"]["lead"] = json!(lead));
    signed("none of these".to_owned(), "gate", &|a| a.answer["work"]["none_of_these"] = json!(true));
    signed("of another request".to_owned(), "gate", &|a| a.answer["request"] = json!(id(501)));
    signed("of another list".to_owned(), "gate", &|a| a.answer["work"]["search"] = json!(id(501)));
    signed("of another text of the request".to_owned(), "gate", &|a| {
        a.answer["request_sha256"] = json!("00".repeat(32))
    });
    signed("handed in before it was done".to_owned(), "malformed", &|a| a.answer["at"] = json!("2026-03-02T10:29:59Z"));
    signed("by somebody else than was asked".to_owned(), "gate", &|a| {
        a.answer["work"]["examiner"] = json!(examiner(3).reference());
    });
    signed("asked of somebody else".to_owned(), "gate", &|a| a.request["to"] = json!(id(3)));
    signed("asked later".to_owned(), "gate", &|a| a.request["asked_at"] = json!("2026-03-02T10:59:00Z"));
    signed("with another probe".to_owned(), "gate", &|a| a.request["probe"] = json!("00".repeat(32)));
    signed("with another key of its tokens".to_owned(), "gate", &|a| a.request["key_sha256"] = json!("00".repeat(32)));
    signed("a list in another order".to_owned(), "malformed", &|a| {
        a.request["candidates"].as_array_mut().unwrap().reverse();
    });
    signed("a list of one".to_owned(), "malformed", &|a| a.request["candidates"].as_array_mut().unwrap().truncate(1));
    signed("a probe that is no digest".to_owned(), "malformed", &|a| a.request["probe"] = json!("probe.png"));
    signed("who asks".to_owned(), "malformed", &|a| a.request["from"] = json!(id(1)));
    signed("a score".to_owned(), "malformed", &|a| a.request["candidates"][0]["score"] = json!(0.8));
    signed("an answer of more".to_owned(), "malformed", &|a| a.answer["note"] = json!("It is him."));
    signed("work of more".to_owned(), "malformed", &|a| a.answer["work"]["score"] = json!(0.8));
    signed("an answer without its end".to_owned(), "malformed", &|a| drop_of(&mut a.answer, "at"));
    let mut hand = |name: &str, reason, change: &dyn Fn(&mut Hand)| {
        let mut hand = answered.hand();
        change(&mut hand);
        all.push((name.to_owned(), reason, answered.lines(&hand.statement(&answered.documents))));
    };
    hand("a key of one's own", "statement", &|hand| hand.key = 777);
    hand("a colleague's key", "statement", &|hand| hand.key = 3);
    hand("a colleague instead", "beside", &|hand| (hand.key, hand.person) = (3, id(3)));
    hand("at another moment", "statement", &|hand| hand.at = "2026-03-02T11:00:01Z".to_owned());
    hand("of another record", "beside", &|hand| hand.record = sha256("another record"));
    hand("as a conclusion", "beside", &|hand| hand.kind = "conclusion");
    hand("of a version to come", "statement", &|hand| hand.version = Some(9));
    let before = "2026-03-01T08:00:00Z";
    let mut by = |name: &str, reason, documents: Vec<String>| {
        all.push((name.to_owned(), reason, Answered { documents, ..answered.clone() }.file()));
    };
    by("training that was taken away", "statement", changed(before, |all| all[1].person.training = None));
    by(
        "training that had ended",
        "statement",
        changed(before, |all| {
            all[1].person.training.as_mut().unwrap().completed_on = Day("2023-01-15".parse().unwrap());
        }),
    );
    by("no examiner any more", "statement", changed(before, |all| all[1].person.roles = vec![Role::Auditor]));
    by("put out", "statement", changed(before, |all| drop(all.remove(1))));
    by(
        "a key that had ended",
        "statement",
        changed(before, |all| {
            all[1].keys = vec![span(2, "2026-01-20", Some("2026-02-28"))];
        }),
    );
    by("another department", "department", documents_of(STRANGER, &people(), None));
    by("no policy", "statement", department()[..1].to_vec());
    let (whole, lines) = (answered.file(), answered.file());
    let line = |at: usize, change: &dyn Fn(&str) -> String| {
        let mut parts: Vec<String> = lines.split('\n').map(str::to_owned).collect();
        parts[at] = change(&parts[at]);
        parts.join("\n")
    };
    for (at, what) in [(0, "the request"), (1, "the answer")] {
        let cut = line(at, &|text| text[..text.len() - 1].to_owned());
        let twice = line(at, &|text| text.replacen('{', "{\"at\":\"x\",\"at\":\"x\",", 1));
        let blank = line(at, &|text| text.replacen(':', ": ", 1));
        all.push((format!("{what} cut off"), "not-text", cut));
        all.push((format!("{what} with a name twice"), "duplicate-name", twice));
        all.push((format!("{what} with a blank"), "not-canonical", blank));
    }
    all.push(("a statement cut off".to_owned(), "statement", line(2, &|text| text[..text.len() - 1].to_owned())));
    all.push((
        "one bit of the signature".to_owned(),
        "statement",
        line(2, &|text| {
            let at = text.find("\"signature\":\"").unwrap() + 13;
            let other = if &text[at..=at] == "0" { "1" } else { "0" };
            format!("{}{other}{}", &text[..at], &text[at + 1..])
        }),
    ));
    assert!(whole.is_ascii());
    all
}
