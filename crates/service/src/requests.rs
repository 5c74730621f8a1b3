//! What every request passes: limits on its body and time, a count, one line of the log.

use std::any::Any;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use catalogue::say;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::refusal::Refusal;
use crate::request::BODY;

/// How often each route was asked, and how long answers took.
#[derive(Debug, Clone)]
pub struct Requests {
    count: Family<Vec<(String, String)>, Counter>,
    seconds: Histogram,
}

impl Requests {
    /// Counts from now on, for whoever reads `registry`.
    pub fn counted_in(registry: &mut Registry) -> Self {
        let all = Self { count: Family::default(), seconds: Histogram::new(exponential_buckets(0.001, 2.0, 15)) };
        registry.register("requests", say!("service-requests-method-route-status"), all.count.clone());
        registry.register("request_seconds", say!("service-time-from-request-answer"), all.seconds.clone());
        all
    }

    fn count(&self, method: &str, route: &str, status: u16, time: Duration) {
        let labels = vec![
            ("method".to_owned(), method.to_owned()),
            ("route".to_owned(), route.to_owned()),
            ("status".to_owned(), status.to_string()),
        ];
        self.count.get_or_create(&labels).inc();
        self.seconds.observe(time.as_secs_f64());
    }
}

/// The numbers of a registry as Prometheus reads them.
pub fn text_of(registry: &Registry) -> String {
    let mut text = String::new();
    if prometheus_client::encoding::text::encode(&mut text, registry).is_err() {
        text.clear();
    }
    text
}

/// What a service allows its requests.
#[derive(Debug, Clone, Copy)]
pub struct Allowed {
    /// Most bytes of a body that no route reads for itself.
    pub body: usize,
    /// How long a request of a route may take.
    pub time: fn(&str) -> Duration,
    /// What is said of one that took longer.
    pub late: fn() -> Refusal,
    /// What is said of one on which the service failed.
    pub failed: fn() -> Refusal,
}

/// Answers what no route has.
pub async fn nothing_here() -> Refusal {
    Refusal::not_found(say!("service-nothing-address-contract-v1-openapi"))
}

/// Answers a method that a route does not have.
pub async fn not_this_way() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        say!("service-method-not-allowed"),
        say!("service-address-does-not-take-method"),
    )
}

/// `app` behind these manners.
pub fn mannerly(app: Router, requests: Requests, allowed: Allowed) -> Router {
    app.layer(DefaultBodyLimit::max(allowed.body))
        .layer(RequestBodyTimeoutLayer::new(BODY))
        .layer(CatchPanicLayer::custom(move |_: Box<dyn Any + Send>| (allowed.failed)().into_response()))
        .layer(axum::middleware::from_fn_with_state((requests, allowed), log_request))
}

/// One line a request: never a body, a token, a case or a person.
async fn log_request(State((requests, allowed)): State<(Requests, Allowed)>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    // The route and not the path: an address may hold a person's identity.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let [content_type, content_length] = [header::CONTENT_TYPE, header::CONTENT_LENGTH]
        .map(|name| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned());
    let start = Instant::now();
    let answered = tokio::time::timeout((allowed.time)(&route), next.run(request)).await;
    let response = answered.unwrap_or_else(|_| (allowed.late)().into_response());
    let (status, time) = (response.status().as_u16(), start.elapsed());
    requests.count(method.as_str(), &route, status, time);
    tracing::info!(
        %method, route, content_type, content_length, status, milliseconds = time.as_millis() as u64, "request"
    );
    response
}
