//! The identity provider as second factor: whose proof opens which door, how often, and what does while it is away.

use casework::samples::{at, examiner};
use casework::{Moment, Person, ProviderRule, SessionRule};
use provider::samples::{away, proof, rule as provider_rule};
use vault::samples::{self, InMemory, PASSPHRASE, keeper};
use vault::{Admission, Due, Entered, Entrance, ProviderRefusal, Second, SecondFactor, VaultError};

const NOW: &str = "2026-03-02T12:00:00Z";
const HOUR: i64 = 3600;

fn after(seconds: i64) -> Moment {
    Moment(jiff::Timestamp::from_second(at(NOW).0.as_second() + seconds).unwrap())
}

fn shown(factor: &SecondFactor, now: Moment) -> String {
    let secret = totp_rs::Secret::try_from_base32(factor.typed().replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(now.0.as_second() as u64).to_string()
}

/// A workstation whose department signed a policy with a provider.
struct Desk {
    folder: tempfile::TempDir,
    keys: InMemory,
    entrance: Entrance,
    provider: ProviderRule,
}

impl Desk {
    fn new(offline_hours: u16) -> Self {
        let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
        let (mut entrance, _, _) = samples::entered(folder.path(), &keys).unwrap();
        let provider = ProviderRule { offline_hours, ..provider_rule() };
        assert!(entrance.hold_provider(Some(&provider), &keeper().reference(), at(NOW)).unwrap());
        assert!(!entrance.hold_provider(Some(&provider), &keeper().reference(), at(NOW)).unwrap());
        Self { folder, keys, entrance, provider }
    }

    fn rule(&self) -> SessionRule {
        SessionRule { provider: Some(self.provider.clone()), ..samples::rule() }
    }

    fn come(&mut self, second: Second<'_>, now: Moment) -> Result<Entered, VaultError> {
        let rule = self.rule();
        self.entrance.enter(keeper().id, PASSPHRASE, second, "signed-in", now, &rule)
    }

    fn comes(&mut self, second: Second<'_>, now: Moment) -> &'static str {
        self.come(second, now).map_or_else(|error| error.code(), |_| "in")
    }

    fn proved(&self, who: &Person, now: Moment) -> provider::Proof {
        proof(&self.provider, &who.reference(), "an account", now).unwrap()
    }

    /// The keeper came by the provider and set up an authenticator app.
    fn with_app(&mut self, now: Moment) -> SecondFactor {
        let proof = self.proved(&keeper(), now);
        let mut entered = self.come(Second::Provider(&proof), now).unwrap();
        let factor = SecondFactor::fresh().unwrap();
        self.entrance.set_second(&mut entered, &factor, &shown(&factor, now), now).unwrap();
        factor
    }

    fn by_grace(&mut self, factor: &SecondFactor, now: Moment) -> &'static str {
        let away = away(&self.provider, &keeper().reference(), now);
        self.comes(Second::Away(&away, &shown(factor, now)), now)
    }
}

#[test]
fn one_proof_opens_one_door_once_and_soon() {
    let mut desk = Desk::new(0);
    let proof = desk.proved(&keeper(), at(NOW));
    let rule = desk.rule();
    let wrong = desk.entrance.enter(keeper().id, "not it", Second::Provider(&proof), "signed-in", after(1), &rule);
    assert!(matches!(wrong, Err(VaultError::WrongPassphrase { .. })));
    let entered = desk.come(Second::Provider(&proof), after(120)).unwrap();
    assert_eq!(entered.due(), None, "the provider stands for a second factor of their own");
    assert_eq!(desk.comes(Second::Provider(&proof), after(120)), "provider-used");
    for (seconds, code) in [(121, "provider-used"), (-1, "provider-used")] {
        let proof = desk.proved(&keeper(), at(NOW));
        assert_eq!(desk.comes(Second::Provider(&proof), after(seconds)), code, "{seconds}");
    }
    let others = desk.proved(&examiner(2), at(NOW));
    assert_eq!(desk.comes(Second::Provider(&others), at(NOW)), "provider-another");
    // Verified by a laxer rule, which the department did not sign.
    let lax = ProviderRule { amr: vec!["otp".into()], ..desk.provider.clone() };
    let lax = proof_by(&lax);
    assert_eq!(desk.comes(Second::Provider(&lax), at(NOW)), "provider-another");
    assert_eq!(desk.comes(Second::Code(""), at(NOW)), "provider-asked", "a passphrase alone");
    let mut vault = desk.entrance.vault(&entered, &desk.keys).unwrap();
    desk.entrance.report(&mut vault).unwrap();
    let audit = vault.audit().unwrap();
    let came: Vec<_> = audit.iter().filter(|event| event.action == "signed-in").collect();
    let detail: serde_json::Value = serde_json::from_str(&came.last().unwrap().detail).unwrap();
    assert_eq!(detail["provider"], "https://login.example.gov");
    assert_eq!(detail["subject"], "an account");
    assert_eq!(detail["amr"][2], "mfa");
    assert_eq!(audit.iter().filter(|event| event.action == "sign-in-refused").count(), 6);
}

fn proof_by(rule: &ProviderRule) -> provider::Proof {
    proof(rule, &keeper().reference(), "an account", at(NOW)).unwrap()
}

#[test]
fn a_door_stays_with_the_account_that_opened_it_first_until_an_administrator_gives_a_new_code() {
    let mut desk = Desk::new(0);
    let first = desk.proved(&keeper(), at(NOW));
    let entered = desk.come(Second::Provider(&first), at(NOW)).unwrap();
    // The badge was given to somebody else's account there.
    let other = proof(&desk.provider, &keeper().reference(), "another account", after(60)).unwrap();
    assert_eq!(desk.comes(Second::Provider(&other), after(60)), "provider-account");
    let vault = desk.entrance.vault(&entered, &desk.keys).unwrap();
    let code = desk.entrance.admit(&Admission::of(&vault, &keeper()).unwrap(), &desk.keys, after(90)).unwrap();
    drop(vault);
    let rule = desk.rule();
    let mut with_code = |second: Second<'_>| {
        desk.entrance.enter(keeper().id, &code, second, "signed-in", after(100), &rule).map_err(|error| error.code())
    };
    assert_eq!(with_code(Second::Code("")).err(), Some("provider-asked"), "nor does an enrolment code do alone");
    let other = proof(&desk.provider, &keeper().reference(), "another account", after(100)).unwrap();
    let entered = with_code(Second::Provider(&other)).unwrap();
    assert_eq!(entered.due(), Some(Due::Passphrase));
    let entered = desk.entrance.choose(entered, "seven grey herons wait", after(101)).unwrap();
    assert_eq!(entered.due(), None);
}

