//! Between the numbers that audit entries hold and what they stand for: a page at a time, a statement a kind.

use std::collections::{BTreeSet, HashMap};

use tenure_lifecycle::audit::{
    Activity, By, PropertyChange, Record, Target, TargetKind, property_changes, remarks,
};
use tenure_lifecycle::clock::from_millis;
use tenure_lifecycle::expression::{Expression, Literal, Operator, Path, fold, parse_guid};
use tenure_lifecycle::ids::Epoch;
use tenure_lifecycle::ports::{QueryError, StoreError};
use uuid::Uuid;

use super::audit_entry::StoredEntry;
use super::db::{self, Connection, OptionalExtension};
use super::rows::{database, guid, json_numbers};

/// Which table holds a kind of target, its columns: number, id, name, user principal name.
fn table(kind: TargetKind) -> Option<(&'static str, &'static str, &'static str)> {
    match kind {
        TargetKind::User => Some((
            "users",
            "json_extract(t.attributes, '$.displayName')",
            "json_extract(t.attributes, '$.userPrincipalName')",
        )),
        // A group that is deleted for good has no name.
        TargetKind::Group => Some(("groups", "nullif(t.display_name, '')", "NULL")),
        TargetKind::Workflow => Some(("workflows", "t.display_name", "NULL")),
        TargetKind::Token => Some(("tokens", "t.name", "NULL")),
        TargetKind::Application => Some(("applications", "t.display_name", "NULL")),
        TargetKind::Extension => Some(("custom_task_extensions", "t.display_name", "NULL")),
        TargetKind::Sku => Some(("skus", "t.part_number", "NULL")),
        TargetKind::AccessPackage => Some(("access_packages", "t.display_name", "NULL")),
        TargetKind::AssignmentPolicy => Some(("assignment_policies", "t.display_name", "NULL")),
        TargetKind::Agent => Some(("agents", "t.display_name", "NULL")),
        TargetKind::None => None,
    }
}

const KINDS: [(TargetKind, &str); 10] = [
    (TargetKind::User, "target/user"),
    (TargetKind::Group, "target/group"),
    (TargetKind::Workflow, "target/workflow"),
    (TargetKind::Token, "target/token"),
    (TargetKind::Application, "target/application"),
    (TargetKind::Extension, "target/extension"),
    (TargetKind::Sku, "target/sku"),
    (TargetKind::AccessPackage, "target/accessPackage"),
    (TargetKind::AssignmentPolicy, "target/assignmentPolicy"),
    (TargetKind::Agent, "target/agent"),
];

