//! People: reading rows, and writing them with their change log.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::directory::{Attributes, Kind, User, UserPatch, Value, attribute, attributes, changes};
use tenure_lifecycle::expression::fold;
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::ports::{NewUser, WriteError};

use super::append::append;
use super::audit::{AuditRow, keep_values};
use super::db::{self, Connection, OptionalExtension, Row, later, params};
use super::filter::{Column, ColumnKind, Columns};
use super::list::{Collection, Key, Segment, Segments};
use super::members::{Origin, touch};
use super::meta;
use super::order::Indexed;
use super::rows::{database, guid, maybe_time, time};
use super::{dates, sponsorships, sql, transaction};

/// The columns of a person, of a table called `u`.
pub(super) const USER: &str =
    "u.number, u.id, u.version, u.account_enabled, u.hire, u.leave, u.created, u.hire_change,
       u.leave_change, u.created_change, u.manager, u.protected, u.deleted, u.attributes, u.changes";
/// How many these are.
pub(super) const USER_COLUMNS: usize = 15;

/// Reads a person from [`USER`] columns that begin at `from`.
pub(super) fn user(row: &Row<'_>, from: usize) -> db::Result<User> {
    Ok(User {
        number: row.get(from)?,
        id: UserId(guid(row, from + 1)?),
        version: row.get(from + 2)?,
        account_enabled: row.get(from + 3)?,
        employee_hire_date: maybe_time(row, from + 4)?,
        employee_leave_date_time: maybe_time(row, from + 5)?,
        created: time(row, from + 6)?,
        hire_change: row.get(from + 7)?,
        leave_change: row.get(from + 8)?,
        created_change: row.get(from + 9)?,
        manager: row.get(from + 10)?,
        protected: row.get(from + 11)?,
        deleted: maybe_time(row, from + 12)?,
        attributes: Attributes::from_stored(row.get(from + 13)?),
        changes: changes_of(row.get_ref(from + 14)?.as_str().ok()),
    })
}

/// The changes that set what triggers follow, as they are stored; what cannot be read is none.
fn changes_of(stored: Option<&str>) -> BTreeMap<String, i64> {
    stored.and_then(|stored| serde_json::from_str(stored).ok()).unwrap_or_default()
}

/// The same as it is stored.
fn stored_changes(user: &User) -> Option<String> {
    if user.changes.is_empty() { None } else { serde_json::to_string(&user.changes).ok() }
}

/// The licences of a person of a table called `u`, for filters.
const LICENSES: &str =
    "FROM licenses l JOIN skus s ON s.number = l.sku WHERE l.user = u.number AND u.deleted IS NULL";

/// Where the properties of a person are, in a table called `u`.
pub(super) struct UserColumns;

impl Columns for UserColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let name = path.join("/");
        let column = |sql: &'static str, kind| Some(Column { sql: Cow::Borrowed(sql), kind });
        match name.as_str() {
            "id" => return column("u.id", ColumnKind::GuidBlob),
            "accountEnabled" => return column("u.account_enabled", ColumnKind::Boolean),
            "employeeHireDate" => return column("u.hire", ColumnKind::TimestampMillis),
            "employeeLeaveDateTime" => return column("u.leave", ColumnKind::TimestampMillis),
            "createdDateTime" => return column("u.created", ColumnKind::TimestampMillis),
            "employeeId" => return column("u.employee_id", ColumnKind::Text),
            "assignedLicenses" => {
                return Some(Column {
                    sql: Cow::Owned(sql::sku_ids(LICENSES)),
                    kind: ColumnKind::JsonObjects,
                });
            }
            _ => {}
        }
        let known = attribute(&name)?;
        let value = format!("json_extract(u.attributes, '$.\"{}\"')", known.name);
        let (sql, kind) = match known.kind {
            Kind::Text => (value, ColumnKind::Text),
            Kind::Boolean => (sql::flag(&value), ColumnKind::Boolean),
            Kind::DateTime => (sql::number(&value), ColumnKind::TimestampMillis),
            Kind::Texts => (format!("coalesce({value}, '[]')"), ColumnKind::JsonStrings),
            Kind::Plans => (format!("coalesce({value}, '[]')"), ColumnKind::JsonObjects),
        };
        Some(Column { sql: Cow::Owned(sql), kind })
    }
}

/// A list of people in directory order; `source` is `FROM … WHERE …` with one parameter at most.
pub(super) fn people_segment(source: &str, parameters: Vec<db::types::Value>, mark: Option<&Key>) -> Segment {
    let mut parameters = parameters;
    parameters.push(mark.map_or(0, |mark| mark[0]).into());
    Segment {
        source: format!("{source} AND u.number > ?"),
        parameters,
        order: "u.number",
        then: None,
        dense: None,
    }
}

