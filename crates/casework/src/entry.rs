use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::text::{MAX_FIELD, gist, said, tells};
use crate::{CandidateId, Category, Circumstances, EntryId, Gap, Gaps, Moment, Policy, vehicle};

/// A date that lies further before the event than this is asked about.
const PLAUSIBLE_DAYS: i64 = 2 * 365;

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

/// What only vehicle entries hold. One of plate, VIN and description is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct VehicleDetails {
    /// Description: make, model, colour, damage.
    pub vehicle: String,
    /// Plate as far as it was read; see [`vehicle::check_plate`].
    pub plate: String,
    /// Vehicle identification number; see [`vehicle::check_vin`].
    pub vin: String,
    /// Is it only that the person owns a vehicle, without a sighting at the event?
    pub ownership_only: Option<bool>,
    /// When it was seen, unless it is ownership alone.
    pub seen_at: Option<Moment>,
    /// Where.
    pub seen_where: String,
    /// How it stands to the scene and to the person.
    pub relation: String,
}

/// What only witness entries hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct WitnessDetails {
    /// The witness; a reference is enough.
    pub witness: String,
    /// When the statement was made.
    pub stated_at: Option<Moment>,
    /// Was any photograph of the candidate shown before the statement?
    pub photo_shown_before: Option<bool>,
    /// Was the candidate's name told before the statement?
    pub name_told_before: Option<bool>,
    /// Was a line-up or show-up built from this lead?
    pub lineup_from_lead: Option<bool>,
    /// Did the person only see the video or picture, and not the event?
    pub only_saw_video: Option<bool>,
}

/// What only open-source media entries hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct MediaDetails {
    /// URL or file.
    pub locator: String,
    /// Account that published it.
    pub account: String,
    /// When it was captured.
    pub captured_at: Option<Moment>,
    /// Why it is believed authentic.
    pub authentic_because: String,
    /// Is it the post that the probe came from?
    pub is_probe_post: Option<bool>,
    /// Is it only a profile photograph of somebody who looks similar?
    pub lookalike_profile: Option<bool>,
}

/// What only entries of a further kind hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct FurtherDetails {
    /// The record, exhibit, place or person that it rests on.
    pub rests_on: String,
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

/// What belongs to one category only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "category")]
pub enum Details {
    /// Vehicle information.
    Vehicle(VehicleDetails),
    /// A witness statement.
    Witness(WitnessDetails),
    /// Open-source media.
    Media(MediaDetails),
    /// Phone records.
    Phone(FurtherDetails),
    /// Location records.
    Location(FurtherDetails),
    /// Physical evidence.
    PhysicalEvidence(FurtherDetails),
    /// An alibi.
    Alibi(FurtherDetails),
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

/// Why a supporting entry does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Objection {
    /// The source knew the result and it is no record made before.
    SourceKnewResult,
    /// It is a comparison of faces.
    FaceComparison,
    /// It shares its root with the probe.
    SharesRootWithProbe,
    /// It shares its root with an entry that counts already.
    SharesRootWithEntry,
    /// It is not about the event.
    NotAboutEvent,
    /// Found by the candidate's name and no pre-existing record that fixes place, time or property.
    NameSearchWithoutRecord,
    /// A second entry found by the candidate's name.
    SecondNameSearch,
    /// Owning a vehicle alone.
    OwnershipOnly,
    /// The person only saw the video.
    OnlySawVideo,
    /// A look-alike profile photograph.
    LookAlikeProfile,
    /// The post that the probe came from.
    ProbePost,
    /// A photograph of the candidate was shown before the statement.
    PhotoShownBefore,
    /// The candidate's name was told before the statement.
    NameToldBefore,
    /// A line-up or show-up was built from this lead.
    LineUpFromLead,
    /// A file of it is the probe itself.
    ProbeFile,
    /// Its witness takes part in the case.
    PartOfTheCase,
    /// It was made for another candidate than the lead.
    MadeForAnother,
}

impl Objection {
    /// Whether this is contamination: printed as such and never mended.
    pub fn contaminates(self) -> bool {
        matches!(self, Objection::PhotoShownBefore | Objection::NameToldBefore | Objection::LineUpFromLead)
    }

