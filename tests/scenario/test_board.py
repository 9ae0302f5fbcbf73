# SPDX-License-Identifier: ISC
"""
Purpose: the board on the wire. Of the article's answer nothing is in any frame or asset of the candidate's before the
candidate writes it, over a whole interview with a board; and whoever draws a thousand moves a second is refused by
name, while the others, there and in the next room, go on as ever.
"""
import json
import os
import re
import select
import time

from spar_peer import Ended, Server, frame, pack_bodies
from support import SOURCE, Stage, check, equal, main, spar_client
from web_peer import Page, Raw

# Of what the panel has, and the candidate has to come up with.
ANSWERS = ("kinesis", "great expectations", "dead letter", "watermark", "flink", "iceberg", "druid", "idempoten", "backpressure")
PACK = os.path.join(SOURCE, "contrib", "packs", "click-stream.yaml")


class Heard(spar_client.Connection):
    """A connection that keeps all that it is sent, from its first byte on."""
    everything = []

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.payloads = Heard.everything


class KeepingPage(Page):
    """A page's WebSocket that keeps what every frame holds."""
    everything = []

    def take_frame(self):
        opcode, payload = super().take_frame()
        KeepingPage.everything.append(payload)
        return opcode, payload


class OverWeb(spar_client.Connection):
    """The same conversation as a browser's page has it: over /ws, with a key of the page's own."""
    everything = KeepingPage.everything

    def __init__(self, link, key, timeout):
        self.timeout, self.key = timeout, key
        self.page = KeepingPage((link.host, link.port))
        self.socket = self.page.socket

    def hello(self, app="", version=0):
        return self.page.hello(*os.path.split(self.key))

    def send(self, name, /, **fields):
        self.page.say(m=name, **fields)

    def receive(self, timeout=None):
        wait = self.timeout if timeout is None else timeout
        if not (self.page.stream or self.page.buffer or self.socket.pending() or select.select([self.socket], [], [], wait)[0]):
            raise TimeoutError("nothing came in time")
        try:
            return self.page.hear()
        except EOFError as error:
            raise ConnectionError(str(error)) from error


def heard(way, word):
    """Wherever the pieces of what came were cut."""
    return word.encode() in b"".join(way.everything).lower()


def none_heard(way, when):
    for word in ANSWERS:
        check(not heard(way, word), f"{word!r} came to the candidate's machine {when}")


def draw(candidate, *steps):
    for do, fields in steps:
        candidate.command(do, **fields)
    equal(candidate.settle(), [], "what was refused")


def interview(host, candidate):
    """From the first question to Operate, with a busy panel and a board that says none of the words."""
    base = candidate.seat * 65536
    host.do("clock.start")
    host.do("fact.reveal", fact="peak-rate")
    candidate.wait_do("fact.reveal")
    draw(candidate, ("req.add", {"thing": base + 1, "text": "50 MB/s"}), ("req.add", {"thing": base + 2, "text": "within 60 s"}),
         ("sheet.write", {"thing": base + 3, "text": "access control", "style": 1}),
         ("box.add", {"thing": base + 4, "col": 0, "row": 0, "text": "App"}),
         ("box.add", {"thing": base + 5, "col": 1, "row": 0, "text": "Kafka; 50 MB/s; R1"}),
         ("arrow.add", {"thing": base + 6, "from": base + 4, "to": base + 5, "text": "events"}),
         ("frame.add", {"thing": base + 7, "col": 0, "row": 0, "cols": 2, "rows": 1, "text": "region"}),
         ("private", {"on": 1}), ("private", {"on": 0}))
    host.do("mark.set", item="clarify-volume", mark=2)
    host.event(do="box.add", thing=base + 5)
    host.do("point.set", thing=base + 5)
    host.do("flag.set", flag="tool-before-question", on=1)
    host.do("note.panel", text="Waits for Kinesis and dead letters.")
    for phase in range(1, 5):
        host.do("clock.jump", phase=phase)
        host.do("suggest.drop", suggest=("box-too-early", "no-rival-drawn", "bad-input-not-drawn", "quality-not-drawn")[phase - 1])
        host.do("talk.whisper", text="No watermark, no checks by Great Expectations.")
        draw(candidate, ("box.add", {"thing": base + 10 + phase, "col": 1 + phase, "row": 1, "text": f"Stage {phase}"}))
    candidate.wait_do("clock.jump", phase=4)
    return base


