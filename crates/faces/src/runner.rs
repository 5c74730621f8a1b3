//! How a model is run: by `convnet` where it knows all of the graph, else by tract.

use catalogue::say;
use convnet::Network;
use image::RgbImage;
use tract_onnx::prelude::*;

use crate::manifest::{Channels, InputSpec};
use crate::rewrite;

pub(crate) struct Runner {
    input: InputSpec,
    how: How,
}

enum How {
    Convnet(Box<Network>),
    Tract(Arc<TypedRunnableModel>),
}

/// What a model gave for an input of `width`×`height` pixels.
pub(crate) struct Outputs {
    pub width: usize,
    pub height: usize,
    /// One list a graph output, flat.
    pub values: Vec<Vec<f32>>,
}

impl Runner {
    /// From an ONNX file.
    ///
    /// # Errors
    /// In words, when neither can run it.
    pub fn load(bytes: &[u8], input: &InputSpec) -> Result<Self, String> {
        let words = |e: TractError| format!("{e:#}");
        let onnx = onnx();
        let mut proto = onnx.proto_model_for_read(&mut &bytes[..]).map_err(words)?;
        let graph = proto.graph.as_mut().ok_or(say!("faces-holds-no-graph"))?;
        let how = match Network::new(graph) {
            Ok(network) if network.channels() == 3 => How::Convnet(Box::new(network)),
            _ => {
                rewrite::spell_out_prelu(graph);
                let shape = [1, 3, input.height as usize, input.width as usize];
                let model = onnx.model_for_proto_model(&proto).and_then(|model| {
                    model.with_input_fact(0, f32::fact(shape).into())?.into_optimized()?.into_runnable()
                });
                How::Tract(model.map_err(words)?)
            }
        };
        Ok(Self { input: input.clone(), how })
    }

    /// Whether a convolutional model takes pictures of any size.
    pub fn takes_any_size(&self) -> bool {
        matches!(self.how, How::Convnet(_))
    }

    /// Runs the model on a picture that fits its input, which stands in the top left corner; the rest is
    /// black. A convolutional detector gets no more rest than up to the next `multiple` of pixels.
    pub fn run(&self, pixels: &RgbImage, multiple: u32) -> Result<Outputs, String> {
        match &self.how {
            How::Convnet(network) => {
                let (width, height) =
                    (pixels.width().next_multiple_of(multiple), pixels.height().next_multiple_of(multiple));
                let (width, height) = (width as usize, height as usize);
                let maps = network.run(&self.rows(pixels, width, height), height, width).map_err(|e| e.to_string())?;
                Ok(Outputs { width, height, values: maps.into_iter().map(|m| m.values).collect() })
            }
            How::Tract(model) => {
                let (width, height) = (self.input.width as usize, self.input.height as usize);
                if pixels.width() > self.input.width || pixels.height() > self.input.height {
                    return Err(say!("faces-picture-larger-than-model-input").to_owned());
                }
                let rows = self.rows(pixels, width, height);
                let plane = width * height;
                let planes = (0..3 * plane).map(|at| rows[at % plane * 3 + at / plane]).collect();
                let words = |e: TractError| format!("{e:#}");
                let input =
                    tract_ndarray::Array4::from_shape_vec((1, 3, height, width), planes).map_err(|e| e.to_string())?;
                let outputs = model.run(tvec!(Tensor::from(input).into_tvalue())).map_err(words)?;
                let values = outputs.iter().map(|value| {
                    Ok(value.try_as_plain_ram().and_then(|t| t.as_slice::<f32>()).map_err(words)?.to_vec())
                });
                Ok(Outputs { width, height, values: values.collect::<Result<_, String>>()? })
            }
        }
    }

    /// `[height][width][3]` in the channel order and range of the model.
    fn rows(&self, pixels: &RgbImage, width: usize, height: usize) -> Vec<f32> {
        let InputSpec { mean, scale, .. } = self.input;
        let black: [f32; 3] = std::array::from_fn(|c| -mean[c] * scale[c]);
        let order = match self.input.channels {
            Channels::Rgb => [0, 1, 2],
            Channels::Bgr => [2, 1, 0],
        };
        let mut rows = vec![0.0; 3 * width * height];
        let filled = (pixels.width() as usize, pixels.height() as usize);
        for (y, to) in rows.chunks_exact_mut(3 * width).enumerate() {
            let seen = if y < filled.1 { 3 * filled.0 } else { 0 };
            let (inside, outside) = to.split_at_mut(seen);
            let from = if seen > 0 { &pixels.as_raw()[y * seen..][..seen] } else { &[] };
            for (to, from) in inside.chunks_exact_mut(3).zip(from.chunks_exact(3)) {
                for c in 0..3 {
                    to[c] = (f32::from(from[order[c]]) - mean[c]) * scale[c];
                }
            }
            for to in outside.chunks_exact_mut(3) {
                to.copy_from_slice(&black);
            }
        }
        rows
    }
}
