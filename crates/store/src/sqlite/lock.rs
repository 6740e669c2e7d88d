//! One process a data directory.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::open_error::OpenError;

/// Held as long as the store is open; the system lets go of it when the process dies, whatever way.
pub(super) struct DirectoryLock(#[expect(dead_code, reason = "dropping it gives the lock back")] File);

/// Locks the data directory for this process.
pub(super) fn lock(directory: &Path) -> Result<DirectoryLock, OpenError> {
    let path = directory.join("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|cause| OpenError::File { path: path.clone(), cause })?;
    match file.try_lock() {
        Ok(()) => Ok(DirectoryLock(file)),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { directory: directory.to_owned() }),
        Err(TryLockError::Error(cause)) => Err(OpenError::File { path, cause }),
    }
}
