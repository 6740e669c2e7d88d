//! Agent identities, and the agents port.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::json;
use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::directory::{Agent, AgentPatch, User};
use tenure_lifecycle::ids::{AgentId, UserId};
use tenure_lifecycle::ports::{
    Agents, Membership, NewAgent, Query, QueryError, Slice, SponsorRemoval, StoreError, WriteError,
};

use super::Store;
use super::append::append;
use super::audit::AuditRow;
use super::db::{self, Connection, OptionalExtension, Row, params};
use super::filter::{Column, ColumnKind, Columns};
use super::list::{Collection, Key, Segment, Segments};
use super::members::{Origin, touch};
use super::rows::{database, guid, time};
use super::sponsorships::{add_to_agent, remove_from_agent, touch_sponsors};
use super::users::{self, people_segment, user};

/// The columns of an agent, of a table called `a`.
pub(super) const AGENT: &str = "a.number, a.id, a.version, a.display_name, a.account_enabled, a.created";

const ALL: &str = "FROM agents a WHERE a.deleted IS NULL AND a.number > ?";
const OF_SPONSOR: &str = "FROM agent_sponsors s CROSS JOIN agents a ON a.number = s.agent
  WHERE s.sponsor = ? AND a.deleted IS NULL AND s.agent > ?";
const SPONSORS: &str = "FROM agent_sponsors s CROSS JOIN users u ON u.number = s.sponsor WHERE u.deleted IS NULL AND s.agent = ?";

/// Reads one.
pub(super) fn agent(row: &Row<'_>) -> db::Result<Agent> {
    Ok(Agent {
        number: row.get(0)?,
        id: AgentId(guid(row, 1)?),
        version: row.get(2)?,
        display_name: row.get(3)?,
        account_enabled: row.get(4)?,
        created: time(row, 5)?,
    })
}

struct AgentColumns;

impl Columns for AgentColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let [name] = path else { return None };
        let (sql, kind) = match name.as_str() {
            "id" => ("a.id", ColumnKind::GuidBlob),
            "displayName" => ("a.display_name", ColumnKind::Text),
            "accountEnabled" => ("a.account_enabled", ColumnKind::Boolean),
            "createdDateTime" => ("a.created", ColumnKind::TimestampMillis),
            _ => return None,
        };
        Some(Column { sql: Cow::Borrowed(sql), kind })
    }
}

