//! The program's process, its files, its memory, its accounts and its audit.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Attack, Found};
use crate::detective::{self, PASSPHRASE};
use crate::memory;
use crate::process::{Running, free_port, programs};
use crate::station::Station;
use crate::window::Window;

/// Attacks of this kind.
pub const ATTACKS: &[Attack] = &[
    Attack { promise: 10, name: "drives the window of a released build", play: drives_a_released_window },
    Attack { promise: 10, name: "looks for the passphrase in the locked window's memory", play: reads_memory },
    Attack { promise: 10, name: "asks for settings without signing in", play: asks_signed_out },
    Attack { promise: 10, name: "opens the vault's files as another user", play: opens_files },
    Attack { promise: 10, name: "waits for a core file, or attaches a debugger", play: waits_for_a_core },
    Attack { promise: 10, name: "breaks out of the decoder", play: breaks_out },
    Attack { promise: 11, name: "hands in an audit that is empty, cut or chained again", play: forges_an_audit },
    Attack { promise: 11, name: "puts the vault back to an older copy", play: puts_the_vault_back },
    Attack { promise: 11, name: "exports the audit without being its auditor", play: exports_an_audit },
    Attack { promise: 20, name: "types days and half a training record at the first start", play: types_days },
    Attack { promise: 23, name: "serves other packages than those that were tried", play: serves_other_packages },
    Attack {
        promise: 23,
        name: "ships without notices, or with LGPL parts that cannot be replaced",
        play: ships_parts,
    },
];

fn waiting<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Runtime::new()?.block_on(work)
}

fn repository() -> &'static Path {
    Path::new(env!("CORROBORATE_ROOT"))
}

fn corroborate() -> anyhow::Result<Command> {
    Ok(Command::new(programs()?.join("corroborate")))
}

