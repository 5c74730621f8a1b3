use catalogue::say;
use department::{Gap, Gaps, Moment, Person, PersonRef, Role, need};
use serde::{Deserialize, Serialize};

use super::content::{Decision, Judged, Judgement, Remark, ReviewContent};
use crate::case::Purpose;
use crate::corroboration::ContradictionItem;
use crate::note::NoteContent;
use crate::text::{MAX_ACCOUNT, said, tells};

/// A field that a reviewer can remark on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RemarkPlace {
    /// As [`Gap::place`] names it.
    pub place: String,
    /// Its name for people.
    pub label: String,
}

/// Every field of `note` that a reviewer can remark on, in the order of the note.
pub fn remark_places(note: &NoteContent) -> Vec<RemarkPlace> {
    let of = |place: String, label: String| RemarkPlace { place, label };
    let fixed = [
        ("note.narrative", say!("rule-note-account")),
        ("disposition", say!("rule-note-disposition")),
        ("examination", say!("rule-note-examination")),
        ("verification", say!("rule-note-verification")),
    ];
    let fixed = fixed.into_iter().map(|(place, label)| of(place.to_owned(), label.to_owned()));
    let entries = note.checklist.entries.iter().enumerate().map(|(at, entry)| {
        let category = entry.category();
        let label = say!("rule-review-entry", at = at + 1, to_lowercase = category.in_words().to_lowercase());
        of(format!("{}.{}", category.code(), entry.id), label)
    });
    let panel = ContradictionItem::ALL.into_iter().map(|item| {
        of(format!("panel.{}", item.code()), say!("rule-note-could-speak-against", item = item.in_words()))
    });
    let last = of("panel.speaks_for_the_person".to_owned(), say!("rule-note-speaks-person").to_owned());
    fixed.chain(entries).chain(panel).chain([last]).collect()
}

/// What is typed in the review form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ReviewForm {
    /// Answers.
    pub judged: Vec<Judged>,
    /// The decision.
    pub decision: Option<Decision>,
    /// Why it is referred.
    pub reason: String,
    /// What is to be mended, field by field.
    #[serde(default)]
    pub remarks: Vec<Remark>,
}

impl Default for ReviewForm {
    fn default() -> Self {
        let judged = Judgement::ALL.into_iter();
        let judged = judged.map(|judgement| Judged { judgement, holds: None, remark: String::new() }).collect();
        Self { judged, decision: None, reason: String::new(), remarks: Vec::new() }
    }
}

/// A review. Its only constructor is [`Review::decide`]; it is signed and never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Review(ReviewContent);

impl Review {
    /// What it says.
    pub fn content(&self) -> &ReviewContent {
        &self.0
    }

    /// Decides on `note`, whose text has the hash `note_sha256`.
    ///
    /// # Errors
    /// A [`Gap`] for a reviewer who is not a supervisor or took part in the work, for each judgement without an
    /// answer, for an approval that a judgement speaks against, and for a decision without its reasons.
    pub fn decide(
        note: &NoteContent,
        note_sha256: &str,
        form: &ReviewForm,
        reviewer: &Person,
        now: Moment,
    ) -> Result<Self, Vec<Gap>> {
        let mut gaps = Gaps::new();
        gaps.extend(may_review(note, reviewer).err().unwrap_or_default());
        need!(
            gaps,
            note.sealed_at <= now,
            "review",
            say!("rule-review-dated-before-note-correct-workstation"),
            say!("rule-review-times-must-order-note"),
        );
        let why = say!("rule-review-reviewer-own-judgement-not-signature");
        for judgement in Judgement::ALL {
            let place = format!("review.{judgement:?}").to_lowercase();
            let answer = form.judged.iter().find(|j| j.judgement == judgement);
            need!(gaps, answer.is_some_and(|a| a.holds.is_some()), &place, judgement.question(), why);
            let against = answer.filter(|a| a.holds == Some(false));
            need!(
                gaps,
                against.is_none_or(|a| said(&a.remark) && a.remark.chars().count() <= MAX_ACCOUNT),
                &place,
                say!("rule-review-say-wrong", question = judgement.question()),
                say!("rule-review-author-can-mend-only-named"),
            );
        }
        let places = remark_places(note);
        for (at, remark) in form.remarks.iter().enumerate() {
            need!(
                gaps,
                said(&remark.text) && places.iter().any(|p| p.place == remark.place),
                format!("review.remarks.{at}"),
                say!("rule-review-choose-field-say-wrong-take"),
                say!("rule-review-author-can-mend-only-named"),
            );
        }
        let against = form.judged.iter().any(|j| j.holds == Some(false)) || !form.remarks.is_empty();
        match form.decision {
            None => gaps.push(Gap::new("review.decision", say!("rule-review-choose-approve-return-refer-audit"), why)),
            Some(Decision::Approve) => need!(
                gaps,
                !against,
                "review.decision",
                say!("rule-review-own-judgement-remarks-speak-against"),
                say!("rule-corroboration-record-may-not-contradict-itself"),
            ),
            Some(Decision::Return) => need!(
                gaps,
                against,
                "review.decision",
                say!("rule-review-nothing-judged-wrong-so-nothing"),
                say!("rule-review-author-can-mend-only-named"),
            ),
            Some(Decision::Refer) => need!(
                gaps,
                tells(&form.reason, 2) && form.reason.chars().count() <= MAX_ACCOUNT,
                "review.reason",
                say!("rule-review-say-why-note-referred-audit"),
                say!("rule-review-auditor-begins-reason"),
            ),
        }
        let decision = form.decision;
        gaps.into_result(|| decision).and_then(|decision| {
            Ok(Self(ReviewContent {
                schema: "corroborate.review.v2".to_owned(),
                note: note.id,
                note_sha256: note_sha256.to_owned(),
                reviewer: reviewer.reference(),
                role: Some(Role::Supervisor),
                at: now,
                decision: decision.ok_or_else(Vec::new)?,
                judged: form.judged.clone(),
                reason: form.reason.trim().to_owned(),
                remarks: form.remarks.clone(),
            }))
        })
    }
}

