//! Loading a leased range with all that planning needs, in a handful of statements however many users it has.

mod holdings;
mod people;

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, params};
use tenure_lifecycle::effect::Outside;
use tenure_lifecycle::ids::{Epoch, Seq, WorkflowId};
use tenure_lifecycle::ports::{Answer, Batch, Before, Lease, LoadedUser, PendingEffect, StoreError};
use tenure_lifecycle::run::{ActivatedOn, CancelReason, ExecutionType, Status, TaskCounts};
use tenure_lifecycle::task::{Arguments, Holdings, Named, People, built_in};
use tenure_lifecycle::workflow::{ExecutionConditions, Scope, Version};

use super::rows::{corrupt, database, guid, json_numbers, maybe_time, time};
use super::sweep::last_change;
use super::users::{USER, user};
use super::workflows::version_of;
pub(super) use people::named;

/// Which rows of `r` a lease is about; `?1` is the run, `?2`–`?3` the range, `?4` the list of seqs or null.
const RANGE: &str = "r.run = ?1 AND r.seq BETWEEN ?2 AND ?3 AND ?4 IS NULL";
const LIST: &str = "r.run = ?1 AND ?2 <= ?3 AND r.seq IN (SELECT value FROM json_each(?4))";

struct Range<'a> {
    lease: &'a Lease,
    only: Option<String>,
}

impl Range<'_> {
    fn each(
        &self,
        connection: &Connection,
        select: &str,
        order: &str,
        mut look: impl FnMut(&rusqlite::Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let leased = if self.only.is_some() { LIST } else { RANGE };
        let sql =
            format!("{select} WHERE {leased} AND r.reported = 0 AND r.status IN (0, 1) ORDER BY {order}");
        let mut statement = connection.prepare_cached(&sql).map_err(database)?;
        let lease = self.lease;
        let mut rows =
            statement.query(params![lease.run, lease.from, lease.to, self.only]).map_err(database)?;
        while let Some(row) = rows.next().map_err(database)? {
            look(row)?;
        }
        Ok(())
    }
}

