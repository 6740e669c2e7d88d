-- What a run was activated with; null unless it was with a scope.
ALTER TABLE runs ADD COLUMN activated_on INTEGER;

-- Which runs process again what an earlier one did.
CREATE TABLE reprocessed (
    of INTEGER NOT NULL,
    run INTEGER NOT NULL,
    PRIMARY KEY (of, run)
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

-- Previews do nothing, so no summary counts them.
CREATE INDEX runs_previews ON runs (workflow) WHERE type = 4;
