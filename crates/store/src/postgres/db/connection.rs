//! A connection, and the statements that it has prepared.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use postgres::fallible_iterator::FallibleIterator as _;
use postgres::{Client, Statement};
use rusqlite::ToSql;

use super::super::dialect::translate;
use super::connector::Connector;
use super::failed;
use super::later::{Waiting, flush, sees};
use super::parameters::{Parameter, Params};
use super::row::{Row, Rows};

/// Statements that are kept.
const KEPT: usize = 1_024;

/// A statement as PostgreSQL has it.
struct Prepared {
    statement: Statement,
    /// Whether it sees tables that rows wait for.
    sees: bool,
}

/// A connection that one thread uses at a time.
pub(in super::super) struct Connection {
    connector: Connector,
    client: RefCell<Client>,
    statements: RefCell<HashMap<Box<str>, Arc<Prepared>>>,
    in_transaction: Cell<bool>,
    pub(super) waiting: RefCell<Waiting>,
    /// Whether a savepoint is to be released.
    is_released: Cell<bool>,
    /// Numbers of the audit that this transaction may give.
    numbers: Cell<(i64, i64)>,
}

impl Connection {
    pub(super) fn new(connector: Connector, client: Client) -> Self {
        Self {
            connector,
            client: RefCell::new(client),
            statements: RefCell::default(),
            in_transaction: Cell::new(false),
            waiting: RefCell::default(),
            is_released: Cell::new(false),
            numbers: Cell::new((0, 0)),
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
        let statement = Arc::new(Prepared { statement, sees: sees(sql) });
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
        self.client.borrow_mut().batch_execute(sql).map_err(failed)
    }

    /// Begins a transaction; over a new connection, if the old one broke while nobody needed it.
    pub(in super::super) fn begin(&self, sql: &str) -> rusqlite::Result<()> {
        if let Err(error) = self.execute_batch(sql) {
            if !self.is_closed() {
                return Err(error);
            }
            let client = self.connector.client()?;
            self.statements.borrow_mut().clear();
            *self.client.borrow_mut() = client;
            self.execute_batch(sql)?;
        }
        self.in_transaction.set(true);
        Ok(())
    }

    /// Ends it: `COMMIT` or `ROLLBACK`.
    pub(in super::super) fn end(&self, sql: &str) -> rusqlite::Result<()> {
        self.in_transaction.set(false);
        self.waiting.borrow_mut().forget();
        self.is_released.set(false);
        self.numbers.set((0, 0));
        self.execute_batch(sql)
    }

    /// Writes what waits to be written.
    pub(in super::super) fn flush(&self) -> rusqlite::Result<()> {
        if self.waiting.borrow().is_empty() { Ok(()) } else { flush(self) }
    }

    /// Makes a savepoint; the one before it is released with it.
    pub(in super::super) fn savepoint(&self) -> rusqlite::Result<()> {
        let both = "RELEASE settling; SAVEPOINT settling";
        self.execute_batch(if self.is_released.replace(false) { both } else { "SAVEPOINT settling" })?;
        self.waiting.borrow_mut().mark();
        Ok(())
    }

    /// Goes back to it.
    pub(in super::super) fn go_back(&self) -> rusqlite::Result<()> {
        self.waiting.borrow_mut().go_back();
        self.execute_batch("ROLLBACK TO settling")
    }

    /// Lets go of it, with the next that is asked.
    pub(in super::super) fn release(&self) {
        self.waiting.borrow_mut().release();
        self.is_released.set(true);
    }

    /// What gives back the numbers of the audit that were taken and not used.
    pub(in super::super) fn unused_numbers(&self) -> String {
        let (next, end) = self.numbers.get();
        if next < end {
            format!("SELECT setval('audit_number_seq', {})", next - 1)
        } else {
            "SELECT 1".to_owned()
        }
    }

    /// The next number of the audit. Nobody else writes, so several are taken at once, more and more of them.
    pub(in super::super) fn audit_number(&self) -> rusqlite::Result<i64> {
        let (next, end) = self.numbers.get();
        if next < end {
            self.numbers.set((next + 1, end));
            return Ok(next);
        }
        let wanted = if end == 0 { 1 } else { 256 };
        let first: i64 = self.query_row(
            "SELECT CASE WHEN ?1 = 1 THEN n.first ELSE setval('audit_number_seq', n.first + ?1 - 1) - ?1 + 1 END
               FROM (SELECT nextval('audit_number_seq') AS first) n",
            [wanted],
            |row| row.get(0),
        )?;
        self.numbers.set((first + 1, first + wanted));
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

    /// Runs it, whatever waits.
    pub(super) fn run_now(&self, parameters: &[&dyn ToSql]) -> rusqlite::Result<()> {
        self.run(parameters, |client, statement, values| {
            let mut rows = client.query_raw(statement, values)?;
            while rows.next()?.is_some() {}
            Ok(())
        })
    }

    /// Writes what it would see and is not written yet.
    fn settle_first(&self) -> rusqlite::Result<()> {
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
