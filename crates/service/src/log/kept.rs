//! A log as files: tiles, bundles of entries and the checkpoint (C2SP tlog-tiles), made from what a store holds. They are never
//! the truth: whatever is missing or changed is made anew when the service starts, and a store that contradicts the checkpoint
//! that was signed is not served.

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use axum::http::header;
use axum::response::{IntoResponse, Response};
use catalogue::say;
use ledger::{Checkpoint, Growing, Hash, Key, Leaf, Refusal, Signed, Signer, Tile, Tiles, WIDTH, bundle};

use super::{CHECKPOINT, COSIGNED};

/// Rows that are read at once.
const AT_ONCE: usize = 16 * WIDTH;

/// The log cannot go on. What was there stays.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// Its files.
    #[error("{}", say!("service-log-files", path = path.display(), source))]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The store.
    #[error(transparent)]
    Rows(Box<dyn Error + Send + Sync>),
    /// What was signed does not hold.
    #[error("{}", say!("service-log-contradicts", why = _0))]
    Contradicted(Refusal),
    /// It cannot be signed.
    #[error(transparent)]
    Sign(#[from] Refusal),
}

/// The store whose rows the log takes in, in their order and without gaps.
pub trait Rows {
    /// What it fails with.
    type Error: Error + Send + Sync + 'static;

    /// How many there are.
    ///
    /// # Errors
    /// Those of the store.
    fn count(&mut self) -> Result<u64, Self::Error>;

    /// Rows from number `from` on (from 0), at most `most`.
    ///
    /// # Errors
    /// Those of the store; also where a row is missing between two.
    fn leaves_from(&mut self, from: u64, most: usize) -> Result<Vec<Leaf>, Self::Error>;
}

fn in_store(error: impl Error + Send + Sync + 'static) -> LogError {
    LogError::Rows(Box::new(error))
}

/// The log, as far as its files go.
#[derive(Debug)]
pub struct Log {
    folder: PathBuf,
    signer: Signer,
    growing: Growing,
    /// Entries of the bundle that is not full yet.
    bundle: Vec<Leaf>,
    signed: Signed,
}

/// Writes a file in one step, where it is not there like this.
fn put(path: &Path, bytes: &[u8]) -> Result<(), LogError> {
    let failed = |source| LogError::File { path: path.to_owned(), source };
    let beside = path.with_extension("part");
    let folder = path.parent().unwrap_or(path);
    std::fs::write(&beside, bytes)
        .or_else(|_| std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&beside, bytes)))
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(failed)
}

/// The same, on the disk when it is done: what was signed is not half there after a power cut. Tiles are made anew then.
fn put_safely(path: &Path, bytes: &[u8]) -> Result<(), LogError> {
    let failed = |source| LogError::File { path: path.to_owned(), source };
    let beside = path.with_extension("part");
    std::fs::create_dir_all(path.parent().unwrap_or(path)).map_err(failed)?;
    let write = || {
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    };
    write().map_err(failed)
}

/// What a file holds; none where there is none.
fn held(path: &Path) -> Result<Option<Vec<u8>>, LogError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(LogError::File { path: path.to_owned(), source }),
    }
}

impl Log {
    /// The log whose files lie in `folder`, from what the store holds: every file of it is looked at, and made where it is not what
    /// it must be.
    ///
    /// # Errors
    /// [`LogError`]; [`LogError::Contradicted`] where the store is older than the checkpoint that lies here, or another one.
    pub fn open(folder: PathBuf, signer: Signer, mut rows: impl Rows) -> Result<Self, LogError> {
        let kept = held(&folder.join(CHECKPOINT))?;
        let kept = kept.map(|kept| Checkpoint::read(&kept)?.signed(signer.key())).transpose();
        let kept = kept.map_err(LogError::Contradicted)?;
        let signed = Signed::by(&signer, 0, &Growing::default().root())?;
        let mut log = Self { folder, signer, growing: Growing::default(), bundle: Vec::new(), signed };
        log.read_on(&mut rows, kept.as_ref(), true)?;
        match kept {
            Some(kept) if kept.size() > log.growing.size() => {
                let (seen, found) = (kept.size(), log.growing.size());
                Err(LogError::Contradicted(Refusal::RolledBack { seen, found }))
            }
            _ => {
                log.sign()?;
                Ok(log)
            }
        }
    }

    /// Its public key.
    pub fn key(&self) -> &Key {
        self.signer.key()
    }

    /// The newest checkpoint.
    pub fn checkpoint(&self) -> &Signed {
        &self.signed
    }

