use catalogue::say;
use department::{Day, Gap, Gaps, Moment, Person, PersonRef, Role, need};
use serde::{Deserialize, Serialize};

use super::described::Described;
use super::kind::ResultKind;
use super::rested::RestedOn;
use crate::ids::{NoteId, ResultId};
use crate::note::NoteContent;
use crate::review::{Decision, ReviewContent, took_part};
use crate::text::{MAX_ACCOUNT, MAX_FIELD, said, tells};

/// Schema of a result.
pub const RESULT_SCHEMA: &str = "corroborate.result.v1";

/// Fewest different words of an account.
const ACCOUNT_WORDS: usize = 3;
/// Most results of one note.
const MOST: usize = 500;
/// Most things that a result rests on.
const MOST_RESTED: usize = 50;

/// Why a result is looked at by the auditor at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Concern {
    /// A violation: an arrest, a charge or a warrant that rested on the lead alone.
    LeadAlone,
    /// It is dated before the note was approved: nothing may leave as a lead before that.
    BeforeApproval,
    /// The wrong person was taken for the one on the image.
    WrongPerson,
    /// It stands for an earlier result of another kind.
    AnotherKind,
}

impl Concern {
    /// The same in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Concern::LeadAlone => say!("rule-results-concern-lead-alone"),
            Concern::BeforeApproval => say!("rule-results-concern-before-approval"),
            Concern::WrongPerson => say!("rule-results-concern-wrong-person"),
            Concern::AnotherKind => say!("rule-results-concern-another-kind"),
        }
    }
}

/// What is typed of a result.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ResultForm {
    /// What came of it.
    pub kind: Option<ResultKind>,
    /// On which day.
    pub on: Option<Day>,
    /// By which authority: an agency, a court.
    pub authority: String,
    /// What happened, and of `cleared` and `misidentification` how that was learned.
    pub account: String,
    /// What it rested on.
    pub rested_on: Vec<RestedOn>,
    /// The arrest or charge that this ends.
    pub of: Option<ResultId>,
    /// An earlier result that was recorded wrongly and that this one stands for.
    pub corrects: Option<ResultId>,
    /// Whom it concerns, as a record has it.
    pub described: Described,
}

/// A result. Its only constructor is [`InvestigativeResult::record`]; it is signed and never changes, a wrong one is corrected by
/// another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct InvestigativeResult(ResultContent);

/// What a result says; it can be read by anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ResultContent {
    /// [`RESULT_SCHEMA`].
    pub schema: String,
    /// Identity.
    pub id: ResultId,
    /// The note.
    pub note: NoteId,
    /// SHA-256 of the note.
    pub note_sha256: String,
    /// From 1, in the order of recording.
    pub number: u32,
    /// What came of it.
    pub kind: ResultKind,
    /// On which day.
    pub on: Day,
    /// By which authority.
    pub authority: String,
    /// What happened.
    pub account: String,
    /// What it rested on.
    pub rested_on: Vec<RestedOn>,
    /// The arrest or charge that this ends.
    pub of: Option<ResultId>,
    /// The earlier result that this one stands for.
    pub corrects: Option<ResultId>,
    /// Whom it concerns, as a record has it.
    pub described: Described,
    /// What the auditor is told of it, as the program worked it out.
    pub concerns: Vec<Concern>,
    /// Who recorded it.
    pub recorded_by: PersonRef,
    /// When.
    pub recorded_at: Moment,
}

/// When the first review approved `note`, if it did. Another opinion that came later does not undo what happened meanwhile.
fn approved_at(reviews: &[ReviewContent]) -> Option<Moment> {
    reviews.first().filter(|first| first.decision == Decision::Approve).map(|first| first.at)
}

impl InvestigativeResult {
    /// What it says.
    pub fn content(&self) -> &ResultContent {
        &self.0
    }

