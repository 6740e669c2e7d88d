-- The place of a run in the line: the run with the earliest is leased from next.
ALTER TABLE runs ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET turn = created WHERE leased_to < next_seq - 1;
DROP INDEX runs_to_lease;
CREATE INDEX runs_to_lease ON runs (turn, number) WHERE open = 0 AND leased_to < next_seq - 1;
