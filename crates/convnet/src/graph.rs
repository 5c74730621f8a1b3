//! From an ONNX graph to steps, and the steps run.

use std::collections::HashMap;
use std::sync::Mutex;

use pulp::Arch;
use tract_onnx::pb::{AttributeProto, GraphProto, NodeProto, TensorProto};

use crate::kernels::{self as k, Activation, Dense, Depthwise, Finish, Pointwise, padded};

/// The graph holds something that this crate does not run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the graph is outside what is run here: {0}")]
pub struct Unsupported(String);

fn refused<T>(why: impl Into<String>) -> Result<T, Unsupported> {
    Err(Unsupported(why.into()))
}

/// An output: `height`×`width` pixels of `channels` values each, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// Pixels down.
    pub height: usize,
    /// Pixels across.
    pub width: usize,
    /// Values of a pixel.
    pub channels: usize,
    /// `[height][width][channels]`.
    pub values: Vec<f32>,
}

/// A network ready to run, from any thread.
pub struct Network {
    steps: Vec<Step>,
    outputs: Vec<Output>,
    channels: usize,
    values: usize,
    arch: Arch,
    /// Buffers of earlier runs.
    spare: Mutex<Vec<Vec<f32>>>,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Network({} steps, {:?})", self.steps.len(), self.arch)
    }
}

/// Some channels of a value.
struct Output {
    at: usize,
    start: usize,
    channels: usize,
    /// Whether it still goes through the logistic function.
    logistic: bool,
}

struct Step {
    what: What,
    from: usize,
    to: usize,
    /// Values that no later step reads.
    done: Vec<usize>,
}

enum What {
    Dense(Dense),
    Pointwise(Pointwise),
    Depthwise(Depthwise),
    /// The last says whether a 2×2 pool follows.
    Separable(Pointwise, Depthwise, bool),
    MaxPool,
    Add(usize),
    AddDoubled(usize),
}

/// What a name in the graph stands for while it is lowered.
#[derive(Clone, Copy, PartialEq)]
struct Value {
    at: usize,
    channels: usize,
    doubled: bool,
    logistic: bool,
}

struct Constants<'a>(HashMap<&'a str, &'a TensorProto>);

