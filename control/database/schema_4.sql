-- SPDX-License-Identifier: Apache-2.0
--
-- Schema 4, over schema 3: what the short form of a phone's file says of its certificate, and buttons
-- that open a page.

-- MD5 of the phone's own certificate (DER), 32 lower-case hexadecimal digits; empty: not known. With
-- a security profile that encrypts, the phone's file in the clear is the short form.
ALTER TABLE devices ADD COLUMN cert_hash TEXT NOT NULL DEFAULT '';
CREATE INDEX devices_by_cert_hash ON devices (id) WHERE cert_hash <> '';

-- A constraint can only be changed with its table. 2: speed dial; 20: service URL, which stands in
-- `number`; 21: BLF speed dial.
CREATE TABLE wider_speed_dials (
  device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
  button INTEGER NOT NULL CHECK (button BETWEEN 1 AND 999),
  feature INTEGER NOT NULL DEFAULT 2 CHECK (feature IN (2, 20, 21)),
  label TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL,
  PRIMARY KEY (device_id, button)
) STRICT, WITHOUT ROWID;
INSERT INTO wider_speed_dials (device_id, button, feature, label, number)
  SELECT device_id, button, feature, label, number FROM speed_dials;
DROP TABLE speed_dials;
ALTER TABLE wider_speed_dials RENAME TO speed_dials;

CREATE TABLE wider_em_speed_dials (
  profile_id INTEGER NOT NULL REFERENCES em_profiles (id) ON DELETE CASCADE,
  button INTEGER NOT NULL CHECK (button BETWEEN 1 AND 999),
  feature INTEGER NOT NULL DEFAULT 2 CHECK (feature IN (2, 20, 21)),
  label TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL,
  PRIMARY KEY (profile_id, button)
) STRICT, WITHOUT ROWID;
INSERT INTO wider_em_speed_dials (profile_id, button, feature, label, number)
  SELECT profile_id, button, feature, label, number FROM em_speed_dials;
DROP TABLE em_speed_dials;
ALTER TABLE wider_em_speed_dials RENAME TO em_speed_dials;
