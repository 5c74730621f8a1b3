use std::path::{Path, PathBuf};

use catalogue::say;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// What a model does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Finds faces with five landmarks.
    Detector,
    /// Turns an aligned crop into a template.
    Embedding,
    /// Finds 468 points of a face.
    Landmarks,
    /// Estimates how the head is turned.
    Pose,
}

/// How pixels go in.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Order of colour channels.
    pub channels: Channels,
    /// Subtracted from each value 0..255: one number for all channels, or three in their order.
    #[serde(deserialize_with = "one_or_three")]
    pub mean: [f32; 3],
    /// Multiplied after that.
    #[serde(deserialize_with = "one_or_three")]
    pub scale: [f32; 3],
}

fn one_or_three<'de, D: serde::Deserializer<'de>>(from: D) -> Result<[f32; 3], D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Numbers {
        One(f32),
        Three([f32; 3]),
    }
    Ok(match Numbers::deserialize(from)? {
        Numbers::One(n) => [n; 3],
        Numbers::Three(three) => three,
    })
}

/// Order of colour channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channels {
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red.
    Bgr,
}

/// Lengths of a model's embeddings before they are normalised: what harms a face shortens them.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrengthSpec {
    /// From here on a template is worth something: quality rises from 10 of 100.
    pub least: f32,
    /// Below it a template is weak.
    pub poor: f32,
    /// From here on it is good.
    pub fair: f32,
    /// Beyond it length says nothing more: quality is 100.
    pub most: f32,
}

/// One model of the manifest.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// Its name in templates and on the wire.
    pub id: String,
    /// What it does.
    pub task: Task,
    /// File beside the manifest.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Licence.
    pub licence: String,
    /// How pixels go in.
    pub input: InputSpec,
    /// Length of a template, for embeddings.
    #[serde(default)]
    pub dim: usize,
    /// What the length of an embedding tells, where that was measured.
    #[serde(default)]
    pub strength: Option<StrengthSpec>,
    /// Used when no model is named.
    #[serde(default)]
    pub default: bool,
    /// May be absent: a site's drop-in.
    #[serde(default)]
    pub optional: bool,
}

/// `models.toml`: what may be loaded.
#[derive(Debug, Clone)]
pub struct Manifest {
    folder: PathBuf,
    models: Vec<ModelSpec>,
}

/// The manifest or a model file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// No manifest found.
    #[error("{}", say!("faces-no-models-toml-found-set"))]
    NoManifest,
    /// A file could not be read.
    #[error("{}", say!("faces-cannot-read-run-cargo-xtask", path = path.display(), source))]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The manifest is malformed.
    #[error("{}", say!("faces-malformed", path = path.display(), message))]
    Form {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// No model of that id.
    #[error("{}", say!("faces-no-model-manifest-knows", task, id = format!("{:?}", id), known))]
    Unknown {
        /// What was asked for.
        id: String,
        /// Task.
        task: &'static str,
        /// What there is.
        known: String,
    },
    /// A file's hash differs.
    #[error("{}", say!("faces-not-file-manifest-names-sha", path = path.display(), found))]
    Hash {
        /// Which.
        path: PathBuf,
        /// What was found.
        found: String,
    },
}

#[derive(Deserialize)]
struct File {
    model: Vec<ModelSpec>,
}

impl Manifest {
    /// Finds and reads the manifest: `$CORROBORATE_MODELS`, else a folder `models` beside or above
    /// the program or the current folder, else the source tree's.
    ///
    /// # Errors
    /// [`ManifestError`] when none is found or it is malformed.
    pub fn locate() -> Result<Self, ManifestError> {
        if let Some(named) = std::env::var_os("CORROBORATE_MODELS") {
            return Self::read(Path::new(&named));
        }
        let starts = [std::env::current_exe().ok(), std::env::current_dir().ok()];
        let above = starts.iter().flatten().flat_map(|start| start.ancestors().map(|a| a.join("models")));
        let source = PathBuf::from(concat!(env!("CORROBORATE_ROOT"), "/models"));
        above
            .chain([source])
            .find(|folder| folder.join("models.toml").is_file())
            .ok_or(ManifestError::NoManifest)
            .and_then(|folder| Self::read(&folder))
    }

    /// Reads `folder/models.toml`.
    ///
    /// # Errors
    /// [`ManifestError`] when it is absent or malformed.
    pub fn read(folder: &Path) -> Result<Self, ManifestError> {
        let path = folder.join("models.toml");
        let text =
            std::fs::read_to_string(&path).map_err(|source| ManifestError::Read { path: path.clone(), source })?;
        let file: File = toml::from_str(&text).map_err(|e| ManifestError::Form { path, message: e.to_string() })?;
        Ok(Self { folder: folder.to_owned(), models: file.model })
    }

    /// All models.
    pub fn models(&self) -> &[ModelSpec] {
        &self.models
    }

    /// The model of `task` named `id`, or the task's default.
    ///
    /// # Errors
    /// [`ManifestError::Unknown`].
    pub fn model(&self, task: Task, id: Option<&str>) -> Result<&ModelSpec, ManifestError> {
        let mut of_task = self.models.iter().filter(|m| m.task == task);
        let found = match id {
            Some(id) => of_task.find(|m| m.id == id),
            None => of_task.clone().find(|m| m.default).or_else(|| of_task.next()),
        };
        found.ok_or_else(|| ManifestError::Unknown {
            id: id.unwrap_or("default").to_owned(),
            task: match task {
                Task::Detector => "detector",
                Task::Embedding => "embedding",
                Task::Landmarks => "landmarks",
                Task::Pose => "pose",
            },
            known: self.models.iter().map(|m| m.id.as_str()).collect::<Vec<_>>().join(", "),
        })
    }

    /// Where a model's file lies.
    pub fn path(&self, model: &ModelSpec) -> PathBuf {
        self.folder.join(&model.file)
    }

    /// Reads a model's file and checks its hash.
    ///
    /// # Errors
    /// [`ManifestError::Read`] or [`ManifestError::Hash`].
    pub fn bytes(&self, model: &ModelSpec) -> Result<Vec<u8>, ManifestError> {
        let path = self.path(model);
        let bytes = std::fs::read(&path).map_err(|source| ManifestError::Read { path: path.clone(), source })?;
        let found = hex::encode(Sha256::digest(&bytes));
        if found == model.sha256 { Ok(bytes) } else { Err(ManifestError::Hash { path, found }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_model_file_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(
            folder.path().join("models.toml"),
            r#"
            [[model]]
            id = "m"
            task = "detector"
            file = "m.onnx"
            sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
            licence = "CC0"
            input = { width = 1, height = 1, channels = "rgb", mean = 0.0, scale = 1.0 }
            "#,
        )
        .expect("written");
        let manifest = Manifest::read(folder.path()).expect("well formed");
        let model = manifest.model(Task::Detector, None).expect("there is one");
        std::fs::write(folder.path().join("m.onnx"), "hello").expect("written");
        assert_eq!(manifest.bytes(model).expect("the hash of hello"), b"hello");
        std::fs::write(folder.path().join("m.onnx"), "hellO").expect("written");
        assert!(matches!(manifest.bytes(model), Err(ManifestError::Hash { .. })));
        assert!(matches!(manifest.model(Task::Embedding, None), Err(ManifestError::Unknown { .. })));
    }
}
