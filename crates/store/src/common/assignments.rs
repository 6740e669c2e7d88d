//! Assignments of access packages, as they are read.

use std::borrow::Cow;

use tenure_lifecycle::directory::Assignment;
use tenure_lifecycle::expression::Expression;
use tenure_lifecycle::ids::AssignmentId;

use super::db::{self, Connection, OptionalExtension, Row};
use super::filter::{Column, ColumnKind, Columns};
use super::list::{Collection, Key, Segment, Segments};
use super::pinned;
use super::rows::{guid, json_numbers, maybe_time, time};

/// The columns of an assignment, of a table called `a`.
pub(super) const ASSIGNMENT: &str =
    "a.number, a.id, a.user, a.package, a.policy, a.assigned, a.expires, a.ended";

/// Reads one from [`ASSIGNMENT`] columns that begin at `from`.
pub(super) fn assignment(row: &Row<'_>, from: usize) -> db::Result<Assignment> {
    Ok(Assignment {
        number: row.get(from)?,
        id: AssignmentId(guid(row, from + 1)?),
        user: row.get(from + 2)?,
        package: row.get(from + 3)?,
        policy: row.get(from + 4)?,
        assigned: time(row, from + 5)?,
        expires: maybe_time(row, from + 6)?,
        ended: maybe_time(row, from + 7)?,
    })
}

struct AssignmentColumns;

impl Columns for AssignmentColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let (sql, kind) = match path.join("/").as_str() {
            "id" => ("a.id", ColumnKind::GuidBlob),
            "state" => ("CASE WHEN a.ended IS NULL THEN 'delivered' ELSE 'expired' END", ColumnKind::Text),
            "expiredDateTime" => ("a.ended", ColumnKind::TimestampMillis),
            "schedule/startDateTime" => ("a.assigned", ColumnKind::TimestampMillis),
            "schedule/expiration/endDateTime" => ("a.expires", ColumnKind::TimestampMillis),
            "target/id" | "target/objectId" => {
                ("(SELECT x.id FROM users x WHERE x.number = a.user)", ColumnKind::GuidBlob)
            }
            "accessPackage/id" => {
                ("(SELECT x.id FROM access_packages x WHERE x.number = a.package)", ColumnKind::GuidBlob)
            }
            "assignmentPolicy/id" => {
                ("(SELECT x.id FROM assignment_policies x WHERE x.number = a.policy)", ColumnKind::GuidBlob)
            }
            _ => return None,
        };
        Some(Column { sql: Cow::Borrowed(sql), kind })
    }
}

/// Assignments as a collection.
pub(super) fn collection(segment: Segments<'_>) -> Collection<'_> {
    Collection { select: ASSIGNMENT, key: &["a.number"], columns: &AssignmentColumns, segment }
}

/// Which of all assignments a filter leaves, as far as an index tells.
#[derive(Clone, Copy)]
pub(super) enum Among {
    All,
    User(i64),
    Package(i64),
}

impl Among {
    /// What a filter pins down: the person before the package, who has fewer.
    pub(super) fn of(connection: &Connection, filter: Option<&Expression>) -> db::Result<Self> {
        for path in ["target/objectId", "target/id"] {
            if let Some(user) = pinned::number(connection, filter, path, "users")? {
                return Ok(Self::User(user));
            }
        }
        let package = pinned::number(connection, filter, "accessPackage/id", "access_packages")?;
        Ok(package.map_or(Self::All, Self::Package))
    }

    /// Those behind a mark.
    pub(super) fn segment(self, mark: Option<&Key>) -> Segment {
        let (source, number) = match self {
            Self::All => ("FROM package_assignments a WHERE a.number > ?", None),
            Self::User(user) => (
                "FROM package_assignments a INDEXED BY package_assignments_user WHERE a.user = ? AND a.number > ?",
                Some(user),
            ),
            Self::Package(package) => (
                "FROM package_assignments a INDEXED BY package_assignments_package
                  WHERE a.package = ? AND a.number > ?",
                Some(package),
            ),
        };
        let mark = mark.map_or(0, |mark| mark[0]);
        Segment {
            source: source.to_owned(),
            parameters: number.into_iter().chain([mark]).map(Into::into).collect(),
            order: "a.number",
            then: None,
            dense: None,
        }
    }
}

/// One, whether or not it has ended.
pub(super) fn find(connection: &Connection, id: AssignmentId) -> db::Result<Option<Assignment>> {
    let sql = format!("SELECT {ASSIGNMENT} FROM package_assignments a WHERE a.id = ?1");
    connection.prepare_cached(&sql)?.query_row([id.0.as_bytes()], |row| assignment(row, 0)).optional()
}

/// Assignments by number.
pub(super) fn by_number(connection: &Connection, numbers: &[i64]) -> db::Result<Vec<Assignment>> {
    let sql = format!(
        "SELECT {ASSIGNMENT} FROM json_each(?1) n CROSS JOIN package_assignments a ON a.number = n.value"
    );
    connection.prepare_cached(&sql)?.query_map([json_numbers(numbers)], |row| assignment(row, 0))?.collect()
}
