//! Signing in with an identity provider: a real one, and where that does not lie, one that does.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use casework::{Clock, Moment, PersonRef, ProviderRule, SessionRule};
use provider::samples::{self, Signer};
use provider::{Proof, Refusal};
use reqwest::{StatusCode, Url};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use vault::samples::{InMemory, PASSPHRASE, keeper};
use vault::{Due, Entered, Entrance, ProviderRefusal, Second, SecondFactor, VaultError};
use whole_product::provider::{Browser, Provider, Shows};
use workstation::provider::{Keys, ask};

/// The system's clock, or one that is that many seconds ahead of it.
struct Ahead(i64);

impl Clock for Ahead {
    fn now(&self) -> Moment {
        Moment(jiff::Timestamp::from_second(jiff::Timestamp::now().as_second() + self.0).unwrap())
    }
}

fn rule(issuer: &str) -> ProviderRule {
    ProviderRule { issuer: issuer.to_owned(), ..samples::rule() }
}

fn person() -> PersonRef {
    keeper().reference()
}

/// What the keeper gets where the browser is in the hands of `acts`.
async fn sign_in<F>(
    rule: &ProviderRule,
    ahead: i64,
    keys: &Keys,
    acts: impl FnOnce(String) -> F + Send,
) -> Result<Proof, Refusal>
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let (send, acted) = tokio::sync::oneshot::channel();
    let open = |address: &str| {
        let acting = acts(address.to_owned());
        tokio::spawn(async move { send.send(acting.await) });
        Ok(())
    };
    let asked = ask(rule, &person(), open, &Ahead(ahead), Duration::from_secs(20), keys).await;
    // Where the browser was opened, nothing went wrong in it.
    if let Ok(acted) = acted.await {
        acted.unwrap();
    }
    asked
}

/// Signs in there as `shows` and comes back.
async fn both_ways(address: String, shows: Shows) -> anyhow::Result<()> {
    let mut browser = Browser::default();
    let back = browser.sign_in(&address, &shows).await?;
    let (status, page) = browser.open(back.as_str()).await?;
    anyhow::ensure!(status == StatusCode::OK && page.contains("Close this page"), "{status}: {page}");
    Ok(())
}

