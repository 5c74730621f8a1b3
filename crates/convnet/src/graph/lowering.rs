//! From the nodes of an ONNX graph to steps.

use std::collections::HashMap;

use pulp::Arch;
use tract_onnx::pb::{AttributeProto, GraphProto, NodeProto, TensorProto};

use super::step::{Prepared, Step, Unsupported, What, refused};
use crate::kernels::{self as k, Activation, Dense, Depthwise, Finish, Pointwise, padded};

/// Whether a node is a product with constant weights, whose rows are outputs.
pub(super) fn is_product(node: &NodeProto) -> bool {
    let whole = |name: &str, default: i64| node.attribute.iter().find(|a| a.name == name).map_or(default, |a| a.i);
    let one = |name: &str| node.attribute.iter().find(|a| a.name == name).is_none_or(|a| a.f == 1.0);
    match node.op_type.as_str() {
        "Conv" => true,
        "Gemm" => whole("transB", 0) == 1 && whole("transA", 0) == 0 && one("alpha") && one("beta"),
        _ => false,
    }
}

/// What a name in the graph stands for while it is lowered.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Value {
    pub(super) at: usize,
    pub(super) channels: usize,
    pub(super) doubled: bool,
    pub(super) logistic: bool,
}

/// What is constant in a graph, by name.
pub(super) struct Constants<'a>(pub(super) HashMap<&'a str, &'a TensorProto>);

impl<'a> Constants<'a> {
    pub(super) fn of(graph: &'a GraphProto) -> Self {
        Self(graph.initializer.iter().map(|t| (t.name.as_str(), t)).collect())
    }

    pub(super) fn floats(&self, name: &str) -> Result<Vec<f32>, Unsupported> {
        let Some(tensor) = self.0.get(name) else { return refused(format!("{name} is not constant")) };
        let size: i64 = tensor.dims.iter().product();
        let values = if tensor.raw_data.is_empty() {
            tensor.float_data.clone()
        } else {
            tensor.raw_data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
        };
        if tensor.data_type != 1 || usize::try_from(size) != Ok(values.len()) {
            return refused(format!("{name} does not hold {size} 32-bit values"));
        }
        Ok(values)
    }

    pub(super) fn dims(&self, name: &str) -> Result<Vec<usize>, Unsupported> {
        let Some(tensor) = self.0.get(name) else { return refused(format!("{name} is not constant")) };
        tensor.dims.iter().map(|d| usize::try_from(*d).or_else(|_| refused("a negative size"))).collect()
    }
}

fn attribute<'a>(node: &'a NodeProto, name: &str) -> Option<&'a AttributeProto> {
    node.attribute.iter().find(|a| a.name == name)
}

/// A list of numbers that must all be the same one.
fn even(node: &NodeProto, name: &str, default: usize) -> Result<usize, Unsupported> {
    let Some(list) = attribute(node, name).map(|a| &a.ints).filter(|ints| !ints.is_empty()) else { return Ok(default) };
    if list.iter().any(|n| *n != list[0]) {
        return refused(format!("uneven {name}"));
    }
    usize::try_from(list[0]).or_else(|_| refused(format!("negative {name}")))
}

fn filled(mut values: Vec<f32>) -> Vec<f32> {
    values.resize(padded(values.len()), 0.0);
    values
}

impl Finish {
    fn plain(bias: Vec<f32>) -> Self {
        Self { bias: filled(bias), activation: Activation::None }
    }
}

/// Nodes become steps here, one after another.
pub(super) struct Lowering<'a> {
    /// What it is lowered for.
    pub(super) arch: Arch,
    pub(super) constants: Constants<'a>,
    pub(super) names: HashMap<&'a str, Value>,
    /// How often each name is read.
    pub(super) uses: HashMap<&'a str, usize>,
    pub(super) steps: Vec<Step>,
    /// What is done to the input first.
    pub(super) prepared: Prepared,
}

impl<'a> Lowering<'a> {
    pub(super) fn value(&self, name: &str) -> Result<Value, Unsupported> {
        self.names.get(name).copied().map_or_else(|| refused(format!("{name} is read before it is made")), Ok)
    }

