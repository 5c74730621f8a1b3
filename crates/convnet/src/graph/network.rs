//! A network of steps, made of a graph and run.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Mutex;

use pulp::Arch;
use tract_onnx::pb::GraphProto;

use super::folding::folded;
use super::lowering::{Constants, Lowering, Value};
use super::step::{Prepared, Step, Unsupported, What, refused};
use crate::kernels::{self as k, Depthwise, padded};

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
    prepared: Prepared,
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
        Self::lowered(graph, Arch::new())
    }

    pub(super) fn lowered(graph: &GraphProto, arch: Arch) -> Result<Self, Unsupported> {
        let graph = &folded(graph)?;
        let constants = Constants::of(graph);
        let inputs: Vec<_> = graph.input.iter().filter(|i| !constants.0.contains_key(i.name.as_str())).collect();
        let [input] = inputs[..] else { return refused("more than one input") };
        let mut uses = HashMap::new();
        for name in graph.node.iter().flat_map(|n| &n.input).chain(graph.output.iter().map(|o| &o.name)) {
            *uses.entry(name.as_str()).or_insert(0) += 1;
        }
        let first = graph.node.iter().find(|n| n.op_type == "Conv");
        let channels = match first.map(|n| constants.dims(&n.input[1])) {
            Some(Ok(dims)) if dims.len() == 4 => dims[1],
            _ => return refused("the input is not read by a convolution"),
        };
        let start = Value { at: 0, channels, doubled: false, logistic: false };
        let names = HashMap::from([(input.name.as_str(), start)]);
        let mut lowering = Lowering { arch, constants, names, uses, steps: Vec::new(), prepared: Prepared::default() };
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
        let prepared = lowering.prepared;
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
        Ok(Self { steps, outputs, prepared, channels, values, arch, spare: Mutex::default() })
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
                What::Pointwise(conv) | What::Whole(conv, _) => to.0 * to.1 * conv.inputs * conv.outputs,
                What::Depthwise(conv) => to.0 * to.1 * each(conv),
                What::Separable(first, second, pool) => {
                    let before = if *pool { 4 } else { 1 };
                    from.0 * from.1 * first.inputs * first.outputs + before * to.0 * to.1 * each(second)
                }
                What::MaxPool | What::Add(..) | What::AddDoubled(_) => 0,
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
        let Prepared { scale, shift } = self.prepared;
        let input: Cow<[f32]> = match self.prepared == Prepared::default() {
            true => input.into(),
            false => input.iter().map(|x| x * scale + shift).collect(),
        };
        let mut sizes = vec![(0, 0, 0); self.values];
        sizes[0] = (height, width, self.channels);
        let mut values: Vec<Vec<f32>> = vec![Vec::new(); self.values];
        let mut spare = self.spare.lock().map(|mut s| std::mem::take(&mut *s)).unwrap_or_default();
        let count = |(h, w, c): (usize, usize, usize)| h * w * padded(c);
        for step in &self.steps {
            let (h, w, c) = sizes[step.from];
            let Some((oh, ow)) = step.what.size((h, w)).filter(|(oh, ow)| oh * ow > 0) else {
                return refused("the input is too small, or of another size than a product over all of it takes");
            };
            let channels = step.what.channels().unwrap_or(c);
            let wanted = count((oh, ow, channels));
            // A sum takes the place of what nobody reads after it.
            let in_place = matches!(step.what, What::Add(..) | What::AddDoubled(_)) && step.done.contains(&step.from);
            let mut buffer = if in_place { std::mem::take(&mut values[step.from]) } else { taken(&mut spare, wanted) };
            let out = &mut buffer[..wanted];
            let from =
                if step.from == 0 { &*input } else { values[step.from].get(..count((h, w, c))).unwrap_or_default() };
            match &step.what {
                What::Dense(conv) => k::run_dense(self.arch, conv, from, (h, w), out, ow),
                What::Pointwise(conv) | What::Whole(conv, _) => k::run_pointwise(self.arch, conv, from, out),
                What::Depthwise(conv) => k::run_depthwise(self.arch, conv, from, (h, w), out, ow),
                What::Separable(first, second, pool) => {
                    let both = (first, second, *pool);
                    let values = k::between(both, (h, w));
                    let mut between = taken(&mut spare, values);
                    k::run_separable(self.arch, both, from, (h, w), out, (ow, &mut between[..values]));
                    spare.push(between);
                }
                What::MaxPool => k::run_max_pool(self.arch, from, w, padded(c), out, ow),
                What::Add(other, _) | What::AddDoubled(other) => {
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
                    if let What::Add(_, Some(activation)) = &step.what {
                        k::run_activation(self.arch, out, padded(c), activation);
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
