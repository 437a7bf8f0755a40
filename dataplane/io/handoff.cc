// SPDX-License-Identifier: Apache-2.0
#include "dataplane/io/handoff.h"

#include <rte_errno.h>

#include <string>

namespace dialtone::io {

Result<HandoffMesh> HandoffMesh::make(std::uint32_t workers) {
  HandoffMesh mesh(workers);
  for (std::uint32_t from = 0; from < workers; ++from) {
    for (std::uint32_t to = 0; to < workers; ++to) {
      if (from == to) {
        continue;
      }
      const std::string name = "handoff-" + std::to_string(from) + "-" + std::to_string(to);
      rte_ring* ring =
          rte_ring_create(name.c_str(), kHandoffRing, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
      if (ring == nullptr) {
        return failed("no memory for the rings between workers: " +
                      std::string(rte_strerror(rte_errno)) + "; raise memory_mb");
      }
      mesh.rings_[from * workers + to].reset(ring);
    }
  }
  return mesh;
}

HandoffMesh::~HandoffMesh() {
  for (const auto& ring : rings_) {
    void* buffer = nullptr;
    while (ring != nullptr && rte_ring_sc_dequeue(ring.get(), &buffer) == 0) {
      rte_pktmbuf_free(static_cast<rte_mbuf*>(buffer));
    }
  }
}

}  // namespace dialtone::io
