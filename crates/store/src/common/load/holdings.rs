//! What the users of a batch have, as far as their tasks look at it: a statement a kind.

use std::collections::HashMap;

use tenure_lifecycle::ids::Seq;
use tenure_lifecycle::ports::{LoadedUser, StoreError};
use tenure_lifecycle::task::{Arguments, Holdings, Reads, built_in};
use tenure_lifecycle::workflow::Task;

use super::super::assignments::{ASSIGNMENT, assignment};
use super::super::db::{Connection, Row};
use super::super::package_requests::{REQUEST, request};
use super::super::rows::database;
use super::Whose;

/// Loads what the tasks read.
pub(super) fn load<'a>(
    connection: &Connection,
    whose: &Whose<'_>,
    tasks: impl Iterator<Item = &'a Task>,
    users: &mut [LoadedUser],
) -> Result<(), StoreError> {
    let mut wanted: Vec<Reads> = Vec::new();
    for task in tasks {
        let Some(built_in) = built_in(task.task_definition_id) else { continue };
        for reads in built_in.reads(&Arguments(&task.arguments)) {
            if !wanted.contains(reads) {
                wanted.push(*reads);
            }
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let places = super::places(users);
    let mut load = Load { connection, whose, places, users };
    for reads in wanted {
        match reads {
            Reads::Licenses => {
                load.numbers("licenses h ON h.user = r.subject", "h.sku", |holdings| &mut holdings.licenses)?;
            }
            Reads::Packages => {
                load.assignments()?;
                load.requests()?;
            }
            Reads::Sponsors => {
                load.numbers("sponsors h ON h.user = r.subject", "h.sponsor", |holdings| {
                    &mut holdings.sponsors
                })?;
            }
            Reads::Agents => load.numbers(
                "agent_sponsors h ON h.sponsor = r.subject
                  AND EXISTS (SELECT 1 FROM agents a WHERE a.number = h.agent AND a.deleted IS NULL)",
                "h.agent",
                |holdings| &mut holdings.agents,
            )?,
            Reads::Roles => {
                load.flag("role_assignments", |holdings| &mut holdings.has_role)?;
            }
            Reads::Methods => {
                load.flag("authentication_methods", |holdings| &mut holdings.has_method)?;
            }
        }
    }
    Ok(())
}

struct Load<'a> {
    connection: &'a Connection,
    whose: &'a Whose<'a>,
    places: HashMap<Seq, usize>,
    users: &'a mut [LoadedUser],
}

impl Load<'_> {
    /// Reads rows that begin with the seq of whom they are about.
    fn each(
        &mut self,
        columns: &str,
        join: &str,
        order: &str,
        mut look: impl FnMut(&mut Holdings, &Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (columns, joined) = (format!("r.seq, {columns}"), format!("CROSS JOIN {join}"));
        let (places, users) = (&self.places, &mut *self.users);
        self.whose.each(self.connection, &columns, &joined, &format!("r.seq, {order}"), |row| {
            match places.get(&row.get(0).map_err(database)?) {
                Some(place) => look(&mut users[*place].holdings, row),
                None => Ok(()),
            }
        })
    }

    fn numbers(
        &mut self,
        join: &str,
        column: &str,
        list: fn(&mut Holdings) -> &mut Vec<i64>,
    ) -> Result<(), StoreError> {
        self.each(column, join, column, |holdings, row| {
            list(holdings).push(row.get(1).map_err(database)?);
            Ok(())
        })
    }

    /// Whether somebody has a row in a table that is mostly empty.
    fn flag(&mut self, table: &str, flag: fn(&mut Holdings) -> &mut bool) -> Result<(), StoreError> {
        let any = self
            .connection
            .prepare_cached(&format!("SELECT 1 FROM {table}"))
            .and_then(|mut statement| statement.exists([]))
            .map_err(database)?;
        if !any {
            return Ok(());
        }
        self.each("1", &format!("{table} h ON h.user = r.subject"), "h.number", |holdings, _| {
            *flag(holdings) = true;
            Ok(())
        })
    }

    fn assignments(&mut self) -> Result<(), StoreError> {
        let join = "package_assignments a ON a.user = r.subject AND a.ended IS NULL";
        self.each(ASSIGNMENT, join, "a.number", |holdings, row| {
            holdings.assignments.push(assignment(row, 1).map_err(database)?);
            Ok(())
        })
    }

    fn requests(&mut self) -> Result<(), StoreError> {
        let join = "package_requests q ON q.user = r.subject AND q.completed IS NULL";
        self.each(REQUEST, join, "q.number", |holdings, row| {
            holdings.requests.push(request(row, 1)?);
            Ok(())
        })
    }
}
