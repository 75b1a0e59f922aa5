-- Chunks: what a record is loaded from no longer grows with every push, and the log is cut short without losing a row.

ALTER TABLE record_head ADD COLUMN snap_seq INTEGER NOT NULL DEFAULT 0 CHECK (snap_seq >= 0); -- the last row that live chunks hold

-- Immutable, written in the background. A table with a rowid, since bodies are too wide for the inner pages of a clustered key.
CREATE TABLE record_chunk (
    patient  TEXT    NOT NULL,                         -- whose
    kind     INTEGER NOT NULL CHECK (kind IN (1, 2)),  -- 1 live: the record as of snap_seq; 2 history: rows that were moved out of the log
    chunk_no INTEGER NOT NULL,                         -- never given twice to one patient and kind
    from_seq INTEGER NOT NULL CHECK (from_seq >= 1),   -- the first row that it stems from
    to_seq   INTEGER NOT NULL CHECK (to_seq >= from_seq), -- the last one
    body     BLOB    NOT NULL,                         -- compressed, format byte first
    PRIMARY KEY (patient, kind, chunk_no)
) STRICT;
