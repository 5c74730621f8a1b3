//! The port to which the provider sends the browser back (RFC 8252, section 7.3): on this machine's loopback address,
//! chosen by the system, open for one answer. Whoever else finds it learns nothing and ends nothing: an answer carries
//! the attempt's state, 256 random bits. The path is the same each time, since providers compare it with what was
//! registered.

use std::time::Duration;

use ::provider::{Attempt, Heard, Refusal};
use catalogue::say;
use reqwest::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// Where the provider sends the browser, beside host and port.
const PATH: &str = "/signed-in";
/// Most bytes of a request's head, and how long it may take.
const HEAD: usize = 16 * 1024;
const PATIENCE: Duration = Duration::from_secs(5);
/// Requests at a time.
const GUESTS: usize = 16;

/// The page loads nothing, is kept nowhere, and tells nobody its address, which holds a code.
const HEADERS: &str = concat!(
    "Content-Type: text/html; charset=utf-8\r\n",
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n",
    "Cache-Control: no-store\r\n",
    "Referrer-Policy: no-referrer\r\n",
    "X-Content-Type-Options: nosniff\r\n",
    "Connection: close\r\n",
);

/// The open port.
#[derive(Debug)]
pub(super) struct Listener {
    socket: TcpListener,
    host: String,
}

/// A request that was read, and where its answer goes.
struct Guest {
    stream: TcpStream,
    query: Option<String>,
}

impl Listener {
    pub async fn bind() -> std::io::Result<Self> {
        let socket = TcpListener::bind(("127.0.0.1", 0)).await?;
        let host = socket.local_addr()?.to_string();
        Ok(Self { socket, host })
    }

    /// The address that the provider is given.
    pub fn redirect(&self) -> String {
        format!("http://{}{PATH}", self.host)
    }

    /// Waits for the browser to come back with the answer to `attempt`; its code.
    ///
    /// # Errors
    /// [`Refusal`] as the provider answered.
    pub async fn wait(self, attempt: &Attempt) -> Result<String, Refusal> {
        // Whoever connects and says nothing does not keep the browser waiting.
        let (send, mut guests) = mpsc::channel::<Guest>(1);
        let places = std::sync::Arc::new(tokio::sync::Semaphore::new(GUESTS));
        loop {
            tokio::select! {
                accepted = self.socket.accept() => {
                    let Ok((stream, _)) = accepted else { continue };
                    let Ok(place) = std::sync::Arc::clone(&places).try_acquire_owned() else { continue };
                    let (send, host) = (send.clone(), self.host.clone());
                    tokio::spawn(async move {
                        let _place = place;
                        if let Ok(Some(guest)) = tokio::time::timeout(PATIENCE, read(stream, &host)).await {
                            // The wait is over where nobody takes it.
                            drop(send.send(guest).await);
                        }
                    });
                }
                Some(guest) = guests.recv() => match guest.query.as_deref().map(|query| attempt.hear(query)) {
                    Some(Heard::Code(code)) => {
                        answer(guest.stream, StatusCode::OK, say!("workstation-provider-page-done")).await;
                        return Ok(code);
                    }
                    Some(Heard::Refused(refusal)) => {
                        answer(guest.stream, StatusCode::OK, say!("workstation-provider-page-refused")).await;
                        return Err(refusal);
                    }
                    Some(Heard::Foreign) => {
                        answer(guest.stream, StatusCode::BAD_REQUEST, say!("workstation-provider-page-foreign")).await;
                    }
                    None => answer(guest.stream, StatusCode::NOT_FOUND, say!("workstation-provider-page-foreign")).await,
                },
            }
        }
    }
}

/// Reads the head of a request; `None` where it is none. Only a GET of the path under the port's own name has a query.
async fn read(mut stream: TcpStream, host: &str) -> Option<Guest> {
    let mut head = Vec::with_capacity(2048);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read_buf(&mut head).await.ok()?;
        if read == 0 || head.len() > HEAD {
            return None;
        }
    }
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    request.parse(&head).ok()?;
    // A name that was made to point here (DNS rebinding) is another's.
    let own = request.headers.iter().filter(|h| h.name.eq_ignore_ascii_case("host")).map(|h| h.value);
    let own = own.eq([host.as_bytes()]);
    let target = request.path.filter(|_| own && request.method == Some("GET"));
    let query = target.and_then(|target| target.strip_prefix(PATH)?.strip_prefix('?')).map(str::to_owned);
    Some(Guest { stream, query })
}

/// Answers with a page of one sentence; the browser may be gone.
async fn answer(mut stream: TcpStream, status: StatusCode, sentence: &str) {
    let escaped = sentence.replace('&', "&amp;").replace('<', "&lt;");
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Corroborate</title><p>{escaped}</p></html>"
    );
    let head = format!("HTTP/1.1 {status}\r\n{HEADERS}Content-Length: {}\r\n\r\n", page.len());
    let written = async {
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(page.as_bytes()).await?;
        stream.shutdown().await
    };
    if let Ok(Err(error)) = tokio::time::timeout(PATIENCE, written).await {
        tracing::info!(%error, "the browser did not wait for its page");
    }
}
