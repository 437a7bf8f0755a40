// SPDX-License-Identifier: Apache-2.0
#include "generator/shared/background_list_files.h"

#include "generator/shared/xml_document.h"

#include <span>

namespace dialtone::generator {
namespace {

constexpr std::size_t kMostImages = 50;
constexpr std::string_view kEnding = ".png";

Result<void> check_rows(std::span<const Background> rows) {
  DIALTONE_TRY(check_background_folder(rows.front().folder));
  for (const Background& row : rows) {
    DIALTONE_TRY(check_background_file(row.preview));
    DIALTONE_TRY(check_background_file(row.image));
  }
  return rows.size() <= kMostImages
             ? Result<void>()
             : refused("it has " + std::to_string(rows.size()) + " images, and a phone takes " +
                       std::to_string(kMostImages) + "; remove some");
}

// The word is TFTP even where a phone fetches by HTTP.
void add_list(std::span<const Background> rows, SharedFiles& all) {
  const std::string folder = "Desktops/" + rows.front().folder + "/";
  const std::string file = folder + "List.xml";
  if (const auto checked = check_rows(rows); !checked) {
    all.faults.push_back(
        {file, "backgrounds '" + rows.front().folder + "': " + checked.error().text});
    return;
  }
  XmlDocument xml("CiscoIPPhoneImageList");
  for (const Background& row : rows) {
    xml.begin("ImageItem");
    xml.attribute("Image", "TFTP:" + folder + row.preview);
    xml.attribute("URL", "TFTP:" + folder + row.image);
    xml.end();
  }
  all.files.push_back({file, xml.finish(), abi::FileClass::kBackground, 0});
}

}  // namespace

Result<void> check_background_folder(std::string_view folder) {
  int numbers = 0;
  std::size_t digits = 0;
  for (const char c : folder) {
    if (c >= '0' && c <= '9') {
      numbers += digits++ == 0 ? 1 : 0;
    } else if (c == 'x' && digits != 0) {
      digits = 0;
    } else {
      numbers = 0;
      break;
    }
  }
  return numbers == 3 && digits != 0 && folder.size() <= 20
             ? Result<void>()
             : refused("'" + std::string(folder) +
                       "' is no folder of a screen: width, height and bits, as 320x212x16");
}

Result<void> check_background_file(std::string_view file) {
  return file.size() > kEnding.size() && file.ends_with(kEnding) &&
                 file.find_first_of("/\\:") == std::string_view::npos
             ? Result<void>()
             : refused("'" + std::string(file) +
                       "' is no image of the folder: the name of a .png alone");
}

void add_background_list_files(const Campus& campus, SharedFiles& all) {
  std::span<const Background> rest = campus.backgrounds;
  while (!rest.empty()) {
    std::size_t count = 1;
    while (count < rest.size() && rest[count].folder == rest[0].folder) {
      ++count;
    }
    add_list(rest.first(count), all);
    rest = rest.subspan(count);
  }
}

}  // namespace dialtone::generator
