-- When somebody who was deleted was deleted for good: number and id stay, for results and audit entries.
ALTER TABLE users ADD COLUMN purged INTEGER;
ALTER TABLE groups ADD COLUMN purged INTEGER;
CREATE INDEX users_deleted ON users (deleted) WHERE deleted IS NOT NULL AND purged IS NULL;
CREATE INDEX groups_deleted ON groups (deleted) WHERE deleted IS NOT NULL AND purged IS NULL;

-- The audit log is read by time. Entries come in the order of time but for a clock that was set back.
CREATE INDEX audit_at ON audit (at);

-- Whom custom task extensions may be called back by.
CREATE TABLE applications (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    app_id BLOB NOT NULL,
    display_name TEXT NOT NULL,
    created INTEGER NOT NULL,
    deleted INTEGER
);
CREATE UNIQUE INDEX applications_app_id ON applications (app_id) WHERE deleted IS NULL;
