//! What whole-product tests and the demo share: a real keyring, a real service, a real window.
//!
//! Nothing here is a mock. [`station::Station`] starts what a workstation has (session bus, Secret
//! Service, display), [`service::Service`] a gallery, [`relay::Relay`] a relay, [`window::Window`] the program itself under
//! WebDriver, and [`detective`] does what a detective does.

pub mod adversary;
pub mod audited_gallery;
pub mod chance;
pub mod desk;
pub mod detective;
pub mod gallery_trials;
pub mod killing;
pub mod memory;
pub mod people;
pub mod postgres;
pub mod practised;
pub mod process;
pub mod provider;
pub mod proxy;
pub mod relay;
pub mod second_reader;
pub mod service;
pub mod station;
pub mod store_tour;
pub mod tampering;
mod tampering_gallery;
mod tampering_relay;
pub mod tampering_shown;
pub mod window;
pub mod year;