#[test]
fn while_the_provider_is_away_a_code_does_for_some_hours_that_no_clock_makes_longer() {
    let mut desk = Desk::new(4);
    let proof = desk.proved(&keeper(), at(NOW));
    let entered = desk.come(Second::Provider(&proof), at(NOW)).unwrap();
    assert_eq!(entered.due(), Some(Due::SecondFactor), "the grace wants one");
    drop(entered);
    let gone = away(&desk.provider, &keeper().reference(), after(10));
    assert_eq!(desk.comes(Second::Away(&gone, "000000"), after(10)), "provider-no-code");
    let factor = desk.with_app(after(60));
    assert_eq!(desk.by_grace(&factor, after(2 * HOUR)), "in");
    let gone = away(&desk.provider, &keeper().reference(), after(2 * HOUR + 60));
    assert_eq!(desk.comes(Second::Away(&gone, "000000"), after(2 * HOUR + 60)), "wrong-passphrase");
    let stale = away(&desk.provider, &keeper().reference(), after(2 * HOUR));
    let code = shown(&factor, after(2 * HOUR + 180));
    assert_eq!(desk.comes(Second::Away(&stale, &code), after(2 * HOUR + 180)), "provider-used");
    let others = away(&desk.provider, &examiner(2).reference(), after(2 * HOUR + 180));
    assert_eq!(desk.comes(Second::Away(&others, &code), after(2 * HOUR + 180)), "provider-another");
    // A sign-in by grace does not lengthen it.
    assert_eq!(desk.by_grace(&factor, after(60 + 4 * HOUR)), "in");
    assert_eq!(desk.by_grace(&factor, after(61 + 4 * HOUR)), "provider-grace-over");
    // Nor does a clock that is set back, in this run of the program or another.
    assert_eq!(desk.by_grace(&factor, after(3 * HOUR)), "provider-clock-back");
    let Desk { folder, keys, entrance, provider } = desk;
    drop(entrance);
    let entrance = samples::entrance(folder.path(), &keys).unwrap();
    let mut desk = Desk { folder, keys, entrance, provider };
    assert_eq!(desk.by_grace(&factor, after(3 * HOUR)), "provider-clock-back");
    assert_eq!(desk.by_grace(&factor, after(-HOUR)), "provider-clock-back");
    // The provider's own word sets the clock right again.
    let proof = desk.proved(&keeper(), after(3 * HOUR));
    assert_eq!(desk.comes(Second::Provider(&proof), after(3 * HOUR)), "in");
    assert_eq!(desk.by_grace(&factor, after(3 * HOUR + 90)), "code-used", "codes of then are not those of now");
    assert_eq!(desk.by_grace(&factor, after(5 * HOUR)), "in");
    // Whoever never came by the provider here has none, with a code or without.
    let entered = desk.come(Second::NotAsked, after(6 * HOUR)).unwrap();
    let vault = desk.entrance.vault(&entered, &desk.keys).unwrap();
    let new = examiner(2);
    let code = desk.entrance.admit(&Admission::of(&vault, &new).unwrap(), &desk.keys, after(6 * HOUR)).unwrap();
    let gone = away(&desk.provider, &new.reference(), after(6 * HOUR));
    let rule = desk.rule();
    let never = desk.entrance.enter(new.id, &code, Second::Away(&gone, ""), "signed-in", after(6 * HOUR), &rule);
    assert!(matches!(never, Err(VaultError::Provider(ProviderRefusal::GraceOver { hours: 4, .. }))));
}

