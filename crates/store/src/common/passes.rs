//! Temporary access passes: their hashes. Whoever writes here raises the person's version afterwards, with
//! [`super::members::touch`].

use tenure_lifecycle::audit::Activity;
use tenure_lifecycle::directory::Pass;
use tenure_lifecycle::ids::MethodId;

use super::append::append;
use super::db::{self, Connection, Row, params};
use super::members::Origin;
use super::rows::{guid, time};

fn pass(row: &Row<'_>) -> db::Result<Pass> {
    Ok(Pass {
        id: MethodId(guid(row, 0)?),
        user: row.get(1)?,
        created: time(row, 2)?,
        starts: time(row, 3)?,
        lifetime_minutes: row.get(4)?,
        is_usable_once: row.get(5)?,
    })
}

/// The passes of a person, those that are over too.
pub(super) fn of(connection: &Connection, user: i64) -> db::Result<Vec<Pass>> {
    connection
        .prepare_cached(
            "SELECT id, user, created, starts, lifetime_minutes, is_usable_once FROM passes
              WHERE user = ?1 ORDER BY number",
        )?
        .query_map([user], pass)?
        .collect()
}

/// Issues a pass. What is over goes, and what the same task result issued before; one that is good, or will be, stays until
/// [`replace`] says otherwise.
pub(super) fn issue(connection: &Connection, pass: &Pass, hash: &[u8; 32], origin: Origin) -> db::Result<()> {
    let (run, seq, ordinal) =
        origin.task.map_or((None, None, None), |(run, seq, ordinal)| (Some(run), Some(seq), Some(ordinal)));
    connection
        .prepare_cached(
            "DELETE FROM passes
              WHERE user = ?1
                AND (starts + lifetime_minutes * 60000 <= ?2 OR run = ?3 AND seq = ?4 AND ordinal = ?5)",
        )?
        .execute(params![pass.user, origin.at, run, seq, ordinal])?;
    connection
        .prepare_cached(
            "INSERT INTO passes (id, user, hash, created, starts, lifetime_minutes, is_usable_once, run, seq, ordinal)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            pass.id.0.as_bytes(),
            pass.user,
            hash,
            pass.created.as_millisecond(),
            pass.starts.as_millisecond(),
            pass.lifetime_minutes,
            pass.is_usable_once,
            run,
            seq,
            ordinal
        ])?;
    append(connection, origin.at, origin.who, Activity::IssuePass, origin.row(pass.user))?;
    Ok(())
}

/// Takes every other pass of a person away; false if there is none.
pub(super) fn replace(connection: &Connection, user: i64, by: MethodId, origin: Origin) -> db::Result<bool> {
    let mut replaced = false;
    for pass in of(connection, user)?.iter().filter(|pass| pass.id != by) {
        replaced |= delete(connection, user, pass.id, origin)?;
    }
    Ok(replaced)
}

/// Takes a pass away; false if the person has none of that id.
pub(super) fn delete(connection: &Connection, user: i64, id: MethodId, origin: Origin) -> db::Result<bool> {
    let gone = connection
        .prepare_cached("DELETE FROM passes WHERE user = ?1 AND id = ?2")?
        .execute(params![user, id.0.as_bytes()])?;
    if gone > 0 {
        append(connection, origin.at, origin.who, Activity::DeletePass, origin.row(user))?;
    }
    Ok(gone > 0)
}

/// Takes away what somebody has who is deleted for good.
pub(super) fn forget(connection: &Connection, user: i64, origin: Origin) -> db::Result<()> {
    for pass in of(connection, user)? {
        delete(connection, user, pass.id, origin)?;
    }
    Ok(())
}
