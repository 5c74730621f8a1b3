use image::RgbImage;
use tract_onnx::prelude::*;

use crate::detect::{self, Maps};
use crate::manifest::{Channels, InputSpec};
use crate::{Face, Manifest, ManifestError, ModelSpec, Photo, Quality, Task, Template, align, quality, rewrite};

type Model = TypedRunnableModel;

/// Detector and embedding, loaded once and used for any number of photos, from any thread.
pub struct Engine {
    detector: Loaded,
    embedding: Loaded,
}

struct Loaded {
    spec: ModelSpec,
    model: Arc<Model>,
}

/// The models could not be used.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Manifest or file.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The graph cannot be run.
    #[error("the model {id} cannot be run: {message}; fetch the models again")]
    Model {
        /// Which.
        id: String,
        /// What went wrong.
        message: String,
    },
    /// The face has no usable geometry or template.
    #[error("the face cannot be encoded: its landmarks coincide or its crop holds nothing; pick another photograph")]
    Degenerate,
}

impl EngineError {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            EngineError::Manifest(_) => "models",
            EngineError::Model { .. } => "model-failed",
            EngineError::Degenerate => "degenerate-face",
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Engine({}, {})", self.detector.spec.id, self.embedding.spec.id)
    }
}

impl Engine {
    /// Loads the manifest's detector and the embedding named `embedding` (the default if `None`).
    ///
    /// # Errors
    /// [`EngineError`] when a file is missing, differs from its hash, or is no runnable graph.
    pub fn load(manifest: &Manifest, embedding: Option<&str>) -> Result<Self, EngineError> {
        let load = |spec: &ModelSpec| -> Result<Loaded, EngineError> {
            let bytes = manifest.bytes(spec)?;
            let model = runnable(&bytes, &spec.input)
                .map_err(|e| EngineError::Model { id: spec.id.clone(), message: format!("{e:#}") })?;
            Ok(Loaded { spec: spec.clone(), model })
        };
        Ok(Self {
            detector: load(manifest.model(Task::Detector, None)?)?,
            embedding: load(manifest.model(Task::Embedding, embedding)?)?,
        })
    }

    /// Id of the embedding model.
    pub fn model_id(&self) -> &str {
        &self.embedding.spec.id
    }

    /// Faces of a photo, best first, in pixels of the upright image.
    ///
    /// # Errors
    /// [`EngineError::Model`] when the detector fails.
    pub fn detect(&self, photo: &Photo) -> Result<Vec<Face>, EngineError> {
        let side = self.detector.spec.input.width;
        let (whole, scale) = detect::fit(&photo.pixels, side);
        let mut found: Vec<Face> = self.detect_in(&whole)?.into_iter().map(|f| f.enlarged(scale)).collect();
        if detect::small_faces_may_hide(photo.pixels.dimensions(), scale, &found) {
            let (finer, scale) = detect::finer(&photo.pixels);
            for tile in detect::tiles(finer.dimensions(), side) {
                let part = image::imageops::crop_imm(&finer, tile.x, tile.y, tile.width, tile.height).to_image();
                let inside = self.detect_in(&part)?.into_iter().filter(|face| tile.holds(face, finer.dimensions()));
                found.extend(inside.map(|face| face.moved(tile.x, tile.y).enlarged(scale)));
            }
        }
        Ok(detect::merge(found))
    }

    /// Faces in a picture that fits into the detector's input, in pixels of that picture.
    fn detect_in(&self, scaled: &RgbImage) -> Result<Vec<Face>, EngineError> {
        let side = self.detector.spec.input.width;
        let outputs = self.detector.run(scaled)?;
        let slices: Vec<&[f32]> = outputs.iter().map(|o| self.detector.slice(o)).collect::<Result<_, _>>()?;
        // Order of the graph: cls, obj, bbox, kps, each for strides 8, 16, 32.
        let grid = |stride: usize| (side as usize / stride).pow(2);
        let expected = [1, 1, 4, 10].into_iter().flat_map(|per| [8, 16, 32].map(|s| grid(s) * per));
        if !slices.iter().map(|s| s.len()).eq(expected) {
            return Err(self.detector.failed("it has other outputs than YuNet"));
        }
        let maps = std::array::from_fn(|i| Maps {
            cls: slices[i],
            obj: slices[3 + i],
            bbox: slices[6 + i],
            kps: slices[9 + i],
        });
        Ok(detect::decode(&maps, side as usize))
    }

