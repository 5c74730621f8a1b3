//! What this program denies to whoever sits beside it: its memory, its files, and a remote hand on its window.

use catalogue::say;

/// Whether the window may be driven by WebDriver and opened with developer tools: in builds for tests and development
/// alone. `CORROBORATE_STRICT` takes it from those too, so that a test plays against what a department gets.
pub fn open_to_tools() -> bool {
    cfg!(debug_assertions) && std::env::var_os("CORROBORATE_STRICT").is_none()
}

/// Variables that let others drive or inspect the window, or load code into it.
const FOREIGN_HANDS: [&str; 8] = [
    "TAURI_WEBVIEW_AUTOMATION",
    "WEBKIT_INSPECTOR_SERVER",
    "WEBKIT_INSPECTOR_HTTP_SERVER",
    "WEBKIT_INJECTED_BUNDLE_PATH",
    "WEBKIT_EXEC_PATH",
    "GTK_MODULES",
    "GTK3_MODULES",
    "GTK_PATH",
];

/// No core file, no debugger of the same user, and files that nobody else may read.
///
/// # Errors
/// When the system refuses.
pub fn harden() -> Result<(), String> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit, umask};
        let refused = |e: rustix::io::Errno| say!("command-process-cannot-protected-nothing-opened", e);
        setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).map_err(refused)?;
        #[cfg(target_os = "linux")]
        rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable).map_err(refused)?;
        umask(rustix::fs::Mode::from_raw_mode(0o077));
    }
    Ok(())
}

/// Starts this program anew without [`FOREIGN_HANDS`] where one of them is set: libraries read them before and after
/// any code of ours, so they must not be there at all. Returns where nothing has to be done.
///
/// # Errors
/// When the program cannot be started anew; then no window may be opened.
pub fn shake_off() -> Result<(), String> {
    if open_to_tools() || FOREIGN_HANDS.iter().all(|name| std::env::var_os(name).is_none()) {
        return Ok(());
    }
    tracing::warn!("the environment asks for remote control of this window; it is started without that");
    let program = std::env::current_exe().map_err(|e| say!("command-program-does-not-know-where", e))?;
    let mut anew = std::process::Command::new(program);
    anew.args(std::env::args_os().skip(1));
    for name in FOREIGN_HANDS {
        anew.env_remove(name);
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        Err(say!("command-program-cannot-started-without-remote", exec = anew.exec()))
    }
    #[cfg(not(unix))]
    {
        let ended = anew.status().map_err(|e| say!("command-program-cannot-started-without-remote-control", e))?;
        std::process::exit(ended.code().unwrap_or(1));
    }
}
