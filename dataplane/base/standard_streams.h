// SPDX-License-Identifier: Apache-2.0
//
// For main(), first of all.
#pragma once

namespace dialtone {

// Opens /dev/null where descriptor 0, 1 or 2 is closed, as a service manager or `<&-` leaves them.
// Else the next socket or file would get that number, and what is printed would go into it.
void open_standard_streams() noexcept;

}  // namespace dialtone
