-- The journal of one folder: the log of every patient, and the registers that change in the same commit as it.
-- Times are UTC ticks (100 ns since year 1). Versions are sort keys: their order as bytes, which is how SQLite compares BLOBs, is the
-- order of versions. Bodies are opaque here. A source's own ids count as patient data.

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY, -- 'schema': the number of the last script applied; 'pseudonym': which key the patients are named with
    value TEXT NOT NULL              -- as text, whatever it is
) STRICT, WITHOUT ROWID;

-- One narrow row a patient, updated in place: what an append compares before it writes. The log's own key would not do: once chunks let
-- the log be cut short, nothing else remembers who may write and which number comes next.
CREATE TABLE record_head (
    patient TEXT    NOT NULL PRIMARY KEY,              -- the pseudonym
    epoch   INTEGER NOT NULL CHECK (epoch >= 0),       -- the activation that appended last: another one's append is fenced
    seq     INTEGER NOT NULL CHECK (seq >= 1)          -- the number of the last row
) STRICT, WITHOUT ROWID;

-- One row a push, never changed. A table with a rowid, since bodies are too wide for the inner pages of a clustered key.
CREATE TABLE record_log (
    patient TEXT    NOT NULL,                          -- whose log
    seq     INTEGER NOT NULL CHECK (seq >= 1),         -- counts from 1 without gaps
    push_id BLOB    NOT NULL CHECK (length(push_id) = 16), -- which push: after a lost reply it tells whether the append was committed
    source  TEXT    NOT NULL,                          -- who pushed, so that an operator can count without reading bodies
    at      INTEGER NOT NULL,                          -- when it was appended, by our clock
    body    BLOB    NOT NULL,                          -- encoded fragments, compressed, format byte first
    PRIMARY KEY (patient, seq)
) STRICT;

-- In whose record an entry is: where a PUT, a DELETE or a Bundle without a Patient finds its person.
CREATE TABLE source_index (
    source  TEXT NOT NULL,                             -- who says it
    type    TEXT NOT NULL,                             -- the FHIR resource type
    id      TEXT NOT NULL,                             -- what the source calls it
    patient TEXT NOT NULL,                             -- who holds the highest version of it
    version BLOB NOT NULL,                             -- that version: a lower one that arrives later must not move the entry
    PRIMARY KEY (source, type, id)
) STRICT, WITHOUT ROWID;

-- By what else a source names a person, such as a hospital number. One identifier with two patients is ambiguous, and kept so.
CREATE TABLE local_identifier (
    source  TEXT NOT NULL,                             -- who names the person so: the same number at two sources is two people's
    system  TEXT NOT NULL,                             -- identifier.system
    value   TEXT NOT NULL,                             -- identifier.value
    patient TEXT NOT NULL,                             -- who is named
    PRIMARY KEY (source, system, value, patient)
) STRICT, WITHOUT ROWID;

-- Resources that are about nobody (Practitioner, Organization, Medication), kept once.
CREATE TABLE supporting (
    source  TEXT NOT NULL,                             -- who says it
    type    TEXT NOT NULL,                             -- the FHIR resource type
    id      TEXT NOT NULL,                             -- what the source calls it
    version BLOB NOT NULL,                             -- only a higher one takes its place
    body    BLOB NOT NULL,                             -- the encoded fragment, format byte first
    PRIMARY KEY (source, type, id)
) STRICT;

-- Which records refer to a supporting resource, and which version of it each holds. The resource leads the key: a new version looks for
-- all who use it.
CREATE TABLE supporting_use (
    source    TEXT NOT NULL,                           -- the resource's key
    type      TEXT NOT NULL,
    id        TEXT NOT NULL,
    patient   TEXT NOT NULL,                           -- whose record refers to it
    delivered BLOB,                                    -- the version that the record holds; null for none
    PRIMARY KEY (source, type, id, patient)
) STRICT, WITHOUT ROWID;

-- What was received and cannot be filed yet: seen by operators, never dropped.
CREATE TABLE parked (
    parked_id    TEXT    NOT NULL PRIMARY KEY,         -- the same content parked twice has one
    source       TEXT    NOT NULL,                     -- who sent it
    at           INTEGER NOT NULL,                     -- when it was first parked, by our clock
    push_id      BLOB    NOT NULL CHECK (length(push_id) = 16), -- in which push
    code         TEXT    NOT NULL,                     -- the issue code that says why
    reason       TEXT    NOT NULL,                     -- the same in words
    type         TEXT    NOT NULL,                     -- the resource's type
    waits_source TEXT,                                 -- the key that settles it once it has a patient; null: only an operator can
    waits_type   TEXT,
    waits_id     TEXT,
    body         BLOB    NOT NULL                      -- the encoded fragment, format byte first
) STRICT;

-- An operator pages through one source, oldest first.
CREATE INDEX parked_by_source ON parked (source, at, parked_id);
-- A new person or entry looks for what waited for it.
CREATE INDEX parked_by_awaited ON parked (waits_source, waits_type, waits_id) WHERE waits_source IS NOT NULL;

-- The answer that each push got, so that sending it again gets the same one.
CREATE TABLE answer (
    push_id  BLOB    NOT NULL PRIMARY KEY CHECK (length(push_id) = 16), -- which push
    at       INTEGER NOT NULL,                         -- when it was answered: an old answer is forgotten
    status   INTEGER NOT NULL,                         -- HTTP status
    location TEXT,                                     -- the Location header; null for none
    body     BLOB    NOT NULL                          -- the body, JSON
) STRICT;

-- Old answers are found and removed a few at a time, with the answers that are kept.
CREATE INDEX answer_by_age ON answer (at);

-- What is still to be done to records, committed with its cause. A number is never given twice: one that was settled must not name another.
CREATE TABLE follow_up (
    follow_up_id INTEGER PRIMARY KEY AUTOINCREMENT,    -- the order in which they were written
    patient      TEXT    NOT NULL,                     -- to whose record
    kind         INTEGER NOT NULL CHECK (kind IN (1, 2)), -- 1 withdraw, 2 deliver
    source       TEXT    NOT NULL,                     -- the key of the entry or of the supporting resource
    type         TEXT    NOT NULL,
    id           TEXT    NOT NULL,
    version      BLOB    NOT NULL                      -- withdraw as of it; deliver at least it
) STRICT;

-- A later version takes the place of one that is still pending, so what is pending stays bounded while nobody carries it out.
CREATE UNIQUE INDEX follow_up_pending ON follow_up (patient, kind, source, type, id);
