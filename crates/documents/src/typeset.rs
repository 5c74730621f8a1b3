use std::sync::LazyLock;

use catalogue::say;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::{Block, Paper};

/// A paper could not be printed.
#[derive(Debug, thiserror::Error)]
#[error("{}", say!("paper-document-could-not-set-nothing", what = _0))]
pub struct PrintError(String);

/// A printed paper.
#[derive(Debug, Clone)]
pub struct Printed {
    /// The PDF file.
    pub pdf: Vec<u8>,
    /// Whether it keeps to PDF/A-2b; not where a text holds characters that the built-in type has no glyph for.
    pub archival: bool,
}

static FONTS: LazyLock<Vec<Font>> =
    LazyLock::new(|| typst_assets::fonts().flat_map(|data| Font::iter(Bytes::new(data))).collect());
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// The template, the data and the pictures; there is no other file and no clock.
struct Composition {
    main: Source,
    files: Vec<(FileId, Bytes)>,
}

fn file(name: &str) -> Result<FileId, PrintError> {
    let path = VirtualPath::new(name).map_err(|e| PrintError(format!("{e:?}")))?;
    Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

impl World for Composition {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.iter().find(|(file, _)| *file == id).map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Sets a paper as PDF. `made` is the year, month, day, hour, minute and second (UTC) that the file says it was made.
///
/// # Errors
/// [`PrintError`] when the template does not take the data, which is a fault of this program.
pub fn print(paper: &Paper, made: [i32; 6]) -> Result<Printed, PrintError> {
    let pictures = paper.blocks.iter().flat_map(|block| match block {
        Block::Pictures { pictures } => pictures.as_slice(),
        _ => &[],
    });
    let (mut files, mut at_hand) = (Vec::new(), Vec::new());
    for picture in pictures.filter(|p| !p.bytes.is_empty()) {
        at_hand.push(picture.sha256.as_str());
        files.push((file(&format!("{}.picture", picture.sha256))?, Bytes::new(picture.bytes.clone())));
    }
    let plots = paper.blocks.iter().flat_map(|block| match block {
        Block::Plots { plots } => plots.as_slice(),
        _ => &[],
    });
    for plot in plots {
        files.push((file(&format!("{}.svg", plot.name))?, Bytes::from_string(plot.svg.clone())));
    }
    let mut data = serde_json::to_value(paper).map_err(|e| PrintError(e.to_string()))?;
    data["at-hand"] = serde_json::json!(at_hand);
    files.push((file("paper.json")?, Bytes::from_string(data.to_string())));
    let main = Source::new(file("paper.typ")?, include_str!("paper.typ").to_owned());
    let said = |errors: Vec<String>| PrintError(errors.join("; "));
    let document: PagedDocument = typst::compile(&Composition { main, files })
        .output
        .map_err(|errors| said(errors.iter().map(|e| e.message.to_string()).collect()))?;
    let [year, rest @ ..] = made;
    let [month, day, hour, minute, second] = rest.map(|n| u8::try_from(n).unwrap_or_default());
    let timestamp = Datetime::from_ymd_hms(year, month, day, hour, minute, second).map(Timestamp::new_utc);
    let options = |standards| PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some(concat!("Corroborate ", env!("CARGO_PKG_VERSION")).to_owned())),
        timestamp,
        standards,
        ..PdfOptions::default()
    };
    let archival = PdfStandards::new(&[PdfStandard::A_2b]).map_err(|e| PrintError(format!("{e:?}")))?;
    if let Ok(pdf) = typst_pdf::pdf(&document, &options(archival)) {
        return Ok(Printed { pdf, archival: true });
    }
    let pdf = typst_pdf::pdf(&document, &options(PdfStandards::default()))
        .map_err(|errors| said(errors.iter().map(|e| e.message.to_string()).collect()))?;
    Ok(Printed { pdf, archival: false })
}
