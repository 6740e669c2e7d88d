//! Access packages.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::json;
use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::directory::{AccessPackage, AccessPackagePatch};
use tenure_lifecycle::ids::AccessPackageId;
use tenure_lifecycle::ports::{Deletion, StoreError, WriteError};

use super::append::append;
use super::assignment_policies;
use super::audit::AuditRow;
use super::db::{self, Connection, OptionalExtension, Row, last_number, params};
use super::filter::{Column, ColumnKind, Columns};
use super::list::{Collection, Key, Segment, Segments};
use super::rows::{database, guid, json_numbers, time};

/// The columns of a package, of a table called `p`.
pub(super) const PACKAGE: &str =
    "p.number, p.id, p.display_name, p.description, p.is_hidden, p.created, p.modified";

/// Reads one.
pub(super) fn package(row: &Row<'_>) -> db::Result<AccessPackage> {
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

struct PackageColumns;

impl Columns for PackageColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let [name] = path else { return None };
        let (sql, kind) = match name.as_str() {
            "id" => ("p.id", ColumnKind::GuidBlob),
            "displayName" => ("p.display_name", ColumnKind::Text),
            "description" => ("p.description", ColumnKind::Text),
            "isHidden" => ("p.is_hidden", ColumnKind::Boolean),
            "createdDateTime" => ("p.created", ColumnKind::TimestampMillis),
            "modifiedDateTime" => ("p.modified", ColumnKind::TimestampMillis),
            _ => return None,
        };
        Some(Column { sql: Cow::Borrowed(sql), kind })
    }
}

/// Packages as a collection.
pub(super) fn collection(segment: Segments<'_>) -> Collection<'_> {
    Collection { select: PACKAGE, key: &["p.number"], columns: &PackageColumns, segment }
}

/// Those that are not deleted, behind a mark.
pub(super) fn segment(mark: Option<&Key>) -> Segment {
    Segment {
        source: "FROM access_packages p WHERE p.deleted IS NULL AND p.number > ?".to_owned(),
        parameters: vec![mark.map_or(0, |mark| mark[0]).into()],
        order: "p.number",
        then: None,
        dense: None,
    }
}

/// One that is not deleted.
pub(super) fn find(connection: &Connection, id: AccessPackageId) -> db::Result<Option<AccessPackage>> {
    let sql = format!("SELECT {PACKAGE} FROM access_packages p WHERE p.id = ?1 AND p.deleted IS NULL");
    connection.prepare_cached(&sql)?.query_row([id.0.as_bytes()], package).optional()
}

/// Packages by number, deleted ones too.
pub(super) fn by_number(connection: &Connection, numbers: &[i64]) -> db::Result<Vec<AccessPackage>> {
    let sql =
        format!("SELECT {PACKAGE} FROM json_each(?1) n CROSS JOIN access_packages p ON p.number = n.value");
    connection.prepare_cached(&sql)?.query_map([json_numbers(numbers)], package)?.collect()
}

/// A package for the audit.
fn described(package: &AccessPackage) -> String {
    json!({
        "displayName": package.display_name, "description": package.description, "isHidden": package.is_hidden,
    })
    .to_string()
}

/// Creates one.
pub(super) fn create(connection: &Connection, new: &AccessPackage, who: Actor) -> db::Result<AccessPackage> {
    let at = new.created.as_millisecond();
    connection
        .prepare_cached(
            "INSERT INTO access_packages (id, display_name, description, is_hidden, created, modified)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        )?
        .execute(params![new.id.0.as_bytes(), new.display_name, new.description, new.is_hidden, at])?;
    let number = last_number(connection)?;
    let after = described(new);
    let row = AuditRow { target: Some(number), after: Some(&after), ..AuditRow::default() };
    append(connection, at, who, Activity::CreateAccessPackage, row)?;
    Ok(AccessPackage { number, ..new.clone() })
}

/// Changes one.
pub(super) fn update(
    connection: &Connection,
    id: AccessPackageId,
    patch: &AccessPackagePatch,
    at: Timestamp,
    who: Actor,
) -> Result<AccessPackage, WriteError> {
    let before = find(connection, id).map_err(database)?.ok_or(WriteError::Missing)?;
    let mut package = before.clone();
    if let Some(name) = &patch.display_name {
        package.display_name.clone_from(name);
    }
    if let Some(description) = &patch.description {
        package.description.clone_from(description);
    }
    package.is_hidden = patch.is_hidden.unwrap_or(package.is_hidden);
    if package == before {
        return Ok(package);
    }
    package.modified = at;
    let steps = || -> db::Result<()> {
        let at = at.as_millisecond();
        connection
            .prepare_cached(
                "UPDATE access_packages SET display_name = ?2, description = ?3, is_hidden = ?4, modified = ?5
                  WHERE number = ?1",
            )?
            .execute(params![
                package.number,
                package.display_name,
                package.description,
                package.is_hidden,
                at
            ])?;
        let (old, new) = (described(&before), described(&package));
        let row = AuditRow {
            target: Some(package.number),
            before: Some(&old),
            after: Some(&new),
            ..AuditRow::default()
        };
        append(connection, at, who, Activity::UpdateAccessPackage, row)?;
        Ok(())
    };
    steps().map_err(database)?;
    Ok(package)
}

/// Deletes one with its policies, unless somebody has it or waits for it.
pub(super) fn delete(
    connection: &Connection,
    id: AccessPackageId,
    at: Timestamp,
    who: Actor,
) -> Result<Deletion, StoreError> {
    let steps = || -> db::Result<Deletion> {
        let Some(package) = find(connection, id)? else { return Ok(Deletion::Missing) };
        let (assigned, requested): (bool, bool) = connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM assignment_policies p CROSS JOIN package_assignments a
                             WHERE p.package = ?1 AND a.policy = p.number AND a.ended IS NULL),
                    EXISTS (SELECT 1 FROM package_requests r WHERE r.package = ?1 AND r.completed IS NULL)",
            [package.number],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        if assigned || requested {
            return Ok(if assigned { Deletion::Assigned } else { Deletion::Requested });
        }
        for policy in assignment_policies::of_packages(connection, &[package.number])? {
            assignment_policies::hide(connection, &policy, at.as_millisecond(), who)?;
        }
        connection.execute(
            "UPDATE access_packages SET deleted = ?2 WHERE number = ?1",
            params![package.number, at.as_millisecond()],
        )?;
        let row = AuditRow { target: Some(package.number), ..AuditRow::default() };
        append(connection, at.as_millisecond(), who, Activity::DeleteAccessPackage, row)?;
        Ok(Deletion::Deleted)
    };
    steps().map_err(database)
}
