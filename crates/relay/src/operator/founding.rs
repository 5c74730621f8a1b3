//! The department's root key: founding it, the recovery kit, and what only that key can do.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use catalogue::say;
use department::{
    Chain, KeySpan, Member, Person, PersonId, PersonRef, PublicKey, Role, RosterDraft, escrow, fingerprint,
};
use relay::keyfile::{self, KeyFile};
use relay::kit;
use relay::store::{Store, TakeError};
use serde_json::json;
use uuid::Uuid;

use super::arguments::{Init, KeyCommand, Recover};
use super::ask::Asking;
use super::changing::{moment, person_at, show_newest};
use super::{department, existing, made, now, text_of};

/// Refuses a path inside of the data folder: what lies there is in every backup of it.
fn outside(data: &Path, path: &Path) -> anyhow::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let folder = folder.canonicalize().with_context(|| say!("relay-cannot-use-folder", data = folder.display()))?;
    let data = data.canonicalize().with_context(|| say!("relay-cannot-use-folder", data = data.display()))?;
    ensure!(!folder.starts_with(&data), "{}", say!("relay-secret-inside-data", path = path.display()));
    ensure!(!path.exists(), "{}", say!("relay-file-already-there-not-touched", path = path.display()));
    Ok(())
}

/// Files with secrets that go again unless what they are for was done.
#[derive(Default)]
struct Written(Vec<PathBuf>);

impl Written {
    fn write(&mut self, path: &Path, text: &str) -> anyhow::Result<()> {
        keyfile::write_secret(path, text)?;
        self.0.push(path.to_owned());
        Ok(())
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        for path in &self.0 {
            drop(std::fs::remove_file(path));
        }
    }
}

fn administrator(name: String, badge: String, ori: String) -> anyhow::Result<Person> {
    let id = PersonId(Uuid::new_v4());
    let person = Person { id, name, badge, ori, roles: vec![Role::Administrator], training: None, added_by: None };
    let gaps = person.well_formed().err().into_iter().flatten();
    let gaps: Vec<String> = gaps.map(|gap| gap.missing).collect();
    ensure!(gaps.is_empty(), "{}", gaps.join(" "));
    Ok(person)
}

pub(super) fn init(init: Init, asking: &mut Asking) -> anyhow::Result<()> {
    let Init { data, department: name, name: person, badge, ori, key, kit } = init;
    made(&data)?;
    let there = |store: &mut Store| -> anyhow::Result<()> {
        let founded = store.chain()?.map(|chain| TakeError::Founded(chain.root().to_string()));
        founded.map_or(Ok(()), |error| Err(error.into()))
    };
    // Before anybody types anything.
    if data.join("relay.sqlite").is_file() {
        there(&mut Store::open(&data)?)?;
    }
    let name = asking.text(name, "--department", say!("relay-ask-department"))?;
    let person = asking.text(person, "--name", say!("relay-ask-name"))?;
    let badge = asking.text(badge, "--badge", say!("relay-ask-badge"))?;
    let person = administrator(person, badge, asking.text(ori, "--ori", say!("relay-ask-ori"))?)?;
    let path = |said: Option<PathBuf>, flag: &str, question: &str| -> anyhow::Result<PathBuf> {
        let said = said.map(|path| path.display().to_string());
        let path = PathBuf::from(asking.text(said, flag, question)?);
        outside(&data, &path)?;
        Ok(path)
    };
    let key_path = path(key, "--key", say!("relay-ask-key"))?;
    let kit_path = path(kit, "--kit", say!("relay-ask-kit"))?;
    let root = keyfile::new_key()?;
    let own = keyfile::new_key()?;
    let made_at = now();
    let span = KeySpan::new(PublicKey::of(&own), made_at.day(), None)?;
    let draft = RosterDraft {
        name: name.clone(),
        people: vec![Member { person: person.clone(), keys: vec![span] }],
        escrow: vec![escrow::recovery_kit(&root, made_at.day())],
        ..RosterDraft::default()
    };
    let version = Chain::first(&PublicKey::of(&root), draft, made_at)?;
    let document = version.signed(vec![version.sign(&root)])?;
    let passphrase = asking.new_passphrase(say!("relay-ask-passphrase"), |typed| keyfile::fits(typed, &person))?;
    let file = KeyFile::wrap(&own, &passphrase, &person)?;
    let mut written = Written::default();
    written.write(&key_path, &(file.text()? + "\n"))?;
    written.write(&kit_path, &kit::text(&name, &root, &made_at.day().to_string()))?;
    // Nothing else has the key: what lies on the disk must give it back.
    let kept = kit::read(&text_of(&kit_path)?)?;
    ensure!(kept == root, "{}", say!("relay-cannot-write", path = kit_path.display()));
    let root = PublicKey::of(&root);
    let mut store = Store::open(&data)?;
    store.found(&root, &[document], "department-founded", made_at)?;
    written.0.clear();
    println!("{}", say!("relay-founded", department = name, name = person.name, key = key_path.display()));
    let data = data.display();
    println!("{}", say!("relay-kit-written", kit = kit_path.display(), data));
    println!("{}", say!("relay-root-fingerprint", fingerprint = fingerprint(&root.to_string())));
    println!("{root}");
    Ok(())
}

