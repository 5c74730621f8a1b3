use serde::{Deserialize, Serialize};

/// Why a search is justified, in the form the auditor reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Basis {
    /// The crime or purpose code, for instance `211 PC`.
    pub code: String,
    /// The reasonable-suspicion statement, or for purposes without a crime, why the person must
    /// be found or named.
    pub statement: String,
    /// Who asked for the search.
    pub requested_by: String,
    /// The supervisor who was told. Needed for `imminent-threat` and for a flagged statement.
    pub supervisor: String,
}

/// A word in a basis that names an assembly, a protest, a religion or a political view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct SensitiveTerm {
    /// The word as it was written.
    pub word: String,
    /// What it names: `assembly or protest`, `religion`, `political view`.
    pub names: &'static str,
}

const ASSEMBLY: &[&str] = &[
    "protest",
    "protests",
    "protester",
    "protesters",
    "protestor",
    "protestors",
    "protesting",
    "demonstration",
    "demonstrations",
    "demonstrator",
    "demonstrators",
    "rally",
    "rallies",
    "march",
    "marchers",
    "assembly",
    "picket",
    "picketing",
    "strike",
    "strikers",
    "vigil",
    "riot",
    "rioters",
    "unrest",
];
const RELIGION: &[&str] = &[
    "muslim",
    "muslims",
    "islam",
    "islamic",
    "mosque",
    "christian",
    "christians",
    "church",
    "jewish",
    "jew",
    "jews",
    "synagogue",
    "hindu",
    "sikh",
    "buddhist",
    "temple",
    "religion",
    "religious",
    "catholic",
];
const POLITICS: &[&str] = &[
    "activist",
    "activists",
    "antifa",
    "blm",
    "communist",
    "anarchist",
    "anarchists",
    "democrat",
    "democrats",
    "republican",
    "republicans",
    "socialist",
    "political",
    "politics",
    "party",
    "union",
    "unionist",
    "dissident",
];

/// The words of `text` that a supervisor must be told of before a search runs.
///
/// Over 1,000 regional searches once named a protest instead of a crime, or nothing. The list is
/// deliberately wide: a flag asks for a supervisor's name, it refuses nothing.
pub fn sensitive_terms(text: &str) -> Vec<SensitiveTerm> {
    let mut found: Vec<SensitiveTerm> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        let lower = word.to_lowercase();
        let names = if ASSEMBLY.contains(&lower.as_str()) {
            "an assembly or protest"
        } else if RELIGION.contains(&lower.as_str()) {
            "a religion"
        } else if POLITICS.contains(&lower.as_str()) {
            "a political view"
        } else {
            continue;
        };
        if !found.iter().any(|t| t.word.eq_ignore_ascii_case(word)) {
            found.push(SensitiveTerm { word: word.to_owned(), names });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_protest_is_flagged_and_a_robbery_is_not() {
        let words: Vec<_> =
            sensitive_terms("Persons at the Protest, later PROTEST").into_iter().map(|t| t.word).collect();
        assert_eq!(words, ["Protest"]);
        assert!(sensitive_terms("Robbery of a filling station; suspect seen on fixed camera").is_empty());
    }
}
