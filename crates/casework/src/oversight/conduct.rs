//! How one case was conducted, in numbers and hashes: what patterns are seen in, without what anybody wrote.

use std::collections::BTreeSet;

use department::{Day, Moment, PersonRef};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::party::Party;
use crate::case::Purpose;
use crate::file::CaseFile;
use crate::ids::{CaseId, NoteId, SearchId};
use crate::note::{Disposition, NoteContent};
use crate::review::{Decision, ReviewContent};
use crate::text::{MAX_FIELD, gist, tells};
use crate::verification::Agreement;

/// Most of anything that one record of a case lists.
pub const MAX_CONDUCT: usize = 500;
/// Words of one shingle.
const SHINGLE: usize = 3;
/// Least values of differently keyed hashes that stand for a text.
const SIGNS: usize = 16;
/// Of those, how many two texts must share to be one text with small changes: about nine of ten shingles in common.
const ALIKE: usize = 14;
/// Different words of an entry below which two are alike by chance.
const TELLING: usize = 6;
/// Different words of a statement below which it is weak.
const WEAK: usize = 8;

/// What tells whether two texts are the same, or nearly, without the text: keyed hashes, of the least of all its shingles
/// (MinHash, Broder 1997). Whoever has the key can try whether a text that they know is this one, and read nothing from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sameness(Vec<u32>);

impl Sameness {
    /// Of `text` under `key`; none where it says nothing.
    pub fn of(key: &str, text: &str) -> Option<Self> {
        let gist = gist(text);
        let words: Vec<&str> = gist.split_whitespace().collect();
        if words.is_empty() {
            return None;
        }
        let shingles: BTreeSet<String> = words.windows(SHINGLE.min(words.len())).map(|some| some.join(" ")).collect();
        let mut signs = vec![u32::MAX; SIGNS];
        for shingle in &shingles {
            // Two digests of 32 bytes are sixteen hashes of four.
            let digests = [0u8, 1].map(|half| {
                Sha256::new()
                    .chain_update(b"corroborate/oversight/v1\n")
                    .chain_update([half])
                    .chain_update(key.as_bytes())
                    .chain_update(b"\n")
                    .chain_update(shingle.as_bytes())
                    .finalize()
            });
            let values = digests.iter().flat_map(|digest| digest.chunks_exact(4));
            for (sign, bytes) in signs.iter_mut().zip(values) {
                let value = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
                *sign = value.min(*sign);
            }
        }
        Some(Self(signs))
    }

    /// Whether both are of one text, or of two that differ in little.
    pub fn is_like(&self, other: &Self) -> bool {
        let alike = self.0.iter().zip(&other.0).filter(|(one, other)| one == other).count();
        self.0.len() == SIGNS && other.0.len() == SIGNS && alike >= ALIKE
    }

    fn is_whole(&self) -> bool {
        self.0.len() == SIGNS
    }
}

/// A search of a case that the gallery answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConductSearch {
    /// Identity at the gallery.
    pub id: SearchId,
    /// When the answer came.
    pub at: Moment,
    /// Who searched.
    pub by: Party,
    /// The gallery's address.
    pub gallery: String,
}

/// How a list was examined. Told once a note was sealed: until then somebody who reads this could be asked to verify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConductExamination {
    /// Who.
    pub examiner: Party,
    /// Seconds from the first candidate that was looked at to the end.
    pub seconds: i64,
    /// Candidates with a conclusion.
    pub concluded: usize,
    /// Place of the lead among the scores, 1 the highest; none without a lead.
    pub lead_rank: Option<usize>,
    /// Conclusions changed after unveiling.
    pub changed: usize,
}

/// Who repeated the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConductVerification {
    /// Who.
    pub verifier: Party,
    /// When.
    pub at: Moment,
    /// What it came to.
    pub agreement: Agreement,
}

