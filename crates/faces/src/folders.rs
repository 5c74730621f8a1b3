use std::collections::{BTreeMap, BTreeSet};
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

/// Names that differ in letters' case, spaces and punctuation only: one person in two folders, perhaps. Each with the first that
/// is like it.
pub fn alike_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<(&'a str, &'a str)> {
    let plain = |name: &str| {
        let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
    };
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    let distinct: BTreeSet<&str> = names.into_iter().collect();
    let twice = distinct.into_iter().filter_map(|name| {
        let before = *first.entry(plain(name)).or_insert(name);
        (before != name).then_some((before, name))
    });
    twice.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_other_letters_is_found() {
        let names = ["Ann Smith", "ann_smith", "ANN-SMITH", "Ann Smithe", "1-11", "11-1", "Ann Smith", "Åsa", "åsa"];
        let pairs = [("ANN-SMITH", "Ann Smith"), ("ANN-SMITH", "ann_smith"), ("Åsa", "åsa")];
        assert_eq!(alike_names(names), pairs);
        assert!(alike_names([]).is_empty());
    }
}
