-- Runs whose history is not kept any more: what the audit points at.
CREATE TABLE past_runs (
    number INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    workflow INTEGER NOT NULL,
    -- 1: results of it are still there, which go piece by piece.
    rest INTEGER NOT NULL
);
CREATE INDEX past_runs_rest ON past_runs (number) WHERE rest = 1;
CREATE INDEX runs_completed ON runs (completed) WHERE completed IS NOT NULL AND purged = 0;
CREATE TRIGGER runs_deleted AFTER DELETE ON runs WHEN old.type <> 4
BEGIN
    UPDATE run_days SET runs = runs - 1
     WHERE workflow = old.workflow AND day = (old.scheduled - (old.scheduled % 86400000 + 86400000) % 86400000) / 86400000
       AND status = old.status;
    DELETE FROM run_days
     WHERE workflow = old.workflow AND day = (old.scheduled - (old.scheduled % 86400000 + 86400000) % 86400000) / 86400000
       AND status = old.status AND runs = 0;
END;
