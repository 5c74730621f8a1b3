//! Packages between workstations: what is due is made, sent and fetched, as often as it takes. The vault and the relay
//! both know a package by its identity, so that nothing arrives twice.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::fs::File;
use std::io::Seek;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use catalogue::say;
use relay::client::Mailer;
use serde_json::json;
use tokio::time::timeout;
use uuid::Uuid;

use casework::{Clock, NoteId};
use vault::{Card, Outgoing, PackageError, Settings, Taken, VaultError};

use crate::anchors::DEPOSIT;
use crate::clock::SystemClock;
use crate::disclose::write_out;
use crate::error::{CommandError, Outcome};
use crate::invitation::Invitation;
use crate::keep_up::SESSION_ENDED;
use crate::read_note::note_of;
use crate::settings::relay_address;
use crate::turned_away::TurnedAway;
use crate::views::{ExchangeView, WorkstationLine};
use crate::workstation::{Blocking, Workstation};

/// How long the workstation waits between two rounds when nothing calls for one.
const PAUSE: Duration = Duration::from_secs(10);

/// How often the gallery is asked what it has withdrawn from open examinations.
const ASK_WITHDRAWN: Duration = Duration::from_secs(60);

/// What the relay answers to a workstation that the department has taken out.
const REVOKED: &str = "relay-revoked";

/// What one round did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Round {
    /// Packages that reached the relay.
    pub sent: usize,
    /// Packages that were taken in.
    pub taken: usize,
    /// Packages that were fetched again after they had been taken in.
    pub again: usize,
    /// Why packages at the relay were refused, which stay there, and why others could not be made.
    pub refused: Vec<String>,
}

impl Workstation {
    /// One round: make what is due, send what was not sent, take in what waits. Whatever breaks off goes on with the
    /// next round.
    pub async fn exchange_round(&self) -> Outcome<Round> {
        let mut round = Round::default();
        let (relay, mut waiting, left) = self
            .run(|s| {
                let settings: Settings = s.with(|v| Ok(v.settings()?))?;
                let review_at = Some(settings.review_at.as_str()).filter(|key| !key.is_empty());
                let now = SystemClock.now();
                let doors = s.doors_stated_here()?;
                s.with(|v| {
                    v.send_doors(&doors, now)?;
                    let left: Vec<String> =
                        v.fill_outbox(review_at, now)?.left.iter().map(ToString::to_string).collect();
                    // For a workstation that was taken out there is no mailbox any more.
                    let there: HashSet<String> = v.workstations()?.into_iter().map(|card| card.signs).collect();
                    let waiting = v.outbox()?.into_iter();
                    let waiting = waiting.filter(|package| package.sent_at.is_none() && there.contains(&package.to));
                    // Somebody else to exchange with, or a department that is kept up with.
                    let others = !there.is_empty() || v.department().is_some();
                    let known = others && !settings.relay.is_empty();
                    Ok((known.then_some(settings.relay), waiting.collect::<VecDeque<_>>(), left))
                })
            })
            .await?;
        // Nobody to exchange with, or packages travel as files.
        let Some(relay) = relay else { return Ok(round) };
        let mut sessions = self.sessions(&relay);
        let done = loop {
            let mailer = match sessions.next().await {
                Ok(mailer) => mailer,
                away => break away.map(drop),
            };
            // Said anew where the round begins again; what was sent is no longer among what waits.
            round.refused.clone_from(&left);
            match self.whole_round(&mailer, &mut waiting, &mut round).await {
                Err(error) if sessions.goes_on_after(&error) => {}
                done => break done,
            }
        };
        if round.taken > 0 {
            self.run(|s| s.withdraw_as_told()).await?;
        }
        // Where the relay is away, what it said last still holds.
        match &done {
            Err(error) if error.code != REVOKED => {}
            answered => self.0.revoked.store(answered.is_err(), Ordering::Relaxed),
        }
        done.map(|()| round)
    }

    async fn whole_round(&self, mailer: &Mailer, waiting: &mut VecDeque<Outgoing>, round: &mut Round) -> Outcome<()> {
        match self.keep_up(mailer).await {
            Ok(news) => round.taken += news,
            Err(error) if [SESSION_ENDED, REVOKED].contains(&error.code.as_str()) => return Err(error),
            // What is known of the department stays, and packages go on.
            Err(error) => round.refused.push(error.message),
        }
        self.round_with(mailer, waiting, round).await?;
        // Last, so that what this round put on record is in the log too.
        match self.ledger_round(mailer).await {
            Ok(said) => round.refused.extend(said),
            Err(error) if [SESSION_ENDED, REVOKED].contains(&error.code.as_str()) => return Err(error),
            // What was sent and taken in stands, whatever the log says.
            Err(error) => round.refused.push(error.message),
        }
        Ok(())
    }