/// A note of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConductNote {
    /// Identity.
    pub id: NoteId,
    /// Who wrote it.
    pub author: Party,
    /// When it was sealed.
    pub sealed_at: Moment,
    /// The disposition.
    pub disposition: Disposition,
    /// Who reviewed it, when, and what they decided.
    pub review: Option<(Party, Moment, Decision)>,
}

/// How one case was conducted. From another workstation it is that workstation's word: nothing in it is proven, and what it does
/// not show is seen in the events, which are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conduct {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The offence as it was typed.
    pub offence: String,
    /// Its code.
    pub code: String,
    /// Who has the case.
    pub holder: Party,
    /// When the first gate was passed.
    pub opened_at: Moment,
    /// Why the program refers it to the auditor.
    pub referrals: Vec<String>,
    /// Whether the statement says little.
    pub weak_basis: bool,
    /// Which statement it is.
    pub basis: Option<Sameness>,
    /// Quality of the probe, and what the policy asked at least.
    pub quality: Option<(u8, u8)>,
    /// Searches, oldest first.
    pub searches: Vec<ConductSearch>,
    /// The examination that counts.
    pub examination: Option<ConductExamination>,
    /// The second one.
    pub verification: Option<ConductVerification>,
    /// Which entries of the checklist, and by whom they were obtained here.
    pub entries: Vec<Sameness>,
    /// Notes, oldest first.
    pub notes: Vec<ConductNote>,
}

impl Conduct {
    /// Everybody who had a hand in the case: who has it, searched, examined, verified, wrote or reviewed.
    pub fn had_a_hand(&self) -> Vec<Party> {
        let searched = self.searches.iter().map(|search| &search.by);
        let examined = self.examination.iter().map(|one| &one.examiner);
        let verified = self.verification.iter().map(|one| &one.verifier);
        let noted =
            self.notes.iter().flat_map(|note| [&note.author].into_iter().chain(note.review.iter().map(|one| &one.0)));
        let mut all: Vec<Party> =
            [&self.holder].into_iter().chain(searched).chain(examined).chain(verified).chain(noted).cloned().collect();
        all.sort();
        all.dedup();
        all
    }

    /// Of `file`, with the notes that were sealed of it and the review of each. A case whose purpose was not confirmed has none:
    /// nothing was searched in it. `key` keys the hashes, `floor` is the policy's least quality.
    pub fn of(file: &CaseFile, notes: &[(&NoteContent, Option<&ReviewContent>)], key: &str, floor: u8) -> Option<Self> {
        let case = file.case.as_ref()?;
        let statement = &case.basis().statement;
        let searches = file.searches.iter().map(|search| ConductSearch {
            id: search.id(),
            at: search.at(),
            by: search.by().into(),
            gallery: search.gallery().to_owned(),
        });
        let noted = file.sealed.is_some() || !file.returned.is_empty();
        let verification = file.examination.as_ref().filter(|_| noted).and_then(|e| e.verification());
        let entries = file.checklist.entries.iter().filter(|_| noted);
        let note = |(note, review): &(&NoteContent, Option<&ReviewContent>)| ConductNote {
            id: note.id,
            author: (&note.author).into(),
            sealed_at: note.sealed_at,
            disposition: note.disposition,
            review: review.map(|review| ((&review.reviewer).into(), review.at, review.decision)),
        };
        Some(Self {
            case: file.id,
            number: case.number().as_str().to_owned(),
            purpose: case.purpose(),
            offence: case.offence().to_owned(),
            code: case.basis().code.clone(),
            holder: file.holder().into(),
            opened_at: case.opened_at(),
            referrals: file.referrals(),
            weak_basis: !tells(statement, WEAK),
            basis: Sameness::of(key, statement),
            quality: file.probe.as_ref().map(|probe| (probe.quality(), floor)),
            searches: searches.collect(),
            examination: if noted { examined(file) } else { None },
            verification: verification.map(|v| ConductVerification {
                verifier: (&v.verifier).into(),
                at: v.at,
                agreement: v.agreement,
            }),
            entries: entries
                .filter(|entry| tells(&entry.shows, TELLING))
                .filter_map(|entry| Sameness::of(key, &entry.shows))
                .collect(),
            notes: notes.iter().map(note).collect(),
        })
    }

