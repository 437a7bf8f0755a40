// SPDX-License-Identifier: Apache-2.0
#include "dataplane/image/object_table.h"

#include "dataplane/abi/image_validate.h"

namespace dialtone::image {
namespace {

std::string_view kind_text(abi::ObjectKind kind) {
  return kind == abi::ObjectKind::kSegment ? "segment " : "index ";
}

std::string object_text(abi::ObjectKind kind, std::uint64_t id) {
  return std::string(kind_text(kind)) + id_text(id);
}

}  // namespace

Result<std::shared_ptr<Object>> ObjectTable::map(const abi::ObjectMessage& message, int fd) const {
  const Spread spread = Spread::over_own_cpus();  // never one of a worker's
  auto mapping = map_sealed(fd, message.size, mode_, spread);
  if (!mapping) {
    return mapping.error();
  }
  auto object = std::make_shared<Object>();
  object->kind = message.kind;
  object->id = message.id;
  object->size = message.size;
  object->digest = message.digest;
  object->mapping = std::move(*mapping);
  // An index can be checked only with its segments; the offer does that.
  if (message.kind == abi::ObjectKind::kSegment) {
    DIALTONE_TRY(
        abi::validate_segment(object->bytes(), {message.id, message.size, message.digest}, spread));
  }
  return object;
}

bool ObjectTable::stage(const abi::ObjectMessage& message, int fd) {
  last_fault_.clear();
  if (auto known = find(message.kind, message.id, message.size, message.digest); known.ok()) {
    (*known)->sent_again = true;  // as after a reconnect: what is mapped stays
    return true;
  }
  if (objects_.contains(message.id)) {
    last_fault_ = object_text(message.kind, message.id) +
                  ": another object with this id is mapped; choose a new random id";
  } else if (auto object = map(message, fd); object.ok()) {
    faults_.erase(message.id);
    objects_.emplace(message.id, std::move(*object));
  } else {
    last_fault_ = object_text(message.kind, message.id) + ": " + object.error().text;
  }
  if (!last_fault_.empty()) {
    faults_[message.id] = last_fault_;
  }
  return !staged_too_much();
}

bool ObjectTable::staged_too_much() const {
  std::size_t objects = faults_.size();
  std::uint64_t bytes = 0;
  for (const auto& [id, object] : objects_) {
    if (object->newest_generation == 0) {
      ++objects;
      bytes += object->mapping.size();
    }
  }
  return objects > limits_.objects || bytes > limits_.bytes;
}

Result<std::shared_ptr<Object>> ObjectTable::find(abi::ObjectKind kind, std::uint64_t id,
                                                  std::uint64_t size, const Digest& digest) const {
  const auto found = objects_.find(id);
  if (found == objects_.end()) {
    const auto fault = faults_.find(id);
    return refused(fault != faults_.end() ? fault->second
                                          : object_text(kind, id) + " is not here: send it first");
  }
  const Object& object = *found->second;
  if (object.kind != kind || object.size != size || object.digest != digest) {
    return refused(object_text(kind, id) + " is here with another kind, size or digest");
  }
  return found->second;
}

std::uint64_t ObjectTable::mapped_bytes() const noexcept {
  std::uint64_t bytes = 0;
  for (const auto& [id, object] : objects_) {
    bytes += object->mapping.size();
  }
  return bytes;
}

void ObjectTable::drop_staged() {
  std::erase_if(objects_, [](const auto& item) { return item.second->newest_generation == 0; });
  for (const auto& [id, object] : objects_) {
    object->sent_again = false;
  }
  faults_.clear();
}

void ObjectTable::release(Object& object) {
  if (object.sent_again) {
    object.newest_generation = 0;
    object.slot = abi::kNoSlot;
    object.last_grace.reset();
    object.segment_ids.clear();
  } else {
    objects_.erase(object.id);
  }
}

}  // namespace dialtone::image
