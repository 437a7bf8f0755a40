# SPDX-License-Identifier: Apache-2.0
"""The phones of the demo campus, as rows of a CSV whose columns are the keys of `dialtone device set`."""

from streams import Stream

# Share of the phones in percent, device pool, country code and exchange of its numbers.
POOLS = (
    (50, "London", "44", "207946"),
    (30, "New York", "1", "212555"),
    (20, "Tokyo", "81", "35550"),
)

# Share in percent, model, protocol, lines that a phone may have.
MODELS = (
    (14, "Cisco 7942", "SCCP", 2),
    (12, "Cisco 7962", "SCCP", 2),
    (10, "Cisco 7965", "SCCP", 3),
    (4, "Cisco 7975", "SCCP", 4),
    (8, "Cisco 7965", "SIP", 3),
    (16, "Cisco 7841", "SIP", 2),
    (14, "Cisco 8841", "SIP", 2),
    (8, "Cisco 8845", "SIP", 2),
    (10, "Cisco 8861", "SIP", 4),
    (4, "Cisco 9971", "SIP", 4),
)

FIRST_NAMES = (
    "Amara", "Björn", "Chiyo", "Dev", "Élodie", "Farid", "Grace", "Hana", "Imran", "João",
    "Keiko", "Lars", "Mei", "Noah", "Oksana", "Priya", "Quinn", "Rosa", "Søren", "Tariq",
    "Uma", "Victor", "Wanjiru", "Ximena", "Yusuf", "Zoë",
)
LAST_NAMES = (
    "Abe", "Brown", "Castillo", "Dubois", "Evans", "Fischer", "García", "Hughes", "Ito",
    "Jensen", "Kaya", "Larsen", "Müller", "Nakamura", "O'Brien", "Patel", "Quirke", "Rossi",
    "Smith & Sons", "Tanaka", "Ueda", "Varga", "Wright", "Xu", "Yamada", "Zhou",
)
ROOMS = ("Lobby", "Ward", "Lab", "Office", "Workshop", "Meeting room", "Kitchen", "Reception")

MOST_LINES = max(lines for *_, lines in MODELS)
LINE_PARTS = ("dn", "label", "display", "auth_name", "auth_secret", "external_mask")
HEADER = (
    ["name", "description", "model", "protocol", "pool", "owner", "label"]
    + [f"line{line}.{part}" for line in range(1, MOST_LINES + 1) for part in LINE_PARTS]
    + [f"speeddial{button}.{part}" for button in (5, 6) for part in ("number", "label")]
    + ["vendor.webAccess"]
)


def by_share(values, percent):
    """The value whose share, its first field, holds `percent` when all are laid end to end."""
    for value in values:
        percent -= value[0]
        if percent < 0:
            return value
    raise ValueError("the shares do not add up to 100")


def phone_rows(seed, count):
    stream = Stream(seed, "phones")
    numbers = {pool: 1000 for _, pool, *_ in POOLS}
    # Steps through all values of the last three bytes in an order that looks like no order.
    step, start = 0x4f1bbd | 1, stream.below(1 << 24)
    for index in range(count):
        mac = (start + index * step) % (1 << 24)
        _, pool, country, exchange = by_share(POOLS, stream.below(100))
        _, model, protocol, most_lines = by_share(MODELS, stream.below(100))
        row = dict.fromkeys(HEADER, "")
        person = f"{stream.pick(FIRST_NAMES)} {stream.pick(LAST_NAMES)}"
        row["name"] = f"SEP02D1A1{mac:06X}"
        row["description"] = f"{stream.pick(ROOMS)} {1 + stream.below(400)}, {pool}"
        row["model"], row["protocol"], row["pool"] = model, protocol, pool
        row["owner"] = f"user{index + 1:04}"
        for line in range(1, 2 + stream.below(most_lines)):
            numbers[pool] += 1
            mask = f"+{country}{exchange}XXXX"
            fill_line(row, line, str(numbers[pool]), person, mask, stream)
        row["label"] = row["line1.dn"]
        if stream.below(4) == 0:
            row["speeddial5.number"], row["speeddial5.label"] = "1001", "Front desk"
        if stream.below(10) == 0:
            row["speeddial6.number"], row["speeddial6.label"] = "+441632960961", "Security"
        if stream.below(20) == 0:
            row["vendor.webAccess"] = "1"
        yield row


def fill_line(row, line, dn, person, mask, stream):
    row[f"line{line}.dn"] = dn
    row[f"line{line}.label"] = f"{person} {dn}" if line == 1 else f"Line {line}"
    row[f"line{line}.display"] = person
    row[f"line{line}.external_mask"] = mask
    if row["protocol"] == "SIP":
        row[f"line{line}.auth_name"] = dn
        row[f"line{line}.auth_secret"] = stream.bytes(6).hex()
