//! Backups of workstations' vaults: pieces of a file that stays encrypted, each under its SHA-256, and the manifests that name them, as
//! they lie in a folder of backups (docs/formats/backup.md). Each workstation reads and writes its own and nobody else's.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use axum::Json;
use axum::body::Body;
use axum::extract::{Path as Named, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use catalogue::say;
use department::PublicKey;
use serde::Deserialize;
use service::Problem;
use service::refusal::Refusal;
use service::request::{Caller, read};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::admission::{admitted, known};
use crate::mailboxes::MailboxError;
use crate::running::{Shared, blocking};
use crate::wire::{BACKUP, Backups, MOST_MANIFEST, PIECE};

/// The folder of backups, in the data folder.
const FOLDER: &str = "backups";

/// The backups of one workstation.
#[derive(Debug)]
struct Shelf(PathBuf);

fn disk(error: std::io::Error) -> Refusal {
    MailboxError::from(error).into()
}

fn malformed(detail: &'static str) -> Refusal {
    Refusal::invalid("malformed", say!("relay-malformed-request"), detail)
}

fn is_piece(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// A moment without colons, as a manifest's file is named.
fn is_manifest(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_digit() || b"-.TZ".contains(&b));
    (16..=40).contains(&name.len()) && plain && name.starts_with(|c: char| c.is_ascii_digit())
}

/// What of a manifest the relay looks at.
#[derive(Deserialize)]
struct Signed {
    text: String,
    signature: String,
    public_key: String,
}

#[derive(Deserialize)]
struct Content {
    chunks: Vec<String>,
}

/// Names of files below a folder that end with `end`, without it.
fn names(folder: &Path, end: &str) -> Result<BTreeSet<String>, Refusal> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries.map_err(disk)?,
    };
    let name = |entry: std::io::Result<fs::DirEntry>| {
        let name = entry.map_err(disk)?.file_name().to_string_lossy().into_owned();
        Ok(name.strip_suffix(end).map(str::to_owned))
    };
    entries.map(name).filter_map(Result::transpose).collect()
}

impl Shelf {
    fn of(data: &Path, workstation: &str) -> Self {
        Self(data.join(FOLDER).join(format!("corroborate-{workstation}")))
    }

    fn piece(&self, sha256: &str) -> PathBuf {
        self.0.join("chunks").join(sha256.get(..2).unwrap_or("xx")).join(sha256)
    }

    fn pieces(&self) -> Result<BTreeSet<String>, Refusal> {
        let mut all = BTreeSet::new();
        for folder in names(&self.0.join("chunks"), "")? {
            let there = names(&self.0.join("chunks").join(folder), "")?;
            all.extend(there.into_iter().filter(|name| is_piece(name)));
        }
        Ok(all)
    }

    fn manifests(&self) -> Result<BTreeSet<String>, Refusal> {
        Ok(names(&self.0, ".json")?.into_iter().filter(|name| is_manifest(name)).collect())
    }

    /// Bytes of all of it.
    fn bytes(&self) -> Result<u64, Refusal> {
        let length = |path: PathBuf| fs::metadata(path).map_or(0, |meta| meta.len());
        Ok(self.pieces()?.iter().map(|name| length(self.piece(name))).sum())
    }

    /// Pieces that a manifest of it names.
    fn named(&self, manifest: &str) -> Result<Vec<String>, Refusal> {
        let text = fs::read(self.0.join(format!("{manifest}.json"))).map_err(disk)?;
        let signed: Signed = serde_json::from_slice(&text).map_err(|_| malformed(say!("relay-backup-manifest")))?;
        let content: Content =
            serde_json::from_str(&signed.text).map_err(|_| malformed(say!("relay-backup-manifest")))?;
        Ok(content.chunks)
    }

    /// Writes a file that is there whole or not at all.
    fn put(path: &Path, bytes: &[u8]) -> Result<(), Refusal> {
        let folder = path.parent().unwrap_or(path);
        let part = folder.join(format!(".part-{}", Uuid::new_v4()));
        let write = || {
            fs::create_dir_all(folder)?;
            let mut file = File::create(&part)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&part, path)?;
            File::open(folder)?.sync_all()
        };
        write().map_err(|error| {
            drop(fs::remove_file(&part));
            disk(error)
        })
    }

    /// Removes a manifest, and the pieces that no other names.
    fn drop_manifest(&self, name: &str) -> Result<(), Refusal> {
        match fs::remove_file(self.0.join(format!("{name}.json"))) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            removed => removed.map_err(disk)?,
        }
        let mut named = BTreeSet::new();
        for manifest in self.manifests()? {
            // Of one that cannot be read nothing is known: nothing is removed then.
            named.extend(self.named(&manifest)?);
        }
        for piece in self.pieces()?.difference(&named) {
            fs::remove_file(self.piece(piece)).map_err(disk)?;
        }
        Ok(())
    }
}

