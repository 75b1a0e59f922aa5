-- What came and is in no record: an operator sees why, has it filed again, or discards it for a reason.

-- Of one that was discarded the row stays, with who, when and why.
ALTER TABLE parked
    ADD COLUMN discarded_at  bigint,                  -- by our clock; null for one that is not discarded
    ADD COLUMN discarded_by  text,
    ADD COLUMN discarded_for text;

-- Whoever files it takes out the row in the very commit of the record's row: of one that was discarded meanwhile, neither is written. A
-- silo of the release before, which knows nothing of this, is held to it too.
CREATE FUNCTION parked_is_discarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was discarded is not filed.' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER parked_is_discarded BEFORE DELETE ON parked
    FOR EACH ROW WHEN (OLD.discarded_at IS NOT NULL) EXECUTE FUNCTION parked_is_discarded();

-- An operator counts by reason, and pages through one.
CREATE INDEX parked_by_code ON parked (source, code, at, parked_id, discarded_at);

-- Messages of which nothing was taken in, and which their sender may not send again: whole, as they came.
CREATE TABLE refused (
    refused_id    text COLLATE "C" PRIMARY KEY,       -- the same message refused twice has one
    source        text COLLATE "C" NOT NULL,          -- who sent it
    at            bigint NOT NULL,                    -- when it was first refused, by our clock
    form          text   NOT NULL CHECK (form IN ('hl7v2', 'fhir')),
    type          text   NOT NULL,                    -- of the message, such as ADT^A01 or Bundle; empty where that cannot be told
    name          text   NOT NULL,                    -- by which its sender finds it: a control id, a line of an import
    code          text   NOT NULL,                    -- the issue code that says why
    reason        text   NOT NULL,                    -- the same in words
    discarded_at  bigint,                             -- by our clock; null for one that is not discarded
    discarded_by  text,
    discarded_for text,
    body          bytea  NOT NULL                     -- the message, as it came
);

CREATE INDEX refused_by_source ON refused (source, at, refused_id);
CREATE INDEX refused_by_code ON refused (source, code, at, refused_id, discarded_at);