/// Loads a leased range.
pub(super) fn load(connection: &Connection, lease: &Lease) -> Result<Batch, StoreError> {
    let held = connection
        .prepare_cached("SELECT 1 FROM leases WHERE id = ?1")
        .and_then(|mut statement| statement.exists([lease.id]))
        .map_err(database)?;
    if !held {
        return Err(StoreError::LeaseLost);
    }
    let (epoch, workflow, version, kind, cancel, workflow_id, activated_on, workflow_name, created) = connection
        .query_row(
            "SELECT r.epoch, r.workflow, r.version, r.type, r.cancel, w.id, r.activated_on, w.display_name, r.created
               FROM runs r JOIN workflows w ON w.number = r.workflow WHERE r.number = ?1",
            [lease.run],
            |row| {
                let ids: (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
                Ok((
                    Epoch(row.get(0)?),
                    ids.0,
                    ids.1,
                    ids.2,
                    row.get::<_, Option<i64>>(4)?,
                    WorkflowId(guid(row, 5)?),
                    row.get::<_, Option<i64>>(6)?,
                    row.get::<_, String>(7)?,
                    time(row, 8)?,
                ))
            },
        )
        .map_err(database)?;
    let version =
        version_of(connection, workflow, version)?.ok_or_else(|| corrupt("runs", "version", lease.run))?;
    let execution_type = ExecutionType::from_code(kind).ok_or_else(|| corrupt("runs", "type", lease.run))?;
    let only = lease.only.as_ref().map(|seqs| json_numbers(seqs));
    let range = Range { lease, only };
    let mut users = load_users(connection, &range)?;
    if activated_on.and_then(ActivatedOn::from_code).is_some_and(ActivatedOn::repeats_what_failed) {
        load_chosen(connection, &range, &mut users)?;
    }
    holdings::load(connection, &range, &version, &mut users)?;
    let people = load_people(connection, &users, &version)?;
    // Nobody is in a group that is deleted, though its members are kept for a restore.
    let is_deleted = |group: &i64| people.groups.get(group).is_some_and(|group| group.deleted.is_some());
    if people.groups.values().any(|group| group.deleted.is_some()) {
        for user in &mut users {
            user.groups.retain(|group| !is_deleted(group));
        }
    }
    Ok(Batch {
        epoch,
        workflow,
        workflow_id,
        version,
        workflow_name,
        execution_type,
        created,
        cancel: cancel.and_then(CancelReason::from_code),
        users,
        people,
        change: last_change(connection)?,
    })
}

fn load_users(connection: &Connection, range: &Range<'_>) -> Result<Vec<LoadedUser>, StoreError> {
    let mut users: Vec<LoadedUser> = Vec::new();
    let mut begun = false;
    range.each(
        connection,
        &format!(
            "SELECT {USER}, r.seq, r.change, r.status, r.started, r.total, r.failed, r.unprocessed
               FROM user_results r LEFT JOIN users u ON u.number = r.subject"
        ),
        "r.seq",
        |row| {
            let mut read = || -> rusqlite::Result<LoadedUser> {
                let known: Option<i64> = row.get(0)?;
                let in_progress = row.get::<_, i64>(16)? == Status::InProgress.code();
                begun |= in_progress;
                Ok(LoadedUser {
                    seq: row.get(14)?,
                    user: known.map(|_| user(row, 0)).transpose()?,
                    groups: Vec::new(),
                    holdings: Holdings::default(),
                    before: Before {
                        status: if in_progress { Status::InProgress } else { Status::Queued },
                        tasks: TaskCounts {
                            total: row.get(18)?,
                            failed: row.get(19)?,
                            unprocessed: row.get(20)?,
                        },
                        change: row.get(15)?,
                    },
                    started: if in_progress { Some(time(row, 17)?) } else { None },
                    done: Vec::new(),
                    pending: None,
                    chosen: None,
                })
            };
            users.push(read().map_err(database)?);
            Ok(())
        },
    )?;
    let places: HashMap<Seq, usize> =
        users.iter().enumerate().map(|(place, user)| (user.seq, place)).collect();
    range.each(
        connection,
        "SELECT r.seq, m.grp FROM user_results r CROSS JOIN memberships m ON m.user = r.subject",
        "r.seq, m.grp",
        |row| {
            if let Some(place) = places.get(&row.get(0).map_err(database)?) {
                users[*place].groups.push(row.get(1).map_err(database)?);
            }
            Ok(())
        },
    )?;
    if !begun {
        return Ok(users);
    }
    range.each(
        connection,
        "SELECT r.seq, t.ordinal, t.status
           FROM user_results r CROSS JOIN task_results t ON t.run = r.run AND t.seq = r.seq",
        "r.seq, t.ordinal",
        |row| {
            let seq: Seq = row.get(0).map_err(database)?;
            let status = Status::from_code(row.get(2).map_err(database)?)
                .ok_or_else(|| corrupt("task_results", "status", seq))?;
            if let Some(place) = places.get(&seq) {
                users[*place].done.push((row.get(1).map_err(database)?, status));
            }
            Ok(())
        },
    )?;
    range.each(
        connection,
        "SELECT r.seq, p.ordinal, p.started, p.attempt, p.effects, p.info, p.failure, p.waits_until, p.answer
           FROM user_results r CROSS JOIN pending p ON p.run = r.run AND p.seq = r.seq",
        "r.seq",
        |row| {
            let seq: Seq = row.get(0).map_err(database)?;
            let text: String = row.get(4).map_err(database)?;
            let effects: Vec<Outside> =
                serde_json::from_str(&text).map_err(|_| corrupt("pending", "effects", seq))?;
            let pending = PendingEffect {
                ordinal: row.get(1).map_err(database)?,
                started: time(row, 2).map_err(database)?,
                attempt: row.get(3).map_err(database)?,
                effects,
                info: row.get(5).map_err(database)?,
                failure: row.get(6).map_err(database)?,
                waits_until: maybe_time(row, 7).map_err(database)?,
                answer: row.get::<_, Option<i64>>(8).map_err(database)?.and_then(Answer::from_code),
            };
            if let Some(place) = places.get(&seq) {
                users[*place].pending = Some(pending);
            }
            Ok(())
        },
    )?;
    Ok(users)
}

/// The tasks that users are limited to.
fn load_chosen(
    connection: &Connection,
    range: &Range<'_>,
    users: &mut [LoadedUser],
) -> Result<(), StoreError> {
    let places: HashMap<Seq, usize> =
        users.iter().enumerate().map(|(place, user)| (user.seq, place)).collect();
    range.each(
        connection,
        "SELECT r.seq, o.value FROM user_results r
          CROSS JOIN chosen_tasks c ON c.run = r.run AND c.seq = r.seq
          CROSS JOIN json_each(c.ordinals) o",
        "r.seq",
        |row| {
            if let Some(place) = places.get(&row.get(0).map_err(database)?) {
                users[*place].chosen.get_or_insert_default().push(row.get(1).map_err(database)?);
            }
            Ok(())
        },
    )
}

/// Everything that planning may look up beside the users of the batch.
fn load_people(
    connection: &Connection,
    users: &[LoadedUser],
    version: &Version,
) -> Result<People, StoreError> {
    let mut wanted = Named::default();
    for task in version.enabled_tasks() {
        if let Some(built_in) = built_in(task.task_definition_id) {
            Arguments(&task.arguments).name_in(built_in.definition(), &mut wanted);
        }
    }
    if let ExecutionConditions::TriggerAndScope { scope: Scope::Groups { groups }, .. } = &version.conditions
    {
        wanted.groups.extend(groups);
    }
    let mut people = named(connection, &wanted)?;
    let each = |numbers: &mut dyn Iterator<Item = i64>| numbers.collect::<BTreeSet<i64>>();
    let holdings = || users.iter().map(|user| &user.holdings);
    let groups = each(&mut users.iter().flat_map(|user| user.groups.iter().copied()));
    people::groups(connection, &groups, &mut people)?;
    let skus = each(&mut holdings().flat_map(|holdings| holdings.licenses.iter().copied()));
    people::skus(connection, &skus, &mut people)?;
    let packages = each(&mut holdings().flat_map(|holdings| {
        let assigned = holdings.assignments.iter().map(|assignment| assignment.package);
        assigned.chain(holdings.requests.iter().map(|request| request.package))
    }));
    people::packages(connection, &packages, &mut people)?;
    let agents = each(&mut holdings().flat_map(|holdings| holdings.agents.iter().copied()));
    people::agents(connection, &agents, &mut people)?;
    let managers = users.iter().filter_map(|user| user.user.as_ref()?.manager);
    let sponsors = holdings().flat_map(|holdings| holdings.sponsors.iter().copied());
    let co_sponsors: Vec<i64> =
        people.agents.values().flat_map(|agent| agent.sponsors.iter().copied()).collect();
    let others = each(&mut managers.chain(sponsors).chain(co_sponsors));
    people::users(connection, &others, &mut people)?;
    Ok(people)
}
