# SPDX-License-Identifier: ISC
"""
Purpose: everything that a peer can do wrong, against a server on which another room goes on: the reason is the
one that PROTOCOL.md names, the server stays up, and the other room notices nothing.
"""
import random
import socket
import ssl
import struct
import subprocess

import msgpack
from support import LIMIT, Stage, check, equal, main, spar_client


def reason(connection):
    """Why the server ends the connection."""
    try:
        while True:
            connection.receive(LIMIT)
    except spar_client.Bye as bye:
        return bye.why
    except (ConnectionError, ssl.SSLError, OSError):
        return "no word"


def frame(payload):
    return struct.pack(">I", len(payload)) + payload


class Other:
    """Another room on the same server, which must stay undisturbed."""

    def __init__(self, stage):
        self.host = stage.host("Other")
        self.coach = stage.member(self.host.link("coach"), "Watcher")
        self.said = 0

    def check(self, what):
        self.said += 1
        self.host.do("talk.say", text=f"{self.said}")
        self.coach.wait_do("talk.say", text=f"{self.said}")
        equal((self.coach.joins, self.coach.resets), (1, 0), f"connections of the other room after {what}")


BOMBS = {
    "an array of 2^28": b"\xdd\x0a\x00\x00\x00",
    "a map of 2^28": b"\xdf\x0f\xff\xff\xff",
    "depth": b"\x91" * 60000,
    "nodes": b"\xdc\xff\xff" + b"\xc0" * 65000,
    "text of 4 GiB": b"\xdb\xff\xff\xff\xff",
    "an extension": b"\x81\xa1m\xc7\x05\x01abcde",
    "no UTF-8": b"\x81\xa1m\xa2\xff\xfe",
    "a cut map": b"\x82\xa1m\xa5hello",
    "no map": b"\x93\x01\x02\x03",
    "two values": b"\x80\x80",
    "never used": b"\xc1",
}


def test_frames():
    with Stage(workers=2) as stage:
        other = Other(stage)
        link = other.host.link("coach")
        for what, payload in BOMBS.items():
            connection = stage.connection(link, "Mallory")
            connection.send_bytes(frame(payload))
            equal(reason(connection), "bad-frame", what)
        for what, head in (("length 0", b"\0\0\0\0"), ("length 2^32 - 1", b"\xff" * 4), ("one too long", b"\0\1\0\1")):
            connection = stage.connection(link, "Mallory")
            connection.send_bytes(head)
            equal(reason(connection), "bad-frame", what)
        other.check("broken frames")
        largest = stage.connection(link, "Mallory")
        body = msgpack.packb({"m": "ping", "t": 1, "pad": b"x" * 65000})
        body = msgpack.packb({"m": "ping", "t": 1, "pad": b"x" * (65000 + 65536 - len(body))})
        equal(len(body), 65536, "bytes of the largest payload")
        largest.send_bytes(frame(body))
        equal(largest.expect("pong")["t"], 1, "the largest frame is read, its unknown field ignored")


def test_garbage():
    """Random bytes in place of TLS, of frames and of payloads; the seed is fixed."""
    chance = random.Random(11)
    with Stage(workers=2, options=["--per-key", "1000"]) as stage:
        other = Other(stage)
        link = other.host.link("coach")
        parsed = spar_client.parse_link(link)
        for size in (1, 5, 100, 5000):
            with socket.create_connection((parsed.host, parsed.port), LIMIT) as raw:
                raw.sendall(chance.randbytes(size))
        for _ in range(40):
            connection = stage.connection(link, "Mallory", hello=chance.random() < 0.7)
            connection.send_bytes(frame(chance.randbytes(chance.randrange(1, 300))))
            check(reason(connection) in ("bad-frame", "hello-first"), "the reason for garbage")
        for _ in range(10):
            connection = stage.connection(link, "Mallory")
            connection.send_bytes(frame(b"x" * 100)[:chance.randrange(1, 100)])
            connection.close()
        other.check("garbage")


def test_messages():
    with Stage(workers=2) as stage:
        other = Other(stage)
        link, room = other.host.link("coach"), other.host.room
        for version, spoken in ((1, 1), (2, 2), (3, 2), (2 ** 32 - 1, 2)):
            connection = stage.connection(link, "Mallory", hello=False)
            equal(connection.hello(version=version)["v"], spoken, f"what is spoken with version {version}")
            connection.close()
        connection = stage.connection(link, "Mallory", hello=False)
        connection.send("ping", t=1)
        equal(reason(connection), "hello-first", "ping before hello")
        connection = stage.connection(link, key=False, hello=False)
        connection.send("hello", v=1)
        equal(reason(connection), "no-key", "no certificate")
        connection = stage.connection(link, "Mallory")
        for message, wanted in (({"m": "teleport", "to": 5}, "unknown-message"), ({"m": "pong", "t": 1, "now": 1}, "unknown-message"),
                                ({"x": 1}, "bad-message"), ({"m": 5}, "bad-message"),
                                ({"m": "join", "room": "short"}, "bad-message"),
                                ({"m": "join", "room": room, "secret": "abc"}, "bad-message"),
                                ({"m": "ping", "t": -1}, "bad-message"), ({"m": "ping"}, "bad-message"),
                                ({"m": "join", "room": room, "name": "x" * 65}, "bad-message")):
            connection.send_bytes(frame(msgpack.packb(message)))
            answer = connection.receive()
            equal((answer["m"], answer["why"]), ("error", wanted), f"the answer to {message}")
            check(answer["text"].endswith(".") and len(answer["text"]) > 20, f"a sentence: {answer['text']!r}")
        connection.send("ping", t=3, colour="blue")
        equal(connection.expect("pong")["t"], 3, "an unknown field is ignored, the connection goes on")
        other.check("wrong messages")


