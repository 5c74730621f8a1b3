//! What `convnet` gives for its lines: each network by it and by tract, one thread, median of [`RUNS`] runs each, in turn. One
//! JSON object a line; `tests/peers/kernels.py` measures ONNX Runtime beside them and prints the table.

use std::hint::black_box;
use std::time::Instant;

use convnet::{Network, multiplications_per_second};
use faces::{Manifest, Task};
use tract_onnx::prelude::*;

// tract is given its graph as `faces` gives it one.
#[path = "../src/rewrite.rs"]
mod rewrite;

const RUNS: usize = 40;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let manifest = Manifest::locate()?;
    let peak = multiplications_per_second();
    for (task, side) in [(Task::Detector, 640), (Task::Embedding, 112), (Task::Landmarks, 192)] {
        let spec = manifest.model(task, None)?;
        let bytes = manifest.bytes(spec)?;
        let network = Network::from_onnx(&bytes)?;
        let mut proto = onnx().proto_model_for_read(&mut &bytes[..])?;
        proto.graph.as_mut().map(rewrite::spell_out_prelu);
        let model = onnx()
            .model_for_proto_model(&proto)?
            .with_input_fact(0, f32::fact([1, 3, side, side]).into())?
            .into_optimized()?
            .into_runnable()?;
        let input: Vec<f32> = (0..3 * side * side).map(|at| (at as f32 * 0.618).fract()).collect();
        let planes: Tensor = tract_ndarray::Array4::from_shape_vec((1, 3, side, side), input.clone())?.into();
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            let begun = Instant::now();
            black_box(network.run(&input, side, side)?);
            ours.push(begun.elapsed().as_secs_f64());
            let begun = Instant::now();
            black_box(model.run(tvec!(planes.clone().into_tvalue()))?);
            theirs.push(begun.elapsed().as_secs_f64());
        }
        let [ours, theirs] = [ours, theirs].map(|mut seconds| {
            seconds.sort_by(f64::total_cmp);
            seconds[RUNS / 2]
        });
        let least = network.multiplications(side, side) as f64 / peak;
        println!("{}", serde_json::json!({ "model": spec.id, "convnet": ours, "tract": theirs, "least": least }));
    }
    Ok(())
}
