//! What the database says of the run, read directly: laws that hold at every moment, whatever was killed, and laws
//! that hold when everybody is through.

use std::fmt;
use std::path::Path;

use rusqlite::Connection;
use tenure_lifecycle::ids::{Address, EffectKey, Epoch};

use crate::company::{Company, MAILED, USERS, open};

/// How far the run had come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    /// People of the run.
    pub(crate) total: i64,
    /// People who were through.
    pub(crate) finished: i64,
    /// People whose mail was to be sent, or was sent but not on record.
    pub(crate) frozen: i64,
    /// Mails on record.
    pub(crate) recorded: i64,
    /// Mails in the outbox that were not on record.
    pub(crate) unrecorded: i64,
}

impl Standing {
    /// Whether some were through and some were not.
    pub(crate) fn is_inside(&self) -> bool {
        0 < self.finished && self.finished < self.total
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:5} of {} through, {:3} mails frozen, {:2} of them in the outbox",
            self.finished, self.total, self.frozen, self.unrecorded
        )
    }
}

/// A mail that somebody is to get.
pub(crate) struct Receipt {
    /// Key of the effect.
    pub(crate) key: EffectKey,
    /// Name of its file.
    pub(crate) file: String,
    /// Employee id of who gets it.
    pub(crate) employee: i64,
    /// It is on record that the mail was sent.
    pub(crate) recorded: bool,
    /// It is on record that the mail is to be sent.
    pub(crate) frozen: bool,
}

/// The newest run in a database.
pub(crate) struct Books(Connection);

/// Places of the workflow's tasks: 1 enables, 2 adds to two groups, 3 mails, 4 removes from a group.
const TASKS: i64 = 4;
const MAIL: i64 = 3;

/// `people` has everybody of the run with how far they have come, `done` the run's audit entries by what they are.
const VIEWS: &str = "
    CREATE TEMP TABLE run AS SELECT * FROM runs ORDER BY number DESC LIMIT 1;
    CREATE TEMP VIEW results AS SELECT * FROM user_results WHERE run = (SELECT number FROM run);
    CREATE TEMP VIEW tasks AS SELECT * FROM task_results WHERE run = (SELECT number FROM run);
    CREATE TEMP VIEW frozen AS SELECT * FROM pending WHERE run = (SELECT number FROM run);
    CREATE TEMP VIEW people AS
        SELECT r.seq, r.subject, r.status, r.status <> 0 AS begun, r.status IN (2, 3, 5) AS through,
               u.account_enabled AS enabled, CAST(u.employee_id AS INTEGER) AS employee,
               json_extract(u.attributes, '$.mail') IS NOT NULL AS mailed
          FROM results r JOIN users u ON u.number = r.subject;
    CREATE TEMP TABLE team AS
        SELECT (SELECT number FROM groups WHERE display_name = 'Candidates') AS candidates,
               (SELECT number FROM groups WHERE display_name = 'Staff') AS staff,
               (SELECT number FROM groups WHERE display_name = 'Everybody') AS everybody;
    CREATE TEMP VIEW done AS
        SELECT e.target, count(*) AS entries,
               sum(e.activity = 2 AND e.attribute = 1 AND e.ordinal = 1 AND e.before = 'false' AND e.after = 'true')
                   AS enabled,
               sum(e.activity = 4 AND e.ordinal = 2 AND e.object = team.staff) AS staff,
               sum(e.activity = 4 AND e.ordinal = 2 AND e.object = team.everybody) AS everybody,
               sum(e.activity = 50 AND e.ordinal = 3) AS sent,
               sum(e.activity = 5 AND e.ordinal = 4 AND e.object = team.candidates) AS left
          FROM entries e JOIN results r ON r.seq = e.seq AND r.subject = e.target, team
         WHERE e.run = (SELECT number FROM run) AND e.actor IS NULL
         GROUP BY e.target;";

