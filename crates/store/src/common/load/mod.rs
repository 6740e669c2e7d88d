//! Loading a leased range with all that planning needs, in a handful of statements however many users it has.

mod history;
mod holdings;
mod people;
mod person;
mod whose;

use std::collections::{BTreeSet, HashMap};

use tenure_lifecycle::effect::Outside;
use tenure_lifecycle::ids::{Epoch, GroupId, Seq, WorkflowId};
use tenure_lifecycle::ports::{Answer, Batch, Before, Event, Lease, LoadedUser, PendingEffect, StoreError};
use tenure_lifecycle::run::{ActivatedOn, CancelReason, ExecutionType, Status, TaskCounts};
use tenure_lifecycle::task::{Arguments, Holdings, Named, People, built_in};
use tenure_lifecycle::workflow::{Scope, Task, Trigger};

use super::db::{self, Connection, Row};
use super::lease::is_held;
use super::rows::{corrupt, database, guid, json_numbers, maybe_time, time};
use super::sweep::last_change;
use super::users::{USER, USER_COLUMNS, user};
use super::workflows::version_of;
pub(super) use people::named;
pub(super) use person::{person, persons};
use whose::Whose;

/// Loads a leased range.
pub(super) fn load(connection: &Connection, lease: &Lease) -> Result<Batch, StoreError> {
    is_held(connection, lease)?;
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
    let range = Whose::Leased { lease, only };
    let mut users = load_users(connection, &range)?;
    if activated_on.and_then(ActivatedOn::from_code).is_some_and(ActivatedOn::chooses_tasks) {
        load_chosen(connection, &range, &mut users)?;
    }
    if activated_on.and_then(ActivatedOn::from_code) == Some(ActivatedOn::Undo) {
        history::load(connection, &range, &mut users)?;
    }
    holdings::load(connection, &range, version.enabled_tasks(), &mut users)?;
    let conditions = version.conditions.trigger_and_scope();
    let scope = match conditions {
        Some((Scope::Groups { groups }, _)) => groups.as_slice(),
        _ => &[],
    };
    if let Some((_, trigger)) = conditions.filter(|_| execution_type == ExecutionType::Scheduled) {
        load_trigger(connection, trigger, &range, &mut users)?;
    }
    let mut people = load_people(connection, &mut users, version.enabled_tasks(), scope)?;
    history::named(connection, &users, &mut people)?;
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

fn load_users(connection: &Connection, range: &Whose<'_>) -> Result<Vec<LoadedUser>, StoreError> {
    let mut users: Vec<LoadedUser> = Vec::new();
    let mut begun = false;
    range.each(
        connection,
        &format!("{USER}, r.seq, r.change, r.status, r.started, r.total, r.failed, r.unprocessed"),
        "LEFT JOIN users u ON u.number = r.subject",
        "r.seq",
        |row| {
            let mut read = || -> db::Result<LoadedUser> {
                let known: Option<i64> = row.get(0)?;
                let in_progress = row.get::<_, i64>(USER_COLUMNS + 2)? == Status::InProgress.code();
                begun |= in_progress;
                Ok(LoadedUser {
                    seq: row.get(USER_COLUMNS)?,
                    user: known.map(|_| user(row, 0)).transpose()?,
                    groups: Vec::new(),
                    holdings: Holdings::default(),
                    before: Before {
                        status: if in_progress { Status::InProgress } else { Status::Queued },
                        tasks: TaskCounts {
                            total: row.get(USER_COLUMNS + 4)?,
                            failed: row.get(USER_COLUMNS + 5)?,
                            unprocessed: row.get(USER_COLUMNS + 6)?,
                        },
                        change: row.get(USER_COLUMNS + 1)?,
                    },
                    started: if in_progress { Some(time(row, USER_COLUMNS + 3)?) } else { None },
                    done: Vec::new(),
                    pending: None,
                    event: None,
                    sponsor_count: 0,
                    chosen: None,
                    history: None,
                })
            };
            users.push(read().map_err(database)?);
            Ok(())
        },
    )?;
    load_groups(connection, range, &mut users)?;
    if !begun {
        return Ok(users);
    }
    let places = places(&users);
    range.each(
        connection,
        "r.seq, t.ordinal, t.status",
        "CROSS JOIN task_results t ON t.run = r.run AND t.seq = r.seq",
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
        "r.seq, p.ordinal, p.started, p.attempt, p.effects, p.info, p.failure, p.waits_until, p.answer, p.done",
        "CROSS JOIN pending p ON p.run = r.run AND p.seq = r.seq",
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
                done: row.get(9).map_err(database)?,
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

fn places(users: &[LoadedUser]) -> HashMap<Seq, usize> {
    users.iter().enumerate().map(|(place, user)| (user.seq, place)).collect()
}

/// The groups that users are direct members of.
fn load_groups(
    connection: &Connection,
    whose: &Whose<'_>,
    users: &mut [LoadedUser],
) -> Result<(), StoreError> {
    let places = places(users);
    whose.each(
        connection,
        "r.seq, m.grp",
        "CROSS JOIN memberships m ON m.user = r.subject",
        "r.seq, m.grp",
        |row| {
            if let Some(place) = places.get(&row.get(0).map_err(database)?) {
                users[*place].groups.push(row.get(1).map_err(database)?);
            }
            Ok(())
        },
    )
}

/// What the trigger goes by, as far as it is not the person: what happened to them, or how many sponsors they have.
fn load_trigger(
    connection: &Connection,
    trigger: &Trigger,
    whose: &Whose<'_>,
    users: &mut [LoadedUser],
) -> Result<(), StoreError> {
    let places = places(users);
    match trigger {
        Trigger::AttributeChange { .. } | Trigger::MembershipChange { .. } => whose.each(
            connection,
            "r.seq, a.number, a.target, a.at, CASE WHEN a.attribute IS NULL THEN a.object END",
            "CROSS JOIN audit a ON a.number = r.change",
            "r.seq",
            |row| {
                let event = |row: &Row<'_>| -> db::Result<Event> {
                    Ok(Event {
                        change: row.get(1)?,
                        user: row.get(2)?,
                        at: time(row, 3)?,
                        group: row.get(4)?,
                    })
                };
                if let Some(place) = places.get(&row.get(0).map_err(database)?) {
                    users[*place].event = Some(event(row).map_err(database)?);
                }
                Ok(())
            },
        ),
        Trigger::GuestSponsor { .. } => whose.each(
            connection,
            "r.seq",
            "CROSS JOIN sponsors s ON s.user = r.subject
             CROSS JOIN users p ON p.number = s.sponsor AND p.deleted IS NULL",
            "r.seq",
            |row| {
                if let Some(place) = places.get(&row.get(0).map_err(database)?) {
                    users[*place].sponsor_count += 1;
                }
                Ok(())
            },
        ),
        Trigger::TimeBased { .. } | Trigger::TimeWindow { .. } | Trigger::UserInactivity { .. } => Ok(()),
    }
}

/// The tasks that users are limited to.
fn load_chosen(
    connection: &Connection,
    range: &Whose<'_>,
    users: &mut [LoadedUser],
) -> Result<(), StoreError> {
    let places = places(users);
    range.each(
        connection,
        "r.seq, o.value",
        "CROSS JOIN chosen_tasks c ON c.run = r.run AND c.seq = r.seq
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

/// Everything that planning these tasks may look up beside the users; `groups` are looked up too.
fn load_people<'a>(
    connection: &Connection,
    users: &mut [LoadedUser],
    tasks: impl Iterator<Item = &'a Task>,
    groups: &[GroupId],
) -> Result<People, StoreError> {
    let mut wanted = Named { groups: groups.to_vec(), ..Named::default() };
    for task in tasks {
        if let Some(built_in) = built_in(task.task_definition_id) {
            Arguments(&task.arguments).name_in(built_in.definition(), &mut wanted);
        }
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
    // Nobody is in a group that is deleted, though its members are kept for a restore.
    let is_deleted = |group: &i64| people.groups.get(group).is_some_and(|group| group.deleted.is_some());
    if people.groups.values().any(|group| group.deleted.is_some()) {
        for user in users {
            user.groups.retain(|group| !is_deleted(group));
        }
    }
    Ok(people)
}
