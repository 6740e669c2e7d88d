//! Words of SQL that each database says in its own way.

/// The elements of a JSON array of texts or objects, as `value`.
pub(super) const ELEMENTS: &str = "json_each";

/// The first and, if there is one, the second number of each pair in a JSON array, as `one` and `other`, and its place as `key`.
pub(super) fn pairs(json: &str) -> String {
    format!("(SELECT key, value ->> 0 AS one, value ->> 1 AS other FROM json_each({json}))")
}

/// A text as bytes.
pub(super) fn bytes(text: &str) -> String {
    format!("CAST({text} AS BLOB)")
}

/// The last so many of some bytes.
pub(super) fn last(bytes: &str, length: &str) -> String {
    format!("substr({bytes}, -{length})")
}

/// A number that stands in a JSON document.
pub(super) fn number(extracted: &str) -> String {
    extracted.to_owned()
}

/// Yes or no that stands in a JSON document.
pub(super) fn flag(extracted: &str) -> String {
    extracted.to_owned()
}

/// The JSON array of objects with the ids of skus `s` as `skuId`; `from` is `FROM … WHERE …`.
pub(super) fn sku_ids(from: &str) -> String {
    format!(
        "(SELECT json_group_array(json_object('skuId', substr(i, 1, 8) || '-' || substr(i, 9, 4) || '-' ||
                 substr(i, 13, 4) || '-' || substr(i, 17, 4) || '-' || substr(i, 21)))
            FROM (SELECT lower(hex(s.id)) AS i {from}))"
    )
}

/// The names in a JSON object, as `key`.
pub(super) fn keys(json: &str) -> String {
    format!("json_each({json})")
}

/// What a query that sees the tables before it finds as `item`, in its order, as `value`.
pub(super) fn each(query: &str) -> String {
    format!("json_each((SELECT json_group_array(each.item) FROM ({query}) each))")
}

/// A task's result.
pub(super) const INSERT_TASK: &str =
    "INSERT INTO task_results (run, seq, ordinal, status, started, completed, note)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
/// What became of a user.
pub(super) const UPDATE_RESULT: &str =
    "UPDATE user_results SET status = ?3, started = ?4, completed = ?5, failed = ?6, unprocessed = ?7
      WHERE run = ?1 AND seq = ?2";
/// The personal values of an entry of the audit.
pub(super) const INSERT_VALUES: &str = "INSERT INTO audit_values (number, before, after) VALUES (?1, ?2, ?3)";

/// Whether each question takes a while, so that what many need is better asked for once.
pub(super) const IS_FAR: bool = false;

/// The moment by the clock that leases end by: of one process its own, which says `now`.
pub(super) fn clock(now: &str) -> &str {
    now
}
