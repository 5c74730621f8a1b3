//! `corroborate validity`: the paper of a calibration, or a refusal that leaves nothing.

use std::path::Path;
use std::process::{Command, Output};

use whole_product::process::programs;

const SHIPPED: &str = concat!(env!("CORROBORATE_ROOT"), "/assets/calibrations/sface-2021dec-thorough.json");

fn validity(calibration: &Path, out: &Path) -> Output {
    let mut command = Command::new(programs().unwrap().join("corroborate"));
    command.arg("validity").arg(calibration).arg("--out").arg(out).output().unwrap()
}

#[test]
fn what_is_shipped_prints_and_what_nobody_measured_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("validity.pdf");
    let printed = validity(SHIPPED.as_ref(), &out);
    assert!(printed.status.success(), "{printed:?}");
    assert!(std::fs::read(&out).unwrap().starts_with(b"%PDF-"));

    let boastful = folder.path().join("boastful.json");
    let text = std::fs::read_to_string(SHIPPED).unwrap();
    let mut calibration: serde_json::Value = serde_json::from_str(&text).unwrap();
    calibration["bins"][0]["most"] = 60.into();
    std::fs::write(&boastful, calibration.to_string()).unwrap();
    let other = folder.path().join("other.pdf");
    for (file, says) in [(boastful.as_path(), "most"), (Path::new("nowhere.json"), "nowhere.json")] {
        let refused = validity(file, &other);
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains(says), "{refused:?}");
        assert!(!other.exists());
    }
}
