//! `gallery serve`.

use super::*;
use catalogue::say;

impl Serve {
    pub fn run(self) -> anyhow::Result<()> {
        if let Some(desk) = &self.desk {
            anyhow::bail!("{}", say!("gallery-case-packages-no-longer-kept", desk));
        }
        let tls = self.serving.checked(self.listen, self.client_ca.as_ref())?;
        serving::log();
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
            engine: Engine::load(&manifest, Some(&engine))
                .inspect_err(|error| tracing::warn!(%error, "no enrolment over HTTP"))
                .ok(),
            decoder: decoder().ok(),
            threads: self.threads,
            allowance: self.limits.allowance(),
            proxied: self.serving.behind_tls_proxy,
            locked: memory::lock(),
            logging: Some(Logging { folder: self.place.ledger(), witnesses: self.witnesses }),
        };
        let gallery = Gallery::open(store, &self.place.index(), (&default.id, default.dim), options)?;
        let app = router(std::sync::Arc::clone(&gallery));
        self.serving.run(self.listen, tls, app)?;
        gallery.close()?;
        Ok(())
    }
}
