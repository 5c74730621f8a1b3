//! The program's command line, as whoever founds and keeps a department types it.

use crate::founded;

use std::path::{Path, PathBuf};

use department::{Card, Chain, PublicKey, Role};
use founded::{key, name_of, recipient, refused, run, told};
use relay::keyfile::KeyFile;

const PASSPHRASE: &str = "four words that nobody guesses";
const SECOND: &str = "another four of them, longer";

/// A department that was founded at the command line.
struct Founded {
    folder: tempfile::TempDir,
    root: String,
}

impl Founded {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let found = |name: &str| folder.path().join(name).display().to_string();
        let said = told(&Self::init(&[&found("data"), &found("one.key"), &found("kit")]), &format!("{PASSPHRASE}\n"));
        let root = said.trim().lines().last().unwrap().to_owned();
        assert_eq!(PublicKey::read(&root).unwrap().to_string(), root, "the root key stands alone on the last line");
        let secret: String = std::fs::read_to_string(folder.path().join("kit")).unwrap();
        let groups = secret.split("root1").nth(1).unwrap().split_whitespace().next().unwrap();
        assert!(!said.contains(groups), "the secret is on paper alone");
        Self { folder, root }
    }

    fn init<'a>([data, key, kit]: &[&'a str; 3]) -> Vec<&'a str> {
        let person = ["--name", "A. Reyes", "--badge", "4471", "--ori", "CA0190000"];
        let mut words = vec!["init", "--data", data, "--department", "Police of Nowhere", "--key", key, "--kit", kit];
        words.extend(person);
        words
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn data(&self) -> String {
        self.path("data").display().to_string()
    }

    fn file(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name).display().to_string()
    }

    /// The words with the data folder, and key files of these names.
    fn words(&self, words: &[&str], keys: &[&str]) -> Vec<String> {
        let mut all: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        all.extend(["--data".to_owned(), self.data()]);
        for key in keys {
            all.extend(["--key".to_owned(), self.path(key).display().to_string()]);
        }
        all
    }

    fn told(&self, words: &[&str], keys: &[&str], lines: &str) -> String {
        let all = self.words(words, keys);
        told(&all.iter().map(String::as_str).collect::<Vec<_>>(), lines)
    }

    fn refused(&self, words: &[&str], keys: &[&str], lines: &str) -> String {
        let all = self.words(words, keys);
        let before = self.told(&["department", "show"], &[], "");
        let said = refused(&all.iter().map(String::as_str).collect::<Vec<_>>(), lines);
        assert_eq!(self.told(&["department", "show"], &[], ""), before, "nothing was changed");
        said
    }

    fn card(&self, n: u8, name: &str) -> (String, Card) {
        let card = Card::of(name, name_of(&key(n)), recipient(n));
        (self.file("card.json", &serde_json::to_string(&card).unwrap()), card)
    }

    fn make_key(&self, name: &str, passphrase: &str) -> String {
        let said = told(&["key", "make", "--key", self.path(name).to_str().unwrap()], &format!("{passphrase}\n"));
        said.trim().lines().last().unwrap().to_owned()
    }

    fn chain(&self) -> Chain {
        let file = self.path("export");
        drop(std::fs::remove_file(&file));
        self.told(&["department", "export", file.to_str().unwrap()], &[], "");
        let text = std::fs::read_to_string(file).unwrap();
        Chain::read(&PublicKey::read(&self.root).unwrap(), &text.lines().collect::<Vec<_>>()).unwrap()
    }

    /// A second administrator, who signs from here on with the first.
    fn with_second(&self) {
        let public = self.make_key("two.key", SECOND);
        let words =
            ["--name", "B. Stone", "--badge", "0007", "--ori", "CA0190000", "--role", "administrator", "--public"];
        let words = [&["roster", "add-person"][..], &words, &[&public]].concat();
        self.told(&words, &["one.key"], &format!("{PASSPHRASE}\n"));
    }
}

