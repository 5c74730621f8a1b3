//! Photographs come from anywhere, and decoders have bugs. So a window has its photographs developed in a
//! process of their own, with little memory and little time: a file that crashes a decoder or keeps it
//! busy for ever costs that process, and the window gets an error that says so. It stands behind the walls of
//! [`crate::sandbox`]: code that a file smuggles in finds no files, no network and no other program.

use std::io::{self, BufReader, BufWriter, Cursor, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use catalogue::say;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ImageEncoder, RgbImage};
use serde::{Deserialize, Serialize};

use crate::origin::Origin;
use crate::photo::to_jpeg;
use crate::prepare::{Adjustment, prepared};
use crate::sandbox::{self, Walls};
use crate::{Engine, EngineError, Face, Manifest, Photo, PhotoError, Quality, Template};

/// Time that one photograph may take.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);
/// Processes at work at a time.
const MOST: usize = 2;
/// Largest message, in bytes: a photograph and its header.
const MAX_MESSAGE: u64 = 512 * 1024 * 1024;

/// What was found in a photograph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Looked {
    /// Pixels across the upright photograph.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Format of the file.
    pub format: String,
    /// Faces, best first; without quality where the face has no usable geometry, and where there were
    /// more than asked for.
    pub faces: Vec<(Face, Option<Quality>)>,
    /// What the file says of where it comes from.
    pub origin: Origin,
}

/// A photograph's file, and what is done to a copy of it before anything else.
#[derive(Debug, Clone, Copy)]
pub struct EditedPhoto<'a> {
    /// The file.
    pub bytes: &'a [u8],
    /// Steps on the upright picture; none leaves it as it is.
    pub steps: &'a [Adjustment],
}

impl<'a, T: AsRef<[u8]>> From<&'a T> for EditedPhoto<'a> {
    fn from(bytes: &'a T) -> Self {
        Self { bytes: bytes.as_ref(), steps: &[] }
    }
}

/// What is asked of the process; the photograph's bytes follow.
#[derive(Debug, Serialize, Deserialize)]
struct Order {
    steps: Vec<Adjustment>,
    asked: Asked,
}

#[derive(Debug, Serialize, Deserialize)]
enum Asked {
    Look { measure: usize },
    Encode { bounds: [f32; 4], thorough: bool },
    Picture { side: u32 },
}

/// Pictures of at most this many pixels are answered without loss: a compression of ours must not be taken
/// for a feature of a face. Larger ones would take seconds to compress.
const LOSSLESS: u32 = 4_000_000;

/// What it answers.
#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    Looked(Looked),
    Encoded(Template, Quality),
    /// PNG or JPEG bytes follow.
    Picture,
    Refused {
        code: String,
        message: String,
    },
}

type Developed = Result<(Answer, Vec<u8>), DecoderError>;

/// Why a photograph was not developed.
#[derive(Debug, thiserror::Error)]
pub enum DecoderError {
    /// It is not usable, in the words of [`PhotoError`] or [`EngineError`].
    #[error("{message}")]
    Refused {
        /// A stable code.
        code: String,
        /// What is wrong.
        message: String,
    },
    /// The process had to be ended.
    #[error("{}", say!("faces-decoding-file-took-longer-than", as_secs = _0.as_secs()))]
    TimedOut(Duration),
    /// The process ended by itself.
    #[error("{}", say!("faces-decoding-file-stopped-decoder-contained"))]
    Crashed,
    /// No process could be started.
    #[error("{}", say!("faces-decoder-could-not-started-start", what = _0))]
    NotStarted(io::Error),
}

impl DecoderError {
    /// A stable code for programs.
    pub fn code(&self) -> &str {
        match self {
            DecoderError::Refused { code, .. } => code,
            DecoderError::TimedOut(_) => "decoder-timeout",
            DecoderError::Crashed => "decoder-crashed",
            DecoderError::NotStarted(_) => "decoder-not-started",
        }
    }
}

/// Develops photographs in other processes.
#[derive(Debug)]
pub struct Decoder {
    program: PathBuf,
    arguments: Vec<String>,
    limit: Duration,
    places: Mutex<Places>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct Places {
    idle: Vec<Running>,
    busy: usize,
}

#[derive(Debug)]
struct Running {
    child: Arc<Mutex<Child>>,
    to: BufWriter<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Decoder {
    /// `program` with `arguments` must call [`serve`]; it is started when first needed.
    pub fn new(program: impl Into<PathBuf>, arguments: &[&str]) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.iter().map(|a| (*a).to_owned()).collect(),
            limit: TIME_LIMIT,
            places: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// With another limit of time for one photograph.
    #[must_use]
    pub fn with_limit(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Finds faces, and measures the first `measure` of them.
    ///
    /// # Errors
    /// [`DecoderError`].
    pub fn look<'a>(&self, photo: impl Into<EditedPhoto<'a>>, measure: usize) -> Result<Looked, DecoderError> {
        match self.ask(Asked::Look { measure }, photo.into())?.0 {
            Answer::Looked(looked) => Ok(looked),
            _ => Err(DecoderError::Crashed),
        }
    }

    /// Template and quality of the face that was found at `bounds`; `thorough` as in [`Engine::encode_thorough`].
    ///
    /// # Errors
    /// [`DecoderError`]; `face-lost` when no face is found there again.
    pub fn encode<'a>(
        &self,
        photo: impl Into<EditedPhoto<'a>>,
        bounds: [f32; 4],
        thorough: bool,
    ) -> Result<(Template, Quality), DecoderError> {
        match self.ask(Asked::Encode { bounds, thorough }, photo.into())?.0 {
            Answer::Encoded(template, quality) => Ok((template, quality)),
            _ => Err(DecoderError::Crashed),
        }
    }

