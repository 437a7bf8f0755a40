// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 of what comes piece by piece, for digests that another machine or a person checks. One
// thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace dialtone::backup {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);
  // In hex. Nothing can be added behind it.
  std::string hex();

 private:
  evp_md_ctx_st* context_;
};

}  // namespace dialtone::backup
