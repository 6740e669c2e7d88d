-- Callers whom an issuer of tokens vouches for; the audit has their ids.
CREATE TABLE callers (
    id BLOB PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    is_application INTEGER NOT NULL,
    since INTEGER NOT NULL
) WITHOUT ROWID;
