//! What a photograph's file says of where it comes from. It is told and believed by nobody: only what a file declares against
//! itself refuses it. From the absence of anything nothing follows, so nothing is kept of it.

use catalogue::say;
use department::Moment;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// Below this likeness, -1 to 1, a thumbnail shows another picture. Of 16 rendered people, each one's own thumbnail (160
/// pixels, quality 60, lightened or not) reaches at least 0.999, another's at most 0.682 (`faces/tests/origin.rs`).
pub const THUMBNAIL_ALIKE: f32 = 0.93;
/// Seconds by which clocks of one camera may differ.
const SLACK: i64 = 120;
/// Seconds by which a receiver's time may be old: it keeps that of its last fix.
const FIX: i64 = 3600;
/// No place is further from UTC, in seconds.
const FURTHEST: i64 = 14 * 3600;

/// Programs that change pictures; others, a camera's own above all, are not told.
const EDITORS: [&str; 31] = [
    "photoshop",
    "lightroom",
    "gimp",
    "affinity",
    "pixelmator",
    "snapseed",
    "picsart",
    "facetune",
    "faceapp",
    "meitu",
    "beautyplus",
    "remini",
    "canva",
    "photopea",
    "krita",
    "paint.net",
    "paintshop",
    "luminar",
    "capture one",
    "darktable",
    "rawtherapee",
    "acdsee",
    "photoscape",
    "fotor",
    "pixlr",
    "topaz",
    "firefly",
    "midjourney",
    "stable diffusion",
    "dall-e",
    "imagemagick",
];

/// One thing that a file says, or two that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "says", rename_all = "kebab-case")]
pub enum Saying {
    /// Content credentials name who signed it.
    Signed {
        /// Who.
        by: String,
        /// When, as its time stamp says.
        at: Option<String>,
        /// With which program.
        tool: Option<String>,
        /// How far that holds.
        standing: Signature,
    },
    /// Content credentials declare edits.
    Edited {
        /// Their names.
        edits: Vec<String>,
    },
    /// It declares its kind, a term of the IPTC's digital source types.
    Declared {
        /// The term.
        kind: String,
    },
    /// Its content credentials lie elsewhere.
    Elsewhere {
        /// Where it says.
        address: String,
    },
    /// It has content credentials, and nothing here reads them.
    Unread,
    /// It has content credentials that cannot be read.
    Unreadable,
    /// It was taken after it was changed last.
    TakenAfterChange {
        /// When it says that it was taken.
        taken: String,
        /// When it says that it was changed.
        changed: String,
    },
    /// It was taken after it came in.
    TakenLater {
        /// When it says that it was taken.
        taken: String,
    },
    /// Camera and satellites disagree on when.
    OtherTime {
        /// By the camera.
        taken: String,
        /// By the satellites, UTC.
        satellites: String,
    },
    /// It was written by a program that changes pictures.
    Software {
        /// The program.
        name: String,
        /// The field that names it.
        field: String,
    },
    /// Its thumbnail shows another picture.
    OtherThumbnail,
    /// It says another size than it has.
    OtherSize {
        /// Pixels across, as it says.
        width: u32,
        /// Pixels down.
        height: u32,
    },
}

/// How far a signature holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Signature {
    /// It fits the file, and its signer is on the list of trusted ones.
    Verified,
    /// It fits the file; its signer is not on the list.
    Unknown,
    /// It does not fit the file, or is none.
    Invalid,
}

/// What was read of content credentials.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Credentials {
    /// The file has none.
    #[default]
    Absent,
    /// It has some, and what reads them is not installed.
    Unread,
    /// They cannot be read.
    Unreadable,
    /// They say who signed.
    Signed {
        /// Who, when, with which program, and how far it holds.
        by: String,
        /// When.
        at: Option<String>,
        /// With which program.
        tool: Option<String>,
        /// How far that holds.
        standing: Signature,
        /// Declared edits.
        edits: Vec<String>,
    },
}

/// A time as Exif writes it, `2026:03:01 21:41:00`, and its offset from UTC, `-08:00`, where it has one.
pub type Written = (String, Option<String>);

/// What was read in a file, before anybody asks what it means.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FileRead {
    /// Content credentials.
    pub credentials: Credentials,
    /// Where it says that they lie.
    pub elsewhere: Option<String>,
    /// Declared digital source types.
    pub kinds: Vec<String>,
    /// When it was taken.
    pub taken: Option<Written>,
    /// When it was changed last.
    pub changed: Option<Written>,
    /// The satellites' time, UTC.
    pub satellites: Option<String>,
    /// Field and name of software.
    pub software: Vec<(String, String)>,
    /// Pixels across and down, as it says.
    pub size: Option<(u32, u32)>,
    /// How alike its thumbnail is, -1 to 1.
    pub thumbnail: Option<f32>,
}

fn local(text: &str) -> Option<DateTime> {
    DateTime::strptime("%Y:%m:%d %H:%M:%S", text.get(..19)?).ok()
}

fn seconds(at: DateTime, offset: Offset) -> Option<i64> {
    offset.to_timestamp(at).ok().map(|at| at.as_second())
}

