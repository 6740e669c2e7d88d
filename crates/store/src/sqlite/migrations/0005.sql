-- Endpoints of somebody's that a task can call. The configuration holds no secret.
CREATE TABLE custom_task_extensions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT,
    configuration TEXT NOT NULL,
    created INTEGER NOT NULL,
    created_by BLOB NOT NULL,
    modified INTEGER NOT NULL,
    modified_by BLOB NOT NULL
);

-- Which limit a workflow that is held back has exceeded; null: more than one.
ALTER TABLE workflows ADD COLUMN quarantine_kind INTEGER;

-- Task reports by the day (floor of days since 1970) their run is scheduled for and by what their task is, whatever the workflow; previews
-- (type 4) did nothing and are not counted. A task that
-- no version knows, one of a result that was reported from outside, is not counted.
CREATE TABLE task_days (
    day INTEGER NOT NULL,
    definition TEXT NOT NULL,
    total INTEGER NOT NULL,
    successful INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    in_progress INTEGER NOT NULL,
    PRIMARY KEY (day, definition)
) WITHOUT ROWID;

INSERT INTO task_days (day, definition, total, successful, failed, in_progress)
SELECT (r.scheduled - (r.scheduled % 86400000 + 86400000) % 86400000) / 86400000 AS day,
       json_extract(v.tasks, '$[' || (p.ordinal - 1) || '].taskDefinitionId') AS definition,
       sum(p.total), sum(p.successful), sum(p.failed), sum(p.in_progress)
  FROM task_reports p
  JOIN runs r ON r.number = p.run
  JOIN versions v ON v.workflow = r.workflow AND v.version = r.version
 WHERE r.type <> 4
 GROUP BY day, definition
HAVING definition IS NOT NULL;

CREATE TRIGGER task_days_inserted AFTER INSERT ON task_reports
BEGIN
    INSERT INTO task_days (day, definition, total, successful, failed, in_progress)
    SELECT (r.scheduled - (r.scheduled % 86400000 + 86400000) % 86400000) / 86400000,
           json_extract(v.tasks, '$[' || (new.ordinal - 1) || '].taskDefinitionId'),
           new.total, new.successful, new.failed, new.in_progress
      FROM runs r
      JOIN versions v ON v.workflow = r.workflow AND v.version = r.version
     WHERE r.number = new.run AND r.type <> 4
       AND json_extract(v.tasks, '$[' || (new.ordinal - 1) || '].taskDefinitionId') IS NOT NULL
    ON CONFLICT (day, definition) DO UPDATE
       SET total = total + excluded.total, successful = successful + excluded.successful,
           failed = failed + excluded.failed, in_progress = in_progress + excluded.in_progress;
END;
CREATE TRIGGER task_days_moved AFTER UPDATE OF total, successful, failed, in_progress ON task_reports
BEGIN
    UPDATE task_days
       SET total = total + new.total - old.total, successful = successful + new.successful - old.successful,
           failed = failed + new.failed - old.failed, in_progress = in_progress + new.in_progress - old.in_progress
     WHERE (day, definition) = (SELECT (r.scheduled - (r.scheduled % 86400000 + 86400000) % 86400000) / 86400000,
                                       json_extract(v.tasks, '$[' || (new.ordinal - 1) || '].taskDefinitionId')
                                  FROM runs r
                                  JOIN versions v ON v.workflow = r.workflow AND v.version = r.version
                                 WHERE r.number = new.run AND r.type <> 4);
END;
-- Whoever takes a workflow away for good deletes its reports before its runs and versions.
CREATE TRIGGER task_days_deleted AFTER DELETE ON task_reports
BEGIN
    UPDATE task_days
       SET total = total - old.total, successful = successful - old.successful, failed = failed - old.failed,
           in_progress = in_progress - old.in_progress
     WHERE (day, definition) = (SELECT (r.scheduled - (r.scheduled % 86400000 + 86400000) % 86400000) / 86400000,
                                       json_extract(v.tasks, '$[' || (old.ordinal - 1) || '].taskDefinitionId')
                                  FROM runs r
                                  JOIN versions v ON v.workflow = r.workflow AND v.version = r.version
                                 WHERE r.number = old.run AND r.type <> 4);
END;