/// What lies here of the own backups.
#[utoipa::path(get, path = "/v1/backups", security(("bearer" = [])),
    responses((status = 200, body = Backups), (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(State(relay): State<Shared>, caller: Caller) -> Result<Json<Backups>, Refusal> {
    let own = admitted(&relay, &caller).await?;
    blocking(&relay, move |r| {
        let shelf = Shelf::of(&r.data, &own);
        let (manifests, pieces) = (shelf.manifests()?, shelf.pieces()?);
        Ok(Json(Backups { manifests: manifests.into_iter().collect(), pieces: pieces.into_iter().collect() }))
    })
    .await
}

/// Keeps a piece under its SHA-256. To repeat it is harmless.
#[utoipa::path(put, path = "/v1/backups/pieces/{sha256}", security(("bearer" = [])),
    params(("sha256" = String, Path, pattern = "^[0-9a-f]{64}$")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, description = "It lies there"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "Its hash is another one"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
        (status = 507, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn put_piece(
    State(relay): State<Shared>,
    caller: Caller,
    Named(sha256): Named<String>,
    body: Body,
) -> Result<StatusCode, Refusal> {
    let own = known(&relay, &caller).await?;
    // A vault has thousands of them: one at a time, and not counted as requests.
    let _one = relay.senders.keeps(&own)?;
    let bytes = read(body, PIECE).await?;
    blocking(&relay, move |r| {
        if !is_piece(&sha256) || hex::encode(Sha256::digest(&bytes)) != sha256 {
            return Err(malformed(say!("relay-backup-piece-hash")));
        }
        let shelf = Shelf::of(&r.data, &own);
        let path = shelf.piece(&sha256);
        let more = if path.exists() { 0 } else { bytes.len() as u64 };
        r.senders.room_for_backup(&own, more, || shelf.bytes())?;
        Shelf::put(&path, &bytes)?;
        Ok(StatusCode::CREATED)
    })
    .await
}

/// A piece of the own backups.
#[utoipa::path(get, path = "/v1/backups/pieces/{sha256}", security(("bearer" = [])),
    params(("sha256" = String, Path, pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn piece(
    State(relay): State<Shared>,
    caller: Caller,
    Named(sha256): Named<String>,
) -> Result<Response, Refusal> {
    let own = known(&relay, &caller).await?;
    let _one = relay.senders.keeps(&own)?;
    let bytes = blocking(&relay, move |r| {
        let gone = || Refusal::not_found(say!("relay-backup-nothing-there"));
        if !is_piece(&sha256) {
            return Err(gone());
        }
        fs::read(Shelf::of(&r.data, &own).piece(&sha256)).map_err(|error| match error.kind() {
            ErrorKind::NotFound => gone(),
            _ => disk(error),
        })
    })
    .await?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}

/// Keeps a manifest that the workstation signed, once all pieces that it names are here. To repeat it is harmless.
#[utoipa::path(put, path = "/v1/backups/{name}", security(("bearer" = [])),
    params(("name" = String, Path, pattern = "^[0-9][0-9TZ.-]{15,39}$", description = "when it was made, without colons")),
    request_body(content = String, content_type = "application/json"),
    responses((status = 201, description = "It lies there"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "A piece is not here"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn put_manifest(
    State(relay): State<Shared>,
    caller: Caller,
    Named(name): Named<String>,
    body: Body,
) -> Result<StatusCode, Refusal> {
    let own = admitted(&relay, &caller).await?;
    let _one = relay.senders.keeps(&own)?;
    let bytes = read(body, MOST_MANIFEST).await?;
    blocking(&relay, move |r| {
        let refused = || malformed(say!("relay-backup-manifest"));
        let signed: Signed = serde_json::from_slice(&bytes).map_err(|_| refused())?;
        let by = PublicKey::read(&own).and_then(|key| key.verify(BACKUP, &signed.text, &signed.signature));
        if !is_manifest(&name) || signed.public_key != own || by.is_err() {
            return Err(refused());
        }
        let content: Content = serde_json::from_str(&signed.text).map_err(|_| refused())?;
        let shelf = Shelf::of(&r.data, &own);
        let here = shelf.pieces()?;
        if !content.chunks.iter().all(|piece| here.contains(piece)) {
            let (title, detail) = (say!("relay-backup-incomplete"), say!("relay-backup-piece-missing"));
            return Err(Refusal::new(StatusCode::CONFLICT, "backup-incomplete", title, detail));
        }
        Shelf::put(&shelf.0.join(format!("{name}.json")), &bytes)?;
        Ok(StatusCode::CREATED)
    })
    .await
}

/// Removes a backup, and the pieces that no other needs. To repeat it is harmless.
#[utoipa::path(delete, path = "/v1/backups/{name}", security(("bearer" = [])),
    params(("name" = String, Path, pattern = "^[0-9][0-9TZ.-]{15,39}$")),
    responses((status = 204, description = "It is gone"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn remove(
    State(relay): State<Shared>,
    caller: Caller,
    Named(name): Named<String>,
) -> Result<StatusCode, Refusal> {
    let own = admitted(&relay, &caller).await?;
    let _one = relay.senders.keeps(&own)?;
    blocking(&relay, move |r| {
        if !is_manifest(&name) {
            return Err(malformed(say!("relay-backup-manifest")));
        }
        Shelf::of(&r.data, &own).drop_manifest(&name)?;
        r.senders.backup_dropped(&own);
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
