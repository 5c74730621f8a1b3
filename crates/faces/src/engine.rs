use std::borrow::Cow;
use std::sync::OnceLock;

use catalogue::say;
use image::RgbImage;

use crate::align::{Similarity, cut};
use crate::detect::{self, MULTIPLE, Maps};
use crate::landmarks::{CROP, TEMPLATE_LANDMARKS};
use crate::photo::{Scaled, shrunk};
use crate::runner::{Outputs, Runner};
use crate::{
    Face, Landmarks, Manifest, ManifestError, ModelSpec, Photo, PhotoError, Quality, Task, Template, closer, mesh,
    quality::{self, Extra, Pose},
};

/// Detector and embedding, loaded once and used for any number of photos, from any thread.
pub struct Engine {
    detector: Loaded,
    embedding: Loaded,
    /// Where the manifest names one.
    mesh: Option<Loaded>,
    /// Loaded when first needed, where its file is there.
    pose: OnceLock<Option<Loaded>>,
    manifest: Manifest,
}

struct Loaded {
    spec: ModelSpec,
    runner: Runner,
}

/// The models could not be used.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Manifest or file.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The graph cannot be run.
    #[error("{}", say!("faces-model-cannot-run-fetch-models", id, message))]
    Model {
        /// Which.
        id: String,
        /// What went wrong.
        message: String,
    },
    /// The photograph's finer detail is damaged.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// The face has no usable geometry or template.
    #[error("{}", say!("faces-face-cannot-encoded-landmarks-coincide"))]
    Degenerate,
}