    /// The reason in plain words.
    pub fn in_words(self) -> &'static str {
        match self {
            Objection::SourceKnewResult => "its source had seen or been told of the search's result",
            Objection::FaceComparison => "it is itself a comparison of faces",
            Objection::SharesRootWithProbe => "it comes from the same source as the probe",
            Objection::SharesRootWithEntry => "it comes from the same source as another entry that counts already",
            Objection::NotAboutEvent => "it is not about the event",
            Objection::NameSearchWithoutRecord => {
                "it was found by the candidate's name and is no earlier record that fixes place, time or property"
            }
            Objection::SecondNameSearch => "only one entry found by the candidate's name may count",
            Objection::OwnershipOnly => "owning a vehicle alone never counts; a sighting at the event does",
            Objection::OnlySawVideo => "a person who only saw the video is no witness",
            Objection::LookAlikeProfile => "a look-alike profile photograph is no link",
            Objection::ProbePost => "the post that the probe came from does not count",
            Objection::PhotoShownBefore => "a photograph of the candidate was shown before the statement",
            Objection::NameToldBefore => "the candidate's name was told before the statement",
            Objection::LineUpFromLead => "a line-up or show-up was built from this lead",
            Objection::ProbeFile => "a file of it is the probe itself",
            Objection::PartOfTheCase => {
                "its witness takes part in this case: who asked, examines, verifies or supervises is no witness of it"
            }
            Objection::MadeForAnother => "it was made for another candidate than the lead",
        }
    }
}

