//! A certificate authority for a small agency: enough for a service and its workstations, and no more.

use std::path::Path;

use catalogue::say;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use sha2::{Digest, Sha256};

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// A file.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is there already.
    #[error("{}", say!("service-already-not-touched-name-another", what = _0))]
    Exists(String),
    /// The certificate.
    #[error("{}", say!("service-certificate-cannot-made", what = _0))]
    Certificate(#[from] rcgen::Error),
}

/// A certificate that was issued.
#[derive(Debug)]
pub struct Issued {
    /// SHA-256 of the certificate, in hexadecimal.
    pub sha256: String,
    /// Until when it is good.
    pub expires: Timestamp,
}

fn file(path: &Path) -> impl Fn(std::io::Error) -> AuthorityError {
    let path = path.display().to_string();
    move |source| AuthorityError::File { path: path.clone(), source }
}

/// Writes a new file that only its owner reads.
fn write_secret(path: &Path, text: &str) -> Result<(), AuthorityError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => AuthorityError::Exists(path.display().to_string()),
        _ => file(path)(e),
    })?;
    std::io::Write::write_all(&mut opened, text.as_bytes()).map_err(file(path))
}

fn params(name: &str, organisation: &str, days: u32) -> (CertificateParams, Timestamp) {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.distinguished_name.push(DnType::OrganizationName, organisation);
    let expires = Timestamp::now() + SignedDuration::from_hours(24 * i64::from(days));
    let date = expires.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    params.not_after = rcgen::date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs());
    let today = Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    params.not_before =
        rcgen::date_time_ymd(today.year().into(), today.month().unsigned_abs(), today.day().unsigned_abs());
    (params, expires)
}

/// Makes an authority in `folder`: `ca.pem` for everybody, `ca.key` for nobody else.
///
/// # Errors
/// [`AuthorityError`].
pub fn found(folder: &Path, name: &str) -> Result<(), AuthorityError> {
    std::fs::create_dir_all(folder).map_err(file(folder))?;
    let key = KeyPair::generate()?;
    let (mut params, _) = params(name, name, 3650);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let certificate = params.self_signed(&key)?;
    write_secret(&folder.join("ca.key"), &key.serialize_pem())?;
    std::fs::write(folder.join("ca.pem"), certificate.pem()).map_err(file(folder))
}

/// Issues a certificate of the authority in `folder` as `<name>.pem` and `<name>.key` there: for a service that is
/// reached at `name`, or for a person of an agency.
///
/// # Errors
/// [`AuthorityError`].
pub fn issue(folder: &Path, name: &str, agency: Option<&str>, days: u32) -> Result<Issued, AuthorityError> {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(file(path));
    let key = KeyPair::from_pem(&read(&folder.join("ca.key"))?)?;
    let issuer = Issuer::from_ca_cert_pem(&read(&folder.join("ca.pem"))?, key)?;
    let (mut params, expires) = params(name, agency.unwrap_or(name), days);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = match agency {
        Some(_) => vec![ExtendedKeyUsagePurpose::ClientAuth],
        None => {
            params.subject_alt_names = CertificateParams::new(vec![name.to_owned()])?.subject_alt_names;
            vec![ExtendedKeyUsagePurpose::ServerAuth]
        }
    };
    let own = KeyPair::generate()?;
    let certificate = params.signed_by(&own, &issuer)?;
    let file_name: String =
        name.chars().map(|c| if c.is_alphanumeric() || ".-".contains(c) { c } else { '-' }).collect();
    write_secret(&folder.join(format!("{file_name}.key")), &own.serialize_pem())?;
    let path = folder.join(format!("{file_name}.pem"));
    std::fs::write(&path, certificate.pem()).map_err(file(&path))?;
    Ok(Issued { sha256: hex::encode(Sha256::digest(certificate.der())), expires })
}