    /// The upright photograph, its longer side at most `side` pixels: as PNG, beyond four megapixels as
    /// JPEG without subsampled colours.
    ///
    /// # Errors
    /// [`DecoderError`].
    pub fn picture<'a>(&self, photo: impl Into<EditedPhoto<'a>>, side: u32) -> Result<Vec<u8>, DecoderError> {
        match self.ask(Asked::Picture { side }, photo.into())? {
            (Answer::Picture, picture) => Ok(picture),
            _ => Err(DecoderError::Crashed),
        }
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, asked: Asked, photo: EditedPhoto<'_>) -> Developed {
        let order = Order { steps: photo.steps.to_vec(), asked };
        let mut places = self.places();
        while places.busy >= MOST {
            places = self.freed.wait(places).unwrap_or_else(PoisonError::into_inner);
        }
        places.busy += 1;
        let idle = places.idle.pop();
        drop(places);
        let (answer, survivor) = self.ask_one(idle, &order, photo.bytes);
        let mut places = self.places();
        places.busy -= 1;
        places.idle.extend(survivor);
        drop(places);
        self.freed.notify_one();
        match answer? {
            (Answer::Refused { code, message }, _) => Err(DecoderError::Refused { code, message }),
            answered => Ok(answered),
        }
    }

    fn ask_one(&self, idle: Option<Running>, order: &Order, photo: &[u8]) -> (Developed, Option<Running>) {
        let fresh = idle.map_or_else(|| self.start(), Ok);
        let mut running = match fresh {
            Ok(running) => running,
            Err(e) => return (Err(DecoderError::NotStarted(e)), None),
        };
        let (done, watch) = mpsc::channel::<()>();
        let (child, limit) = (Arc::clone(&running.child), self.limit);
        let watcher = std::thread::spawn(move || {
            let late = watch.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout);
            if late {
                // It may have ended by itself just now; either way it is gone after this.
                let _ = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
            }
            late
        });
        let answered = send(&mut running.to, order, photo).and_then(|()| receive::<Answer>(&mut running.from));
        drop(done);
        let late = watcher.join().unwrap_or(false);
        match answered {
            Ok(answer) if !late => (Ok(answer), Some(running)),
            _ if late => (Err(DecoderError::TimedOut(limit)), None),
            _ => (Err(DecoderError::Crashed), None),
        }
    }

    fn start(&self) -> io::Result<Running> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other(say!("faces-no-pipes")));
        };
        Ok(Running { child: Arc::new(Mutex::new(child)), to: BufWriter::new(to), from: BufReader::new(from) })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // A process that ended already is only collected.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Length and JSON, then length and bytes.
fn send(to: &mut impl Write, what: &impl Serialize, bytes: &[u8]) -> io::Result<()> {
    let words = serde_json::to_vec(what)?;
    for part in [words.as_slice(), bytes] {
        to.write_all(&(part.len() as u64).to_le_bytes())?;
        to.write_all(part)?;
    }
    to.flush()
}

fn receive<T: for<'a> Deserialize<'a>>(from: &mut impl Read) -> io::Result<(T, Vec<u8>)> {
    let mut part = || {
        let mut length = [0; 8];
        from.read_exact(&mut length)?;
        let length = u64::from_le_bytes(length);
        if length > MAX_MESSAGE {
            return Err(io::Error::other(say!("faces-message-too-long")));
        }
        let mut bytes = Vec::new();
        from.by_ref().take(length).read_to_end(&mut bytes)?;
        if (bytes.len() as u64) < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(bytes)
    };
    Ok((serde_json::from_slice(&part()?)?, part()?))
}

/// Limits this process and raises the walls around it: afterwards it reads its input, computes and answers.
///
/// # Errors
/// When the system refuses.
pub fn confine() -> io::Result<()> {
    sandbox::limit()?;
    sandbox::enter(Walls::Both)
}

