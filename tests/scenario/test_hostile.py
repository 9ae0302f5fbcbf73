# SPDX-License-Identifier: ISC
"""
Purpose: peers that mean harm. A server that answers a client with garbage, with events that cannot follow, with
secrets that would move a terminal's cursor; and clients that send a server frames of every kind of fault. Nobody
crashes, everybody says one clear sentence, and the server goes on serving the others.
"""
import base64
import json
import os
import socket
import ssl
import struct
import subprocess
import tempfile
import threading

import msgpack

from spar_peer import LIMIT, Server, frame, make_key, pack_bodies, pin_of, programs
from support import check, equal, main

ROOM, SECRET, ESCAPE = "abcdefghijkl", "A" * 22, "\x1b[2J"
PUBLIC, PANEL = pack_bodies()
WAITS = '{"wait":"stage","stage":"closed"}\n'


class Hostile:
    """A server for one connection that says what it is told to say, whatever the client does."""

    def __init__(self, folder, say):
        self.say = say
        pem = make_key(folder, "hostile")
        with open(pem) as source:
            text = source.read()
        pin = pin_of(ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN CERT"):]))
        self.pin = base64.urlsafe_b64encode(pin).rstrip(b"=").decode()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(pem)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.context.set_alpn_protocols(["spar/1"])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(LIMIT)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def link(self, room=ROOM, role="interviewer", pin=None):
        return f"https://127.0.0.1:{self.listener.getsockname()[1]}/{room}#{role}.{SECRET}.{pin or self.pin}"

    def _serve(self):
        raw, _ = self.listener.accept()
        raw.settimeout(LIMIT)
        try:
            with self.context.wrap_socket(raw, server_side=True) as connection:
                connection.sendall(self.say)
                while connection.recv(65536):
                    pass
        except OSError:  # the client hung up, which is what it should do
            pass

    def close(self):
        self.listener.close()
        self.thread.join(LIMIT)


class Older(Hostile):
    """One that says something else to each connection."""

    def _serve(self):
        for self.say in self.say:
            super()._serve()


def frames(*messages):
    return b"".join(frame(message) for message in messages)


def event(n, do, by=255, **fields):
    return {"m": "event", "room": ROOM, "n": n, "at": 1000 + n, "by": by, "do": do, **fields}


WELCOME = {"m": "welcome", "v": 1, "now": 1000, "rate": 1}
JOINED = {"m": "joined", "room": ROOM, "seat": 0, "role": 1, "n": 3, "session": 1, "last_id": 0}
OPENING = [WELCOME, JOINED, event(1, "room.open", pack=PUBLIC, mode=0), event(2, "room.brief", pack=PANEL),
           event(3, "seat.join", seat=0, role=1, name="Ada", session=1)]


def ask(say, sentence, code, host=False, pin=None):
    """Lets a client meet that server; how it ends, and with which sentence."""
    with tempfile.TemporaryDirectory(prefix="spar-hostile-") as folder:
        hostile = Hostile(folder, say)
        link = hostile.link("host", "host", pin) if host else hostile.link(pin=pin)
        command = ["host", "--link", link] if host else ["join", link]
        done = subprocess.run([os.path.join(programs(), "spar"), *command, "--name", "x", "--batch"], input=WAITS,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=LIMIT,
                              env={**os.environ, "XDG_DATA_HOME": folder})
        hostile.close()
    equal((done.returncode, done.stderr.count("\n")), (code, 1), f"how spar ended, which said {done.stderr!r}")
    check(sentence in done.stderr, f"{done.stderr!r} instead of {sentence!r}")
    check("\x1b" not in done.stdout + done.stderr, "nothing moves the cursor")
    return done


def test_garbage_from_a_server():
    ask(b"\0\0\0\0", "a frame of a size that Spar does not have", 5)
    ask(b"\xff\xff\xff\xff", "a frame of a size that Spar does not have", 5)
    ask(struct.pack(">I", 4) + b"\xdf\xff\xff\xff", "a message that this client cannot read", 5)
    ask(b"", "is not the server of this link", 5, pin="A" * 43)


def test_events_that_cannot_follow():
    wrong = "The server sent an event that cannot follow"
    for events in ([event(4, "mark.set", by=0, item="nosuch", mark=2)], [event(4, "talk.say", by=14, text="x")],
                   [event(4, "seat.gone", seat=15, session=1)], [event(4, "clock.add", by=0, phase=7, ms=1)],
                   [event(4, "room.open", pack=PUBLIC, mode=0)], [event(4, "debrief.open", by=0)],
                   [event(4, "clock.start", by=0), event(5, "clock.start", by=0)]):
        ask(frames(*OPENING, *events), wrong, 3)
    ask(frames(WELCOME, JOINED, event(1, "room.open", pack=b"\xc1", mode=0)), wrong, 3)


def test_words_that_a_server_makes_up():
    ask(frames({"m": "bye", "why": ESCAPE, "text": ESCAPE}), "one that this program does not know", 3)
    for field in ("interviewer", "candidate", "coach"):
        hosted = {"m": "hosted", "room": ROOM, "interviewer": SECRET, "candidate": SECRET, "coach": SECRET}
        hosted[field] = ESCAPE + "B" * (22 - len(ESCAPE))
        done = ask(frames(WELCOME, hosted), "a link that cannot open anything", 3, host=True)
        check("u001B" not in done.stdout, f"no link is made of {field}")


def test_a_server_that_knows_less():
    """`spar mine --all` on a server that cannot give what a cohort's log has of a key: mine.json says so, and all is well."""
    entered = {"m": "entered", "id": 1, "cohort": ROOM, "role": 2, "name": "An evening", "member": 0, "packs": b""}
    with tempfile.TemporaryDirectory(prefix="spar-older-") as folder:
        older = Older(folder, [frames(WELCOME, {"m": "end", "id": 1, "count": 0}),
                               frames(WELCOME, entered, {"m": "error", "why": "unknown-message"})])
        done = subprocess.run([os.path.join(programs(), "spar"), "mine", "--all", folder + "/all", older.link(role="students")],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=LIMIT,
                              env={**os.environ, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder})
        older.close()
        equal((done.returncode, done.stderr.count("\n")), (0, 1), f"how spar ended, which said {done.stderr!r}")
        with open(folder + "/all/mine.json", encoding="utf-8") as file:
            cohort, = json.load(file)["cohorts"]
    check("too old" in cohort["why"] and "file" not in cohort, f"what mine.json says: {cohort}")


def test_garbage_from_clients():
    """Each kind of fault ends its own connection with its name; somebody else's room goes on throughout."""
    with Server(workers=2) as server:
        host = server.connect("ada")
        links = host.host(server.secret, PUBLIC, PANEL)
        room = links["room"]
        host.join(room, links["interviewer"], "Ada")
        whole = msgpack.packb({"m": "command", "room": room, "id": 1, "do": "talk.say", "text": "hi"})
        bad = [whole[:cut] for cut in range(1, len(whole))]
        bad += [b"\x81\xa1m" + b"\x91" * 60000, b"\x81\xa1m" + b"\x81" * 60000, b"\x81\xa1m\xdd\xff\xff\xff\xff",
                b"\xdf\xff\xff\xff\xff\xa1m\xa4ping", b"\x81\xa1m\xdb\xff\xff\xff\xff",
                b"\x82\xa1m\xa4ping\xa1x\xdc\xff\xff" + b"\xc0" * 60000, b"\x82\xa1m\xa4ping\xa1x\xc7\x02\x05ab"]
        sent = [struct.pack(">I", len(payload)) + payload for payload in bad]
        sent += [struct.pack(">I", size) for size in (0, 65537, 1 << 24, 1 << 31, (1 << 32) - 1)]
        for number, data in enumerate(sent):
            peer = server.connect("cy")
            peer.send_raw(data)
            equal(peer.ended()["why"], "bad-frame", f"what ends fault {number}")
            peer.close()
        for _ in range(20):  # no TLS at all
            with socket.create_connection(server.address) as plain:
                plain.sendall(os.urandom(600))
        host.done(room, "talk.say", text="still here")


def test_few_descriptors():
    """More connections than descriptors: who is in goes on, and there is room again once the others have gone."""
    class Few(Server):
        def start(self):
            os.environ["SPAR_BIN"], real = self.folder, programs()
            with open(os.path.join(self.folder, "spard"), "w") as script:
                script.write(f'#!/bin/sh\nulimit -n 64\nexec "{real}/spard" "$@"\n')
            os.chmod(script.name, 0o700)
            try:
                return super().start()
            finally:
                os.environ["SPAR_BIN"] = real

    with Few(workers=2) as server:
        host = server.connect("ada")
        links = host.host(server.secret, PUBLIC, PANEL)
        host.join(links["room"], links["interviewer"], "Ada")
        crowd = [socket.create_connection(server.address) for _ in range(100)]
        server.await_log("accept.failed")
        host.done(links["room"], "talk.say", text="still here")
        host.host(server.secret, PUBLIC, PANEL)
        for one in crowd:
            one.close()
        server.connect("ben").join(links["room"], links["candidate"], "Ben")


if __name__ == "__main__":
    main(globals())
