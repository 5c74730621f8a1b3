//! The workstation's side: asks a gallery and trusts nothing that comes back.

use std::collections::BTreeMap;

use catalogue::say;
use reqwest::Method;
use service::client::Connection;
use service::log::LedgerFiles;
use uuid::Uuid;

use crate::wire::{Anchor, AuditRow, Info, LEDGER, Opened, SearchAnswer, SearchRequest, Searches, WithdrawnOf};

pub use service::client::AskError;

/// Most bytes of a photograph.
const MAX_PHOTO: usize = 16 * 1024 * 1024;

/// A connection to one gallery.
#[derive(Debug, Clone)]
pub struct Client {
    gallery: Connection,
}

impl Client {
    /// A client of the gallery at `address`. Plain http is accepted for this machine only.
    ///
    /// # Errors
    /// [`AskError::Address`].
    pub fn new(address: &str, token: &str) -> Result<Self, AskError> {
        Ok(Self { gallery: Connection::new("gallery", address)?.with_token(token) })
    }

    /// The address.
    pub fn address(&self) -> &str {
        self.gallery.address()
    }

    /// Asks what the gallery holds.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn info(&self) -> Result<Info, AskError> {
        let info: Info = self.gallery.json(self.gallery.call(Method::GET, "/v1/info")?).await?;
        if info.service != "corroborate-gallery" {
            return Err(self.gallery.garbage(say!("gallery-another-service")));
        }
        Ok(info)
    }

    /// Searches. `key` makes a repeat of the same request harmless.
    ///
    /// # Errors
    /// [`AskError`]; refused with `model-mismatch` when the gallery is enrolled with another model.
    pub async fn search(&self, request: &SearchRequest, key: &str) -> Result<SearchAnswer, AskError> {
        let call = self.gallery.call(Method::POST, "/v1/searches")?.header("idempotency-key", key).json(request);
        let answer: SearchAnswer = self.gallery.json(call).await?;
        check(&answer).map_err(|why| self.gallery.garbage(why))?;
        Ok(answer)
    }

    /// Says that a candidate of an own search was opened: its photographs come whole from then on. To repeat it is
    /// harmless.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn opened(&self, search: Uuid, candidate: Uuid) -> Result<(), AskError> {
        let call = self.gallery.call(Method::POST, &format!("/v1/searches/{search}/opened"))?;
        self.gallery.send(call.json(&Opened { candidate_id: candidate })).await.map(drop)
    }

    /// Fetches the photograph of a candidate of an answer: small until the candidate was opened.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn photo(&self, path: &str) -> Result<Vec<u8>, AskError> {
        let response = self.gallery.send(self.gallery.call(Method::GET, path)?).await?;
        self.gallery.body(response, MAX_PHOTO).await
    }

    /// Candidates of own searches whose records were expunged or suppressed since, by search.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn withdrawn(&self, searches: Vec<Uuid>) -> Result<BTreeMap<Uuid, Vec<Uuid>>, AskError> {
        let call = self.gallery.call(Method::POST, "/v1/searches/withdrawn")?.json(&Searches { searches });
        let answer: WithdrawnOf = self.gallery.json(call).await?;
        let read = |gone: Vec<String>| gone.iter().map(|id| id.parse()).collect::<Result<Vec<Uuid>, _>>();
        let each = answer.searches.into_iter().map(|(search, gone)| Ok((search, read(gone)?)));
        let all: Result<_, uuid::Error> = each.collect();
        all.map_err(|_| self.gallery.garbage(say!("gallery-candidate-no-identity")))
    }

    /// Deposits the signed head of this workstation's audit.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn deposit_anchor(&self, anchor: &Anchor) -> Result<(), AskError> {
        self.gallery.send(self.gallery.call(Method::POST, "/v1/anchors")?.json(anchor)).await.map(drop)
    }

    /// Rows of the gallery's audit after position `after`, oldest first, at most `limit` (1 to 1000). The token must be one for audit.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn audit(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, AskError> {
        self.gallery.json(self.gallery.call(Method::GET, &format!("/v1/audit?after={after}&limit={limit}"))?).await
    }

    /// The files of the log of the gallery's audit.
    pub fn ledger(&self) -> LedgerFiles {
        LedgerFiles::at(&self.gallery, LEDGER)
    }

    /// The latest signed head that this gallery has of a workstation, if it has one.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn last_anchor(&self, workstation: &str) -> Result<Option<Anchor>, AskError> {
        match self.gallery.json(self.gallery.call(Method::GET, &format!("/v1/anchors/{workstation}"))?).await {
            Ok(anchor) => Ok(Some(anchor)),
            Err(error) if error.problem().is_some_and(|p| p.status == 404) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What an answer must be whatever the gallery says.
fn check(answer: &SearchAnswer) -> Result<(), &'static str> {
    let c = &answer.completeness;
    let mut ids = std::collections::HashSet::new();
    match () {
        () if !c.exact => Err(say!("gallery-not-exact")),
        () if c.scanned.checked_add(c.filtered_out) != Some(c.gallery_size) => {
            Err(say!("gallery-counts-do-not-add-up"))
        }
        () if answer.candidates.len() as u64 > c.scanned => Err(say!("gallery-lists-more-than-compared")),
        () if !answer.candidates.iter().all(|c| (-1.01..=1.01).contains(&c.score)) => {
            Err(say!("gallery-score-no-cosine"))
        }
        () if !answer.candidates.iter().all(|c| ids.insert(c.candidate_id)) => {
            Err(say!("gallery-candidate-listed-twice"))
        }
        () if !answer
            .candidates
            .iter()
            .all(|c| std::iter::once(&c.photo).chain(&c.other_photos).all(|path| path.starts_with("/v1/photos/"))) =>
        {
            Err(say!("gallery-photograph-lies-elsewhere"))
        }
        () if !answer.candidates.is_sorted_by(|a, b| a.score >= b.score) => Err(say!("gallery-list-out-order")),
        () => Ok(()),
    }
}
