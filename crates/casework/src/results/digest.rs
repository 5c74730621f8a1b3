use department::{Day, Moment};
use serde::{Deserialize, Serialize};

use super::described::Described;
use super::kind::ResultKind;
use super::record::{Concern, ResultContent};
use crate::case::{Case, Purpose};
use crate::examination::Examination;
use crate::file::CaseFile;
use crate::ids::{CaseId, ResultId};
use crate::note::{Disposition, NoteContent};
use crate::probe::ProbeSource;
use crate::review::{Approval, ReviewContent};

/// What figures and reports need to know of one case: no name, no picture, no account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseDigest {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// What its searches are for.
    pub purpose: Purpose,
    /// Code and name of the offence; empty for a purpose without a crime.
    pub offence: String,
    /// The operation that it belongs to; empty for none.
    pub operation: String,
    /// What kind of image the probe is.
    pub source: Option<ProbeSource>,
    /// Reasons for which the program referred the case to the auditor.
    pub referrals: usize,
    /// Searches, oldest first.
    pub searches: Vec<DigestSearch>,
    /// Sealed notes, oldest first.
    pub notes: Vec<DigestNote>,
    /// Results, oldest first.
    pub results: Vec<DigestResult>,
}

/// One search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestSearch {
    /// When.
    pub at: Moment,
    /// Address of the gallery.
    pub gallery: String,
    /// Its model.
    pub model: String,
    /// Whether nobody of its list was kept.
    pub gave_nothing: bool,
}

/// One sealed note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestNote {
    /// When it was sealed.
    pub sealed_at: Moment,
    /// Its disposition.
    pub disposition: Disposition,
    /// When a review approved it, and none spoke against that.
    pub approved_at: Option<Moment>,
    /// Reviews that returned it or referred it to audit.
    pub returned: usize,
    /// Whether a later note of the case amends it.
    pub amended: bool,
}

/// One result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestResult {
    /// Identity.
    pub id: ResultId,
    /// What came of it.
    pub kind: ResultKind,
    /// On which day.
    pub on: Day,
    /// When it was recorded.
    pub recorded_at: Moment,
    /// The arrest or charge that it ends.
    pub of: Option<ResultId>,
    /// Whether a later one stands for it.
    pub corrected: bool,
    /// Whom it concerns.
    pub described: Described,
    /// What the auditor was told of it.
    pub concerns: Vec<Concern>,
}

impl CaseDigest {
    /// Of a case that has passed its first gate, with its notes, oldest first, each with its reviews, the results of all, and the
    /// operation that it belongs to. Nothing of a case that was never opened.
    pub fn of(
        file: &CaseFile,
        notes: &[(&NoteContent, Vec<ReviewContent>)],
        results: &[ResultContent],
        operation: &str,
    ) -> Option<Self> {
        let case: &Case = file.case.as_ref()?;
        let kept = file.examination.as_ref().and_then(|e| Examination::work(e).lead.map(|_| e.work().search));
        let search = |search: &crate::search::SearchRecord| DigestSearch {
            at: search.at(),
            gallery: search.gallery().to_owned(),
            model: search.model().to_owned(),
            gave_nothing: kept != Some(search.id()),
        };
        let note = |(note, reviews): &(&NoteContent, Vec<ReviewContent>)| DigestNote {
            sealed_at: note.sealed_at,
            disposition: note.disposition,
            approved_at: match Approval::of(reviews) {
                Approval::Given => reviews.first().map(|first| first.at),
                _ => None,
            },
            returned: reviews.iter().filter(|review| review.decision != crate::review::Decision::Approve).count(),
            amended: notes.iter().any(|(later, _)| later.amends.contains(&note.id)),
        };
        let result = |one: &ResultContent| DigestResult {
            id: one.id,
            kind: one.kind,
            on: one.on,
            recorded_at: one.recorded_at,
            of: one.of,
            corrected: results.iter().any(|later| later.corrects == Some(one.id)),
            described: one.described,
            concerns: one.concerns.clone(),
        };
        Some(Self {
            case: file.id,
            number: case.number().to_string(),
            purpose: case.purpose(),
            offence: case.charge().map_or_else(String::new, |charge| format!("{} {}", charge.code, charge.name)),
            operation: operation.to_owned(),
            source: file.probe.as_ref().map(|probe| probe.source()),
            referrals: file.referrals().len(),
            searches: file.searches.iter().map(search).collect(),
            notes: notes.iter().map(note).collect(),
            results: results.iter().map(result).collect(),
        })
    }

    /// Whether the case counts: training is no use of the system against anybody.
    pub fn counts(&self) -> bool {
        self.purpose != Purpose::Training
    }
}