impl ReviewContent {
    /// Proves a review that was read, received or claimed: it is one of `note` in a supervisor's role, by somebody who took no
    /// part in it, and its decision fits its own answers.
    ///
    /// # Errors
    /// What does not hold.
    pub fn proven(&self, note: &NoteContent, note_sha256: &str) -> Result<Review, Vec<Gap>> {
        let wrong = |text: &str| Err(vec![Gap::new("review", text, say!("rule-review-claims-computed-again"))]);
        if self.note != note.id || self.note_sha256 != note_sha256 {
            return wrong(say!("rule-review-another-note"));
        }
        if self.role != Some(Role::Supervisor) {
            return wrong(say!("rule-review-not-made-role-supervisor"));
        }
        let reviewer = Person::claimed(&self.reviewer, Role::Supervisor);
        let form = ReviewForm {
            judged: self.judged.clone(),
            decision: Some(self.decision),
            reason: self.reason.clone(),
            remarks: self.remarks.clone(),
        };
        let again = Review::decide(note, note_sha256, &form, &reviewer, self.at)?;
        if again.0 == *self { Ok(again) } else { wrong(say!("rule-review-not-answers-give")) }
    }
}

/// Whether `person` wrote, examined, verified or opened what `note` is about, now or in an examination that was set aside.
pub fn took_part(note: &NoteContent, person: &PersonRef) -> bool {
    let verifier = note.verification.as_ref().map(|v| &v.verifier);
    let people = [&note.author, &note.examination.work.examiner, note.case.opened_by()].into_iter().chain(verifier);
    people.into_iter().chain(note.history.people()).any(|one| one.is_same(person))
}

/// Whether `person` may review `note`.
///
/// # Errors
/// A [`Gap`] without the supervisor's role, and for whoever wrote, examined, verified or opened it.
pub fn may_review(note: &NoteContent, person: &Person) -> Result<(), Vec<Gap>> {
    let mut gaps = Gaps::new();
    need!(
        gaps,
        person.is(Role::Supervisor),
        "review",
        say!("rule-review-only-supervisor-reviews-case-notes"),
        say!("rule-review-whoever-reviews-answers"),
    );
    need!(
        gaps,
        !took_part(note, &person.reference()),
        "review",
        say!("rule-review-took-part-case-another-supervisor"),
        say!("rule-review-separation-duties-nobody-reviews-own"),
    );
    gaps.into_result(|| ())
}

/// Whether a note with this review can still be decided on here.
///
/// # Errors
/// A [`Gap`] once it was: another opinion is an addendum, or the review of another note.
pub fn undecided(review: Option<&ReviewContent>) -> Result<(), Vec<Gap>> {
    let Some(made) = review else { return Ok(()) };
    Err(vec![Gap::new(
        "review",
        say!("rule-review-reviewed-note-already-said-since", name = made.reviewer.name),
        say!("rule-review-note-reviewed-once-decision-could"),
    )])
}

/// How soon a note should be reviewed: 0 first.
pub fn urgency(purpose: Purpose) -> u8 {
    match purpose {
        Purpose::ImminentThreat => 0,
        Purpose::MissingPerson | Purpose::UnableToIdentifySelf => 1,
        _ => 2,
    }
}
