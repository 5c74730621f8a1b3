//! Records: enrolment, suppression, what is in the gallery, and photographs for another system.

use catalogue::say;
use gallery_api::wire::ModelInfo;
use serde_json::json;
use zeroize::Zeroizing;

use super::agencies::agency_no;
use super::audit::append_audit;
use super::enrolment::{Enrolled, Enrolment, Override};
use super::error::StoreError;
use super::forms::{new_key, now};
use super::sql::{Database, Row, all, one, with, write};
use super::tokens::Authority;
use super::whole::Store;
use super::{expunge, sealed};

/// A photograph on its way out of the gallery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portrait {
    /// JPEG.
    pub photo: Vec<u8>,
    /// Day of the photograph.
    pub captured_on: Option<String>,
    /// Agency.
    pub agency: Option<String>,
}

/// What is in the gallery.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Stats {
    /// People.
    pub subjects: u64,
    /// Templates.
    pub templates: u64,
    /// People whose records are suppressed.
    pub suppressed: u64,
    /// By model.
    pub models: Vec<ModelInfo>,
    /// Searches answered.
    pub searches: u64,
    /// Rows of audit.
    pub audit_rows: u64,
}

/// People and templates of a gallery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// People.
    pub subjects: u64,
    /// The model that it is enrolled with, and how many templates; none where nobody is enrolled.
    pub model: Option<ModelInfo>,
}

