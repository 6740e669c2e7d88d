//! What `common` calls the database.

pub(super) use rusqlite::{
    CachedStatement, Connection, Error, OptionalExtension, Result, Row, Rows, ToSql, params,
    params_from_iter, types,
};