fn collection(segment: Segments<'_>) -> Collection<'_> {
    Collection { select: AGENT, key: &["a.number"], columns: &AgentColumns, segment }
}

/// Agents by number: all of them, or those that a person vouches for.
fn segment(sponsor: Option<i64>, mark: Option<&Key>) -> Segment {
    let mark = mark.map_or(0, |mark| mark[0]).into();
    let (source, parameters, order) = match sponsor {
        None => (ALL, vec![mark], "a.number"),
        Some(sponsor) => (OF_SPONSOR, vec![sponsor.into(), mark], "s.agent"),
    };
    Segment { source: source.to_owned(), parameters, order, then: None, dense: None }
}

/// The sponsors of an agent, read along the sponsorships.
fn sponsors_segment(agent: i64, mark: Option<&Key>) -> Segment {
    let mut segment = people_segment(SPONSORS, vec![agent.into()], mark);
    segment.source = segment.source.replace("u.number >", "s.sponsor >");
    segment.order = "s.sponsor";
    segment
}

fn find(connection: &Connection, id: AgentId) -> db::Result<Option<Agent>> {
    connection
        .prepare_cached(&format!("SELECT {AGENT} FROM agents a WHERE a.id = ?1 AND a.deleted IS NULL"))?
        .query_row([id.0.as_bytes()], agent)
        .optional()
}

fn found(connection: &Connection, id: AgentId) -> Result<Agent, WriteError> {
    find(connection, id).map_err(database)?.ok_or(WriteError::Missing)
}

/// The number of somebody who is not deleted.
fn person(connection: &Connection, id: UserId) -> Result<i64, WriteError> {
    let found = users::find(connection, "u.id = ?1 AND u.deleted IS NULL", &id.0.as_bytes());
    found.map_err(database)?.map(|user| user.number).ok_or(WriteError::Missing)
}

/// An agent for the audit.
fn described(display_name: &str, account_enabled: bool) -> String {
    json!({ "displayName": display_name, "accountEnabled": account_enabled }).to_string()
}

fn create(connection: &Connection, new: &NewAgent, origin: Origin) -> db::Result<Option<Agent>> {
    let number = connection.query_row(
        "INSERT INTO agents (id, version, display_name, account_enabled, created) VALUES (?1, 1, ?2, ?3, ?4)
         RETURNING number",
        params![new.id.0.as_bytes(), new.display_name, new.account_enabled, origin.at],
        |row| row.get(0),
    )?;
    let after = described(&new.display_name, new.account_enabled);
    let row = AuditRow { after: Some(&after), ..origin.row(number) };
    append(connection, origin.at, origin.who, Activity::CreateAgent, row)?;
    for sponsor in &new.sponsors {
        add_to_agent(connection, number, *sponsor, origin)?;
    }
    touch_sponsors(connection, number)?;
    find(connection, new.id)
}

fn update(connection: &Connection, before: Agent, patch: &AgentPatch, origin: Origin) -> db::Result<Agent> {
    let mut after = Agent {
        display_name: patch.display_name.clone().unwrap_or_else(|| before.display_name.clone()),
        account_enabled: patch.account_enabled.unwrap_or(before.account_enabled),
        ..before
    };
    if after == before {
        return Ok(after);
    }
    after.version += 1;
    connection.execute(
        "UPDATE agents SET version = ?2, display_name = ?3, account_enabled = ?4 WHERE number = ?1",
        params![after.number, after.version, after.display_name, after.account_enabled],
    )?;
    let old = described(&before.display_name, before.account_enabled);
    let new = described(&after.display_name, after.account_enabled);
    let row = AuditRow { before: Some(&old), after: Some(&new), ..origin.row(after.number) };
    append(connection, origin.at, origin.who, Activity::UpdateAgent, row)?;
    Ok(after)
}

/// Soft-deletes an agent; nobody vouches for it any more.
fn delete(connection: &Connection, agent: i64, origin: Origin) -> db::Result<()> {
    connection.execute(
        "UPDATE agents SET deleted = ?2, version = version + 1 WHERE number = ?1",
        [agent, origin.at],
    )?;
    touch_sponsors(connection, agent)?;
    append(connection, origin.at, origin.who, Activity::DeleteAgent, origin.row(agent))?;
    Ok(())
}

/// Whether somebody else vouches for an agent.
fn has_another(connection: &Connection, agent: i64, than: i64) -> db::Result<bool> {
    connection
        .prepare_cached(
            "SELECT 1 FROM agent_sponsors s JOIN users u ON u.number = s.sponsor
              WHERE s.agent = ?1 AND s.sponsor <> ?2 AND u.deleted IS NULL",
        )?
        .exists([agent, than])
}

fn remove_sponsor(
    connection: &Connection,
    agent: i64,
    sponsor: i64,
    origin: Origin,
) -> db::Result<SponsorRemoval> {
    let is_sponsor = connection
        .prepare_cached("SELECT 1 FROM agent_sponsors WHERE agent = ?1 AND sponsor = ?2")?
        .exists([agent, sponsor])?;
    if !is_sponsor {
        return Ok(SponsorRemoval::NotThere);
    }
    if !has_another(connection, agent, sponsor)? {
        return Ok(SponsorRemoval::Last);
    }
    remove_from_agent(connection, agent, sponsor, origin)?;
    touch(connection, sponsor)?;
    Ok(SponsorRemoval::Removed)
}

/// An administrator's act.
fn by(who: Actor, at: Timestamp) -> Origin {
    Origin { at: at.as_millisecond(), who, task: None }
}

impl Agents for Store {
    fn agent(&self, id: AgentId) -> Result<Option<Agent>, StoreError> {
        self.read(|connection| find(connection, id).map_err(database))
    }

    fn list_agents(&self, query: &Query) -> Result<Slice<Agent>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(None, mark)));
            collection(&segment).slice(connection, query, |row| agent(row).map_err(database))
        })
    }

    fn count_agents(&self, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(None, mark)));
            collection(&segment).count(connection, query)
        })
    }

    fn create_agent(&self, new: &NewAgent, at: Timestamp, actor: Actor) -> Result<Agent, StoreError> {
        let new = new.clone();
        self.writer.write(move |connection| {
            let made = create(connection, &new, by(actor, at)).map_err(database)?;
            made.ok_or_else(|| database(db::Error::QueryReturnedNoRows))
        })
    }

    fn update_agent(
        &self,
        id: AgentId,
        patch: &AgentPatch,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Agent, WriteError> {
        let patch = patch.clone();
        self.writer.write(move |connection| {
            let before = found(connection, id)?;
            Ok(update(connection, before, &patch, by(actor, at)).map_err(database)?)
        })
    }

    fn delete_agent(&self, id: AgentId, at: Timestamp, actor: Actor) -> Result<(), WriteError> {
        self.writer.write(move |connection| {
            let agent = found(connection, id)?;
            Ok(delete(connection, agent.number, by(actor, at)).map_err(database)?)
        })
    }

    fn agent_sponsors(&self, agent: i64, query: &Query) -> Result<Slice<User>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(sponsors_segment(agent, mark)));
            users::collection(&segment).slice(connection, query, |row| user(row, 0).map_err(database))
        })
    }

    fn count_agent_sponsors(&self, agent: i64, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(sponsors_segment(agent, mark)));
            users::collection(&segment).count(connection, query)
        })
    }

    fn sponsored_agents(&self, user: i64, query: &Query) -> Result<Slice<Agent>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(Some(user), mark)));
            collection(&segment).slice(connection, query, |row| agent(row).map_err(database))
        })
    }

    fn count_sponsored_agents(&self, user: i64, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(Some(user), mark)));
            collection(&segment).count(connection, query)
        })
    }

    fn add_agent_sponsor(
        &self,
        agent: AgentId,
        sponsor: UserId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Membership, WriteError> {
        self.writer.write(move |connection| {
            let (agent, sponsor) = (found(connection, agent)?.number, person(connection, sponsor)?);
            if !add_to_agent(connection, agent, sponsor, by(actor, at)).map_err(database)? {
                return Ok(Membership::AsBefore);
            }
            touch(connection, sponsor).map_err(database)?;
            Ok(Membership::Changed)
        })
    }

    fn remove_agent_sponsor(
        &self,
        agent: AgentId,
        sponsor: UserId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<SponsorRemoval, WriteError> {
        self.writer.write(move |connection| {
            let (agent, sponsor) = (found(connection, agent)?.number, person(connection, sponsor)?);
            Ok(remove_sponsor(connection, agent, sponsor, by(actor, at)).map_err(database)?)
        })
    }
}
