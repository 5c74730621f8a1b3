//! The program on a real photograph, on rendered people and on bad files.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn faces(arguments: &[&str], files: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_faces")).args(arguments).args(files).output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8(output.stdout.clone()).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().flat_map(|v| v.as_f64().map_or_else(|| numbers(v), |n| vec![n])).collect()
}

fn astronaut() -> PathBuf {
    Path::new(env!("CORROBORATE_ROOT")).join("models/photos/astronaut.png")
}

fn person(folder: &Path, seed: u64, view: u32) -> PathBuf {
    let assets = personae::Assets::shared().unwrap();
    let path = folder.join(format!("{seed}-{view}.png"));
    let identity = personae::Identity::new(assets, seed);
    personae::render(assets, &identity, &personae::View::new(seed, view), 512).save(&path).unwrap();
    path
}

/// The reference is OpenCV's detector, ONNX Runtime 1.32 with the same networks, an alignment by complex least squares and
/// OpenCV's `warpAffine` (`tests/peers/agree.py`).
#[test]
fn the_astronaut_is_found_and_encoded_as_the_reference_does() {
    let seen = lines(&faces(&["embed", "--json"], &[&astronaut()])).remove(0);
    assert_eq!((&seen["width"], &seen["height"]), (&512.into(), &512.into()));
    assert_eq!(seen["faces"].as_array().unwrap().len(), 1);
    let face = &seen["faces"][0];
    let near = |found: &Value, wanted: &[f64], within: f64| {
        let found = numbers(found);
        assert!(found.iter().zip(wanted).all(|(f, w)| (f - w).abs() < within), "{found:?} for {wanted:?}");
    };
    assert!((face["score"].as_f64().unwrap() - 0.9323).abs() < 0.001);
    near(&face["box"], &[178.17, 62.91, 89.90, 113.33], 0.05);
    let eyes_nose_mouth = [200.12, 101.82, 247.13, 102.62, 220.37, 124.54, 198.61, 142.77, 239.67, 143.64];
    near(&face["landmarks"], &eyes_nose_mouth, 0.05);
    let template = &face["template"];
    assert_eq!((&template["model"], &template["dim"]), (&"sface-2021dec".into(), &128.into()));
    near(&template["values"], &[-0.0364, -0.1352, 0.0867, 0.1410, 0.0093, 0.0006, 0.0714, 0.0654], 0.001);
    let norm: f64 = numbers(&template["values"]).iter().map(|v| v * v).sum();
    assert!((norm - 1.0).abs() < 1e-4, "{norm}");
}

#[test]
fn rendered_people_are_found_and_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let pictures: Vec<PathBuf> =
        [(3, 0), (3, 1), (4, 0), (4, 1)].into_iter().map(|(s, v)| person(folder.path(), s, v)).collect();
    let files: Vec<&Path> = pictures.iter().map(PathBuf::as_path).collect();
    let seen = lines(&faces(&["embed", "--json", "--threads", "2"], &files));
    for (line, file) in seen.iter().zip(&files) {
        assert_eq!(line["path"], file.display().to_string(), "the order of the files is kept");
        assert_eq!(line["faces"].as_array().unwrap().len(), 1);
        let [right, left, nose, mouth_right, mouth_left] = numbers(&line["faces"][0]["landmarks"])
            .chunks(2)
            .map(|p| (p[0], p[1]))
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        assert!(
            right.0 < nose.0 && nose.0 < left.0 && mouth_right.0 < mouth_left.0,
            "the person's right is on the left"
        );
        assert!(right.1 < nose.1 && nose.1 < mouth_left.1);
    }
    let score = |a: &Path, b: &Path| lines(&faces(&["compare", "--json"], &[a, b]))[0]["score"].as_f64().unwrap();
    assert!((score(files[0], files[0]) - 1.0).abs() < 1e-4);
    assert!(score(files[0], files[1]) > score(files[0], files[2]));
    assert!(score(files[2], files[3]) > score(files[1], files[3]));
}