    pub(crate) async fn round_with(
        &self,
        mailer: &Mailer,
        waiting: &mut VecDeque<Outgoing>,
        round: &mut Round,
    ) -> Outcome<()> {
        while let Some(package) = waiting.front() {
            let id = package.id;
            let (length, file) = self.run(move |s| s.spooled(id)).await?;
            mailer.put(&package.to, id, length, tokio::fs::File::from(file)).await?;
            self.run(move |s| s.with(|v| Ok(v.package_sent(id, "relay", SystemClock.now())?))).await?;
            waiting.pop_front();
            round.sent += 1;
        }
        for package in mailer.waiting().await?.packages {
            let known = self
                .run(|s| s.with(|v| Ok((v.department().map(|chain| chain.newest().number()), v.workstations()?.len()))))
                .await?;
            let refused = self.turned_away().why(package.package_id, known, Instant::now());
            if let Some(why) = refused {
                round.refused.push(why);
                continue;
            }
            let mut file = tokio::fs::File::from(self.run(|s| s.with(|v| Ok(v.spool()?))).await?);
            mailer.fetch(package.package_id, &mut file).await?;
            let mut file = file.into_std().await;
            match self.run(move |s| s.take_package(file.rewind().map(|()| file))).await {
                Ok(Taken::Already) => round.again += 1,
                // On record here, and not to come again.
                Ok(Taken::Void(why)) => {
                    round.taken += 1;
                    round.refused.push(why);
                }
                Ok(_) => round.taken += 1,
                Err(error) if error.code == "package" => {
                    self.turned_away().refused(package.package_id, known, &error.message, Instant::now());
                    round.refused.push(error.message);
                    continue;
                }
                Err(error) => return Err(error),
            }
            self.turned_away().taken();
            mailer.take_away(package.package_id).await?;
        }
        Ok(())
    }

    fn turned_away(&self) -> MutexGuard<'_, TurnedAway> {
        self.0.turned_away.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Rounds from the first sign-in for as long as the window is open; `tell` hears when something came in or left.
    pub async fn exchange(self, tell: impl Fn()) {
        let mut asked: Option<Instant> = None;
        let mut anchored: Option<Instant> = None;
        loop {
            // The vault is open while somebody is signed in; whoever signs in wakes this.
            if !self.run(|s| Ok(s.is_open())).await.unwrap_or(false) {
                self.0.exchange_due.notified().await;
                tell();
                continue;
            }
            let round = self.exchange_round().await;
            let mut moved = match &round {
                Ok(round) => round.sent + round.taken > 0,
                Err(_) => false,
            };
            let due = self.0.withdrawn_due.swap(false, Ordering::Relaxed);
            if due || asked.is_none_or(|at| at.elapsed() > ASK_WITHDRAWN) {
                // A gallery that is away is asked again.
                if let Ok(changed) = self.ask_withdrawn().await {
                    moved |= changed;
                    asked = Some(Instant::now());
                }
            }
            let due = self.0.anchor_due.load(Ordering::Relaxed) || anchored.is_none_or(|at| at.elapsed() > DEPOSIT);
            // A head that does not arrive is deposited with a later round.
            if due && let Ok(changed) = self.anchor_there().await {
                moved |= changed;
                anchored = Some(Instant::now());
                self.0.anchor_due.store(false, Ordering::Relaxed);
            }
            moved |= self.tell_due().await;
            moved |= self.back_up_when_due().await;
            let trouble = match round {
                Ok(round) => round.refused.into_iter().next().unwrap_or_default(),
                // Whoever was signed in locked the window meanwhile, or was taken out of the department.
                Err(error) if error.code == "signed-out" => {
                    tell();
                    continue;
                }
                Err(error) => error.message,
            };
            let changed = self.0.exchange_trouble.lock().is_ok_and(|mut slot| {
                let changed = *slot != trouble;
                *slot = trouble;
                changed
            });
            if moved || changed {
                tell();
            }
            // Woken, or after the pause: both begin the next round.
            let _ = timeout(PAUSE, self.0.exchange_due.notified()).await;
        }
    }
}

