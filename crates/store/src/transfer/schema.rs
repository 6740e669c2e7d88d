//! The tables, as both databases have them: what SQLite's migrations make.

use rusqlite::Connection;
use rusqlite::types::Value;

use super::Outcome;
use crate::sqlite::new_in_memory;

/// Tables that triggers keep: moved last, and whole.
const DERIVED: [&str; 3] = ["run_days", "report_days", "task_days"];

/// A table.
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    /// Places of the columns of its key.
    pub(crate) key: Vec<usize>,
}

impl Table {
    pub(crate) fn key_of(&self, row: &[Value]) -> Vec<Value> {
        self.key.iter().map(|place| row[*place].clone()).collect()
    }

    pub(crate) fn is_derived(&self) -> bool {
        DERIVED.contains(&self.name.as_str())
    }

    /// The columns of its key, as SQL.
    pub(crate) fn key_columns(&self) -> String {
        let columns: Vec<&str> = self.key.iter().map(|place| self.columns[*place].as_str()).collect();
        columns.join(", ")
    }

    /// A page behind a key, if there is one, as SQLite says it.
    pub(crate) fn select(&self, has_key: bool, limit: usize) -> String {
        let (columns, key) = (self.columns.join(", "), self.key_columns());
        let behind = if has_key {
            format!("WHERE ({key}) > ({})", vec!["?"; self.key.len()].join(", "))
        } else {
            String::new()
        };
        format!("SELECT {columns} FROM {} {behind} ORDER BY {key} LIMIT {limit}", self.name)
    }
}

/// All tables but `meta`, which each database has in its own way, in the order in which they are moved.
pub(super) fn tables() -> Outcome<Vec<Table>> {
    let connection = new_in_memory()?;
    let mut names = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'meta' ORDER BY name",
    )?;
    let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut tables: Vec<Table> =
        names.into_iter().map(|name| table(&connection, name)).collect::<Outcome<_>>()?;
    tables.sort_by_key(Table::is_derived);
    Ok(tables)
}

fn table(connection: &Connection, name: String) -> Outcome<Table> {
    let mut statement = connection.prepare("SELECT name, pk FROM pragma_table_info(?1)")?;
    let columns: Vec<(String, i64)> = statement
        .query_map([&name], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut key: Vec<(i64, usize)> = columns
        .iter()
        .enumerate()
        .filter(|(_, (_, pk))| *pk > 0)
        .map(|(place, (_, pk))| (*pk, place))
        .collect();
    key.sort_unstable();
    Ok(Table {
        name,
        key: key.into_iter().map(|(_, place)| place).collect(),
        columns: columns.into_iter().map(|(name, _)| name).collect(),
    })
}
