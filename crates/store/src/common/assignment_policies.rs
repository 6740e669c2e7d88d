//! Policies under which access packages are assigned.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::json;
use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::directory::{AssignmentPolicy, PolicyPatch};
use tenure_lifecycle::expression::Expression;
use tenure_lifecycle::ids::PolicyId;
use tenure_lifecycle::ports::{Deletion, StoreError, WriteError};

use super::append::append;
use super::audit::AuditRow;
use super::db::{self, Connection, OptionalExtension, Row, last_number, params};
use super::filter::{Column, ColumnKind, Columns};
use super::list::{Collection, Key, Segment, Segments};
use super::pinned;
use super::rows::{database, guid, json_numbers, time};

/// The columns of a policy, of a table called `p`.
const POLICY: &str =
    "p.number, p.id, p.package, p.display_name, p.description, p.expires_after_days, p.requires_approval,
       p.created, p.modified";

/// Reads one.
pub(super) fn policy(row: &Row<'_>) -> db::Result<AssignmentPolicy> {
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

struct PolicyColumns;

impl Columns for PolicyColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let (sql, kind) = match path.join("/").as_str() {
            "id" => ("p.id", ColumnKind::GuidBlob),
            "displayName" => ("p.display_name", ColumnKind::Text),
            "description" => ("p.description", ColumnKind::Text),
            "createdDateTime" => ("p.created", ColumnKind::TimestampMillis),
            "modifiedDateTime" => ("p.modified", ColumnKind::TimestampMillis),
            "accessPackage/id" => {
                ("(SELECT x.id FROM access_packages x WHERE x.number = p.package)", ColumnKind::GuidBlob)
            }
            _ => return None,
        };
        Some(Column { sql: Cow::Borrowed(sql), kind })
    }
}

/// Policies as a collection.
pub(super) fn collection(segment: Segments<'_>) -> Collection<'_> {
    Collection { select: POLICY, key: &["p.number"], columns: &PolicyColumns, segment }
}

/// The package that a filter asks for, if it asks for one.
pub(super) fn package_of(connection: &Connection, filter: Option<&Expression>) -> db::Result<Option<i64>> {
    pinned::number(connection, filter, "accessPackage/id", "access_packages")
}

/// Those that are not deleted, of all packages or of one, behind a mark.
pub(super) fn segment(package: Option<i64>, mark: Option<&Key>) -> Segment {
    let source = match package {
        None => "FROM assignment_policies p WHERE p.deleted IS NULL AND p.number > ?",
        Some(_) => "FROM assignment_policies p WHERE p.deleted IS NULL AND p.package = ? AND p.number > ?",
    };
    let mark = mark.map_or(0, |mark| mark[0]);
    Segment {
        source: source.to_owned(),
        parameters: package.into_iter().chain([mark]).map(Into::into).collect(),
        order: "p.number",
        then: None,
        dense: None,
    }
}

/// One that is not deleted.
pub(super) fn find(connection: &Connection, id: PolicyId) -> db::Result<Option<AssignmentPolicy>> {
    let sql = format!("SELECT {POLICY} FROM assignment_policies p WHERE p.id = ?1 AND p.deleted IS NULL");
    connection.prepare_cached(&sql)?.query_row([id.0.as_bytes()], policy).optional()
}

/// Policies by number, deleted ones too.
pub(super) fn by_number(connection: &Connection, numbers: &[i64]) -> db::Result<Vec<AssignmentPolicy>> {
    let sql = format!(
        "SELECT {POLICY} FROM json_each(?1) n CROSS JOIN assignment_policies p ON p.number = n.value"
    );
    connection.prepare_cached(&sql)?.query_map([json_numbers(numbers)], policy)?.collect()
}

/// The policies of packages that are not deleted, oldest first.
pub(super) fn of_packages(connection: &Connection, packages: &[i64]) -> db::Result<Vec<AssignmentPolicy>> {
    let sql = format!(
        "SELECT {POLICY} FROM json_each(?1) n CROSS JOIN assignment_policies p
          WHERE p.package = n.value AND p.deleted IS NULL
          ORDER BY p.number"
    );
    connection.prepare_cached(&sql)?.query_map([json_numbers(packages)], policy)?.collect()
}

/// A policy for the audit.
fn described(policy: &AssignmentPolicy) -> String {
    json!({
        "displayName": policy.display_name, "description": policy.description,
        "expiresAfterDays": policy.expires_after_days, "requiresApproval": policy.requires_approval,
    })
    .to_string()
}

fn row<'a>(policy: &AssignmentPolicy, before: Option<&'a str>, after: Option<&'a str>) -> AuditRow<'a> {
    AuditRow {
        target: Some(policy.package),
        object: Some(policy.number),
        before,
        after,
        ..AuditRow::default()
    }
}

/// Creates one, unless the package has so many already or was deleted meanwhile.
pub(super) fn create(
    connection: &Connection,
    new: &AssignmentPolicy,
    most: usize,
    who: Actor,
) -> Result<Option<AssignmentPolicy>, WriteError> {
    let steps = || -> db::Result<Option<Option<AssignmentPolicy>>> {
        let sql = "SELECT 1 FROM access_packages WHERE number = ?1 AND deleted IS NULL";
        if !connection.prepare_cached(sql)?.exists([new.package])? {
            return Ok(None);
        }
        if of_packages(connection, &[new.package])?.len() >= most {
            return Ok(Some(None));
        }
        let at = new.created.as_millisecond();
        connection
            .prepare_cached(
                "INSERT INTO assignment_policies (id, package, display_name, description, expires_after_days,
                                                  requires_approval, created, modified)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
            )?
            .execute(params![
                new.id.0.as_bytes(),
                new.package,
                new.display_name,
                new.description,
                new.expires_after_days,
                new.requires_approval,
                at
            ])?;
        let made = AssignmentPolicy { number: last_number(connection)?, ..new.clone() };
        let after = described(&made);
        append(connection, at, who, Activity::CreatePolicy, row(&made, None, Some(&after)))?;
        Ok(Some(Some(made)))
    };
    steps().map_err(database)?.ok_or(WriteError::Missing)
}

