//! What an ID token must say (OpenID Connect Core 1.0, section 3.1.3.7). The library checks form, signature, issuer,
//! audience and nonce; everything else is checked here, with one clock and one skew.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::atomic::AtomicBool;

use catalogue::say;
use department::Moment;
use openidconnect::core::{CoreGenderClaim, CoreIdToken, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm};
use openidconnect::{
    AdditionalClaims, ClaimsVerificationError, IdToken, IdTokenVerifier, LogoutRequest, SignatureVerificationError,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::refusal::shortened;
use crate::{Attempt, Proof, Provider, Refusal};

/// Algorithms by which an ID token may be signed: public keys only. Neither `none` nor one with a shared secret is
/// among them.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Claims that OpenID Connect does not define.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Further {
    #[serde(flatten)]
    all: BTreeMap<String, Value>,
}

impl AdditionalClaims for Further {}

type Token = IdToken<Further, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// Why a token was not believed.
#[derive(Debug)]
pub(crate) enum Unverified {
    /// Its key is not among those that are known.
    UnknownKey,
    /// For every other reason.
    Refused(Refusal),
}

impl Unverified {
    pub fn refusal(self, host: &str) -> Refusal {
        match self {
            Unverified::UnknownKey => Refusal::UnknownKey(host.to_owned()),
            Unverified::Refused(refusal) => refusal,
        }
    }
}

impl From<Refusal> for Unverified {
    fn from(refusal: Refusal) -> Self {
        Unverified::Refused(refusal)
    }
}

fn wrong(why: impl Into<String>) -> Unverified {
    Refusal::Token(why.into()).into()
}

/// Whole minutes of `seconds`, rounded up.
fn minutes(seconds: i64) -> i64 {
    (seconds + 59) / 60
}

/// Verifies `text` as the provider's answer to `attempt`, at `now`.
pub(crate) fn verify(text: &str, provider: &Provider, attempt: &Attempt, now: Moment) -> Result<Proof, Unverified> {
    let rule = &provider.rule;
    let token = Token::from_str(text).map_err(|e| wrong(shortened(&e.to_string())))?;
    let verifier = IdTokenVerifier::new_public_client(
        provider.client_id(),
        provider.metadata.issuer().clone(),
        provider.keys.clone(),
    )
    .set_allowed_algs(ALGORITHMS)
    // Its end is checked below, after its beginning: which of both clocks is wrong is told.
    .set_time_fn(Default::default);
    let claims = token.claims(&verifier, &attempt.nonce).map_err(|error| match error {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            Unverified::UnknownKey
        }
        other => wrong(shortened(&in_words(&other))),
    })?;
    if claims.authorized_party().is_some_and(|party| party.as_str() != rule.client_id) {
        return Err(wrong(say!("provider-other-client")));
    }

    let (skew, now_s) = (i64::from(rule.clock_skew_seconds), now.0.as_second());
    let (begun, issued) = (attempt.begun.0.as_second(), claims.issue_time().timestamp());
    if issued > now_s.saturating_add(skew) {
        return Err(Refusal::Clock { minutes: minutes(issued - now_s), behind: true }.into());
    }
    // Nothing that was issued before it was asked for answers it.
    if issued.saturating_add(skew) < begun {
        return Err(Refusal::Clock { minutes: minutes(begun.saturating_sub(issued)), behind: false }.into());
    }
    if claims.expiration().timestamp().saturating_add(skew) <= now_s {
        return Err(Refusal::Expired.into());
    }

    let acr = claims.auth_context_ref().map(|acr| acr.as_str().to_owned());
    let amr: Vec<String> =
        claims.auth_method_refs().into_iter().flatten().map(|method| method.as_str().to_owned()).collect();
    let context = rule.acr.is_empty() || acr.as_ref().is_some_and(|acr| rule.acr.contains(acr));
    let methods = rule.amr.iter().all(|method| amr.contains(method));
    // A rule that asks for neither is refused where the policy is read; here it lets nobody in.
    if !context || !methods || rule.fault().is_some() {
        let said = acr.iter().chain(&amr).map(String::as_str).collect::<Vec<_>>().join(", ");
        return Err(Refusal::OneFactor(shortened(&said)).into());
    }
    let authenticated = claims.auth_time().map(|at| at.timestamp()).ok_or(Refusal::LongAgo)?;
    let since = begun.saturating_sub(i64::from(rule.max_age_minutes) * 60);
    if authenticated.saturating_add(skew) < since || authenticated > now_s.saturating_add(skew) {
        return Err(Refusal::LongAgo.into());
    }

    let all = serde_json::to_value(claims).map_err(|e| wrong(e.to_string()))?;
    let alike = |a: &str, b: &str| !a.trim().is_empty() && a.trim().eq_ignore_ascii_case(b.trim());
    let person = &attempt.person;
    let found = said(&all, &rule.badge_claim);
    if !alike(&found, &person.badge) {
        return Err(Refusal::OtherPerson { found: shortened(&found), wanted: person.badge.clone() }.into());
    }
    if let Some(claim) = &rule.ori_claim {
        let found = said(&all, claim);
        if !alike(&found, &person.ori) {
            return Err(Refusal::OtherAgency { found: shortened(&found), wanted: person.ori.clone() }.into());
        }
    }
    let moment = |seconds| jiff::Timestamp::from_second(seconds).map(Moment).map_err(|_| Refusal::Expired);
    Ok(Proof {
        person: person.id,
        rule: rule.clone(),
        subject: claims.subject().as_str().to_owned(),
        acr,
        amr,
        authenticated_at: moment(authenticated)?,
        issued_at: moment(issued)?,
        verified_at: now,
        end_session: end_session(provider, text),
        spent: AtomicBool::new(false),
    })
}

/// What a claim says; empty where it says nothing that names somebody.
fn said(claims: &Value, name: &str) -> String {
    match claims.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn in_words(error: &ClaimsVerificationError) -> String {
    match error {
        ClaimsVerificationError::SignatureVerification(why) => format!("{error}: {why}"),
        _ => error.to_string(),
    }
}

/// The address that ends the browser's session (OpenID Connect RP-Initiated Logout 1.0).
fn end_session(provider: &Provider, text: &str) -> Option<Zeroizing<String>> {
    let endpoint = provider.metadata.additional_metadata().end_session_endpoint.clone()?;
    let token = CoreIdToken::from_str(text).ok().filter(|_| provider.rule.end_session)?;
    let request = LogoutRequest::from(endpoint).set_id_token_hint(&token).set_client_id(provider.client_id());
    Some(Zeroizing::new(request.http_get_url().to_string()))
}
