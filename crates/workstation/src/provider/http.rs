use std::net::IpAddr;
use std::time::Duration;

use ::provider::{Ask, Asked, Request, Response, Unasked};
use casework::ProviderRule;
use catalogue::say;
use reqwest::{StatusCode, Url};

/// Most bytes of an answer.
const MOST: usize = 1024 * 1024;
/// How long the provider may take for one answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Connections to the identity provider: TLS as for every other service, no redirect, and a limit on time and length.
#[derive(Debug)]
pub struct Http(reqwest::Client);

fn is_local(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    })
}

impl Http {
    /// For the provider of `rule`.
    ///
    /// # Errors
    /// Where this machine can make no secure connections.
    pub fn new(rule: &ProviderRule) -> Result<Self, String> {
        let mut client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .timeout(PATIENCE);
        if Url::parse(&rule.issuer).is_ok_and(|url| is_local(&url)) {
            client = client.no_proxy();
        }
        client.build().map(Self).map_err(|e| e.to_string())
    }

    async fn answer(&self, request: Request) -> Result<Response, Unasked> {
        let unusable = |e: &dyn std::fmt::Display| Unasked::Unusable(e.to_string());
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string()).map_err(|e| unusable(&e))?;
        if url.scheme() != "https" && !is_local(&url) {
            return Err(unusable(&say!("workstation-provider-not-private")));
        }
        let asked = self.0.request(parts.method, url).headers(parts.headers).body(body).send().await;
        let mut response = asked.map_err(|error| Unasked::Away(in_words(&error)))?;
        let status = response.status();
        // Whoever stands before it says that it is down.
        if [StatusCode::BAD_GATEWAY, StatusCode::SERVICE_UNAVAILABLE, StatusCode::GATEWAY_TIMEOUT].contains(&status) {
            return Err(Unasked::Away(status.to_string()));
        }
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| Unasked::Away(in_words(&error)))? {
            body.extend_from_slice(&part);
            if body.len() > MOST {
                return Err(unusable(&say!("workstation-provider-too-long")));
            }
        }
        let mut answer = Response::new(body);
        *answer.status_mut() = status;
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

/// What went wrong, without the address: a code is in some of them.
fn in_words(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        say!("workstation-provider-slow").to_owned()
    } else {
        let mut cause: &dyn std::error::Error = error;
        while let Some(further) = cause.source() {
            cause = further;
        }
        cause.to_string()
    }
}

impl Ask for Http {
    fn ask(&self, request: Request) -> Asked<'_> {
        Box::pin(self.answer(request))
    }
}
