//! A certificate that left a workstation, checked by whoever has it.

use catalogue::say;
use department::{PublicKey, fingerprint};
use serde::{Deserialize, Serialize};

use casework::{CERTIFICATE_SCHEMA, CertificateContent};

use crate::error::VaultError;
use crate::hashing::canonical;
use crate::signed::{MOST_FILE, Signed};
use crate::signers::{Owed, Signer, asked_of, paid};
use crate::stated::Stated;
use crate::unproven::{Reason, Unproven, whole};

/// Format of an exported certificate.
const FORMAT: &str = "corroborate.purge-file.v1";

/// A certificate as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CertificateFile {
    format: String,
    certificate: Signed,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    root: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    department: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    statements: Vec<String>,
}

/// What an exported certificate proved.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedCertificate {
    /// What it says.
    pub content: CertificateContent,
    /// Fingerprint of the workstation's key.
    pub signed_by: String,
    /// Root key of the department that the file names; whether that is the reader's is for the reader.
    pub department: Option<PublicKey>,
    /// The supervisor who let it go, by the roster of that day.
    pub signers: Vec<Signer>,
    /// What of it nobody of that department signed, a sentence each.
    pub unsigned: Vec<String>,
}

pub(super) fn write(
    certificate: Signed,
    root: Option<String>,
    department: Vec<String>,
    statements: Vec<String>,
) -> Result<String, VaultError> {
    canonical(&CertificateFile { format: FORMAT.to_owned(), certificate, root, department, statements })
}

/// Checks an exported certificate (`docs/formats/purge-certificate.md`): who signed it, and that it says nothing that the rule does not
/// allow by any policy. With a reader's own `root` it must be of that department, and signed by who let the case go.
///
/// # Errors
/// The first thing that does not hold.
pub fn verify_certificate(text: &str, root: Option<&PublicKey>) -> Result<CheckedCertificate, Unproven> {
    let checked = checked(text)?;
    if let Some(root) = root {
        asked_of(root, checked.department.as_ref(), &checked.unsigned)?;
    }
    Ok(checked)
}

fn checked(text: &str) -> Result<CheckedCertificate, Unproven> {
    let (_, value) = department::read_canonical(text.as_bytes(), MOST_FILE)?;
    if value["format"] != FORMAT {
        return Err(Unproven::new(Reason::Schema, say!("vault-record-of-another-schema", schema = FORMAT)));
    }
    let file: CertificateFile = whole(value)?;
    let content: CertificateContent = file.certificate.prove(CERTIFICATE_SCHEMA)?;
    content.proven().map_err(|gaps| Unproven::gate(&gaps))?;
    let (mut signers, mut unsigned, mut root) = (Vec::new(), Vec::new(), None);
    match &file.root {
        Some(named) => {
            let key = PublicKey::read(named)?;
            let (record, person) = (file.certificate.sha256.clone(), content.confirmed.by.clone());
            let owed = Owed { stated: Stated::Purge, record, person, at: content.confirmed.at };
            (signers, unsigned) = paid(&[owed], &key, &file.department, &file.statements)?;
            root = Some(key);
        }
        None if !file.department.is_empty() || !file.statements.is_empty() => {
            return Err(Unproven::new(Reason::NoDepartment, say!("vault-signer-no-department")));
        }
        None => {}
    }
    let signed_by = fingerprint(&file.certificate.public_key);
    Ok(CheckedCertificate { content, signed_by, department: root, signers, unsigned })
}
