// SPDX-License-Identifier: Apache-2.0
//
// Devices as the generator reads them: a batch of records whose texts lie in one arena that the
// next batch uses again, so that a build allocates for its largest batch and then no more. Texts
// are as a person typed them. One thread fills and reads a batch at a time.
#pragma once

#include "generator/campus.h"
#include "generator/uuid.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace dialtone::generator {

struct LineRecord {
  std::uint32_t index = 1;   // 1.., unique on the device; also the button
  std::string_view dn;       // directory number: name and contact user of the line
  std::string_view label;    // empty: the dn
  std::string_view display;  // caller's name on outgoing calls
  std::string_view auth_name;
  std::string_view auth_secret;
  Uuid contact;
  std::string_view messages_number;  // voicemail pilot
  std::string_view external_mask;
  std::uint32_t auto_answer = 0;
  std::string_view auto_answer_mode = "Auto Answer with Speakerphone";
  std::uint32_t call_waiting = 3;
  std::uint32_t max_calls = 4;
  std::uint32_t busy_trigger = 2;
  std::uint32_t ring_idle = 4;
  std::uint32_t ring_active = 5;
  std::uint32_t lamp_policy = 3;   // messageWaitingLampPolicy
  std::uint32_t stutter_amwi = 1;  // messageWaitingAMWI
  bool is_shared = false;
  bool logs_missed_calls = true;
  bool show_caller_name = true;
  bool show_caller_number = false;
  bool show_redirected_number = false;
  bool show_dialed_number = true;
  std::uint32_t recording = 0;
};

// featureID of a button that is no line (cisco-tftp 1.3).
inline constexpr std::uint32_t kSpeedDial = 2;
inline constexpr std::uint32_t kServiceUrl = 20;
inline constexpr std::uint32_t kBlfSpeedDial = 21;

struct SpeedDial {
  std::uint32_t button = 0;
  std::uint32_t feature = kSpeedDial;
  std::string_view label;
  std::string_view number;  // of kServiceUrl, the URL
  bool is_service = false;  // it is one
};

// A device's own vendorConfig tag: replaces the model's value, or is added behind it.
struct TagOverride {
  std::string_view name;
  std::string_view value;
};

struct AddOnModule {
  std::uint32_t index = 1;
  std::string_view type;  // "CP-7916-24" or a number, as the model wants it
  std::uint32_t lines = 0;
  std::string_view load;
};

// Positions in the batch's own arrays; DeviceBatch keeps them.
struct RecordRange {
  std::uint32_t begin = 0;
  std::uint32_t count = 0;
};

struct DeviceRecord {
  std::int64_t id = 0;    // row id: the order of the build's output
  std::string_view name;  // "SEP001122334455"
  Uuid uuid;
  std::uint32_t ctiid = 0;
  std::string_view description;
  std::string_view owner;
  std::string_view user_id;
  // versionStamp = changed_s "-" stamp. Both must depend on the inputs alone: equal inputs, equal
  // bytes (cisco-tftp 1.6).
  std::uint64_t changed_s = 0;
  Uuid stamp;
  std::string_view phone_label;
  std::string_view external_mask;  // of the phone; the first line's when empty
  std::string_view load_override;  // empty: the model's default load
  std::string_view inactive_load;
  std::string_view cert_hash;  // of the phone's certificate, as certHash has it; empty: not known

  // Positions in the Campus. kNoRow for a locale: English, United States.
  std::uint32_t model = 0;
  std::uint32_t pool = 0;
  std::uint32_t common_profile = 0;
  std::uint32_t sip_profile = 0;  // not read for SCCP
  std::uint32_t security_profile = 0;
  std::uint32_t user_locale = kNoRow;
  std::uint32_t network_locale = kNoRow;
  std::uint32_t dial_plan = kNoRow;         // kNoRow: as the SIP profile says
  std::uint32_t softkey_template = kNoRow;  // likewise
  std::uint32_t feature_policy = kNoRow;    // kNoRow: as the common phone profile says
  // The files of these three, by name; empty for kNoRow.
  std::string_view dial_template;
  std::string_view soft_key_file;
  std::string_view feature_policy_file;

  RecordRange lines;
  RecordRange speed_dials;
  RecordRange overrides;
  RecordRange modules;
};

class DeviceBatch {
 public:
  DeviceBatch() = default;
  DeviceBatch(const DeviceBatch&) = delete;
  DeviceBatch& operator=(const DeviceBatch&) = delete;
  DeviceBatch(DeviceBatch&&) noexcept = default;
  DeviceBatch& operator=(DeviceBatch&&) noexcept = default;

  // Forgets all records and keeps the memory.
  void clear() noexcept;

  // A copy of `text` that lives until clear().
  std::string_view text(std::string_view text) {
    if (text.empty()) {
      return {};
    }
    if (block_ == blocks_.size() || blocks_[block_].size - used_ < text.size()) {
      make_room(text.size());
    }
    char* const copy = blocks_[block_].bytes.get() + used_;
    std::memcpy(copy, text.data(), text.size());
    used_ += text.size();
    return {copy, text.size()};
  }

  // References are good until the next add of the same kind.
  DeviceRecord& add_device();

  // `device` is a position in devices(). Each kind is added in ascending order of it, so that two
  // cursors (devices, then lines ordered by device) can fill a batch one after the other.
  LineRecord& add_line(std::size_t device);
  SpeedDial& add_speed_dial(std::size_t device);
  TagOverride& add_override(std::size_t device);
  AddOnModule& add_module(std::size_t device);

  std::span<const DeviceRecord> devices() const noexcept { return devices_; }
  std::span<DeviceRecord> devices() noexcept { return devices_; }
  std::span<const LineRecord> lines(const DeviceRecord& device) const noexcept {
    return slice<LineRecord>(lines_, device.lines);
  }
  std::span<const SpeedDial> speed_dials(const DeviceRecord& device) const noexcept {
    return slice<SpeedDial>(speed_dials_, device.speed_dials);
  }
  std::span<const TagOverride> overrides(const DeviceRecord& device) const noexcept {
    return slice<TagOverride>(overrides_, device.overrides);
  }
  std::span<const AddOnModule> modules(const DeviceRecord& device) const noexcept {
    return slice<AddOnModule>(modules_, device.modules);
  }

 private:
  template <typename T>
  static std::span<const T> slice(std::span<const T> all, RecordRange range) noexcept {
    return all.subspan(range.begin, range.count);
  }

  void make_room(std::size_t bytes);

  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };

  std::vector<DeviceRecord> devices_;
  std::vector<LineRecord> lines_;
  std::vector<SpeedDial> speed_dials_;
  std::vector<TagOverride> overrides_;
  std::vector<AddOnModule> modules_;
  std::vector<Block> blocks_;
  std::size_t block_ = 0;  // the block being filled
  std::size_t used_ = 0;   // bytes of it
};

// True for what may stand as an element's name: an ASCII letter or '_', then letters, digits, '_',
// '-', '.'; at most 64 bytes. Importers refuse other vendorConfig names; the renderer leaves them
// out.
bool is_tag_name(std::string_view name) noexcept;

}  // namespace dialtone::generator
