//! Files of measurements beside the department's policy.

use std::path::{Path, PathBuf};

use catalogue::say;

/// The JSON files of a folder, by name.
pub(crate) fn json_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    let mut files: Vec<_> = entries.into_iter().filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    files.sort();
    Ok(files)
}

/// The text of a file of at most `most` bytes.
pub(crate) fn read_no_larger(path: &Path, most: u64) -> std::io::Result<String> {
    if std::fs::metadata(path)?.len() > most {
        return Err(std::io::Error::other(say!("workstation-calibration-too-large")));
    }
    std::fs::read_to_string(path)
}

/// A file's name, without its folder.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
