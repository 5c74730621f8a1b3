//! A provider for tests: it signs with keys of its own, and what it says goes through the same verification.

use std::fmt::Write as _;

use department::{Moment, PersonRef, ProviderRule};
use ed25519_dalek::{Signer as _, SigningKey};
use openidconnect::ProviderMetadataWithLogout;
use serde_json::{Value, json};

use crate::verify::verify;
use crate::{Attempt, Away, Proof, Provider, Refusal};

/// Where the browser comes back to.
pub const REDIRECT: &str = "http://127.0.0.1:49152/signed-in";

/// The rule of a department whose provider says `mfa`.
pub fn rule() -> ProviderRule {
    ProviderRule {
        issuer: "https://login.example.gov".to_owned(),
        client_id: "corroborate".to_owned(),
        badge_claim: "badge".to_owned(),
        ori_claim: None,
        scopes: Vec::new(),
        acr: Vec::new(),
        amr: vec!["mfa".to_owned()],
        clock_skew_seconds: 60,
        max_age_minutes: 0,
        offline_hours: 0,
        end_session: true,
    }
}

/// A key with which a provider signs, and its name.
pub struct Signer {
    key: SigningKey,
    name: String,
}

impl Signer {
    /// The same seed, the same key.
    pub fn new(seed: u8, name: &str) -> Self {
        Self { key: SigningKey::from_bytes(&[seed; 32]), name: name.to_owned() }
    }

    /// As a provider publishes it (RFC 8037).
    pub fn published(&self) -> Value {
        let x = base64url(self.key.verifying_key().as_bytes());
        json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.name, "alg": "EdDSA", "use": "sig" })
    }

    /// A signed ID token that says `claims`.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(&json!({ "alg": "EdDSA", "typ": "JWT", "kid": self.name }), claims)
    }

    /// The same with another header, whatever that says.
    pub fn sign_as(&self, header: &Value, claims: &Value) -> String {
        let said = format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(claims.to_string().as_bytes()));
        let signature = self.key.sign(said.as_bytes());
        format!("{said}.{}", base64url(&signature.to_bytes()))
    }
}

/// Base 64 for addresses (RFC 4648, section 5), without padding.
pub fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let padded = part.iter().chain([&0, &0]).take(3).fold(0usize, |all, byte| all << 8 | usize::from(*byte));
        for at in 0..=part.len() {
            let _ = write!(text, "{}", LETTERS[padded >> (18 - 6 * at) & 63] as char);
        }
    }
    text
}

/// What a provider at `issuer` says of itself.
pub fn description(issuer: &str) -> Value {
    json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/auth"), "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"), "end_session_endpoint": format!("{issuer}/end"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "EdDSA"],
    })
}

/// The provider of `rule`, which publishes these keys.
///
/// # Panics
/// Where they are none.
pub fn provider(rule: &ProviderRule, keys: &[&Signer]) -> Provider {
    let metadata: ProviderMetadataWithLogout =
        serde_json::from_value(description(&rule.issuer)).expect("it is well formed");
    let keys: Vec<Value> = keys.iter().map(|key| key.published()).collect();
    let keys = serde_json::from_value(json!({ "keys": keys })).expect("they are keys");
    Provider { rule: rule.clone(), metadata, keys }
}

/// What a good ID token for `attempt` says, issued at `now`.
pub fn claims(provider: &Provider, attempt: &Attempt, now: Moment) -> Value {
    let seconds = now.0.as_second();
    json!({
        "iss": provider.rule.issuer, "aud": provider.rule.client_id, "sub": format!("account of {}", attempt.person.badge),
        "nonce": attempt.nonce.secret(), "iat": seconds, "exp": seconds + 300, "auth_time": seconds,
        "amr": ["pwd", "otp", "mfa"], "badge": attempt.person.badge, "ori": attempt.person.ori,
    })
}

/// What comes of `token` as the answer to `attempt`.
///
/// # Errors
/// [`Refusal`].
pub fn verified(provider: &Provider, attempt: &Attempt, token: &str, now: Moment) -> Result<Proof, Refusal> {
    verify(token, provider, attempt, now).map_err(|error| error.refusal(provider.host()))
}

/// `person` showed several factors at `now`, at the account `subject`.
///
/// # Errors
/// [`Refusal`].
pub fn proof(rule: &ProviderRule, person: &PersonRef, subject: &str, now: Moment) -> Result<Proof, Refusal> {
    let signer = Signer::new(1, "one");
    let provider = provider(rule, &[&signer]);
    let (attempt, _) = provider.begin(person, REDIRECT, now)?;
    let mut said = claims(&provider, &attempt, now);
    said["sub"] = json!(subject);
    verified(&provider, &attempt, &signer.sign(&said), now)
}

/// The provider could not be reached at `now`, when `person` was to sign in.
pub fn away(rule: &ProviderRule, person: &PersonRef, now: Moment) -> Away {
    Away { person: person.id, rule: rule.clone(), at: now, why: "connection refused".to_owned() }
}
