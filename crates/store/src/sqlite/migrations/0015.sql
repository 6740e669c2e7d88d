-- Whether a lease holds chosen users whose turn comes again, and nobody else between them; it holds its whole range otherwise.
-- Nothing where an older server leased.
ALTER TABLE leases ADD COLUMN repeats INTEGER;
