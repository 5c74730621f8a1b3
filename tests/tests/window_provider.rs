//! The window signs in with an identity provider: through the browser, as somebody else, and while it is away.

use whole_product::detective;
use whole_product::provider::{Browser, Opener, Provider, Shows};
use whole_product::station::Station;
use whole_product::window::Window;

async fn begin(w: &Window) {
    w.fill("input[name=passphrase]", detective::PASSPHRASE).await.unwrap();
    w.click("[data-test=sign-in]").await.unwrap();
}

#[tokio::test]
async fn a_detective_signs_in_through_the_browser_and_with_a_code_while_the_provider_is_away() {
    let mut provider = Provider::start().unwrap();
    let station = Station::start().unwrap();
    let opener = Opener::install(&station).unwrap();
    let policy = include_str!("../../assets/policy.toml");
    let named = format!(
        "{policy}\n[session.provider]\nissuer = \"{}\"\nclient_id = \"corroborate\"\nbadge_claim = \"badge\"\namr = [\"mfa\"]\n\
         offline_hours = 4\n",
        provider.url()
    );
    std::fs::write(station.policy(), named).unwrap();
    let w = Window::open(&station, &[]).await.unwrap();
    detective::name_yourself(&w).await.unwrap();
    detective::lock(&w).await.unwrap();
    w.wait_text("[data-test=sign-in]", "Continue in the browser").await.unwrap();
    assert!(!w.has("input[name=code]").await.unwrap(), "a code alone does not do");

    // Somebody else is signed in in the browser.
    begin(&w).await;
    w.wait("[data-test=in-browser]").await.unwrap();
    w.look(&station, "sign-in-browser").await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());
    let mut browser = Browser::default();
    let back = browser.sign_in(&opener.opened().await.unwrap(), &Shows::both("5120")).await.unwrap();
    browser.open(back.as_str()).await.unwrap();
    w.wait("[data-code=provider-other-person]").await.unwrap();

    // Not waited for; then the right person with a wrong passphrase, whose browser is not asked again.
    begin(&w).await;
    opener.opened().await.unwrap();
    w.click("[data-test=stop-waiting]").await.unwrap();
    w.wait("[data-code=cancelled]").await.unwrap();
    w.fill("input[name=passphrase]", "not what it is").await.unwrap();
    w.click("[data-test=sign-in]").await.unwrap();
    let mut browser = Browser::default();
    let back = browser.sign_in(&opener.opened().await.unwrap(), &Shows::both(BADGE)).await.unwrap();
    browser.open(back.as_str()).await.unwrap();
    w.wait("[data-code=wrong-passphrase]").await.unwrap();
    begin(&w).await;
    w.wait("[data-test=signed-in]").await.unwrap();
    assert!(!w.has("[data-test=provider-away]").await.unwrap());

    // Signing out here signs out there.
    detective::lock(&w).await.unwrap();
    let ended = opener.opened().await.unwrap();
    assert!(ended.starts_with(&format!("{}/session/end?id_token_hint=", provider.url())), "{ended}");

    // The provider is away: a code of the authenticator app does, and it is told.
    provider.stop();
    begin(&w).await;
    w.wait("[data-code=provider-away]").await.unwrap();
    w.look(&station, "sign-in-away").await.unwrap();
    let code = detective::code_of(&w, "R. Alvarez").await.unwrap();
    w.fill("input[name=code]", &code).await.unwrap();
    w.click("[data-test=sign-in]").await.unwrap();
    w.wait("[data-test=signed-in]").await.unwrap();
    w.wait_text("[data-test=provider-away]", "on record").await.unwrap();
    w.look(&station, "provider-away").await.unwrap();
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());
}

/// The badge of the detective.
const BADGE: &str = "4471";
