use serde::Deserialize;

/// How people sign in. The bounds are those of the FBI's CJIS Security Policy 5.9 (5.5.3, 5.5.5, 5.6.2).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRule {
    /// Minutes without work after which the window locks. Never above 30.
    pub lock_after_minutes: u16,
    /// Wrong passphrases in a row after which a person must wait. Never above 5.
    pub wrong_passphrases: u16,
    /// Minutes of that wait. Never below 10.
    pub wait_minutes: u16,
    /// Fewest characters of a passphrase. Never below 8.
    pub passphrase_characters: usize,
    /// Hours for which a second factor that was shown counts for further sign-ins of the same person, until the program ends.
    /// 0 asks each time; never above 12.
    #[serde(default)]
    pub second_factor_hours: u16,
}

/// What an examiner's training must be.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingRule {
    /// Months a training record stays current.
    pub valid_months: u16,
    /// Lowest proficiency result, 0 to 100.
    pub minimum_proficiency: u8,
}
