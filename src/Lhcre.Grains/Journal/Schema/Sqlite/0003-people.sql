-- People are found by what they are called and when they were born, where nothing names them.

-- Each folded name of a person, from each of its words on, with each date of birth. Written in the commit of the row that changes it.
CREATE TABLE person_index (
    name     TEXT    NOT NULL,                         -- folded: a search for what it begins with is a stretch of the index
    born     INTEGER NOT NULL,                         -- 4 * (days from 0001-01-01 to the first day) + (1 a year, 2 a month, 3 a day)
    part     INTEGER NOT NULL CHECK (part IN (1, 2)),  -- 1 a family name, 2 a given name
    patient  TEXT    NOT NULL,                         -- whose
    is_whole INTEGER NOT NULL CHECK (is_whole IN (0, 1)), -- 1 from the first word on
    genders  INTEGER NOT NULL,                         -- 1 male + 2 female + 4 other + 8 unknown, as the sources say
    PRIMARY KEY (name, born, part, patient)
) STRICT, WITHOUT ROWID;

-- A date of birth is fewer people's than most names are.
CREATE INDEX person_by_birth ON person_index (born, name, part, is_whole, genders);
-- What a person was found by before is taken out, and the other names of one who was found by a name are looked up.
CREATE INDEX person_by_patient ON person_index (patient);
