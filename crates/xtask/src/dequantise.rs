//! Block-quantised ONNX weights written out as 32-bit ones, once, when a model is fetched.
//!
//! A file that was made small keeps each weight as 8 bits with a scale and a zero for every block of them
//! (`DequantizeLinear` with `block_size`, ONNX operator set 21); run as it stands, each weight is made anew for each face.
//! The result holds `(q - zero) · scale` in its place, without the reshapes and dropouts of constants, and names only what
//! is really given as an input: the shipped file names every weight as one too, which ONNX Runtime refuses.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail, ensure};
use prost::Message;

use crate::onnx::{Model, Node, OperatorSet, Tensor};

/// What a `DequantizeLinear` of constants gives.
fn weights(node: &Node, constants: &BTreeMap<String, Tensor>) -> anyhow::Result<Tensor> {
    let constant = |at: usize| node.input.get(at).and_then(|name| constants.get(name));
    let (quantised, scales) = (constant(0).context("no weights")?, constant(1).context("no scales")?);
    let number = |name: &str| node.attribute.iter().find(|a| a.name == name).map(|a| a.i);
    let sizes = quantised.sizes()?;
    // The operator's defaults.
    let axis = usize::try_from(number("axis").unwrap_or(1)).context("an axis from the end")?;
    let block = usize::try_from(number("block_size").unwrap_or(0)).context("a negative block")?;
    let (q, scale) = (quantised.floats()?, scales.floats()?);
    let zero = constant(2).map_or_else(|| Ok(vec![0.0; scale.len()]), Tensor::floats)?;
    ensure!(block > 0 && axis < sizes.len(), "only weights in blocks along an axis are known here");
    let (along, after) = (sizes[axis], sizes[axis + 1..].iter().product::<usize>());
    let blocks = along.div_ceil(block);
    ensure!(scale.len() * along == q.len() * blocks && zero.len() == scale.len(), "scales do not fit the weights");
    let values: Vec<f32> = q
        .iter()
        .enumerate()
        .map(|(at, q)| {
            let of = (at / (after * along) * blocks + at / after % along / block) * after + at % after;
            (q - zero[of]) * scale[of]
        })
        .collect();
    Ok(Tensor::written(&node.output[0], quantised.dims.clone(), &values))
}

/// The same network with 32-bit weights.
///
/// # Errors
/// When the bytes are no ONNX file of this kind.
pub fn dequantised(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut model = Model::decode(bytes).context("this is no ONNX file")?;
    let mut graph = model.graph.take().context("the file holds no graph")?;
    let mut constants: BTreeMap<String, Tensor> =
        std::mem::take(&mut graph.initializer).into_iter().map(|t| (t.name.clone(), t)).collect();
    let mut nodes: Vec<Node> = Vec::new();
    // What stands for the output of a node that is left out.
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    for mut node in std::mem::take(&mut graph.node) {
        for name in &mut node.input {
            if let Some(other) = renamed.get(name) {
                *name = other.clone();
            }
        }
        let [output, ..] = node.output.as_slice() else { bail!("a {} without an output", node.op_type) };
        let given = node.input.first().cloned().unwrap_or_default();
        match node.op_type.as_str() {
            "DequantizeLinear" => {
                let made = weights(&node, &constants).with_context(|| format!("cannot write out {output}"))?;
                constants.insert(output.clone(), made);
            }
            "Reshape" if constants.contains_key(&given) => {
                let shape = node.input.get(1).and_then(|name| constants.get(name)).context("a shape that is made")?;
                let dims = shape.whole()?;
                let values = constants[&given].floats()?;
                ensure!(
                    dims.iter().product::<i64>() == values.len() as i64,
                    "{output} has another size than its shape"
                );
                constants.insert(output.clone(), Tensor::written(output, dims, &values));
            }
            // Does nothing once a network is trained.
            "Dropout" => {
                renamed.insert(output.clone(), given);
            }
            _ => nodes.push(node),
        }
    }
    let read: BTreeSet<&str> = nodes
        .iter()
        .flat_map(|n| &n.input)
        .map(String::as_str)
        .chain(graph.output.iter().map(|o| o.name.as_str()))
        .collect();
    graph.input.retain(|input| read.contains(input.name.as_str()) && !constants.contains_key(&input.name));
    graph.initializer = constants.into_values().filter(|t| read.contains(t.name.as_str())).collect();
    let idle = |node: &Node| node.op_type == "Constant" && !read.contains(node.output[0].as_str());
    graph.node = nodes.iter().filter(|node| !idle(node)).cloned().collect();
    // The oldest versions that hold all of this: what runs it need not know blocks.
    model.ir_version = 8;
    model.opset_import = vec![OperatorSet { domain: String::new(), version: 13 }];
    model.graph = Some(graph);
    Ok(model.encode_to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::{Attribute, FLOAT, Graph, INT8, INT64, Named};

    #[test]
    fn blocks_are_scaled_along_their_axis() {
        let tensor = |name: &str, dims: &[i64], data_type, raw_data: Vec<u8>| Tensor {
            name: name.to_owned(),
            dims: dims.to_vec(),
            data_type,
            raw_data,
            ..Tensor::default()
        };
        let floats = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
        let node = |op: &str, input: &[&str], output: &str, numbers: &[(&str, i64)]| Node {
            op_type: op.to_owned(),
            input: input.iter().map(|i| (*i).to_owned()).collect(),
            output: vec![output.to_owned()],
            attribute: numbers
                .iter()
                .map(|(name, i)| Attribute { name: (*name).to_owned(), i: *i, kind: 2, ..Attribute::default() })
                .collect(),
            ..Node::default()
        };
        let named = |name: &str| Named { name: name.to_owned(), kind: Vec::new() };
        // Two rows of five weights in blocks of three, the second of a row shorter.
        let graph = Graph {
            node: vec![
                node("DequantizeLinear", &["q", "s", "z"], "w", &[("axis", 1), ("block_size", 3)]),
                node("Reshape", &["w", "shape"], "w2", &[]),
                node("Dropout", &["x"], "d", &[]),
                node("Gemm", &["d", "w2"], "y", &[]),
            ],
            initializer: vec![
                tensor("q", &[2, 5], INT8, [1i8, 2, 3, 4, 5, -1, -2, -3, -4, -5].map(|v| v as u8).to_vec()),
                tensor("s", &[2, 2], FLOAT, floats(&[1.0, 10.0, 100.0, 1000.0])),
                tensor("z", &[2, 2], INT8, vec![0, 1, 0, 255]),
                tensor("shape", &[2], INT64, [5i64, 2].iter().flat_map(|v| v.to_le_bytes()).collect()),
            ],
            input: ["x", "q", "s"].map(named).to_vec(),
            output: vec![named("y")],
            ..Graph::default()
        };
        let bytes = Model { ir_version: 6, graph: Some(graph), ..Model::default() }.encode_to_vec();
        let made = Model::decode(&*dequantised(&bytes).expect("of the known kind"))
            .expect("an ONNX file")
            .graph
            .expect("a graph");
        assert_eq!(made.node, [node("Gemm", &["x", "w2"], "y", &[])]);
        assert_eq!(made.input, [named("x")]);
        let [weights] = &made.initializer[..] else { panic!("{:?}", made.initializer) };
        assert_eq!((weights.name.as_str(), &weights.dims[..]), ("w2", &[5, 2][..]));
        assert_eq!(
            weights.floats().expect("floats"),
            [1.0, 2.0, 3.0, 30.0, 40.0, -100.0, -200.0, -300.0, -3000.0, -4000.0]
        );
        assert!(dequantised(b"not a model").is_err());
    }
}
