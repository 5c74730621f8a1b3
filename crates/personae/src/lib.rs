//! Renders people who do not exist.
//!
//! An identity is a seed: mixed shapes of the MakeHuman base mesh (CC0), skin, eyes, brows and
//! hair. A picture is an identity plus camera, light, expression and capture defects. The same
//! seed, view and size always give the same bytes.
//!
//! **Invariant:** no random number comes from outside; every choice is drawn from the seed.

mod assets;
mod hair;
mod identity;
mod math;
mod noise;
mod raster;
mod rng;
mod shade;
mod view;

pub use assets::{AssetError, Assets};
pub use identity::{Ancestry, Identity, Sex};
pub use view::View;

use image::RgbImage;

/// Renders one view of one person as a square picture of `size` pixels.
///
/// View 0 is the booking pose: frontal, even light. Higher views vary pose, light, expression and
/// capture; they depend only on `(identity seed, view)`.
pub fn render(assets: &Assets, identity: &Identity, view: &View, size: u32) -> RgbImage {
    let body = identity.shape(assets, view);
    let frame = raster::draw(assets, identity, &body, view, size);
    let picture = shade::picture(assets, identity, &body, view, &frame, size);
    view.capture(picture)
}
