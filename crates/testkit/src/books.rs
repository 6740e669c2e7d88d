//! What stands in the store, as tests look at it that hold its laws: by SQL that both databases understand.

use postgres::types::Type;
use rusqlite::Connection;
use rusqlite::types::Value;

use tenure_store::postgres::translate;

use crate::system::{Outcome, System};
use crate::{Database, database};

/// What a query found.
pub struct Found {
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<Value>>,
}

impl System {
    fn file(&self) -> Outcome<Connection> {
        Ok(Connection::open(self.directory.path().join("tenure.db"))?)
    }

    /// What a query finds.
    pub fn look(&self, sql: &str) -> Outcome<Found> {
        let mut found = Found { columns: vec![], rows: vec![] };
        match self.database.as_ref() {
            Database::Directory => {
                let connection = self.file()?;
                let mut statement = connection.prepare(sql)?;
                found.columns = statement.column_names().map(str::to_owned).collect();
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    let values = (0..found.columns.len()).map(|column| row.get(column));
                    found.rows.push(values.collect::<rusqlite::Result<_>>()?);
                }
            }
            Database::Schema { .. } => {
                let sql = &summed(sql);
                let mut client = self.database.client()?;
                let statement = client.prepare(&translate(sql))?;
                found.columns = statement.columns().iter().map(|column| column.name().to_owned()).collect();
                for row in client.query(&statement, &[])? {
                    let values = (0..row.len()).map(|column| value(&row, column));
                    found.rows.push(values.collect::<Outcome<_>>()?);
                }
            }
        }
        Ok(found)
    }

    /// The number that a query finds.
    pub fn number(&self, sql: &str) -> Outcome<i64> {
        match self.look(sql)?.rows.first().and_then(|row| row.first()) {
            Some(Value::Integer(number)) => Ok(*number),
            other => Err(format!("{sql}: {other:?}").into()),
        }
    }

    /// Changes the store behind its back.
    pub fn tamper(&self, sql: &str) -> Outcome<()> {
        match self.database.as_ref() {
            Database::Directory => self.file()?.execute_batch(sql)?,
            Database::Schema { .. } => self.database.client()?.batch_execute(sql)?,
        }
        Ok(())
    }

    /// The tables that hold something of the organisation.
    pub fn tables(&self) -> Outcome<Vec<String>> {
        match self.database.as_ref() {
            Database::Directory => {
                let connection = self.file()?;
                let mut statement = connection.prepare(
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
                )?;
                let names = statement.query_map([], |row| row.get(0))?;
                Ok(names.collect::<rusqlite::Result<_>>()?)
            }
            Database::Schema { name, .. } => {
                let mut client = self.database.client()?;
                let mut tables = database::tables(&mut client.transaction()?, name)?;
                tables.retain(|table| {
                    !["report_slots", "run_ranges", "run_slots", "schema_steps"].contains(&table.as_str())
                });
                tables.sort_unstable();
                Ok(tables)
            }
        }
    }
}

fn value(row: &postgres::Row, column: usize) -> Outcome<Value> {
    let kind = row.columns()[column].type_();
    let found = match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(column)?.map(Value::Integer),
        Type::INT4 => row.try_get::<_, Option<i32>>(column)?.map(|value| Value::Integer(value.into())),
        Type::INT2 => row.try_get::<_, Option<i16>>(column)?.map(|value| Value::Integer(value.into())),
        Type::BOOL => row.try_get::<_, Option<bool>>(column)?.map(|value| Value::Integer(value.into())),
        Type::TEXT => row.try_get::<_, Option<String>>(column)?.map(Value::Text),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(column)?.map(Value::Blob),
        _ => return Err(format!("a value of the kind {kind}").into()),
    };
    Ok(found.unwrap_or(Value::Null))
}

/// The same question to the views that add up what each process counts by itself.
fn summed(sql: &str) -> String {
    let mut sql = sql.to_owned();
    for table in ["runs", "task_reports", "summaries", "summary_days", "report_days", "task_days"] {
        for word in ["FROM", "JOIN"] {
            sql = sql.replace(&format!("{word} {table} "), &format!("{word} {table}_now "));
        }
    }
    sql
}
