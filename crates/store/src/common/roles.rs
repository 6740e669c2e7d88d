//! The roles port.

use std::borrow::Cow;

use jiff::Timestamp;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::directory::RoleAssignment;
use tenure_lifecycle::expression::Expression;
use tenure_lifecycle::ids::{RoleAssignmentId, UserId};
use tenure_lifecycle::ports::{
    HeldRole, Membership, Query, QueryError, Roles, Slice, StoreError, WriteError,
};

use super::db::{self, Connection, OptionalExtension, Row};
use super::filter::{Column, ColumnKind, Columns};
use super::list::{Collection, Key, Segment, Segments};
use super::members::{Origin, touch};
use super::rows::{database, guid, time};
use super::{Store, pinned, role_assignments};

const ROLE: &str = "a.id, a.user, a.role, a.scope, a.created, u.id";
/// Roles of people who are not deleted.
const HELD: &str = "FROM role_assignments a CROSS JOIN users u ON u.number = a.user WHERE u.deleted IS NULL";

fn held(row: &Row<'_>) -> db::Result<HeldRole> {
    let role = RoleAssignment {
        id: RoleAssignmentId(guid(row, 0)?),
        user: row.get(1)?,
        role: guid(row, 2)?,
        scope: row.get(3)?,
        created: time(row, 4)?,
    };
    Ok(HeldRole { role, principal: UserId(guid(row, 5)?) })
}

struct RoleColumns;

impl Columns for RoleColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let [name] = path else { return None };
        let (sql, kind) = match name.as_str() {
            "id" => ("a.id", ColumnKind::GuidBlob),
            "principalId" => ("u.id", ColumnKind::GuidBlob),
            "roleDefinitionId" => ("a.role", ColumnKind::GuidBlob),
            "directoryScopeId" => ("a.scope", ColumnKind::Text),
            _ => return None,
        };
        Some(Column { sql: Cow::Borrowed(sql), kind })
    }
}

fn collection(segment: Segments<'_>) -> Collection<'_> {
    Collection { select: ROLE, key: &["a.number"], columns: &RoleColumns, segment }
}

/// The person that a filter asks for, if it asks for one.
fn principal(connection: &Connection, filter: Option<&Expression>) -> Result<Option<i64>, StoreError> {
    pinned::number(connection, filter, "principalId", "users").map_err(database)
}

fn segment(principal: Option<i64>, mark: Option<&Key>) -> Segment {
    let one = if principal.is_some() { " AND a.user = ?" } else { "" };
    let mark = mark.map_or(0, |mark| mark[0]);
    Segment {
        source: format!("{HELD}{one} AND a.number > ?"),
        parameters: principal.into_iter().chain([mark]).map(Into::into).collect(),
        order: "a.number",
        then: None,
        dense: None,
    }
}

fn find(connection: &Connection, id: RoleAssignmentId) -> db::Result<Option<HeldRole>> {
    let sql = format!("SELECT {ROLE} {HELD} AND a.id = ?1");
    connection.prepare_cached(&sql)?.query_row([id.0.as_bytes()], held).optional()
}

impl Roles for Store {
    fn role_assignment(&self, id: RoleAssignmentId) -> Result<Option<HeldRole>, StoreError> {
        self.read(|connection| find(connection, id).map_err(database))
    }

    fn list_role_assignments(&self, query: &Query) -> Result<Slice<HeldRole>, QueryError> {
        self.read(|connection| {
            let principal = principal(connection, query.filter.as_ref())?;
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(principal, mark)));
            collection(&segment).slice(connection, query, |row| held(row).map_err(database))
        })
    }

    fn count_role_assignments(&self, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let principal = principal(connection, query.filter.as_ref())?;
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(principal, mark)));
            collection(&segment).count(connection, query)
        })
    }

    fn add_role(&self, role: &RoleAssignment, actor: Actor) -> Result<Membership, WriteError> {
        let role = role.clone();
        self.writer.write(move |connection| {
            let steps = || -> db::Result<Option<Membership>> {
                let sql = "SELECT 1 FROM users WHERE number = ?1 AND deleted IS NULL";
                if !connection.prepare_cached(sql)?.exists([role.user])? {
                    return Ok(None);
                }
                let origin = Origin { at: role.created.as_millisecond(), who: actor, task: None };
                if !role_assignments::add(connection, &role, origin)? {
                    return Ok(Some(Membership::AsBefore));
                }
                touch(connection, role.user)?;
                Ok(Some(Membership::Changed))
            };
            steps().map_err(database)?.ok_or(WriteError::Missing)
        })
    }

    fn remove_role(&self, id: RoleAssignmentId, at: Timestamp, actor: Actor) -> Result<bool, StoreError> {
        self.writer.write(move |connection| {
            let steps = || -> db::Result<bool> {
                if find(connection, id)?.is_none() {
                    return Ok(false);
                }
                let origin = Origin { at: at.as_millisecond(), who: actor, task: None };
                if let Some(user) = role_assignments::remove(connection, id, origin)? {
                    touch(connection, user)?;
                }
                Ok(true)
            };
            steps().map_err(database)
        })
    }
}
