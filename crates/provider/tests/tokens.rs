//! What an ID token may not say, one thing at a time.

#![allow(clippy::unwrap_used)]

use department::{Moment, PersonId, PersonRef, ProviderRule};
use openidconnect::url::Url;
use provider::samples::{REDIRECT, Signer, base64url, claims, provider, rule, verified};
use provider::{Attempt, Heard, Proof, Provider, Refusal};
use serde_json::{Value, json};
use uuid::Uuid;

const NOW: i64 = 1_772_452_800;

fn at(seconds: i64) -> Moment {
    Moment(jiff::Timestamp::from_second(NOW + seconds).unwrap())
}

fn reyes() -> PersonRef {
    let [name, badge, ori] = ["A. Reyes", "4471", "CA0190000"].map(str::to_owned);
    PersonRef { id: PersonId(Uuid::from_u128(4471)), name, badge, ori }
}

struct Desk {
    signer: Signer,
    provider: Provider,
    attempt: Attempt,
    address: Url,
}

fn desk(rule: &ProviderRule) -> Desk {
    let signer = Signer::new(1, "one");
    let provider = provider(rule, &[&signer]);
    let (attempt, address) = provider.begin(&reyes(), REDIRECT, at(0)).unwrap();
    Desk { signer, provider, attempt, address }
}

impl Desk {
    fn good(&self) -> Value {
        claims(&self.provider, &self.attempt, at(5))
    }

    fn verify(&self, token: &str, seconds: i64) -> Result<Proof, Refusal> {
        verified(&self.provider, &self.attempt, token, at(seconds))
    }

    fn code(&self, claims: &Value, seconds: i64) -> &'static str {
        self.verify(&self.signer.sign(claims), seconds).map_or_else(|refusal| refusal.code(), |_| "good")
    }

    /// What comes of a good token in which one claim says something else; `null` leaves it out.
    fn saying(&self, name: &str, value: Value) -> &'static str {
        let mut said = self.good();
        match value {
            Value::Null => drop(said.as_object_mut().unwrap().remove(name)),
            value => said[name] = value,
        }
        self.code(&said, 6)
    }
}

#[test]
fn what_proves_a_person_is_their_own_fresh_token_of_several_factors() {
    let desk = desk(&rule());
    let proof = desk.verify(&desk.signer.sign(&desk.good()), 6).unwrap();
    assert_eq!((proof.person(), proof.subject()), (reyes().id, "account of 4471"));
    assert!(proof.spend() && !proof.spend(), "it opens one door");
    let end = proof.end_session().unwrap();
    assert!(end.starts_with("https://login.example.gov/end?id_token_hint="), "{}", end.as_str());
    assert_eq!(proof.on_record()["amr"], json!(["pwd", "otp", "mfa"]));
    assert!(!format!("{proof:?}").contains("id_token_hint"));
    let asked: std::collections::HashMap<_, _> = desk.address.query_pairs().into_owned().collect();
    for (name, value) in [
        ("response_type", "code"),
        ("code_challenge_method", "S256"),
        ("max_age", "0"),
        ("prompt", "login"),
        ("scope", "openid"),
        ("redirect_uri", REDIRECT),
        ("client_id", "corroborate"),
    ] {
        assert_eq!(asked[name], value, "{name}");
    }
    for random in ["state", "nonce", "code_challenge"] {
        assert_eq!(asked[random].len(), 43, "{random}");
    }
}

