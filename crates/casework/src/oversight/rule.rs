use serde::Deserialize;

/// From where on something becomes a topic for training. What is not named holds as here, which is what most departments want; the
/// policy's bounds say how far each may go.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OversightRule {
    /// Days after which a search is expected to have a note.
    pub note_after_days: u16,
    /// Searches of one case above which they are many.
    pub searches_a_case: u16,
    /// Cases of one person with the same basis from which on it is the same again and again.
    pub same_basis_cases: u16,
    /// Points above the quality floor that are near it.
    pub near_floor_points: u8,
    /// Seconds for each candidate concluded on below which a list was examined in seconds.
    pub seconds_a_candidate: u16,
    /// Fewest times before a pattern of one person is spoken of.
    pub fewest: u16,
    /// One in so many people would show as much by chance, at most.
    pub chance_one_in: u32,
    /// Hour of the day at which searches usually begin, in the policy's time zone.
    pub usual_from_hour: u8,
    /// Hour of the day at which they usually end.
    pub usual_until_hour: u8,
    /// Exports of one person in thirty days above which they are many.
    pub exports_a_month: u16,
    /// Wrong passphrases or codes of one person in a day above which they are many.
    pub failed_sign_ins_a_day: u16,
    /// Minutes by which the clocks of a workstation and of the gallery may differ.
    pub clock_minutes: u16,
    /// Days without any event of a workstation after which it is silent.
    pub silent_days: u16,
}

impl Default for OversightRule {
    fn default() -> Self {
        Self {
            note_after_days: 30,
            searches_a_case: 4,
            same_basis_cases: 4,
            near_floor_points: 5,
            seconds_a_candidate: 10,
            fewest: 5,
            chance_one_in: 1_000,
            usual_from_hour: 5,
            usual_until_hour: 23,
            exports_a_month: 20,
            failed_sign_ins_a_day: 5,
            clock_minutes: 10,
            silent_days: 3,
        }
    }
}

impl OversightRule {
    /// The number of a field, by its name.
    pub(crate) fn number(&self, field: &str) -> u64 {
        match field {
            "note_after_days" => self.note_after_days.into(),
            "searches_a_case" => self.searches_a_case.into(),
            "same_basis_cases" => self.same_basis_cases.into(),
            "near_floor_points" => self.near_floor_points.into(),
            "seconds_a_candidate" => self.seconds_a_candidate.into(),
            "fewest" => self.fewest.into(),
            "chance_one_in" => self.chance_one_in.into(),
            "usual_from_hour" => self.usual_from_hour.into(),
            "usual_until_hour" => self.usual_until_hour.into(),
            "exports_a_month" => self.exports_a_month.into(),
            "failed_sign_ins_a_day" => self.failed_sign_ins_a_day.into(),
            "clock_minutes" => self.clock_minutes.into(),
            "silent_days" => self.silent_days.into(),
            _ => 0,
        }
    }
}
