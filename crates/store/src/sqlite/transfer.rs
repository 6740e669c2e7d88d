//! A data directory.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::CopyError;
use super::lock::DirectoryLock;
use super::moving;
use super::open::open_to_move;
use crate::open_error::MOVING;
use crate::transfer::{Begun, Outcome, Row, Side, Table};

pub(crate) struct Directory {
    connection: Connection,
    // Last, so that it is given back when everything else is closed.
    _held: DirectoryLock,
}

impl Directory {
    pub(crate) fn open(directory: &Path, is_new: bool) -> Outcome<Self> {
        if !is_new && !directory.join("tenure.db").is_file() {
            return Err(CopyError::Nothing { directory: PathBuf::from(directory) }.into());
        }
        let (connection, held) = open_to_move(directory)?;
        Ok(Self { connection, _held: held })
    }
}

impl Side for Directory {
    fn page(&self, table: &Table, after: Option<&[Value]>) -> Outcome<Vec<Row>> {
        moving::page(&self.connection, table, after)
    }

    fn is_begun(&self) -> Outcome<Begun> {
        moving::is_begun(&self.connection)
    }

    fn begin(&self) -> Outcome<()> {
        self.connection.execute("INSERT INTO meta (key, value) VALUES (?1, 1)", [MOVING])?;
        Ok(())
    }

    fn resume(&self, table: &Table) -> Outcome<Option<Vec<Value>>> {
        moving::resume(&self.connection, table)
    }

    fn add(&self, table: &Table, rows: &[Row]) -> Outcome<()> {
        let all = self.connection.unchecked_transaction()?;
        let places = vec!["?"; table.columns.len()].join(", ");
        let sql = format!("INSERT INTO {} ({}) VALUES ({places})", table.name, table.columns.join(", "));
        let mut insert = all.prepare_cached(&sql)?;
        for row in rows {
            insert.execute(params_from_iter(row))?;
        }
        drop(insert);
        all.commit()?;
        Ok(())
    }

    fn end(&self) -> Outcome<()> {
        self.connection.execute("DELETE FROM meta WHERE key = ?1", [MOVING])?;
        Ok(())
    }

    fn meta(&self) -> Outcome<Vec<(String, Value)>> {
        let mut statement = self.connection.prepare("SELECT key, value FROM meta ORDER BY key")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn set_meta(&self, key: &str, value: &Value) -> Outcome<()> {
        self.connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)", (key, value))?;
        Ok(())
    }
}
