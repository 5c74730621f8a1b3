use department::PersonRef;
use serde::{Deserialize, Serialize};

/// Somebody as an auditor knows them across workstations: by agency and badge.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Party {
    /// Name at the time.
    pub name: String,
    /// Badge at the time.
    pub badge: String,
    /// Agency at the time.
    pub ori: String,
}

impl Party {
    /// Who is written in an audit row: `name, badge badge, agency (identity)`. The program itself (`workstation`) is nobody.
    pub fn read(person: &str) -> Option<Self> {
        // From the end: a name may hold anything.
        let (rest, id) = person.strip_suffix(')')?.rsplit_once(" (")?;
        id.parse::<uuid::Uuid>().ok()?;
        let (rest, ori) = rest.rsplit_once(", ")?;
        let (name, badge) = rest.rsplit_once(", badge ")?;
        Some(Self { name: name.to_owned(), badge: badge.to_owned(), ori: ori.to_owned() })
    }

    /// What tells one person from another: agency and badge, however they are written.
    pub fn key(&self) -> String {
        format!("{} {}", self.ori.trim(), self.badge.trim()).to_lowercase()
    }

    /// Name and badge, as a sentence names somebody.
    pub fn in_words(&self) -> String {
        format!("{} ({})", self.name, self.badge)
    }
}

impl From<&PersonRef> for Party {
    fn from(person: &PersonRef) -> Self {
        Self { name: person.name.clone(), badge: person.badge.clone(), ori: person.ori.clone() }
    }
}

impl PartialEq for Party {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Party {}

impl PartialOrd for Party {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Party {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_read_from_the_end_of_the_row() {
        let id = uuid::Uuid::nil();
        let party = Party::read(&format!("R. Alvarez, badge 1, X, badge 4471, CA0190000 ({id})")).expect("somebody");
        assert_eq!(
            (party.name.as_str(), party.badge.as_str(), party.ori.as_str()),
            ("R. Alvarez, badge 1, X", "4471", "CA0190000")
        );
        assert_eq!(Party::read("workstation"), None);
        assert_eq!(Party::read("R. Alvarez, badge 4471, CA0190000 (nobody)"), None);
    }
}
