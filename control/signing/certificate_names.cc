// SPDX-License-Identifier: Apache-2.0
#include "control/signing/certificate_names.h"

#include <openssl/asn1.h>
#include <openssl/obj_mac.h>

#include <array>

namespace dialtone::signing {
namespace {

struct Part {
  int nid;
  const char* key;
};
// Unified CM's order, whatever that of the certificate; it leaves out other parts.
constexpr std::array<Part, 6> kParts = {{{NID_commonName, "CN"},
                                         {NID_organizationalUnitName, "OU"},
                                         {NID_organizationName, "O"},
                                         {NID_localityName, "L"},
                                         {NID_stateOrProvinceName, "ST"},
                                         {NID_countryName, "C"}}};

std::string utf8_of(const X509_NAME& name, int index) {
  const X509_NAME_ENTRY* entry = X509_NAME_get_entry(&name, index);
  unsigned char* bytes = nullptr;
  const int length = ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(entry));
  if (length < 0) {
    return {};
  }
  std::string text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  return text;
}

std::string cucm_name(const X509_NAME& name) {
  std::string text;
  for (const Part& part : kParts) {
    for (int at = X509_NAME_get_index_by_NID(&name, part.nid, -1); at >= 0;
         at = X509_NAME_get_index_by_NID(&name, part.nid, at)) {
      text += (text.empty() ? "" : ";") + std::string(part.key) + '=' + utf8_of(name, at);
    }
  }
  return text;
}

// In the certificate's order, as the public tools write it.
std::string comma_name(const X509_NAME& name) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  constexpr unsigned long kFlags = (XN_FLAG_RFC2253 | ASN1_STRFLGS_UTF8_CONVERT) &
                                   ~static_cast<unsigned long>(XN_FLAG_DN_REV) &
                                   ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (X509_NAME_print_ex(out.get(), &name, 0, kFlags) < 0) {
    return {};
  }
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(out.get(), &bytes);
  return {bytes, static_cast<std::size_t>(length)};
}

std::string serial_bytes(const X509& certificate) {
  const BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(&certificate), nullptr));
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
  BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes.empty() ? std::string(1, '\0') : bytes;
}

}  // namespace

Result<SignerNames> signer_names(const X509& certificate, NameStyle style) {
  const auto spell = style == NameStyle::kCucm ? cucm_name : comma_name;
  SignerNames names{spell(*X509_get_subject_name(&certificate)), serial_bytes(certificate),
                    spell(*X509_get_issuer_name(&certificate))};
  if (names.subject.empty() || names.issuer.empty()) {
    return refused(
        "its subject or its issuer has none of the parts CN, OU, O, L, ST and C, by "
        "which a phone finds it; use a certificate with a CN in both");
  }
  if ((names.subject + names.issuer).find('\0') != std::string::npos) {
    return refused("its subject or its issuer holds a NUL byte; use another certificate");
  }
  return names;
}

}  // namespace dialtone::signing
