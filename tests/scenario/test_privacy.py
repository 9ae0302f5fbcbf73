# SPDX-License-Identifier: ISC
"""
Purpose: two runs of the same public script, one with a silent and one with a busy panel. What reaches the
candidate's machine before the debrief is the same byte for byte, but for times and the room's id, which are
replaced by others of the same length; so neither content nor number nor length of anything tells of the panel.
"""
import re

import msgpack
from support import Stage, check, equal, main

PUBLIC = [("clock.start", {}), ("fact.reveal", {"fact": "peak-rate"}), ("talk.say", {"text": "Go on."}),
          ("clock.jump", {"phase": 1}), ("clock.pause", {}), ("clock.resume", {}),
          ("clock.jump", {"phase": 2}), ("curveball.throw", {"curveball": "ten-x"}),
          ("note.all", {"text": "Break after this."}), ("clock.finish", {})]

PANEL = [("mark.set", {"item": "clarify-volume", "mark": 2}), ("flag.set", {"flag": "happy-path", "on": 1}),
         ("note.panel", {"text": "No. " * 400}), ("talk.whisper", {"text": "Weak."}),
         ("note.mine", {"text": "Mine."})]


def alike(payload, room):
    """The payload with its times and the room's id replaced. Their encoded length is checked not to vary."""
    message = msgpack.unpackb(payload, raw=False)
    data = payload.replace(room.encode(), b"r" * 12)
    for key in ("at", "made", "now"):
        if isinstance(message.get(key), int):
            encoded = msgpack.packb(key) + msgpack.packb(message[key])
            equal(len(encoded), len(key) + 10, f"bytes of {key}")
            data = data.replace(encoded, msgpack.packb(key) + b"T" * 9)
    return data


def panel_writes(members, turn):
    for i, member in enumerate(members):
        for do, fields in PANEL:
            if do == "mark.set":
                fields = {**fields, "mark": 1 + (turn + i) % 2}
            if do == "flag.set":
                fields = {**fields, "on": 1 - turn % 2}
            member.command(do, **fields)
        for refusal in member.settle():
            equal(refusal["why"], "no-change", "why the panel was refused")


def one_run(busy):
    with Stage(workers=2) as stage:
        host = stage.host("Robin")
        room = host.room
        parsed = host.link("candidate")
        # The candidate's seat is 1 and the coach's 2 in both runs.
        connection = stage.connection(parsed, "Sasha", hello=False)
        connection.payloads = []
        connection.hello()
        connection.send("join", room=room, secret=re.search(r"\.([\w-]{22})\.", parsed).group(1), name="Sasha",
                        after=0, shown=0)
        connection.expect("joined")
        host.event(do="seat.join", role="candidate")
        coach = stage.member(host.link("coach"), "Kim")
        for turn, (do, fields) in enumerate(PUBLIC):
            host.do(do, **fields)
            host.event(do=do, **{k: v for k, v in fields.items() if k == "text"})
            if busy and do != "clock.finish":
                coach.wait_do("clock.start")
                panel_writes([coach], turn)
                host.do("note.panel", text=f"turn {turn}")
                host.do("mark.set", item="clarify-latency", mark=1 + turn % 2)
                host.digest()
            while connection.expect("event")["do"] != do:
                pass
        check(not busy or len([e for e in host.events() if e["do"] == "note.panel"]) > 10, "the panel was busy")
        return [alike(payload, room) for payload in connection.payloads]


def test_nothing_of_the_panel_shows():
    quiet, busy = one_run(False), one_run(True)
    equal([len(payload) for payload in busy], [len(payload) for payload in quiet], "the lengths of the frames")
    for number, (one, other) in enumerate(zip(quiet, busy)):
        equal(other, one, f"frame {number}")
    check(len(quiet) > len(PUBLIC), "all of the script was seen")


def test_resume_tells_nothing():
    """Joining again after panel writes gives the same numbers as without them."""
    answers = []
    for busy in (False, True):
        with Stage() as stage:
            host = stage.host("Robin")
            candidate = stage.member(host.link("candidate"), "Sasha")
            host.do("clock.start")
            candidate.wait_do("clock.start")
            candidate.close()
            host.event(do="seat.gone")
            if busy:
                for i in range(20):
                    host.do("note.panel", text=f"hidden {i}")
                host.digest()
            candidate.connect()
            candidate.wait_do("seat.join", session=2)
            answers.append([{k: v for k, v in e.items() if k not in ("at", "room", "made")} for e in candidate.events])
            record = []
            connection = stage.connection(host.link("candidate"), "Sasha")
            connection.send("fetch", room=host.room, id=1)
            while (message := connection.expect("record", "end"))["m"] == "record":
                record.append(len(message["event"]))
            equal(len(record), len(candidate.events), "records of the candidate's recording before the debrief")
    equal(answers[1], answers[0], "the candidate's view")


if __name__ == "__main__":
    main(globals())
