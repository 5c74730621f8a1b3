use serde::{Deserialize, Serialize};

/// How people sign in. The bounds are those of the FBI's CJIS Security Policy 5.9 (5.5.3, 5.5.5, 5.6.2).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRule {
    /// Minutes without work after which the window locks. Never above 30.
    pub lock_after_minutes: u16,
    /// Wrong passphrases in a row after which a person must wait. Never above 5.
    pub wrong_passphrases: u16,
    /// Minutes of that wait. Never below 10.
    pub wait_minutes: u16,
    /// Fewest characters of a passphrase. Never below 8.
    pub passphrase_characters: usize,
    /// Hours for which a second factor that was shown counts for further sign-ins of the same person, until the program
    /// ends. 0 asks each time; never above 12.
    #[serde(default)]
    pub second_factor_hours: u16,
    /// The department's identity provider, where it has one: whoever signs in shows their second factor there.
    #[serde(default)]
    pub provider: Option<ProviderRule>,
}

/// An identity provider (OpenID Connect) and what it must say of somebody before they are let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderRule {
    /// Its address as it names itself (`iss`): https, or this machine's loopback address.
    pub issuer: String,
    /// How it knows this program: a public client without a secret.
    pub client_id: String,
    /// The claim of an ID token that holds a person's badge. There is no default: it must be one that people cannot set
    /// themselves at the provider.
    pub badge_claim: String,
    /// The claim that holds their agency, where the provider serves several.
    #[serde(default)]
    pub ori_claim: Option<String>,
    /// Scopes that are asked for besides `openid`, so that the badge is in the ID token.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Contexts (`acr`) that are several factors here: an ID token must name one of them.
    #[serde(default)]
    pub acr: Vec<String>,
    /// Methods (`amr`, RFC 8176) that are several factors here: an ID token must name every one of them.
    #[serde(default)]
    pub amr: Vec<String>,
    /// Seconds that both clocks may differ. Never above 300.
    #[serde(default = "a_minute")]
    pub clock_skew_seconds: u16,
    /// Minutes since which the person may have been signed in with the provider; 0 has them sign in there each time.
    /// Never above 720.
    #[serde(default)]
    pub max_age_minutes: u16,
    /// Hours after a sign-in with the provider within which a passphrase and a code of an authenticator app do while it
    /// cannot be reached; 0 is never. Never above 24.
    #[serde(default)]
    pub offline_hours: u16,
    /// Whether the browser's session with the provider ends when the person signs out here, where the provider can do
    /// that.
    #[serde(default = "yes")]
    pub end_session: bool,
}

const fn a_minute() -> u16 {
    60
}

const fn yes() -> bool {
    true
}

/// Methods of one factor: whoever has several of them has shown one thing that they know.
const KNOWN: [&str; 3] = ["pwd", "pin", "kba"];

/// Why a [`ProviderRule`] cannot be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderFault {
    /// The issuer is no https address, or has a query, a fragment or a name before its host.
    Issuer,
    /// No client, or no claim for the badge (or an empty one for the agency).
    Empty,
    /// Neither `acr` nor `amr` asks for more than one factor.
    OneFactor,
}

impl ProviderRule {
    /// What is wrong with it beside its numbers.
    pub fn fault(&self) -> Option<ProviderFault> {
        let blank = |text: &str| text.trim().is_empty() || text.trim() != text;
        if !is_issuer(&self.issuer) {
            return Some(ProviderFault::Issuer);
        }
        let texts = [&self.client_id, &self.badge_claim].into_iter().chain(&self.ori_claim).chain(&self.scopes);
        if texts.chain(&self.acr).chain(&self.amr).any(|text| blank(text)) {
            return Some(ProviderFault::Empty);
        }
        // OpenID Connect Core, section 2: `0` is what "should not be used to authorise access to any resource".
        let several = !self.acr.is_empty() || self.amr.iter().any(|method| !KNOWN.contains(&method.as_str()));
        (!several || self.acr.iter().any(|acr| acr == "0")).then_some(ProviderFault::OneFactor)
    }
}

/// Whether `text` is an address from which a provider may be asked what it is.
fn is_issuer(text: &str) -> bool {
    let host_of = |rest: &str| rest.split('/').next().unwrap_or_default().to_owned();
    let host = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => host_of(rest),
        (None, Some(rest)) => {
            let host = host_of(rest);
            let name = host.strip_prefix("[::1]").or_else(|| host.strip_prefix("127.0.0.1"));
            let name = name.or_else(|| host.strip_prefix("localhost"));
            if !name.is_some_and(|port| port.is_empty() || port.starts_with(':')) {
                return false;
            }
            host
        }
        (None, None) => return false,
    };
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '@' | '\\');
    !host.is_empty() && !text.contains(odd)
}

/// What an examiner's training must be.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingRule {
    /// Months a training record stays current.
    pub valid_months: u16,
    /// Lowest proficiency result, 0 to 100.
    pub minimum_proficiency: u8,
}
