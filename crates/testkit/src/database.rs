//! Where the store of a system is: in its data directory, or on the PostgreSQL that the environment names.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use postgres::{Client, NoTls, Transaction};
use tenure_lifecycle::clock::Ids;
use tenure_lifecycle::ports::Store;
use tenure_store::{PostgresStore, SqliteStore, Watch};

use crate::system::Outcome;

/// Names the PostgreSQL that tests are to use, such as `host=127.0.0.1 user=postgres`.
const VARIABLE: &str = "TENURE_TEST_POSTGRES";

static SCHEMAS: AtomicU32 = AtomicU32::new(0);

/// How often a property is looked at that costs a schema each time: a fifth of the times, on PostgreSQL.
pub fn cases(on_sqlite: u32) -> u32 {
    if std::env::var_os(VARIABLE).is_some() { on_sqlite / 5 } else { on_sqlite }
}

/// A place for a store.
pub enum Database {
    /// The data directory.
    Directory,
    /// A schema of a PostgreSQL, which goes with it.
    Schema {
        /// Where the server is.
        server: String,
        /// The schema.
        name: String,
        /// A connection to it, in which unqualified names are the schema's.
        client: Option<Box<Mutex<Client>>>,
    },
}

impl Database {
    /// A new one.
    pub fn fresh() -> Outcome<Self> {
        match std::env::var(VARIABLE) {
            Ok(server) => Self::on(&server),
            Err(_) => Ok(Self::Directory),
        }
    }

    /// A new schema of that server.
    pub fn on(server: &str) -> Outcome<Self> {
        let number = SCHEMAS.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        Client::connect(server, NoTls)?.batch_execute(&format!("CREATE SCHEMA {name}"))?;
        let client = Client::connect(&address(server, &name), NoTls)?;
        Ok(Self::Schema { server: server.to_owned(), name, client: Some(Box::new(Mutex::new(client))) })
    }

    /// The connection to a schema.
    pub(crate) fn client(&self) -> Outcome<MutexGuard<'_, Client>> {
        match self {
            Self::Schema { client: Some(client), .. } => {
                Ok(client.lock().unwrap_or_else(PoisonError::into_inner))
            }
            _ => Err("there is no server".into()),
        }
    }

    /// The address of a schema.
    pub fn url(&self) -> Option<String> {
        match self {
            Self::Directory => None,
            Self::Schema { server, name, .. } => Some(address(server, name)),
        }
    }

    /// Opens the store.
    pub fn open(&self, directory: &Path, ids: &dyn Ids, watch: Arc<dyn Watch>) -> Outcome<Arc<dyn Store>> {
        Ok(match self.url() {
            None => Arc::new(SqliteStore::open(directory, ids)?.watched_by(watch)),
            Some(url) => Arc::new(PostgresStore::open(&url, ids)?.watched_by(watch)),
        })
    }

    /// Has everything that the store holds in files of the data directory.
    pub fn write_down(&self, directory: &Path) -> Outcome<()> {
        match self {
            Self::Directory => {
                let connection = rusqlite::Connection::open(directory.join("tenure.db"))?;
                connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            }
            Self::Schema { name, .. } => {
                let mut text = String::new();
                let mut client = self.client()?;
                let mut all = client.transaction()?;
                for table in tables(&mut all, name)? {
                    for row in all.query(&format!("SELECT CAST(t AS text) FROM {name}.{table} t"), &[])? {
                        text.push_str(row.get(0));
                        text.push('\n');
                    }
                }
                std::fs::write(directory.join("rows"), text)?;
            }
        }
        Ok(())
    }

    /// What somebody finds who looks at it just now, in a place of its own.
    pub fn copy(&self, from: &Path, into: &Path) -> Outcome<Self> {
        match self {
            Self::Directory => {
                // Copied while they are open: closing them first would tidy up.
                for file in ["tenure.db", "tenure.db-wal"] {
                    std::fs::copy(from.join(file), into.join(file))?;
                }
                Ok(Self::Directory)
            }
            Self::Schema { name, .. } => {
                let copy = Self::fresh()?;
                let Self::Schema { name: copied, .. } = &copy else { return Err("no schema".into()) };
                // Makes the tables.
                drop(PostgresStore::open(
                    &copy.url().unwrap_or_default(),
                    &tenure_lifecycle::clock::RandomIds,
                )?);
                copy_tables(&mut *self.client()?, name, copied)?;
                Ok(copy)
            }
        }
    }
}

/// The address of a schema.
fn address(server: &str, name: &str) -> String {
    format!("{server} options='-c search_path={name}'")
}

/// The tables of a schema.
pub(crate) fn tables(all: &mut Transaction<'_>, schema: &str) -> Outcome<Vec<String>> {
    let sql = "SELECT relname FROM pg_class
                WHERE relnamespace = $1::text::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition";
    Ok(all.query(sql, &[&schema])?.into_iter().map(|table| table.get(0)).collect())
}

fn copy_tables(client: &mut Client, from: &str, into: &str) -> Outcome<()> {
    let mut all =
        client.build_transaction().isolation_level(postgres::IsolationLevel::RepeatableRead).start()?;
    // What triggers keep is copied as it is.
    all.batch_execute("SET LOCAL session_replication_role = replica")?;
    let partitions = all.query(
        "SELECT p.relname, c.relname, pg_get_expr(c.relpartbound, c.oid)
           FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_class c ON c.oid = i.inhrelid
          WHERE p.relnamespace = $1::text::regnamespace AND c.relkind = 'r'",
        &[&from],
    )?;
    for partition in partitions {
        let (parent, name, bounds): (&str, &str, &str) =
            (partition.get(0), partition.get(1), partition.get(2));
        all.batch_execute(&format!("CREATE TABLE {into}.{name} PARTITION OF {into}.{parent} {bounds}"))?;
    }
    for table in tables(&mut all, from)? {
        all.batch_execute(&format!(
            "TRUNCATE {into}.{table}; INSERT INTO {into}.{table} SELECT * FROM {from}.{table}"
        ))?;
    }
    let sequences = all.query(
        "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = $1 AND last_value IS NOT NULL",
        &[&from],
    )?;
    for sequence in sequences {
        let (name, last): (&str, i64) = (sequence.get(0), sequence.get(1));
        all.batch_execute(&format!("SELECT setval('{into}.{name}', {last})"))?;
    }
    all.commit()?;
    Ok(())
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Schema { name, client, .. } = self
            && let Some(client) = client.take()
        {
            let drop_schema = format!("DROP SCHEMA {name} CASCADE");
            // On a thread of its own, since that of the test may be at its end. Left behind, if it cannot be dropped: it is a
            // server for tests.
            let dropping = std::thread::spawn(move || {
                let mut client = client.into_inner().unwrap_or_else(PoisonError::into_inner);
                drop(client.batch_execute(&drop_schema));
            });
            drop(dropping.join());
        }
    }
}
