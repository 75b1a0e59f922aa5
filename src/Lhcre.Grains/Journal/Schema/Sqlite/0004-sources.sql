-- What came and is in no record: an operator sees why, has it filed again, or discards it for a reason.

-- Of one that was discarded the row stays, with who, when and why.
ALTER TABLE parked ADD COLUMN discarded_at INTEGER;    -- by our clock; null for one that is not discarded
ALTER TABLE parked ADD COLUMN discarded_by TEXT;
ALTER TABLE parked ADD COLUMN discarded_for TEXT;

-- Whoever files it takes out the row in the very commit of the record's row: of one that was discarded meanwhile, neither is written.
CREATE TRIGGER parked_is_discarded BEFORE DELETE ON parked WHEN OLD.discarded_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'discarded');
END;

-- An operator counts by reason, and pages through one.
CREATE INDEX parked_by_code ON parked (source, code, at, parked_id, discarded_at);

-- Messages of which nothing was taken in, and which their sender may not send again: whole, as they came.
CREATE TABLE refused (
    refused_id    TEXT    NOT NULL PRIMARY KEY,        -- the same message refused twice has one
    source        TEXT    NOT NULL,                    -- who sent it
    at            INTEGER NOT NULL,                    -- when it was first refused, by our clock
    form          TEXT    NOT NULL,                    -- 'hl7v2' or 'fhir'
    type          TEXT    NOT NULL,                    -- of the message, such as ADT^A01 or Bundle; empty where that cannot be told
    name          TEXT    NOT NULL,                    -- by which its sender finds it: a control id, a line of an import
    code          TEXT    NOT NULL,                    -- the issue code that says why
    reason        TEXT    NOT NULL,                    -- the same in words
    discarded_at  INTEGER,                             -- by our clock; null for one that is not discarded
    discarded_by  TEXT,
    discarded_for TEXT,
    body          BLOB    NOT NULL                     -- the message, as it came
) STRICT;

CREATE INDEX refused_by_source ON refused (source, at, refused_id);
CREATE INDEX refused_by_code ON refused (source, code, at, refused_id, discarded_at);