pub(super) fn adopt(data: &Path, root: &str, file: &Path) -> anyhow::Result<()> {
    let root = PublicKey::read(root.trim())?;
    let text = text_of(file)?;
    let documents: Vec<&str> = text.lines().collect();
    made(data)?;
    let chain = Store::open(data)?.found(&root, &documents, "department-adopted", now())?;
    println!("{}", say!("relay-adopted", department = chain.newest().roster().content().name));
    show_newest(&chain);
    Ok(())
}

pub(super) fn recover(recover: Recover, asking: &mut Asking) -> anyhow::Result<()> {
    let Recover { data, kit, drill, name, badge, ori, key, without } = recover;
    let mut store = existing(&data)?;
    let chain = department(&mut store)?;
    let root = match &kit {
        Some(path) => kit::read(&text_of(path)?)?,
        None => kit::read(&asking.secret(say!("relay-ask-groups"))?)?,
    };
    ensure!(PublicKey::of(&root) == *chain.root(), "{}", say!("relay-kit-of-another", root = chain.root()));
    if drill {
        store.audit("operator", "kit-drill", &json!({}))?;
        println!("{}", say!("relay-kit-fits", department = chain.newest().roster().content().name));
        return Ok(());
    }
    let badge = asking.text(badge, "--badge", say!("relay-ask-badge"))?;
    let ori = asking.text(ori, "--ori", say!("relay-ask-ori"))?;
    let said = PersonRef { id: PersonId(Uuid::nil()), name: String::new(), badge: badge.clone(), ori: ori.clone() };
    let mut draft = chain.newest().roster().content().clone();
    for gone in &without {
        let at = person_at(&draft, gone)?;
        draft.people.remove(at);
    }
    let there = draft.people.iter().position(|member| member.person.reference().is_same(&said));
    let person = match there {
        Some(at) => draft.people.remove(at).person,
        None => administrator(asking.text(name, "--name", say!("relay-ask-name"))?, badge, ori)?,
    };
    let key = key.map(|path| path.display().to_string());
    let path = PathBuf::from(asking.text(key, "--key", say!("relay-ask-key"))?);
    outside(&data, &path)?;
    let own = keyfile::new_key()?;
    let made_at = moment(&chain)?;
    let mut member = Member { person, keys: vec![KeySpan::new(PublicKey::of(&own), made_at.day(), None)?] };
    if !member.person.is(Role::Administrator) {
        member.person.roles.push(Role::Administrator);
    }
    let person = member.person.clone();
    draft.people.push(member);
    let version = chain.next_roster(draft, made_at)?;
    let document = version.signed(vec![version.sign(&root)])?;
    drop(root);
    let passphrase = asking.new_passphrase(say!("relay-ask-passphrase"), |typed| keyfile::fits(typed, &person))?;
    let file = KeyFile::wrap(&own, &passphrase, &person)?;
    let mut written = Written::default();
    written.write(&path, &(file.text()? + "\n"))?;
    let chain = store.take_next(document.as_bytes(), &chain, now())?;
    written.0.clear();
    println!("{}", say!("relay-recovered", name = person.name, key = path.display()));
    show_newest(&chain);
    Ok(())
}

pub(super) fn key(command: KeyCommand, asking: &mut Asking) -> anyhow::Result<()> {
    match command {
        KeyCommand::Make { key } => {
            let own = keyfile::new_key()?;
            let nobody = Person {
                id: PersonId(Uuid::nil()),
                name: String::new(),
                badge: String::new(),
                ori: String::new(),
                roles: Vec::new(),
                training: None,
                added_by: None,
            };
            ensure!(!key.exists(), "{}", say!("relay-file-already-there-not-touched", path = key.display()));
            let passphrase =
                asking.new_passphrase(say!("relay-ask-passphrase"), |typed| keyfile::fits(typed, &nobody))?;
            let file = KeyFile::wrap(&own, &passphrase, &nobody)?;
            keyfile::write_secret(&key, &(file.text()? + "\n"))?;
            println!("{}", say!("relay-key-made", key = key.display()));
            println!("{}", file.public()?);
        }
        KeyCommand::Show { key } => println!("{}", KeyFile::open(&key)?.public()?),
    }
    Ok(())
}
