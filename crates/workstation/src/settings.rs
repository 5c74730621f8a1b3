//! The gallery's address and token, the theme, and the roll-out of a workstation without a window.

use catalogue::say;
use gallery_api::client::Client;
use serde_json::json;
use uuid::Uuid;

use casework::{CaseFile, CaseId, Clock, Moment, Person, PersonRef};
use faces::{Manifest, Task};
use vault::{Admission, Due, KeyStore, Second, SecretService, Settings, Vault, VaultError};

use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome};
use crate::views::{GalleryView, SettingsForm, SettingsView};
use crate::workstation::{Blocking, Workstation};

/// Name under which the gallery's token rests in the secret store.
fn token_name(address: &str) -> String {
    format!("gallery-token {}", address.trim().trim_end_matches('/'))
}

/// A relay's address as it is kept, if it is one; empty is none.
pub(crate) fn relay_address(typed: &str) -> Outcome<String> {
    let address = typed.trim().trim_end_matches('/');
    if !address.is_empty() {
        relay::client::Client::new(address)?;
    }
    Ok(address.to_owned())
}

fn store_settings(
    v: &mut Vault,
    gallery: String,
    token: &str,
    (by, now): (&PersonRef, Moment),
    further: impl FnOnce(&mut Settings),
) -> Outcome<()> {
    if !gallery.is_empty() {
        Client::new(&gallery, token)?;
        if !token.trim().is_empty() {
            SecretService.set(&token_name(&gallery), token.trim()).map_err(VaultError::from)?;
        }
    }
    let mut settings = Settings { gallery, ..v.settings()? };
    further(&mut settings);
    Ok(v.set_settings(&settings, Some(by), now)?)
}

impl Workstation {
    /// What the gallery says of itself.
    ///
    /// # Errors
    /// When none is set, or it does not answer.
    pub async fn gallery(&self) -> Outcome<GalleryView> {
        let client = self.run(|s| s.person().and_then(|_| s.client())).await?;
        let manifest = Manifest::locate()?;
        let model = &manifest.model(Task::Embedding, None)?.id;
        let info = client.info().await?;
        let model_fits = info.models.iter().any(|m| m.id == *model);
        self.run(move |s| s.gallery_tested(model_fits)).await?;
        Ok(GalleryView {
            subjects: info.subjects,
            templates: info.templates,
            model_fits,
            models: info.models.into_iter().map(|m| m.id).collect(),
        })
    }
}

