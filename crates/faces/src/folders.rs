use std::io;
use std::path::{Path, PathBuf};

use catalogue::say;

/// A folder that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{}", say!("faces-cannot-read", path = path.display(), source))]
pub struct FolderError {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// The files of a folder that holds one folder per person, sorted: the person's folder and the file.
///
/// # Errors
/// [`FolderError`] when it or a person's folder cannot be read.
pub fn files_by_person(folder: &Path) -> Result<Vec<(PathBuf, PathBuf)>, FolderError> {
    let sorted = |folder: &Path| {
        let mut paths = std::fs::read_dir(folder)
            .and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect::<io::Result<Vec<_>>>())
            .map_err(|source| FolderError { path: folder.to_owned(), source })?;
        paths.sort();
        Ok(paths)
    };
    let mut found = Vec::new();
    for person in sorted(folder)?.into_iter().filter(|p| p.is_dir()) {
        let files = sorted(&person)?.into_iter().filter(|p| p.is_file());
        found.extend(files.map(|file| (person.clone(), file)));
    }
    Ok(found)
}