/// What is wrong, and how to count the cases of it; none at any moment.
const ALWAYS: [(&str, &str); 13] = [
    (
        "the run's counters are not what its rows say",
        "SELECT count(*) FROM run
          WHERE (users_total, users_queued, users_in_progress, users_successful, users_with_errors, users_failed,
                 users_canceled, tasks_total, tasks_failed, tasks_unprocessed)
             IS NOT (SELECT count(*), sum(status = 0), sum(status = 1), sum(status = 2), sum(status = 3),
                            sum(status = 5), sum(status = 4), sum(total), sum(failed), sum(unprocessed) FROM results)",
    ),
    (
        "a user's counts are not what the user's tasks say",
        "SELECT count(*)
           FROM results r
           LEFT JOIN (SELECT seq, count(*) AS done, sum(status = 5) AS failed FROM tasks GROUP BY seq) t USING (seq)
          WHERE (r.total, r.failed, r.unprocessed) IS NOT (4, coalesce(t.failed, 0), 4 - coalesce(t.done, 0))",
    ),
    (
        "a task report is not what the task results say",
        "SELECT 4 - count(*)
           FROM task_reports p JOIN run ON run.number = p.run
           LEFT JOIN (SELECT ordinal, sum(status = 2) AS successful, sum(status = 5) AS failed FROM tasks
                       GROUP BY ordinal) t USING (ordinal)
           LEFT JOIN (SELECT ordinal, count(*) AS waiting FROM frozen GROUP BY ordinal) f USING (ordinal)
          WHERE (p.total, p.successful, p.failed, p.in_progress)
             IS (run.users_total, coalesce(t.successful, 0), coalesce(t.failed, 0), coalesce(f.waiting, 0))",
    ),
    (
        "the summary is not what the run's counters say",
        "SELECT 1 - count(*) FROM run JOIN summaries s ON s.run = run.number
          WHERE (s.workflow, s.scheduled, s.users_total, s.users_queued, s.users_in_progress, s.users_successful,
                 s.users_with_errors, s.users_failed, s.users_canceled, s.tasks_total, s.tasks_failed,
                 s.tasks_unprocessed)
             IS (run.workflow, run.scheduled, run.users_total, run.users_queued, run.users_in_progress,
                 run.users_successful, run.users_with_errors, run.users_failed, run.users_canceled, run.tasks_total,
                 run.tasks_failed, run.tasks_unprocessed)",
    ),
    (
        "the summary of the day is not what the run's counters say",
        "SELECT 1 - count(*) FROM run JOIN summary_days s ON s.workflow = run.workflow
          WHERE (s.day, s.users_total, s.users_queued, s.users_in_progress, s.users_successful, s.users_with_errors,
                 s.users_failed, s.users_canceled, s.tasks_total, s.tasks_failed, s.tasks_unprocessed)
             IS (run.scheduled / 86400000, run.users_total, run.users_queued, run.users_in_progress,
                 run.users_successful, run.users_with_errors, run.users_failed, run.users_canceled, run.tasks_total,
                 run.tasks_failed, run.tasks_unprocessed)",
    ),
    (
        "somebody has more, fewer or other effects on record than they have come to",
        "SELECT count(*) FROM people p LEFT JOIN done d ON d.target = p.subject
          WHERE (coalesce(d.entries, 0), coalesce(d.enabled, 0), coalesce(d.staff, 0), coalesce(d.everybody, 0),
                 coalesce(d.sent, 0), coalesce(d.left, 0))
             IS NOT (3 * p.begun + p.through + (p.through AND p.mailed), p.begun, p.begun, p.begun,
                     p.through AND p.mailed, p.through)",
    ),
    (
        "there are audit entries besides those of the activation and of people's effects",
        "SELECT (SELECT count(*) FROM entries) - 1 - (SELECT coalesce(sum(entries), 0) FROM done)",
    ),
    (
        "the activation is not on record once",
        "SELECT 1 - count(*) FROM entries e JOIN run ON run.number = e.run AND run.workflow = e.target
          WHERE e.activity = 33 AND e.actor IS NOT NULL",
    ),
    (
        "an account does not stand as its person has come to",
        "SELECT count(*) FROM people WHERE enabled IS NOT begun",
    ),
    (
        "somebody is not in the groups that they have come to",
        "SELECT count(*)
           FROM people p, team
           LEFT JOIN (SELECT m.user, count(*) AS groups, sum(m.grp = team.candidates) AS candidates,
                             sum(m.grp = team.staff) AS staff, sum(m.grp = team.everybody) AS everybody
                        FROM memberships m, team GROUP BY m.user) g ON g.user = p.subject
          WHERE (g.groups, g.candidates, g.staff, g.everybody)
             IS NOT (2 * p.begun + NOT p.through, NOT p.through, p.begun, p.begun)",
    ),
    (
        "somebody in progress has no mail to wait for, or somebody else has",
        "SELECT (SELECT count(*) FROM people p LEFT JOIN frozen f USING (seq) WHERE (p.status = 1) <> (f.ordinal IS 3))
              + (SELECT count(*) FROM pending WHERE (run, seq) NOT IN (SELECT run.number, p.seq FROM people p, run))",
    ),
    (
        "somebody is marked in flight who has nothing frozen",
        "SELECT count(*) FROM in_flight
          WHERE (run, seq, subject) NOT IN (SELECT run.number, p.seq, p.subject FROM people p, run
                                             WHERE p.status = 1 AND p.seq IN (SELECT seq FROM pending))",
    ),
    (
        "somebody whose turn has come is neither through nor leased nor queued again",
        "SELECT count(*) FROM people p, run
          WHERE NOT p.through AND p.seq <= run.leased_to
            AND NOT EXISTS (SELECT 1 FROM requeued q WHERE q.run = run.number AND q.seq = p.seq)
            AND NOT EXISTS (SELECT 1 FROM leases l
                             WHERE l.run = run.number AND p.seq BETWEEN l.from_seq AND l.to_seq
                               AND NOT EXISTS (SELECT 1 FROM requeued q WHERE q.lease = l.id))",
    ),
];

