//! Graphs small enough to compute by hand.

use pulp::Arch;
use tract_onnx::pb::{AttributeProto, GraphProto, NodeProto, TensorProto};

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

/// Those that this processor has: all widths but those that it lacks.
fn architectures() -> Vec<Arch> {
    let mut all = vec![Arch::Scalar, Arch::new()];
    #[cfg(target_arch = "x86_64")]
    all.extend(pulp::x86::V3::try_new().map(Arch::V3));
    all
}

#[test]
fn any_size_and_vector_width_gives_what_the_definition_gives() {
    for (c, d, stride, size) in [(16, 16, 1, (9, 7)), (20, 33, 2, (64, 50)), (64, 80, 1, (30, 91)), (3, 1, 2, (2, 2))] {
        let graph = small(c, d, stride);
        let input: Vec<f32> = (0..size.0 * size.1 * 3).map(|i| (i as f32 * 0.371).sin()).collect();
        let wanted = plainly(&graph, &input, size, stride as usize);
        for arch in architectures() {
            let network = Network::lowered(&graph, arch).expect("it is of the known kind");
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

/// Like [`small`], with what a network has that is trained with normalisations: its input shifted and scaled by the graph, no
/// bias but `BatchNormalization` after each product, one before the last, which goes over the whole map, and a `Dropout`.
fn normalised(c: usize, d: usize, (pixels, outputs): (usize, usize)) -> GraphProto {
    let mut graph = small(c, d, 2);
    let scalar = |name: &str, value| TensorProto {
        name: name.to_owned(),
        dims: vec![1],
        data_type: 1,
        float_data: vec![value],
        ..TensorProto::default()
    };
    let normal = |at: &str, from: &str| {
        let of = |what: &str| format!("{what}.{at}");
        node("BatchNormalization", &[from, &of("g"), &of("b"), &of("m"), &of("v")], at, &[], 1)
    };
    let mut moments = |at: &str, channels: usize| {
        for (n, what) in ["g", "b", "m", "v"].into_iter().enumerate() {
            let mut made = tensor(&format!("{what}.{at}"), &[channels], 0.05 * n as f32);
            // A variance is above 0.
            made.float_data.iter_mut().for_each(|v| *v = if what == "v" { v.abs() + 0.1 } else { *v + 0.5 });
            graph.initializer.push(made);
        }
    };
    moments("na", c);
    moments("nb", d);
    moments("nc", d);
    moments("y", outputs);
    graph.initializer.extend([scalar("127.5", 127.5), scalar("1/128", 1.0 / 128.0)]);
    graph.initializer.extend([tensor("w4", &[outputs, d * pixels], 0.8), tensor("b4", &[outputs], 0.9)]);
    let mut nodes = std::mem::take(&mut graph.node).into_iter();
    let mut next = || nodes.next().expect("five nodes");
    let (mut first, mut slope, mut point, mut deep, mut relu) = (next(), next(), next(), next(), next());
    first.input = vec!["scaled".to_owned(), "w1".to_owned()];
    slope.input[0] = "na".to_owned();
    point.input.truncate(2);
    deep.input = vec!["nb".to_owned(), "w3".to_owned(), "b3".to_owned()];
    relu.output = vec!["e".to_owned()];
    let mut gemm = node("Gemm", &["flat", "w4", "b4"], "f", &[], 1);
    gemm.attribute = vec![AttributeProto { name: "transB".to_owned(), i: 1, ..AttributeProto::default() }];
    graph.node = vec![
        node("Sub", &["x", "127.5"], "shifted", &[], 1),
        node("Mul", &["shifted", "1/128"], "scaled", &[], 1),
        first,
        normal("na", "a"),
        slope,
        point,
        normal("nb", "c"),
        deep,
        relu,
        normal("nc", "e"),
        node("Dropout", &["nc"], "dropped", &[], 1),
        node("Flatten", &["dropped"], "flat", &[], 1),
        gemm,
        normal("y", "f"),
    ];
    graph
}

#[test]
fn normalisations_and_a_product_over_the_whole_map_give_what_the_definition_gives() {
    let (c, d, outputs, size) = (20, 33, 5, (9, 7));
    let graph = normalised(c, d, (3 * 2, outputs));
    let moments = |at: &str, channel: usize, value: f32| {
        let of = |what: &str| {
            let name = format!("{what}.{at}");
            graph.initializer.iter().find(|t| t.name == name).expect("it is there").float_data[channel]
        };
        (value - of("m")) / (of("v") + 1e-5).sqrt() * of("g") + of("b")
    };
    // The plain network again, with the normalisations in its weights by hand.
    let mut plain = small(c, d, 2);
    for (weights, bias, at) in [(0, 1, "na"), (3, 4, "nb")] {
        let rows = plain.initializer[bias].float_data.len();
        let per = plain.initializer[weights].float_data.len() / rows;
        for row in 0..rows {
            let shift = moments(at, row, 0.0);
            let scale = moments(at, row, 1.0) - shift;
            plain.initializer[weights].float_data[row * per..][..per].iter_mut().for_each(|w| *w *= scale);
            plain.initializer[bias].float_data[row] = shift;
        }
    }
    let input: Vec<f32> = (0..size.0 * size.1 * 3).map(|i| 127.5 + 127.5 * (i as f32 * 0.371).sin()).collect();
    let scaled: Vec<f32> = input.iter().map(|x| (x - 127.5) / 128.0).collect();
    let map = plainly(&plain, &scaled, size, 2);
    let data = |name: &str| &graph.initializer.iter().find(|t| t.name == name).expect("it is there").float_data;
    let pixels = map.len() / d;
    let wanted: Vec<f32> = (0..outputs)
        .map(|o| {
            let products = (0..d * pixels).map(|i| {
                let (channel, pixel) = (i / pixels, i % pixels);
                data("w4")[o * d * pixels + i] * moments("nc", channel, map[pixel * d + channel])
            });
            moments("y", o, data("b4")[o] + products.sum::<f32>())
        })
        .collect();
    let network = Network::new(&graph).expect("it is of the known kind");
    let found = network.run(&input, size.0, size.1).expect("it runs").remove(0).values;
    let worst = found.iter().zip(&wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(found.len() == outputs && worst < 1e-4, "{worst}: {found:?} {wanted:?}");
    assert!(network.run(&[0.0; 3 * 20 * 20], 20, 20).is_err(), "a product over all pixels takes only so many");
}
