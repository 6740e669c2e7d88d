-- What the statements of `common` use and PostgreSQL does not have: functions of SQLite, and Tenure's own.

-- The elements of a JSON array of numbers, with their places.
CREATE OR REPLACE FUNCTION json_each(j text) RETURNS TABLE (key bigint, value bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 100 AS $$
    SELECT e.place - 1, e.element
      FROM unnest(CAST(translate(j, '[]', '{}') AS bigint[])) WITH ORDINALITY e (element, place)
$$;

-- The elements of a JSON array: texts as they are, anything else as JSON.
CREATE OR REPLACE FUNCTION json_texts(j text) RETURNS TABLE (key bigint, value text)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 10 AS $$
    SELECT e.place - 1, e.element COLLATE "C"
      FROM json_array_elements_text(CAST(j AS json)) WITH ORDINALITY e (element, place)
$$;

-- A JSON array of pairs of numbers; the second of a pair may be missing.
CREATE OR REPLACE FUNCTION json_pairs(j text) RETURNS TABLE (key bigint, one bigint, other bigint)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 100 AS $$
    SELECT e.place - 1, CAST(e.pair ->> 0 AS bigint), CAST(e.pair ->> 1 AS bigint)
      FROM json_array_elements(CAST(j AS json)) WITH ORDINALITY e (pair, place)
$$;

CREATE OR REPLACE FUNCTION json_path(path text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(coalesce(m[1], m[2], m[3]) ORDER BY place)
      FROM regexp_matches(path, '\."([^"]*)"|\.([A-Za-z0-9_]+)|\[(\d+)\]', 'g') WITH ORDINALITY p (m, place)
$$;

-- The text at a path of a JSON document; a number, a list or an object as JSON.
CREATE OR REPLACE FUNCTION json_extract(j text, path text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT (CAST(j AS json) #>> json_path(path)) COLLATE "C" $$;

-- What stands at a path of a JSON document.
CREATE OR REPLACE FUNCTION json_type(j text, path text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE json_typeof(v)
           WHEN 'string' THEN 'text'
           WHEN 'boolean' THEN CAST(v AS text)
           WHEN 'number' THEN CASE WHEN CAST(v AS text) ~ '^-?[0-9]+$' THEN 'integer' ELSE 'real' END
           ELSE json_typeof(v) END
      FROM (SELECT CAST(j AS json) #> json_path(path) AS v) one
$$;

-- A JSON object with a number put at a name.
CREATE OR REPLACE FUNCTION json_set(j text, path text, value bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CAST(json_object_agg(e.key, e.value) AS text)
      FROM (SELECT key, value FROM pg_catalog.json_each(CAST(j AS json)) WHERE key <> (json_path(path))[1]
             UNION ALL
            SELECT (json_path(path))[1], to_json(value)) e
$$;

CREATE OR REPLACE FUNCTION unhex(text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT decode($1, 'hex') $$;
CREATE OR REPLACE FUNCTION instr(text, text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT strpos($1, $2) $$;
CREATE OR REPLACE FUNCTION instr(bytea, bytea) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT position($2 IN $1) $$;
CREATE OR REPLACE FUNCTION last_bytes(bytes bytea, length integer) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT substr(bytes, greatest(octet_length(bytes) - length, 0) + 1)
$$;
CREATE OR REPLACE FUNCTION min(bigint, bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE least($1, $2) END $$;
CREATE OR REPLACE FUNCTION max(bigint, bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE greatest($1, $2) END $$;

-- The bytes of the guid that a text is.
CREATE OR REPLACE FUNCTION guid_of(t text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN t ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' THEN decode(replace(t, '-', ''), 'hex') END
$$;

-- The milliseconds since 1970 of the moment that a text is, as `parse_time` of the domain reads it.
CREATE OR REPLACE FUNCTION time_of(t text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    m text[] := regexp_match(t, '^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2})))?$');
    y integer; mo integer; d integer; h integer; mi integer; s integer; days integer; era integer; yoe integer;
    seconds bigint; nanoseconds bigint; whole numeric;
BEGIN
    IF m IS NULL THEN RETURN NULL; END IF;
    y := m[1]; mo := m[2]; d := m[3];
    h := coalesce(m[4], '0'); mi := coalesce(m[5], '0'); s := coalesce(m[6], '0');
    IF s = 60 THEN s := 59; END IF;
    IF mo NOT BETWEEN 1 AND 12 OR d < 1 OR h > 23 OR mi > 59 OR s > 59
       OR coalesce(m[9], '0')::integer > 23 OR coalesce(m[10], '0')::integer > 59
       OR d > (CASE WHEN mo = 2 THEN CASE WHEN y % 4 = 0 AND (y % 100 <> 0 OR y % 400 = 0) THEN 29 ELSE 28 END
                   WHEN mo IN (4, 6, 9, 11) THEN 30 ELSE 31 END)
    THEN RETURN NULL; END IF;
    -- Days since 1970 of a day of the civil calendar, years beginning in March.
    yoe := CASE WHEN mo <= 2 THEN y - 1 ELSE y END;
    era := floor(yoe / 400.0);
    yoe := yoe - era * 400;
    days := era * 146097 + yoe * 365 + yoe / 4 - yoe / 100
            + (153 * (CASE WHEN mo > 2 THEN mo - 3 ELSE mo + 9 END) + 2) / 5 + d - 1 - 719468;
    seconds := days::bigint * 86400 + h * 3600 + mi * 60 + s
               - CASE m[8] WHEN '-' THEN -1 WHEN '+' THEN 1 ELSE 0 END
                 * (coalesce(m[9], '0')::bigint * 3600 + coalesce(m[10], '0')::bigint * 60);
    nanoseconds := rpad(substr(coalesce(m[7], '0'), 1, 9), 9, '0');
    IF seconds < -62135596800 THEN RETURN NULL; END IF;
    whole := trunc((seconds::numeric * 1000000000 + nanoseconds) / 1000000);
    RETURN least(whole, 253402207200999);
END $$;

-- The public id of an addressed row, as 16 bytes: kind, epoch, run, seq, ordinal.
CREATE OR REPLACE FUNCTION address(kind bigint, epoch bigint, run bigint, seq bigint, ordinal bigint) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT int8send((kind << 60) | ((epoch & 268435455) << 32) | (((run >> 20) & 65535) << 16) | (8 << 12) | (ordinal & 4095))
        || int8send(((-2)::bigint << 62) | ((run & 1048575) << 40) | (seq & 1099511627775))
$$;

-- The code of a task report's status.
CREATE OR REPLACE FUNCTION report_status(total bigint, successful bigint, failed bigint, in_progress bigint, run bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN in_progress > 0 THEN 1
                WHEN successful + failed = 0 THEN CASE WHEN run IN (0, 1) THEN 0 WHEN run = 7 THEN 7 ELSE 4 END
                WHEN run IN (0, 1, 7, 8) AND successful + failed < total THEN 1
                WHEN failed = 0 THEN 2
                WHEN successful = 0 THEN 5
                ELSE 3 END
$$;

-- How changes are numbered where several transactions write at a time: in the order in which numbers are taken. Whoever takes the
-- first locks the one before it until the transaction is over; so what is still to come is above a lock that is there.
CREATE OR REPLACE FUNCTION take_numbers(wanted bigint, is_first boolean) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    place integer := CAST(CAST(CAST(current_schema() AS regnamespace) AS oid) AS bigint)::bit(32)::integer;
    taken bigint;
BEGIN
    -- One at a time, for as long as this takes.
    PERFORM pg_advisory_lock(place, 2);
    SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END INTO taken FROM audit_number_seq;
    IF is_first THEN
        PERFORM pg_advisory_xact_lock_shared(place, CAST(1073741824 + taken % 1073741824 AS integer));
    END IF;
    PERFORM setval('audit_number_seq', taken + wanted);
    PERFORM pg_advisory_unlock(place, 2);
    RETURN taken + 1;
EXCEPTION WHEN query_canceled OR OTHERS THEN
    -- It is the session's, and would outlast the transaction: everybody would wait.
    PERFORM pg_advisory_unlock(place, 2);
    RAISE;
END $$;

-- Gives numbers back that were taken and not used, if nobody has taken any since.
CREATE OR REPLACE FUNCTION give_back(next bigint, behind bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    place integer := CAST(CAST(CAST(current_schema() AS regnamespace) AS oid) AS bigint)::bit(32)::integer;
BEGIN
    PERFORM pg_advisory_lock(place, 2);
    PERFORM setval('audit_number_seq', next - 1) FROM audit_number_seq WHERE last_value = behind - 1;
    PERFORM pg_advisory_unlock(place, 2);
EXCEPTION WHEN query_canceled OR OTHERS THEN
    PERFORM pg_advisory_unlock(place, 2);
    RAISE;
END $$;

-- The last change behind which nothing is still to come: to be asked before the snapshot in which changes are read.
CREATE OR REPLACE FUNCTION log_end() RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    last bigint;
    back bigint;
BEGIN
    SELECT coalesce(max(number), 0) INTO last FROM audit;
    SELECT coalesce(max(behind), 0) INTO back
      FROM (SELECT (last % 1073741824 - (CAST(k.objid AS bigint) - 1073741824) + 1073741824) % 1073741824 AS behind
              FROM pg_locks k
             WHERE k.locktype = 'advisory' AND k.granted AND k.objsubid = 2 AND CAST(k.objid AS bigint) >= 1073741824
               AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND k.classid = CAST(CAST(current_schema() AS regnamespace) AS oid)) open
     -- A lock of a number above the last is no bound.
     WHERE behind < 536870912;
    RETURN last - back;
END $$;
