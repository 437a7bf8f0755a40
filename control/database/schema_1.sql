-- SPDX-License-Identifier: Apache-2.0
--
-- The device database, schema 1. Shared rows first, then devices and what belongs to one device.
-- A file that has left the house is never changed: the next version brings its own schema_N.sql,
-- and schema.cc runs those that a database lacks, in order, then seed.cc and the triggers that keep
-- change_log and changed_s (change_tables.cc).
--
-- Shared rows have a name for people and an id for references. JSON columns are objects whose values
-- are texts; the order of a tag object is the order of the tags in the file.

CREATE TABLE cm_nodes (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',  -- host or address
  ipv6_address TEXT NOT NULL DEFAULT '',
  sccp_port INTEGER NOT NULL DEFAULT 2000 CHECK (sccp_port BETWEEN 1 AND 65535),
  sip_port INTEGER NOT NULL DEFAULT 5060 CHECK (sip_port BETWEEN 1 AND 65535),
  secure_sip_port INTEGER NOT NULL DEFAULT 5061 CHECK (secure_sip_port BETWEEN 1 AND 65535),
  mgcp_listen_port INTEGER NOT NULL DEFAULT 2427 CHECK (mgcp_listen_port BETWEEN 1 AND 65535),
  mgcp_keepalive_port INTEGER NOT NULL DEFAULT 2428 CHECK (mgcp_keepalive_port BETWEEN 1 AND 65535)
) STRICT;

CREATE TABLE cm_groups (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1))
) STRICT;

CREATE TABLE cm_group_members (
  group_id INTEGER NOT NULL REFERENCES cm_groups (id) ON DELETE CASCADE,
  prio INTEGER NOT NULL CHECK (prio >= 0),  -- lowest is tried first
  node_id INTEGER NOT NULL REFERENCES cm_nodes (id) ON DELETE RESTRICT,
  PRIMARY KEY (group_id, prio)
) STRICT, WITHOUT ROWID;

CREATE TABLE ntp_servers (
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL UNIQUE,
  mode TEXT NOT NULL DEFAULT 'unicast' CHECK (mode IN ('unicast', 'directedbroadcast'))
) STRICT;

CREATE TABLE date_time_groups (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  date_template TEXT NOT NULL DEFAULT 'D/M/Y',
  time_zone TEXT NOT NULL DEFAULT 'GMT Standard/Daylight Time',
  olson_time_zone TEXT NOT NULL DEFAULT 'Etc/UTC'
) STRICT;

CREATE TABLE date_time_group_members (
  group_id INTEGER NOT NULL REFERENCES date_time_groups (id) ON DELETE CASCADE,
  prio INTEGER NOT NULL CHECK (prio >= 0),
  server_id INTEGER NOT NULL REFERENCES ntp_servers (id) ON DELETE RESTRICT,
  PRIMARY KEY (group_id, prio)
) STRICT, WITHOUT ROWID;

CREATE TABLE srst_references (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  option TEXT NOT NULL DEFAULT 'Disable' CHECK (option IN ('Disable', 'Enable')),
  user_modifiable INTEGER NOT NULL DEFAULT 0 CHECK (user_modifiable IN (0, 1)),
  address1 TEXT NOT NULL DEFAULT '',
  address2 TEXT NOT NULL DEFAULT '',
  address3 TEXT NOT NULL DEFAULT '',
  port1 INTEGER NOT NULL DEFAULT 2000 CHECK (port1 BETWEEN 1 AND 65535),
  port2 INTEGER NOT NULL DEFAULT 2000 CHECK (port2 BETWEEN 1 AND 65535),
  port3 INTEGER NOT NULL DEFAULT 2000 CHECK (port3 BETWEEN 1 AND 65535),
  sip_address1 TEXT NOT NULL DEFAULT '',
  sip_address2 TEXT NOT NULL DEFAULT '',
  sip_address3 TEXT NOT NULL DEFAULT '',
  sip_port1 INTEGER NOT NULL DEFAULT 5060 CHECK (sip_port1 BETWEEN 1 AND 65535),
  sip_port2 INTEGER NOT NULL DEFAULT 5060 CHECK (sip_port2 BETWEEN 1 AND 65535),
  sip_port3 INTEGER NOT NULL DEFAULT 5060 CHECK (sip_port3 BETWEEN 1 AND 65535),
  is_secure INTEGER NOT NULL DEFAULT 0 CHECK (is_secure IN (0, 1))
) STRICT;

