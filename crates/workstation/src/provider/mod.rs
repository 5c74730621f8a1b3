//! Signing in with the department's identity provider, in the browser that the person uses anyway. What comes back is
//! verified by the crate `provider`; here are the connections, the port to which the browser comes back, and what is
//! remembered between the browser and the passphrase.

mod asking;
mod browser;
mod by_browser;
mod http;
mod listener;

pub use crate::shown_at_provider::Keys;
pub use asking::ask;
pub use browser::open;
pub use http::Http;
