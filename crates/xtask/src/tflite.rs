//! A TFLite network of convolutions written as ONNX, once, when a model is fetched.
//!
//! The result is the network **turned by half a turn**: whoever runs it turns the picture as well, and its values are then
//! those of the original. A TFLite convolution that halves a map of even size has its border below and on the right; turned,
//! above and on the left, where every other network here has it. Weights of 16 bits are written out in 32.

use std::collections::HashMap;

use anyhow::{Context, bail, ensure};
use prost::Message;

use crate::onnx::{Attribute, FLOAT, Graph, Model, Named, Node, OperatorSet, Tensor};

/// A table of a FlatBuffers file (google.github.io/flatbuffers, "Internals").
#[derive(Clone, Copy)]
struct Table<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Table<'a> {
    fn root(bytes: &'a [u8]) -> anyhow::Result<Self> {
        let whole = Self { bytes, at: 0 };
        Ok(Self { bytes, at: whole.number(0)? as usize })
    }

    fn raw<const N: usize>(&self, at: usize) -> anyhow::Result<[u8; N]> {
        let read = at.checked_add(N).and_then(|end| self.bytes.get(at..end)).context("the file ends too early")?;
        Ok(read.try_into()?)
    }

    fn number(&self, at: usize) -> anyhow::Result<u32> {
        self.raw(at).map(u32::from_le_bytes)
    }

    /// Where field number `field` lies, if it is not left out.
    fn field(&self, field: usize) -> anyhow::Result<Option<usize>> {
        let back = i64::from(self.number(self.at)? as i32);
        let fields = usize::try_from(self.at as i64 - back).context("fields before the file")?;
        let slot = 4 + 2 * field;
        if slot + 2 > usize::from(u16::from_le_bytes(self.raw(fields)?)) {
            return Ok(None);
        }
        let offset = usize::from(u16::from_le_bytes(self.raw(fields + slot)?));
        Ok((offset > 0).then_some(self.at + offset))
    }

    /// A number of one or four bytes; 0 where it is left out.
    fn small(&self, field: usize) -> anyhow::Result<u8> {
        self.field(field)?.map_or(Ok(0), |at| self.raw::<1>(at).map(|b| b[0]))
    }

    fn whole(&self, field: usize) -> anyhow::Result<usize> {
        self.field(field)?.map_or(Ok(0), |at| self.number(at).map(|n| n as usize))
    }

    fn table(&self, field: usize) -> anyhow::Result<Self> {
        let at = self.field(field)?.with_context(|| format!("field {field} is left out"))?;
        Ok(Self { bytes: self.bytes, at: at + self.number(at)? as usize })
    }

    /// Where the elements of a list begin, and how many they are.
    fn list(&self, field: usize) -> anyhow::Result<(usize, usize)> {
        let Some(at) = self.field(field)? else { return Ok((0, 0)) };
        let start = at + self.number(at)? as usize;
        Ok((start + 4, self.number(start)? as usize))
    }

    fn numbers(&self, field: usize) -> anyhow::Result<Vec<usize>> {
        let (start, count) = self.list(field)?;
        (0..count).map(|i| self.number(start + 4 * i).map(|n| n as usize)).collect()
    }

    fn tables(&self, field: usize) -> anyhow::Result<Vec<Self>> {
        let (start, count) = self.list(field)?;
        let one = |at: usize| Ok(Self { bytes: self.bytes, at: at + self.number(at)? as usize });
        (0..count).map(|i| one(start + 4 * i)).collect()
    }

    fn data(&self, field: usize) -> anyhow::Result<&'a [u8]> {
        let (start, count) = self.list(field)?;
        start.checked_add(count).and_then(|end| self.bytes.get(start..end)).context("data beyond the file's end")
    }
}

/// `BuiltinOperator` of TFLite's schema.
mod operator {
    pub const ADD: usize = 0;
    pub const CONV_2D: usize = 3;
    pub const DEPTHWISE_CONV_2D: usize = 4;
    pub const DEQUANTIZE: usize = 6;
    pub const MAX_POOL_2D: usize = 17;
    pub const RESHAPE: usize = 22;
    pub const PAD: usize = 34;
    pub const PRELU: usize = 54;
}

