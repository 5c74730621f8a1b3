//! Graph changes made when a model is loaded: the same numbers, in operators that tract runs fast.

use tract_onnx::pb::{GraphProto, NodeProto};

/// Replaces each `PRelu(x, a)` by `Relu(x) + a·(x − Relu(x))`. tract runs PRelu value by value, the
/// four others with vector instructions.
pub(crate) fn spell_out_prelu(graph: &mut GraphProto) {
    let nodes = std::mem::take(&mut graph.node);
    graph.node = nodes.into_iter().flat_map(spelled_out).collect();
}

fn spelled_out(node: NodeProto) -> Vec<NodeProto> {
    let ("PRelu", [x, slope], [y]) = (node.op_type.as_str(), node.input.as_slice(), node.output.as_slice()) else {
        return vec![node];
    };
    let step = |name: &str| format!("{y}.{name}");
    let make = |op: &str, inputs: [&str; 2], output: String| NodeProto {
        input: inputs.into_iter().filter(|i| !i.is_empty()).map(str::to_owned).collect(),
        name: output.clone(),
        output: vec![output],
        op_type: op.to_owned(),
        ..NodeProto::default()
    };
    let (positive, negative, scaled) = (step("positive"), step("negative"), step("scaled"));
    vec![
        make("Relu", [x, ""], positive.clone()),
        make("Sub", [x, &positive], negative.clone()),
        make("Mul", [&negative, slope], scaled.clone()),
        make("Add", [&positive, &scaled], y.clone()),
    ]
}
