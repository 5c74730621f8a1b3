use catalogue::say;
use department::Moment;
use serde::{Deserialize, Serialize};

use super::category::Category;
use super::circumstances::Circumstances;
use super::details::{Details, FurtherDetails, MediaDetails, VehicleDetails, WitnessDetails};
use super::vehicle;
use crate::ids::{CandidateId, EntryId};
use crate::text::{gist, said};

/// What an entry says about the lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// Speaks for the lead.
    Supports,
    /// Speaks against it.
    Contradicts,
    /// Says nothing either way.
    Inconclusive,
    /// Was looked for and not found.
    SoughtNotFound,
}

impl Finding {
    /// All findings.
    pub const ALL: [Finding; 4] =
        [Finding::Supports, Finding::Contradicts, Finding::Inconclusive, Finding::SoughtNotFound];

    /// The name as people read it.
    pub fn in_words(self) -> &'static str {
        match self {
            Finding::Supports => say!("rule-corroboration-supports"),
            Finding::Contradicts => say!("rule-corroboration-contradicts"),
            Finding::Inconclusive => say!("rule-corroboration-inconclusive"),
            Finding::SoughtNotFound => say!("rule-corroboration-sought-not-found"),
        }
    }
}

/// One attempt to find something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Attempt {
    /// What was tried.
    pub what: String,
    /// Where.
    pub place: String,
    /// When.
    pub at: Option<Moment>,
}

/// What an entry fixes about the event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Fixes {
    /// Where the person was.
    pub place: bool,
    /// When.
    pub time: bool,
    /// Property of the event in the person's hands.
    pub property: bool,
}

impl Fixes {
    /// Whether it fixes anything.
    pub fn any(self) -> bool {
        self.place || self.time || self.property
    }
}

/// Where an entry comes from, as far as independence goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Root {
    /// A source of its own.
    Own,
    /// The same source as the probe.
    Probe,
    /// The same source as another entry.
    Entry {
        /// Which.
        entry: EntryId,
    },
}

/// The answers on which independence rests. `None` is "not answered yet".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Independence {
    /// Had the source seen, or been told of, the search's result?
    pub source_knew_result: Option<bool>,
    /// Is it a record made before the search?
    pub recorded_before_search: Option<bool>,
    /// When the record was made, as it says itself. Needed where the entry's category has no time of its own.
    #[serde(default)]
    pub recorded_at: Option<Moment>,
    /// Is it a comparison of faces of any kind?
    pub compares_faces: Option<bool>,
    /// What it shares its root with.
    pub root: Option<Root>,
    /// Is it about the event (and not about character, record, nationality or neighbourhood)?
    pub about_event: Option<bool>,
    /// Was it found by searching the candidate's name?
    pub found_by_name: Option<bool>,
}

/// A file that belongs to an entry. The vault keeps it byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Attachment {
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// File name as it was given.
    pub file_name: String,
    /// Size in bytes.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub bytes: u64,
    /// When it came in.
    pub attached_at: Moment,
}

/// One entry of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Entry {
    /// Identity.
    pub id: EntryId,
    /// What belongs to its category only.
    pub details: Details,
    /// What it says about the lead.
    pub finding: Option<Finding>,
    /// What it shows.
    pub shows: String,
    /// Where it comes from: a person, a register, a reader, an account.
    pub source: String,
    /// When it was obtained.
    pub obtained_at: Option<Moment>,
    /// By whom.
    pub obtained_by: String,
    /// How.
    pub obtained_how: String,
    /// How it links the person to the crime, not to the photograph.
    pub link_to_crime: String,
    /// What it fixes about the event.
    pub fixes: Fixes,
    /// Attempts, for `sought-not-found`.
    pub attempts: Vec<Attempt>,
    /// Answers on which independence rests.
    pub independence: Independence,
    /// For `contradicts`: how the contradiction was resolved, if it was.
    pub resolution: String,
    /// Files. Of open-source media the first is the capture.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// The candidate that was kept when the entry was made; the program writes it.
    #[serde(default)]
    pub made_for: Option<CandidateId>,
    /// Why a date that looks wrong is right, where one does.
    #[serde(default)]
    pub dates_explained: String,
    /// Earlier wordings of what contradicts the lead; the program keeps them.
    #[serde(default)]
    pub earlier: Vec<String>,
}

impl Entry {
    /// An empty entry of a category.
    pub fn empty(id: EntryId, category: Category) -> Self {
        let details = match category {
            Category::Vehicle => Details::Vehicle(VehicleDetails::default()),
            Category::Witness => Details::Witness(WitnessDetails::default()),
            Category::OpenSourceMedia => Details::Media(MediaDetails::default()),
            Category::Phone => Details::Phone(FurtherDetails::default()),
            Category::Location => Details::Location(FurtherDetails::default()),
            Category::PhysicalEvidence => Details::PhysicalEvidence(FurtherDetails::default()),
            Category::Alibi => Details::Alibi(FurtherDetails::default()),
        };
        Self {
            id,
            details,
            finding: None,
            shows: String::new(),
            source: String::new(),
            obtained_at: None,
            obtained_by: String::new(),
            obtained_how: String::new(),
            link_to_crime: String::new(),
            fixes: Fixes::default(),
            attempts: Vec::new(),
            independence: Independence::default(),
            resolution: String::new(),
            attachments: Vec::new(),
            made_for: None,
            dates_explained: String::new(),
            earlier: Vec::new(),
        }
    }

