//! Requests for access packages: how they are read, and what they set off.

use std::borrow::Cow;

use jiff::Timestamp;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::directory::{AssignmentRequest, RequestKind, RequestState};
use tenure_lifecycle::expression::Expression;
use tenure_lifecycle::ids::{AssignmentId, AssignmentRequestId};
use tenure_lifecycle::ports::{Ended, PackageRequest, Requested, StoreError, Withdrawal};

use super::db::{self, Connection, OptionalExtension, Row};
use super::filter::{Column, ColumnKind, Columns};
use super::list::{Collection, Key, Segment, Segments};
use super::members::{Origin, touch};
use super::package_assignments::{self, NewAssignment};
use super::rows::{corrupt, database, guid, maybe_time, time};
use super::{access_packages, assignment_policies, assignments, pinned};

/// The columns of a request, of a table called `q`.
pub(super) const REQUEST: &str =
    "q.number, q.id, q.user, q.package, q.policy, q.assignment, q.kind, q.state, q.created, q.completed";

const KINDS: &[(&str, i64)] = &[("adminAdd", 0), ("adminRemove", 1), ("userAdd", 2), ("userRemove", 3)];
const STATES: &[(&str, i64)] = &[("pendingApproval", 0), ("delivered", 1), ("canceled", 2), ("denied", 3)];

/// Reads one from [`REQUEST`] columns that begin at `from`.
pub(super) fn request(row: &Row<'_>, from: usize) -> Result<AssignmentRequest, StoreError> {
    let number: i64 = row.get(from).map_err(database)?;
    let kind = RequestKind::from_code(row.get(from + 6).map_err(database)?)
        .ok_or_else(|| corrupt("package_requests", "kind", number))?;
    let state = RequestState::from_code(row.get(from + 7).map_err(database)?)
        .ok_or_else(|| corrupt("package_requests", "state", number))?;
    let build = || -> db::Result<AssignmentRequest> {
        Ok(AssignmentRequest {
            number,
            id: AssignmentRequestId(guid(row, from + 1)?),
            user: row.get(from + 2)?,
            package: row.get(from + 3)?,
            policy: row.get(from + 4)?,
            assignment: row.get(from + 5)?,
            kind,
            state,
            created: time(row, from + 8)?,
            completed: maybe_time(row, from + 9)?,
        })
    };
    build().map_err(database)
}

struct RequestColumns;

impl Columns for RequestColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let (sql, kind) = match path.join("/").as_str() {
            "id" => ("q.id", ColumnKind::GuidBlob),
            "requestType" => ("q.kind", ColumnKind::TextCode(KINDS)),
            "state" => ("q.state", ColumnKind::TextCode(STATES)),
            "createdDateTime" => ("q.created", ColumnKind::TimestampMillis),
            "completedDateTime" => ("q.completed", ColumnKind::TimestampMillis),
            "requestor/id" | "requestor/objectId" => {
                ("(SELECT x.id FROM users x WHERE x.number = q.user)", ColumnKind::GuidBlob)
            }
            "accessPackage/id" => {
                ("(SELECT x.id FROM access_packages x WHERE x.number = q.package)", ColumnKind::GuidBlob)
            }
            _ => return None,
        };
        Some(Column { sql: Cow::Borrowed(sql), kind })
    }
}

