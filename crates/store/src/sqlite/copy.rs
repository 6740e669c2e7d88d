//! Copying the data of a directory, whether or not somebody serves it. Nobody is kept waiting, and nothing of it is changed.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};
use tenure_lifecycle::clock::Ids;
use tenure_lifecycle::ids::Epoch;
use tenure_lifecycle::ports::StoreError;

use super::SqliteStore;
use super::open::{prepare, private_file};
use super::rows::database;
use crate::open_error::OpenError;

/// Attempts at a directory that somebody begins to serve meanwhile.
const ATTEMPTS: usize = 3;

/// Why data could not be copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// There is none.
    #[error("{} holds no data of Tenure", directory.display())]
    Nothing {
        /// Where it was looked for.
        directory: PathBuf,
    },
    /// Somebody was writing all the time.
    #[error("the data in {} changed while they were copied", directory.display())]
    Unquiet {
        /// Where they are.
        directory: PathBuf,
    },
    /// A file cannot be used.
    #[error("cannot use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The copy cannot be made.
    #[error("the copy cannot be made")]
    Database(#[from] rusqlite::Error),
}

impl SqliteStore {
    /// Copies the data in `from`, as they are at one moment, into the directory `into`, which holds none. The copy is another
    /// store: ids that it gives are foreign to the original. It is marked as simulated, and sends nothing outside.
    pub fn copy(from: &Path, into: &Path, ids: &dyn Ids) -> Result<(), CopyError> {
        let (source, target) = (from.join("tenure.db"), into.join("tenure.db"));
        if !source.is_file() {
            return Err(CopyError::Nothing { directory: from.to_owned() });
        }
        for _ in 0..ATTEMPTS {
            private_file(&target).map_err(|error| match error {
                OpenError::File { path, cause } => CopyError::File { path, cause },
                other => CopyError::File { path: target.clone(), cause: std::io::Error::other(other) },
            })?;
            if copied(&source, &target)? {
                return Ok(mark(&target, ids)?);
            }
            std::fs::remove_file(&target).map_err(|cause| CopyError::File { path: target.clone(), cause })?;
        }
        Err(CopyError::Unquiet { directory: from.to_owned() })
    }

    /// Lets the workflows that have looked further than that moment look at everybody again: time has gone back.
    pub fn look_again_from(&self, at: Timestamp) -> Result<(), StoreError> {
        self.writer.write(move |connection| {
            connection
                .execute("UPDATE workflows SET full = full + 1 WHERE due_until > ?1", [at.as_millisecond()])
                .map(drop)
                .map_err(database)
        })
    }
}

/// Copies the database; false if somebody wrote to it in a way that the copy may not have seen.
fn copied(source: &Path, target: &Path) -> Result<bool, CopyError> {
    let stamp = || -> Result<(u64, SystemTime), CopyError> {
        let file = |cause| CopyError::File { path: source.to_owned(), cause };
        let found = std::fs::metadata(source).map_err(file)?;
        Ok((found.len(), found.modified().map_err(file)?))
    };
    let log = source.with_extension("db-wal");
    // With a log beside it, the database is being served or was when its process died. The log is read like the server
    // reads it. Without one nobody has it open, and opening it as usual would leave files in the directory.
    let is_quiet = !log.exists();
    let before = stamp()?;
    let mut flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = if is_quiet {
        flags |= OpenFlags::SQLITE_OPEN_URI;
        Connection::open_with_flags(format!("file:{}?immutable=1", escaped(source)), flags)?
    } else {
        Connection::open_with_flags(source, flags)?
    };
    prepare(&connection)?;
    let into = target.to_str().ok_or_else(|| CopyError::File {
        path: target.to_owned(),
        cause: std::io::Error::other("its name is no text"),
    })?;
    connection.execute("VACUUM INTO ?1", [into])?;
    Ok(!is_quiet || (!log.exists() && stamp()? == before))
}

/// A path inside a URI.
fn escaped(path: &Path) -> String {
    path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}

/// Makes the copy a store of its own.
fn mark(target: &Path, ids: &dyn Ids) -> rusqlite::Result<()> {
    let connection = Connection::open(target)?;
    let old: Option<u32> =
        connection.query_row("SELECT max(value) FROM meta WHERE key = 'epoch'", [], |row| row.get(0))?;
    let fresh = loop {
        let secret = ids.secret();
        let fresh = Epoch::from_random([secret[0], secret[1], secret[2], secret[3]]);
        if Some(fresh.0) != old {
            break fresh;
        }
    };
    connection.execute(
        "INSERT INTO meta (key, value) VALUES ('epoch', ?1), ('simulated', 1)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [fresh.0],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tenure_lifecycle::clock::RandomIds;
    use tenure_lifecycle::ports::{Directory as _, Tokens as _};

    use super::*;

    /// The files of a directory, with what is in them.
    fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
        let entries = std::fs::read_dir(directory).unwrap();
        entries
            .map(|entry| {
                let path = entry.unwrap().path();
                (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap())
            })
            .collect()
    }

    fn folder() -> tempfile::TempDir {
        // A name that a URI would read as something else.
        tempfile::Builder::new().prefix("a b%3f#").tempdir().unwrap()
    }

    #[test]
    fn nothing_of_a_directory_that_nobody_serves_is_changed() {
        let (original, copy) = (folder(), folder());
        let epoch = SqliteStore::open(original.path(), &RandomIds).unwrap().installation().unwrap().epoch;
        let before = files(original.path());
        assert!(!before.contains_key("tenure.db-wal"), "it was closed");
        SqliteStore::copy(original.path(), copy.path(), &RandomIds).unwrap();
        assert_eq!(files(original.path()), before);
        let copied = SqliteStore::open(copy.path(), &RandomIds).unwrap().installation().unwrap();
        assert!(copied.epoch != epoch && copied.simulated);
        assert!(!SqliteStore::open(original.path(), &RandomIds).unwrap().installation().unwrap().simulated);
    }

    #[test]
    fn a_directory_is_copied_while_somebody_serves_it_with_what_is_only_in_the_log() {
        let (original, copy) = (folder(), folder());
        let store = SqliteStore::open(original.path(), &RandomIds).unwrap();
        store.mark_simulated().unwrap();
        let (database, log) = ("tenure.db", "tenure.db-wal");
        let before = files(original.path());
        assert!(!before[log].is_empty());
        SqliteStore::copy(original.path(), copy.path(), &RandomIds).unwrap();
        let after = files(original.path());
        assert_eq!((&after[database], &after[log]), (&before[database], &before[log]));
        assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
        // It goes on.
        assert_eq!(store.population().unwrap(), 0);
        store.mark_simulated().unwrap();
        let copied = SqliteStore::open(copy.path(), &RandomIds).unwrap();
        assert_ne!(copied.installation().unwrap().epoch, store.installation().unwrap().epoch);
    }

    #[test]
    fn where_nothing_is_nothing_is_copied() {
        let (original, copy) = (folder(), folder());
        let refused = SqliteStore::copy(original.path(), copy.path(), &RandomIds).unwrap_err();
        assert!(refused.to_string().ends_with("holds no data of Tenure"));
        assert!(files(copy.path()).is_empty());
    }
}