fn lines(all: &[&str]) -> String {
    all.iter().map(|line| format!("{line}\n")).collect()
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn one_step_founds_a_department() {
    let founded = Founded::new();
    let chain = founded.chain();
    let people = chain.newest().roster().people();
    assert_eq!((chain.newest().number(), people.len(), people[0].person.badge.as_str()), (1, 1, "4471"));
    assert!(people[0].person.is(Role::Administrator) && chain.newest().signed_by().recovery);
    let file = KeyFile::open(&founded.path("one.key")).unwrap();
    assert_eq!(file.public().unwrap(), *people[0].keys[0].key());
    assert_eq!(PublicKey::of(&file.unwrap(PASSPHRASE).unwrap()), *people[0].keys[0].key());
    assert!(file.unwrap(SECOND).is_err());
    #[cfg(unix)]
    {
        assert_eq!((mode(&founded.path("one.key")), mode(&founded.path("kit"))), (0o600, 0o600));
        assert_eq!(mode(&founded.path("data")), 0o700);
    }
    let kit = std::fs::read_to_string(founded.path("kit")).unwrap();
    assert!(kit.contains("Police of Nowhere") && kit.contains(&founded.root) && kit.contains("--drill"), "{kit}");
    // The root's secret lies in the kit alone.
    let secret = relay::kit::read(&kit).unwrap().to_bytes();
    assert_eq!(PublicKey::of(&relay::kit::read(&kit).unwrap()).to_string(), founded.root);
    let groups: String = kit.split("root1").nth(1).unwrap().split_whitespace().take(15).collect();
    for file in walk(founded.folder.path()).iter().filter(|file| **file != founded.path("kit")) {
        let bytes = std::fs::read(file).unwrap();
        let has = |wanted: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
        let secrets = [secret.to_vec(), hex::encode(secret).into_bytes(), groups.as_bytes()[..20].to_vec()];
        assert!(!secrets.iter().any(|secret| has(secret)), "{}", file.display());
    }
    // Twice is refused, before anybody types anything.
    let said = founded.refused(&["init", "--department", "Other"], &[], "");
    assert!(said.contains("already") && said.contains(&founded.root), "{said}");
    assert!(founded.told(&["audit", "verify"], &[], "").contains("chain whole"));
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn what_is_wrong_founds_nothing_and_leaves_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (data, key, kit) = (path("data"), path("key"), path("kit"));
    let whole = Founded::init(&[&data, &key, &kit]);
    let typed = format!("{PASSPHRASE}\n");
    let nothing = |words: &[&str], lines: &str, wanted: &str| {
        let said = refused(words, lines);
        assert!(said.contains(wanted), "{said}");
        let left: Vec<_> = walk(folder.path());
        assert!(left.iter().all(|file| file.starts_with(&data) || file.ends_with("taken")), "{left:?}");
    };
    for at in (3..whole.len()).step_by(2) {
        let mut words = whole.clone();
        let flag = words.remove(at);
        words.remove(at);
        nothing(&words, &typed, flag);
    }
    let with = |flag: &str, value: &'static str| {
        let mut words = whole.clone();
        let at = words.iter().position(|word| *word == flag).unwrap();
        words[at + 1] = value;
        words
    };
    nothing(&with("--ori", "ca0190000"), &typed, "ORI");
    nothing(&with("--badge", "\u{200b}"), &typed, "badge");
    nothing(&with("--department", "\u{202e}"), &typed, "");
    nothing(&with("--kit", "/no/such/folder/kit"), &typed, "/no/such/folder");
    for (typed, wanted) in [("", "stdin"), ("short\n", "12"), ("aaaaaaaaaaaaaaaaaa\n", "guess"), ("\n", "12")] {
        nothing(&whole, typed, wanted);
    }
    // Secrets lie outside of the data folder, by whatever way, and take nobody's place.
    let (inside, taken) = (format!("{data}/kit"), path("taken"));
    std::fs::write(&taken, "").unwrap();
    nothing(&Founded::init(&[&data, &key, &inside]), &typed, "data folder");
    nothing(&Founded::init(&[&data, &format!("{data}/../data/key"), &kit]), &typed, "data folder");
    nothing(&Founded::init(&[&data, &key, &taken]), &typed, "already");
    nothing(&Founded::init(&[&data, &key, &key]), &typed, "already");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&data, path("link")).unwrap();
        nothing(&Founded::init(&[&data, &key, &path("link/kit")]), &typed, "data folder");
        std::fs::remove_file(path("link")).unwrap();
    }
    // What remains empty can still be founded.
    told(&whole, &typed);
}

