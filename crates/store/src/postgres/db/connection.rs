//! A connection, and the statements that it has prepared.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use postgres::fallible_iterator::FallibleIterator as _;
use postgres::{Client, Statement};
use rusqlite::ToSql;

use super::super::dialect::translate;
use super::super::writer::Turn;
use super::connector::Connector;
use super::failed;
use super::later::{Waiting, flush, last_savepoint, make_savepoints, sees};
use super::parameters::{Array, Parameter, Params};
use super::row::{Row, Rows};

/// Statements that are kept.
const KEPT: usize = 1_024;

/// A statement as PostgreSQL has it.
struct Prepared {
    statement: Statement,
    /// Whether it sees tables that rows wait for.
    sees: bool,
    /// How often it was run for many rows.
    runs: AtomicU32,
}

/// PostgreSQL plans a statement by the size of its tables the first few times, and keeps a plan then. A table may have been
/// empty at that time, and a plan for an empty table looks at all rows for each of many: so these are planned again.
const PLANNED: u32 = 16;

/// Numbers of the audit from `next` to before `end`, of `taken` that were taken at once.
#[derive(Clone, Copy, Default)]
struct Numbers {
    next: i64,
    end: i64,
    taken: i64,
}

/// Most numbers of the audit that are taken at once.
const MOST_NUMBERS: i64 = 1_024;

/// A connection that one thread uses at a time.
pub(in super::super) struct Connection {
    connector: Connector,
    client: RefCell<Client>,
    statements: RefCell<HashMap<Box<str>, Arc<Prepared>>>,
    in_transaction: Cell<bool>,
    pub(super) waiting: RefCell<Waiting>,
    turn: Cell<Turn>,
    /// Numbers of the audit that this transaction may give, and how many of them were taken at once.
    numbers: Cell<Numbers>,
}

impl Connection {
    pub(super) fn new(connector: Connector, client: Client) -> Self {
        Self {
            connector,
            client: RefCell::new(client),
            statements: RefCell::default(),
            in_transaction: Cell::new(false),
            waiting: RefCell::default(),
            turn: Cell::new(Turn::Alone),
            numbers: Cell::default(),
        }
    }

    /// Prepares a statement in SQLite's words, or finds it prepared.
    pub(in super::super) fn prepare_cached(&self, sql: &str) -> rusqlite::Result<CachedStatement<'_>> {
        self.statement_of(sql)
    }

    pub(super) fn statement_of(&self, sql: &str) -> rusqlite::Result<CachedStatement<'_>> {
        if let Some(known) = self.statements.borrow().get(sql) {
            return Ok(CachedStatement { connection: self, statement: known.clone() });
        }
        let statement = self.client.borrow_mut().prepare(&translate(sql)).map_err(|error| {
            tracing::debug!(sql, "PostgreSQL does not take a statement");
            failed(error)
        })?;
        let statement = Arc::new(Prepared { statement, sees: sees(sql), runs: AtomicU32::new(0) });
        let mut kept = self.statements.borrow_mut();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(sql.into(), statement.clone());
        Ok(CachedStatement { connection: self, statement })
    }

    pub(in super::super) fn execute(&self, sql: &str, parameters: impl Params) -> rusqlite::Result<usize> {
        self.prepare_cached(sql)?.execute(parameters)
    }

    pub(in super::super) fn query_row<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        look: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.prepare_cached(sql)?.query_row(parameters, look)
    }

    /// Statements in PostgreSQL's own words, without parameters.
    pub(in super::super) fn execute_batch(&self, sql: &str) -> rusqlite::Result<()> {
        self.flush()?;
        make_savepoints(self)?;
        self.send(sql)
    }

    /// The same, whatever waits.
    pub(in super::super) fn send(&self, sql: &str) -> rusqlite::Result<()> {
        self.client.borrow_mut().batch_execute(sql).map_err(failed)
    }

    /// Begins a transaction; over a new connection, if the old one broke while nobody needed it.
    pub(in super::super) fn begin(&self, sql: &str, turn: Turn) -> rusqlite::Result<()> {
        if let Err(error) = self.send_all(sql) {
            if !self.is_closed() {
                return Err(error);
            }
            let client = self.connector.client()?;
            self.statements.borrow_mut().clear();
            *self.client.borrow_mut() = client;
            self.send(sql)?;
        }
        self.forget();
        self.in_transaction.set(true);
        self.turn.set(turn);
        Ok(())
    }

    /// Ends it: `COMMIT` or `ROLLBACK`.
    pub(in super::super) fn end(&self, sql: &str) -> rusqlite::Result<()> {
        self.in_transaction.set(false);
        self.forget();
        self.send_all(sql)
    }

    /// What a transaction leaves to be done is not the next one's, even if the connection broke and it was never ended.
    fn forget(&self) {
        *self.waiting.borrow_mut() = Waiting::default();
        self.numbers.set(Numbers::default());
    }

    /// The same as [`Self::send`], with no transaction left if it fails: a part of it may have been done.
    fn send_all(&self, sql: &str) -> rusqlite::Result<()> {
        let sent = self.send(sql);
        if sent.is_err() && !self.is_closed() {
            self.send("ROLLBACK")?;
        }
        sent
    }

    /// Writes what waits to be written.
    pub(in super::super) fn flush(&self) -> rusqlite::Result<()> {
        flush(self)
    }

    /// Makes a savepoint, as soon as something is done behind it.
    pub(in super::super) fn savepoint(&self) {
        self.waiting.borrow_mut().mark();
    }

    /// Goes back to the last one.
    pub(in super::super) fn go_back(&self) -> rusqlite::Result<()> {
        let is_made = self.waiting.borrow_mut().go_back();
        if !is_made {
            return Ok(());
        }
        // If they were taken behind the savepoint, the lock that is below them goes with it.
        self.numbers.set(Numbers::default());
        self.send(&format!("ROLLBACK TO {}", last_savepoint(self)))
    }

    /// Lets go of it.
    pub(in super::super) fn release(&self) -> rusqlite::Result<()> {
        let name = last_savepoint(self);
        let is_made = self.waiting.borrow_mut().release();
        if is_made { self.send(&format!("RELEASE {name}")) } else { Ok(()) }
    }

    /// Runs a statement of PostgreSQL's own for rows that waited.
    pub(super) fn run_for_many(&self, sql: &str, columns: &[Array]) -> rusqlite::Result<()> {
        let mut statement = self.statement_of(sql)?;
        if statement.statement.runs.load(Ordering::Relaxed) == PLANNED {
            self.statements.borrow_mut().remove(sql);
            statement = self.statement_of(sql)?;
        }
        statement.statement.runs.fetch_add(1, Ordering::Relaxed);
        let mut client = self.client.borrow_mut();
        let mut run = || {
            let mut rows = client.query_raw(&statement.statement.statement, columns)?;
            while rows.next()?.is_some() {}
            Ok(())
        };
        run().map_err(failed)
    }

    /// What gives back the numbers of the audit that were taken and not used.
    pub(in super::super) fn unused_numbers(&self) -> String {
        let Numbers { next, end, .. } = self.numbers.get();
        if next < end { format!("SELECT give_back({next}, {end})") } else { "SELECT 1".to_owned() }
    }

    /// The next number of the audit. Several are taken at once, more and more of them.
    pub(in super::super) fn audit_number(&self) -> rusqlite::Result<i64> {
        let numbers = self.numbers.get();
        if numbers.next < numbers.end {
            self.numbers.set(Numbers { next: numbers.next + 1, ..numbers });
            return Ok(numbers.next);
        }
        let taken = match (numbers.taken, self.turn.get()) {
            (0, Turn::Alone) => 1,
            (0, Turn::Beside) => 16,
            (before, _) => (before * 8).min(MOST_NUMBERS),
        };
        // Whatever becomes of the transaction, they are taken: no savepoint is made for it.
        let statement = self.statement_of("SELECT take_numbers(?1, ?2)")?;
        let mut rows = statement.run((taken, numbers.taken == 0), |client, statement, values| {
            client.query_raw(statement, values)?.collect::<Vec<postgres::Row>>()
        })?;
        let first: i64 = Row::new(rows.pop().ok_or(rusqlite::Error::QueryReturnedNoRows)?).get(0)?;
        self.numbers.set(Numbers { next: first + 1, end: first + taken, taken });
        Ok(first)
    }

    /// Whether there is no transaction, or none that can go on.
    pub(in super::super) fn is_autocommit(&self) -> bool {
        !self.in_transaction.get() || self.is_closed()
    }

    pub(in super::super) fn is_closed(&self) -> bool {
        self.client.borrow().is_closed()
    }
}

