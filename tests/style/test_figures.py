# SPDX-License-Identifier: ISC
"""Every figure of a shipped prompt that follows from its facts is computed from them: rates times sizes,
retentions, budgets that add up. A number with a unit of bytes, or in billions, that stands in no row below is a
complaint, so that nothing is written without being checked or named as given."""

import glob
import os
import re

from sources import ROOT, finish

FOLDER = "contrib/packs"
UNITS = {"": 1, "%": 0.01, "thousand": 1e3, "million": 1e6, "billion": 1e9, "bytes": 1, "B": 1, "KB": 1e3, "MB": 1e6,
         "GB": 1e9, "TB": 1e12, "PB": 1e15, "KB/s": 1e3, "MB/s": 1e6, "GB/s": 1e9, "cents": 0.01,
         "s": 1, "seconds": 1, "minutes": 60, "hour": 3600, "hours": 3600, "h": 3600, "days": 86400}
WORDS = {"a": 1, "an": 1, "two": 2, "three": 3, "four": 4, "six": 6, "eight": 8, "ten": 10, "fifteen": 15}
UNCHECKED = re.compile(r"[\d,.]*\d (?:TB|GB|PB|MB/s|GB/s|KB/s|billion)(?![\w/])")
TOLERANCE = 0.09  # "about"; a row may give its own

DAY, HOUR, YEAR = 86400, 3600, 365
K, M, G, T, P = 1e3, 1e6, 1e9, 1e12, 1e15