struct Constant {
    dims: Vec<usize>,
    values: Vec<f32>,
}

/// `FLOAT32`, `FLOAT16` and `INT32` of the schema.
fn constant(tensor: &Table<'_>, data: &[u8]) -> anyhow::Result<Constant> {
    let values: Vec<f32> = match tensor.small(1)? {
        0 => data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
        1 => data.chunks_exact(2).map(|b| half::f16::from_le_bytes([b[0], b[1]]).to_f32()).collect(),
        2 => data.chunks_exact(4).map(|b| i32::from_le_bytes([b[0], b[1], b[2], b[3]]) as f32).collect(),
        other => bail!("values of type {other}"),
    };
    let dims = tensor.numbers(0)?;
    ensure!(values.len() == dims.iter().product::<usize>(), "{} values for the size {dims:?}", values.len());
    Ok(Constant { dims, values })
}

/// A value's type: 32-bit numbers of these sizes.
fn floats(dims: &[usize]) -> Vec<u8> {
    #[derive(Clone, PartialEq, Message)]
    struct Dimension {
        #[prost(int64, tag = "1")]
        value: i64,
    }
    #[derive(Clone, PartialEq, Message)]
    struct Shape {
        #[prost(message, repeated, tag = "1")]
        dim: Vec<Dimension>,
    }
    #[derive(Clone, PartialEq, Message)]
    struct OfTensor {
        #[prost(int32, tag = "1")]
        element: i32,
        #[prost(message, optional, tag = "2")]
        shape: Option<Shape>,
    }
    #[derive(Clone, PartialEq, Message)]
    struct Kind {
        #[prost(message, optional, tag = "1")]
        tensor: Option<OfTensor>,
    }
    let dim = dims.iter().map(|d| Dimension { value: *d as i64 }).collect();
    Kind { tensor: Some(OfTensor { element: FLOAT, shape: Some(Shape { dim }) }) }.encode_to_vec()
}

fn list(name: &str, ints: &[usize]) -> Attribute {
    let ints = ints.iter().map(|n| *n as i64).collect();
    Attribute { name: name.to_owned(), ints, kind: 7, ..Attribute::default() }
}

fn number(name: &str, i: usize) -> Attribute {
    Attribute { name: name.to_owned(), i: i as i64, kind: 2, ..Attribute::default() }
}

#[derive(Default)]
struct Writing {
    constants: HashMap<usize, Constant>,
    nodes: Vec<Node>,
    initializers: Vec<Tensor>,
}

impl Writing {
    fn put(&mut self, name: String, dims: &[usize], values: &[f32]) -> String {
        self.initializers.push(Tensor::written(&name, dims.iter().map(|d| *d as i64).collect(), values));
        name
    }

    fn node(&mut self, op: &str, input: Vec<String>, output: String, attribute: Vec<Attribute>) {
        self.nodes.push(Node { op_type: op.to_owned(), input, output: vec![output], attribute, ..Node::default() });
    }

    fn constant(&self, at: usize) -> anyhow::Result<&Constant> {
        self.constants.get(&at).with_context(|| format!("tensor {at} is not constant"))
    }