#[test]
fn workstations_come_and_go_by_their_cards() {
    let founded = Founded::new();
    let (path, card) = founded.card(7, "Robbery 2");
    let said = founded.told(&["roster", "add-workstation", "--card", &path], &["one.key"], &lines(&[PASSPHRASE]));
    assert!(said.starts_with(&format!("Robbery 2, fingerprint {}\n", card.fingerprint())), "{said}");
    let chain = founded.chain();
    assert_eq!(said.lines().last().unwrap(), format!("2 {}", chain.newest().sha256()));
    // One of the same key gets the new name; what is no card, or has no recipient, is refused.
    let (path, _) = founded.card(7, "Robbery 3");
    founded.told(&["roster", "add-workstation", "--card", &path], &["one.key"], &lines(&[PASSPHRASE]));
    let names: Vec<String> =
        founded.chain().newest().roster().content().workstations.iter().map(|w| w.name.clone()).collect();
    assert_eq!(names, ["Robbery 3"]);
    let none = founded.file("none.json", "{}");
    let add = |file: &str| {
        founded.refused(&["roster", "add-workstation", "--card", file], &["one.key"], &lines(&[PASSPHRASE]))
    };
    assert!(add(&none).contains("no workstation's card"));
    let bad = founded
        .file("bad.json", &serde_json::to_string(&Card::of("Desk", name_of(&key(8)), "age1x".to_owned())).unwrap());
    assert!(add(&bad).contains("Desk"));
    let shown = founded.told(&["roster", "show"], &[], "");
    assert!(shown.contains(&format!("workstation\tRobbery 3\t{}", name_of(&key(7)))), "{shown}");
    founded.told(&["roster", "remove-workstation", "Robbery 3"], &["one.key"], &lines(&[PASSPHRASE]));
    assert!(founded.chain().newest().roster().content().workstations.is_empty());
    assert!(add(&path).contains(&name_of(&key(7))), "a key that was taken out never comes back");
    let gone = founded.refused(&["roster", "remove-workstation", "Robbery 3"], &["one.key"], &lines(&[PASSPHRASE]));
    assert!(gone.contains("Robbery 3"));
}

#[test]
fn a_second_administrator_signs_everything_and_nobody_removes_the_other_alone() {
    let founded = Founded::new();
    founded.with_second();
    let (path, _) = founded.card(7, "Robbery 2");
    let add = ["roster", "add-workstation", "--card", &path];
    let both = lines(&[PASSPHRASE, SECOND]);
    assert!(founded.refused(&add, &["one.key"], &both).contains("2 administrators"));
    assert!(
        founded.refused(&add, &["one.key", "one.key"], &lines(&[PASSPHRASE, PASSPHRASE])).contains("2 administrators")
    );
    assert!(founded.refused(&add, &["one.key", "two.key"], &lines(&[PASSPHRASE])).contains("stdin"));
    assert!(founded.refused(&add, &["one.key", "two.key"], &lines(&[PASSPHRASE, PASSPHRASE])).contains("passphrase"));
    founded.make_key("own.key", SECOND);
    assert!(founded.refused(&add, &["one.key", "own.key"], &both).contains("nobody who administers"));
    founded.told(&add, &["one.key", "two.key"], &both);
    // Removing the other: by both of them, by one, by demoting.
    for words in
        [["roster", "remove-person", "0007"].as_slice(), &["roster", "change-person", "0007", "--role", "auditor"]]
    {
        assert!(founded.refused(words, &["one.key"], &both).contains("recovery kit"), "{words:?}");
        assert!(founded.refused(words, &["one.key", "two.key"], &both).contains("recovery kit"), "{words:?}");
    }
    // With a third, two others sign.
    let third = founded.make_key("three.key", SECOND);
    let words = ["--name", "C. Lund", "--badge", "0008", "--ori", "CA0190000", "--role", "administrator", "--public"];
    founded.told(&[&["roster", "add-person"][..], &words, &[&third]].concat(), &["one.key", "two.key"], &both);
    let words = ["roster", "remove-person", "0007"];
    assert!(founded.refused(&words, &["one.key", "two.key"], &both).contains("2 others"));
    founded.told(&words, &["one.key", "three.key"], &both);
    assert_eq!(founded.chain().newest().roster().administrators().count(), 2);
    assert!(founded.told(&["audit", "verify"], &[], "").contains("chain whole"));
}

