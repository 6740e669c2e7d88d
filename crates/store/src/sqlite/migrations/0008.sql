-- Where what is tried again goes: 0 nowhere, it can be done here; -1 to the mail server; else the number of an extension.
ALTER TABLE requeued ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
UPDATE requeued
   SET place = coalesce((SELECT CASE WHEN json_extract(p.effects, '$[0].kind') = 'call'
                                     THEN json_extract(p.effects, '$[0].number') ELSE -1 END
                           FROM pending p
                          WHERE p.run = requeued.run AND p.seq = requeued.seq AND p.answer IS NULL
                            AND p.waits_until IS NULL), 0);
DROP INDEX requeued_due;
CREATE INDEX requeued_due ON requeued (place, not_before) WHERE lease IS NULL;