# name: facts (a variable: where its value stands), rows (a quote with its figures in braces: an
# expression for each, then perhaps a tolerance), given (assumptions of the text itself, prices and
# properties of tools).
CASES = {
    "click-stream": (
        {"peak": "{50,000} events a second at peak", "mean": "About {15,000} a second on average",
         "size": "An event is about {1 KB} of JSON", "upload": "sends what it has every {15 seconds}",
         "fresh": "may then be a {minute} old"},
        [("some {1.3 billion} a day", "mean * DAY"),
         ("the {50,000} come within a minute after a push notification, {three} times the usual", "peak", "peak / mean",
          0.12),
         ("at 500 a second ({0.5 MB/s})", "500 * size"),
         ("raw volume is {1.3 TB} a day, so two years are near {1 PB}", "mean * size * DAY",
          "mean * size * DAY * 2 * YEAR"),
         ("{1.3 billion} in, 1.2 million repeated", "mean * DAY"),
         ("{500,000} events a second at peak", "10 * peak"),
         ("about {500 MB/s} in, {1.5 GB/s} with three copies", "10 * peak * size", "3 * 10 * peak * size"),
         ("50,000 events a second ({50 MB/s})", "peak * size"),
         ("Kinesis rejected: {50} shards at 1 MB/s each", "peak * size / M"),
         ("for an hour ({54 million} IDs, some {2 GB})", "mean * HOUR", "mean * HOUR * 40"),
         ("app {15}, collector and Kafka 2, window 10, ingest 5, reserve {28}", "upload", "60 - (15 + 2 + 10 + 5)", 0),
         ("15 s upload, 2 s to Kafka, 10 s window, 5 s ingest: {32}, so {28} to spare", "15 + 2 + 10 + 5", "60 - 32",
          0),
         ("up to {7} days of waiting and {7} of snapshots, {14} of the 30", "7", "7", "7 + 7", 0),
         ("runs ten dates at a time from the landing zone", ),
         ("At {20 minutes} a day of data, {three hours}", "20 * 60", "90 / 10 * 20 * 60", 0),
         ("Ten dates at a time, {20 minutes} each: {three hours}", "20 * 60", "90 / 10 * 20 * 60", 0)],
        ["100 to 150 TB as compressed Parquet", "hour added where a type passes some 10 GB a day",
         "50 shards at 1 MB/s each"]),
    "cdc-replication": (
        {"shards": "{12} PostgreSQL 14 primaries", "tables": "the same {180} tables", "all_": "{9 TB} in all",
         "big": "has 4 billion rows and {2.1 TB}", "mean": "{8,000} row changes a second on average",
         "peak": "{35,000} at peak", "row": "about {600 bytes} a row", "archived": "touches {40 million} rows in",
         "archiving": "million rows in {20 minutes}", "cap": "may not exceed {100 GB}",
         "wal": "WAL is about {2.5} times the row data"},
        [("{9 TB} in a 6-hour window is over {400 MB/s}", "all_", "all_ / (6 * HOUR)"),
         ("a shard its {175 GB} of that table take {an hour}, all of its {750 GB} four", "big / shards",
          "big / shards / (50 * M)", "all_ / shards"),
         ("one shard ({750 GB}, {four hours} at 50 MB/s)", "all_ / shards", "all_ / shards / (50 * M)"),
         ("at {50 MB/s} a shard at most, so about {four hours} for each {750 GB}", "50 * M",
          "all_ / shards / (50 * M)", "all_ / shards"),
         ("{175 GB} of a shard in {an hour} at {50 MB/s}", "big / shards", "big / shards / (50 * M)", "50 * M"),
         ("5 minutes at 8,000 a second is {2.4 million} changes", "300 * mean"),
         ("x 2.5 is {12 MB/s}, {1 MB/s} a shard: 100 GB last about {28 hours} on average, {six} at peak",
          "mean * row * wal", "mean * row * wal / shards", "cap / (mean * row * wal / shards)",
          "cap / (peak * row * wal / shards) / HOUR"),
         ("x 2.5 is {12 MB/s}, 1 a shard: {28 hours} to 100 GB, {six} at peak", "mean * row * wal",
          "cap / (mean * row * wal / shards)", "cap / (peak * row * wal / shards) / HOUR"),
         ("goes off at {10 GB}, under {three} hours", "10 * G", "10 * G / (mean * row * wal / shards) / HOUR"),
         ("Row data {210 MB/s}, WAL over {500 MB/s}, {44 MB/s} a shard", "10 * peak * row", "10 * peak * row * wal",
          "10 * peak * row * wal / shards"),
         ("{100 GB} of WAL now last {38 minutes}", "cap", "cap / (10 * peak * row * wal / shards)"),
         ("Works out {5 MB/s} of row data and about {415 GB} a day", "mean * row", "mean * row * DAY"),
         ("{1 MB/s} a shard means {28 hours} to 100 GB, {six} at peak", "mean * row * wal / shards",
          "cap / (mean * row * wal / shards)", "cap / (peak * row * wal / shards) / HOUR"),
         ("bronze already makes {259,200} a day", "tables * DAY / 60", 0),
         ("every five minutes are {51,840} a day, every 30 s {518,400}", "tables * DAY / 300", "tables * DAY / 30", 0),
         ("{33,000} changes a second for 20 minutes", "archived / archiving"),
         ("{50 MB/s} of WAL, {4.2} a shard, {5 GB} in all", "archived / archiving * row * wal",
          "archived / archiving * row * wal / shards / M", "archived * row * wal / shards"),
         ("raw changes {21} days and snapshots {7}, together {28} of the 30", "21", "7", "21 + 7", 0),
         ("Raw changes {21} days and snapshots {7} make {28}", "21", "7", "21 + 7", 0),
         ("committed every minute, {21} days", "21", 0),
         ("snapshots kept seven days, raw changes {21}: {28} of the 30", "21", "21 + 7", 0),
         ("Alert at {10}, page at {30}", "10", "30", 0)],
        ["has 4 billion rows", "Hears 100 GB", "first copy of a 2.1 TB table", "12 primaries, 9 TB",
         "held back. 100 GB of WAL", "Warn at 10 GB", "slot lag over 30 GB", "shard: 100 GB last", "hours to 100 GB", "At 50 MB/s a shard", "four hours at 50 MB/s"]),
    "feature-store": (
        {"mean": "{15,000} scoring requests a second on average", "peak": "{40,000} at peak; each needs",
         "wanted": "needs about {60} features", "buyers": "text: >- {60 million} buyers", "items": "{200 million} items",
         "sellers": "{5 million} sellers", "features": "{1,200} features", "events": "{30,000} events a second on Kafka"},
        [("about 500 bytes, {20 MB/s} peak and {0.65 TB} a day", "peak * 500", "mean * 500 * DAY"),
         ("{20 MB/s} at peak, {0.65 TB} a day", "peak * 500", "mean * 500 * DAY"),
         ("logged ({20 MB/s} at peak)", "peak * 500"),
         ("{6 million} active buyers x 288 x 16 bytes is at most {28 GB}", "buyers / 10", "buyers / 10 * 288 * 16"),
         ("{2.5 million} item reads a second, {twenty} times", "500 * 5000", "500 * 5000 / (3 * peak)"),
         ("80 B x 200 million = {16 GB}", "80 * items"),
         ("That is {120,000} key reads a second if packed by entity, {2.4 million} if", "3 * peak", "wanted * peak"),
         ("40,000 x 3 entities is {120,000} reads a second, 40,000 x 60 features {2.4 million}", "3 * peak",
          "wanted * peak"),
         ("{265 million} rows at about 400 bytes, {106 GB}", "buyers + items + sellers",
          "(buyers + items + sellers) * 400"),
         ("12 months of one feature is {950 billion} events", "events * DAY * YEAR"),
         ("of 1,200 features {60} need a stream", "features * 0.05", 0),
         ("Only {60} features need a stream", "features * 0.05", 0),
         ("snapshots expire at 14 days: {21} of the 30", "7 + 14", 0),
         ("weekly deletes and 14 days of snapshots are {21} of 30", "7 + 14", 0),
         ("event to Kafka 2 s, tile 5 s at most with early firing, write 0.5 s", ),
         ("{10 minutes} lost at peak are regained in about {5}", "600", "600 / (3 - 1) / 60", 0)],
        ["in practice sparse, 2 GB", "Redis with 600 GB", "600 GB in memory becomes about 100 GB on flash",
         "RocksDB state about 5 GB", "pruning leave about 2 TB"]),
    "iot-telemetry": (
        {"fleet": "text: >- {1.2 million} machines", "later": "{3 million} in two years", "every": "every {10 seconds} with",
         "signals": "with {40} signals", "size": "about {300 bytes} of CBOR", "flash": "keeps {72 hours} in flash",
         "back": "{250,000} machines came back within", "cents": "under {8 cents} per machine"},
        [("is {69 billion} values a day", "fleet * 1440 * signals"),
         ("together {280 GB} a day, {300 TB} in three years", "fleet * 1440 * signals * 4",
          "fleet * 1440 * signals * 4 * 3 * YEAR"),
         ("values are {69 billion} a day, {300 TB} in three years; offers 15 minutes ({20 TB})",
          "fleet * 1440 * signals", "fleet * 1440 * signals * 4 * 3 * YEAR", "fleet * 96 * signals * 4 * 3 * YEAR"),
         ("15 minutes for three years: {4.6 billion} a day, {18 GB}, {20 TB}", "fleet * 96 * signals",
          "fleet * 96 * signals * 4", "fleet * 96 * signals * 4 * 3 * YEAR"),
         ("1.2 million x 1 KB = {1.2 GB}", "fleet * K"), ("Last value apart ({1.2 GB})", "fleet * K"),
         ("{120,000} messages a second become {20,000} and mobile", "fleet / every", "fleet / 60"),
         ("one in 10 s is {120,000} messages a second, {36 MB/s}, {3.1 TB} a day, and {4.8 million} readings",
          "fleet / every", "fleet / every * size", "fleet / every * size * DAY", "fleet / every * signals"),
         ("{2,100} TLS handshakes a second", "back / 120"), ("{2,100} handshakes a second, capped", "back / 120"),
         ("Backlog: {1,080} messages each, {270 million}", "3 * HOUR / every", "3 * HOUR / every * back"),
         ("it is 250,000 a second, drained in {18 minutes}", "3 * HOUR / every"),
         ("{270 million} old messages at one a second a machine are drained in {18 minutes}",
          "3 * HOUR / every * back", "3 * HOUR / every"),
         ("{300,000} messages a second, {90 MB/s}", "later / every", "later / every * size"),
         ("(3 million at 10 to 20 KB is 30 to {60 GB} in the brokers, so {12} nodes at 250,000)", "later * 20 * K",
          "later / 250000"),
         ("200,000 acknowledgements in 30 s are {6,700} a second", "200000 / 30"),
         ("{25,920} old messages per machine and hour, {72} times", "flash / every", "flash / every / (HOUR / every)", 0),
         ("{26,000} messages, {7.8 MB}. Same flash", "flash / every", "flash / every * size"),
         ("holds {195,000} minutes, {135} days", "flash / every * size / 40", "flash / every * size / 40 / 1440"),
         ("60 partitions for live ({2,000} messages a second each), 3 days' retention ({9.3 TB}", "fleet / every / 60",
          "3 * fleet / every * size * DAY"),
         ("Kinesis would need {120} shards by records, or {36} by bytes", "fleet / every / 1000",
          "fleet / every * size / M"),
         ("1.2 million machines x 2 KB = {2.4 GB}", "fleet * 2 * K"),
         ("1.5 bytes a reading: {620 GB} a day, {56 TB} in 90 days", "fleet / every * signals * 1.5 * DAY",
          "fleet / every * signals * 1.5 * DAY * 90"),
         ("8 nodes with {150,000} connections each", "fleet / 8", 0),
         ("8 cents x 1.2 million is {96,000} dollars", "cents * fleet", 0)],
        ["with a number, 300 TB"]),
    "log-analytics": (
        {"day": "text: >- {40 TB} a day", "hosts": "from {8,000} hosts", "line": "a line is about {500 bytes}",
         "burst": "{1.5 GB/s} during an incident", "share": "Audit logs, {5 %} of the volume",
         "services": "runs {3,000} services", "target": "the target is {100,000}"},
        [("Around {460 MB/s} on average", "day / DAY"),
         ("40 TB a day, {460 MB/s}, peak {1.5 GB/s}", "day / DAY", "burst"),
         ("so almost a {million} lines a second", "day / DAY / line"),
         ("one replica, 14 days: about {1 PB}", "day * 14 * 2", 0.15),
         ("Full index: about {1 PB}", "day * 14 * 2", 0.15), ("full index ({1 PB})", "day * 14 * 2", 0.15),
         ("8 to 10 times: 4 to {5 TB} a day", "day / 8"),
         ("since Tuesday: {4.5 TB} a day, {40 minutes} a day of logs at 2 GB/s", "day / 9", "4.5 * T / (2 * G)"),
         ("40 TB over 8,000 hosts is {58 KB/s}; two hours are {420 MB}, five times that {2.1 GB}", "day / hosts / DAY",
          "day / hosts / 12", "5 * day / hosts / 12"),
         ("average host writes {58 KB/s}, so two hours are {420 MB}, and at five times the rate {2.1 GB}",
          "day / hosts / DAY", "day / hosts / 12", "5 * day / hosts / 12"),
         ("Kafka keeps 24 hours ({6.6 TB}", "day / 6"),
         ("together {77 MB/s} compressed on average and {250 MB/s} at peak; 24 hours are {6.6 TB}, {20 TB} with",
          "day / DAY / 6", "burst / 6", "day / 6", "day / 6 * 3"),
         ("Audit only: {2 TB} a day, about {23 MB/s}", "day * share", "day * share / DAY"),
         ("4 to {5 TB} a day: two days on NVMe with two replicas, {20 TB} at most, the other 12 of 14 days on object "
          "storage, {60 TB}", "day / 8", "5 * T * 2 * 2", "5 * T * 12"),
         ("about {1,400} dollars a month", "60 * 1000 * 0.023"),
         ("some {550 MB} raw, {60 MB} stored", "day / services / 24", "day / services / 24 / 9"),
         ("one service is {550 MB} raw", "day / services / 24"),
         ("agents on 8,000 hosts 20, traffic between zones 13, 24 hot nodes at 1,500 dollars {36}, Kafka 12, object "
          "storage with the audit years 7. That is {88} of {100}: the target holds, with {12} to spare", "24 * 1.5",
          "20 + 13 + 36 + 12 + 7", "target / 1000", "100 - 88", 0),
         ("where the {88,000} go: {37 %} agents and traffic between zones, {41 %} hot nodes, {14 %} Kafka, {8 %} object",
          "88000", "33 / 88", "36 / 88", "12 / 88", "7 / 88", 0.03),
         ("between 5 and {20 %} of all", "1 - 0.8", 0)],
        ["Questions the 40 TB", "designs for 40 TB all", "need all 40 TB", "Designs for 40 TB", "at 40 TB a day, index",
         "replicating 40 TB", "service is 40 TB / 3,000", "volume and shape: 40 TB",
         "wrote 300 MB/s", "is back, 300 MB/s", "headroom for 2 GB/s", "at 2 GB/s over", "50 GB scanned",
         "The loudest: 50 GB", "Disk buffer 2.5 GB", "1 GB more for audit", "own 1 GB",
         "in years. 1.5 GB/s", "8,000 hosts is 58 KB/s", "40 TB over 8,000"]),
    "usage-billing": (
        {"day": "text: >- {2 billion} metered calls a day", "mean": "{23,000} a second on average",
         "peak": "{90,000} at peak", "size": "about {400 bytes} of protobuf", "paying": "{60,000} paying customers",
         "largest": "largest one makes {18 %}", "money": "about {30 million} dollars", "lost": "up to {0.01 %} of revenue",
         "again": "About {0.3 %} arrive more than once", "gateways": "{600} gateways in five regions"},
        [("2 billion metered calls a day: {23,000} a second", "day / DAY"),
         ("60,000 x 12 x 24 are {17 million} rows", "paying * 12 * 24"),
         ("replaying {60 billion} events. Tiers", "30 * day"), ("would replay {60 billion} events", "30 * day"),
         ("{4 billion} IDs at about 40 bytes are {160 GB} of RocksDB, {2.5 GB} on each of 64", "2 * day", "2 * day * 40",
          "2 * day * 40 / 64"),
         ("one hour ({83 million} IDs, {3.3 GB})", "day / 24", "day / 24 * 40"),
         ("{16,000} a second on one key", "largest * peak"), ("{16,000} a second at peak: partial", "largest * peak"),
         ("{0.008 %} of the total", "0.05 / gateways"), ("{0.008 %} of the sum", "0.05 / gateways"),
         ("(600 x 720 = {432,000})", "gateways * 720", 0), ("{432,000} of them are reconciled", "gateways * 720", 0),
         ("{360 MB/s}, {8 TB} a day", "10 * peak * size", "10 * day * size"),
         ("(13 months, {3.2 PB} before compression)", "10 * day * size * 13 * 30.4"),
         ("some {300,000} rows", "12 * 5 * 5100"),
         ("{4,600} events/s x 400 B x 30 h is {200 GB} over {120} gateways, under {2 GB} each", "mean / 5",
          "mean / 5 * size * 30 * HOUR", "gateways / 5", "mean / 5 * size * 30 * HOUR / 120", 0.25),
         ("Only {4} of the 30 hours belong to the closing month", "24 - 20", 0),
         ("the cut at midnight on the 3rd is {22} hours away", "4 + 48 - 30", 0),
         ("in after {two} hours and the rest after {fifteen}", "4 / (3 - 1)", "30 / (3 - 1)", 0),
         ("(four times the rows, {68 million} a day", "4 * paying * 12 * 24"),
         ("accepted, so {3,000} dollars in 30 million", "lost * money", 0),
         ("accepted, {3,000} dollars of 30 million", "lost * money", 0),
         ("at peak, {800 GB} a day", "day * size"), ("90,000 x 400 B is {36 MB/s}", "peak * size"),
         ("13 months: {800 GB} a day, about 160 GB as Parquet, some {65 TB}", "day * size", "160 * G * 13 * 30.4"),
         ("at {40} events a second and 400 B each 48 hours are under {3 GB}", "mean / gateways",
          "40 * size * 48 * HOUR"),
         ("{83 million} rows an hour, {7 GB} as Parquet, {28} files of 256 MB", "day / 24", "160 * G / 24", "7 * K / 256"),
         ("{0.3 %} overcharge, {90,000} dollars a month", "again", "again * money", 0),
         ("poll by gateways: {35}, and {25} reserve", "10 + 10 + 5 + 10", "60 - 35", 0),
         ("midnight UTC on the 3rd for nearly all, {12} hours before the deadline, and 08:00 for the last of the 40 with "
          "local midnight, {four} hours before it", "12", "12 - 8", 0),
         ("so {80} cents with eight in use", "8 * 10", 0)],
        ["about 160 GB as Parquet"]),
    "shop-sales": (
        {"shops": "We run {800} shops", "receipts": "About {3,000} receipts", "lines": "with {5} lines each",
         "size": "A line is about {200 bytes}", "late": "About {3 %} of the shops are late", "christmas":
         "before Christmas {three} times"},
        [("5 lines each: {12 million} lines", "shops * receipts * lines"),
         ("{2.4 GB} a day, files at closing", "shops * receipts * lines * size"),
         ("{2.4 GB} a day are {2.6 TB} in three years", "shops * receipts * lines * size", "2.4 * G * 3 * YEAR"),
         ("12 million lines of 200 bytes are {2.4 GB} a day", "shops * receipts * lines * size"),
         ("{2.4 GB} a day, {7 GB} before Christmas", "12 * M * size", "12 * M * size * christmas"),
         ("{2.6 TB} in three years at {2.4 GB} a day", "2.4 * G * 3 * YEAR", "12 * M * size"),
         ("ten a day are {3,650} a year", "10 * YEAR", 0),
         ("60 shops x 4 days are {240} files", "60 * 4", 0),
         ("180 days x 12 million are {2.2 billion} lines, {430 GB}", "180 * 12 * M", "180 * 12 * M * size"),
         ("eight at once are {45 minutes}", "180 * 120 / 8", 0), ("two minutes each, eight at once, {45 minutes}",
                                                                 "180 * 120 / 8", 0),
         ("{776} of 800, the missing", "shops * (1 - late)", 0), ('totals say "{776} of 800"', "shops * (1 - late)", 0),
         ("{36 million} lines a day", "12 * M * christmas", 0),
         ("{3,800} shops, {57 million} lines, {11.4 GB} a day", "shops + 3000", "3800 * receipts * lines",
          "57 * M * size", 0),
         ("are now {114} shops", "3800 * late", 0), ("{24} files are missing", "shops * late", 0)],
        []),
}


