use department::text::{gist, said, tells};
use serde::{Deserialize, Serialize};

use crate::corroboration::Standing;
use crate::ids::EntryId;
use crate::note::NoteContent;

/// What a result rested on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
pub enum RestedOn {
    /// An entry of the note's checklist.
    Entry {
        /// Which.
        entry: EntryId,
    },
    /// Evidence that is not in the record, named here.
    Evidence {
        /// What it is.
        what: String,
        /// Whose, or from where.
        source: String,
        /// Whether its source had seen or been told of the search's result.
        source_knew_result: Option<bool>,
        /// Whether it is a comparison of faces of any kind, a line-up with the candidate's photograph among them.
        compares_faces: Option<bool>,
    },
}

/// Fewest different words that name evidence.
const WORDS: usize = 3;

/// Words by which something is the search again, whatever is answered beside them; English, then Spanish.
const SEARCH_ITSELF: [&str; 22] = [
    "face recognition",
    "facial recognition",
    "face search",
    "facial search",
    "face comparison",
    "facial comparison",
    "face match",
    "facial match",
    "line up",
    "lineup",
    "show up",
    "photo array",
    "photo spread",
    "six pack",
    "sixpack",
    "mugshot",
    "mug shot",
    "booking photo",
    "investigative lead",
    "candidate list",
    "reconocimiento facial",
    "rueda de reconocimiento",
];

/// Whether `text` names the search, its list, or a comparison of faces.
fn is_the_search(text: &str) -> bool {
    let text = format!(" {} ", gist(text));
    SEARCH_ITSELF.iter().any(|words| text.contains(&format!(" {}", gist(words))))
}

impl RestedOn {
    /// Whether everything of it is said.
    pub(crate) fn is_whole(&self, note: &NoteContent) -> bool {
        match self {
            RestedOn::Entry { entry } => note.checklist.entries.iter().any(|one| one.id == *entry),
            RestedOn::Evidence { what, source, source_knew_result, compares_faces } => {
                tells(what, WORDS) && said(source) && source_knew_result.is_some() && compares_faces.is_some()
            }
        }
    }

    /// Whether it carries something beside the lead: an entry that counts as independent, or evidence of which neither an answer
    /// nor its own words say that it is the search again.
    pub fn stands_beside_the_lead(&self, note: &NoteContent) -> bool {
        match self {
            RestedOn::Entry { entry } => {
                note.standings.iter().any(|(id, standing)| id == entry && *standing == Standing::Independent)
            }
            RestedOn::Evidence { what, source, source_knew_result, compares_faces } => {
                *source_knew_result == Some(false)
                    && *compares_faces == Some(false)
                    && !is_the_search(what)
                    && !is_the_search(source)
            }
        }
    }
}