    /// Whether it can be one at all: texts and lists of a size, hashes that are whole.
    pub fn is_well_formed(&self) -> bool {
        let texts = [&self.number, &self.offence, &self.code].into_iter().chain(&self.referrals);
        let parties = [&self.holder].into_iter().chain(self.searches.iter().map(|search| &search.by));
        let mut texts = texts.chain(parties.flat_map(|party| [&party.name, &party.badge, &party.ori]));
        let lists = [self.referrals.len(), self.searches.len(), self.entries.len(), self.notes.len()];
        texts.all(|text| text.chars().count() <= MAX_FIELD)
            && lists.iter().all(|list| *list <= MAX_CONDUCT)
            && self.entries.iter().chain(&self.basis).all(Sameness::is_whole)
    }

    /// When it was searched first.
    pub fn first_search(&self) -> Option<Moment> {
        self.searches.iter().map(|search| search.at).min()
    }

    /// The day of the search that is the last without a note after it.
    pub fn unfinished_since(&self) -> Option<Day> {
        let last = self.searches.iter().map(|search| search.at).max()?;
        self.notes.is_empty().then(|| last.day())
    }
}

/// How the examination that counts went.
fn examined(file: &CaseFile) -> Option<ConductExamination> {
    let examination = file.examination.as_ref()?;
    let (work, concluded_at) = (examination.work(), examination.concluded_at()?);
    let first = work.looked_at.values().chain(work.at_thumbnail.values()).min().copied().unwrap_or(concluded_at);
    let list = file.searches.iter().find(|search| search.id() == work.search);
    let ids: Vec<_> = list.map(|search| search.candidates().ids().collect()).unwrap_or_default();
    // Lists come best score first.
    let rank = |lead| ids.iter().position(|id| *id == lead).map(|at| at + 1);
    Some(ConductExamination {
        examiner: person(&work.examiner),
        seconds: concluded_at.0.as_second().saturating_sub(first.0.as_second()),
        concluded: work.conclusions.len(),
        lead_rank: work.lead.and_then(rank),
        changed: examination.unveiled().map_or(0, |unveiled| unveiled.changes().len()),
    })
}

fn person(of: &PersonRef) -> Party {
    of.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_texts_with_small_changes_are_one_and_another_is_none() {
        let of = |text: &str| Sameness::of("key", text).expect("it says something");
        let one = "Fixed camera shows a person taking cash from the register with a knife, who left on foot towards the \
                   river and was seen again by the clerk of the shop beside it before the doors were closed at night";
        assert!(of(one).is_like(&of(&one.to_uppercase())));
        assert!(of(one).is_like(&of(&format!("{one}."))));
        assert!(
            !of(one).is_like(&of(
                "Fixed camera shows a person who takes a bicycle from the rack behind the school at noon"
            ))
        );
        assert!(!Sameness::of("other", one).expect("something").is_like(&of(one)));
        assert_eq!(Sameness::of("key", " … \u{200b}"), None);
    }

    #[test]
    fn a_case_is_told_in_numbers_and_what_is_examined_only_once_a_note_was_sealed() {
        let file = crate::samples::file();
        let conduct = Conduct::of(&file, &[], "key", 25).expect("a case");
        assert_eq!((conduct.searches.len(), conduct.examination.clone(), conduct.entries.len()), (1, None, 0));
        assert!(conduct.is_well_formed() && conduct.notes.is_empty());
        let text = serde_json::to_string(&conduct).expect("JSON");
        assert!(!text.contains(&file.purpose.basis.statement));
        let whole: Conduct = serde_json::from_str(&text).expect("the same");
        assert_eq!(whole, conduct);
        assert!(!Conduct { number: "x".repeat(5_000), ..conduct }.is_well_formed());
    }
}
