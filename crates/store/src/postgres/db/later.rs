//! Rows that are written together: what nobody asks the outcome of waits for the end of the transaction, or for somebody who
//! reads such a table, and goes there many rows at a time.

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value};

use super::connection::Connection;
use super::parameters::Params;

/// A statement for many rows: `head (row), (row) … tail`.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Many {
    pub(in super::super) head: &'static str,
    /// The kind of each value; empty where PostgreSQL knows it from the table.
    pub(in super::super) row: &'static [&'static str],
    pub(in super::super) tail: &'static str,
}

/// Tables that rows wait for.
const WAITED_FOR: [&str; 4] = ["audit", "audit_values", "task_results", "user_results"];

/// Most rows of a statement.
const MOST: usize = 256;

/// Whether a statement sees a table that rows may wait for.
pub(super) fn sees(sql: &str) -> bool {
    let words = sql.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.into_iter().any(|word| WAITED_FOR.contains(&word))
}

/// What waits.
#[derive(Default)]
pub(super) struct Waiting {
    rows: Vec<(Many, Vec<Value>)>,
    /// How many of the rows are from before the savepoint, if there is one.
    before: Option<usize>,
    /// Those from before the savepoint that were written behind it: going back to it takes them along.
    written: Vec<(Many, Vec<Value>)>,
}

impl Waiting {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    pub(super) fn mark(&mut self) {
        (self.before, self.written) = (Some(self.rows.len()), vec![]);
    }

    pub(super) fn go_back(&mut self) {
        self.rows.truncate(self.before.unwrap_or(self.rows.len()));
        let mut rows = std::mem::take(&mut self.written);
        rows.append(&mut self.rows);
        self.rows = rows;
        self.before = Some(self.rows.len());
    }

    pub(super) fn release(&mut self) {
        (self.before, self.written) = (None, vec![]);
    }

    fn take(&mut self) -> Vec<(Many, Vec<Value>)> {
        if let Some(before) = &mut self.before {
            self.written.extend_from_slice(&self.rows[..std::mem::take(before)]);
        }
        std::mem::take(&mut self.rows)
    }
}

/// A statement that is run for many rows, and whose outcome nobody asks for.
pub(in super::super) struct Later<'a> {
    connection: &'a Connection,
    many: Many,
}

/// Prepares one.
pub(in super::super) fn later(connection: &Connection, many: Many) -> rusqlite::Result<Later<'_>> {
    Ok(Later { connection, many })
}

impl Later<'_> {
    pub(in super::super) fn execute(&mut self, row: impl Params) -> rusqlite::Result<()> {
        let values = row.bind(|values| {
            values.iter().map(|value| owned(*value)).collect::<rusqlite::Result<Vec<Value>>>()
        })?;
        self.connection.waiting.borrow_mut().rows.push((self.many, values));
        Ok(())
    }
}

fn owned(value: &dyn ToSql) -> rusqlite::Result<Value> {
    Ok(match value.to_sql()? {
        ToSqlOutput::Borrowed(value) => {
            value.try_into().map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?
        }
        ToSqlOutput::Owned(value) => value,
        _ => return Err(rusqlite::Error::ToSqlConversionFailure("a value of no known kind".into())),
    })
}

/// Writes what waits.
pub(super) fn flush(connection: &Connection) -> rusqlite::Result<()> {
    let mut rows = connection.waiting.borrow_mut().take();
    while let Some((many, _)) = rows.first() {
        let head = many.head;
        let (these, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(many, _)| many.head == head);
        rows = others;
        let mut rest = these.as_slice();
        while let [(many, _), ..] = rest {
            // A few sizes, so that few statements are prepared.
            let count = MOST.min(1 << rest.len().ilog2());
            let (now, after) = rest.split_at(count);
            let values = now.iter().flat_map(|(_, values)| values).map(|value| value as &dyn ToSql);
            let values: Vec<&dyn ToSql> = values.collect();
            connection.statement_of(&sql(*many, count))?.run_now(values.as_slice())?;
            rest = after;
        }
    }
    Ok(())
}

fn sql(many: Many, count: usize) -> String {
    let mut text = many.head.to_owned();
    for row in 0..count {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for (place, kind) in many.row.iter().enumerate() {
            text.push_str(if place == 0 { "" } else { ", " });
            // Of what all rows have the first one tells.
            if kind.is_empty() || row > 0 {
                text.push('?');
            } else {
                text.push_str(&format!("CAST(? AS {kind})"));
            }
        }
        text.push(')');
    }
    text.push_str(many.tail);
    text
}
