//! What tasks may look up beside their subjects: named by arguments, or held by subjects.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Row};
use tenure_lifecycle::directory::{AccessPackage, Agent, AssignmentPolicy, Sku};
use tenure_lifecycle::ids::{AccessPackageId, AgentId, PolicyId, SkuId};
use tenure_lifecycle::ports::StoreError;
use tenure_lifecycle::task::{Named, People, SponsoredAgent};

use super::super::extensions;
use super::super::groups::{self, GROUP, group};
use super::super::rows::{database, guid, json_numbers, time};
use super::super::users::{USER, find, user};

/// Everything that arguments name and that is there.
pub(in crate::sqlite) fn named(connection: &Connection, named: &Named) -> Result<People, StoreError> {
    let mut people = People::default();
    let mut found = BTreeSet::new();
    for id in &named.groups {
        if let Some(number) = groups::number(connection, *id).map_err(database)? {
            people.group_numbers.insert(*id, number);
            found.insert(number);
        }
    }
    groups(connection, &found, &mut people)?;
    for id in &named.users {
        let one = find(connection, "u.id = ?1 AND u.deleted IS NULL", &id.0.as_bytes()).map_err(database)?;
        if let Some(one) = one {
            people.user_numbers.insert(*id, one.number);
            people.users.insert(one.number, one);
        }
    }
    let steps = |people: &mut People| -> rusqlite::Result<()> {
        for id in &named.skus {
            if let Some(sku) = one(connection, SKU, "skus", id.0, sku)? {
                people.sku_numbers.insert(*id, sku.number);
                people.skus.insert(sku.number, sku);
            }
        }
        for id in &named.packages {
            if let Some(package) = one(connection, PACKAGE, "access_packages", id.0, package)? {
                people.package_numbers.insert(*id, package.number);
                people.packages.insert(package.number, package);
            }
        }
        for id in &named.policies {
            if let Some(policy) = one(connection, POLICY, "assignment_policies", id.0, policy)? {
                people.policies.insert(*id, policy);
            }
        }
        Ok(())
    };
    steps(&mut people).map_err(database)?;
    for id in &named.extensions {
        if let Some(extension) = extensions::find(connection, *id)? {
            people.extensions.insert(*id, extension);
        }
    }
    Ok(people)
}

fn one<T>(
    connection: &Connection,
    columns: &str,
    table: &str,
    id: uuid::Uuid,
    read: fn(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    let sql = format!("SELECT {columns} FROM {table} t WHERE t.id = ?1 AND t.deleted IS NULL");
    connection.prepare_cached(&sql)?.query_row([id.as_bytes()], read).optional()
}

/// Reads rows of a table by number.
fn each(
    connection: &Connection,
    columns: &str,
    from: &str,
    numbers: &BTreeSet<i64>,
    mut look: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    if numbers.is_empty() {
        return Ok(());
    }
    let numbers: Vec<i64> = numbers.iter().copied().collect();
    let sql = format!("SELECT {columns} FROM json_each(?1) n JOIN {from}");
    let mut statement = connection.prepare_cached(&sql).map_err(database)?;
    let mut rows = statement.query([json_numbers(&numbers)]).map_err(database)?;
    while let Some(row) = rows.next().map_err(database)? {
        look(row)?;
    }
    Ok(())
}

/// Adds groups, deleted ones too.
pub(super) fn groups(
    connection: &Connection,
    numbers: &BTreeSet<i64>,
    people: &mut People,
) -> Result<(), StoreError> {
    each(connection, GROUP, "groups g ON g.number = n.value", numbers, |row| {
        let group = group(row)?;
        people.groups.insert(group.number, group);
        Ok(())
    })
}

/// Adds users who are not deleted.
pub(super) fn users(
    connection: &Connection,
    numbers: &BTreeSet<i64>,
    people: &mut People,
) -> Result<(), StoreError> {
    each(connection, USER, "users u ON u.number = n.value AND u.deleted IS NULL", numbers, |row| {
        let user = user(row, 0).map_err(database)?;
        people.users.insert(user.number, user);
        Ok(())
    })
}

const SKU: &str = "t.number, t.id, t.part_number, t.enabled, t.consumed, t.created";

fn sku(row: &Row<'_>) -> rusqlite::Result<Sku> {
    Ok(Sku {
        number: row.get(0)?,
        id: SkuId(guid(row, 1)?),
        part_number: row.get(2)?,
        enabled: row.get(3)?,
        consumed: row.get(4)?,
        created: time(row, 5)?,
    })
}

/// Adds licences.
pub(super) fn skus(
    connection: &Connection,
    numbers: &BTreeSet<i64>,
    people: &mut People,
) -> Result<(), StoreError> {
    each(connection, SKU, "skus t ON t.number = n.value", numbers, |row| {
        let sku = sku(row).map_err(database)?;
        people.skus.insert(sku.number, sku);
        Ok(())
    })
}

const PACKAGE: &str = "t.number, t.id, t.display_name, t.description, t.is_hidden, t.created, t.modified";

fn package(row: &Row<'_>) -> rusqlite::Result<AccessPackage> {
    Ok(AccessPackage {
        number: row.get(0)?,
        id: AccessPackageId(guid(row, 1)?),
        display_name: row.get(2)?,
        description: row.get(3)?,
        is_hidden: row.get(4)?,
        created: time(row, 5)?,
        modified: time(row, 6)?,
    })
}

/// Adds access packages.
pub(super) fn packages(
    connection: &Connection,
    numbers: &BTreeSet<i64>,
    people: &mut People,
) -> Result<(), StoreError> {
    each(connection, PACKAGE, "access_packages t ON t.number = n.value", numbers, |row| {
        let package = package(row).map_err(database)?;
        people.packages.insert(package.number, package);
        Ok(())
    })
}

const POLICY: &str = "t.number, t.id, t.package, t.display_name, t.description, t.expires_after_days,
       t.requires_approval, t.created, t.modified";

fn policy(row: &Row<'_>) -> rusqlite::Result<AssignmentPolicy> {
    Ok(AssignmentPolicy {
        number: row.get(0)?,
        id: PolicyId(guid(row, 1)?),
        package: row.get(2)?,
        display_name: row.get(3)?,
        description: row.get(4)?,
        expires_after_days: row.get(5)?,
        requires_approval: row.get(6)?,
        created: time(row, 7)?,
        modified: time(row, 8)?,
    })
}

/// Adds agent identities, with all their sponsors.
pub(super) fn agents(
    connection: &Connection,
    numbers: &BTreeSet<i64>,
    people: &mut People,
) -> Result<(), StoreError> {
    let columns = "a.number, a.id, a.version, a.display_name, a.account_enabled, a.created, s.sponsor";
    let from = "agents a ON a.number = n.value
                JOIN agent_sponsors s ON s.agent = a.number
               ORDER BY a.number, s.sponsor";
    each(connection, columns, from, numbers, |row| {
        let read = || -> rusqlite::Result<(Agent, i64)> {
            let agent = Agent {
                number: row.get(0)?,
                id: AgentId(guid(row, 1)?),
                version: row.get(2)?,
                display_name: row.get(3)?,
                account_enabled: row.get(4)?,
                created: time(row, 5)?,
            };
            Ok((agent, row.get(6)?))
        };
        let (agent, sponsor) = read().map_err(database)?;
        let known = people.agents.entry(agent.number);
        known.or_insert_with(|| SponsoredAgent { agent, sponsors: Vec::new() }).sponsors.push(sponsor);
        Ok(())
    })
}
