//! Whose rows are loaded: those of a leased range, or those of some people.

use tenure_lifecycle::ports::{Lease, StoreError};

use super::super::db::{Connection, Row, params};
use super::super::rows::database;

/// The rows `r` that a lease is about: of the run `?1`, those from `?2` to `?3`, or those in the list `?2`.
const RANGE: &str = "user_results r";
const LIST: &str = "json_each(?2) n CROSS JOIN user_results r ON r.run = ?1 AND r.seq = n.value";
const OPEN: &str = "r.reported = 0 AND r.status IN (0, 1)";

/// Whose rows are loaded.
pub(super) enum Whose<'a> {
    /// Those of the users of a leased range who are not through.
    Leased {
        /// The lease.
        lease: &'a Lease,
        /// The seqs it is limited to, as JSON.
        only: Option<String>,
    },
    /// Those of these people, as JSON, who stand at the seq of their number in no run.
    These(String),
}

impl Whose<'_> {
    /// Reads rows of `r`, which has a `seq` and a `subject` (all of a user result, if it is leased), and what is joined to it.
    pub(super) fn each(
        &self,
        connection: &Connection,
        columns: &str,
        joined: &str,
        order: &str,
        mut look: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (from, rows) = match self {
            Self::Leased { only: Some(_), .. } => (LIST, OPEN.to_owned()),
            Self::Leased { only: None, .. } => {
                (RANGE, format!("r.run = ?1 AND r.seq BETWEEN ?2 AND ?3 AND {OPEN}"))
            }
            Self::These(_) => {
                ("(SELECT value AS seq, value AS subject FROM json_each(?1)) r", "TRUE".to_owned())
            }
        };
        let sql = format!("SELECT {columns} FROM {from} {joined} WHERE {rows} ORDER BY {order}");
        let mut statement = connection.prepare_cached(&sql).map_err(database)?;
        let mut rows = match self {
            Self::Leased { lease, only: Some(only) } => statement.query(params![lease.run, only]),
            Self::Leased { lease, only: None } => statement.query([lease.run, lease.from, lease.to]),
            Self::These(users) => statement.query([users]),
        }
        .map_err(database)?;
        while let Some(row) = rows.next().map_err(database)? {
            look(row)?;
        }
        Ok(())
    }
}
