//! Append-only logs: the hash chain of every audit (`chain`), and the log of the whole department that outsiders can check.
//!
//! The log is a Merkle tree (RFC 6962) in the forms of C2SP, so that anybody's tools read it: `tiles` (tlog-tiles) are the tree
//! as files, a `checkpoint` (tlog-checkpoint) says how large it is and how it ends, a `note` (signed-note) carries who signed that,
//! `key` are the keys and cosignatures (tlog-cosignature), `witness` is what a witness is asked and answers (tlog-witness), `proof`
//! shows that something is in the log (tlog-proof) and that the log only grew. `leaf` is what stands in it, `growing` the end of
//! the tree while it grows. Nothing here reads a file, a clock or a network.
//!
//! **Invariants:** a [`Chain`] holds a position only if every row up to it follows from the one before. A checkpoint is [`Signed`]
//! only by the log's key and [`Cosigned`] only by every witness that was wanted; an entry is [`Included`] only if its proof leads to
//! the root of a signed checkpoint; two checkpoints are [`Consistent`] only if the later one's tree begins with the earlier one's.

mod chain;
mod checkpoint;
mod growing;
mod key;
mod leaf;
mod note;
mod proof;
mod refusal;
mod tiles;
mod whole;
mod witness;

pub use chain::{Broken, Chain, link, one_line};
pub use checkpoint::{Checkpoint, Cosigned, MOST_LEAVES, Signed};
pub use growing::{Growing, hold};
pub use key::{Key, Kind, Signer};
pub use leaf::{LEAF, Leaf};
pub use note::{Line, MOST_BYTES, Note};
pub use proof::{Consistent, Included, Inclusion, PROOF, Proof};
pub use refusal::Refusal;
pub use tiles::{
    Tile, Tiles, WIDTH, bundle, consistency, entries_of, inclusion, wanted_for_consistency, wanted_for_inclusion,
};
pub use whole::Whole;
pub use witness::{Asked, Denied, Watched, denied_size};

/// SHA-256.
pub type Hash = [u8; 32];

/// The origin line of a log: of the department with this root key, or of the workstation with this key that is by itself.
pub fn origin(key: &str) -> String {
    format!("ledger.corroborate/{key}")
}

/// What the origin line of a gallery's log begins with.
const GALLERY: &str = "gallery.corroborate/";

/// The origin line of the log of the gallery whose log has this key: it names its own key.
pub fn gallery_origin(key: &Hash) -> String {
    format!("{GALLERY}{}", hex::encode(key))
}

/// The key of the gallery's log that has this origin line.
///
/// # Errors
/// [`Refusal::OtherLog`] for what is no origin of a gallery's log; [`Refusal::KeyWeak`], [`Refusal::KeyMalformed`].
pub fn gallery_key(origin: &str) -> Result<Key, Refusal> {
    let bytes = origin.strip_prefix(GALLERY).and_then(|key| Some((hex::decode(key).ok()?.try_into().ok()?, key)));
    match bytes {
        Some((bytes, key)) if hex::encode(bytes) == key => Key::new(Kind::Log, origin, &bytes),
        _ => Err(Refusal::OtherLog { wanted: format!("{GALLERY}\u{2026}"), found: origin.to_owned() }),
    }
}

/// Whether this is the name of a gallery's log, and of no witness.
pub fn is_gallery(name: &str) -> bool {
    name.starts_with(GALLERY)
}
