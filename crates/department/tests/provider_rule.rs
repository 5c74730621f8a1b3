//! What a policy may say of an identity provider.

use department::{ProviderFault, ProviderRule};

fn rule() -> ProviderRule {
    ProviderRule {
        issuer: "https://login.example.gov/realm".to_owned(),
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

#[test]
fn a_provider_is_asked_for_several_factors_over_a_connection_that_nobody_reads() {
    assert_eq!(rule().fault(), None);
    for issuer in ["http://127.0.0.1:4000", "http://localhost/oidc", "http://[::1]:1/"] {
        assert_eq!(ProviderRule { issuer: issuer.to_owned(), ..rule() }.fault(), None, "{issuer}");
    }
    let issuers = [
        "",
        "login.example.gov",
        "http://login.example.gov",
        "http://127.0.0.1.example.gov",
        "http://localhosts",
        "ftp://login.example.gov",
        "https://",
        "https:///realm",
        "https://a@login.example.gov",
        "https://a.gov?b",
        "https://a.gov#b",
        " https://a.gov",
        "https://a.gov\\@b.gov",
        "http://127.0.0.1@a.gov",
    ];
    for issuer in issuers {
        let fault = ProviderRule { issuer: issuer.to_owned(), ..rule() }.fault();
        assert_eq!(fault, Some(ProviderFault::Issuer), "{issuer}");
    }
    let list = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    for (acr, amr, holds) in [
        (&[][..], &[][..], false),
        (&[], &["pwd", "pin"], false),
        (&["0"], &["mfa"], false),
        (&["phr"], &[], true),
        (&[], &["pwd", "otp"], true),
        (&["phr"], &["pwd"], true),
    ] {
        let fault = ProviderRule { acr: list(acr), amr: list(amr), ..rule() }.fault();
        assert_eq!(fault, (!holds).then_some(ProviderFault::OneFactor), "{acr:?} {amr:?}");
    }
    for empty in [
        ProviderRule { client_id: String::new(), ..rule() },
        ProviderRule { badge_claim: " ".to_owned(), ..rule() },
        ProviderRule { ori_claim: Some(String::new()), ..rule() },
        ProviderRule { amr: list(&["mfa", ""]), ..rule() },
    ] {
        assert_eq!(empty.fault(), Some(ProviderFault::Empty));
    }
}
