//! Custom task extensions.

use tenure_lifecycle::audit::Entry;
use tenure_lifecycle::extension::{Configuration, CustomTaskExtension, Sealed};
use tenure_lifecycle::ids::{CallerId, ExtensionId};
use tenure_lifecycle::ports::{Extensions, Removal, StoreError};

use super::Store;
use super::audit::append_entry;
use super::db::{self, Connection, OptionalExtension, Row, last_number, params};
use super::rows::{corrupt, database, guid, time};
use super::sql::ELEMENTS;

const EXTENSION: &str =
    "SELECT number, id, revision, display_name, description, configuration, created, created_by, modified,
       modified_by, sealed_url, sealed_secret
  FROM custom_task_extensions";

fn extension(row: &Row<'_>) -> Result<CustomTaskExtension, StoreError> {
    let number: i64 = row.get(0).map_err(database)?;
    let text: String = row.get(5).map_err(database)?;
    let configuration: Configuration = serde_json::from_str(&text)
        .map_err(|_| corrupt("custom_task_extensions", "configuration", number))?;
    let build = || -> db::Result<CustomTaskExtension> {
        Ok(CustomTaskExtension {
            number,
            id: ExtensionId(guid(row, 1)?),
            revision: row.get(2)?,
            display_name: row.get(3)?,
            description: row.get(4)?,
            configuration,
            sealed_url: row.get::<_, Option<Vec<u8>>>(10)?.map(Sealed),
            sealed_secret: row.get::<_, Option<Vec<u8>>>(11)?.map(Sealed),
            created: time(row, 6)?,
            created_by: CallerId(guid(row, 7)?),
            modified: time(row, 8)?,
            modified_by: CallerId(guid(row, 9)?),
        })
    };
    build().map_err(database)
}

fn configuration(extension: &CustomTaskExtension) -> Result<String, StoreError> {
    serde_json::to_string(&extension.configuration).map_err(|error| StoreError::Database(Box::new(error)))
}

fn sealed(secret: Option<&Sealed>) -> Option<&[u8]> {
    secret.map(|sealed| sealed.0.as_slice())
}

/// One of them.
pub(super) fn find(
    connection: &Connection,
    id: ExtensionId,
) -> Result<Option<CustomTaskExtension>, StoreError> {
    let sql = format!("{EXTENSION} WHERE id = ?1");
    let mut statement = connection.prepare_cached(&sql).map_err(database)?;
    let mut rows = statement.query([id.0.as_bytes()]).map_err(database)?;
    rows.next().map_err(database)?.map(extension).transpose()
}

/// The name of a workflow that calls the extension in its current version.
fn used_by(connection: &Connection, id: ExtensionId) -> db::Result<Option<String>> {
    connection
        .query_row(
            &format!(
                "SELECT w.display_name
               FROM workflows w
               JOIN versions v ON v.workflow = w.number AND v.version = w.version
               JOIN {ELEMENTS}(v.tasks) t
               JOIN {ELEMENTS}(json_extract(t.value, '$.arguments')) a
              WHERE w.deleted IS NULL
                AND lower(json_extract(a.value, '$.name')) = 'customtaskextensionid'
                AND instr(replace(lower(json_extract(a.value, '$.value')), '-', ''), ?1) > 0
              LIMIT 1"
            ),
            // An id may be written with braces, with urn:uuid: before it, or without hyphens.
            [id.0.simple().to_string()],
            |row| row.get(0),
        )
        .optional()
}

fn remove(
    connection: &Connection,
    id: ExtensionId,
    revision: Option<i64>,
    entry: &Entry,
) -> Result<Removal, StoreError> {
    let steps = || -> db::Result<Removal> {
        let found: Option<(i64, i64)> = connection
            .query_row(
                "SELECT number, revision FROM custom_task_extensions WHERE id = ?1",
                [id.0.as_bytes()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let Some((number, found)) = found else { return Ok(Removal::Missing) };
        if revision.is_some_and(|revision| revision != found) {
            return Ok(Removal::Changed);
        }
        if let Some(workflow) = used_by(connection, id)? {
            return Ok(Removal::Used { workflow });
        }
        connection.execute("DELETE FROM custom_task_extensions WHERE number = ?1", [number])?;
        append_entry(connection, entry, number, None)?;
        Ok(Removal::Removed)
    };
    steps().map_err(database)
}

impl Extensions for Store {
    fn extensions(&self) -> Result<Vec<CustomTaskExtension>, StoreError> {
        self.read(|connection| {
            let sql = format!("{EXTENSION} ORDER BY number");
            let mut statement = connection.prepare_cached(&sql).map_err(database)?;
            let mut rows = statement.query([]).map_err(database)?;
            let mut extensions = Vec::new();
            while let Some(row) = rows.next().map_err(database)? {
                extensions.push(extension(row)?);
            }
            Ok(extensions)
        })
    }

    fn extension_count(&self) -> Result<usize, StoreError> {
        self.read(|connection| {
            connection
                .query_row("SELECT count(*) FROM custom_task_extensions", [], |row| row.get::<_, i64>(0))
                .map(|count| count as usize)
                .map_err(database)
        })
    }

    fn extension(&self, id: ExtensionId) -> Result<Option<CustomTaskExtension>, StoreError> {
        self.read(|connection| find(connection, id))
    }

    fn insert_extension(&self, extension: &CustomTaskExtension, entry: Entry) -> Result<(), StoreError> {
        let extension = extension.clone();
        self.writer.write(move |connection| {
            connection
                .execute(
                    "INSERT INTO custom_task_extensions (id, revision, display_name, description, configuration, created,
                                                         created_by, modified, modified_by, sealed_url, sealed_secret)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                    params![
                        extension.id.0.as_bytes(),
                        extension.revision,
                        extension.display_name,
                        extension.description,
                        configuration(&extension)?,
                        extension.created.as_millisecond(),
                        extension.created_by.0.as_bytes(),
                        extension.modified.as_millisecond(),
                        extension.modified_by.0.as_bytes(),
                        sealed(extension.sealed_url.as_ref()),
                        sealed(extension.sealed_secret.as_ref())
                    ],
                )
                .map_err(database)?;
            let number = last_number(connection).map_err(database)?;
            append_entry(connection, &entry, number, None).map_err(database)
        })
    }

    fn write_extension(&self, extension: &CustomTaskExtension, entry: Entry) -> Result<bool, StoreError> {
        let extension = extension.clone();
        self.writer.write(move |connection| {
            let changed = connection
                .execute(
                    "UPDATE custom_task_extensions
                        SET revision = revision + 1, display_name = ?3, description = ?4, configuration = ?5, modified = ?6,
                            modified_by = ?7, sealed_url = ?8, sealed_secret = ?9
                      WHERE number = ?1 AND revision = ?2",
                    params![
                        extension.number,
                        extension.revision,
                        extension.display_name,
                        extension.description,
                        configuration(&extension)?,
                        extension.modified.as_millisecond(),
                        extension.modified_by.0.as_bytes(),
                        sealed(extension.sealed_url.as_ref()),
                        sealed(extension.sealed_secret.as_ref())
                    ],
                )
                .map_err(database)?;
            if changed == 0 {
                return Ok(false);
            }
            append_entry(connection, &entry, extension.number, None).map_err(database)?;
            Ok(true)
        })
    }

    fn remove_extension(
        &self,
        id: ExtensionId,
        revision: Option<i64>,
        entry: Entry,
    ) -> Result<Removal, StoreError> {
        self.writer.write(move |connection| remove(connection, id, revision, &entry))
    }
}
