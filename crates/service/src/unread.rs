//! What an answer leaves unread of its request. A connection that still carries a body cannot carry the next request: the
//! service would close it under whoever has just sent one, or reset it before the refusal was read.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Version, header};
use axum::response::Response;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;

/// Most bytes that are read and thrown away after a refusal: a photograph.
const MOST: u64 = 16 * 1024 * 1024;
/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A request's body, of which what is left comes back.
struct Asked {
    body: Option<Incoming>,
    left: Arc<Mutex<Option<Incoming>>>,
}

impl http_body::Body for Asked {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(SizeHint::default, Incoming::size_hint)
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = self.body.take();
    }
}

/// Sees to what an answer leaves unread.
pub(crate) struct Unread {
    left: Arc<Mutex<Option<Incoming>>>,
    /// Whether the body comes without being asked for: a client that waits to be told to go on is not told.
    comes: bool,
    version: Version,
}

impl Unread {
    /// The request as the app reads it, and what sees to the rest.
    pub(crate) fn of(request: Request<Incoming>) -> (Request, Self) {
        let left = Arc::new(Mutex::new(None));
        let unread = Self {
            left: Arc::clone(&left),
            comes: !request.headers().contains_key(header::EXPECT),
            version: request.version(),
        };
        (request.map(|body| Body::new(Asked { body: Some(body), left })), unread)
    }

    /// The answer, once the rest of the request was read; where it is too long or does not come, the answer says that
    /// the connection ends.
    pub(crate) async fn seen_to(self, mut answer: Response) -> Response {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner).take();
        let read = match left {
            Some(body) if body.is_end_stream() => true,
            Some(body) => {
                self.comes
                    && body.size_hint().lower() <= MOST
                    && tokio::time::timeout(PATIENCE, read_out(body)).await.unwrap_or(false)
            }
            // Whoever still holds the body reads it.
            None => true,
        };
        if !read && self.version < Version::HTTP_2 {
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }
}

/// Reads a body to its end; whether it has one within [`MOST`] bytes.
async fn read_out(mut body: Incoming) -> bool {
    let mut read = 0;
    while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(frame) = frame else { return false };
        read += frame.data_ref().map_or(0, |data| data.len() as u64);
        if read > MOST {
            return false;
        }
    }
    true
}