CREATE TABLE locales (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('user', 'network')),
  name TEXT NOT NULL,
  lang_code TEXT NOT NULL DEFAULT '',
  uid INTEGER NOT NULL DEFAULT 1 CHECK (uid BETWEEN 0 AND 4294967295),
  version TEXT NOT NULL DEFAULT '1.0.0.0-1',
  charset TEXT NOT NULL DEFAULT 'utf-8',
  UNIQUE (kind, name)
) STRICT;

CREATE TABLE device_pools (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  cm_group_id INTEGER NOT NULL REFERENCES cm_groups (id) ON DELETE RESTRICT,
  date_time_group_id INTEGER NOT NULL REFERENCES date_time_groups (id) ON DELETE RESTRICT,
  srst_id INTEGER REFERENCES srst_references (id) ON DELETE RESTRICT,
  user_locale_id INTEGER REFERENCES locales (id) ON DELETE RESTRICT,
  network_locale_id INTEGER REFERENCES locales (id) ON DELETE RESTRICT,
  revert_priority INTEGER NOT NULL DEFAULT 0 CHECK (revert_priority BETWEEN 0 AND 4294967295),
  connection_monitor_s INTEGER NOT NULL DEFAULT 120
    CHECK (connection_monitor_s BETWEEN 0 AND 4294967295)
) STRICT;

CREATE TABLE models (
  id INTEGER PRIMARY KEY,
  number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 4294967295),  -- N of loadInformationN
  name TEXT NOT NULL,
  protocol TEXT NOT NULL CHECK (protocol IN ('SCCP', 'SIP')),
  default_load TEXT NOT NULL DEFAULT '',
  max_lines INTEGER NOT NULL DEFAULT 1 CHECK (max_lines BETWEEN 0 AND 999),
  vendor_config TEXT NOT NULL DEFAULT '{}' CHECK (json_type(vendor_config) = 'object'),
  UNIQUE (number, protocol)
) STRICT;

-- Settings of profiles and parameters: generator/field_table.cc has the names and what they take.
CREATE TABLE common_profiles (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  settings TEXT NOT NULL DEFAULT '{}' CHECK (json_type(settings) = 'object'),
  common_config TEXT NOT NULL DEFAULT '{}' CHECK (json_type(common_config) = 'object')
) STRICT;

CREATE TABLE sip_profiles (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  settings TEXT NOT NULL DEFAULT '{}' CHECK (json_type(settings) = 'object')
) STRICT;

CREATE TABLE security_profiles (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  settings TEXT NOT NULL DEFAULT '{}' CHECK (json_type(settings) = 'object')
) STRICT;

