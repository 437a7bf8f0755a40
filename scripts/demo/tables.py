# SPDX-License-Identifier: Apache-2.0
"""What the phones of the demo campus share: three device pools, each with its own Unified CM group,
time zone and locales. Addresses are those of documentation (RFC 5737)."""


def shared_tables():
    return {
        "cm_nodes": [
            node("cm-lon-1", "London, first subscriber", "192.0.2.11"),
            node("cm-lon-2", "London, second subscriber", "192.0.2.12"),
            node("cm-nyc-1", "New York, first subscriber", "198.51.100.11"),
            node("cm-nyc-2", "New York, second subscriber", "198.51.100.12"),
            node("cm-tyo-1", "Tokyo, only subscriber", "203.0.113.11"),
        ],
        "cm_groups": [
            {"name": "CMG London", "members": ["cm-lon-1", "cm-lon-2"]},
            {"name": "CMG New York", "members": ["cm-nyc-1", "cm-nyc-2", "cm-lon-2"]},
            {"name": "CMG Tokyo", "members": ["cm-tyo-1", "cm-nyc-2"]},
        ],
        "ntp_servers": [
            {"address": "192.0.2.123", "mode": "unicast"},
            {"address": "198.51.100.123", "mode": "unicast"},
        ],
        "date_time_groups": [
            time_group("London", "D/M/Y", "GMT Standard/Daylight Time", "Europe/London",
                       ["192.0.2.123"]),
            time_group("New York", "M/D/YA", "Eastern Standard/Daylight Time", "America/New_York",
                       ["198.51.100.123", "192.0.2.123"]),
            time_group("Tokyo", "Y/M/D", "Tokyo Standard Time", "Asia/Tokyo", ["198.51.100.123"]),
        ],
        "srst_references": [
            {"name": "Tokyo router", "option": "Enable", "address1": "203.0.113.1",
             "sip_address1": "203.0.113.1"},
        ],
        "locales": [
            locale("user", "English_United_Kingdom", "en_GB", 64),
            locale("network", "United_Kingdom", "", 64),
            locale("user", "Japanese_Japan", "ja_JP", 13),
            locale("network", "Japan", "", 13),
        ],
        "device_pools": [
            pool("London", "English_United_Kingdom", "United_Kingdom"),
            pool("New York", "English_United_States", "United_States"),
            {**pool("Tokyo", "Japanese_Japan", "Japan"), "srst": "Tokyo router"},
        ],
    }


def node(name, description, address):
    return {"name": name, "description": description, "address": address}


def time_group(name, template, zone, olson_zone, ntp):
    return {"name": name, "date_template": template, "time_zone": zone,
            "olson_time_zone": olson_zone, "ntp": ntp}


def locale(kind, name, lang_code, uid):
    return {"kind": kind, "name": name, "lang_code": lang_code, "uid": uid}


def pool(place, user_locale, network_locale):
    return {"name": place, "cm_group": f"CMG {place}", "date_time_group": place,
            "user_locale": user_locale, "network_locale": network_locale}
