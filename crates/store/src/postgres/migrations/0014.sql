-- Counters of what several processes settle at a time: each process has a row of its own, and what a run, a task report or a summary
-- comes to is what they hold together. They are added to where they belong when the run ends, or somebody writes there who has
-- the store for itself.
CREATE TABLE run_slots (
    run bigint NOT NULL,
    -- The number of the process.
    slot bigint NOT NULL,
    users_total bigint NOT NULL, users_queued bigint NOT NULL, users_in_progress bigint NOT NULL,
    users_successful bigint NOT NULL, users_with_errors bigint NOT NULL, users_failed bigint NOT NULL,
    users_canceled bigint NOT NULL, tasks_total bigint NOT NULL, tasks_failed bigint NOT NULL,
    tasks_unprocessed bigint NOT NULL,
    started bigint,
    updated bigint NOT NULL,
    PRIMARY KEY (run, slot)
);

CREATE TABLE report_slots (
    run bigint NOT NULL,
    ordinal bigint NOT NULL,
    slot bigint NOT NULL,
    total bigint NOT NULL,
    successful bigint NOT NULL,
    failed bigint NOT NULL,
    in_progress bigint NOT NULL,
    started bigint,
    completed bigint,
    updated bigint NOT NULL,
    PRIMARY KEY (run, ordinal, slot)
);

-- The tables as they would be if everything were added to where it belongs.
CREATE VIEW runs_now AS
SELECT r.number, r.epoch, r.workflow, r.version, r.type, r.scheduled, r.created,
       least(r.started, s.started) AS started, r.completed, greatest(r.updated, s.updated) AS updated, r.status,
       r.cancel, r.open, r.tasks, r.next_seq, r.leased_to, r.users_total + coalesce(s.users_total, 0) AS users_total,
       r.users_queued + coalesce(s.users_queued, 0) AS users_queued,
       r.users_in_progress + coalesce(s.users_in_progress, 0) AS users_in_progress,
       r.users_successful + coalesce(s.users_successful, 0) AS users_successful,
       r.users_with_errors + coalesce(s.users_with_errors, 0) AS users_with_errors,
       r.users_failed + coalesce(s.users_failed, 0) AS users_failed,
       r.users_canceled + coalesce(s.users_canceled, 0) AS users_canceled,
       r.tasks_total + coalesce(s.tasks_total, 0) AS tasks_total,
       r.tasks_failed + coalesce(s.tasks_failed, 0) AS tasks_failed,
       r.tasks_unprocessed + coalesce(s.tasks_unprocessed, 0) AS tasks_unprocessed, r.activated_on, r.purged,
       r.change_from, r.change_to, r.undoes, r.turn
  FROM runs r
  LEFT JOIN (SELECT run, CAST(sum(users_total) AS bigint) AS users_total, CAST(sum(users_queued) AS bigint) AS users_queued,
                    CAST(sum(users_in_progress) AS bigint) AS users_in_progress,
                    CAST(sum(users_successful) AS bigint) AS users_successful,
                    CAST(sum(users_with_errors) AS bigint) AS users_with_errors,
                    CAST(sum(users_failed) AS bigint) AS users_failed,
                    CAST(sum(users_canceled) AS bigint) AS users_canceled,
                    CAST(sum(tasks_total) AS bigint) AS tasks_total, CAST(sum(tasks_failed) AS bigint) AS tasks_failed,
                    CAST(sum(tasks_unprocessed) AS bigint) AS tasks_unprocessed, min(started) AS started,
                    max(updated) AS updated
               FROM run_slots GROUP BY run) s ON s.run = r.number;

CREATE VIEW task_reports_now AS
SELECT p.run, p.ordinal, p.total + coalesce(s.total, 0) AS total, p.successful + coalesce(s.successful, 0) AS successful,
       p.failed + coalesce(s.failed, 0) AS failed, p.in_progress + coalesce(s.in_progress, 0) AS in_progress,
       least(p.started, s.started) AS started, greatest(p.completed, s.completed) AS completed,
       greatest(p.updated, s.updated) AS updated
  FROM task_reports p
  LEFT JOIN (SELECT run, ordinal, CAST(sum(total) AS bigint) AS total, CAST(sum(successful) AS bigint) AS successful,
                    CAST(sum(failed) AS bigint) AS failed, CAST(sum(in_progress) AS bigint) AS in_progress,
                    min(started) AS started, max(completed) AS completed, max(updated) AS updated
               FROM report_slots GROUP BY run, ordinal) s ON s.run = p.run AND s.ordinal = p.ordinal;

-- Previews (type 4) are not counted.
CREATE VIEW summaries_now AS
SELECT workflow, scheduled, run, users_total, users_queued, users_in_progress, users_successful, users_with_errors, users_failed, users_canceled,
       tasks_total, tasks_failed, tasks_unprocessed FROM summaries
 UNION ALL
SELECT r.workflow, r.scheduled, s.run, s.users_total, s.users_queued, s.users_in_progress, s.users_successful, s.users_with_errors, s.users_failed,
       s.users_canceled, s.tasks_total, s.tasks_failed, s.tasks_unprocessed
  FROM run_slots s JOIN runs r ON r.number = s.run WHERE r.type <> 4;

CREATE VIEW summary_days_now AS
SELECT workflow, day, users_total, users_queued, users_in_progress, users_successful, users_with_errors, users_failed, users_canceled,
       tasks_total, tasks_failed, tasks_unprocessed FROM summary_days
 UNION ALL
SELECT r.workflow, day_of(r.scheduled), s.users_total, s.users_queued, s.users_in_progress, s.users_successful, s.users_with_errors, s.users_failed,
       s.users_canceled, s.tasks_total, s.tasks_failed, s.tasks_unprocessed
  FROM run_slots s JOIN runs r ON r.number = s.run WHERE r.type <> 4;

CREATE VIEW report_days_now AS
SELECT workflow, day, total, successful, failed, in_progress FROM report_days
 UNION ALL
SELECT r.workflow, day_of(r.scheduled), s.total, s.successful, s.failed, s.in_progress
  FROM report_slots s JOIN runs r ON r.number = s.run WHERE r.type <> 4;

CREATE VIEW task_days_now AS
SELECT day, definition, total, successful, failed, in_progress FROM task_days
 UNION ALL
SELECT day_of(r.scheduled), (CAST(v.tasks AS json) -> CAST(s.ordinal - 1 AS integer) ->> 'taskDefinitionId') COLLATE "C",
       s.total, s.successful, s.failed, s.in_progress
  FROM report_slots s
  JOIN runs r ON r.number = s.run
  JOIN versions v ON v.workflow = r.workflow AND v.version = r.version
 WHERE r.type <> 4 AND CAST(v.tasks AS json) -> CAST(s.ordinal - 1 AS integer) ->> 'taskDefinitionId' IS NOT NULL;
