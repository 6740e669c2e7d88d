//! Kinds of licences, and the licences port.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::json;
use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::directory::{LicenseChange, Sku, SkuPatch};
use tenure_lifecycle::ids::{SkuId, UserId};
use tenure_lifecycle::ports::{
    LicenseError, Licenses, Query, QueryError, SkuRemoval, Slice, StoreError, WriteError,
};

use super::Store;
use super::append::append;
use super::audit::AuditRow;
use super::db::{self, Connection, OptionalExtension, Row, params};
use super::filter::{Column, ColumnKind, Columns};
use super::licenses::{Given, assign, remove};
use super::list::{Collection, Key, Segment, Segments};
use super::members::{Origin, touch};
use super::rows::{database, guid, json_numbers, time};
use super::users;

/// The columns of a kind of licence, of a table called `s`.
pub(super) const SKU: &str = "s.number, s.id, s.part_number, s.enabled, s.consumed, s.created";

/// Reads a kind of licence from [`SKU`] columns that begin at `from`.
pub(super) fn sku(row: &Row<'_>, from: usize) -> db::Result<Sku> {
    Ok(Sku {
        number: row.get(from)?,
        id: SkuId(guid(row, from + 1)?),
        part_number: row.get(from + 2)?,
        enabled: row.get(from + 3)?,
        consumed: row.get(from + 4)?,
        created: time(row, from + 5)?,
    })
}

struct SkuColumns;

impl Columns for SkuColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let (sql, kind) = match path.join("/").as_str() {
            "id" | "skuId" => ("s.id", ColumnKind::GuidBlob),
            "skuPartNumber" => ("s.part_number", ColumnKind::Text),
            "consumedUnits" => ("s.consumed", ColumnKind::Integer),
            "prepaidUnits/enabled" => ("s.enabled", ColumnKind::Integer),
            "capabilityStatus" => {
                ("CASE WHEN s.enabled = 0 THEN 'Suspended' ELSE 'Enabled' END", ColumnKind::Text)
            }
            _ => return None,
        };
        Some(Column { sql: Cow::Borrowed(sql), kind })
    }
}

