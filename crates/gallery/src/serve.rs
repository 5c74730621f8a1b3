//! `gallery serve`.

use super::*;

/// A desk from what the command line names: an address, or else a folder.
fn desk_at(named: &str) -> anyhow::Result<Desk> {
    if named.starts_with("https://") || named.starts_with("http://") {
        return Ok(Desk::Elsewhere(named.parse().with_context(|| format!("{named} is no usable address"))?));
    }
    desk::sweep(Path::new(named)).with_context(|| format!("the desk's folder {named} cannot be used"))?;
    Ok(Desk::Folder(PathBuf::from(named)))
}

impl Serve {
    pub fn run(self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.listen.ip().is_loopback() || self.behind_tls_proxy || self.tls_cert.is_some(),
            "{} is reachable from other machines, and without --tls-cert this service speaks plain http; \
             name a certificate, or put a TLS proxy in front and say so with --behind-tls-proxy",
            self.listen
        );
        tracing_subscriber::fmt()
            .json()
            .with_writer(std::io::stderr)
            .with_env_filter(
                tracing_subscriber::EnvFilter::builder()
                    .with_default_directive(tracing_subscriber::filter::LevelFilter::INFO.into())
                    .from_env_lossy(),
            )
            .init();
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => {
                Some(tls::config(certificate, key, self.client_ca.as_deref()).map_err(anyhow::Error::msg)?)
            }
            _ => None,
        };
        let manifest = Manifest::locate()?;
        let default = manifest.model(Task::Embedding, None)?;
        let mut store = self.place.open()?;
        let swept = store.sweep()?;
        if swept > 0 {
            tracing::info!(swept, "photographs that no record names were removed");
        }
        let engine = store.model()?.map_or_else(|| default.id.clone(), |model| model.id);
        let options = Options {
            training: self.training,
            desk: self.desk.as_deref().map(desk_at).transpose()?,
            engine: Engine::load(&manifest, Some(&engine))
                .inspect_err(|error| tracing::warn!(%error, "no enrolment over HTTP"))
                .ok(),
            threads: self.threads,
            allowance: self.limits.allowance(),
            proxied: self.behind_tls_proxy,
        };
        let connections = Connections {
            most: self.connections.max(1),
            // Behind a proxy all come from its address.
            of_one_address: if self.behind_tls_proxy { self.connections } else { self.connections_of_an_address }
                .max(1),
        };
        let gallery = Gallery::open(store, &self.place.index(), (&default.id, default.dim), options)?;
        let app = router(std::sync::Arc::clone(&gallery));
        let runtime = tokio::runtime::Runtime::new().context("cannot start")?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind(self.listen)
                .await
                .with_context(|| format!("cannot listen on {}", self.listen))?;
            println!("listening on {}", listener.local_addr()?);
            std::io::stdout().flush()?;
            match tls {
                None => listen::serve(listener, app, connections, stop()).await,
                Some(config) => listen::serve(tls::Tls::new(listener, config)?, app, connections, stop()).await,
            }
            anyhow::Ok(())
        })?;
        gallery.close()?;
        Ok(())
    }
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
