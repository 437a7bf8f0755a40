// SPDX-License-Identifier: Apache-2.0
#include "bench/emu/discovery/method.h"

namespace dialtone::emu {
namespace {

constexpr Method kGateway[] = {Method::kLocal,     Method::kCiscoCm1, Method::kSiaddr,
                               Method::kOption150, Method::kSname,    Method::kOption66};
constexpr Method kPhone[] = {Method::kAlternate, Method::kOption150, Method::kOption66,
                             Method::kSiaddr, Method::kSname};
constexpr Method kIpv6[] = {Method::kAlternate, Method::kSubOption1, Method::kSubOption2};

}  // namespace

std::string_view method_name(Method method) noexcept {
  switch (method) {
    case Method::kLocal:
      return "local";
    case Method::kAlternate:
      return "alternate";
    case Method::kCiscoCm1:
      return "CiscoCM1";
    case Method::kSiaddr:
      return "siaddr";
    case Method::kOption150:
      return "150";
    case Method::kSname:
      return "sname";
    case Method::kOption66:
      return "66";
    case Method::kSubOption1:
      return "subopt1";
    case Method::kSubOption2:
      return "subopt2";
    case Method::kNvram:
      return "nvram";
  }
  return "";
}

std::span<const Method> methods_of(Precedence precedence) noexcept {
  switch (precedence) {
    case Precedence::kGateway:
      return kGateway;
    case Precedence::kPhone:
      return kPhone;
    case Precedence::kIpv6:
      return kIpv6;
  }
  return {};
}

}  // namespace dialtone::emu
