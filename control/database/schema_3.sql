-- SPDX-License-Identifier: Apache-2.0
--
-- Schema 3, over schema 2: what a gateway itself is told beside its ports, and the administrator's
-- own templates of gateways' files.

-- The names and what each takes: generator/gateway/gateway_parameters.cc.
ALTER TABLE gateways ADD COLUMN settings TEXT NOT NULL DEFAULT '{}'
  CHECK (json_type(settings) = 'object');

-- In place of our trees: for gateways that name it (gateways.template), and for those of its product
-- that name none. `body` is a text of the form that generator/templates/README.md says.
CREATE TABLE gateway_templates (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  product TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX gateway_templates_by_product ON gateway_templates (product)
  WHERE product <> '';