    /// Records what came of `note`, whose text has the hash `note_sha256`, after its `reviews` and `earlier` results, oldest first.
    ///
    /// # Errors
    /// A [`Gap`] for a note that was not approved, for somebody who neither took part nor supervises, for each answer that is
    /// missing or does not fit, and for a day outside event and today.
    pub fn record(
        (note, note_sha256): (&NoteContent, &str),
        reviews: &[ReviewContent],
        earlier: &[ResultContent],
        id: ResultId,
        form: &ResultForm,
        by: &Person,
        now: Moment,
    ) -> Result<Self, Vec<Gap>> {
        let mut gaps = Gaps::new();
        let why = say!("rule-results-why");
        let approved = approved_at(reviews);
        need!(
            gaps,
            approved.is_some_and(|at| at <= now),
            "result",
            say!("rule-results-after-approval"),
            say!("rule-results-after-approval-why"),
        );
        need!(gaps, may_record(note, by), "result", say!("rule-results-who"), say!("rule-results-who-why"));
        need!(gaps, earlier.len() < MOST, "result", say!("rule-results-most", most = MOST), why);
        need!(
            gaps,
            earlier.last().is_none_or(|last| last.recorded_at <= now) && note.sealed_at <= now,
            "result",
            say!("rule-results-clock"),
            why,
        );
        need!(gaps, form.kind.is_some(), "result.kind", say!("rule-results-choose-kind"), why);
        let day = now.day();
        need!(
            gaps,
            form.on.is_some_and(|on| on <= day && on >= note.case.event_at().day()),
            "result.on",
            say!("rule-results-day"),
            say!("rule-results-day-why"),
        );
        need!(
            gaps,
            said(&form.authority) && form.authority.chars().count() <= MAX_FIELD,
            "result.authority",
            say!("rule-results-authority"),
            why,
        );
        need!(
            gaps,
            tells(&form.account, ACCOUNT_WORDS) && form.account.chars().count() <= MAX_ACCOUNT,
            "result.account",
            match form.kind {
                Some(ResultKind::Cleared | ResultKind::Misidentification) => say!("rule-results-how-learned"),
                _ => say!("rule-results-account"),
            },
            why,
        );
        let described = !form.described.says() || form.described.from.is_some();
        need!(gaps, described, "result.described", say!("rule-results-described"), say!("rule-results-described-why"));
        if let Some(kind) = form.kind {
            need!(
                gaps,
                kind.fits(note.case.purpose()),
                "result.kind",
                say!(
                    "rule-results-kind-does-not-fit",
                    kind = kind.in_words(),
                    purpose = note.case.purpose().in_words()
                ),
                why,
            );
            let whole = form.rested_on.len() <= MOST_RESTED && form.rested_on.iter().all(|one| one.is_whole(note));
            need!(
                gaps,
                whole && (kind.rests_on_something() || form.rested_on.is_empty()),
                "result.rested_on",
                say!("rule-results-rested-on"),
                say!("rule-results-rested-on-why"),
            );
            gaps.extend(form.of_gaps(kind, earlier));
        }
        let corrected = form.corrects.is_none_or(|id| {
            earlier.iter().any(|one| one.id == id) && earlier.iter().all(|one| one.corrects != Some(id))
        });
        need!(gaps, corrected, "result.corrects", say!("rule-results-corrects"), why);
        let before = form.corrects.and_then(|id| earlier.iter().find(|one| one.id == id));
        let another = before.is_some_and(|before| Some(before.kind) != form.kind);
        // Else whoever recorded that the wrong person was arrested could take that back.
        let own = by.reference();
        let stranger = !took_part(note, &own) && before.is_none_or(|before| !before.recorded_by.is_same(&own));
        need!(
            gaps,
            !another || (by.is(Role::Supervisor) && stranger),
            "result.corrects",
            say!("rule-results-another-kind"),
            say!("rule-results-another-kind-why"),
        );
        need!(gaps, earlier.iter().all(|one| one.id != id), "result", say!("rule-results-again"), why);
        let parts = form.kind.zip(form.on).zip(approved);
        gaps.into_result(|| parts).and_then(|parts| {
            let ((kind, on), approved) = parts.ok_or_else(Vec::new)?;
            let (authority, account) = (form.authority.trim().to_owned(), form.account.trim().to_owned());
            Ok(Self(ResultContent {
                schema: RESULT_SCHEMA.to_owned(),
                id,
                note: note.id,
                note_sha256: note_sha256.to_owned(),
                number: earlier.len() as u32 + 1,
                kind,
                on,
                authority,
                account,
                rested_on: form.rested_on.clone(),
                of: form.of,
                corrects: form.corrects,
                described: form.described,
                concerns: concerns(note, kind, on, &form.rested_on, approved)
                    .into_iter()
                    .chain(another.then_some(Concern::AnotherKind))
                    .collect(),
                recorded_by: by.reference(),
                recorded_at: now,
            }))
        })
    }

