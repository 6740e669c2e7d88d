//! Ways to sign in other than a pass. Whoever writes here raises the person's version afterwards, with
//! [`super::members::touch`].

use serde_json::{Map, Value as Json};
use tenure_lifecycle::audit::Activity;
use tenure_lifecycle::directory::AuthenticationMethod;
use tenure_lifecycle::ids::MethodId;
use tenure_lifecycle::ports::StoreError;

use super::append::append;
use super::audit::AuditRow;
use super::db::{self, Connection, Row, params};
use super::members::Origin;
use super::rows::{corrupt, database, guid, time};

fn method(row: &Row<'_>) -> Result<AuthenticationMethod, StoreError> {
    let number: i64 = row.get(0).map_err(database)?;
    let text: String = row.get(4).map_err(database)?;
    let properties: Map<String, Json> =
        serde_json::from_str(&text).map_err(|_| corrupt("authentication_methods", "properties", number))?;
    let build = || -> db::Result<AuthenticationMethod> {
        Ok(AuthenticationMethod {
            id: MethodId(guid(row, 1)?),
            user: row.get(2)?,
            kind: row.get(3)?,
            properties,
            created: time(row, 5)?,
        })
    };
    build().map_err(database)
}

/// The methods of a person, oldest first.
pub(super) fn of(connection: &Connection, user: i64) -> Result<Vec<AuthenticationMethod>, StoreError> {
    let sql = "SELECT number, id, user, kind, properties, created FROM authentication_methods
                WHERE user = ?1 ORDER BY number";
    let mut statement = connection.prepare_cached(sql).map_err(database)?;
    let mut rows = statement.query([user]).map_err(database)?;
    let mut methods = Vec::new();
    while let Some(row) = rows.next().map_err(database)? {
        methods.push(method(row)?);
    }
    Ok(methods)
}

/// Registers one; false if the person has one of that id. Its kind goes into the audit, its values do not.
pub(super) fn add(
    connection: &Connection,
    method: &AuthenticationMethod,
    origin: Origin,
) -> db::Result<bool> {
    let properties = Json::Object(method.properties.clone()).to_string();
    let made = connection
        .prepare_cached(
            "INSERT INTO authentication_methods (id, user, kind, properties, created)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        )?
        .execute(params![method.id.0.as_bytes(), method.user, method.kind, properties, origin.at])?;
    if made > 0 {
        let row = AuditRow { after: Some(&method.kind), ..origin.row(method.user) };
        append(connection, origin.at, origin.who, Activity::AddMethod, row)?;
    }
    Ok(made > 0)
}

/// Takes one away; false if the person has none of that id.
pub(super) fn remove(connection: &Connection, user: i64, id: MethodId, origin: Origin) -> db::Result<bool> {
    let gone: Vec<String> = connection
        .prepare_cached("DELETE FROM authentication_methods WHERE user = ?1 AND id = ?2 RETURNING kind")?
        .query_map(params![user, id.0.as_bytes()], |row| row.get(0))?
        .collect::<db::Result<_>>()?;
    for kind in &gone {
        let row = AuditRow { before: Some(kind), ..origin.row(user) };
        append(connection, origin.at, origin.who, Activity::RemoveMethod, row)?;
    }
    Ok(!gone.is_empty())
}

/// Takes away what somebody has who is deleted for good.
pub(super) fn forget(connection: &Connection, user: i64, origin: Origin) -> db::Result<()> {
    let ids: Vec<MethodId> = connection
        .prepare_cached("SELECT id FROM authentication_methods WHERE user = ?1")?
        .query_map([user], |row| guid(row, 0).map(MethodId))?
        .collect::<db::Result<_>>()?;
    for id in ids {
        remove(connection, user, id, origin)?;
    }
    Ok(())
}
