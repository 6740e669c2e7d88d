-- What else triggers follow. `changes` holds the numbers of the changes that set it, as JSON: of an attribute by its name, of
-- the sponsors by 'sponsors'. What is not named has been so since the person was created.
ALTER TABLE users ADD COLUMN changes TEXT;
-- Dates of people, by attribute, but for the three that are columns. Of an extension attribute, a text that reads as one.
CREATE TABLE dates (
    attribute INTEGER NOT NULL,
    at INTEGER NOT NULL,
    user INTEGER NOT NULL,
    PRIMARY KEY (attribute, at, user)
) WITHOUT ROWID;
CREATE INDEX dates_user ON dates (user, attribute);
INSERT INTO dates (attribute, at, user)
SELECT c.code, json_extract(u.attributes, '$."' || c.name || '"'), u.number
  FROM users u,
       (SELECT 54 AS code, 'signInActivity/lastSignInDateTime' AS name
        UNION ALL SELECT 55, 'signInActivity/lastNonInteractiveSignInDateTime'
        UNION ALL SELECT 56, 'signInActivity/lastSuccessfulSignInDateTime') c
 WHERE json_type(u.attributes, '$."' || c.name || '"') = 'integer' AND u.purged IS NULL;
INSERT INTO dates (attribute, at, user)
SELECT c.code, CAST(unixepoch(trim(a.value), 'subsec') * 1000 AS INTEGER), u.number
  FROM users u, json_each(u.attributes) a,
       (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15)
        SELECT 30 + i AS code, 'onPremisesExtensionAttributes/extensionAttribute' || i AS name FROM n) c
 WHERE a.key = c.name AND u.purged IS NULL
   AND trim(a.value) GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'
   AND unixepoch(trim(a.value), 'subsec') IS NOT NULL;

-- What happened up to this change happened before the workflow was scheduled.
ALTER TABLE workflows ADD COLUMN scheduled_at INTEGER NOT NULL DEFAULT 0;
-- 1: looked at only when the organisation's interval is over.
ALTER TABLE workflows ADD COLUMN by_interval INTEGER NOT NULL DEFAULT 0;
