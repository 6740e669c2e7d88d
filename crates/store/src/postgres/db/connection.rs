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
use super::parameters::{Parameter, Params};
use super::row::{Row, Rows};

/// Statements that are kept.
const KEPT: usize = 1_024;

/// A connection that one thread uses at a time.
pub(in super::super) struct Connection {
    connector: Connector,
    client: RefCell<Client>,
    statements: RefCell<HashMap<Box<str>, Arc<Statement>>>,
    in_transaction: Cell<bool>,
}

impl Connection {
    pub(super) fn new(connector: Connector, client: Client) -> Self {
        Self {
            connector,
            client: RefCell::new(client),
            statements: RefCell::default(),
            in_transaction: Cell::new(false),
        }
    }

    /// Prepares a statement in SQLite's words, or finds it prepared.
    pub(in super::super) fn prepare_cached(&self, sql: &str) -> rusqlite::Result<CachedStatement<'_>> {
        if let Some(known) = self.statements.borrow().get(sql) {
            return Ok(CachedStatement { connection: self, statement: known.clone() });
        }
        let statement = self.client.borrow_mut().prepare(&translate(sql)).map_err(|error| {
            tracing::debug!(sql, "PostgreSQL does not take a statement");
            failed(error)
        })?;
        let statement = Arc::new(statement);
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
        self.execute_batch(sql)
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
    statement: Arc<Statement>,
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
            with(&mut self.connection.client.borrow_mut(), &self.statement, &values).map_err(failed)
        })
    }

    fn rows(&self, parameters: impl Params) -> rusqlite::Result<Vec<postgres::Row>> {
        self.run(parameters, |client, statement, values| client.query_raw(statement, values)?.collect())
    }

    pub(in super::super) fn execute(&mut self, parameters: impl Params) -> rusqlite::Result<usize> {
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
        self.statement.columns().len()
    }
}
