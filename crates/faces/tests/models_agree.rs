//! The models run by `convnet` give what tract gives.

use std::path::Path;

use convnet::Network;
use tract_onnx::prelude::*;

fn both(file: &str, side: usize, value: impl Fn(usize) -> f32) -> f32 {
    let bytes = std::fs::read(Path::new(env!("CORROBORATE_ROOT")).join("models").join(file)).unwrap();
    // Height, width, channel here; channel, height, width there.
    let input: Vec<f32> = (0..3 * side * side).map(value).collect();
    let planes = (0..3 * side * side).map(|at| input[at % (side * side) * 3 + at / (side * side)]).collect();
    let ours = Network::from_onnx(&bytes).unwrap().run(&input, side, side).unwrap();
    let model = onnx()
        .model_for_read(&mut &bytes[..])
        .and_then(|m| m.with_input_fact(0, f32::fact([1, 3, side, side]).into())?.into_optimized()?.into_runnable())
        .unwrap();
    let planes = tract_ndarray::Array4::from_shape_vec((1, 3, side, side), planes).unwrap();
    let theirs = model.run(tvec!(Tensor::from(planes).into_tvalue())).unwrap();
    assert_eq!(ours.len(), theirs.len());
    let mut worst = 0.0f32;
    for (ours, theirs) in ours.iter().zip(&theirs) {
        let theirs = theirs.try_as_plain_ram().unwrap();
        let theirs = theirs.as_slice::<f32>().unwrap();
        assert_eq!(ours.values.len(), theirs.len());
        let scale = theirs.iter().fold(1.0f32, |m, v| m.max(v.abs()));
        worst = ours.values.iter().zip(theirs).map(|(a, b)| (a - b).abs() / scale).fold(worst, f32::max);
    }
    worst
}

#[test]
fn every_network_agrees_with_tract() {
    let noise = |at: usize| (at as f32 * 0.618_034).fract();
    assert!(both("face_detection_yunet_2023mar.onnx", 640, |at| 255.0 * noise(at)) < 1e-5);
    assert!(both("fr_feature.onnx", 112, |at| 2.0 * noise(at) - 1.0) < 1e-5);
    assert!(both("face_mesh_turned.onnx", 192, noise) < 1e-5);
    // Its normalisations are folded into the weights: other roundings, through 27 products one after the other.
    assert!(both("sface_2021dec.onnx", 112, |at| 255.0 * noise(at)) < 1e-4);
}