    fn step(&mut self, what: What, from: usize, node: &'a NodeProto, channels: usize) {
        let to = self.steps.len() + 1;
        self.steps.push(Step { what, from, to, done: Vec::new() });
        self.names.insert(&node.output[0], Value { at: to, channels, doubled: false, logistic: false });
    }

    pub(super) fn node(&mut self, node: &'a NodeProto) -> Result<(), Unsupported> {
        let (Some(first), [_, ..]) = (node.input.first(), node.output.as_slice()) else {
            return refused(format!("{} without input or output", node.op_type));
        };
        let input = self.value(first)?;
        if (input.doubled && node.op_type != "Add") || input.logistic {
            return refused(format!("{} after Resize or Sigmoid", node.op_type));
        }
        match node.op_type.as_str() {
            "Conv" => self.conv(node, input),
            "Sub" | "Mul" if input.at == 0 => {
                let [by] = self.constants.floats(&node.input[1])?[..] else {
                    return refused("values of their own for each input");
                };
                if node.op_type == "Sub" {
                    self.prepared.shift -= by * self.prepared.scale;
                } else {
                    self.prepared.scale *= by;
                    self.prepared.shift *= by;
                }
                self.names.insert(&node.output[0], input);
                Ok(())
            }
            "Gemm" => self.whole(node, input),
            "Relu" => self.activation(node, input, Activation::Relu),
            "PRelu" => {
                let slope = self.constants.floats(&node.input[1])?;
                if slope.len() != input.channels {
                    return refused("PRelu with another number of slopes than channels");
                }
                self.activation(node, input, Activation::Prelu(filled(slope)))
            }
            "MaxPool" => {
                if (even(node, "kernel_shape", 0)?, even(node, "strides", 1)?, even(node, "pads", 0)?) != (2, 2, 0) {
                    return refused("MaxPool other than 2×2");
                }
                let alone = self.uses.get(first.as_str()) == Some(&1);
                match self.steps.last_mut().filter(|s| alone && s.to == input.at).map(|s| &mut s.what) {
                    Some(What::Separable(_, conv, pool @ false)) if conv.slides() && conv.stride == 1 => {
                        *pool = true;
                        self.names.insert(&node.output[0], input);
                    }
                    _ => self.step(What::MaxPool, input.at, node, input.channels),
                }
                Ok(())
            }
            "Resize" => {
                let scales = self.constants.floats(node.input.last().map_or("", String::as_str))?;
                let nearest = attribute(node, "mode").is_some_and(|a| a.s == b"nearest");
                if !nearest || scales != [1.0, 1.0, 2.0, 2.0] {
                    return refused("Resize other than to twice the size by the nearest");
                }
                self.names.insert(&node.output[0], Value { doubled: true, ..input });
                Ok(())
            }
            "Add" => {
                let other = self.value(&node.input[1])?;
                let (plain, half) = if input.doubled { (other, input) } else { (input, other) };
                if plain.doubled || plain.channels != half.channels {
                    return refused("Add of unlike maps");
                }
                let what = if half.doubled { What::AddDoubled(half.at) } else { What::Add(half.at, None) };
                self.step(what, plain.at, node, plain.channels);
                Ok(())
            }
            "Sigmoid" => {
                self.names.insert(&node.output[0], Value { logistic: true, ..input });
                Ok(())
            }
            // Outputs are in the order height, width, channel already.
            "Transpose" if attribute(node, "perm").is_some_and(|a| a.ints == [0, 2, 3, 1]) => {
                self.names.insert(&node.output[0], input);
                Ok(())
            }
            "Reshape" | "Flatten" => {
                self.names.insert(&node.output[0], input);
                Ok(())
            }
            other => refused(other),
        }
    }

    /// Joins an activation to the convolution or the sum that made its input.
    fn activation(&mut self, node: &'a NodeProto, input: Value, activation: Activation) -> Result<(), Unsupported> {
        let only = self.uses.get(node.input[0].as_str()) == Some(&1);
        let made = self.steps.iter_mut().rev().find(|s| only && s.to == input.at).map(|s| &mut s.what);
        let finish = match made {
            Some(What::Dense(conv)) => &mut conv.product.finish,
            Some(What::Pointwise(conv)) => &mut conv.finish,
            Some(What::Depthwise(conv) | What::Separable(_, conv, false)) => &mut conv.finish,
            Some(What::Add(_, none @ None)) => {
                *none = Some(activation);
                self.names.insert(&node.output[0], input);
                return Ok(());
            }
            _ => return refused("an activation that does not follow its convolution"),
        };
        finish.activation = activation;
        self.names.insert(&node.output[0], input);
        Ok(())
    }

