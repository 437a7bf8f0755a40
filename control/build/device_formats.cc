// SPDX-License-Identifier: Apache-2.0
#include "control/build/device_formats.h"

#include "control/build/asset_builder.h"
#include "control/database/references.h"
#include "generator/family.h"

#include <algorithm>
#include <functional>
#include <set>

namespace dialtone::build {
namespace {

using generator::DeviceFile;
using generator::DeviceFileSet;
using image_build::FileEntry;
using image_build::FileTable;

struct Row {
  std::string_view device;
  generator::Family family;
  bool selective;
};

Row row_of(const database::Query& query) {
  return {query.text(0), generator::family_of(query.text(1)).value_or(generator::Family::kSep),
          query.integer(2) != 0};
}

Result<std::set<std::int64_t>> model_ids(database::Database& database,
                                         const std::vector<std::string>& names) {
  std::set<std::int64_t> ids;
  for (const std::string& name : names) {
    const auto rows = database::find_models(database, name);
    if (!rows) {
      return rows.error();
    }
    if (rows->empty()) {
      const auto text = database::unknown_model(database, name);
      return text ? refused(*text) : text.error();
    }
    for (const database::ModelRow& row : *rows) {
      ids.insert(row.id);
    }
  }
  return ids;
}

Result<void> for_each_device(database::Database& database, const std::vector<std::string>& models,
                             const std::function<void(const Row&)>& visit) {
  const auto ids = model_ids(database, models);
  if (!ids) {
    return ids.error();
  }
  return database.for_each(
      "SELECT d.name, m.family, m.selective_cnf, m.id FROM devices d "
      "JOIN models m ON m.id = d.model_id",
      [&](const database::Query& row) {
        if (models.empty() || ids->contains(row.integer(3))) {
          visit(row_of(row));
        }
      });
}

const FileEntry* find_file(const FileTable& files, DeviceFile form, std::string_view device) {
  abi::CanonicalName name;
  return device_file_name(form, device, name) ? files.find(name.view()) : nullptr;
}

// What we render of these families is text; an encoder's result is bytes of another kind.
bool is_text_form(DeviceFile form, const FileEntry& file) {
  constexpr std::string_view kHead = "#txt\n";
  const bool of_list =
      form == DeviceFile::kLd || form == DeviceFile::kGk || form == DeviceFile::kAta;
  const auto content = file.content();
  return of_list && content.size() >= kHead.size() &&
         std::equal(kHead.begin(), kHead.end(), content.begin(),
                    [](char c, std::byte byte) { return c == static_cast<char>(byte); });
}

// What a phone gets in the clear whose whole file is encrypted.
bool is_short_form(DeviceFile form, const FileEntry& file) {
  constexpr std::string_view kMark = "<fullConfig>false</fullConfig>";
  constexpr std::size_t kHead = 512;  // the mark is the first element
  const auto content = file.content();
  const std::string_view head(reinterpret_cast<const char*>(content.data()),
                              std::min(content.size(), kHead));
  return form == DeviceFile::kXml && file.record().origin == abi::Origin::kBuilt &&
         head.find(kMark) != head.npos;
}

bool has_encrypted(const FileTable& files, std::string_view device) {
  abi::CanonicalName name;
  return device_file_name(DeviceFile::kXml, device, name) &&
         files.find(std::string(name.view()) + ".enc.sgn") != nullptr;
}

Result<void> count_encrypted(database::Database& database, const FileTable& files,
                             const std::vector<std::string>& models, DeviceFormats& formats) {
  const auto ids = model_ids(database, models);
  if (!ids) {
    return ids.error();
  }
  return database.for_each(
      "SELECT name, model_id FROM devices WHERE cert_hash <> ''", [&](const database::Query& row) {
        if (!models.empty() && !ids->contains(row.integer(1))) {
          return;
        }
        const FileEntry* file = find_file(files, DeviceFile::kXml, row.text(0));
        formats.encrypted_missing += file != nullptr && is_short_form(DeviceFile::kXml, *file) &&
                                     !has_encrypted(files, row.text(0));
      });
}

const char* state_of(const FileTable& files, DeviceFile form, std::string_view device) {
  const FileEntry* file = find_file(files, form, device);
  if (file == nullptr) {
    return form == DeviceFile::kCnf ? "no encoder" : "not built";
  }
  if (is_text_form(form, *file)) {
    return "text form, needs an encoder";
  }
  return !is_short_form(form, *file)    ? "served"
         : has_encrypted(files, device) ? "short form"
                                        : "short form, no encrypted file";
}

void count(const Row& row, const FileTable& files, DeviceFileSet wanted, DeviceFormats& formats) {
  ++formats.devices;
  formats.devices_selective += row.selective;
  bool good = true;
  for (const DeviceFile form : generator::kAllDeviceFiles) {
    const FileEntry* file = find_file(files, form, row.device);
    if (!wanted.has(form)) {
      // What an administrator has put there is not ours to judge.
      good = good && (file == nullptr || file->record().origin != abi::Origin::kBuilt);
      continue;
    }
    formats.cnf += form == DeviceFile::kCnf && file != nullptr;
    formats.cnf_missing += form == DeviceFile::kCnf && file == nullptr;
    formats.cnf_xml += form == DeviceFile::kXml && file != nullptr;
    formats.text_form += file != nullptr && is_text_form(form, *file);
    good = good && (file != nullptr || form == DeviceFile::kCnf);
  }
  formats.wrong_names += !good;
}

std::string phones(std::size_t count, const char* one, const char* more) {
  return std::to_string(count) + " " + (count == 1 ? one : more);
}

}  // namespace

Result<DeviceFormats> count_formats(database::Database& database, const FileTable& files,
                                    generator::BuildCnf policy,
                                    const std::vector<std::string>& models) {
  DeviceFormats formats;
  DIALTONE_TRY(for_each_device(database, models, [&](const Row& row) {
    count(row, files, files_of(row.family, row.selective, policy), formats);
  }));
  DIALTONE_TRY(count_encrypted(database, files, models, formats));
  return formats;
}

Result<DeviceFormats> count_missing(database::Database& database, const FileTable& files,
                                    generator::BuildCnf policy) {
  if (policy == generator::BuildCnf::kAll) {
    return count_formats(database, files, policy);
  }
  DeviceFormats formats;
  DIALTONE_TRY(
      database.for_each("SELECT d.name, m.family, m.selective_cnf FROM models m JOIN devices d "
                        "ON d.model_id = m.id WHERE m.family <> 'sep' OR m.selective_cnf",
                        [&](const database::Query& query) {
                          const Row row = row_of(query);
                          count(row, files, files_of(row.family, row.selective, policy), formats);
                        }));
  DIALTONE_TRY(count_encrypted(database, files, {}, formats));
  return formats;
}

Result<std::vector<FileState>> file_states(database::Database& database, const FileTable& files,
                                           generator::BuildCnf policy, std::string_view device) {
  std::vector<FileState> states;
  DIALTONE_TRY(database.for_each(
      "SELECT m.family, m.selective_cnf FROM devices d JOIN models m ON m.id = d.model_id "
      "WHERE d.name = ?1",
      [&](const database::Query& row) {
        const auto family = generator::family_of(row.text(0)).value_or(generator::Family::kSep);
        const DeviceFileSet wanted = files_of(family, row.integer(1) != 0, policy);
        for (const DeviceFile form : generator::kAllDeviceFiles) {
          if (!wanted.has(form)) {
            continue;
          }
          states.push_back({spelled_file_name(form, device), state_of(files, form, device)});
        }
      },
      device));
  return states;
}

Result<std::vector<std::string>> files_of_models(database::Database& database,
                                                 const FileTable& files,
                                                 const std::vector<std::string>& models) {
  std::vector<std::string> names;
  DIALTONE_TRY(for_each_device(database, models, [&](const Row& row) {
    for (const DeviceFile form : generator::kAllDeviceFiles) {
      abi::CanonicalName name;
      if (device_file_name(form, row.device, name) && files.find(name.view()) != nullptr) {
        names.emplace_back(name.view());
      }
    }
  }));
  return names;
}

std::vector<std::string> format_warnings(const DeviceFormats& formats, bool has_cnf_encoder) {
  std::vector<std::string> warnings;
  if (formats.cnf_missing != 0 && !has_cnf_encoder) {
    warnings.push_back(phones(formats.cnf_missing, "device has", "devices have") +
                       " no .cnf: no encoder; set 'encoder_cnf', put SEP<MAC>.cnf or "
                       "<type>default.cnf into the asset folder, or set build-cnf none");
  }
  if (formats.text_form != 0) {
    warnings.push_back(phones(formats.text_form, "device has", "devices have") +
                       " a profile in text form, which needs an encoder: set 'encoder_ld', "
                       "'encoder_gk' or 'encoder_ata'");
  }
  if (formats.encrypted_missing != 0) {
    warnings.push_back(phones(formats.encrypted_missing, "device is", "devices are") +
                       " told of an encrypted file that is not there, and does not start: put "
                       "SEP<MAC>.cnf.xml.enc.sgn into the asset folder, or clear cert_hash");
  }
  return warnings;
}

}  // namespace dialtone::build
