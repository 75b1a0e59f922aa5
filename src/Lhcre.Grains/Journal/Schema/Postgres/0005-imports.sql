-- Imports: bodies that were accepted and not carried out yet, and what became of them. Times are UTC ticks; leases and what is due are by the
-- server's clock, since silos' clocks differ. turn counts attempts: at receiving an import, at carrying a piece out.

CREATE TABLE import (
    id          text COLLATE "C" PRIMARY KEY,          -- without meaning
    source      text COLLATE "C" NOT NULL,             -- whose
    state       smallint NOT NULL,                     -- 0 receiving, 1 waiting, 2 running, 3 done, 4 cancelled
    turn        integer NOT NULL,                      -- which attempt at receiving it counts
    due         timestamptz NOT NULL,                  -- receiving: by when the next piece must come
    at          bigint NOT NULL,                       -- when it was accepted
    began       bigint,                                -- when its first piece was taken up
    ended       bigint,                                -- when it was done or cancelled
    bytes       bigint NOT NULL DEFAULT 0,
    lines       bigint NOT NULL DEFAULT 0,
    lines_done  bigint NOT NULL DEFAULT 0,
    applied     bigint NOT NULL DEFAULT 0,
    unchanged   bigint NOT NULL DEFAULT 0,
    parked      bigint NOT NULL DEFAULT 0,
    refused     bigint NOT NULL DEFAULT 0,
    resumed     integer NOT NULL DEFAULT 0,            -- pieces that were taken up again
    pieces_left integer NOT NULL DEFAULT 0             -- counted here: of two that finish the last pieces at once, one must know
) WITH (fillfactor = 60);
CREATE INDEX import_by_source ON import (source, at, id);
CREATE INDEX import_unfinished ON import (source, at, id) WHERE state < 3;

-- What is still to be carried out.
CREATE TABLE import_piece (
    import     text COLLATE "C" NOT NULL,
    rank       smallint NOT NULL,                      -- 0 before 1
    piece      integer NOT NULL,
    first_line bigint NOT NULL,
    lines      integer NOT NULL,
    turn       integer NOT NULL DEFAULT 0,
    lease      timestamptz,                            -- until when it is somebody's; null for nobody's
    body       bytea NOT NULL,                         -- the lines, compressed
    PRIMARY KEY (import, rank, piece)
);
ALTER TABLE import_piece ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX import_piece_taken ON import_piece (import) WHERE lease IS NOT NULL;

-- Which lines were refused and why. entry is -1 for the whole line.
CREATE TABLE import_refused (
    import     text COLLATE "C" NOT NULL,
    line       bigint NOT NULL,
    entry      integer NOT NULL,
    code       text COLLATE "C" NOT NULL,
    expression text,
    PRIMARY KEY (import, line, entry)
);
