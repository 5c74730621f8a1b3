//! Photographs of people who do not exist, as files.

use std::path::{Path, PathBuf};

use anyhow::Context;
use image::RgbImage;
use personae::{Assets, Identity, View, render};

/// Renders people for probes.
pub struct Renderer(&'static Assets);

impl Renderer {
    /// Loads the mesh.
    ///
    /// # Errors
    /// When it was not fetched.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self(Assets::shared()?))
    }

    /// The person of `seed`, seen as in `view`.
    pub fn picture(&self, seed: u64, view: u32, size: u32) -> RgbImage {
        render(self.0, &Identity::new(self.0, seed), &View::new(seed, view), size)
    }

    /// The same with the head turned to the person's left by `yaw` radians.
    pub fn turned(&self, seed: u64, view: u32, yaw: f32, size: u32) -> RgbImage {
        let mut view = View::new(seed, view);
        view.yaw = yaw;
        render(self.0, &Identity::new(self.0, seed), &view, size)
    }

    /// Writes a picture as `folder/name`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, picture: &RgbImage, folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
        let path = folder.join(name);
        picture.save(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }
}
