# SPDX-License-Identifier: ISC
"""
Purpose: whether a report of `spar report --format json` adds up: its sums are those of its parts, and each agreement
is worked out once more from the marks of the items.
"""
from support import check, equal

NOT_YET = "not yet"


def adds_up(report):
    """Checks the report, and its other half if it holds one."""
    summary, phases = report["summary"], report["phases"]
    room = report["room"]
    for key in ("planned", "actual", "items", "raised", "prompted", "not_yet"):
        equal(sum(phase[key] for phase in phases), summary[key], f"{key} over all phases of {room}")
    counted = summary["sheet"]
    for phase in phases:
        marks = [mark_of(item, counted) for item in report["items"] if item["phase"] == phase["id"]]
        equal((len(marks), marks.count("raised"), marks.count("prompted"), marks.count(NOT_YET)),
              (phase["items"], phase["raised"], phase["prompted"], phase["not_yet"]),
              f"the marks of {phase['id']} in {room}")
        running = sum(one["to"] - one["from"] for one in report["stretches"]
                      if not one["paused"] and one["phase"] == phase["id"])
        equal(running, phase["actual"], f"the stretches of {phase['id']} in {room}")
    equal(sum(flag["on"] for flag in report["flags"]), summary["flags"], f"the flags of {room}")
    for pair in report["agreements"]:
        agree(report, pair)
    if "other_half" in report:
        equal(report["other_half"]["room"], report["other_room"], "the other half's room")
        adds_up(report["other_half"])


def mark_of(item, sheet, seat=None):
    """What a sheet says of an item; a sealed one is its coach's."""
    if sheet == "sealed":
        marks = [mark for mark in item.get("sealed", []) if mark["seat"] == seat]
        return marks[0]["mark"] if marks else NOT_YET
    return item.get(sheet, {}).get("mark", NOT_YET)


def agree(report, pair):
    for part in [pair] + pair["phases"]:
        items = [item for item in report["items"] if part is pair or item["phase"] == part["id"]]
        both = [tuple(mark_of(item, side["sheet"], side.get("seat")) for side in (pair["a"], pair["b"]))
                for item in items]
        counted = [marks for marks in both if marks != (NOT_YET, NOT_YET)]
        where = f"the agreement {pair['a']}, {pair['b']} in {report['room']}"
        if not counted:
            check("agreement" not in part, where)
            continue
        given = part["agreement"]
        same = sum(a == b for a, b in counted)
        equal((given["counted"], given["same"]), (len(counted), same), where)
        check(abs(given["percent"] - 100 * same / len(counted)) <= 0.5, where)
        rank = [NOT_YET, "prompted", "raised"].index
        equal((given["kinder"], given["harder"]),
              (sum(rank(b) > rank(a) for a, b in counted), sum(rank(b) < rank(a) for a, b in counted)), where)
