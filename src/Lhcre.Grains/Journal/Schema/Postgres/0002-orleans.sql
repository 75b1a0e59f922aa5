-- What Orleans keeps beside the journal: who is in the cluster, reminders, and small side state of grains.
-- Orleans (ADO.NET providers 10.4) brings no tables: it reads the statements that it runs from OrleansQuery, by key. The names of the keys, of
-- the parameters (@…) and of the columns that a statement returns are Orleans'; tables and statements are ours.
-- A statement answers in one row or none and in one commit: nothing here needs a transaction around it.

CREATE TABLE orleansquery
(
    querykey  text NOT NULL PRIMARY KEY,
    querytext text NOT NULL
);

-- Membership. ---------------------------------------------------------------------------------------------------------------------------

-- The cluster's version. Every change of a member raises it by one, in the same statement and only from the version that the writer has read:
-- so changes have one order, and of two that raced one is told to read again.
CREATE TABLE orleans_cluster
(
    cluster_id text NOT NULL PRIMARY KEY,
    version    integer NOT NULL DEFAULT 0
);

-- One row for each start of a silo: generation is the time of the start.
CREATE TABLE orleans_silo
(
    cluster_id    text NOT NULL REFERENCES orleans_cluster,
    address       text NOT NULL,
    port          integer NOT NULL,
    generation    integer NOT NULL,
    silo_name     text NOT NULL,
    host_name     text NOT NULL,
    status        integer NOT NULL, -- Orleans.Runtime.SiloStatus: 3 is active, 6 is dead
    proxy_port    integer NOT NULL, -- 0: takes no clients
    suspect_times text,             -- who suspects it, and when, in Orleans' own writing
    start_time    timestamptz NOT NULL,
    alive_time    timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation)
);

INSERT INTO orleansquery (querykey, querytext) VALUES
('InsertMembershipVersionKey', $q$
WITH made AS (
    INSERT INTO orleans_cluster (cluster_id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING cluster_id)
SELECT EXISTS (SELECT FROM made)
$q$),

-- From the version that the writer has read, and only once: nothing is raised for a silo that stands there already.
('InsertMembershipKey', $q$
WITH raised AS (
    UPDATE orleans_cluster AS c SET version = c.version + 1
    WHERE c.cluster_id = @DeploymentId AND c.version = @Version
      AND NOT EXISTS (
          SELECT FROM orleans_silo AS s
          WHERE s.cluster_id = @DeploymentId AND s.address = @Address AND s.port = @Port AND s.generation = @Generation)
    RETURNING c.cluster_id),
joined AS (
    INSERT INTO orleans_silo
        (cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_time)
    SELECT raised.cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
    FROM raised
    RETURNING cluster_id)
SELECT EXISTS (SELECT FROM joined)
$q$),

('UpdateMembershipKey', $q$
WITH raised AS (
    UPDATE orleans_cluster AS c SET version = c.version + 1
    WHERE c.cluster_id = @DeploymentId AND c.version = @Version
      AND EXISTS (
          SELECT FROM orleans_silo AS s
          WHERE s.cluster_id = @DeploymentId AND s.address = @Address AND s.port = @Port AND s.generation = @Generation)
    RETURNING c.cluster_id),
changed AS (
    UPDATE orleans_silo AS s SET status = @Status, suspect_times = @SuspectTimes, alive_time = @IAmAliveTime
    FROM raised
    WHERE s.cluster_id = raised.cluster_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
    RETURNING s.cluster_id)
SELECT EXISTS (SELECT FROM changed)
$q$),

-- A heartbeat is no change of the cluster: it raises no version.
('UpdateIAmAlivetimeKey', $q$
UPDATE orleans_silo SET alive_time = @IAmAliveTime
WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$q$),

-- The version comes also where there is no such silo: a row of it alone.
('MembershipReadRowKey', $q$
SELECT c.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
       s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
       s.start_time AS StartTime, s.alive_time AS IAmAliveTime
FROM orleans_cluster AS c
LEFT JOIN orleans_silo AS s
       ON s.cluster_id = c.cluster_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
WHERE c.cluster_id = @DeploymentId
$q$),

('MembershipReadAllKey', $q$
SELECT c.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
       s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
       s.start_time AS StartTime, s.alive_time AS IAmAliveTime
FROM orleans_cluster AS c
LEFT JOIN orleans_silo AS s ON s.cluster_id = c.cluster_id
WHERE c.cluster_id = @DeploymentId
$q$),

('GatewaysQueryKey', $q$
SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
FROM orleans_silo
WHERE cluster_id = @DeploymentId AND status = @Status AND proxy_port > 0
$q$),

-- Only of the dead: one that lives and cannot write its heartbeat must stay.
('CleanupDefunctSiloEntriesKey', $q$
DELETE FROM orleans_silo WHERE cluster_id = @DeploymentId AND status = 6 AND alive_time < @IAmAliveTime
$q$),

('DeleteMembershipTableEntriesKey', $q$
WITH silos AS (DELETE FROM orleans_silo WHERE cluster_id = @DeploymentId)
DELETE FROM orleans_cluster WHERE cluster_id = @DeploymentId
$q$);

-- Reminders. ----------------------------------------------------------------------------------------------------------------------------

CREATE TABLE orleans_reminder
(
    service_id    text NOT NULL,
    grain_id      text NOT NULL,
    reminder_name text NOT NULL,
    grain_hash    integer NOT NULL, -- Orleans' unsigned 32 bits as a signed number
    start_time    timestamptz NOT NULL,
    period        bigint NOT NULL,  -- milliseconds
    version       integer NOT NULL DEFAULT 0,
    PRIMARY KEY (service_id, grain_id, reminder_name)
);

-- Each silo reads its own range of the ring.
CREATE INDEX orleans_reminder_hash ON orleans_reminder (service_id, grain_hash);

INSERT INTO orleansquery (querykey, querytext) VALUES
('UpsertReminderRowKey', $q$
INSERT INTO orleans_reminder AS r (service_id, grain_id, reminder_name, grain_hash, start_time, period)
VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period)
ON CONFLICT (service_id, grain_id, reminder_name) DO UPDATE
SET grain_hash = excluded.grain_hash, start_time = excluded.start_time, period = excluded.period, version = r.version + 1
RETURNING version AS Version
$q$),

