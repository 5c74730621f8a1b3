//! Templates at rest: each sealed with its person's key (ChaCha20-Poly1305, RFC 8439), as photographs are, and bound to
//! its record and model. A published inversion makes a face of a template: once the key is destroyed, none is left.

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use catalogue::say;
use zeroize::Zeroizing;

use super::error::StoreError;
use super::forms::{from_blob, new_key};
use super::sql::{Database, all, with};

const TAG: usize = 16;
/// Bytes that a sealed template has more than its values: nonce before, tag behind.
pub(super) const OVERHEAD: usize = NONCE_LEN + TAG;
/// Rows that are sealed at a time.
const PAGE: i64 = 1000;

fn cipher(key: &[u8]) -> Result<LessSafeKey, StoreError> {
    let malformed = |_| StoreError::Photo(say!("gallery-key-malformed-2").to_owned());
    Ok(LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key).map_err(malformed)?))
}

/// What a sealed template is bound to. Photographs under the same key are bound to nothing, so that neither passes for
/// the other.
fn bound(record: i64, model: &str) -> Aad<Vec<u8>> {
    Aad::from([&b"corroborate template 1\n"[..], &record.to_le_bytes(), model.as_bytes()].concat())
}

/// Seals the template of a record: 12 bytes of nonce, the values (little-endian f32), 16 bytes of tag.
pub(super) fn seal(key: &[u8], record: i64, model: &str, values: &[f32]) -> Result<Vec<u8>, StoreError> {
    let mut nonce = [0; NONCE_LEN];
    getrandom::fill(&mut nonce).map_err(StoreError::Random)?;
    let mut sealed = Vec::with_capacity(values.len() * 4 + OVERHEAD);
    sealed.extend_from_slice(&nonce);
    sealed.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = cipher(key)?
        .seal_in_place_separate_tag(nonce, bound(record, model), &mut sealed[NONCE_LEN..])
        .map_err(|_| StoreError::Sealed(record))?;
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

/// Opens the template of a record into memory that is overwritten when it is freed.
///
/// # Errors
/// As [`Opener::open`].
pub(super) fn open(
    key: Option<Vec<u8>>,
    record: i64,
    model: &str,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<f32>>, StoreError> {
    let mut opener = Opener::default();
    opener.open(key, record, model, sealed)?;
    Ok(opener.values)
}

/// Opens templates one after the other in the same memory, which is overwritten when it is freed.
#[derive(Default)]
pub(super) struct Opener {
    bytes: Zeroizing<Vec<u8>>,
    values: Zeroizing<Vec<f32>>,
}

impl Opener {
    /// The template of a record, until the next one is opened.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] when the key is missing or another, or a byte, the record or the model is.
    pub fn open(
        &mut self,
        key: Option<Vec<u8>>,
        record: i64,
        model: &str,
        sealed: &[u8],
    ) -> Result<&[f32], StoreError> {
        let key = key.map(Zeroizing::new);
        let opened = (|| {
            let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>()?;
            let (body, tag) = rest.split_last_chunk::<TAG>()?;
            self.bytes.resize(body.len(), 0);
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let cipher = cipher(key?.as_slice()).ok()?;
            cipher.open_separate_gather(nonce, bound(record, model), body, tag, &mut self.bytes).ok()?;
            self.values.clear();
            self.values.extend(self.bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)));
            Some(())
        })();
        opened.map(|()| self.values.as_slice()).ok_or(StoreError::Sealed(record))
    }
}

/// The step that seals what earlier versions held in the clear. A person without a key gets one: nothing of theirs was
/// sealed before.
pub(super) fn seal_all(db: &mut dyn Database) -> Result<(), StoreError> {
    let keyless: Vec<i64> = all(
        db,
        "SELECT DISTINCT r.subject_no FROM record r LEFT JOIN subject_key k ON k.subject_no = r.subject_no
         WHERE k.subject_no IS NULL",
        &[],
        super::sql::Row::next,
    )?;
    for subject in keyless {
        let key = new_key()?;
        db.execute("INSERT INTO subject_key (subject_no, key) VALUES ($1, $2)", with![subject, key])?;
    }
    let mut last = 0;
    loop {
        let mut rows = Vec::new();
        db.query(
            "SELECT t.record_id, r.subject_no, r.model, k.key, t.value FROM template_in_the_clear t
             JOIN record r ON r.record_id = t.record_id JOIN subject_key k ON k.subject_no = r.subject_no
             WHERE t.record_id > $1 ORDER BY t.record_id LIMIT $2",
            with![last, PAGE],
            &mut |mut row| {
                let (record, subject, model): (i64, i64, String) = (row.next()?, row.next()?, row.next()?);
                let (key, value) = (Zeroizing::new(row.next::<Vec<u8>>()?), Zeroizing::new(row.next::<Vec<u8>>()?));
                let values = Zeroizing::new(from_blob(&value));
                let sealed = seal(&key, record, &model, &values)?;
                rows.push((record, subject, model, sealed));
                Ok(())
            },
        )?;
        let Some((record, ..)) = rows.last() else { break };
        last = *record;
        for (record, subject, model, sealed) in rows {
            db.execute(
                "INSERT INTO template (record_id, subject_no, model, sealed) VALUES ($1, $2, $3, $4)",
                with![record, subject, model, sealed],
            )?;
        }
    }
    // Its pages are overwritten (`secure_delete`).
    db.execute("DROP TABLE template_in_the_clear", &[]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_template_opens_for_its_record_and_model_with_its_key_alone() {
        let values = [0.25, -1.5, 3.0];
        let sealed = seal(&[7; 32], 41, "m", &values).expect("sealed");
        assert_eq!(sealed.len(), 12 + OVERHEAD);
        let opens = |key: Option<u8>, record, model: &str, sealed: &[u8]| {
            open(key.map(|key| vec![key; 32]), record, model, sealed).map(|values| values.to_vec()).ok()
        };
        assert_eq!(opens(Some(7), 41, "m", &sealed).expect("opened"), values);
        assert_eq!(opens(None, 41, "m", &sealed), None, "no key");
        assert_eq!(opens(Some(8), 41, "m", &sealed), None, "another key");
        assert_eq!(opens(Some(7), 42, "m", &sealed), None, "another record");
        assert_eq!(opens(Some(7), 41, "n", &sealed), None, "another model");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(opens(Some(7), 41, "m", &changed), None, "byte {at}");
            assert_eq!(opens(Some(7), 41, "m", &sealed[..at]), None, "cut at {at}");
        }
        assert_ne!(sealed, seal(&[7; 32], 41, "m", &values).expect("sealed"), "each has its own nonce");
        let error = open(None, 41, "m", &sealed).expect_err("no key").to_string();
        assert!(error.contains("41") && !error.contains("0.25"), "{error}");
    }
}