/// Changes one.
pub(super) fn update(
    connection: &Connection,
    id: PolicyId,
    patch: &PolicyPatch,
    at: Timestamp,
    who: Actor,
) -> Result<AssignmentPolicy, WriteError> {
    let before = find(connection, id).map_err(database)?.ok_or(WriteError::Missing)?;
    let mut policy = before.clone();
    if let Some(name) = &patch.display_name {
        policy.display_name.clone_from(name);
    }
    if let Some(description) = &patch.description {
        policy.description.clone_from(description);
    }
    policy.expires_after_days = patch.expires_after_days.unwrap_or(policy.expires_after_days);
    policy.requires_approval = patch.requires_approval.unwrap_or(policy.requires_approval);
    if policy == before {
        return Ok(policy);
    }
    policy.modified = at;
    let steps = || -> db::Result<()> {
        let at = at.as_millisecond();
        connection
            .prepare_cached(
                "UPDATE assignment_policies
                    SET display_name = ?2, description = ?3, expires_after_days = ?4, requires_approval = ?5,
                        modified = ?6
                  WHERE number = ?1",
            )?
            .execute(params![
                policy.number,
                policy.display_name,
                policy.description,
                policy.expires_after_days,
                policy.requires_approval,
                at
            ])?;
        let (old, new) = (described(&before), described(&policy));
        append(connection, at, who, Activity::UpdatePolicy, row(&policy, Some(&old), Some(&new)))?;
        Ok(())
    };
    steps().map_err(database)?;
    Ok(policy)
}

/// Marks one as deleted. Its row stays for assignments and the audit to point at.
pub(super) fn hide(
    connection: &Connection,
    policy: &AssignmentPolicy,
    at: i64,
    who: Actor,
) -> db::Result<()> {
    connection
        .prepare_cached("UPDATE assignment_policies SET deleted = ?2 WHERE number = ?1")?
        .execute([policy.number, at])?;
    append(connection, at, who, Activity::DeletePolicy, row(policy, None, None))?;
    Ok(())
}

/// Deletes one, unless somebody has an assignment under it or waits for one.
pub(super) fn delete(
    connection: &Connection,
    id: PolicyId,
    at: Timestamp,
    who: Actor,
) -> Result<Deletion, StoreError> {
    let steps = || -> db::Result<Deletion> {
        let Some(policy) = find(connection, id)? else { return Ok(Deletion::Missing) };
        let (assigned, requested): (bool, bool) = connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM package_assignments WHERE policy = ?1 AND ended IS NULL),
                    EXISTS (SELECT 1 FROM package_requests WHERE package = ?2 AND policy = ?1 AND completed IS NULL)",
            [policy.number, policy.package],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        if assigned || requested {
            return Ok(if assigned { Deletion::Assigned } else { Deletion::Requested });
        }
        hide(connection, &policy, at.as_millisecond(), who)?;
        Ok(Deletion::Deleted)
    };
    steps().map_err(database)
}
