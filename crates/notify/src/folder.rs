//! A folder that takes what would go outside: one file a thing, safe on disk before it counts.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Ending of a file that is still being written.
const UNFINISHED: &str = ".tmp";

/// The folder, which is made when the first thing comes. One process may use it at a time.
pub(crate) struct Folder {
    dir: PathBuf,
    ready: Mutex<bool>,
    written: AtomicU64,
}

impl Folder {
    pub(crate) fn new(dir: PathBuf) -> Self {
        Self { dir, ready: Mutex::new(false), written: AtomicU64::new(0) }
    }

    /// Puts a file there unless it is there already; on disk when this returns.
    pub(crate) fn put<E: From<io::Error>>(
        &self,
        name: &str,
        content: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<(), E> {
        self.prepare()?;
        let target = self.dir.join(name);
        if !target.try_exists()? {
            self.write(name, &content()?, &target)?;
        }
        // Also for a file that is there already: whoever wrote it may have died before its name was safe.
        Ok(sync_dir(&self.dir)?)
    }

    /// Makes the folder, and clears away what a process before us left half written.
    fn prepare(&self) -> io::Result<()> {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if *ready {
            return Ok(());
        }
        if !self.dir.is_dir() {
            DirBuilder::new().recursive(true).mode(0o700).create(&self.dir)?;
            if let Some(parent) = self.dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                sync_dir(parent)?;
            }
        }
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            let name = entry.file_name();
            if name.to_str().is_some_and(|name| name.starts_with('.') && name.ends_with(UNFINISHED)) {
                fs::remove_file(entry.path())?;
            }
        }
        *ready = true;
        Ok(())
    }

    /// Writes the file under its name in one step: a reader finds all of it or nothing.
    fn write(&self, name: &str, content: &[u8], target: &Path) -> io::Result<()> {
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let unfinished = self.dir.join(format!(".{name}.{number}{UNFINISHED}"));
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unfinished)
            .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&unfinished, target));
        if written.is_err() {
            // The first failure is the one to report; what is left is cleared away at the next start.
            let _ = fs::remove_file(&unfinished);
        }
        written
    }
}

fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}
