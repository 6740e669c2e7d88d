//! What there is to say of a store, read directly.

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
        "SELECT count(*) FROM runs r
          WHERE (users_total, users_queued, users_in_progress, users_successful, users_with_errors, users_failed,
                 users_canceled, tasks_total, tasks_failed, tasks_unprocessed)
             <> (SELECT count(*), coalesce(sum(CASE WHEN status = 0 THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN status = 1 THEN 1 ELSE 0 END), 0),
                        coalesce(sum(CASE WHEN status = 2 THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN status = 3 THEN 1 ELSE 0 END), 0),
                        coalesce(sum(CASE WHEN status = 5 THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN status = 4 THEN 1 ELSE 0 END), 0),
                        coalesce(sum(total), 0), coalesce(sum(failed), 0), coalesce(sum(unprocessed), 0)
                       FROM user_results WHERE run = r.number)
            AND workflow NOT IN (SELECT number FROM workflows WHERE purged <> 0)",
    ),
    (
        "a user's counts are not what the user's tasks say",
        "SELECT count(*) FROM user_results r
          WHERE (failed, unprocessed)
             <> (SELECT coalesce(sum(CASE WHEN status = 5 THEN 1 ELSE 0 END), 0), r.total - count(*) FROM task_results
                      WHERE run = r.run AND seq = r.seq)
            AND reported = 0",
    ),
    (
        "a task report is not what the task results say",
        "SELECT count(*) FROM task_reports p
          WHERE (successful, failed, in_progress)
             <> (SELECT coalesce(sum(CASE WHEN status = 2 THEN 1 ELSE 0 END), 0),
                        coalesce(sum(CASE WHEN status = 5 THEN 1 ELSE 0 END), 0),
                            (SELECT count(*) FROM pending WHERE run = p.run AND ordinal = p.ordinal)
                       FROM task_results WHERE run = p.run AND ordinal = p.ordinal)
            AND run NOT IN (SELECT r.number FROM runs r JOIN workflows w ON w.number = r.workflow WHERE w.purged <> 0)",
    ),
    (
        "a summary is not what the run's counters say",
        "SELECT count(*)
           FROM runs r
           JOIN (SELECT run, sum(users_total) AS users_total, sum(users_queued) AS users_queued,
                        sum(users_in_progress) AS users_in_progress, sum(users_successful) AS users_successful,
                        sum(users_with_errors) AS users_with_errors, sum(users_failed) AS users_failed,
                        sum(users_canceled) AS users_canceled, sum(tasks_total) AS tasks_total,
                        sum(tasks_failed) AS tasks_failed, sum(tasks_unprocessed) AS tasks_unprocessed
                   FROM summaries GROUP BY run) s ON s.run = r.number
          WHERE (s.users_total, s.users_queued, s.users_in_progress, s.users_successful, s.users_with_errors,
                 s.users_failed, s.users_canceled, s.tasks_total, s.tasks_failed, s.tasks_unprocessed)
             <> (r.users_total, r.users_queued, r.users_in_progress, r.users_successful, r.users_with_errors,
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

/// Everything there is to say of a store.
pub(crate) fn rows(system: &System) -> Vec<String> {
    let rows = |sql: &str| system.look(sql).unwrap().rows.into_iter();
    ROWS.iter().flat_map(|sql| rows(sql).map(move |values| format!("{sql}: {values:?}"))).collect()
}

/// Holds the laws: counters equal the rows, and nobody is lost.
pub(crate) fn balances(system: &System) {
    for (wrong, sql) in LAWS {
        assert_eq!(system.number(sql).unwrap(), 0, "{wrong}: {:#?}", rows(system));
    }
}