#[test]
fn a_token_that_says_anything_else_proves_nothing() {
    let desk = desk(&rule());
    let token = "provider-token";
    for (name, value, code) in [
        ("iss", json!("https://login.example.gov/"), token),
        ("iss", json!("https://login.example.com"), token),
        ("iss", Value::Null, token),
        ("aud", json!("another-program"), token),
        ("aud", json!(["corroborate", "another-program"]), token),
        ("aud", json!([]), token),
        ("aud", Value::Null, token),
        ("azp", json!("another-program"), token),
        ("azp", json!("corroborate"), "good"),
        ("aud", json!(["corroborate"]), "good"),
        ("nonce", json!("that-of-another-attempt"), token),
        ("nonce", Value::Null, token),
        ("sub", Value::Null, token),
        ("exp", Value::Null, token),
        ("iat", Value::Null, token),
        ("amr", json!(["pwd"]), "provider-one-factor"),
        ("amr", json!(["MFA"]), "provider-one-factor"),
        ("amr", json!([]), "provider-one-factor"),
        ("amr", Value::Null, "provider-one-factor"),
        ("auth_time", Value::Null, "provider-signed-in-long-ago"),
        ("badge", json!("4472"), "provider-other-person"),
        ("badge", json!(""), "provider-other-person"),
        ("badge", json!(["4471"]), "provider-other-person"),
        ("badge", Value::Null, "provider-other-person"),
        ("badge", json!(4471), "good"),
        ("badge", json!(" 4471 "), "good"),
    ] {
        assert_eq!(desk.saying(name, value.clone()), code, "{name} = {value}");
    }
}

