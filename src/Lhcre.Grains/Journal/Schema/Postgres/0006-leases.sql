-- What was pulled for a visit is held for the visit, and then it is erased.

-- Written in the commit of the row that brings what is held: no such row is on disk without its end.
CREATE TABLE lease (
    patient       text COLLATE "C" NOT NULL,             -- whose record
    source        text COLLATE "C" NOT NULL,             -- from where it was pulled
    from_at       bigint NOT NULL,                       -- since when something of it is held
    until_at      bigint NOT NULL,                       -- from when on it is due to be erased
    is_discharged smallint NOT NULL DEFAULT 0,           -- 1 where the end of the stay is known, else 0
    PRIMARY KEY (patient, source)
);

-- What is due is looked for all the time.
CREATE INDEX lease_by_end ON lease (until_at, patient, source);

-- What goes with a row that erases, behind it in its transaction, and only if that row is there: chunks as of it in place of all but the history chunks that are kept.
CREATE FUNCTION journal_blank(
    whose text, of_seq bigint, of_push bytea, of_at bigint, of_source text, -- null for all sources
    kept integer[], c_kind smallint[], c_no integer[], c_from bigint[], c_to bigint[], c_body bytea[],
    n_source text[], n_system bytea[], n_value bytea[], u_source text[], u_type text[], u_id text[], u_stripe integer[], asides text[], answers bytea[]
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    stripe integer;
BEGIN
    IF NOT EXISTS (
        SELECT FROM record_log l WHERE l.patient = whose COLLATE "C" AND l.seq = of_seq AND l.push_id = of_push AND l.xmin = pg_current_xact_id()::xid) THEN
        RETURN false;
    END IF;

    UPDATE record_head SET snap_seq = of_seq WHERE patient = whose COLLATE "C";
    DELETE FROM record_chunk WHERE patient = whose COLLATE "C" AND (kind = 1 OR NOT chunk_no = ANY (kept));
    INSERT INTO record_chunk (patient, kind, chunk_no, from_seq, to_seq, body)
    SELECT whose, kind, chunk_no, from_seq, to_seq, body
    FROM unnest(c_kind, c_no, c_from, c_to, c_body) AS g (kind, chunk_no, from_seq, to_seq, body);
    DELETE FROM record_log WHERE patient = whose COLLATE "C" AND seq <= of_seq;

    DELETE FROM local_identifier i USING unnest(n_source, n_system, n_value) AS g (source, system, value)
    WHERE i.source = g.source COLLATE "C" AND i.system = g.system AND i.value = g.value AND i.patient = whose COLLATE "C";

    -- Whoever begins to use one of them waits, and so is seen here, or keeps it anew behind this.
    FOREACH stripe IN ARRAY u_stripe LOOP
        PERFORM pg_advisory_xact_lock(1818780517, stripe);
    END LOOP;
    DELETE FROM supporting s USING unnest(u_source, u_type, u_id) AS g (source, type, id)
    WHERE s.source = g.source COLLATE "C" AND s.type = g.type COLLATE "C" AND s.id = g.id COLLATE "C"
        AND NOT EXISTS (SELECT FROM supporting_use u WHERE u.source = s.source AND u.type = s.type AND u.id = s.id);

    DELETE FROM follow_up WHERE patient = whose COLLATE "C" AND (of_source IS NULL OR source = of_source COLLATE "C");
    UPDATE parked SET discarded_at = NULL WHERE parked_id = ANY (asides) AND discarded_at IS NOT NULL;
    DELETE FROM parked WHERE parked_id = ANY (asides);
    DELETE FROM refused WHERE refused_id = ANY (asides);
    DELETE FROM answer WHERE push_id = ANY (answers);
    DELETE FROM lease WHERE patient = whose COLLATE "C" AND (of_source IS NULL OR source = of_source COLLATE "C");
    INSERT INTO lhcre_meta (name, value) VALUES ('erased', of_at::text) ON CONFLICT (name) DO UPDATE SET value = excluded.value;
    RETURN true;
END $$;
