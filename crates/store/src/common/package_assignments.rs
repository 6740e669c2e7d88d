//! Access packages that people have, and what they ask for. Whoever writes here raises the person's version afterwards,
//! with [`super::members::touch`].

use jiff::Timestamp;
use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::directory::{RequestKind, RequestState};
use tenure_lifecycle::ids::{AssignmentId, AssignmentRequestId};

use super::append::append;
use super::assignments::{ASSIGNMENT, assignment};
use super::audit::AuditRow;
use super::db::{self, Connection, OptionalExtension as _, last_number, params};
use super::members::{Origin, touch};

/// An assignment to be made, with the request that it comes of.
pub(super) struct NewAssignment {
    pub(super) id: AssignmentId,
    pub(super) request: AssignmentRequestId,
    pub(super) kind: RequestKind,
    pub(super) user: i64,
    pub(super) package: i64,
    pub(super) policy: i64,
    pub(super) expires: Option<i64>,
}

/// Whether the package and its policy are there to be assigned.
pub(super) fn is_offered(connection: &Connection, package: i64, policy: i64) -> db::Result<bool> {
    connection
        .prepare_cached(
            "SELECT 1 FROM access_packages a JOIN assignment_policies p ON p.package = a.number
              WHERE a.number = ?1 AND p.number = ?2 AND a.deleted IS NULL AND p.deleted IS NULL",
        )?
        .exists([package, policy])
}

/// Assigns a package; false if the person has it. An assignment whose time is over ends first.
pub(super) fn assign(connection: &Connection, new: &NewAssignment, origin: Origin) -> db::Result<bool> {
    let over = connection
        .prepare_cached(
            "UPDATE package_assignments SET ended = expires
              WHERE user = ?1 AND package = ?2 AND ended IS NULL AND expires <= ?3",
        )?
        .execute([new.user, new.package, origin.at])?;
    if over > 0 {
        let row = AuditRow { object: Some(new.package), ..origin.row(new.user) };
        append(connection, origin.at, Actor::Engine, Activity::EndAssignment, row)?;
    }
    let made = connection
        .prepare_cached(
            "INSERT INTO package_assignments (id, user, package, policy, assigned, expires)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (user, package) WHERE ended IS NULL DO NOTHING",
        )?
        .execute(params![new.id.0.as_bytes(), new.user, new.package, new.policy, origin.at, new.expires])?;
    if made == 0 {
        return Ok(false);
    }
    let assignment = last_number(connection)?;
    record(
        connection,
        new.request,
        new.kind,
        new.user,
        new.package,
        Some(new.policy),
        assignment,
        origin.at,
    )?;
    let row = AuditRow { object: Some(new.package), ..origin.row(new.user) };
    append(connection, origin.at, origin.who, Activity::AssignPackage, row)?;
    Ok(true)
}

/// Ends an assignment at once, or lets it end by itself at `expires`; false if it has ended, or ends earlier by itself.
pub(super) fn end(
    connection: &Connection,
    assignment: i64,
    request: AssignmentRequestId,
    expires: Option<i64>,
    origin: Origin,
) -> db::Result<bool> {
    end_as(connection, assignment, request, RequestKind::AdminRemove, expires, origin)
}