    /// Template and quality of one face of a photo.
    ///
    /// # Errors
    /// [`EngineError::Degenerate`] when the face has no usable landmarks.
    pub fn encode(&self, photo: &Photo, face: &Face) -> Result<(Template, Quality), EngineError> {
        let crop = align(&photo.pixels, &face.landmarks).ok_or(EngineError::Degenerate)?;
        self.embed(&crop, photo.pixels.dimensions(), face)
    }

    /// Template and quality of a ready 112×112 crop, which `face` describes.
    ///
    /// # Errors
    /// [`EngineError`] when the graph fails or gives nothing.
    pub fn encode_aligned(&self, crop: &RgbImage, face: &Face) -> Result<(Template, Quality), EngineError> {
        self.embed(crop, crop.dimensions(), face)
    }

    fn embed(&self, crop: &RgbImage, size: (u32, u32), face: &Face) -> Result<(Template, Quality), EngineError> {
        let outputs = self.embedding.run(crop)?;
        let raw = outputs.first().ok_or_else(|| self.embedding.failed("it gives no output"))?;
        let (template, length) =
            Template::normalised(&self.embedding.spec.id, self.embedding.slice(raw)?).ok_or(EngineError::Degenerate)?;
        Ok((template, quality::measure(size, face, crop, length)))
    }
}

impl Loaded {
    fn failed(&self, message: impl std::fmt::Display) -> EngineError {
        EngineError::Model { id: self.spec.id.clone(), message: message.to_string() }
    }

    fn run(&self, pixels: &RgbImage) -> Result<TVec<TValue>, EngineError> {
        let input = tensor(pixels, &self.spec.input);
        self.model.run(tvec!(input.into_tvalue())).map_err(|e| self.failed(format!("{e:#}")))
    }

    fn slice<'a>(&self, value: &'a TValue) -> Result<&'a [f32], EngineError> {
        value.try_as_plain_ram().and_then(|t| t.as_slice::<f32>()).map_err(|e| self.failed(format!("{e:#}")))
    }
}

fn runnable(bytes: &[u8], input: &InputSpec) -> TractResult<Arc<Model>> {
    let shape = [1, 3, input.height as usize, input.width as usize];
    let onnx = onnx();
    let mut proto = onnx.proto_model_for_read(&mut &bytes[..])?;
    if let Some(graph) = proto.graph.as_mut() {
        rewrite::spell_out_prelu(graph);
    }
    onnx.model_for_proto_model(&proto)?.with_input_fact(0, f32::fact(shape).into())?.into_optimized()?.into_runnable()
}

/// Planar [1, 3, height, width] in the channel order and range of the model; a smaller picture
/// stands in the top left corner, the rest is zero before mean and scale.
fn tensor(pixels: &RgbImage, spec: &InputSpec) -> Tensor {
    let (width, height) = (spec.width as usize, spec.height as usize);
    let plane = width * height;
    let mut values = vec![(0.0 - spec.mean) * spec.scale; 3 * plane];
    let order = match spec.channels {
        Channels::Rgb => [0, 1, 2],
        Channels::Bgr => [2, 1, 0],
    };
    for (y, row) in pixels.rows().enumerate().take(height) {
        for (x, pixel) in row.enumerate().take(width) {
            for (channel, of_pixel) in order.into_iter().enumerate() {
                values[channel * plane + y * width + x] = (f32::from(pixel.0[of_pixel]) - spec.mean) * spec.scale;
            }
        }
    }
    tract_ndarray::Array4::from_shape_vec((1, 3, height, width), values)
        .map_or_else(|_| Tensor::default(), Tensor::from)
}
