-- Up to which change the audit went when the run was made, and when it came to its end: what its tasks did is on record in
-- between. Null: not known, or not finished.
ALTER TABLE runs ADD COLUMN change_from INTEGER;
ALTER TABLE runs ADD COLUMN change_to INTEGER;

-- The run that a run takes back.
ALTER TABLE runs ADD COLUMN undoes INTEGER;
CREATE INDEX runs_undoes ON runs (undoes) WHERE undoes IS NOT NULL;

-- Which results take back what others did.
CREATE TABLE undone (
    of INTEGER NOT NULL,
    of_seq INTEGER NOT NULL,
    run INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (of, of_seq, run)
) WITHOUT ROWID;
CREATE INDEX undone_run ON undone (run);

-- What a result takes back: entries of the audit.
CREATE TABLE undo_changes (
    run INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    change INTEGER NOT NULL,
    PRIMARY KEY (run, seq, change)
) WITHOUT ROWID;