#[test]
fn a_bad_file_is_reported_and_the_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let letter = folder.path().join("letter.jpg");
    std::fs::write(&letter, "no photograph").unwrap();
    let absent = folder.path().join("absent.jpg");
    let out = faces(&["detect", "--json"], &[&letter, &absent, &astronaut()]);
    assert_eq!(out.status.code(), Some(1));
    let seen = lines(&out);
    assert_eq!(seen[0]["error"]["code"], "not-an-image");
    assert_eq!(seen[1]["error"]["code"], "unreadable");
    assert!(seen[1]["error"]["message"].is_string());
    assert_eq!(seen[2]["faces"].as_array().unwrap().len(), 1);
    assert!(seen[2]["faces"][0].get("template").is_none(), "detection encodes nothing");
}

#[test]
fn usage_crops_and_models() {
    assert_eq!(faces(&["detect"], &[]).status.code(), Some(2));
    assert_eq!(faces(&["guess"], &[]).status.code(), Some(2));
    let whole = faces(&["embed", "--json", "--aligned"], &[&astronaut()]);
    assert_eq!(whole.status.code(), Some(1));
    assert_eq!(lines(&whole)[0]["error"]["code"], "not-a-crop");
    let models = faces(&["models", "--verify"], &[]);
    assert!(models.status.success(), "{}", String::from_utf8_lossy(&models.stderr));
    assert!(String::from_utf8(models.stdout).unwrap().contains("sface-2021dec"));
}

#[test]
fn labelled_photographs_are_evaluated_by_folder_and_by_pair() {
    let folder = tempfile::tempdir().unwrap();
    for seed in [500, 501, 502] {
        let own = folder.path().join(seed.to_string());
        std::fs::create_dir(&own).unwrap();
        for view in [0, 1] {
            person(&own, seed, view);
        }
    }
    std::fs::write(folder.path().join("500/notes.txt"), "no photograph").unwrap();
    let groups = folder.path().join("groups.csv");
    std::fs::write(&groups, "seed,sex,share\n500,f,0.25\n501,m,0.5\n502,m,0.1\n").unwrap();
    let made = tempfile::tempdir().unwrap();
    let (plots, written) = (made.path().join("plots"), made.path().join("report.json"));
    let run = |arguments: &[&str]| {
        let out = faces(&[&["evaluate"], arguments].concat(), &[]);
        (
            out.status.code(),
            String::from_utf8_lossy(&out.stdout).into_owned(),
            String::from_utf8_lossy(&out.stderr).into_owned(),
        )
    };
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let (code, out, err) = run(&[
        "--folders",
        &text(folder.path()),
        "--groups",
        &text(&groups),
        "--plots",
        &text(&plots),
        "--out",
        &text(&written),
        "--json",
        "--threads",
        "2",
    ]);
    assert_eq!(code, Some(0), "{err}");
    assert!(err.contains("notes.txt"), "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&report["images"], &report["subjects"], &report["failed"]), (&6.into(), &3.into(), &1.into()));
    assert_eq!((&report["mated"], &report["non_mated"]), (&3.into(), &12.into()));
    assert_eq!(report["rank"][0], serde_json::json!([1, 1.0]), "{report}");
    let groups: Vec<_> = report["groups"].as_array().unwrap().iter().map(|g| g["value"].clone()).collect();
    assert_eq!(groups, ["f", "m"], "shares are no groups");
    assert!(std::fs::read_to_string(plots.join("roc.svg")).unwrap().starts_with("<svg"));
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&written).unwrap()).unwrap();
    assert_eq!(kept, report);
    assert_eq!(std::fs::read_dir(made.path()).unwrap().count(), 2, "nothing else is left there");
    // Three people are too few to say what searches cost.
    let costs = &report["costs"];
    assert_eq!((&costs["enrolled"], &costs["all"]["too_few_people"]), (&3.into(), &true.into()));
    assert_eq!((&costs["groups"][1]["people"], &costs["groups"][1]["at"]), (&2.into(), &serde_json::json!([])));
    assert!(!plots.join("groups-1.svg").exists());
    serde_json::from_value::<faces::evaluate::Report>(report).unwrap();

    let pairs = folder.path().join("pairs.csv");
    let rows =
        "a,b,same\n500/500-0.png,500/500-1.png,1\n500/500-0.png,501/501-0.png,0\n502/502-0.png,501/501-0.png,0\n";
    std::fs::write(&pairs, rows).unwrap();
    let (code, out, err) = run(&["--pairs", &text(&pairs), "--json"]);
    assert_eq!(code, Some(0), "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&report["mated"], &report["non_mated"], &report["images"]), (&1.into(), &2.into(), &4.into()));

    std::fs::write(&pairs, "a,b,same\n500/500-0.png,500/500-1.png,maybe\n").unwrap();
    let (code, _, err) = run(&["--pairs", &text(&pairs)]);
    assert!(code == Some(1) && err.contains("row 2"), "{err}");
    assert_eq!(run(&[]).0, Some(2), "neither folders nor pairs");
}

