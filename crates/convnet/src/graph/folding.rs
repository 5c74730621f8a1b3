//! Normalisations folded into the products beside them: the same numbers with less to do.

use std::collections::HashMap;

use tract_onnx::pb::{GraphProto, NodeProto, TensorProto};

use super::lowering::{Constants, is_product};
use super::step::{Unsupported, refused};

/// `y = scale · x + shift` per channel: what a `BatchNormalization` is once its network is trained.
struct Affine {
    scale: Vec<f64>,
    shift: Vec<f64>,
}

impl Affine {
    fn of(node: &NodeProto, constants: &Constants) -> Result<Self, Unsupported> {
        let [_, gamma, beta, mean, variance] = node.input.as_slice() else {
            return refused("BatchNormalization in training");
        };
        let [gamma, beta, mean, variance] = [gamma, beta, mean, variance].map(|name| constants.floats(name));
        let (gamma, beta, mean, variance) = (gamma?, beta?, mean?, variance?);
        if [&beta, &mean, &variance].iter().any(|v| v.len() != gamma.len()) {
            return refused("BatchNormalization of unlike lengths");
        }
        // The operator's default.
        let epsilon = node.attribute.iter().find(|a| a.name == "epsilon").map_or(1e-5, |a| a.f);
        let scale: Vec<f64> = gamma
            .iter()
            .zip(&variance)
            .map(|(g, v)| f64::from(*g) / (f64::from(*v) + f64::from(epsilon)).sqrt())
            .collect();
        let shift = beta.iter().zip(&mean).zip(&scale).map(|((b, m), s)| f64::from(*b) - f64::from(*m) * s).collect();
        Ok(Self { scale, shift })
    }

    /// Into the product that comes before: the rows of `weights` are outputs.
    fn after(&self, weights: &mut [f32], bias: &mut [f32]) -> Result<(), Unsupported> {
        if self.scale.len() != bias.len() || !weights.len().is_multiple_of(bias.len().max(1)) {
            return refused("BatchNormalization of another number of channels than the product before it");
        }
        for ((row, bias), (scale, shift)) in
            weights.chunks_exact_mut(weights.len() / bias.len()).zip(&mut *bias).zip(self.scale.iter().zip(&self.shift))
        {
            row.iter_mut().for_each(|w| *w = (f64::from(*w) * scale) as f32);
            *bias = (f64::from(*bias) * scale + shift) as f32;
        }
        Ok(())
    }

    /// Into the product over whole maps that comes after: a row of `weights` has a channel's pixels side by side.
    fn before(&self, weights: &mut [f32], bias: &mut [f32]) -> Result<(), Unsupported> {
        let inputs = weights.len() / bias.len().max(1);
        let pixels = inputs / self.scale.len().max(1);
        if pixels == 0 || pixels * self.scale.len() != inputs || inputs * bias.len() != weights.len() {
            return refused("BatchNormalization of a number of channels that does not fit the product after it");
        }
        for (row, bias) in weights.chunks_exact_mut(inputs).zip(bias) {
            let mut sum = f64::from(*bias);
            for (channel, weights) in row.chunks_exact_mut(pixels).enumerate() {
                for w in weights {
                    sum += f64::from(*w) * self.shift[channel];
                    *w = (f64::from(*w) * self.scale[channel]) as f32;
                }
            }
            *bias = sum as f32;
        }
        Ok(())
    }
}

/// The graph without `BatchNormalization` and `Dropout`; each convolution that had none has a bias.
///
/// # Errors
/// [`Unsupported`] when a normalisation stands beside no product that only it reads or feeds.
pub(super) fn folded(graph: &GraphProto) -> Result<GraphProto, Unsupported> {
    let constants = Constants::of(graph);
    let made = |name: &str| graph.node.iter().find(|n| n.output.iter().any(|o| o == name));
    // Who alone reads a value.
    let reader = |name: &str| {
        let mut read = graph.node.iter().filter(|n| n.input.iter().any(|i| i == name));
        let only = read.next().filter(|_| read.next().is_none());
        only.filter(|_| graph.output.iter().all(|o| o.name != name))
    };
    // What is folded into each product, and what stands for an output that is no more.
    let mut into: HashMap<&str, Vec<(bool, Affine)>> = HashMap::new();
    let mut renamed: HashMap<&str, &str> = HashMap::new();
    for node in &graph.node {
        let (Some(from), Some(to)) = (node.input.first(), node.output.first()) else { continue };
        match node.op_type.as_str() {
            "Dropout" => {
                renamed.insert(to, from);
            }
            "BatchNormalization" => {
                let affine = Affine::of(node, &constants)?;
                match made(from) {
                    Some(product) if is_product(product) && reader(from).is_some() => {
                        into.entry(&product.output[0]).or_default().push((true, affine));
                    }
                    _ => {
                        // Through what moves values and changes none.
                        let mut name = to.as_str();
                        let next = loop {
                            match reader(name) {
                                Some(n) if ["Dropout", "Flatten"].contains(&n.op_type.as_str()) => name = &n.output[0],
                                other => break other,
                            }
                        };
                        let Some(gemm) = next.filter(|n| n.op_type == "Gemm") else {
                            return refused("BatchNormalization beside no product");
                        };
                        into.entry(&gemm.output[0]).or_default().push((false, affine));
                    }
                }
                renamed.insert(to, from);
            }
            _ => {}
        }
    }
    let last = |name: &String| {
        let stands_for = std::iter::successors(Some(name.as_str()), |name| renamed.get(name).copied());
        stands_for.last().map_or_else(String::new, str::to_owned)
    };
    let mut result = graph.clone();
    let kept = graph.node.iter().filter(|n| n.output.first().is_some_and(|o| !renamed.contains_key(o.as_str())));
    result.node = kept.cloned().collect();
    for node in &mut result.node {
        node.input.iter_mut().for_each(|name| *name = last(name));
        if !is_product(node) || (node.input.len() == 3 && !into.contains_key(node.output[0].as_str())) {
            continue;
        }
        let [_, weights, ..] = node.input.as_slice() else {
            return refused(format!("{} without weights", node.op_type));
        };
        let (dims, mut w) = (constants.dims(weights)?, constants.floats(weights)?);
        let mut bias = match node.input.get(2) {
            Some(bias) => constants.floats(bias)?,
            None => vec![0.0; dims.first().copied().unwrap_or(0)],
        };
        for (after, affine) in into.get(node.output[0].as_str()).into_iter().flatten() {
            if *after { affine.after(&mut w, &mut bias)? } else { affine.before(&mut w, &mut bias)? }
        }
        let mut put = |what: &str, dims: &[usize], float_data: Vec<f32>| {
            let name = format!("{}.{what}", node.output[0]);
            let dims = dims.iter().map(|d| *d as i64).collect();
            result.initializer.push(TensorProto {
                name: name.clone(),
                dims,
                data_type: 1,
                float_data,
                ..TensorProto::default()
            });
            name
        };
        let names = [put("weights", &dims, w), put("bias", &[bias.len()], bias)];
        node.input.truncate(1);
        node.input.extend(names);
    }
    for output in &mut result.output {
        // Whoever asks for an output asks by its place.
        output.name = last(&output.name);
    }
    Ok(result)
}
