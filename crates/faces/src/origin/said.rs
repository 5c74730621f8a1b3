//! What a file says of its origin, read from all of its places.

use serde::{Deserialize, Serialize};

use super::exif::{self, Exif};
use super::manifest;
use crate::Photo;

/// What a file says of its origin. All texts are foreign, at most [`super::MOST_TEXT`] characters, without control characters.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// Whether content credentials (C2PA) lie in the file.
    pub credentials: bool,
    /// Where the file says that its credentials lie, when they are not in it.
    pub elsewhere: Option<String>,
    /// Terms of the IPTC's digital source types that credentials or XMP declare, unverified: `trainedAlgorithmicMedia`.
    pub sources: Vec<String>,
    /// What Exif and XMP say.
    pub exif: Exif,
    /// How alike the embedded thumbnail and the picture are, -1 to 1, where there is a thumbnail to compare.
    pub thumbnail: Option<f32>,
}

impl Origin {
    /// Reads what `bytes` say; `photo` is what they were decoded to.
    pub(crate) fn read(bytes: &[u8], photo: &Photo) -> Self {
        let manifests = manifest::manifests(bytes);
        let xmp = manifest::xmp(bytes);
        let mut sources = Vec::new();
        for text in manifests.iter().map(Vec::as_slice).chain(xmp) {
            manifest::declared(text, &mut sources);
        }
        let address = xmp.and_then(|xmp| manifest::named(xmp, b"provenance"));
        let elsewhere = address.filter(|address| manifests.is_empty() && address.contains("://"));
        let (exif, thumbnail) = exif::read(bytes, photo, xmp);
        Self { credentials: !manifests.is_empty(), elsewhere, sources, exif, thumbnail }
    }
}
