//! What the database says, read directly.

use std::time::{Duration, Instant};

use postgres::Client;

use crate::company::Company;

/// What is wrong, and how to count the cases of it; none when everybody is through.
const LAWS: [(&str, &str); 8] = [
    (
        "a run's counters are not what its rows say",
        "SELECT count(*) FROM runs_now r
          WHERE (users_total, users_queued, users_in_progress, users_successful, users_with_errors, users_failed,
                 users_canceled, tasks_total, tasks_failed, tasks_unprocessed)
             <> (SELECT count(*), count(*) FILTER (WHERE status = 0), count(*) FILTER (WHERE status = 1),
                        count(*) FILTER (WHERE status = 2), count(*) FILTER (WHERE status = 3),
                        count(*) FILTER (WHERE status = 5), count(*) FILTER (WHERE status = 4),
                        coalesce(sum(total), 0), coalesce(sum(failed), 0), coalesce(sum(unprocessed), 0)
                   FROM user_results WHERE run = r.number)",
    ),
    (
        "a task report is not what the task results say",
        "SELECT count(*) FROM task_reports_now p
          WHERE (successful, failed)
             <> (SELECT count(*) FILTER (WHERE status = 2), count(*) FILTER (WHERE status = 5)
                   FROM task_results WHERE run = p.run AND ordinal = p.ordinal)",
    ),
    (
        "the days are not what the runs say",
        "SELECT count(*) FROM (SELECT workflow, day_of(scheduled) AS day, sum(users_total) AS t, sum(users_successful) AS s
                                 FROM runs_now WHERE type <> 4 GROUP BY 1, 2) r
           JOIN (SELECT workflow, day, sum(users_total) AS t, sum(users_successful) AS s
                   FROM summary_days_now GROUP BY 1, 2) d USING (workflow, day)
          WHERE d.t <> r.t OR d.s <> r.s",
    ),
    (
        "somebody is not through",
        "SELECT count(*) FROM user_results WHERE status <> 2",
    ),
    (
        "somebody is processed twice",
        "SELECT count(*) FROM (SELECT subject FROM user_results GROUP BY subject HAVING count(*) > 1) twice",
    ),
    (
        "something is done twice, or not on record",
        "SELECT count(*) FROM user_results q
          WHERE (SELECT count(*) FROM audit a WHERE a.run = q.run AND a.seq = q.seq AND a.activity IN (2, 4)) <> 2",
    ),
    (
        "somebody does not have what was done",
        "SELECT count(*) FROM user_results q JOIN users u ON u.number = q.subject
          WHERE u.account_enabled <> 1 OR (SELECT count(*) FROM memberships m WHERE m.\"user\" = u.number) <> 1",
    ),
    (
        "something is left over",
        "SELECT (SELECT count(*) FROM leases) + (SELECT count(*) FROM requeued) + (SELECT count(*) FROM in_flight)
              + (SELECT count(*) FROM run_slots) + (SELECT count(*) FROM report_slots)",
    ),
];

pub(crate) struct Laws(Client);

impl Laws {
    pub(crate) fn of(company: &Company) -> Self {
        Self(company.client())
    }

    pub(crate) fn number(&mut self, sql: &str) -> i64 {
        self.0.query_one(sql, &[]).unwrap_or_else(|error| panic!("{sql}: {error}")).get(0)
    }

    /// Checks all of them.
    pub(crate) fn hold(&mut self) {
        for (wrong, sql) in LAWS {
            assert_eq!(self.number(sql), 0, "{wrong}");
        }
    }

    /// Checks those that hold while work is under way, too.
    pub(crate) fn count_right(&mut self) {
        for (wrong, sql) in &LAWS[..3] {
            assert_eq!(self.number(sql), 0, "{wrong}");
        }
    }

    /// Waits until it is so.
    pub(crate) fn wait(&mut self, is_so: impl Fn(&mut Self) -> bool) {
        let begun = Instant::now();
        while !is_so(self) {
            assert!(
                begun.elapsed() < Duration::from_mins(2),
                "it never is: {} are through",
                self.processed()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn admitted(&mut self) -> i64 {
        self.number("SELECT count(*) FROM user_results")
    }

    pub(crate) fn processed(&mut self) -> i64 {
        self.number("SELECT count(*) FROM user_results WHERE status NOT IN (0, 1)")
    }

    /// How many processes have a part of the work just now.
    pub(crate) fn owners(&mut self) -> i64 {
        self.number("SELECT count(DISTINCT owner / 1000000) FROM leases")
    }

    /// The process that sweeps.
    pub(crate) fn leader(&mut self) -> i64 {
        self.number("SELECT process FROM leader")
    }

    /// Has the time of a process's leases, and of its leading, run out.
    pub(crate) fn age(&mut self, process: i64) {
        self.0
            .batch_execute(&format!(
                "UPDATE leases SET ends = 0 WHERE owner / 1000000 = {process};
                 UPDATE leader SET ends = 0 WHERE process = {process}"
            ))
            .unwrap();
    }
}
