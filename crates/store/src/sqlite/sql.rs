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

/// Somebody new.
pub(super) const CREATE_USER: &str =
    "INSERT INTO users (number, id, version, account_enabled, hire, leave, created, hire_change, leave_change,
                        created_change, manager, protected, feed, principal_name, employee_id, attributes)
     VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
/// Somebody as they are now; their feed stays if none is said.
pub(super) const UPDATE_USER: &str = "UPDATE users
        SET version = ?2, account_enabled = ?3, hire = ?4, leave = ?5, hire_change = ?6, leave_change = ?7,
            manager = ?8, protected = ?9, feed = coalesce(?10, feed), principal_name = ?11, employee_id = ?12,
            attributes = ?13, changes = ?14
      WHERE number = ?1";
/// A task's result.
pub(super) const INSERT_TASK: &str =
    "INSERT INTO task_results (run, seq, ordinal, status, started, completed, note)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
/// What became of a user.
pub(super) const UPDATE_RESULT: &str =
    "UPDATE user_results SET status = ?3, started = ?4, completed = ?5, failed = ?6, unprocessed = ?7
      WHERE run = ?1 AND seq = ?2";
/// A user who is queued.
pub(super) const QUEUE_USER: &str =
    "INSERT INTO user_results (run, seq, subject, status, reported, change, started, completed, total, failed, unprocessed)
     VALUES (?1, ?2, ?3, 0, 0, ?4, ?5, ?5, ?6, 0, ?6)";
/// The tasks that a user is limited to.
pub(super) const CHOOSE_TASKS: &str = "INSERT INTO chosen_tasks (run, seq, ordinals) VALUES (?1, ?2, ?3)";
/// An occasion that is used.
pub(super) const USE_OCCASION: &str =
    "INSERT INTO occasions (workflow, subject, change, run) VALUES (?1, ?2, ?3, ?4)";
/// What happened before is part of an occasion.
pub(super) const UNLIST: &str = "DELETE FROM skipped WHERE workflow = ?1 AND subject = ?2 AND change <= ?3";
/// Somebody who comes into a group.
pub(super) const ADD_MEMBER: &str = "INSERT INTO memberships (user, grp) VALUES (?1, ?2)";
/// Somebody who leaves a group.
pub(super) const REMOVE_MEMBER: &str = "DELETE FROM memberships WHERE user = ?1 AND grp = ?2";
/// An account that is enabled or disabled.
pub(super) const SET_ACCOUNT: &str =
    "UPDATE users SET account_enabled = ?2, version = version + 1 WHERE number = ?1";
/// Somebody who is not as they were.
pub(super) const TOUCH_USER: &str = "UPDATE users SET version = version + 1 WHERE number = ?1";
/// An outside effect, frozen.
pub(super) const FREEZE: &str =
    "INSERT INTO pending (run, seq, ordinal, started, attempt, effects, info, failure, waits_until, done)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
     ON CONFLICT (run, seq) DO UPDATE
        SET attempt = excluded.attempt, failure = excluded.failure, waits_until = excluded.waits_until,
            done = excluded.done";
/// An outside effect in the place of the one before.
pub(super) const FREEZE_NEXT: &str =
    "INSERT OR REPLACE INTO pending (run, seq, ordinal, started, attempt, effects, info, failure, waits_until, done)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
/// An outside effect that is over.
pub(super) const THAW: &str = "DELETE FROM pending WHERE run = ?1 AND seq = ?2";
/// Somebody who is in flight.
pub(super) const TAKE_OFF: &str = "INSERT INTO in_flight (subject, run, seq) VALUES (?1, ?2, ?3)
     ON CONFLICT (subject) DO UPDATE SET run = excluded.run, seq = excluded.seq";
/// Somebody of whom nothing is in flight any more.
pub(super) const LAND: &str = "DELETE FROM in_flight WHERE run = ?2 AND seq = ?3 AND subject = ?1";
/// Somebody whose turn it is.
pub(super) const LEASE_REPEAT: &str = "UPDATE requeued SET lease = ?3 WHERE run = ?1 AND seq = ?2";
/// Somebody whose turn comes again.
pub(super) const REQUEUE: &str =
    "INSERT INTO requeued (run, seq, not_before, lease, place) VALUES (?1, ?2, ?3, NULL, ?4)
     ON CONFLICT (run, seq) DO UPDATE
        SET not_before = excluded.not_before, lease = NULL, place = excluded.place";
/// The personal values of an entry of the audit.
pub(super) const INSERT_VALUES: &str = "INSERT INTO audit_values (number, before, after) VALUES (?1, ?2, ?3)";

/// How rows are claimed, one after the other until some are: of one process, as they are.
pub(super) const CLAIMS: [&str; 1] = [""];

/// How rows of people `u` are locked: there is nobody to lock them for.
pub(super) const LOCK_PEOPLE: Option<&str> = None;

/// Whether each question takes a while, so that what many need is better asked for once.
pub(super) const IS_FAR: bool = false;

/// The moment by the clock that leases end by: of one process its own, which says `now`.
pub(super) fn clock(now: &str) -> &str {
    now
}