#[test]
fn people_are_added_changed_and_removed() {
    let founded = Founded::new();
    let one = lines(&[PASSPHRASE]);
    let add =
        ["roster", "add-person", "--name", "D. Marsh", "--badge", "1180", "--ori", "CA0190000", "--role", "examiner"];
    let trained = ["--course", "Facial comparison", "--trained-on", "2026-05-01", "--proficiency", "91"];
    assert!(
        founded
            .refused(
                &[&add[..], &["--course", "x", "--trained-on", "2026-13-01", "--proficiency", "9"]].concat(),
                &["one.key"],
                &one
            )
            .contains("day")
    );
    founded.told(&[&add[..], &trained].concat(), &["one.key"], &one);
    assert!(founded.refused(&add, &["one.key"], &one).contains("D. Marsh"), "one badge, one person");
    let person = || founded.chain().newest().roster().people().iter().find(|m| m.person.badge == "1180").cloned();
    let marsh = person().unwrap();
    assert_eq!((marsh.person.training.as_ref().unwrap().proficiency, marsh.keys.len()), (91, 0));
    // They get a key, lose it, and get another.
    let public = founded.make_key("marsh.key", SECOND);
    founded.told(&["roster", "change-person", "1180", "--public", &public], &["one.key"], &one);
    assert_eq!(person().unwrap().keys[0].key().to_string(), public);
    let another = founded.make_key("marsh-2.key", SECOND);
    founded.told(&["roster", "change-person", "1180", "--public", &another], &["one.key"], &one);
    let keys: Vec<String> = person().unwrap().keys.iter().map(|span| span.key().to_string()).collect();
    assert_eq!(keys, [another]);
    assert!(
        founded
            .refused(&["roster", "change-person", "1180", "--public", &public], &["one.key"], &one)
            .contains(&public)
    );
    founded.told(&["roster", "change-person", "1180", "--role", "supervisor", "--role", "auditor"], &["one.key"], &one);
    assert_eq!(person().unwrap().person.roles, [Role::Supervisor, Role::Auditor]);
    let id = person().unwrap().person.id.to_string();
    founded.told(&["roster", "remove-person", &id], &["one.key"], &one);
    assert!(person().is_none());
    assert!(founded.refused(&["roster", "remove-person", "1180"], &["one.key"], &one).contains("1180"));
    let last = founded.refused(&["roster", "remove-person", "4471"], &["one.key"], &one);
    assert!(last.contains("administer"), "the last one stays: {last}");
}

#[test]
fn keys_that_are_nobodys_are_kept_too() {
    let founded = Founded::new();
    let one = lines(&[PASSPHRASE]);
    let add = |purpose: &str, name: &str, public: &str| {
        founded.told(&["roster", "add-key", "--for", purpose, "--name", name, "--public", public], &["one.key"], &one);
    };
    add("escrow", "Safe of the clerk", &recipient(1));
    add("auditors", "Auditors", &recipient(2));
    add("witness", "witness.example/1", &name_of(&key(3)));
    let shown = founded.told(&["roster", "show"], &[], "");
    for line in ["escrow\tSafe of the clerk\tage1", "auditors\tAuditors\tage1", "witness\twitness.example/1\t"] {
        assert!(shown.contains(line), "{shown}");
    }
    let twice = ["roster", "add-key", "--for", "auditors", "--name", "Others", "--public", &recipient(1)];
    assert!(founded.refused(&twice, &["one.key"], &one).contains(&recipient(1)));
    let remove = ["roster", "remove-key", "--for", "escrow", "Safe of the clerk"];
    founded.told(&remove, &["one.key"], &one);
    assert!(founded.refused(&remove, &["one.key"], &one).contains("Safe of the clerk"));
    assert_eq!(founded.chain().newest().roster().content().witnesses.len(), 1);
}

#[test]
fn a_policy_is_published_byte_for_byte() {
    let founded = Founded::new();
    assert!(founded.refused(&["policy", "show"], &[], "").contains("no policy"));
    let file = founded.file("policy.toml", "[session]\nlock_after_minutes = 15\n");
    founded.told(&["policy", "publish", &file], &["one.key"], &lines(&[PASSPHRASE]));
    assert_eq!(founded.told(&["policy", "show"], &[], ""), "[session]\nlock_after_minutes = 15\n");
    let empty = founded.file("empty.toml", " \n");
    founded.refused(&["policy", "publish", &empty], &["one.key"], &lines(&[PASSPHRASE]));
}

