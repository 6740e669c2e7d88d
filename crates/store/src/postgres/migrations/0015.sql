-- A text may be of any length: an index by what it hashes to takes it, one in its order no more than some thousand bytes.
ALTER TABLE texts DROP CONSTRAINT texts_text_key, ADD CONSTRAINT texts_text EXCLUDE USING hash (text WITH =);

-- Whether a lease holds chosen users whose turn comes again, and nobody else between them; it holds its whole range otherwise.
-- Nothing where an older server leased.
ALTER TABLE leases ADD COLUMN repeats bigint;