fn code(asked: Result<Proof, Refusal>) -> &'static str {
    asked.map_or_else(|refusal| refusal.code(), |_| "good")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_a_certified_provider_and_nobody_does_as_another_or_with_one_factor() {
    let provider = Provider::start().unwrap();
    let (rule, keys) = (rule(provider.url()), Keys::default());
    let comes = async |rule: &ProviderRule, ahead, shows: Shows| {
        sign_in(rule, ahead, &keys, |address| both_ways(address, shows)).await
    };
    let proof = comes(&rule, 0, Shows::both("1")).await.unwrap();
    assert_eq!((proof.person(), proof.subject()), (person().id, "1@CA0190000"));
    assert_eq!(proof.on_record()["amr"], json!(["pwd", "otp", "mfa"]));
    let end = proof.end_session().unwrap();
    assert!(end.starts_with(&format!("{}/session/end?id_token_hint=", provider.url())));

    assert_eq!(code(comes(&rule, 0, Shows::both("2")).await), "provider-other-person");
    let one = Shows { amr: "pwd".into(), ..Shows::both("1") };
    assert_eq!(code(comes(&rule, 0, one.clone()).await), "provider-one-factor");
    assert_eq!(code(comes(&rule, 0, Shows { amr: String::new(), ..one.clone() }).await), "provider-one-factor");
    assert_eq!(code(comes(&rule, 0, Shows { account: String::new(), ..one.clone() }).await), "provider-denied");
    let context = ProviderRule { acr: vec!["phr".into()], amr: Vec::new(), ..rule.clone() };
    assert_eq!(code(comes(&context, 0, one.clone()).await), "provider-one-factor");
    assert_eq!(code(comes(&context, 0, Shows { acr: "phr".into(), ..one }).await), "good");
    let agency = ProviderRule { ori_claim: Some("ori".into()), ..rule.clone() };
    assert_eq!(code(comes(&agency, 0, Shows::both("1")).await), "good");
    let elsewhere = Shows { account: "1@CA0190001".into(), ..Shows::both("1") };
    assert_eq!(code(comes(&agency, 0, elsewhere).await), "provider-other-agency");

    for (ahead, minutes, slow) in [(-600, 10, true), (600, 10, false)] {
        match comes(&rule, ahead, Shows::both("1")).await {
            Err(Refusal::Clock { minutes: found, behind }) => {
                assert!((found, behind) == (minutes, slow), "{found} {behind}");
            }
            other => panic!("{other:?}"),
        }
    }
    let unknown = ProviderRule { client_id: "another".into(), ..rule.clone() };
    let shown = sign_in(&unknown, 0, &keys, |address| async move {
        let refused = Browser::default().sign_in(&address, &Shows::both("1")).await;
        anyhow::ensure!(refused.is_err_and(|why| why.to_string().contains("invalid_client")));
        Ok(())
    });
    let waited = tokio::time::timeout(Duration::from_secs(3), shown).await;
    assert!(waited.is_err(), "the provider shows why, and nobody comes back");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_open_port_listens_to_one_answer_of_its_own_attempt_and_a_code_counts_once() {
    let provider = Provider::start().unwrap();
    let (rule, keys) = (rule(provider.url()), Keys::default());
    let used = Arc::new(Mutex::new(None::<Url>));
    let kept = Arc::clone(&used);
    let first = sign_in(&rule, 0, &keys, |address| async move {
        let mut browser = Browser::default();
        let back = browser.sign_in(&address, &Shows::both("1")).await?;
        let query: HashMap<String, String> = back.query_pairs().into_owned().collect();
        let other = "A".repeat(query["state"].len());
        for foreign in [
            back.as_str().replace(&query["state"], &other),
            back.as_str().replace("&state=", "&was="),
            format!("{back}&state={}", query["state"]),
            back.as_str().replace("/signed-in", "/"),
            back.as_str().replace("127.0.0.1", "localhost"),
        ] {
            let (status, page) = browser.open(&foreign).await?;
            anyhow::ensure!(status.is_client_error() && page.contains("does not wait"), "{foreign}: {page}");
        }
        // Whoever connects and says nothing holds nobody up.
        let silent = tokio::net::TcpStream::connect(("127.0.0.1", back.port().unwrap())).await?;
        let (status, _) = browser.open(back.as_str()).await?;
        drop(silent);
        anyhow::ensure!(status == StatusCode::OK);
        anyhow::ensure!(browser.open(back.as_str()).await.is_err(), "the port is closed");
        *kept.lock().unwrap() = Some(back);
        Ok(())
    });
    assert_eq!(code(first.await), "good");
    // The code of the first attempt in the second: the provider knows it, and PKCE binds it to another secret.
    let again = sign_in(&rule, 0, &keys, |address| async move {
        let mut browser = Browser::default();
        let back = browser.sign_in(&address, &Shows::both("1")).await?;
        let of = |url: &Url, name: &str| url.query_pairs().find(|(n, _)| n == name).unwrap().1.into_owned();
        let used = used.lock().unwrap().take().unwrap();
        let replayed = back.as_str().replace(&of(&back, "code"), &of(&used, "code"));
        anyhow::ensure!(browser.open(&replayed).await?.0 == StatusCode::OK);
        Ok(())
    });
    assert_eq!(code(again.await), "provider-exchange-refused");
    let never = ask(&rule, &person(), |_| Ok(()), &Ahead(0), Duration::from_millis(200), &keys).await;
    assert_eq!(code(never), "provider-not-answered");
    let none = ask(&rule, &person(), |_| Err("no browser".into()), &Ahead(0), Duration::from_secs(1), &keys).await;
    assert_eq!(code(none), "provider-no-browser");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_changes_its_keys_while_somebody_signs_in_is_asked_for_them_once() {
    let mut provider = Provider::start().unwrap();
    let (rule, keys) = (rule(provider.url()), Keys::default());
    let mut codes = Vec::new();
    for _ in 0..2 {
        let (send, back) = tokio::sync::oneshot::channel();
        let begun = sign_in(&rule, 0, &keys, |address| async move {
            // The other keys are there before the code is exchanged, and were not when the sign-in began.
            let again = move || provider.start_again().map(|()| provider);
            let changed = tokio::task::spawn_blocking(again).await??;
            let done = both_ways(address, Shows::both("1")).await;
            drop(send.send(changed));
            done
        });
        codes.push(code(begun.await));
        provider = back.await.unwrap();
    }
    // The second change comes within the minute.
    assert_eq!(codes, ["good", "provider-unknown-key"]);
}

/// What comes of an entrance whose department signed `rule`, as the keeper comes in.
struct Door {
    entrance: Entrance,
    rule: SessionRule,
    _folder: tempfile::TempDir,
}

impl Door {
    /// With an authenticator app, whose code is not needed here.
    fn of(provider: &ProviderRule, now: Moment) -> (Self, SecondFactor) {
        let (folder, keys) = (tempfile::tempdir().unwrap(), InMemory::default());
        let (mut entrance, mut entered, vault) = vault::samples::entered(folder.path(), &keys).unwrap();
        drop(vault);
        let factor = SecondFactor::fresh().unwrap();
        entrance.set_second(&mut entered, &factor, &shown(&factor, now), now).unwrap();
        assert!(entrance.hold_provider(Some(provider), &person(), now).unwrap());
        let rule = SessionRule { provider: Some(provider.clone()), ..vault::samples::rule() };
        (Self { entrance, rule, _folder: folder }, factor)
    }

    fn come(&mut self, second: Second<'_>, now: Moment) -> Result<Entered, VaultError> {
        self.entrance.enter(person().id, PASSPHRASE, second, "signed-in", now, &self.rule)
    }
}

fn shown(factor: &SecondFactor, now: Moment) -> String {
    let secret = totp_rs::Secret::try_from_base32(factor.typed().replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(now.0.as_second() as u64).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_provider_proved_opens_one_door_and_its_absence_the_same_door_for_some_hours_with_a_code() {
    let mut provider = Provider::start().unwrap();
    let rule = ProviderRule { offline_hours: 4, ..rule(provider.url()) };
    let keys = Keys::default();
    let now = Ahead(0).now();
    let later = |seconds: i64| Moment(jiff::Timestamp::from_second(now.0.as_second() + seconds).unwrap());
    let (mut door, factor) = Door::of(&rule, later(-600));
    let proof = sign_in(&rule, 0, &keys, |address| both_ways(address, Shows::both("1"))).await.unwrap();
    let soon = Ahead(1).now();
    assert!(matches!(door.come(Second::Code(&shown(&factor, soon)), soon), Err(VaultError::Provider(_))));
    let entered = door.come(Second::Provider(&proof), soon).unwrap();
    assert_eq!(entered.due(), None::<Due>);
    let used = door.come(Second::Provider(&proof), soon).unwrap_err();
    assert!(matches!(used, VaultError::Provider(ProviderRefusal::Used)), "{used}");

    provider.stop();
    let mut away = async |seconds: i64| {
        let asked =
            ask(&rule, &person(), |_| panic!("a browser"), &Ahead(seconds), Duration::from_secs(5), &keys).await;
        let Err(Refusal::Away(away)) = asked else { panic!("{asked:?}") };
        let at = Ahead(seconds).now();
        door.come(Second::Away(&away, &shown(&factor, at)), at).map_err(|error| error.code())
    };
    assert_eq!(away(3 * 3600).await.map(drop), Ok(()));
    assert_eq!(away(2 * 3600).await.map(drop), Err("provider-clock-back"));
    assert_eq!(away(4 * 3600 + 60).await.map(drop), Err("provider-grace-over"));
    assert_eq!(away(4 * 3600 - 120).await.map(drop), Err("provider-clock-back"), "what it saw, it saw");
}

/// A provider that says what it is told to: no certified one would.
struct Liar {
    url: String,
    says: Arc<Says>,
}

#[derive(Default)]
struct Says {
    published: Mutex<Vec<Value>>,
    description: Mutex<Value>,
    token: Mutex<String>,
    asked_for_keys: AtomicUsize,
}

impl Liar {
    async fn start() -> Self {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", socket.local_addr().unwrap());
        let says = Arc::new(Says::default());
        *says.description.lock().unwrap() = samples::description(&url);
        let answers = Arc::clone(&says);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = socket.accept().await {
                let says = Arc::clone(&answers);
                tokio::spawn(async move {
                    let mut asked = vec![0; 65536];
                    let read = stream.read(&mut asked).await.unwrap_or(0);
                    let asked = String::from_utf8_lossy(&asked[..read]).into_owned();
                    let path = asked.split(' ').nth(1).unwrap_or_default();
                    let body = match path {
                        "/.well-known/openid-configuration" => says.description.lock().unwrap().clone(),
                        "/jwks" => {
                            says.asked_for_keys.fetch_add(1, Ordering::SeqCst);
                            json!({ "keys": *says.published.lock().unwrap() })
                        }
                        _ => json!({
                            "access_token": "unused", "token_type": "Bearer", "id_token": *says.token.lock().unwrap(),
                        }),
                    };
                    let body = body.to_string();
                    let head = format!(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                        body.len()
                    );
                    drop(stream.write_all(format!("{head}{body}").as_bytes()).await);
                });
            }
        });
        Self { url, says }
    }

    /// What comes of a sign-in whose token `signer` signs, after `change` of what a good one says.
    async fn gives(
        &self,
        signer: &Signer,
        keys: &Keys,
        change: impl FnOnce(&mut Value) + Send + 'static,
    ) -> &'static str {
        let seconds = Ahead(0).now().0.as_second();
        let good = json!({
            "iss": self.url, "aud": "corroborate", "sub": "1", "iat": seconds, "exp": seconds + 300,
            "auth_time": seconds, "amr": ["mfa"], "badge": "1",
        });
        let says = Arc::clone(&self.says);
        let signed = move |claims: &Value| signer.sign(claims);
        let token = Mutex::new(None);
        let open = |address: &str| {
            let address = Url::parse(address).unwrap();
            let asked: HashMap<String, String> = address.query_pairs().into_owned().collect();
            let mut claims = good.clone();
            claims["nonce"] = json!(asked["nonce"]);
            change(&mut claims);
            *says.token.lock().unwrap() = signed(&claims);
            let back = format!("{}?code=anything&state={}", asked["redirect_uri"], asked["state"]);
            let going = tokio::spawn(async move { Browser::default().open(&back).await.map(drop) });
            *token.lock().unwrap() = Some(going);
            Ok(())
        };
        let asked = ask(&rule(&self.url), &person(), open, &Ahead(0), Duration::from_secs(10), keys).await;
        let going = token.lock().unwrap().take();
        if let Some(going) = going {
            going.await.unwrap().unwrap();
        }
        code(asked)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_certified_provider_would_say_is_refused_each_for_its_reason() {
    let (liar, signer, keys) = (Liar::start().await, Signer::new(1, "one"), Keys::default());
    *liar.says.published.lock().unwrap() = vec![signer.published()];
    assert_eq!(liar.gives(&signer, &keys, |_| ()).await, "good");
    let token = "provider-token";
    let far = Ahead(0).now().0.as_second();
    for (name, value, code) in [
        ("aud", json!("another-program"), token),
        ("nonce", json!("that of another attempt"), token),
        ("iss", json!("https://login.example.gov"), token),
        ("azp", json!("another-program"), token),
        ("exp", json!(far - 61), "provider-expired"),
        ("iat", json!(far + 120), "provider-clock"),
        ("iat", json!(far - 120), "provider-clock"),
        ("amr", json!(["pwd"]), "provider-one-factor"),
        ("auth_time", json!(far - 3600), "provider-signed-in-long-ago"),
        ("badge", json!("2"), "provider-other-person"),
    ] {
        let said = value.clone();
        let found = liar.gives(&signer, &keys, move |claims| claims[name] = said).await;
        assert_eq!(found, code, "{name} = {value}");
    }
    let before = liar.says.asked_for_keys.load(Ordering::SeqCst);
    let other = Signer::new(2, "two");
    assert_eq!(liar.gives(&other, &keys, |_| ()).await, "provider-unknown-key");
    assert_eq!(liar.says.asked_for_keys.load(Ordering::SeqCst), before + 2, "they were fetched anew");
    assert_eq!(liar.gives(&other, &keys, |_| ()).await, "provider-unknown-key");
    assert_eq!(liar.says.asked_for_keys.load(Ordering::SeqCst), before + 3, "and not again within the minute");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_description_that_leads_elsewhere_opens_no_browser() {
    let (liar, keys) = (Liar::start().await, Keys::default());
    let rule = rule(&liar.url);
    for (name, value) in [
        ("issuer", json!("https://login.example.gov")),
        ("authorization_endpoint", json!("file:///etc/passwd")),
        ("authorization_endpoint", json!("http://login.example.gov/auth")),
        ("token_endpoint", json!("http://login.example.gov/token")),
        ("token_endpoint", Value::Null),
        ("jwks_uri", json!("http://login.example.gov/jwks")),
        ("end_session_endpoint", json!("javascript:alert(1)")),
    ] {
        let mut said = samples::description(&liar.url);
        match &value {
            Value::Null => drop(said.as_object_mut().unwrap().remove(name)),
            value => said[name] = value.clone(),
        }
        *liar.says.description.lock().unwrap() = said;
        let asked = ask(&rule, &person(), |_| panic!("a browser"), &Ahead(0), Duration::from_secs(5), &keys).await;
        assert_eq!(code(asked), "provider-unfit", "{name} = {value}");
    }
}