CREATE TABLE phone_services (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  type INTEGER NOT NULL DEFAULT 0 CHECK (type BETWEEN 0 AND 2),  -- service, directory, messages
  category INTEGER NOT NULL DEFAULT 0 CHECK (category BETWEEN 0 AND 4294967295),
  url TEXT NOT NULL DEFAULT '',
  vendor TEXT NOT NULL DEFAULT '',
  version TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE service_parameters (  -- enterprise parameters that end in a phone's file
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE enterprise_config (  -- the tags of enterpriseConfig, in order of id
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE line_profiles (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  auto_answer INTEGER NOT NULL DEFAULT 0,
  auto_answer_mode TEXT NOT NULL DEFAULT 'Auto Answer with Speakerphone',
  call_waiting INTEGER NOT NULL DEFAULT 3,
  max_calls INTEGER NOT NULL DEFAULT 4,
  busy_trigger INTEGER NOT NULL DEFAULT 2,
  ring_idle INTEGER NOT NULL DEFAULT 4,
  ring_active INTEGER NOT NULL DEFAULT 5,
  lamp_policy INTEGER NOT NULL DEFAULT 3,
  stutter_amwi INTEGER NOT NULL DEFAULT 1,
  is_shared INTEGER NOT NULL DEFAULT 0 CHECK (is_shared IN (0, 1)),
  logs_missed_calls INTEGER NOT NULL DEFAULT 1 CHECK (logs_missed_calls IN (0, 1)),
  show_caller_name INTEGER NOT NULL DEFAULT 1 CHECK (show_caller_name IN (0, 1)),
  show_caller_number INTEGER NOT NULL DEFAULT 0 CHECK (show_caller_number IN (0, 1)),
  show_redirected_number INTEGER NOT NULL DEFAULT 0 CHECK (show_redirected_number IN (0, 1)),
  show_dialed_number INTEGER NOT NULL DEFAULT 1 CHECK (show_dialed_number IN (0, 1)),
  recording INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The references that have a default name the rows that seed.cc makes first. AUTOINCREMENT: the id
-- of a device that is gone never comes back as another one's.
CREATE TABLE devices (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE CHECK (name = upper(name) AND name <> ''),
  description TEXT NOT NULL DEFAULT '',
  owner TEXT NOT NULL DEFAULT '',
  user_id TEXT NOT NULL DEFAULT '',
  model_id INTEGER NOT NULL REFERENCES models (id) ON DELETE RESTRICT,
  pool_id INTEGER NOT NULL DEFAULT 1 REFERENCES device_pools (id) ON DELETE RESTRICT,
  common_profile_id INTEGER NOT NULL DEFAULT 1 REFERENCES common_profiles (id) ON DELETE RESTRICT,
  sip_profile_id INTEGER NOT NULL DEFAULT 1 REFERENCES sip_profiles (id) ON DELETE RESTRICT,
  security_profile_id INTEGER NOT NULL DEFAULT 1
    REFERENCES security_profiles (id) ON DELETE RESTRICT,
  user_locale_id INTEGER REFERENCES locales (id) ON DELETE RESTRICT,     -- NULL: the pool's
  network_locale_id INTEGER REFERENCES locales (id) ON DELETE RESTRICT,  -- likewise
  ctiid INTEGER NOT NULL DEFAULT 0 CHECK (ctiid BETWEEN 0 AND 4294967295),
  phone_label TEXT NOT NULL DEFAULT '',
  external_mask TEXT NOT NULL DEFAULT '',
  load_override TEXT NOT NULL DEFAULT '',
  inactive_load TEXT NOT NULL DEFAULT '',
  changed_s INTEGER NOT NULL DEFAULT (unixepoch()) CHECK (changed_s >= 0)
) STRICT;
CREATE INDEX devices_by_pool ON devices (pool_id);
CREATE INDEX devices_by_model ON devices (model_id);

-- Lean on purpose: a column costs 30 ns of each line of each build. The settings that hardly ever
-- differ are behind line_profile_id (NULL: the defaults of that table).
CREATE TABLE lines (
  device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
  idx INTEGER NOT NULL CHECK (idx BETWEEN 1 AND 999),
  dn TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  display TEXT NOT NULL DEFAULT '',
  auth_name TEXT NOT NULL DEFAULT '',
  auth_secret TEXT NOT NULL DEFAULT '',
  external_mask TEXT NOT NULL DEFAULT '',
  messages_number TEXT NOT NULL DEFAULT '',
  line_profile_id INTEGER REFERENCES line_profiles (id) ON DELETE RESTRICT,
  PRIMARY KEY (device_id, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE speed_dials (
  device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
  button INTEGER NOT NULL CHECK (button BETWEEN 1 AND 999),
  feature INTEGER NOT NULL DEFAULT 2 CHECK (feature IN (2, 21)),  -- speed dial, BLF speed dial
  label TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL,
  PRIMARY KEY (device_id, button)
) STRICT, WITHOUT ROWID;

CREATE TABLE vendor_overrides (
  device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (device_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE modules (
  device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
  idx INTEGER NOT NULL CHECK (idx BETWEEN 1 AND 999),
  type TEXT NOT NULL,
  lines INTEGER NOT NULL DEFAULT 0 CHECK (lines BETWEEN 0 AND 999),
  load TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (device_id, idx)
) STRICT, WITHOUT ROWID;

-- What happened to which row, written by triggers. Rows of children are logged as their parent's.
CREATE TABLE change_log (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  tbl TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  op TEXT NOT NULL,
  old_name TEXT  -- of a device that was deleted or renamed
) STRICT;
