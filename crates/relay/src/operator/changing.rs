//! Changes of the roster and the policy: each is the next version, signed as the chain asks.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, bail, ensure};
use catalogue::say;
use department::{
    Card, Chain, Day, KeySpan, Member, Moment, Person, PersonId, PublicKey, Recipient, Role, RosterDraft, Training,
    Version, Witness, Workstation,
};
use jiff::SignedDuration;
use relay::keyfile::KeyFile;
use relay::store::AHEAD;
use uuid::Uuid;

use super::arguments::{Change, PolicyCommand, Purpose, RoleName, RosterCommand, Trained};
use super::ask::Asking;
use super::{department, existing, now, text_of};

/// When the next version is made: now, or just after the newest one where that was made by a clock that is a little ahead.
pub(super) fn moment(chain: &Chain) -> anyhow::Result<Moment> {
    let (now, newest) = (now(), chain.newest().made_at());
    let ahead = newest.0.duration_since(now.0);
    ensure!(ahead < AHEAD, "{}", say!("relay-clock-is-behind", made_at = newest, now));
    Ok(if ahead.is_negative() { now } else { Moment(newest.0 + SignedDuration::from_secs(1)) })
}

/// Number and hash of the newest version.
pub(super) fn show_newest(chain: &Chain) {
    println!("{} {}", chain.newest().number(), chain.newest().sha256());
}

/// Where somebody stands in the draft, by badge or identity.
pub(super) fn person_at(draft: &RosterDraft, said: &str) -> anyhow::Result<usize> {
    let id = said.parse::<PersonId>().ok();
    let is = |member: &&Member| match id {
        Some(id) => member.person.id == id,
        None => member.person.badge.eq_ignore_ascii_case(said.trim()),
    };
    ensure!(draft.people.iter().filter(is).count() < 2, "{}", say!("relay-two-people-of-that-badge", badge = said));
    let at = draft.people.iter().position(|member| is(&member));
    at.with_context(|| say!("relay-nobody-of-that-badge", badge = said))
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Examiner => Role::Examiner,
            RoleName::Supervisor => Role::Supervisor,
            RoleName::Auditor => Role::Auditor,
            RoleName::Administrator => Role::Administrator,
        }
    }
}

fn roles(names: &[RoleName]) -> Vec<Role> {
    let once: BTreeSet<Role> = names.iter().map(|name| Role::from(*name)).collect();
    once.into_iter().collect()
}

fn training(trained: &Trained, today: Day) -> anyhow::Result<Option<Training>> {
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    let read = Training::read(&part(&trained.course), &part(&trained.trained_on), &part(&trained.proficiency), today);
    read.map_err(|gaps| anyhow::anyhow!(gaps.into_iter().map(|gap| gap.missing).collect::<Vec<_>>().join(" ")))
}

/// A key that counts from today on; one that somebody has already keeps its days.
fn span(public: &str, today: Day, before: &[KeySpan]) -> anyhow::Result<KeySpan> {
    let key = PublicKey::read(public.trim())?;
    match before.iter().find(|span| *span.key() == key) {
        Some(span) => Ok(*span),
        None => Ok(KeySpan::new(key, today, None)?),
    }
}

/// The document of `version`, signed by the key files as the chain asks.
fn signed(chain: &Chain, version: &Version, keys: &[PathBuf], asking: &Asking) -> anyhow::Result<String> {
    let wanted = chain.signers(version);
    ensure!(wanted.count > 0, "{}", say!("relay-only-the-kit-signs"));
    let roster = chain.newest().roster();
    let (mut files, mut counted) = (Vec::new(), BTreeSet::new());
    for path in keys {
        let file = KeyFile::open(path).with_context(|| path.display().to_string())?;
        let holder = roster.holder(&file.public()?).filter(|(member, _)| member.person.is(Role::Administrator));
        let (member, _) = holder.with_context(|| say!("relay-key-of-no-administrator", path = path.display()))?;
        let id = member.person.id;
        if !wanted.except.contains(&id) {
            counted.insert(id);
        }
        files.push((path, file));
    }
    if counted.len() < wanted.count {
        let (count, found) = (wanted.count, counted.len());
        if wanted.except.is_empty() {
            bail!(say!("relay-more-must-sign", count, found));
        }
        bail!(say!("relay-others-must-sign", count, found));
    }
    let mut signatures = Vec::new();
    for (path, file) in files {
        let passphrase = asking.secret(&say!("relay-passphrase-of", path = path.display()))?;
        signatures.push(version.sign(&file.unwrap(&passphrase).with_context(|| path.display().to_string())?));
    }
    Ok(version.signed(signatures)?)
}

/// Makes the next version of what `next` says, and takes it.
fn change(
    change: &Change,
    asking: &Asking,
    next: impl FnOnce(&Chain, Moment) -> anyhow::Result<Version>,
) -> anyhow::Result<()> {
    let mut store = existing(&change.data)?;
    let chain = department(&mut store)?;
    let version = next(&chain, moment(&chain)?)?;
    let document = signed(&chain, &version, &change.keys, asking)?;
    show_newest(store.take_next(document.as_bytes(), &chain, now())?.as_ref());
    Ok(())
}

/// The same for a roster: what `edit` makes of the newest.
pub(super) fn edit(
    how: &Change,
    asking: &Asking,
    edit: impl FnOnce(&mut RosterDraft, Day) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    change(how, asking, |chain, made_at| {
        let mut draft = chain.newest().roster().content().clone();
        edit(&mut draft, made_at.day())?;
        Ok(chain.next_roster(draft, made_at)?)
    })
}