    /// A convolution with its kernel turned; one that sees a whole map at once is a product.
    fn convolution(
        &mut self,
        deep: bool,
        (input, weights, bias): (usize, usize, usize),
        output: usize,
        (from, same, stride): (&[usize], bool, usize),
    ) -> anyhow::Result<()> {
        let Constant { dims, values } = self.constant(weights)?;
        let [first, height, width, last] = dims[..] else { bail!("weights of the size {dims:?}") };
        let [_, rows, columns, _] = from[..] else { bail!("a map of the size {from:?}") };
        ensure!(height == width, "a kernel of {height}×{width}");
        let (outputs, per) = if deep { (last, first) } else { (first, last) };
        // TFLite: [output][row][column][input], deep ones [1][row][column][channel]; ONNX: [output][input][row][column].
        let area = height * width;
        let mut turned = vec![0.0; values.len()];
        for (at, value) in values.iter().enumerate() {
            let (outer, pixel, inner) = (at / (area * last), at / last % area, at % last);
            let (o, i) = if deep { (inner, outer) } else { (outer, inner) };
            turned[(o * per + i) * area + area - 1 - pixel] = *value;
        }
        let bias = self.constant(bias)?.values.clone();
        let name = format!("t{output}");
        let b = self.put(format!("{name}.bias"), &[outputs], &bias);
        if !same && height > 1 {
            ensure!(!deep && (height, width) == (rows, columns), "a kernel of {height} without a border");
            let w = self.put(format!("{name}.weights"), &[outputs, per * area], &turned);
            self.node("Flatten", vec![format!("t{input}")], format!("{name}.flat"), Vec::new());
            self.node("Gemm", vec![format!("{name}.flat"), w, b], name, vec![number("transB", 1)]);
            return Ok(());
        }
        let pad = match (height, stride) {
            (1, 1) => 0,
            // One on each side; or one below and on the right, which is above and on the left once it is turned.
            (3, 1) => 1,
            (3, 2) if rows % 2 == 0 && columns % 2 == 0 => 1,
            _ => bail!("a kernel of {height} with a stride of {stride} on {rows}×{columns}"),
        };
        let w = self.put(format!("{name}.weights"), &[outputs, per, height, width], &turned);
        let attributes = vec![
            list("kernel_shape", &[height, width]),
            list("strides", &[stride, stride]),
            list("pads", &[pad; 4]),
            number("group", if deep { outputs } else { 1 }),
        ];
        self.node("Conv", vec![format!("t{input}"), w, b], name, attributes);
        Ok(())
    }

    /// Channels of zeros after those that are there, as a 1×1 convolution: it moves values and changes none.
    fn padded(&mut self, (input, sizes): (usize, usize), output: usize, channels: usize) -> anyhow::Result<()> {
        let all = channels + more_channels(&self.constant(sizes)?.values)?;
        let identity: Vec<f32> =
            (0..all * channels).map(|at| f32::from(u8::from(at / channels == at % channels))).collect();
        let name = format!("t{output}");
        let w = self.put(format!("{name}.weights"), &[all, channels, 1, 1], &identity);
        let b = self.put(format!("{name}.bias"), &[all], &vec![0.0; all]);
        self.node("Conv", vec![format!("t{input}"), w, b], name, vec![list("kernel_shape", &[1, 1])]);
        Ok(())
    }
}

/// How many channels a `PAD` of `[before, after]` for batch, rows, columns and channels adds at their end.
fn more_channels(pads: &[f32]) -> anyhow::Result<usize> {
    let [.., last] = pads else { bail!("a PAD without sizes") };
    ensure!(pads.len() == 8 && pads[..7].iter().all(|p| *p == 0.0), "a PAD other than of channels: {pads:?}");
    Ok(*last as usize)
}