#[test]
fn the_kit_brings_a_department_back() {
    let founded = Founded::new();
    let kit = founded.path("kit").display().to_string();
    let text = std::fs::read_to_string(&kit).unwrap();
    let groups =
        format!("root1{}", text.split("root1").nth(1).unwrap().split_whitespace().take(15).collect::<String>());
    // The drill changes nothing, from the file and as it is typed.
    assert!(founded.told(&["recover", "--drill", "--kit", &kit], &[], "").contains("Police of Nowhere"));
    founded.told(&["recover", "--drill"], &[], &lines(&[&groups.to_uppercase()]));
    let last = groups.len() - 1;
    let wrong = format!("{}{}", &groups[..last], if groups.ends_with('q') { 'p' } else { 'q' });
    assert!(founded.refused(&["recover", "--drill"], &[], &lines(&[&wrong])).contains("typing error"));
    assert!(founded.refused(&["recover", "--drill"], &[], &lines(&[&groups[..last]])).contains("57"));
    let other = Founded::new();
    let others = other.path("kit").display().to_string();
    assert!(founded.refused(&["recover", "--drill", "--kit", &others], &[], "").contains(&founded.root));
    let person = ["--badge", "4471", "--ori", "CA0190000"];
    assert!(
        founded
            .refused(&[&["recover", "--kit", &others][..], &person].concat(), &["new.key"], &lines(&[SECOND]))
            .contains(&founded.root)
    );
    // The passphrase was forgotten: the same person gets another key, and the first one signs nothing more.
    let recover = [&["recover", "--kit", &kit][..], &person].concat();
    assert!(founded.refused(&recover, &["one.key"], &lines(&[SECOND])).contains("already"));
    founded.refused(&recover, &["new.key"], &lines(&["short"]));
    assert!(!founded.path("new.key").exists());
    founded.told(&recover, &["new.key"], &lines(&[SECOND]));
    let chain = founded.chain();
    assert!(chain.newest().signed_by().recovery && chain.newest().roster().people().len() == 1);
    let (card, _) = founded.card(7, "Robbery 2");
    let add = ["roster", "add-workstation", "--card", &card];
    assert!(founded.refused(&add, &["one.key"], &lines(&[PASSPHRASE])).contains("nobody who administers"));
    founded.told(&add, &["new.key"], &lines(&[SECOND]));
    // An administrator who must go, with nobody left to sign: another one, and without the first.
    let words = ["--badge", "0009", "--ori", "CA0190000", "--name", "E. Vance", "--without", "4471"];
    let words = [&["recover"][..], &words].concat();
    founded.told(&words, &["vance.key"], &lines(&[&groups, PASSPHRASE]));
    let names: Vec<String> =
        founded.chain().newest().roster().administrators().map(|member| member.person.name.clone()).collect();
    assert_eq!(names, ["E. Vance"]);
    assert!(founded.told(&["audit", "verify"], &[], "").contains("chain whole"));
}

#[test]
fn a_department_moves_as_a_file() {
    let founded = Founded::new();
    let (path, _) = founded.card(7, "Robbery 2");
    founded.told(&["roster", "add-workstation", "--card", &path], &["one.key"], &lines(&[PASSPHRASE]));
    let chain = founded.chain();
    let (export, elsewhere) = (founded.path("export"), founded.path("elsewhere").display().to_string());
    let export = export.to_str().unwrap();
    let adopt = ["adopt", "--data", &elsewhere, "--root", &founded.root, export];
    let said = told(&adopt, "");
    assert_eq!(said.lines().last().unwrap(), format!("2 {}", chain.newest().sha256()));
    let (path, _) = founded.card(8, "Robbery 4");
    founded.told(&["roster", "add-workstation", "--card", &path], &["one.key"], &lines(&[PASSPHRASE]));
    let newer = founded.chain();
    let import = ["department", "import", "--data", &elsewhere, export];
    let said = told(&import, "");
    assert_eq!(said.lines().last().unwrap(), format!("3 {}", newer.newest().sha256()));
    assert!(told(&import, "").starts_with("0 "));
    // Half a file, and one with a byte changed, take up nothing that does not hold.
    let text = std::fs::read_to_string(export).unwrap();
    let half = founded.file("half", &text[..text.len() - 9]);
    assert_eq!(run(&["department", "import", "--data", &elsewhere, &half], "").status.code(), Some(1));
    let spoilt = founded.file("spoilt", &text.replace("Robbery 4", "Robbery 5"));
    let empty = founded.path("empty").display().to_string();
    assert_eq!(run(&["adopt", "--data", &empty, "--root", &founded.root, &spoilt], "").status.code(), Some(1));
    assert!(refused(&["roster", "show", "--data", &empty], "").contains("relay init"));
}