/// A statement that stays prepared.
pub(in super::super) struct CachedStatement<'a> {
    connection: &'a Connection,
    statement: Arc<Prepared>,
}

impl<'a> CachedStatement<'a> {
    fn run<T>(
        &self,
        parameters: impl Params,
        with: impl FnOnce(&mut Client, &Statement, &[Parameter<'_>]) -> Result<T, postgres::Error>,
    ) -> rusqlite::Result<T> {
        parameters.bind(|values: &[&dyn ToSql]| {
            let values: Vec<Parameter<'_>> =
                values.iter().map(|value| Parameter::of(*value)).collect::<rusqlite::Result<_>>()?;
            with(&mut self.connection.client.borrow_mut(), &self.statement.statement, &values).map_err(failed)
        })
    }

    /// Makes the savepoints that it is behind, and writes what it would see and is not written yet.
    fn settle_first(&self) -> rusqlite::Result<()> {
        make_savepoints(self.connection)?;
        if self.statement.sees { self.connection.flush() } else { Ok(()) }
    }

    fn rows(&self, parameters: impl Params) -> rusqlite::Result<Vec<postgres::Row>> {
        self.settle_first()?;
        self.run(parameters, |client, statement, values| client.query_raw(statement, values)?.collect())
    }

    pub(in super::super) fn execute(&mut self, parameters: impl Params) -> rusqlite::Result<usize> {
        self.settle_first()?;
        self.run(parameters, |client, statement, values| {
            let mut rows = client.query_raw(statement, values)?;
            while rows.next()?.is_some() {}
            Ok(rows.rows_affected().unwrap_or(0) as usize)
        })
    }

    pub(in super::super) fn query(&mut self, parameters: impl Params) -> rusqlite::Result<Rows<'a>> {
        Ok(Rows::new(self.rows(parameters)?))
    }

    pub(in super::super) fn query_map<T>(
        &mut self,
        parameters: impl Params,
        mut look: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<impl Iterator<Item = rusqlite::Result<T>>> {
        Ok(self.rows(parameters)?.into_iter().map(move |row| look(&Row::new(row))))
    }

    pub(in super::super) fn query_row<T>(
        &mut self,
        parameters: impl Params,
        look: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let first = self.rows(parameters)?.into_iter().next();
        look(&Row::new(first.ok_or(rusqlite::Error::QueryReturnedNoRows)?))
    }

    pub(in super::super) fn exists(&mut self, parameters: impl Params) -> rusqlite::Result<bool> {
        Ok(!self.rows(parameters)?.is_empty())
    }

    pub(in super::super) fn column_count(&self) -> usize {
        self.statement.statement.columns().len()
    }
}
