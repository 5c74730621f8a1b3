//! Why the program `faces` did not do what it was asked.

use catalogue::say;
use faces::{EngineError, FolderError, ManifestError, PhotoError};

/// Why nothing was seen in a photograph.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("{}", say!("faces-cannot-read-file", what = _0))]
    Unreadable(#[from] std::io::Error),
    #[error(transparent)]
    Photo(#[from] PhotoError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("{}", say!("faces-aligned-needs-crop-112-112", what = _0, what1 = _1))]
    NotACrop(u32, u32),
    #[error("{}", say!("faces-no-face-found"))]
    NoFace,
}

impl Refusal {
    /// A stable code for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Refusal::Unreadable(_) => "unreadable",
            Refusal::Photo(e) => e.code(),
            Refusal::Engine(e) => e.code(),
            Refusal::NotACrop(..) => "not-a-crop",
            Refusal::NoFace => "no-face",
        }
    }
}

/// Why a command ended without its result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("{path}: {message}")]
    Labels { path: String, message: String },
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Decoder(#[from] std::io::Error),
    #[error("{path}: {refusal}")]
    File { path: String, refusal: Refusal },
}