    /// Takes in what the store has more, and signs how it ends then.
    ///
    /// # Errors
    /// [`LogError`]; what was not taken in is with the next call.
    pub fn catch_up(&mut self, mut rows: impl Rows) -> Result<&Signed, LogError> {
        if rows.count().map_err(in_store)? != self.growing.size() {
            self.read_on(&mut rows, None, false)?;
            self.sign()?;
        }
        Ok(&self.signed)
    }

    /// Adds the store's rows to the tree. `kept` is held against the tree of its size on the way.
    fn read_on(&mut self, rows: &mut impl Rows, kept: Option<&Signed>, compare: bool) -> Result<(), LogError> {
        let check = |growing: &Growing| match kept {
            Some(kept) if kept.size() == growing.size() => growing.is(kept.root()).map_err(LogError::Contradicted),
            _ => Ok(()),
        };
        check(&self.growing)?;
        loop {
            let leaves = rows.leaves_from(self.growing.size(), AT_ONCE).map_err(in_store)?;
            if leaves.is_empty() {
                return Ok(());
            }
            for leaf in leaves {
                self.add(leaf, compare)?;
                check(&self.growing)?;
            }
        }
    }

    fn add(&mut self, leaf: Leaf, compare: bool) -> Result<(), LogError> {
        let Self { folder, growing, bundle: entries, .. } = self;
        let full = |tile: Tile, bytes: &[u8]| {
            let path = folder.join(tile.path());
            // Of a bundle only the length is looked at: whoever reads one holds it against its tile.
            let same = |there: &[u8]| if tile.level().is_some() { there == bytes } else { there.len() == bytes.len() };
            if !(compare && held(&path)?.is_some_and(|there| same(&there))) {
                put(&path, bytes)?;
            }
            // Whoever asks for a part of it takes it from the whole.
            drop(std::fs::remove_dir_all(path.with_extension("p")));
            Ok::<(), LogError>(())
        };
        entries.push(leaf);
        if entries.len() == WIDTH {
            full(Tile::entries(growing.size() / WIDTH as u64, WIDTH as u16), &bundle(entries.iter()))?;
            entries.clear();
        }
        growing.push(leaf.in_tree(), |tile, hashes: &[Hash]| full(tile, &hashes.concat()))
    }

    /// Writes what is not full, and then the checkpoint that says it.
    fn sign(&mut self) -> Result<(), LogError> {
        for (tile, hashes) in self.growing.partial() {
            put(&self.folder.join(tile.path()), &hashes.concat())?;
        }
        if !self.bundle.is_empty() {
            let tile = Tile::entries(self.growing.size() / WIDTH as u64, self.bundle.len() as u16);
            put(&self.folder.join(tile.path()), &bundle(&self.bundle))?;
        }
        let signed = Signed::by(&self.signer, self.growing.size(), &self.growing.root())?;
        put_safely(&self.folder.join(CHECKPOINT), signed.whole().as_bytes())?;
        self.signed = signed;
        Ok(())
    }

    /// The newest checkpoint that a witness cosigned; none before that.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn cosigned(&self) -> Result<Option<Signed>, LogError> {
        let kept = held(&self.folder.join(COSIGNED))?;
        Ok(kept.map(|kept| Checkpoint::read(&kept)?.signed(self.key())).transpose()?)
    }

    /// Keeps a checkpoint with a witness's cosignature, if none of more rows is kept.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn keep_cosigned(&self, signed: &Signed) -> Result<(), LogError> {
        match self.cosigned() {
            Ok(Some(kept)) if kept.size() > signed.size() => Ok(()),
            _ => put_safely(&self.folder.join(COSIGNED), signed.whole().as_bytes()),
        }
    }

    /// What is served at a path below the log's prefix.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn file(&self, path: &str) -> Result<Option<Vec<u8>>, LogError> {
        match (path, Tile::read(path)) {
            (CHECKPOINT | COSIGNED, _) | (_, Ok(_)) => held(&self.folder.join(path)),
            _ => Ok(None),
        }
    }
}

impl Tiles for Log {
    fn tile(&self, tile: &Tile) -> Option<Vec<u8>> {
        let read = |tile: &Tile| held(&self.folder.join(tile.path())).ok().flatten();
        read(tile).or_else(|| read(&tile.full()))
    }
}

/// A file of the log as it is answered: those that change are asked for anew each time, the others stay as they are.
pub fn answer(path: &str, bytes: Vec<u8>) -> Response {
    let (kind, kept) = match changes(path) {
        true => ("text/plain; charset=utf-8", "no-cache"),
        false => ("application/octet-stream", "public, max-age=31536000, immutable"),
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], bytes).into_response()
}

/// Whether the file at this path changes when the log grows.
pub fn changes(path: &str) -> bool {
    [CHECKPOINT, COSIGNED].contains(&path)
}
