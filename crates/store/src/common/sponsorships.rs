//! Who vouches for whom. Whoever writes here raises the person's version afterwards, with [`super::members::touch`].

use tenure_lifecycle::audit::Activity;

use super::append::append;
use super::audit::AuditRow;
use super::db::{self, Connection};
use super::members::Origin;

/// Makes a person sponsor of another; false if they are.
pub(super) fn add_to_person(
    connection: &Connection,
    user: i64,
    sponsor: i64,
    origin: Origin,
) -> db::Result<bool> {
    let sql = "INSERT INTO sponsors (user, sponsor) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    let changed = change(connection, sql, Activity::AddSponsor, user, sponsor, origin)?;
    note(connection, user, changed)
}

/// Ends a person's sponsorship of another; false if there is none.
pub(super) fn remove_from_person(
    connection: &Connection,
    user: i64,
    sponsor: i64,
    origin: Origin,
) -> db::Result<bool> {
    let sql = "DELETE FROM sponsors WHERE user = ?1 AND sponsor = ?2";
    let changed = change(connection, sql, Activity::RemoveSponsor, user, sponsor, origin)?;
    note(connection, user, changed)
}

/// Notes a change as the one that set somebody's sponsors.
fn note(connection: &Connection, user: i64, change: Option<i64>) -> db::Result<bool> {
    if let Some(change) = change {
        connection.prepare_cached(NOTE)?.execute([change, user])?;
    }
    Ok(change.is_some())
}

const NOTE: &str =
    "UPDATE users SET changes = json_set(coalesce(changes, '{}'), '$.sponsors', ?1) WHERE number = ?2";

/// Notes the change by which a sponsor went, with all those for whom they vouch.
pub(super) fn note_of_sponsored(connection: &Connection, sponsor: i64, change: i64) -> db::Result<()> {
    connection
        .prepare_cached(
            "UPDATE users SET changes = json_set(coalesce(changes, '{}'), '$.sponsors', ?1)
              WHERE number IN (SELECT user FROM sponsors WHERE sponsor = ?2)",
        )?
        .execute([change, sponsor])?;
    Ok(())
}

/// Makes a person sponsor of an agent; false if they are.
pub(super) fn add_to_agent(
    connection: &Connection,
    agent: i64,
    sponsor: i64,
    origin: Origin,
) -> db::Result<bool> {
    let sql = "INSERT INTO agent_sponsors (agent, sponsor) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    let changed = change(connection, sql, Activity::AddAgentSponsor, agent, sponsor, origin)?;
    raise(connection, agent, changed)
}

/// Ends a person's sponsorship of an agent; false if there is none.
pub(super) fn remove_from_agent(
    connection: &Connection,
    agent: i64,
    sponsor: i64,
    origin: Origin,
) -> db::Result<bool> {
    let sql = "DELETE FROM agent_sponsors WHERE agent = ?1 AND sponsor = ?2";
    let changed = change(connection, sql, Activity::RemoveAgentSponsor, agent, sponsor, origin)?;
    raise(connection, agent, changed)
}

/// Whether somebody else who is there vouches for an agent.
pub(super) fn has_other(connection: &Connection, agent: i64, sponsor: i64) -> db::Result<bool> {
    connection
        .prepare_cached(
            "SELECT 1 FROM agent_sponsors s JOIN users u ON u.number = s.sponsor
              WHERE s.agent = ?1 AND s.sponsor <> ?2 AND u.deleted IS NULL",
        )?
        .exists([agent, sponsor])
}

/// Changes who vouches for a person or an agent, with its audit row; gives its number, or nothing if nothing changes.
fn change(
    connection: &Connection,
    sql: &str,
    activity: Activity,
    target: i64,
    sponsor: i64,
    origin: Origin,
) -> db::Result<Option<i64>> {
    if connection.prepare_cached(sql)?.execute([target, sponsor])? == 0 {
        return Ok(None);
    }
    let row = AuditRow { object: Some(sponsor), ..origin.row(target) };
    append(connection, origin.at, origin.who, activity, row).map(Some)
}

/// Raises the version of an agent that changed.
fn raise(connection: &Connection, agent: i64, change: Option<i64>) -> db::Result<bool> {
    if change.is_some() {
        connection
            .prepare_cached("UPDATE agents SET version = version + 1 WHERE number = ?1")?
            .execute([agent])?;
    }
    Ok(change.is_some())
}

/// Raises the versions of those for whom a person vouches: people and agents.
pub(super) fn touch_sponsored(connection: &Connection, sponsor: i64) -> db::Result<()> {
    for sql in [
        "UPDATE users SET version = version + 1
          WHERE number IN (SELECT user FROM sponsors WHERE sponsor = ?1)",
        "UPDATE agents SET version = version + 1
          WHERE number IN (SELECT agent FROM agent_sponsors WHERE sponsor = ?1)",
    ] {
        connection.prepare_cached(sql)?.execute([sponsor])?;
    }
    Ok(())
}

/// Raises the versions of those who vouch for an agent.
pub(super) fn touch_sponsors(connection: &Connection, agent: i64) -> db::Result<()> {
    connection
        .prepare_cached(
            "UPDATE users SET version = version + 1
              WHERE number IN (SELECT sponsor FROM agent_sponsors WHERE agent = ?1)",
        )?
        .execute([agent])?;
    Ok(())
}

/// Forgets who vouched for a person who is deleted for good, and for whom they did.
pub(super) fn forget(connection: &Connection, user: i64) -> db::Result<()> {
    touch_sponsored(connection, user)?;
    for sql in [
        "DELETE FROM sponsors WHERE user = ?1",
        "DELETE FROM sponsors WHERE sponsor = ?1",
        "DELETE FROM agent_sponsors WHERE sponsor = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([user])?;
    }
    Ok(())
}
