//! An audit entry as its row has it, with numbers for what it names.

use super::db::{self, Row};

/// The columns that [`entry`] reads.
pub(super) const ENTRY: &str =
    "a.number, a.at, a.actor, a.activity, a.target, a.attribute, a.object, a.run, a.seq, a.ordinal,
       a.before, a.after";

/// An entry as it is stored.
pub(super) struct StoredEntry {
    pub(super) number: i64,
    pub(super) at: i64,
    pub(super) actor: Option<[u8; 16]>,
    pub(super) activity: i64,
    pub(super) target: Option<i64>,
    pub(super) attribute: Option<i64>,
    pub(super) object: Option<i64>,
    pub(super) run: Option<i64>,
    pub(super) seq: Option<i64>,
    pub(super) ordinal: Option<i64>,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

/// Reads one.
pub(super) fn entry(row: &Row<'_>) -> db::Result<StoredEntry> {
    Ok(StoredEntry {
        number: row.get(0)?,
        at: row.get(1)?,
        actor: row.get(2)?,
        activity: row.get(3)?,
        target: row.get(4)?,
        attribute: row.get(5)?,
        object: row.get(6)?,
        run: row.get(7)?,
        seq: row.get(8)?,
        ordinal: row.get(9)?,
        before: row.get(10)?,
        after: row.get(11)?,
    })
}
