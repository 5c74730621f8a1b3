//! Offences that a search may name: a table that ships with the program, and a department's own beside it.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::purpose::Purpose;

/// How an offence is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum OffenceClass {
    /// As a felony.
    Felony,
    /// As a misdemeanor.
    Misdemeanor,
    /// As one or the other.
    Either,
}

/// One offence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Offence {
    /// Its code: section and law, `211 PC`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How it is charged.
    pub class: OffenceClass,
    /// Whether the act itself injures a person, or may.
    pub injury: bool,
}

/// Sections that agencies of the regional system search for (`assets/offences/california.csv`).
pub fn shipped_offences() -> &'static [Offence] {
    static TABLE: OnceLock<Vec<Offence>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let lines = include_str!("../../../../assets/offences/california.csv").lines();
        lines.filter(|line| !line.starts_with('#')).filter_map(read).collect()
    })
}

fn read(line: &str) -> Option<Offence> {
    let parts: Vec<&str> = line.split(';').collect();
    let [code, class, injury, name] = parts.as_slice() else { return None };
    let class = match *class {
        "felony" => OffenceClass::Felony,
        "misdemeanor" => OffenceClass::Misdemeanor,
        "either" => OffenceClass::Either,
        _ => return None,
    };
    Some(Offence { code: (*code).to_owned(), name: (*name).to_owned(), class, injury: *injury == "yes" })
}

/// Section with its subdivisions, and law: `PC 245 (a)(1)`, `245(a)(1) P.C.` and `§ 245(a)(1)` are one code. The law
/// is the Penal Code where none is named.
fn parts(code: &str) -> Option<(String, String)> {
    let plain: String =
        code.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '(' | ')' | ' ')).collect();
    let upper = plain.to_ascii_uppercase().replace("P.C.", "PC").replace("V.C.", "VC").replace("H.S.", "HS");
    let (mut law, mut section) = (String::new(), String::new());
    for word in upper.split_whitespace() {
        match word {
            "SECTION" | "SEC" | "SEC." | "CAL" | "CALIFORNIA" => {}
            _ if word.starts_with(|c: char| c.is_ascii_digit() || c == '(') => section.push_str(word),
            _ if section.is_empty() && law.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic()) => {
                law = word.to_owned()
            }
            _ if law.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic()) => law = word.to_owned(),
            _ => return None,
        }
    }
    let law = if law.is_empty() { "PC".to_owned() } else { law };
    section.starts_with(|c: char| c.is_ascii_digit()).then_some((section, law))
}

/// The offence that `code` names: a department's own, else the shipped table's; a subdivision without a line of its own
/// is its section.
pub fn find_offence(code: &str, own: &[Offence]) -> Option<Offence> {
    let (section, law) = parts(code)?;
    let exact = |section: &str| {
        // The shipped table first: a department adds to it and changes nothing in it.
        shipped_offences()
            .iter()
            .chain(own)
            .find(|o| parts(&o.code).is_some_and(|(s, l)| s == section && l == law))
            .cloned()
    };
    let mut section = section.as_str();
    loop {
        if let Some(found) = exact(section) {
            return Some(found);
        }
        section = &section[..section.rfind('(')?];
    }
}

impl Offence {
    /// Whether the shipped table has its code already.
    pub(crate) fn is_shipped(&self) -> bool {
        let code = parts(&self.code);
        shipped_offences().iter().any(|o| parts(&o.code) == code)
    }

    /// Whether a search for it may be made for `purpose`.
    pub fn serves(&self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Felony => self.class != OffenceClass::Misdemeanor,
            Purpose::MisdemeanorWithInjury => self.class != OffenceClass::Felony && self.injury,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_write_them() {
        for code in ["211 PC", "PC 211", "211", "§ 211 P.C.", "pc 211", "Section 211 PC"] {
            assert_eq!(find_offence(code, &[]).map(|o| o.name).as_deref(), Some("Robbery"), "{code}");
        }
        assert_eq!(find_offence("245(a)(1) PC", &[]).map(|o| o.code).as_deref(), Some("245 PC"));
        assert_eq!(find_offence("245 (a)(2)", &[]).map(|o| o.code).as_deref(), Some("245(a)(2) PC"));
        for code in ["", "PC", "999999 PC", "211 XX", "protest", "crime", "2 1 1 robbery PC", "((("] {
            assert_eq!(find_offence(code, &[]), None, "{code}");
        }
    }

    #[test]
    fn every_line_of_the_table_is_read_and_found_again() {
        let lines = include_str!("../../../../assets/offences/california.csv").lines();
        let wanted = lines.filter(|l| !l.starts_with('#') && !l.is_empty()).count();
        assert_eq!(shipped_offences().len(), wanted);
        for offence in shipped_offences() {
            assert_eq!(find_offence(&offence.code, &[]).as_ref(), Some(offence), "{}", offence.code);
        }
    }

    #[test]
    fn the_class_decides_the_purpose() {
        let serves = |code, purpose| find_offence(code, &[]).is_some_and(|o| o.serves(purpose));
        assert!(serves("211 PC", Purpose::Felony) && !serves("211 PC", Purpose::MisdemeanorWithInjury));
        assert!(!serves("602 PC", Purpose::Felony) && !serves("602 PC", Purpose::MisdemeanorWithInjury), "no injury");
        assert!(serves("242 PC", Purpose::MisdemeanorWithInjury) && serves("243(d) PC", Purpose::Felony));
        let own =
            Offence { code: "9.40 LAMC".into(), name: "Own".into(), class: OffenceClass::Misdemeanor, injury: true };
        assert_eq!(find_offence("LAMC 9.40", std::slice::from_ref(&own)), Some(own));
    }
}
