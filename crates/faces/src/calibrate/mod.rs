//! From a score to what it is worth: likelihood ratios, measured on photographs whose people are known.
//!
//! A *likelihood ratio* says how many times more usual a score is among photographs of one person than of two. It is fitted
//! per quality of the probe, by logistic regression with both kinds weighing the same (Brümmer & du Preez 2006), and never
//! goes beyond what so many people can show. Its validity is measured on people that had no part in the fit.

mod drawn;
mod fitted;
mod intervals;
mod kept;
mod measures;
mod pairs;
mod presence;
#[cfg(test)]
mod tests;

pub use fitted::{Bin, Calibration, Doubtful, Strength, TooFew, Validity};
pub use kept::Malformed;
pub use measures::{Entropy, Ratios, Tippett, Trade};
pub use pairs::{Enrolled, Probe};
pub use presence::Presence;
