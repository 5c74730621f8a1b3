//! Files and folders that only their owner may open.

use std::io;
use std::path::Path;

/// Makes `folder` where it is not there, and takes it from everybody but its owner.
pub(crate) fn folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        narrow(folder, 0o700)
    }
    #[cfg(not(unix))]
    std::fs::create_dir_all(folder)
}

/// The same for a file; its content stays. SQLite gives its further files the rights of the database's.
pub(crate) fn file(path: &Path) -> io::Result<()> {
    let mut options = std::fs::File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    #[cfg(unix)]
    narrow(path, 0o600)?;
    Ok(())
}

/// Takes away what an earlier version, or whoever copied the file, left open to others.
#[cfg(unix)]
fn narrow(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let found = std::fs::metadata(path)?.permissions();
    if found.mode() & 0o777 & !mode == 0 {
        return Ok(());
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(found.mode() & 0o7000 | mode))
}
