-- SPDX-License-Identifier: Apache-2.0
--
-- What a PostgreSQL database has beside the tables of schema_N.sql: the functions of SQLite that
-- these and our statements use, and one row that says whose database it is. Made before the tables.

CREATE TABLE dialtone_schema (
  version BIGINT NOT NULL,
  trimmed BIGINT NOT NULL DEFAULT 0,  -- change_log has lost rows up to this xid
  one_row BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (one_row)
);

-- Seconds of this statement.
CREATE FUNCTION unixepoch() RETURNS BIGINT LANGUAGE sql STABLE AS
  $$ SELECT CAST(floor(extract(epoch FROM statement_timestamp())) AS BIGINT) $$;

-- Of 'now' alone, for change_log.at_ms.
CREATE FUNCTION julianday(moment TEXT) RETURNS DOUBLE PRECISION LANGUAGE sql VOLATILE AS
  $$ SELECT CAST(extract(epoch FROM clock_timestamp()) / 86400 + 2440587.5 AS DOUBLE PRECISION) $$;

CREATE FUNCTION json_type(document TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE STRICT AS
  $$ SELECT json_typeof(CAST(document AS json)) $$;

-- PostgreSQL's own takes a json.
CREATE FUNCTION json_each(document TEXT, OUT key TEXT, OUT value TEXT) RETURNS SETOF RECORD
  LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT * FROM json_each_text(CAST(document AS json)) $$;

-- * any text, ? any character, [A-F] one of these.
CREATE FUNCTION glob(pattern TEXT, word TEXT) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE STRICT AS
  $$ SELECT word ~ ('^' || replace(replace(
       regexp_replace(pattern, '([.+(){}|\\$])', '\\\1', 'g'), '*', '.*'), '?', '.') || '$') $$;
