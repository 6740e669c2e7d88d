//! What tasks may look up beside their subjects: named by arguments, or held by subjects.

use std::collections::BTreeSet;

use tenure_lifecycle::ports::StoreError;
use tenure_lifecycle::task::{Named, People, SponsoredAgent};

use super::super::access_packages::{self, PACKAGE, package};
use super::super::agents::{AGENT, agent};
use super::super::db::{self, Connection, Row};
use super::super::groups::{self, GROUP, group};
use super::super::rows::{database, json_numbers};
use super::super::skus::{self, SKU, sku};
use super::super::users::{USER, find, user};
use super::super::{assignment_policies, extensions};

/// Everything that arguments name and that is there.
pub(in super::super) fn named(connection: &Connection, named: &Named) -> Result<People, StoreError> {
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
    let steps = |people: &mut People| -> db::Result<()> {
        for id in &named.skus {
            if let Some(sku) = skus::find(connection, *id)? {
                people.sku_numbers.insert(*id, sku.number);
                people.skus.insert(sku.number, sku);
            }
        }
        for id in &named.packages {
            if let Some(package) = access_packages::find(connection, *id)? {
                people.package_numbers.insert(*id, package.number);
                people.packages.insert(package.number, package);
            }
        }
        for id in &named.policies {
            if let Some(policy) = assignment_policies::find(connection, *id)? {
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
    let sql = format!("SELECT {columns} FROM json_each(?1) n CROSS JOIN {from}");
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

/// Adds licences.
pub(super) fn skus(
    connection: &Connection,
    numbers: &BTreeSet<i64>,
    people: &mut People,
) -> Result<(), StoreError> {
    each(connection, SKU, "skus s ON s.number = n.value AND s.deleted IS NULL", numbers, |row| {
        let sku = sku(row, 0).map_err(database)?;
        people.skus.insert(sku.number, sku);
        Ok(())
    })
}

/// Adds access packages.
pub(super) fn packages(
    connection: &Connection,
    numbers: &BTreeSet<i64>,
    people: &mut People,
) -> Result<(), StoreError> {
    each(
        connection,
        PACKAGE,
        "access_packages p ON p.number = n.value AND p.deleted IS NULL",
        numbers,
        |row| {
            let package = package(row).map_err(database)?;
            people.packages.insert(package.number, package);
            Ok(())
        },
    )
}

/// Adds agent identities, with all their sponsors who are not deleted.
pub(super) fn agents(
    connection: &Connection,
    numbers: &BTreeSet<i64>,
    people: &mut People,
) -> Result<(), StoreError> {
    let columns = format!("{AGENT}, u.number AS sponsor");
    let from = "agents a ON a.number = n.value AND a.deleted IS NULL
                LEFT JOIN agent_sponsors s ON s.agent = a.number
                LEFT JOIN users u ON u.number = s.sponsor AND u.deleted IS NULL
               ORDER BY a.number, u.number";
    each(connection, &columns, from, numbers, |row| {
        let agent = agent(row).map_err(database)?;
        let sponsor: Option<i64> = row.get("sponsor").map_err(database)?;
        let known = people.agents.entry(agent.number);
        let known = known.or_insert_with(|| SponsoredAgent { agent, sponsors: Vec::new() });
        known.sponsors.extend(sponsor);
        Ok(())
    })
}
