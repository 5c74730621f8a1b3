//! The department's relay: what another workstation, or whoever listens, can take from it or do to it.

use anyhow::Context;
use bech32::{Bech32, Hrp};
use department::{Card, Chain, KeySpan, Member, Moment, Person, PersonId, PublicKey, Role, RosterDraft};
use ed25519_dalek::{Signer, SigningKey};
use relay::client::{AskError, Client, Mailer};
use relay::wire::{Challenge, Claim, Mailbox, Session, session_text};
use reqwest::StatusCode;
use serde_json::{Value, json};
use service::signing::message;
use tokio::runtime::Runtime;
use uuid::Uuid;

use super::{Attack, Found};
use crate::relay::Relay;

/// Attacks of this kind.
pub const ATTACKS: &[Attack] = &[
    Attack { promise: 14, name: "fill the relay's memory with packages", play: packages },
    Attack { promise: 14, name: "open a colleague's mailbox", play: mailbox },
    Attack { promise: 14, name: "write the department's roster oneself", play: roster },
    Attack { promise: 14, name: "flood a colleague's mailbox", play: flood },
];

fn name_of(key: &SigningKey) -> String {
    hex::encode(key.verifying_key().to_bytes())
}

fn signed(key: &SigningKey, text: &str) -> String {
    hex::encode(key.sign(message(text).as_bytes()).to_bytes())
}

/// The card of a workstation with this key.
fn card_of(key: &SigningKey) -> anyhow::Result<Card> {
    let mut receives = String::new();
    bech32::encode_to_fmt::<Bech32, String>(&mut receives, Hrp::parse("age")?, key.as_bytes())?;
    Ok(Card::of(&format!("Desk {}", &name_of(key)[..8]), name_of(key), receives))
}

/// A relay with the workstations of these keys in its department's roster.
fn with_workstations(relay: Relay, keys: &[&SigningKey]) -> anyhow::Result<Relay> {
    for key in keys {
        let card = card_of(key)?;
        let read_out = relay.add_workstation(&serde_json::to_string(&card)?)?;
        anyhow::ensure!(read_out == card.fingerprint(), "another fingerprint is read out");
    }
    Ok(relay)
}

async fn begin(relay: &Relay, key: &SigningKey) -> Result<Mailer, AskError> {
    let sign = async |text: String| Ok::<_, AskError>(signed(key, &text));
    Client::new(&relay.url())?.begin(&name_of(key), sign).await
}

/// A package of so many bytes, as far as whoever cannot read it sees.
fn package(bytes: usize) -> Vec<u8> {
    let mut package = b"age-encryption.org/v1\n".to_vec();
    package.resize(bytes, 7);
    package
}

fn packages() -> anyhow::Result<Found> {
    let key = SigningKey::from_bytes(&[7; 32]);
    let relay = with_workstations(Relay::start()?, &[&key])?;
    let id = relay.id().context("not running")?;
    let most = || -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no figure")?;
        Ok(line.trim().trim_end_matches(" kB").trim().parse::<u64>()? / 1024)
    };
    let before = most()?;
    let (name, package) = (name_of(&key), package(60_000_000));
    let stored = Runtime::new()?.block_on(async {
        let mailer = begin(&relay, &key).await?;
        let puts = (0..4).map(|_| mailer.put(&name, Uuid::new_v4(), package.len() as u64, package.clone()));
        futures_util::future::try_join_all(puts).await?;
        mailer.waiting().await
    })?;
    let grown = most()?.saturating_sub(before);
    let held = stored.packages.len() == 4 && grown < 60;
    Ok(Found::held_if(held, format!("four of 60 MB at once, {} wait, {grown} MB of memory", stored.packages.len())))
}

