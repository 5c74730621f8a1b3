//! TLS without a proxy, with client certificates where an authority is named.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::serve::Listener;
use catalogue::say;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use sha2::{Digest, Sha256};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::peer::{Peer, Peered, network};

/// Handshakes at a time, and how long one may take: who connects and says nothing holds nobody up.
const HANDSHAKES: usize = 256;
const HANDSHAKES_OF_AN_ADDRESS: usize = 32;
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Connections whose handshake is done.
#[derive(Debug)]
pub struct Tls {
    connections: mpsc::Receiver<(TlsStream<TcpStream>, Peer)>,
    local: SocketAddr,
}

/// Reads certificate, key and, for client certificates, the authority that signs them. Without a client certificate a
/// token is needed.
///
/// # Errors
/// A sentence that names the file and what is wrong.
pub fn config(certificate: &Path, key: &Path, authority: Option<&Path>) -> Result<ServerConfig, String> {
    let wrong = |path: &Path, why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    let chain = |path: &Path| -> Result<Vec<CertificateDer<'static>>, String> {
        let found = CertificateDer::pem_file_iter(path).map_err(|e| wrong(path, &e))?;
        let found = found.collect::<Result<Vec<_>, _>>().map_err(|e| wrong(path, &e))?;
        if found.is_empty() { Err(wrong(path, &say!("service-holds-no-certificate"))) } else { Ok(found) }
    };
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|e| wrong(key, &e))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?;
    let builder = match authority {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let mut roots = RootCertStore::empty();
            for root in chain(path)? {
                roots.add(root).map_err(|e| wrong(path, &e))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .allow_unauthenticated()
                .build()
                .map_err(|e| wrong(path, &e))?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let mut config = builder.with_single_cert(chain(certificate)?, secret).map_err(|e| wrong(certificate, &e))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

impl Tls {
    /// Accepts connections of `listener` from now on.
    ///
    /// # Errors
    /// When the listener has no address.
    pub fn new(listener: TcpListener, config: ServerConfig) -> io::Result<Self> {
        let local = listener.local_addr()?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let (sender, connections) = mpsc::channel(HANDSHAKES);
        tokio::spawn(accept(listener, acceptor, sender));
        Ok(Self { connections, local })
    }
}

async fn accept(mut listener: TcpListener, acceptor: TlsAcceptor, sender: mpsc::Sender<(TlsStream<TcpStream>, Peer)>) {
    let places = Arc::new(Semaphore::new(HANDSHAKES));
    let shaking: Arc<Mutex<HashMap<IpAddr, usize>>> = Arc::default();
    loop {
        let (stream, address) = Listener::accept(&mut listener).await;
        if sender.is_closed() {
            return;
        }
        let from = network(address.ip());
        let counted = |by: isize| {
            let mut all = shaking.lock().unwrap_or_else(PoisonError::into_inner);
            let count = all.get(&from).copied().unwrap_or(0).saturating_add_signed(by);
            if count == 0 {
                all.remove(&from)
            } else {
                all.insert(from, count)
            };
            count
        };
        // Who connects and says nothing takes the places of their own address alone.
        if counted(1) > HANDSHAKES_OF_AN_ADDRESS {
            counted(-1);
            continue;
        }
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let (acceptor, sender, shaking) = (acceptor.clone(), sender.clone(), Arc::clone(&shaking));
        tokio::spawn(async move {
            let shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await;
            drop(place);
            {
                let mut all = shaking.lock().unwrap_or_else(PoisonError::into_inner);
                match all.get_mut(&from) {
                    Some(count) if *count > 1 => *count -= 1,
                    _ => drop(all.remove(&from)),
                }
            }
            let Ok(Ok(stream)) = shaken else {
                tracing::info!("a connection ended before its handshake did");
                return;
            };
            let certificate = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
            let certificate = certificate.map(|der| hex::encode(Sha256::digest(der)));
            // The service is ending.
            drop(sender.send((stream, Peer { address, certificate })).await);
        });
    }
}

impl Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = Peer;

    async fn accept(&mut self) -> (Self::Io, Peer) {
        match self.connections.recv().await {
            Some(connection) => connection,
            // The accepting task is gone only when the runtime ends.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Peer> {
        Ok(Peer { address: self.local, certificate: None })
    }
}

impl Peered for Tls {
    fn peer(address: Peer) -> Peer {
        address
    }
}