/// A folder of empty folders: what is refused is refused before a photograph is read.
fn people_called(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        std::fs::create_dir(folder.path().join(name)).unwrap();
        std::fs::write(folder.path().join(name).join("a.png"), "no photograph").unwrap();
    }
    folder
}

#[test]
fn groups_that_group_nobody_are_refused_in_plain_words() {
    let folder = people_called(&["anna", "bert", "cleo"]);
    let refused = |rows: &str| {
        let groups = folder.path().join("groups.csv");
        std::fs::write(&groups, rows).unwrap();
        let out = faces(&["evaluate", "--folders"], &[folder.path(), Path::new("--groups"), &groups]);
        assert_eq!(out.status.code(), Some(1));
        String::from_utf8(out.stderr).unwrap()
    };
    let one = refused("name,sex\nanna,f\nbert,f\ncleo,f\n");
    assert!(one.contains("one group only"), "{one}");
    let nobody = refused("name,sex\nANNA,f\nBERT,m\n");
    assert!(nobody.contains("names nobody"), "{nobody}");
    let twice = refused("name,sex\nanna,f\nbert,m\nanna,m\n");
    assert!(twice.contains("row 4") && twice.contains("anna"), "{twice}");
    assert!(refused("").contains("no rows"));
    let nameless = refused("name,sex\n,f\n,m\n");
    assert!(nameless.contains("names nobody"), "{nameless}");
    let out = faces(&["evaluate", "--folders", "x", "--list", "7"], &[]);
    assert!(out.status.code() == Some(2) && String::from_utf8(out.stderr).unwrap().contains("1, 5, 10, 20"));
    assert_eq!(faces(&["evaluate", "--folders", "x", "--far", "2"], &[]).status.code(), Some(2));
}

#[test]
fn three_people_are_no_calibration_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    for (seed, name) in [(500, "Ann Smith"), (501, "ann_smith"), (502, "Bo")] {
        let own = folder.path().join(name);
        std::fs::create_dir(&own).unwrap();
        person(&own, seed, 0);
    }
    let made = tempfile::tempdir().unwrap();
    let (out, plots) = (made.path().join("c.json"), made.path().join("plots"));
    let arguments = ["calibrate", "--name", "three", "--folders"];
    let refused = faces(&arguments, &[folder.path(), Path::new("--out"), &out, Path::new("--plots"), &plots]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(1) && said.contains("3 people are too few"), "{said}");
    assert_eq!(std::fs::read_dir(made.path()).unwrap().count(), 0);
    // Nobody is made one person because two folders are called alike: somebody looks.
    let pair = folder.path().join("Bo");
    person(&pair, 502, 1);
    let report = faces(&["evaluate", "--json", "--folders"], &[folder.path()]);
    let report = lines(&report).remove(0);
    assert_eq!(
        (&report["subjects"], &report["alike_names"]),
        (&3.into(), &serde_json::json!([["Ann Smith", "ann_smith"]]))
    );
}