    /// The category that the entry answers.
    pub fn category(&self) -> Category {
        match self.details {
            Details::Vehicle(_) => Category::Vehicle,
            Details::Witness(_) => Category::Witness,
            Details::Media(_) => Category::OpenSourceMedia,
            Details::Phone(_) => Category::Phone,
            Details::Location(_) => Category::Location,
            Details::PhysicalEvidence(_) => Category::PhysicalEvidence,
            Details::Alibi(_) => Category::Alibi,
        }
    }

    /// What somebody should look at again, though nothing is refused for it.
    pub fn doubts(&self) -> Vec<String> {
        match &self.details {
            Details::Vehicle(v) if vehicle::check_vin(&v.vin).is_ok() && !vehicle::vin_adds_up(&v.vin) => {
                vec![say!("rule-corroboration-vin-check-digit-does-not").to_owned()]
            }
            _ => Vec::new(),
        }
    }

    /// Times at which what the entry rests on was recorded, by the entry itself.
    pub(super) fn recorded(&self) -> impl Iterator<Item = Moment> {
        let own = match &self.details {
            Details::Vehicle(v) => v.seen_at,
            Details::Witness(w) => w.stated_at,
            Details::Media(_) | Details::Phone(_) | Details::Location(_) => None,
            Details::PhysicalEvidence(_) | Details::Alibi(_) => None,
        };
        own.into_iter().chain(self.independence.recorded_at)
    }

    /// Whether it is a record made before the first search: claimed, dated, and by its own times.
    pub(crate) fn is_earlier_record(&self, around: &Circumstances) -> bool {
        let mut recorded = self.recorded().peekable();
        self.independence.recorded_before_search == Some(true)
            && recorded.peek().is_some()
            && around.searched_at.is_none_or(|searched| recorded.all(|at| at < searched))
    }

    /// Whether both come from one source, whatever they say of it: the same file, source or address.
    pub(crate) fn shares_root(&self, other: &Entry) -> bool {
        let same = |a: &str, b: &str| said(a) && gist(a) == gist(b);
        let address = match (&self.details, &other.details) {
            (Details::Media(one), Details::Media(other)) => same(&one.locator, &other.locator),
            (Details::Witness(one), Details::Witness(other)) => same(&one.witness, &other.witness),
            _ => false,
        };
        let file = self.attachments.iter().any(|a| other.attachments.iter().any(|b| a.sha256 == b.sha256));
        file || address || same(&self.source, &other.source)
    }

    /// Every date of the entry with the field where it stands.
    pub(crate) fn dates(&self) -> Vec<(&'static str, Moment)> {
        let own = match &self.details {
            Details::Vehicle(v) => ("seen_at", v.seen_at),
            Details::Witness(w) => ("stated_at", w.stated_at),
            Details::Media(m) => ("captured_at", m.captured_at),
            Details::Phone(_) | Details::Location(_) | Details::PhysicalEvidence(_) | Details::Alibi(_) => {
                ("obtained_at", None)
            }
        };
        let all = [own, ("obtained_at", self.obtained_at), ("recorded_at", self.independence.recorded_at)];
        let attempts = self.attempts.iter().map(|a| ("attempts", a.at));
        all.into_iter().chain(attempts).filter_map(|(field, at)| Some((field, at?))).collect()
    }

    /// Its yes-no answers, and what it shares its root with, in one text.
    pub(crate) fn answers(&self) -> String {
        let i = &self.independence;
        let own = match &self.details {
            Details::Vehicle(v) => vec![v.ownership_only],
            Details::Witness(w) => {
                vec![w.photo_shown_before, w.name_told_before, w.lineup_from_lead, w.only_saw_video]
            }
            Details::Media(m) => vec![m.is_probe_post, m.lookalike_profile],
            Details::Phone(_) | Details::Location(_) | Details::PhysicalEvidence(_) | Details::Alibi(_) => Vec::new(),
        };
        format!("{own:?} {i:?}")
    }

    /// Every text that a person types in it.
    pub(crate) fn texts(&self) -> Vec<(&'static str, &str)> {
        let mut all: Vec<(&'static str, &str)> = vec![
            ("shows", &self.shows),
            ("source", &self.source),
            ("obtained_by", &self.obtained_by),
            ("obtained_how", &self.obtained_how),
            ("link_to_crime", &self.link_to_crime),
            ("resolution", &self.resolution),
            ("dates_explained", &self.dates_explained),
        ];
        match &self.details {
            Details::Vehicle(v) => all.extend([
                ("vehicle", v.vehicle.as_str()),
                ("plate", &v.plate),
                ("vin", &v.vin),
                ("seen_where", &v.seen_where),
                ("relation", &v.relation),
            ]),
            Details::Witness(w) => all.push(("witness", &w.witness)),
            Details::Media(m) => all.extend([
                ("locator", m.locator.as_str()),
                ("account", &m.account),
                ("authentic_because", &m.authentic_because),
            ]),
            Details::Phone(f) | Details::Location(f) | Details::PhysicalEvidence(f) | Details::Alibi(f) => {
                all.push(("rests_on", &f.rests_on));
            }
        }
        all.extend(self.attempts.iter().flat_map(|a| [("attempts", a.what.as_str()), ("attempts", &a.place)]));
        all
    }
}
