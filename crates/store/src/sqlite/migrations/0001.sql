-- What there is to know about the store itself: epoch, simulated, population, settings.
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value
) WITHOUT ROWID;

-- Local tokens; the hash, never the token.
CREATE TABLE tokens (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    expires INTEGER,
    revoked INTEGER
);

CREATE TABLE workflows (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    category INTEGER NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT,
    is_enabled INTEGER NOT NULL,
    is_scheduling_enabled INTEGER NOT NULL,
    created INTEGER NOT NULL,
    created_by BLOB NOT NULL,
    modified INTEGER NOT NULL,
    modified_by BLOB NOT NULL,
    deleted INTEGER,
    version INTEGER NOT NULL,
    quarantined INTEGER,
    quarantine_reason TEXT,
    quarantine_due INTEGER,
    approved_due INTEGER,
    approved_at INTEGER,
    -- How far sweeps have looked.
    due_until INTEGER,
    change INTEGER NOT NULL,
    -- Counts up with each reason to look at everybody.
    full INTEGER NOT NULL
);

CREATE TABLE versions (
    workflow INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created INTEGER NOT NULL,
    created_by BLOB NOT NULL,
    modified INTEGER NOT NULL,
    modified_by BLOB NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT,
    is_enabled INTEGER NOT NULL,
    is_scheduling_enabled INTEGER NOT NULL,
    conditions TEXT NOT NULL,
    tasks TEXT NOT NULL,
    PRIMARY KEY (workflow, version)
) WITHOUT ROWID;

-- People. What triggers and tasks read often stands apart; all other attributes are one JSON object.
CREATE TABLE users (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    account_enabled INTEGER,
    hire INTEGER,
    leave INTEGER,
    created INTEGER NOT NULL,
    -- Numbers of the changes that set these dates: the occasions of time-based triggers.
    hire_change INTEGER NOT NULL,
    leave_change INTEGER NOT NULL,
    created_change INTEGER NOT NULL,
    manager INTEGER,
    protected INTEGER NOT NULL,
    deleted INTEGER,
    feed TEXT,
    -- Folded; null for somebody who is deleted.
    principal_name TEXT,
    employee_id TEXT,
    attributes TEXT NOT NULL
);
CREATE UNIQUE INDEX users_id ON users (id);
CREATE UNIQUE INDEX users_principal_name ON users (principal_name) WHERE principal_name IS NOT NULL;
CREATE INDEX users_employee_id ON users (employee_id) WHERE employee_id IS NOT NULL;
CREATE INDEX users_hire ON users (hire) WHERE hire IS NOT NULL AND deleted IS NULL;
CREATE INDEX users_leave ON users (leave) WHERE leave IS NOT NULL AND deleted IS NULL;
CREATE INDEX users_created ON users (created) WHERE deleted IS NULL;
CREATE INDEX users_feed ON users (feed) WHERE feed IS NOT NULL AND deleted IS NULL;

CREATE TABLE groups (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT,
    mail TEXT,
    mail_nickname TEXT,
    mail_enabled INTEGER NOT NULL,
    security_enabled INTEGER NOT NULL,
    group_types TEXT NOT NULL,
    membership_rule TEXT,
    is_assignable_to_role INTEGER NOT NULL,
    on_premises_sync_enabled INTEGER NOT NULL,
    visibility TEXT,
    created INTEGER NOT NULL,
    deleted INTEGER,
    protected INTEGER NOT NULL
);

CREATE TABLE memberships (
    user INTEGER NOT NULL,
    grp INTEGER NOT NULL,
    PRIMARY KEY (user, grp)
) WITHOUT ROWID;
CREATE INDEX memberships_group ON memberships (grp, user);

-- Who did what, append only. It is the change log too: a person's change has the person as target.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    -- Null is Tenure itself.
    actor BLOB,
    activity INTEGER NOT NULL,
    target INTEGER,
    attribute INTEGER,
    object INTEGER,
    run INTEGER,
    seq INTEGER,
    ordinal INTEGER,
    before,
    after
);
-- Personal values, apart from the entries so that they can be erased.
CREATE TABLE audit_values (
    number INTEGER PRIMARY KEY,
    before TEXT,
    after TEXT
);

-- One reason to process one person once by one workflow.
CREATE TABLE occasions (
    workflow INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    change INTEGER NOT NULL,
    run INTEGER NOT NULL,
    PRIMARY KEY (workflow, subject, change)
) WITHOUT ROWID;

-- Due, but not processed.
CREATE TABLE skipped (
    workflow INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    change INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    due INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (workflow, subject, change)
) WITHOUT ROWID;

CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    epoch INTEGER NOT NULL,
    workflow INTEGER NOT NULL,
    version INTEGER NOT NULL,
    type INTEGER NOT NULL,
    scheduled INTEGER NOT NULL,
    created INTEGER NOT NULL,
    started INTEGER,
    completed INTEGER,
    updated INTEGER NOT NULL,
    status INTEGER NOT NULL,
    cancel INTEGER,
    -- Still being admitted to; not leased yet.
    open INTEGER NOT NULL,
    -- Enabled tasks of the version, and so of each user.
    tasks INTEGER NOT NULL,
    next_seq INTEGER NOT NULL,
    leased_to INTEGER NOT NULL,
    users_total INTEGER NOT NULL,
    users_queued INTEGER NOT NULL,
    users_in_progress INTEGER NOT NULL,
    users_successful INTEGER NOT NULL,
    users_with_errors INTEGER NOT NULL,
    users_failed INTEGER NOT NULL,
    users_canceled INTEGER NOT NULL,
    tasks_total INTEGER NOT NULL,
    tasks_failed INTEGER NOT NULL,
    tasks_unprocessed INTEGER NOT NULL
);
CREATE INDEX runs_workflow ON runs (workflow, number);
CREATE INDEX runs_scheduled ON runs (workflow, scheduled);
CREATE INDEX runs_to_lease ON runs (number) WHERE open = 0 AND leased_to < next_seq - 1;
CREATE INDEX runs_open ON runs (workflow) WHERE open = 1;
CREATE INDEX runs_unfinished ON runs (workflow) WHERE users_queued + users_in_progress > 0;

-- `started` and `completed` of a queued result are placeholders of full width, so that settling it does not make
-- the row longer; they mean nothing before the status says so.
CREATE TABLE user_results (
    run INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    subject INTEGER,
    status INTEGER NOT NULL,
    reported INTEGER NOT NULL,
    change INTEGER NOT NULL,
    started INTEGER,
    completed INTEGER,
    total INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    unprocessed INTEGER NOT NULL,
    -- Of reported results; otherwise the run's.
    scheduled INTEGER,
    type INTEGER,
    version INTEGER,
    PRIMARY KEY (run, seq)
) WITHOUT ROWID;
CREATE INDEX user_results_subject ON user_results (subject, run, seq);

CREATE TABLE task_results (
    run INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    status INTEGER NOT NULL,
    started INTEGER,
    completed INTEGER,
    -- Failure reason or processing information.
    note INTEGER,
    -- Of results reported from outside; otherwise null.
    created INTEGER,
    PRIMARY KEY (run, seq, ordinal)
) WITHOUT ROWID;

-- Notes, each once.
CREATE TABLE texts (
    number INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
);

CREATE TABLE task_reports (
    run INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    total INTEGER NOT NULL,
    successful INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    in_progress INTEGER NOT NULL,
    started INTEGER,
    completed INTEGER,
    updated INTEGER NOT NULL,
    PRIMARY KEY (run, ordinal)
) WITHOUT ROWID;

-- Counters of the results of a run that are scheduled for the same time, and the same by day.
CREATE TABLE summaries (
    workflow INTEGER NOT NULL,
    scheduled INTEGER NOT NULL,
    run INTEGER NOT NULL,
    users_total INTEGER NOT NULL,
    users_queued INTEGER NOT NULL,
    users_in_progress INTEGER NOT NULL,
    users_successful INTEGER NOT NULL,
    users_with_errors INTEGER NOT NULL,
    users_failed INTEGER NOT NULL,
    users_canceled INTEGER NOT NULL,
    tasks_total INTEGER NOT NULL,
    tasks_failed INTEGER NOT NULL,
    tasks_unprocessed INTEGER NOT NULL,
    PRIMARY KEY (workflow, scheduled, run)
) WITHOUT ROWID;
CREATE INDEX summaries_run ON summaries (run, scheduled);
CREATE TABLE summary_days (
    workflow INTEGER NOT NULL,
    day INTEGER NOT NULL,
    users_total INTEGER NOT NULL,
    users_queued INTEGER NOT NULL,
    users_in_progress INTEGER NOT NULL,
    users_successful INTEGER NOT NULL,
    users_with_errors INTEGER NOT NULL,
    users_failed INTEGER NOT NULL,
    users_canceled INTEGER NOT NULL,
    tasks_total INTEGER NOT NULL,
    tasks_failed INTEGER NOT NULL,
    tasks_unprocessed INTEGER NOT NULL,
    PRIMARY KEY (workflow, day)
) WITHOUT ROWID;

-- The right to process a range; the id is the fence.
CREATE TABLE leases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL,
    from_seq INTEGER NOT NULL,
    to_seq INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    ends INTEGER NOT NULL
);

-- Users of ranges already leased whose turn comes again.
CREATE TABLE requeued (
    run INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    lease INTEGER,
    PRIMARY KEY (run, seq)
) WITHOUT ROWID;
CREATE INDEX requeued_due ON requeued (not_before) WHERE lease IS NULL;
CREATE INDEX requeued_lease ON requeued (lease) WHERE lease IS NOT NULL;

-- Outside effects, frozen until they are done.
CREATE TABLE pending (
    run INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    started INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    effects TEXT NOT NULL,
    info TEXT,
    PRIMARY KEY (run, seq)
) WITHOUT ROWID;

-- People with an outside effect under way; at most one result each.
CREATE TABLE in_flight (
    subject INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    seq INTEGER NOT NULL
);
