//! Opening the store.

use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tenure_lifecycle::clock::Ids;
use tenure_lifecycle::ids::Epoch;
use tenure_lifecycle::ports::StoreError;

use super::failure::database;
use super::functions::{register_addresses, register_functions};
use super::lock::{DirectoryLock, lock};
use super::meta;
use super::migrate::migrate;
use super::sweep::last_change;
use super::writer::{Answer, Turn, Writer};
use crate::open_error::{MOVING, OpenError};
use crate::watch::{Moment, Watch};

/// Idle readers that are kept.
const READERS: usize = 8;

/// The store on SQLite.
pub struct SqliteStore {
    path: PathBuf,
    readers: Mutex<Vec<Connection>>,
    pub(super) writer: Writer,
    pub(super) epoch: Epoch,
    /// Counts the processes that have had this data.
    pub(super) process: i64,
    // Last, so that it is given back when everything else is closed.
    _lock: DirectoryLock,
}

impl SqliteStore {
    /// Opens the data in a directory that exists, making it if there is none yet.
    pub fn open(directory: &Path, ids: &dyn Ids) -> Result<Self, OpenError> {
        Self::open_synced(directory, ids, "FULL")
    }

    /// The same for data that nobody will miss: nothing waits for the disk.
    pub fn open_scratch(directory: &Path, ids: &dyn Ids) -> Result<Self, OpenError> {
        Self::open_synced(directory, ids, "OFF")
    }

    fn open_synced(directory: &Path, ids: &dyn Ids, synchronous: &str) -> Result<Self, OpenError> {
        let held = lock(directory)?;
        let path = directory.join("tenure.db");
        let connection = open_file(&path, synchronous)?;
        if meta::number(&connection, MOVING)?.is_some() {
            return Err(OpenError::Moving);
        }
        let epoch = epoch(&connection, ids)?;
        let process = meta::number(&connection, "process")?.unwrap_or(0) + 1;
        meta::set_number(&connection, "process", process)?;
        let writer = Writer::start(connection, Turn::Alone).map_err(OpenError::Writer)?;
        Ok(Self { path, readers: Mutex::new(Vec::new()), writer, epoch, process, _lock: held })
    }

    /// The same store; somebody is told of every call.
    pub fn watched_by(mut self, watch: Arc<dyn Watch>) -> Self {
        self.writer.watch = Some(watch);
        self
    }

    /// Who writes what may be written beside others, and whose slot its counters go to: there is one writer.
    pub(super) fn beside(&self) -> (&Writer, Turn, i64) {
        (&self.writer, Turn::Alone, 0)
    }

    /// Reads, in one snapshot.
    pub(super) fn read<T, E: From<StoreError>>(
        &self,
        look: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.writer.reached(Moment::Read);
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.reader().map_err(database)?,
        };
        run(&connection, "BEGIN").map_err(database)?;
        let result = look(&connection);
        run(&connection, "COMMIT").map_err(database)?;
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS {
            readers.push(connection);
        }
        result
    }

    /// Reads, in one snapshot, with the last change: there is one writer, who numbers changes in the order in which they become
    /// durable.
    pub(super) fn read_log<T, E: From<StoreError>>(
        &self,
        look: impl FnOnce(&Connection, i64) -> Result<T, E>,
    ) -> Result<T, E> {
        self.read(|connection| look(connection, last_change(connection)?))
    }

    fn reader(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.pragma_update(None, "cache_size", -1_024)?;
        prepare(&connection)?;
        Ok(connection)
    }

    /// Moves everything from the write-ahead log into the database file, and cuts the log.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.writer.between(|writer| writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())))
    }
}

impl Writer {
    /// Has the connection used outside of any transaction.
    pub(super) fn between<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, answer) = sync_channel(1);
        let work = move |connection: &Connection, _| -> Answer {
            drop(sender.send(job(connection).map_err(database)));
            Box::new(|_| {})
        };
        self.send(Box::new(work), false)?;
        answer.recv().map_err(|_| StoreError::Closed)?
    }
}

/// A statement without parameters and rows, prepared once.
fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(|_| ())
}

pub(super) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    // What a savepoint keeps to be able to go back stays in memory.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(256);
    // Without this promise SQLite prepares a statement anew whenever a bound `LIMIT ?` gets another value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    register_functions(connection)?;
    register_addresses(connection)
}

fn open_file(path: &Path, synchronous: &str) -> Result<Connection, OpenError> {
    private_file(path)?;
    let mut connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    connection.pragma_update(None, "cache_size", -8_192)?;
    prepare(&connection)?;
    migrate(&mut connection)?;
    Ok(connection)
}

/// Opens the data in a directory to move them, or to move others there.
pub(super) fn open_to_move(directory: &Path) -> Result<(Connection, DirectoryLock), OpenError> {
    let held = lock(directory)?;
    Ok((open_file(&directory.join("tenure.db"), "FULL")?, held))
}

/// Makes the database file readable by its owner only, before anything is in it.
pub(super) fn private_file(path: &Path) -> Result<(), OpenError> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|cause| OpenError::File { path: path.to_owned(), cause })?;
    Ok(())
}

fn epoch(connection: &Connection, ids: &dyn Ids) -> rusqlite::Result<Epoch> {
    let secret = ids.secret();
    let fresh = Epoch::from_random([secret[0], secret[1], secret[2], secret[3]]);
    // The id of a new organisation, from bytes that the epoch has no use for; a version 8 UUID, as all of ours.
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&secret[16..]);
    let organization = uuid::Builder::from_custom_bytes(bytes).into_uuid();
    meta::begin(connection, fresh.0, organization)?;
    Ok(meta::number(connection, "epoch")?.map_or(fresh, |epoch| Epoch(epoch as u32)))
}