('ReadReminderRowKey', $q$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM orleans_reminder
WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName
$q$),

('ReadReminderRowsKey', $q$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM orleans_reminder
WHERE service_id = @ServiceId AND grain_id = @GrainId
$q$),

-- A range of the ring: behind its beginning, up to its end.
('ReadRangeRows1Key', $q$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM orleans_reminder
WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
$q$),

-- The same of a range over the ring's seam.
('ReadRangeRows2Key', $q$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM orleans_reminder
WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
$q$),

('DeleteReminderRowKey', $q$
WITH gone AS (
    DELETE FROM orleans_reminder
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName AND version = @Version
    RETURNING version)
SELECT EXISTS (SELECT FROM gone)
$q$),

('DeleteReminderRowsKey', $q$
DELETE FROM orleans_reminder WHERE service_id = @ServiceId
$q$);

-- Side state of grains: feeds, jobs, subscriptions. Small and slow; a person's record is in the journal. -------------------------------------

-- The whole key is unique, and nothing of it is null, since nulls differ from each other: two activations that race on a first write would
-- otherwise leave two rows, of which neither could be written ever again. The hashes come first, as the index is searched by them.
CREATE TABLE orleans_state
(
    grain_id_hash   integer NOT NULL,
    grain_type_hash integer NOT NULL,
    grain_id_n0     bigint NOT NULL,
    grain_id_n1     bigint NOT NULL,
    grain_id_text   text NOT NULL, -- of a grain with a string as its key, and the extension of another key; '' for none
    grain_type      text NOT NULL,
    service_id      text NOT NULL,
    version         integer NOT NULL,
    payload         bytea,         -- null: cleared, so that the version goes on
    changed_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (grain_id_hash, grain_type_hash, grain_id_n0, grain_id_n1, grain_id_text, grain_type, service_id)
);

INSERT INTO orleansquery (querykey, querytext) VALUES
-- Who has read no version makes the row, who has read one takes the next. No row in the answer: somebody else was first, and Orleans throws
-- InconsistentStateException.
('WriteToStorageKey', $q$
WITH changed AS (
    UPDATE orleans_state SET version = version + 1, payload = @PayloadBinary, changed_at = now()
    WHERE grain_id_hash = @GrainIdHash AND grain_type_hash = @GrainTypeHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
      AND grain_id_text = coalesce(@GrainIdExtensionString, '') AND grain_type = @GrainTypeString AND service_id = @ServiceId
      AND version = @GrainStateVersion
    RETURNING version),
made AS (
    INSERT INTO orleans_state
        (grain_id_hash, grain_type_hash, grain_id_n0, grain_id_n1, grain_id_text, grain_type, service_id, version, payload)
    SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @GrainTypeString, @ServiceId,
           1, @PayloadBinary
    WHERE @GrainStateVersion IS NULL
    ON CONFLICT DO NOTHING
    RETURNING version)
SELECT version AS NewGrainStateVersion FROM changed UNION ALL SELECT version FROM made
$q$),

('ReadFromStorageKey', $q$
SELECT payload AS PayloadBinary, version AS Version
FROM orleans_state
WHERE grain_id_hash = @GrainIdHash AND grain_type_hash = @GrainTypeHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
  AND grain_id_text = coalesce(@GrainIdExtensionString, '') AND grain_type = @GrainTypeString AND service_id = @ServiceId
$q$),

('ClearStorageKey', $q$
UPDATE orleans_state SET version = version + 1, payload = NULL, changed_at = now()
WHERE grain_id_hash = @GrainIdHash AND grain_type_hash = @GrainTypeHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
  AND grain_id_text = coalesce(@GrainIdExtensionString, '') AND grain_type = @GrainTypeString AND service_id = @ServiceId
  AND version = @GrainStateVersion
RETURNING version AS NewGrainStateVersion
$q$),

-- Answers the version that would have come next, as the others do.
('DeleteStorageKey', $q$
DELETE FROM orleans_state
WHERE grain_id_hash = @GrainIdHash AND grain_type_hash = @GrainTypeHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
  AND grain_id_text = coalesce(@GrainIdExtensionString, '') AND grain_type = @GrainTypeString AND service_id = @ServiceId
  AND version = @GrainStateVersion
RETURNING version + 1 AS NewGrainStateVersion
$q$);
