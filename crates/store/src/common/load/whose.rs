//! Whose rows are loaded: those of a leased range, or those of some people.

use tenure_lifecycle::ports::{Lease, StoreError};

use super::super::db::{Connection, Row, params};
use super::super::rows::database;

/// Which rows of `r` a lease is about; `?1` is the run, `?2`–`?3` the range, `?4` the list of seqs or null.
const RANGE: &str = "r.run = ?1 AND r.seq BETWEEN ?2 AND ?3 AND CAST(?4 AS text) IS NULL";
const LIST: &str =
    "r.run = ?1 AND CAST(?2 AS bigint) <= CAST(?3 AS bigint) AND r.seq IN (SELECT value FROM json_each(?4))";

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
            Self::Leased { only, .. } => {
                let leased = if only.is_some() { LIST } else { RANGE };
                ("user_results", format!("{leased} AND r.reported = 0 AND r.status IN (0, 1)"))
            }
            Self::These(_) => {
                ("(SELECT value AS seq, value AS subject FROM json_each(?1))", "TRUE".to_owned())
            }
        };
        let sql = format!("SELECT {columns} FROM {from} r {joined} WHERE {rows} ORDER BY {order}");
        let mut statement = connection.prepare_cached(&sql).map_err(database)?;
        let mut rows = match self {
            Self::Leased { lease, only } => statement.query(params![lease.run, lease.from, lease.to, only]),
            Self::These(users) => statement.query([users]),
        }
        .map_err(database)?;
        while let Some(row) = rows.next().map_err(database)? {
            look(row)?;
        }
        Ok(())
    }
}
