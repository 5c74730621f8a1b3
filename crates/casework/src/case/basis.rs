use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

use catalogue::say;
use serde::{Deserialize, Serialize};

use crate::text::gist;

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
    /// The supervisor who confirmed, by name; the program writes it.
    pub supervisor: String,
}

/// Why a supervisor has to confirm before a search runs, and the auditor is told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Flag {
    /// The word or phrase as it was written, or empty where something is missing.
    pub word: String,
    /// What it names: `an assembly or protest`, `a religion`, `a political view`, `immigration`; or what is missing.
    pub names: String,
}

impl Flag {
    /// The word with what it names, inside a sentence.
    pub(crate) fn quoted(&self) -> String {
        say!("rule-case-names", word = self.word, names = self.names)
    }

    /// The same as a sentence of its own, without its end.
    pub fn in_words(&self) -> String {
        match self.word.as_str() {
            "" => say!("rule-case-names-2", names = self.names),
            word => say!("rule-case-names-3", word, names = self.names),
        }
    }
}

/// Beginnings of words, and phrases, each with what it names. Commas part them; a star at the end stands for every ending. English, then
/// Spanish; each is compared by its [`gist`], so accents and letters that look alike make no difference.
static WATCHED: LazyLock<[(&str, &str); 4]> = LazyLock::new(|| {
    [
        (
            say!("rule-case-assembly-protest"),
            "protest*, counterprotest*, counterdemonstrat*, demonstrator*, demonstration*, rally, rallies, \
         rallied, rallying, march, marches, marcher*, marching, assembly, assemblies, picket*, striker*, \
         on strike, labor strike, vigil*, riot*, unrest, sit in, walkout*, walk out, civil disobedience, \
         occupy, encampment*, boycott*, uprising*, looting at, crowd control, first amendment, \
         free speech, bullhorn*, placard*, manifestacion*, manifestante*, marcha*, huelga*, huelguista*, \
         mitin*, plantón, plantones, disturbio*, motin*, concentración*, vigilia*, \
         libertad de expresión, desobediencia civil",
        ),
        (
            say!("rule-case-religion"),
            "muslim*, islam*, mosque*, quran*, koran*, hijab*, imam*, christian*, church*, catholic*, \
         baptist*, evangelic*, jew, jews, jewish, judaism, synagogue*, rabbi*, hindu*, sikh*, gurdwara*, \
         buddhis*, temple*, religio*, worship*, priest*, pastor*, congregation*, sermon*, bible study, \
         prayer*, musulman*, mezquita*, cristian*, iglesia*, catolic*, judio*, judia*, sinagoga*, \
         templo*, sacerdote*, misa, oración*, culto*, testigos de jehova",
        ),
        (
            say!("rule-case-political-view"),
            "activis*, antifa*, anti fa, blm, black lives matter, communis*, anarchis*, democrat*, \
         republican*, socialis*, politic*, party member*, party rally, union, unions, unionis*, \
         unioniz*, dissident*, proud boys, maga, left wing, right wing, leftist*, extremis*, \
         radicalized, radical group*, campaign*, voter*, ballot*, petition*, abortion*, pro life, \
         pro choice, palestin*, free palestine, zionis*, activista*, comunista*, anarquista*, \
         socialista*, sindicat*, militante*, partidario*, partido politico, izquierdista*, derechista*, \
         disidente*, aborto*",
        ),
        (
            say!("rule-case-immigration"),
            "immigra*, migrant*, undocumented, illegal alien*, alien*, deport*, border crosser*, asylum*, \
         refugee*, visa overstay*, overstay*, daca, dreamer*, green card*, sanctuary, without papers, \
         ice hold*, ice detainer*, ice agent*, customs enforcement, inmigra*, migrante*, indocumentad*, \
         sin papeles, ilegales, deportacion*, asilo, refugiad*, la migra, cruzar la frontera",
        ),
    ]
});

/// Words that stand in every statement and name no act.
const EMPTY_WORDS: &str = "a an the of in on at to for by with and or is was are were be been as it this that these those who \
    he she they his her their has have had from into about suspect suspects suspected suspicious person \
    persons people subject subjects individual man woman male female unknown unidentified identify \
    identification identity id ident crime crimes criminal offence offense incident case cases \
    investigation investigations investigate investigative ongoing related wanted need needed needs \
    please search request requested image photo photograph picture video camera involved possible el la \
    sospechoso sospechosa delito caso persona";

/// Fewest different words that tell something in a statement.
const TELLING_WORDS: usize = 3;

type Watched = Vec<(Vec<String>, bool, &'static str)>;

fn watched() -> &'static Watched {
    static TABLE: OnceLock<Watched> = OnceLock::new();
    TABLE.get_or_init(|| {
        let each = WATCHED.iter().flat_map(|(names, words)| words.split(", ").map(move |word| (word, *names)));
        let read = |(word, names): (&str, &'static str)| {
            let words: Vec<String> = gist(word.trim_end_matches('*')).split(' ').map(str::to_owned).collect();
            (words, word.ends_with('*'), names)
        };
        each.map(read).collect()
    })
}

