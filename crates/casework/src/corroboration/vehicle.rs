//! Plates and vehicle identification numbers, as far as their form tells whether they were read right.

use catalogue::say;

/// Letters that no VIN holds, because they look like 1 and 0 (49 CFR 565.13).
const NEVER_IN_A_VIN: [char; 3] = ['I', 'O', 'Q'];

/// A plate as somebody read it: letters, digits, blanks and hyphens, `?` for each character that was not read.
///
/// # Errors
/// What to correct, in words.
pub fn check_plate(plate: &str) -> Result<(), String> {
    let plate = plate.trim();
    let read = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '?');
    if !plate.chars().all(read) {
        return Err(say!("rule-corroboration-plate-holds-letters-digits-blanks").to_owned());
    }
    match plate.chars().filter(|c| c.is_alphanumeric() || *c == '?').count() {
        1..=10 if plate.chars().any(char::is_alphanumeric) => Ok(()),
        _ => Err(say!("rule-corroboration-plate-one-ten-characters-one").to_owned()),
    }
}

/// A vehicle identification number: 17 characters, none of them I, O or Q (ISO 3779, 49 CFR 565.13).
///
/// # Errors
/// What to correct, in words.
pub fn check_vin(vin: &str) -> Result<(), String> {
    let vin = vin.trim().to_ascii_uppercase();
    if let Some(wrong) = vin.chars().find(|c| !c.is_ascii_alphanumeric() || NEVER_IN_A_VIN.contains(c)) {
        return Err(say!("rule-corroboration-no-vin-holds-i-o", wrong));
    }
    match vin.len() {
        17 => Ok(()),
        n => Err(say!("rule-corroboration-vin-17-characters-one-enter", n)),
    }
}

/// Whether the ninth character is the check digit that 49 CFR 565.15 (c) asks for of vehicles sold in North America:
/// the weighted sum of the transliterated characters modulo 11, `X` for 10.
pub fn vin_adds_up(vin: &str) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let vin = vin.trim().to_ascii_uppercase();
    let value = |c: char| match c {
        '0'..='9' => c as u32 - '0' as u32,
        'A'..='I' => c as u32 - 'A' as u32 + 1,
        'J'..='R' => c as u32 - 'J' as u32 + 1,
        // S begins at 2.
        _ => c as u32 - 'S' as u32 + 2,
    };
    if check_vin(&vin).is_err() {
        return false;
    }
    let sum: u32 = vin.chars().zip(WEIGHTS).map(|(c, weight)| value(c) * weight).sum();
    vin.chars().nth(8) == char::from_digit(sum % 11, 10).or(Some('X'))
}
