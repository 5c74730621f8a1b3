use department::{Gap, Gaps, Moment, Person, PersonRef, Role};
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
        ("note.narrative", "Account"),
        ("disposition", "Disposition"),
        ("examination", "Examination"),
        ("verification", "Verification"),
    ];
    let fixed = fixed.into_iter().map(|(place, label)| of(place.to_owned(), label.to_owned()));
    let entries = note.checklist.entries.iter().enumerate().map(|(at, entry)| {
        let category = entry.category();
        let label = format!("Entry {}: {}", at + 1, category.in_words().to_lowercase());
        of(format!("{}.{}", category.code(), entry.id), label)
    });
    let panel = ContradictionItem::ALL
        .into_iter()
        .map(|item| of(format!("panel.{}", item.code()), format!("What could speak against it: {}", item.in_words())));
    let last = of("panel.speaks_for_the_person".to_owned(), "What speaks for the person".to_owned());
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
        gaps.need(
            note.sealed_at <= now,
            "review",
            "The review is dated before the note. Correct the workstation's clock.",
            "Times must be in order: note, review.",
        );
        let why = "A review is the reviewer's own judgement, not a signature under somebody else's.";
        for judgement in Judgement::ALL {
            let place = format!("review.{judgement:?}").to_lowercase();
            let answer = form.judged.iter().find(|j| j.judgement == judgement);
            gaps.need(answer.is_some_and(|a| a.holds.is_some()), &place, judgement.question(), why);
            let against = answer.filter(|a| a.holds == Some(false));
            gaps.need(
                against.is_none_or(|a| said(&a.remark) && a.remark.chars().count() <= MAX_ACCOUNT),
                &place,
                format!("Say what is wrong: {}", judgement.question()),
                "The author can mend only what is named.",
            );
        }
        let places = remark_places(note);
        for (at, remark) in form.remarks.iter().enumerate() {
            gaps.need(
                said(&remark.text) && places.iter().any(|p| p.place == remark.place),
                format!("review.remarks.{at}"),
                "Choose the field and say what is wrong with it, or take the remark away.",
                "The author can mend only what is named.",
            );
        }
        let against = form.judged.iter().any(|j| j.holds == Some(false)) || !form.remarks.is_empty();
        match form.decision {
            None => gaps.need(false, "review.decision", "Choose: approve, return, or refer to audit.", why),
            Some(Decision::Approve) => gaps.need(
                !against,
                "review.decision",
                "Your own judgement or remarks speak against an approval. Return the note, or refer it.",
                "A record may not contradict itself.",
            ),
            Some(Decision::Return) => gaps.need(
                against,
                "review.decision",
                "Nothing that you judged is wrong, so there is nothing to return it for. Approve, or name what is wrong.",
                "The author can mend only what is named.",
            ),
            Some(Decision::Refer) => gaps.need(
                tells(&form.reason, 2) && form.reason.chars().count() <= MAX_ACCOUNT,
                "review.reason",
                "Say why the note is referred to audit.",
                "The auditor begins with your reason.",
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
        let wrong = |text: &str| Err(vec![Gap::new("review", text, "What a review claims is computed again.")]);
        if self.note != note.id || self.note_sha256 != note_sha256 {
            return wrong("It is of another note.");
        }
        if self.role != Some(Role::Supervisor) {
            return wrong("It was not made in the role of a supervisor.");
        }
        let reviewer = Person {
            id: self.reviewer.id,
            name: self.reviewer.name.clone(),
            badge: self.reviewer.badge.clone(),
            ori: self.reviewer.ori.clone(),
            roles: vec![Role::Supervisor],
            training: None,
            added_by: None,
        };
        let form = ReviewForm {
            judged: self.judged.clone(),
            decision: Some(self.decision),
            reason: self.reason.clone(),
            remarks: self.remarks.clone(),
        };
        let again = Review::decide(note, note_sha256, &form, &reviewer, self.at)?;
        if again.0 == *self { Ok(again) } else { wrong("It is not what its answers give.") }
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
    gaps.need(
        person.is(Role::Supervisor),
        "review",
        "Only a supervisor reviews case notes.",
        "Whoever reviews answers for it.",
    );
    gaps.need(
        !took_part(note, &person.reference()),
        "review",
        "You took part in this case. Another supervisor must review the note.",
        "Separation of duties: nobody reviews the own work.",
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
        format!("{} has reviewed this note already. What has to be said since is an addendum.", made.reviewer.name),
        "A note is reviewed once; a decision that could be made again would be none.",
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
