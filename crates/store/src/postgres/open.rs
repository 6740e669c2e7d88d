//! Opening the store.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tenure_lifecycle::clock::Ids;
use tenure_lifecycle::ids::Epoch;
use tenure_lifecycle::ports::StoreError;

use super::apart::Idle;
use super::cluster;
use super::db::{Connection, Connector};
use super::failure::database;
use super::meta;
use super::migrate::migrate;
use super::nudges::Nudges;
use super::readers::Readers;
use super::writer::{Turn, Writer};
use crate::open_error::{MOVING, OpenError};
use crate::watch::{Moment, Watch};

const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// How many write beside one another: enough that one works while another waits for the disk.
const FEWEST: usize = 2;
const MOST: usize = 4;

/// The store on PostgreSQL.
pub struct PostgresStore {
    pub(super) connector: Connector,
    pub(super) apart: Idle,
    pub(super) readers: Readers,
    /// Who writes alone.
    pub(super) writer: Writer,
    /// Those who write beside one another.
    besides: Vec<Writer>,
    pub(super) epoch: Epoch,
    /// The number of this process.
    pub(super) process: i64,
    pub(super) nudges: Nudges,
}

impl PostgresStore {
    /// Opens the data in a database that exists, in the schema that its address names or that is its user's, making it if
    /// there is none yet.
    pub fn open(url: &str, ids: &dyn Ids) -> Result<Self, OpenError> {
        let connector = Connector::to(url)?;
        let connection = connector.connect()?;
        if !cluster::enter(&connection)? {
            return Err(OpenError::Leaving);
        }
        migrate(&connection)?;
        if meta::number(&connection, MOVING)?.is_some() {
            return Err(OpenError::Moving);
        }
        let epoch = epoch(&connection, ids)?;
        let process = cluster::number(&connection)?;
        // The connections that write say that the process is there, as long as one of them lasts.
        let speaker = connector.clone().saying(cluster::greeting(process));
        let start = |turn| Writer::start(speaker.connect()?, turn).map_err(OpenError::Writer);
        let writer = start(Turn::Alone)?;
        let count = std::thread::available_parallelism().map_or(1, NonZero::get).clamp(FEWEST, MOST);
        let besides = (0..count).map(|_| start(Turn::Beside)).collect::<Result<_, _>>()?;
        let nudges = Nudges::new(connector.clone());
        Ok(Self {
            connector,
            apart: Idle::default(),
            readers: Readers::default(),
            writer,
            besides,
            epoch,
            process,
            nudges,
        })
    }

    /// The same store; somebody is told of every call.
    pub fn watched_by(mut self, watch: Arc<dyn Watch>) -> Self {
        for writer in self.besides.iter_mut().chain([&mut self.writer]) {
            writer.watch = Some(watch.clone());
        }
        self
    }

    /// Who writes what may be written beside others: who has least to do. The number is that of the slot that it counts in.
    pub(super) fn beside(&self) -> (&Writer, Turn, i64) {
        let least =
            self.besides.iter().zip(0..).min_by_key(|(writer, _)| writer.waiting.load(Ordering::Relaxed));
        least.map_or((&self.writer, Turn::Alone, 0), |(writer, place)| {
            (writer, Turn::Beside, self.process * MOST as i64 + place)
        })
    }

    /// Reads, in one snapshot.
    pub(super) fn read<T, E: From<StoreError>>(
        &self,
        look: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.read_from(
            |connection| connection.begin(SNAPSHOT, Turn::Beside),
            |connection, ()| look(connection),
        )
    }

    /// Reads, in one snapshot, with the last change up to which nothing is missing in it. Whoever goes through the log goes no
    /// further: a number that is lower than one that is there may still be to come.
    pub(super) fn read_log<T, E: From<StoreError>>(
        &self,
        look: impl FnOnce(&Connection, i64) -> Result<T, E>,
    ) -> Result<T, E> {
        let begin = |connection: &Connection| {
            // Before the snapshot: who has committed by then is in it.
            connection.begin("BEGIN READ ONLY", Turn::Beside)?;
            let end = connection.query_row("SELECT log_end()", [], |row| row.get(0))?;
            connection.end("COMMIT")?;
            connection.begin(SNAPSHOT, Turn::Beside)?;
            Ok(end)
        };
        self.read_from(begin, look)
    }

    fn read_from<B, T, E: From<StoreError>>(
        &self,
        begin: impl FnOnce(&Connection) -> super::db::Result<B>,
        look: impl FnOnce(&Connection, B) -> Result<T, E>,
    ) -> Result<T, E> {
        self.writer.reached(Moment::Read);
        let mut turn = self.readers.turn(false)?;
        let connection = turn.connection(&self.connector)?;
        let begun = begin(&connection).map_err(database)?;
        let result = look(&connection, begun);
        connection.end("COMMIT").map_err(database)?;
        turn.idle = Some(connection);
        result
    }
}

/// Connects to a database to move what is in it, or to move something there.
pub(super) fn connect_to_move(url: &str) -> Result<Connection, OpenError> {
    Ok(Connector::to(url)?.connect()?)
}

fn epoch(connection: &Connection, ids: &dyn Ids) -> Result<Epoch, OpenError> {
    let secret = ids.secret();
    let fresh = Epoch::from_random([secret[0], secret[1], secret[2], secret[3]]);
    // The id of a new organisation, from bytes that the epoch has no use for; a version 8 UUID, as all of ours.
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&secret[16..]);
    meta::begin(connection, fresh.0, uuid::Builder::from_custom_bytes(bytes).into_uuid())?;
    Ok(meta::number(connection, "epoch")?.map_or(fresh, |epoch| Epoch(epoch as u32)))
}
