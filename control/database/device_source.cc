// SPDX-License-Identifier: Apache-2.0
#include "control/database/device_source.h"

#include "control/database/device_reader.h"

#include <algorithm>

namespace dialtone::database {
namespace {

using generator::IdRange;

struct Extent {
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::int64_t count = 0;
};

Result<Extent> extent_of(Database& database) {
  auto query = database.query("SELECT min(id), max(id), count(*) FROM devices");
  if (!query) {
    return query.error();
  }
  const auto row = query->step();
  if (!row) {
    return row.error();
  }
  return Extent{query->integer(0), query->integer(1), query->integer(2)};
}

// A walk over all ids, 0.1 us each, for tables with large gaps.
Result<std::vector<IdRange>> counted_ranges(Database& database, std::int64_t per_range) {
  std::vector<IdRange> ranges;
  std::int64_t in_range = per_range;
  DIALTONE_TRY(database.for_each("SELECT id FROM devices ORDER BY id", [&](const Query& row) {
    const std::int64_t id = row.integer(0);
    if (in_range == per_range) {
      ranges.push_back({id, id});
      in_range = 0;
    }
    ranges.back().last = id;
    ++in_range;
  }));
  return ranges;
}

}  // namespace

Result<std::vector<IdRange>> AllDeviceSource::ranges(std::size_t per_range) {
  const auto step = static_cast<std::int64_t>(std::max<std::size_t>(per_range, 1));
  const Snapshot::Lease lease(snapshot_);
  const auto extent = extent_of(*lease);
  if (!extent) {
    return extent.error();
  }
  if (extent->count == 0) {
    return std::vector<IdRange>();
  }
  // Unsigned, since hand-made ids may lie 2^64 apart.
  const auto span =
      static_cast<std::uint64_t>(extent->last) - static_cast<std::uint64_t>(extent->first);
  if (span / 2 >= static_cast<std::uint64_t>(extent->count)) {
    return counted_ranges(*lease, step);
  }
  std::vector<IdRange> ranges;
  const auto offset = static_cast<std::int64_t>(span);  // of the last id; small by now
  for (std::int64_t at = 0; at <= offset; at += step) {
    ranges.push_back({extent->first + at, extent->first + std::min(at + step - 1, offset)});
  }
  return ranges;
}

Result<void> AllDeviceSource::read(const IdRange& range, generator::DeviceBatch& batch) {
  const Snapshot::Lease lease(snapshot_);
  return read_range(*lease, rows_, range, batch);
}

Result<std::vector<IdRange>> ChosenDeviceSource::ranges(std::size_t per_range) {
  std::vector<IdRange> ranges;
  for (std::size_t at = 0; at < ids_.size(); at += per_range) {
    ranges.push_back({ids_[at], ids_[std::min(at + per_range, ids_.size()) - 1]});
  }
  return ranges;
}

Result<void> ChosenDeviceSource::read(const IdRange& range, generator::DeviceBatch& batch) {
  const auto begin = std::lower_bound(ids_.begin(), ids_.end(), range.first);
  const auto end = std::upper_bound(begin, ids_.end(), range.last);
  const Snapshot::Lease lease(snapshot_);
  return read_devices(*lease, rows_, {begin, end}, batch);
}

}  // namespace dialtone::database
