//! From a file's bytes to an upright picture in sRGB, refused early where it is none.

mod accepted;
mod cmyk;
mod colour;
mod decoded;
mod heif;
mod jpeg;
mod jpeg2000;
mod kind;
mod scaled;

pub use accepted::{MAX_PIXELS, PhotoError};
pub use decoded::Photo;
pub(crate) use jpeg::to_jpeg;
pub(crate) use scaled::{Scaled, shrunk};