/// Requests as a collection.
pub(super) fn collection(segment: Segments<'_>) -> Collection<'_> {
    Collection { select: REQUEST, key: &["q.number"], columns: &RequestColumns, segment }
}

/// The person that a filter asks for, if it asks for one.
pub(super) fn requestor(connection: &Connection, filter: Option<&Expression>) -> db::Result<Option<i64>> {
    match pinned::number(connection, filter, "requestor/objectId", "users")? {
        Some(user) => Ok(Some(user)),
        None => pinned::number(connection, filter, "requestor/id", "users"),
    }
}

/// Those of everybody or of one person, behind a mark.
pub(super) fn segment(user: Option<i64>, mark: Option<&Key>) -> Segment {
    let source = match user {
        None => "FROM package_requests q WHERE q.number > ?",
        Some(_) => {
            "FROM package_requests q INDEXED BY package_requests_user WHERE q.user = ? AND q.number > ?"
        }
    };
    let mark = mark.map_or(0, |mark| mark[0]);
    Segment {
        source: source.to_owned(),
        parameters: user.into_iter().chain([mark]).map(Into::into).collect(),
        order: "q.number",
        then: None,
        dense: None,
    }
}

/// One.
pub(super) fn find(
    connection: &Connection,
    id: AssignmentRequestId,
) -> Result<Option<AssignmentRequest>, StoreError> {
    let sql = format!("SELECT {REQUEST} FROM package_requests q WHERE q.id = ?1");
    let mut statement = connection.prepare_cached(&sql).map_err(database)?;
    let mut rows = statement.query([id.0.as_bytes()]).map_err(database)?;
    rows.next().map_err(database)?.map(|row| request(row, 0)).transpose()
}

/// One that was just recorded.
fn recorded(connection: &Connection, id: AssignmentRequestId) -> Result<AssignmentRequest, StoreError> {
    find(connection, id)?.ok_or_else(|| corrupt("package_requests", "id", id))
}

/// Gives somebody a package, or records that they wait for it.
pub(super) fn request_package(
    connection: &Connection,
    wanted: &PackageRequest,
    at: Timestamp,
    who: Actor,
) -> Result<Requested, StoreError> {
    let steps = || -> db::Result<Option<Requested>> {
        let user: Option<i64> = connection
            .prepare_cached("SELECT number FROM users WHERE id = ?1 AND deleted IS NULL")?
            .query_row([wanted.user.0.as_bytes()], |row| row.get(0))
            .optional()?;
        let Some(user) = user else { return Ok(Some(Requested::NoUser)) };
        let Some(package) = access_packages::find(connection, wanted.package)? else {
            return Ok(Some(Requested::NoPackage));
        };
        let policy = assignment_policies::find(connection, wanted.policy)?;
        let Some(policy) = policy.filter(|policy| policy.package == package.number) else {
            return Ok(Some(Requested::NoPolicy));
        };
        let origin = Origin { at: at.as_millisecond(), who, task: None };
        if policy.holds_back(wanted.kind) {
            let has = connection
                .prepare_cached(
                    "SELECT 1 FROM package_assignments WHERE user = ?1 AND package = ?2 AND ended IS NULL",
                )?
                .exists([user, package.number])?;
            if has {
                return Ok(Some(Requested::Has));
            }
            let (package, policy) = (package.number, policy.number);
            if !package_assignments::ask(connection, wanted.id, wanted.kind, user, package, policy, origin)? {
                return Ok(Some(Requested::Waits));
            }
        } else {
            let new = NewAssignment {
                id: wanted.assignment,
                request: wanted.id,
                kind: wanted.kind,
                user,
                package: package.number,
                policy: policy.number,
                expires: policy.expiry(at).map(Timestamp::as_millisecond),
            };
            if !package_assignments::assign(connection, &new, origin)? {
                return Ok(Some(Requested::Has));
            }
        }
        touch(connection, user)?;
        Ok(None)
    };
    match steps().map_err(database)? {
        Some(refused) => Ok(refused),
        None => recorded(connection, wanted.id).map(Requested::Recorded),
    }
}

/// Ends an assignment at once.
pub(super) fn end_assignment(
    connection: &Connection,
    id: AssignmentId,
    request: AssignmentRequestId,
    kind: RequestKind,
    at: Timestamp,
    who: Actor,
) -> Result<Ended, StoreError> {
    let Some(assignment) = assignments::find(connection, id).map_err(database)? else {
        return Ok(Ended::Missing);
    };
    let origin = Origin { at: at.as_millisecond(), who, task: None };
    let end = || -> db::Result<bool> {
        let ended = package_assignments::end_as(connection, assignment.number, request, kind, None, origin)?;
        if ended {
            touch(connection, assignment.user)?;
        }
        Ok(ended)
    };
    if end().map_err(database)? {
        recorded(connection, request).map(Ended::Recorded)
    } else {
        Ok(Ended::Over)
    }
}

/// Withdraws a request that waits.
pub(super) fn withdraw(
    connection: &Connection,
    id: AssignmentRequestId,
    at: Timestamp,
    who: Actor,
) -> Result<Withdrawal, StoreError> {
    let Some(request) = find(connection, id)? else { return Ok(Withdrawal::Missing) };
    let origin = Origin { at: at.as_millisecond(), who, task: None };
    let cancel = || -> db::Result<bool> {
        let canceled = package_assignments::cancel_request(connection, request.number, origin)?;
        if canceled {
            touch(connection, request.user)?;
        }
        Ok(canceled)
    };
    Ok(if cancel().map_err(database)? { Withdrawal::Withdrawn } else { Withdrawal::Over })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_the_domains() {
        for (name, code) in KINDS {
            assert_eq!(RequestKind::from_code(*code).map(RequestKind::as_str), Some(*name));
        }
        for (name, code) in STATES {
            assert_eq!(RequestState::from_code(*code).map(RequestState::as_str), Some(*name));
        }
        assert_eq!(RequestKind::from_code(4), None);
        assert_eq!(RequestState::from_code(4), None);
    }
}
