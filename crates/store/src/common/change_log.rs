//! What reading the changes of people and of groups has in common.

use tenure_lifecycle::ports::Gone;

/// Rows that one request looks at.
pub(super) const EXAMINED: usize = 20_000;

/// What the rows that a request reads are looked at for.
pub(super) const ENTRIES: &str = "SELECT number, activity, target, attribute, object,
       CASE WHEN activity = 7 THEN before END, CASE WHEN activity = 7 THEN after END
  FROM audit
 WHERE number > ?1 AND number <= ?3
 ORDER BY number
 LIMIT ?2";

/// How a row with these columns is gone.
pub(super) fn gone(deleted: bool, purged: bool) -> Option<Gone> {
    match (deleted, purged) {
        (_, true) => Some(Gone::ForGood),
        (true, false) => Some(Gone::Deleted),
        (false, false) => None,
    }
}
