-- Which administrators need not be told any more that the workflow is held back: a bit each.
ALTER TABLE workflows ADD COLUMN quarantine_told INTEGER NOT NULL DEFAULT 0;

-- Runs and task reports by the day (floor of days since 1970) their run is scheduled for, so that a long summary reads a row a day. Triggers keep
-- them, because what they follow is written in several places.
CREATE TABLE run_days (
    workflow INTEGER NOT NULL,
    day INTEGER NOT NULL,
    status INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    PRIMARY KEY (workflow, day, status)
) WITHOUT ROWID;
CREATE TABLE report_days (
    workflow INTEGER NOT NULL,
    day INTEGER NOT NULL,
    total INTEGER NOT NULL,
    successful INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    in_progress INTEGER NOT NULL,
    PRIMARY KEY (workflow, day)
) WITHOUT ROWID;

INSERT INTO run_days (workflow, day, status, runs)
SELECT workflow, (scheduled - (scheduled % 86400000 + 86400000) % 86400000) / 86400000 AS day, status, count(*)
  FROM runs
 GROUP BY workflow, day, status;
INSERT INTO report_days (workflow, day, total, successful, failed, in_progress)
SELECT r.workflow, (r.scheduled - (r.scheduled % 86400000 + 86400000) % 86400000) / 86400000 AS day,
       sum(p.total), sum(p.successful), sum(p.failed), sum(p.in_progress)
  FROM task_reports p JOIN runs r ON r.number = p.run
 GROUP BY r.workflow, day;

CREATE TRIGGER runs_inserted AFTER INSERT ON runs
BEGIN
    INSERT INTO run_days (workflow, day, status, runs)
    VALUES (new.workflow, (new.scheduled - (new.scheduled % 86400000 + 86400000) % 86400000) / 86400000, new.status, 1)
    ON CONFLICT (workflow, day, status) DO UPDATE SET runs = runs + 1;
END;
CREATE TRIGGER runs_moved AFTER UPDATE OF status ON runs WHEN old.status <> new.status
BEGIN
    UPDATE run_days SET runs = runs - 1
     WHERE workflow = old.workflow AND day = (old.scheduled - (old.scheduled % 86400000 + 86400000) % 86400000) / 86400000
       AND status = old.status;
    INSERT INTO run_days (workflow, day, status, runs)
    VALUES (new.workflow, (new.scheduled - (new.scheduled % 86400000 + 86400000) % 86400000) / 86400000, new.status, 1)
    ON CONFLICT (workflow, day, status) DO UPDATE SET runs = runs + 1;
END;
CREATE TRIGGER task_reports_inserted AFTER INSERT ON task_reports
BEGIN
    INSERT INTO report_days (workflow, day, total, successful, failed, in_progress)
    SELECT r.workflow, (r.scheduled - (r.scheduled % 86400000 + 86400000) % 86400000) / 86400000,
           new.total, new.successful, new.failed, new.in_progress
      FROM runs r
     WHERE r.number = new.run
    ON CONFLICT (workflow, day) DO UPDATE
       SET total = total + excluded.total, successful = successful + excluded.successful,
           failed = failed + excluded.failed, in_progress = in_progress + excluded.in_progress;
END;
CREATE TRIGGER task_reports_moved AFTER UPDATE OF total, successful, failed, in_progress ON task_reports
BEGIN
    UPDATE report_days
       SET total = total + new.total - old.total, successful = successful + new.successful - old.successful,
           failed = failed + new.failed - old.failed, in_progress = in_progress + new.in_progress - old.in_progress
     WHERE (workflow, day) = (SELECT workflow, (scheduled - (scheduled % 86400000 + 86400000) % 86400000) / 86400000
                                FROM runs WHERE number = new.run);
END;