pub(super) fn roster(command: RosterCommand, asking: &mut Asking) -> anyhow::Result<()> {
    match command {
        RosterCommand::Show { data } => show(department(&mut existing(&data)?)?.as_ref()),
        RosterCommand::AddPerson { change, name, badge, ori, roles: names, trained, public } => {
            edit(&change, asking, |draft, today| {
                let training = training(&trained, today)?;
                let keys = public.iter().map(|key| span(key, today, &[])).collect::<anyhow::Result<_>>()?;
                let (id, roles) = (PersonId(Uuid::new_v4()), roles(&names));
                let person = Person { id, name, badge, ori, roles, training, added_by: None };
                println!("{}", say!("relay-person-added", name = person.name, badge = person.badge, id));
                draft.people.push(Member { person, keys });
                Ok(())
            })
        }
        RosterCommand::ChangePerson { change, person, roles: names, trained, public } => {
            edit(&change, asking, |draft, today| {
                let at = person_at(draft, &person)?;
                let member = &mut draft.people[at];
                if !names.is_empty() {
                    member.person.roles = roles(&names);
                }
                if let Some(training) = training(&trained, today)? {
                    member.person.training = Some(training);
                }
                if let Some(key) = &public {
                    member.keys = vec![span(key, today, &member.keys)?];
                }
                Ok(())
            })
        }
        RosterCommand::RemovePerson { change, person } => edit(&change, asking, |draft, _| {
            let at = person_at(draft, &person)?;
            draft.people.remove(at);
            Ok(())
        }),
        RosterCommand::AddWorkstation { change, card } => {
            let card = Card::read(&text_of(&card)?).context(say!("relay-no-workstation-card-copy-whole"))?;
            println!("{}", say!("relay-workstation-fingerprint", name = card.name, fingerprint = card.fingerprint()));
            edit(&change, asking, |draft, today| {
                let key = PublicKey::read(&card.signs)?;
                let named = draft.workstations.iter().position(|known| *known.signs.key() == key);
                // One of the same key gets the new name.
                let signs = match named {
                    Some(at) => draft.workstations.remove(at).signs,
                    None => KeySpan::new(key, today, None)?,
                };
                draft.workstations.push(Workstation { name: card.name, signs, receives: card.receives });
                Ok(())
            })
        }
        RosterCommand::AddKey { change, purpose, name, public } => edit(&change, asking, |draft, today| {
            let recipient = |name| Recipient { name, receives: public.trim().to_owned(), from: today, until: None };
            match purpose {
                Purpose::Auditors => draft.auditors.push(recipient(name)),
                Purpose::Escrow => draft.escrow.push(recipient(name)),
                Purpose::Witness => draft.witnesses.push(Witness { name, signs: span(&public, today, &[])? }),
            }
            Ok(())
        }),
        RosterCommand::RemoveKey { change, purpose, name } => edit(&change, asking, |draft, _| {
            let RosterDraft { auditors, escrow, witnesses, .. } = draft;
            let before = auditors.len() + escrow.len() + witnesses.len();
            match purpose {
                Purpose::Auditors => auditors.retain(|key| key.name != name),
                Purpose::Escrow => escrow.retain(|key| key.name != name),
                Purpose::Witness => witnesses.retain(|key| key.name != name),
            }
            let after = auditors.len() + escrow.len() + witnesses.len();
            ensure!(after < before, "{}", say!("relay-no-such-key", name));
            Ok(())
        }),
        RosterCommand::RemoveWorkstation { change, workstation } => edit(&change, asking, |draft, _| {
            let is = |known: &Workstation| known.name == workstation || known.signs.key().to_string() == workstation;
            let at = draft.workstations.iter().position(is);
            let at = at.with_context(|| say!("relay-no-such-workstation", workstation))?;
            draft.workstations.remove(at);
            Ok(())
        }),
    }
}

/// One line a person, workstation and key, fields parted by tabs.
fn show(chain: &Chain) -> anyhow::Result<()> {
    let content = chain.newest().roster().content();
    let days = |span: &KeySpan| match span.until() {
        Some(until) => format!("{} {}..{until}", span.key(), span.from()),
        None => format!("{} {}..", span.key(), span.from()),
    };
    println!("department\t{}\t{}", content.name, chain.root());
    for Member { person, keys } in &content.people {
        let roles: Vec<&str> = person.roles.iter().map(|role| role.in_words()).collect();
        let keys: Vec<String> = keys.iter().map(days).collect();
        let Person { id, name, badge, ori, .. } = person;
        println!("person\t{badge}\t{ori}\t{name}\t{}\t{id}\t{}", roles.join(", "), keys.join(", "));
    }
    for workstation in &content.workstations {
        let Workstation { name, signs, receives } = workstation;
        let card = Card::of(name, signs.key().to_string(), receives.clone());
        println!("workstation\t{name}\t{}\t{}", days(signs), card.fingerprint());
    }
    for (purpose, keys) in [("auditors", &content.auditors), ("escrow", &content.escrow)] {
        for Recipient { name, receives, from, until } in keys {
            let until = until.map(|until| until.to_string()).unwrap_or_default();
            println!("{purpose}\t{name}\t{receives} {from}..{until}");
        }
    }
    for Witness { name, signs } in &content.witnesses {
        println!("witness\t{name}\t{}", days(signs));
    }
    show_newest(chain);
    Ok(())
}

pub(super) fn policy(command: PolicyCommand, asking: &mut Asking) -> anyhow::Result<()> {
    match command {
        PolicyCommand::Show { data } => {
            let chain = department(&mut existing(&data)?)?;
            let policy = chain.newest().policy().context(say!("relay-no-policy-yet"))?;
            print!("{}", policy.text());
            Ok(())
        }
        PolicyCommand::Publish { change: how, file } => {
            let text = text_of(&file)?;
            change(&how, asking, |chain, made_at| Ok(chain.next_policy(text, made_at)?))
        }
    }
}