impl EngineError {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            EngineError::Manifest(_) => "models",
            EngineError::Model { .. } => "model-failed",
            EngineError::Photo(e) => e.code(),
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
        Ok(Self {
            detector: Loaded::new(manifest, manifest.model(Task::Detector, None)?)?,
            embedding: Loaded::new(manifest, manifest.model(Task::Embedding, embedding)?)?,
            mesh: manifest.model(Task::Landmarks, None).ok().map(|spec| Loaded::new(manifest, spec)).transpose()?,
            pose: OnceLock::new(),
            manifest: manifest.clone(),
        })
    }

    fn pose_model(&self) -> Result<Option<&Loaded>, EngineError> {
        if let Some(loaded) = self.pose.get() {
            return Ok(loaded.as_ref());
        }
        let loaded = match self.manifest.model(Task::Pose, None) {
            Ok(spec) if self.manifest.path(spec).is_file() => Some(Loaded::new(&self.manifest, spec)?),
            _ => None,
        };
        Ok(self.pose.get_or_init(|| loaded).as_ref())
    }

    /// Loads what is otherwise loaded when first needed: for a process that soon cannot read files.
    ///
    /// # Errors
    /// As [`Engine::load`].
    pub fn load_everything(&self) -> Result<(), EngineError> {
        self.pose_model().map(drop)
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
        let side = self.detector.spec.input.width.min(self.detector.spec.input.height);
        let (width, height) = photo.dimensions();
        let fits = (side as f32 / width.max(height) as f32).min(1.0);
        let coarse = photo.at(fits)?;
        if width.max(height) <= closer::SMALL {
            return Ok(detect::merge(self.detect_enlarged(&coarse.pixels)?));
        }
        let mut found = self.detect_scaled(&coarse, side)?;
        if detect::small_faces_may_hide((width, height), fits, &found) {
            let fine = photo.at(detect::FINE)?;
            let by = detect::FINE / fine.scale;
            let finer = if by < 1.0 { Cow::Owned(shrunk(&fine.pixels, by)) } else { Cow::Borrowed(&fine.pixels) };
            let side = if self.detector.runner.takes_any_size() { detect::TILE } else { side };
            // What was large enough in the whole is not found anew: each photograph has one answer, the same
            // as that of a detector that sees it whole.
            let settled: Vec<Face> = found.iter().filter(|f| f.bounds[2] * fits >= detect::SETTLED).cloned().collect();
            for tile in detect::tiles(finer.dimensions(), side) {
                let part = image::imageops::crop_imm(&*finer, tile.x, tile.y, tile.width, tile.height).to_image();
                let inside = self.detect_in(&part)?.into_iter().filter(|face| tile.holds(face, finer.dimensions()));
                let inside = inside.map(|face| fine.out(face.moved(tile.x, tile.y).enlarged(by)));
                found.extend(inside.filter(|face| !detect::is_among(&settled, face)));
            }
        }
        Ok(detect::merge(found))
    }

    /// Faces of a scaled photograph that may still be too large for the detector.
    fn detect_scaled(&self, scaled: &Scaled, side: u32) -> Result<Vec<Face>, EngineError> {
        let (found, by) = match scaled.shrunk(side) {
            Some((small, by)) => (self.detect_in(&small)?, by),
            None => (self.detect_in(&scaled.pixels)?, 1.0),
        };
        Ok(found.into_iter().map(|face| scaled.out(face.enlarged(by))).collect())
    }

    /// Faces in a picture that fits into the detector's input, in pixels of that picture.
    fn detect_in(&self, pixels: &RgbImage) -> Result<Vec<Face>, EngineError> {
        let Outputs { width, height, values } = self.detector.run(pixels, MULTIPLE)?;
        // Order of the graph: cls, obj, bbox, kps, each for strides 8, 16, 32.
        let grid = |stride: usize| (width / stride) * (height / stride);
        let expected = [1, 1, 4, 10].into_iter().flat_map(|per| [8, 16, 32].map(|s| grid(s) * per));
        if !values.iter().map(Vec::len).eq(expected) {
            return Err(self.detector.failed(say!("faces-other-outputs-than-yunet")));
        }
        let maps = std::array::from_fn(|i| Maps {
            cls: &values[i],
            obj: &values[3 + i],
            bbox: &values[6 + i],
            kps: &values[9 + i],
        });
        Ok(detect::decode(&maps, width))
    }

    /// Template and quality of one face of a photo.
    ///
    /// # Errors
    /// [`EngineError::Degenerate`] when the face has no usable landmarks.
    pub fn encode(&self, photo: &Photo, face: &Face) -> Result<(Template, Quality), EngineError> {
        self.encode_crop(face, &self.crop(photo, face)?)
    }

    /// As [`Engine::encode`], with the template of the mirrored crop summed in: somewhat fewer misses for
    /// one more run of the embedding. The quality is measured as fully as the models allow.
    ///
    /// # Errors
    /// As [`Engine::encode`].
    pub fn encode_thorough(&self, photo: &Photo, face: &Face) -> Result<(Template, Quality), EngineError> {
        self.encode_crop_thorough(photo, face, &self.crop(photo, face)?)
    }

    /// The aligned crop of a face, from no more detail of the photo than it can hold.
    ///
    /// # Errors
    /// As [`Engine::encode`].
    pub fn crop(&self, photo: &Photo, face: &Face) -> Result<RgbImage, EngineError> {
        let seen = self.looked_at_closer(photo, face)?;
        let (landmarks, template) = match self.mesh_points(photo, &seen)? {
            Some(points) => (points, mesh::TEMPLATE_MESH),
            None => (seen, TEMPLATE_LANDMARKS),
        };
        let fitted = |from: &Landmarks| Similarity::fit(from, &template).ok_or(EngineError::Degenerate);
        let scaled = photo.at(fitted(&landmarks)?.scale().min(1.0))?;
        Ok(cut(&scaled.pixels, &fitted(&landmarks.map(|p| scaled.here(p)))?, CROP))
    }

    /// A small photograph's faces: the detector sees them enlarged.
    fn detect_enlarged(&self, pixels: &RgbImage) -> Result<Vec<Face>, EngineError> {
        let found = self.detect_in(&closer::enlarged(pixels))?;
        Ok(found.into_iter().map(closer::as_it_is).collect())
    }

    /// A face's landmarks; those of a small one as the detector sees them in an enlarged part of the photograph.
    fn looked_at_closer(&self, photo: &Photo, face: &Face) -> Result<Landmarks, EngineError> {
        let (width, height) = photo.dimensions();
        if face.bounds[2] >= closer::NARROW || width.max(height) <= closer::SMALL {
            return Ok(face.landmarks);
        }
        let fine = photo.at(1.0)?;
        let part = closer::around(&face.bounds, (width, height));
        let pixels = image::imageops::crop_imm(&fine.pixels, part[0], part[1], part[2], part[3]).to_image();
        let found = self.detect_enlarged(&pixels)?.into_iter().map(|face| face.moved(part[0], part[1]));
        let same =
            detect::merge(found.collect()).into_iter().find(|seen| detect::overlap(&seen.bounds, &face.bounds) > 0.5);
        Ok(same.map_or(face.landmarks, |seen| seen.landmarks))
    }

    /// Where the dense network sees the five landmarks; `None` without one, or where it sees no face.
    fn mesh_points(&self, photo: &Photo, seen: &Landmarks) -> Result<Option<Landmarks>, EngineError> {
        let Some(model) = &self.mesh else { return Ok(None) };
        let side = model.spec.input.width;
        let whole = mesh::turned(seen, side).ok_or(EngineError::Degenerate)?;
        let scaled = photo.at(whole.scale().min(1.0))?;
        let here = mesh::turned(&seen.map(|p| scaled.here(p)), side).ok_or(EngineError::Degenerate)?;
        let outputs = model.run(&cut(&scaled.pixels, &here, side), 1)?;
        match &outputs.values[..] {
            // A logit: above 0 a face is more likely than not.
            [_, flag] if flag.first().is_some_and(|flag| *flag < 0.0) => Ok(None),
            [points, _] if let Some(five) = mesh::five(points, side, &whole) => Ok(Some(five)),
            _ => Err(model.failed(say!("faces-other-outputs-than-mesh"))),
        }
    }

    /// Template and quality of a ready crop (112×112) of `face`.
    ///
    /// # Errors
    /// [`EngineError`] when the graph fails or gives nothing.
    pub fn encode_crop(&self, face: &Face, crop: &RgbImage) -> Result<(Template, Quality), EngineError> {
        let (template, length) = self.template(&self.raw(crop)?)?;
        Ok((template, quality::measure(face, crop, (length, self.embedding.spec.strength.as_ref()), Extra::default())))
    }

    /// As [`Engine::encode_crop`], with the mirrored crop.
    ///
    /// # Errors
    /// As [`Engine::encode_crop`].
    pub fn encode_crop_thorough(
        &self,
        photo: &Photo,
        face: &Face,
        crop: &RgbImage,
    ) -> Result<(Template, Quality), EngineError> {
        self.summed(face, crop, self.pose(photo, face)?)
    }

    /// As [`Engine::encode_crop`], with the mirrored crop's template summed in, and nothing else that thoroughness costs.
    ///
    /// # Errors
    /// As [`Engine::encode_crop`].
    pub fn encode_crop_summed(&self, face: &Face, crop: &RgbImage) -> Result<(Template, Quality), EngineError> {
        self.summed(face, crop, None)
    }

    fn summed(&self, face: &Face, crop: &RgbImage, pose: Option<Pose>) -> Result<(Template, Quality), EngineError> {
        let raw = self.raw(crop)?;
        let mirrored = self.raw(&image::imageops::flip_horizontal(crop))?;
        let ((one, length), (other, _)) = (self.template(&raw)?, self.template(&mirrored)?);
        let sum: Vec<f32> = raw.iter().zip(&mirrored).map(|(a, b)| a + b).collect();
        let quality = quality::measure(
            face,
            crop,
            (length, self.embedding.spec.strength.as_ref()),
            Extra { agreement: one.score(&other), pose },
        );
        Ok((self.template(&sum)?.0, quality))
    }

    /// How the head is turned. The model (after Ruiz et al. 2018) gives the likelihood of 66 steps of 3° from −99°; its signs are the opposite, and
    /// a face that looks straight ahead gets −9° of pitch (rendered people, and the mean of 180 portraits).
    fn pose(&self, photo: &Photo, face: &Face) -> Result<Option<Pose>, EngineError> {
        const STRAIGHT: f32 = -9.0;
        let Some(model) = self.pose_model()? else { return Ok(None) };
        let side = model.spec.input.width;
        let Some(whole) = Similarity::around(&face.bounds, side as f32) else { return Ok(None) };
        let scaled = photo.at(whole.scale().min(1.0))?;
        let [x, y] = scaled.here([face.bounds[0], face.bounds[1]]);
        let bounds = [x, y, face.bounds[2] * scaled.scale, face.bounds[3] * scaled.scale];
        let Some(here) = Similarity::around(&bounds, side as f32) else { return Ok(None) };
        let outputs = model.run(&cut(&scaled.pixels, &here, side), 1)?;
        let mean = |steps: &Vec<f32>| {
            let highest = steps.iter().copied().fold(f32::MIN, f32::max);
            let likely = steps.iter().map(|s| (s - highest).exp());
            let (sum, weighted) = likely.enumerate().fold((0.0, 0.0), |(s, w), (at, l)| (s + l, w + l * at as f32));
            3.0 * weighted / sum - 99.0
        };
        match outputs.values.iter().map(mean).collect::<Vec<_>>()[..] {
            [yaw, pitch, _] => Ok(Some(Pose { yaw: -yaw, pitch: STRAIGHT - pitch })),
            _ => Err(model.failed(say!("faces-other-outputs-than-yaw-pitch"))),
        }
    }

    /// The embedding as the model gives it.
    fn raw(&self, crop: &RgbImage) -> Result<Vec<f32>, EngineError> {
        if crop.dimensions() != (CROP, CROP) {
            return Err(EngineError::Degenerate);
        }
        let outputs = self.embedding.run(crop, 1)?;
        outputs.values.into_iter().next().ok_or_else(|| self.embedding.failed(say!("faces-gives-no-output")))
    }

    fn template(&self, raw: &[f32]) -> Result<(Template, f32), EngineError> {
        Template::normalised(&self.embedding.spec.id, raw).ok_or(EngineError::Degenerate)
    }
}

impl Loaded {
    fn new(manifest: &Manifest, spec: &ModelSpec) -> Result<Self, EngineError> {
        let bytes = manifest.bytes(spec)?;
        let runner =
            Runner::load(&bytes, &spec.input).map_err(|message| EngineError::Model { id: spec.id.clone(), message })?;
        Ok(Self { spec: spec.clone(), runner })
    }

    fn failed(&self, message: impl std::fmt::Display) -> EngineError {
        EngineError::Model { id: self.spec.id.clone(), message: message.to_string() }
    }

    fn run(&self, pixels: &RgbImage, multiple: u32) -> Result<Outputs, EngineError> {
        self.runner.run(pixels, multiple).map_err(|e| self.failed(e))
    }
}
