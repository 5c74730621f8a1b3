//! The program on signed, changed, broken and hostile files.

use std::io::{ErrorKind, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use serde_json::Value;

#[path = "../examples/sign.rs"]
mod sign;

/// A JPEG of one pixel.
const PHOTO: &[u8] = include_bytes!("grey.jpg");

fn asked(photo: &[u8], anchors: &str) -> Value {
    let mut child = Command::new(env!("CARGO_BIN_EXE_credentials"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut to = child.stdin.take().expect("a pipe");
    for part in [b"image/jpeg", anchors.as_bytes(), b"", photo] {
        to.write_all(&(part.len() as u64).to_le_bytes()).and_then(|()| to.write_all(part)).expect("it reads");
    }
    drop(to);
    let done = child.wait_with_output().expect("it ends");
    assert!(done.status.success(), "it ended by {}", done.status);
    serde_json::from_slice(&done.stdout).expect("it answers")
}

#[test]
fn a_signature_holds_for_this_file_and_this_list_alone() {
    let (photo, anchor) = sign::signed(PHOTO, Some("digitalCapture"), None).expect("signed");
    let said = asked(&photo, &anchor);
    assert_eq!((&said["state"], &said["tool"]), (&"trusted".into(), &"Field Camera 2.1".into()), "{said}");
    assert_eq!(said["actions"], serde_json::json!(["c2pa.created", "c2pa.cropped", "c2pa.color_adjustments"]));
    assert_eq!(asked(&photo, "")["state"], "valid");
    let (_, other) = sign::signed(PHOTO, None, None).expect("signed");
    assert_eq!(asked(&photo, &other)["state"], "valid");
    let mut changed = photo.clone();
    let last = changed.len() - 3;
    changed[last] ^= 1;
    assert_eq!(asked(&changed, &anchor)["state"], "invalid");
    assert_eq!(asked(PHOTO, &anchor)["state"], "none");
}

#[test]
fn what_is_declared_is_told_whoever_signed_it() {
    for source in ["trainedAlgorithmicMedia", "compositeCapture"] {
        let (photo, _) = sign::signed(PHOTO, Some(source), None).expect("signed");
        let said = asked(&photo, "");
        assert!(said["sources"].to_string().contains(source), "{said}");
    }
}

/// The library has no HTTP client built in, and the walls would not let it out.
#[test]
fn a_manifest_elsewhere_is_never_fetched() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.set_nonblocking(true).expect("not blocking");
    let address = format!("http://{}/manifest.c2pa", listener.local_addr().expect("an address"));
    let (photo, anchor) = sign::signed(PHOTO, None, Some(&address)).expect("signed");
    let said = asked(&photo, &anchor);
    assert_eq!((&said["state"], &said["elsewhere"]), (&"elsewhere".into(), &address.into()), "{said}");
    assert_eq!(listener.accept().expect_err("nobody connects").kind(), ErrorKind::WouldBlock);
}

#[test]
fn broken_files_are_answered() {
    let (photo, anchor) = sign::signed(PHOTO, None, None).expect("signed");
    let step = photo.len() / 60;
    for at in (0..photo.len()).step_by(step) {
        asked(&photo[..at], &anchor);
        let mut changed = photo.clone();
        changed[at] = !changed[at];
        assert_ne!(asked(&changed, &anchor)["state"], "trusted", "byte {at}");
    }
}
