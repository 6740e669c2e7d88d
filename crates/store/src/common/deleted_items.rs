//! The deleted items port: people and groups that can be restored.

use jiff::Timestamp;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::directory::{Group, User};
use tenure_lifecycle::ids::{GroupId, UserId};
use tenure_lifecycle::ports::{DeletedItems, Query, QueryError, Slice, StoreError, WriteError};

use super::db::{self, Connection};
use super::groups::{self, GROUP, GroupColumns};
use super::list::{Collection, Key, Segment, Segments};
use super::rows::database;
use super::user_deletion::{self, RESTORABLE};
use super::users::{USER, UserColumns, find, user};
use super::{Store, import};

const PEOPLE: &str = "FROM users u INDEXED BY users_deleted WHERE u.deleted IS NOT NULL AND u.purged IS NULL";
const GROUPS: &str =
    "FROM groups g INDEXED BY groups_deleted WHERE g.deleted IS NOT NULL AND g.purged IS NULL";

/// A list by time of deletion and number, in a table called `u` or `g`. Many may have been deleted at one time, so
/// the rest of that time is a segment by itself.
fn segment(source: &str, table: char, mark: Option<&Key>) -> Segment {
    let order = if table == 'u' { "u.deleted, u.number" } else { "g.deleted, g.number" };
    match mark {
        Some(mark) if mark[1] != i64::MAX => Segment {
            source: format!("{source} AND {table}.deleted = ? AND {table}.number > ?"),
            parameters: vec![mark[0].into(), mark[1].into()],
            order,
            then: Some(vec![mark[0], i64::MAX]),
            dense: None,
        },
        _ => Segment {
            source: format!("{source} AND {table}.deleted > ?"),
            parameters: vec![mark.map_or(i64::MIN, |mark| mark[0]).into()],
            order,
            then: None,
            dense: None,
        },
    }
}

fn people(segment: Segments<'_>) -> Collection<'_> {
    Collection { select: USER, key: &["u.deleted", "u.number"], columns: &UserColumns, segment }
}

fn deleted_groups(segment: Segments<'_>) -> Collection<'_> {
    Collection { select: GROUP, key: &["g.deleted", "g.number"], columns: &GroupColumns, segment }
}

/// Numbers of people or groups deleted by then.
fn long_deleted(connection: &Connection, table: &str, by: i64, limit: usize) -> db::Result<Vec<i64>> {
    let sql = format!(
        "SELECT number FROM {table} INDEXED BY {table}_deleted
          WHERE deleted IS NOT NULL AND purged IS NULL AND deleted <= ?1
          ORDER BY deleted LIMIT ?2"
    );
    connection.prepare_cached(&sql)?.query_map([by, limit as i64], |row| row.get(0))?.collect()
}

impl DeletedItems for Store {
    fn deleted_user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let condition = format!("u.id = ?1 AND {RESTORABLE}");
        self.read(|connection| find(connection, &condition, &id.0.as_bytes()).map_err(database))
    }

    fn list_deleted_users(&self, query: &Query) -> Result<Slice<User>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(PEOPLE, 'u', mark)));
            people(&segment).slice(connection, query, |row| user(row, 0).map_err(database))
        })
    }

    fn count_deleted_users(&self, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(PEOPLE, 'u', mark)));
            people(&segment).count(connection, query)
        })
    }

    fn restore_user(&self, id: UserId, at: Timestamp, actor: Actor) -> Result<User, WriteError> {
        self.writer.write(move |connection| user_deletion::restore(connection, id, at, actor))
    }

    fn purge_user(&self, id: UserId, at: Timestamp, actor: Actor) -> Result<(), WriteError> {
        self.writer.write(move |connection| {
            let condition = format!("u.id = ?1 AND {RESTORABLE}");
            let found = find(connection, &condition, &id.0.as_bytes()).map_err(database)?;
            let user = found.ok_or(WriteError::Missing)?;
            user_deletion::purge(connection, user.number, at.as_millisecond(), actor).map_err(database)?;
            Ok(())
        })
    }

    fn deleted_group(&self, id: GroupId) -> Result<Option<Group>, StoreError> {
        self.read(|connection| groups::find_deleted(connection, id))
    }

    fn list_deleted_groups(&self, query: &Query) -> Result<Slice<Group>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(GROUPS, 'g', mark)));
            deleted_groups(&segment).slice(connection, query, groups::group)
        })
    }

    fn count_deleted_groups(&self, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(GROUPS, 'g', mark)));
            deleted_groups(&segment).count(connection, query)
        })
    }

    fn restore_group(&self, id: GroupId, at: Timestamp, actor: Actor) -> Result<Group, WriteError> {
        self.writer.write(move |connection| groups::restore(connection, id, at, actor))
    }

    fn purge_group(&self, id: GroupId, at: Timestamp, actor: Actor) -> Result<(), WriteError> {
        self.writer.write(move |connection| {
            let group = groups::find_deleted(connection, id)?.ok_or(WriteError::Missing)?;
            groups::purge(connection, group.number, at.as_millisecond(), actor).map_err(database)?;
            Ok(())
        })
    }

    fn purge_deleted_by(
        &self,
        deleted: Timestamp,
        limit: usize,
        at: Timestamp,
        actor: Actor,
    ) -> Result<usize, StoreError> {
        let (by, at) = (deleted.as_millisecond(), at.as_millisecond());
        // Mostly there is nobody, and then the writer is not kept from its work.
        let waits = self.read(|connection| {
            let any = |table| long_deleted(connection, table, by, 1).map(|found| !found.is_empty());
            Ok::<_, StoreError>(any("users").map_err(database)? || any("groups").map_err(database)?)
        })?;
        if !waits {
            return Ok(0);
        }
        self.writer.write(move |connection| {
            let steps = || -> db::Result<usize> {
                let users = long_deleted(connection, "users", by, limit)?;
                let groups = long_deleted(connection, "groups", by, limit - users.len())?;
                for user in &users {
                    user_deletion::purge(connection, *user, at, actor)?;
                }
                for group in &groups {
                    groups::purge(connection, *group, at, actor)?;
                }
                Ok(users.len() + groups.len())
            };
            steps().map_err(database)
        })
    }

    fn employee_ids_of_deleted(&self, ids: &[&str]) -> Result<Vec<String>, StoreError> {
        self.read(|connection| import::employee_ids_of_deleted(connection, ids))
    }
}
