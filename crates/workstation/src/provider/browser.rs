//! The browser that the person uses anyway: the password that they type there is none of this program's business.

use std::process::{Command, Stdio};

use catalogue::say;

/// What opens an address, in the order in which it is tried.
#[cfg(target_os = "linux")]
const OPENERS: &[(&str, &[&str])] = &[("xdg-open", &[]), ("gio", &["open"])];
#[cfg(target_os = "macos")]
const OPENERS: &[(&str, &[&str])] = &[("open", &[])];
// `start` would have a shell read the address.
#[cfg(windows)]
const OPENERS: &[(&str, &[&str])] = &[("rundll32", &["url.dll,FileProtocolHandler"])];

/// Opens `address` in the system's browser. It is a web address, which the caller made sure of.
///
/// # Errors
/// Where nothing here opens addresses.
pub fn open(address: &str) -> Result<(), String> {
    let mut why = String::new();
    for (program, arguments) in OPENERS {
        let mut command = Command::new(program);
        command.args(*arguments).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        match command.spawn() {
            Ok(mut child) => {
                // Some openers are the browser itself and stay as long as it does; whoever ends is not left as a
                // zombie.
                std::thread::spawn(move || drop(child.wait()));
                return Ok(());
            }
            Err(error) => why = say!("workstation-provider-opener", program, error),
        }
    }
    Err(why)
}
