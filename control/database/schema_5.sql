-- SPDX-License-Identifier: Apache-2.0
--
-- Schema 5, over schema 4: which release of Unified CM phones register with, where somebody knows it.

-- "7.1(5)", "12.5.1"; empty: not known. Before 8.0 there is no security by default, and a phone with
-- an ITL never registers there (control/database/cm_releases.h).
ALTER TABLE cm_nodes ADD COLUMN version TEXT NOT NULL DEFAULT '' CHECK (length(version) <= 32);
ALTER TABLE remote_clusters ADD COLUMN version TEXT NOT NULL DEFAULT '' CHECK (length(version) <= 32);
