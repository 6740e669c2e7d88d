-- Licences that the organisation has. Whoever writes `licenses` keeps `consumed` and raises the person's version.
CREATE TABLE skus (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    part_number TEXT NOT NULL,
    -- Bought; null is without limit.
    enabled INTEGER,
    consumed INTEGER NOT NULL,
    created INTEGER NOT NULL,
    deleted INTEGER
);
CREATE TABLE licenses (
    user INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    assigned INTEGER NOT NULL,
    PRIMARY KEY (user, sku)
) WITHOUT ROWID;
CREATE INDEX licenses_sku ON licenses (sku, user);

CREATE TABLE access_packages (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    description TEXT,
    is_hidden INTEGER NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    deleted INTEGER
);
CREATE TABLE assignment_policies (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    package INTEGER NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT,
    -- Null: an assignment does not end by itself.
    expires_after_days INTEGER,
    requires_approval INTEGER NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    deleted INTEGER
);
CREATE INDEX assignment_policies_package ON assignment_policies (package, number);
-- Whoever writes these two raises the person's version.
CREATE TABLE package_assignments (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    user INTEGER NOT NULL,
    package INTEGER NOT NULL,
    policy INTEGER NOT NULL,
    assigned INTEGER NOT NULL,
    -- When it ends by itself.
    expires INTEGER,
    -- When it ended.
    ended INTEGER
);
CREATE INDEX package_assignments_user ON package_assignments (user, number);
CREATE UNIQUE INDEX package_assignments_live ON package_assignments (user, package) WHERE ended IS NULL;
CREATE INDEX package_assignments_package ON package_assignments (package, number);
CREATE INDEX package_assignments_expires ON package_assignments (expires) WHERE expires IS NOT NULL AND ended IS NULL;
-- Whether a policy, and so its package, is somebody's.
CREATE INDEX package_assignments_policy ON package_assignments (policy) WHERE ended IS NULL;
CREATE TABLE package_requests (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    user INTEGER NOT NULL,
    package INTEGER NOT NULL,
    policy INTEGER,
    -- Of what came of it, or of what it is to end.
    assignment INTEGER,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    created INTEGER NOT NULL,
    completed INTEGER
);
CREATE INDEX package_requests_user ON package_requests (user, number);
CREATE INDEX package_requests_pending ON package_requests (user, number) WHERE completed IS NULL;
CREATE INDEX package_requests_package ON package_requests (package, policy) WHERE completed IS NULL;

-- Who vouches for a guest, and for an agent identity.
CREATE TABLE sponsors (
    user INTEGER NOT NULL,
    sponsor INTEGER NOT NULL,
    PRIMARY KEY (user, sponsor)
) WITHOUT ROWID;
CREATE INDEX sponsors_sponsor ON sponsors (sponsor, user);
CREATE TABLE agents (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    display_name TEXT NOT NULL,
    account_enabled INTEGER NOT NULL,
    created INTEGER NOT NULL,
    deleted INTEGER
);
-- Whoever writes these raises the version of the agent and of the sponsor.
CREATE TABLE agent_sponsors (
    agent INTEGER NOT NULL,
    sponsor INTEGER NOT NULL,
    PRIMARY KEY (agent, sponsor)
) WITHOUT ROWID;
CREATE INDEX agent_sponsors_sponsor ON agent_sponsors (sponsor, agent);

-- Temporary access passes: the hash, never the pass.
CREATE TABLE passes (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    user INTEGER NOT NULL,
    hash BLOB NOT NULL,
    created INTEGER NOT NULL,
    starts INTEGER NOT NULL,
    lifetime_minutes INTEGER NOT NULL,
    is_usable_once INTEGER NOT NULL,
    -- The task result that issued it: a repeat takes its place.
    run INTEGER,
    seq INTEGER,
    ordinal INTEGER
);
CREATE INDEX passes_user ON passes (user, number);
-- Other ways in which people sign in. Whoever writes these, passes or roles raises the person's version.
CREATE TABLE authentication_methods (
    number INTEGER PRIMARY KEY,
    -- Phones and addresses have the same ids for everybody, one a type, as in Graph.
    id BLOB NOT NULL,
    user INTEGER NOT NULL,
    -- Graph's type, such as phoneAuthenticationMethod, and its properties as JSON.
    kind TEXT NOT NULL,
    properties TEXT NOT NULL,
    created INTEGER NOT NULL
);
CREATE UNIQUE INDEX authentication_methods_user ON authentication_methods (user, id);
CREATE TABLE role_assignments (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    user INTEGER NOT NULL,
    role BLOB NOT NULL,
    scope TEXT NOT NULL,
    created INTEGER NOT NULL
);
CREATE UNIQUE INDEX role_assignments_user ON role_assignments (user, role, scope);

-- Outside effects: what the last attempt came to, and until when the task waits to be called back.
ALTER TABLE pending ADD COLUMN failure TEXT;
ALTER TABLE pending ADD COLUMN waits_until INTEGER;
-- How many of the effects, from the first on, are done and are not repeated.
ALTER TABLE pending ADD COLUMN done INTEGER NOT NULL DEFAULT 0;
-- 1 completed, 2 failed; by whom, and in what words.
ALTER TABLE pending ADD COLUMN answer INTEGER;

-- The address of an extension, where it may hold a key, and what its calls prove themselves with: sealed.
ALTER TABLE custom_task_extensions ADD COLUMN sealed_url BLOB;
ALTER TABLE custom_task_extensions ADD COLUMN sealed_secret BLOB;
-- A group that is a team.
ALTER TABLE groups ADD COLUMN is_team INTEGER NOT NULL DEFAULT 0;
CREATE INDEX groups_teams ON groups (number) WHERE is_team = 1 AND deleted IS NULL;
