-- SPDX-License-Identifier: Apache-2.0
--
-- Schema 2, over schema 1: what is in files of its own beside the phones' (dial plans, softkey
-- templates, feature policies, lists), families of files other than SEP<mac>.cnf.xml, Extension
-- Mobility, gateways, and remote clusters. A row with changed_s has its time kept by triggers, as
-- devices have: it stands in the version stamp of the row's file.

-- Carried to phones as DR<name>.xml and <name>.xml, and inside the files of 7905 and 7912.
CREATE TABLE dial_plans (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL DEFAULT '',
  changed_s INTEGER NOT NULL DEFAULT (unixepoch()) CHECK (changed_s >= 0)
) STRICT;

CREATE TABLE dial_rules (
  plan_id INTEGER NOT NULL REFERENCES dial_plans (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL CHECK (seq >= 0),
  pattern TEXT NOT NULL,
  timeout_s INTEGER NOT NULL DEFAULT 0 CHECK (timeout_s BETWEEN 0 AND 255),
  button INTEGER NOT NULL DEFAULT 0 CHECK (button BETWEEN 0 AND 999),  -- 0: every line
  user_part TEXT NOT NULL DEFAULT 'Phone' CHECK (user_part IN ('Phone', 'IP')),
  rewrite TEXT NOT NULL DEFAULT '',
  route TEXT NOT NULL DEFAULT '',
  tone TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (plan_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE softkey_templates (  -- SK<name>.xml
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL DEFAULT '',
  changed_s INTEGER NOT NULL DEFAULT (unixepoch()) CHECK (changed_s >= 0)
) STRICT;

CREATE TABLE softkey_sets (
  template_id INTEGER NOT NULL REFERENCES softkey_templates (id) ON DELETE CASCADE,
  state TEXT NOT NULL,  -- "On Hook"
  position INTEGER NOT NULL CHECK (position BETWEEN 1 AND 16),
  key TEXT NOT NULL,    -- "NewCall"
  PRIMARY KEY (template_id, state, position)
) STRICT, WITHOUT ROWID;

-- <name>FP.xml. Settings: generator/shared/feature_policy_files.cc has the names; "true" or "false".
CREATE TABLE feature_policies (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  settings TEXT NOT NULL DEFAULT '{}' CHECK (json_type(settings) = 'object'),
  changed_s INTEGER NOT NULL DEFAULT (unixepoch()) CHECK (changed_s >= 0)
) STRICT;

-- AppDialRules.xml and DirLookupDialRules.xml, in order of id.
CREATE TABLE application_rules (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL DEFAULT 'application' CHECK (kind IN ('application', 'directory')),
  name TEXT NOT NULL UNIQUE,
  begins_with TEXT NOT NULL DEFAULT '',
  num_digits INTEGER NOT NULL DEFAULT 0 CHECK (num_digits BETWEEN 0 AND 100),
  digits_to_remove INTEGER NOT NULL DEFAULT 0 CHECK (digits_to_remove BETWEEN 0 AND 100),
  prefix_with TEXT NOT NULL DEFAULT ''
) STRICT;

-- Ringlist.xml, Ringlist-wb.xml and DistinctiveRingList.xml, in order of id. A list without rows is
-- no file of ours: the asset folder's own is served.
CREATE TABLE ring_tones (
  id INTEGER PRIMARY KEY,
  list TEXT NOT NULL DEFAULT 'ring' CHECK (list IN ('ring', 'ring-wb', 'distinctive')),
  name TEXT NOT NULL,  -- as the phone shows it
  file TEXT NOT NULL,
  UNIQUE (list, name)
) STRICT;

-- Desktops/<folder>/List.xml, likewise.
CREATE TABLE backgrounds (
  id INTEGER PRIMARY KEY,
  folder TEXT NOT NULL,  -- "320x212x16"
  name TEXT NOT NULL,    -- for people
  preview TEXT NOT NULL,
  image TEXT NOT NULL,
  UNIQUE (folder, name)
) STRICT;

-- Parameters of the families whose files are lists of names and values: those of SIPDefault.cnf,
-- lddefault.cfg and gkdefault.cfg, and of ata<mac>. A device's own are its vendor_overrides.
CREATE TABLE family_parameters (
  id INTEGER PRIMARY KEY,
  family TEXT NOT NULL CHECK (family IN ('sip7960', 'ld', 'gk', 'ata')),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  UNIQUE (family, name)
) STRICT;

-- A user's lines and settings, on the phone where the user is logged in.
CREATE TABLE em_profiles (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  phone_label TEXT NOT NULL DEFAULT '',
  user_locale_id INTEGER REFERENCES locales (id) ON DELETE RESTRICT,  -- NULL: the phone's
  dial_plan_id INTEGER REFERENCES dial_plans (id) ON DELETE RESTRICT,  -- likewise
  softkey_template_id INTEGER REFERENCES softkey_templates (id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE em_lines (
  profile_id INTEGER NOT NULL REFERENCES em_profiles (id) ON DELETE CASCADE,
  idx INTEGER NOT NULL CHECK (idx BETWEEN 1 AND 999),
  dn TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  display TEXT NOT NULL DEFAULT '',
  auth_name TEXT NOT NULL DEFAULT '',
  auth_secret TEXT NOT NULL DEFAULT '',
  external_mask TEXT NOT NULL DEFAULT '',
  messages_number TEXT NOT NULL DEFAULT '',
  line_profile_id INTEGER REFERENCES line_profiles (id) ON DELETE RESTRICT,
  PRIMARY KEY (profile_id, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE em_speed_dials (
  profile_id INTEGER NOT NULL REFERENCES em_profiles (id) ON DELETE CASCADE,
  button INTEGER NOT NULL CHECK (button BETWEEN 1 AND 999),
  feature INTEGER NOT NULL DEFAULT 2 CHECK (feature IN (2, 21)),
  label TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL,
  PRIMARY KEY (profile_id, button)
) STRICT, WITHOUT ROWID;

-- What a device's files are (generator/family.h), and what it was called by Unified CM's own tables.
ALTER TABLE models ADD COLUMN family TEXT NOT NULL DEFAULT 'sep'
  CHECK (family IN ('sep', 'sip7960', 'ld', 'gk', 'ata', 'cnf'));
ALTER TABLE models ADD COLUMN selective_cnf INTEGER NOT NULL DEFAULT 0
  CHECK (selective_cnf IN (0, 1));  -- "Build Selective" makes .cnf for it
ALTER TABLE models ADD COLUMN product INTEGER NOT NULL DEFAULT 0
  CHECK (product BETWEEN 0 AND 4294967295);
ALTER TABLE models ADD COLUMN class INTEGER NOT NULL DEFAULT 1 CHECK (class BETWEEN 0 AND 255);

ALTER TABLE devices ADD COLUMN dial_plan_id INTEGER
  REFERENCES dial_plans (id) ON DELETE RESTRICT;          -- NULL: the SIP profile's own
ALTER TABLE devices ADD COLUMN softkey_template_id INTEGER
  REFERENCES softkey_templates (id) ON DELETE RESTRICT;   -- likewise
ALTER TABLE devices ADD COLUMN feature_policy_id INTEGER
  REFERENCES feature_policies (id) ON DELETE RESTRICT;    -- NULL: the common phone profile's own
ALTER TABLE devices ADD COLUMN em_profile_id INTEGER
  REFERENCES em_profiles (id) ON DELETE RESTRICT;         -- NULL: nobody is logged in
CREATE INDEX devices_by_dial_plan ON devices (dial_plan_id) WHERE dial_plan_id IS NOT NULL;
CREATE INDEX devices_by_softkey_template ON devices (softkey_template_id)
  WHERE softkey_template_id IS NOT NULL;
CREATE INDEX devices_by_feature_policy ON devices (feature_policy_id)
  WHERE feature_policy_id IS NOT NULL;
CREATE UNIQUE INDEX devices_by_em_profile ON devices (em_profile_id)
  WHERE em_profile_id IS NOT NULL;  -- a user is logged in once

-- gateway -> unit -> subunit -> port, with the names of Unified CM's provisioning interface.
CREATE TABLE gateways (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),  -- host name, SKIGW..., VGC..., SAA..., SDA...
  kind TEXT NOT NULL CHECK (kind IN ('mgcp', 'sccp', 'vg248', 'saa', 'sda')),
  product TEXT NOT NULL DEFAULT '',
  domain TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  pool_id INTEGER NOT NULL DEFAULT 1 REFERENCES device_pools (id) ON DELETE RESTRICT,
  load TEXT NOT NULL DEFAULT '',
  template TEXT NOT NULL DEFAULT '',  -- the administrator's own; empty: ours
  changed_s INTEGER NOT NULL DEFAULT (unixepoch()) CHECK (changed_s >= 0)
) STRICT;

CREATE TABLE gateway_units (
  gateway_id INTEGER NOT NULL REFERENCES gateways (id) ON DELETE CASCADE,
  unit INTEGER NOT NULL CHECK (unit BETWEEN 0 AND 255),
  product TEXT NOT NULL,
  PRIMARY KEY (gateway_id, unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE gateway_subunits (
  gateway_id INTEGER NOT NULL REFERENCES gateways (id) ON DELETE CASCADE,
  unit INTEGER NOT NULL CHECK (unit BETWEEN 0 AND 255),
  subunit INTEGER NOT NULL CHECK (subunit BETWEEN 0 AND 255),
  product TEXT NOT NULL,
  begin_port INTEGER NOT NULL DEFAULT 0 CHECK (begin_port BETWEEN 0 AND 255),
  PRIMARY KEY (gateway_id, unit, subunit)
) STRICT, WITHOUT ROWID;

CREATE TABLE gateway_ports (
  gateway_id INTEGER NOT NULL REFERENCES gateways (id) ON DELETE CASCADE,
  unit INTEGER NOT NULL CHECK (unit BETWEEN 0 AND 255),
  subunit INTEGER NOT NULL CHECK (subunit BETWEEN 0 AND 255),
  port INTEGER NOT NULL CHECK (port BETWEEN 0 AND 255),
  description TEXT NOT NULL DEFAULT '',
  dn TEXT NOT NULL DEFAULT '',
  settings TEXT NOT NULL DEFAULT '{}' CHECK (json_type(settings) = 'object'),
  PRIMARY KEY (gateway_id, unit, subunit, port)
) STRICT, WITHOUT ROWID;

CREATE TABLE remote_clusters (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),  -- the cluster ID
  fqdn TEXT NOT NULL DEFAULT '' CHECK (length(fqdn) <= 50),
  description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 128),
  is_enabled INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)),  -- for TFTP
  is_secure INTEGER NOT NULL DEFAULT 0 CHECK (is_secure IN (0, 1))
) STRICT;

CREATE TABLE remote_cluster_servers (
  cluster_id INTEGER NOT NULL REFERENCES remote_clusters (id) ON DELETE CASCADE,
  prio INTEGER NOT NULL CHECK (prio BETWEEN 0 AND 2),
  address TEXT NOT NULL,
  PRIMARY KEY (cluster_id, prio)
) STRICT, WITHOUT ROWID;

-- What `dialtone files put` has laid into the asset folder: one row for each version of a name. The
-- bytes lie beside the folder, by digest (control/assets).
CREATE TABLE asset_versions (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  put_s INTEGER NOT NULL DEFAULT (unixepoch()),
  note TEXT NOT NULL DEFAULT '',
  set_name TEXT NOT NULL DEFAULT '',  -- files that belong together, as those of a load
  UNIQUE (name, version)
) STRICT;
