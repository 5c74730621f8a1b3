//! The program's real window under WebDriver.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use anyhow::Context;
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hpke::{Deserializable, Serializable};
use serde_json::{Value, json};

use crate::process::{Running, free_port, programs};
use crate::station::{Screenshot, Station};

/// How long a screen may take; searches and first starts of the models are within.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often it is looked whether something came.
const AGAIN: Duration = Duration::from_millis(15);

/// An open window.
#[derive(Debug)]
pub struct Window {
    client: Client,
    driver: Running,
    group: u32,
    effort: Mutex<Effort>,
    /// What people of this workstation keep in their pockets: codes that they were given, and their telephones.
    pockets: PathBuf,
}

/// What a person's hands did: how often they clicked, how many keys they pressed, and in how many fields they typed.
/// To reach a field (by Tab or by a click) is counted as the field, once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effort {
    /// Clicks, a choice from a list included.
    pub clicks: usize,
    /// Key strokes: each character, and each key or chord.
    pub keys: usize,
    /// Fields that were typed in.
    pub fields: usize,
}

impl std::ops::Add for Effort {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { clicks: self.clicks + other.clicks, keys: self.keys + other.keys, fields: self.fields + other.fields }
    }
}

impl std::fmt::Display for Effort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} clicks, {} keys in {} fields", self.clicks, self.keys, self.fields)
    }
}

impl Window {
    /// Starts the program on `station`; `offer` are files given as if they were dropped.
    ///
    /// The driver is WebKitWebDriver itself: tauri-driver only passes on to it.
    ///
    /// # Errors
    /// When driver or program do not start.
    pub async fn open(station: &Station, offer: &[&Path]) -> anyhow::Result<Self> {
        Self::open_telling(station, offer, Stdio::inherit()).await
    }

    /// As [`Window::open`]; what the program says on its standard error goes to `errors`.
    ///
    /// # Errors
    /// As [`Window::open`].
    pub async fn open_telling(station: &Station, offer: &[&Path], errors: Stdio) -> anyhow::Result<Self> {
        let port = free_port()?;
        let mut command = station.command("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .arg("--host=127.0.0.1")
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // A group of its own, so that the window ends with the driver.
            .process_group(0)
            .stdout(Stdio::null())
            .stderr(errors);
        let driver = Running::start(&mut command)?;
        let group = driver.id();
        let vault = station.vault();
        let mut arguments = vec![json!("--data"), json!(vault)];
        if let Some(exports) = station.exports() {
            arguments.extend([json!("--exports"), json!(exports)]);
        }
        for file in offer {
            arguments.extend([json!("--offer"), json!(file)]);
        }
        let options = json!({ "binary": programs()?.join("corroborate"), "args": arguments });
        let mut capabilities = Capabilities::new();
        capabilities.insert("webkitgtk:browserOptions".to_owned(), options);
        // One script may make hundreds of calls.
        capabilities.insert("timeouts".to_owned(), json!({ "script": 600_000 }));
        let client = connect(port, capabilities).await?;
        let pockets = station.home().join("pockets.json");
        let window = Self { client, driver, group, effort: Mutex::default(), pockets };
        window.wait("main > *").await?;
        Ok(window)
    }

    /// What somebody keeps under `name`, after `change` of it.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn pocket<T>(&self, name: &str, change: impl FnOnce(&mut Value) -> T) -> anyhow::Result<T> {
        let text = std::fs::read_to_string(&self.pockets).unwrap_or_else(|_| "{}".to_owned());
        let mut all: Value = serde_json::from_str(&text)?;
        let done = change(&mut all[name]);
        std::fs::write(&self.pockets, all.to_string())?;
        Ok(done)
    }

    /// Waits for an element.
    ///
    /// # Errors
    /// When it does not appear; the message holds what the window shows instead.
    pub async fn wait(&self, css: &str) -> anyhow::Result<Element> {
        match self.client.wait().at_most(PATIENCE).every(AGAIN).for_element(Locator::Css(css)).await {
            Ok(element) => Ok(element),
            Err(error) => Err(self.lost(css, &error).await),
        }
    }