    /// A product over a whole map: the graph has [output][channel][pixel], maps have [pixel][channel].
    fn whole(&mut self, node: &'a NodeProto, input: Value) -> Result<(), Unsupported> {
        let [_, weights, bias] = node.input.as_slice() else { return refused("Gemm without bias") };
        let [outputs, inputs] = self.constants.dims(weights)?[..] else { return refused("Gemm not in 2-D") };
        let pixels = inputs / input.channels.max(1);
        let w = self.constants.floats(weights)?;
        let finish = Finish::plain(self.constants.floats(bias)?);
        if !is_product(node) || pixels == 0 || pixels * input.channels != inputs || w.len() != outputs * inputs {
            return refused("Gemm of an unusual form");
        }
        let (channels, full) = (input.channels, padded(input.channels));
        let weight = |o: usize, i: usize| {
            let (pixel, channel) = (i / full, i % full);
            if channel < channels { w[o * inputs + channel * pixels + pixel] } else { 0.0 }
        };
        let product = Pointwise::new(self.arch, (pixels * full, outputs), weight, finish);
        self.step(What::Whole(product, pixels), input.at, node, outputs);
        Ok(())
    }

    fn conv(&mut self, node: &'a NodeProto, input: Value) -> Result<(), Unsupported> {
        let [_, weights, bias] = node.input.as_slice() else { return refused("Conv without bias") };
        let [outputs, per, side, _] = self.constants.dims(weights)?[..] else { return refused("Conv not in 2-D") };
        let kernel = even(node, "kernel_shape", side)?;
        let (stride, pad) = (even(node, "strides", 1)?, even(node, "pads", 0)?);
        let group = attribute(node, "group").map_or(1, |a| a.i);
        let w = self.constants.floats(weights)?;
        let finish = Finish::plain(self.constants.floats(bias)?);
        let groups = usize::try_from(group).unwrap_or(0);
        let fits = w.len() == outputs * per * side * side && kernel == side && per * groups == input.channels;
        if !fits || even(node, "dilations", 1)? != 1 || stride == 0 {
            return refused("Conv of an unusual form");
        }
        if (side, stride, pad, groups) == (1, 1, 0, 1) {
            let conv = Pointwise::new(self.arch, (per, outputs), |o, i| w[o * per + i], finish);
            self.step(What::Pointwise(conv), input.at, node, outputs);
        } else if groups == outputs && per == 1 {
            let full = padded(outputs);
            let mut by_channel = vec![0.0; side * side * full];
            for (at, value) in w.iter().enumerate() {
                by_channel[at % (side * side) * full + at / (side * side)] = *value;
            }
            let conv = Depthwise { channels: outputs, side, stride, pad, weights: by_channel, finish };
            let alone = self.uses.get(node.input[0].as_str()) == Some(&1);
            match self.steps.pop() {
                // The 1×1 convolution just before is done together with this one.
                Some(Step { what: What::Pointwise(first), from, to, .. }) if alone && to == input.at => {
                    self.step(What::Separable(first, conv, false), from, node, outputs);
                }
                before => {
                    self.steps.extend(before);
                    self.step(What::Depthwise(conv), input.at, node, outputs);
                }
            }
        } else if (side, pad, groups) == (3, 1, 1) && per < k::LANES {
            // The graph has [output][channel][row][column], patches have [row][column][channel].
            let weight = |o: usize, i: usize| w[(o * per + i % per) * 9 + i / per];
            let product = Pointwise::new(self.arch, (9 * per, outputs), weight, finish);
            self.step(What::Dense(Dense { inputs: per, outputs, stride, product }), input.at, node, outputs);
        } else {
            return refused(format!("a {side}×{side} convolution of {per} channels"));
        }
        Ok(())
    }
}
