//! Moving a store from one database to another: table by table, in the order of keys, a piece at a time, so that a move that
//! is cut off goes on where it was; and then comparing both, row by row.

mod schema;

use std::path::PathBuf;

use rusqlite::types::Value;

use crate::open_error::OpenError;
use crate::postgres::Database;
use crate::sqlite::{CopyError, Directory};

pub(crate) use schema::Table;

/// Rows of a piece.
pub(crate) const PIECE: usize = 5_000;

/// Where a store is.
#[derive(Clone, Debug)]
pub enum Place {
    /// In a data directory.
    Directory(PathBuf),
    /// In a PostgreSQL, by its address.
    Postgres(String),
}

/// How far a move has come.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The table.
    pub table: String,
    /// Its rows in the new place.
    pub rows: u64,
    /// What they are, in one number: the same on both sides. Empty while the table is being moved.
    pub checksum: String,
}

/// Why a store could not be moved.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// One of the two cannot be opened.
    #[error("a store cannot be opened")]
    Open(#[from] OpenError),
    /// There is no store to move.
    #[error("there is no store to move")]
    Source(#[from] CopyError),
    /// The old place has none, or only a part of one.
    #[error("there is no store to move in the old place, or only a part of one that was being moved there")]
    Nothing,
    /// Somebody serves one of the two.
    #[error("a server uses the database, or it is being moved already; stop it first")]
    InUse,
    /// The new place has something in it already.
    #[error("there is a store in the new place already; a move needs an empty one")]
    NotEmpty,
    /// A database failed.
    #[error("a database failed")]
    Database(#[from] rusqlite::Error),
    /// Counters of processes that are gone cannot be added up.
    #[error("what processes counted that are gone cannot be added up")]
    Counters(#[from] tenure_lifecycle::ports::StoreError),
    /// The two are not the same.
    #[error("table {table} is not the same in both places: {there} rows there, {here} here")]
    Different {
        /// The table.
        table: String,
        /// Rows in the old place.
        there: u64,
        /// Rows in the new one.
        here: u64,
    },
}

pub(crate) type Outcome<T> = Result<T, TransferError>;

/// A row.
pub(crate) type Row = Vec<Value>;

/// One of the two databases.
pub(crate) trait Side {
    /// Rows behind a key, in the order of keys.
    fn page(&self, table: &Table, after: Option<&[Value]>) -> Outcome<Vec<Row>>;
    /// Whether there is a store in it, or the beginning of one that is being moved.
    fn is_begun(&self) -> Outcome<Begun>;
    /// Says that a store is being moved here; nobody serves it until that is over.
    fn begin(&self) -> Outcome<()>;
    /// The key of the last row of the table that has been moved; all rows of what is derived go.
    fn resume(&self, table: &Table) -> Outcome<Option<Vec<Value>>>;
    /// Adds rows, in one transaction.
    fn add(&self, table: &Table, rows: &[Row]) -> Outcome<()>;
    /// What there is to know about the store itself, by key.
    fn meta(&self) -> Outcome<Vec<(String, Value)>>;
    /// Puts that in.
    fn set_meta(&self, key: &str, value: &Value) -> Outcome<()>;
    /// Says that the move is over.
    fn end(&self) -> Outcome<()>;
}

/// What a new place holds.
pub(crate) enum Begun {
    Nothing,
    Move,
    Store,
}

fn open(place: &Place, is_new: bool) -> Outcome<Box<dyn Side>> {
    Ok(match place {
        Place::Directory(directory) => Box::new(Directory::open(directory, is_new)?),
        Place::Postgres(url) => Box::new(Database::open(url, is_new)?),
    })
}

/// Moves a store: what is in the old place stays there. `told` hears of each table, as it goes and when it is compared.
pub fn transfer(from: &Place, to: &Place, told: &mut dyn FnMut(&Moved)) -> Outcome<Vec<Moved>> {
    let from = open(from, false)?;
    if !matches!(from.is_begun()?, Begun::Store) {
        return Err(TransferError::Nothing);
    }
    let to = open(to, true)?;
    match to.is_begun()? {
        Begun::Store => return Err(TransferError::NotEmpty),
        Begun::Nothing => to.begin()?,
        Begun::Move => {}
    }
    let tables = schema::tables()?;
    for table in &tables {
        let mut after = to.resume(table)?;
        let mut rows = 0;
        loop {
            let page = from.page(table, after.as_deref())?;
            to.add(table, &page)?;
            rows += page.len() as u64;
            told(&Moved { table: table.name.clone(), rows, checksum: String::new() });
            match page.last() {
                Some(last) if page.len() == PIECE => after = Some(table.key_of(last)),
                _ => break,
            }
        }
    }
    let mut moved = Vec::new();
    for table in &tables {
        let (there, here) = (sum(from.as_ref(), table)?, sum(to.as_ref(), table)?);
        if there != here {
            return Err(TransferError::Different { table: table.name.clone(), there: there.0, here: here.0 });
        }
        let one = Moved { table: table.name.clone(), rows: here.0, checksum: here.1 };
        told(&one);
        moved.push(one);
    }
    for (key, value) in from.meta()? {
        to.set_meta(&key, &value)?;
    }
    to.end()?;
    Ok(moved)
}

/// How many rows a table has, and what they are in one number.
fn sum(side: &dyn Side, table: &Table) -> Outcome<(u64, String)> {
    let mut hash = blake3::Hasher::new();
    let (mut rows, mut after) = (0, None);
    loop {
        let page = side.page(table, after.as_deref())?;
        for row in &page {
            for value in row {
                match value {
                    Value::Null => hash.update(b"-"),
                    Value::Integer(number) => hash.update(b"i").update(&number.to_be_bytes()),
                    Value::Real(number) => hash.update(b"r").update(&number.to_be_bytes()),
                    Value::Text(text) => {
                        hash.update(b"t").update(&text.len().to_be_bytes()).update(text.as_bytes())
                    }
                    Value::Blob(bytes) => hash.update(b"b").update(&bytes.len().to_be_bytes()).update(bytes),
                };
            }
        }
        rows += page.len() as u64;
        match page.last() {
            Some(last) if page.len() == PIECE => after = Some(table.key_of(last)),
            _ => break,
        }
    }
    let mut sum = hash.finalize().to_hex().to_string();
    sum.truncate(16);
    Ok((rows, sum))
}
