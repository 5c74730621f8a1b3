//! Developer chores that need Rust: bring models and meshes, build the demo gallery.

pub mod build;
pub mod compliance;
pub mod demo;
mod dequantise;
pub mod fetch;
pub mod notices;
mod onnx;
mod tflite;

use anyhow::Context;
use std::path::PathBuf;

/// This user's cache folder for downloads and for what is built once.
///
/// # Errors
/// When the user has no home folder.
pub fn cache() -> anyhow::Result<PathBuf> {
    let folders =
        directories::ProjectDirs::from("org", "corroborate", "corroborate").context("this user has no home folder")?;
    Ok(folders.cache_dir().to_owned())
}
