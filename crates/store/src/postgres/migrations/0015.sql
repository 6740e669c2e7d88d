-- A text of any length is found by what it hashes to: an index takes no more than some thousand bytes.
CREATE FUNCTION text_key(t text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT sha256(convert_to(t, 'UTF8')) $$;
ALTER TABLE texts DROP CONSTRAINT texts_text_key;
CREATE UNIQUE INDEX texts_key ON texts (text_key(text));

-- Whether a lease holds chosen users whose turn comes again, and nobody else between them; it holds its whole range otherwise.
-- Nothing where an older server leased.
ALTER TABLE leases ADD COLUMN repeats bigint;