/// WebDriver as in every test here, against the program as a department gets it.
fn drives_a_released_window() -> anyhow::Result<Found> {
    let station = Station::start()?;
    let port = free_port()?;
    let mut command = station.command("WebKitWebDriver");
    command
        .arg(format!("--port={port}"))
        .envs([("WEBKIT_DISABLE_COMPOSITING_MODE", "1"), ("TAURI_WEBVIEW_AUTOMATION", "true")])
        .env("CORROBORATE_STRICT", "1")
        .process_group(0)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let driver = Running::start(&mut command)?;
    let played = waiting(async {
        let program = programs()?.join("corroborate");
        let options = json!({ "binary": program, "args": ["--data", station.vault()] });
        let asked = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let address = format!("http://127.0.0.1:{port}/session");
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let http = reqwest::Client::builder().no_proxy().build()?;
        let asking = tokio::spawn(http.post(address).json(&asked).send());
        // The window itself must be there: one that never opened cannot be driven either.
        let mut shown = false;
        for _ in 0..200 {
            let mut search = station.command("xdotool");
            search.args(["search", "--onlyvisible", "--name", "^Corroborate$"]).stderr(Stdio::null());
            shown = search.output()?.status.success();
            if shown || asking.is_finished() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let session = tokio::time::timeout(Duration::from_secs(4), asking).await;
        let driven = match session {
            Ok(Ok(Ok(answer))) => answer.status().is_success(),
            _ => false,
        };
        ensure!(shown || driven, "the window did not open");
        Ok(Found::held_if(
            !driven,
            if driven { "WebDriver got a session" } else { "the window is there, and no session" },
        ))
    });
    drop(Command::new("kill").args(["-9", "--", &format!("-{}", driver.id())]).status());
    played
}

/// The passphrase as the page has it and as a program has it.
fn forms(text: &str) -> [Vec<u8>; 2] {
    [text.as_bytes().to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()]
}

fn reads_memory() -> anyhow::Result<Found> {
    let station = Station::start()?;
    waiting(async {
        let w = Window::open(&station, &[]).await?;
        detective::name_yourself(&w).await?;
        detective::lock(&w).await?;
        detective::sign_in(&w, "R. Alvarez", PASSPHRASE).await?;
        detective::lock(&w).await?;
        let program = memory::descendant(w.group(), "corroborate")?.context("the program does not run")?;
        let found = memory::places(program, &forms(PASSPHRASE))?;
        let page = match memory::descendant(w.group(), "WebKitWebProces")? {
            Some(page) => memory::places(page, &forms(PASSPHRASE))?.len(),
            None => 0,
        };
        w.kill();
        Ok(Found::held_if(
            found.is_empty(),
            format!(
                "{} times in the program's memory; {page} times in the page's process{}{}",
                found.len(),
                if found.is_empty() { "" } else { "\n" },
                found.join("\n")
            ),
        ))
    })
}

fn asks_signed_out() -> anyhow::Result<Found> {
    let station = Station::start()?;
    waiting(async {
        let w = Window::open(&station, &[]).await?;
        detective::name_yourself(&w).await?;
        detective::lock(&w).await?;
        let mut told = Vec::new();
        for command in
            ["settings", "test_gallery", "exchange_settings", "vault_state", "export_audit", "staff", "cases"]
        {
            let answer = w.invoke(command, json!({})).await?;
            if answer["refused"]["code"] != "signed-out" {
                told.push(format!("{command}: {answer}"));
            }
        }
        w.kill();
        Ok(Found::held_if(
            told.is_empty(),
            if told.is_empty() { "all refused: signed-out".to_owned() } else { told.join("; ") },
        ))
    })
}

fn opens_files() -> anyhow::Result<Found> {
    let station = Station::start()?;
    std::fs::create_dir(station.home().join("exports"))?;
    waiting(async {
        let w = Window::open(&station, &[]).await?;
        detective::name_yourself(&w).await?;
        detective::add_person(&w, "A. Auditor", "7001", "auditor").await?;
        detective::lock(&w).await?;
        detective::first_sign_in(&w, ("A. Auditor", "nine slow barges pass")).await?;
        let written = w.invoke("export_audit", json!({})).await?;
        ensure!(written["ok"].is_string(), "nothing was exported: {written}");
        let mut open = Vec::new();
        let folders = [station.vault(), station.home().join("exports")];
        let inside = folders.iter().map(std::fs::read_dir).collect::<Result<Vec<_>, _>>()?;
        let files = inside.into_iter().flatten().map(|file| file.map(|f| f.path()));
        let mut paths = vec![station.vault()];
        paths.extend(files.collect::<Result<Vec<_>, _>>()?);
        ensure!(paths.len() >= 6, "database, log, index, lock and export are looked at: {paths:?}");
        for path in &paths {
            let mode = std::fs::metadata(path)?.permissions().mode() & 0o777;
            if mode & 0o077 != 0 {
                open.push(format!("{} {mode:o}", path.display()));
            }
        }
        w.kill();
        let words = if open.is_empty() {
            format!("{} files and folders are their owner's alone", paths.len())
        } else {
            open.join(", ")
        };
        Ok(Found::held_if(open.is_empty(), words))
    })
}

fn waits_for_a_core() -> anyhow::Result<Found> {
    // As an ordinary user: what the system shows of a process that may be dumped belongs to that user.
    let root = std::fs::metadata("/proc/self")?.uid() == 0;
    let mut command = corroborate()?;
    command.arg("decoder").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    if root {
        command.uid(65534).gid(65534);
    }
    let mut limits = String::new();
    let mut owner = 65534;
    let running = Running::start(&mut command).or_else(|_| {
        // The program may lie where that user cannot go.
        Running::start(corroborate()?.arg("decoder").stdin(Stdio::piped()).stdout(Stdio::null()))
    })?;
    for _ in 0..100 {
        std::thread::sleep(Duration::from_millis(20));
        limits = std::fs::read_to_string(format!("/proc/{}/limits", running.id()))?;
        owner = std::fs::metadata(format!("/proc/{}/maps", running.id()))?.uid();
        if owner == 0 && core_limit(&limits) == "0" {
            break;
        }
    }
    let core = core_limit(&limits);
    Ok(Found::held_if(
        core == "0" && owner == 0,
        format!("core files of at most {core} bytes; its memory belongs to user {owner}"),
    ))
}

fn core_limit(limits: &str) -> String {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max core file size"));
    line.and_then(|rest| rest.split_whitespace().next()).unwrap_or("unknown").to_owned()
}

fn breaks_out() -> anyhow::Result<Found> {
    let out = corroborate()?.args(["decoder", "--attempts", "both"]).output()?;
    if !out.status.success() {
        return Ok(Found::Broken(format!("the decoder is not confined: {}", String::from_utf8_lossy(&out.stderr))));
    }
    let text = String::from_utf8(out.stdout)?;
    let tried: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    ensure!(tried.len() >= 15, "only {} ways were tried", tried.len());
    let through: Vec<String> = tried.iter().filter(|t| t["denied"] != true).map(Value::to_string).collect();
    let words = if through.is_empty() { format!("{} ways out, all denied", tried.len()) } else { through.join("; ") };
    Ok(Found::held_if(through.is_empty(), words))
}

fn forges_an_audit() -> anyhow::Result<Found> {
    let folder = tempfile::tempdir()?;
    let mut vault = vault::samples::opened(&folder.path().join("vault"), &vault::samples::InMemory::default())?;
    for n in 0..6 {
        let now = casework::Moment(jiff::Timestamp::now());
        vault.record(None, now, "searched", &json!({ "case": n }))?;
    }
    let whole = vault.export_audit()?;
    let verified = |name: &str, text: &str| -> anyhow::Result<bool> {
        let path = folder.path().join(name);
        std::fs::write(&path, text)?;
        Ok(corroborate()?.arg("verify-audit").arg(path).output()?.status.success())
    };
    ensure!(verified("whole", &whole)?, "a whole audit is not accepted");
    let lines: Vec<&str> = whole.lines().collect();
    // The chain of all but one event, made anew.
    let (mut previous, mut again) = (String::new(), Vec::new());
    for line in &lines[..5] {
        let mut event: Value = serde_json::from_str(line)?;
        if event["seq"] == 3 {
            event["action"] = "looked at the weather".into();
        }
        let word = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let (at, person, action, detail) = (word("at"), word("person"), word("action"), word("detail"));
        let seq = event["seq"].clone();
        previous = hex::encode(Sha256::digest(format!("{previous}\n{seq}\n{at}\n{person}\n{action}\n{detail}\n")));
        event["hash"] = previous.clone().into();
        again.push(event.to_string());
    }
    let closing = lines.last().map_or("", |line| *line);
    let mut taken = Vec::new();
    for (name, text) in [
        ("empty", String::new()),
        ("cut at the end", lines[..3].join("\n")),
        ("without its newest event", [&lines[..5], &[closing]].concat().join("\n")),
        ("chained again", again.join("\n")),
        ("chained again with the old head", format!("{}\n{closing}", again.join("\n"))),
    ] {
        if verified(name, &text)? {
            taken.push(name);
        }
    }
    Ok(Found::held_if(
        taken.is_empty(),
        if taken.is_empty() { "five forgeries refused".to_owned() } else { format!("accepted: {taken:?}") },
    ))
}

fn copy_vault(from: &Path, to: &Path) -> anyhow::Result<()> {
    drop(std::fs::remove_dir_all(to));
    std::fs::create_dir_all(to)?;
    for file in std::fs::read_dir(from)? {
        let file = file?;
        std::fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}

fn puts_the_vault_back() -> anyhow::Result<Found> {
    let station = Station::start()?;
    let yesterday = station.home().join("yesterday");
    waiting(async {
        let w = Window::open(&station, &[]).await?;
        detective::name_yourself(&w).await?;
        w.kill();
        copy_vault(&station.vault(), &yesterday)?;
        let w = Window::open(&station, &[]).await?;
        detective::sign_in(&w, "R. Alvarez", PASSPHRASE).await?;
        detective::new_case(&w).await?;
        detective::lock(&w).await?;
        w.kill();
        copy_vault(&yesterday, &station.vault())?;
        let w = Window::open(&station, &[]).await?;
        detective::sign_in(&w, "R. Alvarez", PASSPHRASE).await?;
        let told = w.wait_within("[data-test=vault-warning]", Duration::from_secs(6)).await?;
        let text = if told { w.text("[data-test=vault-warning]").await? } else { String::new() };
        w.kill();
        let held = text.contains("put back to an older state");
        Ok(Found::held_if(held, if held { text.chars().take(90).collect() } else { "nobody is told".to_owned() }))
    })
}

fn exports_an_audit() -> anyhow::Result<Found> {
    let station = Station::start()?;
    std::fs::create_dir(station.home().join("exports"))?;
    waiting(async {
        let w = Window::open(&station, &[]).await?;
        detective::name_yourself(&w).await?;
        let answer = w.invoke("export_audit", json!({})).await?;
        w.kill();
        let written = station.home().join("exports/audit.jsonl").exists();
        Ok(Found::held_if(answer["refused"]["code"] == "gaps" && !written, answer.to_string()))
    })
}

/// A day of last month as people here write it.
fn as_people_write(day: &str) -> anyhow::Result<String> {
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, day] = parts.as_slice() else { anyhow::bail!("{day} is no day") };
    Ok(format!("{month}/{day}/{year}"))
}

fn types_days() -> anyhow::Result<Found> {
    let station = Station::start()?;
    waiting(async {
        let w = Window::open(&station, &[]).await?;
        let mut broken = Vec::new();
        for (field, text) in
            [("name", "R. Alvarez"), ("badge", "4471"), ("ori", "CA0190000"), ("course", "Forty hours")]
        {
            w.fill(&format!("input[name={field}]"), text).await?;
        }
        for field in ["passphrase", "again"] {
            w.fill(&format!("input[name={field}]"), PASSPHRASE).await?;
        }
        // Half a record, then a day that is none: refused in the field, in words, and nothing typed is lost.
        for (day, result) in [("", "88"), ("2026-13-28", "88"), ("soon", "88"), ("10/28/2025", "")] {
            for (field, text) in [("completed_on", day), ("proficiency", result)] {
                // The driver types no empty text.
                w.fill(&format!("input[name={field}]"), if text.is_empty() { " " } else { text }).await?;
            }
            w.click("[data-test=name-person]").await?;
            let place = if result.is_empty() { "person.proficiency" } else { "person.training" };
            // What was refused before stands there until the answer comes: it is the place that tells them apart.
            w.wait(&format!("[data-place='{place}'] [data-test=wrong], [data-test=second-factor]")).await?;
            if w.has("[data-test=second-factor]").await? {
                return Ok(Found::Broken(format!("{day:?} with the result {result:?} was dropped without a word")));
            }
            let field = w.text(&format!("[data-place='{place}'] [data-test=wrong]")).await.unwrap_or_default();
            let inside =
                ["invalid value", "expected", "parse", "missing field"].iter().any(|word| field.contains(word));
            if field.is_empty() || inside || w.value("input[name=course]").await? != "Forty hours" {
                broken.push(format!("{day:?}: {field:?}"));
            }
        }
        let typed = as_people_write(&detective::month_ago())?;
        w.fill("input[name=completed_on]", &typed).await?;
        w.fill("input[name=proficiency]", "88").await?;
        w.wait_text("[data-place='person.training']", "Read as").await?;
        w.click("[data-test=name-person]").await?;
        detective::set_up_second(&w, "R. Alvarez").await?;
        let staff = w.invoke("staff", json!({})).await?;
        w.kill();
        let kept = &staff["ok"][0]["training"]["completed_on"];
        if *kept != detective::month_ago() {
            broken.push(format!("{typed} was kept as {kept}"));
        }
        let words = if broken.is_empty() {
            format!("{typed} is kept as {kept}; four others were refused in their field")
        } else {
            broken.join("; ")
        };
        Ok(Found::held_if(broken.is_empty(), words))
    })
}

fn serves_other_packages() -> anyhow::Result<Found> {
    let root = repository();
    let read = |path: &str| std::fs::read_to_string(root.join(path)).with_context(|| path.to_owned());
    let mut loose = Vec::new();
    let told = |text: &str, path: &str, loose: &mut Vec<String>| {
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            let builds = ["cargo build", "cargo test", "cargo clippy", "cargo install", "cargo run", "cargo metadata"];
            let unlocked = builds.iter().any(|call| line.contains(call)) && !line.contains("--locked");
            let unhashed = line.contains("pip\" install") && !line.contains("--require-hashes");
            let unpinned = line.contains("npm install") || line.contains("npm i ");
            if unlocked || unhashed || unpinned {
                loose.push(format!("{path}: {line}"));
            }
        }
    };
    for path in ["Makefile", "crates/xtask/setup.sh", ".ci/run"] {
        told(&read(path)?, path, &mut loose);
    }
    let mut files = 0;
    for entry in std::fs::read_dir(root.join("tests/pinned")).context("tests/pinned")? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "txt") {
            files += 1;
            // One requirement is a line that ends in a hash, over several written lines.
            for requirement in std::fs::read_to_string(&path)?.replace("\\\n", " ").lines() {
                let requirement = requirement.trim();
                if !requirement.is_empty() && !requirement.starts_with('#') && !requirement.contains("--hash=sha256:") {
                    loose.push(format!("{}: {requirement}", path.display()));
                }
            }
        }
    }
    let mut npm = 0;
    for lock in ["ui/package-lock.json", "tests/provider/package-lock.json"] {
        let locked: Value = serde_json::from_str(&read(lock)?)?;
        let packages = locked["packages"].as_object().with_context(|| format!("no packages in {lock}"))?;
        let unhashed = packages.iter().filter(|(path, p)| !path.is_empty() && !p["integrity"].is_string());
        loose.extend(unhashed.map(|(path, _)| path.clone()));
        npm += packages.len();
    }
    let cargo = read("Cargo.lock")?;
    let foreign = cargo.matches("source = \"registry+").count();
    if cargo.matches("checksum = ").count() != foreign || cargo.contains("source = \"git+") {
        loose.push("Cargo.lock has a package without checksum".to_owned());
    }
    ensure!(files >= 3 && foreign > 100, "nothing was looked at");
    let words = format!("{foreign} crates, {npm} npm packages and {files} Python tools are held to their hashes");
    Ok(Found::held_if(loose.is_empty(), if loose.is_empty() { words } else { loose.join("; ") }))
}

fn ships_parts() -> anyhow::Result<Found> {
    let notices = std::fs::read_to_string(repository().join("THIRD-PARTY-NOTICES.txt")).unwrap_or_default();
    let missing: Vec<&str> =
        ["libheif", "sqlcipher", "openssl-src", "Apache License", "x265", "svelte", "libjpeg-turbo"]
            .into_iter()
            .filter(|name| !notices.contains(name))
            .collect();
    if !missing.is_empty() {
        return Ok(Found::Broken(format!("the notices lack {missing:?}")));
    }
    let linked = Command::new("ldd").arg(programs()?.join("corroborate")).output()?;
    let linked = String::from_utf8_lossy(&linked.stdout).into_owned();
    let heif = linked.lines().find(|line| line.contains("libheif")).map(str::trim);
    Ok(Found::held_if(heif.is_some(), heif.unwrap_or("libheif (LGPL) is inside the program")))
}
