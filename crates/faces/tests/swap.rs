//! Another embedding is one entry of the manifest: here a small one that is made on the spot, with another
//! length, channel order and range, run by the general runtime; and a site's drop-in whose file is absent.

use std::path::Path;
use std::process::{Command, Output};

use prost::Message;
use sha2::{Digest, Sha256};
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TensorShapeProto, TypeProto,
    ValueInfoProto,
    tensor_shape_proto::{Dimension, dimension},
    type_proto,
};

fn value(name: &str, dims: &[i64]) -> ValueInfoProto {
    let dim = |d: &i64| Dimension { value: Some(dimension::Value::DimValue(*d)), ..Default::default() };
    let shape = Some(TensorShapeProto { dim: dims.iter().map(dim).collect() });
    let tensor = type_proto::Tensor { elem_type: 1, shape };
    let r#type = Some(TypeProto { value: Some(type_proto::Value::TensorType(tensor)), ..Default::default() });
    ValueInfoProto { name: name.to_owned(), r#type, ..Default::default() }
}

fn node(op: &str, inputs: &[&str], output: &str, attribute: Vec<AttributeProto>) -> NodeProto {
    let input = inputs.iter().map(|i| (*i).to_owned()).collect();
    NodeProto { op_type: op.to_owned(), input, output: vec![output.to_owned()], attribute, ..Default::default() }
}

/// 112×112 in sixteen squares, twelve sums of each: 192 numbers.
fn squares() -> Vec<u8> {
    let (outputs, side) = (12, 28);
    let weights = (0..outputs * 3 * side * side).map(|i| ((i as f32 * 0.37).sin() - 0.1) / 300.0).collect();
    let ints = |name: &str, ints: &[i64]| AttributeProto {
        name: name.to_owned(),
        r#type: 7,
        ints: ints.to_vec(),
        ..Default::default()
    };
    let axis = AttributeProto { name: "axis".to_owned(), r#type: 2, i: 1, ..Default::default() };
    let graph = GraphProto {
        name: "squares".to_owned(),
        node: vec![
            node("Conv", &["x", "w"], "sums", vec![ints("kernel_shape", &[28, 28]), ints("strides", &[28, 28])]),
            node("Flatten", &["sums"], "y", vec![axis]),
        ],
        initializer: vec![TensorProto {
            name: "w".to_owned(),
            dims: vec![outputs as i64, 3, side as i64, side as i64],
            data_type: 1,
            float_data: weights,
            ..Default::default()
        }],
        input: vec![value("x", &[1, 3, 112, 112])],
        output: vec![value("y", &[1, 192])],
        ..Default::default()
    };
    let version = OperatorSetIdProto { version: 13, ..Default::default() };
    let model = ModelProto { ir_version: 8, opset_import: vec![version], graph: Some(graph), ..Default::default() };
    model.encode_to_vec()
}

fn faces(models: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_faces")).args(arguments).env("CORROBORATE_MODELS", models).output().unwrap()
}

#[test]
fn another_embedding_is_one_entry() {
    let source = Path::new(env!("CORROBORATE_ROOT")).join("models");
    let folder = tempfile::tempdir().unwrap();
    for file in ["face_detection_yunet_2023mar.onnx", "face_mesh_turned.onnx", "sface_2021dec.onnx"] {
        std::fs::copy(source.join(file), folder.path().join(file)).unwrap();
    }
    let model = squares();
    std::fs::write(folder.path().join("squares.onnx"), &model).unwrap();
    let manifest = std::fs::read_to_string(source.join("models.toml")).unwrap();
    let entry = format!(
        "[[model]]\nid = \"squares-192\"\ntask = \"embedding\"\nfile = \"squares.onnx\"\nsha256 = \"{}\"\nlicence = \"CC0\"\n\
         input = {{ width = 112, height = 112, channels = \"rgb\", mean = [120.0, 110.0, 100.0], scale = 0.01 }}\ndim = 192\n",
        hex::encode(Sha256::digest(&model))
    );
    std::fs::write(folder.path().join("models.toml"), manifest + &entry).unwrap();

    let photo = source.join("photos/astronaut.png");
    let photo = photo.to_str().unwrap();
    let out = faces(folder.path(), &["embed", "--json", "--model", "squares-192", photo]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let seen: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let template = &seen["faces"][0]["template"];
    assert_eq!((&template["model"], &template["dim"]), (&"squares-192".into(), &192.into()));
    let values: Vec<f64> = template["values"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    assert!((values.iter().map(|v| v * v).sum::<f64>() - 1.0).abs() < 1e-4);

    // The default is untouched by the new entry.
    let out = faces(folder.path(), &["embed", "--json", photo]);
    let seen: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(seen["faces"][0]["template"]["model"], "sface-2021dec");

    // The drop-in has its entry, its input and no file.
    let out = faces(folder.path(), &["embed", "--model", "mobilefacenet-512", photo]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("fr_feature.onnx"));
    let out = faces(folder.path(), &["models", "--verify"]);
    assert!(String::from_utf8_lossy(&out.stdout).contains("mobilefacenet-512") && out.status.success());
}
