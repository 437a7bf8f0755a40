// SPDX-License-Identifier: Apache-2.0
//
// The worked example of a signed file (facts: trust-formats 2.3). Its private key is gone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dialtone::test {

inline constexpr std::string_view kFile =
    "010002010002000201b803006f04002b434e3d746674702e6578616d706c652e746573743b4f553d4c61623b"
    "4f3d4578616d706c653b433d4e5a0005001070caf64e090751b9df22f49f754fc5bb06002b434e3d74667470"
    "2e6578616d706c652e746573743b4f553d4c61623b4f3d4578616d706c653b433d4e5a0007000f0800010309"
    "00080a0001000b0001020c010091b448a6cf962977fc9304cc92ec0a9c457e3958d976effeca15a379f1beaf"
    "cd76485be11fbfe4842be040f25e6a9c2ccca7add89cc4f05eef717e03f57a70f0a8d31749a4465ba40df547"
    "d013f482b8bcf920b220e4787e189cb428a8500baaee703fad609235fd6e0f2315cdccaa8715eb39c4fc59af"
    "690d681255962bfd6743a5443de061448e3358f12949fee83b13490b5260b6a711a259e8ee5bcba75766b0a5"
    "7d7c9902d524bc7c9ae6e37c2582b098c7dd9c58ab2edb319ec3445ac23d24a2f6dc48b34f18067a40e43608"
    "c1e94bbf7ba757d5e0987bf73745987690fda913ef232c11d649cf19e8f1e5c60536848db1761f0d171fdecd"
    "0faeef266d0e001c5345503030313132323333343435352e636e662e786d6c2e73676e000f0004659200800d"
    "3c6465766963653e3c66756c6c436f6e6669673e747275653c2f66756c6c436f6e6669673e3c2f6465766963"
    "653e0a";

// The signature of the twin with SHA-1, which differs from it in byte 0x82 alone.
inline constexpr std::string_view kSha1Signature =
    "1db355e2306996b63a2313135f5d27f73ca01c08daad670b09c5ab3da3b720e71a04304d28360602177649b3"
    "535449ac42aaef8156d2aa6a8d91c88e472cc56fe96216d4c325c146591bb3278758bf7189348172a5264041"
    "47c02fee60fb585d6b52f47543163876142a911cf40af1a6582614955d02c3c18be90d27712c73f731c2cd01"
    "33d50c47091aef3ecf3b5086528033dc07f7a354b57e399ebef4d45284a3815cb3b69d7a58d72655bc99470d"
    "a3b42aa63730a1faed056823be979072577a2991b164735bda52068fce15104c7d1fd48f09f74ebe269a2545"
    "80603f1986cd71c63c021d1f4ef6aae51ad6a551a8fa9055cb2ae010d811d32a1478d7de";

inline constexpr const char* kPublicKey =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAswUhPc9uysbm+39Qarm5G3vJMvGSrk6+\n"
    "/HJ4+ve0gHURPQ7aTOtnNzZHC5Iwe/FpSRyXinmGNFgmPf/SLfZcOwgM6VrkwvlfZ+ALU33fVEey\n"
    "o3LPtrmHuDcVvn/sEtCnWKTk9Lxj+q8sSn9mVEvO175iBCFxfddTKuLHK9Eh8A88373WdYDuDnD7\n"
    "n9qyonL0R4objfZ2IRmNwBuVZVVmGROsHzQqERz8kNkcE28ADiqe/7gh/HB5GWdV7MbW7/JMNu1i\n"
    "biiAjGO1RATLvvMFocz4tO4QlkgRY42Y0NvIzEQUbQ382k3wdqduKD+39kpXTY3/6FNH72+2GKXg\n"
    "jqrDIwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

inline std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

}  // namespace dialtone::test