def refused(connection, name, /, **fields):
    connection.send(name, **fields)
    try:
        connection.expect("joined", "hosted", "event", "record", "end", "invited")
    except spar_client.Refused as refusal:
        return refusal.why
    return "taken"


def test_links_keys_and_rooms():
    with Stage(workers=2) as stage:
        host = stage.host()
        link = spar_client.parse_link(host.link("candidate"))
        stranger = stage.connection(host.link("candidate"), "Eve")
        join = {"room": link.room, "secret": link.secret, "name": "Eve"}
        equal(refused(stranger, "join", **{**join, "room": "a" * 12}), "no-such-room", "a room that is not")
        equal(refused(stranger, "join", **{**join, "secret": "A" * 22}), "no-such-room", "a secret that is not")
        equal(refused(stranger, "join", **{**join, "secret": ""}), "no-such-room", "no secret and no seat")
        equal(refused(stranger, "command", room=link.room, id=1, do="talk.say", text="x"), "not-a-member", "no seat")
        equal(refused(stranger, "fetch", room=link.room, id=1), "not-a-member", "a stranger's fetch")
        equal(refused(stranger, "invite", room=link.room, role=3), "not-a-member", "a stranger's invite")
        equal(refused(stranger, "host", id=1, secret="A" * 22, pack=b"\x80", panel=b"\x80"), "hosting-closed",
              "a wrong host secret")
        candidate = stage.member(host.link("candidate"), "Sasha")
        equal(refused(stranger, "join", **join), "link-used", "a copied link")
        for do, fields, why in (("clock.start", {}, "not-allowed"), ("mark.set", {"item": "x", "mark": 1}, "not-allowed"),
                                ("self.set", {"item": "clarify-volume", "mark": 1}, "wrong-stage"),
                                ("talk.say", {"text": ""}, "bad-field"), ("talk.say", {"text": "x" * 2001}, "bad-field"),
                                ("talk.say", {}, "bad-field"), ("seat.gone", {"seat": 0, "session": 1}, "not-allowed"),
                                ("no.such", {}, "unknown-action")):
            candidate.command(do, **fields)
            equal([r["why"] for r in candidate.settle()], [why], f"{do} by the candidate")
        candidate.command("talk.say", text="x" * 2000)
        equal(candidate.settle(), [], "the longest text")
        host.do("clock.start")
        candidate.wait_do("clock.start")
        host.do("mark.set", item="no-such-item", mark=1)
        host.do("fact.reveal", fact="no-such")
        host.do("clock.jump", phase=7)
        host.digest()  # what is done with the clock on top of a refused move is not sent
        host.do("clock.add", phase=0, ms=-3600000)
        host.digest()
        equal([r["why"] for r in host.refused()], ["no-such-item", "no-such-fact", "no-such-phase", "out-of-bounds"],
              "the host's wrong commands")


def test_wrong_pin():
    """Neither client says a word to a server with another key."""
    with Stage() as stage:
        host = stage.host()
        link = host.link("coach")
        wrong = link[:-43] + ("A" if link[-43] != "A" else "B") + link[-42:]
        try:
            stage.member(wrong, "Kim")
            check(False, "the Python client trusted a wrong pin")
        except spar_client.SparError as error:
            check("new link" in str(error), f"what to do: {error}")
        done = stage.spar("join", wrong, "--batch", name="Kim", code=5)
        check(done.stderr.count("\n") == 1 and "link" in done.stderr, f"one sentence: {done.stderr!r}")
        stage.member(link, "Kim")  # the link itself is still unused


def test_other_protocols():
    with Stage() as stage:
        parsed = spar_client.parse_link(stage.server.link)
        for options, wanted in ((["-tls1_2"], False), (["-tls1_3", "-alpn", "spar/1"], True), (["-alpn", "h2"], False)):
            done = subprocess.run(["openssl", "s_client", "-connect", f"{parsed.host}:{parsed.port}", *options],
                                  input=b"", capture_output=True, timeout=LIMIT)
            equal(b"Verify return code" in done.stdout and b"TLSv1.3, Cipher is TLS_" in done.stdout, wanted,
                  f"a handshake with {options}: {done.stdout[-300:]}")


def test_slow_reader():
    """Who reads nothing is cut off, and resumes without loss; nobody else waits for it."""
    with Stage(workers=2, options=["--max-output", "1536"]) as stage:
        host = stage.host()
        slow = stage.member(host.link("coach"), "Slow")
        slow.connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        text, sent = "x" * 2000, 0
        host.send({"invite": "interviewer"})
        writers = [stage.member(host.link("candidate"), "Writer"), stage.member(host.link("interviewer"), "Second")]
        for turn in range(20):  # 20 * 50 * 2 KB: over the bound of 1.5 MiB and what the system buffers
            writer = writers[turn % 2]
            for _ in range(50):
                writer.command("talk.say", text=text)
                sent += 1
            equal(writer.settle(), [], "refusals")
            if sum(e["do"] == "seat.gone" for e in writer.events):
                break
        writer.command("talk.say", text="last")
        writer.settle()
        slow.connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        slow.wait_do("talk.say", text="last")
        equal(sum(e["do"] == "talk.say" for e in slow.events), sent + 1, "lines that the slow reader has in the end")
        check(slow.joins >= 2, "the slow reader was never cut off")


if __name__ == "__main__":
    main(globals())
