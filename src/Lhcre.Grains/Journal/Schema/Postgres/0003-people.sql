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

-- The same as without the people, and by what each is found from now on. A silo of the release before calls the other one: it stays.
-- f_: of which append, and from where to where in r_ its rows stand (to < from for none: nobody is found by anything any more). r_: the rows.
CREATE FUNCTION journal_append(
    h_patient text[], h_old_epoch bigint[], h_new_epoch bigint[], h_seq bigint[], h_push bytea[], h_source text[], h_at bigint[], h_body bytea[],
    x_n integer[], x_patient text[], x_source text[], x_type text[], x_id text[], x_version bytea[],
    i_n integer[], i_patient text[], i_source text[], i_system bytea[], i_value bytea[], i_is_former boolean[],
    u_n integer[], u_patient text[], u_source text[], u_type text[], u_id text[], u_delivered bytea[], u_stripe integer[],
    k_n integer[], k_source text[], k_type text[], k_id text[], k_version bytea[], k_body bytea[], k_stripe integer[],
    s_n integer[], s_follow_up bigint[],
    p_n integer[], p_parked text[],
    f_n integer[], f_from integer[], f_to integer[],
    r_n integer[], r_name text[], r_born integer[], r_part smallint[], r_is_whole smallint[], r_genders smallint[]
) RETURNS boolean[] LANGUAGE plpgsql AS $$
DECLARE
    won boolean[] := journal_append(
        h_patient, h_old_epoch, h_new_epoch, h_seq, h_push, h_source, h_at, h_body, x_n, x_patient, x_source, x_type, x_id, x_version,
        i_n, i_patient, i_source, i_system, i_value, i_is_former, u_n, u_patient, u_source, u_type, u_id, u_delivered, u_stripe,
        k_n, k_source, k_type, k_id, k_version, k_body, k_stripe, s_n, s_follow_up, p_n, p_parked);
BEGIN
    IF cardinality(f_n) > 0 THEN
        -- What stays is left alone: an activation's first append gives the rows of a person who is in the index already.
        DELETE FROM person_index p USING unnest(f_n, f_from, f_to) AS g (n, from_row, to_row)
        WHERE won[g.n] AND p.patient = h_patient[g.n] COLLATE "C" AND NOT EXISTS (
            SELECT FROM generate_series(g.from_row, g.to_row) AS i
            WHERE r_name[i] = p.name AND r_born[i] = p.born AND r_part[i] = p.part);

        INSERT INTO person_index AS p (name, born, part, patient, is_whole, genders)
        SELECT name, born, part, h_patient[n], is_whole, genders
        FROM unnest(r_n, r_name, r_born, r_part, r_is_whole, r_genders) AS g (n, name, born, part, is_whole, genders)
        WHERE won[n]
        ON CONFLICT (name, born, part, patient) DO UPDATE SET is_whole = excluded.is_whole, genders = excluded.genders
        WHERE p.is_whole <> excluded.is_whole OR p.genders <> excluded.genders;
    END IF;

    RETURN won;
END $$;
