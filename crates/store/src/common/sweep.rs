//! What a sweep asks: who is due, who changed, who was skipped; and holding a workflow back.

use jiff::Timestamp;
use tenure_lifecycle::audit::Entry;
use tenure_lifecycle::clock::from_millis;
use tenure_lifecycle::ids::{GroupId, UserId};
use tenure_lifecycle::ports::{Runs, SkipReason, Skipped, StoreError};
use tenure_lifecycle::workflow::{Quarantine, QuarantineApproval, TimeAttribute};

use super::audit::append_entry;
use super::db::{self, Connection, OptionalExtension, params};
use super::rows::{corrupt, database, guid, json_numbers, time};
use super::workflows::quarantine_code;

/// Where the dates of people are that are not deleted: rows of `at` and `number`, behind an index on the date.
fn dates(attribute: TimeAttribute) -> String {
    let column = match attribute {
        TimeAttribute::EmployeeHireDate => "hire",
        TimeAttribute::EmployeeLeaveDateTime => "leave",
        TimeAttribute::CreatedDateTime => "created",
        TimeAttribute::Other(attribute) => {
            return format!(
                "(SELECT d.at AS at, d.user AS number
                    FROM dates d CROSS JOIN users u ON u.number = d.user
                   WHERE d.attribute = {} AND u.deleted IS NULL) dates",
                attribute.code
            );
        }
    };
    // `IS NOT NULL` lets the partial index serve.
    format!("(SELECT {column} AS at, number FROM users WHERE deleted IS NULL AND {column} IS NOT NULL) dates")
}

/// People whose date lies in `(after, until]`, in directory order.
pub(super) fn due_between(
    connection: &Connection,
    attribute: TimeAttribute,
    after: Option<Timestamp>,
    until: Timestamp,
) -> Result<Vec<i64>, StoreError> {
    let sql = format!("SELECT number FROM {} WHERE at > ?1 AND at <= ?2", dates(attribute));
    let steps = || -> db::Result<Vec<i64>> {
        let mut statement = connection.prepare_cached(&sql)?;
        let after = after.map_or(i64::MIN, Timestamp::as_millisecond);
        let rows = statement.query_map([after, until.as_millisecond()], |row| row.get(0))?;
        let mut numbers: Vec<i64> = rows.collect::<db::Result<_>>()?;
        numbers.sort_unstable();
        Ok(numbers)
    };
    steps().map_err(database)
}

/// Dates in `[from, until]` behind a place, in their order.
pub(super) fn due_page(
    connection: &Connection,
    attribute: TimeAttribute,
    from: Timestamp,
    until: Timestamp,
    after: Option<(Timestamp, i64)>,
    limit: usize,
) -> Result<Vec<(Timestamp, i64)>, StoreError> {
    let sql = format!(
        "SELECT at, number FROM {} WHERE (at, number) > (?1, ?2) AND at <= ?3 ORDER BY at, number LIMIT ?4",
        dates(attribute)
    );
    let (date, number) = match after {
        Some((date, number)) => (date.as_millisecond(), number),
        None => (from.as_millisecond(), i64::MIN),
    };
    let steps = || -> db::Result<Vec<(Timestamp, i64)>> {
        let mut statement = connection.prepare_cached(&sql)?;
        let parameters = params![date, number, until.as_millisecond(), limit as i64];
        statement.query_map(parameters, |row| Ok((time(row, 0)?, row.get(1)?)))?.collect()
    };
    steps().map_err(database)
}

/// The earliest date after a moment.
pub(super) fn next_due(
    connection: &Connection,
    attribute: TimeAttribute,
    after: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let sql = format!("SELECT min(at) FROM {} WHERE at > ?1", dates(attribute));
    connection
        .prepare_cached(&sql)
        .and_then(|mut statement| {
            statement.query_row([after.as_millisecond()], |row| row.get::<_, Option<i64>>(0))
        })
        .map(|found| found.map(from_millis))
        .map_err(database)
}

/// The number of the last change.
pub(super) fn last_change(connection: &Connection) -> Result<i64, StoreError> {
    connection
        .prepare_cached("SELECT coalesce(max(number), 0) FROM audit")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .map_err(database)
}

