-- The journal of a cluster: the log of every patient, and the registers that change in the same commit as it.
-- Times are UTC ticks (100 ns since year 1). Versions are sort keys: their order as bytes, which is how PostgreSQL compares bytea, is the
-- order of versions. Bodies are opaque here and compressed already, so PostgreSQL is told not to try. Texts compare as bytes (COLLATE "C"),
-- whatever the database's own collation is. A source's own ids count as patient data.
-- The tables that every push writes have no CHECK: PostgreSQL reads each anew for each part in each commit. What it would refuse, the
-- journal's own code does before it sends anything.

CREATE TABLE lhcre_meta (
    name  text COLLATE "C" PRIMARY KEY,               -- 'pseudonym': which key the patients are named with
    value text NOT NULL                               -- as text, whatever it is
);

-- One narrow row a patient, updated in place: what an append compares before it writes. The log's own key would not do: once chunks let
-- the log be cut short, nothing else remembers who may write and which number comes next.
CREATE TABLE record_head (
    patient  text COLLATE "C" PRIMARY KEY,            -- the pseudonym
    epoch    bigint NOT NULL,                         -- the activation that appended last: another one's append is fenced
    seq      bigint NOT NULL,                         -- the number of the last row
    snap_seq bigint NOT NULL DEFAULT 0                -- the last row that live chunks hold
) PARTITION BY HASH (patient);

-- One row a push, never changed.
CREATE TABLE record_log (
    patient text COLLATE "C" NOT NULL,                -- whose log
    seq     bigint NOT NULL,                          -- counts from 1 without gaps
    push_id bytea  NOT NULL,                          -- which push (16 bytes): after a lost reply it tells whether the append was committed
    source  text   NOT NULL,                          -- who pushed, so that an operator can count without reading bodies
    at      bigint NOT NULL,                          -- when it was appended, by our clock
    body    bytea  NOT NULL,                          -- encoded fragments, compressed, format byte first
    PRIMARY KEY (patient, seq)
) PARTITION BY HASH (patient);
ALTER TABLE record_log ALTER COLUMN body SET STORAGE EXTERNAL;

-- Immutable, written in the background.
CREATE TABLE record_chunk (
    patient  text COLLATE "C" NOT NULL,               -- whose
    kind     smallint NOT NULL CHECK (kind IN (1, 2)), -- 1 live: the record as of snap_seq; 2 history: rows that were moved out of the log
    chunk_no integer NOT NULL,                        -- never given twice to one patient and kind
    from_seq bigint NOT NULL CHECK (from_seq >= 1),   -- the first row that it stems from
    to_seq   bigint NOT NULL CHECK (to_seq >= from_seq), -- the last one
    body     bytea  NOT NULL,                         -- compressed, format byte first
    PRIMARY KEY (patient, kind, chunk_no)
) PARTITION BY HASH (patient);
ALTER TABLE record_chunk ALTER COLUMN body SET STORAGE EXTERNAL;

