# SPDX-License-Identifier: ISC
"""What PROTOCOL.md says where a client written from that page alone once met something else: one test for each
sentence."""

import hashlib
import os
import subprocess
import tempfile

from cohort_peer import Person
from spar_peer import Server, frame, pack_bodies
from support import check, equal, main
from test_cohort import host, sessions


def open_room(server):
    peer = server.connect("ada")
    links = peer.host(server.secret, *pack_bodies())
    peer.join(links["room"], links["interviewer"], "Ada")
    return peer, links


def test_values_of_unknown_keys():
    """2: what is under an unknown key is ignored, whatever it is; under a known one it is a wrong field."""
    with Server() as server:
        peer, links = open_room(server)
        for key, value in ((1, "no str"), ("more", 1.5), ("more", "nul\0"), ("more", {2: [None, 2.5]})):
            payload = {"m": "ping", "t": 7, key: value}
            peer.send_raw(frame(payload))
            equal(peer.take("pong")["t"], 7, f"a ping with {payload}")
        for value in (1.5, "7"):
            peer.send(m="ping", t=value)
            equal(peer.take("error")["why"], "bad-message", f"a ping at {value!r}")
        peer.send(m="join", room=links["room"], name="nul\0")
        equal(peer.take("error")["why"], "bad-message", "a name with U+0000")
        peer.done(links["room"], "clock.start")


def test_second_candidate():
    """4: who comes by a second candidate's link is told so, not that the room is full; others find their seat."""
    with Server() as server:
        peer, links = open_room(server)
        server.connect("ben").join(links["room"], links["candidate"], "Ben")
        peer.send(m="invite", room=links["room"], role=2)
        second = server.connect("cy")
        second.send(m="join", room=links["room"], secret=peer.take("invited")["secret"], name="Cy")
        equal(second.take("refused")["why"], "candidate-taken", "a second candidate")
        equal(second.join(links["room"], links["coach"], "Cy")["role"], 3, "the same one as a coach")


def test_ids():
    """5: ids may skip; what is not above last_id is kept, with the number of the seat's last command."""
    with Server() as server:
        peer, links = open_room(server)
        room = links["room"]
        peer.ids[room] = 6
        first = peer.done(room, "talk.say", text="seven")
        equal(first["id"], 7, "the id")
        peer.ids[room] = 2
        number = peer.do(room, "talk.say", text="never applied")
        equal(number, 3, "an id below")
        equal(peer.take("kept", id=3)["n"], first["n"], "the n of what was skipped")
        peer.ids[room] = 7
        equal(peer.done(room, "talk.say", text="eight")["id"], 8, "the next one")
        equal([e["text"] for e in peer.events(room) if e["do"] == "talk.say"], ["seven", "eight"], "what was said")


def test_signature_of_seat_0():
    """10: `end` has no seat where it is 0; the byte that is signed is 0 all the same."""
    with Server() as server:
        peer, links = open_room(server)
        peer.done(links["room"], "clock.start")
        peer.send(m="fetch", room=links["room"], id=1, v=2)
        end = peer.take("end", id=1)
        check("seat" not in end, f"a seat of 0 in {end}")
        equal(end["role"], 1, "the role")
        digest = hashlib.sha256(links["room"].encode() + bytes([0, 1]) + end["chain"]).digest()
        check(verifies(end["key"], b"spar-recording-2\0" + digest, end["sign"]), "the signature")


def verifies(key, signed, signature):
    """Whether openssl takes the signature (ECDSA with SHA-256, DER) of these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (("key", key), ("signed", signed), ("sign", signature)):
            with open(os.path.join(folder, name), "wb") as out:
                out.write(data)
        return subprocess.run(["openssl", "dgst", "-sha256", "-keyform", "DER", "-verify", "key", "-signature", "sign",
                               "signed"], cwd=folder, stdout=subprocess.DEVNULL).returncode == 0


def test_wait():
    """12: who has spent all tokens is told by `wait` when the message can be paid for, and then it is."""
    with Server(options=["--tokens", "5"]) as server:
        peer = server.connect("ada")
        peer.send(m="host", id=1, secret=server.secret, name="Ada", pack=pack_bodies()[0], panel=pack_bodies()[1])
        peer.take("hosted")
        peer.send(m="host", id=2, secret=server.secret, name="Ada", pack=pack_bodies()[0], panel=pack_bodies()[1])
        refused = peer.take("refused", id=2)
        equal(refused["why"], "too-fast", "past the bound")
        check(0 < refused["wait"] <= 20000, f"the wait of {refused}")


def test_when_a_room_is_listed():
    """13: a hosted room is listed when somebody joins it for the first time."""
    with Server() as server:
        coach = Person(server, "coach")
        made = coach.found(server.secret)
        coach.enter(made["cohort"], made["coaches"])
        ada = Person(server, "Ada")
        ada.enter(made["cohort"], made["students"])
        hosted = host(ada, made["cohort"])
        coach.answer("linked", coach.ask("link", cohort=made["cohort"], role=2))  # the log of the cohort has gone on
        equal([m for m in coach.peer.seen if m["m"] == "listed"], [], "what the coach is told of")
        equal(sessions(coach, made["cohort"]), [], "the cohort's rooms before anybody joined")
        ada.join(hosted["room"], hosted["interviewer"])
        equal(coach.peer.take("listed")["room"], hosted["room"], "the room, once she has joined")


def test_newer_hello():
    """14: a client of a version to come is answered in the newest that the server speaks, and served."""
    with Server() as server:
        peer = server.connect("ada", version=99)
        equal(peer.welcome["v"], 2, "what is spoken")
        links = peer.host(server.secret, *pack_bodies())
        peer.join(links["room"], links["interviewer"], "Ada")
        oldest = server.connect("ben", version=1)
        equal(oldest.welcome["v"], 1, "with a client of the oldest")


if __name__ == "__main__":
    main(globals())
