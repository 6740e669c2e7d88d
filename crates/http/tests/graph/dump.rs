//! Everything that is in the store, to see that nothing has changed.

use rusqlite::types::Value;

use crate::api::Api;

/// All rows of all tables, as text.
#[derive(PartialEq, Eq)]
pub(crate) struct Dump(Vec<String>);

impl Dump {
    pub(crate) fn of(api: &Api) -> Self {
        let tables = api.system.tables().unwrap();
        assert!(tables.len() > 15, "{tables:?}");
        let mut lines = vec![];
        for table in tables {
            for row in api.system.look(&format!("SELECT * FROM {table}")).unwrap().rows {
                let mut line = table.clone();
                for value in row {
                    line.push('|');
                    line.push_str(&match value {
                        Value::Null => "null".to_owned(),
                        Value::Integer(value) => value.to_string(),
                        Value::Real(value) => value.to_string(),
                        Value::Text(text) => text,
                        Value::Blob(bytes) => format!("{bytes:?}"),
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