/// What an entry is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Standing {
    /// Supports, and counts as independent.
    Independent,
    /// Supports, but does not count.
    NotCounted {
        /// Why.
        objections: Vec<Objection>,
    },
    /// Contaminated; never counts.
    Contaminated {
        /// Why.
        objections: Vec<Objection>,
    },
    /// Speaks against the lead.
    Against,
    /// Answers its category and supports nothing.
    Neutral,
    /// Not all of its questions are answered, so nothing is said of it yet.
    Open,
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
            Details::Vehicle(v) if vehicle::check_vin(&v.vin).is_ok() && !vehicle::vin_adds_up(&v.vin) => vec![
                "The VIN's check digit does not fit: read it again. Vehicles built for other continents may have none."
                    .to_owned(),
            ],
            _ => Vec::new(),
        }
    }

    /// Times at which what the entry rests on was recorded, by the entry itself.
    fn recorded(&self) -> impl Iterator<Item = Moment> {
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

    /// Reasons why this entry does not count that lie in the entry itself and in the `around` of its case.
    pub fn own_objections(&self, around: &Circumstances) -> Vec<Objection> {
        let yes = |answer: Option<bool>| answer == Some(true);
        let mut found = Vec::new();
        let mut object = |when: bool, objection: Objection| {
            if when {
                found.push(objection);
            }
        };
        match &self.details {
            Details::Vehicle(v) => object(yes(v.ownership_only), Objection::OwnershipOnly),
            Details::Witness(w) => {
                object(yes(w.photo_shown_before), Objection::PhotoShownBefore);
                object(yes(w.name_told_before), Objection::NameToldBefore);
                object(yes(w.lineup_from_lead), Objection::LineUpFromLead);
                object(yes(w.only_saw_video), Objection::OnlySawVideo);
                let somebody = around.names_somebody(&w.witness) || around.is_somebody(&self.source);
                object(somebody, Objection::PartOfTheCase);
            }
            Details::Media(m) => {
                object(yes(m.is_probe_post), Objection::ProbePost);
                object(yes(m.lookalike_profile), Objection::LookAlikeProfile);
            }
            Details::Phone(_) | Details::Location(_) | Details::PhysicalEvidence(_) | Details::Alibi(_) => {}
        }
        let i = &self.independence;
        let earlier_record = self.is_earlier_record(around);
        object(self.attachments.iter().any(|a| around.probe_files.contains(&a.sha256)), Objection::ProbeFile);
        object(around.for_another(self.made_for), Objection::MadeForAnother);
        object(yes(i.source_knew_result) && !earlier_record, Objection::SourceKnewResult);
        object(yes(i.compares_faces), Objection::FaceComparison);
        object(i.root == Some(Root::Probe), Objection::SharesRootWithProbe);
        object(i.about_event == Some(false), Objection::NotAboutEvent);
        object(yes(i.found_by_name) && !(earlier_record && self.fixes.any()), Objection::NameSearchWithoutRecord);
        found
    }

    /// What this entry still lacks, its answers taken one by one, against each other and against the `around` of its
    /// case. `copied` are the gists of what stands in entries before it: the same words twice are said once.
    pub(crate) fn gaps(&self, policy: &Policy, around: &Circumstances, copied: &BTreeSet<String>) -> Vec<Gap> {
        let mut gaps = Gaps::new();
        let place = |field: &str| format!("{}.{}.{field}", self.category().code(), self.id);
        let name = self.category().in_words();
        match self.finding {
            None => gaps.need(
                false,
                place("finding"),
                format!("{name}: say whether it supports, contradicts, is inconclusive, or was sought and not found."),
                "Each category must be answered, one way or the other.",
            ),
            Some(Finding::SoughtNotFound) => self.attempt_gaps(policy, copied, &mut gaps),
            Some(finding) => {
                let why = "Provenance lets a reviewer, a court and the defence check the entry.";
                gaps.need(said(&self.shows), place("shows"), format!("{name}: say what it shows."), why);
                gaps.need(
                    !said(&self.shows) || !copied.contains(&gist(&self.shows)),
                    place("shows"),
                    format!("{name}: the same words stand in another entry. Say what this one shows by itself."),
                    "A sentence that is copied says nothing a second time.",
                );
                gaps.need(said(&self.source), place("source"), format!("{name}: name the source."), why);
                gaps.need(
                    self.obtained_at.is_some(),
                    place("obtained_at"),
                    format!("{name}: enter when it was obtained."),
                    why,
                );
                gaps.need(
                    said(&self.obtained_by),
                    place("obtained_by"),
                    format!("{name}: enter who obtained it."),
                    why,
                );
                gaps.need(
                    said(&self.obtained_how),
                    place("obtained_how"),
                    format!("{name}: enter how it was obtained."),
                    why,
                );
                self.detail_gaps(&mut gaps);
                if finding == Finding::Supports {
                    self.support_gaps(around, &mut gaps);
                }
            }
        }
        self.date_gaps(around, &mut gaps);
        self.length_gaps(&mut gaps);
        gaps.into_result(|| ()).err().unwrap_or_default()
    }

    fn date_gaps(&self, around: &Circumstances, gaps: &mut Gaps) {
        let name = self.category().in_words();
        let place = |field: &str| format!("{}.{}.{field}", self.category().code(), self.id);
        for (field, at) in self.dates() {
            gaps.need(
                around.now.is_none_or(|now| at <= now),
                place(field),
                format!("{name}: a date lies in the future. Correct it."),
                "Nothing can be obtained before it happened.",
            );
        }
        let oldest = self.dates().into_iter().min_by_key(|(_, at)| *at);
        if let (Some((field, at)), Some(event)) = (oldest, around.event_at)
            && event.days_since(at) > PLAUSIBLE_DAYS
        {
            gaps.need(
                tells(&self.dates_explained, 2),
                place("dates_explained"),
                format!(
                    "{name}: a date ({}, {}) lies years before the event. Correct it, or say why it is right.",
                    field.replace("_at", ""),
                    at.day()
                ),
                "A slip of the year makes a wrong record look like an old one.",
            );
        }
    }

    /// Whether every question of the entry is answered, by itself.
    pub(crate) fn is_whole(&self) -> bool {
        self.gaps(&Policy::laxest(), &Circumstances::default(), &BTreeSet::new()).is_empty()
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

    fn length_gaps(&self, gaps: &mut Gaps) {
        for (field, text) in self.texts() {
            let length = text.chars().count();
            gaps.need(
                length <= MAX_FIELD,
                format!("{}.{}.{field}", self.category().code(), self.id),
                format!(
                    "{}: this field has {length} characters, at most {MAX_FIELD} are kept. Attach the document instead.",
                    self.category().in_words()
                ),
                "A record that nobody can read to its end is not reviewed.",
            );
        }
    }

    fn attempt_gaps(&self, policy: &Policy, copied: &BTreeSet<String>, gaps: &mut Gaps) {
        let name = self.category().in_words();
        let wanted = policy.corroboration.sought_attempts;
        let place = format!("{}.{}.attempts", self.category().code(), self.id);
        let whole = self.attempts.iter().filter(|a| said(&a.what) && said(&a.place) && a.at.is_some()).count();
        let mut told = BTreeSet::new();
        let attempts = self.attempts.iter().filter(|a| said(&a.what) && said(&a.place) && a.at.is_some());
        let different = attempts
            .filter(|a| tells(&a.what, 2))
            .map(|a| gist(&a.what))
            .filter(|what| !copied.contains(what) && told.insert(what.clone()))
            .count();
        gaps.need(
            different >= wanted,
            place.clone(),
            format!(
                "{name}: {wanted} attempts on record needed, each with what was tried, where and when, in words of its own ({different} so far)."
            ),
            "\u{201c}Not found\u{201d} counts as an answer only when somebody looked.",
        );
        gaps.need(
            whole == self.attempts.len() || whole < wanted,
            place,
            format!("{name}: finish or remove the attempt that is not complete."),
            "A record may not hold half an attempt.",
        );
    }

    fn detail_gaps(&self, gaps: &mut Gaps) {
        let place = |field: &str| format!("{}.{}.{field}", self.category().code(), self.id);
        let why = "Provenance lets a reviewer, a court and the defence check the entry.";
        match &self.details {
            Details::Vehicle(v) => {
                gaps.need(
                    said(&v.vehicle) || said(&v.plate) || said(&v.vin),
                    place("vehicle"),
                    "Vehicle information: enter plate, VIN or description.",
                    why,
                );
                for (field, typed, checked) in
                    [("plate", &v.plate, vehicle::check_plate(&v.plate)), ("vin", &v.vin, vehicle::check_vin(&v.vin))]
                {
                    let wrong = checked.err().filter(|_| said(typed));
                    gaps.need(
                        wrong.is_none(),
                        place(field),
                        format!("Vehicle information: {}", wrong.unwrap_or_default()),
                        "Only what can be looked up again can be checked.",
                    );
                }
                if v.ownership_only == Some(false) {
                    let sighting = "A sighting counts with its time and place.";
                    gaps.need(
                        v.seen_at.is_some(),
                        place("seen_at"),
                        "Vehicle information: when was it seen?",
                        sighting,
                    );
                    gaps.need(
                        said(&v.seen_where),
                        place("seen_where"),
                        "Vehicle information: where was it seen?",
                        sighting,
                    );
                    gaps.need(
                        said(&v.relation),
                        place("relation"),
                        "Vehicle information: how does it stand to the scene and to the person?",
                        sighting,
                    );
                }
                gaps.need(
                    v.ownership_only.is_some(),
                    place("ownership_only"),
                    "Vehicle information: is it ownership alone, or was the vehicle seen at the event?",
                    "Owning a vehicle alone never counts.",
                );
            }
            Details::Witness(w) => {
                let tainted =
                    "A witness who saw the candidate's picture or heard the name remembers that, not the event.";
                gaps.need(
                    said(&w.witness),
                    place("witness"),
                    "Witness statement: enter the witness or a reference.",
                    why,
                );
                gaps.need(w.stated_at.is_some(), place("stated_at"), "Witness statement: enter when it was made.", why);
                gaps.need(
                    w.photo_shown_before.is_some(),
                    place("photo_shown_before"),
                    "Witness statement: was a photo of the candidate shown before?",
                    tainted,
                );
                gaps.need(
                    w.name_told_before.is_some(),
                    place("name_told_before"),
                    "Witness statement: was the candidate's name told before?",
                    tainted,
                );
                gaps.need(
                    w.lineup_from_lead.is_some(),
                    place("lineup_from_lead"),
                    "Witness statement: was a line-up or show-up built from this lead?",
                    tainted,
                );
                gaps.need(
                    w.only_saw_video.is_some(),
                    place("only_saw_video"),
                    "Witness statement: did the person see the event, or only the video?",
                    "A person who only saw the video is no witness.",
                );
            }
            Details::Media(m) => {
                gaps.need(said(&m.locator), place("locator"), "Open-source media: enter the URL or file.", why);
                gaps.need(said(&m.account), place("account"), "Open-source media: enter the account.", why);
                gaps.need(
                    m.captured_at.is_some(),
                    place("captured_at"),
                    "Open-source media: enter when it was captured.",
                    why,
                );
                gaps.need(
                    said(&m.authentic_because),
                    place("authentic_because"),
                    "Open-source media: say why it is believed authentic.",
                    why,
                );
                gaps.need(
                    m.is_probe_post.is_some(),
                    place("is_probe_post"),
                    "Open-source media: is it the post that the probe came from?",
                    "The post that the probe came from does not count.",
                );
                gaps.need(
                    m.lookalike_profile.is_some(),
                    place("lookalike_profile"),
                    "Open-source media: is it only a look-alike profile photograph?",
                    "A look-alike profile photograph is no link.",
                );
                gaps.need(
                    !self.attachments.is_empty(),
                    place("attachments"),
                    "Open-source media: attach the capture, as a picture, a page saved whole, or a PDF.",
                    "Posts change and vanish; the captured file with its hash does not.",
                );
            }
            Details::Phone(f) | Details::Location(f) | Details::PhysicalEvidence(f) | Details::Alibi(f) => gaps.need(
                said(&f.rests_on),
                place("rests_on"),
                format!("{}: say what it rests on.", self.category().in_words()),
                why,
            ),
        }
    }

    fn support_gaps(&self, around: &Circumstances, gaps: &mut Gaps) {
        let place = |field: &str| format!("{}.{}.{field}", self.category().code(), self.id);
        let name = self.category().in_words();
        let why = "Only what stands on its own can corroborate.";
        gaps.need(
            !said(&self.link_to_crime) || gist(&self.link_to_crime) != gist(&self.shows),
            place("link_to_crime"),
            format!("{name}: what it shows and how it links the person to the crime are the same words. Say how it links them."),
            why,
        );
        gaps.need(
            !said(&self.shows) || tells(&self.shows, 2),
            place("shows"),
            format!("{name}: say in words what it shows."),
            why,
        );
        if self.independence.recorded_before_search == Some(true) {
            gaps.need(
                self.recorded().next().is_some(),
                place("recorded_at"),
                format!("{name}: enter when the record was made, as it says itself."),
                "A record made before the search is one by its own date, not by an answer.",
            );
            gaps.need(
                self.recorded().next().is_none() || self.is_earlier_record(around),
                place("recorded_before_search"),
                format!("{name}: you say that it was recorded before the search, and its own time lies after it. Correct one of the two."),
                "A record may not contradict itself.",
            );
        }
        gaps.need(
            tells(&self.link_to_crime, 2),
            place("link_to_crime"),
            format!("{name}: say how it links the person to the crime, not to the photograph."),
            why,
        );
        let i = &self.independence;
        let asked = [
            (
                i.source_knew_result.is_some(),
                "source_knew_result",
                "had its source seen or been told of the search's result?",
            ),
            (i.recorded_before_search.is_some(), "recorded_before_search", "is it a record made before the search?"),
            (i.compares_faces.is_some(), "compares_faces", "is it a comparison of faces of any kind?"),
            (i.root.is_some(), "root", "does it share its root with the probe or another entry?"),
            (i.about_event.is_some(), "about_event", "is it about the event?"),
            (i.found_by_name.is_some(), "found_by_name", "was it found by searching the candidate's name?"),
        ];
        for (answered, field, question) in asked {
            gaps.need(answered, place(field), format!("{name}: {question}"), why);
        }
        let contradictory = "A record may not contradict itself.";
        if let Details::Witness(w) = &self.details {
            let knew = w.photo_shown_before == Some(true) || w.name_told_before == Some(true);
            gaps.need(
                !(knew && i.source_knew_result == Some(false)),
                place("source_knew_result"),
                "Witness statement: the witness was shown the photo or told the name, so the source did know of the result. Correct one of the answers.",
                contradictory,
            );
        }
        if let Details::Media(m) = &self.details {
            gaps.need(
                !(m.is_probe_post == Some(true) && i.root == Some(Root::Own)),
                place("root"),
                "Open-source media: it is the probe's post, so it shares its root with the probe. Correct one of the answers.",
                contradictory,
            );
            gaps.need(
                !(m.lookalike_profile == Some(true) && i.compares_faces == Some(false)),
                place("compares_faces"),
                "Open-source media: judging a profile photograph by its likeness is a comparison of faces. Correct one of the answers.",
                contradictory,
            );
        }
    }
}