    /// Whether an element appears within `patience`.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn wait_within(&self, css: &str, patience: Duration) -> anyhow::Result<bool> {
        let end = tokio::time::Instant::now() + patience;
        while tokio::time::Instant::now() < end {
            if self.has(css).await? {
                return Ok(true);
            }
            tokio::time::sleep(AGAIN).await;
        }
        Ok(false)
    }

    /// The process group of driver, window and page.
    pub fn group(&self) -> u32 {
        self.group
    }

    async fn lost(&self, css: &str, error: &dyn std::fmt::Display) -> anyhow::Error {
        // By the page itself: the driver gives up on a page where it cannot tell of one part whether it is seen.
        let shown = self.script("return document.body.innerText", Vec::new()).await.unwrap_or_default();
        anyhow::anyhow!("{css}: {error}\nThe window shows:\n{}", shown.as_str().unwrap_or_default())
    }

    /// Whether there is such an element now.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn has(&self, css: &str) -> anyhow::Result<bool> {
        Ok(!self.client.find_all(Locator::Css(css)).await?.is_empty())
    }

    /// How many there are.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn count(&self, css: &str) -> anyhow::Result<usize> {
        Ok(self.client.find_all(Locator::Css(css)).await?.len())
    }

    /// Clicks an element as a person does.
    ///
    /// # Errors
    /// When it does not appear or cannot be clicked.
    pub async fn click(&self, css: &str) -> anyhow::Result<()> {
        self.count_effort(1, 0, 0);
        let element = self.in_sight(css).await?;
        match element.click().await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.lost(css, &format!("{error:?}")).await),
        }
    }

    /// Waits for an element and scrolls to it, as a person does before they click; the driver does so only within the
    /// outermost of several parts that scroll.
    async fn in_sight(&self, css: &str) -> anyhow::Result<Element> {
        let element = self.wait(css).await?;
        let scroll = "document.querySelector(arguments[0])?.scrollIntoViewIfNeeded(true)";
        self.script(scroll, vec![css.into()]).await?;
        Ok(element)
    }

    /// Replaces what stands in a field by typing.
    ///
    /// # Errors
    /// When it does not appear or cannot be typed in.
    pub async fn fill(&self, css: &str, text: &str) -> anyhow::Result<()> {
        self.count_effort(0, text.chars().count(), 1);
        let element = self.in_sight(css).await?;
        element.clear().await.with_context(|| format!("{css} cannot be cleared"))?;
        element.send_keys(text).await.with_context(|| format!("{css} cannot be typed in"))
    }

    /// Chooses an option of a list.
    ///
    /// # Errors
    /// When there is no such list or option.
    pub async fn choose(&self, css: &str, value: &str) -> anyhow::Result<()> {
        self.count_effort(1, 0, 0);
        let element = self.in_sight(css).await?;
        element.select_by_value(value).await.with_context(|| format!("{css} has no option {value}"))
    }

    /// Presses a key in the window.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn press(&self, key: &str) -> anyhow::Result<()> {
        self.count_effort(0, 1, 0);
        Ok(self.client.active_element().await?.send_keys(key).await?)
    }

    /// Presses Enter while Ctrl is held: what finishes the present stage.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn finish(&self) -> anyhow::Result<()> {
        self.press("\u{E009}\u{E007}").await
    }

    /// Types the beginning of an answer into a field and takes the first that is offered.
    ///
    /// # Errors
    /// When nothing is offered.
    pub async fn take_offer(&self, css: &str, beginning: &str) -> anyhow::Result<()> {
        let element = self.in_sight(css).await?;
        self.count_effort(0, beginning.chars().count() + 2, 1);
        element
            .send_keys(&format!("{beginning}\u{E015}\u{E007}"))
            .await
            .with_context(|| format!("{css} takes no offer"))?;
        let taken = async || self.value(css).await;
        self.until(&format!("an offer in {css}"), taken, |text| !text.is_empty() && text != beginning).await.map(drop)
    }

    fn count_effort(&self, clicks: usize, keys: usize, fields: usize) {
        if let Ok(mut effort) = self.effort.lock() {
            *effort = *effort + Effort { clicks, keys, fields };
        }
    }

    /// What was done by hand since this was asked last.
    pub fn effort(&self) -> Effort {
        self.effort.lock().map(|mut effort| std::mem::take(&mut *effort)).unwrap_or_default()
    }

    /// Visible text of an element.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn text(&self, css: &str) -> Result<String, CmdError> {
        self.client.find(Locator::Css(css)).await?.text().await
    }

    /// What a field holds.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn value(&self, css: &str) -> anyhow::Result<String> {
        Ok(self.client.find(Locator::Css(css)).await?.prop("value").await?.unwrap_or_default())
    }

    /// An attribute of every element that fits.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn attributes(&self, css: &str, name: &str) -> anyhow::Result<Vec<String>> {
        let script = "return Array.from(document.querySelectorAll(arguments[0]), e => e.getAttribute(arguments[1]))";
        Ok(serde_json::from_value(self.script(script, vec![json!(css), json!(name)]).await?)?)
    }

    /// Waits until the text of an element holds `part`, and gives the whole text.
    ///
    /// # Errors
    /// When it does not come to that.
    pub async fn wait_text(&self, css: &str, part: &str) -> anyhow::Result<String> {
        self.until(
            &format!("{css} to say {part:?}"),
            async || Ok(self.text(css).await.unwrap_or_default()),
            |text| text.contains(part),
        )
        .await
    }

    /// Waits until what `look` gives is `wanted`.
    ///
    /// # Errors
    /// When it does not come to that; the message holds what the window shows.
    pub async fn until<T>(
        &self,
        what: &str,
        look: impl AsyncFn() -> anyhow::Result<T>,
        wanted: impl Fn(&T) -> bool,
    ) -> anyhow::Result<T> {
        let waiting = async {
            loop {
                let found = look().await?;
                if wanted(&found) {
                    return Ok(found);
                }
                tokio::time::sleep(AGAIN).await;
            }
        };
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(found) => found,
            Err(late) => Err(self.lost(what, &late).await),
        }
    }

    /// Waits until no work runs.
    ///
    /// # Errors
    /// When work does not end.
    pub async fn idle(&self) -> anyhow::Result<()> {
        self.until("work to end", async || self.has("[data-test=progress]").await, |busy| !busy).await.map(drop)
    }

    /// Runs a script in the page.
    ///
    /// # Errors
    /// When it fails.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> anyhow::Result<Value> {
        Ok(self.client.execute(script, arguments).await?)
    }

    /// Runs a script that ends by calling its last argument.
    ///
    /// # Errors
    /// When it fails.
    pub async fn script_async(&self, script: &str, arguments: Vec<Value>) -> anyhow::Result<Value> {
        Ok(self.client.execute_async(script, arguments).await?)
    }

    /// Calls a command of the shell as the page can, and gives what it answers: `{"ok": …}` or `{"refused": …}`.
    ///
    /// What stands under the names of [`SECRETS`] is enclosed first, as the page does.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn invoke(&self, command: &str, mut arguments: Value) -> anyhow::Result<Value> {
        if has_secrets(&arguments) {
            let key = self.envelope().await?;
            enclose_secrets(&mut arguments, &key)?;
        }
        self.invoke_as_is(command, arguments).await
    }

    /// The key for which the page encloses what is secret, from now on; as hexadecimal.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn envelope(&self) -> anyhow::Result<String> {
        let answer = self.invoke_as_is("envelope", json!({})).await?;
        answer["ok"].as_str().map(str::to_owned).with_context(|| format!("no key to enclose for: {answer}"))
    }

    async fn invoke_as_is(&self, command: &str, arguments: Value) -> anyhow::Result<Value> {
        let script = "const done = arguments[2]; window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])\
                      .then(ok => done({ ok }), refused => done({ refused }))";
        self.script_async(script, vec![json!(command), arguments]).await
    }

    /// Keeps the text of every message that the shell sends from now on; [`Window::messages`] gives them.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn keep_messages(&self) -> anyhow::Result<()> {
        let script = "window.kept = []; const fetch = window.fetch; window.fetch = async (...given) => {\
                      const answer = await fetch(...given); const address = String(given[0].url ?? given[0]);\
                      if (address.startsWith('ipc:')) window.kept.push(await answer.clone().text());\
                      return answer; }";
        self.script(script, Vec::new()).await.map(drop)
    }

    /// What the shell sent since [`Window::keep_messages`].
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn messages(&self) -> anyhow::Result<Vec<String>> {
        Ok(serde_json::from_value(self.script("return window.kept", Vec::new()).await?)?)
    }

    /// Serious and critical violations that axe-core finds on the screen as it is: rule, and what breaks it.
    ///
    /// # Errors
    /// When axe-core is not installed or does not run.
    pub async fn violations(&self) -> anyhow::Result<Vec<String>> {
        let path = concat!(env!("CORROBORATE_ROOT"), "/ui/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(path).context("axe-core is missing; `make setup` installs it")?;
        self.script(&format!("if (!window.axe) {{ {axe} }}"), Vec::new()).await?;
        let run = "const done = arguments[0]; window.axe.run(document, { resultTypes: ['violations'] }).then(found => \
                   done(found.violations.filter(v => v.impact === 'serious' || v.impact === 'critical').map(v => \
                   v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? '')).join(' | '))), \
                   failed => done([String(failed)]))";
        Ok(serde_json::from_value(self.script_async(run, Vec::new()).await?)?)
    }

    /// Gives the window's content a size, in the upper left corner of the display. WebDriver's own command waits for a
    /// window manager, and there is none on this display.
    ///
    /// # Errors
    /// When the window does not take it.
    pub async fn resize(&self, station: &Station, width: u32, height: u32) -> anyhow::Result<()> {
        let mut resize = station.command("xdotool");
        resize.args(["search", "--onlyvisible", "--name", "^Corroborate$", "windowmove", "0", "0", "windowsize"]);
        resize.args([&width.to_string(), &height.to_string()]);
        // Nobody gives the keyboard to a window here but the pointer, and a small one does not lie under it.
        resize.arg("windowfocus");
        anyhow::ensure!(resize.status().context("cannot start xdotool")?.success(), "the window cannot be resized");
        let size = async || self.script("return [innerWidth, innerHeight]", Vec::new()).await;
        self.until("the window to take its size", size, |found| *found == json!([width, height])).await.map(drop)
    }

    /// What the display shows of the window, once every picture in it is there.
    /// WebDriver's own screenshot never answers while WebKitGTK composites nothing.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub async fn screenshot(&self, station: &Station) -> anyhow::Result<Screenshot> {
        let loading = async || self.count("figure img:not(.loaded)").await;
        self.until("pictures to load", loading, |left| *left == 0).await?;
        let frames = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(true)))";
        let (mut shown, mut rested) = (station.screen()?, 0);
        // What is on the display follows the page some frames later: the page is at rest when several go by and show the
        // same. A text cursor blinks on for longer than that.
        for _ in 0..100 {
            self.client.execute_async(frames, Vec::new()).await?;
            let now = station.screen()?;
            rested = if now == shown { rested + 1 } else { 0 };
            shown = now;
            if rested == 2 {
                break;
            }
        }
        let size = self.script("return [innerWidth, innerHeight]", Vec::new()).await?;
        let (width, height): (u32, u32) = serde_json::from_value(size)?;
        Ok(Screenshot { screen: shown, width, height })
    }

    /// Keeps what the window shows, at both design sizes, in the folder that `CORROBORATE_SCREENS` names: for whoever looks at what a
    /// test passes. Does nothing where it names none.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub async fn look(&self, station: &Station, name: &str) -> anyhow::Result<()> {
        let Some(folder) = std::env::var_os("CORROBORATE_SCREENS") else { return Ok(()) };
        for (width, height) in [(1920, 1080), (1280, 800)] {
            self.resize(station, width, height).await?;
            let path = Path::new(&folder).join(format!("{name}-{width}x{height}.png"));
            self.screenshot(station).await?.save(&path)?;
        }
        Ok(())
    }

    /// Ends the program at once, as a power cut does.
    pub fn kill(self) {
        // The group holds driver and window.
        drop(Command::new("kill").args(["-9", "--", &format!("-{}", self.group)]).status());
        self.driver.kill();
    }
}

