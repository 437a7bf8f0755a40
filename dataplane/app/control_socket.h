// SPDX-License-Identifier: Apache-2.0
//
// Where control connects: the offer socket as the options and the shared pages make it. Cold;
// before the workers start.
#pragma once

#include "dataplane/app/options.h"
#include "dataplane/app/shared_pages.h"
#include "dataplane/image/offer_server.h"

namespace dialtone::app {

// Makes its folder as well. `store` and `pages` outlive it.
Result<image::OfferServer> listen_for_control(const Options& options, image::ImageStore& store,
                                              const SharedPages& pages);

}  // namespace dialtone::app
