//! Power cuts, in small; `make faults` does 500.

use std::process::Command;

use whole_product::process::programs;

#[test]
fn power_cuts_lose_halve_and_double_nothing() {
    let run = Command::new(programs().unwrap().join("kills")).arg("12").output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("12 kills in ") && said.contains("0 lost drafts, 0 half notes, 0 duplicates"), "{said}");
}

#[test]
fn power_cuts_leave_no_purge_no_backup_and_no_row_of_the_log_half_done() {
    let run = Command::new(programs().unwrap().join("kills_kept")).arg("10").output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("10 kills in ") && said.contains("0 lost, 0 half done"), "{said}");
}
