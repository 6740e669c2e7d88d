//! What there is to say of a store, read directly.

use rusqlite::{Connection, OpenFlags};
use tenure_testkit::System;

/// Everything, in an order that does not depend on who was settled first.
const ROWS: [&str; 15] = [
    "SELECT * FROM users ORDER BY number",
    "SELECT * FROM memberships ORDER BY user, grp",
    "SELECT * FROM runs ORDER BY number",
    "SELECT * FROM user_results ORDER BY run, seq",
    "SELECT run, seq, ordinal, status, started, completed, text
       FROM task_results LEFT JOIN texts ON number = note ORDER BY run, seq, ordinal",
    "SELECT * FROM task_reports ORDER BY run, ordinal",
    "SELECT * FROM summaries ORDER BY workflow, scheduled, run",
    "SELECT * FROM summary_days ORDER BY workflow, day",
    "SELECT * FROM occasions ORDER BY workflow, subject, change",
    "SELECT at, actor, activity, target, attribute, object, run, seq, ordinal, before, after
       FROM audit ORDER BY run, seq, ordinal, activity, object, target, number",
    "SELECT * FROM workflows ORDER BY number",
    "SELECT * FROM leases",
    "SELECT * FROM requeued",
    "SELECT * FROM pending",
    "SELECT * FROM in_flight",
];

/// What is wrong, and how to count the cases of it; none while no batch is under way, and none after a crash. What is taken
/// away piece by piece, because its workflow was deleted for good, is seen by nobody and is not looked at.
const LAWS: [(&str, &str); 7] = [
    (
        "a run's counters are not what its rows say",
        "SELECT count(*) FROM runs
          WHERE (users_total, users_queued, users_in_progress, users_successful, users_with_errors, users_failed,
                 users_canceled, tasks_total, tasks_failed, tasks_unprocessed)
             IS NOT (SELECT count(*), sum(status = 0), sum(status = 1), sum(status = 2), sum(status = 3),
                            sum(status = 5), sum(status = 4), sum(total), sum(failed), sum(unprocessed)
                       FROM user_results WHERE run = runs.number)
            AND workflow NOT IN (SELECT number FROM workflows WHERE purged <> 0)",
    ),
    (
        "a user's counts are not what the user's tasks say",
        "SELECT count(*) FROM user_results r
          WHERE (failed, unprocessed)
             IS NOT (SELECT coalesce(sum(status = 5), 0), r.total - count(*) FROM task_results
                      WHERE run = r.run AND seq = r.seq)
            AND NOT reported",
    ),
    (
        "a task report is not what the task results say",
        "SELECT count(*) FROM task_reports p
          WHERE (successful, failed, in_progress)
             IS NOT (SELECT coalesce(sum(status = 2), 0), coalesce(sum(status = 5), 0),
                            (SELECT count(*) FROM pending WHERE run = p.run AND ordinal = p.ordinal)
                       FROM task_results WHERE run = p.run AND ordinal = p.ordinal)
            AND run NOT IN (SELECT r.number FROM runs r JOIN workflows w ON w.number = r.workflow WHERE w.purged <> 0)",
    ),
    (
        "a summary is not what the run's counters say",
        "SELECT count(*) FROM runs r JOIN summaries s ON s.run = r.number
          WHERE (s.users_total, s.users_queued, s.users_in_progress, s.users_successful, s.users_with_errors,
                 s.users_failed, s.users_canceled, s.tasks_total, s.tasks_failed, s.tasks_unprocessed)
             IS NOT (r.users_total, r.users_queued, r.users_in_progress, r.users_successful, r.users_with_errors,
                     r.users_failed, r.users_canceled, r.tasks_total, r.tasks_failed, r.tasks_unprocessed)",
    ),
    (
        "somebody has something frozen and is not in progress",
        "SELECT count(*) FROM pending p
          WHERE NOT EXISTS (SELECT 1 FROM user_results r WHERE r.run = p.run AND r.seq = p.seq AND r.status = 1)",
    ),
    (
        "somebody in progress is neither queued again nor leased",
        "SELECT count(*) FROM user_results r
          WHERE status = 1 AND reported = 0
            AND NOT EXISTS (SELECT 1 FROM requeued q WHERE q.run = r.run AND q.seq = r.seq)
            AND NOT EXISTS (SELECT 1 FROM leases l WHERE l.run = r.run AND r.seq BETWEEN l.from_seq AND l.to_seq)",
    ),
    (
        "somebody waits to be called back and counts as in flight",
        "SELECT count(*) FROM pending p JOIN in_flight f USING (run, seq) WHERE p.waits_until IS NOT NULL",
    ),
];

fn open(system: &System) -> Connection {
    let path = system.directory.path().join("tenure.db");
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// Everything there is to say of a store.
pub(crate) fn rows(system: &System) -> Vec<String> {
    let connection = open(system);
    let mut all = Vec::new();
    for sql in ROWS {
        let mut statement = connection.prepare(sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<_> = (0..columns).map(|column| row.get_ref(column).unwrap()).collect();
            all.push(format!("{sql}: {values:?}"));
        }
    }
    all
}

/// Holds the laws: counters equal the rows, and nobody is lost.
pub(crate) fn balances(system: &System) {
    let connection = open(system);
    for (wrong, sql) in LAWS {
        let cases: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(cases, 0, "{wrong}: {:#?}", rows(system));
    }
}
