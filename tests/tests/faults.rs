//! Power cuts, in small; `make faults` does 500.

#![allow(clippy::unwrap_used)]

use std::process::Command;

use whole_product::process::programs;

#[test]
fn power_cuts_lose_halve_and_double_nothing() {
    let run = Command::new(programs().unwrap().join("kills")).arg("40").output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("40 kills in ") && said.contains("0 lost drafts, 0 half notes, 0 duplicates"), "{said}");
}
