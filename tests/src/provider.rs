//! A real OpenID provider (npm `oidc-provider`, certified), and a browser that does what a person does there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Response, StatusCode, Url};

use crate::process::Running;
use crate::station::Station;

/// A running provider; its keys are new at each start.
#[derive(Debug)]
pub struct Provider {
    url: String,
    running: Option<Running>,
}

impl Provider {
    /// Starts one on a port of the system's choice.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start() -> anyhow::Result<Self> {
        let mut provider = Self { url: String::new(), running: None };
        provider.start_at("0")?;
        Ok(provider)
    }

    fn start_at(&mut self, port: &str) -> anyhow::Result<()> {
        let folder = Path::new(env!("CORROBORATE_ROOT")).join("tests/provider");
        let mut node = Command::new("node");
        node.arg("server.mjs").arg(port).current_dir(folder).env("NODE_NO_WARNINGS", "1");
        node.stderr(std::process::Stdio::null());
        let ready = |line: &str| line.strip_prefix("listening on ").map(str::to_owned);
        let (running, url) = Running::start_until(&mut node, ready)?;
        (self.url, self.running) = (url, Some(running));
        Ok(())
    }

    /// Its issuer.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Nobody answers there any more.
    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill();
        }
    }

    /// The same provider with other keys and without a memory.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_again(&mut self) -> anyhow::Result<()> {
        self.stop();
        let port = Url::parse(&self.url)?.port().context("no port")?.to_string();
        self.start_at(&port)
    }
}

/// What stands at a station in the place of the system's browser: it keeps the address that it is given.
#[derive(Debug)]
pub struct Opener(PathBuf);

impl Opener {
    /// Installs it as `xdg-open`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn install(station: &Station) -> anyhow::Result<Self> {
        use std::os::unix::fs::PermissionsExt;
        std::fs::create_dir_all(station.programs())?;
        let (program, kept) = (station.programs().join("xdg-open"), station.home().join("opened"));
        let kept_as = kept.display();
        let script = format!("#!/bin/sh\nprintf %s \"$1\" > {kept_as}.new && mv {kept_as}.new {kept_as}\n");
        std::fs::write(&program, script)?;
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
        Ok(Self(kept))
    }

    /// The address that was opened, once it was.
    ///
    /// # Errors
    /// When none is within half a minute.
    pub async fn opened(&self) -> anyhow::Result<String> {
        for _ in 0..600 {
            match std::fs::read_to_string(&self.0) {
                Ok(address) => {
                    std::fs::remove_file(&self.0)?;
                    return Ok(address);
                }
                // A file tells nobody that it is there.
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
            }
        }
        anyhow::bail!("no address was opened")
    }
}

/// What a person shows at the provider.
#[derive(Debug, Clone)]
pub struct Shows {
    /// Their account, `badge@ORI`; empty gives up there.
    pub account: String,
    /// The factors, as the provider will say them (`amr`), apart by blanks.
    pub amr: String,
    /// The context (`acr`); empty leaves it out.
    pub acr: String,
}

impl Shows {
    /// Password and second factor of the account of `badge`.
    pub fn both(badge: &str) -> Self {
        let [amr, acr] = ["pwd otp mfa", ""].map(str::to_owned);
        Self { account: format!("{badge}@CA0190000"), amr, acr }
    }
}

/// A browser with its cookies.
#[derive(Debug, Default)]
pub struct Browser {
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn http() -> anyhow::Result<reqwest::Client> {
        Ok(reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build()?)
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> anyhow::Result<Response> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let response = request.header(COOKIE, cookies.join("; ")).send().await?;
        for cookie in response.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(response)
    }

    /// Opens `address` and signs in at the provider as asked; the address of this machine to which the provider sends
    /// the browser back in the end, which is not opened yet.
    ///
    /// # Errors
    /// When the provider shows a page that a person could not go on from.
    pub async fn sign_in(&mut self, address: &str, shows: &Shows) -> anyhow::Result<Url> {
        let http = Self::http()?;
        let home = Url::parse(address)?.origin();
        let mut response = self.send(http.get(address)).await?;
        for _ in 0..12 {
            let at = response.url().clone();
            if response.status().is_redirection() {
                let to = response.headers().get(LOCATION).context("a redirection to nowhere")?.to_str()?;
                let to = at.join(to)?;
                if to.origin() != home {
                    return Ok(to);
                }
                response = self.send(http.get(to)).await?;
                continue;
            }
            ensure!(response.status() == StatusCode::OK, "{at}: {}: {}", response.status(), response.text().await?);
            ensure!(at.path().starts_with("/interaction/"), "{at}: {}", response.text().await?);
            let form = [("account", &shows.account), ("amr", &shows.amr), ("acr", &shows.acr)];
            let typed = Url::parse_with_params("http://form", form)?.query().unwrap_or_default().to_owned();
            let form = "application/x-www-form-urlencoded";
            response = self.send(http.post(at).header("content-type", form).body(typed)).await?;
        }
        anyhow::bail!("the provider sends the browser around in circles")
    }

    /// Opens an address; its status and what is shown.
    ///
    /// # Errors
    /// When nobody answers there.
    pub async fn open(&self, address: &str) -> anyhow::Result<(StatusCode, String)> {
        let response = Self::http()?.get(address).send().await?;
        Ok((response.status(), response.text().await?))
    }
}
