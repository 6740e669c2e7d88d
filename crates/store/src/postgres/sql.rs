//! Words of SQL that each database says in its own way.

use super::db::{Kind, Many};

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

/// Somebody new.
pub(super) const CREATE_USER: Many = Many {
    table: "users",
    key: 1,
    columns: &[
        Kind::Number,
        Kind::Bytes,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
    ],
    before: "INSERT INTO users (version, number, id, account_enabled, hire, leave, created, hire_change, leave_change,
                                created_change, manager, protected, feed, principal_name, employee_id, attributes)
             SELECT 1, v.* FROM",
    after: "v",
};
/// Somebody as they are now; their feed stays if none is said.
pub(super) const UPDATE_USER: Many = Many {
    table: "users",
    key: 1,
    columns: &[
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
    ],
    before: "UPDATE users u
              SET version = v.version, account_enabled = v.enabled, hire = v.hire, leave = v.leave,
                  hire_change = v.hire_change, leave_change = v.leave_change, manager = v.manager,
                  protected = v.protected, feed = coalesce(v.feed, u.feed), principal_name = v.principal_name,
                  employee_id = v.employee_id, attributes = v.attributes, changes = v.changes
             FROM",
    after: "v (number, version, enabled, hire, leave, hire_change, leave_change, manager, protected, feed, principal_name,
               employee_id, attributes, changes)
            WHERE u.number = v.number",
};
/// A task's result.
pub(super) const INSERT_TASK: Many = Many {
    table: "task_results",
    key: 0,
    columns: &[Kind::Number; 7],
    before: "INSERT INTO task_results (run, seq, ordinal, status, started, completed, note) SELECT * FROM",
    after: "",
};
/// What became of a user.
pub(super) const UPDATE_RESULT: Many = Many {
    table: "user_results",
    key: 2,
    columns: &[Kind::Number; 7],
    before: "UPDATE user_results r
              SET status = v.status, started = v.started, completed = v.completed, failed = v.failed,
                  unprocessed = v.unprocessed
             FROM",
    after: "v (run, seq, status, started, completed, failed, unprocessed) WHERE r.run = v.run AND r.seq = v.seq",
};
/// A user who is queued.
pub(super) const QUEUE_USER: Many = Many {
    table: "user_results",
    key: 2,
    columns: &[Kind::Number; 6],
    before: "INSERT INTO user_results
        (run, seq, subject, status, reported, change, started, completed, total, failed, unprocessed)
        SELECT v.run, v.seq, v.subject, 0, 0, v.change, v.at, v.at, v.total, 0, v.total FROM",
    after: "v (run, seq, subject, change, at, total)",
};
/// The tasks that a user is limited to.
pub(super) const CHOOSE_TASKS: Many = Many {
    table: "chosen_tasks",
    key: 2,
    columns: &[Kind::Number, Kind::Number, Kind::Text],
    before: "INSERT INTO chosen_tasks (run, seq, ordinals) SELECT * FROM",
    after: "",
};
/// An occasion that is used.
pub(super) const USE_OCCASION: Many = Many {
    table: "occasions",
    key: 0,
    columns: &[Kind::Number; 4],
    before: "INSERT INTO occasions (workflow, subject, change, run) SELECT * FROM",
    after: "",
};
/// What happened before is part of an occasion.
pub(super) const UNLIST: Many = Many {
    table: "skipped",
    key: 0,
    columns: &[Kind::Number; 3],
    before: "DELETE FROM skipped s USING",
    after: "v (workflow, subject, change)
            WHERE s.workflow = v.workflow AND s.subject = v.subject AND s.change <= v.change",
};
/// Somebody who comes into a group.
pub(super) const ADD_MEMBER: Many = Many {
    table: "memberships",
    key: 2,
    columns: &[Kind::Number, Kind::Number],
    before: "INSERT INTO memberships (\"user\", grp) SELECT * FROM",
    after: "",
};
/// Somebody who leaves a group.
pub(super) const REMOVE_MEMBER: Many = Many {
    table: "memberships",
    key: 2,
    columns: &[Kind::Number, Kind::Number],
    before: "DELETE FROM memberships m USING",
    after: "v (person, grp) WHERE m.\"user\" = v.person AND m.grp = v.grp",
};
/// An account that is enabled or disabled.
pub(super) const SET_ACCOUNT: Many = Many {
    table: "users",
    key: 1,
    columns: &[Kind::Number, Kind::Number],
    before: "UPDATE users u SET account_enabled = v.enabled, version = u.version + 1 FROM",
    after: "v (number, enabled) WHERE u.number = v.number",
};
/// Somebody who is not as they were.
pub(super) const TOUCH_USER: Many = Many {
    table: "users",
    key: 1,
    columns: &[Kind::Number],
    before: "UPDATE users u SET version = u.version + 1 FROM",
    after: "v (number) WHERE u.number = v.number",
};
/// An outside effect, frozen.
pub(super) const FREEZE: Many = Many {
    table: "pending",
    key: 2,
    columns: &[
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Number,
        Kind::Number,
    ],
    before: "INSERT INTO pending (run, seq, ordinal, started, attempt, effects, info, failure, waits_until, done) SELECT * FROM",
    after: "ON CONFLICT (run, seq) DO UPDATE
              SET attempt = excluded.attempt, failure = excluded.failure, waits_until = excluded.waits_until,
                  done = excluded.done",
};
/// An outside effect in the place of the one before.
pub(super) const FREEZE_NEXT: Many = Many {
    after: "ON CONFLICT (run, seq) DO UPDATE
              SET ordinal = excluded.ordinal, started = excluded.started, attempt = excluded.attempt,
                  effects = excluded.effects, info = excluded.info, failure = excluded.failure,
                  waits_until = excluded.waits_until, done = excluded.done, answer = NULL",
    ..FREEZE
};
/// An outside effect that is over.
pub(super) const THAW: Many = Many {
    table: "pending",
    key: 2,
    columns: &[Kind::Number, Kind::Number],
    before: "DELETE FROM pending p USING",
    after: "v (run, seq) WHERE p.run = v.run AND p.seq = v.seq",
};
/// Somebody who is in flight.
pub(super) const TAKE_OFF: Many = Many {
    table: "in_flight",
    key: 1,
    columns: &[Kind::Number; 3],
    before: "INSERT INTO in_flight (subject, run, seq) SELECT * FROM",
    after: "ON CONFLICT (subject) DO UPDATE SET run = excluded.run, seq = excluded.seq",
};
/// Somebody of whom nothing is in flight any more.
pub(super) const LAND: Many = Many {
    table: "in_flight",
    key: 1,
    columns: &[Kind::Number; 3],
    before: "DELETE FROM in_flight f USING",
    after: "v (subject, run, seq)
            WHERE f.subject = v.subject AND f.run = v.run AND f.seq = v.seq",
};
/// Somebody whose turn it is.
pub(super) const LEASE_REPEAT: Many = Many {
    table: "requeued",
    key: 2,
    columns: &[Kind::Number; 3],
    before: "UPDATE requeued q SET lease = v.lease FROM",
    after: "v (run, seq, lease) WHERE q.run = v.run AND q.seq = v.seq",
};
/// Somebody whose turn comes again.
pub(super) const REQUEUE: Many = Many {
    table: "requeued",
    key: 2,
    columns: &[Kind::Number; 4],
    before: "INSERT INTO requeued (run, seq, not_before, place) SELECT * FROM",
    after: "ON CONFLICT (run, seq) DO UPDATE
              SET not_before = excluded.not_before, lease = NULL, place = excluded.place",
};
/// The personal values of an entry of the audit.
pub(super) const INSERT_VALUES: Many = Many {
    table: "audit_values",
    key: 0,
    columns: &[Kind::Number, Kind::Text, Kind::Text],
    before: "INSERT INTO audit_values (number, before, after) SELECT * FROM",
    after: "",
};
/// An entry of the audit, with its number.
pub(super) const INSERT_AUDIT: Many = Many {
    table: "audit",
    key: 0,
    columns: &[Kind::Number, Kind::Number, Kind::Bytes, Kind::Number, Kind::Number, Kind::Number, Kind::Number, Kind::Number, Kind::Number, Kind::Number, Kind::Text, Kind::Text],
    before: "INSERT INTO audit
        (number, at, actor, activity, target, attribute, object, run, seq, ordinal, before, after) SELECT * FROM",
    after: "",
};

/// How rows are claimed, one after the other until some are: those that nobody else is claiming, or else whatever those leave.
pub(super) const CLAIMS: [&str; 2] = ["FOR NO KEY UPDATE SKIP LOCKED", "FOR NO KEY UPDATE"];

/// How rows of people `u` are locked, for whoever settles or takes up beside others.
pub(super) const LOCK_PEOPLE: Option<&str> = Some("FOR NO KEY UPDATE OF u");

/// Whether each question takes a while, so that what many need is better asked for once.
pub(super) const IS_FAR: bool = true;

/// The moment, by the clock of the database.
pub(super) const MOMENT: &str = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)";

/// The moment by the clock that leases end by: of several processes the database's, whatever theirs say.
pub(super) fn clock(now: &str) -> String {
    format!("coalesce({MOMENT}, CAST({now} AS bigint))")
}
