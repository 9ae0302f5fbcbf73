# SPDX-License-Identifier: ISC
"""The tables of protocol/PROTOCOL.md are those of the .def files, limits.h and pack/table.c.

With --write (SPAR_SOURCE and SPAR_BUILD set) it writes them anew instead of comparing."""

import os
import re
import sys

from sources import ROOT, finish, read

PAGE = "protocol/PROTOCOL.md"


def plain(text):
    """C text without comments."""
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.S)


def limits():
    """(name, value, comment) of every enumerator of limits.h, and TIME_MAX_MS."""
    text = read("protocol/limits.h")
    found, values = [], {"UINT32_MAX": 2**32 - 1}
    for name, number in re.findall(r"#define (\w+) +INT64_C\((\d+)\)", text):
        values[name] = int(number)
    row = re.compile(r"^    (\w+) =\s+([^,/\n]+?)(?:,|$|(?= */\*))[ ]*(?:/\*(.*?)\*/)?", re.M | re.S)
    for name, expression, comment in row.findall(text):
        values[name] = eval(expression, {}, values)  # our own header
        found.append((name, values[name], " ".join((comment or "").split())))
    found.append(("TIME_MAX_MS", values["TIME_MAX_MS"], "largest room time in ms"))
    found.append(("COHORT_PACKS_MASK", values["COHORT_PACKS_MASK"], "all of a cohort's packs, one bit each"))
    return found, values


LIMITS, VALUES = limits()


def number(expression):
    expression = re.sub(r"INT64_C\((\w+)\)", r"\1", expression)
    return eval(expression, {}, VALUES)


def rows(path, macro):
    """The arguments of each MACRO(...) line of a .def file."""
    text = plain(read(path))
    for match in re.finditer(rf"^{macro}\(((?:[^()]|\([^()]*\))*)\)", text, re.M):
        yield [part.strip().strip('"') for part in re.split(r",(?![^()]*\))", match.group(1))]


def sets():
    """Names of the roles and stages in W_… and S_… of action.h."""
    text = plain(read("protocol/wire/action.h"))
    parts = {}
    for name, expression in re.findall(r"\b([WS]_\w+) = ([^,\n}]+)", text):
        single = re.fullmatch(r"1 << (?:ROLE|STAGE)_(\w+)", expression.strip())
        if single:
            # On the wire, and so for programs, the stage keeps the name that it had first.
            parts[name] = [{"WAITING": "lobby"}.get(single.group(1), single.group(1).lower())]
        else:
            parts[name] = [p for n in re.findall(r"\w+", expression) for p in parts.get(n, [])]
    return parts


def members(expression, parts):
    names = [p for n in re.findall(r"[WS]_\w+", expression) for p in parts.get(n, [])]
    names += ["the server"] if "W_OR_SERVER" in expression else []
    return ", ".join(dict.fromkeys(names)) or "the server"


AUDIENCES = {
    "AUD_ALL": "everybody",
    "AUD_PANEL": "panel; all from the debrief on",
    "AUD_SHEET": "panel (in a training room everybody); all from the debrief on",
    "AUD_WHISPER": "panel, for ever",
    "AUD_OWN": "author; all from the debrief on",
    "AUD_MINE": "author, for ever",
    "AUD_VERDICT": "author; all once the verdicts open",
    "AUD_SERVER": "nobody",
    "AUD_GUIDE": "panel (in a guided room everybody); all from the debrief on",
    "AUD_PROMPT": "panel; all from the start on",
    "AUD_TITLES": "panel (in a training room everybody); all from `sheet.open` on",
}


def table(head, body):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in body])


def actions():
    parts = sets()
    body = []
    for _, wire, who, when, audience, required, optional in rows("protocol/wire/actions.def", "ACTION"):
        if when == "S_COHORT":
            continue
        fields = ", ".join(f"`{f}`" for f in re.findall(r"F\((\w+)\)", required))
        may = ", ".join(f"`{f}`" for f in re.findall(r"F\((\w+)\)", optional))
        body.append((f"`{wire}`", members(who, parts), members(when, parts), AUDIENCES[audience],
                     fields, may))
    return table(("do", "by", "in the stages", "seen by", "fields", "optional"), body)


def cohort_actions():
    body = []
    for _, wire, _, when, _, required, optional in rows("protocol/wire/actions.def", "ACTION"):
        if when == "S_COHORT":
            body.append((f"`{wire}`", ", ".join(f"`{f}`" for f in re.findall(r"F\((\w+)\)", required)),
                         ", ".join(f"`{f}`" for f in re.findall(r"F\((\w+)\)", optional))))
    return table(("do", "fields", "optional"), body)


def fields():
    kinds = {"NUM": "int", "TEXT": "str", "BYTES": "bin", "SECRET": "bin, never sent"}
    return table(("field", "type", "least", "most"),
                 [(f"`{name}`", kinds[kind], number(low), number(high))
                  for name, kind, low, high in rows("protocol/wire/fields.def", "FIELD")])


def messages():
    kinds = {"INT": "int", "U32": "int", "BOOL": "bool", "WHY": "str, a reason", "TEXT": "str",
             "SECRET": "str", "ID": "str, an id", "BYTES": "bin"}
    body = []
    of = list(rows("protocol/wire/message_fields.def", "FIELD_OF"))
    for name, wire, to, room, cost in rows("protocol/wire/messages.def", "MESSAGE"):
        way = {"TO_SERVER": "to the server", "TO_CLIENT": "to the client"}[to]
        first = [("`room`", "str", VALUES["ROOM_ID_BYTES"], VALUES["ROOM_ID_BYTES"],
                  "yes" if room == "ROOM_YES" else "no")] if room != "ROOM_NO" else []
        if wire in ("command", "event"):
            first.append(("see below", "", "", "", ""))
        for kind, _, key, what, low, high, need in of:
            if kind == name:
                first.append((f"`{key}`", kinds[what], number(low), number(high),
                              "yes" if need == "MUST" else "no"))
        for i, row in enumerate(first):
            body.append(((f"`{wire}`", way, cost if to == "TO_SERVER" else "") if i == 0 else ("", "", "")) + row)
    return table(("m", "goes", "tokens", "field", "type", "least", "most", "required"), body)


