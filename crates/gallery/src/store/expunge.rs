//! Expungement by order: tombstone and deletion at once, then the index, then the key, then a certificate.
//!
//! What remains of a person are digests and traces ([`super::trace`]) under a secret of this gallery, so that the same
//! record, or a copy of its photograph, is not enrolled again by mistake, and a signed certificate without personal data.

use catalogue::say;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::agencies::HOME;
use super::audit::append_audit;
use super::enrolment::Enrolment;
use super::error::StoreError;
use super::forms::{new_key, now, sha256};
use super::index_keys::DESTROYED;
use super::secrets::secret_of;
use super::sql::{Database, Row, all, one, with, write};
use super::staging::unstage;
use super::tokens::Authority;
use super::whole::Store;
use super::{sealed, trace};

const CERTIFICATE: &str = "corroborate.expungement.v1";

/// The order that an expungement follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Number of the order, such as a court's.
    #[schema(min_length = 1, pattern = r"\S")]
    pub order_reference: String,
    /// Who gave it.
    #[schema(min_length = 1, pattern = r"\S")]
    pub authority: String,
}

/// What a certificate says. It names no person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Certificate {
    /// `corroborate.expungement.v1`.
    pub schema: String,
    /// Its identity.
    pub certificate_id: Uuid,
    /// The order.
    pub order: Order,
    /// Records that were removed with photographs and templates.
    pub records: u64,
    /// From when on no answer showed the person; rows were deleted in the same transaction.
    pub deleted_at: String,
    /// When this gallery's index segments were rewritten without the rows.
    pub index_rewritten_at: String,
    /// When the key of the photographs was destroyed and their files were removed.
    pub key_destroyed_at: String,
}

/// A certificate with its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CertificateFile {
    /// The certificate as the text that was signed: JSON after RFC 8785.
    pub text: String,
    /// Ed25519 signature of the text, in hexadecimal.
    pub signature: String,
    /// The gallery's public key, in hexadecimal.
    pub public_key: String,
}

/// Checks a certificate's signature and reads it.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn verify_certificate(file: &CertificateFile) -> Result<Certificate, &'static str> {
    let bytes = |text: &str, what| hex::decode(text).map_err(|_| what);
    let key: [u8; 32] = bytes(&file.public_key, say!("gallery-key-malformed"))?
        .try_into()
        .map_err(|_| say!("gallery-key-malformed"))?;
    let key = VerifyingKey::from_bytes(&key).map_err(|_| say!("gallery-key-malformed"))?;
    let signature = Signature::from_slice(&bytes(&file.signature, say!("gallery-signature-malformed"))?)
        .map_err(|_| say!("gallery-signature-malformed"))?;
    key.verify_strict(file.text.as_bytes(), &signature).map_err(|_| say!("gallery-text-not-signed"))?;
    let certificate: Certificate =
        serde_json::from_str(&file.text).map_err(|_| say!("gallery-text-not-certificate-expungement"))?;
    if certificate.schema == CERTIFICATE { Ok(certificate) } else { Err(say!("gallery-text-another-kind-certificate")) }
}

/// The secret under which digests of expunged records are kept.
pub(super) fn secret(db: &mut dyn Database) -> Result<[u8; 32], StoreError> {
    secret_of(db, "tombstone")
}

fn digest(secret: &[u8; 32], kind: &str, what: &str) -> String {
    sha256(&[&secret[..], kind.as_bytes(), b"\n", what.as_bytes()].concat())
}

/// An expungement that stands against an enrolment.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub certificate: String,
    /// The agency whose records they were; expungements before it was kept have none.
    pub agency: Option<String>,
    /// Whether it is another file that looks the same.
    pub resembles: bool,
}

/// What expunged photographs left.
#[derive(Debug)]
pub(super) struct Traces(Vec<(Standing, Option<trace::Trace>, Option<trace::Trace>)>);

impl Traces {
    pub fn load(db: &mut dyn Database) -> Result<Self, StoreError> {
        let trace = |bytes: Option<Vec<u8>>| bytes.and_then(|bytes| bytes.try_into().ok());
        let sql = "SELECT certificate_id, agency, template, picture FROM tombstone_trace";
        let rows = all(db, sql, &[], |r| {
            let standing = Standing { certificate: r.next()?, agency: r.next()?, resembles: true };
            Ok((standing, trace(r.next()?), trace(r.next()?)))
        })?;
        Ok(Self(rows))
    }

