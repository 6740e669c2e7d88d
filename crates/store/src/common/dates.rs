//! Dates of people that triggers follow, but for the three that are columns of the person.

use tenure_lifecycle::directory::{Attribute, User};

use super::db::{self, Connection, params};

/// Writes what date an attribute of a person is that may be one.
pub(super) fn write(connection: &Connection, user: &User, attribute: &Attribute) -> db::Result<()> {
    let Some(at) = user.attributes.get(attribute.name).and_then(|stored| attribute.date(stored)) else {
        return Ok(());
    };
    connection
        .prepare_cached("INSERT INTO dates (attribute, at, user) VALUES (?1, ?2, ?3)")?
        .execute(params![attribute.code, at.as_millisecond(), user.number])?;
    Ok(())
}

/// Writes what date an attribute is that was changed.
pub(super) fn rewrite(connection: &Connection, user: &User, attribute: &Attribute) -> db::Result<()> {
    if attribute.may_be_date() {
        connection
            .prepare_cached("DELETE FROM dates WHERE user = ?1 AND attribute = ?2")?
            .execute([user.number, attribute.code])?;
        write(connection, user, attribute)?;
    }
    Ok(())
}

/// Forgets the dates of somebody who is deleted for good.
pub(super) fn forget(connection: &Connection, user: i64) -> db::Result<()> {
    connection.prepare_cached("DELETE FROM dates WHERE user = ?1")?.execute([user])?;
    Ok(())
}