def refusals():
    return table(("reason", "sentence"),
                 [(f"`{wire}`", sentence)
                  for _, wire, sentence in re.findall(r'^REFUSAL\((\w+), "(.*?)", "(.*?)"\)',
                                                      read("protocol/wire/refusals.def"), re.M)])


def bounds():
    return table(("name", "value", "meaning"), [(f"`{n}`", v, c) for n, v, c in LIMITS])


def names_of(text, name):
    inside = re.search(rf"{name}\[\] = {{(.*?)}}", text, re.S).group(1)
    for path in re.findall(r'#include "(.*?)"', inside):  # a table of rows: the second field of each
        rows = re.findall(r'^[A-Z]+\(\w+,\s*("[^"]*")', read(path), re.M)
        inside = re.sub(r'#include "%s"' % re.escape(path), ", ".join(rows), inside)
    return "one of " + ", ".join(f"`{n}`" for n in re.findall(r'"(.*?)"', inside))


def column(call, text):
    macro, inside = re.fullmatch(r"(\w+)\((.*)\)", call, re.S).groups()
    args = [a.strip().strip('"') for a in inside.split(",")]
    if macro == "ID":
        return args[1], "str, an id", f"1..{VALUES['ID_MAX_BYTES']} bytes", False
    if macro == "TEXT":
        return args[1], "str", f"{args[2]}..{number(args[3])} bytes", False
    if macro == "PANEL_TEXT":
        return args[1], "str", f"0..{number(args[2])} bytes", True
    if macro in ("TEXTS", "NEW_TEXTS"):
        lacks = ", may lack" if macro == "NEW_TEXTS" else ""
        return args[1], "array of str" + lacks, f"0..{number(args[5])} of 1..{number(args[4])} bytes", False
    if macro in ("NEW_PUBLIC_TEXT", "NEW_TEXT"):
        return args[1], "str, may lack", f"0..{number(args[2])} bytes", macro == "NEW_TEXT"
    if macro == "NAME":
        return args[1], "str", names_of(text, args[2]), False
    if macro == "NEW_NAME":
        return args[1], "str, may lack", names_of(text, args[3]), True
    kinds = {
        "PHASE": ("int", "index into `phases`"),
        "PHASE_OR_NONE": ("int", "index into `phases`, or -1"),
        "MS": ("int", f"0..{number(args[4])} ms"),
        "BUDGETS": ("array of int", f"one for each phase, each 0..{number(args[4])} ms, not all 0"),
        "PERCENT": ("int", "0..100"),
        "COUNT": ("int", f"0..{number(args[4])}"),
        "BOOL": ("bool", ""),
    }
    kind, bound = kinds[args[3]]
    new = macro in ("NEW_PLAIN", "NEW_PUBLIC_PLAIN")
    return args[1], kind + (", may lack" if new else ""), bound, macro == "NEW_PLAIN"


def pack(panel):
    text = plain(read("protocol/pack/table.c"))
    columns = {}
    for name, inside in re.findall(r"static const struct column (\w+)\[\] = {(.*?)\n};", text, re.S):
        calls = re.findall(r"[A-Z_]+\((?:[^()])*\)", inside)
        columns[name] = [column(call, text) for call in calls if not call.startswith("GUIDE_")]
    lists, late = [("", False, 1, 1, "whole")], set()
    for match in re.finditer(r'LIST\("(\w+)", (\w+), (\d), \w+, \w+, (\w+), (\w+),\s+(\w+)\)', text):
        key, own, since, low, high, name = match.groups()
        lists.append((key, own == "true", number(low), number(high), name))
        late.add(key if since != "1" else "")
    body = []
    for key, own, low, high, name in lists:
        inside = [c for c in columns[name] if (own and panel) or (not own and c[3] == panel)]
        count = "as in the public body" if panel and not own else f"{low}..{high}"
        count += ", may lack" if key in late else ""
        for i, (field, kind, bound, _) in enumerate(inside):
            place = (f"`{key}`", count) if key and i == 0 else ("", "")
            body.append(place + (f"`{field}`", kind, bound))
    return table(("list", "entries", "key", "type", "bounds"), body)


TABLES = {
    "actions": actions, "cohort actions": cohort_actions, "fields": fields, "messages": messages, "refusals": refusals,
    "limits": bounds, "pack public": lambda: pack(False), "pack panel": lambda: pack(True),
}


def main():
    page = read(PAGE)
    wanted = page
    for name, make in TABLES.items():
        mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.S)
        if not mark.search(page):
            finish([f"{PAGE}: lacks the marks of the table {name}"], 1)
        wanted = mark.sub(lambda m, t=make(): m.group(1) + "\n" + t + "\n\n" + m.group(2), wanted)
    if "--write" in sys.argv:
        with open(os.path.join(ROOT, PAGE), "w", encoding="utf-8") as file:
            file.write(wanted)
        return
    faults = []
    for have, want in zip(page.splitlines(), wanted.splitlines()):
        if have != want:
            faults.append(f"{PAGE}: has '{have}', the sources say '{want}'")
            break
    if not faults and page != wanted:
        faults.append(f"{PAGE}: a table has lines too many or too few")
    finish(faults, len(TABLES))


main()
