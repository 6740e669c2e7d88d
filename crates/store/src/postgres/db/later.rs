//! Rows that are written together: what nobody asks the outcome of waits for the end of the transaction, or for somebody who
//! reads such a table, and goes there many rows at a time.
//!
//! They wait in levels, one for each savepoint that is asked for. A savepoint is made only when a statement is run behind
//! it, and by then what waits below it is written; so going back to one that was never made is forgetting its level.

use std::collections::HashSet;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Error, Result, ToSql};

use super::connection::Connection;
use super::parameters::{Array, Params};

/// A statement for many rows: `before unnest(…) after`.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Many {
    /// The table it writes, one of [`WAITED_FOR`].
    pub(in super::super) table: &'static str,
    /// How many of the first values name the row, if another statement may write the same one.
    pub(in super::super) key: usize,
    pub(in super::super) columns: &'static [Kind],
    pub(in super::super) before: &'static str,
    pub(in super::super) after: &'static str,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Kind {
    Number,
    Text,
    Bytes,
}

/// Tables that rows wait for.
const WAITED_FOR: [&str; 12] = [
    "audit",
    "audit_values",
    "chosen_tasks",
    "in_flight",
    "memberships",
    "occasions",
    "pending",
    "requeued",
    "skipped",
    "task_results",
    "user_results",
    "users",
];

/// Most rows that wait.
const MOST: usize = 8_192;

/// Whether a statement sees a table that rows may wait for.
pub(super) fn sees(sql: &str) -> bool {
    let words = sql.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.into_iter().any(|word| WAITED_FOR.contains(&word))
}

/// Rows of one statement, by columns.
struct Rows {
    many: Many,
    columns: Vec<Array>,
}

impl Rows {
    fn of(many: Many) -> Self {
        let columns = many.columns.iter().map(|kind| match kind {
            Kind::Number => Array::Numbers(vec![]),
            Kind::Text => Array::Texts(vec![]),
            Kind::Bytes => Array::Bytes(vec![]),
        });
        Self { many, columns: columns.collect() }
    }

    fn push(&mut self, values: &[&dyn ToSql]) -> Result<()> {
        for (column, value) in self.columns.iter_mut().zip(values) {
            match value.to_sql()? {
                ToSqlOutput::Borrowed(value) => column.push(value)?,
                ToSqlOutput::Owned(value) => column.push(ValueRef::from(&value))?,
                _ => return Err(Error::ToSqlConversionFailure("a value of no known kind".into())),
            }
        }
        Ok(())
    }
}

/// What waits behind one savepoint, or behind none.
#[derive(Default)]
struct Level {
    rows: Vec<Rows>,
    /// Whether PostgreSQL has the savepoint.
    is_made: bool,
}

impl Level {
    fn of(&mut self, many: Many) -> &mut Rows {
        let is_same = |of: &Many| (of.before, of.after) == (many.before, many.after);
        let known = self.rows.iter().position(|rows| is_same(&rows.many));
        let place = known.unwrap_or_else(|| {
            self.rows.push(Rows::of(many));
            self.rows.len() - 1
        });
        &mut self.rows[place]
    }
}

/// What waits in a transaction.
pub(super) struct Waiting {
    /// The first is behind no savepoint.
    levels: Vec<Level>,
    count: usize,
    /// Rows that are named: no two statements for the same wait, since it is not said which would come first.
    named: HashSet<(&'static str, [i64; 2])>,
}

impl Default for Waiting {
    fn default() -> Self {
        Self { levels: vec![Level::default()], count: 0, named: HashSet::new() }
    }
}

impl Waiting {
    /// A savepoint is asked for.
    pub(super) fn mark(&mut self) {
        self.levels.push(Level::default());
    }

    /// Forgets what waits behind the last savepoint, and says whether PostgreSQL has it.
    pub(super) fn go_back(&mut self) -> bool {
        self.levels.last_mut().is_some_and(|level| {
            level.rows.clear();
            level.is_made
        })
    }

    /// Forgets the last savepoint, and says whether PostgreSQL has it.
    pub(super) fn release(&mut self) -> bool {
        let Some(level) = (self.levels.len() > 1).then(|| self.levels.pop()).flatten() else { return false };
        if let Some(below) = self.levels.last_mut() {
            for rows in level.rows {
                let all = below.of(rows.many);
                for (column, more) in all.columns.iter_mut().zip(rows.columns) {
                    column.append(more);
                }
            }
        }
        level.is_made
    }