impl Constants<'_> {
    fn floats(&self, name: &str) -> Result<Vec<f32>, Unsupported> {
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

    fn dims(&self, name: &str) -> Result<Vec<usize>, Unsupported> {
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

struct Lowering<'a> {
    constants: Constants<'a>,
    names: HashMap<&'a str, Value>,
    /// How often each name is read.
    uses: HashMap<&'a str, usize>,
    steps: Vec<Step>,
}

impl<'a> Lowering<'a> {
    fn value(&self, name: &str) -> Result<Value, Unsupported> {
        self.names.get(name).copied().map_or_else(|| refused(format!("{name} is read before it is made")), Ok)
    }

    fn step(&mut self, what: What, from: usize, node: &'a NodeProto, channels: usize) {
        let to = self.steps.len() + 1;
        self.steps.push(Step { what, from, to, done: Vec::new() });
        self.names.insert(&node.output[0], Value { at: to, channels, doubled: false, logistic: false });
    }

    fn node(&mut self, node: &'a NodeProto) -> Result<(), Unsupported> {
        let (Some(first), [_, ..]) = (node.input.first(), node.output.as_slice()) else {
            return refused(format!("{} without input or output", node.op_type));
        };
        let input = self.value(first)?;
        if (input.doubled && node.op_type != "Add") || input.logistic {
            return refused(format!("{} after Resize or Sigmoid", node.op_type));
        }
        match node.op_type.as_str() {
            "Conv" => self.conv(node, input),
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
                let what = if half.doubled { What::AddDoubled(half.at) } else { What::Add(half.at) };
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

    /// Joins an activation to the convolution that made its input.
    fn activation(&mut self, node: &'a NodeProto, input: Value, activation: Activation) -> Result<(), Unsupported> {
        let only = self.uses.get(node.input[0].as_str()) == Some(&1);
        let made = self.steps.last_mut().filter(|s| only && s.to == input.at).map(|s| &mut s.what);
        let finish = match made {
            Some(What::Dense(conv)) => &mut conv.product.finish,
            Some(What::Pointwise(conv)) => &mut conv.finish,
            Some(What::Depthwise(conv) | What::Separable(_, conv, false)) => &mut conv.finish,
            _ => return refused("an activation that does not follow its convolution"),
        };
        finish.activation = activation;
        self.names.insert(&node.output[0], input);
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
            let conv = Pointwise::new(per, outputs, |o, i| w[o * per + i], finish);
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
            let product = Pointwise::new(9 * per, outputs, weight, finish);
            self.step(What::Dense(Dense { inputs: per, outputs, stride, product }), input.at, node, outputs);
        } else {
            return refused(format!("a {side}×{side} convolution of {per} channels"));
        }
        Ok(())
    }
}

/// Small heads that read the same value and give only outputs are done as one convolution: alone, each
/// would fill whole vectors with few channels.
fn join_heads(steps: Vec<Step>, outputs: &mut [Output]) -> Vec<Step> {
    let read: Vec<usize> = steps.iter().flat_map(Step::reads).collect();
    let mut joined: Vec<Step> = Vec::new();
    for step in steps {
        let only_output = !read.contains(&step.to);
        let before = joined.iter_mut().find(|s| s.from == step.from && !read.contains(&s.to));
        match (before.map(|s| (s.to, &mut s.what)), &step.what) {
            (Some((to, What::Separable(first, second, false))), What::Separable(more, last, false))
                if only_output && first.joins(more) && second.joins(last) =>
            {
                for output in outputs.iter_mut().filter(|o| o.at == step.to) {
                    (output.at, output.start) = (to, output.start + second.channels);
                }
                first.join(more);
                second.join(last);
            }
            _ => joined.push(step),
        }
    }
    joined
}

impl Network {
    /// From the bytes of an ONNX file; see [`Network::new`].
    ///
    /// # Errors
    /// [`Unsupported`], also when the bytes are no ONNX file.
    pub fn from_onnx(mut bytes: &[u8]) -> Result<Self, Unsupported> {
        use tract_onnx::prelude::Framework as _;
        let model = tract_onnx::onnx().proto_model_for_read(&mut bytes);
        match model.map(|m| m.graph) {
            Ok(Some(graph)) => Self::new(&graph),
            Ok(None) => refused("the file holds no graph"),
            Err(e) => refused(format!("{e:#}")),
        }
    }

    /// Lowers a graph with one input, whose channels come first in ONNX and last here.
    ///
    /// # Errors
    /// [`Unsupported`] when the graph holds an operator or form that is not known here.
    pub fn new(graph: &GraphProto) -> Result<Self, Unsupported> {
        let constants = Constants(graph.initializer.iter().map(|t| (t.name.as_str(), t)).collect());
        let inputs: Vec<_> = graph.input.iter().filter(|i| !constants.0.contains_key(i.name.as_str())).collect();
        let [input] = inputs[..] else { return refused("more than one input") };
        let mut uses = HashMap::new();
        for name in graph.node.iter().flat_map(|n| &n.input).chain(graph.output.iter().map(|o| &o.name)) {
            *uses.entry(name.as_str()).or_insert(0) += 1;
        }
        let first = graph.node.iter().find(|n| n.op_type == "Conv" && n.input.first() == Some(&input.name));
        let channels = match first.map(|n| constants.dims(&n.input[1])) {
            Some(Ok(dims)) if dims.len() == 4 => dims[1],
            _ => return refused("the input is not read by a convolution"),
        };
        let start = Value { at: 0, channels, doubled: false, logistic: false };
        let names = HashMap::from([(input.name.as_str(), start)]);
        let mut lowering = Lowering { constants, names, uses, steps: Vec::new() };
        for node in &graph.node {
            lowering.node(node)?;
        }
        let mut outputs = Vec::new();
        for output in &graph.output {
            let value = lowering.value(&output.name)?;
            if value.doubled {
                return refused("an output straight from Resize");
            }
            outputs.push(Output { at: value.at, start: 0, channels: value.channels, logistic: value.logistic });
        }
        let mut steps = join_heads(lowering.steps, &mut outputs);
        if !matches!(steps.first(), Some(Step { what: What::Dense(_), from: 0, .. })) {
            return refused("the input is not read by a full convolution");
        }
        if steps.iter().skip(1).any(|s| s.reads().contains(&0)) {
            return refused("the input is read more than once");
        }
        // Steps that were joined to a later one leave a gap in the numbers, nothing else.
        let values = steps.iter().map(|s| s.to).max().unwrap_or(0) + 1;
        for value in 1..values {
            let last = steps.iter_mut().rev().find(|s| s.reads().contains(&value));
            if let Some(step) = last.filter(|_| outputs.iter().all(|o| o.at != value)) {
                step.done.push(value);
            }
        }
        Ok(Self { steps, outputs, channels, values, arch: Arch::new(), spare: Mutex::default() })
    }

    /// Channels of the input.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Multiplications that one run on an input of this size needs.
    pub fn multiplications(&self, height: usize, width: usize) -> u64 {
        let mut sizes = vec![(0, 0); self.values];
        sizes[0] = (height, width);
        let mut sum = 0;
        for step in &self.steps {
            let (from, to) = (sizes[step.from], step.what.size(sizes[step.from]).unwrap_or((0, 0)));
            let each = |conv: &Depthwise| conv.channels * conv.side * conv.side;
            sum += match &step.what {
                What::Dense(conv) => to.0 * to.1 * conv.product.inputs * conv.outputs,
                What::Pointwise(conv) => to.0 * to.1 * conv.inputs * conv.outputs,
                What::Depthwise(conv) => to.0 * to.1 * each(conv),
                What::Separable(first, second, pool) => {
                    let before = if *pool { 4 } else { 1 };
                    from.0 * from.1 * first.inputs * first.outputs + before * to.0 * to.1 * each(second)
                }
                What::MaxPool | What::Add(_) | What::AddDoubled(_) => 0,
            } as u64;
            sizes[step.to] = to;
        }
        sum
    }

    /// Runs the network on `[height][width][channels]`.
    ///
    /// # Errors
    /// [`Unsupported`] when the input has another size than it says, or one that the network's
    /// halvings and doublings do not fit.
    pub fn run(&self, input: &[f32], height: usize, width: usize) -> Result<Vec<Map>, Unsupported> {
        if input.len() != height * width * self.channels || input.is_empty() {
            return refused("the input has another size than it says");
        }
        let mut sizes = vec![(0, 0, 0); self.values];
        sizes[0] = (height, width, self.channels);
        let mut values: Vec<Vec<f32>> = vec![Vec::new(); self.values];
        let mut spare = self.spare.lock().map(|mut s| std::mem::take(&mut *s)).unwrap_or_default();
        let mut between = Vec::new();
        let count = |(h, w, c): (usize, usize, usize)| h * w * padded(c);
        for step in &self.steps {
            let (h, w, c) = sizes[step.from];
            let Some((oh, ow)) = step.what.size((h, w)).filter(|(oh, ow)| oh * ow > 0) else {
                return refused("the input is too small");
            };
            let channels = step.what.channels().unwrap_or(c);
            let wanted = count((oh, ow, channels));
            // A sum takes the place of what nobody reads after it.
            let in_place = matches!(step.what, What::Add(_) | What::AddDoubled(_)) && step.done.contains(&step.from);
            let mut buffer = if in_place { std::mem::take(&mut values[step.from]) } else { taken(&mut spare, wanted) };
            let out = &mut buffer[..wanted];
            let from =
                if step.from == 0 { input } else { values[step.from].get(..count((h, w, c))).unwrap_or_default() };
            match &step.what {
                What::Dense(conv) => k::run_dense(self.arch, conv, from, (h, w), out, ow),
                What::Pointwise(conv) => k::run_pointwise(self.arch, conv, from, out),
                What::Depthwise(conv) => k::run_depthwise(self.arch, conv, from, (h, w), out, ow),
                What::Separable(first, second, pool) => {
                    k::run_separable(self.arch, (first, second, *pool), from, (h, w), out, (ow, &mut between));
                }
                What::MaxPool => k::run_max_pool(self.arch, from, w, padded(c), out, ow),
                What::Add(other) | What::AddDoubled(other) => {
                    let (other_h, other_w, _) = sizes[*other];
                    let doubled = matches!(step.what, What::AddDoubled(_));
                    let twice = if doubled { 2 } else { 1 };
                    if (twice * other_h, twice * other_w) != (h, w) {
                        return refused("the input's size does not fit the network's halvings");
                    }
                    if !in_place {
                        out.copy_from_slice(from);
                    }
                    let other = &values[*other][..count(sizes[*other])];
                    if doubled {
                        k::run_add_doubled(self.arch, out, other, w, padded(c));
                    } else {
                        k::run_add(self.arch, out, other);
                    }
                }
            }
            sizes[step.to] = (oh, ow, channels);
            values[step.to] = buffer;
            spare.extend(step.done.iter().map(|at| std::mem::take(&mut values[*at])));
        }
        let maps = self.outputs.iter().map(|output| {
            let (height, width, all) = sizes[output.at];
            let one = |v: &f32| if output.logistic { 1.0 / (1.0 + (-v).exp()) } else { *v };
            let pixels = values[output.at][..count(sizes[output.at])].chunks_exact(padded(all));
            let values = pixels.flat_map(|p| p[output.start..][..output.channels].iter().map(one)).collect();
            Map { height, width, channels: output.channels, values }
        });
        let maps = maps.collect();
        spare.extend(values);
        spare.push(between);
        if let Ok(mut kept) = self.spare.lock() {
            // Runs at the same time gave theirs back already; the largest are kept, within limits.
            spare.append(&mut kept);
            spare.sort_by_key(|buffer| std::cmp::Reverse(buffer.len()));
            let mut sum = 0;
            spare.retain(|buffer| {
                sum += buffer.len();
                !buffer.is_empty() && sum <= MOST_KEPT
            });
            *kept = spare;
        }
        Ok(maps)
    }
}

/// Values kept between runs at most: 64 MB.
const MOST_KEPT: usize = 16 * 1024 * 1024;

/// The smallest buffer that holds `wanted` values, or a new one.
fn taken(spare: &mut Vec<Vec<f32>>, wanted: usize) -> Vec<f32> {
    let fitting = spare.iter().enumerate().filter(|(_, buffer)| buffer.len() >= wanted);
    match fitting.min_by_key(|(_, buffer)| buffer.len()).map(|(at, _)| at) {
        Some(at) => spare.swap_remove(at),
        None => vec![0.0; wanted],
    }
}

impl Step {
    fn reads(&self) -> Vec<usize> {
        match self.what {
            What::Add(other) | What::AddDoubled(other) => vec![self.from, other],
            _ => vec![self.from],
        }
    }
}

impl What {
    fn channels(&self) -> Option<usize> {
        match self {
            What::Dense(conv) => Some(conv.outputs),
            What::Pointwise(conv) => Some(conv.outputs),
            What::Depthwise(conv) | What::Separable(_, conv, _) => Some(conv.channels),
            What::MaxPool | What::Add(_) | What::AddDoubled(_) => None,
        }
    }

    fn size(&self, from: (usize, usize)) -> Option<(usize, usize)> {
        match self {
            What::Dense(conv) => k::moved(from, 3, conv.stride, 1),
            What::Depthwise(conv) | What::Separable(_, conv, false) => k::moved(from, conv.side, conv.stride, conv.pad),
            What::MaxPool | What::Separable(_, _, true) => Some((from.0 / 2, from.1 / 2)),
            What::Pointwise(_) | What::Add(_) | What::AddDoubled(_) => Some(from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(name: &str, dims: &[usize], seed: f32) -> TensorProto {
        let size: usize = dims.iter().product();
        let float_data = (0..size).map(|i| ((i as f32 * 0.618 + seed).fract() - 0.5) * 0.4).collect();
        let dims = dims.iter().map(|d| *d as i64).collect();
        TensorProto { name: name.to_owned(), dims, data_type: 1, float_data, ..TensorProto::default() }
    }

    fn node(op: &str, inputs: &[&str], output: &str, ints: &[(&str, &[i64])], group: i64) -> NodeProto {
        let list = |(name, ints): &(&str, &[i64])| AttributeProto {
            name: (*name).to_owned(),
            ints: ints.to_vec(),
            ..AttributeProto::default()
        };
        let group = AttributeProto { name: "group".to_owned(), i: group, ..AttributeProto::default() };
        NodeProto {
            op_type: op.to_owned(),
            input: inputs.iter().map(|i| (*i).to_owned()).collect(),
            output: vec![output.to_owned()],
            attribute: ints.iter().map(list).chain([group]).collect(),
            ..NodeProto::default()
        }
    }

    fn value(name: &str) -> tract_onnx::pb::ValueInfoProto {
        tract_onnx::pb::ValueInfoProto { name: name.to_owned(), ..Default::default() }
    }

    /// A 3×3 convolution of three channels to `c` with PReLU, then 1×1 to `d` and 3×3 depthwise with
    /// `stride` and ReLU.
    fn small(c: usize, d: usize, stride: i64) -> GraphProto {
        let three: &[(&str, &[i64])] = &[("kernel_shape", &[3, 3]), ("pads", &[1, 1, 1, 1]), ("strides", &[2, 2])];
        let stride = [stride, stride];
        let depth: &[(&str, &[i64])] = &[("kernel_shape", &[3, 3]), ("pads", &[1, 1, 1, 1]), ("strides", &stride)];
        GraphProto {
            node: vec![
                node("Conv", &["x", "w1", "b1"], "a", three, 1),
                node("PRelu", &["a", "s1"], "b", &[], 1),
                node("Conv", &["b", "w2", "b2"], "c", &[("kernel_shape", &[1, 1])], 1),
                node("Conv", &["c", "w3", "b3"], "d", depth, d as i64),
                node("Relu", &["d"], "y", &[], 1),
            ],
            initializer: vec![
                tensor("w1", &[c, 3, 3, 3], 0.1),
                tensor("b1", &[c], 0.2),
                tensor("s1", &[c, 1, 1], 0.3),
                tensor("w2", &[d, c, 1, 1], 0.4),
                tensor("b2", &[d], 0.5),
                tensor("w3", &[d, 1, 3, 3], 0.6),
                tensor("b3", &[d], 0.7),
            ],
            input: vec![value("x")],
            output: vec![value("y")],
            ..GraphProto::default()
        }
    }

    /// The definition of a convolution, as slow as it is plain.
    fn plainly(graph: &GraphProto, input: &[f32], (h, w): (usize, usize), stride: usize) -> Vec<f32> {
        let data = |at: usize| graph.initializer[at].float_data.as_slice();
        let (c, d) = (data(1).len(), data(4).len());
        let conv = |x: &[f32], (h, w, ic): (usize, usize, usize), s: usize, tap: &dyn Fn(usize, usize) -> f32| {
            let (oh, ow) = ((h - 1) / s + 1, (w - 1) / s + 1);
            let mut out = Vec::new();
            for (oy, ox) in (0..oh).flat_map(|y| (0..ow).map(move |x| (y, x))) {
                let mut sum = 0.0;
                for (k, i) in (0..9).flat_map(|k| (0..ic).map(move |i| (k, i))) {
                    let (y, x_) = ((oy * s + k / 3).wrapping_sub(1), (ox * s + k % 3).wrapping_sub(1));
                    if y < h && x_ < w {
                        sum += x[(y * w + x_) * ic + i] * tap(k, i);
                    }
                }
                out.push(sum);
            }
            (out, oh, ow)
        };
        let mut first = Vec::new();
        let (mut fh, mut fw) = (0, 0);
        for o in 0..c {
            let (out, oh, ow) = conv(input, (h, w, 3), 2, &|k, i| data(0)[(o * 3 + i) * 9 + k]);
            (fh, fw) = (oh, ow);
            first.push(
                out.into_iter()
                    .map(|v| v + data(1)[o])
                    .map(|v| if v < 0.0 { v * data(2)[o] } else { v })
                    .collect::<Vec<_>>(),
            );
        }
        let mut channels = Vec::new();
        for o in 0..d {
            let point: Vec<f32> = (0..fh * fw)
                .map(|p| data(4)[o] + (0..c).map(|i| first[i][p] * data(3)[o * c + i]).sum::<f32>())
                .collect();
            let (out, ..) = conv(&point, (fh, fw, 1), stride, &|k, _| data(5)[o * 9 + k]);
            channels.push(out.into_iter().map(|v| (v + data(6)[o]).max(0.0)).collect::<Vec<_>>());
        }
        (0..channels[0].len() * d).map(|at| channels[at % d][at / d]).collect()
    }

    #[test]
    fn any_size_and_vector_width_gives_what_the_definition_gives() {
        for (c, d, stride, size) in
            [(16, 16, 1, (9, 7)), (20, 33, 2, (64, 50)), (64, 80, 1, (30, 91)), (3, 1, 2, (2, 2))]
        {
            let graph = small(c, d, stride);
            let mut network = Network::new(&graph).expect("it is of the known kind");
            let input: Vec<f32> = (0..size.0 * size.1 * 3).map(|i| (i as f32 * 0.371).sin()).collect();
            let wanted = plainly(&graph, &input, size, stride as usize);
            for arch in [Arch::Scalar, Arch::new()] {
                network.arch = arch;
                // Twice, so that buffers of a former run are met.
                for _ in 0..2 {
                    let map = network.run(&input, size.0, size.1).expect("it runs").remove(0);
                    assert_eq!((map.values.len(), map.channels), (wanted.len(), d));
                    let worst = map.values.iter().zip(&wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                    assert!(worst < 1e-5, "{worst} with {c} {d} {stride} {size:?} {arch:?}");
                }
            }
        }
    }

    #[test]
    fn unknown_graphs_and_wrong_inputs_are_refused() {
        let mut graph = small(8, 8, 1);
        let network = Network::new(&graph).expect("it is of the known kind");
        assert!(network.run(&[0.0; 10], 2, 2).is_err());
        assert!(network.run(&[], 0, 0).is_err());
        graph.node[4].op_type = "Softplus".to_owned();
        assert_eq!(Network::new(&graph).expect_err("not known"), Unsupported("Softplus".to_owned()));
        assert!(Network::from_onnx(b"this is no model").is_err());
    }
}
