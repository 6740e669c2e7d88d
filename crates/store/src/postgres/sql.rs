//! Words of SQL that each database says in its own way.

use super::db::Many;

/// The elements of a JSON array of texts or objects, as `value`.
pub(super) const ELEMENTS: &str = "json_texts";

/// The first and, if there is one, the second number of each pair in a JSON array, as `one` and `other`, and its place as `key`.
pub(super) fn pairs(json: &str) -> String {
    format!("json_pairs({json})")
}

/// A text as bytes.
pub(super) fn bytes(text: &str) -> String {
    format!("convert_to({text}, 'UTF8')")
}

/// The last so many of some bytes.
pub(super) fn last(bytes: &str, length: &str) -> String {
    format!("last_bytes({bytes}, {length})")
}

/// A number that stands in a JSON document.
pub(super) fn number(extracted: &str) -> String {
    format!("CAST({extracted} AS numeric)")
}

/// Yes or no that stands in a JSON document.
pub(super) fn flag(extracted: &str) -> String {
    format!("CAST(CAST({extracted} AS boolean) AS integer)")
}

/// The JSON array of objects with the ids of skus `s` as `skuId`; `from` is `FROM … WHERE …`.
pub(super) fn sku_ids(from: &str) -> String {
    format!(
        "(SELECT CAST(coalesce(json_agg(json_build_object('skuId', CAST(encode(s.id, 'hex') AS uuid))), '[]') AS text)
            {from})"
    )
}

/// The names in a JSON object, as `key`.
pub(super) fn keys(json: &str) -> String {
    format!("(SELECT k.name AS key FROM json_object_keys(CAST({json} AS json)) k (name))")
}

/// What a query that sees the tables before it finds as `item`, in its order, as `value`.
pub(super) fn each(query: &str) -> String {
    format!("LATERAL (SELECT each.item AS value FROM ({query}) each)")
}

/// A task's result.
pub(super) const INSERT_TASK: Many = Many {
    head: "INSERT INTO task_results (run, seq, ordinal, status, started, completed, note) VALUES ",
    row: &[""; 7],
    tail: "",
};
/// What became of a user.
pub(super) const UPDATE_RESULT: Many = Many {
    head: "UPDATE user_results r
              SET status = v.status, started = v.started, completed = v.completed, failed = v.failed,
                  unprocessed = v.unprocessed
             FROM (VALUES ",
    row: &["bigint", "bigint", "smallint", "bigint", "bigint", "bigint", "bigint"],
    tail: ") v (run, seq, status, started, completed, failed, unprocessed) WHERE r.run = v.run AND r.seq = v.seq",
};
/// The personal values of an entry of the audit.
pub(super) const INSERT_VALUES: Many =
    Many { head: "INSERT INTO audit_values (number, before, after) VALUES ", row: &[""; 3], tail: "" };
/// An entry of the audit, with its number.
pub(super) const INSERT_AUDIT: Many = Many {
    head: "INSERT INTO audit
        (number, at, actor, activity, target, attribute, object, run, seq, ordinal, before, after) VALUES ",
    row: &[""; 12],
    tail: "",
};

/// Whether each question takes a while, so that what many need is better asked for once.
pub(super) const IS_FAR: bool = true;

/// The moment, by the clock of the database.
pub(super) const MOMENT: &str = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)";

/// The moment by the clock that leases end by: of several processes the database's, whatever theirs say.
pub(super) fn clock(now: &str) -> String {
    format!("coalesce({MOMENT}, CAST({now} AS bigint))")
}
