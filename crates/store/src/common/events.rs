//! What happened to people that workflows wait for: read from the change log, or remembered on the list of those who were
//! skipped.

use jiff::Timestamp;
use tenure_lifecycle::audit::Activity;
use tenure_lifecycle::clock::from_millis;
use tenure_lifecycle::ports::{Event, Happenings, SkipReason, StoreError};

use super::db::{self, Connection, OptionalExtension as _, Row, params};
use super::rows::{database, json_numbers};
use super::users::OF_CREATION;

fn event(row: &Row<'_>) -> db::Result<Event> {
    Ok(Event { change: row.get(0)?, user: row.get(1)?, at: from_millis(row.get(2)?), group: row.get(3)? })
}

/// What happened since a change up to the end of the log, but for what the workflow's own tasks did.
pub(super) fn since(
    connection: &Connection,
    what: &Happenings,
    (change, end): (i64, i64),
) -> Result<Vec<Event>, StoreError> {
    let mut numbers = Vec::new();
    let (workflow, condition, listed) = match what {
        Happenings::Attributes { workflow, codes, manager } => {
            let manager = if *manager { Activity::UpdateManager.code() } else { 0 };
            // Whoever is created with a manager has not changed.
            let condition = format!(
                "(activity = {manager} AND ordinal IS DISTINCT FROM {OF_CREATION}
                  OR activity = {} AND attribute IN (SELECT value FROM json_each(?2)))",
                Activity::UpdateUser.code()
            );
            (*workflow, condition, json_numbers(codes))
        }
        Happenings::Memberships { workflow, added, groups } => {
            for group in groups {
                numbers.extend(super::groups::number(connection, *group).map_err(database)?);
            }
            let activity = if *added { Activity::AddMember } else { Activity::RemoveMember };
            let condition =
                format!("activity = {} AND object IN (SELECT value FROM json_each(?2))", activity.code());
            (*workflow, condition, json_numbers(&numbers))
        }
    };
    let sql = format!(
        "SELECT number, target, at, CASE WHEN attribute IS NULL THEN object END FROM audit a
          WHERE number > ?1 AND number <= ?4 AND target IS NOT NULL AND {condition}
            AND (run IS NULL OR coalesce((SELECT r.workflow FROM runs r WHERE r.number = a.run),
                                        (SELECT p.workflow FROM past_runs p WHERE p.number = a.run)) <> ?3)"
    );
    let steps = || -> db::Result<Vec<Event>> {
        connection.prepare_cached(&sql)?.query_map(params![change, listed, workflow, end], event)?.collect()
    };
    steps().map_err(database)
}

/// What waits to be acted on.
pub(super) fn waiting(
    connection: &Connection,
    workflow: i64,
    users: Option<&[i64]>,
    from: Timestamp,
    since: i64,
) -> Result<Vec<Event>, StoreError> {
    let sql = format!(
        "SELECT s.change, s.subject, s.due, a.object
           FROM {} JOIN audit a ON a.number = s.change
          WHERE s.workflow = ?1 AND s.change > ?2
            AND (s.reason = {} OR s.reason = {} AND s.due >= ?3)
            AND NOT EXISTS (SELECT 1 FROM occasions o
                             WHERE o.workflow = ?1 AND o.subject = s.subject AND o.change > s.change)",
        match users {
            Some(_) => "json_each(?4) u CROSS JOIN skipped s ON s.workflow = ?1 AND s.subject = u.value",
            None => "(SELECT CAST(?4 AS text) AS nobody) u CROSS JOIN skipped s",
        },
        SkipReason::RunStopped.code(),
        SkipReason::OutOfScope.code(),
    );
    let steps = || -> db::Result<Vec<Event>> {
        connection
            .prepare_cached(&sql)?
            .query_map(params![workflow, since, from.as_millisecond(), users.map(json_numbers)], event)?
            .collect()
    };
    steps().map_err(database)
}

/// Whether each is a member of their group; those whose group is deleted are left out.
pub(super) fn memberships_among(
    connection: &Connection,
    pairs: &[(i64, i64)],
) -> Result<Vec<(i64, i64, bool)>, StoreError> {
    let steps = || -> db::Result<Vec<(i64, i64, bool)>> {
        let mut is_in = connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM memberships m WHERE m.user = ?1 AND m.grp = g.number)
               FROM groups g WHERE g.number = ?2 AND g.deleted IS NULL",
        )?;
        let mut found = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let is_in = is_in.query_row([pair.0, pair.1], |row| row.get(0)).optional()?;
            found.extend(is_in.map(|is_in| (pair.0, pair.1, is_in)));
        }
        Ok(found)
    };
    steps().map_err(database)
}

/// How many sponsors people have who are there.
pub(super) fn sponsor_counts(
    connection: &Connection,
    users: &[i64],
) -> Result<Vec<(i64, usize)>, StoreError> {
    let steps = || -> db::Result<Vec<(i64, usize)>> {
        connection
            .prepare_cached(
                "SELECT s.user, count(*)
                   FROM json_each(?1) n
                   CROSS JOIN sponsors s ON s.user = n.value
                   CROSS JOIN users p ON p.number = s.sponsor
                  WHERE p.deleted IS NULL
                  GROUP BY s.user",
            )?
            .query_map([json_numbers(users)], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as usize)))?
            .collect()
    };
    steps().map_err(database)
}

/// All guests who are there. Everybody is looked at: it is asked once, when a workflow begins to follow them.
pub(super) fn guests(connection: &Connection) -> Result<Vec<i64>, StoreError> {
    let steps = || -> db::Result<Vec<i64>> {
        connection
            .prepare_cached(
                "SELECT number FROM users
                  WHERE deleted IS NULL AND lower(json_extract(attributes, '$.userType')) = 'guest'
                  ORDER BY number",
            )?
            .query_map([], |row| row.get(0))?
            .collect()
    };
    steps().map_err(database)
}