    fn find(&self, secret: &[u8; 32], enrolment: &Enrolment) -> Option<Standing> {
        if self.0.is_empty() {
            return None;
        }
        let template = trace::of_template(secret, &enrolment.values);
        let picture = trace::of_picture(secret, &enrolment.photo);
        let found = self.0.iter().find(|(_, kept, pictured)| {
            trace::resembles((&template, kept.as_ref()), (picture.as_ref(), pictured.as_ref()))
        });
        found.map(|(standing, ..)| standing.clone())
    }
}

/// Under which kind of digest a person is kept out whom an agency expunged while others keep theirs.
fn subject_of(agency: &str) -> String {
    format!("subject of {agency}")
}

/// The expungement that a person, a photograph or a copy of one falls under.
pub(super) fn ordered(
    db: &mut dyn Database,
    secret: &[u8; 32],
    traces: &Traces,
    enrolment: &Enrolment,
) -> Result<Option<Standing>, StoreError> {
    let own = subject_of(enrolment.agency.as_deref().unwrap_or(HOME));
    let exact = one(
        db,
        "SELECT certificate_id, agency FROM tombstone WHERE digest IN ($1, $2, $3)",
        with![
            digest(secret, "subject", &enrolment.subject),
            digest(secret, &own, &enrolment.subject),
            digest(secret, "source", &enrolment.source_sha256)
        ],
        |r| Ok(Standing { certificate: r.next()?, agency: r.next()?, resembles: false }),
    )?;
    Ok(exact.or_else(|| traces.find(secret, enrolment)))
}

#[derive(Debug, Serialize, Deserialize)]
struct Facts {
    order: Order,
    records: u64,
    deleted_at: String,
}

