//! Everything that is in the store, to see that nothing has changed.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::api::Api;

/// All rows of all tables, as text.
#[derive(PartialEq, Eq)]
pub(crate) struct Dump(Vec<String>);

impl Dump {
    pub(crate) fn of(api: &Api) -> Self {
        let path = api.system.directory.path().join("tenure.db");
        let store = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let tables: Vec<String> = {
            let sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
            let mut statement = store.prepare(sql).unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        assert!(tables.len() > 15, "{tables:?}");
        let mut lines = vec![];
        for table in tables {
            let mut statement = store.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let width = statement.column_count();
            let mut rows = statement.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let mut line = table.clone();
                for column in 0..width {
                    line.push('|');
                    line.push_str(&match row.get_ref(column).unwrap() {
                        ValueRef::Null => "null".to_owned(),
                        ValueRef::Integer(value) => value.to_string(),
                        ValueRef::Real(value) => value.to_string(),
                        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                        ValueRef::Blob(bytes) => format!("{bytes:?}"),
                    });
                }
                lines.push(line);
            }
        }
        lines.sort_unstable();
        Self(lines)
    }

    /// How many rows a table has.
    pub(crate) fn rows(&self, table: &str) -> usize {
        self.0.iter().filter(|line| line.split('|').next() == Some(table)).count()
    }

    /// The rows of some tables.
    pub(crate) fn only(self, tables: &[&str]) -> Vec<String> {
        let is_meant = |line: &String| line.split('|').next().is_some_and(|table| tables.contains(&table));
        self.0.into_iter().filter(is_meant).collect()
    }

    /// Checks that the store holds what it held.
    pub(crate) fn is_unchanged(&self, api: &Api, by: &str) {
        let now = Self::of(api);
        let fresh: Vec<&String> = now.0.iter().filter(|line| !self.0.contains(line)).collect();
        let gone: Vec<&String> = self.0.iter().filter(|line| !now.0.contains(line)).collect();
        assert!(now == *self, "{by} has changed the store: new {fresh:#?}, gone {gone:#?}");
    }
}
