//! From pixels to template: decode, orient, detect, align, embed, measure quality.
//!
//! A [`Photo`] is an upright image. An [`Engine`] holds the models, loaded once. It finds
//! [`Face`]s, turns one into a [`Template`], and measures its [`Quality`].
//!
//! **Invariant:** this crate knows nothing of cases, and bad input is an error value, never a panic.

mod align;
pub mod calibrate;
mod closer;
pub mod credentials;
pub mod decoder;
mod detect;
mod embed;
mod engine;
pub mod evaluate;
mod folders;
mod interval;
mod landmarks;
mod manifest;
mod mesh;
pub mod origin;
mod photo;
pub mod plot;
pub mod prepare;
mod quality;
mod rewrite;
mod runner;
pub mod sandbox;

pub use align::align;
pub use detect::Face;
pub use embed::Template;
pub use engine::{Engine, EngineError};
pub use folders::{FolderError, alike_names, files_by_person};
pub use landmarks::{Landmarks, TEMPLATE_LANDMARKS};
pub use manifest::{Manifest, ManifestError, ModelSpec, StrengthSpec, Task};
pub use photo::{MAX_PIXELS, Photo, PhotoError};
pub use quality::{Component, Quality, Verdict};
