use department::Moment;
use serde::{Deserialize, Serialize};

/// What only vehicle entries hold. One of plate, VIN and description is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct VehicleDetails {
    /// Description: make, model, colour, damage.
    pub vehicle: String,
    /// Plate as far as it was read; see `vehicle::check_plate`.
    pub plate: String,
    /// Vehicle identification number; see `vehicle::check_vin`.
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