    fn take(&mut self, level: usize) -> Vec<Rows> {
        self.levels.get_mut(level).map(|level| std::mem::take(&mut level.rows)).unwrap_or_default()
    }
}

/// A statement that is run for many rows, and whose outcome nobody asks for.
pub(in super::super) struct Later<'a> {
    connection: &'a Connection,
    many: Many,
}

/// Prepares one.
#[expect(clippy::unnecessary_wraps, reason = "as on SQLite, where it can fail")]
pub(in super::super) fn later(connection: &Connection, many: Many) -> Result<Later<'_>> {
    Ok(Later { connection, many })
}

impl Later<'_> {
    pub(in super::super) fn execute(&mut self, row: impl Params) -> Result<()> {
        row.bind(|values| {
            if self.is_full(values)? {
                flush(self.connection)?;
            }
            let mut waiting = self.connection.waiting.borrow_mut();
            if let Some(name) = self.name(values)? {
                waiting.named.insert(name);
            }
            waiting.count += 1;
            waiting.levels.last_mut().map_or(Ok(()), |level| level.of(self.many).push(values))
        })
    }

    /// Whether what waits is to be written before these values are added.
    fn is_full(&self, values: &[&dyn ToSql]) -> Result<bool> {
        let waiting = self.connection.waiting.borrow();
        let is_named = self.name(values)?.is_some_and(|name| waiting.named.contains(&name));
        Ok(is_named || waiting.count >= MOST)
    }

    fn name(&self, values: &[&dyn ToSql]) -> Result<Option<(&'static str, [i64; 2])>> {
        if self.many.key == 0 {
            return Ok(None);
        }
        let mut name = [0; 2];
        for (place, value) in name.iter_mut().zip(values).take(self.many.key) {
            *place = match value.to_sql()? {
                ToSqlOutput::Borrowed(ValueRef::Integer(number))
                | ToSqlOutput::Owned(rusqlite::types::Value::Integer(number)) => number,
                _ => return Err(Error::ToSqlConversionFailure("a row is named by numbers".into())),
            };
        }
        Ok(Some((self.many.table, name)))
    }
}

/// Makes the savepoints that are asked for, and writes what waits below them.
pub(super) fn make_savepoints(connection: &Connection) -> Result<()> {
    let mut level = 1;
    loop {
        {
            let waiting = connection.waiting.borrow();
            let Some(next) = waiting.levels.get(level) else { return Ok(()) };
            if next.is_made {
                level += 1;
                continue;
            }
        }
        write(connection, level - 1)?;
        connection.send(&format!("SAVEPOINT {}", savepoint(level)))?;
        if let Some(made) = connection.waiting.borrow_mut().levels.get_mut(level) {
            made.is_made = true;
        }
        level += 1;
    }
}

/// What the savepoint of a level is called.
fn savepoint(level: usize) -> String {
    format!("level_{level}")
}

/// What the last savepoint is called.
pub(super) fn last_savepoint(connection: &Connection) -> String {
    savepoint(connection.waiting.borrow().levels.len() - 1)
}

/// Writes everything that waits.
pub(super) fn flush(connection: &Connection) -> Result<()> {
    if connection.waiting.borrow().count == 0 {
        return Ok(());
    }
    make_savepoints(connection)?;
    let top = connection.waiting.borrow().levels.len() - 1;
    write(connection, top)?;
    let mut waiting = connection.waiting.borrow_mut();
    (waiting.count, waiting.named) = (0, HashSet::new());
    Ok(())
}

fn write(connection: &Connection, level: usize) -> Result<()> {
    let all = connection.waiting.borrow_mut().take(level);
    for Rows { many, columns } in all {
        if columns.first().is_none_or(Array::is_empty) {
            continue;
        }
        let places: Vec<String> = many
            .columns
            .iter()
            .enumerate()
            .map(|(place, kind)| {
                let kind = match kind {
                    Kind::Number => "bigint",
                    Kind::Text => "text",
                    Kind::Bytes => "bytea",
                };
                format!("${}::{kind}[]", place + 1)
            })
            .collect();
        let sql = format!("{} unnest({}) {}", many.before, places.join(", "), many.after);
        connection.run_for_many(&sql, &columns)?;
    }
    Ok(())
}
