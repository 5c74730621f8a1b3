use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};
use serde_json::json;

use casework::{Moment, PersonRef};

use crate::audit::append;
use crate::error::VaultError;
use crate::vault::Vault;

/// Settings that are no secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Address of the gallery.
    pub gallery: String,
    /// `light`, `dark` or empty for the system's.
    pub theme: String,
    /// Whether keys of one letter record nothing (WCAG 2.1.4).
    pub letter_keys_off: bool,
    /// Name of this workstation, as others see it.
    pub workstation: String,
    /// Key of the workstation that notes are sent to for review; empty where they are reviewed here.
    pub review_at: String,
    /// Address of the department's relay; empty where packages travel as files.
    pub relay: String,
    /// Folder that backups go to; empty where none are made.
    pub backup: String,
    /// Whether backups are kept at the department's relay too.
    pub backup_at_relay: bool,
    /// Root key of the department that this workstation waits to be let into; empty where it does not.
    pub joining: String,
    /// That department's name, as its invitation says.
    pub joining_name: String,
}

impl Vault {
    /// Settings.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn settings(&self) -> Result<Settings, VaultError> {
        let text: Option<String> =
            self.db.query_row("SELECT value FROM setting WHERE name = 'settings'", [], |r| r.get(0)).optional()?;
        Ok(text.map(|t| serde_json::from_str(&t)).transpose()?.unwrap_or_default())
    }

    /// Stores settings.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn set_settings(&mut self, settings: &Settings, by: Option<&PersonRef>, at: Moment) -> Result<(), VaultError> {
        let text = serde_json::to_string(settings)?;
        self.write(|db| {
            db.execute(
                "INSERT INTO setting (name, value) VALUES ('settings', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1",
                [&text],
            )?;
            append(
                db,
                by,
                at,
                "settings-changed",
                &json!({ "gallery": settings.gallery, "relay": settings.relay, "review_at": settings.review_at }),
            )
        })
    }
}