impl Store {
    /// Removes a person's records, an agency its own alone: when this returns, no search that starts shows them.
    /// [`Store::finish_expungement`] completes it; an expungement that a crash interrupts stays on
    /// [`Store::unfinished_expungements`].
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such person, [`StoreError::OtherAgency`] when the records are all of
    /// others; nothing changes then.
    pub fn expunge(&mut self, subject: &str, order: &Order, by: Authority<'_>) -> Result<Uuid, StoreError> {
        let Self { db, photos, .. } = self;
        write(&mut **db, |db| {
            let id = Uuid::new_v4();
            let (no, own, others) = records_of(db, subject, by)?;
            let secret = secret(db)?;
            let whole = others.is_empty();
            let key: Vec<u8> = one(db, "SELECT key FROM subject_key WHERE subject_no = $1", with![no], Row::next)?
                .ok_or_else(|| StoreError::Photo(say!("gallery-subject-no-key").to_owned()))?;
            let kind = by.own().filter(|_| !whole).map_or_else(|| "subject".to_owned(), subject_of);
            let owner = own.first().map_or(HOME, |record| record.owner.as_str());
            let person = (digest(&secret, &kind, subject), owner);
            let sources = own.iter().map(|record| (digest(&secret, "source", &record.source), record.owner.as_str()));
            for (digest, owner) in sources.chain([person]) {
                db.execute(
                    "INSERT INTO tombstone (digest, certificate_id, agency) VALUES ($1, $2, $3)
                     ON CONFLICT (digest) DO UPDATE SET certificate_id = $2, agency = $3",
                    with![digest, id.to_string(), owner],
                )?;
            }
            let mut unneeded: Vec<String> = Vec::new();
            for record in &own {
                let values = opened(db, "template", &key, record.id)?;
                let template = values.ok().flatten().map(|(_, values)| trace::of_template(&secret, &values).to_vec());
                // A template or photograph that cannot be read any more leaves no trace, and is removed nevertheless.
                let jpeg =
                    Some(&record.photo).filter(|name| !name.is_empty()).and_then(|name| photos.get(&key, name).ok());
                let picture = jpeg.and_then(|jpeg| trace::of_picture(&secret, &jpeg)).map(|trace| trace.to_vec());
                db.execute(
                    "INSERT INTO tombstone_trace (certificate_id, agency, template, picture) VALUES ($1, $2, $3, $4)",
                    with![id.to_string(), &record.owner, template, picture],
                )?;
                db.execute("INSERT INTO outbox (record_id, op) VALUES ($1, 'remove')", with![record.id])?;
                unstage(db, record.id)?;
                db.execute("DELETE FROM template WHERE record_id = $1", with![record.id])?;
                db.execute("DELETE FROM record WHERE record_id = $1", with![record.id])?;
                unneeded.push(record.photo.clone());
            }
            if whole {
                db.execute("DELETE FROM subject WHERE subject_no = $1", with![no])?;
            } else {
                // What other agencies keep gets a new key, so that the old one can be destroyed.
                let fresh = new_key()?;
                for record in &others {
                    for table in ["template", "staged_template"] {
                        let Some((model, values)) = opened(db, table, &key, record.id)?? else { continue };
                        let again = sealed::seal(&fresh, record.id, &model, &values)?;
                        let sql = format!("UPDATE {table} SET sealed = $1 WHERE record_id = $2");
                        db.execute(&sql, with![again, record.id])?;
                    }
                    if record.photo.is_empty() {
                        continue;
                    }
                    let name = photos.put(&fresh, &photos.get(&key, &record.photo)?)?;
                    db.execute("UPDATE record SET photo = $1 WHERE record_id = $2", with![name, record.id])?;
                    unneeded.push(record.photo.clone());
                }
                db.execute("UPDATE subject_key SET key = $1 WHERE subject_no = $2", with![fresh, no])?;
            }
            // Answers kept for repeated requests name subjects.
            db.execute("UPDATE request SET answer = '' WHERE answer <> ''", &[])?;
            let at = now();
            let facts = Facts { order: order.clone(), records: own.len() as u64, deleted_at: at.clone() };
            db.execute(
                "INSERT INTO certificate (certificate_id, begun_at, subject_no, photos, facts) VALUES ($1, $2, $3, $4, $5)",
                with![
                    id.to_string(),
                    &at,
                    Some(no).filter(|_| whole),
                    json!(unneeded).to_string(),
                    json!(facts).to_string()
                ],
            )?;
            let detail =
                json!({ "certificate_id": id, "records": own.len(), "order": order, "kept_by_others": others.len() });
            append_audit(db, by.actor(), by.agency(), "subject-expunged", &detail)?;
            Ok(id)
        })
    }

    /// Expungements whose certificates are not signed yet, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn unfinished_expungements(&mut self) -> Result<Vec<Uuid>, StoreError> {
        let ids: Vec<String> = all(
            &mut *self.db,
            "SELECT certificate_id FROM certificate WHERE content IS NULL ORDER BY begun_at",
            &[],
            Row::next,
        )?;
        ids.iter().map(|id| id.parse().map_err(|_| StoreError::Column)).collect()
    }

    /// Destroys the key, removes the photographs and signs the certificate, once the caller has rewritten the
    /// index. To repeat it gives the same certificate.
    ///
    /// # Errors
    /// [`StoreError`]; then it is still unfinished.
    pub fn finish_expungement(&mut self, id: Uuid) -> Result<CertificateFile, StoreError> {
        let index_rewritten_at = now();
        if let Some(known) = self.certificate(id)? {
            return Ok(known);
        }
        let found = one(
            &mut *self.db,
            "SELECT subject_no, photos, facts FROM certificate WHERE certificate_id = $1",
            with![id.to_string()],
            |r| Ok((r.next::<Option<i64>>()?, r.next::<String>()?, r.next::<String>()?)),
        )?;
        let (no, photos, facts) =
            found.ok_or_else(|| StoreError::Unknown(say!("gallery-such-expungement").to_owned()))?;
        let photos: Vec<String> = serde_json::from_str(&photos).map_err(|_| StoreError::Column)?;
        let facts: Facts = serde_json::from_str(&facts).map_err(|_| StoreError::Column)?;
        for photo in photos.iter().filter(|name| !name.is_empty()) {
            self.photos.remove(photo)?;
        }
        write(&mut *self.db, |db| {
            // Overwritten where it lies: a row that is taken out can leave a copy in its page.
            let destroyed = DESTROYED.to_vec();
            db.execute("UPDATE subject_key SET key = $1 WHERE subject_no = $2", with![destroyed, no]).map(drop)
        })?;
        self.db.scrub()?;
        let certificate = Certificate {
            schema: CERTIFICATE.to_owned(),
            certificate_id: id,
            order: facts.order,
            records: facts.records,
            deleted_at: facts.deleted_at,
            index_rewritten_at,
            key_destroyed_at: now(),
        };
        let text = serde_json_canonicalizer::to_string(&certificate).map_err(|_| StoreError::Column)?;
        write(&mut *self.db, |db| {
            let key = SigningKey::from_bytes(&secret_of(db, "certificate")?);
            let signature = hex::encode(key.sign(text.as_bytes()).to_bytes());
            db.execute(
                "UPDATE certificate SET content = $1, signature = $2, public_key = $3, photos = '[]', subject_no = NULL
                 WHERE certificate_id = $4 AND content IS NULL",
                with![&text, signature, hex::encode(key.verifying_key().to_bytes()), id.to_string()],
            )?;
            let detail = json!({ "certificate_id": id, "sha256": sha256(text.as_bytes()) });
            append_audit(db, "gallery", "", "expungement-certified", &detail)
        })?;
        self.certificate(id)?.ok_or(StoreError::Column)
    }

    /// A signed certificate.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn certificate(&mut self, id: Uuid) -> Result<Option<CertificateFile>, StoreError> {
        one(
            &mut *self.db,
            "SELECT content, signature, public_key FROM certificate WHERE certificate_id = $1 AND content IS NOT NULL",
            with![id.to_string()],
            |r| Ok(CertificateFile { text: r.next()?, signature: r.next()?, public_key: r.next()? }),
        )
    }
}