#[test]
fn without_hours_in_the_policy_there_is_no_grace() {
    let mut desk = Desk::new(0);
    let factor = desk.with_app(at(NOW));
    assert_eq!(desk.by_grace(&factor, after(60)), "provider-no-grace");
}

#[test]
fn whoever_exchanges_the_policy_file_exchanges_nobodys_second_factor() {
    let mut desk = Desk::new(0);
    let signed = desk.provider.clone();
    let proof = desk.proved(&keeper(), at(NOW));
    assert_eq!(desk.comes(Second::Provider(&proof), at(NOW)), "in");
    // A file without a provider, with another, or with the same and less asked of it.
    let files = [
        None,
        Some(ProviderRule { issuer: "https://login.example.com".into(), ..signed.clone() }),
        Some(ProviderRule { amr: vec!["otp".into()], ..signed.clone() }),
        Some(ProviderRule { offline_hours: 24, ..signed.clone() }),
    ];
    for file in &files {
        let rule = SessionRule { provider: file.clone(), ..samples::rule() };
        let mut comes = |second: Second<'_>| {
            let came = desk.entrance.enter(keeper().id, PASSPHRASE, second, "signed-in", after(60), &rule);
            came.map_or_else(|error| error.code(), |_| "in")
        };
        assert_eq!(comes(Second::Code("")), "provider-unsigned", "a passphrase alone: {file:?}");
        if let Some(file) = file {
            let own = proof_of(file);
            assert_eq!(comes(Second::Provider(&own)), "provider-unsigned", "{file:?}");
            let gone = away(file, &keeper().reference(), after(60));
            assert_eq!(comes(Second::Away(&gone, "")), "provider-unsigned", "{file:?}");
        }
    }
    // The way to sign a new policy: an app that was set up before the file was exchanged.
    let factor = desk.with_app(after(120));
    for file in &files {
        let rule = SessionRule { provider: file.clone(), ..samples::rule() };
        let now = after(180 + 60 * files.iter().position(|other| other == file).unwrap() as i64);
        let code = shown(&factor, now);
        assert!(desk.entrance.enter(keeper().id, PASSPHRASE, Second::Code(&code), "signed-in", now, &rule).is_ok());
    }
    // Once it is signed it counts, and so does its absence.
    assert!(desk.entrance.hold_provider(None, &keeper().reference(), after(600)).unwrap());
    let entered = desk.entrance.enter(keeper().id, PASSPHRASE, Second::NotAsked, "x", after(600), &samples::rule());
    assert_eq!(entered.unwrap().due(), None);
    let unsigned = proof_of(&signed);
    assert_eq!(desk.comes(Second::Provider(&unsigned), after(60)), "provider-unsigned");
}

fn proof_of(rule: &ProviderRule) -> provider::Proof {
    proof(rule, &keeper().reference(), "an account", after(60)).unwrap()
}
