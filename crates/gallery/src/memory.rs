//! What this program's memory is kept from: core files, debuggers of the same user, swap.

/// No core file, and no debugger of the same user.
///
/// # Errors
/// When the system refuses.
pub fn harden() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
        #[cfg(target_os = "linux")]
        rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    }
    Ok(())
}

/// Keeps all memory of this process out of swap, now and later; `false` where the system does not allow as much as that.
/// Under a limit nothing is locked: what comes after it was reached could not be had at all.
pub fn lock() -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::mm::{MlockAllFlags, mlockall};
        use rustix::process::{Resource, getrlimit};
        let unlimited = getrlimit(Resource::Memlock).current.is_none();
        unlimited && mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT).is_ok()
    }
    #[cfg(not(target_os = "linux"))]
    false
}
