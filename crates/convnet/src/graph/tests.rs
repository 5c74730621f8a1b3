//! Graphs small enough to compute by hand.

use tract_onnx::pb::{AttributeProto, NodeProto, TensorProto};

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
        let point: Vec<f32> =
            (0..fh * fw).map(|p| data(4)[o] + (0..c).map(|i| first[i][p] * data(3)[o * c + i]).sum::<f32>()).collect();
        let (out, ..) = conv(&point, (fh, fw, 1), stride, &|k, _| data(5)[o * 9 + k]);
        channels.push(out.into_iter().map(|v| (v + data(6)[o]).max(0.0)).collect::<Vec<_>>());
    }
    (0..channels[0].len() * d).map(|at| channels[at % d][at / d]).collect()
}

#[test]
fn any_size_and_vector_width_gives_what_the_definition_gives() {
    for (c, d, stride, size) in [(16, 16, 1, (9, 7)), (20, 33, 2, (64, 50)), (64, 80, 1, (30, 91)), (3, 1, 2, (2, 2))] {
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
