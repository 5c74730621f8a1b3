//! A proxy that records every byte which the workstation sends.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A recording proxy on the loopback address.
#[derive(Debug)]
pub struct Recorder {
    address: String,
    sent: Arc<Mutex<Vec<u8>>>,
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
            for incoming in listener.incoming().flatten() {
                let Ok(outgoing) = TcpStream::connect(&target) else { continue };
                let (Ok(back_from), Ok(back_to)) = (outgoing.try_clone(), incoming.try_clone()) else { continue };
                let record = Arc::clone(&record);
                std::thread::spawn(move || {
                    pass(incoming, outgoing, |bytes| {
                        if let Ok(mut all) = record.lock() {
                            all.extend_from_slice(bytes);
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
        self.sent.lock().map(|all| all.clone()).unwrap_or_default()
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
