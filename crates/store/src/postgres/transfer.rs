//! A PostgreSQL.

use rusqlite::types::Value;

use super::cluster;
use super::db::{Connection, params, params_from_iter};
use super::migrate::migrate;
use super::open::connect_to_move;
use super::writer::Turn;
use super::{moving, ranges, slots, transaction};
use crate::open_error::MOVING;
use crate::transfer::{Begun, Outcome, Row, Side, Table, TransferError};

/// Values that a statement takes at most.
const VALUES: usize = 30_000;

pub(crate) struct Database {
    connection: Connection,
}

impl Database {
    pub(crate) fn open(url: &str, is_new: bool) -> Outcome<Self> {
        let connection = connect_to_move(url)?;
        let has_tables = connection
            .query_row("SELECT to_regclass('meta') IS NOT NULL", [], |row| row.get::<_, bool>(0))?;
        let is_store = has_tables && matches!(moving::is_begun(&connection)?, Begun::Store);
        if !is_new && !is_store {
            return Err(TransferError::Nothing);
        }
        if !cluster::take(&connection)? {
            return Err(TransferError::InUse);
        }
        migrate(&connection)?;
        // What processes that are gone counted apart is no part of what both databases have.
        transaction::begin(&connection, Turn::Alone)?;
        slots::add_up(&connection)?;
        transaction::commit(&connection)?;
        Ok(Self { connection })
    }
}

impl Side for Database {
    fn page(&self, table: &Table, after: Option<&[Value]>) -> Outcome<Vec<Row>> {
        moving::page(&self.connection, table, after)
    }

    fn is_begun(&self) -> Outcome<Begun> {
        moving::is_begun(&self.connection)
    }

    fn begin(&self) -> Outcome<()> {
        self.connection.execute("INSERT INTO meta (key, number) VALUES (?1, 1)", [MOVING])?;
        Ok(())
    }

    fn resume(&self, table: &Table) -> Outcome<Option<Vec<Value>>> {
        moving::resume(&self.connection, table)
    }

    fn add(&self, table: &Table, rows: &[Row]) -> Outcome<()> {
        transaction::begin(&self.connection, Turn::Alone)?;
        if table.name == "runs" {
            for run in rows {
                if let Some(Value::Integer(number)) = table.key_of(run).first() {
                    ranges::make_room_for(&self.connection, *number)?;
                }
            }
        }
        let columns = table.columns.join(", ");
        let places = format!("({})", vec!["?"; table.columns.len()].join(", "));
        for rows in rows.chunks((VALUES / table.columns.len()).max(1)) {
            let all = vec![places.as_str(); rows.len()].join(", ");
            let sql = format!("INSERT INTO {} ({columns}) VALUES {all}", table.name);
            self.connection.execute(&sql, params_from_iter(rows.iter().flatten()))?;
        }
        transaction::commit(&self.connection)?;
        Ok(())
    }

    /// Numbers go on behind those that were moved.
    fn end(&self) -> Outcome<()> {
        transaction::begin(&self.connection, Turn::Alone)?;
        self.connection.execute_batch(
            "DO $$
             DECLARE
                 one record;
                 last bigint;
             BEGIN
                 FOR one IN SELECT table_name FROM information_schema.columns
                             WHERE table_schema = current_schema() AND column_name = 'number' AND is_identity = 'YES' LOOP
                     EXECUTE format('SELECT max(number) FROM %I', one.table_name) INTO last;
                     IF last IS NOT NULL THEN
                         PERFORM setval(pg_get_serial_sequence(one.table_name, 'number'), last);
                     END IF;
                 END LOOP;
                 SELECT max(id) FROM leases INTO last;
                 IF last IS NOT NULL THEN
                     PERFORM setval(pg_get_serial_sequence('leases', 'id'), last);
                 END IF;
                 SELECT number FROM meta WHERE key = 'process' INTO last;
                 IF last IS NOT NULL THEN
                     PERFORM setval('processes', last);
                 END IF;
             END $$",
        )?;
        self.connection.execute("DELETE FROM meta WHERE key = ?1", [MOVING])?;
        transaction::commit(&self.connection)?;
        Ok(())
    }

    fn meta(&self) -> Outcome<Vec<(String, Value)>> {
        let mut all = Vec::new();
        for column in ["number", "bytes", "value"] {
            let sql =
                format!("SELECT key, {column} FROM meta WHERE {column} IS NOT NULL AND key <> 'functions'");
            let mut statement = self.connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            all.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
        }
        let process = self.connection.query_row("SELECT last_value FROM processes", [], |row| row.get(0))?;
        all.push(("process".to_owned(), process));
        all.sort_by(|(one, _), (other, _): &(String, Value)| one.cmp(other));
        Ok(all)
    }

    fn set_meta(&self, key: &str, value: &Value) -> Outcome<()> {
        let column = match value {
            Value::Integer(_) => "number",
            Value::Blob(_) => "bytes",
            _ => "value",
        };
        let sql = format!(
            "INSERT INTO meta (key, {column}) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET {column} = excluded.{column}"
        );
        self.connection.execute(&sql, params![key, value])?;
        Ok(())
    }
}
