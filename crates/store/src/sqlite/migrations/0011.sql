-- When the workflow is held back, as JSON; null leaves it to the organisation.
ALTER TABLE workflows ADD COLUMN quarantine_configuration TEXT;