/// The words of a text with their gists. Letters that stand alone are joined (`p r o t e s t`), and a word that a
/// hyphen or dot parts is read whole as well as in its parts.
fn words(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut spelt = String::new();
    let push = |word: &str, found: &mut Vec<(String, String)>| {
        let read = gist(word);
        found.extend(read.split(' ').filter(|g| !g.is_empty()).map(|g| (word.to_owned(), g.to_owned())));
        let joined = read.replace(' ', "");
        if joined != read {
            found.push((word.to_owned(), joined));
        }
    };
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '"' | '(' | ')')) {
        let letters: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
        match letters.chars().count() {
            0 => {}
            1 if letters.chars().all(char::is_alphabetic) => spelt.push_str(&letters),
            _ => {
                if spelt.chars().count() > 2 {
                    push(&std::mem::take(&mut spelt), &mut found);
                }
                spelt.clear();
                push(word, &mut found);
            }
        }
    }
    if spelt.chars().count() > 2 {
        push(&spelt, &mut found);
    }
    found
}

/// Whether the word at `at` is part of a street's, month's or bank's name: `Union Street`, `March 3`, `credit union`.
fn is_a_place(words: &[(String, String)], at: usize) -> bool {
    /// Names that are also something else, what follows them then, and what goes before, by their gists.
    static TABLE: OnceLock<[Vec<String>; 3]> = OnceLock::new();
    let [names, after, before] = TABLE.get_or_init(|| {
        [
            "march union church temple",
            "st street ave avenue blvd boulevard road rd station city square lane",
            "credit western student european",
        ]
        .map(|list| list.split_whitespace().map(gist).collect())
    });
    let (word, read) = &words[at];
    if !names.contains(read) {
        return false;
    }
    let next = words.get(at + 1);
    let last = at.checked_sub(1).map(|last| &words[last]);
    let is_day = |word: &(String, String)| word.0.starts_with(|c: char| c.is_ascii_digit());
    let is_month = *read == names[0] && (next.is_some_and(is_day) || last.is_some_and(is_day));
    let is_street = word.starts_with(char::is_uppercase) && next.is_some_and(|(_, next)| after.contains(next));
    is_month || is_street || last.is_some_and(|(_, last)| before.contains(last))
}

/// The words of `text` that a supervisor must confirm before a search runs.
///
/// Over 1,000 regional searches once named a protest instead of a crime, or nothing. The list is deliberately wide: a
/// flag asks for a supervisor, it refuses nothing.
pub fn flags(text: &str) -> Vec<Flag> {
    let words = words(text);
    let mut found = BTreeSet::new();
    for at in 0..words.len() {
        // Names of streets, months and banks name no belief.
        let place = is_a_place(&words, at);
        for (watched, any_ending, names) in watched() {
            let there = words.get(at..at + watched.len()).unwrap_or_default();
            let last = watched.len() - 1;
            if place && last == 0 {
                continue;
            }
            // A phrase may be written as one word.
            let joined =
                last > 0 && watched.iter().try_fold(&*words[at].1, |rest, part| rest.strip_prefix(&**part)) == Some("");
            let fits = there.len() == watched.len()
                && there.iter().zip(watched).enumerate().all(|(n, ((_, gist), wanted))| {
                    gist == wanted || (n == last && *any_ending && gist.starts_with(wanted.as_str()))
                });
            if fits || joined {
                let there = if fits { there } else { &words[at..=at] };
                let word = there.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" ");
                found.insert(Flag { word: word.trim_matches('.').to_owned(), names: (*names).to_owned() });
            }
        }
    }
    found.into_iter().collect()
}

/// Whether a statement says what was done, in more than the words that stand in every statement.
pub(crate) fn names_an_act(statement: &str) -> bool {
    static EMPTY: OnceLock<BTreeSet<String>> = OnceLock::new();
    let empty = EMPTY.get_or_init(|| EMPTY_WORDS.split_whitespace().map(gist).collect());
    let told: BTreeSet<String> = words(statement)
        .into_iter()
        .map(|(_, gist)| gist)
        .filter(|gist| !empty.contains(gist) && gist.len() > 1)
        .collect();
    told.len() >= TELLING_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_protest_is_flagged_in_whatever_letters_and_a_robbery_is_not() {
        for text in [
            "Persons at the Protest",
            "PROTESTED against the mayor",
            "p r o t e s t on Main",
            "pro-test on Main",
            "prоtеst on Main",
            "pro\u{200b}test on Main",
            "ｐｒｏｔｅｓｔ",
            "manifestación frente al banco",
            "Manifestacion frente al banco",
            "seen at the mezquita",
            "an immigrant without papers",
            "Black Lives Matter",
            "sindicato de maestros",
            "#FreePalestine",
            "BlackLivesMatter",
            "counterprotesters",
            "the church on the corner",
            "on strike",
        ] {
            assert!(!flags(text).is_empty(), "{text}");
        }
        for text in [
            "Robbery of a filling station; suspect seen on fixed camera",
            "On March 3, not on 2 March, he strikes the clerk of the credit union in Union Street; Judith demonstrates how",
            "The person in the image is seen taking the till at gunpoint on fixed camera 3.",
            "Fixed camera shows a person taking cash from the register while holding a knife; witness confirms the act.",
        ] {
            assert_eq!(flags(text), [], "{text}");
        }
    }

    #[test]
    fn a_statement_without_an_act_is_told_from_one_with_it() {
        for text in
            ["suspect in crime", "Suspect involved in ongoing criminal investigation case", "wanted person photo id"]
        {
            assert!(!names_an_act(text), "{text}");
        }
        assert!(names_an_act("Seen taking the till at gunpoint"));
    }
}