/// Confines this process as [`serve`] does, only behind `walls`, tries to get out, and prints what the system
/// answered, one JSON object an attempt.
///
/// # Errors
/// When the system refuses, or stdout fails.
pub fn try_to_get_out(walls: Walls) -> io::Result<()> {
    let loaded = load();
    sandbox::limit()?;
    sandbox::enter(walls)?;
    let mut out = io::stdout().lock();
    for attempt in sandbox::attempts() {
        writeln!(out, "{}", serde_json::to_string(&attempt)?)?;
    }
    drop(loaded);
    out.flush()
}

type Models = Result<Engine, Refusal>;

/// The models with every file that they may ever need: behind the walls nothing can be read.
fn load() -> Models {
    let refused = |e: EngineError| (e.code(), e.to_string());
    let manifest = Manifest::locate().map_err(|e| refused(e.into()))?;
    let engine = Engine::load(&manifest, None).map_err(refused)?;
    engine.load_everything().map_err(refused)?;
    Ok(engine)
}

/// Answers a [`Decoder`] on stdin and stdout until it hangs up, with limited memory and behind walls.
///
/// # Errors
/// When the pipes fail, or the walls cannot be raised.
pub fn serve() -> io::Result<()> {
    sandbox::limit()?;
    // Pictures are shown without models too: whoever asks for more is told what is wrong with them.
    answer(load())
}

/// As [`serve`], for programs that ask for pictures alone: without models, and at once.
///
/// # Errors
/// As [`serve`].
pub fn serve_pictures() -> io::Result<()> {
    sandbox::limit()?;
    answer(Err(("no-models", say!("faces-decoder-pictures-only").to_owned())))
}

fn answer(engine: Models) -> io::Result<()> {
    sandbox::enter(Walls::Both)?;
    let (mut from, mut to) = (BufReader::new(io::stdin()), BufWriter::new(io::stdout()));
    loop {
        let (order, photo): (Order, _) = match receive(&mut from) {
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            received => received?,
        };
        let (answer, bytes) = develop(&engine, order, &photo)
            .unwrap_or_else(|(code, message)| (Answer::Refused { code: code.to_owned(), message }, Vec::new()));
        send(&mut to, &answer, &bytes)?;
    }
}

type Refusal = (&'static str, String);

fn to_png(pixels: &RgbImage) -> Result<Vec<u8>, String> {
    let mut png = Cursor::new(Vec::new());
    PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Up)
        .write_image(pixels, pixels.width(), pixels.height(), image::ExtendedColorType::Rgb8)
        .map_err(|e| e.to_string())?;
    Ok(png.into_inner())
}

fn develop(engine: &Models, order: Order, photo: &[u8]) -> Result<(Answer, Vec<u8>), Refusal> {
    let undeveloped = |e: PhotoError| (e.code(), e.to_string());
    let file = photo;
    let mut photo = Photo::decode(file).map_err(undeveloped)?;
    let origin = match order.asked {
        Asked::Look { .. } => Origin::read(file, &photo),
        _ => Origin::default(),
    };
    if !order.steps.is_empty() {
        photo = Photo::from(prepared(photo.fitted(u32::MAX).map_err(undeveloped)?, &order.steps));
    }
    let refused = |e: EngineError| (e.code(), e.to_string());
    let asked = order.asked;
    if let Asked::Picture { side } = asked {
        let pixels = photo.fitted(side).map_err(undeveloped)?;
        let picture = if pixels.width() * pixels.height() <= LOSSLESS { to_png(&pixels) } else { to_jpeg(&pixels) };
        return Ok((Answer::Picture, picture.map_err(|e| ("picture", e))?));
    }
    let engine = engine.as_ref().map_err(Clone::clone)?;
    let found = engine.detect(&photo).map_err(refused)?;
    match asked {
        Asked::Encode { bounds, thorough } => {
            let lost = || ("face-lost", say!("faces-picked-face-not-found-again").to_owned());
            let face = found.into_iter().find(|f| f.bounds == bounds).ok_or_else(lost)?;
            let encoded = if thorough { engine.encode_thorough(&photo, &face) } else { engine.encode(&photo, &face) };
            let (template, quality) = encoded.map_err(refused)?;
            Ok((Answer::Encoded(template, quality), Vec::new()))
        }
        Asked::Look { measure } => {
            let mut faces = Vec::with_capacity(found.len());
            for (at, face) in found.into_iter().enumerate() {
                let quality = match (at < measure).then(|| engine.encode_thorough(&photo, &face)) {
                    None | Some(Err(EngineError::Degenerate)) => None,
                    Some(encoded) => Some(encoded.map_err(refused)?.1),
                };
                faces.push((face, quality));
            }
            let (width, height) = photo.dimensions();
            let format = photo.format().to_owned();
            Ok((Answer::Looked(Looked { width, height, format, faces, origin }), Vec::new()))
        }
        Asked::Picture { .. } => Err(("picture", say!("faces-answered-already").to_owned())),
    }
}
