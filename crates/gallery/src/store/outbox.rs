//! What the index is derived from: changes in their order, and a reader beside the writer.

use std::sync::LazyLock;

use gallery_api::wire::Filters;
use vector_index::{Entry, Filter, Position};
use zeroize::Zeroizing;

use super::error::StoreError;
use super::forms::day_number;
use super::sealed;
use super::sql::{Database, Row, Value, one, with};
use super::whole::Store;

/// One change of the outbox.
pub enum Change {
    /// A record to add, with its template.
    Add(Entry, Zeroizing<Vec<f32>>),
    /// A record to remove, if it is there.
    Remove(i64),
}

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // No template stands in a log.
        match self {
            Change::Add(entry, _) => f.debug_tuple("Add").field(entry).finish_non_exhaustive(),
            Change::Remove(record) => f.debug_tuple("Remove").field(record).finish(),
        }
    }
}

/// Templates that are read at a time; the statement always asks for as many, so that it is prepared once.
const READ: usize = 64;

static TEMPLATES: LazyLock<String> = LazyLock::new(|| {
    let records = (2..2 + READ).map(|at| format!("${at}")).collect::<Vec<_>>().join(",");
    format!(
        "SELECT t.record_id, k.key, t.sealed FROM template t LEFT JOIN subject_key k ON k.subject_no = t.subject_no
         WHERE t.model = $1 AND t.record_id IN ({records})"
    )
});

/// Reads from a store beside its writer.
#[derive(Debug)]
pub struct Reader(pub(super) Box<dyn Database>);

impl Store {
    /// Last position of the outbox.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_seq(&mut self) -> Result<i64, StoreError> {
        Ok(one(&mut *self.db, "SELECT COALESCE(max(seq), 0) FROM outbox", &[], Row::next)?.unwrap_or(0))
    }

    /// Whether `position` is one of this store's outbox, or none yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn knows(&mut self, position: &Position) -> Result<bool, StoreError> {
        let sql = "SELECT mark FROM outbox WHERE seq = $1";
        let mark: Option<String> = one(&mut *self.db, sql, with![position.seq], Row::next)?;
        Ok(position.seq == 0 || mark.as_ref() == Some(&position.mark))
    }

    /// At most `most` changes after `applied`, in order, with the last position.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn changes(&mut self, applied: i64, model: &str, most: u32) -> Result<(Position, Vec<Change>), StoreError> {
        changes(&mut *self.db, applied, model, most)
    }

    /// Filters of a request as the index has them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn filter(&mut self, filters: &Filters) -> Result<Filter, StoreError> {
        let agencies = if filters.agencies.is_empty() {
            None
        } else {
            let mut known = Vec::new();
            for ori in &filters.agencies {
                let no: Option<i64> =
                    one(&mut *self.db, "SELECT agency_no FROM agency WHERE ori = $1", with![ori], Row::next)?;
                known.extend(no.and_then(|no| i32::try_from(no).ok()));
            }
            Some(known)
        };
        let day = |day: &Option<String>| day_number(day.as_deref());
        Ok(Filter { from: day(&filters.captured_from), until: day(&filters.captured_until), agencies })
    }

    /// Another connection, which reads beside this one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reader(&self) -> Result<Reader, StoreError> {
        Ok(Reader(self.db.reader()?))
    }
}

impl Reader {
    /// Whether this photograph of this person is enrolled with `model`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn knows(&mut self, subject: &str, source_sha256: &str, model: &str) -> Result<bool, StoreError> {
        let known: Option<i64> = one(
            &mut *self.0,
            "SELECT record_id FROM record JOIN subject USING (subject_no)
             WHERE subject_id = $1 AND source_sha256 = $2 AND model = $3",
            with![subject, source_sha256, model],
            Row::next,
        )?;
        Ok(known.is_some())
    }

    /// As [`Store::changes`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn changes(&mut self, applied: i64, model: &str, most: u32) -> Result<(Position, Vec<Change>), StoreError> {
        changes(&mut *self.0, applied, model, most)
    }

    /// Calls `tell` with the template of each of `records` that is there and of `model`.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] with the first record whose template does not open; [`StoreError`].
    pub fn templates(
        &mut self,
        model: &str,
        records: &[i64],
        tell: &mut dyn FnMut(i64, &[f32]),
    ) -> Result<(), StoreError> {
        let mut opener = sealed::Opener::default();
        for some in records.chunks(READ) {
            let mut values = Vec::with_capacity(1 + READ);
            values.push(Value::from(model));
            values.extend((0..READ).map(|at| Value::Int(some[at.min(some.len() - 1)])));
            self.0.query(&TEMPLATES, &values, &mut |mut row| {
                let record = row.next()?;
                tell(record, opener.open(row.next()?, record, model, &row.next::<Vec<u8>>()?)?);
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// At most `most` changes after `applied`, in order, with the last position.
fn changes(db: &mut dyn Database, applied: i64, model: &str, most: u32) -> Result<(Position, Vec<Change>), StoreError> {
    let (mut last, mut changes) = (Position { seq: applied, ..Position::default() }, Vec::new());
    db.query(
        // Joined one by one: a joined pair in brackets would be made anew, whole, for each page.
        "SELECT o.seq, o.mark, o.record_id, r.subject_no, r.captured_on, r.agency_no, k.key, t.sealed
             FROM outbox o
             LEFT JOIN record r ON r.record_id = o.record_id AND r.model = $1 AND r.suppressed_because IS NULL
             LEFT JOIN template t ON t.record_id = r.record_id
             LEFT JOIN subject_key k ON k.subject_no = r.subject_no
         WHERE o.seq > $2 ORDER BY o.seq LIMIT $3",
        with![model, applied, i64::from(most)],
        &mut |mut row| {
            last = Position { seq: row.next()?, mark: row.next()? };
            let record = row.next()?;
            let subject: Option<i64> = row.next()?;
            // Whatever the row says, what counts is whether the record is there now.
            let (day, agency) = (row.next::<Option<String>>()?, row.next::<Option<i64>>()?);
            let (key, sealed) = (row.next()?, row.next::<Option<Vec<u8>>>()?);
            let Some(subject) = subject else {
                changes.push(Change::Remove(record));
                return Ok(());
            };
            // A record whose template is gone would be missing from every list.
            let values = sealed::open(key, record, model, &sealed.ok_or(StoreError::Sealed(record))?)?;
            let agency = agency.and_then(|no| i32::try_from(no).ok()).unwrap_or(0);
            let entry = Entry { record, subject, day: day_number(day.as_deref()), agency };
            changes.push(Change::Add(entry, values));
            Ok(())
        },
    )?;
    Ok((last, changes))
}
