//! Moving to another model: templates made from the kept photographs are staged beside those that answer, and take their
//! place in one transaction when every record has one.

use catalogue::say;
use serde_json::json;
use zeroize::Zeroizing;

use super::audit::append_audit;
use super::error::StoreError;
use super::outbox::Reader;
use super::photos::Photos;
use super::sealed;
use super::sql::{Database, Row, all, one, with, write};
use super::whole::Store;

/// Records that lack a template of model `$1`, after record `$2`. One whose photograph was enrolled again since with that
/// model lacks nothing.
const LACKING: &str = "FROM record r LEFT JOIN subject_key k ON k.subject_no = r.subject_no
     WHERE r.record_id > $2
       AND NOT EXISTS (SELECT 1 FROM template t WHERE t.record_id = r.record_id AND t.model = $1)
       AND NOT EXISTS (SELECT 1 FROM staged_template s WHERE s.record_id = r.record_id AND s.model = $1)
       AND NOT EXISTS (SELECT 1 FROM record o WHERE o.subject_no = r.subject_no
           AND o.source_sha256 = r.source_sha256 AND o.model = $1 AND o.record_id <> r.record_id)
     ORDER BY r.record_id";

/// A record that is to be moved.
#[derive(Debug)]
pub struct ToMove {
    /// The record.
    pub record: i64,
    photo: String,
    key: Option<Zeroizing<Vec<u8>>>,
}

/// The kept photographs.
#[derive(Debug, Clone)]
pub struct Kept(Photos);

impl Kept {
    /// The photograph of a record (JPEG); `None` where the record has none.
    ///
    /// # Errors
    /// [`StoreError`] when its file is gone or does not open.
    pub fn photograph(&self, of: &ToMove) -> Result<Option<Vec<u8>>, StoreError> {
        if of.photo.is_empty() {
            return Ok(None);
        }
        let key = of.key.as_ref().ok_or_else(|| StoreError::Photo(say!("gallery-subject-no-key").to_owned()))?;
        self.0.get(key, &of.photo).map(Some)
    }
}

/// What became of the switch to another model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Switch {
    /// Nothing changed: these records lack a template of it.
    Lacking(Vec<i64>),
    /// Nothing changed: there is nothing to move.
    Nothing,
    /// The gallery is of that model now.
    Done {
        /// The model before, where somebody was enrolled.
        from: Option<String>,
        /// Records that have a template of it now.
        moved: u64,
        /// Records that have none any more.
        left_out: u64,
    },
}

impl Reader {
    /// At most `most` records after `after` that lack a template of `model`, in order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn to_move(&mut self, model: &str, after: i64, most: u32) -> Result<Vec<ToMove>, StoreError> {
        let sql = format!("SELECT r.record_id, r.photo, k.key {LACKING} LIMIT $3");
        all(&mut *self.0, &sql, with![model, after, i64::from(most)], |r| {
            let (record, photo) = (r.next()?, r.next()?);
            Ok(ToMove { record, photo, key: r.next::<Option<Vec<u8>>>()?.map(Zeroizing::new) })
        })
    }
}

impl Store {
    /// The kept photographs, to be read beside this store.
    pub fn kept(&self) -> Kept {
        Kept(self.photos.clone())
    }

