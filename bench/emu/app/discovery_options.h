// SPDX-License-Identifier: Apache-2.0
//
// Where a device's TFTP servers come from: what DHCP says, what is set on it, and with
// --all-methods an address of its own for each way. Cold; reads the file of --dhcp-from.
#pragma once

#include "bench/emu/app/device_options.h"
#include "bench/emu/app/option_reader.h"
#include "bench/emu/app/zone_file.h"
#include "bench/emu/device/device.h"

namespace dialtone::emu {

void read_lease(const DeviceOptions& options, OptionReader& reader, DevicePlan& plan);
void read_offer(const DeviceOptions& options, OptionReader& reader, DevicePlan& plan);
// What is set on the device: of each kind of device another menu has it. Behind its precedence.
void read_memory(const DeviceOptions& options, OptionReader& reader, DevicePlan& plan);
// With --all-methods; the last of them.
void fill_methods(const DeviceOptions& options, DevicePlan& plan, Zone& zone);

}  // namespace dialtone::emu
