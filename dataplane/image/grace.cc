// SPDX-License-Identifier: Apache-2.0
#include "dataplane/image/grace.h"

#include "dataplane/base/cacheline.h"
#include "dataplane/base/check.h"

namespace dialtone::image {

Grace::Grace(std::uint32_t workers) {
  const std::size_t size = align_up(rte_rcu_qsbr_get_memsize(workers), kCacheLine);
  state_.reset(static_cast<rte_rcu_qsbr*>(std::aligned_alloc(kCacheLine, size)));
  DIALTONE_CHECK(state_ != nullptr);
  DIALTONE_CHECK(rte_rcu_qsbr_init(state_.get(), workers) == 0);
  for (std::uint32_t worker = 0; worker < workers; ++worker) {
    DIALTONE_CHECK(rte_rcu_qsbr_thread_register(state_.get(), worker) == 0);
  }
}

}  // namespace dialtone::image
