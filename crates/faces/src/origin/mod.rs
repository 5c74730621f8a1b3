//! What a photograph's file says of where it comes from: content credentials, declared kinds, Exif. Read in the decoder's
//! process; nothing here decides, nothing here fails, and nothing is fetched.

mod exif;
mod foreign;
mod manifest;
mod said;

pub use exif::Exif;
pub use foreign::{MOST_TEXT, plain};
pub use said::Origin;