fn mailbox() -> anyhow::Result<Found> {
    let [owner, mallory, stranger] = [7, 8, 9].map(|n| SigningKey::from_bytes(&[n; 32]));
    let relay = with_workstations(Relay::start()?, &[&owner, &mallory])?;
    let name = name_of(&owner);
    let url = format!("{}/v1", relay.url());
    let own_host = relay.url().trim_start_matches("http://").to_owned();
    let http = reqwest::Client::builder().no_proxy().build()?;
    Runtime::new()?.block_on(async {
        let claim = async |claim: &Claim| -> anyhow::Result<(StatusCode, Value)> {
            let answer = http.post(format!("{url}/sessions")).json(claim).send().await?;
            Ok((answer.status(), answer.json().await?))
        };
        let challenge = async || -> anyhow::Result<String> {
            let answer = http.post(format!("{url}/challenges")).send().await?;
            Ok(answer.json::<Challenge>().await?.challenge)
        };
        let by = async |key: &SigningKey, of: &str, host: &str| -> anyhow::Result<Claim> {
            let challenge = challenge().await?;
            let signature = signed(key, &session_text(host, &challenge));
            Ok(Claim { workstation: of.to_owned(), relay: host.to_owned(), challenge, signature })
        };
        let mut found = Vec::new();
        let mut see = |what: &str, wanted: StatusCode, got: StatusCode| found.push((what.to_owned(), wanted, got));
        let refused = StatusCode::UNAUTHORIZED;
        // With the own key in the owner's name; by nobody's card; for another relay, which passes it on.
        see("own key", refused, claim(&by(&mallory, &name, &own_host).await?).await?.0);
        see("no card", StatusCode::FORBIDDEN, claim(&by(&stranger, &name_of(&stranger), &own_host).await?).await?.0);
        let passed_on = by(&owner, &name, "relay.elsewhere.example").await?;
        see("passed on", refused, claim(&passed_on).await?.0);
        see("passed on, renamed", refused, claim(&Claim { relay: own_host.clone(), ..passed_on }).await?.0);
        // The owner's claim, overheard and sent again; with a challenge that the relay never gave.
        let theirs = by(&owner, &name, &own_host).await?;
        let (status, session) = claim(&theirs).await?;
        see("its owner", StatusCode::OK, status);
        see("overheard", refused, claim(&theirs).await?.0);
        let (begun, signature) = theirs.challenge.rsplit_once('.').context("a challenge")?;
        let made_up = format!("{}0.{signature}", &begun[..begun.len() - 1]);
        let signature = signed(&owner, &session_text(&own_host, &made_up));
        see("made up", refused, claim(&Claim { challenge: made_up, signature, ..theirs.clone() }).await?.0);
        // With a session of one's own.
        let session: Session = serde_json::from_value(session)?;
        let mallorys = begin(&relay, &mallory).await?;
        let id = Uuid::new_v4();
        mallorys.put(&name, id, 1000, package(1000)).await?;
        let (_, theirs) = claim(&by(&mallory, &name_of(&mallory), &own_host).await?).await?;
        let mallorys: Session = serde_json::from_value(theirs)?;
        let asked = async |method: reqwest::Method, path: &str, token: &str| -> anyhow::Result<StatusCode> {
            let call = http.request(method, format!("{url}/mailboxes/{path}")).bearer_auth(token);
            Ok(call.send().await?.status())
        };
        let (get, delete) = (reqwest::Method::GET, reqwest::Method::DELETE);
        for path in [name.clone(), format!("{name}/{id}")] {
            see("look", StatusCode::FORBIDDEN, asked(get.clone(), &path, &mallorys.token).await?);
            see("no session", refused, asked(get.clone(), &path, "crt_0").await?);
        }
        see("take away", StatusCode::FORBIDDEN, asked(delete, &format!("{name}/{id}"), &mallorys.token).await?);
        let kept: Mailbox =
            http.get(format!("{url}/mailboxes/{name}")).bearer_auth(&session.token).send().await?.json().await?;
        // Taken out of the roster: the session that is open ends with it.
        relay.remove_workstation(&name_of(&mallory))?;
        see("revoked", StatusCode::FORBIDDEN, asked(get, &name_of(&mallory), &mallorys.token).await?);
        let audit = relay.operate(&["audit", "verify"])?;
        let held = found.iter().all(|(_, wanted, got)| wanted == got) && kept.packages.len() == 1;
        let said: Vec<String> = found.iter().map(|(what, _, got)| format!("{what} {}", got.as_u16())).collect();
        Ok(Found::held_if(held, format!("{}; {}", json!(said), audit.trim())))
    })
}