impl Blocking<'_> {
    /// Statements of doors that were made here; none while the vault waits to be let into a department.
    fn doors_stated_here(&self) -> Outcome<Vec<String>> {
        self.at_entrance(|entrance, _| Ok(entrance.stated_here()?))
    }

    /// Takes one package in; a refusal is on record.
    fn take_package(&self, package: std::io::Result<File>) -> Outcome<Taken> {
        let now = SystemClock.now();
        let package = package
            .map_err(|e| CommandError::new("unreadable", say!("workstation-file-cannot-read-nothing-taken-2", e)))?;
        let taken = self.with(|v| {
            Ok(v.take_package(package, now).inspect_err(|error| {
                let detail = json!({ "code": error.code(), "message": error.to_string() });
                let refused = matches!(error, VaultError::Package(_));
                if let Some(Err(error)) = refused.then(|| v.record(None, now, "package-refused", &detail)) {
                    tracing::error!(%error, "a refusal could not be written to the audit");
                }
            })?)
        })?;
        if matches!(taken, Taken::Door(_)) {
            self.open_doors()?;
        }
        Ok(taken)
    }

    /// A package of the outbox in a file without a name, with its length.
    fn spooled(&self, id: Uuid) -> Outcome<(u64, File)> {
        let unkept = |source| CommandError::from(VaultError::Folder { path: self.folder.clone(), source });
        let mut file = self.with(|v| {
            let file = v.spool()?;
            v.package(id, &file)?;
            Ok(file)
        })?;
        let length = file.stream_position().map_err(unkept)?;
        file.rewind().map_err(unkept)?;
        Ok((length, file))
    }

    /// Has the gallery asked soon what it has withdrawn.
    pub fn ask_soon(&self) {
        self.withdrawn_due.store(true, Ordering::Relaxed);
        self.exchange_due.notify_one();
    }

    /// What the settings show of the exchange.
    pub fn exchange_view(&self) -> Outcome<ExchangeView> {
        let (own_id, settings, taken_out, lists, of) = self.look_as(|v, person, now| {
            let settings: Settings = v.settings()?;
            let lists = (v.card(&settings.workstation), v.workstations()?, v.outbox()?);
            let of = v.department().map(|chain| {
                let roster = chain.newest().roster();
                let keys: BTreeSet<String> =
                    roster.content().workstations.iter().map(|w| w.signs.key().to_string()).collect();
                let administrators: Vec<_> = roster.administrators().map(|member| member.person.reference()).collect();
                ((*chain.root(), roster.content().name.clone()), keys, administrators)
            });
            Ok((person.id, settings, self.is_taken_out(v, now), lists, of))
        })?;
        let (root, of_department, administrators) =
            of.map_or_else(Default::default, |(root, keys, administrators)| (Some(root), keys, administrators));
        let (own, others, outbox) = lists;
        let line = |card: Card| {
            let ours = of_department.contains(&card.signs);
            WorkstationLine::of(card, ours)
        };
        let invitation = match (&root, settings.relay.is_empty()) {
            (Some((root, name)), false) => Some(Invitation::of(name, root, &settings.relay).text()?),
            _ => None,
        };
        let trouble = self.exchange_trouble.lock().map(|slot| slot.clone()).unwrap_or_default();
        Ok(ExchangeView {
            name: settings.workstation,
            fingerprint: own.fingerprint(),
            card: vault::canonical(&own)?,
            others: others.into_iter().map(line).collect(),
            review_at: settings.review_at,
            relay: settings.relay,
            waiting: outbox.iter().filter(|package| package.sent_at.is_none()).count(),
            sent: outbox.iter().filter(|package| package.sent_at.is_some()).count(),
            trouble,
            invitation,
            root: root.as_ref().map(|(root, _)| root.to_string()),
            root_fingerprint: root.map(|(root, _)| department::fingerprint(&root.to_string())),
            seconds: administrators.into_iter().filter(|person| person.id != own_id).collect(),
            taken_out,
        })
    }

    /// Names this workstation, where its notes are reviewed (empty is here), and the relay (empty for files).
    pub fn save_exchange(&self, name: &str, review_at: &str, relay: &str) -> Outcome<()> {
        let relay = relay_address(relay)?;
        self.act_as(|v, person, now| {
            person.may_administer()?;
            if !review_at.is_empty() && v.workstations()?.iter().all(|card| card.signs != review_at) {
                return Err(VaultError::from(PackageError::NoSuchWorkstation).into());
            }
            let (workstation, review_at) = (name.trim().to_owned(), review_at.to_owned());
            let settings = Settings { relay, workstation, review_at, ..v.settings()? };
            Ok(v.set_settings(&settings, Some(&person.reference()), now)?)
        })?;
        self.exchange_due.notify_one();
        Ok(())
    }

    /// Adds a workstation of another department by the card that was pasted: packages travel between the two, and no people.
    pub fn add_workstation(&self, card: &str) -> Outcome<()> {
        let card = vault::read_card(card).map_err(VaultError::from);
        self.act_as(|v, person, now| {
            person.may_administer()?;
            Ok(v.add_workstation(&card?, &person.reference(), now)?)
        })?;
        self.exchange_due.notify_one();
        Ok(())
    }

    /// Writes the department's documents as a file, from which a relay takes them up: a line each, version 1 first.
    pub fn write_department(&self, path: &Path) -> Outcome<()> {
        let documents = self.act_as(|v, person, now| {
            person.may_administer()?;
            let documents = v.documents()?;
            let detail = json!({ "versions": documents.len() });
            v.record(Some(&person.reference()), now, "department-written", &detail)?;
            Ok(documents)
        })?;
        let text: String = documents.iter().map(|document| format!("{}\n", document.trim_end())).collect();
        write_out(path, &mut text.as_bytes())
    }

    /// Writes the package of a note as a file.
    pub fn write_package(&self, note: NoteId, to: &str, path: &Path) -> Outcome<()> {
        let id = self.act_as(|v, person, now| {
            note_of(v, note, person)?;
            let id = v.pack_note(note, to, now)?;
            let detail = json!({ "package": id, "note": note });
            v.record(Some(&person.reference()), now, "package-written", &detail)?;
            Ok(id)
        })?;
        self.write_spooled(id, path)
    }

    /// Writes reviews that wait to go back as files into a folder; gives how many.
    pub fn write_reviews(&self, folder: &Path) -> Outcome<usize> {
        self.person()?;
        // Each package is an act of its own: what keeps one back keeps no other.
        let waiting = self.with(|v| match v.fill_outbox(None, SystemClock.now())?.left.into_iter().next() {
            Some(error) => Err(error.into()),
            None => Ok(v.outbox()?),
        })?;
        let mut written = 0;
        for package in waiting.into_iter().filter(|package| package.sent_at.is_none()) {
            let detail = json!({ "package": package.id, "about": package.about });
            self.act_as(|v, person, now| Ok(v.record(Some(&person.reference()), now, "package-written", &detail)?))?;
            self.write_spooled(package.id, &folder.join(format!("{}.age", package.id)))?;
            written += 1;
        }
        Ok(written)
    }

    /// Writes a package of the outbox as a file; from then on it was sent.
    fn write_spooled(&self, id: Uuid, path: &Path) -> Outcome<()> {
        write_out(path, &mut self.spooled(id)?.1)?;
        self.with(|v| Ok(v.package_sent(id, "file", SystemClock.now())?))
    }

    /// Takes an offered package in: [`Blocking::open_package`].
    pub fn open_offered_package(&self, index: usize) -> Outcome<String> {
        self.open_package(&self.offered_path(index)?)
    }

    /// Takes a package from a file in.
    pub fn open_package(&self, path: &Path) -> Outcome<String> {
        self.person()?;
        Ok(match self.take_package(File::open(path))? {
            Taken::Already => say!("workstation-package-taken-before-nothing-changed").to_owned(),
            Taken::Note(_) => say!("workstation-note-taken-waits-review").to_owned(),
            Taken::Review(..) => say!("workstation-review-taken").to_owned(),
            Taken::Case(_) => say!("workstation-case-taken").to_owned(),
            Taken::Door(_) => say!("workstation-door-taken").to_owned(),
            Taken::Asked => say!("workstation-comparison-taken-waits").to_owned(),
            Taken::Events => say!("workstation-events-taken").to_owned(),
            Taken::Told => say!("workstation-verification-news-taken").to_owned(),
            Taken::Void(why) => say!("workstation-package-void", why),
        })
    }
}
