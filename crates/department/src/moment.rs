use serde::{Deserialize, Serialize};

/// An instant, written as RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub jiff::Timestamp);

/// A calendar day, written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub jiff::civil::Date);

/// Where the time comes from. The shell passes the system's clock, tests pass their own.
pub trait Clock {
    /// The present instant.
    fn now(&self) -> Moment;
}

impl Moment {
    /// The calendar day of this instant in UTC.
    pub fn day(self) -> Day {
        Day(self.0.to_zoned_datetime(jiff::tz::TimeZone::UTC).date())
    }

    /// The calendar day of this instant where people are; an unknown zone is UTC.
    pub fn day_in(self, zone: &str) -> Day {
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        Day(self.0.to_zoned_datetime(zone).date())
    }

    /// As people read it, on screens and papers alike: the local time with its zone, UTC in brackets,
    /// `2026-10-28 10:05 PDT (17:05 UTC)`. An unknown zone is UTC.
    pub fn in_zone(self, zone: &str) -> String {
        let local = jiff::tz::TimeZone::get(zone).map(|zone| self.0.to_zoned_datetime(zone));
        match local {
            Ok(local) if local.offset() != jiff::tz::Offset::UTC => {
                let utc = self.0.to_zoned_datetime(jiff::tz::TimeZone::UTC);
                let day = if utc.date() == local.date() { String::new() } else { format!("{} ", utc.date()) };
                format!("{} ({day}{} UTC)", local.strftime("%Y-%m-%d %H:%M %Z"), utc.strftime("%H:%M"))
            }
            _ => self.to_string(),
        }
    }

    /// Whole days from `earlier` to this instant; negative when `earlier` is later.
    pub fn days_since(self, earlier: Moment) -> i64 {
        (self.0.as_second() - earlier.0.as_second()).div_euclid(86_400)
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%d %H:%M UTC"))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(feature = "bindings")]
mod bindings {
    use super::{Day, Moment};

    macro_rules! as_string {
        ($($name:ident),*) => {$(
            impl ts_rs::TS for $name {
                type WithoutGenerics = Self;
                type OptionInnerType = Self;
                fn name(_: &ts_rs::Config) -> String {
                    "string".to_owned()
                }
                fn inline(_: &ts_rs::Config) -> String {
                    "string".to_owned()
                }
            }
        )*};
    }

    as_string!(Moment, Day);
}
