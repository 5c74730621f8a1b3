//! The parts of ONNX that the models written here hold; the numbers of the fields are those of `onnx.proto`.

use anyhow::{Context, bail, ensure};
use prost::Message;

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Model {
    #[prost(int64, tag = "1")]
    pub(crate) ir_version: i64,
    #[prost(message, optional, tag = "7")]
    pub(crate) graph: Option<Graph>,
    #[prost(message, repeated, tag = "8")]
    pub(crate) opset_import: Vec<OperatorSet>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct OperatorSet {
    #[prost(string, tag = "1")]
    pub(crate) domain: String,
    #[prost(int64, tag = "2")]
    pub(crate) version: i64,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Graph {
    #[prost(message, repeated, tag = "1")]
    pub(crate) node: Vec<Node>,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
    #[prost(message, repeated, tag = "5")]
    pub(crate) initializer: Vec<Tensor>,
    #[prost(message, repeated, tag = "11")]
    pub(crate) input: Vec<Named>,
    #[prost(message, repeated, tag = "12")]
    pub(crate) output: Vec<Named>,
}

/// A value's name with its type, which is carried over as it is.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Named {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) kind: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Node {
    #[prost(string, repeated, tag = "1")]
    pub(crate) input: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub(crate) output: Vec<String>,
    #[prost(string, tag = "3")]
    pub(crate) name: String,
    #[prost(string, tag = "4")]
    pub(crate) op_type: String,
    #[prost(message, repeated, tag = "5")]
    pub(crate) attribute: Vec<Attribute>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Attribute {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(float, tag = "2")]
    pub(crate) f: f32,
    #[prost(int64, tag = "3")]
    pub(crate) i: i64,
    #[prost(int64, repeated, tag = "8")]
    pub(crate) ints: Vec<i64>,
    #[prost(int32, tag = "20")]
    pub(crate) kind: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Tensor {
    #[prost(int64, repeated, tag = "1")]
    pub(crate) dims: Vec<i64>,
    #[prost(int32, tag = "2")]
    pub(crate) data_type: i32,
    #[prost(float, repeated, tag = "4")]
    pub(crate) float_data: Vec<f32>,
    #[prost(int32, repeated, tag = "5")]
    pub(crate) int32_data: Vec<i32>,
    #[prost(int64, repeated, tag = "7")]
    pub(crate) int64_data: Vec<i64>,
    #[prost(string, tag = "8")]
    pub(crate) name: String,
    #[prost(bytes = "vec", tag = "9")]
    pub(crate) raw_data: Vec<u8>,
}

/// `TensorProto.DataType`.
pub(crate) const FLOAT: i32 = 1;
pub(crate) const UINT8: i32 = 2;
pub(crate) const INT8: i32 = 3;
pub(crate) const INT64: i32 = 7;

impl Tensor {
    pub(crate) fn floats(&self) -> anyhow::Result<Vec<f32>> {
        let values = match self.data_type {
            FLOAT if self.raw_data.is_empty() => self.float_data.clone(),
            FLOAT => self.raw_data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
            INT8 | UINT8 if self.raw_data.is_empty() => self.int32_data.iter().map(|v| *v as f32).collect(),
            INT8 => self.raw_data.iter().map(|v| f32::from(*v as i8)).collect(),
            UINT8 => self.raw_data.iter().map(|v| f32::from(*v)).collect(),
            other => bail!("{} is of type {other}", self.name),
        };
        ensure!(values.len() == self.count()?, "{} holds {} values", self.name, values.len());
        Ok(values)
    }

    pub(crate) fn whole(&self) -> anyhow::Result<Vec<i64>> {
        ensure!(self.data_type == INT64, "{} is of type {}", self.name, self.data_type);
        let raw = self.raw_data.chunks_exact(8).map(|b| Ok(i64::from_le_bytes(b.try_into()?)));
        if self.raw_data.is_empty() { Ok(self.int64_data.clone()) } else { raw.collect() }
    }

    pub(crate) fn sizes(&self) -> anyhow::Result<Vec<usize>> {
        self.dims
            .iter()
            .map(|d| usize::try_from(*d).with_context(|| format!("{} has a negative size", self.name)))
            .collect()
    }

    pub(crate) fn count(&self) -> anyhow::Result<usize> {
        Ok(self.sizes()?.iter().product())
    }

    pub(crate) fn written(name: &str, dims: Vec<i64>, values: &[f32]) -> Self {
        let raw_data = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self { name: name.to_owned(), dims, data_type: FLOAT, raw_data, ..Self::default() }
    }
}