#[test]
fn clocks_may_differ_by_what_the_policy_says_and_the_refusal_says_by_how_much() {
    let desk = desk(&rule());
    let issued = |iat: i64| {
        let mut said = desk.good();
        (said["iat"], said["exp"], said["auth_time"]) = (json!(NOW + iat), json!(NOW + iat + 300), json!(NOW + iat));
        said
    };
    assert_eq!(desk.code(&issued(66), 6), "good");
    assert_eq!(desk.code(&issued(67), 6), "provider-clock");
    assert_eq!(desk.code(&issued(-60), 6), "good");
    assert_eq!(desk.code(&issued(-61), 6), "provider-clock", "it was issued before it was asked for");
    for (iat, minutes, slow) in [(606, 10, true), (-630, 11, false)] {
        match desk.verify(&desk.signer.sign(&issued(iat)), 6) {
            Err(Refusal::Clock { minutes: found, behind }) => assert_eq!((found, behind), (minutes, slow)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(desk.code(&desk.good(), 5 + 300 + 59), "good");
    assert_eq!(desk.code(&desk.good(), 5 + 300 + 60), "provider-expired");
    for far in [i64::MAX, i64::MIN, 1 << 60] {
        let code = desk.saying("exp", json!(far));
        assert!(["provider-token", "provider-expired", "good"].contains(&code), "{far}: {code}");
        assert_ne!(desk.saying("iat", json!(far)), "good", "{far}");
        assert_ne!(desk.saying("auth_time", json!(far)), "good", "{far}");
    }
}

#[test]
fn a_browser_that_was_signed_in_from_earlier_counts_as_long_as_the_policy_says() {
    let fresh = desk(&rule());
    assert_eq!(fresh.saying("auth_time", json!(NOW - 60)), "good");
    assert_eq!(fresh.saying("auth_time", json!(NOW - 61)), "provider-signed-in-long-ago");
    assert_eq!(fresh.saying("auth_time", json!(NOW + 67)), "provider-signed-in-long-ago", "it is yet to come");
    let hour = desk(&ProviderRule { max_age_minutes: 60, ..rule() });
    assert!(!hour.address.query().unwrap().contains("prompt="));
    assert_eq!(hour.saying("auth_time", json!(NOW - 3660)), "good");
    assert_eq!(hour.saying("auth_time", json!(NOW - 3661)), "provider-signed-in-long-ago");
}

#[test]
fn contexts_and_agencies_count_where_the_policy_names_them() {
    let both = ProviderRule { acr: vec!["phr".into(), "phrh".into()], ori_claim: Some("ori".into()), ..rule() };
    let desk = desk(&both);
    assert_eq!(desk.code(&desk.good(), 6), "provider-one-factor", "it names no context");
    for (acr, ori, code) in [
        ("phr", "CA0190000", "good"),
        ("phrh", "ca0190000", "good"),
        ("0", "CA0190000", "provider-one-factor"),
        ("phr ", "CA0190000", "provider-one-factor"),
        ("phr", "CA0190001", "provider-other-agency"),
    ] {
        let mut said = desk.good();
        (said["acr"], said["ori"]) = (json!(acr), json!(ori));
        assert_eq!(desk.code(&said, 6), code, "{acr} {ori}");
    }
    // A rule that asks for one factor reaches nobody who reads policies; were it to, it lets nobody in.
    let lax = self::desk(&ProviderRule { amr: Vec::new(), ..rule() });
    assert_eq!(lax.code(&lax.good(), 6), "provider-one-factor");
}

#[test]
fn a_token_that_another_key_signed_or_none_is_none() {
    let desk = desk(&rule());
    let good = desk.good();
    let code = |token: &str| desk.verify(token, 6).map_or_else(|refusal| refusal.code(), |_| "good");
    assert_eq!(code(&Signer::new(2, "two").sign(&good)), "provider-unknown-key");
    assert_eq!(code(&Signer::new(2, "one").sign(&good)), "provider-token", "another key under its name");
    let signed = desk.signer.sign(&good);
    let mut parts: Vec<&str> = signed.split('.').collect();
    let header = |header: Value| desk.signer.sign_as(&header, &good);
    for alg in ["none", "None", "HS256", "HS512", "RS256", "ES256", "eddsa", ""] {
        assert_ne!(code(&header(json!({ "alg": alg, "kid": "one" }))), "good", "{alg}");
    }
    // The trick of old: no algorithm, no signature.
    let none = base64url(br#"{"alg":"none"}"#);
    assert_eq!(code(&format!("{none}.{}.", parts[1])), "provider-token");
    // HMAC with the public key as its secret.
    assert_eq!(code(&header(json!({ "alg": "HS256", "typ": "JWT", "kid": "one" }))), "provider-token");
    assert_ne!(code(&header(json!({ "alg": "EdDSA", "kid": "one", "crit": ["exp"], "exp": 1 }))), "good");
    // A key that the token brings with it.
    let own = Signer::new(2, "one");
    let brought = own.sign_as(&json!({ "alg": "EdDSA", "kid": "one", "jwk": own.published() }), &good);
    assert_eq!(code(&brought), "provider-token");
    let other = base64url(good.to_string().replace("4471", "4472").as_bytes());
    parts[1] = &other;
    assert_eq!(code(&parts.join(".")), "provider-token", "changed after it was signed");
    for broken in ["", ".", "..", "a.b.c", signed.trim_end_matches(|c: char| c != '.'), &signed[1..]] {
        assert_eq!(code(broken), "provider-token", "{broken}");
    }
    // A token of another attempt of the same person.
    let later = self::desk(&rule());
    assert_eq!(code(&later.signer.sign(&later.good())), "provider-token");
}

#[test]
fn only_what_carries_the_state_of_the_attempt_is_listened_to() {
    let desk = desk(&rule());
    let state = desk.address.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let foreign = |query: &str| matches!(desk.attempt.hear(query), Heard::Foreign);
    for query in [
        String::new(),
        "code=abc".to_owned(),
        "code=abc&state=".to_owned(),
        format!("code=abc&state={}", "A".repeat(43)),
        format!("code=abc&state={}", &state[1..]),
        format!("code=abc&state={state}x"),
        format!("code=abc&state={state}&state={state}"),
        format!("code=abc&code=def&state={state}"),
        format!("state={state}"),
        format!("code=&state={state}"),
        "error=access_denied&state=another".to_owned(),
    ] {
        assert!(foreign(&query), "{query}");
    }
    let heard = |query: &str| desk.attempt.hear(&format!("{query}&state={state}"));
    assert!(matches!(heard("code=a%2Bb"), Heard::Code(code) if code == "a+b"));
    assert!(matches!(heard("code=abc&iss=https%3A%2F%2Flogin.example.gov"), Heard::Code(_)));
    let another = heard("code=abc&iss=https%3A%2F%2Flogin.example.com");
    assert!(matches!(another, Heard::Refused(Refusal::Token(_))), "{another:?}");
    let refused = heard("error=access_denied&error_description=no%0Aaccount");
    assert!(matches!(&refused, Heard::Refused(Refusal::Denied { why, .. }) if why == "access_denied: no account"));
}
