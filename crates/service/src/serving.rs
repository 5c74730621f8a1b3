//! How a program serves: the part of its command line that every service has, and the way from there to answers.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Router;
use catalogue::say;
use clap::Args;
use rustls::ServerConfig;
use tokio::net::TcpListener;

use crate::connections::{self, Connections};
use crate::tls::{self, Tls};

/// Why a service does not begin.
#[derive(Debug, thiserror::Error)]
pub enum ServingError {
    /// Plain http beyond this machine.
    #[error("{}", say!("service-reachable-from-other-machines-without", what = _0))]
    Plain(SocketAddr),
    /// The certificate.
    #[error("{0}")]
    Certificate(String),
    /// The port.
    #[error("{}", say!("service-cannot-listen", what = _0, what1 = _1))]
    Listen(SocketAddr, std::io::Error),
    /// This machine.
    #[error("{}", say!("service-cannot-start", what = _0))]
    Start(#[from] std::io::Error),
}

/// How connections are taken.
#[derive(Debug, Clone, Args)]
pub struct Serving {
    /// Certificate chain (PEM): speak TLS.
    #[arg(long, requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its private key (PEM).
    #[arg(long, requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Listen beyond this machine without TLS, because a proxy in front has it.
    #[arg(long)]
    pub behind_tls_proxy: bool,
    /// Connections at a time.
    #[arg(long, default_value_t = Connections::default().most)]
    pub connections: usize,
    /// Connections at a time from one address; not counted behind a proxy, which does that.
    #[arg(long, default_value_t = Connections::default().of_one_address)]
    pub connections_of_an_address: usize,
}

impl Serving {
    /// Looks at what was named before anything is opened: the TLS to speak, and none where plain http is allowed.
    /// `authority` signs the certificates of clients who are admitted by them.
    ///
    /// # Errors
    /// [`ServingError`].
    pub fn checked(
        &self,
        listen: SocketAddr,
        authority: Option<&PathBuf>,
    ) -> Result<Option<ServerConfig>, ServingError> {
        if !listen.ip().is_loopback() && !self.behind_tls_proxy && self.tls_cert.is_none() {
            return Err(ServingError::Plain(listen));
        }
        match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => {
                let config = tls::config(certificate, key, authority.map(PathBuf::as_path));
                config.map(Some).map_err(ServingError::Certificate)
            }
            _ => Ok(None),
        }
    }

    /// Answers with `app` until the program is told to stop. Prints `listening on ADDRESS` once it can be asked.
    ///
    /// # Errors
    /// [`ServingError`].
    pub fn run(&self, listen: SocketAddr, tls: Option<ServerConfig>, app: Router) -> Result<(), ServingError> {
        let limits = Connections {
            most: self.connections.max(1),
            // Behind a proxy all come from its address.
            of_one_address: if self.behind_tls_proxy { self.connections } else { self.connections_of_an_address }
                .max(1),
        };
        tokio::runtime::Runtime::new()?.block_on(async {
            let listener = TcpListener::bind(listen).await.map_err(|e| ServingError::Listen(listen, e))?;
            println!("listening on {}", listener.local_addr()?);
            std::io::stdout().flush()?;
            match tls {
                None => connections::serve(listener, app, limits, stop()).await,
                Some(config) => connections::serve(Tls::new(listener, config)?, app, limits, stop()).await,
            }
            Ok(())
        })
    }
}

/// Logs as one JSON object a line on stderr; what and how much, the environment says.
pub fn log() {
    tracing_subscriber::fmt()
        .json()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::builder()
                .with_default_directive(tracing_subscriber::filter::LevelFilter::INFO.into())
                .from_env_lossy(),
        )
        .init();
}

async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(signal) => signal,
            Err(_) => return drop(interrupt.await),
        };
        tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
