//! The changes port: the change log from a position on.
//!
//! Whoever has read up to the end of the log in one snapshot has seen every change up to it: where several transactions write
//! at a time, numbers behind the end may be there while lower ones are still to come, and are not read yet.

use tenure_lifecycle::ports::{
    ChangePage, ChangedGroup, ChangedUser, Changes, ChangesError, Position, WatchedGroup, WatchedUser,
};

use super::db::{Connection, OptionalExtension};
use super::rows::database;
use super::sweep::last_change;
use super::{Store, group_changes, user_changes};

/// Refuses a position that the log does not reach: its beginning was cut off, or it is another log.
fn check(connection: &Connection, from: Position) -> Result<(), ChangesError> {
    let (Position::Listing { change, .. } | Position::Behind { change } | Position::Members { change, .. }) =
        from;
    let first: Option<i64> = connection
        .query_row("SELECT number FROM audit ORDER BY number LIMIT 1", [], |row| row.get(0))
        .optional()
        .map_err(|error| ChangesError::Store(database(error)))?;
    let last = last_change(connection)?;
    let reaches = first.is_none_or(|first| change >= first - 1) && (0..=last).contains(&change);
    if reaches { Ok(()) } else { Err(ChangesError::OutOfReach) }
}

impl Changes for Store {
    fn user_changes(
        &self,
        from: Position,
        limit: usize,
        watched: &WatchedUser,
    ) -> Result<ChangePage<ChangedUser>, ChangesError> {
        self.read_log(|connection, end| {
            check(connection, from)?;
            let page = match from {
                Position::Listing { change, after, .. } => {
                    user_changes::listed(connection, change, after, limit)
                }
                Position::Behind { change } | Position::Members { change, .. } => {
                    user_changes::behind(connection, (change, end), limit, watched)
                }
            };
            Ok(page.map_err(database)?)
        })
    }

    fn group_changes(
        &self,
        from: Position,
        limit: usize,
        watched: &WatchedGroup,
    ) -> Result<ChangePage<ChangedGroup>, ChangesError> {
        self.read_log(|connection, end| {
            check(connection, from)?;
            Ok(match from {
                Position::Listing { change, after, member } => {
                    group_changes::listed(connection, change, (after, member), limit, watched)?
                }
                Position::Behind { change } => {
                    group_changes::behind(connection, (change, end), limit, watched)?
                }
                Position::Members { change, group, member } => {
                    group_changes::members_from(connection, change, group, member)?
                }
            })
        })
    }
}