-- Eight parts of each, so that vacuum, an index's rebuild and an operator's backup have pieces to work on. The number stays: another one
-- would mean writing every row again.
DO $$
BEGIN
    FOR part IN 0..7 LOOP
        -- Room on each page for the next version of a head: updates stay on it and touch no index.
        EXECUTE format('CREATE TABLE record_head_%s PARTITION OF record_head FOR VALUES WITH (MODULUS 8, REMAINDER %s)
            WITH (fillfactor = 60)', part, part);
        -- A row of less than a page stays in one piece.
        EXECUTE format('CREATE TABLE record_log_%s PARTITION OF record_log FOR VALUES WITH (MODULUS 8, REMAINDER %s)
            WITH (toast_tuple_target = 8160)', part, part);
        EXECUTE format('CREATE TABLE record_chunk_%s PARTITION OF record_chunk FOR VALUES WITH (MODULUS 8, REMAINDER %s)',
            part, part);
    END LOOP;
END $$;

-- In whose record an entry is: where a PUT, a DELETE or a Bundle without a Patient finds its person.
CREATE TABLE source_index (
    source  text COLLATE "C" NOT NULL,                -- who says it
    type    text COLLATE "C" NOT NULL,                -- the FHIR resource type
    id      text COLLATE "C" NOT NULL,                -- what the source calls it
    patient text COLLATE "C" NOT NULL,                -- who holds the highest version of it
    version bytea NOT NULL,                           -- that version: a lower one that arrives later must not move the entry
    -- The id first: it is what tells most entries apart, and is compared alone then.
    PRIMARY KEY (id, type, source)
) WITH (fillfactor = 85);

-- By what else a source names a person, such as a hospital number. One identifier with two patients is ambiguous, and kept so.
-- Bytes (UTF-8), since PostgreSQL's text cannot hold every text that a source may send.
CREATE TABLE local_identifier (
    source  text COLLATE "C" NOT NULL,                -- who names the person so: the same number at two sources is two people's
    system  bytea NOT NULL,                           -- identifier.system
    value   bytea NOT NULL,                           -- identifier.value
    patient text COLLATE "C" NOT NULL,                -- who is named
    PRIMARY KEY (source, system, value, patient)
);

-- Resources that are about nobody (Practitioner, Organization, Medication), kept once.
CREATE TABLE supporting (
    source  text COLLATE "C" NOT NULL,                -- who says it
    type    text COLLATE "C" NOT NULL,                -- the FHIR resource type
    id      text COLLATE "C" NOT NULL,                -- what the source calls it
    version bytea NOT NULL,                           -- only a higher one takes its place
    body    bytea NOT NULL,                           -- the encoded fragment, format byte first
    PRIMARY KEY (id, type, source)
);
ALTER TABLE supporting ALTER COLUMN body SET STORAGE EXTERNAL;

-- Which records refer to a supporting resource, and which version of it each holds. The resource leads the key: a new version looks for
-- all who use it.
CREATE TABLE supporting_use (
    source    text COLLATE "C" NOT NULL,              -- the resource's key
    type      text COLLATE "C" NOT NULL,
    id        text COLLATE "C" NOT NULL,
    patient   text COLLATE "C" NOT NULL,              -- whose record refers to it
    delivered bytea,                                  -- the version that the record holds; null for none
    PRIMARY KEY (id, type, source, patient)
);

-- What was received and cannot be filed yet: seen by operators, never dropped.
CREATE TABLE parked (
    parked_id    text COLLATE "C" PRIMARY KEY,        -- the same content parked twice has one
    source       text COLLATE "C" NOT NULL,           -- who sent it
    at           bigint NOT NULL,                     -- when it was first parked, by our clock
    push_id      bytea  NOT NULL CHECK (length(push_id) = 16), -- in which push
    code         text   NOT NULL,                     -- the issue code that says why
    reason       text   NOT NULL,                     -- the same in words
    type         text   NOT NULL,                     -- the resource's type
    waits_source text COLLATE "C",                    -- the key that settles it once it has a patient; null: only an operator can
    waits_type   text COLLATE "C",
    waits_id     text COLLATE "C",
    body         bytea  NOT NULL                      -- the encoded fragment, format byte first
);
ALTER TABLE parked ALTER COLUMN body SET STORAGE EXTERNAL;

-- An operator pages through one source, oldest first.
CREATE INDEX parked_by_source ON parked (source, at, parked_id);
-- A new person or entry looks for what waited for it.
CREATE INDEX parked_by_awaited ON parked (waits_source, waits_type, waits_id) WHERE waits_source IS NOT NULL;

-- The answer that each push got, so that sending it again gets the same one.
CREATE TABLE answer (
    push_id  bytea PRIMARY KEY CHECK (length(push_id) = 16), -- which push
    at       bigint  NOT NULL,                        -- when it was answered: an old answer is forgotten
    status   integer NOT NULL,                        -- HTTP status
    location text,                                    -- the Location header; null for none
    body     bytea   NOT NULL                         -- the body, JSON
);

-- Old answers are found and removed a few at a time, with the answers that are kept.
CREATE INDEX answer_by_age ON answer (at);

-- What is still to be done to records, committed with its cause. A number is never given twice: one that was settled must not name another.
CREATE TABLE follow_up (
    follow_up_id bigint PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, -- the order in which they were written
    patient      text COLLATE "C" NOT NULL,           -- to whose record
    kind         smallint NOT NULL CHECK (kind IN (1, 2)), -- 1 withdraw, 2 deliver
    source       text COLLATE "C" NOT NULL,           -- the key of the entry or of the supporting resource
    type         text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL,
    version      bytea NOT NULL,                      -- withdraw as of it; deliver at least it
    -- A later version takes the place of one that is still pending, so what is pending stays bounded while nobody carries it out.
    UNIQUE (patient, kind, source, type, id)
);

-- ------------------------------------------------------------------------------------------------------------------------------------
-- What a commit of the journal does, on the server, so that many writes are one round trip. Arguments are columns as arrays of one length;
-- what belongs to an append names it by its number n, from 1.

-- Many appends, each of a patient of its own, in the order of the patients; no two with a key of the source index in common. Answers who
-- won. What belongs to a loser is not written. Resources to keep for all (k_) with n = 0 belong to no append.
CREATE FUNCTION journal_append(
    h_patient text[], h_old_epoch bigint[], h_new_epoch bigint[], h_seq bigint[], h_push bytea[], h_source text[], h_at bigint[], h_body bytea[],
    x_n integer[], x_patient text[], x_source text[], x_type text[], x_id text[], x_version bytea[],
    i_n integer[], i_patient text[], i_source text[], i_system bytea[], i_value bytea[], i_is_former boolean[],
    u_n integer[], u_patient text[], u_source text[], u_type text[], u_id text[], u_delivered bytea[], u_stripe integer[],
    k_n integer[], k_source text[], k_type text[], k_id text[], k_version bytea[], k_body bytea[], k_stripe integer[],
    s_n integer[], s_follow_up bigint[],
    p_n integer[], p_parked text[]
) RETURNS boolean[] LANGUAGE plpgsql AS $$
DECLARE
    winners text[];
    won boolean[] := '{}';
    given bigint;
    written bigint;
    moves boolean;
    keeps bigint[] := '{}';
    entry record;
BEGIN
    IF cardinality(h_patient) > 0 THEN
        WITH made AS (
            INSERT INTO record_head (patient, epoch, seq)
            SELECT patient, new_epoch, seq FROM unnest(h_patient, h_old_epoch, h_new_epoch, h_seq) AS g (patient, old_epoch, new_epoch, seq)
            WHERE seq = 1 AND old_epoch = 0
            ON CONFLICT DO NOTHING RETURNING patient
        ), moved AS (
            -- Waits for another silo's append to the same patient, and compares with what that one left.
            UPDATE record_head h SET epoch = g.new_epoch, seq = g.seq
            FROM unnest(h_patient, h_old_epoch, h_new_epoch, h_seq) AS g (patient, old_epoch, new_epoch, seq)
            WHERE g.seq > 1 AND h.patient = g.patient COLLATE "C" AND h.epoch = g.old_epoch AND h.seq = g.seq - 1 RETURNING h.patient
        )
        SELECT array_agg(patient) INTO winners FROM (SELECT patient FROM made UNION ALL SELECT patient FROM moved) AS w;

        IF cardinality(winners) = cardinality(h_patient) THEN
            won := array_fill(true, ARRAY[cardinality(h_patient)]);
        ELSE
            SELECT array_agg(coalesce(patient = ANY (winners), false) ORDER BY n) INTO won FROM unnest(h_patient) WITH ORDINALITY AS g (patient, n);
        END IF;

        INSERT INTO record_log (patient, seq, push_id, source, at, body)
        SELECT patient, seq, push_id, source, at, body
        FROM unnest(h_patient, h_seq, h_push, h_source, h_at, h_body) WITH ORDINALITY AS g (patient, seq, push_id, source, at, body, n)
        WHERE won[n::integer];
    END IF;

    IF cardinality(s_n) > 0 THEN
        DELETE FROM follow_up f USING unnest(s_n, s_follow_up) AS g (n, follow_up_id)
        WHERE f.follow_up_id = g.follow_up_id AND won[g.n];
    END IF;

    IF cardinality(p_n) > 0 THEN
        DELETE FROM parked p USING unnest(p_n, p_parked) AS g (n, parked_id) WHERE p.parked_id = g.parked_id COLLATE "C" AND won[g.n];
    END IF;

    IF cardinality(x_n) > 0 THEN
        -- New, or the patient's already. In the order of the keys, so that two silos wait for each other one way only. What is another
        -- patient's is locked here and left as it is.
        INSERT INTO source_index AS i (source, type, id, patient, version)
        SELECT source, type, id, patient, version
        FROM unnest(x_n, x_patient, x_source, x_type, x_id, x_version) AS g (n, patient, source, type, id, version)
        WHERE won[n] ORDER BY id COLLATE "C", type COLLATE "C", source COLLATE "C"
        ON CONFLICT (source, type, id) DO UPDATE SET version = greatest(i.version, excluded.version) WHERE i.patient = excluded.patient;
        GET DIAGNOSTICS written = ROW_COUNT;
        SELECT count(*) INTO given FROM unnest(x_n) AS n WHERE won[n];

        IF written < given THEN
            FOR entry IN
                SELECT g.patient, g.source, g.type, g.id, g.version, i.patient AS holder, i.version AS held
                FROM unnest(x_n, x_patient, x_source, x_type, x_id, x_version) WITH ORDINALITY AS g (n, patient, source, type, id, version, nth)
                JOIN source_index i ON i.source = g.source COLLATE "C" AND i.type = g.type COLLATE "C" AND i.id = g.id COLLATE "C"
                WHERE won[g.n] AND i.patient <> g.patient COLLATE "C" ORDER BY g.nth
            LOOP
                -- Equal versions: the smaller key, so that it does not matter which came first.
                moves := entry.version > entry.held OR (entry.version = entry.held AND entry.patient < entry.holder COLLATE "C");
                IF moves THEN
                    UPDATE source_index SET patient = entry.patient, version = entry.version
                    WHERE source = entry.source COLLATE "C" AND type = entry.type COLLATE "C" AND id = entry.id COLLATE "C";
                END IF;

                -- A pending one gives way, and the new one has a number of its own: whoever is carrying the old one out settles the old number.
                INSERT INTO follow_up (patient, kind, source, type, id, version)
                VALUES (
                    CASE WHEN moves THEN entry.holder ELSE entry.patient END, 1, entry.source, entry.type, entry.id,
                    CASE WHEN moves THEN entry.version ELSE entry.held END)
                ON CONFLICT (patient, kind, source, type, id) DO UPDATE SET follow_up_id = excluded.follow_up_id, version = excluded.version;
            END LOOP;
        END IF;
    END IF;

    IF cardinality(i_n) > 0 THEN
        DELETE FROM local_identifier l
        USING unnest(i_n, i_patient, i_source, i_system, i_value, i_is_former) AS g (n, patient, source, system, value, is_former)
        WHERE g.is_former AND won[g.n] AND l.source = g.source COLLATE "C" AND l.system = g.system AND l.value = g.value
            AND l.patient = g.patient COLLATE "C";
        INSERT INTO local_identifier (source, system, value, patient)
        SELECT source, system, value, patient
        FROM unnest(i_n, i_patient, i_source, i_system, i_value, i_is_former) AS g (n, patient, source, system, value, is_former)
        WHERE NOT is_former AND won[n] ORDER BY source COLLATE "C", system, value, patient COLLATE "C"
        ON CONFLICT DO NOTHING;
    END IF;

    IF cardinality(u_n) = 0 AND cardinality(k_n) = 0 THEN
        RETURN won;
    END IF;

    -- What is kept in this version or a higher one already needs nothing, now or later.
    keeps := ARRAY(
        SELECT g.nth FROM unnest(k_n, k_source, k_type, k_id, k_version) WITH ORDINALITY AS g (n, source, type, id, version, nth)
        WHERE (g.n = 0 OR won[g.n]) AND NOT EXISTS (
            SELECT FROM supporting s
            WHERE s.source = g.source COLLATE "C" AND s.type = g.type COLLATE "C" AND s.id = g.id COLLATE "C" AND s.version >= g.version));

    -- A use in one silo and a new version in another: without a lock that both take, neither would see the other, and nobody would deliver.
    FOR entry IN
        SELECT stripe, bool_or(alone) AS alone
        FROM (SELECT unnest(u_stripe) AS stripe, false AS alone UNION ALL SELECT k_stripe[nth::integer], true FROM unnest(keeps) AS nth) AS t
        GROUP BY stripe ORDER BY stripe
    LOOP
        IF entry.alone THEN
            PERFORM pg_advisory_xact_lock(1818780517, entry.stripe);
        ELSE
            PERFORM pg_advisory_xact_lock_shared(1818780517, entry.stripe);
        END IF;
    END LOOP;

    IF cardinality(u_n) > 0 THEN
        INSERT INTO supporting_use AS u (source, type, id, patient, delivered)
        SELECT source, type, id, patient, delivered
        FROM unnest(u_n, u_patient, u_source, u_type, u_id, u_delivered) AS g (n, patient, source, type, id, delivered)
        WHERE won[n] AND NOT EXISTS (
            SELECT FROM supporting_use h
            WHERE h.source = g.source COLLATE "C" AND h.type = g.type COLLATE "C" AND h.id = g.id COLLATE "C"
                AND h.patient = g.patient COLLATE "C" AND (g.delivered IS NULL OR h.delivered >= g.delivered))
        ORDER BY id COLLATE "C", type COLLATE "C", source COLLATE "C", patient COLLATE "C"
        ON CONFLICT (source, type, id, patient) DO UPDATE SET delivered = excluded.delivered
        WHERE excluded.delivered > coalesce(u.delivered, '');
    END IF;

    IF cardinality(keeps) > 0 THEN
        INSERT INTO supporting AS s (source, type, id, version, body)
        SELECT DISTINCT ON (id COLLATE "C", type COLLATE "C", source COLLATE "C") source, type, id, version, body
        FROM unnest(k_source, k_type, k_id, k_version, k_body) WITH ORDINALITY AS g (source, type, id, version, body, nth)
        WHERE nth = ANY (keeps) ORDER BY id COLLATE "C", type COLLATE "C", source COLLATE "C", version DESC, nth
        ON CONFLICT (source, type, id) DO UPDATE SET version = excluded.version, body = excluded.body WHERE excluded.version > s.version;

        INSERT INTO follow_up (patient, kind, source, type, id, version)
        SELECT u.patient, 2, u.source, u.type, u.id, s.version
        FROM (
            SELECT source, type, id, max(nth) AS nth
            FROM unnest(k_source, k_type, k_id) WITH ORDINALITY AS k (source, type, id, nth)
            WHERE nth = ANY (keeps) GROUP BY source, type, id) AS g
        JOIN supporting s ON s.source = g.source COLLATE "C" AND s.type = g.type COLLATE "C" AND s.id = g.id COLLATE "C"
        JOIN supporting_use u ON u.source = s.source AND u.type = s.type AND u.id = s.id
        WHERE u.delivered IS NULL OR u.delivered < s.version ORDER BY g.nth, u.patient
        ON CONFLICT (patient, kind, source, type, id) DO UPDATE SET follow_up_id = excluded.follow_up_id, version = excluded.version;
    END IF;

    IF cardinality(u_n) > 0 THEN
        INSERT INTO follow_up (patient, kind, source, type, id, version)
        SELECT g.patient, 2, g.source, g.type, g.id, s.version
        FROM unnest(u_n, u_patient, u_source, u_type, u_id) WITH ORDINALITY AS g (n, patient, source, type, id, nth)
        JOIN supporting s ON s.source = g.source COLLATE "C" AND s.type = g.type COLLATE "C" AND s.id = g.id COLLATE "C"
        -- OFFSET 0: by the whole key, and not through all who use the resource.
        JOIN LATERAL (
            SELECT h.delivered FROM supporting_use h
            WHERE h.source = g.source COLLATE "C" AND h.type = g.type COLLATE "C" AND h.id = g.id COLLATE "C"
                AND h.patient = g.patient COLLATE "C" OFFSET 0) u ON true
        WHERE won[g.n] AND (u.delivered IS NULL OR u.delivered < s.version) ORDER BY g.nth
        ON CONFLICT (patient, kind, source, type, id) DO UPDATE SET follow_up_id = excluded.follow_up_id, version = excluded.version;
    END IF;

    RETURN won;
END $$;

-- Rows that become chunks (c_: kind, number, from, to, body). False, and nothing written, where the head or the log is not as it was.
CREATE FUNCTION journal_fold(
    whose text, of_epoch bigint, old_snap_seq bigint, new_snap_seq bigint, dropped integer[],
    c_kind smallint[], c_no integer[], c_from bigint[], c_to bigint[], c_body bytea[],
    history_from bigint, history_to bigint -- null for none
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE record_head SET snap_seq = new_snap_seq
    WHERE patient = whose COLLATE "C" AND epoch = of_epoch AND snap_seq = old_snap_seq AND seq >= new_snap_seq
        AND (history_from IS NULL OR history_from = (SELECT min(l.seq) FROM record_log l WHERE l.patient = whose COLLATE "C"));
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    DELETE FROM record_chunk WHERE patient = whose COLLATE "C" AND kind = 1 AND chunk_no = ANY (dropped);
    INSERT INTO record_chunk (patient, kind, chunk_no, from_seq, to_seq, body)
    SELECT whose, kind, chunk_no, from_seq, to_seq, body
    FROM unnest(c_kind, c_no, c_from, c_to, c_body) AS g (kind, chunk_no, from_seq, to_seq, body);
    DELETE FROM record_log WHERE patient = whose COLLATE "C" AND seq <= history_to;
    RETURN true;
END $$;
