-- People are found by what they are called and when they were born, where nothing names them.

-- Each folded name of a person, from each of its words on, with each date of birth. Written in the commit of the row that changes it, so
-- without a CHECK, as the other tables that pushes write.
CREATE TABLE person_index (
    name     text COLLATE "C" NOT NULL,               -- folded: a search for what it begins with is a stretch of the index
    born     integer NOT NULL,                        -- 4 * (days from 0001-01-01 to the first day) + (1 a year, 2 a month, 3 a day)
    part     smallint NOT NULL,                       -- 1 a family name, 2 a given name
    patient  text COLLATE "C" NOT NULL,               -- whose
    is_whole smallint NOT NULL,                       -- 1 from the first word on, else 0
    genders  smallint NOT NULL,                       -- 1 male + 2 female + 4 other + 8 unknown, as the sources say
    PRIMARY KEY (name, born, part, patient)
);

-- A date of birth is fewer people's than most names are.
CREATE INDEX person_by_birth ON person_index (born, name) INCLUDE (part, patient, is_whole, genders);
-- What a person was found by before is taken out, and the other names of one who was found by a name are looked up.
CREATE INDEX person_by_patient ON person_index (patient);

-- By what people are found from now on: of each (d_) from where to where in r_ the rows stand; to < from for none, when nobody is found by
-- anything any more. What stays is left alone: an activation's first append gives the rows of a person who is in the index already.
CREATE FUNCTION journal_people(
    d_patient text[], d_from integer[], d_to integer[],
    r_name text[], r_born integer[], r_part smallint[], r_is_whole smallint[], r_genders smallint[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM person_index p USING unnest(d_patient, d_from, d_to) AS d (patient, from_row, to_row)
    WHERE p.patient = d.patient COLLATE "C" AND NOT EXISTS (
        SELECT FROM generate_series(d.from_row, d.to_row) AS i WHERE r_name[i] = p.name AND r_born[i] = p.born AND r_part[i] = p.part);

    INSERT INTO person_index AS p (name, born, part, patient, is_whole, genders)
    SELECT r_name[i], r_born[i], r_part[i], d.patient, r_is_whole[i], r_genders[i]
    FROM unnest(d_patient, d_from, d_to) AS d (patient, from_row, to_row) CROSS JOIN LATERAL generate_series(d.from_row, d.to_row) AS i
    ON CONFLICT (name, born, part, patient) DO UPDATE SET is_whole = excluded.is_whole, genders = excluded.genders
    WHERE p.is_whole <> excluded.is_whole OR p.genders <> excluded.genders;
END $$;

-- By what people are found whose records are still as they were when that was worked out: what was appended since has said it.
CREATE FUNCTION journal_describe(
    d_patient text[], d_seq bigint[], d_from integer[], d_to integer[],
    r_name text[], r_born integer[], r_part smallint[], r_is_whole smallint[], r_genders smallint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    patients text[];
    first_rows integer[];
    last_rows integer[];
BEGIN
    SELECT array_agg(patient), array_agg(from_row), array_agg(to_row) INTO patients, first_rows, last_rows
    FROM (
        SELECT h.patient, d.from_row, d.to_row FROM unnest(d_patient, d_seq, d_from, d_to) AS d (patient, seq, from_row, to_row)
        JOIN record_head h ON h.patient = d.patient COLLATE "C" AND h.seq = d.seq ORDER BY h.patient FOR UPDATE OF h) AS still;
    PERFORM journal_people(patients, first_rows, last_rows, r_name, r_born, r_part, r_is_whole, r_genders);
END $$;

-- The same as without the people, and by what each is found from now on: d_n says of which append. A silo of the release before calls the
-- other one, so that stays.
CREATE FUNCTION journal_append(
    h_patient text[], h_old_epoch bigint[], h_new_epoch bigint[], h_seq bigint[], h_push bytea[], h_source text[], h_at bigint[], h_body bytea[],
    x_n integer[], x_patient text[], x_source text[], x_type text[], x_id text[], x_version bytea[],
    i_n integer[], i_patient text[], i_source text[], i_system bytea[], i_value bytea[], i_is_former boolean[],
    u_n integer[], u_patient text[], u_source text[], u_type text[], u_id text[], u_delivered bytea[], u_stripe integer[],
    k_n integer[], k_source text[], k_type text[], k_id text[], k_version bytea[], k_body bytea[], k_stripe integer[],
    s_n integer[], s_follow_up bigint[],
    p_n integer[], p_parked text[],
    d_n integer[], d_from integer[], d_to integer[],
    r_name text[], r_born integer[], r_part smallint[], r_is_whole smallint[], r_genders smallint[]
) RETURNS boolean[] LANGUAGE plpgsql AS $$
DECLARE
    won boolean[] := journal_append(
        h_patient, h_old_epoch, h_new_epoch, h_seq, h_push, h_source, h_at, h_body, x_n, x_patient, x_source, x_type, x_id, x_version,
        i_n, i_patient, i_source, i_system, i_value, i_is_former, u_n, u_patient, u_source, u_type, u_id, u_delivered, u_stripe,
        k_n, k_source, k_type, k_id, k_version, k_body, k_stripe, s_n, s_follow_up, p_n, p_parked);
    patients text[];
    first_rows integer[];
    last_rows integer[];
BEGIN
    IF cardinality(d_n) > 0 THEN
        SELECT array_agg(h_patient[n]), array_agg(from_row), array_agg(to_row) INTO patients, first_rows, last_rows
        FROM unnest(d_n, d_from, d_to) AS d (n, from_row, to_row) WHERE won[n];
        PERFORM journal_people(patients, first_rows, last_rows, r_name, r_born, r_part, r_is_whole, r_genders);
    END IF;

    RETURN won;
END $$;