/// Documents that a workstation makes for itself: every one is refused, and nobody is admitted by it.
fn roster() -> anyhow::Result<Found> {
    let [mallory, friend, honest] = [7, 8, 9].map(|n| SigningKey::from_bytes(&[n; 32]));
    let relay = with_workstations(Relay::start()?, &[&mallory, &honest])?;
    Runtime::new()?.block_on(async {
        let by = begin(&relay, &mallory).await?;
        let newest = Client::new(&relay.url())?.newest().await?;
        let root = PublicKey::read(&newest.department)?;
        let chain = by.department(&root, None, None).await?;
        let mut found = Vec::new();
        let mut see = |what: &str, wanted: &str, refused: Option<AskError>| {
            let got = refused.and_then(|error| Some(error.problem()?.code.clone())).unwrap_or_default();
            found.push((what.to_owned(), wanted.to_owned(), got));
        };
        let span = |key: &SigningKey| KeySpan::new(PublicKey::of(key), Moment(jiff::Timestamp::now()).day(), None);
        let person = Person {
            id: PersonId(Uuid::from_u128(7)),
            name: "M. Allory".to_owned(),
            badge: "666".to_owned(),
            ori: "CA0190000".to_owned(),
            roles: vec![Role::Administrator],
            training: None,
            added_by: None,
        };
        // The own key as an administrator's; and the workstation's key stays one, so another signs.
        let mut draft = chain.newest().roster().content().clone();
        draft.people.push(Member { person: person.clone(), keys: vec![span(&friend)?] });
        let now = || Moment(jiff::Timestamp::now());
        let next = chain.next_roster(draft, now())?;
        for (what, key) in [("by oneself", &mallory), ("by a friend who is named in it", &friend)] {
            see(what, "version-refused", by.bring(&next.signed(vec![next.sign(key)])?).await.err());
        }
        see("by nobody", "version-refused", by.bring(&next.signed(Vec::new())?).await.err());
        let draft = RosterDraft {
            name: "Police of Nowhere".to_owned(),
            people: vec![Member { person, keys: vec![span(&friend)?] }],
            ..RosterDraft::default()
        };
        let first = Chain::first(&PublicKey::of(&mallory), draft, now())?;
        see(
            "of a root of one's own",
            "version-refused",
            by.bring(&first.signed(vec![first.sign(&mallory)])?).await.err(),
        );
        see("none", "version-refused", by.bring("{}").await.err());
        see("friend", "not-admitted", begin(&relay, &friend).await.err());
        let still = Client::new(&relay.url())?.newest().await? == newest;
        // Once it is taken out, it brings nothing more and is told.
        relay.remove_workstation(&name_of(&mallory))?;
        see("revoked", "revoked", by.bring("{}").await.err());
        begin(&relay, &honest).await?;
        let held = still && found.iter().all(|(_, wanted, got)| wanted == got);
        let said: Vec<String> = found.iter().map(|(what, _, got)| format!("{what}: {got}")).collect();
        Ok(Found::held_if(held, format!("{}; {}", json!(said), relay.operate(&["audit", "verify"])?.trim())))
    })
}

/// One workstation sends as much as it can; what a third one sends arrives.
fn flood() -> anyhow::Result<Found> {
    let [owner, mallory, honest] = [7, 8, 9].map(|n| SigningKey::from_bytes(&[n; 32]));
    let limits = ["--packages-of-a-sender", "20", "--bytes-of-a-sender", "2000000", "--requests-a-minute", "100"];
    let relay = with_workstations(Relay::start_with(&limits)?, &[&owner, &mallory, &honest])?;
    Runtime::new()?.block_on(async {
        let (by, other) = (begin(&relay, &mallory).await?, begin(&relay, &honest).await?);
        let put = async |by: &Mailer, bytes: usize| {
            let put = by.put(&name_of(&owner), Uuid::new_v4(), bytes as u64, package(bytes)).await;
            put.err().and_then(|error| Some(error.problem()?.code.clone())).unwrap_or_default()
        };
        let (mut counts, mut said) = (std::collections::BTreeMap::new(), String::new());
        for n in 0..150 {
            *counts.entry(put(&by, if n % 2 == 0 { 1000 } else { 300_000 }).await).or_insert(0) += 1;
            if n % 50 == 49 {
                said = put(&other, 1000).await;
                if !said.is_empty() {
                    break;
                }
            }
        }
        let waiting = begin(&relay, &owner).await?.waiting().await?.packages.len();
        let held = said.is_empty() && counts.contains_key("sender-limit") && counts.contains_key("rate-limited");
        Ok(Found::held_if(held && waiting <= 23, format!("{counts:?}, {waiting} wait; the other's: {said:?}")))
    })
}
