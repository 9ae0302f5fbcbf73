# SPDX-License-Identifier: ISC
"""
Purpose: two runs of the same public script, one with a silent and one with a busy panel. What reaches the
candidate's machine before the debrief is the same byte for byte, but for times and the room's id, which are
replaced by others of the same length; so neither content nor number nor length of anything tells of the panel.
"""
import re

import msgpack
from spar_peer import pack_bodies
from support import Stage, check, equal, main, spar_client

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


def other_pack():
    """Bodies that differ in number, ids and lengths of everything that is not open before the start."""
    public, panel = (msgpack.unpackb(body, raw=False) for body in pack_bodies())
    public["prompt"] = "Build something else, as large as you can."
    public["items"], panel["items"] = public["items"][:-4], panel["items"][:-4]
    for number, item in enumerate(public["items"]):
        item["id"], item["title"] = f"another-{number}", f"Another title {number}"
    for number, item in enumerate(panel["items"]):
        item["strong"] = "x" * number
    public["flags"], panel["flags"] = public["flags"][1:], panel["flags"][1:]
    public["phrases"], public["tools"] = public["phrases"][:1], public["tools"][1:]
    public["alarms"] = [alarm for alarm in public["alarms"] if alarm["when"] in ("ending", "over") and alarm["phase"] < 0]
    for phase in public["phases"]:
        phase["opening"] = []
    panel["facts"], panel["curveballs"], panel["walkthrough"] = panel["facts"][1:], [], []
    panel.pop("suggest", None)
    panel["groups"] = []
    return tuple(msgpack.packb(body, use_bin_type=True) for body in (public, panel))


# Whatever a candidate may try, with ids that the one pack has, the other, or none.
TRIES = [("self.set", {"item": "clarify-0", "mark": 2}), ("self.set", {"item": "another-1", "mark": 1}),
         ("self.set", {"item": "none", "mark": 0}), ("mark.set", {"item": "clarify-0", "mark": 2}),
         ("flag.set", {"flag": "flag-0", "on": 1}), ("fact.reveal", {"fact": "fact-0"}),
         ("curveball.throw", {"curveball": "curve-0"}), ("sheet.open", {}), ("talk.say", {"text": "Hello."})]


def before_the_start(bodies):
    """All that a candidate's connection is sent, who joins, tries, lists and fetches."""
    with Stage() as stage:
        host = stage.connection(stage.server.link, "Robin")
        host.send("host", id=1, secret=spar_client.parse_link(stage.server.link).secret, name="Robin", mode=0,
                  pack=bodies[0], panel=bodies[1])
        hosted = host.expect("hosted")
        room = hosted["room"]
        candidate = stage.connection(stage.server.link, "Sasha", hello=False)
        candidate.payloads = []
        candidate.hello()
        candidate.send("join", room=room, secret=hosted["candidate"], name="Sasha", after=0, shown=0)
        candidate.expect("joined")
        for number, (do, fields) in enumerate(TRIES):
            candidate.send("command", room=room, id=number + 1, do=do, **fields)
        candidate.send("sessions", id=90)
        while candidate.receive()["m"] != "end":
            pass
        candidate.send("fetch", room=room, id=91, v=2)
        while (message := candidate.receive())["m"] != "end":
            check(message["m"] in ("record", "event", "refused"), message["m"])
        heard = []
        for payload in candidate.payloads:
            message = msgpack.unpackb(payload, raw=False)
            if message["m"] in ("record", "end"):  # hashes of what stands beside them, and of times
                heard.append((message["m"], len(payload), message.get("n"), message.get("count")))
            elif message["m"] != "session":  # its moment is encoded as it comes
                heard.append(alike(payload, room))
            else:
                heard.append({key: message[key] for key in message if key not in ("room", "opened")})
        return [one for one in heard if not (isinstance(one, tuple) and one[0] == "end")]


def test_nothing_of_another_pack_shows():
    one, other = before_the_start(pack_bodies()), before_the_start(other_pack())
    equal(len(other), len(one), "how much was sent")
    for number, (left, right) in enumerate(zip(one, other)):
        equal(right, left, f"what was sent, number {number}")
    check(len(one) > len(TRIES) + 3, "all was answered")


if __name__ == "__main__":
    main(globals())