/// Local seconds, and those in UTC where it has an offset.
fn times(written: &Written) -> Option<(i64, Option<i64>)> {
    let at = local(&written.0)?;
    let offset = written.1.as_deref().and_then(|offset| {
        let (sign, rest) = offset.split_at_checked(1)?;
        let (hours, minutes) = rest.split_once(':')?;
        let all = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
        Offset::from_seconds(if sign == "-" { -all } else { all }).ok()
    });
    Some((seconds(at, Offset::UTC)?, offset.and_then(|offset| seconds(at, offset))))
}

fn shown(written: &Written) -> String {
    match &written.1 {
        Some(offset) => format!("{} {offset}", written.0),
        None => written.0.clone(),
    }
}

impl FileRead {
    /// What there is to tell of a file of `width` by `height` pixels that came in at `now`.
    pub fn sayings(&self, (width, height): (u32, u32), now: Moment) -> Vec<Saying> {
        let mut told = Vec::new();
        match &self.credentials {
            Credentials::Absent => {}
            Credentials::Unread => told.push(Saying::Unread),
            Credentials::Unreadable => told.push(Saying::Unreadable),
            Credentials::Signed { by, at, tool, standing, edits } => {
                let (by, at, tool) = (by.clone(), at.clone(), tool.clone());
                told.push(Saying::Signed { by, at, tool, standing: *standing });
                if !edits.is_empty() {
                    told.push(Saying::Edited { edits: edits.clone() });
                }
            }
        }
        told.extend(self.elsewhere.clone().map(|address| Saying::Elsewhere { address }));
        for kind in &self.kinds {
            let kind = kind.rsplit(['/', ':', '#']).next().unwrap_or(kind).to_owned();
            let one = Saying::Declared { kind };
            if !told.contains(&one) {
                told.push(one);
            }
        }
        self.contradictions(now, &mut told);
        for (field, name) in &self.software {
            let lower = name.to_lowercase();
            if EDITORS.iter().any(|editor| lower.contains(editor)) {
                told.push(Saying::Software { name: name.clone(), field: field.clone() });
            }
        }
        if self.thumbnail.is_some_and(|alike| alike < THUMBNAIL_ALIKE) {
            told.push(Saying::OtherThumbnail);
        }
        if let Some((w, h)) = self.size
            && (w, h) != (width, height)
            && (h, w) != (width, height)
        {
            told.push(Saying::OtherSize { width: w, height: h });
        }
        told
    }

    fn contradictions(&self, now: Moment, told: &mut Vec<Saying>) {
        let Some(written) = &self.taken else { return };
        let Some((local_taken, taken)) = times(written) else { return };
        let changed = self.changed.as_ref().and_then(|changed| Some((changed, times(changed)?)));
        if let Some((changed, (local_changed, in_utc))) = changed {
            let (taken, at) = taken.zip(in_utc).unwrap_or((local_taken, local_changed));
            // Where one of them has an offset and the other none, only what no zone explains contradicts.
            let slack = if written.1.is_some() == changed.1.is_some() { SLACK } else { 2 * FURTHEST };
            if taken > at + slack {
                told.push(Saying::TakenAfterChange { taken: shown(written), changed: shown(changed) });
            }
        }
        let now = now.0.as_second();
        if taken.map_or(local_taken - FURTHEST > now, |taken| taken > now) {
            told.push(Saying::TakenLater { taken: shown(written) });
        }
        let fix = self.satellites.as_deref().and_then(|text| Some((text, seconds(local(text)?, Offset::UTC)?)));
        if let Some((satellites, fix)) = fix {
            let apart = taken.map_or((local_taken - fix).abs() - FURTHEST, |taken| (taken - fix).abs());
            if apart > FIX {
                told.push(Saying::OtherTime { taken: shown(written), satellites: satellites.to_owned() });
            }
        }
    }
}

impl Saying {
    /// Why a file that says so is no probe; `None` where it only is told.
    pub fn refused_because(&self) -> Option<String> {
        let Saying::Declared { kind } = self else { return None };
        match kind.as_str() {
            "trainedAlgorithmicMedia"
            | "algorithmicMedia"
            | "trainedAlgorithmicData"
            | "dataDrivenMedia"
            | "virtualRecording"
            | "softwareImage" => Some(say!("rule-probe-declares-generated", kind)),
            "compositeWithTrainedAlgorithmicMedia" => Some(say!("rule-probe-declares-partly-generated", kind)),
            "composite" | "compositeCapture" | "compositeSynthetic" => {
                Some(say!("rule-probe-declares-composite", kind))
            }
            "digitalArt" | "digitalCreation" => Some(say!("rule-probe-declares-drawn", kind)),
            _ => None,
        }
    }