type Known = HashMap<(&'static str, i64), Target>;

/// Everything that these numbers stand for.
fn known(connection: &Connection, wanted: &BTreeSet<(usize, i64)>) -> db::Result<Known> {
    let mut known = Known::new();
    for (place, (kind, _)) in KINDS.into_iter().enumerate() {
        let numbers: Vec<i64> =
            wanted.iter().filter(|(one, _)| *one == place).map(|(_, number)| *number).collect();
        let Some((table, name, principal_name)) = table(kind).filter(|_| !numbers.is_empty()) else {
            continue;
        };
        let sql = format!(
            "SELECT t.number, t.id, {name}, {principal_name}
               FROM json_each(?1) n CROSS JOIN {table} t ON t.number = n.value"
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query([json_numbers(&numbers)])?;
        while let Some(row) = rows.next()? {
            let target =
                Target { kind, id: guid(row, 1)?, display_name: row.get(2)?, principal_name: row.get(3)? };
            known.insert((table, row.get(0)?), target);
        }
    }
    Ok(known)
}

fn place(kind: TargetKind) -> Option<usize> {
    KINDS.iter().position(|(known, _)| *known == kind)
}

/// Whoever acted: people, and tokens by name.
fn actors(connection: &Connection, entries: &[StoredEntry]) -> db::Result<HashMap<[u8; 16], By>> {
    let ids: BTreeSet<[u8; 16]> = entries.iter().filter_map(|entry| entry.actor).collect();
    let mut by: HashMap<[u8; 16], By> = HashMap::new();
    let mut people = connection.prepare_cached(
        "SELECT json_extract(attributes, '$.displayName'), json_extract(attributes, '$.userPrincipalName')
           FROM users WHERE id = ?1",
    )?;
    let mut tokens = connection.prepare_cached("SELECT name FROM tokens WHERE id = ?1")?;
    let mut vouched = connection.prepare_cached("SELECT name, is_application FROM callers WHERE id = ?1")?;
    // A page has few callers.
    for bytes in ids {
        let id = Uuid::from_bytes(bytes);
        let person = people
            .query_row([bytes], |row| {
                Ok(Target {
                    kind: TargetKind::User,
                    id,
                    display_name: row.get(0)?,
                    principal_name: row.get(1)?,
                })
            })
            .optional()?;
        let one = match person {
            Some(person) => By::Person(person),
            None => match vouched.query_row([bytes], |row| Ok((row.get(0)?, row.get(1)?))).optional()? {
                Some((name, false)) => By::Person(Target {
                    kind: TargetKind::User,
                    id,
                    display_name: Some(name),
                    principal_name: None,
                }),
                Some((name, true)) => By::Token { id, name: Some(name) },
                None => By::Token { id, name: tokens.query_row([bytes], |row| row.get(0)).optional()? },
            },
        };
        by.insert(bytes, one);
    }
    Ok(by)
}

/// Values before and after, by the number of their entry.
type Values = HashMap<i64, (Option<String>, Option<String>)>;

/// Values of entries that are kept apart, where they have not been erased.
fn values(connection: &Connection, entries: &[StoredEntry]) -> db::Result<Values> {
    let numbers: Vec<i64> = entries.iter().map(|entry| entry.number).collect();
    let mut statement = connection.prepare_cached(
        "SELECT v.number, v.before, v.after FROM json_each(?1) n CROSS JOIN audit_values v ON v.number = n.value",
    )?;
    let rows =
        statement.query_map([json_numbers(&numbers)], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    rows.collect()
}

fn epochs(connection: &Connection, entries: &[StoredEntry]) -> db::Result<HashMap<i64, Epoch>> {
    let runs: BTreeSet<i64> = entries.iter().filter_map(|entry| entry.run).collect();
    let runs: Vec<i64> = runs.into_iter().collect();
    let mut statement = connection.prepare_cached(
        "SELECT r.number, r.epoch FROM json_each(?1) n CROSS JOIN runs r ON r.number = n.value
         UNION ALL
         SELECT p.number, p.epoch FROM json_each(?1) n CROSS JOIN past_runs p ON p.number = n.value",
    )?;
    let rows = statement.query_map([json_numbers(&runs)], |row| Ok((row.get(0)?, Epoch(row.get(1)?))))?;
    rows.collect()
}

/// A manager's number as it stands in an entry.
fn manager(text: Option<&str>) -> Option<i64> {
    text?.parse().ok()
}

/// The entries with what they are about.
pub(super) fn resolve(connection: &Connection, entries: &[StoredEntry]) -> Result<Vec<Record>, StoreError> {
    let mut wanted: BTreeSet<(usize, i64)> = BTreeSet::new();
    for entry in entries {
        let Some(activity) = Activity::from_code(entry.activity) else { continue };
        let mut want = |kind: TargetKind, number: Option<i64>| {
            wanted.extend(place(kind).zip(number));
        };
        want(activity.target(), entry.target);
        want(activity.object(), entry.object);
        if activity == Activity::UpdateManager {
            want(TargetKind::User, manager(entry.before.as_deref()));
        }
    }
    let read = || -> db::Result<Vec<Record>> {
        let known = known(connection, &wanted)?;
        let (actors, values) = (actors(connection, entries)?, values(connection, entries)?);
        let epochs = epochs(connection, entries)?;
        let record = |entry: &StoredEntry| -> Option<Record> {
            let activity = Activity::from_code(entry.activity)?;
            let find = |kind: TargetKind, number: Option<i64>| {
                let (table, _, _) = table(kind)?;
                known.get(&(table, number?)).cloned()
            };
            let targets = [find(activity.target(), entry.target), find(activity.object(), entry.object)];
            let changes = if activity == Activity::UpdateManager {
                let id = |text: Option<&str>| {
                    let found = find(TargetKind::User, manager(text))?;
                    Some(format!("\"{}\"", found.id))
                };
                let (before, after) = (id(entry.before.as_deref()), id(entry.after.as_deref()));
                vec![PropertyChange { name: "manager".to_owned(), before, after }]
            } else {
                let (kept_before, kept_after) = values.get(&entry.number).cloned().unwrap_or_default();
                let before = entry.before.clone().or(kept_before);
                let after = entry.after.clone().or(kept_after);
                property_changes(activity, entry.attribute, before.as_deref(), after.as_deref())
            };
            let (details, failure) = remarks(activity, entry.before.as_deref(), entry.after.as_deref());
            Some(Record {
                details,
                failure,
                number: entry.number,
                at: from_millis(entry.at),
                activity,
                by: entry.actor.and_then(|id| actors.get(&id).cloned()).unwrap_or(By::Tenure),
                targets: targets.into_iter().flatten().collect(),
                changes,
                run: entry.run.and_then(|run| epochs.get(&run).map(|epoch| (*epoch, run))),
                seq: entry.seq,
                ordinal: entry.ordinal,
            })
        };
        Ok(entries.iter().filter_map(record).collect())
    };
    read().map_err(database)
}

fn refused() -> QueryError {
    QueryError::Unsupported(
        "'targetResources' can be asked only as in targetResources/any(t:t/id eq '…'), or with \
         userPrincipalName, in and or"
            .to_owned(),
    )
}

fn is_number(column: &str, number: i64) -> Expression {
    Expression::Compare {
        path: Path { variable: None, segments: column.split('/').map(str::to_owned).collect() },
        operator: Operator::Eq,
        literal: Literal::Integer(number),
    }
}

/// The filter with questions about targets put as questions about their numbers.
pub(super) fn about_targets(connection: &Connection, filter: &Expression) -> Result<Expression, QueryError> {
    let each = |parts: &[Expression]| -> Result<Vec<Expression>, QueryError> {
        parts.iter().map(|part| about_targets(connection, part)).collect()
    };
    Ok(match filter {
        Expression::And(parts) => Expression::And(each(parts)?),
        Expression::Or(parts) => Expression::Or(each(parts)?),
        Expression::Not(part) => Expression::Not(Box::new(about_targets(connection, part)?)),
        Expression::Any { body, .. } => {
            let mut found = Vec::new();
            targets(connection, body.as_deref().ok_or_else(refused)?, &mut found)?;
            Expression::Or(found)
        }
        other => other.clone(),
    })
}

/// What an entry must have as target for the body of a lambda to hold for one of its targets.
fn targets(
    connection: &Connection,
    body: &Expression,
    found: &mut Vec<Expression>,
) -> Result<(), QueryError> {
    let (path, literals) = match body {
        Expression::Or(parts) => {
            return parts.iter().try_for_each(|part| targets(connection, part, found));
        }
        Expression::Compare { path, operator: Operator::Eq, literal } => {
            (path, std::slice::from_ref(literal))
        }
        Expression::In { path, literals } => (path, literals.as_slice()),
        _ => return Err(refused()),
    };
    let by_id = match path.segments.as_slice() {
        [name] if name == "id" => true,
        [name] if name == "userPrincipalName" => false,
        _ => return Err(refused()),
    };
    for literal in literals {
        let ids = match (by_id, literal) {
            (true, Literal::Guid(id)) => Some(*id),
            (true, Literal::Text(text)) => parse_guid(text),
            (false, Literal::Text(name)) => of_name(connection, name).map_err(database)?,
            _ => return Err(refused()),
        };
        if let Some(id) = ids {
            add_numbers(connection, id, found).map_err(database)?;
        }
    }
    Ok(())
}

fn of_name(connection: &Connection, name: &str) -> db::Result<Option<Uuid>> {
    connection
        .prepare_cached("SELECT id FROM users WHERE principal_name = ?1")?
        .query_row([fold(name)], |row| guid(row, 0))
        .optional()
}

fn add_numbers(connection: &Connection, id: Uuid, found: &mut Vec<Expression>) -> db::Result<()> {
    for (kind, column) in KINDS {
        let Some((table, _, _)) = table(kind) else { continue };
        let sql = format!("SELECT number FROM {table} WHERE id = ?1");
        let number: Option<i64> =
            connection.prepare_cached(&sql)?.query_row([id.as_bytes()], |row| row.get(0)).optional()?;
        let Some(number) = number else { continue };
        found.push(is_number(column, number));
        match kind {
            TargetKind::User => found.push(is_number("object/user", number)),
            TargetKind::Group => found.push(is_number("object/group", number)),
            TargetKind::Extension => found.push(is_number("object/extension", number)),
            TargetKind::Sku => found.push(is_number("object/sku", number)),
            TargetKind::AccessPackage => found.push(is_number("object/accessPackage", number)),
            TargetKind::AssignmentPolicy => found.push(is_number("object/assignmentPolicy", number)),
            TargetKind::Workflow
            | TargetKind::Token
            | TargetKind::Application
            | TargetKind::Agent
            | TargetKind::None => {}
        }
    }
    Ok(())
}
