//! Applications.

use std::borrow::Cow;

use jiff::Timestamp;
use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::ids::ApplicationId;
use tenure_lifecycle::ports::{Application, Applications, Query, QueryError, Slice, StoreError, WriteError};
use uuid::Uuid;

use super::Store;
use super::append::append;
use super::audit::AuditRow;
use super::db::{self, Connection, OptionalExtension, Row, last_number, params};
use super::filter::{Column, ColumnKind, Columns};
use super::list::{Collection, Key, Segment, Segments};
use super::rows::{database, guid, time};

const APPLICATION: &str = "a.id, a.app_id, a.display_name, a.created";

fn application(row: &Row<'_>) -> db::Result<Application> {
    Ok(Application {
        id: ApplicationId(guid(row, 0)?),
        app_id: guid(row, 1)?,
        display_name: row.get(2)?,
        created: time(row, 3)?,
    })
}

struct ApplicationColumns;

impl Columns for ApplicationColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let [name] = path else { return None };
        let (sql, kind) = match name.as_str() {
            "id" => ("a.id", ColumnKind::GuidBlob),
            "appId" => ("a.app_id", ColumnKind::GuidBlob),
            "displayName" => ("a.display_name", ColumnKind::Text),
            "createdDateTime" => ("a.created", ColumnKind::TimestampMillis),
            _ => return None,
        };
        Some(Column { sql: Cow::Borrowed(sql), kind })
    }
}

fn collection(segment: Segments<'_>) -> Collection<'_> {
    Collection { select: APPLICATION, key: &["a.number"], columns: &ApplicationColumns, segment }
}

fn segment(mark: Option<&Key>) -> Segment {
    Segment {
        source: "FROM applications a WHERE a.deleted IS NULL AND a.number > ?".to_owned(),
        parameters: vec![mark.map_or(0, |mark| mark[0]).into()],
        order: "a.number",
        then: None,
        dense: None,
    }
}

fn one(connection: &Connection, column: &str, id: Uuid) -> Result<Option<Application>, StoreError> {
    let sql = format!("SELECT {APPLICATION} FROM applications a WHERE a.{column} = ?1 AND a.deleted IS NULL");
    connection
        .prepare_cached(&sql)
        .and_then(|mut statement| statement.query_row([id.as_bytes()], application).optional())
        .map_err(database)
}

fn taken(error: db::Error) -> WriteError {
    if error.to_string().contains("app_id") {
        WriteError::Taken { property: "appId" }
    } else {
        WriteError::Store(database(error))
    }
}

impl Applications for Store {
    fn application(&self, id: ApplicationId) -> Result<Option<Application>, StoreError> {
        self.read(|connection| one(connection, "id", id.0))
    }

    fn application_by_app_id(&self, app_id: Uuid) -> Result<Option<Application>, StoreError> {
        self.read(|connection| one(connection, "app_id", app_id))
    }

    fn list_applications(&self, query: &Query) -> Result<Slice<Application>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(mark)));
            collection(&segment).slice(connection, query, |row| application(row).map_err(database))
        })
    }

    fn count_applications(&self, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(segment(mark)));
            collection(&segment).count(connection, query)
        })
    }

    fn create_application(&self, new: &Application, actor: Actor) -> Result<(), WriteError> {
        let new = new.clone();
        self.writer.write(move |connection| {
            let at = new.created.as_millisecond();
            connection
                .execute(
                    "INSERT INTO applications (id, app_id, display_name, created) VALUES (?1, ?2, ?3, ?4)",
                    params![new.id.0.as_bytes(), new.app_id.as_bytes(), new.display_name, at],
                )
                .map_err(taken)?;
            let row = AuditRow {
                target: Some(last_number(connection).map_err(database)?),
                after: Some(&new.display_name),
                ..AuditRow::default()
            };
            append(connection, at, actor, Activity::CreateApplication, row).map_err(database)?;
            Ok(())
        })
    }

    fn delete_application(&self, id: ApplicationId, at: Timestamp, actor: Actor) -> Result<(), WriteError> {
        self.writer.write(move |connection| {
            let number: Option<i64> = connection
                .query_row(
                    "UPDATE applications SET deleted = ?2 WHERE id = ?1 AND deleted IS NULL RETURNING number",
                    params![id.0.as_bytes(), at.as_millisecond()],
                    |row| row.get(0),
                )
                .optional()
                .map_err(database)?;
            let row = AuditRow { target: Some(number.ok_or(WriteError::Missing)?), ..AuditRow::default() };
            append(connection, at.as_millisecond(), actor, Activity::DeleteApplication, row)
                .map_err(database)?;
            Ok(())
        })
    }
}
