//! Joining a department: a new workstation waits until an administrator has let it in and the doors of the department's people
//! have come. Nothing of a case is there before.

use catalogue::say;
use department::{Card, PublicKey};
use relay::client::Mailer;
use std::collections::VecDeque;

use casework::Clock;
use vault::{SecretService, Settings, VaultError};

use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome, stopped};
use crate::exchange::Round;
use crate::invitation::Invitation;
use crate::views::JoinView;
use crate::workstation::{Blocking, Workstation};

/// What the relay answers to a workstation that is not in the roster.
const NOT_ADMITTED: &str = "relay-not-admitted";

impl Workstation {
    /// Goes on joining: is the workstation let in, and have people come? Asked again and again while the screen waits.
    ///
    /// # Errors
    /// `unknown` where nothing is joined. What keeps it from going on is told in the view.
    pub async fn go_on_joining(&self) -> Outcome<JoinView> {
        // One at a time: the screen asks faster than a relay may answer.
        let _alone = self.0.joining.lock().await;
        let Some(before) = self.run(|s| s.joining()).await? else {
            return Err(VaultError::Unknown("joining").into());
        };
        match self.join_once(&before).await {
            Ok(()) => {}
            Err(error) if error.code == NOT_ADMITTED => {}
            Err(error) => return Ok(JoinView { trouble: error.message, ..before }),
        }
        Ok(self.run(|s| s.joining()).await?.unwrap_or(JoinView { joined: true, ..before }))
    }

    async fn join_once(&self, view: &JoinView) -> Outcome<()> {
        let root = PublicKey::read(&view.root).map_err(VaultError::from)?;
        let mut sessions = self.sessions(&view.relay);
        loop {
            match self.department_and_doors(&sessions.next().await?, root).await {
                Err(error) if sessions.goes_on_after(&error) => {}
                done => break done?,
            }
        }
        self.run(|s| s.end_joining()).await
    }

    /// What the department signed, and the doors of its people that have come.
    async fn department_and_doors(&self, mailer: &Mailer, root: PublicKey) -> Outcome<()> {
        if self.run(|s| s.with(|v| Ok(v.department().is_none()))).await? {
            let (_, documents) = mailer.department_with_documents(&root, None, None).await?;
            let now = SystemClock.now();
            self.run(move |s| s.with(|v| Ok(v.found(&root, &documents, None, now)?))).await?;
        } else {
            self.keep_up(mailer).await?;
        }
        self.round_with(mailer, &mut VecDeque::new(), &mut Round::default()).await
    }
}

impl Blocking<'_> {
    /// Begins to join the department of an invitation, under the name by which others will know this workstation.
    pub fn begin_joining(&self, invitation: &str, name: &str) -> Outcome<()> {
        if !self.people()?.is_empty() {
            return Err(CommandError::new("named", say!("workstation-people-already-sign")));
        }
        let (invitation, root) = Invitation::read(invitation)?;
        let name = name.trim();
        if name.is_empty() {
            return Err(CommandError::new("workstation-name", say!("workstation-name-first")));
        }
        let now = SystemClock.now();
        self.at_entrance(|entrance, slot| {
            // Another invitation than before: nothing of the earlier one stays.
            *slot = None;
            entrance.give_up_joining()?;
            let vault = slot.insert(entrance.join(&SecretService)?);
            vault.set_policy(&self.policy().sha256, now)?;
            let settings = Settings {
                workstation: name.to_owned(),
                relay: invitation.relay.clone(),
                joining: root.to_string(),
                joining_name: invitation.name.clone(),
                ..Settings::default()
            };
            Ok(vault.set_settings(&settings, None, now)?)
        })
    }

    /// Ends it: this workstation founds a department of its own, or joins another one.
    pub fn give_up_joining(&self) -> Outcome<()> {
        self.at_entrance(|entrance, slot| {
            if entrance.is_joining()? {
                *slot = None;
                entrance.give_up_joining()?;
            }
            Ok(())
        })
    }

    /// How far joining is; none where this workstation does not wait to be let in.
    pub fn joining(&self) -> Outcome<Option<JoinView>> {
        self.at_entrance(|entrance, slot| {
            if !entrance.is_joining()? {
                return Ok(None);
            }
            let vault = match slot {
                Some(vault) => vault,
                // The program was started again meanwhile.
                empty => empty.insert(entrance.join(&SecretService)?),
            };
            let settings = vault.settings()?;
            let card: Card = vault.card(&settings.workstation);
            Ok(Some(JoinView {
                department: settings.joining_name,
                root_fingerprint: department::fingerprint(&settings.joining),
                root: settings.joining,
                relay: settings.relay,
                fingerprint: card.fingerprint(),
                card: vault::canonical(&card)?,
                let_in: vault.department().is_some(),
                joined: false,
                trouble: String::new(),
            }))
        })
    }

    /// The vault closes once people can open it.
    fn end_joining(&self) -> Outcome<()> {
        let now = SystemClock.now();
        self.open_doors()?;
        self.at_entrance(|entrance, slot| {
            if entrance.is_joining()? {
                return Ok(());
            }
            let vault = slot.as_mut().ok_or_else(stopped)?;
            vault.keep_highest_seen(&SecretService)?;
            let settings = Settings { joining: String::new(), joining_name: String::new(), ..vault.settings()? };
            vault.set_settings(&settings, None, now)?;
            Ok(())
        })?;
        if self.joining()?.is_none() {
            // By whose rules the first of them signs in.
            self.work_by_the_departments()?;
            let known = self.at_entrance(|entrance, _| Ok(entrance.people()?))?;
            if let Some(first) = known.first() {
                self.hold_provider(&first.person)?;
            }
            self.behind.close();
        }
        Ok(())
    }
}