    /// One sentence.
    pub fn in_words(&self) -> String {
        match self {
            Saying::Signed { by, at, tool, standing } => {
                let at = at.as_deref().unwrap_or(say!("rule-probe-says-no-time"));
                let tool = tool.as_deref().unwrap_or(say!("rule-probe-says-no-tool"));
                match standing {
                    Signature::Verified => say!("rule-probe-says-signed", by, at, tool),
                    Signature::Unknown => say!("rule-probe-says-signed-unknown", by, at, tool),
                    Signature::Invalid => say!("rule-probe-says-signed-invalid", by, at, tool),
                }
            }
            Saying::Edited { edits } => say!("rule-probe-says-edited", edits = edits.join(", ")),
            Saying::Declared { kind } => {
                self.refused_because().unwrap_or_else(|| say!("rule-probe-says-declared", kind))
            }
            Saying::Elsewhere { address } => say!("rule-probe-says-elsewhere", address),
            Saying::Unread => say!("rule-probe-says-unread").to_owned(),
            Saying::Unreadable => say!("rule-probe-says-unreadable").to_owned(),
            Saying::TakenAfterChange { taken, changed } => say!("rule-probe-says-taken-after-change", taken, changed),
            Saying::TakenLater { taken } => say!("rule-probe-says-taken-later", taken),
            Saying::OtherTime { taken, satellites } => say!("rule-probe-says-other-time", taken, satellites),
            Saying::Software { name, field } => say!("rule-probe-says-software", name, field),
            Saying::OtherThumbnail => say!("rule-probe-says-other-thumbnail").to_owned(),
            Saying::OtherSize { width, height } => say!("rule-probe-says-other-size", width, height),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(read: FileRead) -> Vec<Saying> {
        read.sayings((640, 480), Moment("2026-03-02T09:00:00Z".parse().expect("a moment")))
    }

    fn at(text: &str, offset: Option<&str>) -> Option<Written> {
        Some((text.to_owned(), offset.map(str::to_owned)))
    }

    #[test]
    fn nothing_follows_from_what_is_not_there() {
        assert!(told(FileRead::default()).is_empty());
    }

    #[test]
    fn times_that_a_zone_or_an_old_fix_explains_are_no_contradiction() {
        let fine = FileRead {
            taken: at("2026:03:01 21:41:00", Some("-08:00")),
            changed: at("2026:03:01 21:41:01", Some("-08:00")),
            satellites: Some("2026:03:02 05:20:00".into()),
            ..FileRead::default()
        };
        assert_eq!(told(fine), []);
        // Local clocks ahead of UTC, without an offset.
        let ahead = FileRead { taken: at("2026:03:02 22:00:00", None), ..FileRead::default() };
        assert_eq!(told(ahead), []);
        for garbage in ["", "0000:00:00 00:00:00", "2026:13:40 99:99:99", "    :  :     :  :  ", "é026:03:01 21:41:00"]
        {
            let garbage = FileRead {
                taken: at(garbage, Some("x")),
                changed: at(garbage, Some("+99999999:99")),
                satellites: Some(garbage.into()),
                ..FileRead::default()
            };
            assert_eq!(told(garbage), []);
        }
    }

    #[test]
    fn times_that_nothing_explains_are_told() {
        let read = FileRead {
            taken: at("2026:03:01 21:41:00", Some("-08:00")),
            changed: at("2026:02:01 10:00:00", Some("-08:00")),
            satellites: Some("2026:03:01 21:41:00".into()),
            ..FileRead::default()
        };
        assert!(matches!(told(read)[..], [Saying::TakenAfterChange { .. }, Saying::OtherTime { .. }]));
        let later = FileRead { taken: at("2031:01:01 00:00:00", None), ..FileRead::default() };
        assert!(matches!(told(later)[..], [Saying::TakenLater { .. }]));
    }

    #[test]
    fn sizes_software_and_thumbnails_are_told_and_refuse_nothing() {
        let read = FileRead {
            size: Some((4000, 3000)),
            software: vec![("Software".into(), "Adobe Photoshop 25.1".into()), ("Software".into(), "17.5.1".into())],
            thumbnail: Some(0.2),
            ..FileRead::default()
        };
        let told = told(read);
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told.iter().all(|one| one.refused_because().is_none() && !one.in_words().is_empty()));
        let turned = FileRead { size: Some((480, 640)), thumbnail: Some(0.99), ..FileRead::default() };
        assert_eq!(self::told(turned), []);
    }

    #[test]
    fn what_a_file_declares_against_itself_refuses_it() {
        let address = "http://cv.iptc.org/newscodes/digitalsourcetype/";
        for (kind, refused) in [
            ("trainedAlgorithmicMedia", true),
            ("compositeWithTrainedAlgorithmicMedia", true),
            ("algorithmicMedia", true),
            ("compositeCapture", true),
            ("composite", true),
            ("compositeSynthetic", true),
            ("digitalArt", true),
            ("digitalCapture", false),
            ("computationalCapture", false),
            ("screenCapture", false),
        ] {
            let read = FileRead { kinds: vec![kind.into(), format!("{address}{kind}")], ..FileRead::default() };
            let told = told(read);
            assert_eq!(told, [Saying::Declared { kind: kind.into() }]);
            assert_eq!(told[0].refused_because().is_some(), refused, "{kind}");
        }
    }
}