def value(text):
    """'1.3 TB' → 1.3e12; 'six' → 6; 'a minute' → 60."""
    match = re.fullmatch(r"([\d,]*\.?\d+|[a-z]+) ?([A-Za-z/%]*)", text)
    number, unit = match.groups()
    if number in UNITS and not unit:
        number, unit = "a", number
    if number == "minute":
        return 60
    if number == "twenty":
        return 20
    return (WORDS[number] if number in WORDS else float(number.replace(",", ""))) * UNITS[unit]


def find(text, quote):
    """Where a quote stands (start, end), each time, and its figures."""
    parts = re.split(r"\{(.*?)\}", quote)
    plain = "".join(parts)
    figures = [value(p) for p in parts[1::2]]
    return [(m.start(), m.end()) for m in re.finditer(re.escape(plain), text)], figures


def check_prompt(name, text, complain):
    facts, rows, given = CASES[name]
    known, covered, checked = {}, [], 0
    for variable, quote in facts.items():
        places, figures = find(text, quote)
        if not places:
            complain(f"does not say '{quote}'")
            return 0
        covered += places
        known[variable] = figures[0]
    for quote, *sums in rows:
        tolerance = sums.pop() if sums and not isinstance(sums[-1], str) else TOLERANCE
        places, figures = find(text, quote)
        covered += places
        if not places:
            complain(f"does not say '{quote}'")
        for figure, expression in zip(figures, sums):
            wanted = eval(expression, globals(), known)  # our own table
            checked += 1
            if abs(figure - wanted) > tolerance * wanted + 1e-9 * wanted:
                complain(f"says '{quote}', where {expression} is {wanted:g}")
        if len(figures) != len(sums):
            complain(f"'{quote}' has {len(figures)} figures and {len(sums)} sums")
    for quote in given:
        places = find(text, quote)[0]
        covered += places
        if not places:
            complain(f"does not say '{quote}'")
    for match in UNCHECKED.finditer(text):
        if not any(start <= match.start() and match.end() <= end for start, end in covered):
            around = text[max(0, match.start() - 40):match.end() + 20]
            complain(f"has a figure that nothing computes: '…{around}…'")
    return checked


def main():
    faults, checked = [], 0
    for path in sorted(glob.glob(os.path.join(ROOT, FOLDER, "*.yaml"))):
        name = os.path.basename(path)[:-5]
        with open(path, encoding="utf-8") as file:
            text = " ".join(line for line in file.read().splitlines() if not line.startswith("#"))
        if "spar: prompt/" not in text:
            continue
        text = " ".join(text.split())
        if name not in CASES:
            faults.append(f"{name}: its figures stand in no table of this test")
            continue
        checked += check_prompt(name, text, lambda what, name=name: faults.append(f"{name}: {what}"))
    finish(faults, checked)


main()