/// People changed since a change up to the end of the log, in directory order.
pub(super) fn changed_since(connection: &Connection, change: i64, end: i64) -> Result<Vec<i64>, StoreError> {
    let steps = || -> db::Result<Vec<i64>> {
        // Created, updated, deleted, added to or removed from a group, restored, sessions revoked, given or robbed of a
        // sponsor; and groups deleted or restored.
        let mut statement = connection.prepare_cached(
            "SELECT target, CASE WHEN activity IN (8, 12) THEN 1 ELSE 0 END FROM audit
              WHERE number > ?1 AND number <= ?2 AND activity IN (1, 2, 3, 4, 5, 8, 10, 12, 16, 17, 18)
             UNION ALL
             SELECT s.user, 0 FROM audit a CROSS JOIN sponsors s ON s.sponsor = a.target
              WHERE a.number > ?1 AND a.number <= ?2 AND a.activity IN (3, 10)",
        )?;
        let (mut numbers, mut groups): (Vec<i64>, Vec<i64>) = (Vec::new(), Vec::new());
        let mut rows = statement.query([change, end])?;
        while let Some(row) = rows.next()? {
            if row.get(1)? { groups.push(row.get(0)?) } else { numbers.push(row.get(0)?) }
        }
        groups.sort_unstable();
        groups.dedup();
        // Who is in such a group came into it or fell out of it with all the others.
        let mut members = connection.prepare_cached("SELECT user FROM memberships WHERE grp = ?1")?;
        for group in groups {
            for user in members.query_map([group], |row| row.get(0))? {
                numbers.push(user?);
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    };
    steps().map_err(database)
}

/// Those of the people who are in at least one of the groups.
pub(super) fn members_of_any(
    connection: &Connection,
    groups: &[GroupId],
    users: &[i64],
) -> Result<Vec<i64>, StoreError> {
    let steps = || -> db::Result<Vec<i64>> {
        let mut numbers = Vec::new();
        for group in groups {
            numbers.extend(super::groups::number(connection, *group)?);
        }
        let mut statement = connection.prepare_cached(
            "SELECT u.value FROM json_each(?1) u
              WHERE EXISTS (SELECT 1 FROM json_each(?2) g
                              CROSS JOIN memberships m ON m.user = u.value AND m.grp = g.value)",
        )?;
        statement.query_map([json_numbers(users), json_numbers(&numbers)], |row| row.get(0))?.collect()
    };
    steps().map_err(database)
}

/// Adds to the list of those who were due and are not processed.
pub(super) fn record_skipped(
    connection: &Connection,
    workflow: i64,
    skipped: &[Skipped],
    at: i64,
) -> db::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO skipped (workflow, subject, change, reason, due, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (workflow, subject, change) DO UPDATE SET reason = excluded.reason, due = excluded.due
          WHERE skipped.reason <> excluded.reason OR skipped.due <> excluded.due",
    )?;
    for one in skipped {
        let due = one.due.as_millisecond();
        insert.execute(params![workflow, one.user, one.change, one.reason.code(), due, at])?;
    }
    Ok(())
}

/// Reads that list, in directory order.
pub(super) fn list_skipped(
    connection: &Connection,
    workflow: i64,
    after: i64,
    limit: usize,
) -> Result<Vec<(Skipped, UserId, String)>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT s.subject, s.change, s.due, s.reason, u.id, json_extract(u.attributes, '$.displayName')
               FROM skipped s JOIN users u ON u.number = s.subject
              WHERE s.workflow = ?1 AND s.subject > ?2 AND u.deleted IS NULL
                AND (s.change IN (u.hire_change, u.leave_change, u.created_change)
                     OR u.changes IS NOT NULL AND s.change IN (SELECT value FROM json_each(u.changes))
                     OR EXISTS (SELECT 1 FROM audit a WHERE a.number = s.change AND a.activity IN (2, 4, 5, 9)
                                   AND coalesce(a.attribute, 0) NOT IN (2, 3)))
              ORDER BY s.subject, s.change
              LIMIT ?3",
        )
        .map_err(database)?;
    let mut rows = statement.query(params![workflow, after, limit as i64]).map_err(database)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(database)? {
        let user: i64 = row.get(0).map_err(database)?;
        let code = row.get(3).map_err(database)?;
        let reason = SkipReason::from_code(code).ok_or_else(|| corrupt("skipped", "reason", user))?;
        let skipped = Skipped {
            user,
            change: row.get(1).map_err(database)?,
            due: time(row, 2).map_err(database)?,
            reason,
        };
        let name: Option<String> = row.get(5).map_err(database)?;
        list.push((skipped, UserId(guid(row, 4).map_err(database)?), name.unwrap_or_default()));
    }
    Ok(list)
}