/// What is wrong, and how to count the cases of it; none when everybody is through.
const CLOSED: [(&str, &str); 6] = [
    (
        "the run is not finished",
        "SELECT count(*) FROM run
          WHERE (status, open, leased_to) IS NOT (3, 0, next_seq - 1) OR started IS NULL OR completed IS NULL
             OR created > started OR started > completed",
    ),
    (
        "a user result is not what it has to be",
        "SELECT count(*) FROM results r JOIN people p USING (seq)
          WHERE r.status <> 3 - p.mailed OR r.failed <> 1 - p.mailed OR r.unprocessed <> 0 OR r.reported <> 0
             OR r.started IS NULL OR r.completed IS NULL OR r.started > r.completed",
    ),
    (
        "a task result is not what it has to be",
        "SELECT count(*) FROM tasks t JOIN people p USING (seq)
          WHERE t.status <> CASE WHEN t.ordinal = 3 AND NOT p.mailed THEN 5 ELSE 2 END
             OR t.ordinal NOT BETWEEN 1 AND 4 OR t.started IS NULL OR t.started >= t.completed
             OR (SELECT text FROM texts WHERE number = t.note)
                IS NOT CASE WHEN t.ordinal = 3 AND NOT p.mailed THEN 'the user has no mail address' END",
    ),
    ("a lease was left", "SELECT count(*) FROM leases"),
    (
        "somebody is still to be processed",
        "SELECT (SELECT count(*) FROM requeued) + (SELECT count(*) FROM pending) + (SELECT count(*) FROM in_flight)",
    ),
    ("the file is damaged", "SELECT count(*) FROM pragma_quick_check WHERE quick_check <> 'ok'"),
];

impl Books {
    /// Opens the database of the data directory in that folder; nothing in it is changed.
    pub(crate) fn open(folder: &Path, company: &Company) -> Self {
        let connection = open(&folder.join("tenure-data"));
        let entries =
            format!("CREATE TEMP VIEW entries AS SELECT * FROM audit WHERE number > {};", company.last_entry);
        connection.execute_batch(&entries).unwrap();
        connection.execute_batch(VIEWS).unwrap();
        Self(connection)
    }

    /// How far the run has come.
    pub(crate) fn standing(&self) -> Standing {
        let sql = "SELECT users_total, users_successful + users_with_errors + users_failed + users_canceled,
                          (SELECT count(*) FROM frozen), (SELECT count(*) FROM entries WHERE activity = 50) FROM run";
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Standing {
                total: row.get(0)?,
                finished: row.get(1)?,
                frozen: row.get(2)?,
                recorded: row.get(3)?,
                unrecorded: 0,
            })
        };
        self.0.query_row(sql, [], read).unwrap()
    }

    /// What holds at every moment: counters equal the rows, and everybody has had exactly the effects that they
    /// have come to.
    pub(crate) fn hold(&self) {
        assert_eq!(self.count("SELECT count(*) FROM people"), USERS, "an acknowledged run has everybody");
        assert_eq!(self.count("SELECT count(DISTINCT subject) FROM results"), USERS, "everybody once");
        assert_eq!(self.count("SELECT sum(mailed) FROM people"), MAILED);
        self.are_kept(&ALWAYS);
    }

    /// What holds when everybody is through.
    pub(crate) fn are_closed(&self) {
        assert_eq!(self.count("SELECT count(*) FROM people WHERE through"), USERS);
        assert_eq!(self.count("SELECT count(*) FROM tasks"), USERS * TASKS);
        assert_eq!(self.count("SELECT count(*) FROM entries"), 1 + USERS * 4 + MAILED);
        self.are_kept(&CLOSED);
    }

    fn are_kept(&self, laws: &[(&str, &str)]) {
        for (wrong, sql) in laws {
            assert_eq!(self.count(sql), 0, "{wrong}");
        }
    }

    fn count(&self, sql: &str) -> i64 {
        self.0.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The mails of everybody who can be mailed.
    pub(crate) fn receipts(&self) -> Vec<Receipt> {
        let sql = "SELECT run.number, run.epoch, p.seq, p.employee,
                          EXISTS (SELECT 1 FROM tasks t WHERE t.seq = p.seq AND t.ordinal = 3 AND t.status = 2),
                          EXISTS (SELECT 1 FROM frozen f WHERE f.seq = p.seq)
                     FROM people p, run WHERE p.mailed ORDER BY p.seq";
        let mut statement = self.0.prepare(sql).unwrap();
        let receipts = statement.query_map([], |row| {
            let address = Address::TaskResult(row.get(0)?, row.get(2)?, MAIL);
            let key = EffectKey::of(address.public(Epoch(row.get(1)?)), 0);
            Ok(Receipt {
                key,
                file: format!("{key}.eml"),
                employee: row.get(3)?,
                recorded: row.get(4)?,
                frozen: row.get(5)?,
            })
        });
        receipts.unwrap().map(Result::unwrap).collect()
    }
}