def hold(way):
    """An interview of a candidate who comes that way, and at last draws all of it."""
    kept, spar_client.Connection = spar_client.Connection, way
    try:
        with Stage() as stage:
            host = stage.host("Robin", "--pack", PACK)
            candidate = stage.member(host.link("candidate"), "Sasha")
            base = interview(host, candidate)
            candidate.close()
            candidate.connect()  # what comes again holds no more
            candidate.wait_do("clock.jump", phase=4)
            none_heard(way, "before the candidate wrote it")
            check(len(way.everything) > 20, "frames were heard")
            draw(candidate, *(("box.add", {"thing": base + 30 + i, "col": i, "row": 3, "text": word})
                              for i, word in enumerate(ANSWERS)))
            for word in ANSWERS:
                check(heard(way, word), f"{word!r} is heard once it is drawn")
    finally:
        spar_client.Connection = kept


def test_no_answer_in_a_frame():
    hold(Heard)


def test_no_answer_in_a_frame_of_the_page():
    hold(OverWeb)


def test_no_answer_in_an_asset():
    """All that the page is made of, the compiled core among it."""
    with Stage() as stage:
        name, port = stage.server.listen.split(":")
        todo, seen = ["/"], {}
        while todo:
            path = todo.pop()
            status, _, body = Raw((name, int(port))).get(path)
            equal(status, 200, path)
            seen[path] = body
            for found in re.findall(rb"[\w-]+\.(?:js|css|wasm|svg)\b", body) if not path.endswith("wasm") else []:
                found = "/app/" + found.decode()
                if found not in seen and found not in todo and os.path.basename(found) in assets():
                    todo.append(found)
        check({"/app/core.wasm", "/app/board.js", "/app/paper.js"} <= set(seen) and len(seen) > 20, f"the assets: {sorted(seen)}")
        for path, body in seen.items():
            for word in ANSWERS:
                check(word.encode() not in body.lower(), f"{path} holds {word!r}")


def excalidraw(elements):
    return json.dumps({"type": "excalidraw", "elements": elements})


SHAPE = {"type": "rectangle", "width": 1, "height": 1}
DRAWING = excalidraw([
    dict(SHAPE, id="a", x=0, y=0), dict(SHAPE, id="b", x=300, y=5), dict(SHAPE, id="c", x="<b>", y=0), None, 7,
    {"type": "text", "id": "ta", "x": 0, "y": 0, "containerId": "a", "text": "Kafka\u001b[2J\n<b>"},
    {"type": "text", "id": "tb", "x": 300, "y": 0, "containerId": "b", "text": "\u674e" + "x" * 500},
    {"type": "text", "id": "free", "x": 300, "y": 400, "text": "in words"},
    {"type": "arrow", "id": "r", "x": 0, "y": 0, "startBinding": {"elementId": "a"}, "endBinding": {"elementId": "b"}},
    {"type": "arrow", "id": "s", "x": 0, "y": 0, "startBinding": {"elementId": "a"}, "endBinding": {"elementId": "zz"}}])
FORGED = {
    "{": "it is not JSON", "[]": "no Excalidraw file", '{"type": "excalidraw", "elements": 7}': "no Excalidraw file",
    '{"type": "other", "elements": []}': "no Excalidraw file", excalidraw([]): "no box with words",
    excalidraw([dict(SHAPE, id="a", x=1e300, y=0), {"type": "text", "id": 7, "x": 0, "y": 0, "text": "x"}]): "no box with words",
    excalidraw([{}] * 2001): "more than 2000 elements", "[" * 100000: "it is not JSON", " " * 2000001: "at most 2 MB",
    "\x89PNG": "it is not JSON"}
PNG = b"\x89PNG\r\n\x1a\n"


