//! A gallery's audit as an auditor reads it: its rows, and how far it was read.

use rusqlite::OptionalExtension;

use casework::Moment;

use crate::error::VaultError;
use crate::rows::parse_moment;
use crate::vault::Vault;

/// A row of the gallery's audit as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GalleryRow {
    /// Position, from 1.
    pub seq: i64,
    /// When.
    pub at: String,
    /// Whose token.
    pub actor: String,
    /// Of which agency.
    pub agency: String,
    /// What was done.
    pub action: String,
    /// Details as JSON text.
    pub detail: String,
    /// Hash of the chain.
    pub hash: String,
}

/// How far a gallery's audit was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GalleryRead {
    /// Its address.
    pub address: String,
    /// Rows that were read.
    pub rows: i64,
    /// Hash of the last of them.
    pub head: String,
    /// When the first and the last of them were written.
    pub covers: Option<(Moment, Moment)>,
    /// When it was read last.
    pub read_at: Moment,
    /// The row that does not follow from the one before it, if one does not: nothing after it was taken in.
    pub broken_at: Option<i64>,
}

impl Vault {
    /// How far the audit of the gallery at `address` was read.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn desk_gallery(&self, address: &str) -> Result<Option<GalleryRead>, VaultError> {
        let row = self.db.query_row(
            "SELECT rows, first_at, last_at, read_at, broken_at, head FROM desk_gallery WHERE address = ?1",
            [address],
            |r| {
                let text = |column| r.get::<_, Option<String>>(column);
                Ok((r.get(0)?, text(1)?, text(2)?, text(3)?, r.get(4)?, r.get(5)?))
            },
        );
        let Some((rows, first, last, read_at, broken_at, head)) = row.optional()? else { return Ok(None) };
        let moment = |text: Option<String>| text.as_deref().map(parse_moment).transpose();
        Ok(Some(GalleryRead {
            address: address.to_owned(),
            rows,
            head,
            covers: moment(first)?.zip(moment(last)?),
            read_at: moment(read_at)?.ok_or(VaultError::Unknown("gallery"))?,
            broken_at,
        }))
    }
}
