-- What was pulled for a visit is held for the visit, and then it is erased.

-- Written in the commit of the row that brings what is held: no such row is on disk without its end.
CREATE TABLE lease (
    patient       TEXT    NOT NULL,                      -- whose record
    source        TEXT    NOT NULL,                      -- from where it was pulled
    from_at       INTEGER NOT NULL,                      -- since when something of it is held
    until_at      INTEGER NOT NULL,                      -- from when on it is due to be erased
    is_discharged INTEGER NOT NULL DEFAULT 0 CHECK (is_discharged IN (0, 1)), -- 1 where the end of the stay is known
    PRIMARY KEY (patient, source)
) STRICT, WITHOUT ROWID;

-- What is due is looked for all the time.
CREATE INDEX lease_by_end ON lease (until_at, patient, source);
