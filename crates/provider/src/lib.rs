//! The department's identity provider (OpenID Connect Core 1.0, authorization code with PKCE): what is asked of it, and
//! what it must say of somebody before that counts as their second factor.
//!
//! [`Provider::discover`] asks who it is, [`Provider::begin`] makes an [`Attempt`] of one person and the address that
//! their browser opens, [`Attempt::hear`] reads what the browser brings back, [`Provider::redeem`] has the code
//! exchanged and the ID token verified.
//!
//! **Invariant:** a [`Proof`] exists only as what an ID token said that passed every check, for one attempt of one
//! person, and opens one door; an [`Away`] only where the provider could not be reached. This crate makes no connection
//! of its own: whoever calls gives it an [`Ask`].

mod ask;
mod attempt;
mod proof;
mod redeem;
mod refusal;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
mod verify;

pub use ask::{Ask, Asked, Provider, Request, Response, Unasked};
pub use attempt::{Attempt, Heard};
pub use proof::{Away, Proof, host};
pub use refusal::Refusal;