/// People who are not deleted, as a collection.
pub(super) fn collection(segment: Segments<'_>) -> Collection<'_> {
    Collection { select: USER, key: &["u.number"], columns: &UserColumns, segment }
}

/// The orders of all people that have an index.
pub(super) const INDEXED: [Indexed; 5] = [
    Indexed {
        property: "id",
        source: "FROM users u INDEXED BY users_id WHERE u.deleted IS NULL",
        column: "u.id",
        ascending: "u.id, u.number",
        descending: "u.id DESC, u.number DESC",
        nullable: false,
        unique: true,
    },
    Indexed {
        property: "userPrincipalName",
        source: "FROM users u INDEXED BY users_principal_name
                 WHERE u.deleted IS NULL AND u.principal_name IS NOT NULL",
        column: "u.principal_name",
        ascending: "u.principal_name, u.number",
        descending: "u.principal_name DESC, u.number DESC",
        nullable: true,
        unique: false,
    },
    Indexed {
        property: "createdDateTime",
        source: "FROM users u INDEXED BY users_created WHERE u.deleted IS NULL",
        column: "u.created",
        ascending: "u.created, u.number",
        descending: "u.created DESC, u.number DESC",
        nullable: false,
        unique: false,
    },
    Indexed {
        property: "employeeHireDate",
        source: "FROM users u INDEXED BY users_hire WHERE u.deleted IS NULL AND u.hire IS NOT NULL",
        column: "u.hire",
        ascending: "u.hire, u.number",
        descending: "u.hire DESC, u.number DESC",
        nullable: true,
        unique: false,
    },
    Indexed {
        property: "employeeLeaveDateTime",
        source: "FROM users u INDEXED BY users_leave WHERE u.deleted IS NULL AND u.leave IS NOT NULL",
        column: "u.leave",
        ascending: "u.leave, u.number",
        descending: "u.leave DESC, u.number DESC",
        nullable: true,
        unique: false,
    },
];

/// One person by a condition on `u`.
pub(super) fn find(
    connection: &Connection,
    condition: &str,
    parameter: &dyn db::ToSql,
) -> db::Result<Option<User>> {
    connection
        .prepare_cached(&format!("SELECT {USER} FROM users u WHERE {condition}"))?
        .query_row([parameter], |row| user(row, 0))
        .optional()
}

pub(super) fn name_key(attributes: &Attributes) -> Option<String> {
    attributes.get("userPrincipalName").and_then(Json::as_str).map(|name| fold(name).into_owned())
}

fn employee_id(attributes: &Attributes) -> Option<&str> {
    attributes.get("employeeId").and_then(Json::as_str)
}

pub(super) fn population(connection: &Connection, by: i64) -> db::Result<()> {
    meta::add(connection, "population", by)
}

pub(super) fn taken(error: db::Error) -> WriteError {
    let text = error.to_string();
    if text.contains("users_principal_name") || text.contains("users.principal_name") {
        WriteError::Taken { property: "userPrincipalName" }
    } else {
        WriteError::Store(database(error))
    }
}

/// The number that the next person gets.
pub(super) fn next_number(connection: &Connection) -> db::Result<i64> {
    connection
        .prepare_cached("SELECT coalesce(max(number), 0) + 1 FROM users")?
        .query_row([], |row| row.get(0))
}

/// Has everything written that waits, so that a name is refused that somebody has.
pub(super) fn write_out(connection: &Connection) -> Result<(), WriteError> {
    transaction::write_out(connection).map_err(taken)
}

/// Creates a person, who is not yet counted in the population; the change log has one entry for it, and one for the manager.
/// It may wait to be written.
pub(super) fn create(
    connection: &Connection,
    number: i64,
    new: &NewUser,
    at: Timestamp,
    who: Actor,
) -> Result<User, WriteError> {
    let row = AuditRow { target: Some(number), ..AuditRow::default() };
    let change = append(connection, at.as_millisecond(), who, Activity::CreateUser, row).map_err(database)?;
    let (mut map, mut dated) = (Map::new(), Vec::new());
    let mut user = User {
        number,
        id: new.id,
        version: 1,
        account_enabled: None,
        employee_hire_date: None,
        employee_leave_date_time: None,
        created: at,
        hire_change: 0,
        leave_change: 0,
        created_change: change,
        changes: BTreeMap::new(),
        manager: new.manager,
        protected: new.protected,
        deleted: None,
        attributes: Attributes::default(),
    };
    // In the order of the catalogue, each once, so that equal people are stored equally.
    for known in attributes() {
        let Some((_, value)) = new.set.iter().rev().find(|(one, _)| one.code == known.code) else { continue };
        match known.name {
            "accountEnabled" | "employeeHireDate" | "employeeLeaveDateTime" if *value != Value::Null => {
                user.apply(known, value, change);
            }
            "accountEnabled" | "employeeHireDate" | "employeeLeaveDateTime" | "createdDateTime" => {}
            name if *value != Value::Null => {
                map.insert(name.to_owned(), value.to_stored());
                dated.extend(known.may_be_date().then_some(known));
            }
            _ => {}
        }
    }
    user.attributes = Attributes::from_map(map);
    let stored = user.attributes.to_stored();
    later(connection, sql::CREATE_USER)
        .and_then(|mut statement| {
            statement.execute(params![
                number,
                new.id.0.as_bytes(),
                user.account_enabled,
                user.employee_hire_date.map(Timestamp::as_millisecond),
                user.employee_leave_date_time.map(Timestamp::as_millisecond),
                at.as_millisecond(),
                user.hire_change,
                user.leave_change,
                change,
                user.manager,
                user.protected,
                new.feed,
                name_key(&user.attributes),
                employee_id(&user.attributes),
                stored
            ])
        })
        .map_err(taken)?;
    let steps = || -> db::Result<()> {
        keep_values(connection, change, None, Some(&stored))?;
        let origin = Origin { at: at.as_millisecond(), who, task: None };
        if let Some(manager) = new.manager {
            note_manager(connection, number, manager, origin)?;
        }
        for attribute in dated {
            dates::write(connection, &user, attribute)?;
        }
        for sponsor in &new.sponsors {
            sponsorships::add_to_person(connection, number, *sponsor, origin)?;
            touch(connection, *sponsor)?;
        }
        Ok(())
    };
    steps().map_err(database)?;
    Ok(user)
}

/// The place that an entry names instead of a task's when it is a part of the person's creation: to a workflow it is no change.
pub(super) const OF_CREATION: i64 = 0;

fn note_manager(connection: &Connection, user: i64, manager: i64, origin: Origin) -> db::Result<()> {
    let after = manager.to_string();
    let row = AuditRow {
        object: Some(manager),
        after: Some(&after),
        ordinal: Some(OF_CREATION),
        ..origin.row(user)
    };
    append(connection, origin.at, origin.who, Activity::UpdateManager, row).map(drop)
}

/// Gives people a manager who were created with one, but before them: pairs of a person and a manager.
pub(super) fn complete(connection: &Connection, pairs: &[[i64; 2]], origin: Origin) -> db::Result<()> {
    if pairs.is_empty() {
        return Ok(());
    }
    let given = connection
        .prepare_cached(&format!(
            "UPDATE users SET manager = v.other, version = version + 1 FROM {} v
              WHERE number = v.one AND manager IS NULL AND deleted IS NULL
             RETURNING number, manager",
            sql::pairs("?1")
        ))?
        .query_map([serde_json::to_string(pairs).unwrap_or_default()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<db::Result<Vec<(i64, i64)>>>()?;
    for (user, manager) in given {
        note_manager(connection, user, manager, origin)?;
    }
    Ok(())
}

/// Changes a person; each attribute that really changes has its own entry in the change log. It may wait to be written.
pub(super) fn update(
    connection: &Connection,
    mut user: User,
    patch: &UserPatch,
    feed: Option<&str>,
    origin: Origin,
) -> Result<User, WriteError> {
    let Origin { at, who, .. } = origin;
    let mut touched = feed.is_some();
    for change in changes(&user, patch) {
        let row = AuditRow { attribute: Some(change.attribute.code), ..origin.row(user.number) };
        let number = append(connection, at, who, Activity::UpdateUser, row).map_err(database)?;
        let text = |value: &Value| (*value != Value::Null).then(|| value.to_json().to_string());
        keep_values(connection, number, text(&change.before).as_deref(), text(&change.after).as_deref())
            .map_err(database)?;
        user.apply(change.attribute, &change.after, number);
        dates::rewrite(connection, &user, change.attribute).map_err(database)?;
        touched = true;
    }
    if let Some(manager) = patch.manager
        && manager != user.manager
    {
        let (before, after) = (user.manager.map(|one| one.to_string()), manager.map(|one| one.to_string()));
        let row = AuditRow {
            object: manager,
            before: before.as_deref(),
            after: after.as_deref(),
            ..origin.row(user.number)
        };
        append(connection, at, who, Activity::UpdateManager, row).map_err(database)?;
        user.manager = manager;
        touched = true;
    }
    if let Some(protected) = patch.protected
        && protected != user.protected
    {
        let row = AuditRow {
            before: Some(if user.protected { "protected" } else { "not protected" }),
            after: Some(if protected { "protected" } else { "not protected" }),
            ..origin.row(user.number)
        };
        append(connection, at, who, Activity::UpdateUser, row).map_err(database)?;
        user.protected = protected;
        touched = true;
    }
    if !touched {
        return Ok(user);
    }
    user.version += 1;
    later(connection, sql::UPDATE_USER)
        .and_then(|mut statement| {
            statement.execute(params![
                user.number,
                user.version,
                user.account_enabled,
                user.employee_hire_date.map(Timestamp::as_millisecond),
                user.employee_leave_date_time.map(Timestamp::as_millisecond),
                user.hire_change,
                user.leave_change,
                user.manager,
                user.protected,
                feed,
                name_key(&user.attributes),
                employee_id(&user.attributes),
                user.attributes.to_stored(),
                stored_changes(&user)
            ])
        })
        .map_err(taken)?;
    Ok(user)
}
