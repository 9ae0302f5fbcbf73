# SPDX-License-Identifier: ISC
"""The board, the worksheet and the pictures of a room, for a Member of spar_client: as they are, and by one's own hand.

Written from protocol/PROTOCOL.md ("Board and worksheet") alone. It keeps no rule of the room: what the room does not take,
the server refuses, and Member.settle() gives the reason.
"""
import re

IDS = 65536  # of one seat: seat * IDS + n
PICTURE_MAX, PART_MAX = 204800, 51200
KINDS = ("box", "arrow", "frame", "span", "stroke", "req", "line")
PLAIN, PARKED, SCRATCH = 0, 1, 2  # styles of a line
REQUIREMENT = re.compile(r"(?<!\w)R([1-9]\d{0,2})(?!\w)")


def cited(text):
    """The numbers of the requirements that a text names."""
    return [int(number) for number in REQUIREMENT.findall(text)]


def read_line(text):
    """The fields of a box's line, `name ≠ rival: reason; part; part`; what is not there is ""."""
    head, *parts = [part.strip() for part in text.replace("!=", "≠").split(";")]
    name, unlike, rest = head.partition("≠")
    if unlike:
        rival, _, reason = rest.partition(": ")
    else:
        name, _, reason = head.partition(": ")
        rival = ""
    return {"name": name.strip(), "rival": rival.strip(), "reason": reason.strip(), "parts": [part for part in parts if part],
            "reqs": cited(text)}


def tidy(text):
    """A box's line as the room keeps it."""
    line = read_line(text)
    head = line["name"]
    if line["rival"]:
        head += (" " if head else "") + "≠ " + line["rival"]
    if line["reason"]:
        head += ": " + line["reason"]
    return "; ".join(part for part in (head, *line["parts"]) if part)


class Board:
    """A member's board. Each question looks at the events that have come by then."""

    def __init__(self, member):
        self.member = member
        self._begin()

    def _begin(self):
        self._things, self._pictures, self._seen, self._resets, self._reqs = {}, {}, 0, self.member.resets, 0

    # As it is

    def _fold(self):
        if self._resets != self.member.resets:
            self._begin()
        for event in self.member.events[self._seen:]:
            kind, _, verb = event["do"].partition(".")
            kind = "line" if kind == "sheet" and verb == "write" else kind
            if kind in KINDS:
                self._take(event, kind, verb)
            elif event["do"] == "picture.add":
                self._take_picture(event)
        self._seen = len(self.member.events)
        return self._things

    def _take(self, event, kind, verb):
        id_ = event["thing"]
        thing = self._things.get(id_)
        if thing is None:
            thing = self._things[id_] = {"id": id_, "kind": kind, "by": event["by"], "text": "", "style": 0, "at": event.get("made", event["at"])}
            if kind == "req":
                self._reqs += 1
                thing["number"] = self._reqs
        thing.update({key: event[key] for key in ("text", "style", "col", "row", "cols", "rows", "from", "to", "points") if key in event})
        if kind == "box" and "text" in event:
            thing["text"] = tidy(event["text"])
        if verb == "label":
            thing["text"] = event.get("text", "")
        thing["dropped"] = "text" not in event if kind == "line" else verb == "drop"

    def _take_picture(self, event):
        id_ = event["thing"]
        picture = self._pictures.setdefault(id_, {"id": id_, "by": event["by"], "at": event.get("made", event["at"]), "data": b""})
        picture["data"] += event["image"]
        picture["whole"] = not event.get("left", 0)

    def things(self, kind):
        """What is shown of a kind (KINDS), in the order of their ids; an arrow is while both its boxes are."""
        things = self._fold()

        def shown(one):
            return not one["dropped"] and all(not things[one[end]]["dropped"] for end in ("from", "to") if end in one)
        return [one for _, one in sorted(things.items()) if one["kind"] == kind and shown(one)]

    def pictures(self):
        """Those that came whole, each with its bytes in `data`."""
        self._fold()
        return [one for one in self._pictures.values() if one["whole"]]

    def answers(self):
        """{number: the things that cite it now}, for each requirement that there is."""
        users = [one for kind in ("box", "arrow", "span") for one in self.things(kind)]
        return {req["number"]: [one for one in users if req["number"] in cited(one["text"])] for req in self.things("req")}

    # By one's own hand: each sends a command and returns the id of the thing

    def _next(self):
        self._fold()
        seat = self.member.seat
        used = [id_ for id_ in self._things if id_ // IDS == seat]
        used += [body["thing"] for body in self.member.pending.values()
                 if "thing" in body and body["do"] not in ("picture.add", "point.set") and body["thing"] // IDS == seat]
        return max(used, default=seat * IDS) + 1

    def _add(self, do, **fields):
        id_ = self._next()
        self.member.command(do, thing=id_, **fields)
        return id_

    def box(self, text, col, row, words=False):
        return self._add("box.add", text=text, col=col, row=row, **({"style": 1} if words else {}))

    def arrow(self, box, to, label=""):
        return self._add("arrow.add", **{"from": box, "to": to}, **({"text": label} if label else {}))

    def frame(self, text, col, row, cols, rows):
        return self._add("frame.add", text=text, col=col, row=row, cols=cols, rows=rows)

    def span(self, text, col, row, cols):
        return self._add("span.add", text=text, col=col, row=row, cols=cols)

    def require(self, text):
        return self._add("req.add", text=text)

    def write(self, text, style=PLAIN):
        return self._add("sheet.write", text=text, style=style)

    def reword(self, id_, text):
        """Other words for something of one's own."""
        kind = self._fold()[id_]["kind"]
        do = {"req": "req.set", "line": "sheet.write", "arrow": "arrow.label"}.get(kind, kind + ".text")
        self.member.command(do, thing=id_, text=text)

    def drop(self, id_):
        kind = self._fold()[id_]["kind"]
        self.member.command("sheet.write" if kind == "line" else kind + ".drop", thing=id_)

    def point(self, id_=None):
        """Points at something, for everybody to see (the panel's); without an id at nothing."""
        self.member.command("point.set", **({} if id_ is None else {"thing": id_}))

    def picture(self, data):
        """Puts a PNG, JPEG or WebP of at most 200 KB on record, for somebody who draws elsewhere."""
        if not 0 < len(data) <= PICTURE_MAX:
            raise ValueError(f"A picture has at most {PICTURE_MAX} bytes; this one has {len(data)}.")
        self._fold()
        seat = self.member.seat
        there = {id_ for id_ in self._pictures if id_ // IDS == seat}
        there |= {body["thing"] for body in self.member.pending.values() if body["do"] == "picture.add"}
        id_ = seat * IDS + len(there) + 1
        parts = [data[at:at + PART_MAX] for at in range(0, len(data), PART_MAX)]
        for number, part in enumerate(parts):
            left = len(parts) - 1 - number
            self.member.command("picture.add", thing=id_, image=part, **({"left": left} if left else {}))
        return id_
