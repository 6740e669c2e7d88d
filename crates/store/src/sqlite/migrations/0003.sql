-- What a run was activated with; null unless it was with a scope.
ALTER TABLE runs ADD COLUMN activated_on INTEGER;

-- Which runs process again what an earlier one did.
CREATE TABLE reprocessed (
    of INTEGER NOT NULL,
    -- The result that is processed again; 0: the run as a whole.
    seq INTEGER NOT NULL,
    run INTEGER NOT NULL,
    PRIMARY KEY (of, run, seq)
) WITHOUT ROWID;
CREATE INDEX reprocessed_run ON reprocessed (run);

-- The tasks of results that repeat only what failed, as a JSON list of ordinals.
CREATE TABLE chosen_tasks (
    run INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    ordinals TEXT NOT NULL,
    PRIMARY KEY (run, seq)
) WITHOUT ROWID;

-- 1: deleted for good, nobody sees it any more, and what hangs on it goes piece by piece; 2: all of it is gone but the row,
-- which the audit points at.
ALTER TABLE workflows ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;
CREATE INDEX workflows_purged ON workflows (number) WHERE purged = 1;
CREATE INDEX workflows_deleted ON workflows (deleted) WHERE deleted IS NOT NULL AND purged = 0;

-- Since when a workflow that was let go had been held back.
ALTER TABLE workflows ADD COLUMN approved_since INTEGER;

-- Of a workflow that is deleted for good: the row stays for the audit to point at, and nothing else of the run.
ALTER TABLE runs ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;

-- Previews (type 4) do nothing, so no summary counts them; and a status that no run of a day has keeps no row.
CREATE INDEX runs_previews ON runs (workflow) WHERE type = 4;
DELETE FROM run_days WHERE runs = 0;
DROP TRIGGER runs_inserted;
DROP TRIGGER runs_moved;
DROP TRIGGER task_reports_inserted;
DROP TRIGGER task_reports_moved;
CREATE TRIGGER runs_inserted AFTER INSERT ON runs WHEN new.type <> 4
BEGIN
    INSERT INTO run_days (workflow, day, status, runs)
    VALUES (new.workflow, (new.scheduled - (new.scheduled % 86400000 + 86400000) % 86400000) / 86400000, new.status, 1)
    ON CONFLICT (workflow, day, status) DO UPDATE SET runs = runs + 1;
END;
CREATE TRIGGER runs_moved AFTER UPDATE OF status ON runs WHEN old.status <> new.status AND new.type <> 4
BEGIN
    UPDATE run_days SET runs = runs - 1
     WHERE workflow = old.workflow AND day = (old.scheduled - (old.scheduled % 86400000 + 86400000) % 86400000) / 86400000
       AND status = old.status;
    DELETE FROM run_days
     WHERE workflow = old.workflow AND day = (old.scheduled - (old.scheduled % 86400000 + 86400000) % 86400000) / 86400000
       AND status = old.status AND runs = 0;
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
     WHERE r.number = new.run AND r.type <> 4
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
                                FROM runs WHERE number = new.run AND type <> 4);
END;
