//! The demo gallery: people who do not exist, rendered and enrolled once, then kept in the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use sha2::{Digest, Sha256};

/// Counts up with the form of a gallery's data folder.
const DATA: u32 = 3;
/// First seed of the people in the demo gallery.
pub const FIRST_SEED: u64 = 1000;

/// A gallery that is ready to be served.
#[derive(Debug, Clone)]
pub struct Demo {
    /// Data folder of `gallery serve`. Copy it before serving: a service writes its audit there.
    pub gallery: PathBuf,
    /// Seeds of the enrolled people.
    pub seeds: std::ops::Range<u64>,
}

impl Demo {
    /// The subject id of the person of `seed`.
    pub fn subject(seed: u64) -> String {
        format!("DEMO-{seed:06}")
    }
}

/// Renders and enrols `people` persons, one booking view each, unless the cache holds them already.
/// `programs` is the folder with the built `personae` and `gallery`.
///
/// # Errors
/// When a program fails or the cache cannot be written; then the cache holds nothing half done.
pub fn prepare(programs: &Path, people: u64) -> anyhow::Result<Demo> {
    let seeds = FIRST_SEED..FIRST_SEED + people;
    let cache = crate::cache()?;
    let whole = cache.join(format!("demo-{DATA}-{people}-{}", &fingerprint()?[..16]));
    fs::create_dir_all(&cache).with_context(|| format!("cannot create {}", cache.display()))?;
    // Whoever comes second waits for the first one's work instead of doing it again.
    let lock = fs::File::create(cache.join("demo.lock")).context("cannot work in the cache")?;
    lock.lock().context("cannot work in the cache")?;
    if whole.join("gallery.sqlite").is_file() {
        return Ok(Demo { gallery: whole, seeds });
    }
    let work = tempfile::tempdir_in(&cache).context("cannot work in the cache")?;
    let (faces, data) = (work.path().join("people"), work.path().join("gallery"));
    eprintln!("demo gallery: rendering {people} people who do not exist (once)");
    run(Command::new(programs.join("personae"))
        .args(["render", "--views", "1", "--size", "512"])
        .args(["--seed", &FIRST_SEED.to_string(), "--count", &people.to_string(), "--out"])
        .arg(&faces))?;
    let table = work.path().join("people.csv");
    let rows: String = seeds.clone().map(|seed| row(&faces, seed)).collect();
    fs::write(&table, format!("subject_id,path,captured_on,agency\n{rows}"))?;
    eprintln!("demo gallery: encoding and enrolling them (once)");
    run(Command::new(programs.join("gallery")).args(["enrol", "--data"]).arg(&data).arg(&table))?;
    fs::rename(&data, &whole).context("cannot keep the demo gallery")?;
    Ok(Demo { gallery: whole, seeds })
}

fn row(faces: &Path, seed: u64) -> String {
    let (year, month, day) = (2012 + seed % 13, 1 + seed % 12, 1 + seed % 28);
    let agency = ["CA0190000", "CA0194200", "CA0197600", "CA0190600"][(seed % 4) as usize];
    let photo = faces.join(seed.to_string()).join("view-0.png");
    format!("{},{},{year}-{month:02}-{day:02},{agency}\n", Demo::subject(seed), photo.display())
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().to_owned();
    let status = command
        .status()
        .with_context(|| format!("cannot start {}; `make build` builds it", program.to_string_lossy()))?;
    ensure!(status.success(), "{} failed; its message stands above", program.to_string_lossy());
    Ok(())
}

/// SHA-256 over everything that decides what the demo gallery holds.
fn fingerprint() -> anyhow::Result<String> {
    let root = Path::new(env!("CORROBORATE_ROOT"));
    let mut files: Vec<_> = ["models/models.toml", "crates/xtask/src/demo.rs", "crates/gallery/src/enrol/mod.rs"]
        .map(|f| root.join(f))
        .into();
    for source in ["personae/src", "faces/src", "gallery/src/store"] {
        collect(&root.join("crates").join(source), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?);
    }
    Ok(hex::encode(hash.finalize()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