async fn connect(port: u16, capabilities: Capabilities) -> anyhow::Result<Client> {
    let address = format!("http://127.0.0.1:{port}");
    let end = tokio::time::Instant::now() + PATIENCE;
    // The driver listens a moment after it starts.
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        anyhow::ensure!(tokio::time::Instant::now() < end, "WebKitWebDriver does not listen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let connector = hyper_util::client::legacy::connect::HttpConnector::new();
    let mut builder = ClientBuilder::new(connector);
    let opening = builder.capabilities(capabilities).connect(&address);
    // A program that ends before it has a window leaves the driver waiting for ever.
    tokio::time::timeout(PATIENCE, opening)
        .await
        .context("no window opened in time")?
        .context("the window does not open")
}

/// Names of arguments that the page encloses.
const SECRETS: [&str; 6] = ["passphrase", "known", "chosen", "token", "shown", "kit"];

/// Whether the arguments of a command hold something that the page encloses.
pub fn has_secrets(arguments: &Value) -> bool {
    let Value::Object(fields) = arguments else { return false };
    fields.iter().any(|(name, value)| {
        SECRETS.contains(&name.as_str()) && value.as_str().is_some_and(|text| !text.is_empty()) || has_secrets(value)
    })
}

/// Encloses what is secret in the arguments of a command for the program's key `envelope`.
///
/// # Errors
/// When the key is none.
pub fn enclose_secrets(arguments: &mut Value, envelope: &str) -> anyhow::Result<()> {
    let Value::Object(fields) = arguments else { return Ok(()) };
    for (name, value) in fields {
        match value.as_str().filter(|text| SECRETS.contains(&name.as_str()) && !text.is_empty()) {
            Some(text) => *value = json!(enclose(envelope, text)?),
            None => enclose_secrets(value, envelope)?,
        }
    }
    Ok(())
}

/// HPKE in base mode, as `enclose.ts` has it.
fn enclose(envelope: &str, text: &str) -> anyhow::Result<String> {
    type Kem = hpke::kem::DhP256HkdfSha256;
    let wrong = |e: hpke::HpkeError| anyhow::anyhow!("it cannot be enclosed: {e}");
    let public = <Kem as hpke::Kem>::PublicKey::from_bytes(&hex::decode(envelope)?).map_err(wrong)?;
    let (sender, hidden) = hpke::single_shot_seal::<hpke::aead::AesGcm256, hpke::kdf::HkdfSha256, Kem, _>(
        &hpke::OpModeS::Base,
        &public,
        b"",
        text.as_bytes(),
        b"",
        &mut rand_core::OsRng,
    )
    .map_err(wrong)?;
    Ok(hex::encode(sender.to_bytes()) + &hex::encode(hidden))
}
