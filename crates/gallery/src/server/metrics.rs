//! Numbers for Prometheus. No label names a person, a case or an agency.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use catalogue::say;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use service::requests::{Requests, text_of};

/// What is counted.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    pub requests: Requests,
    passes: Histogram,
    shared: Histogram,
    rescored: Histogram,
    /// Templates in the index.
    pub templates: Gauge<i64, std::sync::atomic::AtomicI64>,
    /// Positions of the outbox that the index is behind.
    pub behind: Gauge<i64, std::sync::atomic::AtomicI64>,
    refused: Counter<u64, AtomicU64>,
}

impl Metrics {
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("gallery");
        let mut metrics = Self {
            requests: Requests::counted_in(&mut registry),
            passes: Histogram::new(exponential_buckets(0.0005, 2.0, 14)),
            shared: Histogram::new(exponential_buckets(1.0, 2.0, 6)),
            rescored: Histogram::new(exponential_buckets(16.0, 2.0, 12)),
            templates: Gauge::default(),
            behind: Gauge::default(),
            refused: Counter::default(),
            registry,
        };
        let registry = &mut metrics.registry;
        registry.register("pass_seconds", say!("gallery-time-one-pass-over-index"), metrics.passes.clone());
        registry.register("pass_searches", say!("gallery-searches-shared-pass"), metrics.shared.clone());
        registry.register("rescored_rows", say!("gallery-rows-search-needed-full-precision"), metrics.rescored.clone());
        registry.register("index_templates", say!("gallery-templates-index"), metrics.templates.clone());
        registry.register("index_behind", say!("gallery-positions-outbox-index-behind"), metrics.behind.clone());
        registry.register("refused_tokens", say!("gallery-requests-token-not-valid"), metrics.refused.clone());
        metrics
    }

    pub fn pass(&self, time: Duration, searches: usize) {
        self.passes.observe(time.as_secs_f64());
        self.shared.observe(searches as f64);
    }

    pub fn rescored(&self, rows: usize) {
        self.rescored.observe(rows as f64);
    }

    pub fn token_refused(&self) {
        self.refused.inc();
    }

    /// The text that Prometheus reads.
    pub fn text(&self) -> String {
        text_of(&self.registry)
    }
}
