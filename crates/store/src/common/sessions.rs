//! Sessions: from when on they are good. Whoever writes here raises the person's version afterwards, with
//! [`super::members::touch`].

use serde_json::Value as Json;
use tenure_lifecycle::audit::Activity;
use tenure_lifecycle::clock::from_millis;
use tenure_lifecycle::directory::Value;

use super::append::append;
use super::audit::{AuditRow, keep_values};
use super::db::{self, Connection, params};
use super::members::Origin;

/// Where it stands among the attributes: `signInSessionsValidFromDateTime`.
const CODE: i64 = 53;
const PATH: &str = "$.\"signInSessionsValidFromDateTime\"";

/// Ends a person's sessions: those that began before the origin's moment are good no more.
pub(super) fn revoke(connection: &Connection, user: i64, origin: Origin) -> db::Result<()> {
    let before: Option<i64> = connection
        .prepare_cached("SELECT CAST(json_extract(attributes, ?2) AS bigint) FROM users WHERE number = ?1")?
        .query_row(params![user, PATH], |row| row.get(0))?;
    connection
        .prepare_cached("UPDATE users SET attributes = json_set(attributes, ?2, ?3) WHERE number = ?1")?
        .execute(params![user, PATH, origin.at])?;
    let row = AuditRow { attribute: Some(CODE), ..origin.row(user) };
    let number = append(connection, origin.at, origin.who, Activity::RevokeSessions, row)?;
    let text = |at: i64| Json::to_string(&Value::DateTime(from_millis(at)).to_json());
    keep_values(connection, number, before.map(text).as_deref(), Some(&text(origin.at)))
}

#[cfg(test)]
mod tests {
    use tenure_lifecycle::directory::attribute;

    use super::*;

    #[test]
    fn the_attribute_is_the_one_of_the_catalogue() {
        let name = PATH.trim_start_matches("$.").trim_matches('"');
        assert_eq!(attribute(name).map(|known| known.code), Some(CODE));
    }
}