/// The template of a record with its model, as far as there is one: or why it does not open.
type Opened = Result<Option<(String, Zeroizing<Vec<f32>>)>, StoreError>;

fn opened(db: &mut dyn Database, table: &str, key: &[u8], record: i64) -> Result<Opened, StoreError> {
    let sql = format!("SELECT model, sealed FROM {table} WHERE record_id = $1");
    let found: Option<(String, Vec<u8>)> = one(db, &sql, with![record], |r| Ok((r.next()?, r.next()?)))?;
    let Some((model, sealed)) = found else { return Ok(Ok(None)) };
    let values = sealed::open(Some(key.to_vec()), record, &model, &sealed);
    Ok(values.map(|values| Some((model, values))))
}

/// A record of a person.
#[derive(Debug)]
pub(super) struct Owned {
    pub id: i64,
    pub photo: String,
    pub source: String,
    /// Agency (ORI).
    pub owner: String,
}

/// A person's number, the records that `by` may act on, and those of other agencies.
///
/// # Errors
/// [`StoreError::Unknown`]; [`StoreError::OtherAgency`] when there are none to act on.
pub(super) fn records_of(
    db: &mut dyn Database,
    subject: &str,
    by: Authority<'_>,
) -> Result<(i64, Vec<Owned>, Vec<Owned>), StoreError> {
    let no: Option<i64> = one(db, "SELECT subject_no FROM subject WHERE subject_id = $1", with![subject], Row::next)?;
    let no = no.ok_or_else(|| StoreError::Unknown(say!("gallery-such-subject").to_owned()))?;
    let records = all(
        db,
        "SELECT r.record_id, r.photo, r.source_sha256, a.ori FROM record r
         LEFT JOIN agency a ON a.agency_no = r.agency_no WHERE r.subject_no = $1 ORDER BY r.record_id",
        with![no],
        |r| {
            let (id, photo, source, ori) = (r.next()?, r.next()?, r.next()?, r.next::<Option<String>>()?);
            Ok(Owned { id, photo, source, owner: ori.unwrap_or_else(|| HOME.to_owned()) })
        },
    )?;
    let mut owners: Vec<String> = records.iter().map(|record| record.owner.clone()).collect();
    let (own, others): (Vec<Owned>, Vec<Owned>) =
        records.into_iter().partition(|record| by.own().is_none_or(|own| own == record.owner));
    if own.is_empty() && !others.is_empty() {
        owners.sort();
        owners.dedup();
        return Err(StoreError::OtherAgency(owners.join(", ")));
    }
    Ok((no, own, others))
}
