//! The data directory: nobody but its owner looks into it.

use std::fs::{DirBuilder, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Rights that others than the owner have.
const OTHERS: u32 = 0o077;

/// Makes the directory, and those above it, if it is not there.
pub(crate) fn make_private(directory: &Path) -> anyhow::Result<()> {
    let cannot = || format!("the data directory {} cannot be used", directory.display());
    if let Some(parent) = directory.parent() {
        std::fs::create_dir_all(parent).with_context(cannot)?;
    }
    match DirBuilder::new().mode(0o700).create(directory) {
        Ok(()) => return Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error).with_context(cannot),
    }
    let found = std::fs::metadata(directory).with_context(cannot)?;
    anyhow::ensure!(found.is_dir(), "the data directory {} is not a directory", directory.display());
    if found.permissions().mode() & OTHERS != 0 {
        tracing::warn!(
            directory = %directory.display(),
            "others than its owner may look into the data directory; chmod 700 keeps them out"
        );
    }
    Ok(())
}

/// Makes the folder for uploads, empty: what is in it was left by a process that is dead, for the directory is ours.
pub(crate) fn prepare(directory: &Path) -> anyhow::Result<PathBuf> {
    let spool = directory.join("spool");
    let cannot = || format!("the folder {} cannot be used", spool.display());
    match DirBuilder::new().mode(0o700).create(&spool) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error).with_context(cannot),
        _ => {}
    }
    for entry in std::fs::read_dir(&spool).with_context(cannot)? {
        let entry = entry.with_context(cannot)?;
        if entry.file_type().with_context(cannot)?.is_file() {
            std::fs::remove_file(entry.path()).with_context(cannot)?;
        }
    }
    Ok(spool)
}

/// Gives a file to its owner alone.
pub(super) fn close_to_others(file: &Path) -> std::io::Result<()> {
    let mode = std::fs::metadata(file)?.permissions().mode();
    if mode & OTHERS == 0 { Ok(()) } else { std::fs::set_permissions(file, Permissions::from_mode(0o600)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_directory_is_private_and_what_was_spooled_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("a/b");
        make_private(&data).unwrap();
        make_private(&data).unwrap();
        assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
        let spool = prepare(&data).unwrap();
        std::fs::write(spool.join("left"), "x").unwrap();
        assert_eq!(std::fs::read_dir(prepare(&data).unwrap()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_is_no_directory() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "x").unwrap();
        assert!(make_private(&file).unwrap_err().to_string().contains("is not a directory"));
    }
}
