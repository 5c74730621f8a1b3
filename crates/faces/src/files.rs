//! What the program's commands do with files: read photographs, many at a time, and write what they made.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use faces::plot::Drawing;
use faces::{Engine, Face, Photo};

use crate::refused::{Failure, Refusal};

/// A photograph and its faces; a crop is one face.
pub(crate) fn faces_of(engine: &Engine, path: &Path, aligned: bool) -> Result<(Photo, Vec<Face>), Refusal> {
    let photo = Photo::decode(&std::fs::read(path)?)?;
    let found = match (aligned, photo.dimensions()) {
        (true, (112, 112)) => vec![Face::of_crop()],
        (true, (width, height)) => return Err(Refusal::NotACrop(width, height)),
        (false, _) => engine.detect(&photo)?,
    };
    Ok((photo, found))
}

/// Does `work` on each file, `threads` at a time, and gives the results to `then` in the files' order.
pub(crate) fn in_parallel<T: Send>(
    files: &[PathBuf],
    threads: u16,
    work: impl Fn(&Path) -> T + Sync,
    mut then: impl FnMut(&Path, T) + Send,
) {
    let next = AtomicUsize::new(0);
    // Results wait here until those of earlier files are given.
    let given = Mutex::new((0, std::collections::BTreeMap::new(), &mut then));
    std::thread::scope(|scope| {
        for _ in 0..usize::from(threads).min(files.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(path) = files.get(at) else { break };
                    let result = work(path);
                    let Ok(mut state) = given.lock() else { break };
                    let (first, waiting, then) = &mut *state;
                    waiting.insert(at, result);
                    while let Some(result) = waiting.remove(first) {
                        then(&files[*first], result);
                        *first += 1;
                    }
                }
            });
        }
    });
}

/// The day on which something is made.
pub(crate) fn today() -> String {
    jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date().to_string()
}

/// Writes a file whole or not at all.
pub(crate) fn written(path: &Path, text: &str) -> Result<(), Failure> {
    let failure = |e: std::io::Error| Failure::Labels { path: path.display().to_string(), message: e.to_string() };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let done = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    done.inspect_err(|_| _ = std::fs::remove_file(&beside)).map_err(failure)
}

/// Writes plots into a folder, which is made where it is not there.
pub(crate) fn draw(folder: &Path, drawings: &[Drawing]) -> Result<(), Failure> {
    let failure = |e: std::io::Error| Failure::Labels { path: folder.display().to_string(), message: e.to_string() };
    std::fs::create_dir_all(folder).map_err(failure)?;
    drawings.iter().try_for_each(|d| written(&folder.join(format!("{}.svg", d.name)), &d.plot.svg()))
}

/// Folders that are called alike in other letters: taken as two people, and named for somebody to look at.
pub(crate) fn alike_folders(subjects: &[String]) -> Vec<(&str, &str)> {
    faces::alike_names(subjects.iter().map(String::as_str))
}
