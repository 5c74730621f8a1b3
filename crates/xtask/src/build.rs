//! A cargo build that says how far it is.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde::Deserialize;

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(15);

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
    workspace_members: Vec<String>,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    fresh: bool,
    #[serde(default)]
    package_id: String,
    target: Option<Target>,
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Libraries and build scripts of everything that the workspace stands on, without what only tests need.
fn foreign_parts() -> anyhow::Result<HashSet<(String, bool)>> {
    let host = cargo().args(["-vV"]).output().context("cannot start cargo")?;
    let host = String::from_utf8_lossy(&host.stdout).lines().find_map(|l| l.strip_prefix("host: ").map(str::to_owned));
    let host = host.context("cargo does not say for which machine it builds")?;
    let output = cargo()
        .args(["metadata", "--locked", "--format-version", "1", "--filter-platform", &host])
        .output()
        .context("cannot start cargo")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata is malformed")?;
    let nodes: HashMap<&str, &Node> = metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let mut reached: HashSet<&str> = metadata.workspace_members.iter().map(String::as_str).collect();
    let mut next: Vec<&str> = reached.iter().copied().collect();
    while let Some(id) = next.pop() {
        let Some(node) = nodes.get(id) else { continue };
        let needed = node.deps.iter().filter(|dep| dep.dep_kinds.iter().any(|k| k.kind.as_deref() != Some("dev")));
        next.extend(needed.map(|dep| dep.pkg.as_str()).filter(|id| reached.insert(id)));
    }
    let own: HashSet<&str> = metadata.workspace_members.iter().map(String::as_str).collect();
    let foreign = metadata.packages.iter().filter(|p| reached.contains(p.id.as_str()) && !own.contains(p.id.as_str()));
    Ok(foreign.flat_map(|p| p.targets.iter().filter_map(|t| part(t).map(|script| (p.id.clone(), script)))).collect())
}

/// Whether the target is a build script; nothing for one that a dependency does not build.
fn part(target: &Target) -> Option<bool> {
    let is = |kind: &str| target.kind.iter().any(|k| k == kind);
    if is("custom-build") {
        return Some(true);
    }
    ["lib", "rlib", "proc-macro", "cdylib", "dylib", "staticlib"].iter().any(|kind| is(kind)).then_some(false)
}

fn minutes(left: Duration) -> String {
    match left.as_secs().div_ceil(60) {
        0 | 1 => "about a minute left".to_owned(),
        minutes => format!("about {minutes} minutes left"),
    }
}

/// Runs `cargo build` with `arguments`. The time left is told from the time that the parts built so far took: an estimate.
///
/// # Errors
/// When cargo cannot be started or the build fails; cargo has said why.
pub fn build(arguments: &[String]) -> anyhow::Result<()> {
    let mut waiting = foreign_parts()?;
    let all = waiting.len();
    let mut building = cargo()
        .args(["build", "--locked", "--quiet", "--message-format", "json-render-diagnostics"])
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start cargo")?;
    let terminal = std::io::stderr().is_terminal();
    let (mut begun, mut told): (Option<Instant>, Option<Instant>) = (None, None);
    let (mut made, mut own) = (0u32, 0usize);
    for line in BufReader::new(building.stdout.take().context("cargo has no output")?).lines() {
        let Ok(message) = serde_json::from_str::<Message>(&line?) else { continue };
        let Some(target) = message.target.filter(|_| message.reason == "compiler-artifact") else { continue };
        let foreign = part(&target).is_some_and(|script| waiting.remove(&(message.package_id, script)));
        if message.fresh {
            continue;
        }
        own += usize::from(!foreign);
        made += u32::from(foreign);
        let begun = *begun.get_or_insert_with(Instant::now);
        if !terminal && told.is_some_and(|told| told.elapsed() < EVERY) {
            continue;
        }
        told = Some(Instant::now());
        let done = all - waiting.len();
        let left = match (waiting.len(), made) {
            (0, _) => format!("then {own} parts of the program itself"),
            (_, 0) => String::new(),
            (left, made) => minutes(begun.elapsed() / made * u32::try_from(left).unwrap_or(u32::MAX)),
        };
        let mut out = std::io::stderr();
        let (clear, end) = if terminal { ("\r\x1b[K", "") } else { ("", "\n") };
        write!(out, "{clear}building: {done} of {all} libraries, {left}{end}").and_then(|()| out.flush())?;
    }
    if terminal && told.is_some() {
        eprintln!();
    }
    let status = building.wait()?;
    ensure!(status.success(), "the build failed; cargo's message stands above");
    Ok(())
}