fn collection(segment: Segments<'_>) -> Collection<'_> {
    Collection { select: SKU, key: &["s.number"], columns: &SkuColumns, segment }
}

fn segment(mark: Option<&Key>) -> Segment {
    Segment {
        source: "FROM skus s WHERE s.deleted IS NULL AND s.number > ?".to_owned(),
        parameters: vec![mark.map_or(0, |mark| mark[0]).into()],
        order: "s.number",
        then: None,
        dense: None,
    }
}

/// One that is not deleted.
pub(super) fn find(connection: &Connection, id: SkuId) -> db::Result<Option<Sku>> {
    connection
        .prepare_cached(&format!("SELECT {SKU} FROM skus s WHERE s.id = ?1 AND s.deleted IS NULL"))?
        .query_row([id.0.as_bytes()], |row| sku(row, 0))
        .optional()
}

/// A kind of licence for the audit.
fn described(sku: &Sku) -> String {
    json!({ "skuPartNumber": sku.part_number, "prepaidUnits": { "enabled": sku.enabled } }).to_string()
}

fn create(connection: &Connection, new: &Sku, who: Actor) -> Result<(), WriteError> {
    let at = new.created.as_millisecond();
    let steps = || -> db::Result<Option<i64>> {
        if find(connection, new.id)?.is_some() {
            return Ok(None);
        }
        let number = connection.query_row(
            "INSERT INTO skus (id, part_number, enabled, consumed, created) VALUES (?1, ?2, ?3, 0, ?4)
             ON CONFLICT (id) DO UPDATE
                SET part_number = excluded.part_number, enabled = excluded.enabled, created = excluded.created,
                    deleted = NULL
             RETURNING number",
            params![new.id.0.as_bytes(), new.part_number, new.enabled, at],
            |row| row.get(0),
        )?;
        let after = described(new);
        let row = AuditRow { target: Some(number), after: Some(&after), ..AuditRow::default() };
        append(connection, at, who, Activity::CreateSku, row)?;
        Ok(Some(number))
    };
    steps().map_err(database)?.map(|_| ()).ok_or(WriteError::Taken { property: "skuId" })
}

fn update(connection: &Connection, before: Sku, patch: &SkuPatch, at: i64, who: Actor) -> db::Result<Sku> {
    let after = Sku {
        part_number: patch.part_number.clone().unwrap_or_else(|| before.part_number.clone()),
        enabled: patch.enabled.unwrap_or(before.enabled),
        ..before
    };
    if after == before {
        return Ok(after);
    }
    connection.execute(
        "UPDATE skus SET part_number = ?2, enabled = ?3 WHERE number = ?1",
        params![after.number, after.part_number, after.enabled],
    )?;
    let (old, new) = (described(&before), described(&after));
    let row =
        AuditRow { target: Some(after.number), before: Some(&old), after: Some(&new), ..AuditRow::default() };
    append(connection, at, who, Activity::UpdateSku, row)?;
    Ok(after)
}

fn delete(connection: &Connection, id: SkuId, at: i64, who: Actor) -> db::Result<SkuRemoval> {
    let Some(sku) = find(connection, id)? else { return Ok(SkuRemoval::Missing) };
    if sku.consumed > 0 {
        return Ok(SkuRemoval::Held(sku.consumed));
    }
    connection.execute("UPDATE skus SET deleted = ?2 WHERE number = ?1", [sku.number, at])?;
    let row = AuditRow { target: Some(sku.number), ..AuditRow::default() };
    append(connection, at, who, Activity::DeleteSku, row)?;
    Ok(SkuRemoval::Removed)
}

/// Gives and takes; what was done before a refusal is undone with it.
fn change(
    connection: &Connection,
    user: UserId,
    change: &LicenseChange,
    origin: Origin,
) -> Result<(), LicenseError> {
    let condition = "u.id = ?1 AND u.deleted IS NULL";
    let person = users::find(connection, condition, &user.0.as_bytes()).map_err(database)?;
    let person = person.ok_or(LicenseError::Missing)?;
    let is_somewhere = person.text("usageLocation").is_some_and(|place| !place.trim().is_empty());
    if !change.add.is_empty() && !is_somewhere {
        return Err(LicenseError::NoUsageLocation);
    }
    let mut changed = false;
    for id in &change.remove {
        let gone = match find(connection, *id).map_err(database)? {
            Some(sku) => remove(connection, sku.number, person.number, origin).map_err(database)?,
            None => false,
        };
        if !gone {
            return Err(LicenseError::NotHeld(*id));
        }
        changed = true;
    }
    for id in &change.add {
        let sku = find(connection, *id).map_err(database)?.ok_or(LicenseError::Unknown(*id))?;
        match assign(connection, sku.number, person.number, origin).map_err(database)? {
            Given::Changed => changed = true,
            Given::AsBefore => {}
            Given::UsedUp => return Err(LicenseError::UsedUp(Box::new(sku))),
        }
    }
    if changed {
        touch(connection, person.number).map_err(database)?;
    }
    Ok(())
}

impl Licenses for Store {
    fn sku(&self, id: SkuId) -> Result<Option<Sku>, StoreError> {
        self.read(|connection| find(connection, id).map_err(database))
    }

    fn list_skus(&self, query: &Query) -> Result<Slice<Sku>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(mark)));
            collection(&segment).slice(connection, query, |row| sku(row, 0).map_err(database))
        })
    }

    fn count_skus(&self, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(mark)));
            collection(&segment).count(connection, query)
        })
    }

    fn create_sku(&self, new: &Sku, actor: Actor) -> Result<(), WriteError> {
        let new = new.clone();
        self.writer.write(move |connection| create(connection, &new, actor))
    }

    fn update_sku(
        &self,
        id: SkuId,
        patch: &SkuPatch,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Sku, WriteError> {
        let patch = patch.clone();
        self.writer.write(move |connection| {
            let before = find(connection, id).map_err(database)?.ok_or(WriteError::Missing)?;
            Ok(update(connection, before, &patch, at.as_millisecond(), actor).map_err(database)?)
        })
    }

    fn delete_sku(&self, id: SkuId, at: Timestamp, actor: Actor) -> Result<SkuRemoval, StoreError> {
        self.writer
            .write(move |connection| delete(connection, id, at.as_millisecond(), actor).map_err(database))
    }

    fn change_licenses(
        &self,
        user: UserId,
        wanted: &LicenseChange,
        at: Timestamp,
        actor: Actor,
    ) -> Result<(), LicenseError> {
        let wanted = wanted.clone();
        self.writer.write(move |connection| {
            let origin = Origin { at: at.as_millisecond(), who: actor, task: None };
            change(connection, user, &wanted, origin)
        })
    }

    fn licenses_of(&self, users: &[i64]) -> Result<Vec<(i64, Sku)>, StoreError> {
        self.read(|connection| {
            let sql = format!(
                "SELECT u.number, {SKU}
                   FROM json_each(?1) n
                  CROSS JOIN users u ON u.number = n.value AND u.deleted IS NULL
                  CROSS JOIN licenses l ON l.user = u.number
                  CROSS JOIN skus s ON s.number = l.sku
                  ORDER BY u.number, s.number"
            );
            let mut statement = connection.prepare_cached(&sql).map_err(database)?;
            let rows = statement
                .query_map([json_numbers(users)], |row| Ok((row.get(0)?, sku(row, 1)?)))
                .map_err(database)?;
            rows.collect::<db::Result<_>>().map_err(database)
        })
    }
}
