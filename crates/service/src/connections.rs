//! Connections: how many, how many of one address, and how long one may keep the service waiting.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use http_body::{Frame, SizeHint};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::sync::{Notify, watch};
use tower::ServiceExt;

use crate::peer::{Peer, Peered, network};
use crate::unread::Unread;

/// How long a request's head may take.
const HEAD: Duration = Duration::from_secs(10);
/// How long a connection may lie idle between requests.
const IDLE: Duration = Duration::from_secs(60);
/// How long one request and its answer may take: a case package on a slow line.
const LONGEST: Duration = Duration::from_secs(1260);

/// How many connections there may be.
#[derive(Debug, Clone, Copy)]
pub struct Connections {
    /// All together.
    pub most: usize,
    /// From one address.
    pub of_one_address: usize,
}

impl Default for Connections {
    fn default() -> Self {
        Self { most: 2048, of_one_address: 128 }
    }
}

#[derive(Debug)]
struct State {
    /// Requests under way.
    busy: usize,
    since: Instant,
    asked: bool,
}

#[derive(Debug)]
struct Connection {
    address: IpAddr,
    state: Mutex<State>,
    end: Notify,
}

impl Connection {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn overdue(&self) -> bool {
        let state = self.state();
        let limit = match (state.busy, state.asked) {
            (0, false) => HEAD,
            (0, true) => IDLE,
            _ => LONGEST,
        };
        state.since.elapsed() > limit
    }
}

/// A request under way, until its answer was sent.
struct Busy(Arc<Connection>);

impl Busy {
    fn begin(connection: &Arc<Connection>) -> Self {
        let mut state = connection.state();
        *state = State { busy: state.busy + 1, since: Instant::now(), asked: true };
        drop(state);
        Self(Arc::clone(connection))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.busy -= 1;
        state.since = Instant::now();
    }
}

/// A body that tells when it was sent.
struct Sent {
    body: Body,
    _busy: Busy,
}

impl http_body::Body for Sent {
    type Data = axum::body::Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The connections that are open.
#[derive(Debug)]
struct Open {
    limits: Connections,
    next: u64,
    all: HashMap<u64, Arc<Connection>>,
}

impl Open {
    /// A place for a connection from `address`. Where there is none, the one that lay idle longest makes room: of that
    /// address, or of all. So half-sent requests keep nobody out. `None` where all are at work.
    fn enter(&mut self, address: IpAddr) -> Option<(u64, Arc<Connection>)> {
        let of_this = self.all.values().filter(|c| c.address == address).count();
        let crowded = of_this >= self.limits.of_one_address;
        if crowded || self.all.len() >= self.limits.most {
            let idle = self.all.iter().filter(|(_, c)| (!crowded || c.address == address) && c.state().busy == 0);
            let idle = idle.min_by_key(|(_, c)| c.state().since).map(|(id, _)| *id)?;
            if let Some(connection) = self.all.remove(&idle) {
                connection.end.notify_one();
            }
        }
        let state = State { busy: 0, since: Instant::now(), asked: false };
        let connection = Arc::new(Connection { address, state: Mutex::new(state), end: Notify::new() });
        self.next += 1;
        self.all.insert(self.next, Arc::clone(&connection));
        Some((self.next, connection))
    }

    fn end_overdue(&mut self) {
        self.all.retain(|_, connection| {
            let overdue = connection.overdue();
            if overdue {
                connection.end.notify_one();
            }
            !overdue
        });
    }
}

/// Answers with `app` until `stop` is done, then lets requests under way end.
pub async fn serve<L: Peered>(mut listener: L, app: Router, limits: Connections, stop: impl Future<Output = ()>) {
    let open = Arc::new(Mutex::new(Open { limits, next: 0, all: HashMap::new() }));
    let (stopping, stopped) = watch::channel(false);
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    let mut stop = pin!(stop);
    let held = |open: &Mutex<Open>| -> usize { open.lock().unwrap_or_else(PoisonError::into_inner).all.len() };
    loop {
        let (io, peer) = tokio::select! {
            () = &mut stop => break,
            _ = tick.tick() => {
                open.lock().unwrap_or_else(PoisonError::into_inner).end_overdue();
                continue;
            }
            (io, address) = listener.accept() => (io, L::peer(address)),
        };
        let place = open.lock().unwrap_or_else(PoisonError::into_inner).enter(network(peer.address.ip()));
        let Some((id, connection)) = place else {
            tracing::info!("a connection was turned away: too many are at work");
            continue;
        };
        let (open, app, stopped) = (Arc::clone(&open), app.clone(), stopped.clone());
        tokio::spawn(async move {
            answer(io, peer, app, connection, stopped).await;
            open.lock().unwrap_or_else(PoisonError::into_inner).all.remove(&id);
        });
    }
    drop(listener);
    let _ = stopping.send(true);
    let start = Instant::now();
    while held(&open) > 0 && start.elapsed() < Duration::from_secs(30) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn answer(
    io: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin + 'static,
    peer: Peer,
    app: Router,
    connection: Arc<Connection>,
    mut stopped: watch::Receiver<bool>,
) {
    let own = Arc::clone(&connection);
    let service = tower::service_fn(move |request: Request<hyper::body::Incoming>| {
        let busy = Busy::begin(&own);
        let (mut request, unread) = Unread::of(request);
        request.extensions_mut().insert(ConnectInfo(peer.clone()));
        let app = app.clone();
        async move {
            let Ok(answer) = app.oneshot(request).await;
            let answer = unread.seen_to(answer).await;
            Ok::<Response, Infallible>(answer.map(|body| Body::new(Sent { body, _busy: busy })))
        }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(64 * 1024);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(64);
    let mut serving = pin!(builder.serve_connection(TokioIo::new(io), TowerToHyperService::new(service)));
    let mut asked_to_end = false;
    loop {
        tokio::select! {
            done = serving.as_mut() => {
                if let Err(error) = done {
                    tracing::debug!(%error, "a connection ended");
                }
                return;
            }
            () = connection.end.notified() => return,
            _ = stopped.changed(), if !asked_to_end => {
                asked_to_end = true;
                serving.as_mut().graceful_shutdown();
            }
        }
    }
}