    /// The addendum by which a misidentification reopens the note; nothing of any other result.
    pub fn addendum(&self) -> Option<String> {
        let (on, authority) = (self.0.on, &self.0.authority);
        let told = self.0.kind == ResultKind::Misidentification;
        told.then(|| say!("rule-results-misidentification-addendum", on, authority, account = self.0.account))
    }
}

impl ResultForm {
    /// What an end of a charge lacks: the arrest or charge that it ends, on an earlier day, and not ended already.
    fn of_gaps(&self, kind: ResultKind, earlier: &[ResultContent]) -> Vec<Gap> {
        let standing = |one: &&ResultContent| earlier.iter().all(|later| later.corrects != Some(one.id));
        let began = self.of.and_then(|id| earlier.iter().filter(standing).find(|one| one.id == id));
        let holds = match (kind.ends_a_charge(), began) {
            (false, _) => self.of.is_none(),
            (true, None) => false,
            (true, Some(began)) => {
                let ended =
                    earlier.iter().filter(standing).any(|one| one.of == self.of && Some(one.id) != self.corrects);
                let begins = matches!(began.kind, ResultKind::Arrest | ResultKind::ChargeAdded);
                begins && !ended && self.on.is_none_or(|on| on >= began.on)
            }
        };
        if holds {
            return Vec::new();
        }
        vec![Gap::new("result.of", say!("rule-results-of"), say!("rule-results-of-why"))]
    }
}

/// What the auditor is told of a result.
fn concerns(note: &NoteContent, kind: ResultKind, on: Day, rested: &[RestedOn], approved: Moment) -> Vec<Concern> {
    let coercive = kind.needs_more_than_the_lead();
    let alone = coercive && !rested.iter().any(|one| one.stands_beside_the_lead(note));
    [
        alone.then_some(Concern::LeadAlone),
        (coercive && on < approved.day()).then_some(Concern::BeforeApproval),
        (kind == ResultKind::Misidentification).then_some(Concern::WrongPerson),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether `person` may record what came of `note`, and name its operation.
pub fn may_record(note: &NoteContent, person: &Person) -> bool {
    person.is(Role::Supervisor) || (person.is(Role::Examiner) && took_part(note, &person.reference()))
}

impl ResultContent {
    /// Those of `results` that no other corrects.
    pub fn standing(results: &[Self]) -> impl Iterator<Item = &Self> {
        results.iter().filter(|one| results.iter().all(|later| later.corrects != Some(one.id)))
    }

    /// Proves a result that was read, received or claimed: what it says of itself is worked out again.
    ///
    /// # Errors
    /// What does not hold.
    pub fn proven(
        &self,
        note: (&NoteContent, &str),
        reviews: &[ReviewContent],
        earlier: &[ResultContent],
    ) -> Result<InvestigativeResult, Vec<Gap>> {
        let form = ResultForm {
            kind: Some(self.kind),
            on: Some(self.on),
            authority: self.authority.clone(),
            account: self.account.clone(),
            rested_on: self.rested_on.clone(),
            of: self.of,
            corrects: self.corrects,
            described: self.described,
        };
        // Which role it was is proven by what they signed and the roster of that day.
        let person = Person::claimed(&self.recorded_by, Role::Supervisor);
        let again = InvestigativeResult::record(note, reviews, earlier, self.id, &form, &person, self.recorded_at)?;
        if again.0 == *self {
            return Ok(again);
        }
        Err(vec![Gap::new("result", say!("rule-results-not-what-it-gives"), say!("rule-review-claims-computed-again"))])
    }
}