/// How many people the workflow's runs of that kind since a moment hold, canceled ones not.
pub(super) fn admitted_since(
    connection: &Connection,
    workflow: i64,
    since: Timestamp,
    runs: Runs,
) -> Result<u64, StoreError> {
    connection
        .prepare_cached(
            "SELECT coalesce(sum(users_total - users_canceled), 0) FROM runs
              WHERE workflow = ?1 AND scheduled > ?2 AND (type = 0 OR ?3 AND type <> 4 AND undoes IS NULL)",
        )
        .and_then(|mut statement| {
            let all = runs == Runs::All;
            statement.query_row(params![workflow, since.as_millisecond(), all], |row| row.get::<_, i64>(0))
        })
        .map(|count| count as u64)
        .map_err(database)
}

/// Holds a workflow back.
pub(super) fn quarantine(
    connection: &Connection,
    workflow: i64,
    quarantine: &Quarantine,
    entry: &Entry,
) -> Result<(), StoreError> {
    let steps = || -> db::Result<()> {
        connection.execute(
            // One that is held back already stays so since it was: nobody becomes too late by being asked for once more.
            "UPDATE workflows
                SET quarantine_reason = CASE WHEN quarantined IS NULL OR quarantine_due < ?4 THEN ?3 ELSE quarantine_reason END,
                    quarantine_kind = CASE WHEN quarantined IS NULL OR quarantine_due < ?4 THEN ?5 ELSE quarantine_kind END,
                    quarantine_due = max(coalesce(quarantine_due, 0), ?4),
                    quarantine_told = CASE WHEN quarantined IS NULL THEN 0 ELSE quarantine_told END,
                    quarantined = coalesce(quarantined, ?2),
                    revision = revision + 1, full = full + 1, approved_due = NULL, approved_at = NULL
              WHERE number = ?1",
            params![
                workflow,
                quarantine.since.as_millisecond(),
                quarantine.reason,
                quarantine.due as i64,
                quarantine_code(quarantine.kind)
            ],
        )?;
        append_entry(connection, entry, workflow, None)
    };
    steps().map_err(database)
}

/// Records which administrators were told of a quarantine.
pub(super) fn told(
    connection: &Connection,
    workflow: i64,
    since: Timestamp,
    told: u64,
) -> Result<(), StoreError> {
    connection
        .execute(
            "UPDATE workflows SET quarantine_told = ?3 WHERE number = ?1 AND quarantined = ?2",
            [workflow, since.as_millisecond(), told as i64],
        )
        .map(drop)
        .map_err(database)
}

/// Lets a workflow go.
pub(super) fn release(
    connection: &Connection,
    workflow: i64,
    approval: QuarantineApproval,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let steps = || -> db::Result<bool> {
        let released: Option<i64> = connection
            .query_row(
                "UPDATE workflows
                    SET quarantined = NULL, quarantine_reason = NULL, quarantine_due = NULL, quarantine_kind = NULL,
                        approved_due = ?2,
                        approved_at = ?3, approved_since = ?4, revision = revision + 1, full = full + 1
                  WHERE number = ?1 AND quarantined IS NOT NULL
                  RETURNING number",
                params![
                    workflow,
                    approval.due as i64,
                    approval.at.as_millisecond(),
                    approval.since.as_millisecond()
                ],
                |row| row.get(0),
            )
            .optional()?;
        if released.is_some() {
            append_entry(connection, entry, workflow, None)?;
        }
        Ok(released.is_some())
    };
    steps().map_err(database)
}