def test_brought_by_command():
    """From a file of somebody who draws elsewhere: a drawing on the board, a picture on record, a reason for each that is none."""
    with Stage() as stage:
        host = stage.host("Robin")
        candidate = stage.join(host.link("candidate"), "Sasha")
        host.event(do="seat.join", role="candidate")
        path, key = stage.path("file"), stage.path("Sasha.pem")

        def bring(data, code):
            with open(path, "wb") as file:
                file.write(data if isinstance(data, bytes) else data.encode("latin-1" if data.startswith("\x89") else "utf-8"))
            return stage.spar("board", host.room, "--import", path, "--identity", key, name="Sasha", code=code)

        candidate.end()
        check("present state" in bring(DRAWING, 2).stderr, "before the start")
        host.do("clock.start")
        for forged, why in FORGED.items():
            said = bring(forged, 2).stderr
            check(why in said and said.count("\n") == 1, f"{forged[:40]!r} gives {said!r}")
        equal(bring(DRAWING, 0).stdout, "4 things are on the board; 1 had no place there, or no words.\n", "what was said")
        host.event(do="box.add", text="Kafka [2J <b>", col=0, row=0)
        host.event(do="box.add", text="\u674e" + "x" * 147, col=1, row=0)
        host.event(do="box.add", text="in words", style=1, col=1, row=1)
        host.event(do="arrow.add")
        equal(bring(PNG + b"x" * 102400, 0).stdout, "The picture is on its way to everybody.\n", "what was said")
        host.event(do="picture.add", left=2, bytes=51200)
        host.event(do="picture.add", bytes=8)
        check("has 1 to 204 KB" in bring(PNG + b"x" * 204800, 2).stderr, "one that is too large")
        equal(bring(PNG + b"x" * (204800 - 8), 0).stderr, "", "the largest")
        check(stage.spar("board", host.room, "--import", stage.path("none"), "--identity", key, name="Sasha", code=2).stderr
              .startswith("spar: "), "no such file")


def assets():
    return set(os.listdir(os.path.join(SOURCE, "client", "web"))) | {"core.wasm", "report.wasm"}


def moves(room, seat, count, first):
    """So many frames in one piece, each of which moves the seat's box."""
    return b"".join(frame({"m": "command", "room": room, "id": first + i, "do": "box.move", "thing": seat * 65536 + 1,
                           "col": i % 12, "row": i % 16}) for i in range(count))


def opened(server, host, candidate):
    """A room that runs, with a box: its id, the two people and the candidate's seat."""
    host, candidate = server.connect(host), server.connect(candidate)
    links = host.host(server.secret, *pack_bodies())
    room = links["room"]
    host.join(room, links["interviewer"], "Host")
    seat = candidate.join(room, links["candidate"], "Candidate")["seat"]
    host.done(room, "clock.start")
    candidate.done(room, "box.add", thing=seat * 65536 + 1, col=0, row=0, text="Kafka")
    return room, host, candidate, seat


def lives(host, candidate, room):
    """Clock and talk of people who draw nothing, and how long they took in s."""
    began = time.monotonic()
    for action in ("clock.pause", "clock.resume"):
        equal(host.done(room, action)["do"], action, "the clock")
    equal(candidate.done(room, "talk.say", text="still here")["do"], "talk.say", "the talk")
    return time.monotonic() - began


def test_a_thousand_moves_a_second():
    with Server(workers=1) as server:
        room, host, candidate, seat = opened(server, "ada", "ben")
        other = opened(server, "cy", "dan")
        why, at = set(), 2
        try:
            for second in range(6):
                candidate.send_raw(moves(room, seat, 1000, at))
                at += 1000
                check(lives(other[1], other[2], other[0]) < 5, "the next room")
                equal(host.done(room, "talk.say", text=f"second {second}")["do"], "talk.say", "the interviewer beside it")
            while candidate.receive():
                pass
        except (Ended, OSError):
            pass
        for message in candidate.seen:
            if message["m"] in ("refused", "bye"):
                why.add(message["why"])
        check(why and why <= {"too-fast", "board-limit"}, f"why it was refused: {why}")
        for action in ("clock.pause", "clock.resume", "clock.finish"):
            equal(host.done(room, action)["do"], action, "the clock of the room")
        back = server.connect("ben")
        back.join(room, name="Candidate")
        equal(back.done(room, "talk.say", text="sorry")["do"], "talk.say", "the way back")


if __name__ == "__main__":
    main(globals())