    /// Forgets what was staged for other models than `model`; gives how many records are staged for it, and how many
    /// there are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begin_move(&mut self, model: &str) -> Result<(u64, u64), StoreError> {
        write(&mut *self.db, |db| {
            db.execute("DELETE FROM staged_template WHERE model <> $1", with![model])?;
            let staged: Option<i64> = one(db, "SELECT count(*) FROM staged_template", &[], Row::next)?;
            let records: Option<i64> = one(db, "SELECT count(*) FROM record", &[], Row::next)?;
            Ok((staged.unwrap_or(0) as u64, records.unwrap_or(0) as u64))
        })
    }

    /// Stages templates of `model`, of records that are still there; gives how many.
    ///
    /// # Errors
    /// [`StoreError`]; none of them is staged then.
    pub fn stage(&mut self, model: &str, templates: &[(i64, Zeroizing<Vec<f32>>)]) -> Result<u64, StoreError> {
        write(&mut *self.db, |db| {
            let mut staged = 0;
            for (record, values) in templates {
                let found: Option<(i64, Vec<u8>)> = one(
                    db,
                    "SELECT r.subject_no, k.key FROM record r JOIN subject_key k ON k.subject_no = r.subject_no
                     WHERE r.record_id = $1",
                    with![*record],
                    |r| Ok((r.next()?, r.next()?)),
                )?;
                // Expunged since.
                let Some((subject, key)) = found else { continue };
                let sealed = sealed::seal(&Zeroizing::new(key), *record, model, values)?;
                staged += db.execute(
                    "INSERT INTO staged_template (record_id, subject_no, model, sealed) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (record_id) DO UPDATE SET model = $3, sealed = $4",
                    with![*record, subject, model, sealed],
                )?;
            }
            Ok(staged)
        })
    }

    /// Puts the staged templates of `model` in the place of those that answer, in one transaction, unless a record lacks
    /// one that is not among `left_out`. Templates of the model before are removed, of records that are left out too:
    /// those keep their photographs.
    ///
    /// # Errors
    /// [`StoreError`]; nothing changed then.
    pub fn switch(&mut self, model: &str, left_out: &[i64], actor: &str) -> Result<Switch, StoreError> {
        let done = write(&mut *self.db, |db| {
            let sql = format!("SELECT r.record_id {LACKING}");
            let (out, lacking): (Vec<i64>, Vec<i64>) =
                all(db, &sql, with![model, 0], Row::next)?.into_iter().partition(|record| left_out.contains(record));
            if !lacking.is_empty() {
                return Ok(Switch::Lacking(lacking));
            }
            let staged: Option<i64> =
                one(db, "SELECT count(*) FROM staged_template WHERE model = $1", with![model], Row::next)?;
            let Some(moved @ 1..) = staged else { return Ok(Switch::Nothing) };
            let from: Option<String> =
                one(db, "SELECT model FROM template ORDER BY record_id LIMIT 1", &[], Row::next)?;
            if from.as_deref() == Some(model) {
                // Records that had been left out come back: the index has room for them as it is.
                db.execute(
                    "INSERT INTO outbox (record_id, op) SELECT s.record_id, 'add' FROM staged_template s
                     JOIN record r ON r.record_id = s.record_id WHERE s.model = $1 AND r.suppressed_because IS NULL
                     ORDER BY s.record_id",
                    with![model],
                )?;
            } else {
                // Whoever follows the outbox finds another model from here on, and begins anew.
                db.execute("INSERT INTO outbox (record_id, op) VALUES (0, 'remove')", &[])?;
            }
            db.execute("DELETE FROM template WHERE model <> $1", with![model])?;
            db.execute(
                "INSERT INTO template (record_id, subject_no, model, sealed)
                 SELECT record_id, subject_no, model, sealed FROM staged_template WHERE model = $1 ORDER BY record_id",
                with![model],
            )?;
            let taken = "UPDATE record SET model = $1 WHERE record_id IN
                 (SELECT record_id FROM staged_template WHERE model = $1)";
            db.execute(taken, with![model])?;
            db.execute("DELETE FROM staged_template", &[])?;
            let left_out = out.len() as u64;
            let detail = json!({ "from": from, "to": model, "records": moved, "left_out": left_out });
            append_audit(db, actor, "", "model-changed", &detail)?;
            Ok(Switch::Done { from, moved: moved as u64, left_out })
        })?;
        if matches!(done, Switch::Done { .. })
            && let Err(error) = self.db.scrub()
        {
            // Sealed as they are, templates of the model before stay in the log until it is cut off.
            tracing::warn!(%error, "the log could not be cut off yet");
        }
        Ok(done)
    }
}

/// Destroys what is staged of a record.
pub(super) fn unstage(db: &mut dyn Database, record: i64) -> Result<(), StoreError> {
    db.execute("DELETE FROM staged_template WHERE record_id = $1", with![record]).map(drop)
}
