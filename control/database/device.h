// SPDX-License-Identifier: Apache-2.0
//
// One device as a document: what `dialtone device show` prints and an import fills. References are
// names, as people use them; DeviceStore turns them into rows. Plain data, owned by value.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace dialtone::database {

struct DeviceLine {
  std::string dn;  // directory number; a line without one is not stored
  std::string label;
  std::string display;
  std::string auth_name;
  std::string auth_secret;
  std::string external_mask;
  std::string messages_number;
  std::string profile;  // of line_profiles; empty: the defaults

  friend bool operator==(const DeviceLine&, const DeviceLine&) = default;
};

struct DeviceSpeedDial {
  std::string number;
  std::string label;
  std::string feature = "speeddial";  // or blf; or service, whose number is a URL

  friend bool operator==(const DeviceSpeedDial&, const DeviceSpeedDial&) = default;
};

struct DeviceModule {
  std::string type;
  std::uint32_t lines = 0;
  std::string load;

  friend bool operator==(const DeviceModule&, const DeviceModule&) = default;
};

struct VendorTag {
  std::string name;
  std::string value;

  friend bool operator==(const VendorTag&, const VendorTag&) = default;
};

struct Device {
  std::string name;  // as device_name() gives it
  std::string description;
  std::string model;
  std::string protocol;  // SCCP or SIP; empty: the only one that the model speaks
  std::string pool;      // these four: the default rows when empty
  std::string common_profile;
  std::string sip_profile;
  std::string security_profile;
  std::string user_locale;  // empty: the pool's
  std::string network_locale;
  std::string dial_plan;       // empty: what the SIP profile says
  std::string softkey;         // likewise; a softkey template
  std::string feature_policy;  // empty: what the common phone profile says
  std::string em_profile;      // empty: nobody is logged in
  std::string owner;
  std::string user_id;
  std::string label;
  std::string external_mask;
  std::string load;  // empty: the model's default load
  std::string inactive_load;
  std::string cert_hash;  // MD5 of the phone's certificate, in hexadecimal digits
  std::uint32_t ctiid = 0;
  // Unix seconds, a part of the version stamp. 0: the time of the write, as for a device that was
  // found; only an import of an export brings another one.
  std::uint32_t changed_s = 0;
  std::map<std::uint32_t, DeviceLine> lines;  // by button
  std::map<std::uint32_t, DeviceSpeedDial> speed_dials;
  std::map<std::uint32_t, DeviceModule> modules;
  std::vector<VendorTag> vendor;

  friend bool operator==(const Device&, const Device&) = default;
};

}  // namespace dialtone::database