/// The same, with who wished it.
pub(super) fn end_as(
    connection: &Connection,
    assignment: i64,
    request: AssignmentRequestId,
    kind: RequestKind,
    expires: Option<i64>,
    origin: Origin,
) -> db::Result<bool> {
    let before: Option<Option<i64>> = connection
        .prepare_cached("SELECT expires FROM package_assignments WHERE number = ?1")?
        .query_row([assignment], |row| row.get(0))
        .optional()?;
    let found: Option<(i64, i64, i64)> = connection
        .prepare_cached(
            "UPDATE package_assignments
                SET expires = coalesce(CAST(?3 AS bigint), expires), ended = CASE WHEN CAST(?3 AS bigint) IS NULL THEN CAST(?2 AS bigint) END
              WHERE number = ?1 AND ended IS NULL AND (expires > ?3 OR expires IS NULL OR CAST(?3 AS bigint) IS NULL)
             RETURNING user, package, policy",
        )?
        .query_row(params![assignment, origin.at, expires], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((user, package, policy)) = found else { return Ok(false) };
    record(connection, request, kind, user, package, Some(policy), assignment, origin.at)?;
    let written = |at: i64| tenure_lifecycle::clock::from_millis(at).to_string();
    let until = expires.map(written);
    let earlier = before.flatten().filter(|_| expires.is_some()).map(written);
    let row = AuditRow {
        object: Some(package),
        before: earlier.as_deref(),
        after: until.as_deref(),
        ..origin.row(user)
    };
    append(connection, origin.at, origin.who, Activity::EndAssignment, row)?;
    Ok(true)
}

/// Whether the package of an assignment, and the policy, are still there.
pub(super) fn can_reopen(connection: &Connection, id: AssignmentId) -> db::Result<bool> {
    connection
        .prepare_cached(
            "SELECT 1 FROM package_assignments x
               JOIN access_packages a ON a.number = x.package AND a.deleted IS NULL
               JOIN assignment_policies p ON p.number = x.policy AND p.deleted IS NULL
              WHERE x.id = ?1",
        )?
        .exists([id.0.as_bytes()])
}

/// Whether the package of a request, and the policy, are still there.
pub(super) fn can_reopen_request(connection: &Connection, request: i64) -> db::Result<bool> {
    connection
        .prepare_cached(
            "SELECT 1 FROM package_requests q
               JOIN access_packages a ON a.number = q.package AND a.deleted IS NULL
               LEFT JOIN assignment_policies p ON p.number = q.policy
              WHERE q.number = ?1 AND (q.policy IS NULL OR p.deleted IS NULL)",
        )?
        .exists([request])
}

/// Lets an assignment go on that ended, or lets one end at another time; false if the person has the package otherwise, or it is
/// so already.
pub(super) fn reopen(
    connection: &Connection,
    id: AssignmentId,
    expires: Option<Timestamp>,
    origin: Origin,
) -> db::Result<bool> {
    let sql = format!(
        "SELECT {ASSIGNMENT} FROM package_assignments a
              WHERE a.id = ?1 AND NOT EXISTS (
                    SELECT 1 FROM package_assignments o
                     WHERE o.user = a.user AND o.package = a.package AND o.ended IS NULL AND o.number <> a.number)"
    );
    let found = connection.prepare_cached(&sql)?.query_row([id.0.as_bytes()], |row| assignment(row, 0));
    let Some(before) = found.optional()? else { return Ok(false) };
    if before.ended.is_none() && before.expires == expires {
        return Ok(false);
    }
    connection
        .prepare_cached("UPDATE package_assignments SET expires = ?2, ended = NULL WHERE number = ?1")?
        .execute(params![before.number, expires.map(Timestamp::as_millisecond)])?;
    let written = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let (earlier, until) = (written(before.ended.or(before.expires)), written(expires));
    let row = AuditRow {
        object: Some(before.package),
        before: earlier.as_deref(),
        after: until.as_deref(),
        ..origin.row(before.user)
    };
    append(connection, origin.at, origin.who, Activity::ReopenAssignment, row)?;
    Ok(true)
}

/// Lets a request wait again that was withdrawn; false if the person waits for the package, or has it.
pub(super) fn reopen_request(connection: &Connection, request: i64, origin: Origin) -> db::Result<bool> {
    let found: Option<(i64, i64)> = connection
        .prepare_cached(
            "UPDATE package_requests AS q SET state = ?2, completed = NULL
              WHERE q.number = ?1 AND q.state = ?3
                AND NOT EXISTS (SELECT 1 FROM package_requests o
                                 WHERE o.user = q.user AND o.package = q.package AND o.completed IS NULL)
                AND NOT EXISTS (SELECT 1 FROM package_assignments a
                                 WHERE a.user = q.user AND a.package = q.package AND a.ended IS NULL)
             RETURNING user, package",
        )?
        .query_row([request, RequestState::PendingApproval.code(), RequestState::Canceled.code()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((user, package)) = found else { return Ok(false) };
    let row = AuditRow { object: Some(package), ..origin.row(user) };
    append(connection, origin.at, origin.who, Activity::ReopenRequest, row)?;
    Ok(true)
}

/// Records a wish that waits until somebody approves it; false if the person waits for the package already.
pub(super) fn ask(
    connection: &Connection,
    request: AssignmentRequestId,
    kind: RequestKind,
    user: i64,
    package: i64,
    policy: i64,
    origin: Origin,
) -> db::Result<bool> {
    let made = connection
        .prepare_cached(
            "INSERT INTO package_requests (id, user, package, policy, kind, state, created)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
              WHERE NOT EXISTS (SELECT 1 FROM package_requests
                                 WHERE user = ?2 AND package = ?3 AND completed IS NULL)",
        )?
        .execute(params![
            request.0.as_bytes(),
            user,
            package,
            policy,
            kind.code(),
            RequestState::PendingApproval.code(),
            origin.at
        ])?;
    if made > 0 {
        let row = AuditRow { object: Some(package), ..origin.row(user) };
        append(connection, origin.at, origin.who, Activity::RequestPackage, row)?;
    }
    Ok(made > 0)
}

/// Withdraws a request that waits; false if it does not wait.
pub(super) fn cancel_request(connection: &Connection, request: i64, origin: Origin) -> db::Result<bool> {
    let found: Option<(i64, i64)> = connection
        .prepare_cached(
            "UPDATE package_requests SET state = ?2, completed = ?3
              WHERE number = ?1 AND completed IS NULL RETURNING user, package",
        )?
        .query_row(params![request, RequestState::Canceled.code(), origin.at], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((user, package)) = found else { return Ok(false) };
    let row = AuditRow { object: Some(package), ..origin.row(user) };
    append(connection, origin.at, origin.who, Activity::CancelRequest, row)?;
    Ok(true)
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
fn record(
    connection: &Connection,
    id: AssignmentRequestId,
    kind: RequestKind,
    user: i64,
    package: i64,
    policy: Option<i64>,
    assignment: i64,
    at: i64,
) -> db::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO package_requests (id, user, package, policy, assignment, kind, state, created, completed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
        )?
        .execute(params![
            id.0.as_bytes(),
            user,
            package,
            policy,
            assignment,
            kind.code(),
            RequestState::Delivered.code(),
            at
        ])?;
    Ok(())
}

/// Ends at most `limit` assignments whose time is over, at the time that was theirs, and raises the versions of the people;
/// says how many.
pub(super) fn end_expired(connection: &Connection, now: i64, limit: usize) -> db::Result<usize> {
    let mut ended: Vec<(i64, i64, i64)> = connection
        .prepare_cached(
            "UPDATE package_assignments SET ended = expires
              WHERE number IN (SELECT number FROM package_assignments INDEXED BY package_assignments_expires
                                WHERE expires IS NOT NULL AND ended IS NULL AND expires <= ?1
                                ORDER BY expires LIMIT ?2)
             RETURNING number, user, package",
        )?
        .query_map([now, limit as i64], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<db::Result<_>>()?;
    // What an update returns comes in no promised order.
    ended.sort_unstable();
    let origin = Origin { at: now, who: Actor::Engine, task: None };
    for (_, user, package) in &ended {
        let row = AuditRow { object: Some(*package), ..origin.row(*user) };
        append(connection, now, origin.who, Activity::EndAssignment, row)?;
        touch(connection, *user)?;
    }
    Ok(ended.len())
}

/// When the next assignment ends by itself, after that moment.
pub(super) fn next_expiry(connection: &Connection, after: i64) -> db::Result<Option<i64>> {
    connection
        .prepare_cached(
            "SELECT min(expires) FROM package_assignments INDEXED BY package_assignments_expires
              WHERE expires IS NOT NULL AND ended IS NULL AND expires > ?1",
        )?
        .query_row([after], |row| row.get(0))
}

/// Ends whatever somebody has who is deleted for good, and withdraws what they wait for.
pub(super) fn forget(connection: &Connection, user: i64, origin: Origin) -> db::Result<()> {
    let ended: Vec<i64> = connection
        .prepare_cached(
            "UPDATE package_assignments SET ended = ?2 WHERE user = ?1 AND ended IS NULL RETURNING package",
        )?
        .query_map([user, origin.at], |row| row.get(0))?
        .collect::<db::Result<_>>()?;
    for package in ended {
        let row = AuditRow { object: Some(package), ..origin.row(user) };
        append(connection, origin.at, origin.who, Activity::EndAssignment, row)?;
    }
    let waiting: Vec<i64> = connection
        .prepare_cached("SELECT number FROM package_requests WHERE user = ?1 AND completed IS NULL")?
        .query_map([user], |row| row.get(0))?
        .collect::<db::Result<_>>()?;
    for request in waiting {
        cancel_request(connection, request, origin)?;
    }
    Ok(())
}