impl Store {
    /// Enrols photographs: subject, record, template, outbox and audit rows in one transaction, after the photographs are
    /// on the disk. What was expunged by order, or looks like it, is left out unless two people of the agency that had it
    /// expunged say otherwise.
    ///
    /// # Errors
    /// [`StoreError`]; then none of them is enrolled.
    pub fn enrol(
        &mut self,
        batch: &[Enrolment],
        despite: Option<&Override>,
        (actor, agency): (&str, &str),
    ) -> Result<Vec<Enrolled>, StoreError> {
        let Self { db, photos, .. } = self;
        write(&mut **db, |db| {
            let at = now();
            let secret = expunge::secret(db)?;
            let traces = expunge::Traces::load(db)?;
            let mut done = Vec::with_capacity(batch.len());
            // All templates are of one model: the first says which.
            let first = one(db, "SELECT model FROM template ORDER BY record_id LIMIT 1", &[], Row::next)?;
            let first: Option<String> = first.or_else(|| batch.first().map(|e| e.model.clone()));
            for e in batch {
                if first.as_ref().is_some_and(|first| *first != e.model) {
                    return Err(StoreError::OtherModel {
                        enrolled: first.unwrap_or_default(),
                        offered: e.model.clone(),
                    });
                }
                let known: Option<i64> = one(
                    db,
                    "SELECT record_id FROM record JOIN subject USING (subject_no)
                     WHERE subject_id = $1 AND source_sha256 = $2 AND model = $3",
                    with![&e.subject, &e.source_sha256, &e.model],
                    Row::next,
                )?;
                if known.is_some() {
                    done.push(Enrolled::Known);
                    continue;
                }
                if let Some(standing) = expunge::ordered(db, &secret, &traces, e)? {
                    let may = |o: &&Override| match (&o.agency, &standing.agency) {
                        // Whether it is a copy, those who enrol it can see; whether an order holds, its agency knows.
                        _ if standing.resembles => true,
                        (Some(own), Some(theirs)) => own == theirs,
                        (Some(_), None) | (None, _) => true,
                    };
                    let Some(despite) = despite.filter(may) else {
                        let of = if standing.resembles { Enrolled::Resembles } else { Enrolled::Expunged };
                        done.push(of(standing.certificate));
                        continue;
                    };
                    let detail = json!({ "certificate_id": standing.certificate, "resembles": standing.resembles,
                        "by": despite.by, "second": despite.second });
                    let of = despite.agency.as_deref().unwrap_or_default();
                    append_audit(db, &despite.by, of, "enrolled-despite-order", &detail)?;
                }
                let subject = subject_no(db, &e.subject, &at)?;
                let key: Option<Vec<u8>> =
                    one(db, "SELECT key FROM subject_key WHERE subject_no = $1", with![subject], Row::next)?;
                let key = key.map(Zeroizing::new);
                let key = key.ok_or_else(|| StoreError::Photo(say!("gallery-subject-no-key").to_owned()))?;
                // A record may have none: some sources hand over templates only.
                let photo = if e.photo.is_empty() { String::new() } else { photos.put(&key, &e.photo)? };
                let owner = e.agency.as_deref().map(|ori| agency_no(db, ori)).transpose()?;
                // Whom an agency hides stays hidden when it adds a photograph.
                let hidden: Option<String> = one(
                    db,
                    "SELECT suppressed_because FROM record WHERE subject_no = $1
                     AND COALESCE(agency_no, 0) = COALESCE(CAST($2 AS BIGINT), 0) AND suppressed_because IS NOT NULL LIMIT 1",
                    with![subject, owner],
                    Row::next,
                )?;
                let record: Option<i64> = one(
                    db,
                    "INSERT INTO record (subject_no, source_sha256, photo, captured_on, agency_no, model, enrolled_at,
                         suppressed_because) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING record_id",
                    with![
                        subject,
                        &e.source_sha256,
                        photo,
                        e.captured_on.clone(),
                        owner,
                        &e.model,
                        &at,
                        hidden.clone()
                    ],
                    Row::next,
                )?;
                let record = record.ok_or(StoreError::Column)?;
                db.execute(
                    "INSERT INTO template (record_id, subject_no, model, sealed) VALUES ($1, $2, $3, $4)",
                    with![record, subject, &e.model, sealed::seal(&key, record, &e.model, &e.values)?],
                )?;
                if hidden.is_none() {
                    db.execute("INSERT INTO outbox (record_id, op) VALUES ($1, 'add')", with![record])?;
                }
                done.push(Enrolled::New);
            }
            let count = |is: fn(&Enrolled) -> bool| done.iter().filter(|enrolled| is(enrolled)).count();
            let (new, known) = (count(|e| *e == Enrolled::New), count(|e| *e == Enrolled::Known));
            let detail = json!({ "new": new, "known": known, "refused": done.len() - new - known });
            append_audit(db, actor, agency, "enrolment", &detail)?;
            Ok(done)
        })
    }

    /// Takes a person's records out of every answer, or back in, an agency its own alone: the reversible form of
    /// expungement.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such person, or nothing to change; [`StoreError::OtherAgency`].
    pub fn suppress(&mut self, subject: &str, because: Option<&str>, by: Authority<'_>) -> Result<u64, StoreError> {
        write(&mut *self.db, |db| {
            let (no, own, _) = expunge::records_of(db, subject, by)?;
            let op = if because.is_some() { "remove" } else { "add" };
            let mut records = 0;
            for record in own {
                let changed = db.execute(
                    "UPDATE record SET suppressed_because = $1
                     WHERE record_id = $2 AND (suppressed_because IS NULL) = (CAST($3 AS BIGINT) = 1)",
                    with![because, record.id, i64::from(because.is_some())],
                )?;
                if changed > 0 {
                    db.execute("INSERT INTO outbox (record_id, op) VALUES ($1, $2)", with![record.id, op])?;
                    records += 1;
                }
            }
            if records == 0 {
                return Err(StoreError::Unknown(say!("gallery-such-person-whose-records-could").to_owned()));
            }
            if because.is_some() {
                // Answers kept for repeated requests name subjects.
                db.execute("UPDATE request SET answer = '' WHERE answer <> ''", &[])?;
            }
            let action = if because.is_some() { "subject-suppressed" } else { "subject-restored" };
            let detail = json!({ "subject_no": no, "records": records, "because": because });
            append_audit(db, by.actor(), by.agency(), action, &detail)?;
            Ok(records)
        })
    }

    /// What is in the gallery.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn stats(&mut self) -> Result<Stats, StoreError> {
        let Counts { subjects, model } = self.counts()?;
        let models: Vec<ModelInfo> = model.into_iter().collect();
        let mut count = |sql: &str| -> Result<u64, StoreError> {
            Ok(one(&mut *self.db, sql, &[], Row::next::<i64>)?.unwrap_or(0) as u64)
        };
        Ok(Stats {
            subjects,
            templates: models.iter().map(|model| model.templates).sum(),
            suppressed: count("SELECT count(DISTINCT subject_no) FROM record WHERE suppressed_because IS NOT NULL")?,
            models,
            searches: count("SELECT count(*) FROM search")?,
            audit_rows: count("SELECT count(*) FROM audit")?,
        })
    }

    /// People and templates; both are counted whole, so ask only when something changed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn counts(&mut self) -> Result<Counts, StoreError> {
        let subjects: i64 = one(&mut *self.db, "SELECT count(*) FROM subject", &[], Row::next)?.unwrap_or(0);
        Ok(Counts { subjects: subjects as u64, model: self.model()? })
    }

    /// The model that the gallery is enrolled with.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn model(&mut self) -> Result<Option<ModelInfo>, StoreError> {
        let Some((id, dim)) = self.embedding()? else { return Ok(None) };
        let templates: i64 = one(&mut *self.db, "SELECT count(*) FROM template", &[], Row::next)?.unwrap_or(0);
        Ok(Some(ModelInfo { id, dim: dim as u32, templates: templates as u64 }))
    }

    /// The model that the gallery is enrolled with, and how many values its templates have; nothing is counted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn embedding(&mut self) -> Result<Option<(String, usize)>, StoreError> {
        one(
            &mut *self.db,
            "SELECT model, CAST(length(sealed) AS BIGINT) FROM template ORDER BY record_id LIMIT 1",
            &[],
            |r| Ok((r.next()?, (r.next::<i64>()? as usize - sealed::OVERHEAD) / 4)),
        )
    }

    /// Photographs of a person, for another system; who takes them out is on the audit.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such person or no photograph.
    pub fn portraits(&mut self, subject: &str, actor: &str) -> Result<Vec<Portrait>, StoreError> {
        let Self { db, photos, .. } = self;
        let rows = write(&mut **db, |db| {
            let rows: Vec<(String, Vec<u8>, Portrait)> = all(
                db,
                "SELECT r.photo, k.key, r.captured_on, a.ori FROM record r
                 JOIN subject s ON s.subject_no = r.subject_no
                 JOIN subject_key k ON k.subject_no = r.subject_no
                 LEFT JOIN agency a ON a.agency_no = r.agency_no
                 WHERE s.subject_id = $1 AND r.suppressed_because IS NULL AND r.photo <> '' ORDER BY r.record_id",
                with![subject],
                |r| {
                    let (name, key) = (r.next()?, r.next()?);
                    Ok((name, key, Portrait { photo: Vec::new(), captured_on: r.next()?, agency: r.next()? }))
                },
            )?;
            if rows.is_empty() {
                return Err(StoreError::Unknown(say!("gallery-photograph-such-subject").to_owned()));
            }
            let detail = json!({ "subject_id": subject, "photographs": rows.len() });
            append_audit(db, actor, "", "subject-exported", &detail)?;
            Ok(rows)
        })?;
        rows.into_iter().map(|(name, key, rest)| Ok(Portrait { photo: photos.get(&key, &name)?, ..rest })).collect()
    }
}

fn subject_no(db: &mut dyn Database, subject: &str, at: &str) -> Result<i64, StoreError> {
    let known = one(db, "SELECT subject_no FROM subject WHERE subject_id = $1", with![subject], Row::next)?;
    if let Some(known) = known {
        return Ok(known);
    }
    let fresh = one(
        db,
        "INSERT INTO subject (subject_id, created_at) VALUES ($1, $2) RETURNING subject_no",
        with![subject, at],
        Row::next,
    )?;
    let fresh: i64 = fresh.ok_or(StoreError::Column)?;
    db.execute("INSERT INTO subject_key (subject_no, key) VALUES ($1, $2)", with![fresh, new_key()?])?;
    Ok(fresh)
}
