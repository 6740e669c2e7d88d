//! A folder that takes mail when there is no server: one file a mail, safe on disk before it counts.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::Address;
use lettre::message::Mailbox;
use tenure_lifecycle::clock::Clock;
use tenure_lifecycle::effect::Effect;
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::ports::{Failure, Perform};

use crate::config::{ConfigError, sender};
use crate::message::compose;

/// Ending of a file that is still being written.
const UNFINISHED: &str = ".tmp";

/// A folder of mails, `<effect key>.eml` each.
pub struct Outbox {
    dir: PathBuf,
    clock: Arc<dyn Clock>,
    from: Mailbox,
    ready: Mutex<bool>,
    written: AtomicU64,
}

impl Outbox {
    /// An outbox in that folder, which is made when the first mail comes. One process may use a folder at a time.
    /// The sender is `tenure@localhost`.
    pub fn new(dir: PathBuf, clock: Arc<dyn Clock>) -> Self {
        let from = Mailbox::new(None, Address::new_dangerous("tenure", "localhost"));
        Self { dir, clock, from, ready: Mutex::new(false), written: AtomicU64::new(0) }
    }

    /// The same outbox with another sender: an address, or `Name <address>`.
    pub fn with_from(self, from: &str) -> Result<Self, ConfigError> {
        Ok(Self { from: sender(from)?, ..self })
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
    fn write(&self, key: EffectKey, message: &[u8], target: &Path) -> io::Result<()> {
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let unfinished = self.dir.join(format!(".{key}.{number}{UNFINISHED}"));
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unfinished)
            .and_then(|mut file| file.write_all(message).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&unfinished, target));
        if written.is_err() {
            // The first failure is the one to report; what is left is cleared away at the next start.
            let _ = fs::remove_file(&unfinished);
        }
        written
    }
}

impl Perform for Outbox {
    fn perform(&self, effect: &Effect, key: EffectKey, _deadline: Duration) -> Result<(), Failure> {
        let not_written =
            |error: io::Error| Failure::Retryable(format!("the outbox cannot be written: {error}"));
        self.prepare().map_err(not_written)?;
        let target = self.dir.join(format!("{key}.eml"));
        if !target.try_exists().map_err(not_written)? {
            let message = compose(effect, key, &self.from, self.clock.now())?;
            self.write(key, &message.formatted(), &target).map_err(not_written)?;
        }
        // Also for a file that is there already: whoever wrote it may have died before its name was safe.
        sync_dir(&self.dir).map_err(not_written)
    }
}

fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}