/// The same network as ONNX, turned by half a turn.
///
/// # Errors
/// When the bytes are no TFLite file of this kind.
pub fn turned(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    ensure!(bytes.get(4..8) == Some(b"TFL3"), "this is no TFLite file");
    let model = Table::root(bytes)?;
    let (codes, buffers) = (model.tables(1)?, model.tables(4)?);
    let graph = *model.tables(2)?.first().context("the file holds no graph")?;
    let tensors = graph.tables(0)?;
    let tensor = |at: usize| tensors.get(at).with_context(|| format!("there is no tensor {at}"));
    let mut writing = Writing::default();
    for (at, tensor) in tensors.iter().enumerate() {
        let data = buffers.get(tensor.whole(2)?).context("there is no such buffer")?.data(0)?;
        if !data.is_empty() {
            let constant = constant(tensor, data).with_context(|| format!("tensor {at}"))?;
            writing.constants.insert(at, constant);
        }
    }
    for operation in graph.tables(3)? {
        let code = codes.get(operation.whole(0)?).context("there is no such operator")?;
        let code = code.whole(3)?.max(usize::from(code.small(0)?));
        let (inputs, outputs) = (operation.numbers(1)?, operation.numbers(2)?);
        let input = |at: usize| inputs.get(at).copied().context("an operator without its inputs");
        let output = *outputs.first().context("an operator without output")?;
        // Padding and strides stand first wherever there are any.
        let same = |options: &Table<'_>| Ok::<_, anyhow::Error>(options.small(0)? == 0);
        match code {
            operator::DEQUANTIZE => {
                let Constant { dims, values } = writing.constant(input(0)?)?;
                let constant = Constant { dims: dims.clone(), values: values.clone() };
                writing.constants.insert(output, constant);
            }
            operator::CONV_2D | operator::DEPTHWISE_CONV_2D => {
                let (options, deep) = (operation.table(4)?, code == operator::DEPTHWISE_CONV_2D);
                let stride = options.whole(1)?;
                let activation = options.small(if deep { 4 } else { 3 })?;
                ensure!(options.whole(2)? == stride && activation == 0, "a convolution of an unusual form");
                let from = tensor(input(0)?)?.numbers(0)?;
                let read = (input(0)?, input(1)?, input(2)?);
                writing.convolution(deep, read, output, (&from, same(&options)?, stride))?;
            }
            operator::PRELU => {
                let slope = writing.constant(input(1)?)?.values.clone();
                let slope = writing.put(format!("t{output}.slope"), &[slope.len(), 1, 1], &slope);
                writing.node("PRelu", vec![format!("t{}", input(0)?), slope], format!("t{output}"), Vec::new());
            }
            operator::ADD => {
                ensure!(operation.table(4)?.small(0)? == 0, "an addition with an activation");
                let read = vec![format!("t{}", input(0)?), format!("t{}", input(1)?)];
                writing.node("Add", read, format!("t{output}"), Vec::new());
            }
            operator::MAX_POOL_2D => {
                let options = operation.table(4)?;
                let sizes = [options.whole(1)?, options.whole(2)?, options.whole(3)?, options.whole(4)?];
                ensure!(sizes == [2; 4] && options.small(5)? == 0, "a pool other than 2×2");
                let even = tensor(input(0)?)?.numbers(0)?[1..3].iter().all(|n| n % 2 == 0);
                ensure!(even, "a pool over an odd map");
                let attributes = vec![list("kernel_shape", &[2, 2]), list("strides", &[2, 2])];
                writing.node("MaxPool", vec![format!("t{}", input(0)?)], format!("t{output}"), attributes);
            }
            operator::PAD => {
                let channels = *tensor(input(0)?)?.numbers(0)?.last().context("a map without channels")?;
                writing.padded((input(0)?, input(1)?), output, channels)?;
            }
            operator::RESHAPE => {
                writing.node("Flatten", vec![format!("t{}", input(0)?)], format!("t{output}"), Vec::new());
            }
            other => bail!("operator {other} is not known here"),
        }
    }
    let named = |at: usize, planes: bool| -> anyhow::Result<Named> {
        let dims = tensor(at)?.numbers(0)?;
        let dims = match dims[..] {
            [one, height, width, channels] if planes => vec![one, channels, height, width],
            _ => vec![1, dims.iter().product()],
        };
        Ok(Named { name: format!("t{at}"), kind: floats(&dims) })
    };
    let graph = Graph {
        node: writing.nodes,
        name: "turned".to_owned(),
        initializer: writing.initializers,
        input: graph.numbers(1)?.into_iter().map(|at| named(at, true)).collect::<anyhow::Result<_>>()?,
        output: graph.numbers(2)?.into_iter().map(|at| named(at, false)).collect::<anyhow::Result<_>>()?,
    };
    let opset_import = vec![OperatorSet { domain: String::new(), version: 13 }];
    Ok(Model { ir_version: 8, graph: Some(graph), opset_import }.encode_to_vec())
}
