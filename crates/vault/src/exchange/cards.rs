//! Cards of workstations: this one's, and those that it exchanges with.

use rusqlite::Connection;
use serde_json::json;

use casework::{Moment, PersonRef};
use department::{Card, PublicKey, Refusal};

use crate::audit::append;
use crate::error::{PackageError, VaultError};
use crate::hashing::canonical;
use crate::vault::Vault;

/// Reads the card of a workstation that packages can be encrypted to.
///
/// # Errors
/// [`PackageError::Card`].
pub fn read_card(text: &str) -> Result<Card, PackageError> {
    let card = Card::read(text).filter(|card| card.receives.parse::<age::x25519::Recipient>().is_ok());
    card.ok_or(PackageError::Card)
}

/// Keeps the card of another workstation; an older card of the same key is replaced.
pub(crate) fn put_card(db: &Connection, card: &Card) -> Result<(), VaultError> {
    db.execute(
        "INSERT INTO workstation (public_key, content) VALUES (?1, ?2) ON CONFLICT (public_key) DO UPDATE SET content = ?2",
        [&card.signs, &canonical(card)?],
    )?;
    Ok(())
}

impl Vault {
    /// This workstation's card.
    pub fn card(&self, name: &str) -> Card {
        let signs = self.own_key();
        Card::of(name, signs, self.receiving.to_public().to_string())
    }

    /// Whether a workstation that was known is one no longer: it was of this department, and was taken out.
    pub(crate) fn was_taken_out(&self, workstation: &Card, now: Moment) -> bool {
        let Some((chain, key)) = self.department.as_ref().zip(PublicKey::read(&workstation.signs).ok()) else {
            return false;
        };
        matches!(chain.workstation(&key, now), Err(Refusal::KeyEnded { .. }))
    }

    /// Whether this workstation was of the department, and was taken out.
    pub fn is_taken_out(&self, now: Moment) -> bool {
        self.was_taken_out(&self.card(""), now)
    }

    /// Begins to exchange with the workstation of `card`; an older card of the same key is replaced.
    ///
    /// # Errors
    /// [`PackageError::OwnCard`], or [`VaultError`].
    pub fn add_workstation(&mut self, card: &Card, by: &PersonRef, at: Moment) -> Result<(), VaultError> {
        if card.signs == self.card("").signs {
            return Err(PackageError::OwnCard.into());
        }
        if self.was_taken_out(card, at) {
            return Err(PackageError::TakenOut.into());
        }
        self.write(|db| {
            put_card(db, card)?;
            let detail = json!({ "name": card.name, "fingerprint": card.fingerprint() });
            append(db, Some(by), at, "workstation-added", &detail)
        })
    }

    /// Workstations that this one exchanges with, by name; none that the department has taken out.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn workstations(&self) -> Result<Vec<Card>, VaultError> {
        let cards = self.cards()?;
        // By the roster alone, whatever the day.
        let ever = Moment(jiff::Timestamp::UNIX_EPOCH);
        Ok(cards.into_iter().filter(|card| !self.was_taken_out(card, ever)).collect())
    }

    /// What a workstation was called that was ever exchanged with, by its key; also one that the department has taken out.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn name_of_workstation(&self, key: &str) -> Result<Option<String>, VaultError> {
        Ok(self.cards()?.into_iter().find(|card| card.signs == key).map(|card| card.name))
    }

    fn cards(&self) -> Result<Vec<Card>, VaultError> {
        let mut query = self.db.prepare("SELECT content FROM workstation ORDER BY content ->> '$.name', public_key")?;
        let cards = query.query_map([], |r| r.get::<_, String>(0))?;
        cards.map(|card| Ok(serde_json::from_str(&card?)?)).collect()
    }

    /// The other workstations of this department: what concerns its people and cases goes to no other.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn workstations_of_department(&self) -> Result<Vec<Card>, VaultError> {
        let Some(chain) = &self.department else { return Ok(Vec::new()) };
        let newest = chain.newest();
        Ok(self.workstations()?.into_iter().filter(|card| newest.roster().has_workstation(&card.signs)).collect())
    }

    /// Whether another workstation of this department has this key.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn is_of_department(&self, key: &str) -> Result<bool, VaultError> {
        Ok(self.workstations_of_department()?.iter().any(|card| card.signs == key))
    }
}
