//! A proxy that records every byte which the workstation sends.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A recording proxy on the loopback address.
#[derive(Debug)]
pub struct Recorder {
    address: String,
    /// The bytes of each connection, in the order in which they were opened.
    sent: Arc<Mutex<Vec<Vec<u8>>>>,
}

/// A request as it stood on the wire.
#[derive(Debug)]
pub struct Request {
    /// `GET`, `POST`.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The body; empty where there was none.
    pub body: Vec<u8>,
}

impl Recorder {
    /// Starts a proxy to `target`, an `address:port`.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start(target: &str) -> std::io::Result<Self> {
        Self::slow(target, Duration::ZERO)
    }

    /// A proxy whose every connection answers `delay` later than `target` does.
    ///
    /// # Errors
    /// When no port is free.
    pub fn slow(target: &str, delay: Duration) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let sent = Arc::new(Mutex::new(Vec::new()));
        let (target, record) = (target.to_owned(), Arc::clone(&sent));
        std::thread::spawn(move || {
            for (at, incoming) in listener.incoming().flatten().enumerate() {
                let Ok(outgoing) = TcpStream::connect(&target) else { continue };
                let (Ok(back_from), Ok(back_to)) = (outgoing.try_clone(), incoming.try_clone()) else { continue };
                let record = Arc::clone(&record);
                if let Ok(mut all) = record.lock() {
                    all.resize_with(at + 1, Vec::new);
                }
                std::thread::spawn(move || {
                    pass(incoming, outgoing, |bytes| {
                        if let Ok(mut all) = record.lock() {
                            all[at].extend_from_slice(bytes);
                        }
                    });
                });
                std::thread::spawn(move || pass(back_from, back_to, |_| std::thread::sleep(delay)));
            }
        });
        Ok(Self { address, sent })
    }

    /// `http://address`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything that was sent so far.
    pub fn sent(&self) -> Vec<u8> {
        self.sent.lock().map(|all| all.concat()).unwrap_or_default()
    }

    /// The requests that were sent whole, connection by connection.
    ///
    /// # Errors
    /// When something was sent that is no HTTP/1.1 request with a body of a stated length.
    pub fn requests(&self) -> Result<Vec<Request>, httparse::Error> {
        let connections = self.sent.lock().map(|all| all.clone()).unwrap_or_default();
        let mut requests = Vec::new();
        for bytes in &connections {
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let mut headers = [httparse::EMPTY_HEADER; 32];
                let mut head = httparse::Request::new(&mut headers);
                let httparse::Status::Complete(start) = head.parse(rest)? else { break };
                let length = match head.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"))
                {
                    Some(header) => std::str::from_utf8(header.value).ok().and_then(|value| value.parse().ok()),
                    None => Some(0),
                };
                let length: usize = length.ok_or(httparse::Error::HeaderValue)?;
                let Some(body) = rest.get(start..start + length) else { break };
                requests.push(Request {
                    method: head.method.unwrap_or_default().to_owned(),
                    path: head.path.unwrap_or_default().to_owned(),
                    body: body.to_vec(),
                });
                rest = &rest[start + length..];
            }
        }
        Ok(requests)
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, seen: impl Fn(&[u8])) {
    let mut buffer = [0u8; 16 * 1024];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        seen(&buffer[..n]);
        if to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    drop(to.shutdown(Shutdown::Write));
}