impl Blocking<'_> {
    /// The settings as the screen shows them.
    pub fn settings(&self) -> Outcome<SettingsView> {
        self.who()?;
        let settings = self.with(|v| Ok(v.settings()?))?;
        let token = SecretService.get(&token_name(&settings.gallery)).map_err(VaultError::from)?;
        Ok(SettingsView {
            token_set: token.is_some(),
            gallery: settings.gallery,
            theme: settings.theme,
            letter_keys_off: settings.letter_keys_off,
        })
    }

    /// Stores the gallery's address, its token if one was typed, the theme, and whether keys of one letter are off.
    pub fn save_settings(&self, form: &SettingsForm) -> Outcome<SettingsView> {
        let token = self.envelope.open(&form.token)?;
        let gallery = form.gallery.trim().trim_end_matches('/').to_owned();
        self.act_as(|v, person, now| {
            if v.settings()?.gallery != gallery || !token.trim().is_empty() {
                person.may_administer()?;
            }
            store_settings(v, gallery, &token, (&person.reference(), now), |settings| {
                settings.theme.clone_from(&form.theme);
                settings.letter_keys_off = form.letter_keys_off;
            })
        })?;
        self.settings()
    }

    /// What a department's roll-out sets without a window: gallery and token, the relay if one is named, and, on a vault that
    /// has none, its people and a case of the first of them to begin with. Returns the enrolment code of each person that it
    /// named. A workstation that has people is changed only by an administrator: `admin` is their badge, passphrase and the code
    /// of their second factor.
    pub fn provision(
        &self,
        gallery: &str,
        token: &str,
        relay: Option<&str>,
        people: Vec<serde_json::Value>,
        case: Option<serde_json::Value>,
        admin: Option<(&str, &str, &str)>,
    ) -> Outcome<Vec<(PersonRef, String)>> {
        let malformed = |e: serde_json::Error| CommandError::new("provision", say!("workstation-file-malformed", e));
        let now = SystemClock.now();
        if !self.people()?.is_empty() {
            let nobody = || CommandError::new("provision", say!("workstation-people-already-name-administrator-admin"));
            let (badge, passphrase, code) = admin.ok_or_else(nobody)?;
            let by = self.come_in(badge, passphrase, Second::Code(code), "provisioned")?;
            let changed = match by.may_administer() {
                Ok(()) => self.roll_out(gallery, token, relay, &by.reference()),
                Err(_) => Err(nobody()),
            };
            self.behind.close();
            return changed.map(|()| Vec::new());
        }
        let people =
            people.into_iter().map(serde_json::from_value).collect::<Result<Vec<Person>, _>>().map_err(malformed)?;
        let first = people.first();
        let by = first
            .ok_or_else(|| CommandError::new("provision", say!("workstation-name-person-person-first")))?
            .reference();
        let case = case
            .map(|case| -> Outcome<CaseFile> {
                let mut file = CaseFile::begin(CaseId(Uuid::new_v4()), by.clone());
                file.edit_purpose(serde_json::from_value(case).map_err(malformed)?)?;
                Ok(file)
            })
            .transpose()?;
        let admitted = self.at_entrance(|entrance, slot| {
            let (vault, admitted) = self.begin(entrance, people)?;
            *slot = Some(vault);
            Ok(admitted)
        })?;
        self.roll_out(gallery, token, relay, &by)?;
        if let Some(file) = case {
            let event = Some(("case-begun", json!({ "case": file.id, "by": "provision" })));
            self.with(|v| Ok(v.put_case(file.id, &file, &by, now, event)?))?;
        }
        // Admitted last: a vault that nobody was admitted to is begun again.
        let codes = self.at_entrance(|entrance, _| {
            let admit = |(person, admission): &(Person, Admission)| {
                Ok((person.reference(), entrance.admit(admission, &SecretService, now)?))
            };
            admitted.iter().map(admit).collect()
        });
        self.behind.close();
        codes
    }

    /// Opens the vault for an exchange of packages without a window. A second factor is not asked for: nothing is shown and
    /// nothing is decided.
    pub fn open_for_exchange(&self, badge: &str, passphrase: &str) -> Outcome<()> {
        self.come_in(badge, passphrase, Second::NotAsked, "exchanged").map(drop)
    }

    /// Opens the vault to somebody with both factors for one thing that they do without a window, `what`.
    ///
    /// # Errors
    /// As of signing in.
    pub fn open_for_command(&self, badge: &str, passphrase: &str, code: &str, what: &str) -> Outcome<Person> {
        self.come_in(badge, passphrase, Second::Code(code), what)
    }

    /// Somebody comes in without a window, for `what`. The vault stays open until this process ends, or it is closed.
    fn come_in(&self, badge: &str, passphrase: &str, second: Second<'_>, what: &str) -> Outcome<Person> {
        let known = self.people()?.into_iter().find(|line| line.badge.trim() == badge.trim());
        let id = known.ok_or_else(|| CommandError::new("unknown", say!("workstation-nobody-with-badge", badge)))?.id;
        let (now, policy) = (SystemClock.now(), self.policy());
        let rule = &policy.session;
        let entered = self.at_entrance(|entrance, _| Ok(entrance.enter(id, passphrase, second, what, now, rule)?))?;
        let asked = matches!(second, Second::Code(_)) && entered.due().is_some();
        if asked || entered.due() == Some(Due::Passphrase) {
            return Err(CommandError::new("due", say!("workstation-sign-in-once-in-window")));
        }
        self.open_for(&entered)?;
        self.with(|v| Ok(v.person(id)?))
    }

    fn roll_out(&self, gallery: &str, token: &str, relay: Option<&str>, by: &PersonRef) -> Outcome<()> {
        let relay = relay.map(relay_address).transpose()?;
        let gallery = gallery.trim().trim_end_matches('/').to_owned();
        self.act(|v| {
            store_settings(v, gallery, token, (by, SystemClock.now()), |settings| {
                settings.relay = relay.unwrap_or_else(|| std::mem::take(&mut settings.relay));
            })
        })
    }

    /// The gallery as its audit is read: by a token that is for nothing else.
    pub(crate) fn audit_client(&self, token: &str) -> Outcome<Client> {
        let settings: Settings = self.with(|v| Ok(v.settings()?))?;
        if settings.gallery.trim().is_empty() {
            return Err(CommandError::new("gallery-address", say!("workstation-no-gallery-set-enter-address")));
        }
        let name = format!("audit-{}", token_name(&settings.gallery));
        let client = |token: &str| Ok(Client::new(&settings.gallery, token)?);
        if !token.trim().is_empty() {
            let client = client(token.trim())?;
            SecretService.set(&name, token.trim()).map_err(VaultError::from)?;
            return Ok(client);
        }
        match SecretService.get(&name).map_err(VaultError::from)? {
            Some(token) => client(&token),
            None => Err(CommandError::new("gallery-audit-token", say!("workstation-oversight-no-token"))),
        }
    }

    /// The address of the gallery, as it is asked at.
    pub(crate) fn gallery_address(&self) -> Outcome<String> {
        let settings: Settings = self.with(|v| Ok(v.settings()?))?;
        if settings.gallery.trim().is_empty() {
            return Err(CommandError::new("gallery-address", say!("workstation-no-gallery-set-enter-address")));
        }
        Ok(Client::new(&settings.gallery, "")?.address().to_owned())
    }

    pub(crate) fn client(&self) -> Outcome<Client> {
        let settings: Settings = self.with(|v| Ok(v.settings()?))?;
        if settings.gallery.trim().is_empty() {
            return Err(CommandError::new("gallery-address", say!("workstation-no-gallery-set-enter-address")));
        }
        let token = SecretService.get(&token_name(&settings.gallery)).map_err(VaultError::from)?;
        let token = token
            .ok_or_else(|| CommandError::new("gallery-token", say!("workstation-no-token-stored-gallery-enter")))?;
        Ok(Client::new(&settings.gallery, &token)?)
    }
}
