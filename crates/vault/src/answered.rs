//! What a second examiner elsewhere answered, checked by whoever has the request, the answer and the department's documents.

use catalogue::say;
use department::PublicKey;

use casework::{VerificationAnswer, VerificationRequest};

use crate::hashing::sha256;
use crate::signed::MOST_FILE;
use crate::signers::{Owed, Signer, paid};
use crate::stated::Stated;
use crate::unproven::{Reason, Unproven, first, whole};

/// Checks an answer to a verification's `request` (both canonical texts) with the verifier's `statement`, by the department of
/// `root`: that it is a whole one to this request, by whom it was asked of, and signed by them as an examiner with a current
/// training (`docs/formats/verification.md`, 2 to 4).
///
/// # Errors
/// The first thing that does not hold.
pub fn verify_answer(
    request: &str,
    answer: &str,
    statement: &str,
    root: &PublicKey,
    documents: &[String],
) -> Result<Signer, Unproven> {
    let read = |text: &str| Ok::<_, Unproven>(department::read_canonical(text.as_bytes(), MOST_FILE)?.1);
    let request: VerificationRequest = whole(read(request)?)?;
    let record = sha256(answer);
    let answer: VerificationAnswer = whole(read(answer)?)?;
    answer.answers(&request).map_err(|gaps| Unproven::new(Reason::Gate, first(&gaps)))?;
    let owed = Owed { stated: Stated::Verification, record, person: answer.work().examiner.clone(), at: answer.at() };
    let (signers, unsigned) = paid(&[owed], root, documents, &[statement.to_owned()])?;
    match (signers.into_iter().next(), unsigned.into_iter().next()) {
        (Some(signer), None) => Ok(signer),
        (_, missing) => Err(Unproven::new(
            Reason::Unsigned,
            missing.unwrap_or_else(|| say!("vault-verification-unsigned").to_owned()),
        )),
    }
}
